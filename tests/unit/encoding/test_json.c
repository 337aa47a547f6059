/* SPDX-License-Identifier: MIT */
#include "encoding/json.h"

#include "base/limits.h"
#include "encoding/jsonrpc.h"
#include "unit/bytes.h"

static ol_error error;
static ol_json root;
static uint8_t memory[1 << 20];

static ol_arena fresh_arena(void) {
  return ol_arena_of(memory, sizeof memory);
}

static ol_status read_text(const char *text) {
  ol_arena arena = fresh_arena();
  return ol_json_read(&error, &root, &arena, (const uint8_t *)text, strlen(text));
}

#define assert_slice_equal(slice, expected)                                                                  \
  do {                                                                                                       \
    assert_int_equal((slice).len, strlen(expected));                                                         \
    assert_memory_equal((slice).data, expected, (slice).len);                                                \
  } while (0)

static void refuses_what_is_not_json(void **state) {
  (void)state;
  static const char *const bad[] = {"",          " ",        "{",        "[1,]",  "{\"a\":1,}",
                                    "nul",       "01",       "1.",       "'a'",   "[1]2",
                                    "{\"a\" 1}", "\"\x01\"", "\"\\x\"",  "[1 2]", "\xef\xbb\xbf{}",
                                    "{a:1}",     "// \n1",   "\"\xff\"", "NaN",   "\"\\ud800\"",
                                    "+1",        "[",        "]"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(read_text(bad[i]), OL_ERR_ENCODING);
    assert_true(error.offset <= strlen(bad[i]));
    assert_string_equal(error.reason, bad[i][0] == '\0' ? "JSON text is empty" : "text is not JSON");
  }
}

static void refuses_a_member_that_comes_twice(void **state) {
  (void)state;
  assert_int_equal(read_text("{\"a\":1,\"b\":2,\"a\":3}"), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "JSON object has a member twice");
  assert_int_equal(error.offset, 14);
  assert_int_equal(read_text("[[{\"x\":{\"a\":1,\"\\u0061\":2}}]]"),
                   OL_ERR_ENCODING); /* escaped, and deep inside */
  assert_int_equal(read_text("[{\"a\":1},{\"a\":2}]"), OL_OK);
}

static void bounds_depth(void **state) {
  (void)state;
  char text[2 * OL_LIMIT_JSON_DEPTH + 3];
  for (size_t depth = OL_LIMIT_JSON_DEPTH; depth <= OL_LIMIT_JSON_DEPTH + 1; depth++) {
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    text[2 * depth] = '\0';
    assert_int_equal(read_text(text), depth == OL_LIMIT_JSON_DEPTH ? OL_OK : OL_ERR_LIMIT);
  }
}

/* Brackets alone take more memory than JSON of their length: that is not what to complain of. */
static void bounds_depth_in_little_memory(void **state) {
  (void)state;
  char text[200];
  memset(text, '[', sizeof text);
  ol_arena arena = ol_arena_of(memory, ol_json_memory(sizeof text));
  assert_int_equal(ol_json_read(&error, &root, &arena, (const uint8_t *)text, sizeof text), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "JSON is nested too deep");
  memcpy(text, "[\"\\\"", 4); /* in a string they are no depth */
  memcpy(text + 48, "\",", 2);
  memset(text + 50, '1', sizeof text - 50);
  arena = ol_arena_of(memory, sizeof text + 40);
  assert_int_equal(ol_json_read(&error, &root, &arena, (const uint8_t *)text, sizeof text), OL_ERR_MEMORY);
}

static void bounds_the_members_of_an_object(void **state) {
  (void)state;
  char text[OL_LIMIT_JSON_KEYS * 12 + 32];
  for (int count = OL_LIMIT_JSON_KEYS; count <= OL_LIMIT_JSON_KEYS + 1; count++) {
    size_t used = 1;
    text[0] = '{';
    for (int i = 0; i < count; i++) used += (size_t)sprintf(text + used, "%s\"k%d\":1", i > 0 ? "," : "", i);
    strcpy(text + used, "}");
    assert_int_equal(read_text(text), count == OL_LIMIT_JSON_KEYS ? OL_OK : OL_ERR_LIMIT);
  }
}

