/* SPDX-License-Identifier: MIT */
#include "attribution/tree.h"
#include "attribution/tree_batch.h"
#include "unit/bytes.h"

/* Small trees, hashed again by the definition (docs/attribution.md, section 1.1), and every subset opened. */

#define LEAVES_MAX 9
#define NODES_MAX 64

static ol_error error;

typedef struct small_tree {
  ol_tree_kind kind;
  uint64_t leaves;
  uint8_t payloads[LEAVES_MAX + 8][76];
  size_t payload_len;
} small_tree;

static const char *tag_of(ol_tree_kind kind) {
  static const char *const tags[] = {"TEXT", "SUFX", "FRST", "DOCS", "GRAD", "SPLT", "BTCH"};
  return tags[kind];
}

static small_tree tree_of(ol_tree_kind kind, uint64_t leaves) {
  static const size_t lens[] = {5, 20, 8, 76, 40, 60, 32};
  small_tree tree = {.kind = kind, .leaves = leaves, .payload_len = lens[kind]};
  for (uint64_t i = 0; i < leaves; i++) {
    for (size_t k = 0; k < tree.payload_len; k++)
      tree.payloads[i][k] = (uint8_t)(((i * 7 + 3) % 11 + 1) * (k + 1));
    if (kind == OL_TREE_SPLIT) memset(tree.payloads[i] + 44, 0, 8);
  }
  return tree;
}

static ol_slice payload_of(const small_tree *tree, uint64_t i) {
  return ol_slice_of(tree->payloads[i], tree->payload_len);
}

/* A hash with its annotation as bytes. */
typedef struct naive {
  uint8_t annotation[16];
  ol_hash hash;
} naive;

/* Adds numbers of 16 bytes, or takes the lesser. */
static void annotate(const small_tree *tree, uint8_t *out, const uint8_t *a, const uint8_t *b) {
  if (tree->kind == OL_TREE_FIRST) {
    memcpy(out, memcmp(a, b, 8) < 0 ? a : b, 8);
    return;
  }
  unsigned carry = 0;
  for (size_t i = 16; i-- > 0;) {
    carry += (unsigned)a[i] + b[i];
    out[i] = (uint8_t)carry;
    carry >>= 8;
  }
}

static naive naive_node(const small_tree *tree, uint64_t start, uint64_t end) {
  naive out = {0};
  uint8_t bytes[160] = {0};
  memcpy(bytes + 1, tag_of(tree->kind), 4);
  size_t width = ol_tree_annotation_len(tree->kind);
  if (end - start == 1) {
    ol_store_be64(bytes + 5, start);
    memcpy(bytes + 13, tree->payloads[start], tree->payload_len);
    ol_keccak256(&out.hash, bytes, 13 + tree->payload_len);
    memcpy(out.annotation, tree->payloads[start] + tree->payload_len - width, width);
    return out;
  }
  uint64_t half = 1;
  while (half * 2 < end - start) half *= 2;
  naive left = naive_node(tree, start, start + half), right = naive_node(tree, start + half, end);
  size_t len = 5;
  bytes[0] = 1;
  memcpy(bytes + len, left.annotation, width);
  memcpy(bytes + len + width, left.hash.bytes, 32);
  len += width + 32;
  memcpy(bytes + len, right.annotation, width);
  memcpy(bytes + len + width, right.hash.bytes, 32);
  ol_keccak256(&out.hash, bytes, len + width + 32);
  if (width > 0) annotate(tree, out.annotation, left.annotation, right.annotation);
  return out;
}

static ol_hash naive_root(const small_tree *tree) {
  naive top = {0};
  uint8_t bytes[80] = {2};
  size_t width = ol_tree_annotation_len(tree->kind);
  if (tree->leaves > 0) top = naive_node(tree, 0, tree->leaves);
  memcpy(bytes + 1, tag_of(tree->kind), 4);
  ol_store_be64(bytes + 5, tree->leaves);
  memcpy(bytes + 13, top.annotation, width);
  memcpy(bytes + 13 + width, top.hash.bytes, 32);
  ol_hash root;
  ol_keccak256(&root, bytes, 13 + width + 32);
  return root;
}

typedef struct proof {
  uint8_t bytes[NODES_MAX * 48];
  size_t len;
} proof;

static void put_node(proof *out, const small_tree *tree, uint64_t start, uint64_t end) {
  naive node = naive_node(tree, start, end);
  size_t width = ol_tree_annotation_len(tree->kind);
  memcpy(out->bytes + out->len, node.annotation, width);
  memcpy(out->bytes + out->len + width, node.hash.bytes, 32);
  out->len += width + 32;
}

