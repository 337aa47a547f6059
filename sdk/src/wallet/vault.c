/* SPDX-License-Identifier: MIT */
#include "openledger/vault.h"

#include "crypto/aead.h"
#include "wallet/derivation.h"

#include "base/poison.h"

#define MAGIC "OLVAULT"
#define MAGIC_LEN (sizeof MAGIC - 1)
#define VERSION 1
#define CHECKSUM 32

/* Where the parts of the header are. */
#define AT_VERSION 7
#define AT_PASSES 8
#define AT_KIB 12
#define AT_SALT 16
#define AT_NONCE 32
#define AT_LEN 56

_Static_assert(OL_VAULT_HEADER == AT_LEN + 4, "the header");
_Static_assert(OL_VAULT_OVERHEAD == OL_VAULT_HEADER + OL_AEAD_TAG_BYTES + CHECKSUM, "all but the content");

void ol_vault_params_init(ol_vault_params *out) {
  *out = (ol_vault_params){.passes = 3, .memory_kib = 64u << 10};
}

static ol_kdf_params kdf_of(const ol_vault_params *params, const uint8_t *salt) {
  return (ol_kdf_params){.kind = OL_KDF_ARGON2ID,
                         .cost = params->passes,
                         .size = params->memory_kib,
                         .key_len = OL_AEAD_KEY_BYTES,
                         .salt = ol_slice_of(salt, OL_KDF_ARGON2ID_SALT)};
}

static bool is_weak(const ol_vault_params *params) {
  return params->passes < OL_VAULT_PASSES_LEAST || params->memory_kib < OL_VAULT_KIB_LEAST;
}

size_t ol_vault_memory(const ol_vault_params *params) {
  const uint8_t salt[OL_KDF_ARGON2ID_SALT] = {0};
  ol_kdf_params kdf = kdf_of(params, salt);
  return is_weak(params) ? 0 : ol_derivation_memory(&kdf);
}

/* The length must be what the header says, but a checksum that is right is no damage. */
static ol_status check_whole(ol_error *error, ol_slice vault) {
  ol_hash checksum;
  ol_keccak256(&checksum, vault.data, vault.len - CHECKSUM);
  const uint64_t says = OL_VAULT_OVERHEAD + (uint64_t)ol_load_be32(vault.data + AT_LEN);
  if (vault.len < says) return ol_fail(error, OL_ERR_ENCODING, vault.len, "vault is cut short");
  if (vault.len > says)
    return ol_fail(error, OL_ERR_ENCODING, (size_t)says, "vault has bytes behind its end");
  if (memcmp(checksum.bytes, vault.data + vault.len - CHECKSUM, CHECKSUM) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "vault is damaged: its checksum is wrong");
  return OL_OK;
}

ol_status ol_vault_read(ol_error *error, ol_vault *out, ol_slice vault) {
  ol_vault read;
  size_t len = 0;
  ol_error_clear(error);
  if (vault.len < MAGIC_LEN || memcmp(vault.data, MAGIC, MAGIC_LEN) != 0)
    return ol_fail(error, OL_ERR_ENCODING, 0, "bytes are no vault");
  if (vault.len < OL_VAULT_OVERHEAD) return ol_fail(error, OL_ERR_ENCODING, vault.len, "vault is cut short");
  OL_TRY(check_whole(error, vault));
  if (vault.data[AT_VERSION] != VERSION)
    return ol_fail(error, OL_ERR_ENCODING, AT_VERSION, "vault is of a version that is not known");
  read.params.passes = ol_load_be32(vault.data + AT_PASSES);
  read.params.memory_kib = ol_load_be32(vault.data + AT_KIB);
  read.content_len = ol_load_be32(vault.data + AT_LEN);
  if (read.content_len > OL_VAULT_CONTENT)
    return ol_fail(error, OL_ERR_LIMIT, AT_LEN, "content of the vault is too long");
  if (is_weak(&read.params)) return ol_fail(error, OL_ERR_ENCODING, AT_PASSES, "vault is sealed too weakly");
  ol_kdf_params kdf = kdf_of(&read.params, vault.data + AT_SALT);
  OL_TRY(ol_kdf_memory(error, &len, &kdf));
  *out = read;
  return OL_OK;
}

