/* SPDX-License-Identifier: MIT */
#include "openledger/governance.h"

#include "ledger/args.h"

#include "base/poison.h"

/* Selectors: keccak-256 of the signatures in the comments (ledger/known.c has the names of their arguments). */
#define PROPOSE 0x7d5e81e2u     /* propose(address[],uint256[],bytes[],string) */
#define VOTE 0x56781388u        /* castVote(uint256,uint8) */
#define VOTE_REASON 0x7b3c71d3u /* castVoteWithReason(uint256,uint8,string) */
#define VOTE_PARAMS 0x5f398a14u /* castVoteWithReasonAndParams(uint256,uint8,string,bytes) */
#define VOTE_SIGNED 0x8ff262e3u /* castVoteBySig(uint256,uint8,address,bytes) */
#define VOTE_PARAMS_SIGNED                                                                                   \
  0x5b8d0e0du /* castVoteWithReasonAndParamsBySig(uint256,uint8,address,string,bytes,bytes) */
#define VOTE_SIGNED_V4 0x3bccf4fdu /* castVoteBySig(uint256,uint8,uint8,bytes32,bytes32) */
#define VOTE_PARAMS_SIGNED_V4 0x03420181u
/* castVoteWithReasonAndParamsBySig(uint256,uint8,string,bytes,uint8,bytes32,bytes32) */

/* (address[],uint256[],bytes[],bytes32), and (uint256), in the order of ol_proposal_step: queue, execute, cancel */
static const uint32_t steps[] = {0x160cbed7u, 0x2656227du, 0x452115d6u};
static const uint32_t stored_steps[] = {0xddf0b009u, 0xfe0d94c1u, 0x40e58ee5u};

/* --- Proposals --- */

static ol_status check_calls(ol_error *error, const ol_call *calls, size_t count) {
  if (count == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "proposal makes no calls");
  if (count > OL_PROPOSAL_CALLS)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "proposal makes more than 16 calls");
  for (uint32_t i = 0; i < count; i++) {
    ol_status status = OL_OK;
    if (ol_address_is_zero(&calls[i].to))
      status = ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "is to the zero address");
    else if (calls[i].data.len > OL_PROPOSAL_DATA)
      status = ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "has more than 64 KiB of data");
    OL_TRY(ol_error_in(error, status, "call", i));
  }
  return OL_OK;
}

ol_status ol_proposal_id(ol_error *error, ol_hash *out, const ol_call *calls, size_t calls_len,
                         const ol_hash *description_hash, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_TARGETS, "targets", calls, calls_len},
                         {OL_ARG_VALUES, "values", calls, calls_len},
                         {OL_ARG_CALLDATAS, "calldatas", calls, calls_len},
                         {OL_ARG_WORD, "description hash", description_hash, 0}};
  ol_error_clear(error);
  OL_TRY(check_calls(error, calls, calls_len));
  return ol_args_hash(error, out, OL_ARGS(args), memory, len);
}

ol_status ol_proposal_operation(ol_error *error, ol_hash *out, ol_hash *out_salt, const ol_address *governor,
                                const ol_call *calls, size_t calls_len, const ol_hash *description_hash,
                                void *memory, size_t len) {
  ol_hash salt = *description_hash, id;
  for (size_t i = 0; i < sizeof governor->bytes; i++) salt.bytes[i] ^= governor->bytes[i];
  const ol_arg args[] = {{OL_ARG_TARGETS, "targets", calls, calls_len},
                         {OL_ARG_VALUES, "values", calls, calls_len},
                         {OL_ARG_CALLDATAS, "payloads", calls, calls_len},
                         {OL_ARG_WORD, "predecessor", &ol_nothing, 0},
                         {OL_ARG_WORD, "salt", &salt, 0}};
  ol_error_clear(error);
  OL_TRY(check_calls(error, calls, calls_len));
  OL_TRY(ol_args_hash(error, &id, OL_ARGS(args), memory, len));
  *out = id;
  *out_salt = salt;
  return OL_OK;
}

ol_status ol_proposal_propose_call(ol_error *error, ol_call *out, const ol_address *governor,
                                   const ol_call *calls, size_t calls_len, ol_slice description, void *memory,
                                   size_t len) {
  const ol_arg args[] = {{OL_ARG_TARGETS, "targets", calls, calls_len},
                         {OL_ARG_VALUES, "values", calls, calls_len},
                         {OL_ARG_CALLDATAS, "calldatas", calls, calls_len},
                         {OL_ARG_TEXT, "description", &description, OL_PROPOSAL_DESCRIPTION}};
  ol_error_clear(error);
  OL_TRY(check_calls(error, calls, calls_len));
  if (description.len == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "proposal has no description");
  return ol_args_call(error, out, governor, &ol_nothing, PROPOSE, OL_ARGS(args), memory, len);
}

