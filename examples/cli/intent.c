/* SPDX-License-Identifier: MIT */

/* What is to be signed, as people read it before they are asked, and as JSON. */

#include "wallet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LEN 400
#define DEPTH_MOST 8 /* of values inside of others that are shown in rows of their own */

static FILE *row_file(void) {
  return cli_row_file == NULL ? stdout : cli_row_file;
}

/* --- Who --- */

static const uint8_t *label_of(const cli_wallet *of, bool is_contact, uint32_t index,
                               ol_wallet_account *account, ol_contact *contact) {
  if (is_contact) return ol_wallet_contact_at(of->wallet, contact, index) == 1 ? contact->label : NULL;
  return ol_wallet_account_at(of->wallet, account, index) == 1 ? account->label : NULL;
}

/* Writes an address, and whose it is or pretends to be. */
static void party_text(char out[NAME_LEN], const cli_wallet *of, const ol_address *address,
                       ol_likeness *out_likeness) {
  static const char *const what[] = {[OL_LIKE_NOBODY] = "",
                                     [OL_LIKE_ACCOUNT] = "your account",
                                     [OL_LIKE_CONTACT] = "contact",
                                     [OL_LIKE_A_COPY] = "NOT, but made to look like,"};
  char text[43], label[4 * OL_WALLET_LABEL] = "";
  ol_resemblance found;
  ol_wallet_account account;
  ol_contact contact;
  ol_address_text(text, address);
  ol_wallet_resembles(of->wallet, &found, address);
  *out_likeness = (ol_likeness)found.likeness;
  if (found.likeness == OL_LIKE_NOBODY) {
    snprintf(out, NAME_LEN, "%s", text);
    return;
  }
  const uint8_t *name = label_of(of, found.is_contact != 0, found.index, &account, &contact);
  if (name != NULL) ol_text_visible(label, sizeof label, (ol_slice){name, strlen((const char *)name)});
  snprintf(out, NAME_LEN, "%s  (%s%s%s)", text, what[found.likeness], label[0] != '\0' ? " " : "", label);
}

static void party_row(const char *name, const cli_wallet *of, const ol_address *address) {
  char text[NAME_LEN];
  ol_likeness likeness;
  party_text(text, of, address, &likeness);
  cli_row(name, likeness == OL_LIKE_A_COPY ? CLI_RED : CLI_PLAIN, "%s", text);
}

/* --- Effects --- */

static const ol_known_contract *known_token(const cli_wallet *of, const ol_address *asset) {
  for (size_t i = 0; i < of->contracts_len; i++) {
    const ol_known_contract *at = &of->contracts[i];
    if (at->kind == OL_KNOWN_GOPEN && memcmp(&at->address, asset, sizeof *asset) == 0) return at;
  }
  return NULL;
}

static void asset_text(char out[NAME_LEN], const cli_wallet *of, const cli_proposal *proposal,
                       const ol_effect *effect) {
  static const ol_address native;
  char number[80], address[43];
  const bool is_native = memcmp(&effect->asset, &native, sizeof native) == 0;
  const bool is_gopen = known_token(of, &effect->asset) != NULL;
  ol_address_text(address, &effect->asset);
  if (is_native || is_gopen) {
    ol_amount_text(number, &effect->amount, 18);
    snprintf(out, NAME_LEN, "%s %s", number,
             is_gopen                                   ? "GOPEN"
             : proposal->intent.chain_id == OL_CHAIN_ID ? "OPEN"
                                                        : "of the chain's coin");
  } else if (proposal->decimals != OL_NOWHERE) {
    ol_amount_text(number, &effect->amount, proposal->decimals);
    snprintf(out, NAME_LEN, "%s of the token %s, by your word of its decimals", number, address);
  } else {
    ol_u256_text(number, &effect->amount);
    snprintf(out, NAME_LEN, "%s smallest units of the token %s", number, address);
  }
}

static void effect_row(const cli_wallet *of, const cli_proposal *proposal, const ol_effect *effect) {
  char amount[NAME_LEN], party[NAME_LEN], until[CLI_TIME_LEN] = "", asset[43];
  const char *name = ol_effect_kind_name(effect->kind);
  ol_likeness likeness;
  asset_text(amount, of, proposal, effect);
  party_text(party, of, &effect->party, &likeness);
  const cli_style style = likeness == OL_LIKE_A_COPY ? CLI_RED : CLI_BOLD;
  if (effect->until != 0) cli_time_text(until, effect->until);
  const char *end = until[0] != '\0' ? ", until " : "";
  ol_address_text(asset, &effect->asset);
  switch (effect->kind) {
  case OL_EFFECT_SPEND: cli_row(name, style, "%s to %s", amount, party); break;
  case OL_EFFECT_FEE: cli_row(name, CLI_PLAIN, "at most %s, for gas", amount); break;
  case OL_EFFECT_ALLOW:
    if (effect->unlimited)
      cli_row(name, CLI_RED, "WITHOUT BOUND, of the token %s, to %s%s%s", asset, party, end, until);
    else
      cli_row(name, style, "%s, to %s%s%s", amount, party, end, until);
    break;
  case OL_EFFECT_ALLOW_ALL:
    cli_row(name, CLI_RED, "ALL of the token %s, to %s%s%s", asset, party, end, until);
    break;
  case OL_EFFECT_VOTE: cli_row(name, style, "at, or to, %s", party); break;
  case OL_EFFECT_CODE: cli_row(name, CLI_RED, "the account will act by the code of %s", party); break;
  case OL_EFFECT_CREATE: cli_row(name, CLI_BOLD, "a contract"); break;
  default: cli_row(name, CLI_RED, "%s is called, and what that does is NOT KNOWN", party); break;
  }
}

