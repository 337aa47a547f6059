/* SPDX-License-Identifier: MIT */
#include "rollup/anchor.h"

#include "client/client.h"
#include "encoding/abi.h"
#include "trie/account.h"
#include "unit/bytes.h"
#include "unit/client/blames.h"
#include "world.h"

/* The block of a question anchored on an L1 with the contracts of a rollup, whose servers may lie. */

#define L1_TIME 1700000000u
#define CREATED (L1_TIME - 800000u)
#define RESOLVED (L1_TIME - 400000u)
#define DELAY 302400u
#define L2_BLOCK 1000u
#define NOW_MS (UINT64_C(1000) * (L1_TIME + 2100))
#define ENDPOINTS 3

enum {
  FACTORY,
  PORTAL,
  GAME,
  ORACLE,
  REGISTRY,
  IMPLEMENTATIONS,
  IMPOSTOR = 2 * IMPLEMENTATIONS, /* a game of another factory */
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

static struct {
  ol_client *client;
  ol_engine *engine;
  void *memory;
  ol_account_question question;
  bool (*lie)(const ol_want *want, ol_slice *answer);
  const ol_address *registry; /* that the hint names */
  uint32_t rounds;
  uint32_t requests;
  bool begun;          /* the question was asked by the test */
  const char *hint_at; /* the block of L1 at which a hint is asked for; NULL for the one that is proven */
} now;

/* --- The world --- */

static ol_address address_of(uint8_t index) {
  ol_address address;
  memset(address.bytes, 0xa0 + index, sizeof address.bytes);
  return address;
}

static void put_slot(uint32_t index, const ol_u256 *slot, const ol_u256 *value) {
  uint8_t rlp[40];
  ol_rlp_writer to = {.out = rlp, .len = sizeof rlp};
  size_t zeros = 0;
  while (zeros < 32 && value->bytes[zeros] == 0) zeros++;
  if (zeros == 32) return;
  ol_rlp_put_string(&to, value->bytes + zeros, 32 - zeros);
  world_insert(&contracts[index].storage, slot->bytes, sizeof *slot, rlp, to.used);
}

static ol_u256 word_of_hash(const ol_hash *hash) {
  ol_u256 word;
  memcpy(word.bytes, hash->bytes, sizeof word.bytes);
  return word;
}

/* A clone as the factory makes it: code, the implementation, and creator, root, L1 head, L2 block and length. */
static void put_game_code(contract *game, const ol_address *implementation) {
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

static void put_game(void) {
  ol_game_slots slots;
  ol_u256 blacklisted, id = {{0}}, respected = {{0}}, status = {{0}};
  ol_game_slots_of(&slots, &claim);
  ol_blacklist_slot_of(&blacklisted, &contracts[GAME].address);
  memcpy(id.bytes + 12, contracts[GAME].address.bytes, 20);
  ol_store_be64(id.bytes + 4, CREATED);
  ol_store_be64(respected.bytes + 20, CREATED);
  ol_store_be64(status.bytes + 24, CREATED);
  ol_store_be64(status.bytes + 16, RESOLVED);
  status.bytes[15] = 2;
  put_slot(FACTORY, &slots.game, &id);
  put_slot(PORTAL, &slots.respected, &respected);
  put_slot(GAME, &slots.status, &status);
}

/* The same game, where a registry judges it. */
static void put_registry(void) {
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

static void put_output(void) {
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
static void put_contract(contract *of) {
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

static uint32_t release_named(const char *name) {
  uint32_t index = 0;
  while (strcmp(ol_release_at(index)->name, name) != 0) index++;
  return index;
}

static void pin(uint32_t contract_index, const char *name) {
  rollup.pins[rollup.pin_count++] =
      (ol_rollup_pin){.code_hash = contracts[IMPLEMENTATIONS + contract_index].code_hash,
                      .finality_delay_s = DELAY,
                      .release = release_named(name)};
}

static int make_world(void **unused) {
  (void)unused;
  memset(&earth, 0, sizeof earth);
  memset(contracts, 0, sizeof contracts);
  memset(&state, 0, sizeof state);
  world_make(&earth);
  const ol_header header = world_block(&earth, L2_BLOCK, 0);
  ol_hash hash;
  ol_header_hash(&hash, &header);
  ol_output_root_v0(&claim.root, &header.state_root,
                    header_has_root ? &header.withdrawals_root : &ol_trie_empty_root, &hash);
  claim.l2_block = L2_BLOCK;
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
  for (uint32_t i = 0; i < CONTRACTS; i++) put_contract(&contracts[i]);
  world_seal(&state);
  return 0;
}

static int reset(void **unused) {
  (void)unused;
  memset(&now, 0, sizeof now);
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
  return 0;
}

static int stop(void **unused) {
  (void)unused;
  free(now.memory);
  now.memory = NULL;
  return 0;
}

/* --- Servers --- */

static void write_hint(ol_json_writer *to, bool of_oracle) {
  uint8_t words[5][32] = {{0}};
  memcpy(words[1], claim.root.bytes, 32);
  if (of_oracle) {
    words[0][31] = 2;
    ol_store_be64(words[2] + 24, CREATED);
    ol_store_be64(words[3] + 24, claim.l2_block);
  } else {
    ol_store_be64(words[2] + 24, claim.l2_block);
    memcpy(words[3] + 12, contracts[GAME].address.bytes, 20);
  }
  if (now.registry != NULL) memcpy(words[4] + 12, now.registry->bytes, 20);
  ol_json_write_hex(to, "result", words[0], (now.registry != NULL ? 5 : 4) * sizeof words[0]);
}

static void write_l1_proof(ol_json_writer *to, const contract *of, ol_json_items *keys) {
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

static ol_slice answer_l1(ol_arena *arena, ol_slice request) {
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
  if (world_is_method(method, "eth_call")) {
    ol_slice at;
    assert_int_equal(ol_json_string(&error, &at, parameter[1]), OL_OK);
    assert_true(world_is_method(at, now.hint_at == NULL ? "0x32" : now.hint_at));
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

static void start(uint32_t l1_endpoints, uint32_t l2_endpoints) {
  const ol_client_config config = {.chain_id = WORLD_CHAIN_ID,
                                   .endpoints = l2_endpoints,
                                   .quorum = 1,
                                   .timeout_ms = 5000,
                                   .l1_endpoints = l1_endpoints};
  size_t size = ol_client_size(&config);
  assert_true(size > 0);
  now.memory = aligned_alloc(16, size);
  assert_int_equal(ol_client_init(&error, &now.client, &config, now.memory, size), OL_OK);
  now.engine = ol_client_engine(now.client);
  ol_account_question_init(&now.question, &earth.contract);
  now.question.trust = OL_TRUST_PROPOSED;
}

static void answer_round(void) {
  static uint8_t bodies[64][4096];
  ol_want wants[64];
  uint32_t count = 0;
  while (ol_engine_next_want(now.engine, &wants[count]) == 1) {
    assert_true(wants[count].body.len <= sizeof bodies[count]);
    memcpy(bodies[count], wants[count].body.data, wants[count].body.len);
    wants[count].body.data = bodies[count];
    count++;
  }
  assert_true(count > 0);
  now.rounds++;
  now.requests += count;
  for (uint32_t i = 0; i < count; i++) {
    ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
    const world_endpoint l2 = {.head = L2_BLOCK, .fork = 0, .chain_id = WORLD_CHAIN_ID};
    ol_slice text = wants[i].source == OL_SOURCE_L1 ? answer_l1(&arena, wants[i].body)
                                                    : world_answer(&earth, &l2, &arena, wants[i].body);
    if (now.lie == NULL || now.lie(&wants[i], &text))
      (void)ol_engine_feed(now.engine, wants[i].id, text.data, text.len);
    else
      (void)ol_engine_fail(now.engine, wants[i].id, OL_FAIL_CONNECTION);
  }
}

static void begin(const ol_sync_status *status) {
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, status), OL_OK);
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_OK);
  now.rounds = now.requests = 0;
}

static ol_engine_status run(void) {
  if (!now.begun) begin(&l1);
  now.begun = false;
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) answer_round();
  return ol_engine_state(now.engine);
}

static ol_account_answer expect_answer(void) {
  ol_account_answer answer;
  ol_slice code;
  char line[256];
  if (run() != OL_ENGINE_DONE) {
    ol_error_text(ol_engine_error(now.engine), line, sizeof line);
    print_message("%s\n", line);
  }
  assert_int_equal(ol_engine_state(now.engine), OL_ENGINE_DONE);
  assert_int_equal(ol_client_account(&error, &answer, &code, now.client), OL_OK);
  return answer;
}

static void expect_failure(const char *text) {
  char line[256];
  assert_int_equal(run(), OL_ENGINE_FAILED);
  ol_error_text(ol_engine_error(now.engine), line, sizeof line);
  assert_string_equal(line, text);
}

static void expect_blame(ol_source source, uint32_t endpoint, const char *text) {
  assert_blame(now.engine, source, endpoint, text);
}

static void expect_no_blame(void) {
  assert_no_blame(now.engine);
}

/* --- What is answered --- */

static void answers_by_a_game_that_was_proposed(void **unused) {
  (void)unused;
  start(1, 1);
  now.question.with_code = 1;
  now.question.slot_count = 1;
  now.question.slots[0] = world_word(3);
  ol_account_answer answer = expect_answer();
  assert_int_equal(answer.trust, OL_TRUST_PROPOSED);
  assert_int_equal(answer.block_number, L2_BLOCK);
  const ol_u256 value = world_word(1003);
  assert_memory_equal(&answer.slots[0].value, &value, 32);
  assert_memory_equal(&answer.anchor.output_root, &claim.root, 32);
  assert_memory_equal(&answer.anchor.game, &contracts[GAME].address, 20);
  assert_int_equal(answer.anchor.proposed_at, CREATED);
  assert_int_equal(answer.anchor.finalizes_at, RESOLVED + DELAY + 1);
  assert_int_equal(answer.anchor.l1_block_number, 50);
  assert_int_equal(answer.anchor.l1_block_hash.bytes[0], 2);
  assert_int_equal(now.rounds, 3); /* the hint; contracts and the block; implementations and the account */
  expect_no_blame();
}

static void answers_by_a_game_that_is_final(void **unused) {
  (void)unused;
  start(1, 1);
  now.question.trust = OL_TRUST_FINALIZED;
  ol_account_answer answer = expect_answer();
  assert_int_equal(answer.trust, OL_TRUST_FINALIZED);
  assert_int_equal(answer.anchor.l1_block_hash.bytes[0], 1);
  assert_true(answer.anchor.finalizes_at < L1_TIME);
}

static void answers_by_an_output_of_the_oracle(void **unused) {
  (void)unused;
  memset(&rollup.dispute_game_factory, 0, sizeof rollup.dispute_game_factory);
  rollup.l2_output_oracle = contracts[ORACLE].address;
  start(1, 1);
  ol_account_answer answer = expect_answer();
  const ol_address none = {{0}};
  assert_memory_equal(&answer.anchor.game, &none, sizeof none);
  assert_int_equal(answer.anchor.finalizes_at, CREATED + 604801);
  now.question.trust = OL_TRUST_FINALIZED;
  assert_int_equal(expect_answer().trust, OL_TRUST_FINALIZED);
  l1.finalized.block_time = CREATED + 604800;
  l1.finalized.block_hash.bytes[0] = 8;
  expect_failure("output is not final");
}

static void a_warm_question_takes_one_round(void **unused) {
  (void)unused;
  start(1, 1);
  (void)expect_answer();
  ol_account_answer answer = expect_answer();
  assert_int_equal(now.rounds, 1);
  assert_int_equal(now.requests, 1);
  assert_int_equal(answer.trust, OL_TRUST_PROPOSED);
  assert_memory_equal(&answer.anchor.output_root, &claim.root, 32);
  l1.optimistic.block_hash.bytes[0] = 9; /* L1 has gone on */
  (void)expect_answer();
  assert_int_equal(now.rounds, 3);
  rollup.name[0] = 'x';
  (void)expect_answer();
  assert_int_equal(now.rounds, 3);
}

static void an_unsafe_question_gets_a_better_answer(void **unused) {
  (void)unused;
  start(1, 1);
  now.question.trust = OL_TRUST_UNSAFE;
  assert_int_equal(expect_answer().trust, OL_TRUST_PROPOSED);
}

/* --- Games that are no good, for which nobody is to blame --- */

static void refuse_game(ol_trust trust, uint32_t index, void (*change)(ol_u256 *value), const ol_u256 *slot,
                        const char *text) {
  static contract kept[CONTRACTS];
  static world_trie kept_state;
  world_trie *trie = &contracts[index].storage;
  memcpy(kept, contracts, sizeof kept);
  kept_state = state;
  ol_hash key;
  uint8_t rlp[40];
  ol_u256 value = {{0}};
  ol_keccak256(&key, slot->bytes, 32);
  size_t at = 0;
  while (at < trie->count && memcmp(trie->entries[at].key, key.bytes, 32) != 0) at++;
  if (at < trie->count) {
    ol_slice old = trie->entries[at].value;
    size_t len = old.len == 1 ? 1 : old.len - 1;
    memcpy(value.bytes + 32 - len, old.data + old.len - len, len);
  }
  change(&value);
  ol_rlp_writer to = {.out = rlp, .len = sizeof rlp};
  size_t zeros = 0;
  while (value.bytes[zeros] == 0) zeros++;
  ol_rlp_put_string(&to, value.bytes + zeros, 32 - zeros);
  if (at < trie->count)
    trie->entries[at].value = ol_slice_of(rlp, to.used);
  else
    world_insert(trie, slot->bytes, 32, rlp, to.used);
  memset(&state, 0, sizeof state);
  for (uint32_t i = 0; i < CONTRACTS; i++) put_contract(&contracts[i]);
  world_seal(&state);
  l1.finalized.state_root = l1.optimistic.state_root = state.root;
  start(2, 1);
  now.question.trust = trust;
  expect_failure(text);
  expect_no_blame();
  stop(NULL);
  memcpy(contracts, kept, sizeof kept);
  state = kept_state;
}

static void set_one(ol_u256 *value) {
  value->bytes[31] = 1;
}

static void set_high(ol_u256 *value) {
  value->bytes[0] = 1;
}

static void set_status(ol_u256 *value) {
  value->bytes[15] = 1;
}

static void retire(ol_u256 *value) {
  ol_store_be64(value->bytes + 20, CREATED + 1);
}

static void refuses_games_that_the_portal_would_refuse(void **unused) {
  (void)unused;
  ol_game_slots slots;
  ol_u256 blacklisted;
  ol_game_slots_of(&slots, &claim);
  ol_blacklist_slot_of(&blacklisted, &contracts[GAME].address);
  refuse_game(OL_TRUST_PROPOSED, PORTAL, set_one, &blacklisted, "game is blacklisted");
  refuse_game(OL_TRUST_PROPOSED, PORTAL, set_high, &ol_slot_implementation,
              "slot holds more than an address");
  refuse_game(OL_TRUST_PROPOSED, PORTAL, set_one, &slots.respected,
              "game is of a type that is not respected");
  refuse_game(OL_TRUST_PROPOSED, PORTAL, retire, &slots.respected,
              "game is retired: it is older than the respected type");
  refuse_game(OL_TRUST_PROPOSED, GAME, set_status, &slots.status, "game was won by its challenger");
}

static void reopen(ol_u256 *value) {
  memset(value->bytes + 15, 0, 9);
}

static void refuses_a_game_that_is_not_final(void **unused) {
  (void)unused;
  const ol_u256 status = {{0}};
  refuse_game(OL_TRUST_FINALIZED, GAME, reopen, &status, "game is not final");
  reset(NULL);
  rollup.pins[PORTAL].finality_delay_s = 10 * DELAY; /* it is resolved, but its delay is not over */
  start(1, 1);
  now.question.trust = OL_TRUST_FINALIZED;
  expect_failure("game is not final");
  expect_no_blame();
}

static void refuses_what_is_of_an_unknown_release(void **unused) {
  (void)unused;
  static const char *const texts[] = {"implementation[0]: contract is of an unknown release",
                                      "implementation[1]: contract is of an unknown release",
                                      "implementation[2]: contract is of an unknown release"};
  for (uint32_t i = 0; i < 3; i++) {
    reset(NULL);
    rollup.pins[i].code_hash.bytes[0] ^= 1;
    start(1, 1);
    expect_failure(texts[i]);
    expect_no_blame();
    stop(NULL);
  }
  reset(NULL);
  rollup.pins[PORTAL].release =
      release_named("contracts-bedrock 0.17.3 FaultDisputeGame"); /* another contract's */
  start(1, 1);
  expect_failure(texts[1]);
}

/* --- Games that a registry judges --- */

static void judge_by_registry(void) {
  reset(NULL);
  now.registry = &contracts[REGISTRY].address;
  rollup.pins[PORTAL].release = release_named("supersim 0.1.0-alpha.58 OptimismPortal2");
  rollup.pins[GAME].release = release_named("supersim 0.1.0-alpha.58 FaultDisputeGame");
  pin(REGISTRY, "supersim 0.1.0-alpha.58 AnchorStateRegistry");
}

static void answers_by_a_game_that_a_registry_judges(void **unused) {
  (void)unused;
  judge_by_registry();
  start(1, 1);
  ol_account_answer answer = expect_answer();
  assert_int_equal(answer.anchor.finalizes_at, RESOLVED + DELAY + 1);
  assert_memory_equal(&answer.anchor.game, &contracts[GAME].address, 20);
  assert_int_equal(now.rounds, 3);
  now.question.trust = OL_TRUST_FINALIZED;
  assert_int_equal(expect_answer().trust, OL_TRUST_FINALIZED);
  expect_no_blame();
  rollup.pins[ORACLE + 1].finality_delay_s = 10 * DELAY; /* the registry's */
  l1.finalized.block_hash.bytes[0] = 8;
  expect_failure("game is not final");
}

static void refuses_games_that_the_registry_would_refuse(void **unused) {
  (void)unused;
  ol_registry_slots slots;
  ol_registry_slots_of(&slots, &contracts[GAME].address);
  judge_by_registry();
  refuse_game(OL_TRUST_PROPOSED, REGISTRY, set_one, &slots.blacklisted, "game is blacklisted");
  refuse_game(OL_TRUST_PROPOSED, REGISTRY, retire, &slots.retirement,
              "game is retired: it is not younger than the retirement");
  refuse_game(OL_TRUST_PROPOSED, REGISTRY, set_one, &slots.factory, "registry is of another factory");
  refuse_game(OL_TRUST_PROPOSED, PORTAL, set_high, &slots.registry, "slot holds more than an address");
}

static void refuses_a_registry_of_an_unknown_release(void **unused) {
  (void)unused;
  judge_by_registry();
  rollup.pin_count--;
  start(1, 1);
  expect_failure("implementation[3]: contract is of an unknown release");
  expect_no_blame();
}

static void blames_a_hint_at_another_registry(void **unused) {
  (void)unused;
  judge_by_registry();
  now.registry = &contracts[ORACLE].address;
  start(1, 1);
  expect_failure("hint: portal asks another registry");
  stop(NULL);
  judge_by_registry();
  now.registry = NULL; /* at none */
  start(1, 1);
  expect_failure("hint: portal asks another registry");
  stop(NULL);
  reset(NULL);
  now.registry = &contracts[REGISTRY].address; /* where the portal judges itself */
  start(1, 1);
  expect_failure("hint: portal asks another registry");
}

/* --- Servers that lie --- */

static bool asks_for(const ol_want *want, const char *method) {
  for (size_t i = 0; i + strlen(method) < want->body.len; i++) {
    if (memcmp(want->body.data + i, method, strlen(method)) == 0) return true;
  }
  return false;
}

/* Changes a digit of an answer, counted from its end. */
static void change_digit(ol_slice *answer, size_t from_end) {
  static uint8_t copy[1 << 16];
  assert_true(answer->len <= sizeof copy && from_end <= answer->len);
  memcpy(copy, answer->data, answer->len);
  uint8_t *digit = &copy[answer->len - from_end];
  *digit = *digit == '0' ? '1' : '0';
  answer->data = copy;
}

static bool another_root(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "eth_call")) change_digit(answer, 2 + 2 * 64 + 1);
  return true;
}

static bool another_root_once(const ol_want *want, ol_slice *answer) {
  now.lie = NULL;
  return another_root(want, answer);
}

static bool another_number(const ol_want *want, ol_slice *answer) {
  size_t word = ol_address_is_zero(&rollup.dispute_game_factory) ? 0 : 1; /* of the oracle, or of games */
  if (want->endpoint == 0 && asks_for(want, "eth_call")) change_digit(answer, 2 + word * 64 + 1);
  return true;
}

static bool another_game(const ol_want *want, ol_slice *answer) {
  static uint8_t copy[4096];
  if (want->endpoint != 0 || !asks_for(want, "eth_call")) return true;
  assert_true(answer->len <= sizeof copy);
  memcpy(copy, answer->data, answer->len);
  for (size_t i = 0; i + 40 <= answer->len; i++) {
    bool here = true;
    for (size_t k = 0; k < 40; k++) here = here && copy[i + k] == "a2"[k % 2];
    for (size_t k = 0; here && k < 40; k++) copy[i + k] = (uint8_t) "aa"[k % 2]; /* the impostor */
  }
  answer->data = copy;
  return true;
}

static bool another_type(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "eth_call")) change_digit(answer, 2 + 3 * 64 + 1);
  return true;
}

