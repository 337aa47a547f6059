/* SPDX-License-Identifier: MIT */
#include "attribution/split.h"

#include "attribution/tree.h"
#include "unit/attribution/signing.h"

/* Splits, what a row of one earns, and batches (docs/attribution.md, sections 5.3, 6 and 7). */

#define ROWS 600

static ol_split_row rows[ROWS];
static uint8_t memory[9 + 60 * 2 * ROWS], sum_memory[9 + 60 * 4 * ROWS], share_memory[OL_SHARE_BYTES];

/* Out: rows that ascend, of some weight each. */
static void make_rows(size_t count) {
  for (size_t i = 0; i < count; i++) {
    rows[i] = (ol_split_row){.datanet = i % 3, .weight = number_of(1 + i * 7), .amount = number_of(i)};
    ol_store_be32(rows[i].contributor.bytes, (uint32_t)(i / 3));
  }
}

static ol_split split_of(size_t count) {
  ol_split out;
  ol_slice file;
  assert_int_equal(ol_split_write(&error, &file, rows, count, memory, 9 + 60 * count), OL_OK);
  assert_int_equal(ol_split_open(&error, &out, file), OL_OK);
  assert_int_equal(out.count, count);
  return out;
}

static void rows_come_back(void **state) {
  (void)state;
  make_rows(7);
  const ol_split split = split_of(7);
  ol_split_row row;
  for (uint32_t i = 0; i < 7; i++) {
    assert_int_equal(ol_split_at(&split, &row, i), 1);
    assert_memory_equal(row.contributor.bytes, rows[i].contributor.bytes, 20);
    assert_int_equal(row.datanet, rows[i].datanet);
    assert_memory_equal(&row.weight, &rows[i].weight, 32);
    assert_memory_equal(&row.amount, &rows[i].amount, 32);
  }
  assert_int_equal(ol_split_at(&split, &row, 7), 0);
  assert_bytes(memory, 9, "415452530100000007");
  assert_int_equal(split_of(0).count, 0);
}

static void files_that_are_no_splits_are_refused(void **state) {
  (void)state;
  ol_split split;
  ol_slice file;
  make_rows(3);
  assert_int_equal(ol_split_write(&error, &file, rows, 3, memory, sizeof memory), OL_OK);
  for (size_t len = 0; len < file.len; len++) {
    assert_int_equal(ol_split_open(&error, &split, ol_slice_of(memory, len)), OL_ERR_ENCODING);
    if (len >= 5 && len < 9) assert_string_equal(error.reason, "split is cut");
  }
  assert_int_equal(ol_split_open(&error, &split, ol_slice_of(memory, file.len + 60)), OL_ERR_ENCODING);
  assert_int_equal(ol_split_open_rows(&error, &split, ol_slice_of(memory + 9, 61)), OL_ERR_ENCODING);
  memory[4] = 2;
  assert_int_equal(ol_split_open(&error, &split, file), OL_ERR_ENCODING);
  assert_string_equal(error.part, "version");
  memory[4] = 1;
  memory[0] = 'B';
  assert_int_equal(ol_split_open(&error, &split, file), OL_ERR_ENCODING);
}

static void rows_must_ascend(void **state) {
  (void)state;
  ol_slice file;
  make_rows(4);
  rows[2] = rows[1]; /* twice */
  assert_int_equal(ol_split_write(&error, &file, rows, 4, memory, sizeof memory), OL_ERR_ARGUMENT);
  assert_string_equal(error.part, "row");
  assert_int_equal(error.item, 2);
  make_rows(4);
  rows[2].datanet = 0;
  assert_int_equal(ol_split_write(&error, &file, rows, 4, memory, sizeof memory), OL_ERR_ARGUMENT);
  make_rows(4);
  rows[3].weight.bytes[15] = 1;
  assert_int_equal(ol_split_write(&error, &file, rows, 4, memory, sizeof memory), OL_ERR_ARGUMENT);
  assert_int_equal(error.item, 3);
  make_rows(4);
  rows[0].amount.bytes[15] = 1;
  assert_int_equal(ol_split_write(&error, &file, rows, 4, memory, sizeof memory), OL_ERR_ARGUMENT);
  make_rows(4);
  assert_int_equal(ol_split_write(&error, &file, rows, 4, memory, 9 + 60 * 4 - 1), OL_ERR_MEMORY);
}

