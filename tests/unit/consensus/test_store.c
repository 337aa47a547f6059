/* SPDX-License-Identifier: MIT */
#include "consensus/store.h"

#include "beacon.h"
#include "unit/bytes.h"

/*
 * The rules of the sync protocol, one by one: an update that is right but for one thing is refused for that
 * thing, and the store is as it was. Periods of the minimal preset are 64 slots.
 */

#define PERIOD 64u
#define NOW 10000u
#define MOST 32u /* members of the minimal preset */

static ol_error error;
static ol_beacon_network network;
static beacon_committee committees[4]; /* of periods 1, 2, 3 and one that is none of these */
static ol_light_store store, before;
static beacon_update update;

static ol_beacon_network minimal(ol_beacon_fork fork) {
  ol_beacon_network out = {.name = "test",
                           .seconds_per_slot = 6,
                           .slots_per_epoch = 8,
                           .epochs_per_period = 8,
                           .committee_size = 32,
                           .genesis_validators_root = {{7, 7}}};
  for (size_t i = 0; i < OL_BEACON_FORKS; i++) {
    out.forks[i].epoch = i <= (size_t)fork ? 0 : OL_BEACON_NEVER;
    out.forks[i].version[0] = (uint8_t)i;
    out.forks[i].version[3] = 9;
  }
  return out;
}

/* A store at slot 70 of period 1, whose committee it knows. */
static void start_at(ol_beacon_fork fork) {
  network = minimal(fork);
  beacon_begin(&store, &network, 70, &committees[0]);
}

static int start(void **state) {
  (void)state;
  start_at(OL_BEACON_ELECTRA);
  return 0;
}

static ol_status process(void) {
  before = store;
  return ol_light_store_process(&error, &store, &update.update, NOW);
}

static void expect_refusal(ol_status status, const char *part, const char *reason) {
  ol_status found = process();
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, part);
  assert_int_equal(found, status);
  assert_memory_equal(&store, &before, sizeof store);
}

/* An update of slot 90 that finalizes 80 and brings the next committee, all signed. */
static void make_good(void) {
  beacon_make_update(&update, &network, 90, 80, &committees[1]);
  beacon_sign(&update, &network, &committees[0], MOST);
}

/* Brings the store to know its next committee. */
static void learn_next(void) {
  make_good();
  assert_int_equal(process(), OL_OK);
  assert_true(store.next_known);
}

static void follows_the_chain_over_periods_in_every_fork(void **state) {
  (void)state;
  for (int fork = OL_BEACON_ALTAIR; fork < OL_BEACON_FORKS; fork++) {
    start_at((ol_beacon_fork)fork);
    learn_next();
    assert_int_equal(store.finalized.beacon.slot, 80);
    assert_int_equal(store.optimistic.beacon.slot, 90);
    /* Period 2, signed by the committee that was next, brings that of period 3. */
    beacon_make_update(&update, &network, 2 * PERIOD + 30, 2 * PERIOD + 10, &committees[2]);
    beacon_sign(&update, &network, &committees[1], MOST);
    assert_int_equal(process(), OL_OK);
    assert_int_equal(store.finalized.beacon.slot, 2 * PERIOD + 10);
    assert_memory_equal(store.current_committee, committees[1].bytes, ol_committee_bytes(&network));
    assert_memory_equal(store.next_committee, committees[2].bytes, ol_committee_bytes(&network));
    /* A finality update of period 3 has no committee: then the next one is not known. */
    beacon_make_update(&update, &network, 3 * PERIOD + 30, 3 * PERIOD + 10, NULL);
    beacon_sign(&update, &network, &committees[2], MOST);
    assert_int_equal(process(), OL_OK);
    assert_false(store.next_known);
  }
}

static void refuses_the_bootstrap_of_another_block(void **state) {
  (void)state;
  uint8_t branch[6 * 32] = {1};
  ol_hash other = {{1}};
  const ol_hash state_root = {{2}};
  ol_light_bootstrap bootstrap = {.header = beacon_header(70, &state_root),
                                  .committee = beacon_committee_slice(&committees[0], &network),
                                  .committee_branch = ol_slice_of(branch, sizeof branch)};
  assert_int_equal(ol_light_store_init(&error, &store, &network, &other, &bootstrap), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "block is not the checkpoint");
  assert_int_equal(ol_light_store_init(&error, &store, &network, &bootstrap.header.root, &bootstrap),
                   OL_ERR_PROOF);
  assert_string_equal(error.reason, "sync committee is not in the state");
  bootstrap.header.is_valid = false;
  assert_int_equal(ol_light_store_init(&error, &store, &network, &bootstrap.header.root, &bootstrap),
                   OL_ERR_PROOF);
  assert_string_equal(error.reason, "execution block is not that of the beacon block");
}

