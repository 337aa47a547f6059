/* SPDX-License-Identifier: MIT */
#include "openledger/withdrawal.h"

#include "crypto/keccak.h"
#include "encoding/abi.h"
#include "rollup/anchor.h"

#include "base/poison.h"

/* keccak-256 of "MessagePassed(uint256,address,address,uint256,uint256,bytes,bytes32)" */
static const ol_hash message_passed = {{0x02, 0xa5, 0x23, 0x67, 0xd1, 0x07, 0x42, 0xd8, 0x03, 0x27, 0x12,
                                        0xc1, 0xbb, 0x8e, 0x01, 0x44, 0xff, 0x1e, 0xc5, 0xff, 0xda, 0x1e,
                                        0xd7, 0xd7, 0x0b, 0xb0, 0x5a, 0x27, 0x44, 0x95, 0x50, 0x54}};

/* keccak-256 of "TransactionDeposited(address,address,uint256,bytes)" */
static const ol_hash transaction_deposited = {
    {0xb3, 0x81, 0x35, 0x68, 0xd9, 0x99, 0x1f, 0xc9, 0x51, 0x96, 0x1f, 0xcb, 0x4c, 0x78, 0x48, 0x93,
     0x57, 0x42, 0x40, 0xa2, 0x89, 0x25, 0x60, 0x4d, 0x09, 0xfc, 0x57, 0x7c, 0x55, 0xbb, 0x7c, 0x32}};

/* keccak-256 of abi.encode(nonce, sender, target, value, gasLimit, data) */
void ol_withdrawal_hash(ol_hash *out, const ol_withdrawal *withdrawal) {
  const ol_u256 head[] = {withdrawal->nonce,
                          ol_abi_address(&withdrawal->sender),
                          ol_abi_address(&withdrawal->target),
                          withdrawal->value,
                          withdrawal->gas_limit,
                          ol_abi_u64(6 * sizeof(ol_u256)),
                          ol_abi_u64(withdrawal->data.len)};
  static const uint8_t padding[sizeof(ol_u256)];
  ol_keccak keccak;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, head[0].bytes, sizeof head);
  ol_keccak_update(&keccak, withdrawal->data.data, withdrawal->data.len);
  ol_keccak_update(&keccak, padding, -withdrawal->data.len % sizeof padding);
  ol_keccak_final(&keccak, out);
}

/* sentMessages is the mapping at slot 0. */
void ol_withdrawal_slot(ol_u256 *out, const ol_hash *withdrawal_hash) {
  uint8_t key_and_slot[64] = {0};
  ol_hash hash;
  memcpy(key_and_slot, withdrawal_hash->bytes, sizeof withdrawal_hash->bytes);
  ol_keccak256(&hash, key_and_slot, sizeof key_and_slot);
  memcpy(out->bytes, hash.bytes, sizeof out->bytes);
}

/* Whether a log is an event of four topics, by a contract. */
static ol_status check_event(ol_error *error, const ol_log *log, const ol_address *contract,
                             const ol_hash *event) {
  if (memcmp(log->address.bytes, contract->bytes, sizeof contract->bytes) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "event is of another contract");
  if (log->topic_count != OL_LOG_TOPICS || !ol_hash_equal(&log->topics[0], event))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "event is another one");
  return OL_OK;
}

static ol_status topic_address(ol_error *error, ol_address *out, const ol_hash *topic) {
  return ol_abi_read_address(error, out, ol_slice_of(topic->bytes, sizeof topic->bytes), 0);
}

/* Topics: nonce, sender, target. Data: value, gas limit, data, hash. */
static ol_status decode_withdrawal(ol_error *error, ol_withdrawal *out, const ol_log *log) {
  ol_u256 claimed;
  ol_hash hash;
  OL_TRY(check_event(error, log, &ol_message_passer, &message_passed));
  memcpy(out->nonce.bytes, log->topics[1].bytes, sizeof out->nonce.bytes);
  OL_TRY(ol_error_in(error, topic_address(error, &out->sender, &log->topics[2]), "sender", OL_NOWHERE));
  OL_TRY(ol_error_in(error, topic_address(error, &out->target, &log->topics[3]), "target", OL_NOWHERE));
  OL_TRY(ol_abi_read_bytes(error, &out->data, log->data, 64, 128));
  /* Of data that is long enough for bytes behind it, the words can be read. */
  memcpy(out->value.bytes, log->data.data, 32);
  memcpy(out->gas_limit.bytes, log->data.data + 32, 32);
  memcpy(claimed.bytes, log->data.data + 96, 32);
  ol_withdrawal_hash(&hash, out);
  if (memcmp(hash.bytes, claimed.bytes, sizeof hash.bytes) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, 96, "withdrawal does not hash to what the event says");
  return OL_OK;
}

