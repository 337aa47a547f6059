/* SPDX-License-Identifier: MIT */
#include "encoding/snappy.h"

#include "base/poison.h"

/* A block that is being decompressed. */
typedef struct unpacking {
  uint8_t *out;
  size_t len;
  size_t used; /* bytes of `out` that are written */
  ol_slice block;
  size_t at;  /* in the block */
  size_t tag; /* where the element began, for the places of errors */
} unpacking;

static ol_status malformed(ol_error *error, size_t offset, const char *reason) {
  return ol_fail(error, OL_ERR_ENCODING, offset, reason);
}

/* Reads the length as a varint: at most 32 bits, seven in each byte, and no byte more than it takes. */
static ol_status read_len(ol_error *error, size_t *out, size_t *out_at, ol_slice block) {
  uint64_t value = 0;
  size_t at = 0;
  for (bool more = true; more; at++) {
    if (at == block.len) return malformed(error, at, "snappy length is cut short");
    uint8_t byte = block.data[at];
    value |= (uint64_t)(byte & 127) << 7 * at;
    more = byte >= 128;
    if (value > UINT32_MAX || at > 4) return malformed(error, at, "snappy length has more than 32 bits");
    if (byte == 0 && at > 0) return malformed(error, at, "snappy length has a byte too many");
  }
  *out = (size_t)value;
  *out_at = at;
  return OL_OK;
}

ol_status ol_snappy_len(ol_error *error, size_t *out, ol_slice block) {
  size_t at;
  return read_len(error, out, &at, block);
}

/* Reads `count` bytes of an element, little-endian. */
static ol_status read_le(ol_error *error, uint32_t *out, unpacking *from, size_t count) {
  if (count > from->block.len - from->at) return malformed(error, from->tag, "snappy element is cut short");
  *out = 0;
  for (size_t i = 0; i < count; i++) *out |= (uint32_t)from->block.data[from->at++] << 8 * i;
  return OL_OK;
}

static ol_status check_room(ol_error *error, const unpacking *to, uint64_t len) {
  if (len > to->len - to->used) return malformed(error, to->tag, "snappy data is longer than its length");
  return OL_OK;
}

/* Lengths up to 60 are in the tag; of longer ones it says how many bytes they take. */
static ol_status put_literal(ol_error *error, unpacking *to, uint8_t tag) {
  uint32_t last = tag >> 2;
  if (last >= 60) OL_TRY(read_le(error, &last, to, last - 59));
  uint64_t len = (uint64_t)last + 1;
  OL_TRY(check_room(error, to, len));
  if (len > to->block.len - to->at) return malformed(error, to->tag, "snappy literal is cut short");
  memcpy(to->out + to->used, to->block.data + to->at, (size_t)len);
  to->used += (size_t)len;
  to->at += (size_t)len;
  return OL_OK;
}

/* Copies `len` bytes from `offset` bytes before; where that is less than `len`, they repeat. */
static ol_status put_copy(ol_error *error, unpacking *to, uint32_t offset, size_t len) {
  OL_TRY(check_room(error, to, len));
  if (offset == 0 || offset > to->used)
    return malformed(error, to->tag, "snappy copy is not of what came before");
  uint8_t *place = to->out + to->used;
  if (offset >= len)
    memcpy(place, place - offset, len);
  else
    for (size_t i = 0; i < len; i++) place[i] = (place - offset)[i];
  to->used += len;
  return OL_OK;
}

static ol_status put_element(ol_error *error, unpacking *to) {
  uint32_t offset;
  to->tag = to->at++;
  uint8_t tag = to->block.data[to->tag];
  switch (tag & 3) {
  case 0: return put_literal(error, to, tag);
  case 1:
    OL_TRY(read_le(error, &offset, to, 1));
    return put_copy(error, to, (uint32_t)(tag >> 5) << 8 | offset, 4u + (tag >> 2 & 7));
  default:
    OL_TRY(read_le(error, &offset, to, (tag & 3) == 2 ? 2 : 4));
    return put_copy(error, to, offset, 1u + (tag >> 2));
  }
}

ol_status ol_snappy_unpack(ol_error *error, uint8_t *out, size_t len, ol_slice block) {
  unpacking to = {.out = out, .len = len, .block = block};
  size_t whole;
  OL_TRY(read_len(error, &whole, &to.at, block));
  OL_ASSERT(whole == len);
  while (to.at < block.len) OL_TRY(put_element(error, &to));
  if (to.used != len) return malformed(error, block.len, "snappy data is shorter than its length");
  return OL_OK;
}
