/* SPDX-License-Identifier: MIT */
#include "openledger/sync.h"

#include "beacon.h"
#include "unit/bytes.h"

/* Answers of a beacon node in files: a chain of Altair in the minimal preset, whose objects are easily encoded. */

#define PERIODS 35u /* more than a batch */
#define PERIOD 64u  /* slots */
#define UPDATE_LEN (2 * 112 + 33 * 48 + (5 + 6) * 32 + 4 + 96 + 8)
#define MEMBERS 32u

static const char network_json[] =
    "{\"PRESET_BASE\":\"minimal\",\"SECONDS_PER_SLOT\":\"6\",\"genesis_time\":\"1000000\","
    "\"genesis_validators_root\":\"0x0700000000000000000000000000000000000000000000000000000000000000\","
    "\"GENESIS_FORK_VERSION\":\"0x00000000\",\"ALTAIR_FORK_VERSION\":\"0x01000000\",\"ALTAIR_FORK_EPOCH\":"
    "\"0\"}";

/* Bytes or text that grow. */
typedef struct text {
  uint8_t data[512 << 10];
  size_t len;
} text;

static ol_error error;
static ol_sync_status status;
static ol_sync_config config;
static ol_sync_texts texts;
static ol_beacon_network network;
static beacon_committee committees[PERIODS + 1];
static text bootstrap, updates, finality, optimistic, json_bootstrap, json_updates;
static uint8_t memory[8 << 20];

static void put(text *to, const void *data, size_t len) {
  assert_true(to->len + len <= sizeof to->data);
  memcpy(to->data + to->len, data, len);
  to->len += len;
}

static void put_u64(text *to, uint64_t number) {
  for (int i = 0; i < 8; i++) put(to, &(uint8_t){(uint8_t)(number >> 8 * i)}, 1);
}

static void put_header(text *to, const ol_light_header *header) {
  const uint8_t zeros[40] = {0};
  put_u64(to, header->beacon.slot);
  put(to, zeros, 40); /* proposer_index, parent_root */
  put(to, header->beacon.state_root.bytes, 32);
  put(to, zeros, 32);
}

static void put_signed(text *to, const beacon_update *update) {
  put(to, update->bits, MEMBERS / 8);
  put(to, update->signature, sizeof update->signature);
  put_u64(to, update->update.signature_slot);
}

static void put_update(text *to, const beacon_update *update) {
  put_header(to, &update->update.attested);
  put(to, update->update.next_committee.data, 33 * 48);
  put(to, update->committee_branch + 6 * 32, 5 * 32);
  put_header(to, &update->update.finalized);
  put(to, update->finality_branch + 3 * 32, 6 * 32);
  put_signed(to, update);
}

static void put_frame(text *to, const uint8_t *ssz, size_t len) {
  put_u64(to, len + 4);
  put(to, "fork", 4);
  put(to, ssz, len);
}

static void make_bootstrap(void) {
  static ol_hash nodes[BEACON_NODES];
  uint8_t branch[5 * 32];
  ol_hash root;
  const ol_hash salt = {{0x5a}};
  ol_slice committee = beacon_committee_slice(&committees[0], &network);
  ol_committee_root(&root, &network, committee);
  beacon_set_node(nodes, 4, &salt);
  beacon_set_node(nodes, 54, &root);
  beacon_branch(branch, 5, nodes, 54);
  ol_light_header header = beacon_header(10, &nodes[1]);
  config.checkpoint = header.root;
  put_header(&bootstrap, &header);
  put(&bootstrap, committee.data, committee.len);
  put(&bootstrap, branch, sizeof branch);
}

/* JSON as the Beacon API has it; the lists are of fixed size. */
static void put_text(text *to, const char *string) {
  put(to, string, strlen(string));
}

static const uint8_t *put_hex(text *to, const uint8_t *bytes, size_t len) {
  char digits[3];
  put_text(to, "\"0x");
  for (size_t i = 0; i < len; i++) {
    snprintf(digits, sizeof digits, "%02x", bytes[i]);
    put_text(to, digits);
  }
  put_text(to, "\"");
  return bytes + len;
}

