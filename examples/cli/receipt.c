/* SPDX-License-Identifier: MIT */

/* openledger receipt verify, openledger receipt show: whether a receipt is true, and what it says. */

#define _POSIX_C_SOURCE 200809L

#include "attribution.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- verify --- */

/* Room for what ol_attribution_explain writes. */
static size_t explained_len(const ol_attribution_result *result) {
  return (64u << 10) + 800 * ((size_t)result->spans + result->rows) +
         (size_t)6 * OL_EVIDENCE_RESPONSE * (1 + result->spans / 8);
}

/* The verdict as the library tells it, with where a rejection was found. */
static int verdict_json(const cli_check *of) {
  const size_t len = explained_len(&of->result);
  char where[400];
  ol_error error;
  ol_slice text;
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  int result = EXIT_VERIFIED;
  if (ol_attribution_explain(&error, &text, &of->result, of->input.response, memory, len) != OL_OK) {
    result = cli_error("receipt", &error);
  } else {
    fwrite(text.data, 1, text.len - 1, stdout); /* all but the brace that closes it */
    if (of->result.reason != OL_REASON_NONE) {
      cli_reason_text(where, sizeof where, of->result.reason, &of->error);
      fputs(",\"detail\":", stdout);
      cli_json_string(stdout, where);
    }
    if (of->input.facts != NULL)
      printf(",\"block\":{\"number\":%" PRIu64 ",\"timestamp\":%" PRIu64 ",\"trust\":\"%s\"}",
             of->facts.block_number, of->facts.block_timestamp, ol_trust_name((ol_trust)of->facts.trust));
    fputs("}\n", stdout);
  }
  free(memory);
  return result;
}

int cli_receipt_verify(const cli_args *args) {
  cli_check of;
  int result = cli_check_read(&of, args);
  if (result == EXIT_VERIFIED && args->rpc.count == 0 && (args->atr.has_corpus_name || args->atr.has_nodes))
    result = cli_usage_error(args->atr.has_nodes ? "--nodes" : "--corpus-name", "needs --rpc");
  if (result == EXIT_VERIFIED) result = cli_check_run(&of);
  /* What is wrong by itself need not be asked about. */
  if (result == EXIT_VERIFIED && args->rpc.count > 0 && of.result.verdict != OL_VERDICT_REJECTED) {
    result = cli_facts_read(&of);
    if (result == EXIT_VERIFIED) result = cli_check_run(&of);
  }
  if (result == EXIT_VERIFIED && args->json) result = verdict_json(&of);
  if (result == EXIT_VERIFIED && !args->json) cli_check_rows(&of);
  if (result == EXIT_VERIFIED) result = cli_check_code(&of);
  cli_check_free(&of);
  return result;
}

/* --- show --- */

/* What is shown of a receipt. */
typedef struct showing {
  const cli_args *args;
  cli_files files;
  cli_check check;
  bool is_checked; /* against a request, so that there is a verdict */
  bool is_told;    /* the evidence was verified, so that there are spans */
  ol_signed_receipt receipt;
  ol_hash digest;
  ol_attribution_policy policy;
  uint8_t policy_bytes[OL_ATTRIBUTION_POLICY_BYTES];
  void *memory;
  cli_names names;
  cli_attribution told;
} showing;

