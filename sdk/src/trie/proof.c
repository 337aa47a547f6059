/* SPDX-License-Identifier: MIT */
#include "crypto/keccak.h"
#include "encoding/rlp.h"
#include "trie/trie.h"

#include "base/poison.h"

const ol_hash ol_trie_empty_root = {{0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45,
                                     0xe6, 0x92, 0xc0, 0xf8, 0x6e, 0x5b, 0x48, 0xe0, 0x1b, 0x99, 0x6c,
                                     0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21}};

#define BRANCH_ITEMS 17
#define BRANCH_VALUE 16

/* How far along the key the proof has come, and what it has shown. */
typedef struct trie_walk {
  const uint8_t *key;
  size_t nibbles;   /* of the key */
  size_t at;        /* nibbles consumed */
  bool branch_next; /* the node before was an extension */
  bool decided;
  ol_slice value;   /* once decided; data NULL for an absent key */
  ol_rlp_item next; /* until then: the reference to follow, a hash or an embedded node */
} trie_walk;

static uint8_t nibble_at(const uint8_t *bytes, size_t index) {
  return index % 2 == 0 ? bytes[index / 2] >> 4 : bytes[index / 2] & 15;
}

static void decide(trie_walk *walk, ol_slice value) {
  walk->decided = true;
  walk->value = value;
}

static ol_status malformed(ol_error *error, const ol_rlp_item *item, const char *reason) {
  return ol_fail(error, OL_ERR_PROOF, item->offset, reason);
}

/* Checks what stands where a node refers to another one: nothing, a hash, or an embedded node. */
static ol_status check_reference(ol_error *error, const ol_rlp_item *item, bool may_be_empty) {
  if (item->list && item->whole.len >= sizeof(ol_hash))
    return malformed(error, item, "embedded trie node is not shorter than 32 bytes");
  if (item->list || item->payload.len == sizeof(ol_hash)) return OL_OK;
  if (may_be_empty && item->payload.len == 0) return OL_OK;
  return malformed(error, item, "reference to a trie node is neither a hash nor a node");
}

static ol_status enter_branch(ol_error *error, trie_walk *walk, const ol_rlp_item items[BRANCH_ITEMS]) {
  size_t occupied = 0;
  for (size_t i = 0; i < BRANCH_VALUE; i++) {
    OL_TRY(check_reference(error, &items[i], true));
    occupied += items[i].payload.len > 0;
  }
  const ol_rlp_item *value = &items[BRANCH_VALUE];
  if (value->list) return malformed(error, value, "value of a branch is a list");
  occupied += value->payload.len > 0;
  if (occupied < 2) return malformed(error, &items[0], "branch has fewer than two entries");

  const ol_slice absent = {0};
  if (walk->at == walk->nibbles) {
    decide(walk, value->payload.len > 0 ? value->payload : absent);
    return OL_OK;
  }
  walk->next = items[nibble_at(walk->key, walk->at++)];
  if (!walk->next.list && walk->next.payload.len == 0) decide(walk, absent);
  walk->branch_next = false;
  return OL_OK;
}

static ol_status enter_leaf_or_extension(ol_error *error, trie_walk *walk, const ol_rlp_item items[2]) {
  if (walk->branch_next) return malformed(error, &items[0], "extension does not lead to a branch");
  const ol_slice path = items[0].payload;
  if (items[0].list || path.len == 0 || path.len > OL_LIMIT_TRIE_KEY + 1)
    return malformed(error, &items[0], "path of a trie node has no valid length");
  uint8_t flags = path.data[0] >> 4;
  bool leaf = flags & 2, odd = flags & 1;
  if (flags > 3) return malformed(error, &items[0], "path of a trie node has an unknown prefix");
  if (!odd && (path.data[0] & 15) != 0)
    return malformed(error, &items[0], "padding in the path of a trie node is not zero");
  size_t first = odd ? 1 : 2, count = 2 * path.len - first;

  size_t left = walk->nibbles - walk->at, same = 0;
  while (same < count && same < left &&
         nibble_at(path.data, first + same) == nibble_at(walk->key, walk->at + same))
    same++;

  const ol_slice absent = {0};
  if (leaf) {
    if (items[1].list) return malformed(error, &items[1], "value of a leaf is a list");
    if (items[1].payload.len == 0) return malformed(error, &items[1], "value of a leaf is empty");
    decide(walk, same == count && same == left ? items[1].payload : absent);
    return OL_OK;
  }
  if (count == 0) return malformed(error, &items[0], "path of an extension is empty");
  OL_TRY(check_reference(error, &items[1], false));
  walk->at += same;
  walk->next = items[1];
  walk->branch_next = true;
  if (same < count) decide(walk, absent);
  return OL_OK;
}

