/* SPDX-License-Identifier: MIT */
#include "wallet/keystore.h"

#include "base/arena.h"
#include "crypto/aes.h"
#include "crypto/keccak.h"
#include "encoding/hex.h"
#include "encoding/json.h"
#include "openledger/mnemonic.h"
#include "wallet/derivation.h"

#include "base/poison.h"

#define AES_KEY 16 /* the first half of the derived key; the second is for the MAC */
#define DERIVED 32
#define DERIVED_MORE 64 /* with a mnemonic, whose key is the last 32 */

static const char wrong_password[] = "the password is wrong, or the text was changed";

void ol_keystore_kdf_of(ol_kdf_params *out, const ol_keystore *keystore) {
  const bool scrypt = keystore->kdf == OL_KEYSTORE_SCRYPT;
  *out = (ol_kdf_params){.kind = scrypt ? OL_KDF_SCRYPT : OL_KDF_PBKDF2_SHA256,
                         .cost = keystore->cost,
                         .size = keystore->r,
                         .lanes = keystore->p,
                         .key_len = keystore->entropy_len > 0 ? DERIVED_MORE : DERIVED,
                         .salt = ol_slice_of(keystore->salt, keystore->salt_len)};
}

size_t ol_keystore_open_memory(const ol_keystore *keystore) {
  ol_kdf_params params;
  ol_keystore_kdf_of(&params, keystore);
  return keystore->kdf == 0 ? 0 : ol_derivation_memory(&params);
}

ol_status ol_keystore_open_begin(ol_error *error, ol_derivation **out, const ol_keystore *keystore,
                                 ol_slice password_secret, void *memory, size_t len) {
  ol_derivation *derivation;
  ol_slice rest;
  ol_kdf_params params;
  ol_error_clear(error);
  if (keystore->kdf < OL_KEYSTORE_SCRYPT || keystore->kdf > OL_KEYSTORE_PRESALE ||
      keystore->salt_len > sizeof keystore->salt || keystore->sealed_len > sizeof keystore->sealed ||
      keystore->entropy_len > sizeof keystore->entropy)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "keystore was not read");
  OL_TRY(ol_derivation_place(error, &derivation, &rest, memory, len));
  derivation->purpose = OL_PURPOSE_OPEN_KEYSTORE;
  derivation->keystore = *keystore;
  ol_keystore_kdf_of(&params, &derivation->keystore);
  if (keystore->kdf == OL_KEYSTORE_PRESALE) params.salt = password_secret;
  OL_TRY(ol_derivation_begin(error, derivation, rest, &params, password_secret));
  /* Few enough rounds for one step, which is done here, so that the password need not stay for being the salt. */
  if (keystore->kdf == OL_KEYSTORE_PRESALE) (void)ol_derivation_step(derivation);
  *out = derivation;
  return OL_OK;
}

static void mac_of(uint8_t out[32], const uint8_t derived[DERIVED], ol_slice sealed) {
  ol_keccak keccak;
  ol_hash hash;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, derived + AES_KEY, DERIVED - AES_KEY);
  ol_keccak_update(&keccak, sealed.data, sealed.len);
  ol_keccak_final(&keccak, &hash);
  memcpy(out, hash.bytes, sizeof hash.bytes);
}

/* Returns: of the last block, how many of its bytes are padding (PKCS #7); 0 when they are not. */
static uint32_t padding_of(const uint8_t block_secret[OL_AES_BLOCK]) {
  const uint32_t last = block_secret[OL_AES_BLOCK - 1];
  uint32_t wrong = (last - 1) & ~(uint32_t)15; /* not from 1 to 16 */
  for (uint32_t i = 1; i <= OL_AES_BLOCK; i++) {
    const uint32_t is_padding = (i - last - 1) >> 31;
    wrong |= (0 - is_padding) & (block_secret[OL_AES_BLOCK - i] ^ last);
  }
  return ol_disclose((((wrong | (0 - wrong)) >> 31) - 1) & last);
}

/* The key is the hash of a seed that was padded to whole blocks: as many bytes as each of them says (PKCS #7). */
static ol_status open_presale(ol_error *error, uint8_t out[32], const ol_keystore *keystore,
                              const uint8_t derived[DERIVED]) {
  uint8_t seed[OL_KEYSTORE_SEED];
  ol_hash hash;
  const uint32_t len = keystore->sealed_len;
  ol_aes_cbc_decrypt(seed, ol_slice_of(keystore->sealed, len), ol_slice_of(derived, AES_KEY), keystore->iv);
  const uint32_t padding = padding_of(seed + len - OL_AES_BLOCK);
  const bool right = padding != 0;
  if (right) {
    ol_keccak256(&hash, seed, len - padding);
    memcpy(out, hash.bytes, sizeof hash.bytes);
    ol_wipe(&hash, sizeof hash);
  }
  ol_wipe(seed, sizeof seed);
  return right ? OL_OK : ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, wrong_password);
}

