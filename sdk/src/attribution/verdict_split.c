/* SPDX-License-Identifier: MIT */
#include "attribution/verdict.h"

#include "attribution/number.h"
#include "attribution/rows.h"
#include "attribution/split.h"

#include "base/poison.h"

/* Whether the split is what spans, influence and policy make of the fee: checks 34 to 43. */

#define WHOLE_BPS 10000

/* --- Influence --- */

/* Checks that v is that of the receipt; evidence has as much of it as the header says: 34. */
static bool verify_vector(ol_verifier *v) {
  const ol_slice header = v->gradient_header;
  ol_gradient_header read;
  ol_hash hash;
  OL_ASSERT(header.len == OL_GRADIENT_HEADER_BYTES);
  if (ol_gradient_header_read(v->error, &read, header.data) != OL_OK) {
    v->result.reason = OL_REASON_INFLUENCE_RANGE;
    return false;
  }
  if (!ol_hash_equal(&read.adapter, &v->receipt->adapter_id))
    return ol_reject(v, OL_REASON_INFLUENCE_RANGE, "influence", "header is of another adapter");
  ol_influence_hash(&hash, &v->receipt->gradient_id, v->vector);
  if (!ol_hash_equal(&hash, &v->receipt->influence_hash))
    return ol_reject(v, OL_REASON_INFLUENCE_RANGE, "influence", "v is not that of the receipt");
  return true;
}

/* 35. */
static bool verify_table(ol_verifier *v) {
  ol_hash id;
  if (v->in->table == NULL) return ol_reject(v, OL_REASON_FORMAT, "influence", "table is wanting");
  ol_gradient_id(&id, v->gradient_header.data);
  if (!ol_hash_equal(&id, &v->receipt->gradient_id))
    return ol_reject(v, OL_REASON_INFLUENCE_TABLE, "influence", "header is not that of the receipt");
  ol_influence_table_id(v->in->table, &id);
  if (!ol_hash_equal(&id, &v->receipt->gradient_id))
    return ol_reject(v, OL_REASON_INFLUENCE_TABLE, "influence", "table is not that of the receipt");
  return true;
}

bool ol_verify_influence(ol_verifier *v) {
  ol_influence *influence;
  ol_attribution_weight row;
  if (!ol_has_part(v, OL_ATTRIBUTION_INFLUENCE)) return true;
  if (!verify_vector(v) || !verify_table(v)) return false;
  /* v has the table's length: both are by the header of this id. */
  OL_ASSERT(ol_influence_begin(v->error, &influence, v->in->table, v->result.policy.clipping, v->vector,
                               v->influence_memory, ol_influence_size()) == OL_OK);
  while (ol_influence_next(influence, &row)) {
    if (v->influence_len == OL_SPLIT_ROWS)
      return ol_reject(v, OL_REASON_MISSING_CONTRIBUTOR, "split", "more earn than a split has rows");
    v->influence[v->influence_len++] = row;
  }
  /* The table is in the order of datanets, rows are in that of contributors. */
  ol_attribution_weights_sort(v->influence, v->influence_len);
  v->result.proven |= OL_PROVEN_INFLUENCE;
  return true;
}

/* --- The rows that there are --- */

/* Which faults rows have; of several, the first in the order of section 9 is told. */
typedef struct row_faults {
  bool weight;
  bool phantom;
  bool missing;
  bool amount;
} row_faults;

static void compare_row(row_faults *faults, const ol_verifier *v, const ol_rows_row *expected,
                        const ol_split_row *row, const ol_u256 *total) {
  ol_u256 amount;
  ol_split_amount(&amount, &v->receipt->contributor_pool, &expected->weight, total);
  faults->weight |= !ol_u256_equal(&expected->weight, &row->weight);
  faults->amount |= !ol_u256_equal(&amount, &row->amount);
}

