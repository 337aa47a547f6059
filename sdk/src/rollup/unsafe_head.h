/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_UNSAFE_HEAD_H
#define OL_ROLLUP_UNSAFE_HEAD_H

/* A head from the inside, for those that have one as a part, and no longer have the message. */

#include "openledger/envelope.h"

struct ol_unsafe_head {
  uint64_t chain_id;
  uint64_t newest; /* if anything is held */
  uint64_t held;   /* bit i says that blocks[i] is one */
  ol_address signer;
  ol_unsafe_block blocks[OL_UNSAFE_HEIGHTS]; /* a height has its place by its remainder */
};

/* Empties a head. */
void ol_unsafe_head_empty(ol_unsafe_head *head, uint64_t chain_id, const ol_address *signer) OL_NONNULL;

/* Out: what a head keeps of a message. */
void ol_unsafe_block_of(ol_unsafe_block *out, const ol_envelope *envelope) OL_NONNULL;

/* Takes in a block of a message that was verified, of the head's chain and signer. Returns: what it was to the head. */
ol_unsafe_event ol_unsafe_head_add(ol_unsafe_head *head, const ol_unsafe_block *block) OL_NONNULL;

#endif
