/* SPDX-License-Identifier: MIT */
#include "openledger/sync.h"
#include "openledger/text.h"

#include "beacon_node.h"
#include "unit/bytes.h"
#include "unit/client/blames.h"
#include "world.h"

/* Following a chain through the engine, from nodes that may lie, be behind, or say nothing. */

#define GENESIS 1000000u
#define SLOT_MS UINT64_C(6000)
#define HEAD (NODE_PERIODS * NODE_PERIOD + 42) /* the current slot: the one that signs the optimistic head */
#define NODES 3

static ol_error error;
static beacon_node node;
static world_chain earth;
static uint8_t arena_memory[1 << 20];

/* How an endpoint behaves. */
typedef struct server {
  bool json;                                           /* it knows no SSZ */
  bool silent;                                         /* it does not answer */
  uint32_t dies_after;                                 /* answers, if not 0 */
  void (*lie)(const ol_want *want, node_text *answer); /* what it changes */
  uint32_t answers;
} server;

static struct {
  ol_sync *sync;
  ol_engine *engine;
  void *memory;
  ol_sync_config config;
  ol_sync_servers servers;
  server nodes[NODES];
  server l1[NODES];
  uint64_t now_ms;
  uint32_t requests[OL_MAX_ENDPOINTS];
  uint32_t rounds; /* of the last run */
  char last_path[128];
  ol_taken taken[2]; /* of the last finality update, and of the last optimistic one */
} now;

static ol_hash block_hash(uint64_t slot) {
  ol_header header = world_block(&earth, slot, 0);
  ol_hash hash;
  ol_header_hash(&hash, &header);
  return hash;
}

static int make_chain(void **state) {
  (void)state;
  world_make(&earth);
  beacon_block_hash = block_hash;
  node_make(&node);
  return 0;
}

static void start(uint32_t beacon, uint32_t l1) {
  now.servers = (ol_sync_servers){.beacon = beacon, .l1 = l1, .timeout_ms = 5000};
  now.memory = aligned_alloc(16, ol_sync_size());
  assert_int_equal(ol_sync_init(&error, &now.sync, &now.config, &now.servers, now.memory, ol_sync_size()),
                   OL_OK);
  now.engine = ol_sync_engine(now.sync);
}

static int reset(void **state) {
  (void)state;
  memset(&now, 0, sizeof now);
  now.config = (ol_sync_config){.network = text_of(node_network_json), .checkpoint = node.checkpoint};
  now.now_ms = GENESIS * UINT64_C(1000) + HEAD * SLOT_MS;
  return 0;
}

static int stop(void **state) {
  (void)state;
  free(now.memory);
  return 0;
}

static uint64_t number_after(const char *path, const char *name) {
  const char *at = strstr(path, name);
  assert_non_null(at);
  return strtoull(at + strlen(name), NULL, 10);
}

static void answer_beacon(node_text *out, const server *of, const char *path) {
  static const char prefix[] = "/eth/v1/beacon/light_client/";
  char bootstrap[80] = "bootstrap/";
  assert_int_equal(strncmp(path, prefix, strlen(prefix)), 0);
  path += strlen(prefix);
  ol_hex_text(bootstrap + strlen(bootstrap), node.checkpoint.bytes, 32);
  out->len = 0;
  if (strcmp(path, bootstrap) == 0) {
    const node_text *text = of->json ? &node.json_bootstrap : &node.bootstrap;
    node_put(out, text->data, text->len);
  } else if (strncmp(path, "updates?", 8) == 0) {
    uint64_t first = number_after(path, "start_period="), count = number_after(path, "count=");
    if (of->json)
      node_put_json_updates(out, &node, first, count);
    else
      node_put_updates(out, &node, first, count);
  } else {
    bool finality = strcmp(path, "finality_update") == 0;
    assert_true(finality || strcmp(path, "optimistic_update") == 0);
    const node_text *text = finality ? &node.finality : &node.optimistic;
    node_put(out, text->data, text->len);
  }
}

