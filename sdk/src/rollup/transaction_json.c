/* SPDX-License-Identifier: MIT */
#include "encoding/rlp.h"
#include "rollup/input.h"
#include "rollup/transaction.h"

#include "base/poison.h"

static const char absent[] = "field of the transaction is missing";

static ol_status mismatch(ol_error *error, ol_json claim, const char *reason) {
  return ol_fail(error, OL_ERR_MISMATCH, claim.offset, reason);
}

/* Appends an item of a list as RLP. */
typedef ol_status (*item_writer)(ol_error *error, ol_rlp_writer *to, ol_json item, ol_tx_quantity read);

static ol_status write_hash(ol_error *error, ol_rlp_writer *to, ol_json item, ol_tx_quantity read) {
  ol_hash hash;
  (void)read;
  OL_TRY(ol_json_hex_fixed(error, hash.bytes, sizeof hash.bytes, item));
  ol_rlp_put_string(to, hash.bytes, sizeof hash.bytes);
  return OL_OK;
}

static ol_status need_address(ol_error *error, ol_address *out, ol_json object) {
  ol_json value;
  OL_TRY(ol_json_need(error, &value, object, "address", absent));
  return ol_json_hex_fixed(error, out->bytes, sizeof out->bytes, value);
}

static ol_status write_access(ol_error *error, ol_rlp_writer *to, ol_json item, ol_tx_quantity read) {
  ol_address address;
  ol_json keys, key;
  ol_json_items items;
  OL_TRY(need_address(error, &address, item));
  OL_TRY(ol_json_need(error, &keys, item, "storageKeys", absent));
  OL_TRY(ol_json_array(error, &items, keys));
  size_t keys_len = items.left * (1 + sizeof(ol_hash));
  ol_rlp_writer payload = {.used = 1 + sizeof address.bytes + keys_len};
  ol_rlp_put_list(&payload, keys_len);
  ol_rlp_put_list(to, payload.used);
  ol_rlp_put_string(to, address.bytes, sizeof address.bytes);
  ol_rlp_put_list(to, keys_len);
  while (ol_json_next(&key, NULL, &items)) OL_TRY(write_hash(error, to, key, read));
  return OL_OK;
}

static ol_status write_authorization(ol_error *error, ol_rlp_writer *to, ol_json item, ol_tx_quantity read) {
  static const char *const names[] = {"chainId", "nonce", "yParity", "r", "s"};
  ol_u256 numbers[5];
  ol_address address;
  ol_json value;
  OL_TRY(need_address(error, &address, item));
  for (size_t i = 0; i < 5; i++) {
    /* The parity was called "v" before the EIP was final. */
    bool renamed = i == 2 && !ol_json_find(&value, item, names[i]);
    OL_TRY(ol_json_need(error, &value, item, renamed ? "v" : names[i], absent));
    OL_TRY(read(error, &numbers[i], value));
  }
  ol_rlp_writer payload = {.used = 1 + sizeof address.bytes};
  for (size_t i = 0; i < 5; i++) ol_rlp_put_u256(&payload, &numbers[i]);
  ol_rlp_put_list(to, payload.used);
  ol_rlp_put_u256(to, &numbers[0]);
  ol_rlp_put_string(to, address.bytes, sizeof address.bytes);
  for (size_t i = 1; i < 5; i++) ol_rlp_put_u256(to, &numbers[i]);
  return OL_OK;
}

/* A list takes what is left of the arena, and gives back what it does not need. */
ol_status ol_tx_list_from_json(ol_error *error, ol_slice *out, ol_arena *arena, ol_tx_kind kind,
                               ol_json array, ol_tx_quantity read) {
  const item_writer write = kind == OL_TX_ACCESSES ? write_access
                            : kind == OL_TX_HASHES ? write_hash
                                                   : write_authorization;
  ol_json_items items;
  ol_json item;
  ol_rlp_writer to = {.out = ol_arena_take(arena, 0), .len = arena->len - arena->used};
  OL_TRY(ol_json_array(error, &items, array));
  while (ol_json_next(&item, NULL, &items)) OL_TRY(write(error, &to, item, read));
  if (to.out == NULL || to.used > to.len)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for a list");
  arena->used += to.used;
  *out = ol_slice_of(to.out, to.used);
  return OL_OK;
}

