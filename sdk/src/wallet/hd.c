/* SPDX-License-Identifier: MIT */
#include "openledger/key.h"

#include "crypto/hmac.h"
#include "crypto/secp256k1.h"

#include "base/poison.h"

#define DEEPEST 255

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Reads the step that begins at `*at`, and moves behind it. */
static ol_status read_step(ol_error *error, uint32_t *out, size_t *at, const char *text, size_t len) {
  const size_t start = *at;
  uint64_t value = 0;
  for (; *at < len && is_digit(text[*at]); ++*at) {
    if (*at > start && text[start] == '0')
      return ol_fail(error, OL_ERR_ENCODING, start, "step of the path has a leading zero");
    value = value * 10 + (uint32_t)(text[*at] - '0');
    if (value >= OL_PATH_HARDENED)
      return ol_fail(error, OL_ERR_ENCODING, start, "step of the path is not below 2^31");
  }
  if (*at == start) return ol_fail(error, OL_ERR_ENCODING, start, "step of the path is no number");
  if (*at < len && (text[*at] == '\'' || text[*at] == 'h' || text[*at] == 'H')) {
    value += OL_PATH_HARDENED;
    ++*at;
  }
  *out = (uint32_t)value;
  return OL_OK;
}

ol_status ol_path_from_text(ol_error *error, ol_path *out, const char *text, size_t len) {
  ol_path path = {0};
  size_t at = 1;
  ol_error_clear(error);
  if (len == 0 || text[0] != 'm') return ol_fail(error, OL_ERR_ENCODING, 0, "path does not begin with m");
  while (at < len) {
    if (text[at] != '/') return ol_fail(error, OL_ERR_ENCODING, at, "step of the path is not behind a /");
    if (path.depth == OL_PATH_STEPS) return ol_fail(error, OL_ERR_LIMIT, at, "path has too many steps");
    at++;
    OL_TRY(read_step(error, &path.steps[path.depth], &at, text, len));
    path.depth++;
  }
  *out = path;
  return OL_OK;
}

void ol_path_accounts(ol_path *out) {
  *out = (ol_path){.depth = 4, .steps = {OL_PATH_HARDENED + 44, OL_PATH_HARDENED + 60, OL_PATH_HARDENED, 0}};
}

void ol_key_wipe(ol_key *out) {
  ol_wipe(out, sizeof *out);
}

ol_status ol_key_from_seed(ol_error *error, ol_key *out, ol_slice seed_secret) {
  uint8_t both[64];
  ol_error_clear(error);
  if (seed_secret.len < 16 || seed_secret.len > 64)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "seed has not 16 to 64 bytes");
  ol_hmac_sha512(both, ol_slice_of("Bitcoin seed", 12), seed_secret);
  ol_status status = ol_secp256k1_key_check(error, both);
  if (status == OL_OK) {
    memcpy(out->secret, both, 32);
    memcpy(out->chain_code, both + 32, 32);
    out->depth = 0;
  }
  ol_wipe(both, sizeof both);
  return status;
}

/*
 * Out: a signer whose blinding comes from the key itself: that blinds the arithmetic for whoever watches it, and asks
 * for no entropy.
 */
static void blind(ol_secp256k1_signer *out, const uint8_t key_secret[32]) {
  ol_hash seed;
  ol_hmac_sha256(seed.bytes, ol_slice_of(key_secret, 32), ol_slice_of("blinding", 8));
  ol_secp256k1_signer_init(out, seed.bytes);
  ol_wipe(&seed, sizeof seed);
}

static ol_status public_of(ol_error *error, uint8_t out[33], const ol_secp256k1_signer *signer,
                           const uint8_t key_secret[32]) {
  ol_secp256k1_pubkey pubkey;
  OL_TRY(ol_secp256k1_pubkey_create(error, &pubkey, signer, key_secret));
  ol_secp256k1_pubkey_write_compressed(out, &pubkey);
  return OL_OK;
}

/* CKDpriv (BIP-32): `from` is 0 and the parent's key where the step is hardened, and else its public key. */
static ol_status derive_child(ol_error *error, uint8_t out[32], uint8_t out_chain_code[32],
                              const ol_hmac *hmac, const uint8_t from[33], const uint8_t parent_secret[32],
                              uint32_t step) {
  uint8_t number[4], both[64], child[32];
  ol_store_be32(number, step);
  ol_hmac_of(hmac, both, ol_slice_of(from, 33), ol_slice_of(number, sizeof number));
  memcpy(child, parent_secret, 32);
  ol_status status = ol_secp256k1_key_add(error, child, both);
  if (status == OL_OK) {
    memcpy(out, child, 32);
    memcpy(out_chain_code, both + 32, 32);
  }
  ol_wipe(both, sizeof both);
  ol_wipe(child, sizeof child);
  return status;
}

