/* SPDX-License-Identifier: MIT */
#include "unit/provider/session.h"

/* The text of requests and responses: what JSON-RPC 2.0 says of them, and what there is room for. */

#define CHAIN_ID "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x64c\"}"
#define NO_METHOD "method is not known; nothing is passed on unverified"

/* --- One request --- */

static void reads_a_request_in_all_its_forms(void **state) {
  (void)state;
  start(1, 1);
  assert_string_equal(ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\",\"params\":[]}"),
                      CHAIN_ID);
  assert_string_equal(ask(" \r\n\t{\"method\":\"eth_chainId\",\"id\":1} "), CHAIN_ID);
  assert_string_equal(ask("{\"id\":1,\"method\":\"eth_chainId\",\"params\":null}"), CHAIN_ID);
  assert_string_equal(ask("{\"id\":1,\"method\":\"eth_chain\\u0049d\",\"x\":[{}]}"), CHAIN_ID);
}

static void refuses_what_is_no_json(void **state) {
  (void)state;
  static const char *const texts[] = {"{", "\xff", "{\"id\":1,}", "{}{}", "[{},", "[{}}", "[{}]x", "nul"};
  start(1, 1);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    ask(texts[i]);
    assert_non_null(strstr(now.response, "\"id\":null,\"error\":{\"code\":-32700,"));
  }
  assert_error(ask(""), -32700, "JSON text is empty");
  assert_error(ask("[{}"), -32700, "array is not closed");
  assert_error(ask("[{}] 1"), -32700, "text goes on behind its array");
  assert_error(ask("\v[]"), -32700, "JSON text is not an array");
  assert_error(ask("{\"id\":1,\"id\":2}"), -32700, "JSON object has a member twice");
}

static void refuses_json_that_is_too_deep(void **state) {
  (void)state;
  char text[128] = "{\"id\":1,\"method\":\"eth_chainId\",\"params\":";
  start(1, 1);
  size_t at = strlen(text);
  memset(text + at, '[', 32);
  memset(text + at + 32, ']', 32);
  strcpy(text + at + 64, "}");
  assert_error(ask(text), -32005, "JSON is nested too deep");
}

static void refuses_what_is_no_request(void **state) {
  (void)state;
  start(1, 1);
  assert_error(ask("1"), -32600, "JSON value is not an object");
  assert_non_null(strstr(now.response, "\"id\":null"));
  assert_error(ask("{}"), -32600, "request names no method");
  assert_non_null(strstr(now.response, "\"id\":null"));
  assert_error(ask("{\"id\":7}"), -32600, "request names no method");
  assert_non_null(strstr(now.response, "\"id\":7"));
  assert_error(ask("{\"method\":1,\"id\":7}"), -32600, "JSON value is not a string");
  assert_non_null(strstr(now.response, "\"id\":7"));
  assert_error(ask("{\"method\":null,\"id\":7}"), -32600, "JSON value is not a string");
}

/* --- Ids --- */

static void assert_id(const char *id) {
  char request[2048], expected[2048];
  snprintf(request, sizeof request, "{\"method\":\"eth_accounts\",\"id\":%s}", id);
  snprintf(expected, sizeof expected, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":[]}", id);
  assert_string_equal(ask(request), expected);
  snprintf(request, sizeof request, "[ {\"id\" : %s , \"method\":\"eth_accounts\"}]", id);
  snprintf(expected, sizeof expected, "[{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":[]}]", id);
  assert_string_equal(ask(request), expected);
}

static void repeats_an_id_as_it_was_written(void **state) {
  (void)state;
  static const char *const ids[] = {"0",
                                    "-1",
                                    "1.50",
                                    "1e3",
                                    "null",
                                    "\"\"",
                                    "\"a\"",
                                    "18446744073709551616",
                                    "\"\\\"\"",
                                    "\"\\\\\"",
                                    "\"\\u00e9\\\\\\\"x\"",
                                    "\"\xc3\xa9\"",
                                    "\"},{\"",
                                    "\"]\""};
  start(1, 1);
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) assert_id(ids[i]);
  char id[1025] = "\"";
  memset(id + 1, 'x', sizeof id - 3);
  strcpy(id + sizeof id - 2, "\"");
  assert_id(id);
}