static ol_status read_v(ol_error *error, ol_transaction *out, ol_json value) {
  uint64_t v;
  OL_TRY(ol_json_hex_u64(error, &v, value));
  if (!ol_tx_read_v(out, v))
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "v is neither 27 nor 28, nor of a chain (EIP-155)");
  return OL_OK;
}

/* The parity is given as "yParity", as "v", or as both. Some write it for legacy transactions too. */
static ol_status read_parity(ol_error *error, ol_transaction *out, ol_json json) {
  static const char *const names[] = {"yParity", "v"};
  uint64_t parity[2];
  size_t count = 0;
  ol_json value = json;
  for (size_t i = 0; i < 2; i++) {
    if (!ol_json_find(&value, json, names[i])) continue;
    OL_TRY(ol_json_hex_u64(error, &parity[count], value));
    if (parity[count] > 1) return ol_fail(error, OL_ERR_ENCODING, value.offset, "bit is neither 0 nor 1");
    if (count == 1 && parity[0] != parity[1]) return mismatch(error, value, "v and yParity are not the same");
    count++;
  }
  if (count == 0) return ol_fail(error, OL_ERR_ENCODING, json.offset, absent);
  out->y_parity = (uint32_t)parity[0];
  return OL_OK;
}

/* Fields that may be missing. Returns: whether this is one of them; its status is in *out_status. */
static bool read_optional(ol_error *error, ol_status *out_status, ol_transaction *out,
                          const ol_tx_field *field, ol_json json) {
  ol_json value;
  bool found = ol_json_find(&value, json, field->name), truth = false;
  *out_status = OL_OK;
  switch ((ol_tx_kind)field->kind) {
  case OL_TX_PARITY: *out_status = read_parity(error, out, json); return true;
  case OL_TX_TO: out->is_create = !found; return !found;
  case OL_TX_MINT: return !found;
  case OL_TX_BOOL:
    if (found) *out_status = ol_json_bool(error, &truth, value);
    out->is_system = truth;
    return true;
  default: return false;
  }
}

static ol_status read_field(ol_error *error, ol_transaction *out, ol_arena *arena, const ol_tx_field *field,
                            ol_json json) {
  void *member = ol_tx_member(out, field);
  ol_json value;
  ol_status status;
  if (read_optional(error, &status, out, field, json)) return status;
  OL_TRY(ol_json_need(error, &value, json, field->name, absent));
  switch ((ol_tx_kind)field->kind) {
  case OL_TX_U64: return ol_json_hex_u64(error, member, value);
  case OL_TX_U256:
  case OL_TX_MINT: return ol_json_hex_u256(error, member, value);
  case OL_TX_HASH: return ol_json_hex_fixed(error, member, sizeof(ol_hash), value);
  case OL_TX_TO:
  case OL_TX_ADDRESS: return ol_json_hex_fixed(error, member, sizeof(ol_address), value);
  case OL_TX_DATA: return ol_json_hex(error, member, arena, value);
  case OL_TX_ACCESSES:
  case OL_TX_HASHES:
  case OL_TX_AUTHORIZATIONS:
    return ol_tx_list_from_json(error, member, arena, (ol_tx_kind)field->kind, value, ol_json_hex_u256);
  case OL_TX_V: return read_v(error, out, value);
  case OL_TX_BOOL:
  case OL_TX_PARITY: break;
  }
  return OL_OK;
}

static ol_status read_type(ol_error *error, const ol_tx_form **out, ol_json json) {
  uint64_t type = OL_TX_LEGACY; /* servers from before EIP-2718 name none */
  ol_json value = json;
  if (ol_json_find(&value, json, "type")) OL_TRY(ol_json_hex_u64(error, &type, value));
  *out = type < 0xc0 ? ol_tx_form_of((uint32_t)type) : NULL;
  if (*out == NULL)
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "type of the transaction is not known");
  return OL_OK;
}

/* Encodes what was read, and decodes it, so that it obeys every rule of the canonical form. */
static ol_status canonical(ol_error *error, ol_transaction *out, ol_slice *out_bytes, ol_arena *arena,
                           const ol_transaction *read) {
  size_t len = 0;
  ol_status counted = ol_transaction_encode(error, NULL, 0, &len, read); /* always too small */
  uint8_t *bytes = counted == OL_ERR_MEMORY ? ol_arena_take(arena, len) : NULL;
  if (bytes == NULL || ol_transaction_encode(error, bytes, len, &len, read) != OL_OK)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the transaction");
  *out_bytes = ol_slice_of(bytes, len);
  return ol_transaction_decode(error, out, bytes, len);
}

