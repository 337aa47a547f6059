/* SPDX-License-Identifier: MIT */
#include "encoding/base64.h"

#include "base/poison.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void ol_base64_encode(char *out, const uint8_t *bytes, size_t len) {
  for (size_t i = 0; i < len; i += 3, out += 4) {
    size_t left = len - i;
    uint32_t group = (uint32_t)bytes[i] << 16;
    if (left > 1) group |= (uint32_t)bytes[i + 1] << 8;
    if (left > 2) group |= bytes[i + 2];
    out[0] = alphabet[group >> 18];
    out[1] = alphabet[group >> 12 & 63];
    out[2] = left > 1 ? alphabet[group >> 6 & 63] : '=';
    out[3] = left > 2 ? alphabet[group & 63] : '=';
  }
}

/* Returns: the 6 bits of a character, or 64. */
static uint32_t sextet(char c) {
  if (c >= 'A' && c <= 'Z') return (uint32_t)(c - 'A');
  if (c >= 'a' && c <= 'z') return (uint32_t)(c - 'a') + 26;
  if (c >= '0' && c <= '9') return (uint32_t)(c - '0') + 52;
  return c == '+' ? 62 : c == '/' ? 63 : 64;
}

ol_status ol_base64_decode(ol_error *error, uint8_t *out, size_t *out_len, const char *text, size_t len) {
  if (len % 4 != 0) return ol_fail(error, OL_ERR_ENCODING, len, "base64 is not a multiple of 4 characters");
  size_t padding = 0;
  if (len > 0) padding = text[len - 1] != '=' ? 0 : text[len - 2] != '=' ? 1 : 2;
  uint32_t group = 0;
  size_t used = 0;
  for (size_t i = 0; i < len; i++) {
    bool pad = i >= len - padding;
    uint32_t bits = pad ? 0 : sextet(text[i]);
    if (bits == 64) return ol_fail(error, OL_ERR_ENCODING, i, "character is not base64");
    group = group << 6 | bits;
    if (i % 4 != 3) continue;
    size_t count = i + 1 == len ? 3 - padding : 3;
    if ((count < 3 && (group & 0xff) != 0) || (count < 2 && (group & 0xff00) != 0))
      return ol_fail(error, OL_ERR_ENCODING, i - padding, "unused bits of base64 are not zero");
    for (size_t k = 0; k < count; k++) out[used++] = (uint8_t)(group >> (16 - 8 * k));
    group = 0;
  }
  *out_len = used;
  return OL_OK;
}
