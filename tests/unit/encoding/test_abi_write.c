/* SPDX-License-Identifier: MIT */
#include "encoding/abi_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* f(uint256,bytes[],(bool,string)) of 7, two byte strings and a tuple, as the specification's rules give it. */
static void write_example(ol_abi_writer *to, void *memory, size_t len) {
  uint8_t long_one[33];
  memset(long_one, 0xaa, sizeof long_one);
  ol_abi_frame in = ol_abi_begin_call(to, 0x01020304, 3, memory, len);
  ol_abi_put_u64(to, &in, 7);
  ol_abi_frame items = ol_abi_put_array(to, &in, 2, 2);
  ol_abi_put_bytes(to, &items, ol_slice_of("", 0));
  ol_abi_put_bytes(to, &items, ol_slice_of(long_one, sizeof long_one));
  ol_abi_frame tuple = ol_abi_put_tuple(to, &in, 2);
  ol_abi_put_u64(to, &tuple, 1);
  ol_abi_put_bytes(to, &tuple, ol_slice_of("hi", 2));
}

static uint64_t word_at(ol_slice input, size_t index) {
  uint64_t value = 0;
  ol_error error;
  assert_int_equal(ol_abi_read_u64(&error, &value, input, 4 + 32 * index), OL_OK);
  return value;
}

static void puts_what_is_dynamic_behind_the_heads(void **state) {
  static const uint64_t numbers[] = {7, 96, 320, 2, 64, 96, 0, 33};
  uint8_t memory[1024];
  ol_abi_writer to;
  ol_slice input;
  ol_error error;
  (void)state;
  memset(memory, 0xff, sizeof memory);
  write_example(&to, memory, sizeof memory);
  assert_int_equal(ol_abi_end(&error, &input, &to), OL_OK);
  assert_int_equal(input.len, 4 + 32 * 14);
  assert_memory_equal(input.data, "\1\2\3\4", 4);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    assert_int_equal(word_at(input, i), numbers[i]);
  assert_true(ol_is_zero(ol_slice_of(input.data + 4 + 32 * 8 + 33, 31)));
  assert_int_equal(word_at(input, 10), 1);
  assert_int_equal(word_at(input, 11), 64);
  assert_int_equal(word_at(input, 12), 2);
  assert_memory_equal(input.data + 4 + 32 * 13, "hi", 3);
}

static void refuses_memory_that_is_too_small(void **state) {
  uint8_t memory[4 + 32 * 14];
  ol_slice input;
  ol_error error;
  (void)state;
  for (size_t len = 0; len <= sizeof memory; len++) {
    ol_abi_writer to;
    memset(memory, 0xee, sizeof memory);
    write_example(&to, memory, len);
    assert_int_equal(ol_abi_end(&error, &input, &to), len == sizeof memory ? OL_OK : OL_ERR_MEMORY);
    for (size_t i = len; i < sizeof memory; i++) assert_int_equal(memory[i], 0xee);
  }
}

static void refuses_more_words_than_there_can_be(void **state) {
  uint8_t memory[128];
  ol_abi_writer to;
  ol_slice input;
  ol_error error;
  (void)state;
  ol_abi_frame in = ol_abi_begin(&to, 1, memory, sizeof memory);
  ol_abi_put_array(&to, &in, 1, SIZE_MAX / 32 + 2); /* whose bytes would wrap around to 32 */
  assert_int_equal(ol_abi_end(&error, &input, &to), OL_ERR_MEMORY);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(puts_what_is_dynamic_behind_the_heads),
      cmocka_unit_test(refuses_memory_that_is_too_small),
      cmocka_unit_test(refuses_more_words_than_there_can_be),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
