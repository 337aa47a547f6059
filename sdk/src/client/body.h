/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_BODY_H
#define OL_CLIENT_BODY_H

/*
 * A block of a hash that is proven, with its transactions, and its receipts if they are asked for. Both lists are kept
 * in their canonical form, in memory that the user gives with each call: it may not be moved in between.
 */

#include "client/fetch.h"
#include "openledger/block.h"

/* Bytes of memory for blocks and receipts whose JSON is not longer than this, each. */
#define OL_BODY_MEMORY(max_answer) (2 * (size_t)(max_answer))

typedef struct ol_body {
  ol_hash hash;
  bool with_receipts;
  bool has_block;
  bool has_receipts;
  ol_header header;
  uint32_t count;            /* of transactions */
  uint32_t transactions_len; /* where the receipts begin in the memory */
  uint32_t held_len;         /* receipts that came before the block, as they came, at the memory's end */
  ol_engine_want held;       /* what they answer */
  uint8_t tries[2][OL_MAX_ENDPOINTS];
} ol_body;

void ol_body_init(ol_body *body, const ol_hash *hash, bool with_receipts) OL_NONNULL;

/* The functions of an engine's user, for wants of OL_FETCH_BLOCK and OL_FETCH_RECEIPTS. In: the answer's text. */
OL_CHECKED ol_status ol_body_request(ol_error *error, ol_want *out, const ol_body *body,
                                     const ol_engine_want *want, ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_body_answer(ol_error *error, ol_body *body, const ol_engine_want *want, ol_slice data,
                                    void *memory, size_t len, ol_arena arena) OL_NONNULL_ARGS(1, 2, 3, 5);
void ol_body_lost(ol_body *body, const ol_engine_want *want, const ol_error *error) OL_NONNULL;

/* Asks for what is missing. In: memory as above, and for parsing. Returns: how far it is. */
ol_fetch_step ol_body_advance(ol_engine *engine, const ol_readers *from, ol_body *body, uint32_t item,
                              void *memory, size_t len, ol_arena arena) OL_NONNULL;

/*
 * Lists the items of a body that is done. Out: transactions, and receipts or NULL; in the arena.
 * Returns: OL_ERR_MEMORY.
 */
OL_CHECKED ol_status ol_body_items(ol_error *error, const ol_slice **out_transactions,
                                   const ol_slice **out_receipts, const ol_body *body, const void *memory,
                                   ol_arena *arena) OL_NONNULL;

#endif
