/* SPDX-License-Identifier: MIT */
#include "wallet/typed_data.h"

#include "crypto/keccak.h"
#include "encoding/abi.h"
#include "encoding/hex.h"
#include "encoding/text.h"
#include "openledger/text.h"

#include "base/poison.h"

/* Moves the place of a failure from a string to the text around it. */
static ol_status in_text(ol_error *error, ol_status status, size_t offset) {
  if (status != OL_OK && error->offset != OL_NOWHERE) error->offset += (uint32_t)offset;
  return status;
}

static void negate(ol_u256 *value) {
  uint32_t carry = 1;
  for (size_t i = sizeof value->bytes; i-- > 0; carry >>= 8) {
    carry += (uint8_t)~value->bytes[i];
    value->bytes[i] = (uint8_t)carry;
  }
}

/* Whether a number fits in `width` bytes; when it is signed, with its sign. */
static bool is_in_range(const ol_u256 *magnitude, size_t width, bool is_signed, bool negative) {
  const uint8_t *top = magnitude->bytes + sizeof magnitude->bytes - width;
  if (!ol_is_zero(ol_slice_of(magnitude->bytes, sizeof magnitude->bytes - width))) return false;
  if (!is_signed || *top < 0x80) return true;
  return negative && *top == 0x80 && ol_is_zero(ol_slice_of(top + 1, width - 1));
}

/* A JSON number, or text: decimal with an optional minus, or hex without. Never through a floating point number. */
static ol_status encode_integer(ol_error *error, ol_u256 *out, const ol_typed_member *member, ol_json value) {
  ol_slice text = ol_json_number_text(value);
  const bool is_signed = member->form == OL_FORM_INT;
  size_t offset = value.offset;
  ol_u256 number;
  if (text.len == 0 && ol_json_string(error, &text, value) != OL_OK)
    return ol_fail(error, OL_ERR_ENCODING, offset, "value is neither a number nor text of one");
  const bool negative = text.len > 0 && text.data[0] == '-';
  if (negative) {
    text = ol_slice_of(text.data + 1, text.len - 1);
    offset++;
    if (text.len > 1 && text.data[1] == 'x')
      return ol_fail(error, OL_ERR_ENCODING, offset, "hex has no sign");
  }
  OL_TRY(in_text(error, ol_u256_from_text(error, &number, (const char *)text.data, text.len), offset));
  if (negative && (!is_signed || ol_u256_is_zero(&number)))
    return ol_fail(error, OL_ERR_ENCODING, value.offset,
                   is_signed ? "zero has a sign" : "value is below zero");
  if (!is_in_range(&number, member->width, is_signed, negative))
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "value is out of the range of its type");
  if (negative) negate(&number);
  *out = number;
  return OL_OK;
}

/* Bytes are decoded in pieces, so that they need no memory. */
#define PIECE 128

static ol_status hash_hex(ol_error *error, ol_u256 *out, ol_json value) {
  ol_slice text, digits;
  ol_keccak keccak;
  ol_hash hash;
  uint8_t bytes[PIECE];
  OL_TRY(ol_json_string(error, &text, value));
  OL_TRY(in_text(error, ol_hex_digits(error, &digits, text), value.offset));
  ol_keccak_init(&keccak);
  for (size_t at = 0, len; at < digits.len; at += len) {
    len = digits.len - at < sizeof bytes * 2 ? digits.len - at : sizeof bytes * 2;
    OL_TRY(in_text(error, ol_hex_decode(error, bytes, (const char *)digits.data + at, len),
                   value.offset + 2 + at));
    ol_keccak_update(&keccak, bytes, len / 2);
  }
  ol_keccak_final(&keccak, &hash);
  memcpy(out->bytes, hash.bytes, sizeof out->bytes);
  return OL_OK;
}

