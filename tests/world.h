/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_WORLD_H
#define OL_TESTS_WORLD_H

/*
 * A small chain to be asked about: a state of a few accounts, one of them with code and storage, blocks on top
 * of it, and the JSON-RPC answers that an honest endpoint would give. Lies are made by changing an answer.
 */

#include "base/arena.h"
#include "base/base.h"
#include "encoding/jsonrpc.h"
#include "encoding/rlp.h"
#include "openledger/client.h"
#include "openledger/header.h"
#include "trie/account.h"
#include "trie/trie.h"

#include <stdlib.h>

#define WORLD_ACCOUNTS 24
#define WORLD_SLOTS 20
#ifndef WORLD_ENTRIES
#define WORLD_ENTRIES 64 /* of one trie, at most */
#endif
#define WORLD_CHAIN_ID 1612u

/* Entries of a secure trie, sorted. */
typedef struct world_trie {
  ol_trie_entry entries[WORLD_ENTRIES];
  uint8_t values[WORLD_ENTRIES][128];
  size_t count;
  ol_hash root;
} world_trie;

typedef struct world_chain {
  world_trie storage; /* of the contract */
  world_trie state;
  ol_address contract; /* account 0 */
  uint8_t code[100];
} world_chain;

/* The nodes of one proof, the root first. */
typedef struct world_proof {
  uint8_t bytes[16][1024];
  ol_slice nodes[16];
  size_t count;
} world_proof;

static inline ol_address world_address(uint8_t index) {
  ol_address address;
  for (size_t i = 0; i < sizeof address.bytes; i++) address.bytes[i] = (uint8_t)(17 * index + i);
  return address;
}

static inline ol_u256 world_word(uint64_t value) {
  ol_u256 word = {{0}};
  ol_store_be64(word.bytes + 24, value);
  return word;
}

static inline void world_insert(world_trie *trie, const uint8_t *key, size_t key_len, const uint8_t *value,
                                size_t len) {
  if (trie->count == WORLD_ENTRIES) abort();
  uint8_t *copy = trie->values[trie->count];
  memcpy(copy, value, len);
  ol_hash hash;
  ol_keccak256(&hash, key, key_len);
  size_t at = trie->count++;
  for (; at > 0 && memcmp(trie->entries[at - 1].key, hash.bytes, sizeof hash) > 0; at--)
    trie->entries[at] = trie->entries[at - 1];
  memcpy(trie->entries[at].key, hash.bytes, sizeof hash);
  trie->entries[at].key_len = sizeof hash;
  trie->entries[at].value = ol_slice_of(copy, len);
}

static inline void world_entry(const void *context, ol_trie_entry *out, size_t index) {
  *out = ((const world_trie *)context)->entries[index];
}

static inline void world_collect(void *context, ol_slice head, ol_slice tail) {
  world_proof *to = (world_proof *)context;
  uint8_t *bytes = to->bytes[to->count];
  memcpy(bytes, head.data, head.len);
  if (tail.len > 0) memcpy(bytes + head.len, tail.data, tail.len);
  memmove(to->nodes + 1, to->nodes, to->count++ * sizeof *to->nodes);
  to->nodes[0] = ol_slice_of(bytes, head.len + tail.len);
}

static inline void world_seal(world_trie *trie) {
  const ol_trie_source source = {.entry = world_entry, .context = trie, .count = trie->count};
  ol_error error;
  if (ol_trie_root(&error, &trie->root, &source, NULL) != OL_OK) abort();
}

static inline size_t world_nearest(const world_trie *trie, const uint8_t key[32]) {
  size_t nearest = 0, most = 0;
  for (size_t i = 0; i < trie->count; i++) {
    size_t shared = 0;
    while (shared < 64 &&
           ((trie->entries[i].key[shared / 2] ^ key[shared / 2]) >> (shared % 2 ? 0 : 4) & 15) == 0)
      shared++;
    if (shared < most) continue;
    nearest = i;
    most = shared;
  }
  return nearest;
}

