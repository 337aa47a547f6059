/* SPDX-License-Identifier: MIT */
#include "rollup/transaction.h"

#include "crypto/keccak.h"

#include "base/poison.h"

enum {
  CHAIN_ID,
  NONCE,
  GAS_PRICE,
  TIP,
  MAX_FEE,
  GAS,
  TO,
  VALUE,
  DATA,
  ACCESS_LIST,
  BLOB_FEE,
  BLOB_HASHES,
  AUTHORIZATIONS,
  V,
  Y_PARITY,
  R,
  S,
  SOURCE_HASH,
  FROM,
  MINT,
  IS_SYSTEM,
};

#define FIELD(kind, member, name)                                                                            \
  { name, offsetof(ol_transaction, member), kind }

static const ol_tx_field tx_fields[] = {
    [CHAIN_ID] = FIELD(OL_TX_U64, chain_id, "chainId"),
    [NONCE] = FIELD(OL_TX_U64, nonce, "nonce"),
    [GAS_PRICE] = FIELD(OL_TX_U256, gas_price, "gasPrice"),
    [TIP] = FIELD(OL_TX_U256, max_priority_fee_per_gas, "maxPriorityFeePerGas"),
    [MAX_FEE] = FIELD(OL_TX_U256, max_fee_per_gas, "maxFeePerGas"),
    [GAS] = FIELD(OL_TX_U64, gas_limit, "gas"),
    [TO] = FIELD(OL_TX_TO, to, "to"),
    [VALUE] = FIELD(OL_TX_U256, value, "value"),
    [DATA] = FIELD(OL_TX_DATA, data, "input"),
    [ACCESS_LIST] = FIELD(OL_TX_ACCESSES, access_list, "accessList"),
    [BLOB_FEE] = FIELD(OL_TX_U256, max_fee_per_blob_gas, "maxFeePerBlobGas"),
    [BLOB_HASHES] = FIELD(OL_TX_HASHES, blob_hashes, "blobVersionedHashes"),
    [AUTHORIZATIONS] = FIELD(OL_TX_AUTHORIZATIONS, authorizations, "authorizationList"),
    [V] = FIELD(OL_TX_V, y_parity, "v"),
    [Y_PARITY] = FIELD(OL_TX_PARITY, y_parity, "yParity"),
    [R] = FIELD(OL_TX_U256, r, "r"),
    [S] = FIELD(OL_TX_U256, s, "s"),
    [SOURCE_HASH] = FIELD(OL_TX_HASH, source_hash, "sourceHash"),
    [FROM] = FIELD(OL_TX_ADDRESS, from, "from"),
    [MINT] = FIELD(OL_TX_MINT, mint, "mint"),
    [IS_SYSTEM] = FIELD(OL_TX_BOOL, is_system, "isSystemTx"),
};

static const ol_tx_form tx_forms[] = {
    {OL_TX_LEGACY, 9, 6, {NONCE, GAS_PRICE, GAS, TO, VALUE, DATA, V, R, S}},
    {OL_TX_ACCESS_LIST,
     11,
     8,
     {CHAIN_ID, NONCE, GAS_PRICE, GAS, TO, VALUE, DATA, ACCESS_LIST, Y_PARITY, R, S}},
    {OL_TX_DYNAMIC_FEE,
     12,
     9,
     {CHAIN_ID, NONCE, TIP, MAX_FEE, GAS, TO, VALUE, DATA, ACCESS_LIST, Y_PARITY, R, S}},
    {OL_TX_BLOB,
     14,
     11,
     {CHAIN_ID, NONCE, TIP, MAX_FEE, GAS, TO, VALUE, DATA, ACCESS_LIST, BLOB_FEE, BLOB_HASHES, Y_PARITY, R,
      S}},
    {OL_TX_SET_CODE,
     13,
     10,
     {CHAIN_ID, NONCE, TIP, MAX_FEE, GAS, TO, VALUE, DATA, ACCESS_LIST, AUTHORIZATIONS, Y_PARITY, R, S}},
    {OL_TX_DEPOSIT, 8, 0, {SOURCE_HASH, FROM, TO, MINT, VALUE, GAS, IS_SYSTEM, DATA}},
};

#define FORM_COUNT (sizeof tx_forms / sizeof tx_forms[0])

const ol_tx_form *ol_tx_form_of(uint32_t type) {
  for (size_t i = 0; i < FORM_COUNT; i++) {
    if (tx_forms[i].type == type) return &tx_forms[i];
  }
  return NULL;
}

