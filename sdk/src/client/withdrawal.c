/* SPDX-License-Identifier: MIT */
#include "client/withdrawal.h"

#include "encoding/abi.h"
#include "encoding/jsonrpc.h"

#include "base/poison.h"

/* Slots of the portal that are read, behind its implementation's: of outputs, or of games. */
enum { SLOT_FINALIZED = 1, SLOT_PROVEN, SLOT_PROVEN_NEXT };
enum { SLOT_SUBMITTERS = 2, SLOT_REGISTRY };

static const uint8_t game_type_selector[] = {0xbb, 0xdc, 0x02, 0xdb}; /* gameType() */

void ol_withdrawing_init(ol_withdrawing *of, const ol_view *view, const ol_hash *hash,
                         const ol_address *submitter) {
  const ol_anchoring *anchoring = &view->anchoring;
  const ol_rollup *rollup = &anchoring->rollup;
  const bool games = ol_rollup_has_games(rollup);
  const ol_readers portal_from = ol_view_l1_readers(view, OL_FETCH_PROXY, OL_FETCH_PROXY_CODE);
  ol_withdrawal_slots slots;
  ol_registry_slots judged;
  memset(of, 0, sizeof *of);
  of->l1 = anchoring->newest_l1;
  of->hash = *hash;
  of->kind = games ? OL_PORTAL_GAMES : OL_PORTAL_OUTPUTS;
  of->from = ol_view_l1_readers(view, OL_FETCH_GAME, OL_FETCH_GAME_CODE);
  of->contract_from = ol_view_l1_readers(view, OL_FETCH_CONTRACT, OL_FETCH_CONTRACT_CODE);
  of->code_from = ol_view_l1_readers(view, OL_FETCH_IMPLEMENTATION, OL_FETCH_IMPLEMENTATION_CODE);
  const ol_readers code_from =
      ol_view_l1_readers(view, OL_FETCH_PROXY_IMPLEMENTATION, OL_FETCH_PROXY_IMPLEMENTATION_CODE);
  ol_proxied_init(&of->portal, games ? OL_CONTRACT_PORTAL2 : OL_CONTRACT_PORTAL, &rollup->optimism_portal,
                  &of->l1, &portal_from, &code_from);
  if (submitter != NULL) {
    of->count = 1;
    of->submissions[0].submitter = *submitter;
  }
  ol_withdrawal_slots_of(&slots, of->kind, hash, &of->submissions[0].submitter);
  ol_registry_slots_of(&judged,
                       &rollup->optimism_portal); /* of which the portal's are the same for any game */
  ol_read_slot(&of->portal.read, &slots.finalized);
  ol_read_slot(&of->portal.read, games ? &slots.submitters : &slots.proven);
  ol_read_slot(&of->portal.read, games ? &judged.registry : &slots.proven_next);
}

/* --- Requests and answers --- */

static ol_status request_type(ol_error *error, ol_want *out, const ol_withdrawing *of,
                              const ol_engine_want *want, ol_arena *arena) {
  ol_json_writer to;
  ol_jsonrpc_begin(&to, arena, want->id, "eth_call");
  ol_json_write_object(&to, NULL);
  ol_json_write_hex(&to, "to", of->hint.game.bytes, sizeof of->hint.game.bytes);
  ol_json_write_hex(&to, "data", game_type_selector, sizeof game_type_selector);
  ol_json_write_close(&to);
  ol_json_write_quantity_u64(&to, NULL, of->l1.number);
  out->method = OL_HTTP_POST;
  return ol_jsonrpc_end(error, &out->body, &to);
}

ol_status ol_withdrawing_request(ol_error *error, ol_want *out, const ol_withdrawing *of,
                                 const ol_engine_want *want, ol_arena *arena) {
  switch (want->kind) {
  case OL_FETCH_GAME_TYPE: return request_type(error, out, of, want, arena);
  case OL_FETCH_GAME:
  case OL_FETCH_GAME_CODE: return ol_read_request(error, out, &of->from, &of->read, want, arena);
  case OL_FETCH_CONTRACT:
  case OL_FETCH_CONTRACT_CODE:
  case OL_FETCH_IMPLEMENTATION:
  case OL_FETCH_IMPLEMENTATION_CODE: return ol_proposal_request(error, out, &of->proposal, want, arena);
  default: return ol_proxied_request(error, out, &of->portal, want, arena);
  }
}

