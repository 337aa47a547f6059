/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_SUITES_WYCHEPROOF_H
#define OL_TESTS_SUITES_WYCHEPROOF_H

/* The shape that all files of Wycheproof share: groups of tests, each with an id, a comment and a result. */

#include "vectors.h"

/* Returns: whether the SDK accepts what the test describes. */
typedef bool (*wycheproof_accepts)(vector_file *file, ol_json group, ol_json test);

void run_wycheproof(vector_tally *tally, const uint8_t *json, size_t len, wycheproof_accepts accepts);

#endif
