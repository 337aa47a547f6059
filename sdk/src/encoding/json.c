/* SPDX-License-Identifier: MIT */
#include "encoding/json.h"

#include "base/limits.h"
#include "encoding/hex.h"
#include "openledger/text.h"

#include <yyjson.h>

#include "base/poison.h"

/* yyjson asks for memory through these three. Freeing is left to the owner of the arena. */
static void *arena_take(void *arena, size_t len) {
  return ol_arena_take((ol_arena *)arena, len);
}

static void *arena_resize(void *arena, void *block, size_t old_len, size_t len) {
  return ol_arena_resize((ol_arena *)arena, block, old_len, len);
}

static void arena_leave(void *arena, void *block) {
  (void)arena;
  (void)block;
}

static yyjson_alc allocator_of(ol_arena *arena) {
  return (yyjson_alc){arena_take, arena_resize, arena_leave, arena};
}

static yyjson_val *val_of(ol_json value) {
  return (yyjson_val *)(uintptr_t)value.value;
}

/* A value and its place: that of its own characters for strings and numbers, else `nearby`. */
static ol_json place(yyjson_val *value, const char *text, size_t nearby) {
  bool has_characters = yyjson_is_str(value) || yyjson_is_raw(value);
  size_t offset = has_characters ? (size_t)(unsafe_yyjson_get_raw(value) - text) : nearby;
  return (ol_json){.value = value, .text = text, .offset = offset};
}

/* Fails with OL_ERR_LIMIT or OL_ERR_ENCODING when an object has too many members or one name twice. */
static ol_status check_names(ol_error *error, yyjson_val *object, const char *text) {
  yyjson_val *names[OL_LIMIT_JSON_KEYS];
  yyjson_val *name = unsafe_yyjson_get_first(object);
  size_t count = unsafe_yyjson_get_len(object);
  for (size_t i = 0; i < count; i++, name = unsafe_yyjson_get_next(name + 1)) {
    size_t offset = (size_t)(unsafe_yyjson_get_str(name) - text);
    if (i == OL_LIMIT_JSON_KEYS)
      return ol_fail(error, OL_ERR_LIMIT, offset, "JSON object has too many members");
    size_t len = unsafe_yyjson_get_len(name);
    for (size_t k = 0; k < i; k++) {
      if (unsafe_yyjson_get_len(names[k]) == len &&
          memcmp(unsafe_yyjson_get_str(names[k]), unsafe_yyjson_get_str(name), len) == 0)
        return ol_fail(error, OL_ERR_ENCODING, offset, "JSON object has a member twice");
    }
    names[i] = name;
  }
  return OL_OK;
}

static const char too_deep[] = "JSON is nested too deep";

/* Checks depth and names of every value. yyjson lays them out one after the other, in the order of the text. */
static ol_status check_values(ol_error *error, yyjson_doc *document, const char *text) {
  yyjson_val *ends[OL_LIMIT_JSON_DEPTH];
  size_t depth = 0, offset = 0;
  yyjson_val *value = yyjson_doc_get_root(document);
  for (size_t left = yyjson_doc_get_val_count(document); left > 0; left--, value++) {
    while (depth > 0 && value >= ends[depth - 1]) depth--;
    offset = place(value, text, offset).offset;
    if (!yyjson_is_ctn(value)) continue;
    if (depth == OL_LIMIT_JSON_DEPTH) return ol_fail(error, OL_ERR_LIMIT, offset, too_deep);
    ends[depth++] = unsafe_yyjson_get_next(value);
    if (yyjson_is_obj(value)) OL_TRY(check_names(error, value, text));
  }
  return OL_OK;
}

/* Whether brackets open deeper than the limit: what takes most memory without being JSON. */
static bool opens_too_deep(const uint8_t *text, size_t len) {
  size_t depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < len && depth <= OL_LIMIT_JSON_DEPTH; i++) {
    if (text[i] == '"')
      quoted = !quoted;
    else if (quoted)
      i += text[i] == '\\';
    else if (text[i] == '[' || text[i] == '{')
      depth++;
    else if (depth > 0 && (text[i] == ']' || text[i] == '}'))
      depth--;
  }
  return depth > OL_LIMIT_JSON_DEPTH;
}

