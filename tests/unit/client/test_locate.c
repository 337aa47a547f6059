/* SPDX-License-Identifier: MIT */
#include "client/locate.h"

#include "chain.h"
#include "encoding/jsonrpc.h"
#include "unit/bytes.h"
#include "unit/client/blames.h"
#include "unit/lies.h"

/* The way back from a proven block, driven by an engine that does nothing else. */

#define ENDPOINTS 2
#define MAX_ANSWER (96u << 10)

static chain earth;
static uint8_t scratch[4 << 20], answer_memory[1 << 20];

static struct {
  ol_engine engine; /* the first member */
  ol_locate locate;
  ol_readers from;
  ol_fetch_step step;
  chain_endpoint endpoint;
  uint32_t requests;
  bool backwards;
  /* Called with each honest answer; returns false when the request is to fail. */
  bool (*lie)(const ol_want *want, ol_slice *answer);
} now;

static void begin(ol_engine *engine) {
  (void)engine;
}

static ol_status request(ol_error *why, ol_want *out, ol_engine *engine, const ol_engine_want *want) {
  (void)engine;
  ol_arena arena = ol_arena_of(scratch, sizeof scratch);
  out->max_len = MAX_ANSWER;
  return ol_locate_request(why, out, &now.from, &now.locate, want, &arena);
}

static ol_status answer(ol_error *why, ol_engine *engine, const ol_engine_want *want, ol_slice data) {
  (void)engine;
  ol_arena arena = ol_arena_of(scratch, sizeof scratch);
  ol_json response, result;
  OL_TRY(ol_json_read(why, &response, &arena, data.data, data.len));
  OL_TRY(ol_jsonrpc_result(why, &result, response, want->id));
  return ol_locate_answer(why, &now.from, &now.locate, want, result, &arena);
}

static void lost(ol_engine *engine, const ol_engine_want *want, const ol_error *why) {
  (void)engine;
  ol_locate_lost(&now.from, &now.locate, want, why);
}

static void advance(ol_engine *engine) {
  now.step = ol_locate_advance(engine, &now.from, &now.locate, 3);
}

static const ol_engine_user user = {
    .begin = begin, .request = request, .answer = answer, .lost = lost, .advance = advance};

static ol_block block_of(size_t index) {
  return ol_block_of(&earth.blocks[index].header, &earth.blocks[index].hash);
}

static void start(uint64_t target) {
  memset(&now, 0, sizeof now);
  const ol_block head = block_of(earth.count - 1);
  now.endpoint = (chain_endpoint){.of = &earth, .head = earth.count - 1, .chain_id = WORLD_CHAIN_ID};
  now.from = (ol_readers){.source = OL_SOURCE_L2, .order_count = ENDPOINTS, .order = {0, 1}};
  ol_engine_init(&now.engine, &user, 5000);
  assert_int_equal(ol_engine_begin(&now.engine, 1), OL_OK);
  ol_locate_init(&now.locate, &head, target);
  advance(&now.engine);
}

static ol_fetch_step finish(void) {
  ol_want wants[4];
  uint8_t bodies[4][2048];
  while (now.step == OL_FETCH_WAIT) {
    uint32_t count = 0;
    while (ol_engine_next_want(&now.engine, &wants[count]) == 1) {
      assert_true(count < 3 && wants[count].body.len <= sizeof bodies[0]);
      memcpy(bodies[count], wants[count].body.data, wants[count].body.len);
      wants[count].body.data = bodies[count];
      count++;
    }
    assert_in_range(count, 1, 2); /* a header, and the proof of its hash; or it would wait for ever */
    now.requests += count;
    for (uint32_t i = 0; i < count; i++) {
      const ol_want *want = &wants[now.backwards ? count - 1 - i : i];
      ol_slice text = chain_answer(&now.endpoint, answer_memory, sizeof answer_memory, want->body);
      if (now.lie == NULL || now.lie(want, &text))
        (void)ol_engine_feed(&now.engine, want->id, text.data, text.len);
      else
        (void)ol_engine_fail(&now.engine, want->id, OL_FAIL_TIMEOUT);
    }
  }
  ol_want want;
  if (now.step == OL_FETCH_DONE) assert_int_equal(ol_engine_next_want(&now.engine, &want), 0);
  return now.step;
}

