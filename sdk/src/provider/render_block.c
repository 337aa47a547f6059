/* SPDX-License-Identifier: MIT */
#include "provider/render.h"

#include "encoding/rlp.h"
#include "rollup/header.h"
#include "rollup/transaction.h"
#include "trie/trie.h"

#include "base/poison.h"

#define WRITE_BYTES(to, name, value) ol_json_write_hex(to, name, (value).bytes, sizeof(value).bytes)

/* --- Transactions --- */

ol_status ol_rpc_receipt_read(ol_error *error, ol_receipt *out, const ol_rpc_block *block, size_t index) {
  const ol_slice bytes = block->transactions[index], receipt = block->receipts[index];
  uint32_t type = bytes.len > 0 && bytes.data[0] < 0xc0 ? bytes.data[0] : OL_TX_LEGACY;
  ol_status status = ol_receipt_decode(error, out, receipt.data, receipt.len);
  if (status == OL_OK && out->type != type)
    status = ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "receipt is of another type than its transaction");
  return ol_error_within(error, status, "receipts", (uint32_t)index);
}

ol_status ol_rpc_item_read(ol_error *error, ol_rpc_item *out, const ol_rpc_block *block, size_t index) {
  if (index >= block->transaction_count)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "block has no transaction with this index");
  const ol_slice bytes = block->transactions[index];
  ol_status status = ol_transaction_decode(error, &out->transaction, bytes.data, bytes.len);
  if (status == OL_OK)
    status = ol_transaction_sender(error, &out->sender, &out->transaction, block->chain_id);
  OL_TRY(ol_error_within(error, status, "transactions", (uint32_t)index));
  ol_keccak256(&out->hash, bytes.data, bytes.len);
  return OL_OK;
}

void ol_rpc_write_place(ol_json_writer *to, const ol_rpc_block *block, size_t index) {
  WRITE_BYTES(to, "blockHash", *block->hash);
  ol_json_write_quantity_u64(to, "blockNumber", block->header->number);
  ol_json_write_quantity_u64(to, "transactionIndex", index);
}

static void write_hashes(ol_json_writer *to, const char *name, ol_slice list) {
  ol_hash hash;
  ol_json_write_array(to, name);
  while (ol_hash_next(&list, &hash)) WRITE_BYTES(to, NULL, hash);
  ol_json_write_close(to);
}

static void write_accesses(ol_json_writer *to, const char *name, ol_slice list) {
  ol_access access;
  ol_json_write_array(to, name);
  while (ol_access_next(&list, &access)) {
    ol_json_write_object(to, NULL);
    WRITE_BYTES(to, "address", access.address);
    write_hashes(to, "storageKeys", access.keys);
    ol_json_write_close(to);
  }
  ol_json_write_close(to);
}

static void write_authorizations(ol_json_writer *to, const char *name, ol_slice list) {
  ol_authorization one;
  ol_json_write_array(to, name);
  while (ol_authorization_next(&list, &one)) {
    ol_json_write_object(to, NULL);
    ol_json_write_quantity(to, "chainId", &one.chain_id);
    WRITE_BYTES(to, "address", one.address);
    ol_json_write_quantity_u64(to, "nonce", one.nonce);
    ol_json_write_quantity_u64(to, "yParity", one.y_parity);
    ol_json_write_quantity(to, "r", &one.r);
    ol_json_write_quantity(to, "s", &one.s);
    ol_json_write_close(to);
  }
  ol_json_write_close(to);
}

static void write_to(ol_json_writer *to, const ol_transaction *transaction) {
  if (transaction->is_create != 0)
    ol_json_write_null(to, "to");
  else
    WRITE_BYTES(to, "to", transaction->to);
}

static void write_field(ol_json_writer *to, const ol_tx_field *field, const ol_transaction *from) {
  const void *member = (const uint8_t *)from + field->offset;
  const char *name = field->name;
  switch ((ol_tx_kind)field->kind) {
  case OL_TX_U64: ol_json_write_quantity_u64(to, name, *(const uint64_t *)member); break;
  case OL_TX_MINT:
    if (ol_u256_is_zero(member)) break;
    /* fall through */
  case OL_TX_U256: ol_json_write_quantity(to, name, member); break;
  case OL_TX_HASH: ol_json_write_hex(to, name, member, sizeof(ol_hash)); break;
  case OL_TX_ADDRESS: break; /* the sender, whom every transaction has */
  case OL_TX_TO: write_to(to, from); break;
  case OL_TX_DATA: ol_json_write_hex(to, name, from->data.data, from->data.len); break;
  case OL_TX_ACCESSES: write_accesses(to, name, from->access_list); break;
  case OL_TX_HASHES: write_hashes(to, name, from->blob_hashes); break;
  case OL_TX_AUTHORIZATIONS: write_authorizations(to, name, from->authorizations); break;
  case OL_TX_BOOL: ol_json_write_bool(to, name, from->is_system != 0); break;
  case OL_TX_PARITY:
    ol_json_write_quantity_u64(to, name, from->y_parity);
    ol_json_write_quantity_u64(to, "v", from->y_parity);
    break;
  case OL_TX_V: ol_json_write_quantity_u64(to, name, ol_tx_v(from)); break;
  }
}

/* What a deposit does not have, but nodes write: a signature of zeros; and its nonce, which the receipt has. */
static void write_deposit(ol_json_writer *to, const ol_receipt *receipt) {
  static const char *const zeros[] = {"v", "r", "s"};
  for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++) ol_json_write_quantity_u64(to, zeros[i], 0);
  if (receipt->has_deposit == 0) return;
  ol_json_write_quantity_u64(to, "nonce", receipt->deposit_nonce);
  ol_json_write_quantity_u64(to, "depositReceiptVersion", receipt->deposit_version);
}