static void bounds_size_and_memory(void **state) {
  (void)state;
  uint8_t *large = malloc(OL_LIMIT_JSON_TEXT + 1);
  memset(large, ' ', OL_LIMIT_JSON_TEXT + 1);
  ol_arena arena = fresh_arena();
  assert_int_equal(ol_json_read(&error, &root, &arena, large, OL_LIMIT_JSON_TEXT + 1), OL_ERR_LIMIT);
  free(large);
  arena = ol_arena_of(memory, 16);
  assert_int_equal(ol_json_read(&error, &root, &arena, (const uint8_t *)"[1,2,3,4,5,6]", 13), OL_ERR_MEMORY);
  arena = ol_arena_of(memory, 64);
  assert_int_equal(ol_json_read(&error, &root, &arena, (const uint8_t *)"[1,2,3,4,5,6]", 13), OL_ERR_MEMORY);
}

/* The memory that a text is said to take at most is enough, for the texts that take most. */
static void says_how_much_memory_a_text_takes(void **state) {
  (void)state;
  for (size_t len = 1; len < 3000; len += 2) {
    char text[3000];
    memset(text, '1', len);
    for (size_t i = 0; i < len; i++) text[i] = i % 2 == 0 ? '1' : ',';
    if (len > 2) text[0] = '[';
    if (len > 2) text[len - 1] = ']';
    if (len > 2) text[1] = '1';
    ol_arena arena = ol_arena_of(memory, ol_json_memory(len));
    assert_int_not_equal(ol_json_read(&error, &root, &arena, (const uint8_t *)text, len), OL_ERR_MEMORY);
  }
}

static void finds_members_and_their_places(void **state) {
  (void)state;
  const char *text = "{\"a\": \"0x1g\", \"none\": null, \"list\": [true, \"x\"], \"n\": 42}";
  ol_json value;
  uint8_t byte;
  assert_int_equal(read_text(text), OL_OK);
  assert_true(ol_json_find(&value, root, "a"));
  assert_int_equal(ol_json_hex_fixed(&error, &byte, 1, value), OL_ERR_ENCODING);
  assert_int_equal(error.offset, strchr(text, 'g') - text);
  assert_false(ol_json_find(&value, root, "none"));
  assert_false(ol_json_find(&value, root, "lis"));
  assert_false(ol_json_find(&value, root, "lists"));
  assert_int_equal(ol_json_need(&error, &value, root, "b", "b is missing"), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "b is missing");
  assert_true(ol_json_find(&value, root, "list"));
  assert_false(ol_json_find(&value, value, "a")); /* no object */
}

static void refuses_values_of_another_kind(void **state) {
  (void)state;
  ol_json_items items;
  ol_slice text;
  ol_u256 word;
  ol_arena arena = fresh_arena();
  uint64_t number;
  bool truth;
  uint8_t byte;
  assert_int_equal(read_text("true"), OL_OK);
  assert_int_equal(ol_json_array(&error, &items, root), OL_ERR_ENCODING);
  assert_int_equal(ol_json_object(&error, &items, root), OL_ERR_ENCODING);
  assert_int_equal(ol_json_string(&error, &text, root), OL_ERR_ENCODING);
  assert_int_equal(ol_json_u64(&error, &number, root), OL_ERR_ENCODING);
  static const char no_string[] = "JSON value is not a string";
  assert_int_equal(ol_json_hex_fixed(&error, &byte, 1, root), OL_ERR_ENCODING);
  assert_string_equal(error.reason, no_string);
  assert_int_equal(ol_json_hex_u64(&error, &number, root), OL_ERR_ENCODING);
  assert_string_equal(error.reason, no_string);
  assert_int_equal(ol_json_hex_u256(&error, &word, root), OL_ERR_ENCODING);
  assert_string_equal(error.reason, no_string);
  assert_int_equal(ol_json_hex(&error, &text, &arena, root), OL_ERR_ENCODING);
  assert_string_equal(error.reason, no_string);
  assert_int_equal(ol_json_bool(&error, &truth, root), OL_OK);
  assert_true(truth);
  assert_int_equal(read_text("\"true\""), OL_OK);
  assert_int_equal(ol_json_bool(&error, &truth, root), OL_ERR_ENCODING);
}

