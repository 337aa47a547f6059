/* SPDX-License-Identifier: MIT */
#include "encoding/rlp.h"

#include "base/limits.h"
#include "unit/bytes.h"

/* What the published vectors do not say: places, typed reading, depth, and memory that is too small. */

static ol_error error;

static ol_rlp cursor_of(const char *bytes, size_t len) {
  return ol_rlp_of(ol_slice_of(bytes, len));
}

static void places_errors_in_the_outermost_input(void **state) {
  (void)state;
  /* [[1, <a single byte with a prefix>]] */
  ol_rlp outer = cursor_of("\xc4\xc3\x01\x81\x02", 5), list, inner;
  uint64_t number;
  ol_slice bytes;
  assert_int_equal(ol_rlp_list(&error, &list, &outer), OL_OK);
  assert_int_equal(ol_rlp_list(&error, &inner, &list), OL_OK);
  assert_int_equal(ol_rlp_u64(&error, &number, &inner), OL_OK);
  assert_int_equal(ol_rlp_string(&error, &bytes, &inner), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 3);
  assert_string_equal(error.reason, "RLP string of one byte below 0x80 has a prefix");
}

static void refuses_the_wrong_kind(void **state) {
  (void)state;
  ol_slice bytes;
  ol_rlp list, cursor = cursor_of("\xc0", 1);
  assert_int_equal(ol_rlp_string(&error, &bytes, &cursor), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP list where a string belongs");
  assert_int_equal(cursor.at, 0); /* and stays where it was */
  cursor = cursor_of("\x80", 1);
  assert_int_equal(ol_rlp_list(&error, &list, &cursor), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP string where a list belongs");
}

static void refuses_scalars_that_are_not_canonical(void **state) {
  (void)state;
  uint64_t number = 7;
  ol_u256 word;
  ol_rlp cursor = cursor_of("\x00", 1);
  assert_int_equal(ol_rlp_u64(&error, &number, &cursor), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP scalar has a leading zero");
  cursor = cursor_of("\xc0", 1);
  assert_int_equal(ol_rlp_u64(&error, &number, &cursor), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP list where a string belongs");
  cursor = cursor_of("\x89\x01\0\0\0\0\0\0\0\0", 10);
  assert_int_equal(ol_rlp_u64(&error, &number, &cursor), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP scalar is too large");
  cursor = cursor_of("\x88\xff\xff\xff\xff\xff\xff\xff\xff", 9);
  assert_int_equal(ol_rlp_u64(&error, &number, &cursor), OL_OK);
  assert_true(number == UINT64_MAX);
  cursor = cursor_of("\x80", 1);
  assert_int_equal(ol_rlp_u64(&error, &number, &cursor), OL_OK);
  assert_true(number == 0);
  cursor = cursor_of("\xa1\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 34);
  assert_int_equal(ol_rlp_u256(&error, &word, &cursor), OL_ERR_ENCODING);
}

static void refuses_strings_of_another_length(void **state) {
  (void)state;
  uint8_t out[2];
  ol_rlp cursor = cursor_of("\x83\x61\x62\x63", 4);
  assert_int_equal(ol_rlp_fixed(&error, out, 2, &cursor), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP string has the wrong length");
  cursor = cursor_of("\xc0", 1);
  assert_int_equal(ol_rlp_fixed(&error, out, 2, &cursor), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP list where a string belongs");
  cursor = cursor_of("\x82\x61\x62", 3);
  assert_int_equal(ol_rlp_fixed(&error, out, 2, &cursor), OL_OK);
}

static void refuses_what_follows(void **state) {
  (void)state;
  assert_int_equal(ol_rlp_check(&error, ol_slice_of("\xc0\xc0", 2)), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "bytes follow where the RLP ends");
  assert_int_equal(error.offset, 1);
}

static void bounds_the_depth_of_lists(void **state) {
  (void)state;
  uint8_t bytes[OL_LIMIT_RLP_DEPTH + 1];
  for (size_t depth = 1; depth <= sizeof bytes; depth++) {
    for (size_t i = 0; i < depth; i++) bytes[i] = (uint8_t)(0xc0 + depth - 1 - i);
    assert_int_equal(ol_rlp_check(&error, ol_slice_of(bytes, depth)),
                     depth <= OL_LIMIT_RLP_DEPTH ? OL_OK : OL_ERR_LIMIT);
  }
}

static void bounds_depth_far_beyond_the_limit(void **state) {
  (void)state;
  uint8_t bytes[55];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(0xc0 + sizeof bytes - 1 - i);
  assert_int_equal(ol_rlp_check(&error, ol_slice_of(bytes, sizeof bytes)), OL_ERR_LIMIT);
}

static void checks_to_the_bottom(void **state) {
  (void)state;
  assert_int_equal(ol_rlp_check(&error, ol_slice_of("\xc3\xc2\x81\x05", 4)), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 2);
}

static void refuses_lengths_beyond_memory(void **state) {
  (void)state;
  assert_int_equal(ol_rlp_check(&error, ol_slice_of("\xbf\xff\xff\xff\xff\xff\xff\xff\xff", 9)),
                   OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP item is longer than its input");
  assert_int_equal(ol_rlp_check(&error, ol_slice_of("\xff\xff\xff\xff\xff\xff\xff\xff\xf0", 9)),
                   OL_ERR_ENCODING);
}

static void counts_what_does_not_fit(void **state) {
  (void)state;
  uint8_t out[4] = {9, 9, 9, 9};
  ol_rlp_writer to = {.out = out, .len = 3};
  ol_rlp_put_string(&to, (const uint8_t *)"dog", 3);
  assert_int_equal(to.used, 4);
  assert_int_equal(out[3], 9);
  ol_rlp_writer counting = {0};
  ol_rlp_put_list(&counting, 1000);
  assert_int_equal(counting.used, 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(places_errors_in_the_outermost_input),
      cmocka_unit_test(refuses_the_wrong_kind),
      cmocka_unit_test(refuses_scalars_that_are_not_canonical),
      cmocka_unit_test(refuses_strings_of_another_length),
      cmocka_unit_test(refuses_what_follows),
      cmocka_unit_test(bounds_the_depth_of_lists),
      cmocka_unit_test(bounds_depth_far_beyond_the_limit),
      cmocka_unit_test(checks_to_the_bottom),
      cmocka_unit_test(refuses_lengths_beyond_memory),
      cmocka_unit_test(counts_what_does_not_fit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
