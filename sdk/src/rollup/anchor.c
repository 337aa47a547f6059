/* SPDX-License-Identifier: MIT */
#include "rollup/anchor.h"

#include "crypto/keccak.h"
#include "encoding/abi.h"

#include "base/poison.h"

/* Slots that are the same in all releases of the table (rollup/release.c). */
#define FACTORY_SLOT_GAMES 103u   /* DisputeGameFactory: _disputeGames */
#define PORTAL_SLOT_BLACKLIST 58u /* OptimismPortal2: disputeGameBlacklist */
#define PORTAL_SLOT_RESPECTED 59u /* respectedGameType, and respectedGameTypeUpdatedAt */

/* LibUDT, GameStatus */
#define CHALLENGER_WINS 1u
#define DEFENDER_WINS 2u
#define STATUSES 3u

/* clang-format off */
/* keccak-256 of "eip1967.proxy.implementation", less one */
const ol_u256 ol_slot_implementation = {{0x36, 0x08, 0x94, 0xa1, 0x3b, 0xa1, 0xa3, 0x21, 0x06, 0x67, 0xc8, 0x28, 0x49, 0x2d, 0xb9, 0x8d,
                                         0xca, 0x3e, 0x20, 0x76, 0xcc, 0x37, 0x35, 0xa9, 0x20, 0xa3, 0xca, 0x50, 0x5d, 0x38, 0x2b, 0xbc}};
/* clang-format on */

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

/* Reads `len` bytes of a word, at Solidity's offset from its low end. */
static uint64_t read_at(const ol_u256 *word, size_t offset, size_t len) {
  uint64_t value = 0;
  for (size_t i = len; i > 0; i--) value = value << 8 | word->bytes[32 - offset - i];
  return value;
}

static bool is_zero_from(const ol_u256 *word, size_t offset, size_t len) {
  uint8_t any = 0;
  for (size_t i = 0; i < len; i++) any |= word->bytes[31 - offset - i];
  return any == 0;
}

/* Solidity, "Layout of State Variables in Storage": where a mapping keeps the value of a key. */
static void slot_in_mapping(ol_u256 *out, const ol_u256 *key, uint64_t mapping) {
  uint8_t preimage[64];
  const ol_u256 slot = ol_abi_u64(mapping);
  ol_hash hash;
  memcpy(preimage, key->bytes, 32);
  memcpy(preimage + 32, slot.bytes, 32);
  ol_keccak256(&hash, preimage, sizeof preimage);
  memcpy(out->bytes, hash.bytes, sizeof out->bytes);
}

static void add_u64(ol_u256 *to, uint64_t number) {
  for (size_t i = 32; i > 0 && number != 0; i--) {
    uint64_t sum = to->bytes[i - 1] + (number & 0xff);
    to->bytes[i - 1] = (uint8_t)sum;
    number = (number >> 8) + (sum >> 8);
  }
}

