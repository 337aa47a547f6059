/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_ATTRIBUTION_SIGNING_H
#define OL_TESTS_UNIT_ATTRIBUTION_SIGNING_H

/* Receipts with something in each field, and keys that sign them. */

#include "openledger/attribution.h"

#include "crypto/secp256k1.h"
#include "unit/bytes.h"

static ol_error error;

/* Returns: an address or a hash of equal bytes. */
static inline ol_address address_of(uint8_t byte) {
  ol_address out;
  memset(out.bytes, byte, sizeof out.bytes);
  return out;
}

static inline ol_hash hash_of(uint8_t byte) {
  ol_hash out;
  memset(out.bytes, byte, sizeof out.bytes);
  return out;
}

static inline ol_u256 number_of(uint64_t value) {
  ol_u256 out = {{0}};
  ol_store_be64(out.bytes + 24, value);
  return out;
}

static inline ol_u256 most_u128(void) {
  ol_u256 out = {{0}};
  memset(out.bytes + 16, 0xff, 16);
  return out;
}

static inline void key_of(uint8_t key[32], uint8_t which) {
  memset(key, which, 32);
}

static inline ol_address account_of(uint8_t which) {
  static ol_secp256k1_signer signer;
  const uint8_t seed[32] = {1};
  uint8_t key[32];
  ol_secp256k1_pubkey pubkey;
  ol_address out;
  key_of(key, which);
  ol_secp256k1_signer_init(&signer, seed);
  assert_int_equal(ol_secp256k1_pubkey_create(&error, &pubkey, &signer, key), OL_OK);
  ol_secp256k1_address(&out, &pubkey);
  return out;
}

static inline void sign_digest(uint8_t out[65], const ol_hash *digest, uint8_t which) {
  static ol_secp256k1_signer signer;
  const uint8_t seed[32] = {2};
  uint8_t key[32];
  ol_ecdsa_signature signature;
  key_of(key, which);
  ol_secp256k1_signer_init(&signer, seed);
  assert_int_equal(ol_ecdsa_sign(&error, &signature, &signer, digest, key, NULL), OL_OK);
  memcpy(out, signature.r, 32);
  memcpy(out + 32, signature.s, 32);
  out[64] = (uint8_t)(27 + signature.y_parity);
}

static inline void sign_receipt(ol_signed_receipt *receipt, uint8_t which) {
  ol_hash digest;
  ol_attribution_receipt_digest(&digest, &receipt->domain, &receipt->receipt);
  sign_digest(receipt->signature, &digest, which);
}

/* Returns: a receipt in which no two fields are the same. */
static inline ol_signed_receipt sample_receipt(void) {
  ol_signed_receipt out;
  memset(&out, 0, sizeof out);
  out.domain = (ol_attribution_domain){.chain_id = 1612, .registry = address_of(0xa7)};
  out.receipt = (ol_attribution_receipt){
      .version = 1,
      .flags = 3,
      .client_nonce = hash_of(0x11),
      .payer = address_of(0x12),
      .request_sha256 = hash_of(0x13),
      .response_sha256 = hash_of(0x14),
      .stream_head = hash_of(0x15),
      .response_bytes = 0x0102030405060708,
      .model_id = hash_of(0x16),
      .adapter_id = hash_of(0x17),
      .run_id = hash_of(0x18),
      .corpus_id = hash_of(0x19),
      .gradient_id = hash_of(0x1a),
      .policy_id = hash_of(0x1b),
      .evidence_hash = hash_of(0x1c),
      .influence_hash = hash_of(0x1d),
      .split_root = hash_of(0x1e),
      .total_weight = most_u128(),
      .contributors = 0xfffffffe,
      .pay_token = address_of(0x1f),
      .fee = number_of(0x2122232425262728),
      .contributor_pool = number_of(4321),
      .served_at = UINT64_MAX,
      .sequence = 77,
      .previous = hash_of(0x20),
  };
  return out;
}

#endif
