/* SPDX-License-Identifier: MIT */
#ifndef OL_WALLET_INTENT_H
#define OL_WALLET_INTENT_H

/* What intents of all kinds are made with. */

#include "base/base.h"
#include "openledger/intent.h"

/* Adds an effect; there is always room. */
ol_effect *ol_intent_effect(ol_intent *intent, ol_effect_kind kind) OL_NONNULL;

/* Returns: whether an allowance is of more than any token has: 2^128 or more, or the most of a type of `bits`. */
bool ol_is_unlimited(const ol_u256 *amount, uint32_t bits) OL_NONNULL;

/* Returns: the entry of a contract; NULL when it is not known. */
const ol_known_contract *ol_known_find(const ol_known_contract *contracts, size_t count, uint64_t chain_id,
                                       const ol_address *address) OL_NONNULL_ARGS(4);

#endif