static bool no_hex(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "eth_call")) change_digit(answer, 2 + 4 * 64 + 1);
  return true;
}

static bool no_root(const ol_want *want, ol_slice *answer) {
  static uint8_t copy[1024];
  if (want->endpoint != 0 || !asks_for(want, "eth_call")) return true;
  assert_true(answer->len <= sizeof copy);
  memcpy(copy, answer->data, answer->len);
  memset(copy + answer->len - 2 - 3 * 64, '0', 64);
  answer->data = copy;
  return true;
}

static void blames_a_hint_that_is_not_so(void **unused) {
  (void)unused;
  static const struct {
    bool (*lie)(const ol_want *want, ol_slice *answer);
    const char *text;
  } cases[] = {
      {another_root, "hint: game is of another claim"},
      {another_number, "hint: game is of another claim"},
      {another_game, "hint: factory has another game of this output root"},
      {another_type, "hint: factory has no game of this output root"},
      {no_root, "hint: endpoint knows of no such output root"},
      {no_hex, "hint byte 34: hex does not begin with 0x"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    reset(NULL);
    now.lie = cases[i].lie;
    start(2, 1);
    ol_account_answer answer = expect_answer();
    assert_memory_equal(&answer.anchor.output_root, &claim.root, 32);
    expect_blame(OL_SOURCE_L1, 0, cases[i].text);
    expect_no_blame();
    stop(NULL);
    start(1, 1);
    expect_failure(cases[i].text);
    stop(NULL);
  }
}

static void blames_hints_of_other_kinds_too(void **unused) {
  (void)unused;
  for (int oracle = 0; oracle < 2; oracle++) {
    reset(NULL);
    if (oracle == 1) {
      memset(&rollup.dispute_game_factory, 0, sizeof rollup.dispute_game_factory);
      rollup.l2_output_oracle = contracts[ORACLE].address;
    }
    now.lie = no_root;
    start(2, 1);
    now.question.trust = OL_TRUST_FINALIZED;
    (void)expect_answer();
    expect_blame(OL_SOURCE_L1, 0, "hint: endpoint knows of no such output root");
    expect_no_blame();
    stop(NULL);
  }
}

static bool another_index(const ol_want *want, ol_slice *answer) {
  static uint8_t copy[1024];
  if (want->endpoint != 0 || !asks_for(want, "eth_call")) return true;
  memcpy(copy, answer->data, answer->len);
  copy[answer->len - 3 - 3 * 64] = '9';
  answer->data = copy;
  return true;
}

static bool another_output(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "eth_call")) change_digit(answer, 2 + 2 * 64 + 1);
  return true;
}

