/* SPDX-License-Identifier: MIT */
#include "crypto/keccak.h"
#include "encoding/rlp.h"
#include "trie/trie.h"

#include "base/poison.h"

/*
 * The shape of a trie follows from its sorted keys alone: neighbours that share n nibbles meet in a branch at
 * depth n. Going through the keys once, the branches that are still open form a stack of growing depth; a
 * branch is closed, encoded and put into the one below when the next key leaves it.
 */

/* How a node is named in its parent: by its hash, or as itself when that is shorter; as RLP. */
typedef struct reference {
  uint8_t rlp[1 + sizeof(ol_hash)];
  uint8_t len; /* 0 for no node */
} reference;

typedef struct trie_branch {
  size_t depth;
  reference children[16];
  ol_slice value; /* of the key that ends here */
  bool proving;   /* the entry to be proven lies below */
} trie_branch;

typedef struct trie_builder {
  trie_branch open[OL_LIMIT_TRIE_BRANCHES];
  size_t count;
  const ol_trie_sink *sink;
  ol_hash root;
} trie_builder;

/* The beginning of a node's encoding; what follows it is a value, which is not copied. */
typedef struct trie_node {
  uint8_t head[3 * OL_RLP_PREFIX + 16 * sizeof(reference) + OL_LIMIT_TRIE_KEY];
  ol_rlp_writer to;
  ol_slice tail;
} trie_node;

static uint8_t nibble_at(const uint8_t *key, size_t index) {
  return index % 2 == 0 ? key[index / 2] >> 4 : key[index / 2] & 15;
}

static size_t shared_nibbles(const ol_trie_entry *a, const ol_trie_entry *b) {
  size_t limit = 2 * (a->key_len < b->key_len ? a->key_len : b->key_len), count = 0;
  while (count < limit && nibble_at(a->key, count) == nibble_at(b->key, count)) count++;
  return count;
}

/* Encodes nibbles `from` to `to` of a key (hex prefix, Yellow Paper, appendix C). Returns: the length. */
static size_t encode_path(uint8_t out[OL_LIMIT_TRIE_KEY + 1], const uint8_t *key, size_t from, size_t to,
                          bool leaf) {
  bool odd = (to - from) % 2 != 0;
  out[0] = (uint8_t)((leaf ? 0x20 : 0) | (odd ? 0x10 | nibble_at(key, from) : 0));
  size_t len = 1;
  for (from += odd; from < to; from += 2)
    out[len++] = (uint8_t)(nibble_at(key, from) << 4 | nibble_at(key, from + 1));
  return len;
}

/* Begins the value that ends a node. A single byte below 0x80 is its own encoding. */
static void put_value(trie_node *node, ol_slice value) {
  uint8_t prefix[OL_RLP_PREFIX];
  node->tail = value;
  if (value.len != 1 || value.data[0] >= 0x80)
    ol_rlp_put_raw(&node->to, prefix, ol_rlp_prefix(prefix, false, value.len));
}

static size_t encoded_len(ol_slice value) {
  ol_rlp_writer count = {0};
  ol_rlp_put_string(&count, value.data, value.len);
  return count.used;
}

static void begin_node(trie_node *node) {
  node->to = (ol_rlp_writer){.out = node->head, .len = sizeof node->head};
  node->tail = (ol_slice){0};
}

static void encode_leaf(trie_node *node, const ol_trie_entry *entry, size_t from) {
  uint8_t path[OL_LIMIT_TRIE_KEY + 1];
  size_t path_len = encode_path(path, entry->key, from, 2 * entry->key_len, true);
  begin_node(node);
  ol_rlp_put_list(&node->to, encoded_len(ol_slice_of(path, path_len)) + encoded_len(entry->value));
  ol_rlp_put_string(&node->to, path, path_len);
  put_value(node, entry->value);
}

