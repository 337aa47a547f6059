/* SPDX-License-Identifier: MIT */
#include "openledger/sync.h"

#include "base/arena.h"
#include "consensus/committee.h"
#include "consensus/store.h"

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

/* In SSZ, an update of 512 keys is less than this. */
#define LONGEST_UPDATE (32u << 10)

size_t ol_sync_verify_memory(size_t longest_len) {
  return sizeof(offline_sync) + ol_json_memory(longest_len) + (size_t)OL_LIGHT_BATCH * LONGEST_UPDATE + 64;
}

static ol_status read_network(ol_error *error, ol_beacon_network *out, ol_slice network, ol_arena arena) {
  ol_json config;
  if (ol_beacon_network_named(out, network)) return OL_OK;
  if (network.len == 0 || network.data[0] != '{')
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "network is not mainnet, sepolia, hoodi or JSON");
  OL_TRY(ol_json_read(error, &config, &arena, network.data, network.len));
  return ol_beacon_network_from_json(error, out, config);
}

/* All SSZ begins with an offset, a slot or a length, of which high bytes are 0; JSON has no such byte. */
static bool is_ssz(ol_slice text) {
  return text.len >= 8 && (text.data[3] == 0 || text.data[7] == 0);
}

/* Encodes {"version": ..., "data": an object} as SSZ. */
static ol_status encode(ol_error *error, ol_slice *out, ol_arena *arena, ol_light_kind kind,
                        const ol_beacon_network *network, ol_json answer) {
  ol_json data;
  OL_TRY(ol_json_need(error, &data, answer, "data", "answer of the Beacon API has no data"));
  return ol_light_from_json(error, out, arena, kind, network, data);
}

static ol_status read_object(ol_error *error, ol_slice *out, ol_arena *arena, ol_light_kind kind,
                             const ol_beacon_network *network, ol_slice text) {
  ol_json answer;
  *out = text;
  if (is_ssz(text)) return OL_OK;
  OL_TRY(ol_json_read(error, &answer, arena, text.data, text.len));
  return encode(error, out, arena, kind, network, answer);
}

static ol_status check_age(ol_error *error, const ol_sync_config *config, const ol_beacon_network *network,
                           uint64_t slot) {
  uint64_t now = ol_beacon_slot_at(network, config->now_ms);
  if (config->insist == 0 && now > slot &&
      now - slot > network->max_checkpoint_age_s / network->seconds_per_slot)
    return ol_fail(error, OL_ERR_STALE, OL_NOWHERE, "checkpoint is older than the weak subjectivity period");
  return OL_OK;
}

static ol_status start(ol_error *error, offline_sync *sync, const ol_sync_config *config,
                       const ol_beacon_network *network, ol_slice text, ol_arena arena) {
  ol_light_bootstrap bootstrap;
  ol_slice ssz;
  OL_TRY(read_object(error, &ssz, &arena, OL_LIGHT_BOOTSTRAP, network, text));
  OL_TRY(ol_light_bootstrap_decode(error, &bootstrap, network, ssz));
  OL_TRY(ol_light_store_init(error, &sync->store, network, &config->checkpoint, &bootstrap));
  return check_age(error, config, network, bootstrap.header.beacon.slot);
}

static void count_verified(offline_sync *sync, size_t count) {
  if (count == 0) return;
  sync->verified += (uint32_t)count;
  sync->participants = ol_light_participants(sync->updates[count - 1].bits);
}

static ol_status process_one(ol_error *error, offline_sync *sync, ol_light_kind kind, ol_slice text,
                             ol_arena arena) {
  ol_slice ssz;
  if (text.len == 0) return OL_OK;
  OL_TRY(read_object(error, &ssz, &arena, kind, &sync->store.network, text));
  OL_TRY(ol_light_update_decode(error, &sync->updates[0], kind, &sync->store.network, ssz));
  OL_TRY(ol_light_store_process(error, &sync->store, &sync->updates[0], sync->slot));
  count_verified(sync, 1);
  return OL_OK;
}

/* Updates that are left: elements of a JSON array, or bytes of SSZ. */
typedef struct update_stream {
  ol_json_items items;
  ol_slice ssz;
  size_t ssz_len; /* of the whole text */
} update_stream;

/* Beacon API, getLightClientUpdatesByRange: before each update come a length and what that counts too, a digest. */
#define FRAME_LENGTH 8u
#define FRAME_DIGEST 4u /* says the fork, which the update's slot says too */

