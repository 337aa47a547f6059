/* SPDX-License-Identifier: MIT */

/*
 * The input as a key and the nodes of a proof:
 *
 *   flags, length of the key, key, [root], then for each node: length (2 bytes), place of a link (2), bytes
 *
 * So that the search gets past the hashes, flags let the root be that of the first node, and let the hash of
 * the next node be written into each one at its place. With another flag the rest is entries of a trie,
 * whose own proofs are then put to other keys.
 */

#include "fuzz/fuzz.h"
#include "trie/trie.h"

enum { ROOT_FITS = 1, LINKS_FIT = 2, ENTRIES = 4 };

static bool lies_in(ol_slice value, const fuzz_proof *proof) {
  for (size_t i = 0; i < proof->count; i++) {
    const ol_slice *node = &proof->nodes[i];
    if (value.data >= node->data && value.data + value.len <= node->data + node->len) return true;
  }
  return false;
}

static size_t longest(const fuzz_proof *proof) {
  size_t len = 0;
  for (size_t i = 0; i < proof->count; i++) len = proof->nodes[i].len > len ? proof->nodes[i].len : len;
  return len;
}

static void check_accepted(ol_slice value, const ol_hash *root, const uint8_t *key, size_t key_len,
                           const fuzz_proof *proof) {
  ol_error error;
  ol_slice other;
  FUZZ_REQUIRE(value.data == NULL ? value.len == 0 : value.len > 0 && lies_in(value, proof));
  ol_hash wrong = *root;
  wrong.bytes[31] ^= 1;
  FUZZ_REQUIRE(ol_trie_prove(&error, &other, &wrong, key, key_len, proof->nodes, proof->count) != OL_OK);
  if (ol_hash_equal(root, &ol_trie_empty_root)) return;
  FUZZ_REQUIRE(ol_trie_prove(&error, &other, root, key, key_len, proof->nodes, proof->count - 1) != OL_OK);
  fuzz_proof more = *proof;
  if (more.count < FUZZ_NODES) {
    more.nodes[more.count] = more.nodes[more.count - 1];
    more.count++;
    FUZZ_REQUIRE(ol_trie_prove(&error, &other, root, key, key_len, more.nodes, more.count) != OL_OK);
  }
}

static void read_proof(fuzz_input *in, uint8_t flags, const uint8_t *key, size_t key_len) {
  ol_error error;
  ol_hash root;
  ol_slice value = {NULL, 0};
  fuzz_proof proof = {.count = 0};
  uint16_t links[FUZZ_NODES];
  if (!(flags & ROOT_FITS)) fuzz_fill(in, root.bytes, sizeof root.bytes);
  while (in->left > 0 && proof.count < FUZZ_NODES) {
    size_t len = fuzz_u16(in);
    links[proof.count] = fuzz_u16(in);
    ol_slice bytes = fuzz_cut(in, len);
    proof.nodes[proof.count++] = ol_slice_of(fuzz_copy(bytes.data, bytes.len), bytes.len);
  }
  for (size_t i = proof.count; (flags & LINKS_FIT) && i-- > 1;) {
    ol_slice to = proof.nodes[i - 1];
    ol_hash hash;
    ol_keccak256(&hash, proof.nodes[i].data, proof.nodes[i].len);
    if (to.len >= sizeof hash && links[i - 1] <= to.len - sizeof hash)
      memcpy((uint8_t *)(uintptr_t)to.data + links[i - 1], hash.bytes, sizeof hash);
  }
  if ((flags & ROOT_FITS) && proof.count > 0)
    ol_keccak256(&root, proof.nodes[0].data, proof.nodes[0].len);
  else if (flags & ROOT_FITS)
    root = ol_trie_empty_root;
  ol_status status = ol_trie_prove(&error, &value, &root, key, key_len, proof.nodes, proof.count);
  if (status == OL_OK)
    check_accepted(value, &root, key, key_len, &proof);
  else
    fuzz_refused(&error, status, longest(&proof));
  fuzz_free_proof(&proof);
}