const ol_tx_field *ol_tx_field_of(const ol_tx_form *form, size_t index) {
  return &tx_fields[form->fields[index]];
}

const char ol_tx_deposit[] = "a deposit is not signed: L1 makes it";
const char ol_tx_empty_list[] = "list may not be empty in a transaction of this type";

bool ol_tx_has(const ol_tx_form *form, const ol_tx_field *field, bool signing) {
  const size_t count = signing ? form->signed_count : form->count;
  for (size_t i = 0; i < count; i++)
    if (ol_tx_field_of(form, i) == field) return true;
  return false;
}

const ol_tx_field *ol_tx_field_at(size_t index) {
  return index < sizeof tx_fields / sizeof tx_fields[0] ? &tx_fields[index] : NULL;
}

static ol_status refuse(ol_error *error, size_t offset, const char *reason) {
  return ol_fail(error, OL_ERR_ENCODING, offset, reason);
}

bool ol_tx_read_v(ol_transaction *out, uint64_t v) {
  bool protected = v >= 37; /* 35 and 36 would be of chain 0 */
  if (!protected && v != 27 && v != 28) return false;
  out->chain_id = protected ? (v - 35) / 2 : 0;
  out->y_parity = (uint32_t)(protected ? (v - 35) % 2 : v - 27);
  return true;
}

uint64_t ol_tx_v(const ol_transaction *transaction) {
  return transaction->y_parity + (transaction->chain_id != 0 ? 2 * transaction->chain_id + 35 : 27);
}

/* Whether a field that is read as one bit is one. */
static ol_status decode_bit(ol_error *error, uint32_t *out, ol_rlp *cursor) {
  size_t offset = cursor->start + cursor->at;
  uint64_t bit;
  OL_TRY(ol_rlp_u64(error, &bit, cursor));
  if (bit > 1) return refuse(error, offset, "bit is neither 0 nor 1");
  *out = (uint32_t)bit;
  return OL_OK;
}

static ol_status decode_v(ol_error *error, ol_transaction *out, ol_rlp *cursor) {
  size_t offset = cursor->start + cursor->at;
  uint64_t v;
  OL_TRY(ol_rlp_u64(error, &v, cursor));
  if (!ol_tx_read_v(out, v)) return refuse(error, offset, "v is neither 27 nor 28, nor of a chain (EIP-155)");
  return OL_OK;
}

static ol_status read_hash(ol_error *error, void *out, ol_rlp *cursor) {
  return ol_rlp_fixed(error, ((ol_hash *)out)->bytes, sizeof(ol_hash), cursor);
}

/* Reads the items of a list. Out: the last of them, for which no caller asks. */
static ol_status walk_items(ol_error *error, ol_rlp list, ol_status (*read)(ol_error *, void *, ol_rlp *),
                            void *scratch) {
  while (ol_rlp_more(&list)) OL_TRY(read(error, scratch, &list));
  return OL_OK;
}

static ol_status read_items(ol_error *error, ol_slice *out, ol_rlp *cursor,
                            ol_status (*read)(ol_error *, void *, ol_rlp *), void *scratch) {
  ol_rlp list;
  OL_TRY(ol_rlp_list(error, &list, cursor));
  *out = ol_slice_of(list.data, list.len);
  return walk_items(error, list, read, scratch);
}

static ol_status read_access(ol_error *error, void *out, ol_rlp *cursor) {
  ol_access *access = out;
  ol_rlp fields;
  ol_hash key;
  OL_TRY(ol_rlp_list(error, &fields, cursor));
  OL_TRY(ol_rlp_fixed(error, access->address.bytes, sizeof access->address.bytes, &fields));
  OL_TRY(read_items(error, &access->keys, &fields, read_hash, &key));
  return ol_rlp_end(error, &fields);
}

static ol_status read_authorization(ol_error *error, void *out, ol_rlp *cursor) {
  ol_authorization *to = out;
  ol_rlp fields;
  OL_TRY(ol_rlp_list(error, &fields, cursor));
  OL_TRY(ol_rlp_u256(error, &to->chain_id, &fields));
  OL_TRY(ol_rlp_fixed(error, to->address.bytes, sizeof to->address.bytes, &fields));
  OL_TRY(ol_rlp_u64(error, &to->nonce, &fields));
  size_t offset = fields.start + fields.at;
  uint64_t parity;
  OL_TRY(ol_rlp_u64(error, &parity, &fields));
  if (parity > UINT8_MAX) return refuse(error, offset, "parity of an authorization needs more than 8 bits");
  to->y_parity = (uint32_t)parity;
  OL_TRY(ol_rlp_u256(error, &to->r, &fields));
  OL_TRY(ol_rlp_u256(error, &to->s, &fields));
  return ol_rlp_end(error, &fields);
}

