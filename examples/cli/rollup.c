/* SPDX-License-Identifier: MIT */

/* Which rollup, on which L1, and the options that go with that. */

#include "cli.h"

#include <stdlib.h>

int cli_rollup_read(cli_rollup *out, const char *name) {
  static const char *const known[] = {"openledger", "openledger-testnet", "op-mainnet", "base", NULL};
  int result = cli_named_read(&out->profile, &out->file, "--rollup", name, known);
  if (result != EXIT_VERIFIED) return result;
  size_t len = 16 * out->profile.len + 1024; /* as ol_rollup_read wants it */
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  ol_error error;
  if (ol_rollup_read(&error, &out->rollup, out->profile, memory, len) != OL_OK)
    result = cli_error(name, &error);
  free(memory);
  return result;
}

void cli_rollup_clear(cli_rollup *of) {
  ol_host_free_file(of->file);
  of->file = NULL;
}

static int take_endpoints(cli_urls *to, ol_slice profile, const char *kind, uint8_t *memory, size_t len) {
  ol_slice urls[OL_MAX_ENDPOINTS];
  uint32_t count;
  ol_error error;
  if (ol_rollup_endpoints(&error, urls, &count, OL_MAX_ENDPOINTS, profile, kind, memory, len) != OL_OK)
    return cli_error("--rollup", &error);
  to->count = count;
  for (uint32_t i = 0; i < count; i++) to->list[i] = (const char *)urls[i].data;
  return EXIT_VERIFIED;
}

int cli_profile_endpoints(cli_args *args, void **out_memory) {
  const struct {
    const char *kind;
    cli_urls *to;
    bool of_l1;
  } kinds[] = {{"l2", &args->rpc, false},
               {"l1", &args->l1, true},
               {"beacon", &args->beacon, true},
               {"sequencer", &args->sequencers, true}};
  const size_t count = sizeof kinds / sizeof *kinds;
  cli_rollup rollup = {.file = NULL};
  *out_memory = NULL;
  const bool is_of_use = args->rpc.count == 0 || cli_by_l1(args);
  if (args->rollup == NULL || !is_of_use) return EXIT_VERIFIED;
  int result = cli_rollup_read(&rollup, args->rollup);
  const size_t len = (17 * rollup.profile.len + 2048 + 15) / 16 * 16; /* as ol_rollup_endpoints wants it */
  if (result == EXIT_VERIFIED && (*out_memory = malloc(count * len)) == NULL) result = cli_no_memory();
  for (size_t i = 0; i < count && result == EXIT_VERIFIED; i++) {
    const bool wanted = kinds[i].to->count == 0 && (!kinds[i].of_l1 || cli_by_l1(args));
    if (!wanted) continue;
    result =
        take_endpoints(kinds[i].to, rollup.profile, kinds[i].kind, (uint8_t *)*out_memory + i * len, len);
    if (i == 0) args->rpc_of_profile = kinds[i].to->count > 0;
  }
  cli_rollup_clear(&rollup);
  return result;
}

/* The rollup's own L1, by its chain id, or as its profile describes it. Returns: a name, or NULL. */
static const char *network_of(const ol_rollup *rollup) {
  switch (rollup->l1_chain_id) {
  case 1: return "mainnet";
  case 11155111: return "sepolia";
  case 560048: return "hoodi";
  default: return NULL;
  }
}

ol_client_config cli_client_config(const cli_args *args, const cli_rollup *rollup) {
  return (ol_client_config){.chain_id = args->rollup != NULL && !args->has_chain_id ? rollup->rollup.chain_id
                                                                                    : args->chain_id,
                            .endpoints = args->rpc.count,
                            .quorum = args->quorum != 0 ? args->quorum : args->rpc.count / 2 + 1,
                            .timeout_ms = cli_timeout_ms(args),
                            .l1_endpoints = args->l1.count,
                            .sequencers = args->sequencers.count,
                            .envelope_version = args->version};
}

int cli_follow_rollup(cli_follow *out, const cli_args *args, ol_host *host, const cli_rollup *rollup) {
  ol_slice network = rollup->profile;
  uint8_t *file = NULL;
  const char *name = args->network != NULL ? args->network : network_of(&rollup->rollup);
  *out = (cli_follow){.args = args};
  int result = name == NULL ? EXIT_VERIFIED : cli_network_read(&network, &file, name);
  if (result == EXIT_VERIFIED) result = cli_follow_begin(out, args, host, network);
  ol_host_free_file(file);
  return result;
}

bool cli_by_l1(const cli_args *args) {
  return args->trust > OL_TRUST_QUORUM;
}

int cli_check_levels(const cli_args *args) {
  static const char an_endpoint[] = "at least one endpoint is needed";
  const bool by_l1 = cli_by_l1(args);
  const struct {
    const char *name;
    bool given;
    const char *lacking; /* NULL where it may be left out */
  } of_l1[] = {
      {"--rollup", args->rollup != NULL, "is needed for this level of trust"},
      {"--beacon", args->beacon.count > 0, an_endpoint},
      {"--l1", args->l1.count > 0, an_endpoint},
      {"--sequencer", args->sequencers.count > 0, args->trust == OL_TRUST_UNSAFE ? an_endpoint : NULL},
      {"--checkpoint", args->has_checkpoint, NULL},
      {"--state", args->state_file != NULL, NULL},
      {"--network", args->network != NULL, NULL},
      {"--insist", args->insist, NULL},
  };
  if (args->rpc.count == 0) return cli_usage_error("--rpc", an_endpoint);
  if (args->quorum > args->rpc.count)
    return cli_usage_error("--quorum", "more than there are endpoints (--rpc)");
  for (size_t i = 0; i < sizeof of_l1 / sizeof of_l1[0]; i++) {
    if (by_l1 && !of_l1[i].given && of_l1[i].lacking != NULL)
      return cli_usage_error(of_l1[i].name, of_l1[i].lacking);
    if (!by_l1 && of_l1[i].given && !(i == 0 && args->rpc_of_profile))
      return cli_usage_error(of_l1[i].name, "is only for --trust unsafe, proposed or finalized");
  }
  return EXIT_VERIFIED;
}
