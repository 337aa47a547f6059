/* SPDX-License-Identifier: MIT */

/* The native host against a local server (server.mjs), driven by an engine that wants what a test says. */

#define _POSIX_C_SOURCE 200809L

#include "base/base.h"
#include "engine/engine.h"
#include "openledger/host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define MAX_WANTS 16
#define TEXT_LEN 4096

/* --- The server --- */

static struct {
  pid_t process;
  int input;
  int port;
  int tls_port;
  int stranger_port;
  char certificates[512];
} server;

static void server_path(char *out, size_t len) {
  const char *end = strrchr(__FILE__, '/');
  snprintf(out, len, "%.*sserver.mjs", end == NULL ? 0 : (int)(end - __FILE__ + 1), __FILE__);
}

static int start_server(void **state) {
  (void)state;
  int input[2], output[2];
  char path[1024];
  server_path(path, sizeof path);
  if (pipe(input) != 0 || pipe(output) != 0) return -1;
  server.process = fork();
  if (server.process == 0) {
    dup2(input[0], STDIN_FILENO);
    dup2(output[1], STDOUT_FILENO);
    close(input[0]), close(input[1]), close(output[0]), close(output[1]);
    execlp("node", "node", path, (char *)NULL);
    _exit(127);
  }
  close(input[0]), close(output[1]);
  server.input = input[1];
  FILE *lines = fdopen(output[0], "r");
  int read = fscanf(lines, "%d %d %d %511s", &server.port, &server.tls_port, &server.stranger_port,
                    server.certificates);
  fclose(lines);
  return read == 4 ? 0 : -1;
}

