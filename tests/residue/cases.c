/* SPDX-License-Identifier: MIT */
#include "residue/residue.h"

#include "crypto/curve25519.h"
#include "crypto/hmac.h"
#include "crypto/kdf.h"
#include "crypto/secp256k1.h"
#include "openledger/keystore.h"
#include "openledger/vault.h"
#include "wallet/derivation.h"
#include "wallet/wallet.h"

#include <secp256k1.h>
#include <stdlib.h>

#define NOW 1800000000000u
#define DEPTH 65536u /* bytes of the stack between the search and what it is about */
#define BELOW 131072u

static ol_error error;
static const ol_vault_params least = {OL_VAULT_PASSES_LEAST, OL_VAULT_KIB_LEAST};
static const ol_hash digest = {{7, 7, 7}};

/* What the cases take and give. */
static struct {
  uint8_t key[32], seed[64], entropy[32], password[40], passphrase[40], extra[32], blind[32], content[80];
  uint8_t message[96], other[32];
  char text[OL_MNEMONIC_MAX], hex[64];
  size_t text_len, out_len;
  uint8_t out[4096];
  ol_key extended, child;
  ol_path path;
} held;

/* What is sealed, and no secret. */
static uint8_t vault[OL_VAULT_OVERHEAD + sizeof held.content];
static char keystore[OL_KEYSTORE_MADE];
static size_t keystore_len;
static uint8_t *memory;
static size_t memory_len;
static _Alignas(16) uint8_t parse[65536];
static ol_wallet wallet;
static ol_address account;
static volatile uint8_t sink;
static uint8_t left[64]; /* by plants */

static ol_slice slice_of(const uint8_t *bytes, size_t len) {
  return ol_slice_of(bytes, len);
}
#define HELD(name) slice_of(held.name, sizeof held.name)

static void fill_held(void) {
  memset(&held, 0, sizeof held);
  residue_fill(held.key, sizeof held.key, 1);
  held.key[0] &= 0x7f;
  residue_fill(held.seed, sizeof held.seed, 2);
  residue_fill(held.entropy, sizeof held.entropy, 3);
  residue_fill(held.password, sizeof held.password, 4);
  residue_fill(held.passphrase, sizeof held.passphrase, 5);
  for (size_t i = 0; i < sizeof held.passphrase; i++)
    held.passphrase[i] = (uint8_t)('A' + held.passphrase[i] % 58);
  residue_fill(held.extra, sizeof held.extra, 6);
  residue_fill(held.blind, sizeof held.blind, 7);
  residue_fill(held.content, sizeof held.content, 8);
  residue_fill(held.message, sizeof held.message, 9);
  residue_fill(held.other, sizeof held.other, 10);
  ol_path_accounts(&held.path);
  held.path.steps[held.path.depth++] = 0;
}

void residue_clear(void) {
  ol_wipe(&held, sizeof held);
}

void residue_erase(void) {
  ol_wipe(left, sizeof left);
  ol_wipe(&wallet, sizeof wallet);
  ol_wipe(memory, memory_len);
}

__attribute__((noinline)) void residue_clear_stack(void) {
  uint8_t below[DEPTH + BELOW];
  ol_wipe(below, sizeof below);
}

__attribute__((noinline)) bool residue_run(const residue_case *one) {
  uint8_t between[DEPTH];
  ol_wipe(between, sizeof between);
  fill_held();
  bool good = one->run();
  ol_wipe(between, 1);
  return good;
}

/* --- Signing and keys --- */

static bool sign_with(const uint8_t *extra) {
  ol_secp256k1_signer signer;
  ol_ecdsa_signature signature;
  ol_secp256k1_signer_init(&signer, held.blind);
  return ol_ecdsa_sign(&error, &signature, &signer, &digest, held.key, extra) == OL_OK;
}

static bool signs(void) {
  return sign_with(NULL);
}

static bool signs_hedged(void) {
  return sign_with(held.extra);
}

static bool makes_an_address(void) {
  return ol_key_address(&error, &account, held.key) == OL_OK;
}

static bool makes_a_master_key(void) {
  return ol_key_from_seed(&error, &held.extended, HELD(seed)) == OL_OK;
}

static bool derives(void) {
  return ol_key_from_seed(&error, &held.extended, HELD(seed)) == OL_OK &&
         ol_key_derive(&error, &held.child, &held.extended, &held.path) == OL_OK;
}

static bool lists_accounts(void) {
  ol_address addresses[3];
  ol_path path;
  ol_path_accounts(&path);
  return ol_key_from_seed(&error, &held.extended, HELD(seed)) == OL_OK &&
         ol_key_derive(&error, &held.extended, &held.extended, &path) == OL_OK &&
         ol_key_accounts(&error, addresses, 3, &held.extended, 0) == OL_OK;
}

