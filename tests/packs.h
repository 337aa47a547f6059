/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_PACKS_H
#define OL_TESTS_PACKS_H

/* The packs of words, read from where they are kept. */

#include "openledger/mnemonic.h"

#include <stdio.h>
#include <stdlib.h>

#define PACK_MAX 65536

/* Reads a language's pack into `memory`. Returns: its text; empty for English, and when there is none. */
static inline ol_slice pack_read(uint8_t memory[PACK_MAX], uint32_t language) {
  char path[512];
  ol_slice text = {memory, 0};
  if (language == OL_LANGUAGE_ENGLISH) return text;
  snprintf(path, sizeof path, "%s/../sdk/words/%s.txt", OL_TESTS_DIR, ol_language_name(language));
  FILE *file = fopen(path, "rb");
  if (file == NULL) return text;
  text.len = fread(memory, 1, PACK_MAX, file);
  fclose(file);
  return text;
}

#endif
