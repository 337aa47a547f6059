/* SPDX-License-Identifier: MIT */
#include "rollup/anchor.h"

#include "crypto/keccak.h"
#include "encoding/abi.h"

#include "base/poison.h"

const ol_address ol_message_passer = {{0x42, [19] = 0x16}};

/* Slots that are the same in all releases of the table (rollup/release.c). */
#define FACTORY_SLOT_GAMES 103u   /* DisputeGameFactory: _disputeGames */
#define FACTORY_SLOT_LIST 104u    /* _disputeGameList */
#define PORTAL_SLOT_BLACKLIST 58u /* OptimismPortal2: disputeGameBlacklist */
#define PORTAL_SLOT_RESPECTED 59u /* respectedGameType, and respectedGameTypeUpdatedAt */

/* OptimismPortal2 from 4, and AnchorStateRegistry */
#define PORTAL_SLOT_REGISTRY 62u         /* anchorStateRegistry */
#define PORTAL_SLOT_SUPER_ROOTS 63u      /* ethLockbox, and behind it superRootsActive */
#define REGISTRY_SLOT_FACTORY 1u         /* disputeGameFactory */
#define REGISTRY_SLOT_ANCHOR_GAME 2u     /* anchorGame */
#define REGISTRY_SLOT_STARTING_ANCHOR 3u /* startingAnchorRoot: root, l2SequenceNumber */
#define REGISTRY_SLOT_BLACKLIST 5u       /* disputeGameBlacklist */
#define REGISTRY_SLOT_RETIREMENT 6u      /* respectedGameType, and behind it retirementTimestamp */
#define GAME_SLOT_RESPECTED 10u          /* wasRespectedGameTypeWhenCreated */
#define ANCHORS_SLOT_ANCHORS 1u          /* to 1: anchors */

/* LibUDT, GameStatus */
#define CHALLENGER_WINS 1u
#define DEFENDER_WINS 2u
#define STATUSES 3u

/* L2OutputOracle: l2Outputs, finalizationPeriodSeconds */
const ol_u256 ol_oracle_slot_length = {{[31] = 3}};
const ol_u256 ol_oracle_slot_finalization_period = {{[31] = 8}};

/* A claim that is not what was proven. */
static ol_status differs(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, reason);
}

/* A claim that is so, but does not bear what rests on it. */
static ol_status unproven(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, reason);
}

