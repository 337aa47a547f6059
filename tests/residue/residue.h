/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_RESIDUE_H
#define OL_TESTS_RESIDUE_H

/*
 * What stays in memory of a secret after a call that has had it. All memory is searched - natively what the process can
 * write, in WebAssembly all there is - for 16 bytes in a row of any secret: as it is, turned around, as the words of
 * 4 and of 8 bytes in which hashes and curves compute, and each of these with the pads of HMAC.
 *
 * What is searched for is kept masked, so that the search does not find itself.
 */

#include "base/base.h"

#define RESIDUE_WINDOW 16

/* Where a secret was found. */
typedef struct residue_find {
  const char *secret;
  const char *form;
  const uint8_t *at;
} residue_find;

/* Bytes that follow from a number, so that no secret is in the program. */
void residue_fill(uint8_t *out, size_t len, uint64_t number);

/* Forgets all secrets. */
void residue_forget(void);

/* From now on these bytes are searched for. Those that hardly differ are not, as they are everywhere. */
void residue_add(const char *name, const void *bytes, size_t len);

/* Returns: whether something is in some memory, and what first. Memory of `except` is left out. */
bool residue_search(residue_find *out, const uint8_t *memory, size_t len, ol_slice except);

/* One call, or some. */
typedef struct residue_case {
  const char *name;
  bool (*run)(void);
  bool stays;         /* a plant, or what must be there: it is to be found */
  const void *except; /* where secrets may be */
  size_t except_len;
} residue_case;

extern const residue_case residue_cases[];
extern const size_t residue_count;

/* Makes the inputs of all cases, and says what is secret. */
bool residue_prepare(void);

/* Erases what the cases took and gave, which is their caller's to erase. */
void residue_clear(void);

/* Erases what a plant, or a wallet that is not locked, has left. */
void residue_erase(void);

/* Erases the stack below. */
void residue_clear_stack(void);

/* Runs a case, deeper in the stack than the search that follows. Returns: whether it did what it was to do. */
bool residue_run(const residue_case *one);

#endif
