/* SPDX-License-Identifier: MIT */

/* A wallet's files: the vault itself, and beside it what it has signed. */

#define _POSIX_C_SOURCE 200809L

#include "wallet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VAULT_LEN (OL_VAULT_CONTENT + OL_VAULT_OVERHEAD)
#define BAR_WIDTH 24
#define BESIDE_LEN (8u << 20) /* bytes of a file beside the wallet, at most */

/* --- Where it is --- */

static int path_in_state(char **out, const char *directory) {
  ol_error error;
  ol_state *state;
  if (!cli_is_directory(directory))
    return cli_usage_error("--state", "is no directory that a wallet could be in: see --wallet");
  if (ol_state_open(&error, &state, directory) != OL_OK) return cli_error(directory, &error);
  ol_state_close(state); /* it was there, or was made, for its owner alone */
  *out = cli_join(directory, cli_ends_in_slash(directory) ? "" : "/", "wallet");
  return *out != NULL ? EXIT_VERIFIED : cli_no_memory();
}

static int find_path(char **out, const cli_args *args) {
  const char *named = args->wallet_file != NULL ? args->wallet_file : getenv("OPENLEDGER_WALLET");
  if (named == NULL || named[0] == '\0') {
    if (args->state_file != NULL) return path_in_state(out, args->state_file);
    return cli_usage_error("--wallet", "missing: a file, or $OPENLEDGER_WALLET, or a directory of --state");
  }
  *out = cli_join(named, "", "");
  return *out != NULL ? EXIT_VERIFIED : cli_no_memory();
}

/* One command at a time has a wallet, or what one signs would be lost by the other. */
static int lock(cli_wallet *of) {
  struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  char *path = cli_join(of->path, ".lock", "");
  if (path == NULL) return cli_no_memory();
  of->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  free(path);
  if (of->lock < 0) return cli_usage_error(of->path, "nothing can be written beside it");
  if (fcntl(of->lock, F_SETLK, &all) == 0) return EXIT_VERIFIED;
  return cli_usage_error(of->path, "another command has this wallet now");
}

bool cli_wallet_exists(const cli_wallet *of) {
  return access(of->path, F_OK) == 0;
}

int cli_wallet_write_beside(const cli_wallet *of, const char *suffix, const uint8_t *bytes, size_t len) {
  ol_error error;
  char *path = cli_join(of->path, suffix, "");
  if (path == NULL) return cli_no_memory();
  const ol_status status = ol_host_write_file(&error, path, bytes, len);
  const int result = status == OL_OK ? EXIT_VERIFIED : cli_error(path, &error);
  free(path);
  return result;
}

int cli_wallet_read_beside(const cli_wallet *of, const char *suffix, uint8_t **out, size_t *out_len) {
  ol_error error;
  int result = EXIT_VERIFIED;
  char *path = cli_join(of->path, suffix, "");
  *out = NULL;
  *out_len = 0;
  if (path == NULL) return cli_no_memory();
  const bool is_there = access(path, F_OK) == 0 || errno != ENOENT;
  if (is_there && ol_host_read_file(&error, out, out_len, path, BESIDE_LEN) != OL_OK)
    result = cli_error(path, &error);
  free(path);
  return result;
}

/* --- What contracts are known --- */

/* Those of the rollup that --rollup names. A stake is of the token that --token names, where it names one. */
static int add_contracts(cli_wallet *of) {
  const cli_args *args = of->args;
  cli_rollup rollup = {.file = NULL};
  if (args->rollup == NULL) return EXIT_VERIFIED;
  const int result = cli_rollup_read(&rollup, args->rollup);
  ol_known_contract *next = of->contracts;
  while (result == EXIT_VERIFIED && of->contracts_len < sizeof of->contracts / sizeof *of->contracts &&
         ol_known_contract_at(next, &rollup.rollup, (uint32_t)of->contracts_len) == 1) {
    if (next->kind == OL_KNOWN_STAKING && args->has_token) next->asset = args->token;
    next = &of->contracts[++of->contracts_len];
  }
  cli_rollup_clear(&rollup);
  return result;
}

int cli_contract(const cli_wallet *of, ol_known_kind kind, const ol_known_contract **out) {
  for (size_t i = 0; i < of->contracts_len; i++) {
    *out = &of->contracts[i];
    if (of->contracts[i].kind == (uint32_t)kind) return EXIT_VERIFIED;
  }
  return cli_usage_error("--rollup", "needed: a profile that says where this contract is");
}

/* --- Opening --- */

