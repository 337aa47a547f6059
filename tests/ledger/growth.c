/* SPDX-License-Identifier: MIT */

/*
 * What stakes have become, for growth.test.mjs.  growth_native <INPUT
 *
 * In: lines of words in hex, 64 digits each: one for expWad, or amount, rate, elapsed and duration.
 * Out: for each line a word, or "reverts".
 */
#include "ledger/growth.h"

#include <stdio.h>
#include <stdlib.h>

#define WORDS 4

static bool read_word(ol_u256 *out, const char *text) {
  for (size_t i = 0; i < sizeof out->bytes; i++) {
    const char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
    char *end;
    out->bytes[i] = (uint8_t)strtoul(pair, &end, 16);
    if (end != pair + 2) return false;
  }
  return true;
}

int main(void) {
  char line[WORDS * 65 + 2];
  while (fgets(line, sizeof line, stdin) != NULL) {
    ol_u256 words[WORDS], out = {{0}};
    size_t count = 0;
    while (count < WORDS && read_word(&words[count], line + 65 * count)) {
      if (line[65 * ++count - 1] != ' ') break;
    }
    if (count != 1 && count != WORDS) return 1;
    const bool is_there = count == 1 ? ol_exp_wad(&out, &words[0])
                                     : ol_growth(&out, &words[0], &words[1], &words[2], &words[3]);
    for (size_t i = 0; is_there && i < sizeof out.bytes; i++) printf("%02x", out.bytes[i]);
    puts(is_there ? "" : "reverts");
  }
  return 0;
}
