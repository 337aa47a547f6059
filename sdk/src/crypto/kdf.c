/* SPDX-License-Identifier: MIT */
#include "crypto/kdf.h"

#include "base/arena.h"
#include "base/limits.h"
#include "crypto/scrypt.h"

#include <sodium/core.h>
#include <sodium/crypto_pwhash_argon2id.h>

#if !defined(OL_SYSTEM_DEPS)
#define OL_SYSTEM_DEPS 0
#include <sodium/argon2_segments.h>
#endif

#include "base/poison.h"

#define ALIGNMENT 64
#define SLICES 4 /* of a pass of Argon2id */

/* Units of a step: rounds of HMAC, and bytes that Salsa20/8 goes over. */
#define ROUNDS_OF_STEP 8192
#define BYTES_OF_STEP (4u << 20)

_Static_assert(OL_KDF_ARGON2ID_SALT == crypto_pwhash_argon2id_SALTBYTES, "libsodium's salt");

static ol_hmac_hash hash_of(const ol_kdf_params *params) {
  return params->kind == OL_KDF_PBKDF2_SHA512 ? OL_HMAC_SHA512 : OL_HMAC_SHA256;
}

/* How many hashes the key is made of. */
static size_t hashes_of(const ol_kdf_params *params) {
  return (params->key_len + (size_t)hash_of(params) - 1) / (size_t)hash_of(params);
}

static ol_status check_pbkdf2(ol_error *error, const ol_kdf_params *params) {
  if (params->cost == 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "PBKDF2 needs at least one round");
  if (params->cost > OL_LIMIT_KDF_ROUNDS)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "PBKDF2 has too many rounds");
  return OL_OK;
}

/* r * p is below 2^30 by the bounds of work already, and N below 2^(16 r). */
static ol_status check_scrypt(ol_error *error, const ol_kdf_params *params) {
  const uint64_t n = params->cost, r = params->size, p = params->lanes;
  if (n < 2 || (n & (n - 1)) != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "scrypt's N is no power of two above one");
  if (r == 0 || p == 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "scrypt's r and p are at least one");
  if (r > OL_LIMIT_KDF_MEMORY / OL_ROMIX_BLOCK || n * r > OL_LIMIT_KDF_MEMORY / OL_ROMIX_BLOCK)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "scrypt needs too much memory");
  if (n * r * p > OL_LIMIT_KDF_WORK / OL_ROMIX_BLOCK || r * p > OL_LIMIT_KDF_MEMORY / OL_ROMIX_BLOCK)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "scrypt needs too much work");
  return OL_OK;
}

static ol_status check_argon2id(ol_error *error, const ol_kdf_params *params) {
  if (params->key_len < crypto_pwhash_argon2id_BYTES_MIN)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "Argon2id cannot derive a key of this length");
  if (params->salt.len != OL_KDF_ARGON2ID_SALT)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "Argon2id's salt is not 16 bytes long");
  if (params->cost == 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "Argon2id needs at least one pass");
  if (params->size < 2 * SLICES)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "Argon2id needs at least 8 KiB");
  if (params->size > OL_LIMIT_KDF_MEMORY / 1024)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "Argon2id needs too much memory");
  if ((uint64_t)params->cost * params->size > OL_LIMIT_KDF_WORK / 1024)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "Argon2id needs too much work");
  return OL_OK;
}

static size_t addresses_of(const ol_kdf_params *params) {
  return params->size / SLICES * sizeof(uint64_t);
}

/* The mixed blocks of scrypt, which are the salt of its second PBKDF2. */
static size_t mixed_of(const ol_kdf_params *params) {
  return (size_t)OL_ROMIX_BLOCK * params->size * params->lanes;
}

ol_status ol_kdf_memory(ol_error *error, size_t *out_len, const ol_kdf_params *params) {
  if (params->key_len == 0 || params->key_len > OL_LIMIT_KDF_KEY)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "no key of this length can be derived");
  switch (params->kind) {
  case OL_KDF_PBKDF2_SHA256:
  case OL_KDF_PBKDF2_SHA512:
    OL_TRY(check_pbkdf2(error, params));
    *out_len = ALIGNMENT + hashes_of(params) * (size_t)hash_of(params);
    return OL_OK;
  case OL_KDF_SCRYPT:
    OL_TRY(check_scrypt(error, params));
    *out_len =
        ALIGNMENT + (size_t)OL_ROMIX_BLOCK * params->size * ((size_t)params->cost + 2) + mixed_of(params);
    return OL_OK;
  case OL_KDF_ARGON2ID:
    OL_TRY(check_argon2id(error, params));
    *out_len = ALIGNMENT + (size_t)params->size * 1024 + addresses_of(params);
    return OL_OK;
  }
  return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "no such derivation of keys");
}

