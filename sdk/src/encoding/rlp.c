/* SPDX-License-Identifier: MIT */
#include "encoding/rlp.h"

#include "base/limits.h"
#include "base/poison.h"

static ol_status refuse(ol_error *error, const ol_rlp *cursor, const char *reason) {
  return ol_fail(error, OL_ERR_ENCODING, cursor->start + cursor->at, reason);
}

/* Reads the length that follows a long-form prefix: `count` bytes, big-endian. */
static ol_status long_length(ol_error *error, size_t *out, const ol_rlp *cursor, size_t count) {
  const uint8_t *bytes = cursor->data + cursor->at + 1;
  if (count > cursor->len - cursor->at - 1) return refuse(error, cursor, "RLP length is cut short");
  if (bytes[0] == 0) return refuse(error, cursor, "RLP length has a leading zero");
  uint64_t length = 0;
  for (size_t i = 0; i < count; i++) length = length << 8 | bytes[i];
  if (length < 56) return refuse(error, cursor, "RLP length is in the long form but fits the short one");
  if (length > SIZE_MAX - OL_RLP_PREFIX) return refuse(error, cursor, "RLP item is longer than its input");
  *out = (size_t)length;
  return OL_OK;
}

ol_status ol_rlp_next(ol_error *error, ol_rlp_item *out, ol_rlp *cursor) {
  if (cursor->at >= cursor->len) return refuse(error, cursor, "RLP item is missing");
  const uint8_t *start = cursor->data + cursor->at;
  uint8_t prefix = start[0];
  bool list = prefix >= 0xc0;
  size_t header = 1, length;
  if (prefix < 0x80) {
    header = 0;
    length = 1;
  } else {
    length = (size_t)(prefix - (list ? 0xc0 : 0x80));
    if (length > 55) {
      size_t count = length - 55;
      OL_TRY(long_length(error, &length, cursor, count));
      header += count;
    }
  }
  if (length > cursor->len - cursor->at - header)
    return refuse(error, cursor, "RLP item is longer than its input");
  if (prefix == 0x81 && start[1] < 0x80)
    return refuse(error, cursor, "RLP string of one byte below 0x80 has a prefix");
  out->payload = ol_slice_of(start + header, length);
  out->whole = ol_slice_of(start, header + length);
  out->offset = cursor->start + cursor->at;
  out->list = list;
  cursor->at += header + length;
  return OL_OK;
}

ol_rlp ol_rlp_inside(const ol_rlp_item *item) {
  return (ol_rlp){.data = item->payload.data,
                  .len = item->payload.len,
                  .at = 0,
                  .start = item->offset + (item->whole.len - item->payload.len)};
}

/* Reads the next item and fails at its prefix when it is not of the kind asked. */
static ol_status next_of_kind(ol_error *error, ol_rlp_item *out, ol_rlp *cursor, bool list) {
  ol_rlp after = *cursor;
  OL_TRY(ol_rlp_next(error, out, &after));
  if (out->list != list)
    return refuse(error, cursor,
                  list ? "RLP string where a list belongs" : "RLP list where a string belongs");
  *cursor = after;
  return OL_OK;
}

ol_status ol_rlp_list(ol_error *error, ol_rlp *out, ol_rlp *cursor) {
  ol_rlp_item item;
  OL_TRY(next_of_kind(error, &item, cursor, true));
  *out = ol_rlp_inside(&item);
  return OL_OK;
}

ol_status ol_rlp_string(ol_error *error, ol_slice *out, ol_rlp *cursor) {
  ol_rlp_item item;
  OL_TRY(next_of_kind(error, &item, cursor, false));
  *out = item.payload;
  return OL_OK;
}

ol_status ol_rlp_fixed(ol_error *error, uint8_t *out, size_t len, ol_rlp *cursor) {
  ol_rlp before = *cursor;
  ol_slice bytes;
  OL_TRY(ol_rlp_string(error, &bytes, cursor));
  if (bytes.len != len) return refuse(error, &before, "RLP string has the wrong length");
  memcpy(out, bytes.data, len);
  return OL_OK;
}

