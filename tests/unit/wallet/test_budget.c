/* SPDX-License-Identifier: MIT */
#include "unit/wallet/intents.h"

/* What budgets remember, and that nothing altered or older is taken for one. */

#define NOW 1800000000u

static ol_error error;
static ol_budget budget, other;
static uint8_t bytes[OL_BUDGET_SNAPSHOT];

static int forget(void **state) {
  (void)state;
  memset(&budget, 0, sizeof budget);
  memset(&other, 0, sizeof other);
  return 0;
}

static void signs(ol_intent intent, uint64_t now_s) {
  assert_int_equal(ol_budget_add(&error, &budget, &intent, now_s), OL_OK);
}

static uint64_t spent_of(const ol_budget *of, ol_address asset, uint64_t seconds, uint64_t now_s) {
  ol_u256 sum;
  ol_budget_spent(&sum, of, 1612, &asset, seconds, now_s);
  assert_true(ol_is_zero(ol_slice_of(sum.bytes, 24)));
  return ol_load_be64(sum.bytes + 24);
}

static size_t written(void) {
  size_t len = 0;
  assert_int_equal(ol_budget_write(&error, bytes, sizeof bytes, &len, &budget), OL_OK);
  return len;
}

static void sums_what_was_spent(void **state) {
  ol_intent second = a_transfer(50), token = a_token_transfer(7);
  (void)state;
  second.nonce = 1;
  token.nonce = 2;
  signs(a_transfer(100), NOW);
  signs(second, NOW + 10);
  signs(token, NOW + 20);
  assert_int_equal(spent_of(&budget, NATIVE, 3600, NOW + 20), 192);
  assert_int_equal(spent_of(&budget, NATIVE, 15, NOW + 20), 71);
  assert_int_equal(spent_of(&budget, TOKEN, 3600, NOW + 20), 7);
  assert_int_equal(spent_of(&budget, NATIVE, 0, NOW), 192);
  assert_int_equal(ol_budget_sequence(&budget), 3);
  assert_int_equal(ol_budget_signatures(&budget, 60, NOW + 20), 3);
}

static void keeps_chains_apart(void **state) {
  ol_intent elsewhere = a_transfer(100);
  (void)state;
  elsewhere.chain_id = 1;
  signs(elsewhere, NOW);
  assert_int_equal(spent_of(&budget, NATIVE, 3600, NOW), 0);
  assert_int_equal(spent_of(&budget, NATIVE, 0, NOW), 0);
}

static void forgets_after_a_day_but_for_the_sum(void **state) {
  ol_intent next = a_transfer(1);
  (void)state;
  next.nonce = 1;
  signs(a_transfer(100), NOW);
  signs(next, NOW + OL_POLICY_DAY);
  assert_int_equal(budget.record_count, 1);
  assert_int_equal(spent_of(&budget, NATIVE, OL_POLICY_DAY, NOW + OL_POLICY_DAY), 22);
  assert_int_equal(spent_of(&budget, NATIVE, 0, NOW), 143);
}

static void counts_one_of_each_nonce(void **state) {
  ol_intent other_account = a_transfer(100);
  (void)state;
  signs(a_transfer(100), NOW);
  signs(a_transfer(90), NOW + 1);
  assert_int_equal(spent_of(&budget, NATIVE, 0, NOW), 121);
  signs(a_transfer(110), NOW + 2);
  assert_int_equal(spent_of(&budget, NATIVE, 0, NOW), 131);
  other_account.account = BOB;
  signs(other_account, NOW + 3);
  assert_int_equal(spent_of(&budget, NATIVE, 0, NOW), 252);
}

static void counts_messages_each(void **state) {
  ol_intent typed = an_approval(5);
  (void)state;
  typed.kind = OL_INTENT_TYPED_DATA;
  typed.has_nonce = 0;
  signs(typed, NOW);
  signs(typed, NOW);
  assert_int_equal(spent_of(&budget, TOKEN, 0, NOW), 10);
}

static void refuses_a_clock_that_went_back(void **state) {
  ol_intent intent = a_message();
  (void)state;
  signs(intent, NOW);
  assert_int_equal(ol_budget_add(&error, &budget, &intent, NOW - 1), OL_ERR_STALE);
  assert_int_equal(ol_budget_sequence(&budget), 1);
}

