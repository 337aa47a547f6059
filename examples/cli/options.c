/* SPDX-License-Identifier: MIT */

/* The options: what their values are, and what is wrong with them. */

#define _POSIX_C_SOURCE 200809L

#include "options.h"

#include <fcntl.h>
#include <string.h>

#define MAX_TIMEOUT_S 600

static bool fault(const char *what, const char *why) {
  cli_usage_error(what, why);
  return false;
}

bool cli_u64_of(uint64_t *out, const ol_u256 *number) {
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof number->bytes; i++) {
    if (i < sizeof number->bytes - 8 && number->bytes[i] != 0) return false;
    value = value << 8 | number->bytes[i];
  }
  *out = value;
  return true;
}

/* Reads a number from `low` to `high`, in decimal or hex. */
static bool read_number(uint64_t *out, const char *text, uint64_t low, uint64_t high) {
  ol_error error;
  ol_u256 number;
  uint64_t value;
  if (ol_u256_from_text(&error, &number, text, strlen(text)) != OL_OK || !cli_u64_of(&value, &number))
    return false;
  if (value < low || value > high) return false;
  *out = value;
  return true;
}

static bool set_small(uint32_t *out, const char *name, const char *text, uint64_t low, uint64_t high,
                      const char *why) {
  uint64_t number;
  if (!read_number(&number, text, low, high)) return fault(name, why);
  *out = (uint32_t)number;
  return true;
}

static bool set_slot(cli_args *out, const char *name, const char *text) {
  ol_error error;
  if (out->slot_count == OL_MAX_SLOTS) return fault(name, "too many slots; 32 is the most");
  ol_u256 *slot = &out->slots[out->slot_count];
  if (ol_u256_from_text(&error, slot, text, strlen(text)) != OL_OK)
    return fault(name, "not a number below 2^256, in decimal or as 0x and hex digits");
  for (uint32_t i = 0; i < out->slot_count; i++) {
    if (memcmp(out->slots[i].bytes, slot->bytes, sizeof slot->bytes) == 0)
      return fault(name, "the same slot twice");
  }
  out->slot_count++;
  return true;
}

static bool add_url(cli_urls *to, const char *name, const char *text) {
  if (to->count == OL_MAX_ENDPOINTS) return fault(name, "too many endpoints; 16 is the most");
  to->list[to->count++] = text;
  return true;
}

static bool set_rpc(cli_args *out, const char *name, const char *text) {
  return add_url(&out->rpc, name, text);
}

static bool set_beacon(cli_args *out, const char *name, const char *text) {
  return add_url(&out->beacon, name, text);
}

static bool set_sequencer(cli_args *out, const char *name, const char *text) {
  return add_url(&out->sequencers, name, text);
}

static bool set_origin(cli_args *out, const char *name, const char *text) {
  return add_url(&out->origins, name, text);
}

static bool set_l1(cli_args *out, const char *name, const char *text) {
  return add_url(&out->l1, name, text);
}

static bool set_quorum(cli_args *out, const char *name, const char *text) {
  return set_small(&out->quorum, name, text, 1, OL_MAX_ENDPOINTS,
                   "not a number from 1 to the number of endpoints");
}

static bool set_block(cli_args *out, const char *name, const char *text) {
  static const char *const tags[] = {"latest", "safe", "finalized"};
  for (uint32_t i = 0; i < 3; i++) {
    if (strcmp(text, tags[i]) != 0) continue;
    out->block = i; /* OL_BLOCK_LATEST, OL_BLOCK_SAFE, OL_BLOCK_FINALIZED */
    return true;
  }
  ol_error error;
  if (strlen(text) == 66 && ol_hash_from_text(&error, &out->hash, text, 66) == OL_OK) {
    out->block = OL_BLOCK_HASH;
    return true;
  }
  out->block = OL_BLOCK_NUMBER;
  if (read_number(&out->number, text, 0, UINT64_MAX)) return true;
  return fault(name, "not latest, safe, finalized, a block number, or a block hash of 0x and 64 hex digits");
}

static bool set_max_age(cli_args *out, const char *name, const char *text) {
  out->has_max_age = true;
  out->max_age_s = OL_AGE_ANY;
  if (strcmp(text, "any") == 0) return true;
  return set_small(&out->max_age_s, name, text, 0, OL_AGE_ANY - 1, "not a number of seconds, or \"any\"");
}

