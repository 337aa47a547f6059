/* SPDX-License-Identifier: MIT */

/* openledger sync: Ethereum's chain followed to the present, once or for as long as one watches. */

#define _POSIX_C_SOURCE 200809L

#include "cli.h"

#include <inttypes.h>
#include <time.h>

static void show(const cli_follow *of, const ol_sync_status *status, uint64_t due_ms) {
  if (of->args->json) {
    putchar('{');
    cli_sync_json(status);
    printf(",\"nextUpdateMilliseconds\":%" PRIu64, due_ms);
    cli_costs_json(of->host);
  } else {
    cli_sync_rows(status);
    cli_row("next update", CLI_PLAIN, "due in %" PRIu64 " ms", due_ms);
    cli_costs_row(of->host);
  }
  fflush(stdout);
}

/* Syncs once. Out: when there will be more. */
static int run(cli_follow *of, uint64_t *out_due_ms) {
  ol_sync_status status;
  int result = cli_follow_run(of, &status);
  *out_due_ms = ol_sync_due_ms(of->sync, ol_host_now_ms());
  if (result != EXIT_VERIFIED) return result;
  show(of, &status, *out_due_ms);
  return of->saved;
}

static void wait_ms(uint64_t ms) {
  struct timespec left = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000 * 1000000)};
  while (nanosleep(&left, &left) != 0) continue;
}

/* Once the present was reached, silence is reported, and the next run may be better. */
static int run_all(cli_follow *of) {
  uint64_t due_ms;
  int result = run(of, &due_ms);
  if (!of->args->watch || result != EXIT_VERIFIED) return result;
  while (result == EXIT_VERIFIED || result == EXIT_TRANSPORT) {
    wait_ms(due_ms);
    if (!of->args->json) putchar('\n');
    result = run(of, &due_ms);
  }
  return result;
}

int cli_sync(const cli_args *args) {
  cli_follow of = {.args = args};
  ol_host *host = NULL;
  ol_slice network;
  uint8_t *file;
  if (args->operand != NULL) return cli_usage_error(args->operand, "one argument too many");
  if (args->beacon.count == 0) return cli_usage_error("--beacon", "at least one endpoint is needed");
  int result = cli_network_read(&network, &file, args->network);
  if (result == EXIT_VERIFIED) result = cli_host_open(&host, args);
  if (result == EXIT_VERIFIED) result = cli_follow_begin(&of, args, host, network);
  if (result == EXIT_VERIFIED) result = run_all(&of);
  cli_follow_end(&of);
  ol_host_free(host);
  ol_host_free_file(file);
  return result;
}