static void more_rows_than_can_be_counted_are_refused(void **state) {
  (void)state;
  ol_split split;
  ol_slice file;
  const ol_slice rows_of_all = {.data = memory, .len = (size_t)60 << 32};
  const ol_split many = {.rows = rows_of_all, .count = UINT32_MAX};
  const ol_split both[2] = {many, many};
  assert_int_equal(ol_split_open_rows(&error, &split, rows_of_all), OL_ERR_ENCODING);
  assert_int_equal(ol_split_write(&error, &file, rows, (size_t)1 << 32, memory, sizeof memory),
                   OL_ERR_ARGUMENT);
  assert_int_equal(ol_split_sum(&error, &file, both, 2, memory, sizeof memory), OL_ERR_LIMIT);
}

/* --- Dividing --- */

static void pools_are_divided_rounding_down(void **state) {
  (void)state;
  static const uint64_t weights[] = {1, 2, 4}, amounts[] = {14, 28, 57};
  const ol_u256 pool = number_of(100);
  ol_u256 total, seven = number_of(7);
  make_rows(3);
  for (size_t i = 0; i < 3; i++) rows[i].weight = number_of(weights[i]);
  assert_int_equal(ol_split_divide(&error, rows, 3, &total, &pool), OL_OK);
  assert_memory_equal(&total, &seven, sizeof total);
  for (size_t i = 0; i < 3; i++) {
    const ol_u256 amount = number_of(amounts[i]);
    assert_memory_equal(&rows[i].amount, &amount, sizeof amount);
  }
}

static void weights_of_nothing_earn_nothing(void **state) {
  (void)state;
  const ol_u256 pool = number_of(100), zero = number_of(0);
  ol_u256 total = number_of(1);
  make_rows(2);
  rows[0].weight = rows[1].weight = zero;
  rows[1].amount = pool;
  assert_int_equal(ol_split_divide(&error, rows, 2, &total, &pool), OL_OK);
  assert_memory_equal(&total, &zero, sizeof zero);
  assert_memory_equal(&rows[1].amount, &zero, sizeof zero);
  assert_int_equal(ol_split_divide(&error, rows, 0, NULL, &pool), OL_OK);
}

/* The whole of the largest pool by the largest weight takes 256 bits on the way. */
static void largest_numbers_are_divided(void **state) {
  (void)state;
  const ol_u256 pool = most_u128();
  make_rows(2);
  rows[0].weight = most_u128();
  assert_int_equal(ol_split_divide(&error, rows, 1, NULL, &pool), OL_OK);
  assert_memory_equal(&rows[0].amount, &pool, sizeof pool);
  assert_int_equal(ol_split_divide(&error, rows, 2, NULL, &pool), OL_ERR_LIMIT);
  assert_int_equal(error.item, 1);
  rows[0].weight.bytes[15] = 1;
  assert_int_equal(ol_split_divide(&error, rows, 1, NULL, &pool), OL_ERR_LIMIT);
  ol_u256 more = pool;
  more.bytes[15] = 1;
  make_rows(1);
  assert_int_equal(ol_split_divide(&error, rows, 1, NULL, &more), OL_ERR_LIMIT);
}