static uint64_t half_of(uint64_t leaves) {
  uint64_t half = 1;
  while (half * 2 < leaves) half *= 2;
  return half;
}

/* The walk of section 1.2 over the leaves whose bits are set. */
static void prove(proof *out, const small_tree *tree, uint32_t opened, uint64_t start, uint64_t end) {
  uint32_t inside = (opened >> start) & ((1u << (end - start)) - 1);
  if (inside == 0) {
    put_node(out, tree, start, end);
  } else if (end - start > 1) {
    uint64_t middle = start + half_of(end - start);
    prove(out, tree, opened, start, middle);
    prove(out, tree, opened, middle, end);
  }
}

typedef struct opened {
  const small_tree *tree;
  uint64_t indices[LEAVES_MAX];
} opened;

static uint64_t index_of(const void *context, size_t i) {
  return ((const opened *)context)->indices[i];
}

static void leaf_of(const void *context, size_t i, ol_tree_node *out) {
  const opened *from = context;
  uint64_t index = from->indices[i];
  ol_tree_leaf(out, from->tree->kind, index, payload_of(from->tree, index));
}

static ol_tree_source source_of(opened *from, const small_tree *tree, uint32_t bits) {
  ol_tree_source source = {0, index_of, leaf_of, from};
  from->tree = tree;
  for (uint64_t i = 0; i < tree->leaves; i++) {
    if ((bits >> i & 1) != 0) from->indices[source.count++] = i;
  }
  return source;
}

static size_t payload_at(const void *context, size_t i, uint8_t *out) {
  const opened *from = context;
  memcpy(out, from->tree->payloads[from->indices[i]], from->tree->payload_len);
  return from->tree->payload_len;
}

/* By both walks, which must agree. */
static ol_status multiproof_root(ol_hash *out, const small_tree *tree, const opened *from, size_t count,
                                 ol_slice siblings) {
  static ol_tree_batch batch;
  ol_tree_source source = {count, index_of, leaf_of, from};
  ol_tree_payloads payloads = {count, index_of, payload_at, from};
  ol_status status = ol_tree_multiproof_root(&error, out, tree->kind, tree->leaves, &source, siblings);
  if (ol_tree_annotation_len(tree->kind) > 0) return status;
  ol_error again;
  ol_hash root = {{0}};
  memset(&batch, 0xa5, sizeof batch);
  assert_int_equal(
      ol_tree_multiproof_batch(&again, &root, tree->kind, tree->leaves, &payloads, siblings, &batch), status);
  if (status == OL_OK) {
    assert_memory_equal(root.bytes, out->bytes, 32);
  } else {
    assert_string_equal(again.reason, error.reason);
    assert_int_equal(again.offset, error.offset);
  }
  return status;
}

static void builds_what_the_definition_says(void **state) {
  (void)state;
  for (ol_tree_kind kind = OL_TREE_TEXT; kind <= OL_TREE_BATCH; kind++) {
    for (uint64_t leaves = 0; leaves <= LEAVES_MAX; leaves++) {
      small_tree tree = tree_of(kind, leaves);
      ol_hash expected = naive_root(&tree), root;
      ol_tree_builder builder;
      ol_tree_node top;
      ol_tree_builder_init(&builder, kind);
      for (uint64_t i = 0; i < leaves; i++) assert_true(ol_tree_builder_add(&builder, payload_of(&tree, i)));
      assert_true(ol_tree_builder_root(&builder, &root, &top));
      assert_memory_equal(root.bytes, expected.bytes, 32);
    }
  }
}

static uint64_t large_index(const void *context, size_t i) {
  return ((const uint64_t *)context)[i];
}

static size_t large_payload(const void *context, size_t i, uint8_t *out) {
  memset(out, (uint8_t)(large_index(context, i) * 7 + i), 128);
  return 128;
}

static void large_leaf(const void *context, size_t i, ol_tree_node *out) {
  uint8_t payload[128];
  size_t len = large_payload(context, i, payload);
  ol_tree_leaf(out, OL_TREE_TEXT, large_index(context, i), ol_slice_of(payload, len));
}

