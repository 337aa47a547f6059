/* SPDX-License-Identifier: MIT */
#include "attribution/verdict.h"

#include "attribution/number.h"
#include "attribution/split.h"

#include "base/poison.h"

/* Whether the split is what spans, influence and policy make of the fee: checks 34 to 43. */

#define WHOLE_BPS 10000

static int compare_pairs(const ol_attribution_weight *a, const ol_attribution_weight *b) {
  const int order = memcmp(a->contributor.bytes, b->contributor.bytes, sizeof a->contributor.bytes);
  if (order != 0) return order;
  return (a->datanet > b->datanet) - (a->datanet < b->datanet);
}

/* --- Influence --- */

/* Moves an item down a heap of which all others are in order. */
static void sink(ol_attribution_weight *rows, uint32_t at, uint32_t count) {
  for (uint32_t child = 2 * at + 1; child < count; at = child, child = 2 * at + 1) {
    if (child + 1 < count && compare_pairs(&rows[child], &rows[child + 1]) < 0) child++;
    if (compare_pairs(&rows[at], &rows[child]) >= 0) return;
    const ol_attribution_weight moved = rows[at];
    rows[at] = rows[child];
    rows[child] = moved;
  }
}

/* The table is in the order of datanets, rows are in that of contributors. */
static void sort_rows(ol_attribution_weight *rows, uint32_t count) {
  for (uint32_t i = count / 2; i-- > 0;) sink(rows, i, count);
  while (count-- > 1) {
    const ol_attribution_weight last = rows[0];
    rows[0] = rows[count];
    rows[count] = last;
    sink(rows, 0, count);
  }
}

/* Checks that evidence and receipt speak of the same table, and of this v, whose length evidence has by the header: 34. */
static bool verify_vector(ol_verifier *v) {
  const ol_slice header = v->gradient_header;
  ol_gradient_header read;
  ol_hash id;
  ol_hash hash;
  OL_ASSERT(header.len == OL_GRADIENT_HEADER_BYTES);
  if (ol_gradient_header_read(v->error, &read, header.data) != OL_OK) {
    v->result.reason = OL_REASON_INFLUENCE_RANGE;
    return false;
  }
  ol_gradient_id(&id, header.data);
  if (!ol_hash_equal(&id, &v->receipt->gradient_id))
    return ol_reject(v, OL_REASON_INFLUENCE_RANGE, "influence", "header is not that of the receipt");
  if (!ol_hash_equal(&read.adapter, &v->receipt->adapter_id))
    return ol_reject(v, OL_REASON_INFLUENCE_RANGE, "influence", "header is of another adapter");
  ol_influence_hash(&hash, &id, v->vector);
  if (!ol_hash_equal(&hash, &v->receipt->influence_hash))
    return ol_reject(v, OL_REASON_INFLUENCE_RANGE, "influence", "v is not that of the receipt");
  return true;
}

bool ol_verify_influence(ol_verifier *v) {
  ol_influence *influence;
  ol_attribution_weight row;
  ol_hash id;
  if (!ol_has_part(v, OL_ATTRIBUTION_INFLUENCE)) return true;
  if (!verify_vector(v)) return false;
  if (v->in->table == NULL) return ol_reject(v, OL_REASON_INFLUENCE_TABLE, "influence", "table is wanting");
  ol_influence_table_id(v->in->table, &id);
  if (!ol_hash_equal(&id, &v->receipt->gradient_id))
    return ol_reject(v, OL_REASON_INFLUENCE_TABLE, "influence", "table is not that of the receipt");
  /* v has the table's length: both are by the header of this id. */
  OL_ASSERT(ol_influence_begin(v->error, &influence, v->in->table, v->result.policy.clipping, v->vector,
                               v->influence_memory, ol_influence_size()) == OL_OK);
  while (ol_influence_next(influence, &row)) {
    if (v->influence_len == OL_SPLIT_ROWS)
      return ol_reject(v, OL_REASON_MISSING_CONTRIBUTOR, "split", "more earn than a split has rows");
    v->influence[v->influence_len++] = row;
  }
  sort_rows(v->influence, v->influence_len);
  v->result.proven |= OL_PROVEN_INFLUENCE;
  return true;
}

/* --- The rows that there must be --- */

/* Goes over all pairs that have a weight of spans, of influence, or of both. */
typedef struct row_walk {
  const ol_verifier *v;
  uint32_t span;      /* of the weights of spans: the next, */
  uint32_t influence; /* and of the others */
  ol_u256 by_spans;   /* what a weight of spans is multiplied by */
  ol_u256 by_influence;
} row_walk;

typedef struct expected_row {
  ol_attribution_weight pair; /* whose */
  ol_u256 weight;
} expected_row;

