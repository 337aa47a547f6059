/* SPDX-License-Identifier: MIT */
#include "client/run.h"

#include "encoding/jsonrpc.h"
#include "unit/bytes.h"
#include "unit/client/blames.h"
#include "unit/lies.h"
#include "world.h"

/* A run of headers, driven by an engine that does nothing else; endpoints that lie about one part of it. */

#define ENDPOINTS 2
#define MAX_ANSWER (256u << 10)

static ol_error error;
static world_chain earth;
static ol_header headers[OL_RUN_BLOCKS];
static uint8_t scratch[8 << 20], answer_memory[1 << 20];

static struct {
  ol_engine engine; /* the first member */
  ol_run run;
  ol_readers from;
  ol_fetch_step step;
  size_t first; /* of the headers */
  uint32_t most;
  uint32_t requests;
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
  return ol_run_request(why, out, &now.run, want, &arena);
}

static bool is_odd(const void *context, const ol_header *header) {
  assert_ptr_equal(context, &now);
  return header->number % 2 == 1;
}

static ol_status answer(ol_error *why, ol_engine *engine, const ol_engine_want *want, ol_slice data) {
  (void)engine;
  return ol_run_answer(why, &now.run, want, data, ol_arena_of(scratch, sizeof scratch), is_odd, &now);
}

static void lost(ol_engine *engine, const ol_engine_want *want, const ol_error *why) {
  (void)engine;
  ol_run_lost(&now.run, want, why);
}

static void advance(ol_engine *engine) {
  now.step = ol_run_advance(engine, &now.from, &now.run);
}

static const ol_engine_user user = {
    .begin = begin, .request = request, .answer = answer, .lost = lost, .advance = advance};

/* Headers from a number on, each the parent of the next. */
static void make_headers(uint64_t first, uint32_t count) {
  ol_hash hash = {{0}};
  for (uint32_t i = 0; i < count; i++) {
    headers[i] = world_block(&earth, first + i, 0);
    headers[i].timestamp = 1700000000 + i;
    headers[i].gas_used = i;
    headers[i].parent_hash = hash;
    ol_header_hash(&hash, &headers[i]);
  }
}

static void start(uint64_t first, uint32_t count) {
  memset(&now, 0, sizeof now);
  make_headers(first, count);
  const ol_header *last = &headers[count - 1];
  ol_block block = {.number = last->number, .timestamp = last->timestamp, .parent_hash = last->parent_hash};
  ol_header_hash(&block.hash, last);
  now.from = (ol_readers){.source = OL_SOURCE_L2, .order_count = ENDPOINTS, .order = {0, 1}};
  ol_engine_init(&now.engine, &user, 5000);
  assert_int_equal(ol_engine_begin(&now.engine, 1), OL_OK);
  ol_run_init(&now.run, &block, count);
  advance(&now.engine);
}

/* An honest answer to a batch. */
static ol_slice honest(ol_slice body) {
  ol_arena arena = ol_arena_of(scratch, sizeof scratch),
           out = ol_arena_of(answer_memory, sizeof answer_memory);
  ol_json root, one, member, params, param;
  ol_json_items items, values;
  ol_json_writer to;
  ol_slice text;
  uint64_t id = 0, number = 0;
  assert_int_equal(ol_json_read(&error, &root, &arena, body.data, body.len), OL_OK);
  assert_int_equal(ol_json_array(&error, &items, root), OL_OK);
  assert_true(items.left <= OL_RUN_PART);
  ol_json_write_begin(&to, &out);
  ol_json_write_array(&to, NULL);
  while (ol_json_next(&one, NULL, &items)) {
    assert_true(ol_json_find(&member, one, "id") && ol_json_u64(&error, &id, member) == OL_OK);
    assert_true(ol_json_find(&params, one, "params") && ol_json_array(&error, &values, params) == OL_OK);
    assert_true(ol_json_next(&param, NULL, &values) && ol_json_hex_u64(&error, &number, param) == OL_OK);
    assert_true(number == id && number - headers[0].number < OL_RUN_BLOCKS);
    ol_json_write_object(&to, NULL);
    ol_json_write_u64(&to, "id", id);
    world_write_block(&to, "result", &headers[number - headers[0].number]);
    ol_json_write_close(&to);
  }
  ol_json_write_close(&to);
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_OK);
  return text;
}

/* Answers one want after the other, the newest first or the oldest. */
static void finish(bool backwards) {
  ol_want wants[64];
  uint32_t count = 0;
  while (now.step == OL_FETCH_WAIT) {
    while (ol_engine_next_want(&now.engine, &wants[count]) == 1) {
      uint8_t *body = malloc(wants[count].body.len);
      assert_non_null(body);
      memcpy(body, wants[count].body.data, wants[count].body.len);
      wants[count++].body.data = body;
      now.requests++;
    }
    if (count > now.most) now.most = count;
    assert_true(count > 0); /* or it would wait for ever */
    const uint32_t at = backwards ? count - 1 : 0;
    const ol_want want = wants[at];
    memmove(wants + at, wants + at + 1, (--count - at) * sizeof *wants);
    ol_slice text = honest(want.body);
    if (now.lie == NULL || now.lie(&want, &text))
      (void)ol_engine_feed(&now.engine, want.id, text.data, text.len);
    else
      (void)ol_engine_fail(&now.engine, want.id, OL_FAIL_TIMEOUT);
    free((void *)(uintptr_t)want.body.data);
  }
  while (count > 0) free((void *)(uintptr_t)wants[--count].body.data);
}

