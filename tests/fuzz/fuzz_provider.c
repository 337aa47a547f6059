/* SPDX-License-Identifier: MIT */

/*
 * The input as a session of a provider: what is asked - text of the input, or requests by their numbers -, and what
 * each endpoint does: answer, answer with a byte changed, with bytes of the input, for another chain, late, twice or
 * not at all. There must be an end, and a response in JSON: of each request that of a session in which nobody lies, or
 * an error; or null, for what is asked by its hash.
 */

#include "chain.h"
#include "fuzz/fuzz.h"
#include "openledger/provider.h"

#define ENDPOINTS_MAX 3
#define WANTS_MAX 8192
#define MAX_ANSWER (48u << 10)
#define MAX_RESPONSE (192u << 10)
#define BLOCKS 14

static const char *const requests[] = {
    "eth_chainId\",\"params\":[]",
    "eth_blockNumber\"",
    "eth_getBalance\",\"params\":[\"0x1112131415161718191a1b1c1d1e1f2021222324\"]",
    "eth_getBalance\",\"params\":[\"0x1112131415161718191a1b1c1d1e1f2021222324\",\"0x3\"]",
    "eth_getTransactionCount\",\"params\":[\"0x1112131415161718191a1b1c1d1e1f2021222324\",\"finalized\"]",
    "eth_getCode\",\"params\":[\"0x000102030405060708090a0b0c0d0e0f10111213\",\"safe\"]",
    "eth_getStorageAt\",\"params\":[\"0x000102030405060708090a0b0c0d0e0f10111213\",\"0x2\",\"0x8\"]",
    "eth_getProof\",\"params\":[\"0x000102030405060708090a0b0c0d0e0f10111213\",[\"0x1\",\"0x99\"],"
    "\"latest\"]",
    "eth_getBlockByNumber\",\"params\":[\"0x4\",true]",
    "eth_getBlockByNumber\",\"params\":[\"latest\",false]",
    "eth_getHeaderByNumber\",\"params\":[\"0x9\"]",
    "eth_getBlockReceipts\",\"params\":[\"0x4\"]",
    "eth_getBlockTransactionCountByNumber\",\"params\":[\"0x7\"]",
    "eth_getTransactionByBlockNumberAndIndex\",\"params\":[\"0x4\",\"0x1\"]",
    "eth_getTransactionByHash\",\"params\":[\"HASH\"]",
    "eth_getTransactionReceipt\",\"params\":[\"HASH\"]",
    "eth_getBlockByHash\",\"params\":[\"BLOCK\",true]",
    "eth_getLogs\",\"params\":[{\"fromBlock\":\"0x2\",\"toBlock\":\"0xb\"}]",
    "eth_getLogs\",\"params\":[{\"fromBlock\":\"finalized\",\"toBlock\":\"safe\"}]",
    "eth_getLogs\",\"params\":[{\"blockHash\":\"BLOCK\"}]",
    "eth_feeHistory\",\"params\":[3,\"latest\",[10,90]]",
    "eth_feeHistory\",\"params\":[\"0x400\",\"0x5\"]",
    "openledger_suggestFees\",\"params\":[3]",
    "eth_gasPrice\"",
    "eth_maxPriorityFeePerGas\"",
    "eth_getBalance\",\"params\":[\"0x1112131415161718191a1b1c1d1e1f2021222324\",\"0xffffffffffffffff\"]",
    "openledger_status\"",
    "eth_call\",\"params\":[{}]",
    "openledger_verified\",\"params\":[{\"method\":\"eth_getCode\",\"params\":["
    "\"0x000102030405060708090a0b0c0d0e0f10111213\",\"0x6\"]}]",
};
#define REQUESTS (sizeof requests / sizeof *requests)

static chain earth, mars;

typedef struct session {
  fuzz_input *in; /* NULL: nobody lies */
  ol_provider *provider;
  ol_engine *engine;
  ol_provider_config config;
  uint64_t now_ms;
  ol_want wants[WANTS_MAX];
  size_t want_count, open[WANTS_MAX], open_count; /* those that are late stay open */
  char response[MAX_RESPONSE + 1];
  size_t response_len;
} session;

