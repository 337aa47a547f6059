/* SPDX-License-Identifier: MIT */
#include "crypto/secp256k1.h"
#include "rollup/transaction.h"

#include "base/poison.h"

static ol_status refuse(ol_error *error, ol_status status, const char *field, const char *reason) {
  return ol_error_within(error,
                         ol_error_in(error, ol_fail(error, status, OL_NOWHERE, reason), field, OL_NOWHERE),
                         "transaction", OL_NOWHERE);
}

/* How many bytes of memory a field has; none where what is in it is checked apart. */
static size_t size_of(ol_tx_kind kind) {
  switch (kind) {
  case OL_TX_U64: return sizeof(uint64_t);
  case OL_TX_U256:
  case OL_TX_MINT: return sizeof(ol_u256);
  case OL_TX_HASH: return sizeof(ol_hash);
  case OL_TX_ADDRESS: return sizeof(ol_address);
  case OL_TX_BOOL: return sizeof(uint32_t);
  default: return 0;
  }
}

static bool is_list(ol_tx_kind kind) {
  return kind == OL_TX_ACCESSES || kind == OL_TX_HASHES || kind == OL_TX_AUTHORIZATIONS;
}

/* What is left out of the bytes that are signed would be lost in silence. */
static ol_status check_absent(ol_error *error, const ol_transaction *transaction, const ol_tx_form *form) {
  const ol_tx_field *field;
  for (size_t i = 0; (field = ol_tx_field_at(i)) != NULL; i++) {
    const void *member = (const uint8_t *)transaction + field->offset;
    const ol_tx_kind kind = (ol_tx_kind)field->kind;
    bool is_set =
        is_list(kind) ? ((const ol_slice *)member)->len > 0 : !ol_is_zero(ol_slice_of(member, size_of(kind)));
    /* A legacy transaction has its chain in its v. */
    if (field->offset == offsetof(ol_transaction, chain_id)) is_set = false;
    if (is_set && !ol_tx_has(form, field, false))
      return refuse(error, OL_ERR_ARGUMENT, field->name, "transaction of this type has no such field");
  }
  return OL_OK;
}

static ol_status check_lists(ol_error *error, const ol_transaction *transaction, const ol_tx_form *form) {
  for (size_t i = 0; i < form->signed_count; i++) {
    const ol_tx_field *field = ol_tx_field_of(form, i);
    const ol_tx_kind kind = (ol_tx_kind)field->kind;
    if (!is_list(kind)) continue;
    const ol_slice list = *(const ol_slice *)(const void *)((const uint8_t *)transaction + field->offset);
    if (list.len == 0 && kind != OL_TX_ACCESSES)
      return refuse(error, OL_ERR_ARGUMENT, field->name, ol_tx_empty_list);
    ol_error within;
    if (list.len > 0 && ol_tx_check_list(&within, kind, ol_rlp_of(list)) != OL_OK)
      return refuse(error, OL_ERR_ARGUMENT, field->name, within.reason);
  }
  return OL_OK;
}

static ol_status check_chain(ol_error *error, const ol_transaction *transaction, uint64_t chain_id,
                             uint32_t allowed) {
  const bool is_legacy = transaction->type == OL_TX_LEGACY;
  if (is_legacy && transaction->chain_id == 0)
    return (allowed & OL_SIGN_ANY_CHAIN) != 0 ? OL_OK
                                              : refuse(error, OL_ERR_MISMATCH, "chainId",
                                                       "transaction would be good on any chain (EIP-155)");
  if (transaction->chain_id != chain_id)
    return refuse(error, OL_ERR_MISMATCH, "chainId", "transaction is for another chain");
  if (is_legacy && chain_id > OL_TX_LEGACY_CHAIN)
    return refuse(error, OL_ERR_ARGUMENT, "chainId", "chain id is too large for a signature's v (EIP-2294)");
  return OL_OK;
}

