/* SPDX-License-Identifier: MIT */
#include "openledger/message.h"

#include "unit/bytes.h"

static ol_error error;

/* Of ethers and viem. */
static void hashes_personal_messages(void **state) {
  (void)state;
  ol_hash hash;
  ol_message_digest(&hash, (const uint8_t *)"Hello World", 11);
  assert_bytes(hash.bytes, 32, "a1de988600a42c4b4ab089b619297c17d53cffae5d5120d82d8a92d0bb3b78f2");
  ol_message_digest(&hash, NULL, 0);
  assert_bytes(hash.bytes, 32, "5f35dce98ba4fba25530a026ed80b2cecdaa31091ba4958b99b52ea1d068adad");
  uint8_t bytes[1000];
  memset(bytes, 0xff, sizeof bytes);
  ol_message_digest(&hash, bytes, sizeof bytes);
  assert_bytes(hash.bytes, 32, "9092f7d38792780317ad718f4de89e103d7b6c0b5c1732208b22ab942d0e102e");
}

static void reads_hex_as_bytes_and_all_else_as_text(void **state) {
  (void)state;
  static const struct {
    const char *text;
    const char *bytes; /* NULL for the text itself */
    size_t len;
  } messages[] = {{"0x48656c6c6F", "Hello", 5},
                  {"0x", "", 0},
                  {"hello", NULL, 5},
                  {"", NULL, 0},
                  {"0", NULL, 1},
                  {"x", NULL, 1},
                  {"0x12 is mine", NULL, 12},
                  {"deadbeef", NULL, 8},
                  {"0X12", NULL, 4},
                  {"0x1g", NULL, 4},
                  {" 0x12", NULL, 5}};
  for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
    uint8_t memory[16];
    ol_slice out, text = text_of(messages[i].text);
    const char *bytes = messages[i].bytes != NULL ? messages[i].bytes : messages[i].text;
    assert_int_equal(ol_message_read(&error, &out, text, memory, sizeof memory), OL_OK);
    assert_int_equal(out.len, messages[i].len);
    assert_memory_equal(out.len > 0 ? (const char *)out.data : "", bytes, out.len);
    assert_true((out.data == text.data) == (messages[i].bytes == NULL));
  }
  ol_slice out;
  uint8_t memory[2];
  assert_int_equal(ol_message_read(&error, &out, text_of("0x123"), memory, 2), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "message is hex with an odd number of digits");
  assert_int_equal(ol_message_read(&error, &out, text_of("0x123456"), memory, 2), OL_ERR_MEMORY);
}

/* Moments of JavaScript's Date. */
static void reads_times(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t ms;
  } times[] = {{"1970-01-01T00:00:00Z", 0},
               {"2021-09-30T16:25:24Z", 1633019124000},
               {"2021-09-30t16:25:24.5z", 1633019124500},
               {"2021-09-30T16:25:24.123999Z", 1633019124123},
               {"2021-09-30T18:25:24.000+02:00", 1633019124000},
               {"2021-09-30T04:55:24-11:30", 1633019124000},
               {"1969-12-31T23:59:59.999Z", -1},
               {"2000-02-29T00:00:00Z", 951782400000},
               {"2024-02-29T12:00:00Z", 1709208000000},
               {"2024-12-31T23:59:60Z", 1735689600000},
               {"2024-03-01T00:00:00Z", 1709251200000},
               {"1600-03-01T00:00:00Z", -11670912000000},
               {"0000-01-01T00:00:00Z", -62167219200000},
               {"9999-12-31T23:59:59Z", 253402300799000}};
  for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
    int64_t ms;
    assert_int_equal(ol_time_from_text(&error, &ms, text_of(times[i].text)), OL_OK);
    assert_true(ms == times[i].ms);
  }
}

static void refuses_other_times(void **state) {
  (void)state;
  static const char *const wrong[] = {"",
                                      "2021-09-30",
                                      "2021-09-30T16:25:24",
                                      "2021-09-30 16:25:24Z",
                                      "2021-9-30T16:25:24Z",
                                      "21-09-30T16:25:24Z",
                                      "2021-00-30T16:25:24Z",
                                      "2021-13-30T16:25:24Z",
                                      "2021-09-00T16:25:24Z",
                                      "2021-09-31T16:25:24Z",
                                      "2021-02-29T16:25:24Z",
                                      "1900-02-29T16:25:24Z",
                                      "2021-09-30T24:25:24Z",
                                      "2021-09-30T16:60:24Z",
                                      "2021-09-30T16:25:61Z",
                                      "2021-09-30T16:25:24.Z",
                                      "2021-09-30T16:25:24,5Z",
                                      "2021-09-30T16:25:24ZZ",
                                      "2021-09-30T16:25:24+0200",
                                      "2021-09-30T16:25:24+24:00",
                                      "2021-09-30T16:25:24+02:60",
                                      "2021-09-30T16:25:24+02:00Z",
                                      "2021-09-30T16:25:24 Z",
                                      "+2021-09-30T16:25:24Z"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    int64_t ms;
    assert_int_equal(ol_time_from_text(&error, &ms, text_of(wrong[i])), OL_ERR_ENCODING);
    assert_string_equal(error.reason, "time is not one of RFC 3339");
    assert_true(error.offset <= strlen(wrong[i]));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hashes_personal_messages),
      cmocka_unit_test(reads_hex_as_bytes_and_all_else_as_text),
      cmocka_unit_test(reads_times),
      cmocka_unit_test(refuses_other_times),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