static void refuses_an_id_that_is_none(void **state) {
  (void)state;
  static const char *const ids[] = {"{}", "[]", "true", "false"};
  char request[2048];
  start(1, 1);
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
    snprintf(request, sizeof request, "{\"method\":\"eth_accounts\",\"id\":%s}", ids[i]);
    assert_error(ask(request), -32600, "id is neither a string nor a number");
    assert_non_null(strstr(now.response, "\"id\":null"));
  }
  char id[1026] = "\"";
  memset(id + 1, 'x', sizeof id - 3);
  strcpy(id + sizeof id - 2, "\"");
  snprintf(request, sizeof request, "{\"method\":\"eth_accounts\",\"id\":%s}", id);
  assert_error(ask(request), -32600, "id is longer than 1 KiB");
  assert_non_null(strstr(now.response, "\"id\":null"));
}

/* Nobody waits for the response to a request without an id, whatever it says. */
static void answers_no_notification(void **state) {
  (void)state;
  start(1, 1);
  assert_string_equal(ask("{\"method\":\"eth_chainId\"}"), "");
  assert_string_equal(ask("{\"method\":\"eth_blockNumber\"}"), "");
  assert_string_equal(ask("{\"method\":\"eth_nothing\"}"), "");
  assert_string_equal(ask("{\"method\":\"eth_getBalance\"}"), "");
  assert_string_equal(ask("[{\"method\":\"eth_chainId\"},{\"method\":\"x\"}]"), "");
  assert_string_equal(
      ask("[{\"method\":\"eth_chainId\"},{\"id\":1,\"method\":\"eth_chainId\"},{\"method\":\"x\"}]"),
      "[" CHAIN_ID "]");
}

/* --- Batches --- */

static char batch[1 << 16];

static const char *batch_of(size_t count) {
  size_t at = 0;
  batch[at++] = '[';
  for (size_t i = 0; i < count; i++)
    at += (size_t)snprintf(batch + at, sizeof batch - at, "%s{\"id\":%zu,\"method\":\"%s\"}",
                           i > 0 ? "," : "", i, i % 2 == 0 ? "eth_chainId" : "eth_blockNumber");
  strcpy(batch + at, "]");
  return batch;
}

static void answers_batches_in_their_order(void **state) {
  (void)state;
  start(2, 2);
  for (size_t count = 1; count <= 100; count += count == 1 ? 1 : 49) {
    const char *at = ask(batch_of(count));
    assert_int_equal(*at++, '[');
    for (size_t i = 0; i < count; i++) {
      char expected[64];
      snprintf(expected, sizeof expected, "%s{\"jsonrpc\":\"2.0\",\"id\":%zu,\"result\":\"%s\"}",
               i > 0 ? "," : "", i, i % 2 == 0 ? "0x64c" : "0x2f");
      assert_memory_equal(at, expected, strlen(expected));
      at += strlen(expected);
    }
    assert_string_equal(at, "]");
  }
}

static void refuses_batches_of_none_or_too_many(void **state) {
  (void)state;
  start(1, 1);
  assert_error(ask("[]"), -32600, "batch has no requests");
  assert_int_equal(now.response[0], '{');
  assert_error(ask(" [ \n ] "), -32600, "batch has no requests");
  assert_error(ask(batch_of(101)), -32005, "batch has more than 100 requests");
  assert_int_equal(now.response[0], '{');
  assert_int_equal(now.requests, 0);
}

static void answers_each_of_a_batch_by_itself(void **state) {
  (void)state;
  start(1, 1);
  assert_string_equal(
      ask("[1,{\"id\":2,\"method\":\"eth_chainId\"},{\"foo\":\"boo\"}]"),
      "[{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"byte 0: JSON value is not "
      "an "
      "object\",\"data\":{\"status\":\"encoding\",\"reason\":\"JSON value is not an object\",\"offset\":0}}},"
      "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"0x64c\"},"
      "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"byte 0: request names no "
      "method\",\"data\":{\"status\":\"encoding\",\"reason\":\"request names no method\",\"offset\":0}}}]");
  assert_error(ask("[1]"), -32600, "JSON value is not an object");
  assert_int_equal(now.response[0], '[');
  assert_error(ask("[[]]"), -32600, "JSON value is not an object");
  assert_error(ask("[{]}]"), -32700, "text is not JSON");
}

/* --- Sizes --- */

