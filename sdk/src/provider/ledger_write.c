/* SPDX-License-Identifier: MIT */
#include "provider/write.h"

#include "base/poison.h"

static void write_word(ol_json_writer *to, const char *name, const void *word) {
  ol_json_write_hex(to, name, (const uint8_t *)word, sizeof(ol_u256));
}

void ol_write_rest(const ol_result *of) {
  const ol_seen *seen = &of->provider->seen[of->job->at.tag];
  ol_json_write_text(of->to, "layout", ol_layout_name(of->provider->ledger.layout));
  ol_json_write_text(of->to, "trust", ol_trust_name((ol_trust)seen->trust));
  ol_block_write_json(of->to, "block", &of->job->locate.at);
  ol_json_write_close(of->to);
}

/* --- Governance --- */

ol_status ol_write_governance(ol_error *error, const ol_result *of) {
  (void)error;
  const ol_governor *found = &of->provider->ledger.governor;
  ol_json_writer *to = of->to;
  ol_json_write_object(to, of->name);
  ol_write_address(to, "governor", &found->governor.address);
  ol_write_address(to, "gopen", &found->gopen.address);
  ol_write_address(to, "timelock", &found->timelock.address);
  ol_json_write_quantity_u64(to, "votingDelay", found->voting_delay_s);
  ol_json_write_quantity_u64(to, "votingPeriod", found->voting_period_s);
  ol_json_write_quantity(to, "proposalThreshold", &found->threshold);
  ol_json_write_quantity(to, "timelockDelay", &found->timelock_delay_s);
  ol_json_write_quantity_u64(to, "proposals", found->proposals);
  ol_json_write_quantity_u64(to, "timepoint", found->time);
  ol_json_write_quantity(to, "totalSupply", &found->supply.value);
  ol_json_write_quantity(to, "quorumPercent", &found->percent.value);
  ol_json_write_quantity(to, "quorum", &found->quorum);
  ol_write_rest(of);
  return OL_OK;
}

/* Who proposed it, when, how the vote goes; members of an object. */
static void write_motion(ol_json_writer *to, const ol_motion *motion, uint64_t now) {
  static const char *const states[] = {"pending",   "active", "canceled", "defeated",
                                       "succeeded", "queued", "expired",  "executed"};
  static const char *const votes[] = {"againstVotes", "forVotes", "abstainVotes"};
  const ol_motion_state state = ol_motion_state_of(motion, now);
  write_word(to, "id", &motion->id);
  ol_json_write_text(to, "state", states[state]);
  ol_write_address(to, "proposer", &motion->proposer);
  ol_json_write_quantity_u64(to, "voteStart", motion->starts_at);
  ol_json_write_quantity_u64(to, "voteEnd", motion->ends_at);
  for (size_t i = 0; i < 3; i++) ol_json_write_quantity(to, votes[i], &motion->votes[i]);
  if (now > motion->starts_at) ol_json_write_quantity(to, "quorum", &motion->quorum); /* open before */
  if (motion->eta != 0) ol_json_write_quantity_u64(to, "eta", motion->eta);
  if (state != OL_MOTION_QUEUED) return;
  write_word(to, "operation", &motion->operation);
  ol_json_write_quantity(to, "executableAt", &motion->operation_time);
}

/* What it does must hash to its number, and to that of the timelock: so the slots mean what they were taken for. */
static ol_status check_calls(ol_error *error, const ol_result *of, const ol_call *calls) {
  const ol_ledger_work *work = &of->provider->ledger;
  const ol_motion_details *details = &work->details;
  uint8_t *memory = of->arena->memory + of->arena->used;
  const size_t len = of->arena->len - of->arena->used;
  ol_hash id, salt;
  OL_TRY(ol_proposal_id(error, &id, calls, details->count, &details->description_hash, memory, len));
  if (memcmp(&id, &work->motion.id, sizeof id) != 0)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "proposal's calls do not hash to its number");
  if (ol_u256_is_zero(&work->motion.operation)) return OL_OK;
  OL_TRY(ol_proposal_operation(error, &id, &salt, &work->motion.governor.address, calls, details->count,
                               &details->description_hash, memory, len));
  if (memcmp(&id, &work->motion.operation, sizeof id) != 0)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE,
                   "proposal's calls do not hash to the timelock's operation");
  return OL_OK;
}

