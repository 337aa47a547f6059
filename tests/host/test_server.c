/* SPDX-License-Identifier: MIT */

/* The server: where it listens, which requests of HTTP it lets in, and how they are answered. */

#define _POSIX_C_SOURCE 200809L

#include "host/serve.h"

#include <signal.h>

#define CROWD 200

/* --- Opening --- */

static void refuses_addresses(void **state) {
  (void)state;
  static const char *const public[] = {"0.0.0.0:8645",   "8.8.8.8:8645",       "10.0.0.1:8645",
                                       "[::]:8645",      "[2001:db8::1]:8645", "[::ffff:127.0.0.1]:8645",
                                       "128.0.0.1:8645", "192.168.1.1:8645"};
  static const char *const wrong[] = {"",
                                      "8645",
                                      ":8645",
                                      "localhost:8645",
                                      "example.org:8645",
                                      "127.0.0.1",
                                      "127.0.0.1:",
                                      "127.0.0.1:x",
                                      "127.0.0.1:-1",
                                      "127.0.0.1: 8645",
                                      "127.0.0.1:8645s",
                                      "127.0.0.1:8645,0.0.0.0:80",
                                      "127.0.0.1:8645,80",
                                      "127.1:8645",
                                      "0x7f.0.0.1:8645",
                                      "::1:8645",
                                      "[::1:8645",
                                      "[::1]8645",
                                      "[localhost]:8645",
                                      "+8645"};
  for (size_t i = 0; i < sizeof public / sizeof public[0]; i++) {
    assert_int_equal(ol_server_open(&error, &server, &(ol_server_options){.listen = public[i]}),
                     OL_ERR_ARGUMENT);
    assert_string_equal(error.part, "listen");
    assert_has(error.reason, "not a loopback address");
  }
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    assert_int_equal(ol_server_open(&error, &server, &(ol_server_options){.listen = wrong[i]}),
                     OL_ERR_ARGUMENT);
    assert_has(error.reason, "not an address and port");
  }
  assert_int_equal(ol_server_open(&error, &server, &(ol_server_options){0}), OL_ERR_ARGUMENT);
  assert_int_equal(ol_server_open(&error, &server, &(ol_server_options){.listen = "127.0.0.1:65536"}),
                   OL_ERR_ARGUMENT);
  assert_has(error.reason, "not a number from 0 to 65535");
}

static void refuses_origins_and_limits(void **state) {
  (void)state;
  static const char *const bad[] = {"",           "*",         "null",          "wallet.example",
                                    "://x",       "https://",  "https://a/",    "https://*.example",
                                    "HTTPS://a",  "https://A", "https://a\r\n", "https://a, https://b",
                                    "https://u@a"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    ol_server_options options = {.listen = "127.0.0.1:0", .origins = &bad[i], .origin_count = 1};
    if (ol_server_open(&error, &server, &options) != OL_ERR_ARGUMENT) fail_msg("accepted: %s", bad[i]);
    assert_string_equal(error.part, "origins");
  }
  const char *many[OL_SERVER_MAX_ORIGINS + 1];
  for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) many[i] = PAGE;
  char longest[300] = "https://";
  memset(longest + 8, 'a', 280);
  const char *too_long = longest;
  const ol_server_options refused[] = {
      {.listen = "127.0.0.1:0", .origins = &too_long, .origin_count = 1},
      {.listen = "127.0.0.1:0", .origins = many, .origin_count = OL_SERVER_MAX_ORIGINS + 1},
      {.listen = "127.0.0.1:0", .max_text_len = OL_SERVER_MAX_TEXT + 1},
      {.listen = "127.0.0.1:0", .max_connections = OL_SERVER_MAX_CONNECTIONS + 1},
      {.listen = "127.0.0.1:0", .max_requests = OL_SERVER_MAX_REQUESTS + 1},
  };
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
    assert_int_equal(ol_server_open(&error, &server, &refused[i]), OL_ERR_ARGUMENT);
}

