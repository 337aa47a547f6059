/* SPDX-License-Identifier: MIT */
#include "client/contracts.h"

#include "base/poison.h"

/* The contracts that are read, in this order, and their slots. */
enum { FACTORY, PORTAL, GAME, REGISTRY };
enum { ORACLE };
enum {
  SLOT_IMPLEMENTATION,
  SLOT_GAME,
  SLOT_RESPECTED = 1,
  SLOT_BLACKLISTED,
  SLOT_REGISTRY,
  SLOT_SUPER_ROOTS
};
enum { SLOT_FACTORY = 1, SLOT_RETIREMENT, SLOT_REGISTRY_BLACKLISTED };
enum { SLOT_LENGTH = 1, SLOT_OUTPUT, SLOT_PLACE, SLOT_PERIOD };
enum { SLOT_STATUS, SLOT_REMEMBERED };

static const uint8_t contracts_of_games[] = {OL_CONTRACT_GAME_FACTORY, OL_CONTRACT_PORTAL2,
                                             OL_CONTRACT_FAULT_GAME, OL_CONTRACT_REGISTRY};

bool ol_contracts_have_games(const ol_anchoring *anchoring) {
  return !ol_address_is_zero(&anchoring->rollup.dispute_game_factory);
}

const ol_block *ol_anchor_l1(const ol_anchoring *anchoring) {
  return anchoring->finalized ? &anchoring->finalized_l1 : &anchoring->newest_l1;
}

static ol_contract contract_of(const ol_anchoring *anchoring, uint32_t item) {
  return ol_contracts_have_games(anchoring) ? (ol_contract)contracts_of_games[item]
                                            : OL_CONTRACT_OUTPUT_ORACLE;
}

static bool has_registry(const ol_anchoring *anchoring) {
  return !ol_address_is_zero(&anchoring->hint.registry);
}

static void begin_games(ol_anchoring *anchoring) {
  const ol_rollup *rollup = &anchoring->rollup;
  const ol_hint *hint = &anchoring->hint;
  ol_game_slots slots;
  ol_registry_slots judged;
  ol_u256 blacklisted;
  ol_game_slots_of(&slots, &hint->claim);
  ol_registry_slots_of(&judged, &hint->game);
  ol_blacklist_slot_of(&blacklisted, &hint->game);
  ol_read *read = ol_reads_add(&anchoring->contracts, &rollup->dispute_game_factory, false);
  ol_read_slot(read, &ol_slot_implementation);
  ol_read_slot(read, &slots.game);
  read = ol_reads_add(&anchoring->contracts, &rollup->optimism_portal, false);
  ol_read_slot(read, &ol_slot_implementation);
  ol_read_slot(read, &slots.respected);
  ol_read_slot(read, &blacklisted);
  ol_read_slot(read, &judged.registry);
  ol_read_slot(read, &judged.super_roots);
  read = ol_reads_add(&anchoring->contracts, &hint->game, true);
  ol_read_slot(read, &slots.status);
  ol_read_slot(read, &judged.respected);
  if (!has_registry(anchoring)) return;
  read = ol_reads_add(&anchoring->contracts, &hint->registry, false);
  ol_read_slot(read, &ol_slot_implementation);
  ol_read_slot(read, &judged.factory);
  ol_read_slot(read, &judged.retirement);
  ol_read_slot(read, &judged.blacklisted);
}

static void begin_oracle(ol_anchoring *anchoring) {
  ol_u256 root, place;
  ol_oracle_slots_of(&root, &place, anchoring->hint.index);
  ol_read *read = ol_reads_add(&anchoring->contracts, &anchoring->rollup.l2_output_oracle, false);
  ol_read_slot(read, &ol_slot_implementation);
  ol_read_slot(read, &ol_oracle_slot_length);
  ol_read_slot(read, &root);
  ol_read_slot(read, &place);
  ol_read_slot(read, &ol_oracle_slot_finalization_period);
}

static const ol_u256 *value_of(const ol_anchoring *anchoring, uint32_t contract, uint32_t slot) {
  return &anchoring->contracts.list[contract].slots[slot].value;
}

void ol_contracts_list(ol_anchoring *anchoring) {
  if (ol_contracts_have_games(anchoring))
    begin_games(anchoring);
  else
    begin_oracle(anchoring);
}

