/* SPDX-License-Identifier: MIT */
#include "rollup/receipt.h"

#include "encoding/rlp.h"
#include "openledger/transaction.h"
#include "rollup/transaction.h"

#include "base/poison.h"

static ol_status refuse(ol_error *error, size_t offset, const char *reason) {
  return ol_fail(error, OL_ERR_ENCODING, offset, reason);
}

/* Three bits of 2048, each from two bytes of the hash. */
static void bloom_bits(uint16_t out[3], const uint8_t *bytes, size_t len) {
  ol_hash hash;
  ol_keccak256(&hash, bytes, len);
  for (size_t i = 0; i < 3; i++) out[i] = (uint16_t)((hash.bytes[2 * i] << 8 | hash.bytes[2 * i + 1]) & 2047);
}

static void bloom_set(uint8_t bloom[OL_BLOOM_BYTES], const uint8_t *bytes, size_t len) {
  uint16_t bits[3];
  bloom_bits(bits, bytes, len);
  for (size_t i = 0; i < 3; i++) bloom[OL_BLOOM_BYTES - 1 - bits[i] / 8] |= (uint8_t)(1 << bits[i] % 8);
}

void ol_bloom_add(uint8_t out[OL_BLOOM_BYTES], const ol_log *log) {
  bloom_set(out, log->address.bytes, sizeof log->address.bytes);
  for (size_t i = 0; i < log->topic_count; i++)
    bloom_set(out, log->topics[i].bytes, sizeof log->topics[i].bytes);
}

bool ol_bloom_may_have(const uint8_t bloom[OL_BLOOM_BYTES], const uint8_t *bytes, size_t len) {
  uint16_t bits[3];
  bloom_bits(bits, bytes, len);
  for (size_t i = 0; i < 3; i++) {
    if ((bloom[OL_BLOOM_BYTES - 1 - bits[i] / 8] & 1 << bits[i] % 8) == 0) return false;
  }
  return true;
}

static ol_status read_log(ol_error *error, ol_log *out, ol_rlp *cursor) {
  ol_rlp fields, topics;
  OL_TRY(ol_rlp_list(error, &fields, cursor));
  OL_TRY(ol_rlp_fixed(error, out->address.bytes, sizeof out->address.bytes, &fields));
  OL_TRY(ol_rlp_list(error, &topics, &fields));
  out->topic_count = 0;
  while (ol_rlp_more(&topics)) {
    if (out->topic_count == OL_LOG_TOPICS)
      return refuse(error, topics.start + topics.at, "log has more than 4 topics");
    OL_TRY(ol_rlp_fixed(error, out->topics[out->topic_count++].bytes, sizeof(ol_hash), &topics));
  }
  OL_TRY(ol_rlp_string(error, &out->data, &fields));
  return ol_rlp_end(error, &fields);
}

static ol_status read_status(ol_error *error, uint32_t *out, ol_rlp *cursor) {
  size_t offset = cursor->start + cursor->at;
  ol_slice bytes;
  OL_TRY(ol_rlp_string(error, &bytes, cursor));
  if (bytes.len > 1 || (bytes.len == 1 && bytes.data[0] != 1))
    return refuse(error, offset, "status is neither 0 nor 1");
  *out = (uint32_t)bytes.len;
  return OL_OK;
}

/* Reads the logs. Out: the bloom that they have. */
static ol_status read_logs(ol_error *error, ol_receipt *out, uint8_t bloom[OL_BLOOM_BYTES], ol_rlp *cursor) {
  ol_rlp logs;
  ol_log log;
  OL_TRY(ol_rlp_list(error, &logs, cursor));
  out->logs = ol_slice_of(logs.data, logs.len);
  memset(bloom, 0, OL_BLOOM_BYTES);
  for (; ol_rlp_more(&logs); out->log_count++) {
    OL_TRY(ol_error_in(error, read_log(error, &log, &logs), "logs", out->log_count));
    ol_bloom_add(bloom, &log);
  }
  return OL_OK;
}

