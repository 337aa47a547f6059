/* SPDX-License-Identifier: MIT */
/* Blocks that have logs, as many as are taken and more. */
#define CHAIN_BLOCKS 264
#define WORLD_ENTRIES 300

#include "provider/provider.h"
#include "unit/provider/session.h"

/* Logs of ranges that are too long to fetch all headers: what endpoints claim of them, and what is proven of that. */

#define LAST 9000u
#define ANCHOR (LAST - OL_HISTORY_WINDOW) /* the oldest block that the state after the last one tells */
#define METHOD "openledger_getLogs"
#define ALL "{\"fromBlock\":\"0x1\"}"
#define ONE_ADDRESS "\"address\":\"0x6161616161616161616161616161616161616161\""

/* In which there are logs, but for those of no receipts with logs. */
static const uint64_t with_logs[] = {5, ANCHOR, 810, 2200, 2201, 3000, 8500, LAST};
static const uint64_t without[] = {0, 300, 1500, 2999};

static bool is_in(const uint64_t *list, size_t count, uint64_t number) {
  for (size_t i = 0; i < count; i++) {
    if (list[i] == number) return true;
  }
  return false;
}

static void add_blocks(uint64_t history_from) {
  chain_begin(&earth, 1);
  earth.history_from = history_from;
  for (uint64_t number = 0; number <= LAST; number++) {
    const bool logs = is_in(with_logs, sizeof with_logs / sizeof *with_logs, number);
    if (logs || is_in(without, sizeof without / sizeof *without, number))
      chain_add(&earth, number, logs ? 2 : 1, logs);
  }
}

static int make_long_chain(void **state) {
  (void)state;
  add_blocks(0);
  return 0;
}

/* After a test with another chain. */
static void make_long_again(void) {
  stop(NULL);
  chain_end(&earth);
  make_long_chain(NULL);
}

static const chain_block *block_of(uint64_t number) {
  const chain_endpoint all = {.of = &earth, .head = earth.count - 1};
  for (size_t i = 0; i <= all.head; i++) {
    if (earth.blocks[i].header.number == number) return &earth.blocks[i];
  }
  fail();
  return NULL;
}

/* Fails unless the logs of a response are those of the blocks from first to last, each with as many. */
static void assert_logs_each(const char *response, uint64_t first, uint64_t last, uint32_t each) {
  static const char begin[] = "\"result\":{\"complete\":false,\"logs\":[";
  const char *at = strstr(response, begin);
  if (at == NULL) print_message("%s\n", response);
  assert_non_null(at);
  for (size_t i = 0; i < sizeof with_logs / sizeof *with_logs; i++) {
    if (with_logs[i] < first || with_logs[i] > last) continue;
    for (uint32_t k = 0; k < each; k++) {
      at = strstr(at + 1, "\"blockNumber\":\"");
      assert_non_null(at);
      assert_int_equal(strtoull(at + 15, NULL, 16), with_logs[i]);
    }
  }
  assert_null(strstr(at + 1, "\"blockNumber\":\""));
}

static void assert_logs(const char *response, uint64_t first, uint64_t last) {
  assert_logs_each(response, first, last, 6);
}

/* --- Honest endpoints --- */

static void gives_the_logs_of_a_long_range(void **state) {
  (void)state;
  for (int backwards = 0; backwards < 2; backwards++) {
    start(3, 2);
    now.backwards = backwards == 1;
    assert_logs(call(METHOD, ALL), 1, LAST);
    assert_logs(call(METHOD, "{\"fromBlock\":\"earliest\",\"toBlock\":\"latest\"}"), 0, LAST);
    assert_logs(call(METHOD, "{\"fromBlock\":\"0x6\",\"toBlock\":\"0xffffffffffffffff\"}"), 6, LAST);
    assert_logs(call(METHOD, "{\"fromBlock\":\"0x898\",\"toBlock\":\"0x2134\"}"), 2200, 8500);
    assert_logs(call(METHOD, "{\"fromBlock\":\"0x899\",\"toBlock\":\"latest\"}"), 2201, LAST);
    assert_logs(call(METHOD, "{\"fromBlock\":\"finalized\",\"toBlock\":\"latest\"}"), 2201, LAST);
    assert_logs_each(call(METHOD, "{\"fromBlock\":\"0x1\"," ONE_ADDRESS "}"), 1, LAST, 2);
    assert_true(now.most <= 2 * 3 + OL_CLAIMS_OUT + 2 + 2 * OL_KEEPS);
    assert_no_blame(now.engine);
    stop(NULL);
  }
}

