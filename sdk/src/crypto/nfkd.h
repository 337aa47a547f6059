/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_NFKD_H
#define OL_CRYPTO_NFKD_H

/*
 * Unicode's normalization form KD (UAX #15), which BIP-39 hashes. The table behind it is made from utf8proc's data and
 * compared with it, for every character; the library's own, which serve all forms, would weigh as much as the module.
 */

#include "base/base.h"

/*
 * Normalizes UTF-8. Out: at most `len` bytes, erased on failure, and how many they are. Which branches are taken
 * depends on characters beyond ASCII; of a text within ASCII on nothing but that it is one.
 * Returns: OL_ERR_ENCODING with the byte at which the text is no UTF-8 (RFC 3629), OL_ERR_MEMORY when `len` is less.
 */
OL_CHECKED ol_status ol_nfkd(ol_error *error, uint8_t *out_secret, size_t len, size_t *out_len,
                             ol_slice text_secret) OL_NONNULL;

/* Reads the character at the front. Out: it. Returns: how many bytes it has; 0 when it is none. */
size_t ol_utf8_read(uint32_t *out, ol_slice text) OL_NONNULL;

#endif