/* --- What is asked --- */

static size_t put_request(char *out, size_t len, uint8_t number, size_t id) {
  char hash[67], block[67];
  ol_hash transaction;
  const chain_block *at = &earth.blocks[4];
  ol_keccak256(&transaction, at->transaction_items[id % at->count].data,
               at->transaction_items[id % at->count].len);
  ol_hex_text(hash, transaction.bytes, sizeof transaction.bytes);
  ol_hex_text(block, at->hash.bytes, sizeof at->hash.bytes);
  const char *text = requests[number % REQUESTS];
  size_t used = (size_t)snprintf(out, len, "{\"jsonrpc\":\"2.0\",\"id\":%zu,\"method\":\"", id);
  while (*text != '\0') {
    const bool is_hash = strncmp(text, "HASH", 4) == 0, is_block = strncmp(text, "BLOCK", 5) == 0;
    if (is_hash || is_block) {
      memcpy(out + used, is_hash ? hash : block, 66);
      used += 66;
      text += is_hash ? 4 : 5;
    } else {
      out[used++] = *text++;
    }
  }
  out[used++] = '}';
  return used;
}

/* Requests by their numbers, or text as it comes. */
static ol_slice read_request(fuzz_input *in) {
  static char text[1 << 16];
  const uint8_t count = fuzz_u8(in);
  if (count >= 0x80) {
    const ol_slice raw = fuzz_cut(in, fuzz_u16(in) % 1024);
    if (raw.len > 0) memcpy(text, raw.data, raw.len);
    return ol_slice_of(text, raw.len);
  }
  if (count == 0) return ol_slice_of(text, put_request(text, sizeof text, fuzz_u8(in), 1));
  size_t used = 0;
  for (size_t i = 0; i < count % 24u + 1; i++) {
    text[used++] = i == 0 ? '[' : ',';
    used += put_request(text + used, sizeof text - used, fuzz_u8(in), i);
  }
  text[used++] = ']';
  return ol_slice_of(text, used);
}

/* --- What is answered --- */

static void take_wants(session *of) {
  ol_want want;
  int more;
  while ((more = ol_engine_next_want(of->engine, &want)) == 1) {
    FUZZ_REQUIRE(of->want_count < WANTS_MAX);
    FUZZ_REQUIRE(want.endpoint < of->config.client.endpoints && want.max_len == MAX_ANSWER);
    want.body.data = fuzz_copy(want.body.data, want.body.len);
    of->open[of->open_count++] = of->want_count;
    of->wants[of->want_count++] = want;
  }
  FUZZ_REQUIRE(more == 0); /* a provider's engine never fails */
}

static bool contains(ol_slice text, const char *part) {
  for (size_t at = 0; at + strlen(part) <= text.len; at++) {
    if (memcmp(text.data + at, part, strlen(part)) == 0) return true;
  }
  return false;
}

static ol_slice honest(const ol_want *want, const chain *from) {
  static uint8_t memory[1 << 19];
  const chain_endpoint endpoint = {.of = from,
                                   .head = BLOCKS - 1,
                                   .safe = BLOCKS - 2,
                                   .finalized = BLOCKS - 4,
                                   .chain_id = WORLD_CHAIN_ID};
  return chain_answer(&endpoint, memory, sizeof memory, want->body);
}

/* Feeds an answer from a block that ends where it ends. */
static void feed(session *of, const ol_want *want, ol_slice text) {
  uint8_t *exact = fuzz_copy(text.data, text.len);
  FUZZ_REQUIRE(ol_engine_feed(of->engine, want->id, exact, text.len) == OL_OK);
  free(exact);
}

