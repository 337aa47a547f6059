/* SPDX-License-Identifier: MIT */
#include "vectors.h"

#define VECTOR_ROW(suite) {.name = #suite, .run = run_##suite},
const vector_suite vector_suites[] = {VECTOR_SUITES(VECTOR_ROW)};
#undef VECTOR_ROW

const size_t vector_suite_count = sizeof vector_suites / sizeof vector_suites[0];
