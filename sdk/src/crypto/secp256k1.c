/* SPDX-License-Identifier: MIT */
#include "crypto/secp256k1.h"

#include "crypto/keccak.h"

#include <secp256k1.h>
#include <secp256k1_ecdh.h>
#include <secp256k1_preallocated.h>
#include <secp256k1_recovery.h>

#include "base/poison.h"

/* Only signing and making a public key need a context of their own. */
#define PLAIN secp256k1_context_static

static const char bad_key[] = "the private key is zero or not below the order of the curve";
static const char high_s[] = "s is above half the order of the curve";

static ol_status refuse(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, reason);
}

/* Whether the library took a secret is no secret. It was the last to use the stack, and leaves copies there. */
static bool taken(int verdict_secret) {
  ol_wipe_stack();
  return ol_disclose((uint32_t)verdict_secret) != 0;
}

/* Our structure has the bytes of the library's, whose alignment is 1. */
_Static_assert(sizeof(secp256k1_pubkey) == sizeof(ol_secp256k1_pubkey), "the same bytes");
_Static_assert(_Alignof(secp256k1_pubkey) == 1, "no alignment");

static secp256k1_pubkey *pubkey_of(ol_secp256k1_pubkey *key) {
  return (secp256k1_pubkey *)(void *)key;
}

static const secp256k1_pubkey *const_pubkey_of(const ol_secp256k1_pubkey *key) {
  return (const secp256k1_pubkey *)(const void *)key;
}

static const secp256k1_context *context_of(const ol_secp256k1_signer *signer) {
  return (const secp256k1_context *)(const void *)signer;
}

void ol_secp256k1_signer_init(ol_secp256k1_signer *out, const uint8_t seed_secret[32]) {
  OL_ASSERT(secp256k1_context_preallocated_size(SECP256K1_CONTEXT_NONE) <= sizeof *out);
  secp256k1_context *context = secp256k1_context_preallocated_create(out, SECP256K1_CONTEXT_NONE);
  OL_ASSERT((void *)context == (void *)out);
  OL_ASSERT(taken(secp256k1_context_randomize(context, seed_secret)));
}

ol_status ol_secp256k1_key_check(ol_error *error, const uint8_t key_secret[32]) {
  return taken(secp256k1_ec_seckey_verify(PLAIN, key_secret)) ? OL_OK : refuse(error, bad_key);
}

ol_status ol_secp256k1_key_add(ol_error *error, uint8_t key_secret[32], const uint8_t tweak_secret[32]) {
  uint8_t sum[32];
  ol_status status = OL_OK;
  memcpy(sum, key_secret, sizeof sum); /* the library zeroes the key when it fails */
  if (taken(secp256k1_ec_seckey_tweak_add(PLAIN, sum, tweak_secret))) {
    memcpy(key_secret, sum, sizeof sum);
  } else {
    status = refuse(error, "the private key, what is added to it, or their sum is not a scalar");
  }
  ol_wipe(sum, sizeof sum);
  return status;
}

ol_status ol_secp256k1_pubkey_create(ol_error *error, ol_secp256k1_pubkey *out,
                                     const ol_secp256k1_signer *signer, const uint8_t key_secret[32]) {
  secp256k1_pubkey key;
  if (!taken(secp256k1_ec_pubkey_create(context_of(signer), &key, key_secret))) return refuse(error, bad_key);
  *pubkey_of(out) = key;
  return OL_OK;
}

ol_status ol_secp256k1_pubkey_read(ol_error *error, ol_secp256k1_pubkey *out, const uint8_t *bytes,
                                   size_t len) {
  secp256k1_pubkey key;
  bool compressed = len == 33, plain = len == 65 && bytes[0] == 4; /* not the "hybrid" form of X9.62 */
  if (!compressed && !plain) {
    return refuse(error, "a public key has 33 bytes, or 65 that begin with 4");
  }
  if (!secp256k1_ec_pubkey_parse(PLAIN, &key, bytes, len)) {
    return refuse(error, "the public key is no point of the curve");
  }
  *pubkey_of(out) = key;
  return OL_OK;
}

void ol_secp256k1_pubkey_write(uint8_t out[65], const ol_secp256k1_pubkey *key) {
  size_t len = 65;
  OL_ASSERT(secp256k1_ec_pubkey_serialize(PLAIN, out, &len, const_pubkey_of(key), SECP256K1_EC_UNCOMPRESSED));
}

void ol_secp256k1_pubkey_write_compressed(uint8_t out[33], const ol_secp256k1_pubkey *key) {
  size_t len = 33;
  OL_ASSERT(secp256k1_ec_pubkey_serialize(PLAIN, out, &len, const_pubkey_of(key), SECP256K1_EC_COMPRESSED));
}

void ol_secp256k1_address(ol_address *out, const ol_secp256k1_pubkey *key) {
  uint8_t bytes[65];
  ol_hash hash;
  ol_secp256k1_pubkey_write(bytes, key);
  ol_keccak256(&hash, bytes + 1, 64);
  memcpy(out->bytes, hash.bytes + 12, 20);
}