static void blames_a_hint_of_another_output(void **unused) {
  (void)unused;
  static const struct {
    bool (*lie)(const ol_want *want, ol_slice *answer);
    const char *text;
  } cases[] = {
      {another_index, "hint: oracle has no output of this index"},
      {another_output, "hint: oracle has another output at this index"},
      {another_number, "hint: oracle has another output at this index"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    reset(NULL);
    memset(&rollup.dispute_game_factory, 0, sizeof rollup.dispute_game_factory);
    rollup.l2_output_oracle = contracts[ORACLE].address;
    now.lie = cases[i].lie;
    start(2, 1);
    (void)expect_answer();
    expect_blame(OL_SOURCE_L1, 0, cases[i].text);
    expect_no_blame();
    stop(NULL);
  }
}

static bool forged_proof(const ol_want *want, ol_slice *answer) {
  if (want->source == OL_SOURCE_L1 && want->endpoint == 0 && asks_for(want, "eth_getProof"))
    change_digit(answer, answer->len / 2);
  return true;
}

static bool forged_code(const ol_want *want, ol_slice *answer) {
  if (want->source == OL_SOURCE_L1 && want->endpoint == 0 && asks_for(want, "eth_getCode"))
    change_digit(answer, 5);
  return true;
}

static bool silent(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return want->source != OL_SOURCE_L1 || want->endpoint != 0;
}

static void asks_another_after_a_lie_of_l1(void **unused) {
  (void)unused;
  bool (*const lies[])(const ol_want *want, ol_slice *answer) = {forged_proof, forged_code, silent};
  const uint32_t blames[] = {3 + 3, 1 + 3,
                             1 + 4 + 6}; /* the hint; three contracts, one code; as many to each */
  for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
    ol_blame blame;
    reset(NULL);
    now.lie = lies[i];
    start(2, 1);
    (void)expect_answer();
    uint32_t count = 0;
    while (ol_engine_next_blame(now.engine, &blame) == 1) {
      assert_int_equal(blame.source, OL_SOURCE_L1);
      assert_int_equal(blame.endpoint, 0);
      count++;
    }
    assert_int_equal(count, blames[i]);
    stop(NULL);
    start(1, 1);
    assert_int_equal(run(), OL_ENGINE_FAILED);
    stop(NULL);
  }
}