static void needs_two_thirds_to_finalize(void **state) {
  (void)state;
  beacon_make_update(&update, &network, 90, 80, &committees[1]);
  beacon_sign(&update, &network, &committees[0], 21); /* of 32: 63 < 64 */
  assert_int_equal(process(), OL_OK);                 /* valid, and noted */
  assert_int_equal(store.finalized.beacon.slot, 70);
  assert_true(store.has_best);
  assert_int_equal(store.optimistic.beacon.slot, 90);
  beacon_sign(&update, &network, &committees[0], 22);
  assert_int_equal(process(), OL_OK);
  assert_int_equal(store.finalized.beacon.slot, 80);
  assert_false(store.has_best);
}

static void refuses_an_update_that_nobody_signed(void **state) {
  (void)state;
  make_good();
  memset(update.bits, 0, sizeof update.bits);
  memset(update.signature, 0, sizeof update.signature);
  update.signature[0] = 0xc0; /* infinity, which is nobody's signature */
  expect_refusal(OL_ERR_MISMATCH, "sync_committee_bits", "nobody signed");
}

static void refuses_the_infinite_signature_of_somebody(void **state) {
  (void)state;
  make_good();
  memset(update.signature, 0, sizeof update.signature);
  update.signature[0] = 0xc0;
  expect_refusal(OL_ERR_CRYPTO, "sync_committee_signature",
                 "the signature is not that of the keys and messages");
}

static void refuses_a_signature_from_the_future(void **state) {
  (void)state;
  make_good();
  update.update.signature_slot = NOW + 1;
  expect_refusal(OL_ERR_MISMATCH, "signature_slot", "is in the future");
}

static void refuses_a_signature_before_what_it_signs(void **state) {
  (void)state;
  make_good();
  update.update.signature_slot = 90;
  expect_refusal(OL_ERR_MISMATCH, "signature_slot", "is not after the attested header");
}

static void refuses_finality_after_the_attested_header(void **state) {
  (void)state;
  beacon_make_update(&update, &network, 90, 95, NULL);
  update.update.signature_slot = 100;
  beacon_sign(&update, &network, &committees[0], MOST);
  expect_refusal(OL_ERR_MISMATCH, "finalized_header", "is after the attested header");
}

static void refuses_another_period(void **state) {
  (void)state;
  beacon_make_update(&update, &network, 2 * PERIOD + 5, 2 * PERIOD + 1, NULL);
  beacon_sign(&update, &network, &committees[1], MOST);
  expect_refusal(OL_ERR_MISMATCH, "signature_slot", "is of a period whose sync committee is not known");
  learn_next();
  beacon_make_update(&update, &network, 3 * PERIOD + 5, 3 * PERIOD + 1, NULL);
  beacon_sign(&update, &network, &committees[2], MOST);
  expect_refusal(OL_ERR_MISMATCH, "signature_slot", "is of a period whose sync committee is not known");
}

/* Signed late in period 1, finalizing... a block of period 2 cannot be, so the other way: signed in period 2. */
static void takes_the_committee_of_the_signatures_period(void **state) {
  (void)state;
  learn_next();
  beacon_make_update(&update, &network, 2 * PERIOD - 1, 100,
                     NULL); /* attested in period 1, signed in period 2 */
  beacon_sign(&update, &network, &committees[0], MOST);
  expect_refusal(OL_ERR_CRYPTO, "sync_committee_signature",
                 "the signature is not that of the keys and messages");
  beacon_sign(&update, &network, &committees[1], MOST);
  assert_int_equal(process(), OL_OK);
  assert_int_equal(store.finalized.beacon.slot, 100);
}

