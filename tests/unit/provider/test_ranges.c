/* SPDX-License-Identifier: MIT */
#include "unit/provider/session.h"

/* Ranges of blocks: logs that match a filter, and the history of fees. */

/* Out: the numbers of the blocks of a response's logs, in their order. Returns: how many logs. */
static size_t blocks_of(const char *response, uint64_t *out, size_t len) {
  size_t count = 0;
  if (strstr(response, "\"result\":[") == NULL) print_message("%s\n", response);
  assert_non_null(strstr(response, "\"result\":["));
  for (const char *at = response; (at = strstr(at, "\"blockNumber\":\"")) != NULL; at++) {
    assert_true(count < len);
    out[count++] = strtoull(at + 15, NULL, 16);
  }
  return count;
}

/* Fails unless these are the logs of the blocks from first to last, each with three times its transactions. */
static void assert_logs(const char *response, uint64_t first, uint64_t last) {
  uint64_t blocks[1024];
  const size_t count = blocks_of(response, blocks, 1024);
  size_t at = 0;
  for (uint64_t number = first; number <= last; number++) {
    const chain_block *block = &earth.blocks[number];
    for (size_t i = 0; i < block->count; i++) {
      for (uint32_t k = 0; k < block->receipts[i].log_count; k++) {
        assert_true(at < count);
        assert_int_equal(blocks[at++], number);
      }
    }
  }
  assert_int_equal(at, count);
}

static const char *logs(const char *filter) {
  return call("eth_getLogs", filter);
}

/* --- Logs --- */

static void gives_all_logs_in_their_order(void **state) {
  (void)state;
  for (int backwards = 0; backwards < 2; backwards++) {
    start(2, 2);
    now.backwards = backwards == 1;
    assert_logs(logs("{\"fromBlock\":\"earliest\"}"), 0, 47);
    assert_logs(logs("{\"fromBlock\":\"0x4\",\"toBlock\":\"0xa\"}"), 4, 10);
    assert_logs(logs("{\"fromBlock\":\"0xa\",\"toBlock\":\"0xa\"}"), 10, 10);
    assert_logs(logs("{\"fromBlock\":\"0x5\",\"toBlock\":\"0x9\"}"), 5, 9);
    assert_logs(logs("{\"fromBlock\":\"0x20\",\"toBlock\":\"0xffffffffffffffff\"}"), 32, 47);
    assert_logs(logs("{\"fromBlock\":\"0x0\",\"toBlock\":\"0x0\"}"), 0, 0);
    assert_logs(logs("{}"), 47, 47);
    stop(NULL);
  }
}

static void gives_logs_from_tag_to_tag(void **state) {
  (void)state;
  start(2, 2);
  assert_logs(logs("{\"fromBlock\":\"finalized\",\"toBlock\":\"safe\"}"), 43, 45);
  assert_logs(logs("{\"fromBlock\":\"safe\"}"), 45, 47);
  assert_logs(logs("{\"fromBlock\":\"finalized\",\"toBlock\":\"latest\"}"), 43, 47);
  assert_logs(logs("{\"fromBlock\":\"0x20\",\"toBlock\":\"safe\"}"), 32, 45);
}

/* A range that begins behind its end by what its tags mean, as of somebody who asks from the block after the last. */
static void gives_no_logs_of_an_empty_range(void **state) {
  (void)state;
  start(2, 2);
  expect("eth_getLogs", "{\"fromBlock\":\"0x30\"}", "[]");
  expect("eth_getLogs", "{\"fromBlock\":\"latest\",\"toBlock\":\"finalized\"}", "[]");
  expect("eth_getLogs", "{\"fromBlock\":\"0x100\",\"toBlock\":\"0x101\"}", "[]");
}

static void gives_logs_of_a_block_by_its_hash(void **state) {
  (void)state;
  char filter[128];
  start(2, 2);
  snprintf(filter, sizeof filter, "{\"blockHash\":\"%s\"}", hash_text(&earth.blocks[10].hash));
  assert_logs(logs(filter), 10, 10);
  ol_hash unknown = {{1}};
  snprintf(filter, sizeof filter, "{\"blockHash\":\"%s\"}", hash_text(&unknown));
  assert_error(logs(filter), -32001, "there is no such block in the chain that is proven");
}

static bool asked_for_bodies;

static bool note_bodies(const ol_want *want, ol_slice *answer) {
  (void)answer;
  asked_for_bodies = asked_for_bodies || asks_for(want, "eth_getBlockReceipts");
  return true;
}

