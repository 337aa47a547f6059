/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_RECEIPTS_H
#define OL_TESTS_RECEIPTS_H

/* Receipts to the transactions of transactions.h. */

#include "transactions.h"

/* A log with so many topics; data of 0, 1 and 70 bytes. */
static inline ol_log sample_log(uint8_t index) {
  static const uint8_t data[70] = {0x42, 7};
  ol_log out;
  memset(&out, 0, sizeof out);
  out.topic_count = 2u * index;
  memset(out.address.bytes, 0x60 + index, sizeof out.address.bytes);
  for (uint8_t i = 0; i < out.topic_count; i++) memset(out.topics[i].bytes, 0x10 * index + i, 32);
  out.data = ol_slice_of(data, index == 0 ? 0 : index == 1 ? 1 : sizeof data);
  return out;
}

static inline void put_sample_log(ol_rlp_writer *to, const ol_log *log) {
  ol_rlp_writer count = {.used = 0};
  size_t topics = 33 * (size_t)log->topic_count;
  ol_rlp_put_list(&count, topics);
  ol_rlp_put_string(&count, log->data.data, log->data.len);
  ol_rlp_put_list(to, 21 + count.used + topics);
  ol_rlp_put_string(to, log->address.bytes, 20);
  ol_rlp_put_list(to, topics);
  for (size_t i = 0; i < log->topic_count; i++) ol_rlp_put_string(to, log->topics[i].bytes, 32);
  ol_rlp_put_string(to, log->data.data, log->data.len);
}

/* A receipt with three logs; those of deposits have what Canyon added. */
static inline ol_receipt sample_receipt(uint32_t type) {
  static uint8_t logs[1024];
  ol_rlp_writer to = {.out = logs, .len = sizeof logs};
  ol_receipt out;
  memset(&out, 0, sizeof out);
  out.type = type;
  out.status = 1;
  out.cumulative_gas_used = 70000;
  out.log_count = 3;
  for (uint8_t i = 0; i < 3; i++) {
    ol_log log = sample_log(i);
    put_sample_log(&to, &log);
    ol_bloom_add(out.logs_bloom, &log);
  }
  out.logs = ol_slice_of(logs, to.used);
  if (type == OL_TX_DEPOSIT) {
    out.has_deposit = 1;
    out.deposit_nonce = 4;
    out.deposit_version = 1;
  }
  return out;
}

/* Where a receipt is, as nodes tell it in every receipt and log. */
typedef struct sample_place {
  ol_hash block_hash;
  ol_hash transaction_hash;
  uint64_t block_number;
  uint64_t index;
  uint64_t first_log;
} sample_place;

static inline void put_sample_place(sample_text *to, const sample_place *place) {
  put_sample_hex(to, ",\"blockHash\":\"%s\"", place->block_hash.bytes, 32);
  put_sample_number(to, ",\"blockNumber\":\"%s\"", place->block_number);
  put_sample_hex(to, ",\"transactionHash\":\"%s\"", place->transaction_hash.bytes, 32);
  put_sample_number(to, ",\"transactionIndex\":\"%s\"", place->index);
}

/* What eth_getTransactionReceipt says, without its last brace. */
static inline sample_text sample_receipt_json_open(const ol_receipt *receipt, const sample_place *place) {
  sample_text to = {.text = NULL};
  ol_slice logs = receipt->logs;
  ol_log log;
  put_sample_number(&to, "{\"type\":\"%s\"", receipt->type);
  put_sample_number(&to, ",\"status\":\"%s\"", receipt->status);
  put_sample_number(&to, ",\"cumulativeGasUsed\":\"%s\"", receipt->cumulative_gas_used);
  put_sample_hex(&to, ",\"logsBloom\":\"%s\"", receipt->logs_bloom, sizeof receipt->logs_bloom);
  put_sample_place(&to, place);
  put_sample(&to, ",\"logs\":[%s", "");
  for (uint64_t i = 0; ol_log_next(&logs, &log); i++) {
    put_sample(&to, "%s", i == 0 ? "" : ",");
    put_sample_hex(&to, "{\"address\":\"%s\",\"topics\":[", log.address.bytes, 20);
    for (size_t k = 0; k < log.topic_count; k++) {
      put_sample(&to, "%s", k == 0 ? "" : ",");
      put_sample_hex(&to, "\"%s\"", log.topics[k].bytes, 32);
    }
    put_sample_hex(&to, "],\"data\":\"%s\"", log.data.data, log.data.len);
    put_sample_place(&to, place);
    put_sample_number(&to, ",\"logIndex\":\"%s\",\"removed\":false}", place->first_log + i);
  }
  put_sample(&to, "]%s", "");
  if (receipt->has_deposit != 0) {
    put_sample_number(&to, ",\"depositNonce\":\"%s\"", receipt->deposit_nonce);
    put_sample_number(&to, ",\"depositReceiptVersion\":\"%s\"", receipt->deposit_version);
  }
  return to;
}

static inline char *sample_receipt_json(const ol_receipt *receipt) {
  const sample_place place = {.block_number = 9, .index = 2};
  sample_text to = sample_receipt_json_open(receipt, &place);
  put_sample(&to, "}%s", "");
  return to.text;
}

#endif
