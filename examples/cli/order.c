/* SPDX-License-Identifier: MIT */

/* A call that becomes a transaction: filled in from proven state, shown, signed, kept, and sent, in this order. */

#define _POSIX_C_SOURCE 200809L

#include "wallet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WAIT_MS 600000u
#define POLL_S 2
#define PAYMENT_GAS 21000 /* of a payment to an account without code */
#define SIGNED_MORE 80    /* bytes that a signature adds, at most */

/* What is being sent. */
typedef struct sending {
  cli_wallet *wallet;
  cli_chain *chain;
  const ol_address *account;
  const cli_order *order;
  cli_pending pending;
  ol_transaction transaction;
  cli_proposal proposal;
  void *memory;   /* of the intent */
  uint8_t *bytes; /* the transaction, unsigned at first */
  size_t len, room;
  ol_hash hash;
} sending;

/* --- From proven state --- */

static int ask_number(cli_chain *chain, uint64_t *out, const char *method, const char *params) {
  ol_slice result;
  const int code = cli_chain_ask(chain, &result, method, params);
  if (code != EXIT_VERIFIED) return code;
  return cli_json_u64(out, result, "") ? EXIT_VERIFIED : cli_failure(OL_ERR_ENCODING, method);
}

/* Writes an account and a block as parameters. */
static void at_block(char out[64], const ol_address *account, const char *tag) {
  char address[43];
  ol_address_text(address, account);
  snprintf(out, 64, "\"%s\",\"%s\"", address, tag);
}

static int open_pending(sending *of) {
  char params[64];
  ol_slice result;
  uint64_t nonce, final;
  at_block(params, of->account, "latest");
  int code = ask_number(of->chain, &nonce, "eth_getTransactionCount", params);
  if (code != EXIT_VERIFIED) return code;
  at_block(params, of->account, "finalized");
  if (!cli_chain_try(of->chain, &result, "eth_getTransactionCount", params) ||
      !cli_json_u64(&final, result, ""))
    final = 0;
  code = cli_pending_open(&of->pending, of->wallet, of->account, of->chain->id, nonce, final);
  if (code == EXIT_VERIFIED) code = cli_pending_settle(&of->pending, of->chain);
  if (code != EXIT_VERIFIED) return code;
  cli_proposal *shown = &of->proposal;
  while (shown->sent_count < OL_OUTBOX_MOST &&
         ol_outbox_at(of->pending.outbox, &shown->sent[shown->sent_count], shown->sent_count) == 1)
    shown->sent_count++;
  return EXIT_VERIFIED;
}

static int take_fees(sending *of, ol_u256 *out_base_fee) {
  const char *speed = of->wallet->args->speed;
  char tip[64], most[64];
  ol_slice result;
  const int code = cli_chain_ask(of->chain, &result, "openledger_suggestFees", "");
  if (code != EXIT_VERIFIED) return code;
  snprintf(tip, sizeof tip, "%s.maxPriorityFeePerGas", speed);
  snprintf(most, sizeof most, "%s.maxFeePerGas", speed);
  const bool good = cli_json_number(out_base_fee, result, "baseFeePerGas") &&
                    cli_json_number(&of->transaction.max_priority_fee_per_gas, result, tip) &&
                    cli_json_number(&of->transaction.max_fee_per_gas, result, most);
  return good ? EXIT_VERIFIED : cli_failure(OL_ERR_ENCODING, "openledger_suggestFees");
}

/* Code is not executed, so gas is known of payments alone; of other calls the command, or --gas, says it. */
static int take_gas(sending *of) {
  const uint64_t named = of->wallet->args->gas;
  char params[64];
  ol_slice code;
  of->transaction.gas_limit = named != 0 ? named : of->order->gas;
  if (of->transaction.gas_limit != 0) return EXIT_VERIFIED;
  at_block(params, &of->transaction.to, "latest");
  const int result = cli_chain_ask(of->chain, &code, "eth_getCode", params);
  if (result != EXIT_VERIFIED) return result;
  if (!cli_json_is(code, "", "0x"))
    return cli_usage_error("--gas",
                           "needed: the receiver is a contract, so a payment can take any amount of gas");
  of->transaction.gas_limit = PAYMENT_GAS;
  return EXIT_VERIFIED;
}