ol_status ol_contracts_list_code(ol_error *error, ol_anchoring *anchoring) {
  if (ol_contracts_have_games(anchoring) && anchoring->game_status != OL_OK) {
    *error = anchoring->game_error;
    return anchoring->game_status;
  }
  for (uint32_t i = 0; i < anchoring->contracts.count; i++) {
    ol_address address = anchoring->game_implementation;
    if (contract_of(anchoring, i) != OL_CONTRACT_FAULT_GAME)
      OL_TRY(ol_slot_address(error, &address, value_of(anchoring, i, SLOT_IMPLEMENTATION)));
    ol_reads_add(&anchoring->code, &address, true);
  }
  return OL_OK;
}

/* Portals are of two kinds, which read the same slots, and mean others. */
static bool is_of(const ol_release *release, ol_contract contract) {
  return release->contract == (uint8_t)contract ||
         (contract == OL_CONTRACT_PORTAL2 && release->contract == OL_CONTRACT_PORTAL_OF_REGISTRY);
}

/* What code was built for, as far as it matters. */
static ol_status read_terms(ol_error *error, ol_implementation *out, ol_slice code) {
  switch (out->release->contract) {
  case OL_CONTRACT_PORTAL2:
  case OL_CONTRACT_REGISTRY:
    return ol_release_number(error, &out->finality_delay_s, out->release, code, OL_IMMUTABLE_FINALITY_DELAY);
  case OL_CONTRACT_FAULT_GAME: return ol_game_terms_read(error, &out->terms, out->release, code);
  default: return OL_OK;
  }
}

/* The release of code that came, from the table, or as the user vouches for it. */
ol_status ol_contracts_identify(ol_error *error, ol_anchoring *anchoring, uint32_t item, ol_slice code) {
  const ol_hash *hash = &anchoring->code.list[item].code_hash;
  ol_implementation *out = &anchoring->implementations[item];
  ol_contract contract = contract_of(anchoring, item);
  *out = (ol_implementation){.release = NULL};
  for (uint32_t i = 0; i < anchoring->rollup.pin_count; i++) {
    const ol_rollup_pin *pin = &anchoring->rollup.pins[i];
    const ol_release *release = ol_release_at(pin->release);
    if (!is_of(release, contract) || !ol_hash_equal(&pin->code_hash, hash)) continue;
    *out = (ol_implementation){.release = release, .pinned = true, .finality_delay_s = pin->finality_delay_s};
    return OL_OK;
  }
  ol_error unknown; /* which is told once the code is proven to be the contract's */
  if (ol_release_of(&unknown, &out->release, contract, code) != OL_OK &&
      (contract != OL_CONTRACT_PORTAL2 ||
       ol_release_of(&unknown, &out->release, OL_CONTRACT_PORTAL_OF_REGISTRY, code) != OL_OK))
    return OL_OK;
  return read_terms(error, out, code);
}

/* By the portal's own rules. */
static ol_status judge_by_portal(ol_error *error, ol_anchoring *anchoring) {
  const ol_game_proof proof = {.game_id = *value_of(anchoring, FACTORY, SLOT_GAME),
                               .respected = *value_of(anchoring, PORTAL, SLOT_RESPECTED),
                               .status = *value_of(anchoring, GAME, SLOT_STATUS),
                               .blacklisted = *value_of(anchoring, PORTAL, SLOT_BLACKLISTED),
                               .finality_delay_s = anchoring->implementations[PORTAL].finality_delay_s,
                               .l1_time = ol_anchor_l1(anchoring)->timestamp};
  return ol_game_judge(error, &anchoring->state, &anchoring->hint.claim, &proof);
}

static ol_status judge_by_registry(ol_error *error, ol_anchoring *anchoring) {
  const ol_implementation *game = &anchoring->implementations[GAME];
  const ol_address *registry = &anchoring->hint.registry;
  const ol_registry_proof proof = {
      .factory = anchoring->rollup.dispute_game_factory,
      .registry = *registry,
      .values = {.registry = *value_of(anchoring, PORTAL, SLOT_REGISTRY),
                 .super_roots = *value_of(anchoring, PORTAL, SLOT_SUPER_ROOTS),
                 .factory = *value_of(anchoring, REGISTRY, SLOT_FACTORY),
                 .retirement = *value_of(anchoring, REGISTRY, SLOT_RETIREMENT),
                 .blacklisted = *value_of(anchoring, REGISTRY, SLOT_REGISTRY_BLACKLISTED),
                 .respected = *value_of(anchoring, GAME, SLOT_REMEMBERED)},
      .game_id = *value_of(anchoring, FACTORY, SLOT_GAME),
      .status = *value_of(anchoring, GAME, SLOT_STATUS),
      .remembers = game->release->form == OL_FORM_REMEMBERS,
      .game_registry = game->pinned ? *registry : game->terms.registry,
      .finality_delay_s = anchoring->implementations[REGISTRY].finality_delay_s,
      .l1_time = ol_anchor_l1(anchoring)->timestamp};
  return ol_registry_judge(error, &anchoring->state, &anchoring->hint.claim, &proof);
}

