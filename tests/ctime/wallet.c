/* SPDX-License-Identifier: MIT */

/*
 * Vaults, keystores and a wallet. Which memory scrypt and Argon2id touch follows from the password, as they are defined
 * (RFC 7914, section 5; RFC 9106, section 3.4.1.3): what they go over is public while they do, and secret again after.
 */
#include "ctime/ctime.h"

#include "openledger/keystore.h"
#include "openledger/vault.h"
#include "secrets.h"
#include "wallet/derivation.h"
#include "wallet/wallet.h"

#include <stdlib.h>

#define NOW 1800000000000u

static ol_error error;
static _Alignas(16) uint8_t parse[65536];

static ol_slice password_of(const char *text) {
  static uint8_t bytes[64];
  const size_t len = strlen(text);
  memcpy(bytes, text, len);
  ctime_hide(bytes, len);
  return ol_slice_of(bytes, len);
}

static uint8_t *entropy_of(uint8_t first) {
  static uint8_t bytes[64];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(first + i);
  ctime_hide(bytes, sizeof bytes);
  return bytes;
}

static void derive(ol_derivation *derivation) {
  ol_kdf *kdf = &derivation->kdf;
  const bool shows = kdf->params.kind == OL_KDF_ARGON2ID || kdf->params.kind == OL_KDF_SCRYPT;
  if (shows) ctime_show(kdf->memory, kdf->len);
  while (ol_derivation_step(derivation)) continue;
  if (shows) ctime_hide(kdf->memory, kdf->len);
}

/* --- Vaults --- */

static uint8_t *memory;
static size_t memory_len;
static uint8_t vault[OL_VAULT_OVERHEAD + 20];
static const ol_vault_params least = {OL_VAULT_PASSES_LEAST, OL_VAULT_KIB_LEAST};

static bool seals_a_vault(void) {
  static uint8_t content[20] = "what an owner keeps";
  ol_derivation *derivation;
  size_t len = 0;
  memory_len = ol_vault_memory(&least);
  memory = calloc(1, memory_len);
  if (memory == NULL) return false;
  ctime_hide(content, sizeof content);
  if (ol_vault_seal_begin(&error, &derivation, &least, ol_slice_of(content, sizeof content),
                          password_of("password"), entropy_of(1), memory, memory_len) != OL_OK)
    return false;
  ctime_show(derivation->header,
             sizeof derivation->header); /* salt and nonce, which are written as they are */
  derive(derivation);
  bool good =
      ol_vault_seal_end(&error, derivation, vault, sizeof vault, &len) == OL_OK && len == sizeof vault;
  ctime_show(vault, sizeof vault);
  return good;
}

static ol_status open_vault(const char *password) {
  ol_derivation *derivation;
  uint8_t content[20];
  size_t len = 0;
  ol_status status = ol_vault_open_begin(&error, &derivation, ol_slice_of(vault, sizeof vault),
                                         password_of(password), memory, memory_len);
  if (status != OL_OK) return status;
  derive(derivation);
  return ol_vault_open_end(&error, derivation, content, sizeof content, &len);
}

static bool opens_a_vault(void) {
  return open_vault("password") == OL_OK && open_vault("passwore") == OL_ERR_CRYPTO;
}

/* --- Keystores --- */

static ol_status open_text(const char *text, const char *password) {
  ol_keystore keystore;
  ol_derivation *derivation;
  ol_address address;
  uint8_t key[32], entropy[32];
  size_t len = 0;
  ol_status status =
      ol_keystore_read(&error, &keystore, ol_slice_of(text, strlen(text)), parse, sizeof parse);
  if (status != OL_OK) return status;
  size_t room = ol_keystore_open_memory(&keystore);
  void *where = calloc(1, room);
  if (where == NULL) return OL_ERR_MEMORY;
  status = ol_keystore_open_begin(&error, &derivation, &keystore, password_of(password), where, room);
  if (status == OL_OK) {
    derive(derivation);
    status = ol_keystore_open_end(&error, derivation, key, &address, entropy, &len);
  }
  free(where);
  return status;
}

static bool opens_a_keystore(void) {
  return open_text(SECRETS_SCRYPT, SECRETS_PASSWORD) == OL_OK &&
         open_text(SECRETS_SCRYPT, "fop") == OL_ERR_CRYPTO;
}

static bool opens_a_presale_wallet(void) {
  return open_text(SECRETS_PRESALE, "") == OL_OK && open_text(SECRETS_PRESALE, "x") == OL_ERR_CRYPTO;
}

