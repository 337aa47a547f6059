/* SPDX-License-Identifier: MIT */
#include "chain.h"

#include "openledger/provider.h"
#include "openledger/text.h"
#include "openledger/withdrawal.h"
#include "unit/client/anchored.h"
#include "unit/client/blames.h"
#include "unit/lies.h"

/* What a provider says of L1's SystemConfig, and of withdrawals to L1. */

#define ENDPOINTS 2
#define MAX_ANSWER (96u << 10)
#define BLOCKS 20
#define SENT 4      /* the block with three withdrawals, in its first transaction */
#define QUIET 7     /* one with transactions, but without logs */
#define PROPOSED 16 /* the block that is proposed, and final */
#define MATURITY UINT64_C(604800)
#define PROVEN (L1_TIME - MATURITY - 1)
#define MESSAGE_PASSED "02a52367d10742d8032712c1bb8e0144ff1ec5ffda1ed7d70bb05a2744955054"

static chain l2;
static world_trie passer, other_passer;
static uint8_t long_data[100];

static struct {
  ol_provider *provider;
  ol_engine *engine;
  void *memory;
  size_t size;
  bool moves; /* the provider is copied to other memory after each round */
  uint32_t count;
  bool l1_is_late; /* L1 is told when nobody has anything to say without it */
  bool l1_is_lost; /* ... or is not told at all */
  /* Called with each honest answer, which it may change; returns false when the request is to fail. */
  bool (*lie)(const ol_want *want, ol_slice *answer);
  char response[1 << 17];
} now;

/* --- Withdrawals --- */

static ol_withdrawal withdrawal_of(uint64_t index) {
  ol_withdrawal out = {.nonce = world_word(index), .sender = {{0x51, 1}}, .target = {{0x52, 2}}};
  out.nonce.bytes[1] = 1;
  out.value = world_word(1000 + index);
  out.gas_limit = world_word(100000);
  if (index == 2) out.target = address_of(PORTAL);
  if (index == 1) out.data = ol_slice_of(long_data, sizeof long_data);
  return out;
}

static ol_hash hash_of(uint64_t index) {
  const ol_withdrawal withdrawal = withdrawal_of(index);
  ol_hash hash;
  ol_withdrawal_hash(&hash, &withdrawal);
  return hash;
}

static size_t put_message_passed(ol_log *log, uint8_t words[512], uint64_t index) {
  const ol_withdrawal withdrawal = withdrawal_of(index);
  const ol_hash hash = hash_of(index);
  *log = (ol_log){.address = chain_passer_address, .topic_count = 4};
  from_hex(log->topics[0].bytes, 32, MESSAGE_PASSED);
  memcpy(log->topics[1].bytes, withdrawal.nonce.bytes, 32);
  memcpy(log->topics[2].bytes + 12, withdrawal.sender.bytes, 20);
  memcpy(log->topics[3].bytes + 12, withdrawal.target.bytes, 20);
  memset(words, 0, 512);
  memcpy(words, withdrawal.value.bytes, 32);
  memcpy(words + 32, withdrawal.gas_limit.bytes, 32);
  words[95] = 128;
  memcpy(words + 96, hash.bytes, 32);
  ol_store_be64(words + 152, withdrawal.data.len);
  if (withdrawal.data.len > 0) memcpy(words + 160, withdrawal.data.data, withdrawal.data.len);
  log->data = ol_slice_of(words, 160 + (withdrawal.data.len + 31) / 32 * 32);
  return log->data.len;
}

/* Another log, and three withdrawals. */
static void put_logs(uint64_t number, size_t index, ol_receipt *receipt) {
  static uint8_t logs[2048], words[512];
  ol_rlp_writer to = {.out = logs, .len = sizeof logs};
  if (number != SENT || index != 0) return;
  memset(receipt->logs_bloom, 0, sizeof receipt->logs_bloom);
  receipt->log_count = 4;
  for (uint8_t i = 0; i < 4; i++) {
    ol_log log = sample_log(0);
    if (i > 0) put_message_passed(&log, words, i - 1u);
    put_sample_log(&to, &log);
    ol_bloom_add(receipt->logs_bloom, &log);
  }
  receipt->logs = ol_slice_of(logs, to.used);
}

