/* SPDX-License-Identifier: MIT */

/* A receipt, what it is checked by, and the verdict. */

#include "attribution.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- The batch: {"id": 1, "root": "0x...", "leaves": 3, "index": 0, "path": ["0x...", ...]} --- */

static int read_hash(cli_scan *scan, ol_hash *out) {
  ol_error error;
  char *text;
  int result = cli_scan_text(scan, &text);
  if (result == EXIT_VERIFIED && ol_hash_from_text(&error, out, text, strlen(text)) != OL_OK)
    result = cli_scan_fault(scan, "not 0x and 64 hex digits");
  free(text);
  return result;
}

static int read_path(cli_scan *scan, ol_batch_proof *out) {
  int result = cli_scan_expect(scan, '[');
  if (result != EXIT_VERIFIED || cli_scan_mark(scan, ']')) return result;
  for (bool more = true; result == EXIT_VERIFIED && more;) {
    if (out->path_len == OL_BATCH_PATH) return cli_scan_fault(scan, "too many siblings; 64 is the most");
    result = read_hash(scan, &out->path[out->path_len++]);
    more = result == EXIT_VERIFIED && cli_scan_mark(scan, ',');
  }
  return result == EXIT_VERIFIED ? cli_scan_expect(scan, ']') : result;
}

static int read_batch_member(cli_scan *scan, ol_batch_proof *out, bool seen[5]) {
  static const char *const names[] = {"id", "root", "leaves", "index", "path"};
  ol_u256 number;
  char *name;
  size_t member = 0;
  int result = cli_scan_text(scan, &name);
  if (result != EXIT_VERIFIED) return result;
  while (member < 5 && strcmp(names[member], name) != 0) member++;
  free(name);
  if (member == 5) return cli_scan_fault(scan, "not id, root, leaves, index or path");
  if (seen[member]) return cli_scan_fault(scan, "the same member twice");
  seen[member] = true;
  result = cli_scan_expect(scan, ':');
  if (result != EXIT_VERIFIED) return result;
  if (member == 0) return cli_scan_number(scan, &out->batch_id);
  if (member == 1) return read_hash(scan, &out->root);
  if (member == 4) return read_path(scan, out);
  result = cli_scan_number(scan, &number);
  if (result == EXIT_VERIFIED && !cli_u64_of(member == 2 ? &out->leaves : &out->index, &number))
    result = cli_scan_fault(scan, "does not fit in 64 bits");
  return result;
}

static int read_batch(cli_check *of, const char *path) {
  char name[512];
  bool seen[5] = {false};
  cli_scan scan = {.file = name};
  snprintf(name, sizeof name, "--batch %s", path);
  int result = cli_files_read(&of->files, &scan.text, "--batch", path, true);
  if (result == EXIT_VERIFIED) result = cli_scan_expect(&scan, '{');
  for (bool more = true; result == EXIT_VERIFIED && more;) {
    result = read_batch_member(&scan, &of->batch, seen);
    more = result == EXIT_VERIFIED && cli_scan_mark(&scan, ',');
  }
  if (result == EXIT_VERIFIED) result = cli_scan_expect(&scan, '}');
  if (result == EXIT_VERIFIED) result = cli_scan_end(&scan);
  for (size_t i = 0; i < 5 && result == EXIT_VERIFIED; i++) {
    if (!seen[i]) result = cli_scan_fault(&scan, "id, root, leaves, index or path is missing");
  }
  of->input.batch = &of->batch;
  return result;
}

/* --- What is expected --- */

/* The registry: --registry, or that of the profile. */
static int read_domain(cli_check *of) {
  const cli_args *args = of->args;
  ol_attribution_expected *to = &of->expected;
  cli_rollup rollup = {.file = NULL};
  to->domain = (ol_attribution_domain){.chain_id = args->chain_id, .registry = args->atr.registry};
  to->has_domain = args->atr.has_registry;
  if (args->rollup == NULL) return EXIT_VERIFIED;
  static const ol_address none;
  const int result = cli_rollup_read(&rollup, args->rollup);
  if (result == EXIT_VERIFIED && !args->has_chain_id) to->domain.chain_id = rollup.rollup.chain_id;
  if (result == EXIT_VERIFIED && !args->atr.has_registry &&
      memcmp(&rollup.rollup.attribution_registry, &none, sizeof none) != 0) {
    to->domain.registry = rollup.rollup.attribution_registry;
    to->has_domain = 1;
  }
  cli_rollup_clear(&rollup);
  return result;
}

