/* SPDX-License-Identifier: MIT */
#include "unit/provider/session.h"

/* Requests of several clients that are answered together. */

static void also(const char *text, ol_status status) {
  assert_int_equal(ol_provider_ask_also(&error, now.provider, text_of(text)), status);
}

static void answer_all(void) {
  assert_int_equal(ol_engine_begin(now.engine, now.now_ms), OL_OK);
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) answer_round();
}

static void expect_response(uint32_t index, const char *expected) {
  ol_slice text;
  assert_int_equal(ol_provider_response_at(&error, &text, now.provider, index), OL_OK);
  assert_int_equal(text.len, strlen(expected));
  if (text.len > 0) assert_memory_equal(text.data, expected, text.len);
}

static bool response_has(uint32_t index, const char *part) {
  ol_slice text;
  assert_int_equal(ol_provider_response_at(&error, &text, now.provider, index), OL_OK);
  for (size_t i = 0; i + strlen(part) <= text.len; i++) {
    if (memcmp(text.data + i, part, strlen(part)) == 0) return true;
  }
  return false;
}

static void ask_first(const char *text) {
  assert_int_equal(ol_provider_ask(&error, now.provider, text_of(text)), OL_OK);
}

#define CHAIN_ID(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"result\":\"0x64c\"}"
#define ASK_CHAIN_ID(id) "{\"id\":" id ",\"method\":\"eth_chainId\"}"

static void gives_each_its_own_response(void **state) {
  (void)state;
  start(1, 1);
  ask_first(ASK_CHAIN_ID("1"));
  also("[" ASK_CHAIN_ID("\"a\"") "," ASK_CHAIN_ID("2") "]", OL_OK);
  also("{\"method\":\"eth_chainId\"}", OL_OK);
  also("nonsense", OL_OK);
  also("[{\"method\":\"eth_chainId\"}]", OL_OK);
  also(ASK_CHAIN_ID("1"), OL_OK);
  answer_all();
  expect_response(0, CHAIN_ID("1"));
  expect_response(1, "[" CHAIN_ID("\"a\"") "," CHAIN_ID("2") "]");
  expect_response(2, "");
  assert_true(response_has(3, "\"id\":null,\"error\":{\"code\":-32700,"));
  expect_response(4, "");
  expect_response(5, CHAIN_ID("1"));
  ol_slice text;
  assert_int_equal(ol_provider_response(&error, &text, now.provider), OL_OK);
  assert_int_equal(text.len, strlen(CHAIN_ID("1")));
  assert_int_equal(ol_provider_response_at(&error, &text, now.provider, 6), OL_ERR_ARGUMENT);
}

/* All of it holds at one block, which is looked for once. */
static void answers_all_in_one_chain(void **state) {
  (void)state;
  start(1, 1);
  ask_first("{\"id\":1,\"method\":\"eth_blockNumber\"}");
  for (int i = 0; i < 5; i++) also("{\"id\":1,\"method\":\"eth_blockNumber\"}", OL_OK);
  answer_all();
  assert_int_equal(now.rounds, 1);
  ol_slice first, other;
  assert_int_equal(ol_provider_response_at(&error, &first, now.provider, 0), OL_OK);
  for (uint32_t i = 1; i < 6; i++) {
    assert_int_equal(ol_provider_response_at(&error, &other, now.provider, i), OL_OK);
    assert_int_equal(first.len, other.len);
    assert_memory_equal(first.data, other.data, first.len);
  }
}