static ol_status check_step(ol_error *error, ol_proposal_step step) {
  if ((uint32_t)step <= OL_PROPOSAL_CANCEL) return OL_OK;
  return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "step is not to queue, to execute or to cancel");
}

ol_status ol_proposal_step_call(ol_error *error, ol_call *out, const ol_address *governor,
                                ol_proposal_step step, const ol_call *calls, size_t calls_len,
                                const ol_hash *description_hash, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_TARGETS, "targets", calls, calls_len},
                         {OL_ARG_VALUES, "values", calls, calls_len},
                         {OL_ARG_CALLDATAS, "calldatas", calls, calls_len},
                         {OL_ARG_WORD, "description hash", description_hash, 0}};
  ol_error_clear(error);
  OL_TRY(check_step(error, step));
  OL_TRY(check_calls(error, calls, calls_len));
  return ol_args_call(error, out, governor, &ol_nothing, steps[step], OL_ARGS(args), memory, len);
}

ol_status ol_proposal_stored_call(ol_error *error, ol_call *out, const ol_address *governor,
                                  ol_proposal_step step, const ol_u256 *proposal_id, void *memory,
                                  size_t len) {
  const ol_arg args[] = {{OL_ARG_AMOUNT, "proposal", proposal_id, 0}};
  ol_error_clear(error);
  OL_TRY(check_step(error, step));
  return ol_args_call(error, out, governor, &ol_nothing, stored_steps[step], OL_ARGS(args), memory, len);
}

/* --- Votes --- */

static ol_status check_vote(ol_error *error, const ol_vote *vote) {
  const bool voter = !ol_address_is_zero(&vote->voter);
  const bool names_voter = vote->form == OL_VOTE_SIGNED || vote->form == OL_VOTE_CONTRACT;
  const char *reason = NULL;
  if (vote->support > OL_VOTE_ABSTAIN)
    reason = "support is not 0 against, 1 for or 2 abstain";
  else if (vote->form > OL_VOTE_SIGNED_V4)
    reason = "form of the vote is not known";
  else if (vote->form == OL_VOTE_OWN && vote->signature.len > 0)
    reason = "vote of the sender has a signature";
  else if (voter && !names_voter)
    reason = "vote names a voter, which its form does not";
  return reason == NULL ? OL_OK : ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
}

/* Which function says it. In: bit 0: there is a reason; bit 1: parameters. */
static uint32_t selector_of(const ol_vote *vote, uint32_t says) {
  switch (vote->form) {
  case OL_VOTE_OWN: return says > 1 ? VOTE_PARAMS : says == 1 ? VOTE_REASON : VOTE;
  case OL_VOTE_SIGNED_V4: return says > 0 ? VOTE_PARAMS_SIGNED_V4 : VOTE_SIGNED_V4;
  default: return says > 0 ? VOTE_PARAMS_SIGNED : VOTE_SIGNED;
  }
}

ol_status ol_vote_call(ol_error *error, ol_call *out, const ol_address *governor, const ol_vote *vote,
                       void *memory, size_t len) {
  const uint32_t says = (uint32_t)(vote->reason.len > 0) | (uint32_t)(vote->params.len > 0) << 1;
  const bool is_signed = vote->form != OL_VOTE_OWN;
  ol_arg args[7] = {{OL_ARG_AMOUNT, "proposal", &vote->proposal_id, 0},
                    {OL_ARG_NUMBER, "support", NULL, vote->support}};
  size_t count = 2;
  ol_error_clear(error);
  OL_TRY(check_vote(error, vote));
  if (is_signed && vote->form != OL_VOTE_SIGNED_V4)
    args[count++] = (ol_arg){OL_ARG_ADDRESS, "voter", &vote->voter, 0};
  if (says > 0) args[count++] = (ol_arg){OL_ARG_TEXT, "reason", &vote->reason, OL_VOTE_REASON};
  if (says > 1 || (is_signed && says > 0))
    args[count++] = (ol_arg){OL_ARG_BYTES, "params", &vote->params, OL_VOTE_REASON};
  if (vote->form == OL_VOTE_SIGNED) args[count++] = (ol_arg){OL_ARG_RSV, "signature", &vote->signature, 0};
  if (vote->form == OL_VOTE_CONTRACT)
    args[count++] = (ol_arg){OL_ARG_BYTES, "signature", &vote->signature, OL_VOTE_SIGNATURE};
  if (vote->form == OL_VOTE_SIGNED_V4) args[count++] = (ol_arg){OL_ARG_VRS, "signature", &vote->signature, 0};
  return ol_args_call(error, out, governor, &ol_nothing, selector_of(vote, says), args, count, memory, len);
}
