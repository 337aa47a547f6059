/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_HINT_H
#define OL_ROLLUP_HINT_H

/*
 * Where to look on L1: which output root was proposed last, or is final, as a node says. A hint proves nothing; what it
 * names is proven then. One eth_call finds it: creation code that asks the contracts and returns what they say, so
 * that one round trip takes the place of three.
 */

#include "rollup/anchor.h"

#define OL_HINT_CODE 900 /* bytes of creation code, at most */

/* A claim, and where it is said to be. */
typedef struct ol_hint {
  ol_output_claim claim;
  ol_address game;     /* of a dispute game */
  ol_address registry; /* that the portal leaves the judging of games to; zero: it judges them itself */
  uint64_t index;      /* of an output in the oracle's list, or of the game in the factory's */
  bool is_bare;        /* a game's index and an output's L2 block are not known */
} ol_hint;

/* Each writes creation code. Returns: its length. */

/*
 * The newest game that the portal would let a withdrawal be proven by; or the newest by which one can be finalized, at
 * a time in Unix seconds. Who judges games is asked of the portal: its registry, or where it has none, itself.
 */
size_t ol_hint_game(uint8_t out[OL_HINT_CODE], const ol_address *factory, const ol_address *portal,
                    uint64_t now, bool finalized) OL_NONNULL;

/* The newest output at a time, in Unix seconds; or the newest whose finalization period is over by then. */
size_t ol_hint_output(uint8_t out[OL_HINT_CODE], const ol_address *oracle, uint64_t now,
                      bool finalized) OL_NONNULL;

/*
 * Reads what they return. Returns: OL_ERR_REMOTE when there is nothing, OL_ERR_ENCODING.
 */
OL_CHECKED ol_status ol_hint_read_game(ol_error *error, ol_hint *out, ol_slice returned) OL_NONNULL;
OL_CHECKED ol_status ol_hint_read_output(ol_error *error, ol_hint *out, ol_slice returned) OL_NONNULL;

#endif
