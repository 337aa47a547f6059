/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_CLIENT_ANCHORED_H
#define OL_TESTS_UNIT_CLIENT_ANCHORED_H

/* An L1 with the contracts of a rollup, which say that block L2_BLOCK of world.h is proposed and final. */

#include "rollup/anchor.h"
#include "rollup/system_config.h"

#include "encoding/abi.h"
#include "openledger/client.h"
#include "trie/account.h"
#include "unit/bytes.h"
#include "world.h"

#define L1_TIME 1700000000u
#define CREATED (L1_TIME - 800000u)
#define RESOLVED (L1_TIME - 400000u)
#define DELAY 302400u
#define L2_BLOCK 1000u
#define GAME_INDEX 7u

enum {
  FACTORY,
  PORTAL,
  GAME,
  ORACLE,
  REGISTRY,
  IMPLEMENTATIONS,
  IMPOSTOR = 2 * IMPLEMENTATIONS, /* a game of another factory */
  SYSTEM_CONFIG,
  SYSTEM_CONFIG_CODE, /* its implementation */
  CONTRACTS
};

/* An account of L1: what its slots hold, and its code. */
typedef struct contract {
  ol_address address;
  world_trie storage;
  uint8_t code[256];
  size_t code_len;
  ol_hash code_hash;
} contract;

static ol_error error;
static world_chain earth;
static contract contracts[CONTRACTS];
static world_trie state;
static ol_output_claim claim;
static ol_rollup rollup;
static ol_sync_status l1;
static uint8_t arena_memory[1 << 20];
static bool header_has_root; /* whether the message passer's root is in L2's header, as from Isthmus on */
static const ol_address *hinted_registry; /* that hints name */
static const char
    *hint_at; /* the block of L1 at which a hint is asked for; NULL for the one that is proven */

/* --- The world --- */

static inline ol_address address_of(uint8_t index) {
  ol_address address;
  memset(address.bytes, 0xa0 + index, sizeof address.bytes);
  return address;
}

static inline void put_slot(uint32_t index, const ol_u256 *slot, const ol_u256 *value) {
  uint8_t rlp[40];
  ol_rlp_writer to = {.out = rlp, .len = sizeof rlp};
  size_t zeros = 0;
  while (zeros < 32 && value->bytes[zeros] == 0) zeros++;
  if (zeros == 32) return;
  ol_rlp_put_string(&to, value->bytes + zeros, 32 - zeros);
  world_insert(&contracts[index].storage, slot->bytes, sizeof *slot, rlp, to.used);
}

static inline ol_u256 word_of_hash(const ol_hash *hash) {
  ol_u256 word;
  memcpy(word.bytes, hash->bytes, sizeof word.bytes);
  return word;
}

/* A clone as the factory makes it: code, the implementation, and creator, root, L1 head, L2 block and length. */
static inline void put_game_code(contract *game, const ol_address *implementation) {
  static const char head[] = "36602c57343d527f9e4ac34f21c619cefc926c8bd93b54bf5a39c7ab2127a895af1cc0691d7e3df"
                             "f593da1005b363d3d373d3d3d3d"
                             "610076806062363936013d73";
  const ol_u256 number = ol_abi_u64(claim.l2_block);
  uint8_t *to = game->code;
  from_hex(to, 65, head);
  memcpy(to + 65, implementation->bytes, 20);
  from_hex(to + 85, 13, "5af43d3d93803e606057fd5bf3");
  memset(to + 98, 0x11, 20);
  memcpy(to + 118, claim.root.bytes, 32);
  memset(to + 150, 0x22, 32);
  memcpy(to + 182, number.bytes, 32);
  from_hex(to + 214, 2, "0076");
  game->code_len = 216;
}

static inline void put_game(void) {
  ol_game_slots slots;
  ol_u256 listed, id = {{0}}, respected = {{0}}, status = {{0}};
  ol_game_slots_of(&slots, &claim);
  ol_game_list_slot_of(&listed, GAME_INDEX);
  memcpy(id.bytes + 12, contracts[GAME].address.bytes, 20);
  ol_store_be64(id.bytes + 4, CREATED);
  ol_store_be64(respected.bytes + 20, CREATED);
  ol_store_be64(status.bytes + 24, CREATED);
  ol_store_be64(status.bytes + 16, RESOLVED);
  status.bytes[15] = 2;
  put_slot(FACTORY, &slots.game, &id);
  put_slot(FACTORY, &listed, &id);
  put_slot(PORTAL, &slots.respected, &respected);
  put_slot(GAME, &slots.status, &status);
}

/* The same game, where a registry judges it. */
static inline void put_registry(void) {
  ol_registry_slots slots;
  ol_u256 retired = {{0}}, yes = ol_abi_u64(1);
  const ol_u256 registry = ol_abi_address(&contracts[REGISTRY].address);
  const ol_u256 factory = ol_abi_address(&contracts[FACTORY].address);
  ol_registry_slots_of(&slots, &contracts[GAME].address);
  ol_store_be64(retired.bytes + 20, CREATED - 1);
  put_slot(PORTAL, &slots.registry, &registry);
  put_slot(REGISTRY, &slots.factory, &factory);
  put_slot(REGISTRY, &slots.retirement, &retired);
  put_slot(GAME, &slots.respected, &yes);
}