static ol_status open_version_3(ol_error *error, uint8_t out[32], const ol_keystore *keystore,
                                const uint8_t derived[DERIVED]) {
  uint8_t mac[32];
  ol_slice sealed = ol_slice_of(keystore->sealed, keystore->sealed_len);
  mac_of(mac, derived, sealed);
  if (!ol_equal_secret(mac, keystore->mac, sizeof mac))
    return ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, wrong_password);
  ol_aes_ctr(out, sealed, ol_slice_of(derived, AES_KEY), keystore->iv);
  return OL_OK;
}

/* Whether the key is the mnemonic's. */
static ol_status check_mnemonic(ol_error *error, const uint8_t key_secret[32], ol_slice entropy,
                                const ol_path *path) {
  char text[OL_MNEMONIC_MAX];
  uint8_t seed[OL_SEED_BYTES];
  size_t len = 0;
  ol_words words;
  ol_key key;
  ol_words_english(&words);
  ol_status status = ol_mnemonic_from_entropy(error, text, sizeof text, &len, &words, entropy);
  if (status == OL_OK) status = ol_mnemonic_seed(error, seed, ol_slice_of(text, len), ol_slice_of(NULL, 0));
  if (status == OL_OK) status = ol_key_from_seed(error, &key, ol_slice_of(seed, sizeof seed));
  if (status == OL_OK) status = ol_key_derive(error, &key, &key, path);
  if (status == OL_OK && !ol_equal_secret(key.secret, key_secret, sizeof key.secret))
    status = ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "mnemonic is another key's");
  ol_wipe(text, sizeof text);
  ol_wipe(seed, sizeof seed);
  ol_wipe(&key, sizeof key);
  return status;
}

/* What a keystore holds. */
typedef struct content {
  uint8_t key[32];
  ol_address address;
  uint8_t entropy[32];
} content;

static ol_status open_content(ol_error *error, content *out, const ol_keystore *keystore,
                              const uint8_t derived[DERIVED_MORE]) {
  const bool presale = keystore->kdf == OL_KEYSTORE_PRESALE;
  OL_TRY(presale ? open_presale(error, out->key, keystore, derived)
                 : open_version_3(error, out->key, keystore, derived));
  OL_TRY(ol_key_address(error, &out->address, out->key));
  if (keystore->has_address != 0 &&
      memcmp(out->address.bytes, keystore->address.bytes, sizeof out->address.bytes) != 0)
    return presale ? ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, wrong_password)
                   : ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "key is not of the address in the text");
  if (keystore->entropy_len == 0) return OL_OK;
  ol_aes_ctr(out->entropy, ol_slice_of(keystore->entropy, keystore->entropy_len),
             ol_slice_of(derived + DERIVED, DERIVED_MORE - DERIVED), keystore->entropy_iv);
  return check_mnemonic(error, out->key, ol_slice_of(out->entropy, keystore->entropy_len), &keystore->path);
}

ol_status ol_keystore_open_end(ol_error *error, ol_derivation *derivation, uint8_t out_key[32],
                               ol_address *out_address, uint8_t out_entropy[32], size_t *out_entropy_len) {
  uint8_t derived[DERIVED_MORE];
  content opened = {0};
  OL_TRY(ol_derivation_for(error, derivation, OL_PURPOSE_OPEN_KEYSTORE));
  OL_TRY(ol_kdf_end(error, &derivation->kdf, derived));
  ol_status status = open_content(error, &opened, &derivation->keystore, derived);
  if (status == OL_OK) {
    memcpy(out_key, opened.key, 32);
    *out_address = opened.address;
    memcpy(out_entropy, opened.entropy, 32);
    *out_entropy_len = derivation->keystore.entropy_len;
  }
  ol_wipe(derived, sizeof derived);
  ol_wipe(&opened, sizeof opened);
  ol_derivation_drop(derivation);
  return status;
}

static ol_keystore made_from(const uint8_t entropy[64]) {
  ol_keystore keystore = {.kdf = OL_KEYSTORE_SCRYPT, .cost = OL_KEYSTORE_N, .r = 8, .p = 1, .salt_len = 32};
  memcpy(keystore.salt, entropy, 32);
  memcpy(keystore.iv, entropy + 32, 16);
  return keystore;
}

size_t ol_keystore_make_memory(void) {
  const uint8_t any[64] = {0};
  ol_keystore keystore = made_from(any);
  return ol_keystore_open_memory(&keystore);
}