static void put_sent(world_trie *trie, const ol_hash *hash) {
  ol_u256 slot;
  uint8_t one = 1;
  ol_withdrawal_slot(&slot, hash);
  world_insert(trie, slot.bytes, sizeof slot.bytes, &one, 1);
}

static void make_chain(const world_trie *storage) {
  chain_end(&l2);
  chain_passer = storage;
  chain_receipt = put_logs;
  chain_make(&l2, 1, BLOCKS);
  const chain_block *block = &l2.blocks[PROPOSED];
  claim = (ol_output_claim){.l2_block = PROPOSED};
  ol_output_root_v0(&claim.root, &block->header.state_root, &block->header.withdrawals_root, &block->hash);
  make_l1();
}

static int make_tries(void **unused) {
  (void)unused;
  count_up(long_data, sizeof long_data, 1);
  const ol_hash nothing = {{0x12}};
  for (uint64_t i = 0; i < 3; i++) {
    const ol_hash hash = hash_of(i);
    put_sent(&passer, &hash);
  }
  put_sent(&other_passer, &nothing);
  world_seal(&passer);
  world_seal(&other_passer);
  return 0;
}

static int end_chains(void **unused) {
  (void)unused;
  chain_end(&l2);
  return 0;
}

/* Somebody has proven withdrawal `index`, by the game or by the output. */
static const ol_address submitter = {{0xee, 1}};

static void put_proof(uint64_t index, uint64_t proven_at, bool by_output) {
  const ol_hash hash = hash_of(index);
  ol_withdrawal_slots slots;
  ol_u256 slot, proven = ol_abi_address(&contracts[GAME].address);
  ol_u256 when = ol_abi_u64(proven_at);
  const ol_u256 one = ol_abi_u64(1), who = ol_abi_address(&submitter), root = word_of_hash(&claim.root);
  ol_store_be64(proven.bytes + 4, proven_at);
  ol_store_be64(when.bytes + 8, 2);
  ol_withdrawal_slots_of(&slots, by_output ? OL_PORTAL_OUTPUTS : OL_PORTAL_GAMES, &hash, &submitter);
  put_slot(PORTAL, &slots.proven, by_output ? &root : &proven);
  if (by_output) {
    put_slot(PORTAL, &slots.proven_next, &when);
    return;
  }
  ol_withdrawal_submitter_slot(&slot, &hash, 0);
  put_slot(PORTAL, &slot, &who);
  put_slot(PORTAL, &slots.submitters, &one);
}

static void put_finalized(uint64_t index) {
  const ol_hash hash = hash_of(index);
  const ol_u256 one = ol_abi_u64(1);
  ol_withdrawal_slots slots;
  ol_withdrawal_slots_of(&slots, OL_PORTAL_GAMES, &hash, &submitter);
  put_slot(PORTAL, &slots.finalized, &one);
}

/* --- A provider --- */

static int stop(void **unused) {
  (void)unused;
  free(now.memory);
  now.memory = NULL;
  return 0;
}

static int reset(void **unused) {
  stop(unused);
  memset(&now, 0, sizeof now);
  make_chain(&passer);
  reset_rollup();
  rollup.pins[PORTAL].maturity_delay_s = MATURITY;
  return 0;
}

static void use_oracle(void) {
  memset(&rollup.dispute_game_factory, 0, sizeof rollup.dispute_game_factory);
  rollup.l2_output_oracle = contracts[ORACLE].address;
  rollup.pins[PORTAL].release = release_named("contracts-bedrock 0.17.3 OptimismPortal");
}

