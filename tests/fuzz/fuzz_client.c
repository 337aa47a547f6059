/* SPDX-License-Identifier: MIT */

/*
 * The input as a session: what is asked, two chains that differ, and what each endpoint does - answer for one
 * chain or the other, answer with a byte changed, with bytes of the input, late, twice or not at all. The
 * session must end after a bounded number of requests, and an answer must be that of a chain that as many
 * endpoints as the quorum have vouched for.
 */

#include "fuzz/world.h"

#define ENDPOINTS_MAX 4
#define WANTS_MAX 256
#define MAX_ANSWER 16384
#define NOW_MS (1000ull * WORLD_TIME)

typedef struct session {
  fuzz_input *in;
  world worlds[2];
  ol_client_config config;
  ol_account_question question;
  ol_client *client;
  size_t client_len;
  uint64_t now_ms;
  uint8_t loyalty; /* bit i: endpoint i serves the second chain */
  ol_want wants[WANTS_MAX];
  uint8_t kinds[WANTS_MAX]; /* first letter behind "eth_" or "eth_get" */
  size_t want_count, open[WANTS_MAX], open_count;
  size_t first_want; /* of the present question */
  bool vouched[2][ENDPOINTS_MAX], right_chain[ENDPOINTS_MAX];
} session;

static ol_engine *engine_of(const session *of) {
  return ol_client_engine(of->client);
}

static bool contains(ol_slice text, const char *part) {
  size_t len = strlen(part);
  for (size_t at = 0; at + len <= text.len; at++) {
    size_t same = 0;
    while (same < len && (text.data[at + same] | 32) == (uint8_t)(part[same] | 32)) same++;
    if (same == len) return true;
  }
  return false;
}

/* Takes all wants that there are; each is a well-formed request. */
static void take_wants(session *of) {
  static uint8_t memory[1 << 16];
  ol_error error;
  ol_json root, member;
  ol_slice method;
  uint64_t id = 0;
  ol_want want;
  int more;
  while ((more = ol_engine_next_want(engine_of(of), &want)) == 1) {
    ol_arena arena = ol_arena_of(memory, sizeof memory);
    FUZZ_REQUIRE(of->want_count < WANTS_MAX);
    FUZZ_REQUIRE(of->want_count == 0 || want.id > of->wants[of->want_count - 1].id);
    FUZZ_REQUIRE(want.endpoint < of->config.endpoints && want.max_len == MAX_ANSWER);
    FUZZ_REQUIRE(ol_json_read(&error, &root, &arena, want.body.data, want.body.len) == OL_OK);
    FUZZ_REQUIRE(ol_json_find(&member, root, "id") && ol_json_u64(&error, &id, member) == OL_OK);
    FUZZ_REQUIRE(id == want.id && ol_json_find(&member, root, "method"));
    FUZZ_REQUIRE(ol_json_string(&error, &method, member) == OL_OK && method.len > 7);
    of->kinds[of->want_count] = method.data[4] == 'g' ? method.data[7] : method.data[4];
    of->open[of->open_count++] = of->want_count;
    of->wants[of->want_count++] = want;
  }
  FUZZ_REQUIRE(more == 0 || ol_engine_state(engine_of(of)) == OL_ENGINE_FAILED);
}

/* What an honest server of a chain answers. */
static ol_slice honest(const session *of, size_t index, const world *from) {
  static uint8_t memory[1 << 16];
  ol_error error;
  ol_slice text;
  ol_json_writer to;
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  const ol_account_question *question = &of->question;
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_text(&to, "jsonrpc", "2.0");
  ol_json_write_u64(&to, "id", of->wants[index].id);
  switch (of->kinds[index]) {
  case 'c': ol_json_write_quantity_u64(&to, "result", from->chain_id); break;
  case 'B': fuzz_write_block(&to, "result", &from->header); break;
  case 'P': world_write_proof(&to, from, &question->address, question->slot_count); break;
  case 'C': ol_json_write_hex(&to, "result", from->code, from->code_len); break;
  default: fuzz_stop(__FILE__, __LINE__, "the method is known");
  }
  ol_json_write_close(&to);
  FUZZ_REQUIRE(ol_json_write_end(&error, &text, &to) == OL_OK);
  return text;
}

/* Feeds an answer from a block that ends where it ends, and notes what it vouches for. */
static void feed(session *of, size_t index, ol_slice text) {
  char hash[67];
  const ol_want *want = &of->wants[index];
  bool late = index < of->first_want;
  for (size_t i = 0; i < 2; i++) {
    ol_hex_text(hash, of->worlds[i].hash.bytes, sizeof of->worlds[i].hash.bytes);
    if (!late && of->kinds[index] == 'B' && contains(text, hash)) of->vouched[i][want->endpoint] = true;
  }
  if (!late && of->kinds[index] == 'c' && contains(text, "64c")) of->right_chain[want->endpoint] = true;
  uint8_t *exact = fuzz_copy(text.data, text.len);
  ol_status status = ol_engine_feed(engine_of(of), want->id, exact, text.len);
  FUZZ_REQUIRE((status == OL_OK) == (ol_engine_state(engine_of(of)) != OL_ENGINE_FAILED));
  free(exact);
}