/* Makes the proof of a key, there or not: an absent one shares its first nodes with some other key's. */
static inline void world_prove(world_proof *out, const world_trie *trie, const uint8_t *key, size_t key_len) {
  const ol_trie_source source = {.entry = world_entry, .context = trie, .count = trie->count};
  ol_error error;
  ol_hash hash, root;
  ol_slice value;
  ol_keccak256(&hash, key, key_len);
  out->count = 0;
  if (trie->count == 0) return;
  const ol_trie_sink sink = {.node = world_collect, .context = out, .index = world_nearest(trie, hash.bytes)};
  if (ol_trie_root(&error, &root, &source, &sink) != OL_OK) abort();
  for (size_t all = out->count, count = 1; count <= all; count++) {
    out->count = count;
    if (ol_trie_prove(&error, &value, &root, hash.bytes, sizeof hash, out->nodes, count) == OL_OK) return;
  }
  abort();
}

static inline void world_put_account(world_trie *state, const ol_address *address, uint64_t nonce,
                                     uint64_t balance, const ol_hash *storage_root,
                                     const ol_hash *code_hash) {
  uint8_t payload[128], rlp[128];
  ol_rlp_writer fields = {.out = payload, .len = sizeof payload}, to = {.out = rlp, .len = sizeof rlp};
  ol_rlp_put_u64(&fields, nonce);
  ol_rlp_put_u64(&fields, balance);
  ol_rlp_put_string(&fields, storage_root->bytes, sizeof *storage_root);
  ol_rlp_put_string(&fields, code_hash->bytes, sizeof *code_hash);
  ol_rlp_put_list(&to, fields.used);
  ol_rlp_put_raw(&to, payload, fields.used);
  world_insert(state, address->bytes, sizeof address->bytes, rlp, to.used);
}

static inline void world_put_slot(world_trie *storage, const ol_u256 *slot, const ol_u256 *value) {
  uint8_t rlp[33];
  ol_rlp_writer to = {.out = rlp, .len = sizeof rlp};
  size_t zeros = 0;
  while (zeros < sizeof *value && value->bytes[zeros] == 0) zeros++;
  ol_rlp_put_string(&to, value->bytes + zeros, sizeof *value - zeros);
  world_insert(storage, slot->bytes, sizeof *slot, rlp, to.used);
}

/* Puts what the contract stores, instead of numbers; to be set before the world is made. */
static void (*world_store)(world_chain *world);

/* Account i has nonce i and 10^18 * i wei; account 0 is a contract whose slot k holds 1000 + k, from 1 on. */
static inline void world_make(world_chain *world) {
  memset(world, 0, sizeof *world);
  for (size_t i = 0; i < sizeof world->code; i++) world->code[i] = (uint8_t)(i * 7);
  world->contract = world_address(0);
  for (uint64_t k = 1; k <= WORLD_SLOTS && world_store == NULL; k++) {
    const ol_u256 slot = world_word(k), value = world_word(1000 + k);
    world_put_slot(&world->storage, &slot, &value);
  }
  if (world_store != NULL) world_store(world);
  world_seal(&world->storage);
  ol_hash code_hash;
  ol_keccak256(&code_hash, world->code, sizeof world->code);
  world_put_account(&world->state, &world->contract, 1, 0, &world->storage.root, &code_hash);
  for (uint8_t i = 1; i < WORLD_ACCOUNTS; i++) {
    const ol_address address = world_address(i);
    world_put_account(&world->state, &address, i, i * UINT64_C(1000000000000000000) / 2, &ol_trie_empty_root,
                      &ol_empty_code_hash);
  }
  world_seal(&world->state);
}

/* Block `number`: of Isthmus form, two seconds after the one before; `fork` makes another one. */
static inline ol_header world_block(const world_chain *world, uint64_t number, uint8_t fork) {
  ol_header header;
  memset(&header, 0, sizeof header);
  memset(header.parent_hash.bytes, fork, sizeof header.parent_hash);
  header.state_root = world->state.root;
  header.transactions_root = header.receipts_root = ol_trie_empty_root;
  header.withdrawals_root = world->storage.root;
  header.number = number;
  header.gas_limit = 60000000;
  header.timestamp = 1700000000 + 2 * number;
  memcpy(header.extra_data, "\0\0\0\0\xfa\0\0\0\x06", 9);
  header.extra_data_len = 9;
  header.base_fee = world_word(1000000);
  header.field_count = 21;
  return header;
}

