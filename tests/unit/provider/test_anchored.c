/* SPDX-License-Identifier: MIT */
#include "envelopes.h"

#include "openledger/provider.h"
#include "openledger/text.h"
#include "unit/client/anchored.h"
#include "unit/client/blames.h"
#include "unit/lies.h"

/* A provider whose blocks are anchored on L1: what is asked under a candidate, and what becomes of it. */

#define NOW_MS (UINT64_C(1000) * (L1_TIME + 2100))
#define ACCOUNT "0x1112131415161718191a1b1c1d1e1f2021222324"
#define ENDPOINTS 2

static struct {
  ol_provider *provider;
  ol_engine *engine;
  void *memory;
  uint64_t now_ms;
  uint8_t forks[ENDPOINTS]; /* of L2's endpoints: 0 is the chain whose output root L1 has */
  /* Called with each honest answer; returns false when the request is to fail. */
  bool (*lie)(const ol_want *want, ol_slice *answer);
  bool l1_is_late;       /* L1 answers when nobody else has anything to say */
  uint8_t message[4096]; /* the sequencer's */
  size_t message_len;
  uint32_t count;
  char response[1 << 16];
} now;

static int reset(void **unused) {
  (void)unused;
  memset(&now, 0, sizeof now);
  now.now_ms = NOW_MS;
  reset_rollup();
  return 0;
}

static int stop(void **unused) {
  (void)unused;
  free(now.memory);
  now.memory = NULL;
  return 0;
}

static void start(uint32_t trust, uint32_t max_age_s) {
  const ol_provider_config config = {.client = {.chain_id = WORLD_CHAIN_ID,
                                                .endpoints = ENDPOINTS,
                                                .quorum = 1,
                                                .timeout_ms = 5000,
                                                .max_answer = (1 << 16) + 1, /* not aligned */
                                                .l1_endpoints = 1,
                                                .sequencers = 1,
                                                .kept_messages = 5},
                                     .trust = trust,
                                     .max_age_s = max_age_s,
                                     .hold_ms = 0,
                                     .max_response = 1 << 16};
  const size_t size = ol_provider_size(&config);
  now.memory = aligned_alloc(16, size);
  assert_int_equal(ol_provider_init(&error, &now.provider, &config, now.memory, size), OL_OK);
  now.engine = ol_provider_engine(now.provider);
}

static void anchor(void) {
  assert_int_equal(ol_provider_anchor(&error, now.provider, &rollup, &l1), OL_OK);
}

static void answer_want(const ol_want *want) {
  ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
  const world_endpoint l2 = {.head = L2_BLOCK, .fork = now.forks[want->endpoint], .chain_id = WORLD_CHAIN_ID};
  ol_slice text = {now.message, now.message_len};
  if (want->source == OL_SOURCE_L1) text = answer_l1(&arena, want->body);
  if (want->source == OL_SOURCE_L2) text = world_answer(&earth, &l2, &arena, want->body);
  if (now.lie == NULL || now.lie(want, &text))
    (void)ol_engine_feed(now.engine, want->id, text.data, text.len);
  else
    (void)ol_engine_fail(now.engine, want->id, OL_FAIL_CONNECTION);
}

/* Answers the wants that are out, one by one. */
static const char *ask(const char *request) {
  ol_want wants[64];
  ol_slice response;
  uint32_t count = 0;
  now.count = 0;
  assert_int_equal(ol_provider_ask(&error, now.provider, text_of(request)), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, now.now_ms), OL_OK);
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) {
    while (ol_engine_next_want(now.engine, &wants[count]) == 1) {
      uint8_t *body = malloc(wants[count].body.len + 1);
      assert_non_null(body);
      if (wants[count].body.len > 0) memcpy(body, wants[count].body.data, wants[count].body.len);
      wants[count].body.data = body;
      count++;
    }
    assert_true(count > 0 && count < 64); /* or it would wait for ever */
    assert_true(now.count++ < 400);
    uint32_t at = 0;
    while (now.l1_is_late && at + 1 < count && wants[at].source == OL_SOURCE_L1) at++;
    if (wants[at].source == OL_SOURCE_L1) at = 0;
    const ol_want want = wants[at];
    memmove(wants + at, wants + at + 1, (--count - at) * sizeof *wants);
    answer_want(&want);
    free((void *)(uintptr_t)want.body.data);
  }
  while (count > 0) free((void *)(uintptr_t)wants[--count].body.data);
  assert_int_equal(ol_engine_state(now.engine), OL_ENGINE_DONE);
  assert_int_equal(ol_provider_response(&error, &response, now.provider), OL_OK);
  assert_true(response.len < sizeof now.response);
  if (response.len > 0) memcpy(now.response, response.data, response.len);
  now.response[response.len] = '\0';
  return now.response;
}

#define BALANCE(block) "{\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"" ACCOUNT "\",\"" block "\"]}"
#define HALF_ETHER "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x6f05b59d3b20000\"}"