static bool another_block(const ol_want *want, ol_slice *answer) {
  if (want->source != OL_SOURCE_L2 || want->endpoint != 0 || !asks_for(want, "eth_getBlockByNumber"))
    return true;
  ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
  const world_endpoint fork = {.head = L2_BLOCK, .fork = 7, .chain_id = WORLD_CHAIN_ID};
  *answer = world_answer(&earth, &fork, &arena, want->body);
  return true;
}

static void write_block_answer(ol_slice *answer, uint64_t id, const ol_header *header) {
  ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
  ol_json_writer to;
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_text(&to, "jsonrpc", "2.0");
  ol_json_write_u64(&to, "id", id);
  world_write_block(&to, "result", header);
  ol_json_write_close(&to);
  assert_int_equal(ol_json_write_end(&error, answer, &to), OL_OK);
}

static bool another_height(const ol_want *want, ol_slice *answer) {
  if (want->source != OL_SOURCE_L2 || want->endpoint != 0 || !asks_for(want, "eth_getBlockByNumber"))
    return true;
  const ol_header header = world_block(&earth, L2_BLOCK - 1, 0);
  write_block_answer(answer, want->id, &header);
  return true;
}

static void refuses_an_output_root_for_another_block(void **unused) {
  (void)unused;
  static const struct {
    bool (*lie)(const ol_want *want, ol_slice *answer);
    const char *text;
  } cases[] = {
      {another_block, "anchored block: block is not that of the output root"},
      {another_height, "anchored block: block has another number than the one asked"},
  };
  for (size_t i = 0; i < 2; i++) {
    reset(NULL);
    now.lie = cases[i].lie;
    start(1, 2);
    assert_int_equal(expect_answer().block_number, L2_BLOCK);
    expect_blame(OL_SOURCE_L2, 0, cases[i].text);
    expect_no_blame();
    stop(NULL);
    start(1, 1);
    expect_failure(cases[i].text);
    stop(NULL);
  }
}

