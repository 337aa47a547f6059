/* SPDX-License-Identifier: MIT */
#include "ledger/governor.h"

#include "encoding/abi.h"
#include "rollup/slots.h"
#include "rollup/u256.h"

#include "base/poison.h"

/* Slots of GOPEN: ERC20, ERC20Permit, ERC20Votes; */
enum { GOPEN_BALANCES = 0, GOPEN_NONCES = 7, GOPEN_DELEGATEES = 8, GOPEN_CHECKPOINTS = 9, GOPEN_SUPPLY = 10 };

/* of the governor, */
enum {
  GOVERNOR_NONCES = 2,
  GOVERNOR_PROPOSALS = 4,
  GOVERNOR_THRESHOLD = 7,
  GOVERNOR_TIMES = 8,
  GOVERNOR_VOTES = 9,
  GOVERNOR_IDS = 10,
  GOVERNOR_PERCENT = 12,
  GOVERNOR_TIMELOCK = 13,
  GOVERNOR_OPERATIONS = 14
};

/* and of TimelockController. */
enum { TIMELOCK_TIMES = 1, TIMELOCK_DELAY = 2 };

#define MOST_PROPOSALS UINT32_MAX
#define OPERATION_DONE 1

static ol_target target_of(const ol_address *address, ol_contract contract) {
  return (ol_target){.address = *address, .contract = (uint32_t)contract};
}

static ol_status read_timelock(ol_error *error, ol_target *out, const ol_u256 *value) {
  ol_address address;
  OL_TRY(ol_slot_address(error, &address, value));
  if (ol_address_is_zero(&address))
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "governor has no timelock");
  *out = target_of(&address, OL_CONTRACT_TIMELOCK);
  return OL_OK;
}

/* How many votes are `percent` of a supply. */
static ol_status read_quorum(ol_error *error, ol_u256 *out, const ol_u256 *supply, const ol_u256 *percent) {
  ol_u256 quorum;
  if (!ol_u256_mul(&quorum, supply, percent)) /* the contract admits 100 at most */
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "quorum is larger than it can be");
  ol_u256_div(&quorum, 100);
  *out = quorum;
  return OL_OK;
}

static ol_trace trace_at(uint64_t slot, uint64_t time, uint32_t width) {
  const ol_u256 place = ol_u256_of(slot);
  return ol_trace_of(&place, time, width);
}

/* --- Parameters --- */

void ol_governor_init(ol_governor *governor, const ol_address *address, const ol_address *gopen,
                      uint64_t time) {
  memset(governor, 0, sizeof *governor);
  governor->governor = target_of(address, OL_CONTRACT_GOVERNOR);
  governor->gopen = target_of(gopen, OL_CONTRACT_GOPEN);
  governor->time = time;
  governor->supply = trace_at(GOPEN_SUPPLY, time, OL_TRACE_WIDTH);
  governor->percent = trace_at(GOVERNOR_PERCENT, time, OL_TRACE_WIDTH);
}

static ol_status visit_settings(ol_error *error, ol_governor *of, ol_asks *asks) {
  const ol_u256 threshold = ol_ask_at(asks, &of->governor, GOVERNOR_THRESHOLD);
  const ol_u256 times = ol_ask_at(asks, &of->governor, GOVERNOR_TIMES);
  const ol_u256 count = ol_ask_at(asks, &of->governor, GOVERNOR_IDS);
  const ol_u256 timelock = ol_ask_at(asks, &of->governor, GOVERNOR_TIMELOCK);
  if (!asks->answered) return OL_OK;
  OL_TRY(ol_asked_rest(error, &times, 10));
  OL_TRY(ol_asked_number(error, &of->proposals, &count, MOST_PROPOSALS));
  OL_TRY(read_timelock(error, &of->timelock, &timelock));
  of->threshold = threshold;
  of->voting_delay_s = ol_slot_read(&times, 0, 6);
  of->voting_period_s = ol_slot_read(&times, 6, 4);
  if (of->voting_period_s == 0) /* setVotingPeriod admits no 0 */
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "governor has no voting period");
  of->step = 1;
  return OL_OK;
}

ol_status ol_governor_visit(ol_error *error, ol_governor *of, ol_asks *asks) {
  if (of->step == 1) {
    of->timelock_delay_s = ol_ask_at(asks, &of->timelock, TIMELOCK_DELAY);
    if (asks->answered) of->step = 2;
  } else if (of->step == 0) {
    OL_TRY(visit_settings(error, of, asks));
  }
  OL_TRY(ol_trace_visit(error, &of->supply, asks, &of->gopen));
  OL_TRY(ol_trace_visit(error, &of->percent, asks, &of->governor));
  if (!ol_trace_is_done(&of->supply) || !ol_trace_is_done(&of->percent)) return OL_OK;
  return read_quorum(error, &of->quorum, &of->supply.value, &of->percent.value);
}

/* --- A proposal --- */

