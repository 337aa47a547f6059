/* SPDX-License-Identifier: MIT */

/* The server's WebSockets. */

#define _DEFAULT_SOURCE /* usleep */
#define _POSIX_C_SOURCE 200809L

#include "host/serve.h"

#include <errno.h>

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

enum { CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10, FINAL = 0x80 };

#define UPGRADE_AT(host, lines)                                                                              \
  "GET / HTTP/1.1\r\nHost: " host "\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" lines "\r" \
  "\n"
#define UPGRADE(lines) UPGRADE_AT("127.0.0.1:@", lines)
#define KEYS "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 13\r\n"

static void hear_bytes(int client, void *out, size_t len) {
  for (size_t at = 0; at < len;) {
    ssize_t read = recv(client, (char *)out + at, len - at, 0);
    if (read <= 0) fail_msg("the connection ended");
    at += (size_t)read;
  }
}

static int dial_socket(void) {
  char answer[512];
  size_t len = 0;
  int client = dial();
  say_head(client, UPGRADE("Origin: " PAGE "\r\n" KEYS));
  while (len < 4 || memcmp(answer + len - 4, "\r\n\r\n", 4) != 0) {
    assert_true(len < sizeof answer - 1);
    hear_bytes(client, answer + len++, 1);
  }
  answer[len] = '\0';
  assert_has(answer, "HTTP/1.1 101 ");
  assert_has(answer, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"); /* RFC 6455, section 1.3 */
  return client;
}

/* A frame's head, masked with zeros. */
static void say_frame_head(int client, int head, uint64_t len) {
  uint8_t bytes[14] = {(uint8_t)head};
  size_t extra = len < 126 ? 0 : len < 65536 ? 2 : 8;
  bytes[1] = (uint8_t)(0x80 | (extra == 0 ? len : extra == 2 ? 126 : 127));
  for (size_t i = 0; i < extra; i++) bytes[2 + i] = (uint8_t)(len >> 8 * (extra - 1 - i));
  say_bytes(client, bytes, 2 + extra + 4);
}

static void say_frame(int client, int head, const char *text) {
  say_frame_head(client, head, strlen(text));
  say(client, text);
}

/* Returns: the frame's first byte. */
static int hear_frame(int client, char *out, size_t max_len) {
  uint8_t head[2], longer[8] = {0};
  hear_bytes(client, head, 2);
  uint64_t len = head[1];
  if (len >= 126) {
    size_t extra = len == 126 ? 2 : 8;
    hear_bytes(client, longer, extra);
    len = 0;
    for (size_t i = 0; i < extra; i++) len = len << 8 | longer[i];
  }
  assert_true(len < max_len);
  hear_bytes(client, out, len);
  out[len] = '\0';
  return head[0];
}

static void assert_hears(int client, int head, const char *text) {
  static char out[ANSWER_LEN];
  assert_int_equal(hear_frame(client, out, sizeof out), head);
  assert_string_equal(out, text);
}

static void assert_end(int client) {
  char byte;
  ssize_t read = recv(client, &byte, 1, 0);
  assert_true(read == 0 || (read < 0 && errno == ECONNRESET));
  close(client);
}

/* The server says why it ends the connection, and does. */
static void assert_ends(int client, int code) {
  char out[128];
  assert_int_equal(hear_frame(client, out, sizeof out), FINAL | CLOSE);
  assert_int_equal((uint8_t)out[0] << 8 | (uint8_t)out[1], code);
  assert_end(client);
}

static uint64_t next_closed(void) {
  uint64_t id = 0;
  assert_int_equal(ol_server_wait(server, 15000), 1);
  assert_int_equal(ol_server_closed(server, &id), 1);
  return id;
}

static void speaks_over_a_socket(void **state) {
  (void)state;
  int client = dial_socket();
  say_frame(client, FINAL | TEXT, QUESTION);
  ol_server_request request = next_request();
  assert_true(request.websocket && request.id != request.connection_id);
  assert_text(request.text, QUESTION);
  say_frame(client, FINAL | TEXT, "\"two\"");
  ol_server_request two = next_request();
  assert_int_equal(two.connection_id, request.connection_id);
  reply(two.id, "\"second\"");
  reply(request.id, ANSWER);
  assert_hears(client, FINAL | TEXT, "\"second\"");
  assert_hears(client, FINAL | TEXT, ANSWER);
  assert_int_equal(ol_server_push(&error, server, request.connection_id, bytes_of("\"news\""), 6), OL_OK);
  assert_hears(client, FINAL | TEXT, "\"news\"");
  assert_int_equal(ol_server_push(&error, server, request.connection_id, bytes_of(""), 0), OL_ERR_ARGUMENT);
  assert_int_equal(ol_server_push(&error, server, request.id, bytes_of("1"), 1), OL_ERR_TRANSPORT);

  say_frame(client, FINAL | TEXT, "\"notification\"");
  assert_int_equal(ol_server_reply(&error, server, next_request().id, NULL, 0), OL_OK);
  say_frame(client, FINAL | PING, "here");
  assert_hears(client, FINAL | PONG, "here"); /* and nothing before */
  say_frame(client, FINAL | CLOSE, "\x03\xe8");
  assert_ends(client, 1000);
  assert_int_equal(next_closed(), request.connection_id);
  assert_int_equal(ol_server_push(&error, server, request.connection_id, bytes_of("1"), 1), OL_ERR_TRANSPORT);
  assert_nothing_is_asked();
}

static void guards_sockets_alike(void **state) {
  (void)state;
  static const struct {
    const char *head;
    int status;
  } bad[] = {
      {UPGRADE_AT("rebound.example:@", KEYS), 403},
      {UPGRADE("Origin: https://evil.example\r\n" KEYS), 403},
      {UPGRADE("Origin: null\r\n" KEYS), 403},
      {UPGRADE("Sec-WebSocket-Version: 13\r\n"), 400},
      {UPGRADE("Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n"), 400},
      {UPGRADE("Sec-WebSocket-Key: " KEY KEY KEY "\r\nSec-WebSocket-Version: 13\r\n"), 400},
      {UPGRADE("Sec-WebSocket-Key: " KEY "\r\n" KEYS), 400},
      {UPGRADE("Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 12\r\n"), 426},
      {UPGRADE("Sec-WebSocket-Key: " KEY "\r\n"), 426},
      {UPGRADE(KEYS "Upgrade: h2c\r\n"), 400},
      {UPGRADE(KEYS "Connection: close\r\n"), 400},
      {"GET / HTTP/1.1\r\nHost: 127.0.0.1:@\r\nUpgrade: websocket\r\n" KEYS "\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: 127.0.0.1:@\r\nUpgrade: websocket2\r\nConnection: Upgrade\r\n" KEYS "\r\n",
       400},
      {"GET / HTTP/1.1\r\nHost: 127.0.0.1:@\r\nUpgrade: websocket\r\nConnection: no-upgrade\r\n" KEYS "\r\n",
       400},
      {"GET / HTTP/1.0\r\nHost: 127.0.0.1:@\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" KEYS "\r\n",
       400},
      {"GET /x HTTP/1.1\r\nHost: 127.0.0.1:@\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" KEYS "\r\n",
       404},
      {"PUT / HTTP/1.1\r\nHost: 127.0.0.1:@\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" KEYS "\r\n",
       405},
      {"POST / HTTP/1.1\r\nHost: 127.0.0.1:@\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" KEYS "\r\n",
       415},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    int status = status_of(bad[i].head);
    if (status != bad[i].status) fail_msg("%d instead of %d: %s", status, bad[i].status, bad[i].head);
  }
  static char answer[ANSWER_LEN];
  int client = dial();
  say_head(client, UPGRADE("Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 12\r\n"));
  assert_int_equal(hear(client, answer), 426);
  assert_has(answer, "\r\nSec-WebSocket-Version: 13\r\n");
}

static void puts_fragments_together(void **state) {
  (void)state;
  int client = dial_socket();
  say_frame(client, TEXT, "{\"id\"");
  say_frame(client, FINAL | PING, "between");
  say_frame(client, CONTINUATION, "");
  say_frame(client, CONTINUATION, ":");
  assert_hears(client, FINAL | PONG, "between");
  assert_nothing_is_asked();
  say_frame(client, FINAL | CONTINUATION, "1}");
  ol_server_request request = next_request();
  assert_text(request.text, QUESTION);
  reply(request.id, ANSWER);
  assert_hears(client, FINAL | TEXT, ANSWER);
  close(client);
  next_closed();
}

static void refuses_other_frames(void **state) {
  (void)state;
  static const struct {
    int head[2];
    int code;
  } bad[] = {
      {{FINAL | BINARY}, 1003},
      {{BINARY}, 1003},
      {{FINAL | CONTINUATION}, 1002},
      {{TEXT, FINAL | TEXT}, 1002},
      {{FINAL | 3}, 1002},
      {{FINAL | 11}, 1002},
      {{FINAL | 0x40 | TEXT}, 1002},
      {{FINAL | 0x20 | TEXT}, 1002},
      {{TEXT, FINAL | BINARY}, 1003},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    int client = dial_socket();
    say_frame(client, bad[i].head[0], "1");
    if (bad[i].head[1] != 0) say_frame(client, bad[i].head[1], "2");
    assert_ends(client, bad[i].code);
    next_closed();
  }
  assert_nothing_is_asked();
}

static void bounds_messages(void **state) {
  (void)state;
  static char most[20001];
  int client = dial_socket();
  memset(most, ' ', sizeof most - 1);
  say_frame(client, FINAL | TEXT, most);
  ol_server_request request = next_request();
  assert_int_equal(request.text.len, 20000);
  reply(request.id, ANSWER);
  assert_hears(client, FINAL | TEXT, ANSWER);
  say_frame(client, TEXT, most);
  say_frame(client, FINAL | CONTINUATION, "1");
  assert_ends(client, 1009);
  next_closed();

  client = dial_socket();
  say_frame_head(client, FINAL | TEXT, 20001);
  say(client, most);
  say(client, " ");
  assert_ends(client, 1009);
  next_closed();

  client = dial_socket();
  say_frame_head(client, FINAL | TEXT, OL_SERVER_MAX_TEXT + 1); /* nothing of it has to come */
  assert_end(client);
  next_closed();
  assert_nothing_is_asked();
}

static void bounds_requests_of_a_socket(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  int client = dial_socket();
  uint64_t ids[16];
  for (int i = 0; i < 20; i++) say_frame(client, FINAL | TEXT, QUESTION);
  for (int i = 0; i < 16; i++) ids[i] = next_request().id;
  assert_int_equal(ol_server_wait(server, 200), 0); /* the others wait in the connection */
  assert_int_equal(asked_and_answered(POST(""), answer), 200);
  for (int i = 0; i < 16; i++) reply(ids[i], ANSWER);
  for (int i = 0; i < 4; i++) reply(next_request().id, ANSWER);
  for (int i = 0; i < 20; i++) assert_hears(client, FINAL | TEXT, ANSWER);
  close(client);
  next_closed();
}

static void sockets_wait_for_room(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  open_with((ol_server_options){.origins = pages, .origin_count = 2, .max_requests = 1});
  int first = ask(), client = dial_socket();
  ol_server_request one = next_request();
  say_frame(client, FINAL | TEXT, QUESTION);
  assert_int_equal(ol_server_wait(server, 200), 0);
  reply(one.id, ANSWER);
  ol_server_request two = next_request();
  assert_true(two.websocket);
  reply(two.id, ANSWER);
  assert_hears(client, FINAL | TEXT, ANSWER);
  assert_int_equal(hear(first, answer), 200);
  close(client);
}

static void bounds_sockets(void **state) {
  (void)state;
  static char answer[ANSWER_LEN];
  open_with((ol_server_options){.origins = pages, .origin_count = 2, .max_connections = 4});
  int first = dial_socket(), second = dial_socket();
  assert_int_equal(status_of(UPGRADE(KEYS)), 503);
  assert_int_equal(asked_and_answered(POST(""), answer), 200);
  close(first);
  assert_int_equal(ol_server_wait(server, 10000), 1);
  assert_int_equal(status_of(UPGRADE(KEYS)), 503); /* until the owner knows that one has ended */
  next_closed();
  first = dial_socket();
  close(first);
  close(second);
}

static void a_socket_may_go(void **state) {
  (void)state;
  int client = dial_socket();
  uint64_t gone;
  say_frame(client, FINAL | TEXT, QUESTION);
  say_frame(client, FINAL | TEXT, "2");
  ol_server_request one = next_request();
  close(client);
  usleep(300000);
  assert_int_equal(ol_server_closed(server, &gone), 0); /* one request of it was not taken */
  ol_server_request two = next_request();
  assert_int_equal(next_closed(), one.connection_id);
  assert_text(one.text, QUESTION);
  assert_text(two.text, "2");
  reply(two.id, ANSWER);
  reply(one.id, ANSWER);
  assert_nothing_is_asked();
}

static void a_slow_socket_is_ended(void **state) {
  (void)state;
  static const uint8_t news[1 << 20];
  int client = dial_socket();
  say_frame(client, FINAL | TEXT, QUESTION);
  ol_server_request request = next_request();
  reply(request.id, ANSWER);
  uint64_t began = now_ms();
  ol_status status = OL_OK;
  int pushed = 0;
  for (; status == OL_OK && pushed < 200; pushed++)
    status = ol_server_push(&error, server, request.connection_id, news, sizeof news);
  assert_int_equal(status, OL_ERR_TRANSPORT);
  assert_true(pushed > 60 && pushed < 100); /* what is unsent, and what the system takes */
  assert_true(now_ms() - began < 3000);     /* nobody waited for the client */
  assert_int_equal(ol_server_push(&error, server, request.connection_id, news, 1), OL_ERR_TRANSPORT);
  uint64_t id = 0;
  for (int i = 0; i < 3 && id == 0; i++) {
    if (ol_server_wait(server, 10000) == 1) assert_int_equal(ol_server_closed(server, &id), 1);
  }
  assert_int_equal(id, request.connection_id);
  close(client);
}

static void ends_with_sockets_open(void **state) {
  (void)state;
  int idle = dial_socket(), asking = dial_socket(), full = dial_socket();
  for (int i = 0; i < 20; i++) say_frame(full, FINAL | TEXT, QUESTION);
  for (int i = 0; i < 16; i++) next_request();
  say_frame(asking, FINAL | TEXT, QUESTION);
  assert_int_equal(ol_server_wait(server, 10000), 1);
  uint64_t began = now_ms();
  ol_server_close(server);
  server = NULL;
  assert_true(now_ms() - began < 3000);
  assert_ends(idle, 1001);
  assert_ends(asking, 1001);
  assert_ends(full, 1001);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_SERVER(speaks_over_a_socket),    WITH_SERVER(guards_sockets_alike),
      WITH_SERVER(puts_fragments_together), WITH_SERVER(refuses_other_frames),
      WITH_SERVER(bounds_messages),         WITH_SERVER(bounds_requests_of_a_socket),
      ALONE(sockets_wait_for_room),         ALONE(bounds_sockets),
      WITH_SERVER(a_socket_may_go),         WITH_SERVER(a_slow_socket_is_ended),
      WITH_SERVER(ends_with_sockets_open),
  };
  return cmocka_run_group_tests_name("server_socket", tests, NULL, NULL);
}