static void refuses_a_port_that_is_taken(void **state) {
  (void)state;
  char place[32];
  ol_server *second;
  snprintf(place, sizeof place, "127.0.0.1:%u", ol_server_port(server));
  assert_int_equal(ol_server_open(&error, &second, &(ol_server_options){.listen = place}), OL_ERR_ARGUMENT);
  assert_has(error.reason, "cannot be listened on");
}

static void listens_on_ipv6(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  int client = socket(AF_INET6, SOCK_STREAM, 0);
  struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  if (client < 0 || bind(client, (struct sockaddr *)&to, sizeof to) != 0) skip(); /* there is none */
  close(client);
  open_with((ol_server_options){.listen = "[::1]:0"});
  client = socket(AF_INET6, SOCK_STREAM, 0);
  to.sin6_port = htons(ol_server_port(server));
  assert_int_equal(connect(client, (struct sockaddr *)&to, sizeof to), 0);
  say_head(client, POST_TO("[::1]:@", ""));
  reply(next_request().id, ANSWER);
  assert_int_equal(hear(client, answer), 200);
}

/* --- HTTP --- */

static void answers(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  assert_int_equal(asked_and_answered(POST(""), answer), 200);
  assert_has(answer, "\r\nContent-Type: application/json\r\n");
  assert_has(answer, "\r\nCache-Control: no-store\r\n");
  assert_has(answer, "\r\nX-Content-Type-Options: nosniff\r\n");
  assert_has(answer, "\r\nConnection: close\r\n");
  assert_has(answer, "\r\n\r\n" ANSWER);
  assert_has_not(answer, "Access-Control");

  int client = ask();
  ol_server_request request = next_request();
  assert_int_equal(ol_server_reply(&error, server, request.id, NULL, 0), OL_OK); /* a notification */
  assert_int_equal(hear(client, answer), 204);
  assert_has_not(answer, "Content-Length");
}

static void answers_in_any_order(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  int first = ask(), second;
  ol_server_request one = next_request();
  second = ask();
  ol_server_request two = next_request();
  assert_true(two.id > one.id && two.connection_id != one.connection_id);
  assert_true(one.id != one.connection_id && !one.websocket);
  assert_nothing_is_asked();
  reply(two.id, "\"second\"");
  reply(one.id, "\"first\"");
  assert_int_equal(ol_server_reply(&error, server, one.id, bytes_of("1"), 1),
                   OL_ERR_ARGUMENT); /* only once */
  assert_int_equal(ol_server_reply(&error, server, 99, bytes_of("1"), 1), OL_ERR_ARGUMENT);
  hear(first, answer);
  assert_has(answer, "\r\n\r\n\"first\"");
  hear(second, answer);
  assert_has(answer, "\r\n\r\n\"second\"");
}

static void answers_only_what_was_taken(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  int client = ask();
  assert_int_equal(ol_server_wait(server, 10000), 1);
  for (uint64_t id = 1; id < 5; id++)
    assert_int_equal(ol_server_reply(&error, server, id, bytes_of("1"), 1), OL_ERR_ARGUMENT);
  reply(next_request().id, ANSWER);
  assert_int_equal(hear(client, answer), 200);
}

static void refuses_other_hosts(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  static const char *const bad[] = {
      POST_TO("rebound.example:@", ""),
      POST_TO("127.0.0.1.rebound.example:@", ""),
      POST_TO("localhost.rebound.example:@", ""),
      POST_TO("127.0.0.1", ""),
      POST_TO("127.0.0.1:1", ""),
      POST_TO("127.0.0.1:@0", ""),
      POST_TO("127.0.0.2:@", ""),
      POST_TO("0.0.0.0:@", ""),
      POST_TO("::1:@", ""),
      POST_TO("", ""),
      POST("Host: rebound.example\r\n"),
      POST("Host: 127.0.0.1:@\r\n"),
      "POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n" QUESTION,
      "POST / HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n" QUESTION,
      "GET / HTTP/1.1\r\nHost: rebound.example\r\n\r\n",
  };
  static const char *const good[] = {POST_TO("127.0.0.1:@", ""), POST_TO("localhost:@", ""),
                                     POST_TO("LocalHost:@", ""), POST_TO("[::1]:@", "")};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) assert_int_equal(status_of(bad[i]), 403);
  assert_nothing_is_asked();
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
    assert_int_equal(asked_and_answered(good[i], answer), 200);
}

