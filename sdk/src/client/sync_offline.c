/* SPDX-License-Identifier: MIT */
#include "openledger/sync.h"

#include "client/beacon_answer.h"
#include "client/sync.h"
#include "consensus/committee.h"

#include "base/poison.h"

/* The store, a copy of it for a batch that fails, and the updates of one batch. */
typedef struct offline_sync {
  ol_light_store store;
  ol_light_store copy;
  ol_light_update updates[OL_LIGHT_BATCH];
  uint64_t slot; /* the current one */
  uint32_t verified;
  uint32_t participants;
} offline_sync;

/* An arena for what is kept while a batch is verified, and one for parsing. */
typedef struct arenas {
  ol_arena keep;
  ol_arena scratch;
} arenas;

#define KEEP_LEN ((size_t)OL_LIGHT_BATCH * OL_OBJECT_SSZ)

size_t ol_sync_verify_memory(size_t longest_len) {
  return sizeof(offline_sync) + KEEP_LEN +
         ol_json_memory(longest_len < OL_OBJECT_JSON ? longest_len : OL_OBJECT_JSON) + 64;
}

static ol_status start(ol_error *error, offline_sync *sync, const ol_sync_config *config,
                       const ol_beacon_network *network, ol_slice answer, arenas memory) {
  ol_light_bootstrap bootstrap;
  OL_TRY(ol_bootstrap_answer_read(error, &bootstrap, network, answer, &memory.keep, memory.scratch));
  OL_TRY(ol_light_store_init(error, &sync->store, network, &config->checkpoint, &bootstrap));
  if (config->insist != 0) return OL_OK;
  ol_status status = ol_sync_check_age(error, network, bootstrap.header.beacon.slot, config->now_ms);
  return ol_error_in(error, status, "checkpoint", OL_NOWHERE);
}

static void count_verified(offline_sync *sync, size_t count) {
  if (count == 0) return;
  sync->verified += (uint32_t)count;
  sync->participants = ol_light_participants(sync->updates[count - 1].bits);
}

/* Processes updates; where a period had no finality, by force, as there is nobody to ask for a better update. */
static ol_status process(ol_error *error, offline_sync *sync, size_t count) {
  size_t at = 0, done = 0;
  ol_status status;
  do {
    status = ol_light_store_process_all(error, &sync->store, &done, sync->updates + at, count - at,
                                        sync->slot, &sync->copy);
    at += done;
  } while (status != OL_OK && ol_light_store_force_signed(&sync->store, sync->slot));
  count_verified(sync, at);
  return status;
}

static ol_status process_one(ol_error *error, offline_sync *sync, ol_light_kind kind, ol_slice answer,
                             arenas memory) {
  if (answer.len == 0) return OL_OK;
  OL_TRY(ol_update_answer_read(error, &sync->updates[0], kind, &sync->store.network, answer, &memory.keep,
                               memory.scratch));
  return process(error, sync, 1);
}

static ol_status process_batch(ol_error *error, offline_sync *sync, ol_update_answers *answers,
                               bool *out_more, arenas memory) {
  size_t count = 0;
  ol_status status = OL_OK;
  *out_more = true;
  while (status == OL_OK && *out_more && count < OL_LIGHT_BATCH) {
    status = ol_update_answers_next(error, &sync->updates[count], out_more, answers, &sync->store.network,
                                    &memory.keep, memory.scratch);
    count += status == OL_OK && *out_more;
  }
  OL_TRY(ol_error_within(error, status, "updates", sync->verified + (uint32_t)count));
  status = process(error, sync, count);
  return ol_error_within(error, status, "updates", sync->verified);
}

static ol_status process_updates(ol_error *error, offline_sync *sync, ol_slice answer, arenas memory) {
  ol_update_answers answers;
  OL_TRY(ol_error_in(error, ol_update_answers_begin(error, &answers, answer), "updates", OL_NOWHERE));
  for (bool more = true; more;) OL_TRY(process_batch(error, sync, &answers, &more, memory));
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
  const arenas rest = {.keep = ol_arena_of(keep, KEEP_LEN), .scratch = all};
  memset(sync, 0, sizeof *sync);
  OL_TRY(ol_error_within(error, ol_network_answer_read(error, &network, config->network, all), "network",
                         OL_NOWHERE));
  sync->slot = ol_beacon_slot_at(&network, config->now_ms);
  OL_TRY(ol_error_within(error, start(error, sync, config, &network, texts->bootstrap, rest), "bootstrap",
                         OL_NOWHERE));
  OL_TRY(process_updates(error, sync, texts->updates, rest));
  OL_TRY(ol_error_within(error, process_one(error, sync, OL_LIGHT_FINALITY_UPDATE, texts->finality, rest),
                         "finality update", OL_NOWHERE));
  OL_TRY(ol_error_within(error, process_one(error, sync, OL_LIGHT_OPTIMISTIC_UPDATE, texts->optimistic, rest),
                         "optimistic update", OL_NOWHERE));
  ol_sync_status_fill(out, &sync->store);
  out->updates = sync->verified;
  out->participants = sync->participants;
  return OL_OK;
}
