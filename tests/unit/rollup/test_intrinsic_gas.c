/* SPDX-License-Identifier: MIT */
#include "openledger/transaction.h"

#include "rollup/u256.h"
#include "transactions.h"
#include "unit/bytes.h"

/* Figures by hand from the EIPs; those of Ethereum's own tests are in the vectors. */

static ol_error error;
static uint8_t data[50000];

static void expect_gas(const ol_transaction *transaction, ol_fork fork, uint64_t gas, uint64_t floor) {
  uint64_t out, out_floor;
  assert_int_equal(ol_transaction_intrinsic_gas(&error, &out, &out_floor, transaction, fork), OL_OK);
  assert_int_equal(out, gas);
  assert_int_equal(out_floor, floor);
}

static void expect_refused(const ol_transaction *transaction, ol_fork fork, ol_status status,
                           const char *reason) {
  uint64_t out = 7, out_floor = 8;
  assert_int_equal(ol_transaction_intrinsic_gas(&error, &out, &out_floor, transaction, fork), status);
  assert_string_equal(error.reason, reason);
  assert_true(out == 7 && out_floor == 8);
}

static ol_transaction call_with(size_t zeros, size_t others) {
  ol_transaction out = {.type = OL_TX_DYNAMIC_FEE};
  memset(data, 0, zeros);
  memset(data + zeros, 1, others);
  out.data = ol_slice_of(data, zeros + others);
  return out;
}

static void counts_data(void **state) {
  (void)state;
  ol_transaction call = call_with(0, 0);
  expect_gas(&call, OL_FORK_LONDON, 21000, 0);
  expect_gas(&call, OL_FORK_PRAGUE, 21000, 21000);
  call = call_with(3, 5);
  expect_gas(&call, OL_FORK_CANCUN, 21000 + 3 * 4 + 5 * 16, 0);
  /* EIP-7623: 3 + 4 * 5 tokens of 10 gas each */
  expect_gas(&call, OL_FORK_PRAGUE, 21000 + 3 * 4 + 5 * 16, 21000 + 230);
  expect_gas(&call, OL_FORK_ISTHMUS, 21000 + 3 * 4 + 5 * 16, 21000 + 230);
  expect_gas(&call, OL_FORK_JOVIAN, 21000 + 3 * 4 + 5 * 16, 21000 + 230);
  expect_gas(&call, OL_FORK_HOLOCENE, 21000 + 3 * 4 + 5 * 16, 0);
}

static void counts_lists(void **state) {
  (void)state;
  ol_transaction call = call_with(0, 0);
  call.access_list = sample_access_list(); /* 2 addresses, 2 keys */
  expect_gas(&call, OL_FORK_LONDON, 21000 + 2 * 2400 + 2 * 1900, 0);
  call.type = OL_TX_SET_CODE;
  call.authorizations = sample_authorizations();
  expect_gas(&call, OL_FORK_ISTHMUS, 21000 + 2 * 2400 + 2 * 1900 + 25000, 21000);
}

static void counts_code_that_creates(void **state) {
  (void)state;
  ol_transaction call = call_with(0, 33);
  call.is_create = 1;
  expect_gas(&call, OL_FORK_PARIS, 53000 + 33 * 16, 0);
  expect_gas(&call, OL_FORK_BEDROCK, 53000 + 33 * 16, 0);
  expect_gas(&call, OL_FORK_SHANGHAI, 53000 + 33 * 16 + 2 * 2, 0); /* EIP-3860: two words */
  expect_gas(&call, OL_FORK_CANYON, 53000 + 33 * 16 + 2 * 2, 0);
  call = call_with(49152, 0);
  call.is_create = 1;
  expect_gas(&call, OL_FORK_ISTHMUS, 53000 + 49152 * 4 + 1536 * 2, 21000 + 491520);
  call = call_with(49153, 0);
  expect_gas(&call, OL_FORK_ECOTONE, 21000 + 49153 * 4, 0); /* as data it is free to be longer */
  call.is_create = 1;
  expect_gas(&call, OL_FORK_LONDON, 53000 + 49153 * 4, 0);
  expect_refused(&call, OL_FORK_SHANGHAI, OL_ERR_LIMIT,
                 "code that creates is longer than 49,152 bytes (EIP-3860)");
}

