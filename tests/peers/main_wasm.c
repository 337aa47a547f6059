/* SPDX-License-Identifier: MIT */

/* What peers.mjs calls (exports.txt); natively, main_native.c. */
#include "peers/peers.h"

#if defined(__wasm__)

#include <stdlib.h>

void *peers_alloc(size_t len);
size_t peers_ask(char *out, const uint8_t *question, size_t len);

void *peers_alloc(size_t len) {
  return malloc(len);
}

size_t peers_ask(char *out, const uint8_t *question, size_t len) {
  return peers_answer(out, question, len);
}

#endif
