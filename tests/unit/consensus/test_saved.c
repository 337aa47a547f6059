/* SPDX-License-Identifier: MIT */
#include "consensus/saved.h"

#include "beacon.h"
#include "unit/bytes.h"

static ol_error error;
static ol_light_store store, restored;
static ol_hash checkpoint = {{0xcc}}, found;
static uint8_t saved[OL_SAVED_BYTES];
static size_t len;

/* A store of a network, every part of it filled. */
static int fill(const char *network) {
  memset(&store, 0, sizeof store);
  assert_true(ol_beacon_network_named(&store.network, text_of(network)));
  uint8_t header[OL_BEACON_HEADER_BYTES];
  count_up(header, sizeof header, 1);
  memset(header + 6, 0, 2);
  ol_beacon_header_decode(&store.finalized.beacon, &store.finalized.root, header);
  count_up(store.finalized.block_hash.bytes, 32, 2);
  count_up(store.finalized.execution_root.bytes, 32, 3);
  count_up(store.finalized.state_root.bytes, 32, 4);
  store.finalized.is_valid = true;
  store.optimistic = store.finalized;
  store.previous_max_participants = 511;
  store.current_max_participants = 400;
  store.forced = true;
  for (size_t i = 0; i < ol_committee_bytes(&store.network); i++)
    store.current_committee[i] = (uint8_t)(i * 13);
  len = ol_light_store_save(saved, &store, &checkpoint);
  return 0;
}

static int fill_mainnet(void **state) {
  (void)state;
  return fill("mainnet");
}

static void a_store_comes_back(void **state) {
  (void)state;
  assert_int_equal(len, OL_SAVED_BYTES);
  assert_true(len <= 25000);
  assert_int_equal(ol_light_store_restore(&error, &restored, &found, &store.network, ol_slice_of(saved, len)),
                   OL_OK);
  assert_memory_equal(&restored, &store, sizeof store);
  assert_memory_equal(&found, &checkpoint, sizeof found);
}

static void a_small_committee_takes_less(void **state) {
  (void)state;
  store.network.committee_size = 32;
  memset(store.current_committee + 33 * 48, 0, sizeof store.current_committee - 33 * 48);
  len = ol_light_store_save(saved, &store, &checkpoint);
  assert_int_equal(len, OL_SAVED_HEAD + 33 * 48 + 32);
  assert_int_equal(ol_light_store_restore(&error, &restored, &found, &store.network, ol_slice_of(saved, len)),
                   OL_OK);
  assert_memory_equal(&restored, &store, sizeof store);
}

static void assert_refused(ol_slice bytes, ol_status status, const char *reason) {
  ol_light_store before = restored;
  assert_int_equal(ol_light_store_restore(&error, &restored, &found, &store.network, bytes), status);
  assert_string_equal(error.reason, reason);
  assert_memory_equal(&restored, &before, sizeof before);
}

static const char *const damaged = "is damaged, or was never a saved state: its checksum is wrong";

static void every_bit_that_changes_is_noticed(void **state) {
  (void)state;
  for (size_t i = 0; i < 8 * len; i += 7) {
    saved[i / 8] ^= (uint8_t)(1 << i % 8);
    assert_refused(ol_slice_of(saved, len), OL_ERR_ENCODING, damaged);
    saved[i / 8] ^= (uint8_t)(1 << i % 8);
  }
}

static void every_length_but_its_own_is_refused(void **state) {
  (void)state;
  for (size_t i = 0; i < len; i += i < 500 ? 1 : 97)
    assert_refused(ol_slice_of(saved, i), OL_ERR_ENCODING,
                   i <= OL_SAVED_HEAD + 32 ? "is damaged, or was never a saved state: it is too short"
                                           : damaged);
}

/* Writes a checksum that is right, as a program of another version would. */
static void seal(void) {
  ol_hash checksum;
  ol_sha256(&checksum, saved, len - 32);
  memcpy(saved + len - 32, checksum.bytes, 32);
}

static void other_versions_are_refused(void **state) {
  (void)state;
  saved[7] = 2;
  seal();
  assert_refused(ol_slice_of(saved, len), OL_ERR_ENCODING, "is of a form or version that is not known here");
}

static void other_networks_are_refused(void **state) {
  (void)state;
  assert_true(ol_beacon_network_named(&store.network, text_of("sepolia")));
  assert_refused(ol_slice_of(saved, len), OL_ERR_MISMATCH, "is of another network");
  assert_true(ol_beacon_network_named(&store.network, text_of("mainnet")));
  store.network.committee_size = 32; /* of the same chain, but of another preset */
  assert_refused(ol_slice_of(saved, len), OL_ERR_MISMATCH, "is of another network");
}

#define TEST(name) cmocka_unit_test_setup(name, fill_mainnet)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_store_comes_back),
      TEST(a_small_committee_takes_less),
      TEST(every_bit_that_changes_is_noticed),
      TEST(every_length_but_its_own_is_refused),
      TEST(other_versions_are_refused),
      TEST(other_networks_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
