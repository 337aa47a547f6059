/* SPDX-License-Identifier: MIT */
#include "openledger/client.h"

#include "unit/bytes.h"
#include "world.h"

#define NOW_S (1700000000 + 2 * 1000 + 3) /* three seconds after block 1000 */
#define NOW_MS (UINT64_C(1000) * NOW_S)
#define ENDPOINTS 4

/* A question under way: the client, its endpoints, and what is changed in their answers. */
typedef struct session {
  ol_client *client;
  ol_engine *engine;
  void *memory;
  ol_account_question question;
  world_endpoint endpoints[ENDPOINTS];
  /* Called with each honest answer, which it may change; returns false when the request is to fail. */
  bool (*lie)(const ol_want *want, ol_slice *answer);
  uint32_t requests;
  uint32_t rounds;
} session;

static world_chain earth;
static ol_error error;
static uint8_t arena_memory[1 << 20];
static session now;

static void start(uint32_t endpoints, uint32_t quorum) {
  const ol_client_config config = {
      .chain_id = WORLD_CHAIN_ID, .endpoints = endpoints, .quorum = quorum, .timeout_ms = 5000};
  size_t size = ol_client_size(&config);
  assert_true(size > 0);
  now.memory = aligned_alloc(16, size);
  assert_int_equal(ol_client_init(&error, &now.client, &config, now.memory, size), OL_OK);
  now.engine = ol_client_engine(now.client);
  for (size_t i = 0; i < ENDPOINTS; i++)
    now.endpoints[i] = (world_endpoint){.head = 1000, .fork = 1, .chain_id = WORLD_CHAIN_ID};
  ol_account_question_init(&now.question, &earth.contract);
  now.lie = NULL;
  now.requests = now.rounds = 0;
}

static int stop(void **state) {
  (void)state;
  free(now.memory);
  now.memory = NULL;
  return 0;
}

/* Answers every want that is out, in the order in which they came. Returns: how many. */
static uint32_t answer_round(void) {
  ol_want wants[32];
  uint8_t bodies[32][4096];
  uint32_t count = 0;
  while (ol_engine_next_want(now.engine, &wants[count]) == 1) {
    assert_true(wants[count].body.len <= sizeof bodies[count]);
    memcpy(bodies[count], wants[count].body.data, wants[count].body.len);
    wants[count].body.data = bodies[count];
    assert_int_equal(wants[count].source, OL_SOURCE_L2);
    assert_int_equal(wants[count].method, OL_HTTP_POST);
    count++;
  }
  for (uint32_t i = 0; i < count; i++) {
    ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
    ol_slice text = world_answer(&earth, &now.endpoints[wants[i].endpoint], &arena, wants[i].body);
    if (now.lie == NULL || now.lie(&wants[i], &text))
      (void)ol_engine_feed(now.engine, wants[i].id, text.data, text.len);
    else
      (void)ol_engine_fail(now.engine, wants[i].id, OL_FAIL_CONNECTION);
  }
  now.requests += count;
  now.rounds += count > 0;
  return count;
}

static ol_engine_status run(void) {
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_OK);
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) assert_true(answer_round() > 0);
  return ol_engine_state(now.engine);
}

static ol_account_answer expect_answer(void) {
  ol_account_answer answer;
  ol_slice code;
  ol_engine_status state = run();
  if (state != OL_ENGINE_DONE) print_message("%s\n", ol_engine_error(now.engine)->reason);
  assert_int_equal(state, OL_ENGINE_DONE);
  assert_int_equal(ol_client_account(&error, &answer, &code, now.client), OL_OK);
  return answer;
}

static void expect_failure(ol_status status, const char *reason) {
  ol_account_answer answer;
  ol_slice code;
  assert_int_equal(run(), OL_ENGINE_FAILED);
  assert_string_equal(ol_engine_error(now.engine)->reason, reason);
  assert_int_equal(ol_engine_error(now.engine)->status, status);
  assert_int_equal(ol_client_account(&error, &answer, &code, now.client), status);
  ol_want want;
  assert_int_equal(ol_engine_next_want(now.engine, &want), status); /* sticky */
}

