/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_HMAC_H
#define OL_CRYPTO_HMAC_H

/* HMAC (RFC 2104) over SHA-256 and SHA-512, and the rounds of PBKDF2 (RFC 8018), which are chains of it. */

#include "crypto/sha2.h"

/* The hash, named by the bytes that it gives. */
typedef enum ol_hmac_hash {
  OL_HMAC_SHA256 = 32,
  OL_HMAC_SHA512 = 64,
} ol_hmac_hash;

/* A key as HMAC needs it: the hash after the inner and after the outer block of it. No pointers; to be wiped. */
typedef struct ol_hmac {
  ol_hmac_hash hash;
  ol_sha512_state inner;
  ol_sha512_state outer;
} ol_hmac;

void ol_hmac_init(ol_hmac *out_secret, ol_hmac_hash hash, ol_slice key_secret) OL_NONNULL;

/* Out: as many bytes as the hash gives. In: the message, in two parts. */
void ol_hmac_of(const ol_hmac *key_secret, uint8_t *out, ol_slice head, ol_slice tail) OL_NONNULL;

/*
 * `count` rounds of PBKDF2: each makes `last` the HMAC of `last`, and adds (xor) it to `sum`. Both have as many bytes
 * as the hash gives. A round costs two compressions, as the key's are done.
 */
void ol_hmac_rounds(const ol_hmac *key_secret, uint8_t *last, uint8_t *sum, uint32_t count) OL_NONNULL;

/* Of one message by one key. */
void ol_hmac_sha256(uint8_t out[32], ol_slice key_secret, ol_slice message) OL_NONNULL;
void ol_hmac_sha512(uint8_t out[64], ol_slice key_secret, ol_slice message) OL_NONNULL;

#endif
