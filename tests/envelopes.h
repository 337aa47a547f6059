/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_ENVELOPES_H
#define OL_TESTS_ENVELOPES_H

/*
 * Messages as a sequencer gossips them, signed by a key of these tests. They are written from a header by the
 * offsets of the specification, so that a test can say what is at which byte and change it.
 */

#include "base/base.h"
#include "crypto/secp256k1.h"
#include "openledger/envelope.h"
#include "trie/trie.h"

#include <stdlib.h>

#define ENVELOPE_CHAIN_ID 1612u

/* Offsets in a payload. */
enum {
  AT_PARENT_HASH = 0,
  AT_COINBASE = 32,
  AT_STATE_ROOT = 52,
  AT_RECEIPTS_ROOT = 84,
  AT_BLOOM = 116,
  AT_RANDAO = 372,
  AT_NUMBER = 404,
  AT_GAS_LIMIT = 412,
  AT_GAS_USED = 420,
  AT_TIME = 428,
  AT_EXTRA = 436,
  AT_BASE_FEE = 440,
  AT_HASH = 472,
  AT_TRANSACTIONS = 504,
  AT_WITHDRAWALS = 508,
  AT_BLOB_GAS = 512,
  AT_EXCESS_BLOB_GAS = 520,
  AT_WITHDRAWALS_ROOT = 528,
};

static const size_t envelope_fixed[] = {0, 508, 512, 528, 560};

/* Where the payload begins. */
static inline size_t envelope_payload_at(uint32_t version) {
  return version >= 3 ? 97 : 65;
}

static inline void envelope_store_le(uint8_t *out, uint64_t value, size_t len) {
  for (size_t i = 0; i < len; i++, value = i < 8 ? value >> 8 : 0) out[i] = (uint8_t)value;
}

static inline void envelope_key(uint8_t key[32], uint8_t which) {
  memset(key, which, 32);
}

static inline void envelope_signer(ol_address *out, uint8_t which) {
  ol_error error;
  ol_secp256k1_signer signer;
  ol_secp256k1_pubkey pubkey;
  uint8_t key[32];
  envelope_key(key, which);
  ol_secp256k1_signer_init(&signer, key);
  if (ol_secp256k1_pubkey_create(&error, &pubkey, &signer, key) != OL_OK) abort();
  ol_secp256k1_address(out, &pubkey);
}

/* Signs a message, whose first 65 bytes become the signature. */
static inline void envelope_sign(uint8_t *message, size_t len, uint64_t chain_id, uint8_t which) {
  ol_error error;
  static ol_secp256k1_signer signer;
  static bool ready = false;
  ol_ecdsa_signature signature;
  ol_hash payload_hash, digest;
  uint8_t preimage[96] = {0}, key[32];
  envelope_key(key, which);
  if (!ready) ol_secp256k1_signer_init(&signer, key);
  ready = true;
  ol_keccak256(&payload_hash, message + 65, len - 65);
  ol_store_be64(preimage + 56, chain_id);
  memcpy(preimage + 64, payload_hash.bytes, 32);
  ol_keccak256(&digest, preimage, sizeof preimage);
  if (ol_ecdsa_sign(&error, &signature, &signer, &digest, key, NULL) != OL_OK) abort();
  memcpy(message, signature.r, 32);
  memcpy(message + 32, signature.s, 32);
  message[64] = signature.y_parity;
}

/* A header as blocks of a version have it; of 4, with Jovian's form if it is asked for. */
static inline ol_header envelope_header(uint32_t version, bool jovian) {
  static const uint8_t holocene[9] = {0, 0, 0, 0, 250, 0, 0, 0, 6};
  static const uint32_t field_counts[] = {0, 16, 17, 20, 21};
  ol_header header;
  memset(&header, 0, sizeof header);
  for (size_t i = 0; i < 32; i++) {
    header.parent_hash.bytes[i] = (uint8_t)(0x10 + i);
    header.state_root.bytes[i] = (uint8_t)(0x30 + i);
    header.receipts_root.bytes[i] = (uint8_t)(0x50 + i);
    header.mix_hash.bytes[i] = (uint8_t)(0x70 + i);
  }
  memset(header.coinbase.bytes, 0x42, sizeof header.coinbase);
  for (size_t i = 0; i < sizeof header.logs_bloom; i++) header.logs_bloom[i] = (uint8_t)i;
  ol_keccak256(&header.ommers_hash, (const uint8_t *)"\xc0", 1);
  header.number = 1000000;
  header.gas_limit = 60000000;
  header.gas_used = 21000;
  header.timestamp = 1763600000;
  header.base_fee.bytes[30] = 1;
  header.base_fee.bytes[31] = 2;
  header.field_count = field_counts[version];
  if (version >= 2) header.withdrawals_root = ol_trie_empty_root;
  if (version >= 3) memset(header.parent_beacon_root.bytes, 0x88, 32);
  if (version == 4) {
    memcpy(header.extra_data, holocene, sizeof holocene);
    header.extra_data_len = sizeof holocene;
    memset(header.withdrawals_root.bytes, 0x99, 32);
    static const uint8_t no_requests[32] = {0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
                                            0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
                                            0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55};
    memcpy(header.requests_hash.bytes, no_requests, 32);
  }
  if (jovian) {
    header.extra_data[0] = 1;
    header.extra_data[16] = 7;
    header.extra_data_len = 17;
    header.blob_gas_used = 123456;
  }
  return header;
}

