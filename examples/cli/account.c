/* SPDX-License-Identifier: MIT */

/* openledger account: an account of a live chain, proven. */

#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MS_PER_S 1000u

static const char *const in_clear =
    "plain http: whoever is on the way can read what is asked (but not forge what is proven)";

#define LINE_LEN 512

/*
 * Takes the next blame from *at on, and moves *at behind it; the same fault of the same endpoint, which was
 * asked again, is taken once. Out: the URL and the text.
 */
static bool next_blame(const char **url, char text[LINE_LEN], const ol_host *host, size_t *at) {
  ol_host_blame blame, before;
  while (ol_host_blame_at(host, &blame, *at) == 1) {
    bool repeated = false;
    for (size_t i = 0; i < *at && ol_host_blame_at(host, &before, i) == 1; i++)
      repeated = repeated || (before.url == blame.url && before.error.reason == blame.error.reason &&
                              before.error.part == blame.error.part);
    ++*at;
    if (repeated) continue;
    *url = blame.url;
    ol_error_text(&blame.error, text, LINE_LEN);
    return true;
  }
  return false;
}

static void report_blames(const ol_host *host) {
  const char *url;
  char text[LINE_LEN];
  for (size_t at = 0; next_blame(&url, text, host, &at);) cli_warn(url, text);
}

/* The members that follow the answer. */
static void put_costs(const ol_host *host) {
  ol_host_stats stats;
  ol_host_stats_of(host, &stats);
  printf(",\"requests\":%" PRIu64 ",\"bytesReceived\":%" PRIu64 ",\"milliseconds\":%" PRIu64 ",\"blame\":[",
         stats.requests, stats.bytes_received, stats.elapsed_ms);
  const char *url, *open = "{\"endpoint\":";
  char text[LINE_LEN];
  for (size_t at = 0; next_blame(&url, text, host, &at);) {
    fputs(open, stdout);
    cli_json_string(stdout, url);
    fputs(",\"reason\":", stdout);
    cli_json_string(stdout, text);
    putchar('}');
    open = ",{\"endpoint\":";
  }
  puts("]}");
}

static void put_costs_row(const ol_host *host) {
  ol_host_stats stats;
  ol_host_stats_of(host, &stats);
  char size[CLI_SPAN_LEN];
  cli_size_text(size, stats.bytes_received);
  cli_row("cost", CLI_DIM, "%" PRIu64 " requests, %s received, %" PRIu64 " ms", stats.requests, size,
          stats.elapsed_ms);
}

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
  report_blames(host);
  if (args->json) {
    int result = cli_answer_json(&answer, code);
    if (result != EXIT_VERIFIED) return result;
    printf(",\"ageSeconds\":%" PRIu64, answer.age_s);
    put_costs(host);
    return EXIT_VERIFIED;
  }
  cli_answer_rows(&answer, code, answer.age_s);
  put_trust_row(&answer);
  put_costs_row(host);
  return EXIT_VERIFIED;
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
        ol_host_run(&error, host, ol_client_engine(client), cli_progress, (void *)(uintptr_t)args);
    cli_progress_end();
    if (status != OL_OK) {
      report_blames(host);
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
  if (args->url_count == 0) return cli_usage_error("--rpc", "at least one endpoint is needed");
  if (args->quorum > args->url_count)
    return cli_usage_error("--quorum", "more than there are endpoints (--rpc)");
  ol_error error;
  ol_host *host;
  uint32_t timeout_ms = args->timeout_s * MS_PER_S;
  ol_host_options options = {.ca_file = args->ca_file, .connect_timeout_ms = timeout_ms};
  if (ol_host_new(&error, &host, &options) != OL_OK) return cli_error("--ca-file", &error);
  int result = EXIT_VERIFIED;
  for (uint32_t i = 0; i < args->url_count && result == EXIT_VERIFIED; i++) {
    if (ol_host_add_endpoint(&error, host, OL_SOURCE_L2, args->urls[i]) != OL_OK)
      result = cli_error(args->urls[i], &error);
    else if (ol_host_url_in_clear(args->urls[i]))
      cli_warn(args->urls[i], in_clear);
  }
  ol_client_config config = {.chain_id = args->chain_id,
                             .endpoints = args->url_count,
                             .quorum = args->quorum != 0 ? args->quorum : args->url_count / 2 + 1,
                             .timeout_ms = timeout_ms};
  if (result == EXIT_VERIFIED) result = ask(&read, host, &config);
  ol_host_free(host);
  return result;
}
