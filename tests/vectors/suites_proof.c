/* SPDX-License-Identifier: MIT */

/* Recorded headers, proofs and blocks. Each file is one object that prepare.mjs wrote from a recording. */

#include "suites_proof.h"

#include "trie/account.h"
#include "trie/trie.h"

#include <stdlib.h>

static ol_slice label_of(const char *text) {
  return ol_slice_of(text, strlen(text));
}

/* {block}: re-hashes, from JSON and from its own RLP, to the hash recorded; {rlp}: is that RLP. */
static bool read_header(vector_file *file, ol_header *header, ol_hash *hash) {
  ol_error error;
  ol_json block, member;
  ol_header again;
  uint8_t rlp[2048];
  size_t len = 0;
  ol_error_clear(&error);
  bool good =
      ol_json_find(&block, file->root, "block") && ol_header_from_json(&error, header, hash, block) == OL_OK;
  vector_count(file->tally, good, label_of("header"), error.reason);
  if (!good) return false;
  good = ol_header_encode(&error, rlp, sizeof rlp, &len, header) == OL_OK &&
         ol_header_decode(&error, &again, rlp, len) == OL_OK && memcmp(&again, header, sizeof again) == 0;
  if (good && ol_json_find(&member, file->root, "rlp"))
    good = vector_same(vector_bytes(file, file->root, "rlp"), ol_slice_of(rlp, len));
  vector_count(file->tally, good, label_of("header"), "does not encode to the same RLP");
  return good;
}

static ol_json_items storage_proofs(vector_file *file, ol_json proof) {
  return vector_items(file, proof, "storageProof");
}

/* One result of eth_getProof, with all the slots that it is about; its code, where it was recorded, too. */
static void check_proof(vector_file *file, ol_json proof, const ol_hash *state_root) {
  ol_error error;
  ol_json code, element;
  ol_account account;
  ol_slot slots[32];
  size_t count = 0;
  ol_address address = {{0}};
  ol_arena arena = file->arena;
  ol_slice name = vector_text(file, proof, "address");
  ol_slice bytes = vector_bytes(file, proof, "address");
  if (bytes.len == sizeof address) memcpy(address.bytes, bytes.data, bytes.len);
  ol_json_items items = storage_proofs(file, proof);
  while (count < 32 && ol_json_next(&element, NULL, &items)) {
    ol_json key;
    if (!ol_json_find(&key, element, "key") || ol_json_hex_u256(&error, &slots[count++].key, key) != OL_OK)
      vector_count(file->tally, false, name, "has a storage proof without a key");
  }
  ol_status status =
      ol_account_verify_json(&error, &account, slots, count, &arena, state_root, &address, proof);
  vector_count(file->tally, status == OL_OK && account.exists == 1, name, error.reason);
  for (size_t i = 0; i < count; i++) vector_count(file->tally, status == OL_OK, name, "storage");
  if (status == OL_OK && ol_json_find(&code, proof, "code")) {
    ol_hash hash;
    bytes = vector_bytes(file, proof, "code");
    ol_keccak256(&hash, bytes.data, bytes.len);
    vector_count(file->tally, ol_hash_equal(&hash, &account.code_hash), name, "has other code");
  }
}

void check_proofs(vector_file *file, ol_json payload, const ol_hash *state_root) {
  ol_json proof;
  ol_json_items proofs = vector_items(file, payload, "proofs");
  while (ol_json_next(&proof, NULL, &proofs)) check_proof(file, proof, state_root);
}

/* {block, rlp?, proofs: [eth_getProof results, each with code?]} */
void run_header_and_proofs(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_header header;
  ol_hash hash;
  if (!vector_open(&file, tally, json, len)) return;
  if (read_header(&file, &header, &hash)) check_proofs(&file, file.root, &header.state_root);
  vector_close(&file);
}

/* The nodes of one proof; the tail of a leaf can be a long transaction, so both parts are kept in memory. */
typedef struct collected {
  uint8_t *nodes[16];
  ol_slice slices[16]; /* the root first */
  size_t count;
} collected;

