/* SPDX-License-Identifier: MIT */
#ifndef OL_BENCH_NODES_H
#define OL_BENCH_NODES_H

/* Nodes whose answers are at hand, for engines that are measured. */

#include "openledger/engine.h"

#include "work.h"

/* What was moved. */
typedef struct nodes_count {
  uint64_t requests;
  uint64_t received; /* bytes of answers */
} nodes_count;

/* Takes an item off a list in which each is after its length in four bytes. Returns: false at its end. */
bool nodes_item(ol_slice *out, ol_slice *list);

/* Answers figures, eight bytes each: eight at most. */
void nodes_tell(work_answer *answer, const uint64_t *figures, size_t count);

/*
 * Feeds the answer to a want: what JSON-RPC returns, with the want's id around it, or the answer as it is where the
 * want is none of JSON-RPC. Returns: false when the engine has failed.
 */
bool nodes_feed(nodes_count *count, ol_engine *engine, const ol_want *want, ol_slice result);

#endif
