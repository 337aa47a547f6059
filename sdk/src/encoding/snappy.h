/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_SNAPPY_H
#define OL_ENCODING_SNAPPY_H

/*
 * Snappy's block format (google/snappy, format_description.txt), without the frames of files and streams: the
 * length of the data, then literals and copies of what came before. Strict: the data has exactly the length
 * that it begins with, nothing follows it, and no copy reaches in front of it.
 */

#include "base/base.h"

/* Reads the length that a block begins with. Returns: OL_ERR_ENCODING. */
OL_CHECKED ol_status ol_snappy_len(ol_error *error, size_t *out, ol_slice block) OL_NONNULL_ARGS(1, 2);

/*
 * Decompresses a block. Out: `len` bytes, which is what ol_snappy_len said; what is in them after a failure
 * means nothing. Returns: OL_ERR_ENCODING with the byte at fault, in the block.
 */
OL_CHECKED ol_status ol_snappy_unpack(ol_error *error, uint8_t *out, size_t len, ol_slice block)
    OL_NONNULL_ARGS(1);

#endif