static void refuses_other_origins(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  static const char *const bad[] = {
      POST("Origin: https://evil.example\r\n"),
      POST("Origin: null\r\n"),
      POST("Origin: \r\n"),
      POST("Origin: *\r\n"),
      POST("Origin: " PAGE ".evil.example\r\n"),
      POST("Origin: " PAGE ":8443\r\n"),
      POST("Origin: https://wallet\r\n"),
      POST("Origin: http://wallet.example\r\n"),
      POST("origin: https://evil.example\r\n"),
      POST("Origin: http://127.0.0.1:@\r\n"),
      POST("Origin: " PAGE "\r\nOrigin: https://evil.example\r\n"),
      POST("Origin: " PAGE "\r\nOrigin: " PAGE "\r\n"),
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    int client = dial();
    say_head(client, bad[i]);
    assert_int_equal(hear(client, answer), 403);
    assert_has_not(answer, "Access-Control");
  }
  assert_nothing_is_asked();
  assert_int_equal(asked_and_answered(POST("Origin: " PAGE "\r\n"), answer), 200);
  assert_has(answer, "\r\nAccess-Control-Allow-Origin: " PAGE "\r\n");
  assert_has(answer, "\r\nVary: Origin\r\n");
  assert_int_equal(asked_and_answered(POST("Origin: https://other.example:8443\r\n"), answer), 200);
}

static void allows_no_origin_by_default(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  open_with((ol_server_options){0});
  assert_int_equal(status_of(POST("Origin: " PAGE "\r\n")), 403);
  assert_int_equal(asked_and_answered(POST(""), answer), 200);
}

static void refuses_more_fields_than_it_reads(void **state) {
  (void)state;
  char head[HEAD_LEN] = "POST / HTTP/1.1\r\nHost: 127.0.0.1:@\r\nContent-Type: application/json\r\n"
                        "Content-Length: 8\r\n";
  for (int i = 0; i < 60; i++) snprintf(head + strlen(head), sizeof head - strlen(head), "X-%d: 1\r\n", i);
  snprintf(head + strlen(head), sizeof head - strlen(head), "Origin: https://evil.example\r\n\r\n" QUESTION);
  assert_int_equal(status_of(head), 431);
  assert_nothing_is_asked();
}

#define PREFLIGHT(lines) "OPTIONS / HTTP/1.1\r\nHost: localhost:@\r\n" lines "\r\n"
#define ASKS_FOR_POST "Access-Control-Request-Method: POST\r\n"

static void answers_preflights(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  int client = dial();
  say_head(client, PREFLIGHT("Origin: " PAGE "\r\n" ASKS_FOR_POST));
  assert_int_equal(hear(client, answer), 204);
  assert_has(answer, "\r\nAccess-Control-Allow-Origin: " PAGE "\r\n");
  assert_has(answer, "\r\nAccess-Control-Allow-Methods: POST\r\n");
  assert_has(answer, "\r\nAccess-Control-Allow-Headers: Content-Type\r\n");
  assert_has_not(answer, "Private-Network");

  client = dial();
  say_head(client, PREFLIGHT("Origin: " PAGE "\r\n" ASKS_FOR_POST
                             "Access-Control-Request-Private-Network: true\r\n"));
  assert_int_equal(hear(client, answer), 204);
  assert_has(answer, "\r\nAccess-Control-Allow-Private-Network: true\r\n");

  assert_int_equal(status_of(PREFLIGHT("Origin: https://evil.example\r\n" ASKS_FOR_POST)), 403);
  assert_int_equal(status_of(PREFLIGHT(ASKS_FOR_POST)), 405);
  assert_int_equal(status_of(PREFLIGHT("Origin: " PAGE "\r\n")), 405);
  assert_int_equal(status_of(PREFLIGHT("Origin: " PAGE "\r\nAccess-Control-Request-Method: PUT\r\n")), 405);
}

