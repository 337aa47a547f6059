/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_BASE64_H
#define OL_ENCODING_BASE64_H

/* Base64 with padding (RFC 4648, section 4), strict: unused bits are zero and nothing stands between. */

#include "base/base.h"

#define OL_BASE64_LEN(bytes) (((bytes) + 2) / 3 * 4)

/* Out: OL_BASE64_LEN(len) characters, no terminating zero. */
void ol_base64_encode(char *out, const uint8_t *bytes, size_t len) OL_NONNULL_ARGS(1);

/*
 * Out: at most `len` / 4 * 3 bytes; *out_len says how many.
 * Returns: OL_ERR_ENCODING with the offset of the character at fault.
 */
OL_CHECKED ol_status ol_base64_decode(ol_error *error, uint8_t *out, size_t *out_len, const char *text,
                                      size_t len) OL_NONNULL_ARGS(1, 2, 3);

#endif
