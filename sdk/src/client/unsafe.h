/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_UNSAFE_H
#define OL_CLIENT_UNSAFE_H

/*
 * How a client takes a block from the sequencer, before it is on L1 (openledger/envelope.h). At the same time are asked
 * for
 *
 *   message    the newest block as it is gossiped: verified but for who signed it
 *   contract   SystemConfig at an L1 block that is proven, which names the signer; and then the code of its
 *              implementation, so that it is known what the slot means
 *
 * In the end the signer of the message must be the one that L1 names. What it signed is remembered: a height has one
 * block, and the head does not go back. That is so as long as the newest block is young enough to be gossiped, a
 * minute. A sequencer that begins again further down, or once signed a height far above, is then followed again: what
 * it signed before is forgotten. A block above the newest is taken even where it does not fit to the one below it.
 */

#include "client/anchor.h"
#include "rollup/unsafe_head.h"

/* What a want is for, behind those of anchoring. */
typedef enum ol_unsafe_want {
  OL_UNSAFE_MESSAGE = OL_ANCHOR_KINDS,
  OL_UNSAFE_CONTRACT,
  OL_UNSAFE_CONTRACT_CODE, /* never asked */
  OL_UNSAFE_IMPLEMENTATION,
  OL_UNSAFE_IMPLEMENTATION_CODE,
  OL_UNSAFE_KINDS
} ol_unsafe_want;

/* Messages that can be kept for evidence. */
#define OL_UNSAFE_KEPT_MIN 4
#define OL_UNSAFE_KEPT_MAX 16

/* A place for a message, in the view's memory. */
typedef struct ol_unsafe_kept {
  uint32_t len; /* 0: none, or one that is longer than the place */
  uint32_t version;
  ol_hash hash; /* of its block */
  ol_address signer;
  uint64_t chain_id;
} ol_unsafe_kept;

typedef struct ol_unsafe_view {
  /* Of a signer, as long as L1 names it: */
  bool has_signer;
  ol_hash l1_hash;     /* the block at which it was proven */
  ol_unsafe_head head; /* what it signed */
  /* Messages, if any are to be kept: */
  ol_unsafe_kept kept[OL_UNSAFE_KEPT_MAX];
  uint32_t place;       /* of the candidate's message */
  bool has_evidence;    /* two of one height are kept, */
  uint32_t evidence[2]; /* which are not replaced until there are two others, */
  /* Of one question: */
  bool has_block; /* the view's block is the candidate */
  ol_unsafe_block candidate;
  ol_address signed_by;
  ol_engine_want from; /* which brought the message */
  uint8_t tries[OL_MAX_ENDPOINTS];
  bool has_contract; /* it is asked for */
  ol_proxied contract;
} ol_unsafe_view;

/* Begins to look for the newest block. */
void ol_unsafe_begin(ol_view *view) OL_NONNULL;

/* The functions of an engine's user, for wants of a message and of SystemConfig. In: the answer's bytes. */
OL_CHECKED ol_status ol_unsafe_request(ol_error *error, ol_want *out, const ol_view *view,
                                       const ol_engine_want *want, ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_unsafe_message(ol_error *error, ol_view *view, const ol_engine_want *want,
                                       ol_slice data, ol_arena arena) OL_NONNULL_ARGS(1, 2, 3);
OL_CHECKED ol_status ol_unsafe_answer(ol_error *error, ol_view *view, const ol_engine_want *want,
                                      ol_json result, ol_arena *arena) OL_NONNULL;
void ol_unsafe_lost(ol_view *view, const ol_engine_want *want, const ol_error *error) OL_NONNULL;

/* Asks for what is missing; fails when there is no hope. Returns: whether the block is the sequencer's. */
bool ol_unsafe_advance(ol_view *view) OL_NONNULL;

/* Gives the candidate up for that of another endpoint. */
void ol_unsafe_doubt(ol_view *view) OL_NONNULL;

/* Is told of a rollup that differs from the one before. Of another chain, nothing that was signed is remembered. */
void ol_unsafe_tell(ol_view *view, const ol_rollup *rollup) OL_NONNULL;

/* Makes evidence of the two messages of one height that are kept (ol_client_equivocation). */
OL_CHECKED ol_status ol_unsafe_evidence(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                        const ol_view *view) OL_NONNULL_ARGS(1, 4, 5);

/* Returns: what errors call a want of these kinds. */
const char *ol_unsafe_part(uint32_t kind);

#endif