static void refuses_other_requests(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  static const struct {
    const char *head;
    int status;
  } bad[] = {
      {"GET / HTTP/1.1\r\nHost: 127.0.0.1:@\r\n\r\n", 405},
      {"HEAD / HTTP/1.1\r\nHost: 127.0.0.1:@\r\n\r\n", 405},
      {"PUT / HTTP/1.1\r\nHost: 127.0.0.1:@\r\nContent-Length: 8\r\n\r\n" QUESTION, 405},
      {"DELETE / HTTP/1.1\r\nHost: 127.0.0.1:@\r\n\r\n", 405},
      {"BREW / HTTP/1.1\r\nHost: 127.0.0.1:@\r\n\r\n", 400},
      {"POST /index.html HTTP/1.1\r\nHost: 127.0.0.1:@\r\n\r\n", 404},
      {"POST //etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:@\r\n\r\n", 404},
      {"POST /../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:@\r\n\r\n", 404},
      {"POST / HTTP/2.0\r\nHost: 127.0.0.1:@\r\n\r\n", 505},
      {"nonsense\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n", 400},
      {BARE_POST("Content-Length: 8\r\n\r\n") QUESTION, 415},
      {BARE_POST("Content-Type: text/plain\r\nContent-Length: 8\r\n\r\n") QUESTION, 415},
      {BARE_POST("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\n") QUESTION,
       415},
      {BARE_POST("Content-Type: application/jsonp\r\nContent-Length: 8\r\n\r\n") QUESTION, 415},
      {BARE_POST("Content-Type: text/plain; application/json\r\nContent-Length: 8\r\n\r\n") QUESTION, 415},
      {BARE_POST("Content-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n")
           QUESTION,
       415},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    int status = status_of(bad[i].head);
    if (status != bad[i].status) fail_msg("%d instead of %d: %s", status, bad[i].status, bad[i].head);
  }
  assert_nothing_is_asked();
  assert_int_equal(asked_and_answered(BARE_POST("Content-Type: Application/JSON; charset=utf-8\r\n"
                                                "Content-Length: 8\r\n\r\n") QUESTION,
                                      answer),
                   200);
}

#define JSON_POST(lines) BARE_POST("Content-Type: application/json\r\n" lines)

static void reads_bodies_in_one_way(void **state) {
  (void)state;
  static const struct {
    const char *head;
    int status;
  } bad[] = {
      {JSON_POST("\r\n"), 411},
      {JSON_POST("Content-Length: -1\r\n\r\n") QUESTION, 411}, /* by the library */
      {JSON_POST("Content-Length: \r\n\r\n") QUESTION, 411},   /* the same */
      {JSON_POST("Content-Length: 8x\r\n\r\n") QUESTION, 400},
      {JSON_POST("Content-Length: +8\r\n\r\n") QUESTION, 400},
      {JSON_POST("Content-Length: 8, 8\r\n\r\n") QUESTION, 400},
      {JSON_POST("Content-Length: 8\r\nContent-Length: 8\r\n\r\n") QUESTION, 400},
      {JSON_POST("Content-Length: 8\r\nContent-Length: 20\r\n\r\n") QUESTION, 400},
      {JSON_POST("Content-Length: 8\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n" QUESTION "\r\n0\r\n\r\n"),
       400},
      {JSON_POST("Content-Length: 8\r\nTransfer-Encoding: identity\r\n\r\n") QUESTION, 400},
      {JSON_POST("Transfer-Encoding: identity\r\n\r\n") QUESTION, 400},
      {JSON_POST("Transfer-Encoding: gzip, chunked\r\n\r\n8\r\n" QUESTION "\r\n0\r\n\r\n"), 400},
      {JSON_POST("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n" QUESTION
                 "\r\n0\r\n\r\n"),
       400},
      {JSON_POST("Transfer-Encoding: chunked\r\n\r\nx\r\n" QUESTION "\r\n0\r\n\r\n"), 400},
      {JSON_POST("Transfer-Encoding: chunked\r\n\r\n4\r\n" QUESTION "\r\n0\r\n\r\n"), 400},
      {JSON_POST("Content-Length: 20001\r\n\r\n"), 413},
      {JSON_POST("Content-Length: 18446744073709551624\r\n\r\n") QUESTION, 413},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    static char answer[ANSWER_LEN];
    int client = dial();
    say_head(client, bad[i].head);
    shutdown(client, SHUT_WR);
    int status = hear(client, answer);
    if (status != bad[i].status) fail_msg("%d instead of %d: %s", status, bad[i].status, bad[i].head);
  }
  assert_nothing_is_asked();
}

