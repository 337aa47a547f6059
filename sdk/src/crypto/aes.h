/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_AES_H
#define OL_CRYPTO_AES_H

/*
 * AES (FIPS 197) in counter mode and in CBC (SP 800-38A) through mbedTLS: what keystores of others are encrypted with.
 * Where the processor has no instructions for it, and in WebAssembly, it looks up tables by the key: it is not constant
 * in time there.
 */

#include "base/base.h"

#define OL_AES_BLOCK 16

/* Encrypts or decrypts: the same. Out: as many bytes as `in` has. In: a key of 16 or 32 bytes; the first counter. */
void ol_aes_ctr(uint8_t *out_secret, ol_slice in_secret, ol_slice key_secret,
                const uint8_t counter[OL_AES_BLOCK]) OL_NONNULL_ARGS(1, 4);

/* Decrypts whole blocks; what pads the last is left on. In: a key of 16 or 32 bytes. */
void ol_aes_cbc_decrypt(uint8_t *out_secret, ol_slice in, ol_slice key_secret, const uint8_t iv[OL_AES_BLOCK])
    OL_NONNULL_ARGS(1, 4);

#endif