/* Takes the next blame, which must fall on this endpoint for this reason. */
static void expect_blame(uint32_t endpoint, const char *reason) {
  ol_blame blame;
  assert_int_equal(ol_engine_next_blame(now.engine, &blame), 1);
  assert_int_equal(blame.endpoint, endpoint);
  assert_string_equal(blame.error.reason, reason);
}

static void expect_no_blame(void) {
  ol_blame blame;
  assert_int_equal(ol_engine_next_blame(now.engine, &blame), 0);
}

/* Replaces the first `from` in an answer by `to` of the same length. Returns: whether it was there. */
static bool replace(ol_slice *answer, const char *from, const char *to) {
  static uint8_t copy[1 << 18];
  size_t len = strlen(from);
  assert_int_equal(len, strlen(to));
  assert_true(answer->len <= sizeof copy);
  memcpy(copy, answer->data, answer->len);
  answer->data = copy;
  for (size_t i = 0; i + len <= answer->len; i++) {
    if (memcmp(copy + i, from, len) != 0) continue;
    memcpy(copy + i, to, len);
    return true;
  }
  return false;
}

static bool asks_for(const ol_want *want, const char *method) {
  for (size_t i = 0; i + strlen(method) < want->body.len; i++) {
    if (memcmp(want->body.data + i, method, strlen(method)) == 0) return true;
  }
  return false;
}

static void proves_an_account_with_slots_and_code(void **state) {
  (void)state;
  start(1, 1);
  now.question.slot_count = 3;
  now.question.slots[0] = world_word(1);
  now.question.slots[1] = world_word(20);
  now.question.slots[2] = world_word(99);
  now.question.with_code = 1;
  ol_account_answer answer = expect_answer();
  assert_int_equal(answer.account.exists, 1);
  assert_int_equal(answer.account.nonce, 1);
  ol_u256 expected = world_word(1001);
  assert_memory_equal(&answer.slots[0].value, &expected, sizeof expected);
  expected = world_word(1020);
  assert_memory_equal(&answer.slots[1].value, &expected, sizeof expected);
  assert_true(ol_u256_is_zero(&answer.slots[2].value));
  assert_int_equal(answer.block_number, 1000);
  assert_int_equal(answer.age_s, 3);
  assert_int_equal(answer.trust, OL_TRUST_QUORUM);
  assert_int_equal(answer.chain_id, WORLD_CHAIN_ID);
  ol_slice code;
  assert_int_equal(ol_client_account(&error, &answer, &code, now.client), OL_OK);
  assert_int_equal(code.len, sizeof earth.code);
  assert_memory_equal(code.data, earth.code, code.len);
  expect_no_blame();
  assert_int_equal(now.rounds, 2); /* the block, then proof and code together */
}

static void proves_absence(void **state) {
  (void)state;
  start(1, 1);
  now.question.address = world_address(200);
  now.question.slot_count = 1;
  now.question.with_code = 1;
  ol_account_answer answer = expect_answer();
  assert_int_equal(answer.account.exists, 0);
  assert_true(ol_u256_is_zero(&answer.account.balance));
  assert_true(ol_hash_equal(&answer.account.code_hash, &ol_empty_code_hash));
}

static void answers_many_questions_one_after_the_other(void **state) {
  (void)state;
  start(2, 2);
  for (uint8_t i = 1; i < WORLD_ACCOUNTS; i++) {
    now.question.address = world_address(i);
    assert_int_equal(expect_answer().account.nonce, i);
  }
}

static void takes_the_block_that_the_quorum_has_reached(void **state) {
  (void)state;
  start(3, 2);
  now.endpoints[0].head = 998;
  now.endpoints[1].head = 1000;
  now.endpoints[2].head = 999;
  ol_account_answer answer = expect_answer();
  assert_int_equal(answer.agreed, 2);
  assert_int_equal(answer.asked, 3);
  assert_true(answer.block_number == 998 || answer.block_number == 999);
  expect_no_blame(); /* to be behind is no lie */
}

static void outvotes_a_liar(void **state) {
  (void)state;
  start(3, 2);
  now.endpoints[0].fork = 2;
  ol_account_answer answer = expect_answer();
  ol_header honest = world_block(&earth, 1000, 1);
  ol_hash hash;
  ol_header_hash(&hash, &honest);
  assert_true(ol_hash_equal(&answer.block_hash, &hash));
  expect_blame(0, "block has another hash than the quorum gave");
}

