/* SPDX-License-Identifier: MIT */
#include "crypto/hmac.h"

#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include "base/poison.h"

#define LONGEST_BLOCK 128
#define LONGEST_HASH 64

/* The state of either hash is in the words of the larger one. */
static void begin(ol_sha512_state *state, ol_hmac_hash hash) {
  if (hash == OL_HMAC_SHA256) {
    ol_sha256_init((ol_sha256_state *)(void *)state);
  } else {
    ol_sha512_init(state);
  }
}

static void update(ol_sha512_state *state, ol_hmac_hash hash, ol_slice bytes) {
  if (hash == OL_HMAC_SHA256) {
    ol_sha256_update((ol_sha256_state *)(void *)state, bytes.data, bytes.len);
  } else {
    ol_sha512_update(state, bytes.data, bytes.len);
  }
}

static void finish(ol_sha512_state *state, ol_hmac_hash hash, uint8_t *out) {
  if (hash == OL_HMAC_SHA256) {
    ol_sha256_final((ol_sha256_state *)(void *)state, (ol_hash *)(void *)out);
  } else {
    ol_sha512_final(state, out);
  }
}

static void absorb_key(ol_sha512_state *state, ol_hmac_hash hash, uint8_t *block, uint8_t pad) {
  const size_t len = 2 * (size_t)hash;
  for (size_t i = 0; i < len; i++) block[i] ^= pad;
  begin(state, hash);
  update(state, hash, ol_slice_of(block, len));
  for (size_t i = 0; i < len; i++) block[i] ^= pad;
}

void ol_hmac_init(ol_hmac *out_secret, ol_hmac_hash hash, ol_slice key_secret) {
  uint8_t block[LONGEST_BLOCK] = {0};
  memset(out_secret, 0, sizeof *out_secret);
  out_secret->hash = hash;
  if (key_secret.len > 2 * (size_t)hash) {
    begin(&out_secret->inner, hash);
    update(&out_secret->inner, hash, key_secret);
    finish(&out_secret->inner, hash, block);
  } else if (key_secret.len > 0) {
    memcpy(block, key_secret.data, key_secret.len);
  }
  absorb_key(&out_secret->inner, hash, block, 0x36);
  absorb_key(&out_secret->outer, hash, block, 0x5c);
  ol_wipe(block, sizeof block);
}

void ol_hmac_of(const ol_hmac *key_secret, uint8_t *out, ol_slice head, ol_slice tail) {
  ol_sha512_state state = key_secret->inner;
  uint8_t inner[LONGEST_HASH];
  update(&state, key_secret->hash, head);
  update(&state, key_secret->hash, tail);
  finish(&state, key_secret->hash, inner);
  state = key_secret->outer;
  update(&state, key_secret->hash, ol_slice_of(inner, (size_t)key_secret->hash));
  finish(&state, key_secret->hash, out);
  ol_wipe(inner, sizeof inner);
  ol_wipe(&state, sizeof state);
}

static void store_words(uint8_t *out, const uint32_t words[8]) {
  for (size_t i = 0; i < 32; i++) out[i] = (uint8_t)(words[i / 4] >> (24 - i % 4 * 8));
}

/*
 * The rounds compress a block each that holds one hash and the padding of the two blocks there then are: 768 bits
 * with SHA-256, 1536 with SHA-512.
 */
static void rounds256(const ol_hmac *key, uint8_t *last, uint8_t *sum, uint32_t count) {
  const mbedtls_sha256_context *keys[2] = {(const void *)&key->inner, (const void *)&key->outer};
  mbedtls_sha256_context at = *keys[0];
  uint8_t block[64] = {[32] = 0x80, [62] = 0x03};
  memcpy(block, last, 32);
  for (uint32_t round = 0; round < count; round++) {
    for (size_t i = 0; i < 2; i++) {
      memcpy(at.MBEDTLS_PRIVATE(state), keys[i]->MBEDTLS_PRIVATE(state), 32);
      (void)mbedtls_internal_sha256_process(&at, block);
      store_words(block, at.MBEDTLS_PRIVATE(state));
    }
    for (size_t i = 0; i < 32; i++) sum[i] ^= block[i];
  }
  memcpy(last, block, 32);
  ol_wipe(block, sizeof block);
  ol_wipe(&at, sizeof at);
}

static void rounds512(const ol_hmac *key, uint8_t *last, uint8_t *sum, uint32_t count) {
  const mbedtls_sha512_context *keys[2] = {(const void *)&key->inner, (const void *)&key->outer};
  mbedtls_sha512_context at = *keys[0];
  uint8_t block[128] = {[64] = 0x80, [126] = 0x06};
  memcpy(block, last, 64);
  for (uint32_t round = 0; round < count; round++) {
    for (size_t i = 0; i < 2; i++) {
      memcpy(at.MBEDTLS_PRIVATE(state), keys[i]->MBEDTLS_PRIVATE(state), 64);
      (void)mbedtls_internal_sha512_process(&at, block);
      for (size_t k = 0; k < 8; k++) ol_store_be64(block + 8 * k, at.MBEDTLS_PRIVATE(state)[k]);
    }
    for (size_t i = 0; i < 64; i++) sum[i] ^= block[i];
  }
  memcpy(last, block, 64);
  ol_wipe(block, sizeof block);
  ol_wipe(&at, sizeof at);
}

void ol_hmac_rounds(const ol_hmac *key_secret, uint8_t *last, uint8_t *sum, uint32_t count) {
  if (key_secret->hash == OL_HMAC_SHA256) {
    rounds256(key_secret, last, sum, count);
  } else {
    rounds512(key_secret, last, sum, count);
  }
}

static void hmac(uint8_t *out, ol_hmac_hash hash, ol_slice key_secret, ol_slice message) {
  ol_hmac key;
  ol_hmac_init(&key, hash, key_secret);
  ol_hmac_of(&key, out, message, ol_slice_of(NULL, 0));
  ol_wipe(&key, sizeof key);
}

void ol_hmac_sha256(uint8_t out[32], ol_slice key_secret, ol_slice message) {
  hmac(out, OL_HMAC_SHA256, key_secret, message);
}

void ol_hmac_sha512(uint8_t out[64], ol_slice key_secret, ol_slice message) {
  hmac(out, OL_HMAC_SHA512, key_secret, message);
}
