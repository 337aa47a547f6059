/* SPDX-License-Identifier: MIT */
#include "openledger/influence_table.h"

#include "influence/datainf.h"
#include "unit/bytes.h"

#include <math.h>

/* What a maker makes is DataInf to nine digits before it is rounded, and to the byte after it (docs/influence.md). */

enum { LAYERS = 3, LEN = 7 + 12 + 6, N = 60, D = 300 };

static const uint64_t layer_len[LAYERS] = {7, 12, 6};
static const ol_influence_options options = {
    .adapter = {{0xad}}, .seed = {{1, 2, 3}}, .d = D, .layers = LAYERS, .layer_len = layer_len};
static double samples[N * LEN];
static ol_error error;

/* Layers of different sizes, the third without any gradient. */
static void make_samples(uint64_t seed) {
  for (size_t i = 0; i < N * LEN; i++) {
    const size_t place = i % LEN;
    samples[i] = place >= 19 ? 0 : datainf_normal(&seed) * (place < 7 ? 1e-3 : 20);
  }
}

static ol_address address_of(uint8_t byte) {
  ol_address address;
  memset(address.bytes, byte, sizeof address.bytes);
  return address;
}

/* Sample k is of contributor 1 to 3 in datanet 5 or 6. */
static ol_address contributor_of(size_t k) {
  return address_of((uint8_t)(1 + k % 3));
}

static uint64_t datanet_of(size_t k) {
  return 5 + k / 3 % 2;
}

static void add_all(ol_influence_maker *maker) {
  for (size_t k = 0; k < N; k++) {
    const ol_address contributor = contributor_of(k);
    assert_int_equal(ol_influence_maker_add(&error, maker, &contributor, datanet_of(k), samples + k * LEN),
                     OL_OK);
  }
}

static void add_again(ol_influence_maker *maker) {
  for (size_t k = N; k-- > 0;) /* in another order */
    assert_int_equal(ol_influence_maker_again(&error, maker, samples + k * LEN), OL_OK);
}

static void tell_payouts(ol_influence_maker *maker) {
  const ol_address five = address_of(2), six = address_of(9);
  assert_int_equal(ol_influence_maker_payout(&error, maker, 5, &five), OL_OK);
  assert_int_equal(ol_influence_maker_payout(&error, maker, 6, &six), OL_OK);
}

static ol_influence_maker *new_maker(void) {
  ol_influence_maker *maker = NULL;
  assert_int_equal(ol_influence_maker_new(&error, &maker, &options), OL_OK);
  return maker;
}

static ol_influence_maker *finished(void) {
  ol_influence_maker *maker = new_maker();
  add_all(maker);
  add_again(maker);
  tell_payouts(maker);
  assert_int_equal(ol_influence_maker_finish(&error, maker), OL_OK);
  return maker;
}

/* Rows of the table that comes of it: whose, and where. */
static const struct {
  uint8_t contributor;
  uint64_t datanet;
} order[] = {{2, 5}, {1, 5}, {3, 5}, {9, 6}, {1, 6}, {2, 6}, {3, 6}};
enum { COUNT = sizeof order / sizeof order[0] };

static void assert_close(double found, double expected, double size) {
  if (fabs(found - expected) > 1e-9 * size) fail_msg("%.17g is not %.17g", found, expected);
}

static void expect_refusal(ol_status status, const char *part, const char *reason) {
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, part);
  assert_int_equal(status, OL_ERR_ARGUMENT);
}

/* --- DataInf --- */

static void table_path_is_the_formula(void **state) {
  (void)state;
  make_samples(1);
  ol_influence_maker *maker = finished();
  const datainf reference = {samples, N, LEN, layer_len, LAYERS};
  assert_int_equal(ol_influence_maker_rows(maker), COUNT);
  uint64_t seed = 2;
  for (unsigned round = 0; round < 20; round++) {
    double v[LEN], h[LEN];
    for (size_t i = 0; i < LEN; i++) v[i] = datainf_normal(&seed);
    datainf_query(h, &reference, v);
    for (uint32_t row = 0; row < COUNT; row++) {
      double expected = 0, size = 0;
      for (size_t k = 0; k < N; k++) {
        if (contributor_of(k).bytes[0] != order[row].contributor || datanet_of(k) != order[row].datanet)
          continue;
        const double credit = datainf_dot(h, samples + k * LEN, LEN);
        expected += credit;
        size += fabs(credit);
      }
      assert_close(datainf_dot(v, ol_influence_maker_exact(maker, row), LEN), expected, size);
    }
  }
  ol_influence_maker_free(maker);
}

