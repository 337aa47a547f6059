/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_FUZZ_H
#define OL_TESTS_FUZZ_H

/* What the harnesses share: a check that stops the run, a reader of the input, exact copies of it. */

#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define FUZZ_REQUIRE(condition)                                                                              \
  do {                                                                                                       \
    if (!(condition)) fuzz_stop(__FILE__, __LINE__, #condition);                                             \
  } while (0)

static inline _Noreturn void fuzz_stop(const char *file, int line, const char *condition) {
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
  abort();
}

/* Every refusal has a status, a reason, and a place that is inside the input or nowhere. */
static inline void fuzz_refused(const ol_error *error, ol_status status, size_t len) {
  char line[256];
  FUZZ_REQUIRE(status < 0 && error->status == (int32_t)status);
  FUZZ_REQUIRE(error->reason[0] != '\0');
  FUZZ_REQUIRE(error->offset == OL_NOWHERE || error->offset <= len);
  size_t text_len = ol_error_text(error, line, sizeof line);
  FUZZ_REQUIRE(text_len < sizeof line && strlen(line) == text_len);
}

/* A block that ends where its bytes end, so that a sanitizer sees a read behind them. */
static inline uint8_t *fuzz_block(size_t len) {
  uint8_t *block = malloc(len > 0 ? len : 1);
  if (block == NULL) abort();
  return block;
}

static inline uint8_t *fuzz_copy(const void *bytes, size_t len) {
  uint8_t *copy = fuzz_block(len);
  if (len > 0) memcpy(copy, bytes, len);
  return copy;
}

static inline bool fuzz_same(ol_slice a, ol_slice b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Reads the input from its front; behind its end there are zeros. */
typedef struct fuzz_input {
  const uint8_t *data;
  size_t left;
} fuzz_input;

static inline uint8_t fuzz_u8(fuzz_input *in) {
  if (in->left == 0) return 0;
  in->left--;
  return *in->data++;
}

static inline uint16_t fuzz_u16(fuzz_input *in) {
  uint8_t low = fuzz_u8(in);
  return (uint16_t)(low | fuzz_u8(in) << 8);
}

/* Cuts off at most `len` bytes. */
static inline ol_slice fuzz_cut(fuzz_input *in, size_t len) {
  ol_slice out = {in->data, len < in->left ? len : in->left};
  in->data += out.len;
  in->left -= out.len;
  return out;
}

/* Fills `len` bytes, with zeros where the input has ended. */
static inline void fuzz_fill(fuzz_input *in, void *out, size_t len) {
  ol_slice bytes = fuzz_cut(in, len);
  memset(out, 0, len);
  if (bytes.len > 0) memcpy(out, bytes.data, bytes.len);
}

/* What mutators of a harness choose by. In: a state that is not zero. */
static inline uint32_t fuzz_draw(uint32_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

/* The nodes of one proof as ol_trie_root hands them out, turned so that the root is first. */
#define FUZZ_NODES 64

typedef struct fuzz_proof {
  ol_slice nodes[FUZZ_NODES];
  size_t count;
} fuzz_proof;

static inline void fuzz_take_node(void *context, ol_slice head, ol_slice tail) {
  fuzz_proof *proof = context;
  FUZZ_REQUIRE(proof->count < FUZZ_NODES);
  uint8_t *bytes = fuzz_block(head.len + tail.len);
  memcpy(bytes, head.data, head.len);
  if (tail.len > 0) memcpy(bytes + head.len, tail.data, tail.len);
  memmove(proof->nodes + 1, proof->nodes, proof->count * sizeof *proof->nodes);
  proof->nodes[0] = ol_slice_of(bytes, head.len + tail.len);
  proof->count++;
}

static inline void fuzz_free_proof(fuzz_proof *proof) {
  for (size_t i = 0; i < proof->count; i++) free((void *)(uintptr_t)proof->nodes[i].data);
  proof->count = 0;
}

#endif
