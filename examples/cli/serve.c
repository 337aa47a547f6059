/* SPDX-License-Identifier: MIT */

/* openledger serve: a local JSON-RPC endpoint whose answers are proven, for any wallet or tool. */

#define _POSIX_C_SOURCE 200809L

#include "serve.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS 500u
#define MAX_RESPONSE (16u << 20)
#define FOLLOW_MS 60000u     /* how often L1 is followed while somebody asks */
#define RETRY_MS 12000u      /* how soon that is tried again */
#define OLDEST_L1_MS 300000u /* what an answer may rest on; else it waits */

static const char failed[] = "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32603,\"message\":"
                             "\"the request could not be worked at\"}}";

static volatile sig_atomic_t stopped;
static ol_host *volatile running; /* that a signal interrupts */

static void on_signal(int number) {
  (void)number;
  stopped = 1;
  if (running != NULL) ol_host_interrupt(running);
}

/* What goes wrong while it serves is told, and it goes on. */
static void report(const char *what, const ol_error *error) {
  char line[512];
  ol_error_text(error, line, sizeof line);
  cli_warn(what, line);
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
      .hold_ms = OL_PROVIDER_HOLD_MS,
      .max_response = MAX_RESPONSE};
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
  running = of->host;
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
  ol_server_request requests[OL_PROVIDER_TEXTS];
  uint32_t count;
} together;

static void reply(cli_serving *of, uint64_t id, ol_slice text) {
  ol_error error;
  if (ol_server_reply(&error, of->server, id, text.data, text.len) != OL_OK) report("response", &error);
}

static void refuse(cli_serving *of, uint64_t id, const ol_error *error) {
  report("request", error);
  reply(of, id, (ol_slice){(const uint8_t *)failed, sizeof failed - 1});
}

static ol_status ask(ol_error *error, cli_serving *of, const ol_server_request *request, bool is_first) {
  ol_status status = is_first ? ol_provider_ask(error, of->provider, request->text)
                              : ol_provider_ask_also(error, of->provider, request->text);
  if (status == OL_OK && request->websocket) ol_provider_asked_by(of->provider, request->connection_id);
  return status;
}

static ol_status run(ol_error *error, cli_serving *of) {
  ol_status status = ol_host_run(error, of->host, ol_provider_engine(of->provider), NULL, NULL);
  cli_report_blames(of->host);
  return status;
}

/* Answers what had no room beside others. */
static void answer_alone(cli_serving *of, const ol_server_request *request) {
  ol_error error;
  ol_slice text;
  ol_status status = ask(&error, of, request, true);
  if (status == OL_OK) status = run(&error, of);
  if (status == OL_OK) status = ol_provider_response(&error, &text, of->provider);
  if (status == OL_OK)
    reply(of, request->id, text);
  else
    refuse(of, request->id, &error);
}

static void answer(cli_serving *of, const together *asked) {
  bool alone[OL_PROVIDER_TEXTS] = {false};
  ol_error error;
  ol_status run_status = run(&error, of);
  for (uint32_t i = 0; i < asked->count; i++) {
    ol_slice text;
    ol_status status = run_status;
    if (status == OL_OK) status = ol_provider_response_at(&error, &text, of->provider, i);
    alone[i] = run_status == OL_OK && status == OL_ERR_LIMIT;
    if (alone[i]) continue;
    if (status == OL_OK)
      reply(of, asked->requests[i].id, text);
    else
      refuse(of, asked->requests[i].id, &error);
  }
  for (uint32_t i = 0; i < asked->count; i++) {
    if (alone[i]) answer_alone(of, &asked->requests[i]);
  }
}

/* Answers what is queued: as many together as the provider takes. */
static void answer_queued(cli_serving *of) {
  ol_server_request request;
  bool has_request = ol_server_next(of->server, &request) == 1;
  while (has_request && !stopped) {
    ol_error error;
    together asked = {.requests = {request}, .count = 1};
    if (ask(&error, of, &request, true) != OL_OK) {
      refuse(of, request.id, &error);
      has_request = ol_server_next(of->server, &request) == 1;
      continue;
    }
    while ((has_request = ol_server_next(of->server, &request) == 1)) {
      if (asked.count == OL_PROVIDER_TEXTS || ask(&error, of, &request, false) != OL_OK)
        break; /* next time */
      asked.requests[asked.count++] = request;
    }
    answer(of, &asked);
  }
}

/* Follows L1 if it is time for that. What is too old is not answered by: it is forgotten where it cannot be renewed. */
static void keep_following(cli_serving *of) {
  const uint64_t now_ms = ol_host_now_ms(), age_ms = now_ms - of->followed_ms;
  ol_error error;
  if (!by_l1(of) || age_ms <= FOLLOW_MS || now_ms - of->tried_ms <= RETRY_MS) return;
  of->tried_ms = now_ms;
  if (follow(of) == EXIT_VERIFIED || age_ms <= OLDEST_L1_MS) return;
  if (ol_provider_anchor(&error, of->provider, NULL, NULL) != OL_OK) report("L1", &error);
}

static void serve(cli_serving *of) {
  uint64_t connection;
  ol_provider_subscription any;
  while (!stopped) {
    bool asked = ol_server_wait(of->server, WAIT_MS) == 1;
    while (ol_server_closed(of->server, &connection) == 1) ol_provider_gone(of->provider, connection);
    if (!asked && ol_provider_subscription_at(of->provider, &any, 0) == 0) continue;
    if (by_l1(of) && ol_host_now_ms() - of->followed_ms > OLDEST_L1_MS) keep_following(of);
    answer_queued(of);
    cli_heads(of);
    if (!stopped) keep_following(of);
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
  running = NULL;
  if (stopped) result = EXIT_VERIFIED;
  if (of.follow.memory != NULL) cli_follow_end(&of.follow);
  cli_rollup_clear(&of.rollup);
  free(of.memory);
  ol_host_free(of.host);
  return result;
}