/* Weights as section 5.3 has them; what needs 129 bits is refused, in each product and in the sum. */
static void weights_of_both_kinds_are_mixed(void **state) {
  (void)state;
  ol_u256 by_spans, by_influence, weight;
  const ol_u256 zero = number_of(0), spans = number_of(10), influence = number_of(20), most = most_u128();
  static const struct {
    uint32_t bps;
    bool no_spans, no_influence;
    uint64_t by_spans, by_influence;
  } cases[] = {{0, false, false, 1, 0},         {10000, false, false, 0, 1}, {1, false, false, 9999 * 20, 10},
               {3000, true, false, 1, 1},       {3000, false, true, 1, 1},   {3000, true, true, 1, 1},
               {9999, false, false, 20, 99990}, {0, false, true, 1, 0},      {10000, true, false, 0, 1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const ol_u256 expected_spans = number_of(cases[i].by_spans);
    const ol_u256 expected_influence = number_of(cases[i].by_influence);
    assert_true(ol_split_factors(&by_spans, &by_influence, cases[i].bps, cases[i].no_spans ? &zero : &spans,
                                 cases[i].no_influence ? &zero : &influence));
    assert_memory_equal(&by_spans, &expected_spans, sizeof zero);
    assert_memory_equal(&by_influence, &expected_influence, sizeof zero);
  }
  assert_false(ol_split_factors(&by_spans, &by_influence, 3000, &spans, &most));
  assert_false(ol_split_factors(&by_spans, &by_influence, 3000, &most, &influence));
  by_spans = number_of(3);
  by_influence = number_of(5);
  const ol_u256 expected = number_of(3 * 7 + 5 * 11);
  assert_true(ol_split_weight(&weight, 7, &by_spans, 11, &by_influence));
  assert_memory_equal(&weight, &expected, sizeof weight);
  assert_true(ol_split_weight(&weight, 1, &most, 0, &most));
  assert_false(ol_split_weight(&weight, 2, &most, 0, &most));
  assert_false(ol_split_weight(&weight, 0, &most, 2, &most));
  assert_false(ol_split_weight(&weight, 1, &most, 1, &by_influence));
}

static ol_attribution_weight weight_of(uint8_t contributor, uint64_t datanet, uint64_t weight) {
  return (ol_attribution_weight){address_of(contributor), datanet, weight};
}

/* Out: rows. Returns: how making them ends. */
static ol_status make_split(uint32_t *count, uint32_t bps, const ol_attribution_weight *spans,
                            size_t spans_len, const ol_attribution_weight *influence, size_t influence_len) {
  const ol_attribution_policy policy = {.influence_bps = bps};
  const ol_u256 pool = number_of(1000);
  return ol_split_make(&error, rows, ROWS, count, NULL, &policy, &pool, spans, spans_len, influence,
                       influence_len);
}

static void splits_are_made_of_weights(void **state) {
  (void)state;
  const ol_attribution_weight spans[] = {weight_of(1, 1, 10), weight_of(1, 2, 0), weight_of(3, 1, 30)};
  const ol_attribution_weight influence[] = {weight_of(1, 1, 5), weight_of(2, 9, 15)};
  uint32_t count;
  assert_int_equal(make_split(&count, 2500, spans, 3, influence, 2), OL_OK);
  /* 10 * 7500 * 20 + 5 * 2500 * 40, 15 * 2500 * 40, 30 * 7500 * 20 */
  static const uint64_t weights[] = {2000000, 1500000, 4500000}, amounts[] = {250, 187, 562};
  static const uint8_t contributors[] = {1, 2, 3};
  assert_int_equal(count, 3);
  for (uint32_t i = 0; i < 3; i++) {
    const ol_u256 weight = number_of(weights[i]), amount = number_of(amounts[i]);
    assert_int_equal(rows[i].contributor.bytes[0], contributors[i]);
    assert_memory_equal(&rows[i].weight, &weight, sizeof weight);
    assert_memory_equal(&rows[i].amount, &amount, sizeof amount);
  }
  assert_int_equal(make_split(&count, 2500, NULL, 0, NULL, 0), OL_OK);
  assert_int_equal(count, 0);
}

static void weights_that_make_no_split_are_refused(void **state) {
  (void)state;
  const ol_attribution_weight twice[] = {weight_of(1, 2, 1), weight_of(1, 2, 1)};
  const ol_attribution_weight large = weight_of(1, 1, UINT64_MAX), other = weight_of(2, 1, UINT64_MAX);
  const ol_attribution_weight larges[] = {large, other};
  const ol_attribution_policy policy = {.influence_bps = 10001};
  static ol_attribution_weight many[OL_SPLIT_ROWS + 1];
  static ol_split_row room[OL_SPLIT_ROWS + 1];
  const ol_u256 pool = number_of(1);
  uint32_t count;
  assert_int_equal(make_split(&count, 0, twice, 2, NULL, 0), OL_ERR_ARGUMENT);
  assert_string_equal(error.part, "spans");
  assert_int_equal(make_split(&count, 0, NULL, 0, twice, 2), OL_ERR_ARGUMENT);
  assert_string_equal(error.part, "influence");
  assert_int_equal(make_split(&count, 0, twice, (size_t)1 << 32, NULL, 0), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "there are too many weights");
  assert_int_equal(ol_split_make(&error, rows, ROWS, &count, NULL, &policy, &pool, twice, 1, NULL, 0),
                   OL_ERR_ARGUMENT);
  /* a weight of 64 + 64 + 14 bits */
  assert_int_equal(make_split(&count, 5000, &large, 1, &large, 1), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "a weight has more than 128 bits");
  const ol_attribution_policy whole = {.influence_bps = 0};
  for (uint32_t i = 0; i <= OL_SPLIT_ROWS; i++) many[i] = weight_of(1, i, 1);
  assert_int_equal(ol_split_make(&error, room, OL_SPLIT_ROWS + 1, &count, NULL, &whole, &pool, many,
                                 OL_SPLIT_ROWS + 1, NULL, 0),
                   OL_ERR_LIMIT);
  assert_int_equal(
      ol_split_make(&error, room, OL_SPLIT_ROWS, &count, NULL, &whole, &pool, many, OL_SPLIT_ROWS, NULL, 0),
      OL_OK);
  assert_int_equal(count, OL_SPLIT_ROWS);
  assert_int_equal(ol_split_make(&error, room, OL_SPLIT_ROWS - 1, &count, NULL, &whole, &pool, many,
                                 OL_SPLIT_ROWS, NULL, 0),
                   OL_ERR_MEMORY);
  assert_int_equal(make_split(&count, 0, larges, 2, NULL, 0), OL_OK);
  const ol_u256 too_large = {{1}};
  assert_int_equal(ol_split_make(&error, rows, ROWS, &count, NULL, &whole, &too_large, larges, 2, NULL, 0),
                   OL_ERR_LIMIT);
}

static void weights_are_sorted(void **state) {
  (void)state;
  ol_attribution_weight weights[60];
  for (size_t count = 0; count <= 60; count++) {
    for (uint32_t i = 0; i < count; i++)
      weights[i] = weight_of((uint8_t)(i * 37 % 61 / 4), i * 37 % 61 % 4, i);
    ol_attribution_weights_sort(weights, count);
    for (uint32_t i = 1; i < count; i++) {
      const int order = memcmp(weights[i - 1].contributor.bytes, weights[i].contributor.bytes, 20);
      assert_true(order < 0 || (order == 0 && weights[i - 1].datanet < weights[i].datanet));
    }
  }
}

/* --- Roots and sums --- */

static void sums_of_more_than_128_bits_are_refused(void **state) {
  (void)state;
  ol_hash root;
  ol_u256 weight, amount;
  for (int which = 0; which < 2; which++) {
    make_rows(3);
    *(which ? &rows[0].weight : &rows[0].amount) = most_u128();
    *(which ? &rows[2].weight : &rows[2].amount) = number_of(1);
    *(which ? &rows[1].weight : &rows[1].amount) = number_of(0);
    ol_split split = split_of(3);
    assert_int_equal(ol_split_root(&error, &root, &weight, NULL, &split), OL_ERR_LIMIT);
    assert_int_equal(ol_split_root(&error, &root, NULL, NULL, &split), which ? OL_OK : OL_ERR_LIMIT);
    split = split_of(2);
    assert_int_equal(ol_split_root(&error, &root, &weight, &amount, &split), OL_OK);
    const ol_u256 most = most_u128();
    assert_memory_equal(which ? &weight : &amount, &most, sizeof most);
  }
}

static void splits_add_up(void **state) {
  (void)state;
  static uint8_t others[9 + 60 * ROWS];
  ol_split splits[3], sum;
  ol_slice file;
  ol_split_row row;
  make_rows(30);
  assert_int_equal(ol_split_write(&error, &file, rows, 30, others, sizeof others), OL_OK);
  assert_int_equal(ol_split_open(&error, &splits[1], file), OL_OK);
  splits[0] = split_of(20);
  splits[2] = (ol_split){.rows = ol_slice_of(others + 9 + 60 * 10, 60 * 20), .count = 20};
  for (size_t shift = 0; shift < 3; shift++) {
    const ol_split turned[3] = {splits[shift], splits[(shift + 1) % 3], splits[(shift + 2) % 3]};
    assert_int_equal(ol_split_sum(&error, &file, turned, 3, sum_memory, 9 + 60 * 70), OL_OK);
    assert_int_equal(ol_split_open(&error, &sum, file), OL_OK);
    assert_int_equal(sum.count, 30);
    for (uint32_t i = 0; i < 30; i++) {
      const uint64_t times = 1u + (i < 20 ? 1u : 0u) + (i >= 10 ? 1u : 0u);
      const ol_u256 weight = number_of(times * (1 + i * 7)), amount = number_of(times * i);
      assert_int_equal(ol_split_at(&sum, &row, i), 1);
      assert_memory_equal(row.contributor.bytes, rows[i].contributor.bytes, 20);
      assert_memory_equal(&row.weight, &weight, sizeof weight);
      assert_memory_equal(&row.amount, &amount, sizeof amount);
    }
  }
  assert_int_equal(ol_split_sum(&error, &file, splits, 3, sum_memory, 9 + 60 * 70 - 1), OL_ERR_MEMORY);
  assert_int_equal(ol_split_sum(&error, &file, splits, 0, sum_memory, 9), OL_OK);
  make_rows(1);
  rows[0].amount = most_u128();
  splits[0] = split_of(1);
  splits[1] = splits[0];
  assert_int_equal(ol_split_sum(&error, &file, splits, 1, sum_memory, sizeof sum_memory), OL_OK);
  assert_int_equal(ol_split_sum(&error, &file, splits, 2, sum_memory, sizeof sum_memory), OL_ERR_LIMIT);
}

static void earnings_are_summed(void **state) {
  (void)state;
  ol_u256 amount;
  const ol_u256 expected = number_of(6 + 7 + 8);
  uint32_t count;
  make_rows(20);
  ol_split split = split_of(20);
  const ol_address who = rows[6].contributor, nobody = address_of(0xcc);
  assert_int_equal(ol_split_earned(&error, &amount, &count, &split, &who), OL_OK);
  assert_int_equal(count, 3);
  assert_memory_equal(&amount, &expected, sizeof amount);
  assert_int_equal(ol_split_earned(&error, &amount, &count, &split, &nobody), OL_OK);
  assert_int_equal(count, 0);
  rows[6].amount = most_u128();
  split = split_of(20);
  assert_int_equal(ol_split_earned(&error, &amount, &count, &split, &who), OL_ERR_LIMIT);
}

/* --- Shares --- */

static void each_row_has_its_share(void **state) {
  (void)state;
  static const size_t counts[] = {1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 100};
  ol_share share, back;
  ol_slice file;
  for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
    make_rows(counts[k]);
    const ol_split split = split_of(counts[k]);
    for (uint32_t i = 0; i < counts[k]; i++) {
      assert_int_equal(ol_share_make(&error, &share, &split, i), OL_OK);
      assert_int_equal(ol_share_write(&error, &file, &share, share_memory, sizeof share_memory), OL_OK);
      assert_int_equal(ol_share_read(&error, &back, file), OL_OK);
      assert_memory_equal(&back, &share, sizeof share);
      assert_memory_equal(&back.row.amount, &rows[i].amount, sizeof back.row.amount);
    }
    assert_int_equal(ol_share_make(&error, &share, &split, (uint32_t)counts[k]), OL_ERR_ARGUMENT);
  }
}

