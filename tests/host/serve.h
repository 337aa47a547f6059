/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_HOST_SERVE_H
#define OL_TESTS_HOST_SERVE_H

/* A server with its owner, and clients that speak over plain sockets, so that they can say what no library would. */

#include "openledger/host.h"

#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD_LEN 4096
#define ANSWER_LEN 16384
#define PAGE "https://wallet.example"
#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, open_server, close_server)
#define ALONE(test) cmocka_unit_test_teardown(test, close_server)
#define QUESTION "{\"id\":1}"
#define ANSWER "{\"id\":1,\"result\":\"0x1\"}"

static ol_error error;
static ol_server *server;
static const char *const pages[] = {"https://other.example:8443", PAGE};

/* --- The owner --- */

static inline void open_with(ol_server_options options) {
  if (options.listen == NULL) options.listen = "127.0.0.1:0";
  if (ol_server_open(&error, &server, &options) != OL_OK) fail_msg("not opened: %s", error.reason);
}

static inline int open_server(void **state) {
  (void)state;
  open_with((ol_server_options){.origins = pages, .origin_count = 2, .max_text_len = 20000});
  return 0;
}

static inline int close_server(void **state) {
  (void)state;
  if (server != NULL) ol_server_close(server);
  server = NULL;
  return 0;
}

static inline const uint8_t *bytes_of(const char *text) {
  return (const uint8_t *)text;
}

static inline uint64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static inline ol_server_request next_request(void) {
  ol_server_request request = {0};
  assert_int_equal(ol_server_wait(server, 10000), 1);
  assert_int_equal(ol_server_next(server, &request), 1);
  return request;
}

static inline void assert_text(ol_slice text, const char *expected) {
  assert_int_equal(text.len, strlen(expected));
  assert_memory_equal(text.data, expected, text.len);
}

static inline void reply(uint64_t id, const char *text) {
  assert_int_equal(ol_server_reply(&error, server, id, bytes_of(text), strlen(text)), OL_OK);
}

static inline void assert_nothing_is_asked(void) {
  ol_server_request request;
  assert_int_equal(ol_server_wait(server, 0), 0);
  assert_int_equal(ol_server_next(server, &request), 0);
}

/* --- Clients --- */

static inline int dial(void) {
  int client = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(ol_server_port(server))};
  struct timeval patience = {.tv_sec = 20};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  assert_true(client >= 0);
  assert_int_equal(setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
  assert_int_equal(connect(client, (struct sockaddr *)&to, sizeof to), 0);
  return client;
}

static inline void say_bytes(int client, const void *bytes, size_t len) {
  assert_int_equal(send(client, bytes, len, MSG_NOSIGNAL), len);
}

static inline void say(int client, const char *text) {
  say_bytes(client, text, strlen(text));
}

/* A head, with "@" where the port is. */
static inline void say_head(int client, const char *text) {
  char head[HEAD_LEN], port[8];
  size_t len = 0;
  snprintf(port, sizeof port, "%u", ol_server_port(server));
  for (; *text != '\0'; text++) {
    size_t piece = *text == '@' ? strlen(port) : 1;
    assert_true(len + piece < sizeof head);
    memcpy(head + len, *text == '@' ? port : text, piece);
    len += piece;
  }
  say_bytes(client, head, len);
}

/* Reads to the end of the connection. Returns: the status. */
static inline int hear(int client, char *out) {
  size_t len = 0;
  ssize_t read;
  while ((read = recv(client, out + len, ANSWER_LEN - 1 - len, 0)) > 0) len += (size_t)read;
  out[len] = '\0';
  close(client);
  return strncmp(out, "HTTP/1.1 ", 9) == 0 ? atoi(out + 9) : 0;
}

/* Says all of it at once. Returns: the status of the answer. */
static inline int status_of(const char *head) {
  static char answer[ANSWER_LEN];
  int client = dial();
  say_head(client, head);
  return hear(client, answer);
}

static inline void assert_has(const char *text, const char *part) {
  if (strstr(text, part) == NULL) fail_msg("no %s in %s", part, text);
}

static inline void assert_has_not(const char *text, const char *part) {
  if (strstr(text, part) != NULL) fail_msg("%s in %s", part, text);
}

/* A request of which only some lines differ. */
#define POST_TO(host, lines)                                                                                 \
  "POST / HTTP/1.1\r\nHost: " host "\r\nContent-Type: application/json\r\n" lines                            \
  "Content-Length: 8\r\n\r\n" QUESTION
#define POST(lines) POST_TO("127.0.0.1:@", lines)
#define BARE_POST(lines) "POST / HTTP/1.1\r\nHost: 127.0.0.1:@\r\n" lines

static inline int ask(void) {
  int client = dial();
  say_head(client, POST(""));
  return client;
}

/* Asks, answers. Returns: the status that the client got, and its answer. */
static inline int asked_and_answered(const char *head, char *out) {
  int client = dial();
  say_head(client, head);
  ol_server_request request = next_request();
  assert_text(request.text, QUESTION);
  reply(request.id, ANSWER);
  return hear(client, out);
}

#endif
