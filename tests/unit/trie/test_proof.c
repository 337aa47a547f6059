/* SPDX-License-Identifier: MIT */
#include "trie/trie.h"

#include "encoding/rlp.h"
#include "unit/bytes.h"

/*
 * Every malformed shape of a proof, each made by hand. Keys are two bytes; a leaf's value is long enough to
 * keep its node out of its parent.
 */

static ol_error error;
static const uint8_t key[2] = {0x12, 0x34};
static uint8_t long_value[40];

/* A node under construction, and those that are done. */
typedef struct built {
  uint8_t bytes[600];
  ol_slice node;
} built;

/* Makes a list of items that are RLP already. */
static void make_list(built *out, const ol_slice *items, size_t count) {
  size_t payload = 0;
  for (size_t i = 0; i < count; i++) payload += items[i].len;
  ol_rlp_writer to = {.out = out->bytes, .len = sizeof out->bytes};
  ol_rlp_put_list(&to, payload);
  for (size_t i = 0; i < count; i++) ol_rlp_put_raw(&to, items[i].data, items[i].len);
  out->node = ol_slice_of(out->bytes, to.used);
}

/* A string as RLP. */
typedef struct string {
  uint8_t bytes[64];
  ol_slice rlp;
} string;

static ol_slice make_string(string *out, const void *bytes, size_t len) {
  ol_rlp_writer to = {.out = out->bytes, .len = sizeof out->bytes};
  ol_rlp_put_string(&to, bytes, len);
  out->rlp = ol_slice_of(out->bytes, to.used);
  return out->rlp;
}

static ol_hash hash_of(ol_slice node) {
  ol_hash hash;
  ol_keccak256(&hash, node.data, node.len);
  return hash;
}

/* A leaf or an extension: a path in hex-prefix encoding, and what it leads to. */
static void make_pair(built *out, const char *path, size_t path_len, ol_slice second) {
  string first;
  const ol_slice items[2] = {make_string(&first, path, path_len), second};
  make_list(out, items, 2);
}

static void make_leaf(built *out, const char *path, size_t path_len) {
  string value;
  make_pair(out, path, path_len, make_string(&value, long_value, sizeof long_value));
}

static void make_extension(built *out, const char *path, size_t path_len, ol_slice child) {
  ol_hash hash = hash_of(child);
  string second;
  make_pair(out, path, path_len, make_string(&second, hash.bytes, sizeof hash));
}

/* A branch with two children; `child` is RLP. */
static void make_branch(built *out, size_t at, ol_slice child, size_t other_at, ol_slice other) {
  static const uint8_t empty[1] = {0x80};
  ol_slice items[17];
  for (size_t i = 0; i < 17; i++) items[i] = ol_slice_of(empty, 1);
  items[at] = child;
  items[other_at] = other;
  make_list(out, items, 17);
}

static ol_slice reference_to(string *out, ol_slice node) {
  ol_hash hash = hash_of(node);
  return make_string(out, hash.bytes, sizeof hash);
}

static ol_status prove(ol_slice *value, const ol_slice *nodes, size_t count) {
  ol_hash root = hash_of(nodes[0]);
  return ol_trie_prove(&error, value, &root, key, sizeof key, nodes, count);
}

static void expect_refusal(const ol_slice *nodes, size_t count, const char *reason) {
  ol_slice value;
  ol_status status = prove(&value, nodes, count);
  assert_int_not_equal(status, OL_OK);
  assert_string_equal(error.reason, reason);
}

static void accepts_a_leaf(void **state) {
  (void)state;
  built leaf;
  ol_slice value;
  make_leaf(&leaf, "\x20\x12\x34", 3);
  assert_int_equal(prove(&value, &leaf.node, 1), OL_OK);
  assert_int_equal(value.len, sizeof long_value);
  make_leaf(&leaf, "\x20\x12\x35", 3); /* another key's */
  assert_int_equal(prove(&value, &leaf.node, 1), OL_OK);
  assert_null(value.data);
  make_leaf(&leaf, "\x20\x12\x34\x56", 4); /* a longer key's */
  assert_int_equal(prove(&value, &leaf.node, 1), OL_OK);
  assert_null(value.data);
  make_leaf(&leaf, "\x20\x12", 2); /* a shorter key's */
  assert_int_equal(prove(&value, &leaf.node, 1), OL_OK);
  assert_null(value.data);
}

