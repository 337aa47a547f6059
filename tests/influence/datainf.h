/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_INFLUENCE_DATAINF_H
#define OL_TESTS_INFLUENCE_DATAINF_H

/* DataInf as its paper has it (arXiv 2310.00902), sample by sample in doubles, and ranks. */

#include <stddef.h>
#include <stdint.h>

/* Gradients of n samples, one behind the other. */
typedef struct datainf {
  const double *gradients;
  size_t n;
  size_t len; /* of one gradient */
  const uint64_t *layer_len;
  uint32_t layers;
} datainf;

/* Out: for one query, h = (1 / (n lambda)) sum_i (v - (v . g_i) / (lambda + |g_i|^2) g_i) layer by layer: `len` numbers. */
void datainf_query(double *out, const datainf *samples, const double *v);

double datainf_dot(const double *a, const double *b, size_t len);

/* Returns: Spearman's correlation of two lists: Pearson's of ranks, equal numbers having their mean rank. */
double datainf_spearman(const double *a, const double *b, size_t count);

/* Returns: a number between 0 and 1, and about normally distributed ones; what follows is that of the seed. */
double datainf_uniform(uint64_t *seed);
double datainf_normal(uint64_t *seed);

#endif