static void knows_which_fork_has_what(void **state) {
  (void)state;
  static const struct {
    uint32_t type;
    ol_fork without, with;
  } types[] = {
      {OL_TX_BLOB, OL_FORK_SHANGHAI, OL_FORK_CANCUN},
      {OL_TX_SET_CODE, OL_FORK_CANCUN, OL_FORK_PRAGUE},
      {OL_TX_SET_CODE, OL_FORK_HOLOCENE, OL_FORK_ISTHMUS},
  };
  uint64_t out, floor;
  ol_transaction call = call_with(0, 0);
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    call.type = types[i].type;
    expect_refused(&call, types[i].without, OL_ERR_ARGUMENT, "the fork has no transactions of this type");
    assert_int_equal(ol_transaction_intrinsic_gas(&error, &out, &floor, &call, types[i].with), OL_OK);
  }
  call.type = OL_TX_BLOB; /* which the OP Stack takes in none of its forks */
  expect_refused(&call, OL_FORK_JOVIAN, OL_ERR_ARGUMENT, "the fork has no transactions of this type");
  call.type = OL_TX_DEPOSIT;
  expect_refused(&call, OL_FORK_JOVIAN, OL_ERR_ARGUMENT, "the fork has no transactions of this type");
  static const ol_fork unknown[] = {OL_FORK_UNKNOWN, OL_FORK_FRONTIER, OL_FORK_AMSTERDAM,
                                    (ol_fork)(OL_FORK_JOVIAN + 1)};
  call.type = OL_TX_LEGACY;
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
    expect_refused(&call, unknown[i], OL_ERR_ARGUMENT, "its gas is not known here");
}

static void does_not_overflow(void **state) {
  (void)state;
  ol_transaction call = call_with(0, 0);
  call.access_list = ol_slice_of(data, (size_t)UINT32_MAX + 1); /* nobody reads so far */
  expect_refused(&call, OL_FORK_ISTHMUS, OL_ERR_LIMIT, "is longer than 2^32 bytes");
}

static void sums_up_what_it_can_cost(void **state) {
  (void)state;
  ol_u256 cost, expected;
  static const uint64_t most[] = {11 + 50000 * 100, 11 + 50000 * 100,
                                  11 + 50000 * 120, 11 + 50000 * 120 + 2 * 131072 * 13,
                                  11 + 50000 * 120, 11};
  for (size_t i = 0; i < SAMPLE_TYPES; i++) {
    const ol_transaction sample = sample_transaction(sample_types[i]);
    expected = ol_u256_of(most[i]);
    assert_int_equal(ol_transaction_max_cost(&error, &cost, &sample), OL_OK);
    assert_memory_equal(&cost, &expected, sizeof cost);
  }
  ol_transaction sample = sample_transaction(OL_TX_LEGACY);
  sample.gas_price.bytes[0] = 1;
  assert_int_equal(ol_transaction_max_cost(&error, &cost, &sample), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "cost needs more than 256 bits");
  sample = sample_transaction(OL_TX_LEGACY);
  memset(sample.value.bytes, 0xff, sizeof sample.value.bytes);
  assert_int_equal(ol_transaction_max_cost(&error, &cost, &sample), OL_ERR_LIMIT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(counts_data),
      cmocka_unit_test(counts_lists),
      cmocka_unit_test(counts_code_that_creates),
      cmocka_unit_test(knows_which_fork_has_what),
      cmocka_unit_test(does_not_overflow),
      cmocka_unit_test(sums_up_what_it_can_cost),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