size_t ol_json_memory(size_t len) {
  return len + YYJSON_PADDING_SIZE + yyjson_read_max_memory_usage(len, YYJSON_READ_INSITU) + 64;
}

ol_status ol_json_read(ol_error *error, ol_json *out, ol_arena *arena, const uint8_t *text, size_t len) {
  if (len == 0) return ol_fail(error, OL_ERR_ENCODING, 0, "JSON text is empty");
  if (len > OL_LIMIT_JSON_TEXT) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "JSON text is too long");
  char *copy = (char *)ol_arena_take(arena, len + YYJSON_PADDING_SIZE);
  if (copy == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the JSON text");
  memcpy(copy, text, len);
  memset(copy + len, 0, YYJSON_PADDING_SIZE);

  yyjson_alc allocator = allocator_of(arena);
  yyjson_read_err why;
  yyjson_doc *document =
      yyjson_read_opts(copy, len, YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW, &allocator, &why);
  if (document == NULL && why.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION) {
    if (opens_too_deep(text, len)) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, too_deep);
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the JSON values");
  }
  if (document == NULL) return ol_fail(error, OL_ERR_ENCODING, why.pos, "text is not JSON");
  OL_TRY(check_values(error, document, copy));
  *out = place(yyjson_doc_get_root(document), copy, 0);
  return OL_OK;
}

ol_json_kind ol_json_kind_of(ol_json value) {
  switch (yyjson_get_type(val_of(value))) {
  case YYJSON_TYPE_BOOL: return OL_JSON_BOOL;
  case YYJSON_TYPE_RAW: return OL_JSON_NUMBER;
  case YYJSON_TYPE_STR: return OL_JSON_STRING;
  case YYJSON_TYPE_ARR: return OL_JSON_ARRAY;
  case YYJSON_TYPE_OBJ: return OL_JSON_OBJECT;
  default: return OL_JSON_NULL;
  }
}

bool ol_json_find(ol_json *out, ol_json object, const char *name) {
  ol_json_items items;
  ol_error ignored; /* "no object" is an answer here */
  if (ol_json_object(&ignored, &items, object) != OL_OK) return false;
  size_t len = ol_text_len(name);
  ol_json member;
  ol_slice member_name;
  while (ol_json_next(&member, &member_name, &items)) {
    if (member_name.len != len || memcmp(member_name.data, name, len) != 0) continue;
    *out = member;
    return ol_json_kind_of(member) != OL_JSON_NULL;
  }
  return false;
}

ol_status ol_json_need(ol_error *error, ol_json *out, ol_json object, const char *name, const char *absent) {
  if (ol_json_find(out, object, name)) return OL_OK;
  return ol_fail(error, OL_ERR_ENCODING, object.offset, absent);
}

static ol_status begin_items(ol_error *error, ol_json_items *out, ol_json value, ol_json_kind kind,
                             const char *otherwise) {
  if (ol_json_kind_of(value) != kind) return ol_fail(error, OL_ERR_ENCODING, value.offset, otherwise);
  *out = (ol_json_items){.next = unsafe_yyjson_get_first(val_of(value)),
                         .text = value.text,
                         .left = unsafe_yyjson_get_len(val_of(value)),
                         .object = kind == OL_JSON_OBJECT};
  return OL_OK;
}

ol_status ol_json_array(ol_error *error, ol_json_items *out, ol_json value) {
  return begin_items(error, out, value, OL_JSON_ARRAY, "JSON value is not an array");
}

ol_status ol_json_object(ol_error *error, ol_json_items *out, ol_json value) {
  return begin_items(error, out, value, OL_JSON_OBJECT, "JSON value is not an object");
}

bool ol_json_next(ol_json *out, ol_slice *out_name, ol_json_items *items) {
  if (items->left == 0) return false;
  yyjson_val *value = (yyjson_val *)(uintptr_t)items->next;
  size_t nearby = OL_NOWHERE;
  if (items->object) {
    const char *name = unsafe_yyjson_get_str(value);
    if (out_name != NULL) *out_name = ol_slice_of(name, unsafe_yyjson_get_len(value));
    nearby = (size_t)(name - items->text);
    value++;
  }
  *out = place(value, items->text, nearby);
  items->next = unsafe_yyjson_get_next(value);
  items->left--;
  return true;
}