static void takes_no_more_than_there_is_room_for(void **state) {
  (void)state;
  start(1, 1);
  ask_first(ASK_CHAIN_ID("1"));
  for (int i = 1; i < OL_PROVIDER_TEXTS; i++) also(ASK_CHAIN_ID("1"), OL_OK);
  also(ASK_CHAIN_ID("1"), OL_ERR_LIMIT);
  answer_all();
  expect_response(OL_PROVIDER_TEXTS - 1, CHAIN_ID("1"));

  /* By requests: what does not fit must leave nothing behind. */
  static char batch[1 << 16];
  char *to = batch;
  *to++ = '[';
  for (int i = 0; i < 99; i++) to += sprintf(to, "%s%s", i == 0 ? "" : ",", ASK_CHAIN_ID("1"));
  strcpy(to, "]");
  ask_first(batch);
  also("[" ASK_CHAIN_ID("1") "," ASK_CHAIN_ID("2") "]", OL_ERR_LIMIT);
  also(ASK_CHAIN_ID("3"), OL_OK);
  also(ASK_CHAIN_ID("4"), OL_ERR_LIMIT);
  answer_all();
  expect_response(1, CHAIN_ID("3"));

  /* By bytes. */
  char *text = malloc(OL_PROVIDER_REQUEST + 1);
  memset(text, ' ', OL_PROVIDER_REQUEST);
  text[OL_PROVIDER_REQUEST] = '\0';
  memcpy(text, ASK_CHAIN_ID("1"), strlen(ASK_CHAIN_ID("1")));
  ask_first(ASK_CHAIN_ID("2"));
  also(text, OL_ERR_LIMIT);
  text[OL_PROVIDER_REQUEST - strlen(ASK_CHAIN_ID("2"))] = '\0';
  also(text, OL_OK);
  free(text);
  answer_all();
  expect_response(0, CHAIN_ID("2"));
  expect_response(1, CHAIN_ID("1"));
}

static void takes_nothing_when_nothing_is_asked(void **state) {
  (void)state;
  start(1, 1);
  also(ASK_CHAIN_ID("1"), OL_ERR_ARGUMENT);
  ask_first("{\"id\":1,\"method\":\"eth_blockNumber\"}");
  assert_int_equal(ol_engine_begin(now.engine, now.now_ms), OL_OK);
  also(ASK_CHAIN_ID("1"), OL_ERR_ARGUMENT);
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) answer_round();
  also(ASK_CHAIN_ID("1"), OL_ERR_ARGUMENT);
}

/* One client's long answer must not take away the others'. */
static void leaves_room_for_the_errors_of_others(void **state) {
  (void)state;
  ol_provider_config config = config_of(1, 1);
  config.max_response = 8192;
  start_with(config);
  ask_first("{\"id\":1,\"method\":\"eth_getBlockByNumber\",\"params\":[\"latest\",true]}");
  also("{\"id\":2,\"method\":\"eth_getBlockReceipts\",\"params\":[\"latest\"]}", OL_OK);
  also("[" ASK_CHAIN_ID("3") "]", OL_OK);
  answer_all();
  assert_true(response_has(0, "\"id\":1"));
  assert_true(response_has(1, "\"id\":2"));
  expect_response(2, "[" CHAIN_ID("3") "]");
}

/* What has no room beside others is to be asked by itself, and then has it. */
static void says_what_had_no_room_beside_others(void **state) {
  (void)state;
  char one[128], block[128] = "";
  size_t len = 0;
  ol_slice text;
  start(1, 1);
  for (size_t i = 1; i < earth.count; i++) { /* the block with the longest response */
    snprintf(one, sizeof one, "{\"id\":1,\"method\":\"eth_getBlockReceipts\",\"params\":[\"0x%zx\"]}", i);
    ask(one);
    if (strlen(now.response) <= len) continue;
    len = strlen(now.response);
    memcpy(block, one, sizeof block);
  }
  assert_true(len > 4096);
  stop(NULL);
  ol_provider_config config = config_of(1, 1);
  config.max_response = (uint32_t)len + 4096 + 2048;
  start_with(config);
  ask_first(block);
  also(block, OL_OK);
  also(ASK_CHAIN_ID("1"), OL_OK);
  answer_all();
  uint32_t crowded = 0;
  for (uint32_t i = 0; i < 2; i++) {
    ol_status status = ol_provider_response_at(&error, &text, now.provider, i);
    crowded += status == OL_ERR_LIMIT;
    assert_true(status == OL_ERR_LIMIT || text.len == len);
  }
  assert_int_equal(crowded, 1);
  expect_response(2, CHAIN_ID("1"));
  ask(block);
  assert_int_equal(strlen(now.response), len);
}

