/* SPDX-License-Identifier: MIT */

/* Options of corpora and receipts: what their values are, and what is wrong with them. */

#include "options.h"

#include <string.h>

typedef enum value_kind { AN_ADDRESS, A_HASH, A_NUMBER, AN_AMOUNT, A_NAME, A_RULE } value_kind;

#define WHERE(field) offsetof(cli_args, atr.field)
#define NOWHERE SIZE_MAX

static const struct {
  const char *name;
  value_kind kind;
  size_t at, has; /* the value, and whether it was given */
  uint64_t low, high;
} values[] = {
    {"--contributor", AN_ADDRESS, WHERE(contributor), WHERE(has_contributor), 0, 0},
    {"--payer", AN_ADDRESS, WHERE(payer), WHERE(has_payer), 0, 0},
    {"--registry", AN_ADDRESS, WHERE(registry), WHERE(has_registry), 0, 0},
    {"--nodes", AN_ADDRESS, WHERE(nodes), WHERE(has_nodes), 0, 0},
    {"--pay-token", AN_ADDRESS, WHERE(pay_token), NOWHERE, 0, 0},
    {"--licence", A_HASH, WHERE(licence), WHERE(has_licence), 0, 0},
    {"--nonce", A_HASH, WHERE(nonce), WHERE(has_nonce), 0, 0},
    {"--model", A_HASH, WHERE(model), WHERE(has_model), 0, 0},
    {"--adapter", A_HASH, WHERE(adapter), WHERE(has_adapter), 0, 0},
    {"--run", A_HASH, WHERE(run), NOWHERE, 0, 0},
    {"--stream-head", A_HASH, WHERE(stream_head), WHERE(has_stream_head), 0, 0},
    {"--previous", A_HASH, WHERE(previous), NOWHERE, 0, 0},
    {"--corpus-id", A_HASH, WHERE(corpus_id), WHERE(has_corpus_id), 0, 0},
    {"--policy-id", A_HASH, WHERE(policy_id), WHERE(has_policy_id), 0, 0},
    {"--corpus-name", A_NAME, WHERE(corpus_name), WHERE(has_corpus_name), 0, 0},
    {"--fee", AN_AMOUNT, WHERE(fee), WHERE(has_fee), 0, 0},
    {"--max-fee", AN_AMOUNT, WHERE(fee), WHERE(has_fee), 0, 0},
    {"--payout", AN_AMOUNT, WHERE(payout), WHERE(has_payout), 0, 0},
    {"--datanet", A_NUMBER, WHERE(datanet), WHERE(has_datanet), 0, UINT64_MAX},
    {"--epoch", A_NUMBER, WHERE(epoch), WHERE(has_epoch), 0, UINT64_MAX},
    {"--min-epoch", A_NUMBER, WHERE(epoch), WHERE(has_epoch), 0, UINT64_MAX},
    {"--max-lag", A_NUMBER, WHERE(max_lag), WHERE(has_max_lag), 0, UINT64_MAX},
    {"--memory", A_NUMBER, WHERE(memory_mb), NOWHERE, 1, 1u << 20},
    {"--random", A_NUMBER, WHERE(samples), WHERE(has_samples), 1, UINT32_MAX},
    {"--seed", A_NUMBER, WHERE(seed), WHERE(has_seed), 0, UINT64_MAX},
    {"--sequence", A_NUMBER, WHERE(sequence), NOWHERE, 0, UINT64_MAX},
    {"--served-at", A_NUMBER, WHERE(served_at), WHERE(has_served_at), 0, UINT32_MAX},
    {"--min-span", A_NUMBER, WHERE(min_span), WHERE(has_min_span), 8, 4096},
    {"--max-count", A_NUMBER, WHERE(max_count), WHERE(has_max_count), 1, INT32_MAX},
    {"--owner", A_RULE, WHERE(owner_rule), WHERE(has_owner_rule), 0, 0},
};

static bool fault(const char *what, const char *why) {
  cli_usage_error(what, why);
  return false;
}

static bool read_u64(uint64_t *out, const char *name, const char *text, uint64_t low, uint64_t high) {
  char why[96];
  ol_error error;
  ol_u256 number;
  uint64_t value;
  if (ol_u256_from_text(&error, &number, text, strlen(text)) == OL_OK && cli_u64_of(&value, &number) &&
      value >= low && value <= high) {
    *out = value;
    return true;
  }
  snprintf(why, sizeof why, "not a whole number from %llu to %llu", (unsigned long long)low,
           (unsigned long long)high);
  return fault(name, why);
}

/* Amounts have 128 bits. */
static bool read_amount(ol_u256 *out, const char *name, const char *text) {
  static const uint8_t zeros[16] = {0};
  ol_error error;
  if (ol_u256_from_text(&error, out, text, strlen(text)) == OL_OK && memcmp(out->bytes, zeros, 16) == 0)
    return true;
  return fault(name, "not a whole number below 2^128, of smallest units");
}

static bool read_hash(ol_hash *out, const char *name, const char *text) {
  ol_error error;
  return ol_hash_from_text(&error, out, text, strlen(text)) == OL_OK ||
         fault(name, "not 0x and 64 hex digits");
}

/* A corpus's name on chain: a hash, or the number of a datanet. */
static bool read_name(ol_hash *out, const char *name, const char *text) {
  ol_error error;
  ol_u256 number;
  uint64_t datanet;
  if (strlen(text) == 66) return read_hash(out, name, text);
  if (ol_u256_from_text(&error, &number, text, strlen(text)) != OL_OK || !cli_u64_of(&datanet, &number))
    return fault(name, "not the number of a datanet, or 0x and 64 hex digits");
  memcpy(out->bytes, number.bytes, sizeof out->bytes);
  return true;
}

static bool read_rule(uint64_t *out, const char *name, const char *text) {
  *out = strcmp(text, "occurrence") == 0 ? OL_OWNER_OCCURRENCE : OL_OWNER_EARLIEST;
  return *out == OL_OWNER_OCCURRENCE || strcmp(text, "earliest") == 0 ||
         fault(name, "not earliest or occurrence");
}

bool cli_attribution_set(cli_args *out, const char *name, const char *text) {
  size_t i = 0;
  while (strcmp(values[i].name, name) != 0) i++; /* options.c names none but these */
  void *to = (char *)out + values[i].at;
  if (values[i].has != NOWHERE) *(bool *)((char *)out + values[i].has) = true;
  switch (values[i].kind) {
  case AN_ADDRESS: return cli_address_read(to, name, text);
  case A_HASH: return read_hash(to, name, text);
  case A_NAME: return read_name(to, name, text);
  case AN_AMOUNT: return read_amount(to, name, text);
  case A_RULE: return read_rule(to, name, text);
  default: return read_u64(to, name, text, values[i].low, values[i].high);
  }
}
