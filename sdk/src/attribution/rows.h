/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_ROWS_H
#define OL_ATTRIBUTION_ROWS_H

/* The rows that a split must have: who has a weight of spans, of influence, or both (docs/attribution.md, section 5.3). */

#include "openledger/attribution.h"

#include "base/base.h"

/* Goes over all pairs once; a copy goes over them anew from where it is. */
typedef struct ol_rows {
  const ol_evidence *evidence;        /* whose weights of spans are taken, */
  const ol_attribution_weight *spans; /* or, where that is NULL, these */
  uint32_t spans_len;
  uint32_t influence_len;
  const ol_attribution_weight *influence;
  uint32_t span;    /* the next */
  uint32_t next;    /* the next of influence */
  ol_u256 by_spans; /* what a weight of spans is multiplied by */
  ol_u256 by_influence;
} ol_rows;

/* A row, without its amount. */
typedef struct ol_rows_row {
  ol_attribution_weight pair; /* whose */
  ol_u256 weight;
} ol_rows_row;

typedef enum ol_rows_step {
  OL_ROWS_ROW,
  OL_ROWS_END,
  OL_ROWS_OVERFLOW, /* a weight has more than 128 bits */
} ol_rows_step;

/* Begins, with weights that ascend. Returns: false on an overflow. */
OL_CHECKED bool ol_rows_begin(ol_rows *rows, uint32_t influence_bps) OL_NONNULL;
/* Gives the next row that has a weight. */
OL_CHECKED ol_rows_step ol_rows_next(ol_rows *rows, ol_rows_row *out) OL_NONNULL;
/* Out: the sum of all weights. In: rows that were begun. Returns: false on an overflow. */
OL_CHECKED bool ol_rows_total(ol_u256 *out, ol_rows rows) OL_NONNULL;

/* Returns: as memcmp, of contributors, then datanets. */
int ol_rows_compare(const ol_attribution_weight *a, const ol_attribution_weight *b) OL_NONNULL;

#endif