ol_status ol_keystore_make_begin(ol_error *error, ol_derivation **out, const uint8_t key_secret[32],
                                 ol_slice password_secret, const uint8_t entropy_secret[64], void *memory,
                                 size_t len) {
  ol_derivation *derivation;
  ol_slice rest;
  ol_address address;
  ol_kdf_params params;
  ol_error_clear(error);
  if (password_secret.len == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "password is empty");
  if (ol_disclose(ol_is_zero(ol_slice_of(entropy_secret, 64))) != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "entropy is zero");
  OL_TRY(ol_key_address(error, &address, key_secret));
  OL_TRY(ol_derivation_place(error, &derivation, &rest, memory, len));
  derivation->purpose = OL_PURPOSE_MAKE_KEYSTORE;
  derivation->keystore = made_from(entropy_secret);
  derivation->keystore.address = address;
  memcpy(derivation->secret, key_secret, sizeof derivation->secret);
  memcpy(derivation->id, entropy_secret + 48, sizeof derivation->id);
  ol_keystore_kdf_of(&params, &derivation->keystore);
  OL_TRY(ol_derivation_begin(error, derivation, rest, &params, password_secret));
  *out = derivation;
  return OL_OK;
}

static void write_hex(ol_json_writer *to, const char *name, const uint8_t *bytes, size_t len) {
  char digits[128];
  OL_ASSERT(2 * len <= sizeof digits);
  ol_hex_digits_of(digits, bytes, len);
  ol_json_write_string(to, name, ol_slice_of(digits, 2 * len));
}

/* A random UUID: version 4, variant 10 (RFC 9562, section 5.4). */
static void write_id(ol_json_writer *to, const uint8_t random[16]) {
  uint8_t id[16];
  char digits[32], text[36];
  memcpy(id, random, sizeof id);
  id[6] = (uint8_t)((id[6] & 0x0f) | 0x40);
  id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
  ol_hex_digits_of(digits, id, sizeof id);
  for (size_t i = 0, at = 0; i < sizeof text; i++) {
    text[i] = i == 8 || i == 13 || i == 18 || i == 23 ? '-' : digits[at++];
  }
  ol_json_write_string(to, "id", ol_slice_of(text, sizeof text));
}

static void write_crypto(ol_json_writer *to, const ol_keystore *keystore) {
  ol_json_write_object(to, "crypto");
  ol_json_write_text(to, "cipher", "aes-128-ctr");
  write_hex(to, "ciphertext", keystore->sealed, keystore->sealed_len);
  ol_json_write_object(to, "cipherparams");
  write_hex(to, "iv", keystore->iv, sizeof keystore->iv);
  ol_json_write_close(to);
  ol_json_write_text(to, "kdf", "scrypt");
  ol_json_write_object(to, "kdfparams");
  ol_json_write_u64(to, "dklen", DERIVED);
  ol_json_write_u64(to, "n", keystore->cost);
  ol_json_write_u64(to, "p", keystore->p);
  ol_json_write_u64(to, "r", keystore->r);
  write_hex(to, "salt", keystore->salt, keystore->salt_len);
  ol_json_write_close(to);
  write_hex(to, "mac", keystore->mac, sizeof keystore->mac);
  ol_json_write_close(to);
}

ol_status ol_keystore_make_end(ol_error *error, ol_derivation *derivation, char *out, size_t len,
                               size_t *out_len) {
  uint8_t derived[DERIVED], memory[OL_KEYSTORE_MADE];
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  ol_json_writer to;
  ol_slice text;
  OL_TRY(ol_derivation_for(error, derivation, OL_PURPOSE_MAKE_KEYSTORE));
  if (len < OL_KEYSTORE_MADE) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory for the keystore");
  OL_TRY(ol_kdf_end(error, &derivation->kdf, derived));
  ol_keystore *keystore = &derivation->keystore;
  keystore->sealed_len = sizeof derivation->secret;
  ol_aes_ctr(keystore->sealed, ol_slice_of(derivation->secret, sizeof derivation->secret),
             ol_slice_of(derived, AES_KEY), keystore->iv);
  mac_of(keystore->mac, derived, ol_slice_of(keystore->sealed, keystore->sealed_len));
  ol_wipe(derived, sizeof derived);

  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  write_hex(&to, "address", keystore->address.bytes, sizeof keystore->address.bytes);
  write_crypto(&to, keystore);
  write_id(&to, derivation->id);
  ol_json_write_u64(&to, "version", 3);
  ol_json_write_close(&to);
  ol_derivation_drop(derivation);
  OL_TRY(ol_json_write_end(error, &text, &to));
  memcpy(out, text.data, text.len);
  *out_len = text.len;
  return OL_OK;
}
