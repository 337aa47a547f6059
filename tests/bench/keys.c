/* SPDX-License-Identifier: MIT */
#include "crypto/kdf.h"
#include "nodes.h"
#include "openledger/key.h"

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

/* What a keystore takes. */
static const ol_kdf_params of_keystore = {.kind = OL_KDF_SCRYPT,
                                          .cost = 131072,
                                          .size = 8,
                                          .lanes = 1,
                                          .key_len = 32,
                                          .salt = {(const uint8_t *)"salt", 4}};

/* What a vault takes. */
static const ol_kdf_params of_vault = {.kind = OL_KDF_ARGON2ID,
                                       .cost = 3,
                                       .size = 64 << 10,
                                       .key_len = 32,
                                       .salt = {(const uint8_t *)"0123456789abcdef", 16}};

bool scrypt_131072(work_answer *answer, size_t count) {
  return derive(answer, count, &of_keystore);
}

bool argon2id(work_answer *answer, size_t count) {
  return derive(answer, count, &of_vault);
}

/* Answers: bytes of memory for scrypt and for Argon2id. */
bool kdf_memory(work_answer *answer, size_t count) {
  ol_error error;
  size_t scrypt, argon2;
  (void)count;
  if (ol_kdf_memory(&error, &scrypt, &of_keystore) != OL_OK ||
      ol_kdf_memory(&error, &argon2, &of_vault) != OL_OK)
    return false;
  nodes_tell(answer, (uint64_t[]){scrypt, argon2}, 2);
  return true;
}