static void opens_every_subset(void **state) {
  (void)state;
  for (ol_tree_kind kind = OL_TREE_TEXT; kind <= OL_TREE_BATCH; kind++) {
    for (uint64_t leaves = 1; leaves <= LEAVES_MAX; leaves++) {
      small_tree tree = tree_of(kind, leaves);
      ol_hash expected = naive_root(&tree), root;
      size_t size = ol_tree_annotation_len(kind) + 32;
      for (uint32_t bits = 0; bits < 1u << leaves; bits++) {
        proof made = {0};
        opened from;
        size_t count = source_of(&from, &tree, bits).count;
        prove(&made, &tree, bits, 0, leaves);
        ol_slice siblings = ol_slice_of(made.bytes, made.len);
        assert_int_equal(multiproof_root(&root, &tree, &from, count, siblings), OL_OK);
        assert_memory_equal(root.bytes, expected.bytes, 32);
        /* One more than is used, and one that is wanting. */
        siblings.len += size;
        assert_int_equal(multiproof_root(&root, &tree, &from, count, siblings), OL_ERR_PROOF);
        assert_string_equal(error.reason, "siblings are left over");
        if (made.len == 0) continue;
        siblings.len = made.len - size;
        assert_int_equal(multiproof_root(&root, &tree, &from, count, siblings), OL_ERR_PROOF);
        assert_string_equal(error.reason, "a sibling is wanting");
      }
    }
  }
}

/* Trees so large, and so much opened, that the batch is full more than once. */
static void opens_many_leaves_of_large_trees(void **state) {
  (void)state;
  static uint8_t siblings[1 << 19];
  static const uint64_t sizes[] = {513, 1 << 20, (UINT64_C(1) << 48) - 1};
  static const uint64_t steps[] = {1, 3, 700, 1000003, UINT64_C(1) << 37};
  enum { COUNT = 300 };
  static uint64_t indices[COUNT];
  for (size_t i = 0; i < sizeof siblings; i++) siblings[i] = (uint8_t)(i * 31 + (i >> 8));
  for (size_t i = 0; i < 3; i++) {
    for (size_t k = 0; k < 5; k++) {
      size_t count = 0;
      for (uint64_t at = 5; at < sizes[i] && count < COUNT; at += steps[k]) indices[count++] = at;
      ol_tree_source source = {count, large_index, large_leaf, indices};
      ol_tree_payloads payloads = {count, large_index, large_payload, indices};
      static ol_tree_batch batch;
      ol_hash root, other;
      /* As many siblings as it takes: the first error says that they are left, and where. */
      ol_slice nodes = ol_slice_of(siblings, sizeof siblings);
      assert_int_equal(ol_tree_multiproof_root(&error, &root, OL_TREE_TEXT, sizes[i], &source, nodes),
                       OL_ERR_PROOF);
      assert_string_equal(error.reason, "siblings are left over");
      nodes.len = error.offset;
      assert_int_equal(ol_tree_multiproof_root(&error, &root, OL_TREE_TEXT, sizes[i], &source, nodes), OL_OK);
      assert_int_equal(
          ol_tree_multiproof_batch(&error, &other, OL_TREE_TEXT, sizes[i], &payloads, nodes, &batch), OL_OK);
      assert_memory_equal(root.bytes, other.bytes, 32);
    }
  }
}

/* The siblings of one leaf from the leaf up are those of the walk, by size. */
static void path_of(proof *out, const small_tree *tree, uint64_t index) {
  uint64_t starts[8], ends[8], start = 0, end = tree->leaves;
  size_t depth = 0;
  while (end - start > 1) {
    uint64_t middle = start + half_of(end - start);
    bool is_right = index >= middle;
    starts[depth] = is_right ? start : middle;
    ends[depth++] = is_right ? middle : end;
    if (is_right) {
      start = middle;
    } else {
      end = middle;
    }
  }
  while (depth-- > 0) put_node(out, tree, starts[depth], ends[depth]);
}

static void opens_every_path(void **state) {
  (void)state;
  for (ol_tree_kind kind = OL_TREE_TEXT; kind <= OL_TREE_BATCH; kind++) {
    for (uint64_t leaves = 1; leaves <= LEAVES_MAX; leaves++) {
      small_tree tree = tree_of(kind, leaves);
      ol_hash expected = naive_root(&tree), root;
      size_t size = ol_tree_annotation_len(kind) + 32;
      for (uint64_t index = 0; index < leaves; index++) {
        proof made = {0};
        ol_tree_node leaf, top;
        path_of(&made, &tree, index);
        ol_tree_leaf(&leaf, kind, index, payload_of(&tree, index));
        ol_slice path = ol_slice_of(made.bytes, made.len);
        assert_int_equal(ol_tree_path_root(&error, &root, &top, kind, index, leaves, &leaf, path), OL_OK);
        assert_memory_equal(root.bytes, expected.bytes, 32);
        path.len += size;
        assert_int_equal(ol_tree_path_root(&error, &root, NULL, kind, index, leaves, &leaf, path),
                         OL_ERR_PROOF);
        if (made.len == 0) continue;
        path.len = made.len - size;
        assert_int_equal(ol_tree_path_root(&error, &root, NULL, kind, index, leaves, &leaf, path),
                         OL_ERR_PROOF);
        path.len = made.len;
        assert_int_equal(ol_tree_path_root(&error, &root, NULL, kind, leaves, leaves, &leaf, path),
                         OL_ERR_PROOF);
      }
    }
  }
}