static void refuses_what_is_too_long(void **state) {
  (void)state;
  const size_t len = OL_PROVIDER_REQUEST;
  char *text = malloc(len + 1);
  assert_non_null(text);
  start(1, 1);
  memset(text, ' ', len + 1);
  memcpy(text, "{\"id\":1,\"method\":\"eth_chainId\"}", 31);
  ask_text(ol_slice_of(text, len));
  assert_string_equal(now.response, CHAIN_ID);
  ask_text(ol_slice_of(text, len + 1));
  assert_error(now.response, -32005, "request is longer than 512 KiB");
  assert_non_null(strstr(now.response, "\"id\":null"));
  free(text);
}

/* Values take more memory than the text: where there is not enough of it that is a limit, and not the text's fault. */
static void refuses_what_takes_too_much_memory(void **state) {
  (void)state;
  const size_t len = OL_PROVIDER_REQUEST - 64;
  char *text = malloc(len + 64);
  assert_non_null(text);
  ol_provider_config config = config_of(1, 1);
  config.client.max_answer = 4096;
  start_with(config);
  size_t at = (size_t)sprintf(text, "{\"id\":1,\"method\":\"eth_chainId\",\"params\":[0");
  while (at < len) {
    text[at++] = ',';
    text[at++] = '0';
  }
  at += (size_t)sprintf(text + at, "]}");
  ask_text(ol_slice_of(text, at));
  assert_error(now.response, -32005, "no memory left for the JSON text");
  free(text);
}

static void start_small(void) {
  ol_provider_config config = config_of(1, 1);
  config.max_response = 4096;
  start_with(config);
}

#define BLOCK "{\"id\":%d,\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x4\",true]}"

/* A response that there is no room for is an error, and the others are answered. */
static void says_when_a_response_is_too_long(void **state) {
  (void)state;
  char request[512];
  start_small();
  snprintf(request, sizeof request, BLOCK, 1);
  assert_error(ask(request), -32005, "response is longer than accepted");
  snprintf(request, sizeof request, "[" BLOCK ",{\"id\":2,\"method\":\"eth_chainId\"}," BLOCK "]", 1, 3);
  ask(request);
  assert_non_null(strstr(now.response, "},{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"0x64c\"},{"));
  const char *first = strstr(now.response, "response is longer than accepted");
  assert_non_null(first);
  assert_non_null(strstr(first + 64, "\"id\":3,\"error\""));
  assert_int_equal(now.response[strlen(now.response) - 1], ']');
  assert_error(call("eth_getLogs", "{\"fromBlock\":\"0x0\"}"), -32005, "response is longer than accepted");
  snprintf(request, sizeof request,
           "[{\"id\":1,\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x0\"}]},{\"id\":2,\"method\":"
           "\"eth_chainId\"}]");
  ask(request);
  assert_non_null(strstr(now.response, "response is longer than accepted"));
  assert_non_null(strstr(now.response, ",{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"0x64c\"}]"));
}

/* At whatever byte the memory ends, what is given is JSON: a part of the responses, each of them whole. */
static void never_writes_a_part_of_a_response(void **state) {
  (void)state;
  static uint8_t memory[1 << 18];
  char request[4096];
  start_small();
  for (int len = 1; len < 400; len += 7) {
    size_t at = (size_t)snprintf(request, sizeof request, "[");
    for (int i = 0; i < 24; i++)
      at += (size_t)snprintf(request + at, sizeof request - at, "%s{\"id\":\"%0*d\",\"method\":\"%s\"}",
                             i > 0 ? "," : "", i == 0 ? len : 40, i, i % 3 == 0 ? "eth_x" : "eth_chainId");
    strcpy(request + at, "]");
    ol_json parsed;
    ol_json_items items;
    ol_arena arena = ol_arena_of(memory, sizeof memory);
    ask(request);
    assert_true(strlen(now.response) <= 4096);
    assert_int_equal(
        ol_json_read(&error, &parsed, &arena, (const uint8_t *)now.response, strlen(now.response)), OL_OK);
    assert_int_equal(ol_json_array(&error, &items, parsed), OL_OK);
    assert_true(items.left >= 16 && items.left <= 24);
  }
}

/* The same where logs are swept into what is left. */
static void never_sweeps_behind_its_memory(void **state) {
  (void)state;
  static char request[8192], id[1024];
  start_small();
  for (int len = 1; len < 1000; len++) { /* some of which leave room for a few bytes, or for none */
    size_t at = 0;
    for (int i = 0; i < 4; i++) {
      const int id_len = i < 3 ? 1000 : len;
      memset(id, 'x', (size_t)id_len);
      id[id_len] = '\0';
      at += (size_t)snprintf(request + at, sizeof request - at,
                             "%s{\"id\":\"%s\",\"method\":\"eth_chainId\"}", i == 0 ? "[" : ",", id);
    }
    snprintf(
        request + at, sizeof request - at,
        ",{\"id\":1,\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x4\",\"toBlock\":\"0x4\"}]}]");
    ask(request);
    assert_true(strlen(now.response) <= 4096);
    assert_int_equal(now.response[strlen(now.response) - 1], ']');
    assert_null(strstr(now.response, "logIndex"));
  }
}