/* The claims that follow from the others: hash, sender, chain. */
static ol_status check_hash(ol_error *error, const ol_hash *hash, ol_json json) {
  ol_json claim;
  ol_hash claimed;
  OL_TRY(ol_json_need(error, &claim, json, "hash", absent));
  OL_TRY(ol_json_hex_fixed(error, claimed.bytes, sizeof claimed.bytes, claim));
  return ol_hash_equal(&claimed, hash) ? OL_OK
                                       : mismatch(error, claim, "transaction's fields do not hash to it");
}

static ol_status check_from(ol_error *error, const ol_transaction *transaction, ol_json json) {
  ol_json claim;
  ol_address from, sender;
  OL_TRY(ol_json_need(error, &claim, json, "from", absent));
  OL_TRY(ol_json_hex_fixed(error, from.bytes, sizeof from.bytes, claim));
  OL_TRY(ol_transaction_sender(error, &sender, transaction, 0));
  if (memcmp(from.bytes, sender.bytes, sizeof from.bytes) == 0) return OL_OK;
  return mismatch(error, claim, "transaction was not signed by the claimed sender");
}

/* Of a transaction that is for any chain, servers name none, or their own. */
static ol_status check_chain(ol_error *error, const ol_transaction *transaction, ol_json json) {
  ol_json claim;
  uint64_t chain_id;
  if (transaction->chain_id == 0 || !ol_json_find(&claim, json, "chainId")) return OL_OK;
  OL_TRY(ol_json_hex_u64(error, &chain_id, claim));
  return chain_id == transaction->chain_id
             ? OL_OK
             : mismatch(error, claim, "transaction is signed for another chain");
}

static ol_status from_json(ol_error *error, ol_transaction *out, ol_slice *out_bytes, ol_hash *out_hash,
                           ol_arena *arena, ol_json json) {
  const ol_tx_form *form = NULL;
  OL_TRY(ol_error_in(error, read_type(error, &form, json), "type", OL_NOWHERE));
  ol_transaction read;
  memset(&read, 0, sizeof read);
  read.type = form->type;
  for (size_t i = 0; i < form->count; i++) {
    const ol_tx_field *field = ol_tx_field_of(form, i);
    OL_TRY(ol_error_in(error, read_field(error, &read, arena, field, json), field->name, OL_NOWHERE));
  }
  OL_TRY(canonical(error, out, out_bytes, arena, &read));
  ol_keccak256(out_hash, out_bytes->data, out_bytes->len);
  OL_TRY(ol_error_in(error, check_hash(error, out_hash, json), "hash", OL_NOWHERE));
  OL_TRY(ol_error_in(error, check_from(error, out, json), "from", OL_NOWHERE));
  return ol_error_in(error, check_chain(error, out, json), "chainId", OL_NOWHERE);
}

ol_status ol_transaction_from_json(ol_error *error, ol_transaction *out, ol_slice *out_bytes,
                                   ol_hash *out_hash, ol_arena *arena, ol_json json) {
  ol_error_clear(error);
  ol_transaction transaction;
  ol_slice bytes;
  ol_hash hash;
  OL_TRY(from_json(error, &transaction, &bytes, &hash, arena, json));
  *out = transaction;
  *out_bytes = bytes;
  *out_hash = hash;
  return OL_OK;
}

ol_status ol_transaction_from_text(ol_error *error, ol_transaction *out, ol_slice *out_bytes,
                                   ol_hash *out_hash, ol_slice text, void *memory, size_t len) {
  ol_error_clear(error);
  ol_arena arena = ol_arena_of(memory, len);
  ol_input input;
  OL_TRY(ol_input_read(error, &input, &arena, text, "transaction"));
  if (!input.is_hex) return ol_transaction_from_json(error, out, out_bytes, out_hash, &arena, input.json);
  OL_TRY(ol_transaction_decode(error, out, input.bytes.data, input.bytes.len));
  *out_bytes = input.bytes;
  ol_keccak256(out_hash, input.bytes.data, input.bytes.len);
  return OL_OK;
}
