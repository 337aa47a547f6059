/* SPDX-License-Identifier: MIT */
#ifndef OL_LEDGER_ASKS_H
#define OL_LEDGER_ASKS_H

/*
 * How contracts are read. A reader is a visitor that is called in rounds, each time twice over the same asks: first it
 * names the slots that it needs next, then it is given what was proven at them. It is done when it names none. Who calls
 * it proves the slots; a reader knows nothing of that.
 */

#include "openledger/account.h"
#include "rollup/release.h"

#define OL_ASK_ACCOUNTS 4
#define OL_ASK_SLOTS 128 /* of one round */

/* A contract, and what its storage is read as. */
typedef struct ol_target {
  ol_address address;
  uint32_t contract; /* an ol_contract */
} ol_target;

typedef struct ol_asks {
  bool answered;
  uint32_t account_count;
  uint32_t count;
  ol_target accounts[OL_ASK_ACCOUNTS];
  uint8_t of[OL_ASK_SLOTS]; /* the account of each slot */
  ol_slot slots[OL_ASK_SLOTS];
} ol_asks;

/* Empties them, for a round. */
void ol_asks_begin(ol_asks *asks) OL_NONNULL;

/*
 * Names the slot that is `offset` behind another, once even if it is named again; or gives what was proven there. There
 * must be room. Returns: the value; zero as long as they are not answered.
 */
ol_u256 ol_ask(ol_asks *asks, const ol_target *of, const ol_u256 *slot, uint64_t offset) OL_NONNULL;

/* The same of slot `slot`. */
ol_u256 ol_ask_at(ol_asks *asks, const ol_target *of, uint64_t slot) OL_NONNULL;

/* Returns: where the mapping at a slot keeps a key's value. */
ol_u256 ol_place_of(uint64_t mapping, const ol_u256 *key) OL_NONNULL;

/* Returns: where the array at a slot, at most 2^64 - 1 behind another, has its first element. */
ol_u256 ol_elements_of(const ol_u256 *slot, uint64_t offset) OL_NONNULL;

/* Reads a number that Solidity keeps in a whole slot. Returns: OL_ERR_PROOF when it is above `most`. */
OL_CHECKED ol_status ol_asked_number(ol_error *error, uint64_t *out, const ol_u256 *value,
                                     uint64_t most) OL_NONNULL;

/* Reads a bool in a whole slot. Returns: OL_ERR_PROOF. */
OL_CHECKED ol_status ol_asked_bool(ol_error *error, bool *out, const ol_u256 *value) OL_NONNULL;

/* Checks that a word has nothing from byte `used` on, counted from its low end. Returns: OL_ERR_PROOF. */
OL_CHECKED ol_status ol_asked_rest(ol_error *error, const ol_u256 *value, size_t used) OL_NONNULL;

/*
 * Reads the slot of a value of type bytes or string: up to 31 bytes stand in front of it, with their number doubled in its
 * lowest byte; of more, it has their number doubled and one, and they are elsewhere (ol_elements_of).
 * Out: how many bytes. Returns: OL_ERR_PROOF.
 */
OL_CHECKED ol_status ol_asked_length(ol_error *error, uint64_t *out, const ol_u256 *head) OL_NONNULL;

/* --- Checkpoints (OpenZeppelin, Checkpoints.Trace208) --- */

#define OL_TRACE_LATEST UINT64_MAX

/*
 * Finds the value of a list of checkpoints at a time: that of the last one which is not later. Each round asks for
 * `width` of those that are left, so that a list of n takes about log n to the base of that.
 */
typedef struct ol_trace {
  ol_u256 slot;   /* of the array */
  uint64_t time;  /* or OL_TRACE_LATEST */
  uint32_t width; /* slots that are asked for at once, 1 to OL_TRACE_WIDTH */
  bool counted;
  uint64_t length;
  uint64_t low, high; /* those below `low` are not later; those from `high` on are */
  ol_u256 value;      /* of the last that is known not to be later; zero for none */
} ol_trace;

#define OL_TRACE_WIDTH 16

ol_trace ol_trace_of(const ol_u256 *slot, uint64_t time, uint32_t width) OL_NONNULL;

/* Returns: OL_ERR_PROOF when the list is not in its order. */
OL_CHECKED ol_status ol_trace_visit(ol_error *error, ol_trace *trace, ol_asks *asks,
                                    const ol_target *of) OL_NONNULL;

bool ol_trace_is_done(const ol_trace *trace) OL_NONNULL;

#endif
