/* SPDX-License-Identifier: MIT */
#include "crypto/nfkd.h"

#include "crypto/nfkd_table.inc"

#include "base/poison.h"

#define LONGEST 18 /* characters that one decomposes to: U+FDFA */

size_t ol_utf8_read(uint32_t *out, ol_slice text) {
  static const struct {
    uint8_t mask, lead;
    uint32_t least;
  } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
  for (size_t len = 1; len <= 4 && len <= text.len; len++) {
    if ((text.data[0] & forms[len - 1].mask) != forms[len - 1].lead) continue;
    uint32_t c = text.data[0] & (uint8_t)~forms[len - 1].mask;
    for (size_t i = 1; i < len; i++) {
      if ((text.data[i] & 0xc0) != 0x80) return 0;
      c = c << 6 | (text.data[i] & 0x3f);
    }
    if (c < forms[len - 1].least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return 0;
    *out = c;
    return len;
  }
  return 0;
}

static size_t write_utf8(uint8_t out[4], uint32_t c) {
  size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = len - 1; i > 0; i--, c >>= 6) out[i] = (uint8_t)(0x80 | (c & 0x3f));
  out[0] = (uint8_t)(len == 1 ? c : c | (0xf00u >> len & 0xffu));
  return len;
}

/* Seven bits a byte, the lowest first. */
static uint32_t next_number(const uint8_t **at) {
  uint32_t number = 0;
  for (uint32_t shift = 0;; shift += 7) {
    uint8_t byte = *(*at)++;
    number |= (uint32_t)(byte & 127) << shift;
    if (byte < 128) return number;
  }
}

/* Syllables are computed (Unicode, 3.12): a leading consonant, a vowel, and perhaps a trailing consonant. */
static size_t decompose_hangul(uint32_t out[LONGEST], uint32_t index) {
  out[0] = 0x1100 + index / (21 * 28);
  out[1] = 0x1161 + index / 28 % 21;
  out[2] = 0x11a7 + index % 28;
  return index % 28 == 0 ? 2 : 3;
}

/*
 * Walks the runs of characters up to `c`. Of each run: how many characters each decomposes to, how far the run is
 * behind the last and how long, if that is not 0 and 1; how far the first character of the first decomposition is
 * from where the last run's would go on; the other characters, which all of the run have alike.
 */
static size_t decompose(uint32_t out[LONGEST], uint32_t c) {
  const uint8_t *head = nfkd_heads, *firsts = nfkd_firsts, *rests = nfkd_rests;
  uint32_t end = 0, first = 0;
  if (c - 0xac00 < 11172) return decompose_hangul(out, c - 0xac00);
  while (c < NFKD_END && head < nfkd_heads + sizeof nfkd_heads) {
    uint8_t kind = *head++;
    size_t len = kind & 31;
    uint32_t start = end + (kind & 32 ? next_number(&head) : 0);
    uint32_t count = kind & 64 ? next_number(&head) : 1, step = next_number(&firsts);
    first += step & 1 ? ~(step >> 1) : step >> 1;
    if (c < start) break;
    for (size_t i = 1; i < len; i++) out[i] = next_number(&rests);
    out[0] = first + (c - start);
    end = start + count;
    first += count;
    if (c < end) return len;
  }
  out[0] = c;
  return 1;
}

/* Returns: the canonical combining class, 0 for a character that does not combine. */
static uint8_t class_of(uint32_t c) {
  uint32_t end = 0;
  if (c < 0x300 || c >= NFKD_END) return 0;
  for (const uint8_t *at = nfkd_classes; at < nfkd_classes + sizeof nfkd_classes;) {
    uint32_t start = end + next_number(&at);
    end = start + next_number(&at);
    uint8_t class = *at++;
    if (c < end) return c < start ? 0 : class;
  }
  return 0;
}

/* Returns: where the last character before `at` begins. */
static size_t before(const uint8_t *text, size_t at) {
  do at--;
  while ((text[at] & 0xc0) == 0x80);
  return at;
}

/* Writes a character behind those of its class or of lower ones (Unicode, 3.11). Returns: false without room. */
static bool put(uint8_t *out, size_t len, size_t *used, uint32_t c) {
  uint8_t bytes[4], class = class_of(c);
  size_t count = write_utf8(bytes, c), at = *used;
  if (count > len - *used) return false;
  while (class != 0 && at > 0) {
    uint32_t other = 0;
    size_t start = before(out, at);
    (void)ol_utf8_read(&other, ol_slice_of(out + start, at - start));
    if (class_of(other) <= class) break;
    at = start;
  }
  memmove(out + at + count, out + at, *used - at);
  memcpy(out + at, bytes, count);
  *used += count;
  return true;
}

static bool is_ascii(ol_slice text) {
  uint8_t any = 0;
  for (size_t i = 0; i < text.len; i++) any |= text.data[i];
  return any < 0x80;
}

static const char too_small[] = "no memory for the normalized text";

static ol_status normalize(ol_error *error, uint8_t *out, size_t len, size_t *used, ol_slice text) {
  uint32_t parts[LONGEST], c = 0;
  for (size_t at = 0, read; at < text.len; at += read) {
    read = ol_utf8_read(&c, ol_slice_of(text.data + at, text.len - at));
    if (read == 0) return ol_fail(error, OL_ERR_ENCODING, at, "text is not UTF-8");
    size_t count = decompose(parts, c);
    for (size_t i = 0; i < count; i++) {
      if (!put(out, len, used, parts[i])) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, too_small);
    }
  }
  return OL_OK;
}

ol_status ol_nfkd(ol_error *error, uint8_t *out_secret, size_t len, size_t *out_len, ol_slice text_secret) {
  size_t used = 0;
  if (is_ascii(text_secret)) {
    if (text_secret.len > len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, too_small);
    if (text_secret.len > 0) memcpy(out_secret, text_secret.data, text_secret.len);
    *out_len = text_secret.len;
    return OL_OK;
  }
  ol_status status = normalize(error, out_secret, len, &used, text_secret);
  if (status == OL_OK) {
    *out_len = used;
  } else {
    ol_wipe(out_secret, used);
  }
  return status;
}
