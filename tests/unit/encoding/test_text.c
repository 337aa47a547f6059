/* SPDX-License-Identifier: MIT */
#include "encoding/abi.h"
#include "encoding/text.h"
#include "openledger/text.h"
#include "unit/bytes.h"

static ol_error error;

static ol_status read_address(const char *text) {
  ol_address address;
  return ol_address_from_text(&error, &address, text, strlen(text));
}

/* The addresses of EIP-55. */
static void checks_the_checksum_of_an_address(void **state) {
  (void)state;
  static const char *const published[] = {
      "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
      "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
      "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
      "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"};
  for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
    ol_address address;
    char text[43];
    assert_int_equal(ol_address_from_text(&error, &address, published[i], 42), OL_OK);
    ol_address_text(text, &address);
    assert_string_equal(text, published[i]);
  }
  assert_int_equal(read_address("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"), OL_OK); /* no checksum */
  assert_int_equal(read_address("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"), OL_OK);
  assert_int_equal(read_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed"), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 39);
  assert_int_equal(read_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe"), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "hex has the wrong length");
  assert_int_equal(read_address("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "hex does not begin with 0x");
}

static void reads_and_writes_numbers(void **state) {
  (void)state;
  static const char largest[] =
      "115792089237316195423570985008687907853269984665640564039457584007913129639935";
  static const char *const numbers[] = {"0", "1", "10", "255", "256", "1000000000000000000", largest};
  char text[79];
  ol_u256 word;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    assert_int_equal(ol_u256_from_text(&error, &word, numbers[i], strlen(numbers[i])), OL_OK);
    ol_u256_text(text, &word);
    assert_string_equal(text, numbers[i]);
  }
  for (size_t i = 0; i < sizeof word.bytes; i++) assert_int_equal(word.bytes[i], 0xff);
  char over[sizeof largest];
  memcpy(over, largest, sizeof over);
  over[sizeof over - 2]++;
  assert_int_equal(ol_u256_from_text(&error, &word, over, strlen(over)), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "number is 2^256 or more");
  static const char *const bad[] = {"", "-1", "1.5", "0x", "0xg", " 1", "1 "};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_int_equal(ol_u256_from_text(&error, &word, bad[i], strlen(bad[i])), OL_ERR_ENCODING);
  assert_int_equal(ol_u256_from_text(&error, &word, "0xff", 4), OL_OK);
  assert_int_equal(word.bytes[31], 0xff);
}

static void writes_amounts(void **state) {
  (void)state;
  static const struct {
    const char *units;
    uint32_t decimals;
    const char *amount;
  } cases[] = {{"0", 18, "0"},
               {"1", 18, "0.000000000000000001"},
               {"1500000000000000000", 18, "1.5"},
               {"1000000000000000000", 18, "1"},
               {"123", 0, "123"},
               {"120", 2, "1.2"},
               {"100", 1, "10"},
               {"1", 77, "0.00000000000000000000000000000000000000000000000000000000000000000000000000001"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ol_u256 value;
    char text[80];
    assert_int_equal(ol_u256_from_text(&error, &value, cases[i].units, strlen(cases[i].units)), OL_OK);
    ol_amount_text(text, &value, cases[i].decimals);
    assert_string_equal(text, cases[i].amount);
  }
}

static void refuse_amount(const char *text, uint32_t decimals, ol_status status, size_t place,
                          const char *reason) {
  ol_u256 value;
  assert_int_equal(ol_amount_from_text(&error, &value, text, strlen(text), decimals), status);
  assert_string_equal(error.reason, reason);
  assert_int_equal(error.offset, place);
}

static void read_amount(const char *text, uint32_t decimals, const char *number) {
  ol_u256 value;
  char digits[79];
  assert_int_equal(ol_amount_from_text(&error, &value, text, strlen(text), decimals), OL_OK);
  ol_u256_text(digits, &value);
  assert_string_equal(digits, number);
}

static void reads_amounts_strictly(void **state) {
  (void)state;
  static const char largest[] =
      "115792089237316195423570985008687907853269984665640564039457584007913129639935";
  static const char digit[] = "character is not a decimal digit", end[] = "amount ends without a digit";
  static const char decimals[] = "amount has more decimals than its unit",
                    large[] = "number is 2^256 or more";
  read_amount("1.5", 18, "1500000000000000000");
  read_amount("0", 18, "0");
  read_amount(".1", 1, "1");
  read_amount("007", 0, "7");
  read_amount("1.50", 2, "150");
  read_amount(largest, 0, largest);
  read_amount("1157920892373161954235709850086879078532699846656405640394575840079131296399.35", 2, largest);
  refuse_amount("1.5", 0, OL_ERR_ENCODING, 2, decimals);
  refuse_amount("1.500", 2, OL_ERR_ENCODING, 4, decimals);
  refuse_amount("-1", 18, OL_ERR_ENCODING, 0, digit);
  refuse_amount("+1", 18, OL_ERR_ENCODING, 0, digit);
  refuse_amount("1e3", 18, OL_ERR_ENCODING, 1, digit);
  refuse_amount("1,000", 18, OL_ERR_ENCODING, 1, digit);
  refuse_amount("1.0.0", 18, OL_ERR_ENCODING, 3, digit);
  refuse_amount(" 1", 18, OL_ERR_ENCODING, 0, digit);
  refuse_amount("", 18, OL_ERR_ENCODING, 0, end);
  refuse_amount(".", 18, OL_ERR_ENCODING, 1, end);
  refuse_amount("1.", 18, OL_ERR_ENCODING, 2, end);
  refuse_amount("115792089237316195423570985008687907853269984665640564039457584007913129639936", 0,
                OL_ERR_ENCODING, 77, large);
  refuse_amount("1157920892373161954235709850086879078532699846656405640394575840079131296399.36", 2,
                OL_ERR_ENCODING, 78, large);
  refuse_amount("2", 77, OL_ERR_ENCODING, OL_NOWHERE, large);
  refuse_amount("1", 78, OL_ERR_ARGUMENT, OL_NOWHERE, "amount has more than 77 decimals");
}

static void reads_hashes(void **state) {
  (void)state;
  char text[67] = "0x";
  ol_hash hash;
  memset(text + 2, 'a', 64);
  assert_int_equal(ol_hash_from_text(&error, &hash, text, 66), OL_OK);
  char back[67];
  ol_hex_text(back, hash.bytes, sizeof hash.bytes);
  assert_string_equal(back, text);
  assert_int_equal(ol_hash_from_text(&error, &hash, text, 65), OL_ERR_ENCODING);
}

static void reads_abi_words_and_refuses_dirty_padding(void **state) {
  (void)state;
  uint8_t data[64] = {0};
  ol_slice slice = ol_slice_of(data, sizeof data);
  ol_address address = {{1, 2, 3}}, back;
  uint64_t number;
  bool truth;
  ol_u256 word = ol_abi_address(&address);
  memcpy(data + 32, word.bytes, 32);
  assert_int_equal(ol_abi_read_address(&error, &back, slice, 32), OL_OK);
  assert_memory_equal(&back, &address, sizeof back);
  data[32 + 11] = 1;
  assert_int_equal(ol_abi_read_address(&error, &back, slice, 32), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 43);
  word = ol_abi_u64(UINT64_MAX);
  memcpy(data, word.bytes, 32);
  assert_int_equal(ol_abi_read_u64(&error, &number, slice, 0), OL_OK);
  assert_true(number == UINT64_MAX);
  data[23] = 1;
  assert_int_equal(ol_abi_read_u64(&error, &number, slice, 0), OL_ERR_ENCODING);
  word = ol_abi_bool(true);
  memcpy(data, word.bytes, 32);
  assert_int_equal(ol_abi_read_bool(&error, &truth, slice, 0), OL_OK);
  assert_true(truth);
  data[31] = 2;
  assert_int_equal(ol_abi_read_bool(&error, &truth, slice, 0), OL_ERR_ENCODING);
  data[31] = 1;
  data[3] = 1;
  assert_int_equal(ol_abi_read_bool(&error, &truth, slice, 0), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI value is out of range");
  assert_int_equal(ol_abi_read_u64(&error, &number, slice, 33), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI word is cut short");
  assert_int_equal(ol_abi_read_word(&error, &word, slice, 33), OL_ERR_ENCODING);
  assert_int_equal(ol_abi_read_word(&error, &word, slice, SIZE_MAX), OL_ERR_ENCODING);
}

/* Bytes behind a word that points to them, and the byte that is at fault when one is changed. */
static void reads_abi_bytes_as_compilers_write_them(void **state) {
  (void)state;
  uint8_t data[128] = {0};
  ol_slice out;
  data[31] = 32;
  data[63] = 33;
  memset(data + 64, 7, 33);
  assert_int_equal(ol_abi_read_bytes(&error, &out, ol_slice_of(data, 128), 0, 32), OL_OK);
  assert_int_equal(out.len, 33);
  assert_true(out.data == data + 64);
  assert_int_equal(ol_abi_read_bytes(&error, &out, ol_slice_of(data, 31), 0, 32), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 31);
  assert_int_equal(ol_abi_read_bytes(&error, &out, ol_slice_of(data, 63), 0, 32), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 63);
  assert_int_equal(ol_abi_read_bytes(&error, &out, ol_slice_of(data, 96), 0, 32), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI bytes are cut short");
  assert_int_equal(ol_abi_read_bytes(&error, &out, ol_slice_of(data, 127), 0, 32), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI bytes do not end the data");
  data[127] = 1;
  assert_int_equal(ol_abi_read_bytes(&error, &out, ol_slice_of(data, 128), 0, 32), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 127);
  data[127] = 0;
  data[31] = 0;
  assert_int_equal(ol_abi_read_bytes(&error, &out, ol_slice_of(data, 128), 0, 32), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI bytes are not where they belong");
  data[31] = 32;
  memset(data + 56, 0xff, 8);
  assert_int_equal(ol_abi_read_bytes(&error, &out, ol_slice_of(data, 128), 0, 32), OL_ERR_ENCODING);
  data[55] = 1;
  assert_int_equal(ol_abi_read_bytes(&error, &out, ol_slice_of(data, 128), 0, 32), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 55);
}

static void assert_visible(const char *text, size_t len, const char *expected) {
  char out[256];
  assert_int_equal(ol_text_visible(out, sizeof out, ol_slice_of(text, len)), strlen(expected));
  assert_string_equal(out, expected);
}

static void makes_texts_visible(void **state) {
  (void)state;
  assert_visible("Stra\xc3\x9f"
                 "e \\ \xe2\x82\xac \xf0\x9f\x98\x80",
                 18,
                 "Stra\xc3\x9f"
                 "e \\ \xe2\x82\xac \xf0\x9f\x98\x80");
  assert_visible("a\0\n\x1b[2J\x7f", 8, "a\\u{00}\\u{0a}\\u{1b}[2J\\u{7f}");
  assert_visible("\xc2\x85\xc2\xad", 4, "\\u{85}\\u{ad}");
  assert_visible("\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8b\xef\xbb\xbf", 12,
                 "\\u{202e}\\u{2066}\\u{200b}\\u{feff}");
  assert_visible("\xe2\x80\xa8\xe3\x85\xa4\xe1\x85\x9f", 9, "\\u{2028}\\u{3164}\\u{115f}");
  assert_visible("\xf3\xa0\x81\x81", 4, "\\u{e0041}");
  assert_visible("a\xff\xc0\x80z\xe2\x82", 7, "a\\x{ff}\\x{c0}\\x{80}z\\x{e2}\\x{82}");
  assert_visible("\xed\xa0\x80", 3, "\\x{ed}\\x{a0}\\x{80}");
  assert_visible("", 0, "");
}

static void cuts_visible_texts_between_characters(void **state) {
  (void)state;
  static const char text[] = "a\xe2\x82\xac\n";
  for (size_t len = 0; len < 16; len++) {
    char out[16];
    memset(out, 'x', sizeof out);
    const size_t used = ol_text_visible(out, len, ol_slice_of(text, sizeof text - 1));
    assert_int_equal(used, len < 2 ? 0 : len < 5 ? 1 : len < 11 ? 4 : 10);
    if (len > 0) assert_int_equal(out[used], 0);
    for (size_t i = len; i < sizeof out; i++) assert_int_equal(out[i], 'x');
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(makes_texts_visible),
      cmocka_unit_test(cuts_visible_texts_between_characters),
      cmocka_unit_test(reads_abi_bytes_as_compilers_write_them),
      cmocka_unit_test(checks_the_checksum_of_an_address),
      cmocka_unit_test(reads_and_writes_numbers),
      cmocka_unit_test(writes_amounts),
      cmocka_unit_test(reads_amounts_strictly),
      cmocka_unit_test(reads_hashes),
      cmocka_unit_test(reads_abi_words_and_refuses_dirty_padding),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