static bool reads_a_key(void) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < 64; i++) held.hex[i] = digits[held.key[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
  return ol_key_from_text(&error, held.other, ol_slice_of(held.hex, 64)) == OL_OK;
}

static bool agrees(void) {
  ol_secp256k1_signer signer;
  ol_secp256k1_pubkey pubkey;
  ol_secp256k1_signer_init(&signer, held.blind);
  return ol_secp256k1_pubkey_create(&error, &pubkey, &signer, held.other) == OL_OK &&
         ol_secp256k1_ecdh(&error, held.out, &pubkey, held.key) == OL_OK;
}

static bool curve25519(void) {
  uint8_t pubkey[32];
  ol_x25519_pubkey(pubkey, held.key);
  ol_ed25519_sign(held.out, held.key, HELD(message));
  return ol_x25519(&error, held.out, pubkey, held.key) == OL_OK;
}

/* --- Mnemonics --- */

static bool write_text(void) {
  ol_words words;
  ol_words_english(&words);
  return ol_mnemonic_from_entropy(&error, held.text, sizeof held.text, &held.text_len, &words,
                                  HELD(entropy)) == OL_OK;
}

static bool reads_a_mnemonic(void) {
  ol_words words;
  ol_words_english(&words);
  return write_text() && ol_mnemonic_to_entropy(&error, held.out, &held.out_len, &words,
                                                ol_slice_of(held.text, held.text_len)) == OL_OK;
}

static bool refuses_a_mnemonic(void) {
  ol_words words;
  ol_words_english(&words);
  if (!write_text()) return false;
  held.text[0] = 'z', held.text[1] = 'z';
  return ol_mnemonic_to_entropy(&error, held.out, &held.out_len, &words,
                                ol_slice_of(held.text, held.text_len)) != OL_OK;
}

static bool makes_a_seed(void) {
  return write_text() &&
         ol_mnemonic_seed(&error, held.out, ol_slice_of(held.text, held.text_len), HELD(passphrase)) == OL_OK;
}

/* --- Vaults --- */

static ol_status open_vault(void) {
  ol_derivation *derivation;
  ol_status status = ol_vault_open_begin(&error, &derivation, ol_slice_of(vault, sizeof vault),
                                         HELD(password), memory, memory_len);
  if (status != OL_OK) return status;
  while (ol_derivation_step(derivation)) continue;
  return ol_vault_open_end(&error, derivation, held.out, sizeof held.out, &held.out_len);
}

static bool opens_a_vault(void) {
  return open_vault() == OL_OK;
}

static bool refuses_a_password(void) {
  held.password[39] ^= 1;
  return open_vault() == OL_ERR_CRYPTO;
}

static bool drops_a_vault(void) {
  ol_derivation *derivation;
  if (ol_vault_open_begin(&error, &derivation, ol_slice_of(vault, sizeof vault), HELD(password), memory,
                          memory_len) != OL_OK)
    return false;
  (void)ol_derivation_step(derivation);
  ol_derivation_drop(derivation);
  return true;
}

static bool seals_a_vault(void) {
  ol_derivation *derivation;
  residue_fill(held.out, 64, 11);
  if (ol_vault_seal_begin(&error, &derivation, &least, HELD(content), HELD(password), held.out, memory,
                          memory_len) != OL_OK)
    return false;
  while (ol_derivation_step(derivation)) continue;
  return ol_vault_seal_end(&error, derivation, vault, sizeof vault, &held.out_len) == OL_OK;
}

/* --- Keystores --- */

static bool open_text(const char *text, size_t len) {
  ol_keystore read;
  ol_derivation *derivation;
  if (ol_keystore_read(&error, &read, ol_slice_of(text, len), parse, sizeof parse) != OL_OK ||
      ol_keystore_open_begin(&error, &derivation, &read, HELD(password), memory, memory_len) != OL_OK)
    return false;
  while (ol_derivation_step(derivation)) continue;
  return ol_keystore_open_end(&error, derivation, held.out, &account, held.out + 32, &held.out_len) ==
             OL_OK &&
         memcmp(held.out, held.key, 32) == 0;
}

static bool opens_a_keystore(void) {
  return open_text(keystore, keystore_len);
}

static bool makes_a_keystore(void) {
  ol_derivation *derivation;
  residue_fill(held.out, 64, 12);
  if (ol_keystore_make_begin(&error, &derivation, held.key, HELD(password), held.out, memory, memory_len) !=
      OL_OK)
    return false;
  while (ol_derivation_step(derivation)) continue;
  return ol_keystore_make_end(&error, derivation, keystore, sizeof keystore, &keystore_len) == OL_OK;
}

/* --- Wallets --- */

static bool unlock(void) {
  const ol_wallet_config config = {.idle_ms = 0};
  ol_wallet *made;
  uint32_t secret, index;
  if (ol_wallet_init(&error, &made, &config, held.blind, NOW, &wallet, sizeof wallet) != OL_OK ||
      ol_wallet_add_mnemonic(&error, made, &secret, held.seed, HELD(entropy), 0, NOW) != OL_OK ||
      ol_wallet_add_account(&error, made, &index, secret, &held.path, ol_slice_of("a", 1), NOW) != OL_OK ||
      ol_wallet_add_key(&error, made, &secret, held.key, NOW) != OL_OK ||
      ol_wallet_add_account(&error, made, &index, secret, &held.path, ol_slice_of("b", 1), NOW) != OL_OK)
    return false;
  account = wallet.accounts[1].address;
  return true;
}

static bool signs_with_a_wallet(void) {
  ol_decision decision;
  ol_signature signature;
  return unlock() &&
         ol_wallet_propose_message(&error, &wallet, &decision, &account, ol_slice_of("hello", 5), NOW) ==
             OL_OK &&
         ol_wallet_approve(&error, &wallet, &decision.digest, NOW) == OL_OK &&
         ol_wallet_sign(&error, &wallet, &signature, &decision, &decision.digest, NOW, HELD(extra)) == OL_OK;
}

static bool locks(void) {
  if (!signs_with_a_wallet()) return false;
  ol_wallet_lock(&wallet);
  return true;
}

static bool opens_and_locks(void) {
  if (!unlock() || ol_wallet_content(&error, &wallet, held.out, sizeof held.out, &held.out_len, NOW) != OL_OK)
    return false;
  ol_wallet_lock(&wallet);
  if (ol_wallet_open(&error, &wallet, ol_slice_of(held.out, held.out_len), NOW, parse, sizeof parse) != OL_OK)
    return false;
  ol_wallet_lock(&wallet);
  return true;
}

static bool refuses_a_content(void) {
  if (!unlock() || ol_wallet_content(&error, &wallet, held.out, sizeof held.out, &held.out_len, NOW) != OL_OK)
    return false;
  return ol_wallet_open(&error, &wallet, ol_slice_of(held.out, held.out_len - 1), NOW, parse, sizeof parse) !=
         OL_OK;
}

/* --- Plants --- */

static bool leaves_a_copy(void) {
  volatile uint8_t copy[32];
  for (size_t i = 0; i < 32; i++) copy[i] = held.key[i];
  sink = copy[5];
  return true;
}

static bool leaves_it_turned_around(void) {
  for (size_t i = 0; i < 32; i++) left[i] = held.key[31 - i];
  return true;
}

static bool leaves_words(void) {
  for (size_t i = 0; i < 64; i++) left[i] = held.seed[i / 8 * 8 + 7 - i % 8];
  return true;
}

static bool leaves_a_padded_password(void) {
  for (size_t i = 0; i < sizeof held.password; i++) left[i] = held.password[i] ^ 0x5c;
  return true;
}

static bool leaves_a_part(void) {
  memcpy(left + 3, held.content + 20, RESIDUE_WINDOW);
  return true;
}

static bool leaves_it_in_the_heap(void) {
  memcpy(memory + memory_len / 2, held.entropy, 32);
  return true;
}

/* --- What is searched for --- */

static bool add_keys(void) {
  uint8_t behind[33] = {0};
  ol_key key;
  if (ol_key_from_seed(&error, &key, HELD(seed)) != OL_OK) return false;
  for (uint32_t depth = 0;; depth++) {
    memcpy(behind + 1, key.secret, 32);
    residue_add("derived key", behind, 33);
    residue_add("derived key", key.secret, 32);
    residue_add("chain code", key.chain_code, 32);
    if (depth == held.path.depth) return true;
    const ol_path step = {.depth = 1, .steps = {held.path.steps[depth]}};
    if (ol_key_derive(&error, &key, &key, &step) != OL_OK) return false;
  }
}

static void add_nonces(const ol_hash *of) {
  const uint8_t *extras[2] = {NULL, held.extra};
  uint8_t nonce[32];
  for (size_t i = 0; i < 2; i++) {
    if (secp256k1_nonce_function_rfc6979(nonce, of->bytes, held.key, NULL, (void *)(uintptr_t)extras[i], 0) ==
        1)
      residue_add("nonce", nonce, sizeof nonce);
  }
}

static void add_state(const char *name, ol_hmac_hash hash, ol_slice key) {
  ol_hmac hmac;
  ol_hmac_init(&hmac, hash, key);
  residue_add(name, &hmac.inner, 96);
  residue_add(name, &hmac.outer, 96);
}

static bool add_derived(const uint8_t *salt, const ol_kdf_params *params) {
  uint8_t key[32];
  ol_kdf_params with = *params;
  with.salt = salt == NULL ? params->salt : ol_slice_of(salt, 16);
  if (ol_kdf_run(&error, key, &with, HELD(password), memory, memory_len) != OL_OK) return false;
  residue_add("key of the password", key, sizeof key);
  return true;
}

static bool add_secrets(void) {
  const ol_kdf_params argon2id = {
      .kind = OL_KDF_ARGON2ID, .cost = least.passes, .size = least.memory_kib, .key_len = 32};
  ol_keystore read;
  ol_hash hello;
  residue_forget();
  residue_add("key", held.key, sizeof held.key);
  residue_add("seed", held.seed, sizeof held.seed);
  residue_add("entropy", held.entropy, sizeof held.entropy);
  residue_add("password", held.password, sizeof held.password);
  residue_add("passphrase", held.passphrase, sizeof held.passphrase);
  residue_add("content", held.content, sizeof held.content);
  add_state("HMAC's state of the password", OL_HMAC_SHA256, HELD(password));
  add_nonces(&digest);
  ol_message_digest(&hello, (const uint8_t *)"hello", 5);
  add_nonces(&hello);
  if (!write_text() || !makes_a_seed()) return false;
  residue_add("mnemonic", held.text, 120);
  residue_add("seed of the mnemonic", held.out, 64);
  if (held.text_len > 128) {
    uint8_t hashed[64];
    ol_sha512(hashed, (const uint8_t *)held.text, held.text_len);
    residue_add("hash of the mnemonic", hashed, sizeof hashed);
    add_state("HMAC's state of the mnemonic", OL_HMAC_SHA512, ol_slice_of(hashed, 64));
  }
  add_state("HMAC's state of the seed", OL_HMAC_SHA512, HELD(seed));
  if (ol_keystore_read(&error, &read, ol_slice_of(keystore, keystore_len), parse, sizeof parse) != OL_OK)
    return false;
  const ol_kdf_params scrypt = {.kind = OL_KDF_SCRYPT,
                                .cost = read.cost,
                                .size = read.r,
                                .lanes = read.p,
                                .key_len = 32,
                                .salt = ol_slice_of(read.salt, read.salt_len)};
  return add_keys() && add_derived(vault + 16, &argon2id) && add_derived(NULL, &scrypt);
}

bool residue_prepare(void) {
  memory_len = ol_keystore_make_memory();
  memory = malloc(memory_len);
  if (memory == NULL) return false;
  memset(memory, 0, memory_len);
  fill_held();
  bool good = makes_a_keystore() && seals_a_vault();
  fill_held();
  good = good && add_secrets();
  ol_wipe(memory, memory_len);
  residue_clear();
  return good;
}

#define PLANT(name, run)                                                                                     \
  { name, run, true, NULL, 0 }
#define GONE(name, run)                                                                                      \
  { name, run, false, NULL, 0 }
#define ONLY_IN(name, run, where)                                                                            \
  { name, run, false, &(where), sizeof(where) }

const residue_case residue_cases[] = {
    PLANT("planted: a copy on the stack", leaves_a_copy),
    PLANT("planted: a key turned around", leaves_it_turned_around),
    PLANT("planted: a seed as words", leaves_words),
    PLANT("planted: a password with a pad", leaves_a_padded_password),
    PLANT("planted: a part of a content", leaves_a_part),
    PLANT("planted: entropy in the heap", leaves_it_in_the_heap),
    PLANT("an unlocked wallet holds its secrets", unlock),
    ONLY_IN("but holds them nowhere else", unlock, wallet),
    ONLY_IN("nor when it has signed", signs_with_a_wallet, wallet),
    GONE("a locked wallet holds none", locks),
    GONE("nor one that was opened and locked", opens_and_locks),
    GONE("nor one whose content was refused", refuses_a_content),
    GONE("signing", signs),
    GONE("signing, hedged", signs_hedged),
    GONE("address of a key", makes_an_address),
    GONE("master key of a seed", makes_a_master_key),
    GONE("derived keys", derives),
    GONE("accounts of a key", lists_accounts),
    GONE("key in hex digits", reads_a_key),
    GONE("ECDH", agrees),
    GONE("X25519 and Ed25519", curve25519),
    GONE("mnemonic of entropy", write_text),
    GONE("entropy of a mnemonic", reads_a_mnemonic),
    GONE("a mnemonic that is none", refuses_a_mnemonic),
    GONE("seed of a mnemonic", makes_a_seed),
    GONE("opening a vault", opens_a_vault),
    GONE("opening a vault with a wrong password", refuses_a_password),
    GONE("giving up opening a vault", drops_a_vault),
    GONE("sealing a vault", seals_a_vault),
    GONE("opening a keystore", opens_a_keystore),
    GONE("making a keystore", makes_a_keystore),
};
const size_t residue_count = sizeof residue_cases / sizeof residue_cases[0];