static void refuses_what_is_not_newer(void **state) {
  (void)state;
  learn_next();
  beacon_make_update(&update, &network, 80, 75, NULL);
  beacon_sign(&update, &network, &committees[0], MOST);
  expect_refusal(OL_ERR_MISMATCH, "attested_header", "is not newer than what is finalized");
}

/* ... but for a committee that is missing: an update from before the checkpoint, of its period, may bring it. */
static void takes_a_missing_committee_from_a_past_update(void **state) {
  (void)state;
  beacon_make_update(&update, &network, 69, 66, &committees[1]);
  beacon_sign(&update, &network, &committees[0], MOST);
  assert_int_equal(process(), OL_OK);
  assert_true(store.next_known);
  assert_int_equal(store.finalized.beacon.slot, 70);
  start(NULL);
  beacon_make_update(&update, &network, 69, 66, NULL);
  beacon_sign(&update, &network, &committees[0], MOST);
  expect_refusal(OL_ERR_MISMATCH, "attested_header", "is not newer than what is finalized");
}

static void refuses_unrelated_finality(void **state) {
  (void)state;
  make_good();
  const ol_hash other = {{9}};
  update.update.finalized = beacon_header(81, &other);
  expect_refusal(OL_ERR_PROOF, "finality_branch", "finalized header is not in the attested state");
}

static void refuses_a_finalized_header_without_a_branch(void **state) {
  (void)state;
  make_good();
  memset(update.finality_branch, 0, sizeof update.finality_branch);
  expect_refusal(OL_ERR_PROOF, "finalized_header", "has no branch");
}

static void refuses_finality_at_genesis_that_is_not_empty(void **state) {
  (void)state;
  make_good();
  update.update.finalized.beacon.slot = 0;
  expect_refusal(OL_ERR_PROOF, "finalized_header", "of slot 0 is not empty");
}

static void refuses_headers_whose_execution_block_is_not_proven(void **state) {
  (void)state;
  make_good();
  update.update.attested.is_valid = false;
  expect_refusal(OL_ERR_PROOF, "attested_header", "execution block is not that of the beacon block");
  make_good();
  update.update.finalized.is_valid = false;
  expect_refusal(OL_ERR_PROOF, "finalized_header", "execution block is not that of the beacon block");
}

static void refuses_branches_of_another_depth(void **state) {
  (void)state;
  make_good();
  update.update.finality_branch = ol_slice_of(update.finality_branch + 3 * 32, 6 * 32); /* 7 are needed */
  expect_refusal(OL_ERR_PROOF, "finality_branch", "finalized header is not in the attested state");
  make_good();
  update.finality_branch[0] = 1; /* more than is needed must be zero */
  expect_refusal(OL_ERR_PROOF, "finality_branch", "finalized header is not in the attested state");
  make_good();
  update.update.next_committee_branch = ol_slice_of(update.committee_branch + 6 * 32, 5 * 32);
  expect_refusal(OL_ERR_PROOF, "next_sync_committee_branch", "sync committee is not in the attested state");
}

static void refuses_a_committee_that_is_not_in_the_state(void **state) {
  (void)state;
  make_good();
  update.update.next_committee = beacon_committee_slice(&committees[3], &network);
  expect_refusal(OL_ERR_PROOF, "next_sync_committee_branch", "sync committee is not in the attested state");
}

static void refuses_a_committee_without_a_branch(void **state) {
  (void)state;
  make_good();
  memset(update.committee_branch, 0, sizeof update.committee_branch);
  expect_refusal(OL_ERR_PROOF, "next_sync_committee", "has no branch");
}

static void refuses_another_next_committee_than_the_known_one(void **state) {
  (void)state;
  learn_next();
  beacon_make_update(&update, &network, 100, 85, &committees[3]);
  beacon_sign(&update, &network, &committees[0], MOST);
  expect_refusal(OL_ERR_MISMATCH, "next_sync_committee", "is not the one that is known");
}

static void refuses_a_signature_in_another_domain(void **state) {
  (void)state;
  make_good();
  const uint8_t *version = network.forks[OL_BEACON_ELECTRA].version;
  const uint8_t other_version[4] = {1, 2, 3, 4};
  const ol_hash other_genesis = {{1}};
  const ol_hash *genesis = &network.genesis_validators_root, *root = &update.update.attested.root;
  const ol_hash wrong[3] = {beacon_signing_root(root, version, genesis, 0),
                            beacon_signing_root(root, other_version, genesis, 7),
                            beacon_signing_root(root, version, &other_genesis, 7)};
  for (size_t i = 0; i < 3; i++) {
    beacon_sign_root(&update, &committees[0], MOST, &wrong[i]);
    expect_refusal(OL_ERR_CRYPTO, "sync_committee_signature",
                   "the signature is not that of the keys and messages");
  }
}

