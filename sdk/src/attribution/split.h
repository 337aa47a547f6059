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

/*
 * Decides what weights of spans and of influence are multiplied by. In: basis points that influence decides on; the sums
 * of both. Out: 0 for what decides on nothing. Returns: false when one has more than 128 bits.
 */
OL_CHECKED bool ol_split_factors(ol_u256 *out_spans, ol_u256 *out_influence, uint32_t influence_bps,
                                 const ol_u256 *spans_total, const ol_u256 *influence_total) OL_NONNULL;

/* Out: what a row weighs. In: its two weights, and the factors. Returns: false when that has more than 128 bits. */
OL_CHECKED bool ol_split_weight(ol_u256 *out, uint64_t spans, const ol_u256 *by_spans, uint64_t influence,
                                const ol_u256 *by_influence) OL_NONNULL;

#endif