/* With 2^18 rows a path has 18 siblings. */
static void shares_are_small(void **state) {
  (void)state;
  ol_share share = {.path_len = 18};
  ol_slice file;
  assert_int_equal(ol_share_write(&error, &file, &share, share_memory, 978), OL_OK);
  assert_int_equal(file.len, 978);
  assert_int_equal(ol_share_write(&error, &file, &share, share_memory, 977), OL_ERR_MEMORY);
  share.path_len = OL_SPLIT_PATH;
  assert_int_equal(ol_share_write(&error, &file, &share, share_memory, sizeof share_memory), OL_OK);
  share.path_len++;
  assert_int_equal(ol_share_write(&error, &file, &share, share_memory, sizeof share_memory), OL_ERR_ARGUMENT);
}

/* No byte of a share can be changed, and none be left out. */
static void changed_shares_are_refused(void **state) {
  (void)state;
  ol_share share;
  ol_slice file;
  make_rows(11);
  const ol_split split = split_of(11);
  for (uint32_t row = 0; row < 11; row += 5) {
    assert_int_equal(ol_share_make(&error, &share, &split, row), OL_OK);
    assert_int_equal(ol_share_write(&error, &file, &share, share_memory, sizeof share_memory), OL_OK);
    for (size_t i = 0; i < file.len; i++) {
      for (uint32_t bit = 0; bit < 8; bit++) {
        share_memory[i] ^= (uint8_t)(1u << bit);
        assert_int_not_equal(ol_share_read(&error, &share, file), OL_OK);
        share_memory[i] ^= (uint8_t)(1u << bit);
      }
    }
    for (size_t len = 0; len < file.len; len++)
      assert_int_not_equal(ol_share_read(&error, &share, ol_slice_of(share_memory, len)), OL_OK);
    assert_int_not_equal(ol_share_read(&error, &share, ol_slice_of(share_memory, file.len + 1)), OL_OK);
    assert_int_equal(ol_share_read(&error, &share, ol_slice_of(share_memory, 81)), OL_ERR_ENCODING);
    assert_string_equal(error.reason, "share is cut");
    share_memory[12] ^= 0x40; /* the index */
    assert_int_equal(ol_share_read(&error, &share, file), OL_ERR_PROOF);
    assert_string_equal(error.reason, "the index is behind the last leaf");
    share_memory[12] ^= 0x40;
  }
  share_memory[4] = 2;
  assert_int_equal(ol_share_read(&error, &share, file), OL_ERR_ENCODING);
  assert_string_equal(error.part, "version");
}