/* The domain is that of the slot before the signature's: at a fork's first slot, still the old one. */
static void takes_the_fork_of_the_slot_before(void **state) {
  (void)state;
  network.forks[OL_BEACON_FULU].epoch = 12; /* slot 96 */
  store.network = network;
  for (uint64_t signature_slot = 96; signature_slot <= 97; signature_slot++) {
    beacon_make_update(&update, &network, 95, 0, NULL);
    update.update.signature_slot = signature_slot;
    const uint8_t *version = network.forks[signature_slot == 96 ? OL_BEACON_ELECTRA : OL_BEACON_FULU].version;
    ol_hash root =
        beacon_signing_root(&update.update.attested.root, version, &network.genesis_validators_root, 7);
    beacon_sign_root(&update, &committees[0], MOST, &root);
    assert_int_equal(process(), OL_OK);
  }
}

static void refuses_the_wrong_committee(void **state) {
  (void)state;
  beacon_make_update(&update, &network, 90, 80, NULL);
  beacon_sign(&update, &network, &committees[3], MOST);
  expect_refusal(OL_ERR_CRYPTO, "sync_committee_signature",
                 "the signature is not that of the keys and messages");
}

static void refuses_swapped_bits(void **state) {
  (void)state;
  beacon_make_update(&update, &network, 90, 80, NULL);
  beacon_sign(&update, &network, &committees[0], 30);
  update.bits[0] ^= 1;
  update.bits[3] ^= 0x80; /* as many, but others */
  expect_refusal(OL_ERR_CRYPTO, "sync_committee_signature",
                 "the signature is not that of the keys and messages");
}

/* Few participants are summed, many are the aggregate less the absent: both are right. */
static void counts_few_and_many(void **state) {
  (void)state;
  for (uint32_t count = 1; count <= MOST; count += count < 3 ? 1 : 7) {
    start(NULL);
    beacon_make_update(&update, &network, 90, 0, NULL);
    beacon_sign(&update, &network, &committees[0], count);
    assert_int_equal(process(), OL_OK);
    assert_int_equal(store.current_max_participants, count);
  }
}

/* x = 4 is on the curve of keys, in no subgroup that is used. */
static void write_foreign_key(uint8_t *key) {
  memset(key, 0, OL_BLS_KEY);
  key[0] = 0x80;
  key[47] = 4;
}

static void refuses_keys_outside_of_the_subgroup(void **state) {
  (void)state;
  for (uint32_t count = 4; count <= 30; count += 26) { /* found by the present, and by the absent */
    start(NULL);
    beacon_make_update(&update, &network, 90, 0, NULL);
    beacon_sign(&update, &network, &committees[0], count);
    write_foreign_key(store.current_committee + OL_BLS_KEY);
    write_foreign_key(store.current_committee + MOST * OL_BLS_KEY);
    expect_refusal(OL_ERR_CRYPTO, "pubkeys", "the public key is not in the subgroup");
    assert_int_equal(error.item, 1);
  }
}

/* The specification looks at the keys of those who signed, and at no others: not at the aggregate either. */
static void needs_no_other_key_than_the_signers(void **state) {
  (void)state;
  for (int which = 0; which < 3; which++) {
    static ol_light_store copy, same;
    size_t done;
    start(NULL);
    beacon_make_update(&update, &network, 90, 80, NULL);
    beacon_sign(&update, &network, &committees[0], 30);
    if (which == 0) write_foreign_key(store.current_committee + 31 * OL_BLS_KEY);
    if (which == 1) write_foreign_key(store.current_committee + MOST * OL_BLS_KEY);
    if (which == 2) memcpy(store.current_committee + MOST * OL_BLS_KEY, committees[3].bytes, OL_BLS_KEY);
    same = store;
    assert_int_equal(process(), OL_OK);
    assert_int_equal(ol_light_store_process_all(&error, &same, &done, &update.update, 1, NOW, &copy), OL_OK);
    assert_memory_equal(&same.finalized.root, &store.finalized.root, sizeof(ol_hash));
    assert_int_equal(same.finalized.beacon.slot, 80);
  }
}