static bool another_state(const ol_want *want, ol_slice *answer) {
  if (want->source != OL_SOURCE_L2 || want->endpoint != 0) return true;
  if (!asks_for(want, "eth_getBlockByNumber")) return false;
  ol_header header = world_block(&earth, L2_BLOCK, 0);
  memset(header.state_root.bytes, 0x55, sizeof header.state_root);
  write_block_answer(answer, want->id, &header);
  return true;
}

/* Under a made-up state root nobody proves anything. That must not keep a client from the block of another. */
static void doubts_a_block_that_nobody_proves_under(void **unused) {
  (void)unused;
  now.lie = another_state;
  start(1, 2);
  assert_int_equal(expect_answer().block_number, L2_BLOCK);
  stop(NULL);
  start(1, 1);
  assert_int_equal(run(), OL_ENGINE_FAILED);
}

static bool no_message_passer(const ol_want *want, ol_slice *answer) {
  (void)answer;
  const char *const passer = "0x4200000000000000000000000000000000000016";
  assert_false(asks_for(want, passer));
  return true;
}

static void reads_the_message_passers_root_in_the_header(void **unused) {
  (void)unused;
  header_has_root = true;
  make_world(NULL);
  reset(NULL);
  now.lie = no_message_passer;
  start(1, 1);
  assert_int_equal(expect_answer().block_number, L2_BLOCK);
  expect_no_blame();
  header_has_root = false;
  make_world(NULL);
}