/* Blocks whose blooms exclude a log are not fetched; what others have is matched by their receipts. */
static void skips_blocks_by_their_blooms(void **state) {
  (void)state;
  start(2, 2);
  now.lie = note_bodies;
  asked_for_bodies = false;
  expect("eth_getLogs", "{\"fromBlock\":\"0x0\",\"address\":\"0x0102030405060708090a0b0c0d0e0f1011121314\"}",
         "[]");
  assert_false(asked_for_bodies);
  expect("eth_getLogs", "{\"fromBlock\":\"0x0\",\"toBlock\":\"0x3\"}", "[]");
  uint64_t blocks[256];
  const char *one =
      logs("{\"fromBlock\":\"0x0\",\"address\":\"0x6161616161616161616161616161616161616161\"}");
  const size_t count = blocks_of(one, blocks, 256);
  assert_true(asked_for_bodies && count > 0);
  assert_null(strstr(now.response, "0x6060606060606060606060606060606060606060"));
  const size_t all = blocks_of(logs("{\"fromBlock\":\"0x0\"}"), blocks, 256);
  assert_int_equal(all, 3 * count);
}

static void refuses_ranges_that_are_none(void **state) {
  (void)state;
  start(1, 1);
  expect_error("eth_getLogs", "{\"fromBlock\":\"0x5\",\"toBlock\":\"0x4\"}", -32602,
               "range ends before it begins");
  char filter[256];
  const char *hash = hash_text(&earth.blocks[10].hash);
  snprintf(filter, sizeof filter, "{\"blockHash\":\"%s\",\"fromBlock\":\"0x1\"}", hash);
  expect_error("eth_getLogs", filter, -32602, "filter has a block's hash and a range");
  snprintf(filter, sizeof filter, "{\"blockHash\":\"%s\",\"toBlock\":\"0x1\"}", hash);
  expect_error("eth_getLogs", filter, -32602, "filter has a block's hash and a range");
  snprintf(filter, sizeof filter, "{\"fromBlock\":\"%s\"}", hash);
  expect_error("eth_getLogs", filter, -32602, "a range is of tags or numbers");
  snprintf(filter, sizeof filter, "{\"toBlock\":\"%s\"}", hash);
  expect_error("eth_getLogs", filter, -32602, "a range is of tags or numbers");
  expect_error("eth_getLogs", "{\"blockHash\":\"0x12\"}", -32602, "hex has the wrong length");
  expect_error("eth_getLogs", "{\"fromBlock\":\"0xg\"}", -32602, "character is not a hex digit");
  expect_error("eth_getLogs", "{\"toBlock\":true}", -32602, "JSON value is not a string");
  expect_error("eth_getLogs", "[]", -32602, "filter is not an object");
}

/* --- A batch of ranges --- */

#define LOGS(id, filter) "{\"id\":" id ",\"method\":\"eth_getLogs\",\"params\":[" filter "]}"

/* One that comes later in the batch may have the run first: it must not keep it from those before. */
static void ranges_of_a_batch_do_not_wait_for_one_another(void **state) {
  (void)state;
  char batch[1024];
  snprintf(batch, sizeof batch, "[%s{\"blockHash\":\"%s\"}]},%s,%s,%s]",
           "{\"id\":1,\"method\":\"eth_getLogs\",\"params\":[", hash_text(&earth.blocks[10].hash),
           LOGS("2", "{\"fromBlock\":\"latest\"}"),
           LOGS("3", "{\"fromBlock\":\"0x10\",\"toBlock\":\"finalized\"}"),
           "{\"id\":4,\"method\":\"eth_feeHistory\",\"params\":[\"0x2\",\"latest\",[50]]}");
  for (int backwards = 0; backwards < 2; backwards++) {
    start(3, 2);
    now.backwards = backwards == 1;
    ask(batch);
    assert_null(strstr(now.response, "error"));
    for (const char *id = "1234"; *id != '\0'; id++) {
      char expected[16];
      snprintf(expected, sizeof expected, "\"id\":%c,", *id);
      assert_non_null(strstr(now.response, expected));
    }
    stop(NULL);
  }
}

/* --- Fee history --- */

static void gives_the_history_of_fees(void **state) {
  (void)state;
  char expected[1024];
  start(2, 2);
  const ol_header *three = &earth.blocks[3].header, *four = &earth.blocks[4].header;
  assert_int_equal(four->gas_used, 315000);
  snprintf(
      expected, sizeof expected,
      "{\"oldestBlock\":\"0x3\",\"baseFeePerGas\":[\"0x%x\",\"0x%x\",\"0x%x\"],\"gasUsedRatio\":[0,0.00525]}",
      three->base_fee.bytes[31], four->base_fee.bytes[31], four->base_fee.bytes[31]);
  expect("eth_feeHistory", "\"0x2\",\"0x4\"", expected);
  expect("eth_feeHistory", "2,\"0x4\",[]", expected);
  expect("eth_feeHistory", "2,\"0x4\",null", expected);
  /* Of the first block there is nothing before. */
  snprintf(expected, sizeof expected,
           "{\"oldestBlock\":\"0x0\",\"baseFeePerGas\":[\"0x%x\",\"0x%x\"],\"gasUsedRatio\":[0]}",
           earth.blocks[0].header.base_fee.bytes[31], earth.blocks[0].header.base_fee.bytes[31]);
  expect("eth_feeHistory", "1000,\"0x0\"", expected);
  assert_non_null(strstr(call("eth_feeHistory", "1000,\"latest\""), "\"oldestBlock\":\"0x0\""));
  assert_non_null(strstr(call("eth_feeHistory", "1,\"finalized\""), "\"oldestBlock\":\"0x2b\""));
}

