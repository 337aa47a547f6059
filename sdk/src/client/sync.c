/* SPDX-License-Identifier: MIT */
#include "client/sync.h"

#include "consensus/saved.h"
#include "encoding/hex.h"

#include "base/poison.h"

#define LEAST_TIMEOUT_MS 100u
#define INTERVALS_PER_SLOT 3u /* phase0, fork-choice.md */
#define MS_PER_S 1000u

_Static_assert(OL_SAVED_BYTES <= OL_SYNC_SAVED, "a saved state is as short as it is said to be");
_Static_assert(2 * OL_MAX_ENDPOINTS + 2 <= OL_LIMIT_WANTS, "all wants of a run fit the engine's table");

size_t ol_sync_size(void) {
  return sizeof(ol_sync);
}

static ol_status check_servers(ol_error *error, const ol_sync_servers *servers) {
  const char *reason = NULL;
  if (servers->beacon < 1 || servers->beacon > OL_MAX_ENDPOINTS)
    reason = "number of beacon endpoints is not 1 to 16";
  else if (servers->l1 > OL_MAX_ENDPOINTS)
    reason = "number of L1 endpoints is not 0 to 16";
  else if (servers->timeout_ms < LEAST_TIMEOUT_MS)
    reason = "timeout is shorter than 100 ms";
  return reason == NULL ? OL_OK : ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
}

ol_status ol_sync_init(ol_error *error, ol_sync **out, const ol_sync_config *config,
                       const ol_sync_servers *servers, void *memory, size_t len) {
  ol_error_clear(error);
  OL_TRY(check_servers(error, servers));
  if ((uintptr_t)memory % 16 != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "memory of a sync is not aligned to 16");
  if (len < ol_sync_size())
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory of a sync is less than ol_sync_size");
  ol_sync *sync = memory;
  memset(sync, 0, sizeof *sync);
  ol_arena scratch = ol_arena_of(sync->scratch, sizeof sync->scratch);
  OL_TRY(ol_error_within(error, ol_network_answer_read(error, &sync->network, config->network, scratch),
                         "network", OL_NOWHERE));
  sync->servers = *servers;
  sync->checkpoint = config->checkpoint;
  sync->insist = config->insist != 0;
  ol_engine_init(&sync->engine, NULL, servers->timeout_ms);
  *out = sync;
  return OL_OK;
}

ol_engine *ol_sync_engine(ol_sync *sync) {
  return &sync->engine;
}

static bool has_checkpoint(const ol_sync *sync) {
  return !ol_is_zero(ol_slice_of(sync->checkpoint.bytes, sizeof sync->checkpoint.bytes));
}

ol_status ol_sync_resume(ol_error *error, ol_sync *sync, ol_slice saved) {
  ol_hash checkpoint;
  ol_error_clear(error);
  if (sync->engine.state == OL_ENGINE_WORKING)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "a run goes on");
  ol_status status = ol_light_store_restore(error, &sync->copy, &checkpoint, &sync->network, saved);
  if (status == OL_OK && has_checkpoint(sync) && !ol_hash_equal(&checkpoint, &sync->checkpoint))
    status = ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "began with another checkpoint");
  OL_TRY(ol_error_in(error, status, "saved state", OL_NOWHERE));
  sync->checkpoint = checkpoint;
  sync->store = sync->copy;
  sync->has_store = true;
  return OL_OK;
}

static ol_status check_store(ol_error *error, const ol_sync *sync) {
  ol_error_clear(error);
  if (!sync->has_store)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there is no state before the bootstrap");
  return OL_OK;
}

ol_status ol_sync_save(ol_error *error, uint8_t out[OL_SYNC_SAVED], size_t *out_len, const ol_sync *sync) {
  OL_TRY(check_store(error, sync));
  *out_len = ol_light_store_save(out, &sync->store, &sync->checkpoint);
  return OL_OK;
}

#define LABEL_ROOT 8 /* bytes */
_Static_assert(sizeof((ol_beacon_network *)0)->name + 1 + 2 * LABEL_ROOT + 1 + 2 * 4 <= OL_SYNC_LABEL,
               "a label is as short as it is said to be");