static void answer_l1(node_text *out, const ol_want *want) {
  ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
  ol_json request, params, member;
  ol_json_items items;
  ol_hash asked;
  ol_json_writer to;
  ol_slice text;
  uint64_t id;
  assert_int_equal(ol_json_read(&error, &request, &arena, want->body.data, want->body.len), OL_OK);
  assert_true(ol_json_find(&member, request, "id") && ol_json_u64(&error, &id, member) == OL_OK);
  assert_true(ol_json_find(&params, request, "params") && ol_json_array(&error, &items, params) == OL_OK);
  assert_true(ol_json_next(&member, NULL, &items));
  assert_int_equal(ol_json_hex_fixed(&error, asked.bytes, sizeof asked, member), OL_OK);
  uint64_t slot = HEAD;
  ol_hash hash = block_hash(slot);
  while (slot > 0 && !ol_hash_equal(&hash, &asked)) hash = block_hash(--slot);
  const ol_header header = world_block(&earth, slot, 0);
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_text(&to, "jsonrpc", "2.0");
  ol_json_write_u64(&to, "id", id);
  if (slot > 0)
    world_write_block(&to, "result", &header);
  else
    ol_json_write_null(&to, "result");
  ol_json_write_close(&to);
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_OK);
  out->len = 0;
  node_put(out, text.data, text.len);
}

/* A request that was taken, as its bytes are gone at the next call. */
typedef struct request {
  ol_want want;
  char path[256];
  uint8_t body[512];
} request;

static void answer(request *to) {
  static node_text out;
  bool of_l1 = to->want.source == OL_SOURCE_L1;
  server *of = of_l1 ? &now.l1[to->want.endpoint] : &now.nodes[to->want.endpoint];
  to->want.path.data = (const uint8_t *)to->path;
  to->want.body.data = to->body;
  if (of->silent || (of->dies_after != 0 && of->answers >= of->dies_after)) {
    ol_engine_fail(now.engine, to->want.id, OL_FAIL_CONNECTION);
    return;
  }
  of->answers++;
  if (of_l1)
    answer_l1(&out, &to->want);
  else
    answer_beacon(&out, of, to->path);
  if (of->lie != NULL) of->lie(&to->want, &out);
  assert_true(out.len <= to->want.max_len);
  ol_engine_feed(now.engine, to->want.id, out.data, out.len);
  if (strstr(to->path, "finality") != NULL) now.taken[0] = ol_engine_taken(now.engine);
  if (strstr(to->path, "optimistic") != NULL) now.taken[1] = ol_engine_taken(now.engine);
}

static ol_engine_status run(void) {
  request requests[2 * NODES];
  assert_int_equal(ol_sync_start(&error, now.sync), OL_OK);
  ol_status begun = ol_engine_begin(now.engine, now.now_ms);
  assert_true(begun == OL_OK || ol_engine_state(now.engine) == OL_ENGINE_FAILED);
  now.rounds = 0;
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) {
    size_t count = 0;
    now.rounds++;
    while (count < 2 * NODES && ol_engine_next_want(now.engine, &requests[count].want) == 1) {
      request *taken = &requests[count++];
      const ol_want *want = &taken->want;
      assert_true(want->path.len < sizeof taken->path && want->body.len <= sizeof taken->body);
      memset(taken->path, 0, sizeof taken->path);
      if (want->path.len > 0) memcpy(taken->path, want->path.data, want->path.len);
      if (want->body.len > 0) memcpy(taken->body, want->body.data, want->body.len);
      assert_int_equal(want->method, want->source == OL_SOURCE_L1 ? OL_HTTP_POST : OL_HTTP_GET);
      assert_int_equal(want->format, want->source == OL_SOURCE_L1 ? OL_FORMAT_JSON : OL_FORMAT_SSZ);
      now.requests[want->endpoint]++;
    }
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) answer(&requests[i]);
  }
  return ol_engine_state(now.engine);
}

static ol_sync_status expect_present(void) {
  ol_sync_status status;
  ol_engine_status state = run();
  char line[256];
  ol_error_text(ol_engine_error(now.engine), line, sizeof line);
  if (state != OL_ENGINE_DONE) print_message("%s\n", line);
  assert_int_equal(state, OL_ENGINE_DONE);
  assert_int_equal(ol_sync_status_of(&error, &status, now.sync), OL_OK);
  return status;
}

static void expect_failure(ol_status status, const char *text) {
  char line[256];
  assert_int_equal(run(), OL_ENGINE_FAILED);
  ol_error_text(ol_engine_error(now.engine), line, sizeof line);
  assert_string_equal(line, text);
  assert_int_equal(ol_engine_error(now.engine)->status, status);
}

static void expect_blame(ol_source source, uint32_t endpoint, const char *text) {
  assert_blame(now.engine, source, endpoint, text);
}