static void lambda_is_a_tenth_of_the_mean_square(void **state) {
  (void)state;
  make_samples(3);
  ol_influence_maker *maker = finished();
  const double *lambdas = ol_influence_maker_lambdas(maker);
  double squares = 0;
  for (size_t k = 0; k < N; k++) squares += datainf_dot(samples + k * LEN + 7, samples + k * LEN + 7, 12);
  assert_close(lambdas[1], squares / (N * 12 * 10), lambdas[1]);
  assert_true(lambdas[2] == 0);
  expect_refusal(ol_influence_maker_finish(&error, maker), "maker", "is finished");
  ol_influence_maker_free(maker);
}

/* Whoever has the gradient of the answer itself raised its score; whoever has the opposite lowered it. */
static void sign_is_as_said(void **state) {
  (void)state;
  make_samples(4);
  double sketch[D];
  for (size_t i = 0; i < LEN; i++)
    samples[LEN + i] = -samples[i]; /* 0 is of contributor 1 of 5, 1 of contributor 2 */
  for (size_t k = 2; k < N; k++)
    for (size_t i = 0; i < LEN; i++) samples[k * LEN + i] *= 0.01;
  ol_influence_maker *maker = finished();
  const double *lambdas = ol_influence_maker_lambdas(maker);
  assert_int_equal(ol_influence_sketch(&error, sketch, &options, lambdas, samples), OL_OK);
  assert_true(datainf_dot(sketch, ol_influence_maker_sketch(maker, 1), D) > 0);
  assert_true(datainf_dot(sketch, ol_influence_maker_sketch(maker, 0), D) < 0);
  ol_influence_maker_free(maker);
}

/* --- The projection --- */

/* As docs/influence.md has it, written anew. */
static double sign_of(uint64_t parameter, uint32_t k) {
  uint8_t text[53] = "ATR1.sign";
  ol_hash hash;
  memcpy(text + 9, options.seed.bytes, 32);
  ol_store_be64(text + 41, parameter);
  ol_store_be32(text + 49, k / 256);
  ol_keccak256(&hash, text, sizeof text);
  return (hash.bytes[k % 256 / 8] & 1 << k % 8) != 0 ? -1 : 1;
}

static void projection_is_that_of_the_document(void **state) {
  (void)state;
  make_samples(5);
  ol_influence_maker *maker = finished();
  const double *lambdas = ol_influence_maker_lambdas(maker);
  double sketch[D];
  assert_int_equal(ol_influence_sketch(&error, sketch, &options, lambdas, samples), OL_OK);
  for (uint32_t k = 0; k < D; k++) {
    double v = 0, x = 0, size = 0;
    for (uint32_t i = 0; i < 19; i++) {
      const double lambda = lambdas[i < 7 ? 0 : 1], exact = ol_influence_maker_exact(maker, 4)[i];
      v += sign_of(i, k) * samples[i] / sqrt(lambda) / sqrt(D);
      x += sign_of(i, k) * exact * sqrt(lambda) / sqrt(D);
      size += fabs(exact) * sqrt(lambda);
    }
    assert_close(sketch[k], v, 1);
    assert_close(ol_influence_maker_sketch(maker, 4)[k], x, size);
  }
  ol_influence_maker_free(maker);
}

/* The first signs of a seed, which other implementations may be compared with. */
static void signs_are_known(void **state) {
  (void)state;
  const uint64_t one = 1;
  const double lambda = 1, gradient = 1;
  double sketch[16];
  ol_influence_options small = {.d = 16, .layers = 1, .layer_len = &one};
  unsigned bits = 0;
  assert_int_equal(ol_influence_sketch(&error, sketch, &small, &lambda, &gradient), OL_OK);
  for (unsigned k = 0; k < 16; k++) {
    assert_true(fabs(sketch[k]) == 0.25);
    if (sketch[k] < 0) bits |= 1u << k;
  }
  assert_int_equal(bits, 0x5b7b);
}

/* --- Rounding --- */

