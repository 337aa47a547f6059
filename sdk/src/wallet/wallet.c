/* SPDX-License-Identifier: MIT */
#include "wallet/wallet.h"

#include "openledger/text.h"

#include "base/poison.h"

static ol_status refuse(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
}

/* --- Open and locked --- */

size_t ol_wallet_size(void) {
  return sizeof(ol_wallet);
}

ol_status ol_wallet_init(ol_error *error, ol_wallet **out, const ol_wallet_config *config,
                         const uint8_t entropy_secret[32], uint64_t now_ms, void *memory, size_t len) {
  ol_wallet *wallet = (ol_wallet *)memory;
  ol_error_clear(error);
  if (len < sizeof *wallet) return refuse(error, "memory is too small for a wallet");
  if (ol_disclose(ol_is_zero(ol_slice_of(entropy_secret, 32))) != 0) return refuse(error, "entropy is zero");
  memset(wallet, 0, sizeof *wallet);
  wallet->config = *config;
  wallet->used_ms = now_ms;
  wallet->is_open = true;
  ol_secp256k1_signer_init(&wallet->signer, entropy_secret);
  *out = wallet;
  return OL_OK;
}

void ol_wallet_lock(ol_wallet *wallet) {
  wallet->is_open = false;
  ol_wipe(wallet->secrets, sizeof wallet->secrets);
  ol_wipe(wallet->keys, sizeof wallet->keys);
  ol_wipe(wallet->proposals, sizeof wallet->proposals);
}

int ol_wallet_is_open(ol_wallet *wallet, uint64_t now_ms) {
  const uint64_t idle = now_ms > wallet->used_ms ? now_ms - wallet->used_ms : 0;
  if (wallet->config.idle_ms != 0 && idle >= wallet->config.idle_ms) ol_wallet_lock(wallet);
  return wallet->is_open ? 1 : 0;
}

ol_status ol_wallet_use(ol_error *error, ol_wallet *wallet, uint64_t now_ms) {
  ol_error_clear(error);
  if (ol_wallet_is_open(wallet, now_ms) == 0) return refuse(error, "the wallet is locked");
  wallet->used_ms = now_ms;
  return OL_OK;
}

/* --- Secrets --- */

static ol_status add_secret(ol_error *error, ol_wallet *wallet, uint32_t *out,
                            const ol_wallet_secret *secret) {
  for (uint32_t i = 0; i < wallet->secret_count; i++) {
    const ol_wallet_secret *other = &wallet->secrets[i];
    if (other->kind == secret->kind && ol_equal_secret(other->bytes, secret->bytes, sizeof other->bytes))
      return refuse(error, "the wallet has this secret already");
  }
  if (wallet->secret_count == OL_WALLET_SECRETS)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "the wallet has no room for another secret");
  *out = wallet->secret_count;
  wallet->secrets[wallet->secret_count++] = *secret;
  return OL_OK;
}

ol_status ol_wallet_add_mnemonic(ol_error *error, ol_wallet *wallet, uint32_t *out,
                                 const uint8_t seed_secret[64], ol_slice entropy_secret, uint32_t language,
                                 uint64_t now_ms) {
  ol_wallet_secret secret = {.kind = OL_SECRET_MNEMONIC, .language = language};
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  if (entropy_secret.len < 16 || entropy_secret.len > 32 || entropy_secret.len % 4 != 0)
    return refuse(error, "a mnemonic has 16, 20, 24, 28 or 32 bytes of entropy");
  if (language >= OL_LANGUAGES) return refuse(error, "there is no such language");
  secret.entropy_len = (uint32_t)entropy_secret.len;
  memcpy(secret.entropy, entropy_secret.data, entropy_secret.len);
  memcpy(secret.bytes, seed_secret, sizeof secret.bytes);
  ol_status status = add_secret(error, wallet, out, &secret);
  ol_wipe(&secret, sizeof secret);
  return status;
}

ol_status ol_wallet_add_key(ol_error *error, ol_wallet *wallet, uint32_t *out, const uint8_t key_secret[32],
                            uint64_t now_ms) {
  ol_wallet_secret secret = {.kind = OL_SECRET_KEY};
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  OL_TRY(ol_secp256k1_key_check(error, key_secret));
  memcpy(secret.bytes, key_secret, 32);
  ol_status status = add_secret(error, wallet, out, &secret);
  ol_wipe(&secret, sizeof secret);
  return status;
}

/* --- Accounts --- */

uint32_t ol_wallet_account_of(const ol_wallet *wallet, const ol_address *address) {
  for (uint32_t i = 0; i < wallet->account_count; i++) {
    if (ol_address_equal(&wallet->accounts[i].address, address)) return i;
  }
  return OL_NOWHERE;
}

ol_status ol_wallet_derive(ol_error *error, uint8_t out_key[32], ol_address *out_address,
                           const ol_wallet_secret *secret, const ol_path *path) {
  ol_key key = {.depth = 0};
  ol_status status = OL_OK;
  if (secret->kind == OL_SECRET_KEY) {
    memcpy(key.secret, secret->bytes, sizeof key.secret);
  } else {
    status = ol_key_from_seed(error, &key, ol_slice_of(secret->bytes, sizeof secret->bytes));
    if (status == OL_OK) status = ol_key_derive(error, &key, &key, path);
  }
  if (status == OL_OK) status = ol_key_address(error, out_address, key.secret);
  if (status == OL_OK) memcpy(out_key, key.secret, sizeof key.secret);
  ol_key_wipe(&key);
  return status;
}

