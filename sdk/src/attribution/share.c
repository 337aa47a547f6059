/* SPDX-License-Identifier: MIT */
#include "attribution/number.h"
#include "attribution/receipt.h"
#include "attribution/split.h"
#include "attribution/tree.h"

#include "base/poison.h"

/*
 * Shares of a split, and batches of receipts: paths in trees of which all leaves are known. A level of the tree is what a
 * builder has behind the leaves of one of its subtrees, so a path takes one pass for each level and no memory.
 */

#define SIBLING_BYTES (OL_U128_BYTES + 32)
#define HEAD_BYTES (OL_MAGIC_BYTES + 8 + 8 + OL_SPLIT_ROW_BYTES + 1)

_Static_assert(HEAD_BYTES + OL_SPLIT_PATH * SIBLING_BYTES + 32 == OL_SHARE_BYTES, "the longest path");

/* --- Subtrees --- */

typedef struct leaves {
  ol_tree_kind kind;
  const uint8_t *payloads;
  size_t payload_len;
  uint64_t count;
} leaves;

/* Out: the node over leaves [start, end). Returns: false when a sum does not fit. */
static bool subtree(ol_tree_node *out, const leaves *all, uint64_t start, uint64_t end) {
  ol_tree_node open[OL_TREE_DEPTH];
  for (uint64_t i = start; i < end; i++) {
    ol_tree_node node;
    size_t level = 0;
    ol_tree_leaf(&node, all->kind, i, ol_slice_of(all->payloads + i * all->payload_len, all->payload_len));
    for (uint64_t bits = i - start; (bits & 1) != 0; bits >>= 1, level++) {
      ol_tree_node parent;
      if (!ol_tree_join(&parent, all->kind, &open[level], &node)) return false;
      node = parent;
    }
    open[level] = node;
  }
  bool has_node = false;
  size_t level = 0;
  for (uint64_t bits = end - start; bits != 0; bits >>= 1, level++) {
    ol_tree_node parent;
    if ((bits & 1) == 0) continue;
    if (has_node && !ol_tree_join(&parent, all->kind, &open[level], out)) return false;
    *out = has_node ? parent : open[level];
    has_node = true;
  }
  return true;
}

/* Out: the siblings of a leaf, from the leaf up, and how many. Returns: false when a sum does not fit. */
static bool path_of(ol_tree_node out[OL_TREE_DEPTH], uint32_t *out_len, const leaves *all, uint64_t index) {
  uint32_t count = 0;
  uint64_t start = 0;
  uint64_t end = all->count;
  while (end - start > 1) {
    const uint64_t middle = start + ol_tree_left(end - start);
    const bool is_left = index < middle;
    if (!subtree(&out[count++], all, is_left ? middle : start, is_left ? end : middle)) return false;
    if (is_left)
      end = middle;
    else
      start = middle;
  }
  for (uint32_t i = 0; i < count / 2; i++) {
    const ol_tree_node node = out[i];
    out[i] = out[count - 1 - i];
    out[count - 1 - i] = node;
  }
  *out_len = count;
  return true;
}

/* --- Shares --- */

static void set_sibling(ol_split_sibling *out, const ol_tree_node *node) {
  memset(out, 0, sizeof *out);
  out->hash = node->hash;
  ol_store_be64(out->sum.bytes + 16, node->high);
  ol_store_be64(out->sum.bytes + 24, node->low);
}

ol_status ol_share_make(ol_error *error, ol_share *out, const ol_split *split, uint32_t index) {
  const leaves all = {OL_TREE_SPLIT, split->rows.data, OL_SPLIT_ROW_BYTES, split->count};
  ol_tree_node path[OL_TREE_DEPTH];
  ol_share made;
  memset(&made, 0, sizeof made);
  OL_TRY(ol_split_root(error, &made.split_root, NULL, NULL, split));
  if (!ol_split_at(split, &made.row, index))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "index is behind the last row");
  /* The sums of all rows fit, so those of some do. */
  OL_ASSERT(path_of(path, &made.path_len, &all, index));
  for (uint32_t i = 0; i < made.path_len; i++) set_sibling(&made.path[i], &path[i]);
  made.index = index;
  made.rows = split->count;
  *out = made;
  return OL_OK;
}

ol_status ol_share_write(ol_error *error, ol_slice *out, const ol_share *share, void *memory, size_t len) {
  uint8_t *at = (uint8_t *)memory;
  ol_error_clear(error);
  if (share->path_len > OL_SPLIT_PATH)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "path has more than 64 siblings");
  const size_t used = HEAD_BYTES + share->path_len * SIBLING_BYTES + sizeof share->split_root.bytes;
  if (len < used) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for the share");
  ol_magic_write(at, "ATRP");
  at += OL_MAGIC_BYTES;
  ol_store_be64(at, share->index);
  ol_store_be64(at + 8, share->rows);
  ol_split_row_write(at + 16, &share->row);
  at += 16 + OL_SPLIT_ROW_BYTES;
  *at++ = (uint8_t)share->path_len;
  for (uint32_t i = 0; i < share->path_len; i++, at += SIBLING_BYTES) {
    ol_u128_store(at, &share->path[i].sum);
    memcpy(at + OL_U128_BYTES, share->path[i].hash.bytes, sizeof share->path[i].hash.bytes);
  }
  memcpy(at, share->split_root.bytes, sizeof share->split_root.bytes);
  *out = ol_slice_of(memory, used);
  return OL_OK;
}