static const char *alone; /* the chunk that has logs, as is said */

static bool say_alone(const ol_want *want, ol_slice *answer) {
  if (asks_for(want, "eth_getLogs") && !asks_for(want, alone)) answer_with(answer, want, "\"result\":[]");
  return true;
}

/* What is written of a block is what eth_getLogs gives of it. */
static void gives_logs_as_eth_get_logs_does(void **state) {
  (void)state;
  static char expected[MAX_RESPONSE];
  char filter[128];
  start(1, 1);
  snprintf(filter, sizeof filter, "{\"blockHash\":\"%s\"}", hash_text(&block_of(LAST)->hash));
  const char *result = strstr(call("eth_getLogs", filter), "\"result\":[");
  assert_non_null(result);
  snprintf(expected, sizeof expected,
           "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"complete\":false,\"logs\":%s}", result + 9);
  now.lie = say_alone;
  alone = "\"toBlock\":\"0x2328\"";
  assert_string_equal(call(METHOD, "{\"fromBlock\":\"0xe10\",\"topics\":[]}"), expected);
}

/* What has at most 1,000 blocks is what eth_getLogs gives, and complete. */
static void gives_all_logs_of_a_short_range(void **state) {
  (void)state;
  static const char *const filters[] = {
      "{\"fromBlock\":\"0x0\"}", "{\"fromBlock\":\"0x4\",\"toBlock\":\"0xa\"}", "{}",
      "{\"fromBlock\":\"0x30\"}", "{\"fromBlock\":\"latest\",\"toBlock\":\"finalized\"}"};
  static char expected[MAX_RESPONSE];
  chain_end(&earth);
  make_chain(NULL);
  start(2, 2);
  for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
    const char *result = strstr(call("eth_getLogs", filters[i]), "\"result\":");
    assert_non_null(result);
    snprintf(expected, sizeof expected,
             "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"complete\":true,\"logs\":%s}", result + 9);
    assert_string_equal(call(METHOD, filters[i]), expected);
  }
  const ol_hash unknown = {{1}};
  char filter[128];
  snprintf(filter, sizeof filter, "{\"blockHash\":\"%s\"}", hash_text(&unknown));
  expect_error(METHOD, filter, -32001, "there is no such block in the chain that is proven");
  expect_error(METHOD, "{\"fromBlock\":\"0x5\",\"toBlock\":\"0x4\"}", -32602, "range ends before it begins");
  make_long_again();
}

static bool no_headers(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return want->body.data[0] != '[';
}

static void asks_for_all_headers_of_1000_blocks_alone(void **state) {
  (void)state;
  start(1, 1);
  now.lie = no_headers;
  expect_error(METHOD, "{\"fromBlock\":\"0x1f41\"}", -32002, "connection failed");
  assert_logs(call(METHOD, "{\"fromBlock\":\"0x1f40\"}"), 8000, LAST);
}

static bool saw_filter, saw_first, saw_last;

static bool note_requests(const ol_want *want, ol_slice *answer) {
  (void)answer;
  if (!asks_for(want, "eth_getLogs")) return true;
  static const char filter[] =
      "\"address\":[\"0x6161616161616161616161616161616161616161\"],\"topics\":[null,["
      "\"0x3333333333333333333333333333333333333333333333333333333333333333\","
      "\"0x2222222222222222222222222222222222222222222222222222222222222222\"]]}";
  saw_filter = asks_for(want, filter);
  saw_first = saw_first || asks_for(want, "\"fromBlock\":\"0x1\",\"toBlock\":\"0x3e8\"");
  saw_last = saw_last || asks_for(want, "\"fromBlock\":\"0x1f41\",\"toBlock\":\"0x2328\"");
  return true;
}

static void asks_in_chunks_with_the_filter(void **state) {
  (void)state;
  start(1, 1);
  now.lie = note_requests;
  saw_filter = saw_first = saw_last = false;
  expect(METHOD,
         "{\"fromBlock\":\"0x1\"," ONE_ADDRESS ",\"topics\":[null,["
         "\"0x3333333333333333333333333333333333333333333333333333333333333333\","
         "\"0x2222222222222222222222222222222222222222222222222222222222222222\"]]}",
         "{\"complete\":false,\"logs\":[]}");
  assert_true(saw_filter && saw_first && saw_last);
}

