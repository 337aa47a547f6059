/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_SUITES_ATTRIBUTION_H
#define OL_TESTS_SUITES_ATTRIBUTION_H

/* What the suites of ATR-1 share. */

#include "vectors.h"

/* Checks a case. Returns: NULL, or what is wrong with it. */
typedef const char *attribution_check(vector_file *file, ol_json test);

/* Counts the cases of a file. */
void attribution_cases(vector_tally *tally, const uint8_t *json, size_t len, attribution_check *check);

/* Returns: whether a member is these bytes. */
bool attribution_is(vector_file *file, ol_json test, const char *name, const void *bytes, size_t len);

/* Out: a member of so many bytes; zeros if it has others. */
void attribution_fixed(vector_file *file, ol_json test, const char *name, void *out, size_t len);

/* A member of 8 bytes. */
uint64_t attribution_u64(vector_file *file, ol_json test, const char *name);

/* Out: the elements of a list of bytes. Returns: how many. */
size_t attribution_list(vector_file *file, ol_json test, const char *name, ol_slice *out, size_t max);

#endif
