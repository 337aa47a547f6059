/* SPDX-License-Identifier: MIT */

/* What run_wasm.mjs calls (exports.txt): the campaign on one file, and memory. */
#include "mutate/mutate.h"

#if defined(__wasm__) /* elsewhere, main_native.c */

#include "mutate/recorded.h"

#include <stdlib.h>

size_t emmalloc_dynamic_heap_size(void);
size_t emmalloc_free_dynamic_memory(void);

/* Returns: bytes of the heap that are in use. */
static size_t used(void) {
  return emmalloc_dynamic_heap_size() - emmalloc_free_dynamic_memory();
}

void *mutate_alloc(size_t len);
void mutate_release(void *block);
uint32_t mutate_kinds(void);
const char *mutate_name(uint32_t kind);
void mutate_run(mutate_tally *tally, const mutate_options *options, const uint8_t *json, size_t len);
void mutate_run_beacon(mutate_tally *tally, const mutate_options *options, const uint8_t *json, size_t len);
void mutate_run_garbage(mutate_tally *tally, const mutate_options *options);
void mutate_run_receipts(mutate_tally *tally, const mutate_options *options, const uint8_t *json, size_t len);
uint32_t mutate_part_at(uint32_t kind);
uint32_t mutate_verify_level(mutate_tally *tally, const uint8_t *json, size_t len);

/* Out: zeroed memory. */
void *mutate_alloc(size_t len) {
  return calloc(1, len);
}

void mutate_release(void *block) {
  free(block);
}

uint32_t mutate_kinds(void) {
  return MUTATE_KIND_COUNT;
}

const char *mutate_name(uint32_t kind) {
  return mutate_kind_names[kind];
}

void mutate_run(mutate_tally *tally, const mutate_options *options, const uint8_t *json, size_t len) {
  mutate_file(tally, options, json, len);
}

void mutate_run_beacon(mutate_tally *tally, const mutate_options *options, const uint8_t *json, size_t len) {
  mutate_beacon(tally, options, json, len);
}

void mutate_run_receipts(mutate_tally *tally, const mutate_options *options, const uint8_t *json,
                         size_t len) {
  mutate_receipts(tally, options, json, len);
}

/* Returns: the mutate_part that a kind of change is of. */
uint32_t mutate_part_at(uint32_t kind) {
  return mutate_part_of((mutate_kind)kind);
}

void mutate_run_garbage(mutate_tally *tally, const mutate_options *options) {
  mutate_garbage(tally, options);
}

/* Verifies one proof. Returns: whether the heap is as full as before, where one block more would show. */
static bool is_level(const recorded *recording, const recorded_proof *proof, void *memory, size_t len,
                     vector_tally *tally) {
  ol_error error;
  ol_account_answer answer;
  size_t before = used();
  void *volatile block = malloc(1);
  bool shows = used() > before;
  free(block);
  before = used();
  size_t pages = __builtin_wasm_memory_size(0);
  ol_status status =
      ol_account_verify_text(&error, &answer, &proof->question, recording->hex, proof->text, memory, len);
  bool level = used() == before && pages == __builtin_wasm_memory_size(0);
  vector_count(tally, status == OL_OK, ol_slice_of("proof", 5), error.reason);
  return shows && level;
}

/* Returns: how many verifications of recorded proofs left the heap as it was; each is counted as a group. */
uint32_t mutate_verify_level(mutate_tally *tally, const uint8_t *json, size_t len) {
  recorded recording;
  uint32_t level = 0;
  if (!recorded_open(&recording, &tally->groups, json, len)) return 0;
  for (size_t i = 0; i < recording.proof_count; i++) {
    size_t room = ol_account_verify_memory(recording.hex.len, recording.proofs[i].text.len);
    void *memory = malloc(room);
    bool good = memory != NULL && is_level(&recording, &recording.proofs[i], memory, room, &tally->groups);
    vector_count(&tally->groups, good, ol_slice_of("heap", 4), "is not as it was before a verification");
    level += good;
    free(memory);
  }
  recorded_close(&recording);
  return level;
}

#endif
