/* SPDX-License-Identifier: MIT */

/* Recorded beacon chains: scenarios of consensus-spec-tests, and mainnet (beacon.mjs says what a file is). */

#include "suites_proof.h"

#include "consensus/store.h"

#include <stdlib.h>

typedef struct beacon_run {
  vector_file file;
  ol_beacon_network network;
  ol_light_store *store;
  ol_light_store *copy;
} beacon_run;

static ol_slice label_of(const char *text) {
  return ol_slice_of(text, strlen(text));
}

static bool read_network(beacon_run *run) {
  ol_error error;
  ol_json value;
  ol_slice name;
  if (!ol_json_find(&value, run->file.root, "network")) return false;
  if (ol_json_string(&error, &name, value) == OL_OK) return ol_beacon_network_named(&run->network, name);
  return ol_beacon_network_from_json(&error, &run->network, value) == OL_OK;
}

/* An object that was recorded as SSZ or as JSON. Out: its SSZ. */
static ol_slice read_object(beacon_run *run, ol_light_kind kind, ol_json object) {
  ol_error error;
  ol_json data;
  ol_slice ssz = {NULL, 0};
  if (ol_json_find(&data, object, "ssz")) return vector_bytes(&run->file, object, "ssz");
  bool good = ol_json_find(&data, object, "json") &&
              ol_light_from_json(&error, &ssz, &run->file.arena, kind, &run->network, data) == OL_OK;
  vector_count(run->file.tally, good, label_of("object"), good ? "" : error.reason);
  return ssz;
}

static bool begin_run(beacon_run *run, vector_tally *tally, const uint8_t *json, size_t len) {
  ol_error error;
  ol_json object;
  ol_light_bootstrap bootstrap;
  ol_hash checkpoint;
  run->store = run->copy = NULL;
  if (!vector_open(&run->file, tally, json, len)) return false;
  run->store = malloc(sizeof *run->store);
  run->copy = malloc(sizeof *run->copy);
  ol_error_clear(&error);
  bool good = read_network(run) && ol_json_find(&object, run->file.root, "bootstrap");
  if (good) {
    ol_slice ssz = read_object(run, OL_LIGHT_BOOTSTRAP, object), root;
    good = ol_light_bootstrap_decode(&error, &bootstrap, &run->network, ssz) == OL_OK;
    if (good) checkpoint = bootstrap.header.root;
    if (good && ol_json_find(&object, run->file.root, "checkpoint")) {
      root = vector_bytes(&run->file, run->file.root, "checkpoint");
      memcpy(checkpoint.bytes, root.data, sizeof checkpoint);
    }
    good = good && ol_light_store_init(&error, run->store, &run->network, &checkpoint, &bootstrap) == OL_OK;
  }
  vector_count(tally, good, label_of("bootstrap"), error.reason);
  return good;
}

static void end_run(beacon_run *run) {
  free(run->store);
  free(run->copy);
  vector_close(&run->file);
}

static void check_header(beacon_run *run, ol_json checks, const char *name, const ol_light_header *header) {
  ol_json expected;
  if (!ol_json_find(&expected, checks, name)) return;
  char slot[24];
  size_t len = 0;
  uint64_t rest = header->beacon.slot;
  do slot[sizeof slot - ++len] = (char)('0' + rest % 10);
  while ((rest /= 10) != 0);
  bool good =
      vector_same(vector_text(&run->file, expected, "slot"), ol_slice_of(slot + sizeof slot - len, len)) &&
      vector_same(vector_bytes(&run->file, expected, "beacon_root"), ol_slice_of(header->root.bytes, 32)) &&
      vector_same(vector_bytes(&run->file, expected, "execution_root"),
                  ol_slice_of(header->execution_root.bytes, 32));
  vector_count(run->file.tally, good, label_of(name), "is not the expected one");
}

static ol_light_kind kind_of(ol_slice step) {
  if (vector_same(step, label_of("process_finality_update"))) return OL_LIGHT_FINALITY_UPDATE;
  if (vector_same(step, label_of("process_optimistic_update"))) return OL_LIGHT_OPTIMISTIC_UPDATE;
  return OL_LIGHT_UPDATE;
}

/* An update must be refused once any of its parts is changed, and the store be as before. */
static void check_wrong_updates(beacon_run *run, ol_light_kind kind, ol_slice ssz, uint64_t slot) {
  static uint8_t changed[32768];
  ol_error error;
  ol_light_update update;
  if (ssz.len > sizeof changed) return;
  bool good = true;
  for (size_t at = 0; at < ssz.len && good; at += 97) {
    memcpy(changed, ssz.data, ssz.len);
    changed[at] ^= 1;
    *run->copy = *run->store;
    ol_slice bytes = ol_slice_of(changed, ssz.len);
    good = ol_light_update_decode(&error, &update, kind, &run->network, bytes) != OL_OK ||
           ol_light_store_process(&error, run->copy, &update, slot) != OL_OK;
    good = good && (run->copy == NULL || memcmp(run->copy, run->store, sizeof *run->store) == 0);
  }
  vector_count(run->file.tally, good, label_of("wrong update"), "is accepted, or changes the store");
}

