/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_MESSAGE_H
#define OPENLEDGER_MESSAGE_H

/* Messages that people sign: personal messages (EIP-191, version 0x45) and Sign-In with Ethereum (EIP-4361). */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Out: what is signed for a personal message: keccak-256 of "\x19Ethereum Signed Message:\n", the length and the bytes. */
OL_API void ol_message_digest(ol_hash *out, const uint8_t *bytes, size_t len) OL_NONNULL_ARGS(1);

/*
 * Reads the message of a request personal_sign: hex that begins with "0x" is bytes, all else is the text itself.
 * Out: the bytes, in `memory`, which needs as much as the text, or the text. Returns: OL_ERR_ENCODING for hex with an
 * odd number of digits, which could be either; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_message_read(ol_error *error, ol_slice *out, ol_slice text, void *memory,
                                            size_t len) OL_NONNULL_ARGS(1, 2);

/*
 * A message of Sign-In with Ethereum. Slices point into the text that was read; data of those that are not there is
 * NULL. Times are as written (RFC 3339).
 */
typedef struct ol_siwe {
  ol_slice scheme; /* of the origin, e.g. "https" */
  ol_slice domain; /* of the origin, e.g. "example.com:8080" */
  ol_address address;
  ol_slice statement;
  ol_slice uri; /* what the signing is for */
  uint64_t chain_id;
  ol_slice nonce;
  ol_slice issued_at;
  ol_slice expiration_time;
  ol_slice not_before;
  ol_slice request_id;    /* may be there and empty */
  ol_slice resources;     /* for ol_siwe_resource_next: of each a line "- URI" */
  uint32_t has_resources; /* 1 when there is such a list; it may be empty */
} ol_siwe;

/* Returns: whether a text begins as such a message does, so that it is read, and refused, as one. */
OL_API bool ol_siwe_is(ol_slice text);

/*
 * Reads a message, strictly by the grammar of EIP-4361, version 1.
 * Returns: OL_ERR_ENCODING with the part and the byte of the text at fault.
 */
OL_API OL_CHECKED ol_status ol_siwe_read(ol_error *error, ol_siwe *out, ol_slice text) OL_NONNULL_ARGS(1, 2);

/* Takes the next URI from the front of a list of resources. Returns: false at its end. */
OL_API bool ol_siwe_resource_next(ol_slice *list, ol_slice *out) OL_NONNULL;

/* What a message is checked against before it is signed, or when it is accepted. */
typedef struct ol_siwe_expected {
  ol_slice scheme; /* of the page's origin; a message that names none is for https */
  ol_slice domain; /* of the page's origin, with its port if that has one; letters of either case */
  ol_address account;
  uint64_t chain_id;
  ol_slice nonce;  /* empty for any */
  uint64_t now_ms; /* since the Unix epoch */
} ol_siwe_expected;

/* Checks a message. Returns: OL_ERR_MISMATCH with the part at fault, OL_ERR_STALE when it is not, or no longer, valid. */
OL_API OL_CHECKED ol_status ol_siwe_check(ol_error *error, const ol_siwe *message,
                                          const ol_siwe_expected *expected) OL_NONNULL;

/*
 * Writes a message, and reads it, so that what is written is one.
 * Out: at most `len` bytes and *out_len, its length. Returns: OL_ERR_MEMORY when `len` is less; as ol_siwe_read.
 */
OL_API OL_CHECKED ol_status ol_siwe_write(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                          const ol_siwe *message) OL_NONNULL_ARGS(1, 4, 5);

/* Reads a date and time of RFC 3339. Out: milliseconds since the Unix epoch, the rest cut off. Returns: OL_ERR_ENCODING. */
OL_API OL_CHECKED ol_status ol_time_from_text(ol_error *error, int64_t *out, ol_slice text)
    OL_NONNULL_ARGS(1, 2);

#ifdef __cplusplus
}
#endif

#endif
