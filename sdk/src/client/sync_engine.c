/* SPDX-License-Identifier: MIT */
#include "client/sync.h"
#include "consensus/committee.h"
#include "encoding/jsonrpc.h"
#include "openledger/text.h"
#include "rollup/header.h"

#include "base/poison.h"

/* An answer with one object, and a margin for JSON that is laid out. */
#define OBJECT_ANSWER OL_OBJECT_JSON
#define UPDATES_ANSWER (OL_SYNC_RANGE * (64u << 10))

#define EPOCHS_TO_FINALITY 2u

static ol_sync *sync_of(ol_engine *engine) {
  return (ol_sync *)(void *)engine;
}

static bool is_l1(uint32_t kind) {
  return kind >= OL_SYNC_FINALIZED_HEADER;
}

static ol_sync_endpoint *endpoints_for(ol_sync *sync, uint32_t kind, uint32_t *out_count) {
  *out_count = is_l1(kind) ? sync->servers.l1 : sync->servers.beacon;
  return is_l1(kind) ? sync->l1 : sync->beacon;
}

static ol_light_header *head_for(ol_sync *sync, uint32_t kind) {
  return kind == OL_SYNC_FINALIZED_HEADER ? &sync->store.finalized : &sync->store.optimistic;
}

static uint32_t place_for(uint32_t kind) {
  return kind == OL_SYNC_FINALIZED_HEADER ? OL_SYNC_FINALIZED : OL_SYNC_NEWEST;
}

static ol_sync_block *block_for(ol_sync *sync, uint32_t kind) {
  return &sync->blocks[place_for(kind)];
}

/* Whether the store knows the present committee, and can judge heads. */
static bool is_present(const ol_sync *sync) {
  return sync->has_store &&
         ol_sync_needed_period(&sync->store) >= ol_beacon_period(&sync->network, ol_sync_slot(sync));
}

/* --- Requests --- */

typedef struct path_writer {
  uint8_t *start;
  size_t len;
} path_writer;

static void put_text(path_writer *to, const char *text) {
  size_t len = ol_text_len(text);
  memcpy(to->start + to->len, text, len);
  to->len += len;
}

static void put_number(path_writer *to, uint64_t number) {
  ol_u256 value = {{0}};
  char text[79];
  ol_store_be64(value.bytes + 24, number);
  ol_u256_text(text, &value);
  put_text(to, text);
}

static void put_hash(path_writer *to, const ol_hash *hash) {
  char text[67];
  ol_hex_text(text, hash->bytes, sizeof hash->bytes);
  put_text(to, text);
}

/* Beacon API, light_client */
static void write_path(path_writer *to, const ol_sync *sync, const ol_engine_want *want) {
  put_text(to, "/eth/v1/beacon/light_client/");
  switch ((ol_sync_want)want->kind) {
  case OL_SYNC_BOOTSTRAP:
    put_text(to, "bootstrap/");
    put_hash(to, &sync->checkpoint);
    break;
  case OL_SYNC_UPDATES:
    put_text(to, "updates?start_period=");
    put_number(to, want->item);
    put_text(to, "&count=");
    put_number(to, OL_SYNC_RANGE);
    break;
  case OL_SYNC_FINALITY: put_text(to, "finality_update"); break;
  case OL_SYNC_OPTIMISTIC:
  case OL_SYNC_FINALIZED_HEADER:
  case OL_SYNC_OPTIMISTIC_HEADER:
  case OL_SYNC_WANTS: put_text(to, "optimistic_update"); break;
  }
}

