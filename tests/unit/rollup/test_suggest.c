/* SPDX-License-Identifier: MIT */
#include "openledger/fee.h"

#include "rollup/base_fee.h"
#include "rollup/u256.h"
#include "unit/bytes.h"

static ol_error error;

/* Isthmus, with denominator 250 and elasticity 6. */
static ol_header header_of(uint64_t fee, uint64_t used) {
  ol_header out = {.field_count = 21, .gas_limit = 60000000, .gas_used = used, .extra_data_len = 9};
  out.base_fee = ol_u256_of(fee);
  from_hex(out.extra_data, 9, "00000000fa00000006");
  return out;
}

static uint64_t number_of(const ol_u256 *value) {
  assert_true(ol_is_zero(ol_slice_of(value->bytes, 24)));
  return ol_load_be64(value->bytes + 24);
}

static uint64_t after(const ol_header *header, uint32_t full_blocks) {
  ol_u256 fee;
  assert_int_equal(ol_base_fee_after(&error, &fee, header, full_blocks), OL_OK);
  return number_of(&fee);
}

static void tells_what_full_blocks_do(void **state) {
  (void)state;
  /* A full block has 5 targets too much: 5/250 more, that is 2 %. */
  ol_header header = header_of(1000000000, 10000000);
  assert_int_equal(after(&header, 0), 1000000000);
  assert_int_equal(after(&header, 1), 1020000000);
  assert_int_equal(after(&header, 2), 1040400000);
  assert_int_equal(after(&header, 3), 1061208000);
  /* The block itself counts with what it used. */
  header = header_of(1000000000, 60000000);
  assert_int_equal(after(&header, 0), 1020000000);
  assert_int_equal(after(&header, 1), 1040400000);
  header = header_of(1000000000, 0);
  assert_int_equal(after(&header, 0), 996000000);
  /* It is a bound: no blocks of that number can have a higher one. */
  header = header_of(1000000000, 60000000);
  for (uint32_t i = 0; i < 20; i++) {
    ol_header next = header;
    next.base_fee = ol_u256_of(after(&header, i));
    for (uint64_t used = 0; used <= 60000000; used += 20000000) {
      next.gas_used = used;
      assert_true(after(&next, 0) <= after(&header, i + 1));
    }
  }
}

static void refuses_headers_that_do_not_tell(void **state) {
  (void)state;
  ol_u256 fee;
  ol_header header = header_of(1, 0);
  header.field_count = 15;
  assert_int_equal(ol_base_fee_after(&error, &fee, &header, 0), OL_ERR_ENCODING);
  header = header_of(1, 0);
  assert_int_equal(ol_base_fee_after(&error, &fee, &header, OL_FULL_BLOCKS_MOST), OL_OK);
  assert_int_equal(ol_base_fee_after(&error, &fee, &header, OL_FULL_BLOCKS_MOST + 1), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "more than 256 full blocks");
  memset(header.base_fee.bytes, 0xff, sizeof header.base_fee.bytes);
  header.gas_used = header.gas_limit / 6; /* the target: the next has the same */
  assert_int_equal(ol_base_fee_after(&error, &fee, &header, 1), OL_ERR_LIMIT);
}

static ol_fee_wish wish_of(uint32_t percentile, uint64_t least, uint64_t most) {
  return (ol_fee_wish){.percentile = percentile,
                       .full_blocks = 2,
                       .least_tip = ol_u256_of(least),
                       .most_tip = ol_u256_of(most)};
}

static uint64_t tip_of(const ol_u256 *tips, size_t count, ol_fee_wish wish) {
  ol_u256 tip;
  assert_int_equal(ol_tip_suggest(&error, &tip, tips, count, &wish), OL_OK);
  return number_of(&tip);
}

static void picks_the_tip_at_a_percentile(void **state) {
  (void)state;
  static const uint64_t numbers[] = {50, 10, 30, 30, 20, 90, 70, 80, 30, 60, 40};
  static const uint64_t sorted[] = {10, 20, 30, 30, 30, 40, 50, 60, 70, 80, 90};
  enum { COUNT = sizeof numbers / sizeof *numbers };
  ol_u256 tips[COUNT];
  for (size_t i = 0; i < COUNT; i++) tips[i] = ol_u256_of(numbers[i]);
  for (uint32_t percentile = 0; percentile <= 100; percentile++)
    assert_int_equal(tip_of(tips, COUNT, wish_of(percentile, 0, 1000)), sorted[percentile / 10]);
  assert_int_equal(tip_of(tips, 1, wish_of(100, 0, 1000)), 50);
  assert_int_equal(tip_of(tips, COUNT, wish_of(0, 15, 1000)), 15);
  assert_int_equal(tip_of(tips, COUNT, wish_of(100, 15, 85)), 85);
  assert_int_equal(tip_of(NULL, 0, wish_of(50, 15, 85)), 15);
}

static void refuses_wishes_that_are_none(void **state) {
  (void)state;
  ol_u256 tips[1] = {{{0}}}, tip;
  ol_fee_wish wish = wish_of(101, 0, 1);
  assert_int_equal(ol_tip_suggest(&error, &tip, tips, 1, &wish), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "percentile is over 100");
  wish = wish_of(50, 2, 1);
  assert_int_equal(ol_tip_suggest(&error, &tip, tips, 1, &wish), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "most tip is below the least");
  wish = wish_of(50, 1, 1);
  static ol_u256 many[OL_TIPS_MOST + 1];
  assert_int_equal(ol_tip_suggest(&error, &tip, many, OL_TIPS_MOST, &wish), OL_OK);
  assert_int_equal(ol_tip_suggest(&error, &tip, many, OL_TIPS_MOST + 1, &wish), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "more than 1,024 tips");
}

static void suggests_both(void **state) {
  (void)state;
  ol_fees fees;
  const ol_u256 tips[] = {ol_u256_of(5), ol_u256_of(7), ol_u256_of(9)};
  ol_header header = header_of(1000000000, 10000000);
  ol_fee_wish wish = wish_of(50, 1, 100);
  assert_int_equal(ol_fees_suggest(&error, &fees, &header, tips, 3, &wish), OL_OK);
  assert_int_equal(number_of(&fees.base_fee), 1000000000);
  assert_int_equal(number_of(&fees.max_priority_fee_per_gas), 7);
  assert_int_equal(number_of(&fees.max_fee_per_gas), 1040400007);
  wish.percentile = 101;
  assert_int_equal(ol_fees_suggest(&error, &fees, &header, tips, 3, &wish), OL_ERR_ARGUMENT);
  wish.percentile = 50;
  wish.full_blocks = OL_FULL_BLOCKS_MOST + 1;
  assert_int_equal(ol_fees_suggest(&error, &fees, &header, tips, 3, &wish), OL_ERR_LIMIT);
  wish.full_blocks = 2;
  header.field_count = 15;
  assert_int_equal(ol_fees_suggest(&error, &fees, &header, tips, 3, &wish), OL_ERR_ENCODING);
  header.field_count = 21;
  memset(&wish.least_tip, 0xff, sizeof wish.least_tip);
  memset(&wish.most_tip, 0xff, sizeof wish.most_tip);
  assert_int_equal(ol_fees_suggest(&error, &fees, &header, tips, 3, &wish), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "fee needs more than 256 bits");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tells_what_full_blocks_do),
      cmocka_unit_test(refuses_headers_that_do_not_tell),
      cmocka_unit_test(picks_the_tip_at_a_percentile),
      cmocka_unit_test(refuses_wishes_that_are_none),
      cmocka_unit_test(suggests_both),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
