/* SPDX-License-Identifier: MIT */

/* HTTP: which requests are let in, and how they are answered. */

#define _POSIX_C_SOURCE 200809L

#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* Of a body, how much is read before the time is looked at. It is less at the end, or when the client is silent. */
#define BODY_PIECE 256u
#define FIRST_CAPACITY 4096u
/* What is read of a request that is refused, so that its client comes to read why. */
#define DRAIN_LEN (8u << 20)
#define DRAIN_MS 1000
#define HEAD_LEN 1024
#define REASON_LEN 128
/* The length of 16 bytes in base64: Sec-WebSocket-Key. */
#define SOCKET_KEY_LEN 24
#define HTTP_PORT 80

/* A request that is being looked at. */
typedef struct call {
  ol_server *server;
  struct mg_connection *connection;
  const struct mg_request_info *info;
  const char *origin; /* one that is allowed; "" if there is none */
} call;

static uint64_t steady_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* --- Answering --- */

/* In: the allowed origin, or ""; further header lines, each with its end. The connection is over then. */
static int respond(struct mg_connection *connection, int status, const char *origin, const char *lines,
                   const uint8_t *body, size_t len) {
  char head[HEAD_LEN], cors[SERVER_ORIGIN_LEN + 40] = "", content[96] = "";
  if (origin[0] != '\0') snprintf(cors, sizeof cors, "Access-Control-Allow-Origin: %s\r\n", origin);
  if (status != 204)
    snprintf(content, sizeof content, "Content-Type: application/json\r\nContent-Length: %zu\r\n", len);
  int head_len = snprintf(head, sizeof head,
                          "HTTP/1.1 %d %s\r\n"
                          "Cache-Control: no-store\r\n"
                          "X-Content-Type-Options: nosniff\r\n"
                          "Vary: Origin\r\n"
                          "Connection: close\r\n%s%s%s\r\n",
                          status, mg_get_response_code_text(connection, status), content, cors, lines);
  mg_disable_connection_keep_alive(connection);
  /* A client that has gone is no error. */
  if (mg_write(connection, head, (size_t)head_len) == head_len && len > 0)
    (void)mg_write(connection, body, len);
  return status;
}

static int respond_error(struct mg_connection *connection, int status, const char *origin, const char *lines,
                         const char *reason) {
  char body[REASON_LEN];
  int len = snprintf(body, sizeof body, "{\"error\":\"%s\"}", reason);
  return respond(connection, status, origin, lines, (const uint8_t *)body, (size_t)len);
}

/* Reads what a client still sends: if it were cut off, some would not read the answer. */
static void drain(struct mg_connection *connection) {
  uint8_t piece[BODY_PIECE];
  uint64_t until_ms = steady_ms() + DRAIN_MS;
  size_t len = 0;
  while (len < DRAIN_LEN && steady_ms() < until_ms &&
         mg_read(connection, piece, sizeof piece) == sizeof piece)
    len += sizeof piece;
}

static int refuse_with(const call *of, int status, const char *lines, const char *reason) {
  respond_error(of->connection, status, of->origin, lines, reason);
  drain(of->connection);
  return status;
}

static int refuse(const call *of, int status, const char *reason) {
  return refuse_with(of, status, "", reason);
}

int server_on_error(struct mg_connection *connection, int status, const char *reason) {
  (void)reason; /* it may quote the request */
  respond_error(connection, status, "", "", "not a request that can be read");
  return 0;
}

/* --- Header fields --- */

/* Out: the first value of this name, or NULL. Returns: how many there are. */
static size_t find(const struct mg_request_info *info, const char **out, const char *name) {
  size_t count = 0;
  *out = NULL;
  for (int i = 0; i < info->num_headers; i++) {
    if (strcasecmp(info->http_headers[i].name, name) != 0) continue;
    if (count++ == 0) *out = info->http_headers[i].value;
  }
  return count;
}

/* Returns: the value of a field that is there once, or NULL. */
static const char *only(const struct mg_request_info *info, const char *name) {
  const char *value;
  return find(info, &value, name) == 1 ? value : NULL;
}

static bool has(const struct mg_request_info *info, const char *name) {
  const char *value;
  return find(info, &value, name) > 0;
}

/* Whether a list such as "keep-alive, Upgrade" has this item. */
static bool lists(const char *list, const char *item) {
  size_t item_len = strlen(item);
  while (*list != '\0') {
    list += strspn(list, " \t,");
    size_t len = strcspn(list, " \t,");
    if (len == item_len && strncasecmp(list, item, len) == 0) return true;
    list += len;
  }
  return false;
}

