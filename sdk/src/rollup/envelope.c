/* SPDX-License-Identifier: MIT */
#include "openledger/envelope.h"

#include "crypto/secp256k1.h"
#include "crypto/sha2.h"
#include "encoding/snappy.h"
#include "encoding/ssz.h"
#include "trie/trie.h"

#include "base/poison.h"

/* --- The payload in SSZ --- */

enum {
  PARENT_HASH,
  FEE_RECIPIENT,
  STATE_ROOT,
  RECEIPTS_ROOT,
  LOGS_BLOOM,
  PREV_RANDAO,
  BLOCK_NUMBER,
  GAS_LIMIT,
  GAS_USED,
  TIMESTAMP,
  EXTRA_DATA,
  BASE_FEE,
  BLOCK_HASH,
  TRANSACTIONS, /* the last of version 1 */
  WITHDRAWALS,  /* of 2 */
  BLOB_GAS_USED,
  EXCESS_BLOB_GAS,  /* of 3 */
  WITHDRAWALS_ROOT, /* of 4 */
  FIELDS
};

static const ol_ssz_type number = {.kind = OL_SSZ_UINT, .size = 8};
static const ol_ssz_type wide_number = {.kind = OL_SSZ_UINT, .size = 32};
static const ol_ssz_type address = {.kind = OL_SSZ_BYTES, .size = 20};
static const ol_ssz_type hash = {.kind = OL_SSZ_BYTES, .size = 32};
static const ol_ssz_type bloom = {.kind = OL_SSZ_BYTES, .size = 256};
static const ol_ssz_type extra_data = {.kind = OL_SSZ_BYTE_LIST, .size = 32};
/* Lists whose elements are looked at below; no message has room for more. */
static const ol_ssz_type list = {.kind = OL_SSZ_BYTE_LIST, .size = OL_ENVELOPE_MAX};

static const ol_ssz_field fields[FIELDS] = {
    [PARENT_HASH] = {"parentHash", &hash},
    [FEE_RECIPIENT] = {"feeRecipient", &address},
    [STATE_ROOT] = {"stateRoot", &hash},
    [RECEIPTS_ROOT] = {"receiptsRoot", &hash},
    [LOGS_BLOOM] = {"logsBloom", &bloom},
    [PREV_RANDAO] = {"prevRandao", &hash},
    [BLOCK_NUMBER] = {"blockNumber", &number},
    [GAS_LIMIT] = {"gasLimit", &number},
    [GAS_USED] = {"gasUsed", &number},
    [TIMESTAMP] = {"timestamp", &number},
    [EXTRA_DATA] = {"extraData", &extra_data},
    [BASE_FEE] = {"baseFeePerGas", &wide_number},
    [BLOCK_HASH] = {"blockHash", &hash},
    [TRANSACTIONS] = {"transactions", &list},
    [WITHDRAWALS] = {"withdrawals", &list},
    [BLOB_GAS_USED] = {"blobGasUsed", &number},
    [EXCESS_BLOB_GAS] = {"excessBlobGas", &number},
    [WITHDRAWALS_ROOT] = {"withdrawalsRoot", &hash},
};

/* What a version is: its payload, how much is signed in front of it, and how many fields the header has. */
static const struct {
  ol_ssz_type payload;
  uint32_t beacon_root_len;
  uint32_t header_fields;
} versions[OL_ENVELOPE_VERSIONS] = {
    {{.kind = OL_SSZ_CONTAINER, .count = TRANSACTIONS + 1, .fields = fields}, 0, 16},
    {{.kind = OL_SSZ_CONTAINER, .count = WITHDRAWALS + 1, .fields = fields}, 0, 17},
    {{.kind = OL_SSZ_CONTAINER, .count = EXCESS_BLOB_GAS + 1, .fields = fields}, sizeof(ol_hash), 20},
    {{.kind = OL_SSZ_CONTAINER, .count = WITHDRAWALS_ROOT + 1, .fields = fields}, sizeof(ol_hash), 21},
};

#define OFFSET_SIZE 4u
#define MAX_TRANSACTIONS (1u << 20) /* MAX_TRANSACTIONS_PER_PAYLOAD */

/* A payload whose form was checked. */
typedef struct payload {
  const ol_ssz_type *type;
  ol_slice bytes;
} payload;