static uint64_t add_saturated(uint64_t a, uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

ol_status ol_slot_address(ol_error *error, ol_address *out, const ol_u256 *value) {
  if (!is_zero_from(value, 20, 12)) return unproven(error, "slot holds more than an address");
  memcpy(out->bytes, value->bytes + 12, sizeof out->bytes);
  return OL_OK;
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
  slot_in_mapping(&out->game, &uuid, FACTORY_SLOT_GAMES);
  out->respected = ol_abi_u64(PORTAL_SLOT_RESPECTED);
  out->status = ol_abi_u64(0);
}

void ol_blacklist_slot_of(ol_u256 *out, const ol_address *game) {
  const ol_u256 key = ol_abi_address(game);
  slot_in_mapping(out, &key, PORTAL_SLOT_BLACKLIST);
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

ol_status ol_game_code_read(ol_error *error, ol_address *out_implementation, ol_slice code,
                            const ol_output_claim *claim) {
  const ol_u256 number = ol_abi_u64(claim->l2_block);
  for (size_t i = 0; i < sizeof clone_forms / sizeof *clone_forms; i++) {
    size_t at;
    if (!has_form(&at, &clone_forms[i], code)) continue;
    const uint8_t *root = code.data + at + 20 + sizeof clone_forms[i].tail + clone_forms[i].root_at;
    if (memcmp(root, claim->root.bytes, 32) != 0 || memcmp(root + 2 * 32, number.bytes, 32) != 0)
      return differs(error, "game is of another claim");
    memcpy(out_implementation->bytes, code.data + at, sizeof out_implementation->bytes);
    return OL_OK;
  }
  return unproven(error, "game is a clone of an unknown form");
}

ol_status ol_game_id_read(ol_error *error, ol_address *out_game, uint64_t *out_created_at,
                          const ol_u256 *game_id, const ol_output_claim *claim) {
  if (ol_u256_is_zero(game_id)) return differs(error, "factory has no game of this output root");
  if (read_at(game_id, 28, 4) != claim->game_type)
    return differs(error, "factory has a game of another type");
  *out_created_at = read_at(game_id, 20, 8);
  memcpy(out_game->bytes, game_id->bytes + 12, sizeof out_game->bytes);
  return OL_OK;
}

/* OptimismPortal2, proveWithdrawalTransaction and checkWithdrawal: what makes a game no good, whatever its age. */
static ol_status check_game(ol_error *error, const ol_output_claim *claim, const ol_game_proof *proof,
                            uint64_t created_at) {
  if (read_at(&proof->respected, 0, 4) != claim->game_type)
    return unproven(error, "game is of a type that is not respected");
  if (created_at < read_at(&proof->respected, 4, 8))
    return unproven(error, "game is retired: it is older than the respected type");
  if (!ol_u256_is_zero(&proof->blacklisted)) return unproven(error, "game is blacklisted");
  if (read_at(&proof->status, 0, 8) != created_at)
    return unproven(error, "game was not created when the factory says");
  if (read_at(&proof->status, 18, 1) != 0) return unproven(error, "game's L2 block number was disproven");
  if (read_at(&proof->status, 16, 1) == CHALLENGER_WINS)
    return unproven(error, "game was won by its challenger");
  if (read_at(&proof->status, 16, 1) >= STATUSES) return unproven(error, "game has an unknown status");
  return OL_OK;
}

ol_status ol_game_judge(ol_error *error, ol_output_state *out, const ol_output_claim *claim,
                        const ol_game_proof *proof) {
  ol_output_state state = {.finalized = false};
  OL_TRY(ol_game_id_read(error, &state.game, &state.proposed_at, &proof->game_id, claim));
  OL_TRY(check_game(error, claim, proof, state.proposed_at));
  if (read_at(&proof->status, 16, 1) == DEFENDER_WINS) {
    uint64_t resolved_at = read_at(&proof->status, 8, 8);
    state.finalizes_at = add_saturated(add_saturated(resolved_at, proof->finality_delay_s), 1);
    state.finalized = proof->l1_time >= state.finalizes_at;
  }
  *out = state;
  return OL_OK;
}

/* --- L2OutputOracle --- */

void ol_oracle_slots_of(ol_u256 *out_root, ol_u256 *out_place, uint64_t index) {
  ol_hash first;
  ol_keccak256(&first, ol_oracle_slot_length.bytes, sizeof ol_oracle_slot_length.bytes);
  memcpy(out_root->bytes, first.bytes, sizeof out_root->bytes);
  add_u64(out_root, index); /* twice, as an output takes two slots */
  add_u64(out_root, index);
  *out_place = *out_root;
  add_u64(out_place, 1);
}

ol_status ol_oracle_judge(ol_error *error, ol_output_claim *out_claim, ol_output_state *out,
                          const ol_oracle_proof *proof) {
  if (!is_zero_from(&proof->length, 8, 24) || read_at(&proof->length, 0, 8) <= proof->index)
    return differs(error, "oracle has no output of this index");
  if (!is_zero_from(&proof->place, 8, 8) || !is_zero_from(&proof->place, 24, 8) ||
      !is_zero_from(&proof->finalization_period, 8, 24))
    return unproven(error, "oracle holds a number of more than 64 bits");
  ol_output_claim claim = {.l2_block = read_at(&proof->place, 16, 8)};
  memcpy(claim.root.bytes, proof->root.bytes, sizeof claim.root.bytes);
  ol_output_state state = {.proposed_at = read_at(&proof->place, 0, 8)};
  uint64_t period = read_at(&proof->finalization_period, 0, 8);
  state.finalizes_at = add_saturated(add_saturated(state.proposed_at, period), 1);
  state.finalized = proof->l1_time >= state.finalizes_at;
  *out_claim = claim;
  *out = state;
  return OL_OK;
}