/* --- Values --- */

static void value_row(const char *indent, ol_slice name, ol_slice value) {
  FILE *to = row_file();
  char label[80];
  ol_text_visible(label, sizeof label, name);
  cli_style_on(to, CLI_DIM);
  fprintf(to, "%s%-*s ", indent, cli_label_width - 1, label);
  cli_style_off(to, CLI_DIM);
  cli_json_show(to, value);
  putc('\n', to);
}

/*
 * Shows values inside of others, one a row: members of objects and elements of arrays; or, where typed data is explained,
 * arrays of {name, type, value}.
 */
static void show_members(ol_slice json, bool explained) {
  struct {
    ol_slice list;
    size_t at;
  } stack[DEPTH_MOST] = {{.list = json}};
  size_t depth = 1;
  while (depth > 0) {
    char indent[2 * DEPTH_MOST + 1] = {0};
    ol_slice member, name, value;
    memset(indent, ' ', 2 * depth);
    if (!cli_json_next(&name, &member, stack[depth - 1].list, &stack[depth - 1].at)) {
      depth--;
      continue;
    }
    value = member;
    const bool is_member = explained && member.data[0] == '{' && cli_json_find(&value, member, "value");
    if (is_member && cli_json_find(&name, member, "name") && name.len >= 2)
      name = (ol_slice){name.data + 1, name.len - 2};
    const bool is_list = (value.data[0] == '[' || value.data[0] == '{') && value.len > 2;
    if (!is_list || depth == DEPTH_MOST) {
      value_row(indent, name, value);
      continue;
    }
    value_row(indent, name, (ol_slice){(const uint8_t *)"", 0});
    stack[depth].list = value;
    stack[depth++].at = 0;
  }
}

static void show_typed(const cli_proposal *proposal) {
  ol_slice found;
  if (cli_json_find(&found, proposal->typed, "primaryType"))
    value_row("", (ol_slice){(const uint8_t *)"type", 4}, found);
  if (cli_json_find(&found, proposal->typed, "known") && found.data[0] == '"')
    value_row("", (ol_slice){(const uint8_t *)"known as", 8}, found);
  else
    cli_row("known as", CLI_YELLOW, "NOT KNOWN: what this does depends on who takes it");
  cli_row("for", CLI_PLAIN, "%s", "");
  if (cli_json_find(&found, proposal->typed, "domain")) show_members(found, true);
  cli_row("message", CLI_PLAIN, "%s", "");
  if (cli_json_find(&found, proposal->typed, "message")) show_members(found, true);
}

/* All of it, line by line; each is marked, so that none can look like a row of this table. */
static void show_message(ol_slice message) {
  FILE *to = row_file();
  cli_row("message", CLI_PLAIN, "%zu bytes", message.len);
  for (size_t at = 0; at < message.len;) {
    size_t len = 0;
    while (at + len < message.len && message.data[at + len] != '\n') len++;
    const size_t room = 10 * len + 1;
    char *line = malloc(room);
    if (line != NULL) ol_text_visible(line, room, (ol_slice){message.data + at, len});
    fprintf(to, "  | %s\n", line != NULL ? line : "(there is not enough memory to show this line)");
    free(line);
    at += len + 1;
  }
}

static void show_transaction(const cli_proposal *proposal) {
  const ol_intent *intent = &proposal->intent;
  char text[80], name[NAME_LEN] = "";
  if (intent->contract.len > 0) ol_text_visible(name, sizeof name, intent->contract);
  ol_address_text(text, &intent->target);
  if (intent->has_call && intent->signature.len > 0)
    cli_row("call", CLI_BOLD, "%.*s  of %s %s", (int)intent->signature.len,
            (const char *)intent->signature.data, name, text);
  else if (intent->has_call)
    cli_row("call", CLI_RED, "function 0x%08" PRIx32 " of %s, which is NOT KNOWN", intent->selector, text);
  if (intent->arguments.len > 0) show_members(intent->arguments, false);
}

/* --- What was sent before --- */

