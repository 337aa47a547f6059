/* SPDX-License-Identifier: MIT */

/* The command line: which options and operands a command has, and what is wrong with them. */

#include "options.h"

#include <string.h>

static const char secret_argument[] =
    "a key, a mnemonic or a password is never an argument, where others can read it: it is asked for on the "
    "terminal, or read from a file descriptor (--secret-fd, --password-fd)";

static bool fault(const char *what, const char *why) {
  cli_usage_error(what, why);
  return false;
}

/* Commands, and those behind `verify` and `wallet`: as many operands as each takes, with its own name behind another. */
static const struct {
  const char *name;
  cli_commands of; /* commands that it is behind; 0 for one by itself */
  cli_commands is;
  uint32_t operands;
} commands[] = {
    {"account", 0, ACCOUNT, 1},
    {"sync", 0, SYNC, 1},
    {"bundle", 0, BUNDLE, 2},
    {"serve", 0, SERVE, 1},
    {"ask", 0, ASK, 1},
    {"header", 0, HEADER, 1},
    {"verify", 0, VERIFY, 1},
    {"wallet", 0, WALLET, 1},
    {"send", 0, SEND, 2},
    {"sign", 0, SIGN, 1},
    {"sign-typed", 0, SIGN_TYPED, 1},
    {"vote", 0, VOTE, 2},
    {"delegate", 0, DELEGATE, 1},
    {"stake", 0, STAKE, 2},
    {"unstake", 0, UNSTAKE, 1},
    {"governance", 0, GOVERNANCE, 1},
    {"positions", 0, POSITIONS, 1},
    {"corpus", 0, CORPUS, 1},
    {"attribute", 0, ATTRIBUTE, 0},
    {"receipt", 0, RECEIPT, 1},
    {"account", VERIFY, VERIFY_ACCOUNT, 1},
    {"sync", VERIFY, VERIFY_SYNC, 1},
    {"envelope", VERIFY, VERIFY_ENVELOPE, 2},
    {"bundle", VERIFY, VERIFY_BUNDLE, 3},
    {"message", VERIFY, VERIFY_MESSAGE, 3},
    {"typed-data", VERIFY, VERIFY_TYPED, 3},
    {"new", WALLET, WALLET_NEW, 1},
    {"import", WALLET, WALLET_IMPORT, 1},
    {"list", WALLET, WALLET_LIST, 1},
    {"export", WALLET, WALLET_EXPORT, 1},
    {"passwd", WALLET, WALLET_PASSWD, 1},
    {"account", WALLET, WALLET_ACCOUNT, 1},
    {"contact", WALLET, WALLET_CONTACT, 3},
    {"policy", WALLET, WALLET_POLICY, 2},
    {"build", CORPUS, CORPUS_BUILD, 2},
    {"audit", CORPUS, CORPUS_AUDIT, 2},
    {"make", RECEIPT, RECEIPT_MAKE, 1},
    {"verify", RECEIPT, RECEIPT_VERIFY, 2},
    {"show", RECEIPT, RECEIPT_SHOW, 2},
    {"claim", RECEIPT, RECEIPT_CLAIM, 1},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

/* Finds a command by its name, and by which it is behind. Returns: COMMANDS if there is none. */
static size_t find_command(const char *name, cli_commands of) {
  size_t at = 0;
  while (at < COMMANDS && (commands[at].of != of || strcmp(commands[at].name, name) != 0)) at++;
  return at;
}

/* The command with what its first operand makes of it, which may come after the options. */
static size_t whole_command(const cli_args *args, size_t command) {
  if (args->operand == NULL) return command;
  const size_t found = find_command(args->operand, commands[command].is);
  return found == COMMANDS ? command : found;
}

static bool options_fit(const cli_args *args, const bool seen[CLI_OPTIONS_MOST], size_t command) {
  const cli_commands is = commands[whole_command(args, command)].is;
  for (size_t i = 0; i < cli_options_len; i++) {
    if (seen[i] && (cli_options[i].commands & is) == 0) return fault(cli_options[i].name, "no such option");
  }
  return true;
}

/* Whether an argument is what everybody on this machine can read now, and the shell remembers. */
static bool is_secret(const char *text, cli_commands command) {
  ol_error error;
  ol_words english;
  uint8_t entropy[32], key[32];
  size_t len;
  const char *value = text[0] == '-' ? strchr(text, '=') : NULL;
  const char *named = value == NULL ? text : value + 1;
  const ol_slice found = {(const uint8_t *)named, strlen(named)};
  ol_words_english(&english);
  if ((command & OPENING) == 0) return false;
  if (ol_mnemonic_to_entropy(&error, entropy, &len, &english, found) == OL_OK) return true;
  return (command & WALLET) != 0 && ol_key_from_text(&error, key, found) == OL_OK;
}

/* Options that are not there for a reason. */
static const char *why_not(const char *text, cli_commands command) {
  static const char *const names[] = {"--password",    "--passwd",   "--key",
                                      "--private-key", "--mnemonic", "--seed"};
  const size_t len = strcspn(text, "=");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if ((command & OPENING) != 0 && strlen(names[i]) == len && strncmp(names[i], text, len) == 0)
      return names[i];
  }
  return NULL;
}

