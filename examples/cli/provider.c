/* SPDX-License-Identifier: MIT */

/* A provider, and the L1 that it is told of: for serve and ask. */

#include "cli.h"

#include <stdlib.h>

int cli_provider_open(cli_provider *out, const cli_args *args) {
  *out = (cli_provider){.args = args};
  int result = args->rollup != NULL ? cli_rollup_read(&out->rollup, args->rollup) : EXIT_VERIFIED;
  return result == EXIT_VERIFIED ? cli_host_open(&out->host, args) : result;
}

int cli_provider_follow(cli_provider *of) {
  ol_sync_status status;
  ol_error error;
  int result = cli_follow_run(&of->follow, &status);
  if (result != EXIT_VERIFIED) return result;
  of->followed_ms = ol_host_now_ms();
  if (ol_provider_anchor(&error, of->provider, &of->rollup.rollup, &status) != OL_OK)
    return cli_error(NULL, &error);
  return of->follow.saved;
}

static int make_provider(cli_provider *of, uint32_t max_response) {
  const cli_args *args = of->args;
  const ol_provider_config config = {.client = cli_client_config(args, &of->rollup),
                                     .trust = args->trust,
                                     .max_age_s = args->has_max_age ? args->max_age_s : OL_AGE_DEFAULT,
                                     .hold_ms = OL_PROVIDER_HOLD_MS,
                                     .max_response = max_response};
  ol_error error;
  size_t len = ol_provider_size(&config);
  if (len == 0) return cli_usage_error("--chain-id", "is needed, and not 0");
  of->memory = malloc(len);
  if (of->memory == NULL) return cli_no_memory();
  if (ol_provider_init(&error, &of->provider, &config, of->memory, len) != OL_OK)
    return cli_error(NULL, &error);
  if (args->rollup != NULL) ol_provider_rollup(of->provider, &of->rollup.rollup);
  return EXIT_VERIFIED;
}

int cli_provider_begin(cli_provider *of, uint32_t max_response) {
  const cli_args *args = of->args;
  int result = cli_add_endpoints(of->host, OL_SOURCE_L2, &args->rpc);
  if (result == EXIT_VERIFIED) result = cli_add_endpoints(of->host, OL_SOURCE_SEQUENCER, &args->sequencers);
  if (result == EXIT_VERIFIED) result = make_provider(of, max_response);
  if (result != EXIT_VERIFIED || !cli_by_l1(args)) return result;
  result = cli_follow_rollup(&of->follow, args, of->host, &of->rollup);
  return result == EXIT_VERIFIED ? cli_provider_follow(of) : result;
}

ol_status cli_provider_run(ol_error *error, cli_provider *of) {
  ol_status status = ol_host_run(error, of->host, ol_provider_engine(of->provider), NULL, NULL);
  cli_report_blames(of->host);
  return status;
}

void cli_provider_end(cli_provider *of) {
  if (of->follow.memory != NULL) cli_follow_end(&of->follow);
  cli_rollup_clear(&of->rollup);
  free(of->memory);
  ol_host_free(of->host);
}
