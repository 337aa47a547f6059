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

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(refuses_a_configuration_that_is_not_valid),
      TEST(refuses_memory_that_will_not_do),
      TEST(takes_one_request_at_a_time),
      TEST(answers_at_the_block_that_is_named),
      TEST(holds_the_latest_block_for_a_while),
      TEST(refuses_a_latest_block_that_is_old),
  };
  return cmocka_run_group_tests(tests, make_chain, end_chain);
}