/* At the range's end, and not where the last log is. */
static void says_where_it_holds(void **state) {
  (void)state;
  char expected[128];
  start(1, 1);
  now.lie = say_alone;
  alone = "\"fromBlock\":\"0x898\"";
  const char *response =
      call("openledger_verified",
           "{\"method\":\"" METHOD "\",\"params\":[{\"fromBlock\":\"0x898\",\"toBlock\":\"0x2134\"}]}");
  snprintf(expected, sizeof expected, "\"block\":{\"number\":\"0x2134\",\"hash\":\"%s\"",
           hash_text(&block_of(8500)->hash));
  assert_non_null(strstr(response, expected));
  assert_non_null(strstr(response, "\"value\":{\"complete\":false,\"logs\":[{"));
}

/* --- Endpoints that leave something out --- */

static const char *said;    /* in the place of an honest answer, */
static const char *said_of; /* for this chunk, */
static uint32_t liars;      /* by the first endpoints */

#define FIRST_CHUNK "\"fromBlock\":\"0x1\""
#define THIRD_CHUNK "\"fromBlock\":\"0x7d1\""

static bool say(const ol_want *want, ol_slice *answer) {
  static char text[16384];
  if (want->endpoint >= liars || !asks_for(want, "eth_getLogs") || !asks_for(want, said_of)) return true;
  const int len =
      snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":%llu,%s}", (unsigned long long)want->id, said);
  assert_true(len > 0 && (size_t)len < sizeof text);
  *answer = ol_slice_of(text, (size_t)len);
  return true;
}

static const char *claim(uint64_t number, const char *hash, uint64_t index) {
  static char out[8][256];
  static size_t next;
  next = (next + 1) % 8;
  snprintf(out[next], sizeof out[next],
           "{\"blockNumber\":\"0x%llx\",\"blockHash\":\"%s\",\"logIndex\":\"0x%llx\"}",
           (unsigned long long)number, hash, (unsigned long long)index);
  return out[next];
}

static const char *claim_of(uint64_t number, uint64_t index) {
  return claim(number, hash_text(&block_of(number)->hash), index);
}

static const char *said_all(const char *one, const char *two, const char *three) {
  static char out[1024];
  snprintf(out, sizeof out, "\"result\":[%s%s%s%s%s]", one, two[0] != '\0' ? "," : "", two,
           three[0] != '\0' ? "," : "", three);
  return out;
}

/* Nobody can tell that a block is missing: so it is no error, and never said to be complete. */
static void does_not_notice_what_is_left_out(void **state) {
  (void)state;
  start(1, 1);
  now.lie = say;
  liars = 1;
  said_of = FIRST_CHUNK;
  said = "\"result\":[]";
  assert_logs(call(METHOD, ALL), 2200, LAST);
  said = said_all(claim_of(ANCHOR, 0), claim_of(810, 3), "");
  assert_logs(call(METHOD, ALL), ANCHOR, LAST); /* all of a block that is claimed */
  assert_no_blame(now.engine);
}

/* --- Endpoints that lie --- */

/* Asks, and has what was asked for last answered first: what is old stays open as long as there is anything else. */
static const char *call_newest_first(const char *method, const char *params) {
  char request[1024];
  ol_want wants[64];
  ol_slice response;
  uint32_t count = 0;
  snprintf(request, sizeof request, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":[%s]}",
           method, params);
  assert_int_equal(ol_provider_ask(&error, now.provider, text_of(request)), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, now.now_ms), OL_OK);
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) {
    while (ol_engine_next_want(now.engine, &wants[count]) == 1) {
      uint8_t *body = malloc(wants[count].body.len);
      assert_non_null(body);
      memcpy(body, wants[count].body.data, wants[count].body.len);
      wants[count++].body.data = body;
      assert_true(count < 64);
    }
    assert_true(count > 0);
    answer_want(&wants[--count]);
    free((void *)(uintptr_t)wants[count].body.data);
  }
  while (count > 0) free((void *)(uintptr_t)wants[--count].body.data);
  assert_int_equal(ol_provider_response(&error, &response, now.provider), OL_OK);
  assert_true(response.len < sizeof now.response);
  memcpy(now.response, response.data, response.len);
  now.response[response.len] = '\0';
  return now.response;
}