int cli_wallet_begin(cli_wallet *out, const cli_args *args) {
  ol_error error;
  uint8_t entropy[32];
  int locked;
  *out = (cli_wallet){.args = args, .lock = -1};
  if (ol_host_keep_secrets(&error) != OL_OK) return cli_error(NULL, &error);
  int result = find_path(&out->path, args);
  if (result == EXIT_VERIFIED) result = lock(out);
  if (result == EXIT_VERIFIED) result = add_contracts(out);
  if (result != EXIT_VERIFIED) return result;
  const ol_wallet_config config = {.contracts = out->contracts, .contracts_len = out->contracts_len};
  const size_t len = ol_wallet_size();
  if (ol_host_entropy(&error, entropy, sizeof entropy) != OL_OK ||
      ol_host_secret_new(&error, &out->memory, &locked, len) != OL_OK ||
      ol_wallet_init(&error, &out->wallet, &config, entropy, ol_host_now_ms(), out->memory, len) != OL_OK)
    return cli_error(NULL, &error);
  return EXIT_VERIFIED;
}

void cli_derive(ol_derivation *derivation) {
  uint64_t done, total;
  while (ol_derivation_step(derivation)) {
    char bar[BAR_WIDTH + 1] = {0};
    ol_derivation_progress(derivation, &done, &total);
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', (size_t)(BAR_WIDTH * done / total));
    cli_progress("deriving a key [%s] %u %%", bar, (unsigned)(100 * done / total));
  }
  cli_progress_end();
}

static int read_content(cli_wallet *of, ol_slice content_secret) {
  ol_error error;
  const size_t len = ol_policy_size(OL_WALLET_POLICY);
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  const ol_status status = ol_wallet_open(&error, of->wallet, content_secret, ol_host_now_ms(), memory, len);
  free(memory);
  return status == OL_OK ? EXIT_VERIFIED : cli_error(of->path, &error);
}

static int open_vault(cli_wallet *of, ol_slice vault) {
  ol_error error;
  ol_vault header;
  ol_derivation *derivation;
  void *content = NULL, *memory = NULL;
  size_t len = 0;
  int locked;
  if (ol_vault_read(&error, &header, vault) != OL_OK) return cli_error(of->path, &error);
  const size_t needed = ol_vault_memory(&header.params);
  int result = (memory = malloc(needed)) == NULL ? cli_no_memory() : EXIT_VERIFIED;
  if (result == EXIT_VERIFIED &&
      (ol_host_secret_new(&error, &content, &locked, OL_VAULT_CONTENT) != OL_OK ||
       ol_vault_open_begin(&error, &derivation, vault, cli_secret_slice(&of->password), memory, needed) !=
           OL_OK))
    result = cli_error(of->path, &error);
  if (result == EXIT_VERIFIED) {
    cli_derive(derivation);
    if (ol_vault_open_end(&error, derivation, content, OL_VAULT_CONTENT, &len) != OL_OK)
      result = cli_error(of->path, &error);
  }
  free(memory);
  if (result == EXIT_VERIFIED) result = read_content(of, (ol_slice){content, len});
  ol_host_secret_free(content);
  return result;
}

int cli_wallet_read_budget(cli_wallet *of, bool may_be_gone) {
  ol_error error;
  ol_slice policy;
  uint8_t *bytes;
  size_t len;
  int result = cli_wallet_read_beside(of, ".budget", &bytes, &len);
  if (result != EXIT_VERIFIED) return result;
  ol_wallet_policy(of->wallet, &policy);
  ol_status status = OL_OK;
  if (bytes != NULL) status = ol_budget_read(&error, ol_wallet_budget(of->wallet), bytes, len, 0);
  if (status == OL_ERR_STALE)
    result = cli_failure(OL_ERR_STALE,
                         "the file .budget beside the wallet is older than what the wallet has signed: bring "
                         "the newest back, or delete it and set the policy anew with `wallet policy`");
  else if (status != OL_OK)
    result = cli_error("the budget beside the wallet", &error);
  else if (bytes == NULL && policy.len > 0 && !may_be_gone)
    result = cli_usage_error(of->path, "the file .budget beside it is gone, by which its policy counts: "
                                       "bring it back, or set the policy anew with `wallet policy`");
  ol_host_free_file(bytes);
  return result;
}

int cli_wallet_unlock(cli_wallet *of) {
  ol_error error;
  uint8_t *vault;
  size_t len;
  if (!cli_wallet_exists(of)) return cli_usage_error(of->path, "there is no wallet: see `wallet new`");
  if (ol_host_read_file(&error, &vault, &len, of->path, VAULT_LEN) != OL_OK)
    return cli_error(of->path, &error);
  int result = cli_ask_secret(&of->password, of->args->password_fd, "password");
  if (result == EXIT_VERIFIED) result = open_vault(of, (ol_slice){vault, len});
  ol_host_free_file(vault);
  return result;
}

