/* SPDX-License-Identifier: MIT */

/* openledger vote, openledger delegate: by a transaction, or by a signature that somebody else can bring. */

#include "wallet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define VOTE_GAS 300000 /* more than they take; what is not used is not paid */
#define DELEGATE_GAS 200000
#define ANY_MEMORY (64u << 10)
#define EXPIRY_S 86400 /* for which a delegation by signature can be brought */

static ol_u256 word_of(uint64_t number) {
  ol_u256 out = {{0}};
  for (size_t i = 0; i < 8; i++) out.bytes[31 - i] = (uint8_t)(number >> 8 * i);
  return out;
}

/* The domain of a contract's signatures, which has no salt. */
static ol_typed_domain domain_of(const ol_known_contract *contract, const char *name, uint64_t chain_id) {
  static const uint8_t version[] = "1";
  return (ol_typed_domain){.fields = OL_TYPED_NAME | OL_TYPED_VERSION | OL_TYPED_CHAIN_ID | OL_TYPED_CONTRACT,
                           .name = {(const uint8_t *)name, strlen(name)},
                           .version = {version, 1},
                           .chain_id = word_of(chain_id),
                           .verifying_contract = contract->address};
}

/* A nonce of the account, proven. */
static int ask_nonce(cli_sender *by, ol_u256 *out, const char *member) {
  char address[43], params[48];
  ol_slice result;
  ol_address_text(address, &by->account.address);
  snprintf(params, sizeof params, "\"%s\"", address);
  const int code = cli_chain_ask(&by->chain, &result, "openledger_getVotes", params);
  if (code != EXIT_VERIFIED) return code;
  return cli_json_number(out, result, member)
             ? EXIT_VERIFIED
             : cli_failure(OL_ERR_MISMATCH, "the contracts do not say the nonce");
}

/* Prints a call that anybody can make with a signature. */
static int print_call(const cli_args *args, const ol_call *call, const uint8_t signature[65]) {
  char to[43], hex[133];
  char *data = malloc(2 * call->data.len + 3);
  if (data == NULL) return cli_no_memory();
  ol_address_text(to, &call->to);
  ol_hex_text(hex, signature, 65);
  ol_hex_text(data, call->data.data, call->data.len);
  if (args->json) {
    printf("{\"signature\":\"%s\",\"to\":\"%s\",\"data\":\"%s\"}\n", hex, to, data);
  } else {
    cli_row("signature", CLI_BOLD, "%s", hex);
    cli_row("to", CLI_PLAIN, "%s", to);
    cli_row("data", CLI_PLAIN, "%s", data);
  }
  free(data);
  return EXIT_VERIFIED;
}

/* --- Votes --- */

static int read_vote(ol_vote *out, const cli_args *args) {
  static const char *const names[] = {"against", "for", "abstain"};
  const char *reason = args->reason == NULL ? "" : args->reason;
  ol_error error;
  *out = (ol_vote){.support = 3, .reason = {(const uint8_t *)reason, strlen(reason)}};
  if (args->operand == NULL) return cli_usage_error("PROPOSAL", "missing");
  if (args->file == NULL) return cli_usage_error("vote", "missing: for, against or abstain");
  if (ol_u256_from_text(&error, &out->proposal_id, args->operand, strlen(args->operand)) != OL_OK)
    return cli_usage_error(args->operand, "not a proposal's number, in decimal or as 0x and hex digits");
  for (uint32_t i = 0; i < 3; i++) {
    if (strcmp(args->file, names[i]) == 0) out->support = i;
  }
  return out->support < 3 ? EXIT_VERIFIED : cli_usage_error(args->file, "not for, against or abstain");
}

/* That there is such a proposal, and whether votes on it count. */
static int check_proposal(cli_sender *by, const ol_vote *vote) {
  char number[79], params[90];
  ol_slice result, state;
  ol_hex_text(number, vote->proposal_id.bytes, sizeof vote->proposal_id.bytes);
  snprintf(params, sizeof params, "\"0x%s\"", number + 2 + strspn(number + 2, "0"));
  const int code = cli_chain_ask(&by->chain, &result, "openledger_getProposal", params);
  if (code != EXIT_VERIFIED) return code;
  if (!cli_json_find(&state, result, "state"))
    return cli_failure(OL_ERR_MISMATCH, "there is no such proposal, which is proven");
  if (!cli_json_is(result, "state", "active")) cli_warn("vote", "the proposal is not open for votes now");
  return EXIT_VERIFIED;
}

static int write_ballot(ol_slice *out, cli_sender *by, const ol_known_contract *governor, const ol_vote *vote,
                        void *memory, size_t len) {
  const ol_typed_domain domain = domain_of(governor, "OpenLedger", by->chain.id);
  ol_ballot ballot = {.proposal_id = vote->proposal_id,
                      .support = vote->support,
                      .voter = by->account.address,
                      .reason = vote->reason};
  ol_error error;
  const int result = ask_nonce(by, &ballot.nonce, "voteNonce");
  if (result != EXIT_VERIFIED) return result;
  const ol_status status = vote->reason.len > 0
                               ? ol_ballot_extended_write(&error, out, &domain, &ballot, memory, len)
                               : ol_ballot_write(&error, out, &domain, &ballot, memory, len);
  return status == OL_OK ? EXIT_VERIFIED : cli_error("ballot", &error);
}