static bool is_judged_by_registry(const ol_anchoring *anchoring) {
  return anchoring->implementations[PORTAL].release->contract == OL_CONTRACT_PORTAL_OF_REGISTRY;
}

static ol_status judge_game(ol_error *error, ol_anchoring *anchoring) {
  const ol_implementation *game = &anchoring->implementations[GAME];
  if (!game->pinned)
    OL_TRY(ol_game_terms_check(error, &game->terms, &anchoring->hint.claim, anchoring->rollup.chain_id));
  OL_TRY(is_judged_by_registry(anchoring) ? judge_by_registry(error, anchoring)
                                          : judge_by_portal(error, anchoring));
  if (anchoring->finalized && !anchoring->state.finalized)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "game is not final");
  return OL_OK;
}

static ol_status judge_output(ol_error *error, ol_anchoring *anchoring) {
  const ol_oracle_proof proof = {.index = anchoring->hint.index,
                                 .length = *value_of(anchoring, ORACLE, SLOT_LENGTH),
                                 .root = *value_of(anchoring, ORACLE, SLOT_OUTPUT),
                                 .place = *value_of(anchoring, ORACLE, SLOT_PLACE),
                                 .finalization_period = *value_of(anchoring, ORACLE, SLOT_PERIOD),
                                 .l1_time = ol_anchor_l1(anchoring)->timestamp};
  ol_output_claim claim;
  OL_TRY(ol_oracle_judge(error, &claim, &anchoring->state, &proof));
  if (!ol_hash_equal(&claim.root, &anchoring->hint.claim.root) ||
      claim.l2_block != anchoring->hint.claim.l2_block)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "oracle has another output at this index");
  if (anchoring->finalized && !anchoring->state.finalized)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "output is not final");
  return OL_OK;
}

/*
 * Implementations must be of known releases before their slots mean anything. That code came does not say that the
 * contract has any.
 */
static ol_status check_releases(ol_error *error, const ol_anchoring *anchoring, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (anchoring->implementations[i].release != NULL && anchoring->code.list[i].has_code) continue;
    return ol_error_in(error,
                       ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "contract is of an unknown release"),
                       "implementation", i);
  }
  return OL_OK;
}

ol_status ol_contracts_check_hint(ol_error *error, const ol_anchoring *anchoring) {
  const ol_hint *hint = &anchoring->hint;
  ol_address game, registry = {{0}};
  uint64_t created_at;
  if (!ol_contracts_have_games(anchoring)) return OL_OK;
  OL_TRY(ol_game_id_read(error, &game, &created_at, value_of(anchoring, FACTORY, SLOT_GAME), &hint->claim));
  if (memcmp(&game, &hint->game, sizeof game) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "factory has another game of this output root");
  if (is_judged_by_registry(anchoring))
    OL_TRY(ol_slot_address(error, &registry, value_of(anchoring, PORTAL, SLOT_REGISTRY)));
  if (memcmp(&registry, &hint->registry, sizeof registry) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "portal asks another registry");
  return OL_OK;
}

ol_status ol_contracts_check_named(ol_error *error, const ol_anchoring *anchoring) {
  return check_releases(error, anchoring, ol_contracts_have_games(anchoring) ? GAME : ORACLE + 1);
}

ol_status ol_contracts_check_hinted(ol_error *error, const ol_anchoring *anchoring) {
  return check_releases(error, anchoring, anchoring->code.count);
}

ol_status ol_contracts_judge(ol_error *error, ol_anchoring *anchoring) {
  return ol_contracts_have_games(anchoring) ? judge_game(error, anchoring) : judge_output(error, anchoring);
}
