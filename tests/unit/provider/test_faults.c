/* SPDX-License-Identifier: MIT */
#include "unit/provider/session.h"

/*
 * A whole session, in which one request after the other meets with a fault: once, or from then on whenever the first
 * endpoint is asked. Whatever happens, each response is the right one or an error, and there is an end.
 */

#define WANTS_MAX 600

typedef enum fault {
  FAULT_NONE,
  FAULT_FAILS,
  FAULT_TOO_LONG,
  FAULT_IS_CUT,
  FAULT_IS_EMPTY,
  FAULT_IS_CHANGED,
  FAULT_IS_ERROR,
  FAULT_IS_NULL,
  FAULT_COMES_TWICE,
  FAULT_IS_LATE,
  FAULT_ANSWERS_ANOTHER,
  FAULTS
} fault;

static chain mars; /* what an endpoint may serve instead */
static char session_text[2048], right[MAX_RESPONSE + 1];

static struct {
  fault what;
  uint32_t at;
  bool for_ever;
  uint32_t met;
  ol_want late[WANTS_MAX];
  uint32_t late_count;
} trial;

static void write_session(void) {
  const ol_hash hash = transaction_hash(4, 1);
  snprintf(
      session_text, sizeof session_text,
      "[{\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"0x1112131415161718191a1b1c1d1e1f2021222324\","
      "\"0x14\"]},{\"id\":2,\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x7\",true]},"
      "{\"id\":3,\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x2\",\"toBlock\":\"0x10\"}]},"
      "{\"id\":4,\"method\":\"eth_getTransactionReceipt\",\"params\":[\"%s\"]},"
      "{\"id\":5,\"method\":\"eth_feeHistory\",\"params\":[\"0x3\",\"latest\",[50]]},"
      "{\"id\":6,\"method\":\"eth_getCode\",\"params\":[\"0x000102030405060708090a0b0c0d0e0f10111213\"]},"
      "{\"id\":7,\"method\":\"eth_getBalance\",\"params\":[\"0x1112131415161718191a1b1c1d1e1f2021222324\","
      "\"finalized\"]}]",
      hash_text(&hash));
}

static void feed(const ol_want *want, ol_slice text) {
  (void)ol_engine_feed(now.engine, want->id, text.data, text.len);
}

static void meet(const ol_want *want, ol_slice text) {
  static uint8_t too_long[MAX_ANSWER + 1];
  trial.met++;
  switch (trial.what) {
  case FAULT_FAILS: (void)ol_engine_fail(now.engine, want->id, OL_FAIL_HTTP); break;
  case FAULT_TOO_LONG: feed(want, ol_slice_of(too_long, sizeof too_long)); break;
  case FAULT_IS_CUT: feed(want, ol_slice_of(text.data, text.len / 2)); break;
  case FAULT_IS_EMPTY: feed(want, ol_slice_of(NULL, 0)); break;
  case FAULT_IS_CHANGED:
    ((uint8_t *)(uintptr_t)text.data)[text.len * 2 / 3] ^= 1;
    feed(want, text);
    break;
  case FAULT_IS_ERROR:
    answer_with(&text, want, "\"error\":{\"code\":-32603}");
    feed(want, text);
    break;
  case FAULT_IS_NULL:
    answer_with(&text, want, "\"result\":null");
    feed(want, text);
    break;
  case FAULT_COMES_TWICE:
    feed(want, text);
    feed(want, text);
    break;
  case FAULT_IS_LATE: trial.late[trial.late_count++] = *want; break;
  default: {
    static uint8_t memory[4 * MAX_ANSWER];
    const chain_endpoint other = {
        .of = &mars, .head = 47, .safe = 45, .finalized = 43, .chain_id = WORLD_CHAIN_ID};
    feed(want, chain_answer(&other, memory, sizeof memory, want->body));
  }
  }
}

static void answer_or_fault(const ol_want *want, uint32_t index) {
  static uint8_t memory[4 * MAX_ANSWER];
  const bool faulty = trial.for_ever ? index >= trial.at && want->endpoint == 0 : index == trial.at;
  const ol_slice text = chain_answer(&now.endpoints[want->endpoint], memory, sizeof memory, want->body);
  /* Where one endpoint is enough, it may tell which chain there is. */
  const bool tells = trial.what == FAULT_ANSWERS_ANOTHER && now.config.client.quorum == 1 &&
                     (asks_for(want, "\"latest\"") || asks_for(want, "\"finalized\""));
  if (trial.what != FAULT_NONE && faulty && !tells)
    meet(want, text);
  else
    feed(want, text);
}

/* Time passes; what is late comes when nobody waits for it any longer. */
static void let_time_pass(void) {
  static uint8_t memory[4 * MAX_ANSWER];
  assert_true(trial.late_count > 0); /* or it would wait for ever */
  now.now_ms += 5001;
  (void)ol_engine_tick(now.engine, now.now_ms);
  for (uint32_t i = 0; i < trial.late_count; i++) {
    const ol_want *want = &trial.late[i];
    feed(want, chain_answer(&now.endpoints[want->endpoint], memory, sizeof memory, want->body));
  }
  trial.late_count = 0;
}

