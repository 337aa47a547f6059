/* SPDX-License-Identifier: MIT */

/* openledger governance, openledger positions: what OpenLedger's contracts say, proven by their storage. */

#include "wallet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How a member of an answer is shown. */
typedef enum form { TEXT, NUMBER, AMOUNT, SPAN, TIME, ADDRESS } form;

typedef struct shown {
  const char *label;
  const char *path;
  form form;
} shown;

static void show(ol_slice answer, const shown *members, size_t count) {
  for (size_t i = 0; i < count; i++) {
    char text[CLI_TIME_LEN + 80] = "";
    const shown *at = &members[i];
    FILE *to = stdout;
    ol_slice value;
    ol_u256 number;
    uint64_t seconds = 0;
    if (!cli_json_find(&value, answer, at->path)) continue;
    if (at->form >= NUMBER && at->form <= TIME && !cli_json_number(&number, answer, at->path)) continue;
    (void)cli_json_u64(&seconds, answer, at->path);
    switch (at->form) {
    case NUMBER: ol_u256_text(text, &number); break;
    case AMOUNT: ol_amount_text(text, &number, 18); break;
    case SPAN: cli_span_text(text, seconds); break;
    case TIME: cli_time_text(text, seconds); break;
    default: break;
    }
    if (at->form != TEXT && at->form != ADDRESS) {
      cli_row(at->label, CLI_PLAIN, "%s", text);
      continue;
    }
    fprintf(to, "%-*s", cli_label_width, at->label);
    cli_json_show(to, value);
    putc('\n', to);
  }
}

#define SHOW(answer, members) show(answer, members, sizeof(members) / sizeof *(members))

static const shown rest[] = {
    {"layout", "layout", TEXT}, {"trust", "trust", TEXT}, {"block", "block.number", NUMBER}};

static const shown settings[] = {{"governor", "governor", ADDRESS},
                                 {"GOPEN", "gopen", ADDRESS},
                                 {"timelock", "timelock", ADDRESS},
                                 {"voting delay", "votingDelay", SPAN},
                                 {"voting period", "votingPeriod", SPAN},
                                 {"to propose", "proposalThreshold", AMOUNT},
                                 {"timelock delay", "timelockDelay", SPAN},
                                 {"supply", "totalSupply", AMOUNT},
                                 {"quorum", "quorum", AMOUNT},
                                 {"quorum %", "quorumPercent", NUMBER},
                                 {"proposals", "proposals", NUMBER}};

static const shown proposal[] = {{"proposal", "id", TEXT},
                                 {"  state", "state", TEXT},
                                 {"  proposer", "proposer", ADDRESS},
                                 {"  from", "voteStart", TIME},
                                 {"  until", "voteEnd", TIME},
                                 {"  for", "forVotes", AMOUNT},
                                 {"  against", "againstVotes", AMOUNT},
                                 {"  abstain", "abstainVotes", AMOUNT},
                                 {"  quorum", "quorum", AMOUNT},
                                 {"  executable", "executableAt", TIME}};

static const shown position[] = {{"stake", "id", NUMBER},
                                 {"  stage", "stage", TEXT},
                                 {"  config", "configId", NUMBER},
                                 {"  token", "config.token", ADDRESS},
                                 {"  principal", "principal", AMOUNT},
                                 {"  worth", "worth", AMOUNT},
                                 {"  since", "startTime", TIME},
                                 {"  lasts", "config.stakeDuration", SPAN},
                                 {"  cooldown", "config.cooldownDuration", SPAN},
                                 {"  requested", "requestAt", TIME}};

static void print_json(const char *name, ol_slice value) {
  printf("%s\"%s\":%.*s", name[0] == 'p' ? "," : "{", name, (int)value.len, (const char *)value.data);
}

/* The calls of one proposal: what it would do. */
static void show_calls(ol_slice answer) {
  ol_slice unnamed, call, calls;
  if (!cli_json_find(&calls, answer, "calls")) return;
  for (size_t at = 0; cli_json_next(&unnamed, &call, calls, &at);) {
    static const shown members[] = {
        {"  calls", "to", ADDRESS}, {"    pays", "value", AMOUNT}, {"    data", "data", TEXT}};
    SHOW(call, members);
  }
}

