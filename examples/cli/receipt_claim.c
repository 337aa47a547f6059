/* SPDX-License-Identifier: MIT */

/* openledger receipt claim: what a contributor has earned, and the transaction that gets it. */

#include "attribution.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CLAIM_GAS 500000 /* more than a path of 64 siblings takes; what is not used is not paid */
#define CALL_DATA (8u << 10)

/* What is claimed. */
typedef struct claiming {
  const cli_args *args;
  cli_files files;
  ol_split split;
  bool has_split;
  ol_share share;
  bool has_share; /* one row was chosen */
  ol_u256 earned; /* by the contributor, in all rows of the split */
  uint32_t rows;  /* of these */
  ol_address registry;
} claiming;

/* --- The row --- */

static bool is_wanted(const claiming *of, const ol_split_row *row) {
  const cli_attribution_args *by = &of->args->atr;
  return memcmp(&row->contributor, &by->contributor, sizeof row->contributor) == 0 &&
         (!by->has_datanet || row->datanet == by->datanet);
}

/* Finds the contributor's row; of several, --datanet says which. */
static int choose(claiming *of) {
  ol_error error;
  ol_split_row row;
  uint32_t found = 0, index = 0;
  if (ol_split_earned(&error, &of->earned, &of->rows, &of->split, &of->args->atr.contributor) != OL_OK)
    return cli_error("--split", &error);
  for (uint32_t i = 0; ol_split_at(&of->split, &row, i) == 1; i++) {
    if (!is_wanted(of, &row)) continue;
    index = i;
    found++;
  }
  if (found == 0) return cli_failure(OL_ERR_MISMATCH, "the split has no row of this contributor");
  if (found > 1) return EXIT_VERIFIED;
  of->has_share = true;
  return ol_share_make(&error, &of->share, &of->split, index) == OL_OK ? EXIT_VERIFIED
                                                                       : cli_error("--split", &error);
}

static int read_input(claiming *of) {
  const cli_attribution_args *by = &of->args->atr;
  ol_error error;
  ol_slice file;
  if ((by->split_file == NULL) == (by->share_file == NULL))
    return cli_usage_error("--split", "one of --split and --share is needed");
  if (by->split_file != NULL && !by->has_contributor) return cli_usage_error("--contributor", "missing");
  of->has_split = by->split_file != NULL;
  if (of->has_split) {
    const int result = cli_files_read(&of->files, &file, "--split", by->split_file, true);
    if (result != EXIT_VERIFIED) return result;
    return ol_split_open(&error, &of->split, file) == OL_OK ? choose(of) : cli_error(by->split_file, &error);
  }
  const int result = cli_files_read(&of->files, &file, "--share", by->share_file, true);
  if (result != EXIT_VERIFIED) return result;
  if (ol_share_read(&error, &of->share, file) != OL_OK) return cli_error(by->share_file, &error);
  of->has_share = true;
  of->earned = of->share.row.amount;
  of->rows = 1;
  if ((by->has_contributor &&
       memcmp(&of->share.row.contributor, &by->contributor, sizeof by->contributor) != 0) ||
      (by->has_datanet && of->share.row.datanet != by->datanet))
    return cli_failure(OL_ERR_MISMATCH, "the share is of another contributor or datanet");
  return EXIT_VERIFIED;
}

/* --- What it says --- */

static void show(const claiming *of) {
  char text[80], root[67], weight[80];
  const ol_share *share = &of->share;
  ol_u256_text(text, &of->earned);
  if (of->has_split && of->rows > 1)
    cli_row("earned", CLI_BOLD, "%s in %u datanets", text, (unsigned)of->rows);
  if (!of->has_share) return;
  ol_u256_text(text, &share->row.amount);
  ol_u256_text(weight, &share->row.weight);
  cli_row("earned", CLI_BOLD, "%s in datanet %" PRIu64 ", by a weight of %s", text, share->row.datanet,
          weight);
  ol_address_text(text, &share->row.contributor);
  cli_row("contributor", CLI_PLAIN, "%s", text);
  ol_hex_text(root, share->split_root.bytes, 32);
  cli_row("split", CLI_PLAIN, "%s, row %" PRIu64 " of %" PRIu64 "; %u hashes prove it", root, share->index,
          share->rows, (unsigned)share->path_len);
}

