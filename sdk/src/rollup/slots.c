/* SPDX-License-Identifier: MIT */
#include "rollup/slots.h"

#include "base/poison.h"

/* clang-format off */
/* keccak-256 of "eip1967.proxy.implementation", less one */
const ol_u256 ol_slot_implementation = {{0x36, 0x08, 0x94, 0xa1, 0x3b, 0xa1, 0xa3, 0x21, 0x06, 0x67, 0xc8, 0x28, 0x49, 0x2d, 0xb9, 0x8d,
                                         0xca, 0x3e, 0x20, 0x76, 0xcc, 0x37, 0x35, 0xa9, 0x20, 0xa3, 0xca, 0x50, 0x5d, 0x38, 0x2b, 0xbc}};
/* clang-format on */

void ol_slot_in_mapping(ol_u256 *out, const ol_u256 *key, const ol_u256 *mapping) {
  uint8_t preimage[64];
  ol_hash hash;
  memcpy(preimage, key->bytes, 32);
  memcpy(preimage + 32, mapping->bytes, 32);
  ol_keccak256(&hash, preimage, sizeof preimage);
  memcpy(out->bytes, hash.bytes, sizeof out->bytes);
}

void ol_slot_of_array(ol_u256 *out, const ol_u256 *array) {
  ol_hash hash;
  ol_keccak256(&hash, array->bytes, sizeof array->bytes);
  memcpy(out->bytes, hash.bytes, sizeof out->bytes);
}

void ol_slot_add(ol_u256 *slot, uint64_t number) {
  for (size_t i = 32; i > 0 && number != 0; i--) {
    uint64_t sum = slot->bytes[i - 1] + (number & 0xff);
    slot->bytes[i - 1] = (uint8_t)sum;
    number = (number >> 8) + (sum >> 8);
  }
}

uint64_t ol_slot_read(const ol_u256 *word, size_t offset, size_t len) {
  OL_ASSERT(len <= 8 && offset <= 32 - len);
  uint64_t value = 0;
  for (size_t i = len; i > 0; i--) value = value << 8 | word->bytes[32 - offset - i];
  return value;
}

bool ol_slot_is_zero(const ol_u256 *word, size_t offset, size_t len) {
  OL_ASSERT(offset <= 32 && len <= 32 - offset);
  return ol_is_zero(ol_slice_of(word->bytes + 32 - offset - len, len));
}

ol_status ol_slot_address(ol_error *error, ol_address *out, const ol_u256 *value) {
  if (!ol_slot_is_zero(value, 20, 12))
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "slot holds more than an address");
  memcpy(out->bytes, value->bytes + 12, sizeof out->bytes);
  return OL_OK;
}