/* Levels that a question of the command line can ask for. */
static bool set_trust(cli_args *out, const char *name, const char *text) {
  static const ol_trust levels[] = {OL_TRUST_QUORUM, OL_TRUST_UNSAFE, OL_TRUST_PROPOSED, OL_TRUST_FINALIZED};
  for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
    if (strcmp(text, ol_trust_name(levels[i])) != 0) continue;
    out->trust = levels[i];
    return true;
  }
  return fault(name, "not quorum, unsafe, proposed or finalized");
}

static bool set_chain_id(cli_args *out, const char *name, const char *text) {
  out->has_chain_id = true;
  if (read_number(&out->chain_id, text, 0, UINT64_MAX)) return true;
  return fault(name, "not a chain id, or 0 for any");
}

static bool set_timeout(cli_args *out, const char *name, const char *text) {
  return set_small(&out->timeout_s, name, text, 1, MAX_TIMEOUT_S, "not a number of seconds from 1 to 600");
}

static bool set_address(cli_args *out, const char *name, const char *text) {
  out->has_address = true;
  return cli_address_read(&out->address, name, text);
}

static bool set_signer(cli_args *out, const char *name, const char *text) {
  out->has_signer = true;
  return cli_address_read(&out->signer, name, text);
}

static bool set_version(cli_args *out, const char *name, const char *text) {
  return set_small(&out->version, name, text, 1, OL_ENVELOPE_VERSIONS, "not a version from 1 to 4");
}

static bool set_checkpoint(cli_args *out, const char *name, const char *text) {
  ol_error error;
  out->has_checkpoint = true;
  if (ol_hash_from_text(&error, &out->checkpoint, text, strlen(text)) == OL_OK) return true;
  return fault(name, "not a block root of 0x and 64 hex digits");
}

/* Unix seconds of a moment that is written as cli_time_text writes it. Returns: false when it is not. */
static bool read_moment(uint64_t *out, const char *text) {
  static const char form[] = "0000-00-00T00:00:00Z"; /* digits where it has zeros */
  enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, PARTS };
  uint64_t part[PARTS] = {0};
  if (strlen(text) != strlen(form)) return false;
  for (size_t i = 0, at = 0; form[i] != '\0'; i++) {
    bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !is_digit : text[i] != form[i]) return false;
    if (form[i] == '0')
      part[at] = 10 * part[at] + (uint64_t)(text[i] - '0');
    else
      at++;
  }
  if (part[YEAR] < 1970 || part[MONTH] < 1 || part[MONTH] > 12 || part[DAY] < 1 || part[DAY] > 31 ||
      part[HOUR] > 23 || part[MINUTE] > 59 || part[SECOND] > 59)
    return false;
  /* Years that begin in March, so that the leap day is their last. */
  uint64_t year = part[YEAR] - (part[MONTH] <= 2), month = (part[MONTH] + 9) % 12;
  uint64_t days =
      365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + part[DAY] - 1 - 719468;
  *out = ((days * 24 + part[HOUR]) * 60 + part[MINUTE]) * 60 + part[SECOND];
  return true;
}

static bool set_at(cli_args *out, const char *name, const char *text) {
  if (!read_moment(&out->at_s, text) && !read_number(&out->at_s, text, 1, UINT32_MAX))
    return fault(name, "not a time such as 2026-01-31T12:00:00Z, or Unix seconds");
  if (out->at_s > ol_host_now_ms() / 1000) return fault(name, "is in the future");
  return true;
}

/* --- Wallets --- */

static bool set_fd(int *out, const char *name, const char *text) {
  uint64_t number;
  if (!read_number(&number, text, 0, 1023) || fcntl((int)number, F_GETFD) == -1)
    return fault(name, "not the number of a file descriptor that is open");
  *out = (int)number;
  return true;
}

static bool set_password_fd(cli_args *out, const char *name, const char *text) {
  return set_fd(&out->password_fd, name, text);
}

static bool set_secret_fd(cli_args *out, const char *name, const char *text) {
  return set_fd(&out->secret_fd, name, text);
}

static bool set_answer_fd(cli_args *out, const char *name, const char *text) {
  return set_fd(&out->answer_fd, name, text);
}

static bool set_words_fd(cli_args *out, const char *name, const char *text) {
  return set_fd(&out->words_fd, name, text);
}