void ol_motion_init(ol_motion *proposal, const ol_address *governor, const ol_address *gopen,
                    const ol_u256 *id, uint32_t width) {
  memset(proposal, 0, sizeof *proposal);
  proposal->governor = target_of(governor, OL_CONTRACT_GOVERNOR);
  proposal->gopen = target_of(gopen, OL_CONTRACT_GOPEN);
  proposal->id = *id;
  proposal->supply = trace_at(GOPEN_SUPPLY, 0, width);
  proposal->percent = trace_at(GOVERNOR_PERCENT, 0, width);
}

/* ProposalCore: proposer, 48 bits of start, 32 of duration, two bools; then 48 bits of when it can be executed. */
static ol_status read_core(ol_error *error, ol_motion *out, const ol_u256 *core, const ol_u256 *eta) {
  const uint64_t executed = ol_slot_read(core, 30, 1), canceled = ol_slot_read(core, 31, 1);
  if (executed > 1 || canceled > 1)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "slot holds what the contract never writes");
  OL_TRY(ol_asked_number(error, &out->eta, eta, ((uint64_t)1 << 48) - 1));
  memcpy(out->proposer.bytes, core->bytes + 12, sizeof out->proposer.bytes);
  out->starts_at = ol_slot_read(core, 20, 6);
  out->ends_at = out->starts_at + ol_slot_read(core, 26, 4);
  out->is_executed = executed == 1;
  out->is_canceled = canceled == 1;
  out->exists = out->starts_at != 0;
  return OL_OK;
}

static ol_status visit_core(ol_error *error, ol_motion *of, ol_asks *asks) {
  const ol_u256 place = ol_place_of(GOVERNOR_PROPOSALS, &of->id),
                votes = ol_place_of(GOVERNOR_VOTES, &of->id);
  const ol_u256 operations = ol_place_of(GOVERNOR_OPERATIONS, &of->id);
  const ol_u256 core = ol_ask(asks, &of->governor, &place, 0), eta = ol_ask(asks, &of->governor, &place, 1);
  const ol_u256 timelock = ol_ask_at(asks, &of->governor, GOVERNOR_TIMELOCK);
  for (uint32_t i = 0; i < 3; i++) of->votes[i] = ol_ask(asks, &of->governor, &votes, i);
  of->operation = ol_ask(asks, &of->governor, &operations, 0);
  if (!asks->answered) return OL_OK;
  OL_TRY(read_core(error, of, &core, &eta));
  OL_TRY(read_timelock(error, &of->timelock, &timelock));
  of->supply.time = of->percent.time = of->starts_at;
  of->step = 1;
  return OL_OK;
}

ol_status ol_motion_visit(ol_error *error, ol_motion *of, ol_asks *asks) {
  if (of->step > 0 && !of->exists) return OL_OK;
  if (of->step == 1) {
    const ol_u256 place = ol_place_of(TIMELOCK_TIMES, &of->operation);
    if (!ol_u256_is_zero(&of->operation)) of->operation_time = ol_ask(asks, &of->timelock, &place, 0);
    if (asks->answered) of->step = 2;
  } else if (of->step == 0) {
    OL_TRY(visit_core(error, of, asks));
  }
  OL_TRY(ol_trace_visit(error, &of->supply, asks, &of->gopen));
  OL_TRY(ol_trace_visit(error, &of->percent, asks, &of->governor));
  if (!ol_trace_is_done(&of->supply) || !ol_trace_is_done(&of->percent)) return OL_OK;
  return read_quorum(error, &of->quorum, &of->supply.value, &of->percent.value);
}

/* Quorum counts votes for and abstaining; 2^256 of them cannot be. */
static bool has_succeeded(const ol_motion *proposal) {
  ol_u256 counted;
  (void)ol_u256_add(&counted, &proposal->votes[OL_VOTE_FOR], &proposal->votes[OL_VOTE_ABSTAIN]);
  return !ol_u256_is_below(&counted, &proposal->quorum) &&
         ol_u256_is_below(&proposal->votes[OL_VOTE_AGAINST], &proposal->votes[OL_VOTE_FOR]);
}

ol_motion_state ol_motion_state_of(const ol_motion *proposal, uint64_t now) {
  const ol_u256 done = ol_u256_of(OPERATION_DONE);
  if (proposal->is_executed) return OL_MOTION_EXECUTED;
  if (proposal->is_canceled) return OL_MOTION_CANCELED;
  if (now <= proposal->starts_at) return OL_MOTION_PENDING;
  if (now <= proposal->ends_at) return OL_MOTION_ACTIVE;
  if (!has_succeeded(proposal)) return OL_MOTION_DEFEATED;
  if (proposal->eta == 0) return OL_MOTION_SUCCEEDED;
  /* What became of it in the timelock, where others too may execute and cancel it. */
  if (ol_u256_is_zero(&proposal->operation_time)) return OL_MOTION_CANCELED;
  return ol_u256_is_below(&done, &proposal->operation_time) ? OL_MOTION_QUEUED : OL_MOTION_EXECUTED;
}