/* --- Who may ask --- */

static bool is_host(const char *value, const char *name, int port) {
  char rest[16];
  size_t len = strlen(name);
  if (strncasecmp(value, name, len) != 0) return false;
  if (port == HTTP_PORT && value[len] == '\0') return true;
  snprintf(rest, sizeof rest, ":%d", port);
  return strcmp(value + len, rest) == 0;
}

/* Whether the client means this server. A page whose own name was made to lead here still says its name. */
static bool host_is_ours(const call *of) {
  const char *const names[] = {of->server->host, "localhost", "127.0.0.1", "[::1]"};
  const char *value = only(of->info, "Host");
  for (size_t i = 0; value != NULL && i < sizeof names / sizeof names[0]; i++) {
    if (is_host(value, names[i], of->info->server_port)) return true;
  }
  return false;
}

/* Whether the page that asks may, if it is a page. Browsers send its origin, and no page can change it. */
static bool origin_is_allowed(call *of) {
  const char *value = only(of->info, "Origin");
  if (!has(of->info, "Origin")) return true;
  for (size_t i = 0; value != NULL && i < of->server->origin_count; i++) {
    if (strcmp(value, of->server->origins[i]) != 0) continue;
    of->origin = of->server->origins[i];
    return true;
  }
  return false;
}

/* --- Bodies --- */

static bool is_json(const char *type) {
  static const char json[] = "application/json";
  size_t len = sizeof json - 1;
  if (type == NULL || strncasecmp(type, json, len) != 0) return false;
  return type[len] == '\0' || type[len] == ';' || type[len] == ' ' || type[len] == '\t';
}

/* Reads how the length of a body is told. Out: the length, or chunked. Returns: 0, or why not as a status. */
static int body_length(const call *of, size_t *out, bool *out_chunked) {
  const char *coding = only(of->info, "Transfer-Encoding"), *length = only(of->info, "Content-Length");
  bool has_coding = has(of->info, "Transfer-Encoding"), has_length = has(of->info, "Content-Length");
  if (!has_coding && !has_length) return 411;
  /* Two ways to say it could be read in two ways. */
  if (has_coding && (has_length || coding == NULL || strcasecmp(coding, "chunked") != 0)) return 400;
  *out_chunked = has_coding;
  *out = 0;
  if (has_coding) return 0;
  if (length == NULL || *length == '\0' || strspn(length, "0123456789") != strlen(length)) return 400;
  for (; *length != '\0'; length++) {
    *out = *out * 10 + (size_t)(*length - '0');
    if (*out > of->server->max_text_len) return 413;
  }
  return 0;
}

/* Out: as many bytes as come, at most `len`, to be freed. Returns: 0, or a status. */
static int read_bytes(const call *of, uint8_t **out, size_t *out_len, size_t len) {
  uint64_t until_ms = steady_ms() + SERVER_BODY_MS;
  size_t capacity = 0, have = 0;
  uint8_t *text = NULL;
  int status = 0;
  while (have < len) {
    size_t piece = len - have < BODY_PIECE ? len - have : BODY_PIECE;
    if (capacity - have < piece) {
      capacity = capacity == 0 ? FIRST_CAPACITY : capacity * 2;
      uint8_t *longer = realloc(text, capacity);
      status = longer == NULL ? 503 : 0;
      if (status != 0) break;
      text = longer;
    }
    int read = mg_read(of->connection, text + have, piece);
    status = read < 0 ? 400 : steady_ms() > until_ms ? 408 : 0;
    if (status != 0) break;
    have += (size_t)read;
    if ((size_t)read < piece) break;
  }
  *out = text;
  *out_len = have;
  return status;
}

static int read_body(const call *of, uint8_t **out, size_t *out_len) {
  size_t len;
  bool chunked;
  *out = NULL;
  int status = body_length(of, &len, &chunked);
  if (status != 0) return status;
  /* Clients that have much to send wait for this. */
  const char *expected = only(of->info, "Expect");
  static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
  if (expected != NULL && strcasecmp(expected, "100-continue") == 0)
    (void)mg_write(of->connection, go_on, sizeof go_on - 1);
  status = read_bytes(of, out, out_len, chunked ? (size_t)of->server->max_text_len + 1 : len);
  if (status == 0 && chunked && *out_len > of->server->max_text_len) status = 413;
  if (status == 0 && !chunked && *out_len < len) status = 400;
  return status;
}