static ol_status write_calls(ol_error *error, const ol_result *of) {
  const ol_motion_details *details = &of->provider->ledger.details;
  ol_call calls[OL_PROPOSAL_CALLS];
  if (!details->is_known) { /* more than is read */
    ol_json_write_null(of->to, "calls");
    return OL_OK;
  }
  ol_motion_details_calls(calls, details);
  OL_TRY(check_calls(error, of, calls));
  ol_json_write_array(of->to, "calls");
  for (uint32_t i = 0; i < details->count; i++) {
    ol_json_write_object(of->to, NULL);
    ol_write_address(of->to, "to", &calls[i].to);
    ol_json_write_quantity(of->to, "value", &calls[i].value);
    ol_json_write_hex(of->to, "data", calls[i].data.data, calls[i].data.len);
    ol_json_write_close(of->to);
  }
  ol_json_write_close(of->to);
  return OL_OK;
}

ol_status ol_write_proposal(ol_error *error, const ol_result *of) {
  const ol_ledger_work *work = &of->provider->ledger;
  const uint64_t now = of->job->locate.at.timestamp;
  if (!work->motion.exists) {
    ol_json_write_null(of->to, of->name);
    return OL_OK;
  }
  ol_json_write_object(of->to, of->name);
  write_motion(of->to, &work->motion, now);
  write_word(of->to, "descriptionHash", &work->details.description_hash);
  OL_TRY(write_calls(error, of));
  if (of->job->full) {
    ol_json_write_object(of->to, "voter");
    ol_write_address(of->to, "account", &work->voter.account);
    ol_json_write_bool(of->to, "hasVoted", work->voter.has_voted);
    if (now > work->motion.starts_at) ol_json_write_quantity(of->to, "votes", &work->voter.then.value);
    ol_json_write_close(of->to);
  }
  ol_write_rest(of);
  return OL_OK;
}

ol_status ol_write_proposals(ol_error *error, const ol_result *of) {
  (void)error;
  const ol_motions *found = &of->provider->ledger.motions;
  ol_json_write_object(of->to, of->name);
  ol_json_write_quantity_u64(of->to, "total", found->total);
  ol_json_write_array(of->to, "proposals");
  for (uint32_t i = 0; i < found->count; i++) {
    ol_json_write_object(of->to, NULL);
    write_motion(of->to, &found->list[i], of->job->locate.at.timestamp);
    ol_json_write_close(of->to);
  }
  ol_json_write_close(of->to);
  ol_write_rest(of);
  return OL_OK;
}

ol_status ol_write_votes(ol_error *error, const ol_result *of) {
  (void)error;
  const ol_voter *found = &of->provider->ledger.voter;
  ol_json_writer *to = of->to;
  ol_json_write_object(to, of->name);
  ol_write_address(to, "account", &found->account);
  ol_json_write_quantity(to, "balance", &found->balance);
  ol_write_address(to, "delegatee", &found->delegatee);
  ol_json_write_quantity(to, "votes", &found->now.value);
  if (of->job->full) {
    ol_json_write_quantity_u64(to, "timepoint", found->time);
    ol_json_write_quantity(to, "pastVotes", &found->then.value);
  }
  ol_json_write_quantity(to, "nonce", &found->nonce);
  if (found->governor.contract == OL_CONTRACT_GOVERNOR)
    ol_json_write_quantity(to, "voteNonce", &found->vote_nonce);
  ol_write_rest(of);
  return OL_OK;
}

/* --- Staking --- */

static void write_config(ol_json_writer *to, const ol_stake_config *config) {
  ol_json_write_object(to, "config");
  ol_write_address(to, "bank", &config->bank);
  ol_write_address(to, "manager", &config->manager);
  ol_write_address(to, "token", &config->token);
  ol_json_write_quantity(to, "interestRate", &config->rate);
  ol_json_write_quantity(to, "stakeDuration", &config->duration_s);
  ol_json_write_quantity(to, "cooldownDuration", &config->cooldown_s);
  ol_json_write_quantity(to, "maxStake", &config->most);
  ol_json_write_quantity(to, "minStake", &config->least);
  ol_json_write_bool(to, "isActive", config->is_active);
  ol_json_write_bool(to, "isTopupEnabled", config->has_topups);
  ol_json_write_bool(to, "isPublic", config->is_public);
  ol_json_write_close(to);
}

