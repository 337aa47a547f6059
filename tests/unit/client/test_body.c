/* SPDX-License-Identifier: MIT */
#include "client/body.h"

#include "chain.h"
#include "unit/bytes.h"
#include "unit/client/blames.h"
#include "unit/lies.h"

/* The body of a block, driven by an engine that does nothing else, in memory that is barely enough or too little. */

#define ENDPOINTS 2
#define MAX_ANSWER (64u << 10)

static ol_error error;
static chain earth;
static uint8_t scratch[4 << 20], answer_memory[1 << 18];

static struct {
  ol_engine engine; /* the first member */
  ol_body body;
  ol_readers from;
  ol_fetch_step step;
  uint8_t *memory; /* ends where its bytes end */
  size_t len;
  uint32_t requests;
  bool backwards;
  bool (*lie)(const ol_want *want, ol_slice *answer);
} now;

static void begin(ol_engine *engine) {
  (void)engine;
}

static ol_status request(ol_error *why, ol_want *out, ol_engine *engine, const ol_engine_want *want) {
  (void)engine;
  ol_arena arena = ol_arena_of(scratch, sizeof scratch);
  out->max_len = MAX_ANSWER;
  return ol_body_request(why, out, &now.body, want, &arena);
}

static ol_status answer(ol_error *why, ol_engine *engine, const ol_engine_want *want, ol_slice data) {
  (void)engine;
  return ol_body_answer(why, &now.body, want, data, now.memory, now.len,
                        ol_arena_of(scratch, sizeof scratch));
}

static void lost(ol_engine *engine, const ol_engine_want *want, const ol_error *why) {
  (void)engine;
  ol_body_lost(&now.body, want, why);
}

static void advance(ol_engine *engine) {
  now.step = ol_body_advance(engine, &now.from, &now.body, 0, now.memory, now.len,
                             ol_arena_of(scratch, sizeof scratch));
}

static const ol_engine_user user = {
    .begin = begin, .request = request, .answer = answer, .lost = lost, .advance = advance};

static void start(size_t index, bool with_receipts, size_t len) {
  free(now.memory);
  memset(&now, 0, sizeof now);
  now.memory = malloc(len);
  assert_non_null(now.memory);
  now.len = len;
  now.from = (ol_readers){.source = OL_SOURCE_L2, .order_count = ENDPOINTS, .order = {0, 1}};
  ol_engine_init(&now.engine, &user, 5000);
  assert_int_equal(ol_engine_begin(&now.engine, 1), OL_OK);
  ol_body_init(&now.body, &earth.blocks[index].hash, with_receipts);
  advance(&now.engine);
}

static ol_fetch_step finish(void) {
  const chain_endpoint endpoint = {.of = &earth, .head = earth.count - 1, .chain_id = WORLD_CHAIN_ID};
  ol_want wants[4];
  uint8_t bodies[4][512];
  while (now.step == OL_FETCH_WAIT) {
    uint32_t count = 0;
    while (ol_engine_next_want(&now.engine, &wants[count]) == 1) {
      assert_true(count < 3 && wants[count].body.len <= sizeof bodies[0]);
      memcpy(bodies[count], wants[count].body.data, wants[count].body.len);
      wants[count].body.data = bodies[count];
      count++;
    }
    assert_in_range(count, 1, 2); /* or it would wait for ever */
    now.requests += count;
    for (uint32_t i = 0; i < count; i++) {
      const ol_want *want = &wants[now.backwards ? count - 1 - i : i];
      ol_slice text = chain_answer(&endpoint, answer_memory, sizeof answer_memory, want->body);
      if (now.lie == NULL || now.lie(want, &text))
        (void)ol_engine_feed(&now.engine, want->id, text.data, text.len);
      else
        (void)ol_engine_fail(&now.engine, want->id, OL_FAIL_TIMEOUT);
    }
  }
  return now.step;
}

static void assert_body(size_t index) {
  const chain_block *block = &earth.blocks[index];
  const ol_slice *transactions, *receipts;
  ol_arena arena = ol_arena_of(scratch, sizeof scratch);
  assert_int_equal(finish(), OL_FETCH_DONE);
  assert_int_equal(ol_body_items(&error, &transactions, &receipts, &now.body, now.memory, &arena), OL_OK);
  assert_int_equal(now.body.count, block->count);
  assert_int_equal(now.body.header.number, block->header.number);
  assert_int_equal(receipts != NULL, now.body.with_receipts);
  for (size_t i = 0; i < block->count; i++) {
    assert_int_equal(transactions[i].len, block->transaction_items[i].len);
    assert_memory_equal(transactions[i].data, block->transaction_items[i].data, transactions[i].len);
    if (receipts == NULL) continue;
    assert_int_equal(receipts[i].len, block->receipt_items[i].len);
    assert_memory_equal(receipts[i].data, block->receipt_items[i].data, receipts[i].len);
  }
}

static void fetches_bodies_in_either_order(void **state) {
  (void)state;
  for (size_t index = 0; index < earth.count; index++) {
    for (int shape = 0; shape < 4; shape++) {
      start(index, shape % 2 == 1, OL_BODY_MEMORY(MAX_ANSWER));
      now.backwards = shape / 2 == 1;
      assert_body(index);
      assert_int_equal(now.requests, 1 + shape % 2);
    }
  }
}

static void needs_memory_to_list_items(void **state) {
  (void)state;
  const ol_slice *transactions, *receipts;
  start(4, true, OL_BODY_MEMORY(MAX_ANSWER));
  assert_body(4);
  for (size_t len = 0; len < 2 * 6 * sizeof(ol_slice); len += 16) {
    ol_arena arena = ol_arena_of(scratch, len);
    assert_int_equal(ol_body_items(&error, &transactions, &receipts, &now.body, now.memory, &arena),
                     OL_ERR_MEMORY);
  }
}

