/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_VIEW_H
#define OL_CLIENT_VIEW_H

/*
 * The block at which answers hold, and how it is found. By a quorum, in two phases:
 *
 *   heads   (tags only) every endpoint is asked for its block of that tag; the block at which the answer
 *           will hold is the highest that as many endpoints as the quorum needs have reached
 *   votes   the endpoints that are further are asked for that block by number; the quorum must give the
 *           same hash of it
 *
 * or, for trust above that of a quorum, in the one phase anchor (anchor.h) or unsafe (unsafe.h). Part of an engine's user, who gives it the
 * wants of its kinds, and whose own begin behind them.
 */

#include "client/unsafe.h"
#include "openledger/client.h"
#include "openledger/header.h"

typedef enum ol_view_phase {
  OL_PHASE_HEADS,
  OL_PHASE_VOTES,
  OL_PHASE_ANCHOR,
  OL_PHASE_UNSAFE,
  OL_PHASE_SETTLED,
  OL_PHASE_FAILED
} ol_view_phase;

/* What a want of a view is for. */
typedef enum ol_view_want {
  OL_WANT_CHAIN_ID,
  OL_WANT_HEAD,
  OL_WANT_VOTE,
  OL_WANT_VOTE_KINDS, /* those that every endpoint is asked; then come those of anchor.h and unsafe.h */
  OL_WANT_VIEW_KINDS = OL_UNSAFE_KINDS /* where the user's own begin */
} ol_view_want;
_Static_assert((int)OL_ANCHOR_HINT == (int)OL_WANT_VOTE_KINDS, "one kind has one number");

/* How far one endpoint is with one kind of want. */
typedef enum ol_progress { OL_NOT_ASKED, OL_ASKED, OL_GOOD, OL_LOST } ol_progress;

typedef struct ol_endpoint {
  uint8_t progress[OL_WANT_VOTE_KINDS];
  uint8_t tries[OL_WANT_VOTE_KINDS];
  ol_block block; /* its head, then its vote */
} ol_endpoint;

/* Which block is asked for. */
typedef struct ol_view_question {
  uint32_t block;     /* an ol_block_tag */
  uint64_t number;    /* for OL_BLOCK_NUMBER */
  ol_hash hash;       /* for OL_BLOCK_HASH */
  uint32_t max_age_s; /* or OL_AGE_ANY */
  uint32_t trust;     /* an ol_trust */
} ol_view_question;

/* How far it is. What is proven under a candidate counts once that is settled. */
typedef enum ol_view_step { OL_VIEW_WAIT, OL_VIEW_CANDIDATE, OL_VIEW_SETTLED, OL_VIEW_FAILED } ol_view_step;

struct ol_view {
  ol_engine engine; /* the first member: the engine's user is a view, and what is behind it */
  ol_client_config config;
  ol_view_question question;
  ol_view_phase phase;
  ol_endpoint endpoints[OL_MAX_ENDPOINTS];
  uint64_t target;     /* the number of the block, from the votes on */
  ol_block block;      /* the candidate, or the block that is settled */
  uint32_t generation; /* of the candidate: when it changes, what was read under it is void */
  uint32_t agreed;
  ol_error worst;   /* of all that was refused: what a failure will report */
  ol_error failure; /* why there is no block */
  ol_anchoring anchoring;
  ol_unsafe_view unsafe;
  size_t scratch_at; /* from the view's beginning: requests, and answers while they are read */
  size_t scratch_len;
  size_t kept_at; /* behind it: the sequencer's messages that are kept */
};

/*
 * Returns: why no block of a trust can be found, or NULL. What a lower trust asks for, a higher one may have to answer:
 * a view without sequencers takes an unsafe question for one about what is proposed.
 */
const char *ol_view_lack(const ol_view *view, ol_trust trust) OL_NONNULL;

/* Returns: what the settled block rests on. */
ol_trust ol_view_trust(const ol_view *view) OL_NONNULL;

/* Out: the same, in full, for trust above that of a quorum. */
void ol_view_anchor(ol_anchor *out, const ol_view *view) OL_NONNULL;

/* Writes which block it is, as a member of an object. */
void ol_block_write_json(ol_json_writer *to, const char *name, const ol_block *block) OL_NONNULL;

