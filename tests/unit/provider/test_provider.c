/* SPDX-License-Identifier: MIT */
#include "unit/provider/session.h"

/* How a provider works: what it is made of, which block an answer holds at, who is asked, and that it ends. */

#define ACCOUNT "\"0x1112131415161718191a1b1c1d1e1f2021222324\"" /* the first of world.h that has no code */

/* --- What it is made of --- */

static void assert_fault(const ol_provider_config *config, const char *reason) {
  ol_provider *provider;
  static _Alignas(16) uint8_t memory[16];
  assert_int_equal(ol_provider_size(config), 0);
  assert_int_equal(ol_provider_init(&error, &provider, config, memory, sizeof memory), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, reason);
}

static void refuses_a_configuration_that_is_not_valid(void **state) {
  (void)state;
  start(1, 1);
  const ol_provider_config good = now.config;
  ol_provider_config config = good;
  config.client.chain_id = 0;
  assert_fault(&config, "a provider needs a chain id");
  config = good;
  for (uint32_t trust = 0; trust <= OL_TRUST_FINALIZED + 1; trust++) {
    config.trust = trust;
    if (trust >= OL_TRUST_QUORUM && trust <= OL_TRUST_FINALIZED)
      assert_true(ol_provider_size(&config) > 0);
    else
      assert_fault(&config, "trust is not that of a quorum, unsafe, proposed or finalized");
  }
  config = good;
  config.max_response = 4095;
  assert_fault(&config, "max_response is under 4 KiB");
  config.max_response = (16u << 20) + 1;
  assert_fault(&config, "max_response is over 16 MiB");
  config = good;
  config.client.quorum = 2;
  assert_fault(&config, "quorum is not 1 to the endpoints");
  config = good;
  config.client.sequencers = OL_MAX_ENDPOINTS + 1;
  assert_fault(&config, "number of sequencers is not 0 to 16");
  config = good;
  config.client.envelope_version = 5;
  assert_fault(&config, "version of the gossip is not 1 to 4");
  config = good;
  config.client.max_answer = 0;
  const size_t by_default = ol_provider_size(&config);
  config.client.max_answer = 1u << 20;
  assert_int_equal(ol_provider_size(&config), by_default);
  config.max_response = 0;
  assert_int_equal(ol_provider_size(&config) - by_default, OL_PROVIDER_RESPONSE - MAX_RESPONSE);
}

static void refuses_memory_that_will_not_do(void **state) {
  (void)state;
  start(1, 1);
  ol_provider *provider;
  const size_t size = ol_provider_size(&now.config);
  assert_int_equal(ol_provider_init(&error, &provider, &now.config, (uint8_t *)now.memory + 8, size),
                   OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "memory of a provider is not aligned to 16");
  assert_int_equal(ol_provider_init(&error, &provider, &now.config, now.memory, size - 1), OL_ERR_MEMORY);
  assert_string_equal(error.reason, "memory of a provider is less than ol_provider_size");
}

static void takes_one_request_at_a_time(void **state) {
  (void)state;
  ol_slice response;
  start(1, 1);
  assert_int_equal(ol_provider_response(&error, &response, now.provider), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "the request is not answered yet");
  const ol_slice request = text_of("{\"id\":1,\"method\":\"eth_blockNumber\"}");
  assert_int_equal(ol_provider_ask(&error, now.provider, request), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, now.now_ms), OL_OK);
  assert_int_equal(ol_provider_ask(&error, now.provider, request), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "the request before is not answered yet");
  assert_int_equal(ol_provider_response(&error, &response, now.provider), OL_ERR_ARGUMENT);
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) assert_true(answer_round() > 0);
  assert_int_equal(ol_provider_response(&error, &response, now.provider), OL_OK);
  assert_int_equal(response.len, strlen("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x2f\"}"));
}

/* --- Which block an answer holds at --- */

