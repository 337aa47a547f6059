/* SPDX-License-Identifier: MIT */
#include "consensus/store.h"

#include "work.h"

#include <string.h>

/* A store that was brought where the work begins, and the store that the work is done on. */
typedef struct light {
  bool ready;
  ol_light_store start;
  ol_light_store store;
  ol_light_store copy;
  ol_light_update updates[OL_LIGHT_BATCH];
  uint64_t slot; /* the current one */
} light;

/* GROUP.trust is as sync.c reads it. */
static bool bootstrap(light *of, const char *group) {
  ol_error error;
  ol_beacon_network network;
  ol_light_bootstrap object;
  ol_hash checkpoint;
  ol_slice trust = work_input(group, "trust");
  if (trust.len < 40) return false;
  ol_slice name = {trust.data + 40, trust.len - 40};
  static uint8_t memory[64 << 10];
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  ol_json config;
  if (!ol_beacon_network_named(&network, name) &&
      (ol_json_read(&error, &config, &arena, name.data, name.len) != OL_OK ||
       ol_beacon_network_from_json(&error, &network, config) != OL_OK))
    return false;
  memcpy(checkpoint.bytes, trust.data, sizeof checkpoint.bytes);
  of->slot = ol_beacon_slot_at(&network, work_u64(trust.data + 32));
  return ol_light_bootstrap_decode(&error, &object, &network, work_input(group, "bootstrap")) == OL_OK &&
         ol_light_store_init(&error, &of->start, &network, &checkpoint, &object) == OL_OK;
}

/* Takes one update off a list as the Beacon API has it in SSZ: a length, which counts a digest too. */
static bool next_update(ol_light_update *out, ol_slice *list, const ol_beacon_network *network) {
  ol_error error;
  size_t len = list->len < 12 ? 0 : (size_t)work_u64(list->data);
  if (len < 4 || len > list->len - 8) return false;
  ol_slice ssz = {list->data + 12, len - 4};
  *list = (ol_slice){list->data + 8 + len, list->len - 8 - len};
  return ol_light_update_decode(&error, out, OL_LIGHT_UPDATE, network, ssz) == OL_OK;
}

/* Decodes up to so many updates and processes them, together if they are more than one. */
static bool process(light *of, ol_slice *list, size_t at_most) {
  ol_error error;
  size_t count = 0, done = 0;
  while (count < at_most && list->len > 0)
    if (!next_update(&of->updates[count++], list, &of->store.network)) return false;
  if (count == 1) return ol_light_store_process(&error, &of->store, &of->updates[0], of->slot) == OL_OK;
  return ol_light_store_process_all(&error, &of->store, &done, of->updates, count, of->slot, &of->copy) ==
         OL_OK;
}

/* All updates from the bootstrap on. */
static bool follow(work_answer *answer, size_t count, size_t at_most) {
  static light devnet;
  if (!devnet.ready) devnet.ready = bootstrap(&devnet, "devnet");
  bool good = devnet.ready;
  for (size_t i = 0; i < count && good; i++) {
    devnet.store = devnet.start;
    ol_slice list = work_input("devnet", "updates");
    while (good && list.len > 0) good = process(&devnet, &list, at_most);
  }
  memcpy(answer->bytes, devnet.store.finalized.root.bytes, 32);
  memcpy(answer->bytes + 32, devnet.store.optimistic.root.bytes, 32);
  return good;
}

bool update_single(work_answer *answer, size_t count) {
  return follow(answer, count, 1);
}

bool update_batched(work_answer *answer, size_t count) {
  return follow(answer, count, OL_LIGHT_BATCH);
}

static bool bootstrap_and_update(light *of) {
  if (!bootstrap(of, "electra")) return false;
  of->store = of->start;
  ol_slice list = work_input("electra", "updates");
  return process(of, &list, 1);
}

static bool head(light *of, work_answer *answer) {
  ol_error error;
  return ol_light_update_decode(&error, &of->updates[0], OL_LIGHT_OPTIMISTIC_UPDATE, &of->store.network,
                                work_input("electra", "optimistic")) == OL_OK &&
         ol_light_store_process(&error, &of->store, &of->updates[0], of->slot) == OL_OK &&
         work_account(answer, "electra", &of->store.optimistic.state_root);
}

/* A client that knows the committee is sent a head, and an account of it. */
bool head_and_account(work_answer *answer, size_t count) {
  static light electra;
  if (!electra.ready && bootstrap_and_update(&electra)) {
    electra.start = electra.store;
    electra.ready = true;
  }
  bool good = electra.ready;
  for (size_t i = 0; i < count && good; i++) {
    electra.store = electra.start;
    good = head(&electra, answer);
  }
  return good;
}

/* The same of one that knows a checkpoint only, from which it is a bootstrap and an update to the committee. */
bool head_and_account_cold(work_answer *answer, size_t count) {
  static light electra;
  bool good = true;
  for (size_t i = 0; i < count && good; i++) good = bootstrap_and_update(&electra) && head(&electra, answer);
  return good;
}