static void feed_changed(session *of, const ol_want *want) {
  const ol_slice text = honest(want, &earth);
  const size_t at = fuzz_u16(of->in) % text.len;
  ((uint8_t *)(uintptr_t)text.data)[at] = fuzz_u8(of->in);
  feed(of, want, text);
}

static void feed_wrapped(session *of, const ol_want *want, const char *member) {
  char text[512];
  const ol_slice raw = fuzz_cut(of->in, fuzz_u8(of->in));
  const int len = snprintf(text, sizeof text, "{\"id\":%llu,\"%s\":", (unsigned long long)want->id, member);
  if (raw.len > 0) memcpy(text + len, raw.data, raw.len);
  text[(size_t)len + raw.len] = '}';
  feed(of, want, ol_slice_of(text, (size_t)len + raw.len + 1));
}

/* Where the quorum is one, whoever gives the head tells which chain there is. */
static const chain *another(const ol_want *want) {
  static const char *const tags[] = {"\"latest\"", "\"safe\"", "\"finalized\""};
  for (size_t i = 0; i < 3; i++) {
    if (contains(want->body, tags[i])) return &earth;
  }
  return &mars;
}

static void step(session *of) {
  static uint8_t too_long[MAX_ANSWER + 1];
  const uint8_t op = of->in != NULL && of->in->left > 0 ? fuzz_u8(of->in) : 15;
  const size_t place = (op >> 4) % of->open_count;
  const ol_want want = of->wants[of->open[place]];
  bool answered = true;
  switch (op & 15) {
  case 0: feed_changed(of, &want); break;
  case 1: feed(of, &want, honest(&want, another(&want))); break;
  case 2: feed(of, &want, fuzz_cut(of->in, fuzz_u8(of->in))); break;
  case 3: feed_wrapped(of, &want, "result"); break;
  case 4: feed_wrapped(of, &want, "error"); break;
  case 5: (void)ol_engine_fail(of->engine, want.id, (ol_fail_reason)(fuzz_u8(of->in) % 7)); break;
  case 6: feed(of, &want, ol_slice_of(too_long, sizeof too_long)); break;
  case 7:
    of->now_ms += 4ull * fuzz_u16(of->in);
    (void)ol_engine_tick(of->engine, of->now_ms);
    answered = false;
    break;
  case 8:
    feed(of, &want, honest(&want, &earth));
    feed(of, &want, honest(&want, &mars));
    (void)ol_engine_fail(of->engine, want.id + 1000000, OL_FAIL_TIMEOUT);
    break;
  case 9: feed(of, &want, ol_slice_of(NULL, 0)); break;
  default: feed(of, &want, honest(&want, &earth)); break;
  }
  if (answered) of->open[place] = of->open[--of->open_count];
}

static void run(session *of, ol_slice request) {
  ol_error error;
  ol_slice response, copy = {fuzz_copy(request.data, request.len), request.len};
  const size_t len = ol_provider_size(&of->config);
  uint8_t *memory = fuzz_block(len);
  of->want_count = of->open_count = 0;
  of->now_ms = chain_now_ms(&earth);
  FUZZ_REQUIRE(ol_provider_init(&error, &of->provider, &of->config, memory, len) == OL_OK);
  of->engine = ol_provider_engine(of->provider);
  FUZZ_REQUIRE(ol_provider_ask(&error, of->provider, copy) == OL_OK);
  free((void *)(uintptr_t)copy.data);
  FUZZ_REQUIRE(ol_engine_begin(of->engine, of->now_ms) == OL_OK);
  while (ol_engine_state(of->engine) == OL_ENGINE_WORKING) {
    take_wants(of);
    FUZZ_REQUIRE(of->open_count > 0); /* else it would wait for ever */
    step(of);
  }
  FUZZ_REQUIRE(ol_engine_state(of->engine) == OL_ENGINE_DONE);
  FUZZ_REQUIRE(ol_provider_response(&error, &response, of->provider) == OL_OK);
  FUZZ_REQUIRE(response.len <= of->config.max_response && response.len < sizeof of->response);
  if (response.len > 0) memcpy(of->response, response.data, response.len);
  of->response_len = response.len;
  for (size_t i = 0; i < of->want_count; i++) free((void *)(uintptr_t)of->wants[i].body.data);
  free(memory);
}