static void follows_extension_branch_and_leaf(void **state) {
  (void)state;
  built leaf, branch, extension;
  string child, other;
  ol_slice value;
  make_leaf(&leaf, "\x20\x34", 2);
  make_branch(&branch, 2, reference_to(&child, leaf.node), 5, make_string(&other, long_value, 32));
  make_extension(&extension, "\x11", 1, branch.node);
  const ol_slice nodes[3] = {extension.node, branch.node, leaf.node};
  assert_int_equal(prove(&value, nodes, 3), OL_OK);
  assert_int_equal(value.len, sizeof long_value);
}

static void proves_absence_in_a_branch_and_an_extension(void **state) {
  (void)state;
  built branch, extension;
  string a, b;
  ol_slice value;
  make_branch(&branch, 2, make_string(&a, long_value, 32), 5, make_string(&b, long_value, 32));
  assert_int_equal(prove(&value, &branch.node, 1), OL_OK); /* nothing at 1 */
  assert_null(value.data);
  make_extension(&extension, "\x12", 1, branch.node);
  assert_int_equal(prove(&value, &extension.node, 1), OL_OK); /* leads elsewhere */
  assert_null(value.data);
}

static void follows_embedded_nodes(void **state) {
  (void)state;
  built leaf, branch;
  string value_rlp, other;
  ol_slice value;
  make_pair(&leaf, "\x32\x34", 2, make_string(&value_rlp, "small", 5));
  make_branch(&branch, 1, leaf.node, 5, make_string(&other, long_value, 32));
  assert_int_equal(prove(&value, &branch.node, 1), OL_OK);
  assert_int_equal(value.len, 5);
}

static void refuses_an_embedded_node_of_32_bytes(void **state) {
  (void)state;
  built leaf, branch;
  string value_rlp, other;
  make_pair(&leaf, "\x32\x34", 2, make_string(&value_rlp, long_value, 27));
  assert_int_equal(leaf.node.len, 32);
  make_branch(&branch, 1, leaf.node, 5, make_string(&other, long_value, 32));
  expect_refusal(&branch.node, 1, "embedded trie node is not shorter than 32 bytes");
}

static void refuses_a_short_node_by_hash(void **state) {
  (void)state;
  built leaf, branch;
  string value_rlp, child, other;
  make_pair(&leaf, "\x32\x34", 2, make_string(&value_rlp, "small", 5));
  make_branch(&branch, 1, reference_to(&child, leaf.node), 5, make_string(&other, long_value, 32));
  const ol_slice nodes[2] = {branch.node, leaf.node};
  expect_refusal(nodes, 2, "node shorter than 32 bytes is not embedded");
  assert_int_equal(error.node, 1);
}

static void refuses_nodes_that_hash_to_something_else(void **state) {
  (void)state;
  built leaf, branch;
  string child, other;
  ol_slice value;
  make_leaf(&leaf, "\x32\x34", 2);
  make_branch(&branch, 1, reference_to(&child, leaf.node), 5, make_string(&other, long_value, 32));
  leaf.bytes[10] ^= 1;
  const ol_slice nodes[2] = {branch.node, leaf.node};
  expect_refusal(nodes, 2, "node does not hash to the reference in its parent");
  ol_hash root = hash_of(leaf.node);
  assert_int_equal(ol_trie_prove(&error, &value, &root, key, sizeof key, nodes, 2), OL_ERR_PROOF);
  assert_string_equal(error.reason, "first node does not hash to the root");
}

