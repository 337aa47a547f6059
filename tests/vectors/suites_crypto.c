/* SPDX-License-Identifier: MIT */

/*
 * Wycheproof: ECDSA, HMAC, PBKDF2, XChaCha20-Poly1305.
 *
 * A case is `valid`, `invalid` or `acceptable`. The first must be accepted, the second refused; the third
 * marks what implementations may decide (none of these files has one today) and passes either way, though it
 * is run. Flags say what a case is about and decide nothing, as their results are already in the file:
 * - lengths that our types do not admit (SignatureSize, InvalidNonceSize, TruncatedSignature) are refused
 *   before the call, as a caller has to;
 * - SignatureMalleabilityBitcoin: with DER the low s is required; the P1363 file holds both s valid.
 */
#include "suites_wycheproof.h"

#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "crypto/secp256k1.h"

static bool read_key(vector_file *file, ol_secp256k1_pubkey *out, ol_json group) {
  ol_error error;
  ol_json key;
  if (!ol_json_find(&key, group, "publicKey")) return false;
  ol_slice bytes = vector_bytes(file, key, "uncompressed");
  return ol_secp256k1_pubkey_read(&error, out, bytes.data, bytes.len) == OL_OK;
}

static bool verify_message(vector_file *file, ol_json group, ol_json test, const uint8_t rs[64],
                           ol_ecdsa_rule rule) {
  ol_error error;
  ol_hash digest;
  ol_secp256k1_pubkey key;
  if (!read_key(file, &key, group)) return false;
  ol_slice message = vector_bytes(file, test, "msg");
  ol_sha256(&digest, message.data, message.len);
  return ol_ecdsa_verify(&error, &key, &digest, rs, rule) == OL_OK;
}

static bool accepts_ecdsa_bitcoin(vector_file *file, ol_json group, ol_json test) {
  ol_error error;
  uint8_t rs[64];
  ol_slice der = vector_bytes(file, test, "sig");
  return ol_ecdsa_read_der(&error, rs, der.data, der.len) == OL_OK &&
         verify_message(file, group, test, rs, OL_ECDSA_LOW_S);
}

static bool accepts_ecdsa_p1363(vector_file *file, ol_json group, ol_json test) {
  ol_slice rs = vector_bytes(file, test, "sig");
  return rs.len == 64 && verify_message(file, group, test, rs.data, OL_ECDSA_ANY_S);
}

void run_wycheproof_ecdsa_bitcoin(vector_tally *tally, const uint8_t *json, size_t len) {
  run_wycheproof(tally, json, len, accepts_ecdsa_bitcoin);
}

void run_wycheproof_ecdsa_p1363(vector_tally *tally, const uint8_t *json, size_t len) {
  run_wycheproof(tally, json, len, accepts_ecdsa_p1363);
}

/* Tags may be truncated: the group says to how many bits. */
static bool is_tag(vector_file *file, ol_json group, ol_json test, ol_slice computed) {
  ol_slice tag = vector_bytes(file, test, "tag");
  uint64_t bits = vector_u64(file, group, "tagSize");
  return bits > 0 && tag.len == bits / 8 && tag.len <= computed.len &&
         ol_equal_secret(tag.data, computed.data, tag.len);
}

static bool accepts_hmac_sha256(vector_file *file, ol_json group, ol_json test) {
  uint8_t computed[32];
  ol_hmac_sha256(computed, vector_bytes(file, test, "key"), vector_bytes(file, test, "msg"));
  return is_tag(file, group, test, ol_slice_of(computed, sizeof computed));
}

static bool accepts_hmac_sha512(vector_file *file, ol_json group, ol_json test) {
  uint8_t computed[64];
  ol_hmac_sha512(computed, vector_bytes(file, test, "key"), vector_bytes(file, test, "msg"));
  return is_tag(file, group, test, ol_slice_of(computed, sizeof computed));
}

void run_wycheproof_hmac_sha256(vector_tally *tally, const uint8_t *json, size_t len) {
  run_wycheproof(tally, json, len, accepts_hmac_sha256);
}

void run_wycheproof_hmac_sha512(vector_tally *tally, const uint8_t *json, size_t len) {
  run_wycheproof(tally, json, len, accepts_hmac_sha512);
}

static bool accepts_pbkdf2(vector_file *file, ol_json test, ol_kdf_kind kind) {
  ol_error error;
  size_t memory_len = 0;
  ol_slice password = vector_bytes(file, test, "password"), key = vector_bytes(file, test, "dk");
  const ol_kdf_params params = {.kind = kind,
                                .cost = (uint32_t)vector_u64(file, test, "iterationCount"),
                                .key_len = (size_t)vector_u64(file, test, "dkLen"),
                                .salt = vector_bytes(file, test, "salt")};
  if (ol_kdf_memory(&error, &memory_len, &params) != OL_OK) return false;
  void *memory = ol_arena_take(&file->arena, memory_len);
  uint8_t *derived = ol_arena_take(&file->arena, params.key_len);
  return memory != NULL && derived != NULL &&
         ol_kdf_run(&error, derived, &params, password, memory, memory_len) == OL_OK &&
         vector_same(key, ol_slice_of(derived, params.key_len));
}

static bool accepts_pbkdf2_sha256(vector_file *file, ol_json group, ol_json test) {
  (void)group;
  return accepts_pbkdf2(file, test, OL_KDF_PBKDF2_SHA256);
}

static bool accepts_pbkdf2_sha512(vector_file *file, ol_json group, ol_json test) {
  (void)group;
  return accepts_pbkdf2(file, test, OL_KDF_PBKDF2_SHA512);
}

void run_wycheproof_pbkdf2_sha256(vector_tally *tally, const uint8_t *json, size_t len) {
  run_wycheproof(tally, json, len, accepts_pbkdf2_sha256);
}

void run_wycheproof_pbkdf2_sha512(vector_tally *tally, const uint8_t *json, size_t len) {
  run_wycheproof(tally, json, len, accepts_pbkdf2_sha512);
}

/* A message that opens must also seal to the same bytes. */
static bool accepts_xchacha20_poly1305(vector_file *file, ol_json group, ol_json test) {
  (void)group;
  ol_error error;
  ol_slice key = vector_bytes(file, test, "key"), nonce = vector_bytes(file, test, "iv");
  ol_slice attached = vector_bytes(file, test, "aad"), message = vector_bytes(file, test, "msg");
  ol_slice sealed = vector_bytes(file, test, "ct"), tag = vector_bytes(file, test, "tag");
  uint8_t *opened = ol_arena_take(&file->arena, sealed.len), resealed_tag[OL_AEAD_TAG_BYTES];
  if (opened == NULL || key.len != OL_AEAD_KEY_BYTES || nonce.len != OL_AEAD_NONCE_BYTES ||
      tag.len != OL_AEAD_TAG_BYTES) {
    return false;
  }
  if (ol_aead_open(&error, opened, sealed, tag.data, attached, nonce.data, key.data) != OL_OK) return false;
  if (!vector_same(message, ol_slice_of(opened, sealed.len))) return false;
  ol_aead_seal(opened, resealed_tag, message, attached, nonce.data, key.data);
  return vector_same(sealed, ol_slice_of(opened, message.len)) &&
         vector_same(tag, ol_slice_of(resealed_tag, sizeof resealed_tag));
}

void run_wycheproof_xchacha20_poly1305(vector_tally *tally, const uint8_t *json, size_t len) {
  run_wycheproof(tally, json, len, accepts_xchacha20_poly1305);
}
