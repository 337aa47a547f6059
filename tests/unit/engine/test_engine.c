/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include "unit/bytes.h"

/* The loop by itself, with a user that notes what it is told. */

#define NOW UINT64_C(1000000)
#define TIMEOUT 500u

static ol_engine engine;
static uint32_t answered, lost_count, advanced;
static uint64_t last_lost;
static const char *last_reason;
static ol_status verdict, request_status; /* what the user says of an answer, and of a request */
static uint32_t first_wants;

static void begin(ol_engine *e) {
  for (uint32_t i = 0; i < first_wants; i++) ol_engine_put(e, OL_SOURCE_L2, i, 7, i);
}

static ol_status request(ol_error *error, ol_want *out, ol_engine *e, const ol_engine_want *want) {
  (void)e;
  if (request_status != OL_OK) return ol_fail(error, request_status, OL_NOWHERE, "cannot ask");
  assert_int_equal(want->kind, 7);
  out->method = OL_HTTP_POST;
  out->max_len = 10;
  return OL_OK;
}

static ol_status answer(ol_error *error, ol_engine *e, const ol_engine_want *want, ol_slice data) {
  (void)e, (void)want, (void)data;
  answered++;
  return verdict == OL_OK ? OL_OK : ol_fail(error, verdict, 3, "refused");
}

static void lost(ol_engine *e, const ol_engine_want *want, const ol_error *error) {
  (void)e;
  lost_count++;
  last_lost = want->id;
  last_reason = error->reason;
}

static void advance(ol_engine *e) {
  (void)e;
  advanced++;
}

static const ol_engine_user user = {
    .begin = begin, .request = request, .answer = answer, .lost = lost, .advance = advance};

static int start(void **state) {
  (void)state;
  answered = lost_count = advanced = 0;
  verdict = request_status = OL_OK;
  first_wants = 2;
  ol_engine_init(&engine, &user, TIMEOUT);
  assert_int_equal(ol_engine_state(&engine), OL_ENGINE_IDLE);
  assert_int_equal(ol_engine_begin(&engine, NOW), OL_OK);
  return 0;
}

static void gives_each_want_once_and_in_order(void **state) {
  (void)state;
  ol_want want;
  for (uint32_t i = 0; i < 2; i++) {
    assert_int_equal(ol_engine_next_want(&engine, &want), 1);
    assert_int_equal(want.id, i + 1);
    assert_int_equal(want.endpoint, i);
    assert_int_equal(want.deadline_ms, NOW + TIMEOUT);
  }
  assert_int_equal(ol_engine_next_want(&engine, &want), 0);
}

static void tells_what_became_of_an_answer(void **state) {
  (void)state;
  ol_want want;
  assert_int_equal(ol_engine_taken(&engine), OL_TAKEN_NOT);
  for (uint32_t i = 0; i < 2; i++) assert_int_equal(ol_engine_next_want(&engine, &want), 1);
  assert_int_equal(ol_engine_feed(&engine, 1, NULL, 0), OL_OK);
  assert_int_equal(ol_engine_taken(&engine), OL_TAKEN_USED);
  assert_int_equal(ol_engine_feed(&engine, 1, NULL, 0), OL_OK); /* once more */
  assert_int_equal(ol_engine_taken(&engine), OL_TAKEN_NOT);
  verdict = OL_ERR_PROOF;
  assert_int_equal(ol_engine_feed(&engine, 2, NULL, 0), OL_OK);
  assert_int_equal(ol_engine_taken(&engine), OL_TAKEN_NOT);
}

static void takes_one_answer_to_a_want_that_is_out(void **state) {
  (void)state;
  ol_want want;
  assert_int_equal(ol_engine_feed(&engine, 1, NULL, 0), OL_OK); /* not out yet */
  assert_int_equal(ol_engine_next_want(&engine, &want), 1);
  assert_int_equal(ol_engine_feed(&engine, 99, NULL, 0), OL_OK); /* nobody's */
  assert_int_equal(answered, 0);
  assert_int_equal(ol_engine_feed(&engine, want.id, NULL, 0), OL_OK);
  assert_int_equal(ol_engine_feed(&engine, want.id, NULL, 0), OL_OK); /* twice */
  assert_int_equal(ol_engine_fail(&engine, want.id, OL_FAIL_HTTP), OL_OK);
  assert_int_equal(answered, 1);
  assert_int_equal(lost_count, 0);
  assert_int_equal(advanced, 1);
}

