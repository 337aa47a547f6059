/* SPDX-License-Identifier: MIT */
#include "wallet/request.h"

#include "encoding/text.h"

#include "openledger/text.h"
#include "rollup/transaction.h"

#include "base/poison.h"

/* Members that are no fields of a transaction, or have a second name. */
static const char from_name[] = "from", type_name[] = "type", data_name[] = "data", limit_name[] = "gasLimit";
static const char chain_name[] = "chainId";

/* Where a member is said to be missing. */
static const struct {
  const char *name;
  uint32_t missing;
} needed[] = {
    {"nonce", OL_MISSING_NONCE},
    {"gas", OL_MISSING_GAS},
    {"gasPrice", OL_MISSING_GAS_PRICE},
    {"maxFeePerGas", OL_MISSING_MAX_FEE},
    {"maxPriorityFeePerGas", OL_MISSING_PRIORITY_FEE},
    {"maxFeePerBlobGas", OL_MISSING_BLOB_FEE},
};

static bool has(ol_json json, const char *name) {
  ol_json ignored;
  return ol_json_find(&ignored, json, name);
}

static ol_status refuse(ol_error *error, ol_status status, size_t offset, const char *field,
                        const char *reason) {
  return ol_error_in(error, ol_fail(error, status, offset, reason), field, OL_NOWHERE);
}

/* The type that members imply where none is given. */
static uint32_t implied_type(ol_json json) {
  if (has(json, "authorizationList")) return OL_TX_SET_CODE;
  if (has(json, "blobVersionedHashes") || has(json, "maxFeePerBlobGas")) return OL_TX_BLOB;
  if (has(json, "maxFeePerGas") || has(json, "maxPriorityFeePerGas")) return OL_TX_DYNAMIC_FEE;
  if (has(json, "gasPrice")) return has(json, "accessList") ? OL_TX_ACCESS_LIST : OL_TX_LEGACY;
  return OL_TX_DYNAMIC_FEE;
}

static ol_status read_u64(ol_error *error, uint64_t *out, ol_json value) {
  ol_u256 number;
  OL_TRY(ol_json_quantity(error, &number, value));
  if (ol_u256_to_u64(out, &number)) return OL_OK;
  return ol_fail(error, OL_ERR_ENCODING, value.offset, "number needs more than 64 bits");
}

static ol_status read_address(ol_error *error, ol_address *out, ol_json value) {
  ol_slice text;
  OL_TRY(ol_json_string(error, &text, value));
  ol_status status = ol_address_from_text(error, out, (const char *)text.data, text.len);
  if (status != OL_OK) error->offset += (uint32_t)value.offset;
  return status;
}

static ol_status read_type(ol_error *error, const ol_tx_form **out, ol_json json) {
  uint64_t type = implied_type(json);
  ol_json value = json;
  if (ol_json_find(&value, json, type_name)) OL_TRY(read_u64(error, &type, value));
  *out = type < 0xc0 ? ol_tx_form_of((uint32_t)type) : NULL;
  if (*out == NULL)
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "type of the transaction is not known");
  if ((*out)->signed_count == 0) return ol_fail(error, OL_ERR_ENCODING, value.offset, ol_tx_deposit);
  return OL_OK;
}

/* Whether a member may be there: every name is known, and each is of a field that the type signs. */
static ol_status check_name(ol_error *error, const ol_tx_form *form, ol_slice name, ol_json value) {
  const size_t offset = (size_t)((const char *)name.data - value.text);
  const ol_tx_field *field;
  if (ol_slice_is(name, from_name) || ol_slice_is(name, type_name) || ol_slice_is(name, data_name) ||
      ol_slice_is(name, limit_name) || ol_slice_is(name, chain_name))
    return OL_OK;
  for (size_t i = 0; (field = ol_tx_field_at(i)) != NULL; i++) {
    if (!ol_slice_is(name, field->name)) continue;
    if (ol_tx_has(form, field, true) || ol_json_kind_of(value) == OL_JSON_NULL) return OL_OK;
    return refuse(error, OL_ERR_ENCODING, offset, field->name,
                  ol_tx_has(form, field, false) ? "request has a part of a signature"
                                                : "transaction of this type has no such field");
  }
  return ol_fail(error, OL_ERR_ENCODING, offset, "request has a member that is not known");
}