static void start_with_l1(bool has_l1) {
  const ol_provider_config config = {.client = {.chain_id = WORLD_CHAIN_ID,
                                                .endpoints = ENDPOINTS,
                                                .quorum = 1,
                                                .timeout_ms = 5000,
                                                .max_answer = MAX_ANSWER,
                                                .l1_endpoints = 1},
                                     .trust = OL_TRUST_QUORUM,
                                     .max_age_s = OL_AGE_ANY};
  const size_t size = ol_provider_size(&config);
  stop(NULL);
  now.size = size;
  now.memory = aligned_alloc(16, size);
  assert_int_equal(ol_provider_init(&error, &now.provider, &config, now.memory, size), OL_OK);
  now.engine = ol_provider_engine(now.provider);
  put_contracts();
  l1.finalized.state_root = l1.optimistic.state_root = state.root;
  const ol_sync_status *status = now.l1_is_late ? NULL : &l1;
  if (has_l1) assert_int_equal(ol_provider_anchor(&error, now.provider, &rollup, status), OL_OK);
}

static void start(void) {
  start_with_l1(true);
}

static void answer_want(const ol_want *want) {
  static uint8_t memory[4 * MAX_ANSWER];
  ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
  const chain_endpoint endpoint = {.of = &l2, .head = BLOCKS - 1, .chain_id = WORLD_CHAIN_ID};
  ol_slice text = want->source == OL_SOURCE_L1 ? answer_l1(&arena, want->body)
                                               : chain_answer(&endpoint, memory, sizeof memory, want->body);
  if (now.lie == NULL || now.lie(want, &text))
    (void)ol_engine_feed(now.engine, want->id, text.data, text.len);
  else
    (void)ol_engine_fail(now.engine, want->id, OL_FAIL_CONNECTION);
}

static void answer_round(void) {
  static uint8_t bodies[64][4096];
  ol_want wants[64];
  uint32_t count = 0;
  while (ol_engine_next_want(now.engine, &wants[count]) == 1) {
    assert_true(count < 63 && wants[count].body.len <= sizeof bodies[0]);
    if (wants[count].body.len > 0) memcpy(bodies[count], wants[count].body.data, wants[count].body.len);
    wants[count].body.data = bodies[count];
    count++;
  }
  if (count == 0) { /* or it would wait for ever */
    assert_true(now.l1_is_late);
    now.l1_is_late = false;
    hint_at = NULL;
    assert_int_equal(ol_provider_anchor(&error, now.provider, now.l1_is_lost ? NULL : &rollup,
                                        now.l1_is_lost ? NULL : &l1),
                     OL_OK);
  }
  for (uint32_t i = 0; i < count; i++) answer_want(&wants[i]);
}

/* An engine may be copied: nothing of it may point to where it was. */
static void move(void) {
  void *memory = aligned_alloc(16, now.size);
  assert_non_null(memory);
  memcpy(memory, now.memory, now.size);
  memset(now.memory, 0xee, now.size);
  free(now.memory);
  now.memory = memory;
  now.provider = memory;
  now.engine = ol_provider_engine(now.provider);
}

static const char *ask(const char *request) {
  ol_slice response;
  assert_int_equal(ol_provider_ask(&error, now.provider, text_of(request)), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, chain_now_ms(&l2)), OL_OK);
  for (now.count = 0; ol_engine_state(now.engine) == OL_ENGINE_WORKING; now.count++) {
    assert_true(now.count < 100);
    answer_round();
    if (now.moves) move();
  }
  assert_int_equal(ol_provider_response(&error, &response, now.provider), OL_OK);
  assert_true(response.len < sizeof now.response);
  memcpy(now.response, response.data, response.len);
  now.response[response.len] = '\0';
  return now.response;
}

static const char *call(const char *method, const char *params) {
  char request[512];
  snprintf(request, sizeof request, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":[%s]}",
           method, params);
  return ask(request);
}

static void assert_has(const char *text, const char *part) {
  if (strstr(text, part) == NULL) print_message("%s\nlacks %s\n", text, part);
  assert_non_null(strstr(text, part));
}

