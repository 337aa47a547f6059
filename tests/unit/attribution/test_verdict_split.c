/* SPDX-License-Identifier: MIT */
#include "unit/attribution/judged.h"

/* Each lie about influence and about who is paid is rejected by its reason (docs/attribution.md, section 9: 34 to 43). */

/* Sets what the receipt says of the header and of v. */
static void set_vector(void) {
  ol_gradient_id(&receipt.receipt.gradient_id, draft.gradient_header);
  ol_influence_hash(&receipt.receipt.influence_hash, &receipt.receipt.gradient_id,
                    ol_slice_of(draft.vector, sizeof(uint16_t) * D));
}

static void other_vector_is_rejected(void **state) {
  (void)state;
  draft.vector[1] ^= 1;
  seal();
  expect_reason(OL_REASON_INFLUENCE_RANGE);
  setup(NULL);
  ol_store_be32(draft.gradient_header + 102, 65537); /* rows */
  set_vector();
  seal();
  expect_reason(OL_REASON_INFLUENCE_RANGE);
  setup(NULL);
  receipt.receipt.adapter_id = hash_of(0x18);
  set_stream();
  seal();
  expect_reason(OL_REASON_INFLUENCE_RANGE);
}

static void other_table_is_rejected(void **state) {
  (void)state;
  input.table = other_table;
  expect_reason(OL_REASON_INFLUENCE_TABLE);
  input.table = NULL;
  expect_reason(OL_REASON_FORMAT);
  input.table = table;
  draft.gradient_header[40] ^= 1; /* the seed */
  seal();
  expect_reason(OL_REASON_INFLUENCE_TABLE);
  set_vector();
  seal();
  expect_reason(OL_REASON_INFLUENCE_TABLE);
}

/* A split has 1,024 rows at most: where more earn, somebody is missing. */
static void more_than_a_split_has_rows_is_rejected(void **state) {
  (void)state;
  enum { COUNT = OL_SPLIT_ROWS + 2, ROW = 28 + 2 * D, FRONT = 5 + OL_GRADIENT_HEADER_BYTES };
  static uint8_t bytes[FRONT + COUNT * ROW], room[sizeof bytes + 1024];
  ol_gradient_header header = {.adapter = hash_of(0x17), .d = D, .scale = 1, .rows = COUNT};
  ol_influence_table *large;
  uint32_t reason;
  prepare(10000, OL_CLIP_CONTRIBUTOR, RESPONSE);
  memcpy(bytes, "ATRG\1", 5);
  for (uint32_t i = 0; i < COUNT; i++) {
    uint8_t *row = bytes + FRONT + i * ROW;
    ol_store_be32(row, i == 0 ? UINT32_MAX : i);
    row[27] = 1;
    row[29] = i != 0;
  }
  for (int again = 0; again < 2; again++) {
    assert_int_equal(ol_gradient_header_write(&error, bytes + 5, &header), OL_OK);
    assert_int_equal(ol_influence_table_root(&error, &header.root, ol_slice_of(bytes, sizeof bytes)), OL_OK);
  }
  assert_int_equal(
      ol_influence_table_read(&error, &large, &reason, ol_slice_of(bytes, sizeof bytes), room, sizeof room),
      OL_OK);
  memcpy(draft.gradient_header, bytes + 5, sizeof draft.gradient_header);
  set_vector();
  input.table = large;
  seal();
  expect_reason(OL_REASON_MISSING_CONTRIBUTOR);
}

/* --- 36 to 43: the split --- */

static void reseal_rows(void) {
  root_rows();
  seal();
}

static void other_weight_is_rejected(void **state) {
  (void)state;
  draft.rows[43] ^= 1;
  reseal_rows();
  expect_reason(OL_REASON_WEIGHT);
  setup(NULL);
  receipt.receipt.total_weight.bytes[31] ^= 1;
  seal();
  expect_reason(OL_REASON_WEIGHT);
}

/* Weights by the other clipping, or by the other sign, are not those of the policy. */
static void influence_against_the_policy_is_rejected(void **state) {
  (void)state;
  uint8_t rows[60 * 16];
  prepare(10000, OL_CLIP_DATANET, RESPONSE);
  const uint32_t rows_len = draft.rows_len;
  const ol_attribution_receipt by_datanet = receipt.receipt;
  memcpy(rows, draft.rows, sizeof rows);
  prepare(10000, OL_CLIP_CONTRIBUTOR, RESPONSE);
  memcpy(draft.rows, rows, sizeof rows);
  draft.rows_len = rows_len;
  receipt.receipt.contributors = by_datanet.contributors;
  receipt.receipt.total_weight = by_datanet.total_weight;
  reseal_rows();
  expect_reason(OL_REASON_WEIGHT);
  /* The contributor whose data lowered the score is paid as if it had raised it. */
  prepare(10000, OL_CLIP_CONTRIBUTOR, RESPONSE);
  pay_of(2, 1)->influence = 27;
  divide(10000, (u128)FEE * 4000 / 10000);
  reseal_rows();
  expect_reason(OL_REASON_WEIGHT);
}