static void never_uses_an_id_twice(void **state) {
  (void)state;
  ol_want want;
  uint64_t last = 0;
  for (int i = 0; i < 1000; i++) {
    while (ol_engine_next_want(&engine, &want) == 1) {
      assert_true(want.id > last);
      last = want.id;
      (void)ol_engine_feed(&engine, want.id, NULL, 0);
    }
    ol_engine_put(&engine, OL_SOURCE_L2, 0, 7, 0);
  }
}

static void refuses_more_than_was_wanted(void **state) {
  (void)state;
  ol_want want;
  assert_int_equal(ol_engine_next_want(&engine, &want), 1);
  assert_int_equal(ol_engine_feed(&engine, want.id, (const uint8_t *)"0123456789A", 11), OL_OK);
  assert_int_equal(answered, 0);
  assert_string_equal(last_reason, "answer is longer than accepted");
  assert_int_equal(ol_engine_next_want(&engine, &want), 1);
  assert_int_equal(ol_engine_feed(&engine, want.id, (const uint8_t *)"0123456789", 10), OL_OK);
  assert_int_equal(answered, 1);
}

static void names_every_way_to_fail(void **state) {
  (void)state;
  const char *seen[6] = {0};
  for (int reason = OL_FAIL_CONNECTION; reason <= OL_FAIL_TLS; reason++) {
    ol_want want;
    ol_engine_put(&engine, OL_SOURCE_L2, 0, 7, 0);
    assert_int_equal(ol_engine_next_want(&engine, &want), 1);
    assert_int_equal(ol_engine_fail(&engine, want.id, (ol_fail_reason)reason), OL_OK);
    seen[reason] = last_reason;
    for (int k = OL_FAIL_CONNECTION; k < reason; k++) assert_string_not_equal(seen[k], seen[reason]);
  }
}

static void fails_wants_at_their_deadline(void **state) {
  (void)state;
  ol_want want;
  assert_int_equal(ol_engine_next_want(&engine, &want), 1);
  assert_int_equal(ol_engine_tick(&engine, NOW + TIMEOUT - 1), OL_OK);
  assert_int_equal(lost_count, 0);
  assert_int_equal(ol_engine_tick(&engine, NOW + TIMEOUT), OL_OK);
  assert_int_equal(lost_count, 1);
  assert_string_equal(last_reason, "no answer in time");
  assert_int_equal(ol_engine_next_want(&engine, &want),
                   1); /* nobody was asked for it, so it has all its time */
  assert_int_equal(want.deadline_ms, NOW + 2 * TIMEOUT);
  assert_int_equal(ol_engine_next_want(&engine, &want), 0);
}

static void does_not_go_back_in_time(void **state) {
  (void)state;
  assert_int_equal(ol_engine_tick(&engine, NOW + 100), OL_OK);
  assert_int_equal(ol_engine_tick(&engine, NOW - 100), OL_OK);
  ol_engine_put(&engine, OL_SOURCE_L2, 0, 7, 0);
  ol_want want;
  uint64_t latest = 0;
  while (ol_engine_next_want(&engine, &want) == 1) latest = want.deadline_ms;
  assert_int_equal(latest, NOW + 100 + TIMEOUT);
}

static void keeps_the_newest_blames(void **state) {
  (void)state;
  ol_blame blame;
  verdict = OL_ERR_PROOF;
  for (uint32_t i = 0; i < OL_BLAMES + 4; i++) {
    ol_want want;
    while (ol_engine_next_want(&engine, &want) == 1) (void)ol_engine_feed(&engine, want.id, NULL, 0);
    ol_engine_put(&engine, OL_SOURCE_L2, i, 7, 0);
  }
  uint64_t before = 0;
  for (uint32_t i = 0; i < OL_BLAMES; i++) {
    assert_int_equal(ol_engine_next_blame(&engine, &blame), 1);
    assert_true(blame.want_id > before);
    assert_string_equal(blame.error.reason, "refused");
    assert_int_equal(blame.error.offset, 3);
    before = blame.want_id;
  }
  assert_int_equal(before, last_lost); /* the newest is the last */
  assert_int_equal(ol_engine_next_blame(&engine, &blame), 0);
}

