/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_OUTBOX_H
#define OPENLEDGER_OUTBOX_H

/*
 * What an account has signed on a chain and is not settled yet: which nonce comes next, what became of each
 * transaction, and how one is replaced or cancelled. It rests on the account's nonce as it is proven, always at blocks
 * of the same trust. For one nonce there is never a second transaction but as a replacement that nodes take.
 *
 * A transaction goes in before it is sent, and the outbox is written out before that as well: then a crash loses
 * nothing. The bytes of transactions are not kept here.
 */

#include "openledger/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_OUTBOX_MOST 64                           /* transactions, with those that replace others */
#define OL_OUTBOX_BYTES (80 + OL_OUTBOX_MOST * 175) /* of an outbox that is written, at most */

/* What became of a transaction. */
typedef enum ol_outbox_state {
  OL_OUTBOX_WAITING = 0,   /* its nonce is not used yet */
  OL_OUTBOX_PASSED = 1,    /* its nonce is used; by which transaction has to be looked up: ol_outbox_settle */
  OL_OUTBOX_CONFIRMED = 2, /* it is in the chain */
  OL_OUTBOX_REPLACED = 3,  /* another one of the outbox is, with its nonce */
  OL_OUTBOX_DROPPED = 4,   /* none of the outbox is: its nonce was used elsewhere */
} ol_outbox_state;

/* A transaction that was signed. */
typedef struct ol_outbox_entry {
  uint32_t state;     /* an ol_outbox_state */
  uint32_t type;      /* an ol_transaction_type */
  uint32_t is_create; /* 1 when it creates a contract */
  uint64_t nonce;
  uint64_t gas_limit;   /* gas */
  uint64_t time;        /* when it was added, as the caller says */
  ol_u256 max_fee;      /* for a unit of gas: the whole fee, or the gas price; wei */
  ol_u256 priority_fee; /* ... the tip, or the gas price */
  ol_u256 value;        /* wei */
  ol_address to;
  ol_hash hash;
} ol_outbox_entry;

typedef struct ol_outbox ol_outbox;

/* Returns: bytes of memory for an outbox, aligned to 16. */
OL_API size_t ol_outbox_size(void);

/*
 * Makes an empty outbox in `memory`, which must stay in place. Out: the outbox. In: the account, its chain, and its
 * nonce as it is proven.
 * Returns: OL_ERR_MEMORY; OL_ERR_ARGUMENT for memory that is not aligned, or a chain of id 0.
 */
OL_API OL_CHECKED ol_status ol_outbox_init(ol_error *error, ol_outbox **out, const ol_address *account,
                                           uint64_t chain_id, uint64_t nonce, void *memory,
                                           size_t len) OL_NONNULL;

/*
 * Tells the account's nonce as it is proven at a newer block. Transactions whose nonce is below it have passed; where it
 * has become lower, as after a reorganisation, they wait again, settled ones too.
 */
OL_API void ol_outbox_advance(ol_outbox *outbox, uint64_t nonce) OL_NONNULL;

/* Returns: the nonce for the next transaction: the lowest from the proven one on that none has that waits. */
OL_API uint64_t ol_outbox_next_nonce(const ol_outbox *outbox) OL_NONNULL;

/*
 * Gives a nonce that nothing has, while something that waits has a higher one: that is stuck until it is used.
 * In: which of them, counted from 0 and from the lowest. Returns: 1; 0 when there are not so many.
 */
OL_API OL_CHECKED int ol_outbox_gap(const ol_outbox *outbox, uint64_t *out, uint32_t index) OL_NONNULL;

/*
 * Adds a transaction that is signed; one that is there already changes nothing. In: when, in the caller's own count.
 * Returns: OL_ERR_CRYPTO or OL_ERR_MISMATCH when it is not this account's and chain's; OL_ERR_ARGUMENT for a nonce that
 * is used, for types 3 and 0x7E, and for another transaction of the same nonce whose fees are not all raised by a
 * tenth; OL_ERR_LIMIT when the outbox is full.
 */
OL_API OL_CHECKED ol_status ol_outbox_add(ol_error *error, ol_outbox *outbox,
                                          const ol_transaction *transaction, uint64_t time) OL_NONNULL;

/* Gives an entry, in the order in which they were added. Returns: 1; 0 when there are not so many. */
OL_API OL_CHECKED int ol_outbox_at(const ol_outbox *outbox, ol_outbox_entry *out, uint32_t index) OL_NONNULL;

/*
 * Tells what used a nonce that has passed. In: the hash that was found in the chain with a proof, or NULL when none of
 * those with this nonce was.
 * Returns: OL_ERR_ARGUMENT when the nonce has not passed or nothing has it, OL_ERR_MISMATCH when none has this hash.
 */
OL_API OL_CHECKED ol_status ol_outbox_settle(ol_error *error, ol_outbox *outbox, uint64_t nonce,
                                             const ol_hash *found) OL_NONNULL_ARGS(1, 2);

/* Forgets what has passed below a nonce, which is to be that of a block that is final. */
OL_API void ol_outbox_forget(ol_outbox *outbox, uint64_t nonce) OL_NONNULL;

/*
 * Raises a transaction's fees so that it replaces what waits with its nonce: each to at least a tenth more, rounded up,
 * than any before it, and the whole fee to the base fee and the tip. Fees that are higher stay.
 * Out: the transaction, not signed; it may be `transaction`. In: the base fee of the next block, wei.
 * Returns: OL_ERR_ARGUMENT when nothing waits with its nonce, or for types 3 and 0x7E; OL_ERR_LIMIT when a fee needs
 * more than 256 bits.
 */
OL_API OL_CHECKED ol_status ol_outbox_replace(ol_error *error, ol_transaction *out, const ol_outbox *outbox,
                                              const ol_transaction *transaction,
                                              const ol_u256 *base_fee) OL_NONNULL;

/* The same, of a transaction that does nothing: to the account itself, of no value, with 21,000 gas. */
OL_API OL_CHECKED ol_status ol_outbox_cancel(ol_error *error, ol_transaction *out, const ol_outbox *outbox,
                                             uint64_t nonce, const ol_u256 *base_fee) OL_NONNULL;

/* Writes the outbox out. Out: at most OL_OUTBOX_BYTES, and how many. Returns: OL_ERR_MEMORY when `len` is less. */
OL_API OL_CHECKED ol_status ol_outbox_write(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                            const ol_outbox *outbox) OL_NONNULL_ARGS(1, 4, 5);

/*
 * Reads an outbox that was written, into `memory`. Out: the outbox. In: the bytes; whose it is to be.
 * Returns: as ol_outbox_init; OL_ERR_ENCODING when they are damaged, of another version, or say what no outbox does;
 * OL_ERR_MISMATCH when it is another account's or chain's.
 */
OL_API OL_CHECKED ol_status ol_outbox_read(ol_error *error, ol_outbox **out, const uint8_t *bytes,
                                           size_t bytes_len, const ol_address *account, uint64_t chain_id,
                                           void *memory, size_t len) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
