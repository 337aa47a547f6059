/* SPDX-License-Identifier: MIT */

/* The command line: options, numbers, tags, and what is wrong with them. */

#include "cli.h"

#include <stddef.h>
#include <string.h>

enum {
  ACCOUNT = 1,
  VERIFY_ACCOUNT = 2,
  HEADER = 4,
  VERIFY_SYNC = 8,
  SYNC = 16,
  VERIFY_ENVELOPE = 32,
  BUNDLE = 64,
  VERIFY_BUNDLE = 128,
  SERVE = 256,
  ASK = 512,
  ALL = 1023
};

#define VERIFY (VERIFY_ACCOUNT | VERIFY_SYNC | VERIFY_ENVELOPE | VERIFY_BUNDLE)

/* What asks for an account. */
#define QUESTION (ACCOUNT | BUNDLE | VERIFY_BUNDLE)
/* What answers down to Ethereum. */
#define ANCHORED (QUESTION | SERVE | ASK)
/* What does so by endpoints. */
#define LIVE (ACCOUNT | BUNDLE | SERVE | ASK)
/* What can do with a quorum of them. */
#define BY_QUORUM (ACCOUNT | SERVE | ASK)

#define DEFAULT_TIMEOUT_S 10
#define MAX_TIMEOUT_S 600

static bool fault(const char *what, const char *why) {
  cli_usage_error(what, why);
  return false;
}

/* Reads a number from `low` to `high`, in decimal or hex. */
static bool read_number(uint64_t *out, const char *text, uint64_t low, uint64_t high) {
  ol_error error;
  ol_u256 number;
  if (ol_u256_from_text(&error, &number, text, strlen(text)) != OL_OK) return false;
  uint64_t value = 0;
  for (size_t i = 0; i < 24; i++) {
    if (number.bytes[i] != 0) return false;
  }
  for (size_t i = 24; i < 32; i++) value = value << 8 | number.bytes[i];
  if (value < low || value > high) return false;
  *out = value;
  return true;
}

static bool set_small(uint32_t *out, const char *name, const char *text, uint64_t low, uint64_t high,
                      const char *why) {
  uint64_t number;
  if (!read_number(&number, text, low, high)) return fault(name, why);
  *out = (uint32_t)number;
  return true;
}

static bool set_slot(cli_args *out, const char *name, const char *text) {
  ol_error error;
  if (out->slot_count == OL_MAX_SLOTS) return fault(name, "too many slots; 32 is the most");
  ol_u256 *slot = &out->slots[out->slot_count];
  if (ol_u256_from_text(&error, slot, text, strlen(text)) != OL_OK)
    return fault(name, "not a number below 2^256, in decimal or as 0x and hex digits");
  for (uint32_t i = 0; i < out->slot_count; i++) {
    if (memcmp(out->slots[i].bytes, slot->bytes, sizeof slot->bytes) == 0)
      return fault(name, "the same slot twice");
  }
  out->slot_count++;
  return true;
}

static bool add_url(cli_urls *to, const char *name, const char *text) {
  if (to->count == OL_MAX_ENDPOINTS) return fault(name, "too many endpoints; 16 is the most");
  to->list[to->count++] = text;
  return true;
}

static bool set_rpc(cli_args *out, const char *name, const char *text) {
  return add_url(&out->rpc, name, text);
}

static bool set_beacon(cli_args *out, const char *name, const char *text) {
  return add_url(&out->beacon, name, text);
}

static bool set_sequencer(cli_args *out, const char *name, const char *text) {
  return add_url(&out->sequencers, name, text);
}

static bool set_origin(cli_args *out, const char *name, const char *text) {
  return add_url(&out->origins, name, text);
}

static bool set_l1(cli_args *out, const char *name, const char *text) {
  return add_url(&out->l1, name, text);
}

static bool set_quorum(cli_args *out, const char *name, const char *text) {
  return set_small(&out->quorum, name, text, 1, OL_MAX_ENDPOINTS,
                   "not a number from 1 to the number of endpoints");
}

