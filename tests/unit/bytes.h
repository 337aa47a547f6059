/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_BYTES_H
#define OL_TESTS_UNIT_BYTES_H

/* Byte strings in unit tests, and cmocka's headers in the order that it needs. */

#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Out: `len` bytes from exactly 2 * `len` digits. */
static inline void from_hex(uint8_t *out, size_t len, const char *digits) {
  assert_int_equal(strlen(digits), 2 * len);
  for (size_t i = 0; i < len; i++) {
    const char pair[3] = {digits[2 * i], digits[2 * i + 1], '\0'};
    out[i] = (uint8_t)strtoul(pair, NULL, 16);
  }
}

static inline void assert_bytes(const uint8_t *bytes, size_t len, const char *digits) {
  uint8_t expected[1024];
  assert_true(len <= sizeof expected);
  from_hex(expected, len, digits);
  assert_memory_equal(bytes, expected, len);
}

/* Out: `len` bytes that count up from `first`: the keys and nonces of these tests. */
static inline void count_up(uint8_t *out, size_t len, uint8_t first) {
  for (size_t i = 0; i < len; i++) out[i] = (uint8_t)(first + i);
}

static inline ol_slice text_of(const char *text) {
  return ol_slice_of(text, strlen(text));
}

#endif