/* --- While L1 is still followed --- */

static void looks_ahead_of_l1(void **unused) {
  (void)unused;
  start(1, 1);
  now.hint_at = "latest";
  begin(NULL);
  answer_round(); /* the hint */
  answer_round(); /* the block */
  answer_round(); /* the account, and the message passer */
  assert_int_equal(ol_engine_state(now.engine), OL_ENGINE_WORKING);
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
  now.begun = true;
  assert_int_equal(expect_answer().trust, OL_TRUST_PROPOSED);
  assert_int_equal(now.rounds, 5); /* the contracts, and their code */
  expect_no_blame();
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
}

static void asks_again_where_it_was_too_early(void **unused) {
  (void)unused;
  start(1, 1);
  now.question.trust = OL_TRUST_FINALIZED;
  now.hint_at = "finalized";
  now.lie = another_root_once;
  begin(NULL);
  answer_round();
  now.hint_at = NULL;
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
  now.begun = true;
  assert_int_equal(expect_answer().trust, OL_TRUST_FINALIZED);
  ol_blame blame;
  while (ol_engine_next_blame(now.engine, &blame) == 1) assert_int_equal(blame.source, OL_SOURCE_L2);
}

static void ends_when_l1_cannot_be_followed(void **unused) {
  (void)unused;
  start(1, 1);
  now.hint_at = "latest";
  begin(NULL);
  answer_round();
  assert_int_equal(ol_client_anchor(&error, now.client, NULL, NULL), OL_OK);
  now.begun = true;
  expect_failure("L1 could not be followed");
}

