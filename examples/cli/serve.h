/* SPDX-License-Identifier: MIT */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

/* What the files of `openledger serve` share. */

#include "cli.h"

#include <openledger/server.h>

typedef struct cli_serving {
  const cli_args *args;
  cli_provider by;
  ol_server *server;
  uint64_t tried_ms; /* when L1 was to be followed last */
  uint64_t head;     /* that subscribers were told of last; 0 for none */
  uint64_t heads_due_ms;
} cli_serving;

/* Tells subscribers of the heads since the last time, when it is time for that. */
void cli_heads(cli_serving *of);

#endif
