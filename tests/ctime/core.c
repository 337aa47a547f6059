/* SPDX-License-Identifier: MIT */

/* Cryptography, keys and mnemonics. */
#include "ctime/ctime.h"

#include "crypto/aead.h"
#include "crypto/aes.h"
#include "crypto/curve25519.h"
#include "crypto/hmac.h"
#include "crypto/kdf.h"
#include "crypto/secp256k1.h"
#include "openledger/key.h"
#include "openledger/mnemonic.h"
#include "secrets.h"

static ol_error error;
static const ol_hash digest = {{7, 7, 7}};

/* A secret of as many bytes, which count up. */
static uint8_t *secret_of(size_t len, uint8_t first) {
  static uint8_t bytes[8][256];
  static size_t next;
  uint8_t *out = bytes[next++ % 8];
  for (size_t i = 0; i < len; i++) out[i] = (uint8_t)(first + i);
  ctime_hide(out, len);
  return out;
}

static ol_slice secret_slice(size_t len, uint8_t first) {
  return ol_slice_of(secret_of(len, first), len);
}

/* Whether public bytes are not all zero. */
static bool is_there(void *bytes, size_t len) {
  ctime_show(bytes, len);
  return !ol_is_zero(ol_slice_of(bytes, len));
}

static void signer_of(ol_secp256k1_signer *out) {
  ol_secp256k1_signer_init(out, secret_of(32, 90));
}

/* --- secp256k1 --- */

static bool signs_with(const uint8_t *extra) {
  ol_secp256k1_signer signer;
  ol_ecdsa_signature signature;
  signer_of(&signer);
  return ol_ecdsa_sign(&error, &signature, &signer, &digest, secret_of(32, 1), extra) == OL_OK &&
         is_there(&signature, sizeof signature);
}

static bool signs(void) {
  return signs_with(NULL);
}

static bool signs_hedged(void) {
  return signs_with(secret_of(32, 40));
}

static bool makes_a_public_key(void) {
  ol_secp256k1_signer signer;
  ol_secp256k1_pubkey pubkey;
  signer_of(&signer);
  return ol_secp256k1_pubkey_create(&error, &pubkey, &signer, secret_of(32, 1)) == OL_OK &&
         is_there(&pubkey, sizeof pubkey);
}

static bool checks_keys(void) {
  uint8_t zero[32] = {0}, large[32];
  memset(large, 0xff, sizeof large);
  ctime_hide(zero, sizeof zero);
  ctime_hide(large, sizeof large);
  return ol_secp256k1_key_check(&error, secret_of(32, 1)) == OL_OK &&
         ol_secp256k1_key_check(&error, zero) == OL_ERR_CRYPTO &&
         ol_secp256k1_key_check(&error, large) == OL_ERR_CRYPTO;
}

static bool adds_keys(void) {
  return ol_secp256k1_key_add(&error, secret_of(32, 1), secret_of(32, 2)) == OL_OK;
}

static bool agrees_on_a_secret(void) {
  ol_secp256k1_signer signer;
  ol_secp256k1_pubkey pubkey;
  uint8_t hashed[32], x[32];
  signer_of(&signer);
  if (ol_secp256k1_pubkey_create(&error, &pubkey, &signer, secret_of(32, 9)) != OL_OK) return false;
  ctime_show(&pubkey, sizeof pubkey);
  return ol_secp256k1_ecdh(&error, hashed, &pubkey, secret_of(32, 1)) == OL_OK &&
         ol_secp256k1_ecdh_x(&error, x, &pubkey, secret_of(32, 1)) == OL_OK && is_there(x, sizeof x);
}

/* --- Curve25519 --- */

static bool curve25519(void) {
  uint8_t pubkey[32], shared[32], signature[64];
  ol_x25519_pubkey(pubkey, secret_of(32, 3));
  ctime_show(pubkey, sizeof pubkey);
  if (ol_x25519(&error, shared, pubkey, secret_of(32, 4)) != OL_OK || !is_there(shared, sizeof shared))
    return false;
  ol_ed25519_pubkey(pubkey, secret_of(32, 5));
  ol_ed25519_sign(signature, secret_of(32, 5), ol_slice_of("message", 7));
  return is_there(signature, sizeof signature);
}

/* --- HMAC, PBKDF2, AES, AEAD, comparison --- */

static bool authenticates(void) {
  uint8_t short_sum[32], long_sum[64];
  ol_hmac_sha256(short_sum, secret_slice(200, 1), secret_slice(77, 2));
  ol_hmac_sha512(long_sum, secret_slice(200, 1), secret_slice(177, 2));
  return is_there(short_sum, 32) && is_there(long_sum, 64);
}

static bool derives_by(ol_kdf_kind kind) {
  uint8_t out[70], memory[512];
  const ol_kdf_params params = {.kind = kind, .cost = 3, .key_len = sizeof out, .salt = secret_slice(20, 6)};
  return ol_kdf_run(&error, out, &params, secret_slice(30, 5), memory, sizeof memory) == OL_OK &&
         is_there(out, sizeof out);
}

static bool derives_by_pbkdf2(void) {
  return derives_by(OL_KDF_PBKDF2_SHA256) && derives_by(OL_KDF_PBKDF2_SHA512);
}

static bool encrypts_with_aes(void) {
  const uint8_t counter[OL_AES_BLOCK] = {1};
  uint8_t out[48];
  ol_aes_ctr(out, secret_slice(48, 1), secret_slice(16, 2), counter);
  if (!is_there(out, sizeof out)) return false;
  ol_aes_ctr(out, secret_slice(45, 1), secret_slice(32, 2), counter);
  ol_aes_cbc_decrypt(out, secret_slice(48, 1), secret_slice(16, 2), counter);
  return is_there(out, sizeof out);
}

