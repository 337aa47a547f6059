/* SPDX-License-Identifier: MIT */
#include "rollup/u256.h"

#include "base/poison.h"

ol_u256 ol_u256_of(uint64_t value) {
  ol_u256 out = {{0}};
  ol_store_be64(out.bytes + 24, value);
  return out;
}

bool ol_u256_add(ol_u256 *out, const ol_u256 *a, const ol_u256 *b) {
  uint32_t carry = 0;
  for (size_t i = sizeof out->bytes; i-- > 0; carry >>= 8) {
    carry += (uint32_t)a->bytes[i] + b->bytes[i];
    out->bytes[i] = (uint8_t)carry;
  }
  return carry == 0;
}

/* Column by column, from the lowest byte: a column of 32 products and its carry fit 32 bits. */
bool ol_u256_mul(ol_u256 *out, const ol_u256 *a, const ol_u256 *b) {
  ol_u256 product;
  uint32_t carry = 0;
  uint8_t above = 0;
  for (size_t column = 0; column < 2 * sizeof product.bytes; column++, carry >>= 8) {
    size_t first = column < 32 ? 0 : column - 31, last = column < 32 ? column : 31;
    for (size_t i = first; i <= last; i++) carry += (uint32_t)a->bytes[31 - i] * b->bytes[31 - (column - i)];
    if (column < 32)
      product.bytes[31 - column] = (uint8_t)carry;
    else
      above |= (uint8_t)carry;
  }
  *out = product;
  return above == 0;
}

bool ol_u256_sub(ol_u256 *out, const ol_u256 *a, const ol_u256 *b) {
  uint32_t borrow = 0;
  for (size_t i = sizeof out->bytes; i-- > 0;) {
    uint32_t difference = (uint32_t)a->bytes[i] - b->bytes[i] - borrow;
    out->bytes[i] = (uint8_t)difference;
    borrow = difference >> 31;
  }
  return borrow == 0;
}

/* Bit by bit, so that the rest and its next bit fit 64 bits and one, which is `over`. */
void ol_u256_div(ol_u256 *out, uint64_t divisor) {
  uint64_t rest = 0;
  OL_ASSERT(divisor != 0);
  for (size_t bit = 0; bit < 256; bit++) {
    uint8_t *byte = &out->bytes[bit / 8];
    uint32_t shift = 7 - (uint32_t)(bit % 8);
    bool over = rest >> 63 != 0;
    rest = rest << 1 | (*byte >> shift & 1);
    bool fits = over || rest >= divisor;
    if (fits) rest -= divisor;
    *byte = (uint8_t)((*byte & ~(1u << shift)) | (uint32_t)fits << shift);
  }
}

#define LIMBS 4

/* Limbs stand with the lowest first. */
static void load_limbs(uint64_t out[LIMBS], const ol_u256 *value) {
  for (size_t i = 0; i < LIMBS; i++) out[i] = ol_load_be64(value->bytes + 8 * (LIMBS - 1 - i));
}

static bool is_below(const uint64_t a[LIMBS], const uint64_t b[LIMBS]) {
  for (size_t i = LIMBS; i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i];
  }
  return false;
}

/* Takes b away, modulo 2^256. */
static void take_away(uint64_t a[LIMBS], const uint64_t b[LIMBS]) {
  uint64_t borrow = 0;
  for (size_t i = 0; i < LIMBS; i++) {
    uint64_t first = a[i] - b[i];
    uint64_t next = (uint64_t)(a[i] < b[i]) | (uint64_t)(first < borrow);
    a[i] = first - borrow;
    borrow = next;
  }
}

/* Bit by bit, as above; a rest of 257 bits loses its highest when the divisor is taken away. */
void ol_u256_div_by(ol_u256 *out, const ol_u256 *a, const ol_u256 *divisor) {
  uint64_t number[LIMBS], by[LIMBS], rest[LIMBS] = {0}, quotient[LIMBS] = {0};
  OL_ASSERT(!ol_u256_is_zero(divisor));
  load_limbs(number, a);
  load_limbs(by, divisor);
  for (size_t bit = 64 * LIMBS; bit-- > 0;) {
    bool over = rest[LIMBS - 1] >> 63 != 0;
    for (size_t i = LIMBS - 1; i > 0; i--) rest[i] = rest[i] << 1 | rest[i - 1] >> 63;
    rest[0] = rest[0] << 1 | (number[bit / 64] >> bit % 64 & 1);
    if (!over && is_below(rest, by)) continue;
    take_away(rest, by);
    quotient[bit / 64] |= UINT64_C(1) << bit % 64;
  }
  for (size_t i = 0; i < LIMBS; i++) ol_store_be64(out->bytes + 8 * (LIMBS - 1 - i), quotient[i]);
}