static ol_status request(ol_error *error, ol_want *out, ol_engine *engine, const ol_engine_want *want) {
  ol_sync *sync = sync_of(engine);
  if (is_l1(want->kind)) {
    ol_arena arena = ol_arena_of(sync->scratch, sizeof sync->scratch);
    ol_json_writer to;
    out->method = OL_HTTP_POST;
    out->max_len = OL_SYNC_HEADER_JSON;
    ol_jsonrpc_begin(&to, &arena, want->id, "eth_getBlockByHash");
    ol_json_write_hex(&to, NULL, sync->asked[place_for(want->kind)].bytes, sizeof(ol_hash));
    ol_json_write_bool(&to, NULL, false);
    return ol_jsonrpc_end(error, &out->body, &to);
  }
  path_writer path = {.start = sync->scratch};
  write_path(&path, sync, want);
  out->method = OL_HTTP_GET;
  out->format = OL_FORMAT_SSZ;
  out->max_len = want->kind == OL_SYNC_UPDATES ? UPDATES_ANSWER : OBJECT_ANSWER;
  out->path = ol_slice_of(path.start, path.len);
  return OL_OK;
}

/* --- Answers --- */

static ol_arena keep_of(ol_sync *sync) {
  return ol_arena_of(sync->scratch, OL_SYNC_KEEP);
}

static ol_arena rest_of(ol_sync *sync) {
  return ol_arena_of(sync->scratch + OL_SYNC_KEEP, sizeof sync->scratch - OL_SYNC_KEEP);
}

static void give_up(ol_sync *sync, ol_error *error, const char *part, uint32_t item) {
  (void)ol_error_in(error, (ol_status)error->status, part, item);
  ol_engine_give_up(&sync->engine, error);
}

static ol_status read_bootstrap(ol_error *error, ol_sync *sync, ol_slice answer) {
  ol_light_bootstrap bootstrap;
  ol_arena keep = keep_of(sync);
  OL_TRY(ol_bootstrap_answer_read(error, &bootstrap, &sync->network, answer, &keep, rest_of(sync)));
  OL_TRY(ol_light_store_init(error, &sync->copy, &sync->network, &sync->checkpoint, &bootstrap));
  ol_error stale;
  ol_error_clear(&stale);
  if (!sync->insist &&
      ol_sync_check_age(&stale, &sync->network, bootstrap.header.beacon.slot, sync->engine.now_ms) != OL_OK) {
    give_up(sync, &stale, "checkpoint", OL_NOWHERE); /* whoever answers, it is as old */
    return OL_OK;
  }
  sync->store = sync->copy;
  sync->has_store = true;
  sync->first_period = ol_sync_needed_period(&sync->store);
  return OL_OK;
}

static void count_verified(ol_sync *sync, size_t count) {
  if (count == 0) return;
  sync->verified += (uint32_t)count;
  sync->participants = ol_light_participants(sync->updates[count - 1].bits);
}

/* Decodes updates of the periods from `first` on. What an answer has beyond those asked for is not read. */
static ol_status decode_updates(ol_error *error, ol_sync *sync, size_t *out_count, uint64_t first,
                                ol_slice answer) {
  ol_update_answers answers;
  ol_arena keep = keep_of(sync);
  bool more = true;
  *out_count = 0;
  OL_TRY(ol_update_answers_begin(error, &answers, answer));
  while (*out_count < OL_SYNC_RANGE) {
    ol_light_update *update = &sync->updates[*out_count];
    OL_TRY(ol_update_answers_next(error, update, &more, &answers, &sync->network, &keep, rest_of(sync)));
    if (!more) break;
    if (ol_beacon_period(&sync->network, update->attested.beacon.slot) != first + *out_count)
      return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "is of another period than the one asked for");
    ++*out_count;
  }
  if (*out_count == 0)
    return ol_fail(error, OL_ERR_REMOTE, OL_NOWHERE, "endpoint has no update of the period asked for");
  return OL_OK;
}

static void forget_tries(ol_sync *sync, uint32_t kind) {
  for (size_t i = 0; i < OL_MAX_ENDPOINTS; i++) sync->beacon[i].tries[kind] = 0;
}