static bool set_block(cli_args *out, const char *name, const char *text) {
  static const char *const tags[] = {"latest", "safe", "finalized"};
  for (uint32_t i = 0; i < 3; i++) {
    if (strcmp(text, tags[i]) != 0) continue;
    out->block = i; /* OL_BLOCK_LATEST, OL_BLOCK_SAFE, OL_BLOCK_FINALIZED */
    return true;
  }
  ol_error error;
  if (strlen(text) == 66 && ol_hash_from_text(&error, &out->hash, text, 66) == OL_OK) {
    out->block = OL_BLOCK_HASH;
    return true;
  }
  out->block = OL_BLOCK_NUMBER;
  if (read_number(&out->number, text, 0, UINT64_MAX)) return true;
  return fault(name, "not latest, safe, finalized, a block number, or a block hash of 0x and 64 hex digits");
}

static bool set_max_age(cli_args *out, const char *name, const char *text) {
  out->has_max_age = true;
  out->max_age_s = OL_AGE_ANY;
  if (strcmp(text, "any") == 0) return true;
  return set_small(&out->max_age_s, name, text, 0, OL_AGE_ANY - 1, "not a number of seconds, or \"any\"");
}

/* Levels that a question of the command line can ask for. */
static bool set_trust(cli_args *out, const char *name, const char *text) {
  static const ol_trust levels[] = {OL_TRUST_QUORUM, OL_TRUST_UNSAFE, OL_TRUST_PROPOSED, OL_TRUST_FINALIZED};
  for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
    if (strcmp(text, ol_trust_name(levels[i])) != 0) continue;
    out->trust = levels[i];
    return true;
  }
  return fault(name, "not quorum, unsafe, proposed or finalized");
}

static bool set_chain_id(cli_args *out, const char *name, const char *text) {
  out->has_chain_id = true;
  if (read_number(&out->chain_id, text, 0, UINT64_MAX)) return true;
  return fault(name, "not a chain id, or 0 for any");
}

static bool set_timeout(cli_args *out, const char *name, const char *text) {
  return set_small(&out->timeout_s, name, text, 1, MAX_TIMEOUT_S, "not a number of seconds from 1 to 600");
}

static bool set_address(cli_args *out, const char *name, const char *text) {
  out->has_address = true;
  return cli_address_read(&out->address, name, text);
}

static bool set_signer(cli_args *out, const char *name, const char *text) {
  out->has_signer = true;
  return cli_address_read(&out->signer, name, text);
}

static bool set_version(cli_args *out, const char *name, const char *text) {
  return set_small(&out->version, name, text, 1, OL_ENVELOPE_VERSIONS, "not a version from 1 to 4");
}

static bool set_checkpoint(cli_args *out, const char *name, const char *text) {
  ol_error error;
  out->has_checkpoint = true;
  if (ol_hash_from_text(&error, &out->checkpoint, text, strlen(text)) == OL_OK) return true;
  return fault(name, "not a block root of 0x and 64 hex digits");
}

/* Unix seconds of a moment that is written as cli_time_text writes it. Returns: false when it is not. */
static bool read_moment(uint64_t *out, const char *text) {
  static const char form[] = "0000-00-00T00:00:00Z"; /* digits where it has zeros */
  enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, PARTS };
  uint64_t part[PARTS] = {0};
  if (strlen(text) != strlen(form)) return false;
  for (size_t i = 0, at = 0; form[i] != '\0'; i++) {
    bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !is_digit : text[i] != form[i]) return false;
    if (form[i] == '0')
      part[at] = 10 * part[at] + (uint64_t)(text[i] - '0');
    else
      at++;
  }
  if (part[YEAR] < 1970 || part[MONTH] < 1 || part[MONTH] > 12 || part[DAY] < 1 || part[DAY] > 31 ||
      part[HOUR] > 23 || part[MINUTE] > 59 || part[SECOND] > 59)
    return false;
  /* Years that begin in March, so that the leap day is their last. */
  uint64_t year = part[YEAR] - (part[MONTH] <= 2), month = (part[MONTH] + 9) % 12;
  uint64_t days =
      365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + part[DAY] - 1 - 719468;
  *out = ((days * 24 + part[HOUR]) * 60 + part[MINUTE]) * 60 + part[SECOND];
  return true;
}

