/* SPDX-License-Identifier: MIT */
#include "consensus/committee.h"
#include "consensus/store.h"

#include "beacon.h"
#include "unit/bytes.h"

/* Who has to sign, of a committee of mainnet: two thirds of 512 seats, in which a member may sit more than once. */

#define SEATS 512u
#define BEGIN (1423u * 8192u) /* slots of a period behind the fork to Electra */
#define ATTESTED (BEGIN + 200u)
#define FINALIZED (BEGIN + 128u)
#define NOW (BEGIN + 300u)

static ol_error error;
static ol_beacon_network network;
static beacon_committee honest, committee;
static ol_light_store store, before, copy;
static beacon_update update;

static int make_committee(void **state) {
  (void)state;
  assert_true(ol_beacon_network_named(&network, text_of("mainnet")));
  assert_int_equal(network.committee_size, SEATS);
  beacon_make_committee(&honest, &network, 9);
  return 0;
}

static int start(void **state) {
  (void)state;
  committee = honest;
  beacon_begin(&store, &network, BEGIN + 64, &committee);
  beacon_make_update(&update, &network, ATTESTED, FINALIZED, NULL);
  return 0;
}

/* Processes the update, which is valid; once more in a batch, with the same outcome. */
static void process(void) {
  static ol_light_store batch;
  size_t done;
  batch = before = store;
  assert_int_equal(ol_light_store_process(&error, &store, &update.update, NOW), OL_OK);
  assert_int_equal(ol_light_store_process_all(&error, &batch, &done, &update.update, 1, NOW, &copy), OL_OK);
  assert_int_equal(batch.finalized.beacon.slot, store.finalized.beacon.slot);
}

static void expect_wrong_signature(void) {
  before = store;
  assert_int_equal(ol_light_store_process(&error, &store, &update.update, NOW), OL_ERR_CRYPTO);
  assert_string_equal(error.part, "sync_committee_signature");
  assert_string_equal(error.reason, "the signature is not that of the keys and messages");
  assert_memory_equal(&store, &before, sizeof store);
}

static void finalizes_by_342_of_512(void **state) {
  (void)state;
  beacon_sign(&update, &network, &committee, 342);
  process();
  assert_int_equal(store.finalized.beacon.slot, FINALIZED);
  assert_memory_equal(&store.finalized.root, &update.update.finalized.root, sizeof(ol_hash));
  assert_false(store.has_best);
}

/* Valid all the same, as the specification has it: noted as the best so far, but nothing is final by it. */
static void does_not_finalize_by_341_of_512(void **state) {
  (void)state;
  beacon_sign(&update, &network, &committee, 341);
  process();
  assert_int_equal(store.finalized.beacon.slot, BEGIN + 64);
  assert_memory_equal(&store.finalized, &before.finalized, sizeof store.finalized);
  assert_true(store.has_best);
}

/* A bit more than who signed makes no quorum, a bit less neither. */
static void refuses_341_who_pass_for_342(void **state) {
  (void)state;
  beacon_sign(&update, &network, &committee, 341);
  update.bits[341 / 8] |= 1 << 341 % 8;
  assert_int_equal(ol_light_participants(update.update.bits), 342);
  expect_wrong_signature();
  beacon_sign(&update, &network, &committee, 342);
  update.bits[0] &= 0xfe;
  expect_wrong_signature();
}

/* The second seat is the first member's too, and the aggregate counts the key twice. */
static void seat_twice(void) {
  static ol_bls_pubkey keys[SEATS];
  ol_bls_pubkey sum;
  memcpy(committee.secrets[1], committee.secrets[0], 32);
  memcpy(committee.bytes + OL_BLS_KEY, committee.bytes, OL_BLS_KEY);
  for (uint32_t i = 0; i < SEATS; i++)
    assert_int_equal(ol_bls_pubkey_read(&error, &keys[i], committee.bytes + i * OL_BLS_KEY), OL_OK);
  assert_int_equal(ol_bls_aggregate_pubkeys(&error, &sum, keys, SEATS), OL_OK);
  ol_bls_pubkey_write(committee.bytes + SEATS * OL_BLS_KEY, &sum);
  beacon_begin(&store, &network, BEGIN + 64, &committee);
}

/* A committee is drawn with repetition: the same key in two seats counts twice, few or many sign. */
static void accepts_a_key_that_sits_twice(void **state) {
  (void)state;
  const uint32_t counts[] = {4, 342};
  for (size_t i = 0; i < 2; i++) {
    seat_twice();
    beacon_sign(&update, &network, &committee, counts[i]);
    process();
    assert_int_equal(store.current_max_participants, counts[i]);
    assert_int_equal(store.finalized.beacon.slot, i == 0 ? BEGIN + 64 : FINALIZED);
  }
}

/* Both seats' bits, with the key in the signature once; and one seat's, with the key in it twice. */
static void refuses_a_key_that_sits_twice_and_signs_once(void **state) {
  (void)state;
  const uint32_t counts[] = {4, 342};
  for (size_t i = 0; i < 2; i++) {
    beacon_committee once;
    seat_twice();
    once = committee;
    memcpy(once.secrets[1], once.secrets[2], 32); /* another one signs from the second seat */
    beacon_sign(&update, &network, &once, counts[i]);
    expect_wrong_signature();
    beacon_sign(&update, &network, &committee, counts[i]);
    update.bits[0] &= 0xfd;
    expect_wrong_signature();
  }
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(finalizes_by_342_of_512),
      TEST(does_not_finalize_by_341_of_512),
      TEST(refuses_341_who_pass_for_342),
      TEST(accepts_a_key_that_sits_twice),
      TEST(refuses_a_key_that_sits_twice_and_signs_once),
  };
  return cmocka_run_group_tests(tests, make_committee, NULL);
}