static bool seals_and_opens(void) {
  uint8_t sealed[100], opened[100], tag[OL_AEAD_TAG_BYTES];
  const uint8_t nonce[OL_AEAD_NONCE_BYTES] = {1};
  const ol_slice about = ol_slice_of("header", 6);
  ol_aead_seal(sealed, tag, secret_slice(100, 3), about, nonce, secret_of(32, 4));
  ctime_show(sealed, sizeof sealed);
  ctime_show(tag, sizeof tag);
  ol_slice from = ol_slice_of(sealed, sizeof sealed);
  return ol_aead_open(&error, opened, from, tag, about, nonce, secret_of(32, 4)) == OL_OK &&
         ol_aead_open(&error, opened, from, tag, about, nonce, secret_of(32, 5)) == OL_ERR_CRYPTO;
}

static bool compares(void) {
  return ol_equal_secret(secret_of(40, 1), secret_of(40, 1), 40) &&
         !ol_equal_secret(secret_of(40, 1), secret_of(40, 2), 40);
}

/* --- Keys --- */

static ol_key master(void) {
  ol_key key = {.depth = 0};
  if (ol_key_from_seed(&error, &key, secret_slice(64, 1)) != OL_OK) key.depth = 99;
  return key;
}

static bool makes_a_master_key(void) {
  return master().depth == 0;
}

static bool derives_keys(void) {
  ol_key key = master();
  ol_path path;
  ol_path_accounts(&path);
  path.steps[path.depth++] = 3;
  return ol_key_derive(&error, &key, &key, &path) == OL_OK && key.depth == 5;
}

static bool lists_accounts(void) {
  ol_key key = master();
  ol_address accounts[3], address;
  return ol_key_accounts(&error, accounts, 3, &key, 0) == OL_OK && is_there(accounts, sizeof accounts) &&
         ol_key_address(&error, &address, key.secret) == OL_OK && is_there(&address, sizeof address);
}

static bool reads_a_key(void) {
  static const char digits[] = "0x0123456789abcdefABCDEF0123456789abcdef0123456789abcdef0123456789";
  uint8_t text[66], key[32];
  memcpy(text, digits, sizeof text);
  ctime_hide(text + 2, sizeof text - 2);
  if (ol_key_from_text(&error, key, ol_slice_of(text, sizeof text)) != OL_OK) return false;
  text[40] = 'g';
  ctime_hide(text + 40, 1);
  return ol_key_from_text(&error, key, ol_slice_of(text, sizeof text)) == OL_ERR_ENCODING;
}

/* --- Mnemonics --- */

static bool writes_mnemonics(void) {
  char text[OL_MNEMONIC_MAX];
  size_t len = 0;
  ol_words words;
  ol_words_english(&words);
  return ol_mnemonic_from_entropy(&error, text, sizeof text, &len, &words, secret_slice(16, 0x7f)) == OL_OK &&
         ol_mnemonic_create(&error, text, sizeof text, &len, &words, 24, secret_of(32, 1)) == OL_OK &&
         len > 24;
}

static ol_slice words_in(uint8_t *text, size_t last_letters) {
  static const char words[] = SECRETS_WORDS;
  const size_t len = sizeof words - 1;
  memcpy(text, words, len);
  for (size_t i = 0; i < last_letters; i++) text[len - 1 - i] = 'z';
  ctime_hide_letters(text, len);
  return ol_slice_of(text, len);
}

static bool reads_mnemonics(void) {
  uint8_t text[OL_MNEMONIC_MAX], entropy[32];
  size_t len = 0;
  ol_words words;
  ol_words_english(&words);
  if (ol_mnemonic_to_entropy(&error, entropy, &len, &words, words_in(text, 0)) != OL_OK || len != 16)
    return false;
  memcpy(text, "lemon", 5); /* a word, but the checksum is another */
  ctime_hide_letters(text, 5);
  if (ol_mnemonic_to_entropy(&error, entropy, &len, &words, ol_slice_of(text, sizeof SECRETS_WORDS - 1)) !=
      OL_ERR_MISMATCH)
    return false;
  return ol_mnemonic_to_entropy(&error, entropy, &len, &words, words_in(text, 1)) == OL_ERR_ENCODING;
}

static bool makes_a_seed(void) {
  uint8_t text[OL_MNEMONIC_MAX], phrase[6] = "trezor", seed[64];
  ctime_hide_letters(phrase, sizeof phrase);
  return ol_mnemonic_seed(&error, seed, words_in(text, 0), ol_slice_of(phrase, sizeof phrase)) == OL_OK;
}

const ctime_check ctime_core[] = {
    {"signing", signs, false},
    {"signing, hedged", signs_hedged, false},
    {"public key", makes_a_public_key, false},
    {"check of a key", checks_keys, false},
    {"sum of keys", adds_keys, false},
    {"ECDH", agrees_on_a_secret, false},
    {"X25519 and Ed25519", curve25519, false},
    {"HMAC", authenticates, false},
    {"PBKDF2", derives_by_pbkdf2, false},
    {"AES", encrypts_with_aes, false},
    {"sealing and opening", seals_and_opens, false},
    {"comparison of secrets", compares, false},
    {"master key of a seed", makes_a_master_key, false},
    {"derived keys", derives_keys, false},
    {"accounts of a key", lists_accounts, false},
    {"key in hex digits", reads_a_key, false},
    {"mnemonic of entropy", writes_mnemonics, false},
    {"entropy of a mnemonic", reads_mnemonics, false},
    {"seed of a mnemonic", makes_a_seed, false},
};
const size_t ctime_core_count = sizeof ctime_core / sizeof ctime_core[0];
