/* SPDX-License-Identifier: MIT */
#include "wallet/wallet.h"

#include "base/writer.h"

#include "base/poison.h"

/*
 * A vault's content, numbers big-endian: a magic that ends in the version; how many secrets (1 byte), and of each its
 * kind, language and length of entropy (1 each), the entropy, and the seed (64) or the key (32); how many accounts (1),
 * and of each its address (20), secret, depth and steps (1, 1, 4 each), and its label behind the length (1); how many
 * contacts (1), and of each the address, since when (8) and the label; the budget's sequence (8); the length of the
 * policy (4), and the policy.
 */
static const uint8_t magic[8] = {'O', 'L', 'W', 'A', 'L', 'L', 'E', 2};

/* --- Writing --- */

static void put_label(ol_writer *to, const uint8_t label[OL_WALLET_LABEL]) {
  const size_t len = ol_text_len((const char *)label);
  ol_write_be(to, len, 1);
  ol_write_bytes(to, label, len);
}

static size_t secret_len(uint32_t kind) {
  return kind == OL_SECRET_MNEMONIC ? OL_SEED_BYTES : 32;
}

static void put_content(ol_writer *to, const ol_wallet *wallet) {
  ol_write_bytes(to, magic, sizeof magic);
  ol_write_be(to, wallet->secret_count, 1);
  for (uint32_t i = 0; i < wallet->secret_count; i++) {
    const ol_wallet_secret *secret = &wallet->secrets[i];
    ol_write_be(to, secret->kind, 1);
    ol_write_be(to, secret->language, 1);
    ol_write_be(to, secret->entropy_len, 1);
    ol_write_bytes(to, secret->entropy, secret->entropy_len);
    ol_write_bytes(to, secret->bytes, secret_len(secret->kind));
  }
  ol_write_be(to, wallet->account_count, 1);
  for (uint32_t i = 0; i < wallet->account_count; i++) {
    const ol_wallet_account *account = &wallet->accounts[i];
    ol_write_bytes(to, account->address.bytes, sizeof account->address.bytes);
    ol_write_be(to, account->secret, 1);
    ol_write_be(to, account->path.depth, 1);
    for (uint32_t j = 0; j < account->path.depth; j++) ol_write_be(to, account->path.steps[j], 4);
    put_label(to, account->label);
  }
  ol_write_be(to, wallet->contact_count, 1);
  for (uint32_t i = 0; i < wallet->contact_count; i++) {
    const ol_contact *contact = &wallet->contacts[i];
    ol_write_bytes(to, contact->address.bytes, sizeof contact->address.bytes);
    ol_write_be(to, contact->since, 8);
    put_label(to, contact->label);
  }
  ol_write_be(to, ol_budget_sequence(&wallet->budget), 8);
  ol_write_be(to, wallet->policy_len, 4);
  ol_write_bytes(to, wallet->policy_json, wallet->policy_len);
}

ol_status ol_wallet_content(ol_error *error, ol_wallet *wallet, uint8_t *out, size_t len, size_t *out_len,
                            uint64_t now_ms) {
  ol_writer to = {.out = out, .len = len};
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  put_content(&to, wallet);
  if (to.used > len) {
    ol_wipe(out, len);
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for the content");
  }
  *out_len = to.used;
  return OL_OK;
}

/* --- Reading --- */

typedef struct reader {
  ol_error *error;
  ol_slice content;
  size_t at;
} reader;

static ol_status malformed(const reader *from, const char *reason) {
  return ol_fail(from->error, OL_ERR_ENCODING, from->at, reason);
}

static ol_status get(reader *from, void *out, size_t len) {
  if (len > from->content.len - from->at) return malformed(from, "the content is cut short");
  if (len > 0) memcpy(out, from->content.data + from->at, len);
  from->at += len;
  return OL_OK;
}

/* Reads a number that is at most `most`. */
static ol_status get_number(reader *from, uint64_t *out, size_t len, uint64_t most) {
  uint8_t bytes[8] = {0};
  OL_TRY(get(from, bytes + 8 - len, len));
  *out = ol_load_be64(bytes);
  return *out > most ? malformed(from, "the content has a number that is too large") : OL_OK;
}

static ol_status get_label(reader *from, uint8_t out[OL_WALLET_LABEL]) {
  uint8_t label[OL_WALLET_LABEL];
  uint64_t len;
  OL_TRY(get_number(from, &len, 1, OL_WALLET_LABEL - 1));
  OL_TRY(get(from, label, (size_t)len));
  return ol_label_read(from->error, out, ol_slice_of(label, (size_t)len));
}

