/* SPDX-License-Identifier: MIT */
#include "crypto/sha2.h"

#include <blst.h>
#include <mbedtls/md.h>
#include <mbedtls/pkcs5.h>
#include <mbedtls/ripemd160.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include "base/poison.h"

/*
 * mbedTLS's hash functions return a status for hardware that can fail. The software ones fail only on a
 * kind of hash that does not exist, which would be our mistake.
 */
#define MUST(expression) OL_ASSERT((expression) == 0)

/* The opaque words are large enough and aligned for mbedTLS's own structure, which is all that is in them. */
_Static_assert(sizeof(mbedtls_sha256_context) <= sizeof(ol_sha256_state), "room for a SHA-256 context");
_Static_assert(sizeof(mbedtls_sha512_context) <= sizeof(ol_sha512_state), "room for a SHA-512 context");
_Static_assert(_Alignof(mbedtls_sha512_context) <= _Alignof(ol_sha512_state), "aligned for a context");

static mbedtls_sha256_context *sha256_of(ol_sha256_state *state) {
  return (mbedtls_sha256_context *)(void *)state;
}

static mbedtls_sha512_context *sha512_of(ol_sha512_state *state) {
  return (mbedtls_sha512_context *)(void *)state;
}

/* mbedTLS takes no NULL, even for nothing. */
static const uint8_t nothing[1] = {0};

static const uint8_t *bytes_of(ol_slice slice) {
  return slice.len == 0 ? nothing : slice.data;
}

/* blst's, which uses the processor's instructions for it: the trees of SSZ are made of this. */
void ol_sha256(ol_hash *out, const uint8_t *data, size_t len) {
  blst_sha256(out->bytes, len == 0 ? nothing : data, len);
}

void ol_sha256_init(ol_sha256_state *state) {
  mbedtls_sha256_init(sha256_of(state));
  MUST(mbedtls_sha256_starts(sha256_of(state), 0));
}

void ol_sha256_update(ol_sha256_state *state, const uint8_t *data, size_t len) {
  MUST(mbedtls_sha256_update(sha256_of(state), len == 0 ? nothing : data, len));
}

void ol_sha256_final(ol_sha256_state *state, ol_hash *out) {
  MUST(mbedtls_sha256_finish(sha256_of(state), out->bytes));
  ol_wipe(state, sizeof *state);
}

void ol_sha512(uint8_t out[64], const uint8_t *data, size_t len) {
  MUST(mbedtls_sha512(len == 0 ? nothing : data, len, out, 0));
}

void ol_sha512_init(ol_sha512_state *state) {
  mbedtls_sha512_init(sha512_of(state));
  MUST(mbedtls_sha512_starts(sha512_of(state), 0));
}

void ol_sha512_update(ol_sha512_state *state, const uint8_t *data, size_t len) {
  MUST(mbedtls_sha512_update(sha512_of(state), len == 0 ? nothing : data, len));
}

void ol_sha512_final(ol_sha512_state *state, uint8_t out[64]) {
  MUST(mbedtls_sha512_finish(sha512_of(state), out));
  ol_wipe(state, sizeof *state);
}

void ol_ripemd160(uint8_t out[20], const uint8_t *data, size_t len) {
  MUST(mbedtls_ripemd160(len == 0 ? nothing : data, len, out));
}

static ol_status hmac(ol_error *error, uint8_t *out, mbedtls_md_type_t hash, ol_slice key_secret,
                      ol_slice message) {
  int failed = mbedtls_md_hmac(mbedtls_md_info_from_type(hash), bytes_of(key_secret), key_secret.len,
                               bytes_of(message), message.len, out);
  return failed ? ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory for HMAC") : OL_OK;
}

ol_status ol_hmac_sha256(ol_error *error, uint8_t out[32], ol_slice key_secret, ol_slice message) {
  return hmac(error, out, MBEDTLS_MD_SHA256, key_secret, message);
}

ol_status ol_hmac_sha512(ol_error *error, uint8_t out[64], ol_slice key_secret, ol_slice message) {
  return hmac(error, out, MBEDTLS_MD_SHA512, key_secret, message);
}

static ol_status pbkdf2(ol_error *error, uint8_t *out, size_t len, mbedtls_md_type_t hash,
                        ol_slice password_secret, ol_slice salt, uint32_t rounds) {
  if (rounds == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "PBKDF2 needs at least one round");
  if (len == 0 || len > UINT32_MAX) {
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "PBKDF2 cannot derive a key of this length");
  }
  int failed = mbedtls_pkcs5_pbkdf2_hmac_ext(hash, bytes_of(password_secret), password_secret.len,
                                             bytes_of(salt), salt.len, rounds, (uint32_t)len, out);
  return failed ? ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory for PBKDF2") : OL_OK;
}

ol_status ol_pbkdf2_hmac_sha256(ol_error *error, uint8_t *out, size_t len, ol_slice password_secret,
                                ol_slice salt, uint32_t rounds) {
  return pbkdf2(error, out, len, MBEDTLS_MD_SHA256, password_secret, salt, rounds);
}

ol_status ol_pbkdf2_hmac_sha512(ol_error *error, uint8_t *out, size_t len, ol_slice password_secret,
                                ol_slice salt, uint32_t rounds) {
  return pbkdf2(error, out, len, MBEDTLS_MD_SHA512, password_secret, salt, rounds);
}
