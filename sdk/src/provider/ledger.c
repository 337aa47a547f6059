/* SPDX-License-Identifier: MIT */
#include "provider/params.h"
#include "provider/provider.h"

#include "encoding/abi.h"

#include "base/poison.h"

/* --- Parameters: what, the block, and contracts in place of the profile's --- */

static bool is_missing(ol_json param) {
  return param.value == NULL || ol_json_kind_of(param) == OL_JSON_NULL;
}

static ol_status read_contracts(ol_error *error, ol_job *job, ol_json object) {
  const struct {
    const char *name;
    ol_address *out;
  } fields[] = {{"governor", &job->contracts.governor}, {"gopen", &job->contracts.gopen},
                {"staking", &job->contracts.staking},   {"dispersal", &job->contracts.dispersal},
                {"registry", &job->contracts.registry}, {"nodes", &job->contracts.nodes}};
  ol_json_items items;
  ol_json value;
  ol_slice name;
  if (is_missing(object)) return OL_OK;
  OL_TRY(ol_json_object(error, &items, object));
  while (ol_json_next(&value, &name, &items)) {
    size_t i = 0;
    while (i < sizeof fields / sizeof *fields &&
           (name.len != ol_text_len(fields[i].name) || memcmp(name.data, fields[i].name, name.len) != 0))
      i++;
    if (i == sizeof fields / sizeof *fields)
      return ol_fail(error, OL_ERR_ENCODING, value.offset,
                     "contract is not governor, gopen, staking, dispersal, registry or nodes");
    OL_TRY(ol_json_hex_fixed(error, fields[i].out->bytes, sizeof(ol_address), value));
  }
  return OL_OK;
}

ol_status ol_param_where(ol_error *error, ol_job *job, ol_json block, ol_json contracts) {
  OL_TRY(ol_param_at(error, &job->at, is_missing(block) ? (ol_json){0} : block));
  return read_contracts(error, job, contracts);
}

/* A number, or `otherwise`. */
static ol_status read_number(ol_error *error, uint64_t *out, ol_json param, uint64_t otherwise) {
  *out = otherwise;
  return is_missing(param) ? OL_OK : ol_json_hex_u64(error, out, param);
}

static ol_status read_account(ol_error *error, ol_job *job, ol_json param) {
  return ol_json_hex_fixed(error, job->address.bytes, sizeof job->address.bytes, param);
}

ol_status ol_params_governance(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                               ol_arena *arena) {
  (void)arena;
  job->topic = OL_TOPIC_GOVERNANCE;
  return ol_param_where(error, job, params[0], params[1]);
}

ol_status ol_params_proposal(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  job->topic = OL_TOPIC_PROPOSAL;
  OL_TRY(ol_json_hex_u256(error, &job->slots[0], params[0]));
  if (!is_missing(params[1])) OL_TRY(read_account(error, job, params[1]));
  job->full = !is_missing(params[1]);
  return ol_param_where(error, job, params[2], params[3]);
}

ol_status ol_params_proposals(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                              ol_arena *arena) {
  (void)arena;
  job->topic = OL_TOPIC_PROPOSALS;
  OL_TRY(read_number(error, &job->number, params[0], OL_PROPOSALS));
  if (job->number == 0 || job->number > OL_PROPOSALS)
    return ol_fail(error, OL_ERR_LIMIT, params[0].offset, "count of proposals is not from 1 to 8");
  OL_TRY(read_number(error, &job->skip, params[1], 0));
  return ol_param_where(error, job, params[2], params[3]);
}

ol_status ol_params_votes(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  job->topic = OL_TOPIC_VOTES;
  OL_TRY(read_account(error, job, params[0]));
  OL_TRY(read_number(error, &job->number, params[1], 0));
  job->full = !is_missing(params[1]);
  return ol_param_where(error, job, params[2], params[3]);
}

/* An account whose stakes are looked for, or the stakes themselves. */
ol_status ol_params_positions(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                              ol_arena *arena) {
  (void)arena;
  job->topic = OL_TOPIC_POSITIONS;
  if (ol_json_kind_of(params[0]) == OL_JSON_ARRAY) {
    ol_json_items items;
    ol_json id;
    OL_TRY(ol_json_array(error, &items, params[0]));
    if (items.left > OL_STAKES) return ol_fail(error, OL_ERR_LIMIT, params[0].offset, "more than 8 stakes");
    while (ol_json_next(&id, NULL, &items))
      OL_TRY(ol_json_hex_u256(error, &job->slots[job->slot_count++], id));
  } else {
    job->full = true;
    OL_TRY(read_account(error, job, params[0]));
  }
  OL_TRY(read_number(error, &job->number, params[1], UINT64_MAX));
  return ol_param_where(error, job, params[2], params[3]);
}