static inline void world_write_u256(ol_json_writer *to, const char *name, const ol_u256 *value) {
  ol_json_write_quantity(to, name, value);
}

#define WORLD_HEX(to, name, value) ol_json_write_hex(to, name, (value).bytes, sizeof(value).bytes)

/* Writes a block as eth_getBlockByNumber returns it, up to its transactions, which the caller writes. */
static inline void world_open_block(ol_json_writer *to, const char *name, const ol_header *header) {
  ol_hash hash;
  ol_header_hash(&hash, header);
  ol_json_write_object(to, name);
  WORLD_HEX(to, "hash", hash);
  WORLD_HEX(to, "parentHash", header->parent_hash);
  WORLD_HEX(to, "sha3Uncles", header->ommers_hash);
  WORLD_HEX(to, "miner", header->coinbase);
  WORLD_HEX(to, "stateRoot", header->state_root);
  WORLD_HEX(to, "transactionsRoot", header->transactions_root);
  WORLD_HEX(to, "receiptsRoot", header->receipts_root);
  ol_json_write_hex(to, "logsBloom", header->logs_bloom, sizeof header->logs_bloom);
  world_write_u256(to, "difficulty", &header->difficulty);
  ol_json_write_quantity_u64(to, "number", header->number);
  ol_json_write_quantity_u64(to, "gasLimit", header->gas_limit);
  ol_json_write_quantity_u64(to, "gasUsed", header->gas_used);
  ol_json_write_quantity_u64(to, "timestamp", header->timestamp);
  ol_json_write_hex(to, "extraData", header->extra_data, header->extra_data_len);
  WORLD_HEX(to, "mixHash", header->mix_hash);
  ol_json_write_hex(to, "nonce", header->nonce, sizeof header->nonce);
  world_write_u256(to, "baseFeePerGas", &header->base_fee);
  WORLD_HEX(to, "withdrawalsRoot", header->withdrawals_root);
  ol_json_write_quantity_u64(to, "blobGasUsed", header->blob_gas_used);
  ol_json_write_quantity_u64(to, "excessBlobGas", header->excess_blob_gas);
  WORLD_HEX(to, "parentBeaconBlockRoot", header->parent_beacon_root);
  WORLD_HEX(to, "requestsHash", header->requests_hash);
}

static inline void world_write_block(ol_json_writer *to, const char *name, const ol_header *header) {
  world_open_block(to, name, header);
  ol_json_write_array(to, "transactions");
  ol_json_write_close(to);
  ol_json_write_close(to);
}

static inline void world_write_nodes(ol_json_writer *to, const char *name, const world_proof *proof) {
  ol_json_write_array(to, name);
  for (size_t i = 0; i < proof->count; i++)
    ol_json_write_hex(to, NULL, proof->nodes[i].data, proof->nodes[i].len);
  ol_json_write_close(to);
}

/* Writes what eth_getProof returns. In: the state, and the storage that some account of it has. */
static inline void world_write_tries(ol_json_writer *to, const char *name, const world_trie *state,
                                     const world_trie *storage, const ol_address *address,
                                     const ol_u256 *slots, size_t slot_count) {
  static world_proof proof;
  ol_error error;
  ol_account account;
  world_prove(&proof, state, address->bytes, sizeof address->bytes);
  if (ol_account_verify(&error, &account, &state->root, address, proof.nodes, proof.count) != OL_OK) abort();
  ol_json_write_object(to, name);
  ol_json_write_hex(to, "address", address->bytes, sizeof address->bytes);
  world_write_nodes(to, "accountProof", &proof);
  world_write_u256(to, "balance", &account.balance);
  ol_json_write_quantity_u64(to, "nonce", account.nonce);
  WORLD_HEX(to, "codeHash", account.code_hash);
  WORLD_HEX(to, "storageHash", account.storage_root);
  ol_json_write_array(to, "storageProof");
  for (size_t i = 0; i < slot_count; i++) {
    ol_u256 value = {{0}};
    proof.count = 0;
    if (ol_hash_equal(&account.storage_root, &storage->root)) {
      world_prove(&proof, storage, slots[i].bytes, sizeof slots[i]);
      if (ol_storage_verify(&error, &value, &account.storage_root, &slots[i], proof.nodes, proof.count) !=
          OL_OK)
        abort();
    }
    ol_json_write_object(to, NULL);
    world_write_u256(to, "key", &slots[i]);
    world_write_u256(to, "value", &value);
    world_write_nodes(to, "proof", &proof);
    ol_json_write_close(to);
  }
  ol_json_write_close(to);
  ol_json_write_close(to);
}

