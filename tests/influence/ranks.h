/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_INFLUENCE_RANKS_H
#define OL_TESTS_INFLUENCE_RANKS_H

/* How a table ranks contributors, as a light client reads it, and how DataInf does. */

#include "openledger/influence_table.h"

#include <stdio.h>
#include <stdlib.h>

/* Stops the program. */
#define MUST(condition)                                                                                      \
  do {                                                                                                       \
    if (!(condition)) {                                                                                      \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                        \
      exit(1);                                                                                               \
    }                                                                                                        \
  } while (0)

/* Returns: memory of zeros; stops without. */
void *ranks_zeros(size_t count, size_t size);

/* Samples of rows, as many for each, one row behind the other, and queries. */
typedef struct ranks_task {
  const char *name;
  uint32_t layers;
  uint64_t layer_len[2];
  size_t len;
  size_t rows, of_row; /* samples of each row */
  double *samples;
  size_t queries;
  double *query;
} ranks_task;

/* Makes a task of zeros. */
ranks_task ranks_task_new(const char *name, uint32_t layers, const uint64_t *layer_len, size_t rows,
                          size_t of_row, size_t queries);
void ranks_task_free(ranks_task *of);

/* Adds to `out` what each row is worth to each query, by the formula: queries * rows. */
void ranks_reference(double *out, const ranks_task *of);

/* Returns: a finished maker, all rows in datanet 1. */
ol_influence_maker *ranks_make(const ranks_task *of, const ol_influence_options *options);

/* Out: what a light client computes of a maker's file: queries * rows. */
void ranks_sketched(double *out, const ranks_task *of, const ol_influence_maker *maker,
                    const ol_influence_options *options, ol_slice file);

/* Prints figures of d = 512, or of several. Returns: whether the formula is met to nine digits, and the ranks at d = 512. */
bool ranks_report(const ranks_task *of, bool is_long);

#endif