static void expect_no_blame(void) {
  assert_no_blame(now.engine);
}

/* --- The way to the present --- */

static void comes_to_the_present(void **state) {
  (void)state;
  start(1, 0);
  ol_sync_status status = expect_present();
  assert_int_equal(status.finalized.slot, NODE_PERIODS * NODE_PERIOD + 24);
  assert_int_equal(status.optimistic.slot, NODE_PERIODS * NODE_PERIOD + 41);
  assert_int_equal(status.optimistic.time, GENESIS + status.optimistic.slot * 6);
  assert_int_equal(status.period, NODE_PERIODS);
  assert_int_equal(status.updates, NODE_PERIODS + 2);
  assert_int_equal(status.participants, 24);
  assert_int_equal(status.committee_size, NODE_MEMBERS);
  assert_int_equal(status.forced, 0);
  assert_int_equal(status.finalized.has_header, 0);
  /* bootstrap, three times updates of 14 periods, two heads */
  assert_int_equal(now.requests[0], 6);
  ol_sync_progress progress;
  ol_sync_progress_of(&progress, now.sync);
  assert_int_equal(progress.first, 0);
  assert_int_equal(progress.now, NODE_PERIODS);
  assert_int_equal(progress.last, NODE_PERIODS);
  expect_no_blame();
}

static void reads_json_too(void **state) {
  (void)state;
  now.nodes[0].json = true;
  start(1, 0);
  assert_int_equal(expect_present().finalized.slot, NODE_PERIODS * NODE_PERIOD + 24);
}

static void fetches_execution_headers(void **state) {
  (void)state;
  start(1, 1);
  ol_sync_status status = expect_present();
  assert_int_equal(status.finalized.has_header, 1);
  assert_int_equal(status.finalized.block_number, status.finalized.slot);
  assert_int_equal(status.optimistic.block_number, status.optimistic.slot);
  assert_memory_equal(&status.optimistic.state_root, &earth.state.root, sizeof(ol_hash));
  assert_int_equal(now.l1[0].answers, 2);
  (void)expect_present(); /* which are not fetched again */
  assert_int_equal(now.l1[0].answers, 2);
}

static void goes_on_with_the_chain(void **state) {
  (void)state;
  start(1, 0);
  (void)expect_present();
  assert_int_equal(ol_sync_due_ms(now.sync, now.now_ms), SLOT_MS + SLOT_MS / 3);
  node_make_heads(&node, 48, 32);
  now.now_ms += 8 * SLOT_MS;
  now.requests[0] = 0;
  ol_sync_status status = expect_present();
  assert_int_equal(status.finalized.slot, NODE_PERIODS * NODE_PERIOD + 32);
  assert_int_equal(status.optimistic.slot, NODE_PERIODS * NODE_PERIOD + 49);
  assert_int_equal(now.requests[0], 2);
  status = expect_present(); /* the same again is no news, and no fault */
  assert_int_equal(status.updates, 0);
  expect_no_blame();
  node_make_heads(&node, 40, 24);
}

static void tells_which_heads_it_goes_on_with(void **state) {
  (void)state;
  start(1, 0);
  node_make_heads(&node, 48, 32);
  now.now_ms += 12 * SLOT_MS; /* so that none of these is as new as any can be */
  (void)expect_present();
  assert_int_equal(now.taken[0], OL_TAKEN_USED);
  assert_int_equal(now.taken[1], OL_TAKEN_USED);
  node_make_heads(&node, 46, 32); /* the same is final, and the newest is not */
  (void)expect_present();
  assert_int_equal(now.taken[0], OL_TAKEN_USED);
  assert_int_equal(now.taken[1], OL_TAKEN_IDLE);
  node_make_heads(&node, 40, 24);
  (void)expect_present();
  assert_int_equal(now.taken[0], OL_TAKEN_IDLE);
  assert_int_equal(now.taken[1], OL_TAKEN_IDLE);
  expect_no_blame();
}

static void tells_when_the_next_is_due(void **state) {
  (void)state;
  start(1, 0);
  (void)expect_present();
  uint64_t due_ms = GENESIS * UINT64_C(1000) + (HEAD + 1) * SLOT_MS + SLOT_MS / 3;
  assert_int_equal(ol_sync_due_ms(now.sync, due_ms - 1), 1);
  assert_int_equal(ol_sync_due_ms(now.sync, due_ms), SLOT_MS); /* nothing came: a slot later */
  assert_int_equal(ol_sync_due_ms(now.sync, due_ms + 1), SLOT_MS - 1);
  assert_int_equal(ol_sync_due_ms(now.sync, due_ms + 10 * SLOT_MS + 5), SLOT_MS - 5);
}