static void write_stake(ol_json_writer *to, const ol_stake_position *stake) {
  static const char *const stages[] = {"none", "committed", "growing", "requested"};
  ol_json_write_object(to, NULL);
  ol_json_write_quantity(to, "id", &stake->id);
  ol_json_write_text(to, "stage", stages[stake->stage]);
  if (stake->stage >= OL_STAKE_GROWING) {
    ol_write_address(to, "recipient", &stake->recipient);
    ol_json_write_quantity(to, "configId", &stake->config_id);
    ol_json_write_quantity(to, "principal", &stake->principal);
    ol_json_write_quantity(to, "amount", &stake->amount);
    ol_json_write_quantity(to, "updatedAt", &stake->updated_at);
    ol_json_write_quantity(to, "startTime", &stake->started_at);
    if (stake->stage == OL_STAKE_REQUESTED) ol_json_write_quantity(to, "requestAt", &stake->requested_at);
    if (stake->has_worth)
      ol_json_write_quantity(to, "worth", &stake->worth);
    else
      ol_json_write_null(to, "worth");
    write_config(to, &stake->config);
  }
  ol_json_write_close(to);
}

ol_status ol_write_positions(ol_error *error, const ol_result *of) {
  (void)error;
  const ol_stakes *found = &of->provider->ledger.stakes;
  ol_json_writer *to = of->to;
  ol_json_write_object(to, of->name);
  ol_write_address(to, "staking", &found->staking.address);
  ol_json_write_quantity_u64(to, "total", found->total);
  if (found->is_search) {
    ol_write_address(to, "account", &found->account);
    ol_json_write_bool(to, "complete", found->below == 0); /* down to the first one */
    ol_json_write_quantity_u64(to, "below", found->below);
  }
  ol_json_write_array(to, "positions");
  for (uint32_t i = 0; i < found->count; i++) write_stake(to, &found->list[i]);
  ol_json_write_close(to);
  ol_write_rest(of);
  return OL_OK;
}

/* --- Registries, claims and allowances --- */

static void write_field(ol_json_writer *to, const ol_field *field, const ol_u256 *value,
                        const ol_record *record) {
  switch (field->form) {
  case OL_FIELD_ADDRESS: ol_json_write_hex(to, field->name, value->bytes + 12, 20); break;
  case OL_FIELD_HASH: write_word(to, field->name, value); break;
  case OL_FIELD_NUMBER: ol_json_write_quantity(to, field->name, value); break;
  case OL_FIELD_STATE: ol_json_write_text(to, field->name, field->names[value->bytes[31]]); break;
  case OL_FIELD_BOOL:
  case OL_FIELD_BIT: ol_json_write_bool(to, field->name, value->bytes[31] == 1); break;
  default: ol_json_write_string(to, field->name, ol_slice_of(record->text, record->text_len)); break;
  }
}

ol_status ol_write_record(ol_error *error, const ol_result *of) {
  (void)error;
  const ol_record *found = &of->provider->ledger.record;
  const ol_record_layout *layout = ol_record_layout_of(found->kind);
  ol_json_writer *to = of->to;
  if (!found->exists) {
    ol_json_write_null(to, of->name);
    return OL_OK;
  }
  ol_json_write_object(to, of->name);
  ol_write_address(to, layout->called, &found->contract.address);
  for (uint32_t i = 0; i < layout->field_count; i++) {
    if (ol_record_has(found, &layout->fields[i]))
      write_field(to, &layout->fields[i], &found->values[i], found);
  }
  if (layout->element_mapping != 0) {
    ol_json_write_array(to, layout->elements);
    for (uint32_t k = 0; k < found->element_count; k++) {
      ol_json_write_object(to, NULL);
      for (uint32_t i = 0; i < layout->element_field_count; i++)
        write_field(to, &layout->element_fields[i], &found->elements[k][i], found);
      ol_json_write_close(to);
    }
    ol_json_write_close(to);
  }
  ol_write_rest(of);
  return OL_OK;
}
