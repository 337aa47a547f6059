/* SPDX-License-Identifier: MIT */

/* openledger wallet: what is in a wallet, and changing it. */

#include "wallet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void cli_path_text(char *out, size_t len, const ol_path *path) {
  size_t used = (size_t)snprintf(out, len, "m");
  for (uint32_t i = 0; i < path->depth && used < len; i++)
    used += (size_t)snprintf(out + used, len - used, "/%" PRIu32 "%s", path->steps[i] & ~OL_PATH_HARDENED,
                             (path->steps[i] & OL_PATH_HARDENED) != 0 ? "'" : "");
}

static const char *kind_name(const ol_wallet_account *account) {
  return account->kind == OL_SECRET_MNEMONIC ? "mnemonic" : "key";
}

/* Labels are UTF-8 without control characters, as the wallet has it; a terminal is not to be moved by others either. */
static void visible_label(char out[4 * OL_WALLET_LABEL], const uint8_t label[OL_WALLET_LABEL]) {
  ol_text_visible(out, 4 * OL_WALLET_LABEL, (ol_slice){label, strlen((const char *)label)});
}

static void label_json(const uint8_t label[OL_WALLET_LABEL]) {
  fputs(",\"label\":\"", stdout);
  for (const uint8_t *at = label; *at != 0; at++) {
    if (*at == '"' || *at == '\\') putchar('\\');
    putchar(*at);
  }
  putchar('"');
}

void cli_account_json(const ol_wallet_account *account) {
  char address[43], path[200];
  ol_address_text(address, &account->address);
  cli_path_text(path, sizeof path, &account->path);
  printf("{\"address\":\"%s\",\"kind\":\"%s\",\"secret\":%" PRIu32, address, kind_name(account),
         account->secret);
  if (account->kind == OL_SECRET_MNEMONIC) printf(",\"path\":\"%s\"", path);
  label_json(account->label);
  putchar('}');
}

static void account_row(const char *name, const ol_wallet_account *account) {
  char address[43], path[200] = "", label[4 * OL_WALLET_LABEL];
  ol_address_text(address, &account->address);
  if (account->kind == OL_SECRET_MNEMONIC) cli_path_text(path, sizeof path, &account->path);
  visible_label(label, account->label);
  cli_row(name, CLI_BOLD, "%s  %s %s%s%s", address, kind_name(account), path, label[0] != '\0' ? "  " : "",
          label);
}

void cli_account_show(const cli_args *args, const ol_wallet_account *account) {
  if (!args->json) {
    account_row("account", account);
    return;
  }
  fputs("{\"account\":", stdout);
  cli_account_json(account);
  puts("}");
}

static void list_json(const cli_wallet *of, ol_slice policy) {
  ol_wallet_account account;
  ol_contact contact;
  fputs("{\"accounts\":[", stdout);
  for (uint32_t i = 0; ol_wallet_account_at(of->wallet, &account, i) == 1; i++) {
    if (i > 0) putchar(',');
    cli_account_json(&account);
  }
  fputs("],\"contacts\":[", stdout);
  for (uint32_t i = 0; ol_wallet_contact_at(of->wallet, &contact, i) == 1; i++) {
    char address[43];
    ol_address_text(address, &contact.address);
    printf("%s{\"address\":\"%s\",\"since\":%" PRIu64, i > 0 ? "," : "", address, contact.since);
    label_json(contact.label);
    putchar('}');
  }
  printf("],\"policy\":%s}\n", policy.len > 0 ? "true" : "false");
}

static int list(cli_wallet *of) {
  ol_wallet_account account;
  ol_contact contact;
  ol_slice policy;
  ol_wallet_policy(of->wallet, &policy);
  if (of->args->json) {
    list_json(of, policy);
    return EXIT_VERIFIED;
  }
  for (uint32_t i = 0; ol_wallet_account_at(of->wallet, &account, i) == 1; i++) {
    char name[32];
    snprintf(name, sizeof name, "account %" PRIu32, i);
    account_row(name, &account);
  }
  for (uint32_t i = 0; ol_wallet_contact_at(of->wallet, &contact, i) == 1; i++) {
    char address[43], label[4 * OL_WALLET_LABEL], since[CLI_TIME_LEN];
    ol_address_text(address, &contact.address);
    visible_label(label, contact.label);
    cli_time_text(since, contact.since);
    cli_row("contact", CLI_PLAIN, "%s  %s  since %s", address, label, since);
  }
  cli_row("policy", CLI_PLAIN, policy.len > 0 ? "set" : "none: all is asked about");
  return EXIT_VERIFIED;
}

