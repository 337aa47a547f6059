/* SPDX-License-Identifier: MIT */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

/* What the files of `openledger serve` share. */

#include "cli.h"

#include <openledger/server.h>

typedef struct cli_serving {
  const cli_args *args;
  ol_host *host;
  cli_rollup rollup;
  cli_follow follow;
  ol_provider *provider;
  void *memory;
  ol_server *server;
  uint64_t followed_ms; /* when L1 was followed last, */
  uint64_t tried_ms;    /* and when that was tried */
  uint64_t head;        /* that subscribers were told of last; 0 for none */
  uint64_t heads_due_ms;
} cli_serving;

/* Tells subscribers of the heads since the last time, when it is time for that. */
void cli_heads(cli_serving *of);

#endif
