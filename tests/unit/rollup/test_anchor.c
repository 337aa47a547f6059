/* SPDX-License-Identifier: MIT */
#include "rollup/anchor.h"

#include "encoding/abi.h"
#include "unit/bytes.h"

#define CREATED 1700000000u
#define RESOLVED (CREATED + 302400u)
#define DELAY 302400u
#define GAME "1111111111111111111111111111111111111111"

static ol_error error;
static ol_output_claim claim;
static ol_output_state state;
static ol_game_proof game;
static ol_oracle_proof oracle;
static ol_registry_proof judged;

#define REGISTRY "2222222222222222222222222222222222222222"
#define FACTORY "3333333333333333333333333333333333333333"

/* Writes `len` bytes of a word, at Solidity's offset from its low end. */
static void put_at(ol_u256 *word, size_t offset, size_t len, uint64_t value) {
  for (size_t i = 0; i < len; i++) word->bytes[31 - offset - i] = (uint8_t)(value >> 8 * i);
}

static int fill(void **unused) {
  (void)unused;
  memset(&claim, 0, sizeof claim);
  memset(claim.root.bytes, 0xab, sizeof claim.root.bytes);
  claim.l2_block = 123456;
  claim.game_type = 1;
  memset(&game, 0, sizeof game);
  game.finality_delay_s = DELAY;
  game.l1_time = RESOLVED + DELAY + 1;
  put_at(&game.game_id, 28, 4, 1);
  put_at(&game.game_id, 20, 8, CREATED);
  from_hex(game.game_id.bytes + 12, 20, GAME);
  put_at(&game.respected, 0, 4, 1);
  put_at(&game.respected, 4, 8, CREATED);
  put_at(&game.status, 0, 8, CREATED);
  put_at(&game.status, 8, 8, RESOLVED);
  put_at(&game.status, 16, 1, 2);
  memset(&judged, 0, sizeof judged);
  from_hex(judged.registry.bytes, 20, REGISTRY);
  from_hex(judged.game_registry.bytes, 20, REGISTRY);
  from_hex(judged.values.registry.bytes + 12, 20, REGISTRY);
  from_hex(judged.factory.bytes, 20, FACTORY);
  from_hex(judged.values.factory.bytes + 12, 20, FACTORY);
  put_at(&judged.values.super_roots, 0, 8, 5); /* the lockbox */
  put_at(&judged.values.retirement, 0, 4, 77); /* another type is respected by now */
  put_at(&judged.values.retirement, 4, 8, CREATED - 1);
  put_at(&judged.values.respected, 0, 1, 1);
  judged.game_id = game.game_id;
  judged.status = game.status;
  judged.remembers = true;
  judged.finality_delay_s = DELAY;
  judged.l1_time = game.l1_time;
  memset(&oracle, 0, sizeof oracle);
  oracle.index = 4;
  put_at(&oracle.length, 0, 8, 5);
  memset(oracle.root.bytes, 0xcd, sizeof oracle.root.bytes);
  put_at(&oracle.place, 0, 8, CREATED);
  put_at(&oracle.place, 16, 8, 777);
  put_at(&oracle.finalization_period, 0, 8, 604800);
  oracle.l1_time = CREATED + 604801;
  memset(&state, 0, sizeof state);
  return 0;
}

static void assert_slot(const ol_u256 *slot, const char *digits) {
  assert_bytes(slot->bytes, sizeof slot->bytes, digits);
}

static void finds_the_slots_of_a_claim(void **unused) {
  (void)unused;
  ol_game_slots slots;
  ol_u256 blacklist;
  ol_address address;
  ol_game_slots_of(&slots, &claim);
  assert_slot(&slots.game, "0ad388b2708d189302fd4ef592654a1b1ce457928a4db19ecad35672e475a712");
  assert_slot(&slots.respected, "000000000000000000000000000000000000000000000000000000000000003b");
  assert_slot(&slots.status, "0000000000000000000000000000000000000000000000000000000000000000");
  from_hex(address.bytes, 20, GAME);
  ol_blacklist_slot_of(&blacklist, &address);
  assert_slot(&blacklist, "1f11c5ab83b4d54c01727c87e14c06318135cbe771162d5b414fa7de0ef42b38");
}

