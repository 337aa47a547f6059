/* SPDX-License-Identifier: MIT */

/*
 * DataInf over sums: H is linear, so it is applied to a row's sum of gradients and not to each sample. The first pass adds up
 * rows and squares, which gives lambda; the second has for each sample and row one dot product and one addition.
 */
#include "sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEY = 28, FRONT = 5 + OL_GRADIENT_HEADER_BYTES };

/* Samples of a contributor in a datanet. */
typedef struct row {
  ol_address contributor;
  uint64_t datanet;
  bool is_payout;
  double *sum; /* of gradients; in the end of H g */
  double *gap; /* what the second pass takes off: the sum over i of (g_i . sum) / (lambda + |g_i|^2) g_i */
} row;

typedef struct payout {
  uint64_t datanet;
  ol_address address;
} payout;

typedef enum phase { FIRST, SECOND, FINISHED } phase;

struct ol_influence_maker {
  ol_influence_options options;
  uint64_t *layer_len;
  uint64_t len; /* of all parameters */
  phase phase;
  uint64_t samples, again;
  double *squares, *squares_again, *lambdas; /* of each layer */
  row *rows; /* sorted by datanet, contributor; in the end in the table's order */
  uint32_t row_count;
  uint32_t row_room;
  payout *payouts;
  size_t payout_count;
  double *sketches; /* row_count * d */
  uint8_t *file;
};

static ol_status fail(ol_error *error, const char *part, uint32_t item, const char *reason) {
  return ol_sketch_fail(error, OL_ERR_ARGUMENT, part, item, reason);
}

static ol_status no_memory(ol_error *error) {
  return ol_sketch_fail(error, OL_ERR_MEMORY, "maker", OL_NOWHERE, "there is no memory");
}

static ol_status good(ol_error *error) {
  return ol_sketch_fail(error, OL_OK, "", OL_NOWHERE, "");
}

static double *zeros(uint64_t count) {
  return count > SIZE_MAX / sizeof(double) ? NULL : (double *)calloc((size_t)count, sizeof(double));
}

ol_status ol_influence_maker_new(ol_error *error, ol_influence_maker **out,
                                 const ol_influence_options *options) {
  uint64_t len = 0;
  const char *fault = ol_sketch_fault(&len, options);
  if (fault != NULL) return fail(error, "options", OL_NOWHERE, fault);
  ol_influence_maker *maker = (ol_influence_maker *)calloc(1, sizeof *maker);
  if (maker == NULL) return no_memory(error);
  maker->options = *options;
  maker->len = len;
  maker->layer_len = (uint64_t *)calloc(options->layers, sizeof *maker->layer_len);
  maker->squares = zeros(options->layers);
  maker->squares_again = zeros(options->layers);
  maker->lambdas = zeros(options->layers);
  if (maker->layer_len == NULL || maker->squares == NULL || maker->squares_again == NULL ||
      maker->lambdas == NULL) {
    ol_influence_maker_free(maker);
    return no_memory(error);
  }
  memcpy(maker->layer_len, options->layer_len, options->layers * sizeof *maker->layer_len);
  maker->options.layer_len = maker->layer_len;
  *out = maker;
  return good(error);
}

void ol_influence_maker_free(ol_influence_maker *maker) {
  if (maker == NULL) return;
  for (uint32_t i = 0; i < maker->row_count; i++) {
    free(maker->rows[i].sum);
    free(maker->rows[i].gap);
  }
  free(maker->rows);
  free(maker->payouts);
  free(maker->layer_len);
  free(maker->squares);
  free(maker->squares_again);
  free(maker->lambdas);
  free(maker->sketches);
  free(maker->file);
  free(maker);
}

static int compare(uint64_t datanet, const ol_address *contributor, const row *other) {
  if (datanet != other->datanet) return datanet < other->datanet ? -1 : 1;
  return memcmp(contributor->bytes, other->contributor.bytes, sizeof contributor->bytes);
}

