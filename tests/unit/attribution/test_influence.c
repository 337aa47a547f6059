/* SPDX-License-Identifier: MIT */
#include "openledger/influence.h"

#include "base/base.h"
#include "unit/bytes.h"

/* Tables of gradients are checked to the byte, and rows weigh what docs/attribution.md, section 4, says. */

enum { FRONT = 5 + OL_GRADIENT_HEADER_BYTES, ROWS_MAX = 70, D_MAX = 4096 };

static uint8_t file[FRONT + 16 * (28 + 2 * D_MAX)];
static uint8_t memory[sizeof file + 1024], weigh_memory[9 << 10];
static ol_error error;
static uint32_t reason;

/* A row to be: address of equal bytes, datanet, and each number of X. */
typedef struct row {
  uint8_t contributor;
  uint64_t datanet;
  int16_t x;
} row;

static void put_x(uint8_t *at, int16_t x) {
  at[0] = (uint8_t)((uint16_t)x >> 8);
  at[1] = (uint8_t)x;
}

/* Writes a file without asking whether it may be; the root is that of the rows if they are in order. */
static ol_slice file_of(const row *rows, uint32_t count, uint32_t d) {
  ol_gradient_header header = {.adapter = {{0xad}}, .seed = {{0x5e}}, .d = d, .scale = 7, .rows = count};
  size_t len = FRONT;
  memcpy(file, "ATRG\1", 5);
  for (uint32_t i = 0; i < count; i++) {
    memset(file + len, rows[i].contributor, 20);
    ol_store_be64(file + len + 20, rows[i].datanet);
    len += 28;
    for (uint32_t k = 0; k < d; k++, len += 2) put_x(file + len, rows[i].x);
  }
  assert_true(len <= sizeof file);
  assert_int_equal(ol_gradient_header_write(&error, file + 5, &header), OL_OK);
  if (ol_influence_table_root(&error, &header.root, ol_slice_of(file, len)) == OL_OK)
    assert_int_equal(ol_gradient_header_write(&error, file + 5, &header), OL_OK);
  return ol_slice_of(file, len);
}

static ol_status read_table(ol_influence_table **out, ol_slice bytes) {
  return ol_influence_table_read(&error, out, &reason, bytes, memory, ol_influence_table_size(bytes.len));
}

static ol_influence_table *table_of(const row *rows, uint32_t count, uint32_t d) {
  ol_influence_table *table = NULL;
  assert_int_equal(read_table(&table, file_of(rows, count, d)), OL_OK);
  assert_int_equal(reason, OL_REASON_NONE);
  return table;
}

static void expect_refusal(ol_slice bytes, ol_status status, uint32_t why, const char *what) {
  ol_influence_table *table = NULL;
  assert_int_equal(read_table(&table, bytes), status);
  assert_string_equal(error.reason, what);
  assert_int_equal(reason, why);
  assert_null(table);
}

static const row sample[] = {{9, 1, 0}, {2, 1, 5}, {7, 1, -3}, {1, 4, 2}, {2, 4, -2}, {5, 6, 1}, {5, 9, -1}};
enum { SAMPLE = sizeof sample / sizeof sample[0], SAMPLE_D = 3 };

/* --- The header --- */

static void header_is_106_bytes_in_order(void **state) {
  (void)state;
  uint8_t bytes[OL_GRADIENT_HEADER_BYTES], again[OL_GRADIENT_HEADER_BYTES];
  ol_gradient_header header;
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i + 1);
  memcpy(bytes + 64, (uint8_t[]){0x0f, 0xfe}, 2);
  memcpy(bytes + 102, (uint8_t[]){0, 0, 0xab, 0xcd}, 4);
  assert_int_equal(ol_gradient_header_read(&error, &header, bytes), OL_OK);
  assert_memory_equal(header.adapter.bytes, bytes, 32);
  assert_memory_equal(header.seed.bytes, bytes + 32, 32);
  assert_int_equal(header.d, 0x0ffe);
  assert_int_equal(header.scale, 0x43444546);
  assert_memory_equal(header.root.bytes, bytes + 70, 32);
  assert_int_equal(header.rows, 0xabcd);
  assert_int_equal(ol_gradient_header_write(&error, again, &header), OL_OK);
  assert_memory_equal(again, bytes, sizeof bytes);
}