/* One alone is answered with an error; before an honest one it is blamed, and nothing of it is in the answer. */
static void expect_lie_of(const char *chunk, const char *text, int code, const char *reason) {
  said_of = chunk;
  said = text;
  liars = 1;
  start(1, 1);
  now.lie = say;
  expect_error(METHOD, ALL, code, reason);
  expect_blame(0, reason);
  assert_no_blame(now.engine); /* it is not asked again */
  stop(NULL);
  for (int order = 0; order < 3; order++) {
    start(2, 2);
    now.lie = say;
    now.backwards = order == 1;
    assert_logs(order == 2 ? call_newest_first(METHOD, ALL) : call(METHOD, ALL), 1, LAST);
    expect_blame(0, reason);
    assert_no_blame(now.engine);
    stop(NULL);
  }
}

static void expect_lie(const char *text, int code, const char *reason) {
  expect_lie_of(FIRST_CHUNK, text, code, reason);
}

static void refuses_logs_that_are_not_there(void **state) {
  (void)state;
  static const char not_there[] = "log is not in the block that it is said to be in";
  expect_lie(said_all(claim_of(300, 0), "", ""), -32002, not_there);
  expect_lie(said_all(claim_of(5, 0), claim_of(300, 0), claim_of(810, 0)), -32002, not_there);
  expect_lie_of(THIRD_CHUNK, said_all(claim_of(2200, 0), claim_of(2999, 0), claim_of(3000, 0)), -32002,
                not_there);
  char logs[2048] = "\"result\":[";
  for (uint64_t i = 0; i < 7; i++)
    snprintf(logs + strlen(logs), 256, "%s%s", i > 0 ? "," : "", claim_of(5, i));
  strcat(logs, "]");
  expect_lie(logs, -32002, not_there);
}

static void refuses_blocks_that_are_not_in_the_chain(void **state) {
  (void)state;
  static const char other[] = "block of a log is not in the chain of the one that is proven";
  const ol_hash hash = {{1}};
  expect_lie(said_all(claim(5, hash_text(&hash), 0), "", ""), -32002, other);
  expect_lie(said_all(claim_of(5, 0), claim(ANCHOR, hash_text(&hash), 0), ""), -32002, other);
  expect_lie(said_all(claim_of(5, 0), claim(810, hash_text(&block_of(ANCHOR)->hash), 0), ""), -32002, other);
}

static void refuses_blocks_that_were_not_asked_for(void **state) {
  (void)state;
  static const char outside[] = "log is of a block that was not asked for";
  expect_lie(said_all(claim_of(0, 0), "", ""), -32002, outside);
  expect_lie(said_all(claim_of(5, 0), claim_of(2200, 0), ""), -32002, outside);
  expect_lie(said_all(claim(1001, hash_text(&block_of(5)->hash), 0), "", ""), -32002, outside);
}

static void refuses_logs_out_of_order(void **state) {
  (void)state;
  static const char order[] = "logs are not in their order";
  const ol_hash hash = {{1}};
  expect_lie(said_all(claim_of(810, 0), claim_of(5, 0), ""), -32002, order);
  expect_lie(said_all(claim_of(5, 0), claim_of(5, 0), ""), -32002, order);
  expect_lie(said_all(claim_of(5, 2), claim_of(5, 1), ""), -32002, order);
  expect_lie(said_all(claim_of(5, 0), claim_of(810, 0), claim_of(5, 1)), -32002, order);
  expect_lie(said_all(claim_of(5, 0), claim(5, hash_text(&hash), 1), ""), -32002,
             "logs of one block name two hashes");
}

static void refuses_what_are_no_logs(void **state) {
  (void)state;
  const char *hash = quoted(hash_text(&block_of(5)->hash));
  char text[512];
  expect_lie("\"result\":{}", -32002, "JSON value is not an array");
  snprintf(text, sizeof text, "\"result\":[{\"blockHash\":%s,\"logIndex\":\"0x0\"}]", hash);
  expect_lie(text, -32002, "log has no block number");
  snprintf(text, sizeof text, "\"result\":[{\"blockNumber\":\"5\",\"blockHash\":%s,\"logIndex\":\"0x0\"}]",
           hash);
  expect_lie(text, -32002, "hex does not begin with 0x");
  expect_lie("\"result\":[{\"blockNumber\":\"0x5\",\"logIndex\":\"0x0\"}]", -32002, "log has no block hash");
  expect_lie("\"result\":[{\"blockNumber\":\"0x5\",\"blockHash\":\"0x12\",\"logIndex\":\"0x0\"}]", -32002,
             "hex has the wrong length");
  snprintf(text, sizeof text, "\"result\":[{\"blockNumber\":\"0x5\",\"blockHash\":%s}]", hash);
  expect_lie(text, -32002, "log has no index");
  snprintf(text, sizeof text, "\"result\":[{\"blockNumber\":\"0x5\",\"blockHash\":%s,\"logIndex\":\"0xg\"}]",
           hash);
  expect_lie(text, -32002, "character is not a hex digit");
}

