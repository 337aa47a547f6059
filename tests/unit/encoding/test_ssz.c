/* SPDX-License-Identifier: MIT */
#include "encoding/ssz.h"

#include "unit/bytes.h"

/* A container with everything in it: { number, inner: { list }, flags, list, pair, end }. */
static const ol_ssz_type u16 = {.kind = OL_SSZ_UINT, .size = 2};
static const ol_ssz_type bytes2 = {.kind = OL_SSZ_BYTES, .size = 2};
static const ol_ssz_type list3 = {.kind = OL_SSZ_BYTE_LIST, .size = 3};
static const ol_ssz_type bits8 = {.kind = OL_SSZ_BITS, .size = 1};
static const ol_ssz_type pair = {.kind = OL_SSZ_VECTOR, .size = 4, .count = 2, .element = &bytes2};
static const ol_ssz_field inner_fields[] = {{"list", &list3}};
static const ol_ssz_type inner = {.kind = OL_SSZ_CONTAINER, .count = 1, .fields = inner_fields};
static const ol_ssz_field fixed_fields[] = {{"a", &u16}, {"b", &bytes2}};
static const ol_ssz_type fixed = {.kind = OL_SSZ_CONTAINER, .size = 4, .count = 2, .fields = fixed_fields};
static const ol_ssz_field outer_fields[] = {{"number", &u16}, {"inner", &inner}, {"flags", &bits8},
                                            {"list", &list3}, {"pair", &pair},   {"fixed", &fixed},
                                            {"end", &bytes2}};
static const ol_ssz_type outer = {.kind = OL_SSZ_CONTAINER, .count = 7, .fields = outer_fields};

static const char json_text[] =
    "{\"number\":\"513\",\"inner\":{\"list\":\"0xaabb\"},\"flags\":\"0x81\",\"list\":\"0xcc\","
    "\"pair\":[\"0x0102\",\"0x0304\"],\"fixed\":{\"a\":\"7\",\"b\":\"0x0506\"},\"end\":\"0xffee\"}";
/* number, offset 21, flags, offset 27, pair, fixed, end, inner: offset 4 and its list, list */
static const char encoded[] = "0102"
                              "15000000"
                              "81"
                              "1b000000"
                              "01020304"
                              "0700"
                              "0506"
                              "ffee"
                              "04000000"
                              "aabb"
                              "cc";
#define ENCODED 28

static ol_error error;
static uint8_t bytes[ENCODED + 8], memory[1 << 14];

static int fill(void **state) {
  (void)state;
  from_hex(bytes, ENCODED, encoded);
  return 0;
}

static ol_status check(size_t len) {
  return ol_ssz_check(&error, &outer, ol_slice_of(bytes, len));
}

static void reads_the_fields(void **state) {
  (void)state;
  assert_int_equal(check(ENCODED), OL_OK);
  ol_slice value = ol_slice_of(bytes, ENCODED), in = ol_ssz_field_of(&outer, value, 1);
  assert_int_equal(ol_ssz_field_of(&outer, value, 0).data[1], 2);
  assert_int_equal(ol_ssz_field_of(&inner, in, 0).len, 2);
  assert_int_equal(ol_ssz_field_of(&inner, in, 0).data[1], 0xbb);
  assert_int_equal(ol_ssz_field_of(&outer, value, 3).len, 1);
  assert_int_equal(ol_ssz_field_of(&outer, value, 6).data[0], 0xff);
}

static void refuses_every_cut(void **state) {
  (void)state;
  for (size_t len = 0; len < ENCODED; len++) {
    bool whole = len == ENCODED - 1; /* then the last list is empty */
    assert_int_equal(check(len), whole ? OL_OK : OL_ERR_ENCODING);
    if (!whole) assert_true(error.offset <= len);
  }
}

static void refuses_offsets_that_are_not_in_order(void **state) {
  (void)state;
  bytes[2] = 22; /* a gap behind the fixed part */
  assert_int_equal(check(ENCODED), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "SSZ offset leaves a gap or goes back");
  assert_int_equal(error.offset, 2);
  bytes[2] = 21;
  bytes[7] = 20; /* back */
  assert_int_equal(check(ENCODED), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 7);
  bytes[7] = ENCODED + 1; /* beyond */
  assert_int_equal(check(ENCODED), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "SSZ offset is beyond the end");
  bytes[7] = 27;
  bytes[21] = 5; /* of the inner container */
  assert_int_equal(check(ENCODED), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 21);
}

