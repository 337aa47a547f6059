/* SPDX-License-Identifier: MIT */

/* RLPTests and TrieTests of ethereum/tests. */

#include "vectors.h"

#include "encoding/hex.h"
#include "encoding/rlp.h"
#include "trie/trie.h"

#include <stdlib.h>

/* Encodes what an RLP test describes: text, a number ("#..." where it is large), or a list of these. */
static void encode_json(ol_rlp_writer *to, ol_json value) {
  ol_error error;
  ol_slice text;
  ol_json_items items;
  ol_json item;
  uint64_t number;
  if (ol_json_array(&error, &items, value) == OL_OK) {
    uint8_t *payload = malloc(to->len);
    ol_rlp_writer inner = {.out = payload, .len = to->len};
    while (ol_json_next(&item, NULL, &items)) encode_json(&inner, item);
    ol_rlp_put_list(to, inner.used);
    ol_rlp_put_raw(to, payload, inner.used);
    free(payload);
  } else if (ol_json_u64(&error, &number, value) == OL_OK) {
    ol_rlp_put_u64(to, number);
  } else if (ol_json_string(&error, &text, value) == OL_OK && text.len > 0 && text.data[0] == '#') {
    ol_u256 large = {{0}};
    /* One test is 2^256, which no scalar of Ethereum reaches: its bytes are 1 and 32 zeros. */
    uint8_t bytes[33] = {0};
    for (size_t i = 1; i < text.len; i++) {
      uint32_t carry = (uint32_t)(text.data[i] - '0');
      for (size_t k = sizeof bytes; k-- > 0; carry >>= 8) bytes[k] = (uint8_t)(carry += 10u * bytes[k]);
    }
    memcpy(large.bytes, bytes + 1, sizeof large.bytes);
    if (bytes[0] == 0)
      ol_rlp_put_u256(to, &large);
    else
      ol_rlp_put_string(to, bytes, sizeof bytes);
  } else {
    ol_rlp_put_string(to, text.data, text.len);
  }
}

/* Encodes again what a cursor reads. */
static bool encode_again(ol_rlp_writer *to, ol_rlp cursor) {
  ol_error error;
  ol_rlp_item item;
  while (ol_rlp_more(&cursor)) {
    if (ol_rlp_next(&error, &item, &cursor) != OL_OK) return false;
    if (!item.list) {
      ol_rlp_put_string(to, item.payload.data, item.payload.len);
      continue;
    }
    uint8_t *payload = malloc(item.payload.len + 1);
    ol_rlp_writer inner = {.out = payload, .len = item.payload.len};
    bool good = encode_again(&inner, ol_rlp_inside(&item)) && inner.used == item.payload.len;
    ol_rlp_put_list(to, inner.used);
    ol_rlp_put_raw(to, payload, inner.used);
    free(payload);
    if (!good) return false;
  }
  return true;
}

static const char *check_valid_rlp(ol_json input, ol_slice expected) {
  ol_error error;
  ol_slice text;
  uint8_t bytes[4096];
  if (ol_rlp_check(&error, expected) != OL_OK) return error.reason;
  ol_rlp_writer again = {.out = bytes, .len = sizeof bytes};
  if (!encode_again(&again, ol_rlp_of(expected)) || !vector_same(ol_slice_of(bytes, again.used), expected))
    return "does not encode again to the same";
  if (ol_json_string(&error, &text, input) == OL_OK && vector_same(text, ol_slice_of("VALID", 5)))
    return NULL;
  ol_rlp_writer to = {.out = bytes, .len = sizeof bytes};
  encode_json(&to, input);
  return vector_same(ol_slice_of(bytes, to.used), expected) ? NULL : "encodes to something else";
}

static void run_rlp(vector_tally *tally, const uint8_t *json, size_t len, bool valid) {
  vector_file file;
  ol_error error;
  ol_json_items cases;
  ol_json test, input;
  ol_slice name;
  if (!vector_open(&file, tally, json, len)) return;
  if (ol_json_object(&error, &cases, file.root) != OL_OK)
    vector_count(tally, false, (ol_slice){0}, error.reason);
  else
    while (ol_json_next(&test, &name, &cases)) {
      ol_slice bytes = vector_bytes(&file, test, "out");
      const char *why = ol_rlp_check(&error, bytes) == OL_OK ? "is accepted" : NULL;
      if (valid) why = ol_json_find(&input, test, "in") ? check_valid_rlp(input, bytes) : "has no input";
      vector_count(tally, why == NULL, name, why != NULL ? why : "");
    }
  vector_close(&file);
}

void run_rlp_valid(vector_tally *tally, const uint8_t *json, size_t len) {
  run_rlp(tally, json, len, true);
}

void run_rlp_invalid(vector_tally *tally, const uint8_t *json, size_t len) {
  run_rlp(tally, json, len, false);
}

