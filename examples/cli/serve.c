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

static int begin(cli_serving *of) {
  int result = cli_provider_open(&of->by, of->args);
  running = of->by.host;
  return result == EXIT_VERIFIED ? cli_provider_begin(&of->by, MAX_RESPONSE) : result;
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
  ol_status status = is_first ? ol_provider_ask(error, of->by.provider, request->text)
                              : ol_provider_ask_also(error, of->by.provider, request->text);
  if (status == OL_OK && request->websocket) ol_provider_asked_by(of->by.provider, request->connection_id);
  return status;
}

/* Answers what had no room beside others. */
static void answer_alone(cli_serving *of, const ol_server_request *request) {
  ol_error error;
  ol_slice text;
  ol_status status = ask(&error, of, request, true);
  if (status == OL_OK) status = cli_provider_run(&error, &of->by);
  if (status == OL_OK) status = ol_provider_response(&error, &text, of->by.provider);
  if (status == OL_OK)
    reply(of, request->id, text);
  else
    refuse(of, request->id, &error);
}

static void answer(cli_serving *of, const together *asked) {
  bool alone[OL_PROVIDER_TEXTS] = {false};
  ol_error error;
  ol_status run_status = cli_provider_run(&error, &of->by);
  for (uint32_t i = 0; i < asked->count; i++) {
    ol_slice text;
    ol_status status = run_status;
    if (status == OL_OK) status = ol_provider_response_at(&error, &text, of->by.provider, i);
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
  const uint64_t now_ms = ol_host_now_ms(), age_ms = now_ms - of->by.followed_ms;
  ol_error error;
  if (!cli_by_l1(of->args) || age_ms <= FOLLOW_MS || now_ms - of->tried_ms <= RETRY_MS) return;
  of->tried_ms = now_ms;
  if (cli_provider_follow(&of->by) == EXIT_VERIFIED || age_ms <= OLDEST_L1_MS) return;
  if (ol_provider_anchor(&error, of->by.provider, NULL, NULL) != OL_OK) report("L1", &error);
}

static void serve(cli_serving *of) {
  uint64_t connection;
  ol_provider_subscription any;
  while (!stopped) {
    bool asked = ol_server_wait(of->server, WAIT_MS) == 1;
    while (ol_server_closed(of->server, &connection) == 1) ol_provider_gone(of->by.provider, connection);
    if (!asked && ol_provider_subscription_at(of->by.provider, &any, 0) == 0) continue;
    if (cli_by_l1(of->args) && ol_host_now_ms() - of->by.followed_ms > OLDEST_L1_MS) keep_following(of);
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
  cli_provider_end(&of.by);
  return result;
}
