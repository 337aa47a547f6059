/* SPDX-License-Identifier: MIT */
#include "encoding/rlp.h"
#include "openledger/transaction.h"
#include "rollup/input.h"
#include "rollup/receipt.h"

#include "base/poison.h"

static const char absent[] = "field of the receipt is missing";

static ol_status need_u64(ol_error *error, uint64_t *out, ol_json json, const char *name) {
  ol_json value;
  ol_status status = ol_json_need(error, &value, json, name, absent);
  if (status == OL_OK) status = ol_json_hex_u64(error, out, value);
  return ol_error_in(error, status, name, OL_NOWHERE);
}

static ol_status need_fixed(ol_error *error, uint8_t *out, size_t len, ol_json json, const char *name) {
  ol_json value;
  ol_status status = ol_json_need(error, &value, json, name, absent);
  if (status == OL_OK) status = ol_json_hex_fixed(error, out, len, value);
  return ol_error_in(error, status, name, OL_NOWHERE);
}

/* What a log claims of its block and transaction is what the receipt claims, as far as both do. */
static ol_status check_log_claims(ol_error *error, ol_json log, ol_json receipt) {
  static const char *const names[] = {"blockHash", "blockNumber", "transactionHash", "transactionIndex"};
  ol_json own, claim;
  ol_u256 first, second;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (!ol_json_find(&claim, log, names[i]) || !ol_json_find(&own, receipt, names[i])) continue;
    ol_status status = ol_json_hex_u256(error, &first, claim);
    if (status == OL_OK) status = ol_json_hex_u256(error, &second, own);
    if (status == OL_OK && memcmp(&first, &second, sizeof first) != 0)
      status = ol_fail(error, OL_ERR_MISMATCH, claim.offset, "log claims another place than its receipt");
    OL_TRY(ol_error_in(error, status, names[i], OL_NOWHERE));
  }
  bool removed = false;
  ol_status status = ol_json_find(&claim, log, "removed") ? ol_json_bool(error, &removed, claim) : OL_OK;
  if (status == OL_OK && removed)
    status = ol_fail(error, OL_ERR_MISMATCH, claim.offset, "log was removed with its block");
  return ol_error_in(error, status, "removed", OL_NOWHERE);
}

static ol_status read_topics(ol_error *error, ol_log *out, ol_json json) {
  ol_json array, item;
  ol_json_items items;
  OL_TRY(ol_json_need(error, &array, json, "topics", absent));
  OL_TRY(ol_json_array(error, &items, array));
  if (items.left > OL_LOG_TOPICS)
    return ol_fail(error, OL_ERR_ENCODING, array.offset, "log has more than 4 topics");
  for (out->topic_count = 0; ol_json_next(&item, NULL, &items); out->topic_count++)
    OL_TRY(ol_json_hex_fixed(error, out->topics[out->topic_count].bytes, sizeof(ol_hash), item));
  return OL_OK;
}

