/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_SHA2_H
#define OL_CRYPTO_SHA2_H

/*
 * SHA-256, SHA-512 (FIPS 180-4) and RIPEMD-160 through mbedTLS; SHA-256 of a whole message through blst, which is
 * faster. They use no heap.
 */

#include "base/base.h"

/* A message being hashed piece by piece. It holds no pointers, so a copy hashes on from the same place. */
typedef struct ol_sha256_state {
  uint64_t opaque[16];
} ol_sha256_state;

typedef struct ol_sha512_state {
  uint64_t opaque[32];
} ol_sha512_state;

void ol_sha256(ol_hash *out, const uint8_t *data, size_t len) OL_NONNULL_ARGS(1);
void ol_sha256_init(ol_sha256_state *state) OL_NONNULL;
void ol_sha256_update(ol_sha256_state *state, const uint8_t *data, size_t len) OL_NONNULL_ARGS(1);
/* Out: the hash of all bytes given. The object is erased. */
void ol_sha256_final(ol_sha256_state *state, ol_hash *out) OL_NONNULL;

void ol_sha512(uint8_t out[64], const uint8_t *data, size_t len) OL_NONNULL_ARGS(1);
void ol_sha512_init(ol_sha512_state *state) OL_NONNULL;
void ol_sha512_update(ol_sha512_state *state, const uint8_t *data, size_t len) OL_NONNULL_ARGS(1);
/* Out: the hash of all bytes given. The object is erased. */
void ol_sha512_final(ol_sha512_state *state, uint8_t out[64]) OL_NONNULL;

void ol_ripemd160(uint8_t out[20], const uint8_t *data, size_t len) OL_NONNULL_ARGS(1);

#endif
