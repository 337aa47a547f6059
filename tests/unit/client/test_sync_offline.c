/* SPDX-License-Identifier: MIT */
#include "openledger/sync.h"

#include "beacon_node.h"
#include "unit/bytes.h"

/* Answers of a beacon node in files. */

#define PERIODS NODE_PERIODS
#define PERIOD NODE_PERIOD
#define UPDATE_LEN NODE_UPDATE_LEN
#define MEMBERS NODE_MEMBERS

static ol_error error;
static ol_sync_status status;
static ol_sync_config config;
static ol_sync_texts texts;
static beacon_node node;
static node_text updates, json_updates;
static uint8_t memory[8 << 20];

static int make_chain(void **state) {
  (void)state;
  node_make(&node);
  node_put_updates(&updates, &node, 0, PERIODS);
  node_put_json_updates(&json_updates, &node, 0, PERIODS);
  config.checkpoint = node.checkpoint;
  return 0;
}

static int bring_all(void **state) {
  (void)state;
  config.network = text_of(node_network_json);
  config.now_ms = (1000000 + (PERIODS * PERIOD + 50) * UINT64_C(6)) * 1000;
  config.insist = 0;
  texts = (ol_sync_texts){node_slice(&node.bootstrap), node_slice(&updates), node_slice(&node.finality),
                          node_slice(&node.optimistic)};
  memset(&status, 0, sizeof status);
  return 0;
}

static ol_status verify(void) {
  return ol_sync_verify_text(&error, &status, &config, &texts, memory, sizeof memory);
}

static void assert_refused(ol_status expected, const char *line) {
  char found[256];
  const ol_sync_status nothing = {0};
  assert_int_equal(verify(), expected);
  ol_error_text(&error, found, sizeof found);
  assert_string_equal(found, line);
  assert_memory_equal(&status, &nothing, sizeof status);
}

static void follows_the_chain(void **state) {
  (void)state;
  assert_int_equal(verify(), OL_OK);
  assert_int_equal(status.finalized.slot, PERIODS * PERIOD + 24);
  assert_int_equal(status.optimistic.slot, PERIODS * PERIOD + 41);
  assert_int_equal(status.period, PERIODS);
  assert_int_equal(status.updates, PERIODS + 2);
  assert_int_equal(status.participants, 24);
  assert_int_equal(status.committee_size, MEMBERS);
  const ol_hash attested = {{0}};
  assert_memory_not_equal(&status.optimistic.root, &attested, 32);
}

static void reads_json_to_the_same(void **state) {
  (void)state;
  texts.finality.len = texts.optimistic.len = 0;
  assert_int_equal(verify(), OL_OK);
  ol_sync_status from_ssz = status;
  texts.bootstrap = node_slice(&node.json_bootstrap);
  texts.updates = node_slice(&json_updates);
  assert_int_equal(verify(), OL_OK);
  assert_memory_equal(&status, &from_ssz, sizeof status);
  assert_int_equal(status.finalized.slot, (PERIODS - 1) * PERIOD + 20);
}

static void starts_with_the_bootstrap_alone(void **state) {
  (void)state;
  texts.updates.len = texts.finality.len = texts.optimistic.len = 0;
  assert_int_equal(verify(), OL_OK);
  assert_int_equal(status.finalized.slot, 10);
  assert_memory_equal(&status.finalized.root, &config.checkpoint, 32);
  assert_int_equal(status.updates, 0);
  assert_int_equal(status.participants, 0);
  texts.bootstrap.len = 0;
  memset(&status, 0, sizeof status);
  assert_refused(OL_ERR_ENCODING, "bootstrap byte 0: JSON text is empty");
}

static void refuses_a_checkpoint_that_is_old(void **state) {
  (void)state;
  const uint64_t two_weeks_ms = UINT64_C(1209600000);
  texts.updates.len = texts.finality.len = texts.optimistic.len = 0;
  config.now_ms = (1000000 + 10 * 6) * UINT64_C(1000) + two_weeks_ms;
  assert_int_equal(verify(), OL_OK);
  config.now_ms += 6000;
  memset(&status, 0, sizeof status);
  assert_refused(OL_ERR_STALE, "bootstrap checkpoint: is older than the weak subjectivity period");
  config.insist = 1;
  assert_int_equal(verify(), OL_OK);
}

