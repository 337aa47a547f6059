/* SPDX-License-Identifier: MIT */
#include "ledger/governor.h"
#include "unit/ledger/storage.h"

static ol_address governor, gopen, timelock, alice;
static ol_u256 id;

static int make(void **state) {
  empty_storage(state);
  governor = address_of(0x90);
  gopen = address_of(0x91);
  timelock = address_of(0x92);
  alice = address_of(0xa1);
  id = number(1234);
  put(&governor, 7, number(100));                                      /* threshold */
  put(&governor, 8, part(part(number(0), 0, 6, 86400), 6, 4, 604800)); /* delay and period */
  put(&governor, 10, number(1));                                       /* proposals */
  put(&governor, 13, word_of(&timelock));
  put(&timelock, 2, number(3600));
  return 0;
}

/* Puts a list of one checkpoint. */
static void put_checkpoint(const ol_address *of, const ol_u256 *slot, uint64_t time, uint64_t value) {
  const ol_u256 first = ol_elements_of(slot, 0);
  put_at(of, slot, 0, number(1));
  put_at(of, &first, 0, part(part(number(0), 0, 6, time), 6, 8, value));
}

static void put_supply(uint64_t supply, uint64_t percent) {
  const ol_u256 supplies = number(10), percents = number(12);
  put_checkpoint(&gopen, &supplies, 10, supply);
  put_checkpoint(&governor, &percents, 5, percent);
}

/* --- Parameters --- */

static ol_governor settings;

static ol_status visit_governor(ol_error *out, void *reader, ol_asks *asks) {
  return ol_governor_visit(out, reader, asks);
}

static ol_status read_settings(uint64_t time) {
  ol_governor_init(&settings, &governor, &gopen, time);
  return read_all(visit_governor, &settings);
}

static void reads_the_parameters(void **state) {
  (void)state;
  const ol_u256 threshold = number(100), delay = number(3600), quorum = number(49);
  put_supply(999, 5);
  assert_int_equal(read_settings(50), OL_OK);
  assert_int_equal(settings.voting_delay_s, 86400);
  assert_int_equal(settings.voting_period_s, 604800);
  assert_int_equal(settings.proposals, 1);
  assert_memory_equal(&settings.threshold, &threshold, 32);
  assert_memory_equal(&settings.timelock_delay_s, &delay, 32);
  assert_memory_equal(&settings.quorum, &quorum, 32); /* rounded down */
  assert_memory_equal(&settings.timelock.address, &timelock, sizeof timelock);
  assert_int_equal(read_settings(9), OL_OK); /* before there was any supply */
  assert_true(ol_u256_is_zero(&settings.quorum));
}