static bool set_at(cli_args *out, const char *name, const char *text) {
  if (!read_moment(&out->at_s, text) && !read_number(&out->at_s, text, 1, UINT32_MAX))
    return fault(name, "not a time such as 2026-01-31T12:00:00Z, or Unix seconds");
  if (out->at_s > ol_host_now_ms() / 1000) return fault(name, "is in the future");
  return true;
}

typedef struct option {
  const char *name;
  unsigned commands; /* that take it */
  enum { FLAG, VALUE, VALUES } kind;
  bool (*set)(cli_args *out, const char *name, const char *text); /* NULL: what is given is kept as it is */
  size_t at;                                                      /* then: of the text or flag in cli_args */
} option;

#define KEEP(field) NULL, offsetof(cli_args, field)

static const option options[] = {
    {"--slot", QUESTION | VERIFY_ACCOUNT, VALUES, set_slot, 0},
    {"--rpc", LIVE, VALUES, set_rpc, 0},
    {"--quorum", BY_QUORUM, VALUE, set_quorum, 0},
    {"--block", ACCOUNT, VALUE, set_block, 0},
    {"--max-age", ANCHORED, VALUE, set_max_age, 0},
    {"--chain-id", BY_QUORUM | VERIFY_ENVELOPE, VALUE, set_chain_id, 0},
    {"--timeout", LIVE | SYNC, VALUE, set_timeout, 0},
    {"--ca-file", LIVE | SYNC, VALUE, KEEP(ca_file)},
    {"--code", QUESTION, FLAG, KEEP(code)},
    {"--trust", ANCHORED, VALUE, set_trust, 0},
    {"--rollup", ANCHORED, VALUE, KEEP(rollup)},
    {"--header", VERIFY_ACCOUNT, VALUE, KEEP(header_file)},
    {"--proof", VERIFY_ACCOUNT, VALUE, KEEP(proof_file)},
    {"--address", VERIFY_ACCOUNT, VALUE, set_address, 0},
    {"--signer", VERIFY_ENVELOPE, VALUE, set_signer, 0},
    {"--version", VERIFY_ENVELOPE | BY_QUORUM, VALUE, set_version, 0},
    {"--any-time", VERIFY_ENVELOPE, FLAG, KEEP(any_time)},
    {"--plain", VERIFY_ENVELOPE, FLAG, KEEP(plain)},
    {"--beacon", SYNC | LIVE, VALUES, set_beacon, 0},
    {"--l1", SYNC | LIVE, VALUES, set_l1, 0},
    {"--sequencer", BY_QUORUM, VALUES, set_sequencer, 0},
    {"--state", SYNC | BY_QUORUM, VALUE, KEEP(state_file)},
    {"--watch", SYNC, FLAG, KEEP(watch)},
    {"--checkpoint", VERIFY_SYNC | SYNC | ANCHORED, VALUE, set_checkpoint, 0},
    {"--bootstrap", VERIFY_SYNC, VALUE, KEEP(bootstrap_file)},
    {"--updates", VERIFY_SYNC, VALUE, KEEP(updates_file)},
    {"--finality", VERIFY_SYNC, VALUE, KEEP(finality_file)},
    {"--optimistic", VERIFY_SYNC, VALUE, KEEP(optimistic_file)},
    {"--network", VERIFY_SYNC | SYNC | ANCHORED, VALUE, KEEP(network)},
    {"--insist", VERIFY_SYNC | SYNC | ANCHORED, FLAG, KEEP(insist)},
    {"--l1", HEADER, FLAG, KEEP(of_l1)},
    {"--out", BUNDLE, VALUE, KEEP(out_file)},
    {"--at", VERIFY_BUNDLE, VALUE, set_at, 0},
    {"--listen", SERVE, VALUE, KEEP(listen)},
    {"--origin", SERVE, VALUES, set_origin, 0},
    {"--json", ALL, FLAG, KEEP(json)},
    {"--help", ALL, FLAG, KEEP(help)},
    {"-h", ALL, FLAG, KEEP(help)},
};
#define OPTIONS (sizeof options / sizeof options[0])