static ol_status read_updates(ol_error *error, ol_sync *sync, const ol_engine_want *want, ol_slice answer) {
  size_t count = 0, done = 0;
  OL_TRY(ol_error_within(error, decode_updates(error, sync, &count, want->item, answer), "updates",
                         (uint32_t)count));
  ol_status status = ol_light_store_process_all(error, &sync->store, &done, sync->updates, count,
                                                ol_sync_slot(sync), &sync->copy);
  count_verified(sync, done);
  uint64_t needed = ol_sync_needed_period(&sync->store);
  if (needed > want->item) forget_tries(sync, OL_SYNC_UPDATES);
  if (done > 0 && needed < want->item + done) {
    /* The last is right, but takes us no further, as it is not final: what comes behind cannot be judged. */
    sync->beacon[want->endpoint].tries[OL_SYNC_UPDATES] = OL_TRIES;
    status = OL_OK;
  }
  return ol_error_within(error, status, "updates", (uint32_t)done);
}

/* Returns: whether an update tells nothing that is not known; that of a node which is behind is no fault. */
static bool is_known(const ol_sync *sync, const ol_light_update *update) {
  const ol_light_header *optimistic = &sync->store.optimistic;
  if (update->finalized.beacon.slot > sync->store.finalized.beacon.slot) return false;
  return update->attested.beacon.slot < optimistic->beacon.slot ||
         ol_hash_equal(&update->attested.root, &optimistic->root);
}

/* Returns: whether the store now stands where an update says that the chain does. */
static bool is_where_store_is(const ol_sync *sync, const ol_light_update *update, uint32_t want_kind) {
  if (want_kind == OL_SYNC_FINALITY)
    return ol_hash_equal(&update->finalized.root, &sync->store.finalized.root);
  return ol_hash_equal(&update->attested.root, &sync->store.optimistic.root);
}

static ol_status decode_head(ol_error *error, ol_light_update *out, ol_sync *sync, uint32_t want_kind,
                             ol_slice answer) {
  ol_light_kind kind = want_kind == OL_SYNC_FINALITY ? OL_LIGHT_FINALITY_UPDATE : OL_LIGHT_OPTIMISTIC_UPDATE;
  ol_arena keep = keep_of(sync);
  return ol_update_answer_read(error, out, kind, &sync->network, answer, &keep, rest_of(sync));
}

/* Keeps a head for when it can be judged, and remembers which block it names. */
static ol_status keep_early(ol_sync *sync, const ol_engine_want *want, ol_slice answer) {
  ol_light_update update;
  ol_error later;
  const bool final = want->kind == OL_SYNC_FINALITY;
  ol_hash *guess = &sync->guesses[final ? OL_SYNC_FINALIZED : OL_SYNC_NEWEST];
  if (ol_is_zero(ol_slice_of(guess->bytes, sizeof guess->bytes)) &&
      decode_head(&later, &update, sync, want->kind, answer) == OL_OK)
    *guess = final ? update.finalized.block_hash : update.attested.block_hash;
  if (answer.len > OL_SYNC_EARLY_BYTES || sync->early_count == OL_SYNC_EARLY) {
    sync->beacon[want->endpoint].tries[want->kind] = 0;
    return OL_OK;
  }
  ol_sync_early *early = &sync->early[sync->early_count++];
  early->want = *want;
  early->len = (uint32_t)answer.len;
  memcpy(early->answer, answer.data, answer.len);
  return OL_OK;
}

static ol_status read_head(ol_error *error, ol_sync *sync, const ol_engine_want *want, ol_slice answer) {
  if (!is_present(sync)) return keep_early(sync, want, answer);
  ol_light_update *update = &sync->updates[0];
  OL_TRY(decode_head(error, update, sync, want->kind, answer));
  if (!is_known(sync, update)) {
    OL_TRY(ol_light_store_process(error, &sync->store, update, ol_sync_slot(sync)));
    count_verified(sync, 1);
  }
  if (!is_where_store_is(sync, update, want->kind)) sync->engine.taken = OL_TAKEN_IDLE;
  sync->beacon[want->endpoint].gave_a_head = true;
  return OL_OK;
}

