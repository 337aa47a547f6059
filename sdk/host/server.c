/* SPDX-License-Identifier: MIT */

/* The server as its owner sees it: where it listens, what is asked, and what is answered. */

#define _POSIX_C_SOURCE 200809L

#include "server.h"

#include "host.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_TEXT_LEN (1u << 20)
#define DEFAULT_CONNECTIONS 64
#define DEFAULT_REQUESTS 64
#define MAX_PORT 65535u

static const char no_memory[] = "out of memory";

/* --- What was asked and not yet answered --- */

static server_request *request_new(uint8_t *text, size_t text_len, uint64_t connection_id, bool websocket) {
  server_request *made = calloc(1, sizeof *made);
  if (made == NULL) return NULL;
  made->text = text;
  made->text_len = text_len;
  made->connection_id = connection_id;
  made->websocket = websocket;
  return made;
}

static void request_free(server_request *of) {
  free(of->text);
  free(of->reply);
  free(of);
}

static void enqueue(ol_server *server, server_request *added) {
  server_request **link = &server->requests;
  while (*link != NULL) link = &(*link)->next;
  *link = added;
  added->id = ++server->last_id;
  server->request_count++;
  server_wake_owner(server);
}

static void unlink_request(ol_server *server, server_request *of) {
  server_request **link = &server->requests;
  while (*link != of) link = &(*link)->next;
  *link = of->next;
  server->request_count--;
}

static server_request *first_untaken(const ol_server *server) {
  server_request *at = server->requests;
  while (at != NULL && at->taken) at = at->next;
  return at;
}

static bool has_untaken(const ol_server *server, uint64_t connection_id) {
  for (const server_request *at = server->requests; at != NULL; at = at->next) {
    if (at->connection_id == connection_id && !at->taken) return true;
  }
  return false;
}

static server_socket *socket_of(const ol_server *server, uint64_t connection_id) {
  server_socket *at = server->sockets;
  while (at != NULL && at->id != connection_id) at = at->next;
  return at;
}

/* Returns: where a socket hangs that has ended and of which all was taken, or NULL. */
static server_socket **ended_socket(ol_server *server) {
  for (server_socket **link = &server->sockets; *link != NULL; link = &(*link)->next) {
    if ((*link)->ended && !has_untaken(server, (*link)->id)) return link;
  }
  return NULL;
}

void server_wake_owner(ol_server *server) {
  bool due = first_untaken(server) != NULL || ended_socket(server) != NULL;
  uint8_t byte = 0;
  if (due == server->woken) return;
  if ((due ? write(server->wake[1], &byte, 1) : read(server->wake[0], &byte, 1)) == 1) server->woken = due;
}

int server_ask(ol_server *server, uint8_t **out, size_t *out_len, uint8_t *text, size_t text_len) {
  pthread_mutex_lock(&server->lock);
  server_request *asked = NULL;
  if (server->request_count < server->max_requests)
    asked = request_new(text, text_len, ++server->last_id, false);
  server->busy++;
  if (asked == NULL) {
    pthread_mutex_unlock(&server->lock);
    free(text);
    return 503;
  }
  enqueue(server, asked);
  while (!asked->answered && !server->closing) pthread_cond_wait(&server->changed, &server->lock);
  if (!asked->answered) unlink_request(server, asked);
  pthread_mutex_unlock(&server->lock);
  int status = asked->answered ? 200 : 503;
  *out = asked->reply;
  *out_len = asked->reply_len;
  asked->reply = NULL;
  request_free(asked);
  return status;
}

void server_told(ol_server *server) {
  pthread_mutex_lock(&server->lock);
  server->busy--;
  pthread_cond_broadcast(&server->changed);
  pthread_mutex_unlock(&server->lock);
}

static bool has_room(const ol_server *server, const server_socket *from) {
  return server->request_count < server->max_requests && from->unanswered < SERVER_SOCKET_REQUESTS;
}

bool server_ask_for_socket(server_socket *from, uint8_t *text, size_t text_len) {
  ol_server *server = from->server;
  pthread_mutex_lock(&server->lock);
  while (!has_room(server, from) && !from->gone) pthread_cond_wait(&server->changed, &server->lock);
  server_request *asked = NULL;
  if (!from->gone) asked = request_new(text, text_len, from->id, true);
  if (asked != NULL) {
    from->unanswered++;
    enqueue(server, asked);
  }
  pthread_mutex_unlock(&server->lock);
  if (asked == NULL) free(text);
  return asked != NULL;
}