static uint64_t add_saturated(uint64_t a, uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* --- Dispute games --- */

/* DisputeGameFactory.getGameUUID: keccak-256 of abi.encode(type, root, extraData); extraData is the L2 block number. */
static void game_uuid(ol_u256 *out, const ol_output_claim *claim) {
  ol_u256 words[5] = {ol_abi_u64(claim->game_type),
                      {{0}},
                      ol_abi_u64(3 * 32), /* where extraData is */
                      ol_abi_u64(32),     /* its length */
                      ol_abi_u64(claim->l2_block)};
  ol_hash hash;
  memcpy(words[1].bytes, claim->root.bytes, sizeof words[1].bytes);
  ol_keccak256(&hash, words[0].bytes, sizeof words);
  memcpy(out->bytes, hash.bytes, sizeof out->bytes);
}

void ol_game_slots_of(ol_game_slots *out, const ol_output_claim *claim) {
  ol_u256 uuid;
  game_uuid(&uuid, claim);
  const ol_u256 games = ol_abi_u64(FACTORY_SLOT_GAMES);
  ol_slot_in_mapping(&out->game, &uuid, &games);
  out->respected = ol_abi_u64(PORTAL_SLOT_RESPECTED);
  out->status = ol_abi_u64(0);
}

void ol_game_list_slot_of(ol_u256 *out, uint64_t index) {
  const ol_u256 list = ol_abi_u64(FACTORY_SLOT_LIST);
  ol_slot_of_array(out, &list);
  ol_slot_add(out, index);
}

void ol_blacklist_slot_of(ol_u256 *out, const ol_address *game) {
  const ol_u256 key = ol_abi_address(game);
  const ol_u256 blacklist = ol_abi_u64(PORTAL_SLOT_BLACKLIST);
  ol_slot_in_mapping(out, &key, &blacklist);
}

/*
 * What the factories clone with: Solady's LibClone, and before it clones-with-immutable-args. Behind the code are the
 * creator (not in the older ones), the root claim, the L1 head, extraData, and the length of all that.
 */
typedef struct clone_form {
  uint8_t head_len;
  uint8_t args_len; /* with the two bytes of length */
  uint8_t root_at;  /* in the arguments */
  uint8_t head[57];
  uint8_t tail[13];
} clone_form;

/* clang-format off */
static const clone_form clone_forms[] = {
    {57, 20 + 3 * 32 + 2, 20,
     {0x36, 0x60, 0x2c, 0x57, 0x34, 0x3d, 0x52, 0x7f, 0x9e, 0x4a, 0xc3, 0x4f, 0x21, 0xc6, 0x19, 0xce, 0xfc, 0x92, 0x6c,
      0x8b, 0xd9, 0x3b, 0x54, 0xbf, 0x5a, 0x39, 0xc7, 0xab, 0x21, 0x27, 0xa8, 0x95, 0xaf, 0x1c, 0xc0, 0x69, 0x1d, 0x7e,
      0x3d, 0xff, 0x59, 0x3d, 0xa1, 0x00, 0x5b, 0x36, 0x3d, 0x3d, 0x37, 0x3d, 0x3d, 0x3d, 0x3d, 0x61, 0x00, 0x76, 0x80},
     {0x5a, 0xf4, 0x3d, 0x3d, 0x93, 0x80, 0x3e, 0x60, 0x60, 0x57, 0xfd, 0x5b, 0xf3}},
    {12, 3 * 32 + 2, 0,
     {0x36, 0x3d, 0x3d, 0x37, 0x3d, 0x3d, 0x3d, 0x3d, 0x61, 0x00, 0x62, 0x80},
     {0x5a, 0xf4, 0x3d, 0x3d, 0x93, 0x80, 0x3e, 0x60, 0x33, 0x57, 0xfd, 0x5b, 0xf3}},
};
/* clang-format on */

/* The bytes between the head and the implementation: how the arguments are appended. */
#define APPEND_LEN 8u

/* Out: where the implementation's address is. Returns: false when code has another form. */
static bool has_form(size_t *out_at, const clone_form *form, ol_slice code) {
  static const uint8_t append[2][APPEND_LEN] = {{0x60, 0x62, 0x36, 0x39, 0x36, 0x01, 0x3d, 0x73},
                                                {0x60, 0x35, 0x36, 0x39, 0x36, 0x01, 0x3d, 0x73}};
  size_t at = form->head_len + APPEND_LEN, end = at + 20 + sizeof form->tail;
  if (code.len != end + form->args_len || memcmp(code.data, form->head, form->head_len) != 0 ||
      memcmp(code.data + form->head_len, append[form - clone_forms], APPEND_LEN) != 0 ||
      memcmp(code.data + at + 20, form->tail, sizeof form->tail) != 0)
    return false;
  *out_at = at;
  return true;
}

ol_status ol_game_claim_read(ol_error *error, ol_address *out_implementation, ol_output_claim *out_claim,
                             ol_slice code) {
  for (size_t i = 0; i < sizeof clone_forms / sizeof *clone_forms; i++) {
    size_t at;
    if (!has_form(&at, &clone_forms[i], code)) continue;
    const uint8_t *root = code.data + at + 20 + sizeof clone_forms[i].tail + clone_forms[i].root_at;
    const uint8_t *number = root + 2 * 32;
    if (!ol_is_zero(ol_slice_of(number, 24)))
      return unproven(error, "game's L2 block number has more than 64 bits");
    *out_claim = (ol_output_claim){.l2_block = ol_load_be64(number + 24)};
    memcpy(out_claim->root.bytes, root, sizeof out_claim->root.bytes);
    memcpy(out_implementation->bytes, code.data + at, sizeof out_implementation->bytes);
    return OL_OK;
  }
  return unproven(error, "game is a clone of an unknown form");
}

ol_status ol_game_code_read(ol_error *error, ol_address *out_implementation, ol_slice code,
                            const ol_output_claim *claim) {
  ol_output_claim found;
  ol_address implementation;
  OL_TRY(ol_game_claim_read(error, &implementation, &found, code));
  if (!ol_hash_equal(&found.root, &claim->root) || found.l2_block != claim->l2_block)
    return differs(error, "game is of another claim");
  *out_implementation = implementation;
  return OL_OK;
}

ol_status ol_game_id_read(ol_error *error, ol_address *out_game, uint64_t *out_created_at,
                          const ol_u256 *game_id, const ol_output_claim *claim) {
  if (ol_u256_is_zero(game_id)) return differs(error, "factory has no game of this output root");
  if (ol_slot_read(game_id, 28, 4) != claim->game_type)
    return differs(error, "factory has a game of another type");
  *out_created_at = ol_slot_read(game_id, 20, 8);
  memcpy(out_game->bytes, game_id->bytes + 12, sizeof out_game->bytes);
  return OL_OK;
}

/* What a game says of itself that makes it no good, whatever its age. */
static ol_status check_status(ol_error *error, const ol_u256 *status, uint64_t created_at) {
  if (ol_slot_read(status, 0, 8) != created_at)
    return unproven(error, "game was not created when the factory says");
  if (ol_slot_read(status, 18, 1) != 0) return unproven(error, "game's L2 block number was disproven");
  if (ol_slot_read(status, 16, 1) == CHALLENGER_WINS)
    return unproven(error, "game was won by its challenger");
  if (ol_slot_read(status, 16, 1) >= STATUSES) return unproven(error, "game has an unknown status");
  return OL_OK;
}

/* OptimismPortal2 to 3, proveWithdrawalTransaction and checkWithdrawal: the same by the portal. */
static ol_status check_game(ol_error *error, const ol_output_claim *claim, const ol_game_proof *proof,
                            uint64_t created_at) {
  if (ol_slot_read(&proof->respected, 0, 4) != claim->game_type)
    return unproven(error, "game is of a type that is not respected");
  if (created_at < ol_slot_read(&proof->respected, 4, 8))
    return unproven(error, "game is retired: it is older than the respected type");
  if (!ol_u256_is_zero(&proof->blacklisted)) return unproven(error, "game is blacklisted");
  return check_status(error, &proof->status, created_at);
}

/* A resolved game is final when more than the delay has passed since. */
static void judge_time(ol_output_state *state, const ol_u256 *status, uint64_t delay_s, uint64_t l1_time) {
  if (ol_slot_read(status, 16, 1) != DEFENDER_WINS) return;
  uint64_t resolved_at = ol_slot_read(status, 8, 8);
  if (resolved_at == 0) return;
  state->finalizes_at = add_saturated(add_saturated(resolved_at, delay_s), 1);
  state->finalized = l1_time >= state->finalizes_at;
}

ol_status ol_game_judge(ol_error *error, ol_output_state *out, const ol_output_claim *claim,
                        const ol_game_proof *proof) {
  ol_output_state state = {.finalized = false};
  OL_TRY(ol_game_id_read(error, &state.game, &state.proposed_at, &proof->game_id, claim));
  OL_TRY(check_game(error, claim, proof, state.proposed_at));
  judge_time(&state, &proof->status, proof->finality_delay_s, proof->l1_time);
  *out = state;
  return OL_OK;
}

ol_status ol_game_terms_read(ol_error *error, ol_game_terms *out, const ol_release *release, ol_slice code) {
  ol_game_terms terms;
  uint64_t type;
  ol_u256 registry;
  OL_TRY(ol_release_number(error, &terms.l2_chain_id, release, code, OL_IMMUTABLE_CHAIN_ID));
  OL_TRY(ol_release_number(error, &type, release, code, OL_IMMUTABLE_GAME_TYPE));
  if (type > UINT32_MAX) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "game type has more than 32 bits");
  terms.game_type = (uint32_t)type;
  OL_TRY(ol_release_immutable(error, &registry, release, code, OL_IMMUTABLE_REGISTRY));
  OL_TRY(ol_slot_address(error, &terms.registry, &registry));
  *out = terms;
  return OL_OK;
}