static int stop_server(void **state) {
  (void)state;
  int status = 0;
  close(server.input);
  waitpid(server.process, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* --- An engine that wants what a test says --- */

typedef struct wish {
  const char *path;
  const char *body; /* NULL for GET */
  uint32_t max_len; /* 0: as long as `text` */
  uint32_t endpoint;
  const char *lost; /* why there was no answer; NULL if there was one */
  size_t len;
  char text[TEXT_LEN];
} wish;

typedef struct wisher {
  ol_engine engine; /* the first member */
  wish wishes[MAX_WANTS];
  uint32_t count;
  uint32_t ended;
  bool in_turn; /* one after the other rather than all at once */
  bool give_up; /* with the first answer */
  bool waits;   /* to be told that it may end */
} wisher;

static wisher *wisher_of(ol_engine *engine) {
  return (wisher *)(void *)engine;
}

static void put(wisher *of, uint32_t item) {
  ol_engine_put(&of->engine, OL_SOURCE_L2, of->wishes[item].endpoint, 0, item);
}

static void begin(ol_engine *engine) {
  wisher *of = wisher_of(engine);
  for (uint32_t i = 0; i < (of->in_turn ? 1 : of->count); i++) put(of, i);
}

static ol_status request(ol_error *error, ol_want *out, ol_engine *engine, const ol_engine_want *want) {
  (void)error;
  const wish *wished = &wisher_of(engine)->wishes[want->item];
  out->method = wished->body == NULL ? OL_HTTP_GET : OL_HTTP_POST;
  out->path = ol_slice_of(wished->path, strlen(wished->path));
  if (wished->body != NULL) out->body = ol_slice_of(wished->body, strlen(wished->body));
  out->max_len = wished->max_len != 0 ? wished->max_len : TEXT_LEN - 1;
  return OL_OK;
}

static ol_status answer(ol_error *error, ol_engine *engine, const ol_engine_want *want, ol_slice data) {
  (void)error;
  wish *wished = &wisher_of(engine)->wishes[want->item];
  wished->len = data.len;
  size_t kept = data.len < TEXT_LEN ? data.len : TEXT_LEN - 1;
  if (kept > 0) memcpy(wished->text, data.data, kept);
  wisher_of(engine)->ended++;
  return OL_OK;
}

static void lost(ol_engine *engine, const ol_engine_want *want, const ol_error *error) {
  wisher_of(engine)->wishes[want->item].lost = error->reason;
  wisher_of(engine)->ended++;
}

static void advance(ol_engine *engine) {
  wisher *of = wisher_of(engine);
  ol_error error;
  ol_error_set(&error, OL_ERR_PROOF, OL_NOWHERE, "enough of this");
  if (of->give_up)
    ol_engine_give_up(engine, &error);
  else if (of->ended == of->count && !of->waits)
    ol_engine_finish(engine);
  else if (of->ended < of->count && of->in_turn)
    put(of, of->ended);
}

static const ol_engine_user wishes_user = {
    .begin = begin, .request = request, .answer = answer, .lost = lost, .advance = advance};

static wisher w;
static ol_error error;

/* Forgets all wishes. */
static void reset(uint32_t timeout_ms) {
  memset(&w, 0, sizeof w);
  ol_engine_init(&w.engine, &wishes_user, timeout_ms);
}

static wish *add(const char *path) {
  w.wishes[w.count].path = path;
  return &w.wishes[w.count++];
}

static ol_host *new_host(const char *scheme, const char *name, int port, const char *rest,
                         const char *ca_file) {
  ol_host *host;
  char url[256];
  ol_host_options options = {.ca_file = ca_file};
  snprintf(url, sizeof url, "%s://%s:%d%s", scheme, name, port, rest);
  assert_int_equal(ol_host_new(&error, &host, &options), OL_OK);
  assert_int_equal(ol_host_add_endpoint(&error, host, OL_SOURCE_L2, url), OL_OK);
  return host;
}

static ol_host *plain_host(void) {
  return new_host("http", "127.0.0.1", server.port, "", NULL);
}

/* One GET on its own. Returns: why it was lost, or NULL with its text in w.wishes[0]. */
static const char *fetch(ol_host *host, const char *path, uint32_t max_len, uint32_t timeout_ms) {
  reset(timeout_ms);
  add(path)->max_len = max_len;
  assert_int_equal(ol_host_run(&error, host, &w.engine, NULL, NULL), OL_OK);
  return w.wishes[0].lost;
}

/* --- Tests --- */

static void assert_has(const char *text, const char *part) {
  if (strstr(text, part) == NULL) fail_msg("no %s in %s", part, text);
}

static void sends_what_is_wanted(void **state) {
  (void)state;
  ol_host *host = new_host("http", "127.0.0.1", server.port, "/base/?key=1", NULL);
  reset(10000);
  add("/echo?x=2")->body = "{\"a\":[1]}";
  assert_int_equal(ol_host_run(&error, host, &w.engine, NULL, NULL), OL_OK);
  const char *text = w.wishes[0].text;
  assert_has(text, "\"method\":\"POST\"");
  assert_has(text, "\"url\":\"/base/echo?x=2&key=1\"");
  assert_has(text, "\"content-type\":\"application/json\"");
  assert_has(text, "\"accept-encoding\":\"identity\"");
  assert_has(text, "\"user-agent\":\"openledger/");
  assert_has(text, "\"body\":\"{\\\"a\\\":[1]}\"");
  assert_null(strstr(text, "\"expect\""));

  ol_host_stats stats;
  ol_host_stats_of(host, &stats);
  char expected[64];
  snprintf(expected, sizeof expected, "\"bytesRead\":%llu,", (unsigned long long)stats.bytes_sent);
  assert_has(text, expected);
  assert_int_equal(stats.requests, 1);
  assert_int_equal(stats.waiting, 0);
  assert_true(stats.bytes_received > w.wishes[0].len);
  assert_true(stats.bytes_received < w.wishes[0].len + 500);

  assert_null(fetch(host, "echo", 0, 10000));
  assert_has(w.wishes[0].text, "\"method\":\"GET\"");
  assert_has(w.wishes[0].text, "\"url\":\"/base/echo?key=1\"");
  ol_host_free(host);
}

static void cuts_off_long_answers(void **state) {
  (void)state;
  const char *too_long = "answer is longer than accepted";
  ol_host *host = plain_host();
  assert_null(fetch(host, "/long?announced&len=1000", 1000, 10000));
  assert_int_equal(w.wishes[0].len, 1000);
  assert_null(fetch(host, "/long?len=1000", 1000, 10000));
  assert_int_equal(w.wishes[0].len, 1000);
  assert_null(fetch(host, "/long?len=1000000", 1000000, 10000));
  assert_int_equal(w.wishes[0].len, 1000000);
  assert_string_equal(fetch(host, "/long?announced&len=1001", 1000, 10000), too_long);
  assert_string_equal(fetch(host, "/long?len=1001", 1000, 10000), too_long);
  assert_string_equal(fetch(host, "/flood", 1000000, 10000), too_long);
  ol_host_stats stats;
  ol_host_stats_of(host, &stats);
  assert_true(stats.bytes_received < 2000000);
  ol_host_free(host);
}

static void takes_no_status_but_200(void **state) {
  (void)state;
  const char *refused = "HTTP status is not 200";
  ol_host *host = plain_host();
  static const char *const paths[] = {"/status?code=500", "/status?code=404", "/status?code=429",
                                      "/status?code=201", "/nowhere",         "/redirect"};
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
    assert_string_equal(fetch(host, paths[i], 0, 10000), refused);
  assert_null(fetch(host, "/redirected", 0, 10000));
  assert_string_equal(w.wishes[0].text, "0"); /* nobody came to the redirect's target */
  ol_host_free(host);
}

static void keeps_deadlines(void **state) {
  (void)state;
  ol_host *host = plain_host();
  assert_string_equal(fetch(host, "/silence", 0, 200), "no answer in time");
  assert_string_equal(fetch(host, "/hang", 0, 200), "no answer in time");
  ol_host_free(host);
}

static void reports_broken_connections(void **state) {
  (void)state;
  ol_host *host = plain_host();
  static const char *const paths[] = {"/break", "/halfway", "/garbage"};
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
    assert_string_equal(fetch(host, paths[i], 0, 10000), "connection failed");
  ol_host_free(host);
  host = new_host("http", "127.0.0.1", 1, "", NULL); /* where nobody listens */
  assert_string_equal(fetch(host, "", 0, 10000), "connection failed");
  ol_host_free(host);
}

static void checks_certificates(void **state) {
  (void)state;
  const char *refused = "certificate of the server is refused";
  ol_host *host = new_host("https", "localhost", server.tls_port, "", NULL);
  assert_string_equal(fetch(host, "/echo", 0, 10000), refused); /* signed by itself */
  ol_host_free(host);

  host = new_host("https", "localhost", server.tls_port, "", server.certificates);
  assert_null(fetch(host, "/echo", 0, 10000)); /* the same, but trusted */
  assert_has(w.wishes[0].text, "\"method\":\"GET\"");
  ol_host_free(host);

  host = new_host("https", "localhost", server.stranger_port, "", server.certificates);
  assert_string_equal(fetch(host, "/echo", 0, 10000), refused); /* trusted, but for another name */
  ol_host_free(host);

  host = new_host("https", "localhost", server.port, "", server.certificates);
  assert_string_equal(fetch(host, "/echo", 0, 10000), refused); /* does not speak TLS */
  ol_host_free(host);

  ol_host_options options = {.ca_file = "/nowhere/certificates.pem"};
  assert_int_equal(ol_host_new(&error, &host, &options), OL_ERR_ARGUMENT);
  assert_string_equal(error.part, "certificates");
}

static void reuses_connections(void **state) {
  (void)state;
  ol_host *host = plain_host();
  ol_host_stats stats;
  assert_null(fetch(host, "/connections", 0, 10000));
  int before = atoi(w.wishes[0].text);
  ol_host_stats_of(host, &stats);
  assert_int_equal(stats.connections, 1);

  reset(10000);
  w.in_turn = true;
  for (int i = 0; i < 5; i++) add("/connections")->body = i % 2 == 0 ? "{}" : NULL;
  assert_int_equal(ol_host_run(&error, host, &w.engine, NULL, NULL), OL_OK);
  assert_int_equal(atoi(w.wishes[4].text), before);
  ol_host_stats_of(host, &stats);
  assert_int_equal(stats.requests, 5);
  assert_int_equal(stats.connections, 0);
  ol_host_free(host);
}

static void count_waiting(void *context, const ol_host_stats *stats) {
  uint32_t *most = context;
  if (stats->waiting > *most) *most = stats->waiting;
}

static void fetches_all_wants_at_once(void **state) {
  (void)state;
  ol_host *host = plain_host();
  uint32_t most = 0;
  reset(10000);
  for (int i = 0; i < 8; i++) add("/gather?count=8")->body = "{}";
  assert_int_equal(ol_host_run(&error, host, &w.engine, count_waiting, &most), OL_OK);
  for (int i = 0; i < 8; i++) {
    assert_null(w.wishes[i].lost);
    assert_string_equal(w.wishes[i].text, "8");
  }
  assert_int_equal(most, 8);
  ol_host_free(host);
}

/* Leaves what is watched unread for a hundred calls. */
static void count_calls(void *context, const ol_host_stats *stats) {
  int *counted = context;
  char byte;
  (void)stats;
  if (++counted[1] == 100) assert_int_equal(read(counted[0], &byte, 1), 1);
}

static void wakes_for_what_is_watched(void **state) {
  (void)state;
  ol_host *host = plain_host();
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  for (int watching = 1; watching >= 0; watching--) {
    int counted[2] = {ends[0], 0};
    assert_int_equal(write(ends[1], "", 1), 1);
    ol_host_watch(host, watching ? ends[0] : -1);
    reset(1000);
    add("/silence");
    assert_int_equal(ol_host_run(&error, host, &w.engine, count_calls, counted), OL_OK);
    assert_true(watching ? counted[1] >= 100 : counted[1] < 100);
  }
  close(ends[0]), close(ends[1]);
  ol_host_free(host);
}

static void blames_the_right_endpoint(void **state) {
  (void)state;
  ol_host *host = plain_host();
  char second[64];
  snprintf(second, sizeof second, "http://localhost:%d/second", server.port);
  assert_int_equal(ol_host_add_endpoint(&error, host, OL_SOURCE_L2, second), OL_OK);
  reset(10000);
  add("/echo");
  add("/break")->endpoint = 1;
  assert_int_equal(ol_host_run(&error, host, &w.engine, NULL, NULL), OL_OK);
  ol_host_blame blame;
  assert_int_equal(ol_host_blame_at(host, &blame, 0), 1);
  assert_string_equal(blame.url, second);
  assert_int_equal(blame.error.status, OL_ERR_TRANSPORT);
  assert_int_equal(ol_host_blame_at(host, &blame, 1), 0);
  assert_null(fetch(host, "/echo", 0, 10000)); /* a new run, a clean slate */
  assert_int_equal(ol_host_blame_at(host, &blame, 0), 0);

  reset(10000);
  add("/echo")->endpoint = 2;
  assert_int_equal(ol_host_run(&error, host, &w.engine, NULL, NULL), OL_ERR_ARGUMENT);
  ol_host_free(host);
}

static void ends_when_the_engine_fails(void **state) {
  (void)state;
  ol_host *host = plain_host();
  reset(3600000);
  add("/silence"); /* would hold this test up for an hour */
  add("/echo");
  w.give_up = true;
  assert_int_equal(ol_host_run(&error, host, &w.engine, NULL, NULL), OL_ERR_PROOF);
  assert_string_equal(error.reason, "enough of this");
  ol_host_stats stats;
  ol_host_stats_of(host, &stats);
  assert_int_equal(stats.waiting, 0);
  assert_int_equal(ol_host_run(&error, host, &w.engine, NULL, NULL), OL_ERR_PROOF); /* it stays failed */
  assert_null(fetch(host, "/echo", 0, 10000));                                      /* the host goes on */

  memset(&w, 0, sizeof w);
  ol_engine_init(&w.engine, NULL, 1000);
  assert_int_equal(ol_host_run(&error, host, &w.engine, NULL, NULL), OL_ERR_ARGUMENT); /* nothing was asked */
  ol_host_free(host);
}

static void leaves_bodies_as_they_are(void **state) {
  (void)state;
  ol_host *host = plain_host();
  assert_null(fetch(host, "/gzip", 0, 10000));
  assert_int_equal((uint8_t)w.wishes[0].text[0],
                   0x1f); /* gzip's mark: what was not asked for is not unpacked */
  ol_host_free(host);
}

static void uses_no_proxy_for_loopback(void **state) {
  (void)state;
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  ol_host *host = plain_host();
  const char *why = fetch(host, "/echo", 0, 10000);
  unsetenv("http_proxy");
  assert_null(why);
  ol_host_free(host);
}

static void refuses_urls(void **state) {
  (void)state;
  static const char *const bad[] = {"",
                                    "localhost:8545",
                                    "127.0.0.1",
                                    "ftp://example.org/",
                                    "file:///etc/passwd",
                                    "http://",
                                    "http:///path",
                                    "https://user@example.org/",
                                    "https://user:word@example.org/",
                                    "https://example.org/#top",
                                    "https://example.org/a b",
                                    "https://example.org/\n",
                                    "https://ex\xc3\xa4mple.org/",
                                    "https://example.org:0x50/",
                                    "https://example.org:65536/",
                                    "https://[::1/",
                                    "https://exa mple.org"};
  ol_host *host;
  assert_int_equal(ol_host_new(&error, &host, NULL), OL_OK);
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    if (ol_host_add_endpoint(&error, host, OL_SOURCE_L2, bad[i]) != OL_ERR_ARGUMENT)
      fail_msg("accepted: %s", bad[i]);
    assert_true(strlen(error.reason) > 0);
  }
  assert_int_equal(ol_host_add_endpoint(&error, host, (ol_source)0, "http://a.example/"), OL_ERR_ARGUMENT);
  assert_int_equal(ol_host_add_endpoint(&error, host, (ol_source)6, "http://a.example/"), OL_ERR_ARGUMENT);
  ol_host_free(host);
}

static void refuses_the_same_place_twice(void **state) {
  (void)state;
  static const char *const same[] = {"https://Example.org/v1", "https://example.org/v1/",
                                     "HTTPS://example.ORG:443/v1", "https://example.org./v1"};
  static const char *const other[] = {"https://example.org/v2", "https://example.org:8443/v1",
                                      "https://example.org/v1?key=2", "https://rpc.example.org/v1"};
  ol_host *host;
  char url[64];
  assert_int_equal(ol_host_new(&error, &host, NULL), OL_OK);
  assert_int_equal(ol_host_add_endpoint(&error, host, OL_SOURCE_L2, same[0]), OL_OK);
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(ol_host_add_endpoint(&error, host, OL_SOURCE_L2, same[i]), OL_ERR_ARGUMENT);
  assert_int_equal(ol_host_add_endpoint(&error, host, OL_SOURCE_L1, same[0]), OL_OK); /* another source */
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(ol_host_add_endpoint(&error, host, OL_SOURCE_L2, other[i]), OL_OK);
  for (size_t i = 5; i < OL_MAX_ENDPOINTS; i++) {
    snprintf(url, sizeof url, "https://%zu.example.org/", i);
    assert_int_equal(ol_host_add_endpoint(&error, host, OL_SOURCE_L2, url), OL_OK);
  }
  assert_int_equal(ol_host_add_endpoint(&error, host, OL_SOURCE_L2, "https://last.example/"), OL_ERR_LIMIT);
  ol_host_free(host);
}

/* --- Bundles --- */

/* A host that fetches nothing, by a bundle of one answer: "abc" to GET /a of an L2 endpoint. */
static ol_host *bundle_host(uint8_t bytes[256], size_t *out_len) {
  static const char path[] = "/a";
  ol_host *host;
  ol_bundle_entry entry = {.answer = ol_slice_of("abc", 3)};
  const ol_bundle_about about = {.made = 1700000000};
  const ol_want want = {.source = OL_SOURCE_L2,
                        .method = OL_HTTP_GET,
                        .format = OL_FORMAT_JSON,
                        .path = ol_slice_of(path, strlen(path))};
  assert_int_equal(ol_bundle_request(&error, &entry.request, &want), OL_OK);
  *out_len = ol_bundle_size(&about, &entry, 1);
  assert_true(*out_len > 0 && *out_len <= 256);
  assert_int_equal(ol_bundle_write(&error, bytes, *out_len, &about, &entry, 1), OL_OK);
  assert_int_equal(ol_host_new(&error, &host, NULL), OL_OK);
  assert_int_equal(ol_host_bundle(&error, host, ol_slice_of(bytes, *out_len), UINT64_C(1700000000000)),
                   OL_OK);
  return host;
}

static void runs_by_a_bundle_and_records_the_same(void **state) {
  (void)state;
  uint8_t bytes[256], *recorded;
  size_t len, recorded_len;
  const ol_bundle_about about = {.made = 1700000000};
  ol_host *host = bundle_host(bytes, &len);
  ol_host_record(host);
  assert_int_equal(ol_host_recorded(&error, host, &recorded, &recorded_len, &about),
                   OL_ERR_LIMIT); /* nothing */
  assert_null(fetch(host, "/a", 0, 10000));
  assert_string_equal(w.wishes[0].text, "abc");
  assert_int_equal(w.engine.now_ms, UINT64_C(1700000000000));
  assert_null(ol_host_lack(host));
  assert_int_equal(ol_host_recorded(&error, host, &recorded, &recorded_len, &about), OL_OK);
  assert_int_equal(recorded_len, len);
  assert_memory_equal(recorded, bytes, len);
  ol_host_free_file(recorded);
  ol_host_free(host);
}

static void says_what_a_bundle_lacks(void **state) {
  (void)state;
  uint8_t bytes[256];
  size_t len;
  ol_host_blame blame;
  ol_host *host = bundle_host(bytes, &len);
  assert_string_equal(fetch(host, "/b", 0, 10000), "connection failed"); /* the engine did without */
  assert_string_equal(ol_host_lack(host), "l2: /b");
  assert_int_equal(ol_host_blame_at(host, &blame, 0), 0);
  assert_null(fetch(host, "/a", 0, 10000));
  assert_null(ol_host_lack(host)); /* nothing, in this run */
  bytes[100] ^= 1;
  assert_int_equal(ol_host_bundle(&error, host, ol_slice_of(bytes, len), 0), OL_ERR_ENCODING);
  ol_host_free(host);
}

static void a_bundle_is_one_endpoint(void **state) {
  (void)state;
  uint8_t bytes[256];
  size_t len;
  ol_want want;
  ol_host *host = bundle_host(bytes, &len);
  reset(10000);
  add("/a")->endpoint = 1;
  assert_int_equal(ol_host_run(&error, host, &w.engine, NULL, NULL), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "is one endpoint of each source, and no quorum of many");
  reset(10000);
  add("/a");
  assert_int_equal(ol_engine_begin(&w.engine, 1), OL_OK);
  assert_int_equal(ol_engine_next_want(&w.engine, &want), 1); /* and nobody answers it */
  assert_int_equal(ol_host_run(&error, host, &w.engine, NULL, NULL), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "the engine waits for an answer that was asked elsewhere");
  ol_host_free(host);
}

static void records_what_was_fetched(void **state) {
  (void)state;
  uint8_t *recorded;
  size_t len;
  ol_bundle bundle;
  const ol_bundle_about about = {.made = 1};
  ol_host *host = plain_host();
  ol_host_record(host);
  assert_null(fetch(host, "/long?len=5", 0, 10000));
  assert_null(fetch(host, "/long?len=5", 0, 10000)); /* once more */
  assert_null(fetch(host, "/long?len=7", 0, 10000));
  assert_string_equal(fetch(host, "/nowhere", 0, 10000), "HTTP status is not 200");
  assert_int_equal(ol_host_recorded(&error, host, &recorded, &len, &about), OL_OK);
  assert_int_equal(ol_bundle_read(&error, &bundle, ol_slice_of(recorded, len)), OL_OK);
  assert_int_equal(bundle.count, 2);
  assert_int_equal(bundle.answers.len, 12);
  ol_host_record(host); /* from here on */
  ol_host_free_file(recorded);
  assert_int_equal(ol_host_recorded(&error, host, &recorded, &len, &about), OL_ERR_LIMIT);
  ol_host_free(host);
}

/* --- Two engines --- */

static wisher second; /* waits for the first, which is `w` */

static struct {
  int calls;
  ol_engine_status state; /* of the second, when the first had ended */
  uint64_t requests;      /* of the first */
} told;

static void tell_second(void *context, const ol_host_stats *stats) {
  assert_ptr_equal(context, &told);
  told.calls++;
  told.state = ol_engine_state(&second.engine);
  told.requests = stats->requests;
  second.waits = false;
  if (told.state == OL_ENGINE_WORKING) advance(&second.engine);
}

/* Runs both, for one path. */
static ol_status run_both(ol_host *host, const char *path) {
  reset(10000);
  add(path);
  second = w;
  second.waits = true;
  memset(&told, 0, sizeof told);
  return ol_host_run_both(&error, host, &w.engine, &second.engine, tell_second, NULL, &told);
}

static void runs_two_engines_at_once(void **state) {
  (void)state;
  ol_host_stats stats;
  ol_host *host = plain_host();
  assert_int_equal(run_both(host, "/gather?count=2"), OL_OK);
  assert_string_equal(w.wishes[0].text, "2");
  assert_string_equal(second.wishes[0].text, "2");
  assert_int_equal(told.calls, 1);
  assert_int_equal(told.state, OL_ENGINE_WORKING);
  assert_int_equal(told.requests, 1);
  ol_host_stats_of(host, &stats);
  assert_int_equal(stats.requests, 2);
  assert_int_equal(stats.waiting, 0);
  ol_host_free(host);
}

static void runs_two_engines_in_turn_for_a_record(void **state) {
  (void)state;
  uint8_t *recorded;
  size_t len;
  ol_bundle bundle;
  ol_host_stats stats;
  const ol_bundle_about about = {.made = 1};
  ol_host *host = plain_host();
  ol_host_record(host);
  assert_int_equal(run_both(host, "/gather?count=1"), OL_OK);
  assert_int_equal(told.calls, 1);
  assert_int_equal(told.state, OL_ENGINE_IDLE);
  ol_host_stats_of(host, &stats);
  assert_int_equal(stats.requests, 2);
  assert_int_equal(ol_host_recorded(&error, host, &recorded, &len, &about), OL_OK);
  assert_int_equal(ol_bundle_read(&error, &bundle, ol_slice_of(recorded, len)), OL_OK);
  assert_int_equal(bundle.count, 1); /* both asked for the same */
  ol_host_free_file(recorded);
  ol_host_free(host);
}

static void runs_two_engines_by_a_bundle(void **state) {
  (void)state;
  uint8_t bytes[256];
  size_t len;
  ol_host *host = bundle_host(bytes, &len);
  assert_int_equal(run_both(host, "/a"), OL_OK);
  assert_int_equal(told.state, OL_ENGINE_IDLE);
  assert_string_equal(second.wishes[0].text, "abc");
  ol_host_free(host);
}

static void says_why_the_first_of_two_failed(void **state) {
  (void)state;
  ol_host *host = plain_host();
  reset(10000);
  add("/connections");
  second = w;
  second.waits = true;
  w.give_up = true;
  memset(&told, 0, sizeof told);
  assert_int_equal(ol_host_run_both(&error, host, &w.engine, &second.engine, tell_second, NULL, &told),
                   OL_ERR_PROOF);
  assert_string_equal(error.reason, "enough of this");
  assert_int_equal(told.calls, 1);
  assert_int_equal(ol_engine_state(&second.engine), OL_ENGINE_DONE); /* it was told, and ended by itself */

  reset(10000);
  add("/connections");
  second = w;
  second.give_up = true;
  assert_int_equal(ol_host_run_both(&error, host, &w.engine, &second.engine, tell_second, NULL, &told),
                   OL_ERR_PROOF);
  assert_int_equal(ol_engine_state(&w.engine), OL_ENGINE_DONE);

  reset(1000);
  add("/connections");
  memset(&second, 0, sizeof second);
  ol_engine_init(&second.engine, NULL, 1000);
  assert_int_equal(ol_host_run_both(&error, host, &w.engine, &second.engine, tell_second, NULL, &told),
                   OL_ERR_ARGUMENT); /* nothing was asked */
  ol_host_free(host);
}

/* --- Other things --- */

static void knows_what_goes_in_clear(void **state) {
  (void)state;
  static const char *const hidden[] = {
      "https://example.org", "http://localhost:8545", "http://127.0.0.1:1/x",  "http://127.255.0.1/",
      "http://[::1]:8545/",  "http://LOCALHOST/",     "http://rpc.localhost/", "http://a b/"};
  static const char *const open[] = {"http://example.org", "http://127.example.org/", "http://10.0.0.1:8545/",
                                     "HTTP://localhost.example.org"};
  for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
    assert_int_equal(ol_host_url_in_clear(hidden[i]), 0);
  for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
    assert_int_equal(ol_host_url_in_clear(open[i]), 1);
}

static void reads_files(void **state) {
  (void)state;
  char path[] = "/tmp/openledger-file-XXXXXX";
  int file = mkstemp(path);
  assert_true(file >= 0);
  static uint8_t content[200000];
  for (size_t i = 0; i < sizeof content; i++) content[i] = (uint8_t)(i * 7);
  assert_int_equal(write(file, content, sizeof content), sizeof content);
  close(file);
  uint8_t *bytes;
  size_t len;
  assert_int_equal(ol_host_read_file(&error, &bytes, &len, path, sizeof content), OL_OK);
  assert_int_equal(len, sizeof content);
  assert_memory_equal(bytes, content, len);
  ol_host_free_file(bytes);
  assert_int_equal(ol_host_read_file(&error, &bytes, &len, path, SIZE_MAX), OL_OK);
  ol_host_free_file(bytes);
  assert_int_equal(ol_host_read_file(&error, &bytes, &len, path, sizeof content - 1), OL_ERR_LIMIT);
  assert_int_equal(ol_host_read_file(&error, &bytes, &len, path, 0), OL_ERR_LIMIT);
  assert_int_equal(truncate(path, 0), 0);
  assert_int_equal(ol_host_read_file(&error, &bytes, &len, path, 10), OL_OK);
  assert_int_equal(len, 0);
  ol_host_free_file(bytes);
  unlink(path);
  assert_int_equal(ol_host_read_file(&error, &bytes, &len, path, 10), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "there is no such file");
  assert_int_equal(ol_host_read_file(&error, &bytes, &len, "/tmp", 10), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "it is a directory");
}

static void gives_entropy_and_time(void **state) {
  (void)state;
  static uint8_t bytes[1000];
  assert_int_equal(ol_host_entropy(&error, bytes, sizeof bytes), OL_OK);
  bool seen[256] = {false};
  size_t values = 0;
  for (size_t i = 0; i < sizeof bytes; i++) {
    values += !seen[bytes[i]];
    seen[bytes[i]] = true;
  }
  assert_true(values > 200); /* of 1000 even bytes, 251 are expected; under 200 never happens */
  uint8_t tail = 0;
  for (size_t i = sizeof bytes - 100; i < sizeof bytes; i++) tail |= bytes[i];
  assert_true(tail != 0);
  assert_true(ol_host_now_ms() > 1700000000000u);
}

static void one_call_checks_its_arguments(void **state) {
  (void)state;
  const char *const urls[] = {"http://127.0.0.1:1", "http://127.0.0.1:1/"};
  ol_account_question question;
  ol_account_answer found;
  const ol_address address = {{0}};
  ol_account_question_init(&question, &address);
  assert_int_equal(ol_host_account(&error, &found, urls, 0, 1, &question), OL_ERR_ARGUMENT);
  assert_int_equal(ol_host_account(&error, &found, urls, 1, 0, &question), OL_ERR_ARGUMENT);
  assert_int_equal(ol_host_account(&error, &found, urls, 1, 2, &question), OL_ERR_ARGUMENT);
  assert_int_equal(ol_host_account(&error, &found, urls, 2, 1, &question), OL_ERR_ARGUMENT);
  assert_int_equal(ol_host_account(&error, &found, urls, 1, 1, &question), OL_ERR_TRANSPORT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sends_what_is_wanted),
      cmocka_unit_test(cuts_off_long_answers),
      cmocka_unit_test(takes_no_status_but_200),
      cmocka_unit_test(keeps_deadlines),
      cmocka_unit_test(reports_broken_connections),
      cmocka_unit_test(checks_certificates),
      cmocka_unit_test(reuses_connections),
      cmocka_unit_test(fetches_all_wants_at_once),
      cmocka_unit_test(runs_two_engines_at_once),
      cmocka_unit_test(runs_two_engines_in_turn_for_a_record),
      cmocka_unit_test(runs_two_engines_by_a_bundle),
      cmocka_unit_test(says_why_the_first_of_two_failed),
      cmocka_unit_test(wakes_for_what_is_watched),
      cmocka_unit_test(blames_the_right_endpoint),
      cmocka_unit_test(ends_when_the_engine_fails),
      cmocka_unit_test(leaves_bodies_as_they_are),
      cmocka_unit_test(uses_no_proxy_for_loopback),
      cmocka_unit_test(refuses_urls),
      cmocka_unit_test(refuses_the_same_place_twice),
      cmocka_unit_test(runs_by_a_bundle_and_records_the_same),
      cmocka_unit_test(says_what_a_bundle_lacks),
      cmocka_unit_test(a_bundle_is_one_endpoint),
      cmocka_unit_test(records_what_was_fetched),
      cmocka_unit_test(knows_what_goes_in_clear),
      cmocka_unit_test(reads_files),
      cmocka_unit_test(gives_entropy_and_time),
      cmocka_unit_test(one_call_checks_its_arguments),
  };
  return cmocka_run_group_tests_name("host", tests, start_server, stop_server);
}
