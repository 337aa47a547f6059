/* SPDX-License-Identifier: MIT */

/* Ethereum's chain followed to the present, from a checkpoint or from where the last command stopped. */

#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BAR_WIDTH 24

void cli_follow_progress(const cli_follow *of, const ol_host_stats *stats) {
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
static int resume(cli_follow *of) {
  const char *path = of->kept.path;
  ol_error error;
  uint8_t *bytes;
  size_t len;
  int result = cli_kept_read(&of->kept, &bytes, &len);
  if (result != EXIT_VERIFIED) return result;
  if (bytes == NULL) {
    if (of->args->has_checkpoint) return EXIT_VERIFIED;
    return cli_usage_error("--checkpoint",
                           path == NULL ? "missing" : "missing, as there is no saved state yet");
  }
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

int cli_follow_save(cli_follow *of) {
  uint8_t bytes[OL_SYNC_SAVED];
  size_t len;
  ol_error error;
  const char *path = of->kept.path;
  if (path == NULL || ol_sync_save(&error, bytes, &len, of->sync) != OL_OK) return EXIT_VERIFIED;
  if (of->damaged && !cli_kept_put_aside(&of->kept))
    return cli_usage_error(path, "the damaged file cannot be put aside");
  of->damaged = false;
  return cli_kept_write(&of->kept, bytes, len);
}

/* A directory keeps each network's state apart. */
static int open_kept(cli_follow *of) {
  char label[OL_SYNC_LABEL], name[sizeof "sync-" + OL_SYNC_LABEL];
  ol_sync_label(label, of->sync);
  snprintf(name, sizeof name, "sync-%s", label);
  return cli_kept_open(&of->kept, of->args->state_file, name);
}

int cli_follow_begin(cli_follow *out, const cli_args *args, ol_host *host, ol_slice network) {
  const ol_sync_config config = {.network = network,
                                 .checkpoint = args->checkpoint,
                                 .now_ms = ol_host_now_ms(),
                                 .insist = args->insist ? 1 : 0};
  const ol_sync_servers servers = {
      .beacon = args->beacon.count, .l1 = args->l1.count, .timeout_ms = cli_timeout_ms(args)};
  ol_error error;
  size_t len = ol_sync_size();
  *out = (cli_follow){.args = args, .host = host, .memory = malloc(len)};
  if (out->memory == NULL) return cli_no_memory();
  if (ol_sync_init(&error, &out->sync, &config, &servers, out->memory, len) != OL_OK)
    return cli_error(NULL, &error);
  int result = open_kept(out);
  if (result == EXIT_VERIFIED) result = resume(out);
  if (result == EXIT_VERIFIED) result = cli_add_endpoints(host, OL_SOURCE_BEACON, &args->beacon);
  return result == EXIT_VERIFIED ? cli_add_endpoints(host, OL_SOURCE_L1, &args->l1) : result;
}

static void show_progress(void *context, const ol_host_stats *stats) {
  cli_follow_progress(context, stats);
}

int cli_follow_run(cli_follow *of, ol_sync_status *out) {
  ol_error error;
  if (ol_sync_start(&error, of->sync) != OL_OK) return cli_error(NULL, &error);
  ol_status status = ol_host_run(&error, of->host, ol_sync_engine(of->sync), show_progress, of);
  cli_progress_end();
  cli_report_blames(of->host);
  of->saved = cli_follow_save(of);
  if (status == OL_OK) status = ol_sync_status_of(&error, out, of->sync);
  return status == OL_OK ? EXIT_VERIFIED : cli_error(ol_host_lack(of->host), &error);
}

void cli_follow_end(cli_follow *of) {
  cli_kept_close(&of->kept);
  free(of->memory);
  of->memory = NULL;
}