static uint64_t load_le(ol_slice bytes) {
  uint64_t value = 0;
  for (size_t i = bytes.len; i-- > 0;) value = value << 8 | bytes.data[i];
  return value;
}

static ol_slice field_of(const payload *from, size_t field) {
  return ol_ssz_field_of(from->type, from->bytes, field);
}

static void take_bytes(uint8_t *out, const payload *from, size_t field) {
  ol_slice bytes = field_of(from, field);
  if (bytes.len > 0) memcpy(out, bytes.data, bytes.len);
}

static uint64_t take_number(const payload *from, size_t field) {
  return load_le(field_of(from, field));
}

/* Names the payload, and what in it, as the place of a failure. */
static ol_status in_payload(ol_error *error, ol_status status, const char *field) {
  return ol_error_within(error, ol_error_in(error, status, field, OL_NOWHERE), "payload", OL_NOWHERE);
}

/* Where a transaction begins in the list, or for `index` equal to the count, where the last one ends. */
static size_t transaction_at(const ol_envelope *envelope, size_t index) {
  ol_slice of = envelope->transactions;
  if (index == envelope->transaction_count) return of.len;
  return (size_t)load_le(ol_slice_of(of.data + OFFSET_SIZE * index, OFFSET_SIZE));
}

/* Checks the list of transactions, whose offsets come first. In: where it is in the payload. */
static ol_status read_transactions(ol_error *error, ol_envelope *out, size_t at) {
  ol_slice of = out->transactions;
  if (of.len == 0) return OL_OK;
  size_t first = of.len < OFFSET_SIZE ? 0 : (size_t)load_le(ol_slice_of(of.data, OFFSET_SIZE));
  if (first == 0 || first % OFFSET_SIZE != 0 || first > of.len)
    return ol_fail(error, OL_ERR_ENCODING, at, "SSZ offset leaves a gap or is beyond the end");
  if (first / OFFSET_SIZE > MAX_TRANSACTIONS)
    return ol_fail(error, OL_ERR_ENCODING, at, "SSZ list is longer than its limit");
  out->transaction_count = (uint32_t)(first / OFFSET_SIZE);
  for (size_t i = 0; i < out->transaction_count; i++) {
    size_t start = transaction_at(out, i), end = transaction_at(out, i + 1);
    if (end < start || end > of.len)
      return ol_fail(error, OL_ERR_ENCODING, at + OFFSET_SIZE * i,
                     "SSZ offset goes back or is beyond the end");
    if (end == start) return ol_fail(error, OL_ERR_ENCODING, at + start, "transaction is empty");
  }
  return OL_OK;
}

/* Makes the header of a payload, but for the root of its transactions. */
static void fill_header(ol_header *out, const payload *from, uint32_t version) {
  static const uint8_t empty_list = 0xc0; /* RLP */
  take_bytes(out->parent_hash.bytes, from, PARENT_HASH);
  ol_keccak256(&out->ommers_hash, &empty_list, 1);
  take_bytes(out->coinbase.bytes, from, FEE_RECIPIENT);
  take_bytes(out->state_root.bytes, from, STATE_ROOT);
  take_bytes(out->receipts_root.bytes, from, RECEIPTS_ROOT);
  take_bytes(out->logs_bloom, from, LOGS_BLOOM);
  out->number = take_number(from, BLOCK_NUMBER);
  out->gas_limit = take_number(from, GAS_LIMIT);
  out->gas_used = take_number(from, GAS_USED);
  out->timestamp = take_number(from, TIMESTAMP);
  take_bytes(out->extra_data, from, EXTRA_DATA);
  out->extra_data_len = (uint32_t)field_of(from, EXTRA_DATA).len;
  take_bytes(out->mix_hash.bytes, from, PREV_RANDAO);
  ol_slice base_fee = field_of(from, BASE_FEE);
  for (size_t i = 0; i < base_fee.len; i++) out->base_fee.bytes[i] = base_fee.data[base_fee.len - 1 - i];
  if (version >= 2) out->withdrawals_root = ol_trie_empty_root;
  if (version >= 3) {
    out->blob_gas_used = take_number(from, BLOB_GAS_USED);
    out->excess_blob_gas = take_number(from, EXCESS_BLOB_GAS);
    memcpy(out->parent_beacon_root.bytes, from->bytes.data - sizeof(ol_hash), sizeof(ol_hash));
  }
  if (version >= 4) {
    take_bytes(out->withdrawals_root.bytes, from, WITHDRAWALS_ROOT);
    ol_sha256(&out->requests_hash, NULL, 0); /* EIP-7685: of no requests */
  }
  out->field_count = versions[version - 1].header_fields;
}