static bool is_whole(const ol_tree_range *ranges, size_t len, uint64_t start, uint64_t end) {
  for (size_t i = 0; i < len; i++) {
    const uint64_t ends[2] = {ranges[i].lo, ranges[i].hi};
    for (size_t k = 0; k < 2; k++) {
      if (start < ends[k] && ends[k] < end) return false;
    }
  }
  return true;
}

static void prove_ranges(proof *out, const small_tree *tree, const ol_tree_range *ranges, size_t len,
                         uint64_t start, uint64_t end) {
  if (is_whole(ranges, len, start, end)) {
    put_node(out, tree, start, end);
    return;
  }
  uint64_t middle = start + half_of(end - start);
  prove_ranges(out, tree, ranges, len, start, middle);
  prove_ranges(out, tree, ranges, len, middle, end);
}

static void finds_the_least_of_all_ranges(void **state) {
  (void)state;
  for (uint64_t leaves = 1; leaves <= LEAVES_MAX; leaves++) {
    small_tree tree = tree_of(OL_TREE_FIRST, leaves);
    ol_hash expected = naive_root(&tree), root;
    for (uint64_t lo = 0; lo < leaves; lo++) {
      for (uint64_t hi = lo + 1; hi <= leaves; hi++) {
        /* With the leaf in front of it as a second range. */
        ol_tree_range ranges[2] = {{.lo = lo, .hi = hi}, {.lo = lo > 0 ? lo - 1 : 0, .hi = lo > 0 ? lo : 1}};
        proof made = {0};
        prove_ranges(&made, &tree, ranges, 2, 0, leaves);
        ol_slice nodes = ol_slice_of(made.bytes, made.len);
        assert_int_equal(ol_tree_range_root(&error, &root, leaves, ranges, 2, nodes), OL_OK);
        assert_memory_equal(root.bytes, expected.bytes, 32);
        for (size_t k = 0; k < 2; k++) {
          uint64_t least = UINT64_MAX;
          for (uint64_t i = ranges[k].lo; i < ranges[k].hi; i++) {
            uint64_t position = ol_load_be64(tree.payloads[i]);
            if (position < least) least = position;
          }
          assert_true(ranges[k].min == least);
        }
        nodes.len += 40;
        assert_int_equal(ol_tree_range_root(&error, &root, leaves, ranges, 2, nodes), OL_ERR_PROOF);
        nodes.len = made.len - 40;
        assert_int_equal(ol_tree_range_root(&error, &root, leaves, ranges, 2, nodes), OL_ERR_PROOF);
        /* A lesser minimum is another root. */
        made.bytes[0] ^= 0x80;
        nodes.len = made.len;
        assert_int_equal(ol_tree_range_root(&error, &root, leaves, ranges, 2, nodes), OL_OK);
        assert_memory_not_equal(root.bytes, expected.bytes, 32);
      }
    }
  }
}

/* Opens the first leaf of a tree of five under another claim. */
static void expect_other_root(ol_tree_kind kind, uint64_t index, uint64_t leaves, const ol_tree_node *leaf,
                              ol_slice path, const ol_hash *expected) {
  ol_hash root;
  assert_int_equal(ol_tree_path_root(&error, &root, NULL, kind, index, leaves, leaf, path), OL_OK);
  assert_memory_not_equal(root.bytes, expected->bytes, 32);
}

