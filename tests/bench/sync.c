/* SPDX-License-Identifier: MIT */
#include "openledger/sync.h"

#include "work.h"

#include <string.h>

/* The answers of a beacon node that were given as GROUP.bootstrap, .updates, .finality, .optimistic. */
typedef struct answers {
  ol_sync_config config;
  ol_sync_texts texts;
  size_t total;
  size_t longest;
} answers;

static ol_slice take(answers *out, const char *group, const char *part) {
  ol_slice text = work_input(group, part);
  out->total += text.len;
  if (text.len > out->longest) out->longest = text.len;
  return text;
}

/* GROUP.trust is the checkpoint, the time in ms in eight bytes, and the network. */
static bool read_answers(answers *out, const char *group) {
  memset(out, 0, sizeof *out);
  ol_slice trust = work_input(group, "trust");
  if (trust.len < 40) return false;
  memcpy(out->config.checkpoint.bytes, trust.data, 32);
  out->config.now_ms = work_u64(trust.data + 32);
  out->config.insist = 1; /* a simulated sync may begin long ago */
  out->config.network = (ol_slice){trust.data + 40, trust.len - 40};
  out->texts.bootstrap = take(out, group, "bootstrap");
  out->texts.updates = take(out, group, "updates");
  out->texts.finality = take(out, group, "finality");
  out->texts.optimistic = take(out, group, "optimistic");
  return true;
}

static bool sync(work_answer *answer, const char *group, size_t count) {
  answers given;
  ol_error error;
  ol_sync_status status;
  if (!read_answers(&given, group)) return false;
  size_t len = ol_sync_verify_memory(given.longest);
  void *memory = work_memory(len);
  bool good = memory != NULL;
  for (size_t i = 0; i < count && good; i++)
    good = ol_sync_verify_text(&error, &status, &given.config, &given.texts, memory, len) == OL_OK;
  if (!good) return false;
  memcpy(answer->bytes, status.finalized.root.bytes, 32);
  memcpy(answer->bytes + 32, status.optimistic.root.bytes, 32);
  return true;
}

bool beacon_sync(work_answer *answer, size_t count) {
  return sync(answer, "fulu", count);
}

bool beacon_sync_ssz(work_answer *answer, size_t count) {
  return sync(answer, "fulu_ssz", count);
}

/* Answers, in eight bytes: what a caller has at hand for a sync that succeeds, the texts and the memory. */
static bool memory_of(work_answer *answer, const char *group) {
  answers given;
  if (!sync(answer, group, 1) || !read_answers(&given, group)) return false;
  uint64_t bytes = given.total + ol_sync_verify_memory(given.longest);
  for (size_t i = 0; i < 8; i++) answer->bytes[i] = (uint8_t)(bytes >> 8 * i);
  return true;
}

bool sync_memory(work_answer *answer, size_t count) {
  (void)count;
  return memory_of(answer, "eight");
}

bool sync_memory_ssz(work_answer *answer, size_t count) {
  (void)count;
  return memory_of(answer, "eight_ssz");
}
