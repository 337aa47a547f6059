/* SPDX-License-Identifier: MIT */

/*
 * A signature, a line's end, and data that is decoded by it: what is canonical encodes to the same bytes again, and what
 * is written is bounded by what is read. The same data as JSON, to be encoded: what that gives decodes, and is canonical.
 */

#include "encoding/abi_type.h"
#include "fuzz/fuzz.h"

/* What the header says is enough; but for what is decoded into long names. */
static size_t room_for(ol_slice read) {
  return 20480 + 40 * read.len;
}

static void check_decoded(ol_slice signature, ol_slice data) {
  ol_error error;
  ol_abi_decoded decoded;
  ol_slice again;
  const size_t room = room_for(data);
  uint8_t *memory = fuzz_block(room);
  const ol_status status = ol_abi_decode_text(&error, &decoded, signature, OL_ABI_INPUT, data, memory, room);
  if (status != OL_OK) {
    FUZZ_REQUIRE(status != OL_ERR_MEMORY || signature.len > 64);
    fuzz_refused(&error, status, data.len > signature.len ? data.len : signature.len);
  } else {
    const size_t more_room = room_for(decoded.json);
    uint8_t *more = fuzz_block(more_room);
    FUZZ_REQUIRE(ol_abi_encode_text(&error, &again, signature, decoded.json, more, more_room) == OL_OK);
    FUZZ_REQUIRE(fuzz_same(again, data) == (decoded.canonical == 1));
    free(more);
  }
  free(memory);
}

static void check_encoded(ol_slice signature, ol_slice json) {
  ol_error error;
  ol_abi_decoded decoded;
  ol_slice bytes, packed;
  const size_t room = room_for(json);
  uint8_t *memory = fuzz_block(room);
  ol_status status = ol_abi_encode_text(&error, &bytes, signature, json, memory, room);
  FUZZ_REQUIRE(status != OL_ERR_MEMORY);
  if (status == OL_OK) {
    const size_t more_room = room_for(bytes) + 64 * signature.len; /* names */
    uint8_t *more = fuzz_block(more_room);
    FUZZ_REQUIRE(ol_abi_decode_text(&error, &decoded, signature, OL_ABI_INPUT, bytes, more, more_room) ==
                 OL_OK);
    FUZZ_REQUIRE(decoded.canonical == 1);
    free(more);
  } else {
    fuzz_refused(&error, status, json.len > signature.len ? json.len : signature.len);
  }
  status = ol_abi_packed_text(&error, &packed, signature, json, memory, room);
  if (status != OL_OK) fuzz_refused(&error, status, json.len > signature.len ? json.len : signature.len);
  free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  size_t at = 0;
  while (at < len && data[at] != '\n') at++;
  if (at == len || len > 2048) return 0;
  uint8_t *signature = fuzz_copy(data, at), *rest = fuzz_copy(data + at + 1, len - at - 1);
  check_decoded(ol_slice_of(signature, at), ol_slice_of(rest, len - at - 1));
  check_encoded(ol_slice_of(signature, at), ol_slice_of(rest, len - at - 1));
  free(signature);
  free(rest);
  return 0;
}