static void receipt_rows(const showing *of) {
  const ol_attribution_receipt *receipt = &of->receipt.receipt;
  const struct {
    const char *name;
    const ol_hash *hash;
  } hashes[] = {{"receipt", &of->digest},
                {"request", &receipt->request_sha256},
                {"response", &receipt->response_sha256},
                {"model", &receipt->model_id},
                {"adapter", &receipt->adapter_id},
                {"corpus", &receipt->corpus_id},
                {"policy", &receipt->policy_id},
                {"split root", &receipt->split_root}};
  char text[80], more[80];
  ol_address signer;
  ol_error error;
  for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
    ol_hex_text(text, hashes[i].hash->bytes, 32);
    cli_row(hashes[i].name, CLI_PLAIN, "%s", text);
  }
  if (ol_attribution_receipt_signer(&error, &signer, &of->receipt) == OL_OK) {
    ol_address_text(text, &signer);
    cli_row("signer", CLI_PLAIN, "%s", text);
  } else {
    cli_row("signer", CLI_RED, "none: %s", error.reason);
  }
  ol_address_text(text, &of->receipt.domain.registry);
  cli_row("registry", CLI_PLAIN, "%s on chain %" PRIu64, text, of->receipt.domain.chain_id);
  ol_address_text(text, &receipt->payer);
  cli_row("payer", CLI_PLAIN, "%s", text);
  ol_u256_text(text, &receipt->fee);
  ol_u256_text(more, &receipt->contributor_pool);
  cli_row("fee", CLI_PLAIN, "%s, of which contributors get %s", text, more);
  cli_time_text(text, receipt->served_at);
  cli_row("served", CLI_PLAIN, "%s, as number %" PRIu64, text, receipt->sequence);
}

static int receipt_json(const showing *of) {
  char memory[OL_ATTRIBUTION_JSON], digest[67];
  ol_error error;
  ol_slice text;
  if (ol_attribution_receipt_json(&error, &text, &of->receipt, memory, sizeof memory) != OL_OK)
    return cli_error("receipt", &error);
  ol_hex_text(digest, of->digest.bytes, 32);
  printf("{\"digest\":\"%s\",\"receipt\":%.*s", digest, (int)text.len, (const char *)text.data);
  if (of->is_checked)
    printf(",\"verdict\":\"%s\",\"reason\":%u", ol_attribution_verdict_name(of->check.result.verdict),
           (unsigned)of->check.result.reason);
  if (of->is_told) {
    putchar(',');
    cli_attribution_json(&of->told);
  }
  puts("}");
  return EXIT_VERIFIED;
}

/* Evidence by itself: that it is the receipt's, for this answer and this policy. */
static int verify_evidence(showing *of, ol_slice evidence, ol_slice response, const ol_evidence **out) {
  const ol_attribution_receipt *receipt = &of->receipt.receipt;
  ol_hash hash;
  ol_error error;
  uint32_t reason;
  ol_evidence *verified;
  char text[400];
  ol_keccak256(&hash, evidence.data, evidence.len);
  if (memcmp(&hash, &receipt->evidence_hash, sizeof hash) != 0)
    return cli_failure(OL_ERR_MISMATCH, "the evidence is not that of the receipt");
  cli_sha256(&hash, response);
  if (memcmp(&hash, &receipt->response_sha256, sizeof hash) != 0)
    return cli_failure(OL_ERR_MISMATCH, "the response is not that of the receipt");
  ol_attribution_policy_id(&hash, of->policy_bytes);
  if (memcmp(&hash, &receipt->policy_id, sizeof hash) != 0)
    return cli_failure(OL_ERR_MISMATCH, "the policy is not that of the receipt");
  of->memory = malloc(ol_evidence_size());
  if (of->memory == NULL) return cli_no_memory();
  if (ol_evidence_verify(&error, &verified, &reason, &of->policy, evidence, response, of->memory,
                         ol_evidence_size()) != OL_OK) {
    cli_reason_text(text, sizeof text, reason, &error);
    return cli_failure((ol_status)error.status, text);
  }
  *out = verified;
  return EXIT_VERIFIED;
}

static int tell(showing *of, const ol_evidence *evidence, ol_slice response) {
  ol_slice header, vector, rows;
  ol_split split;
  ol_error error;
  int result = cli_names_read(&of->names, of->args->atr.names_file);
  if (result == EXIT_VERIFIED) result = cli_attribution_of_evidence(&of->told, evidence, response);
  of->told.names = &of->names;
  ol_evidence_rest(evidence, &header, &vector, &rows);
  if (result == EXIT_VERIFIED && ol_split_open_rows(&error, &split, rows) != OL_OK)
    result = cli_error("split", &error);
  if (result == EXIT_VERIFIED) result = cli_attribution_rows(&of->told, &split);
  of->is_told = result == EXIT_VERIFIED;
  return result;
}

