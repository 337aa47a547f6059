/* SPDX-License-Identifier: MIT */
#include "encoding/abi_read.h"

#include "encoding/abi_write.h"
#include "unit/bytes.h"

#define SELECTOR 0x01020304u

static ol_error error;

/* f(uint64,bytes[],(bool,string),bytes4,address): the parts that a call can have. */
static ol_slice example(uint8_t memory[1024]) {
  ol_abi_writer to;
  ol_slice input = {NULL, 0};
  uint8_t long_one[33];
  ol_u256 word = {{0xaa, 0xbb, 0xcc, 0xdd}};
  ol_address address;
  memset(long_one, 0xaa, sizeof long_one);
  count_up(address.bytes, sizeof address.bytes, 1);
  ol_abi_frame in = ol_abi_begin_call(&to, SELECTOR, 5, memory, 1024);
  ol_abi_put_u64(&to, &in, 7);
  ol_abi_frame items = ol_abi_put_array(&to, &in, 2, 2);
  ol_abi_put_bytes(&to, &items, ol_slice_of("", 0));
  ol_abi_put_bytes(&to, &items, ol_slice_of(long_one, sizeof long_one));
  ol_abi_frame tuple = ol_abi_put_tuple(&to, &in, 2);
  ol_abi_put_u64(&to, &tuple, 1);
  ol_abi_put_bytes(&to, &tuple, ol_slice_of("hi", 2));
  ol_abi_put_word(&to, &in, &word);
  ol_abi_put_address(&to, &in, &address);
  assert_int_equal(ol_abi_end(&error, &input, &to), OL_OK);
  return input;
}

typedef struct values {
  uint64_t number;
  size_t count;
  ol_slice items[2];
  bool truth;
  ol_slice text;
  uint8_t fixed[4];
  ol_address address;
} values;

static ol_status read_example(values *out, ol_slice input) {
  ol_abi_args from;
  ol_abi_frame in, items, tuple;
  OL_TRY(ol_abi_args_begin_call(&error, &from, &in, input, SELECTOR, 5));
  OL_TRY(ol_abi_take_u64(&error, &out->number, &from, &in));
  OL_TRY(ol_abi_take_array(&error, &items, &out->count, &from, &in, 1));
  for (size_t i = 0; i < out->count; i++)
    OL_TRY(ol_abi_take_bytes(&error, &out->items[i % 2], &from, &items));
  OL_TRY(ol_abi_take_tuple(&error, &tuple, &from, &in, 2));
  OL_TRY(ol_abi_take_bool(&error, &out->truth, &from, &tuple));
  OL_TRY(ol_abi_take_bytes(&error, &out->text, &from, &tuple));
  OL_TRY(ol_abi_take_fixed(&error, out->fixed, sizeof out->fixed, &from, &in));
  OL_TRY(ol_abi_take_address(&error, &out->address, &from, &in));
  return ol_abi_args_end(&error, &from);
}

static void reads_what_was_written(void **state) {
  (void)state;
  uint8_t memory[1024];
  values out;
  assert_int_equal(read_example(&out, example(memory)), OL_OK);
  assert_int_equal(out.number, 7);
  assert_int_equal(out.count, 2);
  assert_int_equal(out.items[0].len, 0);
  assert_int_equal(out.items[1].len, 33);
  assert_int_equal(out.items[1].data[32], 0xaa);
  assert_true(out.truth);
  assert_int_equal(out.text.len, 2);
  assert_memory_equal(out.text.data, "hi", 2);
  assert_bytes(out.fixed, 4, "aabbccdd");
  assert_bytes(out.address.bytes, 20, "0102030405060708090a0b0c0d0e0f1011121314");
}

/* Of the example nothing can be changed but what its values are: each bit is a value's, or is missed. */
static void gives_no_two_inputs_the_same_values(void **state) {
  (void)state;
  uint8_t memory[1024];
  values good, out;
  const ol_slice input = example(memory);
  assert_int_equal(read_example(&good, input), OL_OK);
  for (size_t bit = 0; bit < 8 * input.len; bit++) {
    memory[bit / 8] ^= (uint8_t)(1u << bit % 8);
    if (read_example(&out, input) == OL_OK) {
      bool same = out.number == good.number && out.truth == good.truth && out.count == good.count;
      same = same && memcmp(out.fixed, good.fixed, 4) == 0 && memcmp(&out.address, &good.address, 20) == 0;
      /* What slices point to has changed with the input, so it is the places that are compared. */
      const uint8_t *at = &memory[bit / 8];
      bool in_text = at >= out.text.data && at < out.text.data + out.text.len;
      bool in_item = at >= out.items[1].data && at < out.items[1].data + out.items[1].len;
      bool lengths = out.text.len != good.text.len || out.items[1].len != good.items[1].len;
      assert_true(!same || in_text || in_item || lengths || out.items[0].len != good.items[0].len);
    }
    memory[bit / 8] ^= (uint8_t)(1u << bit % 8);
  }
}

static void refuses_what_is_cut_short_or_longer(void **state) {
  (void)state;
  uint8_t memory[1024];
  values out;
  const ol_slice input = example(memory);
  for (size_t len = 0; len < input.len; len++)
    assert_int_equal(read_example(&out, ol_slice_of(memory, len)), OL_ERR_ENCODING);
  memset(memory + input.len, 0, 32);
  assert_int_equal(read_example(&out, ol_slice_of(memory, input.len + 32)), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "something is left behind the ABI data");
  assert_int_equal(error.offset, input.len);
  memory[3]++;
  assert_int_equal(read_example(&out, input), OL_ERR_MISMATCH);
}