static ol_status read_header(ol_error *error, ol_sync *sync, const ol_engine_want *want, ol_slice answer) {
  ol_arena arena = ol_arena_of(sync->scratch, sizeof sync->scratch);
  ol_json response, result;
  ol_header header;
  ol_hash hash;
  OL_TRY(ol_json_read(error, &response, &arena, answer.data, answer.len));
  const bool guessed = !is_present(sync) || !ol_hash_equal(&sync->asked[place_for(want->kind)],
                                                           &head_for(sync, want->kind)->block_hash);
  if (guessed && ol_jsonrpc_is_null(response))
    return OL_OK; /* no fault of L1's: there may be no such block */
  OL_TRY(ol_jsonrpc_result(error, &result, response, want->id));
  OL_TRY(ol_header_from_json(error, &header, &hash, result));
  if (!ol_hash_equal(&hash, &sync->asked[place_for(want->kind)]))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "block has another hash than the one asked");
  *block_for(sync, want->kind) = (ol_sync_block){.known = true,
                                                 .hash = hash,
                                                 .state_root = header.state_root,
                                                 .number = header.number,
                                                 .timestamp = header.timestamp};
  return OL_OK;
}

static const char *const parts[OL_SYNC_WANTS] = {"bootstrap",         "updates",         "finality update",
                                                 "optimistic update", "finalized block", "optimistic block"};

static ol_status read_answer(ol_error *error, ol_sync *sync, const ol_engine_want *want, ol_slice answer) {
  switch ((ol_sync_want)want->kind) {
  case OL_SYNC_BOOTSTRAP: return read_bootstrap(error, sync, answer);
  case OL_SYNC_UPDATES: return read_updates(error, sync, want, answer);
  case OL_SYNC_FINALITY:
  case OL_SYNC_OPTIMISTIC: return read_head(error, sync, want, answer);
  case OL_SYNC_FINALIZED_HEADER:
  case OL_SYNC_OPTIMISTIC_HEADER:
  case OL_SYNC_WANTS: break;
  }
  return read_header(error, sync, want, answer);
}

static ol_status answer(ol_error *error, ol_engine *engine, const ol_engine_want *want, ol_slice data) {
  ol_sync *sync = sync_of(engine);
  ol_status status = read_answer(error, sync, want, data);
  if (status == OL_ERR_MEMORY) /* ours is enough for every answer that could be meant */
    status = ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "answer has more values than accepted");
  if (want->kind != OL_SYNC_UPDATES || status == OL_ERR_LIMIT)
    status = ol_error_within(error, status, parts[want->kind], OL_NOWHERE);
  if (status == OL_OK && (is_present(sync) ? !is_l1(want->kind) : want->kind <= OL_SYNC_UPDATES))
    sync->preferred = want->endpoint;
  return status;
}

/* --- What is wanted next --- */

static void ask(ol_sync *sync, uint32_t endpoint, uint32_t kind) {
  uint32_t count;
  endpoints_for(sync, kind, &count)[endpoint].tries[kind]++;
  uint32_t period = sync->has_store ? (uint32_t)ol_sync_needed_period(&sync->store) : 0;
  ol_engine_put(&sync->engine, is_l1(kind) ? OL_SOURCE_L1 : OL_SOURCE_BEACON, endpoint, kind, period);
}

static void lost(ol_engine *engine, const ol_engine_want *want, const ol_error *error) {
  ol_sync *sync = sync_of(engine);
  uint32_t count;
  ol_sync_endpoint *endpoint = &endpoints_for(sync, want->kind, &count)[want->endpoint];
  ol_failure_keep_worst(&sync->worst, error);
  endpoint->barred = endpoint->barred || !ol_failure_may_pass(error);
  bool of_heads = want->kind == OL_SYNC_FINALITY || want->kind == OL_SYNC_OPTIMISTIC;
  if (of_heads && !endpoint->barred && endpoint->tries[want->kind] < OL_TRIES)
    ask(sync, want->endpoint, want->kind);
}

/*
 * Makes sure that somebody is being asked for something: whoever was asked least, of these the preferred one
 * first. Returns: false when everybody was asked as often as they are.
 */
