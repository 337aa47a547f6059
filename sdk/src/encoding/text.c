/* SPDX-License-Identifier: MIT */
#include "encoding/text.h"
#include "openledger/text.h"

#include "encoding/hex.h"

#include "base/poison.h"

ol_status ol_hash_from_text(ol_error *error, ol_hash *out, const char *text, size_t len) {
  ol_error_clear(error);
  return ol_hex_fixed(error, out->bytes, sizeof out->bytes, ol_slice_of(text, len));
}

static const char too_large[] = "number is 2^256 or more";

#define LIMBS 8 /* of 32 bits, the lowest first */

/* limbs = limbs * 10 + digit. Returns: false when that passes 2^256. */
static bool push_digit(uint32_t limbs[LIMBS], uint32_t digit) {
  uint64_t carry = digit;
  for (size_t i = 0; i < LIMBS; i++) {
    carry += (uint64_t)limbs[i] * 10;
    limbs[i] = (uint32_t)carry;
    carry >>= 32;
  }
  return carry == 0;
}

static void put_limbs(ol_u256 *out, const uint32_t limbs[LIMBS]) {
  for (size_t i = 0; i < sizeof out->bytes; i++)
    out->bytes[31 - i] = (uint8_t)(limbs[i / 4] >> (8 * (i % 4)));
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
  uint32_t limbs[LIMBS] = {0};
  if (len == 0) return ol_fail(error, OL_ERR_ENCODING, 0, "number has no digits");
  for (size_t i = 0; i < len; i++) {
    if (text[i] < '0' || text[i] > '9')
      return ol_fail(error, OL_ERR_ENCODING, i, "character is not a decimal digit");
    if (!push_digit(limbs, (uint32_t)(text[i] - '0'))) return ol_fail(error, OL_ERR_ENCODING, i, too_large);
  }
  put_limbs(out, limbs);
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
  uint32_t limbs[LIMBS] = {0};
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
    if (!push_digit(limbs, (uint32_t)(text[i] - '0'))) return ol_fail(error, OL_ERR_ENCODING, i, too_large);
  }
  size_t fraction = point < len ? len - point - 1 : 0;
  if (len == 0 || (point < len && fraction == 0))
    return ol_fail(error, OL_ERR_ENCODING, len, "amount ends without a digit");
  for (size_t i = fraction; i < decimals; i++) {
    if (!push_digit(limbs, 0)) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, too_large);
  }
  put_limbs(out, limbs);
  return OL_OK;
}

void ol_hex_text(char *out, const uint8_t *bytes, size_t len) {
  out[0] = '0';
  out[1] = 'x';
  ol_hex_digits_of(out + 2, bytes, len);
  out[2 * len + 2] = '\0';
}

bool ol_slice_begins(ol_slice text, const char *expected) {
  size_t at = 0;
  while (at < text.len && expected[at] != '\0' && text.data[at] == (uint8_t)expected[at]) at++;
  return expected[at] == '\0';
}

bool ol_slice_is(ol_slice text, const char *expected) {
  size_t at = 0;
  while (at < text.len && expected[at] != '\0' && text.data[at] == (uint8_t)expected[at]) at++;
  return at == text.len && expected[at] == '\0';
}

size_t ol_utf8_len(ol_slice text) {
  const uint8_t first = text.data[0];
  if (first < 0x80) return 1;
  size_t len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || len > text.len) return 0;
  for (size_t i = 1; i < len; i++) {
    if (text.data[i] >> 6 != 2) return 0;
  }
  const uint8_t second = text.data[1];
  if ((first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90)) return 0; /* could be shorter */
  if ((first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f)) return 0; /* surrogate, beyond */
  return len;
}

/*
 * What is not seen, or moves what is seen: controls, bidirectional marks, joiners, fillers, tags (Unicode 16; categories
 * Cc, Cf, Zl and Zp, and the letters that are blank). First and last of each range.
 */
static const uint32_t unseen[][2] = {
    {0x00, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},     {0x600, 0x605},
    {0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},     {0x8e2, 0x8e2},
    {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
    {0x2060, 0x206f},   {0x2800, 0x2800},   {0x3164, 0x3164},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
    {0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

static bool is_unseen(uint32_t character) {
  for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++) {
    if (character >= unseen[i][0] && character <= unseen[i][1]) return true;
  }
  return false;
}

/* The number of a character that has `len` bytes. */
static uint32_t code_of(const uint8_t *bytes, size_t len) {
  uint32_t code = len == 1 ? bytes[0] : bytes[0] & (0x7fu >> len);
  for (size_t i = 1; i < len; i++) code = code << 6 | (bytes[i] & 0x3f);
  return code;
}

/* Writes "\u{202e}", or "\x{ff}" for a byte. Returns: its length, at most 10. */
static size_t put_code(char out[10], char letter, uint32_t code) {
  static const char digits[] = "0123456789abcdef";
  size_t len = 0, shift = 20;
  out[len++] = '\\';
  out[len++] = letter;
  out[len++] = '{';
  while (shift > 4 && code >> shift == 0) shift -= 4;
  for (; shift > 0; shift -= 4) out[len++] = digits[code >> shift & 15];
  out[len++] = digits[code & 15];
  out[len++] = '}';
  return len;
}

size_t ol_text_visible(char *out, size_t len, ol_slice text) {
  size_t used = 0, at = 0;
  while (at < text.len) {
    const uint8_t *from = text.data + at;
    char escaped[10];
    size_t taken = ol_utf8_len(ol_slice_of(from, text.len - at)), count = taken;
    const void *piece = from;
    uint32_t code = taken == 0 ? *from : code_of(from, taken);
    if (taken == 0 || is_unseen(code)) {
      count = put_code(escaped, taken == 0 ? 'x' : 'u', code);
      piece = escaped;
    }
    if (len == 0 || count > len - 1 - used) break;
    memcpy(out + used, piece, count);
    used += count;
    at += taken == 0 ? 1 : taken;
  }
  if (len > 0) out[used] = '\0';
  return used;
}
