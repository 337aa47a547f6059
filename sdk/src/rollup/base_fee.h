/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_BASE_FEE_H
#define OL_ROLLUP_BASE_FEE_H

/*
 * The base fee of the block after a header (EIP-1559), which follows from that header alone; on the OP Stack with
 * parameters that the chain sets (specification of Holocene and of Jovian, "Execution engine").
 */

#include "base/base.h"
#include "openledger/header.h"

/* How fast the fee moves, and how many times the target a block may use. */
typedef struct ol_base_fee_rule {
  uint32_t denominator;
  uint32_t elasticity;
} ol_base_fee_rule;

extern const ol_base_fee_rule ol_base_fee_ethereum; /* 8 and 2 */
extern const ol_base_fee_rule
    ol_base_fee_canyon; /* 250 and 6: what most chains of the OP Stack have from Canyon on */

/*
 * The base fee of the Ethereum block after `parent`, in wei.
 * Returns: OL_ERR_ENCODING for a header from before London, or one whose gas no block can have used;
 * OL_ERR_LIMIT when a number on the way needs more than 256 bits.
 */
OL_CHECKED ol_status ol_base_fee_after_l1(ol_error *error, ol_u256 *out, const ol_header *parent) OL_NONNULL;

/*
 * The same of the L2 block after `parent`. A header says its parameters from Holocene on, and from Jovian on the least
 * fee; there the DA footprint counts where it is more than the gas used.
 * In: the chain's constants at the block after, for a header that does not say its own.
 * Returns: as above; OL_ERR_ENCODING for a header of no fork that is known, as well; OL_ERR_ARGUMENT for constants
 * of zero where they are needed.
 */
OL_CHECKED ol_status ol_base_fee_after_l2(ol_error *error, ol_u256 *out, const ol_header *parent,
                                          const ol_base_fee_rule *constants) OL_NONNULL;

#endif
