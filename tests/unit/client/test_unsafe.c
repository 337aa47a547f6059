/* SPDX-License-Identifier: MIT */
#include "envelopes.h"

#include "client/client.h"
#include "unit/client/anchored.h"
#include "unit/client/blames.h"
#include "unit/lies.h"

/* Questions at the newest block that the sequencer has signed, whose signer SystemConfig on L1 names. */

#define NOW_S (L1_TIME + 2100u)
#define SOURCES 3
#define SIGNER 1
#define OTHER 2

/* What a source says is the sequencer's newest block. */
typedef struct told {
  uint8_t bytes[8192];
  size_t len;
} told;

static struct {
  ol_client *client;
  ol_engine *engine;
  void *memory;
  ol_client_config config;
  ol_account_question question;
  told sources[SOURCES];
  bool (*lie)(const ol_want *want, ol_slice *answer);
  uint64_t now_s;
  uint32_t rounds;
  uint32_t requests;
  uint32_t asked[OL_SOURCE_SEQUENCER + 1]; /* of each source in the last round */
  uint32_t l1_requests;
  bool begun; /* the question was asked by the test */
} now;

static ol_u256 signer_word(uint8_t which) {
  ol_address signer;
  envelope_signer(&signer, which);
  return ol_abi_address(&signer);
}

/* What SystemConfig says. In: words, or NULL for what is right. */
static void say(const ol_u256 *implementation, const ol_u256 *signer) {
  const ol_u256 code = ol_abi_address(&contracts[SYSTEM_CONFIG_CODE].address), right = signer_word(SIGNER);
  put_system_config(implementation != NULL ? implementation : &code, signer != NULL ? signer : &right);
  put_contracts();
  l1.finalized.state_root = l1.optimistic.state_root = state.root;
}

static int reset(void **unused) {
  (void)unused;
  memset(&now, 0, sizeof now);
  reset_rollup();
  rollup.system_config = contracts[SYSTEM_CONFIG].address;
  contracts[SYSTEM_CONFIG_CODE].code_len = 40;
  say(NULL, NULL);
  rollup.pins[0] = (ol_rollup_pin){.code_hash = contracts[SYSTEM_CONFIG_CODE].code_hash,
                                   .release = release_named("contracts-bedrock 0.17.2 SystemConfig")};
  rollup.pin_count = 1;
  now.now_s = NOW_S;
  now.config = (ol_client_config){.chain_id = WORLD_CHAIN_ID,
                                  .endpoints = 1,
                                  .quorum = 1,
                                  .timeout_ms = 5000,
                                  .l1_endpoints = 1,
                                  .sequencers = 1};
  return 0;
}

static int stop(void **unused) {
  (void)unused;
  free(now.memory);
  now.memory = NULL;
  return 0;
}

static void start(void) {
  size_t size = ol_client_size(&now.config);
  assert_true(size > 0);
  now.memory = aligned_alloc(16, size);
  assert_int_equal(ol_client_init(&error, &now.client, &now.config, now.memory, size), OL_OK);
  now.engine = ol_client_engine(now.client);
  ol_account_question_init(&now.question, &earth.contract);
  now.question.trust = OL_TRUST_UNSAFE;
}

/* What is said of a block. */
typedef struct saying {
  uint64_t number;
  uint64_t timestamp;
  uint8_t signer;
  uint8_t salt;       /* which of the blocks of a height */
  uint32_t version;   /* 4 unless it says another */
  uint32_t chain_id;  /* that of the rollup unless it says another */
  bool with_no_state; /* under its state root nobody has a proof */
  size_t transaction; /* bytes of its only one */
} saying;

static ol_hash sign(uint32_t index, const saying *of) {
  static uint8_t message[16384];
  static uint8_t bytes[8192] = {2};
  const uint32_t version = of->version != 0 ? of->version : 4;
  const ol_slice transaction = {bytes, of->transaction};
  ol_hash hash;
  ol_header header = envelope_header(version, false);
  header.number = of->number;
  header.timestamp = of->timestamp != 0 ? of->timestamp : now.now_s;
  header.coinbase.bytes[0] = of->salt;
  if (!of->with_no_state) header.state_root = earth.state.root;
  size_t len = envelope_write(message, version, &header, &transaction, of->transaction > 0 ? 1 : 0);
  envelope_sign(message, len, of->chain_id != 0 ? of->chain_id : ENVELOPE_CHAIN_ID,
                of->signer != 0 ? of->signer : SIGNER);
  now.sources[index].len = envelope_pack(now.sources[index].bytes, message, len);
  assert_true(now.sources[index].len <= sizeof now.sources[index].bytes);
  ol_header_hash(&hash, &header);
  return hash;
}

