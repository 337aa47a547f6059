/* SPDX-License-Identifier: MIT */

/* What the chain says of a receipt: one question, whose answer is proven. */

#include "attribution.h"

#include <stdlib.h>

#define QUESTION_LEN 1024

static const char method[] = "openledger_getReceiptFacts";

/* The receipt, the block, and contracts that no profile names. In: room for QUESTION_LEN. */
static int write_params(char *out, const cli_attribution_args *by, const ol_receipt_question *question) {
  uint8_t memory[QUESTION_LEN];
  char registry[43], nodes[43], contracts[128] = "null";
  ol_error error;
  ol_slice asked;
  if (ol_receipt_question_json(&error, &asked, question, memory, sizeof memory) != OL_OK)
    return cli_error(method, &error);
  ol_address_text(registry, &question->domain.registry);
  ol_address_text(nodes, &by->nodes);
  if (by->has_nodes)
    snprintf(contracts, sizeof contracts, "{\"registry\":\"%s\",\"nodes\":\"%s\"}", registry, nodes);
  else if (by->has_registry)
    snprintf(contracts, sizeof contracts, "{\"registry\":\"%s\"}", registry);
  snprintf(out, QUESTION_LEN + 160, "%.*s,\"latest\",%s", (int)asked.len, (const char *)asked.data,
           contracts);
  return EXIT_VERIFIED;
}

static int read_answer(ol_attribution_facts *out, const ol_receipt_question *question, ol_slice answer) {
  const size_t len = 20 * answer.len + 4096;
  void *memory = malloc(len);
  ol_error error;
  if (memory == NULL) return cli_no_memory();
  const ol_status status = ol_receipt_facts_read(&error, out, question, answer, memory, len);
  free(memory);
  return status == OL_OK ? EXIT_VERIFIED : cli_error(method, &error);
}

int cli_facts_read(cli_check *of) {
  const cli_attribution_args *by = &of->args->atr;
  char params[QUESTION_LEN + 160];
  ol_receipt_question question;
  cli_chain chain;
  ol_error error;
  ol_slice answer;
  if (ol_receipt_question_of(&error, &question, &of->input, by->has_corpus_name ? &by->corpus_name : NULL) !=
      OL_OK)
    return cli_error("receipt", &error);
  int result = write_params(params, by, &question);
  if (result != EXIT_VERIFIED) return result;
  result = cli_chain_open(&chain, of->args);
  if (result == EXIT_VERIFIED) result = cli_chain_ask(&chain, &answer, method, params);
  if (result == EXIT_VERIFIED) result = read_answer(&of->facts, &question, answer);
  cli_chain_end(&chain);
  if (result == EXIT_VERIFIED) of->input.facts = &of->facts;
  return result;
}