static bool set_words(cli_args *out, const char *name, const char *text) {
  static const char why[] = "not 12, 15, 18, 21 or 24";
  if (!set_small(&out->words, name, text, 12, 24, why)) return false;
  return out->words % 3 == 0 || fault(name, why);
}

static bool set_language(cli_args *out, const char *name, const char *text) {
  for (uint32_t i = 0; i < OL_LANGUAGES; i++) {
    if (strcmp(text, ol_language_name(i)) != 0) continue;
    out->language = i;
    out->has_language = true;
    return true;
  }
  return fault(name, "not a language of word lists, such as english or chinese_simplified");
}

static bool set_path(cli_args *out, const char *name, const char *text) {
  ol_error error;
  out->has_path = true;
  if (ol_path_from_text(&error, &out->path, text, strlen(text)) == OL_OK) return true;
  return fault(name, "not a path such as m/44'/60'/0'/0/0");
}

static bool set_reveal(cli_args *out, const char *name, const char *text) {
  out->reveal = text;
  if (strcmp(text, "key") == 0 || strcmp(text, "mnemonic") == 0) return true;
  return fault(name, "not key or mnemonic");
}

static bool set_token(cli_args *out, const char *name, const char *text) {
  out->has_token = true;
  return cli_address_read(&out->token, name, text);
}

static bool set_decimals(cli_args *out, const char *name, const char *text) {
  out->has_decimals = true;
  return set_small(&out->decimals, name, text, 0, 77, "not a number of decimals from 0 to 77");
}

static bool set_gas(cli_args *out, const char *name, const char *text) {
  return read_number(&out->gas, text, 21000, 1u << 30) || fault(name, "not an amount of gas from 21000 on");
}

static bool set_speed(cli_args *out, const char *name, const char *text) {
  out->speed = text;
  if (strcmp(text, "slow") == 0 || strcmp(text, "normal") == 0 || strcmp(text, "fast") == 0) return true;
  return fault(name, "not slow, normal or fast");
}

static bool set_sent(cli_args *out, const char *name, const char *text) {
  ol_error error;
  if (out->has_sent) return fault(name, "only one of --replace and --cancel");
  out->has_sent = true;
  out->is_cancel = strcmp(name, "--cancel") == 0;
  if (ol_hash_from_text(&error, &out->hash, text, strlen(text)) == OL_OK) return true;
  return fault(name, "not a transaction's hash of 0x and 64 hex digits");
}

#define KEEP(field) NULL, offsetof(cli_args, field)
#define ATR VALUE, cli_attribution_set, 0

