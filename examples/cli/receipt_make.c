/* SPDX-License-Identifier: MIT */

/* openledger receipt make: what a node does for an answer - proves, divides, and signs. For tests and trials. */

#include "attribution.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT_LEN (16u << 10) /* of typed data */

/* What becomes a receipt. */
typedef struct making {
  const cli_args *args;
  cli_files files;
  ol_slice request, response;
  cli_proving proving;
  cli_wallet wallet;
  ol_wallet_account account;
  ol_signed_receipt made;
  ol_hash digest;
} making;

static int check(const cli_args *args) {
  const cli_attribution_args *by = &args->atr;
  if (args->out_file == NULL) return cli_usage_error("--out", "missing: where the receipt goes");
  if (by->evidence_file == NULL) return cli_usage_error("--evidence", "missing: where the evidence goes");
  if (!by->has_payer) return cli_usage_error("--payer", "missing");
  if (!by->has_nonce) return cli_usage_error("--nonce", "missing");
  if (!by->has_model) return cli_usage_error("--model", "missing");
  return EXIT_VERIFIED;
}

/* The chain and the registry: of the command line, or else of the profile. */
static int read_domain(making *of) {
  const cli_args *args = of->args;
  static const ol_address none;
  cli_rollup rollup = {.file = NULL};
  ol_attribution_domain *to = &of->made.domain;
  *to = (ol_attribution_domain){.chain_id = args->chain_id, .registry = args->atr.registry};
  if (args->rollup != NULL) {
    const int result = cli_rollup_read(&rollup, args->rollup);
    if (result != EXIT_VERIFIED) return result;
    if (!args->has_chain_id) to->chain_id = rollup.rollup.chain_id;
    if (!args->atr.has_registry) to->registry = rollup.rollup.attribution_registry;
    cli_rollup_clear(&rollup);
  }
  return memcmp(&to->registry, &none, sizeof none) != 0
             ? EXIT_VERIFIED
             : cli_usage_error("--registry", "missing, and no profile names it (--rollup)");
}

/* The answer as one piece: its hash and its stream's head. */
static int stream(making *of) {
  ol_attribution_receipt *to = &of->made.receipt;
  ol_attribution_stream_end end;
  ol_attribution_stream *open;
  ol_error error;
  const size_t len = ol_attribution_stream_size();
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  ol_status status = ol_attribution_stream_new(&error, &open, &to->client_nonce, &to->request_sha256,
                                               &to->model_id, &to->adapter_id, memory, len);
  if (status == OL_OK && of->response.len > 0)
    status = ol_attribution_stream_add(&error, open, NULL, of->response, NULL);
  if (status == OL_OK) status = ol_attribution_stream_finish(&error, open, &end);
  free(memory);
  if (status != OL_OK) return cli_error("--answer", &error);
  to->response_sha256 = end.response_sha256;
  to->response_bytes = end.response_bytes;
  to->stream_head = end.head;
  return EXIT_VERIFIED;
}

static int fill_in(making *of) {
  const cli_attribution_args *by = &of->args->atr;
  const cli_proving *from = &of->proving;
  ol_attribution_receipt *to = &of->made.receipt;
  *to = (ol_attribution_receipt){.version = OL_ATTRIBUTION_VERSION,
                                 .flags = (from->policy.influence_bps < 10000 ? OL_ATTRIBUTION_SPANS : 0) |
                                          (from->policy.influence_bps > 0 ? OL_ATTRIBUTION_INFLUENCE : 0),
                                 .client_nonce = by->nonce,
                                 .payer = by->payer,
                                 .model_id = by->model,
                                 .adapter_id = by->adapter,
                                 .run_id = by->run,
                                 .split_root = from->split_root,
                                 .total_weight = from->told.total_weight,
                                 .contributors = from->told.row_count,
                                 .pay_token = by->pay_token,
                                 .fee = by->fee,
                                 .contributor_pool = from->pool,
                                 .served_at = by->has_served_at ? by->served_at : ol_host_now_ms() / 1000,
                                 .sequence = by->sequence,
                                 .previous = by->previous};
  cli_sha256(&to->request_sha256, of->request);
  if (from->proof != NULL) ol_corpus_id(&to->corpus_id, &from->told.corpus);
  if (from->influence != NULL) {
    to->gradient_id = from->gradient_id;
    ol_influence_hash(&to->influence_hash, &to->gradient_id, from->vector);
  }
  ol_attribution_policy_id(&to->policy_id, from->policy_bytes);
  ol_keccak256(&to->evidence_hash, from->evidence, from->evidence_len);
  return stream(of);
}