static const uint8_t *put_list(text *to, const char *name, const uint8_t *bytes, size_t count, size_t size) {
  put_text(to, name);
  for (size_t i = 0; i < count; i++) {
    put_text(to, i == 0 ? "[" : ",");
    bytes = put_hex(to, bytes, size);
  }
  put_text(to, "]");
  return bytes;
}

static const uint8_t *put_json_u64(text *to, const char *name, const uint8_t *bytes) {
  char number[32];
  uint64_t value = 0;
  for (int i = 7; i >= 0; i--) value = value << 8 | bytes[i];
  snprintf(number, sizeof number, "\"%llu\"", (unsigned long long)value);
  put_text(to, name);
  put_text(to, number);
  return bytes + 8;
}

static const uint8_t *put_json_header(text *to, const char *name, const uint8_t *ssz) {
  put_text(to, name);
  ssz = put_json_u64(to, "{\"beacon\":{\"slot\":", ssz);
  ssz = put_json_u64(to, ",\"proposer_index\":", ssz);
  put_text(to, ",\"parent_root\":");
  ssz = put_hex(to, ssz, 32);
  put_text(to, ",\"state_root\":");
  ssz = put_hex(to, ssz, 32);
  put_text(to, ",\"body_root\":");
  ssz = put_hex(to, ssz, 32);
  put_text(to, "}}");
  return ssz;
}

static const uint8_t *put_json_committee(text *to, const char *name, const uint8_t *ssz) {
  put_text(to, name);
  ssz = put_list(to, "{\"pubkeys\":", ssz, MEMBERS, 48);
  put_text(to, ",\"aggregate_pubkey\":");
  ssz = put_hex(to, ssz, 48);
  put_text(to, "}");
  return ssz;
}

static void put_json_bootstrap(text *to, const uint8_t *ssz) {
  put_text(to, " {\"version\":\"altair\",\"data\":{");
  ssz = put_json_header(to, "\"header\":", ssz);
  ssz = put_json_committee(to, ",\"current_sync_committee\":", ssz);
  put_list(to, ",\"current_sync_committee_branch\":", ssz, 5, 32);
  put_text(to, "}}");
}

static void put_json_update(text *to, const uint8_t *ssz) {
  put_text(to, to->len == 0 ? "[" : ",");
  put_text(to, "{\"version\":\"altair\",\"data\":{");
  ssz = put_json_header(to, "\"attested_header\":", ssz);
  ssz = put_json_committee(to, ",\"next_sync_committee\":", ssz);
  ssz = put_list(to, ",\"next_sync_committee_branch\":", ssz, 5, 32);
  ssz = put_json_header(to, ",\"finalized_header\":", ssz);
  ssz = put_list(to, ",\"finality_branch\":", ssz, 6, 32);
  put_text(to, ",\"sync_aggregate\":{\"sync_committee_bits\":");
  ssz = put_hex(to, ssz, 4);
  put_text(to, ",\"sync_committee_signature\":");
  ssz = put_hex(to, ssz, 96);
  put_text(to, "}");
  put_json_u64(to, ",\"signature_slot\":", ssz);
  put_text(to, "}}");
}

static ol_slice slice_of(const text *of) {
  return ol_slice_of(of->data, of->len);
}

/* Update i finalizes slot 20 of period i and says the committee of period i + 1. */
static int make_chain(void **state) {
  (void)state;
  ol_json json;
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  assert_int_equal(ol_json_read(&error, &json, &arena, (const uint8_t *)network_json, strlen(network_json)),
                   OL_OK);
  assert_int_equal(ol_beacon_network_from_json(&error, &network, json), OL_OK);
  for (uint32_t i = 0; i <= PERIODS; i++) beacon_make_committee(&committees[i], &network, (uint8_t)i);
  make_bootstrap();
  put_json_bootstrap(&json_bootstrap, bootstrap.data);
  beacon_update update;
  for (uint32_t i = 0; i < PERIODS; i++) {
    static text ssz;
    ssz.len = 0;
    beacon_make_update(&update, &network, i * PERIOD + 40, i * PERIOD + 20, &committees[i + 1]);
    beacon_sign(&update, &network, &committees[i], 22);
    put_update(&ssz, &update);
    assert_int_equal(ssz.len, UPDATE_LEN);
    put_frame(&updates, ssz.data, ssz.len);
    put_json_update(&json_updates, ssz.data);
  }
  put_text(&json_updates, "]\n");
  beacon_make_update(&update, &network, PERIODS * PERIOD + 40, PERIODS * PERIOD + 24, NULL);
  beacon_sign(&update, &network, &committees[PERIODS], 23);
  put_header(&finality, &update.update.attested);
  put_header(&finality, &update.update.finalized);
  put(&finality, update.finality_branch + 3 * 32, 6 * 32);
  put_signed(&finality, &update);
  beacon_make_update(&update, &network, PERIODS * PERIOD + 41, 0, NULL);
  beacon_sign(&update, &network, &committees[PERIODS], 24);
  put_header(&optimistic, &update.update.attested);
  put_signed(&optimistic, &update);
  return 0;
}

