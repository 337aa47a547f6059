/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_TREE_BATCH_H
#define OL_ATTRIBUTION_TREE_BATCH_H

/*
 * Roots of multiproofs, hashed many nodes at a time: the walk only notes which nodes there are, and those that do not need
 * each other are hashed side by side. It says the same as ol_tree_multiproof_root, several times faster where the CPU has
 * wide registers. For trees without annotations.
 */

#include "attribution/tree.h"

#define OL_TREE_PAYLOAD_MAX 128
#define OL_TREE_STEPS 512

/* A node to be hashed. What it is made of: other steps, siblings, or a leaf. */
typedef struct ol_tree_step {
  ol_hash hash;
  uint16_t left;
  uint16_t right;
  uint16_t next; /* of the same level, from the last to the first */
  uint16_t level;
} ol_tree_step;

typedef struct ol_tree_batch {
  ol_tree_step steps[OL_TREE_STEPS];
} ol_tree_batch;

/* What gives the opened leaves in order, at most 32,767. `payload` writes up to 128 bytes, and returns how many. */
typedef struct ol_tree_payloads {
  size_t count;
  uint64_t (*index)(const void *context,
                    size_t ordinal); /* strictly increasing, below the number of leaves */
  size_t (*payload)(const void *context, size_t ordinal, uint8_t *out);
  const void *context;
} ol_tree_payloads;

/* As ol_tree_multiproof_root, with room to work in; `siblings` are 32,767 at most. */
OL_CHECKED ol_status ol_tree_multiproof_batch(ol_error *error, ol_hash *out, ol_tree_kind kind,
                                              uint64_t leaves, const ol_tree_payloads *source,
                                              ol_slice siblings, ol_tree_batch *batch) OL_NONNULL;

#endif