static void keeps_l1_as_it_is_during_a_question(void **unused) {
  (void)unused;
  start(1, 1);
  begin(&l1);
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_ERR_ARGUMENT);
}

static bool no_json(const ol_want *want, ol_slice *answer) {
  if (want->source == OL_SOURCE_L1 && want->endpoint == 0) answer->len /= 2;
  return true;
}

static bool null_block(const ol_want *want, ol_slice *answer) {
  static char text[80];
  if (want->source != OL_SOURCE_L2 || !asks_for(want, "eth_getBlockByNumber")) return true;
  int len = snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"result\":{}}",
                     (unsigned long long)want->id);
  *answer = ol_slice_of(text, (size_t)len);
  return true;
}

static void refuses_what_is_no_answer(void **unused) {
  (void)unused;
  now.lie = no_json;
  start(2, 1);
  (void)expect_answer();
  stop(NULL);
  now.lie = null_block;
  start(1, 1);
  assert_int_equal(run(), OL_ENGINE_FAILED);
  assert_int_equal(ol_engine_error(now.engine)->status, OL_ERR_ENCODING);
}

/* --- Arguments --- */

static void needs_l1_and_contracts(void **unused) {
  (void)unused;
  start(0, 1);
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_ERR_ARGUMENT);
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "client has no L1 endpoints");
  stop(NULL);
  start(1, 1);
  ol_sync_status no_header = l1;
  no_header.finalized.has_header = 0;
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &no_header), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason,
                      "headers of the L1 blocks are not known; a sync fetches them from L1 endpoints");
  ol_rollup other = rollup;
  memset(&other.optimism_portal, 0, sizeof other.optimism_portal);
  assert_int_equal(ol_client_anchor(&error, now.client, &other, &l1), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "the rollup's contracts on L1 are not known");
  other = rollup;
  other.chain_id++;
  assert_int_equal(ol_client_anchor(&error, now.client, &other, &l1), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "client is of another chain than the rollup");
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
  now.question.block = OL_BLOCK_NUMBER;
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "at this trust level there is one block: the newest that is anchored");
  now.question.block = OL_BLOCK_LATEST;
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_OK);
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_ERR_ARGUMENT);
}