/* A transaction of its own, or what is to replace one that waits. */
static int fill_in(sending *of) {
  const cli_args *args = of->wallet->args;
  const ol_call *call = of->order == NULL ? NULL : &of->order->call;
  ol_error error;
  ol_u256 base_fee;
  ol_transaction old;
  int result = take_fees(of, &base_fee);
  if (result != EXIT_VERIFIED) return result;
  if (call == NULL) {
    result = cli_pending_find(&of->pending, &old, &args->hash);
    if (result != EXIT_VERIFIED) return result;
    const ol_status status =
        args->is_cancel ? ol_outbox_cancel(&error, &of->transaction, of->pending.outbox, old.nonce, &base_fee)
                        : ol_outbox_replace(&error, &of->transaction, of->pending.outbox, &old, &base_fee);
    return status == OL_OK ? EXIT_VERIFIED : cli_error("replacement", &error);
  }
  of->transaction.type = OL_TX_DYNAMIC_FEE;
  of->transaction.chain_id = of->chain->id;
  of->transaction.nonce = ol_outbox_next_nonce(of->pending.outbox);
  of->transaction.to = call->to;
  of->transaction.value = call->value;
  of->transaction.data = call->data;
  return take_gas(of);
}

/* --- What it costs --- */

/* A signature that somebody has made, as far as bytes tell: what L1 costs depends on how many there are. */
static bool sign_as_anybody(ol_transaction *of, uint64_t chain_id) {
  ol_error error;
  ol_address signer;
  ol_transaction_signing_hash((ol_hash *)&of->r, of);
  for (int i = 0; i < 256; i++) {
    ol_keccak256((ol_hash *)&of->s, of->r.bytes, sizeof of->r.bytes);
    of->s.bytes[0] &= 0x3f;
    if (ol_transaction_sender(&error, &signer, of, chain_id) == OL_OK) return true;
    ol_keccak256((ol_hash *)&of->r, of->s.bytes, sizeof of->s.bytes);
  }
  return false;
}

/* Out: fees of L1 and the operator in the next block. */
static void quote(sending *of) {
  ol_transaction copy = of->transaction;
  ol_error error;
  ol_slice result;
  ol_u256 l1, operator_fee;
  size_t len;
  const size_t room = of->len + SIGNED_MORE;
  uint8_t *bytes = malloc(room);
  char *params = malloc(2 * room + 8);
  if (bytes != NULL && params != NULL && sign_as_anybody(&copy, of->chain->id) &&
      ol_transaction_encode(&error, bytes, room, &len, &copy) == OL_OK) {
    cli_hex_param(params, bytes, len);
    if (cli_chain_try(of->chain, &result, "openledger_quoteTransaction", params) &&
        cli_json_number(&l1, result, "l1Fee") && cli_json_number(&operator_fee, result, "operatorFee")) {
      uint32_t carry = 0;
      for (size_t i = sizeof l1.bytes; i-- > 0; carry >>= 8) {
        carry += (uint32_t)l1.bytes[i] + operator_fee.bytes[i];
        of->proposal.extra_fee.bytes[i] = (uint8_t)carry;
      }
      of->proposal.has_extra = carry == 0;
    }
  }
  free(params);
  free(bytes);
}

static void check_balance(sending *of) {
  char params[64];
  ol_error error;
  ol_slice result;
  ol_u256 cost, balance;
  at_block(params, of->account, "latest");
  if (ol_transaction_max_cost(&error, &cost, &of->transaction) == OL_OK &&
      cli_chain_try(of->chain, &result, "eth_getBalance", params) && cli_json_number(&balance, result, "") &&
      memcmp(balance.bytes, cost.bytes, sizeof cost.bytes) < 0)
    cli_warn("balance", "the account has less than this can cost, so nodes will not take it");
}

/* --- Signing --- */

static int propose(sending *of) {
  const size_t len = (20u << 10) + 32 * of->transaction.data.len + 16;
  ol_error error;
  of->room = of->transaction.data.len + 1024;
  of->bytes = malloc(of->room);
  of->memory = malloc(len);
  if (of->bytes == NULL || of->memory == NULL) return cli_no_memory();
  if (ol_transaction_encode_unsigned(&error, of->bytes, of->room, &of->len, &of->transaction) != OL_OK ||
      ol_wallet_propose_transaction(&error, of->wallet->wallet, &of->proposal.decision, of->account,
                                    (ol_slice){of->bytes, of->len}, ol_host_now_ms(), of->memory,
                                    len) != OL_OK ||
      ol_intent_of_transaction(&error, &of->proposal.intent, &of->transaction, of->account,
                               of->wallet->contracts, of->wallet->contracts_len, of->memory, len) != OL_OK)
    return cli_error("transaction", &error);
  quote(of);
  check_balance(of);
  return EXIT_VERIFIED;
}

/* What is signed is kept before anybody else has it. */
static int sign(sending *of, bool *out_signed) {
  uint8_t signature[65];
  ol_error error;
  ol_signature made;
  int result = cli_sign_shown(of->wallet, &of->proposal, &made, out_signed);
  if (!*out_signed) return result;
  *out_signed = false;
  ol_signature_write(signature, &made);
  if (ol_transaction_put_signature(&error, &of->transaction, &of->transaction, of->account, signature) !=
          OL_OK ||
      ol_transaction_encode(&error, of->bytes, of->room, &of->len, &of->transaction) != OL_OK)
    return cli_error("transaction", &error);
  ol_transaction_hash(&of->hash, &of->transaction);
  result = cli_pending_add(&of->pending, (ol_slice){of->bytes, of->len}, &of->transaction);
  *out_signed = result == EXIT_VERIFIED;
  return result;
}

