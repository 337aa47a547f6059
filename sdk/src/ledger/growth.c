/* SPDX-License-Identifier: MIT */
#include "ledger/growth.h"

#include "rollup/u256.h"

#include "base/poison.h"

#define WAD 1000000000000000000u
#define YEAR_S 31536000u

/* --- Numbers of 256 bits in two's complement, without a check: solady has none either --- */

static ol_u256 number(uint64_t top, uint64_t high, uint64_t low) {
  ol_u256 out = ol_u256_of(low);
  ol_store_be64(out.bytes + 16, high);
  ol_store_be64(out.bytes + 8, top);
  return out;
}

static ol_u256 add(ol_u256 a, ol_u256 b) {
  (void)ol_u256_add(&a, &a, &b);
  return a;
}

static ol_u256 sub(ol_u256 a, ol_u256 b) {
  (void)ol_u256_sub(&a, &a, &b);
  return a;
}

static ol_u256 mul(ol_u256 a, ol_u256 b) {
  (void)ol_u256_mul(&a, &a, &b);
  return a;
}

static bool is_negative(const ol_u256 *a) {
  return a->bytes[0] >> 7 != 0;
}

static ol_u256 negate(ol_u256 a) {
  return sub((ol_u256){{0}}, a);
}

/* Shifts right by up to 256 bits, filling with `fill`, 0 or 0xff. */
static ol_u256 shift_right(const ol_u256 *a, uint32_t bits, uint8_t fill) {
  ol_u256 out;
  const uint32_t bytes = bits / 8, rest = bits % 8;
  for (uint32_t i = 0; i < 32; i++) {
    const uint32_t low = i >= bytes ? a->bytes[i - bytes] : fill;
    const uint32_t high = i > bytes ? a->bytes[i - bytes - 1] : fill;
    out.bytes[i] = (uint8_t)((high << 8 | low) >> rest);
  }
  return out;
}

static ol_u256 sar(ol_u256 a, uint32_t bits) {
  return shift_right(&a, bits, is_negative(&a) ? 0xff : 0);
}

/* Shifts left by whole bytes and up to 7 bits more. */
static ol_u256 shl(ol_u256 a, uint32_t bits) {
  ol_u256 out = {{0}};
  memcpy(out.bytes, a.bytes + bits / 8, 32 - bits / 8);
  for (uint32_t i = bits % 8; i > 0; i--) out = add(out, out);
  return out;
}

/* Divides, rounding down: bit by bit, as this is done a few times for an answer. Divisors have less than 255 bits. */
static ol_u256 divide(ol_u256 a, const ol_u256 *divisor) {
  ol_u256 rest = {{0}}, out = {{0}};
  for (uint32_t bit = 0; bit < 256; bit++) {
    const uint32_t place = 7 - bit % 8;
    rest = add(rest, rest);
    rest.bytes[31] |= a.bytes[bit / 8] >> place & 1;
    if (ol_u256_is_below(&rest, divisor)) continue;
    rest = sub(rest, *divisor);
    out.bytes[bit / 8] |= (uint8_t)(1u << place);
  }
  return out;
}

/* Divides, rounding towards zero. */
static ol_u256 sdiv(ol_u256 a, ol_u256 b) {
  const bool is_negated = is_negative(&a) != is_negative(&b);
  const ol_u256 divisor = is_negative(&b) ? negate(b) : b;
  const ol_u256 out = divide(is_negative(&a) ? negate(a) : a, &divisor);
  return is_negated ? negate(out) : out;
}

/* --- exp --- */

/* exp(x) for |x| <= ln(2) / 2, but for a factor: a rational function of degree (6, 7) in units of 2^-96. */
static ol_u256 exp_reduced(ol_u256 x) {
  ol_u256 y = add(x, number(0, 0x10fe68e7fd, 0x37d0007b713f7650));
  y = add(sar(mul(y, x), 96), number(0, 0x2d16720577b, 0xd19bf614176fe9ea));
  ol_u256 p = sub(add(y, x), number(0, 0x4a4fd9f2a8b, 0x96949216d2255a6c));
  p = add(sar(mul(p, y), 96), number(0, 0x587f503bb6ea2, 0x9d25fcb740196450));
  p = add(mul(p, x), shl(number(0, 0xd835ebba824c, 0x98fb31b83b2ca45c), 96));
  ol_u256 q = sub(x, number(0, 0x240c330e9f, 0xb2d9cbaf0fd5aafc));
  q = add(sar(mul(q, x), 96), number(0, 0x277594991cf, 0xc85f6e2461837cd9));
  q = sub(sar(mul(q, x), 96), number(0, 0x1a521255e34f, 0x6a5061b25ef1c9c4));
  q = add(sar(mul(q, x), 96), number(0, 0xb1bbb201f443, 0xcf962f1a1d3db4a5));
  q = sub(sar(mul(q, x), 96), number(0, 0x2c72388d9f74f, 0x51a9331fed693f15));
  q = add(sar(mul(q, x), 96), number(0, 0x5180bb14799ab, 0x47a8a8cb2a527d57));
  return sdiv(p, q);
}

static bool is_signed_less(ol_u256 a, ol_u256 b) {
  a.bytes[0] ^= 0x80;
  b.bytes[0] ^= 0x80;
  return ol_u256_is_below(&a, &b);
}

bool ol_exp_wad(ol_u256 *out, const ol_u256 *x) {
  const ol_u256 least = negate(number(0, 0x2, 0x3f2fa8f6da5b9d29)), most = number(0, 0x7, 0x55bf798b4a1bf1e5);
  const ol_u256 ln2 = number(0, 0xb17217f7, 0xd1cf79abc9e3b398); /* times 2^96 */
  const ol_u256 half = number(0, 0x80000000, 0x0);               /* the same */
  const ol_u256 factor =
      number(11234296709, 0x63c32e5c2f6dc192, 0xee70ef65f9978af3); /* 6.03... * 1e18, times 2^99 */
  if (!is_signed_less(*x, most)) return false;
  *out = (ol_u256){{0}};
  if (!is_signed_less(least, *x)) return true;
  const ol_u256 scaled =
      sdiv(shl(*x, 78), ol_u256_of(3814697265625)); /* in units of 2^-96, and no more of 1e-18 */
  const ol_u256 k = sar(add(sdiv(shl(scaled, 96), ln2), half), 96); /* powers of two */
  const ol_u256 product = mul(exp_reduced(sub(scaled, mul(k, ln2))), factor);
  *out = shift_right(&product, (uint32_t)(195 - (int32_t)ol_load_be32(k.bytes + 28)), 0);
  return true;
}

/* --- Stakes --- */

/* Multiplies what is in units of 1e-18 (mulWad). */
static bool mul_wad(ol_u256 *out, const ol_u256 *a, const ol_u256 *b) {
  if (!ol_u256_mul(out, a, b)) return false;
  ol_u256_div(out, WAD);
  return true;
}

bool ol_growth(ol_u256 *out, const ol_u256 *amount, const ol_u256 *rate, const ol_u256 *elapsed,
               const ol_u256 *duration) {
  const ol_u256 wad = ol_u256_of(WAD);
  const bool is_over = !ol_u256_is_zero(duration) && ol_u256_is_below(duration, elapsed);
  ol_u256 years, exponent, factor, grown;
  if (!ol_u256_mul(&years, is_over ? duration : elapsed, &wad)) return false;
  ol_u256_div(&years, YEAR_S);
  if (!mul_wad(&exponent, &years, rate) || !ol_exp_wad(&factor, &exponent)) return false;
  if (!mul_wad(&grown, amount, &factor)) return false;
  *out = grown;
  return true;
}
