/* SPDX-License-Identifier: MIT */

/*
 * Verification allocates nothing: counts every call to the heap, and to the system for memory, that the core
 * and its dependencies make while recorded headers and proofs are verified and whole sessions are run. The
 * program is linked with --wrap for each of these functions.
 *
 *   alloc FOLDER       what vectors/prepare.mjs made
 */
#include "beacon_node.h"
#include "envelopes.h"
#include "mutate/recorded.h"
#include "openledger/sync.h"
#include "vectors/manifest.h"

#include <sys/types.h>

#include <yyjson.h>

#define NOW_AFTER_S 1

/* Volatile, as the compiler knows that malloc itself changes no variable of ours. */
static volatile size_t calls;

/* The functions that give or take memory, each counted and passed on. */
#define WRAP(type, name, parameters, arguments)                                                              \
  type __real_##name parameters;                                                                             \
  type __wrap_##name parameters;                                                                             \
  type __wrap_##name parameters {                                                                            \
    calls = calls + 1;                                                                                       \
    return __real_##name arguments;                                                                          \
  }

WRAP(void *, malloc, (size_t len), (len))
WRAP(void *, calloc, (size_t count, size_t len), (count, len))
WRAP(void *, realloc, (void *block, size_t len), (block, len))
WRAP(void *, aligned_alloc, (size_t alignment, size_t len), (alignment, len))
WRAP(int, posix_memalign, (void **out, size_t alignment, size_t len), (out, alignment, len))
WRAP(char *, strdup, (const char *text), (text))
WRAP(void *, mmap, (void *at, size_t len, int protection, int flags, int file, off_t offset),
     (at, len, protection, flags, file, offset))
WRAP(void *, sbrk, (intptr_t increment), (increment))

void __real_free(void *block);
void __wrap_free(void *block);
void __wrap_free(void *block) {
  calls = calls + 1;
  __real_free(block);
}

static uint32_t passed, failed;

static void check(bool good, const char *what, const char *name, const char *why) {
  passed += good;
  failed += !good;
  if (!good) fprintf(stderr, "%s: %s: %s\n", name, what, why);
}

static void check_level(size_t before, ol_status status, const char *what, const char *name,
                        const ol_error *error) {
  check(status == OL_OK, what, name, error->reason);
  check(calls == before, what, name, "called for memory");
}

/* A call of ours is counted, and so is one that a dependency makes by itself. */
static void check_counter(void) {
  size_t before = calls;
  void *volatile block = malloc(1);
  free(block);
  check(calls == before + 2, "counter", "malloc and free", "are not counted");
  before = calls;
  yyjson_doc *document = yyjson_read("[1]", 3, 0);
  check(calls > before, "counter", "yyjson's own allocation", "is not counted");
  yyjson_doc_free(document);
}

static void verify_header(const recorded *recording, const char *name) {
  ol_error error;
  ol_header header;
  ol_hash hash;
  ol_slice texts[] = {recording->hex, recording->block};
  for (size_t i = 0; i < 2; i++) {
    if (texts[i].data == NULL) continue;
    size_t len = ol_json_memory(texts[i].len);
    void *memory = malloc(len);
    size_t before = calls;
    ol_status status = ol_header_from_text(&error, &header, &hash, texts[i], memory, len);
    check_level(before, status, "header", name, &error);
    free(memory);
  }
}

