/* SPDX-License-Identifier: MIT */
#ifndef OL_TRIE_SSZ_ROOT_H
#define OL_TRIE_SSZ_ROOT_H

/* The trees of SimpleSerialize (consensus-specs, ssz/simple-serialize.md and ssz/merkle-proofs.md). */

#include "encoding/ssz.h"

/*
 * Out: hash_tree_root of a value that was checked. In: a type whose containers hold no containers: those are
 * the ones whose roots a light client needs.
 */
void ol_ssz_root(ol_hash *out, const ol_ssz_type *type, ol_slice value) OL_NONNULL;

/* The same of a container's first `count` fields, as an older fork had it. */
void ol_ssz_root_of_fields(ol_hash *out, const ol_ssz_type *type, ol_slice value, size_t count) OL_NONNULL;

/*
 * Checks that a leaf lies at a generalized index under a root. The branch is nodes of 32 bytes from the leaf
 * upwards; it may be longer than the index is deep, as those of later forks are, and what it has more in front
 * must be zero (is_valid_normalized_merkle_branch of the light client's sync protocol).
 */
OL_CHECKED bool ol_ssz_branch_is_valid(const ol_hash *leaf, ol_slice branch, uint64_t generalized_index,
                                       const ol_hash *root) OL_NONNULL;

#endif
