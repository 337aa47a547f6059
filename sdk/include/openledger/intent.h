/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_INTENT_H
#define OPENLEDGER_INTENT_H

/*
 * An intent: what a signature does, decoded from the very bytes that it is of. Policies judge it, people read it, and
 * its digest is what is signed; so nothing between the three can differ.
 */

#include "openledger/known.h"
#include "openledger/transaction.h"
#include "openledger/typed_data.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_INTENT_EFFECTS 8

typedef enum ol_intent_kind {
  OL_INTENT_TRANSACTION = 1,
  OL_INTENT_AUTHORIZATION = 2, /* EIP-7702: the account acts by somebody's code */
  OL_INTENT_TYPED_DATA = 3,    /* EIP-712 */
  OL_INTENT_MESSAGE = 4,       /* EIP-191 */
  OL_INTENT_SIGN_IN = 5,       /* EIP-4361, in an EIP-191 message */
} ol_intent_kind;

typedef enum ol_effect_kind {
  OL_EFFECT_SPEND = 1,     /* `amount` of `asset` goes to `party` */
  OL_EFFECT_FEE = 2,       /* at most `amount` of the native asset is paid for gas */
  OL_EFFECT_ALLOW = 3,     /* `party` may take `amount` of `asset`, until `until` */
  OL_EFFECT_ALLOW_ALL = 4, /* `party` may take all that there is of `asset` */
  OL_EFFECT_VOTE = 5,      /* `party`, a governor, counts votes; or votes go to `party` */
  OL_EFFECT_CODE = 6,      /* the account acts by the code of `party` */
  OL_EFFECT_CREATE = 7,    /* a contract is created */
  OL_EFFECT_UNKNOWN = 8,   /* `party` is called, and what that does is not known */
} ol_effect_kind;

/* One thing that a signature does. What its kind does not have is zero. */
typedef struct ol_effect {
  uint32_t kind; /* an ol_effect_kind */
  uint32_t
      unlimited; /* 1 when an allowance is of more than any token has: 2^128 or more, or the most there can be */
  ol_address asset; /* the token; zero is the chain's native asset */
  ol_address party;
  ol_u256 amount;
  uint64_t until; /* Unix seconds; 0 for no end */
} ol_effect;

typedef struct ol_intent {
  uint32_t kind;      /* an ol_intent_kind */
  uint32_t is_known;  /* 1 when all that it does is among the effects */
  uint64_t chain_id;  /* 0 when it is for any chain, as messages are */
  ol_hash digest;     /* what is signed */
  ol_hash type_hash;  /* of typed data: its primary type's */
  ol_address account; /* whose signature it is */
  ol_address target;  /* whom it calls, or the contract that typed data is for */
  uint32_t has_call;  /* 1 when a transaction has input */
  uint32_t selector;  /* the first four bytes of that */
  uint32_t has_nonce; /* 1 of a transaction and an authorization, of which one with each nonce takes effect */
  uint32_t effect_count;
  uint64_t nonce;
  uint64_t gas_limit; /* gas */
  ol_u256 value;      /* wei */
  ol_slice contract;  /* what the target is, e.g. "Governor"; empty when that is not known */
  ol_slice signature; /* of the function that is called, with names; empty when that is not known */
  ol_slice arguments; /* its arguments as JSON, as abi.h has them */
  ol_effect effects[OL_INTENT_EFFECTS];
} ol_intent;

/*
 * Decodes what a transaction does. In: one that need not be signed; the account that is to sign it; contracts that are
 * known. A call of one of them is known when its function is, and its input is read in one way only; elsewhere those of
 * tokens are (ERC-20, ERC-721, ERC-1155).
 * Out: slices into `memory`, which takes 20 KiB and 32 times the input.
 * Returns: OL_ERR_ARGUMENT for a deposit, which nobody signs; OL_ERR_LIMIT when its fee needs more than 256 bits;
 * OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_intent_of_transaction(ol_error *error, ol_intent *out,
                                                     const ol_transaction *transaction,
                                                     const ol_address *account,
                                                     const ol_known_contract *contracts, size_t contracts_len,
                                                     void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 3, 4, 7);

/* The same of an authorization (EIP-7702), signed or not. */
OL_API void ol_intent_of_authorization(ol_intent *out, const ol_authorization *authorization,
                                       const ol_address *account) OL_NONNULL;

/*
 * The same of typed data that was read. It is known when its type is (ol_typed_kind), and what that means is about the
 * account: an allowance by another owner is not.
 */
OL_API void ol_intent_of_typed_data(ol_intent *out, const ol_typed_data *data, const ol_address *account,
                                    const ol_known_contract *contracts, size_t contracts_len)
    OL_NONNULL_ARGS(1, 2, 3);

/*
 * The same of a personal message (EIP-191). One that begins as Sign-In with Ethereum does is OL_INTENT_SIGN_IN, and must
 * be one: for the account, and by the grammar; that it is of the page that asks is checked by ol_siwe_check.
 * Returns: OL_ERR_ENCODING, OL_ERR_MISMATCH.
 */
OL_API OL_CHECKED ol_status ol_intent_of_message(ol_error *error, ol_intent *out, const uint8_t *bytes,
                                                 size_t len, const ol_address *account)
    OL_NONNULL_ARGS(1, 2, 5);

/* Returns: "transaction", "authorization", "typed data", "message" or "sign-in"; "unknown" for a number that is none. */
OL_API const char *ol_intent_kind_name(uint32_t kind);

/* Returns: what an effect does, e.g. "spend"; "unknown" also for a number that is none. */
OL_API const char *ol_effect_kind_name(uint32_t kind);

/*
 * Tells an intent as JSON: {kind, known, digest, chainId, account, target, contract, function, arguments, value, nonce,
 * gasLimit, effects}. What it does not have is left out. An effect is {kind, asset, party, amount, unlimited, until};
 * the native asset is "native". All numbers are decimal text, as a JSON reader may
 * keep no more than 53 bits of one. What comes from outside is made visible (ol_text_visible).
 * Out: the text, in `memory`, which takes 4 KiB and 12 times the arguments. Returns: OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_intent_explain(ol_error *error, ol_slice *out, const ol_intent *intent,
                                              void *memory, size_t len) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