static void refuses_a_signature_outside_of_the_subgroup(void **state) {
  (void)state;
  make_good();
  memset(update.signature, 0, sizeof update.signature);
  update.signature[0] = 0x80;
  do update.signature[95]++; /* the first x that is on the curve */
  while (process() == OL_ERR_ENCODING);
  expect_refusal(OL_ERR_CRYPTO, "sync_committee_signature", "the signature is not in the subgroup");
}

static void does_not_leave_a_period_without_its_next_committee(void **state) {
  (void)state;
  start(NULL);
  beacon_make_update(&update, &network, 2 * PERIOD - 2, 2 * PERIOD - 3, NULL);
  update.update.signature_slot = 2 * PERIOD - 1;
  beacon_sign(&update, &network, &committees[0], MOST);
  assert_int_equal(process(), OL_OK); /* the last slots of the period */
  assert_int_equal(store.finalized.beacon.slot, 2 * PERIOD - 3);
}

static void is_forced_to_the_best_update_after_a_period(void **state) {
  (void)state;
  beacon_make_update(&update, &network, 90, 80, &committees[1]);
  beacon_sign(&update, &network, &committees[0], 20); /* too few to finalize */
  assert_int_equal(process(), OL_OK);
  assert_false(ol_light_store_force(&store, 70 + PERIOD));
  assert_true(ol_light_store_force(&store, 70 + PERIOD + 1));
  assert_int_equal(store.finalized.beacon.slot, 80);
  assert_true(store.next_known);
  assert_false(ol_light_store_force(&store, NOW)); /* nothing is left */
}

/* Without finality at all the attested header is taken. */
static void is_forced_without_finality(void **state) {
  (void)state;
  beacon_make_update(&update, &network, 90, 0, &committees[1]);
  beacon_sign(&update, &network, &committees[0], 20);
  assert_int_equal(process(), OL_OK);
  assert_true(ol_light_store_force(&store, NOW));
  assert_int_equal(store.finalized.beacon.slot, 90);
  assert_true(store.next_known);
}

static void keeps_the_better_update(void **state) {
  (void)state;
  const ol_light_rank base = {.attested = {.beacon = {.slot = 90}},
                              .finalized = {.beacon = {.slot = 80}},
                              .signature_slot = 91,
                              .participants = 25,
                              .has_finality = true,
                              .has_next_committee = true};
  ol_light_rank worse[8] = {base, base, base, base, base, base, base, base};
  worse[0].participants = 21;           /* no supermajority */
  worse[1].has_next_committee = false;  /* no committee */
  worse[2].signature_slot = 2 * PERIOD; /* a committee of another period */
  worse[3].has_finality = false;        /* no finality */
  worse[4].finalized.beacon.slot = 20;  /* not of the attested period */
  worse[5].participants = 24;           /* fewer */
  worse[6].attested.beacon.slot = 91;   /* newer */
  worse[7].signature_slot = 92;         /* signed later */
  for (size_t i = 0; i < 8; i++) {
    assert_true(ol_light_is_better(&network, &base, &worse[i]));
    assert_false(ol_light_is_better(&network, &worse[i], &base));
  }
  assert_false(ol_light_is_better(&network, &base, &base));
  ol_light_rank few = base, fewer = base; /* below the supermajority participation comes before all else */
  few.participants = 20;
  few.has_finality = few.has_next_committee = false;
  fewer.participants = 19;
  assert_true(ol_light_is_better(&network, &few, &fewer));
}

static void does_not_follow_a_handful(void **state) {
  (void)state;
  beacon_make_update(&update, &network, 90, 0, NULL);
  beacon_sign(&update, &network, &committees[0], 30);
  assert_int_equal(process(), OL_OK);
  beacon_make_update(&update, &network, 95, 0, NULL);
  beacon_sign(&update, &network, &committees[0], 15); /* not more than half of 30 */
  assert_int_equal(process(), OL_OK);
  assert_int_equal(store.optimistic.beacon.slot, 90);
  beacon_sign(&update, &network, &committees[0], 16);
  assert_int_equal(process(), OL_OK);
  assert_int_equal(store.optimistic.beacon.slot, 95);
}

