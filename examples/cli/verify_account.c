/* SPDX-License-Identifier: MIT */

/* openledger verify account: an account's proof and the header that it is for. */

#include "cli.h"

#include <stdlib.h>
#include <string.h>

static int show(const cli_args *args, const ol_account_answer *answer) {
  const ol_slice no_code = {NULL, 0};
  if (args->json) {
    int result = cli_answer_json(answer, no_code);
    if (result == EXIT_VERIFIED) puts("}");
    return result;
  }
  uint64_t now = ol_host_now_ms() / 1000;
  cli_answer_rows(answer, no_code, now > answer->block_timestamp ? now - answer->block_timestamp : 0);
  cli_row("trust", CLI_YELLOW, "%s: nothing anchors the header you brought",
          ol_trust_name((ol_trust)answer->trust));
  return EXIT_VERIFIED;
}

static int verify(const cli_args *args, ol_slice header, ol_slice proof) {
  ol_account_question question;
  ol_account_question_init(&question, &args->address);
  question.max_age_s = OL_AGE_ANY;
  question.trust = OL_TRUST_GIVEN;
  question.slot_count = args->slot_count;
  memcpy(question.slots, args->slots, sizeof question.slots);
  size_t len = ol_account_verify_memory(header.len, proof.len);
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  ol_error error;
  ol_account_answer answer;
  ol_status status = ol_account_verify_text(&error, &answer, args->has_address ? &question : NULL, header,
                                            proof, memory, len);
  free(memory);
  return status == OL_OK ? show(args, &answer) : cli_error(NULL, &error);
}

int cli_verify_account(const cli_args *args) {
  if (args->header_file == NULL) return cli_usage_error("--header", "missing");
  if (args->proof_file == NULL) return cli_usage_error("--proof", "missing");
  if (strcmp(args->header_file, "-") == 0 && strcmp(args->proof_file, "-") == 0)
    return cli_usage_error("-", "the standard input cannot be both files");
  if (args->slot_count > 0 && !args->has_address)
    return cli_usage_error("--slot", "needs --address, as slots belong to an account");
  uint8_t *header = NULL, *proof = NULL;
  size_t header_len = 0, proof_len = 0;
  int result = cli_file_read(&header, &header_len, "--header", args->header_file);
  if (result == EXIT_VERIFIED) result = cli_file_read(&proof, &proof_len, "--proof", args->proof_file);
  if (result == EXIT_VERIFIED)
    result = verify(args, (ol_slice){header, header_len}, (ol_slice){proof, proof_len});
  ol_host_free_file(header);
  ol_host_free_file(proof);
  return result;
}