ol_status ol_rpc_write_transaction(ol_error *error, ol_json_writer *to, const char *name,
                                   const ol_rpc_block *block, size_t index) {
  ol_error_clear(error);
  ol_rpc_item item;
  ol_receipt receipt;
  OL_TRY(ol_rpc_item_read(error, &item, block, index));
  const ol_transaction *transaction = &item.transaction;
  const ol_tx_form *form = ol_tx_form_of(transaction->type);
  const bool is_deposit = transaction->type == OL_TX_DEPOSIT;
  receipt.has_deposit = 0;
  if (is_deposit && block->receipts != NULL) OL_TRY(ol_rpc_receipt_read(error, &receipt, block, index));
  ol_json_write_object(to, name);
  ol_rpc_write_place(to, block, index);
  ol_json_write_quantity_u64(to, "blockTimestamp", block->header->timestamp);
  WRITE_BYTES(to, "hash", item.hash);
  ol_json_write_quantity_u64(to, "type", transaction->type);
  WRITE_BYTES(to, "from", item.sender);
  for (size_t i = 0; i < form->count; i++) write_field(to, ol_tx_field_of(form, i), transaction);
  if (transaction->type == OL_TX_LEGACY && transaction->chain_id != 0)
    ol_json_write_quantity_u64(to, "chainId", transaction->chain_id);
  if (transaction->type >= OL_TX_DYNAMIC_FEE) {
    const ol_u256 price = ol_transaction_price(transaction, block->header);
    ol_json_write_quantity(to, "gasPrice", &price);
  }
  if (is_deposit) write_deposit(to, &receipt);
  ol_json_write_close(to);
  return OL_OK;
}

/* --- Blocks --- */

/* The hash of a list without ommers: keccak-256 of the empty list. */
static const ol_hash no_ommers = {{0x1d, 0xcc, 0x4d, 0xe8, 0xde, 0xc7, 0x5d, 0x7a, 0xab, 0x85, 0xb5,
                                   0x67, 0xb6, 0xcc, 0xd4, 0x1a, 0xd3, 0x12, 0x45, 0x1b, 0x94, 0x8a,
                                   0x74, 0x13, 0xf0, 0xa1, 0x42, 0xfd, 0x40, 0xd4, 0x93, 0x47}};

static bool has_withdrawals_root(const ol_header *header) {
  return header->field_count >= 17;
}

/* A rollup's block has none, whatever its header's field holds; that it is one, its first transaction shows. */
static bool has_no_withdrawals(const ol_rpc_block *block) {
  const bool of_rollup = block->transaction_count > 0 && block->transactions[0].len > 0 &&
                         block->transactions[0].data[0] == OL_TX_DEPOSIT;
  return of_rollup || ol_hash_equal(&block->header->withdrawals_root, &ol_trie_empty_root);
}

/* The length of a block's RLP: header, transactions, no ommers, and no withdrawals if it has their list. */
static uint64_t size_of(const ol_rpc_block *block) {
  ol_rlp_writer items = {0}, payload = {.used = ol_header_len(block->header)};
  for (size_t i = 0; i < block->transaction_count; i++) {
    const ol_slice bytes = block->transactions[i];
    const bool legacy = bytes.len > 0 && bytes.data[0] >= 0xc0; /* a list itself; others are strings */
    if (legacy)
      ol_rlp_put_raw(&items, bytes.data, bytes.len);
    else
      ol_rlp_put_string(&items, bytes.data, bytes.len);
  }
  ol_rlp_put_list(&payload, items.used);
  payload.used += items.used;
  ol_rlp_put_list(&payload, 0);
  if (has_withdrawals_root(block->header)) ol_rlp_put_list(&payload, 0);
  ol_rlp_writer whole = {0};
  ol_rlp_put_list(&whole, payload.used);
  return whole.used + payload.used;
}

static void write_empty(ol_json_writer *to, const char *name) {
  ol_json_write_array(to, name);
  ol_json_write_close(to);
}

/* Opens an object with a header in it. */
static void open_header(ol_json_writer *to, const char *name, const ol_header *header, const ol_hash *hash) {
  ol_json_write_object(to, name);
  WRITE_BYTES(to, "hash", *hash);
  ol_header_write_json(to, header);
}

void ol_rpc_write_header(ol_json_writer *to, const char *name, const ol_header *header, const ol_hash *hash) {
  open_header(to, name, header, hash);
  ol_json_write_close(to);
}

ol_status ol_rpc_write_block(ol_error *error, ol_json_writer *to, const char *name, const ol_rpc_block *block,
                             bool full) {
  ol_error_clear(error);
  const bool no_uncles = ol_hash_equal(&block->header->ommers_hash, &no_ommers);
  const bool withdrawals = has_withdrawals_root(block->header);
  const bool no_withdrawals = has_no_withdrawals(block);
  open_header(to, name, block->header, block->hash);
  if (no_uncles && (no_withdrawals || !withdrawals)) ol_json_write_quantity_u64(to, "size", size_of(block));
  if (no_uncles) write_empty(to, "uncles");
  if (withdrawals && no_withdrawals) write_empty(to, "withdrawals");
  ol_json_write_array(to, "transactions");
  for (size_t i = 0; i < block->transaction_count; i++) {
    ol_hash hash;
    if (full) {
      OL_TRY(ol_rpc_write_transaction(error, to, NULL, block, i));
    } else {
      ol_keccak256(&hash, block->transactions[i].data, block->transactions[i].len);
      WRITE_BYTES(to, NULL, hash);
    }
  }
  ol_json_write_close(to);
  ol_json_write_close(to);
  return OL_OK;
}