static ol_status read_key(ol_error *error, ol_u256 *out, uint8_t form, ol_json param) {
  ol_address address;
  if (form == OL_FIELD_HASH) return ol_json_hex_fixed(error, out->bytes, sizeof *out, param);
  if (form == OL_FIELD_NUMBER) return ol_json_hex_u256(error, out, param);
  OL_TRY(ol_json_hex_fixed(error, address.bytes, sizeof address.bytes, param));
  *out = ol_abi_address(&address);
  return OL_OK;
}

static ol_status read_record(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                             ol_record_kind kind) {
  const ol_record_layout *layout = ol_record_layout_of(kind);
  job->topic = OL_TOPIC_RECORD + (uint32_t)kind;
  OL_TRY(read_key(error, &job->slots[0], layout->key, params[0]));
  if (layout->second == OL_FIELD_NONE) return ol_param_where(error, job, params[1], params[2]);
  job->full = layout->second != OL_FIELD_NUMBER || !is_missing(params[1]); /* a row may be left out */
  if (job->full) OL_TRY(read_key(error, &job->slots[1], layout->second, params[1]));
  return ol_param_where(error, job, params[2], params[3]);
}

ol_status ol_params_datanet(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  return read_record(error, job, params, OL_RECORD_DATANET);
}

ol_status ol_params_model(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  return read_record(error, job, params, OL_RECORD_MODEL);
}

ol_status ol_params_node(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  return read_record(error, job, params, OL_RECORD_NODE);
}

ol_status ol_params_batch(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  return read_record(error, job, params, OL_RECORD_BATCH);
}

ol_status ol_params_corpus(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  return read_record(error, job, params, OL_RECORD_CORPUS);
}

ol_status ol_params_dispute(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  return read_record(error, job, params, OL_RECORD_DISPUTE);
}

ol_status ol_params_grant(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  return read_record(error, job, params, OL_RECORD_GRANT);
}

ol_status ol_params_payout(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  return read_record(error, job, params, OL_RECORD_PAYOUT);
}

ol_status ol_params_claim(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  (void)arena;
  return read_record(error, job, params, OL_RECORD_CLAIM);
}

ol_status ol_params_allowance(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                              ol_arena *arena) {
  (void)arena;
  return read_record(error, job, params, OL_RECORD_ALLOWANCE);
}

/* --- Where the contracts are --- */

static const ol_rollup *rollup_of(const ol_provider *provider) {
  if (provider->view.anchoring.has_rollup) return &provider->view.anchoring.rollup;
  return provider->has_rollup ? &provider->rollup : NULL;
}

void ol_provider_rollup(ol_provider *provider, const ol_rollup *rollup) {
  provider->has_rollup = true;
  provider->rollup = *rollup;
}

/* In: a job about an entry. */
static ol_record_kind kind_of(const ol_job *job) {
  return (ol_record_kind)(job->topic - OL_TOPIC_RECORD);
}

/* Returns: which contract of a profile has the entries of a kind; */
static const ol_address *known_of(const ol_rollup *rollup, ol_record_kind kind) {
  switch (kind) {
  case OL_RECORD_DATANET: return &rollup->datanet_registry;
  case OL_RECORD_MODEL: return &rollup->model_registry;
  case OL_RECORD_NODE: return &rollup->node_registry;
  case OL_RECORD_BATCH:
  case OL_RECORD_CORPUS:
  case OL_RECORD_DISPUTE:
  case OL_RECORD_PAYOUT: return &rollup->attribution_registry;
  case OL_RECORD_CLAIM: return &rollup->sig_dispersal;
  case OL_RECORD_ALLOWANCE: return &rollup->gopen;
  default: return &rollup->grant_registry;
  }
}

/* and of those that a request may name. */
static ol_address *named_of(ol_ledger_contracts *contracts, ol_record_kind kind) {
  switch (kind) {
  case OL_RECORD_CLAIM: return &contracts->dispersal;
  case OL_RECORD_ALLOWANCE: return &contracts->gopen;
  default: return &contracts->registry;
  }
}

/* Fills in what the request does not name. */
static void fill(ol_address *named, const ol_address *known) {
  if (ol_address_is_zero(named)) *named = *known;
}

