/* SPDX-License-Identifier: MIT */
#include "unit/ledger/storage.h"

static const ol_target token = {.address = {{7}}, .contract = OL_CONTRACT_GOPEN};

static ol_status visit_trace(ol_error *out, void *trace, ol_asks *asks) {
  return ol_trace_visit(out, trace, asks, &token);
}

/* Puts a list at slot 5: checkpoint i is of the time 100 + 10 * i, and has the value 1 + i. */
static void put_checkpoints(uint64_t count) {
  const ol_u256 slot = number(5), first = ol_elements_of(&slot, 0);
  put(&token.address, 5, number(count));
  for (uint64_t i = 0; i < count && i < 400; i++)
    put_at(&token.address, &first, i, part(part(number(0), 0, 6, 100 + 10 * i), 6, 8, 1 + i));
}

static void finds_the_last_checkpoint_that_is_not_later(void **state) {
  (void)state;
  const ol_u256 slot = number(5);
  static const uint64_t counts[] = {0, 1, 2, 15, 16, 17, 18, 40, 289, 300};
  for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
    empty_storage(NULL);
    put_checkpoints(counts[c]);
    for (uint64_t time = 95; time < 110 + 10 * counts[c]; time += 5) {
      for (uint32_t width = 1; width <= OL_TRACE_WIDTH; width += 5) {
        ol_trace trace = ol_trace_of(&slot, time, width);
        const uint64_t known = time < 100 ? 0 : (time - 100) / 10 + 1;
        const ol_u256 expected = number(known < counts[c] ? known : counts[c]);
        assert_int_equal(read_all(visit_trace, &trace), OL_OK);
        assert_true(ol_trace_is_done(&trace));
        assert_memory_equal(&trace.value, &expected, sizeof expected);
        assert_true(storage.most <= width);
      }
    }
  }
}

static void a_long_list_takes_few_rounds(void **state) {
  (void)state;
  const ol_u256 slot = number(5);
  put_checkpoints(300);
  ol_trace trace = ol_trace_of(&slot, 100 + 10 * 123 + 3, OL_TRACE_WIDTH);
  assert_int_equal(read_all(visit_trace, &trace), OL_OK);
  assert_true(storage.rounds <= 4);
  trace = ol_trace_of(&slot, OL_TRACE_LATEST, 1);
  const ol_u256 last = number(300);
  assert_int_equal(read_all(visit_trace, &trace), OL_OK);
  assert_memory_equal(&trace.value, &last, sizeof last);
  assert_int_equal(storage.rounds, 2);
}

static void refuses_lists_that_cannot_be(void **state) {
  (void)state;
  const ol_u256 slot = number(5), first = ol_elements_of(&slot, 0);
  put_checkpoints(9);
  put_at(&token.address, &first, 4, part(number(0), 0, 6, 130));
  ol_trace trace = ol_trace_of(&slot, 500, OL_TRACE_WIDTH);
  assert_int_equal(read_all(visit_trace, &trace), OL_ERR_PROOF);
  assert_string_equal(error.reason, "checkpoints are not in their order");
  put(&token.address, 5, number((uint64_t)1 << 32));
  trace = ol_trace_of(&slot, 500, OL_TRACE_WIDTH);
  assert_int_equal(read_all(visit_trace, &trace), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds a number that is too large for it");
  put(&token.address, 5, part(number(0), 8, 1, 1));
  trace = ol_trace_of(&slot, 500, OL_TRACE_WIDTH);
  assert_int_equal(read_all(visit_trace, &trace), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds what the contract never writes");
}

static void a_slot_is_asked_for_once(void **state) {
  (void)state;
  const ol_target other = {.address = {{8}}, .contract = OL_CONTRACT_GOVERNOR};
  static ol_asks asks;
  put(&token.address, 3, number(33));
  put(&other.address, 3, number(44));
  ol_asks_begin(&asks);
  (void)ol_ask_at(&asks, &token, 3);
  (void)ol_ask_at(&asks, &token, 3);
  (void)ol_ask_at(&asks, &other, 3);
  assert_int_equal(asks.count, 2);
  assert_int_equal(asks.account_count, 2);
  answer(&asks);
  const ol_u256 ours = ol_ask_at(&asks, &token, 3), theirs = ol_ask_at(&asks, &other, 3);
  assert_int_equal(ours.bytes[31], 33);
  assert_int_equal(theirs.bytes[31], 44);
}

static void reads_what_solidity_writes(void **state) {
  (void)state;
  ol_u256 word = number(1);
  bool is_it = false;
  uint64_t len = 7;
  assert_int_equal(ol_asked_bool(&error, &is_it, &word), OL_OK);
  assert_true(is_it);
  word = number(2);
  assert_int_equal(ol_asked_bool(&error, &is_it, &word), OL_ERR_PROOF);

  word = number(0); /* bytes: none, */
  assert_int_equal(ol_asked_length(&error, &len, &word), OL_OK);
  assert_int_equal(len, 0);
  memset(&word, 0xab, sizeof word); /* 31 of them, */
  word.bytes[31] = 62;
  assert_int_equal(ol_asked_length(&error, &len, &word), OL_OK);
  assert_int_equal(len, 31);
  word.bytes[31] = 60; /* and 30, with one behind them */
  assert_int_equal(ol_asked_length(&error, &len, &word), OL_ERR_PROOF);
  word.bytes[31] = 64; /* 32 do not stand there */
  assert_int_equal(ol_asked_length(&error, &len, &word), OL_ERR_PROOF);
  word = number(65);
  assert_int_equal(ol_asked_length(&error, &len, &word), OL_OK);
  assert_int_equal(len, 32);
  word = number(63);
  assert_int_equal(ol_asked_length(&error, &len, &word), OL_ERR_PROOF);
  word = part(number(65), 8, 1, 1);
  assert_int_equal(ol_asked_length(&error, &len, &word), OL_ERR_PROOF);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(finds_the_last_checkpoint_that_is_not_later),
      TEST(a_long_list_takes_few_rounds),
      TEST(refuses_lists_that_cannot_be),
      TEST(a_slot_is_asked_for_once),
      TEST(reads_what_solidity_writes),
  };
  return cmocka_run_group_tests_name("ledger.asks", tests, NULL, NULL);
}