static int bring_all(void **state) {
  (void)state;
  config.network = text_of(network_json);
  config.now_ms = (1000000 + (PERIODS * PERIOD + 50) * UINT64_C(6)) * 1000;
  config.insist = 0;
  texts =
      (ol_sync_texts){slice_of(&bootstrap), slice_of(&updates), slice_of(&finality), slice_of(&optimistic)};
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
  texts.bootstrap = slice_of(&json_bootstrap);
  texts.updates = slice_of(&json_updates);
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
  assert_refused(OL_ERR_STALE, "bootstrap: checkpoint is older than the weak subjectivity period");
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
static void assert_refused_with(text *of, size_t at, ol_status expected, const char *line) {
  of->data[at] ^= 1;
  assert_refused(expected, line);
  of->data[at] ^= 1;
}

static void names_what_is_wrong(void **state) {
  (void)state;
  const size_t frame = 12 + UPDATE_LEN, signature = frame - 8 - 1, branch = 12 + 112 + 33 * 48;
  assert_refused_with(&bootstrap, 112 + 33 * 48, OL_ERR_PROOF,
                      "bootstrap current_sync_committee_branch: sync committee is not in the state");
  assert_refused_with(&updates, branch + 33 * frame, OL_ERR_PROOF,
                      "updates[33] next_sync_committee_branch: sync committee is not in the attested state");
  assert_refused_with(&updates, branch, OL_ERR_PROOF,
                      "updates[0] next_sync_committee_branch: sync committee is not in the attested state");
  assert_refused_with(&finality, 2 * 112, OL_ERR_PROOF,
                      "finality update finality_branch: finalized header is not in the attested state");
  assert_refused_with(&optimistic, 111, OL_ERR_CRYPTO,
                      "optimistic update sync_committee_signature: the signature is not that of the keys and "
                      "messages"); /* of the header's body_root */
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
  assert_refused(OL_ERR_ENCODING, "updates byte 0: JSON value is not an array");
  texts.updates = text_of("[1");
  assert_refused(OL_ERR_ENCODING, "updates byte 2: text is not JSON");
  texts.updates = text_of("[{\"version\":\"altair\"}]");
  assert_refused(OL_ERR_ENCODING, "updates[0]: answer of the Beacon API has no data");
  bring_all(NULL);
  texts.finality = text_of("{");
  assert_refused(OL_ERR_ENCODING, "finality update byte 1: text is not JSON");
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

static void refuses_networks_that_it_does_not_know(void **state) {
  (void)state;
  config.network = text_of("holesky");
  assert_refused(OL_ERR_ARGUMENT, "network: network is not mainnet, sepolia, hoodi or JSON");
  config.network.len = 0;
  assert_refused(OL_ERR_ARGUMENT, "network: network is not mainnet, sepolia, hoodi or JSON");
  config.network = text_of("{\"PRESET_BASE\":\"minimal\"}");
  assert_refused(OL_ERR_ENCODING,
                 "network SECONDS_PER_SLOT byte 0: is missing in the network's configuration");
  config.network = text_of("{");
  assert_refused(OL_ERR_ENCODING, "network byte 1: text is not JSON");
}

static void says_what_memory_it_needs(void **state) {
  (void)state;
  texts.updates = slice_of(&json_updates);
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
      TEST(refuses_networks_that_it_does_not_know),
      TEST(says_what_memory_it_needs),
  };
  return cmocka_run_group_tests(tests, make_chain, NULL);
}
