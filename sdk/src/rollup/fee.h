/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_FEE_H
#define OL_ROLLUP_FEE_H

/* What nodes tell of a fee besides its amount. */

#include "base/base.h"
#include "openledger/fee.h"

/* Returns: the size in a batch that Fjord estimates for a canonical transaction, in millionths of a byte. */
uint64_t ol_fjord_size(const uint8_t *bytes, size_t len) OL_NONNULL;

/* Out: the gas on L1 that the fee of a transaction counts. In: what ol_l1_fee found a fee for. */
void ol_l1_gas(ol_u256 *out, const ol_l1_attributes *attributes, ol_l1_fee_rule rule, const uint8_t *bytes,
               size_t len) OL_NONNULL;

#endif
