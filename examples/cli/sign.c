/* SPDX-License-Identifier: MIT */

/* openledger sign, openledger sign-typed: signatures of messages and of typed data. */

#include "wallet.h"

#include <stdlib.h>
#include <string.h>

/* Prints a signature, r || s || v or as EIP-2098 has it. */
static int print(const cli_args *args, const ol_address *account, const uint8_t signature[65]) {
  uint8_t compact[64];
  char text[133], address[43];
  ol_error error;
  ol_signature read;
  ol_address_text(address, account);
  ol_hex_text(text, signature, 65);
  if (args->compact) {
    if (ol_signature_read(&error, &read, signature, 65) != OL_OK) return cli_error(NULL, &error);
    ol_signature_write_compact(compact, &read);
    ol_hex_text(text, compact, sizeof compact);
  }
  if (args->json)
    printf("{\"account\":\"%s\",\"signature\":\"%s\"}\n", address, text);
  else
    puts(text);
  return EXIT_VERIFIED;
}

static int sign_message(cli_wallet *of, const ol_address *account, ol_slice message) {
  cli_proposal proposal = {.message = message, .decimals = OL_NOWHERE};
  uint8_t bytes[65];
  ol_error error;
  ol_signature signature;
  bool is_signed;
  if (ol_wallet_propose_message(&error, of->wallet, &proposal.decision, account, message, ol_host_now_ms()) !=
          OL_OK ||
      ol_intent_of_message(&error, &proposal.intent, message.data, message.len, account) != OL_OK)
    return cli_error("message", &error);
  const int result = cli_sign_shown(of, &proposal, &signature, &is_signed);
  if (!is_signed) return result;
  ol_signature_write(bytes, &signature);
  return print(of->args, account, bytes);
}

int cli_message_read(ol_slice *out, uint8_t **out_file, uint8_t **out_memory, const cli_args *args,
                     const char *text) {
  ol_error error;
  *out_memory = NULL;
  int result = cli_text_read(out, out_file, text);
  if (result != EXIT_VERIFIED || !args->hex) return result;
  while (out->len > 0 && out->data[out->len - 1] <= ' ') out->len--;
  const size_t len = out->len + 1;
  const bool is_hex = out->len >= 2 && out->data[0] == '0' && out->data[1] == 'x';
  if (!is_hex) return cli_usage_error("--hex", "the message is not 0x and hex digits");
  *out_memory = malloc(len);
  if (*out_memory == NULL) return cli_no_memory();
  return ol_message_read(&error, out, *out, *out_memory, len) == OL_OK ? EXIT_VERIFIED
                                                                       : cli_error("message", &error);
}

int cli_sign(const cli_args *args) {
  cli_wallet of = {.lock = -1};
  ol_wallet_account account;
  ol_slice message;
  uint8_t *file = NULL, *memory = NULL;
  if (args->operand == NULL) return cli_usage_error("TEXT", "missing");
  int result = cli_message_read(&message, &file, &memory, args, args->operand);
  if (result == EXIT_VERIFIED) result = cli_wallet_open(&of, args);
  if (result == EXIT_VERIFIED) result = cli_wallet_account_of(&of, &account);
  if (result == EXIT_VERIFIED) result = sign_message(&of, &account.address, message);
  cli_wallet_end(&of);
  free(memory);
  ol_host_free_file(file);
  return result;
}

/* The active chain: --chain-id, or else that of the rollup. */
static int chain_of(const cli_args *args, uint64_t *out) {
  cli_rollup rollup = {.file = NULL};
  *out = args->chain_id;
  if (args->rollup == NULL || args->has_chain_id) return EXIT_VERIFIED;
  const int result = cli_rollup_read(&rollup, args->rollup);
  if (result == EXIT_VERIFIED) *out = rollup.rollup.chain_id;
  cli_rollup_clear(&rollup);
  return result;
}

int cli_sign_typed(const cli_args *args) {
  cli_wallet of = {.lock = -1};
  ol_wallet_account account;
  uint8_t *file = NULL, signature[65];
  uint64_t chain_id;
  size_t len = 0;
  bool is_signed = false;
  if (args->operand == NULL) return cli_usage_error("FILE", "missing");
  int result = cli_file_read(&file, &len, NULL, args->operand);
  if (result == EXIT_VERIFIED) result = chain_of(args, &chain_id);
  if (result == EXIT_VERIFIED) result = cli_wallet_open(&of, args);
  if (result == EXIT_VERIFIED) result = cli_wallet_account_of(&of, &account);
  if (result == EXIT_VERIFIED)
    result = cli_sign_document(&of, &account.address, (ol_slice){file, len}, chain_id, signature, &is_signed);
  if (is_signed) result = print(args, &account.address, signature);
  cli_wallet_end(&of);
  ol_host_free_file(file);
  return result;
}
