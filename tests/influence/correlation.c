/* SPDX-License-Identifier: MIT */

/*
 * How well a table ranks contributors: Spearman's correlation, over rows, of what a light client computes from the file and v
 * with DataInf in doubles; on synthetic gradients, and on small models of text.
 *
 *   correlation synthetic | words | recorded | truth
 *
 * `words` needs nothing but sdk/words; `recorded` reads $OL_VECTORS, and is skipped (77) without.
 */
#include "openledger/influence_table.h"

#include "influence/datainf.h"
#include "influence/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOAL 0.9 /* at d = 512 */

#define MUST(condition)                                                                                      \
  do {                                                                                                       \
    if (!(condition)) {                                                                                      \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                        \
      exit(1);                                                                                               \
    }                                                                                                        \
  } while (0)

static void *zeros(size_t count, size_t size) {
  void *memory = calloc(count, size);
  MUST(memory != NULL);
  return memory;
}

/* Samples of rows, as many for each, one row behind the other, and queries. */
typedef struct task {
  const char *name;
  uint32_t layers;
  uint64_t layer_len[2];
  size_t len;
  size_t rows, of_row; /* samples of each row */
  double *samples;
  size_t queries;
  double *query;
} task;

static task task_new(const char *name, uint32_t layers, const uint64_t *layer_len, size_t rows, size_t of_row,
                     size_t queries) {
  task made = {.name = name, .layers = layers, .rows = rows, .of_row = of_row, .queries = queries};
  for (uint32_t i = 0; i < layers; i++) made.len += made.layer_len[i] = layer_len[i];
  made.samples = (double *)zeros(rows * of_row * made.len, sizeof(double));
  made.query = (double *)zeros(queries * made.len, sizeof(double));
  return made;
}

