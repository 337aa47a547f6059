/* SPDX-License-Identifier: MIT */
#include "provider/params.h"

#include "openledger/signature.h"
#include "rollup/transaction.h"

#include "base/poison.h"

#define MOST_PERCENT 10000u /* in hundredths */
#define SUGGEST_DEFAULT 10u /* blocks: on a rollup of two seconds, twenty of them */
#define SIGNATURE_MAX 8192u /* bytes: contracts have forms of their own */

static bool is_missing(ol_json param) {
  return param.value == NULL;
}

static ol_status read_address(ol_error *error, ol_job *job, ol_json param) {
  return ol_json_hex_fixed(error, job->address.bytes, sizeof job->address.bytes, param);
}

static bool is_word(ol_slice text, const char *word) {
  return text.len == ol_text_len(word) && memcmp(text.data, word, text.len) == 0;
}

/* --- Blocks --- */

static bool read_tag(ol_at *out, ol_slice text) {
  static const struct {
    const char *name;
    uint32_t tag;
  } tags[] = {{"latest", OL_BLOCK_LATEST},
              {"pending", OL_BLOCK_LATEST}, /* nothing is proven of what is not in a block */
              {"safe", OL_BLOCK_SAFE},
              {"finalized", OL_BLOCK_FINALIZED}};
  *out = (ol_at){.kind = OL_AT_TAG, .tag = OL_BLOCK_LATEST};
  for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
    if (!is_word(text, tags[i].name)) continue;
    out->tag = tags[i].tag;
    return true;
  }
  if (!is_word(text, "earliest")) return false;
  out->kind = OL_AT_NUMBER;
  return true;
}

static ol_status read_hash(ol_error *error, ol_at *out, ol_json param) {
  *out = (ol_at){.kind = OL_AT_HASH};
  return ol_json_hex_fixed(error, out->hash.bytes, sizeof out->hash.bytes, param);
}

static ol_status read_number(ol_error *error, ol_at *out, ol_json param) {
  *out = (ol_at){.kind = OL_AT_NUMBER};
  return ol_json_hex_u64(error, &out->number, param);
}

ol_status ol_param_at(ol_error *error, ol_at *out, ol_json param) {
  ol_json member;
  ol_slice text;
  *out = (ol_at){.kind = OL_AT_TAG, .tag = OL_BLOCK_LATEST};
  if (is_missing(param)) return OL_OK;
  if (ol_json_kind_of(param) == OL_JSON_OBJECT) {
    if (ol_json_find(&member, param, "blockHash")) return read_hash(error, out, member);
    OL_TRY(ol_json_need(error, &member, param, "blockNumber", "block has neither a hash nor a number"));
    return read_number(error, out, member);
  }
  OL_TRY(ol_json_string(error, &text, param));
  if (read_tag(out, text)) return OL_OK;
  const size_t hash_len = 2 + 2 * sizeof out->hash.bytes;
  return text.len == hash_len ? read_hash(error, out, param) : read_number(error, out, param);
}

ol_status ol_param_bool(ol_error *error, bool *out, ol_json param) {
  *out = false;
  return is_missing(param) ? OL_OK : ol_json_bool(error, out, param);
}

ol_status ol_params_block(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  OL_TRY(ol_param_at(error, &job->at, params[0]));
  return ol_param_bool(error, &job->full, params[1]);
}

ol_status ol_params_block_hash(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                               ol_arena *arena) {
  (void)arena;
  OL_TRY(read_hash(error, &job->at, params[0]));
  return ol_param_bool(error, &job->full, params[1]);
}

ol_status ol_params_receipts(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  job->full = true;
  return ol_param_at(error, &job->at, params[0]);
}

ol_status ol_params_transaction_at(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                                   ol_arena *arena) {
  OL_TRY(ol_params_receipts(error, job, params, arena));
  return ol_json_hex_u64(error, &job->number, params[1]);
}

ol_status ol_params_transaction_in(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                                   ol_arena *arena) {
  (void)arena;
  job->full = true;
  OL_TRY(read_hash(error, &job->at, params[0]));
  return ol_json_hex_u64(error, &job->number, params[1]);
}

ol_status ol_params_transaction(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                                ol_arena *arena) {
  (void)arena;
  job->full = true;
  return ol_json_hex_fixed(error, job->hash.bytes, sizeof job->hash.bytes, params[0]);
}

/* What can be proven on L1 is what is in the newest block that is proposed, "safe". */
ol_status ol_params_withdrawal(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                               ol_arena *arena) {
  OL_TRY(ol_params_transaction(error, job, params, arena));
  job->with_nodes = job->has_from = true;
  job->from = (ol_at){.kind = OL_AT_TAG, .tag = OL_BLOCK_SAFE};
  if (!is_missing(params[1])) OL_TRY(ol_json_hex_u64(error, &job->number, params[1]));
  return is_missing(params[2]) ? OL_OK : read_address(error, job, params[2]);
}

