/* SPDX-License-Identifier: MIT */

/* openledger verify sync: what a beacon node answered, from a checkpoint on. */

#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BOOTSTRAP, UPDATES, FINALITY, OPTIMISTIC, NETWORK, FILES };

static const char *const options[FILES] = {"--bootstrap", "--updates", "--finality", "--optimistic",
                                           "--network"};

static void head_rows(const char *what, const ol_beacon_head *head) {
  static const ol_hash zero;
  char label[32], text[67];
  ol_hex_text(text, head->root.bytes, sizeof head->root.bytes);
  cli_row(what, CLI_BOLD, "slot %" PRIu64 "  %s", head->slot, text);
  ol_hex_text(text, head->block_hash.bytes, sizeof head->block_hash.bytes);
  snprintf(label, sizeof label, "%s block", what);
  cli_row(label, CLI_PLAIN, "%s", text);
  if (memcmp(&head->state_root, &zero, sizeof zero) == 0) return;
  ol_hex_text(text, head->state_root.bytes, sizeof head->state_root.bytes);
  snprintf(label, sizeof label, "%s state", what);
  cli_row(label, CLI_PLAIN, "%s", text);
}

static void head_json(const char *name, const ol_beacon_head *head) {
  char root[67], block_hash[67], state_root[67];
  ol_hex_text(root, head->root.bytes, sizeof head->root.bytes);
  ol_hex_text(block_hash, head->block_hash.bytes, sizeof head->block_hash.bytes);
  ol_hex_text(state_root, head->state_root.bytes, sizeof head->state_root.bytes);
  printf("\"%s\":{\"slot\":%" PRIu64 ",\"root\":\"%s\",\"blockHash\":\"%s\",\"stateRoot\":\"%s\"},", name,
         head->slot, root, block_hash, state_root);
}

static int show(const cli_args *args, const ol_sync_status *status) {
  if (args->json) {
    putchar('{');
    head_json("finalized", &status->finalized);
    head_json("optimistic", &status->optimistic);
    printf("\"period\":%" PRIu64 ",\"updates\":%" PRIu32 ",\"participants\":%" PRIu32
           ",\"committeeSize\":%" PRIu32 "}\n",
           status->period, status->updates, status->participants, status->committee_size);
    return EXIT_VERIFIED;
  }
  cli_label_width = 18;
  head_rows("finalized", &status->finalized);
  head_rows("optimistic", &status->optimistic);
  cli_row("period", CLI_PLAIN, "%" PRIu64, status->period);
  cli_row("updates", CLI_PLAIN, "%" PRIu32 " verified", status->updates);
  if (status->updates > 0)
    cli_row("last signed by", CLI_PLAIN, "%" PRIu32 " of %" PRIu32, status->participants,
            status->committee_size);
  return EXIT_VERIFIED;
}

static int verify(const cli_args *args, const ol_slice texts[FILES]) {
  const ol_sync_texts answers = {texts[BOOTSTRAP], texts[UPDATES], texts[FINALITY], texts[OPTIMISTIC]};
  ol_sync_config config = {.network = texts[NETWORK],
                           .checkpoint = args->checkpoint,
                           .now_ms = ol_host_now_ms(),
                           .insist = args->insist ? 1 : 0};
  size_t longest = 0;
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

/* Names a network that the core knows, which needs no file. */
static bool is_known(const char *network) {
  return strcmp(network, "mainnet") == 0 || strcmp(network, "sepolia") == 0 || strcmp(network, "hoodi") == 0;
}

int cli_verify_sync(const cli_args *args) {
  const char *network = args->network == NULL ? "mainnet" : args->network;
  const char *paths[FILES] = {args->bootstrap_file, args->updates_file, args->finality_file,
                              args->optimistic_file, is_known(network) ? NULL : network};
  if (!args->has_checkpoint) return cli_usage_error("--checkpoint", "missing");
  if (args->bootstrap_file == NULL) return cli_usage_error("--bootstrap", "missing");
  uint8_t *files[FILES] = {NULL};
  ol_slice texts[FILES] = {[NETWORK] = {(const uint8_t *)network, strlen(network)}};
  int result = EXIT_VERIFIED;
  bool from_input = false;
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
  if (result == EXIT_VERIFIED) result = verify(args, texts);
  for (size_t i = 0; i < FILES; i++) ol_host_free_file(files[i]);
  return result;
}