/* Tips of block 4, whose deposit counts for nothing: by how much gas was used at them or below. */
static void gives_rewards_at_percentiles(void **state) {
  (void)state;
  start(2, 2);
  struct {
    uint64_t tip, gas;
  } tips[CHAIN_ITEMS], swap;
  const chain_block *block = &earth.blocks[4];
  const uint64_t base = block->header.base_fee.bytes[31];
  uint64_t all = 0;
  for (size_t i = 1; i < block->count; i++) {
    const ol_transaction *one = &block->transactions[i];
    const bool is_old = one->type <= OL_TX_ACCESS_LIST;
    const uint64_t above = (is_old ? one->gas_price.bytes[31] : one->max_fee_per_gas.bytes[31]) - base;
    const uint64_t most = one->max_priority_fee_per_gas.bytes[31];
    tips[i - 1].tip = is_old || above < most ? above : most;
    tips[i - 1].gas = block->receipts[i].cumulative_gas_used - block->receipts[i - 1].cumulative_gas_used;
    all += tips[i - 1].gas;
    for (size_t k = i - 1; k > 0 && tips[k].tip < tips[k - 1].tip; k--) {
      swap = tips[k];
      tips[k] = tips[k - 1];
      tips[k - 1] = swap;
    }
  }
  static const unsigned percents[] = {0, 1, 10, 25, 33, 50, 75, 90, 99, 100};
  for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
    char params[64], expected[64];
    uint64_t sum = tips[0].gas;
    size_t at = 0;
    while (at + 1 < block->count - 1 && sum < all * percents[i] / 100) sum += tips[++at].gas;
    snprintf(params, sizeof params, "\"0x2\",\"0x4\",[%u]", percents[i]);
    snprintf(expected, sizeof expected, "\"reward\":[[\"0x0\"],[\"0x%llx\"]]}",
             (unsigned long long)tips[at].tip);
    const char *response = call("eth_feeHistory", params);
    if (strstr(response, expected) == NULL) print_message("%s not %s\n", response, expected);
    assert_non_null(strstr(response, expected));
  }
}

static void refuses_percentiles_and_counts_that_are_none(void **state) {
  (void)state;
  start(1, 1);
  expect_error("eth_feeHistory", "0,\"latest\"", -32602, "no blocks are asked for");
  expect_error("eth_feeHistory", "\"0x0\",\"latest\"", -32602, "no blocks are asked for");
  expect_error("eth_feeHistory", "1001,\"latest\"", -32005, "more than 1,000 blocks");
  expect_error("eth_feeHistory", "\"0xffffffffffffffff\",\"latest\"", -32005, "more than 1,000 blocks");
  expect_error("eth_feeHistory", "-1,\"latest\"", -32602, "JSON number is not an unsigned integer");
  expect_error("eth_feeHistory", "true,\"latest\"", -32602, "JSON value is not a string");
  expect_error("eth_feeHistory", "1,\"x\"", -32602, "hex does not begin with 0x");
  expect_error("eth_feeHistory", "1,\"latest\",50", -32602, "JSON value is not an array");
  expect_error("eth_feeHistory", "1,\"latest\",[2,1]", -32602, "percentiles do not rise");
  static const char *const bad[] = {"101",   "100.001", "100.1",       "-1",  "1e1",
                                    "0.0e1", "\"50\"",  "10000000000", "null"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char params[64];
    snprintf(params, sizeof params, "1,\"latest\",[%s]", bad[i]);
    expect_error("eth_feeHistory", params, -32602, "percentile is not from 0 to 100");
  }
  static const char *const good[] = {"0", "100", "100.000", "0.01", "99.999", "1,1,1.5"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    char params[64];
    snprintf(params, sizeof params, "1,\"latest\",[%s]", good[i]);
    assert_non_null(strstr(call("eth_feeHistory", params), "\"reward\":[["));
  }
  expect_error("eth_feeHistory", "1,\"latest\",[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]", -32005,
               "more than 16 percentiles");
}

/* --- Long ranges --- */

