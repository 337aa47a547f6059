/* SPDX-License-Identifier: MIT */
#ifndef OL_BASE_BASE_H
#define OL_BASE_BASE_H

/* What every room uses: failing with a reason, slices, assertions, wiping, constant-time comparison. */

#include "openledger/base.h"

#include <string.h>

/* Programmer errors stop here. The core has no stderr, so there is nothing to print to. */
#define OL_ASSERT(condition)                                                                                 \
  do {                                                                                                       \
    if (!(condition)) __builtin_trap();                                                                      \
  } while (0)

/* Passes a failure on. */
#define OL_TRY(expression)                                                                                   \
  do {                                                                                                       \
    ol_status ol_try_status = (expression);                                                                  \
    if (ol_try_status != OL_OK) return ol_try_status;                                                        \
  } while (0)

/* Records a failure at a byte offset (OL_NOWHERE for none). */
void ol_error_set(ol_error *error, ol_status status, size_t offset, const char *reason) OL_NONNULL;

/* The same, and returns the status; inline, so that compilers see that it is not OL_OK. */
static inline ol_status ol_fail(ol_error *error, ol_status status, size_t offset, const char *reason) {
  ol_error_set(error, status, offset, reason);
  return status;
}

/* Empties an error: OL_OK, no place, empty strings. */
void ol_error_clear(ol_error *error) OL_NONNULL;

/* Names the part in which a call failed, unless a deeper call already did, and passes the status on. */
ol_status ol_error_in(ol_error *error, ol_status status, const char *part, uint32_t item) OL_NONNULL;

/* The same around calls that name parts of their own: what they named becomes the field, and its item the node. */
ol_status ol_error_within(ol_error *error, ol_status status, const char *part, uint32_t item) OL_NONNULL;

/* Returns: the length of a zero-terminated text; the core does without strlen, as without the rest of libc. */
size_t ol_text_len(const char *text) OL_NONNULL;

static inline ol_slice ol_slice_of(const void *data, size_t len) {
  return (ol_slice){.data = (const uint8_t *)data, .len = len};
}

static inline bool ol_hash_equal(const ol_hash *a, const ol_hash *b) {
  return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static inline bool ol_address_equal(const ol_address *a, const ol_address *b) {
  return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static inline bool ol_is_zero(ol_slice bytes) {
  uint8_t any = 0;
  for (size_t i = 0; i < bytes.len; i++) any |= bytes.data[i];
  return any == 0;
}

static inline bool ol_u256_is_zero(const ol_u256 *value) {
  return ol_is_zero(ol_slice_of(value->bytes, sizeof value->bytes));
}

static inline bool ol_address_is_zero(const ol_address *address) {
  return ol_is_zero(ol_slice_of(address->bytes, sizeof address->bytes));
}

/* Big-endian integers at any alignment. */
static inline uint32_t ol_load_be32(const uint8_t bytes[4]) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static inline uint64_t ol_load_be64(const uint8_t bytes[8]) {
  uint64_t value = 0;
  for (int i = 0; i < 8; i++) value = value << 8 | bytes[i];
  return value;
}

static inline void ol_store_be32(uint8_t bytes[4], uint32_t value) {
  for (int i = 3; i >= 0; i--, value >>= 8) bytes[i] = (uint8_t)value;
}

static inline void ol_store_be64(uint8_t bytes[8], uint64_t value) {
  for (int i = 7; i >= 0; i--, value >>= 8) bytes[i] = (uint8_t)value;
}

/* Returns: false when a number needs more than 64 bits; the result is then as it was. */
static inline bool ol_u256_to_u64(uint64_t *out, const ol_u256 *value) {
  if (!ol_is_zero(ol_slice_of(value->bytes, 24))) return false;
  *out = ol_load_be64(value->bytes + 24);
  return true;
}

static inline bool ol_u256_is_below(const ol_u256 *a, const ol_u256 *b) {
  return memcmp(a->bytes, b->bytes, sizeof a->bytes) < 0;
}

/* Erases a secret; unlike a plain memset before return, it is never optimised away. */
void ol_wipe(void *memory, size_t len) OL_NONNULL;

/*
 * Erases the stack below the caller, where libraries that were given secrets leave copies. What is deeper than any of
 * them goes is not reached; tests/residue looks for what stays.
 */
void ol_wipe_stack(void);

/*
 * Returns: what is given: the verdict on a secret, or its length, by which a call may go one way or another, and take
 * another time. Nothing else that is computed from secrets may; tests/ctime takes every place without this for a leak.
 */
uint32_t ol_disclose(uint32_t number_secret);

/* Returns: whether two arrays are equal, in time that depends on `len` only. */
bool ol_equal_secret(const void *a, const void *b, size_t len) OL_NONNULL;

#endif
