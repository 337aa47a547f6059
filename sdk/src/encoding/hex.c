/* SPDX-License-Identifier: MIT */
#include "encoding/hex.h"

#include "base/poison.h"

/* The value of a digit with bit 4 set, or 0. A table: proofs are megabytes of hex at worst. */
static const uint8_t digit_values[256] = {
    ['0'] = 0x10, 0x11, 0x12, 0x13, 0x14, 0x15,         0x16, 0x17, 0x18, 0x19, ['A'] = 0x1a,
    0x1b,         0x1c, 0x1d, 0x1e, 0x1f, ['a'] = 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
};

ol_status ol_hex_decode(ol_error *error, uint8_t *out, const char *digits, size_t len) {
  if (len % 2 != 0) return ol_fail(error, OL_ERR_ENCODING, len, "hex has an odd number of digits");
  uint8_t all_digits = 0x10;
  for (size_t i = 0; i < len; i += 2) {
    uint8_t high = digit_values[(uint8_t)digits[i]], low = digit_values[(uint8_t)digits[i + 1]];
    all_digits &= high & low;
    out[i / 2] = (uint8_t)(high << 4 | (low & 15));
  }
  if (all_digits != 0) return OL_OK;
  size_t at = 0;
  while (digit_values[(uint8_t)digits[at]] != 0) at++;
  return ol_fail(error, OL_ERR_ENCODING, at, "character is not a hex digit");
}

ol_status ol_hex_digits(ol_error *error, ol_slice *out, ol_slice text) {
  if (text.len < 2 || text.data[0] != '0' || text.data[1] != 'x')
    return ol_fail(error, OL_ERR_ENCODING, 0, "hex does not begin with 0x");
  *out = ol_slice_of(text.data + 2, text.len - 2);
  return OL_OK;
}

/* Shifts the place of a failure by the prefix. */
static ol_status after_prefix(ol_error *error, ol_status status) {
  if (status != OL_OK && error->offset != OL_NOWHERE) error->offset += 2;
  return status;
}

ol_status ol_hex_fixed(ol_error *error, uint8_t *out, size_t len, ol_slice text) {
  ol_slice digits;
  OL_TRY(ol_hex_digits(error, &digits, text));
  if (digits.len != 2 * len) return ol_fail(error, OL_ERR_ENCODING, 0, "hex has the wrong length");
  return after_prefix(error, ol_hex_decode(error, out, (const char *)digits.data, digits.len));
}

ol_status ol_hex_u256(ol_error *error, ol_u256 *out, ol_slice text) {
  ol_slice digits;
  OL_TRY(ol_hex_digits(error, &digits, text));
  if (digits.len == 0) return ol_fail(error, OL_ERR_ENCODING, 2, "quantity has no digits");
  if (digits.len > 64) return ol_fail(error, OL_ERR_ENCODING, 2, "quantity is longer than 32 bytes");
  char padded[64];
  memset(padded, '0', sizeof padded);
  memcpy(padded + sizeof padded - digits.len, digits.data, digits.len);
  ol_status status = ol_hex_decode(error, out->bytes, padded, sizeof padded);
  if (status != OL_OK) error->offset -= (uint32_t)(sizeof padded - digits.len);
  return after_prefix(error, status);
}

ol_status ol_hex_u64(ol_error *error, uint64_t *out, ol_slice text) {
  ol_u256 value;
  OL_TRY(ol_hex_u256(error, &value, text));
  for (size_t i = 0; i < 24; i++) {
    if (value.bytes[i] != 0) return ol_fail(error, OL_ERR_ENCODING, 2, "quantity needs more than 64 bits");
  }
  *out = ol_load_be64(value.bytes + 24);
  return OL_OK;
}

static const char hex_digits[] = "0123456789abcdef";

void ol_hex_digits_of(char *out, const uint8_t *bytes, size_t len) {
  for (size_t i = 0; i < len; i++) {
    out[2 * i] = hex_digits[bytes[i] >> 4];
    out[2 * i + 1] = hex_digits[bytes[i] & 15];
  }
}

size_t ol_hex_quantity(char out[66], const ol_u256 *value) {
  char digits[64];
  ol_hex_digits_of(digits, value->bytes, sizeof value->bytes);
  size_t zeros = 0;
  while (zeros < 63 && digits[zeros] == '0') zeros++;
  out[0] = '0';
  out[1] = 'x';
  memcpy(out + 2, digits + zeros, sizeof digits - zeros);
  return 2 + sizeof digits - zeros;
}
