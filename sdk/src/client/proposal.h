/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_PROPOSAL_H
#define OL_CLIENT_PROPOSAL_H

/*
 * A proposal of an output root - a dispute game, or an output of the oracle -, judged at an L1 block that is proven.
 * What is read of it:
 *
 *   contracts        what the rollup's contracts say of it; the user names factory and portal, or the oracle, and the
 *                    hint the game and who judges it
 *   implementations  the code of those contracts, so that it is known what their slots mean
 *
 * Part of an engine's user, who gives it the wants of its kinds.
 */

#include "client/proxied.h"
#include "rollup/hint.h"

typedef struct ol_proposal {
  bool of_games; /* and not of the oracle */
  ol_block l1;
  ol_hint hint;
  bool must_be_final;
  ol_readers code_from;
  ol_reads contracts;
  ol_reads code;
  ol_status game_status; /* of reading the game's code */
  ol_error game_error;
  ol_address game_implementation;
  ol_implementation implementations[OL_READS];
  ol_output_claim claim; /* what is proposed, */
  ol_output_state state; /* and how far that is, once it is judged */
} ol_proposal;

/* Returns: whether outputs are proposed in games, and not to an oracle. */
bool ol_rollup_has_games(const ol_rollup *rollup) OL_NONNULL;

/*
 * Begins. In: the rollup, which all functions are to be given; the L1 block; what is proposed there, as somebody says;
 * whether it must be final; who is asked for contracts and for implementations, and by which kinds of wants.
 */
void ol_proposal_init(ol_proposal *proposal, const ol_rollup *rollup, const ol_block *l1, const ol_hint *hint,
                      bool must_be_final, const ol_readers *from, const ol_readers *code_from) OL_NONNULL;

/* The functions of an engine's user, for wants of its kinds. */
OL_CHECKED ol_status ol_proposal_request(ol_error *error, ol_want *out, const ol_proposal *proposal,
                                         const ol_engine_want *want, ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_proposal_answer(ol_error *error, ol_proposal *proposal, const ol_rollup *rollup,
                                        const ol_engine_want *want, ol_json result,
                                        ol_arena *arena) OL_NONNULL;
void ol_proposal_lost(ol_proposal *proposal, const ol_engine_want *want, const ol_error *error) OL_NONNULL;

/*
 * Asks for what is missing. Returns: OL_L1_DONE once it can be relied on as proposed, or as final; OL_L1_FAILED when a
 * contract is of an unknown release; OL_L1_REFUSED otherwise, by OL_ERR_MISMATCH when the hint is not so, and by
 * OL_ERR_PROOF when it is so, but is no good.
 */
ol_l1_step ol_proposal_advance(ol_error *error, ol_engine *engine, ol_proposal *proposal,
                               const ol_rollup *rollup) OL_NONNULL;

#endif
