/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_LOCATE_H
#define OL_CLIENT_LOCATE_H

/*
 * The way from a block that is proven to an older one: over its parent, or by the hashes of older blocks that its state
 * holds (EIP-2935), in hops of as many blocks as that tells. A header and the proof of its hash are asked for at once.
 */

#include "client/fetch.h"

#define OL_LOCATE_PARENTS 64 /* that are gone over one by one, where the state tells no hashes */
#define OL_LOCATE_HOPS 256   /* two million blocks */

typedef struct ol_locate {
  ol_block at; /* proven; in the end, the block */
  uint64_t target;
  uint32_t hops;
  uint32_t parents;
  bool hopping;      /* to block `next`: */
  bool has_expected; /* its hash is proven */
  bool has_header;
  uint64_t next;
  ol_hash expected;
  ol_read history;
  ol_block header;
  ol_engine_want header_want; /* which brought it */
  uint8_t header_tries[OL_MAX_ENDPOINTS];
} ol_locate;

/* Begins. In: a block that is proven; the number of another, not above it. */
void ol_locate_init(ol_locate *locate, const ol_block *from, uint64_t target) OL_NONNULL;

/* The functions of an engine's user, for wants of OL_FETCH_HISTORY and OL_FETCH_HEADER. */
OL_CHECKED ol_status ol_locate_request(ol_error *error, ol_want *out, const ol_readers *from,
                                       const ol_locate *locate, const ol_engine_want *want,
                                       ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_locate_answer(ol_error *error, const ol_readers *from, ol_locate *locate,
                                      const ol_engine_want *want, ol_json result, ol_arena *arena) OL_NONNULL;
void ol_locate_lost(const ol_readers *from, ol_locate *locate, const ol_engine_want *want,
                    const ol_error *error) OL_NONNULL;

/* Asks for what is missing. Returns: how far it is. */
ol_fetch_step ol_locate_advance(ol_engine *engine, const ol_readers *from, ol_locate *locate,
                                uint32_t item) OL_NONNULL;

#endif
