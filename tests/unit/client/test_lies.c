/* SPDX-License-Identifier: MIT */
#include "unit/client/session.h"

/* Answers that are forged, malformed, or to another question. */

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
  for (int i = 0; i < 2; i++) assert_int_equal(ol_engine_next_want(now.engine, &want), 1);
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

int main(void) {
  const struct CMUnitTest tests[] = {
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
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
