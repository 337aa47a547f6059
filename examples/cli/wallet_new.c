/* SPDX-License-Identifier: MIT */

/* openledger wallet new: a mnemonic that nobody has seen, and the first account of it. */

#include "wallet.h"

#include <stdlib.h>
#include <string.h>

/* What a new wallet is made of, in memory of ol_host_secret_new. */
typedef struct making {
  uint8_t entropy[32];
  uint8_t seed[OL_SEED_BYTES];
  uint32_t asked[2]; /* words that are asked back */
  char words[OL_MNEMONIC_MAX];
} making;

/* Returns: where a word is, and its length. White space of all lists is a space or U+3000. */
static const char *word_at(const char *words, uint32_t index, size_t *out_len) {
  for (uint32_t i = 0;; i++) {
    const char *end = words;
    while (*end != '\0' && *end != ' ' && strncmp(end, "\xe3\x80\x80", 3) != 0) end++;
    *out_len = (size_t)(end - words);
    if (i == index || *end == '\0') return words;
    words = end + (*end == ' ' ? 1 : 3);
  }
}

/* Whoever can say two of the words has written them down, or can still do so. */
static int ask_back(const making *of) {
  FILE *terminal = cli_terminal();
  for (size_t i = 0; i < 2; i++) {
    cli_secret answer = {0};
    char question[32];
    size_t len;
    const char *word = word_at(of->words, of->asked[i], &len);
    snprintf(question, sizeof question, "word %u of these", (unsigned)of->asked[i] + 1);
    if (i == 0) fputs("Write the words down, in this order: whoever has them has the accounts.\n", terminal);
    int result = cli_ask_secret(&answer, -1, question);
    const bool same = result == EXIT_VERIFIED && answer.len == len && memcmp(answer.text, word, len) == 0;
    cli_secret_clear(&answer);
    if (result != EXIT_VERIFIED) return result;
    if (!same) return cli_declined("that is another word, so no wallet was made");
  }
  return EXIT_VERIFIED;
}

static int make_words(making *of, const cli_args *args, size_t *out_len) {
  static const ol_slice no_passphrase = {NULL, 0};
  cli_words list;
  ol_error error;
  uint8_t chosen[2];
  int result = cli_words_read(&list, args, args->language);
  if (result == EXIT_VERIFIED &&
      (ol_host_entropy(&error, of->entropy, sizeof of->entropy) != OL_OK ||
       ol_host_entropy(&error, chosen, sizeof chosen) != OL_OK ||
       ol_mnemonic_create(&error, of->words, sizeof of->words, out_len, &list.words, args->words,
                          of->entropy) != OL_OK ||
       ol_mnemonic_seed(&error, of->seed, (ol_slice){(const uint8_t *)of->words, *out_len}, no_passphrase) !=
           OL_OK))
    result = cli_error(NULL, &error);
  cli_words_clear(&list);
  if (result != EXIT_VERIFIED) return result;
  of->asked[0] = chosen[0] % (args->words / 2);
  of->asked[1] = args->words / 2 + chosen[1] % (args->words / 2);
  return EXIT_VERIFIED;
}

static int make(cli_wallet *of, making *secret, ol_wallet_account *out) {
  const cli_args *args = of->args;
  ol_error error;
  uint32_t index;
  size_t len = 0;
  int result = make_words(secret, args, &len);
  if (result == EXIT_VERIFIED) result = cli_words_show(args, secret->words, len);
  if (result == EXIT_VERIFIED && args->words_fd < 0) result = ask_back(secret);
  if (result != EXIT_VERIFIED) return result;
  const ol_slice entropy = {secret->entropy, args->words / 3 * 4};
  if (ol_wallet_add_mnemonic(&error, of->wallet, &index, secret->seed, entropy, args->language,
                             ol_host_now_ms()) != OL_OK)
    return cli_error(NULL, &error);
  return cli_wallet_add(of, index, args->has_path ? &args->path : NULL, out);
}

int cli_wallet_add(cli_wallet *of, uint32_t secret, const ol_path *path, ol_wallet_account *out) {
  const char *label = of->args->label == NULL ? "" : of->args->label;
  ol_error error;
  ol_path taken;
  uint32_t index;
  ol_status status = OL_OK;
  if (path != NULL) {
    taken = *path;
  } else {
    ol_wallet_account account;
    uint32_t next = 0;
    for (uint32_t i = 0; ol_wallet_account_at(of->wallet, &account, i) == 1; i++)
      next += account.secret == secret;
    ol_path_accounts(&taken);
    taken.steps[taken.depth++] = next;
  }
  status = ol_wallet_add_account(&error, of->wallet, &index, secret, &taken,
                                 (ol_slice){(const uint8_t *)label, strlen(label)}, ol_host_now_ms());
  if (status != OL_OK) return cli_error("account", &error);
  return ol_wallet_account_at(of->wallet, out, index) == 1 ? EXIT_VERIFIED : EXIT_REFUSED;
}

int cli_wallet_new(const cli_args *args) {
  cli_wallet of;
  ol_error error;
  ol_wallet_account account;
  void *secret = NULL;
  int locked;
  int result = cli_wallet_begin(&of, args);
  if (result == EXIT_VERIFIED && cli_wallet_exists(&of))
    result = cli_usage_error(of.path, "there is a wallet already; see `wallet account` and `wallet import`");
  if (result == EXIT_VERIFIED && ol_host_secret_new(&error, &secret, &locked, sizeof(making)) != OL_OK)
    result = cli_error(NULL, &error);
  if (result == EXIT_VERIFIED) result = cli_wallet_new_password(&of);
  if (result == EXIT_VERIFIED) result = make(&of, secret, &account);
  ol_host_secret_free(secret);
  if (result == EXIT_VERIFIED) result = cli_wallet_save_budget(&of);
  if (result == EXIT_VERIFIED) result = cli_wallet_save(&of);
  if (result == EXIT_VERIFIED) cli_account_show(args, &account);
  cli_wallet_end(&of);
  return result;
}