static void refuses_ranges_that_are_too_long(void **state) {
  (void)state;
  static const uint64_t numbers[] = {0, 8000, 8001};
  chain_end(&earth);
  chain_begin(&earth, 1);
  for (size_t i = 0; i < 3; i++) chain_add(&earth, numbers[i], 0, false);
  start(1, 1);
  for (size_t i = 0; i < ENDPOINTS; i++) now.endpoints[i].safe = now.endpoints[i].finalized = 1;
  expect_error("eth_getLogs", "{\"fromBlock\":\"0x0\"}", -32005, "range has more than 1,000 blocks");
  expect_error("eth_getLogs", "{\"fromBlock\":\"0x0\",\"toBlock\":\"finalized\"}", -32005,
               "range has more than 1,000 blocks");
  assert_logs(logs("{\"fromBlock\":\"finalized\"}"), 1, 0);
  stop(NULL);
  chain_end(&earth);
  make_chain(NULL);
}

/* Another chain for one test, which ends with make_chain. */
static void start_at(uint64_t first, size_t count) {
  chain_end(&earth);
  chain_begin(&earth, 1);
  for (size_t i = 0; i < count; i++) chain_add(&earth, first + i, 3, true);
  start(1, 1);
  for (size_t i = 0; i < ENDPOINTS; i++) now.endpoints[i].safe = now.endpoints[i].finalized = 0;
}

static void works_at_both_ends_of_numbers(void **state) {
  (void)state;
  uint64_t blocks[64];
  start_at(UINT64_MAX - 2, 3);
  expect("eth_blockNumber", "", "\"0xffffffffffffffff\"");
  assert_int_equal(blocks_of(logs("{\"fromBlock\":\"0xfffffffffffffffe\"}"), blocks, 64), 2 * 9);
  assert_true(blocks[0] == UINT64_MAX - 1 && blocks[17] == UINT64_MAX);
  assert_int_equal(
      blocks_of(logs("{\"fromBlock\":\"finalized\",\"toBlock\":\"0xffffffffffffffff\"}"), blocks, 64), 3 * 9);
  assert_non_null(
      strstr(call("eth_feeHistory", "3,\"latest\",[50]"), "\"oldestBlock\":\"0xfffffffffffffffd\""));
  expect_error("eth_getLogs", "{\"fromBlock\":\"0x0\"}", -32005, "range has more than 1,000 blocks");
  stop(NULL);
  start_at(0, 1);
  expect("eth_blockNumber", "", "\"0x0\"");
  assert_int_equal(blocks_of(logs("{\"fromBlock\":\"0x0\"}"), blocks, 64), 9);
  assert_int_equal(blocks_of(logs("{\"fromBlock\":\"earliest\",\"toBlock\":\"finalized\"}"), blocks, 64), 9);
  assert_non_null(strstr(call("eth_feeHistory", "1000,\"latest\",[50]"), "\"oldestBlock\":\"0x0\""));
  expect("eth_getLogs", "{\"fromBlock\":\"0x1\"}", "[]");
  stop(NULL);
  chain_end(&earth);
  make_chain(NULL);
}

static bool no_finalized(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return !asks_for(want, "\"finalized\"");
}

static bool no_headers(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return want->body.data[0] != '[';
}

static bool no_receipts(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return !asks_for(want, "eth_getBlockReceipts");
}

static void says_why_there_is_no_range(void **state) {
  (void)state;
  start(2, 2);
  now.lie = no_finalized;
  expect_error("eth_getLogs", "{\"fromBlock\":\"finalized\"}", -32002, "connection failed");
  expect_error("eth_getLogs", "{\"fromBlock\":\"0x1\",\"toBlock\":\"finalized\"}", -32002,
               "connection failed");
  now.lie = no_headers;
  expect_error("eth_getLogs", "{\"fromBlock\":\"0x1\"}", -32002, "connection failed");
  now.lie = no_receipts;
  expect_error("eth_getLogs", "{\"fromBlock\":\"0x1\"}", -32002, "connection failed");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(gives_all_logs_in_their_order),
      TEST(gives_logs_from_tag_to_tag),
      TEST(gives_no_logs_of_an_empty_range),
      TEST(gives_logs_of_a_block_by_its_hash),
      TEST(skips_blocks_by_their_blooms),
      TEST(refuses_ranges_that_are_none),
      TEST(ranges_of_a_batch_do_not_wait_for_one_another),
      TEST(gives_the_history_of_fees),
      TEST(gives_rewards_at_percentiles),
      TEST(refuses_percentiles_and_counts_that_are_none),
      TEST(refuses_ranges_that_are_too_long),
      TEST(works_at_both_ends_of_numbers),
      TEST(says_why_there_is_no_range),
  };
  return cmocka_run_group_tests(tests, make_chain, end_chain);
}
