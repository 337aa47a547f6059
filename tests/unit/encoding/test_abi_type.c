/* SPDX-License-Identifier: MIT */
#include "encoding/abi_type.h"

#include "unit/bytes.h"

static ol_error error;
static ol_abi_signature signature;

static ol_status parse(const char *text) {
  ol_error_clear(&error);
  return ol_abi_parse(&error, &signature, text_of(text));
}

/* Reads a signature, and writes it in its canonical form. */
static void reads(const char *text, ol_abi_form form, const char *canonical) {
  char out[OL_ABI_CANONICAL];
  ol_hash hash;
  assert_int_equal(parse(text), OL_OK);
  assert_int_equal(signature.form, form);
  size_t len = ol_abi_canonical(out, &signature);
  assert_int_equal(len, strlen(canonical));
  assert_memory_equal(out, canonical, len);
  ol_keccak256(&hash, (const uint8_t *)canonical, len);
  assert_memory_equal(&hash, &signature.hash, sizeof hash);
}

static void refuses(const char *text, ol_status status, size_t place, const char *reason) {
  assert_int_equal(parse(text), status);
  assert_string_equal(error.reason, reason);
  assert_int_equal(error.offset, place == SIZE_MAX ? OL_NOWHERE : place);
}

static void reads_signatures_as_people_write_them(void **state) {
  (void)state;
  reads("transfer(address,uint256)", OL_ABI_FUNCTION, "transfer(address,uint256)");
  assert_bytes(signature.hash.bytes, 4, "a9059cbb");
  reads("function transfer(address to, uint amount) external returns (bool)", OL_ABI_FUNCTION,
        "transfer(address,uint256)");
  assert_int_equal(signature.output, 3);
  reads("event Transfer(address indexed from, address indexed to, uint256 value);", OL_ABI_EVENT,
        "Transfer(address,address,uint256)");
  assert_bytes(signature.hash.bytes, 4, "ddf252ad");
  assert_int_equal(signature.indexed, 2);
  assert_false(signature.anonymous);
  reads("event E(int indexed a) anonymous", OL_ABI_EVENT, "E(int256)");
  assert_true(signature.anonymous);
  reads("error Unpaid(uint256 owed)", OL_ABI_ERROR, "Unpaid(uint256)");
  reads("error(string)", OL_ABI_FUNCTION, "error(string)");
  reads("constructor(address payable owner) payable", OL_ABI_CONSTRUCTOR, "constructor(address)");
  reads("(uint256,(bytes32 id,string text)[2][])", OL_ABI_PARAMETERS, "(uint256,(bytes32,string)[2][])");
  reads("()", OL_ABI_PARAMETERS, "()");
  reads("function f ( ) pure returns ( ) ", OL_ABI_FUNCTION, "f()");
  reads("f(tuple(uint8 a, tuple(int b) c)[3][] memory list, string calldata)", OL_ABI_FUNCTION,
        "f((uint8,(int256))[3][],string)");
  reads("\tf(\n  bytes1 a ,\r\n  function call , bool )", OL_ABI_FUNCTION, "f(bytes1,function,bool)");
  reads("f((),uint256[0])", OL_ABI_FUNCTION, "f((),uint256[0])");
}

static const ol_abi_type *type_at(size_t at) {
  assert_true(at < signature.used);
  return &signature.types[at];
}

static void knows_the_shape_of_types(void **state) {
  (void)state;
  assert_int_equal(parse("f(uint8[2][3] a, (bool x, bytes4[] y)[2] b, (int40 x, int8 y) c)"), OL_OK);
  const ol_abi_type *list = type_at(0);
  assert_int_equal(list->count, 3);
  assert_int_equal(list->inside, 6 + 1 + 2);
  assert_int_equal(list->span, signature.used);
  assert_true(list->named);
  const ol_abi_type *a = type_at(1); /* three arrays of two */
  assert_int_equal(a->kind, OL_ABI_FIXED_ARRAY);
  assert_int_equal(a->count, 3);
  assert_int_equal(a->words, 6);
  assert_int_equal(a[1].count, 2);
  assert_int_equal(a[2].kind, OL_ABI_UINT);
  assert_int_equal(a[2].size, 1);
  assert_memory_equal(a->name.data, "a", 1);
  const ol_abi_type *b = type_at(4);
  assert_true(b->dynamic);
  assert_int_equal(b->words, 1);
  assert_int_equal(b->inside, 2);
  assert_int_equal(b->span, 5);
  assert_int_equal(b[1].kind, OL_ABI_TUPLE);
  assert_int_equal(b[1].inside, 2);
  const ol_abi_type *c = type_at(9);
  assert_false(c->dynamic);
  assert_int_equal(c->words, 2);
  assert_int_equal(c[1].size, 5);
}