ol_status ol_params_latest(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)error;
  (void)params;
  (void)arena;
  job->full = true;
  return OL_OK;
}

/* --- Accounts --- */

ol_status ol_params_account(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  OL_TRY(read_address(error, job, params[0]));
  return ol_param_at(error, &job->at, params[1]);
}

ol_status ol_params_code(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  job->full = true;
  return ol_params_account(error, job, params, arena);
}

ol_status ol_params_slot(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  OL_TRY(read_address(error, job, params[0]));
  OL_TRY(ol_json_hex_u256(error, &job->slots[0], params[1]));
  job->slot_count = 1;
  return ol_param_at(error, &job->at, params[2]);
}

ol_status ol_params_proof(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  ol_json_items items;
  ol_json slot;
  (void)arena;
  job->with_nodes = true;
  OL_TRY(read_address(error, job, params[0]));
  OL_TRY(ol_json_array(error, &items, params[1]));
  if (items.left > OL_MAX_SLOTS) return ol_fail(error, OL_ERR_LIMIT, params[1].offset, "more than 32 slots");
  while (ol_json_next(&slot, NULL, &items)) {
    ol_slice text;
    OL_TRY(ol_json_hex_u256(error, &job->slots[job->slot_count], slot));
    OL_TRY(ol_json_string(error, &text, slot));
    if (text.len == 2 + 2 * sizeof(ol_u256)) job->slot_words |= 1u << job->slot_count;
    job->slot_count++;
  }
  return ol_param_at(error, &job->at, params[2]);
}

/* --- Ranges --- */

ol_status ol_params_logs(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  ol_json hash, from = {0}, to = {0};
  (void)arena;
  job->has_from = true;
  OL_TRY(ol_log_filter_read(error, &job->filter, params[0]));
  const bool has_from = ol_json_find(&from, params[0], "fromBlock");
  const bool has_to = ol_json_find(&to, params[0], "toBlock");
  if (ol_json_find(&hash, params[0], "blockHash")) {
    if (has_from || has_to)
      return ol_fail(error, OL_ERR_ENCODING, hash.offset, "filter has a block's hash and a range");
    job->has_from = false;
    job->number = 1;
    return read_hash(error, &job->at, hash);
  }
  OL_TRY(ol_param_at(error, &job->from, has_from ? from : (ol_json){0}));
  OL_TRY(ol_param_at(error, &job->at, has_to ? to : (ol_json){0}));
  if (job->from.kind == OL_AT_HASH || job->at.kind == OL_AT_HASH)
    return ol_fail(error, OL_ERR_ENCODING, params[0].offset, "a range is of tags or numbers");
  if (job->from.kind == OL_AT_NUMBER && job->at.kind == OL_AT_NUMBER && job->from.number > job->at.number)
    return ol_fail(error, OL_ERR_ENCODING, from.offset, "range ends before it begins");
  job->to_head = job->at.kind == OL_AT_NUMBER;
  return OL_OK;
}

/* A count, as a quantity or, as some write it, a number. */
static ol_status read_count(ol_error *error, uint64_t *out, ol_json param) {
  OL_TRY(ol_json_kind_of(param) == OL_JSON_NUMBER ? ol_json_u64(error, out, param)
                                                  : ol_json_hex_u64(error, out, param));
  if (*out == 0) return ol_fail(error, OL_ERR_ENCODING, param.offset, "no blocks are asked for");
  return *out <= OL_RANGE_BLOCKS ? OL_OK
                                 : ol_fail(error, OL_ERR_LIMIT, param.offset, "more than 1,000 blocks");
}

/* A percentage with at most two decimals that count, in hundredths. */
static ol_status read_percent(ol_error *error, uint32_t *out, ol_json param) {
  const ol_slice text = ol_json_number_text(param);
  uint32_t value = 0, decimals = 0;
  bool has_point = false;
  for (size_t i = 0; i < text.len; i++) {
    const uint8_t digit = text.data[i];
    if (digit == '.' && !has_point) {
      has_point = true;
      continue;
    }
    if (digit < '0' || digit > '9' || value > MOST_PERCENT)
      return ol_fail(error, OL_ERR_ENCODING, param.offset, "percentile is not from 0 to 100");
    if (decimals == 2 && value == MOST_PERCENT && digit != '0')
      return ol_fail(error, OL_ERR_ENCODING, param.offset, "percentile is not from 0 to 100");
    if (decimals == 2) continue;
    value = 10 * value + (uint32_t)(digit - '0');
    decimals += has_point;
  }
  for (; decimals < 2; decimals++) value *= 10;
  if (text.len == 0 || value > MOST_PERCENT)
    return ol_fail(error, OL_ERR_ENCODING, param.offset, "percentile is not from 0 to 100");
  *out = value;
  return OL_OK;
}