static ol_status check_names(ol_error *error, const ol_tx_form *form, ol_json json) {
  ol_json_items items;
  ol_json value;
  ol_slice name;
  OL_TRY(ol_json_object(error, &items, json));
  while (ol_json_next(&value, &name, &items)) OL_TRY(check_name(error, form, name, value));
  return OL_OK;
}

/* Reads what may be given under two names, and must then be the same. */
static ol_status read_data(ol_error *error, ol_slice *out, ol_arena *arena, ol_json json) {
  ol_json input, data;
  ol_slice other;
  const bool has_input = ol_json_find(&input, json, "input");
  if (has_input) OL_TRY(ol_json_hex(error, out, arena, input));
  if (!ol_json_find(&data, json, data_name)) return OL_OK;
  OL_TRY(ol_error_in(error, ol_json_hex(error, &other, arena, data), data_name, OL_NOWHERE));
  if (has_input &&
      (out->len != other.len || (other.len > 0 && memcmp(out->data, other.data, other.len) != 0)))
    return refuse(error, OL_ERR_MISMATCH, data.offset, data_name, "data and input are not the same");
  *out = other;
  return OL_OK;
}

static ol_status read_gas(ol_error *error, uint64_t *out, ol_json json) {
  ol_json gas, limit;
  uint64_t other = 0;
  const bool has_gas = ol_json_find(&gas, json, "gas");
  if (has_gas) OL_TRY(read_u64(error, out, gas));
  if (!ol_json_find(&limit, json, limit_name)) return OL_OK;
  OL_TRY(ol_error_in(error, read_u64(error, &other, limit), limit_name, OL_NOWHERE));
  if (has_gas && *out != other)
    return refuse(error, OL_ERR_MISMATCH, limit.offset, limit_name, "gas and gasLimit are not the same");
  *out = other;
  return OL_OK;
}

static ol_status read_to(ol_error *error, ol_transaction *out, ol_json json) {
  ol_json value;
  if (ol_json_find(&value, json, "to")) return read_address(error, &out->to, value);
  if (out->type == OL_TX_BLOB || out->type == OL_TX_SET_CODE)
    return ol_fail(error, OL_ERR_ENCODING, json.offset, "transaction of this type creates no contract");
  out->is_create = 1;
  return OL_OK;
}

static ol_status read_list(ol_error *error, ol_slice *out, ol_arena *arena, ol_tx_kind kind, ol_json json,
                           const char *name) {
  ol_json value = json;
  ol_error within;
  if (ol_json_find(&value, json, name))
    OL_TRY(ol_tx_list_from_json(error, out, arena, kind, value, ol_json_quantity));
  if (out->len == 0)
    return kind == OL_TX_ACCESSES ? OL_OK : ol_fail(error, OL_ERR_ENCODING, value.offset, ol_tx_empty_list);
  return ol_tx_check_list(&within, kind, ol_rlp_of(*out)) == OL_OK
             ? OL_OK
             : ol_fail(error, OL_ERR_ENCODING, value.offset, within.reason);
}

static ol_status read_field(ol_error *error, ol_transaction *out, ol_arena *arena, const ol_tx_field *field,
                            ol_json json) {
  void *member = ol_tx_member(out, field);
  ol_json value;
  switch ((ol_tx_kind)field->kind) {
  case OL_TX_DATA: return read_data(error, member, arena, json);
  case OL_TX_TO: return read_to(error, out, json);
  case OL_TX_U64:
    if (ol_slice_is(ol_slice_of(field->name, ol_text_len(field->name)), "gas"))
      return read_gas(error, member, json);
    return ol_json_find(&value, json, field->name) ? read_u64(error, member, value) : OL_OK;
  case OL_TX_U256:
    return ol_json_find(&value, json, field->name) ? ol_json_quantity(error, member, value) : OL_OK;
  case OL_TX_ACCESSES:
  case OL_TX_HASHES:
  case OL_TX_AUTHORIZATIONS:
    return read_list(error, member, arena, (ol_tx_kind)field->kind, json, field->name);
  default: return OL_OK; /* what is in no form that is signed */
  }
}