static void refuses_ends_that_are_missing(void **state) {
  (void)state;
  uint8_t memory[1024] = {1, 2, 3, 4}, words[96] = {0};
  ol_abi_args from;
  ol_abi_frame in;
  ol_slice out;
  assert_int_equal(ol_abi_args_begin_call(&error, &from, &in, ol_slice_of(memory, 3), SELECTOR, 0),
                   OL_ERR_ENCODING);
  assert_string_equal(error.reason, "input has no selector");
  words[31] = 32;
  words[63] = 1;
  assert_int_equal(ol_abi_args_begin(&error, &from, &in, ol_slice_of(words, 95), 1), OL_OK);
  assert_int_equal(ol_abi_take_bytes(&error, &out, &from, &in), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "padding of ABI bytes is cut short");
}

static void refuse_byte(size_t at, uint8_t value, size_t place, const char *reason) {
  uint8_t memory[1024];
  values out;
  const ol_slice input = example(memory);
  memory[at] = value;
  assert_int_equal(read_example(&out, input), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  assert_int_equal(error.offset, place);
}

/* Words behind the selector: 0 number, 1 array, 2 tuple, 3 fixed, 4 address, 5 count, 6 and 7 items, 8 length of
 * nothing, 9 length, 10 and 11 bytes, 12 truth, 13 text, 14 its length, 15 its bytes. */
static size_t byte_of(size_t word, size_t byte) {
  return 4 + 32 * word + byte;
}

static void refuses_each_word_that_is_wrong(void **state) {
  (void)state;
  refuse_byte(byte_of(0, 23), 1, byte_of(0, 23), "ABI value is out of range");
  refuse_byte(byte_of(1, 31), 0x80, byte_of(1, 0), "ABI value is not where it belongs"); /* backwards */
  refuse_byte(byte_of(1, 30), 9, byte_of(1, 0), "ABI value is not where it belongs");    /* outside */
  refuse_byte(byte_of(1, 0), 0x80, byte_of(1, 0), "ABI value is out of range");
  refuse_byte(byte_of(7, 31), 0x40, byte_of(7, 0), "ABI value is not where it belongs"); /* the first again */
  refuse_byte(byte_of(5, 28), 1, byte_of(5, 0), "ABI length is more than the data has");
  refuse_byte(byte_of(9, 24), 1, byte_of(9, 0), "ABI length is more than the data has");
  refuse_byte(byte_of(11, 31), 1, byte_of(11, 31), "padding of ABI bytes is not zero");
  refuse_byte(byte_of(12, 31), 2, byte_of(12, 31), "ABI bool is neither 0 nor 1");
  refuse_byte(byte_of(12, 30), 1, byte_of(12, 30), "ABI value is out of range");
  refuse_byte(byte_of(3, 4), 1, byte_of(3, 4), "padding of ABI bytes is not zero");
  refuse_byte(byte_of(4, 11), 1, byte_of(4, 11), "ABI value is out of range");
}

static void reads_numbers_up_to_their_width(void **state) {
  (void)state;
  uint8_t words[64] = {0};
  ol_abi_args from;
  ol_abi_frame in;
  ol_u256 out;
  words[12] = 0x80;
  words[32 + 11] = 1;
  assert_int_equal(ol_abi_args_begin(&error, &from, &in, ol_slice_of(words, 64), 2), OL_OK);
  assert_int_equal(ol_abi_take_uint(&error, &out, 160, &from, &in), OL_OK);
  assert_int_equal(out.bytes[12], 0x80);
  assert_int_equal(ol_abi_take_uint(&error, &out, 160, &from, &in), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 32 + 11);
  uint8_t bytes[4];
  ol_abi_args cut;
  ol_abi_frame unused;
  assert_int_equal(ol_abi_args_begin(&error, &cut, &unused, ol_slice_of(words, 63), 2), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI data is cut short");
  assert_int_equal(ol_abi_read_uint(&error, &out, 160, ol_slice_of(words, 64), 33), OL_ERR_ENCODING);
  assert_int_equal(ol_abi_read_fixed(&error, bytes, 4, ol_slice_of(words, 64), 33), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI word is cut short");
  in.next = 32;
  assert_int_equal(ol_abi_take_word(&error, &out, &from, &in), OL_OK);
  assert_int_equal(out.bytes[11], 1);
}

/* Items of several words each: a count that only fits when they are counted as one word. */
static void counts_the_words_of_items(void **state) {
  (void)state;
  uint8_t words[128] = {0};
  ol_abi_args from;
  ol_abi_frame in, items;
  size_t count = 0;
  words[31] = 32;
  words[63] = 2;
  assert_int_equal(ol_abi_args_begin(&error, &from, &in, ol_slice_of(words, 128), 1), OL_OK);
  assert_int_equal(ol_abi_take_array(&error, &items, &count, &from, &in, 2), OL_ERR_ENCODING);
  words[63] = 1;
  assert_int_equal(ol_abi_args_begin(&error, &from, &in, ol_slice_of(words, 128), 1), OL_OK);
  assert_int_equal(ol_abi_take_array(&error, &items, &count, &from, &in, 2), OL_OK);
  assert_int_equal(count, 1);
  assert_int_equal(items.next, 64);
  assert_int_equal(ol_abi_args_end(&error, &from), OL_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_what_was_written),
      cmocka_unit_test(gives_no_two_inputs_the_same_values),
      cmocka_unit_test(refuses_what_is_cut_short_or_longer),
      cmocka_unit_test(refuses_ends_that_are_missing),
      cmocka_unit_test(refuses_each_word_that_is_wrong),
      cmocka_unit_test(reads_numbers_up_to_their_width),
      cmocka_unit_test(counts_the_words_of_items),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