/* Decodes an address, or nothing where a contract may be created. */
static ol_status decode_to(ol_error *error, ol_transaction *out, ol_rlp *cursor) {
  if (ol_rlp_more(cursor) && cursor->data[cursor->at] == 0x80 && out->type != OL_TX_BLOB &&
      out->type != OL_TX_SET_CODE) {
    cursor->at++;
    out->is_create = 1;
    return OL_OK;
  }
  return ol_rlp_fixed(error, out->to.bytes, sizeof out->to.bytes, cursor);
}

ol_status ol_tx_check_list(ol_error *error, ol_tx_kind kind, ol_rlp list) {
  union {
    ol_access access;
    ol_authorization authorization;
    ol_hash hash;
  } scratch;
  if (kind == OL_TX_ACCESSES) return walk_items(error, list, read_access, &scratch.access);
  if (kind == OL_TX_HASHES) return walk_items(error, list, read_hash, &scratch.hash);
  return walk_items(error, list, read_authorization, &scratch.authorization);
}

/* Decodes a list of which each item is read once, so that it can be walked later without failing. */
static ol_status decode_list(ol_error *error, ol_slice *out, ol_tx_kind kind, ol_rlp *cursor) {
  size_t offset = cursor->start + cursor->at;
  ol_rlp list;
  OL_TRY(ol_rlp_list(error, &list, cursor));
  OL_TRY(ol_tx_check_list(error, kind, list));
  *out = ol_slice_of(list.data, list.len);
  if (out->len == 0 && kind != OL_TX_ACCESSES) return refuse(error, offset, ol_tx_empty_list);
  return OL_OK;
}

static ol_status decode_field(ol_error *error, ol_transaction *out, const ol_tx_field *field,
                              ol_rlp *cursor) {
  void *member = ol_tx_member(out, field);
  switch ((ol_tx_kind)field->kind) {
  case OL_TX_U64: return ol_rlp_u64(error, member, cursor);
  case OL_TX_U256:
  case OL_TX_MINT: return ol_rlp_u256(error, member, cursor);
  case OL_TX_HASH: return ol_rlp_fixed(error, member, sizeof(ol_hash), cursor);
  case OL_TX_ADDRESS: return ol_rlp_fixed(error, member, sizeof(ol_address), cursor);
  case OL_TX_TO: return decode_to(error, out, cursor);
  case OL_TX_DATA: return ol_rlp_string(error, member, cursor);
  case OL_TX_BOOL:
  case OL_TX_PARITY: return decode_bit(error, member, cursor);
  case OL_TX_V: return decode_v(error, out, cursor);
  case OL_TX_ACCESSES:
  case OL_TX_HASHES:
  case OL_TX_AUTHORIZATIONS: break;
  }
  return decode_list(error, member, (ol_tx_kind)field->kind, cursor);
}

const char *ol_tx_number_fault(const ol_transaction *transaction, const char **out_field) {
  *out_field = "nonce";
  if (transaction->nonce == UINT64_MAX) return "nonce is 2^64-1 (EIP-2681)";
  *out_field = "maxPriorityFeePerGas";
  if (memcmp(transaction->max_priority_fee_per_gas.bytes, transaction->max_fee_per_gas.bytes,
             sizeof(ol_u256)) > 0)
    return "priority fee is above the whole fee (EIP-1559)";
  return NULL;
}

/* What a legacy transaction signs behind its fields: the chain id, for r and s a zero each (EIP-155). */
static ol_status decode_chain(ol_error *error, ol_transaction *out, ol_rlp *cursor) {
  size_t offset = cursor->start + cursor->at;
  uint64_t zero;
  OL_TRY(ol_rlp_u64(error, &out->chain_id, cursor));
  if (out->chain_id == 0 || out->chain_id > OL_TX_LEGACY_CHAIN)
    return refuse(error, offset, "chain id is zero, or too large for a signature's v (EIP-2294)");
  for (size_t i = 0; i < 2; i++) {
    offset = cursor->start + cursor->at;
    OL_TRY(ol_rlp_u64(error, &zero, cursor));
    if (zero != 0) return refuse(error, offset, "something is where a signature's zeros belong (EIP-155)");
  }
  return OL_OK;
}