static void processes_many_with_one_check(void **state) {
  (void)state;
  static beacon_update many[4];
  ol_light_update updates[4];
  static ol_light_store copy;
  size_t done;
  for (int wrong = -1; wrong < 4; wrong++) {
    start(NULL);
    beacon_make_update(&many[0], &network, 90, 80, &committees[1]);
    beacon_make_update(&many[1], &network, 2 * PERIOD + 30, 2 * PERIOD + 10, &committees[2]);
    beacon_make_update(&many[2], &network, 3 * PERIOD + 30, 3 * PERIOD + 10, &committees[3]);
    beacon_make_update(&many[3], &network, 3 * PERIOD + 40, 3 * PERIOD + 20, NULL);
    for (int i = 0; i < 4; i++) {
      const beacon_committee *signers = &committees[i < 3 ? i : 2];
      beacon_sign(&many[i], &network, i == wrong ? &committees[3] : signers, MOST - (uint32_t)i);
      updates[i] = many[i].update;
    }
    ol_status status = ol_light_store_process_all(&error, &store, &done, updates, 4, NOW, &copy);
    assert_int_equal(status, wrong < 0 ? OL_OK : OL_ERR_CRYPTO);
    assert_int_equal(done, wrong < 0 ? 4 : wrong);
    const uint64_t reached[] = {70, 80, 2 * PERIOD + 10, 3 * PERIOD + 10, 3 * PERIOD + 20};
    assert_int_equal(store.finalized.beacon.slot, reached[done]);
  }
  start(NULL);
  update = many[0]; /* a rule that is broken in the middle stops it there */
  updates[1] = updates[2];
  assert_int_equal(ol_light_store_process_all(&error, &store, &done, updates, 2, NOW, &copy),
                   OL_ERR_MISMATCH);
  assert_int_equal(done, 1);
  assert_int_equal(ol_light_store_process_all(&error, &store, &done, NULL, 0, NOW, &copy), OL_OK);
  assert_int_equal(done, 0);
}

static int make_committees(void **state) {
  (void)state;
  network = minimal(OL_BEACON_ELECTRA);
  for (uint8_t i = 0; i < 4; i++) beacon_make_committee(&committees[i], &network, i);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(follows_the_chain_over_periods_in_every_fork),
      TEST(refuses_the_bootstrap_of_another_block),
      TEST(needs_two_thirds_to_finalize),
      TEST(refuses_an_update_that_nobody_signed),
      TEST(refuses_the_infinite_signature_of_somebody),
      TEST(refuses_a_signature_from_the_future),
      TEST(refuses_a_signature_before_what_it_signs),
      TEST(refuses_finality_after_the_attested_header),
      TEST(refuses_another_period),
      TEST(takes_the_committee_of_the_signatures_period),
      TEST(refuses_what_is_not_newer),
      TEST(takes_a_missing_committee_from_a_past_update),
      TEST(refuses_unrelated_finality),
      TEST(refuses_a_finalized_header_without_a_branch),
      TEST(refuses_finality_at_genesis_that_is_not_empty),
      TEST(refuses_headers_whose_execution_block_is_not_proven),
      TEST(refuses_branches_of_another_depth),
      TEST(refuses_a_committee_that_is_not_in_the_state),
      TEST(refuses_a_committee_without_a_branch),
      TEST(refuses_another_next_committee_than_the_known_one),
      TEST(refuses_a_signature_in_another_domain),
      TEST(takes_the_fork_of_the_slot_before),
      TEST(refuses_the_wrong_committee),
      TEST(refuses_swapped_bits),
      TEST(counts_few_and_many),
      TEST(refuses_keys_outside_of_the_subgroup),
      TEST(needs_no_other_key_than_the_signers),
      TEST(refuses_a_signature_outside_of_the_subgroup),
      TEST(does_not_leave_a_period_without_its_next_committee),
      TEST(is_forced_to_the_best_update_after_a_period),
      TEST(is_forced_without_finality),
      TEST(keeps_the_better_update),
      TEST(does_not_follow_a_handful),
      TEST(processes_many_with_one_check),
  };
  return cmocka_run_group_tests(tests, make_committees, NULL);
}