/* --- What cannot be proven, or had --- */

static const char *silent_about;

static bool be_silent(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return !asks_for(want, silent_about);
}

static void says_what_is_not_to_be_had(void **state) {
  (void)state;
  static const char *const parts[] = {"eth_getLogs", "eth_getBlockReceipts", "eth_getBlockByHash",
                                      "eth_getProof", "eth_getBlockByNumber\",\"params\":[\"0x32"};
  start(2, 2);
  now.lie = be_silent;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    silent_about = parts[i];
    expect_error(METHOD, ALL, -32002, "connection failed");
  }
  silent_about = "\"finalized\"";
  expect_error(METHOD, "{\"fromBlock\":\"finalized\"}", -32002, "connection failed");
  now.lie = say;
  liars = 2;
  said_of = FIRST_CHUNK;
  said = "\"result\":null";
  expect_error(METHOD, ALL, -32002, "endpoint has no result for the request");
}

/* A block that is claimed and cannot be reached is not left out. */
static void does_not_drop_what_it_cannot_prove(void **state) {
  (void)state;
  chain_end(&earth);
  add_blocks(2000);
  start(1, 1);
  expect_error(METHOD, ALL, -32002, "block is too far back to be proven from here");
  expect_error(METHOD, "{\"fromBlock\":\"0x32a\"}", -32002, "block is too far back to be proven from here");
  assert_logs(call(METHOD, "{\"fromBlock\":\"0x7d0\"}"), 2000, LAST);
  make_long_again();
}

/* --- Limits --- */

static void refuses_ranges_that_are_too_long(void **state) {
  (void)state;
  chain_end(&earth);
  chain_begin(&earth, 1);
  chain_add(&earth, 0, 0, false);
  chain_add(&earth, 100000, 0, false);
  start(1, 1);
  expect_error(METHOD, "{\"fromBlock\":\"0x0\"}", -32005, "range has more than 100,000 blocks");
  expect(METHOD, ALL, "{\"complete\":false,\"logs\":[]}");
  make_long_again();
}

static void refuses_too_many_blocks_of_a_chunk(void **state) {
  (void)state;
  static char text[16384];
  const char *hash = hash_text(&block_of(5)->hash);
  size_t used = (size_t)snprintf(text, sizeof text, "\"result\":[");
  for (uint64_t i = 0; i <= OL_CLAIMS_CHUNK_BLOCKS; i++)
    used +=
        (size_t)snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? "," : "", claim(5 + i, hash, 0));
  snprintf(text + used, sizeof text - used, "]");
  expect_lie(text, -32005, "logs are in more than 64 of 1,000 blocks");
}

static void refuses_too_many_blocks_in_all(void **state) {
  (void)state;
  chain_end(&earth);
  chain_begin(&earth, 1);
  chain_add(&earth, 0, 0, false);
  for (uint64_t i = 0; i <= OL_CLAIMS_BLOCKS; i++)
    chain_add(&earth, 1000 * (i / OL_CLAIMS_CHUNK_BLOCKS) + 1 + i % OL_CLAIMS_CHUNK_BLOCKS, 1, true);
  chain_add(&earth, 5000, 0, false);
  start(1, 1);
  expect_error(METHOD, "{\"fromBlock\":\"0x1\"," ONE_ADDRESS "}", -32005, "logs are in more than 256 blocks");
  const char *at = call(METHOD, "{\"fromBlock\":\"0x2\"," ONE_ADDRESS "}");
  size_t count = 0;
  while ((at = strstr(at + 1, "\"blockNumber\"")) != NULL) count++;
  assert_int_equal(count, OL_CLAIMS_BLOCKS);
  make_long_again();
}

