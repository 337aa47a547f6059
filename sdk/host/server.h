/* SPDX-License-Identifier: MIT */
#ifndef OL_HOST_SERVER_H
#define OL_HOST_SERVER_H

/* What the files of the server share. All that is in these structs and not constant is guarded by the lock. */

#include "openledger/server.h"

#include <civetweb.h>
#include <pthread.h>

/* How long a client may be silent within a head, a body or an answer that it reads. */
#define SERVER_SILENCE_MS 5000
/* How long a body may take as a whole. */
#define SERVER_BODY_MS 10000
/* How long a WebSocket client may be silent before it is asked whether it is there. */
#define SERVER_PING_MS 5000
/* How long to wait for clients to take their last answers. */
#define SERVER_CLOSE_MS 2000
/* Requests of one WebSocket that are unanswered at once. */
#define SERVER_SOCKET_REQUESTS 16
#define SERVER_HOST_LEN 64
#define SERVER_ORIGIN_LEN 256

/* Codes of RFC 6455, section 7.4.1. */
#define SERVER_GOING_AWAY 1001
#define SERVER_PROTOCOL_ERROR 1002
#define SERVER_UNSUPPORTED 1003
#define SERVER_TOO_BIG 1009

/* In the list from when it is asked until it is answered. One of HTTP belongs to its handler, which waits. */
typedef struct server_request {
  struct server_request *next;
  uint64_t id;
  uint64_t connection_id;
  bool websocket;
  bool taken;
  bool answered;
  uint8_t *text;
  size_t text_len;
  uint8_t *reply;
  size_t reply_len;
} server_request;

typedef struct server_message {
  struct server_message *next;
  size_t len;
  uint8_t data[];
} server_message;

/* A WebSocket connection: one thread, the library's, reads; one of ours writes, so that nobody else waits. */
typedef struct server_socket {
  struct server_socket *next;
  uint64_t id;
  ol_server *server;
  struct mg_connection *connection;
  pthread_t writer;
  pthread_cond_t wake;
  server_message *unsent;
  size_t unsent_len; /* with what is being sent */
  uint32_t unanswered;
  bool ready;  /* the handshake is done */
  bool gone;   /* nothing more is queued */
  bool broken; /* nothing more can be written */
  bool ended;  /* the library has let go of it */
  /* A message that comes in several frames; only the reading thread sees it. */
  uint8_t *text;
  size_t text_len;
  bool within;
} server_socket;

struct ol_server {
  struct mg_context *context;
  pthread_mutex_t lock;
  pthread_cond_t changed; /* something was answered, or has ended, or the server closes */
  char host[SERVER_HOST_LEN];
  char **origins;
  size_t origin_count;
  uint32_t max_text_len;
  uint32_t max_sockets;
  uint32_t max_requests;
  uint16_t port;
  int wake[2]; /* a pipe with a byte in it while there is something to take */
  bool woken;
  bool open;
  bool closing;
  uint64_t last_id;
  server_request *requests; /* oldest first */
  uint32_t request_count;
  server_socket *sockets;
  uint32_t socket_count;
  uint32_t busy; /* threads that still have to tell their clients of the end */
};

/* --- server.c --- */

/* Makes the file descriptor say what there is. With the lock. */
void server_wake_owner(ol_server *server) OL_NONNULL;

/*
 * Asks the owner and waits for the answer. In: a text that is taken over. Out: the answer, to be freed.
 * Returns: 200, or 503 when there are too many requests or no more answers.
 */
int server_ask(ol_server *server, uint8_t **out, size_t *out_len, uint8_t *text, size_t text_len)
    OL_NONNULL_ARGS(1, 2, 3);

/* A handler that asked has told its client what came of it. */
void server_told(ol_server *server) OL_NONNULL;

/*
 * Asks the owner for a WebSocket client, which waits while there are too many requests. In: a text that is taken
 * over. Returns: whether the connection goes on.
 */
bool server_ask_for_socket(server_socket *from, uint8_t *text, size_t text_len) OL_NONNULL_ARGS(1);

/* --- server_http.c --- */

/* What the library calls for every request, before all else, and for what it cannot read. */
int server_on_request(struct mg_connection *connection) OL_NONNULL;
int server_on_error(struct mg_connection *connection, int status, const char *reason) OL_NONNULL;

/* --- server_socket.c --- */

/* Makes a socket for a connection that is to become one. Returns: 0, or an HTTP status. */
int server_socket_open(ol_server *server, struct mg_connection *connection) OL_NONNULL;

/* Frees a socket that has ended. */
void server_socket_free(server_socket *of) OL_NONNULL;

/*
 * Queues a message for a socket. In: a message that is taken over. With the lock.
 * Returns: false if the connection is gone or ends for this.
 */
bool server_socket_send(server_socket *to, server_message *message) OL_NONNULL;

/* Tells the library what to call. */
void server_socket_listen(struct mg_context *context) OL_NONNULL;

#endif
