/* SPDX-License-Identifier: MIT */
#include "openledger/sync.h"

#include "client/beacon_answer.h"
#include "client/sync.h"
#include "consensus/committee.h"

#include "base/poison.h"

#define KEEP_LEN ((size_t)OL_LIGHT_BATCH * OL_OBJECT_SSZ)

/* An update that waits for its batch, whichever text it is from, and what an error calls it. */
typedef struct waiting {
  const char *part;
  uint32_t item;
} waiting;

/* Updates are decoded until there is a batch of them, as one pairing check for many costs least. */
typedef struct offline_sync {
  ol_light_store store;
  ol_light_store copy; /* for a batch that fails */
  ol_light_update updates[OL_LIGHT_BATCH];
  waiting names[OL_LIGHT_BATCH];
  size_t count;
  uint64_t slot; /* the current one */
  uint32_t verified;
  uint32_t participants;
  ol_arena keep; /* what the updates were decoded to */
  ol_arena scratch;
} offline_sync;

size_t ol_sync_verify_memory(size_t longest_len) {
  return sizeof(offline_sync) + KEEP_LEN +
         OL_ANSWER_PARSING(longest_len < OL_OBJECT_JSON ? longest_len : OL_OBJECT_JSON) + 64;
}

static ol_status start(ol_error *error, offline_sync *sync, const ol_sync_config *config,
                       const ol_beacon_network *network, ol_slice answer) {
  ol_light_bootstrap bootstrap;
  OL_TRY(ol_bootstrap_answer_read(error, &bootstrap, network, answer, &sync->keep, sync->scratch));
  OL_TRY(ol_light_store_init(error, &sync->store, network, &config->checkpoint, &bootstrap));
  sync->keep.used = 0;
  if (config->insist != 0) return OL_OK;
  ol_status status = ol_sync_check_age(error, network, bootstrap.header.beacon.slot, config->now_ms);
  return ol_error_in(error, status, "checkpoint", OL_NOWHERE);
}

/* Verifies what waits; where a period had no finality by force, as there is nobody to ask for a better update. */
static ol_status verify(ol_error *error, offline_sync *sync) {
  size_t at = 0, done = 0;
  ol_status status;
  do {
    status = ol_light_store_process_all(error, &sync->store, &done, sync->updates + at, sync->count - at,
                                        sync->slot, &sync->copy);
    at += done;
  } while (status != OL_OK && ol_light_store_force_signed(&sync->store, sync->slot));
  if (status != OL_OK) return ol_error_within(error, status, sync->names[at].part, sync->names[at].item);
  if (at > 0) sync->participants = ol_light_participants(sync->updates[at - 1].bits);
  sync->verified += (uint32_t)at;
  sync->count = 0;
  sync->keep.used = 0;
  return OL_OK;
}

/* Takes in an update that was decoded. An error tells of the first that is wrong, so those before come first. */
static ol_status take(ol_error *error, offline_sync *sync, ol_status decoded, waiting name) {
  if (decoded != OL_OK) {
    ol_error earlier;
    ol_error_clear(&earlier);
    if (verify(&earlier, sync) != OL_OK) {
      *error = earlier;
      return (ol_status)earlier.status;
    }
    return ol_error_within(error, decoded, name.part, name.item);
  }
  sync->names[sync->count++] = name;
  return sync->count == OL_LIGHT_BATCH ? verify(error, sync) : OL_OK;
}

static ol_status take_one(ol_error *error, offline_sync *sync, ol_light_kind kind, ol_slice answer,
                          const char *part) {
  if (answer.len == 0) return OL_OK;
  ol_status status = ol_update_answer_read(error, &sync->updates[sync->count], kind, &sync->store.network,
                                           answer, &sync->keep, sync->scratch);
  return take(error, sync, status, (waiting){part, OL_NOWHERE});
}

static ol_status take_updates(ol_error *error, offline_sync *sync, ol_slice answer) {
  ol_update_answers answers;
  bool more = true;
  OL_TRY(ol_error_in(error, ol_update_answers_begin(error, &answers, answer), "updates", OL_NOWHERE));
  for (uint32_t item = 0; more; item++) {
    ol_status status = ol_update_answers_next(error, &sync->updates[sync->count], &more, &answers,
                                              &sync->store.network, &sync->keep, sync->scratch);
    if (status != OL_OK || more) OL_TRY(take(error, sync, status, (waiting){"updates", item}));
  }
  return OL_OK;
}

ol_status ol_sync_verify_text(ol_error *error, ol_sync_status *out, const ol_sync_config *config,
                              const ol_sync_texts *texts, void *memory, size_t len) {
  ol_error_clear(error);
  ol_beacon_network network;
  ol_arena all = ol_arena_of(memory, len);
  offline_sync *sync = (offline_sync *)ol_arena_take(&all, sizeof *sync);
  void *keep = sync == NULL ? NULL : ol_arena_take(&all, KEEP_LEN);
  if (keep == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the store");
  memset(sync, 0, sizeof *sync);
  sync->keep = ol_arena_of(keep, KEEP_LEN);
  sync->scratch = all;
  OL_TRY(ol_error_within(error, ol_network_answer_read(error, &network, config->network, all), "network",
                         OL_NOWHERE));
  sync->slot = ol_beacon_slot_at(&network, config->now_ms);
  OL_TRY(ol_error_within(error, start(error, sync, config, &network, texts->bootstrap), "bootstrap",
                         OL_NOWHERE));
  OL_TRY(take_updates(error, sync, texts->updates));
  OL_TRY(take_one(error, sync, OL_LIGHT_FINALITY_UPDATE, texts->finality, "finality update"));
  OL_TRY(take_one(error, sync, OL_LIGHT_OPTIMISTIC_UPDATE, texts->optimistic, "optimistic update"));
  OL_TRY(verify(error, sync));
  ol_sync_status_fill(out, &sync->store);
  out->updates = sync->verified;
  out->participants = sync->participants;
  return OL_OK;
}
