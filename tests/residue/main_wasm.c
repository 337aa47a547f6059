/* SPDX-License-Identifier: MIT */

/* What run_wasm.mjs calls (exports.txt); natively, main_native.c. */
#include "residue/residue.h"

#if defined(__wasm__)

#define PAGE 65536u

uint32_t residue_cases_count(void);
const char *residue_name(uint32_t index);
uint32_t residue_check(uint32_t index);
const residue_find *residue_found(void);

static residue_find find;

uint32_t residue_cases_count(void) {
  return residue_prepare() ? (uint32_t)residue_count : 0;
}

const char *residue_name(uint32_t index) {
  return residue_cases[index].name;
}

/* Returns: 1 when it did what it was to do, 2 when a secret was found, 4 when one was to be found. */
uint32_t residue_check(uint32_t index) {
  const residue_case *one = &residue_cases[index];
  residue_clear_stack();
  bool done = residue_run(one);
  residue_clear();
  /* From 1: compilers know better than to read where NULL points. */
  const uint8_t *memory = (const uint8_t *)1;
  size_t len = (size_t)__builtin_wasm_memory_size(0) * PAGE - 1;
  bool found = residue_search(&find, memory, len, ol_slice_of(one->except, one->except_len));
  residue_erase();
  return (uint32_t)done | (uint32_t)found << 1 | (uint32_t)one->stays << 2;
}

/* Out: three pointers. */
const residue_find *residue_found(void) {
  return &find;
}

#endif