static void sums_of_a_share_fit(void **state) {
  (void)state;
  ol_share share;
  make_rows(2);
  rows[0].amount = most_u128();
  const ol_split split = split_of(2);
  assert_int_equal(ol_share_make(&error, &share, &split, 0), OL_ERR_LIMIT);
}

static void paths_of_more_than_64_siblings_are_refused(void **state) {
  (void)state;
  static uint8_t bytes[OL_SHARE_BYTES + 48];
  ol_share share;
  memcpy(bytes, "ATRP\1", 5);
  bytes[81] = OL_SPLIT_PATH + 1;
  assert_int_equal(ol_share_read(&error, &share, ol_slice_of(bytes, sizeof bytes)), OL_ERR_ENCODING);
  assert_int_equal(error.offset, 81);
}

static void shares_are_claimed(void **state) {
  (void)state;
  uint8_t one[4096], other[4096];
  ol_share share;
  ol_call call, expected;
  const ol_address registry = address_of(0xa7);
  const ol_u256 payout = number_of(12);
  make_rows(5);
  const ol_split split = split_of(5);
  assert_int_equal(ol_share_make(&error, &share, &split, 3), OL_OK);
  assert_int_equal(ol_share_claim_call(&error, &call, &registry, &payout, &share, one, sizeof one), OL_OK);
  assert_int_equal(ol_payout_claim_call(&error, &expected, &registry, &payout, 3, &rows[3], share.path,
                                        share.path_len, other, sizeof other),
                   OL_OK);
  assert_int_equal(call.data.len, expected.data.len);
  assert_memory_equal(call.data.data, expected.data.data, call.data.len);
  assert_memory_equal(&call.to, &registry, sizeof registry);
}