/* The rounds are left out: they are scrypt's, and take minutes here. */
static bool makes_a_keystore(void) {
  ol_derivation *derivation;
  char text[OL_KEYSTORE_MADE];
  size_t len = 0, room = ol_keystore_make_memory();
  void *where = calloc(1, room);
  if (where == NULL) return false;
  bool good = ol_keystore_make_begin(&error, &derivation, entropy_of(9), password_of("password"),
                                     entropy_of(9), where, room) == OL_OK;
  if (good) {
    ctime_show(&derivation->keystore, sizeof derivation->keystore); /* what is written as it is */
    derivation->kdf.done = derivation->kdf.total;
    good = ol_keystore_make_end(&error, derivation, text, sizeof text, &len) == OL_OK && len > 0;
  }
  free(where);
  return good;
}

/* --- A wallet --- */

static ol_wallet *wallet;
static ol_address account;

static bool fills_a_wallet(void) {
  static _Alignas(16) uint8_t room[sizeof(ol_wallet)];
  const ol_wallet_config config = {.idle_ms = 0};
  ol_path path;
  uint32_t secret, index;
  ol_path_accounts(&path);
  path.steps[path.depth++] = 0;
  if (ol_wallet_init(&error, &wallet, &config, entropy_of(60), NOW, room, sizeof room) != OL_OK ||
      ol_wallet_add_mnemonic(&error, wallet, &secret, entropy_of(1), ol_slice_of(entropy_of(1), 16), 0,
                             NOW) != OL_OK)
    return false;
  if (ol_wallet_add_mnemonic(&error, wallet, &secret, entropy_of(1), ol_slice_of(entropy_of(1), 16), 0,
                             NOW) != OL_ERR_ARGUMENT ||
      ol_wallet_add_key(&error, wallet, &secret, entropy_of(2), NOW) != OL_OK)
    return false;
  if (ol_wallet_add_account(&error, wallet, &index, 0, &path, ol_slice_of("a", 1), NOW) != OL_OK ||
      ol_wallet_add_account(&error, wallet, &index, 1, &path, ol_slice_of("b", 1), NOW) != OL_OK)
    return false;
  account = wallet->accounts[0].address;
  return true;
}

static bool signs_what_waits(void) {
  static const ol_slice extras[2] = {{.data = NULL, .len = 0}, {.data = (const uint8_t *)"", .len = 32}};
  for (size_t i = 0; i < 2; i++) {
    ol_decision decision;
    ol_signature signature;
    ol_slice extra = extras[i];
    if (extra.len > 0) extra.data = entropy_of(77);
    if (ol_wallet_propose_message(&error, wallet, &decision, &account, ol_slice_of("hello", 5), NOW) !=
            OL_OK ||
        ol_wallet_approve(&error, wallet, &decision.digest, NOW) != OL_OK ||
        ol_wallet_sign(&error, wallet, &signature, &decision, &decision.digest, NOW, extra) != OL_OK)
      return false;
  }
  return true;
}

/* What is secret of a wallet's content is where secrets are; lengths and addresses are not. */
static bool keeps_its_content(void) {
  static uint8_t content[OL_WALLET_CONTENT];
  size_t len = 0;
  if (ol_wallet_content(&error, wallet, content, sizeof content, &len, NOW) != OL_OK) return false;
  ol_wallet_lock(wallet);
  return ol_wallet_open(&error, wallet, ol_slice_of(content, len), NOW, parse, sizeof parse) == OL_OK &&
         wallet->account_count == 2;
}

static bool reveals(void) {
  uint8_t key[32], entropy[32];
  size_t len = 0;
  uint32_t language;
  return ol_wallet_reveal_key(&error, wallet, key, &account, NOW) == OL_OK &&
         ol_wallet_reveal_entropy(&error, wallet, entropy, &len, &language, &account, NOW) == OL_OK &&
         len == 16;
}

const ctime_check ctime_wallet[] = {
    {"sealing a vault, but for Argon2id's passes", seals_a_vault, false},
    {"opening a vault, but for Argon2id's passes", opens_a_vault, false},
    {"opening a keystore, but for scrypt's mixing", opens_a_keystore, false},
    {"opening a wallet of the presale", opens_a_presale_wallet, false},
    {"making a keystore, but for scrypt's mixing", makes_a_keystore, false},
    {"filling a wallet", fills_a_wallet, false},
    {"signing with a wallet", signs_what_waits, false},
    {"a wallet's content", keeps_its_content, false},
    {"what a wallet reveals", reveals, false},
};
const size_t ctime_wallet_count = sizeof ctime_wallet / sizeof ctime_wallet[0];