/* Finds an option by its name, or by its name before "=". */
static size_t find_option(const char *text, cli_commands command) {
  size_t len = strcspn(text, "=");
  for (size_t i = 0; i < cli_options_len; i++) {
    if ((cli_options[i].commands & command) != 0 && strlen(cli_options[i].name) == len &&
        strncmp(cli_options[i].name, text, len) == 0)
      return i;
  }
  return cli_options_len;
}

/* Reads the option at argv[*at] and its value, which may be the next argument. */
static bool read_option(cli_args *out, bool seen[CLI_OPTIONS_MOST], cli_commands command, int argc,
                        char **argv, int *at) {
  const char *text = argv[*at];
  size_t found = find_option(text, command);
  if (found == cli_options_len && why_not(text, command) != NULL)
    return fault(why_not(text, command), secret_argument);
  if (found == cli_options_len) return fault(text, "no such option");
  const cli_option *taken = &cli_options[found];
  if (seen[found] && taken->kind != VALUES) return fault(taken->name, "given twice");
  seen[found] = true;
  const char *value = strchr(text, '=');
  void *field = (char *)out + taken->at;
  if (taken->kind == FLAG) {
    if (value != NULL) return fault(taken->name, "takes no value");
    return *(bool *)field = true;
  }
  if (value != NULL)
    value++;
  else if (*at + 1 < argc)
    value = argv[++*at];
  if (value != NULL && is_secret(value, command)) return fault(taken->name, secret_argument);
  if (value == NULL || value[0] == '\0') return fault(taken->name, "a value is missing");
  if (taken->set != NULL) return taken->set(out, taken->name, value);
  *(const char **)field = value;
  return true;
}

/* Takes an argument that is no option. */
static bool take_operand(cli_args *out, size_t command, const char *text) {
  const char **const operands[] = {&out->operand, &out->file, &out->subject};
  if (commands[command].is == ASK && out->operand != NULL) {
    if (out->param_count == CLI_PARAMS) return fault(text, "one parameter too many");
    out->params[out->param_count++] = text;
    return true;
  }
  const size_t whole = whole_command(out, command);
  const size_t most = commands[whole].operands;
  size_t at = 0;
  while (at < most && *operands[at] != NULL) at++;
  if (at == most && commands[whole].is == WALLET_IMPORT) return fault("wallet import", secret_argument);
  if (at == most) return fault(text, "one argument too many");
  *operands[at] = text;
  return true;
}

bool cli_args_read(cli_args *out, const char *name, int argc, char **argv) {
  const size_t command = find_command(name, 0);
  const cli_commands is = commands[command].is;
  *out = (cli_args){.timeout_s = CLI_TIMEOUT_S,
                    .chain_id = OL_CHAIN_ID,
                    .trust = (is & BY_QUORUM) != 0 ? OL_TRUST_QUORUM : OL_TRUST_FINALIZED,
                    .version = OL_ENVELOPE_VERSIONS,
                    .words = 12,
                    .speed = "normal",
                    .password_fd = -1,
                    .secret_fd = -1,
                    .answer_fd = -1,
                    .words_fd = -1};
  bool seen[CLI_OPTIONS_MOST] = {false};
  bool only_operands = false;
  for (int at = 0; at < argc; at++) {
    const char *text = argv[at];
    if (is_secret(text, is)) return fault(name, secret_argument);
    if (!only_operands && strcmp(text, "--") == 0) {
      only_operands = true;
    } else if (!only_operands && text[0] == '-' && text[1] != '\0') {
      if (!read_option(out, seen, is, argc, argv, &at)) return false;
    } else if (!take_operand(out, command, text)) {
      return false;
    }
  }
  return options_fit(out, seen, command);
}

bool cli_address_read(ol_address *out, const char *what, const char *text) {
  ol_error error;
  if (ol_address_from_text(&error, out, text, strlen(text)) == OL_OK) return true;
  char why[256];
  ol_error_text(&error, why, sizeof why);
  return fault(what, why);
}
