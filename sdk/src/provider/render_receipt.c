/* SPDX-License-Identifier: MIT */
#include "provider/render.h"

#include "encoding/rlp.h"
#include "rollup/fee.h"
#include "rollup/transaction.h"

#include "base/poison.h"

#define WRITE_BYTES(to, name, value) ol_json_write_hex(to, name, (value).bytes, sizeof(value).bytes)

/* --- Places --- */

/* A walk over a block's receipts, which counts gas and logs. */
typedef struct receipt_walk {
  size_t next;        /* index of the receipt to be read */
  uint64_t gas_used;  /* of the receipt that was read */
  uint64_t first_log; /* its first log's index in the block */
  uint64_t gas;
  uint64_t logs;
  ol_receipt receipt;
} receipt_walk;

static ol_status step(ol_error *error, receipt_walk *walk, const ol_rpc_block *block) {
  OL_TRY(ol_rpc_receipt_read(error, &walk->receipt, block, walk->next));
  if (walk->receipt.cumulative_gas_used < walk->gas)
    return ol_error_in(error, ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "gas does not add up"), "receipts",
                       (uint32_t)walk->next);
  walk->gas_used = walk->receipt.cumulative_gas_used - walk->gas;
  walk->first_log = walk->logs;
  walk->gas = walk->receipt.cumulative_gas_used;
  walk->logs += walk->receipt.log_count;
  walk->next++;
  return OL_OK;
}

/* --- Logs --- */

static void write_log(ol_json_writer *to, const ol_rpc_block *block, const receipt_walk *walk,
                      const ol_hash *hash, const ol_log *log, uint64_t index) {
  ol_json_write_object(to, NULL);
  WRITE_BYTES(to, "address", log->address);
  ol_json_write_array(to, "topics");
  for (size_t i = 0; i < log->topic_count; i++) WRITE_BYTES(to, NULL, log->topics[i]);
  ol_json_write_close(to);
  ol_json_write_hex(to, "data", log->data.data, log->data.len);
  ol_rpc_write_place(to, block, walk->next - 1);
  ol_json_write_quantity_u64(to, "blockTimestamp", block->header->timestamp);
  WRITE_BYTES(to, "transactionHash", *hash);
  ol_json_write_quantity_u64(to, "logIndex", index);
  ol_json_write_bool(to, "removed", false);
  ol_json_write_close(to);
}

/* Writes the logs of the receipt that was read; without a filter all of them. */
static void write_logs(ol_json_writer *to, const ol_rpc_block *block, const receipt_walk *walk,
                       const ol_log_filter *filter) {
  const ol_slice bytes = block->transactions[walk->next - 1];
  ol_slice logs = walk->receipt.logs;
  ol_hash hash;
  ol_log log;
  ol_keccak256(&hash, bytes.data, bytes.len);
  for (uint64_t index = walk->first_log; ol_log_next(&logs, &log); index++) {
    if (filter == NULL || ol_log_filter_matches(filter, &log)) write_log(to, block, walk, &hash, &log, index);
  }
}

ol_status ol_rpc_write_logs(ol_error *error, ol_json_writer *to, const ol_rpc_block *block,
                            const ol_log_filter *filter) {
  ol_error_clear(error);
  receipt_walk walk = {0};
  OL_ASSERT(block->receipts != NULL);
  while (walk.next < block->transaction_count) {
    OL_TRY(step(error, &walk, block));
    if (ol_log_filter_may_match(filter, walk.receipt.logs_bloom)) write_logs(to, block, &walk, filter);
  }
  return OL_OK;
}

/* --- Fees --- */

/*
 * Headers of Bedrock and Ecotone may be from before the fork that changed the rule without changing their form: then it
 * follows from the time, where the forks are known.
 */
