/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_FUZZ_WORLD_H
#define OL_TESTS_FUZZ_WORLD_H

/* A small chain of one block, made of a few bytes: its accounts, its header, and a server that answers for it. */

#include "encoding/jsonrpc.h"
#include "encoding/rlp.h"
#include "fuzz/blocks.h"
#include "fuzz/fuzz.h"
#include "openledger/client.h"
#include "openledger/text.h"
#include "trie/account.h"
#include "trie/trie.h"

#define WORLD_SLOTS 4
#define WORLD_OTHERS 8
#define WORLD_TIME 1700000000u

typedef struct world {
  uint64_t chain_id;
  ol_header header;
  ol_hash hash;
  ol_account account; /* of the address asked about */
  ol_u256 values[WORLD_SLOTS];
  fuzz_proof account_proof;
  fuzz_proof slot_proofs[WORLD_SLOTS];
  uint8_t code[40];
  size_t code_len;
} world;

typedef struct world_trie {
  ol_trie_entry entries[WORLD_OTHERS + 1];
  uint8_t values[WORLD_OTHERS + 1][128];
  size_t count;
} world_trie;

static inline int world_order(const void *a, const void *b) {
  return memcmp(((const ol_trie_entry *)a)->key, ((const ol_trie_entry *)b)->key, sizeof(ol_hash));
}

static inline void world_entry(const void *context, ol_trie_entry *out, size_t index) {
  *out = ((const world_trie *)context)->entries[index];
}

/* Adds an entry under the hash of its name. */
static inline ol_rlp_writer *world_put(world_trie *trie, ol_rlp_writer *to, ol_slice name) {
  ol_hash key;
  ol_keccak256(&key, name.data, name.len);
  memcpy(trie->entries[trie->count].key, key.bytes, sizeof key.bytes);
  trie->entries[trie->count].key_len = sizeof key.bytes;
  *to = (ol_rlp_writer){.out = trie->values[trie->count], .len = sizeof trie->values[0]};
  return to;
}

static inline void world_end(world_trie *trie, const ol_rlp_writer *to) {
  trie->entries[trie->count].value = ol_slice_of(to->out, to->used);
  trie->count++;
}

static inline size_t world_shared(const uint8_t *a, const uint8_t *b) {
  size_t count = 0;
  while (count < sizeof(ol_hash) && a[count] == b[count]) count++;
  bool high = count < sizeof(ol_hash) && a[count] >> 4 == b[count] >> 4;
  return 2 * count + high;
}

/* Proves a name, or its absence: by the nodes on the way to the entry that is nearest to it. */
static inline void world_prove(fuzz_proof *out, ol_hash *root, world_trie *trie, ol_slice name) {
  ol_error error;
  ol_hash key;
  ol_slice value;
  size_t nearest = 0, shared = 0;
  ol_keccak256(&key, name.data, name.len);
  qsort(trie->entries, trie->count, sizeof trie->entries[0], world_order);
  for (size_t i = 0; i < trie->count; i++) {
    size_t nibbles = world_shared(trie->entries[i].key, key.bytes);
    if (nibbles >= shared) nearest = i;
    if (nibbles >= shared) shared = nibbles;
  }
  const ol_trie_source source = {.entry = world_entry, .context = trie, .count = trie->count};
  const ol_trie_sink sink = {.node = fuzz_take_node, .context = out, .index = nearest};
  out->count = 0;
  FUZZ_REQUIRE(ol_trie_root(&error, root, &source, &sink) == OL_OK);
  size_t count = trie->count == 0 ? 0 : 1;
  while (ol_trie_prove(&error, &value, root, key.bytes, sizeof key.bytes, out->nodes, count) != OL_OK)
    FUZZ_REQUIRE(++count <= out->count);
  while (out->count > count) free((void *)(uintptr_t)out->nodes[--out->count].data);
}

static inline ol_u256 world_key(size_t slot) {
  ol_u256 key = {{0}};
  key.bytes[31] = (uint8_t)slot;
  return key;
}

static inline void world_storage(world *out, uint8_t filled, uint8_t seed) {
  static world_trie trie;
  trie.count = 0;
  ol_rlp_writer to;
  for (size_t i = 0; i < WORLD_SLOTS; i++) {
    ol_u256 key = world_key(i);
    memset(&out->values[i], 0, sizeof out->values[i]);
    if (!(filled & 1u << i)) continue;
    memset(out->values[i].bytes + i, seed | 1, sizeof out->values[i].bytes - i);
    ol_rlp_put_u256(world_put(&trie, &to, ol_slice_of(key.bytes, sizeof key.bytes)), &out->values[i]);
    world_end(&trie, &to);
  }
  for (size_t i = 0; i < WORLD_SLOTS; i++) {
    ol_u256 key = world_key(i);
    world_prove(&out->slot_proofs[i], &out->account.storage_root, &trie,
                ol_slice_of(key.bytes, sizeof key.bytes));
  }
}

