/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_TRANSACTION_H
#define OPENLEDGER_TRANSACTION_H

/*
 * Transactions of Ethereum and of the OP Stack in their canonical form, the one that a block commits to: legacy
 * with and without EIP-155, EIP-2718 types 1 (EIP-2930), 2 (EIP-1559), 3 (EIP-4844), 4 (EIP-7702), and deposits,
 * type 0x7E (OP Stack specification, "Deposits"). Decoding is strict, so encoding what was decoded gives the same
 * bytes. Nothing is copied: slices point into what was decoded.
 *
 * What depends on a block's state - nonces, balances - is not checked here; the gas that is needed at least, and what
 * a transaction costs at most, are told by functions of their own.
 *
 * Whoever signs takes a transaction without its signature, asks ol_transaction_to_sign for the digest, and gives the
 * signature back to ol_transaction_put_signature. Keys are no concern of this file.
 */

#include "openledger/header.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The types; a number of JSON-RPC's "type" and, but for legacy, the first byte of the canonical form. */
typedef enum ol_transaction_type {
  OL_TX_LEGACY = 0,
  OL_TX_ACCESS_LIST = 1, /* EIP-2930 */
  OL_TX_DYNAMIC_FEE = 2, /* EIP-1559 */
  OL_TX_BLOB = 3,        /* EIP-4844, without the sidecar that it has in the network */
  OL_TX_SET_CODE = 4,    /* EIP-7702 */
  OL_TX_DEPOSIT = 126,   /* 0x7E, OP Stack */
} ol_transaction_type;

/* A transaction. What its type does not have is zero. Amounts are in wei. */
typedef struct ol_transaction {
  uint32_t type;                    /* an ol_transaction_type */
  uint32_t is_create;               /* 1 when it creates a contract; `to` is then zero */
  uint64_t chain_id;                /* 0 for deposits, and for legacy transactions without EIP-155 */
  uint64_t nonce;                   /* of a deposit, the receipt has it */
  uint64_t gas_limit;               /* gas */
  ol_u256 gas_price;                /* types 0 and 1 */
  ol_u256 max_priority_fee_per_gas; /* types 2, 3 and 4 */
  ol_u256 max_fee_per_gas;          /* types 2, 3 and 4; not below the priority fee */
  ol_u256 max_fee_per_blob_gas;     /* type 3 */
  ol_u256 value;
  ol_address to;
  ol_address from;         /* deposits only; that of others is ol_transaction_sender's */
  ol_slice data;           /* input of the call, or the code that creates */
  ol_slice access_list;    /* for ol_access_next */
  ol_slice blob_hashes;    /* for ol_hash_next: versioned hashes, one at least in type 3 */
  ol_slice authorizations; /* for ol_authorization_next: one at least in type 4 */
  uint32_t y_parity;       /* of the signature, 0 or 1 */
  uint32_t is_system;      /* deposits: 1 when its gas is not the block's; before Regolith */
  ol_u256 r;
  ol_u256 s;
  ol_hash source_hash; /* deposits: what makes it unique */
  ol_u256 mint;        /* deposits: added to the sender's balance; none is 0 */
} ol_transaction;

/* What a transaction is to do, for whoever makes and signs it. */
typedef struct ol_call {
  ol_address to;
  ol_u256 value; /* wei */
  ol_slice data;
} ol_call;

/* An entry of an access list (EIP-2930). */
typedef struct ol_access {
  ol_address address;
  ol_slice keys; /* for ol_hash_next */
} ol_access;

/* An account's word that it delegates its code (EIP-7702); what is not valid is without effect. */
typedef struct ol_authorization {
  ol_u256 chain_id;   /* 0 for any chain */
  ol_address address; /* whose code; zero to end a delegation */
  uint32_t y_parity;  /* up to 255; valid when 0 or 1 */
  uint64_t nonce;
  ol_u256 r;
  ol_u256 s;
} ol_authorization;

/*
 * Decodes a canonical transaction.
 * Returns: OL_ERR_ENCODING with the byte at fault, also for a type that is not known, for a network form with
 * blobs, for lists that may not be empty, and for a tip above the whole fee.
 */
OL_API OL_CHECKED ol_status ol_transaction_decode(ol_error *error, ol_transaction *out, const uint8_t *bytes,
                                                  size_t len) OL_NONNULL;

