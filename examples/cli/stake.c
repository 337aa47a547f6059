/* SPDX-License-Identifier: MIT */

/* openledger stake, openledger unstake: transactions of the staking contract. */

#include "wallet.h"

#include <string.h>

#define STAKE_GAS 400000 /* more than they take; what is not used is not paid */
#define APPROVE_GAS 100000
#define CALL_DATA 1024

static int read_number(ol_u256 *out, const char *name, const char *text) {
  ol_error error;
  if (text == NULL) return cli_usage_error(name, "missing");
  if (ol_u256_from_text(&error, out, text, strlen(text)) == OL_OK) return EXIT_VERIFIED;
  return cli_usage_error(text, "not a number, in decimal or as 0x and hex digits");
}

/* The contract takes the token from the account, which must have allowed it before. */
static int stake(cli_sender *by, const ol_known_contract *staking, const ol_u256 *config,
                 const ol_u256 *amount, uint32_t decimals) {
  static const ol_address none;
  _Alignas(16) uint8_t memory[CALL_DATA];
  cli_order allow = {.gas = APPROVE_GAS, .decimals = decimals},
            order = {.gas = STAKE_GAS, .decimals = decimals};
  ol_error error;
  int result = EXIT_VERIFIED;
  if (memcmp(&staking->asset, &none, sizeof none) == 0)
    return cli_usage_error("--token", "needed: the token of this configuration, as the profile has no GOPEN");
  if (by->of.args->approve) {
    if (ol_open_approve_call(&error, &allow.call, &staking->asset, &staking->address, amount, memory,
                             sizeof memory) != OL_OK)
      return cli_error("approval", &error);
    result = cli_order_send(&by->of, &by->chain, &by->account, &allow);
  }
  if (result != EXIT_VERIFIED) return result;
  if (ol_stake_call(&error, &order.call, &staking->address, config, &by->account.address, amount, memory,
                    sizeof memory) != OL_OK)
    return cli_error("stake", &error);
  return cli_order_send(&by->of, &by->chain, &by->account, &order);
}

int cli_stake(const cli_args *args) {
  const uint32_t decimals = args->has_decimals ? args->decimals : 18;
  cli_sender by = {.of = {.lock = -1}};
  const ol_known_contract *staking;
  ol_error error;
  ol_u256 config, amount;
  int result = read_number(&config, "CONFIG", args->operand);
  if (result == EXIT_VERIFIED && args->file == NULL) result = cli_usage_error("AMOUNT", "missing");
  if (result == EXIT_VERIFIED && args->has_token && !args->has_decimals)
    result = cli_usage_error("--decimals",
                             "needed: nothing proves how many a token has; 0 for its smallest units");
  if (result == EXIT_VERIFIED &&
      ol_amount_from_text(&error, &amount, args->file, strlen(args->file), decimals) != OL_OK)
    result = cli_error("AMOUNT", &error);
  if (result == EXIT_VERIFIED && args->approve && args->json)
    result = cli_usage_error("--approve", "is a transaction of its own, so there is no one line of JSON");
  if (result == EXIT_VERIFIED) result = cli_sender_open(&by, args);
  if (result == EXIT_VERIFIED) result = cli_contract(&by.of, OL_KNOWN_STAKING, &staking);
  if (result == EXIT_VERIFIED) result = stake(&by, staking, &config, &amount, decimals);
  cli_sender_close(&by);
  return result;
}

int cli_unstake(const cli_args *args) {
  cli_sender by = {.of = {.lock = -1}};
  cli_order order = {.gas = STAKE_GAS, .decimals = OL_NOWHERE};
  _Alignas(16) uint8_t memory[CALL_DATA];
  const ol_known_contract *staking;
  ol_error error;
  ol_u256 id;
  int result = read_number(&id, "ID", args->operand);
  if (result == EXIT_VERIFIED) result = cli_sender_open(&by, args);
  if (result == EXIT_VERIFIED) result = cli_contract(&by.of, OL_KNOWN_STAKING, &staking);
  if (result == EXIT_VERIFIED) {
    const ol_status status =
        args->request
            ? ol_unstake_request_call(&error, &order.call, &staking->address, &id, memory, sizeof memory)
            : ol_unstake_call(&error, &order.call, &staking->address, &id, memory, sizeof memory);
    if (status != OL_OK) result = cli_error("unstake", &error);
  }
  if (result == EXIT_VERIFIED) result = cli_order_send(&by.of, &by.chain, &by.account, &order);
  cli_sender_close(&by);
  return result;
}