static void expect_error(const char *response, int code, const char *reason) {
  char expected[256];
  snprintf(expected, sizeof expected, "\"error\":{\"code\":%d,", code);
  assert_has(response, expected);
  snprintf(expected, sizeof expected, "\"reason\":\"%s\"", reason);
  assert_has(response, expected);
}

/* The parameters for withdrawals of transaction `index` of a block; and what comes behind it. */
static const char *of_transaction(size_t block, size_t index, const char *more) {
  static char params[256];
  ol_hash hash;
  char text[67];
  const ol_slice bytes = l2.blocks[block].transaction_items[index];
  ol_keccak256(&hash, bytes.data, bytes.len);
  ol_hex_text(text, hash.bytes, sizeof hash.bytes);
  snprintf(params, sizeof params, "\"%s\"%s", text, more);
  return params;
}

static const char *withdrawal(const char *more) {
  return call("openledger_getWithdrawal", of_transaction(SENT, 0, more));
}

/* In: "prove", "finalize", or NULL for neither; the call that there must be. */
static void expect_call(const char *response, const char *name, const ol_call *expected) {
  static char text[1 << 16];
  static const char *const names[] = {"prove", "finalize"};
  for (size_t i = 0; i < 2; i++) {
    snprintf(text, sizeof text, "\"%s\":{", names[i]);
    assert_true((strstr(response, text) != NULL) == (name != NULL && strcmp(name, names[i]) == 0));
  }
  if (name == NULL) return;
  char to[43];
  static char data[1 << 15];
  ol_hex_text(to, expected->to.bytes, sizeof expected->to.bytes);
  assert_true(2 * expected->data.len + 3 <= sizeof data);
  ol_hex_text(data, expected->data.data, expected->data.len);
  snprintf(text, sizeof text, "\"%s\":{\"to\":\"%s\",\"value\":\"0x0\",\"data\":\"%s\"}", name, to, data);
  assert_has(response, text);
}

/* --- Withdrawals --- */

static void names_the_message(void **unused) {
  (void)unused;
  make_chain(&other_passer);
  start();
  const ol_hash hash = hash_of(0);
  char text[67], expected[128];
  const char *response = withdrawal("");
  ol_hex_text(text, hash.bytes, sizeof hash.bytes);
  snprintf(expected, sizeof expected, "\"result\":{\"withdrawalHash\":\"%s\",\"nonce\":\"0x1000", text);
  assert_has(response, expected);
  assert_has(response, "\"sender\":\"0x5101000000000000000000000000000000000000\","
                       "\"target\":\"0x5202000000000000000000000000000000000000\","
                       "\"value\":\"0x3e8\",\"gasLimit\":\"0x186a0\",\"data\":\"0x\",\"stage\":\"waiting\","
                       "\"l1Block\":{\"number\":\"0x32\",");
  expect_call(response, NULL, NULL);
  assert_no_blame(now.engine);
  /* the second one, which has data */
  response = withdrawal(",\"0x1\"");
  assert_has(response, "\"value\":\"0x3e9\",\"gasLimit\":\"0x186a0\",\"data\":\"0x010203");
  assert_has(response, "6364\",\"stage\":\"waiting\"");
  assert_has(call("openledger_verified", "{\"method\":\"eth_chainId\"}"), "0x64c");
}

static ol_call prove_call(uint64_t index, uint64_t output_index, uint8_t memory[], size_t len) {
  static world_proof proof;
  const ol_withdrawal of = withdrawal_of(index);
  const ol_hash hash = hash_of(index);
  const chain_block *block = &l2.blocks[PROPOSED];
  const ol_withdrawal_output output = {.index = output_index,
                                       .root = claim.root,
                                       .state_root = block->header.state_root,
                                       .message_passer_root = passer.root,
                                       .block_hash = block->hash};
  ol_u256 slot;
  ol_call out;
  ol_withdrawal_slot(&slot, &hash);
  world_prove(&proof, &passer, slot.bytes, sizeof slot.bytes);
  assert_int_equal(ol_withdrawal_prove_call(&error, &out, &rollup.optimism_portal, &of, &output, proof.nodes,
                                            proof.count, memory, len),
                   OL_OK);
  return out;
}