static void refuses_too_few_and_too_many_nodes(void **state) {
  (void)state;
  built leaf, branch;
  string child, other;
  ol_slice value, many[OL_LIMIT_TRIE_NODES + 1];
  make_leaf(&leaf, "\x32\x34", 2);
  make_branch(&branch, 1, reference_to(&child, leaf.node), 5, make_string(&other, long_value, 32));
  const ol_slice nodes[3] = {branch.node, leaf.node, leaf.node};
  assert_int_equal(prove(&value, nodes, 2), OL_OK);
  expect_refusal(nodes, 1, "proof ends before the key is decided");
  expect_refusal(nodes, 3, "proof goes on after the key is decided");
  ol_hash root = hash_of(branch.node);
  assert_int_equal(ol_trie_prove(&error, &value, &root, key, sizeof key, nodes, 0), OL_ERR_PROOF);
  assert_string_equal(error.reason, "proof is empty");
  for (size_t i = 0; i <= OL_LIMIT_TRIE_NODES; i++) many[i] = branch.node;
  expect_refusal(many, OL_LIMIT_TRIE_NODES + 1, "proof has too many nodes");
  assert_int_equal(error.status, OL_ERR_LIMIT);
}

static void refuses_nodes_in_an_empty_trie(void **state) {
  (void)state;
  built leaf;
  ol_slice value;
  const uint8_t empty[1] = {0x80};
  ol_slice nodes[2] = {ol_slice_of(empty, 1), ol_slice_of(empty, 1)};
  assert_int_equal(ol_trie_prove(&error, &value, &ol_trie_empty_root, key, 2, nodes, 0), OL_OK);
  assert_null(value.data);
  assert_int_equal(ol_trie_prove(&error, &value, &ol_trie_empty_root, key, 2, nodes, 1), OL_OK);
  assert_int_equal(ol_trie_prove(&error, &value, &ol_trie_empty_root, key, 2, nodes, 2), OL_ERR_PROOF);
  make_leaf(&leaf, "\x20\x12\x34", 3);
  assert_int_equal(ol_trie_prove(&error, &value, &ol_trie_empty_root, key, 2, &leaf.node, 1), OL_ERR_PROOF);
  assert_string_equal(error.reason, "proof has nodes but its trie is empty");
}

static void refuses_a_branch_with_one_entry(void **state) {
  (void)state;
  built branch;
  string child;
  ol_slice reference = make_string(&child, long_value, 32);
  make_branch(&branch, 2, reference, 2, reference);
  expect_refusal(&branch.node, 1, "branch has fewer than two entries");
}

static void refuses_references_of_other_lengths(void **state) {
  (void)state;
  built branch, extension;
  string a, b;
  make_branch(&branch, 2, make_string(&a, long_value, 31), 5, make_string(&b, long_value, 32));
  expect_refusal(&branch.node, 1, "reference to a trie node is neither a hash nor a node");
  make_branch(&branch, 2, make_string(&a, long_value, 33), 5, make_string(&b, long_value, 32));
  expect_refusal(&branch.node, 1, "reference to a trie node is neither a hash nor a node");
  make_pair(&extension, "\x11", 1, make_string(&a, NULL, 0));
  expect_refusal(&extension.node, 1, "reference to a trie node is neither a hash nor a node");
}

static void refuses_a_list_as_value(void **state) {
  (void)state;
  built node, inner;
  string other;
  make_list(&inner, NULL, 0);
  make_pair(&node, "\x20\x12\x34", 3, inner.node);
  expect_refusal(&node.node, 1, "value of a leaf is a list");
  make_branch(&node, 16, inner.node, 5, make_string(&other, long_value, 32));
  expect_refusal(&node.node, 1, "value of a branch is a list");
}

static void refuses_an_empty_value(void **state) {
  (void)state;
  built leaf;
  string value;
  make_pair(&leaf, "\x20\x12\x34", 3, make_string(&value, NULL, 0));
  expect_refusal(&leaf.node, 1, "value of a leaf is empty");
}