static bool seek(ol_sync *sync, uint32_t kind) {
  if (ol_engine_has(&sync->engine, kind)) return true;
  uint32_t count;
  const ol_sync_endpoint *endpoints = endpoints_for(sync, kind, &count);
  for (uint8_t tries = 0; tries < OL_TRIES; tries++) {
    for (uint32_t i = 0; i < count; i++) {
      uint32_t endpoint = is_l1(kind) ? i : (sync->preferred + i) % count;
      if (endpoints[endpoint].barred || endpoints[endpoint].tries[kind] != tries) continue;
      ask(sync, endpoint, kind);
      return true;
    }
  }
  return false;
}

/* Brings the store to the present committee. Returns: whether it is there. */
static bool follow(ol_sync *sync) {
  uint64_t slot = ol_sync_slot(sync), present = ol_beacon_period(&sync->network, slot);
  while (ol_sync_needed_period(&sync->store) < present) {
    if (seek(sync, OL_SYNC_UPDATES)) return false;
    if (!ol_light_store_force_signed(&sync->store, slot)) {
      if (sync->worst.status == OL_OK)
        ol_error_set(&sync->worst, OL_ERR_PROOF, OL_NOWHERE,
                     "no endpoint has an update of this period that is final, or signed by two thirds");
      give_up(sync, &sync->worst, parts[OL_SYNC_UPDATES], (uint32_t)ol_sync_needed_period(&sync->store));
      return false;
    }
    forget_tries(sync, OL_SYNC_UPDATES);
  }
  return true;
}

/* Returns: whether the store's heads are as new as any can be: the slot before signed, the epoch before last final. */
static bool heads_are_newest(const ol_sync *sync) {
  const ol_beacon_network *network = &sync->network;
  uint64_t slot = ol_sync_slot(sync);
  return sync->store.optimistic.beacon.slot + 1 >= slot &&
         ol_beacon_epoch(network, sync->store.finalized.beacon.slot) + EPOCHS_TO_FINALITY >=
             ol_beacon_epoch(network, slot);
}

/* Judges the heads that came early. */
static void read_early(ol_sync *sync) {
  const int32_t taken = sync->engine.taken; /* is said of the answer that has just come */
  for (uint32_t i = 0; i < sync->early_count; i++) {
    const ol_sync_early *early = &sync->early[i];
    ol_error error;
    ol_error_clear(&error);
    ol_status status = read_head(&error, sync, &early->want, ol_slice_of(early->answer, early->len));
    if (status == OL_OK) continue;
    (void)ol_error_within(&error, status, parts[early->want.kind], OL_NOWHERE);
    ol_engine_blame(&sync->engine, &early->want, &error);
  }
  sync->early_count = 0;
  sync->engine.taken = taken;
}

static bool has_a_head(const ol_sync *sync) {
  bool any = false;
  for (uint32_t i = 0; i < sync->servers.beacon; i++) any = any || sync->beacon[i].gave_a_head;
  return any;
}

/* Asks everybody for their heads, but those who were asked early. Returns: whether that is over. */
static bool collect_heads(ol_sync *sync) {
  read_early(sync);
  if (!sync->asked_heads && !(has_a_head(sync) && heads_are_newest(sync))) {
    sync->asked_heads = true;
    for (uint32_t i = 0; i < sync->servers.beacon; i++) {
      const ol_sync_endpoint *endpoint = &sync->beacon[i];
      if (!endpoint->barred && endpoint->tries[OL_SYNC_FINALITY] == 0) ask(sync, i, OL_SYNC_FINALITY);
      if (!endpoint->barred && endpoint->tries[OL_SYNC_OPTIMISTIC] == 0) ask(sync, i, OL_SYNC_OPTIMISTIC);
    }
  }
  const bool any = has_a_head(sync);
  bool waits =
      ol_engine_has(&sync->engine, OL_SYNC_FINALITY) || ol_engine_has(&sync->engine, OL_SYNC_OPTIMISTIC);
  if (waits && !(any && heads_are_newest(sync))) return false;
  ol_engine_drop(&sync->engine, OL_SYNC_FINALITY);
  ol_engine_drop(&sync->engine, OL_SYNC_OPTIMISTIC);
  if (!any) give_up(sync, &sync->worst, parts[OL_SYNC_OPTIMISTIC], OL_NOWHERE);
  return any;
}