static ol_status answer_type(ol_error *error, ol_withdrawing *of, const ol_engine_want *want, ol_json result,
                             ol_arena *arena) {
  ol_slice returned;
  uint64_t type;
  OL_TRY(ol_json_hex(error, &returned, arena, result));
  OL_TRY(ol_abi_read_u64(error, &type, returned, 0));
  if (type > UINT32_MAX) return ol_fail(error, OL_ERR_ENCODING, 0, "game type has more than 32 bits");
  of->hint.claim.game_type = (uint32_t)type;
  of->type_want = *want;
  of->has_type = true;
  return OL_OK;
}

static ol_status answer_game(ol_error *error, ol_withdrawing *of, const ol_engine_want *want, ol_json result,
                             ol_arena *arena) {
  ol_slice code;
  ol_address implementation;
  ol_output_claim claim;
  OL_TRY(ol_read_answer(error, &code, &of->from, &of->read, want, result, arena));
  if (want->kind != OL_FETCH_GAME_CODE) return OL_OK;
  /* What is wrong with it is not the fault of who sent it. */
  of->game_status = ol_game_claim_read(&of->game_error, &implementation, &claim, code);
  if (of->game_status != OL_OK) return OL_OK;
  of->hint.claim.root = claim.root;
  of->hint.claim.l2_block = claim.l2_block;
  return OL_OK;
}

ol_status ol_withdrawing_answer(ol_error *error, ol_withdrawing *of, const ol_rollup *rollup,
                                const ol_engine_want *want, ol_json result, ol_arena *arena) {
  switch (want->kind) {
  case OL_FETCH_GAME_TYPE: return answer_type(error, of, want, result, arena);
  case OL_FETCH_GAME:
  case OL_FETCH_GAME_CODE: return answer_game(error, of, want, result, arena);
  case OL_FETCH_CONTRACT:
  case OL_FETCH_CONTRACT_CODE:
  case OL_FETCH_IMPLEMENTATION:
  case OL_FETCH_IMPLEMENTATION_CODE:
    return ol_proposal_answer(error, &of->proposal, rollup, want, result, arena);
  default: return ol_proxied_answer(error, &of->portal, rollup, want, result, arena);
  }
}

void ol_withdrawing_lost(ol_withdrawing *of, const ol_engine_want *want, const ol_error *error) {
  switch (want->kind) {
  case OL_FETCH_GAME_TYPE:
    if (!ol_failure_may_pass(error)) of->type_tries[want->endpoint] = OL_TRIES;
    break;
  case OL_FETCH_GAME:
  case OL_FETCH_GAME_CODE: ol_read_lost(&of->from, &of->read, want, error); break;
  case OL_FETCH_CONTRACT:
  case OL_FETCH_CONTRACT_CODE:
  case OL_FETCH_IMPLEMENTATION:
  case OL_FETCH_IMPLEMENTATION_CODE: ol_proposal_lost(&of->proposal, want, error); break;
  default: ol_proxied_lost(&of->portal, want, error); break;
  }
}

/* --- What the portal keeps --- */

static const ol_u256 *kept(const ol_withdrawing *of, uint32_t slot) {
  return &of->portal.read.slots[slot].value;
}

static ol_status read_record(ol_error *error, ol_withdrawal_record *out, const ol_withdrawing *of,
                             const ol_u256 *proven) {
  ol_withdrawal_slots values = {.finalized = *kept(of, SLOT_FINALIZED), .proven = *proven};
  if (of->kind == OL_PORTAL_OUTPUTS)
    values.proven_next = *kept(of, SLOT_PROVEN_NEXT);
  else
    values.submitters = *kept(of, SLOT_SUBMITTERS);
  return ol_withdrawal_record_read(error, out, of->kind, &values);
}

/* Begins to read more of the portal. */
static void begin_read(ol_withdrawing *of, ol_withdrawing_phase phase) {
  ol_read_init(&of->read, of->l1.number, &of->l1.state_root, &of->portal.read.address, false);
  of->phase = phase;
}

static void begin_submitters(ol_withdrawing *of, uint64_t all) {
  of->count = all < OL_WITHDRAWAL_SUBMITTERS ? (uint32_t)all : OL_WITHDRAWAL_SUBMITTERS;
  begin_read(of, OL_WITHDRAWING_SUBMITTERS);
  for (uint32_t i = 0; i < of->count; i++) {
    ol_u256 slot;
    ol_withdrawal_submitter_slot(&slot, &of->hash, all - 1 - i);
    ol_read_slot(&of->read, &slot);
  }
}

static void begin_records(ol_withdrawing *of) {
  begin_read(of, OL_WITHDRAWING_RECORDS);
  for (uint32_t i = 0; i < of->count; i++) {
    ol_withdrawal_slots slots;
    ol_withdrawal_slots_of(&slots, of->kind, &of->hash, &of->submissions[i].submitter);
    ol_read_slot(&of->read, &slots.proven);
  }
}