const cli_option cli_options[] = {
    {"--slot", QUESTION | VERIFY_ACCOUNT, VALUES, set_slot, 0},
    {"--rpc", LIVE, VALUES, set_rpc, 0},
    {"--quorum", BY_QUORUM, VALUE, set_quorum, 0},
    {"--block", ACCOUNT, VALUE, set_block, 0},
    {"--max-age", ANCHORED, VALUE, set_max_age, 0},
    {"--chain-id", BY_QUORUM | VERIFY_ENVELOPE | SIGN_TYPED | RECEIPT_MAKE, VALUE, set_chain_id, 0},
    {"--timeout", LIVE | SYNC, VALUE, set_timeout, 0},
    {"--ca-file", LIVE | SYNC, VALUE, KEEP(ca_file)},
    {"--code", QUESTION, FLAG, KEEP(code)},
    {"--trust", ANCHORED, VALUE, set_trust, 0},
    {"--rollup", ANCHORED | SIGN_TYPED | RECEIPT_MAKE, VALUE, KEEP(rollup)},
    {"--header", VERIFY_ACCOUNT, VALUE, KEEP(header_file)},
    {"--proof", VERIFY_ACCOUNT, VALUE, KEEP(proof_file)},
    {"--address", VERIFY_ACCOUNT | VERIFY_MESSAGE | VERIFY_TYPED, VALUE, set_address, 0},
    {"--signer", VERIFY_ENVELOPE, VALUE, set_signer, 0},
    {"--version", VERIFY_ENVELOPE | BY_QUORUM, VALUE, set_version, 0},
    {"--any-time", VERIFY_ENVELOPE, FLAG, KEEP(any_time)},
    {"--plain", VERIFY_ENVELOPE, FLAG, KEEP(plain)},
    {"--beacon", SYNC | LIVE, VALUES, set_beacon, 0},
    {"--l1", SYNC | LIVE, VALUES, set_l1, 0},
    {"--sequencer", BY_QUORUM, VALUES, set_sequencer, 0},
    {"--state", SYNC | BY_QUORUM | WALLET | SIGN | SIGN_TYPED | RECEIPT_MAKE, VALUE, KEEP(state_file)},
    {"--watch", SYNC, FLAG, KEEP(watch)},
    {"--checkpoint", VERIFY_SYNC | SYNC | ANCHORED, VALUE, set_checkpoint, 0},
    {"--bootstrap", VERIFY_SYNC, VALUE, KEEP(bootstrap_file)},
    {"--updates", VERIFY_SYNC, VALUE, KEEP(updates_file)},
    {"--finality", VERIFY_SYNC, VALUE, KEEP(finality_file)},
    {"--optimistic", VERIFY_SYNC, VALUE, KEEP(optimistic_file)},
    {"--network", VERIFY_SYNC | SYNC | ANCHORED, VALUE, KEEP(network)},
    {"--insist", VERIFY_SYNC | SYNC | ANCHORED, FLAG, KEEP(insist)},
    {"--l1", HEADER, FLAG, KEEP(of_l1)},
    {"--out", BUNDLE | WALLET_EXPORT | CORPUS | ATTRIBUTE | RECEIPT_MAKE | RECEIPT_CLAIM, VALUE,
     KEEP(out_file)},
    {"--at", VERIFY_BUNDLE, VALUE, set_at, 0},
    {"--listen", SERVE, VALUE, KEEP(listen)},
    {"--origin", SERVE, VALUES, set_origin, 0},
    {"--wallet", OPENING, VALUE, KEEP(wallet_file)},
    {"--password-fd", OPENING, VALUE, set_password_fd, 0},
    {"--secret-fd", WALLET_IMPORT, VALUE, set_secret_fd, 0},
    {"--answer-fd", WALLET_NEW | WALLET_EXPORT | SIGNING, VALUE, set_answer_fd, 0},
    {"--words-fd", WALLET_NEW | WALLET_EXPORT, VALUE, set_words_fd, 0},
    {"--words", WALLET_NEW, VALUE, set_words, 0},
    {"--language", WALLET_NEW | WALLET_IMPORT, VALUE, set_language, 0},
    {"--words-dir", WALLET_NEW | WALLET_IMPORT | WALLET_EXPORT, VALUE, KEEP(words_dir)},
    {"--passphrase", WALLET_IMPORT, FLAG, KEEP(passphrase)},
    {"--keystore", WALLET_IMPORT, VALUE, KEEP(keystore_file)},
    {"--path", WALLET_NEW | WALLET_IMPORT | WALLET_ACCOUNT, VALUE, set_path, 0},
    {"--label", WALLET_NEW | WALLET_IMPORT | WALLET_ACCOUNT, VALUE, KEEP(label)},
    {"--from", WALLET_EXPORT | WALLET_ACCOUNT | SIGNING, VALUE, KEEP(from)},
    {"--remove", WALLET_CONTACT | WALLET_POLICY, FLAG, KEEP(remove)},
    {"--reveal", WALLET_EXPORT, VALUE, set_reveal, 0},
    {"--compact", SIGN | SIGN_TYPED, FLAG, KEEP(compact)},
    {"--hex", SIGN | VERIFY_MESSAGE, FLAG, KEEP(hex)},
    {"--token", SEND | STAKE, VALUE, set_token, 0},
    {"--decimals", SEND | STAKE, VALUE, set_decimals, 0},
    {"--gas", SENDING, VALUE, set_gas, 0},
    {"--speed", SENDING, VALUE, set_speed, 0},
    {"--wait", SENDING, FLAG, KEEP(wait)},
    {"--dry-run", SIGNING, FLAG, KEEP(dry_run)},
    {"--replace", SEND, VALUE, set_sent, 0},
    {"--cancel", SEND, VALUE, set_sent, 0},
    {"--reason", VOTE, VALUE, KEEP(reason)},
    {"--by-signature", VOTE | DELEGATE, FLAG, KEEP(by_signature)},
    {"--request", UNSTAKE, FLAG, KEEP(request)},
    {"--approve", STAKE, FLAG, KEEP(approve)},
    {"--corpus", ATTRIBUTE | RECEIPT_MAKE, VALUE, KEEP(atr.corpus_file)},
    {"--answer", ATTRIBUTE | RECEIPT, VALUE, KEEP(atr.response_file)},
    {"--response", ATTRIBUTE | RECEIPT, VALUE, KEEP(atr.response_file)},
    {"--request", RECEIPT, VALUE, KEEP(atr.request_file)},
    {"--policy", ATTRIBUTE | RECEIPT, VALUE, KEEP(atr.policy_file)},
    {"--evidence", RECEIPT, VALUE, KEEP(atr.evidence_file)},
    {"--table", ATTRIBUTE | RECEIPT, VALUE, KEEP(atr.table_file)},
    {"--vector", ATTRIBUTE | RECEIPT_MAKE, VALUE, KEEP(atr.vector_file)},
    {"--batch", RECEIPT_VERIFY, VALUE, KEEP(atr.batch_file)},
    {"--equivocation", RECEIPT_VERIFY, VALUE, KEEP(atr.equivocation_file)},
    {"--manifest", CORPUS_BUILD, VALUE, KEEP(atr.manifest_file)},
    {"--names", ATTRIBUTE | RECEIPT_SHOW | RECEIPT_MAKE | CORPUS_AUDIT, VALUE, KEEP(atr.names_file)},
    {"--refutation", CORPUS_AUDIT, VALUE, KEEP(atr.refutation_file)},
    {"--split", RECEIPT_MAKE | RECEIPT_CLAIM, VALUE, KEEP(atr.split_file)},
    {"--share", RECEIPT_CLAIM, VALUE, KEEP(atr.share_file)},
    {"--html", RECEIPT_SHOW, VALUE, KEEP(atr.html_file)},
    {"--contributor", CORPUS | RECEIPT_CLAIM, ATR},
    {"--payer", RECEIPT_MAKE | RECEIPT_VERIFY, ATR},
    {"--registry", RECEIPT, ATR},
    {"--nodes", RECEIPT_VERIFY, ATR},
    {"--pay-token", RECEIPT_MAKE, ATR},
    {"--licence", CORPUS_BUILD, ATR},
    {"--nonce", RECEIPT_MAKE | RECEIPT_VERIFY, ATR},
    {"--model", RECEIPT_MAKE | RECEIPT_VERIFY, ATR},
    {"--adapter", RECEIPT_MAKE | RECEIPT_VERIFY, ATR},
    {"--run", RECEIPT_MAKE, ATR},
    {"--stream-head", RECEIPT_VERIFY, ATR},
    {"--previous", RECEIPT_MAKE, ATR},
    {"--corpus-id", CORPUS_AUDIT, ATR},
    {"--policy-id", RECEIPT_VERIFY, ATR},
    {"--corpus-name", RECEIPT_VERIFY, ATR},
    {"--fee", ATTRIBUTE | RECEIPT_MAKE, ATR},
    {"--max-fee", RECEIPT_VERIFY, ATR},
    {"--payout", RECEIPT_CLAIM, ATR},
    {"--datanet", CORPUS_BUILD | RECEIPT_CLAIM, ATR},
    {"--epoch", CORPUS_BUILD, ATR},
    {"--min-epoch", RECEIPT_VERIFY, ATR},
    {"--max-lag", RECEIPT_VERIFY, ATR},
    {"--memory", CORPUS_BUILD, ATR},
    {"--random", CORPUS_AUDIT, ATR},
    {"--seed", CORPUS_AUDIT, ATR},
    {"--sequence", RECEIPT_MAKE, ATR},
    {"--served-at", RECEIPT_MAKE, ATR},
    {"--min-span", ATTRIBUTE, ATR},
    {"--max-count", ATTRIBUTE, ATR},
    {"--owner", ATTRIBUTE, ATR},
    {"--json", ALL, FLAG, KEEP(json)},
    {"--help", ALL, FLAG, KEEP(help)},
    {"-h", ALL, FLAG, KEEP(help)},
};

const size_t cli_options_len = sizeof cli_options / sizeof cli_options[0];

_Static_assert(sizeof cli_options / sizeof cli_options[0] <= CLI_OPTIONS_MOST, "args.c has no room for them");