/* The entries of one trie test, after all its insertions and deletions, by ascending key. */
typedef struct trie_entries {
  ol_trie_entry list[64];
  size_t count;
} trie_entries;

static int compare_keys(const ol_trie_entry *a, const ol_trie_entry *b) {
  size_t shorter = a->key_len < b->key_len ? a->key_len : b->key_len;
  int order = memcmp(a->key, b->key, shorter);
  if (order != 0) return order;
  return a->key_len < b->key_len ? -1 : a->key_len > b->key_len;
}

/* Sets a key's value, or deletes the key when the value is empty. */
static void put_entry(trie_entries *to, const ol_trie_entry *entry) {
  size_t at = 0;
  while (at < to->count && compare_keys(&to->list[at], entry) < 0) at++;
  bool there = at < to->count && compare_keys(&to->list[at], entry) == 0;
  ol_trie_entry *place = &to->list[at];
  if (entry->value.len == 0) {
    if (there) memmove(place, place + 1, (--to->count - at) * sizeof *place);
    return;
  }
  if (!there) memmove(place + 1, place, (to->count++ - at) * sizeof *place);
  *place = *entry;
}

static void entry_at(const void *context, ol_trie_entry *out, size_t index) {
  *out = ((const trie_entries *)context)->list[index];
}

/* The nodes of a proof, collected from the leaf to the root. */
typedef struct collected {
  uint8_t bytes[64][1024];
  ol_slice nodes[64]; /* the root first, once all are there */
  size_t count;
} collected;

static void collect(void *context, ol_slice head, ol_slice tail) {
  collected *to = context;
  uint8_t *bytes = to->bytes[to->count];
  memcpy(bytes, head.data, head.len);
  if (tail.len > 0) memcpy(bytes + head.len, tail.data, tail.len);
  memmove(to->nodes + 1, to->nodes, to->count++ * sizeof *to->nodes);
  to->nodes[0] = ol_slice_of(bytes, head.len + tail.len);
}

/* Proves that `key` is absent: by the first nodes of the proof of the entry that shares most with it. */
static bool prove_absent(const ol_hash *root, const ol_trie_source *source, const uint8_t *key, size_t len) {
  ol_error none;
  ol_slice nothing;
  if (source->count == 0) return ol_trie_prove(&none, &nothing, root, key, len, NULL, 0) == OL_OK;
  for (size_t i = 0; i < source->count; i++) {
    ol_error error;
    ol_hash again;
    ol_slice value;
    collected proof = {.count = 0};
    const ol_trie_sink sink = {.node = collect, .context = &proof, .index = i};
    if (ol_trie_root(&error, &again, source, &sink) != OL_OK) return false;
    for (size_t count = 1; count <= proof.count; count++) {
      if (ol_trie_prove(&error, &value, root, key, len, proof.nodes, count) == OL_OK)
        return value.data == NULL;
    }
  }
  return false;
}

/* Compares the root, and proves every entry under it. */
static const char *check_trie(const trie_entries *entries, const ol_hash *expected) {
  const ol_trie_source source = {.entry = entry_at, .context = entries, .count = entries->count};
  ol_error error;
  ol_hash root;
  if (ol_trie_root(&error, &root, &source, NULL) != OL_OK) return error.reason;
  if (!ol_hash_equal(&root, expected)) return "has another root";
  for (size_t i = 0; i < entries->count; i++) {
    const ol_trie_entry *entry = &entries->list[i];
    collected proof = {.count = 0};
    ol_slice value;
    const ol_trie_sink sink = {.node = collect, .context = &proof, .index = i};
    if (ol_trie_root(&error, &root, &source, &sink) != OL_OK) return error.reason;
    if (ol_trie_prove(&error, &value, expected, entry->key, entry->key_len, proof.nodes, proof.count) !=
        OL_OK)
      return error.reason;
    if (!vector_same(value, entry->value)) return "proves another value";
  }
  uint8_t absent[] = "an absent key, not in any";
  return prove_absent(expected, &source, absent, sizeof absent) ? NULL : "does not prove absence";
}

/* Text, or bytes where it begins with 0x. */
static ol_slice text_or_hex(vector_file *file, ol_json value) {
  ol_error error;
  ol_slice text = {NULL, 0};
  if (ol_json_string(&error, &text, value) != OL_OK) return text; /* null deletes */
  bool hex = text.len > 2 && text.data[0] == '0' && text.data[1] == 'x';
  return hex ? vector_bytes_of(file, value) : text;
}

static void set_key(ol_trie_entry *entry, ol_slice key, bool secure) {
  entry->key_len = secure ? sizeof(ol_hash) : key.len;
  if (secure)
    ol_keccak256((ol_hash *)(void *)entry->key, key.data, key.len);
  else
    memcpy(entry->key, key.data, key.len);
}

