/* SPDX-License-Identifier: MIT */
#ifndef OL_PROVIDER_CLAIMS_H
#define OL_PROVIDER_CLAIMS_H

/*
 * Logs of a range that is too long to fetch all of its headers (openledger_getLogs). Endpoints are asked eth_getLogs in
 * chunks, and only claim by it in which blocks there are logs. Each of those blocks is proven to be in the chain, in
 * their order, and its transactions and receipts are verified; what matches in them is the answer. So every log of it is
 * proven, and all of a block that has one are there; but a block that the endpoint left out is missing from it.
 *
 * A claim that is not so is a lie: what was written of its chunk is taken back, and the chunk asked of another endpoint.
 *
 * What it costs: one request for each chunk, OL_CLAIMS_OUT at a time; two for each OL_HISTORY_WINDOW blocks from the
 * range's end down to the first claim, which is one round trip each; and four for each block that is claimed: its hash
 * in a state above it and its header, one block after the other, and at the same time the block and the receipts of
 * those before it.
 */

#include "client/fetch.h"
#include "provider/filter.h"
#include "rollup/history.h"

#define OL_CLAIMS_RANGE 100000    /* blocks of a range */
#define OL_CLAIMS_CHUNK 1000      /* blocks of one request: what public endpoints take at most */
#define OL_CLAIMS_CHUNK_BLOCKS 64 /* that are claimed of a chunk */
#define OL_CLAIMS_BLOCKS 256      /* the same of a range */
#define OL_CLAIMS_OUT 8           /* chunks that are asked for at once, and kept */
#define OL_CLAIMS_ANCHORS ((OL_CLAIMS_RANGE - 1) / OL_HISTORY_WINDOW + 1)

/* That there are logs in a block. */
typedef struct ol_claim {
  uint64_t number;
  ol_hash hash;
  uint32_t count;
} ol_claim;

typedef struct ol_claims_chunk {
  bool is_good;
  ol_engine_want want; /* which brought it */
  uint32_t count;
  ol_claim list[OL_CLAIMS_CHUNK_BLOCKS]; /* in the order of their blocks */
  uint8_t tries[OL_MAX_ENDPOINTS];
} ol_claims_chunk;

typedef struct ol_claims {
  uint64_t first;
  uint32_t at;        /* the chunk whose blocks are taken; those before it are done, */
  uint32_t proven;    /* with so many blocks */
  uint32_t swept_len; /* and so much that is written */
  uint32_t chunk_count;
  ol_claims_chunk chunks[OL_CLAIMS_OUT]; /* from that one on, by their number modulo OL_CLAIMS_OUT */
  uint32_t anchor_count;
  ol_block anchors[OL_CLAIMS_ANCHORS]; /* proven: the end, and what is OL_HISTORY_WINDOW below another */
} ol_claims;

/* Begins. In: the range's last block, which is proven; its first, less than OL_CLAIMS_RANGE below it. */
void ol_claims_init(ol_claims *claims, const ol_block *last, uint64_t first) OL_NONNULL;

/* The functions of an engine's user, for wants of OL_WANT_CLAIMS, whose item is a chunk. */
OL_CHECKED ol_status ol_claims_request(ol_error *error, ol_want *out, const ol_claims *claims,
                                       const ol_log_filter *filter, const ol_engine_want *want,
                                       ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_claims_answer(ol_error *error, ol_claims *claims, const ol_engine_want *want,
                                      ol_json result) OL_NONNULL_ARGS(1, 2, 3);
void ol_claims_lost(ol_claims *claims, const ol_engine_want *want, const ol_error *error) OL_NONNULL;

/* Asks for chunks. Returns: OL_FETCH_DONE when the one whose blocks are to be taken is there, or all are done. */
ol_fetch_step ol_claims_advance(ol_engine *engine, const ol_readers *from, ol_claims *claims) OL_NONNULL;

#endif