static void refuses_paths_that_are_not_canonical(void **state) {
  (void)state;
  built node;
  string value;
  ol_slice second = make_string(&value, long_value, 32);
  make_pair(&node, "\x40\x12\x34", 3, second);
  expect_refusal(&node.node, 1, "path of a trie node has an unknown prefix");
  make_pair(&node, "\x21\x12\x34", 3, second);
  expect_refusal(&node.node, 1, "padding in the path of a trie node is not zero");
  make_pair(&node, "", 0, second);
  expect_refusal(&node.node, 1, "path of a trie node has no valid length");
  make_pair(&node, "\x00", 1, second);
  expect_refusal(&node.node, 1, "path of an extension is empty");
  built list;
  make_list(&list, NULL, 0);
  const ol_slice items[2] = {list.node, second};
  make_list(&node, items, 2);
  expect_refusal(&node.node, 1, "path of a trie node has no valid length");
}

static void refuses_an_extension_to_anything_but_a_branch(void **state) {
  (void)state;
  built leaf, extension;
  make_leaf(&leaf, "\x32\x34", 2);
  make_extension(&extension, "\x11", 1, leaf.node);
  const ol_slice nodes[2] = {extension.node, leaf.node};
  expect_refusal(nodes, 2, "extension does not lead to a branch");
}

static void refuses_nodes_that_are_no_nodes(void **state) {
  (void)state;
  built node;
  string item;
  ol_slice items[18];
  for (size_t i = 0; i < 18; i++) items[i] = make_string(&item, long_value, 32);
  expect_refusal(&items[0], 1, "trie node is not a list");
  make_list(&node, items, 3);
  expect_refusal(&node.node, 1, "trie node has neither 2 nor 17 items");
  uint8_t eighteen[19] = {0xd2};
  ol_slice short_items = ol_slice_of(eighteen, sizeof eighteen);
  expect_refusal(&short_items, 1, "trie node has more than 17 items");
  make_leaf(&node, "\x20\x12\x34", 3);
  node.bytes[node.node.len] = 0;
  ol_slice with_tail = ol_slice_of(node.bytes, node.node.len + 1);
  expect_refusal(&with_tail, 1, "bytes follow where the RLP ends");
}

static void refuses_nodes_that_are_no_rlp(void **state) {
  (void)state;
  built node, branch;
  string value, other;
  ol_slice cut = ol_slice_of("\xf8", 1);
  expect_refusal(&cut, 1, "RLP length is cut short");
  uint8_t bad_item[3] = {0xc2, 0x81, 0x05};
  ol_slice inner = ol_slice_of(bad_item, sizeof bad_item);
  expect_refusal(&inner, 1, "RLP string of one byte below 0x80 has a prefix");
  assert_int_equal(error.offset, 1);
  make_pair(&node, "\x40", 1, make_string(&value, "small", 5)); /* embedded, and with a bad path */
  make_branch(&branch, 1, node.node, 5, make_string(&other, long_value, 32));
  expect_refusal(&branch.node, 1, "path of a trie node has an unknown prefix");
  assert_int_equal(error.offset,
                   4); /* in the outer node: behind its prefix, an empty child, the inner prefix */
}

static void finds_the_value_of_a_branch(void **state) {
  (void)state;
  built leaf, inner, outer;
  string child, other, value_rlp;
  ol_slice value;
  make_leaf(&leaf, "\x20\x56", 2);
  make_branch(&inner, 16, make_string(&value_rlp, "here", 4), 5, reference_to(&child, leaf.node));
  make_extension(&outer, "\x00\x12\x34", 3, inner.node);
  ol_slice nodes[2] = {outer.node, inner.node};
  assert_int_equal(prove(&value, nodes, 2), OL_OK);
  assert_int_equal(value.len, 4);
  make_branch(&inner, 4, make_string(&other, long_value, 32), 5, reference_to(&child, leaf.node));
  make_extension(&outer, "\x00\x12\x34", 3, inner.node);
  nodes[0] = outer.node;
  nodes[1] = inner.node;
  assert_int_equal(prove(&value, nodes, 2), OL_OK);
  assert_null(value.data);
}

