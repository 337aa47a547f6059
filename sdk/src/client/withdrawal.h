/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_WITHDRAWAL_H
#define OL_CLIENT_WITHDRAWAL_H

/*
 * How far a withdrawal has come on L1, at the newest block of it that is proven. What follows from what:
 *
 *   portal      what it keeps of the withdrawal; and then the code of its implementation
 *   submitters  of games: who has proven it, and by which games
 *   game        its code, which says what it claims; and of which type it is, as an endpoint says
 *   proposal    whether that, or the output it was proven by, still holds, and since when (proposal.h)
 *
 * Anybody can prove a withdrawal, each by a game of his own, and it is enough that one of them comes to its end. The
 * last OL_WITHDRAWAL_SUBMITTERS are looked at, the newest first, or the one that the user names.
 */

#include "client/fetch.h"
#include "openledger/withdrawal.h"

#define OL_WITHDRAWAL_SUBMITTERS 4

typedef enum ol_withdrawing_phase {
  OL_WITHDRAWING_PORTAL,
  OL_WITHDRAWING_SUBMITTERS,
  OL_WITHDRAWING_RECORDS,
  OL_WITHDRAWING_GAME,
  OL_WITHDRAWING_HINT, /* it is known, and by which rules it is judged once the portal is */
  OL_WITHDRAWING_PROPOSAL,
  OL_WITHDRAWING_DONE
} ol_withdrawing_phase;

/* Who has proven it. */
typedef struct ol_submission {
  ol_address submitter; /* zero of an output */
  ol_withdrawal_record record;
} ol_submission;

typedef struct ol_withdrawing {
  ol_block l1;
  ol_hash hash; /* of the withdrawal */
  ol_withdrawing_phase phase;
  ol_portal_kind kind; /* OL_PORTAL_GAMES as long as the portal is not known */
  ol_proxied portal;
  ol_readers from;
  ol_read read; /* of the portal, and then of a game */
  uint32_t count;
  uint32_t at; /* the submission whose game is looked at */
  ol_submission submissions[OL_WITHDRAWAL_SUBMITTERS];
  ol_hint hint;          /* what it was proven by */
  ol_status game_status; /* of reading the game's code */
  ol_error game_error;
  bool has_type;            /* of a game; or it is an output, which has none */
  ol_engine_want type_want; /* which brought it */
  uint8_t type_tries[OL_MAX_ENDPOINTS];
  ol_readers contract_from;
  ol_readers code_from;
  ol_proposal proposal;
  /* Once it is done: */
  ol_submission best;
  ol_withdrawal_status status; /* OL_WITHDRAWAL_WAITING also where it only has to be proven */
} ol_withdrawing;

/* Begins. In: a view to which L1 is known; the withdrawal; whose proof is looked at, or NULL for anybody's. */
void ol_withdrawing_init(ol_withdrawing *of, const ol_view *view, const ol_hash *hash,
                         const ol_address *submitter) OL_NONNULL_ARGS(1, 2, 3);

/* The functions of an engine's user, for wants of L1. In: the view's rollup. */
OL_CHECKED ol_status ol_withdrawing_request(ol_error *error, ol_want *out, const ol_withdrawing *of,
                                            const ol_engine_want *want, ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_withdrawing_answer(ol_error *error, ol_withdrawing *of, const ol_rollup *rollup,
                                           const ol_engine_want *want, ol_json result,
                                           ol_arena *arena) OL_NONNULL;
void ol_withdrawing_lost(ol_withdrawing *of, const ol_engine_want *want, const ol_error *error) OL_NONNULL;

/*
 * Asks for what is missing. Returns: OL_L1_FAILED also when the profile does not say the maturity delay of a portal
 * that it vouches for; not OL_L1_REFUSED.
 */
ol_l1_step ol_withdrawing_advance(ol_error *error, ol_engine *engine, ol_withdrawing *of,
                                  const ol_rollup *rollup) OL_NONNULL;

#endif