static ol_status get_secret(reader *from, ol_wallet_secret *out) {
  uint64_t kind, language, entropy_len;
  OL_TRY(get_number(from, &kind, 1, OL_SECRET_KEY));
  if (kind == 0) return malformed(from, "the content has a secret of no kind");
  OL_TRY(get_number(from, &language, 1, OL_LANGUAGES - 1));
  OL_TRY(get_number(from, &entropy_len, 1, sizeof out->entropy));
  out->kind = (uint32_t)kind;
  out->language = (uint32_t)language;
  out->entropy_len = (uint32_t)entropy_len;
  OL_TRY(get(from, out->entropy, out->entropy_len));
  return get(from, out->bytes, secret_len(out->kind));
}

static ol_status get_account(reader *from, ol_wallet *wallet, uint32_t index) {
  ol_wallet_account *account = &wallet->accounts[index];
  uint64_t secret, depth, step;
  ol_address address;
  OL_TRY(get(from, account->address.bytes, sizeof account->address.bytes));
  OL_TRY(get_number(from, &secret, 1, UINT8_MAX));
  if (secret >= wallet->secret_count) return malformed(from, "the content has an account of no secret");
  OL_TRY(get_number(from, &depth, 1, OL_PATH_STEPS));
  account->secret = (uint32_t)secret;
  account->kind = wallet->secrets[secret].kind;
  account->path.depth = (uint32_t)depth;
  for (uint32_t i = 0; i < account->path.depth; i++) {
    OL_TRY(get_number(from, &step, 4, UINT32_MAX));
    account->path.steps[i] = (uint32_t)step;
  }
  OL_TRY(get_label(from, account->label));
  OL_TRY(
      ol_wallet_derive(from->error, wallet->keys[index], &address, &wallet->secrets[secret], &account->path));
  if (!ol_address_equal(&address, &account->address))
    return malformed(from, "the content has an account that is not of its secret");
  return OL_OK;
}

static ol_status get_contact(reader *from, ol_contact *out) {
  OL_TRY(get(from, out->address.bytes, sizeof out->address.bytes));
  OL_TRY(get_number(from, &out->since, 8, UINT64_MAX));
  return get_label(from, out->label);
}

static ol_status get_content(reader *from, ol_wallet *wallet, void *memory, size_t len) {
  uint8_t head[sizeof magic];
  uint64_t count;
  OL_TRY(get(from, head, sizeof head));
  if (memcmp(head, magic, sizeof magic) != 0)
    return malformed(from, "this is no content of a wallet, or of another version");
  OL_TRY(get_number(from, &count, 1, OL_WALLET_SECRETS));
  for (; wallet->secret_count < count; wallet->secret_count++)
    OL_TRY(get_secret(from, &wallet->secrets[wallet->secret_count]));
  OL_TRY(get_number(from, &count, 1, OL_WALLET_ACCOUNTS));
  for (; wallet->account_count < count; wallet->account_count++)
    OL_TRY(get_account(from, wallet, wallet->account_count));
  OL_TRY(get_number(from, &count, 1, OL_WALLET_CONTACTS));
  for (; wallet->contact_count < count; wallet->contact_count++)
    OL_TRY(get_contact(from, &wallet->contacts[wallet->contact_count]));
  OL_TRY(get_number(from, &wallet->budget.sequence, 8, UINT64_MAX));
  OL_TRY(get_number(from, &count, 4, OL_WALLET_POLICY));
  if (count != from->content.len - from->at)
    return malformed(from, "the content is longer or shorter than it says");
  return ol_wallet_take_policy(from->error, wallet, ol_slice_of(from->content.data + from->at, (size_t)count),
                               memory, len);
}

static void make_empty(ol_wallet *wallet) {
  ol_wallet_lock(wallet);
  wallet->secret_count = wallet->account_count = wallet->contact_count = wallet->policy_len = 0;
  memset(&wallet->budget, 0, sizeof wallet->budget);
}

ol_status ol_wallet_open(ol_error *error, ol_wallet *wallet, ol_slice content_secret, uint64_t now_ms,
                         void *memory, size_t len) {
  reader from = {.error = error, .content = content_secret};
  ol_error_clear(error);
  make_empty(wallet);
  ol_status status = get_content(&from, wallet, memory, len);
  if (status != OL_OK) {
    make_empty(wallet);
    return ol_error_in(error, status, "content", OL_NOWHERE);
  }
  wallet->used_ms = now_ms;
  wallet->is_open = true;
  return OL_OK;
}