ol_status ol_params_fee_history(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                                ol_arena *arena) {
  ol_json_items items;
  ol_json percent;
  (void)arena;
  OL_TRY(read_count(error, &job->number, params[0]));
  OL_TRY(ol_param_at(error, &job->at, params[1]));
  if (is_missing(params[2])) return OL_OK;
  OL_TRY(ol_json_array(error, &items, params[2]));
  if (items.left > OL_PERCENTILES)
    return ol_fail(error, OL_ERR_LIMIT, params[2].offset, "more than 16 percentiles");
  while (ol_json_next(&percent, NULL, &items)) {
    uint32_t *out = &job->percentiles[job->percentile_count];
    OL_TRY(read_percent(error, out, percent));
    if (job->percentile_count++ > 0 && out[0] < out[-1])
      return ol_fail(error, OL_ERR_ENCODING, percent.offset, "percentiles do not rise");
  }
  return OL_OK;
}

ol_status ol_params_suggest_fees(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                                 ol_arena *arena) {
  (void)arena;
  job->number = SUGGEST_DEFAULT;
  if (is_missing(params[0])) return OL_OK;
  OL_TRY(read_count(error, &job->number, params[0]));
  return job->number <= OL_SUGGEST_BLOCKS
             ? OL_OK
             : ol_fail(error, OL_ERR_LIMIT, params[0].offset, "more than 100 blocks");
}

/* --- Others --- */

ol_status ol_params_signature(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                              ol_arena *arena) {
  ol_slice text, bytes;
  ol_wrapped_signature wrapped;
  OL_TRY(read_address(error, job, params[0]));
  OL_TRY(ol_json_hex_fixed(error, job->hash.bytes, sizeof job->hash.bytes, params[1]));
  OL_TRY(ol_json_string(error, &text, params[2]));
  OL_TRY(ol_json_hex(error, &bytes, arena, params[2]));
  if (bytes.len > SIGNATURE_MAX)
    return ol_fail(error, OL_ERR_LIMIT, params[2].offset, "signature has more than 8192 bytes");
  if (ol_signature_is_wrapped(bytes.data, bytes.len))
    OL_TRY(ol_signature_unwrap(error, &wrapped, bytes.data, bytes.len));
  job->raw_at = job->text_at + (uint32_t)params[2].offset;
  job->raw_len = (uint32_t)text.len;
  return ol_param_at(error, &job->at, params[3]);
}

/* Reads a signed transaction, so that nothing leaves but what it says; the chain is compared with ours later. */
ol_status ol_params_raw_transaction(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                                    ol_arena *arena) {
  ol_slice text, bytes;
  ol_transaction transaction;
  ol_address sender;
  OL_TRY(ol_json_string(error, &text, params[0]));
  OL_TRY(ol_json_hex(error, &bytes, arena, params[0]));
  OL_TRY(ol_transaction_decode(error, &transaction, bytes.data, bytes.len));
  if (transaction.type == OL_TX_DEPOSIT)
    return ol_fail(error, OL_ERR_ENCODING, params[0].offset, "a deposit is not sent: L1 makes it");
  if (transaction.chain_id != job->chain_id)
    return ol_fail(error, OL_ERR_MISMATCH, params[0].offset, "transaction is for another chain");
  OL_TRY(ol_transaction_sender(error, &sender, &transaction, job->chain_id));
  ol_transaction_hash(&job->hash, &transaction);
  job->raw_at = job->text_at + (uint32_t)params[0].offset;
  job->raw_len = (uint32_t)text.len;
  return OL_OK;
}

ol_status ol_params_chain(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  ol_json member;
  (void)arena;
  OL_TRY(ol_json_need(error, &member, params[0], "chainId", "there is no chainId"));
  OL_TRY(ol_json_hex_u64(error, &job->number, member));
  if (job->number == job->chain_id) return OL_OK;
  job->code = OL_RPC_OTHER_CHAIN;
  return ol_fail(error, OL_ERR_MISMATCH, member.offset, "this provider serves another chain");
}

ol_status ol_params_subscribe(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                              ol_arena *arena) {
  ol_slice what;
  (void)job;
  (void)arena;
  OL_TRY(ol_json_string(error, &what, params[0]));
  if (is_word(what, "newHeads")) return OL_OK;
  return ol_fail(error, OL_ERR_ENCODING, params[0].offset, "only newHeads can be subscribed to");
}

ol_status ol_params_unsubscribe(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                                ol_arena *arena) {
  (void)arena;
  return ol_json_hex_u64(error, &job->number, params[0]);
}
