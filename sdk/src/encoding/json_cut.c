/* SPDX-License-Identifier: MIT */
#include "base/base.h"
#include "encoding/json.h"

#include "base/poison.h"

static void skip_space(ol_json_cut *from) {
  for (; from->at < from->text.len; from->at++) {
    uint8_t byte = from->text.data[from->at];
    if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r') return;
  }
}

static uint8_t byte_at(const ol_json_cut *from) {
  return from->at < from->text.len ? from->text.data[from->at] : 0;
}

/* Goes behind a string's closing quote. */
static void skip_string(ol_json_cut *from) {
  for (from->at++; from->at < from->text.len && byte_at(from) != '"'; from->at++) {
    if (byte_at(from) == '\\') from->at++;
  }
  from->at++;
}

/* Goes to the comma or bracket that ends a value. Returns: false when the text ends before. */
static bool skip_element(ol_json_cut *from, uint8_t close) {
  size_t depth = 0;
  while (from->at < from->text.len) {
    uint8_t byte = byte_at(from);
    if (depth == 0 && (byte == ',' || byte == close)) return true;
    if (byte == '"') {
      skip_string(from);
      continue;
    }
    if (byte == '{' || byte == '[') depth++;
    if ((byte == '}' || byte == ']') && depth > 0)
      depth--; /* which brackets match is for the parser to see */
    from->at++;
  }
  return false;
}

ol_status ol_json_cut_array(ol_error *error, ol_json_cut *out, ol_slice text) {
  *out = (ol_json_cut){.text = text};
  skip_space(out);
  if (byte_at(out) != '[') return ol_fail(error, OL_ERR_ENCODING, out->at, "JSON text is not an array");
  out->at++;
  return OL_OK;
}

ol_status ol_json_cut_next(ol_error *error, ol_slice *out, ol_json_cut *from) {
  *out = ol_slice_of(NULL, 0);
  skip_space(from);
  bool more = from->begun ? byte_at(from) == ',' : byte_at(from) != ']';
  if (!more) { /* a bracket: an element ends with this or a comma */
    ol_json_cut rest = {.text = from->text, .at = from->at + 1};
    skip_space(&rest);
    return rest.at == rest.text.len
               ? OL_OK
               : ol_fail(error, OL_ERR_ENCODING, rest.at, "text goes on behind its array");
  }
  if (from->begun) from->at++;
  from->begun = true;
  size_t start = from->at;
  if (!skip_element(from, ']')) return ol_fail(error, OL_ERR_ENCODING, from->text.len, "array is not closed");
  *out = ol_slice_of(from->text.data + start, from->at - start);
  return OL_OK;
}

/* Goes behind a byte that must stand here, and whitespace around it. Returns: false when it does not. */
static bool skip_byte(ol_json_cut *from, uint8_t byte) {
  skip_space(from);
  bool is_there = byte_at(from) == byte;
  from->at += is_there;
  skip_space(from);
  return is_there;
}

ol_status ol_json_cut_member(ol_error *error, ol_slice *out, ol_slice text, const char *name) {
  ol_json_cut from = {.text = text};
  size_t name_len = ol_text_len(name);
  if (!skip_byte(&from, '{')) return ol_fail(error, OL_ERR_ENCODING, from.at, "JSON text is not an object");
  while (byte_at(&from) == '"') {
    size_t start = from.at + 1;
    skip_string(&from);
    bool closed = from.at <= text.len; /* behind a backslash at the end, it is not */
    bool found = closed && from.at == start + name_len + 1 && memcmp(text.data + start, name, name_len) == 0;
    if (!skip_byte(&from, ':')) break;
    start = from.at;
    if (!skip_element(&from, '}')) break;
    if (found) {
      *out = ol_slice_of(text.data + start, from.at - start);
      return OL_OK;
    }
    skip_byte(&from, ',');
  }
  return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "JSON object lacks a member");
}