static inline void world_write_proof(ol_json_writer *to, const char *name, const world_chain *world,
                                     const ol_address *address, const ol_u256 *slots, size_t slot_count) {
  world_write_tries(to, name, &world->state, &world->storage, address, slots, slot_count);
}

/* An endpoint: its head, the fork that it is on, and the chain that it says it serves. */
typedef struct world_endpoint {
  uint64_t head;
  uint8_t fork;
  uint64_t chain_id;
} world_endpoint;

/* Reads block parameter `value`: a tag, a number or a hash. */
static inline ol_header world_find_block(const world_chain *world, const world_endpoint *endpoint,
                                         ol_json value) {
  ol_error error;
  uint64_t number = endpoint->head;
  if (ol_json_hex_u64(&error, &number, value) != OL_OK) number = endpoint->head; /* a tag, or a hash */
  return world_block(world, number, endpoint->fork);
}

static inline bool world_is_method(ol_slice method, const char *name) {
  return method.len == strlen(name) && memcmp(method.data, name, method.len) == 0;
}

/* Answers a request as an honest endpoint. Out: JSON text in the arena; a block beyond the head is null. */
static inline ol_slice world_answer(const world_chain *world, const world_endpoint *endpoint, ol_arena *arena,
                                    ol_slice request) {
  ol_error error;
  ol_json root, member, params, parameter[3];
  ol_json_items items, keys;
  ol_slice method, text = {NULL, 0};
  uint64_t id = 0;
  size_t count = 0;
  if (ol_json_read(&error, &root, arena, request.data, request.len) != OL_OK ||
      !ol_json_find(&member, root, "method") || ol_json_string(&error, &method, member) != OL_OK ||
      !ol_json_find(&member, root, "id") || ol_json_u64(&error, &id, member) != OL_OK ||
      !ol_json_find(&params, root, "params") || ol_json_array(&error, &items, params) != OL_OK)
    abort();
  while (count < 3 && ol_json_next(&parameter[count], NULL, &items)) count++;
  ol_json_writer to;
  ol_json_write_begin(&to, arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_text(&to, "jsonrpc", "2.0");
  ol_json_write_u64(&to, "id", id);
  if (world_is_method(method, "eth_chainId")) {
    ol_json_write_quantity_u64(&to, "result", endpoint->chain_id);
  } else if (world_is_method(method, "eth_getBlockByNumber") ||
             world_is_method(method, "eth_getBlockByHash")) {
    ol_header header = world_find_block(world, endpoint, parameter[0]);
    if (header.number <= endpoint->head) world_write_block(&to, "result", &header);
  } else if (world_is_method(method, "eth_getCode")) {
    ol_address address;
    if (ol_json_hex_fixed(&error, address.bytes, sizeof address, parameter[0]) != OL_OK) abort();
    bool contract = memcmp(address.bytes, world->contract.bytes, sizeof address) == 0;
    ol_json_write_hex(&to, "result", world->code, contract ? sizeof world->code : 0);
  } else {
    ol_address address;
    ol_u256 slots[OL_MAX_SLOTS];
    size_t slot_count = 0;
    ol_json key;
    if (ol_json_hex_fixed(&error, address.bytes, sizeof address, parameter[0]) != OL_OK ||
        ol_json_array(&error, &keys, parameter[1]) != OL_OK)
      abort();
    while (ol_json_next(&key, NULL, &keys)) {
      if (ol_json_hex_u256(&error, &slots[slot_count++], key) != OL_OK) abort();
    }
    world_write_proof(&to, "result", world, &address, slots, slot_count);
  }
  ol_json_write_close(&to);
  if (ol_json_write_end(&error, &text, &to) != OL_OK) abort();
  return text;
}

#endif