static unsigned command_of(const char *name) {
  if (strcmp(name, "account") == 0) return ACCOUNT;
  if (strcmp(name, "sync") == 0) return SYNC;
  if (strcmp(name, "bundle") == 0) return BUNDLE;
  if (strcmp(name, "serve") == 0) return SERVE;
  if (strcmp(name, "ask") == 0) return ASK;
  return strcmp(name, "verify") == 0 ? VERIFY : HEADER;
}

static unsigned command_of_verify(const char *what) {
  if (strcmp(what, "sync") == 0) return VERIFY_SYNC;
  if (strcmp(what, "bundle") == 0) return VERIFY_BUNDLE;
  return strcmp(what, "envelope") == 0 ? VERIFY_ENVELOPE : VERIFY_ACCOUNT;
}

/* What to verify may come after the options for it. */
static bool options_fit(const cli_args *args, const bool seen[OPTIONS], unsigned command) {
  if (command == VERIFY && args->operand != NULL) command = command_of_verify(args->operand);
  for (size_t i = 0; i < OPTIONS; i++) {
    if (seen[i] && (options[i].commands & command) == 0) return fault(options[i].name, "no such option");
  }
  return true;
}

/* Finds an option by its name, or by its name before "=". */
static size_t find_option(const char *text, unsigned command) {
  size_t len = strcspn(text, "=");
  for (size_t i = 0; i < OPTIONS; i++) {
    if ((options[i].commands & command) != 0 && strlen(options[i].name) == len &&
        strncmp(options[i].name, text, len) == 0)
      return i;
  }
  return OPTIONS;
}

/* Reads the option at argv[*at] and its value, which may be the next argument. */
static bool read_option(cli_args *out, bool seen[OPTIONS], unsigned command, int argc, char **argv, int *at) {
  const char *text = argv[*at];
  size_t found = find_option(text, command);
  if (found == OPTIONS) return fault(text, "no such option");
  const option *taken = &options[found];
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
  if (value == NULL || value[0] == '\0') return fault(taken->name, "a value is missing");
  if (taken->set != NULL) return taken->set(out, taken->name, value);
  *(const char **)field = value;
  return true;
}

/* How many arguments that are no options there may be. */
static size_t most_operands(const cli_args *args, unsigned command) {
  if (command == BUNDLE) return 2;
  if (command != VERIFY || args->operand == NULL) return 1;
  switch (command_of_verify(args->operand)) {
  case VERIFY_ENVELOPE: return 2;
  case VERIFY_BUNDLE: return 3;
  default: return 1;
  }
}

/* Takes an argument that is no option. */
static bool take_operand(cli_args *out, unsigned command, const char *text) {
  const char **const operands[] = {&out->operand, &out->file, &out->subject};
  if (command == ASK && out->operand != NULL) {
    if (out->param_count == CLI_PARAMS) return fault(text, "one parameter too many");
    out->params[out->param_count++] = text;
    return true;
  }
  size_t most = most_operands(out, command), at = 0;
  while (at < most && *operands[at] != NULL) at++;
  if (at == most) return fault(text, "one argument too many");
  *operands[at] = text;
  return true;
}

bool cli_args_read(cli_args *out, const char *command, int argc, char **argv) {
  *out = (cli_args){.timeout_s = DEFAULT_TIMEOUT_S,
                    .chain_id = OL_CHAIN_ID,
                    .trust = (command_of(command) & BY_QUORUM) != 0 ? OL_TRUST_QUORUM : OL_TRUST_FINALIZED,
                    .version = OL_ENVELOPE_VERSIONS};
  bool seen[OPTIONS] = {false};
  bool only_operands = false;
  for (int at = 0; at < argc; at++) {
    const char *text = argv[at];
    if (!only_operands && strcmp(text, "--") == 0) {
      only_operands = true;
    } else if (!only_operands && text[0] == '-' && text[1] != '\0') {
      if (!read_option(out, seen, command_of(command), argc, argv, &at)) return false;
    } else if (!take_operand(out, command_of(command), text)) {
      return false;
    }
  }
  return options_fit(out, seen, command_of(command));
}

bool cli_address_read(ol_address *out, const char *what, const char *text) {
  ol_error error;
  if (ol_address_from_text(&error, out, text, strlen(text)) == OL_OK) return true;
  char why[256];
  ol_error_text(&error, why, sizeof why);
  return fault(what, why);
}
