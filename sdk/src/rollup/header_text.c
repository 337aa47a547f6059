/* SPDX-License-Identifier: MIT */
#include "rollup/header.h"
#include "rollup/input.h"

#include "base/poison.h"

ol_status ol_header_from_text(ol_error *error, ol_header *out, ol_hash *out_hash, ol_slice text, void *memory,
                              size_t len) {
  ol_error_clear(error);
  ol_arena arena = ol_arena_of(memory, len);
  ol_input input;
  OL_TRY(ol_input_read(error, &input, &arena, text, "header"));
  if (!input.is_hex) return ol_header_from_json(error, out, out_hash, input.json);
  OL_TRY(ol_header_decode(error, out, input.bytes.data, input.bytes.len));
  ol_keccak256(out_hash, input.bytes.data, input.bytes.len);
  return OL_OK;
}
