/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_SPLIT_H
#define OL_ATTRIBUTION_SPLIT_H

/* Rows of a split as they lie in files, and what they are worth (docs/attribution.md, section 5.3). */

#include "openledger/attribution.h"

#include "base/base.h"

#define OL_SPLIT_ROW_BYTES 60
#define OL_SPLIT_PAIR_BYTES 28 /* contributor and datanet, which order the rows */

/* Out: a row's bytes. In: numbers of 128 bits. */
void ol_split_row_write(uint8_t out[OL_SPLIT_ROW_BYTES], const ol_split_row *row) OL_NONNULL;

/* Returns: the bytes of a row, which there must be. */
const uint8_t *ol_split_row_bytes(const ol_split *split, uint32_t index) OL_NONNULL;

/* Out: floor(pool * weight / total). In: numbers of 128 bits, the total not zero and not below the weight. */
void ol_split_amount(ol_u256 *out, const ol_u256 *pool, const ol_u256 *weight,
                     const ol_u256 *total) OL_NONNULL;

#endif
