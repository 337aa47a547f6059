/* SPDX-License-Identifier: MIT */
#include "crypto/sha2.h"

#include <blst.h>
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