static void answers_at_the_block_that_is_named(void **state) {
  (void)state;
  start(3, 2);
  expect("eth_blockNumber", "", "\"0x2f\"");
  expect("eth_getBalance", ACCOUNT, "\"0x417\"");
  expect("eth_getBalance", ACCOUNT ",\"pending\"", "\"0x417\"");
  expect("eth_getBalance", ACCOUNT ",\"safe\"", "\"0x415\"");
  expect("eth_getBalance", ACCOUNT ",\"finalized\"", "\"0x413\"");
  expect("eth_getBalance", ACCOUNT ",\"earliest\"", "\"0x3e8\"");
  expect("eth_getBalance", ACCOUNT ",\"0x2e\"", "\"0x416\"");
  expect("eth_getBalance", ACCOUNT ",\"0x1\"", "\"0x3e9\"");
  expect("eth_getBalance", ACCOUNT ",{\"blockNumber\":\"0x2\"}", "\"0x3ea\"");
  char params[256];
  snprintf(params, sizeof params, "%s,{\"blockHash\":\"%s\"}", ACCOUNT, hash_text(&earth.blocks[7].hash));
  expect("eth_getBalance", params, "\"0x3ef\"");
}

static void start_holding(uint32_t hold_ms, uint32_t max_age_s) {
  ol_provider_config config = config_of(1, 1);
  config.hold_ms = hold_ms;
  config.max_age_s = max_age_s;
  start_with(config);
}

/* A block is the latest for a while, so that what belongs together is answered at one; but not beyond its age. */
static void holds_the_latest_block_for_a_while(void **state) {
  (void)state;
  start_holding(2000, OL_AGE_DEFAULT);
  expect("eth_blockNumber", "", "\"0x2f\"");
  assert_int_equal(now.requests, 2);
  now.now_ms += 1999;
  expect("eth_blockNumber", "", "\"0x2f\"");
  assert_int_equal(now.requests, 0);
  now.now_ms++;
  expect("eth_blockNumber", "", "\"0x2f\"");
  assert_int_equal(now.requests, 2);
  stop(NULL);
  start_holding(60000, 4);
  expect("eth_blockNumber", "", "\"0x2f\"");
  now.now_ms += 1000;
  expect("eth_blockNumber", "", "\"0x2f\"");
  assert_int_equal(now.requests, 0);
  now.now_ms += 1000; /* 5 s after the block */
  expect_error("eth_blockNumber", "", -32002, "block is older than accepted");
}

static void refuses_a_latest_block_that_is_old(void **state) {
  (void)state;
  start(1, 1);
  now.now_ms += 118 * 1000;
  expect_error("eth_blockNumber", "", -32002, "block is older than accepted");
  expect("eth_getBalance", ACCOUNT ",\"finalized\"", "\"0x413\"");
}

/* --- Who is asked --- */

static const char *head_text;

static bool change_head(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "\"latest\"")) *answer = text_of(head_text);
  return true;
}

static void blames_whoever_sends_no_head(void **state) {
  (void)state;
  static const char *const heads[][2] = {
      {"{", "text is not JSON"},
      {"[]", "JSON-RPC response is not an object"},
      {"{\"error\":{\"code\":-32005}}", "endpoint limits the number of requests"},
      {"{\"id\":0,\"result\":{}}", "JSON-RPC response is to another request"}};
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
    start(2, 1);
    now.lie = change_head;
    head_text = heads[i][0];
    expect("eth_blockNumber", "", "\"0x2f\"");
    expect_blame(0, heads[i][1]);
    stop(NULL);
  }
}

static void refuses_endpoints_of_another_chain(void **state) {
  (void)state;
  start(2, 2);
  now.endpoints[1].chain_id = 1;
  expect_error("eth_blockNumber", "", -32002, "endpoint serves another chain");
  stop(NULL);
  start(3, 2);
  now.endpoints[1].chain_id = 1;
  expect("eth_getBalance", ACCOUNT, "\"0x417\"");
}

/* A view that fails leaves nobody to ask; what was settled before it goes on all the same. */
static bool finalized_is_unknown(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return !asks_for(want, "\"finalized\"");
}