/* The next submission that was made, or the end. */
static void begin_game(ol_withdrawing *of) {
  while (of->at < of->count && of->submissions[of->at].record.proven_at == 0) of->at++;
  of->phase = OL_WITHDRAWING_DONE;
  if (of->at == of->count) return;
  of->hint = (ol_hint){.is_bare = true, .game = of->submissions[of->at].record.game};
  of->has_type = false;
  memset(of->type_tries, 0, sizeof of->type_tries);
  ol_read_init(&of->read, of->l1.number, &of->l1.state_root, &of->hint.game, true);
  of->phase = OL_WITHDRAWING_GAME;
}

static ol_status take_portal(ol_error *error, ol_withdrawing *of) {
  static const ol_u256 nothing;
  const bool outputs = of->kind == OL_PORTAL_OUTPUTS;
  ol_withdrawal_record *record = &of->best.record;
  OL_TRY(read_record(error, record, of, outputs ? kept(of, SLOT_PROVEN) : &nothing));
  of->phase = OL_WITHDRAWING_DONE;
  if (record->finalized != 0) {
    of->status.stage = OL_WITHDRAWAL_FINALIZED;
  } else if (outputs && record->proven_at != 0) {
    of->submissions[0] = of->best;
    of->count = 1;
    of->hint =
        (ol_hint){.is_bare = true, .index = record->output_index, .claim = {.root = record->output_root}};
    of->has_type = true;
    of->phase = OL_WITHDRAWING_HINT;
  } else if (!outputs && of->count > 0) { /* one is named */
    begin_records(of);
  } else if (!outputs && record->submitters > 0) {
    begin_submitters(of, record->submitters);
  }
  return OL_OK;
}

static ol_status take_submitters(ol_error *error, ol_withdrawing *of) {
  for (uint32_t i = 0; i < of->count; i++)
    OL_TRY(ol_slot_address(error, &of->submissions[i].submitter, &of->read.slots[i].value));
  begin_records(of);
  return OL_OK;
}

static ol_status take_records(ol_error *error, ol_withdrawing *of) {
  for (uint32_t i = 0; i < of->count; i++)
    OL_TRY(read_record(error, &of->submissions[i].record, of, &of->read.slots[i].value));
  begin_game(of);
  return OL_OK;
}

/* --- What it was proven by --- */

/* The portal is known. */
static ol_status identify(ol_error *error, ol_withdrawing *of) {
  const ol_implementation *portal = &of->portal.implementation;
  if (portal->release->contract == OL_CONTRACT_PORTAL_OF_REGISTRY) of->kind = OL_PORTAL_REGISTRY;
  if (of->kind != OL_PORTAL_OUTPUTS && portal->pinned && portal->maturity_delay_s == 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE,
                   "the profile does not say the portal's maturityDelaySeconds");
  return OL_OK;
}

/* The game's code is proven. Its type may still be on its way. */
static ol_status take_game(ol_error *error, ol_withdrawing *of) {
  if (!of->read.has_code) return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "game has no code");
  if (of->game_status != OL_OK) {
    *error = of->game_error;
    return of->game_status;
  }
  of->phase = OL_WITHDRAWING_HINT;
  return OL_OK;
}

static ol_status begin_proposal(ol_error *error, ol_withdrawing *of, const ol_rollup *rollup) {
  if (of->kind == OL_PORTAL_REGISTRY)
    OL_TRY(ol_slot_address(error, &of->hint.registry, kept(of, SLOT_REGISTRY)));
  ol_proposal_init(&of->proposal, rollup, &of->l1, &of->hint, false, &of->contract_from, &of->code_from);
  of->phase = OL_WITHDRAWING_PROPOSAL;
  return OL_OK;
}

/* Which of two that were proven is to be gone by: that which is ready, or will be. */
static uint32_t rank(const ol_withdrawal_status *status) {
  if (status->stage == OL_WITHDRAWAL_READY) return 3;
  if (status->stage == OL_WITHDRAWAL_PROVEN) return status->ready_at != 0 ? 2 : 1;
  return 0;
}

static uint64_t delay_of(const ol_withdrawing *of) {
  const ol_output_state *state = &of->proposal.state;
  if (of->kind == OL_PORTAL_OUTPUTS) return state->delay_s;
  return of->portal.implementation.maturity_delay_s;
}

