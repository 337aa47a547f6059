/* SPDX-License-Identifier: MIT */
#include "openledger/message.h"

#include "crypto/keccak.h"
#include "encoding/abi.h"
#include "encoding/hex.h"
#include "encoding/text.h"
#include "openledger/text.h"

#include "base/poison.h"

void ol_message_digest(ol_hash *out, const uint8_t *bytes, size_t len) {
  static const char prefix[] = "\x19"
                               "Ethereum Signed Message:\n";
  const ol_u256 number = ol_abi_u64(len);
  char digits[79];
  ol_keccak keccak;
  ol_u256_text(digits, &number);
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, (const uint8_t *)prefix, sizeof prefix - 1);
  ol_keccak_update(&keccak, (const uint8_t *)digits, ol_text_len(digits));
  ol_keccak_update(&keccak, bytes, len);
  ol_keccak_final(&keccak, out);
}

static bool is_hex_digit(uint8_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

ol_status ol_message_read(ol_error *error, ol_slice *out, ol_slice text, void *memory, size_t len) {
  size_t digits = 2;
  ol_error_clear(error);
  while (digits < text.len && is_hex_digit(text.data[digits])) digits++;
  if (!ol_slice_begins(text, "0x") || digits < text.len) {
    *out = text;
    return OL_OK;
  }
  if (text.len % 2 != 0)
    return ol_fail(error, OL_ERR_ENCODING, text.len, "message is hex with an odd number of digits");
  if (text.len / 2 - 1 > len)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for the message");
  if (text.len > 2)
    OL_TRY(ol_hex_decode(error, (uint8_t *)memory, (const char *)text.data + 2, text.len - 2));
  *out = ol_slice_of(memory, text.len / 2 - 1);
  return OL_OK;
}

/* --- Times (RFC 3339, 5.6) --- */

/* Takes a number of `count` digits, at most `most`, and the character behind it, unless that is 0. */
static bool take_digits(ol_slice *text, uint32_t *out, size_t count, uint32_t most, char behind) {
  uint32_t number = 0;
  size_t len = count + (behind != '\0');
  if (text->len < len) return false;
  for (size_t i = 0; i < count; i++) {
    if (text->data[i] < '0' || text->data[i] > '9') return false;
    number = 10 * number + (uint32_t)(text->data[i] - '0');
  }
  /* The letters T and Z may be small. */
  if (behind != '\0' && text->data[count] != (uint8_t)behind && (behind != 'T' || text->data[count] != 't'))
    return false;
  *text = ol_slice_of(text->data + len, text->len - len);
  *out = number;
  return number <= most;
}

static uint32_t days_in(uint32_t year, uint32_t month) {
  static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : days[month - 1];
}

/* Days from 1970-01-01, as years that begin in March have their odd day at the end. */
static int64_t days_since_epoch(uint32_t year, uint32_t month, uint32_t day) {
  const int64_t y = (int64_t)year + 399 + (month > 2), m = (month + 9) % 12; /* 400 years earlier than that */
  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468 - 146097;
}

/* Takes a fraction of a second, if there is one. Out: milliseconds. */
static bool take_fraction(ol_slice *text, uint32_t *out) {
  uint32_t unit = 100;
  size_t len = 1;
  *out = 0;
  if (text->len == 0 || text->data[0] != '.') return true;
  for (; len < text->len && text->data[len] >= '0' && text->data[len] <= '9'; len++, unit /= 10)
    *out += unit * (uint32_t)(text->data[len] - '0');
  *text = ol_slice_of(text->data + len, text->len - len);
  return len > 1;
}

/* Takes "Z" or the distance to it. Out: seconds that are to be taken off. */
static bool take_zone(ol_slice *text, int64_t *out) {
  uint32_t hours, minutes;
  *out = 0;
  if (text->len == 1 && (text->data[0] == 'Z' || text->data[0] == 'z')) return true;
  if (text->len == 0 || (text->data[0] != '+' && text->data[0] != '-')) return false;
  const bool east = text->data[0] == '+';
  *text = ol_slice_of(text->data + 1, text->len - 1);
  if (!take_digits(text, &hours, 2, 23, ':') || !take_digits(text, &minutes, 2, 59, '\0')) return false;
  *out = (int64_t)(60 * hours + minutes) * (east ? 60 : -60);
  return text->len == 0;
}

ol_status ol_time_from_text(ol_error *error, int64_t *out, ol_slice text) {
  uint32_t year, month, day, hour, minute, second, fraction;
  int64_t zone;
  ol_slice rest = text;
  ol_error_clear(error);
  const bool good = take_digits(&rest, &year, 4, 9999, '-') && take_digits(&rest, &month, 2, 12, '-') &&
                    take_digits(&rest, &day, 2, 31, 'T') && take_digits(&rest, &hour, 2, 23, ':') &&
                    take_digits(&rest, &minute, 2, 59, ':') && take_digits(&rest, &second, 2, 60, '\0') &&
                    take_fraction(&rest, &fraction) && take_zone(&rest, &zone);
  if (!good || month == 0 || day == 0 || day > days_in(year, month))
    return ol_fail(error, OL_ERR_ENCODING, text.len - rest.len, "time is not one of RFC 3339");
  const int64_t seconds =
      days_since_epoch(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - zone;
  *out = seconds * 1000 + fraction;
  return OL_OK;
}
