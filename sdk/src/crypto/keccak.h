/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_KECCAK_H
#define OL_CRYPTO_KECCAK_H

/*
 * Keccak-256 as Ethereum uses it: the sponge of FIPS 202 with a rate of 136 bytes and the original padding
 * (0x01 .. 0x80, where NIST's SHA3-256 has 0x06 .. 0x80).
 */

#include "base/base.h"

#define OL_KECCAK_RATE 136

/* A message being hashed piece by piece. */
typedef struct ol_keccak {
  uint64_t state[25];
  uint32_t used; /* bytes of the current block that are in the state already */
} ol_keccak;

void ol_keccak_init(ol_keccak *keccak) OL_NONNULL;

/* In: the next `len` bytes of the message; `data` may be NULL if `len` is 0. */
void ol_keccak_update(ol_keccak *keccak, const uint8_t *data, size_t len) OL_NONNULL_ARGS(1);

/* Out: the hash of all bytes given. The object is erased, so it can have held a secret. */
void ol_keccak_final(ol_keccak *keccak, ol_hash *out) OL_NONNULL;

/* The permutation Keccak-f[1600] (FIPS 202, 3.3), on words in the order of the standard: x + 5y. */
void ol_keccak_f1600(uint64_t state[25]) OL_NONNULL;

/* Returns: how many messages this CPU permutes at once: 8 (AVX-512), 4 (AVX2) or 1. */
size_t ol_keccak_ways(void);

/* As ol_keccak256_each, with a width that is at most ol_keccak_ways(): 1, 4 or 8. Tests compare them. */
void ol_keccak256_each_by(size_t ways, ol_hash *out, const ol_slice *inputs, size_t count);

#endif
