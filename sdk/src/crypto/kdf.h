/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_KDF_H
#define OL_CRYPTO_KDF_H

/*
 * Keys from passwords, slowly and in steps: PBKDF2 (RFC 8018), scrypt (RFC 7914), Argon2id (RFC 9106, one lane). A step
 * is 10 to 20 ms of WebAssembly on a computer, so that a page can draw in between; of Argon2id it is a quarter of a
 * pass, 40 ms with 64 MiB.
 *
 * All memory is the caller's. With -DOL_SYSTEM_DEPS libsodium is the system's, which derives by Argon2id in one step
 * and takes the memory for it itself.
 */

#include "crypto/hmac.h"

typedef enum ol_kdf_kind {
  OL_KDF_PBKDF2_SHA256 = 1,
  OL_KDF_PBKDF2_SHA512 = 2,
  OL_KDF_SCRYPT = 3,
  OL_KDF_ARGON2ID = 4,
} ol_kdf_kind;

typedef struct ol_kdf_params {
  ol_kdf_kind kind;
  uint32_t cost;  /* PBKDF2: rounds; scrypt: N; Argon2id: passes */
  uint32_t size;  /* scrypt: r; Argon2id: KiB */
  uint32_t lanes; /* scrypt: p */
  size_t key_len; /* bytes of the key that is derived */
  ol_slice salt;  /* to stay until the end; of Argon2id 16 bytes */
} ol_kdf_params;

#define OL_KDF_ARGON2ID_SALT 16

/* A derivation that goes on, in memory that must stay in place. */
typedef struct ol_kdf {
  ol_kdf_params params;
  ol_hmac hmac;  /* the password's, but for Argon2id */
  uint64_t done; /* units of work: rounds, mixes, quarters of passes */
  uint64_t total;
  uint8_t last[64]; /* PBKDF2's U */
  uint8_t *memory;
  size_t len;
} ol_kdf;

/*
 * Out: bytes of memory that a derivation takes.
 * Returns: OL_ERR_ARGUMENT for parameters that the function does not admit, OL_ERR_LIMIT for more memory or work than
 * the limits (base/limits.h) do.
 */
OL_CHECKED ol_status ol_kdf_memory(ol_error *error, size_t *out_len, const ol_kdf_params *params) OL_NONNULL;

/*
 * Begins. The password is not needed any longer afterwards.
 * Returns: as ol_kdf_memory; OL_ERR_MEMORY when `len` is less than it says.
 */
OL_CHECKED ol_status ol_kdf_begin(ol_error *error, ol_kdf *out, const ol_kdf_params *params,
                                  ol_slice password_secret, void *memory, size_t len) OL_NONNULL;

/* Does a part of the work. Returns: whether some is left. */
bool ol_kdf_step(ol_kdf *kdf) OL_NONNULL;

/* Out: the key, when no work is left. What it took is wiped. Returns: OL_ERR_ARGUMENT when it was not done. */
OL_CHECKED ol_status ol_kdf_end(ol_error *error, ol_kdf *kdf, uint8_t *out_secret) OL_NONNULL;

/* Gives up: wipes the memory and the object. */
void ol_kdf_drop(ol_kdf *kdf) OL_NONNULL;

/* All at once. */
OL_CHECKED ol_status ol_kdf_run(ol_error *error, uint8_t *out_secret, const ol_kdf_params *params,
                                ol_slice password_secret, void *memory, size_t len) OL_NONNULL;

#endif