static void tells_how_far_it_is(void **state) {
  (void)state;
  ol_sync_progress progress;
  now.nodes[0].dies_after = 4; /* the bootstrap, two heads, and 14 updates */
  start(1, 0);
  expect_failure(OL_ERR_TRANSPORT, "updates[14]: connection failed");
  ol_sync_progress_of(&progress, now.sync);
  assert_int_equal(progress.first, 0);
  assert_int_equal(progress.now, 14);
  assert_int_equal(progress.last, NODE_PERIODS);
  ol_sync_status status;
  assert_int_equal(ol_sync_status_of(&error, &status, now.sync), OL_OK);
  assert_int_equal(status.period, 13);
  now.nodes[0].dies_after = 0;
  assert_int_equal(expect_present().updates, NODE_PERIODS - 14 + 2); /* from where it was */
}

/* --- Nodes that fail --- */

static void goes_on_with_another_when_one_dies(void **state) {
  (void)state;
  now.nodes[0].dies_after = 2;
  start(2, 0);
  (void)expect_present();
  expect_blame(OL_SOURCE_BEACON, 0, "connection failed");
  assert_int_equal(now.nodes[1].answers, 4);
}

static void does_not_wait_for_the_slow(void **state) {
  (void)state;
  start(2, 0);
  assert_int_equal(ol_sync_start(&error, now.sync), OL_OK);
  (void)expect_present();
  assert_int_equal(now.requests[1], 0); /* the heads that one gave at once are as new as any can be */
  /* Later both are asked, and the first to answer is enough. */
  (void)expect_present();
  assert_int_equal(now.requests[1], 2);
  assert_int_equal(now.nodes[1].answers, 2);
}

/* Fifteen periods and more are two answers, after the bootstrap; heads and L1's headers come meanwhile. */
static void looks_ahead_while_it_follows(void **state) {
  (void)state;
  start(1, 1);
  assert_int_equal(expect_present().optimistic.has_header, 1);
  assert_int_equal(now.rounds, 1 + (NODE_PERIODS + 13) / 14);
}

static void another_execution_block(const ol_want *want, node_text *out) {
  (void)want;
  const ol_hash hash = block_hash(HEAD - 1);
  for (size_t i = 0; i + sizeof hash <= out->len; i++) {
    if (memcmp(out->data + i, hash.bytes, sizeof hash) == 0) out->data[i] ^= 1;
  }
}

static void does_not_stop_at_a_wrong_guess(void **state) {
  (void)state;
  now.nodes[0].lie = another_execution_block;
  start(2, 1);
  ol_sync_status status = expect_present();
  assert_int_equal(status.optimistic.has_header, 1);
  assert_int_equal(status.optimistic.block_number, HEAD - 1);
  expect_blame(OL_SOURCE_BEACON, 0,
               "optimistic update attested_header: execution block is not that of the beacon block");
  expect_no_blame(); /* L1 has no such block, and that is no lie */
}

static void says_that_nobody_answers(void **state) {
  (void)state;
  now.nodes[0].silent = now.nodes[1].silent = true;
  start(2, 0);
  expect_failure(OL_ERR_TRANSPORT, "bootstrap: connection failed");
  assert_int_equal(now.requests[0], 6); /* for the heads, too */
  assert_int_equal(now.requests[1], 2);
  ol_sync_status status;
  uint8_t saved[OL_SYNC_SAVED];
  size_t len;
  assert_int_equal(ol_sync_status_of(&error, &status, now.sync), OL_ERR_ARGUMENT);
  assert_int_equal(ol_sync_save(&error, saved, &len, now.sync), OL_ERR_ARGUMENT);
}

static bool asks_for(const ol_want *want, const char *what) {
  return strstr((const char *)want->path.data, what) != NULL;
}

static void no_heads(const ol_want *want, node_text *out) {
  if (asks_for(want, "_update")) out->len = 0;
}

static void says_that_nobody_has_heads(void **state) {
  (void)state;
  now.nodes[0].lie = no_heads;
  start(1, 0);
  expect_failure(OL_ERR_ENCODING, "finality update byte 0: JSON text is empty");
}