static void verify_proof(const recorded *recording, const recorded_proof *proof, const char *name) {
  static ol_account_answer answer;
  static uint8_t writing[16 << 10];
  ol_error error;
  ol_account account;
  ol_u256 value;
  ol_slice json;
  const ol_account_question *question = &proof->question;
  ol_slice header = recording->block.data != NULL ? recording->block : recording->hex;
  size_t len = ol_account_verify_memory(header.len, proof->text.len);
  void *memory = malloc(len);
  size_t before = calls;
  ol_status status = ol_account_verify_text(&error, &answer, question, header, proof->text, memory, len);
  check_level(before, status, "text of the proof", name, &error);
  status = ol_account_verify_text(&error, &answer, NULL, header, proof->text, memory, len);
  check_level(before, status, "text of the proof, unasked", name, &error);
  status = ol_account_answer_json(&error, &json, &answer, (ol_slice){0}, writing, sizeof writing);
  check_level(before, status, "answer as JSON", name, &error);
  status = ol_account_verify(&error, &account, &recording->header.state_root, &question->address,
                             proof->account.list, proof->account.count);
  check_level(before, status, "account", name, &error);
  for (size_t i = 0; i < question->slot_count; i++) {
    status = ol_storage_verify(&error, &value, &account.storage_root, &question->slots[i],
                               proof->slots[i].list, proof->slots[i].count);
    check_level(before, status, "slot", name, &error);
  }
  free(memory);
}

/* What a server answers to one want; writing it takes no memory but the recording's arena. */
static ol_slice answer_to(recorded *recording, const recorded_proof *proof, ol_slice code,
                          const ol_want *want) {
  static const char *const methods[] = {"eth_getProof", "eth_getCode"};
  const ol_slice results[] = {proof->text, code};
  for (size_t i = 0; i < 2; i++) {
    size_t len = strlen(methods[i]);
    for (size_t at = 0; at + len <= want->body.len; at++) {
      if (memcmp(want->body.data + at, methods[i], len) == 0)
        return recorded_response(recording, want->id, results[i]);
    }
  }
  return recorded_response(recording, want->id, recording->block);
}

/* Code as a JSON string. */
static ol_slice code_text(recorded *recording, ol_slice code) {
  char *text = ol_arena_take(&recording->arena, 2 * code.len + 5);
  if (text == NULL) return ol_slice_of(NULL, 0);
  ol_hex_text(text + 1, code.data, code.len);
  text[0] = text[2 * code.len + 3] = '"';
  return ol_slice_of(text, 2 * code.len + 4);
}

static void run_session(recorded *recording, const recorded_proof *proof, const char *name) {
  static ol_account_answer answer;
  ol_error error;
  ol_client *client;
  ol_slice code;
  ol_want want;
  ol_arena unused = recording->arena;
  const ol_client_config config = {.endpoints = 3, .quorum = 2, .timeout_ms = 1000, .max_answer = 4u << 20};
  ol_account_question question = proof->question;
  question.block = OL_BLOCK_LATEST;
  question.trust = OL_TRUST_QUORUM;
  question.with_code = proof->code.data != NULL;
  ol_slice served = code_text(recording, proof->code);
  size_t len = ol_client_size(&config), wants = 0, before;
  void *memory = malloc(len);
  before = calls;
  ol_status status = ol_client_init(&error, &client, &config, memory, len);
  check_level(before, status, "client", name, &error);
  status = ol_client_ask_account(&error, client, &question);
  check_level(before, status, "question", name, &error);
  ol_engine *engine = ol_client_engine(client);
  status = ol_engine_begin(engine, 1000 * (recording->header.timestamp + NOW_AFTER_S));
  while (status == OL_OK && ol_engine_state(engine) == OL_ENGINE_WORKING &&
         ol_engine_next_want(engine, &want) == 1) {
    ol_slice text = answer_to(recording, proof, served, &want);
    status = wants++ == 0 ? ol_engine_fail(engine, want.id, OL_FAIL_CONNECTION)
                          : ol_engine_feed(engine, want.id, text.data, text.len);
  }
  check_level(before, status, "session", name, ol_engine_error(engine));
  status = ol_client_account(&error, &answer, &code, client);
  check_level(before, status, "session's answer", name, &error);
  check(vector_same(code, proof->code), "session's code", name, "is another one");
  free(memory);
  recording->arena = unused;
}