static void gives_the_call_that_proves_it(void **unused) {
  (void)unused;
  static uint8_t memory[1 << 14];
  static const char *const more[] = {"", ",\"0x1\""};
  for (uint64_t i = 0; i < 4; i++) {
    const bool oracle = i >= 2;
    reset(NULL);
    if (oracle) use_oracle();
    start();
    const char *response = withdrawal(more[i % 2]);
    assert_has(response, "\"stage\":\"provable\",\"prove\":");
    const ol_call expected = prove_call(i % 2, oracle ? 2 : GAME_INDEX, memory, sizeof memory);
    expect_call(response, "prove", &expected);
    assert_no_blame(now.engine);
  }
}

static void gives_the_call_that_finalizes_it(void **unused) {
  (void)unused;
  static uint8_t memory[1 << 14];
  for (int oracle = 0; oracle < 2; oracle++) {
    reset(NULL);
    const ol_portal_kind kind = oracle == 1 ? OL_PORTAL_OUTPUTS : OL_PORTAL_GAMES;
    const ol_withdrawal of = withdrawal_of(1);
    ol_call expected;
    if (oracle == 1) use_oracle();
    put_proof(1, PROVEN, oracle == 1);
    start();
    const char *response = withdrawal(",\"0x1\"");
    assert_has(response, "\"stage\":\"ready\",\"provenAt\":\"0x654ab67f\",");
    assert_has(response, "\"readyAt\":\"0x6553f100\",");
    assert_has(response, oracle == 1 ? "\"outputIndex\":\"0x2\","
                                     : "\"game\":\"0xa2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2\","
                                       "\"submitter\":\"0xee01000000000000000000000000000000000000\",");
    assert_int_equal(ol_withdrawal_finalize_call(&error, &expected, &rollup.optimism_portal, kind, &of,
                                                 oracle == 1 ? NULL : &submitter, memory, sizeof memory),
                     OL_OK);
    expect_call(response, "finalize", &expected);
    assert_no_blame(now.engine);
  }
}

static void says_when_it_will_be_and_that_it_was(void **unused) {
  (void)unused;
  put_proof(0, PROVEN + 7, false);
  put_finalized(1);
  start();
  const char *response = withdrawal("");
  assert_has(response, "\"stage\":\"proven\",\"provenAt\":");
  assert_has(response, "\"readyAt\":\"0x6553f107\",\"game\":");
  expect_call(response, NULL, NULL);
  response = withdrawal(",\"0x1\"");
  assert_has(response, "\"stage\":\"finalized\",\"l1Block\"");
  expect_call(response, NULL, NULL);
  /* whom it names has proven nothing */
  response = withdrawal(",\"0x0\",\"0x00000000000000000000000000000000000000aa\"");
  assert_has(response, "\"stage\":\"provable\"");
}

static void goes_on_in_other_memory(void **unused) {
  (void)unused;
  put_proof(1, PROVEN, false);
  now.moves = true;
  start();
  assert_has(withdrawal(""), "\"stage\":\"provable\",\"prove\":");
  const char *response = withdrawal(",\"0x1\"");
  assert_has(response, "\"data\":\"0x010203");
  assert_has(response, "\"stage\":\"ready\"");
  assert_no_blame(now.engine);
}

/* A game that goes on says not when it will be over. */
static void does_not_say_what_is_open(void **unused) {
  (void)unused;
  ol_game_slots slots;
  ol_u256 status = {{0}};
  ol_game_slots_of(&slots, &claim);
  ol_store_be64(status.bytes + 24, CREATED);
  memset(&contracts[GAME].storage, 0, sizeof contracts[GAME].storage);
  put_slot(GAME, &slots.status, &status);
  put_proof(0, PROVEN, false);
  start();
  const char *response = withdrawal("");
  assert_has(response, "\"stage\":\"proven\",\"provenAt\":");
  assert_null(strstr(response, "readyAt"));
}