static void sums_that_overflow_are_rejected(void **state) {
  (void)state;
  memset(draft.rows + 44, 0xff, 16);
  seal();
  expect_reason(OL_REASON_OVERFLOW);
}

static void phantom_contributor_is_rejected(void **state) {
  (void)state;
  put_row(draft.rows_len++, 0x77, 1, (u128)-1, 0); /* weights of rows for nobody are not summed */
  receipt.receipt.contributors++;
  reseal_rows();
  expect_reason(OL_REASON_PHANTOM_CONTRIBUTOR);
  setup(NULL);
  put_row(draft.rows_len++, 0x77, 1, 5, 0);
  receipt.receipt.contributors++;
  reseal_rows();
  expect_reason(OL_REASON_PHANTOM_CONTRIBUTOR);
  setup(NULL);
  memmove(draft.rows + 60, draft.rows, 60 * draft.rows_len++);
  put_row(0, 0, 1, 5, 0);
  receipt.receipt.contributors++;
  reseal_rows();
  expect_reason(OL_REASON_PHANTOM_CONTRIBUTOR);
  /* Who has data in a table, but was clipped, has no row: not even one of nothing. */
  setup(NULL);
  for (uint32_t i = 0; i < draft.rows_len; i++)
    assert_true(draft.rows[60 * i] != 2 || ol_load_be64(draft.rows + 60 * i + 20) != 1);
}

static void missing_contributor_is_rejected(void **state) {
  (void)state;
  const uint32_t count = draft.rows_len;
  assert_true(count > 2);
  for (uint32_t drop = 0; drop < count; drop++) {
    setup(NULL);
    memmove(draft.rows + 60 * drop, draft.rows + 60 * (drop + 1), 60 * (count - drop - 1));
    draft.rows_len--;
    receipt.receipt.contributors--;
    reseal_rows();
    expect_reason(OL_REASON_MISSING_CONTRIBUTOR);
  }
}

static void swapped_contributor_is_a_phantom(void **state) {
  (void)state;
  memset(draft.rows + 60 * (draft.rows_len - 1), 0x99, 20);
  reseal_rows();
  expect_reason(OL_REASON_PHANTOM_CONTRIBUTOR);
}

static void other_amount_is_rejected(void **state) {
  (void)state;
  for (int up = 0; up < 2; up++) {
    setup(NULL);
    const uint64_t amount = ol_load_be64(draft.rows + 52);
    ol_store_be64(draft.rows + 52, up ? amount + 1 : amount - 1);
    reseal_rows();
    expect_reason(OL_REASON_AMOUNT);
  }
}

static void other_pool_is_rejected(void **state) {
  (void)state;
  const uint64_t pool = (uint64_t)FEE * 4000 / 10000;
  for (int up = 0; up < 2; up++) {
    setup(NULL);
    receipt.receipt.contributor_pool = number_of(up ? pool + 1 : pool - 1);
    divide(3000, up ? pool + 1 : pool - 1);
    reseal_rows();
    expect_reason(OL_REASON_POOL);
  }
}

static void other_number_of_rows_is_rejected(void **state) {
  (void)state;
  receipt.receipt.contributors++;
  seal();
  expect_reason(OL_REASON_TOTAL);
}

static void other_split_root_is_rejected(void **state) {
  (void)state;
  receipt.receipt.split_root.bytes[0] ^= 1;
  seal();
  expect_reason(OL_REASON_SPLIT_ROOT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(other_vector_is_rejected, setup),
      cmocka_unit_test_setup(other_table_is_rejected, setup),
      cmocka_unit_test_setup(more_than_a_split_has_rows_is_rejected, setup),
      cmocka_unit_test_setup(other_weight_is_rejected, setup),
      cmocka_unit_test_setup(influence_against_the_policy_is_rejected, setup),
      cmocka_unit_test_setup(sums_that_overflow_are_rejected, setup),
      cmocka_unit_test_setup(phantom_contributor_is_rejected, setup),
      cmocka_unit_test_setup(missing_contributor_is_rejected, setup),
      cmocka_unit_test_setup(swapped_contributor_is_a_phantom, setup),
      cmocka_unit_test_setup(other_amount_is_rejected, setup),
      cmocka_unit_test_setup(other_pool_is_rejected, setup),
      cmocka_unit_test_setup(other_number_of_rows_is_rejected, setup),
      cmocka_unit_test_setup(other_split_root_is_rejected, setup),
  };
  return cmocka_run_group_tests(tests, make_corpus, free_corpus);
}