static void needs_memory_to_read_receipts(void **state) {
  (void)state;
  const ol_engine_want want = {.kind = OL_FETCH_RECEIPTS, .id = 1};
  start(4, true, OL_BODY_MEMORY(MAX_ANSWER));
  assert_body(4);
  for (size_t len = 0; len < 6 * sizeof(ol_slice); len += 16) {
    assert_int_equal(ol_body_answer(&error, &now.body, &want, text_of("{\"id\":1,\"result\":[]}"), now.memory,
                                    now.len, ol_arena_of(scratch, len)),
                     OL_ERR_MEMORY);
    assert_string_equal(error.reason, "no memory left for items");
  }
}

/* Of every size of memory: what does not fit is refused, and nothing is written behind it. */
static void stays_in_its_memory(void **state) {
  (void)state;
  bool fitted = false;
  for (int backwards = 0; backwards < 2; backwards++) {
    for (size_t len = 16; len < 40000; len += len < 6000 ? 61 : 997) {
      start(4, true, len);
      now.backwards = backwards == 1;
      if (finish() == OL_FETCH_DONE) {
        assert_body(4);
        fitted = true;
        continue;
      }
      assert_int_equal(now.step, OL_FETCH_STUCK);
      ol_blame blame;
      assert_int_equal(ol_engine_next_blame(&now.engine, &blame), 1);
      assert_string_equal(blame.error.reason, "block is larger than accepted");
    }
  }
  assert_true(fitted);
}

/* --- Lies --- */

static const char *lie_from, *lie_to, *lie_about;

static bool edit_first(const ol_want *want, ol_slice *text) {
  if (want->endpoint == 0 && asks_for(want, lie_about)) assert_true(replace(text, lie_from, lie_to));
  return true;
}

static void assert_refused(const char *about, const char *from, const char *to, const char *reason) {
  for (int backwards = 0; backwards < 2; backwards++) {
    char line[256];
    ol_blame blame;
    lie_about = about;
    lie_from = from;
    lie_to = to;
    start(4, true, OL_BODY_MEMORY(MAX_ANSWER));
    now.backwards = backwards == 1;
    now.lie = edit_first;
    assert_body(4);
    assert_int_equal(ol_engine_next_blame(&now.engine, &blame), 1);
    ol_error_text(&blame.error, line, sizeof line);
    if (strstr(line, reason) == NULL) print_message("%s\n", line);
    assert_non_null(strstr(line, reason));
    assert_int_equal(blame.endpoint, 0);
    assert_int_equal(now.requests, 3);
    assert_no_blame(&now.engine);
  }
}

static void refuses_what_is_not_the_block(void **state) {
  (void)state;
  assert_refused("eth_getBlockByHash", "\"gasUsed\":\"0x", "\"gasUsed\":\"0x1",
                 "header's fields do not hash to it");
  assert_refused("eth_getBlockByHash", "\"transactions\":[{", "\"transactions\":[],\"x\":[{",
                 "items do not give the root in the header");
  assert_refused("eth_getBlockByHash", "{", "", "text is not JSON");
  assert_refused("eth_getBlockByHash", "\"id\":", "\"id\":1", "JSON-RPC response is to another request");
}

static void refuses_what_are_not_its_receipts(void **state) {
  (void)state;
  assert_refused("eth_getBlockReceipts", "\"status\":\"0x1\"", "\"status\":\"0x0\"",
                 "items do not give the root in the header");
  assert_refused("eth_getBlockReceipts", "{", "", "text is not JSON");
  assert_refused("eth_getBlockReceipts", "\"id\":", "\"id\":1", "JSON-RPC response is to another request");
}

static bool be_silent(const ol_want *want, ol_slice *text) {
  (void)text;
  return !asks_for(want, lie_about);
}

static bool be_empty(const ol_want *want, ol_slice *text) {
  if (want->endpoint == 0 && asks_for(want, "eth_getBlockReceipts")) *text = ol_slice_of(NULL, 0);
  return true;
}

static void is_stuck_when_nobody_is_left(void **state) {
  (void)state;
  static const char *const methods[] = {"eth_getBlockByHash", "eth_getBlockReceipts"};
  for (size_t i = 0; i < 2; i++) {
    start(4, true, OL_BODY_MEMORY(MAX_ANSWER));
    now.lie = be_silent;
    lie_about = methods[i];
    assert_int_equal(finish(), OL_FETCH_STUCK);
  }
  for (int backwards = 0; backwards < 2; backwards++) { /* an answer of no bytes */
    start(4, true, OL_BODY_MEMORY(MAX_ANSWER));
    now.backwards = backwards == 1;
    now.lie = be_empty;
    assert_body(4);
    assert_blame(&now.engine, OL_SOURCE_L2, 0, "byte 0: JSON text is empty");
  }
}

static int make(void **state) {
  (void)state;
  chain_make(&earth, 1, 14);
  return 0;
}

static int end(void **state) {
  (void)state;
  chain_end(&earth);
  free(now.memory);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fetches_bodies_in_either_order), cmocka_unit_test(needs_memory_to_list_items),
      cmocka_unit_test(needs_memory_to_read_receipts),  cmocka_unit_test(stays_in_its_memory),
      cmocka_unit_test(refuses_what_is_not_the_block),  cmocka_unit_test(refuses_what_are_not_its_receipts),
      cmocka_unit_test(is_stuck_when_nobody_is_left),
  };
  return cmocka_run_group_tests(tests, make, end);
}