static void no_updates(const ol_want *want, node_text *out) {
  if (asks_for(want, "updates?")) out->len = 0;
}

static void asks_another_that_has_the_updates(void **state) {
  (void)state;
  now.nodes[0].lie = no_updates;
  start(2, 0);
  (void)expect_present();
  expect_blame(OL_SOURCE_BEACON, 0, "updates[0]: endpoint has no update of the period asked for");
  now.nodes[1].lie = no_updates;
  stop(NULL);
  start(2, 0);
  expect_failure(OL_ERR_REMOTE, "updates[0]: endpoint has no update of the period asked for");
}

/* --- Nodes that lie --- */

static void forged_bootstrap(const ol_want *want, node_text *out) {
  if (asks_for(want, "bootstrap")) out->data[112] ^= 1;
}

static void forged_update(const ol_want *want, node_text *out) {
  if (asks_for(want, "updates?")) out->data[3 * (12 + NODE_UPDATE_LEN) + 12 + 20] ^= 1;
}

static void later_updates(const ol_want *want, node_text *out) {
  if (!asks_for(want, "updates?")) return;
  out->len -= 12 + NODE_UPDATE_LEN;
  memmove(out->data, out->data + 12 + NODE_UPDATE_LEN, out->len);
}

static void forged_finality(const ol_want *want, node_text *out) {
  if (asks_for(want, "finality_update")) out->data[20] ^= 1;
}

static void blames_who_lied_and_asks_another(void **state) {
  (void)state;
  static const struct {
    void (*lie)(const ol_want *want, node_text *out);
    const char *text;
  } cases[] = {
      {forged_bootstrap, "bootstrap current_sync_committee_branch: sync committee is not in the state"},
      {forged_update,
       "updates[3] sync_committee_signature: the signature is not that of the keys and messages"},
      {later_updates, "updates[0]: is of another period than the one asked for"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    reset(NULL);
    now.nodes[0].lie = cases[i].lie;
    start(2, 0);
    (void)expect_present();
    expect_blame(OL_SOURCE_BEACON, 0, cases[i].text);
    expect_no_blame();
    assert_true(now.nodes[0].answers <= 4); /* it is not asked again */
    stop(NULL);
    start(1, 0);
    now.nodes[0].answers = 0;
    assert_int_equal(run(), OL_ENGINE_FAILED);
    expect_blame(OL_SOURCE_BEACON, 0, cases[i].text);
    stop(NULL);
  }
  now.memory = NULL;
}

static void cut(const ol_want *want, node_text *out) {
  (void)want;
  out->len--;
}

static void no_array(const ol_want *want, node_text *out) {
  if (!asks_for(want, "updates?")) return;
  out->len = 0;
  node_put_text(out, "{\"data\":[]}");
}

static void short_update(const ol_want *want, node_text *out) {
  if (!asks_for(want, "updates?")) return;
  out->len = 0;
  node_put_frame(out, node.updates[0], NODE_UPDATE_LEN - 1);
}

static void null_result(const ol_want *want, node_text *out) {
  char text[64];
  snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"result\":null}",
           (unsigned long long)want->id);
  out->len = 0;
  node_put_text(out, text);
}

static void forged_header(const ol_want *want, node_text *out) {
  (void)want;
  char *at = strstr((char *)out->data, "\"gasUsed\":\"0x0\"");
  at[13] = '1';
}

