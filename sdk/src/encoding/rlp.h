/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_RLP_H
#define OL_ENCODING_RLP_H

/*
 * Recursive Length Prefix (Yellow Paper, appendix B), strict: only the one canonical encoding of a value is
 * accepted, so encode(decode(x)) == x. Reading is by cursor, without memory of its own.
 */

#include "base/writer.h"

/* A place in RLP bytes. `start` is where `data` lies in the outermost input, for the places of errors. */
typedef struct ol_rlp {
  const uint8_t *data;
  size_t len;
  size_t at;
  size_t start;
} ol_rlp;

/* One item: its payload, and its whole encoding including the prefix. */
typedef struct ol_rlp_item {
  ol_slice payload;
  ol_slice whole;
  size_t offset; /* of the prefix, in the outermost input */
  bool list;
} ol_rlp_item;

static inline ol_rlp ol_rlp_of(ol_slice bytes) {
  return (ol_rlp){.data = bytes.data, .len = bytes.len, .at = 0, .start = 0};
}

static inline bool ol_rlp_more(const ol_rlp *cursor) {
  return cursor->at < cursor->len;
}

/* Reads the next item. Returns: OL_ERR_ENCODING when it is cut short or not canonical, or nothing is left. */
OL_CHECKED ol_status ol_rlp_next(ol_error *error, ol_rlp_item *out, ol_rlp *cursor) OL_NONNULL;

/* Returns: a cursor over the items of a list, or over the payload of a string that itself holds RLP. */
ol_rlp ol_rlp_inside(const ol_rlp_item *item) OL_NONNULL;

/* Reads the next item, which must be a list, and moves on behind it. Out: a cursor over its items. */
OL_CHECKED ol_status ol_rlp_list(ol_error *error, ol_rlp *out, ol_rlp *cursor) OL_NONNULL;

/* Reads the next item, which must be a string. */
OL_CHECKED ol_status ol_rlp_string(ol_error *error, ol_slice *out, ol_rlp *cursor) OL_NONNULL;

/* Reads a string of exactly `len` bytes. */
OL_CHECKED ol_status ol_rlp_fixed(ol_error *error, uint8_t *out, size_t len, ol_rlp *cursor) OL_NONNULL;

/* Reads a scalar: big-endian, without leading zeros, at most 8 or 32 bytes. */
OL_CHECKED ol_status ol_rlp_u64(ol_error *error, uint64_t *out, ol_rlp *cursor) OL_NONNULL;
OL_CHECKED ol_status ol_rlp_u256(ol_error *error, ol_u256 *out, ol_rlp *cursor) OL_NONNULL;

/* Returns: OL_ERR_ENCODING when anything is left. */
OL_CHECKED ol_status ol_rlp_end(ol_error *error, const ol_rlp *cursor) OL_NONNULL;

/* Checks one whole item to the bottom of its lists, at most OL_LIMIT_RLP_DEPTH deep, with nothing behind it. */
OL_CHECKED ol_status ol_rlp_check(ol_error *error, ol_slice bytes) OL_NONNULL;

/* The longest prefix of a string or a list, in bytes. */
#define OL_RLP_PREFIX 9

/* Out: the prefix of a list, or of a string that is not a single byte below 0x80. Returns: its length. */
size_t ol_rlp_prefix(uint8_t out[OL_RLP_PREFIX], bool list, size_t payload_len) OL_NONNULL;

/* Writes RLP into memory. */
typedef ol_writer ol_rlp_writer;

void ol_rlp_put_string(ol_rlp_writer *to, const uint8_t *bytes, size_t len) OL_NONNULL_ARGS(1);
void ol_rlp_put_u64(ol_rlp_writer *to, uint64_t value) OL_NONNULL;
void ol_rlp_put_u256(ol_rlp_writer *to, const ol_u256 *value) OL_NONNULL;
void ol_rlp_put_list(ol_rlp_writer *to, size_t payload_len) OL_NONNULL; /* the prefix; the items follow */
void ol_rlp_put_raw(ol_rlp_writer *to, const uint8_t *bytes, size_t len)
    OL_NONNULL_ARGS(1); /* RLP as it is */

#endif
