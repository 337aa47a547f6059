/* SPDX-License-Identifier: MIT */

/* The input as a keystore of another wallet; one that takes little is opened, with a password that is as good as any. */

#include "fuzz/fuzz.h"
#include "openledger/keystore.h"

#define SMALL 100000 /* bytes that are opened */

static void open_keystore(const ol_keystore *keystore) {
  ol_error error;
  ol_derivation *derivation;
  ol_address address;
  uint8_t key[32], entropy[32];
  size_t len = ol_keystore_open_memory(keystore), entropy_len = 0;
  FUZZ_REQUIRE(len > 0);
  if (len > SMALL || (uint64_t)keystore->cost * (keystore->p + 1) > SMALL) return;
  uint8_t *memory = fuzz_block(len);
  FUZZ_REQUIRE(ol_keystore_open_begin(&error, &derivation, keystore, ol_slice_of("foo", 3), memory, len) ==
               OL_OK);
  while (ol_derivation_step(derivation)) {
  }
  ol_status status = ol_keystore_open_end(&error, derivation, key, &address, entropy, &entropy_len);
  if (status != OL_OK) fuzz_refused(&error, status, 0);
  FUZZ_REQUIRE(entropy_len == 0 || entropy_len == keystore->entropy_len);
  free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_keystore keystore;
  const size_t memory_len = 16 * len + 4096;
  uint8_t *text = fuzz_copy(data, len), *memory = fuzz_block(memory_len);
  ol_status status = ol_keystore_read(&error, &keystore, ol_slice_of(text, len), memory, memory_len);
  FUZZ_REQUIRE(status != OL_ERR_MEMORY);
  free(memory);
  free(text);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return 0;
  }
  FUZZ_REQUIRE(keystore.salt_len <= OL_KEYSTORE_SALT && keystore.sealed_len <= OL_KEYSTORE_SEED);
  FUZZ_REQUIRE(keystore.entropy_len <= 32 && keystore.path.depth <= OL_PATH_STEPS);
  open_keystore(&keystore);
  return 0;
}