/* Judges a submission, and goes on to the next one unless this one is ready. */
static void take_proposal(ol_withdrawing *of, bool holds) {
  const ol_submission *submission = &of->submissions[of->at];
  const ol_output_state *state = &of->proposal.state;
  const ol_withdrawal_view view = {.l1_time = of->l1.timestamp,
                                   .delay_s = delay_of(of),
                                   .holds = holds,
                                   .proposed_at = state->proposed_at,
                                   .finalizes_at = state->finalizes_at};
  ol_withdrawal_status status;
  ol_withdrawal_judge(&status, of->kind, &submission->record, &view);
  if (rank(&status) > rank(&of->status)) {
    of->status = status;
    of->best = *submission;
  }
  of->at = rank(&status) == 3 ? of->count : of->at + 1;
  begin_game(of);
}

/* An endpoint named another type: as no such game is listed then, it looks as if the portal had taken one that is none. */
static void drop_type(ol_engine *engine, ol_withdrawing *of, const ol_error *error) {
  of->has_type = false;
  of->type_tries[of->type_want.endpoint] = OL_TRIES;
  of->phase = OL_WITHDRAWING_HINT;
  ol_engine_blame_for(engine, &of->type_want, (ol_status)error->status, "game type", error->reason);
}

static ol_l1_step advance_proposal(ol_error *error, ol_engine *engine, ol_withdrawing *of,
                                   const ol_rollup *rollup) {
  ol_l1_step step = ol_proposal_advance(error, engine, &of->proposal, rollup);
  if (step != OL_L1_REFUSED && step != OL_L1_DONE) return step;
  if (step == OL_L1_REFUSED && error->status == OL_ERR_MISMATCH && of->kind != OL_PORTAL_OUTPUTS)
    drop_type(engine, of, error);
  else
    take_proposal(of, step == OL_L1_DONE);
  return OL_L1_DONE;
}

/* --- What is wanted next --- */

/* In: what reading more of the portal has come to. */
static ol_l1_step advance_read(ol_error *error, ol_engine *engine, ol_withdrawing *of,
                               ol_status (*take)(ol_error *error, ol_withdrawing *of)) {
  ol_reads_step step = ol_read_advance(engine, &of->from, &of->read, 0);
  if (step == OL_READS_DONE) return take(error, of) == OL_OK ? OL_L1_DONE : OL_L1_FAILED;
  return step == OL_READS_STUCK ? OL_L1_STUCK : OL_L1_WAIT;
}

static ol_l1_step advance_type(ol_engine *engine, ol_withdrawing *of) {
  if (of->has_type) return OL_L1_DONE;
  return ol_seek(engine, of->type_tries, of->from.order, of->from.order_count, OL_SOURCE_L1,
                 OL_FETCH_GAME_TYPE, 0)
             ? OL_L1_WAIT
             : OL_L1_STUCK;
}

/* Goes on as far as it can be gone on. In: how far the portal is. Returns: OL_L1_DONE after a step. */
static ol_l1_step advance_phase(ol_error *error, ol_engine *engine, ol_withdrawing *of,
                                const ol_rollup *rollup, ol_l1_step portal) {
  const bool by_game = of->phase == OL_WITHDRAWING_GAME || of->phase == OL_WITHDRAWING_HINT;
  const ol_l1_step type = by_game ? advance_type(engine, of) : OL_L1_DONE;
  switch (of->phase) {
  case OL_WITHDRAWING_PORTAL:
    if (!of->portal.read.proven) return OL_L1_WAIT;
    return take_portal(error, of) == OL_OK ? OL_L1_DONE : OL_L1_FAILED;
  case OL_WITHDRAWING_SUBMITTERS: return advance_read(error, engine, of, take_submitters);
  case OL_WITHDRAWING_RECORDS: return advance_read(error, engine, of, take_records);
  case OL_WITHDRAWING_GAME:
    if (type == OL_L1_STUCK) return type;
    return advance_read(error, engine, of, take_game);
  case OL_WITHDRAWING_HINT:
    if (type != OL_L1_DONE || portal != OL_L1_DONE) return type != OL_L1_DONE ? type : portal;
    return begin_proposal(error, of, rollup) == OL_OK ? OL_L1_DONE : OL_L1_FAILED;
  default: return advance_proposal(error, engine, of, rollup);
  }
}

ol_l1_step ol_withdrawing_advance(ol_error *error, ol_engine *engine, ol_withdrawing *of,
                                  const ol_rollup *rollup) {
  const ol_l1_step portal = ol_proxied_advance(error, engine, &of->portal);
  if (portal == OL_L1_STUCK || portal == OL_L1_FAILED) return portal;
  if (portal == OL_L1_DONE && identify(error, of) != OL_OK) return OL_L1_FAILED;
  while (of->phase != OL_WITHDRAWING_DONE) {
    const ol_l1_step step = advance_phase(error, engine, of, rollup, portal);
    if (step != OL_L1_DONE) return step;
  }
  return portal; /* what was read of it means something once it is known */
}