int cli_wallet_open(cli_wallet *out, const cli_args *args) {
  int result = cli_wallet_begin(out, args);
  if (result == EXIT_VERIFIED) result = cli_wallet_unlock(out);
  return result == EXIT_VERIFIED ? cli_wallet_read_budget(out, false) : result;
}

int cli_wallet_new_password(cli_wallet *of) {
  return cli_ask_new_secret(&of->password, of->args->password_fd, "new password");
}

/* --- Writing --- */

static int seal(cli_wallet *of, ol_slice content_secret) {
  ol_error error;
  ol_vault_params params;
  ol_derivation *derivation;
  uint8_t entropy[64], *vault = malloc(VAULT_LEN);
  size_t len = 0;
  ol_vault_params_init(&params);
  const size_t needed = ol_vault_memory(&params);
  void *memory = malloc(needed);
  if (memory == NULL || vault == NULL) {
    free(memory);
    free(vault);
    return cli_no_memory();
  }
  ol_status status = ol_host_entropy(&error, entropy, sizeof entropy);
  if (status == OL_OK)
    status = ol_vault_seal_begin(&error, &derivation, &params, content_secret,
                                 cli_secret_slice(&of->password), entropy, memory, needed);
  if (status == OL_OK) {
    cli_derive(derivation);
    status = ol_vault_seal_end(&error, derivation, vault, VAULT_LEN, &len);
  }
  if (status == OL_OK) status = ol_host_write_file(&error, of->path, vault, len);
  free(memory);
  free(vault);
  return status == OL_OK ? EXIT_VERIFIED : cli_error(of->path, &error);
}

int cli_wallet_save(cli_wallet *of) {
  ol_error error;
  void *content;
  size_t len;
  int locked;
  if (ol_host_secret_new(&error, &content, &locked, OL_WALLET_CONTENT) != OL_OK)
    return cli_error(NULL, &error);
  const ol_status status =
      ol_wallet_content(&error, of->wallet, content, OL_WALLET_CONTENT, &len, ol_host_now_ms());
  const int result = status == OL_OK ? seal(of, (ol_slice){content, len}) : cli_error(of->path, &error);
  ol_host_secret_free(content);
  return result;
}

int cli_wallet_save_budget(cli_wallet *of) {
  ol_error error;
  size_t len;
  uint8_t *bytes = malloc(OL_BUDGET_SNAPSHOT);
  if (bytes == NULL) return cli_no_memory();
  const ol_status status =
      ol_budget_write(&error, bytes, OL_BUDGET_SNAPSHOT, &len, ol_wallet_budget(of->wallet));
  const int result =
      status == OL_OK ? cli_wallet_write_beside(of, ".budget", bytes, len) : cli_error(of->path, &error);
  free(bytes);
  return result;
}

int cli_wallet_save_signed(cli_wallet *of, uint64_t sequence_before) {
  const int result = cli_wallet_save_budget(of);
  if (result != EXIT_VERIFIED || ol_budget_sequence(ol_wallet_budget(of->wallet)) == sequence_before)
    return result;
  return cli_wallet_save(of);
}

void cli_wallet_end(cli_wallet *of) {
  if (of->wallet != NULL) ol_wallet_lock(of->wallet);
  ol_host_secret_free(of->memory);
  cli_secret_clear(&of->password);
  if (of->lock >= 0) close(of->lock);
  free(of->path);
  *of = (cli_wallet){.args = of->args, .lock = -1};
}

/* --- Accounts --- */

int cli_wallet_account_of(const cli_wallet *of, ol_wallet_account *out) {
  const char *name = of->args->from;
  ol_error error;
  ol_address address;
  const bool is_address = name != NULL && ol_address_from_text(&error, &address, name, strlen(name)) == OL_OK;
  for (uint32_t i = 0; ol_wallet_account_at(of->wallet, out, i) == 1; i++) {
    char number[12];
    snprintf(number, sizeof number, "%u", (unsigned)i);
    if (name == NULL || strcmp(number, name) == 0 || strcmp((const char *)out->label, name) == 0 ||
        (is_address && memcmp(&out->address, &address, sizeof address) == 0))
      return EXIT_VERIFIED;
  }
  return cli_usage_error(name == NULL ? of->path : name, name == NULL
                                                             ? "the wallet has no account"
                                                             : "no account's address, label or number");
}
