/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_CLIENT_H
#define OL_CLIENT_CLIENT_H

#include "client/anchor.h"
#include "openledger/header.h"

/*
 * A client: its engine, one question, and how far the answer has come. The phases of an account question:
 *
 *   heads   (tags only) every endpoint is asked for its block of that tag; the block at which the answer
 *           will hold is the highest that as many endpoints as the quorum needs have reached
 *   votes   the endpoints that are further are asked for that block by number; the quorum must give the
 *           same hash of it
 *   proof   one endpoint after the other is asked for the proof, and one for the code, until one is sound
 *
 * or, for trust above that of a quorum, the one phase anchor (anchor.h).
 */

typedef enum ol_client_phase {
  OL_PHASE_NONE,
  OL_PHASE_HEADS,
  OL_PHASE_VOTES,
  OL_PHASE_PROOF,
  OL_PHASE_ANCHOR
} ol_client_phase;

/* What a want is for. */
typedef enum ol_want_kind {
  OL_WANT_CHAIN_ID,
  OL_WANT_HEAD,
  OL_WANT_VOTE,
  OL_WANT_KINDS, /* those that every endpoint is asked */
  OL_WANT_PROOF = OL_WANT_KINDS,
  OL_WANT_CODE,
  OL_WANT_HINT, /* from here on of anchoring */
  OL_WANT_CONTRACT,
  OL_WANT_CONTRACT_CODE,
  OL_WANT_IMPLEMENTATION,
  OL_WANT_IMPLEMENTATION_CODE,
  OL_WANT_ANCHORED_BLOCK
} ol_want_kind;

/* How far one endpoint is with one kind of want. */
typedef enum ol_progress { OL_NOT_ASKED, OL_ASKED, OL_GOOD, OL_LOST } ol_progress;

typedef struct ol_endpoint {
  uint8_t progress[OL_WANT_KINDS];
  uint8_t tries[OL_WANT_KINDS];
  ol_block block; /* its head, then its vote */
} ol_endpoint;

struct ol_client {
  ol_engine engine; /* the first member: an engine of a client is the client */
  ol_client_config config;
  ol_client_phase phase;
  ol_account_question question;
  ol_endpoint endpoints[OL_MAX_ENDPOINTS];
  uint64_t target; /* the number of the block, from the votes on */
  ol_block block;  /* the block agreed on, from the proof on */
  uint32_t agreed;
  ol_error worst; /* of all that was refused: what a failure will report */
  ol_reads reads; /* the account, from the proof on */
  ol_anchoring anchoring;
  size_t code_len;
  size_t scratch_len;
  uint8_t code[OL_MAX_CODE];
  _Alignas(16) uint8_t scratch[]; /* scratch_len bytes: requests, and answers while they are read */
};

/* The functions that an account question gives to the engine. */
extern const ol_engine_user ol_account_user;

/* Writes a question's answer; shared by the live question and the offline proof. */
void ol_account_answer_fill(ol_account_answer *out, const ol_account_question *question,
                            const ol_account *account, const ol_slot *slots,
                            const ol_block *block) OL_NONNULL;

/* Begins to read the account of the question at the client's block. */
void ol_client_begin_reads(ol_client *client) OL_NONNULL;

/* Asks for what is missing of a list; gives up when nobody is left to ask. Returns: whether all of it is there. */
bool ol_client_read(ol_client *client, ol_reads *reads) OL_NONNULL;

/* Returns: what a client keeps of a header that has this hash. */
ol_block ol_block_of(const ol_header *header, const ol_hash *hash) OL_NONNULL;

/* Checks a block's number. Returns: OL_ERR_MISMATCH. */
OL_CHECKED ol_status ol_block_check_number(ol_error *error, uint64_t number, uint64_t asked) OL_NONNULL;

/* Checks a block's time. Returns: OL_ERR_STALE. */
OL_CHECKED ol_status ol_block_check_age(ol_error *error, const ol_block *block, uint32_t max_age_s,
                                        uint64_t now_ms) OL_NONNULL;

/* Checks a question's own values. Returns: OL_ERR_ARGUMENT. */
OL_CHECKED ol_status ol_account_question_check(ol_error *error, const ol_account_question *question,
                                               ol_trust reachable) OL_NONNULL;

/* Checks that a block is the one asked, by number or by hash. Returns: OL_ERR_MISMATCH. */
OL_CHECKED ol_status ol_block_check_asked(ol_error *error, const ol_block *block,
                                          const ol_account_question *question) OL_NONNULL;

#endif