/* Writes a payload's fixed part, but for the block's hash and the offsets. */
static inline void envelope_write_fixed(uint8_t *out, uint32_t version, const ol_header *header) {
  memcpy(out + AT_PARENT_HASH, header->parent_hash.bytes, 32);
  memcpy(out + AT_COINBASE, header->coinbase.bytes, 20);
  memcpy(out + AT_STATE_ROOT, header->state_root.bytes, 32);
  memcpy(out + AT_RECEIPTS_ROOT, header->receipts_root.bytes, 32);
  memcpy(out + AT_BLOOM, header->logs_bloom, 256);
  memcpy(out + AT_RANDAO, header->mix_hash.bytes, 32);
  envelope_store_le(out + AT_NUMBER, header->number, 8);
  envelope_store_le(out + AT_GAS_LIMIT, header->gas_limit, 8);
  envelope_store_le(out + AT_GAS_USED, header->gas_used, 8);
  envelope_store_le(out + AT_TIME, header->timestamp, 8);
  for (size_t i = 0; i < 32; i++) out[AT_BASE_FEE + i] = header->base_fee.bytes[31 - i];
  if (version >= 3) {
    envelope_store_le(out + AT_BLOB_GAS, header->blob_gas_used, 8);
    envelope_store_le(out + AT_EXCESS_BLOB_GAS, header->excess_blob_gas, 8);
  }
  if (version >= 4) memcpy(out + AT_WITHDRAWALS_ROOT, header->withdrawals_root.bytes, 32);
}

/*
 * Writes a message from a header, whose transactions_root is filled in, and its block's transactions; signs it.
 * Out: the message, in memory that is large enough. Returns: its length.
 */
static inline size_t envelope_write(uint8_t *out, uint32_t version, ol_header *header,
                                    const ol_slice *transactions, size_t count) {
  size_t at = envelope_payload_at(version), end = at + envelope_fixed[version];
  uint8_t *payload = out + at;
  ol_hash hash;
  memset(out, 0, end);
  ol_trie_list_root(&header->transactions_root, transactions, count, NULL);
  ol_header_hash(&hash, header);
  if (version >= 3) memcpy(out + 65, header->parent_beacon_root.bytes, 32);
  envelope_write_fixed(payload, version, header);
  memcpy(payload + AT_HASH, hash.bytes, 32);
  envelope_store_le(payload + AT_EXTRA, end - at, 4);
  memcpy(out + end, header->extra_data, header->extra_data_len);
  end += header->extra_data_len;
  envelope_store_le(payload + AT_TRANSACTIONS, end - at, 4);
  size_t list = end;
  end += 4 * count;
  for (size_t i = 0; i < count; i++) {
    envelope_store_le(out + list + 4 * i, end - list, 4);
    memcpy(out + end, transactions[i].data, transactions[i].len);
    end += transactions[i].len;
  }
  if (version >= 2) envelope_store_le(payload + AT_WITHDRAWALS, end - at, 4);
  envelope_sign(out, end, ENVELOPE_CHAIN_ID, 1);
  return end;
}

/* Writes a message as a snappy block, of literals and of runs of a byte. Returns: its length. */
static inline size_t envelope_pack(uint8_t *out, const uint8_t *bytes, size_t len) {
  size_t used = 0;
  for (size_t left = len;; left >>= 7) {
    out[used++] = (uint8_t)((left & 127) | (left >= 128 ? 128 : 0));
    if (left < 128) break;
  }
  for (size_t at = 0; at < len;) {
    size_t run = 0, count = len - at < 60 ? len - at : 60;
    while (at > 0 && run < 64 && at + run < len && bytes[at + run] == bytes[at - 1]) run++;
    if (run == 64) { /* a copy of what is one byte before, and so of itself */
      memcpy(out + used, "\xfe\x01\x00", 3);
      used += 3;
      at += run;
      continue;
    }
    out[used++] = (uint8_t)((count - 1) << 2);
    memcpy(out + used, bytes + at, count);
    used += count;
    at += count;
  }
  return used;
}

#endif