static inline void world_put_account(ol_rlp_writer *to, const ol_account *account) {
  ol_rlp_writer count = {0}, *const writers[] = {&count, to};
  for (size_t i = 0; i < 2; i++) {
    if (i == 1) ol_rlp_put_list(to, count.used);
    ol_rlp_put_u64(writers[i], account->nonce);
    ol_rlp_put_u256(writers[i], &account->balance);
    ol_rlp_put_string(writers[i], account->storage_root.bytes, sizeof account->storage_root.bytes);
    ol_rlp_put_string(writers[i], account->code_hash.bytes, sizeof account->code_hash.bytes);
  }
}

/* In: five bytes: accounts, what the account has, its balance and nonce, its slots, the header. */
static inline void world_make(world *out, const ol_address *address, const uint8_t bytes[5]) {
  static world_trie trie;
  ol_rlp_writer to;
  const ol_account nothing = {.storage_root = ol_trie_empty_root, .code_hash = ol_empty_code_hash};
  memset(out, 0, sizeof *out);
  out->chain_id = 1612;
  out->account = nothing;
  trie.count = 0;
  if (bytes[1] & 1) {
    out->account.exists = 1;
    out->account.nonce = bytes[2] >> 4;
    out->account.balance.bytes[31 - bytes[2] % 16] = bytes[2];
    out->code_len = (bytes[1] >> 1) % sizeof out->code;
    memset(out->code, bytes[2], sizeof out->code);
    ol_keccak256(&out->account.code_hash, out->code, out->code_len);
  }
  world_storage(out, out->account.exists ? bytes[3] : 0, bytes[2]);
  if (out->account.exists) {
    world_put_account(world_put(&trie, &to, ol_slice_of(address->bytes, sizeof address->bytes)),
                      &out->account);
    world_end(&trie, &to);
  }
  for (uint8_t i = 0; i < bytes[0] % (WORLD_OTHERS + 1); i++) {
    world_put_account(world_put(&trie, &to, ol_slice_of(&i, 1)), &nothing);
    world_end(&trie, &to);
  }
  world_prove(&out->account_proof, &out->header.state_root, &trie,
              ol_slice_of(address->bytes, sizeof address->bytes));
  out->header.field_count = 15 + bytes[4] % 9;
  if (out->header.field_count > 15) out->header.base_fee.bytes[31] = bytes[4];
  out->header.number = 1000 + (bytes[4] >> 6);
  out->header.timestamp = WORLD_TIME - bytes[4] / 8;
  out->header.gas_limit = 30000000;
  out->header.extra_data_len = bytes[4] % 33;
  memset(out->header.extra_data, bytes[4], out->header.extra_data_len);
  ol_header_hash(&out->hash, &out->header);
}

static inline void world_free(world *of) {
  fuzz_free_proof(&of->account_proof);
  for (size_t i = 0; i < WORLD_SLOTS; i++) fuzz_free_proof(&of->slot_proofs[i]);
}

static inline void world_write_nodes(ol_json_writer *to, const char *name, const fuzz_proof *proof) {
  ol_json_write_array(to, name);
  for (size_t i = 0; i < proof->count; i++)
    ol_json_write_hex(to, NULL, proof->nodes[i].data, proof->nodes[i].len);
  ol_json_write_close(to);
}

/* In: the keys asked; the world has slots 0 to 3. */
static inline void world_write_proof(ol_json_writer *to, const world *of, const ol_address *address,
                                     size_t slots) {
  const ol_account *account = &of->account;
  ol_json_write_object(to, "result");
  ol_json_write_hex(to, "address", address->bytes, sizeof address->bytes);
  ol_json_write_quantity(to, "balance", &account->balance);
  ol_json_write_quantity_u64(to, "nonce", account->nonce);
  ol_json_write_hex(to, "storageHash", account->storage_root.bytes, sizeof account->storage_root.bytes);
  ol_json_write_hex(to, "codeHash", account->code_hash.bytes, sizeof account->code_hash.bytes);
  world_write_nodes(to, "accountProof", &of->account_proof);
  ol_json_write_array(to, "storageProof");
  for (size_t i = 0; i < slots; i++) {
    ol_u256 key = world_key(i);
    ol_json_write_object(to, NULL);
    ol_json_write_quantity(to, "key", &key);
    ol_json_write_quantity(to, "value", &of->values[i]);
    world_write_nodes(to, "proof", &of->slot_proofs[i]);
    ol_json_write_close(to);
  }
  ol_json_write_close(to);
  ol_json_write_close(to);
}

#endif
