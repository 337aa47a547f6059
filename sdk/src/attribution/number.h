/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_NUMBER_H
#define OL_ATTRIBUTION_NUMBER_H

/* Numbers of 128 bits, as ol_u256 with the upper half zero. */

#include "rollup/u256.h"

#define OL_U128_BYTES 16

static inline bool ol_u128_fits(const ol_u256 *value) {
  return ol_is_zero(ol_slice_of(value->bytes, OL_U128_BYTES));
}

static inline ol_u256 ol_u128_load(const uint8_t bytes[OL_U128_BYTES]) {
  ol_u256 out = {{0}};
  memcpy(out.bytes + OL_U128_BYTES, bytes, OL_U128_BYTES);
  return out;
}

static inline void ol_u128_store(uint8_t bytes[OL_U128_BYTES], const ol_u256 *value) {
  memcpy(bytes, value->bytes + OL_U128_BYTES, OL_U128_BYTES);
}

/* Return: false when the result needs more than 128 bits. `out` may be one of the inputs, each of 128 bits. */
static inline bool ol_u128_add(ol_u256 *out, const ol_u256 *a, const ol_u256 *b) {
  return ol_u256_add(out, a, b) && ol_u128_fits(out);
}

static inline bool ol_u128_mul(ol_u256 *out, const ol_u256 *a, const ol_u256 *b) {
  return ol_u256_mul(out, a, b) && ol_u128_fits(out);
}

static inline bool ol_u256_equal(const ol_u256 *a, const ol_u256 *b) {
  return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

#endif