static int read_expected(cli_check *of) {
  const cli_attribution_args *by = &of->args->atr;
  ol_attribution_expected *to = &of->expected;
  to->has_nonce = by->has_nonce;
  to->client_nonce = by->nonce;
  to->has_payer = by->has_payer;
  to->payer = by->payer;
  to->has_policy = by->has_policy_id;
  to->policy_id = by->policy_id;
  to->has_max_fee = by->has_fee;
  to->max_fee = by->fee;
  to->has_model = by->has_model;
  to->model_id = by->model;
  to->has_adapter = by->has_adapter;
  to->adapter_id = by->adapter;
  to->has_min_epoch = by->has_epoch;
  to->min_epoch = by->epoch;
  to->has_max_lag = by->has_max_lag;
  to->max_lag = by->max_lag;
  to->has_max_age = of->args->has_max_age && of->args->max_age_s != OL_AGE_ANY;
  to->max_age = of->args->max_age_s;
  to->now = ol_host_now_ms() / 1000;
  return read_domain(of);
}

/* In: room for the form, which takes the place of the text. */
static int from_json(uint8_t *out, ol_slice text, const char *path) {
  const size_t len = 20 * text.len + 4096;
  void *memory = malloc(len);
  ol_signed_receipt receipt;
  ol_error error;
  if (memory == NULL) return cli_no_memory();
  const bool good = ol_attribution_receipt_from_json(&error, &receipt, text, memory, len) == OL_OK &&
                    ol_attribution_receipt_write(&error, out, &receipt) == OL_OK;
  free(memory);
  return good ? EXIT_VERIFIED : cli_error(path, &error);
}

int cli_receipt_read(cli_files *of, ol_slice *out, const char *path) {
  int result = cli_files_read(of, out, NULL, path, true);
  if (result != EXIT_VERIFIED || out->len <= OL_ATTRIBUTION_RECEIPT_BYTES || out->data[0] != '{')
    return result;
  result = from_json(of->list[of->count - 1], *out, path);
  *out = (ol_slice){of->list[of->count - 1], OL_ATTRIBUTION_RECEIPT_BYTES};
  return result;
}

int cli_check_read(cli_check *out, const cli_args *args) {
  const cli_attribution_args *by = &args->atr;
  ol_attribution_input *to = &out->input;
  cli_files *files = &out->files;
  *out = (cli_check){.args = args};
  int result = args->file == NULL ? cli_usage_error("FILE", "missing: a receipt")
                                  : cli_receipt_read(files, &to->receipt, args->file);
  if (result == EXIT_VERIFIED)
    result = cli_files_read(files, &to->request, "--request", by->request_file, true);
  if (result == EXIT_VERIFIED)
    result = cli_files_read(files, &to->response, "--response", by->response_file, true);
  if (result == EXIT_VERIFIED)
    result = cli_files_read(files, &to->evidence, "--evidence", by->evidence_file, true);
  if (result == EXIT_VERIFIED) result = cli_policy_read(&out->policy, out->policy_bytes, args, true);
  if (result == EXIT_VERIFIED && by->table_file != NULL) {
    ol_influence_table *table;
    result = cli_table_read(&table, &out->table_memory, by->table_file);
    if (result == EXIT_VERIFIED) to->table = table;
  }
  if (result == EXIT_VERIFIED)
    result = cli_files_read(files, &to->equivocation, "--equivocation", by->equivocation_file, false);
  if (result == EXIT_VERIFIED && by->batch_file != NULL) result = read_batch(out, by->batch_file);
  if (result == EXIT_VERIFIED) result = read_expected(out);
  to->policy = (ol_slice){out->policy_bytes, sizeof out->policy_bytes};
  to->expected = &out->expected;
  if (by->has_stream_head) to->stream_head = &by->stream_head;
  return result;
}

int cli_check_run(cli_check *of) {
  const size_t len = ol_attribution_verify_size();
  if (of->memory == NULL) of->memory = malloc(len);
  if (of->memory == NULL) return cli_no_memory();
  of->error = cli_error_of(OL_OK, "", "");
  return ol_attribution_verify(&of->error, &of->result, &of->input, of->memory, len) == OL_OK
             ? EXIT_VERIFIED
             : cli_error("receipt", &of->error);
}

void cli_check_free(cli_check *of) {
  free(of->table_memory);
  free(of->memory);
  cli_files_free(&of->files);
}