static void refuses_what_is_no_withdrawal(void **unused) {
  (void)unused;
  start();
  static const char none[] = "the transaction has made no withdrawal of this index";
  expect_error(withdrawal(",\"0x3\""), -32001, none);
  expect_error(withdrawal(",\"0x2\""), -32002, "withdrawal is to the portal, which takes none");
  expect_error(call("openledger_getWithdrawal", of_transaction(QUIET, 1, "")), -32001, none);
  assert_has(call("openledger_getWithdrawal",
                  "\"0x1234123412341234123412341234123412341234123412341234123412341234\""),
             "\"result\":null");
  expect_error(call("openledger_getWithdrawal", ""), -32602, "a parameter is missing");
  expect_error(call("openledger_getWithdrawal", "\"0x12\""), -32602, "hex has the wrong length");
  expect_error(withdrawal(",\"x\""), -32602, "hex does not begin with 0x");
  expect_error(withdrawal(",\"0x0\",\"0x12\""), -32602, "hex has the wrong length");
}

/* --- L1 --- */

static void needs_l1(void **unused) {
  (void)unused;
  static const char *const methods[] = {"openledger_getWithdrawal", "openledger_getSystemConfig"};
  rollup.system_config = contracts[SYSTEM_CONFIG].address;
  memset(&rollup.optimism_portal, 0, sizeof rollup.optimism_portal);
  start();
  expect_error(withdrawal(""), -32002, "the rollup's contracts on L1 are not known");
  reset(NULL);
  start();
  expect_error(call(methods[1], ""), -32002, "the rollup's contracts on L1 are not known");
  start_with_l1(false);
  for (size_t i = 0; i < 2; i++)
    expect_error(call(methods[i], i == 0 ? of_transaction(SENT, 0, "") : ""), -32002,
                 "there is no L1 to prove this by: this provider follows none");
}

static void waits_for_l1(void **unused) {
  (void)unused;
  now.l1_is_late = true;
  hint_at = "latest";
  start();
  assert_has(withdrawal(""), "\"stage\":\"provable\"");
  assert_false(now.l1_is_late);
  now.l1_is_late = now.l1_is_lost = true;
  hint_at = "latest";
  start();
  expect_error(withdrawal(""), -32002, "there is no L1 to prove this by: this provider follows none");
}

static bool no_hint(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return want->source != OL_SOURCE_L1 || !asks_for(want, "eth_call") || asks_for(want, "0xbbdc02db");
}

static bool no_portal(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return want->source != OL_SOURCE_L1 || !asks_for(want, "0xa1a1a1a1") || asks_for(want, "eth_call");
}

static bool no_passer(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return !asks_for(want, "0x4200000000000000000000000000000000000016");
}

/* That nothing is proposed matters to what has to be proven yet. */
static void says_what_it_cannot_prove(void **unused) {
  (void)unused;
  put_proof(1, PROVEN, false);
  start();
  now.lie = no_hint;
  expect_error(withdrawal(""), -32002, "connection failed");
  assert_has(withdrawal(",\"0x1\""), "\"stage\":\"ready\"");
  now.lie = no_portal;
  expect_error(withdrawal(""), -32002, "connection failed");
  start();
  now.lie = no_passer;
  expect_error(withdrawal(""), -32002, "connection failed");
  assert_has(withdrawal(",\"0x1\""), "\"stage\":\"ready\"");
  now.lie = NULL;
  rollup.pins[PORTAL].maturity_delay_s = 0;
  start();
  expect_error(withdrawal(""), -32002, "the profile does not say the portal's maturityDelaySeconds");
}

/* The proof of one slot for another: the second endpoint is asked. */
static bool another_slot(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "0x4200000000000000000000000000000000000016"))
    (void)replace(answer, "\"value\":\"0x1\"", "\"value\":\"0x0\"");
  return true;
}

