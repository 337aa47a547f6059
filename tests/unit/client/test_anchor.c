/* SPDX-License-Identifier: MIT */
#include "unit/client/anchored.h"

#include "client/client.h"
#include "unit/client/blames.h"
#include "unit/lies.h"

/* The block of a question anchored on an L1 with the contracts of a rollup, whose servers may lie. */

#define NOW_MS (UINT64_C(1000) * (L1_TIME + 2100))
#define ENDPOINTS 3

static struct {
  ol_client *client;
  ol_engine *engine;
  void *memory;
  ol_account_question question;
  bool (*lie)(const ol_want *want, ol_slice *answer);
  uint32_t rounds;
  uint32_t requests;
  bool begun; /* the question was asked by the test */
} now;

static int reset(void **unused) {
  (void)unused;
  memset(&now, 0, sizeof now);
  reset_rollup();
  return 0;
}

static int stop(void **unused) {
  (void)unused;
  free(now.memory);
  now.memory = NULL;
  return 0;
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
  assert_int_equal(answer.anchor.index, GAME_INDEX);
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
  rollup.name[0] = 'y';
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, NULL), OL_OK); /* ahead of L1 */
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
  put_contracts();
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

/* Code of a known release, where there is none. */
static bool code_of_a_portal(const ol_want *want, ol_slice *answer) {
  static char text[256];
  if (want->source != OL_SOURCE_L1 || answer->len > 60) return true;
  int len = snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"result\":\"0x%02x",
                     (unsigned long long)want->id, IMPLEMENTATIONS + PORTAL + 1);
  for (int i = 1; i < 40; i++) len += snprintf(text + len, sizeof text - (size_t)len, "00");
  len += snprintf(text + len, sizeof text - (size_t)len, "\"}");
  *answer = ol_slice_of(text, (size_t)len);
  return true;
}

static void code_that_nobody_runs_says_nothing(void **unused) {
  (void)unused;
  const ol_hash pinned = contracts[IMPLEMENTATIONS + PORTAL].code_hash;
  contracts[IMPLEMENTATIONS + PORTAL].code_len = 0;
  put_contracts();
  reset_rollup();
  rollup.pins[PORTAL].code_hash = pinned;
  now.lie = code_of_a_portal;
  start(1, 1);
  expect_failure("implementation[1]: contract is of an unknown release");
  contracts[IMPLEMENTATIONS + PORTAL].code_len = 40;
  put_contracts();
}

/* --- Games that a registry judges --- */

static void judge_by_registry(void) {
  reset(NULL);
  hinted_registry = &contracts[REGISTRY].address;
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
  hinted_registry = &contracts[ORACLE].address;
  start(1, 1);
  expect_failure("hint: portal asks another registry");
  stop(NULL);
  judge_by_registry();
  hinted_registry = NULL; /* at none */
  start(1, 1);
  expect_failure("hint: portal asks another registry");
  stop(NULL);
  reset(NULL);
  hinted_registry = &contracts[REGISTRY].address; /* where the portal judges itself */
  start(1, 1);
  expect_failure("hint: portal asks another registry");
}

/* --- Servers that lie --- */

/* Changes a digit of an answer, counted from its end. */
static void change_digit(ol_slice *answer, size_t from_end) {
  static uint8_t copy[1 << 16];
  assert_true(answer->len <= sizeof copy && from_end <= answer->len);
  memcpy(copy, answer->data, answer->len);
  uint8_t *digit = &copy[answer->len - from_end];
  *digit = *digit == '0' ? '1' : '0';
  answer->data = copy;
}

/* What is behind a word of a hint. */
static size_t behind_word(size_t word) {
  const size_t words = ol_address_is_zero(&rollup.dispute_game_factory) ? 4 : 6;
  return 2 + (words - 1 - word) * 64;
}

static bool another_root(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "eth_call")) change_digit(answer, behind_word(1) + 1);
  return true;
}

static bool another_root_once(const ol_want *want, ol_slice *answer) {
  now.lie = NULL;
  return another_root(want, answer);
}

