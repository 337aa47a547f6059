/* SPDX-License-Identifier: MIT */
#include "rollup/u256.h"

#include "unit/bytes.h"

/* Dividing by numbers of more than 64 bits; the rest is tested with what it is for (test_fee.c). */

static ol_u256 of_hex(const char *digits) {
  ol_u256 out = {{0}};
  const size_t len = strlen(digits) / 2;
  from_hex(out.bytes + 32 - len, len, digits);
  return out;
}

#define MOST "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

static void quotients_are_rounded_down(void **state) {
  (void)state;
  static const struct {
    const char *number, *divisor, *quotient;
  } cases[] = {
      {"00", "01", "00"},
      {"00", MOST, "00"},
      {"07", "02", "03"},
      {"06", "07", "00"},
      {"07", "07", "01"},
      {MOST, "01", MOST},
      {MOST, MOST, "01"},
      {MOST, "02", "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
      /* the rest has 257 bits on the way */
      {MOST, "8000000000000000000000000000000000000000000000000000000000000000", "01"},
      {MOST, "8000000000000000000000000000000000000000000000000000000000000001", "01"},
      {"fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe", MOST, "00"},
      /* borrows go through limbs of zeros */
      {"0100000000000000000000000000000000", "ffffffffffffffff", "010000000000000001"},
      {"ffffffffffffffffffffffffffffffff00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
       "0100000000000000000000000000000000"},
      {"fffffffffffffffffffffffffffffffe00000000000000000000000000000001", "ffffffffffffffffffffffffffffffff",
       "ffffffffffffffffffffffffffffffff"},
      {"fffffffffffffffffffffffffffffffe00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
       "fffffffffffffffffffffffffffffffe"},
      {"0100000000000000000000000000000000000000000000000000", "0100000000000000000000000000000001",
       "ffffffffffffffffff"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const ol_u256 divisor = of_hex(cases[i].divisor), expected = of_hex(cases[i].quotient);
    ol_u256 number = of_hex(cases[i].number), quotient;
    ol_u256_div_by(&quotient, &number, &divisor);
    assert_memory_equal(&quotient, &expected, sizeof expected);
    ol_u256_div_by(&number, &number, &divisor); /* in place */
    assert_memory_equal(&number, &expected, sizeof expected);
  }
}

/* q d <= n < (q + 1) d, for numbers of all lengths; and as the division by 64 bits has it. */
static void quotients_are_those_of_products(void **state) {
  (void)state;
  uint64_t seed = 1;
  for (uint32_t round = 0; round < 20000; round++) {
    ol_u256 number, divisor, quotient, product, rest;
    for (size_t i = 0; i < 32; i++) {
      seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
      number.bytes[i] = (uint8_t)(seed >> 56);
      divisor.bytes[i] = (uint8_t)(seed >> 48);
    }
    memset(number.bytes, 0, round % 32);
    memset(divisor.bytes, 0, round / 32 % 32);
    divisor.bytes[31] |= 1;
    ol_u256_div_by(&quotient, &number, &divisor);
    assert_true(ol_u256_mul(&product, &quotient, &divisor));
    assert_true(ol_u256_sub(&rest, &number, &product));
    assert_true(ol_u256_is_below(&rest, &divisor));
    if (round / 32 % 32 >= 24) {
      ol_u256 same = number;
      ol_u256_div(&same, ol_load_be64(divisor.bytes + 24));
      assert_memory_equal(&same, &quotient, sizeof same);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quotients_are_rounded_down),
      cmocka_unit_test(quotients_are_those_of_products),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
