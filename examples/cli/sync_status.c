/* SPDX-License-Identifier: MIT */

/* How far Ethereum's chain is verified, in rows and in JSON. */

#include "cli.h"

#include <inttypes.h>
#include <string.h>

static void head_rows(const char *what, const ol_beacon_head *head) {
  static const ol_hash zero;
  char label[32], text[67], when[CLI_TIME_LEN];
  ol_hex_text(text, head->root.bytes, sizeof head->root.bytes);
  cli_time_text(when, head->time);
  cli_row(what, CLI_BOLD, "slot %" PRIu64 "  %s  %s", head->slot, text, when);
  ol_hex_text(text, head->block_hash.bytes, sizeof head->block_hash.bytes);
  snprintf(label, sizeof label, "%s block", what);
  if (head->has_header)
    cli_row(label, CLI_PLAIN, "%" PRIu64 "  %s", head->block_number, text);
  else
    cli_row(label, CLI_PLAIN, "%s", text);
  if (memcmp(&head->state_root, &zero, sizeof zero) == 0) return;
  ol_hex_text(text, head->state_root.bytes, sizeof head->state_root.bytes);
  snprintf(label, sizeof label, "%s state", what);
  cli_row(label, CLI_PLAIN, "%s", text);
}

void cli_sync_rows(const ol_sync_status *status) {
  cli_label_width = 18;
  head_rows("finalized", &status->finalized);
  if (status->forced)
    cli_row("", CLI_YELLOW, "signed by two thirds, but not final: its period had no finality");
  head_rows("optimistic", &status->optimistic);
  cli_row("period", CLI_PLAIN, "%" PRIu64, status->period);
  cli_row("updates", CLI_PLAIN, "%" PRIu32 " verified", status->updates);
  if (status->updates > 0)
    cli_row("last signed by", CLI_PLAIN, "%" PRIu32 " of %" PRIu32, status->participants,
            status->committee_size);
}

static void head_json(const char *name, const ol_beacon_head *head) {
  char root[67], block_hash[67], state_root[67];
  ol_hex_text(root, head->root.bytes, sizeof head->root.bytes);
  ol_hex_text(block_hash, head->block_hash.bytes, sizeof head->block_hash.bytes);
  ol_hex_text(state_root, head->state_root.bytes, sizeof head->state_root.bytes);
  printf("\"%s\":{\"slot\":%" PRIu64 ",\"time\":%" PRIu64
         ",\"root\":\"%s\",\"blockHash\":\"%s\",\"stateRoot\":\"%s\",\"blockNumber\":",
         name, head->slot, head->time, root, block_hash, state_root);
  if (head->has_header)
    printf("%" PRIu64 "},", head->block_number);
  else
    fputs("null},", stdout);
}

void cli_sync_json(const ol_sync_status *status) {
  head_json("finalized", &status->finalized);
  head_json("optimistic", &status->optimistic);
  printf("\"period\":%" PRIu64 ",\"forced\":%s,\"updates\":%" PRIu32 ",\"participants\":%" PRIu32
         ",\"committeeSize\":%" PRIu32,
         status->period, status->forced ? "true" : "false", status->updates, status->participants,
         status->committee_size);
}