/* --- Methods --- */

static void refuses_methods_that_are_not_known(void **state) {
  (void)state;
  start(1, 1);
  expect_error("eth_nothing", "", -32601, NO_METHOD);
  expect_error("", "", -32601, NO_METHOD);
  expect_error("eth_chainIdx", "", -32601, NO_METHOD);
  expect_error("eth_chainI", "", -32601, NO_METHOD);
  expect_error("eth_chainId\\u0000", "", -32601, NO_METHOD);
  expect_error("eth_call", "{}", -32601,
               "contract code is not executed yet, so the answer could not be verified");
  expect_error("eth_subscribe", "\"newHeads\"", -32601, "subscriptions need a connection that stays open");
  expect_error("eth_requestAccounts", "", 4200, "there is no wallet behind this provider: it reads");
  expect_error("personal_sign", "", 4200, "there is no wallet behind this provider: it reads");
  assert_int_equal(now.requests, 0);
}

static void refuses_parameters_that_are_no_list(void **state) {
  (void)state;
  start(1, 1);
  assert_error(ask("{\"id\":1,\"method\":\"eth_getBalance\",\"params\":{\"address\":\"0x\"}}"), -32602,
               "JSON value is not an array");
  assert_error(ask("{\"id\":1,\"method\":\"eth_chainId\",\"params\":\"x\"}"), -32602,
               "JSON value is not an array");
  expect_error("eth_chainId", "1,2,3,4,5,6", -32602, "too many parameters");
  expect_error("eth_getBalance", "", -32602, "a parameter is missing");
  expect_error("eth_getBalance", "null,null", -32602, "a parameter is missing");
  expect_error("eth_getStorageAt", "\"0x1112131415161718191a1b1c1d1e1f2021222324\"", -32602,
               "a parameter is missing");
  expect_error("eth_getBalance", "null,\"latest\"", -32602, "JSON value is not a string");
}

/* --- openledger_verified --- */

static const char *verified(const char *method, const char *params) {
  char inner[1024];
  snprintf(inner, sizeof inner, "{\"method\":\"%s\",\"params\":[%s]}", method, params);
  return call("openledger_verified", inner);
}

static void says_what_a_result_rests_on(void **state) {
  (void)state;
  char expected[1024];
  start(3, 2);
  const chain_block *head = &earth.blocks[47], *at = &earth.blocks[5];
  snprintf(expected, sizeof expected,
           "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"trust\":\"quorum\","
           "\"block\":{\"number\":\"0x5\",\"hash\":\"%s\",\"timestamp\":\"0x%llx\"},"
           "\"head\":{\"number\":\"0x2f\",\"hash\":\"%s\",\"timestamp\":\"0x%llx\"},"
           "\"ageSeconds\":3,\"agreed\":2,\"asked\":3,\"value\":\"0x3ed\"}}",
           hash_text(&at->hash), (unsigned long long)at->header.timestamp, hash_text(&head->hash),
           (unsigned long long)head->header.timestamp);
  assert_string_equal(verified("eth_getBalance", "\"0x1112131415161718191a1b1c1d1e1f2021222324\",\"0x5\""),
                      expected);
}

