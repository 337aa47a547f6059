/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_HEX_H
#define OL_ENCODING_HEX_H

/* Hexadecimal text. Decoding takes both cases; encoding writes lower case. Text is not zero-terminated. */

#include "base/base.h"

/*
 * Decodes digits without a prefix. Out: `len` / 2 bytes.
 * Returns: OL_ERR_ENCODING with the offset of the first character that is no digit, or of an odd end.
 */
OL_CHECKED ol_status ol_hex_decode(ol_error *error, uint8_t *out, const char *digits, size_t len) OL_NONNULL;

/* Strips "0x". Out: the digits. Returns: OL_ERR_ENCODING when the text does not begin with it. */
OL_CHECKED ol_status ol_hex_digits(ol_error *error, ol_slice *out, ol_slice text) OL_NONNULL;

/* Decodes "0x" and exactly 2 * `len` digits (JSON-RPC DATA of known length). */
OL_CHECKED ol_status ol_hex_fixed(ol_error *error, uint8_t *out, size_t len, ol_slice text) OL_NONNULL;

/*
 * Decodes "0x" and 1 to 64 digits as a number (JSON-RPC QUANTITY). Leading zeros are accepted: servers
 * write both "0x1" and 32-byte words where the specification says QUANTITY.
 */
OL_CHECKED ol_status ol_hex_u256(ol_error *error, ol_u256 *out, ol_slice text) OL_NONNULL;

/* The same, refused with OL_ERR_ENCODING when it needs more than 64 bits. */
OL_CHECKED ol_status ol_hex_u64(ol_error *error, uint64_t *out, ol_slice text) OL_NONNULL;

/* Out: 2 * `len` digits, without prefix or terminating zero. */
void ol_hex_digits_of(char *out, const uint8_t *bytes, size_t len) OL_NONNULL_ARGS(1);

/* Out: a QUANTITY, at most 66 characters, no leading zeros ("0x0" for zero). Returns: its length. */
size_t ol_hex_quantity(char out[66], const ol_u256 *value) OL_NONNULL;

#endif