/* A body of `len` spaces and a digit. In: whether its length is told, or it comes in chunks. */
static int say_long(size_t len, bool chunked) {
  static char body[40000];
  char lines[128];
  int client = dial();
  memset(body, ' ', len);
  body[len - 1] = '1';
  snprintf(lines, sizeof lines,
           chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: %zu\r\n\r\n", len);
  say_head(client, JSON_POST(""));
  say(client, lines);
  for (size_t at = 0; at < len;) {
    size_t piece = !chunked ? len : len - at < 3000 ? len - at : 3000;
    if (chunked) snprintf(lines, sizeof lines, "%zx;name=value\r\n", piece), say(client, lines);
    say_bytes(client, body + at, piece);
    if (chunked) say(client, "\r\n");
    at += piece;
  }
  if (chunked) say(client, "0\r\nTrailer: 1\r\n\r\n");
  return client;
}

static void bounds_bodies(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  for (int chunked = 0; chunked < 2; chunked++) {
    int client = say_long(20000, chunked);
    ol_server_request request = next_request();
    assert_int_equal(request.text.len, 20000);
    assert_int_equal(request.text.data[19998], ' ');
    assert_int_equal(request.text.data[19999], '1');
    reply(request.id, ANSWER);
    assert_int_equal(hear(client, answer), 200);
    assert_int_equal(hear(say_long(20001, chunked), answer), 413);
    assert_int_equal(hear(say_long(39000, chunked), answer), 413);
  }
  assert_nothing_is_asked();
}

static void continues_when_asked(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  int client = dial();
  say_head(client, JSON_POST("Content-Length: 8\r\nExpect: 100-continue\r\n\r\n"));
  ssize_t len = recv(client, answer, sizeof answer - 1, 0);
  assert_true(len > 0);
  answer[len] = '\0';
  assert_string_equal(answer, "HTTP/1.1 100 Continue\r\n\r\n");
  say(client, QUESTION);
  reply(next_request().id, ANSWER);
  assert_int_equal(hear(client, answer), 200);
  assert_int_equal(status_of(JSON_POST("Content-Length: 20001\r\nExpect: 100-continue\r\n\r\n")), 413);
}

static void drops_what_is_cut_off(void **state) {
  (void)state;
  static const char *const cut[] = {
      JSON_POST("Content-Length: 9\r\n\r\n") QUESTION,
      JSON_POST("Transfer-Encoding: chunked\r\n\r\n8\r\n" QUESTION "\r\n"),
      JSON_POST("Transfer-Encoding: chunked\r\n\r\n9\r\n" QUESTION),
      JSON_POST("Transfer-Encoding: chunked\r\n\r\n8\r\n" QUESTION "\r\n0\r\n"),
  };
  static char answer[ANSWER_LEN];
  for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++) {
    int client = dial();
    say_head(client, cut[i]);
    shutdown(client, SHUT_WR);
    assert_int_equal(hear(client, answer), 400);
  }
  int client = dial();
  say_head(client, "POST / HTTP/1.1\r\nHost: 127.0");
  shutdown(client, SHUT_WR);
  assert_int_not_equal(hear(client, answer), 200);
  assert_nothing_is_asked();
}

