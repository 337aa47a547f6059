/* SPDX-License-Identifier: MIT */
#include "openledger/abi.h"

#include "encoding/abi_type.h"
#include "unit/bytes.h"

#define ROOM ((size_t)1 << 18)

static ol_error error;
static uint8_t memory[ROOM];
static uint8_t data[8192];

/*
 * Makes data of words in hex, with spaces between them: "20" is the number 32, "<6869" are bytes at the front, and
 * "*ff" is a word of that byte.
 */
static ol_slice words(const char *text) {
  size_t used = 0;
  while (*text != '\0') {
    char digits[65];
    size_t len = strcspn(text, " ");
    const bool in_front = text[0] == '<', all = text[0] == '*';
    const char *from = text + (in_front || all);
    const size_t count = len - (in_front || all);
    assert_true(count <= 64 && used + 32 <= sizeof data);
    memset(digits, '0', 64);
    digits[64] = '\0';
    memcpy(digits + (in_front ? 0 : 64 - count), from, count);
    from_hex(data + used, 32, digits);
    if (all) memset(data + used, data[used + 31], 32);
    used += 32;
    text += len + (text[len] == ' ');
  }
  return ol_slice_of(data, used);
}

static void assert_text(ol_slice text, const char *expected) {
  char copy[4096];
  assert_true(text.len < sizeof copy);
  memcpy(copy, text.data, text.len);
  copy[text.len] = '\0';
  assert_string_equal(copy, expected);
}

static ol_status encode(ol_slice *out, const char *signature, const char *arguments) {
  return ol_abi_encode_text(&error, out, text_of(signature), text_of(arguments), memory, ROOM);
}

static void encodes(const char *list, const char *arguments, const char *expected) {
  ol_slice out;
  assert_int_equal(encode(&out, list, arguments), OL_OK);
  ol_slice wanted = words(expected);
  assert_int_equal(out.len, wanted.len);
  assert_memory_equal(out.data, wanted.data, out.len);
}

static ol_status decode(ol_abi_decoded *out, const char *list, const char *encoded) {
  return ol_abi_decode_text(&error, out, text_of(list), OL_ABI_INPUT, words(encoded), memory, ROOM);
}

static void decodes(const char *list, const char *encoded, bool canonical, const char *expected) {
  ol_abi_decoded out;
  assert_int_equal(decode(&out, list, encoded), OL_OK);
  assert_text(out.json, expected);
  assert_int_equal(out.canonical, canonical);
}

/* Both ways. */
static void agrees(const char *list, const char *values, const char *encoded) {
  encodes(list, values, encoded);
  decodes(list, encoded, true, values);
}

