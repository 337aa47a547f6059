/* SPDX-License-Identifier: MIT */
#include "encoding/hex.h"
#include "openledger/text.h"

#include "base/poison.h"

/* Sets the case of 40 digits by the hash of them in lower case (EIP-55). */
static void checksum_digits(char digits[40]) {
  ol_hash hash;
  ol_keccak256(&hash, (const uint8_t *)digits, 40);
  for (size_t i = 0; i < 40; i++) {
    uint8_t nibble = i % 2 == 0 ? hash.bytes[i / 2] >> 4 : hash.bytes[i / 2] & 15;
    if (digits[i] >= 'a' && nibble >= 8) digits[i] = (char)(digits[i] - 'a' + 'A');
  }
}

void ol_address_text(char out[43], const ol_address *address) {
  ol_hex_text(out, address->bytes, sizeof address->bytes);
  checksum_digits(out + 2);
}

ol_status ol_address_from_text(ol_error *error, ol_address *out, const char *text, size_t len) {
  ol_error_clear(error);
  ol_address address;
  OL_TRY(ol_hex_fixed(error, address.bytes, sizeof address.bytes, ol_slice_of(text, len)));
  char checked[43];
  ol_address_text(checked, &address);
  bool lower = false, upper = false;
  size_t wrong = 0;
  for (size_t i = 2; i < len; i++) {
    lower |= text[i] >= 'a';
    upper |= text[i] >= 'A' && text[i] <= 'F';
    if (wrong == 0 && text[i] != checked[i]) wrong = i;
  }
  if (lower && upper && wrong != 0)
    return ol_fail(error, OL_ERR_ENCODING, wrong, "address has a wrong checksum (EIP-55): mistyped?");
  *out = address;
  return OL_OK;
}