static void has_names_only_if_no_two_are_the_same(void **state) {
  (void)state;
  assert_int_equal(parse("(uint a, uint b)"), OL_OK);
  assert_true(signature.types[0].named);
  assert_int_equal(parse("(uint a, uint)"), OL_OK);
  assert_false(signature.types[0].named);
  assert_int_equal(parse("(uint a, uint b, uint a)"), OL_OK);
  assert_false(signature.types[0].named);
  assert_int_equal(parse("()"), OL_OK);
  assert_false(signature.types[0].named);
  /* An object has at most 128 members. */
  for (int count = 100; count <= 200; count += 100) {
    char text[4096] = "(";
    for (int i = 0; i < count; i++) sprintf(text + strlen(text), "bool n%d%c", i, i < count - 1 ? ',' : ')');
    assert_int_equal(parse(text), OL_OK);
    assert_int_equal(signature.types[0].named, count == 100);
  }
}

static void refuses_types_that_are_none(void **state) {
  (void)state;
  static const char unknown[] = "type is none of the ABI's";
  refuses("(uint7)", OL_ERR_ENCODING, 1, unknown);
  refuses("(uint0)", OL_ERR_ENCODING, 1, unknown);
  refuses("(uint264)", OL_ERR_ENCODING, 1, unknown);
  refuses("(uint08)", OL_ERR_ENCODING, 1, unknown);
  refuses("(uint8x)", OL_ERR_ENCODING, 1, unknown);
  refuses("(bytes0)", OL_ERR_ENCODING, 1, unknown);
  refuses("(bytes33)", OL_ERR_ENCODING, 1, unknown);
  refuses("(string8)", OL_ERR_ENCODING, 1, unknown);
  refuses("(address20)", OL_ERR_ENCODING, 1, unknown);
  refuses("(uint4294967304)", OL_ERR_ENCODING, 1, unknown); /* 2^32 + 8 */
  refuses("(bool, Uint256)", OL_ERR_ENCODING, 7, unknown);
  refuses("(tuple)", OL_ERR_ENCODING, 1, unknown);
  refuses("(fixed128x18)", OL_ERR_ENCODING, 1, "fixed-point numbers are not supported: no compiler has them");
  refuses("(ufixed)", OL_ERR_ENCODING, 1, "fixed-point numbers are not supported: no compiler has them");
}

static void refuses_signatures_that_are_none(void **state) {
  (void)state;
  refuses("", OL_ERR_ENCODING, 0, "signature is empty");
  assert_int_equal(ol_abi_parse(&error, &signature, ol_slice_of(NULL, 0)), OL_ERR_ENCODING);
  refuses(" ", OL_ERR_ENCODING, 1, "list of parameters is missing");
  refuses("transfer", OL_ERR_ENCODING, 8, "list of parameters is missing");
  refuses("function (uint8)", OL_ERR_ENCODING, 9, "signature has no name");
  refuses("event(uint8)", OL_ERR_ENCODING, 5, "signature has no name");
  refuses("function event(uint8)", OL_ERR_ENCODING, 14, "signature has no name");
  refuses("(uint8", OL_ERR_ENCODING, 6, "parameter is not followed by , or )");
  refuses("(uint8,)", OL_ERR_ENCODING, 7, "type is missing");
  refuses("(,uint8)", OL_ERR_ENCODING, 1, "type is missing");
  refuses("(uint8 uint8)x", OL_ERR_ENCODING, 13, "word behind the parameters is not understood");
  refuses("(uint8 a b)", OL_ERR_ENCODING, 9, "parameter has more than a type and a name");
  refuses("(uint8[2)", OL_ERR_ENCODING, 8, "array is not closed by ]");
  refuses("(uint8[02])", OL_ERR_ENCODING, 7, "length of an array is not a number, or too large");
  refuses("(uint8[-1])", OL_ERR_ENCODING, 7, "array is not closed by ]");
  refuses("f(uint8) mutable", OL_ERR_ENCODING, 9, "word behind the parameters is not understood");
  refuses("f(uint8) returns (bool) view", OL_ERR_ENCODING, 24,
          "word behind the parameters is not understood");
  refuses("error E(uint8) view", OL_ERR_ENCODING, 15, "word behind the parameters is not understood");
  refuses("f(uint8));", OL_ERR_ENCODING, 8, "something is left behind the signature");
  refuses("f(uint8 indexed a)", OL_ERR_ENCODING, 8, "only parameters of events are indexed, once");
  refuses("event E(uint8 indexed indexed a)", OL_ERR_ENCODING, 22,
          "only parameters of events are indexed, once");
  refuses("event E((uint8 indexed a) b)", OL_ERR_ENCODING, 15, "only parameters of events are indexed, once");
  refuses("event E(bool indexed,bool indexed,bool indexed,bool indexed)", OL_ERR_ENCODING, SIZE_MAX,
          "event has more indexed parameters than topics");
  assert_int_equal(parse("event E(bool indexed,bool indexed,bool indexed,bool indexed) anonymous"), OL_OK);
  assert_int_equal(ol_abi_parse(&error, &signature, ol_slice_of("f()\0g", 5)), OL_ERR_ENCODING);
}

