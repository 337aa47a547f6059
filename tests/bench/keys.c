/* SPDX-License-Identifier: MIT */
#include "crypto/kdf.h"
#include "openledger/key.h"
#include "work.h"

#include <string.h>

#define ACCOUNTS 2000

/* The accounts m/44'/60'/0'/0/0 to 1999 below a seed of nines. */
bool derive_2000(work_answer *answer, size_t count) {
  static ol_address accounts[ACCOUNTS];
  uint8_t seed[64];
  ol_error error;
  ol_key key;
  ol_path path;
  memset(seed, 9, sizeof seed);
  ol_path_accounts(&path);
  for (size_t i = 0; i < count; i++) {
    if (ol_key_from_seed(&error, &key, (ol_slice){seed, sizeof seed}) != OL_OK ||
        ol_key_derive(&error, &key, &key, &path) != OL_OK ||
        ol_key_accounts(&error, accounts, ACCOUNTS, &key, 0) != OL_OK)
      return false;
  }
  memcpy(answer->bytes, accounts[ACCOUNTS - 1].bytes, 20);
  return true;
}

static bool derive(work_answer *answer, size_t count, const ol_kdf_params *params) {
  ol_error error;
  size_t len = 0;
  if (ol_kdf_memory(&error, &len, params) != OL_OK) return false;
  void *memory = work_memory(len);
  for (size_t i = 0; i < count; i++) {
    if (memory == NULL ||
        ol_kdf_run(&error, answer->bytes, params, ol_slice_of("password", 8), memory, len) != OL_OK)
      return false;
  }
  return true;
}

/* An eighth of what a keystore takes. */
bool scrypt_16384(work_answer *answer, size_t count) {
  const ol_kdf_params params = {.kind = OL_KDF_SCRYPT,
                                .cost = 16384,
                                .size = 8,
                                .lanes = 1,
                                .key_len = 32,
                                .salt = ol_slice_of("salt", 4)};
  return derive(answer, count, &params);
}

/* A quarter of what a vault takes. */
bool argon2id_16(work_answer *answer, size_t count) {
  const ol_kdf_params params = {.kind = OL_KDF_ARGON2ID,
                                .cost = 3,
                                .size = 16 << 10,
                                .key_len = 32,
                                .salt = ol_slice_of("0123456789abcdef", 16)};
  return derive(answer, count, &params);
}