static ol_slice answer_of(const ol_want *want, ol_arena *arena) {
  const world_endpoint l2 = {.head = L2_BLOCK, .fork = 0, .chain_id = WORLD_CHAIN_ID};
  if (want->source == OL_SOURCE_L1) return answer_l1(arena, want->body);
  if (want->source == OL_SOURCE_L2) return world_answer(&earth, &l2, arena, want->body);
  assert_int_equal(want->method, OL_HTTP_GET);
  assert_int_equal(want->format, OL_FORMAT_SSZ);
  assert_int_equal(want->body.len, 0);
  return ol_slice_of(now.sources[want->endpoint].bytes, now.sources[want->endpoint].len);
}

static void answer_round(void) {
  static uint8_t bodies[16][4096];
  ol_want wants[16];
  uint32_t count = 0;
  memset(now.asked, 0, sizeof now.asked);
  while (ol_engine_next_want(now.engine, &wants[count]) == 1) {
    assert_true(wants[count].body.len <= sizeof bodies[count]);
    if (wants[count].body.len > 0) memcpy(bodies[count], wants[count].body.data, wants[count].body.len);
    wants[count].body.data = bodies[count];
    now.asked[wants[count].source]++;
    now.l1_requests += wants[count].source == OL_SOURCE_L1;
    count++;
  }
  assert_true(count > 0);
  now.rounds++;
  now.requests += count;
  for (uint32_t i = 0; i < count; i++) {
    ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
    ol_slice text = answer_of(&wants[i], &arena);
    if (now.lie == NULL || now.lie(&wants[i], &text))
      (void)ol_engine_feed(now.engine, wants[i].id, text.data, text.len);
    else
      (void)ol_engine_fail(now.engine, wants[i].id, OL_FAIL_CONNECTION);
  }
}

static void begin(const ol_sync_status *status) {
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, status), OL_OK);
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_OK);
  assert_int_equal(ol_engine_begin(now.engine, 1000 * now.now_s), OL_OK);
  now.rounds = now.requests = now.l1_requests = 0;
}

static ol_engine_status run(void) {
  if (!now.begun) begin(&l1);
  now.begun = false;
  while (ol_engine_state(now.engine) == OL_ENGINE_WORKING) answer_round();
  return ol_engine_state(now.engine);
}

static ol_account_answer expect_answer(void) {
  ol_account_answer answer;
  ol_slice code;
  char line[256];
  if (run() != OL_ENGINE_DONE) {
    ol_error_text(ol_engine_error(now.engine), line, sizeof line);
    print_message("%s\n", line);
  }
  assert_int_equal(ol_engine_state(now.engine), OL_ENGINE_DONE);
  assert_int_equal(ol_client_account(&error, &answer, &code, now.client), OL_OK);
  assert_int_equal(answer.trust, OL_TRUST_UNSAFE);
  return answer;
}

/* The answer is at this block. */
static void expect_block(const ol_hash *hash) {
  const ol_account_answer answer = expect_answer();
  assert_memory_equal(&answer.block_hash, hash, sizeof *hash);
}

static void expect_failure(const char *text) {
  char line[256];
  assert_int_equal(run(), OL_ENGINE_FAILED);
  ol_error_text(ol_engine_error(now.engine), line, sizeof line);
  assert_string_equal(line, text);
}

static void expect_blame(ol_source source, uint32_t endpoint, const char *text) {
  assert_blame(now.engine, source, endpoint, text);
}

static void expect_no_blame(void) {
  assert_no_blame(now.engine);
}

/* --- What is answered --- */