static void refuses_without_agreement(void **state) {
  (void)state;
  start(2, 2);
  now.endpoints[1].fork = 2;
  expect_failure(OL_ERR_QUORUM, "endpoints give different hashes of the block");
}

static bool break_first(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return want->endpoint != 0;
}

static void refuses_when_too_few_answer(void **state) {
  (void)state;
  start(3, 3);
  now.endpoints[2].head = 990;
  now.question.block = OL_BLOCK_NUMBER;
  now.question.number = 1000;
  expect_failure(OL_ERR_QUORUM, "too few endpoints gave the block to make the quorum");
  stop(NULL);
  start(2, 2); /* one gives its head, the other is silent */
  now.lie = break_first;
  expect_failure(OL_ERR_QUORUM, "too few endpoints gave the block to make the quorum");
}

static void refuses_an_old_block(void **state) {
  (void)state;
  start(1, 1);
  now.endpoints[0].head = 1000 - 60;
  now.question.max_age_s = 122;
  expect_failure(OL_ERR_STALE, "block is older than accepted");
  stop(NULL);
  start(1, 1);
  now.endpoints[0].head = 1000 - 60;
  now.question.max_age_s = 123;
  assert_int_equal(expect_answer().age_s, 123);
  stop(NULL);
  start(1, 1);
  now.endpoints[0].head = 5;
  now.question.max_age_s = OL_AGE_ANY;
  assert_int_equal(expect_answer().block_number, 5);
}

static void limits_the_age_of_the_latest_block_only_unless_told(void **state) {
  (void)state;
  const uint32_t tags[] = {OL_BLOCK_LATEST, OL_BLOCK_SAFE, OL_BLOCK_FINALIZED, OL_BLOCK_NUMBER};
  for (size_t i = 0; i < 4; i++) {
    start(1, 1);
    now.endpoints[0].head = 1000 - 59; /* 121 s old */
    now.question.block = tags[i];
    now.question.number = 941;
    assert_int_equal(run(), tags[i] == OL_BLOCK_LATEST ? OL_ENGINE_FAILED : OL_ENGINE_DONE);
    stop(NULL);
  }
}

static void passes_over_an_endpoint_that_is_stuck(void **state) {
  (void)state;
  start(2, 1);
  now.endpoints[0].head = 5;
  assert_int_equal(expect_answer().block_number, 1000);
  expect_blame(0, "block is older than accepted");
}

static void refuses_a_block_from_the_future(void **state) {
  (void)state;
  start(1, 1);
  now.endpoints[0].head = 1000 + 10; /* 17 s ahead */
  expect_failure(OL_ERR_STALE, "block is more than 15 s in the future");
  stop(NULL);
  start(1, 1);
  now.endpoints[0].head = 1000 + 9;
  assert_int_equal(expect_answer().age_s, 0);
}

static void refuses_another_chain(void **state) {
  (void)state;
  start(1, 1);
  now.endpoints[0].chain_id = 10;
  expect_failure(OL_ERR_MISMATCH, "endpoint serves another chain");
}

static bool no_chain_id(const ol_want *want, ol_slice *answer) {
  if (asks_for(want, "eth_chainId")) assert_true(replace(answer, "\"result\":\"0x", "\"result\":\"0y"));
  return true;
}

static void refuses_a_chain_id_that_is_none(void **state) {
  (void)state;
  start(1, 1);
  now.lie = no_chain_id;
  expect_failure(OL_ERR_ENCODING, "hex does not begin with 0x");
  assert_string_equal(ol_engine_error(now.engine)->part, "chain id");
}

static void does_not_count_the_vote_of_another_chain(void **state) {
  (void)state;
  start(3, 2);
  now.endpoints[0].chain_id = 10;
  assert_int_equal(expect_answer().agreed, 2);
  stop(NULL);
  start(2, 2);
  now.endpoints[0].chain_id = 10;
  expect_failure(OL_ERR_MISMATCH, "endpoint serves another chain");
}

static void tries_a_silent_endpoint_twice_and_goes_on(void **state) {
  (void)state;
  start(2, 1);
  now.lie = break_first;
  assert_int_equal(expect_answer().agreed, 1);
  expect_blame(0, "connection failed");
}

