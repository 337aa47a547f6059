/* SPDX-License-Identifier: MIT */
#include "client/proposal.h"

#include "base/poison.h"

/* The contracts that are read, in this order, and their slots. */
enum { FACTORY, PORTAL, GAME, REGISTRY };
enum { ORACLE };
enum { SLOT_IMPLEMENTATION };
enum { SLOT_GAME = 1, SLOT_LISTED };
enum { SLOT_RESPECTED = 1, SLOT_BLACKLISTED, SLOT_REGISTRY, SLOT_SUPER_ROOTS };
enum { SLOT_FACTORY = 1, SLOT_RETIREMENT, SLOT_REGISTRY_BLACKLISTED };
enum { SLOT_LENGTH = 1, SLOT_OUTPUT, SLOT_PLACE, SLOT_PERIOD };
enum { SLOT_STATUS, SLOT_REMEMBERED };

static const uint8_t contracts_of_games[] = {OL_CONTRACT_GAME_FACTORY, OL_CONTRACT_PORTAL2,
                                             OL_CONTRACT_FAULT_GAME, OL_CONTRACT_REGISTRY};

bool ol_rollup_has_games(const ol_rollup *rollup) {
  return !ol_address_is_zero(&rollup->dispute_game_factory);
}

static ol_contract contract_of(const ol_proposal *proposal, uint32_t item) {
  return proposal->of_games ? (ol_contract)contracts_of_games[item] : OL_CONTRACT_OUTPUT_ORACLE;
}

static bool has_registry(const ol_proposal *proposal) {
  return !ol_address_is_zero(&proposal->hint.registry);
}

static void begin_games(ol_proposal *proposal, const ol_rollup *rollup) {
  const ol_hint *hint = &proposal->hint;
  ol_game_slots slots;
  ol_registry_slots judged;
  ol_u256 blacklisted, listed;
  ol_game_slots_of(&slots, &hint->claim);
  ol_registry_slots_of(&judged, &hint->game);
  ol_blacklist_slot_of(&blacklisted, &hint->game);
  ol_read *read = ol_reads_add(&proposal->contracts, &rollup->dispute_game_factory, false);
  ol_read_slot(read, &ol_slot_implementation);
  ol_read_slot(read, &slots.game);
  ol_game_list_slot_of(&listed, hint->index);
  if (!hint->is_bare) ol_read_slot(read, &listed);
  read = ol_reads_add(&proposal->contracts, &rollup->optimism_portal, false);
  ol_read_slot(read, &ol_slot_implementation);
  ol_read_slot(read, &slots.respected);
  ol_read_slot(read, &blacklisted);
  ol_read_slot(read, &judged.registry);
  ol_read_slot(read, &judged.super_roots);
  read = ol_reads_add(&proposal->contracts, &hint->game, true);
  ol_read_slot(read, &slots.status);
  ol_read_slot(read, &judged.respected);
  if (!has_registry(proposal)) return;
  read = ol_reads_add(&proposal->contracts, &hint->registry, false);
  ol_read_slot(read, &ol_slot_implementation);
  ol_read_slot(read, &judged.factory);
  ol_read_slot(read, &judged.retirement);
  ol_read_slot(read, &judged.blacklisted);
}

static void begin_oracle(ol_proposal *proposal, const ol_rollup *rollup) {
  ol_u256 root, place;
  ol_oracle_slots_of(&root, &place, proposal->hint.index);
  ol_read *read = ol_reads_add(&proposal->contracts, &rollup->l2_output_oracle, false);
  ol_read_slot(read, &ol_slot_implementation);
  ol_read_slot(read, &ol_oracle_slot_length);
  ol_read_slot(read, &root);
  ol_read_slot(read, &place);
  ol_read_slot(read, &ol_oracle_slot_finalization_period);
}

static const ol_u256 *value_of(const ol_proposal *proposal, uint32_t contract, uint32_t slot) {
  return &proposal->contracts.list[contract].slots[slot].value;
}

void ol_proposal_init(ol_proposal *proposal, const ol_rollup *rollup, const ol_block *l1, const ol_hint *hint,
                      bool must_be_final, const ol_readers *from, const ol_readers *code_from) {
  memset(proposal, 0, sizeof *proposal);
  proposal->of_games = ol_rollup_has_games(rollup);
  proposal->l1 = *l1;
  proposal->hint = *hint;
  proposal->must_be_final = must_be_final;
  proposal->code_from = *code_from;
  ol_reads_init(&proposal->contracts, from, l1->number, &l1->state_root);
  if (proposal->of_games)
    begin_games(proposal, rollup);
  else
    begin_oracle(proposal, rollup);
}

/* --- Requests and answers --- */