static void task_free(task *of) {
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

/* Out: what each row is worth to each query, by the formula: queries * rows. */
static void reference(double *out, const task *of) {
  const datainf samples = {of->samples, of->rows * of->of_row, of->len, of->layer_len, of->layers};
  double *h = (double *)zeros(of->len, sizeof *h);
  for (size_t q = 0; q < of->queries; q++) {
    datainf_query(h, &samples, of->query + q * of->len);
    for (size_t k = 0; k < samples.n; k++)
      out[q * of->rows + k / of->of_row] += datainf_dot(h, of->samples + k * of->len, of->len);
  }
  free(h);
}

static ol_influence_maker *make(const task *of, const ol_influence_options *options) {
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

/* Out: what a light client computes: queries * rows. */
static void sketched(double *out, const task *of, const ol_influence_maker *maker,
                     const ol_influence_options *options, ol_slice file) {
  ol_error error;
  ol_influence_table *table;
  uint32_t reason;
  const size_t size = ol_influence_table_size(file.len);
  uint8_t *memory = (uint8_t *)zeros(1, size), weighing[9 << 10], v[2 * OL_GRADIENT_DIMENSIONS];
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

static figures compare(const task *of, const double *expected, uint32_t d) {
  const ol_influence_options options = {
      .seed = {{0x0d, (uint8_t)d}}, .d = d, .layers = of->layers, .layer_len = of->layer_len};
  ol_influence_maker *maker = make(of, &options);
  ol_error error;
  ol_slice file;
  figures out = {.least = 1};
  double *found = (double *)zeros(of->queries * of->rows, sizeof *found);
  MUST(ol_influence_maker_file(&error, maker, &file, ol_influence_maker_scale(maker)) == OL_OK);
  sketched(found, of, maker, &options, file);
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

/* Prints all widths. Returns: whether the formula is met to nine digits, and the ranks at d = 512. */
static bool report(const task *of) {
  static const uint32_t widths[] = {64, 128, 256, 512, 1024, 2048};
  bool good = true;
  double *expected = (double *)zeros(of->queries * of->rows, sizeof *expected);
  reference(expected, of);
  printf("%s: %zu parameters, %zu rows of %zu samples, %zu queries\n", of->name, of->len, of->rows,
         of->of_row, of->queries);
  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
    const figures found = compare(of, expected, widths[i]);
    printf("  d = %4u  Spearman mean %.4f least %.4f  misplaced %.4f  algebra %.1e\n", widths[i], found.mean,
           found.least, found.misplaced, found.algebra);
    if (found.algebra > 1e-9 || (widths[i] == 512 && !(found.mean >= GOAL))) good = false;
  }
  fflush(stdout);
  free(expected);
  return good;
}

/* --- Synthetic gradients: clusters in two layers of different size --- */

static bool synthetic(void) {
  enum { CLUSTERS = 8, ROWS = 64, OF_ROW = 12, QUERIES = 30 };
  const uint64_t layer_len[] = {3000, 1000};
  uint64_t seed = 1;
  task of = task_new("clusters", 2, layer_len, ROWS, OF_ROW, QUERIES);
  double *centres = (double *)zeros(CLUSTERS * of.len, sizeof *centres);
  for (size_t i = 0; i < CLUSTERS * of.len; i++) centres[i] = datainf_normal(&seed);
  for (size_t row = 0; row < ROWS; row++) {
    double mix[CLUSTERS];
    for (size_t c = 0; c < CLUSTERS; c++)
      mix[c] = (c == row % CLUSTERS ? 1 : 0) + 0.3 * datainf_normal(&seed);
    for (size_t k = row * OF_ROW; k < (row + 1) * OF_ROW; k++) {
      for (size_t i = 0; i < of.len; i++) {
        double number = datainf_normal(&seed);
        for (size_t c = 0; c < CLUSTERS; c++) number += mix[c] * centres[c * of.len + i];
        of.samples[k * of.len + i] = number * (i < layer_len[0] ? 1e-4 : 3e-2);
      }
    }
  }
  for (size_t q = 0; q < QUERIES; q++) {
    double mix[CLUSTERS];
    for (size_t c = 0; c < CLUSTERS; c++) mix[c] = datainf_normal(&seed);
    for (size_t i = 0; i < of.len; i++) {
      double number = datainf_normal(&seed);
      for (size_t c = 0; c < CLUSTERS; c++) number += mix[c] * centres[c * of.len + i];
      of.query[q * of.len + i] = number * (i < layer_len[0] ? 1e-4 : 3e-2);
    }
  }
  free(centres);
  const bool good = report(&of);
  task_free(&of);
  return good;
}

/* --- Models of text --- */

enum { PASSAGE = 64 };

/* Text of one kind, of which parts are taken one behind the other. */
typedef struct source {
  uint8_t *classes;
  size_t len;
  size_t used;
} source;

static text_passage take(source *from, size_t len) {
  MUST(from->len - from->used >= TEXT_FRONT + len);
  const text_passage passage = {from->classes + from->used + TEXT_FRONT, len};
  from->used += TEXT_FRONT + len;
  return passage;
}

static bool read_source(source *out, FILE *file, size_t most) {
  if (file == NULL) return false;
  out->classes = (uint8_t *)zeros(1, most);
  out->len = fread(out->classes, 1, most, file);
  text_classes(out->classes, out->len);
  return out->len == most;
}

/* Words of a list, of which each is as likely as any other. */
static source words_of(const char *language, size_t len, uint64_t seed) {
  char path[512];
  static char list[1 << 16];
  (void)snprintf(path, sizeof path, "%s/../sdk/words/%s.txt", OL_TESTS_DIR, language);
  FILE *file = fopen(path, "r");
  MUST(file != NULL);
  const size_t list_len = fread(list, 1, sizeof list - 1, file);
  MUST(list_len > 0 && list_len < sizeof list - 1);
  fclose(file);
  source out = {.classes = (uint8_t *)zeros(1, len), .len = len};
  for (size_t at = 0; at < len;) {
    size_t word = (size_t)(datainf_uniform(&seed) * (double)list_len);
    while (word > 0 && list[word - 1] != '\n') word--;
    while (at < len && list[word] != '\n' && list[word] != '\0') out.classes[at++] = (uint8_t)list[word++];
    if (at < len) out.classes[at++] = ' ';
  }
  text_classes(out.classes, len);
  return out;
}

/* Contributors by turns have passages of each source, and so have queries; the rest trains what is frozen. */
typedef struct texts {
  text_passage *of_base, *of_rows, *of_queries;
  size_t base_count, row_count, query_count, rows, of_row;
} texts;

static texts split(source *sources, size_t count, size_t rows, size_t of_row, size_t queries, size_t base) {
  texts out = {
      .base_count = base, .row_count = rows * of_row, .query_count = queries, .rows = rows, .of_row = of_row};
  out.of_base = (text_passage *)zeros(base, sizeof(text_passage));
  out.of_rows = (text_passage *)zeros(out.row_count, sizeof(text_passage));
  out.of_queries = (text_passage *)zeros(queries, sizeof(text_passage));
  for (size_t i = 0; i < base; i++) out.of_base[i] = take(&sources[i % count], PASSAGE);
  for (size_t i = 0; i < out.row_count; i++) out.of_rows[i] = take(&sources[i / of_row % count], PASSAGE);
  for (size_t i = 0; i < queries; i++) out.of_queries[i] = take(&sources[i % count], 4 * PASSAGE);
  return out;
}

static void texts_free(texts *of) {
  free(of->of_base);
  free(of->of_rows);
  free(of->of_queries);
}

static task task_of(const char *name, const text_model *model, const texts *of) {
  task out = task_new(name, model->layers, model->layer_len, of->rows, of->of_row, of->query_count);
  for (size_t i = 0; i < of->row_count; i++)
    (void)text_loss(model, of->of_rows[i], out.samples + i * out.len, 1);
  for (size_t i = 0; i < of->query_count; i++)
    (void)text_loss(model, of->of_queries[i], out.query + i * out.len, 1);
  return out;
}

static double mean_loss(const text_model *model, const text_passage *passages, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += text_loss(model, passages[i], NULL, 0);
  return sum / (double)count;
}

/* Softmax regression trained on contributors' text; then a base trained on other text, and adapters on contributors'. */
static bool models(const char *name, source *sources, size_t count) {
  texts of = split(sources, count, 32, 20, 30, 300);
  char title[64];
  text_model whole = text_model_new(NULL, 1), base = text_model_new(NULL, 2);
  text_train(&whole, of.of_rows, of.row_count, 10, 0.3, 3);
  (void)snprintf(title, sizeof title, "%s, softmax regression", name);
  printf("loss of queries %.3f\n", mean_loss(&whole, of.of_queries, of.query_count));
  task regression = task_of(title, &whole, &of);
  bool good = report(&regression);
  text_train(&base, of.of_base, of.base_count, 10, 0.3, 4);
  text_model adapter = text_model_new(base.trained, 5);
  const double before = mean_loss(&adapter, of.of_queries, of.query_count);
  text_train(&adapter, of.of_rows, of.row_count, 10, 0.1, 6);
  printf("loss of queries %.3f before, %.3f after training adapters\n", before,
         mean_loss(&adapter, of.of_queries, of.query_count));
  (void)snprintf(title, sizeof title, "%s, adapters of rank %d", name, TEXT_RANK);
  task adapted = task_of(title, &adapter, &of);
  good = report(&adapted) && good;
  task_free(&regression);
  task_free(&adapted);
  text_model_free(&whole);
  text_model_free(&base);
  text_model_free(&adapter);
  texts_free(&of);
  return good;
}

static bool words(void) {
  static const char *const languages[] = {"czech", "french", "italian", "portuguese", "spanish", "turkish"};
  enum { LANGUAGES = sizeof languages / sizeof languages[0] };
  source sources[LANGUAGES];
  for (size_t i = 0; i < LANGUAGES; i++) sources[i] = words_of(languages[i], 40000, i + 1);
  const bool good = models("words of six languages", sources, LANGUAGES);
  for (size_t i = 0; i < LANGUAGES; i++) free(sources[i].classes);
  return good;
}

/* Returns: 77 when there are no recordings. */
static int recorded(void) {
  static const char *const names[] = {"tinyshakespeare", "wikitext2_valid"};
  const char *folder = getenv("OL_VECTORS");
  source sources[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
  for (size_t i = 0; i < 2; i++) {
    char command[1024];
    (void)snprintf(command, sizeof command, "gzip -dc '%s/attribution/%s.txt.gz' 2>/dev/null",
                   folder != NULL ? folder : OL_TESTS_DIR "/../../shared/vectors", names[i]);
    FILE *file = popen(command, "r");
    const bool has_text = read_source(&sources[i], file, 200000);
    if (file != NULL) (void)pclose(file);
    if (!has_text) {
      printf("skipped: %s is not there\n", names[i]);
      for (size_t k = 0; k <= i; k++) free(sources[k].classes);
      return 77;
    }
  }
  const bool good = models("recorded text", sources, 2);
  for (size_t i = 0; i < 2; i++) free(sources[i].classes);
  return good ? 0 : 1;
}

int main(int argc, char **argv) {
  const char *what = argc == 2 ? argv[1] : "";
  if (strcmp(what, "synthetic") == 0) return synthetic() ? 0 : 1;
  if (strcmp(what, "words") == 0) return words() ? 0 : 1;
  if (strcmp(what, "recorded") == 0) return recorded();
  fprintf(stderr, "usage: %s synthetic | words | recorded\n", argv[0]);
  return 2;
}
