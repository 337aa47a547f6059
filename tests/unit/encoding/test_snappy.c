/* SPDX-License-Identifier: MIT */
#include "encoding/snappy.h"

#include "unit/bytes.h"

static ol_error error;
static uint8_t out[1 << 17];

/* Decompresses a block as a caller does. */
static ol_status unpack(const void *block, size_t block_len, size_t *len) {
  *len = 0;
  ol_status status = ol_snappy_len(&error, len, ol_slice_of(block, block_len));
  if (status != OL_OK) return status;
  assert_true(*len <= sizeof out);
  return ol_snappy_unpack(&error, out, *len, ol_slice_of(block, block_len));
}

#define assert_unpacks(block, expected)                                                                      \
  do {                                                                                                       \
    size_t len;                                                                                              \
    assert_int_equal(unpack(block, sizeof(block) - 1, &len), OL_OK);                                         \
    assert_int_equal(len, sizeof(expected) - 1);                                                             \
    assert_memory_equal(out, expected, len);                                                                 \
  } while (0)

#define assert_refused(block, at, why)                                                                       \
  do {                                                                                                       \
    size_t len;                                                                                              \
    assert_int_equal(unpack(block, sizeof(block) - 1, &len), OL_ERR_ENCODING);                               \
    assert_string_equal(error.reason, why);                                                                  \
    assert_int_equal(error.offset, at);                                                                      \
  } while (0)

static void reads_literals_and_copies(void **state) {
  (void)state;
  assert_unpacks("\0", "");
  assert_unpacks("\5\20hello", "hello");
  assert_unpacks("\7\10abc\1\3", "abcabca");           /* 4 bytes from 3 before: they repeat */
  assert_unpacks("\12\0a\25\1", "aaaaaaaaaa");         /* 9 from 1 before */
  assert_unpacks("\10\14abcd\16\4\0", "abcdabcd");     /* an offset of 2 bytes */
  assert_unpacks("\10\14abcd\17\4\0\0\0", "abcdabcd"); /* of 4 */
  assert_unpacks("\5\360\4hello", "hello");            /* a length of 1 byte where the tag has room */
  assert_unpacks("\5\364\4\0hello", "hello");          /* of 2 */
  assert_unpacks("\5\370\4\0\0hello", "hello");        /* of 3 */
  assert_unpacks("\5\374\4\0\0\0hello", "hello");      /* of 4 */
}

static void reads_long_literals_and_far_copies(void **state) {
  (void)state;
  enum { HEAD = 7, TAIL = 5, LITERAL = 70000, WHOLE = LITERAL + 64 + 11 };
  static uint8_t block[HEAD + LITERAL + TAIL] = {
      (WHOLE & 127) | 128, (WHOLE >> 7 & 127) | 128, WHOLE >> 14,         62 << 2,
      (LITERAL - 1) & 255, (LITERAL - 1) >> 8 & 255, (LITERAL - 1) >> 16,
  };
  for (size_t i = 0; i < LITERAL; i++) block[HEAD + i] = (uint8_t)(i * i >> 3);
  const uint8_t tail[TAIL] = {
      63 << 2 | 2,         0xff, 0xff, /* 64 bytes from 65535 before */
      7 << 5 | 7 << 2 | 1, 0xff,       /* 11 bytes from 2047 before */
  };
  memcpy(block + HEAD + LITERAL, tail, TAIL);
  size_t len;
  assert_int_equal(unpack(block, sizeof block, &len), OL_OK);
  assert_int_equal(len, WHOLE);
  assert_memory_equal(out, block + HEAD, LITERAL);
  assert_memory_equal(out + LITERAL, out + LITERAL - 65535, 64);
  assert_memory_equal(out + LITERAL + 64, out + LITERAL + 64 - 2047, 11);
}

static void refuses_a_wrong_length(void **state) {
  (void)state;
  assert_refused("", 0, "snappy length is cut short");
  assert_refused("\200", 1, "snappy length is cut short");
  assert_refused("\200\0", 1, "snappy length has a byte too many");
  assert_refused("\205\200\0", 2, "snappy length has a byte too many");
  assert_refused("\377\377\377\377\20", 4, "snappy length has more than 32 bits");
  assert_refused("\200\200\200\200\200\1", 5, "snappy length has more than 32 bits");
  assert_int_equal(ol_snappy_unpack(&error, out, 0, ol_slice_of("\200", 1)), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "snappy length is cut short");
  size_t len = 0;
  assert_int_equal(ol_snappy_len(&error, &len, ol_slice_of("\377\377\377\377\17", 5)), OL_OK);
  assert_true(len == UINT32_MAX);
}

static void refuses_data_of_another_length(void **state) {
  (void)state;
  assert_refused("\1", 1, "snappy data is shorter than its length");
  assert_refused("\6\20hello", 7, "snappy data is shorter than its length");
  assert_refused("\4\20hello", 1, "snappy data is longer than its length");
  assert_refused("\0\0a", 1, "snappy data is longer than its length");
  assert_refused("\6\10abc\1\3", 5, "snappy data is longer than its length");
  assert_refused("\7\14abcd\16\4\0", 6, "snappy data is longer than its length");
  assert_refused("\7\374\377\377\377\377hello", 1, "snappy data is longer than its length");
}

static void refuses_what_is_cut_short(void **state) {
  (void)state;
  assert_refused("\5\20hell", 1, "snappy literal is cut short");
  assert_refused("\5\20", 1, "snappy literal is cut short");
  assert_refused("\5\360", 1, "snappy element is cut short");
  assert_refused("\5\374\4\0\0", 1, "snappy element is cut short");
  assert_refused("\7\10abc\1", 5, "snappy element is cut short");
  assert_refused("\7\10abc\16\3", 5, "snappy element is cut short");
  assert_refused("\7\10abc\17\3\0\0", 5, "snappy element is cut short");
}

static void refuses_copies_of_nothing(void **state) {
  (void)state;
  assert_refused("\7\10abc\1\0", 5, "snappy copy is not of what came before");
  assert_refused("\7\10abc\1\4", 5, "snappy copy is not of what came before");
  assert_refused("\7\10abc\16\0\1", 5, "snappy copy is not of what came before");
  assert_refused("\7\10abc\17\377\377\377\377", 5, "snappy copy is not of what came before");
  assert_refused("\4\1\1", 1, "snappy copy is not of what came before");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_literals_and_copies), cmocka_unit_test(reads_long_literals_and_far_copies),
      cmocka_unit_test(refuses_a_wrong_length),    cmocka_unit_test(refuses_data_of_another_length),
      cmocka_unit_test(refuses_what_is_cut_short), cmocka_unit_test(refuses_copies_of_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
