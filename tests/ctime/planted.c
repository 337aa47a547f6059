/* SPDX-License-Identifier: MIT */

/* Leaks, each as it is written by mistake. */
#include "ctime/ctime.h"

#include "crypto/hmac.h"
#include "crypto/secp256k1.h"
#include "wallet/words.h"

static const uint8_t table[256] = {3, 1, 4, 1, 5};
static volatile uint32_t sink;

static const uint8_t *hidden(size_t len) {
  static uint8_t secret[64];
  for (size_t i = 0; i < sizeof secret; i++) secret[i] = (uint8_t)(i + 1);
  ctime_hide(secret, len);
  return secret;
}

static bool branches(void) {
  const uint8_t *secret = hidden(32);
  if ((secret[7] & 1) != 0) sink = 1;
  return true;
}

static bool looks_up(void) {
  sink = table[hidden(32)[3]];
  return true;
}

static bool compares(void) {
  static const uint8_t other[32] = {1};
  if (memcmp(hidden(32), other, sizeof other) == 0) sink = 2;
  return true;
}

static bool stops_at_the_first_difference(void) {
  const uint8_t *secret = hidden(32);
  size_t i = 0;
  while (i < 32 && secret[i] == i + 1) i++;
  sink = (uint32_t)i;
  return true;
}

/* A verdict of ours that is not disclosed. */
static bool decides_by_a_sum(void) {
  uint8_t out[32];
  ol_hmac_sha256(out, ol_slice_of(hidden(32), 32), ol_slice_of("message", 7));
  if (out[0] < 128) sink = 3;
  return true;
}

static bool measures_a_word(void) {
  uint8_t word[8] = "abandon";
  ctime_hide(word, sizeof word);
  sink = (uint32_t)ol_text_len((const char *)word);
  return true;
}

/* Which words they are shows where they are looked up by the first letter. */
static bool looks_up_a_letter(void) {
  uint8_t word[8] = "abandon";
  ctime_hide_letters(word, 7);
  sink = table[word[0]];
  return true;
}

/* Tables in time that depends on what is verified are for public keys. */
static bool verifies_with_a_secret(void) {
  static const uint8_t generator[33] = {0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0,
                                        0x62, 0x95, 0xce, 0x87, 0x0b, 0x07, 0x02, 0x9b, 0xfc, 0xdb, 0x2d,
                                        0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98};
  ol_error error;
  ol_secp256k1_pubkey pubkey;
  ol_hash digest;
  if (ol_secp256k1_pubkey_read(&error, &pubkey, generator, sizeof generator) != OL_OK) return false;
  memset(&digest, 7, sizeof digest);
  ol_status status = ol_ecdsa_verify(&error, &pubkey, &digest, hidden(64), OL_ECDSA_ANY_S);
  return status != OL_OK;
}

const ctime_check ctime_planted[] = {
    {"a branch on a bit of a key", branches, true},
    {"a table looked up by a byte of a key", looks_up, true},
    {"memcmp of a key", compares, true},
    {"a comparison that stops at the first difference", stops_at_the_first_difference, true},
    {"a decision by a sum of a key", decides_by_a_sum, true},
    {"a search for the end of a word", measures_a_word, true},
    {"a table looked up by a letter", looks_up_a_letter, true},
    {"arithmetic for public numbers", verifies_with_a_secret, true},
};
const size_t ctime_planted_count = sizeof ctime_planted / sizeof ctime_planted[0];