ol_status ol_label_read(ol_error *error, uint8_t out[OL_WALLET_LABEL], ol_slice label) {
  char visible[OL_WALLET_LABEL];
  if (label.len >= OL_WALLET_LABEL)
    return ol_fail(error, OL_ERR_ENCODING, OL_WALLET_LABEL - 1, "the label is longer than 63 bytes");
  const size_t len = ol_text_visible(visible, sizeof visible, label);
  if (len != label.len || (len > 0 && memcmp(visible, label.data, len) != 0))
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "the label has characters that cannot be seen");
  memset(out, 0, OL_WALLET_LABEL);
  if (len > 0) memcpy(out, label.data, len);
  return OL_OK;
}

ol_status ol_wallet_add_account(ol_error *error, ol_wallet *wallet, uint32_t *out, uint32_t secret,
                                const ol_path *path, ol_slice label, uint64_t now_ms) {
  ol_wallet_account account = {.secret = secret};
  uint8_t key[32];
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  if (secret >= wallet->secret_count) return refuse(error, "the wallet has no such secret");
  if (wallet->account_count == OL_WALLET_ACCOUNTS)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "the wallet has no room for another account");
  OL_TRY(ol_error_in(error, ol_label_read(error, account.label, label), "label", OL_NOWHERE));
  account.kind = wallet->secrets[secret].kind;
  if (account.kind == OL_SECRET_MNEMONIC) account.path = *path;
  OL_TRY(ol_wallet_derive(error, key, &account.address, &wallet->secrets[secret], path));
  const bool known = ol_wallet_account_of(wallet, &account.address) != OL_NOWHERE;
  if (!known) {
    *out = wallet->account_count;
    memcpy(wallet->keys[wallet->account_count], key, sizeof key);
    wallet->accounts[wallet->account_count++] = account;
  }
  ol_wipe(key, sizeof key);
  return known ? refuse(error, "the wallet has this account already") : OL_OK;
}

/* Forgets a secret that no account is of any longer. */
static void remove_secret(ol_wallet *wallet, uint32_t secret) {
  for (uint32_t i = 0; i < wallet->account_count; i++) {
    if (wallet->accounts[i].secret == secret) return;
  }
  wallet->secret_count--;
  memmove(&wallet->secrets[secret], &wallet->secrets[secret + 1],
          (wallet->secret_count - secret) * sizeof *wallet->secrets);
  ol_wipe(&wallet->secrets[wallet->secret_count], sizeof *wallet->secrets);
  for (uint32_t i = 0; i < wallet->account_count; i++) {
    if (wallet->accounts[i].secret > secret) wallet->accounts[i].secret--;
  }
}

ol_status ol_wallet_remove_account(ol_error *error, ol_wallet *wallet, const ol_address *address,
                                   uint64_t now_ms) {
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  const uint32_t index = ol_wallet_account_of(wallet, address);
  if (index == OL_NOWHERE) return refuse(error, "the wallet has no such account");
  const uint32_t secret = wallet->accounts[index].secret, behind = --wallet->account_count - index;
  memmove(&wallet->accounts[index], &wallet->accounts[index + 1], behind * sizeof *wallet->accounts);
  memmove(&wallet->keys[index], &wallet->keys[index + 1], behind * sizeof *wallet->keys);
  ol_wipe(&wallet->keys[wallet->account_count], sizeof *wallet->keys);
  ol_wipe(wallet->proposals, sizeof wallet->proposals); /* they name accounts by number */
  remove_secret(wallet, secret);
  return OL_OK;
}

int ol_wallet_account_at(const ol_wallet *wallet, ol_wallet_account *out, uint32_t index) {
  if (index >= wallet->account_count) return 0;
  *out = wallet->accounts[index];
  return 1;
}

ol_status ol_wallet_reveal_key(ol_error *error, ol_wallet *wallet, uint8_t out[32], const ol_address *address,
                               uint64_t now_ms) {
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  const uint32_t index = ol_wallet_account_of(wallet, address);
  if (index == OL_NOWHERE) return refuse(error, "the wallet has no such account");
  memcpy(out, wallet->keys[index], 32);
  return OL_OK;
}

ol_status ol_wallet_reveal_entropy(ol_error *error, ol_wallet *wallet, uint8_t out[32], size_t *out_len,
                                   uint32_t *out_language, const ol_address *address, uint64_t now_ms) {
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  const uint32_t index = ol_wallet_account_of(wallet, address);
  if (index == OL_NOWHERE) return refuse(error, "the wallet has no such account");
  const ol_wallet_secret *secret = &wallet->secrets[wallet->accounts[index].secret];
  if (secret->kind != OL_SECRET_MNEMONIC)
    return refuse(error, "the account is of a key, and has no mnemonic");
  memcpy(out, secret->entropy, secret->entropy_len);
  *out_len = secret->entropy_len;
  *out_language = secret->language;
  return OL_OK;
}

/* --- Policy --- */

ol_status ol_wallet_take_policy(ol_error *error, ol_wallet *wallet, ol_slice json, void *memory, size_t len) {
  ol_policy *policy;
  if (json.len > sizeof wallet->policy_json)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "the policy is longer than 16384 bytes");
  if (json.len > 0) {
    OL_TRY(ol_policy_read(error, &policy, json, memory, len));
    wallet->policy = *policy;
    memcpy(wallet->policy_json, json.data, json.len);
  }
  wallet->policy_len = (uint32_t)json.len;
  return OL_OK;
}

ol_status ol_wallet_set_policy(ol_error *error, ol_wallet *wallet, ol_slice json, uint64_t now_ms,
                               void *memory, size_t len) {
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  return ol_wallet_take_policy(error, wallet, json, memory, len);
}

void ol_wallet_policy(const ol_wallet *wallet, ol_slice *out) {
  *out = ol_slice_of(wallet->policy_json, wallet->policy_len);
}

ol_budget *ol_wallet_budget(ol_wallet *wallet) {
  return &wallet->budget;
}
