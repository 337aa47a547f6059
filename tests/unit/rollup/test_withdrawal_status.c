/* SPDX-License-Identifier: MIT */
#include "openledger/withdrawal.h"

#include "unit/bytes.h"

static ol_error error;
static ol_withdrawal_slots slots;
static ol_withdrawal_record record;
static ol_withdrawal_view view;
static ol_withdrawal_status status;

#define PROVEN 1700000000u
#define DELAY 604800u
#define FINAL (PROVEN + 700000u)

/* Writes `len` bytes of a word, at Solidity's offset from its low end. */
static void put_at(ol_u256 *word, size_t offset, size_t len, uint64_t value) {
  for (size_t i = 0; i < len; i++) word->bytes[31 - offset - i] = (uint8_t)(value >> 8 * i);
}

static int fill(void **state) {
  (void)state;
  memset(&slots, 0, sizeof slots);
  record = (ol_withdrawal_record){.proven_at = PROVEN};
  view = (ol_withdrawal_view){.l1_time = FINAL,
                              .delay_s = DELAY,
                              .provable = 1,
                              .holds = 1,
                              .proposed_at = PROVEN - 1,
                              .finalizes_at = FINAL};
  return 0;
}

/* keccak-256 of a key and a slot */
static ol_u256 mapped(const ol_u256 *key, const ol_u256 *slot) {
  uint8_t words[64];
  ol_u256 out;
  memcpy(words, key->bytes, 32);
  memcpy(words + 32, slot->bytes, 32);
  ol_keccak256((ol_hash *)(void *)&out, words, sizeof words);
  return out;
}

static void finds_the_slots_of_a_portal(void **state) {
  (void)state;
  ol_hash hash;
  ol_u256 key, by = {{0}}, slot = {{[31] = 51}}, expected;
  ol_address submitter;
  memset(hash.bytes, 0x66, 32);
  memcpy(key.bytes, hash.bytes, 32);
  memset(submitter.bytes, 0x77, 20);
  memcpy(by.bytes + 12, submitter.bytes, 20);
  for (int kind = OL_PORTAL_OUTPUTS; kind <= OL_PORTAL_REGISTRY; kind++) {
    ol_withdrawal_slots_of(&slots, (ol_portal_kind)kind, &hash, &submitter);
    slot.bytes[31] = 51;
    expected = mapped(&key, &slot);
    assert_memory_equal(&slots.finalized, &expected, 32);
    slot.bytes[31] = kind == OL_PORTAL_OUTPUTS ? 52 : 57;
    expected = mapped(&key, &slot);
    if (kind != OL_PORTAL_OUTPUTS) expected = mapped(&by, &expected);
    assert_memory_equal(&slots.proven, &expected, 32);
    if (kind == OL_PORTAL_OUTPUTS) {
      expected.bytes[31]++; /* no carry */
      assert_memory_equal(&slots.proven_next, &expected, 32);
      assert_memory_equal(&slots.submitters, &slots.proven, 32);
      continue;
    }
    assert_memory_equal(&slots.proven_next, &slots.proven, 32);
    slot.bytes[31] = 60;
    expected = mapped(&key, &slot);
    assert_memory_equal(&slots.submitters, &expected, 32);
    ol_u256 second;
    ol_keccak256((ol_hash *)(void *)&expected, slots.submitters.bytes, 32);
    expected.bytes[31]++;
    ol_withdrawal_submitter_slot(&second, &hash, 1);
    assert_memory_equal(&second, &expected, 32);
  }
}

static void reads_what_a_portal_of_outputs_keeps(void **state) {
  (void)state;
  slots.finalized.bytes[31] = 1;
  memset(slots.proven.bytes, 0xab, 32);
  put_at(&slots.proven_next, 0, 8, PROVEN);
  put_at(&slots.proven_next, 16, 8, 9);
  assert_int_equal(ol_withdrawal_record_read(&error, &record, OL_PORTAL_OUTPUTS, &slots), OL_OK);
  assert_int_equal(record.finalized, 1);
  assert_int_equal(record.proven_at, PROVEN);
  assert_int_equal(record.output_index, 9);
  assert_memory_equal(&record.output_root, &slots.proven, 32);
  for (size_t at = 0; at < 32; at += 16) {
    slots.proven_next.bytes[at + 7] = 1;
    assert_int_equal(ol_withdrawal_record_read(&error, &record, OL_PORTAL_OUTPUTS, &slots), OL_ERR_PROOF);
    assert_string_equal(error.reason, "portal holds a number of more than 64 bits");
    slots.proven_next.bytes[at + 7] = 0;
  }
}

