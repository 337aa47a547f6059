/* SPDX-License-Identifier: MIT */
#include "crypto/keccak.h"

#include "reference.h"
#include "work.h"

#include <string.h>

/* The words that a run ends with depend on all that it did; both permutations start from the same. */
static bool permute(work_answer *answer, size_t count, void (*permutation)(uint64_t state[25])) {
  uint64_t state[25] = {0};
  permutation(state);
  memcpy(answer->bytes, state, sizeof answer->bytes);
  for (size_t i = 1; i < count; i++) permutation(state);
  static volatile uint64_t used;
  used = state[0];
  (void)used;
  return true;
}

bool keccak_own(work_answer *answer, size_t count) {
  return permute(answer, count, ol_keccak_f1600);
}

bool keccak_reference(work_answer *answer, size_t count) {
  return permute(answer, count, reference_keccak_f1600);
}