static void blames_who_denies_it(void **unused) {
  (void)unused;
  start();
  now.lie = another_slot;
  assert_has(withdrawal(""), "\"stage\":\"provable\"");
  assert_blame(now.engine, OL_SOURCE_L2, 0, "storageProof[0] byte 1047: claimed value is not the proven one");
}

/* All of them want what only one can have at a time. */
static void answers_a_batch(void **unused) {
  (void)unused;
  static char request[4096];
  const ol_u256 code = ol_abi_address(&contracts[SYSTEM_CONFIG_CODE].address), signer = ol_abi_u64(7);
  put_system_config(&code, &signer);
  put_slot(SYSTEM_CONFIG, &ol_system_config.batcher_hash, &signer);
  rollup.system_config = contracts[SYSTEM_CONFIG].address;
  rollup.pins[rollup.pin_count++] =
      (ol_rollup_pin){.code_hash = contracts[SYSTEM_CONFIG_CODE].code_hash,
                      .release = release_named("contracts-bedrock 0.17.3 SystemConfig")};
  put_proof(1, PROVEN, false);
  start();
  size_t len = 0;
  static const char *const of[] = {"", ",\"0x1\"", ",\"0x3\""};
  len += (size_t)snprintf(request, sizeof request, "[");
  for (size_t i = 0; i < 9; i++)
    len += (size_t)snprintf(request + len, sizeof request - len,
                            "{\"id\":%zu,\"method\":\"openledger_getWithdrawal\",\"params\":[%s]},", i,
                            of_transaction(SENT, 0, of[i % 3]));
  snprintf(request + len, sizeof request - len,
           "{\"id\":9,\"method\":\"openledger_getSystemConfig\"},"
           "{\"id\":10,\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x2\"}]},"
           "{\"id\":11,\"method\":\"openledger_getSystemConfig\"}]");
  const char *response = ask(request);
  for (size_t i = 0; i < 12; i++) {
    char expected[64];
    snprintf(expected, sizeof expected, "{\"jsonrpc\":\"2.0\",\"id\":%zu,\"%s\":", i,
             i < 9 && i % 3 == 2 ? "error" : "result");
    assert_has(response, expected);
    response = strstr(response, expected);
    if (i < 9 && i % 3 == 0) assert_has(response, "\"stage\":\"provable\"");
    if (i < 9 && i % 3 == 1) assert_has(response, "\"stage\":\"ready\"");
  }
  assert_no_blame(now.engine);
}

/* --- SystemConfig --- */

static ol_u256 text_word(const char *text) {
  ol_u256 word = {{0}};
  memcpy(word.bytes, text, strlen(text));
  return word;
}

static const ol_u256 a_token = {{[11] = 6, [12] = 0x22, [31] = 0x33}};

/* SystemConfig of a release, and what is behind each slot. */
static void put_config(const char *release, uint64_t signer, uint64_t batcher, const ol_u256 *token) {
  const ol_u256 code = ol_abi_address(&contracts[SYSTEM_CONFIG_CODE].address);
  const ol_u256 signed_by = ol_abi_u64(signer), batched_by = ol_abi_u64(batcher);
  reset(NULL);
  put_system_config(&code, &signed_by);
  put_slot(SYSTEM_CONFIG, &ol_system_config.batcher_hash, &batched_by);
  put_slot(SYSTEM_CONFIG, &ol_system_config.gas_token, token);
  rollup.system_config = contracts[SYSTEM_CONFIG].address;
  rollup.pins[rollup.pin_count++] = (ol_rollup_pin){.code_hash = contracts[SYSTEM_CONFIG_CODE].code_hash,
                                                    .release = release_named(release)};
}

static void put_names(const char *name, const char *symbol) {
  const ol_u256 name_word = text_word(name), symbol_word = text_word(symbol);
  put_slot(SYSTEM_CONFIG, &ol_system_config.gas_token_name, &name_word);
  put_slot(SYSTEM_CONFIG, &ol_system_config.gas_token_symbol, &symbol_word);
}