/* --- Batches --- */

static void receipts_are_in_their_batch(void **state) {
  (void)state;
  ol_hash digests[20], root;
  ol_batch_proof proof;
  const ol_u256 id = number_of(4);
  for (uint8_t i = 0; i < 20; i++) digests[i] = hash_of(i);
  for (size_t count = 1; count <= 20; count++) {
    ol_batch_root(&root, digests, count);
    for (size_t i = 0; i < count; i++) {
      assert_int_equal(ol_batch_prove(&error, &proof, &id, i, digests, count), OL_OK);
      assert_memory_equal(&proof.root, &root, sizeof root);
      assert_memory_equal(&proof.batch_id, &id, sizeof id);
      assert_int_equal(ol_batch_verify(&error, &proof, &digests[i]), OL_OK);
      assert_int_equal(ol_batch_verify(&error, &proof, &digests[(i + 1) % 20]), OL_ERR_PROOF);
      proof.leaves++;
      assert_int_equal(ol_batch_verify(&error, &proof, &digests[i]), OL_ERR_PROOF);
    }
    assert_int_equal(ol_batch_prove(&error, &proof, &id, count, digests, count), OL_ERR_ARGUMENT);
  }
  proof.index = 0;
  proof.path_len = 1;
  assert_int_equal(ol_batch_verify(&error, &proof, &digests[0]), OL_ERR_PROOF);
  assert_string_equal(error.reason, "a sibling is wanting");
  proof.path_len = OL_BATCH_PATH + 1;
  assert_int_equal(ol_batch_verify(&error, &proof, &digests[0]), OL_ERR_PROOF);
  assert_string_equal(error.reason, "path has more than 64 siblings");
  ol_batch_root(&root, NULL, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_come_back),
      cmocka_unit_test(files_that_are_no_splits_are_refused),
      cmocka_unit_test(rows_must_ascend),
      cmocka_unit_test(more_rows_than_can_be_counted_are_refused),
      cmocka_unit_test(pools_are_divided_rounding_down),
      cmocka_unit_test(weights_of_nothing_earn_nothing),
      cmocka_unit_test(largest_numbers_are_divided),
      cmocka_unit_test(weights_of_both_kinds_are_mixed),
      cmocka_unit_test(splits_are_made_of_weights),
      cmocka_unit_test(weights_that_make_no_split_are_refused),
      cmocka_unit_test(weights_are_sorted),
      cmocka_unit_test(sums_of_more_than_128_bits_are_refused),
      cmocka_unit_test(splits_add_up),
      cmocka_unit_test(earnings_are_summed),
      cmocka_unit_test(each_row_has_its_share),
      cmocka_unit_test(shares_are_small),
      cmocka_unit_test(changed_shares_are_refused),
      cmocka_unit_test(sums_of_a_share_fit),
      cmocka_unit_test(paths_of_more_than_64_siblings_are_refused),
      cmocka_unit_test(shares_are_claimed),
      cmocka_unit_test(receipts_are_in_their_batch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