/* Reads a scalar of at most `width` bytes. Out: the last `width` bytes of a word, padded with zeros. */
static ol_status scalar(ol_error *error, uint8_t *out, size_t width, ol_rlp *cursor) {
  ol_rlp before = *cursor;
  ol_slice bytes;
  OL_TRY(ol_rlp_string(error, &bytes, cursor));
  if (bytes.len > width) return refuse(error, &before, "RLP scalar is too large");
  if (bytes.len > 0 && bytes.data[0] == 0) return refuse(error, &before, "RLP scalar has a leading zero");
  memset(out, 0, width);
  if (bytes.len > 0) memcpy(out + width - bytes.len, bytes.data, bytes.len);
  return OL_OK;
}

ol_status ol_rlp_u64(ol_error *error, uint64_t *out, ol_rlp *cursor) {
  uint8_t bytes[8];
  OL_TRY(scalar(error, bytes, sizeof bytes, cursor));
  *out = ol_load_be64(bytes);
  return OL_OK;
}

ol_status ol_rlp_u256(ol_error *error, ol_u256 *out, ol_rlp *cursor) {
  return scalar(error, out->bytes, sizeof out->bytes, cursor);
}

ol_status ol_rlp_end(ol_error *error, const ol_rlp *cursor) {
  if (ol_rlp_more(cursor)) return refuse(error, cursor, "bytes follow where the RLP ends");
  return OL_OK;
}

ol_status ol_rlp_check(ol_error *error, ol_slice bytes) {
  ol_rlp open[OL_LIMIT_RLP_DEPTH];
  size_t depth = 0;
  ol_rlp top = ol_rlp_of(bytes);
  ol_rlp_item item;
  OL_TRY(ol_rlp_next(error, &item, &top));
  OL_TRY(ol_rlp_end(error, &top));
  if (item.list) open[depth++] = ol_rlp_inside(&item);
  while (depth > 0) {
    ol_rlp *cursor = &open[depth - 1];
    if (!ol_rlp_more(cursor)) {
      depth--;
      continue;
    }
    OL_TRY(ol_rlp_next(error, &item, cursor));
    if (!item.list) continue;
    if (depth == OL_LIMIT_RLP_DEPTH)
      return ol_fail(error, OL_ERR_LIMIT, item.offset, "RLP lists are nested too deep");
    open[depth++] = ol_rlp_inside(&item);
  }
  return OL_OK;
}

size_t ol_rlp_prefix(uint8_t out[OL_RLP_PREFIX], bool list, size_t payload_len) {
  uint8_t base = list ? 0xc0 : 0x80;
  if (payload_len < 56) {
    out[0] = (uint8_t)(base + payload_len);
    return 1;
  }
  uint8_t length[8];
  ol_store_be64(length, payload_len);
  size_t zeros = 0;
  while (length[zeros] == 0) zeros++;
  size_t count = sizeof length - zeros;
  out[0] = (uint8_t)(base + 55 + count);
  memcpy(out + 1, length + zeros, count);
  return 1 + count;
}

void ol_rlp_put_raw(ol_rlp_writer *to, const uint8_t *bytes, size_t len) {
  ol_write_bytes(to, bytes, len);
}

void ol_rlp_put_list(ol_rlp_writer *to, size_t payload_len) {
  uint8_t prefix[OL_RLP_PREFIX];
  ol_rlp_put_raw(to, prefix, ol_rlp_prefix(prefix, true, payload_len));
}

void ol_rlp_put_string(ol_rlp_writer *to, const uint8_t *bytes, size_t len) {
  uint8_t prefix[OL_RLP_PREFIX];
  if (len != 1 || bytes[0] >= 0x80) ol_rlp_put_raw(to, prefix, ol_rlp_prefix(prefix, false, len));
  ol_rlp_put_raw(to, bytes, len);
}

void ol_rlp_put_u256(ol_rlp_writer *to, const ol_u256 *value) {
  size_t zeros = 0;
  while (zeros < sizeof value->bytes && value->bytes[zeros] == 0) zeros++;
  ol_rlp_put_string(to, value->bytes + zeros, sizeof value->bytes - zeros);
}

void ol_rlp_put_u64(ol_rlp_writer *to, uint64_t value) {
  ol_u256 word = {{0}};
  ol_store_be64(word.bytes + 24, value);
  ol_rlp_put_u256(to, &word);
}
