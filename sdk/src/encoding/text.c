/* SPDX-License-Identifier: MIT */
#include "openledger/text.h"

#include "encoding/hex.h"

#include "base/poison.h"

ol_status ol_hash_from_text(ol_error *error, ol_hash *out, const char *text, size_t len) {
  ol_error_clear(error);
  return ol_hex_fixed(error, out->bytes, sizeof out->bytes, ol_slice_of(text, len));
}

static const char too_large[] = "number is 2^256 or more";

/* value = value * 10 + digit. Returns: false when that passes 2^256. */
static bool push_digit(ol_u256 *value, uint32_t digit) {
  uint32_t carry = digit;
  for (size_t i = sizeof value->bytes; i-- > 0;) {
    carry += 10u * value->bytes[i];
    value->bytes[i] = (uint8_t)carry;
    carry >>= 8;
  }
  return carry == 0;
}

/* value = value / 10. Returns: the remainder. */
static uint32_t pop_digit(ol_u256 *value) {
  uint32_t rest = 0;
  for (size_t i = 0; i < sizeof value->bytes; i++) {
    rest = rest << 8 | value->bytes[i];
    value->bytes[i] = (uint8_t)(rest / 10);
    rest %= 10;
  }
  return rest;
}

ol_status ol_u256_from_text(ol_error *error, ol_u256 *out, const char *text, size_t len) {
  ol_error_clear(error);
  if (len > 1 && text[0] == '0' && text[1] == 'x') return ol_hex_u256(error, out, ol_slice_of(text, len));
  ol_u256 value = {{0}};
  if (len == 0) return ol_fail(error, OL_ERR_ENCODING, 0, "number has no digits");
  for (size_t i = 0; i < len; i++) {
    if (text[i] < '0' || text[i] > '9')
      return ol_fail(error, OL_ERR_ENCODING, i, "character is not a decimal digit");
    if (!push_digit(&value, (uint32_t)(text[i] - '0'))) return ol_fail(error, OL_ERR_ENCODING, i, too_large);
  }
  *out = value;
  return OL_OK;
}

/* Writes decimal digits, at least `least` of them. Returns: how many. */
static size_t decimal_digits(char out[78], const ol_u256 *value, size_t least) {
  char reversed[78];
  size_t count = 0;
  ol_u256 rest = *value;
  while (!ol_u256_is_zero(&rest) || count < least) reversed[count++] = (char)('0' + pop_digit(&rest));
  for (size_t i = 0; i < count; i++) out[i] = reversed[count - 1 - i];
  return count;
}

void ol_u256_text(char out[79], const ol_u256 *value) {
  out[decimal_digits(out, value, 1)] = '\0';
}

void ol_amount_text(char out[80], const ol_u256 *value, uint32_t decimals) {
  OL_ASSERT(decimals <= 77);
  char digits[78];
  size_t count = decimal_digits(digits, value, decimals + 1u), whole = count - decimals;
  while (count > whole && digits[count - 1] == '0') count--;
  memcpy(out, digits, whole);
  size_t used = whole;
  if (count > whole) {
    out[used++] = '.';
    memcpy(out + used, digits + whole, count - whole);
    used += count - whole;
  }
  out[used] = '\0';
}

ol_status ol_amount_from_text(ol_error *error, ol_u256 *out, const char *text, size_t len,
                              uint32_t decimals) {
  ol_error_clear(error);
  ol_u256 value = {{0}};
  size_t point = len; /* where it is */
  if (decimals > 77) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "amount has more than 77 decimals");
  for (size_t i = 0; i < len; i++) {
    if (text[i] == '.' && point == len) {
      point = i;
      continue;
    }
    if (text[i] < '0' || text[i] > '9')
      return ol_fail(error, OL_ERR_ENCODING, i, "character is not a decimal digit");
    if (point < len && i - point > decimals)
      return ol_fail(error, OL_ERR_ENCODING, i, "amount has more decimals than its unit");
    if (!push_digit(&value, (uint32_t)(text[i] - '0'))) return ol_fail(error, OL_ERR_ENCODING, i, too_large);
  }
  size_t fraction = point < len ? len - point - 1 : 0;
  if (len == 0 || (point < len && fraction == 0))
    return ol_fail(error, OL_ERR_ENCODING, len, "amount ends without a digit");
  for (size_t i = fraction; i < decimals; i++) {
    if (!push_digit(&value, 0)) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, too_large);
  }
  *out = value;
  return OL_OK;
}

void ol_hex_text(char *out, const uint8_t *bytes, size_t len) {
  out[0] = '0';
  out[1] = 'x';
  ol_hex_digits_of(out + 2, bytes, len);
  out[2 * len + 2] = '\0';
}