/* In: what there must be, begun, and its total. */
static void compare_rows(row_faults *faults, const ol_verifier *v, ol_rows rows, const ol_u256 *total) {
  ol_split_row row;
  ol_rows_row expected;
  uint32_t index = 0;
  bool has_row = ol_split_at(&v->result.split, &row, index) == 1;
  bool has_expected = ol_rows_next(&rows, &expected) == OL_ROWS_ROW;
  while (has_row || has_expected) {
    ol_attribution_weight claimed = {.weight = 0};
    if (has_row) claimed = (ol_attribution_weight){.contributor = row.contributor, .datanet = row.datanet};
    const int order = !has_row ? 1 : !has_expected ? -1 : ol_rows_compare(&claimed, &expected.pair);
    if (order == 0) compare_row(faults, v, &expected, &row, total);
    faults->phantom |= order < 0;
    faults->missing |= order > 0;
    if (order <= 0) has_row = ol_split_at(&v->result.split, &row, ++index) == 1;
    if (order >= 0) has_expected = ol_rows_next(&rows, &expected) == OL_ROWS_ROW;
  }
}

/* floor(fee * share / 10,000) */
static ol_u256 pool_of(const ol_verifier *v) {
  const ol_u256 share = ol_u256_of(v->result.policy.contributors_bps);
  ol_u256 pool;
  OL_ASSERT(ol_u256_mul(&pool, &v->receipt->fee, &share)); /* 142 bits */
  ol_u256_div(&pool, WHOLE_BPS);
  return pool;
}

/* 41 to 43, of rows that are as they must be. In: their root. */
static bool verify_sums(ol_verifier *v, const ol_hash *root) {
  ol_attribution_result *result = &v->result;
  const ol_u256 pool = pool_of(v);
  if (!ol_u256_equal(&pool, &v->receipt->contributor_pool))
    return ol_reject(v, OL_REASON_POOL, "receipt", "pool is not the contributors' share of the fee");
  if (result->split.count != v->receipt->contributors)
    return ol_reject(v, OL_REASON_TOTAL, "receipt", "split has another number of rows");
  if (!ol_hash_equal(root, &v->receipt->split_root))
    return ol_reject(v, OL_REASON_SPLIT_ROOT, "receipt", "split has another root");
  OL_ASSERT(ol_u256_sub(&result->dust, &pool, &result->total_amount)); /* each amount is rounded down */
  result->proven |= OL_PROVEN_SPLIT;
  return true;
}

bool ol_verify_split(ol_verifier *v) {
  row_faults faults = {false, false, false, false};
  ol_rows rows = {
      .evidence = v->result.evidence, .influence = v->influence, .influence_len = v->influence_len};
  ol_u256 total;
  ol_hash root;
  if (!ol_rows_begin(&rows, v->result.policy.influence_bps) || !ol_rows_total(&total, rows))
    return ol_reject(v, OL_REASON_OVERFLOW, "split", "a weight has more than 128 bits");
  compare_rows(&faults, v, rows, &total);
  if (faults.weight) return ol_reject(v, OL_REASON_WEIGHT, "split", "a row has another weight");
  if (!ol_u256_equal(&total, &v->receipt->total_weight))
    return ol_reject(v, OL_REASON_WEIGHT, "receipt", "rows have another weight together");
  v->result.total_weight = total;
  if (ol_split_root(v->error, &root, NULL, &v->result.total_amount, &v->result.split) != OL_OK) {
    v->result.reason = OL_REASON_OVERFLOW;
    return false;
  }
  if (faults.phantom) return ol_reject(v, OL_REASON_PHANTOM_CONTRIBUTOR, "split", "a row is for nobody");
  if (faults.missing) return ol_reject(v, OL_REASON_MISSING_CONTRIBUTOR, "split", "somebody has no row");
  if (faults.amount) return ol_reject(v, OL_REASON_AMOUNT, "split", "a row has another amount");
  return verify_sums(v, &root);
}