ol_status ol_share_read(ol_error *error, ol_share *out, ol_slice file) {
  ol_share made;
  ol_tree_node leaf;
  ol_hash root;
  ol_error_clear(error);
  OL_TRY(ol_magic_read(error, file, "ATRP"));
  if (file.len < HEAD_BYTES) return ol_fail(error, OL_ERR_ENCODING, file.len, "share is cut");
  const uint8_t *row = file.data + OL_MAGIC_BYTES + 16;
  memset(&made, 0, sizeof made);
  made.path_len = file.data[HEAD_BYTES - 1];
  if (made.path_len > OL_SPLIT_PATH)
    return ol_fail(error, OL_ERR_ENCODING, HEAD_BYTES - 1, "path has more than 64 siblings");
  const ol_slice path = ol_slice_of(file.data + HEAD_BYTES, made.path_len * SIBLING_BYTES);
  if (file.len != HEAD_BYTES + path.len + sizeof made.split_root.bytes)
    return ol_fail(error, OL_ERR_ENCODING, HEAD_BYTES, "share has another length than its path asks for");
  made.index = ol_load_be64(file.data + OL_MAGIC_BYTES);
  made.rows = ol_load_be64(file.data + OL_MAGIC_BYTES + 8);
  const ol_split one = {.rows = ol_slice_of(row, OL_SPLIT_ROW_BYTES), .count = 1};
  OL_ASSERT(ol_split_at(&one, &made.row, 0));
  for (uint32_t i = 0; i < made.path_len; i++) {
    made.path[i].sum = ol_u128_load(path.data + i * SIBLING_BYTES);
    memcpy(made.path[i].hash.bytes, path.data + i * SIBLING_BYTES + OL_U128_BYTES, 32);
  }
  memcpy(made.split_root.bytes, path.data + path.len, sizeof made.split_root.bytes);
  ol_tree_leaf(&leaf, OL_TREE_SPLIT, made.index, one.rows);
  OL_TRY(ol_tree_path_root(error, &root, NULL, OL_TREE_SPLIT, made.index, made.rows, &leaf, path));
  if (!ol_hash_equal(&root, &made.split_root))
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "row is not in the split");
  *out = made;
  return OL_OK;
}

ol_status ol_share_claim_call(ol_error *error, ol_call *out, const ol_address *registry,
                              const ol_u256 *payout_id, const ol_share *share, void *memory, size_t len) {
  return ol_payout_claim_call(error, out, registry, payout_id, share->index, &share->row, share->path,
                              share->path_len, memory, len);
}

/* --- Batches --- */

void ol_batch_root(ol_hash *out, const ol_hash *digests, size_t digests_len) {
  ol_tree_builder builder;
  ol_tree_builder_init(&builder, OL_TREE_BATCH);
  for (size_t i = 0; i < digests_len; i++)
    OL_ASSERT(ol_tree_builder_add(&builder, ol_slice_of(digests[i].bytes, sizeof digests[i].bytes)));
  OL_ASSERT(ol_tree_builder_root(&builder, out, NULL));
}

ol_status ol_batch_prove(ol_error *error, ol_batch_proof *out, const ol_u256 *batch_id, uint64_t index,
                         const ol_hash *digests, size_t digests_len) {
  const leaves all = {OL_TREE_BATCH, (const uint8_t *)digests, sizeof *digests, digests_len};
  ol_tree_node path[OL_TREE_DEPTH];
  ol_batch_proof made;
  ol_error_clear(error);
  if (index >= digests_len)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "index is behind the last receipt");
  memset(&made, 0, sizeof made);
  made.batch_id = *batch_id;
  made.leaves = digests_len;
  made.index = index;
  ol_batch_root(&made.root, digests, digests_len);
  OL_ASSERT(path_of(path, &made.path_len, &all, index));
  for (uint32_t i = 0; i < made.path_len; i++) made.path[i] = path[i].hash;
  *out = made;
  return OL_OK;
}

ol_status ol_batch_verify(ol_error *error, const ol_batch_proof *proof, const ol_hash *digest) {
  ol_tree_node leaf;
  ol_hash root;
  ol_error_clear(error);
  if (proof->path_len > OL_BATCH_PATH)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "path has more than 64 siblings");
  ol_tree_leaf(&leaf, OL_TREE_BATCH, proof->index, ol_slice_of(digest->bytes, sizeof digest->bytes));
  OL_TRY(ol_tree_path_root(error, &root, NULL, OL_TREE_BATCH, proof->index, proof->leaves, &leaf,
                           ol_slice_of(proof->path, proof->path_len * sizeof proof->path[0])));
  if (!ol_hash_equal(&root, &proof->root))
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "receipt is not in the batch");
  return OL_OK;
}
