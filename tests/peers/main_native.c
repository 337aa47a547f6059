/* SPDX-License-Identifier: MIT */

/* Answers questions, one a line: peers_native <QUESTIONS. peers.mjs calls the same in WebAssembly (main_wasm.c). */
#include "peers/peers.h"

#if !defined(__wasm__)

#include <stdio.h>
#include <string.h>

#define LINE ((size_t)1 << 18)

int main(void) {
  static char line[LINE], out[PEERS_ANSWER];
  while (fgets(line, sizeof line, stdin) != NULL) {
    const size_t used = peers_answer(out, (const uint8_t *)line, strcspn(line, "\n"));
    fwrite(out, 1, used, stdout);
    putchar('\n');
  }
  return 0;
}

#endif