static void assert_run(void) {
  ol_hash hash;
  assert_int_equal(now.step, OL_FETCH_DONE);
  for (uint32_t i = 0; i < now.run.count; i++) {
    const ol_run_block *block = &now.run.blocks[i];
    ol_header_hash(&hash, &headers[i]);
    assert_memory_equal(&block->hash, &hash, sizeof hash);
    assert_int_equal(block->timestamp, headers[i].timestamp);
    assert_int_equal(block->gas_used, i);
    assert_int_equal(block->gas_limit, headers[i].gas_limit);
    assert_memory_equal(&block->base_fee, &headers[i].base_fee, sizeof block->base_fee);
    assert_int_equal(block->matches, headers[i].number % 2 == 1);
  }
}

/* --- Runs --- */

static void fetches_runs_of_all_lengths(void **state) {
  (void)state;
  static const uint32_t counts[] = {1, 2, 31, 32, 33, 64, 65, 320, OL_RUN_BLOCKS};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    for (int backwards = 0; backwards < 2; backwards++) {
      start(500, counts[i]);
      finish(backwards == 1);
      assert_run();
      assert_int_equal(now.run.first, 500);
      assert_int_equal(now.requests, (counts[i] + OL_RUN_PART - 1) / OL_RUN_PART);
    }
  }
}

static void fetches_runs_at_both_ends_of_numbers(void **state) {
  (void)state;
  start(0, 40);
  finish(false);
  assert_run();
  start(0, 1);
  finish(false);
  assert_run();
  start(UINT64_MAX - 39, 40);
  finish(true);
  assert_run();
}

/* An engine has room for so many wants, whatever fails. */
static bool lose_most(const ol_want *want, ol_slice *text) {
  (void)text;
  return want->endpoint == 1 || want->id % 7 == 0;
}

static void asks_for_a_few_parts_at_once(void **state) {
  (void)state;
  start(1, OL_RUN_BLOCKS);
  finish(false);
  assert_int_equal(now.most, OL_RUN_OUT);
  for (int backwards = 0; backwards < 2; backwards++) {
    start(1, OL_RUN_BLOCKS);
    now.lie = lose_most;
    finish(backwards == 1);
    assert_run();
    assert_int_equal(now.most, OL_RUN_OUT);
  }
}

/* --- Lies --- */

static const char *edit_from, *edit_to;

/* The first endpoint's answers are changed. */
static bool edit_answer(const ol_want *want, ol_slice *text) {
  if (want->endpoint == 0) assert_true(replace(text, edit_from, edit_to));
  return true;
}

static void assert_blamed(const char *from, const char *to, const char *reason) {
  ol_blame blame;
  edit_from = from;
  edit_to = to;
  start(10, 4);
  now.lie = edit_answer;
  finish(false);
  assert_run();
  assert_int_equal(ol_engine_next_blame(&now.engine, &blame), 1);
  assert_int_equal(blame.endpoint, 0);
  assert_string_equal(blame.error.reason, reason);
  assert_no_blame(&now.engine);
  assert_int_equal(now.requests, 2);
}

static void refuses_what_is_not_the_answer_to_a_batch(void **state) {
  (void)state;
  assert_blamed("[{\"id\":10", "{\"id\":10", "text is not JSON");
  assert_blamed("{\"id\":10,", "{", "JSON-RPC response has no id");
  assert_blamed("{\"id\":10,", "{\"id\":\"10\",", "JSON value is not a number");
  assert_blamed("{\"id\":11,", "{\"id\":10,", "JSON-RPC response is to another request");
  assert_blamed("{\"id\":10,", "{\"id\":9,", "JSON-RPC response is to another request");
  assert_blamed("{\"id\":13,", "{\"id\":14,", "JSON-RPC response is to another request");
  assert_blamed("[{", "[{\"id\":12,\"result\":{}},{", "answers are not as many as were asked for");
}

static bool answer_with_an_object(const ol_want *want, ol_slice *text) {
  if (want->endpoint == 0) *text = text_of("{\"id\":0,\"result\":{}}");
  return true;
}

static bool take_no_batches(const ol_want *want, ol_slice *text) {
  if (want->endpoint == 0)
    *text = text_of("{\"id\":null,\"error\":{\"code\":-32600,\"message\":\"batches are off\"}}");
  return true;
}

static void asks_another_where_one_takes_no_batches(void **state) {
  (void)state;
  start(10, 4);
  now.lie = take_no_batches;
  finish(false);
  assert_run();
  assert_blame(&now.engine, OL_SOURCE_L2, 0, "byte 12: endpoint calls the request invalid");
  start(10, 4);
  now.lie = answer_with_an_object;
  finish(false);
  assert_run();
  assert_blame(&now.engine, OL_SOURCE_L2, 0, "byte 0: JSON value is not an array");
}