/* Every method's value is the same as without it; what holds at no block names none. */
static void verifies_every_method(void **state) {
  (void)state;
  static const char account[] = "\"0x1112131415161718191a1b1c1d1e1f2021222324\"";
  const ol_hash hash = earth.blocks[10].hash, transaction = transaction_hash(10, 0);
  const char *block = quoted(hash_text(&hash));
  char slot[128], proof[128], by_index[128];
  snprintf(slot, sizeof slot, "%s,\"0x1\"", account);
  snprintf(proof, sizeof proof, "%s,[]", account);
  snprintf(by_index, sizeof by_index, "%s,\"0x0\"", block);
  const struct {
    const char *method;
    const char *params;
    bool at_block;
  } cases[] = {{"eth_chainId", "", false},
               {"net_version", "", false},
               {"web3_clientVersion", "", false},
               {"eth_accounts", "", false},
               {"eth_syncing", "", false},
               {"openledger_status", "", false},
               {"wallet_switchEthereumChain", "{\"chainId\":\"0x64c\"}", false},
               {"eth_blockNumber", "", true},
               {"eth_getBalance", account, true},
               {"eth_getTransactionCount", account, true},
               {"eth_getCode", account, true},
               {"eth_getStorageAt", slot, true},
               {"eth_getProof", proof, true},
               {"eth_getBlockByNumber", "\"0xa\"", true},
               {"eth_getBlockByHash", block, true},
               {"eth_getHeaderByNumber", "\"0xa\"", true},
               {"eth_getHeaderByHash", block, true},
               {"eth_getBlockReceipts", block, true},
               {"eth_getBlockTransactionCountByNumber", "\"0xa\"", true},
               {"eth_getBlockTransactionCountByHash", block, true},
               {"eth_getTransactionByBlockNumberAndIndex", "\"0xa\",\"0x0\"", true},
               {"eth_getTransactionByBlockHashAndIndex", by_index, true},
               {"eth_getTransactionByHash", quoted(hash_text(&transaction)), true},
               {"eth_getTransactionReceipt", quoted(hash_text(&transaction)), true},
               {"eth_getLogs", "{\"fromBlock\":\"0x20\"}", true},
               {"eth_gasPrice", "", true},
               {"eth_maxPriorityFeePerGas", "", true},
               {"eth_feeHistory", "\"0x2\",\"0xa\",[50]", true}};
  static char plain[MAX_RESPONSE];
  start(1, 1);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    strcpy(plain, call(cases[i].method, cases[i].params));
    const char *value = strstr(plain, "\"result\":");
    assert_non_null(value);
    value += strlen("\"result\":");
    const char *wrapped = verified(cases[i].method, cases[i].params);
    const char *found = strstr(wrapped, "\"value\":");
    assert_non_null(found);
    assert_int_equal(strstr(wrapped, "\"result\":{\"trust\":\"quorum\",\"block\":{\"number\":\"0x") != NULL,
                     cases[i].at_block);
    assert_int_equal(strstr(wrapped, "\"head\":{\"number\":\"0x2f\"") != NULL, cases[i].at_block);
    found += strlen("\"value\":");
    assert_int_equal(strlen(found), strlen(value) + 1);
    assert_memory_equal(found, value, strlen(value));
  }
}

static void refuses_to_verify_what_is_no_request(void **state) {
  (void)state;
  start(1, 1);
  expect_error("openledger_verified", "", -32602, "openledger_verified takes one request");
  expect_error("openledger_verified", "{\"method\":\"eth_chainId\"},1", -32602,
               "openledger_verified takes one request");
  expect_error("openledger_verified", "1", -32602, "request names no method");
  expect_error("openledger_verified", "{\"method\":1}", -32602, "JSON value is not a string");
  expect_error("openledger_verified", "{\"method\":\"openledger_verified\",\"params\":[{}]}", -32601,
               NO_METHOD);
  expect_error("openledger_verified", "{\"method\":\"eth_nothing\"}", -32601, NO_METHOD);
  expect_error("openledger_verified", "{\"method\":\"eth_getBalance\"}", -32602, "a parameter is missing");
  assert_error(ask("{\"id\":1,\"method\":\"openledger_verified\"}"), -32602, "JSON value is not an array");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(reads_a_request_in_all_its_forms),
      TEST(refuses_what_is_no_json),
      TEST(refuses_json_that_is_too_deep),
      TEST(refuses_what_is_no_request),
      TEST(repeats_an_id_as_it_was_written),
      TEST(refuses_an_id_that_is_none),
      TEST(answers_no_notification),
      TEST(answers_batches_in_their_order),
      TEST(refuses_batches_of_none_or_too_many),
      TEST(answers_each_of_a_batch_by_itself),
      TEST(refuses_what_is_too_long),
      TEST(refuses_what_takes_too_much_memory),
      TEST(says_when_a_response_is_too_long),
      TEST(never_writes_a_part_of_a_response),
      TEST(never_sweeps_behind_its_memory),
      TEST(refuses_methods_that_are_not_known),
      TEST(refuses_parameters_that_are_no_list),
      TEST(says_what_a_result_rests_on),
      TEST(verifies_every_method),
      TEST(refuses_to_verify_what_is_no_request),
  };
  return cmocka_run_group_tests(tests, make_chain, end_chain);
}