static void drops_wants_of_a_kind(void **state) {
  (void)state;
  ol_want want;
  assert_int_equal(ol_engine_next_want(&engine, &want), 1);
  ol_engine_drop(&engine, 8);
  ol_engine_drop(&engine, 7);
  assert_int_equal(ol_engine_feed(&engine, want.id, NULL, 0), OL_OK);
  assert_int_equal(answered, 0);
  assert_int_equal(ol_engine_next_want(&engine, &want), 0);
}

static void ends_with_an_answer(void **state) {
  (void)state;
  ol_want want;
  assert_int_equal(ol_engine_next_want(&engine, &want), 1);
  ol_engine_finish(&engine);
  assert_int_equal(ol_engine_state(&engine), OL_ENGINE_DONE);
  assert_int_equal(ol_engine_next_want(&engine, &want), 0);
  assert_int_equal(ol_engine_feed(&engine, 1, NULL, 0), OL_OK);
  assert_int_equal(answered, 0);
  assert_int_equal(ol_engine_begin(&engine, NOW), OL_ERR_ARGUMENT);
}

static void ends_with_an_error_that_stays(void **state) {
  (void)state;
  ol_want want;
  ol_error error;
  (void)ol_fail(&error, OL_ERR_QUORUM, OL_NOWHERE, "given up");
  ol_engine_give_up(&engine, &error);
  assert_int_equal(ol_engine_state(&engine), OL_ENGINE_FAILED);
  assert_int_equal(ol_engine_next_want(&engine, &want), OL_ERR_QUORUM);
  assert_int_equal(ol_engine_feed(&engine, 1, NULL, 0), OL_ERR_QUORUM);
  assert_int_equal(ol_engine_fail(&engine, 1, OL_FAIL_HTTP), OL_ERR_QUORUM);
  assert_int_equal(ol_engine_tick(&engine, NOW + TIMEOUT), OL_ERR_QUORUM);
  assert_string_equal(ol_engine_error(&engine)->reason, "given up");
  assert_int_equal(lost_count, 0);
}

static void gives_up_when_a_request_cannot_be_made(void **state) {
  (void)state;
  ol_want want;
  request_status = OL_ERR_MEMORY;
  assert_int_equal(ol_engine_next_want(&engine, &want), OL_ERR_MEMORY);
  assert_int_equal(ol_engine_state(&engine), OL_ENGINE_FAILED);
}

static void does_not_begin_without_a_question(void **state) {
  (void)state;
  ol_engine_init(&engine, NULL, TIMEOUT);
  assert_int_equal(ol_engine_begin(&engine, NOW), OL_ERR_ARGUMENT);
  assert_int_equal(ol_engine_state(&engine), OL_ENGINE_IDLE);
}

static void ends_when_nobody_fetches_any_more(void **state) {
  (void)state;
  ol_want want;
  assert_int_equal(ol_engine_next_want(&engine, &want), 1);
  ol_engine_abandon(&engine);
  assert_int_equal(ol_engine_state(&engine), OL_ENGINE_FAILED);
  assert_int_equal(ol_engine_error(&engine)->status, OL_ERR_TRANSPORT);
  assert_string_equal(ol_engine_error(&engine)->reason, "was given up");
  ol_engine_feed(&engine, want.id, (const uint8_t *)"x", 1);
  assert_int_equal(answered, 0);
  start(NULL);
  ol_engine_finish(&engine);
  ol_engine_abandon(&engine); /* it has ended already */
  assert_int_equal(ol_engine_state(&engine), OL_ENGINE_DONE);
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(gives_each_want_once_and_in_order),
      TEST(tells_what_became_of_an_answer),
      TEST(takes_one_answer_to_a_want_that_is_out),
      TEST(never_uses_an_id_twice),
      TEST(refuses_more_than_was_wanted),
      TEST(names_every_way_to_fail),
      TEST(fails_wants_at_their_deadline),
      TEST(does_not_go_back_in_time),
      TEST(keeps_the_newest_blames),
      TEST(drops_wants_of_a_kind),
      TEST(ends_with_an_answer),
      TEST(ends_with_an_error_that_stays),
      TEST(gives_up_when_a_request_cannot_be_made),
      TEST(does_not_begin_without_a_question),
      TEST(ends_when_nobody_fetches_any_more),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