/* Another account of the same mnemonic as --from names, or the first has. */
static int add_account(cli_wallet *of) {
  ol_wallet_account account;
  int result = cli_wallet_account_of(of, &account);
  if (result == EXIT_VERIFIED && account.kind != OL_SECRET_MNEMONIC)
    result = cli_usage_error("--from", "is a private key, which has no further accounts");
  if (result == EXIT_VERIFIED)
    result = cli_wallet_add(of, account.secret, of->args->has_path ? &of->args->path : NULL, &account);
  if (result == EXIT_VERIFIED) result = cli_wallet_save(of);
  if (result == EXIT_VERIFIED) cli_account_show(of->args, &account);
  return result;
}

static int set_contact(cli_wallet *of) {
  const char *label = of->args->subject;
  ol_error error;
  ol_address address;
  const uint64_t now = ol_host_now_ms();
  if (!cli_address_read(&address, of->args->file, of->args->file)) return EXIT_USAGE;
  const ol_status status =
      of->args->remove ? ol_wallet_remove_contact(&error, of->wallet, &address, now)
                       : ol_wallet_add_contact(&error, of->wallet, &address,
                                               (ol_slice){(const uint8_t *)label, strlen(label)}, now);
  return status == OL_OK ? cli_wallet_save(of) : cli_error("contact", &error);
}

static int set_policy(cli_wallet *of) {
  const size_t memory_len = ol_policy_size(OL_WALLET_POLICY);
  ol_error error;
  uint8_t *json = NULL;
  size_t len = 0;
  int result = of->args->remove ? EXIT_VERIFIED : cli_file_read(&json, &len, NULL, of->args->file);
  void *memory = malloc(memory_len);
  if (result == EXIT_VERIFIED && memory == NULL) result = cli_no_memory();
  if (result == EXIT_VERIFIED && ol_wallet_set_policy(&error, of->wallet, (ol_slice){json, len},
                                                      ol_host_now_ms(), memory, memory_len) != OL_OK)
    result = cli_error("policy", &error);
  free(memory);
  ol_host_free_file(json);
  if (result == EXIT_VERIFIED) result = cli_wallet_save_budget(of);
  return result == EXIT_VERIFIED ? cli_wallet_save(of) : result;
}

static int set_password(cli_wallet *of) {
  const int result = cli_wallet_new_password(of);
  return result == EXIT_VERIFIED ? cli_wallet_save(of) : result;
}

/* What the command line lacks for a command. Returns: EXIT_VERIFIED, or EXIT_USAGE once reported. */
static int check(const cli_args *args) {
  const bool is_contact = strcmp(args->operand, "contact") == 0;
  if (is_contact && args->file == NULL) return cli_usage_error("ADDRESS", "missing");
  if (is_contact && args->subject == NULL && !args->remove) return cli_usage_error("LABEL", "missing");
  if (strcmp(args->operand, "policy") == 0 && (args->file == NULL) != args->remove)
    return cli_usage_error("FILE", "missing, or --remove to have no policy");
  return EXIT_VERIFIED;
}

static const struct {
  const char *name;
  int (*run)(cli_wallet *of);
} commands[] = {{"list", list},
                {"passwd", set_password},
                {"account", add_account},
                {"contact", set_contact},
                {"policy", set_policy}};

static int run_open(const cli_args *args, int (*run)(cli_wallet *of)) {
  cli_wallet of;
  int result = check(args);
  if (result != EXIT_VERIFIED) return result;
  result = cli_wallet_begin(&of, args);
  if (result == EXIT_VERIFIED) result = cli_wallet_unlock(&of);
  if (result == EXIT_VERIFIED) result = cli_wallet_read_budget(&of, run == set_policy);
  if (result == EXIT_VERIFIED) result = run(&of);
  cli_wallet_end(&of);
  return result;
}

int cli_wallet_command(const cli_args *args) {
  const char *name = args->operand == NULL ? "" : args->operand;
  if (strcmp(name, "new") == 0) return cli_wallet_new(args);
  if (strcmp(name, "import") == 0) return cli_wallet_import(args);
  if (strcmp(name, "export") == 0) return cli_wallet_export(args);
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    if (strcmp(name, commands[i].name) == 0) return run_open(args, commands[i].run);
  }
  return cli_usage_error(args->operand == NULL ? "wallet" : name,
                         "the command must be new, import, list, export, passwd, account, contact or policy");
}