/* Appends a log's data: the prefix, and the bytes decoded where they belong. */
static ol_status write_data(ol_error *error, ol_rlp_writer *to, ol_json value, ol_slice head, size_t len) {
  ol_rlp_put_raw(to, head.data, head.len);
  size_t start = to->used;
  to->used += len;
  if (to->used > to->len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for logs");
  return ol_json_hex_fixed(error, to->out + start, len, value);
}

/* Appends the RLP of a log. A single byte of data can be its own encoding. */
static ol_status write_log(ol_error *error, ol_rlp_writer *to, ol_json json, ol_json receipt) {
  ol_log log;
  ol_json value;
  ol_slice text;
  uint8_t head[OL_RLP_PREFIX];
  OL_TRY(need_fixed(error, log.address.bytes, sizeof log.address.bytes, json, "address"));
  OL_TRY(ol_error_in(error, read_topics(error, &log, json), "topics", OL_NOWHERE));
  ol_status status = ol_json_need(error, &value, json, "data", absent);
  if (status == OL_OK) status = ol_json_string(error, &text, value);
  OL_TRY(ol_error_in(error, status, "data", OL_NOWHERE));
  OL_TRY(check_log_claims(error, json, receipt));
  size_t data_len = text.len < 2 ? 0 : text.len / 2 - 1, head_len = ol_rlp_prefix(head, false, data_len);
  if (data_len == 1) /* what is no hex is refused where it is written */
    head_len = ol_json_hex_fixed(error, head + 1, 1, value) == OL_OK && head[1] >= 0x80;
  size_t topics_len = log.topic_count * (1 + sizeof(ol_hash));
  ol_rlp_writer payload = {.used = 1 + sizeof log.address.bytes + topics_len + head_len + data_len};
  ol_rlp_put_list(&payload, topics_len);
  ol_rlp_put_list(to, payload.used);
  ol_rlp_put_string(to, log.address.bytes, sizeof log.address.bytes);
  ol_rlp_put_list(to, topics_len);
  for (size_t i = 0; i < log.topic_count; i++) ol_rlp_put_string(to, log.topics[i].bytes, sizeof(ol_hash));
  return ol_error_in(error, write_data(error, to, value, ol_slice_of(head, head_len), data_len), "data",
                     OL_NOWHERE);
}

/* The logs take what is left of the arena, and give back what they do not need. Where nothing is left, none fits. */
static ol_status read_logs(ol_error *error, ol_slice *out, ol_arena *arena, ol_json receipt) {
  ol_json array, log;
  ol_json_items items;
  ol_status status = ol_json_need(error, &array, receipt, "logs", absent);
  if (status == OL_OK) status = ol_json_array(error, &items, array);
  OL_TRY(ol_error_in(error, status, "logs", OL_NOWHERE));
  ol_rlp_writer to = {.out = ol_arena_take(arena, 0)};
  to.len = arena->len - arena->used;
  for (uint32_t i = 0; ol_json_next(&log, NULL, &items); i++)
    OL_TRY(ol_error_within(error, write_log(error, &to, log, receipt), "logs", i));
  arena->used += to.used;
  *out = ol_slice_of(to.out, to.used);
  return OL_OK;
}

static ol_status read_receipt(ol_error *error, ol_receipt *out, ol_arena *arena, ol_json json) {
  ol_json value;
  uint64_t number = OL_TX_LEGACY; /* servers from before EIP-2718 name no type */
  memset(out, 0, sizeof *out);
  if (ol_json_find(&value, json, "type")) OL_TRY(need_u64(error, &number, json, "type"));
  out->type = number < 0xc0 ? (uint32_t)number : 0xbf; /* which no transaction has, and decoding refuses */
  OL_TRY(need_u64(error, &number, json, "status"));
  out->status = number < 2 ? (uint32_t)number : 2; /* the same */
  OL_TRY(need_u64(error, &out->cumulative_gas_used, json, "cumulativeGasUsed"));
  OL_TRY(need_fixed(error, out->logs_bloom, sizeof out->logs_bloom, json, "logsBloom"));
  OL_TRY(read_logs(error, &out->logs, arena, json));
  out->has_deposit = out->type == OL_TX_DEPOSIT && ol_json_find(&value, json, "depositReceiptVersion");
  if (out->has_deposit == 0) return OL_OK;
  OL_TRY(need_u64(error, &out->deposit_nonce, json, "depositNonce"));
  return need_u64(error, &out->deposit_version, json, "depositReceiptVersion");
}

ol_status ol_receipt_from_json(ol_error *error, ol_receipt *out, ol_slice *out_bytes, ol_arena *arena,
                               ol_json json) {
  ol_error_clear(error);
  ol_receipt receipt;
  size_t len = 0;
  OL_TRY(read_receipt(error, &receipt, arena, json));
  ol_status counted = ol_receipt_encode(error, NULL, 0, &len, &receipt); /* always too small */
  uint8_t *bytes = counted == OL_ERR_MEMORY ? ol_arena_take(arena, len) : NULL;
  if (bytes == NULL || ol_receipt_encode(error, bytes, len, &len, &receipt) != OL_OK)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the receipt");
  OL_TRY(ol_receipt_decode(error, out, bytes, len));
  *out_bytes = ol_slice_of(bytes, len);
  return OL_OK;
}

ol_status ol_receipt_from_text(ol_error *error, ol_receipt *out, ol_slice *out_bytes, ol_slice text,
                               void *memory, size_t len) {
  ol_error_clear(error);
  ol_arena arena = ol_arena_of(memory, len);
  ol_input input;
  OL_TRY(ol_input_read(error, &input, &arena, text, "receipt"));
  if (!input.is_hex) return ol_receipt_from_json(error, out, out_bytes, &arena, input.json);
  OL_TRY(ol_receipt_decode(error, out, input.bytes.data, input.bytes.len));
  *out_bytes = input.bytes;
  return OL_OK;
}