static void assert_error(const char *response, int code, const char *reason) {
  char expected[256];
  snprintf(expected, sizeof expected, "\"error\":{\"code\":%d,", code);
  if (strstr(response, expected) == NULL || strstr(response, reason) == NULL) print_message("%s\n", response);
  assert_non_null(strstr(response, expected));
  assert_non_null(strstr(response, reason));
}

/* --- Candidates --- */

static void answers_at_a_block_that_is_anchored(void **unused) {
  (void)unused;
  for (int late = 0; late < 2; late++) {
    start(OL_TRUST_PROPOSED, OL_AGE_ANY);
    anchor();
    now.l1_is_late = late == 1;
    assert_string_equal(ask(BALANCE("latest")), HALF_ETHER);
    assert_string_equal(ask(BALANCE("finalized")), HALF_ETHER);
    stop(NULL);
  }
}

static void refuses_the_rollup_of_another_chain(void **unused) {
  (void)unused;
  start(OL_TRUST_PROPOSED, OL_AGE_ANY);
  rollup.chain_id++;
  assert_int_equal(ol_provider_anchor(&error, now.provider, &rollup, &l1), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "client is of another chain than the rollup");
}

static uint32_t failures;

/* Nobody proves the account as long as L1 is silent. */
static bool prove_late(const ol_want *want, ol_slice *answer) {
  (void)answer;
  if (!asks_for(want, "eth_getProof") || !asks_for(want, &ACCOUNT[2])) return true;
  return failures++ >= 2 * ENDPOINTS * ENDPOINTS;
}

/* A block that is not that of the output root, under which nobody proves the account at first. */
static void never_answers_at_a_candidate_that_is_not_anchored(void **unused) {
  (void)unused;
  start(OL_TRUST_PROPOSED, OL_AGE_ANY);
  anchor();
  failures = 0;
  now.forks[0] = now.forks[1] = 9;
  now.l1_is_late = true;
  now.lie = prove_late;
  assert_error(ask(BALANCE("latest")), -32002, "block is not that of the output root");
}

static bool contract_is_not_proven(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return !asks_for(want, "eth_getProof") || !asks_for(want, "000102030405060708090a0b0c0d0e0f10111213");
}

/* What nobody proves of one account says nothing of the block, and the others of a batch do not suffer from it. */
static void one_that_is_stuck_leaves_the_others(void **unused) {
  (void)unused;
  static const char batch[] = "[{\"id\":7,\"method\":\"eth_getBalance\",\"params\":["
                              "\"0x000102030405060708090a0b0c0d0e0f10111213\"]}," BALANCE("latest") "]";
  start(OL_TRUST_PROPOSED, OL_AGE_ANY);
  anchor();
  now.l1_is_late = true;
  now.lie = contract_is_not_proven;
  ask(batch);
  assert_non_null(strstr(now.response, "\"id\":7,\"error\":{\"code\":-32002,"));
  assert_non_null(strstr(now.response, "\"id\":1,\"result\":\"0x6f05b59d3b20000\""));
}

static uint32_t blocks;

static bool count_blocks(const ol_want *want, ol_slice *answer) {
  (void)answer;
  blocks += asks_for(want, "eth_getBlockByNumber");
  return true;
}

/* What is asked for is not there: that is no reason to doubt whoever gave the block. */
static void does_not_doubt_a_candidate_for_what_is_asked(void **unused) {
  (void)unused;
  static const char beyond[] = "[" BALANCE("0xffffff") "," BALANCE("latest") "]";
  start(OL_TRUST_PROPOSED, OL_AGE_ANY);
  anchor();
  now.l1_is_late = true;
  now.lie = count_blocks;
  blocks = 0;
  assert_error(ask(beyond), -32001, "there is no such block in the chain that is proven");
  assert_non_null(strstr(now.response, "0x6f05b59d3b20000"));
  assert_int_equal(blocks, 1);
}

/* The first endpoint's block is another, and found out late: what was proven under it is void. */
static void reads_again_under_another_candidate(void **unused) {
  (void)unused;
  start(OL_TRUST_PROPOSED, OL_AGE_ANY);
  anchor();
  now.forks[0] = 9;
  now.l1_is_late = true;
  static const char block[] = "{\"id\":1,\"method\":\"eth_getBlockByNumber\",\"params\":[\"latest\",false]}";
  const ol_header header = world_block(&earth, L2_BLOCK, 0);
  ol_hash hash;
  char text[67];
  ol_header_hash(&hash, &header);
  ol_hex_text(text, hash.bytes, sizeof hash.bytes);
  assert_non_null(strstr(ask(block), text));
  assert_blame(now.engine, OL_SOURCE_L2, 0, "anchored block: block is not that of the output root");
}

