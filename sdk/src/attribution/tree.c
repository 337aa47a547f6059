/* SPDX-License-Identifier: MIT */
#include "attribution/tree.h"

#include "crypto/keccak.h"

#include "base/poison.h"

static const struct {
  char tag[4];
  uint8_t annotation;
} kinds[] = {
    [OL_TREE_TEXT] = {{'T', 'E', 'X', 'T'}, 0},      [OL_TREE_SUFFIXES] = {{'S', 'U', 'F', 'X'}, 0},
    [OL_TREE_FIRST] = {{'F', 'R', 'S', 'T'}, 8},     [OL_TREE_DOCUMENTS] = {{'D', 'O', 'C', 'S'}, 0},
    [OL_TREE_GRADIENTS] = {{'G', 'R', 'A', 'D'}, 0}, [OL_TREE_SPLIT] = {{'S', 'P', 'L', 'T'}, 16},
    [OL_TREE_BATCH] = {{'B', 'T', 'C', 'H'}, 0},
};

enum { LEAF = 0, NODE = 1, ROOT = 2 };

size_t ol_tree_annotation_len(ol_tree_kind kind) {
  return kinds[kind].annotation;
}

/* Puts a node as it stands in its parent: annotation, then hash. Returns: the bytes that took. */
static size_t put(uint8_t *out, ol_tree_kind kind, const ol_tree_node *node) {
  uint8_t number[16];
  ol_store_be64(number, node->high);
  ol_store_be64(number + 8, node->low);
  size_t len = kinds[kind].annotation;
  if (len > 0) memcpy(out, number + 16 - len, len);
  memcpy(out + len, node->hash.bytes, sizeof node->hash.bytes);
  return len + sizeof node->hash.bytes;
}

static void read_annotation(ol_tree_node *out, ol_tree_kind kind, const uint8_t *bytes) {
  size_t len = kinds[kind].annotation;
  out->high = len == 16 ? ol_load_be64(bytes) : 0;
  out->low = len == 0 ? 0 : ol_load_be64(bytes + len - 8);
}

void ol_tree_read(ol_tree_node *out, ol_tree_kind kind, const uint8_t *bytes) {
  read_annotation(out, kind, bytes);
  memcpy(out->hash.bytes, bytes + kinds[kind].annotation, sizeof out->hash.bytes);
}

static size_t prefix(uint8_t *out, uint8_t what, ol_tree_kind kind) {
  out[0] = what;
  memcpy(out + 1, kinds[kind].tag, 4);
  return 5;
}

size_t ol_tree_leaf_front(uint8_t out[OL_TREE_FRONT], ol_tree_kind kind, uint64_t index) {
  size_t len = prefix(out, LEAF, kind);
  ol_store_be64(out + len, index);
  return len + 8;
}

size_t ol_tree_node_front(uint8_t out[OL_TREE_FRONT], ol_tree_kind kind) {
  return prefix(out, NODE, kind);
}

void ol_tree_leaf(ol_tree_node *out, ol_tree_kind kind, uint64_t index, ol_slice payload) {
  uint8_t front[OL_TREE_FRONT];
  size_t len = ol_tree_leaf_front(front, kind, index);
  ol_keccak keccak;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, front, len);
  ol_keccak_update(&keccak, payload.data, payload.len);
  ol_keccak_final(&keccak, &out->hash);
  size_t annotation = kinds[kind].annotation;
  OL_ASSERT(payload.len >= annotation);
  /* The position is all that a first occurrence has; the amount is at the end of a row. */
  read_annotation(out, kind, annotation == 0 ? payload.data : payload.data + payload.len - annotation);
}

void ol_tree_join_as(ol_tree_node *out, ol_tree_kind kind, const ol_tree_node *left,
                     const ol_tree_node *right) {
  uint8_t bytes[5 + 2 * (16 + 32)];
  size_t len = prefix(bytes, NODE, kind);
  len += put(bytes + len, kind, left);
  len += put(bytes + len, kind, right);
  ol_keccak256(&out->hash, bytes, len);
}

bool ol_tree_join(ol_tree_node *out, ol_tree_kind kind, const ol_tree_node *left, const ol_tree_node *right) {
  uint64_t high = 0;
  uint64_t low = 0;
  if (kind == OL_TREE_FIRST) {
    low = left->low < right->low ? left->low : right->low;
  } else if (kind == OL_TREE_SPLIT) {
    low = left->low + right->low;
    uint64_t carry = low < left->low;
    high = left->high + right->high;
    if (high < left->high || high + carry < high) return false;
    high += carry;
  }
  ol_tree_join_as(out, kind, left, right);
  out->high = high;
  out->low = low;
  return true;
}

