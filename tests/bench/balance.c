/* SPDX-License-Identifier: MIT */
#include "openledger/provider.h"

#include "nodes.h"

#include <stdlib.h>
#include <string.h>

#define ENDPOINTS 3
#define QUORUM 2
#define QUESTIONS_MAX 64
#define PAGE 4096
#define UNTOUCHED 0xa5
#define SMALL_ANSWER (128u << 10)

/* A balance that is asked for: the request, what eth_getProof returns, and the response that must come of it. */
typedef struct question {
  ol_slice request;
  ol_slice proof;
  ol_slice response;
} question;

typedef struct asker {
  uint8_t *block; /* as malloc gave it */
  uint8_t *memory;
  size_t len;
  ol_provider *provider;
  ol_engine *engine;
  nodes_count moved; /* by the last question */
} asker;

static struct {
  uint64_t now_ms;
  ol_slice block; /* what eth_getBlockByNumber returns */
  question questions[QUESTIONS_MAX];
  size_t count;
} given;

static bool read_inputs(void) {
  const ol_slice now = work_input("balance", "now");
  ol_slice requests = work_input("balance", "requests"), proofs = work_input("balance", "proofs"),
           responses = work_input("balance", "responses");
  given.block = work_input("balance", "block");
  if (given.count > 0) return true;
  if (now.len != 8) return false;
  given.now_ms = work_u64(now.data);
  while (given.count < QUESTIONS_MAX && nodes_item(&given.questions[given.count].request, &requests)) {
    question *to = &given.questions[given.count++];
    if (!nodes_item(&to->proof, &proofs) || !nodes_item(&to->response, &responses)) return false;
  }
  return given.count > 0 && requests.len == 0;
}

static bool asks_for(const ol_want *want, const char *method) {
  const size_t len = strlen(method);
  for (size_t i = 0; i + len <= want->body.len; i++)
    if (memcmp(want->body.data + i, method, len) == 0) return true;
  return false;
}

static ol_slice result_of(const ol_want *want, const question *one) {
  if (asks_for(want, "\"eth_getProof\"")) return one->proof;
  if (asks_for(want, "\"eth_getBlockByNumber\"")) return given.block;
  return (ol_slice){(const uint8_t *)"\"0x1\"", 5}; /* the chain's id */
}

static bool ask(asker *by, const question *one) {
  ol_error error;
  ol_want want;
  ol_slice response;
  by->moved = (nodes_count){0, 0};
  if (ol_provider_ask(&error, by->provider, one->request) != OL_OK ||
      ol_engine_begin(by->engine, given.now_ms) != OL_OK)
    return false;
  while (ol_engine_next_want(by->engine, &want) == 1)
    if (!nodes_feed(&by->moved, by->engine, &want, result_of(&want, one))) return false;
  return ol_engine_state(by->engine) == OL_ENGINE_DONE &&
         ol_provider_response(&error, &response, by->provider) == OL_OK &&
         response.len == one->response.len && memcmp(response.data, one->response.data, response.len) == 0;
}

/* Makes a provider, and lets it find its block by a first question. In: bytes of an answer, 0 for the default. */
static bool begin(asker *out, uint32_t max_answer) {
  ol_error error;
  const ol_provider_config config = {.client = {.chain_id = 1,
                                                .endpoints = ENDPOINTS,
                                                .quorum = QUORUM,
                                                .timeout_ms = 10000,
                                                .max_answer = max_answer},
                                     .trust = OL_TRUST_QUORUM,
                                     .max_age_s = OL_AGE_DEFAULT,
                                     .hold_ms = OL_PROVIDER_HOLD_MS,
                                     .max_response = max_answer};
  memset(out, 0, sizeof *out);
  out->len = ol_provider_size(&config);
  out->block = (uint8_t *)malloc(out->len + 15);
  if (!read_inputs() || out->block == NULL) return false;
  out->memory = out->block + (16 - (uintptr_t)out->block % 16) % 16;
  memset(out->memory, UNTOUCHED, out->len);
  if (ol_provider_init(&error, &out->provider, &config, out->memory, out->len) != OL_OK) return false;
  out->engine = ol_provider_engine(out->provider);
  return ask(out, &given.questions[0]);
}

/* A balance at a block that is known. Answers: requests of one, and bytes received. */
bool balance_warm(work_answer *answer, size_t count) {
  static asker warm;
  static size_t next;
  bool good = warm.provider != NULL || begin(&warm, 0);
  for (size_t i = 0; i < count && good; i++) good = ask(&warm, &given.questions[next++ % given.count]);
  nodes_tell(answer, (uint64_t[]){warm.moved.requests, warm.moved.received}, 2);
  return good;
}

/* Returns: bytes of the pages of a provider's memory that were written. */
static size_t written(const asker *by) {
  size_t pages = 0;
  for (size_t at = 0; at < by->len; at += PAGE) {
    size_t i = at;
    while (i < by->len && i < at + PAGE && by->memory[i] == UNTOUCHED) i++;
    pages += i < by->len && i < at + PAGE;
  }
  return pages * PAGE;
}

/* Answers: a provider's size, and what of it is written for balances; the same with answers of SMALL_ANSWER at most. */
bool balance_memory(work_answer *answer, size_t count) {
  uint64_t figures[4];
  bool good = true;
  (void)count;
  for (size_t i = 0; i < 2 && good; i++) {
    asker by;
    good = begin(&by, i == 0 ? 0 : SMALL_ANSWER);
    for (size_t j = 0; j < given.count && good; j++) good = ask(&by, &given.questions[j]);
    figures[2 * i] = by.len;
    figures[2 * i + 1] = good ? written(&by) : 0;
    free(by.block);
  }
  nodes_tell(answer, figures, 4);
  return good;
}
