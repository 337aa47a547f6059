/* SPDX-License-Identifier: MIT */

/* What module.mjs calls (exports.txt). The module's figures are taken by who calls it. */
#include "work.h"

bool bench_give(const char *name, const uint8_t *data, size_t len);
bool bench_run(work_answer *answer, const char *name, size_t count);

bool bench_give(const char *name, const uint8_t *data, size_t len) {
  return work_give(name, (ol_slice){data, len});
}

bool bench_run(work_answer *answer, const char *name, size_t count) {
  const work *one = work_named(name);
  return one != NULL && one->run(answer, count);
}