static void refuses_headers_that_are_forged_or_of_another_number(void **state) {
  (void)state;
  assert_blamed("\"gasUsed\":\"0x2\"", "\"gasUsed\":\"0x3\"",
                "header's fields do not hash to it: one is forged, or unknown to this version");
  assert_blamed("\"result\":{", "\"result\":null,\"a\":{", "endpoint has no result for the request");
}

/* Two blocks in each other's places: both are what they say, but not what was asked. */
static bool swap_two(const ol_want *want, ol_slice *text) {
  if (want->endpoint == 1) return true;
  assert_true(replace(text, "{\"id\":11,", "{\"id\":99,"));
  assert_true(replace(text, "{\"id\":12,", "{\"id\":11,"));
  assert_true(replace(text, "{\"id\":99,", "{\"id\":12,"));
  return true;
}

static void refuses_a_block_of_another_number(void **state) {
  (void)state;
  start(10, 4);
  now.lie = swap_two;
  finish(false);
  assert_run();
  assert_blame(&now.engine, OL_SOURCE_L2, 0, "block has another number than the one asked");
}

/* The answers of a batch may come in any order. */
static bool turn(const ol_want *want, ol_slice *text) {
  (void)want;
  static char out[1 << 20];
  const char *second = find(*text, ",{\"id\":11,");
  assert_non_null(second);
  const size_t first_len = (size_t)(second - (const char *)text->data) - 1;
  const size_t rest = text->len - 1 - first_len - 2; /* without both brackets and the comma */
  const int len = snprintf(out, sizeof out, "[%.*s,%.*s]", (int)rest, second + 1, (int)first_len,
                           (const char *)text->data + 1);
  *text = ol_slice_of(out, (size_t)len);
  return true;
}

static void takes_answers_in_any_order(void **state) {
  (void)state;
  start(10, 4);
  now.lie = turn;
  finish(false);
  assert_run();
  assert_no_blame(&now.engine);
}

/* --- Links --- */

static uint64_t forged; /* the number of a block that another is put in the place of, with its right number */

static bool forge(const ol_want *want, ol_slice *text) {
  char from[32], to[32];
  if (want->endpoint == 1) return true;
  const ol_header kept = headers[forged - headers[0].number];
  headers[forged - headers[0].number].gas_limit++;
  snprintf(from, sizeof from, "\"id\":%u", (unsigned)forged);
  snprintf(to, sizeof to, "{\"id\":%u,", (unsigned)forged);
  const bool asked = find(want->body, from) != NULL;
  if (asked) *text = honest(want->body);
  headers[forged - headers[0].number] = kept;
  return true;
}

/* Another block, in the middle of a part, at its lower end, or at the top. */
static void refuses_what_does_not_link(void **state) {
  (void)state;
  static const struct {
    uint64_t number;
    const char *reason;
  } cases[] = {{40, "headers: header is not that of the parent"},
               {41, "headers: block is not in the chain of the one that is proven"},
               {74, "headers: header is not that of the parent"},
               {79, "headers: block is not in the chain of the one that is proven"},
               {10, "headers: header is not that of the parent"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (int backwards = 0; backwards < 2; backwards++) {
      ol_blame blame;
      forged = cases[i].number;
      start(10, 70);
      now.lie = forge;
      finish(backwards == 1);
      assert_run();
      assert_int_equal(ol_engine_next_blame(&now.engine, &blame), 1);
      assert_int_equal(blame.endpoint, 0);
      assert_string_equal(blame.error.reason, strchr(cases[i].reason, ' ') + 1);
      assert_no_blame(&now.engine);
    }
  }
}

static bool forge_always(const ol_want *want, ol_slice *text) {
  ol_want copy = *want;
  copy.endpoint = 0;
  return forge(&copy, text);
}

static bool be_silent(const ol_want *want, ol_slice *text) {
  (void)want;
  (void)text;
  return false;
}

static void is_stuck_when_nobody_is_left(void **state) {
  (void)state;
  forged = 41;
  start(10, 70);
  now.lie = forge_always;
  finish(false);
  assert_int_equal(now.step, OL_FETCH_STUCK);
  start(10, 1);
  now.lie = be_silent;
  finish(false);
  assert_int_equal(now.step, OL_FETCH_STUCK);
  assert_int_equal(now.requests, OL_TRIES * ENDPOINTS);
}

static int make_world(void **state) {
  (void)state;
  world_make(&earth);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fetches_runs_of_all_lengths),
      cmocka_unit_test(fetches_runs_at_both_ends_of_numbers),
      cmocka_unit_test(asks_for_a_few_parts_at_once),
      cmocka_unit_test(refuses_what_is_not_the_answer_to_a_batch),
      cmocka_unit_test(asks_another_where_one_takes_no_batches),
      cmocka_unit_test(refuses_headers_that_are_forged_or_of_another_number),
      cmocka_unit_test(refuses_a_block_of_another_number),
      cmocka_unit_test(takes_answers_in_any_order),
      cmocka_unit_test(refuses_what_does_not_link),
      cmocka_unit_test(is_stuck_when_nobody_is_left),
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
