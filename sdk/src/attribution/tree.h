/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_TREE_H
#define OL_ATTRIBUTION_TREE_H

/*
 * The trees of ATR-1 (docs/attribution.md, section 1): the shape of RFC 6962, with tags that keep leaves, nodes, roots and
 * trees apart, and in two of them an annotation. Proofs are read where they lie.
 */

#include "base/base.h"

typedef enum ol_tree_kind {
  OL_TREE_TEXT = 0,
  OL_TREE_SUFFIXES = 1,
  OL_TREE_FIRST = 2, /* annotated with the least position */
  OL_TREE_DOCUMENTS = 3,
  OL_TREE_GRADIENTS = 4,
  OL_TREE_SPLIT = 5, /* annotated with the sum of amounts */
  OL_TREE_BATCH = 6,
} ol_tree_kind;

/* The most levels that a tree of 2^64 - 1 leaves has, and so the most siblings of a path. */
#define OL_TREE_DEPTH 64

/* A hash with its annotation, a number of 128 bits; 0 in trees without. */
typedef struct ol_tree_node {
  ol_hash hash;
  uint64_t high;
  uint64_t low;
} ol_tree_node;

/* Returns: bytes of an annotation in this kind of tree: 0, 8 or 16. */
size_t ol_tree_annotation_len(ol_tree_kind kind);

/* Out: a leaf, with the annotation that its payload has. In: a payload as long as the kind asks. */
void ol_tree_leaf(ol_tree_node *out, ol_tree_kind kind, uint64_t index, ol_slice payload) OL_NONNULL;

/* What leaves and nodes begin with before their payload, or their children. Return: how many bytes that is. */
#define OL_TREE_FRONT 13
size_t ol_tree_leaf_front(uint8_t out[OL_TREE_FRONT], ol_tree_kind kind, uint64_t index) OL_NONNULL;
size_t ol_tree_node_front(uint8_t out[OL_TREE_FRONT], ol_tree_kind kind) OL_NONNULL;

/* Out: the parent of two nodes. Returns: false when the sum does not fit in 128 bits. */
OL_CHECKED bool ol_tree_join(ol_tree_node *out, ol_tree_kind kind, const ol_tree_node *left,
                             const ol_tree_node *right) OL_NONNULL;

/* Out: the parent of two nodes whose annotation is given, not computed: what refutations look at. */
void ol_tree_join_as(ol_tree_node *out, ol_tree_kind kind, const ol_tree_node *left,
                     const ol_tree_node *right) OL_NONNULL;

/* Out: the root over a top; for no leaves the top counts for nothing and may be NULL. */
void ol_tree_root(ol_hash *out, ol_tree_kind kind, uint64_t leaves, const ol_tree_node *top)
    OL_NONNULL_ARGS(1);

/* Returns: leaves in the left subtree of more than one: the largest power of two below. */
uint64_t ol_tree_left(uint64_t leaves);

/* Reads a node from a proof: annotation, then hash. In: as many bytes as that takes. */
void ol_tree_read(ol_tree_node *out, ol_tree_kind kind, const uint8_t *bytes) OL_NONNULL;

/*
 * Computes the root from one leaf and its path, `[annotation] || hash` from the leaf up. Out: the root; the top, for its
 * annotation, or NULL.
 * Returns: OL_ERR_PROOF when siblings are left or wanting, the index is out of range, or a sum overflows.
 */
OL_CHECKED ol_status ol_tree_path_root(ol_error *error, ol_hash *out, ol_tree_node *out_top,
                                       ol_tree_kind kind, uint64_t index, uint64_t leaves,
                                       const ol_tree_node *leaf, ol_slice path) OL_NONNULL_ARGS(1, 2, 7);

/* What gives the opened leaves in order. `next` is called once for each, and writes its hash. */
typedef struct ol_tree_source {
  size_t count;
  uint64_t (*index)(const void *context,
                    size_t ordinal); /* strictly increasing, below the number of leaves */
  void (*leaf)(const void *context, size_t ordinal, ol_tree_node *out);
  const void *context;
} ol_tree_source;

/*
 * Computes the root from opened leaves and the siblings of their multiproof. A tree without leaves has no proof.
 * Returns: OL_ERR_PROOF when siblings are left or wanting, or a sum overflows.
 */
OL_CHECKED ol_status ol_tree_multiproof_root(ol_error *error, ol_hash *out, ol_tree_kind kind,
                                             uint64_t leaves, const ol_tree_source *source, ol_slice siblings)
    OL_NONNULL_ARGS(1, 2, 5);

/* A range of leaves and the least position that is recorded in it. */
typedef struct ol_tree_range {
  uint64_t lo;
  uint64_t hi;
  uint64_t min;
} ol_tree_range;

/*
 * Computes the root of a tree of first occurrences from a range proof. In: ranges that are not empty, below the number of
 * leaves. Out: the minimum of each. Returns: OL_ERR_PROOF when nodes are left or wanting.
 */
OL_CHECKED ol_status ol_tree_range_root(ol_error *error, ol_hash *out, uint64_t leaves, ol_tree_range *ranges,
                                        size_t ranges_len, ol_slice nodes) OL_NONNULL_ARGS(1, 2, 4);

/* Leaves that come one behind the other, of which the root is wanted: as many open nodes as there are levels. */
typedef struct ol_tree_builder {
  ol_tree_kind kind;
  uint64_t leaves;
  ol_tree_node open[OL_TREE_DEPTH];
} ol_tree_builder;

void ol_tree_builder_init(ol_tree_builder *builder, ol_tree_kind kind) OL_NONNULL;
/* Return: false when a sum does not fit in 128 bits. */
OL_CHECKED bool ol_tree_builder_add(ol_tree_builder *builder, ol_slice payload) OL_NONNULL;
OL_CHECKED bool ol_tree_builder_root(const ol_tree_builder *builder, ol_hash *out, ol_tree_node *out_top)
    OL_NONNULL_ARGS(1, 2);

#endif
