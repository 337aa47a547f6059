/* SPDX-License-Identifier: MIT */

/* openledger verify sync: what a beacon node answered, from a checkpoint on. */

#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { BOOTSTRAP, UPDATES, FINALITY, OPTIMISTIC, FILES };

static const char *const options[FILES] = {"--bootstrap", "--updates", "--finality", "--optimistic"};

static int show(const cli_args *args, const ol_sync_status *status) {
  if (args->json) {
    putchar('{');
    cli_sync_json(status);
    puts("}");
  } else {
    cli_sync_rows(status);
  }
  return EXIT_VERIFIED;
}

static int verify(const cli_args *args, ol_slice network, const ol_slice texts[FILES]) {
  const ol_sync_texts answers = {texts[BOOTSTRAP], texts[UPDATES], texts[FINALITY], texts[OPTIMISTIC]};
  ol_sync_config config = {.network = network,
                           .checkpoint = args->checkpoint,
                           .now_ms = ol_host_now_ms(),
                           .insist = args->insist ? 1 : 0};
  size_t longest = network.len;
  for (size_t i = 0; i < FILES; i++) longest = texts[i].len > longest ? texts[i].len : longest;
  size_t len = ol_sync_verify_memory(longest);
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  ol_error error;
  ol_sync_status status;
  int result = ol_sync_verify_text(&error, &status, &config, &answers, memory, len) == OL_OK
                   ? show(args, &status)
                   : cli_error(NULL, &error);
  free(memory);
  return result;
}

int cli_verify_sync(const cli_args *args) {
  const char *paths[FILES] = {args->bootstrap_file, args->updates_file, args->finality_file,
                              args->optimistic_file};
  if (!args->has_checkpoint) return cli_usage_error("--checkpoint", "missing");
  if (args->bootstrap_file == NULL) return cli_usage_error("--bootstrap", "missing");
  uint8_t *files[FILES] = {NULL}, *network_file = NULL;
  ol_slice texts[FILES] = {{0}}, network;
  bool from_input = args->network != NULL && strcmp(args->network, "-") == 0;
  int result = cli_network_read(&network, &network_file, args->network);
  for (size_t i = 0; i < FILES && result == EXIT_VERIFIED; i++) {
    if (paths[i] == NULL) continue;
    bool is_input = strcmp(paths[i], "-") == 0;
    if (is_input && from_input)
      result = cli_usage_error("-", "the standard input cannot be two files");
    else
      result = cli_file_read(&files[i], &texts[i].len, options[i], paths[i]);
    from_input = from_input || is_input;
    texts[i].data = files[i];
  }
  if (result == EXIT_VERIFIED) result = verify(args, network, texts);
  for (size_t i = 0; i < FILES; i++) ol_host_free_file(files[i]);
  ol_host_free_file(network_file);
  return result;
}