/* --- The owner --- */

uint16_t ol_server_port(const ol_server *server) {
  return server->port;
}

int ol_server_fd(const ol_server *server) {
  return server->wake[0];
}

int ol_server_wait(ol_server *server, uint32_t timeout_ms) {
  struct pollfd on = {.fd = server->wake[0], .events = POLLIN};
  return poll(&on, 1, timeout_ms < INT32_MAX ? (int)timeout_ms : INT32_MAX) == 1;
}

int ol_server_next(ol_server *server, ol_server_request *out) {
  pthread_mutex_lock(&server->lock);
  server_request *found = first_untaken(server);
  if (found != NULL) {
    found->taken = true;
    *out = (ol_server_request){.id = found->id,
                               .connection_id = found->connection_id,
                               .websocket = found->websocket,
                               .text = {.data = found->text, .len = found->text_len}};
    server_wake_owner(server);
  }
  pthread_mutex_unlock(&server->lock);
  return found != NULL;
}

/* Returns: a message of this text, or NULL without memory. */
static server_message *message_of(const uint8_t *text, size_t text_len) {
  server_message *made = malloc(sizeof *made + text_len);
  if (made == NULL) return NULL;
  made->next = NULL;
  made->len = text_len;
  if (text_len > 0) memcpy(made->data, text, text_len);
  return made;
}

/* Gives a WebSocket client its answer, if it is still there. In: a message that is taken over, or NULL. */
static void answer_socket(ol_server *server, server_request *to, server_message *message) {
  server_socket *asker = socket_of(server, to->connection_id);
  if (asker != NULL) asker->unanswered--;
  if (asker != NULL && message != NULL)
    (void)server_socket_send(asker, message); /* that it is gone, the owner is told by ol_server_closed */
  else
    free(message);
}

/* Answers with a copy of a text. With the lock. */
static ol_status answer(ol_error *error, ol_server *server, server_request *to, const uint8_t *text,
                        size_t text_len) {
  server_message *message = NULL;
  uint8_t *copy = NULL;
  if (text_len > 0 && to->websocket)
    message = message_of(text, text_len);
  else if (text_len > 0)
    copy = malloc(text_len);
  if (text_len > 0 && message == NULL && copy == NULL) return host_fail(error, OL_ERR_MEMORY, "", no_memory);
  if (copy != NULL) memcpy(copy, text, text_len);
  unlink_request(server, to);
  if (to->websocket) {
    answer_socket(server, to, message);
    request_free(to);
  } else {
    to->reply = copy;
    to->reply_len = text_len;
    to->answered = true;
  }
  pthread_cond_broadcast(&server->changed);
  return OL_OK;
}

ol_status ol_server_reply(ol_error *error, ol_server *server, uint64_t request_id, const uint8_t *text,
                          size_t text_len) {
  if (text_len > OL_SERVER_MAX_UNSENT) return host_fail(error, OL_ERR_LIMIT, "", "the answer is too long");
  pthread_mutex_lock(&server->lock);
  server_request *found = server->requests;
  while (found != NULL && found->id != request_id) found = found->next;
  ol_status status = found != NULL && found->taken
                         ? answer(error, server, found, text, text_len)
                         : host_fail(error, OL_ERR_ARGUMENT, "", "no request of this id waits for an answer");
  pthread_mutex_unlock(&server->lock);
  return status;
}

ol_status ol_server_push(ol_error *error, ol_server *server, uint64_t connection_id, const uint8_t *text,
                         size_t text_len) {
  if (text_len == 0) return host_fail(error, OL_ERR_ARGUMENT, "", "there is nothing to send");
  if (text_len > OL_SERVER_MAX_UNSENT) return host_fail(error, OL_ERR_LIMIT, "", "the text is too long");
  server_message *message = message_of(text, text_len);
  if (message == NULL) return host_fail(error, OL_ERR_MEMORY, "", no_memory);
  pthread_mutex_lock(&server->lock);
  server_socket *to = socket_of(server, connection_id);
  if (to == NULL) free(message);
  bool sent = to != NULL && server_socket_send(to, message);
  pthread_mutex_unlock(&server->lock);
  return sent ? OL_OK : host_fail(error, OL_ERR_TRANSPORT, "", "the connection is gone");
}

