/* SPDX-License-Identifier: MIT */
#include "attribution/receipt.h"

#include "attribution/number.h"
#include "attribution/told.h"
#include "encoding/json.h"

#include "base/poison.h"

#define JSON_MAX 65536

void ol_receipt_tell(ol_json_writer *to, const char *name, const ol_signed_receipt *receipt) {
  const uint8_t *fields = (const uint8_t *)&receipt->receipt;
  ol_json_write_object(to, name);
  for (size_t i = 0; i < OL_RECEIPT_FIELDS; i++) {
    const ol_receipt_field *field = &ol_receipt_fields[i];
    ol_u256 word;
    ol_receipt_field_word(&word, field, &receipt->receipt);
    if (field->kind == OL_RECEIPT_U32)
      ol_json_write_u64(to, field->name, ol_load_be32(word.bytes + 28));
    else if (field->kind == OL_RECEIPT_U64 || field->kind == OL_RECEIPT_U128)
      ol_tell_number(to, field->name, &word);
    else
      ol_json_write_hex(to, field->name, fields + field->offset, ol_receipt_field_len(field));
  }
  const ol_u256 chain = ol_u256_of(receipt->domain.chain_id);
  ol_tell_number(to, "chainId", &chain);
  ol_json_write_hex(to, "registry", receipt->domain.registry.bytes, sizeof receipt->domain.registry.bytes);
  ol_json_write_hex(to, "signature", receipt->signature, sizeof receipt->signature);
  ol_json_write_close(to);
}

ol_status ol_attribution_receipt_json(ol_error *error, ol_slice *out, const ol_signed_receipt *receipt,
                                      void *memory, size_t len) {
  uint8_t file[OL_ATTRIBUTION_RECEIPT_BYTES];
  ol_arena arena = ol_arena_of(memory, len);
  ol_json_writer to;
  /* What has no file must have no text either. */
  OL_TRY(ol_attribution_receipt_write(error, file, receipt));
  ol_json_write_begin(&to, &arena);
  ol_receipt_tell(&to, NULL, receipt);
  return ol_json_write_end(error, out, &to);
}

static const char absent[] = "receipt lacks a member";
static const char wide[] = "number is out of its range";

static ol_status read_field(ol_error *error, ol_attribution_receipt *out, const ol_receipt_field *field,
                            ol_json object) {
  ol_json value;
  ol_u256 word = {{0}};
  const size_t len = ol_receipt_field_len(field);
  OL_TRY(ol_json_need(error, &value, object, field->name, absent));
  if (field->kind == OL_RECEIPT_ADDRESS || field->kind == OL_RECEIPT_HASH) {
    OL_TRY(ol_json_hex_fixed(error, word.bytes + sizeof word.bytes - len, len, value));
  } else {
    OL_TRY(ol_json_quantity(error, &word, value));
  }
  if (!ol_receipt_field_set(out, field, &word)) return ol_fail(error, OL_ERR_ENCODING, value.offset, wide);
  return OL_OK;
}

static ol_status read_chain(ol_error *error, uint64_t *out, ol_json object) {
  ol_json value;
  ol_u256 word;
  OL_TRY(ol_json_need(error, &value, object, "chainId", absent));
  OL_TRY(ol_json_quantity(error, &word, value));
  if (!ol_u256_to_u64(out, &word)) return ol_fail(error, OL_ERR_ENCODING, value.offset, wide);
  return OL_OK;
}

static ol_status read_bytes(ol_error *error, uint8_t *out, size_t len, ol_json object, const char *name) {
  ol_json value;
  OL_TRY(ol_json_need(error, &value, object, name, absent));
  return ol_json_hex_fixed(error, out, len, value);
}

ol_status ol_attribution_receipt_from_json(ol_error *error, ol_signed_receipt *out, ol_slice json,
                                           void *memory, size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_signed_receipt made;
  ol_json root;
  ol_error_clear(error);
  if (json.len > JSON_MAX) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "receipt's JSON is too long");
  OL_TRY(ol_json_read(error, &root, &arena, json.data, json.len));
  if (ol_json_kind_of(root) != OL_JSON_OBJECT)
    return ol_fail(error, OL_ERR_ENCODING, root.offset, "receipt is not an object");
  memset(&made, 0, sizeof made);
  for (size_t i = 0; i < OL_RECEIPT_FIELDS; i++)
    OL_TRY(ol_error_in(error, read_field(error, &made.receipt, &ol_receipt_fields[i], root),
                       ol_receipt_fields[i].name, OL_NOWHERE));
  OL_TRY(ol_error_in(error, read_chain(error, &made.domain.chain_id, root), "chainId", OL_NOWHERE));
  OL_TRY(ol_error_in(error, read_bytes(error, made.domain.registry.bytes, 20, root, "registry"), "registry",
                     OL_NOWHERE));
  OL_TRY(ol_error_in(error, read_bytes(error, made.signature, sizeof made.signature, root, "signature"),
                     "signature", OL_NOWHERE));
  if (made.receipt.version != OL_ATTRIBUTION_VERSION)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "version is not known"), "version",
                       OL_NOWHERE);
  *out = made;
  return OL_OK;
}