/* With a request there is a verdict; without, only the evidence can be verified. */
static int read_evidence(showing *of) {
  const cli_attribution_args *by = &of->args->atr;
  const ol_evidence *verified = NULL;
  ol_slice evidence, response;
  int result;
  if (by->request_file != NULL) {
    result = cli_check_read(&of->check, of->args);
    if (result == EXIT_VERIFIED) result = cli_check_run(&of->check);
    of->is_checked = result == EXIT_VERIFIED;
    if (!of->is_checked || of->check.result.evidence == NULL) return result;
    return tell(of, of->check.result.evidence, of->check.input.response);
  }
  if (by->evidence_file == NULL && by->response_file == NULL && by->policy_file == NULL) return EXIT_VERIFIED;
  result = cli_files_read(&of->files, &evidence, "--evidence", by->evidence_file, true);
  if (result == EXIT_VERIFIED)
    result = cli_files_read(&of->files, &response, "--response", by->response_file, true);
  if (result == EXIT_VERIFIED) result = cli_policy_read(&of->policy, of->policy_bytes, of->args, true);
  if (result == EXIT_VERIFIED) result = verify_evidence(of, evidence, response, &verified);
  return result == EXIT_VERIFIED ? tell(of, verified, response) : result;
}

static void show(const showing *of) {
  receipt_rows(of);
  if (of->is_checked) cli_check_rows(&of->check);
  if (!of->is_told) return;
  if (of->told.span_count > 0) {
    putchar('\n');
    cli_spans_table(&of->told);
  }
  if (of->told.row_count > 0) {
    putchar('\n');
    cli_shares_table(&of->told);
  }
  if (of->is_checked) return;
  putchar('\n');
  cli_row("not asked", CLI_YELLOW,
          "whether it is for your request, and what the chain says: openledger receipt verify");
}

static int write_page(const showing *of) {
  const cli_page page = {.told = &of->told,
                         .receipt = &of->receipt,
                         .check = of->is_checked ? &of->check : NULL,
                         .digest = of->digest};
  return of->is_told
             ? cli_page_write(&page, of->args->atr.html_file)
             : cli_usage_error("--html",
                               "there is nothing to show: --evidence, --response and --policy are needed, "
                               "and evidence that is true");
}

int cli_receipt_show(const cli_args *args) {
  showing of = {.args = args};
  ol_error error;
  ol_slice file;
  if (args->file == NULL) return cli_usage_error("FILE", "missing: a receipt");
  int result = cli_receipt_read(&of.files, &file, args->file);
  if (result == EXIT_VERIFIED && ol_attribution_receipt_read(&error, &of.receipt, file) != OL_OK)
    result = cli_error(args->file, &error);
  if (result == EXIT_VERIFIED) {
    ol_attribution_receipt_digest(&of.digest, &of.receipt.domain, &of.receipt.receipt);
    result = read_evidence(&of);
  }
  if (result == EXIT_VERIFIED && args->atr.html_file != NULL) result = write_page(&of);
  if (result == EXIT_VERIFIED && args->json) result = receipt_json(&of);
  if (result == EXIT_VERIFIED && !args->json) show(&of);
  if (result == EXIT_VERIFIED && of.is_checked && of.check.result.verdict == OL_VERDICT_REJECTED)
    result = EXIT_REFUSED;
  cli_attribution_free(&of.told);
  cli_names_free(&of.names);
  cli_check_free(&of.check);
  free(of.memory);
  cli_files_free(&of.files);
  return result;
}

int cli_receipt(const cli_args *args) {
  static const struct {
    const char *name;
    int (*run)(const cli_args *args);
  } commands[] = {{"make", cli_receipt_make},
                  {"verify", cli_receipt_verify},
                  {"show", cli_receipt_show},
                  {"claim", cli_receipt_claim}};
  if (args->operand == NULL) return cli_usage_error("receipt", "make, verify, show or claim?");
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    if (strcmp(args->operand, commands[i].name) == 0) return commands[i].run(args);
  }
  return cli_usage_error(args->operand, "none of make, verify, show and claim");
}