ol_status ol_game_terms_check(ol_error *error, const ol_game_terms *terms, const ol_output_claim *claim,
                              uint64_t l2_chain_id) {
  if (terms->game_type != claim->game_type) return differs(error, "game's code is of another type");
  if (terms->l2_chain_id != l2_chain_id) return differs(error, "game's code is of another chain");
  return OL_OK;
}

/* --- Dispute games that AnchorStateRegistry judges --- */

void ol_registry_slots_of(ol_registry_slots *out, const ol_address *game) {
  const ol_u256 key = ol_abi_address(game), blacklist = ol_abi_u64(REGISTRY_SLOT_BLACKLIST);
  out->registry = ol_abi_u64(PORTAL_SLOT_REGISTRY);
  out->super_roots = ol_abi_u64(PORTAL_SLOT_SUPER_ROOTS);
  out->factory = ol_abi_u64(REGISTRY_SLOT_FACTORY);
  out->retirement = ol_abi_u64(REGISTRY_SLOT_RETIREMENT);
  ol_slot_in_mapping(&out->blacklisted, &key, &blacklist);
  out->respected = ol_abi_u64(GAME_SLOT_RESPECTED);
}

/* That portal, registry, factory and game belong together; of the last, it is isGameRegistered. */
static ol_status check_contracts(ol_error *error, const ol_registry_proof *proof) {
  ol_address registry, factory;
  OL_TRY(ol_slot_address(error, &registry, &proof->values.registry));
  if (memcmp(&registry, &proof->registry, sizeof registry) != 0)
    return differs(error, "portal asks another registry");
  OL_TRY(ol_slot_address(error, &factory, &proof->values.factory));
  if (memcmp(&factory, &proof->factory, sizeof factory) != 0)
    return unproven(error, "registry is of another factory");
  if (memcmp(&proof->game_registry, &proof->registry, sizeof(ol_address)) != 0)
    return unproven(error, "game is of another registry");
  return OL_OK;
}

