/* SPDX-License-Identifier: MIT */

/* openledger sync: Ethereum's chain followed to the present, once or for as long as one watches. */

#define _POSIX_C_SOURCE 200809L

#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH 24

/* One command under way. */
typedef struct session {
  const cli_args *args;
  ol_host *host;
  ol_sync *sync;
  bool damaged; /* the state file is: it is put aside before a new one is written */
} session;

static void show_progress(void *context, const ol_host_stats *stats) {
  const session *of = context;
  ol_sync_progress progress;
  char size[CLI_SPAN_LEN], left[CLI_SPAN_LEN] = "";
  ol_sync_progress_of(&progress, of->sync);
  cli_size_text(size, stats->bytes_received);
  uint64_t all = progress.last - progress.first, done = progress.now - progress.first;
  if (progress.first == 0 || progress.now >= progress.last) {
    cli_progress("%s, %s, %.1f s", progress.first == 0 ? "bootstrap" : "newest blocks", size,
                 (double)stats->elapsed_ms / 1000);
    return;
  }
  if (done > 0) cli_span_text(left, stats->elapsed_ms * (all - done) / done / 1000);
  char bar[BAR_WIDTH + 1] = {0};
  memset(bar, '.', BAR_WIDTH);
  memset(bar, '#', (size_t)(BAR_WIDTH * done / all));
  cli_progress("period %" PRIu64 " of %" PRIu64 " [%s] %" PRIu64 " %%, %s%s%s", progress.now, progress.last,
               bar, 100 * done / all, size, done > 0 ? ", left: " : "", left);
}

/* Goes on from the saved state, if there is one. Returns: EXIT_VERIFIED, or why not even the checkpoint can do. */
static int resume(session *of) {
  const char *path = of->args->state_file;
  ol_error error;
  uint8_t *bytes = NULL;
  size_t len;
  if (path == NULL || access(path, F_OK) != 0) {
    if (of->args->has_checkpoint) return EXIT_VERIFIED;
    return cli_usage_error("--checkpoint",
                           path == NULL ? "missing" : "missing, as there is no saved state yet");
  }
  int result = cli_file_read(&bytes, &len, "--state", path);
  if (result != EXIT_VERIFIED) return result;
  ol_status status = ol_sync_resume(&error, of->sync, (ol_slice){bytes, len});
  ol_host_free_file(bytes);
  if (status == OL_OK) return EXIT_VERIFIED;
  if (status != OL_ERR_ENCODING || !of->args->has_checkpoint) return cli_error(path, &error);
  char text[512];
  ol_error_text(&error, text, sizeof text);
  cli_warn(path, text);
  cli_warn(path, "starting from the checkpoint");
  of->damaged = true;
  return EXIT_VERIFIED;
}

/* Keeps a damaged file under another name. */
static bool put_aside(session *of) {
  const char *path = of->args->state_file;
  size_t len = strlen(path) + sizeof ".damaged";
  char *name = malloc(len);
  if (name == NULL) return false;
  snprintf(name, len, "%s.damaged", path);
  bool done = rename(path, name) == 0;
  if (done) cli_warn(name, "what was there before is kept here");
  free(name);
  of->damaged = false;
  return done;
}

static int save(session *of) {
  uint8_t bytes[OL_SYNC_SAVED];
  size_t len;
  ol_error error;
  const char *path = of->args->state_file;
  if (path == NULL || ol_sync_save(&error, bytes, &len, of->sync) != OL_OK) return EXIT_VERIFIED;
  if (of->damaged && !put_aside(of)) return cli_usage_error(path, "the damaged file cannot be put aside");
  return ol_host_write_file(&error, path, bytes, len) == OL_OK ? EXIT_VERIFIED : cli_error(path, &error);
}

static int show(const session *of, uint64_t due_ms) {
  ol_error error;
  ol_sync_status status;
  if (ol_sync_status_of(&error, &status, of->sync) != OL_OK) return cli_error(NULL, &error);
  if (of->args->json) {
    putchar('{');
    cli_sync_json(&status);
    printf(",\"nextUpdateMilliseconds\":%" PRIu64, due_ms);
    cli_costs_json(of->host);
  } else {
    cli_sync_rows(&status);
    cli_row("next update", CLI_PLAIN, "due in %" PRIu64 " ms", due_ms);
    cli_costs_row(of->host);
  }
  fflush(stdout);
  return EXIT_VERIFIED;
}

/* Syncs once, and keeps what was reached even if that is not the present. */
static int run(session *of, uint64_t *out_due_ms) {
  ol_error error;
  if (ol_sync_start(&error, of->sync) != OL_OK) return cli_error(NULL, &error);
  ol_status status = ol_host_run(&error, of->host, ol_sync_engine(of->sync), show_progress, of);
  cli_progress_end();
  cli_report_blames(of->host);
  int saved = save(of);
  *out_due_ms = ol_sync_due_ms(of->sync, ol_host_now_ms());
  if (status != OL_OK) return cli_error(NULL, &error);
  int shown = show(of, *out_due_ms);
  return saved != EXIT_VERIFIED ? saved : shown;
}

static void wait_ms(uint64_t ms) {
  struct timespec left = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000 * 1000000)};
  while (nanosleep(&left, &left) != 0) continue;
}

/* Once the present was reached, silence is reported, and the next run may be better. */
static int run_all(session *of) {
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

static int sync_with(session *of, ol_slice network) {
  const cli_args *args = of->args;
  const ol_sync_config config = {.network = network,
                                 .checkpoint = args->checkpoint,
                                 .now_ms = ol_host_now_ms(),
                                 .insist = args->insist ? 1 : 0};
  const ol_sync_servers servers = {
      .beacon = args->beacon.count, .l1 = args->l1.count, .timeout_ms = cli_timeout_ms(args)};
  ol_error error;
  size_t len = ol_sync_size();
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  int result = ol_sync_init(&error, &of->sync, &config, &servers, memory, len) == OL_OK
                   ? resume(of)
                   : cli_error(NULL, &error);
  if (result == EXIT_VERIFIED) result = run_all(of);
  free(memory);
  return result;
}

int cli_sync(const cli_args *args) {
  session of = {.args = args};
  ol_slice network;
  uint8_t *file;
  if (args->operand != NULL) return cli_usage_error(args->operand, "one argument too many");
  if (args->beacon.count == 0) return cli_usage_error("--beacon", "at least one endpoint is needed");
  int result = cli_network_read(&network, &file, args);
  if (result == EXIT_VERIFIED) result = cli_host_open(&of.host, args);
  if (result == EXIT_VERIFIED) result = cli_add_endpoints(of.host, OL_SOURCE_BEACON, &args->beacon);
  if (result == EXIT_VERIFIED) result = cli_add_endpoints(of.host, OL_SOURCE_L1, &args->l1);
  if (result == EXIT_VERIFIED) result = sync_with(&of, network);
  ol_host_free(of.host);
  ol_host_free_file(file);
  return result;
}