static void reads_whole_numbers_only(void **state) {
  (void)state;
  uint64_t number;
  static const char *const bad[] = {"-1", "1.0", "1e3", "18446744073709551616", "99999999999999999999999"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(read_text(bad[i]), OL_OK);
    assert_int_equal(ol_json_u64(&error, &number, root), OL_ERR_ENCODING);
  }
  assert_int_equal(read_text("18446744073709551615"), OL_OK);
  assert_int_equal(ol_json_u64(&error, &number, root), OL_OK);
  assert_true(number == UINT64_MAX);
}

static void walks_arrays_and_objects(void **state) {
  (void)state;
  ol_json_items items;
  ol_json value;
  ol_slice name;
  assert_int_equal(read_text("{\"a\":[1,[2,3],{}],\"b\":{}}"), OL_OK);
  assert_int_equal(ol_json_object(&error, &items, root), OL_OK);
  assert_true(ol_json_next(&value, &name, &items));
  assert_memory_equal(name.data, "a", 1);
  ol_json_items inner;
  assert_int_equal(ol_json_array(&error, &inner, value), OL_OK);
  assert_int_equal(inner.left, 3);
  const ol_json_kind kinds[] = {OL_JSON_NUMBER, OL_JSON_ARRAY, OL_JSON_OBJECT};
  for (size_t i = 0; ol_json_next(&value, NULL, &inner); i++)
    assert_int_equal(ol_json_kind_of(value), kinds[i]);
  assert_true(ol_json_next(&value, &name, &items));
  assert_memory_equal(name.data, "b", 1);
  assert_false(ol_json_next(&value, &name, &items));
}

static void writes_what_it_reads(void **state) {
  (void)state;
  ol_arena arena = fresh_arena();
  ol_json_writer to;
  ol_slice text;
  ol_u256 word = {{0}};
  word.bytes[30] = 1;
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_text(&to, "text", "a \"quoted\"\n line");
  ol_json_write_array(&to, "list");
  ol_json_write_u64(&to, NULL, 7);
  ol_json_write_bool(&to, NULL, false);
  ol_json_write_hex(&to, NULL, (const uint8_t *)"\x01\xff", 2);
  ol_json_write_close(&to);
  ol_json_write_quantity(&to, "word", &word);
  ol_json_write_quantity_u64(&to, "zero", 0);
  ol_json_write_close(&to);
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_OK);
  const char *expected = "{\"text\":\"a \\\"quoted\\\"\\n "
                         "line\",\"list\":[7,false,\"0x01ff\"],\"word\":\"0x100\",\"zero\":\"0x0\"}";
  assert_int_equal(text.len, strlen(expected));
  assert_memory_equal(text.data, expected, text.len);
}

/* With every amount of memory it either writes the whole text or says that it does not fit. */
static void reports_memory_that_is_too_small(void **state) {
  (void)state;
  bool fitted = false;
  for (size_t size = 0; size < 4096 && !fitted; size += 8) {
    ol_arena arena = ol_arena_of(memory, size);
    ol_json_writer to;
    ol_slice text;
    ol_json_write_begin(&to, &arena);
    ol_json_write_array(&to, NULL);
    ol_json_write_text(&to, NULL, "text");
    ol_json_write_hex(&to, NULL, memory, 20);
    ol_json_write_close(&to);
    ol_status status = ol_json_write_end(&error, &text, &to);
    fitted = status == OL_OK;
    if (!fitted) assert_int_equal(status, OL_ERR_MEMORY);
  }
  assert_true(fitted);
}

/* Takes all that is left, and gives back what the text did not take; of a text that failed, everything. */
static void gives_back_what_a_text_does_not_take(void **state) {
  (void)state;
  ol_arena arena = ol_arena_of(memory, 64);
  ol_json_writer to;
  ol_slice text;
  arena.used = 3;
  ol_json_write_begin(&to, &arena);
  assert_null(ol_arena_take(&arena, 1));
  ol_json_write_array(&to, NULL);
  ol_json_write_u64(&to, NULL, UINT64_MAX);
  assert_null(ol_arena_take(&arena, 1)); /* an open array may wait while other work is done */
  ol_json_write_u64(&to, NULL, 0);
  ol_json_write_close(&to);
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_OK);
  assert_ptr_equal(text.data, memory + 3);
  assert_int_equal(arena.used, 3 + text.len);
  assert_slice_equal(text, "[18446744073709551615,0]");
  ol_json_write_begin(&to, &arena);
  ol_json_write_hex(&to, NULL, memory, 64);
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_ERR_MEMORY);
  assert_string_equal(error.reason, "no memory left for the JSON text");
  assert_int_equal(arena.used, 3 + 24);
  ol_json_write_begin(&to, &arena);
  ol_json_write_array(&to, NULL);
  ol_json_write_drop(&to);
  assert_int_equal(arena.used, 3 + 24);
}

