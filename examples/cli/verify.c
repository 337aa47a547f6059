/* SPDX-License-Identifier: MIT */

/* openledger verify: proofs and signatures that somebody brought, without the network. */

#include "cli.h"

#include <string.h>

int cli_verify(const cli_args *args) {
  if (args->operand != NULL && strcmp(args->operand, "account") == 0) return cli_verify_account(args);
  if (args->operand != NULL && strcmp(args->operand, "sync") == 0) return cli_verify_sync(args);
  if (args->operand != NULL && strcmp(args->operand, "envelope") == 0) return cli_verify_envelope(args);
  if (args->operand != NULL && strcmp(args->operand, "bundle") == 0) return cli_verify_bundle(args);
  if (args->operand != NULL && strcmp(args->operand, "message") == 0) return cli_verify_message(args);
  if (args->operand != NULL && strcmp(args->operand, "typed-data") == 0) return cli_verify_typed(args);
  return cli_usage_error(args->operand == NULL ? "verify" : args->operand,
                         "what to verify must be \"account\", \"sync\", \"envelope\", \"bundle\", "
                         "\"message\" or \"typed-data\"");
}