static bool another_number(const ol_want *want, ol_slice *answer) {
  const size_t word =
      ol_address_is_zero(&rollup.dispute_game_factory) ? 3 : 2; /* of the oracle, or of games */
  if (want->endpoint == 0 && asks_for(want, "eth_call")) change_digit(answer, behind_word(word) + 1);
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
  if (want->endpoint == 0 && asks_for(want, "eth_call")) change_digit(answer, behind_word(0) + 1);
  return true;
}

static bool another_place(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "eth_call")) change_digit(answer, behind_word(5) + 1);
  return true;
}

static bool no_hex(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "eth_call")) change_digit(answer, behind_word(0) + 64 + 1);
  return true;
}

static bool no_root(const ol_want *want, ol_slice *answer) {
  static uint8_t copy[1024];
  if (want->endpoint != 0 || !asks_for(want, "eth_call")) return true;
  assert_true(answer->len <= sizeof copy);
  memcpy(copy, answer->data, answer->len);
  memset(copy + answer->len - behind_word(1) - 64, '0', 64);
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
      {another_place, "hint: factory has another game at this index"},
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
  copy[answer->len - behind_word(0) - 1] = '9';
  answer->data = copy;
  return true;
}

static bool another_output(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "eth_call")) change_digit(answer, behind_word(1) + 1);
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
  hint_at = "latest";
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
  hint_at = "finalized";
  now.lie = another_root_once;
  begin(NULL);
  answer_round();
  hint_at = NULL;
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
  now.begun = true;
  assert_int_equal(expect_answer().trust, OL_TRUST_FINALIZED);
  ol_blame blame;
  while (ol_engine_next_blame(now.engine, &blame) == 1) assert_int_equal(blame.source, OL_SOURCE_L2);
}

static bool no_contracts(const ol_want *want, ol_slice *answer) {
  static char text[80];
  if (!asks_for(want, "eth_call")) return true;
  int len = snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"result\":\"0x\"}",
                     (unsigned long long)want->id);
  *answer = ol_slice_of(text, (size_t)len);
  return true;
}

static bool no_such_tag(const ol_want *want, ol_slice *answer) {
  static char text[128];
  if (!asks_for(want, "eth_call")) return true;
  int len = snprintf(text, sizeof text,
                     "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"error\":{\"code\":-32000,\"message\":\"no\"}}",
                     (unsigned long long)want->id);
  *answer = ol_slice_of(text, (size_t)len);
  return true;
}

static void asks_later_where_nothing_was_known_yet(void **unused) {
  (void)unused;
  bool (*const lies[])(const ol_want *, ol_slice *) = {no_root, no_contracts, no_such_tag};
  for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
    reset(NULL);
    start(1, 1);
    now.question.trust = OL_TRUST_FINALIZED;
    hint_at = "finalized";
    now.lie = lies[i];
    begin(NULL);
    answer_round();
    ol_want none;
    assert_int_equal(ol_engine_next_want(now.engine, &none), 0);
    assert_int_equal(ol_engine_state(now.engine), OL_ENGINE_WORKING);
    ol_blame blame;
    assert_int_equal(ol_engine_next_blame(now.engine, &blame), lies[i] == no_such_tag);
    hint_at = NULL;
    now.lie = NULL;
    assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
    now.begun = true;
    assert_int_equal(expect_answer().trust, OL_TRUST_FINALIZED);
    expect_no_blame();
    stop(NULL);
  }
}

static void ends_when_l1_cannot_be_followed(void **unused) {
  (void)unused;
  start(1, 1);
  hint_at = "latest";
  begin(NULL);
  answer_round();
  assert_int_equal(ol_client_anchor(&error, now.client, NULL, NULL), OL_OK);
  now.begun = true;
  expect_failure("L1 could not be followed");
  stop(NULL);

  start(1, 1); /* before the question has begun */
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, NULL), OL_OK);
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
  assert_int_equal(ol_client_anchor(&error, now.client, NULL, NULL), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_ERR_TRANSPORT);
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
  assert_string_equal(error.reason, "at this trust level there is one block: the newest");
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
      TEST(code_that_nobody_runs_says_nothing),
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
      TEST(asks_later_where_nothing_was_known_yet),
      TEST(ends_when_l1_cannot_be_followed),
      TEST(keeps_l1_as_it_is_during_a_question),
      TEST(refuses_what_is_no_answer),
      TEST(needs_l1_and_contracts),
      TEST(an_old_block_is_refused_if_one_says_so),
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