static void refuses_parameters_that_the_governor_never_has(void **state) {
  (void)state;
  put(&governor, 8, part(number(0), 0, 6, 1));
  assert_int_equal(read_settings(50), OL_ERR_PROOF);
  assert_string_equal(error.reason, "governor has no voting period");
  put(&governor, 8, part(part(number(0), 6, 4, 1), 10, 1, 1));
  assert_int_equal(read_settings(50), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds what the contract never writes");
  make(NULL);
  put(&governor, 13, number(0));
  assert_int_equal(read_settings(50), OL_ERR_PROOF);
  assert_string_equal(error.reason, "governor has no timelock");
  put(&governor, 13, part(word_of(&timelock), 20, 1, 1));
  assert_int_equal(read_settings(50), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds more than an address");
  make(NULL);
  put(&governor, 10, part(number(0), 4, 1, 1));
  assert_int_equal(read_settings(50), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds a number that is too large for it");
  make(NULL);
  put(&governor, 12, number((uint64_t)1 << 32)); /* so many times has the quorum never changed */
  assert_int_equal(read_settings(50), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds a number that is too large for it");
  make(NULL);
  put(&gopen, 10, number((uint64_t)1 << 32));
  assert_int_equal(read_settings(50), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds a number that is too large for it");
  make(NULL);
  put_supply(7, 1);
  const ol_u256 percents = number(12), first = ol_elements_of(&percents, 0);
  ol_u256 huge;
  memset(&huge, 0xff, sizeof huge);
  put_at(&governor, &first, 0, part(huge, 0, 6, 5));
  const ol_u256 supplies = number(10), supply = ol_elements_of(&supplies, 0);
  put_at(&gopen, &supply, 0, part(huge, 0, 6, 10));
  assert_int_equal(read_settings(50), OL_ERR_PROOF);
  assert_string_equal(error.reason, "quorum is larger than it can be");
}

/* --- Proposals --- */

static ol_motion motion;

static ol_status visit_motion(ol_error *out, void *reader, ol_asks *asks) {
  return ol_motion_visit(out, reader, asks);
}

static ol_status read_motion(void) {
  ol_motion_init(&motion, &governor, &gopen, &id, OL_TRACE_WIDTH);
  return read_all(visit_motion, &motion);
}

/* A proposal whose vote is from 101 to 200, with a supply of 1000 and a quorum of 5 percent. */
static void put_motion(uint64_t against, uint64_t in_favour, uint64_t abstain) {
  const ol_u256 core = ol_place_of(4, &id), votes = ol_place_of(9, &id);
  put_supply(1000, 5);
  put_at(&governor, &core, 0, part(part(word_of(&alice), 20, 6, 100), 26, 4, 100));
  put_at(&governor, &votes, 0, number(against));
  put_at(&governor, &votes, 1, number(in_favour));
  put_at(&governor, &votes, 2, number(abstain));
}

static void assert_state(ol_motion_state expected, uint64_t now) {
  assert_int_equal(read_motion(), OL_OK);
  assert_true(motion.exists);
  assert_int_equal(ol_motion_state_of(&motion, now), expected);
}

static void a_state_follows_from_time_and_votes(void **state) {
  (void)state;
  put_motion(10, 30, 20);
  assert_state(OL_MOTION_PENDING, 99);
  assert_state(OL_MOTION_PENDING, 100);
  assert_state(OL_MOTION_ACTIVE, 101);
  assert_state(OL_MOTION_ACTIVE, 200);
  assert_state(OL_MOTION_SUCCEEDED, 201);
  assert_memory_equal(&motion.proposer, &alice, sizeof alice);
  put_motion(10, 30, 19); /* one below the quorum of 50 */
  assert_state(OL_MOTION_DEFEATED, 201);
  put_motion(1000, 49, 1); /* votes against do not count for it, */
  assert_state(OL_MOTION_DEFEATED, 201);
  put_motion(60, 60, 0); /* and a tie is lost */
  assert_state(OL_MOTION_DEFEATED, 201);
  put_motion(60, 61, 0);
  assert_state(OL_MOTION_SUCCEEDED, 201);
}

static void a_state_follows_from_the_timelock(void **state) {
  (void)state;
  const ol_u256 core = ol_place_of(4, &id), operations = ol_place_of(14, &id), operation = number(77);
  const ol_u256 time = ol_place_of(1, &operation);
  put_motion(10, 30, 20);
  put_at(&governor, &core, 1, number(5000));
  put_at(&governor, &operations, 0, operation);
  assert_state(OL_MOTION_CANCELED, 201); /* by the timelock itself */
  put_at(&timelock, &time, 0, number(1));
  assert_state(OL_MOTION_EXECUTED, 201);
  put_at(&timelock, &time, 0, number(2));
  assert_state(OL_MOTION_QUEUED, 201);
  put_at(&governor, &core, 0, part(part(part(word_of(&alice), 20, 6, 100), 26, 4, 100), 31, 1, 1));
  assert_state(OL_MOTION_CANCELED, 201);
  put_at(&governor, &core, 0, part(part(part(word_of(&alice), 20, 6, 100), 26, 4, 100), 30, 1, 1));
  assert_state(OL_MOTION_EXECUTED, 201);
}

static void quorum_is_that_of_when_the_vote_starts(void **state) {
  (void)state;
  const ol_u256 supplies = number(10), first = ol_elements_of(&supplies, 0);
  put_motion(0, 30, 20);
  put_at(&gopen, &supplies, 0, number(2));
  put_at(&gopen, &first, 1, part(part(number(0), 0, 6, 101), 6, 8, 100000)); /* just too late to count */
  assert_state(OL_MOTION_SUCCEEDED, 201);
  put_at(&gopen, &first, 1, part(part(number(0), 0, 6, 100), 6, 8, 100000));
  assert_state(OL_MOTION_DEFEATED, 201);
}

static void times_have_all_their_bytes(void **state) {
  (void)state;
  const ol_u256 core = ol_place_of(4, &id);
  put_at(&governor, &core, 0, part(part(word_of(&alice), 20, 6, 0x010203040506), 26, 4, 0x01020304));
  put_at(&governor, &core, 1, number(0xffffffffffff));
  assert_int_equal(read_motion(), OL_OK);
  assert_int_equal(motion.starts_at, 0x010203040506);
  assert_int_equal(motion.ends_at, 0x010203040506 + 0x01020304);
  assert_int_equal(motion.eta, 0xffffffffffff);
}

static void refuses_proposals_that_cannot_be(void **state) {
  (void)state;
  const ol_u256 core = ol_place_of(4, &id);
  assert_int_equal(read_motion(), OL_OK);
  assert_false(motion.exists);
  put_motion(0, 0, 0);
  put_at(&governor, &core, 0, part(part(word_of(&alice), 20, 6, 100), 30, 1, 2));
  assert_int_equal(read_motion(), OL_ERR_PROOF);
  put_at(&governor, &core, 0, part(part(word_of(&alice), 20, 6, 100), 31, 1, 2));
  assert_int_equal(read_motion(), OL_ERR_PROOF);
  put_motion(0, 0, 0);
  put_at(&governor, &core, 1, part(number(0), 6, 1, 1));
  assert_int_equal(read_motion(), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds a number that is too large for it");
  make(NULL);
  put_motion(0, 0, 0);
  put(&gopen, 10, number((uint64_t)1 << 32)); /* so many times has the supply never changed */
  assert_int_equal(read_motion(), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds a number that is too large for it");
  put_motion(0, 0, 0);
  put(&governor, 12, number((uint64_t)1 << 32));
  assert_int_equal(read_motion(), OL_ERR_PROOF);
  put_motion(0, 0, 0);
  put(&governor, 13, part(word_of(&timelock), 20, 1, 1));
  assert_int_equal(read_motion(), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds more than an address");
}

static ol_motions motions;

static ol_status visit_motions(ol_error *out, void *reader, ol_asks *asks) {
  return ol_motions_visit(out, reader, asks);
}

static void lists_the_newest_first(void **state) {
  (void)state;
  const ol_u256 ids = number(10), first = ol_elements_of(&ids, 0);
  put_motion(1, 2, 3);
  put(&governor, 10, number(20));
  for (uint64_t i = 0; i < 20; i++) put_at(&governor, &first, i, number(2000 + i));
  put_at(&governor, &first, 17, id);
  ol_motions_init(&motions, &governor, &gopen, 1, 99);
  assert_int_equal(read_all(visit_motions, &motions), OL_OK);
  assert_int_equal(motions.total, 20);
  assert_int_equal(motions.count, OL_PROPOSALS);
  const ol_u256 newest = number(2018);
  assert_memory_equal(&motions.list[0].id, &newest, 32);
  assert_memory_equal(&motions.list[1].id, &id, 32);
  assert_true(motions.list[1].exists);
  ol_motions_init(&motions, &governor, &gopen, 18, 8);
  assert_int_equal(read_all(visit_motions, &motions), OL_OK);
  assert_int_equal(motions.count, 2);
  ol_motions_init(&motions, &governor, &gopen, 21, 8);
  assert_int_equal(read_all(visit_motions, &motions), OL_OK);
  assert_int_equal(motions.count, 0);
  const ol_u256 core = ol_place_of(4, &id);
  put_at(&governor, &core, 0, part(part(word_of(&alice), 20, 6, 100), 30, 1, 2));
  ol_motions_init(&motions, &governor, &gopen, 1, 8);
  assert_int_equal(read_all(visit_motions, &motions), OL_ERR_PROOF);
  assert_string_equal(error.part, "proposal");
  assert_int_equal(error.item, 1);
  put(&governor, 10, number((uint64_t)1 << 32));
  ol_motions_init(&motions, &governor, &gopen, 0, 8);
  assert_int_equal(read_all(visit_motions, &motions), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds a number that is too large for it");
}

/* --- What they do --- */

static ol_motion_details details;

static ol_status visit_details(ol_error *out, void *reader, ol_asks *asks) {
  return ol_motion_details_visit(out, reader, asks);
}

static ol_status read_details(void) {
  ol_motion_details_init(&details, &governor, &id);
  return read_all(visit_details, &details);
}

static void put_lengths(uint64_t targets, uint64_t values, uint64_t datas) {
  const ol_u256 place = ol_place_of(11, &id);
  put_at(&governor, &place, 0, number(targets));
  put_at(&governor, &place, 1, number(values));
  put_at(&governor, &place, 2, number(datas));
  put_at(&governor, &place, 3, number(0xdd));
}

/* Puts a call whose data are `len` bytes that count up from its index. */
static void put_call(uint64_t index, size_t len) {
  const ol_u256 place = ol_place_of(11, &id);
  const ol_u256 targets = ol_elements_of(&place, 0), values = ol_elements_of(&place, 1);
  const ol_u256 heads = ol_elements_of(&place, 2), words = ol_elements_of(&heads, index);
  ol_u256 word = {{0}};
  put_at(&governor, &targets, index, word_of(&alice));
  put_at(&governor, &values, index, number(index + 5));
  for (size_t i = 0; i < len; i++) {
    word.bytes[i % 32] = (uint8_t)(index + i);
    if (len < 32 || (i % 32 != 31 && i + 1 != len)) continue;
    put_at(&governor, &words, i / 32, word);
    word = (ol_u256){{0}};
  }
  if (len < 32) word.bytes[31] = (uint8_t)(2 * len);
  put_at(&governor, &heads, index, len < 32 ? word : number(2 * len + 1));
}

static void reads_calls_with_data_of_all_lengths(void **state) {
  (void)state;
  static const size_t lens[] = {0, 1, 31, 32, 33, 0, 3000, 64, 5, 2500};
  const size_t count = sizeof lens / sizeof *lens;
  ol_call calls[OL_PROPOSAL_CALLS];
  put_lengths(count, count, count);
  for (size_t i = 0; i < count; i++) put_call(i, lens[i]);
  assert_int_equal(read_details(), OL_OK);
  assert_true(details.is_known);
  assert_int_equal(details.count, count);
  assert_int_equal(details.description_hash.bytes[31], 0xdd);
  ol_motion_details_calls(calls, &details);
  for (size_t i = 0; i < count; i++) {
    assert_memory_equal(&calls[i].to, &alice, sizeof alice);
    assert_int_equal(calls[i].value.bytes[31], i + 5);
    assert_int_equal(calls[i].data.len, lens[i]);
    for (size_t k = 0; k < lens[i]; k++) assert_int_equal(calls[i].data.data[k], (uint8_t)(i + k));
  }
}

static void what_is_too_much_is_not_read(void **state) {
  (void)state;
  put_lengths(17, 17, 17);
  assert_int_equal(read_details(), OL_OK);
  assert_false(details.is_known);
  put_lengths(2, 2, 2);
  put_call(0, 8000);
  put_call(1, 193);
  assert_int_equal(read_details(), OL_OK);
  assert_false(details.is_known);
  put_call(1, 192);
  assert_int_equal(read_details(), OL_OK);
  assert_true(details.is_known);
}

static void refuses_calls_that_cannot_be(void **state) {
  (void)state;
  const ol_u256 place = ol_place_of(11, &id);
  const ol_u256 targets = ol_elements_of(&place, 0), heads = ol_elements_of(&place, 2);
  put_lengths(2, 1, 2);
  assert_int_equal(read_details(), OL_ERR_PROOF);
  assert_string_equal(error.reason, "proposal's lists are of different lengths");
  put_lengths(2, 2, 1);
  assert_int_equal(read_details(), OL_ERR_PROOF);
  put_lengths((uint64_t)1 << 32, (uint64_t)1 << 32, (uint64_t)1 << 32);
  assert_int_equal(read_details(), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds a number that is too large for it");
  put_lengths(1, 1, 1);
  put_call(0, 3);
  put_at(&governor, &heads, 0, number(64)); /* data of 32 bytes are not in their head */
  assert_int_equal(read_details(), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds what the contract never writes");
  put_at(&governor, &targets, 0, part(word_of(&alice), 20, 1, 1));
  assert_int_equal(read_details(), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds more than an address");
}

/* --- Voters --- */

static ol_voter voter;

static ol_status visit_voter(ol_error *out, void *reader, ol_asks *asks) {
  return ol_voter_visit(out, reader, asks);
}

static void reads_an_account(void **state) {
  (void)state;
  const ol_u256 key = word_of(&alice);
  const ol_u256 balance = ol_place_of(0, &key), nonce = ol_place_of(7, &key), to = ol_place_of(8, &key);
  const ol_u256 votes = ol_place_of(9, &key), own = ol_place_of(2, &key);
  ol_u256 voters = ol_place_of(9, &id);
  const ol_u256 three = number(3);
  uint8_t preimage[64];
  ol_hash hash;
  (void)ol_u256_add(&voters, &voters, &three);
  memcpy(preimage, key.bytes, 32);
  memcpy(preimage + 32, voters.bytes, 32);
  ol_keccak256(&hash, preimage, sizeof preimage);
  memcpy(voters.bytes, hash.bytes, 32);
  put_at(&gopen, &balance, 0, number(70));
  put_at(&gopen, &nonce, 0, number(3));
  put_at(&gopen, &to, 0, word_of(&alice));
  put_checkpoint(&gopen, &votes, 40, 90);
  put_at(&governor, &own, 0, number(6));
  put_at(&governor, &voters, 0, number(1));
  ol_voter_init(&voter, &gopen, &governor, &alice, 39, &id);
  assert_int_equal(read_all(visit_voter, &voter), OL_OK);
  assert_int_equal(voter.balance.bytes[31], 70);
  assert_int_equal(voter.nonce.bytes[31], 3);
  assert_int_equal(voter.vote_nonce.bytes[31], 6);
  assert_memory_equal(&voter.delegatee, &alice, sizeof alice);
  assert_int_equal(voter.now.value.bytes[31], 90);
  assert_true(ol_u256_is_zero(&voter.then.value)); /* one second too early */
  assert_true(voter.has_voted);
  put_at(&governor, &voters, 0, number(2));
  ol_voter_init(&voter, &gopen, &governor, &alice, 40, &id);
  assert_int_equal(read_all(visit_voter, &voter), OL_ERR_PROOF);
  ol_voter_init(&voter, &gopen, NULL, &alice, 40, NULL);
  assert_int_equal(read_all(visit_voter, &voter), OL_OK);
  assert_int_equal(voter.then.value.bytes[31], 90);
  assert_false(voter.has_voted);
  put_at(&gopen, &to, 0, part(word_of(&alice), 20, 1, 1));
  ol_voter_init(&voter, &gopen, NULL, &alice, 40, NULL);
  assert_int_equal(read_all(visit_voter, &voter), OL_ERR_PROOF);
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup(name, make)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(reads_the_parameters),
      TEST(refuses_parameters_that_the_governor_never_has),
      TEST(a_state_follows_from_time_and_votes),
      TEST(a_state_follows_from_the_timelock),
      TEST(quorum_is_that_of_when_the_vote_starts),
      TEST(times_have_all_their_bytes),
      TEST(refuses_proposals_that_cannot_be),
      TEST(lists_the_newest_first),
      TEST(reads_calls_with_data_of_all_lengths),
      TEST(what_is_too_much_is_not_read),
      TEST(refuses_calls_that_cannot_be),
      TEST(reads_an_account),
  };
  return cmocka_run_group_tests_name("ledger.governor", tests, NULL, NULL);
}
