/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_TOKEN_H
#define OPENLEDGER_TOKEN_H

/*
 * Tokens: their calls, what these return, their events, and where balances are stored (ERC-20, ERC-721, ERC-1155,
 * ERC-2612). A call and an event are the same struct, of which each kind has its own fields. Pure functions: whether
 * an address is a token at all, they do not know.
 */

#include "openledger/receipt.h"
#include "openledger/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Calls, with the fields that each has, and events from OL_TOKEN_SENT on. */
typedef enum ol_token_kind {
  OL_TOKEN_TRANSFER = 0,      /* transfer: to, amount */
  OL_TOKEN_TRANSFER_FROM = 1, /* transferFrom: from, to, amount; of ERC-721 the amount is an id */
  OL_TOKEN_APPROVE = 2,       /* approve: to, amount; the same */
  OL_TOKEN_INCREASE = 3,      /* increaseAllowance: to, amount; OpenZeppelin's before 5.0 */
  OL_TOKEN_DECREASE = 4,      /* decreaseAllowance: the same */
  OL_TOKEN_PERMIT = 5,        /* permit (ERC-2612): from, to, amount, deadline, y_parity, r, s */
  OL_TOKEN_SEND = 6,          /* safeTransferFrom of ERC-721: from, to, id */
  OL_TOKEN_SEND_DATA = 7,     /* the same, with data */
  OL_TOKEN_APPROVE_ALL = 8,   /* setApprovalForAll: to, approved */
  OL_TOKEN_MULTI_SEND = 9,    /* safeTransferFrom of ERC-1155: from, to, id, amount, data */
  OL_TOKEN_BATCH_SEND = 10,   /* safeBatchTransferFrom: from, to, ids, amounts, data */
  OL_TOKEN_SENT = 11,         /* Transfer of ERC-20: from, to, amount */
  OL_TOKEN_ID_SENT = 12,      /* Transfer of ERC-721: from, to, id */
  OL_TOKEN_APPROVED = 13,     /* Approval of ERC-20: from, to, amount */
  OL_TOKEN_ID_APPROVED = 14,  /* Approval of ERC-721: from, to, id */
  OL_TOKEN_ALL_APPROVED = 15, /* ApprovalForAll: from, to, approved */
  OL_TOKEN_MULTI_SENT = 16,   /* TransferSingle: caller, from, to, id, amount */
  OL_TOKEN_BATCH_SENT = 17,   /* TransferBatch: caller, from, to, ids, amounts */
} ol_token_kind;

/* What is, or was, done with tokens. What its kind does not have is zero. */
typedef struct ol_token_action {
  uint32_t kind;     /* an ol_token_kind */
  uint32_t approved; /* 1 when an operator is allowed to move all tokens, 0 when no longer */
  uint32_t y_parity; /* of a permit's signature, 0 or 1; v is 27 more */
  ol_address token;  /* the contract: of calls read from their input alone, zero */
  ol_address caller; /* who has moved them, in the events of ERC-1155 */
  ol_address from;   /* the owner */
  ol_address to;     /* who gets the tokens, or is allowed to move them */
  ol_u256 id;
  ol_u256 amount;   /* smallest units */
  ol_u256 deadline; /* of a permit, in seconds since 1970 */
  ol_u256 r;
  ol_u256 s;
  ol_slice ids; /* 32 bytes each, as many as amounts */
  ol_slice amounts;
  ol_slice data; /* for the receiver */
} ol_token_action;

/*
 * Writes a call. Its value is 0. In: memory for its input: 320 bytes, and 32 more than its ids, amounts and data.
 * Returns: OL_ERR_ARGUMENT for a kind that is no call, for ids and amounts that are not as many, and for a parity
 * above 1; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_token_call(ol_error *error, ol_call *out, const ol_token_action *action,
                                          void *memory, size_t len) OL_NONNULL;

/*
 * Reads the input of a call, which must be as compilers write it. Out: the action, with slices into the input.
 * Returns: OL_ERR_MISMATCH for a function that is none of these; OL_ERR_ENCODING with the byte at fault.
 */
OL_API OL_CHECKED ol_status ol_token_from_input(ol_error *error, ol_token_action *out, const uint8_t *input,
                                                size_t len) OL_NONNULL;

/*
 * Reads an event. Out: the action, with slices into the log; `token` is who logged it, and nobody but that contract
 * says that it is true. Returns: OL_ERR_MISMATCH for an event that is none of these; OL_ERR_ENCODING.
 */
OL_API OL_CHECKED ol_status ol_token_from_log(ol_error *error, ol_token_action *out,
                                              const ol_log *log) OL_NONNULL;

/* Reads a number that a call returned: balanceOf, allowance, totalSupply. Returns: OL_ERR_ENCODING. */
OL_API OL_CHECKED ol_status ol_token_number(ol_error *error, ol_u256 *out, const uint8_t *returned,
                                            size_t len) OL_NONNULL_ARGS(1, 2);

/* Reads what `decimals` returned: at most 255. Returns: OL_ERR_ENCODING. */
OL_API OL_CHECKED ol_status ol_token_decimals(ol_error *error, uint32_t *out, const uint8_t *returned,
                                              size_t len) OL_NONNULL_ARGS(1, 2);

/*
 * Reads what `name` or `symbol` returned: a string, or as some old tokens have it, 32 bytes with zeros at the end.
 * Out: the text inside of it, which may be anything, and is nothing to trust. Returns: OL_ERR_ENCODING.
 */
OL_API OL_CHECKED ol_status ol_token_text(ol_error *error, ol_slice *out, const uint8_t *returned, size_t len)
    OL_NONNULL_ARGS(1, 2);

/*
 * Checks what a transfer or an approval returned: true, or as some tokens have it, nothing. That there is a contract
 * at all, which would return nothing either, is for the caller to know.
 * Returns: OL_ERR_MISMATCH when the token says that it failed; OL_ERR_ENCODING.
 */
OL_API OL_CHECKED ol_status ol_token_done(ol_error *error, const uint8_t *returned, size_t len)
    OL_NONNULL_ARGS(1);

/*
 * Out: the slot of an owner's balance, which is proven as any is (openledger/account.h), in the mapping at `base`:
 * 0 in OpenZeppelin's ERC20, 51 in what it had for proxies before 5.0; since then at the hash that it calls
 * ERC20StorageLocation.
 */
OL_API void ol_token_balance_slot(ol_u256 *out, const ol_address *owner, const ol_u256 *base) OL_NONNULL;

/* Out: the slot of an allowance, in the mapping of mappings at `base`: one behind that of balances. */
OL_API void ol_token_allowance_slot(ol_u256 *out, const ol_address *owner, const ol_address *spender,
                                    const ol_u256 *base) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
