/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_HISTORY_H
#define OL_ROLLUP_HISTORY_H

/*
 * Hashes of older blocks out of a proven state (EIP-2935; on the OP Stack from Isthmus on). Each block puts its
 * parent's hash into a ring of slots of one contract, so the state after a block proves the hashes of those before.
 */

#include "base/base.h"

#define OL_HISTORY_WINDOW 8191u /* HISTORY_SERVE_WINDOW: the slots of the ring */

/* HISTORY_STORAGE_ADDRESS: 0x0000F90827F1C53a10cb7A02335B175320002935 */
extern const ol_address ol_history_address;

/* Out: the slot that holds the hash of a block. */
void ol_history_slot(ol_u256 *out, uint64_t number) OL_NONNULL;

/*
 * Returns: whether the state after block `at` can tell the hash of block `number`: it is one of the OL_HISTORY_WINDOW
 * blocks before. A fork later than that block left its slot empty all the same.
 */
bool ol_history_tells(uint64_t at, uint64_t number);

/*
 * Out: the hash in a proven slot. In: its value.
 * Returns: OL_ERR_PROOF for zero: the block is from before the fork that brought the contract.
 */
OL_CHECKED ol_status ol_history_read(ol_error *error, ol_hash *out, const ol_u256 *value) OL_NONNULL;

/*
 * Returns: the next block to prove on the way from the state after block `from` back to block `to`, which must be an
 * older one: itself where that state can tell it, else the oldest that it can.
 */
uint64_t ol_history_hop(uint64_t from, uint64_t to);

#endif
