/* SPDX-License-Identifier: MIT */
#include "encoding/hex.h"
#include "encoding/jsonrpc.h"
#include "rollup/header.h"

#include "base/poison.h"

static ol_slice trim(ol_slice text) {
  static const char spaces[] = " \t\r\n";
  while (text.len > 0 && memchr(spaces, text.data[0], sizeof spaces - 1) != NULL)
    text = ol_slice_of(text.data + 1, text.len - 1);
  while (text.len > 0 && memchr(spaces, text.data[text.len - 1], sizeof spaces - 1) != NULL) text.len--;
  return text;
}

static ol_status from_hex(ol_error *error, ol_header *out, ol_hash *out_hash, ol_slice text,
                          ol_arena *arena) {
  ol_slice digits;
  OL_TRY(ol_hex_digits(error, &digits, text));
  uint8_t *rlp = (uint8_t *)ol_arena_take(arena, digits.len / 2);
  if (rlp == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the header");
  OL_TRY(ol_hex_decode(error, rlp, (const char *)digits.data, digits.len));
  OL_TRY(ol_header_decode(error, out, rlp, digits.len / 2));
  ol_keccak256(out_hash, rlp, digits.len / 2);
  return OL_OK;
}

ol_status ol_header_from_text(ol_error *error, ol_header *out, ol_hash *out_hash, ol_slice text, void *memory,
                              size_t len) {
  ol_error_clear(error);
  ol_arena arena = ol_arena_of(memory, len);
  text = trim(text);
  if (text.len > 0 && text.data[0] == '0')
    return ol_error_in(error, from_hex(error, out, out_hash, text, &arena), "header", OL_NOWHERE);
  ol_json root, block;
  ol_status status = ol_json_read(error, &root, &arena, text.data, text.len);
  if (status == OL_OK) status = ol_jsonrpc_unwrap(error, &block, root);
  OL_TRY(ol_error_in(error, status, "header", OL_NOWHERE));
  return ol_header_from_json(error, out, out_hash, block);
}
