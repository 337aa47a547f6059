/* SPDX-License-Identifier: MIT */
#include "rollup/base_fee.h"

#include "rollup/u256.h"
#include "unit/bytes.h"

static ol_error error;

static const ol_base_fee_rule bedrock = {.denominator = 50, .elasticity = 6};

/* A header of so many fields, with extraData in hex. */
static ol_header header_of(uint32_t fields, const char *extra, uint64_t fee, uint64_t limit, uint64_t used) {
  ol_header out = {.field_count = fields, .gas_limit = limit, .gas_used = used, .base_fee = ol_u256_of(fee)};
  out.extra_data_len = (uint32_t)strlen(extra) / 2;
  from_hex(out.extra_data, out.extra_data_len, extra);
  return out;
}

static uint64_t number_of(const ol_u256 *fee) {
  assert_true(ol_is_zero(ol_slice_of(fee->bytes, 24)));
  return ol_load_be64(fee->bytes + 24);
}

static uint64_t after_l1(const ol_header *parent) {
  ol_u256 fee;
  assert_int_equal(ol_base_fee_after_l1(&error, &fee, parent), OL_OK);
  return number_of(&fee);
}

static uint64_t after_l2(const ol_header *parent, const ol_base_fee_rule *constants) {
  ol_u256 fee;
  assert_int_equal(ol_base_fee_after_l2(&error, &fee, parent, constants), OL_OK);
  return number_of(&fee);
}

/* What op-geth tests consensus/misc/eip1559 with (eip1559_test.go): limits, gas used, and the fees that they give. */
#define GWEI 1000000000u
#define LIMIT 30000000u

static void moves_as_on_ethereum(void **state) {
  (void)state;
  static const struct {
    uint64_t used, fee;
  } cases[] = {
      {10000000, GWEI}, {9000000, 987500000}, {11000000, 1012500000}, {0, 875000000}, {20000000, 1125000000}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ol_header parent = header_of(21, "", GWEI, 20000000, cases[i].used);
    assert_int_equal(after_l1(&parent), cases[i].fee);
  }
}

static void moves_by_the_constants_before_holocene(void **state) {
  (void)state;
  static const struct {
    uint64_t used, first, canyon;
  } cases[] = {{5000000, GWEI, GWEI}, {4000000, 996000000, 999200000}, {10000000, 1020000000, 1004000000}};
  static const uint32_t fields[] = {16, 17, 20};
  for (size_t i = 0; i < 9; i++) {
    ol_header parent = header_of(fields[i / 3], "", GWEI, LIMIT, cases[i % 3].used);
    assert_int_equal(after_l2(&parent, &bedrock), cases[i % 3].first);
    assert_int_equal(after_l2(&parent, &ol_base_fee_canyon), cases[i % 3].canyon);
  }
}

static void moves_by_what_the_header_says_from_holocene_on(void **state) {
  (void)state;
  static const char ten_two[] = "000000000a00000002", two_ten[] = "00000000020000000a";
  static const struct {
    const char *extra;
    uint64_t used, fee;
  } cases[] = {{ten_two, LIMIT / 2, 10000000},  {ten_two, 10000000, 9666667}, {ten_two, 20000000, 10333333},
               {two_ten, LIMIT / 10, 10000000}, {two_ten, 1000000, 6666667},  {two_ten, LIMIT, 55000000}};
  const ol_base_fee_rule none = {0, 0};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    for (uint32_t fields = 20; fields <= 21; fields++) { /* Holocene, Isthmus */
      ol_header parent = header_of(fields, cases[i].extra, 10000000, LIMIT, cases[i].used);
      parent.blob_gas_used = LIMIT; /* does not count yet */
      assert_int_equal(after_l2(&parent, &none), cases[i].fee);
    }
  }
}

#define JOVIAN_PARAMETERS "010000003200000003" /* 50 and 3 */

static void keeps_the_least_fee_from_jovian_on(void **state) {
  (void)state;
  static const char least[] = JOVIAN_PARAMETERS "000000003b9aca00",
                    none[] = JOVIAN_PARAMETERS "0000000000000000";
  static const struct {
    const char *extra;
    uint64_t before, used, fee;
  } cases[] = {
      {least, 1, 10000000, GWEI},
      {least, 1, 11000000, GWEI},
      {least, 2 * (uint64_t)GWEI, 20000000, 2040000000},
      {least, GWEI, 9000000, GWEI},
      {least, 2 * (uint64_t)GWEI, 9000000, 1996000000},
      {none, GWEI, 9000000, 998000000},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ol_header parent = header_of(21, cases[i].extra, cases[i].before, LIMIT, cases[i].used);
    assert_int_equal(after_l2(&parent, &ol_base_fee_canyon), cases[i].fee);
  }
  ol_header parent = header_of(21, JOVIAN_PARAMETERS "ffffffffffffffff", 1, LIMIT, 0);
  assert_true(after_l2(&parent, &ol_base_fee_canyon) == UINT64_MAX);
}

static void counts_the_da_footprint_from_jovian_on(void **state) {
  (void)state;
  ol_header parent = header_of(21, JOVIAN_PARAMETERS "0000000000000000", GWEI, LIMIT, 9000000);
  parent.blob_gas_used = 20000000;
  assert_int_equal(after_l2(&parent, &ol_base_fee_canyon), 1020000000);
  parent.blob_gas_used = 8000000; /* less than the gas used */
  assert_int_equal(after_l2(&parent, &ol_base_fee_canyon), 998000000);
}