static void feed_changed(session *of, size_t index, const world *from) {
  ol_slice text = honest(of, index, from);
  size_t at = fuzz_u16(of->in) % text.len;
  ((uint8_t *)(uintptr_t)text.data)[at] = fuzz_u8(of->in);
  feed(of, index, text);
}

static void feed_wrapped(session *of, size_t index, const char *member) {
  char text[512];
  ol_slice raw = fuzz_cut(of->in, fuzz_u8(of->in));
  int len =
      snprintf(text, sizeof text,
               "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"%s\":", (unsigned long long)of->wants[index].id, member);
  if (raw.len > 0) memcpy(text + len, raw.data, raw.len);
  text[(size_t)len + raw.len] = '}';
  feed(of, index, ol_slice_of(text, (size_t)len + raw.len + 1));
}

/* The engine may be copied: the session goes on with the copy, and the old memory is gone. */
static void move(session *of) {
  uint8_t *copy = fuzz_copy(of->client, of->client_len);
  free(of->client);
  of->client = (ol_client *)(void *)copy;
}

static void step(session *of) {
  static uint8_t too_long[MAX_ANSWER + 1];
  uint8_t op = fuzz_u8(of->in);
  size_t place = (op >> 4) % of->open_count, index = of->open[place];
  const ol_want *want = &of->wants[index];
  bool answered = true;
  switch (op & 15) {
  case 0: feed(of, index, honest(of, index, &of->worlds[0])); break;
  case 1: feed(of, index, honest(of, index, &of->worlds[1])); break;
  case 2: feed_changed(of, index, &of->worlds[0]); break;
  case 3: feed(of, index, fuzz_cut(of->in, fuzz_u8(of->in))); break;
  case 4: feed_wrapped(of, index, "result"); break;
  case 5: feed_wrapped(of, index, "error"); break;
  case 6: ol_engine_fail(engine_of(of), want->id, (ol_fail_reason)(fuzz_u8(of->in) % 7)); break;
  case 7: feed(of, index, ol_slice_of(too_long, sizeof too_long)); break;
  case 8:
    of->now_ms += 16ull * fuzz_u16(of->in);
    ol_engine_tick(engine_of(of), of->now_ms);
    answered = false;
    break;
  case 9:
    move(of);
    answered = false;
    break;
  case 10: /* an answer that comes twice, and one to nothing */
    feed(of, index, honest(of, index, &of->worlds[0]));
    feed(of, index, honest(of, index, &of->worlds[1]));
    ol_engine_fail(engine_of(of), want->id + 1000000, OL_FAIL_TIMEOUT);
    break;
  case 11:
    ol_engine_tick(engine_of(of), 0); /* a clock that goes back */
    return;
  default: feed(of, index, honest(of, index, &of->worlds[of->loyalty >> want->endpoint & 1])); break;
  }
  if (answered) of->open[place] = of->open[--of->open_count];
}

static void check_answer(const session *of) {
  ol_error error;
  ol_account_answer answer;
  ol_slice code;
  uint32_t vouchers = 0;
  const ol_account_question *question = &of->question;
  FUZZ_REQUIRE(ol_client_account(&error, &answer, &code, of->client) == OL_OK);
  size_t which = ol_hash_equal(&answer.block_hash, &of->worlds[0].hash) ? 0 : 1;
  const world *from = &of->worlds[which];
  FUZZ_REQUIRE(ol_hash_equal(&answer.block_hash, &from->hash));
  FUZZ_REQUIRE(ol_hash_equal(&answer.state_root, &from->header.state_root));
  FUZZ_REQUIRE(answer.block_number == from->header.number);
  FUZZ_REQUIRE(answer.block_timestamp == from->header.timestamp);
  for (size_t i = 0; i < of->config.endpoints; i++)
    vouchers += of->vouched[which][i] && (of->config.chain_id == 0 || of->right_chain[i]);
  FUZZ_REQUIRE(vouchers >= of->config.quorum);
  FUZZ_REQUIRE(answer.agreed >= of->config.quorum && answer.agreed <= vouchers);
  FUZZ_REQUIRE(question->block != OL_BLOCK_NUMBER || answer.block_number == question->number);
  FUZZ_REQUIRE(question->block != OL_BLOCK_HASH || ol_hash_equal(&answer.block_hash, &question->hash));
  FUZZ_REQUIRE(answer.age_s <= question->max_age_s);

  const ol_account *account = &answer.account;
  FUZZ_REQUIRE(memcmp(&answer.address, &question->address, sizeof answer.address) == 0);
  FUZZ_REQUIRE(account->exists == from->account.exists && account->nonce == from->account.nonce);
  FUZZ_REQUIRE(memcmp(&account->balance, &from->account.balance, sizeof account->balance) == 0);
  FUZZ_REQUIRE(ol_hash_equal(&account->storage_root, &from->account.storage_root));
  FUZZ_REQUIRE(ol_hash_equal(&account->code_hash, &from->account.code_hash));
  FUZZ_REQUIRE(answer.slot_count == question->slot_count);
  for (size_t i = 0; i < answer.slot_count; i++) {
    FUZZ_REQUIRE(memcmp(&answer.slots[i].key, &question->slots[i], sizeof(ol_u256)) == 0);
    FUZZ_REQUIRE(memcmp(&answer.slots[i].value, &from->values[i], sizeof(ol_u256)) == 0);
  }
  if (question->with_code)
    FUZZ_REQUIRE(fuzz_same(code, ol_slice_of(from->code, from->code_len)));
  else
    FUZZ_REQUIRE(answer.with_code == 0);
}

