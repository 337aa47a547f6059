/* SPDX-License-Identifier: MIT */

/* Values of the JSON that the library writes: finding them, and showing them. What is no JSON has none. */

#include "wallet.h"

#include <string.h>

static bool is_one_of(uint8_t byte, const char *these) {
  return byte != 0 && strchr(these, byte) != NULL;
}

static size_t skip_space(ol_slice json, size_t at) {
  while (at < json.len && is_one_of(json.data[at], " \t\r\n")) at++;
  return at;
}

/* Returns: where the value that begins here ends. */
static size_t skip_value(ol_slice json, size_t at) {
  size_t depth = 0;
  bool in_text = false;
  for (; at < json.len; at++) {
    const uint8_t byte = json.data[at];
    if (in_text) {
      if (byte == '\\') at++;
      if (byte != '"') continue;
      in_text = false;
      if (depth == 0) return at + 1;
    } else if (byte == '"') {
      in_text = true;
    } else if (byte == '{' || byte == '[') {
      depth++;
    } else if (byte == '}' || byte == ']') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    } else if (depth == 0 && is_one_of(byte, ", \t\r\n:")) {
      return at;
    }
  }
  return json.len;
}

static ol_slice piece(ol_slice json, size_t from, size_t to) {
  return (ol_slice){json.data + from, to - from};
}

bool cli_json_next(ol_slice *out_name, ol_slice *out, ol_slice json, size_t *at) {
  const size_t begin = skip_space(json, 0);
  if (begin >= json.len || (json.data[begin] != '{' && json.data[begin] != '[')) return false;
  size_t from = skip_space(json, *at == 0 ? begin + 1 : *at);
  *out_name = (ol_slice){NULL, 0};
  if (from < json.len && json.data[from] == ',') from = skip_space(json, from + 1);
  if (from >= json.len || json.data[from] == '}' || json.data[from] == ']') return false;
  if (json.data[begin] == '{') {
    const size_t end = skip_value(json, from), colon = skip_space(json, end);
    if (end < from + 2 || colon >= json.len || json.data[colon] != ':') return false;
    *out_name = piece(json, from + 1, end - 1);
    from = skip_space(json, colon + 1);
  }
  const size_t end = skip_value(json, from);
  if (end == from) return false;
  *out = piece(json, from, end);
  *at = end;
  return true;
}

/* Whether a step of a path is a member's name, or an element's index. */
static bool is_step(const char *step, size_t len, ol_slice name, size_t index) {
  char number[24];
  if (name.data != NULL) return name.len == len && memcmp(name.data, step, len) == 0;
  snprintf(number, sizeof number, "%zu", index);
  return strlen(number) == len && memcmp(number, step, len) == 0;
}

bool cli_json_find(ol_slice *out, ol_slice json, const char *path) {
  while (*path != '\0') {
    const size_t len = strcspn(path, ".");
    ol_slice name, value;
    size_t at = 0, index = 0;
    bool found = false;
    while (!found && cli_json_next(&name, &value, json, &at)) found = is_step(path, len, name, index++);
    if (!found) return false;
    json = value;
    path += len + (path[len] == '.');
  }
  *out = json;
  return true;
}

static ol_slice unquoted(ol_slice value) {
  const bool is_text = value.len >= 2 && value.data[0] == '"';
  return is_text ? piece(value, 1, value.len - 1) : value;
}

bool cli_json_number(ol_u256 *out, ol_slice json, const char *path) {
  ol_error error;
  ol_slice value;
  if (!cli_json_find(&value, json, path)) return false;
  value = unquoted(value);
  return value.len > 0 && ol_u256_from_text(&error, out, (const char *)value.data, value.len) == OL_OK;
}

bool cli_json_u64(uint64_t *out, ol_slice json, const char *path) {
  ol_u256 number;
  return cli_json_number(&number, json, path) && cli_u64_of(out, &number);
}

bool cli_json_is(ol_slice json, const char *path, const char *text) {
  ol_slice value;
  if (!cli_json_find(&value, json, path)) return false;
  value = unquoted(value);
  return value.len == strlen(text) && memcmp(value.data, text, value.len) == 0;
}

/* Escapes of JSON that stand for what cannot be seen stay as they are. */
void cli_json_show(FILE *to, ol_slice value) {
  const bool is_text = value.len >= 2 && value.data[0] == '"';
  const ol_slice text = unquoted(value);
  char seen[32];
  for (size_t at = 0; at < text.len;) {
    size_t len = 1;
    if (is_text && text.data[at] == '\\' && at + 1 < text.len && is_one_of(text.data[at + 1], "\"\\/")) at++;
    while (at + len < text.len && (text.data[at + len] & 0xc0) == 0x80 && len < 4) len++;
    ol_text_visible(seen, sizeof seen, piece(text, at, at + len));
    fputs(seen, to);
    at += len;
  }
}