/* Lists around the places where the order of rlp(index) turns; against values of an independent library. */
static void computes_roots_of_lists(void **state) {
  (void)state;
  ol_hash root;
  ol_slice items[300];
  uint8_t bytes[300];
  for (size_t i = 0; i < 300; i++) {
    bytes[i] = (uint8_t)(i % 100 + 1);
    items[i] = ol_slice_of(&bytes[i], 1);
  }
  ol_trie_list_root(&root, items, 0, NULL);
  assert_memory_equal(&root, &ol_trie_empty_root, sizeof root);
  static const struct {
    size_t count;
    const char *root;
  } expected[] = {
      {1, "ac92bc8d02906a87a573c32c72bb427036f0e43d7a7375c5c491ebba064add15"},
      {2, "08693bf7194a9e5481f518cc27be677512d038ddfb72263e13f0663e299ce2d8"},
      {17, "a87383e5770cdf013b6e22804b06ef4598148f60ce269820130310470c20a0be"},
      {127, "3b548072a053004901a3a7dbf49dec8951488f4348d009b48117123a3f063758"},
      {128, "536d92ab2fb08f359477dc5f557f5bf63d5984be6452f836ae6de7c26acf259b"},
      {129, "9277c52129f3d9538670128b82491d75dc9dc1ef6685fccc3be7f0c9bc7e5c10"},
      {256, "ba2d88043360dc5e0b26ed7e7801d6bb1264b4d91e71f3391812fd78ccad0d87"},
      {257, "7122a3130b1f84fa7e9d2e5c3bf8dcdaf1be4f08ddfab176c90f2b9ea50dcc55"},
      {300, "9e67c7d3d2cc89f00d10e39ea2e4d6738ab629594b10f0af2038cce30649b4e5"},
  };
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    ol_trie_list_root(&root, items, expected[i].count, NULL);
    assert_bytes(root.bytes, sizeof root, expected[i].root);
  }
}

/* More branches on one path than the builder keeps open. */
static void deep_entry(const void *context, ol_trie_entry *out, size_t index) {
  (void)context;
  memset(out->key, 0, sizeof out->key);
  out->key_len = OL_LIMIT_TRIE_KEY;
  memset(out->key, 1, index);
  out->value = ol_slice_of("value", 5);
}

static void refuses_a_trie_that_is_too_deep(void **state) {
  (void)state;
  ol_hash root;
  ol_trie_source source = {.entry = deep_entry, .count = OL_LIMIT_TRIE_BRANCHES + 1};
  assert_int_equal(ol_trie_root(&error, &root, &source, NULL), OL_OK);
  source.count++;
  assert_int_equal(ol_trie_root(&error, &root, &source, NULL), OL_ERR_LIMIT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(accepts_a_leaf),
      cmocka_unit_test(follows_extension_branch_and_leaf),
      cmocka_unit_test(proves_absence_in_a_branch_and_an_extension),
      cmocka_unit_test(follows_embedded_nodes),
      cmocka_unit_test(refuses_an_embedded_node_of_32_bytes),
      cmocka_unit_test(refuses_a_short_node_by_hash),
      cmocka_unit_test(refuses_nodes_that_hash_to_something_else),
      cmocka_unit_test(refuses_too_few_and_too_many_nodes),
      cmocka_unit_test(refuses_nodes_in_an_empty_trie),
      cmocka_unit_test(refuses_a_branch_with_one_entry),
      cmocka_unit_test(refuses_references_of_other_lengths),
      cmocka_unit_test(refuses_a_list_as_value),
      cmocka_unit_test(refuses_an_empty_value),
      cmocka_unit_test(refuses_paths_that_are_not_canonical),
      cmocka_unit_test(refuses_an_extension_to_anything_but_a_branch),
      cmocka_unit_test(refuses_nodes_that_are_no_nodes),
      cmocka_unit_test(refuses_nodes_that_are_no_rlp),
      cmocka_unit_test(finds_the_value_of_a_branch),
      cmocka_unit_test(computes_roots_of_lists),
      cmocka_unit_test(refuses_a_trie_that_is_too_deep),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
