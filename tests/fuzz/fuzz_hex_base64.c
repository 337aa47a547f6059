/* SPDX-License-Identifier: MIT */

/* The input as hex, as base64, and as bytes that are written as both. */

#include "encoding/base64.h"
#include "encoding/hex.h"
#include "fuzz/fuzz.h"

static bool is_digit(uint8_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static uint8_t lower(uint8_t c) {
  return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static void decode_hex(const uint8_t *text, size_t len) {
  ol_error error;
  uint8_t *bytes = fuzz_block(len / 2);
  ol_status status = ol_hex_decode(&error, bytes, (const char *)text, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    FUZZ_REQUIRE(len % 2 != 0 || !is_digit(text[error.offset]));
  } else {
    char *again = (char *)fuzz_block(len);
    ol_hex_digits_of(again, bytes, len / 2);
    for (size_t i = 0; i < len; i++) FUZZ_REQUIRE((uint8_t)again[i] == lower(text[i]));
    free(again);
  }
  free(bytes);
}

static void decode_prefixed(ol_slice text) {
  ol_error error;
  size_t want = text.len >= 2 ? (text.len - 2) / 2 : 0;
  uint8_t *bytes = fuzz_block(want + 1);
  ol_status status = ol_hex_fixed(&error, bytes, want, text);
  if (status != OL_OK) fuzz_refused(&error, status, text.len);
  ol_status longer = ol_hex_fixed(&error, bytes, want + 1, text);
  FUZZ_REQUIRE(longer == OL_ERR_ENCODING);
  fuzz_refused(&error, longer, text.len);
  free(bytes);

  ol_u256 value, again;
  uint64_t number = 0;
  ol_status wide = ol_hex_u256(&error, &value, text);
  if (wide != OL_OK) fuzz_refused(&error, wide, text.len);
  ol_status narrow = ol_hex_u64(&error, &number, text);
  if (narrow != OL_OK) fuzz_refused(&error, narrow, text.len);
  FUZZ_REQUIRE(narrow != OL_OK || wide == OL_OK);
  if (wide != OL_OK) return;
  char quantity[66];
  size_t quantity_len = ol_hex_quantity(quantity, &value);
  FUZZ_REQUIRE(quantity_len == 3 || quantity[2] != '0');
  FUZZ_REQUIRE(ol_hex_u256(&error, &again, ol_slice_of(quantity, quantity_len)) == OL_OK);
  FUZZ_REQUIRE(memcmp(&again, &value, sizeof value) == 0);
  FUZZ_REQUIRE((narrow == OL_OK) == (quantity_len <= 18));
  FUZZ_REQUIRE(narrow != OL_OK || number == ol_load_be64(value.bytes + 24));
}

static void decode_base64(const uint8_t *text, size_t len) {
  ol_error error;
  uint8_t *bytes = fuzz_block(len / 4 * 3);
  size_t count = 0;
  ol_status status = ol_base64_decode(&error, bytes, &count, (const char *)text, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
  } else {
    FUZZ_REQUIRE(OL_BASE64_LEN(count) == len);
    char *again = (char *)fuzz_block(len);
    ol_base64_encode(again, bytes, count);
    FUZZ_REQUIRE(fuzz_same(ol_slice_of(again, len), ol_slice_of(text, len)));
    free(again);
  }
  free(bytes);
}

static void encode(const uint8_t *bytes, size_t len) {
  ol_error error;
  size_t count = 0, base64_len = OL_BASE64_LEN(len);
  char *text = (char *)fuzz_block(base64_len);
  uint8_t *again = fuzz_block(base64_len / 4 * 3);
  ol_base64_encode(text, bytes, len);
  FUZZ_REQUIRE(ol_base64_decode(&error, again, &count, text, base64_len) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(ol_slice_of(again, count), ol_slice_of(bytes, len)));
  free(again);
  free(text);

  text = (char *)fuzz_block(2 * len);
  again = fuzz_block(len);
  ol_hex_digits_of(text, bytes, len);
  FUZZ_REQUIRE(ol_hex_decode(&error, again, text, 2 * len) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(ol_slice_of(again, len), ol_slice_of(bytes, len)));
  free(again);
  free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  decode_hex(data, len);
  decode_prefixed(ol_slice_of(data, len));
  decode_base64(data, len);
  encode(data, len);
  return 0;
}
