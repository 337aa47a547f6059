/* SPDX-License-Identifier: MIT */
#include "crypto/aes.h"

#include "base/poison.h"

/*
 * AES (FIPS 197) by arithmetic. That of mbedTLS looks bytes up in tables where the processor has no instructions for it,
 * as in WebAssembly, and where it looks shows in the cache. Keystores are a few blocks, so that being slow is no matter.
 */

#define ROUNDS_MOST 14
#define LOW_BITS 0x0101010101010101u

typedef struct schedule {
  size_t rounds;
  uint8_t keys[ROUNDS_MOST + 1][OL_AES_BLOCK];
} schedule;

/* --- Eight bytes at a time, as polynomials modulo x^8 + x^4 + x^3 + x + 1 --- */

static uint64_t twice(uint64_t a) {
  const uint64_t high = a >> 7 & LOW_BITS;
  return (a & LOW_BITS * 0x7f) << 1 ^ high ^ high << 1 ^ high << 3 ^ high << 4;
}

static uint64_t product(uint64_t a, uint64_t b) {
  uint64_t sum = 0;
  for (int i = 0; i < 8; i++) {
    const uint64_t bits = b >> i & LOW_BITS;
    sum ^= a & ((bits << 8) - bits);
    a = twice(a);
  }
  return sum;
}

/* The inverse of each byte, and 0 of 0: its power of 254. */
static uint64_t inverse(uint64_t a) {
  const uint64_t two = product(a, a), three = product(two, a), six = product(three, three);
  const uint64_t twelve = product(six, six);
  uint64_t power = product(twelve, three);
  for (int i = 0; i < 4; i++) power = product(power, power);
  return product(product(power, twelve), two);
}

static uint64_t rotated(uint64_t a, int by) {
  const uint64_t low = LOW_BITS * ((1u << by) - 1);
  return (a << by & ~low) | (a >> (8 - by) & low);
}

/* SubBytes, or its inverse (section 5.1.1). */
static uint64_t substituted(uint64_t a, bool back) {
  if (back) return inverse(rotated(a, 1) ^ rotated(a, 3) ^ rotated(a, 6) ^ LOW_BITS * 0x05);
  a = inverse(a);
  return a ^ rotated(a, 1) ^ rotated(a, 2) ^ rotated(a, 3) ^ rotated(a, 4) ^ LOW_BITS * 0x63;
}

/* --- Blocks --- */

static void add(uint8_t block[OL_AES_BLOCK], const uint8_t other[OL_AES_BLOCK]) {
  for (size_t i = 0; i < OL_AES_BLOCK; i++) block[i] ^= other[i];
}

/* SubBytes and ShiftRows, or their inverses. */
static void substitute(uint8_t block[OL_AES_BLOCK], bool back) {
  uint64_t words[2];
  uint8_t bytes[OL_AES_BLOCK];
  memcpy(words, block, sizeof words);
  for (size_t i = 0; i < 2; i++) words[i] = substituted(words[i], back);
  memcpy(bytes, words, sizeof bytes);
  for (size_t i = 0; i < OL_AES_BLOCK; i++) {
    const size_t shifted = (i + 4 * (i % 4)) % OL_AES_BLOCK;
    block[back ? shifted : i] = bytes[back ? i : shifted];
  }
}

/* MixColumns. Done four times it changes nothing, so three times it is its inverse. */
static void mix(uint8_t block[OL_AES_BLOCK]) {
  for (size_t i = 0; i < OL_AES_BLOCK; i += 4) {
    uint8_t *column = block + i;
    const uint8_t first = column[0], all = column[0] ^ column[1] ^ column[2] ^ column[3];
    for (size_t k = 0; k < 4; k++) {
      const uint8_t next = k == 3 ? first : column[k + 1];
      column[k] ^= (uint8_t)(all ^ twice(column[k] ^ next));
    }
  }
}

/* KeyExpansion (section 5.2), for keys of 16 and of 32 bytes. */
static void expand(schedule *out, ol_slice key_secret) {
  uint8_t *bytes = out->keys[0], power = 1;
  out->rounds = key_secret.len / 4 + 6;
  memcpy(bytes, key_secret.data, key_secret.len);
  for (size_t at = key_secret.len; at < (out->rounds + 1) * OL_AES_BLOCK; at += 4) {
    uint8_t word[8] = {0};
    const bool begins = at % key_secret.len == 0;
    for (size_t i = 0; i < 4; i++) word[i] = bytes[at - 4 + (begins ? (i + 1) % 4 : i)];
    if (begins || (key_secret.len == 32 && at % 32 == 16)) {
      uint64_t packed;
      memcpy(&packed, word, sizeof packed);
      packed = substituted(packed, false);
      memcpy(word, &packed, sizeof packed);
    }
    if (begins) {
      word[0] ^= power;
      power = (uint8_t)twice(power);
    }
    for (size_t i = 0; i < 4; i++) bytes[at + i] = bytes[at - key_secret.len + i] ^ word[i];
  }
}

static void encrypt(const schedule *of, uint8_t block[OL_AES_BLOCK]) {
  add(block, of->keys[0]);
  for (size_t round = 1; round <= of->rounds; round++) {
    substitute(block, false);
    if (round < of->rounds) mix(block);
    add(block, of->keys[round]);
  }
}

static void decrypt(const schedule *of, uint8_t block[OL_AES_BLOCK]) {
  for (size_t round = of->rounds; round > 0; round--) {
    add(block, of->keys[round]);
    for (size_t i = 0; round < of->rounds && i < 3; i++) mix(block);
    substitute(block, true);
  }
  add(block, of->keys[0]);
}

/* --- Modes (SP 800-38A) --- */

void ol_aes_ctr(uint8_t *out_secret, ol_slice in_secret, ol_slice key_secret,
                const uint8_t counter[OL_AES_BLOCK]) {
  schedule of;
  uint8_t next[OL_AES_BLOCK], stream[OL_AES_BLOCK];
  expand(&of, key_secret);
  memcpy(next, counter, sizeof next);
  for (size_t at = 0; at < in_secret.len; at++) {
    if (at % OL_AES_BLOCK == 0) {
      memcpy(stream, next, sizeof stream);
      encrypt(&of, stream);
      for (size_t i = OL_AES_BLOCK; i > 0 && ++next[i - 1] == 0;) i--;
    }
    out_secret[at] = in_secret.data[at] ^ stream[at % OL_AES_BLOCK];
  }
  ol_wipe(&of, sizeof of);
  ol_wipe(stream, sizeof stream);
  ol_wipe_stack();
}

void ol_aes_cbc_decrypt(uint8_t *out_secret, ol_slice in, ol_slice key_secret,
                        const uint8_t iv[OL_AES_BLOCK]) {
  schedule of;
  const uint8_t *before = iv;
  expand(&of, key_secret);
  for (size_t at = 0; at + OL_AES_BLOCK <= in.len; at += OL_AES_BLOCK) {
    memcpy(out_secret + at, in.data + at, OL_AES_BLOCK);
    decrypt(&of, out_secret + at);
    add(out_secret + at, before);
    before = in.data + at;
  }
  ol_wipe(&of, sizeof of);
  ol_wipe_stack();
}