static void assert_at(size_t index) {
  const ol_block block = block_of(index);
  assert_int_equal(finish(), OL_FETCH_DONE);
  assert_memory_equal(&now.locate.at.hash, &block.hash, sizeof block.hash);
  assert_memory_equal(&now.locate.at.state_root, &block.state_root, sizeof block.state_root);
  assert_memory_equal(&now.locate.at.parent_hash, &block.parent_hash, sizeof block.parent_hash);
  assert_int_equal(now.locate.at.number, block.number);
  assert_int_equal(now.locate.at.timestamp, block.timestamp);
}

/* A chain of these numbers. */
static void make(const uint64_t *numbers, size_t count, uint64_t history_from) {
  chain_end(&earth);
  chain_begin(&earth, 1);
  earth.history_from = history_from;
  for (size_t i = 0; i < count; i++) chain_add(&earth, numbers[i], 0, false);
}

static void make_run(uint64_t first, size_t count, uint64_t history_from) {
  uint64_t numbers[CHAIN_BLOCKS];
  for (size_t i = 0; i < count; i++) numbers[i] = first + i;
  make(numbers, count, history_from);
}

/* --- Where there is a history --- */

static void is_there_already(void **state) {
  (void)state;
  make_run(0, 3, 0);
  start(2);
  assert_at(2);
  assert_int_equal(now.requests, 0);
}

static void goes_to_a_block_in_one_hop(void **state) {
  (void)state;
  make_run(0, 20, 0);
  for (int backwards = 0; backwards < 2; backwards++) {
    for (uint64_t target = 0; target < 20; target++) {
      start(target);
      now.backwards = backwards == 1;
      assert_at(target);
      assert_int_equal(now.requests, target == 19 ? 0 : target == 18 ? 1 : 2); /* a parent needs no proof */
    }
  }
}

/* As many blocks as a state tells, one more, and several times as many. */
static void goes_far_in_several_hops(void **state) {
  (void)state;
  static const uint64_t far[] = {5, 100, 101, 8291, 8292, 16482};
  make(far, 6, 0);
  const uint64_t at = 16482;
  static const struct {
    size_t index;
    uint32_t hops;
  } cases[] = {{4, 1}, {3, 1}, {2, 2}, {1, 2}};
  assert_int_equal(at - far[3], OL_HISTORY_WINDOW);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    start(far[cases[i].index]);
    assert_at(cases[i].index);
    assert_int_equal(now.locate.hops, cases[i].hops);
  }
}

static void goes_to_the_ends_of_numbers(void **state) {
  (void)state;
  make_run(UINT64_MAX - 4, 5, 0);
  start(UINT64_MAX);
  assert_at(4);
  start(UINT64_MAX - 1);
  assert_at(3);
  start(UINT64_MAX - 4);
  assert_at(0);
  make_run(0, 2, 0);
  start(0);
  assert_at(0);
  make_run(0, 1, 0);
  start(0);
  assert_at(0);
}

/* --- Where there is none --- */

static void goes_over_parents_where_the_state_tells_no_hash(void **state) {
  (void)state;
  make_run(100, 66, 1000);
  start(101); /* 64 parents */
  assert_at(1);
  assert_int_equal(now.locate.hops, 64);
  start(100);
  assert_int_equal(finish(), OL_FETCH_FAR);
  /* The fork is between: what is behind it is gone to by parents. */
  make_run(100, 60, 130);
  start(110);
  assert_at(10);
}

static void goes_only_so_far(void **state) {
  (void)state;
  make_run(0, 3, 0);
  start(0);
  now.locate.hops = OL_LOCATE_HOPS;
  advance(&now.engine);
  assert_int_equal(now.step, OL_FETCH_FAR);
}

/* --- Lies --- */

static const char *lie_from, *lie_to, *lie_about;

static bool edit_first(const ol_want *want, ol_slice *text) {
  if (want->endpoint == 0 && asks_for(want, lie_about)) assert_true(replace(text, lie_from, lie_to));
  return true;
}

