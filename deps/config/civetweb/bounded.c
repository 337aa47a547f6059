/* SPDX-License-Identifier: MIT */

/*
 * civetweb, less two things that it does unasked. A WebSocket frame says how long it is, and up to 2 GB were
 * allocated on its word: what is longer than any text that the server takes is refused instead, as if there were no
 * memory, and the connection ends. And a library leaves the program's signals alone; what it sends raises none.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_ALLOCATION (4u << 20)

static void *bounded_malloc(size_t len) {
  return len > LONGEST_ALLOCATION ? NULL : malloc(len);
}

#define malloc(len) bounded_malloc(len)
#define sigaction(signal, action, old) ((void)(action))

#include "civetweb.c"
