/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_AEAD_H
#define OL_CRYPTO_AEAD_H

/* What seals a vault: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) by libsodium. */

#include "base/base.h"

#define OL_AEAD_KEY_BYTES 32
#define OL_AEAD_NONCE_BYTES 24 /* long enough to be random */
#define OL_AEAD_TAG_BYTES 16

/*
 * Encrypts and authenticates. Out: as many bytes as `message` has, and apart from them the tag. `out` may be
 * where the message is. `attached` is authenticated, not encrypted, and not part of the output.
 */
void ol_aead_seal(uint8_t *out, uint8_t out_tag[OL_AEAD_TAG_BYTES], ol_slice message_secret,
                  ol_slice attached, const uint8_t nonce[OL_AEAD_NONCE_BYTES],
                  const uint8_t key_secret[OL_AEAD_KEY_BYTES]) OL_NONNULL_ARGS(2, 5, 6);

/*
 * Decrypts what ol_aead_seal made. Out: as many bytes as `sealed` has, and only if all is authentic.
 * Returns: OL_ERR_CRYPTO when the key is another or any byte was changed.
 */
OL_CHECKED ol_status ol_aead_open(ol_error *error, uint8_t *out_secret, ol_slice sealed,
                                  const uint8_t tag[OL_AEAD_TAG_BYTES], ol_slice attached,
                                  const uint8_t nonce[OL_AEAD_NONCE_BYTES],
                                  const uint8_t key_secret[OL_AEAD_KEY_BYTES]) OL_NONNULL_ARGS(1, 4, 6, 7);

#endif
