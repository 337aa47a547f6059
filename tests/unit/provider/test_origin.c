/* SPDX-License-Identifier: MIT */
#include "unit/provider/session.h"

/* The L1 origin that a block says it has, and what is proven of L1. */

#define L1_NUMBER UINT64_C(20000)
#define L1_FINALIZED (L1_NUMBER - 64)
#define L1_FRESH (L1_NUMBER + 1)
#define L1_OLD (L1_NUMBER - 5)
#define L1_LIE (L1_NUMBER - 6)
#define L1_FORGOTTEN (L1_NUMBER - 8192)
#define L1_EMPTY (L1_NUMBER - 100) /* its slot is */

static world_trie l1_history, l1_state;

/* Which origin a block has; those of which the chain has bodies are 1, 4, 7, ... */
static const uint64_t origins[] = {L1_NUMBER, L1_FINALIZED, L1_FRESH, L1_OLD, L1_LIE, L1_FORGOTTEN, L1_EMPTY};
#define ORIGINS (sizeof origins / sizeof *origins)

static ol_hash l1_hash(uint64_t number) {
  ol_hash hash;
  memset(hash.bytes, (int)(number % 251) + 1, sizeof hash.bytes);
  return hash;
}

static const ol_hash *origin_of(uint64_t number, uint64_t *out_l1_number) {
  static ol_hash hash;
  *out_l1_number = origins[number / 3 % ORIGINS];
  hash = l1_hash(*out_l1_number);
  if (*out_l1_number == L1_LIE) hash.bytes[31] ^= 1;
  return &hash;
}

static void make_l1(void) {
  ol_hash code_hash;
  const uint64_t told[] = {L1_OLD, L1_LIE};
  for (size_t i = 0; i < 2; i++) {
    const ol_hash hash = l1_hash(told[i]);
    uint8_t rlp[40];
    ol_u256 slot;
    ol_rlp_writer to = {.out = rlp, .len = sizeof rlp};
    ol_history_slot(&slot, told[i]);
    ol_rlp_put_string(&to, hash.bytes, sizeof hash.bytes);
    world_insert(&l1_history, slot.bytes, sizeof slot.bytes, rlp, to.used);
  }
  world_seal(&l1_history);
  ol_keccak256(&code_hash, NULL, 0);
  world_put_account(&l1_state, &ol_history_address, 1, 0, &l1_history.root, &code_hash);
  world_seal(&l1_state);
}

static bool l1_is_silent;

/* Answers for L1, of whose requests there is one kind here. */
static bool with_l1(const ol_want *want, ol_slice *answer) {
  static uint8_t memory[1 << 16];
  if (want->source != OL_SOURCE_L1) return true;
  if (l1_is_silent) return false;
  assert_true(asks_for(want, "0x0000f90827f1c53a10cb7a02335b175320002935"));
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  ol_json request, params, keys, key;
  ol_json_items items;
  ol_u256 slot;
  assert_int_equal(ol_json_read(&error, &request, &arena, want->body.data, want->body.len), OL_OK);
  assert_true(ol_json_find(&params, request, "params"));
  assert_int_equal(ol_json_array(&error, &items, params), OL_OK);
  assert_true(ol_json_next(&keys, NULL, &items) && ol_json_next(&keys, NULL, &items));
  assert_int_equal(ol_json_array(&error, &items, keys), OL_OK);
  assert_true(ol_json_next(&key, NULL, &items));
  assert_int_equal(ol_json_hex_u256(&error, &slot, key), OL_OK);
  ol_json_writer to;
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_text(&to, "jsonrpc", "2.0");
  ol_json_write_u64(&to, "id", want->id);
  world_write_tries(&to, "result", &l1_state, &l1_history, &ol_history_address, &slot, 1);
  ol_json_write_close(&to);
  assert_int_equal(ol_json_write_end(&error, answer, &to), OL_OK);
  return true;
}