static void find_rule(ol_rpc_l1_fees *out, const ol_rpc_block *block, bool first_form) {
  const ol_fork fork = ol_header_op_fork(block->header);
  const bool is_later = fork >= (first_form ? OL_FORK_CANYON : OL_FORK_HOLOCENE);
  const ol_rollup_fork changed = first_form ? OL_ROLLUP_REGOLITH : OL_ROLLUP_FJORD;
  const ol_l1_fee_rule before = first_form ? OL_L1_FEE_BEDROCK : OL_L1_FEE_ECOTONE;
  int active = is_later ? 1 : -1;
  if (active < 0 && block->rollup != NULL)
    active = ol_rollup_fork_active(block->rollup, changed, block->header->timestamp);
  out->has_rule = active >= 0;
  out->rule = active == 0 ? before : first_form ? OL_L1_FEE_REGOLITH : OL_L1_FEE_FJORD;
}

ol_rpc_l1_fees ol_rpc_l1_fees_of(const ol_rpc_block *block) {
  ol_rpc_l1_fees out = {.known = false};
  ol_transaction first;
  ol_error ignored; /* a block of another chain, or of a fork to come, has no fees that are known */
  out.known = block->transaction_count > 0 &&
              ol_transaction_decode(&ignored, &first, block->transactions[0].data,
                                    block->transactions[0].len) == OL_OK &&
              ol_l1_attributes_decode(&ignored, &out.attributes, &first) == OL_OK;
  find_rule(&out, block, out.known && out.attributes.form == OL_FORK_BEDROCK);
  return out;
}

/* In: the canonical form of a transaction that is no deposit. */
static ol_status write_fees(ol_error *error, ol_json_writer *to, const ol_rpc_l1_fees *fees, ol_slice bytes) {
  const ol_l1_attributes *from = &fees->attributes;
  ol_u256 fee, gas;
  ol_json_write_quantity(to, "l1GasPrice", &from->base_fee);
  if (fees->has_rule) {
    OL_TRY(ol_l1_fee(error, &fee, from, fees->rule, bytes.data, bytes.len));
    ol_l1_gas(&gas, from, fees->rule, bytes.data, bytes.len);
    ol_json_write_quantity(to, "l1GasUsed", &gas);
    ol_json_write_quantity(to, "l1Fee", &fee);
  }
  if (from->form == OL_FORK_BEDROCK) return OL_OK;
  ol_json_write_quantity(to, "l1BlobBaseFee", &from->blob_base_fee);
  ol_json_write_quantity_u64(to, "l1BaseFeeScalar", from->base_fee_scalar);
  ol_json_write_quantity_u64(to, "l1BlobBaseFeeScalar", from->blob_base_fee_scalar);
  if (from->operator_fee_scalar != 0 || from->operator_fee_constant != 0) {
    ol_json_write_quantity_u64(to, "operatorFeeScalar", from->operator_fee_scalar);
    ol_json_write_quantity_u64(to, "operatorFeeConstant", from->operator_fee_constant);
  }
  if (from->form != OL_FORK_JOVIAN) return OL_OK;
  const uint64_t size = ol_fjord_size(bytes.data, bytes.len) / 1000000; /* whole bytes */
  ol_json_write_quantity_u64(to, "daFootprintGasScalar", from->da_footprint_gas_scalar);
  ol_json_write_quantity_u64(to, "blobGasUsed", size * from->da_footprint_gas_scalar);
  return OL_OK;
}

/* --- Receipts --- */

/* Writes the contract that was to be created: the address follows from the sender and its nonce. */
static void write_contract(ol_json_writer *to, const ol_rpc_item *item, const ol_receipt *receipt) {
  const ol_transaction *transaction = &item->transaction;
  const bool is_deposit = transaction->type == OL_TX_DEPOSIT;
  const uint64_t nonce = is_deposit ? receipt->deposit_nonce : transaction->nonce;
  uint8_t rlp[1 + 1 + sizeof(ol_address) + 9];
  ol_rlp_writer count = {.used = 1 + sizeof(ol_address)}, list = {.out = rlp, .len = sizeof rlp};
  ol_hash hash;
  if (transaction->is_create == 0) {
    ol_json_write_null(to, "contractAddress");
    return;
  }
  if (is_deposit && receipt->has_deposit == 0) return;
  ol_rlp_put_u64(&count, nonce);
  ol_rlp_put_list(&list, count.used);
  ol_rlp_put_string(&list, item->sender.bytes, sizeof item->sender.bytes);
  ol_rlp_put_u64(&list, nonce);
  ol_keccak256(&hash, rlp, list.used);
  ol_json_write_hex(to, "contractAddress", hash.bytes + sizeof hash.bytes - sizeof(ol_address),
                    sizeof(ol_address));
}