/* Out: the contracts of a job, of which those that it needs are not zero. */
static bool find_contracts(ol_ledger_contracts *out, const ol_provider *provider, const ol_job *job) {
  const ol_rollup *rollup = rollup_of(provider);
  *out = job->contracts;
  if (rollup != NULL) {
    fill(&out->governor, &rollup->governor);
    fill(&out->gopen, &rollup->gopen);
    fill(&out->staking, &rollup->staking[0]);
    if (job->topic == OL_TOPIC_FACTS) {
      fill(&out->registry, &rollup->attribution_registry);
      fill(&out->nodes, &rollup->node_registry);
    }
    if (job->topic >= OL_TOPIC_RECORD) fill(named_of(out, kind_of(job)), known_of(rollup, kind_of(job)));
  }
  switch (job->topic) {
  case OL_TOPIC_VOTES: return !ol_address_is_zero(&out->gopen);
  case OL_TOPIC_POSITIONS: return !ol_address_is_zero(&out->staking);
  case OL_TOPIC_FACTS: return !ol_address_is_zero(&out->registry) && !ol_address_is_zero(&out->nodes);
  case OL_TOPIC_GOVERNANCE:
  case OL_TOPIC_PROPOSAL:
  case OL_TOPIC_PROPOSALS: return !ol_address_is_zero(&out->gopen) && !ol_address_is_zero(&out->governor);
  default: return !ol_address_is_zero(named_of(out, kind_of(job)));
  }
}

/* --- Rounds --- */

static void begin_reader(ol_ledger_work *work, const ol_job *job, ol_ledger_contracts *at) {
  const uint64_t now = job->locate.at.timestamp;
  const bool has_governor = !ol_address_is_zero(&at->governor);
  switch (job->topic) {
  case OL_TOPIC_GOVERNANCE: ol_governor_init(&work->governor, &at->governor, &at->gopen, now - 1); break;
  case OL_TOPIC_PROPOSAL:
    ol_motion_init(&work->motion, &at->governor, &at->gopen, &job->slots[0], OL_TRACE_WIDTH);
    ol_motion_details_init(&work->details, &at->governor, &job->slots[0]);
    ol_voter_init(&work->voter, &at->gopen, &at->governor, &job->address, 0, &job->slots[0]);
    break;
  case OL_TOPIC_PROPOSALS:
    ol_motions_init(&work->motions, &at->governor, &at->gopen, job->skip, job->number);
    break;
  case OL_TOPIC_VOTES:
    ol_voter_init(&work->voter, &at->gopen, has_governor ? &at->governor : NULL, &job->address,
                  job->full ? job->number : OL_TRACE_LATEST, NULL);
    break;
  case OL_TOPIC_POSITIONS:
    if (job->full)
      ol_stakes_search(&work->stakes, &at->staking, now, &job->address, job->number);
    else
      ol_stakes_init(&work->stakes, &at->staking, now, job->slots, job->slot_count);
    break;
  case OL_TOPIC_FACTS: ol_facts_begin(&work->facts, job, at); break;
  default:
    ol_record_init(&work->record, kind_of(job), named_of(at, kind_of(job)), &job->slots[0],
                   job->full ? &job->slots[1] : NULL);
    break;
  }
}

/* A proposal, what it does, and how somebody has voted: as it counts when the vote starts. */
static ol_status visit_proposal(ol_error *error, ol_ledger_work *work, const ol_job *job) {
  OL_TRY(ol_motion_visit(error, &work->motion, &work->asks));
  if (work->motion.step > 0 && !work->motion.exists) return OL_OK;
  work->voter.then.time = work->motion.starts_at;
  OL_TRY(ol_motion_details_visit(error, &work->details, &work->asks));
  return job->full ? ol_voter_visit(error, &work->voter, &work->asks) : OL_OK;
}

static ol_status visit(ol_error *error, ol_ledger_work *work, const ol_job *job) {
  switch (job->topic) {
  case OL_TOPIC_GOVERNANCE: return ol_governor_visit(error, &work->governor, &work->asks);
  case OL_TOPIC_PROPOSAL: return visit_proposal(error, work, job);
  case OL_TOPIC_PROPOSALS: return ol_motions_visit(error, &work->motions, &work->asks);
  case OL_TOPIC_VOTES: return ol_voter_visit(error, &work->voter, &work->asks);
  case OL_TOPIC_POSITIONS: return ol_stakes_visit(error, &work->stakes, &work->asks);
  case OL_TOPIC_FACTS: return ol_facts_visit(error, &work->facts, &work->asks);
  default: return ol_record_visit(error, &work->record, &work->asks);
  }
}