/* Shows it as typed data, asks, and signs: as any other that a wallet signs. */
static int sign(making *of, bool *out_signed) {
  uint8_t *memory = malloc(DOCUMENT_LEN);
  ol_error error;
  ol_slice document;
  *out_signed = false;
  if (memory == NULL) return cli_no_memory();
  int result = cli_wallet_open(&of->wallet, of->args);
  if (result == EXIT_VERIFIED) result = cli_wallet_account_of(&of->wallet, &of->account);
  if (result == EXIT_VERIFIED &&
      ol_attribution_receipt_document(&error, &document, &of->made.domain, &of->made.receipt, memory,
                                      DOCUMENT_LEN) != OL_OK)
    result = cli_error("receipt", &error);
  if (result == EXIT_VERIFIED)
    result = cli_sign_document(&of->wallet, &of->account.address, document, of->made.domain.chain_id,
                               of->made.signature, out_signed);
  ol_attribution_receipt_digest(&of->digest, &of->made.domain, &of->made.receipt);
  free(memory);
  return result;
}

static int write_split(const making *of, const char *path) {
  const cli_attribution *told = &of->proving.told;
  const size_t len = 16 + 60 * (size_t)told->row_count;
  uint8_t *memory = malloc(len);
  ol_error error;
  ol_slice file;
  if (memory == NULL) return cli_no_memory();
  const int result = ol_split_write(&error, &file, told->rows, told->row_count, memory, len) == OL_OK
                         ? cli_file_write("--split", path, file)
                         : cli_error("split", &error);
  free(memory);
  return result;
}

static int write_files(const making *of) {
  const cli_args *args = of->args;
  uint8_t receipt[OL_ATTRIBUTION_RECEIPT_BYTES];
  ol_error error;
  if (ol_attribution_receipt_write(&error, receipt, &of->made) != OL_OK) return cli_error("receipt", &error);
  int result = cli_file_write("--evidence", args->atr.evidence_file,
                              (ol_slice){of->proving.evidence, of->proving.evidence_len});
  if (result == EXIT_VERIFIED && args->atr.split_file != NULL) result = write_split(of, args->atr.split_file);
  if (result == EXIT_VERIFIED)
    result = cli_file_write("--out", args->out_file, (ol_slice){receipt, sizeof receipt});
  return result;
}

static void show(const making *of) {
  const ol_attribution_receipt *made = &of->made.receipt;
  char digest[67], signer[43], root[67], head[67], pool[79], size[CLI_SPAN_LEN];
  ol_hex_text(digest, of->digest.bytes, 32);
  ol_hex_text(root, made->split_root.bytes, 32);
  ol_hex_text(head, made->stream_head.bytes, 32);
  ol_address_text(signer, &of->account.address);
  ol_u256_text(pool, &made->contributor_pool);
  cli_size_text(size, of->proving.evidence_len);
  if (of->args->json) {
    printf("{\"digest\":\"%s\",\"signer\":\"%s\",\"streamHead\":\"%s\",\"splitRoot\":\"%s\","
           "\"contributorPool\":\"%s\","
           "\"evidenceBytes\":%zu,",
           digest, signer, head, root, pool, of->proving.evidence_len);
    cli_attribution_json(&of->proving.told);
    puts("}");
    return;
  }
  cli_row("receipt", CLI_BOLD, "%s", digest);
  cli_row("signer", CLI_PLAIN, "%s", signer);
  cli_row("passages", CLI_PLAIN, "%u, in evidence of %s", (unsigned)of->proving.told.span_count, size);
  cli_row("split", CLI_PLAIN, "%s, %u rows, of %s", root, (unsigned)made->contributors, pool);
}

int cli_receipt_make(const cli_args *args) {
  making of = {.args = args, .wallet = {.lock = -1}};
  bool is_signed = false;
  int result = check(args);
  if (result == EXIT_VERIFIED)
    result = cli_files_read(&of.files, &of.request, "--request", args->atr.request_file, true);
  if (result == EXIT_VERIFIED)
    result = cli_files_read(&of.files, &of.response, "--answer", args->atr.response_file, true);
  if (result == EXIT_VERIFIED) result = read_domain(&of);
  if (result == EXIT_VERIFIED) result = cli_prove(&of.proving, args, of.response, true);
  if (result == EXIT_VERIFIED) result = fill_in(&of);
  if (result == EXIT_VERIFIED) result = sign(&of, &is_signed);
  if (is_signed) result = write_files(&of);
  if (is_signed && result == EXIT_VERIFIED) show(&of);
  cli_wallet_end(&of.wallet);
  cli_proving_free(&of.proving);
  cli_files_free(&of.files);
  return result;
}