/* A game's code: head, length, how arguments are appended, implementation, tail, arguments, length. */
static const char *const clones[] = {"36602c57343d527f9e4ac34f21c619cefc926c8bd93b54bf5a39c7ab2127a895af1cc06"
                                     "91d7e3dff593da1005b363d3d373d3d3d3d"
                                     "610076806062363936013d73" GAME "5af43d3d93803e606057fd5bf3"
                                     "7777777777777777777777777777777777777777"
                                     "abababababababababababababababababababababababababababababababab"
                                     "1111111111111111111111111111111111111111111111111111111111111111"
                                     "000000000000000000000000000000000000000000000000000000000001e240"
                                     "0076",
                                     "363d3d373d3d3d3d610062806035363936013d73" GAME
                                     "5af43d3d93803e603357fd5bf3"
                                     "abababababababababababababababababababababababababababababababab"
                                     "1111111111111111111111111111111111111111111111111111111111111111"
                                     "000000000000000000000000000000000000000000000000000000000001e240"
                                     "0062"};

static void reads_the_code_of_a_game(void **unused) {
  (void)unused;
  for (size_t i = 0; i < 2; i++) {
    uint8_t code[256];
    ol_address implementation;
    ol_output_claim found;
    size_t len = strlen(clones[i]) / 2;
    const ol_slice whole = ol_slice_of(code, len);
    from_hex(code, len, clones[i]);
    assert_int_equal(ol_game_claim_read(&error, &implementation, &found, whole), OL_OK);
    assert_bytes(implementation.bytes, 20, GAME);
    assert_int_equal(found.l2_block, 123456);
    assert_memory_equal(&found.root, &claim.root, 32);
    assert_int_equal(ol_game_code_read(&error, &implementation, whole, &claim), OL_OK);
    claim.l2_block++;
    assert_int_equal(ol_game_code_read(&error, &implementation, whole, &claim), OL_ERR_MISMATCH);
    assert_string_equal(error.reason, "game is of another claim");
    claim.l2_block--;
    claim.root.bytes[0] ^= 1;
    assert_int_equal(ol_game_code_read(&error, &implementation, whole, &claim), OL_ERR_MISMATCH);
    claim.root.bytes[0] ^= 1;
    code[len - 2 - 32 + 23] = 1;
    assert_int_equal(ol_game_claim_read(&error, &implementation, &found, whole), OL_ERR_PROOF);
    assert_string_equal(error.reason, "game's L2 block number has more than 64 bits");
    code[0] ^= 1;
    assert_int_equal(ol_game_claim_read(&error, &implementation, &found, whole), OL_ERR_PROOF);
    assert_string_equal(error.reason, "game is a clone of an unknown form");
    assert_int_equal(ol_game_code_read(&error, &implementation, whole, &claim), OL_ERR_PROOF);
  }
}

static void finds_the_slots_of_the_list_of_games(void **unused) {
  (void)unused;
  ol_u256 slot;
  ol_game_list_slot_of(&slot, 2);
  assert_slot(&slot, "a2153420d844928b4421650203c77babc8b33d7f2e7b450e2966db0c22097755");
}

static void finds_the_slots_of_outputs(void **unused) {
  (void)unused;
  ol_u256 root, place;
  ol_oracle_slots_of(&root, &place, 0);
  assert_slot(&root, "c2575a0e9e593c00f959f8c92f12db2869c3395a3b0502d05e2516446f71f85b");
  assert_slot(&place, "c2575a0e9e593c00f959f8c92f12db2869c3395a3b0502d05e2516446f71f85c");
  ol_oracle_slots_of(&root, &place, UINT64_C(0xffffffffffffffff)); /* carries go all the way */
  assert_slot(&root, "c2575a0e9e593c00f959f8c92f12db2869c3395a3b0502d25e2516446f71f859");
}

