/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_CONTRACTS_H
#define OL_CLIENT_CONTRACTS_H

/*
 * A rollup's contracts on L1: what is read of them for a hint, what they are, and what they say of it. The user names
 * factory and portal, or the oracle; the game and its registry are what the hint names.
 */

#include "client/anchor.h"

/* Returns: whether outputs are proposed in games, and not to an oracle. */
bool ol_contracts_have_games(const ol_anchoring *anchoring) OL_NONNULL;

/* Returns: the L1 block at which all is proven. */
const ol_block *ol_anchor_l1(const ol_anchoring *anchoring) OL_NONNULL;

/* Adds the contracts, and the slots that say something of the hint, to the list of contracts. */
void ol_contracts_list(ol_anchoring *anchoring) OL_NONNULL;

/*
 * Adds their implementations, as they were proven, to the list of code.
 * Returns: what is wrong with the code of the hint's game; OL_ERR_PROOF for a slot that has no address.
 */
OL_CHECKED ol_status ol_contracts_list_code(ol_error *error, ol_anchoring *anchoring) OL_NONNULL;

/*
 * Finds the release of code that came for an item of that list: from the table, or as the user vouches for it. That it
 * is unknown is told later, once it is proven to be the contract's.
 * Returns: what is wrong with its immutables.
 */
OL_CHECKED ol_status ol_contracts_identify(ol_error *error, ol_anchoring *anchoring, uint32_t item,
                                           ol_slice code) OL_NONNULL_ARGS(1, 2);

/* Checks that the contracts which the user named are of known releases. Returns: OL_ERR_MISMATCH. */
OL_CHECKED ol_status ol_contracts_check_named(ol_error *error, const ol_anchoring *anchoring) OL_NONNULL;

/*
 * Checks what factory and portal, which are known, say of the game and of the registry that were hinted at: what those
 * are need not be known before, as a hint may name any contract.
 * Returns: OL_ERR_MISMATCH, OL_ERR_PROOF.
 */
OL_CHECKED ol_status ol_contracts_check_hint(ol_error *error, const ol_anchoring *anchoring) OL_NONNULL;

/* Checks that game and registry are of known releases as well. Returns: OL_ERR_MISMATCH. */
OL_CHECKED ol_status ol_contracts_check_hinted(ol_error *error, const ol_anchoring *anchoring) OL_NONNULL;

/* Judges the hint's claim. Out: its state. Returns: what ol_game_judge, ol_registry_judge and ol_oracle_judge do. */
OL_CHECKED ol_status ol_contracts_judge(ol_error *error, ol_anchoring *anchoring) OL_NONNULL;

#endif