static ol_status decode_fields(ol_error *error, ol_receipt *out, ol_rlp *fields) {
  uint8_t bloom[OL_BLOOM_BYTES];
  OL_TRY(ol_error_in(error, read_status(error, &out->status, fields), "status", OL_NOWHERE));
  OL_TRY(ol_error_in(error, ol_rlp_u64(error, &out->cumulative_gas_used, fields), "cumulativeGasUsed",
                     OL_NOWHERE));
  size_t offset = fields->start + fields->at;
  OL_TRY(ol_error_in(error, ol_rlp_fixed(error, out->logs_bloom, sizeof out->logs_bloom, fields), "logsBloom",
                     OL_NOWHERE));
  OL_TRY(ol_error_in(error, read_logs(error, out, bloom, fields), "logs", OL_NOWHERE));
  if (memcmp(bloom, out->logs_bloom, sizeof bloom) != 0)
    return ol_error_in(error, ol_fail(error, OL_ERR_MISMATCH, offset, "bloom is not that of the logs"),
                       "logsBloom", OL_NOWHERE);
  if (out->type != OL_TX_DEPOSIT || !ol_rlp_more(fields)) return ol_rlp_end(error, fields);
  out->has_deposit = 1;
  OL_TRY(ol_error_in(error, ol_rlp_u64(error, &out->deposit_nonce, fields), "depositNonce", OL_NOWHERE));
  OL_TRY(ol_error_in(error, ol_rlp_u64(error, &out->deposit_version, fields), "depositReceiptVersion",
                     OL_NOWHERE));
  return ol_rlp_end(error, fields);
}

static ol_status decode(ol_error *error, ol_receipt *out, ol_slice bytes) {
  ol_rlp cursor = ol_rlp_of(bytes), list;
  memset(out, 0, sizeof *out);
  if (bytes.len > 0 && bytes.data[0] < 0xc0) {
    out->type = bytes.data[0];
    if (out->type == OL_TX_LEGACY || ol_tx_form_of(out->type) == NULL)
      return refuse(error, 0, "type of the receipt is not known");
    cursor.at = 1;
  }
  OL_TRY(ol_rlp_list(error, &list, &cursor));
  OL_TRY(ol_rlp_end(error, &cursor));
  return decode_fields(error, out, &list);
}

ol_status ol_receipt_decode(ol_error *error, ol_receipt *out, const uint8_t *bytes, size_t len) {
  ol_error_clear(error);
  ol_receipt receipt;
  OL_TRY(ol_error_within(error, decode(error, &receipt, ol_slice_of(bytes, len)), "receipt", OL_NOWHERE));
  *out = receipt;
  return OL_OK;
}

static void put_fields(ol_rlp_writer *to, const ol_receipt *receipt) {
  ol_rlp_put_u64(to, receipt->status);
  ol_rlp_put_u64(to, receipt->cumulative_gas_used);
  ol_rlp_put_string(to, receipt->logs_bloom, sizeof receipt->logs_bloom);
  ol_rlp_put_list(to, receipt->logs.len);
  ol_rlp_put_raw(to, receipt->logs.data, receipt->logs.len);
  if (receipt->has_deposit == 0) return;
  ol_rlp_put_u64(to, receipt->deposit_nonce);
  ol_rlp_put_u64(to, receipt->deposit_version);
}

ol_status ol_receipt_encode(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                            const ol_receipt *receipt) {
  ol_error_clear(error);
  ol_rlp_writer payload = {0}, to = {.out = out, .len = len};
  put_fields(&payload, receipt);
  const uint8_t type = (uint8_t)receipt->type;
  ol_rlp_put_raw(&to, &type, receipt->type != OL_TX_LEGACY);
  ol_rlp_put_list(&to, payload.used);
  put_fields(&to, receipt);
  *out_len = to.used;
  if (to.used > len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no room for the receipt");
  return OL_OK;
}

bool ol_log_next(ol_slice *logs, ol_log *out) {
  ol_rlp cursor = ol_rlp_of(*logs);
  ol_error ignored; /* what was not decoded ends the walk */
  if (logs->len == 0 || read_log(&ignored, out, &cursor) != OL_OK) return false;
  *logs = ol_slice_of(logs->data + cursor.at, logs->len - cursor.at);
  return true;
}
