/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_PROXIED_H
#define OL_CLIENT_PROXIED_H

/*
 * A contract of a rollup on L1, which is a proxy: its slots are read, and then the code of its implementation, so that
 * it is known what they mean. Part of an engine's user, who gives it the wants of its kinds.
 */

#include "client/reads.h"
#include "openledger/rollup.h"
#include "rollup/anchor.h"

/* A block, as far as an answer names it. */
typedef struct ol_block {
  uint64_t number;
  uint64_t timestamp;
  ol_hash hash;
  ol_hash parent_hash; /* zero of a block of L1 */
  ol_hash state_root;
} ol_block;

/* An implementation whose code came. */
typedef struct ol_implementation {
  const ol_release *release; /* NULL: unknown */
  bool pinned;               /* the user vouches for it, and for what it was built for */
  uint64_t finality_delay_s; /* of who judges games: a portal or a registry */
  uint64_t maturity_delay_s; /* of a portal of games; 0 when the user vouches for it, and did not say it */
  ol_game_terms terms;       /* of a game that is not pinned */
} ol_implementation;

/*
 * Finds the release of code that came, from the table, or as the user vouches for it. Out: without a release where it
 * is none of that contract's: that is told by ol_implementation_check, once the code is proven to be the contract's.
 * In: OL_CONTRACT_PORTAL2 stands for OL_CONTRACT_PORTAL_OF_REGISTRY too: it reads the same slots, and means others.
 * Returns: what is wrong with its immutables.
 */
OL_CHECKED ol_status ol_implementation_of(ol_error *error, ol_implementation *out, const ol_rollup *rollup,
                                          ol_contract contract, const ol_hash *code_hash, ol_slice code)
    OL_NONNULL_ARGS(1, 2, 3, 5);

/*
 * Checks that an implementation is of a known release, now that its account is proven. That code came does not say
 * that it has any. Returns: OL_ERR_MISMATCH.
 */
OL_CHECKED ol_status ol_implementation_check(ol_error *error, const ol_implementation *implementation,
                                             const ol_read *code) OL_NONNULL;

/* How far it is with what is read of L1. */
typedef enum ol_l1_step {
  OL_L1_WAIT,
  OL_L1_STUCK,   /* nobody is left to ask */
  OL_L1_FAILED,  /* L1 has what cannot be gone by, as the error says */
  OL_L1_REFUSED, /* of a proposal: as ol_proposal_advance says */
  OL_L1_DONE
} ol_l1_step;

typedef struct ol_proxied {
  ol_contract contract;
  ol_readers from;
  ol_readers code_from;
  ol_read read; /* slot 0 is the implementation's; behind it come the user's */
  ol_read code;
  bool has_code; /* it is asked for */
  ol_implementation implementation;
} ol_proxied;

/*
 * Begins. In: the contract; the L1 block at which it is read; who is asked, and by which kinds of wants. The user's slots
 * are to be added to `read`.
 */
void ol_proxied_init(ol_proxied *proxied, ol_contract contract, const ol_address *address, const ol_block *l1,
                     const ol_readers *from, const ol_readers *code_from) OL_NONNULL;

/* The functions of an engine's user, for wants of its kinds. In: the rollup whose contract it is. */
OL_CHECKED ol_status ol_proxied_request(ol_error *error, ol_want *out, const ol_proxied *proxied,
                                        const ol_engine_want *want, ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_proxied_answer(ol_error *error, ol_proxied *proxied, const ol_rollup *rollup,
                                       const ol_engine_want *want, ol_json result,
                                       ol_arena *arena) OL_NONNULL;
void ol_proxied_lost(ol_proxied *proxied, const ol_engine_want *want, const ol_error *error) OL_NONNULL;

/*
 * Asks for what is missing. Returns: OL_L1_DONE when the slots are proven, and their meaning known; OL_L1_FAILED when
 * the implementation is none, or of an unknown release.
 */
ol_l1_step ol_proxied_advance(ol_error *error, ol_engine *engine, ol_proxied *proxied) OL_NONNULL;

#endif