static void says_what_is_wrong_with_an_answer(void **state) {
  (void)state;
  static const struct {
    void (*lie)(const ol_want *want, node_text *out);
    bool of_l1, json;
    ol_status status;
    const char *text;
  } cases[] = {
      {cut, false, false, OL_ERR_ENCODING,
       "bootstrap byte 0: bytes are no light client object of the fork at their slot"},
      {cut, false, true, OL_ERR_ENCODING, "bootstrap byte 4100: text is not JSON"},
      {no_array, false, false, OL_ERR_ENCODING, "updates[0] byte 0: JSON text is not an array"},
      {short_update, false, false, OL_ERR_ENCODING,
       "updates[0] byte 0: bytes are no light client object of the fork at their slot"},
      {cut, true, false, OL_ERR_ENCODING, "finalized block byte 1702: text is not JSON"},
      {null_result, true, false, OL_ERR_REMOTE,
       "finalized block byte 0: endpoint has no result for the request"},
      {forged_header, true, false, OL_ERR_MISMATCH,
       "finalized block hash byte 42: header's fields do not hash to it: one is forged, or unknown to this "
       "version"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    reset(NULL);
    (cases[i].of_l1 ? now.l1 : now.nodes)[0].lie = cases[i].lie;
    now.nodes[0].json = cases[i].json;
    start(1, cases[i].of_l1 ? 1 : 0);
    expect_failure(cases[i].status, cases[i].text);
    stop(NULL);
  }
  now.memory = NULL;
}

static void keeps_what_a_liar_proved_before(void **state) {
  (void)state;
  ol_sync_progress progress;
  now.nodes[0].lie = forged_update;
  start(1, 0);
  expect_failure(OL_ERR_CRYPTO,
                 "updates[3] sync_committee_signature: the signature is not that of the keys and messages");
  ol_sync_progress_of(&progress, now.sync);
  assert_int_equal(progress.now, 3);
}

static void believes_the_one_of_two_who_is_right(void **state) {
  (void)state;
  now.nodes[0].lie = forged_finality;
  start(2, 0);
  ol_sync_status status = expect_present();
  assert_int_equal(status.finalized.slot, NODE_PERIODS * NODE_PERIOD + 24);
  expect_blame(
      OL_SOURCE_BEACON, 0,
      "finality update sync_committee_signature: the signature is not that of the keys and messages");
  expect_no_blame();
}

static void refuses_another_block_from_l1(const ol_want *want, node_text *out) {
  (void)want;
  ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
  const ol_header header = world_block(&earth, 7, 0);
  ol_json_writer to;
  ol_slice text;
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_text(&to, "jsonrpc", "2.0");
  ol_json_write_u64(&to, "id", want->id);
  world_write_block(&to, "result", &header);
  ol_json_write_close(&to);
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_OK);
  out->len = 0;
  node_put(out, text.data, text.len);
}

static void blames_l1_for_another_block(void **state) {
  (void)state;
  now.l1[0].lie = refuses_another_block_from_l1;
  start(1, 2);
  assert_int_equal(expect_present().finalized.has_header, 1);
  expect_blame(OL_SOURCE_L1, 0, "finalized block: block has another hash than the one asked");
  stop(NULL);
  start(1, 1);
  expect_failure(OL_ERR_MISMATCH, "finalized block: block has another hash than the one asked");
}

static void does_without_the_newest_header(void **state) {
  (void)state;
  start(1, 1);
  (void)expect_present();
  node_make_heads(&node, 43, 24);
  now.now_ms += 3 * SLOT_MS;
  now.l1[0].silent = true; /* the finalized block is known */
  ol_sync_status status = expect_present();
  assert_int_equal(status.finalized.has_header, 1);
  assert_int_equal(status.optimistic.has_header, 0);
  node_make_heads(&node, 40, 24);
}

/* --- Periods without finality --- */

#define HARD 5u /* such a period */

static void waits_for_others_then_takes_what_two_thirds_signed(void **state) {
  (void)state;
  node_make_update(&node, HARD, false, 22);
  start(2, 0);
  ol_sync_status status = expect_present();
  assert_int_equal(status.period, NODE_PERIODS);
  assert_int_equal(status.forced, 0);     /* what came after was final again */
  assert_true(now.nodes[1].answers >= 3); /* the other was asked for that period too */
  expect_no_blame();
  node_make_update(&node, HARD, true, 22);
}

static void says_that_the_newest_is_forced(void **state) {
  (void)state;
  node_make_update(&node, NODE_PERIODS - 1, false, 22);
  now.nodes[0].lie = no_heads;
  start(1, 0);
  assert_int_equal(run(), OL_ENGINE_FAILED); /* for want of a head; but so far it came */
  ol_sync_status status;
  assert_int_equal(ol_sync_status_of(&error, &status, now.sync), OL_OK);
  assert_int_equal(status.forced, 1);
  assert_int_equal(status.finalized.slot, (NODE_PERIODS - 1) * NODE_PERIOD + 40);
  node_make_update(&node, NODE_PERIODS - 1, true, 22);
}

static void is_not_forced_by_a_minority(void **state) {
  (void)state;
  node_make_update(&node, HARD, false, 21);
  start(1, 0);
  expect_failure(OL_ERR_PROOF,
                 "updates[5]: no endpoint has an update of this period that is final, or signed "
                 "by two thirds");
  node_make_update(&node, HARD, true, 22);
}