static void refuses_lists_over_their_limit(void **state) {
  (void)state;
  memset(bytes + ENCODED, 0xdd, 3);
  assert_int_equal(check(ENCODED + 2), OL_OK);
  assert_int_equal(check(ENCODED + 3), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "SSZ list is longer than its limit");
  assert_int_equal(error.offset, 27);
}

static ol_status encode(const char *text, ol_slice *out, size_t room) {
  static uint8_t parse_memory[1 << 14];
  ol_arena parse = ol_arena_of(parse_memory, sizeof parse_memory), arena = ol_arena_of(memory, room);
  ol_json json;
  assert_int_equal(ol_json_read(&error, &json, &parse, (const uint8_t *)text, strlen(text)), OL_OK);
  return ol_ssz_from_json(&error, out, &arena, &outer, json);
}

static void encodes_from_json(void **state) {
  (void)state;
  ol_slice out;
  assert_int_equal(encode(json_text, &out, sizeof memory), OL_OK);
  assert_int_equal(out.len, ENCODED);
  assert_memory_equal(out.data, bytes, ENCODED);
  /* In whatever memory: the whole value or none, also where its lists are empty. */
  char empty[sizeof json_text];
  snprintf(empty, sizeof empty, "%s", json_text);
  memmove(strstr(empty, "aabb"), strstr(empty, "aabb") + 4, strlen(strstr(empty, "aabb") + 4) + 1);
  memmove(strstr(empty, "cc\""), strstr(empty, "cc\"") + 2, strlen(strstr(empty, "cc\"") + 2) + 1);
  for (size_t room = 0; room < ENCODED + 16; room++) {
    ol_status status = encode(empty, &out, room);
    assert_int_equal(status, room < ENCODED - 3 ? OL_ERR_MEMORY : OL_OK);
  }
  for (size_t room = 0; room < ENCODED + 16; room++)
    assert_int_equal(encode(json_text, &out, room), room < ENCODED ? OL_ERR_MEMORY : OL_OK);
}

static void refuses_json_of_another_shape(void **state) {
  (void)state;
  static const struct {
    const char *from, *to, *part;
  } faults[] = {{"\"513\"", "\"65536\"", "number"},
                {"\"513\"", "\"\"", "number"},
                {"\"513\"", "\"5x\"", "number"},
                {"\"513\"", "513", "number"},
                {"\"0xaabb\"", "\"0xaabbccdd\"", "list"},
                {"\"0xaabb\"", "7", "list"},
                {"\"0x81\"", "\"0x8181\"", "flags"},
                {"[\"0x0102\",", "[", "pair"},
                {"\"0x0304\"", "\"0x03\"", "pair"},
                {"[\"0x0102\",\"0x0304\"]", "7", "pair"},
                {"\"end\"", "\"and\"", "end"},
                {"{\"list\":\"0xaabb\"}", "7", "list"},
                {"\"a\":\"7\"", "\"c\":\"7\"", "a"}};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    char text[sizeof json_text + 32];
    ol_slice out;
    const char *place = strstr(json_text, faults[i].from);
    assert_non_null(place);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(place - json_text), json_text, faults[i].to,
             place + strlen(faults[i].from));
    assert_int_equal(encode(text, &out, sizeof memory), OL_ERR_ENCODING);
    assert_string_equal(error.part, faults[i].part);
    if (strcmp(faults[i].to, "7") == 0 && strcmp(faults[i].part, "pair") == 0)
      assert_string_equal(error.reason, "JSON value is not an array");
  }
}

#define TEST(name) cmocka_unit_test_setup(name, fill)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(reads_the_fields),
      TEST(refuses_every_cut),
      TEST(refuses_offsets_that_are_not_in_order),
      TEST(refuses_lists_over_their_limit),
      TEST(encodes_from_json),
      TEST(refuses_json_of_another_shape),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