static inline void put_output(void) {
  ol_u256 root, place, length = ol_abi_u64(3), period = ol_abi_u64(604800), at = ol_abi_u64(CREATED);
  const ol_u256 root_value = word_of_hash(&claim.root);
  ol_oracle_slots_of(&root, &place, 2);
  ol_store_be64(at.bytes + 8, claim.l2_block);
  put_slot(ORACLE, &ol_oracle_slot_length, &length);
  put_slot(ORACLE, &root, &root_value);
  put_slot(ORACLE, &place, &at);
  put_slot(ORACLE, &ol_oracle_slot_finalization_period, &period);
}

/* A node of L1's state: an account with a storage trie and code. */
static inline void put_contract(contract *of) {
  uint8_t payload[128], rlp[128];
  world_seal(&of->storage);
  ol_keccak256(&of->code_hash, of->code, of->code_len);
  ol_rlp_writer fields = {.out = payload, .len = sizeof payload}, to = {.out = rlp, .len = sizeof rlp};
  ol_rlp_put_u64(&fields, 1);
  ol_rlp_put_u64(&fields, 0);
  ol_rlp_put_string(&fields, of->storage.root.bytes, 32);
  ol_rlp_put_string(&fields, of->code_hash.bytes, 32);
  ol_rlp_put_list(&to, fields.used);
  ol_rlp_put_raw(&to, payload, fields.used);
  world_insert(&state, of->address.bytes, sizeof of->address, rlp, to.used);
}

/* In: whose code SystemConfig runs, and who signs unsafe blocks. */
static inline void put_system_config(const ol_u256 *implementation, const ol_u256 *signer) {
  memset(&contracts[SYSTEM_CONFIG].storage, 0, sizeof contracts[SYSTEM_CONFIG].storage);
  put_slot(SYSTEM_CONFIG, &ol_slot_implementation, implementation);
  put_slot(SYSTEM_CONFIG, &ol_system_config.unsafe_block_signer, signer);
}

/* Makes L1's state of what the contracts are. */
static inline void put_contracts(void) {
  memset(&state, 0, sizeof state);
  for (uint32_t i = 0; i < CONTRACTS; i++) put_contract(&contracts[i]);
  world_seal(&state);
}

static inline uint32_t release_named(const char *name) {
  uint32_t index = 0;
  while (strcmp(ol_release_at(index)->name, name) != 0) index++;
  return index;
}

static inline void pin(uint32_t contract_index, const char *name) {
  rollup.pins[rollup.pin_count++] =
      (ol_rollup_pin){.code_hash = contracts[IMPLEMENTATIONS + contract_index].code_hash,
                      .finality_delay_s = DELAY,
                      .release = release_named(name)};
}

/* L1, with contracts that have the claim. */
static inline void make_l1(void) {
  memset(contracts, 0, sizeof contracts);
  memset(&state, 0, sizeof state);
  for (uint32_t i = 0; i < CONTRACTS; i++) {
    contracts[i].address = address_of((uint8_t)i);
    contracts[i].code[0] = (uint8_t)(i + 1);
    contracts[i].code_len = 40;
  }
  for (uint32_t i = 0; i < IMPLEMENTATIONS; i++) {
    const ol_u256 implementation = ol_abi_address(&contracts[IMPLEMENTATIONS + i].address);
    if (i != GAME) put_slot(i, &ol_slot_implementation, &implementation);
  }
  put_game_code(&contracts[GAME], &contracts[IMPLEMENTATIONS + GAME].address);
  put_game_code(&contracts[IMPOSTOR], &contracts[IMPLEMENTATIONS + GAME].address);
  put_game();
  put_registry();
  put_output();
  contracts[IMPOSTOR].storage = contracts[GAME].storage;
  for (size_t i = 0; i < contracts[IMPOSTOR].storage.count; i++)
    contracts[IMPOSTOR].storage.entries[i].value.data = contracts[IMPOSTOR].storage.values[i];
  put_contracts();
}

static inline int make_world(void **unused) {
  (void)unused;
  memset(&earth, 0, sizeof earth);
  world_make(&earth);
  const ol_header header = world_block(&earth, L2_BLOCK, 0);
  ol_hash hash;
  ol_header_hash(&hash, &header);
  ol_output_root_v0(&claim.root, &header.state_root,
                    header_has_root ? &header.withdrawals_root : &ol_trie_empty_root, &hash);
  claim.l2_block = L2_BLOCK;
  make_l1();
  return 0;
}

static inline void reset_rollup(void) {
  hinted_registry = NULL;
  hint_at = NULL;
  memset(&rollup, 0, sizeof rollup);
  rollup.chain_id = WORLD_CHAIN_ID;
  rollup.dispute_game_factory = contracts[FACTORY].address;
  rollup.optimism_portal = contracts[PORTAL].address;
  pin(FACTORY, "contracts-bedrock 0.17.3 DisputeGameFactory");
  pin(PORTAL, "contracts-bedrock 0.17.3 OptimismPortal2");
  pin(GAME, "contracts-bedrock 0.17.3 FaultDisputeGame");
  pin(ORACLE, "contracts-bedrock 0.17.3 L2OutputOracle");
  memset(&l1, 0, sizeof l1);
  l1.finalized = l1.optimistic =
      (ol_beacon_head){.has_header = 1, .block_number = 50, .block_time = L1_TIME, .state_root = state.root};
  memset(l1.finalized.block_hash.bytes, 1, 32);
  memset(l1.optimistic.block_hash.bytes, 2, 32);
}

