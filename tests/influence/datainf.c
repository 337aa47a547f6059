/* SPDX-License-Identifier: MIT */
#include "influence/datainf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double datainf_dot(const double *a, const double *b, size_t len) {
  double sum = 0;
  for (size_t i = 0; i < len; i++) sum += a[i] * b[i];
  return sum;
}

void datainf_query(double *out, const datainf *samples, const double *v) {
  size_t start = 0;
  for (uint32_t layer = 0; layer < samples->layers; start += samples->layer_len[layer++]) {
    const size_t len = samples->layer_len[layer], n = samples->n;
    double lambda = 0;
    for (size_t i = 0; i < n; i++) {
      const double *g = samples->gradients + i * samples->len + start;
      lambda += datainf_dot(g, g, len) / (double)len / (double)n / 10;
    }
    memset(out + start, 0, len * sizeof *out);
    for (size_t i = 0; i < n && lambda > 0; i++) {
      const double *g = samples->gradients + i * samples->len + start;
      const double factor = datainf_dot(v + start, g, len) / (lambda + datainf_dot(g, g, len));
      for (size_t k = 0; k < len; k++)
        out[start + k] += (v[start + k] - factor * g[k]) / ((double)n * lambda);
    }
  }
}

typedef struct item {
  double value;
  size_t place;
} item;

static int by_value(const void *a, const void *b) {
  const double left = ((const item *)a)->value, right = ((const item *)b)->value;
  return left < right ? -1 : left > right;
}

static void rank(double *out, const double *values, size_t count) {
  item *items = (item *)malloc(count * sizeof *items);
  if (items == NULL) abort();
  for (size_t i = 0; i < count; i++) items[i] = (item){values[i], i};
  qsort(items, count, sizeof *items, by_value);
  for (size_t i = 0; i < count;) {
    size_t end = i;
    while (end < count && items[end].value == items[i].value) end++;
    for (size_t k = i; k < end; k++) out[items[k].place] = (double)(i + end - 1) / 2;
    i = end;
  }
  free(items);
}

double datainf_spearman(const double *a, const double *b, size_t count) {
  double *ranks = (double *)malloc(2 * count * sizeof *ranks);
  if (ranks == NULL) abort();
  rank(ranks, a, count);
  rank(ranks + count, b, count);
  const double mean = (double)(count - 1) / 2;
  double both = 0, left = 0, right = 0;
  for (size_t i = 0; i < count; i++) {
    const double x = ranks[i] - mean, y = ranks[count + i] - mean;
    both += x * y;
    left += x * x;
    right += y * y;
  }
  free(ranks);
  return both / sqrt(left * right);
}

double datainf_uniform(uint64_t *seed) {
  *seed += UINT64_C(0x9e3779b97f4a7c15);
  uint64_t z = *seed;
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

double datainf_normal(uint64_t *seed) {
  double sum = -6;
  for (int i = 0; i < 12; i++) sum += datainf_uniform(seed);
  return sum;
}