/* --- Proposals --- */

void ol_motions_init(ol_motions *proposals, const ol_address *governor, const ol_address *gopen,
                     uint64_t skip, uint64_t most) {
  memset(proposals, 0, sizeof *proposals);
  proposals->governor = target_of(governor, OL_CONTRACT_GOVERNOR);
  proposals->gopen = target_of(gopen, OL_CONTRACT_GOPEN);
  proposals->skip = skip;
  proposals->most = most < OL_PROPOSALS ? most : OL_PROPOSALS;
}

static ol_status visit_ids(ol_motions *of, ol_asks *asks) {
  const ol_u256 ids = ol_u256_of(GOVERNOR_IDS), first = ol_elements_of(&ids, 0);
  for (uint32_t i = 0; i < of->count; i++) {
    const ol_u256 id = ol_ask(asks, &of->governor, &first, of->total - 1 - of->skip - i);
    ol_motion_init(&of->list[i], &of->governor.address, &of->gopen.address, &id, OL_PROPOSALS_WIDTH);
  }
  if (asks->answered) of->step = 2;
  return OL_OK;
}

ol_status ol_motions_visit(ol_error *error, ol_motions *of, ol_asks *asks) {
  if (of->step == 1) return visit_ids(of, asks);
  if (of->step == 0) {
    const ol_u256 total = ol_ask_at(asks, &of->governor, GOVERNOR_IDS);
    if (!asks->answered) return OL_OK;
    OL_TRY(ol_asked_number(error, &of->total, &total, MOST_PROPOSALS));
    const uint64_t left = of->total > of->skip ? of->total - of->skip : 0;
    of->count = (uint32_t)(left < of->most ? left : of->most);
    of->step = 1;
    return OL_OK;
  }
  for (uint32_t i = 0; i < of->count; i++)
    OL_TRY(ol_error_in(error, ol_motion_visit(error, &of->list[i], asks), "proposal", i));
  return OL_OK;
}

/* --- An account --- */

void ol_voter_init(ol_voter *voter, const ol_address *gopen, const ol_address *governor,
                   const ol_address *account, uint64_t time, const ol_u256 *proposal) {
  const ol_u256 key = ol_abi_address(account);
  const ol_u256 checkpoints = ol_place_of(GOPEN_CHECKPOINTS, &key);
  memset(voter, 0, sizeof *voter);
  voter->gopen = target_of(gopen, OL_CONTRACT_GOPEN);
  if (governor != NULL) voter->governor = target_of(governor, OL_CONTRACT_GOVERNOR);
  voter->account = *account;
  voter->time = time;
  voter->with_proposal = governor != NULL && proposal != NULL;
  if (proposal != NULL) voter->proposal = *proposal;
  voter->now = ol_trace_of(&checkpoints, OL_TRACE_LATEST, 1);
  voter->then = ol_trace_of(&checkpoints, time, OL_TRACE_WIDTH);
}

static ol_status visit_account(ol_error *error, ol_voter *of, ol_asks *asks) {
  const ol_u256 key = ol_abi_address(&of->account);
  const ol_u256 balance = ol_place_of(GOPEN_BALANCES, &key), delegatee = ol_place_of(GOPEN_DELEGATEES, &key);
  const ol_u256 nonce = ol_place_of(GOPEN_NONCES, &key), vote_nonce = ol_place_of(GOVERNOR_NONCES, &key);
  ol_u256 has_voted = {{0}};
  of->balance = ol_ask(asks, &of->gopen, &balance, 0);
  const ol_u256 to = ol_ask(asks, &of->gopen, &delegatee, 0);
  of->nonce = ol_ask(asks, &of->gopen, &nonce, 0);
  if (of->governor.contract == OL_CONTRACT_GOVERNOR)
    of->vote_nonce = ol_ask(asks, &of->governor, &vote_nonce, 0);
  if (of->with_proposal) {
    ol_u256 voters = ol_place_of(GOVERNOR_VOTES, &of->proposal); /* the mapping behind three numbers */
    ol_slot_add(&voters, 3);
    ol_slot_in_mapping(&voters, &key, &voters);
    has_voted = ol_ask(asks, &of->governor, &voters, 0);
  }
  if (!asks->answered) return OL_OK;
  OL_TRY(ol_slot_address(error, &of->delegatee, &to));
  OL_TRY(ol_asked_bool(error, &of->has_voted, &has_voted));
  of->step = 1;
  return OL_OK;
}

ol_status ol_voter_visit(ol_error *error, ol_voter *of, ol_asks *asks) {
  if (of->step == 0) OL_TRY(visit_account(error, of, asks));
  OL_TRY(ol_trace_visit(error, &of->now, asks, &of->gopen));
  return ol_trace_visit(error, &of->then, asks, &of->gopen);
}
