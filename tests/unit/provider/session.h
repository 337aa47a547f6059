/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_PROVIDER_SESSION_H
#define OL_TESTS_UNIT_PROVIDER_SESSION_H

/* A provider that is asked about the chain of chain.h, whose endpoints may lie. */

#include "unit/bytes.h"

#include "chain.h"
#include "openledger/provider.h"
#include "unit/client/blames.h"
#include "unit/lies.h"

#define ENDPOINTS 3
#define MAX_ANSWER (96u << 10)
#define MAX_RESPONSE (256u << 10)
#define ROUNDS_MAX 400

static chain earth;
static ol_error error;

static struct {
  ol_provider_config config;
  ol_provider *provider;
  ol_engine *engine;
  void *memory;
  uint64_t now_ms;
  chain_endpoint endpoints[ENDPOINTS];
  /* Called with each honest answer, which it may change; returns false when the request is to fail. */
  bool (*lie)(const ol_want *want, ol_slice *answer);
  bool backwards; /* the wants of a round are answered from the last to the first */
  uint32_t requests;
  uint32_t rounds;
  uint32_t most; /* wants out at once */
  char response[MAX_RESPONSE + 1];
} now;

static inline void start_with(ol_provider_config config) {
  const size_t size = ol_provider_size(&config);
  assert_true(size > 0);
  now.config = config;
  now.memory = aligned_alloc(16, size);
  assert_int_equal(ol_provider_init(&error, &now.provider, &now.config, now.memory, size), OL_OK);
  now.engine = ol_provider_engine(now.provider);
  now.now_ms = chain_now_ms(&earth);
  const size_t head = earth.count - 1;
  for (size_t i = 0; i < ENDPOINTS; i++)
    now.endpoints[i] = (chain_endpoint){
        .of = &earth, .head = head, .safe = head - 2, .finalized = head - 4, .chain_id = WORLD_CHAIN_ID};
  now.lie = NULL;
  now.backwards = false;
  now.requests = now.rounds = now.most = 0;
}

static inline ol_provider_config config_of(uint32_t endpoints, uint32_t quorum) {
  return (ol_provider_config){.client = {.chain_id = WORLD_CHAIN_ID,
                                         .endpoints = endpoints,
                                         .quorum = quorum,
                                         .timeout_ms = 5000,
                                         .max_answer = MAX_ANSWER},
                              .trust = OL_TRUST_QUORUM,
                              .max_age_s = OL_AGE_DEFAULT,
                              .max_response = MAX_RESPONSE};
}

static inline void start(uint32_t endpoints, uint32_t quorum) {
  start_with(config_of(endpoints, quorum));
}

static inline int stop(void **state) {
  (void)state;
  free(now.memory);
  now.memory = NULL;
  return 0;
}

/* Takes the wants that are there, with copies of their bodies. Returns: how many. */
static inline uint32_t take_wants(ol_want wants[64]) {
  static uint8_t bodies[64][8192];
  uint32_t count = 0;
  ol_want want;
  while (ol_engine_next_want(now.engine, &want) == 1) {
    assert_true(count < 64 && want.body.len <= sizeof bodies[count]);
    memcpy(bodies[count], want.body.data, want.body.len);
    wants[count] = want;
    wants[count].body.data = bodies[count];
    count++;
  }
  return count;
}

static inline void answer_want(const ol_want *want) {
  static uint8_t memory[4 * MAX_ANSWER];
  ol_slice text = chain_answer(&now.endpoints[want->endpoint], memory, sizeof memory, want->body);
  if (now.lie == NULL || now.lie(want, &text))
    (void)ol_engine_feed(now.engine, want->id, text.data, text.len);
  else
    (void)ol_engine_fail(now.engine, want->id, OL_FAIL_CONNECTION);
}

/* Answers every want that is out. Returns: how many. */
static inline uint32_t answer_round(void) {
  ol_want wants[64];
  const uint32_t count = take_wants(wants);
  for (uint32_t i = 0; i < count; i++) answer_want(&wants[now.backwards ? count - 1 - i : i]);
  now.requests += count;
  now.rounds += count > 0;
  if (count > now.most) now.most = count;
  return count;
}

