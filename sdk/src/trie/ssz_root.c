/* SPDX-License-Identifier: MIT */
#include "trie/ssz_root.h"

#include "crypto/sha2.h"

#include "base/poison.h"

#define CHUNK sizeof(ol_hash)

/* Deep enough for 2^10 leaves: the keys of a committee are 2^9. */
#define LEVELS 11

static void hash_pair(ol_hash *out, const ol_hash *left, const ol_hash *right) {
  uint8_t both[2 * CHUNK];
  memcpy(both, left->bytes, CHUNK);
  memcpy(both + CHUNK, right->bytes, CHUNK);
  ol_sha256(out, both, sizeof both);
}

/* The root of leaves that come one by one: at each level the left node that still waits for its right one. */
typedef struct merkle {
  ol_hash waiting[LEVELS];
  size_t count;
} merkle;

static void push_leaf(merkle *tree, ol_hash node) {
  size_t level = 0;
  for (size_t rest = tree->count++; rest % 2 == 1; rest /= 2)
    hash_pair(&node, &tree->waiting[level++], &node);
  OL_ASSERT(level < LEVELS);
  tree->waiting[level] = node;
}

/* Ends a tree of room for `limit` leaves, at least one; those that did not come are zero. */
static void end_tree(ol_hash *out, merkle *tree, size_t limit) {
  static const ol_hash zero;
  size_t size = 1, level = 0;
  while (size < limit) {
    size *= 2;
    level++;
  }
  while (tree->count < size) push_leaf(tree, zero);
  OL_ASSERT(tree->count == size);
  *out = tree->waiting[level];
}

/* The root of bytes cut into chunks, the last one padded with zeros. */
static void root_of_bytes(ol_hash *out, ol_slice bytes, size_t limit) {
  merkle tree = {.count = 0};
  for (size_t at = 0; at < bytes.len; at += CHUNK) {
    ol_hash chunk = {{0}};
    size_t left = bytes.len - at;
    memcpy(chunk.bytes, bytes.data + at, left < CHUNK ? left : CHUNK);
    push_leaf(&tree, chunk);
  }
  end_tree(out, &tree, (limit + CHUNK - 1) / CHUNK);
}

static void root_of_vector(ol_hash *out, const ol_ssz_type *type, ol_slice value) {
  const ol_ssz_type *element = type->element;
  merkle tree = {.count = 0};
  for (size_t i = 0; i < type->count; i++) {
    ol_hash root;
    root_of_bytes(&root, ol_slice_of(value.data + i * element->size, element->size), element->size);
    push_leaf(&tree, root);
  }
  end_tree(out, &tree, type->count);
}

static void root_of_field(ol_hash *out, const ol_ssz_type *type, ol_slice value) {
  ol_hash length = {{0}};
  switch (type->kind) {
  case OL_SSZ_UINT:
  case OL_SSZ_BYTES:
  case OL_SSZ_BITS: root_of_bytes(out, value, type->size); return;
  case OL_SSZ_VECTOR: root_of_vector(out, type, value); return;
  case OL_SSZ_BYTE_LIST:
    root_of_bytes(out, value, type->size);
    for (size_t i = 0; i < sizeof(uint32_t); i++) length.bytes[i] = (uint8_t)(value.len >> 8 * i);
    hash_pair(out, out, &length);
    return;
  case OL_SSZ_CONTAINER: break;
  }
  OL_ASSERT(false);
}

void ol_ssz_root_of_fields(ol_hash *out, const ol_ssz_type *type, ol_slice value, size_t count) {
  OL_ASSERT(type->kind == OL_SSZ_CONTAINER && count <= type->count);
  merkle tree = {.count = 0};
  for (size_t i = 0; i < count; i++) {
    ol_hash root;
    root_of_field(&root, type->fields[i].type, ol_ssz_field_of(type, value, i));
    push_leaf(&tree, root);
  }
  end_tree(out, &tree, count);
}

void ol_ssz_root(ol_hash *out, const ol_ssz_type *type, ol_slice value) {
  if (type->kind == OL_SSZ_CONTAINER)
    ol_ssz_root_of_fields(out, type, value, type->count);
  else
    root_of_field(out, type, value);
}

bool ol_ssz_branch_is_valid(const ol_hash *leaf, ol_slice branch, uint64_t generalized_index,
                            const ol_hash *root) {
  size_t depth = 0;
  while (generalized_index >> (depth + 1) != 0) depth++;
  size_t nodes = branch.len / CHUNK;
  if (branch.len % CHUNK != 0 || nodes < depth) return false;
  uint8_t extra = 0;
  for (size_t i = 0; i < (nodes - depth) * CHUNK; i++) extra |= branch.data[i];
  if (extra != 0) return false;
  ol_hash node = *leaf, sibling;
  for (size_t i = 0; i < depth; i++) {
    memcpy(sibling.bytes, branch.data + (nodes - depth + i) * CHUNK, CHUNK);
    if (generalized_index >> i & 1)
      hash_pair(&node, &sibling, &node);
    else
      hash_pair(&node, &node, &sibling);
  }
  return ol_hash_equal(&node, root);
}