int ol_server_closed(ol_server *server, uint64_t *out_connection_id) {
  pthread_mutex_lock(&server->lock);
  server_socket **link = ended_socket(server);
  server_socket *ended = link == NULL ? NULL : *link;
  if (ended != NULL) {
    *link = ended->next;
    server->socket_count--;
    *out_connection_id = ended->id;
    server_wake_owner(server);
  }
  pthread_mutex_unlock(&server->lock);
  if (ended != NULL) server_socket_free(ended);
  return ended != NULL;
}

/* --- Opening and closing --- */

/* Reads "127.0.0.1:8645" or "[::1]:8645" into server->host and `out`. Returns: why it is refused, or NULL. */
static const char *parse_listen(ol_server *server, uint16_t *out, const char *listen) {
  static const char not_an_address[] = "not an address and port such as 127.0.0.1:8645 or [::1]:8645";
  const char *colon = strrchr(listen, ':');
  if (colon == NULL || (size_t)(colon - listen) >= sizeof server->host) return not_an_address;
  size_t host_len = (size_t)(colon - listen), digits = strspn(colon + 1, "0123456789");
  if (digits == 0 || digits > 5 || colon[1 + digits] != '\0') return not_an_address;
  unsigned long port = strtoul(colon + 1, NULL, 10);
  if (port > MAX_PORT) return "the port is not a number from 0 to 65535";
  memcpy(server->host, listen, host_len);
  server->host[host_len] = '\0';
  *out = (uint16_t)port;

  struct in_addr four;
  struct in6_addr six;
  bool loopback;
  if (inet_pton(AF_INET, server->host, &four) == 1) {
    loopback = ntohl(four.s_addr) >> 24 == 127;
  } else {
    if (host_len < 2 || server->host[0] != '[' || server->host[host_len - 1] != ']') return not_an_address;
    server->host[host_len - 1] = '\0';
    if (inet_pton(AF_INET6, server->host + 1, &six) != 1) return not_an_address;
    server->host[host_len - 1] = ']';
    loopback = IN6_IS_ADDR_LOOPBACK(&six);
  }
  return loopback ? NULL : "not a loopback address; others could ask what is meant for this machine";
}

/* Whether a text is an origin as browsers write it: scheme://host or scheme://host:port, in lower case. */
static bool is_origin(const char *text) {
  size_t len = strlen(text), scheme_len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789+-.");
  if (len >= SERVER_ORIGIN_LEN || scheme_len == 0 || strncmp(text + scheme_len, "://", 3) != 0) return false;
  const char *host = text + scheme_len + 3;
  return *host != '\0' && strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-._:[]") == strlen(host);
}

static const char *copy_origins(ol_server *server, const ol_server_options *options) {
  if (options->origin_count == 0) return NULL;
  server->origins = calloc(options->origin_count, sizeof *server->origins);
  if (server->origins == NULL) return no_memory;
  for (size_t i = 0; i < options->origin_count; i++) {
    if (!is_origin(options->origins[i])) return "an allowed origin is scheme://host or scheme://host:port";
    server->origins[i] = strdup(options->origins[i]);
    if (server->origins[i] == NULL) return no_memory;
    server->origin_count++;
  }
  return NULL;
}

static const char *make_pipe(ol_server *server) {
  if (pipe(server->wake) != 0) {
    server->wake[0] = server->wake[1] = -1;
    return "no more files can be opened";
  }
  for (int i = 0; i < 2; i++) {
    if (fcntl(server->wake[i], F_SETFL, O_NONBLOCK) != 0 || fcntl(server->wake[i], F_SETFD, FD_CLOEXEC) != 0)
      return "no more files can be opened";
  }
  return NULL;
}

