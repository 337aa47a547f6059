/* SPDX-License-Identifier: MIT */

/* openledger wallet export: an account for another wallet, as a keystore, or its secret to its owner. */

#include "wallet.h"

#include <stdlib.h>
#include <string.h>

static int make_keystore(cli_wallet *of, const uint8_t key_secret[32], char *out, size_t *out_len) {
  cli_secret password = {0};
  ol_error error;
  ol_derivation *derivation;
  uint8_t entropy[64];
  const size_t len = ol_keystore_make_memory();
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  int result = cli_ask_new_secret(&password, of->args->password_fd, "password of the keystore");
  if (result == EXIT_VERIFIED &&
      (ol_host_entropy(&error, entropy, sizeof entropy) != OL_OK ||
       ol_keystore_make_begin(&error, &derivation, key_secret, cli_secret_slice(&password), entropy, memory,
                              len) != OL_OK))
    result = cli_error(NULL, &error);
  if (result == EXIT_VERIFIED) {
    cli_derive(derivation);
    if (ol_keystore_make_end(&error, derivation, out, OL_KEYSTORE_MADE, out_len) != OL_OK)
      result = cli_error(NULL, &error);
  }
  cli_secret_clear(&password);
  free(memory);
  return result;
}

static int write_keystore(cli_wallet *of, const uint8_t key_secret[32]) {
  const char *path = of->args->out_file;
  char text[OL_KEYSTORE_MADE];
  ol_error error;
  size_t len;
  int result = make_keystore(of, key_secret, text, &len);
  if (result != EXIT_VERIFIED) return result;
  if (path == NULL || strcmp(path, "-") == 0) {
    printf("%.*s\n", (int)len, text);
  } else if (ol_host_write_file(&error, path, (const uint8_t *)text, len) != OL_OK) {
    result = cli_error(path, &error);
  }
  return result;
}

static int reveal_words(cli_wallet *of, const ol_address *address, uint8_t entropy[32], char *words) {
  cli_words list;
  ol_error error;
  uint32_t language;
  size_t entropy_len, len;
  if (ol_wallet_reveal_entropy(&error, of->wallet, entropy, &entropy_len, &language, address,
                               ol_host_now_ms()) != OL_OK)
    return cli_error("mnemonic", &error);
  int result = cli_words_read(&list, of->args, language);
  if (result == EXIT_VERIFIED && ol_mnemonic_from_entropy(&error, words, OL_MNEMONIC_MAX, &len, &list.words,
                                                          (ol_slice){entropy, entropy_len}) != OL_OK)
    result = cli_error("mnemonic", &error);
  cli_words_clear(&list);
  return result == EXIT_VERIFIED ? cli_words_show(of->args, words, len) : result;
}

/* In: memory of ol_host_secret_new, for a key and for words. */
static int export_account(cli_wallet *of, const ol_wallet_account *account, uint8_t key[32], char *words) {
  const bool is_key = of->args->reveal != NULL && strcmp(of->args->reveal, "key") == 0;
  char question[160], address[43];
  ol_error error;
  int result;
  ol_address_text(address, &account->address);
  if (of->args->reveal != NULL) {
    snprintf(question, sizeof question, "Show the secret of %s? Whoever sees it has all that it has.",
             address);
    result = cli_ask_yes(of->args, question);
    if (result != EXIT_VERIFIED) return result;
  }
  if (of->args->reveal != NULL && !is_key) return reveal_words(of, &account->address, key, words);
  if (ol_wallet_reveal_key(&error, of->wallet, key, &account->address, ol_host_now_ms()) != OL_OK)
    return cli_error("key", &error);
  if (!is_key) return write_keystore(of, key);
  ol_hex_text(words, key, 32);
  return cli_words_show(of->args, words, 66);
}

int cli_wallet_export(const cli_args *args) {
  cli_wallet of;
  ol_error error;
  ol_wallet_account account;
  void *secret = NULL;
  int locked;
  int result = cli_wallet_open(&of, args);
  if (result == EXIT_VERIFIED) result = cli_wallet_account_of(&of, &account);
  if (result == EXIT_VERIFIED && ol_host_secret_new(&error, &secret, &locked, 32 + OL_MNEMONIC_MAX) != OL_OK)
    result = cli_error(NULL, &error);
  if (result == EXIT_VERIFIED) result = export_account(&of, &account, secret, (char *)secret + 32);
  ol_host_secret_free(secret);
  cli_wallet_end(&of);
  return result;
}