static void refuses_another_checkpoint(void **state) {
  (void)state;
  ol_hash checkpoint = config.checkpoint;
  config.checkpoint.bytes[31] ^= 1;
  assert_refused(OL_ERR_MISMATCH, "bootstrap header: block is not the checkpoint");
  config.checkpoint = checkpoint;
}

/* Runs with one byte of a text changed, which must be refused so. */
static void assert_refused_with(node_text *of, size_t at, ol_status expected, const char *line) {
  of->data[at] ^= 1;
  assert_refused(expected, line);
  of->data[at] ^= 1;
}

static void names_what_is_wrong(void **state) {
  (void)state;
  const size_t frame = 12 + UPDATE_LEN, signature = frame - 8 - 2, branch = 12 + 112 + 33 * 48;
  assert_refused_with(&node.bootstrap, 112 + 33 * 48, OL_ERR_PROOF,
                      "bootstrap current_sync_committee_branch: sync committee is not in the state");
  assert_refused_with(&updates, branch + 33 * frame, OL_ERR_PROOF,
                      "updates[33] next_sync_committee_branch: sync committee is not in the attested state");
  assert_refused_with(&updates, branch, OL_ERR_PROOF,
                      "updates[0] next_sync_committee_branch: sync committee is not in the attested state");
  assert_refused_with(&node.finality, 2 * (112 + 12 * 32), OL_ERR_PROOF,
                      "finality update finality_branch: finalized header is not in the attested state");
  assert_refused_with(&node.optimistic, 16, OL_ERR_CRYPTO,
                      "optimistic update sync_committee_signature: the signature is not that of the keys and "
                      "messages"); /* of the header's parent_root */
  assert_refused_with(&updates, 2 * frame + signature, OL_ERR_ENCODING,
                      "updates[2] sync_committee_signature: the point is not on the curve");
  assert_refused_with(
      &updates, 33 * frame + 12 + 111, OL_ERR_CRYPTO,
      "updates[33] sync_committee_signature: the signature is not that of the keys and messages");
}

static void refuses_updates_from_the_future(void **state) {
  (void)state;
  config.now_ms = (1000000 + (PERIODS * PERIOD + 40) * UINT64_C(6)) * 1000;
  assert_refused(OL_ERR_MISMATCH, "finality update signature_slot: is in the future");
}

static void refuses_frames_that_do_not_fit(void **state) {
  (void)state;
  const uint8_t digest_cut[11] = {3};
  texts.updates.len--;
  assert_refused(OL_ERR_ENCODING,
                 "updates[34] byte 77520: length before an update does not fit what follows");
  texts.updates.len = 34 * (12 + UPDATE_LEN) + 5;
  assert_refused(OL_ERR_ENCODING,
                 "updates[34] byte 77520: length before an update does not fit what follows");
  texts.updates = ol_slice_of(digest_cut, sizeof digest_cut);
  assert_refused(OL_ERR_ENCODING, "updates[0] byte 0: length before an update does not fit what follows");
  assert_refused_with(&updates, 0, OL_ERR_ENCODING,
                      "updates[0] byte 0: length before an update does not fit what follows");
}

