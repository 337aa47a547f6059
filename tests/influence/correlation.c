/* SPDX-License-Identifier: MIT */

/*
 * How well a table ranks contributors: Spearman's correlation, over rows, of what a light client computes from the file and v
 * with DataInf in doubles; on synthetic gradients, and on small models of text.
 *
 *   correlation synthetic|words|recorded|truth [long]
 *
 * `words` needs nothing but sdk/words; `recorded` reads $OL_VECTORS, and is skipped (77) without;
 * `long` has all widths.
 */
#include "influence/datainf.h"
#include "influence/ranks.h"
#include "influence/text.h"

#include <string.h>

/* --- Synthetic gradients: clusters in two layers of different size --- */

static bool synthetic(bool is_long) {
  enum { CLUSTERS = 8, ROWS = 64, OF_ROW = 12, QUERIES = 30 };
  const uint64_t layer_len[] = {3000, 1000};
  uint64_t seed = 1;
  ranks_task of = ranks_task_new("clusters", 2, layer_len, ROWS, OF_ROW, QUERIES);
  double *centres = (double *)ranks_zeros(CLUSTERS * of.len, sizeof *centres);
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
  const bool good = ranks_report(&of, is_long);
  ranks_task_free(&of);
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
  out->classes = (uint8_t *)ranks_zeros(1, most);
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
  source out = {.classes = (uint8_t *)ranks_zeros(1, len), .len = len};
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
  out.of_base = (text_passage *)ranks_zeros(base, sizeof(text_passage));
  out.of_rows = (text_passage *)ranks_zeros(out.row_count, sizeof(text_passage));
  out.of_queries = (text_passage *)ranks_zeros(queries, sizeof(text_passage));
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

static ranks_task task_of(const char *name, const text_model *model, const texts *of) {
  ranks_task out =
      ranks_task_new(name, model->layers, model->layer_len, of->rows, of->of_row, of->query_count);
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
static bool models(const char *name, source *sources, size_t count, bool is_long) {
  texts of = split(sources, count, 32, 20, 30, 300);
  char title[64];
  text_model whole = text_model_new(NULL, 1), base = text_model_new(NULL, 2);
  text_train(&whole, of.of_rows, of.row_count, 10, 0.3, 3);
  (void)snprintf(title, sizeof title, "%s, softmax regression", name);
  printf("loss of queries %.3f\n", mean_loss(&whole, of.of_queries, of.query_count));
  ranks_task regression = task_of(title, &whole, &of);
  bool good = ranks_report(&regression, is_long);
  text_train(&base, of.of_base, of.base_count, 10, 0.3, 4);
  text_model adapter = text_model_new(base.trained, 5);
  const double before = mean_loss(&adapter, of.of_queries, of.query_count);
  text_train(&adapter, of.of_rows, of.row_count, 10, 0.1, 6);
  printf("loss of queries %.3f before, %.3f after training adapters\n", before,
         mean_loss(&adapter, of.of_queries, of.query_count));
  (void)snprintf(title, sizeof title, "%s, adapters of rank %d", name, TEXT_RANK);
  ranks_task adapted = task_of(title, &adapter, &of);
  good = ranks_report(&adapted, is_long) && good;
  ranks_task_free(&regression);
  ranks_task_free(&adapted);
  text_model_free(&whole);
  text_model_free(&base);
  text_model_free(&adapter);
  texts_free(&of);
  return good;
}

static bool words(bool is_long) {
  static const char *const languages[] = {"czech", "french", "italian", "portuguese", "spanish", "turkish"};
  enum { LANGUAGES = sizeof languages / sizeof languages[0] };
  source sources[LANGUAGES];
  for (size_t i = 0; i < LANGUAGES; i++) sources[i] = words_of(languages[i], 40000, i + 1);
  const bool good = models("words of six languages", sources, LANGUAGES, is_long);
  for (size_t i = 0; i < LANGUAGES; i++) free(sources[i].classes);
  return good;
}

/* Returns: 77 when there are no recordings. */
static int recorded(bool is_long) {
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
  const bool good = models("recorded text", sources, 2, is_long);
  for (size_t i = 0; i < 2; i++) free(sources[i].classes);
  return good ? 0 : 1;
}

/* --- What leaving a contributor out and training again does --- */

typedef struct truths {
  size_t rows, queries;
  double *truth, *exact, *sketch, *plain; /* queries * rows each; plain is v . g, as if H did nothing */
} truths;

static void leave_out(truths *out, const text_model *full, const texts *of) {
  double *before = (double *)ranks_zeros(of->query_count, sizeof *before);
  for (size_t q = 0; q < of->query_count; q++) before[q] = text_loss(full, of->of_queries[q], NULL, 0);
  text_model without = text_model_new(NULL, 1);
  without.decay = full->decay;
  for (size_t row = 0; row < of->rows; row++) {
    memcpy(without.trained, full->trained, full->len * sizeof *full->trained);
    (void)text_settle(&without, of->of_rows, of->row_count, row * of->of_row, of->of_row, 200);
    for (size_t q = 0; q < of->query_count; q++)
      out->truth[q * of->rows + row] = text_loss(&without, of->of_queries[q], NULL, 0) - before[q];
  }
  text_model_free(&without);
  free(before);
}

static double mean_spearman(const truths *of, const double *found) {
  double sum = 0;
  for (size_t q = 0; q < of->queries; q++)
    sum += datainf_spearman(found + q * of->rows, of->truth + q * of->rows, of->rows);
  return sum / (double)of->queries;
}

static void estimate(truths *out, const ranks_task *of) {
  const ol_influence_options options = {
      .seed = {{9}}, .d = 512, .layers = of->layers, .layer_len = of->layer_len};
  ol_influence_maker *maker = ranks_make(of, &options);
  ol_error error;
  ol_slice file;
  MUST(ol_influence_maker_file(&error, maker, &file, ol_influence_maker_scale(maker)) == OL_OK);
  ranks_sketched(out->sketch, of, maker, &options, file);
  ranks_reference(out->exact, of);
  for (size_t q = 0; q < of->queries; q++)
    for (size_t k = 0; k < of->rows * of->of_row; k++)
      out->plain[q * of->rows + k / of->of_row] +=
          datainf_dot(of->query + q * of->len, of->samples + k * of->len, of->len);
  ol_influence_maker_free(maker);
}

static bool truth(void) {
  static const char *const languages[] = {"czech", "italian", "spanish"};
  source sources[3];
  for (size_t i = 0; i < 3; i++) sources[i] = words_of(languages[i], 20000, i + 1);
  texts of = split(sources, 3, 12, 8, 20, 0);
  text_model full = text_model_new(NULL, 1);
  full.decay = 0.01;
  const unsigned steps = text_settle(&full, of.of_rows, of.row_count, 0, 0, 600);
  ranks_task small = task_of("leaving out", &full, &of);
  const size_t count = of.rows * of.query_count;
  double *numbers = (double *)ranks_zeros(4 * count, sizeof *numbers);
  truths all = {of.rows, of.query_count, numbers, numbers + count, numbers + 2 * count, numbers + 3 * count};
  leave_out(&all, &full, &of);
  estimate(&all, &small);
  const double exact = mean_spearman(&all, all.exact), sketch = mean_spearman(&all, all.sketch);
  printf("%zu rows of %zu samples, %zu queries, %u steps to settle; Spearman to what leaving out does:\n",
         of.rows, of.of_row, of.query_count, steps);
  printf("  DataInf %.4f  sketch, d = 512 %.4f  plain dot product %.4f\n", exact, sketch,
         mean_spearman(&all, all.plain));
  free(numbers);
  ranks_task_free(&small);
  text_model_free(&full);
  texts_free(&of);
  for (size_t i = 0; i < 3; i++) free(sources[i].classes);
  return exact > 0.5 && sketch > 0.5;
}

int main(int argc, char **argv) {
  const char *what = argc >= 2 ? argv[1] : "";
  const bool is_long = argc == 3 && strcmp(argv[2], "long") == 0;
  if (strcmp(what, "synthetic") == 0) return synthetic(is_long) ? 0 : 1;
  if (strcmp(what, "words") == 0) return words(is_long) ? 0 : 1;
  if (strcmp(what, "recorded") == 0) return recorded(is_long);
  if (strcmp(what, "truth") == 0) return truth() ? 0 : 1;
  fprintf(stderr, "usage: %s synthetic|words|recorded|truth [long]\n", argv[0]);
  return 2;
}