static void reports_silence_as_transport(void **state) {
  (void)state;
  start(1, 1);
  now.lie = break_first;
  expect_failure(OL_ERR_TRANSPORT, "connection failed");
  assert_int_equal(now.requests, 4); /* the block and the chain id, twice */
}

/* Answers a question for a block by number as if it had been for the one before. */
static bool other_block(const ol_want *want, ol_slice *answer) {
  if (!asks_for(want, "eth_getBlockByNumber") || asks_for(want, "latest")) return true;
  char request[128];
  const char *number = asks_for(want, "\"0x3e8\"") ? "0x3e7" : "0x3e6";
  ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
  int len =
      snprintf(request, sizeof request, "{\"id\":%u,\"method\":\"eth_getBlockByNumber\",\"params\":[\"%s\"]}",
               (unsigned)want->id, number);
  *answer = world_answer(&earth, &now.endpoints[0], &arena, ol_slice_of(request, (size_t)len));
  return true;
}

static void refuses_another_block_by_number(void **state) {
  (void)state;
  start(1, 1);
  now.question.block = OL_BLOCK_NUMBER;
  now.question.number = 1000;
  now.lie = other_block;
  expect_failure(OL_ERR_MISMATCH, "block has another number than the one asked");
}

static void refuses_another_block_than_the_one_voted_on(void **state) {
  (void)state;
  start(2, 2);
  now.endpoints[1].head = 999; /* so the first is asked for block 999 */
  now.lie = other_block;
  expect_failure(OL_ERR_MISMATCH, "block has another number than the one asked");
}

static void refuses_another_block_by_hash(void **state) {
  (void)state;
  start(1, 1);
  ol_header header = world_block(&earth, 1000, 2);
  now.question.block = OL_BLOCK_HASH;
  ol_header_hash(&now.question.hash, &header);
  expect_failure(OL_ERR_MISMATCH, "block has another hash than the one asked");
  stop(NULL);
  start(1, 1);
  header = world_block(&earth, 1000, 1);
  now.question.block = OL_BLOCK_HASH;
  ol_header_hash(&now.question.hash, &header);
  assert_int_equal(expect_answer().block_number, 1000);
}

static bool forge_header(const ol_want *want, ol_slice *answer) {
  if (asks_for(want, "eth_getBlockByNumber"))
    assert_true(replace(answer, "\"gasUsed\":\"0x0\"", "\"gasUsed\":\"0x1\""));
  return true;
}

static void refuses_a_forged_header(void **state) {
  (void)state;
  start(1, 1);
  now.lie = forge_header;
  expect_failure(OL_ERR_MISMATCH,
                 "header's fields do not hash to it: one is forged, or unknown to this version");
  assert_string_equal(ol_engine_error(now.engine)->part, "hash");
}

static bool forge_first_proof(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "eth_getProof"))
    assert_true(replace(answer, "\"accountProof\":[\"0xf9", "\"accountProof\":[\"0xf8"));
  return true;
}

static void asks_the_next_endpoint_after_a_forged_proof(void **state) {
  (void)state;
  start(3, 2);
  now.lie = forge_first_proof;
  assert_int_equal(expect_answer().account.nonce, 1);
  expect_blame(0, "first node does not hash to the root");
  expect_no_blame();
}

static void reports_a_forged_proof_when_there_is_no_other(void **state) {
  (void)state;
  start(1, 1);
  now.lie = forge_first_proof;
  expect_failure(OL_ERR_PROOF, "first node does not hash to the root");
  assert_string_equal(ol_engine_error(now.engine)->part, "accountProof");
  assert_int_equal(ol_engine_error(now.engine)->node, 0);
}

static bool forge_first_code(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "eth_getCode"))
    assert_true(replace(answer, "\"result\":\"0x0007", "\"result\":\"0x0008"));
  return true;
}

static void refuses_forged_code(void **state) {
  (void)state;
  for (int order = 0; order < 2; order++) {
    start(2, 2);
    now.question.with_code = 1;
    now.lie = forge_first_code;
    ol_account_answer answer = expect_answer();
    ol_slice code;
    assert_int_equal(ol_client_account(&error, &answer, &code, now.client), OL_OK);
    assert_memory_equal(code.data, earth.code, sizeof earth.code);
    expect_blame(0, "code does not hash to the account's code hash");
    stop(NULL);
  }
  start(1, 1);
  now.question.with_code = 1;
  now.lie = forge_first_code;
  expect_failure(OL_ERR_PROOF, "code does not hash to the account's code hash");
}