/* --- Subscriptions --- */

#define SUBSCRIBE "{\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}"
#define UNSUBSCRIBE(id) "{\"id\":1,\"method\":\"eth_unsubscribe\",\"params\":[\"" id "\"]}"
#define RESULT(value) "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" value "}"

static void ask_by(const char *text, uint64_t subscriber) {
  ask_first(text);
  ol_provider_asked_by(now.provider, subscriber);
  answer_all();
}

static void keeps_who_has_subscribed(void **state) {
  (void)state;
  start(1, 1);
  ol_provider_subscription one;
  ask_by(SUBSCRIBE, 7);
  expect_response(0, RESULT("\"0x1\""));
  ask_by("[" SUBSCRIBE "," SUBSCRIBE "]", 8);
  expect_response(0, "[" RESULT("\"0x2\"") "," RESULT("\"0x3\"") "]");
  assert_int_equal(ol_provider_subscription_at(now.provider, &one, 1), 1);
  assert_int_equal(one.id, 2);
  assert_int_equal(one.subscriber, 8);
  ask_by(UNSUBSCRIBE("0x2"), 7); /* it is another's */
  expect_response(0, RESULT("false"));
  ask_by(UNSUBSCRIBE("0x2"), 8);
  expect_response(0, RESULT("true"));
  ask_by(UNSUBSCRIBE("0x2"), 8);
  expect_response(0, RESULT("false"));
  assert_int_equal(ol_provider_subscription_at(now.provider, &one, 1), 1);
  assert_int_equal(one.id, 3);
  assert_int_equal(ol_provider_subscription_at(now.provider, &one, 2), 0);
  ol_provider_gone(now.provider, 8);
  assert_int_equal(ol_provider_subscription_at(now.provider, &one, 0), 1);
  assert_int_equal(one.subscriber, 7);
  assert_int_equal(ol_provider_subscription_at(now.provider, &one, 1), 0);
}

static void subscribes_nobody_who_cannot_be_told(void **state) {
  (void)state;
  start(1, 1);
  static const char reason[] = "subscriptions need a connection that stays open";
  ol_provider_subscription one;
  ol_provider_asked_by(now.provider, 7); /* nothing is asked */
  assert_error(ask(SUBSCRIBE), -32601, reason);
  assert_error(ask(UNSUBSCRIBE("0x1")), -32601, reason);
  ask_by("{\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"logs\"]}", 7);
  assert_true(response_has(0, "only newHeads can be subscribed to"));
  ask_by("{\"id\":1,\"method\":\"eth_subscribe\",\"params\":[5]}", 7);
  assert_true(response_has(0, "JSON value is not a string"));
  assert_int_equal(ol_provider_subscription_at(now.provider, &one, 0), 0);
}

static void has_room_for_so_many_subscriptions(void **state) {
  (void)state;
  start(1, 1);
  for (uint64_t i = 0; i < OL_PROVIDER_SUBSCRIPTIONS; i++) ask_by(SUBSCRIBE, i + 1);
  ask_by(SUBSCRIBE, 1);
  assert_true(response_has(0, "\"code\":-32005"));
  ol_provider_gone(now.provider, 1);
  ask_by(SUBSCRIBE, 1);
  expect_response(0, RESULT("\"0x41\""));
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(gives_each_its_own_response),
      TEST(answers_all_in_one_chain),
      TEST(takes_no_more_than_there_is_room_for),
      TEST(takes_nothing_when_nothing_is_asked),
      TEST(leaves_room_for_the_errors_of_others),
      TEST(says_what_had_no_room_beside_others),
      TEST(keeps_who_has_subscribed),
      TEST(subscribes_nobody_who_cannot_be_told),
      TEST(has_room_for_so_many_subscriptions),
  };
  return cmocka_run_group_tests(tests, make_chain, end_chain);
}