static int16_t x_at(ol_slice file, uint32_t row, uint32_t k) {
  const uint8_t *at = file.data + 111 + row * (28 + 2 * D) + 28 + 2 * k;
  return (int16_t)(uint16_t)(at[0] << 8 | at[1]);
}

static void numbers_are_scaled_and_rounded(void **state) {
  (void)state;
  make_samples(6);
  ol_influence_maker *maker = finished();
  const uint32_t scale = ol_influence_maker_scale(maker);
  ol_slice file = {NULL, 0};
  int16_t largest = 0;
  assert_int_equal(ol_influence_maker_file(&error, maker, &file, scale), OL_OK);
  for (uint32_t row = 0; row < COUNT; row++) {
    for (uint32_t k = 0; k < D; k++) {
      const int16_t x = x_at(file, row, k);
      assert_true(x == lround(ol_influence_maker_sketch(maker, row)[k] * scale / 65536));
      if (abs(x) > largest) largest = (int16_t)abs(x);
    }
  }
  assert_true(largest > 32700); /* all of the range is used */
  assert_int_equal(ol_influence_maker_file(&error, maker, &file, scale / 2), OL_OK);
  assert_int_equal(ol_load_be32(file.data + 5 + 66), scale / 2);
  ol_influence_maker_free(maker);
}

static void out_of_range_is_refused(void **state) {
  (void)state;
  make_samples(7);
  ol_influence_maker *maker = finished();
  ol_slice file = {NULL, 0};
  const uint32_t scale = ol_influence_maker_scale(maker);
  assert_int_equal(ol_influence_maker_file(&error, maker, &file, scale + scale / 1000), OL_ERR_LIMIT);
  assert_string_equal(error.part, "row");
  assert_true(error.item < COUNT);
  assert_int_equal(ol_influence_maker_file(&error, maker, &file, UINT32_MAX), OL_ERR_LIMIT);
  assert_int_equal(ol_influence_maker_file(&error, maker, &file, 0), OL_ERR_ARGUMENT);
  assert_null(file.data);
  ol_influence_maker_free(maker);
}

static void vector_uses_the_whole_range(void **state) {
  (void)state;
  uint8_t out[8];
  ol_influence_vector(out, (double[]){2, 1, -1, -2}, 4);
  assert_bytes(out, 8, "7fff4000c0008001"); /* halves go away from 0 */
  ol_influence_vector(out, (double[]){0, 0, 0, 0}, 4);
  assert_bytes(out, 8, "0000000000000000");
  ol_influence_vector(out, (double[]){1e-310, -1e-310, 5e-324, 0}, 4);
  assert_bytes(out, 8, "7fff800100000000");
  ol_influence_vector(out, (double[]){-1e308, 1e308, 1e303, 0}, 4);
  assert_bytes(out, 8, "80017fff00000000");
}

/* --- The file --- */

static void core_reads_what_is_made(void **state) {
  (void)state;
  make_samples(8);
  ol_influence_maker *maker = finished();
  const uint32_t scale = ol_influence_maker_scale(maker);
  ol_slice file;
  assert_int_equal(ol_influence_maker_file(&error, maker, &file, scale), OL_OK);
  uint8_t *memory = (uint8_t *)malloc(ol_influence_table_size(file.len)), weighing[9 << 10], v[2 * D];
  ol_influence_table *table = NULL;
  ol_influence *influence = NULL;
  uint32_t reason;
  assert_int_equal(
      ol_influence_table_read(&error, &table, &reason, file, memory, ol_influence_table_size(file.len)),
      OL_OK);
  ol_gradient_header header;
  ol_influence_table_header(table, &header);
  assert_memory_equal(header.adapter.bytes, options.adapter.bytes, 32);
  assert_memory_equal(header.seed.bytes, options.seed.bytes, 32);
  assert_int_equal(header.scale, scale);
  double sketch[D], size = 0;
  assert_int_equal(ol_influence_sketch(&error, sketch, &options, ol_influence_maker_lambdas(maker), samples),
                   OL_OK);
  ol_influence_vector(v, sketch, D);
  assert_int_equal(ol_influence_begin(&error, &influence, table, OL_CLIP_CONTRIBUTOR,
                                      ol_slice_of(v, sizeof v), weighing, sizeof weighing),
                   OL_OK);
  for (uint32_t k = 0; k < D; k++) size = fabs(sketch[k]) > size ? fabs(sketch[k]) : size;
  for (uint32_t row = 0; row < COUNT; row++) {
    ol_influence_row found;
    int64_t score;
    assert_int_equal(ol_influence_table_row(table, &found, row), 1);
    assert_int_equal(found.contributor.bytes[0], order[row].contributor);
    assert_int_equal(found.datanet, order[row].datanet);
    assert_int_equal(found.is_payout, row == 0 || row == 3);
    assert_int_equal(ol_influence_score(influence, &score, row), 1);
    if (row == 3) assert_true(score == 0); /* this payout address has no samples */
    const double expected = datainf_dot(sketch, ol_influence_maker_sketch(maker, row), D);
    /* Half a unit of each number, of v and of X. */
    assert_true(fabs((double)score / (32767 / size) / (scale / 65536.0) - expected) <=
                D * (size / 2 + size) / (scale / 65536.0));
  }
  free(memory);
  ol_influence_maker_free(maker);
}