static void reads_addresses_and_nothing_else(void **unused) {
  (void)unused;
  ol_address address;
  ol_u256 word = {{0}};
  from_hex(word.bytes + 12, 20, GAME);
  assert_int_equal(ol_slot_address(&error, &address, &word), OL_OK);
  assert_bytes(address.bytes, 20, GAME);
  word.bytes[11] = 1;
  assert_int_equal(ol_slot_address(&error, &address, &word), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds more than an address");
}

static void a_game_is_final_once_its_delay_is_over(void **unused) {
  (void)unused;
  assert_int_equal(ol_game_judge(&error, &state, &claim, &game), OL_OK);
  assert_true(state.finalized);
  assert_int_equal(state.proposed_at, CREATED);
  assert_int_equal(state.finalizes_at, RESOLVED + DELAY + 1);
  assert_bytes(state.game.bytes, 20, GAME);
  game.l1_time--; /* more than the delay: checkWithdrawal has ">" */
  assert_int_equal(ol_game_judge(&error, &state, &claim, &game), OL_OK);
  assert_false(state.finalized);
  game.finality_delay_s = UINT64_MAX;
  assert_int_equal(ol_game_judge(&error, &state, &claim, &game), OL_OK);
  assert_false(state.finalized);
}

static void a_game_in_progress_is_proposed_alone(void **unused) {
  (void)unused;
  put_at(&game.status, 16, 1, 0);
  put_at(&game.status, 8, 8, 0);
  assert_int_equal(ol_game_judge(&error, &state, &claim, &game), OL_OK);
  assert_false(state.finalized);
  assert_int_equal(state.finalizes_at, 0);
}

static void assert_refused(ol_status status, const char *reason) {
  const ol_output_state nothing = {0};
  assert_int_equal(ol_game_judge(&error, &state, &claim, &game), status);
  assert_string_equal(error.reason, reason);
  assert_memory_equal(&state, &nothing, sizeof state);
}

static void refuses_a_game_that_is_not_there(void **unused) {
  (void)unused;
  memset(&game.game_id, 0, sizeof game.game_id);
  assert_refused(OL_ERR_MISMATCH, "factory has no game of this output root");
}

static void refuses_a_game_of_another_type(void **unused) {
  (void)unused;
  put_at(&game.game_id, 28, 4, 0);
  assert_refused(OL_ERR_MISMATCH, "factory has a game of another type");
}

static void refuses_a_type_that_is_not_respected(void **unused) {
  (void)unused;
  put_at(&game.respected, 0, 4, 0);
  assert_refused(OL_ERR_PROOF, "game is of a type that is not respected");
}

static void refuses_a_retired_game(void **unused) {
  (void)unused;
  put_at(&game.respected, 4, 8, CREATED + 1);
  assert_refused(OL_ERR_PROOF, "game is retired: it is older than the respected type");
}

static void refuses_a_blacklisted_game(void **unused) {
  (void)unused;
  game.blacklisted.bytes[31] = 1;
  assert_refused(OL_ERR_PROOF, "game is blacklisted");
}

static void refuses_a_game_that_its_challenger_won(void **unused) {
  (void)unused;
  put_at(&game.status, 16, 1, 1);
  assert_refused(OL_ERR_PROOF, "game was won by its challenger");
  put_at(&game.status, 16, 1, 3);
  assert_refused(OL_ERR_PROOF, "game has an unknown status");
}

static void refuses_a_game_whose_number_was_disproven(void **unused) {
  (void)unused;
  put_at(&game.status, 18, 1, 1);
  assert_refused(OL_ERR_PROOF, "game's L2 block number was disproven");
}

static void refuses_the_state_of_another_game(void **unused) {
  (void)unused;
  put_at(&game.status, 0, 8, CREATED - 1);
  assert_refused(OL_ERR_PROOF, "game was not created when the factory says");
}

/* --- Games that a registry judges --- */

static void finds_the_slots_of_a_registry(void **unused) {
  (void)unused;
  ol_registry_slots slots;
  ol_address address;
  from_hex(address.bytes, 20, GAME);
  ol_registry_slots_of(&slots, &address);
  assert_slot(&slots.registry, "000000000000000000000000000000000000000000000000000000000000003e");
  assert_slot(&slots.super_roots, "000000000000000000000000000000000000000000000000000000000000003f");
  assert_slot(&slots.factory, "0000000000000000000000000000000000000000000000000000000000000001");
  assert_slot(&slots.retirement, "0000000000000000000000000000000000000000000000000000000000000006");
  assert_slot(&slots.respected, "000000000000000000000000000000000000000000000000000000000000000a");
  ol_hash expected;
  uint8_t words[64] = {[63] = 5};
  from_hex(words + 12, 20, GAME);
  ol_keccak256(&expected, words, sizeof words);
  assert_memory_equal(slots.blacklisted.bytes, expected.bytes, 32);
}

static void a_registry_has_a_game_final_once_its_delay_is_over(void **unused) {
  (void)unused;
  assert_int_equal(ol_registry_judge(&error, &state, &claim, &judged), OL_OK);
  assert_true(state.finalized);
  assert_int_equal(state.proposed_at, CREATED);
  assert_int_equal(state.finalizes_at, RESOLVED + DELAY + 1);
  assert_bytes(state.game.bytes, 20, GAME);
  judged.l1_time--; /* more than the delay: isGameFinalized has "<=" for those that are not */
  assert_int_equal(ol_registry_judge(&error, &state, &claim, &judged), OL_OK);
  assert_false(state.finalized);
}

static void a_game_that_was_never_resolved_is_not_final(void **unused) {
  (void)unused;
  put_at(&judged.status, 8, 8, 0); /* isGameResolved wants both */
  assert_int_equal(ol_registry_judge(&error, &state, &claim, &judged), OL_OK);
  assert_false(state.finalized);
  assert_int_equal(state.finalizes_at, 0);
  put_at(&judged.status, 16, 1, 0);
  assert_int_equal(ol_registry_judge(&error, &state, &claim, &judged), OL_OK);
  assert_false(state.finalized);
}

static void assert_registry_refuses(ol_status status, const char *reason) {
  const ol_output_state nothing = {0};
  memset(&state, 0, sizeof state);
  assert_int_equal(ol_registry_judge(&error, &state, &claim, &judged), status);
  assert_string_equal(error.reason, reason);
  assert_memory_equal(&state, &nothing, sizeof state);
  fill(NULL);
}

static void refuses_contracts_that_do_not_belong_together(void **unused) {
  (void)unused;
  judged.values.registry.bytes[31] ^= 1;
  assert_registry_refuses(OL_ERR_MISMATCH, "portal asks another registry");
  judged.values.registry.bytes[0] = 1;
  assert_registry_refuses(OL_ERR_PROOF, "slot holds more than an address");
  judged.values.factory.bytes[31] ^= 1;
  assert_registry_refuses(OL_ERR_PROOF, "registry is of another factory");
  judged.values.factory.bytes[0] = 1;
  assert_registry_refuses(OL_ERR_PROOF, "slot holds more than an address");
  judged.game_registry.bytes[0] ^= 1;
  assert_registry_refuses(OL_ERR_PROOF, "game is of another registry");
  memset(&judged.game_id, 0, sizeof judged.game_id);
  assert_registry_refuses(OL_ERR_MISMATCH, "factory has no game of this output root");
}

static void refuses_games_that_are_not_proper_or_respected(void **unused) {
  (void)unused;
  put_at(&judged.values.super_roots, 20, 1, 1);
  assert_registry_refuses(OL_ERR_PROOF, "portal takes super roots, which are of several chains");
  judged.values.blacklisted.bytes[31] = 1;
  assert_registry_refuses(OL_ERR_PROOF, "game is blacklisted");
  put_at(&judged.values.retirement, 4, 8, CREATED); /* of the same second: isGameRetired has "<=" */
  assert_registry_refuses(OL_ERR_PROOF, "game is retired: it is not younger than the retirement");
  judged.remembers = false;
  assert_registry_refuses(OL_ERR_PROOF, "game does not remember whether its type was respected");
  put_at(&judged.values.respected, 0, 2, 0x100);
  assert_registry_refuses(OL_ERR_PROOF, "game was of a type that was not respected");
  put_at(&judged.status, 16, 1, 1);
  assert_registry_refuses(OL_ERR_PROOF, "game was won by its challenger");
  put_at(&judged.status, 18, 1, 1);
  assert_registry_refuses(OL_ERR_PROOF, "game's L2 block number was disproven");
  put_at(&judged.status, 0, 8, CREATED + 1);
  assert_registry_refuses(OL_ERR_PROOF, "game was not created when the factory says");
}

/* --- Anchors --- */

static void finds_and_reads_anchors(void **unused) {
  (void)unused;
  ol_anchor_slots slots, values;
  ol_anchor_root anchor;
  ol_hash expected;
  uint8_t words[64] = {[31] = 1, [63] = 1};
  ol_anchor_slots_of(&slots, OL_CONTRACT_ANCHORS, 1);
  ol_keccak256(&expected, words, sizeof words);
  assert_memory_equal(slots.root.bytes, expected.bytes, 32);
  ol_slot_add(&slots.root, 1);
  assert_memory_equal(slots.root.bytes, slots.l2_block.bytes, 32);
  ol_anchor_slots_of(&slots, OL_CONTRACT_REGISTRY, 1);
  assert_int_equal(slots.game.bytes[31], 2);
  assert_int_equal(slots.root.bytes[31], 3);
  assert_int_equal(slots.l2_block.bytes[31], 4);

  memset(&values, 0, sizeof values);
  assert_int_equal(ol_anchor_root_read(&error, &anchor, OL_CONTRACT_ANCHORS, &values), OL_ERR_PROOF);
  assert_string_equal(error.reason, "registry has no anchor");
  memset(values.root.bytes, 0xab, 32);
  put_at(&values.l2_block, 0, 8, 123);
  from_hex(values.game.bytes + 12, 20, GAME);
  assert_int_equal(ol_anchor_root_read(&error, &anchor, OL_CONTRACT_ANCHORS, &values), OL_OK);
  assert_memory_equal(&anchor.root, &claim.root, 32);
  assert_int_equal(anchor.l2_block, 123);
  assert_true(ol_address_is_zero(&anchor.game));
  assert_int_equal(ol_anchor_root_read(&error, &anchor, OL_CONTRACT_REGISTRY, &values), OL_OK);
  assert_bytes(anchor.game.bytes, 20, GAME);
  assert_int_equal(anchor.l2_block, 0);
  values.game.bytes[11] = 1;
  assert_int_equal(ol_anchor_root_read(&error, &anchor, OL_CONTRACT_REGISTRY, &values), OL_ERR_PROOF);
  memset(&values.game, 0, sizeof values.game);
  assert_int_equal(ol_anchor_root_read(&error, &anchor, OL_CONTRACT_REGISTRY, &values), OL_OK);
  assert_int_equal(anchor.l2_block, 123);
  values.l2_block.bytes[23] = 1;
  assert_int_equal(ol_anchor_root_read(&error, &anchor, OL_CONTRACT_REGISTRY, &values), OL_ERR_PROOF);
  assert_string_equal(error.reason, "registry holds a number of more than 64 bits");
}

static void an_output_is_final_after_the_period(void **unused) {
  (void)unused;
  ol_output_claim found;
  assert_int_equal(ol_oracle_judge(&error, &found, &state, &oracle), OL_OK);
  assert_true(state.finalized);
  assert_int_equal(state.finalizes_at, CREATED + 604801);
  assert_int_equal(state.proposed_at, CREATED);
  assert_int_equal(found.l2_block, 777);
  assert_memory_equal(&found.root, &oracle.root, 32);
  oracle.l1_time--;
  assert_int_equal(ol_oracle_judge(&error, &found, &state, &oracle), OL_OK);
  assert_false(state.finalized);
}

static void assert_no_output(ol_status status, const char *reason) {
  ol_output_claim found;
  assert_int_equal(ol_oracle_judge(&error, &found, &state, &oracle), status);
  assert_string_equal(error.reason, reason);
}

static void refuses_an_output_that_is_not_there(void **unused) {
  (void)unused;
  oracle.index = 5;
  assert_no_output(OL_ERR_MISMATCH, "oracle has no output of this index");
  oracle.index = 4;
  oracle.length.bytes[0] = 1;
  assert_no_output(OL_ERR_MISMATCH, "oracle has no output of this index");
}

static void refuses_numbers_that_are_none(void **unused) {
  (void)unused;
  oracle.place.bytes[0] = 1;
  assert_no_output(OL_ERR_PROOF, "oracle holds a number of more than 64 bits");
  fill(NULL);
  oracle.place.bytes[16] = 1;
  assert_no_output(OL_ERR_PROOF, "oracle holds a number of more than 64 bits");
  fill(NULL);
  oracle.finalization_period.bytes[23] = 1;
  assert_no_output(OL_ERR_PROOF, "oracle holds a number of more than 64 bits");
}

/* --- Releases --- */

static void the_table_is_in_order(void **unused) {
  (void)unused;
  size_t count = 0;
  for (const ol_release *one = ol_release_at(0); one != NULL; one = ol_release_at(++count)) {
    size_t end = 0;
    assert_true(one->contract <= OL_CONTRACT_DISPERSAL && one->form <= OL_FORM_FEATURES);
    assert_int_equal(strlen(one->meanings), one->immutable_count);
    for (size_t i = 0; i < one->immutable_count; i++) {
      assert_true(one->immutables[i] >= end);
      end = one->immutables[i] + 32u;
      assert_true(end <= one->len);
    }
  }
  assert_int_equal(count, 32);
}

/* A release of our own, of which code can be written. */
static const uint16_t places[] = {1, 40, 80, 120};
static const ol_release made = {.contract = OL_CONTRACT_FAULT_GAME,
                                .len = 160,
                                .immutable_count = 4,
                                .immutables = places,
                                .meanings = "cgrc"};
static uint8_t code_of_made[160];

static ol_slice write_made(uint64_t chain, uint64_t type) {
  memset(code_of_made, 0, sizeof code_of_made);
  ol_store_be64(code_of_made + 1 + 24, chain);
  ol_store_be64(code_of_made + 40 + 24, type);
  from_hex(code_of_made + 80 + 12, 20, REGISTRY);
  ol_store_be64(code_of_made + 120 + 24, chain);
  return ol_slice_of(code_of_made, sizeof code_of_made);
}

static void assert_no_terms(ol_slice code, ol_status status, const char *reason) {
  ol_game_terms terms;
  assert_int_equal(ol_game_terms_read(&error, &terms, &made, code), status);
  assert_string_equal(error.reason, reason);
}

static void reads_what_a_game_was_built_for(void **unused) {
  (void)unused;
  ol_game_terms terms;
  ol_slice code = write_made(1612, 1);
  assert_int_equal(ol_game_terms_read(&error, &terms, &made, code), OL_OK);
  assert_int_equal(terms.l2_chain_id, 1612);
  assert_int_equal(terms.game_type, 1);
  assert_bytes(terms.registry.bytes, 20, REGISTRY);
  assert_int_equal(ol_game_terms_check(&error, &terms, &claim, 1612), OL_OK);
  assert_int_equal(ol_game_terms_check(&error, &terms, &claim, 10), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "game's code is of another chain");
  claim.game_type = 0;
  assert_int_equal(ol_game_terms_check(&error, &terms, &claim, 1612), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "game's code is of another type");

  code_of_made[120 + 31] ^= 1; /* one of the two */
  assert_no_terms(code, OL_ERR_MISMATCH, "code has two values for one immutable");
  assert_int_equal(error.offset, 120);
  code = write_made(1612, 1);
  code_of_made[1] = code_of_made[120] = 1;
  assert_no_terms(code, OL_ERR_LIMIT, "number in the code has more than 64 bits");
  code = write_made(1612, UINT64_C(1) << 32);
  assert_no_terms(code, OL_ERR_LIMIT, "game type has more than 32 bits");
  code = write_made(1612, 1);
  code_of_made[40] = 1;
  assert_no_terms(code, OL_ERR_LIMIT, "number in the code has more than 64 bits");
  code = write_made(1612, 1);
  code_of_made[80] = 1;
  assert_no_terms(code, OL_ERR_PROOF, "slot holds more than an address");
}

static void refuses_an_immutable_that_a_release_has_not(void **unused) {
  (void)unused;
  uint64_t number;
  ol_release other = made;
  assert_int_equal(ol_release_number(&error, &number, &made, write_made(1, 1), OL_IMMUTABLE_FINALITY_DELAY),
                   OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "release has no such immutable");
  other.meanings = "cg.c";
  ol_game_terms terms;
  assert_int_equal(ol_game_terms_read(&error, &terms, &other, write_made(1, 1)), OL_ERR_MISMATCH);
}

static void code_that_is_not_known_is_of_no_release(void **unused) {
  (void)unused;
  static const uint8_t code[30000];
  const ol_release *found = NULL;
  for (size_t i = 0; ol_release_at(i) != NULL; i++) {
    const ol_release *one = ol_release_at(i);
    assert_int_equal(ol_release_of(&error, &found, (ol_contract)one->contract, ol_slice_of(code, one->len)),
                     OL_ERR_MISMATCH);
    assert_string_equal(error.reason, "contract is of an unknown release");
    assert_null(found);
  }
}

static void code_without_bytes_is_of_no_release(void **unused) {
  (void)unused;
  const ol_release *found = NULL;
  for (size_t i = 0; ol_release_at(i) != NULL; i++)
    assert_int_equal(
        ol_release_of(&error, &found, (ol_contract)ol_release_at(i)->contract, ol_slice_of("", 0)),
        OL_ERR_MISMATCH); /* one is of no length, and has no code */
}

#define TEST(name) cmocka_unit_test_setup(name, fill)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(finds_the_slots_of_a_claim),
      TEST(reads_the_code_of_a_game),
      TEST(finds_the_slots_of_the_list_of_games),
      TEST(finds_the_slots_of_outputs),
      TEST(reads_addresses_and_nothing_else),
      TEST(a_game_is_final_once_its_delay_is_over),
      TEST(a_game_in_progress_is_proposed_alone),
      TEST(refuses_a_game_that_is_not_there),
      TEST(refuses_a_game_of_another_type),
      TEST(refuses_a_type_that_is_not_respected),
      TEST(refuses_a_retired_game),
      TEST(refuses_a_blacklisted_game),
      TEST(refuses_a_game_that_its_challenger_won),
      TEST(refuses_a_game_whose_number_was_disproven),
      TEST(refuses_the_state_of_another_game),
      TEST(finds_the_slots_of_a_registry),
      TEST(a_registry_has_a_game_final_once_its_delay_is_over),
      TEST(a_game_that_was_never_resolved_is_not_final),
      TEST(refuses_contracts_that_do_not_belong_together),
      TEST(refuses_games_that_are_not_proper_or_respected),
      TEST(finds_and_reads_anchors),
      TEST(an_output_is_final_after_the_period),
      TEST(refuses_an_output_that_is_not_there),
      TEST(refuses_numbers_that_are_none),
      TEST(the_table_is_in_order),
      TEST(reads_what_a_game_was_built_for),
      TEST(refuses_an_immutable_that_a_release_has_not),
      TEST(code_that_is_not_known_is_of_no_release),
      TEST(code_without_bytes_is_of_no_release),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