static ol_status write_string(ol_slice *out, const void *bytes, size_t len) {
  ol_arena arena = fresh_arena();
  ol_json_writer to;
  ol_json_write_begin(&to, &arena);
  ol_json_write_string(&to, NULL, ol_slice_of(bytes, len));
  return ol_json_write_end(&error, out, &to);
}

static void escapes_what_may_not_stand_in_a_string(void **state) {
  (void)state;
  ol_slice text;
  assert_int_equal(write_string(&text, NULL, 0), OL_OK);
  assert_slice_equal(text, "\"\"");
  assert_int_equal(write_string(&text, "/\"\\\b\t\n\f\r\x7f", 9), OL_OK);
  assert_slice_equal(text, "\"/\\\"\\\\\\b\\t\\n\\f\\r\x7f\"");
  assert_int_equal(write_string(&text, "\0a\x0b\x0e\x1f", 5), OL_OK);
  assert_slice_equal(text, "\"\\u0000a\\u000B\\u000E\\u001F\"");
}

/* What is written can always be read: a text in another encoding is refused, not passed on. */
static void writes_strings_of_utf8_only(void **state) {
  (void)state;
  ol_slice text;
  static const char *const good[] = {"\xc2\x80",     "\xdf\xbf",         "\xe0\xa0\x80",     "\xed\x9f\xbf",
                                     "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "z\xc3\xa9\n"};
  static const char *const bad[] = {"\x80",
                                    "\xbf",
                                    "\xc0\x80",
                                    "\xc1\xbf",
                                    "\xc2",
                                    "\xc2\x41",
                                    "\xe0\x9f\xbf",
                                    "\xed\xa0\x80",
                                    "\xe1\x80",
                                    "\xe1\x80z",
                                    "\xf0\x8f\xbf\xbf",
                                    "\xf4\x90\x80\x80",
                                    "\xf1\x80\x80z",
                                    "\xf5\x80\x80\x80",
                                    "\xff",
                                    "a\n\xe2\x82"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_int_equal(write_string(&text, good[i], strlen(good[i])), OL_OK);
    ol_arena arena = ol_arena_of(memory + 4096, sizeof memory - 4096);
    ol_slice again;
    assert_int_equal(ol_json_read(&error, &root, &arena, text.data, text.len), OL_OK);
    assert_int_equal(ol_json_string(&error, &again, root), OL_OK);
    assert_slice_equal(again, good[i]);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(write_string(&text, bad[i], strlen(bad[i])), OL_ERR_ENCODING);
    assert_string_equal(error.reason, "text to be written is not UTF-8");
  }
}

static void writes_nulls_and_json_as_it_is(void **state) {
  (void)state;
  ol_arena arena = fresh_arena();
  ol_json_writer to;
  ol_slice text;
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_raw(&to, "id", ol_slice_of("\"a\\u0041\"", 9));
  ol_json_write_null(&to, "result");
  for (size_t i = 2; i < OL_JSON_WRITE_DEPTH; i++) ol_json_write_array(&to, i == 2 ? "deep" : NULL);
  ol_json_write_object(&to, NULL);
  for (size_t i = 0; i < OL_JSON_WRITE_DEPTH; i++) ol_json_write_close(&to);
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_OK);
  assert_slice_equal(text, "{\"id\":\"a\\u0041\",\"result\":null,\"deep\":"
                           "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[{}]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}");
}

static ol_status read_response(const char *text, uint64_t id) {
  ol_json result;
  assert_int_equal(read_text(text), OL_OK);
  return ol_jsonrpc_result(&error, &result, root, id);
}

