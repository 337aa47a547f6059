/* SPDX-License-Identifier: MIT */
#include "encoding/abi_read.h"

#include "base/poison.h"

#define WORD sizeof(ol_u256)

/* A frame where the last value ended, whose head is there. */
static ol_abi_frame frame_of(ol_abi_args *from, size_t words) {
  const size_t base = from->used;
  from->used += words * WORD;
  return (ol_abi_frame){.base = base, .next = base};
}

static ol_status open(ol_error *error, ol_abi_frame *out, ol_abi_args *from, size_t words) {
  if (words > (from->input.len - from->used) / WORD)
    return ol_fail(error, OL_ERR_ENCODING, from->input.len, "ABI data is cut short");
  *out = frame_of(from, words);
  return OL_OK;
}

ol_status ol_abi_args_begin(ol_error *error, ol_abi_args *out, ol_abi_frame *out_frame, ol_slice input,
                            size_t words) {
  *out = (ol_abi_args){.input = input, .used = 0};
  return open(error, out_frame, out, words);
}

ol_status ol_abi_args_begin_call(ol_error *error, ol_abi_args *out, ol_abi_frame *out_frame, ol_slice input,
                                 uint32_t selector, size_t words) {
  if (input.len < 4) return ol_fail(error, OL_ERR_ENCODING, input.len, "input has no selector");
  if (ol_load_be32(input.data) != selector)
    return ol_fail(error, OL_ERR_MISMATCH, 0, "input is that of another function");
  *out = (ol_abi_args){.input = input, .used = 4};
  return open(error, out_frame, out, words);
}

/* The place of the next word, which is passed. */
static size_t pass(ol_abi_frame *in) {
  size_t at = in->next;
  in->next += WORD;
  return at;
}

ol_status ol_abi_take_word(ol_error *error, ol_u256 *out, const ol_abi_args *from, ol_abi_frame *in) {
  return ol_abi_read_word(error, out, from->input, pass(in));
}

ol_status ol_abi_take_uint(ol_error *error, ol_u256 *out, size_t bits, const ol_abi_args *from,
                           ol_abi_frame *in) {
  return ol_abi_read_uint(error, out, bits, from->input, pass(in));
}

ol_status ol_abi_take_u64(ol_error *error, uint64_t *out, const ol_abi_args *from, ol_abi_frame *in) {
  return ol_abi_read_u64(error, out, from->input, pass(in));
}

ol_status ol_abi_take_address(ol_error *error, ol_address *out, const ol_abi_args *from, ol_abi_frame *in) {
  return ol_abi_read_address(error, out, from->input, pass(in));
}

ol_status ol_abi_take_bool(ol_error *error, bool *out, const ol_abi_args *from, ol_abi_frame *in) {
  return ol_abi_read_bool(error, out, from->input, pass(in));
}

ol_status ol_abi_take_fixed(ol_error *error, uint8_t *out, size_t len, const ol_abi_args *from,
                            ol_abi_frame *in) {
  return ol_abi_read_fixed(error, out, len, from->input, pass(in));
}

ol_status ol_abi_take_tuple(ol_error *error, ol_abi_frame *out, ol_abi_args *from, ol_abi_frame *in,
                            size_t words) {
  uint64_t position;
  size_t at = in->next;
  OL_TRY(ol_abi_take_u64(error, &position, from, in));
  if (position != from->used - in->base)
    return ol_fail(error, OL_ERR_ENCODING, at, "ABI value is not where it belongs");
  return open(error, out, from, words);
}

/* Takes the length in front of bytes or items. Out: it, checked to be at most what there is room for. */
static ol_status take_length(ol_error *error, size_t *out, ol_abi_args *from, ol_abi_frame *in, size_t each) {
  ol_abi_frame length;
  uint64_t count;
  OL_TRY(ol_abi_take_tuple(error, &length, from, in, 1));
  OL_TRY(ol_abi_take_u64(error, &count, from, &length));
  if (count > (from->input.len - from->used) / each)
    return ol_fail(error, OL_ERR_ENCODING, length.base, "ABI length is more than the data has");
  *out = (size_t)count;
  return OL_OK;
}

ol_status ol_abi_take_bytes(ol_error *error, ol_slice *out, ol_abi_args *from, ol_abi_frame *in) {
  size_t len;
  OL_TRY(take_length(error, &len, from, in, 1));
  const uint8_t *bytes = from->input.data + from->used;
  size_t padding = -len % WORD;
  if (from->input.len - from->used - len < padding)
    return ol_fail(error, OL_ERR_ENCODING, from->input.len, "padding of ABI bytes is cut short");
  for (size_t i = len; i < len + padding; i++) {
    if (bytes[i] != 0)
      return ol_fail(error, OL_ERR_ENCODING, from->used + i, "padding of ABI bytes is not zero");
  }
  *out = ol_slice_of(bytes, len);
  from->used += len + padding;
  return OL_OK;
}

ol_status ol_abi_take_array(ol_error *error, ol_abi_frame *out, size_t *out_count, ol_abi_args *from,
                            ol_abi_frame *in, size_t words) {
  size_t count;
  OL_ASSERT(words > 0 && words <= SIZE_MAX / WORD);
  OL_TRY(take_length(error, &count, from, in, words * WORD));
  *out = frame_of(from, count * words);
  *out_count = count;
  return OL_OK;
}

ol_status ol_abi_args_end(ol_error *error, const ol_abi_args *from) {
  if (from->used != from->input.len)
    return ol_fail(error, OL_ERR_ENCODING, from->used, "something is left behind the ABI data");
  return OL_OK;
}