ol_status ol_vault_open_begin(ol_error *error, ol_derivation **out, ol_slice vault, ol_slice password_secret,
                              void *memory, size_t len) {
  ol_vault read;
  ol_derivation *derivation;
  ol_slice rest;
  OL_TRY(ol_vault_read(error, &read, vault));
  OL_TRY(ol_derivation_place(error, &derivation, &rest, memory, len));
  derivation->purpose = OL_PURPOSE_OPEN_VAULT;
  derivation->input = vault;
  ol_kdf_params kdf = kdf_of(&read.params, vault.data + AT_SALT);
  OL_TRY(ol_derivation_begin(error, derivation, rest, &kdf, password_secret));
  *out = derivation;
  return OL_OK;
}

ol_status ol_vault_open_end(ol_error *error, ol_derivation *derivation, uint8_t *out, size_t len,
                            size_t *out_len) {
  uint8_t key[OL_AEAD_KEY_BYTES];
  OL_TRY(ol_derivation_for(error, derivation, OL_PURPOSE_OPEN_VAULT));
  const uint8_t *vault = derivation->input.data;
  ol_slice sealed = ol_slice_of(vault + OL_VAULT_HEADER, derivation->input.len - OL_VAULT_OVERHEAD);
  if (len < sealed.len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory for the content");
  OL_TRY(ol_kdf_end(error, &derivation->kdf, key));
  ol_status status = ol_aead_open(error, out, sealed, sealed.data + sealed.len,
                                  ol_slice_of(vault, OL_VAULT_HEADER), vault + AT_NONCE, key);
  if (status != OL_OK) status = ol_fail(error, status, OL_NOWHERE, "the password is wrong");
  if (status == OL_OK) *out_len = sealed.len;
  ol_wipe(key, sizeof key);
  ol_derivation_drop(derivation);
  return status;
}

static ol_status check_to_seal(ol_error *error, const ol_vault_params *params, ol_slice content,
                               ol_slice password, const uint8_t entropy[64]) {
  ol_error_clear(error);
  if (is_weak(params))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "parameters of the vault are too weak");
  if (content.len > OL_VAULT_CONTENT)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "content of the vault is too long");
  if (password.len == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "password is empty");
  if (ol_disclose(ol_is_zero(ol_slice_of(entropy, 64))) != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "entropy is zero");
  return OL_OK;
}

ol_status ol_vault_seal_begin(ol_error *error, ol_derivation **out, const ol_vault_params *params,
                              ol_slice content_secret, ol_slice password_secret,
                              const uint8_t entropy_secret[64], void *memory, size_t len) {
  ol_derivation *derivation;
  ol_slice rest;
  OL_TRY(check_to_seal(error, params, content_secret, password_secret, entropy_secret));
  OL_TRY(ol_derivation_place(error, &derivation, &rest, memory, len));
  derivation->purpose = OL_PURPOSE_SEAL_VAULT;
  derivation->input = content_secret;
  uint8_t *header = derivation->header;
  memcpy(header, MAGIC, MAGIC_LEN);
  header[AT_VERSION] = VERSION;
  ol_store_be32(header + AT_PASSES, params->passes);
  ol_store_be32(header + AT_KIB, params->memory_kib);
  memcpy(header + AT_SALT, entropy_secret, AT_LEN - AT_SALT);
  ol_store_be32(header + AT_LEN, (uint32_t)content_secret.len);
  ol_kdf_params kdf = kdf_of(params, header + AT_SALT);
  OL_TRY(ol_derivation_begin(error, derivation, rest, &kdf, password_secret));
  *out = derivation;
  return OL_OK;
}

ol_status ol_vault_seal_end(ol_error *error, ol_derivation *derivation, uint8_t *out, size_t len,
                            size_t *out_len) {
  uint8_t key[OL_AEAD_KEY_BYTES];
  ol_hash checksum;
  OL_TRY(ol_derivation_for(error, derivation, OL_PURPOSE_SEAL_VAULT));
  ol_slice content = derivation->input;
  if (len < OL_VAULT_OVERHEAD + content.len)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory for the vault");
  OL_TRY(ol_kdf_end(error, &derivation->kdf, key));
  uint8_t *sealed = out + OL_VAULT_HEADER, *tag = sealed + content.len;
  memcpy(out, derivation->header, OL_VAULT_HEADER);
  ol_aead_seal(sealed, tag, content, ol_slice_of(out, OL_VAULT_HEADER), out + AT_NONCE, key);
  *out_len = OL_VAULT_OVERHEAD + content.len;
  ol_keccak256(&checksum, out, *out_len - CHECKSUM);
  memcpy(out + *out_len - CHECKSUM, checksum.bytes, CHECKSUM);
  ol_wipe(key, sizeof key);
  ol_derivation_drop(derivation);
  return OL_OK;
}