static void bounds_the_time_of_a_body(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  char piece[64];
  memset(piece, ' ', sizeof piece);
  int silent = dial(), slow = dial();
  say_head(silent, JSON_POST("Content-Length: 9\r\n\r\n") QUESTION);
  say_head(slow, JSON_POST("Content-Length: 20000\r\n\r\n"));
  struct pollfd on = {.fd = slow, .events = POLLIN};
  uint64_t began = now_ms();
  while (poll(&on, 1, 100) == 0 && now_ms() - began < 20000) say_bytes(slow, piece, sizeof piece);
  shutdown(slow, SHUT_WR);
  assert_int_equal(hear(slow, answer), 408);
  assert_int_equal(hear(silent, answer), 400);
  if (now_ms() - began >= 15000) fail_msg("after %d ms", (int)(now_ms() - began));
  assert_nothing_is_asked();
}

static void reads_on_when_it_refuses(void **state) {
  (void)state;
  static char answer[ANSWER_LEN], body[7 << 20];
  int client = dial();
  say_head(client, JSON_POST("Content-Length: 7340032\r\n\r\n"));
  say_bytes(client, body, sizeof body); /* all of it, as one does who reads the answer only then */
  assert_int_equal(hear(client, answer), 413);

  client = dial(); /* but not for ever */
  uint64_t began = now_ms();
  say_head(client, JSON_POST("Content-Length: 999999999\r\n\r\n"));
  struct pollfd on = {.fd = client, .events = POLLIN};
  ssize_t heard = 1;
  while (heard > 0 && now_ms() - began < 10000) {
    (void)send(client, body, 300, MSG_NOSIGNAL);
    if (poll(&on, 1, 50) == 1) heard = recv(client, answer, sizeof answer, 0);
  }
  assert_true(heard <= 0 && now_ms() - began < 4000);
  close(client);
}

static void one_request_to_a_connection(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  /* What a page sends as the body of a form is never read as a request of its own. */
  int client = dial();
  say_head(
      client,
      "POST / HTTP/1.1\r\nHost: 127.0.0.1:@\r\nOrigin: https://evil.example\r\nConnection: keep-alive\r\n"
      "Content-Type: text/plain\r\nContent-Length: 200\r\n\r\n" POST(""));
  say_head(client, POST(""));
  shutdown(client, SHUT_WR);
  assert_int_equal(hear(client, answer), 403);
  assert_nothing_is_asked();
  client = dial();
  say_head(client, POST("Connection: keep-alive\r\n") POST(""));
  reply(next_request().id, ANSWER);
  assert_int_equal(hear(client, answer), 200);
  assert_nothing_is_asked();
}

/* --- Many, gone, ending --- */

static void serves_a_crowd(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  int clients[CROWD];
  open_with((ol_server_options){0});
  for (int i = 0; i < CROWD; i++) clients[i] = ask();
  uint64_t last = 0;
  for (int i = 0; i < CROWD; i++) {
    ol_server_request request = next_request();
    assert_true(request.id > last);
    last = request.id;
    reply(request.id, ANSWER);
  }
  for (int i = 0; i < CROWD; i++) assert_int_equal(hear(clients[i], answer), 200);
  assert_nothing_is_asked();
}

static void bounds_the_queue(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  open_with((ol_server_options){.max_requests = 2});
  int first = ask();
  ol_server_request one = next_request();
  int second = ask();
  ol_server_request two = next_request();
  assert_int_equal(hear(ask(), answer), 503); /* what was taken counts until it is answered */
  assert_has(answer, "\r\nRetry-After: 1\r\n");
  reply(one.id, ANSWER);
  assert_int_equal(hear(first, answer), 200);
  int third = ask();
  reply(next_request().id, ANSWER);
  assert_int_equal(hear(third, answer), 200);
  reply(two.id, ANSWER);
  assert_int_equal(hear(second, answer), 200);
}

