/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_BASE_H
#define OPENLEDGER_BASE_H

/*
 * The values and the errors that every call of the SDK shares.
 *
 * Argument order, everywhere: the handle (or the error object, where there is no handle), then the outputs
 * (named `out` or `out_...`), then the inputs; a length comes right after its array.
 *
 * Every call that can fail returns an ol_status, 0 or negative, and describes the failure in an ol_error
 * that the caller owns: there are no globals. Outputs are written only on OL_OK.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define OL_API
#elif defined(__GNUC__)
#define OL_API __attribute__((visibility("default")))
#else
#define OL_API
#endif

#if defined(__GNUC__)
#define OL_CHECKED __attribute__((warn_unused_result))
#define OL_NONNULL __attribute__((nonnull))
#define OL_NONNULL_ARGS(...) __attribute__((nonnull(__VA_ARGS__)))
#else
#define OL_CHECKED
#define OL_NONNULL
#define OL_NONNULL_ARGS(...)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A 32-byte hash or trie root, in the order in which Ethereum prints it. */
typedef struct ol_hash {
  uint8_t bytes[32];
} ol_hash;

/* A 20-byte account address. */
typedef struct ol_address {
  uint8_t bytes[20];
} ol_address;

/* An unsigned 256-bit integer, big-endian: a balance in wei, a storage key or a storage value. */
typedef struct ol_u256 {
  uint8_t bytes[32];
} ol_u256;

/* Bytes that somebody else owns; `data` may be NULL when `len` is 0. */
typedef struct ol_slice {
  const uint8_t *data;
  size_t len;
} ol_slice;

/* What became of a call. The numbers are stable: they cross into other languages. */
typedef enum ol_status {
  OL_OK = 0,
  OL_ERR_ARGUMENT = -1,  /* the caller's own value is out of range, or calls came in the wrong order */
  OL_ERR_MEMORY = -2,    /* the memory that the caller gave is too small */
  OL_ERR_LIMIT = -3,     /* an input is larger than a named limit (limits.h) */
  OL_ERR_ENCODING = -4,  /* malformed or non-canonical bytes: hex, RLP, JSON, ... */
  OL_ERR_PROOF = -5,     /* a proof does not prove what it claims */
  OL_ERR_MISMATCH = -6,  /* a sound answer to another question, or a claim that differs from its proof */
  OL_ERR_STALE = -7,     /* older, or further in the future, than the caller accepts */
  OL_ERR_QUORUM = -8,    /* too few endpoints agree */
  OL_ERR_TRANSPORT = -9, /* no endpoint answered in time */
  OL_ERR_REMOTE = -10,   /* an endpoint answered with an error of its own */
  OL_ERR_CRYPTO = -11,   /* a key, point or signature is not valid */
} ol_status;

/* "Not applicable" in ol_error's positions. */
#define OL_NOWHERE UINT32_MAX

/*
 * Why something was refused, and where. `part` names what was being read ("header", "accountProof", ...);
 * `item` counts within that part (which storage proof), `field` names what is within the item, `node` counts
 * within the field (which public key) or the item (which trie node), `offset` is the byte at fault in the
 * innermost of these. Strings are constant, empty if not applicable, and never NULL after a call.
 */
typedef struct ol_error {
  int32_t status; /* an ol_status */
  uint32_t item;
  uint32_t node;
  uint32_t offset;
  const char *part;
  const char *field;
  const char *reason;
} ol_error;

/* Returns: the name of a status, e.g. "proof"; "unknown" for a number that is none. */
OL_API const char *ol_status_name(ol_status status);

/*
 * Writes an error as one line of text, e.g. "storageProof[1] node 3 byte 17: ...".
 * Returns: the length of the line without its terminating zero; the line is cut where `len` ends.
 */
OL_API size_t ol_error_text(const ol_error *error, char *out, size_t len) OL_NONNULL;

/* Returns: the version of the library, e.g. "0.1.0". */
OL_API const char *ol_version(void);

/* Out: keccak-256 of `len` bytes (the hash of Ethereum, not NIST SHA3-256). `data` may be NULL if `len` is 0. */
OL_API void ol_keccak256(ol_hash *out, const uint8_t *data, size_t len) OL_NONNULL_ARGS(1);

/*
 * Hashes independent messages, such as the nodes of a proof; several at once where the CPU can. Out: `out[i]` is the
 * hash of `inputs[i]`, for all i below `count`.
 */
OL_API void ol_keccak256_each(ol_hash *out, const ol_slice *inputs, size_t count) OL_NONNULL_ARGS(1, 2);

#ifdef __cplusplus
}
#endif

#endif