static void answers_at_the_block_that_was_signed(void **unused) {
  (void)unused;
  ol_address signer;
  envelope_signer(&signer, SIGNER);
  start();
  const ol_hash hash = sign(0, &(saying){.number = 5000, .timestamp = NOW_S - 7});
  begin(&l1);
  now.begun = true;
  answer_round();
  assert_int_equal(now.asked[OL_SOURCE_SEQUENCER], 1); /* at the same time */
  assert_int_equal(now.asked[OL_SOURCE_L1], 1);
  const ol_account_answer answer = expect_answer();
  assert_int_equal(now.rounds, 2); /* then SystemConfig's code and the account */
  assert_int_equal(now.requests, 5);
  assert_int_equal(answer.block_number, 5000);
  assert_int_equal(answer.age_s, 7);
  assert_int_equal(answer.account.exists, 1);
  assert_memory_equal(&answer.block_hash, &hash, sizeof hash);
  assert_memory_equal(&answer.state_root, &earth.state.root, 32);
  assert_memory_equal(&answer.anchor.signer, &signer, sizeof signer);
  assert_int_equal(answer.anchor.l1_block_number, 50);
  assert_memory_equal(&answer.anchor.l1_block_hash, &l1.optimistic.block_hash, 32);
  expect_no_blame();
}

static void a_warm_question_asks_l1_for_nothing(void **unused) {
  (void)unused;
  start();
  sign(0, &(saying){.number = 5000});
  (void)expect_answer();
  const ol_hash hash = sign(0, &(saying){.number = 5001});
  expect_block(&hash);
  assert_int_equal(now.rounds, 2); /* the message, and the account */
  assert_int_equal(now.requests, 2);
  expect_block(&hash); /* the same block again */
  expect_no_blame();
}

static void reads_the_signer_again_when_l1_has_gone_on(void **unused) {
  (void)unused;
  start();
  sign(0, &(saying){.number = 5000});
  (void)expect_answer();
  l1.optimistic.block_hash.bytes[0] = 9;
  l1.optimistic.block_number = 50;
  const ol_account_answer answer = expect_answer();
  assert_int_equal(now.requests, 5);
  assert_int_equal(answer.anchor.l1_block_hash.bytes[0], 9);
  expect_no_blame();
}

static void takes_the_version_that_it_is_told(void **unused) {
  (void)unused;
  now.config.envelope_version = 3;
  start();
  const ol_hash hash = sign(0, &(saying){.number = 5000, .version = 3});
  expect_block(&hash);
  stop(NULL);
  now.config.envelope_version = 0; /* the newest */
  start();
  expect_failure("payload byte 528: SSZ container has the wrong length");
}

#define BIT(fork) (1u << (fork))

static void takes_the_version_of_the_chains_forks(void **unused) {
  (void)unused;
  static const struct {
    uint32_t known; /* Canyon, Ecotone, Isthmus */
    uint64_t ecotone, isthmus;
    uint32_t version;
  } cases[] = {
      {BIT(OL_ROLLUP_ISTHMUS), 0, NOW_S, 4},
      {BIT(OL_ROLLUP_ISTHMUS), 0, NOW_S + 1, 3},
      {BIT(OL_ROLLUP_ISTHMUS) | BIT(OL_ROLLUP_ECOTONE), NOW_S, NOW_S + 1, 3},
      {BIT(OL_ROLLUP_ISTHMUS) | BIT(OL_ROLLUP_ECOTONE), NOW_S + 1, NOW_S + 1, 2},
      {BIT(OL_ROLLUP_ECOTONE), NOW_S + 1, 0, 2}, /* of Canyon nothing is known, */
      {BIT(OL_ROLLUP_ECOTONE), NOW_S, 0, 4},     /* nor of Isthmus */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    rollup.known_forks = cases[i].known;
    rollup.fork_times[OL_ROLLUP_ECOTONE] = cases[i].ecotone;
    rollup.fork_times[OL_ROLLUP_ISTHMUS] = cases[i].isthmus;
    start();
    const ol_hash hash = sign(0, &(saying){.number = 5000, .version = cases[i].version});
    expect_block(&hash);
    expect_no_blame();
    stop(NULL);
  }
}

/* --- The signer --- */

static void refuses_what_another_has_signed(void **unused) {
  (void)unused;
  now.config.sequencers = 2;
  start();
  sign(0, &(saying){.number = 5000, .signer = OTHER});
  const ol_hash hash = sign(1, &(saying){.number = 5000});
  expect_block(&hash);
  expect_blame(OL_SOURCE_SEQUENCER, 0, "message: is signed by another than L1 names");
  expect_no_blame();
  assert_int_equal(now.rounds, 4); /* what was read under the first message is void */
  sign(1, &(saying){.number = 5000, .chain_id = WORLD_CHAIN_ID + 1});
  expect_failure("message: is signed by another than L1 names");
}