static int show_one(cli_chain *chain, const cli_args *args) {
  char hex[67], params[80];
  ol_error error;
  ol_u256 id;
  ol_slice answer;
  if (ol_u256_from_text(&error, &id, args->operand, strlen(args->operand)) != OL_OK)
    return cli_usage_error(args->operand, "not a proposal's number, in decimal or as 0x and hex digits");
  ol_hex_text(hex, id.bytes, sizeof id.bytes);
  const size_t zeros = strspn(hex + 2, "0");
  snprintf(params, sizeof params, "\"0x%s\"", zeros == 64 ? "0" : hex + 2 + zeros);
  const int result = cli_chain_ask(chain, &answer, "openledger_getProposal", params);
  if (result != EXIT_VERIFIED) return result;
  if (answer.data[0] != '{')
    return cli_failure(OL_ERR_MISMATCH, "there is no such proposal, which is proven");
  if (args->json) {
    printf("%.*s\n", (int)answer.len, (const char *)answer.data);
    return EXIT_VERIFIED;
  }
  SHOW(answer, proposal);
  show_calls(answer);
  SHOW(answer, rest);
  return EXIT_VERIFIED;
}

static int show_all(cli_chain *chain, const cli_args *args) {
  ol_slice answer, list, unnamed, each;
  int result = cli_chain_ask(chain, &answer, "openledger_getGovernance", "");
  if (result != EXIT_VERIFIED) return result;
  if (args->json)
    print_json("governance", answer);
  else
    SHOW(answer, settings);
  result = cli_chain_ask(chain, &answer, "openledger_getProposals", "");
  if (result != EXIT_VERIFIED) return result;
  if (args->json) {
    print_json("proposals", answer);
    puts("}");
    return EXIT_VERIFIED;
  }
  if (cli_json_find(&list, answer, "proposals")) {
    for (size_t at = 0; cli_json_next(&unnamed, &each, list, &at);) SHOW(each, proposal);
  }
  SHOW(answer, rest);
  return EXIT_VERIFIED;
}

int cli_governance(const cli_args *args) {
  cli_chain chain;
  if (args->rollup == NULL)
    return cli_usage_error("--rollup", "needed: a profile that says where the contracts are");
  int result = cli_chain_open(&chain, args);
  if (result == EXIT_VERIFIED)
    result = args->operand != NULL ? show_one(&chain, args) : show_all(&chain, args);
  cli_chain_end(&chain);
  return result;
}

static int show_positions(cli_chain *chain, const cli_args *args) {
  char params[64];
  ol_slice answer, list, unnamed, each;
  snprintf(params, sizeof params, "\"%s\"", args->operand);
  const int result = cli_chain_ask(chain, &answer, "openledger_getPositions", params);
  if (result != EXIT_VERIFIED) return result;
  if (args->json) {
    printf("%.*s\n", (int)answer.len, (const char *)answer.data);
    return EXIT_VERIFIED;
  }
  static const shown head[] = {{"staking", "staking", ADDRESS}, {"account", "account", ADDRESS}};
  SHOW(answer, head);
  if (cli_json_find(&list, answer, "positions")) {
    for (size_t at = 0; cli_json_next(&unnamed, &each, list, &at);) SHOW(each, position);
  }
  if (!cli_json_is(answer, "complete", "true"))
    cli_row("", CLI_YELLOW,
            "older stakes were not looked at: see openledger_getPositions of `openledger ask`");
  SHOW(answer, rest);
  return EXIT_VERIFIED;
}

int cli_positions(const cli_args *args) {
  cli_chain chain;
  ol_address account;
  if (args->operand == NULL) return cli_usage_error("ACCOUNT", "missing");
  if (!cli_address_read(&account, args->operand, args->operand)) return EXIT_USAGE;
  if (args->rollup == NULL)
    return cli_usage_error("--rollup", "needed: a profile that says where the contracts are");
  int result = cli_chain_open(&chain, args);
  if (result == EXIT_VERIFIED) result = show_positions(&chain, args);
  cli_chain_end(&chain);
  return result;
}
