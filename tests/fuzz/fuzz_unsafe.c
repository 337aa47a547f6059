/* SPDX-License-Identifier: MIT */

/*
 * The input as questions to one client about the newest block that the sequencer has signed: what SystemConfig on L1
 * says, which messages there are, by whom they are signed, what of it all is changed on its way, and how time goes on.
 * An answer must be at a block that L1's signer has signed a minute ago at most, no height may go back within one, and
 * evidence must be what it says.
 */

#include "../world.h"

#include "encoding/abi.h"
#include "envelopes.h"
#include "fuzz/fuzz.h"
#include "rollup/system_config.h"

#define SOURCES 2
#define SIGNERS 2
#define QUESTIONS_MAX 24
#define MAX_ANSWER 4096
#define NOW_S 1763600000u

/* SystemConfig in a state of L1, and its implementation; in each state it names another signer. */
typedef struct l1_state {
  world_trie storage;
  world_trie accounts;
  ol_address signer;
} l1_state;

/* What a source says is the newest block. */
typedef struct told {
  uint8_t bytes[4096];
  size_t len;
  ol_hash hash; /* as long as nothing was changed */
  uint8_t signer;
} told;

typedef struct session {
  fuzz_input *in;
  ol_client *client;
  ol_client_config config;
  uint64_t now_s;
  uint8_t signer; /* that L1 names, counted from 0 */
  told sources[SOURCES];
  /* The answer before: */
  bool has_last; /* by the same signer */
  uint64_t last_number, last_time;
  ol_hash last_hash;
} session;

static world_chain earth;
static l1_state states[SIGNERS];
static const ol_address system_config = {{0xa0}}, implementation = {{0xa1}};
static const uint8_t code[] = {1, 2, 3};
static uint8_t memory[1 << 20];

static void put_account(world_trie *to, const ol_address *address, const ol_hash *storage,
                        const ol_hash *code_hash) {
  uint8_t payload[128], rlp[128];
  ol_rlp_writer fields = {.out = payload, .len = sizeof payload}, whole = {.out = rlp, .len = sizeof rlp};
  ol_rlp_put_u64(&fields, 1);
  ol_rlp_put_u64(&fields, 0);
  ol_rlp_put_string(&fields, storage->bytes, 32);
  ol_rlp_put_string(&fields, code_hash->bytes, 32);
  ol_rlp_put_list(&whole, fields.used);
  ol_rlp_put_raw(&whole, payload, fields.used);
  world_insert(to, address->bytes, sizeof *address, rlp, whole.used);
}

static void put_slot(world_trie *to, const ol_u256 *slot, const ol_address *value) {
  uint8_t rlp[40];
  ol_rlp_writer writer = {.out = rlp, .len = sizeof rlp};
  ol_rlp_put_string(&writer, value->bytes, sizeof *value);
  world_insert(to, slot->bytes, sizeof *slot, rlp, writer.used);
}

static void make_l1(void) {
  ol_hash code_hash;
  ol_keccak256(&code_hash, code, sizeof code);
  world_make(&earth);
  for (uint8_t i = 0; i < SIGNERS; i++) {
    l1_state *of = &states[i];
    envelope_signer(&of->signer, (uint8_t)(i + 1));
    put_slot(&of->storage, &ol_slot_implementation, &implementation);
    put_slot(&of->storage, &ol_system_config.unsafe_block_signer, &of->signer);
    world_seal(&of->storage);
    put_account(&of->accounts, &system_config, &of->storage.root, &ol_empty_code_hash);
    put_account(&of->accounts, &implementation, &ol_trie_empty_root, &code_hash);
    world_seal(&of->accounts);
  }
}

/* --- Servers --- */

static void write_proof(ol_json_writer *to, const l1_state *of, const ol_address *address) {
  static const ol_u256 *const slots[] = {&ol_slot_implementation, &ol_system_config.unsafe_block_signer};
  static world_proof proof;
  const bool has_slots = memcmp(address, &system_config, sizeof *address) == 0;
  ol_hash code_hash = ol_empty_code_hash;
  if (!has_slots) ol_keccak256(&code_hash, code, sizeof code);
  world_prove(&proof, &of->accounts, address->bytes, sizeof *address);
  ol_json_write_object(to, "result");
  ol_json_write_hex(to, "address", address->bytes, sizeof *address);
  world_write_nodes(to, "accountProof", &proof);
  ol_json_write_quantity_u64(to, "balance", 0);
  ol_json_write_quantity_u64(to, "nonce", 1);
  ol_json_write_hex(to, "codeHash", code_hash.bytes, 32);
  ol_json_write_hex(to, "storageHash", has_slots ? of->storage.root.bytes : ol_trie_empty_root.bytes, 32);
  ol_json_write_array(to, "storageProof");
  for (size_t i = 0; has_slots && i < 2; i++) {
    const ol_u256 value = ol_abi_address(i == 0 ? &implementation : &of->signer);
    world_prove(&proof, &of->storage, slots[i]->bytes, sizeof *slots[i]);
    ol_json_write_object(to, NULL);
    ol_json_write_quantity(to, "key", slots[i]);
    ol_json_write_quantity(to, "value", &value);
    world_write_nodes(to, "proof", &proof);
    ol_json_write_close(to);
  }
  ol_json_write_close(to);
  ol_json_write_close(to);
}