/* The code comes before the proof: it is kept, and judged when the proof is there. */
static void judges_code_that_came_first(void **state) {
  (void)state;
  for (int lies = 0; lies < 2; lies++) {
    start(1, 1);
    now.question.with_code = 1;
    assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
    assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_OK);
    answer_round();
    ol_want want;
    ol_slice answers[2];
    uint64_t ids[2];
    for (int i = 0; i < 2; i++) {
      assert_int_equal(ol_engine_next_want(now.engine, &want), 1);
      ol_arena arena =
          ol_arena_of(arena_memory + (size_t)i * (sizeof arena_memory / 2), sizeof arena_memory / 2);
      uint8_t body[4096];
      memcpy(body, want.body.data, want.body.len);
      ids[i] = want.id;
      answers[i] = world_answer(&earth, &now.endpoints[0], &arena, ol_slice_of(body, want.body.len));
      if (lies && asks_for(&want, "eth_getCode")) assert_true(forge_first_code(&want, &answers[i]));
    }
    assert_int_equal(ol_engine_feed(now.engine, ids[1], answers[1].data, answers[1].len), OL_OK);
    assert_int_equal(ol_engine_state(now.engine), OL_ENGINE_WORKING);
    (void)ol_engine_feed(now.engine, ids[0], answers[0].data, answers[0].len);
    assert_int_equal(ol_engine_state(now.engine), lies ? OL_ENGINE_FAILED : OL_ENGINE_DONE);
    if (lies)
      assert_string_equal(ol_engine_error(now.engine)->reason,
                          "code does not hash to the account's code hash");
    stop(NULL);
  }
}

static bool remote_error(const ol_want *want, ol_slice *answer) {
  static char text[128];
  if (want->endpoint != 0 || !asks_for(want, "eth_getProof")) return true;
  int len = snprintf(text, sizeof text,
                     "{\"jsonrpc\":\"2.0\",\"id\":%u,\"error\":{\"code\":-32601,\"message\":\"no\"}}",
                     (unsigned)want->id);
  *answer = ol_slice_of(text, (size_t)len);
  return true;
}

static bool no_json(const ol_want *want, ol_slice *answer) {
  if (asks_for(want, "eth_getProof")) *answer = ol_slice_of("<html>", 6);
  return true;
}

static void refuses_what_is_not_json(void **state) {
  (void)state;
  start(1, 1);
  now.lie = no_json;
  expect_failure(OL_ERR_ENCODING, "text is not JSON");
  assert_string_equal(ol_engine_error(now.engine)->part, "proof");
  assert_int_equal(ol_engine_error(now.engine)->offset, 0);
}

static bool many_values(const ol_want *want, ol_slice *answer) {
  static char text[400000];
  if (!asks_for(want, "eth_getProof")) return true;
  memset(text, '1', sizeof text);
  for (size_t i = 1; i < sizeof text; i += 2) text[i] = ',';
  text[0] = '[';
  text[1] = '1';
  text[sizeof text - 1] = ']';
  *answer = ol_slice_of(text, sizeof text);
  return true;
}

static void puts_an_answer_of_too_many_values_down_to_the_endpoint(void **state) {
  (void)state;
  start(1, 1);
  now.lie = many_values;
  expect_failure(OL_ERR_LIMIT, "answer has more values than accepted");
}

static bool no_hex_code(const ol_want *want, ol_slice *answer) {
  if (asks_for(want, "eth_getCode")) assert_true(replace(answer, "\"result\":\"0x", "\"result\":\"0y"));
  return true;
}

static bool long_code(const ol_want *want, ol_slice *answer) {
  static char text[2 * OL_MAX_CODE + 128];
  if (!asks_for(want, "eth_getCode")) return true;
  int len = snprintf(text, sizeof text, "{\"id\":%u,\"result\":\"0x%0*d\"}", (unsigned)want->id,
                     2 * (int)OL_MAX_CODE + 2, 0);
  *answer = ol_slice_of(text, (size_t)len);
  return true;
}