/* --- What is refused --- */

static void numbers_must_be_finite(void **state) {
  (void)state;
  ol_influence_maker *maker = new_maker();
  const ol_address one = address_of(1);
  const double lambdas[LAYERS] = {1, 1, 1};
  double bad[LEN] = {0}, out[D];
  bad[20] = NAN;
  make_samples(9);
  expect_refusal(ol_influence_maker_add(&error, maker, &one, 5, bad), "gradient", "is not a finite number");
  assert_int_equal(error.item, 20);
  add_all(maker);
  bad[20] = -INFINITY;
  expect_refusal(ol_influence_maker_again(&error, maker, bad), "gradient", "is not a finite number");
  expect_refusal(ol_influence_sketch(&error, out, &options, lambdas, bad), "gradient",
                 "is not a finite number");
  ol_influence_maker_free(maker);
}

static void passes_must_have_the_same_samples(void **state) {
  (void)state;
  const char *other = "the second pass had not those of the first";
  const ol_address one = address_of(1);
  make_samples(10);
  ol_influence_maker *maker = new_maker();
  expect_refusal(ol_influence_maker_finish(&error, maker), "sample", other);
  expect_refusal(ol_influence_maker_again(&error, maker, samples), "sample",
                 "is one more than the first pass had");
  add_all(maker);
  tell_payouts(maker);
  expect_refusal(ol_influence_maker_finish(&error, maker), "sample", other);
  for (size_t k = 0; k < N; k++) {
    expect_refusal(ol_influence_maker_finish(&error, maker), "sample", other);
    assert_int_equal(ol_influence_maker_again(&error, maker, samples + (k == 7 ? 8 : k) * LEN), OL_OK);
  }
  expect_refusal(ol_influence_maker_add(&error, maker, &one, 5, samples), "sample", "the first pass is over");
  expect_refusal(ol_influence_maker_again(&error, maker, samples), "sample",
                 "is one more than the first pass had");
  expect_refusal(ol_influence_maker_finish(&error, maker), "sample", other);
  ol_slice file;
  expect_refusal(ol_influence_maker_file(&error, maker, &file, 1), "maker", "is not finished");
  assert_int_equal(ol_influence_maker_rows(maker), 0);
  assert_null(ol_influence_maker_exact(maker, 0));
  ol_influence_maker_free(maker);
}

static void payouts_must_be_told(void **state) {
  (void)state;
  const ol_address nine = address_of(9);
  make_samples(11);
  ol_influence_maker *maker = new_maker();
  add_all(maker);
  add_again(maker);
  assert_int_equal(ol_influence_maker_payout(&error, maker, 5, &nine), OL_OK);
  expect_refusal(ol_influence_maker_finish(&error, maker), "row", "its datanet has no payout address");
  expect_refusal(ol_influence_maker_payout(&error, maker, 5, &nine), "payout", "its datanet has one already");
  assert_int_equal(ol_influence_maker_payout(&error, maker, 7, &nine), OL_OK);
  expect_refusal(ol_influence_maker_finish(&error, maker), "payout", "its datanet has no samples");
  ol_influence_maker_free(maker);
}

