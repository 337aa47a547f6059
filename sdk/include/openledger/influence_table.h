/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_INFLUENCE_TABLE_H
#define OPENLEDGER_INFLUENCE_TABLE_H

/*
 * Makes what influence.h reads, natively: tables from the gradients of training samples, and v from that of an answer
 * (docs/influence.md). Unlike the core it allocates, and computes with doubles. A maker may be used by one thread at a time.
 *
 * A gradient is that of a loss: all layers, one behind the other, as many doubles as they have parameters together. That of an
 * answer is of the answer's loss, so that v . X is above 0 if the samples made the loss less: raised the score.
 */

#include "openledger/influence.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ol_influence_maker ol_influence_maker;

/* What a table is about. */
typedef struct ol_influence_options {
  ol_hash adapter;
  ol_hash seed;
  uint32_t d;                /* 1 to OL_GRADIENT_DIMENSIONS */
  uint32_t layers;           /* at least 1 */
  const uint64_t *layer_len; /* parameters of each, at least 1; 2^40 together at most */
} ol_influence_options;

/* Makes a maker. Returns: OL_ERR_ARGUMENT for options out of range, OL_ERR_MEMORY. */
OL_API OL_CHECKED ol_status ol_influence_maker_new(ol_error *error, ol_influence_maker **out,
                                                   const ol_influence_options *options) OL_NONNULL;

/* Frees it and all that it gave; `maker` may be NULL. */
OL_API void ol_influence_maker_free(ol_influence_maker *maker);

/*
 * Takes one sample's gradient, in the first pass. It keeps two vectors of all parameters for each row, and none of samples.
 * Returns: OL_ERR_ARGUMENT for a number that is not finite, with the parameter as item, or behind the first pass;
 * OL_ERR_LIMIT for more than OL_GRADIENT_ROWS rows; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_influence_maker_add(ol_error *error, ol_influence_maker *maker,
                                                   const ol_address *contributor, uint64_t datanet,
                                                   const double *gradient) OL_NONNULL;

/*
 * Takes one sample's gradient again, in the second pass: the same samples in any order, whoever they are of. The first of
 * these ends the first pass. Returns: OL_ERR_ARGUMENT for a number that is not finite, or more samples than in the first.
 */
OL_API OL_CHECKED ol_status ol_influence_maker_again(ol_error *error, ol_influence_maker *maker,
                                                     const double *gradient) OL_NONNULL;

/* Says where a datanet's payout goes; each needs to be told once. Returns: OL_ERR_ARGUMENT when told twice, OL_ERR_MEMORY. */
OL_API OL_CHECKED ol_status ol_influence_maker_payout(ol_error *error, ol_influence_maker *maker,
                                                      uint64_t datanet, const ol_address *payout) OL_NONNULL;

/*
 * Ends the second pass: puts rows in order and projects them.
 * Returns: OL_ERR_ARGUMENT when the second pass had other samples, or for a datanet without payout address, or a payout
 * address of a datanet without samples; OL_ERR_LIMIT for more than OL_GRADIENT_ROWS rows; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_influence_maker_finish(ol_error *error, ol_influence_maker *maker) OL_NONNULL;

/* Give what a finished maker found: rows in the table's order; lambda of each layer, by ordinals from 0. */
OL_API uint32_t ol_influence_maker_rows(const ol_influence_maker *maker) OL_NONNULL;
OL_API const double *ol_influence_maker_lambdas(const ol_influence_maker *maker) OL_NONNULL;
/* Returns: a row's sum of H g, before it is balanced and projected, as many numbers as parameters; NULL for no such row. */
OL_API const double *ol_influence_maker_exact(const ol_influence_maker *maker, uint32_t row) OL_NONNULL;
/* Returns: a row balanced and projected, d numbers, neither scaled nor rounded; NULL for no such row. */
OL_API const double *ol_influence_maker_sketch(const ol_influence_maker *maker, uint32_t row) OL_NONNULL;

/* Returns: the largest scale that all numbers of a finished maker fit with, at least 1. */
OL_API uint32_t ol_influence_maker_scale(const ol_influence_maker *maker) OL_NONNULL;

/*
 * Out: a table's file (`ATRG`), which stays until the next call or the maker is freed.
 * Returns: OL_ERR_LIMIT with the row as item for a number that does not fit in 16 bits; OL_ERR_ARGUMENT for a scale of 0, or
 * before it is finished; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_influence_maker_file(ol_error *error, ol_influence_maker *maker, ol_slice *out,
                                                    uint32_t scale) OL_NONNULL;

/*
 * Out: d numbers: a gradient balanced by its layers' lambdas and projected.
 * Returns: OL_ERR_ARGUMENT for options out of range, or a number that is not finite, with the parameter as item; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_influence_sketch(ol_error *error, double *out,
                                                const ol_influence_options *options, const double *lambdas,
                                                const double *gradient) OL_NONNULL;

/* Out: v as it lies in evidence, 2 d bytes: a sketch, multiplied so that the largest number is 32,767, and rounded. */
OL_API void ol_influence_vector(uint8_t *out, const double *sketch, uint32_t d) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
