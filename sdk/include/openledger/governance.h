/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_GOVERNANCE_H
#define OPENLEDGER_GOVERNANCE_H

/*
 * OpenLedger's governor, which is OpenZeppelin's Governor 5 with GovernorSettings, GovernorCountingSimple, GovernorStorage,
 * GovernorVotesQuorumFraction and GovernorTimelockControl: proposals and votes as calls to be put into transactions.
 *
 * A proposal is a list of calls that the timelock makes; targets, values and calldatas of the contract are these calls'
 * members, so that they cannot be of different lengths.
 *
 * All: Out: the call, with its data in `memory`. In: memory for the data: 1 KiB, what texts and data within it take, and
 * 256 bytes for each call of a proposal. Returns: OL_ERR_ARGUMENT with the argument's name for what the contract would
 * refuse, OL_ERR_LIMIT, OL_ERR_CRYPTO for a signature of high s, OL_ERR_MEMORY.
 */

#include "openledger/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_PROPOSAL_CALLS 16          /* of one proposal */
#define OL_PROPOSAL_DESCRIPTION 32768 /* bytes */
#define OL_PROPOSAL_DATA 65536        /* bytes of data of one of its calls */
#define OL_VOTE_REASON 8192           /* bytes of the reason or the parameters of a vote */
#define OL_VOTE_SIGNATURE 4096        /* bytes of a signature that a contract judges */

/* Out: the number of a proposal, keccak-256 of abi.encode(targets, values, calldatas, descriptionHash). */
OL_API OL_CHECKED ol_status ol_proposal_id(ol_error *error, ol_hash *out, const ol_call *calls,
                                           size_t calls_len, const ol_hash *description_hash, void *memory,
                                           size_t len) OL_NONNULL;

/*
 * Out: by which number the timelock knows a proposal that is queued, and the salt in it, as GovernorTimelockControl and
 * TimelockController.hashOperationBatch make them.
 */
OL_API OL_CHECKED ol_status ol_proposal_operation(ol_error *error, ol_hash *out, ol_hash *out_salt,
                                                  const ol_address *governor, const ol_call *calls,
                                                  size_t calls_len, const ol_hash *description_hash,
                                                  void *memory, size_t len) OL_NONNULL;

/* Writes propose. In: the description, in UTF-8; it should not be empty, as it is all that voters get to read. */
OL_API OL_CHECKED ol_status ol_proposal_propose_call(ol_error *error, ol_call *out,
                                                     const ol_address *governor, const ol_call *calls,
                                                     size_t calls_len, ol_slice description, void *memory,
                                                     size_t len) OL_NONNULL_ARGS(1, 2, 3, 4, 7);

typedef enum ol_proposal_step {
  OL_PROPOSAL_QUEUE = 0,
  OL_PROPOSAL_EXECUTE = 1,
  OL_PROPOSAL_CANCEL = 2,
} ol_proposal_step;

/* Writes queue, execute or cancel. It pays nothing: what the proposal's calls pay is the timelock's. */
OL_API OL_CHECKED ol_status ol_proposal_step_call(ol_error *error, ol_call *out, const ol_address *governor,
                                                  ol_proposal_step step, const ol_call *calls,
                                                  size_t calls_len, const ol_hash *description_hash,
                                                  void *memory, size_t len) OL_NONNULL;

/* The same of a proposal by its number, whose calls the contract has stored (GovernorStorage). */
OL_API OL_CHECKED ol_status ol_proposal_stored_call(ol_error *error, ol_call *out, const ol_address *governor,
                                                    ol_proposal_step step, const ol_u256 *proposal_id,
                                                    void *memory, size_t len) OL_NONNULL;

typedef enum ol_vote_support {
  OL_VOTE_AGAINST = 0,
  OL_VOTE_FOR = 1,
  OL_VOTE_ABSTAIN = 2,
} ol_vote_support;

/* Who casts a vote. */
typedef enum ol_vote_form {
  OL_VOTE_OWN = 0,       /* the sender */
  OL_VOTE_SIGNED = 1,    /* a voter who has signed Ballot or ExtendedBallot, r || s || v in 65 bytes */
  OL_VOTE_CONTRACT = 2,  /* a voter with code, which judges the signature (EIP-1271) */
  OL_VOTE_SIGNED_V4 = 3, /* as OL_VOTE_SIGNED, of a governor of OpenZeppelin 4 */
} ol_vote_form;

typedef struct ol_vote {
  ol_u256 proposal_id;
  uint32_t support;   /* an ol_vote_support */
  uint32_t form;      /* an ol_vote_form */
  ol_slice reason;    /* UTF-8, or empty */
  ol_slice params;    /* or empty */
  ol_address voter;   /* who has signed; zero for OL_VOTE_OWN and OL_VOTE_SIGNED_V4 */
  ol_slice signature; /* empty for OL_VOTE_OWN */
} ol_vote;

/* Writes castVote, castVoteWithReason, castVoteWithReasonAndParams, castVoteBySig or ...AndParamsBySig: the least that says it. */
OL_API OL_CHECKED ol_status ol_vote_call(ol_error *error, ol_call *out, const ol_address *governor,
                                         const ol_vote *vote, void *memory, size_t len) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
