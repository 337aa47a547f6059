/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_FUZZ_BLOCKS_H
#define OL_TESTS_FUZZ_BLOCKS_H

/* Writes a header as the block that eth_getBlockByNumber returns. */

#include "encoding/json.h"
#include "openledger/header.h"

/* In: fields up to the 21st are written. The name as in ol_json_write_object. */
static inline void fuzz_write_block(ol_json_writer *to, const char *name, const ol_header *header) {
  ol_hash hash;
  ol_header_hash(&hash, header);
  uint32_t count = header->field_count;
  ol_json_write_object(to, name);
  ol_json_write_hex(to, "hash", hash.bytes, sizeof hash.bytes);
  ol_json_write_hex(to, "parentHash", header->parent_hash.bytes, 32);
  ol_json_write_hex(to, "sha3Uncles", header->ommers_hash.bytes, 32);
  ol_json_write_hex(to, "miner", header->coinbase.bytes, 20);
  ol_json_write_hex(to, "stateRoot", header->state_root.bytes, 32);
  ol_json_write_hex(to, "transactionsRoot", header->transactions_root.bytes, 32);
  ol_json_write_hex(to, "receiptsRoot", header->receipts_root.bytes, 32);
  ol_json_write_hex(to, "logsBloom", header->logs_bloom, sizeof header->logs_bloom);
  ol_json_write_quantity(to, "difficulty", &header->difficulty);
  ol_json_write_quantity_u64(to, "number", header->number);
  ol_json_write_quantity_u64(to, "gasLimit", header->gas_limit);
  ol_json_write_quantity_u64(to, "gasUsed", header->gas_used);
  ol_json_write_quantity_u64(to, "timestamp", header->timestamp);
  ol_json_write_hex(to, "extraData", header->extra_data, header->extra_data_len);
  ol_json_write_hex(to, "mixHash", header->mix_hash.bytes, 32);
  ol_json_write_hex(to, "nonce", header->nonce, sizeof header->nonce);
  if (count > 15) ol_json_write_quantity(to, "baseFeePerGas", &header->base_fee);
  if (count > 16) ol_json_write_hex(to, "withdrawalsRoot", header->withdrawals_root.bytes, 32);
  if (count > 17) ol_json_write_quantity_u64(to, "blobGasUsed", header->blob_gas_used);
  if (count > 18) ol_json_write_quantity_u64(to, "excessBlobGas", header->excess_blob_gas);
  if (count > 19) ol_json_write_hex(to, "parentBeaconBlockRoot", header->parent_beacon_root.bytes, 32);
  if (count > 20) ol_json_write_hex(to, "requestsHash", header->requests_hash.bytes, 32);
  if (count > 21) ol_json_write_hex(to, "blockAccessListHash", header->block_access_list_hash.bytes, 32);
  if (count > 22) ol_json_write_quantity_u64(to, "slotNumber", header->slot_number);
  ol_json_write_close(to);
}

#endif