#define BLOB_GAS 131072u /* of a blob (EIP-4844) */

/* What only some types have. */
static ol_status write_extras(ol_error *error, ol_json_writer *to, const ol_rpc_item *item,
                              const ol_receipt *receipt, const ol_rpc_l1_fees *fees, ol_slice bytes) {
  if (receipt->has_deposit != 0) {
    ol_json_write_quantity_u64(to, "depositNonce", receipt->deposit_nonce);
    ol_json_write_quantity_u64(to, "depositReceiptVersion", receipt->deposit_version);
  }
  if (item->transaction.type == OL_TX_BLOB) {
    ol_slice list = item->transaction.blob_hashes;
    ol_hash hash;
    uint64_t gas = 0;
    while (ol_hash_next(&list, &hash)) gas += BLOB_GAS;
    ol_json_write_quantity_u64(to, "blobGasUsed", gas);
  }
  if (!fees->known || item->transaction.type == OL_TX_DEPOSIT) return OL_OK;
  return write_fees(error, to, fees, bytes);
}

/* Writes the receipt that was read. */
static ol_status write_receipt(ol_error *error, ol_json_writer *to, const char *name,
                               const ol_rpc_block *block, const receipt_walk *walk,
                               const ol_rpc_l1_fees *fees) {
  const ol_receipt *receipt = &walk->receipt;
  const size_t index = walk->next - 1;
  ol_rpc_item item;
  OL_TRY(ol_rpc_item_read(error, &item, block, index));
  const ol_u256 price = ol_transaction_price(&item.transaction, block->header);
  ol_json_write_object(to, name);
  WRITE_BYTES(to, "transactionHash", item.hash);
  ol_rpc_write_place(to, block, index);
  ol_json_write_quantity_u64(to, "type", receipt->type);
  ol_json_write_quantity_u64(to, "status", receipt->status);
  WRITE_BYTES(to, "from", item.sender);
  if (item.transaction.is_create != 0)
    ol_json_write_null(to, "to");
  else
    WRITE_BYTES(to, "to", item.transaction.to);
  write_contract(to, &item, receipt);
  ol_json_write_quantity_u64(to, "gasUsed", walk->gas_used);
  ol_json_write_quantity_u64(to, "cumulativeGasUsed", receipt->cumulative_gas_used);
  ol_json_write_quantity(to, "effectiveGasPrice", &price);
  ol_json_write_hex(to, "logsBloom", receipt->logs_bloom, sizeof receipt->logs_bloom);
  ol_json_write_array(to, "logs");
  write_logs(to, block, walk, NULL);
  ol_json_write_close(to);
  OL_TRY(ol_error_within(error, write_extras(error, to, &item, receipt, fees, block->transactions[index]),
                         "receipts", (uint32_t)index));
  ol_json_write_close(to);
  return OL_OK;
}

ol_status ol_rpc_write_receipt(ol_error *error, ol_json_writer *to, const char *name,
                               const ol_rpc_block *block, size_t index) {
  ol_error_clear(error);
  receipt_walk walk = {0};
  OL_ASSERT(block->receipts != NULL);
  if (index >= block->transaction_count)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "block has no transaction with this index");
  while (walk.next <= index) OL_TRY(step(error, &walk, block));
  const ol_rpc_l1_fees fees = ol_rpc_l1_fees_of(block);
  return write_receipt(error, to, name, block, &walk, &fees);
}

ol_status ol_rpc_write_receipts(ol_error *error, ol_json_writer *to, const char *name,
                                const ol_rpc_block *block) {
  ol_error_clear(error);
  receipt_walk walk = {0};
  OL_ASSERT(block->receipts != NULL);
  const ol_rpc_l1_fees fees = ol_rpc_l1_fees_of(block);
  ol_json_write_array(to, name);
  while (walk.next < block->transaction_count) {
    OL_TRY(step(error, &walk, block));
    OL_TRY(write_receipt(error, to, NULL, block, &walk, &fees));
  }
  ol_json_write_close(to);
  return OL_OK;
}
