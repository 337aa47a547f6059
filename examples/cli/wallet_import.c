/* SPDX-License-Identifier: MIT */

/* openledger wallet import: a mnemonic, a private key, or a keystore of another wallet. */

#include "wallet.h"

#include <stdlib.h>
#include <string.h>

/* What is imported, in memory of ol_host_secret_new. */
typedef struct import {
  uint8_t key[32];
  uint8_t entropy[32];
  uint8_t seed[OL_SEED_BYTES];
  char words[OL_MNEMONIC_MAX];
} import;

static int add_key(cli_wallet *of, const import *secret, ol_wallet_account *out) {
  ol_error error;
  uint32_t index;
  if (of->args->has_path) return cli_usage_error("--path", "a private key has no accounts below it");
  if (ol_wallet_add_key(&error, of->wallet, &index, secret->key, ol_host_now_ms()) != OL_OK)
    return cli_error("key", &error);
  return cli_wallet_add(of, index, NULL, out);
}

/* The passphrase is the next line of what the words came from. */
static int add_words(cli_wallet *of, import *secret, ol_slice words_secret, ol_wallet_account *out) {
  const cli_args *args = of->args;
  cli_secret passphrase = {0};
  ol_error error;
  uint32_t index, language = 0;
  size_t len = 0;
  int result = cli_words_find(args, words_secret, secret->entropy, &len, &language);
  if (result == EXIT_VERIFIED && args->passphrase)
    result = cli_ask_secret(&passphrase, args->secret_fd, "passphrase of the mnemonic");
  if (result == EXIT_VERIFIED &&
      (ol_mnemonic_seed(&error, secret->seed, words_secret, cli_secret_slice(&passphrase)) != OL_OK ||
       ol_wallet_add_mnemonic(&error, of->wallet, &index, secret->seed, (ol_slice){secret->entropy, len},
                              language, ol_host_now_ms()) != OL_OK))
    result = cli_error("mnemonic", &error);
  cli_secret_clear(&passphrase);
  if (result != EXIT_VERIFIED) return result;
  return cli_wallet_add(of, index, args->has_path ? &args->path : NULL, out);
}

/* A key is 64 hex digits; all else are words. */
static int import_text(cli_wallet *of, import *secret, ol_wallet_account *out) {
  cli_secret text = {0};
  ol_error error;
  int result = cli_ask_secret(&text, of->args->secret_fd, "private key or mnemonic");
  if (result != EXIT_VERIFIED) return result;
  const bool has_spaces = strpbrk(text.text, " \t") != NULL || strstr(text.text, "\xe3\x80\x80") != NULL;
  if (has_spaces)
    result = add_words(of, secret, cli_secret_slice(&text), out);
  else if (ol_key_from_text(&error, secret->key, cli_secret_slice(&text)) == OL_OK)
    result = add_key(of, secret, out);
  else
    result = cli_error("private key", &error);
  cli_secret_clear(&text);
  return result;
}

/* --- Keystores --- */

static int open_keystore(const cli_args *args, const ol_keystore *keystore, import *out,
                         size_t *out_entropy_len) {
  cli_secret password = {0};
  ol_error error;
  ol_address address;
  ol_derivation *derivation;
  const size_t len = ol_keystore_open_memory(keystore);
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  int result = cli_ask_secret(&password, args->secret_fd, "password of the keystore");
  if (result == EXIT_VERIFIED && ol_keystore_open_begin(&error, &derivation, keystore,
                                                        cli_secret_slice(&password), memory, len) != OL_OK)
    result = cli_error(args->keystore_file, &error);
  if (result == EXIT_VERIFIED) {
    cli_derive(derivation);
    if (ol_keystore_open_end(&error, derivation, out->key, &address, out->entropy, out_entropy_len) != OL_OK)
      result = cli_error(args->keystore_file, &error);
  }
  cli_secret_clear(&password);
  free(memory);
  return result;
}

/* A mnemonic beside the key is taken with it, and the key's own path below it. */
static int add_keystore(cli_wallet *of, const ol_keystore *keystore, import *secret, size_t entropy_len,
                        ol_wallet_account *out) {
  static const ol_slice no_passphrase = {NULL, 0};
  ol_error error;
  ol_words english;
  uint32_t index;
  size_t len;
  const ol_slice entropy = {secret->entropy, entropy_len};
  if (entropy_len == 0) return add_key(of, secret, out);
  ol_words_english(&english);
  if (ol_mnemonic_from_entropy(&error, secret->words, sizeof secret->words, &len, &english, entropy) !=
          OL_OK ||
      ol_mnemonic_seed(&error, secret->seed, (ol_slice){(const uint8_t *)secret->words, len},
                       no_passphrase) != OL_OK ||
      ol_wallet_add_mnemonic(&error, of->wallet, &index, secret->seed, entropy, OL_LANGUAGE_ENGLISH,
                             ol_host_now_ms()) != OL_OK)
    return cli_error(of->args->keystore_file, &error);
  return cli_wallet_add(of, index, &keystore->path, out);
}

static int import_keystore(cli_wallet *of, import *secret, ol_wallet_account *out) {
  const char *path = of->args->keystore_file;
  ol_keystore keystore;
  ol_error error;
  uint8_t *text;
  size_t len, entropy_len = 0;
  int result = cli_file_read(&text, &len, "--keystore", path);
  if (result != EXIT_VERIFIED) return result;
  void *memory = malloc(16 * len + 4096);
  if (memory == NULL)
    result = cli_no_memory();
  else if (ol_keystore_read(&error, &keystore, (ol_slice){text, len}, memory, 16 * len + 4096) != OL_OK)
    result = cli_error(path, &error);
  free(memory);
  ol_host_free_file(text);
  if (result != EXIT_VERIFIED) return result;
  if (keystore.weak)
    cli_warn(path, "its key is derived with little work: delete it, and do not reuse its password");
  result = open_keystore(of->args, &keystore, secret, &entropy_len);
  return result == EXIT_VERIFIED ? add_keystore(of, &keystore, secret, entropy_len, out) : result;
}

int cli_wallet_import(const cli_args *args) {
  cli_wallet of;
  ol_error error;
  ol_wallet_account account;
  void *secret = NULL;
  int locked;
  int result = cli_wallet_begin(&of, args);
  const bool is_new = result == EXIT_VERIFIED && !cli_wallet_exists(&of);
  if (result == EXIT_VERIFIED) result = is_new ? cli_wallet_new_password(&of) : cli_wallet_unlock(&of);
  if (result == EXIT_VERIFIED && ol_host_secret_new(&error, &secret, &locked, sizeof(import)) != OL_OK)
    result = cli_error(NULL, &error);
  if (result == EXIT_VERIFIED)
    result = args->keystore_file != NULL ? import_keystore(&of, secret, &account)
                                         : import_text(&of, secret, &account);
  ol_host_secret_free(secret);
  if (result == EXIT_VERIFIED && is_new) result = cli_wallet_save_budget(&of);
  if (result == EXIT_VERIFIED) result = cli_wallet_save(&of);
  if (result == EXIT_VERIFIED) cli_account_show(args, &account);
  cli_wallet_end(&of);
  return result;
}
