/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_LIES_H
#define OL_TESTS_UNIT_LIES_H

/* What endpoints that lie need: to see what is asked of them, and to change an honest answer. */

#include "openledger/engine.h"
#include "unit/bytes.h"

/* Returns: where the first `part` is in a text, or NULL. */
static inline const char *find(ol_slice text, const char *part) {
  const size_t len = strlen(part);
  for (size_t i = 0; i + len <= text.len; i++) {
    if (memcmp(text.data + i, part, len) == 0) return (const char *)text.data + i;
  }
  return NULL;
}

/* Whether the body of a request has a text. */
static inline bool asks_for(const ol_want *want, const char *text) {
  return find(want->body, text) != NULL;
}

/* Puts `to` in the place of the first `from` in an answer, until the next is changed. Returns: whether it was there. */
static inline bool replace(ol_slice *answer, const char *from, const char *to) {
  static uint8_t copy[1 << 20];
  const size_t from_len = strlen(from), to_len = strlen(to);
  const char *found = find(*answer, from);
  if (found == NULL) return false;
  assert_true(answer->len + to_len <= sizeof copy);
  const size_t at = (size_t)(found - (const char *)answer->data);
  memmove(copy, answer->data, answer->len); /* it may have been changed before */
  memmove(copy + at + to_len, copy + at + from_len, answer->len - at - from_len);
  memcpy(copy + at, to, to_len);
  *answer = ol_slice_of(copy, answer->len - from_len + to_len);
  return true;
}

#endif