static void json(const claiming *of, const ol_call *call) {
  char text[80], root[67];
  const ol_share *share = &of->share;
  ol_u256_text(text, &of->earned);
  printf("{\"earned\":\"%s\",\"rows\":%u", text, (unsigned)of->rows);
  if (of->has_share) {
    ol_u256_text(text, &share->row.amount);
    ol_hex_text(root, share->split_root.bytes, 32);
    printf(",\"amount\":\"%s\",\"datanet\":\"%" PRIu64 "\",\"index\":\"%" PRIu64 "\",\"of\":\"%" PRIu64
           "\",\"splitRoot\":\"%s\"",
           text, share->row.datanet, share->index, share->rows, root);
    ol_address_text(text, &share->row.contributor);
    printf(",\"contributor\":\"%s\"", text);
  }
  if (call != NULL) {
    char *data = malloc(2 * call->data.len + 3);
    ol_address_text(text, &call->to);
    if (data != NULL) ol_hex_text(data, call->data.data, call->data.len);
    printf(",\"call\":{\"to\":\"%s\",\"data\":\"%s\"}", text, data == NULL ? "" : data);
    free(data);
  }
  puts("}");
}

static int write_share(const claiming *of) {
  uint8_t memory[OL_SHARE_BYTES];
  ol_error error;
  ol_slice file;
  if (!of->has_share) return cli_usage_error("--datanet", "missing: the contributor has rows in several");
  return ol_share_write(&error, &file, &of->share, memory, sizeof memory) == OL_OK
             ? cli_file_write("--out", of->args->out_file, file)
             : cli_error("share", &error);
}

/* --- The call --- */

static int find_registry(claiming *of) {
  static const ol_address none;
  cli_rollup rollup = {.file = NULL};
  of->registry = of->args->atr.registry;
  if (of->args->atr.has_registry) return EXIT_VERIFIED;
  if (of->args->rollup != NULL) {
    const int result = cli_rollup_read(&rollup, of->args->rollup);
    if (result == EXIT_VERIFIED) of->registry = rollup.rollup.attribution_registry;
    cli_rollup_clear(&rollup);
    if (result != EXIT_VERIFIED) return result;
  }
  return memcmp(&of->registry, &none, sizeof none) != 0
             ? EXIT_VERIFIED
             : cli_usage_error("--registry", "missing, and no profile names it (--rollup)");
}

static int send(const claiming *of, const ol_call *call) {
  const cli_order order = {.call = *call, .gas = CLAIM_GAS, .decimals = 18};
  cli_sender by = {.of = {.lock = -1}};
  int result = cli_sender_open(&by, of->args);
  if (result == EXIT_VERIFIED) result = cli_order_send(&by.of, &by.chain, &by.account, &order);
  cli_sender_close(&by);
  return result;
}

/* Prints the call, or sends it where there is a chain to send it to. */
static int claim(claiming *of) {
  static _Alignas(16) uint8_t memory[CALL_DATA];
  ol_error error;
  ol_call call;
  const bool sends = of->args->rpc.count > 0;
  if (!of->has_share) return cli_usage_error("--datanet", "missing: the contributor has rows in several");
  int result = find_registry(of);
  if (result == EXIT_VERIFIED && ol_share_claim_call(&error, &call, &of->registry, &of->args->atr.payout,
                                                     &of->share, memory, sizeof memory) != OL_OK)
    result = cli_error("claim", &error);
  if (result != EXIT_VERIFIED) return result;
  if (sends) {
    if (!of->args->json) show(of);
    return send(of, &call);
  }
  if (of->args->json) {
    json(of, &call);
    return EXIT_VERIFIED;
  }
  char to[43], *data = malloc(2 * call.data.len + 3);
  if (data == NULL) return cli_no_memory();
  ol_address_text(to, &call.to);
  ol_hex_text(data, call.data.data, call.data.len);
  show(of);
  cli_row("to", CLI_PLAIN, "%s", to);
  cli_row("data", CLI_PLAIN, "%s", data);
  free(data);
  return EXIT_VERIFIED;
}

int cli_receipt_claim(const cli_args *args) {
  claiming of = {.args = args};
  int result = read_input(&of);
  if (result == EXIT_VERIFIED && args->out_file != NULL) result = write_share(&of);
  if (result == EXIT_VERIFIED && args->rpc.count > 0 && !args->atr.has_payout)
    result = cli_usage_error("--payout", "missing: which payout of the registry is claimed");
  if (result == EXIT_VERIFIED && args->atr.has_payout) {
    result = claim(&of);
  } else if (result == EXIT_VERIFIED && args->json) {
    json(&of, NULL);
  } else if (result == EXIT_VERIFIED) {
    show(&of);
  }
  cli_files_free(&of.files);
  return result;
}