static ol_status decode_fields(ol_error *error, ol_transaction *out, const ol_tx_form *form, ol_rlp *cursor,
                               bool is_signed) {
  const size_t count = is_signed ? form->count : form->signed_count;
  const char *field_name;
  for (size_t i = 0; i < count; i++) {
    const ol_tx_field *field = ol_tx_field_of(form, i);
    OL_TRY(ol_error_in(error, decode_field(error, out, field, cursor), field->name, OL_NOWHERE));
  }
  if (!is_signed && form->type == OL_TX_LEGACY && ol_rlp_more(cursor))
    OL_TRY(ol_error_in(error, decode_chain(error, out, cursor), "chainId", OL_NOWHERE));
  OL_TRY(ol_rlp_end(error, cursor));
  const char *fault = ol_tx_number_fault(out, &field_name);
  return fault == NULL ? OL_OK : ol_error_in(error, refuse(error, OL_NOWHERE, fault), field_name, OL_NOWHERE);
}

static ol_status decode(ol_error *error, ol_transaction *out, ol_slice bytes, bool is_signed) {
  ol_rlp cursor = ol_rlp_of(bytes), list;
  if (bytes.len == 0) return refuse(error, 0, "transaction is empty");
  memset(out, 0, sizeof *out);
  if (bytes.data[0] < 0xc0) {
    out->type = bytes.data[0];
    if (out->type == OL_TX_LEGACY) return refuse(error, 0, "legacy transaction has a type in front");
    cursor.at = 1;
  }
  const ol_tx_form *form = ol_tx_form_of(out->type);
  if (form == NULL) return refuse(error, 0, "type of the transaction is not known");
  if (!is_signed && form->signed_count == 0) return refuse(error, 0, ol_tx_deposit);
  OL_TRY(ol_rlp_list(error, &list, &cursor));
  OL_TRY(ol_rlp_end(error, &cursor));
  return decode_fields(error, out, form, &list, is_signed);
}

static ol_status decode_form(ol_error *error, ol_transaction *out, ol_slice bytes, bool is_signed) {
  ol_error_clear(error);
  ol_transaction transaction;
  OL_TRY(ol_error_within(error, decode(error, &transaction, bytes, is_signed), "transaction", OL_NOWHERE));
  *out = transaction;
  return OL_OK;
}

ol_status ol_transaction_decode(ol_error *error, ol_transaction *out, const uint8_t *bytes, size_t len) {
  return decode_form(error, out, ol_slice_of(bytes, len), true);
}

ol_status ol_transaction_decode_unsigned(ol_error *error, ol_transaction *out, const uint8_t *bytes,
                                         size_t len) {
  return decode_form(error, out, ol_slice_of(bytes, len), false);
}

/* Where an encoding goes: into memory, into a hash, or nowhere to be counted. */
typedef struct tx_output {
  ol_rlp_writer to;
  ol_keccak *keccak;
} tx_output;

static void put(tx_output *output, const uint8_t *bytes, size_t len) {
  if (output->keccak != NULL) ol_keccak_update(output->keccak, bytes, len);
  ol_rlp_put_raw(&output->to, bytes, len);
}

/* A field's encoding: its beginning, and a slice that is not copied. */
typedef struct tx_piece {
  uint8_t head[OL_RLP_PREFIX + sizeof(ol_hash)];
  ol_rlp_writer to;
  ol_slice tail;
} tx_piece;

static void begin_piece(tx_piece *piece) {
  piece->to = (ol_rlp_writer){.out = piece->head, .len = sizeof piece->head};
  piece->tail = (ol_slice){0};
}

static void encode_field(tx_piece *piece, const ol_transaction *from, const ol_tx_field *field) {
  const void *member = (const uint8_t *)from + field->offset;
  uint8_t prefix[OL_RLP_PREFIX];
  begin_piece(piece);
  switch ((ol_tx_kind)field->kind) {
  case OL_TX_U64: ol_rlp_put_u64(&piece->to, *(const uint64_t *)member); return;
  case OL_TX_U256:
  case OL_TX_MINT: ol_rlp_put_u256(&piece->to, member); return;
  case OL_TX_HASH: ol_rlp_put_string(&piece->to, member, sizeof(ol_hash)); return;
  case OL_TX_TO: ol_rlp_put_string(&piece->to, member, from->is_create != 0 ? 0 : sizeof(ol_address)); return;
  case OL_TX_ADDRESS: ol_rlp_put_string(&piece->to, member, sizeof(ol_address)); return;
  case OL_TX_BOOL:
  case OL_TX_PARITY: ol_rlp_put_u64(&piece->to, *(const uint32_t *)member); return;
  case OL_TX_V: ol_rlp_put_u64(&piece->to, ol_tx_v(from)); return;
  case OL_TX_DATA:
    piece->tail = *(const ol_slice *)member;
    if (piece->tail.len != 1 || piece->tail.data[0] >= 0x80)
      ol_rlp_put_raw(&piece->to, prefix, ol_rlp_prefix(prefix, false, piece->tail.len));
    return;
  case OL_TX_ACCESSES:
  case OL_TX_HASHES:
  case OL_TX_AUTHORIZATIONS: break;
  }
  piece->tail = *(const ol_slice *)member;
  ol_rlp_put_list(&piece->to, piece->tail.len);
}