static int vote_signed(cli_sender *by, const ol_known_contract *governor, ol_vote *vote, uint8_t *memory) {
  uint8_t signature[65];
  ol_error error;
  ol_slice document;
  ol_call call;
  bool is_signed;
  int result = write_ballot(&document, by, governor, vote, memory, ANY_MEMORY);
  if (result != EXIT_VERIFIED) return result;
  result = cli_sign_document(&by->of, &by->account.address, document, by->chain.id, signature, &is_signed);
  if (!is_signed) return result;
  vote->form = OL_VOTE_SIGNED;
  vote->voter = by->account.address;
  vote->signature = (ol_slice){signature, sizeof signature};
  if (ol_vote_call(&error, &call, &governor->address, vote, memory, ANY_MEMORY) != OL_OK)
    return cli_error("vote", &error);
  return print_call(by->of.args, &call, signature);
}

static int vote_sent(cli_sender *by, const ol_known_contract *governor, const ol_vote *vote,
                     uint8_t *memory) {
  cli_order order = {.gas = VOTE_GAS, .decimals = OL_NOWHERE};
  ol_error error;
  if (ol_vote_call(&error, &order.call, &governor->address, vote, memory, ANY_MEMORY) != OL_OK)
    return cli_error("vote", &error);
  return cli_order_send(&by->of, &by->chain, &by->account, &order);
}

int cli_vote(const cli_args *args) {
  cli_sender by = {.of = {.lock = -1}};
  const ol_known_contract *governor = NULL;
  ol_vote vote;
  uint8_t *memory = NULL;
  int result = read_vote(&vote, args);
  if (result == EXIT_VERIFIED) result = cli_sender_open(&by, args);
  if (result == EXIT_VERIFIED) result = cli_contract(&by.of, OL_KNOWN_GOVERNOR, &governor);
  if (result == EXIT_VERIFIED) result = check_proposal(&by, &vote);
  if (result == EXIT_VERIFIED && (memory = malloc(ANY_MEMORY)) == NULL) result = cli_no_memory();
  if (result == EXIT_VERIFIED)
    result = args->by_signature ? vote_signed(&by, governor, &vote, memory)
                                : vote_sent(&by, governor, &vote, memory);
  free(memory);
  cli_sender_close(&by);
  return result;
}

/* --- Delegations --- */

static int delegate_signed(cli_sender *by, const ol_known_contract *gopen, const ol_address *to,
                           uint8_t *memory) {
  const ol_typed_domain domain = domain_of(gopen, "GOpen", by->chain.id);
  ol_delegation delegation = {.delegatee = *to, .expiry = word_of(ol_host_now_ms() / 1000 + EXPIRY_S)};
  uint8_t signature[65];
  ol_error error;
  ol_slice document;
  ol_call call;
  bool is_signed;
  int result = ask_nonce(by, &delegation.nonce, "nonce");
  if (result != EXIT_VERIFIED) return result;
  if (ol_delegation_write(&error, &document, &domain, &delegation, memory, ANY_MEMORY) != OL_OK)
    return cli_error("delegation", &error);
  result = cli_sign_document(&by->of, &by->account.address, document, by->chain.id, signature, &is_signed);
  if (!is_signed) return result;
  if (ol_gopen_delegate_signed_call(&error, &call, &gopen->address, to, &delegation.nonce, &delegation.expiry,
                                    (ol_slice){signature, sizeof signature}, memory, ANY_MEMORY) != OL_OK)
    return cli_error("delegation", &error);
  return print_call(by->of.args, &call, signature);
}

static int delegate_sent(cli_sender *by, const ol_known_contract *gopen, const ol_address *to,
                         uint8_t *memory) {
  cli_order order = {.gas = DELEGATE_GAS, .decimals = OL_NOWHERE};
  ol_error error;
  if (ol_gopen_delegate_call(&error, &order.call, &gopen->address, to, memory, ANY_MEMORY) != OL_OK)
    return cli_error("delegation", &error);
  return cli_order_send(&by->of, &by->chain, &by->account, &order);
}

int cli_delegate(const cli_args *args) {
  cli_sender by = {.of = {.lock = -1}};
  const ol_known_contract *gopen = NULL;
  ol_address to = {{0}};
  uint8_t *memory = NULL;
  if (args->operand == NULL) return cli_usage_error("TO", "missing: an address, or self");
  const bool is_self = strcmp(args->operand, "self") == 0;
  if (!is_self && !cli_address_read(&to, args->operand, args->operand)) return EXIT_USAGE;
  int result = cli_sender_open(&by, args);
  if (result == EXIT_VERIFIED) result = cli_contract(&by.of, OL_KNOWN_GOPEN, &gopen);
  if (result == EXIT_VERIFIED && (memory = malloc(ANY_MEMORY)) == NULL) result = cli_no_memory();
  if (is_self) to = by.account.address;
  if (result == EXIT_VERIFIED)
    result = args->by_signature ? delegate_signed(&by, gopen, &to, memory)
                                : delegate_sent(&by, gopen, &to, memory);
  free(memory);
  cli_sender_close(&by);
  return result;
}
