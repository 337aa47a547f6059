/* SPDX-License-Identifier: MIT */
#include "provider/write.h"

#include "trie/account.h"

#include "base/poison.h"

ol_status ol_result_block(ol_error *error, ol_rpc_block *out, const ol_result *of) {
  return ol_keep_block(error, out, of->provider, of->job->keep - 1, of->arena);
}

ol_status ol_write_chain_id(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_quantity_u64(of->to, of->name, of->job->chain_id);
  return OL_OK;
}

ol_status ol_write_network(ol_error *error, const ol_result *of) {
  (void)error;
  char digits[20];
  size_t at = sizeof digits;
  uint64_t id = of->job->chain_id;
  do digits[--at] = (char)('0' + id % 10);
  while ((id /= 10) > 0);
  ol_json_write_string(of->to, of->name, ol_slice_of(digits + at, sizeof digits - at));
  return OL_OK;
}

ol_status ol_write_version(ol_error *error, const ol_result *of) {
  (void)error;
  static const char product[] = "openledger/";
  char text[64];
  const char *version = ol_version();
  const size_t len = ol_text_len(version);
  OL_ASSERT(sizeof product + len <= sizeof text);
  memcpy(text, product, sizeof product);
  memcpy(text + sizeof product - 1, version, len);
  ol_json_write_string(of->to, of->name, ol_slice_of(text, sizeof product - 1 + len));
  return OL_OK;
}

ol_status ol_write_nothing(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_array(of->to, of->name);
  ol_json_write_close(of->to);
  return OL_OK;
}

ol_status ol_write_false(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_bool(of->to, of->name, false);
  return OL_OK;
}

ol_status ol_write_status(ol_error *error, const ol_result *of) {
  (void)error;
  const ol_anchoring *anchoring = &of->provider->view.anchoring;
  ol_json_write_object(of->to, of->name);
  ol_json_write_quantity_u64(of->to, "chainId", of->job->chain_id);
  ol_json_write_text(of->to, "trust", ol_trust_name((ol_trust)of->provider->config.trust));
  ol_json_write_u64(of->to, "endpoints", of->provider->view.config.endpoints);
  ol_json_write_u64(of->to, "quorum", of->provider->view.config.quorum);
  ol_json_write_bool(of->to, "anchored", anchoring->ready);
  if (anchoring->ready) {
    ol_block_write_json(of->to, "l1Newest", &anchoring->newest_l1);
    ol_block_write_json(of->to, "l1Finalized", &anchoring->finalized_l1);
  }
  ol_json_write_close(of->to);
  return OL_OK;
}

ol_status ol_write_number(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_quantity_u64(of->to, of->name, of->job->locate.at.number);
  return OL_OK;
}

/* --- Accounts --- */

ol_status ol_write_balance(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_quantity(of->to, of->name, &of->job->read.account.balance);
  return OL_OK;
}

ol_status ol_write_nonce(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_quantity_u64(of->to, of->name, of->job->read.account.nonce);
  return OL_OK;
}

ol_status ol_write_slot(ol_error *error, const ol_result *of) {
  (void)error;
  const ol_u256 *value = &of->job->read.slots[0].value;
  ol_json_write_hex(of->to, of->name, value->bytes, sizeof value->bytes);
  return OL_OK;
}

static ol_slice kept(const ol_result *of) {
  return ol_slice_of(ol_keep_memory(of->provider, of->job->keep - 1).memory,
                     of->provider->keeps[of->job->keep - 1].len);
}

ol_status ol_write_code(ol_error *error, const ol_result *of) {
  (void)error;
  /* What came for an account without code is not its code. */
  const ol_slice code = of->job->read.has_code ? kept(of) : (ol_slice){0};
  const bool none = ol_hash_equal(&of->job->read.account.code_hash, &ol_empty_code_hash);
  ol_json_write_hex(of->to, of->name, code.data, none ? 0 : code.len);
  return OL_OK;
}

ol_status ol_write_kept(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_raw(of->to, of->name, kept(of));
  return OL_OK;
}

/* --- Blocks --- */

ol_status ol_write_block(ol_error *error, const ol_result *of) {
  ol_rpc_block block;
  OL_TRY(ol_result_block(error, &block, of));
  return ol_rpc_write_block(error, of->to, of->name, &block, of->job->full);
}

ol_status ol_write_receipts(ol_error *error, const ol_result *of) {
  ol_rpc_block block;
  OL_TRY(ol_result_block(error, &block, of));
  return ol_rpc_write_receipts(error, of->to, of->name, &block);
}

ol_status ol_write_count(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_quantity_u64(of->to, of->name, of->provider->keeps[of->job->keep - 1].body.count);
  return OL_OK;
}

static ol_status write_transaction(ol_error *error, const ol_result *of, uint64_t index) {
  ol_rpc_block block;
  OL_TRY(ol_result_block(error, &block, of));
  if (index < block.transaction_count)
    return ol_rpc_write_transaction(error, of->to, of->name, &block, (size_t)index);
  ol_json_write_null(of->to, of->name);
  return OL_OK;
}

ol_status ol_write_transaction_at(ol_error *error, const ol_result *of) {
  return write_transaction(error, of, of->job->number);
}

ol_status ol_write_transaction(ol_error *error, const ol_result *of) {
  return write_transaction(error, of, of->job->lookup.index);
}

ol_status ol_write_receipt(ol_error *error, const ol_result *of) {
  ol_rpc_block block;
  OL_TRY(ol_result_block(error, &block, of));
  return ol_rpc_write_receipt(error, of->to, of->name, &block, (size_t)of->job->lookup.index);
}

/* --- Others --- */

ol_status ol_write_swept(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_array(of->to, of->name);
  if (of->job->swept_len > 0)
    ol_json_write_raw(
        of->to, NULL,
        ol_slice_of(ol_provider_out(of->provider).memory + of->job->swept_at, of->job->swept_len));
  ol_json_write_close(of->to);
  return OL_OK;
}

ol_status ol_write_claims(ol_error *error, const ol_result *of) {
  ol_result logs = *of;
  logs.name = "logs";
  ol_json_write_object(of->to, of->name);
  ol_json_write_bool(of->to, "complete", !of->job->partial);
  OL_TRY(ol_write_swept(error, &logs));
  ol_json_write_close(of->to);
  return OL_OK;
}

ol_status ol_write_hash(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_hex(of->to, of->name, of->job->hash.bytes, sizeof of->job->hash.bytes);
  return OL_OK;
}

ol_status ol_write_subscription(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_quantity_u64(of->to, of->name, of->job->number);
  return OL_OK;
}

ol_status ol_write_done(ol_error *error, const ol_result *of) {
  (void)error;
  ol_json_write_bool(of->to, of->name, of->job->full);
  return OL_OK;
}