/* --- Servers --- */

static inline void write_hint(ol_json_writer *to, bool of_oracle) {
  uint8_t words[6][32] = {{0}};
  memcpy(words[1], claim.root.bytes, 32);
  if (of_oracle) {
    words[0][31] = 2;
    ol_store_be64(words[2] + 24, CREATED);
    ol_store_be64(words[3] + 24, claim.l2_block);
  } else {
    ol_store_be64(words[2] + 24, claim.l2_block);
    memcpy(words[3] + 12, contracts[GAME].address.bytes, 20);
  }
  if (hinted_registry != NULL) memcpy(words[4] + 12, hinted_registry->bytes, 20);
  words[5][31] = GAME_INDEX;
  ol_json_write_hex(to, "result", words[0], (of_oracle ? 4 : 6) * sizeof words[0]);
}

static inline void write_l1_proof(ol_json_writer *to, const contract *of, ol_json_items *keys) {
  static world_proof proof;
  ol_json key;
  world_prove(&proof, &state, of->address.bytes, sizeof of->address);
  ol_json_write_object(to, "result");
  ol_json_write_hex(to, "address", of->address.bytes, sizeof of->address);
  world_write_nodes(to, "accountProof", &proof);
  ol_json_write_quantity_u64(to, "balance", 0);
  ol_json_write_quantity_u64(to, "nonce", 1);
  ol_json_write_hex(to, "codeHash", of->code_hash.bytes, 32);
  ol_json_write_hex(to, "storageHash", of->storage.root.bytes, 32);
  ol_json_write_array(to, "storageProof");
  while (ol_json_next(&key, NULL, keys)) {
    ol_u256 slot, value;
    assert_int_equal(ol_json_hex_u256(&error, &slot, key), OL_OK);
    world_prove(&proof, &of->storage, slot.bytes, sizeof slot);
    assert_int_equal(ol_storage_verify(&error, &value, &of->storage.root, &slot, proof.nodes, proof.count),
                     OL_OK);
    ol_json_write_object(to, NULL);
    ol_json_write_quantity(to, "key", &slot);
    ol_json_write_quantity(to, "value", &value);
    world_write_nodes(to, "proof", &proof);
    ol_json_write_close(to);
  }
  ol_json_write_close(to);
  ol_json_write_close(to);
}

static inline ol_slice answer_l1(ol_arena *arena, ol_slice request) {
  ol_json root, member, params, parameter[3];
  ol_json_items items, keys;
  ol_slice method, text;
  uint64_t id;
  size_t count = 0;
  assert_int_equal(ol_json_read(&error, &root, arena, request.data, request.len), OL_OK);
  assert_true(ol_json_find(&member, root, "method") && ol_json_string(&error, &method, member) == OL_OK);
  assert_true(ol_json_find(&member, root, "id") && ol_json_u64(&error, &id, member) == OL_OK);
  assert_true(ol_json_find(&params, root, "params") && ol_json_array(&error, &items, params) == OL_OK);
  while (count < 3 && ol_json_next(&parameter[count], NULL, &items)) count++;
  ol_json_writer to;
  ol_json_write_begin(&to, arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_text(&to, "jsonrpc", "2.0");
  ol_json_write_u64(&to, "id", id);
  if (world_is_method(method, "eth_call") && ol_json_find(&member, parameter[0], "to")) {
    const ol_u256 type = ol_abi_u64(claim.game_type); /* of the game */
    ol_json_write_hex(&to, "result", type.bytes, sizeof type.bytes);
  } else if (world_is_method(method, "eth_call")) {
    ol_slice at;
    assert_int_equal(ol_json_string(&error, &at, parameter[1]), OL_OK);
    assert_true(world_is_method(at, hint_at == NULL ? "0x32" : hint_at));
    bool oracle =
        !ol_address_is_zero(&rollup.l2_output_oracle) && ol_address_is_zero(&rollup.dispute_game_factory);
    write_hint(&to, oracle);
  } else {
    ol_address address;
    const contract *of = contracts;
    assert_int_equal(ol_json_hex_fixed(&error, address.bytes, sizeof address, parameter[0]), OL_OK);
    while (memcmp(&of->address, &address, sizeof address) != 0) assert_true(++of < contracts + CONTRACTS);
    if (world_is_method(method, "eth_getCode")) {
      ol_json_write_hex(&to, "result", of->code, of->code_len);
    } else {
      assert_int_equal(ol_json_array(&error, &keys, parameter[1]), OL_OK);
      write_l1_proof(&to, of, &keys);
    }
  }
  ol_json_write_close(&to);
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_OK);
  return text;
}

#endif