static void start_anchored(void) {
  ol_provider_config config = config_of(1, 1);
  config.client.l1_endpoints = 1;
  start_with(config);
  now.lie = with_l1;
  l1_is_silent = false;
  ol_rollup rollup = {.chain_id = WORLD_CHAIN_ID, .system_config = {{1}}};
  const ol_sync_status status = {.optimistic = {.has_header = 1,
                                                .block_number = L1_NUMBER,
                                                .block_hash = l1_hash(L1_NUMBER),
                                                .state_root = l1_state.root},
                                 .finalized = {.has_header = 1,
                                               .block_number = L1_FINALIZED,
                                               .block_hash = l1_hash(L1_FINALIZED),
                                               .state_root = l1_state.root}};
  assert_int_equal(ol_provider_anchor(&error, now.provider, &rollup, &status), OL_OK);
}

static const char *ask_block(size_t origin, bool verified) {
  char request[256];
  snprintf(request, sizeof request,
           verified ? "{\"id\":1,\"method\":\"openledger_verified\",\"params\":[{\"method\":"
                      "\"eth_getBlockByNumber\",\"params\":[\"0x%zx\",false]}]}"
                    : "{\"id\":1,\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x%zx\",false]}",
           3 * origin + 1);
  return ask(request);
}

static void expect_origin(size_t origin, const char *proven) {
  char expected[64];
  const char *response = ask_block(origin, true);
  snprintf(expected, sizeof expected, "\"l1Origin\":{\"number\":\"0x%llx\"",
           (unsigned long long)origins[origin]);
  if (strstr(response, expected) == NULL) print_message("%s\n", response);
  assert_non_null(strstr(response, expected));
  snprintf(expected, sizeof expected, "\"proven\":%s}", proven);
  assert_non_null(strstr(response, expected));
}

static const char lie[] = "block's L1 origin is not in the chain of L1 that is proven";

static void says_whether_an_origin_is_proven(void **state) {
  (void)state;
  start_anchored();
  expect_origin(0, "true");  /* the newest block of L1 */
  expect_origin(1, "true");  /* the finalized one */
  expect_origin(2, "false"); /* a newer one than is proven */
  expect_origin(3, "true");  /* one between, of which L1's state tells */
  expect_origin(5, "false"); /* one before those */
  expect_origin(6, "false"); /* one that it does not tell */
  l1_is_silent = true;
  expect_origin(3, "false"); /* nobody answers */
}

static void refuses_an_origin_that_is_not_in_l1(void **state) {
  (void)state;
  start_anchored();
  assert_error(ask_block(4, true), -32002, lie);
}

/* What costs a round trip is left to those who want to know. */
static void asks_l1_only_for_who_wants_to_know(void **state) {
  (void)state;
  start_anchored();
  const char *response = ask_block(3, false);
  assert_null(strstr(response, "l1Origin"));
  const uint32_t plain = now.rounds;
  (void)ask_block(3, true);
  assert_int_equal(now.rounds, plain + 1);
  assert_null(strstr(ask_block(4, false), "error"));
}

static void compares_what_is_known_in_any_case(void **state) {
  (void)state;
  start_anchored();
  ol_rollup rollup = {.chain_id = WORLD_CHAIN_ID, .system_config = {{1}}};
  ol_sync_status status = {.optimistic = {.has_header = 1, .block_number = L1_NUMBER},
                           .finalized = {.has_header = 1, .block_number = L1_FINALIZED}};
  assert_int_equal(ol_provider_anchor(&error, now.provider, &rollup, &status), OL_OK);
  assert_error(ask_block(0, false), -32002, lie);
  assert_error(ask_block(1, false), -32002, lie);
}

static void says_nothing_without_l1(void **state) {
  (void)state;
  start(1, 1);
  assert_null(strstr(ask_block(0, true), "l1Origin"));
}

static int make(void **state) {
  chain_origin = origin_of;
  make_l1();
  return make_chain(state);
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(says_whether_an_origin_is_proven),
      TEST(refuses_an_origin_that_is_not_in_l1),
      TEST(asks_l1_only_for_who_wants_to_know),
      TEST(compares_what_is_known_in_any_case),
      TEST(says_nothing_without_l1),
  };
  return cmocka_run_group_tests(tests, make, end_chain);
}