/* Finds a row, or makes one in its place. */
static ol_status row_of(ol_error *error, ol_influence_maker *maker, row **out, const ol_address *contributor,
                        uint64_t datanet) {
  uint32_t lo = 0, hi = maker->row_count;
  while (lo < hi) {
    uint32_t middle = (lo + hi) / 2;
    int order = compare(datanet, contributor, &maker->rows[middle]);
    *out = &maker->rows[middle];
    if (order == 0) return OL_OK;
    if (order < 0) {
      hi = middle;
    } else {
      lo = middle + 1;
    }
  }
  if (maker->row_count == OL_GRADIENT_ROWS)
    return ol_sketch_fail(error, OL_ERR_LIMIT, "row", maker->row_count, "is one more than a table has");
  if (maker->row_count == maker->row_room) {
    uint32_t room = 2 * maker->row_room + 16;
    row *rows = (row *)realloc(maker->rows, room * sizeof *rows);
    if (rows == NULL) return no_memory(error);
    maker->rows = rows;
    maker->row_room = room;
  }
  row made = {
      .contributor = *contributor, .datanet = datanet, .sum = zeros(maker->len), .gap = zeros(maker->len)};
  if (made.sum == NULL || made.gap == NULL) {
    free(made.sum);
    free(made.gap);
    return no_memory(error);
  }
  memmove(&maker->rows[lo + 1], &maker->rows[lo], (maker->row_count - lo) * sizeof *maker->rows);
  maker->rows[lo] = made;
  maker->row_count++;
  *out = &maker->rows[lo];
  return OL_OK;
}

static ol_status check_finite(ol_error *error, const ol_influence_maker *maker, const double *gradient) {
  for (uint64_t i = 0; i < maker->len; i++) {
    if (!isfinite(gradient[i]))
      return fail(error, "gradient", i < OL_NOWHERE ? (uint32_t)i : OL_NOWHERE, "is not a finite number");
  }
  return OL_OK;
}