static void needs_code_of_a_known_release(void **unused) {
  (void)unused;
  start();
  sign(0, &(saying){.number = 5000});
  rollup.pins[0].code_hash.bytes[0] ^= 1;
  expect_failure("SystemConfig: contract is of an unknown release");
  rollup.pins[0].code_hash.bytes[0] ^= 1;
  rollup.pins[0].release = release_named("contracts-bedrock 0.17.2 DisputeGameFactory");
  expect_failure("SystemConfig: contract is of an unknown release");
  expect_no_blame();
}

static bool vouched_code(const ol_want *want, ol_slice *answer) {
  static char text[256];
  if (want->source != OL_SOURCE_L1) return true;
  if (asks_for(want, "eth_getProof"))
    return now.rounds != 2; /* the implementation's is asked for again, later */
  int len = snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"result\":\"0x%02x",
                     (unsigned long long)want->id, SYSTEM_CONFIG_CODE + 1);
  for (int i = 1; i < 40; i++) len += snprintf(text + len, sizeof text - (size_t)len, "00");
  len += snprintf(text + len, sizeof text - (size_t)len, "\"}");
  *answer = ol_slice_of(text, (size_t)len);
  return true;
}

static void code_that_nobody_runs_says_nothing(void **unused) {
  (void)unused;
  contracts[SYSTEM_CONFIG_CODE].code_len = 0;
  say(NULL, NULL);
  now.lie = vouched_code; /* whose hash the user vouches for, but the implementation has no code */
  start();
  sign(0, &(saying){.number = 5000});
  expect_failure("SystemConfig: contract is of an unknown release");
}

static void refuses_words_that_are_no_address(void **unused) {
  (void)unused;
  const ol_u256 zero = {{0}}, high = {{1, [31] = 1}};
  start();
  sign(0, &(saying){.number = 5000});
  say(NULL, &zero);
  expect_failure("SystemConfig: nobody signs unsafe blocks");
  say(NULL, &high);
  expect_failure("SystemConfig: slot holds more than an address");
  say(&high, NULL);
  expect_failure("SystemConfig: slot holds more than an address");
  expect_no_blame();
}

static bool no_answer_of_l1(const ol_want *want, ol_slice *answer) {
  if (want->source == OL_SOURCE_L1 && want->endpoint == 0) *answer = ol_slice_of("{}", 2);
  return true;
}

static bool no_code(const ol_want *want, ol_slice *answer) {
  static char text[64];
  if (want->source != OL_SOURCE_L1 || want->endpoint != 0 || !asks_for(want, "eth_getCode")) return true;
  int len = snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"result\":\"0x0\"}",
                     (unsigned long long)want->id);
  *answer = ol_slice_of(text, (size_t)len);
  return true;
}

static bool other_proof(const ol_want *want, ol_slice *answer) {
  static uint8_t copy[1 << 15];
  if (want->source != OL_SOURCE_L1 || want->endpoint != 0 || !asks_for(want, "eth_getProof")) return true;
  assert_true(answer->len <= sizeof copy);
  memcpy(copy, answer->data, answer->len);
  uint8_t *digit = &copy[answer->len / 2];
  *digit = *digit == '0' ? '1' : '0';
  answer->data = copy;
  return true;
}

static void asks_another_after_a_lie_of_l1(void **unused) {
  (void)unused;
  now.config.l1_endpoints = 2;
  now.lie = no_answer_of_l1;
  start();
  sign(0, &(saying){.number = 5000});
  (void)expect_answer();
  expect_blame(OL_SOURCE_L1, 0, "SystemConfig byte 0: JSON-RPC response has no id");
  expect_blame(OL_SOURCE_L1, 0, "implementation byte 0: JSON-RPC response has no id");
  expect_blame(OL_SOURCE_L1, 0, "implementation byte 0: JSON-RPC response has no id");
  expect_no_blame();
  now.lie = no_code;
  l1.optimistic.block_hash.bytes[0] = 9;
  (void)expect_answer();
  expect_blame(OL_SOURCE_L1, 0, "implementation byte 38: hex has an odd number of digits");
  expect_no_blame();
  now.lie = other_proof;
  l1.optimistic.block_hash.bytes[0] = 10;
  (void)expect_answer();
  ol_blame blame;
  assert_int_equal(ol_engine_next_blame(now.engine, &blame), 1);
  assert_int_equal(blame.source, OL_SOURCE_L1);
  assert_int_equal(blame.endpoint, 0);
}