static void an_old_block_is_refused_if_one_says_so(void **unused) {
  (void)unused;
  start(1, 1);
  now.question.max_age_s = 10;
  assert_int_equal(run(), OL_ENGINE_FAILED);
  assert_int_equal(ol_engine_error(now.engine)->status, OL_ERR_STALE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reset, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(answers_by_a_game_that_was_proposed),
      TEST(answers_by_a_game_that_is_final),
      TEST(answers_by_an_output_of_the_oracle),
      TEST(a_warm_question_takes_one_round),
      TEST(an_unsafe_question_gets_a_better_answer),
      TEST(refuses_games_that_the_portal_would_refuse),
      TEST(refuses_a_game_that_is_not_final),
      TEST(answers_by_a_game_that_a_registry_judges),
      TEST(refuses_games_that_the_registry_would_refuse),
      TEST(refuses_a_registry_of_an_unknown_release),
      TEST(blames_a_hint_at_another_registry),
      TEST(blames_a_hint_of_another_output),
      TEST(refuses_what_is_of_an_unknown_release),
      TEST(blames_a_hint_that_is_not_so),
      TEST(blames_hints_of_other_kinds_too),
      TEST(asks_another_after_a_lie_of_l1),
      TEST(refuses_an_output_root_for_another_block),
      TEST(doubts_a_block_that_nobody_proves_under),
      TEST(reads_the_message_passers_root_in_the_header),
      TEST(looks_ahead_of_l1),
      TEST(asks_again_where_it_was_too_early),
      TEST(ends_when_l1_cannot_be_followed),
      TEST(keeps_l1_as_it_is_during_a_question),
      TEST(refuses_what_is_no_answer),
      TEST(needs_l1_and_contracts),
      TEST(an_old_block_is_refused_if_one_says_so),
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