static void is_bounded(void **state) {
  ol_intent intent = a_message();
  (void)state;
  for (uint32_t i = 0; i < OL_BUDGET_RECORDS; i++) signs(intent, NOW);
  assert_int_equal(ol_budget_add(&error, &budget, &intent, NOW), OL_ERR_LIMIT);
  signs(intent, NOW + OL_POLICY_DAY); /* the others are forgotten */
  forget(NULL);
  for (uint32_t i = 0; i < OL_BUDGET_ASSETS; i++) {
    intent = a_token_transfer(1);
    intent.effects[0].asset = address_of((uint8_t)i);
    intent.nonce = i;
    signs(intent, NOW + i * (uint64_t)OL_POLICY_DAY);
  }
  intent.effects[0].asset = address_of(0xff);
  assert_int_equal(ol_budget_add(&error, &budget, &intent, NOW + OL_BUDGET_ASSETS * (uint64_t)OL_POLICY_DAY),
                   OL_ERR_LIMIT);
}

static void is_written_and_read(void **state) {
  ol_intent next = a_token_transfer(7);
  (void)state;
  next.nonce = 1;
  signs(a_transfer(100), NOW);
  signs(next, NOW + 1);
  signs(a_message(), NOW + 2);
  size_t len = written();
  assert_int_equal(ol_budget_read(&error, &other, bytes, len, 3), OL_OK);
  assert_memory_equal(&other, &budget, sizeof other);
  assert_int_equal(ol_budget_write(&error, bytes, len - 1, &len, &budget), OL_ERR_MEMORY);
}

static void a_full_one_is_written_and_read(void **state) {
  (void)state;
  for (uint32_t i = 0; i < OL_BUDGET_RECORDS; i++) signs(a_message(), NOW);
  size_t len = written();
  assert_int_equal(ol_budget_read(&error, &other, bytes, len, 0), OL_OK);
  assert_memory_equal(&other, &budget, sizeof other);
}

static void refuses_every_changed_bit_and_every_other_length(void **state) {
  (void)state;
  signs(a_transfer(100), NOW);
  size_t len = written();
  for (size_t i = 0; i < len * 8; i++) {
    bytes[i / 8] ^= (uint8_t)(1u << i % 8);
    assert_int_equal(ol_budget_read(&error, &other, bytes, len, 0), OL_ERR_ENCODING);
    bytes[i / 8] ^= (uint8_t)(1u << i % 8);
  }
  for (size_t i = 0; i < len; i++)
    assert_int_equal(ol_budget_read(&error, &other, bytes, i, 0), OL_ERR_ENCODING);
  assert_int_equal(ol_budget_read(&error, &other, bytes, len + 1, 0), OL_ERR_ENCODING);
  assert_int_equal(ol_budget_sequence(&other), 0);
}

/* With the right sum over what is wrong. */
static void refuses_numbers_that_do_not_fit(void **state) {
  (void)state;
  signs(a_transfer(100), NOW);
  size_t len = written();
  for (size_t at = 24; at <= 32; at += 8) { /* how many records, how many assets */
    for (uint32_t top = 0; top <= 1; top++) {
      uint64_t number = ol_load_be64(bytes + at);
      ol_hash sum;
      ol_store_be64(bytes + at, top ? UINT64_MAX : number + 1);
      ol_keccak256(&sum, bytes, len - sizeof sum);
      memcpy(bytes + len - sizeof sum, &sum, sizeof sum);
      assert_int_equal(ol_budget_read(&error, &other, bytes, len, 0), OL_ERR_ENCODING);
      assert_string_equal(error.reason, "the budget has other numbers than its length");
      ol_store_be64(bytes + at, number);
    }
  }
}

static void refuses_an_older_one(void **state) {
  (void)state;
  signs(a_message(), NOW);
  size_t len = written();
  assert_int_equal(ol_budget_read(&error, &other, bytes, len, 2), OL_ERR_STALE);
  assert_int_equal(ol_budget_sequence(&other), 0);
}

static void needs_its_memory(void **state) {
  ol_budget *made;
  (void)state;
  assert_int_equal(ol_budget_init(&error, &made, &other, sizeof other - 1), OL_ERR_ARGUMENT);
  memset(&other, 0xff, sizeof other);
  assert_int_equal(ol_budget_init(&error, &made, &other, ol_budget_size()), OL_OK);
  assert_int_equal(ol_budget_sequence(made), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, forget)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(sums_what_was_spent),
      TEST(keeps_chains_apart),
      TEST(forgets_after_a_day_but_for_the_sum),
      TEST(counts_one_of_each_nonce),
      TEST(counts_messages_each),
      TEST(refuses_a_clock_that_went_back),
      TEST(is_bounded),
      TEST(is_written_and_read),
      TEST(a_full_one_is_written_and_read),
      TEST(refuses_every_changed_bit_and_every_other_length),
      TEST(refuses_numbers_that_do_not_fit),
      TEST(refuses_an_older_one),
      TEST(needs_its_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