/* PBKDF2 with one round; `out` has room for whole hashes. */
static void derive_once(const ol_hmac *hmac, uint8_t *out, size_t len, ol_slice salt) {
  const size_t hash_len = (size_t)hmac->hash;
  uint8_t hash[64];
  for (size_t at = 0, i = 1; at < len; at += hash_len, i++) {
    uint8_t index[4];
    ol_store_be32(index, (uint32_t)i);
    ol_hmac_of(hmac, hash, salt, ol_slice_of(index, sizeof index));
    memcpy(out + at, hash, len - at < hash_len ? len - at : hash_len);
  }
  ol_wipe(hash, sizeof hash);
}

static ol_romix romix_of(const ol_kdf *kdf) {
  const size_t words = (size_t)OL_ROMIX_BLOCK / 4 * kdf->params.size;
  uint32_t *table = (uint32_t *)(void *)kdf->memory;
  return (ol_romix){.table = table,
                    .block = table + words * kdf->params.cost,
                    .n = kdf->params.cost,
                    .r = kdf->params.size};
}

static uint8_t *mixed_at(const ol_kdf *kdf) {
  return kdf->memory + (size_t)OL_ROMIX_BLOCK * kdf->params.size * ((size_t)kdf->params.cost + 2);
}

#if !OL_SYSTEM_DEPS
static crypto_pwhash_argon2id_job job_of(const ol_kdf *kdf) {
  return (crypto_pwhash_argon2id_job){
      .blocks = kdf->memory,
      .addresses = (uint64_t *)(void *)(kdf->memory + (size_t)kdf->params.size * 1024),
      .kib = kdf->params.size,
      .passes = kdf->params.cost,
      .out_len = (uint32_t)kdf->params.key_len,
  };
}
#endif

static ol_status begin_argon2id(ol_error *error, ol_kdf *kdf, ol_slice password) {
  static const uint8_t nothing[1] = {0}; /* libsodium takes no NULL, even for nothing */
  const uint8_t *bytes = password.len == 0 ? nothing : password.data;
  if (password.len > UINT32_MAX)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "the password is too long");
  /* Lets libsodium choose its implementation for this CPU, once; a failure leaves the portable one. */
  (void)!sodium_init();
#if OL_SYSTEM_DEPS
  kdf->total = 1;
  if (crypto_pwhash_argon2id(kdf->memory, kdf->params.key_len, (const char *)bytes, password.len,
                             kdf->params.salt.data, kdf->params.cost, (size_t)kdf->params.size * 1024,
                             crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "libsodium got no memory for Argon2id");
#else
  crypto_pwhash_argon2id_job job = job_of(kdf);
  kdf->total = (uint64_t)SLICES * kdf->params.cost;
  crypto_pwhash_argon2id_begin(&job, bytes, (uint32_t)password.len, kdf->params.salt.data,
                               OL_KDF_ARGON2ID_SALT);
#endif
  return OL_OK;
}

ol_status ol_kdf_begin(ol_error *error, ol_kdf *out, const ol_kdf_params *params, ol_slice password_secret,
                       void *memory, size_t len) {
  size_t needed;
  OL_TRY(ol_kdf_memory(error, &needed, params));
  if (len < needed) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory for deriving a key");
  const size_t skip = (ALIGNMENT - (size_t)(uintptr_t)memory % ALIGNMENT) % ALIGNMENT;
  memset(out, 0, sizeof *out);
  out->params = *params;
  out->memory = (uint8_t *)memory + skip;
  out->len = needed - ALIGNMENT;
  if (params->kind == OL_KDF_ARGON2ID) return begin_argon2id(error, out, password_secret);
  ol_hmac_init(&out->hmac, hash_of(params), password_secret);
  if (params->kind == OL_KDF_SCRYPT) {
    derive_once(&out->hmac, mixed_at(out), mixed_of(params), params->salt);
    out->total = (uint64_t)2 * params->cost * params->lanes;
  } else {
    out->total = (uint64_t)params->cost * hashes_of(params);
  }
  return OL_OK;
}