static bool silent_l1(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return want->source != OL_SOURCE_L1;
}

static void gives_up_when_l1_is_silent(void **unused) {
  (void)unused;
  now.lie = silent_l1;
  start();
  sign(0, &(saying){.number = 5000});
  expect_failure("connection failed");
  assert_int_equal(now.l1_requests, OL_TRIES);
}

static void forgets_what_another_signer_signed(void **unused) {
  (void)unused;
  const ol_u256 other = signer_word(OTHER);
  start();
  sign(0, &(saying){.number = 5000});
  (void)expect_answer();
  sign(0, &(saying){.number = UINT64_MAX}); /* a key that was stolen */
  (void)expect_answer();
  say(NULL, &other);
  l1.optimistic.block_hash.bytes[0] = 9;
  sign(0, &(saying){.number = 5001});
  expect_failure("message: is signed by another than L1 names");
  expect_blame(OL_SOURCE_SEQUENCER, 0, "message: is signed by another than L1 names");
  const ol_hash hash = sign(0, &(saying){.number = 5000, .signer = OTHER, .salt = 1});
  expect_block(&hash);
  expect_no_blame();
}

static void a_signer_is_of_one_rollup(void **unused) {
  (void)unused;
  now.config.chain_id = 0;
  start();
  sign(0, &(saying){.number = 5000});
  (void)expect_answer();
  rollup.name[0] = 'x'; /* the same chain */
  sign(0, &(saying){.number = 4999});
  expect_failure("message: block is older than one that was seen before");
  assert_int_equal(now.l1_requests, 3);
  rollup.chain_id = 10;
  const ol_hash hash = sign(0, &(saying){.number = 4000, .chain_id = 10});
  expect_block(&hash);
  assert_int_equal(now.l1_requests, 3);
}

/* --- L1 --- */

static void looks_ahead_of_l1(void **unused) {
  (void)unused;
  start();
  const ol_hash hash = sign(0, &(saying){.number = 5000});
  begin(NULL);
  answer_round(); /* the message */
  answer_round(); /* the account */
  assert_int_equal(ol_engine_state(now.engine), OL_ENGINE_WORKING);
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
  now.begun = true;
  expect_block(&hash);
  assert_int_equal(now.rounds, 4);
  assert_int_equal(now.requests, 5);
  expect_no_blame();
}

static bool silent_at_first(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return want->source != OL_SOURCE_SEQUENCER || now.rounds > 1;
}

static void asks_again_where_l1_took_long(void **unused) {
  (void)unused;
  start();
  sign(0, &(saying){.number = 5000});
  now.lie = silent_at_first;
  begin(NULL);
  answer_round();
  answer_round(); /* the message comes at the second try */
  answer_round();
  now.now_s += OL_ENVELOPE_PAST + 1;
  (void)ol_engine_tick(now.engine, 1000 * now.now_s);
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
  const ol_hash hash = sign(0, &(saying){.number = 5030});
  now.begun = true;
  expect_block(&hash);
  expect_blame(OL_SOURCE_SEQUENCER, 0, "connection failed");
  expect_no_blame();
}

static void another_rollup_voids_the_candidate(void **unused) {
  (void)unused;
  now.config.chain_id = 0;
  start();
  rollup.chain_id = 10;
  sign(0, &(saying){.number = 5000, .chain_id = 10});
  begin(NULL);
  answer_round();
  answer_round();
  rollup.chain_id = WORLD_CHAIN_ID;
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
  const ol_hash hash = sign(0, &(saying){.number = 5000});
  now.begun = true;
  expect_block(&hash);
  assert_int_equal(now.requests, 7); /* message and account twice, three of SystemConfig */
  expect_no_blame();
}

static void ends_when_l1_cannot_be_followed(void **unused) {
  (void)unused;
  start();
  sign(0, &(saying){.number = 5000});
  begin(NULL);
  answer_round();
  assert_int_equal(ol_client_anchor(&error, now.client, NULL, NULL), OL_OK);
  now.begun = true;
  expect_failure("L1 could not be followed");
}

/* --- Messages --- */

