/* SPDX-License-Identifier: MIT */

/* openledger send: a payment, of the chain's coin or of a token; and replacing or cancelling what waits. */

#include "wallet.h"

#include <string.h>

#define TOKEN_GAS 100000 /* more than transfers of usual tokens take; what is not used is not paid */
#define TOKEN_DATA 512

/* How many decimals an amount has: GOPEN's are known, those of other tokens are the user's word. */
static int decimals_of(const cli_wallet *of, uint32_t *out) {
  const cli_args *args = of->args;
  *out = 18;
  if (!args->has_token)
    return args->has_decimals ? cli_usage_error("--decimals", "needs --token") : EXIT_VERIFIED;
  if (args->has_decimals) {
    *out = args->decimals;
    return EXIT_VERIFIED;
  }
  for (size_t i = 0; i < of->contracts_len; i++) {
    if (of->contracts[i].kind == OL_KNOWN_GOPEN &&
        memcmp(&of->contracts[i].address, &args->token, sizeof args->token) == 0)
      return EXIT_VERIFIED;
  }
  return cli_usage_error("--decimals",
                         "needed: nothing proves how many a token has; 0 for its smallest units");
}

static int amount_of(ol_u256 *out, const char *text, uint32_t decimals) {
  ol_error error;
  return ol_amount_from_text(&error, out, text, strlen(text), decimals) == OL_OK
             ? EXIT_VERIFIED
             : cli_error("AMOUNT", &error);
}

static int make_order(cli_order *out, const cli_wallet *of, const ol_address *to, void *memory, size_t len) {
  const cli_args *args = of->args;
  ol_error error;
  ol_u256 amount;
  ol_status status;
  int result = decimals_of(of, &out->decimals);
  if (result == EXIT_VERIFIED) result = amount_of(&amount, args->file, out->decimals);
  if (result != EXIT_VERIFIED) return result;
  if (args->has_token) {
    out->gas = TOKEN_GAS;
    status = ol_open_transfer_call(&error, &out->call, &args->token, to, &amount, memory, len);
  } else {
    status = ol_open_send_call(&error, &out->call, to, &amount);
  }
  return status == OL_OK ? EXIT_VERIFIED : cli_error(NULL, &error);
}

static int check(const cli_args *args) {
  if (args->has_sent && args->operand != NULL)
    return cli_usage_error(args->operand, "what waits goes where it went: only its fees are raised");
  if (args->has_sent) return EXIT_VERIFIED;
  if (args->operand == NULL) return cli_usage_error("TO", "missing");
  return args->file == NULL ? cli_usage_error("AMOUNT", "missing") : EXIT_VERIFIED;
}

int cli_send(const cli_args *args) {
  cli_sender by = {.of = {.lock = -1}};
  cli_order order = {.decimals = OL_NOWHERE};
  _Alignas(16) uint8_t memory[1024 + TOKEN_DATA];
  ol_address to = {{0}};
  int result = check(args);
  if (result == EXIT_VERIFIED && !args->has_sent && !cli_address_read(&to, args->operand, args->operand))
    result = EXIT_USAGE;
  if (result == EXIT_VERIFIED) result = cli_sender_open(&by, args);
  if (result == EXIT_VERIFIED && !args->has_sent)
    result = make_order(&order, &by.of, &to, memory, sizeof memory);
  if (result == EXIT_VERIFIED)
    result = cli_order_send(&by.of, &by.chain, &by.account, args->has_sent ? NULL : &order);
  cli_sender_close(&by);
  return result;
}
