/* SPDX-License-Identifier: MIT */
#ifndef OL_WALLET_WORDS_H
#define OL_WALLET_WORDS_H

/*
 * Walking a list of words. In its text each word is ended by a byte below 32: a line's end, or how many bytes the next
 * word begins with that this one has too.
 */

#include "openledger/mnemonic.h"

#include "base/base.h"

/* Words are compared eight bytes at a time, with zeros behind them. */
#define OL_WORD_PARTS 5

typedef union ol_word {
  uint8_t bytes[8 * OL_WORD_PARTS];
  uint64_t parts[OL_WORD_PARTS];
} ol_word;

typedef struct ol_word_cursor {
  ol_slice text;
  size_t at;
  uint32_t index; /* of the word after the current one */
  ol_word word;
} ol_word_cursor;

static inline ol_word_cursor ol_word_first(const ol_words *words) {
  return (ol_word_cursor){.text = words->text};
}

/* Moves on. Returns: false behind the last word. */
bool ol_word_next(ol_word_cursor *cursor) OL_NONNULL;

#endif