static void tells_trees_leaves_and_nodes_apart(void **state) {
  (void)state;
  small_tree tree = tree_of(OL_TREE_BATCH, 4);
  ol_hash expected = naive_root(&tree);
  proof made = {0};
  ol_tree_node leaf;
  path_of(&made, &tree, 1);
  ol_tree_leaf(&leaf, OL_TREE_BATCH, 1, payload_of(&tree, 1));
  ol_slice path = ol_slice_of(made.bytes, made.len);
  expect_other_root(OL_TREE_TEXT, 1, 4, &leaf, path, &expected);
  expect_other_root(OL_TREE_BATCH, 0, 4, &leaf, path, &expected);
  expect_other_root(OL_TREE_BATCH, 2, 4, &leaf, path, &expected);
  /* A tree of three has as many levels. */
  expect_other_root(OL_TREE_BATCH, 1, 3, &leaf, path, &expected);
  ol_tree_leaf(&leaf, OL_TREE_TEXT, 1, payload_of(&tree, 1));
  expect_other_root(OL_TREE_BATCH, 1, 4, &leaf, path, &expected);
  /* A node as a leaf: the tree of the two nodes below the top, with the rest of the path. */
  naive node = naive_node(&tree, 0, 2);
  leaf.hash = node.hash;
  expect_other_root(OL_TREE_BATCH, 0, 2, &leaf, ol_slice_of(made.bytes + 32, 32), &expected);
  /* What a node is made of, as a payload. */
  uint8_t children[64];
  for (uint64_t i = 0; i < 2; i++) memcpy(children + 32 * i, naive_node(&tree, i, i + 1).hash.bytes, 32);
  ol_tree_leaf(&leaf, OL_TREE_BATCH, 0, ol_slice_of(children, 64));
  assert_memory_not_equal(leaf.hash.bytes, node.hash.bytes, 32);
}

static void an_index_that_is_there_twice_opens_nothing(void **state) {
  (void)state;
  small_tree tree = tree_of(OL_TREE_TEXT, 4);
  proof made = {0};
  opened from;
  ol_hash root;
  ol_tree_source source = source_of(&from, &tree, 0x2);
  prove(&made, &tree, 0x2, 0, 4);
  from.indices[1] = 1;
  source.count = 2;
  ol_slice siblings = ol_slice_of(made.bytes, made.len);
  ol_hash expected = naive_root(&tree);
  if (ol_tree_multiproof_root(&error, &root, OL_TREE_TEXT, 4, &source, siblings) == OL_OK)
    assert_memory_not_equal(root.bytes, expected.bytes, 32);
}

static void a_sum_beyond_128_bits_is_refused(void **state) {
  (void)state;
  uint8_t row[60] = {0};
  ol_tree_builder builder;
  ol_hash root;
  memset(row + 44, 0xff, 16);
  ol_tree_builder_init(&builder, OL_TREE_SPLIT);
  assert_true(ol_tree_builder_add(&builder, ol_slice_of(row, sizeof row)));
  assert_true(ol_tree_builder_root(&builder, &root, NULL));
  memset(row + 44, 0, 16);
  row[59] = 1;
  assert_false(ol_tree_builder_add(&builder, ol_slice_of(row, sizeof row)));
  row[59] = 0;
  row[44] = 0x80; /* the higher half alone */
  ol_tree_builder_init(&builder, OL_TREE_SPLIT);
  assert_true(ol_tree_builder_add(&builder, ol_slice_of(row, sizeof row)));
  assert_false(ol_tree_builder_add(&builder, ol_slice_of(row, sizeof row)));

  static small_tree tree = {.kind = OL_TREE_SPLIT, .leaves = 2, .payload_len = 60};
  opened from = {.tree = &tree, .indices = {0}};
  uint8_t sibling[48] = {0};
  memset(tree.payloads[0] + 44, 0xff, 16);
  assert_int_equal(multiproof_root(&root, &tree, &from, 1, ol_slice_of(sibling, sizeof sibling)), OL_OK);
  sibling[15] = 1;
  assert_int_equal(multiproof_root(&root, &tree, &from, 1, ol_slice_of(sibling, sizeof sibling)),
                   OL_ERR_PROOF);
}

static void a_tree_without_leaves_opens_nothing(void **state) {
  (void)state;
  static const uint8_t top[40];
  opened from = {0};
  small_tree tree = {.kind = OL_TREE_TEXT};
  ol_tree_range range = {0, 1, 0};
  ol_hash root;
  assert_int_equal(multiproof_root(&root, &tree, &from, 0, ol_slice_of(top, 32)), OL_ERR_PROOF);
  assert_int_equal(ol_tree_range_root(&error, &root, 0, &range, 1, ol_slice_of(top, 40)), OL_ERR_PROOF);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(builds_what_the_definition_says),
      cmocka_unit_test(opens_every_subset),
      cmocka_unit_test(opens_many_leaves_of_large_trees),
      cmocka_unit_test(opens_every_path),
      cmocka_unit_test(finds_the_least_of_all_ranges),
      cmocka_unit_test(tells_trees_leaves_and_nodes_apart),
      cmocka_unit_test(an_index_that_is_there_twice_opens_nothing),
      cmocka_unit_test(a_sum_beyond_128_bits_is_refused),
      cmocka_unit_test(a_tree_without_leaves_opens_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
