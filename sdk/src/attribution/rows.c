/* SPDX-License-Identifier: MIT */
#include "attribution/rows.h"

#include "attribution/number.h"
#include "attribution/split.h"

#include "base/poison.h"

int ol_rows_compare(const ol_attribution_weight *a, const ol_attribution_weight *b) {
  const int order = memcmp(a->contributor.bytes, b->contributor.bytes, sizeof a->contributor.bytes);
  if (order != 0) return order;
  return (a->datanet > b->datanet) - (a->datanet < b->datanet);
}

static bool span_at(const ol_rows *rows, ol_attribution_weight *out, uint32_t ordinal) {
  if (rows->evidence != NULL) return ol_evidence_weight(rows->evidence, out, ordinal) == 1;
  if (ordinal >= rows->spans_len) return false;
  *out = rows->spans[ordinal];
  return true;
}

bool ol_rows_begin(ol_rows *rows, uint32_t influence_bps) {
  ol_u256 spans = {{0}};
  ol_u256 influence = {{0}};
  ol_attribution_weight row;
  rows->span = 0;
  rows->next = 0;
  /* Fewer than 2^32 numbers of 64 bits have a sum of 96. */
  for (uint32_t i = 0; span_at(rows, &row, i); i++) {
    const ol_u256 one = ol_u256_of(row.weight);
    OL_ASSERT(ol_u128_add(&spans, &spans, &one));
  }
  for (uint32_t i = 0; i < rows->influence_len; i++) {
    const ol_u256 one = ol_u256_of(rows->influence[i].weight);
    OL_ASSERT(ol_u128_add(&influence, &influence, &one));
  }
  return ol_split_factors(&rows->by_spans, &rows->by_influence, influence_bps, &spans, &influence);
}

ol_rows_step ol_rows_next(ol_rows *rows, ol_rows_row *out) {
  for (;;) {
    ol_attribution_weight span;
    const ol_attribution_weight *influence = NULL;
    const bool has_span = span_at(rows, &span, rows->span);
    if (rows->next < rows->influence_len) influence = &rows->influence[rows->next];
    if (!has_span && influence == NULL) return OL_ROWS_END;
    const int order = !has_span ? 1 : influence == NULL ? -1 : ol_rows_compare(&span, influence);
    out->pair = order <= 0 ? span : *influence;
    if (order <= 0) rows->span++;
    if (order >= 0) rows->next++;
    if (!ol_split_weight(&out->weight, order <= 0 ? span.weight : 0, &rows->by_spans,
                         order >= 0 ? influence->weight : 0, &rows->by_influence))
      return OL_ROWS_OVERFLOW;
    if (!ol_u256_is_zero(&out->weight)) return OL_ROWS_ROW;
  }
}

bool ol_rows_total(ol_u256 *out, ol_rows rows) {
  ol_rows_row row;
  ol_rows_step next;
  memset(out, 0, sizeof *out);
  while ((next = ol_rows_next(&rows, &row)) == OL_ROWS_ROW) {
    if (!ol_u128_add(out, out, &row.weight)) return false;
  }
  return next == OL_ROWS_END;
}

/* --- For whoever makes splits --- */

/* Moves an item down a heap of which all others are in order. */
static void sink(ol_attribution_weight *rows, size_t at, size_t count) {
  for (size_t child = 2 * at + 1; child < count; at = child, child = 2 * at + 1) {
    if (child + 1 < count && ol_rows_compare(&rows[child], &rows[child + 1]) < 0) child++;
    if (ol_rows_compare(&rows[at], &rows[child]) >= 0) return;
    const ol_attribution_weight moved = rows[at];
    rows[at] = rows[child];
    rows[child] = moved;
  }
}

void ol_attribution_weights_sort(ol_attribution_weight *out_weights, size_t out_weights_len) {
  size_t count = out_weights_len;
  for (size_t i = count / 2; i-- > 0;) sink(out_weights, i, count);
  while (count-- > 1) {
    const ol_attribution_weight last = out_weights[0];
    out_weights[0] = out_weights[count];
    out_weights[count] = last;
    sink(out_weights, 0, count);
  }
}

static ol_status check_weights(ol_error *error, const ol_attribution_weight *weights, size_t len,
                               const char *part) {
  if (len > UINT32_MAX)
    return ol_error_in(error, ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there are too many weights"), part,
                       OL_NOWHERE);
  for (uint32_t i = 1; i < len; i++) {
    if (ol_rows_compare(&weights[i - 1], &weights[i]) >= 0)
      return ol_error_in(error, ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "weights do not ascend"), part,
                         i);
  }
  return OL_OK;
}

ol_status ol_split_make(ol_error *error, ol_split_row *out_rows, size_t out_rows_len, uint32_t *out_count,
                        ol_u256 *out_total, const ol_attribution_policy *policy, const ol_u256 *pool,
                        const ol_attribution_weight *spans, size_t spans_len,
                        const ol_attribution_weight *influence, size_t influence_len) {
  ol_rows rows;
  ol_rows_row row;
  ol_rows_step next;
  uint32_t count = 0;
  ol_error_clear(error);
  OL_TRY(check_weights(error, spans, spans_len, "spans"));
  OL_TRY(check_weights(error, influence, influence_len, "influence"));
  if (policy->influence_bps > 10000)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "influence decides on more than all");
  memset(&rows, 0, sizeof rows);
  rows.spans = spans;
  rows.spans_len = (uint32_t)spans_len;
  rows.influence = influence;
  rows.influence_len = (uint32_t)influence_len;
  if (!ol_rows_begin(&rows, policy->influence_bps))
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "a weight has more than 128 bits");
  while ((next = ol_rows_next(&rows, &row)) == OL_ROWS_ROW) {
    if (count == OL_SPLIT_ROWS) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "a split has 1,024 rows");
    if (count == out_rows_len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "there is no room for a row");
    out_rows[count++] = (ol_split_row){
        .contributor = row.pair.contributor, .datanet = row.pair.datanet, .weight = row.weight};
  }
  if (next == OL_ROWS_OVERFLOW)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "a weight has more than 128 bits");
  OL_TRY(ol_split_divide(error, out_rows, count, out_total, pool));
  *out_count = count;
  return OL_OK;
}