static double dot(const double *a, const double *b, uint64_t len) {
  double sums[4] = {0};
  uint64_t i = 0;
  for (; len - i >= 4; i += 4)
    for (int k = 0; k < 4; k++) sums[k] += a[i + (uint64_t)k] * b[i + (uint64_t)k];
  for (; i < len; i++) sums[0] += a[i] * b[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

ol_status ol_influence_maker_add(ol_error *error, ol_influence_maker *maker, const ol_address *contributor,
                                 uint64_t datanet, const double *gradient) {
  if (maker->phase != FIRST) return fail(error, "sample", OL_NOWHERE, "the first pass is over");
  ol_status status = check_finite(error, maker, gradient);
  if (status != OL_OK) return status;
  row *of = NULL;
  status = row_of(error, maker, &of, contributor, datanet);
  if (status != OL_OK) return status;
  for (uint64_t i = 0; i < maker->len; i++) of->sum[i] += gradient[i];
  const double *part = gradient;
  for (uint32_t layer = 0; layer < maker->options.layers; part += maker->layer_len[layer++])
    maker->squares[layer] += dot(part, part, maker->layer_len[layer]);
  maker->samples++;
  return good(error);
}

/* lambda = mean over samples of the mean of g^2, by ten. */
static void end_first(ol_influence_maker *maker) {
  for (uint32_t layer = 0; layer < maker->options.layers; layer++)
    maker->lambdas[layer] =
        maker->squares[layer] / (double)maker->samples / (double)maker->layer_len[layer] / 10;
  maker->phase = SECOND;
}

ol_status ol_influence_maker_again(ol_error *error, ol_influence_maker *maker, const double *gradient) {
  if (maker->phase == FINISHED || maker->again == maker->samples)
    return fail(error, "sample", OL_NOWHERE, "is one more than the first pass had");
  ol_status status = check_finite(error, maker, gradient);
  if (status != OL_OK) return status;
  if (maker->phase == FIRST) end_first(maker);
  uint64_t start = 0;
  for (uint32_t layer = 0; layer < maker->options.layers; start += maker->layer_len[layer++]) {
    const uint64_t len = maker->layer_len[layer];
    const double *part = gradient + start;
    double square = dot(part, part, len);
    maker->squares_again[layer] += square;
    if (square == 0) continue;
    for (uint32_t i = 0; i < maker->row_count; i++) {
      double *gap = maker->rows[i].gap + start;
      double factor = dot(part, maker->rows[i].sum + start, len) / (maker->lambdas[layer] + square);
      for (uint64_t k = 0; k < len; k++) gap[k] += factor * part[k];
    }
  }
  maker->again++;
  return good(error);
}

ol_status ol_influence_maker_payout(ol_error *error, ol_influence_maker *maker, uint64_t datanet,
                                    const ol_address *address) {
  for (size_t i = 0; i < maker->payout_count; i++) {
    if (maker->payouts[i].datanet == datanet)
      return fail(error, "payout", OL_NOWHERE, "its datanet has one already");
  }
  payout *payouts = (payout *)realloc(maker->payouts, (maker->payout_count + 1) * sizeof *payouts);
  if (payouts == NULL) return no_memory(error);
  maker->payouts = payouts;
  payouts[maker->payout_count++] = (payout){datanet, *address};
  return good(error);
}

/* --- The end --- */

/* The second pass had the samples of the first, as far as squares tell; their order decides on the last digits. */
static bool are_same_samples(const ol_influence_maker *maker) {
  if (maker->samples == 0 || maker->again != maker->samples) return false;
  for (uint32_t layer = 0; layer < maker->options.layers; layer++) {
    if (fabs(maker->squares_again[layer] - maker->squares[layer]) > 1e-9 * maker->squares[layer])
      return false;
  }
  return true;
}

static bool has_datanet(const ol_influence_maker *maker, uint64_t datanet) {
  for (uint32_t i = 0; i < maker->row_count; i++)
    if (maker->rows[i].datanet == datanet) return true;
  return false;
}

static ol_status put_payouts(ol_error *error, ol_influence_maker *maker) {
  for (size_t i = 0; i < maker->payout_count; i++) {
    const payout *to = &maker->payouts[i];
    if (!has_datanet(maker, to->datanet))
      return fail(error, "payout", (uint32_t)i, "its datanet has no samples");
    row *of = NULL;
    ol_status status = row_of(error, maker, &of, &to->address, to->datanet);
    if (status != OL_OK) return status;
    of->is_payout = true;
  }
  for (uint32_t i = 0, payouts = 0; i < maker->row_count; i++) {
    const bool is_last = i + 1 == maker->row_count || maker->rows[i + 1].datanet != maker->rows[i].datanet;
    if (maker->rows[i].is_payout) payouts++;
    if (is_last && payouts == 0) return fail(error, "row", i, "its datanet has no payout address");
    if (is_last) payouts = 0;
  }
  return OL_OK;
}

static int by_table(const void *a, const void *b) {
  const row *left = (const row *)a, *right = (const row *)b;
  if (left->datanet != right->datanet) return left->datanet < right->datanet ? -1 : 1;
  if (left->is_payout != right->is_payout) return left->is_payout ? -1 : 1;
  return memcmp(left->contributor.bytes, right->contributor.bytes, sizeof left->contributor.bytes);
}

/* Puts rows in order. H g = (g - gap / n) / lambda; balanced, it is that times the root of lambda. */
static ol_status project(ol_error *error, ol_influence_maker *maker) {
  const uint32_t d = maker->options.d;
  double *signs = zeros(d);
  double *sketches = zeros((uint64_t)maker->row_count * d);
  if (signs == NULL || sketches == NULL) {
    free(signs);
    free(sketches);
    return no_memory(error);
  }
  qsort(maker->rows, maker->row_count, sizeof *maker->rows, by_table);
  uint64_t parameter = 0;
  for (uint32_t layer = 0; layer < maker->options.layers; layer++) {
    const double lambda = maker->lambdas[layer], balance = sqrt(lambda / d);
    for (uint64_t k = 0; k < maker->layer_len[layer]; k++, parameter++) {
      ol_sketch_signs(signs, &maker->options.seed, parameter, d);
      for (uint32_t i = 0; i < maker->row_count; i++) {
        row *of = &maker->rows[i];
        double *sketch = sketches + (size_t)i * d;
        double exact =
            lambda > 0 ? (of->sum[parameter] - of->gap[parameter] / (double)maker->samples) / lambda : 0;
        of->sum[parameter] = exact;
        if (exact == 0) continue;
        for (uint32_t j = 0; j < d; j++) sketch[j] += exact * balance * signs[j];
      }
    }
  }
  free(signs);
  maker->sketches = sketches;
  return OL_OK;
}

ol_status ol_influence_maker_finish(ol_error *error, ol_influence_maker *maker) {
  if (maker->phase == FINISHED) return fail(error, "maker", OL_NOWHERE, "is finished");
  if (!are_same_samples(maker))
    return fail(error, "sample", OL_NOWHERE, "the second pass had not those of the first");
  ol_status status = put_payouts(error, maker);
  if (status != OL_OK) return status;
  status = project(error, maker);
  if (status != OL_OK) return status;
  maker->phase = FINISHED;
  return good(error);
}

uint32_t ol_influence_maker_rows(const ol_influence_maker *maker) {
  return maker->phase == FINISHED ? maker->row_count : 0;
}

const double *ol_influence_maker_lambdas(const ol_influence_maker *maker) {
  return maker->lambdas;
}

const double *ol_influence_maker_exact(const ol_influence_maker *maker, uint32_t at) {
  return at < ol_influence_maker_rows(maker) ? maker->rows[at].sum : NULL;
}

const double *ol_influence_maker_sketch(const ol_influence_maker *maker, uint32_t at) {
  return at < ol_influence_maker_rows(maker) ? maker->sketches + (size_t)at * maker->options.d : NULL;
}

uint32_t ol_influence_maker_scale(const ol_influence_maker *maker) {
  const size_t count = (size_t)ol_influence_maker_rows(maker) * maker->options.d;
  double largest = 0;
  for (size_t i = 0; i < count; i++)
    if (fabs(maker->sketches[i]) > largest) largest = fabs(maker->sketches[i]);
  double scale = largest > 0 ? floor(INT16_MAX * 65536.0 / largest) : UINT32_MAX;
  return scale >= UINT32_MAX ? UINT32_MAX : scale < 1 ? 1 : (uint32_t)scale;
}

static ol_status put_row(ol_error *error, const ol_influence_maker *maker, uint8_t *to, uint32_t at,
                         uint32_t scale) {
  const row *of = &maker->rows[at];
  const double *sketch = ol_influence_maker_sketch(maker, at);
  memcpy(to, of->contributor.bytes, 20);
  for (int i = 0; i < 8; i++) to[20 + i] = (uint8_t)(of->datanet >> (56 - 8 * i));
  for (uint32_t k = 0; k < maker->options.d; k++) {
    if (!ol_sketch_round(to + KEY + 2 * k, sketch[k] * (scale / 65536.0)))
      return ol_sketch_fail(error, OL_ERR_LIMIT, "row", at,
                            "a number does not fit in 16 bits; the scale is too large");
  }
  return OL_OK;
}

ol_status ol_influence_maker_file(ol_error *error, ol_influence_maker *maker, ol_slice *out, uint32_t scale) {
  if (maker->phase != FINISHED) return fail(error, "maker", OL_NOWHERE, "is not finished");
  if (scale == 0) return fail(error, "scale", OL_NOWHERE, "is zero");
  const ol_influence_options *options = &maker->options;
  const size_t row_len = KEY + 2 * (size_t)options->d, len = FRONT + maker->row_count * row_len;
  free(maker->file);
  maker->file = (uint8_t *)calloc(1, len);
  if (maker->file == NULL) return no_memory(error);
  ol_gradient_header header = {.adapter = options->adapter,
                               .seed = options->seed,
                               .d = options->d,
                               .scale = scale,
                               .rows = maker->row_count};
  memcpy(maker->file, "ATRG\1", 5);
  for (uint32_t i = 0; i < maker->row_count; i++) {
    ol_status status = put_row(error, maker, maker->file + FRONT + i * row_len, i, scale);
    if (status != OL_OK) return status;
  }
  ol_status status = ol_gradient_header_write(error, maker->file + 5, &header);
  if (status == OL_OK) status = ol_influence_table_root(error, &header.root, (ol_slice){maker->file, len});
  if (status == OL_OK) status = ol_gradient_header_write(error, maker->file + 5, &header);
  if (status != OL_OK) return status;
  *out = (ol_slice){maker->file, len};
  return OL_OK;
}
