/* SPDX-License-Identifier: MIT */
#include "encoding/base64.h"
#include "encoding/hex.h"
#include "unit/bytes.h"

static ol_error error;

static void decodes_both_cases(void **state) {
  (void)state;
  uint8_t out[8];
  assert_int_equal(ol_hex_decode(&error, out, "0123456789abCDeF", 16), OL_OK);
  assert_memory_equal(out, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
  assert_int_equal(ol_hex_decode(&error, out, "", 0), OL_OK);
}

static void refuses_every_other_character(void **state) {
  (void)state;
  for (int c = 0; c < 256; c++) {
    bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    for (size_t at = 0; at < 4; at++) {
      char text[4] = {'1', '2', '3', '4'};
      uint8_t out[2];
      text[at] = (char)c;
      assert_int_equal(ol_hex_decode(&error, out, text, 4), digit ? OL_OK : OL_ERR_ENCODING);
      if (!digit) assert_int_equal(error.offset, at);
    }
  }
}

static void refuses_odd_lengths_and_missing_prefixes(void **state) {
  (void)state;
  uint8_t out[4];
  ol_u256 word;
  assert_int_equal(ol_hex_decode(&error, out, "1234", 3), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 3);
  assert_int_equal(ol_hex_fixed(&error, out, 1, text_of("12")), OL_ERR_ENCODING);
  assert_int_equal(ol_hex_fixed(&error, out, 1, text_of("")), OL_ERR_ENCODING);
  assert_int_equal(ol_hex_fixed(&error, out, 1, text_of("1x12")), OL_ERR_ENCODING);
  assert_int_equal(ol_hex_fixed(&error, out, 1, text_of("0X12")), OL_ERR_ENCODING);
  assert_int_equal(ol_hex_fixed(&error, out, 2, text_of("0x12")), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "hex has the wrong length");
  assert_int_equal(ol_hex_fixed(&error, out, 1, text_of("0x1g")), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 3);
  assert_int_equal(ol_hex_u256(&error, &word, text_of("0x")), OL_ERR_ENCODING);
  assert_int_equal(ol_hex_u256(&error, &word, text_of("0x12z")), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 4);
}

static void bounds_quantities(void **state) {
  (void)state;
  char text[70] = "0x";
  ol_u256 word;
  uint64_t number;
  memset(text + 2, 'f', 65);
  assert_int_equal(ol_hex_u256(&error, &word, ol_slice_of(text, 66)), OL_OK);
  assert_int_equal(ol_hex_u256(&error, &word, ol_slice_of(text, 67)), OL_ERR_ENCODING);
  assert_int_equal(ol_hex_u64(&error, &number, text_of("0xffffffffffffffff")), OL_OK);
  assert_true(number == UINT64_MAX);
  assert_int_equal(ol_hex_u64(&error, &number, text_of("0x00ffffffffffffffff")), OL_OK);
  assert_int_equal(ol_hex_u64(&error, &number, text_of("10")), OL_ERR_ENCODING);
  assert_int_equal(ol_hex_u64(&error, &number, text_of("0x10000000000000000")), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "quantity needs more than 64 bits");
}

static void writes_quantities_without_leading_zeros(void **state) {
  (void)state;
  char out[66];
  ol_u256 word = {{0}};
  assert_int_equal(ol_hex_quantity(out, &word), 3);
  assert_memory_equal(out, "0x0", 3);
  word.bytes[31] = 0x0a;
  assert_int_equal(ol_hex_quantity(out, &word), 3);
  assert_memory_equal(out, "0xa", 3);
  word.bytes[0] = 0x10;
  assert_int_equal(ol_hex_quantity(out, &word), 66);
}

/* RFC 4648, section 10. */
static void encodes_base64_as_published(void **state) {
  (void)state;
  static const char *const pairs[][2] = {{"", ""},
                                         {"f", "Zg=="},
                                         {"fo", "Zm8="},
                                         {"foo", "Zm9v"},
                                         {"foob", "Zm9vYg=="},
                                         {"fooba", "Zm9vYmE="},
                                         {"foobar", "Zm9vYmFy"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    char text[16];
    uint8_t bytes[16];
    size_t len = strlen(pairs[i][0]), text_len = strlen(pairs[i][1]), out_len;
    assert_int_equal(OL_BASE64_LEN(len), text_len);
    ol_base64_encode(text, (const uint8_t *)pairs[i][0], len);
    assert_memory_equal(text, pairs[i][1], text_len);
    assert_int_equal(ol_base64_decode(&error, bytes, &out_len, text, text_len), OL_OK);
    assert_int_equal(out_len, len);
    assert_memory_equal(bytes, pairs[i][0], len);
  }
}

static void refuses_base64_that_is_not_canonical(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t offset;
  } bad[] = {{"Zg=", 3},      {"Zh==", 1}, {"Zm9=", 2}, {"=g==", 0}, {"Z===", 1},
             {"Zg==Zg==", 2}, {"Zm9 ", 3}, {"Zm-v", 2}, {"====", 0}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    uint8_t bytes[16];
    size_t len;
    assert_int_equal(ol_base64_decode(&error, bytes, &len, bad[i].text, strlen(bad[i].text)),
                     OL_ERR_ENCODING);
    assert_int_equal(error.offset, bad[i].offset);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(decodes_both_cases),
      cmocka_unit_test(refuses_every_other_character),
      cmocka_unit_test(refuses_odd_lengths_and_missing_prefixes),
      cmocka_unit_test(bounds_quantities),
      cmocka_unit_test(writes_quantities_without_leading_zeros),
      cmocka_unit_test(encodes_base64_as_published),
      cmocka_unit_test(refuses_base64_that_is_not_canonical),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