/* As many rows as a table has, and one more, from samples or for a payout address. */
static void rows_have_a_limit(void **state) {
  (void)state;
  static const uint64_t one = 1;
  const ol_influence_options small = {.d = 1, .layers = 1, .layer_len = &one};
  const double gradient = 0; /* or the second pass would take long */
  ol_influence_maker *maker = NULL;
  ol_address contributor = {{0}};
  assert_int_equal(ol_influence_maker_new(&error, &maker, &small), OL_OK);
  for (uint32_t i = 0; i <= OL_GRADIENT_ROWS; i++) {
    ol_store_be32(contributor.bytes, i);
    assert_int_equal(ol_influence_maker_add(&error, maker, &contributor, 1, &gradient),
                     i < OL_GRADIENT_ROWS ? OL_OK : OL_ERR_LIMIT);
  }
  assert_string_equal(error.part, "row");
  ol_store_be32(contributor.bytes, 7);
  assert_int_equal(ol_influence_maker_add(&error, maker, &contributor, 1, &gradient), OL_OK);
  for (uint32_t i = 0; i <= OL_GRADIENT_ROWS; i++)
    assert_int_equal(ol_influence_maker_again(&error, maker, &gradient), OL_OK);
  ol_store_be32(contributor.bytes, OL_GRADIENT_ROWS);
  assert_int_equal(ol_influence_maker_payout(&error, maker, 1, &contributor), OL_OK);
  assert_int_equal(ol_influence_maker_finish(&error, maker), OL_ERR_LIMIT);
  ol_influence_maker_free(maker);
}

static void options_must_be_in_range(void **state) {
  (void)state;
  static const uint64_t none = 0, most = UINT64_C(1) << 40, two[] = {1, UINT64_C(1) << 40};
  const ol_influence_options cases[] = {
      {.d = 0, .layers = 1, .layer_len = layer_len}, {.d = 4097, .layers = 1, .layer_len = layer_len},
      {.d = 1, .layers = 0, .layer_len = layer_len}, {.d = 1, .layers = 1, .layer_len = &none},
      {.d = 1, .layers = 2, .layer_len = two},
  };
  static const char *const reasons[] = {"d is not 1 to 4,096", "d is not 1 to 4,096", "there are no layers",
                                        "a layer has no parameters, or all have too many",
                                        "a layer has no parameters, or all have too many"};
  ol_influence_maker *maker = NULL;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const double lambda = 1, gradient = 1;
    double out;
    expect_refusal(ol_influence_maker_new(&error, &maker, &cases[i]), "options", reasons[i]);
    expect_refusal(ol_influence_sketch(&error, &out, &cases[i], &lambda, &gradient), "options", reasons[i]);
  }
  assert_null(maker);
  const ol_influence_options large = {.d = 1, .layers = 1, .layer_len = &most};
  assert_int_equal(ol_influence_maker_new(&error, &maker, &large), OL_OK);
  ol_influence_maker_free(maker);
  ol_influence_maker_free(NULL);
}

/* --- Ranks --- */

static void spearman_is_of_ranks(void **state) {
  (void)state;
  assert_close(datainf_spearman((double[]){1, 2, 3, 9}, (double[]){0, 1, 100, 101}, 4), 1, 1);
  assert_close(datainf_spearman((double[]){1, 2, 3}, (double[]){3, 2, 1}, 3), -1, 1);
  assert_close(datainf_spearman((double[]){1, 2, 3, 4}, (double[]){2, 1, 4, 3}, 4), 0.6, 1);
  assert_close(datainf_spearman((double[]){1, 1, 2}, (double[]){1, 2, 3}, 3), sqrt(0.75), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(table_path_is_the_formula),
      cmocka_unit_test(lambda_is_a_tenth_of_the_mean_square),
      cmocka_unit_test(sign_is_as_said),
      cmocka_unit_test(projection_is_that_of_the_document),
      cmocka_unit_test(signs_are_known),
      cmocka_unit_test(numbers_are_scaled_and_rounded),
      cmocka_unit_test(out_of_range_is_refused),
      cmocka_unit_test(vector_uses_the_whole_range),
      cmocka_unit_test(core_reads_what_is_made),
      cmocka_unit_test(numbers_must_be_finite),
      cmocka_unit_test(passes_must_have_the_same_samples),
      cmocka_unit_test(payouts_must_be_told),
      cmocka_unit_test(rows_have_a_limit),
      cmocka_unit_test(options_must_be_in_range),
      cmocka_unit_test(spearman_is_of_ranks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