static const char *config(void) {
  start();
  return call("openledger_getSystemConfig", "");
}

#define OF_ERC20 "contracts-bedrock 0.17.3 SystemConfig"
#define OF_ETHER "contracts-bedrock 0.17.2 SystemConfig"
#define OF_FEATURES "optimism 3.13.1 SystemConfig"
static const ol_u256 nothing;

static void says_what_system_config_does(void **unused) {
  (void)unused;
  put_config(OF_ERC20, 7, 8, &a_token);
  put_names("Open", "OPEN");
  const char *response = config();
  assert_has(response, "\"result\":{\"address\":\"0xabababababababababababababababababababab\"");
  assert_has(response,
             "\"unsafeBlockSigner\":\"0x0000000000000000000000000000000000000007\","
             "\"batcher\":\"0x0000000000000000000000000000000000000008\","
             "\"gasToken\":{\"scheme\":\"erc20\",\"address\":\"0x2200000000000000000000000000000000000033\","
             "\"decimals\":6,\"name\":\"Open\",\"symbol\":\"OPEN\"},"
             "\"l1Block\":{\"number\":\"0x32\",\"hash\":\"0x0202");
  assert_int_equal(now.count, 2); /* the contract, its implementation */
  assert_no_blame(now.engine);
  assert_has(call("openledger_verified", "{\"method\":\"openledger_getSystemConfig\"}"),
             "\"value\":{\"address\"");

  put_config(OF_ETHER, 7, 8, &a_token); /* which is left of another release */
  assert_has(config(), "\"gasToken\":{\"scheme\":\"ether\"},");
  put_config(OF_FEATURES, 7, 8, &nothing);
  assert_has(config(), "\"gasToken\":{\"scheme\":\"ether\"},");
  put_config(OF_FEATURES, 7, 8, &nothing);
  const ol_u256 one = ol_abi_u64(1);
  put_slot(SYSTEM_CONFIG, &ol_system_config.custom_gas_token, &one);
  assert_has(config(), "\"gasToken\":{\"scheme\":\"native\"},");
}

static void refuses_a_config_that_cannot_be_gone_by(void **unused) {
  (void)unused;
  ol_u256 wide = a_token;
  put_config(OF_ERC20, 0, 8, &nothing);
  expect_error(config(), -32002, "nobody signs unsafe blocks");
  put_config(OF_ERC20, 7, 0, &nothing);
  expect_error(config(), -32002, "there is no batcher");
  wide.bytes[0] = 1;
  put_config(OF_ERC20, 7, 8, &wide);
  expect_error(config(), -32002, "slot holds more than a token and its decimals");
  put_config(OF_ERC20, 7, 8, &a_token);
  put_names("\n", "OPEN");
  expect_error(config(), -32002, "text of a gas token has other than printable ASCII");
  put_config(OF_ERC20, 7, 8, &a_token);
  put_names("Open", "\n");
  expect_error(config(), -32002, "text of a gas token has other than printable ASCII");
  put_config(OF_ERC20, 7, 8, &a_token);
  rollup.pins[rollup.pin_count - 1].code_hash = claim.root;
  expect_error(config(), -32002, "contract is of an unknown release");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reset, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(names_the_message),
      TEST(gives_the_call_that_proves_it),
      TEST(gives_the_call_that_finalizes_it),
      TEST(says_when_it_will_be_and_that_it_was),
      TEST(goes_on_in_other_memory),
      TEST(does_not_say_what_is_open),
      TEST(refuses_what_is_no_withdrawal),
      TEST(needs_l1),
      TEST(waits_for_l1),
      TEST(says_what_it_cannot_prove),
      TEST(blames_who_denies_it),
      TEST(answers_a_batch),
      TEST(says_what_system_config_does),
      TEST(refuses_a_config_that_cannot_be_gone_by),
  };
  return cmocka_run_group_tests(tests, make_tries, end_chains);
}