int cli_check_code(const cli_check *of) {
  switch (of->result.verdict) {
  case OL_VERDICT_VERIFIED:
  case OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE: return EXIT_VERIFIED;
  case OL_VERDICT_PENDING: return EXIT_PENDING;
  default: return EXIT_REFUSED;
  }
}

/* --- The verdict, for people --- */

void cli_reason_text(char *out, size_t len, uint32_t reason, const ol_error *error) {
  char where[256] = "";
  if (error->reason != NULL && error->reason[0] != '\0') ol_error_text(error, where, sizeof where);
  snprintf(out, len, "%s (%u)%s%s", ol_attribution_reason_name(reason), (unsigned)reason,
           where[0] == '\0' ? "" : ": ", where);
}

static const struct {
  uint32_t bit;
  const char *proven, *open; /* as it is told where the bit is set, and where not */
} parts[] = {
    {OL_PROVEN_SIGNATURE, "who signed it", NULL},
    {OL_PROVEN_REQUEST, "it is for this request", NULL},
    {OL_PROVEN_RESPONSE, "and for this answer", NULL},
    {OL_PROVEN_NONCE, "the request's nonce", "the nonce was not compared (--nonce)"},
    {OL_PROVEN_PAYER, "who pays", "who pays was not compared (--payer)"},
    {OL_PROVEN_DOMAIN, "chain and registry", "chain and registry were not compared (--registry, --chain-id)"},
    {OL_PROVEN_SPANS, "all passages of the corpus that the answer has, their counts and owners", NULL},
    {OL_PROVEN_INFLUENCE, "weights of influence, as they follow from v", NULL},
    {OL_PROVEN_SPLIT, "what everybody gets", NULL},
    {OL_PROVEN_SIGNER, "the signer is registered and bonded", "whether the signer is registered and bonded"},
    {OL_PROVEN_CORPUS, "the corpus is published as this epoch", "whether the corpus is the published one"},
    {OL_PROVEN_ANCHORED, "the receipt's batch is on chain", "whether the receipt is in a batch on chain"},
    {OL_PROVEN_UNDISPUTED, "nothing of it is disputed", "whether it is disputed"},
    {OL_PROVEN_WITNESSED, "witnesses have seen the batch", NULL},
};

static void rows_of(const cli_check *of, bool is_proven) {
  const char *label = is_proven ? "proven" : "open";
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    const char *text = is_proven ? parts[i].proven : parts[i].open;
    if (((of->result.proven & parts[i].bit) != 0) != is_proven || text == NULL) continue;
    cli_row(label, CLI_PLAIN, "%s", text);
    label = "";
  }
}

void cli_check_rows(const cli_check *of) {
  static const cli_style styles[] = {CLI_RED, CLI_YELLOW, CLI_GREEN, CLI_GREEN};
  const ol_attribution_result *result = &of->result;
  char text[400], signer[43];
  cli_row("verdict", styles[result->verdict & 3], "%s", ol_attribution_verdict_name(result->verdict));
  if (result->reason != OL_REASON_NONE) {
    cli_reason_text(text, sizeof text, result->reason, &of->error);
    cli_row("reason", CLI_RED, "%s", text);
  }
  if ((result->proven & OL_PROVEN_SIGNATURE) != 0) {
    ol_address_text(signer, &result->signer);
    ol_hex_text(text, result->digest.bytes, sizeof result->digest.bytes);
    cli_row("signer", CLI_PLAIN, "%s", signer);
    cli_row("receipt", CLI_PLAIN, "%s", text);
  }
  rows_of(of, true);
  if (result->verdict == OL_VERDICT_REJECTED) return;
  if ((result->receipt.receipt.flags & OL_ATTRIBUTION_INFLUENCE) != 0)
    cli_row("attested", CLI_YELLOW, "v, from which influence follows, is the signer's word");
  cli_row("attested", CLI_PLAIN, "the number of tokens, from which the fee follows%s",
          of->expected.has_max_fee != 0 ? "; it is at most what was agreed to" : " (--max-fee)");
  rows_of(of, false);
  if (of->input.facts == NULL) {
    cli_row("chain", CLI_YELLOW, "was not asked (--rpc)");
    return;
  }
  cli_time_text(text, of->facts.block_timestamp);
  cli_row("chain", CLI_PLAIN, "block %" PRIu64 " of %s, trusted as %s", of->facts.block_number, text,
          ol_trust_name((ol_trust)of->facts.trust));
}
