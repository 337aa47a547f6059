/* SPDX-License-Identifier: MIT */
#include "influence/ranks.h"

#include "influence/datainf.h"

#include <math.h>

#define GOAL 0.9 /* at d = 512 */

void *ranks_zeros(size_t count, size_t size) {
  void *memory = calloc(count, size);
  MUST(memory != NULL);
  return memory;
}

ranks_task ranks_task_new(const char *name, uint32_t layers, const uint64_t *layer_len, size_t rows,
                          size_t of_row, size_t queries) {
  ranks_task made = {.name = name, .layers = layers, .rows = rows, .of_row = of_row, .queries = queries};
  for (uint32_t i = 0; i < layers; i++) made.len += made.layer_len[i] = layer_len[i];
  made.samples = (double *)ranks_zeros(rows * of_row * made.len, sizeof(double));
  made.query = (double *)ranks_zeros(queries * made.len, sizeof(double));
  return made;
}

void ranks_task_free(ranks_task *of) {
  free(of->samples);
  free(of->query);
}

/* --- DataInf against the file --- */

static ol_address address_of(size_t row) {
  ol_address address = {{0}};
  address.bytes[18] = (uint8_t)(row >> 8);
  address.bytes[19] = (uint8_t)row;
  return address;
}

void ranks_reference(double *out, const ranks_task *of) {
  const datainf samples = {of->samples, of->rows * of->of_row, of->len, of->layer_len, of->layers};
  double *h = (double *)ranks_zeros(of->len, sizeof *h);
  for (size_t q = 0; q < of->queries; q++) {
    datainf_query(h, &samples, of->query + q * of->len);
    for (size_t k = 0; k < samples.n; k++)
      out[q * of->rows + k / of->of_row] += datainf_dot(h, of->samples + k * of->len, of->len);
  }
  free(h);
}

ol_influence_maker *ranks_make(const ranks_task *of, const ol_influence_options *options) {
  ol_error error;
  ol_influence_maker *maker;
  const ol_address first = address_of(0);
  MUST(ol_influence_maker_new(&error, &maker, options) == OL_OK);
  for (size_t k = 0; k < of->rows * of->of_row; k++) {
    const ol_address contributor = address_of(k / of->of_row);
    MUST(ol_influence_maker_add(&error, maker, &contributor, 1, of->samples + k * of->len) == OL_OK);
  }
  for (size_t k = 0; k < of->rows * of->of_row; k++)
    MUST(ol_influence_maker_again(&error, maker, of->samples + k * of->len) == OL_OK);
  MUST(ol_influence_maker_payout(&error, maker, 1, &first) == OL_OK);
  MUST(ol_influence_maker_finish(&error, maker) == OL_OK);
  MUST(ol_influence_maker_rows(maker) == of->rows);
  return maker;
}

void ranks_sketched(double *out, const ranks_task *of, const ol_influence_maker *maker,
                    const ol_influence_options *options, ol_slice file) {
  ol_error error;
  ol_influence_table *table;
  uint32_t reason;
  const size_t size = ol_influence_table_size(file.len);
  uint8_t *memory = (uint8_t *)ranks_zeros(1, size), weighing[9 << 10], v[2 * OL_GRADIENT_DIMENSIONS];
  double sketch[OL_GRADIENT_DIMENSIONS];
  MUST(ol_influence_table_read(&error, &table, &reason, file, memory, size) == OL_OK);
  for (size_t q = 0; q < of->queries; q++) {
    ol_influence *influence;
    const double *lambdas = ol_influence_maker_lambdas(maker);
    MUST(ol_influence_sketch(&error, sketch, options, lambdas, of->query + q * of->len) == OL_OK);
    ol_influence_vector(v, sketch, options->d);
    MUST(ol_influence_begin(&error, &influence, table, OL_CLIP_CONTRIBUTOR, (ol_slice){v, 2 * options->d},
                            weighing, sizeof weighing) == OL_OK);
    for (uint32_t row = 0; row < of->rows; row++) {
      int64_t score;
      MUST(ol_influence_score(influence, &score, row) == 1);
      out[q * of->rows + row] = (double)score;
    }
  }
  free(memory);
}

/* Of the part of the reward that goes to each row, how much goes to others: half the sum of differences of shares. */
static double misplaced(const double *found, const double *expected, size_t rows) {
  double found_sum = 0, expected_sum = 0, sum = 0;
  for (size_t i = 0; i < rows; i++) {
    found_sum += fmax(0, found[i]);
    expected_sum += fmax(0, expected[i]);
  }
  for (size_t i = 0; i < rows; i++)
    sum += fabs(fmax(0, found[i]) / found_sum - fmax(0, expected[i]) / expected_sum) / 2;
  return sum;
}

typedef struct figures {
  double mean, least, algebra, misplaced;
} figures;

static figures compare(const ranks_task *of, const double *expected, uint32_t d) {
  const ol_influence_options options = {
      .seed = {{0x0d, (uint8_t)d}}, .d = d, .layers = of->layers, .layer_len = of->layer_len};
  ol_influence_maker *maker = ranks_make(of, &options);
  ol_error error;
  ol_slice file;
  figures out = {.least = 1};
  double *found = (double *)ranks_zeros(of->queries * of->rows, sizeof *found);
  MUST(ol_influence_maker_file(&error, maker, &file, ol_influence_maker_scale(maker)) == OL_OK);
  ranks_sketched(found, of, maker, &options, file);
  for (size_t q = 0; q < of->queries; q++) {
    const double rho = datainf_spearman(found + q * of->rows, expected + q * of->rows, of->rows);
    out.mean += rho / (double)of->queries;
    out.least = rho < out.least ? rho : out.least;
    out.misplaced += misplaced(found + q * of->rows, expected + q * of->rows, of->rows) / (double)of->queries;
    double worst = 0, largest = 0;
    for (uint32_t row = 0; row < of->rows; row++) {
      const double exact =
          datainf_dot(of->query + q * of->len, ol_influence_maker_exact(maker, row), of->len);
      worst = fmax(worst, fabs(exact - expected[q * of->rows + row]));
      largest = fmax(largest, fabs(expected[q * of->rows + row]));
    }
    out.algebra = fmax(out.algebra, worst / largest);
  }
  free(found);
  ol_influence_maker_free(maker);
  return out;
}

bool ranks_report(const ranks_task *of, bool is_long) {
  static const uint32_t widths[] = {64, 128, 256, 512, 1024, 2048};
  bool good = true;
  double *expected = (double *)ranks_zeros(of->queries * of->rows, sizeof *expected);
  ranks_reference(expected, of);
  printf("%s: %zu parameters, %zu rows of %zu samples, %zu queries\n", of->name, of->len, of->rows,
         of->of_row, of->queries);
  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
    if (!is_long && widths[i] != 512) continue;
    const figures found = compare(of, expected, widths[i]);
    printf("  d = %4u  Spearman mean %.4f least %.4f  misplaced %.4f  algebra %.1e\n", widths[i], found.mean,
           found.least, found.misplaced, found.algebra);
    if (found.algebra > 1e-9 || (widths[i] == 512 && !(found.mean >= GOAL))) good = false;
  }
  fflush(stdout);
  free(expected);
  return good;
}
