/* SPDX-License-Identifier: MIT */

/*
 * What libsodium's own core.c and randombytes.c would bring, for a library that has neither entropy nor
 * threads of its own. Asking for randomness is a programming error here, so it stops.
 */

#include "sodium/core.h"
#include "sodium/randombytes.h"

#include "private/implementations.h"
#include "sodium/runtime.h"

/* Chooses the fastest implementations that this processor has; without it the portable ones are used. */
int sodium_init(void) {
  static volatile int chosen;
  if (chosen) return 1;
  _sodium_runtime_get_cpu_features();
  _crypto_pwhash_argon2_pick_best_implementation();
  _crypto_generichash_blake2b_pick_best_implementation();
  _crypto_onetimeauth_poly1305_pick_best_implementation();
  _crypto_scalarmult_curve25519_pick_best_implementation();
  _crypto_stream_chacha20_pick_best_implementation();
  chosen = 1;
  return 0;
}

void sodium_misuse(void) {
  __builtin_trap();
}

void randombytes(unsigned char *const buf, const unsigned long long buf_len) {
  (void)buf, (void)buf_len;
  __builtin_trap();
}

void randombytes_buf(void *const buf, const size_t size) {
  (void)buf, (void)size;
  __builtin_trap();
}
