/* SPDX-License-Identifier: MIT */
#include "attribution/dot.h"

#include "base/poison.h"

/* Several sums, as one addition need not wait for the other. */
int64_t ol_dot(const int16_t *a, const int16_t *b, size_t len) {
  int64_t sums[4] = {0};
  size_t i = 0;
  for (; len - i >= 8; i += 8) {
    sums[0] += (int64_t)a[i] * b[i] + (int64_t)a[i + 4] * b[i + 4];
    sums[1] += (int64_t)a[i + 1] * b[i + 1] + (int64_t)a[i + 5] * b[i + 5];
    sums[2] += (int64_t)a[i + 2] * b[i + 2] + (int64_t)a[i + 6] * b[i + 6];
    sums[3] += (int64_t)a[i + 3] * b[i + 3] + (int64_t)a[i + 7] * b[i + 7];
  }
  for (; i < len; i++) sums[0] += (int64_t)a[i] * b[i];
  return sums[0] + sums[1] + sums[2] + sums[3];
}
