/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_TEXT_H
#define OPENLEDGER_TEXT_H

/* What people type and read: addresses, hashes, numbers. Texts that are written end in a zero byte. */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Reads "0x" and 40 hex digits. Mixed case is a checksum (EIP-55) and must be right.
 * Returns: OL_ERR_ENCODING with the character at fault.
 */
OL_API OL_CHECKED ol_status ol_address_from_text(ol_error *error, ol_address *out, const char *text,
                                                 size_t len) OL_NONNULL;

/* Writes an address with its checksum (EIP-55). */
OL_API void ol_address_text(char out[43], const ol_address *address) OL_NONNULL;

/* Reads "0x" and 64 hex digits. Returns: OL_ERR_ENCODING. */
OL_API OL_CHECKED ol_status ol_hash_from_text(ol_error *error, ol_hash *out, const char *text,
                                              size_t len) OL_NONNULL;

/* Reads a number below 2^256: decimal digits, or "0x" and hex digits. Returns: OL_ERR_ENCODING. */
OL_API OL_CHECKED ol_status ol_u256_from_text(ol_error *error, ol_u256 *out, const char *text,
                                              size_t len) OL_NONNULL;

/* Writes a number in decimal. */
OL_API void ol_u256_text(char out[79], const ol_u256 *value) OL_NONNULL;

/*
 * Writes a number of smallest units as a decimal fraction, without trailing zeros: 1500000000000000000 wei
 * with 18 decimals is "1.5". In: at most 77 decimals.
 */
OL_API void ol_amount_text(char out[80], const ol_u256 *value, uint32_t decimals) OL_NONNULL;

/*
 * Reads a decimal fraction as a number of smallest units: "1.5" with 18 decimals is 1500000000000000000. There are
 * no signs, exponents, spaces or marks between digits, and no more digits behind the point than `decimals`.
 * Returns: OL_ERR_ENCODING with the character at fault; OL_ERR_ARGUMENT for more than 77 decimals.
 */
OL_API OL_CHECKED ol_status ol_amount_from_text(ol_error *error, ol_u256 *out, const char *text, size_t len,
                                                uint32_t decimals) OL_NONNULL;

/* Writes "0x" and 2 * `len` hex digits. Out: 2 * `len` + 3 bytes. */
OL_API void ol_hex_text(char *out, const uint8_t *bytes, size_t len) OL_NONNULL_ARGS(1);

#ifdef __cplusplus
}
#endif

#endif