static void header_out_of_range_is_refused(void **state) {
  (void)state;
  static const struct {
    uint32_t d, rows, offset;
    const char *field;
  } cases[] = {{0, 1, 64, "d"}, {4097, 1, 64, "d"}, {65535, 1, 64, "d"}, {1, 65537, 102, "rows"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint8_t bytes[OL_GRADIENT_HEADER_BYTES] = {0};
    ol_gradient_header header = {.d = cases[i].d, .rows = cases[i].rows};
    assert_int_equal(ol_gradient_header_write(&error, bytes, &header), OL_ERR_ARGUMENT);
    assert_string_equal(error.field, cases[i].field);
    bytes[64] = (uint8_t)(cases[i].d >> 8);
    bytes[65] = (uint8_t)cases[i].d;
    ol_store_be32(bytes + 102, cases[i].rows);
    assert_int_equal(ol_gradient_header_read(&error, &header, bytes), OL_ERR_ENCODING);
    assert_int_equal(error.offset, cases[i].offset);
  }
  const ol_gradient_header most = {.d = 4096, .rows = 65536};
  uint8_t bytes[OL_GRADIENT_HEADER_BYTES];
  ol_gradient_header back;
  assert_int_equal(ol_gradient_header_write(&error, bytes, &most), OL_OK);
  assert_int_equal(ol_gradient_header_read(&error, &back, bytes), OL_OK);
}

static void hashes_have_their_words(void **state) {
  (void)state;
  uint8_t grad[9 + OL_GRADIENT_HEADER_BYTES] = "ATR1.grad", influence[14 + 32 + 4] = "ATR1.influence";
  ol_hash id, expected;
  memset(grad + 9, 0x31, OL_GRADIENT_HEADER_BYTES);
  ol_gradient_id(&id, grad + 9);
  ol_keccak256(&expected, grad, sizeof grad);
  assert_memory_equal(id.bytes, expected.bytes, 32);
  memcpy(influence + 14, id.bytes, 32);
  memcpy(influence + 46, "\1\2\3\4", 4);
  ol_keccak256(&expected, influence, sizeof influence);
  const ol_hash gradient_id = id;
  ol_influence_hash(&id, &gradient_id, ol_slice_of(influence + 46, 4));
  assert_memory_equal(id.bytes, expected.bytes, 32);
}

/* --- The table --- */

static void rows_are_read(void **state) {
  (void)state;
  const ol_influence_table *table = table_of(sample, SAMPLE, SAMPLE_D);
  ol_gradient_header header;
  ol_hash id, expected;
  ol_influence_table_header(table, &header);
  assert_int_equal(header.rows, SAMPLE);
  assert_int_equal(header.d, SAMPLE_D);
  ol_influence_table_id(table, &id);
  ol_gradient_id(&expected, file + 5);
  assert_memory_equal(id.bytes, expected.bytes, 32);
  memset(file, 0, sizeof file); /* nothing refers to the file */
  static const uint32_t payout[SAMPLE] = {1, 0, 0, 1, 0, 1, 1};
  ol_influence_row found;
  for (uint32_t i = 0; i < SAMPLE; i++) {
    assert_int_equal(ol_influence_table_row(table, &found, i), 1);
    assert_int_equal(found.contributor.bytes[0], sample[i].contributor);
    assert_int_equal(found.contributor.bytes[19], sample[i].contributor);
    assert_int_equal(found.datanet, sample[i].datanet);
    assert_int_equal(found.is_payout, payout[i]);
  }
  assert_int_equal(ol_influence_table_row(table, &found, SAMPLE), 0);
}

/* The trees of docs/attribution.md, section 1.1, of two rows by hand. */
static void root_is_that_of_the_document(void **state) {
  (void)state;
  const ol_slice bytes = file_of(sample, 2, 1);
  ol_hash leaves[2], root;
  uint8_t leaf[13 + 30] = "\0GRAD", node[5 + 64] = "\1GRAD", top[5 + 8 + 32] = "\2GRAD";
  for (uint8_t i = 0; i < 2; i++) {
    leaf[12] = i;
    memcpy(leaf + 13, bytes.data + FRONT + 30 * i, 30);
    ol_keccak256(&leaves[i], leaf, sizeof leaf);
  }
  memcpy(node + 5, leaves, 64);
  ol_keccak256(&root, node, sizeof node);
  top[12] = 2;
  memcpy(top + 13, root.bytes, 32);
  ol_keccak256(&root, top, sizeof top);
  assert_memory_equal(bytes.data + 5 + 70, root.bytes, 32);
}

static void file_of_another_form_is_refused(void **state) {
  (void)state;
  const ol_slice good = file_of(sample, SAMPLE, SAMPLE_D);
  expect_refusal(ol_slice_of(good.data, FRONT - 1), OL_ERR_ENCODING, OL_REASON_FORMAT, "ends in its header");
  expect_refusal(ol_slice_of(NULL, 0), OL_ERR_ENCODING, OL_REASON_FORMAT, "ends in its header");
  const char *rows = "has not as many rows as its header says";
  expect_refusal(ol_slice_of(good.data, good.len - 1), OL_ERR_ENCODING, OL_REASON_FORMAT, rows);
  assert_int_equal(error.offset, good.len - 1);
  expect_refusal(ol_slice_of(good.data, good.len + 1), OL_ERR_ENCODING, OL_REASON_FORMAT, rows);
  assert_int_equal(error.offset, good.len);
  ol_hash root;
  assert_int_equal(ol_influence_table_root(&error, &root, ol_slice_of(good.data, good.len - 1)),
                   OL_ERR_ENCODING);
  assert_string_equal(error.reason, rows);
  file[3] = 'S';
  expect_refusal(good, OL_ERR_ENCODING, OL_REASON_FORMAT, "is no table of gradients");
  file[3] = 'G';
  file[4] = 2;
  expect_refusal(good, OL_ERR_ENCODING, OL_REASON_VERSION, "is of an unknown version");
  file[4] = 1;
  file[5 + 64] = 0xff;
  expect_refusal(good, OL_ERR_ENCODING, OL_REASON_INFLUENCE_RANGE, "dimensions other than 1 to 4,096");
  assert_string_equal(error.part, "gradientHeader");
}

static void rows_out_of_order_are_refused(void **state) {
  (void)state;
  static const struct {
    row rows[4];
    uint32_t count, item;
    const char *what;
  } cases[] = {
      {{{1, 5, 0}, {1, 4, 0}}, 2, 1, "its datanet is before that of the row before"},
      {{{1, 5, 0}, {1, 6, 0}, {2, 5, 0}}, 3, 2, "its datanet is before that of the row before"},
      {{{3, 5, 0}, {3, 5, 0}}, 2, 1, "it is a second one of the payout address"},
      {{{3, 5, 0}, {1, 5, 0}, {3, 5, 0}}, 3, 2, "it is a second one of the payout address"},
      {{{9, 5, 0}, {2, 5, 0}, {2, 5, 0}}, 3, 2, "its contributor is not behind that of the row before"},
      {{{9, 5, 0}, {2, 5, 0}, {1, 5, 0}}, 3, 2, "its contributor is not behind that of the row before"},
      {{{1, 4, 0}, {9, 5, 0}, {2, 5, 0}, {1, 5, 0}},
       4,
       3,
       "its contributor is not behind that of the row before"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const ol_slice bytes = file_of(cases[i].rows, cases[i].count, 2);
    expect_refusal(bytes, OL_ERR_ENCODING, OL_REASON_INFLUENCE_RANGE, cases[i].what);
    assert_string_equal(error.part, "row");
    assert_int_equal(error.item, cases[i].item);
    ol_hash root;
    assert_int_equal(ol_influence_table_root(&error, &root, bytes), OL_ERR_ENCODING);
  }
}

/* The payout address may be before or behind the others, and come again in another datanet. */
static void rows_in_order_are_accepted(void **state) {
  (void)state;
  static const row rows[] = {{9, 0, 0}, {1, 0, 0}, {8, 0, 0}, {9, UINT64_MAX, 0}, {10, UINT64_MAX, 0}};
  ol_influence_row found;
  const ol_influence_table *table = table_of(rows, 5, 1);
  assert_int_equal(ol_influence_table_row(table, &found, 4), 1);
  assert_true(found.datanet == UINT64_MAX);
  table = table_of(rows, 0, 1);
  assert_int_equal(ol_influence_table_row(table, &found, 0), 0);
}

/* Whatever byte of header or rows is changed, it is refused, or another table by its gradientId. */
static void changed_bytes_show(void **state) {
  (void)state;
  const ol_slice bytes = file_of(sample, SAMPLE, SAMPLE_D);
  ol_hash good, id;
  size_t other = 0;
  ol_gradient_id(&good, bytes.data + 5);
  for (size_t i = 0; i < bytes.len; i++) {
    for (unsigned bit = 0; bit < 8; bit++) {
      ol_influence_table *table = NULL;
      file[i] = (uint8_t)(file[i] ^ 1u << bit);
      if (read_table(&table, bytes) == OL_OK) {
        ol_influence_table_id(table, &id);
        assert_memory_not_equal(id.bytes, good.bytes, 32);
        other++;
      } else {
        assert_int_not_equal(reason, OL_REASON_NONE);
      }
      file[i] = (uint8_t)(file[i] ^ 1u << bit);
    }
  }
  assert_int_equal(other, 8 * (32 + 32 + 4)); /* adapter, seed and scale are not what the rows decide on */
  file[bytes.len - 1] ^= 1;
  expect_refusal(bytes, OL_ERR_PROOF, OL_REASON_INFLUENCE_TABLE, "the rows are not those of the root");
}

static void memory_is_as_said(void **state) {
  (void)state;
  const ol_slice bytes = file_of(sample, SAMPLE, SAMPLE_D);
  const size_t len = ol_influence_table_size(bytes.len);
  ol_influence_table *table = NULL;
  for (size_t shift = 0; shift < 17; shift++)
    assert_int_equal(ol_influence_table_read(&error, &table, &reason, bytes, memory + shift, len), OL_OK);
  assert_int_equal(ol_influence_table_read(&error, &table, &reason, bytes, memory, 64), OL_ERR_MEMORY);
  assert_int_equal(reason, OL_REASON_NONE);
  assert_int_equal(ol_influence_table_read(&error, &table, &reason, bytes, memory, SAMPLE * 28 + 100),
                   OL_ERR_MEMORY);
}

/* --- Weights --- */

static ol_influence *begin(const ol_influence_table *table, uint32_t clipping, const int16_t *v, uint32_t d) {
  static uint8_t vector[2 * D_MAX];
  ol_influence *influence = NULL;
  for (uint32_t k = 0; k < d; k++) put_x(vector + 2 * k, v[k]);
  assert_int_equal(ol_influence_begin(&error, &influence, table, clipping, ol_slice_of(vector, 2 * d),
                                      weigh_memory, ol_influence_size()),
                   OL_OK);
  memset(vector, 0, sizeof vector); /* nothing refers to v */
  return influence;
}

static void expect_weights(ol_influence *influence, const ol_attribution_weight *expected, size_t count) {
  ol_attribution_weight weight;
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(ol_influence_next(influence, &weight), 1);
    assert_int_equal(weight.contributor.bytes[0], expected[i].contributor.bytes[0]);
    assert_int_equal(weight.contributor.bytes[19], expected[i].contributor.bytes[0]);
    assert_int_equal(weight.datanet, expected[i].datanet);
    assert_int_equal(weight.weight, expected[i].weight);
  }
  assert_int_equal(ol_influence_next(influence, &weight), 0);
  assert_int_equal(ol_influence_next(influence, &weight), 0);
}

static void contributor_clips_each_row(void **state) {
  (void)state;
  const ol_influence_table *table = table_of(sample, SAMPLE, SAMPLE_D);
  ol_influence *influence = begin(table, OL_CLIP_CONTRIBUTOR, (int16_t[]){10, 20, -25}, SAMPLE_D); /* 5 x */
  static const ol_attribution_weight up[] = {{{{2}}, 1, 25}, {{{1}}, 4, 10}, {{{5}}, 6, 5}};
  expect_weights(influence, up, 3);
  influence = begin(table, OL_CLIP_CONTRIBUTOR, (int16_t[]){0, 0, -1}, SAMPLE_D);
  static const ol_attribution_weight down[] = {{{{7}}, 1, 3}, {{{2}}, 4, 2}, {{{5}}, 9, 1}};
  expect_weights(influence, down, 3);
  static const int64_t scores[SAMPLE] = {0, -5, 3, -2, 2, -1, 1};
  int64_t score;
  for (uint32_t i = 0; i < SAMPLE; i++) {
    assert_int_equal(ol_influence_score(influence, &score, i), 1);
    assert_true(score == scores[i]);
  }
  assert_int_equal(ol_influence_score(influence, &score, SAMPLE), 0);
}

/* Datanet 1 comes to 2, datanet 4 to nothing, 6 to 1, 9 to -1; the payout row has it all. */
static void datanet_clips_the_sum(void **state) {
  (void)state;
  const ol_influence_table *table = table_of(sample, SAMPLE, SAMPLE_D);
  ol_influence *influence = begin(table, OL_CLIP_DATANET, (int16_t[]){0, 1, 0}, SAMPLE_D);
  static const ol_attribution_weight up[] = {{{{9}}, 1, 2}, {{{5}}, 6, 1}};
  expect_weights(influence, up, 2);
  influence = begin(table, OL_CLIP_DATANET, (int16_t[]){-1, 0, 0}, SAMPLE_D);
  static const ol_attribution_weight down[] = {{{{5}}, 9, 1}};
  expect_weights(influence, down, 1);
}

/* Splitting a contributor's data over rows of a datanet gains nothing under `datanet`, and does under `contributor`. */
static void only_contributor_rewards_a_split(void **state) {
  (void)state;
  static const row whole[] = {{9, 1, 0}, {2, 1, 3}}, split[] = {{9, 1, 0}, {2, 1, 8}, {3, 1, -5}};
  const int16_t v[] = {1};
  static const ol_attribution_weight own[] = {{{{2}}, 1, 3}}, more[] = {{{{2}}, 1, 8}},
                                     net[] = {{{{9}}, 1, 3}};
  expect_weights(begin(table_of(whole, 2, 1), OL_CLIP_CONTRIBUTOR, v, 1), own, 1);
  expect_weights(begin(table_of(split, 3, 1), OL_CLIP_CONTRIBUTOR, v, 1), more, 1);
  expect_weights(begin(table_of(whole, 2, 1), OL_CLIP_DATANET, v, 1), net, 1);
  expect_weights(begin(table_of(split, 3, 1), OL_CLIP_DATANET, v, 1), net, 1);
}

static void extremes_do_not_overflow(void **state) {
  (void)state;
  static int16_t v[D_MAX];
  static row rows[6];
  for (size_t k = 0; k < D_MAX; k++) v[k] = INT16_MIN;
  for (uint8_t i = 0; i < 6; i++) rows[i] = (row){(uint8_t)(i + 1), 3, INT16_MIN};
  ol_influence *influence = begin(table_of(rows, 6, D_MAX), OL_CLIP_DATANET, v, D_MAX);
  const ol_attribution_weight expected = {{{1}}, 3, 6 * (UINT64_C(1) << 42)};
  expect_weights(influence, &expected, 1);
  for (uint8_t i = 0; i < 6; i++) rows[i].x = INT16_MAX;
  influence = begin(table_of(rows, 6, D_MAX), OL_CLIP_CONTRIBUTOR, v, D_MAX);
  expect_weights(influence, NULL, 0);
  int64_t score;
  assert_int_equal(ol_influence_score(influence, &score, 5), 1);
  assert_true(score == -((INT64_C(1) << 42) - (INT64_C(1) << 27)));
}

static uint32_t noise;

static uint32_t random_below(uint32_t bound) {
  noise = noise * 1664525u + 1013904223u;
  return (uint32_t)((uint64_t)(noise >> 8) * bound >> 24);
}

/* Numbers that differ within a row, and numbers of rows that no block divides. */
static void weights_equal_plain_sums(void **state) {
  (void)state;
  noise = 1;
  for (unsigned round = 0; round < 300; round++) {
    static row rows[ROWS_MAX];
    static int16_t x[ROWS_MAX][40], v[40];
    const uint32_t count = random_below(ROWS_MAX), d = 1 + random_below(40);
    for (uint32_t i = 0; i < count; i++) {
      bool same = i > 0 && random_below(3) > 0;
      rows[i].datanet = i == 0 ? 0 : rows[i - 1].datanet + (same ? 0 : 1);
      rows[i].contributor = same ? (uint8_t)(rows[i - 1].contributor + 1) : 1;
    }
    ol_slice bytes = file_of(rows, count, d);
    for (uint32_t k = 0; k < d; k++) v[k] = (int16_t)(random_below(65536) - 32768);
    for (uint32_t i = 0; i < count; i++) {
      for (uint32_t k = 0; k < d; k++) {
        x[i][k] = (int16_t)(random_below(65536) - 32768);
        put_x(file + FRONT + i * (28 + 2 * d) + 28 + 2 * k, x[i][k]);
      }
    }
    ol_hash root;
    ol_influence_table *table = NULL;
    assert_int_equal(ol_influence_table_root(&error, &root, bytes), OL_OK);
    memcpy(file + 5 + 70, root.bytes, 32);
    uint8_t *own = (uint8_t *)malloc(ol_influence_table_size(bytes.len)); /* so that sanitizers see its end */
    assert_int_equal(
        ol_influence_table_read(&error, &table, &reason, bytes, own, ol_influence_table_size(bytes.len)),
        OL_OK);
    for (uint32_t clipping = 0; clipping < 2; clipping++) {
      ol_attribution_weight expected[ROWS_MAX];
      size_t len = 0;
      for (uint32_t i = 0; i < count;) {
        const uint32_t first = i;
        int64_t sum = 0;
        do {
          for (uint32_t k = 0; k < d; k++) sum += (int64_t)x[i][k] * v[k];
          i++;
        } while (clipping == OL_CLIP_DATANET && i < count && rows[i].datanet == rows[first].datanet);
        if (sum > 0)
          expected[len++] =
              (ol_attribution_weight){{{rows[first].contributor}}, rows[first].datanet, (uint64_t)sum};
      }
      expect_weights(begin(table, clipping, v, d), expected, len);
    }
    free(own);
  }
}

static void what_cannot_be_weighed_is_refused(void **state) {
  (void)state;
  const ol_influence_table *table = table_of(sample, SAMPLE, SAMPLE_D);
  static const uint8_t vector[2 * SAMPLE_D + 2];
  ol_influence *influence = NULL;
  for (size_t len = 0; len <= sizeof vector; len++) {
    if (len == 2 * SAMPLE_D) continue;
    assert_int_equal(ol_influence_begin(&error, &influence, table, 0, ol_slice_of(vector, len), weigh_memory,
                                        sizeof weigh_memory),
                     OL_ERR_PROOF);
    assert_string_equal(error.part, "v");
  }
  const ol_slice v = ol_slice_of(vector, 2 * SAMPLE_D);
  assert_int_equal(ol_influence_begin(&error, &influence, table, 2, v, weigh_memory, sizeof weigh_memory),
                   OL_ERR_ARGUMENT);
  assert_int_equal(ol_influence_begin(&error, &influence, table, 0, v, weigh_memory, 8192), OL_ERR_MEMORY);
  assert_null(influence);
  assert_true(ol_influence_size() <= 9 << 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(header_is_106_bytes_in_order),
      cmocka_unit_test(header_out_of_range_is_refused),
      cmocka_unit_test(hashes_have_their_words),
      cmocka_unit_test(rows_are_read),
      cmocka_unit_test(root_is_that_of_the_document),
      cmocka_unit_test(file_of_another_form_is_refused),
      cmocka_unit_test(rows_out_of_order_are_refused),
      cmocka_unit_test(rows_in_order_are_accepted),
      cmocka_unit_test(changed_bytes_show),
      cmocka_unit_test(memory_is_as_said),
      cmocka_unit_test(contributor_clips_each_row),
      cmocka_unit_test(datanet_clips_the_sum),
      cmocka_unit_test(only_contributor_rewards_a_split),
      cmocka_unit_test(extremes_do_not_overflow),
      cmocka_unit_test(weights_equal_plain_sums),
      cmocka_unit_test(what_cannot_be_weighed_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
