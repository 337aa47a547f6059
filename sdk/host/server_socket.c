/* SPDX-License-Identifier: MIT */

/* WebSocket: RFC 6455, text messages only. The library's thread reads frames, a thread of ours writes them. */

#define _POSIX_C_SOURCE 200809L

#include "server.h"

#include <stdlib.h>
#include <string.h>

#define FINAL_FRAME 0x80
#define RESERVED_BITS 0x70
#define OPCODE 0x0f

/* Tells a client why its connection ends. Returns: 0, for the library to end it. */
static int close_with(struct mg_connection *connection, uint16_t code) {
  const char bytes[2] = {(char)(code >> 8), (char)(code & 0xff)};
  (void)mg_websocket_write(connection, MG_WEBSOCKET_OPCODE_CONNECTION_CLOSE, bytes, sizeof bytes);
  return 0;
}

/* --- Writing --- */

bool server_socket_send(server_socket *to, server_message *message) {
  if (!to->gone && message->len > OL_SERVER_MAX_UNSENT - to->unsent_len) {
    to->broken = to->gone = true;
    pthread_cond_signal(&to->wake);
    pthread_cond_broadcast(&to->server->changed);
  }
  if (to->gone) {
    free(message);
    return false;
  }
  server_message **link = &to->unsent;
  while (*link != NULL) link = &(*link)->next;
  *link = message;
  to->unsent_len += message->len;
  pthread_cond_signal(&to->wake);
  return true;
}

/* Sends the oldest message, without the lock meanwhile. */
static void send_next(server_socket *of) {
  server_message *message = of->unsent;
  of->unsent = message->next;
  pthread_mutex_unlock(&of->server->lock);
  int written =
      mg_websocket_write(of->connection, MG_WEBSOCKET_OPCODE_TEXT, (const char *)message->data, message->len);
  bool sent = written >= 0 && (size_t)written == message->len;
  pthread_mutex_lock(&of->server->lock);
  of->unsent_len -= message->len;
  if (!sent) {
    of->broken = of->gone = true;
    pthread_cond_broadcast(&of->server->changed);
  }
  free(message);
}

static void *writing(void *context) {
  server_socket *of = context;
  ol_server *server = of->server;
  pthread_mutex_lock(&server->lock);
  while (!of->gone && !server->closing) {
    if (of->unsent != NULL)
      send_next(of);
    else
      pthread_cond_wait(&of->wake, &server->lock);
  }
  bool broken = of->broken, going_away = server->closing && of->ready && !broken;
  of->gone = true;
  pthread_mutex_unlock(&server->lock);
  if (going_away) close_with(of->connection, SERVER_GOING_AWAY);
  if (broken) mg_disable_connection_keep_alive(of->connection); /* the library then lets go of it too */
  server_told(server);
  return NULL;
}

/* --- Reading --- */

/* Appends a frame to the message that it is of. */
static bool append(server_socket *to, const char *data, size_t len) {
  if (len == 0) return true;
  uint8_t *longer = realloc(to->text, to->text_len + len);
  if (longer == NULL) return false;
  memcpy(longer + to->text_len, data, len);
  to->text = longer;
  to->text_len += len;
  return true;
}

/* Returns: 1 for the connection to go on, or 0. */
static int on_data(struct mg_connection *connection, int head, char *data, size_t len, void *context) {
  (void)context;
  server_socket *from = mg_get_user_connection_data(connection);
  if ((head & RESERVED_BITS) != 0) return close_with(connection, SERVER_PROTOCOL_ERROR);
  switch (head & OPCODE) {
  case MG_WEBSOCKET_OPCODE_TEXT:
  case MG_WEBSOCKET_OPCODE_CONTINUATION: break;
  case MG_WEBSOCKET_OPCODE_BINARY: return close_with(connection, SERVER_UNSUPPORTED);
  case MG_WEBSOCKET_OPCODE_CONNECTION_CLOSE:
    (void)mg_websocket_write(connection, MG_WEBSOCKET_OPCODE_CONNECTION_CLOSE, data, len < 2 ? 0 : 2);
    return 0;
  default: return close_with(connection, SERVER_PROTOCOL_ERROR);
  }
  bool continues = (head & OPCODE) == MG_WEBSOCKET_OPCODE_CONTINUATION;
  if (continues != from->within) return close_with(connection, SERVER_PROTOCOL_ERROR);
  if (len > from->server->max_text_len - from->text_len) return close_with(connection, SERVER_TOO_BIG);
  if (!append(from, data, len)) return 0;
  from->within = (head & FINAL_FRAME) == 0;
  if (from->within) return 1;
  uint8_t *text = from->text;
  size_t text_len = from->text_len;
  from->text = NULL;
  from->text_len = 0;
  return server_ask_for_socket(from, text, text_len);
}

static void on_ready(struct mg_connection *connection, void *context) {
  (void)context;
  server_socket *of = mg_get_user_connection_data(connection);
  pthread_mutex_lock(&of->server->lock);
  of->ready = true;
  pthread_mutex_unlock(&of->server->lock);
}

/* The library has let go of the connection. */
static void on_close(const struct mg_connection *connection, void *context) {
  (void)context;
  server_socket *of = mg_get_user_connection_data(connection);
  ol_server *server = of->server;
  pthread_mutex_lock(&server->lock);
  of->gone = true;
  pthread_cond_signal(&of->wake);
  pthread_mutex_unlock(&server->lock);
  pthread_join(of->writer, NULL);
  pthread_mutex_lock(&server->lock);
  of->ended = true;
  server_wake_owner(server);
  pthread_mutex_unlock(&server->lock);
}

/* --- Beginning and end --- */

int server_socket_open(ol_server *server, struct mg_connection *connection) {
  server_socket *made = calloc(1, sizeof *made);
  if (made == NULL) return 503;
  made->server = server;
  made->connection = connection;
  pthread_cond_init(&made->wake, NULL);
  pthread_mutex_lock(&server->lock);
  bool opened = server->open && !server->closing && server->socket_count < server->max_sockets &&
                pthread_create(&made->writer, NULL, writing, made) == 0;
  if (opened) {
    made->id = ++server->last_id;
    made->next = server->sockets;
    server->sockets = made;
    server->socket_count++;
    server->busy++;
  }
  pthread_mutex_unlock(&server->lock);
  if (!opened) {
    server_socket_free(made);
    return 503;
  }
  mg_set_user_connection_data(connection, made);
  return 0;
}

void server_socket_free(server_socket *of) {
  while (of->unsent != NULL) {
    server_message *message = of->unsent;
    of->unsent = message->next;
    free(message);
  }
  pthread_cond_destroy(&of->wake);
  free(of->text);
  free(of);
}

void server_socket_listen(struct mg_context *context) {
  mg_set_websocket_handler(context, "/", NULL, on_ready, on_data, on_close, NULL);
}
