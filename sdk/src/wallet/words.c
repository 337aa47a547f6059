/* SPDX-License-Identifier: MIT */
#include "wallet/words.h"

#include "crypto/sha2.h"

/* As long as the list is; compilers are to mind strings of 4 kB. */
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Woverlength-strings"
#endif
#include "wallet/english.inc"

#include "base/poison.h"

/* The first half of SHA-256 of each pack. */
#define HASH_BYTES 16

static const struct {
  const char *name;
  uint8_t hash[HASH_BYTES];
} languages[OL_LANGUAGES] = {
    {"english", {0}},
    {"chinese_simplified",
     {0x5c, 0x59, 0x42, 0x79, 0x2b, 0xd8, 0x34, 0x0c, 0xb8, 0xb2, 0x7c, 0xd5, 0x92, 0xf1, 0x01, 0x5e}},
    {"chinese_traditional",
     {0x41, 0x7b, 0x26, 0xb3, 0xd8, 0x50, 0x0a, 0x4a, 0xe3, 0xd5, 0x97, 0x17, 0xd7, 0x01, 0x19, 0x52}},
    {"czech",
     {0x7e, 0x80, 0xe1, 0x61, 0xc3, 0xe9, 0x3d, 0x95, 0x54, 0xc2, 0xef, 0xb7, 0x8d, 0x4e, 0x3c, 0xeb}},
    {"french",
     {0xeb, 0xc3, 0x95, 0x9a, 0xb7, 0x80, 0x1a, 0x1d, 0xf6, 0xba, 0xc4, 0xfa, 0x7d, 0x97, 0x06, 0x52}},
    {"italian",
     {0xd3, 0x92, 0xc4, 0x9f, 0xdb, 0x70, 0x0a, 0x24, 0xcd, 0x1f, 0xce, 0xb2, 0x37, 0xc1, 0xf6, 0x5d}},
    {"japanese",
     {0x2e, 0xed, 0x0a, 0xef, 0x49, 0x22, 0x91, 0xe0, 0x61, 0x63, 0x3d, 0x7a, 0xd8, 0x11, 0x7f, 0x1a}},
    {"korean",
     {0x9e, 0x95, 0xf8, 0x6c, 0x16, 0x7d, 0xe8, 0x8f, 0x45, 0x0f, 0x0a, 0xaf, 0x89, 0xe8, 0x7f, 0x66}},
    {"portuguese",
     {0x26, 0x85, 0xe9, 0xc1, 0x94, 0xc8, 0x2a, 0xe6, 0x7e, 0x10, 0xba, 0x59, 0xd9, 0xea, 0x53, 0x45}},
    {"russian",
     {0x6d, 0x2a, 0x98, 0x84, 0x36, 0xed, 0x39, 0x0d, 0xf3, 0x26, 0x4d, 0x4b, 0xf5, 0x2a, 0x3b, 0x93}},
    {"spanish",
     {0x46, 0x84, 0x6a, 0x5a, 0x01, 0x39, 0xd1, 0xe3, 0xcb, 0x77, 0x29, 0x3e, 0x52, 0x1c, 0x28, 0x65}},
    {"turkish",
     {0x34, 0x44, 0xe6, 0x19, 0xf0, 0xdc, 0x45, 0x2e, 0xf7, 0xa2, 0x30, 0xf1, 0x51, 0xbb, 0xca, 0xa2}},
};

const char *ol_language_name(uint32_t language) {
  return language < OL_LANGUAGES ? languages[language].name : "unknown";
}

void ol_words_english(ol_words *out) {
  *out = (ol_words){.language = OL_LANGUAGE_ENGLISH, .text = ol_slice_of(english, sizeof english - 1)};
}

ol_status ol_words_read(ol_error *error, ol_words *out, uint32_t language, ol_slice text) {
  ol_hash hash;
  ol_error_clear(error);
  if (language >= OL_LANGUAGES) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "no such language");
  if (language == OL_LANGUAGE_ENGLISH && text.len == 0) {
    ol_words_english(out);
    return OL_OK;
  }
  ol_sha256(&hash, text.data, text.len);
  if (memcmp(hash.bytes, languages[language].hash, HASH_BYTES) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "text is not this language's list of words");
  *out = (ol_words){.language = language, .text = text};
  return OL_OK;
}

bool ol_word_next(ol_word_cursor *cursor) {
  size_t len = 0;
  if (cursor->at == cursor->text.len) return false;
  if (cursor->at > 0) {
    len = cursor->text.data[cursor->at - 1];
    if (len == '\n') len = 0;
  }
  for (; cursor->at < cursor->text.len && cursor->text.data[cursor->at] >= 32; cursor->at++) {
    if (len < OL_WORD_MAX - 1) cursor->word.bytes[len++] = cursor->text.data[cursor->at];
  }
  if (cursor->at < cursor->text.len) cursor->at++;
  memset(cursor->word.bytes + len, 0, sizeof cursor->word.bytes - len);
  cursor->index++;
  return true;
}

bool ol_words_next(char out_word[36], uint32_t *out_index, const ol_words *words, uint32_t from,
                   ol_slice prefix) {
  ol_word_cursor cursor = ol_word_first(words);
  while (ol_word_next(&cursor)) {
    if (cursor.index <= from || prefix.len >= OL_WORD_MAX) continue;
    if (prefix.len > 0 && memcmp(cursor.word.bytes, prefix.data, prefix.len) != 0) continue;
    memcpy(out_word, cursor.word.bytes, OL_WORD_MAX);
    *out_index = cursor.index - 1;
    return true;
  }
  return false;
}