/* --- Checkpoints and saved states --- */

static void refuses_a_checkpoint_that_is_old(void **state) {
  (void)state;
  const uint64_t two_weeks_ms = UINT64_C(1209600000);
  now.now_ms = (GENESIS + 10 * 6) * UINT64_C(1000) + two_weeks_ms + SLOT_MS;
  start(2, 0);
  expect_failure(OL_ERR_STALE, "checkpoint: is older than the weak subjectivity period");
  assert_int_equal(now.requests[1], 0); /* another would say the same */
  expect_no_blame();
  stop(NULL);
  now.config.insist = 1;
  start(1, 0);
  assert_int_equal(run(), OL_ENGINE_FAILED); /* further on: the chain ends long before */
  ol_sync_status status;
  assert_int_equal(ol_sync_status_of(&error, &status, now.sync), OL_OK);
  assert_int_equal(status.period, NODE_PERIODS - 1);
}

static void needs_a_beginning(void **state) {
  (void)state;
  memset(&now.config.checkpoint, 0, sizeof now.config.checkpoint);
  start(1, 0);
  assert_int_equal(ol_sync_start(&error, now.sync), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "there is neither a checkpoint nor a saved state");
}

static void resumes_without_a_bootstrap(void **state) {
  (void)state;
  uint8_t saved[OL_SYNC_SAVED];
  size_t len;
  start(1, 0);
  (void)expect_present();
  assert_int_equal(ol_sync_save(&error, saved, &len, now.sync), OL_OK);
  stop(NULL);
  memset(&now.config.checkpoint, 0, sizeof now.config.checkpoint);
  start(1, 0);
  now.requests[0] = 0;
  assert_int_equal(ol_sync_resume(&error, now.sync, ol_slice_of(saved, len)), OL_OK);
  ol_sync_status status = expect_present();
  assert_int_equal(status.finalized.slot, NODE_PERIODS * NODE_PERIOD + 24);
  assert_int_equal(now.requests[0], 2); /* the heads alone */
  uint8_t again[OL_SYNC_SAVED];
  size_t again_len;
  assert_int_equal(ol_sync_save(&error, again, &again_len, now.sync), OL_OK);
  assert_int_equal(again_len, len);
  assert_memory_equal(again, saved, len); /* the checkpoint is not forgotten */
}

static void does_not_resume_what_is_damaged_or_another(void **state) {
  (void)state;
  uint8_t saved[OL_SYNC_SAVED];
  size_t len;
  char line[128];
  start(1, 0);
  (void)expect_present();
  assert_int_equal(ol_sync_save(&error, saved, &len, now.sync), OL_OK);
  stop(NULL);
  start(1, 0);
  saved[len / 2] ^= 1;
  assert_int_equal(ol_sync_resume(&error, now.sync, ol_slice_of(saved, len)), OL_ERR_ENCODING);
  ol_error_text(&error, line, sizeof line);
  assert_string_equal(line,
                      "saved state byte 1888: is damaged, or was never a saved state: its checksum is wrong");
  saved[len / 2] ^= 1;
  ol_sync_status status;
  assert_int_equal(ol_sync_status_of(&error, &status, now.sync), OL_ERR_ARGUMENT); /* it is as it was */
  now.sync = NULL;
  stop(NULL);
  now.config.checkpoint.bytes[0] ^= 1;
  start(1, 0);
  assert_int_equal(ol_sync_resume(&error, now.sync, ol_slice_of(saved, len)), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "began with another checkpoint");
  assert_int_equal(ol_sync_start(&error, now.sync), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, now.now_ms), OL_OK);
  assert_int_equal(ol_sync_resume(&error, now.sync, ol_slice_of(saved, len)), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "a run goes on");
}

static void refuses_a_state_that_is_old(void **state) {
  (void)state;
  start(1, 0);
  (void)expect_present();
  now.now_ms += UINT64_C(1209600000) + 60 * SLOT_MS;
  expect_failure(OL_ERR_STALE, "saved state: is older than the weak subjectivity period");
}

/* --- Arguments --- */

