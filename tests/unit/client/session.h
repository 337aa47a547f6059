/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_CLIENT_SESSION_H
#define OL_TESTS_UNIT_CLIENT_SESSION_H

/* A question under way in the small world of world.h, and what a test says about how it ends. */

#include "openledger/client.h"
#include "unit/bytes.h"
#include "unit/client/blames.h"
#include "unit/lies.h"
#include "world.h"

#define NOW_S (1700000000 + 2 * 1000 + 3) /* three seconds after block 1000 */
#define NOW_MS (UINT64_C(1000) * NOW_S)
#define ENDPOINTS 4

/* The client, its endpoints, and what is changed in their answers. */
typedef struct session {
  ol_client *client;
  ol_engine *engine;
  void *memory;
  ol_account_question question;
  world_endpoint endpoints[ENDPOINTS];
  /* Called with each honest answer, which it may change; returns false when the request is to fail. */
  bool (*lie)(const ol_want *want, ol_slice *answer);
  uint32_t requests;
  uint32_t rounds;
} session;

static world_chain earth;
static ol_error error;
static uint8_t arena_memory[1 << 20];
static session now;

static inline void start(uint32_t endpoints, uint32_t quorum) {
  const ol_client_config config = {
      .chain_id = WORLD_CHAIN_ID, .endpoints = endpoints, .quorum = quorum, .timeout_ms = 5000};
  size_t size = ol_client_size(&config);
  assert_true(size > 0);
  now.memory = aligned_alloc(16, size);
  assert_int_equal(ol_client_init(&error, &now.client, &config, now.memory, size), OL_OK);
  now.engine = ol_client_engine(now.client);
  for (size_t i = 0; i < ENDPOINTS; i++)
    now.endpoints[i] = (world_endpoint){.head = 1000, .fork = 1, .chain_id = WORLD_CHAIN_ID};
  ol_account_question_init(&now.question, &earth.contract);
  now.lie = NULL;
  now.requests = now.rounds = 0;
}

static inline int stop(void **state) {
  (void)state;
  free(now.memory);
  now.memory = NULL;
  return 0;
}

/* Answers every want that is out, in the order in which they came. Returns: how many. */
static inline uint32_t answer_round(void) {
  ol_want wants[32];
  uint8_t bodies[32][4096];
  uint32_t count = 0;
  while (ol_engine_next_want(now.engine, &wants[count]) == 1) {
    assert_true(wants[count].body.len <= sizeof bodies[count]);
    memcpy(bodies[count], wants[count].body.data, wants[count].body.len);
    wants[count].body.data = bodies[count];
    assert_int_equal(wants[count].source, OL_SOURCE_L2);
    assert_int_equal(wants[count].method, OL_HTTP_POST);
    count++;
  }
  for (uint32_t i = 0; i < count; i++) {
    ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
    ol_slice text = world_answer(&earth, &now.endpoints[wants[i].endpoint], &arena, wants[i].body);
    if (now.lie == NULL || now.lie(&wants[i], &text))
      (void)ol_engine_feed(now.engine, wants[i].id, text.data, text.len);
    else
      (void)ol_engine_fail(now.engine, wants[i].id, OL_FAIL_CONNECTION);
  }
  now.requests += count;
  now.rounds += count > 0;
  return count;
}

static inline ol_engine_status run(void) {
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, NOW_MS), OL_OK);
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) assert_true(answer_round() > 0);
  return ol_engine_state(now.engine);
}

static inline ol_account_answer expect_answer(void) {
  ol_account_answer answer;
  ol_slice code;
  ol_engine_status state = run();
  if (state != OL_ENGINE_DONE) print_message("%s\n", ol_engine_error(now.engine)->reason);
  assert_int_equal(state, OL_ENGINE_DONE);
  assert_int_equal(ol_client_account(&error, &answer, &code, now.client), OL_OK);
  return answer;
}

static inline void expect_failure(ol_status status, const char *reason) {
  ol_account_answer answer;
  ol_slice code;
  assert_int_equal(run(), OL_ENGINE_FAILED);
  assert_string_equal(ol_engine_error(now.engine)->reason, reason);
  assert_int_equal(ol_engine_error(now.engine)->status, status);
  assert_int_equal(ol_client_account(&error, &answer, &code, now.client), status);
  ol_want want;
  assert_int_equal(ol_engine_next_want(now.engine, &want), status); /* sticky */
}

/* Takes the next blame, which must fall on this endpoint for this reason. */
static inline void expect_blame(uint32_t endpoint, const char *reason) {
  ol_blame blame;
  assert_int_equal(ol_engine_next_blame(now.engine, &blame), 1);
  assert_int_equal(blame.endpoint, endpoint);
  assert_string_equal(blame.error.reason, reason);
}

static inline void expect_no_blame(void) {
  assert_no_blame(now.engine);
}

static inline int make_world(void **state) {
  (void)state;
  world_make(&earth);
  return 0;
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)

#endif