static ol_status derive_step(ol_error *error, ol_key *key, const ol_secp256k1_signer *signer, uint32_t step) {
  ol_hmac hmac;
  uint8_t from[33] = {0};
  ol_status status = OL_OK;
  if (step >= OL_PATH_HARDENED) {
    memcpy(from + 1, key->secret, 32);
  } else {
    status = public_of(error, from, signer, key->secret);
  }
  if (status == OL_OK) {
    ol_hmac_init(&hmac, OL_HMAC_SHA512, ol_slice_of(key->chain_code, 32));
    status = derive_child(error, key->secret, key->chain_code, &hmac, from, key->secret, step);
    ol_wipe(&hmac, sizeof hmac);
    key->depth++;
  }
  ol_wipe(from, sizeof from);
  return status;
}

ol_status ol_key_derive(ol_error *error, ol_key *out, const ol_key *parent, const ol_path *path) {
  ol_secp256k1_signer signer;
  ol_error_clear(error);
  if (path->depth > OL_PATH_STEPS) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "path has too many steps");
  if (parent->depth > DEEPEST - path->depth)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "key is too deep");
  OL_TRY(ol_secp256k1_key_check(error, parent->secret));
  ol_key key = *parent;
  ol_status status = OL_OK;
  bool blinded = false;
  for (uint32_t i = 0; i < path->depth && status == OL_OK; i++) {
    if (path->steps[i] < OL_PATH_HARDENED && !blinded) {
      blind(&signer, parent->secret);
      blinded = true;
    }
    status = ol_error_in(error, derive_step(error, &key, &signer, path->steps[i]), "step", i);
  }
  if (status == OL_OK) *out = key;
  ol_wipe(&key, sizeof key);
  if (blinded) ol_wipe(&signer, sizeof signer);
  return status;
}

static ol_status address_of(ol_error *error, ol_address *out, const ol_secp256k1_signer *signer,
                            const uint8_t key_secret[32]) {
  ol_secp256k1_pubkey pubkey;
  OL_TRY(ol_secp256k1_pubkey_create(error, &pubkey, signer, key_secret));
  ol_secp256k1_address(out, &pubkey);
  return OL_OK;
}

ol_status ol_key_accounts(ol_error *error, ol_address *out, size_t count, const ol_key *parent,
                          uint32_t first) {
  ol_secp256k1_signer signer;
  ol_hmac hmac;
  uint8_t from[33], secret[32], chain_code[32];
  ol_error_clear(error);
  if (count > OL_PATH_HARDENED || first > OL_PATH_HARDENED - count)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "number of a key is not below 2^31");
  if (parent->depth >= DEEPEST) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "key is too deep");
  blind(&signer, parent->secret);
  ol_status status = public_of(error, from, &signer, parent->secret);
  ol_hmac_init(&hmac, OL_HMAC_SHA512, ol_slice_of(parent->chain_code, 32));
  for (size_t i = 0; i < count && status == OL_OK; i++) {
    status = derive_child(error, secret, chain_code, &hmac, from, parent->secret, first + (uint32_t)i);
    if (status == OL_OK) status = address_of(error, &out[i], &signer, secret);
  }
  ol_wipe(&signer, sizeof signer);
  ol_wipe(&hmac, sizeof hmac);
  ol_wipe(secret, sizeof secret);
  ol_wipe(chain_code, sizeof chain_code);
  return status;
}

ol_status ol_key_address(ol_error *error, ol_address *out, const uint8_t key_secret[32]) {
  ol_secp256k1_signer signer;
  ol_error_clear(error);
  blind(&signer, key_secret);
  ol_status status = address_of(error, out, &signer, key_secret);
  ol_wipe(&signer, sizeof signer);
  return status;
}

/* The value of a hex digit; a bit above it for what is none. No branch, as the digits are secret. */
static uint32_t digit_of(uint8_t c) {
  uint32_t number = (uint32_t)c - '0', letter = ((uint32_t)c | 32) - 'a';
  uint32_t is_number = ((number - 10) & ~number) >> 31, is_letter = ((letter - 6) & ~letter) >> 31;
  uint32_t none = (is_number | is_letter) ^ 1;
  return (number & (0 - is_number)) | ((letter + 10) & (0 - is_letter)) | none << 8;
}

ol_status ol_key_from_text(ol_error *error, uint8_t out[32], ol_slice text_secret) {
  uint8_t key[32];
  uint32_t any = 0;
  const bool prefixed = text_secret.len == 66;
  ol_error_clear(error);
  if (text_secret.len != 64 && !prefixed)
    return ol_fail(error, OL_ERR_ENCODING, text_secret.len, "private key has not 64 hex digits");
  if (prefixed && memcmp(text_secret.data, "0x", 2) != 0)
    return ol_fail(error, OL_ERR_ENCODING, 0, "private key of 66 characters does not begin with 0x");
  const uint8_t *digits = text_secret.data + (prefixed ? 2 : 0);
  for (size_t i = 0; i < 32; i++) {
    uint32_t high = digit_of(digits[2 * i]), low = digit_of(digits[2 * i + 1]);
    any |= high | low;
    key[i] = (uint8_t)(high << 4 | low);
  }
  ol_status status = ol_disclose(any > 15) != 0
                         ? ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "private key is not in hex digits")
                         : ol_secp256k1_key_check(error, key);
  if (status == OL_OK) memcpy(out, key, sizeof key);
  ol_wipe(key, sizeof key);
  return status;
}