/* A gossiped message of as many transactions as a full block has, and evidence made of two. */
static void verify_envelope(void) {
  enum { TRANSACTIONS = 1000 };
  static ol_slice list[TRANSACTIONS];
  static uint8_t messages[2][1 << 16], evidence[1 << 17];
  static _Alignas(16) uint8_t memory[1 << 14];
  static const uint8_t bytes[] = "\x02 a transaction";
  ol_error error;
  ol_envelope of[2], found[2];
  ol_envelope_rules rules = {.chain_id = ENVELOPE_CHAIN_ID, .any_time = 1};
  ol_unsafe_head *head;
  ol_slice message[2];
  uint32_t event;
  size_t len;
  for (size_t i = 0; i < TRANSACTIONS; i++) list[i] = ol_slice_of(bytes, 1 + i % (sizeof bytes - 1));
  for (size_t i = 0; i < 2; i++) {
    ol_header header = envelope_header(4, i == 1);
    message[i] = ol_slice_of(messages[i], envelope_write(messages[i], 4, &header, list, TRANSACTIONS));
  }
  envelope_signer(&rules.signer, 1);
  size_t before = calls;
  ol_status status =
      ol_unsafe_head_init(&error, &head, ENVELOPE_CHAIN_ID, &rules.signer, memory, sizeof memory);
  for (size_t i = 0; i < 2 && status == OL_OK; i++) {
    status = ol_envelope_verify(&error, &of[i], &rules, message[i], 4);
    if (status == OL_OK) status = ol_unsafe_head_take(&error, head, &event, &of[i]);
  }
  check_level(before, status, "envelope", "envelopes.h", &error);
  if (status == OL_OK) status = ol_equivocation_make(&error, evidence, sizeof evidence, &len, &of[0], &of[1]);
  if (status == OL_OK) status = ol_equivocation_verify(&error, found, &rules, ol_slice_of(evidence, len));
  check_level(before, status, "equivocation", "envelopes.h", &error);
}

/* A sync from files, with batches and a pairing check for each kind of text. */
static void verify_sync(void) {
  static beacon_node node;
  static node_text updates;
  ol_error error;
  ol_sync_status status;
  node_make(&node);
  node_put_json_updates(&updates, &node, 0, NODE_PERIODS);
  const ol_sync_config config = {.network = ol_slice_of(node_network_json, strlen(node_network_json)),
                                 .checkpoint = node.checkpoint,
                                 .now_ms = 1000 * (1000000 + (NODE_PERIODS + 1) * NODE_PERIOD * UINT64_C(6))};
  const ol_sync_texts texts = {node_slice(&node.json_bootstrap), node_slice(&updates),
                               node_slice(&node.finality), node_slice(&node.optimistic)};
  size_t len = ol_sync_verify_memory(updates.len);
  void *memory = malloc(len);
  size_t before = calls;
  ol_status result = ol_sync_verify_text(&error, &status, &config, &texts, memory, len);
  check_level(before, result, "sync", "beacon_node.h", &error);
  free(memory);
}

static void run_file(const char *folder, const char *name) {
  size_t len = 0;
  recorded recording;
  vector_tally tally = {.passed = 0};
  uint8_t *json = manifest_read(folder, name, &len);
  bool opened = json != NULL && recorded_open(&recording, &tally, json, len);
  check(opened && tally.failed == 0, "recording", name, tally.first_failure);
  if (opened) {
    verify_header(&recording, name);
    for (size_t i = 0; i < recording.proof_count; i++) {
      verify_proof(&recording, &recording.proofs[i], name);
      if (recording.block.data != NULL) run_session(&recording, &recording.proofs[i], name);
    }
    recorded_close(&recording);
  }
  free(json);
}

int main(int argc, char **argv) {
  char path[MANIFEST_PATH], suite[MANIFEST_WORD], name[MANIFEST_WORD];
  if (argc != 2) {
    fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return EXIT_FAILURE;
  }
  FILE *manifest = manifest_open(path, argv[1]);
  if (manifest == NULL) return manifest_absent(path);
  check_counter();
  verify_sync();
  verify_envelope();
  uint32_t files = 0;
  while (manifest_next(manifest, suite, name)) {
    if (!manifest_is_recording(suite)) continue;
    run_file(argv[1], name);
    files++;
  }
  fclose(manifest);
  check(files > 0, "recordings", path, "there are none");
  printf("%u passed, %u failed\n", (unsigned)passed, (unsigned)failed);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