static void labels_each_network(void **state) {
  (void)state;
  static const char *const labels[] = {"mainnet-4b363db94e286120-00000000",
                                       "sepolia-d8ea171f3c94aea2-90000069",
                                       "hoodi-212f13fc4df078b6-10000910"};
  char label[OL_SYNC_LABEL];
  start(1, 0);
  ol_sync_label(label, now.sync);
  assert_string_equal(label, "custom-0700000000000000-00000000");
  for (size_t i = 0; i < 3; i++) {
    char name[16];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(labels[i], "-"), labels[i]);
    now.config.network = text_of(name);
    assert_int_equal(ol_sync_init(&error, &now.sync, &now.config, &now.servers, now.memory, ol_sync_size()),
                     OL_OK);
    ol_sync_label(label, now.sync);
    assert_string_equal(label, labels[i]);
  }
}

static void refuses_wrong_arguments(void **state) {
  (void)state;
  static const struct {
    ol_sync_servers servers;
    const char *reason;
  } cases[] = {
      {{0, 0, 5000}, "number of beacon endpoints is not 1 to 16"},
      {{17, 0, 5000}, "number of beacon endpoints is not 1 to 16"},
      {{1, 17, 5000}, "number of L1 endpoints is not 0 to 16"},
      {{1, 0, 99}, "timeout is shorter than 100 ms"},
  };
  size_t size = ol_sync_size();
  uint8_t *memory = aligned_alloc(16, size + 16);
  now.memory = memory;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(ol_sync_init(&error, &now.sync, &now.config, &cases[i].servers, memory, size),
                     OL_ERR_ARGUMENT);
    assert_string_equal(error.reason, cases[i].reason);
  }
  const ol_sync_servers servers = {1, 0, 100};
  assert_int_equal(ol_sync_init(&error, &now.sync, &now.config, &servers, memory + 1, size), OL_ERR_ARGUMENT);
  assert_int_equal(ol_sync_init(&error, &now.sync, &now.config, &servers, memory, size - 1), OL_ERR_MEMORY);
  now.config.network = text_of("holesky");
  assert_int_equal(ol_sync_init(&error, &now.sync, &now.config, &servers, memory, size), OL_ERR_ARGUMENT);
  assert_string_equal(error.part, "network");
}

static void abandons_a_run_for_another(void **state) {
  (void)state;
  start(1, 0);
  ol_want want;
  assert_int_equal(ol_sync_start(&error, now.sync), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, now.now_ms), OL_OK);
  assert_int_equal(ol_engine_next_want(now.engine, &want), 1);
  uint64_t before = want.id;
  assert_int_equal(ol_sync_start(&error, now.sync), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, now.now_ms), OL_OK);
  assert_int_equal(ol_engine_feed(now.engine, before, node.bootstrap.data, node.bootstrap.len), OL_OK);
  ol_sync_status status;
  assert_int_equal(ol_sync_status_of(&error, &status, now.sync), OL_ERR_ARGUMENT); /* too late */
  (void)expect_present();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reset, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(comes_to_the_present),
      TEST(reads_json_too),
      TEST(fetches_execution_headers),
      TEST(goes_on_with_the_chain),
      TEST(tells_which_heads_it_goes_on_with),
      TEST(tells_when_the_next_is_due),
      TEST(tells_how_far_it_is),
      TEST(goes_on_with_another_when_one_dies),
      TEST(does_not_wait_for_the_slow),
      TEST(looks_ahead_while_it_follows),
      TEST(does_not_stop_at_a_wrong_guess),
      TEST(says_that_nobody_answers),
      TEST(says_that_nobody_has_heads),
      TEST(asks_another_that_has_the_updates),
      TEST(blames_who_lied_and_asks_another),
      TEST(says_what_is_wrong_with_an_answer),
      TEST(keeps_what_a_liar_proved_before),
      TEST(believes_the_one_of_two_who_is_right),
      TEST(blames_l1_for_another_block),
      TEST(does_without_the_newest_header),
      TEST(waits_for_others_then_takes_what_two_thirds_signed),
      TEST(says_that_the_newest_is_forced),
      TEST(is_not_forced_by_a_minority),
      TEST(refuses_a_checkpoint_that_is_old),
      TEST(needs_a_beginning),
      TEST(resumes_without_a_bootstrap),
      TEST(does_not_resume_what_is_damaged_or_another),
      TEST(refuses_a_state_that_is_old),
      TEST(labels_each_network),
      TEST(refuses_wrong_arguments),
      TEST(abandons_a_run_for_another),
  };
  return cmocka_run_group_tests(tests, make_chain, NULL);
}
