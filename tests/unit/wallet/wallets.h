/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_WALLETS_H
#define OL_TESTS_WALLETS_H

/* A wallet with one account, of the mnemonic that nodes for development use. */

#include "unit/wallet/intents.h"
#include "wallet/wallet.h"

#define NOW 1800000000000u /* ms */
#define IDLE 60000u

static ol_error error;
static ol_wallet wallet;
static _Alignas(16) uint8_t memory[1 << 20];
static uint8_t seed[64], entropy[32];
static size_t entropy_len;
static ol_address first; /* the account */

static inline void refuses(ol_status status, ol_status expected, const char *reason) {
  assert_int_equal(status, expected);
  assert_string_equal(error.reason, reason);
}

/* Adds an account of the mnemonic. */
static inline ol_status add_account(const char *path, const char *label) {
  ol_path steps;
  uint32_t index;
  assert_int_equal(ol_path_from_text(&error, &steps, path, ol_text_len(path)), OL_OK);
  return ol_wallet_add_account(&error, &wallet, &index, 0, &steps, text_of(label), NOW);
}

/* Adds a key and its account. */
static inline ol_address add_key(const uint8_t key[32]) {
  ol_path none = {.depth = 0};
  uint32_t secret, index;
  assert_int_equal(ol_wallet_add_key(&error, &wallet, &secret, key, NOW), OL_OK);
  assert_int_equal(ol_wallet_add_account(&error, &wallet, &index, secret, &none, text_of("key"), NOW), OL_OK);
  return wallet.accounts[index].address;
}

static inline void set_policy(const char *json) {
  assert_int_equal(ol_wallet_set_policy(&error, &wallet, text_of(json), NOW, memory, sizeof memory), OL_OK);
}

static inline int fill_wallet(void **state) {
  static const char words[] = "test test test test test test test test test test test junk";
  const ol_wallet_config config = {.idle_ms = IDLE};
  const uint8_t blind[32] = {1};
  ol_wallet *made;
  ol_words english;
  uint32_t secret;
  (void)state;
  assert_int_equal(ol_wallet_init(&error, &made, &config, blind, NOW, &wallet, sizeof wallet), OL_OK);
  ol_words_english(&english);
  assert_int_equal(ol_mnemonic_to_entropy(&error, entropy, &entropy_len, &english, text_of(words)), OL_OK);
  assert_int_equal(ol_mnemonic_seed(&error, seed, text_of(words), text_of("")), OL_OK);
  assert_int_equal(
      ol_wallet_add_mnemonic(&error, &wallet, &secret, seed, ol_slice_of(entropy, entropy_len), 0, NOW),
      OL_OK);
  assert_int_equal(add_account("m/44'/60'/0'/0/0", "main"), OL_OK);
  first = wallet.accounts[0].address;
  return 0;
}

#endif