static void check_end(const session *of) {
  ol_error error;
  ol_account_answer answer;
  ol_slice code;
  ol_blame blame;
  while (ol_engine_next_blame(engine_of(of), &blame) == 1) {
    FUZZ_REQUIRE(blame.endpoint < of->config.endpoints && blame.source == OL_SOURCE_L2);
    fuzz_refused(&blame.error, (ol_status)blame.error.status, MAX_ANSWER);
  }
  if (ol_engine_state(engine_of(of)) == OL_ENGINE_DONE) {
    check_answer(of);
    return;
  }
  FUZZ_REQUIRE(ol_engine_state(engine_of(of)) == OL_ENGINE_FAILED);
  fuzz_refused(ol_engine_error(engine_of(of)), (ol_status)ol_engine_error(engine_of(of))->status, MAX_ANSWER);
  FUZZ_REQUIRE(ol_client_account(&error, &answer, &code, of->client) ==
               ol_engine_error(engine_of(of))->status);
  FUZZ_REQUIRE(ol_engine_feed(engine_of(of), 1, NULL, 0) == error.status);
}

/* Asks, and goes on by the script; where that ends, every endpoint answers for its chain. */
static void ask(session *of) {
  ol_error error;
  uint8_t shape = fuzz_u8(of->in);
  ol_account_question *question = &of->question;
  ol_address address = question->address;
  ol_account_question_init(question, &address);
  question->block = shape % 5;
  question->number = of->worlds[0].header.number;
  question->hash = of->worlds[0].hash;
  question->slot_count = (shape >> 3) % (WORLD_SLOTS + 1);
  question->with_code = shape >> 6 & 1;
  if (shape & 128) question->max_age_s = OL_AGE_ANY;
  for (size_t i = 0; i < question->slot_count; i++) question->slots[i] = world_key(i);
  FUZZ_REQUIRE(ol_client_ask_account(&error, of->client, question) == OL_OK);
  memset(of->vouched, 0, sizeof of->vouched);
  memset(of->right_chain, 0, sizeof of->right_chain);
  of->first_want = of->want_count;
  FUZZ_REQUIRE(ol_engine_begin(engine_of(of), of->now_ms) == OL_OK);
  while (ol_engine_state(engine_of(of)) == OL_ENGINE_WORKING) {
    take_wants(of);
    /* Five kinds, twice each: more is asked of nobody. */
    FUZZ_REQUIRE(of->want_count - of->first_want <= 10u * of->config.endpoints);
    if (ol_engine_state(engine_of(of)) != OL_ENGINE_WORKING) break;
    FUZZ_REQUIRE(of->open_count > 0); /* else it would wait for ever */
    if (of->in->left > 0) {
      step(of);
    } else {
      size_t index = of->open[--of->open_count];
      feed(of, index, honest(of, index, &of->worlds[of->loyalty >> of->wants[index].endpoint & 1]));
    }
  }
  check_end(of);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  static session of;
  ol_error error;
  fuzz_input in = {data, len};
  uint8_t bytes[5];
  memset(&of, 0, sizeof of);
  of.in = &in;
  uint8_t shape = fuzz_u8(&in);
  of.config.endpoints = 1u + shape % ENDPOINTS_MAX;
  of.config.quorum = 1u + (shape >> 2) % of.config.endpoints;
  of.config.chain_id = shape & 128 ? 1612 : 0;
  of.config.timeout_ms = 5000;
  of.config.max_answer = MAX_ANSWER;
  of.loyalty = fuzz_u8(&in);
  memset(of.question.address.bytes, 0x42, sizeof of.question.address.bytes);
  for (size_t i = 0; i < 2; i++) {
    fuzz_fill(&in, bytes, sizeof bytes);
    world_make(&of.worlds[i], &of.question.address, bytes);
  }
  if (of.loyalty & 128) of.worlds[1].chain_id = 1;
  of.now_ms = NOW_MS;
  of.client_len = ol_client_size(&of.config);
  of.client = (ol_client *)(void *)fuzz_block(of.client_len);
  FUZZ_REQUIRE(ol_client_init(&error, &of.client, &of.config, of.client, of.client_len) == OL_OK);
  ask(&of);
  if (in.left > 0) ask(&of); /* the same client, with old wants still open */
  world_free(&of.worlds[0]);
  world_free(&of.worlds[1]);
  free(of.client);
  return 0;
}