static void refuses_values(const char *list, const char *arguments, size_t place, const char *reason) {
  ol_slice out;
  assert_int_equal(encode(&out, list, arguments), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  assert_int_equal(error.offset, place);
}

static void refuses_data(const char *list, const char *encoded, size_t place, const char *reason) {
  ol_abi_decoded out;
  assert_int_equal(decode(&out, list, encoded), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  assert_int_equal(error.offset, place);
}

/* --- Values --- */

static void every_type_both_ways(void **state) {
  (void)state;
  agrees("(uint8,bool,bytes4)", "[\"255\",true,\"0xaabbccdd\"]", "ff 1 <aabbccdd");
  agrees("(int8,int256)", "[\"-128\",\"-1\"]",
         "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff80 *ff");
  agrees("(address)", "[\"0x52908400098527886E0F7030069857D2E4169EE7\"]",
         "52908400098527886E0F7030069857D2E4169EE7");
  agrees("(function)", "[\"0x000102030405060708090a0b0c0d0e0f1011121314151617\"]",
         "<000102030405060708090a0b0c0d0e0f1011121314151617");
  agrees("(string,bytes)", "[\"hi\",\"0x01\"]", "40 80 2 <6869 1 <01");
  agrees("((uint8 a,string b) t)", "{\"t\":{\"a\":\"1\",\"b\":\"hi\"}}", "20 1 40 2 <6869");
  agrees("(uint8[],uint16)", "[[\"1\",\"2\"],\"3\"]", "40 3 2 1 2");
  agrees("()", "[]", "");
  agrees("((),uint8)", "[[],\"1\"]", "1");
  agrees("(uint8[0],uint8)", "[[],\"1\"]", "1");
  agrees("(string[0],uint8)", "[[],\"1\"]", "40 1");
  agrees("(string[0][])", "[[[],[]]]", "20 2 40 40");
}

/* Two arrays of two, whose order others have had wrong. */
static void arrays_of_arrays(void **state) {
  (void)state;
  agrees("(uint8[2][2])", "[[[\"1\",\"2\"],[\"3\",\"4\"]]]", "1 2 3 4");
  agrees("(uint8[2][3])", "[[[\"1\",\"2\"],[\"3\",\"4\"],[\"5\",\"6\"]]]", "1 2 3 4 5 6");
  agrees("(uint8[2][])", "[[[\"1\",\"2\"]]]", "20 1 1 2");
  agrees("(uint8[][2])", "[[[\"1\",\"2\"],[]]]", "20 40 a0 2 1 2 0");
  agrees("(string[2][2])", "[[[\"a\",\"b\"],[\"c\",\"\"]]]", "20 40 100 40 80 1 <61 1 <62 40 80 1 <63 0");
  agrees("((uint8 a,uint8 b)[2] p)", "{\"p\":[{\"a\":\"1\",\"b\":\"2\"},{\"a\":\"3\",\"b\":\"4\"}]}",
         "1 2 3 4");
}

static void an_empty_array_before_a_tuple(void **state) {
  (void)state;
  agrees("(uint8[] a,(uint8 x,string y) b)", "{\"a\":[],\"b\":{\"x\":\"7\",\"y\":\"\"}}", "40 60 0 7 40 0");
  agrees("((uint8[],(string,bool)))", "[[[],[\"\",true]]]", "20 40 60 0 40 1 0");
}

static void empty_bytes(void **state) {
  (void)state;
  agrees("(bytes,string)", "[\"0x\",\"\"]", "40 60 0 0");
  refuses_values("(bytes)", "[\"\"]", 2, "hex does not begin with 0x");
  refuses_values("(bytes)", "[\"0x0\"]", 5, "hex has an odd number of digits");
  refuses_values("(bytes)", "[\"0x0g\"]", 5, "character is not a hex digit");
  refuses_values("(bytes1)", "[\"0x\"]", 2, "hex has the wrong length");
  refuses_values("(bytes1)", "[\"0x0102\"]", 2, "hex has the wrong length");
}

static void integers_of_any_form(void **state) {
  (void)state;
  encodes("(uint8[7])", "[[1,\"2\",\"0x3\",\"0x04\",-0,\"-0\",255]]", "1 2 3 4 0 0 ff");
  encodes("(int16[4])", "[[-1,\"-0x8000\",\"32767\",\"-32768\"]]",
          "*ff ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8000 7fff "
          "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8000");
  encodes("(uint256)", "[115792089237316195423570985008687907853269984665640564039457584007913129639935]",
          "*ff");
  encodes("(int256)", "[\"-57896044618658097711785492504343953926634992332820282019728792003956564819968\"]",
          "<80");
}

static void integers_out_of_range(void **state) {
  (void)state;
  static const char range[] = "integer is out of its type's range";
  refuses_values("(uint8)", "[256]", 1, range);
  refuses_values("(uint8)", "[-1]", 1, "unsigned integer is negative");
  refuses_values("(int8)", "[128]", 1, range);
  refuses_values("(int8)", "[-129]", 1, range);
  refuses_values("(int8)", "[\"-384\"]", 2, range);
  refuses_values("(int256)", "[\"0x8000000000000000000000000000000000000000000000000000000000000000\"]", 2,
                 range);
  refuses_values("(int256)",
                 "[\"-57896044618658097711785492504343953926634992332820282019728792003956564819969\"]", 2,
                 range);
  refuses_values("(uint256)",
                 "[115792089237316195423570985008687907853269984665640564039457584007913129639936]", 78,
                 "number is 2^256 or more");
  refuses_values("(uint8)", "[1.5]", 2, "character is not a decimal digit");
  refuses_values("(uint8)", "[1e1]", 2, "character is not a decimal digit");
  refuses_values("(uint8)", "[\" 1\"]", 2, "character is not a decimal digit");
  refuses_values("(uint8)", "[\"--1\"]", 3, "character is not a decimal digit");
  refuses_values("(uint8)", "[\"\"]", 2, "number has no digits");
  refuses_values("(uint8)", "[\"-\"]", 3, "number has no digits");
  refuses_values("(uint8)", "[true]", OL_NOWHERE, "integer is neither a number nor a string");
}

static void values_of_another_shape(void **state) {
  (void)state;
  static const char number[] = "number of values is not that of the type";
  ol_slice out;
  refuses_values("(uint8)", "[]", 0, number);
  refuses_values("(uint8)", "[1,2]", 0, number);
  refuses_values("(uint8[2])", "[[1,2,3]]", OL_NOWHERE, number);
  refuses_values("(uint8 a)", "{\"a\":1,\"b\":2}", 0, number);
  refuses_values("(uint8 a)", "{\"b\":1}", 0, "object has no member of this name");
  refuses_values("(uint8)", "{\"a\":1}", 0, "object for a tuple whose members have no names");
  refuses_values("(uint8[])", "[{\"a\":1}]", OL_NOWHERE, "JSON value is not an array");
  refuses_values("(bool)", "[1]", 1, "JSON value is not true or false");
  refuses_values("(string)", "[1]", 1, "JSON value is not a string");
  refuses_values("(address)", "[\"0x52908400098527886E0F7030069857D2E4169Ee7\"]", 42,
                 "address has a wrong checksum (EIP-55): mistyped?");
  assert_string_equal(error.part, "argument");
  refuses_values("(address)", "[1]", 1, "JSON value is not a string");
  assert_int_equal(encode(&out, "(bool[4194304][])", "[[[],[]]]"), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "array is too large");
  assert_int_equal(encode(&out, "(uint8 a)", "{\"a\":1,\"a\":1}"), OL_ERR_ENCODING);
  assert_string_equal(error.part, "arguments");
  assert_int_equal(encode(&out, "(uint8", "[1]"), OL_ERR_ENCODING);
  assert_string_equal(error.part, "signature");
  assert_int_equal(encode(&out, "event E()", "[]"), OL_ERR_ARGUMENT);
  ol_abi_described described;
  assert_int_equal(ol_abi_describe(&error, &described, text_of("(uint8"), memory, ROOM), OL_ERR_ENCODING);
  assert_string_equal(error.part, "signature");
}

static void arguments_by_name_in_any_order(void **state) {
  (void)state;
  encodes("(uint8 a,(bool b,uint8 c) d)", "{\"d\":{\"c\":3,\"b\":true},\"a\":1}", "1 1 3");
  encodes("(uint8 a,(bool b,uint8 c) d)", "[1,[true,3]]", "1 1 3");
}

static void the_argument_at_fault_is_named(void **state) {
  (void)state;
  ol_slice out;
  char line[128];
  assert_int_equal(encode(&out, "(uint8,(bool,uint8[])[2])", "[1,[[true,[]],[true,[1,2,256]]]]"),
                   OL_ERR_ENCODING);
  ol_error_text(&error, line, sizeof line);
  assert_string_equal(line, "argument[1] item[2] byte 25: integer is out of its type's range");
  ol_abi_decoded decoded;
  assert_int_equal(decode(&decoded, "(uint8,bool[])", "1 40 2 1 2"), OL_ERR_ENCODING);
  ol_error_text(&error, line, sizeof line);
  assert_string_equal(line, "argument[1] item[1] byte 159: ABI bool is neither 0 nor 1");
}

static void selectors(void **state) {
  (void)state;
  static const char signature[] = "function f(uint8) returns (uint8 x)";
  ol_slice out;
  ol_abi_decoded decoded;
  ol_abi_described described;
  assert_int_equal(ol_abi_describe(&error, &described, text_of(signature), memory, ROOM), OL_OK);
  assert_text(described.text, "f(uint8)");
  assert_int_equal(described.form, OL_ABI_FUNCTION);
  uint8_t input[36];
  assert_int_equal(encode(&out, signature, "[5]"), OL_OK);
  assert_int_equal(out.len, 36);
  memcpy(input, out.data, 36);
  assert_int_equal(ol_abi_describe(&error, &described, text_of(signature), memory, ROOM), OL_OK);
  assert_memory_equal(input, described.hash.bytes, 4);
  const ol_slice all = ol_slice_of(input, 36);
  assert_int_equal(ol_abi_decode_text(&error, &decoded, text_of(signature), OL_ABI_INPUT, all, memory, ROOM),
                   OL_OK);
  assert_text(decoded.json, "[\"5\"]");
  assert_int_equal(decoded.canonical, 1);
  assert_int_equal(ol_abi_decode_text(&error, &decoded, text_of(signature), OL_ABI_OUTPUT,
                                      ol_slice_of(input + 4, 32), memory, ROOM),
                   OL_OK);
  assert_text(decoded.json, "{\"x\":\"5\"}");
  input[0]++;
  assert_int_equal(ol_abi_decode_text(&error, &decoded, text_of(signature), OL_ABI_INPUT, all, memory, ROOM),
                   OL_ERR_MISMATCH);
  assert_int_equal(ol_abi_decode_text(&error, &decoded, text_of(signature), OL_ABI_INPUT,
                                      ol_slice_of(input, 3), memory, ROOM),
                   OL_ERR_ENCODING);
  assert_int_equal(
      ol_abi_decode_text(&error, &decoded, text_of("f(uint8)"), OL_ABI_OUTPUT, all, memory, ROOM),
      OL_ERR_ARGUMENT);
  assert_int_equal(
      ol_abi_decode_text(&error, &decoded, text_of("event E()"), OL_ABI_INPUT, all, memory, ROOM),
      OL_ERR_ARGUMENT);
  assert_int_equal(encode(&out, "constructor(uint8)", "[5]"), OL_OK);
  assert_int_equal(out.len, 32);
}

/* --- Data that is not sound --- */

static void offsets_that_lead_astray(void **state) {
  (void)state;
  refuses_data("(string)", "0 0", 0, "ABI offset leads backwards");
  refuses_data("(uint8,string)", "1 20 0", 32, "ABI offset leads backwards");
  refuses_data("(string)", "60 0", 0, "ABI offset leads out of the data");
  refuses_data("(string)", "40 0", 64, "ABI data is cut short");
  refuses_data("(string)", "21 0", 64, "ABI data is cut short");
  refuses_data("(string)", "ffffffffffffffff 0", 0, "ABI offset leads out of the data");
  refuses_data("(string)", "<80 0", 0, "ABI value is out of range");
  refuses_data("((string))", "20 0 0", 32,
               "ABI offset leads backwards"); /* from the tuple on, not from the start */
  refuses_data("(uint8[])", "60 0", 0, "ABI offset leads out of the data");
  refuses_data("((string))", "0 0", 0, "ABI offset leads backwards");
  refuses_data("(uint8)", "", 0, "ABI data is cut short");
  refuses_data("((uint8,uint8)[])", "20 1 1", 32, "ABI length is more than the data has");
}

static void lengths_beyond_the_data(void **state) {
  (void)state;
  refuses_data("(uint8[])", "20 100000000", 32, "ABI length is more than the data has");
  refuses_data("(uint8[])", "20 2 1", 32, "ABI length is more than the data has");
  refuses_data("(string[0][])", "20 100000000", 32, "ABI length is more than the data has");
  refuses_data("(bytes)", "20 <80", 32, "ABI value is out of range");
  refuses_data("(bytes)", "20 ffffffffffffffff", 32, "ABI length is more than the data has");
  refuses_data("(bytes)", "20 21 <00", 32, "ABI length is more than the data has");
  refuses_data("(uint8[3])", "1 2", 64, "ABI data is cut short");
  refuses_data("(string[4194304])", "20 0", 64, "ABI data is cut short");
  ol_abi_decoded out;
  ol_slice cut = words("20 1 <01");
  cut.len--; /* of the padding */
  assert_int_equal(ol_abi_decode_text(&error, &out, text_of("(bytes)"), OL_ABI_INPUT, cut, memory, ROOM),
                   OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI data is cut short");
}

static void dirty_padding(void **state) {
  (void)state;
  refuses_data("(uint8)", "100", 30, "ABI value is out of range");
  refuses_data("(int8)", "80", 0, "ABI value is out of range");
  refuses_data("(int8)", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", 0,
               "ABI value is out of range");
  refuses_data("(bool)", "2", 31, "ABI bool is neither 0 nor 1");
  refuses_data("(bool)", "100", 30, "ABI value is out of range");
  refuses_data("(address)", "10000000000000000000000000000000000000000", 11, "ABI value is out of range");
  refuses_data("(bytes2)", "<aabbcc", 2, "padding of ABI bytes is not zero");
  refuses_data("(bytes)", "20 2 <aabbcc", 66, "padding of ABI bytes is not zero");
  refuses_data("(string)", "20 1 <ff", 64, "string is not UTF-8");
}

static void says_what_is_not_canonical(void **state) {
  (void)state;
  decodes("(string)", "20 2 <6869", true, "[\"hi\"]");
  decodes("(string)", "20 2 <6869 0", false, "[\"hi\"]");                     /* something behind it */
  decodes("(string)", "40 7 2 <6869", false, "[\"hi\"]");                     /* a gap */
  decodes("(string,string)", "80 40 1 <61 1 <62", false, "[\"b\",\"a\"]");    /* in another order */
  decodes("(string,string,uint8[6])", "100 100 0 0 0 0 0 0 1 <61 0 0", false, /* the same */
          "[\"a\",\"a\",[\"0\",\"0\",\"0\",\"0\",\"0\",\"0\"]]");
}

/* 16 arrays, each of which has so many offsets to the one that follows: 6^8 strings, if all of them were read. */
static void an_abi_bomb(void **state) {
  (void)state;
  char text[2048] = "";
  ol_abi_decoded out;
  for (int i = 0; i < 8; i++) strcat(text, i == 0 ? "20 6 c0 c0 c0 c0 c0 c0 " : "6 c0 c0 c0 c0 c0 c0 ");
  strcat(text, "0");
  assert_int_equal(decode(&out, "(string[][][][][][][][])", text), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI values share bytes, and are longer than all of the data");
}

typedef ol_status (*with_memory)(ol_slice *out, size_t len);

static ol_status describe_within(ol_slice *out, size_t len) {
  ol_abi_described described;
  OL_TRY(ol_abi_describe(&error, &described, text_of("f(uint)"), memory, len));
  *out = described.text;
  return OL_OK;
}

static ol_status encode_within(ol_slice *out, size_t len) {
  return ol_abi_encode_text(&error, out, text_of("(bytes)"), text_of("[\"0x01\"]"), memory, len);
}

static ol_status decode_within(ol_slice *out, size_t len) {
  ol_abi_decoded decoded;
  OL_TRY(ol_abi_decode_text(&error, &decoded, text_of("(string[])"), OL_ABI_INPUT, words("20 1 20 2 <6869"),
                            memory, len));
  *out = decoded.json;
  return OL_OK;
}

static ol_status explain_within(ol_slice *out, size_t len) {
  ol_abi_decoded decoded;
  OL_TRY(ol_abi_revert_text(&error, &decoded, NULL, 0, ol_slice_of("\x01\x02", 2), memory, len));
  *out = decoded.json;
  return OL_OK;
}

static void memory_that_is_too_small(void **state) {
  (void)state;
  static const with_memory each[] = {describe_within, encode_within, decode_within, explain_within};
  for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
    ol_slice out = {NULL, 0}, expected = {NULL, 0};
    uint8_t copy[128];
    assert_int_equal(each[i](&expected, ROOM), OL_OK);
    assert_true(expected.len > 0 && expected.len <= sizeof copy);
    memcpy(copy, expected.data, expected.len);
    size_t len = 0;
    while (each[i](&out, len) == OL_ERR_MEMORY) len++;
    assert_in_range(len, 1, 20480);
    assert_int_equal(out.len, expected.len);
    assert_memory_equal(out.data, copy, out.len);
  }
}

/* --- Packed --- */

static ol_status pack(ol_slice *out, const char *list, const char *values) {
  return ol_abi_packed_text(&error, out, text_of(list), text_of(values), memory, ROOM);
}

static void packs(const char *list, const char *values, const char *digits) {
  ol_slice out;
  assert_int_equal(pack(&out, list, values), OL_OK);
  assert_int_equal(out.len, strlen(digits) / 2);
  assert_bytes(out.data, out.len, digits);
}

static void packs_as_solidity_does(void **state) {
  (void)state;
  packs("(int16,bytes1,uint16,string)", "[-1,\"0x42\",3,\"Hello, world!\"]",
        "ffff42000348656c6c6f2c20776f726c6421"); /* the example of Solidity's documentation */
  packs("(bool,address)", "[true,\"0x52908400098527886E0F7030069857D2E4169EE7\"]",
        "0152908400098527886E0F7030069857D2E4169EE7");
  packs("(uint8[],bytes)", "[[1],\"0x0203\"]",
        "00000000000000000000000000000000000000000000000000000000000000010203");
  packs("(bytes2[1][1])", "[[[\"0xaabb\"]]]",
        "aabb000000000000000000000000000000000000000000000000000000000000");
  packs("f(uint8)", "[1]", "01");
  packs("(uint8[])", "[[]]", "");
}

static void does_not_pack_what_solidity_does_not(void **state) {
  (void)state;
  static const char no_size[] = "arrays of what has no fixed size cannot be packed";
  ol_slice out;
  static const struct {
    const char *list, *values, *reason;
  } rows[] = {{"((uint8))", "[[1]]", "tuples cannot be packed"},
              {"((uint8)[])", "[[[1]]]", "tuples cannot be packed"},
              {"(uint8[][])", "[[[1]]]", no_size},
              {"(uint8[][1])", "[[[1]]]", no_size},
              {"(string[])", "[[\"a\"]]", no_size},
              {"(bytes[1])", "[[\"0x\"]]", no_size}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    assert_int_equal(pack(&out, rows[i].list, rows[i].values), OL_ERR_ENCODING);
    assert_string_equal(error.reason, rows[i].reason);
  }
}

/* --- Events and what is reverted --- */

static ol_status read_event(ol_abi_decoded *out, const char *signature, const char *topics,
                            const char *encoded) {
  ol_hash hashes[5];
  ol_slice bytes = words(topics);
  memcpy(hashes, bytes.data, bytes.len);
  return ol_abi_event_text(&error, out, text_of(signature), hashes, bytes.len / 32, words(encoded), memory,
                           ROOM);
}

#define TRANSFER "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"

static void reads_events(void **state) {
  (void)state;
  static const char transfer[] = "event Transfer(address indexed from, uint256 value, address indexed to)";
  static const char odd[] = "event E(string indexed a, (uint8,uint8) indexed b, bool indexed c, string d, "
                            "int8 indexed e) anonymous";
  ol_abi_decoded out;
  assert_int_equal(read_event(&out, "event Transfer(address indexed a, address indexed b, uint256 c)",
                              TRANSFER " 0 0", "7"),
                   OL_OK);
  assert_text(out.json, "{\"a\":\"0x0000000000000000000000000000000000000000\","
                        "\"b\":\"0x0000000000000000000000000000000000000000\",\"c\":\"7\"}");
  assert_int_equal(out.canonical, 1);
  assert_int_equal(read_event(&out, transfer, TRANSFER " 0 0", "7"), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "event is another one");
  assert_int_equal(read_event(&out, "event Transfer(address,address,uint256)", TRANSFER " 0", "7"),
                   OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "event has another number of topics");
  assert_int_equal(read_event(&out, odd, "*11 *22 1 *ff", "20 2 <6869"), OL_OK);
  assert_text(out.json,
              "{\"a\":{\"hash\":\"0x1111111111111111111111111111111111111111111111111111111111111111\"},"
              "\"b\":{\"hash\":\"0x2222222222222222222222222222222222222222222222222222222222222222\"},"
              "\"c\":true,\"d\":\"hi\",\"e\":\"-1\"}");
  assert_int_equal(read_event(&out, odd, "*11 *22 2 *ff", "20 2 <6869"), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI bool is neither 0 nor 1");
  assert_int_equal(error.item, 2);
  assert_int_equal(read_event(&out, "f(uint8)", "0", ""), OL_ERR_ARGUMENT);
  assert_int_equal(read_event(&out, "event E(", "0", ""), OL_ERR_ENCODING);
  assert_string_equal(error.part, "signature");
}

static void reverts(const char *digits, bool own, const char *expected) {
  uint8_t bytes[256];
  const ol_slice errors[] = {text_of("error Unpaid(uint256 owed)"), text_of("Late()")};
  ol_abi_decoded out;
  from_hex(bytes, strlen(digits) / 2, digits);
  assert_int_equal(ol_abi_revert_text(&error, &out, errors, own ? 2 : 0,
                                      ol_slice_of(bytes, strlen(digits) / 2), memory, ROOM),
                   OL_OK);
  assert_text(out.json, expected);
}

#define WORD_OF(digits) "000000000000000000000000000000000000000000000000000000000000" digits

static void explains_what_was_reverted(void **state) {
  (void)state;
  reverts("08c379a0" WORD_OF("0020")
              WORD_OF("0002") "6869000000000000000000000000000000000000000000000000000000000000",
          false, "{\"name\":\"Error\",\"signature\":\"Error(string)\",\"arguments\":[\"hi\"]}");
  reverts("4e487b71" WORD_OF("0011"), false,
          "{\"name\":\"Panic\",\"signature\":\"Panic(uint256)\",\"arguments\":[\"17\"],"
          "\"meaning\":\"arithmetic overflow or underflow\"}");
  reverts("4e487b71" WORD_OF("0013"), false,
          "{\"name\":\"Panic\",\"signature\":\"Panic(uint256)\",\"arguments\":[\"19\"]}");
  reverts("", true, "{\"data\":\"0x\"}");
  reverts("01020304", true, "{\"data\":\"0x01020304\"}");
  ol_abi_described late;
  assert_int_equal(ol_abi_describe(&error, &late, text_of("Late()"), memory, ROOM), OL_OK);
  char digits[16];
  for (int i = 0; i < 4; i++) snprintf(digits + 2 * i, 3, "%02x", late.hash.bytes[i]);
  reverts(digits, true, "{\"name\":\"Late\",\"signature\":\"Late()\",\"arguments\":[]}");
  char expected[64];
  snprintf(expected, sizeof expected, "{\"data\":\"0x%s\"}", digits);
  reverts(digits, false, expected);
}

static void refuses_what_is_reverted_badly(void **state) {
  (void)state;
  const uint8_t cut[] = {0x08, 0xc3, 0x79, 0xa0, 0};
  const ol_slice bad = text_of("error E(");
  ol_abi_decoded out;
  assert_int_equal(ol_abi_revert_text(&error, &out, NULL, 0, ol_slice_of(cut, 5), memory, ROOM),
                   OL_ERR_ENCODING);
  assert_string_equal(error.part, "data");
  assert_int_equal(ol_abi_revert_text(&error, &out, &bad, 1, ol_slice_of(cut + 1, 4), memory, ROOM),
                   OL_ERR_ENCODING);
  assert_string_equal(error.part, "signatures");
  assert_int_equal(error.item, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_type_both_ways),
      cmocka_unit_test(arrays_of_arrays),
      cmocka_unit_test(an_empty_array_before_a_tuple),
      cmocka_unit_test(empty_bytes),
      cmocka_unit_test(integers_of_any_form),
      cmocka_unit_test(integers_out_of_range),
      cmocka_unit_test(values_of_another_shape),
      cmocka_unit_test(arguments_by_name_in_any_order),
      cmocka_unit_test(the_argument_at_fault_is_named),
      cmocka_unit_test(selectors),
      cmocka_unit_test(offsets_that_lead_astray),
      cmocka_unit_test(lengths_beyond_the_data),
      cmocka_unit_test(dirty_padding),
      cmocka_unit_test(says_what_is_not_canonical),
      cmocka_unit_test(an_abi_bomb),
      cmocka_unit_test(memory_that_is_too_small),
      cmocka_unit_test(packs_as_solidity_does),
      cmocka_unit_test(does_not_pack_what_solidity_does_not),
      cmocka_unit_test(reads_events),
      cmocka_unit_test(explains_what_was_reverted),
      cmocka_unit_test(refuses_what_is_reverted_badly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
