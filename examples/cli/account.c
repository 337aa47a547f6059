/* SPDX-License-Identifier: MIT */

/* openledger account: an account of a live chain, proven. */

#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void put_trust_row(const ol_account_answer *answer) {
  cli_row("trust", CLI_GREEN, "%s: %" PRIu32 " of %" PRIu32 " endpoint%s gave this block hash",
          ol_trust_name((ol_trust)answer->trust), answer->agreed, answer->asked,
          answer->asked == 1 ? "" : "s");
}

static void set_question(ol_account_question *out, const cli_args *args) {
  ol_account_question_init(out, &args->address);
  out->block = args->block;
  out->number = args->number;
  out->hash = args->hash;
  if (args->has_max_age) out->max_age_s = args->max_age_s;
  out->with_code = args->code;
  out->slot_count = args->slot_count;
  memcpy(out->slots, args->slots, sizeof out->slots);
}

static int show(const cli_args *args, const ol_host *host, const ol_client *client) {
  ol_error error;
  ol_account_answer answer;
  ol_slice code;
  if (ol_client_account(&error, &answer, &code, client) != OL_OK) return cli_error(NULL, &error);
  cli_report_blames(host);
  if (args->json) {
    int result = cli_answer_json(&answer, code);
    if (result != EXIT_VERIFIED) return result;
    printf(",\"ageSeconds\":%" PRIu64, answer.age_s);
    cli_costs_json(host);
    return EXIT_VERIFIED;
  }
  cli_answer_rows(&answer, code, answer.age_s);
  put_trust_row(&answer);
  cli_costs_row(host);
  return EXIT_VERIFIED;
}

static void show_progress(void *context, const ol_host_stats *stats) {
  const cli_args *args = context;
  char size[CLI_SPAN_LEN];
  cli_size_text(size, stats->bytes_received);
  cli_progress("asking %" PRIu32 " endpoint%s: %" PRIu64 " of %" PRIu64 " answers, %s, %.1f s",
               args->rpc.count, args->rpc.count == 1 ? "" : "s", stats->requests - stats->waiting,
               stats->requests, size, (double)stats->elapsed_ms / 1000);
}

static int ask(const cli_args *args, ol_host *host, const ol_client_config *config) {
  size_t len = ol_client_size(config);
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  ol_error error;
  ol_client *client;
  ol_account_question question;
  set_question(&question, args);
  int result;
  if (ol_client_init(&error, &client, config, memory, len) != OL_OK ||
      ol_client_ask_account(&error, client, &question) != OL_OK) {
    result = cli_error(NULL, &error);
  } else {
    ol_status status =
        ol_host_run(&error, host, ol_client_engine(client), show_progress, (void *)(uintptr_t)args);
    cli_progress_end();
    if (status != OL_OK) {
      cli_report_blames(host);
      result = cli_error(NULL, &error);
    } else {
      result = show(args, host, client);
    }
  }
  free(memory);
  return result;
}

int cli_account(const cli_args *args) {
  cli_args read = *args;
  if (args->operand == NULL) return cli_usage_error("ADDRESS", "missing");
  if (!cli_address_read(&read.address, args->operand, args->operand)) return EXIT_USAGE;
  if (args->rpc.count == 0) return cli_usage_error("--rpc", "at least one endpoint is needed");
  if (args->quorum > args->rpc.count)
    return cli_usage_error("--quorum", "more than there are endpoints (--rpc)");
  ol_host *host;
  int result = cli_host_open(&host, args);
  if (result != EXIT_VERIFIED) return result;
  result = cli_add_endpoints(host, OL_SOURCE_L2, &args->rpc);
  ol_client_config config = {.chain_id = args->chain_id,
                             .endpoints = args->rpc.count,
                             .quorum = args->quorum != 0 ? args->quorum : args->rpc.count / 2 + 1,
                             .timeout_ms = cli_timeout_ms(args)};
  if (result == EXIT_VERIFIED) result = ask(&read, host, &config);
  ol_host_free(host);
  return result;
}