ol_status ol_transaction_to_sign(ol_error *error, ol_hash *out, const ol_transaction *transaction,
                                 uint64_t chain_id, uint32_t allowed) {
  ol_error_clear(error);
  const ol_tx_form *form = ol_tx_form_of(transaction->type);
  const char *field;
  if (form == NULL) return refuse(error, OL_ERR_ARGUMENT, "type", "type of the transaction is not known");
  if (form->signed_count == 0) return refuse(error, OL_ERR_ARGUMENT, "type", ol_tx_deposit);
  if (form->type == OL_TX_BLOB && (allowed & OL_SIGN_BLOBS) == 0)
    return refuse(error, OL_ERR_ARGUMENT, "type", "the OP Stack takes no blobs");
  OL_TRY(check_chain(error, transaction, chain_id, allowed));
  if (transaction->is_create != 0 && (form->type == OL_TX_BLOB || form->type == OL_TX_SET_CODE))
    return refuse(error, OL_ERR_ARGUMENT, "to", "transaction of this type creates no contract");
  if (transaction->is_create != 0 && !ol_address_is_zero(&transaction->to))
    return refuse(error, OL_ERR_ARGUMENT, "to", "transaction creates a contract and is to somebody");
  const char *fault = ol_tx_number_fault(transaction, &field);
  if (fault != NULL) return refuse(error, OL_ERR_ARGUMENT, field, fault);
  OL_TRY(check_absent(error, transaction, form));
  OL_TRY(check_lists(error, transaction, form));
  ol_transaction_signing_hash(out, transaction);
  return OL_OK;
}

/* Reads a signature. Out: its numbers; who made it is looked at by the caller. */
static ol_status read_signature(ol_error *error, ol_u256 *r, ol_u256 *s, uint32_t *y_parity,
                                const uint8_t bytes[65]) {
  ol_ecdsa_signature signature;
  OL_TRY(ol_ecdsa_read_rsv(error, &signature, bytes));
  memcpy(r->bytes, signature.r, sizeof r->bytes);
  memcpy(s->bytes, signature.s, sizeof s->bytes);
  *y_parity = signature.y_parity;
  return OL_OK;
}

static ol_status same_signer(ol_error *error, const ol_address *signed_by, const ol_address *signer) {
  if (memcmp(signed_by->bytes, signer->bytes, sizeof signer->bytes) == 0) return OL_OK;
  return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "somebody else signed");
}

ol_status ol_transaction_put_signature(ol_error *error, ol_transaction *out,
                                       const ol_transaction *transaction, const ol_address *signer,
                                       const uint8_t signature[65]) {
  ol_error_clear(error);
  ol_transaction with = *transaction;
  ol_address sender;
  const ol_tx_form *form = ol_tx_form_of(with.type);
  if (form == NULL || form->signed_count == 0)
    return refuse(error, OL_ERR_ARGUMENT, "type",
                  form == NULL ? "type of the transaction is not known" : ol_tx_deposit);
  OL_TRY(ol_error_in(error, read_signature(error, &with.r, &with.s, &with.y_parity, signature), "signature",
                     OL_NOWHERE));
  OL_TRY(ol_transaction_sender(error, &sender, &with, 0));
  OL_TRY(ol_error_in(error, same_signer(error, &sender, signer), "signature", OL_NOWHERE));
  *out = with;
  return OL_OK;
}

ol_status ol_authorization_put_signature(ol_error *error, ol_authorization *out,
                                         const ol_authorization *authorization, const ol_address *signer,
                                         const uint8_t signature[65]) {
  ol_error_clear(error);
  ol_authorization with = *authorization;
  ol_address authority;
  OL_TRY(ol_error_in(error, read_signature(error, &with.r, &with.s, &with.y_parity, signature), "signature",
                     OL_NOWHERE));
  OL_TRY(ol_authorization_authority(error, &authority, &with));
  OL_TRY(ol_error_in(error, same_signer(error, &authority, signer), "signature", OL_NOWHERE));
  *out = with;
  return OL_OK;
}