/* Fetches the header of an execution block. Returns: whether that is over, well or not. */
static bool collect_header(ol_sync *sync, uint32_t kind) {
  const ol_light_header *head = head_for(sync, kind);
  const ol_sync_block *block = block_for(sync, kind);
  bool exists = !ol_is_zero(ol_slice_of(head->block_hash.bytes, sizeof(ol_hash)));
  if (sync->servers.l1 == 0 || !exists || (block->known && ol_hash_equal(&block->hash, &head->block_hash)))
    return true;
  if (!ol_hash_equal(&sync->asked[place_for(kind)], &head->block_hash)) {
    /* What was asked for before was a guess. */
    sync->asked[place_for(kind)] = head->block_hash;
    ol_engine_drop(&sync->engine, kind);
    for (size_t i = 0; i < OL_MAX_ENDPOINTS; i++) sync->l1[i].tries[kind] = 0;
  }
  if (seek(sync, kind)) return false;
  /* A node may not have the newest block yet; what is final, it must have. */
  if (kind == OL_SYNC_FINALIZED_HEADER) give_up(sync, &sync->worst, parts[kind], OL_NOWHERE);
  return true;
}

/* Fetches what does not need the store, while that is brought to the present. */
static void look_ahead(ol_sync *sync) {
  if (!sync->asked_early) {
    sync->asked_early = true;
    ask(sync, sync->preferred, OL_SYNC_FINALITY);
    ask(sync, sync->preferred, OL_SYNC_OPTIMISTIC);
  }
  for (uint32_t kind = OL_SYNC_FINALIZED_HEADER; kind <= OL_SYNC_OPTIMISTIC_HEADER; kind++) {
    const uint32_t place = place_for(kind);
    const ol_hash *guess = &sync->guesses[place];
    const bool is_new = !ol_is_zero(ol_slice_of(guess->bytes, sizeof guess->bytes)) &&
                        !ol_hash_equal(guess, &sync->asked[place]) &&
                        !ol_hash_equal(guess, &sync->blocks[place].hash);
    if (sync->servers.l1 == 0 || !is_new) continue;
    sync->asked[place] = *guess;
    ask(sync, 0, kind);
  }
}

static void advance(ol_engine *engine) {
  ol_sync *sync = sync_of(engine);
  if (engine->state != OL_ENGINE_WORKING) return;
  if (!is_present(sync)) look_ahead(sync);
  if (!sync->has_store) {
    if (!seek(sync, OL_SYNC_BOOTSTRAP)) give_up(sync, &sync->worst, parts[OL_SYNC_BOOTSTRAP], OL_NOWHERE);
    return;
  }
  if (!follow(sync) || !collect_heads(sync)) return;
  bool finalized = collect_header(sync, OL_SYNC_FINALIZED_HEADER);
  bool optimistic = collect_header(sync, OL_SYNC_OPTIMISTIC_HEADER);
  if (finalized && optimistic && engine->state == OL_ENGINE_WORKING) ol_engine_finish(engine);
}

static void begin(ol_engine *engine) {
  ol_sync *sync = sync_of(engine);
  memset(sync->beacon, 0, sizeof sync->beacon);
  memset(sync->l1, 0, sizeof sync->l1);
  sync->asked_early = sync->asked_heads = false;
  sync->early_count = 0;
  memset(sync->guesses, 0, sizeof sync->guesses);
  memset(sync->asked, 0, sizeof sync->asked);
  sync->verified = sync->participants = 0;
  sync->first_period = 0;
  ol_error_clear(&sync->worst);
  if (sync->has_store) {
    ol_error stale;
    ol_error_clear(&stale);
    sync->first_period = ol_sync_needed_period(&sync->store);
    if (!sync->insist && ol_sync_check_age(&stale, &sync->network, sync->store.finalized.beacon.slot,
                                           engine->now_ms) != OL_OK) {
      give_up(sync, &stale, "saved state", OL_NOWHERE);
      return;
    }
  }
  advance(engine);
}

const ol_engine_user ol_sync_user = {
    .begin = begin, .request = request, .answer = answer, .lost = lost, .advance = advance};