#define ENTRIES_MAX 16

typedef struct entries {
  ol_trie_entry list[ENTRIES_MAX];
  size_t count;
} entries;

static int compare_keys(const void *a, const void *b) {
  const ol_trie_entry *left = a, *right = b;
  size_t shorter = left->key_len < right->key_len ? left->key_len : right->key_len;
  int order = memcmp(left->key, right->key, shorter);
  return order != 0 ? order : (left->key_len > right->key_len) - (left->key_len < right->key_len);
}

static void read_entries(fuzz_input *in, entries *out) {
  out->count = 0;
  while (in->left > 2 && out->count < ENTRIES_MAX) {
    ol_trie_entry *entry = &out->list[out->count];
    uint8_t lens = fuzz_u8(in);
    memset(entry, 0, sizeof *entry);
    entry->key_len = lens & 7;
    fuzz_fill(in, entry->key, entry->key_len);
    entry->value = fuzz_cut(in, 1 + (lens >> 3) * 2u);
    if (entry->value.len > 0) out->count++;
  }
  qsort(out->list, out->count, sizeof out->list[0], compare_keys);
  size_t kept = 0;
  for (size_t i = 0; i < out->count; i++) {
    if (kept > 0 && compare_keys(&out->list[kept - 1], &out->list[i]) == 0) continue;
    out->list[kept++] = out->list[i];
  }
  out->count = kept;
}

static void entry_of(const void *context, ol_trie_entry *out, size_t index) {
  *out = ((const entries *)context)->list[index];
}

/* Whatever key the nodes are put to: if they prove anything, it is what the trie holds. */
static void put_to(const entries *all, const ol_hash *root, const fuzz_proof *proof, const ol_trie_entry *key,
                   bool must_prove) {
  ol_error error;
  ol_slice value = {NULL, 0}, expected = {NULL, 0};
  for (size_t i = 0; i < all->count; i++) {
    if (compare_keys(&all->list[i], key) == 0) expected = all->list[i].value;
  }
  ol_status status = ol_trie_prove(&error, &value, root, key->key, key->key_len, proof->nodes, proof->count);
  FUZZ_REQUIRE(status == OL_OK || !must_prove);
  if (status != OL_OK) {
    fuzz_refused(&error, status, longest(proof));
    return;
  }
  FUZZ_REQUIRE(fuzz_same(value, expected));
  check_accepted(value, root, key->key, key->key_len, proof);
}

static void prove_entries(fuzz_input *in, const ol_trie_entry *other) {
  static entries all;
  ol_error error;
  ol_hash root, again;
  read_entries(in, &all);
  const ol_trie_source source = {.entry = entry_of, .context = &all, .count = all.count};
  ol_status status = ol_trie_root(&error, &root, &source, NULL);
  if (status != OL_OK) {
    FUZZ_REQUIRE(status == OL_ERR_LIMIT);
    fuzz_refused(&error, status, 0);
    return;
  }
  for (size_t i = 0; i < all.count; i++) {
    fuzz_proof proof = {.count = 0};
    const ol_trie_sink sink = {.node = fuzz_take_node, .context = &proof, .index = i};
    FUZZ_REQUIRE(ol_trie_root(&error, &again, &source, &sink) == OL_OK && ol_hash_equal(&again, &root));
    put_to(&all, &root, &proof, &all.list[i], true);
    put_to(&all, &root, &proof, &all.list[(i + 1) % all.count], false);
    put_to(&all, &root, &proof, other, false);
    fuzz_free_proof(&proof);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_input in = {data, len};
  uint8_t flags = fuzz_u8(&in);
  ol_trie_entry key = {.key_len = fuzz_u8(&in) % (OL_LIMIT_TRIE_KEY + 1)};
  fuzz_fill(&in, key.key, key.key_len);
  if (flags & ENTRIES)
    prove_entries(&in, &key);
  else
    read_proof(&in, flags, key.key, key.key_len);
  return 0;
}