static void put_message(const char *bytes, size_t len) {
  memcpy(now.sources[0].bytes, bytes, len);
  now.sources[0].len = len;
}

static void refuses_messages_that_are_damaged(void **unused) {
  (void)unused;
  start();
  put_message("\x05\x10hell", 6);
  expect_failure("message byte 1: snappy literal is cut short");
  assert_int_equal(now.requests, 2); /* it is asked for once, and SystemConfig */
  put_message("\x05\x10hello", 7);
  expect_failure("message byte 5: message ends before its payload");
  sign(0, &(saying){.number = 5000, .timestamp = NOW_S - OL_ENVELOPE_PAST - 1});
  expect_failure("payload timestamp: block is more than 60 s old");
  const size_t at = 4 + 64; /* the length and two tags are in front of the parity */
  now.sources[0].bytes[at] = 7;
  expect_failure("signature: the parity of a signature is 0 or 1");
}

static void refuses_what_is_too_long(void **unused) {
  (void)unused;
  now.config.max_answer = 4096;
  start();
  put_message("\x80\x80\x08\x00", 4); /* 128 KiB, of which nothing else is said */
  expect_failure("message: message is longer than accepted");
}

static bool silent_source(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return want->source != OL_SOURCE_SEQUENCER;
}

static void silence_is_asked_twice(void **unused) {
  (void)unused;
  now.lie = silent_source;
  start();
  expect_failure("connection failed");
  assert_int_equal(now.requests - now.l1_requests, OL_TRIES);
}

static void doubts_a_block_that_nobody_proves_under(void **unused) {
  (void)unused;
  now.config.sequencers = 2;
  start();
  sign(0, &(saying){.number = 5000, .with_no_state = true});
  const ol_hash hash = sign(1, &(saying){.number = 5001});
  begin(NULL);
  while (now.rounds < 4) answer_round(); /* a message and the account of each */
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
  now.begun = true;
  expect_block(&hash);
  stop(NULL);
  reset(NULL);
  start();
  sign(0, &(saying){.number = 5000, .with_no_state = true});
  assert_int_equal(run(), OL_ENGINE_FAILED);
  assert_int_equal(ol_engine_error(now.engine)->status, OL_ERR_PROOF);
}

/* --- Heights --- */

static void asks_another_after_an_old_block(void **unused) {
  (void)unused;
  now.config.sequencers = 2;
  start();
  sign(0, &(saying){.number = 5000});
  (void)expect_answer();
  sign(0, &(saying){.number = 4999});
  const ol_hash hash = sign(1, &(saying){.number = 5001});
  expect_block(&hash);
  expect_blame(OL_SOURCE_SEQUENCER, 0, "message: block is older than one that was seen before");
  expect_no_blame();
  sign(0, &(saying){.number = 5001 - OL_UNSAFE_HEIGHTS}); /* below what is remembered */
  expect_block(&hash);
  expect_blame(OL_SOURCE_SEQUENCER, 0, "message: block is older than one that was seen before");
}

static void a_head_goes_back_after_a_minute(void **unused) {
  (void)unused;
  start();
  sign(0, &(saying){.number = UINT64_C(1) << 60});
  (void)expect_answer();
  now.now_s += OL_ENVELOPE_PAST;
  sign(0, &(saying){.number = 5000});
  expect_failure("message: block is older than one that was seen before");
  now.now_s++;
  const ol_hash hash = sign(0, &(saying){.number = 5000, .salt = 1});
  expect_block(&hash);
  sign(0, &(saying){.number = 4999});
  expect_failure("message: block is older than one that was seen before");
}

static void a_height_has_one_block(void **unused) {
  (void)unused;
  start();
  sign(0, &(saying){.number = 5000});
  (void)expect_answer();
  sign(0, &(saying){.number = 5001});
  (void)expect_answer();
  sign(0, &(saying){.number = 5000, .salt = 1});
  expect_failure("message: sequencer has signed two blocks of this height");
  sign(0, &(saying){.number = 5001, .salt = 1});
  expect_failure("message: sequencer has signed two blocks of this height");
  expect_no_blame();
  ol_hash hash = sign(0, &(saying){.number = 5002, .salt = 1}); /* the chain goes on from there */
  expect_block(&hash);
  now.now_s += OL_ENVELOPE_PAST + 1;
  hash = sign(0, &(saying){.number = 5001, .salt = 2}); /* or begins again, later */
  expect_block(&hash);
  now.now_s += OL_ENVELOPE_PAST + 1;
  hash = sign(0, &(saying){.number = 5001, .salt = 3});
  expect_block(&hash);
}