/* Writes what a block rests on, as the member "anchor" of an object. */
void ol_anchor_write_json(ol_json_writer *to, const ol_anchor *anchor, ol_trust trust) OL_NONNULL;

/* Returns: why a configuration is not valid, or NULL. */
const char *ol_view_config_fault(const ol_client_config *config) OL_NONNULL;

/* Returns: bytes of the longest answer that is accepted. */
uint32_t ol_view_max_answer(const ol_client_config *config) OL_NONNULL;

/* Returns: bytes in which messages of the sequencer are kept. */
size_t ol_view_kept_len(const ol_client_config *config) OL_NONNULL;

/* Empties a view, whose configuration is valid. In: where its scratch memory is; that of messages is behind it. */
void ol_view_init(ol_view *view, const ol_client_config *config, size_t scratch_at,
                  size_t scratch_len) OL_NONNULL;

/* Returns: the scratch memory, empty. */
ol_arena ol_view_scratch(ol_view *view) OL_NONNULL;

/* Makes the engine ready for another question; answers to the one before stay unknown. */
void ol_view_reset(ol_view *view, const ol_engine_user *user) OL_NONNULL;

/* Begins to look for a block. */
void ol_view_begin(ol_view *view, const ol_view_question *question) OL_NONNULL;

/* The functions of an engine's user, for wants below OL_WANT_VIEW_KINDS. */
OL_CHECKED ol_status ol_view_request(ol_error *error, ol_want *out, ol_view *view, const ol_engine_want *want,
                                     ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_view_answer(ol_error *error, ol_view *view, const ol_engine_want *want,
                                    ol_slice data) OL_NONNULL;
void ol_view_lost(ol_view *view, const ol_engine_want *want, const ol_error *error) OL_NONNULL;

/* Returns: what errors call a want of a view. */
const char *ol_view_part(uint32_t kind);

/* Asks for what is missing. Returns: how far it is; OL_VIEW_FAILED, with the `failure`, when there is no hope. */
ol_view_step ol_view_advance(ol_view *view) OL_NONNULL;

/* Under the candidate nobody proves what was asked: looks for another one, or fails. */
void ol_view_doubt(ol_view *view) OL_NONNULL;

/* Checks a block's age. In: seconds, or OL_AGE_ANY; the time. Returns: OL_ERR_STALE. */
OL_CHECKED ol_status ol_block_check_age(ol_error *error, const ol_block *block, uint32_t max_age_s,
                                        uint64_t now_ms) OL_NONNULL;

/* Checks the settled block's age again. Returns: OL_ERR_STALE. */
OL_CHECKED ol_status ol_view_check_age(ol_error *error, const ol_view *view) OL_NONNULL;

/* Ends without a block. */
void ol_view_fail(ol_view *view, const ol_error *error) OL_NONNULL;

/* Out: who is asked under the view's block: first those that gave its hash, nobody of another chain. */
void ol_view_readers(ol_readers *out, const ol_view *view, uint32_t proof_kind,
                     uint32_t code_kind) OL_NONNULL;

/* Returns: who is asked on L1: all, in their order. */
ol_readers ol_view_l1_readers(const ol_view *view, uint32_t proof_kind, uint32_t code_kind) OL_NONNULL;

/* Writes a request for a block: by its hash, or by its number where that is NULL. */
OL_CHECKED ol_status ol_block_request(ol_error *error, ol_want *out, ol_arena *arena, uint64_t id,
                                      const ol_hash *hash, uint64_t number, bool full)
    OL_NONNULL_ARGS(1, 2, 3);

/* Check a block's number, and its hash. Return: OL_ERR_MISMATCH. */
OL_CHECKED ol_status ol_block_check_number(ol_error *error, uint64_t number, uint64_t asked) OL_NONNULL;
OL_CHECKED ol_status ol_block_check_hash(ol_error *error, const ol_hash *hash,
                                         const ol_hash *asked) OL_NONNULL;

/* Checks that a block is the one asked, by number or by hash. Returns: OL_ERR_MISMATCH. */
OL_CHECKED ol_status ol_block_check_asked(ol_error *error, const ol_block *block,
                                          const ol_view_question *question) OL_NONNULL;

/* Returns: what is kept of a header that has this hash. */
ol_block ol_block_of(const ol_header *header, const ol_hash *hash) OL_NONNULL;

#endif