/* Reads one node, which stands alone in `bytes`, and takes its step. */
static ol_status enter_node(ol_error *error, trie_walk *walk, ol_rlp bytes) {
  ol_rlp_item node, items[BRANCH_ITEMS];
  OL_TRY(ol_rlp_next(error, &node, &bytes));
  OL_TRY(ol_rlp_end(error, &bytes));
  if (!node.list) return malformed(error, &node, "trie node is not a list");
  ol_rlp inside = ol_rlp_inside(&node);
  size_t count = 0;
  while (ol_rlp_more(&inside)) {
    if (count == BRANCH_ITEMS) return malformed(error, &node, "trie node has more than 17 items");
    OL_TRY(ol_rlp_next(error, &items[count++], &inside));
  }
  if (count == 2) return enter_leaf_or_extension(error, walk, items);
  if (count == BRANCH_ITEMS) return enter_branch(error, walk, items);
  return malformed(error, &node, "trie node has neither 2 nor 17 items");
}

/* The whole trie is empty: its root says so, and the proof is no node, or the empty string as one. */
static ol_status prove_empty(ol_error *error, ol_slice *out, const ol_slice *nodes, size_t node_count) {
  if (node_count > 1 || (node_count == 1 && (nodes[0].len != 1 || nodes[0].data[0] != 0x80)))
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "proof has nodes but its trie is empty");
  *out = (ol_slice){0};
  return OL_OK;
}

/* Walks from one node given by hash through those embedded in it. */
static ol_status walk_node(ol_error *error, trie_walk *walk, ol_slice node) {
  OL_TRY(enter_node(error, walk, ol_rlp_of(node)));
  while (!walk->decided && walk->next.list) {
    ol_rlp embedded = {
        .data = walk->next.whole.data, .len = walk->next.whole.len, .start = walk->next.offset};
    OL_TRY(enter_node(error, walk, embedded));
  }
  return OL_OK;
}

ol_status ol_trie_prove(ol_error *error, ol_slice *out, const ol_hash *root, const uint8_t *key,
                        size_t key_len, const ol_slice *nodes, size_t node_count) {
  OL_ASSERT(key_len <= OL_LIMIT_TRIE_KEY);
  if (ol_hash_equal(root, &ol_trie_empty_root)) return prove_empty(error, out, nodes, node_count);
  if (node_count == 0) return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "proof is empty");
  if (node_count > OL_LIMIT_TRIE_NODES)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "proof has too many nodes");

  ol_hash hashes[OL_LIMIT_TRIE_NODES];
  ol_keccak256_each(hashes, nodes, node_count);
  trie_walk walk = {.key = key, .nibbles = 2 * key_len};
  const uint8_t *expected = root->bytes;
  for (size_t i = 0; i < node_count; i++) {
    ol_status status = OL_OK;
    if (walk.decided) {
      status = ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "proof goes on after the key is decided");
    } else if (memcmp(hashes[i].bytes, expected, sizeof hashes[i].bytes) != 0) {
      status = ol_fail(error, OL_ERR_PROOF, OL_NOWHERE,
                       i == 0 ? "first node does not hash to the root"
                              : "node does not hash to the reference in its parent");
    } else if (i > 0 && nodes[i].len < sizeof(ol_hash)) {
      status = ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "node shorter than 32 bytes is not embedded");
    } else {
      status = walk_node(error, &walk, nodes[i]);
    }
    if (status != OL_OK) {
      error->node = (uint32_t)i;
      return status;
    }
    expected = walk.next.payload.data;
  }
  if (!walk.decided) return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "proof ends before the key is decided");
  *out = walk.value;
  return OL_OK;
}