static void encode_extension(trie_node *node, const uint8_t *key, size_t from, size_t to,
                             const reference *child) {
  uint8_t path[OL_LIMIT_TRIE_KEY + 1];
  size_t path_len = encode_path(path, key, from, to, false);
  begin_node(node);
  ol_rlp_put_list(&node->to, encoded_len(ol_slice_of(path, path_len)) + child->len);
  ol_rlp_put_string(&node->to, path, path_len);
  ol_rlp_put_raw(&node->to, child->rlp, child->len);
}

static void encode_branch(trie_node *node, const trie_branch *branch) {
  size_t payload = encoded_len(branch->value);
  for (size_t i = 0; i < 16; i++) payload += branch->children[i].len > 0 ? branch->children[i].len : 1;
  begin_node(node);
  ol_rlp_put_list(&node->to, payload);
  for (size_t i = 0; i < 16; i++) {
    if (branch->children[i].len > 0)
      ol_rlp_put_raw(&node->to, branch->children[i].rlp, branch->children[i].len);
    else
      ol_rlp_put_string(&node->to, NULL, 0);
  }
  put_value(node, branch->value);
}

/* Ends a node: emits it if it belongs to the proof, and names it. The root is named by its hash always. */
static reference end_node(trie_builder *builder, const trie_node *node, bool proving, bool root) {
  OL_ASSERT(node->to.used <= node->to.len);
  size_t head_len = node->to.used;
  reference out = {.len = sizeof out.rlp};
  if (!root && head_len + node->tail.len < sizeof(ol_hash)) {
    memcpy(out.rlp, node->head, head_len);
    if (node->tail.len > 0) memcpy(out.rlp + head_len, node->tail.data, node->tail.len);
    out.len = (uint8_t)(head_len + node->tail.len);
    return out;
  }
  if (proving) builder->sink->node(builder->sink->context, ol_slice_of(node->head, head_len), node->tail);
  ol_keccak keccak;
  ol_hash hash;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, node->head, head_len);
  ol_keccak_update(&keccak, node->tail.data, node->tail.len);
  ol_keccak_final(&keccak, &hash);
  if (root) builder->root = hash;
  out.rlp[0] = 0x80 + sizeof hash;
  memcpy(out.rlp + 1, hash.bytes, sizeof hash.bytes);
  return out;
}

static trie_branch *open_branch(trie_builder *builder, size_t depth) {
  if (builder->count == OL_LIMIT_TRIE_BRANCHES) return NULL;
  trie_branch *top = &builder->open[builder->count++];
  *top = (trie_branch){.depth = depth};
  return top;
}

/* Hangs an entry into the innermost open branch, or makes it the whole trie. */
static void place_entry(trie_builder *builder, const ol_trie_entry *entry, bool proving) {
  trie_node node;
  if (builder->count == 0) {
    encode_leaf(&node, entry, 0);
    (void)end_node(builder, &node, proving, true);
    return;
  }
  trie_branch *home = &builder->open[builder->count - 1];
  home->proving |= proving;
  if (2 * entry->key_len == home->depth) {
    home->value = entry->value;
    return;
  }
  encode_leaf(&node, entry, home->depth + 1);
  home->children[nibble_at(entry->key, home->depth)] = end_node(builder, &node, proving, false);
}

/*
 * Closes the branches that the next key leaves: those with depth + 1 > `stay`. What was closed goes into the
 * branch below it, which is opened now if the next key begins it; from there an extension may lead to it.
 */
static bool close_branches(trie_builder *builder, const uint8_t *key, size_t stay) {
  while (builder->count > 0 && builder->open[builder->count - 1].depth + 1 > stay) {
    trie_branch *closed = &builder->open[--builder->count];
    size_t depth = closed->depth;
    bool proving = closed->proving;
    size_t below = builder->count > 0 ? builder->open[builder->count - 1].depth + 1 : 0;
    size_t from = below > stay ? below : stay;
    trie_node node;
    encode_branch(&node, closed);
    reference child = end_node(builder, &node, proving, from == 0 && depth == 0);
    if (depth > from) {
      encode_extension(&node, key, from, depth, &child);
      child = end_node(builder, &node, proving, from == 0);
    }
    if (from == 0) continue; /* that was the root */
    trie_branch *home = from > below ? open_branch(builder, from - 1) : &builder->open[builder->count - 1];
    if (home == NULL) return false;
    home->proving |= proving;
    home->children[nibble_at(key, from - 1)] = child;
  }
  return true;
}