ol_status ol_ecdsa_sign(ol_error *error, ol_ecdsa_signature *out, const ol_secp256k1_signer *signer,
                        const ol_hash *digest, const uint8_t key_secret[32], const uint8_t *extra) {
  secp256k1_ecdsa_recoverable_signature signature;
  uint8_t rs[64];
  int id = 0;
  if (!taken(secp256k1_ecdsa_sign_recoverable(context_of(signer), &signature, digest->bytes, key_secret,
                                              secp256k1_nonce_function_rfc6979, extra))) {
    return refuse(error, bad_key);
  }
  secp256k1_ecdsa_recoverable_signature_serialize_compact(PLAIN, rs, &id, &signature);
  /* An x that is not below the order: once in 2^127 signatures, and Ethereum cannot express it. */
  id = (int)ol_disclose((uint32_t)id);
  if (id > 1) return refuse(error, "the nonce's point cannot be expressed; sign with other entropy");
  memcpy(out->r, rs, 32);
  memcpy(out->s, rs + 32, 32);
  out->y_parity = (uint8_t)id;
  return OL_OK;
}

ol_status ol_ecdsa_verify(ol_error *error, const ol_secp256k1_pubkey *key, const ol_hash *digest,
                          const uint8_t rs[64], ol_ecdsa_rule rule) {
  secp256k1_ecdsa_signature signature;
  if (!secp256k1_ecdsa_signature_parse_compact(PLAIN, &signature, rs)) {
    return refuse(error, "r or s is not below the order of the curve");
  }
  /* The library itself verifies low s only. */
  bool was_high = secp256k1_ecdsa_signature_normalize(PLAIN, &signature, &signature) != 0;
  if (was_high && rule == OL_ECDSA_LOW_S) return refuse(error, high_s);
  if (!secp256k1_ecdsa_verify(PLAIN, &signature, digest->bytes, const_pubkey_of(key))) {
    return refuse(error, "the signature is not this key's");
  }
  return OL_OK;
}

ol_status ol_ecdsa_recover(ol_error *error, ol_secp256k1_pubkey *out, const ol_hash *digest,
                           const ol_ecdsa_signature *signature, ol_ecdsa_rule rule) {
  secp256k1_ecdsa_recoverable_signature recoverable;
  secp256k1_ecdsa_signature plain;
  secp256k1_pubkey key;
  uint8_t rs[64];
  if (signature->y_parity > 1) return refuse(error, "the parity of a signature is 0 or 1");
  memcpy(rs, signature->r, 32);
  memcpy(rs + 32, signature->s, 32);
  if (!secp256k1_ecdsa_recoverable_signature_parse_compact(PLAIN, &recoverable, rs, signature->y_parity)) {
    return refuse(error, "r or s is not below the order of the curve");
  }
  secp256k1_ecdsa_recoverable_signature_convert(PLAIN, &plain, &recoverable);
  if (rule == OL_ECDSA_LOW_S && secp256k1_ecdsa_signature_normalize(PLAIN, NULL, &plain)) {
    return refuse(error, high_s);
  }
  if (!secp256k1_ecdsa_recover(PLAIN, &key, &recoverable, digest->bytes)) {
    return refuse(error, "no key can have made this signature");
  }
  *pubkey_of(out) = key;
  return OL_OK;
}

ol_status ol_ecdsa_read_rsv(ol_error *error, ol_ecdsa_signature *out, const uint8_t bytes[65]) {
  uint8_t v = bytes[64];
  if (v != 0 && v != 1 && v != 27 && v != 28) {
    return ol_fail(error, OL_ERR_ENCODING, 64, "the last byte of a signature is 0, 1, 27 or 28");
  }
  memcpy(out->r, bytes, 32);
  memcpy(out->s, bytes + 32, 32);
  out->y_parity = v >= 27 ? (uint8_t)(v - 27) : v;
  return OL_OK;
}

ol_status ol_ecdsa_read_der(ol_error *error, uint8_t out[64], const uint8_t *der, size_t len) {
  secp256k1_ecdsa_signature signature;
  if (len == 0 || !secp256k1_ecdsa_signature_parse_der(PLAIN, &signature, der, len)) {
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "the signature is not strict DER");
  }
  secp256k1_ecdsa_signature_serialize_compact(PLAIN, out, &signature);
  return OL_OK;
}

static int keep_x(unsigned char *out, const unsigned char *x, const unsigned char *y, void *data) {
  (void)y, (void)data;
  memcpy(out, x, 32);
  return 1;
}

static ol_status ecdh(ol_error *error, uint8_t out[32], const ol_secp256k1_pubkey *key,
                      const uint8_t key_secret[32], secp256k1_ecdh_hash_function hash) {
  uint8_t shared[32];
  ol_status status = OL_OK;
  if (taken(secp256k1_ecdh(PLAIN, shared, const_pubkey_of(key), key_secret, hash, NULL))) {
    memcpy(out, shared, sizeof shared);
  } else {
    status = refuse(error, bad_key);
  }
  ol_wipe(shared, sizeof shared);
  return status;
}

ol_status ol_secp256k1_ecdh(ol_error *error, uint8_t out[32], const ol_secp256k1_pubkey *key,
                            const uint8_t key_secret[32]) {
  return ecdh(error, out, key, key_secret, secp256k1_ecdh_hash_function_sha256);
}

ol_status ol_secp256k1_ecdh_x(ol_error *error, uint8_t out[32], const ol_secp256k1_pubkey *key,
                              const uint8_t key_secret[32]) {
  return ecdh(error, out, key, key_secret, keep_x);
}
