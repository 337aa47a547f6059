/* SPDX-License-Identifier: MIT */

/* What commands that go to the network share: endpoints, what the run cost, and who is to blame. */

#include "cli.h"

#include <inttypes.h>
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

void cli_report_blames(const ol_host *host) {
  const char *url;
  char text[LINE_LEN];
  for (size_t at = 0; next_blame(&url, text, host, &at);) cli_warn(url, text);
}

void cli_stats_json(const ol_host_stats *stats) {
  printf("\"requests\":%" PRIu64 ",\"bytesReceived\":%" PRIu64 ",\"milliseconds\":%" PRIu64, stats->requests,
         stats->bytes_received, stats->elapsed_ms);
}

void cli_stats_row(const char *label, const ol_host_stats *stats) {
  char size[CLI_SPAN_LEN];
  cli_size_text(size, stats->bytes_received);
  cli_row(label, CLI_DIM, "%" PRIu64 " requests, %s received, %" PRIu64 " ms", stats->requests, size,
          stats->elapsed_ms);
}

void cli_costs_json(const ol_host *host) {
  ol_host_stats stats;
  ol_host_stats_of(host, &stats);
  putchar(',');
  cli_stats_json(&stats);
  fputs(",\"blame\":[", stdout);
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

void cli_costs_row(const ol_host *host) {
  ol_host_stats stats;
  ol_host_stats_of(host, &stats);
  cli_stats_row("cost", &stats);
}

uint32_t cli_timeout_ms(const cli_args *args) {
  return args->timeout_s * MS_PER_S;
}

int cli_host_open(ol_host **out, const cli_args *args) {
  ol_error error;
  const ol_host_options options = {.ca_file = args->ca_file, .connect_timeout_ms = cli_timeout_ms(args)};
  return ol_host_new(&error, out, &options) == OL_OK ? EXIT_VERIFIED : cli_error("--ca-file", &error);
}

int cli_add_endpoints(ol_host *host, ol_source source, const cli_urls *urls) {
  ol_error error;
  for (uint32_t i = 0; i < urls->count && !urls->of_bundle; i++) {
    if (ol_host_add_endpoint(&error, host, source, urls->list[i]) != OL_OK)
      return cli_error(urls->list[i], &error);
    if (ol_host_url_in_clear(urls->list[i])) cli_warn(urls->list[i], in_clear);
  }
  return EXIT_VERIFIED;
}

int cli_named_read(ol_slice *out, uint8_t **out_file, const char *option, const char *name,
                   const char *const *known) {
  *out = (ol_slice){(const uint8_t *)name, strlen(name)};
  *out_file = NULL;
  for (; *known != NULL; known++) {
    if (strcmp(name, *known) == 0) return EXIT_VERIFIED;
  }
  int result = cli_file_read(out_file, &out->len, option, name);
  out->data = *out_file;
  return result;
}

int cli_network_read(ol_slice *out, uint8_t **out_file, const char *name) {
  static const char *const known[] = {"mainnet", "sepolia", "hoodi", NULL};
  return cli_named_read(out, out_file, "--network", name == NULL ? known[0] : name, known);
}