/* A step that must be refused: for the part that is named, and without a trace. */
static void run_refused(beacon_run *run, ol_light_kind kind, ol_json step, uint64_t slot) {
  ol_error error;
  ol_light_update update;
  ol_slice part = vector_text(&run->file, step, "refused");
  *run->copy = *run->store;
  ol_slice ssz = read_object(run, kind, step);
  bool good = ol_light_update_decode(&error, &update, kind, &run->network, ssz) == OL_OK &&
              ol_light_store_process(&error, run->store, &update, slot) != OL_OK &&
              vector_same(part, label_of(error.part)) &&
              memcmp(run->copy, run->store, sizeof *run->store) == 0;
  vector_count(run->file.tally, good, part, "is not what it is refused for");
}

static void run_step(beacon_run *run, ol_json step) {
  ol_error error;
  ol_json checks;
  ol_light_update update;
  ol_error_clear(&error);
  ol_slice kind_name = vector_text(&run->file, step, "kind");
  uint64_t slot = vector_u64(&run->file, step, "slot");
  if (vector_same(kind_name, label_of("force_update"))) {
    ol_light_store_force(run->store, slot);
  } else if (ol_json_find(&checks, step, "refused")) {
    run_refused(run, kind_of(kind_name), step, slot);
  } else {
    ol_light_kind kind = kind_of(kind_name);
    ol_slice ssz = read_object(run, kind, step);
    bool good = ol_light_update_decode(&error, &update, kind, &run->network, ssz) == OL_OK;
    if (good) check_wrong_updates(run, kind, ssz, slot);
    good = good && ol_light_store_process(&error, run->store, &update, slot) == OL_OK;
    vector_count(run->file.tally, good, kind_name, error.reason);
  }
  if (ol_json_find(&checks, step, "checks")) {
    check_header(run, checks, "finalized_header", &run->store->finalized);
    check_header(run, checks, "optimistic_header", &run->store->optimistic);
  }
}

/* The execution block that is proven, as a node tells it. */
static void check_block(beacon_run *run, ol_json block) {
  ol_error error;
  ol_header header;
  ol_hash hash;
  bool good = ol_header_from_json(&error, &header, &hash, block) == OL_OK &&
              ol_hash_equal(&hash, &run->store->finalized.block_hash);
  vector_count(run->file.tally, good, label_of("execution block"), "is not the one that is finalized");
}

/* A member that is a word: a quantity, or bytes. */
static ol_u256 read_word(beacon_run *run, ol_json object, const char *name) {
  ol_error error;
  ol_json member;
  ol_u256 word = {{0}};
  bool good = ol_json_find(&member, object, name) && ol_json_hex_u256(&error, &word, member) == OL_OK;
  if (!good) vector_count(run->file.tally, false, label_of(name), "is no word");
  return word;
}

/* {name, value}: one of the slots that were verified has the value, at the hash of the name. */
static void check_balance(beacon_run *run, ol_json payload, ol_json balance) {
  ol_hash place;
  ol_json proof, slot;
  bool found = false;
  ol_slice name = vector_bytes(&run->file, balance, "name");
  ol_u256 expected = read_word(run, balance, "value");
  ol_keccak256(&place, name.data, name.len);
  ol_json_items proofs = vector_items(&run->file, payload, "proofs");
  while (ol_json_next(&proof, NULL, &proofs)) {
    ol_json_items slots = vector_items(&run->file, proof, "storageProof");
    while (ol_json_next(&slot, NULL, &slots)) {
      ol_u256 key = read_word(run, slot, "key"), value = read_word(run, slot, "value");
      found = found || (memcmp(key.bytes, place.bytes, sizeof place) == 0 &&
                        memcmp(value.bytes, expected.bytes, sizeof expected) == 0);
    }
  }
  vector_count(run->file.tally, found, label_of("balance"), "is not among what is proven");
}

/* The execution block that is proven, as it is in a beacon block; and what is proven under its state root. */
static void check_payload(beacon_run *run, ol_json payload) {
  ol_header header;
  ol_hash hash;
  const ol_light_header *proven = &run->store->optimistic;
  if (!read_payload(&run->file, payload, &header, &hash)) return;
  bool good =
      ol_hash_equal(&hash, &proven->block_hash) && ol_hash_equal(&header.state_root, &proven->state_root);
  vector_count(run->file.tally, good, label_of("execution block"), "is not the one that is signed");
  check_proofs(&run->file, payload, &proven->state_root);
  ol_json balance;
  if (ol_json_find(&balance, run->file.root, "balance")) check_balance(run, payload, balance);
}

void run_beacon_sync(vector_tally *tally, const uint8_t *json, size_t len) {
  beacon_run run;
  ol_json step, block;
  if (begin_run(&run, tally, json, len)) {
    ol_json_items steps = vector_items(&run.file, run.file.root, "steps");
    while (ol_json_next(&step, NULL, &steps)) run_step(&run, step);
    if (ol_json_find(&block, run.file.root, "block")) check_block(&run, block);
    if (ol_json_find(&block, run.file.root, "payload")) check_payload(&run, block);
  }
  end_run(&run);
}