static void takes_the_result_of_its_own_request_only(void **state) {
  (void)state;
  assert_int_equal(read_response("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":\"0x1\"}", 5), OL_OK);
  assert_int_equal(read_response("{\"jsonrpc\":\"2.0\",\"id\":5,\"error\":null,\"result\":\"0x1\"}", 5),
                   OL_OK);
  assert_int_equal(read_response("{\"jsonrpc\":\"2.0\",\"id\":6,\"result\":\"0x1\"}", 5), OL_ERR_MISMATCH);
  assert_int_equal(read_response("{\"jsonrpc\":\"2.0\",\"id\":\"5\",\"result\":\"0x1\"}", 5),
                   OL_ERR_ENCODING);
  assert_int_equal(read_response("{\"jsonrpc\":\"2.0\",\"result\":\"0x1\"}", 5), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "JSON-RPC response has no id");
  assert_int_equal(read_response("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":null}", 5), OL_ERR_REMOTE);
  assert_string_equal(error.reason, "endpoint has no result for the request");
  assert_int_equal(read_response("[]", 5), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "JSON-RPC response is not an object");
  assert_int_equal(read_response("{\"id\":5,\"error\":{\"code\":-32601,\"message\":\"x\"}}", 5),
                   OL_ERR_REMOTE);
  assert_string_equal(error.reason, "endpoint does not know the method");
  assert_int_equal(read_response("{\"id\":5,\"error\":{\"code\":-1}}", 5), OL_ERR_REMOTE);
  assert_string_equal(error.reason, "endpoint answered with an error of its own");
  assert_int_equal(read_response("{\"id\":5,\"error\":\"text\"}", 5), OL_ERR_REMOTE);
}

static void unwraps_an_envelope_if_there_is_one(void **state) {
  (void)state;
  ol_json result, member;
  assert_int_equal(read_text("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":1}}"), OL_OK);
  assert_int_equal(ol_jsonrpc_unwrap(&error, &result, root), OL_OK);
  assert_true(ol_json_find(&member, result, "a"));
  assert_int_equal(read_text("{\"a\":1}"), OL_OK);
  assert_int_equal(ol_jsonrpc_unwrap(&error, &result, root), OL_OK);
  assert_true(ol_json_find(&member, result, "a"));
  assert_int_equal(read_text("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":4444}}"), OL_OK);
  assert_int_equal(ol_jsonrpc_unwrap(&error, &result, root), OL_ERR_REMOTE);
  assert_string_equal(error.reason, "endpoint has pruned that block");
  assert_int_equal(read_text("{\"jsonrpc\":\"2.0\",\"id\":1}"), OL_OK);
  assert_int_equal(ol_jsonrpc_unwrap(&error, &result, root), OL_ERR_ENCODING);
}

/* Cuts an array and puts a bar behind each element. Returns: the reason of a refusal, or what came out. */
static const char *cut(const char *text) {
  static char out[128];
  size_t len = 0;
  ol_json_cut from;
  ol_slice element;
  if (ol_json_cut_array(&error, &from, text_of(text)) != OL_OK) return error.reason;
  for (;;) {
    if (ol_json_cut_next(&error, &element, &from) != OL_OK) return error.reason;
    if (element.data == NULL) break;
    memcpy(out + len, element.data, element.len);
    len += element.len;
    out[len++] = '|';
  }
  assert_int_equal(ol_json_cut_next(&error, &element, &from), OL_OK); /* the end stays the end */
  assert_null(element.data);
  out[len] = '\0';
  return out;
}

static void arrays_are_cut(void **state) {
  (void)state;
  assert_string_equal(cut("[]"), "");
  assert_string_equal(cut(" [ ] \n"), "");
  assert_string_equal(cut("[1]"), "1|");
  assert_string_equal(cut("[1, 2 ,3]"), "1| 2 |3|");
  assert_string_equal(cut("[[1,2],{\"a\":[3,4]},5]"), "[1,2]|{\"a\":[3,4]}|5|");
  assert_string_equal(cut("[\",]\",\"\\\"],\"]"), "\",]\"|\"\\\"],\"|");
  /* What is wrong in an element is for the parser to say. */
  assert_string_equal(cut("[,]"), "||");
  assert_string_equal(cut("[}]"), "}|");
}

static void texts_that_are_no_array_are_not_cut(void **state) {
  (void)state;
  assert_string_equal(cut(""), "JSON text is not an array");
  assert_string_equal(cut("{}"), "JSON text is not an array");
  assert_string_equal(cut("["), "array is not closed");
  assert_string_equal(cut("[1"), "array is not closed");
  assert_string_equal(cut("[1,"), "array is not closed");
  assert_string_equal(cut("[\"]"), "array is not closed");
  assert_string_equal(cut("[\"\\"), "array is not closed");
  assert_string_equal(cut("[[1]"), "array is not closed");
  assert_string_equal(cut("[1]]"), "text goes on behind its array");
  assert_string_equal(cut("[] []"), "text goes on behind its array");
}

/* The member "result" of a text, or why it has none. */
static const char *cut_result(const char *text) {
  static char out[64];
  ol_slice value;
  char *exact =
      malloc(strlen(text) + 1); /* without its zero byte, so that a sanitizer sees a read behind it */
  memcpy(exact, text, strlen(text));
  if (ol_json_cut_member(&error, &value, ol_slice_of(exact, strlen(text)), "result") == OL_OK)
    snprintf(out, sizeof out, "%.*s", (int)value.len, (const char *)value.data);
  else
    snprintf(out, sizeof out, "%s", error.reason);
  free(exact);
  return out;
}

static void a_member_is_cut(void **state) {
  (void)state;
  assert_string_equal(cut_result("{\"result\":1}"), "1");
  assert_string_equal(cut_result(" {\n\"id\" : 1 ,\"result\" :\t{\"a\":[1,\"}\\\"\"]} , \"x\":2}"),
                      "{\"a\":[1,\"}\\\"\"]} ");
  assert_string_equal(cut_result("{\"a\":{\"result\":1},\"b\":\"result\",\"result\":[2]}"), "[2]");
  assert_string_equal(cut_result("{\"results\":1,\"resul\":2,\"Result\":3,\"result\":4}"), "4");
}

static void a_member_that_is_not_there_is_not_cut(void **state) {
  (void)state;
  static const char *const lacking[] = {"{}",           "{\"id\":1}",           "{\"result\"}",
                                        "{\"result\":", "{\"result\":1",        "{\"result\":[1}",
                                        "{\"result",    "{\"result\\",          "{\"resu\\",
                                        "{1:2}",        "{\"a\" \"result\":1}", "{\"a\":[\"result\",1]"};
  for (size_t i = 0; i < sizeof lacking / sizeof lacking[0]; i++)
    assert_string_equal(cut_result(lacking[i]), "JSON object lacks a member");
  assert_string_equal(cut_result(""), "JSON text is not an object");
  assert_string_equal(cut_result("[\"result\",1]"), "JSON text is not an object");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(refuses_what_is_not_json),
      cmocka_unit_test(refuses_a_member_that_comes_twice),
      cmocka_unit_test(bounds_depth),
      cmocka_unit_test(bounds_depth_in_little_memory),
      cmocka_unit_test(bounds_the_members_of_an_object),
      cmocka_unit_test(bounds_size_and_memory),
      cmocka_unit_test(says_how_much_memory_a_text_takes),
      cmocka_unit_test(finds_members_and_their_places),
      cmocka_unit_test(refuses_values_of_another_kind),
      cmocka_unit_test(reads_whole_numbers_only),
      cmocka_unit_test(walks_arrays_and_objects),
      cmocka_unit_test(arrays_are_cut),
      cmocka_unit_test(texts_that_are_no_array_are_not_cut),
      cmocka_unit_test(a_member_is_cut),
      cmocka_unit_test(a_member_that_is_not_there_is_not_cut),
      cmocka_unit_test(writes_what_it_reads),
      cmocka_unit_test(reports_memory_that_is_too_small),
      cmocka_unit_test(gives_back_what_a_text_does_not_take),
      cmocka_unit_test(escapes_what_may_not_stand_in_a_string),
      cmocka_unit_test(writes_strings_of_utf8_only),
      cmocka_unit_test(writes_nulls_and_json_as_it_is),
      cmocka_unit_test(takes_the_result_of_its_own_request_only),
      cmocka_unit_test(unwraps_an_envelope_if_there_is_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
