/* SPDX-License-Identifier: MIT */
#include "unit/client/session.h"

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
      TEST(ages_while_it_waits),
      TEST(can_be_copied_at_any_point),
      TEST(refuses_questions_that_make_no_sense),
      TEST(refuses_configurations_that_make_no_sense),
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