/* --- Sending --- */

static int put_on_chain(sending *of) {
  char *params = malloc(2 * of->len + 8);
  ol_slice result;
  if (params == NULL) return cli_no_memory();
  cli_hex_param(params, of->bytes, of->len);
  const int code = cli_chain_ask(of->chain, &result, "eth_sendRawTransaction", params);
  if (code != EXIT_VERIFIED)
    cli_warn("the transaction is signed, kept, and may have arrived; to send it again: openledger ask "
             "eth_sendRawTransaction",
             params);
  free(params);
  return code;
}

/* Waits until it is proven that it is in a block. Out: the receipt, until the chain is asked again. */
static int wait_for(sending *of, ol_slice *out) {
  const uint64_t begin = ol_host_now_ms();
  const struct timespec pause = {.tv_sec = POLL_S};
  char params[80];
  cli_hex_param(params, of->hash.bytes, sizeof of->hash.bytes);
  while (ol_host_now_ms() - begin < WAIT_MS) {
    if (cli_chain_try(of->chain, out, "eth_getTransactionReceipt", params) && out->data[0] == '{') {
      cli_progress_end();
      return EXIT_VERIFIED;
    }
    cli_progress("waiting for a block: %" PRIu64 " s", (ol_host_now_ms() - begin) / 1000);
    nanosleep(&pause, NULL);
    if (cli_by_l1(of->wallet->args) && cli_provider_follow(&of->chain->by) != EXIT_VERIFIED) break;
  }
  cli_progress_end();
  return cli_failure(OL_ERR_TRANSPORT, "no block has the transaction yet; it waits");
}

static int show_result(const sending *of, ol_slice receipt) {
  char hash[67];
  uint64_t block = 0, gas = 0;
  const bool failed = receipt.len > 0 && !cli_json_is(receipt, "status", "0x1");
  ol_hex_text(hash, of->hash.bytes, sizeof of->hash.bytes);
  if (of->wallet->args->json) {
    putchar('{');
    const int result = cli_intent_json(&of->proposal);
    printf(",\"hash\":\"%s\"", hash);
    if (receipt.len > 0) printf(",\"receipt\":%.*s", (int)receipt.len, (const char *)receipt.data);
    fputs("}\n", stdout);
    return result != EXIT_VERIFIED || !failed ? result : EXIT_REFUSED;
  }
  cli_row("transaction", CLI_BOLD, "%s", hash);
  if (receipt.len > 0 && cli_json_u64(&block, receipt, "blockNumber") &&
      cli_json_u64(&gas, receipt, "gasUsed"))
    cli_row("block", failed ? CLI_RED : CLI_GREEN, "%" PRIu64 ", proven: %s, gas used %" PRIu64, block,
            failed ? "it FAILED there" : "it is done", gas);
  return failed ? EXIT_REFUSED : EXIT_VERIFIED;
}

static int send(sending *of) {
  ol_slice receipt = {NULL, 0};
  bool is_signed = false;
  int result = open_pending(of);
  if (result == EXIT_VERIFIED) result = fill_in(of);
  if (result == EXIT_VERIFIED) result = propose(of);
  if (result == EXIT_VERIFIED) result = sign(of, &is_signed);
  if (!is_signed) return result;
  result = put_on_chain(of);
  if (result == EXIT_VERIFIED && of->wallet->args->wait) result = wait_for(of, &receipt);
  return result == EXIT_VERIFIED ? show_result(of, receipt) : result;
}

int cli_order_send(cli_wallet *wallet, cli_chain *chain, const ol_wallet_account *account,
                   const cli_order *order) {
  sending of = {.wallet = wallet,
                .chain = chain,
                .account = &account->address,
                .order = order,
                .proposal = {.decimals = order == NULL ? OL_NOWHERE : order->decimals}};
  const int result = send(&of);
  cli_pending_end(&of.pending);
  free(of.memory);
  free(of.bytes);
  return result;
}

int cli_sender_open(cli_sender *out, const cli_args *args) {
  *out = (cli_sender){.of = {.lock = -1}};
  int result = cli_check_levels(args);
  if (result == EXIT_VERIFIED) result = cli_wallet_open(&out->of, args);
  if (result == EXIT_VERIFIED) result = cli_wallet_account_of(&out->of, &out->account);
  return result == EXIT_VERIFIED ? cli_chain_open(&out->chain, args) : result;
}

void cli_sender_close(cli_sender *of) {
  cli_chain_end(&of->chain);
  cli_wallet_end(&of->of);
}