static void heights_are_remembered_while_the_head_goes_on(void **unused) {
  (void)unused;
  start();
  sign(0, &(saying){.number = 5000});
  (void)expect_answer();
  now.now_s += OL_ENVELOPE_PAST + 1;
  sign(0, &(saying){.number = 5030});
  (void)expect_answer();
  sign(0, &(saying){.number = 5000, .salt = 1});
  expect_failure("message: sequencer has signed two blocks of this height");
}

/* --- Evidence --- */

static uint8_t evidence[1 << 16];

static void expect_evidence(uint64_t number, uint8_t signer) {
  ol_envelope two[2];
  ol_envelope_rules rules = {.chain_id = WORLD_CHAIN_ID};
  size_t len = 0, again = 0;
  envelope_signer(&rules.signer, signer);
  assert_int_equal(ol_client_equivocation(&error, NULL, 0, &len, now.client), OL_ERR_MEMORY);
  assert_true(len > 0 && len <= sizeof evidence);
  assert_int_equal(ol_client_equivocation(&error, evidence, len, &again, now.client), OL_OK);
  assert_int_equal(len, again);
  assert_int_equal(ol_equivocation_verify(&error, two, &rules, ol_slice_of(evidence, len)), OL_OK);
  assert_int_equal(two[0].header.number, number);
}

static void expect_no_evidence(void) {
  size_t len;
  assert_int_equal(ol_client_equivocation(&error, evidence, sizeof evidence, &len, now.client),
                   OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "no two messages of one height are kept");
}

static const char two_blocks[] = "message: sequencer has signed two blocks of this height";

static void two_blocks_are_evidence(void **unused) {
  (void)unused;
  now.config.kept_messages = 4;
  start();
  for (uint64_t number = 4990; number < 5001; number++) {
    sign(0, &(saying){.number = number});
    (void)expect_answer();
    (void)expect_answer(); /* the same again, which needs no other place */
  }
  sign(0, &(saying){.number = 4997, .salt = 1});
  expect_failure(two_blocks);
  expect_no_evidence(); /* the other one is kept no longer */
  sign(0, &(saying){.number = 4998, .salt = 1});
  expect_failure(two_blocks);
  expect_evidence(4998, SIGNER);
  for (uint64_t number = 5001; number < 5010; number++) {
    sign(0, &(saying){.number = number});
    (void)expect_answer();
    expect_evidence(4998, SIGNER);
  }
  sign(0, &(saying){.number = 5009, .salt = 1});
  expect_failure(two_blocks);
  expect_evidence(5009, SIGNER);
  const ol_u256 other = signer_word(OTHER);
  say(NULL, &other); /* who signs blocks of these heights too: that is no equivocation */
  l1.optimistic.block_hash.bytes[0] = 9;
  sign(0, &(saying){.number = 5009, .signer = OTHER});
  (void)expect_answer();
  expect_evidence(5009, SIGNER);
}

static void long_messages_are_no_evidence(void **unused) {
  (void)unused;
  const ol_u256 other = signer_word(OTHER);
  now.config.kept_messages = 4;
  now.config.max_answer = 4096;
  start();
  sign(0, &(saying){.number = 5000, .transaction = 5000}); /* too long to be kept */
  (void)expect_answer();
  sign(0, &(saying){.number = 5000, .salt = 1});
  expect_failure(two_blocks);
  expect_no_evidence();
  sign(0, &(saying){.number = 5001});
  (void)expect_answer();
  say(NULL, &other);
  l1.optimistic.block_hash.bytes[0] = 9;
  sign(0, &(saying){.number = 5002, .signer = OTHER});
  (void)expect_answer();
  sign(0, &(saying){.number = 5002, .signer = OTHER, .salt = 1, .transaction = 5000});
  expect_failure(two_blocks);
  expect_no_evidence();
  sign(0, &(saying){.number = 5002, .signer = OTHER, .salt = 1});
  expect_failure(two_blocks);
  expect_evidence(5002, OTHER);
}