/* --- What is responded --- */

static bool is_json(ol_slice text) {
  static uint8_t memory[4 << 20];
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  ol_error error;
  ol_json out;
  return ol_json_read(&error, &out, &arena, text.data, text.len) == OL_OK;
}

/* How many agreed, and how old a block is, depends on who lied. Returns: what is behind that. */
static ol_slice value_of(ol_slice text) {
  static const char name[] = "\"value\":";
  for (size_t at = 0; at + sizeof name <= text.len && contains(text, "\"ageSeconds\":"); at++) {
    if (memcmp(text.data + at, name, sizeof name - 1) == 0) return ol_slice_of(text.data + at, text.len - at);
  }
  return text;
}

/* A response is that of the session in which nobody lied, an error, or null for what nobody may know. */
static void check_one(ol_slice lied, ol_slice right, bool by_hash) {
  if (fuzz_same(value_of(lied), value_of(right)) || contains(lied, "\"error\":{\"code\":")) return;
  if (contains(right, "response is longer than accepted")) return; /* there is room where others failed */
  FUZZ_REQUIRE(by_hash && (contains(lied, "\"result\":null") || contains(lied, "\"value\":null")));
}

static void check(const session *lied, const session *right, bool by_hash) {
  const ol_slice a = ol_slice_of(lied->response, lied->response_len);
  const ol_slice b = ol_slice_of(right->response, right->response_len);
  FUZZ_REQUIRE((a.len == 0) == (b.len == 0));
  if (a.len == 0) return;
  FUZZ_REQUIRE(is_json(a) && is_json(b) && a.data[0] == b.data[0]);
  if (a.data[0] != '[') {
    check_one(a, b, by_hash);
    return;
  }
  ol_error error;
  ol_json_cut first, second;
  ol_slice one, other;
  FUZZ_REQUIRE(ol_json_cut_array(&error, &first, a) == OL_OK &&
               ol_json_cut_array(&error, &second, b) == OL_OK);
  do {
    FUZZ_REQUIRE(ol_json_cut_next(&error, &one, &first) == OL_OK);
    FUZZ_REQUIRE(ol_json_cut_next(&error, &other, &second) == OL_OK);
    /* Where memory ends both may leave out what comes last, but not the same. */
    if (lied->config.max_response < MAX_RESPONSE && (one.data == NULL || other.data == NULL)) return;
    FUZZ_REQUIRE((one.data == NULL) == (other.data == NULL));
    if (one.data != NULL && lied->config.max_response == MAX_RESPONSE) check_one(one, other, by_hash);
  } while (one.data != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  static session lied, right;
  fuzz_input in = {data, len};
  if (earth.count == 0) {
    chain_make(&earth, 1, BLOCKS);
    chain_make(&mars, 2, BLOCKS);
  }
  const uint8_t shape = fuzz_u8(&in);
  const uint32_t endpoints = 1u + shape % ENDPOINTS_MAX;
  const ol_provider_config config = {.client = {.chain_id = WORLD_CHAIN_ID,
                                                .endpoints = endpoints,
                                                .quorum = 1u + (shape >> 2) % endpoints,
                                                .timeout_ms = 5000,
                                                .max_answer = MAX_ANSWER},
                                     .trust = OL_TRUST_QUORUM,
                                     .max_age_s = OL_AGE_DEFAULT,
                                     .max_response = (shape & 0xc0) == 0xc0 ? 4096 : MAX_RESPONSE};
  const ol_slice request = read_request(&in);
  lied.in = &in;
  right.in = NULL;
  lied.config = right.config = config;
  run(&right, request);
  run(&lied, request);
  const bool by_hash = contains(request, "Hash") || contains(request, "Receipt");
  check(&lied, &right, by_hash);
  return 0;
}
