/* SPDX-License-Identifier: MIT */
#ifndef OL_LEDGER_GOVERNOR_H
#define OL_LEDGER_GOVERNOR_H

/*
 * The governor, its timelock and GOPEN as storage has them: readers (ledger/asks.h) over the layouts of OpenZeppelin 5.3 in the
 * order in which OpenLedger's published sources inherit its parts (tests/devnet/contracts/README.md has the slots).
 *
 * GOPEN is not to be found in the governor's storage, only in its code: whoever asks says where it is.
 */

#include "ledger/asks.h"
#include "openledger/governance.h"

/* The parameters. In: the contracts, and at what time quorum is looked at. */
typedef struct ol_governor {
  ol_target governor;
  ol_target gopen;
  uint64_t time;
  uint32_t step;
  ol_trace supply;
  ol_trace percent;
  /* Once it is done: */
  uint64_t voting_delay_s;
  uint64_t voting_period_s;
  ol_u256 threshold; /* votes that a proposer must have */
  uint64_t proposals;
  ol_target timelock;
  ol_u256 timelock_delay_s;
  ol_u256 quorum; /* votes for and abstaining that a proposal needs whose vote starts at that time */
} ol_governor;

void ol_governor_init(ol_governor *governor, const ol_address *address, const ol_address *gopen,
                      uint64_t time) OL_NONNULL;
OL_CHECKED ol_status ol_governor_visit(ol_error *error, ol_governor *governor, ol_asks *asks) OL_NONNULL;

/* --- A proposal --- */

typedef enum ol_motion_state {
  OL_MOTION_PENDING = 0,
  OL_MOTION_ACTIVE = 1,
  OL_MOTION_CANCELED = 2,
  OL_MOTION_DEFEATED = 3,
  OL_MOTION_SUCCEEDED = 4,
  OL_MOTION_QUEUED = 5,
  OL_MOTION_EXPIRED = 6, /* never with a timelock */
  OL_MOTION_EXECUTED = 7,
} ol_motion_state;

typedef struct ol_motion {
  ol_target governor;
  ol_target gopen;
  ol_u256 id;
  uint32_t step;
  ol_trace supply;
  ol_trace percent;
  ol_target timelock;
  /* Once it is done: */
  bool exists; /* nothing else is known of one that does not */
  bool is_executed;
  bool is_canceled;
  ol_address proposer;
  uint64_t starts_at; /* Unix seconds; votes count as they are then */
  uint64_t ends_at;   /* the last second at which votes are taken */
  uint64_t eta;       /* when it can be executed; 0 before it is queued */
  ol_u256 votes[3];   /* by ol_vote_support */
  ol_u256 quorum;
  ol_u256 operation;      /* by which the timelock knows it; 0 when it is not queued */
  ol_u256 operation_time; /* 0: none; 1: done; else from when on it can be executed */
} ol_motion;

/* In: slots that each of its two lists of checkpoints may ask for at once. */
void ol_motion_init(ol_motion *proposal, const ol_address *governor, const ol_address *gopen,
                    const ol_u256 *id, uint32_t width) OL_NONNULL;
OL_CHECKED ol_status ol_motion_visit(ol_error *error, ol_motion *proposal, ol_asks *asks) OL_NONNULL;

/* Returns: the state of one that exists, at the time of the block that it was read at (GovernorTimelockControl.state). */
ol_motion_state ol_motion_state_of(const ol_motion *proposal, uint64_t now) OL_NONNULL;

/* --- What it does (GovernorStorage), and how somebody has voted --- */

#define OL_STORED_DATA 8192 /* bytes of data of all its calls together */

typedef struct ol_motion_details {
  ol_target governor;
  ol_u256 id;
  uint32_t step;
  /* Once it is done: */
  bool is_known; /* false when it is more than is read */
  uint32_t count;
  ol_hash description_hash;
  ol_address targets[OL_PROPOSAL_CALLS];
  ol_u256 values[OL_PROPOSAL_CALLS];
  uint32_t data_at[OL_PROPOSAL_CALLS + 1]; /* in `data`; a call's ends where the next one's padding begins */
  uint32_t data_len[OL_PROPOSAL_CALLS];
  uint32_t data_read; /* how far, */
  uint32_t reading;   /* and of which call */
  uint8_t data[OL_STORED_DATA];
} ol_motion_details;

void ol_motion_details_init(ol_motion_details *details, const ol_address *governor,
                            const ol_u256 *id) OL_NONNULL;
OL_CHECKED ol_status ol_motion_details_visit(ol_error *error, ol_motion_details *details,
                                             ol_asks *asks) OL_NONNULL;

/* Out: its calls, with their data inside `details`. There is room for OL_PROPOSAL_CALLS. */
void ol_motion_details_calls(ol_call *out, const ol_motion_details *details) OL_NONNULL;

/* --- Proposals --- */

#define OL_PROPOSALS 8 /* that are read at once */
#define OL_PROPOSALS_WIDTH 6

typedef struct ol_motions {
  ol_target governor;
  ol_target gopen;
  uint64_t skip; /* of the newest */
  uint64_t most; /* to be read, at most OL_PROPOSALS */
  uint32_t step;
  /* Once it is done: */
  uint64_t total;
  uint32_t count;
  ol_motion list[OL_PROPOSALS]; /* the newest first */
} ol_motions;

void ol_motions_init(ol_motions *proposals, const ol_address *governor, const ol_address *gopen,
                     uint64_t skip, uint64_t most) OL_NONNULL;
OL_CHECKED ol_status ol_motions_visit(ol_error *error, ol_motions *proposals, ol_asks *asks) OL_NONNULL;

/* --- An account of GOPEN --- */

typedef struct ol_voter {
  ol_target gopen;
  ol_target governor; /* zero: not asked */
  ol_address account;
  uint64_t time; /* at which votes are looked at too */
  uint32_t step;
  bool with_proposal; /* whether it has voted on: */
  ol_u256 proposal;
  ol_trace now;
  ol_trace then;
  /* Once it is done: */
  ol_u256 balance;
  ol_address delegatee; /* zero: its votes are nobody's */
  ol_u256 nonce;        /* of permits and delegations */
  ol_u256 vote_nonce;   /* of signed votes, of the governor */
  bool has_voted;
} ol_voter;

/* In: the governor and a proposal, or NULL. */
void ol_voter_init(ol_voter *voter, const ol_address *gopen, const ol_address *governor,
                   const ol_address *account, uint64_t time, const ol_u256 *proposal)
    OL_NONNULL_ARGS(1, 2, 4);
OL_CHECKED ol_status ol_voter_visit(ol_error *error, ol_voter *voter, ol_asks *asks) OL_NONNULL;

#endif
