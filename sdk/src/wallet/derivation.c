/* SPDX-License-Identifier: MIT */
#include "wallet/derivation.h"

#include "base/arena.h"

#include "base/poison.h"

#define ALIGNMENT 16

static const size_t own = ALIGNMENT + sizeof(ol_derivation);

size_t ol_derivation_memory(const ol_kdf_params *params) {
  ol_error error;
  size_t len = 0;
  return ol_kdf_memory(&error, &len, params) == OL_OK ? own + len : 0;
}

ol_status ol_derivation_place(ol_error *error, ol_derivation **out, ol_slice *out_rest, void *memory,
                              size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_derivation *derivation = (ol_derivation *)ol_arena_take(&arena, sizeof *derivation);
  if (derivation == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory for deriving a key");
  memset(derivation, 0, sizeof *derivation);
  *out = derivation;
  *out_rest = ol_slice_of(arena.memory + arena.used, arena.len - arena.used);
  return OL_OK;
}

ol_status ol_derivation_begin(ol_error *error, ol_derivation *derivation, ol_slice rest,
                              const ol_kdf_params *params, ol_slice password_secret) {
  void *memory = (void *)(uintptr_t)rest.data;
  ol_status status = ol_kdf_begin(error, &derivation->kdf, params, password_secret, memory, rest.len);
  if (status != OL_OK) ol_wipe(derivation, sizeof *derivation);
  return status;
}

bool ol_derivation_step(ol_derivation *derivation) {
  return ol_kdf_step(&derivation->kdf);
}

void ol_derivation_progress(const ol_derivation *derivation, uint64_t *out_done, uint64_t *out_total) {
  *out_done = derivation->kdf.done;
  *out_total = derivation->kdf.total;
}

void ol_derivation_drop(ol_derivation *derivation) {
  ol_kdf_drop(&derivation->kdf);
  ol_wipe(derivation, sizeof *derivation);
}

ol_status ol_derivation_for(ol_error *error, const ol_derivation *derivation, ol_purpose purpose) {
  ol_error_clear(error);
  if (derivation->purpose != purpose)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "derivation was not begun for this");
  return OL_OK;
}
