/* SPDX-License-Identifier: MIT */
#include "openledger/provider.h"

#include "nodes.h"

#include <string.h>

#define WANTS_MAX 64
#define TEXT_MAX 4096 /* of a want: its path and its body */

/* A client that has nothing but a checkpoint and a profile of the rollup. */
typedef struct cold {
  ol_sync *sync;
  ol_provider *provider;
  ol_rollup rollup;
  uint64_t now_ms;
  bool told;
  nodes_count moved;
  uint64_t rounds;
} cold;

static const ol_provider_config config = {
    .client = {.chain_id = OL_CHAIN_ID, .endpoints = 1, .quorum = 1, .timeout_ms = 10000, .l1_endpoints = 1},
    .trust = OL_TRUST_QUORUM,
    .max_age_s = OL_AGE_DEFAULT,
    .hold_ms = OL_PROVIDER_HOLD_MS};

/* finalized.trust is as sync.c reads it; the network is the profile. */
static bool begin(cold *out) {
  ol_error error;
  memset(out, 0, sizeof *out);
  const ol_slice trust = work_input("finalized", "trust");
  if (trust.len < 40) return false;
  out->now_ms = work_u64(trust.data + 32);
  ol_sync_config of = {.network = {trust.data + 40, trust.len - 40}};
  memcpy(of.checkpoint.bytes, trust.data, sizeof of.checkpoint.bytes);
  const ol_sync_servers servers = {.beacon = 1, .l1 = 1, .timeout_ms = 10000};
  const size_t sync = ol_sync_size(), provider = ol_provider_size(&config), room = 16 * of.network.len + 1024;
  uint8_t *memory = (uint8_t *)work_memory(sync + provider + room);
  return memory != NULL && ol_sync_init(&error, &out->sync, &of, &servers, memory, sync) == OL_OK &&
         ol_provider_init(&error, &out->provider, &config, memory + sync, provider) == OL_OK &&
         ol_rollup_read(&error, &out->rollup, of.network, memory + sync + provider, room) == OL_OK &&
         ol_sync_start(&error, out->sync) == OL_OK &&
         ol_engine_begin(ol_sync_engine(out->sync), out->now_ms) == OL_OK &&
         ol_provider_anchor(&error, out->provider, &out->rollup, NULL) == OL_OK &&
         ol_provider_ask(&error, out->provider, work_input("finalized", "request")) == OL_OK &&
         ol_engine_begin(ol_provider_engine(out->provider), out->now_ms) == OL_OK;
}

/* Tells the provider of L1, once that is known. */
static bool tell(cold *of) {
  ol_error error;
  ol_sync_status status;
  if (of->told || ol_engine_state(ol_sync_engine(of->sync)) != OL_ENGINE_DONE) return true;
  of->told = true;
  return ol_sync_status_of(&error, &status, of->sync) == OL_OK &&
         ol_provider_anchor(&error, of->provider, &of->rollup, &status) == OL_OK;
}

/* Takes an engine's wants, with copies of their texts. */
static bool take(ol_want out[WANTS_MAX], size_t *in_out_count, ol_engine *engine) {
  static uint8_t texts[WANTS_MAX][TEXT_MAX];
  ol_want *to = &out[*in_out_count];
  while (*in_out_count < WANTS_MAX && ol_engine_next_want(engine, to) == 1) {
    uint8_t *text = texts[*in_out_count];
    if (to->path.len + to->body.len > TEXT_MAX) return false;
    if (to->path.len > 0) memcpy(text, to->path.data, to->path.len);
    if (to->body.len > 0) memcpy(text + to->path.len, to->body.data, to->body.len);
    to->path.data = text;
    to->body.data = text + to->path.len;
    to = &out[++*in_out_count];
  }
  return *in_out_count < WANTS_MAX;
}

/* Returns: what follows the id in a request of JSON-RPC. */
static ol_slice after_id(ol_slice body) {
  static const char method[] = ",\"method\"";
  const size_t len = sizeof method - 1;
  for (size_t i = 0; i + len <= body.len; i++)
    if (memcmp(body.data + i, method, len) == 0) return (ol_slice){body.data + i, body.len - i};
  return (ol_slice){body.data, 0};
}

/* A request that was recorded: the source, the path, and the body from behind its id. */
static bool is_of(ol_slice recorded, const ol_want *want) {
  const ol_slice rest = after_id(want->body);
  return recorded.len == 1 + want->path.len + rest.len && recorded.data[0] == want->source &&
         memcmp(recorded.data + 1, want->path.data, want->path.len) == 0 &&
         memcmp(recorded.data + 1 + want->path.len, rest.data, rest.len) == 0;
}

static bool answer(cold *of, ol_engine *engine, const ol_want *want) {
  ol_slice requests = work_input("finalized", "requests"), answers = work_input("finalized", "answers");
  ol_slice request, result;
  while (nodes_item(&request, &requests) && nodes_item(&result, &answers))
    if (is_of(request, want)) return nodes_feed(&of->moved, engine, want, result);
  return false;
}

/* Answers all that is wanted now, at once. */
static bool round_trip(cold *of) {
  ol_want wants[WANTS_MAX];
  size_t of_sync = 0, count;
  ol_engine *sync = ol_sync_engine(of->sync), *provider = ol_provider_engine(of->provider);
  bool good = take(wants, &of_sync, sync);
  count = of_sync;
  good = good && take(wants, &count, provider) && count > 0;
  for (size_t i = 0; i < count && good; i++) good = answer(of, i < of_sync ? sync : provider, &wants[i]);
  of->rounds++;
  return good && tell(of);
}

static bool ask(cold *of) {
  ol_error error;
  ol_slice response, expected = work_input("finalized", "response");
  bool good = begin(of);
  while (good && ol_engine_state(ol_provider_engine(of->provider)) == OL_ENGINE_WORKING)
    good = round_trip(of);
  return good && ol_provider_response(&error, &response, of->provider) == OL_OK &&
         response.len == expected.len && memcmp(response.data, expected.data, expected.len) == 0;
}

/* A balance at the finalized block, from a checkpoint. Answers: round trips, requests, bytes received, and memory. */
bool balance_finalized(work_answer *out, size_t count) {
  cold of;
  bool good = true;
  for (size_t i = 0; i < count && good; i++) good = ask(&of);
  if (!good) return false;
  const uint64_t memory = ol_sync_size() + ol_provider_size(&config);
  nodes_tell(out, (uint64_t[]){of.rounds, of.moved.requests, of.moved.received, memory}, 4);
  return true;
}
