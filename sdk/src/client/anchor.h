/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_ANCHOR_H
#define OL_CLIENT_ANCHOR_H

/*
 * How a client anchors the block of a question on L1. What follows from what:
 *
 *   hint             a node says which output root was proposed last, or is final
 *   proposal         what the rollup's contracts say of it, proven at an L1 block that is proven (proposal.h)
 *   block            the L2 block of that number
 *   message passer   its storage root, proven under that block's state; from Isthmus on the block's header has it
 *
 * Proposal and block are fetched at the same time. In the end the block's roots must make the output root.
 */

#include "client/proposal.h"
#include "openledger/sync.h"

typedef struct ol_view ol_view;

/* What a want of anchoring is for: kinds of wants behind the first ones of a view (view.h). */
typedef enum ol_anchor_want {
  OL_ANCHOR_HINT = 3,
  OL_ANCHOR_CONTRACT,
  OL_ANCHOR_CONTRACT_CODE,
  OL_ANCHOR_IMPLEMENTATION,
  OL_ANCHOR_IMPLEMENTATION_CODE,
  OL_ANCHOR_BLOCK,
  OL_ANCHOR_PASSER,
  OL_ANCHOR_PASSER_CODE, /* never asked */
  OL_ANCHOR_KINDS
} ol_anchor_want;

/* A block that was anchored, so that the next question need not do it again. */
typedef struct ol_anchored {
  bool known;
  ol_block block;
  ol_anchor anchor;
} ol_anchored;

typedef struct ol_anchoring {
  bool has_rollup;         /* it is known where the contracts are, */
  bool ready;              /* and what is proven of L1 */
  ol_anchored anchored[2]; /* the block that is proposed, and the one that is finalized, at these L1 blocks */
  ol_rollup rollup;
  ol_block finalized_l1;
  ol_block newest_l1;
  /* Of one question: */
  bool finalized; /* it asks for what is final */
  bool has_hint;
  bool hint_early; /* it is of whatever L1 block its endpoint calls the newest, or final */
  ol_hint hint;
  uint32_t hint_from;
  uint64_t hint_want;
  uint8_t hint_tries[OL_MAX_ENDPOINTS];
  bool proposing; /* the proposal is of the hint */
  bool judged;
  ol_proposal proposal;
  bool has_block;   /* the view's block is the candidate */
  bool is_complete; /* its header makes the output root by itself */
  ol_readers passer_from;
  ol_read passer;
  uint32_t block_from;
  uint64_t block_want;
  uint8_t block_tries[OL_MAX_ENDPOINTS];
} ol_anchoring;

/*
 * Tells what is proven of L1, and where the rollup's contracts are there (ol_client_anchor). In: no status while L1 is
 * still followed, and what does not need it is looked for already; neither, when it cannot be followed.
 * Returns: OL_ERR_ARGUMENT when that is not enough, or a question rests on what was told before.
 */
OL_CHECKED ol_status ol_anchor_tell(ol_error *error, ol_view *view, const ol_rollup *rollup,
                                    const ol_sync_status *l1) OL_NONNULL_ARGS(1, 2);

/* Returns: whether a rollup's contracts are known by which a block can be anchored. */
bool ol_anchor_has_contracts(const ol_rollup *rollup) OL_NONNULL;

/* Begins to anchor the view's block. */
void ol_anchor_begin(ol_view *view) OL_NONNULL;

/* The functions of an engine's user, for the wants of anchoring. */
OL_CHECKED ol_status ol_anchor_request(ol_error *error, ol_want *out, const ol_view *view,
                                       const ol_engine_want *want, ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_anchor_answer(ol_error *error, ol_view *view, const ol_engine_want *want,
                                      ol_json result, ol_arena *arena) OL_NONNULL;
void ol_anchor_lost(ol_view *view, const ol_engine_want *want, const ol_error *error) OL_NONNULL;

/*
 * Asks for what is missing; fails when there is no hope. Returns: whether the block is anchored. What is
 * anchored at the same L1 block need not be anchored twice.
 */
bool ol_anchor_advance(ol_view *view) OL_NONNULL;

/* Gives the candidate up for that of another endpoint. */
void ol_anchor_doubt(ol_view *view) OL_NONNULL;

/* Returns: what anchors the block of the question, once it is. */
const ol_anchored *ol_anchor_of(const ol_anchoring *anchoring) OL_NONNULL;

/* Returns: what errors call a want of anchoring. */
const char *ol_anchor_part(uint32_t kind);

#endif
