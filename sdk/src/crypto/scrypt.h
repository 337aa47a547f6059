/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_SCRYPT_H
#define OL_CRYPTO_SCRYPT_H

/*
 * scryptROMix (RFC 7914, section 5), a part at a time: what makes scrypt slow, and what no library of ours offers
 * without running it whole. crypto/kdf.h has scrypt itself.
 *
 * Which block of the memory is read depends on the password: that is how scrypt is defined (section 5), and it is not
 * constant in time.
 */

#include "base/base.h"

/* Where a mix stands. It has 2 * n steps. */
typedef struct ol_romix {
  uint32_t *table; /* n blocks of 32 * r words, aligned to 64 bytes */
  uint32_t *block; /* two such blocks, the same way: what is mixed, and room for the next */
  uint32_t n;      /* a power of two */
  uint32_t r;
} ol_romix;

/* Bytes of a block. */
#define OL_ROMIX_BLOCK 128

/* Takes in 128 * r bytes. */
void ol_romix_begin(const ol_romix *mix, const uint8_t *in_secret) OL_NONNULL;

/* Does the steps from `from` up to `to`. */
void ol_romix_run(const ol_romix *mix, uint32_t from, uint32_t to) OL_NONNULL;

/* Out: 128 * r bytes, after all steps. */
void ol_romix_end(const ol_romix *mix, uint8_t *out_secret) OL_NONNULL;

#endif