/* A legacy transaction has its chain behind its fields. */
static ol_status read_chain(ol_error *error, ol_transaction_request *out, ol_json json) {
  ol_json value;
  if (!ol_json_find(&value, json, chain_name)) {
    out->missing |= OL_MISSING_CHAIN_ID;
    return OL_OK;
  }
  return read_u64(error, &out->transaction.chain_id, value);
}

static void note_missing(ol_transaction_request *out, const ol_tx_form *form, ol_json json) {
  for (size_t i = 0; i < form->signed_count; i++) {
    const char *name = ol_tx_field_of(form, i)->name;
    for (size_t j = 0; j < sizeof needed / sizeof *needed; j++) {
      if (!ol_slice_is(ol_slice_of(name, ol_text_len(name)), needed[j].name) || has(json, name)) continue;
      if (needed[j].missing == OL_MISSING_GAS && has(json, limit_name)) continue;
      out->missing |= needed[j].missing;
    }
  }
}

static ol_status from_json(ol_error *error, ol_transaction_request *out, ol_arena *arena, ol_json json) {
  const ol_tx_form *form = NULL;
  const char *field_name;
  ol_json value;
  memset(out, 0, sizeof *out);
  OL_TRY(ol_error_in(error, read_type(error, &form, json), type_name, OL_NOWHERE));
  OL_TRY(check_names(error, form, json));
  out->transaction.type = form->type;
  for (size_t i = 0; i < form->signed_count; i++) {
    const ol_tx_field *field = ol_tx_field_of(form, i);
    OL_TRY(ol_error_in(error, read_field(error, &out->transaction, arena, field, json), field->name,
                       OL_NOWHERE));
  }
  OL_TRY(ol_error_in(error, read_chain(error, out, json), chain_name, OL_NOWHERE));
  note_missing(out, form, json);
  if (ol_json_find(&value, json, from_name)) {
    out->has_from = 1;
    OL_TRY(ol_error_in(error, read_address(error, &out->from, value), from_name, OL_NOWHERE));
  }
  if (out->transaction.is_create != 0 && out->transaction.data.len == 0)
    return refuse(error, OL_ERR_ENCODING, json.offset, "to", "request is to nobody, and creates nothing");
  /* Against a fee that is still to be filled in, no tip is too high. */
  ol_transaction numbers = out->transaction;
  if ((out->missing & OL_MISSING_MAX_FEE) != 0) memset(&numbers.max_priority_fee_per_gas, 0, sizeof(ol_u256));
  const char *fault = ol_tx_number_fault(&numbers, &field_name);
  return fault == NULL ? OL_OK : refuse(error, OL_ERR_ENCODING, json.offset, field_name, fault);
}

ol_status ol_transaction_request_from_json(ol_error *error, ol_transaction_request *out, ol_arena *arena,
                                           ol_json json) {
  ol_error_clear(error);
  ol_transaction_request request;
  OL_TRY(ol_error_within(error, from_json(error, &request, arena, json), "request", OL_NOWHERE));
  *out = request;
  return OL_OK;
}

ol_status ol_transaction_request_read(ol_error *error, ol_transaction_request *out, ol_slice json,
                                      void *memory, size_t len) {
  ol_error_clear(error);
  ol_arena arena = ol_arena_of(memory, len);
  ol_json root;
  OL_TRY(ol_error_in(error, ol_json_read(error, &root, &arena, json.data, json.len), "request", OL_NOWHERE));
  return ol_transaction_request_from_json(error, out, &arena, root);
}
