/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_DOT_H
#define OL_ATTRIBUTION_DOT_H

/* What weighing a table's rows takes its time for; apart, as it is compiled to be fast and not to be small. */

#include "base/base.h"

/*
 * Returns: the sum of a[i] b[i] over all i below `len`. Each product is at most 2^30, so 2^33 of them fit; a row has at most
 * 2^12, and a table at most 2^16 rows, so the sum over a whole table stays within 2^58.
 */
int64_t ol_dot(const int16_t *a, const int16_t *b, size_t len);

#endif
