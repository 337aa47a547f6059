/* SPDX-License-Identifier: MIT */
#include "attribution/dot.h"

#include "base/poison.h"

/* Each number of v is loaded once for all rows, and no addition waits for another row's. */
void ol_dot_rows(int64_t out[OL_DOT_ROWS], const int16_t *rows, const int16_t *v, size_t d) {
  const int16_t *a = rows, *b = a + d, *c = b + d, *e = c + d;
  int64_t sum_a = 0, sum_b = 0, sum_c = 0, sum_e = 0;
  for (size_t k = 0; k < d; k++) {
    int64_t factor = v[k];
    sum_a += factor * a[k];
    sum_b += factor * b[k];
    sum_c += factor * c[k];
    sum_e += factor * e[k];
  }
  out[0] = sum_a;
  out[1] = sum_b;
  out[2] = sum_c;
  out[3] = sum_e;
}

int64_t ol_dot(const int16_t *row, const int16_t *v, size_t d) {
  int64_t sum = 0;
  for (size_t k = 0; k < d; k++) sum += (int64_t)row[k] * v[k];
  return sum;
}