static void refuses_code_that_is_no_hex_or_too_long(void **state) {
  (void)state;
  start(1, 1);
  now.question.with_code = 1;
  now.lie = no_hex_code;
  expect_failure(OL_ERR_ENCODING, "hex does not begin with 0x");
  stop(NULL);
  start(1, 1);
  now.question.with_code = 1;
  now.lie = long_code;
  expect_failure(OL_ERR_LIMIT, "code is longer than 64 KiB");
}

static void goes_on_after_an_error_of_the_endpoint(void **state) {
  (void)state;
  start(2, 2);
  now.lie = remote_error;
  assert_int_equal(expect_answer().account.nonce, 1);
  expect_blame(0, "endpoint does not know the method");
  expect_no_blame();
  stop(NULL);
  start(1, 1);
  now.lie = remote_error;
  expect_failure(OL_ERR_REMOTE, "endpoint does not know the method");
  assert_int_equal(now.requests, 4); /* block, chain id, and the proof twice */
}

static bool swap_id(const ol_want *want, ol_slice *answer) {
  char from[32], to[32];
  if (!asks_for(want, "eth_getProof")) return true;
  snprintf(from, sizeof from, "\"id\":%u,", (unsigned)want->id);
  snprintf(to, sizeof to, "\"id\":%u,", (unsigned)want->id + 1);
  assert_true(replace(answer, from, to));
  return true;
}

static void refuses_the_answer_to_another_request(void **state) {
  (void)state;
  start(1, 1);
  now.lie = swap_id;
  expect_failure(OL_ERR_MISMATCH, "JSON-RPC response is to another request");
}

static void ignores_late_and_repeated_answers(void **state) {
  (void)state;
  start(1, 1);
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_OK);
  ol_want want;
  assert_int_equal(ol_engine_next_want(now.engine, &want), 1);
  assert_int_equal(ol_engine_tick(now.engine, NOW_MS + 5000), OL_OK); /* the deadline of both wants */
  expect_blame(0, "no answer in time");
  expect_blame(0, "no answer in time");
  assert_int_equal(ol_engine_feed(now.engine, want.id, (const uint8_t *)"{}", 2), OL_OK);
  assert_int_equal(ol_engine_feed(now.engine, 12345, NULL, 0), OL_OK);
  expect_no_blame();
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) assert_true(answer_round() > 0);
  assert_int_equal(ol_engine_state(now.engine), OL_ENGINE_DONE);
}

static void refuses_an_answer_that_is_too_long(void **state) {
  (void)state;
  start(1, 1);
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_OK);
  ol_want want;
  assert_int_equal(ol_engine_next_want(now.engine, &want), 1);
  uint8_t *large = calloc(1, want.max_len + 1);
  assert_int_equal(ol_engine_feed(now.engine, want.id, large, want.max_len + 1), OL_OK);
  free(large);
  expect_blame(0, "answer is longer than accepted");
}

static void ages_while_it_waits(void **state) {
  (void)state;
  start(1, 1);
  now.question.max_age_s = 3;
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_OK);
  answer_round(); /* the block is 3 s old: fresh enough */
  assert_int_equal(ol_engine_tick(now.engine, NOW_MS + 1000), OL_OK);
  answer_round();
  assert_int_equal(ol_engine_state(now.engine), OL_ENGINE_FAILED);
  assert_string_equal(ol_engine_error(now.engine)->reason, "block is older than accepted");
}

/* At every point of a session a copy of the client goes on exactly as the client itself. */
static void can_be_copied_at_any_point(void **state) {
  (void)state;
  start(3, 2);
  now.question.slot_count = 1;
  now.question.slots[0] = world_word(3);
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_OK);
  const ol_client_config config = {
      .chain_id = WORLD_CHAIN_ID, .endpoints = 3, .quorum = 2, .timeout_ms = 5000};
  size_t size = ol_client_size(&config);
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) {
    void *copy = aligned_alloc(16, size);
    memcpy(copy, now.memory, size);
    memset(now.memory, 0xee, size); /* nothing may point back */
    free(now.memory);
    now.memory = copy;
    now.client = copy;
    now.engine = ol_client_engine(now.client);
    assert_true(answer_round() > 0);
  }
  ol_account_answer answer;
  ol_slice code;
  assert_int_equal(ol_client_account(&error, &answer, &code, now.client), OL_OK);
  ol_u256 expected = world_word(1003);
  assert_memory_equal(&answer.slots[0].value, &expected, sizeof expected);
}