static ol_status read_payload(ol_error *error, ol_envelope *out, const payload *from) {
  OL_TRY(in_payload(error, ol_ssz_check(error, from->type, from->bytes), ""));
  out->transactions = field_of(from, TRANSACTIONS);
  size_t at = (size_t)(out->transactions.data - from->bytes.data);
  OL_TRY(in_payload(error, read_transactions(error, out, at), fields[TRANSACTIONS].name));
  if (out->version >= 2 && field_of(from, WITHDRAWALS).len != 0)
    return in_payload(error,
                      ol_fail(error, OL_ERR_ENCODING, at + out->transactions.len, "there are withdrawals"),
                      fields[WITHDRAWALS].name);
  take_bytes(out->hash.bytes, from, BLOCK_HASH);
  fill_header(&out->header, from, out->version);
  return OL_OK;
}

/* --- The message --- */

ol_status ol_envelope_unpack(ol_error *error, uint8_t *out, size_t len, size_t *out_len, ol_slice gossiped) {
  ol_error_clear(error);
  size_t whole;
  OL_TRY(ol_error_in(error, ol_snappy_len(error, &whole, gossiped), "message", OL_NOWHERE));
  if (gossiped.len > OL_ENVELOPE_MAX || whole > OL_ENVELOPE_MAX)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "message is longer than 10 MiB");
  *out_len = whole;
  if (len < whole) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no room for the message");
  return ol_error_in(error, ol_snappy_unpack(error, out, whole, gossiped), "message", OL_NOWHERE);
}

static ol_status decode(ol_error *error, ol_envelope *out, ol_slice message, uint32_t version) {
  if (version < 1 || version > OL_ENVELOPE_VERSIONS)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "version of the message is not 1 to 4");
  if (message.len > OL_ENVELOPE_MAX)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "message is longer than 10 MiB");
  size_t before = OL_ENVELOPE_SIGNATURE + versions[version - 1].beacon_root_len;
  if (message.len < before)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, message.len, "message ends before its payload"),
                       "message", OL_NOWHERE);
  memset(out, 0, sizeof *out);
  out->message = message;
  out->version = version;
  const payload from = {.type = &versions[version - 1].payload,
                        .bytes = ol_slice_of(message.data + before, message.len - before)};
  OL_TRY(read_payload(error, out, &from));
  ol_keccak256(&out->payload_hash, message.data + OL_ENVELOPE_SIGNATURE, message.len - OL_ENVELOPE_SIGNATURE);
  return OL_OK;
}

ol_status ol_envelope_decode(ol_error *error, ol_envelope *out, ol_slice message, uint32_t version) {
  ol_error_clear(error);
  ol_envelope envelope;
  OL_TRY(decode(error, &envelope, message, version));
  *out = envelope;
  return OL_OK;
}

/* What is signed: keccak-256 of the domain, which is zero for blocks, the chain id, and the payload's hash. */
static void signing_hash(ol_hash *out, const ol_hash *payload_hash, uint64_t chain_id) {
  uint8_t preimage[3 * sizeof(ol_hash)] = {0};
  ol_store_be64(preimage + 56, chain_id);
  memcpy(preimage + 64, payload_hash->bytes, sizeof payload_hash->bytes);
  ol_keccak256(out, preimage, sizeof preimage);
}

ol_status ol_envelope_signer(ol_error *error, ol_address *out, const ol_envelope *envelope,
                             uint64_t chain_id) {
  ol_error_clear(error);
  if (envelope->message.len < OL_ENVELOPE_SIGNATURE)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "message was not decoded");
  ol_hash digest;
  ol_ecdsa_signature signature;
  ol_secp256k1_pubkey key;
  const uint8_t *bytes = envelope->message.data;
  memcpy(signature.r, bytes, sizeof signature.r);
  memcpy(signature.s, bytes + 32, sizeof signature.s);
  signature.y_parity = bytes[64]; /* 0 or 1, never 27 or 28 */
  signing_hash(&digest, &envelope->payload_hash, chain_id);
  OL_TRY(ol_error_in(error, ol_ecdsa_recover(error, &key, &digest, &signature, OL_ECDSA_LOW_S), "signature",
                     OL_NOWHERE));
  ol_secp256k1_address(out, &key);
  return OL_OK;
}