static void collect(void *context, ol_slice head, ol_slice tail) {
  collected *to = context;
  uint8_t *bytes = malloc(head.len + tail.len);
  memcpy(bytes, head.data, head.len);
  if (tail.len > 0) memcpy(bytes + head.len, tail.data, tail.len);
  memmove(to->slices + 1, to->slices, to->count * sizeof *to->slices);
  to->slices[0] = ol_slice_of(bytes, head.len + tail.len);
  to->nodes[to->count++] = bytes;
}

static const char *check_item(const ol_slice *items, size_t count, size_t index, const ol_hash *expected) {
  ol_error error;
  ol_hash root;
  ol_slice value = {NULL, 0};
  collected proof = {.count = 0};
  const ol_trie_sink sink = {.node = collect, .context = &proof, .index = index};
  ol_trie_list_root(&root, items, count, &sink);
  const char *why = NULL;
  if (!ol_hash_equal(&root, expected))
    why = "has another root";
  else if (ol_trie_list_prove(&error, &value, expected, index, proof.slices, proof.count) != OL_OK)
    why = error.reason;
  else if (!vector_same(value, items[index]))
    why = "proves another item";
  else if (ol_trie_list_prove(&error, &value, expected, index + 1, proof.slices, proof.count) == OL_OK &&
           value.data != NULL)
    why = "proves an item for another index";
  for (size_t i = 0; i < proof.count; i++) free(proof.nodes[i]);
  return why;
}

/* {lists: [{name, root, items: [hex]}]}: the root of each list, and the proof of the first, the last and others. */
void run_lists(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_json list, item;
  if (!vector_open(&file, tally, json, len)) return;
  ol_json_items lists = vector_items(&file, file.root, "lists");
  while (ol_json_next(&list, NULL, &lists)) {
    ol_slice name = vector_text(&file, list, "name"), bytes = vector_bytes(&file, list, "root");
    ol_json_items elements = vector_items(&file, list, "items");
    size_t count = elements.left, at = 0;
    ol_slice *items = calloc(count + 1, sizeof *items);
    while (ol_json_next(&item, NULL, &elements)) items[at++] = vector_bytes_of(&file, item);
    ol_hash expected = {{0}}, root;
    if (bytes.len == sizeof expected) memcpy(expected.bytes, bytes.data, bytes.len);
    ol_trie_list_root(&root, items, count, NULL);
    vector_count(tally, ol_hash_equal(&root, &expected), name, "has another root");
    for (size_t i = 0; i < count; i += i + 1 < count && i + 61 >= count ? count - 1 - i : 61) {
      const char *why = check_item(items, count, i, &expected);
      vector_count(tally, why == NULL, name, why != NULL ? why : "");
    }
    free(items);
  }
  vector_close(&file);
}

static ol_hash root_of_list(vector_file *file, ol_json payload, const char *name) {
  ol_json item;
  ol_json_items elements = vector_items(file, payload, name);
  size_t count = elements.left, at = 0;
  ol_slice *items = calloc(count + 1, sizeof *items);
  while (ol_json_next(&item, NULL, &elements)) items[at++] = vector_bytes_of(file, item);
  ol_hash root;
  ol_trie_list_root(&root, items, count, NULL);
  free(items);
  return root;
}

bool read_payload(vector_file *file, ol_json payload, ol_header *header, ol_hash *hash) {
  ol_error error;
  ol_slice rlp = vector_bytes(file, payload, "header"), expected = vector_bytes(file, payload, "hash");
  bool good = ol_header_decode(&error, header, rlp.data, rlp.len) == OL_OK;
  vector_count(file->tally, good, label_of("header"), error.reason);
  if (!good) return false;
  header->transactions_root = root_of_list(file, payload, "transactions");
  header->withdrawals_root = root_of_list(file, payload, "withdrawals");
  ol_header_hash(hash, header);
  vector_count(file->tally, vector_same(expected, ol_slice_of(hash->bytes, sizeof hash->bytes)),
               label_of("payload"), "has another block hash");
  return true;
}

void run_payload(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_header header;
  ol_hash hash;
  if (!vector_open(&file, tally, json, len)) return;
  if (read_payload(&file, file.root, &header, &hash)) check_proofs(&file, file.root, &header.state_root);
  vector_close(&file);
}