typedef enum step { STEP_ROW, STEP_END, STEP_OVERFLOW } step;

static ol_u256 spans_total(const ol_verifier *v) {
  ol_u256 total = {{0}};
  ol_attribution_weight row;
  for (uint32_t i = 0; ol_evidence_weight(v->result.evidence, &row, i); i++) {
    const ol_u256 one = ol_u256_of(row.weight);
    OL_ASSERT(ol_u128_add(&total, &total, &one)); /* fewer than 2^32 numbers of 64 bits */
  }
  return total;
}

static ol_u256 influence_total(const ol_verifier *v) {
  ol_u256 total = {{0}};
  for (uint32_t i = 0; i < v->influence_len; i++) {
    const ol_u256 one = ol_u256_of(v->influence[i].weight);
    OL_ASSERT(ol_u128_add(&total, &total, &one));
  }
  return total;
}

/* Returns: false on an overflow. */
static bool walk_begin(row_walk *out, const ol_verifier *v) {
  const uint32_t bps = v->result.policy.influence_bps;
  const ol_u256 spans = spans_total(v);
  const ol_u256 influence = influence_total(v);
  memset(out, 0, sizeof *out);
  out->v = v;
  return ol_split_factors(&out->by_spans, &out->by_influence, bps, &spans, &influence);
}

static step walk_next(row_walk *walk, expected_row *out) {
  for (;;) {
    ol_attribution_weight span;
    const ol_attribution_weight *influence = NULL;
    const bool has_span = ol_evidence_weight(walk->v->result.evidence, &span, walk->span) == 1;
    if (walk->influence < walk->v->influence_len) influence = &walk->v->influence[walk->influence];
    if (!has_span && influence == NULL) return STEP_END;
    const int order = !has_span ? 1 : influence == NULL ? -1 : compare_pairs(&span, influence);
    out->pair = order <= 0 ? span : *influence;
    if (order <= 0) walk->span++;
    if (order >= 0) walk->influence++;
    if (!ol_split_weight(&out->weight, order <= 0 ? span.weight : 0, &walk->by_spans,
                         order >= 0 ? influence->weight : 0, &walk->by_influence))
      return STEP_OVERFLOW;
    if (!ol_u256_is_zero(&out->weight)) return STEP_ROW;
  }
}

/* --- The rows that there are --- */

/* Which faults rows have; of several, the first in the order of section 9 is told. */
typedef struct row_faults {
  bool weight;
  bool phantom;
  bool missing;
  bool amount;
} row_faults;

static void compare_row(row_faults *faults, const ol_verifier *v, const expected_row *expected,
                        const ol_split_row *row, const ol_u256 *total) {
  ol_u256 amount;
  ol_split_amount(&amount, &v->receipt->contributor_pool, &expected->weight, total);
  faults->weight |= !ol_u256_equal(&expected->weight, &row->weight);
  faults->amount |= !ol_u256_equal(&amount, &row->amount);
}

static void compare_rows(row_faults *faults, row_walk walk, const ol_u256 *total) {
  const ol_verifier *v = walk.v;
  ol_split_row row;
  expected_row expected;
  uint32_t index = 0;
  bool has_row = ol_split_at(&v->result.split, &row, index) == 1;
  bool has_expected = walk_next(&walk, &expected) == STEP_ROW;
  while (has_row || has_expected) {
    ol_attribution_weight claimed = {.weight = 0};
    if (has_row) claimed = (ol_attribution_weight){.contributor = row.contributor, .datanet = row.datanet};
    const int order = !has_row ? 1 : !has_expected ? -1 : compare_pairs(&claimed, &expected.pair);
    if (order == 0) compare_row(faults, v, &expected, &row, total);
    faults->phantom |= order < 0;
    faults->missing |= order > 0;
    if (order <= 0) has_row = ol_split_at(&v->result.split, &row, ++index) == 1;
    if (order >= 0) has_expected = walk_next(&walk, &expected) == STEP_ROW;
  }
}

/* Sums what the rows must weigh together. Returns: false on an overflow. */
static bool sum_rows(ol_u256 *out, row_walk walk) {
  expected_row row;
  step next;
  memset(out, 0, sizeof *out);
  while ((next = walk_next(&walk, &row)) == STEP_ROW) {
    if (!ol_u128_add(out, out, &row.weight)) return false;
  }
  return next == STEP_END;
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
  row_walk walk;
  ol_u256 total;
  ol_hash root;
  if (!walk_begin(&walk, v) || !sum_rows(&total, walk))
    return ol_reject(v, OL_REASON_OVERFLOW, "split", "a weight has more than 128 bits");
  compare_rows(&faults, walk, &total);
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