static ol_status encode_text(ol_error *error, ol_u256 *out, const ol_typed_member *member, ol_json value) {
  ol_slice text;
  ol_address address;
  ol_hash hash;
  OL_TRY(ol_json_string(error, &text, value));
  if (member->form == OL_FORM_STRING) {
    ol_keccak256(&hash, text.data, text.len);
    memcpy(out->bytes, hash.bytes, sizeof out->bytes);
    return OL_OK;
  }
  OL_TRY(
      in_text(error, ol_address_from_text(error, &address, (const char *)text.data, text.len), value.offset));
  *out = ol_abi_address(&address);
  return OL_OK;
}

ol_status ol_typed_encode(ol_error *error, ol_u256 *out, const ol_typed_member *member, ol_json value) {
  ol_u256 word = {{0}};
  bool truth;
  switch (member->form) {
  case OL_FORM_BOOL:
    OL_TRY(ol_json_bool(error, &truth, value));
    word = ol_abi_bool(truth);
    break;
  case OL_FORM_UINT:
  case OL_FORM_INT: OL_TRY(encode_integer(error, &word, member, value)); break;
  case OL_FORM_WORD: OL_TRY(ol_json_hex_fixed(error, word.bytes, member->width, value)); break;
  case OL_FORM_BYTES: OL_TRY(hash_hex(error, &word, value)); break;
  default: OL_TRY(encode_text(error, &word, member, value)); break;
  }
  *out = word;
  return OL_OK;
}

void ol_typed_number_text(char out[80], const ol_typed_member *member, const ol_u256 *word) {
  ol_u256 magnitude = *word;
  if (member->form == OL_FORM_INT && word->bytes[0] >= 0x80) {
    negate(&magnitude);
    *out++ = '-';
  }
  ol_u256_text(out, &magnitude);
}

/* What is told of a text, and of the digits of bytes: more than this is cut, and the length is behind it. */
#define TOLD 512
#define VISIBLE 6 /* as much longer can a text become when all of it is made visible */

/* Writes "... (5000 bytes in all)" behind what was cut. */
static size_t put_length(char *out, size_t bytes) {
  static const char before[] = "... (", after[] = " bytes in all)";
  const ol_u256 number = ol_abi_u64(bytes);
  char digits[79];
  ol_u256_text(digits, &number);
  size_t len = ol_text_len(digits), at = sizeof before - 1;
  memcpy(out, before, at);
  memcpy(out + at, digits, len);
  memcpy(out + at + len, after, sizeof after - 1);
  return at + len + sizeof after - 1;
}

static void tell_text(ol_json_writer *to, const char *name, const ol_typed_member *member, ol_json value) {
  char text[TOLD * VISIBLE + 64];
  ol_slice whole;
  ol_error unused; /* the value was encoded */
  if (ol_json_string(&unused, &whole, value) != OL_OK) return;
  size_t told = whole.len < TOLD ? whole.len : TOLD;
  /* A character that is cut would be told as bytes that are not UTF-8. */
  while (told < whole.len && told > 0 && whole.data[told] >> 6 == 2) told--;
  size_t len = ol_text_visible(text, TOLD * VISIBLE + 1, ol_slice_of(whole.data, told));
  const size_t bytes = member->form == OL_FORM_STRING ? whole.len : whole.len / 2 - 1;
  if (told < whole.len) len += put_length(text + len, bytes);
  ol_json_write_string(to, name, ol_slice_of(text, len));
}

void ol_typed_tell(ol_json_writer *to, const char *name, const ol_typed_member *member, const ol_u256 *word,
                   ol_json value) {
  char text[80];
  ol_address address;
  switch (member->form) {
  case OL_FORM_BOOL: ol_json_write_bool(to, name, word->bytes[31] != 0); break;
  case OL_FORM_ADDRESS:
    memcpy(address.bytes, word->bytes + 12, sizeof address.bytes);
    ol_address_text(text, &address);
    ol_json_write_text(to, name, text);
    break;
  case OL_FORM_UINT:
  case OL_FORM_INT:
    ol_typed_number_text(text, member, word);
    ol_json_write_text(to, name, text);
    break;
  case OL_FORM_WORD: ol_json_write_hex(to, name, word->bytes, member->width); break;
  default: tell_text(to, name, member, value); break;
  }
}