static void assert_refused(uint64_t target, const char *about, const char *from, const char *to,
                           const char *reason) {
  for (int backwards = 0; backwards < 2; backwards++) {
    ol_blame blame;
    lie_about = about;
    lie_from = from;
    lie_to = to;
    start(target);
    now.backwards = backwards == 1;
    now.lie = edit_first;
    assert_at((size_t)target);
    assert_int_equal(ol_engine_next_blame(&now.engine, &blame), 1);
    assert_int_equal(blame.endpoint, 0);
    assert_string_equal(blame.error.reason, reason);
    assert_no_blame(&now.engine);
  }
}

static void refuses_what_is_forged(void **state) {
  (void)state;
  make_run(0, 20, 0);
  assert_refused(5, "eth_getBlockByNumber", "\"gasUsed\":\"0x0\"", "\"gasUsed\":\"0x1\"",
                 "header's fields do not hash to it: one is forged, or unknown to this version");
  assert_refused(5, "eth_getProof", "\"accountProof\":[\"0x", "\"accountProof\":[\"0x00",
                 "first node does not hash to the root");
  assert_refused(5, "eth_getProof", "\"key\":\"0x5\"", "\"key\":\"0x6\"",
                 "storage proof is for another slot");
}

static uint64_t served; /* which block is served instead of the one asked */
static const chain *served_of;

static bool serve_another(const ol_want *want, ol_slice *text) {
  char body[128];
  if (want->endpoint != 0 || !asks_for(want, "eth_getBlockByNumber")) return true;
  const chain_endpoint other = {.of = served_of, .head = served_of->count - 1, .chain_id = WORLD_CHAIN_ID};
  const int len = snprintf(body, sizeof body,
                           "{\"id\":%u,\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x%x\",false]}",
                           (unsigned)want->id, (unsigned)served);
  *text = chain_answer(&other, answer_memory, sizeof answer_memory, ol_slice_of(body, (size_t)len));
  return true;
}

static void refuses_a_block_of_another_number_or_chain(void **state) {
  (void)state;
  static chain mars;
  make_run(0, 20, 0);
  chain_begin(&mars, 2);
  for (uint64_t i = 0; i < 20; i++) chain_add(&mars, i, 0, false);
  for (int backwards = 0; backwards < 2; backwards++) {
    for (uint64_t target = 5; target < 19; target += 13) { /* by the history, and the parent */
      start(target);
      now.lie = serve_another;
      now.backwards = backwards == 1;
      served_of = &earth;
      served = target + 1;
      assert_at(target);
      assert_blame(&now.engine, OL_SOURCE_L2, 0, "block has another number than the one asked");
      assert_no_blame(&now.engine);
      start(target);
      now.lie = serve_another;
      now.backwards = backwards == 1;
      served_of = &mars;
      served = target;
      assert_at(target);
      assert_blame(&now.engine, OL_SOURCE_L2, 0,
                   "block: block is not in the chain of the one that is proven");
      assert_no_blame(&now.engine);
    }
  }
  chain_end(&mars);
}

static bool no_headers(const ol_want *want, ol_slice *text) {
  (void)text;
  return !asks_for(want, "eth_getBlockByNumber");
}

static bool no_proofs(const ol_want *want, ol_slice *text) {
  (void)text;
  return !asks_for(want, "eth_getProof");
}

static void is_stuck_when_nobody_is_left(void **state) {
  (void)state;
  make_run(0, 20, 0);
  start(5);
  now.lie = no_headers;
  assert_int_equal(finish(), OL_FETCH_STUCK);
  start(5);
  now.lie = no_proofs;
  assert_int_equal(finish(), OL_FETCH_STUCK);
}

static int end(void **state) {
  (void)state;
  chain_end(&earth);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(is_there_already),
      cmocka_unit_test(goes_to_a_block_in_one_hop),
      cmocka_unit_test(goes_far_in_several_hops),
      cmocka_unit_test(goes_to_the_ends_of_numbers),
      cmocka_unit_test(goes_over_parents_where_the_state_tells_no_hash),
      cmocka_unit_test(goes_only_so_far),
      cmocka_unit_test(refuses_what_is_forged),
      cmocka_unit_test(refuses_a_block_of_another_number_or_chain),
      cmocka_unit_test(is_stuck_when_nobody_is_left),
  };
  return cmocka_run_group_tests(tests, NULL, end);
}
