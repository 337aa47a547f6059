/* SPDX-License-Identifier: MIT */
#ifndef OL_BASE_WRITER_H
#define OL_BASE_WRITER_H

/* Bytes that are written one behind the other. */

#include "base/base.h"

/* With `out` NULL it only counts. Memory too small shows as `used` > `len`; behind `len` nothing is written. */
typedef struct ol_writer {
  uint8_t *out;
  size_t len;
  size_t used;
} ol_writer;

void ol_write_bytes(ol_writer *to, const void *bytes, size_t len) OL_NONNULL_ARGS(1);

static inline void ol_write_slice(ol_writer *to, ol_slice bytes) {
  ol_write_bytes(to, bytes.data, bytes.len);
}

/* The low `len` bytes of a number, at most 8, big-endian. */
void ol_write_be(ol_writer *to, uint64_t number, size_t len) OL_NONNULL;

#endif