static void a_client_may_go(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  static const uint8_t long_answer[1 << 20];
  for (int i = 0; i < 3; i++) {
    int client = ask();
    ol_server_request request = next_request();
    if (i > 0)
      assert_int_equal(
          setsockopt(client, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger)), 0);
    close(client);
    assert_text(request.text, QUESTION);
    assert_int_equal(ol_server_reply(&error, server, request.id, long_answer, sizeof long_answer), OL_OK);
  }
  uint64_t gone;
  assert_int_equal(ol_server_closed(server, &gone), 0); /* those are of WebSockets */
  assert_int_equal(asked_and_answered(POST(""), answer), 200);
}

static void a_slow_client_does_not_hold_up_the_owner(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  static const uint8_t long_answer[32 << 20];
  int slow = ask();
  uint64_t id = next_request().id, began = now_ms();
  assert_int_equal(ol_server_reply(&error, server, id, long_answer, sizeof long_answer), OL_OK);
  assert_int_equal(asked_and_answered(POST(""), answer), 200);
  ol_server_close(server); /* which waits for the slow one, but not for long */
  assert_true(now_ms() - began < 5000);
  server = NULL;
  close(slow);
}

static void refuses_long_answers(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  int client = ask();
  uint64_t id = next_request().id;
  assert_int_equal(ol_server_reply(&error, server, id, bytes_of("1"), OL_SERVER_MAX_UNSENT + 1),
                   OL_ERR_LIMIT);
  reply(id, ANSWER);
  assert_int_equal(hear(client, answer), 200);
}

static void ends_with_requests_waiting(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  int taken = ask();
  next_request();
  int queued = ask();
  assert_int_equal(ol_server_wait(server, 10000), 1);
  uint64_t began = now_ms();
  ol_server_close(server);
  server = NULL;
  assert_true(now_ms() - began < 3000);
  assert_int_equal(hear(taken, answer), 503);
  assert_has(answer, "\r\nRetry-After: 1\r\n");
  assert_int_equal(hear(queued, answer), 503);
}

static void leaves_signals_alone(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  struct sigaction now;
  assert_int_equal(asked_and_answered(POST(""), answer), 200);
  assert_int_equal(sigaction(SIGPIPE, NULL, &now), 0);
  assert_true(now.sa_handler == SIG_DFL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      ALONE(refuses_addresses),
      ALONE(refuses_origins_and_limits),
      WITH_SERVER(refuses_a_port_that_is_taken),
      ALONE(listens_on_ipv6),
      WITH_SERVER(answers),
      WITH_SERVER(answers_in_any_order),
      WITH_SERVER(answers_only_what_was_taken),
      WITH_SERVER(refuses_other_hosts),
      WITH_SERVER(refuses_other_origins),
      ALONE(allows_no_origin_by_default),
      WITH_SERVER(refuses_more_fields_than_it_reads),
      WITH_SERVER(answers_preflights),
      WITH_SERVER(refuses_other_requests),
      WITH_SERVER(reads_bodies_in_one_way),
      WITH_SERVER(bounds_bodies),
      WITH_SERVER(continues_when_asked),
      WITH_SERVER(drops_what_is_cut_off),
      WITH_SERVER(bounds_the_time_of_a_body),
      WITH_SERVER(reads_on_when_it_refuses),
      WITH_SERVER(one_request_to_a_connection),
      ALONE(serves_a_crowd),
      ALONE(bounds_the_queue),
      WITH_SERVER(a_client_may_go),
      WITH_SERVER(a_slow_client_does_not_hold_up_the_owner),
      WITH_SERVER(refuses_long_answers),
      WITH_SERVER(ends_with_requests_waiting),
      WITH_SERVER(leaves_signals_alone),
  };
  return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