static inline void ask_text(ol_slice request) {
  ol_slice response;
  now.rounds = now.requests = now.most = 0;
  assert_int_equal(ol_provider_ask(&error, now.provider, request), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, now.now_ms), OL_OK);
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) {
    assert_true(answer_round() > 0); /* or it would wait for ever */
    assert_true(now.rounds < ROUNDS_MAX);
  }
  assert_int_equal(ol_engine_state(now.engine), OL_ENGINE_DONE);
  assert_int_equal(ol_provider_response(&error, &response, now.provider), OL_OK);
  assert_true(response.len < sizeof now.response);
  if (response.len > 0) memcpy(now.response, response.data, response.len);
  now.response[response.len] = '\0';
}

/* Returns: the response to a text. */
static inline const char *ask(const char *request) {
  ask_text(text_of(request));
  return now.response;
}

/* Asks one method. */
static inline const char *call(const char *method, const char *params) {
  char request[4096];
  const int len =
      snprintf(request, sizeof request, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":[%s]}",
               method, params);
  assert_true(len > 0 && (size_t)len < sizeof request);
  return ask(request);
}

/* Asks one method, whose result must be this. */
static inline void expect(const char *method, const char *params, const char *result) {
  char expected[8192];
  snprintf(expected, sizeof expected, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":%s}", result);
  assert_string_equal(call(method, params), expected);
}

/* Fails unless a response is an error of this code and reason. */
static inline void assert_error(const char *response, int code, const char *reason) {
  char expected[512];
  snprintf(expected, sizeof expected, "\"error\":{\"code\":%d,", code);
  if (strstr(response, expected) == NULL) print_message("%s\n", response);
  assert_non_null(strstr(response, expected));
  snprintf(expected, sizeof expected, "\"reason\":\"%s\"", reason);
  if (strstr(response, expected) == NULL) print_message("%s\n", response);
  assert_non_null(strstr(response, expected));
  assert_null(strstr(response, "\"result\""));
}

static inline void expect_error(const char *method, const char *params, int code, const char *reason) {
  assert_error(call(method, params), code, reason);
}

/* Takes the next blame, which must fall on this endpoint for this reason. */
static inline void expect_blame(uint32_t endpoint, const char *reason) {
  ol_blame blame;
  assert_int_equal(ol_engine_next_blame(now.engine, &blame), 1);
  assert_string_equal(blame.error.reason, reason);
  assert_int_equal(blame.endpoint, endpoint);
}

/* Puts an answer in the place of another. */
static inline void answer_with(ol_slice *answer, const ol_want *want, const char *rest) {
  static char text[4096];
  const int len =
      snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":%llu,%s}", (unsigned long long)want->id, rest);
  assert_true(len > 0 && (size_t)len < sizeof text);
  *answer = ol_slice_of(text, (size_t)len);
}

static inline const char *hash_text(const ol_hash *hash) {
  static char text[4][67];
  static size_t next;
  next = (next + 1) % 4;
  ol_hex_text(text[next], hash->bytes, sizeof hash->bytes);
  return text[next];
}

static inline const char *quoted(const char *text) {
  static char out[4][512];
  static size_t next;
  next = (next + 1) % 4;
  snprintf(out[next], sizeof out[next], "\"%s\"", text);
  return out[next];
}

static inline ol_hash transaction_hash(size_t block, size_t index) {
  const ol_slice bytes = earth.blocks[block].transaction_items[index];
  ol_hash hash;
  ol_keccak256(&hash, bytes.data, bytes.len);
  return hash;
}

static inline int make_chain(void **state) {
  (void)state;
  chain_make(&earth, 1, 48);
  return 0;
}

static inline int end_chain(void **state) {
  (void)state;
  chain_end(&earth);
  return 0;
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)

#endif