/* isGameProper, isGameRespected, and what proveWithdrawalTransaction wants besides. */
static ol_status check_proper(ol_error *error, const ol_registry_proof *proof, uint64_t created_at) {
  if (ol_slot_read(&proof->values.super_roots, 20, 1) != 0)
    return unproven(error, "portal takes super roots, which are of several chains");
  if (!ol_u256_is_zero(&proof->values.blacklisted)) return unproven(error, "game is blacklisted");
  if (created_at <= ol_slot_read(&proof->values.retirement, 4, 8))
    return unproven(error, "game is retired: it is not younger than the retirement");
  if (!proof->remembers) return unproven(error, "game does not remember whether its type was respected");
  if (ol_slot_read(&proof->values.respected, 0, 1) == 0)
    return unproven(error, "game was of a type that was not respected");
  return check_status(error, &proof->status, created_at);
}

ol_status ol_registry_judge(ol_error *error, ol_output_state *out, const ol_output_claim *claim,
                            const ol_registry_proof *proof) {
  ol_output_state state = {.finalized = false};
  OL_TRY(check_contracts(error, proof));
  OL_TRY(ol_game_id_read(error, &state.game, &state.proposed_at, &proof->game_id, claim));
  OL_TRY(check_proper(error, proof, state.proposed_at));
  judge_time(&state, &proof->status, proof->finality_delay_s, proof->l1_time);
  *out = state;
  return OL_OK;
}

/* --- Anchors --- */

void ol_anchor_slots_of(ol_anchor_slots *out, ol_contract contract, uint32_t game_type) {
  OL_ASSERT(contract == OL_CONTRACT_ANCHORS || contract == OL_CONTRACT_REGISTRY);
  const ol_u256 key = ol_abi_u64(game_type), anchors = ol_abi_u64(ANCHORS_SLOT_ANCHORS);
  if (contract == OL_CONTRACT_ANCHORS)
    ol_slot_in_mapping(&out->root, &key, &anchors);
  else
    out->root = ol_abi_u64(REGISTRY_SLOT_STARTING_ANCHOR);
  out->l2_block = out->root;
  ol_slot_add(&out->l2_block, 1);
  out->game = ol_abi_u64(REGISTRY_SLOT_ANCHOR_GAME);
}

ol_status ol_anchor_root_read(ol_error *error, ol_anchor_root *out, ol_contract contract,
                              const ol_anchor_slots *values) {
  ol_anchor_root anchor = {.l2_block = 0};
  if (contract == OL_CONTRACT_REGISTRY && !ol_u256_is_zero(&values->game)) {
    OL_TRY(ol_slot_address(error, &anchor.game, &values->game));
    *out = anchor;
    return OL_OK;
  }
  if (ol_u256_is_zero(&values->root)) return unproven(error, "registry has no anchor");
  if (!ol_slot_is_zero(&values->l2_block, 8, 24))
    return unproven(error, "registry holds a number of more than 64 bits");
  memcpy(anchor.root.bytes, values->root.bytes, sizeof anchor.root.bytes);
  anchor.l2_block = ol_slot_read(&values->l2_block, 0, 8);
  *out = anchor;
  return OL_OK;
}

/* --- L2OutputOracle --- */

void ol_oracle_slots_of(ol_u256 *out_root, ol_u256 *out_place, uint64_t index) {
  ol_slot_of_array(out_root, &ol_oracle_slot_length);
  ol_slot_add(out_root, index); /* twice, as an output takes two slots */
  ol_slot_add(out_root, index);
  *out_place = *out_root;
  ol_slot_add(out_place, 1);
}

ol_status ol_oracle_judge(ol_error *error, ol_output_claim *out_claim, ol_output_state *out,
                          const ol_oracle_proof *proof) {
  if (!ol_slot_is_zero(&proof->length, 8, 24) || ol_slot_read(&proof->length, 0, 8) <= proof->index)
    return differs(error, "oracle has no output of this index");
  if (!ol_slot_is_zero(&proof->place, 8, 8) || !ol_slot_is_zero(&proof->place, 24, 8) ||
      !ol_slot_is_zero(&proof->finalization_period, 8, 24))
    return unproven(error, "oracle holds a number of more than 64 bits");
  ol_output_claim claim = {.l2_block = ol_slot_read(&proof->place, 16, 8)};
  memcpy(claim.root.bytes, proof->root.bytes, sizeof claim.root.bytes);
  ol_output_state state = {.proposed_at = ol_slot_read(&proof->place, 0, 8)};
  state.delay_s = ol_slot_read(&proof->finalization_period, 0, 8);
  state.finalizes_at = add_saturated(add_saturated(state.proposed_at, state.delay_s), 1);
  state.finalized = proof->l1_time >= state.finalizes_at;
  *out_claim = claim;
  *out = state;
  return OL_OK;
}
