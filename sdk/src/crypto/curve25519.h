/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_CURVE25519_H
#define OL_CRYPTO_CURVE25519_H

/* Ed25519 (RFC 8032) and X25519 (RFC 7748) through libsodium. */

#include "base/base.h"

/* Private keys are the 32 bytes from which RFC 8032, 5.1.5 derives everything. */
void ol_ed25519_pubkey(uint8_t out[32], const uint8_t key_secret[32]) OL_NONNULL;
void ol_ed25519_sign(uint8_t out[64], const uint8_t key_secret[32], ol_slice message) OL_NONNULL;

/* Returns: OL_OK for a signature of this key; low-order points and non-canonical bytes are OL_ERR_CRYPTO. */
OL_CHECKED ol_status ol_ed25519_verify(ol_error *error, const uint8_t pubkey[32], ol_slice message,
                                       const uint8_t signature[64]) OL_NONNULL;

void ol_x25519_pubkey(uint8_t out[32], const uint8_t key_secret[32]) OL_NONNULL;

/* Out: the shared secret, for a KDF. Returns: OL_ERR_CRYPTO for a point that makes it the same for all keys. */
OL_CHECKED ol_status ol_x25519(ol_error *error, uint8_t out[32], const uint8_t pubkey[32],
                               const uint8_t key_secret[32]) OL_NONNULL;

#endif
