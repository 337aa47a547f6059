/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_RUN_H
#define OL_CLIENT_RUN_H

/*
 * A run of headers down from a block that is proven: each is the parent of the one above it. They are asked for by
 * number, many with one request, and several parts of the run at once; what does not link is asked of another endpoint.
 */

#include "client/fetch.h"

#define OL_RUN_BLOCKS 1024
#define OL_RUN_PART 32 /* headers of one request */
#define OL_RUN_PARTS (OL_RUN_BLOCKS / OL_RUN_PART)
#define OL_RUN_OUT 8 /* parts that are asked for at once */

/* What is kept of a header. */
typedef struct ol_run_block {
  ol_hash hash;
  ol_hash parent_hash;
  uint64_t timestamp;
  uint64_t gas_limit;
  uint64_t gas_used;
  ol_u256 base_fee;
  ol_u256 next_base_fee; /* of the block after it */
  bool matches;          /* as the user finds (ol_run_match) */
} ol_run_block;

typedef struct ol_run_part {
  bool is_good;        /* its headers link to one another */
  bool is_linked;      /* ... and to what is above them */
  ol_engine_want want; /* which brought it */
  uint8_t tries[OL_MAX_ENDPOINTS];
} ol_run_part;

/* Whether a header is one that the user looks for. */
typedef bool ol_run_match(const void *context, const ol_header *header);

typedef struct ol_run {
  uint64_t first;
  uint32_t count;
  ol_hash top; /* the hash of the last one */
  ol_run_part parts[OL_RUN_PARTS];
  ol_run_block blocks[OL_RUN_BLOCKS];
} ol_run;

/* Out: the base fee of the block after a header; where it is of no form that tells (nodes for development), its own. */
void ol_next_base_fee(ol_u256 *out, const ol_header *header) OL_NONNULL;

/* Begins. In: the last block, which is proven; how many, 1 to OL_RUN_BLOCKS, not more than there are. */
void ol_run_init(ol_run *run, const ol_block *last, uint32_t count) OL_NONNULL;

/* The functions of an engine's user, for wants of OL_FETCH_RUN, whose item is a part. In: the answer's text. */
OL_CHECKED ol_status ol_run_request(ol_error *error, ol_want *out, const ol_run *run,
                                    const ol_engine_want *want, ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_run_answer(ol_error *error, ol_run *run, const ol_engine_want *want, ol_slice data,
                                   ol_arena arena, ol_run_match *match, const void *context)
    OL_NONNULL_ARGS(1, 2, 3);
void ol_run_lost(ol_run *run, const ol_engine_want *want, const ol_error *error) OL_NONNULL;

/* Asks for what is missing. Returns: how far it is. */
ol_fetch_step ol_run_advance(ol_engine *engine, const ol_readers *from, ol_run *run) OL_NONNULL;

#endif
