/* SPDX-License-Identifier: MIT */

/* The input as a snappy block: what is accepted is what a decoder that only knows the format makes of it, and comes
 * out again of a block of literals. */

#include "encoding/snappy.h"
#include "fuzz/fuzz.h"

#define WHOLE_MAX (1u << 20)

/* Decompresses byte by byte a block that was accepted. */
static void decode_plainly(uint8_t *out, size_t len, const uint8_t *in, size_t in_len) {
  size_t at = 0, used = 0;
  while (in[at++] >= 128) continue;
  while (at < in_len) {
    uint8_t tag = in[at++];
    size_t kind = tag & 3, count = kind == 1 ? 4u + (tag >> 2 & 7) : 1u + (tag >> 2);
    size_t extra = kind == 0 ? (count > 60 ? count - 60 : 0) : kind == 3 ? 4 : kind, number = 0;
    for (size_t i = 0; i < extra; i++) number |= (size_t)in[at++] << 8 * i;
    if (kind == 0 && extra > 0) count = number + 1;
    if (kind == 1) number |= (size_t)(tag >> 5) << 8;
    FUZZ_REQUIRE(count <= len - used && (kind == 0 || (number > 0 && number <= used)));
    for (size_t i = 0; i < count; i++, used++) out[used] = kind == 0 ? in[at++] : out[used - number];
  }
  FUZZ_REQUIRE(used == len && at == in_len);
}

/* Encodes as literals of at most 60 bytes. Returns: the length. */
static size_t encode_plainly(uint8_t *out, const uint8_t *in, size_t len) {
  size_t used = 0;
  for (size_t left = len;; left >>= 7) {
    out[used++] = (uint8_t)((left & 127) | (left >= 128 ? 128 : 0));
    if (left < 128) break;
  }
  for (size_t at = 0; at < len;) {
    size_t count = len - at < 60 ? len - at : 60;
    out[used++] = (uint8_t)((count - 1) << 2);
    memcpy(out + used, in + at, count);
    used += count;
    at += count;
  }
  return used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  size_t whole = 0;
  ol_slice block = {data, len};
  ol_status status = ol_snappy_len(&error, &whole, block);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return 0;
  }
  if (whole > WHOLE_MAX) return 0;
  uint8_t *out = fuzz_block(whole), *again = fuzz_block(whole), *encoded = fuzz_block(whole + whole / 60 + 8);
  status = ol_snappy_unpack(&error, out, whole, block);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
  } else {
    decode_plainly(again, whole, data, len);
    FUZZ_REQUIRE(fuzz_same(ol_slice_of(out, whole), ol_slice_of(again, whole)));
    ol_slice literals = {encoded, encode_plainly(encoded, out, whole)};
    size_t same = 0;
    FUZZ_REQUIRE(ol_snappy_len(&error, &same, literals) == OL_OK && same == whole);
    memset(again, 0, whole);
    FUZZ_REQUIRE(ol_snappy_unpack(&error, again, whole, literals) == OL_OK);
    FUZZ_REQUIRE(fuzz_same(ol_slice_of(out, whole), ol_slice_of(again, whole)));
  }
  free(out);
  free(again);
  free(encoded);
  return 0;
}
