/* SPDX-License-Identifier: MIT */
#ifndef SODIUM_ARGON2_SEGMENTS_H
#define SODIUM_ARGON2_SEGMENTS_H

/*
 * Argon2id (RFC 9106) with one lane, a segment - a quarter of a pass - at a time and over memory of the caller's:
 * libsodium's own code, which its interface runs in one go over memory of its own (sodium_argon2.c).
 */

#include <stdint.h>

/* What stays the same from the first call to the last. */
typedef struct crypto_pwhash_argon2id_job {
  void *blocks;        /* `kib` KiB, aligned to 64 */
  uint64_t *addresses; /* of kib / 4 words */
  uint32_t kib;        /* 8 or more */
  uint32_t passes;
  uint32_t out_len; /* bytes of the key, 16 or more */
} crypto_pwhash_argon2id_job;

void crypto_pwhash_argon2id_begin(const crypto_pwhash_argon2id_job *job, const uint8_t *password,
                                  uint32_t password_len, const uint8_t *salt, uint32_t salt_len);

/* Each pass from 0, and in it each slice from 0 to 3, in order. */
void crypto_pwhash_argon2id_segment(const crypto_pwhash_argon2id_job *job, uint32_t pass, uint32_t slice);

void crypto_pwhash_argon2id_end(uint8_t *out, const crypto_pwhash_argon2id_job *job);

#endif