ol_status ol_json_string(ol_error *error, ol_slice *out, ol_json value) {
  if (ol_json_kind_of(value) != OL_JSON_STRING)
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "JSON value is not a string");
  *out = ol_slice_of(unsafe_yyjson_get_str(val_of(value)), unsafe_yyjson_get_len(val_of(value)));
  return OL_OK;
}

ol_slice ol_json_number_text(ol_json value) {
  if (ol_json_kind_of(value) != OL_JSON_NUMBER) return (ol_slice){0};
  return ol_slice_of(unsafe_yyjson_get_raw(val_of(value)), unsafe_yyjson_get_len(val_of(value)));
}

ol_status ol_json_u64(ol_error *error, uint64_t *out, ol_json value) {
  ol_slice digits = ol_json_number_text(value);
  if (digits.len == 0) return ol_fail(error, OL_ERR_ENCODING, value.offset, "JSON value is not a number");
  uint64_t number = 0;
  for (size_t i = 0; i < digits.len; i++) {
    if (digits.data[i] < '0' || digits.data[i] > '9')
      return ol_fail(error, OL_ERR_ENCODING, value.offset, "JSON number is not an unsigned integer");
    uint64_t digit = (uint64_t)(digits.data[i] - '0');
    if (number > (UINT64_MAX - digit) / 10)
      return ol_fail(error, OL_ERR_ENCODING, value.offset, "JSON number needs more than 64 bits");
    number = 10 * number + digit;
  }
  *out = number;
  return OL_OK;
}

ol_status ol_json_bool(ol_error *error, bool *out, ol_json value) {
  if (ol_json_kind_of(value) != OL_JSON_BOOL)
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "JSON value is not true or false");
  *out = yyjson_is_true(val_of(value));
  return OL_OK;
}

/* Moves the place of a failure from the string to the text around it. */
static ol_status in_text(ol_error *error, ol_status status, ol_json value) {
  if (status != OL_OK && error->offset != OL_NOWHERE) error->offset += (uint32_t)value.offset;
  return status;
}

ol_status ol_json_hex_fixed(ol_error *error, uint8_t *out, size_t len, ol_json value) {
  ol_slice text;
  OL_TRY(ol_json_string(error, &text, value));
  return in_text(error, ol_hex_fixed(error, out, len, text), value);
}

ol_status ol_json_hex(ol_error *error, ol_slice *out, ol_arena *arena, ol_json value) {
  ol_slice text, digits;
  OL_TRY(ol_json_string(error, &text, value));
  OL_TRY(in_text(error, ol_hex_digits(error, &digits, text), value));
  uint8_t *bytes = (uint8_t *)ol_arena_take(arena, digits.len / 2);
  if (bytes == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for bytes");
  ol_status status = ol_hex_decode(error, bytes, (const char *)digits.data, digits.len);
  if (status != OL_OK) error->offset += 2;
  OL_TRY(in_text(error, status, value));
  *out = ol_slice_of(bytes, digits.len / 2);
  return OL_OK;
}

ol_status ol_json_hex_u64(ol_error *error, uint64_t *out, ol_json value) {
  ol_slice text;
  OL_TRY(ol_json_string(error, &text, value));
  return in_text(error, ol_hex_u64(error, out, text), value);
}

ol_status ol_json_hex_u256(ol_error *error, ol_u256 *out, ol_json value) {
  ol_slice text;
  OL_TRY(ol_json_string(error, &text, value));
  return in_text(error, ol_hex_u256(error, out, text), value);
}

ol_status ol_json_quantity(ol_error *error, ol_u256 *out, ol_json value) {
  ol_slice text = ol_json_number_text(value);
  if (text.len == 0) OL_TRY(ol_json_string(error, &text, value));
  return in_text(error, ol_u256_from_text(error, out, (const char *)text.data, text.len), value);
}
