/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_SECP256K1_H
#define OL_CRYPTO_SECP256K1_H

/* ECDSA, public key recovery and ECDH on secp256k1 (SEC 1, SEC 2) through libsecp256k1. */

#include "base/base.h"

/* What signing needs beside the key: a blinded generator. No pointers into itself, so a copy is as good. */
typedef struct ol_secp256k1_signer {
  uint64_t opaque[48];
} ol_secp256k1_signer;

/* A point of the curve other than infinity; only the functions below fill it. */
typedef struct ol_secp256k1_pubkey {
  uint8_t opaque[64];
} ol_secp256k1_pubkey;

/* A signature as Ethereum has it: r and s big-endian, and the parity of the y of the nonce's point, 0 or 1. */
typedef struct ol_ecdsa_signature {
  uint8_t r[32];
  uint8_t s[32];
  uint8_t y_parity;
} ol_ecdsa_signature;

/*
 * To each signature (r, s) belongs a second, (r, n - s). Ethereum's transactions admit the one whose s is at
 * most n/2 (EIP-2); the precompile ECRECOVER, and signatures from before, admit both.
 */
typedef enum ol_ecdsa_rule {
  OL_ECDSA_LOW_S,
  OL_ECDSA_ANY_S,
} ol_ecdsa_rule;

/* Out: a signer. In: 32 random bytes, which blind the arithmetic and change no result. */
void ol_secp256k1_signer_init(ol_secp256k1_signer *out, const uint8_t seed_secret[32]) OL_NONNULL;

/* Returns: OL_ERR_CRYPTO when a private key is zero or not below the order of the curve. */
OL_CHECKED ol_status ol_secp256k1_key_check(ol_error *error, const uint8_t key_secret[32]) OL_NONNULL;

/* Adds `tweak_secret` to a private key (BIP-32). Returns: OL_ERR_CRYPTO when either or the sum is invalid. */
OL_CHECKED ol_status ol_secp256k1_key_add(ol_error *error, uint8_t key_secret[32],
                                          const uint8_t tweak_secret[32]) OL_NONNULL;

OL_CHECKED ol_status ol_secp256k1_pubkey_create(ol_error *error, ol_secp256k1_pubkey *out,
                                                const ol_secp256k1_signer *signer,
                                                const uint8_t key_secret[32]) OL_NONNULL;

/* Reads 33 bytes (compressed) or 65 bytes beginning with 4 (SEC 1, 2.3.4). */
OL_CHECKED ol_status ol_secp256k1_pubkey_read(ol_error *error, ol_secp256k1_pubkey *out, const uint8_t *bytes,
                                              size_t len) OL_NONNULL_ARGS(1, 2);
void ol_secp256k1_pubkey_write(uint8_t out[65], const ol_secp256k1_pubkey *key) OL_NONNULL;
void ol_secp256k1_pubkey_write_compressed(uint8_t out[33], const ol_secp256k1_pubkey *key) OL_NONNULL;

/* Out: the account of a key, the last 20 bytes of keccak-256 of its coordinates (Yellow Paper, appendix F). */
void ol_secp256k1_address(ol_address *out, const ol_secp256k1_pubkey *key) OL_NONNULL;

/*
 * Signs a digest with the nonce of RFC 6979; s is low. In: `extra`, 32 bytes of fresh entropy that hedge the
 * nonce against faults (RFC 6979, 3.6), or NULL for the signature that every wallet computes.
 */
OL_CHECKED ol_status ol_ecdsa_sign(ol_error *error, ol_ecdsa_signature *out,
                                   const ol_secp256k1_signer *signer, const ol_hash *digest,
                                   const uint8_t key_secret[32], const uint8_t *extra)
    OL_NONNULL_ARGS(1, 2, 3, 4, 5);

/* Returns: OL_OK when `rs` (r || s) is the key's signature of the digest, otherwise OL_ERR_CRYPTO. */
OL_CHECKED ol_status ol_ecdsa_verify(ol_error *error, const ol_secp256k1_pubkey *key, const ol_hash *digest,
                                     const uint8_t rs[64], ol_ecdsa_rule rule) OL_NONNULL;

/* Finds the key that signed. Returns: OL_ERR_CRYPTO when no key did, or y_parity is above 1. */
OL_CHECKED ol_status ol_ecdsa_recover(ol_error *error, ol_secp256k1_pubkey *out, const ol_hash *digest,
                                      const ol_ecdsa_signature *signature, ol_ecdsa_rule rule) OL_NONNULL;

/* Reads a signature of 65 bytes, r || s || v with v one of 0, 1, 27, 28. Ranges are left to the recovery. */
OL_CHECKED ol_status ol_ecdsa_read_rsv(ol_error *error, ol_ecdsa_signature *out,
                                       const uint8_t bytes[65]) OL_NONNULL;

/* Reads a strict DER signature (BIP-66). Out: r || s; zeros for a number that is no scalar of the curve. */
OL_CHECKED ol_status ol_ecdsa_read_der(ol_error *error, uint8_t out[64], const uint8_t *der, size_t len)
    OL_NONNULL_ARGS(1, 2);

/* Out: SHA-256 of the compressed shared point, which is libsecp256k1's own choice. */
OL_CHECKED ol_status ol_secp256k1_ecdh(ol_error *error, uint8_t out[32], const ol_secp256k1_pubkey *key,
                                       const uint8_t key_secret[32]) OL_NONNULL;

/* Out: the x of the shared point, unhashed (SEC 1, 3.3.1); a key for nothing before a KDF. */
OL_CHECKED ol_status ol_secp256k1_ecdh_x(ol_error *error, uint8_t out[32], const ol_secp256k1_pubkey *key,
                                         const uint8_t key_secret[32]) OL_NONNULL;

#endif
