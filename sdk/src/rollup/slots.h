/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_SLOTS_H
#define OL_ROLLUP_SLOTS_H

/* Where Solidity keeps what, and what a word of storage holds ("Layout of State Variables in Storage"). */

#include "base/base.h"

/* EIP-1967: where a proxy keeps its implementation. */
extern const ol_u256 ol_slot_implementation;

/* Out: where the mapping at a slot keeps the value of a key. `out` may be one of the others. */
void ol_slot_in_mapping(ol_u256 *out, const ol_u256 *key, const ol_u256 *mapping) OL_NONNULL;

/* Out: where the dynamic array at a slot has its first element. */
void ol_slot_of_array(ol_u256 *out, const ol_u256 *array) OL_NONNULL;

/* Moves on by a number of slots; carries go all the way. */
void ol_slot_add(ol_u256 *slot, uint64_t number) OL_NONNULL;

/* Returns: `len` bytes of a word, at most 8, at Solidity's offset from its low end. */
uint64_t ol_slot_read(const ol_u256 *word, size_t offset, size_t len) OL_NONNULL;

/* Returns: whether those bytes, at most 32, are zero. */
bool ol_slot_is_zero(const ol_u256 *word, size_t offset, size_t len) OL_NONNULL;

/* Reads an address in a word's low 20 bytes; what is in front of it must be zero. Returns: OL_ERR_PROOF. */
OL_CHECKED ol_status ol_slot_address(ol_error *error, ol_address *out, const ol_u256 *value) OL_NONNULL;

#endif
