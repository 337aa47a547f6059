/* SPDX-License-Identifier: MIT */
#include "crypto/nfkd.h"

#include "unit/bytes.h"

#include <utf8proc.h>

static ol_error error;

static size_t utf8_of(uint8_t out[4], int32_t c) {
  return (size_t)utf8proc_encode_char(c, out);
}

/* What utf8proc makes of a text. */
static size_t reference(uint8_t *out, size_t len, ol_slice text) {
  const int form = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE;
  uint8_t *made = NULL;
  ssize_t made_len = utf8proc_map(text.data, (ssize_t)text.len, &made, (utf8proc_option_t)form);
  assert_true(made_len >= 0 && (size_t)made_len <= len);
  memcpy(out, made, (size_t)made_len);
  free(made);
  return (size_t)made_len;
}

static void assert_as_reference(ol_slice text) {
  uint8_t ours[512], theirs[512];
  size_t len = 0, expected = reference(theirs, sizeof theirs, text);
  assert_int_equal(ol_nfkd(&error, ours, sizeof ours, &len, text), OL_OK);
  assert_int_equal(len, expected);
  assert_memory_equal(ours, theirs, len);
}

/* Each character alone; those that decompose or combine also between marks that must move before or behind them. */
static void normalizes_every_character_as_utf8proc_does(void **state) {
  (void)state;
  uint32_t count = 0;
  for (int32_t c = 1; c < 0x110000; c++) {
    uint8_t text[16] = {0};
    if (c >= 0xd800 && c < 0xe000) continue;
    size_t len = utf8_of(text, c);
    assert_as_reference(ol_slice_of(text, len));
    count++;
    const utf8proc_property_t *property = utf8proc_get_property(c);
    if (property->combining_class == 0 && property->decomp_seqindex == UINT16_MAX) continue;
    len += utf8_of(text + len, 0x0316); /* class 220 */
    len += utf8_of(text + len, 0x0334); /* class 1 */
    assert_as_reference(ol_slice_of(text, len));
    len += utf8_of(text + len, c);
    assert_as_reference(ol_slice_of(text, len));
  }
  assert_int_equal(count, 0x110000 - 0x800 - 1);
}

static void normalizes_random_texts_as_utf8proc_does(void **state) {
  (void)state;
  uint64_t random = 1;
  const int32_t ranges[][2] = {{0x20, 0x7f},     {0xa0, 0x180},    {0x300, 0x370},   {0x1100, 0x1200},
                               {0x3040, 0x3100}, {0xac00, 0xd7a4}, {0x900, 0xe00},   {0x1d400, 0x1d800},
                               {0xf900, 0xfb00}, {0x1ab0, 0x1b00}, {0xfe20, 0x10000}};
  for (int round = 0; round < 20000; round++) {
    uint8_t text[64];
    size_t len = 0;
    for (int i = 0; i < 12; i++) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      const int32_t *range = ranges[(random >> 33) % (sizeof ranges / sizeof ranges[0])];
      len += utf8_of(text + len, range[0] + (int32_t)((random >> 40) % (uint64_t)(range[1] - range[0])));
    }
    assert_as_reference(ol_slice_of(text, len));
  }
}

static void assert_refused(const char *text, size_t len, uint32_t offset) {
  uint8_t out[64];
  size_t out_len = 7;
  memset(out, 0xee, sizeof out);
  assert_int_equal(ol_nfkd(&error, out, sizeof out, &out_len, ol_slice_of(text, len)), OL_ERR_ENCODING);
  assert_int_equal(error.offset, offset);
  assert_int_equal(out_len, 7);
  for (uint32_t i = 0; i < offset; i++) assert_int_equal(out[i], 0);
}

static void refuses_what_is_no_utf8(void **state) {
  (void)state;
  assert_refused("ab\x80", 3, 2);               /* nothing to go on from */
  assert_refused("ab\xc3", 3, 2);               /* cut */
  assert_refused("\xc3\x28", 2, 0);             /* goes on with another */
  assert_refused("\xc0\xaf", 2, 0);             /* longer than it need be */
  assert_refused("\xe0\x80\xaf", 3, 0);         /* the same */
  assert_refused("\xf0\x80\x80\xaf", 4, 0);     /* the same */
  assert_refused("x\xed\xa0\x80", 4, 1);        /* half of a pair */
  assert_refused("\xf4\x90\x80\x80", 4, 0);     /* beyond the last */
  assert_refused("\xf8\x88\x80\x80\x80", 5, 0); /* of five bytes */
}

static void needs_memory_for_what_it_writes(void **state) {
  (void)state;
  uint8_t out[33];
  size_t len = 0;
  ol_slice longest = text_of("\xef\xb7\xba"); /* U+FDFA: 18 characters, 33 bytes */
  assert_int_equal(ol_nfkd(&error, out, 33, &len, longest), OL_OK);
  assert_int_equal(len, 33);
  assert_int_equal(ol_nfkd(&error, out, 32, &len, longest), OL_ERR_MEMORY);
  assert_int_equal(ol_nfkd(&error, out, 3, &len, text_of("abc")), OL_OK);
  assert_int_equal(ol_nfkd(&error, out, 2, &len, text_of("abc")), OL_ERR_MEMORY);
  assert_int_equal(ol_nfkd(&error, out, 0, &len, ol_slice_of(NULL, 0)), OL_OK);
  assert_int_equal(len, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(normalizes_every_character_as_utf8proc_does),
      cmocka_unit_test(normalizes_random_texts_as_utf8proc_does),
      cmocka_unit_test(refuses_what_is_no_utf8),
      cmocka_unit_test(needs_memory_for_what_it_writes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