void ol_tree_root(ol_hash *out, ol_tree_kind kind, uint64_t leaves, const ol_tree_node *top) {
  static const ol_tree_node none;
  uint8_t bytes[5 + 8 + 16 + 32];
  size_t len = prefix(bytes, ROOT, kind);
  ol_store_be64(bytes + len, leaves);
  len += 8;
  len += put(bytes + len, kind, leaves == 0 ? &none : top);
  ol_keccak256(out, bytes, len);
}

uint64_t ol_tree_left(uint64_t leaves) {
  OL_ASSERT(leaves > 1);
  return UINT64_C(1) << (63 - __builtin_clzll(leaves - 1));
}

/* Returns: how many bytes a node takes in a proof. */
static size_t node_len(ol_tree_kind kind) {
  return kinds[kind].annotation + sizeof(ol_hash);
}

static const char wanting[] = "a sibling is wanting";
static const char left_over[] = "siblings are left over";
static const char overflow[] = "a sum has more than 128 bits";

ol_status ol_tree_path_root(ol_error *error, ol_hash *out, ol_tree_node *out_top, ol_tree_kind kind,
                            uint64_t index, uint64_t leaves, const ol_tree_node *leaf, ol_slice path) {
  if (index >= leaves) return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "the index is behind the last leaf");
  size_t at = 0;
  ol_tree_node node = *leaf;
  /* A last node without a sibling is the same node one level up. */
  for (uint64_t last = leaves - 1; last != 0; index >>= 1, last >>= 1) {
    if (index == last && (index & 1) == 0) continue;
    if (path.len - at < node_len(kind)) return ol_fail(error, OL_ERR_PROOF, at, wanting);
    ol_tree_node sibling;
    ol_tree_read(&sibling, kind, path.data + at);
    at += node_len(kind);
    bool is_right = (index & 1) != 0;
    ol_tree_node parent;
    if (!ol_tree_join(&parent, kind, is_right ? &sibling : &node, is_right ? &node : &sibling)) {
      return ol_fail(error, OL_ERR_PROOF, at, overflow);
    }
    node = parent;
  }
  if (at != path.len) return ol_fail(error, OL_ERR_PROOF, at, left_over);
  ol_tree_root(out, kind, leaves, &node);
  if (out_top != NULL) *out_top = node;
  return OL_OK;
}

/* --- A walk over the tree, without recursion --- */

/* A subtree of which the right half is still to come. */
typedef struct frame {
  uint64_t middle;
  uint64_t end;
  ol_tree_node left;
  bool has_left;
} frame;

typedef struct tree_walk {
  ol_tree_kind kind;
  ol_slice nodes;
  size_t at;
  frame frames[OL_TREE_DEPTH];
  size_t depth;
} tree_walk;

static ol_status take(ol_error *error, tree_walk *walk, ol_tree_node *out) {
  if (walk->nodes.len - walk->at < node_len(walk->kind))
    return ol_fail(error, OL_ERR_PROOF, walk->at, wanting);
  ol_tree_read(out, walk->kind, walk->nodes.data + walk->at);
  walk->at += node_len(walk->kind);
  return OL_OK;
}

/* Goes down into [start, end): its left half is next. */
static void descend(tree_walk *walk, uint64_t start, uint64_t *end) {
  frame *top = &walk->frames[walk->depth++];
  top->middle = start + ol_tree_left(*end - start);
  top->end = *end;
  top->has_left = false;
  *end = top->middle;
}

/*
 * A subtree is done: goes up to where a right half is next. Out: that, or the same subtree as a whole when none is;
 * `*end` is then where the tree ends, and `walk->depth` 0.
 */
static ol_status ascend(ol_error *error, tree_walk *walk, ol_tree_node *done, uint64_t *start,
                        uint64_t *end) {
  while (walk->depth > 0) {
    frame *top = &walk->frames[walk->depth - 1];
    if (!top->has_left) {
      top->left = *done;
      top->has_left = true;
      *start = top->middle;
      *end = top->end;
      return OL_OK;
    }
    ol_tree_node parent;
    if (!ol_tree_join(&parent, walk->kind, &top->left, done))
      return ol_fail(error, OL_ERR_PROOF, walk->at, overflow);
    *done = parent;
    walk->depth--;
  }
  return OL_OK;
}