/*
 * Reads a transaction from text: its canonical form in hex, or JSON as eth_getTransactionByHash returns it, which
 * may be inside a JSON-RPC envelope. What JSON claims of the hash, the sender and the signature must agree with
 * the rest. Its place in a block is not read: that is proven (openledger/block.h).
 * Out: the transaction, with slices into `memory`; its canonical form; its hash. In: memory for parsing, 16 times
 * the text and 4 KiB.
 * Returns: OL_ERR_ENCODING, OL_ERR_MEMORY, OL_ERR_CRYPTO, or OL_ERR_MISMATCH with the claim that is not true.
 */
OL_API OL_CHECKED ol_status ol_transaction_from_text(ol_error *error, ol_transaction *out,
                                                     ol_slice *out_bytes, ol_hash *out_hash, ol_slice text,
                                                     void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 3, 4, 6);

/*
 * Encodes a transaction in its canonical form.
 * Out: at most `len` bytes and *out_len, the length of the whole; OL_ERR_MEMORY when `len` is less.
 * Returns: OL_ERR_ARGUMENT for a type that is not known.
 */
OL_API OL_CHECKED ol_status ol_transaction_encode(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                                  const ol_transaction *transaction) OL_NONNULL_ARGS(1, 4, 5);

/* Out: the transaction's hash. In: one that was decoded. */
OL_API void ol_transaction_hash(ol_hash *out, const ol_transaction *transaction) OL_NONNULL;

/* Out: what its sender signs. In: a transaction that is no deposit; it need not be signed. */
OL_API void ol_transaction_signing_hash(ol_hash *out, const ol_transaction *transaction) OL_NONNULL;

/*
 * Finds who sent a transaction: by its signature, s low (EIP-2), or of a deposit as it says.
 * In: the chain id that it must have, or 0 for any; a legacy transaction without EIP-155 is for all chains.
 * Returns: OL_ERR_CRYPTO when nobody signed so, OL_ERR_MISMATCH for another chain.
 */
OL_API OL_CHECKED ol_status ol_transaction_sender(ol_error *error, ol_address *out,
                                                  const ol_transaction *transaction,
                                                  uint64_t chain_id) OL_NONNULL;

/* Takes the next entry from the front of a decoded access list. Returns: false at its end. */
OL_API bool ol_access_next(ol_slice *list, ol_access *out) OL_NONNULL;

/* Takes the next of decoded storage keys or blob hashes. Returns: false at their end. */
OL_API bool ol_hash_next(ol_slice *list, ol_hash *out) OL_NONNULL;

/* Takes the next entry from the front of a decoded authorization list. Returns: false at its end. */
OL_API bool ol_authorization_next(ol_slice *list, ol_authorization *out) OL_NONNULL;

/*
 * Decodes what a sender signs, which has no signature: a legacy transaction's 6 fields, or 9 with the chain id and two
 * zeros (EIP-155), or a typed one's payload. Strict as ol_transaction_decode; the signature of `out` is zero.
 * Returns: OL_ERR_ENCODING, also for a deposit, which nobody signs.
 */
OL_API OL_CHECKED ol_status ol_transaction_decode_unsigned(ol_error *error, ol_transaction *out,
                                                           const uint8_t *bytes, size_t len) OL_NONNULL;

/* Encodes the same; a signature is left out. Out, returns: as ol_transaction_encode; OL_ERR_ARGUMENT for a deposit. */
OL_API OL_CHECKED ol_status ol_transaction_encode_unsigned(ol_error *error, uint8_t *out, size_t len,
                                                           size_t *out_len, const ol_transaction *transaction)
    OL_NONNULL_ARGS(1, 4, 5);

/* What is signed only where it is asked for; bits. */
typedef enum ol_sign_allowed {
  OL_SIGN_ANY_CHAIN =
      1,             /* a legacy transaction without EIP-155: whoever has it can repeat it on other chains */
  OL_SIGN_BLOBS = 2, /* type 3: the OP Stack takes none */
} ol_sign_allowed;

