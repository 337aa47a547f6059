/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_DOT_H
#define OL_ATTRIBUTION_DOT_H

/* What weighing a table's rows takes its time for; apart, as it is compiled to be fast and not to be small. */

#include "base/base.h"

#define OL_DOT_ROWS 4

/*
 * Out: of each of OL_DOT_ROWS rows that lie one behind the other, the sum of row[k] v[k] over all k below `d`. Each product
 * is at most 2^30, so 2^33 of them fit; a row has at most 2^12, and a table at most 2^16 rows, so that even a sum over a
 * whole table stays within 2^58.
 */
void ol_dot_rows(int64_t out[OL_DOT_ROWS], const int16_t *rows, const int16_t *v, size_t d) OL_NONNULL;

/* Returns: the same of one row. */
int64_t ol_dot(const int16_t *row, const int16_t *v, size_t d) OL_NONNULL;

#endif
