/* SPDX-License-Identifier: MIT */
#include "encoding/json.h"

#include "encoding/hex.h"

#include "base/poison.h"

void ol_json_write_begin(ol_json_writer *to, ol_arena *arena) {
  *to = (ol_json_writer){
      .arena = arena, .text = (char *)arena->memory + arena->used, .room = arena->len - arena->used};
  arena->used = arena->len;
}

/* The first failure is the one that is told. */
static void fails(ol_json_writer *to, ol_status status) {
  if (to->status == OL_OK) to->status = status;
}

/* Returns: room for `len` more characters, which are then part of the text; NULL when it is not there. */
static char *extend(ol_json_writer *to, size_t len) {
  if (to->status != OL_OK || len > to->room - to->len) {
    fails(to, OL_ERR_MEMORY);
    return NULL;
  }
  char *out = to->text + to->len;
  to->len += len;
  return out;
}

static void put(ol_json_writer *to, const char *characters, size_t len) {
  char *out = len > 0 ? extend(to, len) : NULL;
  if (out != NULL) memcpy(out, characters, len);
}

size_t ol_utf8_len(ol_slice text) {
  const uint8_t first = text.data[0];
  if (first < 0x80) return 1;
  size_t len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4 || len > text.len) return 0;
  for (size_t i = 1; i < len; i++) {
    if (text.data[i] >> 6 != 2) return 0;
  }
  const uint8_t second = text.data[1];
  if ((first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90)) return 0; /* could be shorter */
  if ((first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f)) return 0; /* surrogate, beyond */
  return len;
}

/* Escapes what may not stand in a string: the quote, the backslash, and what is below the space. */
static void put_escaped(ol_json_writer *to, uint8_t character) {
  static const char digits[] = "0123456789ABCDEF", shorts[] = "btn\0fr";
  char out[6] = {'\\', (char)character, '0', '0', digits[character >> 4], digits[character & 15]};
  size_t len = 2;
  if (character >= '\b' && character <= '\r' && shorts[character - '\b'] != '\0') {
    out[1] = shorts[character - '\b'];
  } else if (character < ' ') {
    out[1] = 'u';
    len = 6;
  }
  put(to, out, len);
}

static void put_string(ol_json_writer *to, ol_slice text) {
  put(to, "\"", 1);
  size_t from = 0, at = 0;
  while (at < text.len && to->status == OL_OK) {
    const uint8_t character = text.data[at];
    size_t len = ol_utf8_len(ol_slice_of(text.data + at, text.len - at));
    if (len == 0) fails(to, OL_ERR_ENCODING);
    at += len;
    if (character >= ' ' && character != '"' && character != '\\') continue;
    put(to, (const char *)text.data + from, at - 1 - from);
    put_escaped(to, character);
    from = at;
  }
  if (text.len > 0) put(to, (const char *)text.data + from, at - from);
  put(to, "\"", 1);
}

/* Puts what comes before a value: the comma, and its name in an object. Returns: false after a failure. */
static bool put_place(ol_json_writer *to, const char *name) {
  if (to->status != OL_OK) return false;
  if (to->depth == 0) {
    OL_ASSERT(name == NULL && to->len == 0);
    return true;
  }
  const uint32_t open = 1u << (to->depth - 1);
  OL_ASSERT((name != NULL) == ((to->objects & open) != 0));
  if ((to->filled & open) != 0) put(to, ",", 1);
  to->filled |= open;
  if (name == NULL) return true;
  put_string(to, ol_slice_of(name, ol_text_len(name)));
  put(to, ":", 1);
  return true;
}

static void open_container(ol_json_writer *to, const char *name, bool object) {
  if (!put_place(to, name)) return;
  OL_ASSERT(to->depth < OL_JSON_WRITE_DEPTH);
  const uint32_t open = 1u << to->depth++;
  to->filled &= ~open;
  to->objects = object ? to->objects | open : to->objects & ~open;
  put(to, object ? "{" : "[", 1);
}

void ol_json_write_object(ol_json_writer *to, const char *name) {
  open_container(to, name, true);
}

void ol_json_write_array(ol_json_writer *to, const char *name) {
  open_container(to, name, false);
}

void ol_json_write_close(ol_json_writer *to) {
  if (to->status != OL_OK) return;
  OL_ASSERT(to->depth > 0);
  to->depth--;
  put(to, (to->objects & 1u << to->depth) != 0 ? "}" : "]", 1);
}

void ol_json_write_raw(ol_json_writer *to, const char *name, ol_slice json) {
  OL_ASSERT(json.len > 0);
  if (put_place(to, name)) put(to, (const char *)json.data, json.len);
}

static void write_constant(ol_json_writer *to, const char *name, const char *text) {
  ol_json_write_raw(to, name, ol_slice_of(text, ol_text_len(text)));
}

void ol_json_write_null(ol_json_writer *to, const char *name) {
  write_constant(to, name, "null");
}

void ol_json_write_bool(ol_json_writer *to, const char *name, bool value) {
  write_constant(to, name, value ? "true" : "false");
}

void ol_json_write_string(ol_json_writer *to, const char *name, ol_slice text) {
  if (put_place(to, name)) put_string(to, text);
}

void ol_json_write_text(ol_json_writer *to, const char *name, const char *text) {
  ol_json_write_string(to, name, ol_slice_of(text, ol_text_len(text)));
}

void ol_json_write_u64(ol_json_writer *to, const char *name, uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do digits[--at] = (char)('0' + value % 10);
  while ((value /= 10) > 0);
  ol_json_write_raw(to, name, ol_slice_of(digits + at, sizeof digits - at));
}

void ol_json_write_hex(ol_json_writer *to, const char *name, const uint8_t *bytes, size_t len) {
  if (!put_place(to, name)) return;
  put(to, "\"0x", 3);
  char *digits = len <= to->room / 2 ? extend(to, 2 * len) : NULL;
  if (digits == NULL)
    fails(to, OL_ERR_MEMORY);
  else
    ol_hex_digits_of(digits, bytes, len);
  put(to, "\"", 1);
}

void ol_json_write_quantity(ol_json_writer *to, const char *name, const ol_u256 *value) {
  char text[66];
  ol_json_write_string(to, name, ol_slice_of(text, ol_hex_quantity(text, value)));
}

void ol_json_write_quantity_u64(ol_json_writer *to, const char *name, uint64_t value) {
  ol_u256 word = {{0}};
  ol_store_be64(word.bytes + 24, value);
  ol_json_write_quantity(to, name, &word);
}

void ol_json_write_drop(ol_json_writer *to) {
  to->arena->used = to->arena->len - to->room;
}

ol_status ol_json_write_end(ol_error *error, ol_slice *out, ol_json_writer *to) {
  ol_json_write_drop(to);
  if (to->status == OL_ERR_ENCODING)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "text to be written is not UTF-8");
  if (to->status != OL_OK)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the JSON text");
  OL_ASSERT(to->depth == 0 && to->len > 0);
  to->arena->used += to->len;
  *out = ol_slice_of(to->text, to->len);
  return OL_OK;
}
