/* SPDX-License-Identifier: MIT */

/* What run_wasm.mjs calls (exports.txt): the suites of vectors.h by their index, and memory. */
#include "vectors.h"

#if defined(__wasm__) /* elsewhere, main_native.c */

#include <stdlib.h>

uint32_t vectors_count(void);
const char *vectors_name(uint32_t index);
void *vectors_alloc(size_t len);
void vectors_free(void *block);
void vectors_run(uint32_t index, const uint8_t *data, size_t len, vector_tally *tally);

uint32_t vectors_count(void) {
  return (uint32_t)vector_suite_count;
}

const char *vectors_name(uint32_t index) {
  return vector_suites[index].name;
}

/* Out: zeroed memory. */
void *vectors_alloc(size_t len) {
  return calloc(1, len);
}

void vectors_free(void *block) {
  free(block);
}

void vectors_run(uint32_t index, const uint8_t *data, size_t len, vector_tally *tally) {
  vector_suites[index].run(tally, data, len);
}

#endif
