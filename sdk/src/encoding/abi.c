/* SPDX-License-Identifier: MIT */
#include "encoding/abi.h"

#include "base/poison.h"

ol_u256 ol_abi_u64(uint64_t value) {
  ol_u256 word = {{0}};
  ol_store_be64(word.bytes + 24, value);
  return word;
}

ol_u256 ol_abi_address(const ol_address *address) {
  ol_u256 word = {{0}};
  memcpy(word.bytes + 12, address->bytes, sizeof address->bytes);
  return word;
}

ol_u256 ol_abi_bool(bool value) {
  return ol_abi_u64(value ? 1 : 0);
}

void ol_abi_negate(ol_u256 *word) {
  uint32_t carry = 1;
  for (size_t i = sizeof word->bytes; i-- > 0; carry >>= 8) {
    carry += (uint8_t)~word->bytes[i];
    word->bytes[i] = (uint8_t)carry;
  }
}

ol_status ol_abi_read_word(ol_error *error, ol_u256 *out, ol_slice data, size_t offset) {
  if (offset > data.len || data.len - offset < sizeof out->bytes)
    return ol_fail(error, OL_ERR_ENCODING, data.len, "ABI word is cut short");
  memcpy(out->bytes, data.data + offset, sizeof out->bytes);
  return OL_OK;
}

ol_status ol_abi_read_uint(ol_error *error, ol_u256 *out, size_t bits, ol_slice data, size_t offset) {
  ol_u256 word;
  OL_ASSERT(bits % 8 == 0 && bits <= 256);
  OL_TRY(ol_abi_read_word(error, &word, data, offset));
  for (size_t i = 0; i < sizeof word.bytes - bits / 8; i++) {
    if (word.bytes[i] != 0) return ol_fail(error, OL_ERR_ENCODING, offset + i, "ABI value is out of range");
  }
  *out = word;
  return OL_OK;
}

ol_status ol_abi_read_fixed(ol_error *error, uint8_t *out, size_t len, ol_slice data, size_t offset) {
  ol_u256 word;
  OL_ASSERT(len <= sizeof word.bytes);
  OL_TRY(ol_abi_read_word(error, &word, data, offset));
  for (size_t i = len; i < sizeof word.bytes; i++) {
    if (word.bytes[i] != 0)
      return ol_fail(error, OL_ERR_ENCODING, offset + i, "padding of ABI bytes is not zero");
  }
  memcpy(out, word.bytes, len);
  return OL_OK;
}

ol_status ol_abi_read_u64(ol_error *error, uint64_t *out, ol_slice data, size_t offset) {
  ol_u256 word;
  OL_TRY(ol_abi_read_uint(error, &word, 64, data, offset));
  *out = ol_load_be64(word.bytes + 24);
  return OL_OK;
}

ol_status ol_abi_read_address(ol_error *error, ol_address *out, ol_slice data, size_t offset) {
  ol_u256 word;
  OL_TRY(ol_abi_read_uint(error, &word, 160, data, offset));
  memcpy(out->bytes, word.bytes + 12, sizeof out->bytes);
  return OL_OK;
}

ol_status ol_abi_read_bool(ol_error *error, bool *out, ol_slice data, size_t offset) {
  ol_u256 word;
  OL_TRY(ol_abi_read_uint(error, &word, 8, data, offset));
  if (word.bytes[31] > 1) return ol_fail(error, OL_ERR_ENCODING, offset + 31, "ABI bool is neither 0 nor 1");
  *out = word.bytes[31] == 1;
  return OL_OK;
}

ol_status ol_abi_read_bytes(ol_error *error, ol_slice *out, ol_slice data, size_t offset, size_t tail) {
  uint64_t position, len;
  OL_TRY(ol_abi_read_u64(error, &position, data, offset));
  if (position != tail) return ol_fail(error, OL_ERR_ENCODING, offset, "ABI bytes are not where they belong");
  OL_TRY(ol_abi_read_u64(error, &len, data, tail));
  size_t start = tail + sizeof(ol_u256), room = data.len - start;
  if (len > room) return ol_fail(error, OL_ERR_ENCODING, tail, "ABI bytes are cut short");
  size_t padding = (size_t)(-len % sizeof(ol_u256));
  if (room - (size_t)len != padding)
    return ol_fail(error, OL_ERR_ENCODING, start + (size_t)len, "ABI bytes do not end the data");
  for (size_t i = data.len - padding; i < data.len; i++) {
    if (data.data[i] != 0) return ol_fail(error, OL_ERR_ENCODING, i, "padding of ABI bytes is not zero");
  }
  *out = ol_slice_of(data.data + start, (size_t)len);
  return OL_OK;
}