static void read_entries(vector_file *file, trie_entries *out, ol_json input, bool secure) {
  ol_error error;
  ol_json_items items, pair;
  ol_json item, key, value;
  ol_slice name;
  ol_trie_entry entry;
  out->count = 0;
  if (ol_json_object(&error, &items, input) == OL_OK) {
    while (ol_json_next(&value, &name, &items)) {
      uint8_t bytes[OL_LIMIT_TRIE_KEY];
      if (name.len > 2 && name.data[1] == 'x') {
        if (ol_hex_decode(&error, bytes, (const char *)name.data + 2, name.len - 2) != OL_OK) continue;
        name = ol_slice_of(bytes, name.len / 2 - 1);
      }
      set_key(&entry, name, secure);
      entry.value = text_or_hex(file, value);
      put_entry(out, &entry);
    }
  } else if (ol_json_array(&error, &items, input) == OL_OK) {
    while (ol_json_next(&item, NULL, &items)) {
      if (ol_json_array(&error, &pair, item) != OL_OK || !ol_json_next(&key, NULL, &pair) ||
          !ol_json_next(&value, NULL, &pair))
        continue;
      set_key(&entry, text_or_hex(file, key), secure);
      entry.value = text_or_hex(file, value);
      put_entry(out, &entry);
    }
  }
}

static void run_tries(vector_tally *tally, const uint8_t *json, size_t len, bool secure) {
  vector_file file;
  ol_error error;
  ol_json_items cases;
  ol_json test, input;
  ol_slice name;
  if (!vector_open(&file, tally, json, len)) return;
  if (ol_json_object(&error, &cases, file.root) != OL_OK)
    vector_count(tally, false, (ol_slice){0}, error.reason);
  else
    while (ol_json_next(&test, &name, &cases)) {
      static trie_entries all; /* too large for the stack of a WebAssembly module */
      const char *why = "has no input or no root";
      ol_slice root = vector_bytes(&file, test, "root");
      if (ol_json_find(&input, test, "in") && root.len == sizeof(ol_hash)) {
        ol_hash expected;
        memcpy(expected.bytes, root.data, root.len);
        read_entries(&file, &all, input, secure);
        why = check_trie(&all, &expected);
      }
      vector_count(tally, why == NULL, name, why != NULL ? why : "");
    }
  vector_close(&file);
}

void run_trie(vector_tally *tally, const uint8_t *json, size_t len) {
  run_tries(tally, json, len, false);
}

void run_trie_secure(vector_tally *tally, const uint8_t *json, size_t len) {
  run_tries(tally, json, len, true);
}

/*
 * The neighbours of a key. A light client walks no trie, so what is checked is what it could be told: with
 * the two neighbours proven to be there, the key itself is proven to be there or not, as its place says.
 */
static bool check_neighbours(const trie_entries *all, const ol_slice query[3]) {
  const ol_trie_source source = {.entry = entry_at, .context = all, .count = all->count};
  ol_error error;
  ol_hash root;
  ol_trie_entry key;
  const ol_trie_entry *before = NULL, *after = NULL;
  bool there = false;
  set_key(&key, query[0], false);
  for (size_t i = 0; i < all->count; i++) {
    int order = compare_keys(&all->list[i], &key);
    if (order < 0) before = &all->list[i];
    if (order > 0 && after == NULL) after = &all->list[i];
    there |= order == 0;
  }
  if (!vector_same(before != NULL ? ol_slice_of(before->key, before->key_len) : (ol_slice){0}, query[1]) ||
      !vector_same(after != NULL ? ol_slice_of(after->key, after->key_len) : (ol_slice){0}, query[2]))
    return false;
  if (ol_trie_root(&error, &root, &source, NULL) != OL_OK || check_trie(all, &root) != NULL) return false;
  return there != prove_absent(&root, &source, key.key, key.key_len);
}

void run_trie_neighbours(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_json basic, item, part;
  ol_error error;
  static trie_entries all;
  all.count = 0;
  if (!vector_open(&file, tally, json, len)) return;
  if (!ol_json_find(&basic, file.root, "basic")) basic = file.root;
  ol_json_items keys = vector_items(&file, basic, "in"), tests = vector_items(&file, basic, "tests"), parts;
  while (ol_json_next(&item, NULL, &keys)) {
    ol_trie_entry entry;
    entry.value = text_or_hex(&file, item);
    set_key(&entry, entry.value, false);
    put_entry(&all, &entry);
  }
  while (ol_json_next(&item, NULL, &tests)) {
    ol_slice query[3] = {{0}};
    if (ol_json_array(&error, &parts, item) == OL_OK)
      for (size_t i = 0; i < 3 && ol_json_next(&part, NULL, &parts); i++) query[i] = text_or_hex(&file, part);
    vector_count(tally, check_neighbours(&all, query), query[0], "has other neighbours");
  }
  vector_close(&file);
}