/* L1 shows the candidate to be of no use: jobs that have all they asked for do not wait for ever. */
static void ends_jobs_whose_candidate_fails(void **unused) {
  (void)unused;
  start(OL_TRUST_PROPOSED, OL_AGE_ANY);
  rollup.pin_count = 0;
  anchor();
  now.l1_is_late = true;
  assert_error(ask(BALANCE("latest")), -32002, "unknown");
  stop(NULL);
  reset(NULL);
  start(OL_TRUST_PROPOSED, 10);
  anchor();
  now.l1_is_late = true;
  assert_error(ask(BALANCE("latest")), -32002, "block is older than accepted");
}

static bool l2_is_silent(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return want->source == OL_SOURCE_L1;
}

static void ends_without_a_block(void **unused) {
  (void)unused;
  start(OL_TRUST_PROPOSED, OL_AGE_ANY);
  assert_error(ask(BALANCE("latest")), -32002, "this trust level is out of reach");
  anchor();
  now.lie = l2_is_silent;
  assert_error(ask(BALANCE("latest")), -32002, "connection failed");
}

/* --- Age --- */

/* What is anchored stays known; the latest of it is too old one day all the same. */
static void what_was_anchored_grows_old(void **unused) {
  (void)unused;
  start(OL_TRUST_PROPOSED, 3600);
  anchor();
  assert_string_equal(ask(BALANCE("latest")), HALF_ETHER);
  now.now_ms += 3600 * 1000;
  assert_error(ask(BALANCE("latest")), -32002, "block is older than accepted");
  assert_string_equal(ask(BALANCE("finalized")), HALF_ETHER);
}

/* --- What is said of it --- */

static void says_what_anchors_the_block(void **unused) {
  (void)unused;
  start(OL_TRUST_QUORUM, OL_AGE_ANY);
  anchor();
  static const char status[] = "{\"id\":1,\"method\":\"openledger_status\"}";
  assert_non_null(strstr(ask(status), "\"anchored\":true,\"l1Newest\":{\"number\":\"0x32\","));
  static const char safe[] = "{\"id\":1,\"method\":\"openledger_verified\",\"params\":[{\"method\":"
                             "\"eth_getBalance\",\"params\":[\"" ACCOUNT "\",\"safe\"]}]}";
  assert_non_null(strstr(ask(safe), "{\"trust\":\"proposed\",\"block\":{\"number\":\"0x3e8\","));
  assert_non_null(strstr(now.response, "\"anchor\":{\"outputRoot\":\"0x"));
  assert_null(strstr(now.response, "agreed"));
}

/* --- What the sequencer signed --- */

/* In: which of the blocks of this height. */
static void sign(uint8_t salt) {
  static uint8_t message[4096];
  ol_header header = envelope_header(4, false);
  header.timestamp = now.now_ms / 1000;
  header.state_root = earth.state.root;
  header.coinbase.bytes[0] = salt;
  now.message_len = envelope_pack(now.message, message, envelope_write(message, 4, &header, NULL, 0));
}

static void has_evidence_of_two_blocks(void **unused) {
  (void)unused;
  static uint8_t evidence[8192];
  ol_envelope found[2];
  ol_envelope_rules rules = {.chain_id = WORLD_CHAIN_ID};
  envelope_signer(&rules.signer, 1);
  const ol_u256 code = ol_abi_address(&contracts[SYSTEM_CONFIG_CODE].address);
  const ol_u256 signer = ol_abi_address(&rules.signer);
  put_system_config(&code, &signer);
  put_contracts();
  reset_rollup();
  rollup.system_config = contracts[SYSTEM_CONFIG].address;
  rollup.pins[0] = (ol_rollup_pin){.code_hash = contracts[SYSTEM_CONFIG_CODE].code_hash,
                                   .release = release_named("contracts-bedrock 0.17.2 SystemConfig")};
  start(OL_TRUST_UNSAFE, OL_AGE_ANY);
  anchor();
  size_t len = 0;
  sign(0);
  assert_string_equal(ask(BALANCE("latest")), HALF_ETHER);
  assert_int_equal(ol_provider_equivocation(&error, evidence, sizeof evidence, &len, now.provider),
                   OL_ERR_ARGUMENT);
  sign(1);
  assert_error(ask(BALANCE("latest")), -32002, "message: sequencer has signed two blocks of this height");
  assert_int_equal(ol_provider_equivocation(&error, evidence, sizeof evidence, &len, now.provider), OL_OK);
  assert_int_equal(ol_equivocation_verify(&error, found, &rules, ol_slice_of(evidence, len)), OL_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reset, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(answers_at_a_block_that_is_anchored),
      TEST(refuses_the_rollup_of_another_chain),
      TEST(never_answers_at_a_candidate_that_is_not_anchored),
      TEST(one_that_is_stuck_leaves_the_others),
      TEST(does_not_doubt_a_candidate_for_what_is_asked),
      TEST(reads_again_under_another_candidate),
      TEST(ends_jobs_whose_candidate_fails),
      TEST(ends_without_a_block),
      TEST(what_was_anchored_grows_old),
      TEST(says_what_anchors_the_block),
      TEST(has_evidence_of_two_blocks),
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