static void rises_by_at_least_one_wei(void **state) {
  (void)state;
  ol_header parent = header_of(21, "", 0, LIMIT, LIMIT);
  assert_int_equal(after_l1(&parent), 1);
  parent.base_fee = ol_u256_of(7);
  assert_int_equal(after_l1(&parent), 8);
  parent.gas_used = 0;
  assert_int_equal(after_l1(&parent), 7); /* but need not fall */
}

static void holds_out_at_the_edges_of_64_bits(void **state) {
  (void)state;
  ol_u256 fee;
  ol_header parent = header_of(21, "", UINT64_MAX, UINT64_MAX, UINT64_MAX);
  /* The target is 2^63 - 1, the distance 2^63. */
  assert_int_equal(ol_base_fee_after_l1(&error, &fee, &parent), OL_OK);
  assert_bytes(fee.bytes, 32, "0000000000000000000000000000000000000000000000011fffffffffffffff");
  parent.gas_limit = 1; /* a target of zero that nothing is used beyond */
  parent.gas_used = 0;
  assert_true(after_l1(&parent) == UINT64_MAX);
}

static void refuses_fees_above_256_bits(void **state) {
  (void)state;
  ol_u256 fee;
  ol_header parent = header_of(21, "", 0, 16, 8);
  memset(parent.base_fee.bytes, 0xff, 32);
  assert_int_equal(ol_base_fee_after_l1(&error, &fee, &parent), OL_OK); /* at the target it stays */
  parent.gas_used = 9;
  assert_int_equal(ol_base_fee_after_l1(&error, &fee, &parent), OL_ERR_LIMIT); /* the sum */
  assert_string_equal(error.part, "header");
  parent.gas_used = 6;
  assert_int_equal(ol_base_fee_after_l1(&error, &fee, &parent), OL_ERR_LIMIT); /* the product */
  memset(parent.base_fee.bytes, 0, 32);
  parent.base_fee.bytes[0] = 0x80;
  parent.gas_used = 10; /* the product alone: cut, it is zero */
  assert_int_equal(ol_base_fee_after_l1(&error, &fee, &parent), OL_ERR_LIMIT);
}

static void refuses_headers_without_a_base_fee(void **state) {
  (void)state;
  ol_u256 fee;
  ol_header parent = header_of(15, "", 0, LIMIT, LIMIT);
  assert_int_equal(ol_base_fee_after_l1(&error, &fee, &parent), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "has no base fee");
  assert_int_equal(ol_base_fee_after_l2(&error, &fee, &parent, &bedrock), OL_ERR_ENCODING);
}

/* A header's parameters are not zero: zeros stand for the constants in the attributes of a payload only. */
static void refuses_headers_of_no_known_fork(void **state) {
  (void)state;
  static const char *const extras[] = {"000000000000000000",
                                       "00000000fa00000000",
                                       "000000000000000006",
                                       "01000000fa00000006",
                                       "00000000fa0000000600",
                                       "00000000fa000000060000000000000000",
                                       "010000000000000006000000003b9aca00",
                                       "020000003200000003000000003b9aca00",
                                       "01000000320000000300000000000000",
                                       ""};
  ol_u256 fee;
  for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
    ol_header parent = header_of(21, extras[i], GWEI, LIMIT, LIMIT);
    assert_int_equal(ol_base_fee_after_l2(&error, &fee, &parent, &ol_base_fee_canyon), OL_ERR_ENCODING);
    assert_string_equal(error.part, "header");
  }
}

static void refuses_constants_of_zero(void **state) {
  (void)state;
  static const ol_base_fee_rule rules[] = {{0, 6}, {50, 0}};
  ol_u256 fee;
  ol_header parent = header_of(17, "", GWEI, LIMIT, LIMIT);
  for (size_t i = 0; i < 2; i++)
    assert_int_equal(ol_base_fee_after_l2(&error, &fee, &parent, &rules[i]), OL_ERR_ARGUMENT);
}

static void refuses_gas_beyond_a_target_of_zero(void **state) {
  (void)state;
  ol_u256 fee;
  ol_header parent = header_of(21, "0000000001ffffffff", GWEI, LIMIT, 1);
  assert_int_equal(ol_base_fee_after_l2(&error, &fee, &parent, &ol_base_fee_canyon), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "gas was used beyond a target of zero");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(moves_as_on_ethereum),
      cmocka_unit_test(moves_by_the_constants_before_holocene),
      cmocka_unit_test(moves_by_what_the_header_says_from_holocene_on),
      cmocka_unit_test(keeps_the_least_fee_from_jovian_on),
      cmocka_unit_test(counts_the_da_footprint_from_jovian_on),
      cmocka_unit_test(rises_by_at_least_one_wei),
      cmocka_unit_test(holds_out_at_the_edges_of_64_bits),
      cmocka_unit_test(refuses_fees_above_256_bits),
      cmocka_unit_test(refuses_headers_without_a_base_fee),
      cmocka_unit_test(refuses_headers_of_no_known_fork),
      cmocka_unit_test(refuses_constants_of_zero),
      cmocka_unit_test(refuses_gas_beyond_a_target_of_zero),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