static const char *why_no_body(int status) {
  switch (status) {
  case 408: return "the body took too long";
  case 411: return "the length of the body is not told";
  case 413: return "the body is too long";
  case 503: return "out of memory";
  default: return "the body is cut off, or its length is not told in one way";
  }
}

/* --- The methods --- */

static int post(const call *of) {
  uint8_t *text = NULL, *reply = NULL;
  size_t text_len = 0, reply_len = 0;
  if (!is_json(only(of->info, "Content-Type")))
    return refuse(of, 415, "the Content-Type is not application/json");
  int status = read_body(of, &text, &text_len);
  if (status != 0) free(text);
  if (status == 400 || status == 408) /* more may never come */
    return respond_error(of->connection, status, of->origin, "", why_no_body(status));
  if (status != 0) return refuse(of, status, why_no_body(status));
  status = server_ask(of->server, &reply, &reply_len, text, text_len);
  if (status != 200)
    respond_error(of->connection, status, of->origin, "Retry-After: 1\r\n",
                  "too many requests wait, or the server ends");
  else
    status = respond(of->connection, reply_len > 0 ? 200 : 204, of->origin, "", reply, reply_len);
  free(reply);
  server_told(of->server);
  return status;
}

/* A browser asks whether a page may send what is not a plain form. */
static int preflight(const call *of) {
  const char *method = only(of->info, "Access-Control-Request-Method");
  const char *near = only(of->info, "Access-Control-Request-Private-Network");
  if (of->origin[0] == '\0' || method == NULL || strcmp(method, "POST") != 0)
    return refuse_with(of, 405, "Allow: POST\r\n", "OPTIONS is for the preflights of allowed origins");
  return respond(of->connection, 204, of->origin,
                 near != NULL && strcmp(near, "true") == 0 ? "Access-Control-Allow-Methods: POST\r\n"
                                                             "Access-Control-Allow-Headers: Content-Type\r\n"
                                                             "Access-Control-Max-Age: 600\r\n"
                                                             "Access-Control-Allow-Private-Network: true\r\n"
                                                           : "Access-Control-Allow-Methods: POST\r\n"
                                                             "Access-Control-Allow-Headers: Content-Type\r\n"
                                                             "Access-Control-Max-Age: 600\r\n",
                 NULL, 0);
}

/* What the library checks of a handshake is checked before, so that a socket that is made is one that it takes. */
static int upgrade(const call *of) {
  const char *to = only(of->info, "Upgrade"), *connection = only(of->info, "Connection");
  const char *key = only(of->info, "Sec-WebSocket-Key"), *version = only(of->info, "Sec-WebSocket-Version");
  if (to == NULL || strcasecmp(to, "websocket") != 0 || connection == NULL || !lists(connection, "upgrade") ||
      key == NULL || strlen(key) != SOCKET_KEY_LEN || strcmp(of->info->http_version, "1.1") != 0)
    return refuse(of, 400, "not the handshake of a WebSocket");
  if (version == NULL || strcmp(version, "13") != 0)
    return refuse_with(of, 426, "Sec-WebSocket-Version: 13\r\n", "the version of WebSocket is not 13");
  int status = server_socket_open(of->server, of->connection);
  return status == 0 ? 0 : refuse_with(of, status, "Retry-After: 1\r\n", "too many WebSockets are open");
}

int server_on_request(struct mg_connection *connection) {
  const struct mg_request_info *info = mg_get_request_info(connection);
  call of = {.server = mg_get_user_data(mg_get_context(connection)),
             .connection = connection,
             .info = info,
             .origin = ""};
  /* More fields than these are not read, and one of them could be an Origin. */
  if (info->num_headers >= MG_MAX_HEADERS) return refuse(&of, 431, "too many header fields");
  if (!host_is_ours(&of)) return refuse(&of, 403, "the Host is not this server");
  if (!origin_is_allowed(&of)) return refuse(&of, 403, "the Origin is not allowed");
  if (strcmp(info->request_uri, "/") != 0) return refuse(&of, 404, "there is nothing but /");
  if (strcmp(info->request_method, "POST") == 0) return post(&of);
  if (strcmp(info->request_method, "OPTIONS") == 0) return preflight(&of);
  if (strcmp(info->request_method, "GET") == 0 && has(info, "Upgrade")) return upgrade(&of);
  return refuse_with(&of, 405, "Allow: POST\r\n", "requests are sent by POST or over a WebSocket");
}
