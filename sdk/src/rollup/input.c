/* SPDX-License-Identifier: MIT */
#include "rollup/input.h"

#include "encoding/hex.h"
#include "encoding/jsonrpc.h"

#include "base/poison.h"

static ol_slice trim(ol_slice text) {
  static const char spaces[] = " \t\r\n";
  while (text.len > 0 && memchr(spaces, text.data[0], sizeof spaces - 1) != NULL)
    text = ol_slice_of(text.data + 1, text.len - 1);
  while (text.len > 0 && memchr(spaces, text.data[text.len - 1], sizeof spaces - 1) != NULL) text.len--;
  return text;
}

static ol_status read_hex(ol_error *error, ol_slice *out, ol_arena *arena, ol_slice text) {
  ol_slice digits;
  OL_TRY(ol_hex_digits(error, &digits, text));
  uint8_t *bytes = (uint8_t *)ol_arena_take(arena, digits.len / 2);
  if (bytes == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the bytes");
  *out = ol_slice_of(bytes, digits.len / 2);
  return ol_hex_decode(error, bytes, (const char *)digits.data, digits.len);
}

static ol_status read_json(ol_error *error, ol_json *out, ol_arena *arena, ol_slice text) {
  ol_json root;
  OL_TRY(ol_json_read(error, &root, arena, text.data, text.len));
  return ol_jsonrpc_unwrap(error, out, root);
}

ol_status ol_input_read(ol_error *error, ol_input *out, ol_arena *arena, ol_slice text, const char *part) {
  text = trim(text);
  out->is_hex = text.len > 0 && text.data[0] == '0';
  return ol_error_in(error,
                     out->is_hex ? read_hex(error, &out->bytes, arena, text)
                                 : read_json(error, &out->json, arena, text),
                     part, OL_NOWHERE);
}