static ol_status next_frame(ol_error *error, ol_slice *out, update_stream *stream) {
  ol_slice rest = stream->ssz;
  uint64_t length = 0;
  for (size_t i = 0; rest.len >= FRAME_LENGTH && i < FRAME_LENGTH; i++)
    length |= (uint64_t)rest.data[i] << 8 * i;
  if (length < FRAME_DIGEST || length > rest.len - FRAME_LENGTH)
    return ol_fail(error, OL_ERR_ENCODING, stream->ssz_len - rest.len,
                   "length before an update does not fit what follows");
  *out = ol_slice_of(rest.data + FRAME_LENGTH + FRAME_DIGEST, (size_t)length - FRAME_DIGEST);
  size_t taken = FRAME_LENGTH + (size_t)length;
  stream->ssz = ol_slice_of(rest.data + taken, rest.len - taken);
  return OL_OK;
}

static ol_status next_update(ol_error *error, ol_light_update *out, update_stream *stream, ol_arena *arena,
                             const ol_beacon_network *network) {
  ol_json answer;
  ol_slice ssz;
  if (ol_json_next(&answer, NULL, &stream->items))
    OL_TRY(encode(error, &ssz, arena, OL_LIGHT_UPDATE, network, answer));
  else
    OL_TRY(next_frame(error, &ssz, stream));
  return ol_light_update_decode(error, out, OL_LIGHT_UPDATE, network, ssz);
}

static ol_status process_batch(ol_error *error, offline_sync *sync, update_stream *stream, ol_arena arena) {
  size_t count = 0, done = 0;
  ol_status status = OL_OK;
  while (status == OL_OK && count < OL_LIGHT_BATCH && (stream->items.left > 0 || stream->ssz.len > 0)) {
    status = next_update(error, &sync->updates[count], stream, &arena, &sync->store.network);
    if (status == OL_OK) count++;
  }
  OL_TRY(ol_error_within(error, status, "updates", sync->verified + (uint32_t)count));
  status =
      ol_light_store_process_all(error, &sync->store, &done, sync->updates, count, sync->slot, &sync->copy);
  count_verified(sync, done);
  return ol_error_within(error, status, "updates", sync->verified);
}

static ol_status process_updates(ol_error *error, offline_sync *sync, ol_slice text, ol_arena arena) {
  update_stream stream = {.ssz = text, .ssz_len = text.len};
  if (text.len > 0 && !is_ssz(text)) {
    ol_json root;
    stream.ssz.len = 0;
    OL_TRY(
        ol_error_in(error, ol_json_read(error, &root, &arena, text.data, text.len), "updates", OL_NOWHERE));
    OL_TRY(ol_error_in(error, ol_json_array(error, &stream.items, root), "updates", OL_NOWHERE));
  }
  while (stream.items.left > 0 || stream.ssz.len > 0) OL_TRY(process_batch(error, sync, &stream, arena));
  return OL_OK;
}

static ol_beacon_head head_of(const ol_light_header *header) {
  return (ol_beacon_head){.slot = header->beacon.slot,
                          .root = header->root,
                          .block_hash = header->block_hash,
                          .state_root = header->state_root};
}

ol_status ol_sync_verify_text(ol_error *error, ol_sync_status *out, const ol_sync_config *config,
                              const ol_sync_texts *texts, void *memory, size_t len) {
  ol_error_clear(error);
  ol_beacon_network network;
  ol_arena arena = ol_arena_of(memory, len);
  offline_sync *sync = (offline_sync *)ol_arena_take(&arena, sizeof *sync);
  if (sync == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the store");
  memset(sync, 0, sizeof *sync);
  OL_TRY(
      ol_error_within(error, read_network(error, &network, config->network, arena), "network", OL_NOWHERE));
  sync->slot = ol_beacon_slot_at(&network, config->now_ms);
  OL_TRY(ol_error_within(error, start(error, sync, config, &network, texts->bootstrap, arena), "bootstrap",
                         OL_NOWHERE));
  OL_TRY(process_updates(error, sync, texts->updates, arena));
  OL_TRY(ol_error_within(error, process_one(error, sync, OL_LIGHT_FINALITY_UPDATE, texts->finality, arena),
                         "finality update", OL_NOWHERE));
  OL_TRY(ol_error_within(error,
                         process_one(error, sync, OL_LIGHT_OPTIMISTIC_UPDATE, texts->optimistic, arena),
                         "optimistic update", OL_NOWHERE));
  *out = (ol_sync_status){.finalized = head_of(&sync->store.finalized),
                          .optimistic = head_of(&sync->store.optimistic),
                          .period = ol_beacon_period(&network, sync->store.finalized.beacon.slot),
                          .updates = sync->verified,
                          .participants = sync->participants,
                          .committee_size = network.committee_size};
  return OL_OK;
}