/* By ol_outbox_state. */
static const struct {
  const char *name, *text;
  cli_style style;
} states[] = {
    [OL_OUTBOX_WAITING] = {"waiting", "waits", CLI_YELLOW},
    [OL_OUTBOX_PASSED] = {"passed", "its nonce is used; by what, nobody told", CLI_YELLOW},
    [OL_OUTBOX_CONFIRMED] = {"confirmed", "is in the chain", CLI_DIM},
    [OL_OUTBOX_REPLACED] = {"replaced", "was replaced", CLI_DIM},
    [OL_OUTBOX_DROPPED] = {"dropped", "its nonce was used elsewhere", CLI_YELLOW},
};

static void show_sent(const cli_proposal *proposal) {
  char hash[67];
  for (uint32_t i = 0; i < proposal->sent_count; i++) {
    const ol_outbox_entry *entry = &proposal->sent[i];
    ol_hex_text(hash, entry->hash.bytes, sizeof entry->hash.bytes);
    cli_row("sent before", states[entry->state].style, "%s, nonce %" PRIu64 ": %s", hash, entry->nonce,
            states[entry->state].text);
  }
}

static void sent_json(const cli_proposal *proposal) {
  char hash[67];
  fputs(",\"sentBefore\":[", stdout);
  for (uint32_t i = 0; i < proposal->sent_count; i++) {
    const ol_outbox_entry *entry = &proposal->sent[i];
    ol_hex_text(hash, entry->hash.bytes, sizeof entry->hash.bytes);
    printf("%s{\"hash\":\"%s\",\"nonce\":\"%" PRIu64 "\",\"state\":\"%s\"}", i > 0 ? "," : "", hash,
           entry->nonce, states[entry->state].name);
  }
  putchar(']');
}

void cli_intent_show(const cli_wallet *of, const cli_proposal *proposal) {
  const ol_intent *intent = &proposal->intent;
  char text[80];
  show_sent(proposal);
  cli_row("to sign", CLI_BOLD, "%s", ol_intent_kind_name(intent->kind));
  party_row("account", of, &intent->account);
  if (intent->chain_id != 0) cli_row("chain", CLI_PLAIN, "%" PRIu64, intent->chain_id);
  if (intent->kind == OL_INTENT_TRANSACTION) show_transaction(proposal);
  if (intent->kind == OL_INTENT_TYPED_DATA) show_typed(proposal);
  if (intent->kind == OL_INTENT_MESSAGE || intent->kind == OL_INTENT_SIGN_IN) show_message(proposal->message);
  for (uint32_t pass = 0; pass < 2; pass++) { /* fees last */
    for (uint32_t i = 0; i < intent->effect_count; i++) {
      if ((intent->effects[i].kind == OL_EFFECT_FEE) == (pass == 1))
        effect_row(of, proposal, &intent->effects[i]);
    }
  }
  if (proposal->has_extra) {
    ol_amount_text(text, &proposal->extra_fee, 18);
    cli_row("fee of L1", CLI_PLAIN, "about %s, with the operator's", text);
  } else if (intent->kind == OL_INTENT_TRANSACTION) {
    cli_row("fee of L1", CLI_YELLOW, "not known: it is not proven");
  }
  if (intent->has_nonce) cli_row("nonce", CLI_PLAIN, "%" PRIu64, intent->nonce);
  if (intent->kind == OL_INTENT_TRANSACTION)
    cli_row("gas", CLI_PLAIN, "%" PRIu64 " at most", intent->gas_limit);
  ol_hex_text(text, intent->digest.bytes, sizeof intent->digest.bytes);
  cli_row("digest", CLI_DIM, "%s", text);
  cli_row("policy", proposal->decision.verdict == OL_VERDICT_DENY ? CLI_RED : CLI_PLAIN, "%s: %s",
          ol_verdict_name((ol_verdict)proposal->decision.verdict),
          ol_policy_reason_text((ol_policy_reason)proposal->decision.reason));
}

int cli_intent_json(const cli_proposal *proposal) {
  ol_error error;
  ol_slice text;
  const size_t len = 8192 + 12 * proposal->intent.arguments.len;
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  const ol_status status = ol_intent_explain(&error, &text, &proposal->intent, memory, len);
  if (status == OL_OK) {
    printf("\"intent\":%.*s", (int)text.len, (const char *)text.data);
    if (proposal->typed.len > 0)
      printf(",\"typedData\":%.*s", (int)proposal->typed.len, (const char *)proposal->typed.data);
    if (proposal->has_extra) {
      char number[79];
      ol_u256_text(number, &proposal->extra_fee);
      printf(",\"l1AndOperatorFee\":\"%s\"", number);
    }
    if (proposal->intent.kind == OL_INTENT_TRANSACTION) sent_json(proposal);
    printf(",\"policy\":{\"verdict\":\"%s\",\"reason\":",
           ol_verdict_name((ol_verdict)proposal->decision.verdict));
    cli_json_string(stdout, ol_policy_reason_text((ol_policy_reason)proposal->decision.reason));
    putchar('}');
  }
  free(memory);
  return status == OL_OK ? EXIT_VERIFIED : cli_error(NULL, &error);
}