ol_status ol_withdrawal_from_log(ol_error *error, ol_withdrawal *out, const ol_log *log) {
  ol_error_clear(error);
  ol_withdrawal withdrawal;
  OL_TRY(ol_error_within(error, decode_withdrawal(error, &withdrawal, log), "MessagePassed", OL_NOWHERE));
  *out = withdrawal;
  return OL_OK;
}

/* keccak-256 of domain 0 and the hash of where the deposit was logged */
static void source_hash(ol_hash *out, const ol_hash *l1_block_hash, uint64_t log_index) {
  uint8_t words[64] = {0};
  memcpy(words, l1_block_hash->bytes, 32);
  ol_store_be64(words + 56, log_index);
  ol_hash place;
  ol_keccak256(&place, words, sizeof words);
  memset(words, 0, 32);
  memcpy(words + 32, place.bytes, 32);
  ol_keccak256(out, words, sizeof words);
}

/* mint, value, gas limit and whether it creates, packed; then the data */
#define OPAQUE_HEAD (32 + 32 + 8 + 1)

static ol_status decode_opaque(ol_error *error, ol_transaction *out, ol_slice opaque) {
  if (opaque.len < OPAQUE_HEAD)
    return ol_fail(error, OL_ERR_ENCODING, opaque.len, "opaque data is cut short");
  memcpy(out->mint.bytes, opaque.data, 32);
  memcpy(out->value.bytes, opaque.data + 32, 32);
  out->gas_limit = ol_load_be64(opaque.data + 64);
  if (opaque.data[72] > 1)
    return ol_fail(error, OL_ERR_ENCODING, 72, "opaque data has a bit that is neither 0 nor 1");
  out->is_create = opaque.data[72];
  out->data = ol_slice_of(opaque.data + OPAQUE_HEAD, opaque.len - OPAQUE_HEAD);
  return OL_OK;
}

/* Topics: from, to, version. Data: opaque data. */
static ol_status decode_deposit(ol_error *error, ol_transaction *out, const ol_log *log,
                                const ol_address *portal) {
  ol_u256 version;
  ol_slice opaque;
  memset(out, 0, sizeof *out);
  out->type = OL_TX_DEPOSIT;
  OL_TRY(check_event(error, log, portal, &transaction_deposited));
  memcpy(version.bytes, log->topics[3].bytes, sizeof version.bytes);
  if (!ol_u256_is_zero(&version))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "event is of another version");
  OL_TRY(ol_error_in(error, topic_address(error, &out->from, &log->topics[1]), "from", OL_NOWHERE));
  OL_TRY(ol_error_in(error, topic_address(error, &out->to, &log->topics[2]), "to", OL_NOWHERE));
  OL_TRY(ol_abi_read_bytes(error, &opaque, log->data, 0, 32));
  OL_TRY(ol_error_in(error, decode_opaque(error, out, opaque), "opaqueData", OL_NOWHERE));
  if (out->is_create != 0) memset(&out->to, 0, sizeof out->to);
  return OL_OK;
}

ol_status ol_deposit_from_log(ol_error *error, ol_transaction *out, const ol_log *log,
                              const ol_address *portal, const ol_hash *l1_block_hash, uint64_t log_index) {
  ol_error_clear(error);
  ol_transaction deposit;
  OL_TRY(ol_error_within(error, decode_deposit(error, &deposit, log, portal), "TransactionDeposited",
                         OL_NOWHERE));
  source_hash(&deposit.source_hash, l1_block_hash, log_index);
  *out = deposit;
  return OL_OK;
}