static void one_tag_that_fails_leaves_the_others(void **state) {
  (void)state;
  start(2, 2);
  now.lie = finalized_is_unknown;
  ask("[{\"id\":1,\"method\":\"eth_getBalance\",\"params\":[" ACCOUNT ",\"finalized\"]},"
      "{\"id\":2,\"method\":\"eth_getBalance\",\"params\":[" ACCOUNT ",\"0x1\"]},"
      "{\"id\":3,\"method\":\"eth_getBalance\",\"params\":[" ACCOUNT ",\"safe\"]}]");
  assert_non_null(strstr(now.response, "\"id\":1,\"error\":{\"code\":-32002,"));
  assert_non_null(strstr(now.response, "\"id\":2,\"result\":\"0x3e9\""));
  assert_non_null(strstr(now.response, "\"id\":3,\"result\":\"0x415\""));
}

/* --- Batches that want all there is --- */

/* As many jobs, keeps and ranges as a batch can have: nobody waits for what another has. */
static void ends_batches_that_want_all_there_is(void **state) {
  (void)state;
  static const char *const all[] = {
      "\"eth_getBlockByNumber\",\"params\":[\"0x4\",true]",
      "\"eth_getCode\",\"params\":[\"0x000102030405060708090a0b0c0d0e0f10111213\",\"0x7\"]",
      "\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x0\"}]",
      "\"eth_getHeaderByNumber\",\"params\":[\"0x9\"]",
      "\"eth_getProof\",\"params\":[\"0x000102030405060708090a0b0c0d0e0f10111213\",[\"0x1\"],\"safe\"]",
      "\"eth_feeHistory\",\"params\":[5,\"finalized\",[50]]",
      "\"eth_getBlockReceipts\",\"params\":[\"finalized\"]"};
  static char batch[1 << 14], text[MAX_RESPONSE + 1];
  for (size_t turn = 0; turn < 7; turn++) {
    for (int backwards = 0; backwards < 2; backwards++) {
      size_t at = 0;
      for (size_t i = 0; i < 42; i++)
        at += (size_t)snprintf(batch + at, sizeof batch - at, "%s{\"id\":%zu,\"method\":%s}",
                               i == 0 ? "[" : ",", i, all[(i * (turn + 1) + turn) % 7]);
      strcpy(batch + at, "]");
      ol_provider_config config = config_of(3, 2);
      config.max_response = 4u << 20;
      start_with(config);
      now.backwards = backwards == 1;
      ol_slice response;
      assert_int_equal(ol_provider_ask(&error, now.provider, text_of(batch)), OL_OK);
      assert_int_equal(ol_engine_begin(now.engine, now.now_ms), OL_OK);
      while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) {
        assert_true(answer_round() > 0);
        assert_true(now.rounds < 2000);
      }
      assert_true(now.most <= 64);
      assert_int_equal(ol_provider_response(&error, &response, now.provider), OL_OK);
      ol_json_cut cut;
      ol_slice element;
      size_t count = 0;
      assert_int_equal(ol_json_cut_array(&error, &cut, response), OL_OK);
      for (;; count++) {
        assert_int_equal(ol_json_cut_next(&error, &element, &cut), OL_OK);
        if (element.data == NULL) break;
        memcpy(text, element.data, element.len < 60 ? element.len : 60);
        text[element.len < 60 ? element.len : 60] = '\0';
        assert_non_null(strstr(text, "\"result\":"));
      }
      assert_int_equal(count, 42);
      stop(NULL);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(refuses_a_configuration_that_is_not_valid),
      TEST(refuses_memory_that_will_not_do),
      TEST(takes_one_request_at_a_time),
      TEST(answers_at_the_block_that_is_named),
      TEST(holds_the_latest_block_for_a_while),
      TEST(refuses_a_latest_block_that_is_old),
      TEST(blames_whoever_sends_no_head),
      TEST(refuses_endpoints_of_another_chain),
      TEST(one_tag_that_fails_leaves_the_others),
      TEST(ends_batches_that_want_all_there_is),
  };
  return cmocka_run_group_tests(tests, make_chain, end_chain);
}