static ol_status finish(ol_error *error, ol_hash *out, const tree_walk *walk, uint64_t leaves,
                        const ol_tree_node *top) {
  if (walk->at != walk->nodes.len) return ol_fail(error, OL_ERR_PROOF, walk->at, left_over);
  ol_tree_root(out, walk->kind, leaves, top);
  return OL_OK;
}

ol_status ol_tree_multiproof_root(ol_error *error, ol_hash *out, ol_tree_kind kind, uint64_t leaves,
                                  const ol_tree_source *source, ol_slice siblings) {
  if (leaves == 0)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "nothing can be opened in a tree without leaves");
  tree_walk walk = {.kind = kind, .nodes = siblings};
  size_t opened = 0;
  uint64_t start = 0;
  uint64_t end = leaves;
  for (;;) {
    bool has_leaf = opened < source->count && source->index(source->context, opened) < end;
    if (has_leaf && end - start > 1) {
      descend(&walk, start, &end);
      continue;
    }
    ol_tree_node done;
    if (has_leaf) {
      source->leaf(source->context, opened++, &done);
    } else {
      OL_TRY(take(error, &walk, &done));
    }
    OL_TRY(ascend(error, &walk, &done, &start, &end));
    if (walk.depth == 0) return finish(error, out, &walk, leaves, &done);
  }
}

/* Returns: whether a range begins or ends strictly inside of a subtree. */
static bool is_split(const ol_tree_range *ranges, size_t ranges_len, uint64_t start, uint64_t end) {
  for (size_t i = 0; i < ranges_len; i++) {
    if ((start < ranges[i].lo && ranges[i].lo < end) || (start < ranges[i].hi && ranges[i].hi < end))
      return true;
  }
  return false;
}

ol_status ol_tree_range_root(ol_error *error, ol_hash *out, uint64_t leaves, ol_tree_range *ranges,
                             size_t ranges_len, ol_slice nodes) {
  if (leaves == 0)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "nothing can be opened in a tree without leaves");
  for (size_t i = 0; i < ranges_len; i++) ranges[i].min = UINT64_MAX;
  tree_walk walk = {.kind = OL_TREE_FIRST, .nodes = nodes};
  uint64_t start = 0;
  uint64_t end = leaves;
  for (;;) {
    if (is_split(ranges, ranges_len, start, end)) {
      descend(&walk, start, &end);
      continue;
    }
    ol_tree_node done;
    OL_TRY(take(error, &walk, &done));
    for (size_t i = 0; i < ranges_len; i++) {
      ol_tree_range *range = &ranges[i];
      if (range->lo <= start && end <= range->hi && done.low < range->min) range->min = done.low;
    }
    OL_TRY(ascend(error, &walk, &done, &start, &end));
    if (walk.depth == 0) return finish(error, out, &walk, leaves, &done);
  }
}

/* --- Building --- */

void ol_tree_builder_init(ol_tree_builder *builder, ol_tree_kind kind) {
  builder->kind = kind;
  builder->leaves = 0;
}

/* The open nodes are the perfect subtrees that the bits of the number of leaves stand for. */
bool ol_tree_builder_add(ol_tree_builder *builder, ol_slice payload) {
  ol_tree_node node;
  ol_tree_leaf(&node, builder->kind, builder->leaves, payload);
  size_t level = 0;
  for (uint64_t bits = builder->leaves; (bits & 1) != 0; bits >>= 1, level++) {
    ol_tree_node parent;
    if (!ol_tree_join(&parent, builder->kind, &builder->open[level], &node)) return false;
    node = parent;
  }
  builder->open[level] = node;
  builder->leaves++;
  return true;
}

bool ol_tree_builder_root(const ol_tree_builder *builder, ol_hash *out, ol_tree_node *out_top) {
  ol_tree_node top = {0};
  bool has_top = false;
  size_t level = 0;
  for (uint64_t bits = builder->leaves; bits != 0; bits >>= 1, level++) {
    if ((bits & 1) == 0) continue;
    if (!has_top) {
      top = builder->open[level];
      has_top = true;
      continue;
    }
    ol_tree_node parent;
    if (!ol_tree_join(&parent, builder->kind, &builder->open[level], &top)) return false;
    top = parent;
  }
  ol_tree_root(out, builder->kind, builder->leaves, &top);
  if (out_top != NULL) *out_top = top;
  return true;
}