static void refuses_questions_that_make_no_sense(void **state) {
  (void)state;
  start(1, 1);
  now.question.slot_count = OL_MAX_SLOTS + 1;
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_ERR_ARGUMENT);
  now.question.slot_count = 0;
  now.question.block = OL_BLOCK_HASH + 1;
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_ERR_ARGUMENT);
  now.question.block = OL_BLOCK_LATEST;
  now.question.trust = OL_TRUST_UNSAFE;
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_ERR_ARGUMENT);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_ERR_ARGUMENT); /* nothing was asked */
  now.question.trust = OL_TRUST_QUORUM;
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
  ol_account_answer answer;
  ol_slice code;
  assert_int_equal(ol_client_account(&error, &answer, &code, now.client), OL_ERR_ARGUMENT);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_OK);
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_ERR_ARGUMENT);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_ERR_ARGUMENT);
}

static void refuses_configurations_that_make_no_sense(void **state) {
  (void)state;
  const ol_client_config good = {.endpoints = 2, .quorum = 2, .timeout_ms = 1000};
  ol_client_config bad[] = {good, good, good, good, good, good, good};
  bad[0].endpoints = 0;
  bad[1].endpoints = OL_MAX_ENDPOINTS + 1;
  bad[2].quorum = 0;
  bad[3].quorum = 3;
  bad[4].timeout_ms = 99;
  bad[5].max_answer = 4095;
  bad[6].max_answer = (16u << 20) + 1;
  size_t size = ol_client_size(&good);
  now.memory = aligned_alloc(16, size + 16);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(ol_client_size(&bad[i]), 0);
    assert_int_equal(ol_client_init(&error, &now.client, &bad[i], now.memory, size), OL_ERR_ARGUMENT);
  }
  assert_int_equal(ol_client_init(&error, &now.client, &good, now.memory, size - 1), OL_ERR_MEMORY);
  assert_int_equal(ol_client_init(&error, &now.client, &good, (uint8_t *)now.memory + 8, size),
                   OL_ERR_ARGUMENT);
  assert_int_equal(ol_client_init(&error, &now.client, &good, now.memory, size), OL_OK);
}

static int make_world(void **state) {
  (void)state;
  world_make(&earth);
  return 0;
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(proves_an_account_with_slots_and_code),
      TEST(proves_absence),
      TEST(answers_many_questions_one_after_the_other),
      TEST(takes_the_block_that_the_quorum_has_reached),
      TEST(outvotes_a_liar),
      TEST(refuses_without_agreement),
      TEST(refuses_when_too_few_answer),
      TEST(refuses_an_old_block),
      TEST(limits_the_age_of_the_latest_block_only_unless_told),
      TEST(passes_over_an_endpoint_that_is_stuck),
      TEST(refuses_a_block_from_the_future),
      TEST(refuses_another_chain),
      TEST(refuses_a_chain_id_that_is_none),
      TEST(does_not_count_the_vote_of_another_chain),
      TEST(tries_a_silent_endpoint_twice_and_goes_on),
      TEST(reports_silence_as_transport),
      TEST(refuses_another_block_by_number),
      TEST(refuses_another_block_than_the_one_voted_on),
      TEST(refuses_another_block_by_hash),
      TEST(refuses_a_forged_header),
      TEST(asks_the_next_endpoint_after_a_forged_proof),
      TEST(reports_a_forged_proof_when_there_is_no_other),
      TEST(refuses_forged_code),
      TEST(judges_code_that_came_first),
      TEST(refuses_what_is_not_json),
      TEST(puts_an_answer_of_too_many_values_down_to_the_endpoint),
      TEST(refuses_code_that_is_no_hex_or_too_long),
      TEST(goes_on_after_an_error_of_the_endpoint),
      TEST(refuses_the_answer_to_another_request),
      TEST(ignores_late_and_repeated_answers),
      TEST(refuses_an_answer_that_is_too_long),
      TEST(ages_while_it_waits),
      TEST(can_be_copied_at_any_point),
      TEST(refuses_questions_that_make_no_sense),
      TEST(refuses_configurations_that_make_no_sense),
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
