/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_TEXT_H
#define OL_ENCODING_TEXT_H

/* Text in UTF-8 (RFC 3629). What people read of it is in openledger/text.h. */

#include "base/base.h"

static inline ol_slice ol_slice_text(const char *text) {
  return ol_slice_of(text, ol_text_len(text));
}

static inline bool ol_slice_equal(ol_slice a, ol_slice b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Returns: whether a text is, or begins with, another. */
bool ol_slice_is(ol_slice text, const char *expected) OL_NONNULL;
bool ol_slice_begins(ol_slice text, const char *expected) OL_NONNULL;

/* Returns: bytes of the character at the front of a text that is not empty; 0 when it is not UTF-8. */
size_t ol_utf8_len(ol_slice text);

#endif