/* Runs the session with a fault. Returns: how many wants there were. */
static uint32_t run(bool backwards) {
  static uint8_t bodies[WANTS_MAX][5000];
  static ol_want wants[WANTS_MAX];
  uint32_t count = 0, open[64], open_count = 0;
  ol_slice response;
  trial.met = trial.late_count = 0;
  now.now_ms = chain_now_ms(&earth);
  assert_int_equal(ol_provider_ask(&error, now.provider, text_of(session_text)), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, now.now_ms), OL_OK);
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) {
    while (ol_engine_next_want(now.engine, &wants[count]) == 1) {
      assert_true(count < WANTS_MAX - 1 && open_count < 64);
      memcpy(bodies[count], wants[count].body.data, wants[count].body.len);
      wants[count].body.data = bodies[count];
      open[open_count++] = count++;
    }
    if (open_count == 0) {
      let_time_pass();
      continue;
    }
    const uint32_t at = backwards ? open_count - 1 : 0, index = open[at];
    memmove(open + at, open + at + 1, (--open_count - at) * sizeof *open);
    answer_or_fault(&wants[index], index);
  }
  assert_int_equal(ol_engine_state(now.engine), OL_ENGINE_DONE);
  assert_int_equal(ol_provider_response(&error, &response, now.provider), OL_OK);
  memcpy(now.response, response.data, response.len);
  now.response[response.len] = '\0';
  return count;
}

/* Each response of the batch is the right one, or an error. Returns: how many are right. */
static uint32_t count_right(void) {
  const char *at = now.response, *of = right;
  uint32_t count = 0;
  assert_int_equal(*at++, '[');
  of++;
  for (int id = 1; id <= 7; id++) {
    const char *next = strstr(of, ",{\"jsonrpc\":");
    const size_t len = next != NULL ? (size_t)(next - of) : strlen(of) - 1;
    const bool not_known = trial.what == FAULT_IS_NULL || trial.what == FAULT_ANSWERS_ANOTHER;
    static const char null[] = "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":null}";
    if (strncmp(at, of, len) == 0) {
      count++;
      at += len;
    } else if (id == 4 && not_known && strncmp(at, null, strlen(null)) == 0) {
      at += strlen(null); /* nobody who was asked knows the transaction */
    } else {
      char error_text[64];
      const int error_len =
          snprintf(error_text, sizeof error_text, "{\"jsonrpc\":\"2.0\",\"id\":%d,\"error\":{\"code\":-", id);
      if (strncmp(at, error_text, (size_t)error_len) != 0)
        print_message("%d at %u: %.300s\n", (int)trial.what, trial.at, at);
      assert_int_equal(strncmp(at, error_text, (size_t)error_len), 0);
      const char *end = strstr(at, "}}}");
      assert_non_null(end);
      at = end + 3;
    }
    assert_int_equal(*at, id < 7 ? ',' : ']');
    at++;
    of += len + 1;
  }
  assert_int_equal(*at, '\0');
  return count;
}

/* In: every how many requests there is a fault. */
static void run_trials(uint32_t endpoints, uint32_t quorum, bool backwards, uint32_t stride) {
  start(endpoints, quorum);
  now.config.hold_ms = 0;
  trial.what = FAULT_NONE;
  const uint32_t wants = run(backwards);
  assert_true(wants > 40 && wants < 100);
  strcpy(right, now.response);
  assert_null(strstr(right, "error"));
  for (uint32_t what = FAULT_NONE + 1; what < FAULTS; what++) {
    for (uint32_t at = what % stride; at < wants; at += stride) {
      for (int for_ever = 0; for_ever < 2; for_ever++) {
        trial.what = (fault)what;
        trial.at = at;
        trial.for_ever = for_ever == 1;
        if (trial.for_ever && (at / stride) % 4 != 0) continue;
        run(backwards);
        const uint32_t good = count_right();
        const bool helped = endpoints > quorum || what == FAULT_COMES_TWICE;
        if (helped && !trial.for_ever && good != 7) print_message("%u at %u: %s\n", what, at, now.response);
        if (helped && !trial.for_ever) assert_int_equal(good, 7);
        if (endpoints > quorum && trial.for_ever && what != FAULT_IS_LATE) assert_int_equal(good, 7);
      }
    }
  }
}

static void ends_with_one_endpoint(void **state) {
  (void)state;
  run_trials(1, 1, false, 3);
}

static void is_right_with_two_endpoints(void **state) {
  (void)state;
  run_trials(2, 1, false, 1);
}

static void is_right_in_another_order(void **state) {
  (void)state;
  run_trials(2, 1, true, 3);
}

static void ends_with_two_that_must_agree(void **state) {
  (void)state;
  run_trials(2, 2, true, 3);
}

static int make(void **state) {
  make_chain(state);
  chain_make(&mars, 2, 48);
  write_session();
  return 0;
}

static int end(void **state) {
  chain_end(&mars);
  return end_chain(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(ends_with_one_endpoint),
      TEST(is_right_with_two_endpoints),
      TEST(is_right_in_another_order),
      TEST(ends_with_two_that_must_agree),
  };
  return cmocka_run_group_tests(tests, make, end);
}
