/* SPDX-License-Identifier: MIT */

/* The input as an address, a hash and a number that a person typed; the number is written in every unit. */

#include "fuzz/fuzz.h"
#include "openledger/text.h"

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool has(const char *text, size_t len, char from, char to) {
  for (size_t i = 2; i < len; i++) {
    if (text[i] >= from && text[i] <= to) return true;
  }
  return false;
}

static void read_address(const char *text, size_t len) {
  ol_error error;
  ol_address address, again;
  ol_status status = ol_address_from_text(&error, &address, text, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return;
  }
  char *written = (char *)fuzz_block(43);
  ol_address_text(written, &address);
  FUZZ_REQUIRE(len == 42 && strlen(written) == len);
  bool mixed = has(text, len, 'a', 'f') && has(text, len, 'A', 'F');
  for (size_t i = 0; i < len; i++) FUZZ_REQUIRE(lower(written[i]) == lower(text[i]));
  if (mixed) FUZZ_REQUIRE(memcmp(written + 2, text + 2, len - 2) == 0);
  FUZZ_REQUIRE(ol_address_from_text(&error, &again, written, len) == OL_OK);
  FUZZ_REQUIRE(memcmp(&again, &address, sizeof again) == 0);
  /* One letter in the other case is a wrong checksum, unless it leaves all letters in one case. */
  for (size_t i = 2; i < len; i++) {
    char kept = written[i];
    if (lower(kept) < 'a') continue;
    written[i] = (char)(kept ^ 32);
    mixed = has(written, len, 'a', 'f') && has(written, len, 'A', 'F');
    FUZZ_REQUIRE((ol_address_from_text(&error, &again, written, len) == OL_OK) == !mixed);
    written[i] = kept;
  }
  free(written);
}

static void read_hash(const char *text, size_t len) {
  ol_error error;
  ol_hash hash;
  ol_status status = ol_hash_from_text(&error, &hash, text, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return;
  }
  char *written = (char *)fuzz_block(67);
  ol_hex_text(written, hash.bytes, sizeof hash.bytes);
  FUZZ_REQUIRE(strlen(written) == len);
  for (size_t i = 0; i < len; i++) FUZZ_REQUIRE(written[i] == lower(text[i]));
  free(written);
}

/* Without its point and padded to the unit, an amount is the number again. */
static void write_amount(const ol_u256 *value, uint32_t decimals) {
  ol_error error;
  ol_u256 again;
  char digits[160];
  char *written = (char *)fuzz_block(80);
  ol_amount_text(written, value, decimals);
  size_t count = 0, fraction = 0;
  bool point = false;
  for (const char *c = written; *c != '\0'; c++) {
    point = point || *c == '.';
    if (*c == '.') continue;
    fraction += point;
    digits[count++] = *c;
  }
  FUZZ_REQUIRE(fraction <= decimals);
  FUZZ_REQUIRE(!point || (fraction > 0 && digits[count - 1] != '0'));
  for (; fraction < decimals; fraction++) digits[count++] = '0';
  FUZZ_REQUIRE(ol_u256_from_text(&error, &again, digits, count) == OL_OK);
  FUZZ_REQUIRE(memcmp(&again, value, sizeof again) == 0);
  free(written);
}

static void read_number(const char *text, size_t len) {
  ol_error error;
  ol_u256 value, again;
  ol_status status = ol_u256_from_text(&error, &value, text, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return;
  }
  char *written = (char *)fuzz_block(79);
  ol_u256_text(written, &value);
  size_t written_len = strlen(written);
  FUZZ_REQUIRE(ol_u256_from_text(&error, &again, written, written_len) == OL_OK);
  FUZZ_REQUIRE(memcmp(&again, &value, sizeof again) == 0);
  if (len < 2 || text[1] != 'x') {
    size_t zeros = 0;
    while (zeros + 1 < len && text[zeros] == '0') zeros++;
    FUZZ_REQUIRE(fuzz_same(ol_slice_of(text + zeros, len - zeros), ol_slice_of(written, written_len)));
  }
  free(written);
  write_amount(&value, (uint32_t)(len * 7 % 78));
  write_amount(&value, 18);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  read_address((const char *)data, len);
  read_hash((const char *)data, len);
  read_number((const char *)data, len);
  return 0;
}