static void refuses_responses_that_are_too_long(void **state) {
  (void)state;
  ol_provider_config config = config_of(1, 1);
  config.max_response = 8192;
  start_with(config);
  expect_error(METHOD, ALL, -32005, "response is longer than accepted");
}

/* --- Batches --- */

/* One that comes later has the run first, and its chunks are out when it is taken away. */
static void ranges_of_a_batch_do_not_wait_for_one_another(void **state) {
  (void)state;
  char batch[1024];
  snprintf(batch, sizeof batch,
           "[{\"id\":1,\"method\":\"eth_getLogs\",\"params\":[{\"blockHash\":\"%s\"}]},"
           "{\"id\":2,\"method\":\"" METHOD
           "\",\"params\":[{\"fromBlock\":\"0x898\",\"toBlock\":\"0x2134\"}]},"
           "{\"id\":3,\"method\":\"" METHOD "\",\"params\":[{\"fromBlock\":\"0x1\"," ONE_ADDRESS "}]},"
           "{\"id\":4,\"method\":\"eth_getBlockReceipts\",\"params\":[\"0x5\"]},"
           "{\"id\":5,\"method\":\"" METHOD "\",\"params\":[{}]},"
           "{\"id\":6,\"method\":\"eth_feeHistory\",\"params\":[\"0x1\",\"latest\",[50]]}]",
           hash_text(&block_of(LAST)->hash));
  for (int backwards = 0; backwards < 2; backwards++) {
    start(2, 2);
    now.backwards = backwards == 1;
    ask(batch);
    assert_no_blame(now.engine);
    assert_null(strstr(now.response, "error"));
    char *second = strstr(now.response, "\"id\":2,"), *third = strstr(now.response, "\"id\":3,");
    char *fourth = strstr(now.response, "\"id\":4,");
    assert_true(second != NULL && third != NULL && fourth != NULL);
    *fourth = '\0';
    assert_logs_each(third, 1, LAST, 2);
    *third = '\0';
    assert_logs(second, 2200, 8500);
    stop(NULL);
  }
}

static uint32_t delays;

static bool delay_transaction(const ol_want *want, ol_slice *answer) {
  (void)answer;
  if (!asks_for(want, "eth_getTransactionByHash") || delays == 0) return true;
  delays--;
  return false;
}

/* Nothing is written before its turn, where the response before it is to be. */
static void waits_for_its_turn(void **state) {
  (void)state;
  char batch[1024];
  const ol_hash hash = transaction_hash(1, 0);
  assert_int_equal(earth.blocks[1].header.number, 5);
  snprintf(batch, sizeof batch,
           "[{\"id\":1,\"method\":\"eth_getTransactionReceipt\",\"params\":[\"%s\"]},"
           "{\"id\":2,\"method\":\"" METHOD "\",\"params\":[{\"fromBlock\":\"0x1f40\"}]}]",
           hash_text(&hash));
  start(2, 2);
  now.lie = delay_transaction;
  delays = 3;
  ask(batch);
  const char *second = strstr(now.response, "\"id\":2,");
  assert_non_null(second);
  assert_logs(second, 8000, LAST);
  static const char begin[] = "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{";
  assert_int_equal(strncmp(now.response, begin, sizeof begin - 1), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(gives_the_logs_of_a_long_range),
      TEST(gives_logs_as_eth_get_logs_does),
      TEST(gives_all_logs_of_a_short_range),
      TEST(asks_for_all_headers_of_1000_blocks_alone),
      TEST(asks_in_chunks_with_the_filter),
      TEST(says_where_it_holds),
      TEST(does_not_notice_what_is_left_out),
      TEST(refuses_logs_that_are_not_there),
      TEST(refuses_blocks_that_are_not_in_the_chain),
      TEST(refuses_blocks_that_were_not_asked_for),
      TEST(refuses_logs_out_of_order),
      TEST(refuses_what_are_no_logs),
      TEST(says_what_is_not_to_be_had),
      TEST(does_not_drop_what_it_cannot_prove),
      TEST(refuses_ranges_that_are_too_long),
      TEST(refuses_too_many_blocks_of_a_chunk),
      TEST(refuses_too_many_blocks_in_all),
      TEST(refuses_responses_that_are_too_long),
      TEST(ranges_of_a_batch_do_not_wait_for_one_another),
      TEST(waits_for_its_turn),
  };
  return cmocka_run_group_tests(tests, make_long_chain, end_chain);
}