/* The same block, which was signed for another chain or by another signer before. */
static void evidence_is_of_one_signer_and_chain(void **unused) {
  (void)unused;
  const ol_u256 other = signer_word(OTHER);
  now.config.kept_messages = 4;
  now.config.chain_id = 0;
  start();
  rollup.chain_id = 10;
  sign(0, &(saying){.number = 5000, .chain_id = 10});
  (void)expect_answer();
  rollup.chain_id = WORLD_CHAIN_ID;
  sign(0, &(saying){.number = 5000});
  (void)expect_answer();
  sign(0, &(saying){.number = 5000, .salt = 1});
  expect_failure(two_blocks);
  expect_evidence(5000, SIGNER);
  stop(NULL);
  start();
  sign(0, &(saying){.number = 5000});
  (void)expect_answer();
  say(NULL, &other);
  l1.optimistic.block_hash.bytes[0] = 9;
  sign(0, &(saying){.number = 5000, .signer = OTHER});
  (void)expect_answer();
  sign(0, &(saying){.number = 5000, .signer = OTHER, .salt = 1});
  expect_failure(two_blocks);
  expect_evidence(5000, OTHER);
}

static void nothing_is_kept_unless_one_says_so(void **unused) {
  (void)unused;
  start();
  expect_no_evidence();
  sign(0, &(saying){.number = 5000});
  (void)expect_answer();
  sign(0, &(saying){.number = 5000, .salt = 1});
  expect_failure(two_blocks);
  expect_no_evidence();
}

/* --- Questions --- */

static void refuses_configurations(void **unused) {
  (void)unused;
  const uint32_t bad[] = {1, 3, 17, UINT32_MAX};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    now.config.kept_messages = bad[i];
    assert_int_equal(ol_client_size(&now.config), 0);
  }
  now.config.kept_messages = 16;
  const size_t size = ol_client_size(&now.config);
  now.config.kept_messages = 0;
  assert_int_equal(size - ol_client_size(&now.config), 16u * (512 << 10));
}

static void the_newest_is_all_that_can_be_asked(void **unused) {
  (void)unused;
  start();
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
  for (uint32_t block = OL_BLOCK_SAFE; block <= OL_BLOCK_HASH; block++) {
    now.question.block = block;
    assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_ERR_ARGUMENT);
    assert_string_equal(error.reason, "at this trust level there is one block: the newest");
  }
}

static void needs_system_config(void **unused) {
  (void)unused;
  start();
  memset(&rollup.system_config, 0, sizeof rollup.system_config);
  assert_int_equal(ol_client_anchor(&error, now.client, &rollup, &l1), OL_OK);
  assert_int_equal(ol_client_ask_account(&error, now.client, &now.question), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "the rollup's SystemConfig on L1 is not known");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reset, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(answers_at_the_block_that_was_signed),
      TEST(a_warm_question_asks_l1_for_nothing),
      TEST(reads_the_signer_again_when_l1_has_gone_on),
      TEST(takes_the_version_that_it_is_told),
      TEST(takes_the_version_of_the_chains_forks),
      TEST(refuses_what_another_has_signed),
      TEST(needs_code_of_a_known_release),
      TEST(code_that_nobody_runs_says_nothing),
      TEST(refuses_words_that_are_no_address),
      TEST(asks_another_after_a_lie_of_l1),
      TEST(gives_up_when_l1_is_silent),
      TEST(forgets_what_another_signer_signed),
      TEST(a_signer_is_of_one_rollup),
      TEST(looks_ahead_of_l1),
      TEST(asks_again_where_l1_took_long),
      TEST(another_rollup_voids_the_candidate),
      TEST(ends_when_l1_cannot_be_followed),
      TEST(refuses_messages_that_are_damaged),
      TEST(refuses_what_is_too_long),
      TEST(silence_is_asked_twice),
      TEST(doubts_a_block_that_nobody_proves_under),
      TEST(asks_another_after_an_old_block),
      TEST(a_head_goes_back_after_a_minute),
      TEST(a_height_has_one_block),
      TEST(heights_are_remembered_while_the_head_goes_on),
      TEST(two_blocks_are_evidence),
      TEST(long_messages_are_no_evidence),
      TEST(evidence_is_of_one_signer_and_chain),
      TEST(nothing_is_kept_unless_one_says_so),
      TEST(refuses_configurations),
      TEST(the_newest_is_all_that_can_be_asked),
      TEST(needs_system_config),
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
