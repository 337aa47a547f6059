/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_U256_H
#define OL_ROLLUP_U256_H

/* The arithmetic of 256-bit numbers that fees and splits need. `out` may be one of the inputs. */

#include "base/base.h"

ol_u256 ol_u256_of(uint64_t value);

/* Return: false when the result needs more than 256 bits. */
bool ol_u256_add(ol_u256 *out, const ol_u256 *a, const ol_u256 *b) OL_NONNULL;
bool ol_u256_mul(ol_u256 *out, const ol_u256 *a, const ol_u256 *b) OL_NONNULL;

/* Returns: false when `b` is the larger. */
bool ol_u256_sub(ol_u256 *out, const ol_u256 *a, const ol_u256 *b) OL_NONNULL;

/* Divides, rounding down, by what is not zero. */
void ol_u256_div(ol_u256 *out, uint64_t divisor) OL_NONNULL;

/* The same by any number that is not zero. */
void ol_u256_div_by(ol_u256 *out, const ol_u256 *a, const ol_u256 *divisor) OL_NONNULL;

#endif
