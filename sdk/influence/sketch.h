/* SPDX-License-Identifier: MIT */
#ifndef OL_INFLUENCE_SKETCH_H
#define OL_INFLUENCE_SKETCH_H

/* The projection: signs that follow from a seed, and rounding (docs/influence.md, section 3). */

#include "openledger/influence_table.h"

/* Out: of one parameter d factors, 1 or -1 each. */
void ol_sketch_signs(double *out, const ol_hash *seed, uint64_t parameter, uint32_t d);

/* Out: a number rounded, halves away from 0, big-endian. Returns: false when it does not fit in 16 bits. */
bool ol_sketch_round(uint8_t out[2], double number);

/* Returns: what is wrong with options; NULL when nothing is. Out: all parameters together. */
const char *ol_sketch_fault(uint64_t *out_len, const ol_influence_options *options);

/* Empties an error, and says what failed. Returns: the status. */
ol_status ol_sketch_fail(ol_error *error, ol_status status, const char *part, uint32_t item,
                         const char *reason);

#endif