void ol_sync_label(char out[OL_SYNC_LABEL], const ol_sync *sync) {
  const ol_beacon_network *network = &sync->network;
  size_t len = ol_text_len(network->name);
  memcpy(out, network->name, len);
  out[len++] = '-';
  ol_hex_digits_of(out + len, network->genesis_validators_root.bytes, LABEL_ROOT);
  len += 2 * (size_t)LABEL_ROOT;
  out[len++] = '-';
  ol_hex_digits_of(out + len, network->forks[0].version, sizeof network->forks[0].version);
  out[len + 2 * sizeof network->forks[0].version] = '\0';
}

ol_status ol_sync_start(ol_error *error, ol_sync *sync) {
  ol_error_clear(error);
  if (!sync->has_store && !has_checkpoint(sync))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there is neither a checkpoint nor a saved state");
  uint64_t next_id = sync->engine.next_id, now_ms = sync->engine.now_ms;
  ol_engine_init(&sync->engine, &ol_sync_user, sync->servers.timeout_ms);
  sync->engine.next_id = next_id; /* so that answers to the run before stay unknown */
  sync->engine.now_ms = now_ms;
  return OL_OK;
}

uint64_t ol_sync_slot(const ol_sync *sync) {
  return ol_beacon_slot_at(&sync->network, sync->engine.now_ms);
}

uint64_t ol_sync_needed_period(const ol_light_store *store) {
  return ol_beacon_period(&store->network, store->finalized.beacon.slot) + (store->next_known ? 1 : 0);
}

ol_status ol_sync_check_age(ol_error *error, const ol_beacon_network *network, uint64_t slot,
                            uint64_t now_ms) {
  uint64_t now = ol_beacon_slot_at(network, now_ms);
  if (now > slot && now - slot > network->max_checkpoint_age_s / network->seconds_per_slot)
    return ol_fail(error, OL_ERR_STALE, OL_NOWHERE, "is older than the weak subjectivity period");
  return OL_OK;
}

static ol_beacon_head head_of(const ol_beacon_network *network, const ol_light_header *header) {
  return (ol_beacon_head){.slot = header->beacon.slot,
                          .time = ol_beacon_slot_time(network, header->beacon.slot),
                          .root = header->root,
                          .block_hash = header->block_hash,
                          .state_root = header->state_root};
}

void ol_sync_status_fill(ol_sync_status *out, const ol_light_store *store) {
  *out = (ol_sync_status){.finalized = head_of(&store->network, &store->finalized),
                          .optimistic = head_of(&store->network, &store->optimistic),
                          .period = ol_beacon_period(&store->network, store->finalized.beacon.slot),
                          .forced = store->forced,
                          .committee_size = store->network.committee_size};
}

static void add_header(ol_beacon_head *to, const ol_sync_block *block) {
  if (!block->known || !ol_hash_equal(&block->hash, &to->block_hash)) return;
  to->has_header = 1;
  to->block_number = block->number;
  to->block_time = block->timestamp;
  to->state_root = block->state_root;
}

ol_status ol_sync_status_of(ol_error *error, ol_sync_status *out, const ol_sync *sync) {
  OL_TRY(check_store(error, sync));
  ol_sync_status_fill(out, &sync->store);
  add_header(&out->finalized, &sync->blocks[OL_SYNC_FINALIZED]);
  add_header(&out->optimistic, &sync->blocks[OL_SYNC_NEWEST]);
  out->updates = sync->verified;
  out->participants = sync->participants;
  return OL_OK;
}

void ol_sync_progress_of(ol_sync_progress *out, const ol_sync *sync) {
  *out = (ol_sync_progress){0};
  if (!sync->has_store) return;
  uint64_t last = ol_beacon_period(&sync->network, ol_sync_slot(sync));
  uint64_t now = ol_sync_needed_period(&sync->store);
  *out = (ol_sync_progress){.first = sync->first_period, .now = now < last ? now : last, .last = last};
}

uint64_t ol_sync_due_ms(const ol_sync *sync, uint64_t now_ms) {
  const ol_beacon_network *network = &sync->network;
  uint64_t slot_ms = (uint64_t)network->seconds_per_slot * MS_PER_S;
  uint64_t newest = sync->has_store ? sync->store.optimistic.beacon.slot : 0;
  /* The next head can be that of the slot behind the newest, signed in the one behind that. */
  uint64_t due = ol_beacon_slot_time(network, newest + 2) * MS_PER_S + slot_ms / INTERVALS_PER_SLOT;
  if (due > now_ms) return due - now_ms;
  return slot_ms - (now_ms - due) % slot_ms; /* slots may be empty: the same moment of the slot to come */
}