static void refuses_what_is_no_answer(void **state) {
  (void)state;
  texts.updates = text_of("{\"data\":[]}");
  assert_refused(OL_ERR_ENCODING, "updates byte 0: JSON text is not an array");
  texts.updates = text_of("[1");
  assert_refused(OL_ERR_ENCODING, "updates[0] byte 2: array is not closed");
  texts.updates = text_of("[{\"version\":\"altair\"}]");
  assert_refused(OL_ERR_ENCODING, "updates[0] byte 0: answer of the Beacon API has no data");
  bring_all(NULL);
  texts.finality = text_of("{");
  assert_refused(OL_ERR_ENCODING, "finality update byte 1: text is not JSON");
  bring_all(NULL);
  texts.optimistic = text_of("{");
  assert_refused(OL_ERR_ENCODING, "optimistic update byte 1: text is not JSON");
  bring_all(NULL);
  texts.finality.len--;
  assert_int_equal(verify(), OL_ERR_ENCODING);
  assert_string_equal(error.part, "finality update");
  bring_all(NULL);
  texts.bootstrap.len--;
  assert_int_equal(verify(), OL_ERR_ENCODING);
  assert_string_equal(error.part, "bootstrap");
  texts.bootstrap = text_of("{\"code\":404,\"message\":\"not found\"}");
  assert_refused(OL_ERR_ENCODING, "bootstrap byte 0: answer of the Beacon API has no data");
}

static void refuses_json_that_is_too_long(void **state) {
  (void)state;
  static node_text padded;
  padded = node.json_bootstrap;
  memset(padded.data + padded.len, ' ', (80 << 10) + 1 - padded.len);
  padded.len = 80 << 10;
  texts.bootstrap = node_slice(&padded);
  assert_int_equal(verify(), OL_OK);
  padded.len++;
  texts.bootstrap = node_slice(&padded);
  memset(&status, 0, sizeof status);
  assert_refused(OL_ERR_LIMIT, "bootstrap byte 81920: JSON is too long for a light client object");
}

static void refuses_an_update_of_another_length(void **state) {
  (void)state;
  static node_text frame;
  frame.len = 0;
  node_put_frame(&frame, node.updates[0], UPDATE_LEN);
  node_put_frame(&frame, node.updates[1], UPDATE_LEN - 1);
  texts.updates = node_slice(&frame);
  assert_refused(OL_ERR_ENCODING,
                 "updates[1] byte 0: bytes are no light client object of the fork at their slot");
}

static void refuses_networks_that_it_does_not_know(void **state) {
  (void)state;
  config.network = text_of("holesky");
  assert_refused(OL_ERR_ARGUMENT, "network: is not mainnet, sepolia, hoodi or JSON");
  config.network.len = 0;
  assert_refused(OL_ERR_ARGUMENT, "network: is not mainnet, sepolia, hoodi or JSON");
  config.network = text_of("{\"PRESET_BASE\":\"minimal\"}");
  assert_refused(OL_ERR_ENCODING,
                 "network SECONDS_PER_SLOT byte 0: is missing in the network's configuration");
  config.network = text_of("{");
  assert_refused(OL_ERR_ENCODING, "network byte 1: text is not JSON");
}

static void says_what_memory_it_needs(void **state) {
  (void)state;
  texts.updates = node_slice(&json_updates);
  size_t needed = ol_sync_verify_memory(json_updates.len);
  assert_true(needed <= sizeof memory);
  assert_int_equal(ol_sync_verify_text(&error, &status, &config, &texts, memory, needed), OL_OK);
  for (size_t len = 0; len < needed; len += len / 8 + 1000) {
    ol_status found = ol_sync_verify_text(&error, &status, &config, &texts, memory, len);
    assert_true(found == OL_ERR_MEMORY || (found == OL_OK && len > needed / 4));
  }
}

#define TEST(name) cmocka_unit_test_setup(name, bring_all)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(follows_the_chain),
      TEST(reads_json_to_the_same),
      TEST(starts_with_the_bootstrap_alone),
      TEST(refuses_a_checkpoint_that_is_old),
      TEST(refuses_another_checkpoint),
      TEST(names_what_is_wrong),
      TEST(refuses_updates_from_the_future),
      TEST(refuses_frames_that_do_not_fit),
      TEST(refuses_what_is_no_answer),
      TEST(refuses_json_that_is_too_long),
      TEST(refuses_an_update_of_another_length),
      TEST(refuses_networks_that_it_does_not_know),
      TEST(says_what_memory_it_needs),
  };
  return cmocka_run_group_tests(tests, make_chain, NULL);
}