/* 2^32 items of nothing would be in a few bytes of data. */
static void refuses_arrays_of_what_has_no_size(void **state) {
  (void)state;
  static const char no_size[] = "items of an array have no size";
  refuses("(uint256[0][])", OL_ERR_ENCODING, 12, no_size);
  refuses("(()[])", OL_ERR_ENCODING, 4, no_size);
  refuses("(()[4294967295])", OL_ERR_ENCODING, 4, "length of an array is not a number, or too large");
  refuses("(()[3])", OL_ERR_ENCODING, 4, no_size);
  refuses("((uint8[0],())[])", OL_ERR_ENCODING, 15, no_size);
  assert_int_equal(parse("(string[0][])"), OL_OK); /* an offset each */
}

/* Fills a text with a part so many times, between a beginning and an end. */
static char *repeated(const char *begin, const char *part, size_t count, const char *end) {
  static char text[OL_ABI_TEXT + 2];
  size_t used = strlen(begin), len = strlen(part);
  assert_true(used + count * len + strlen(end) < sizeof text);
  strncpy(text, begin, sizeof text - 1);
  for (size_t i = 0; i < count; i++, used += len) memcpy(text + used, part, len + 1);
  memcpy(text + used, end, strlen(end) + 1);
  return text;
}

static void is_bounded(void **state) {
  (void)state;
  char ends[OL_ABI_DEPTH + 2];
  memset(ends, ')', sizeof ends);
  ends[OL_ABI_DEPTH] = '\0';
  assert_int_equal(parse(repeated("", "(", OL_ABI_DEPTH, ends)), OL_OK);
  ends[OL_ABI_DEPTH] = ')';
  ends[OL_ABI_DEPTH + 1] = '\0';
  refuses(repeated("", "(", OL_ABI_DEPTH + 1, ends), OL_ERR_LIMIT, OL_ABI_DEPTH, "types are nested too deep");
  assert_int_equal(parse(repeated("(bool", "[]", OL_ABI_DEPTH - 1, ")")), OL_OK);
  assert_int_equal(parse(repeated("(bool", "[]", OL_ABI_DEPTH, ")")), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "types are nested too deep");
  assert_int_equal(parse(repeated("(bool", ",bool", OL_ABI_TYPES - 2, ")")), OL_OK);
  assert_int_equal(parse(repeated("(bool", ",bool", OL_ABI_TYPES - 1, ")")), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "signature has too many types");
  assert_int_equal(parse(repeated("(bool ", "a", OL_ABI_NAME, ")")), OL_OK);
  assert_int_equal(parse(repeated("(bool ", "a", OL_ABI_NAME + 1, ")")), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "name of a parameter is too long");
  assert_int_equal(parse(repeated("()", " ", OL_ABI_TEXT - 2, "")), OL_OK);
  refuses(repeated("()", " ", OL_ABI_TEXT - 1, ""), OL_ERR_LIMIT, SIZE_MAX, "signature is too long");
  assert_int_equal(parse("(bool[4194304])"), OL_OK);
  refuses("(bool[4194305])", OL_ERR_ENCODING, 6, "length of an array is not a number, or too large");
  assert_int_equal(parse("(bool[65536][65536])"), OL_ERR_LIMIT); /* 2^32 words, which is 0 in 32 bits */
  assert_string_equal(error.reason, "type is too large");
  assert_int_equal(parse("(bool[4194304],bool)"), OL_ERR_LIMIT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_signatures_as_people_write_them),
      cmocka_unit_test(knows_the_shape_of_types),
      cmocka_unit_test(has_names_only_if_no_two_are_the_same),
      cmocka_unit_test(refuses_types_that_are_none),
      cmocka_unit_test(refuses_signatures_that_are_none),
      cmocka_unit_test(refuses_arrays_of_what_has_no_size),
      cmocka_unit_test(is_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
