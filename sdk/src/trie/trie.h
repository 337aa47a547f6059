/* SPDX-License-Identifier: MIT */
#ifndef OL_TRIE_TRIE_H
#define OL_TRIE_TRIE_H

/*
 * Merkle-Patricia tries (Yellow Paper, appendix D): proofs of inclusion and exclusion, roots of small sorted
 * tries, and lists keyed by rlp(index) - transactions, receipts, withdrawals. No memory is allocated.
 */

#include "base/base.h"
#include "base/limits.h"

extern const ol_hash ol_trie_empty_root; /* keccak-256 of rlp("") */

/*
 * Follows a key from the root through a proof.
 *
 * Every node must be reached and hash to its reference, and be well-formed: canonical RLP, a known prefix, no
 * branch with fewer than two entries, no extension that is empty or leads to anything but a branch, no node
 * of less than 32 bytes by hash. A proof with nodes behind the last one needed is refused.
 *
 * Out: the value, inside `nodes`; data NULL when the proof shows that the key is absent.
 * In: `key` up to OL_LIMIT_TRIE_KEY bytes (already hashed, where the trie is a secure one).
 */
OL_CHECKED ol_status ol_trie_prove(ol_error *error, ol_slice *out, const ol_hash *root, const uint8_t *key,
                                   size_t key_len, const ol_slice *nodes, size_t node_count)
    OL_NONNULL_ARGS(1, 2, 3, 4);

typedef struct ol_trie_entry {
  uint8_t key[OL_LIMIT_TRIE_KEY];
  size_t key_len;
  ol_slice value; /* not empty */
} ol_trie_entry;

/* The entries of a trie, strictly ascending by key: entry(context, out, i) for i from 0. */
typedef struct ol_trie_source {
  void (*entry)(const void *context, ol_trie_entry *out, size_t index);
  const void *context;
  size_t count;
} ol_trie_source;

/* Takes the nodes that prove one entry, from the leaf to the root: each is `head` followed by `tail`. */
typedef struct ol_trie_sink {
  void (*node)(void *context, ol_slice head, ol_slice tail);
  void *context;
  size_t index; /* of the entry to be proven */
} ol_trie_sink;

/*
 * Computes the root of a trie, and with a sink (or NULL) the proof of one entry, as ol_trie_prove takes it but
 * in reverse. Keys out of order are a programmer's error.
 * Returns: OL_ERR_LIMIT when more than OL_LIMIT_TRIE_BRANCHES branches lie on one path.
 */
OL_CHECKED ol_status ol_trie_root(ol_error *error, ol_hash *out, const ol_trie_source *source,
                                  const ol_trie_sink *sink) OL_NONNULL_ARGS(1, 2, 3);

/* The items of a list, e.g. a block's transactions in their typed encoding (EIP-2718): not empty, at most 2^32. */
typedef struct ol_trie_items {
  void (*item)(const void *context, ol_slice *out, size_t index);
  const void *context;
  size_t count;
} ol_trie_items;

/* The root of a list; the sink as above. */
void ol_trie_items_root(ol_hash *out, const ol_trie_items *items, const ol_trie_sink *sink)
    OL_NONNULL_ARGS(1, 2);

/* The same of a list that is an array. */
void ol_trie_list_root(ol_hash *out, const ol_slice *items, size_t count, const ol_trie_sink *sink)
    OL_NONNULL_ARGS(1);

/* Proves item `index` of a list under its root. Out: as ol_trie_prove. */
OL_CHECKED ol_status ol_trie_list_prove(ol_error *error, ol_slice *out, const ol_hash *root, uint64_t index,
                                        const ol_slice *nodes, size_t node_count) OL_NONNULL_ARGS(1, 2, 3);

#endif
