/* SPDX-License-Identifier: MIT */
#include "encoding/json.h"
#include "encoding/text.h"
#include "openledger/text.h"
#include "rollup/u256.h"
#include "wallet/intent.h"

#include "base/poison.h"

const char *ol_intent_kind_name(uint32_t kind) {
  static const char *const names[] = {"unknown",    "transaction", "authorization",
                                      "typed data", "message",     "sign-in"};
  return names[kind < sizeof names / sizeof *names ? kind : 0];
}

const char *ol_effect_kind_name(uint32_t kind) {
  static const char *const names[] = {"unknown",   "spend", "fee",  "allow",
                                      "allow all", "vote",  "code", "create"};
  return names[kind < sizeof names / sizeof *names ? kind : 0];
}

/*
 * JSON whose texts hold nothing that cannot be seen. What ol_text_visible writes begins with a backslash, which JSON
 * escapes; all that it changes is inside of strings, as nothing else of JSON is beyond ASCII or not visible.
 */
static bool make_visible(ol_slice *out, ol_arena *arena, ol_slice json) {
  char *text = (char *)arena->memory + arena->used;
  size_t used = 0;
  const size_t room = arena->len - arena->used;
  for (size_t at = 0, taken; at < json.len; at += taken) {
    char seen[16];
    taken = ol_utf8_len(ol_slice_of(json.data + at, json.len - at));
    OL_ASSERT(taken > 0); /* it was written here */
    const size_t len = ol_text_visible(seen, sizeof seen, ol_slice_of(json.data + at, taken));
    const bool changed = len != taken || memcmp(seen, json.data + at, len) != 0;
    if (len + 1 > room - used) return false;
    if (changed) text[used++] = '\\';
    memcpy(text + used, seen, len);
    used += len;
  }
  *out = ol_slice_of(text, used);
  return ol_arena_take(arena, used) != NULL;
}

static void put_address(ol_json_writer *to, const char *name, const ol_address *address) {
  char text[43];
  ol_address_text(text, address);
  ol_json_write_text(to, name, text);
}

static void put_number(ol_json_writer *to, const char *name, const ol_u256 *number) {
  char text[79];
  ol_u256_text(text, number);
  ol_json_write_text(to, name, text);
}

static void put_u64(ol_json_writer *to, const char *name, uint64_t number) {
  const ol_u256 word = ol_u256_of(number);
  put_number(to, name, &word);
}

static void put_effect(ol_json_writer *to, const ol_effect *effect) {
  const uint32_t kind = effect->kind;
  const bool has_amount = kind == OL_EFFECT_SPEND || kind == OL_EFFECT_FEE || kind == OL_EFFECT_ALLOW;
  ol_json_write_object(to, NULL);
  ol_json_write_text(to, "kind", ol_effect_kind_name(kind));
  if (has_amount && ol_address_is_zero(&effect->asset))
    ol_json_write_text(to, "asset", "native");
  else if (has_amount || kind == OL_EFFECT_ALLOW_ALL)
    put_address(to, "asset", &effect->asset);
  if (kind != OL_EFFECT_FEE && kind != OL_EFFECT_CREATE) put_address(to, "party", &effect->party);
  if (has_amount) put_number(to, "amount", &effect->amount);
  if (kind == OL_EFFECT_ALLOW) ol_json_write_bool(to, "unlimited", effect->unlimited != 0);
  if (effect->until != 0) put_u64(to, "until", effect->until);
  ol_json_write_close(to);
}

static void put_transaction(ol_json_writer *to, const ol_intent *intent) {
  put_number(to, "value", &intent->value);
  put_u64(to, "gasLimit", intent->gas_limit);
}

ol_status ol_intent_explain(ol_error *error, ol_slice *out, const ol_intent *intent, void *memory,
                            size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_slice arguments = {0};
  ol_json_writer to;
  ol_error_clear(error);
  if (intent->arguments.len > 0 && !make_visible(&arguments, &arena, intent->arguments))
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for what is told");
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_text(&to, "kind", ol_intent_kind_name(intent->kind));
  ol_json_write_bool(&to, "known", intent->is_known != 0);
  ol_json_write_hex(&to, "digest", intent->digest.bytes, sizeof intent->digest.bytes);
  if (intent->kind != OL_INTENT_MESSAGE) put_u64(&to, "chainId", intent->chain_id);
  put_address(&to, "account", &intent->account);
  if (!ol_address_is_zero(&intent->target)) put_address(&to, "target", &intent->target);
  if (intent->contract.len > 0) ol_json_write_string(&to, "contract", intent->contract);
  if (intent->arguments.len > 0) {
    ol_json_write_string(&to, "function", intent->signature);
    ol_json_write_raw(&to, "arguments", arguments);
  }
  if (intent->kind == OL_INTENT_TRANSACTION) put_transaction(&to, intent);
  if (intent->has_nonce != 0) put_u64(&to, "nonce", intent->nonce);
  ol_json_write_array(&to, "effects");
  for (uint32_t i = 0; i < intent->effect_count; i++) put_effect(&to, &intent->effects[i]);
  ol_json_write_close(&to);
  ol_json_write_close(&to);
  return ol_json_write_end(error, out, &to);
}