static bool is_of_code(const ol_proposal *proposal, const ol_engine_want *want) {
  return want->kind == proposal->code_from.proof_kind || want->kind == proposal->code_from.code_kind;
}

ol_status ol_proposal_request(ol_error *error, ol_want *out, const ol_proposal *proposal,
                              const ol_engine_want *want, ol_arena *arena) {
  const ol_reads *reads = is_of_code(proposal, want) ? &proposal->code : &proposal->contracts;
  return ol_reads_request(error, out, reads, want, arena);
}

ol_status ol_proposal_answer(ol_error *error, ol_proposal *proposal, const ol_rollup *rollup,
                             const ol_engine_want *want, ol_json result, ol_arena *arena) {
  ol_slice code;
  if (is_of_code(proposal, want)) {
    OL_TRY(ol_reads_answer(error, &code, &proposal->code, want, result, arena));
    if (want->kind != proposal->code_from.code_kind) return OL_OK;
    return ol_implementation_of(error, &proposal->implementations[want->item], rollup,
                                contract_of(proposal, want->item), &proposal->code.list[want->item].code_hash,
                                code);
  }
  OL_TRY(ol_reads_answer(error, &code, &proposal->contracts, want, result, arena));
  /* What is wrong with the code of the hint's game is not the fault of who sent it. */
  if (want->kind == proposal->contracts.from.code_kind)
    proposal->game_status =
        ol_game_code_read(&proposal->game_error, &proposal->game_implementation, code, &proposal->hint.claim);
  return OL_OK;
}

void ol_proposal_lost(ol_proposal *proposal, const ol_engine_want *want, const ol_error *error) {
  ol_reads_lost(is_of_code(proposal, want) ? &proposal->code : &proposal->contracts, want, error);
}

/* --- Judging --- */

/* Adds the implementations, as they were proven, to the list of code. */
static ol_status begin_code(ol_error *error, ol_proposal *proposal) {
  ol_reads_init(&proposal->code, &proposal->code_from, proposal->l1.number, &proposal->l1.state_root);
  if (proposal->of_games && proposal->game_status != OL_OK) {
    *error = proposal->game_error;
    return proposal->game_status;
  }
  for (uint32_t i = 0; i < proposal->contracts.count; i++) {
    ol_address address = proposal->game_implementation;
    if (contract_of(proposal, i) != OL_CONTRACT_FAULT_GAME)
      OL_TRY(ol_slot_address(error, &address, value_of(proposal, i, SLOT_IMPLEMENTATION)));
    ol_reads_add(&proposal->code, &address, true);
  }
  return OL_OK;
}

/* By the portal's own rules. */
static ol_status judge_by_portal(ol_error *error, ol_proposal *proposal) {
  const ol_game_proof proof = {.game_id = *value_of(proposal, FACTORY, SLOT_GAME),
                               .respected = *value_of(proposal, PORTAL, SLOT_RESPECTED),
                               .status = *value_of(proposal, GAME, SLOT_STATUS),
                               .blacklisted = *value_of(proposal, PORTAL, SLOT_BLACKLISTED),
                               .finality_delay_s = proposal->implementations[PORTAL].finality_delay_s,
                               .l1_time = proposal->l1.timestamp};
  return ol_game_judge(error, &proposal->state, &proposal->hint.claim, &proof);
}

static ol_status judge_by_registry(ol_error *error, ol_proposal *proposal, const ol_rollup *rollup) {
  const ol_implementation *game = &proposal->implementations[GAME];
  const ol_address *registry = &proposal->hint.registry;
  const ol_registry_proof proof = {
      .factory = rollup->dispute_game_factory,
      .registry = *registry,
      .values = {.registry = *value_of(proposal, PORTAL, SLOT_REGISTRY),
                 .super_roots = *value_of(proposal, PORTAL, SLOT_SUPER_ROOTS),
                 .factory = *value_of(proposal, REGISTRY, SLOT_FACTORY),
                 .retirement = *value_of(proposal, REGISTRY, SLOT_RETIREMENT),
                 .blacklisted = *value_of(proposal, REGISTRY, SLOT_REGISTRY_BLACKLISTED),
                 .respected = *value_of(proposal, GAME, SLOT_REMEMBERED)},
      .game_id = *value_of(proposal, FACTORY, SLOT_GAME),
      .status = *value_of(proposal, GAME, SLOT_STATUS),
      .remembers = game->release->form == OL_FORM_REMEMBERS,
      .game_registry = game->pinned ? *registry : game->terms.registry,
      .finality_delay_s = proposal->implementations[REGISTRY].finality_delay_s,
      .l1_time = proposal->l1.timestamp};
  return ol_registry_judge(error, &proposal->state, &proposal->hint.claim, &proof);
}

static bool is_judged_by_registry(const ol_proposal *proposal) {
  return proposal->implementations[PORTAL].release->contract == OL_CONTRACT_PORTAL_OF_REGISTRY;
}