static ol_slice answer_l1(const session *of, ol_arena *arena, const ol_want *want) {
  ol_error error;
  ol_json root, member, params, parameter;
  ol_json_items items;
  ol_slice method, text;
  ol_address address;
  FUZZ_REQUIRE(ol_json_read(&error, &root, arena, want->body.data, want->body.len) == OL_OK);
  FUZZ_REQUIRE(ol_json_find(&member, root, "method") && ol_json_string(&error, &method, member) == OL_OK);
  FUZZ_REQUIRE(ol_json_find(&params, root, "params") && ol_json_array(&error, &items, params) == OL_OK);
  FUZZ_REQUIRE(ol_json_next(&parameter, NULL, &items));
  FUZZ_REQUIRE(ol_json_hex_fixed(&error, address.bytes, sizeof address, parameter) == OL_OK);
  ol_json_writer to;
  ol_json_write_begin(&to, arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_text(&to, "jsonrpc", "2.0");
  ol_json_write_u64(&to, "id", want->id);
  if (world_is_method(method, "eth_getCode"))
    ol_json_write_hex(&to, "result", code, sizeof code);
  else
    write_proof(&to, &states[of->signer], &address);
  ol_json_write_close(&to);
  FUZZ_REQUIRE(ol_json_write_end(&error, &text, &to) == OL_OK);
  return text;
}

/* A message by five bytes: what is wrong with it, its height, its time, which of a height's blocks it is, its signer. */
static void tell(session *of, told *source) {
  static uint8_t message[4096];
  const uint8_t flags = fuzz_u8(of->in);
  ol_header header = envelope_header(4, (flags & 1) != 0);
  header.number = 1000u + fuzz_u8(of->in);
  if (flags & 2) header.number <<= 40;
  header.timestamp = of->now_s + fuzz_u8(of->in) % 72 - 64;
  header.coinbase.bytes[0] = fuzz_u8(of->in) % 4;
  if ((flags & 4) == 0) header.state_root = earth.state.root;
  source->signer = fuzz_u8(of->in) % SIGNERS;
  size_t len = envelope_write(message, 4, &header, NULL, 0);
  envelope_sign(message, len, ENVELOPE_CHAIN_ID + (flags >> 3 & 1), (uint8_t)(source->signer + 1));
  ol_header_hash(&source->hash, &header);
  source->len = envelope_pack(source->bytes, message, len);
  if (flags & 16) source->bytes[fuzz_u16(of->in) % source->len] ^= fuzz_u8(of->in);
  if (flags & 32) source->len = fuzz_u16(of->in) % source->len;
}

static void feed(session *of, const ol_want *want) {
  const uint8_t op = fuzz_u8(of->in) & 15;
  const world_endpoint l2 = {.head = UINT64_MAX, .fork = 0, .chain_id = WORLD_CHAIN_ID};
  ol_engine *engine = ol_client_engine(of->client);
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  ol_slice text;
  switch (want->source) {
  case OL_SOURCE_L1: text = answer_l1(of, &arena, want); break;
  case OL_SOURCE_L2: text = world_answer(&earth, &l2, &arena, want->body); break;
  default: text = ol_slice_of(of->sources[want->endpoint].bytes, of->sources[want->endpoint].len); break;
  }
  if (op == 1) {
    (void)ol_engine_fail(engine, want->id, OL_FAIL_TIMEOUT);
    return;
  }
  uint8_t *exact = fuzz_copy(text.data, text.len);
  if (op == 2 && text.len > 0) exact[fuzz_u16(of->in) % text.len] ^= fuzz_u8(of->in);
  (void)ol_engine_feed(engine, want->id, exact, text.len);
  free(exact);
}

/* --- What must be so --- */

static void check_answer(session *of) {
  ol_error error;
  ol_account_answer answer;
  ol_slice none;
  FUZZ_REQUIRE(ol_client_account(&error, &answer, &none, of->client) == OL_OK);
  FUZZ_REQUIRE(answer.trust == OL_TRUST_UNSAFE);
  FUZZ_REQUIRE(ol_hash_equal(&answer.state_root, &earth.state.root));
  FUZZ_REQUIRE(memcmp(&answer.anchor.signer, &states[of->signer].signer, sizeof answer.anchor.signer) == 0);
  bool signed_by_l1s = false;
  for (size_t i = 0; i < SOURCES; i++)
    signed_by_l1s |=
        of->sources[i].signer == of->signer && ol_hash_equal(&of->sources[i].hash, &answer.block_hash);
  FUZZ_REQUIRE(signed_by_l1s);
  FUZZ_REQUIRE(answer.block_timestamp + OL_ENVELOPE_PAST >= of->now_s);
  FUZZ_REQUIRE(answer.block_timestamp <= of->now_s + OL_ENVELOPE_FUTURE);
  if (of->has_last && of->last_time + OL_ENVELOPE_PAST >= of->now_s) {
    FUZZ_REQUIRE(answer.block_number >= of->last_number);
    FUZZ_REQUIRE(answer.block_number > of->last_number || ol_hash_equal(&answer.block_hash, &of->last_hash));
  }
  of->has_last = true;
  of->last_number = answer.block_number;
  of->last_time = answer.block_timestamp;
  of->last_hash = answer.block_hash;
}

static void check_evidence(const session *of) {
  static uint8_t evidence[16384];
  ol_error error;
  ol_envelope found[2];
  size_t len = 0;
  ol_status status = ol_client_equivocation(&error, evidence, sizeof evidence, &len, of->client);
  FUZZ_REQUIRE(status == OL_OK || (status == OL_ERR_ARGUMENT && len == 0));
  if (status != OL_OK) return;
  FUZZ_REQUIRE(of->config.kept_messages > 0);
  bool is_so = false;
  for (size_t i = 0; i < SIGNERS; i++) {
    const ol_envelope_rules rules = {.chain_id = ENVELOPE_CHAIN_ID, .signer = states[i].signer};
    is_so |= ol_equivocation_verify(&error, found, &rules, ol_slice_of(evidence, len)) == OL_OK;
  }
  FUZZ_REQUIRE(is_so);
}

/* One question. Two bytes say who signs, and how much later it is; the rest is what servers do. */
static void ask(session *of, const ol_rollup *rollup) {
  ol_error error;
  ol_want want;
  ol_sync_status l1;
  ol_account_question question;
  ol_engine *engine = ol_client_engine(of->client);
  memset(&l1, 0, sizeof l1);
  const uint8_t signer = fuzz_u8(of->in) / 8 % SIGNERS;
  if (signer != of->signer) of->has_last = false;
  of->signer = signer;
  of->now_s += fuzz_u8(of->in) % 96;
  for (size_t i = 0; i < SOURCES; i++) tell(of, &of->sources[i]);
  l1.finalized = l1.optimistic = (ol_beacon_head){.has_header = 1,
                                                  .block_number = 50,
                                                  .block_time = NOW_S,
                                                  .state_root = states[of->signer].accounts.root};
  l1.optimistic.block_hash.bytes[0] = of->signer;
  ol_account_question_init(&question, &earth.contract);
  question.trust = OL_TRUST_UNSAFE;
  FUZZ_REQUIRE(ol_client_anchor(&error, of->client, rollup, &l1) == OL_OK);
  FUZZ_REQUIRE(ol_client_ask_account(&error, of->client, &question) == OL_OK);
  FUZZ_REQUIRE(ol_engine_begin(engine, 1000 * of->now_s) == OL_OK);
  uint32_t requests = 0;
  while (ol_engine_state(engine) == OL_ENGINE_WORKING) {
    FUZZ_REQUIRE(ol_engine_next_want(engine, &want) == 1); /* else it would wait for ever */
    FUZZ_REQUIRE(++requests <= 2 * (2 * SOURCES + 3 + 2)); /* messages and an account of each; SystemConfig */
    feed(of, &want);
  }
  if (ol_engine_state(engine) == OL_ENGINE_DONE) check_answer(of);
  check_evidence(of);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  static bool ready = false;
  ol_error error;
  fuzz_input in = {data, len};
  session of = {.in = &in, .now_s = NOW_S};
  ol_rollup rollup;
  if (!ready) make_l1();
  ready = true;
  memset(&rollup, 0, sizeof rollup);
  rollup.chain_id = WORLD_CHAIN_ID;
  rollup.system_config = system_config;
  rollup.pin_count = 1;
  ol_keccak256(&rollup.pins[0].code_hash, code, sizeof code);
  while (ol_release_at(rollup.pins[0].release)->contract != OL_CONTRACT_SYSTEM_CONFIG)
    rollup.pins[0].release++;
  of.config = (ol_client_config){.chain_id = WORLD_CHAIN_ID,
                                 .endpoints = 1,
                                 .quorum = 1,
                                 .timeout_ms = 5000,
                                 .max_answer = MAX_ANSWER,
                                 .l1_endpoints = 1,
                                 .sequencers = SOURCES,
                                 .kept_messages = fuzz_u8(&in) & 1 ? 4 : 0};
  size_t size = ol_client_size(&of.config);
  void *block = fuzz_block(size);
  FUZZ_REQUIRE(ol_client_init(&error, &of.client, &of.config, block, size) == OL_OK);
  for (uint32_t i = 0; i < QUESTIONS_MAX && in.left > 0; i++) ask(&of, &rollup);
  free(block);
  return 0;
}