/* Starts the library. Returns: why it did not start, or NULL. */
static const char *start(ol_server *server, uint16_t port, uint32_t connections) {
  char place[SERVER_HOST_LEN + 8], threads[16], silence[16], ping[16];
  snprintf(place, sizeof place, "%s:%u", server->host, port);
  snprintf(threads, sizeof threads, "%u", connections);
  snprintf(silence, sizeof silence, "%d", SERVER_SILENCE_MS);
  snprintf(ping, sizeof ping, "%d", SERVER_PING_MS);
  /* One request to a connection: what is left of a body that was refused can never be read as another request. */
  const char *settings[] = {"listening_ports",
                            place,
                            "num_threads",
                            threads,
                            "connection_queue",
                            threads,
                            "request_timeout_ms",
                            silence,
                            "websocket_timeout_ms",
                            ping,
                            "enable_websocket_ping_pong",
                            "yes",
                            "enable_keep_alive",
                            "no",
                            "tcp_nodelay",
                            "1",
                            NULL};
  const struct mg_callbacks callbacks = {.begin_request = server_on_request, .http_error = server_on_error};
  struct mg_init_data init = {
      .callbacks = &callbacks, .user_data = server, .configuration_options = settings};
  struct mg_error_data why = {0};
  server->context = mg_start2(&init, &why);
  if (server->context == NULL && why.code == MG_ERROR_DATA_CODE_INIT_PORTS_FAILED)
    return "the address cannot be listened on; another program may have it";
  struct mg_server_port listening = {0};
  if (server->context == NULL || mg_get_server_ports(server->context, 1, &listening) != 1)
    return "the server cannot start";
  server->port = (uint16_t)listening.port;
  server_socket_listen(server->context);
  pthread_mutex_lock(&server->lock);
  server->open = true;
  pthread_mutex_unlock(&server->lock);
  return NULL;
}

static void server_free(ol_server *server) {
  while (server->sockets != NULL) {
    server_socket *socket = server->sockets;
    server->sockets = socket->next;
    server_socket_free(socket);
  }
  while (server->requests != NULL) {
    server_request *request = server->requests;
    server->requests = request->next;
    request_free(request);
  }
  for (size_t i = 0; i < server->origin_count; i++) free(server->origins[i]);
  free(server->origins);
  for (int i = 0; i < 2; i++) {
    if (server->wake[i] >= 0) close(server->wake[i]);
  }
  pthread_cond_destroy(&server->changed);
  pthread_mutex_destroy(&server->lock);
  free(server);
  mg_exit_library();
}

/* Takes a number, or its default for 0. Returns: false if it is out of range. */
static bool take(uint32_t *out, uint32_t value, uint32_t otherwise, uint32_t most) {
  *out = value != 0 ? value : otherwise;
  return *out <= most;
}

ol_status ol_server_open(ol_error *error, ol_server **out, const ol_server_options *options) {
  uint32_t connections;
  uint16_t port;
  if (options->listen == NULL) return host_fail(error, OL_ERR_ARGUMENT, "listen", "there is no address");
  if (options->origin_count > OL_SERVER_MAX_ORIGINS)
    return host_fail(error, OL_ERR_ARGUMENT, "origins", "too many origins");
  ol_server *server = calloc(1, sizeof *server);
  if (server == NULL) return host_fail(error, OL_ERR_MEMORY, "", no_memory);
  server->wake[0] = server->wake[1] = -1;
  mg_init_library(0);
  pthread_mutex_init(&server->lock, NULL);
  pthread_cond_init(&server->changed, NULL);

  const char *part = "listen", *refused = parse_listen(server, &port, options->listen);
  if (refused == NULL) {
    part = "origins";
    refused = copy_origins(server, options);
  }
  if (refused == NULL &&
      !(take(&server->max_text_len, options->max_text_len, DEFAULT_TEXT_LEN, OL_SERVER_MAX_TEXT) &&
        take(&connections, options->max_connections, DEFAULT_CONNECTIONS, OL_SERVER_MAX_CONNECTIONS) &&
        take(&server->max_requests, options->max_requests, DEFAULT_REQUESTS, OL_SERVER_MAX_REQUESTS))) {
    part = "limits";
    refused = "a limit is higher than any that is possible";
  }
  if (refused == NULL) {
    server->max_sockets = (connections + 1) / 2;
    part = "listen";
    refused = make_pipe(server);
  }
  if (refused == NULL) refused = start(server, port, connections);
  if (refused != NULL) {
    server_free(server);
    return host_fail(error, refused == no_memory ? OL_ERR_MEMORY : OL_ERR_ARGUMENT, part, refused);
  }
  *out = server;
  return OL_OK;
}

void ol_server_close(ol_server *server) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += SERVER_CLOSE_MS / 1000;
  pthread_mutex_lock(&server->lock);
  server->closing = true;
  pthread_cond_broadcast(&server->changed);
  for (server_socket *at = server->sockets; at != NULL; at = at->next) pthread_cond_broadcast(&at->wake);
  int waited = 0;
  while (server->busy > 0 && waited == 0)
    waited = pthread_cond_timedwait(&server->changed, &server->lock, &until);
  pthread_mutex_unlock(&server->lock);
  mg_stop(server->context);
  server_free(server);
}