/* Puts the fields that are signed, or all. A legacy transaction signs its chain id behind them (EIP-155). */
static void put_fields(tx_output *output, const ol_transaction *from, const ol_tx_form *form, bool signing) {
  size_t count = signing ? form->signed_count : form->count;
  tx_piece piece;
  for (size_t i = 0; i < count; i++) {
    encode_field(&piece, from, ol_tx_field_of(form, i));
    put(output, piece.head, piece.to.used);
    put(output, piece.tail.data, piece.tail.len);
  }
  if (!signing || form->type != OL_TX_LEGACY || from->chain_id == 0) return;
  encode_field(&piece, from, &tx_fields[CHAIN_ID]);
  put(output, piece.head, piece.to.used);
  put(output, (const uint8_t *)"\x80\x80", 2);
}

static void put_transaction(tx_output *output, const ol_transaction *from, const ol_tx_form *form,
                            bool signing) {
  tx_output payload = {.keccak = NULL};
  tx_piece prefix;
  put_fields(&payload, from, form, signing);
  begin_piece(&prefix);
  ol_rlp_put_list(&prefix.to, payload.to.used);
  const uint8_t type = (uint8_t)form->type;
  put(output, &type, form->type != OL_TX_LEGACY);
  put(output, prefix.head, prefix.to.used);
  put_fields(output, from, form, signing);
}

static ol_status encode(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                        const ol_transaction *transaction, bool signing) {
  ol_error_clear(error);
  const ol_tx_form *form = ol_tx_form_of(transaction->type);
  if (form == NULL)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "type of the transaction is not known");
  if (signing && form->signed_count == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, ol_tx_deposit);
  tx_output output = {.to = {.out = out, .len = len}, .keccak = NULL};
  put_transaction(&output, transaction, form, signing);
  *out_len = output.to.used;
  if (output.to.used > len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no room for the transaction");
  return OL_OK;
}

ol_status ol_transaction_encode(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                const ol_transaction *transaction) {
  return encode(error, out, len, out_len, transaction, false);
}

ol_status ol_transaction_encode_unsigned(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                         const ol_transaction *transaction) {
  return encode(error, out, len, out_len, transaction, true);
}

static void hash(ol_hash *out, const ol_transaction *transaction, bool signing) {
  const ol_tx_form *form = ol_tx_form_of(transaction->type);
  OL_ASSERT(form != NULL && (!signing || form->signed_count > 0));
  ol_keccak keccak;
  ol_keccak_init(&keccak);
  tx_output output = {.keccak = &keccak};
  put_transaction(&output, transaction, form, signing);
  ol_keccak_final(&keccak, out);
}

void ol_transaction_hash(ol_hash *out, const ol_transaction *transaction) {
  hash(out, transaction, false);
}

void ol_transaction_signing_hash(ol_hash *out, const ol_transaction *transaction) {
  hash(out, transaction, true);
}

/* Takes an item from the front of a list. What was not decoded ends it, rather than being walked into. */
static bool take(ol_slice *list, void *out, ol_status (*read)(ol_error *, void *, ol_rlp *)) {
  ol_rlp cursor = ol_rlp_of(*list);
  ol_error ignored;
  if (list->len == 0 || read(&ignored, out, &cursor) != OL_OK) return false;
  *list = ol_slice_of(list->data + cursor.at, list->len - cursor.at);
  return true;
}

bool ol_access_next(ol_slice *list, ol_access *out) {
  return take(list, out, read_access);
}

bool ol_hash_next(ol_slice *list, ol_hash *out) {
  return take(list, out, read_hash);
}

bool ol_authorization_next(ol_slice *list, ol_authorization *out) {
  return take(list, out, read_authorization);
}