static ol_status judge_game(ol_error *error, ol_proposal *proposal, const ol_rollup *rollup) {
  const ol_implementation *game = &proposal->implementations[GAME];
  proposal->claim = proposal->hint.claim;
  if (!game->pinned)
    OL_TRY(ol_game_terms_check(error, &game->terms, &proposal->hint.claim, rollup->chain_id));
  OL_TRY(is_judged_by_registry(proposal) ? judge_by_registry(error, proposal, rollup)
                                         : judge_by_portal(error, proposal));
  if (proposal->must_be_final && !proposal->state.finalized)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "game is not final");
  return OL_OK;
}

static ol_status judge_output(ol_error *error, ol_proposal *proposal) {
  const ol_oracle_proof proof = {.index = proposal->hint.index,
                                 .length = *value_of(proposal, ORACLE, SLOT_LENGTH),
                                 .root = *value_of(proposal, ORACLE, SLOT_OUTPUT),
                                 .place = *value_of(proposal, ORACLE, SLOT_PLACE),
                                 .finalization_period = *value_of(proposal, ORACLE, SLOT_PERIOD),
                                 .l1_time = proposal->l1.timestamp};
  const ol_output_claim *hinted = &proposal->hint.claim;
  OL_TRY(ol_oracle_judge(error, &proposal->claim, &proposal->state, &proof));
  if (!ol_hash_equal(&proposal->claim.root, &hinted->root) ||
      (!proposal->hint.is_bare && proposal->claim.l2_block != hinted->l2_block))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "oracle has another output at this index");
  if (proposal->must_be_final && !proposal->state.finalized)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "output is not final");
  return OL_OK;
}

/* Implementations must be of known releases before their slots mean anything. */
static ol_status check_releases(ol_error *error, const ol_proposal *proposal, uint32_t first, uint32_t end) {
  for (uint32_t i = first; i < end; i++) {
    ol_status status = ol_implementation_check(error, &proposal->implementations[i], &proposal->code.list[i]);
    OL_TRY(ol_error_in(error, status, "implementation", i));
  }
  return OL_OK;
}

/*
 * Checks what factory and portal, which are known, say of the game and of the registry that were hinted at: what those
 * are need not be known before, as a hint may name any contract.
 */
static ol_status check_hint(ol_error *error, const ol_proposal *proposal) {
  const ol_hint *hint = &proposal->hint;
  ol_address game, registry = {{0}};
  uint64_t created_at;
  OL_TRY(ol_game_id_read(error, &game, &created_at, value_of(proposal, FACTORY, SLOT_GAME), &hint->claim));
  if (memcmp(&game, &hint->game, sizeof game) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "factory has another game of this output root");
  if (!hint->is_bare && memcmp(value_of(proposal, FACTORY, SLOT_LISTED),
                               value_of(proposal, FACTORY, SLOT_GAME), sizeof(ol_u256)) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "factory has another game at this index");
  if (is_judged_by_registry(proposal))
    OL_TRY(ol_slot_address(error, &registry, value_of(proposal, PORTAL, SLOT_REGISTRY)));
  if (memcmp(&registry, &hint->registry, sizeof registry) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "portal asks another registry");
  return OL_OK;
}

/* All is read. */
static ol_l1_step judge(ol_error *error, ol_proposal *proposal, const ol_rollup *rollup) {
  const uint32_t count = proposal->code.count;
  if (!proposal->of_games) {
    if (check_releases(error, proposal, ORACLE, count) != OL_OK) return OL_L1_FAILED;
    return judge_output(error, proposal) == OL_OK ? OL_L1_DONE : OL_L1_REFUSED;
  }
  if (check_releases(error, proposal, FACTORY, GAME) != OL_OK) return OL_L1_FAILED;
  if (check_hint(error, proposal) != OL_OK) return OL_L1_REFUSED;
  if (check_releases(error, proposal, GAME, count) != OL_OK) return OL_L1_FAILED;
  return judge_game(error, proposal, rollup) == OL_OK ? OL_L1_DONE : OL_L1_REFUSED;
}

ol_l1_step ol_proposal_advance(ol_error *error, ol_engine *engine, ol_proposal *proposal,
                               const ol_rollup *rollup) {
  ol_reads_step step = ol_reads_advance(engine, &proposal->contracts);
  if (step == OL_READS_DONE && proposal->code.count == 0 && begin_code(error, proposal) != OL_OK)
    return OL_L1_REFUSED;
  if (step == OL_READS_DONE) step = ol_reads_advance(engine, &proposal->code);
  if (step == OL_READS_DONE) return judge(error, proposal, rollup);
  return step == OL_READS_STUCK ? OL_L1_STUCK : OL_L1_WAIT;
}