/* Up to `most` of what is left until a multiple of `part`. */
static uint32_t share(const ol_kdf *kdf, uint64_t part, uint32_t most) {
  uint64_t left = part - kdf->done % part;
  return left < most ? (uint32_t)left : most;
}

static void step_pbkdf2(ol_kdf *kdf) {
  const size_t hash_len = (size_t)hash_of(&kdf->params);
  const uint64_t index = kdf->done / kdf->params.cost;
  uint8_t *sum = kdf->memory + index * hash_len;
  uint32_t count = share(kdf, kdf->params.cost, ROUNDS_OF_STEP);
  kdf->done += count;
  if ((kdf->done - count) % kdf->params.cost == 0) {
    uint8_t number[4];
    ol_store_be32(number, (uint32_t)index + 1);
    ol_hmac_of(&kdf->hmac, sum, kdf->params.salt, ol_slice_of(number, sizeof number));
    memcpy(kdf->last, sum, hash_len);
    count--;
  }
  ol_hmac_rounds(&kdf->hmac, kdf->last, sum, count);
}

static void step_scrypt(ol_kdf *kdf) {
  const uint64_t mixes = (uint64_t)2 * kdf->params.cost;
  const size_t len = (size_t)OL_ROMIX_BLOCK * kdf->params.size;
  const uint32_t most = len < BYTES_OF_STEP ? (uint32_t)(BYTES_OF_STEP / len) : 1;
  uint8_t *mixed = mixed_at(kdf) + kdf->done / mixes * len;
  ol_romix mix = romix_of(kdf);
  const uint32_t from = (uint32_t)(kdf->done % mixes), count = share(kdf, mixes, most);
  if (from == 0) ol_romix_begin(&mix, mixed);
  ol_romix_run(&mix, from, from + count);
  if (from + count == mixes) ol_romix_end(&mix, mixed);
  kdf->done += count;
}

static void step_argon2id(ol_kdf *kdf) {
#if !OL_SYSTEM_DEPS
  crypto_pwhash_argon2id_job job = job_of(kdf);
  crypto_pwhash_argon2id_segment(&job, (uint32_t)(kdf->done / SLICES), (uint32_t)(kdf->done % SLICES));
#endif
  kdf->done++;
}

bool ol_kdf_step(ol_kdf *kdf) {
  if (kdf->done == kdf->total) return false;
  if (kdf->params.kind == OL_KDF_SCRYPT) {
    step_scrypt(kdf);
  } else if (kdf->params.kind == OL_KDF_ARGON2ID) {
    step_argon2id(kdf);
  } else {
    step_pbkdf2(kdf);
  }
  return kdf->done < kdf->total;
}

ol_status ol_kdf_end(ol_error *error, ol_kdf *kdf, uint8_t *out_secret) {
  if (kdf->total == 0 || kdf->done < kdf->total)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "the key is not derived yet");
  if (kdf->params.kind == OL_KDF_SCRYPT) {
    ol_slice mixed = ol_slice_of(mixed_at(kdf), mixed_of(&kdf->params));
    derive_once(&kdf->hmac, out_secret, kdf->params.key_len, mixed);
  } else if (kdf->params.kind == OL_KDF_ARGON2ID && !OL_SYSTEM_DEPS) {
#if !OL_SYSTEM_DEPS
    crypto_pwhash_argon2id_job job = job_of(kdf);
    crypto_pwhash_argon2id_end(out_secret, &job);
#endif
  } else {
    memcpy(out_secret, kdf->memory, kdf->params.key_len);
  }
  ol_kdf_drop(kdf);
  return OL_OK;
}

void ol_kdf_drop(ol_kdf *kdf) {
  if (kdf->memory != NULL) ol_wipe(kdf->memory, kdf->len);
  ol_wipe(kdf, sizeof *kdf);
  ol_wipe_stack();
}

ol_status ol_kdf_run(ol_error *error, uint8_t *out_secret, const ol_kdf_params *params,
                     ol_slice password_secret, void *memory, size_t len) {
  ol_kdf kdf;
  OL_TRY(ol_kdf_begin(error, &kdf, params, password_secret, memory, len));
  while (ol_kdf_step(&kdf)) {
  }
  return ol_kdf_end(error, &kdf, out_secret);
}