ol_status ol_trie_root(ol_error *error, ol_hash *out, const ol_trie_source *source,
                       const ol_trie_sink *sink) {
  *out = ol_trie_empty_root;
  if (source->count == 0) return OL_OK;
  trie_builder builder;
  builder.count = 0;
  builder.sink = sink;
  ol_trie_entry entries[2];
  size_t left = 0; /* nibbles shared with the key before, plus 1; 0 for the first key */
  source->entry(source->context, &entries[0], 0);
  for (size_t i = 0; i < source->count; i++) {
    const ol_trie_entry *entry = &entries[i % 2];
    ol_trie_entry *next = &entries[(i + 1) % 2];
    size_t right = 0;
    OL_ASSERT(entry->value.len > 0 && entry->key_len <= OL_LIMIT_TRIE_KEY);
    if (i + 1 < source->count) {
      source->entry(source->context, next, i + 1);
      size_t shared = shared_nibbles(entry, next);
      OL_ASSERT(shared < 2 * next->key_len && (shared == 2 * entry->key_len ||
                                               nibble_at(entry->key, shared) < nibble_at(next->key, shared)));
      right = shared + 1;
    }
    bool room = right <= left || open_branch(&builder, right - 1) != NULL;
    if (room) place_entry(&builder, entry, sink != NULL && sink->index == i);
    if (!room || !close_branches(&builder, entry->key, right))
      return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "trie has too many branches on one path");
    left = right;
  }
  *out = builder.root;
  return OL_OK;
}

/* The order of a list's keys: rlp(0) is 0x80, so item 0 comes behind item 127. */
static size_t list_index(size_t count, size_t position) {
  size_t small = count - 1 < 127 ? count - 1 : 127;
  return position < small ? position + 1 : position == small ? 0 : position;
}

static size_t list_key(uint8_t out[OL_RLP_PREFIX], uint64_t index) {
  ol_rlp_writer to = {.out = out, .len = OL_RLP_PREFIX};
  ol_rlp_put_u64(&to, index);
  return to.used;
}

static void list_entry(const void *context, ol_trie_entry *out, size_t position) {
  const ol_trie_items *items = context;
  size_t index = list_index(items->count, position);
  out->key_len = list_key(out->key, index);
  items->item(items->context, &out->value, index);
}

void ol_trie_items_root(ol_hash *out, const ol_trie_items *items, const ol_trie_sink *sink) {
  size_t count = items->count;
  const ol_trie_source source = {.entry = list_entry, .context = items, .count = count};
  ol_trie_sink by_position;
  if (sink != NULL) {
    OL_ASSERT(sink->index < count);
    by_position = *sink;
    size_t small = count - 1 < 127 ? count - 1 : 127;
    by_position.index = sink->index == 0 ? small : sink->index <= small ? sink->index - 1 : sink->index;
  }
  ol_error error; /* keys of at most 5 bytes cannot pass the limit */
  ol_status status = ol_trie_root(&error, out, &source, sink != NULL ? &by_position : NULL);
  OL_ASSERT(status == OL_OK);
}

static void array_item(const void *context, ol_slice *out, size_t index) {
  *out = ((const ol_slice *)context)[index];
}

void ol_trie_list_root(ol_hash *out, const ol_slice *items, size_t count, const ol_trie_sink *sink) {
  const ol_trie_items array = {.item = array_item, .context = items, .count = count};
  ol_trie_items_root(out, &array, sink);
}

ol_status ol_trie_list_prove(ol_error *error, ol_slice *out, const ol_hash *root, uint64_t index,
                             const ol_slice *nodes, size_t node_count) {
  uint8_t key[OL_RLP_PREFIX];
  return ol_trie_prove(error, out, root, key, list_key(key, index), nodes, node_count);
}
