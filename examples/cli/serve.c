/* SPDX-License-Identifier: MIT */

/* openledger serve: a local JSON-RPC endpoint whose answers are proven, for any wallet or tool. */

#define _POSIX_C_SOURCE 200809L

#include "serve.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS 500u
#define FOLLOW_MS 60000u     /* how often L1 is followed while somebody asks */
#define OLDEST_L1_MS 300000u /* what an answer may rest on; else it waits */

static const char failed[] = "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32603,\"message\":"
                             "\"the request could not be worked at\"}}";

static volatile sig_atomic_t stopped;

static void on_signal(int number) {
  (void)number;
  stopped = 1;
}

static bool by_l1(const cli_serving *of) {
  return of->args->trust > OL_TRUST_QUORUM;
}

/* Follows L1 to the present, and tells the provider. What fails is tried again; what is known stays. */
static int follow(cli_serving *of) {
  ol_sync_status status;
  ol_error error;
  int result = cli_follow_run(&of->follow, &status);
  if (result != EXIT_VERIFIED) return result;
  of->followed_ms = ol_host_now_ms();
  if (ol_provider_anchor(&error, of->provider, &of->rollup.rollup, &status) != OL_OK)
    return cli_error(NULL, &error);
  return of->follow.saved;
}

static int begin_provider(cli_serving *of) {
  const cli_args *args = of->args;
  const ol_provider_config config = {
      .client = {.chain_id = by_l1(of) && !args->has_chain_id ? of->rollup.rollup.chain_id : args->chain_id,
                 .endpoints = args->rpc.count,
                 .quorum = args->quorum != 0 ? args->quorum : args->rpc.count / 2 + 1,
                 .timeout_ms = cli_timeout_ms(args),
                 .l1_endpoints = args->l1.count,
                 .sequencers = args->sequencers.count,
                 .envelope_version = args->version},
      .trust = args->trust,
      .max_age_s = args->has_max_age ? args->max_age_s : OL_AGE_DEFAULT,
      .hold_ms = OL_PROVIDER_HOLD_MS};
  ol_error error;
  size_t len = ol_provider_size(&config);
  if (len == 0) return cli_usage_error("--chain-id", "is needed, and not 0");
  of->memory = malloc(len);
  if (of->memory == NULL) return cli_no_memory();
  if (ol_provider_init(&error, &of->provider, &config, of->memory, len) != OL_OK)
    return cli_error(NULL, &error);
  return EXIT_VERIFIED;
}

static int begin(cli_serving *of) {
  const cli_args *args = of->args;
  int result = by_l1(of) ? cli_rollup_read(&of->rollup, args->rollup) : EXIT_VERIFIED;
  if (result == EXIT_VERIFIED) result = cli_host_open(&of->host, args);
  if (result == EXIT_VERIFIED) result = cli_add_endpoints(of->host, OL_SOURCE_L2, &args->rpc);
  if (result == EXIT_VERIFIED) result = cli_add_endpoints(of->host, OL_SOURCE_SEQUENCER, &args->sequencers);
  if (result == EXIT_VERIFIED) result = begin_provider(of);
  if (result == EXIT_VERIFIED && by_l1(of))
    result = cli_follow_rollup(&of->follow, args, of->host, &of->rollup);
  return result == EXIT_VERIFIED && by_l1(of) ? follow(of) : result;
}

static int listen_on(cli_serving *of) {
  const cli_args *args = of->args;
  const ol_server_options options = {.listen = args->listen != NULL ? args->listen : "127.0.0.1:8645",
                                     .origins = args->origins.list,
                                     .origin_count = args->origins.count,
                                     .max_text_len = OL_PROVIDER_REQUEST};
  ol_error error;
  if (ol_server_open(&error, &of->server, &options) != OL_OK) return cli_error(options.listen, &error);
  const char *colon = strrchr(options.listen, ':');
  if (args->json)
    printf("{\"url\":\"http://%.*s:%u/\"}\n", (int)(colon - options.listen), options.listen,
           ol_server_port(of->server));
  else
    printf("listening on http://%.*s:%u/, trust %s\n", (int)(colon - options.listen), options.listen,
           ol_server_port(of->server), ol_trust_name((ol_trust)args->trust));
  fflush(stdout);
  return EXIT_VERIFIED;
}

/* Requests that are answered together. */
typedef struct together {
  uint64_t ids[OL_PROVIDER_TEXTS];
  uint32_t count;
} together;

static void reply(cli_serving *of, uint64_t id, ol_slice text) {
  ol_error error;
  if (ol_server_reply(&error, of->server, id, text.data, text.len) != OL_OK)
    (void)cli_error("response", &error);
}

static void answer(cli_serving *of, const together *asked, ol_error *error, ol_status status) {
  if (status == OL_OK) status = ol_host_run(error, of->host, ol_provider_engine(of->provider), NULL, NULL);
  cli_report_blames(of->host);
  for (uint32_t i = 0; i < asked->count; i++) {
    ol_slice text;
    if (status == OL_OK) status = ol_provider_response_at(error, &text, of->provider, i);
    if (status != OL_OK) {
      (void)cli_error("request", error);
      text = (ol_slice){(const uint8_t *)failed, sizeof failed - 1};
    }
    reply(of, asked->ids[i], text);
  }
}

/* Answers what is queued: as many together as the provider takes. */
static void answer_queued(cli_serving *of) {
  ol_server_request request;
  bool has_request = ol_server_next(of->server, &request) == 1;
  while (has_request && !stopped) {
    ol_error error;
    together asked = {.ids = {request.id}, .count = 1};
    ol_status status = ol_provider_ask(&error, of->provider, request.text);
    if (request.websocket) ol_provider_asked_by(of->provider, request.connection_id);
    while ((has_request = ol_server_next(of->server, &request) == 1)) {
      ol_error none;
      if (asked.count == OL_PROVIDER_TEXTS ||
          ol_provider_ask_also(&none, of->provider, request.text) != OL_OK)
        break; /* next time */
      asked.ids[asked.count++] = request.id;
      if (request.websocket) ol_provider_asked_by(of->provider, request.connection_id);
    }
    answer(of, &asked, &error, status);
  }
}

static void serve(cli_serving *of) {
  uint64_t connection;
  while (!stopped) {
    bool asked = ol_server_wait(of->server, WAIT_MS) == 1;
    while (ol_server_closed(of->server, &connection) == 1) ol_provider_gone(of->provider, connection);
    ol_provider_subscription any;
    asked = asked || ol_provider_subscription_at(of->provider, &any, 0) == 1;
    if (!asked) continue;
    uint64_t age_ms = ol_host_now_ms() - of->followed_ms;
    if (by_l1(of) && age_ms > OLDEST_L1_MS) (void)follow(of);
    answer_queued(of);
    cli_heads(of);
    if (by_l1(of) && age_ms > FOLLOW_MS && age_ms <= OLDEST_L1_MS) (void)follow(of);
  }
}

int cli_serve(const cli_args *args) {
  cli_serving of = {.args = args};
  if (args->operand != NULL) return cli_usage_error(args->operand, "one argument too many");
  int result = cli_check_levels(args);
  if (result != EXIT_VERIFIED) return result;
  const struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  result = begin(&of);
  if (result == EXIT_VERIFIED) result = listen_on(&of);
  if (result == EXIT_VERIFIED) {
    serve(&of);
    ol_server_close(of.server);
  }
  if (of.follow.memory != NULL) cli_follow_end(&of.follow);
  cli_rollup_clear(&of.rollup);
  free(of.memory);
  ol_host_free(of.host);
  return result;
}