int ol_envelope_transaction(const ol_envelope *envelope, ol_slice *out, uint32_t index) {
  if (index >= envelope->transaction_count) return 0;
  size_t start = transaction_at(envelope, index), end = transaction_at(envelope, (size_t)index + 1);
  *out = ol_slice_of(envelope->transactions.data + start, end - start);
  return 1;
}

/* --- What makes a message good --- */

static ol_status check_time(ol_error *error, uint64_t timestamp, uint64_t now_s) {
  const char *reason = NULL;
  if (timestamp < now_s && now_s - timestamp > OL_ENVELOPE_PAST) reason = "block is more than 60 s old";
  if (timestamp > now_s && timestamp - now_s > OL_ENVELOPE_FUTURE)
    reason = "block is more than 5 s ahead of now";
  if (reason == NULL) return OL_OK;
  return in_payload(error, ol_fail(error, OL_ERR_STALE, OL_NOWHERE, reason), fields[TIMESTAMP].name);
}

static ol_status check_signer(ol_error *error, ol_envelope *envelope, const ol_envelope_rules *rules) {
  OL_TRY(ol_envelope_signer(error, &envelope->signer, envelope, rules->chain_id));
  if (memcmp(envelope->signer.bytes, rules->signer.bytes, sizeof rules->signer.bytes) != 0)
    return ol_error_in(
        error, ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "signed by another key, or for another chain"),
        "signature", OL_NOWHERE);
  envelope->chain_id = rules->chain_id;
  return OL_OK;
}

static void transaction(const void *context, ol_slice *out, size_t index) {
  OL_ASSERT(ol_envelope_transaction((const ol_envelope *)context, out, (uint32_t)index) == 1);
}

/* Completes the header, which must then have the hash that the payload claims. */
static ol_status check_hash(ol_error *error, ol_envelope *envelope) {
  const ol_trie_items items = {
      .item = transaction, .context = envelope, .count = envelope->transaction_count};
  ol_hash hash_of_header;
  ol_trie_items_root(&envelope->header.transactions_root, &items, NULL);
  ol_header_hash(&hash_of_header, &envelope->header);
  if (!ol_hash_equal(&hash_of_header, &envelope->hash))
    return in_payload(error,
                      ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "the block's header does not hash to it"),
                      fields[BLOCK_HASH].name);
  return OL_OK;
}

static ol_status check_form(ol_error *error, const ol_header *header) {
  ol_fork fork = ol_header_op_fork(header);
  if (fork == OL_FORK_UNKNOWN)
    return in_payload(error,
                      ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "the form is of no fork with this version"),
                      fields[EXTRA_DATA].name);
  if (header->excess_blob_gas != 0)
    return in_payload(error,
                      ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "must be zero, as there are no blobs"),
                      fields[EXCESS_BLOB_GAS].name);
  if (header->blob_gas_used != 0 && fork != OL_FORK_JOVIAN)
    return in_payload(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "must be zero before Jovian"),
                      fields[BLOB_GAS_USED].name);
  return OL_OK;
}

/* In the order of what a stranger can make us do: the transactions are hashed once the signature is right. */
ol_status ol_envelope_verify(ol_error *error, ol_envelope *out, const ol_envelope_rules *rules,
                             ol_slice message, uint32_t version) {
  ol_error_clear(error);
  ol_envelope envelope;
  if (rules->chain_id == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "chain id is missing");
  OL_TRY(decode(error, &envelope, message, version));
  if (rules->any_time == 0) OL_TRY(check_time(error, envelope.header.timestamp, rules->now_s));
  OL_TRY(check_signer(error, &envelope, rules));
  OL_TRY(check_hash(error, &envelope));
  OL_TRY(check_form(error, &envelope.header));
  *out = envelope;
  return OL_OK;
}
