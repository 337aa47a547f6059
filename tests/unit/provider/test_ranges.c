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

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(gives_all_logs_in_their_order),
      TEST(gives_logs_from_tag_to_tag),
      TEST(gives_no_logs_of_an_empty_range),
      TEST(gives_logs_of_a_block_by_its_hash),
      TEST(skips_blocks_by_their_blooms),
      TEST(refuses_ranges_that_are_none),
      TEST(ranges_of_a_batch_do_not_wait_for_one_another),
  };
  return cmocka_run_group_tests(tests, make_chain, end_chain);
}
