/* SPDX-License-Identifier: MIT */

/* Signing: what is proposed is shown, asked about, signed, and counted, in this order. */

#include "wallet.h"

#include <stdlib.h>
#include <string.h>

static int refuse(const cli_proposal *proposal) {
  const ol_error error = cli_error_of(OL_ERR_MISMATCH, "policy",
                                      ol_policy_reason_text((ol_policy_reason)proposal->decision.reason));
  return cli_error(NULL, &error);
}

/* Shows it to whoever is asked; with --dry-run, where results go. */
static void show(const cli_wallet *of, const cli_proposal *proposal) {
  const cli_args *args = of->args;
  if (args->dry_run && args->json) return;
  cli_row_file = args->dry_run ? NULL : cli_asked_file(args);
  cli_intent_show(of, proposal);
  cli_row_file = NULL;
}

static int show_json(const cli_proposal *proposal) {
  putchar('{');
  const int result = cli_intent_json(proposal);
  fputs("}\n", stdout);
  return result;
}

int cli_sign_shown(cli_wallet *of, const cli_proposal *proposal, ol_signature *out, bool *out_signed) {
  static const ol_slice no_entropy = {NULL, 0};
  const ol_hash *digest = &proposal->intent.digest;
  ol_decision decision;
  ol_error error;
  *out_signed = false;
  if (memcmp(digest, &proposal->decision.digest, sizeof *digest) != 0)
    return cli_failure(OL_ERR_MISMATCH, "what would be shown is not what would be signed");
  show(of, proposal);
  if (of->args->dry_run) return of->args->json ? show_json(proposal) : EXIT_VERIFIED;
  if (proposal->decision.verdict == OL_VERDICT_DENY) return refuse(proposal);
  int result = cli_ask_yes(of->args, "Sign this?");
  if (result != EXIT_VERIFIED) return result;
  const uint64_t now = ol_host_now_ms(), sequence = ol_budget_sequence(ol_wallet_budget(of->wallet));
  if (ol_wallet_approve(&error, of->wallet, digest, now) != OL_OK ||
      ol_wallet_sign(&error, of->wallet, out, &decision, digest, now, no_entropy) != OL_OK)
    return cli_error("wallet", &error);
  result = cli_wallet_save_signed(of, sequence);
  *out_signed = result == EXIT_VERIFIED;
  return result;
}

/* --- Typed data --- */

/* In: memory for what is read, and for what is told of it. */
static int propose(cli_proposal *out, cli_wallet *of, const ol_address *account, ol_slice document,
                   uint64_t chain_id, uint8_t *memory, size_t len) {
  ol_error error;
  ol_typed_data data;
  if (ol_wallet_propose_typed_data(&error, of->wallet, &out->decision, account, document, chain_id,
                                   ol_host_now_ms(), memory, len) != OL_OK ||
      ol_typed_data_read(&error, &data, document, memory, len) != OL_OK)
    return cli_error("typed data", &error);
  ol_intent_of_typed_data(&out->intent, &data, account, of->contracts, of->contracts_len);
  return ol_typed_data_explain(&error, &out->typed, &data, memory + len, len) == OL_OK
             ? EXIT_VERIFIED
             : cli_error("typed data", &error);
}

int cli_sign_document(cli_wallet *of, const ol_address *account, ol_slice document, uint64_t chain_id,
                      uint8_t out[65], bool *out_signed) {
  const size_t len = (64 * document.len + (64u << 10) + 15) / 16 * 16;
  cli_proposal proposal = {.decimals = OL_NOWHERE};
  ol_signature signature;
  uint8_t *memory = malloc(2 * len);
  *out_signed = false;
  if (memory == NULL) return cli_no_memory();
  int result = propose(&proposal, of, account, document, chain_id, memory, len);
  if (result == EXIT_VERIFIED) result = cli_sign_shown(of, &proposal, &signature, out_signed);
  if (*out_signed) ol_signature_write(out, &signature);
  free(memory);
  return result;
}

int cli_text_read(ol_slice *out, uint8_t **out_file, const char *text) {
  size_t len = strlen(text);
  int result = EXIT_VERIFIED;
  *out_file = NULL;
  *out = (ol_slice){(const uint8_t *)text, len};
  if (strcmp(text, "-") != 0) return result;
  result = cli_file_read(out_file, &len, NULL, "-");
  *out = (ol_slice){*out_file, len};
  return result;
}