static void reads_what_a_portal_of_games_keeps(void **state) {
  (void)state;
  from_hex(slots.proven.bytes + 12, 20, "1111111111111111111111111111111111111111");
  put_at(&slots.proven, 20, 8, PROVEN);
  slots.submitters.bytes[31] = 3;
  assert_int_equal(ol_withdrawal_record_read(&error, &record, OL_PORTAL_GAMES, &slots), OL_OK);
  assert_int_equal(record.finalized, 0);
  assert_int_equal(record.proven_at, PROVEN);
  assert_int_equal(record.submitters, 3);
  assert_bytes(record.game.bytes, 20, "1111111111111111111111111111111111111111");
  slots.proven.bytes[3] = 1;
  assert_int_equal(ol_withdrawal_record_read(&error, &record, OL_PORTAL_REGISTRY, &slots), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds more than a game and a time");
  slots.proven.bytes[3] = 0;
  slots.submitters.bytes[23] = 1;
  assert_int_equal(ol_withdrawal_record_read(&error, &record, OL_PORTAL_REGISTRY, &slots), OL_ERR_PROOF);
  assert_string_equal(error.reason, "portal holds a number of more than 64 bits");
  slots.submitters.bytes[23] = 0;
  slots.finalized.bytes[31] = 2;
  assert_int_equal(ol_withdrawal_record_read(&error, &record, OL_PORTAL_GAMES, &slots), OL_ERR_PROOF);
  assert_string_equal(error.reason, "withdrawal is neither finalized nor not");
  slots.finalized.bytes[31] = 1;
  slots.finalized.bytes[0] = 1;
  assert_int_equal(ol_withdrawal_record_read(&error, &record, OL_PORTAL_GAMES, &slots), OL_ERR_PROOF);
}

static void assert_stage(ol_portal_kind kind, ol_withdrawal_stage stage, uint64_t ready_at) {
  ol_withdrawal_judge(&status, kind, &record, &view);
  assert_int_equal(status.stage, stage);
  assert_int_equal(status.ready_at, ready_at);
  assert_int_equal(status.proven_at, stage >= OL_WITHDRAWAL_PROVEN ? record.proven_at : 0);
}

static void is_ready_when_both_delays_are_over(void **state) {
  (void)state;
  assert_stage(OL_PORTAL_GAMES, OL_WITHDRAWAL_READY, FINAL);
  view.l1_time--;
  assert_stage(OL_PORTAL_GAMES, OL_WITHDRAWAL_PROVEN, FINAL);
  view.finalizes_at = PROVEN;
  assert_stage(OL_PORTAL_GAMES, OL_WITHDRAWAL_READY, PROVEN + DELAY + 1);
  view.l1_time = PROVEN + DELAY; /* the contracts have ">" */
  assert_stage(OL_PORTAL_REGISTRY, OL_WITHDRAWAL_PROVEN, PROVEN + DELAY + 1);
  view.finalizes_at = 0; /* the game goes on */
  view.l1_time = UINT64_MAX;
  assert_stage(OL_PORTAL_GAMES, OL_WITHDRAWAL_PROVEN, 0);
  view.finalizes_at = FINAL;
  view.delay_s = UINT64_MAX;
  assert_stage(OL_PORTAL_GAMES, OL_WITHDRAWAL_READY, UINT64_MAX);
}

static void must_be_proven_while_no_proof_counts(void **state) {
  (void)state;
  for (int kind = OL_PORTAL_OUTPUTS; kind <= OL_PORTAL_REGISTRY; kind++) {
    fill(NULL);
    view.holds = 0;
    assert_stage((ol_portal_kind)kind, OL_WITHDRAWAL_PROVABLE, 0);
    view.provable = 0;
    assert_stage((ol_portal_kind)kind, OL_WITHDRAWAL_WAITING, 0);
    view.holds = 1;
    record.proven_at = 0;
    assert_stage((ol_portal_kind)kind, OL_WITHDRAWAL_WAITING, 0);
    record.finalized = 1;
    assert_stage((ol_portal_kind)kind, OL_WITHDRAWAL_FINALIZED, 0);
  }
  fill(NULL);
  view.proposed_at = PROVEN; /* in the second of the game no proof counts; of an output it does */
  assert_stage(OL_PORTAL_GAMES, OL_WITHDRAWAL_PROVABLE, 0);
  assert_stage(OL_PORTAL_REGISTRY, OL_WITHDRAWAL_PROVABLE, 0);
  assert_stage(OL_PORTAL_OUTPUTS, OL_WITHDRAWAL_READY, FINAL);
}

#define TEST(name) cmocka_unit_test_setup(name, fill)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(finds_the_slots_of_a_portal),          TEST(reads_what_a_portal_of_outputs_keeps),
      TEST(reads_what_a_portal_of_games_keeps),   TEST(is_ready_when_both_delays_are_over),
      TEST(must_be_proven_while_no_proof_counts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
