/* SPDX-License-Identifier: MIT */
#ifndef OL_LEDGER_GROWTH_H
#define OL_LEDGER_GROWTH_H

/* How stakes grow: amount * exp(rate * years) in the fixed point of solady's FixedPointMathLib, to the last digit. */

#include "base/base.h"

/*
 * Out: expWad(x): exp(x / 1e18) * 1e18, as solady rounds it. In: x, two's complement.
 * Returns: false where solady reverts, from 135.305999368893231589 on.
 */
bool ol_exp_wad(ol_u256 *out, const ol_u256 *x) OL_NONNULL;

/*
 * Out: what `amount` has become. In: its yearly rate in units of 1e-18; the seconds that it has grown; after how many it
 * grows no more, 0 for never. Returns: false where the contract reverts, as a number needs more than 256 bits.
 */
bool ol_growth(ol_u256 *out, const ol_u256 *amount, const ol_u256 *rate, const ol_u256 *elapsed,
               const ol_u256 *duration) OL_NONNULL;

#endif