/*
 * Checks that a transaction is one that could be decoded once it is signed, is for the chain, and has nothing that its
 * type leaves out; then gives the digest that its sender signs.
 * In: the chain's id; bits of ol_sign_allowed.
 * Returns: OL_ERR_ARGUMENT with the field at fault, also for a deposit; OL_ERR_MISMATCH for another chain, or for any.
 */
OL_API OL_CHECKED ol_status ol_transaction_to_sign(ol_error *error, ol_hash *out,
                                                   const ol_transaction *transaction, uint64_t chain_id,
                                                   uint32_t allowed) OL_NONNULL;

/*
 * Puts a signature into a transaction. Out: the signed one; it may be the same as `transaction`. In: who is to have
 * signed; r, s and v, big-endian, v one of 0, 1, 27, 28.
 * Returns: OL_ERR_ENCODING for another v, OL_ERR_CRYPTO for what is no signature or has a high s (EIP-2),
 * OL_ERR_MISMATCH when somebody else signed, OL_ERR_ARGUMENT for a deposit.
 */
OL_API OL_CHECKED ol_status ol_transaction_put_signature(ol_error *error, ol_transaction *out,
                                                         const ol_transaction *transaction,
                                                         const ol_address *signer,
                                                         const uint8_t signature[65]) OL_NONNULL;

/*
 * The gas that a transaction needs before anything is executed: for itself, its data (EIP-2028), its access list
 * (EIP-2930), the code that creates (EIP-3860) and its authorizations (EIP-7702).
 * Out: that; and the least that it is charged for its data (EIP-7623), 0 before Prague and Isthmus. The gas limit may
 * be below neither. In: a fork from London on, of Ethereum or of the OP Stack.
 * Returns: OL_ERR_ARGUMENT for a fork whose gas is not known here, a type that it does not have, and deposits, whose
 * gas is bought on L1; OL_ERR_LIMIT for code longer than a contract may be created from (EIP-3860), or 2^32 bytes.
 */
OL_API OL_CHECKED ol_status ol_transaction_intrinsic_gas(ol_error *error, uint64_t *out, uint64_t *out_floor,
                                                         const ol_transaction *transaction,
                                                         ol_fork fork) OL_NONNULL;

/*
 * Out: what its sender must have, in wei: the value, and all its gas and blobs at the highest price that it allows.
 * What L1 and the operator take (openledger/fee.h) is not in it. Returns: OL_ERR_LIMIT when that needs over 256 bits.
 */
OL_API OL_CHECKED ol_status ol_transaction_max_cost(ol_error *error, ol_u256 *out,
                                                    const ol_transaction *transaction) OL_NONNULL;

/*
 * Write lists in the form that a transaction holds them in. Out: the list, in `memory`. In: of an access list, entries
 * whose keys are such a list as well, of hashes.
 * Returns: OL_ERR_MEMORY; OL_ERR_ARGUMENT for keys that are no list of hashes, or a parity over 255.
 */
OL_API OL_CHECKED ol_status ol_hash_list_write(ol_error *error, ol_slice *out, const ol_hash *hashes,
                                               size_t count, void *memory, size_t len) OL_NONNULL_ARGS(1, 2);
OL_API OL_CHECKED ol_status ol_access_list_write(ol_error *error, ol_slice *out, const ol_access *entries,
                                                 size_t count, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2);
OL_API OL_CHECKED ol_status ol_authorization_list_write(ol_error *error, ol_slice *out,
                                                        const ol_authorization *authorizations, size_t count,
                                                        void *memory, size_t len) OL_NONNULL_ARGS(1, 2);

/* Out: what an account signs to delegate its code (EIP-7702): a digest that no transaction has. */
OL_API void ol_authorization_signing_hash(ol_hash *out, const ol_authorization *authorization) OL_NONNULL;

/* Puts a signature into an authorization; all as ol_transaction_put_signature. */
OL_API OL_CHECKED ol_status ol_authorization_put_signature(ol_error *error, ol_authorization *out,
                                                           const ol_authorization *authorization,
                                                           const ol_address *signer,
                                                           const uint8_t signature[65]) OL_NONNULL;

/* Finds the account that an authorization is of. Returns: OL_ERR_CRYPTO when nobody signed it. */
OL_API OL_CHECKED ol_status ol_authorization_authority(ol_error *error, ol_address *out,
                                                       const ol_authorization *authorization) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