/* Returns: the read of an account that has, or had, room for another slot. In: slots of each read so far. */
static uint32_t read_of(ol_reads *reads, const ol_address *address, const uint32_t counts[OL_READS]) {
  for (uint32_t i = 0; i < reads->count; i++) {
    if (counts[i] < OL_MAX_SLOTS && ol_address_equal(&reads->list[i].address, address)) return i;
  }
  return reads->count;
}

/* Spreads the slots of a round over reads of accounts. */
static void begin_round(ol_provider *provider, const ol_job *job) {
  ol_ledger_work *work = &provider->ledger;
  const ol_block *block = &job->locate.at;
  ol_readers from = provider->from;
  uint32_t counts[OL_READS] = {0};
  from.proof_kind = OL_WANT_LEDGER;
  from.code_kind = OL_WANT_LEDGER_CODE;
  ol_reads_init(&work->reads, &from, block->number, &block->state_root);
  for (uint32_t i = 0; i < work->asks.count; i++) {
    const ol_address *address = &work->asks.accounts[work->asks.of[i]].address;
    const uint32_t at = read_of(&work->reads, address, counts);
    if (at == work->reads.count) (void)ol_reads_add(&work->reads, address, false);
    ol_read_slot(&work->reads.list[at], &work->asks.slots[i].key);
    counts[at]++;
  }
  work->asking = true;
}

/* Takes what was proven, in the order in which it was spread. */
static ol_status end_round(ol_error *error, ol_provider *provider, const ol_job *job) {
  ol_ledger_work *work = &provider->ledger;
  uint32_t counts[OL_READS] = {0};
  for (uint32_t i = 0; i < work->asks.count; i++) {
    const ol_target *target = &work->asks.accounts[work->asks.of[i]];
    const uint32_t at = read_of(&work->reads, &target->address, counts);
    const ol_read *read = &work->reads.list[at];
    ol_layout layout;
    if (counts[at] == 0) {
      OL_TRY(ol_layout_of(error, &layout, rollup_of(provider), target, &read->account));
      if (layout < work->layout) work->layout = layout;
    }
    work->asks.slots[i].value = read->slots[counts[at]++].value;
  }
  work->asking = false;
  work->asks.answered = true;
  return visit(error, work, job);
}

static ol_job_step fail(ol_job *job, const ol_error *error) {
  job->error = *error;
  job->code = OL_RPC_UNAVAILABLE;
  return OL_STEP_FAILED;
}

static ol_job_step advance(ol_provider *provider, ol_job *job) {
  ol_ledger_work *work = &provider->ledger;
  ol_error error;
  ol_error_clear(&error);
  for (;;) {
    if (work->asking) {
      const ol_reads_step step = ol_reads_advance(&provider->view.engine, &work->reads);
      if (step != OL_READS_DONE) return step == OL_READS_STUCK ? ol_job_stuck(job) : OL_STEP_WAIT;
      if (end_round(&error, provider, job) != OL_OK) return fail(job, &error);
    }
    ol_asks_begin(&work->asks);
    if (visit(&error, work, job) != OL_OK) return fail(job, &error);
    if (work->asks.count == 0) return OL_STEP_DONE;
    begin_round(provider, job);
  }
}

ol_job_step ol_work_ledger(ol_provider *provider, ol_job *job) {
  ol_ledger_contracts contracts;
  const ol_job_step step = ol_job_place(provider, job);
  if (step != OL_STEP_DONE) return step;
  if (job->is_null)
    return ol_job_fail(job, OL_RPC_NOT_FOUND, OL_ERR_ARGUMENT,
                       "there is no such block in the chain that is proven");
  if (!find_contracts(&contracts, provider, job))
    return ol_job_fail(job, OL_RPC_UNAVAILABLE, OL_ERR_ARGUMENT,
                       "neither the profile nor the request says where the contract is");
  if (provider->run_owner != ol_job_number(provider, job) + 1 && !ol_range_take(provider, job))
    return OL_STEP_WAIT;
  if (!job->begun) {
    memset(&provider->ledger, 0, sizeof provider->ledger);
    provider->ledger.layout = OL_LAYOUT_PINNED;
    begin_reader(&provider->ledger, job, &contracts);
    job->begun = true;
  }
  return advance(provider, job);
}
