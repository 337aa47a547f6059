/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_SERVER_H
#define OPENLEDGER_SERVER_H

/*
 * A local endpoint for JSON-RPC over HTTP and WebSocket, to which wallets and tools on the same machine can point.
 * It carries texts and does not read them.
 *
 * Threads of its own speak with the clients and only queue what these ask. One thread, the owner's, takes requests
 * and answers them, at any time and in any order; no call of it waits for a client. What a browser shows from
 * elsewhere must not get at what answers here: the server listens on a loopback address only, and before a request
 * is taken its Host must be this server's and its Origin, if it has one, must be allowed. Each HTTP connection
 * carries one request. Servers are opened and closed by one thread at a time.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_SERVER_MAX_TEXT (4u << 20)    /* bytes of a request that an owner can allow */
#define OL_SERVER_MAX_UNSENT (64u << 20) /* bytes of an answer, or of all that waits for one WebSocket */
#define OL_SERVER_MAX_CONNECTIONS 1024   /* that an owner can allow at once */
#define OL_SERVER_MAX_REQUESTS 4096      /* the same for unanswered requests */
#define OL_SERVER_MAX_ORIGINS 64         /* allowed by one server */

typedef struct ol_server ol_server;

/* Where to listen, and to whom. Zeros are the defaults, but for the address. */
typedef struct ol_server_options {
  const char *listen;         /* "127.0.0.1:8645" or "[::1]:8645"; port 0 for any that is free */
  const char *const *origins; /* of pages that may ask, as browsers write them: "https://wallet.example" */
  size_t origin_count;
  uint32_t max_text_len;    /* bytes of one request; 0 for 1 MiB */
  uint32_t max_connections; /* at once, of which half may be WebSockets; more wait to be accepted; 0 for 64 */
  uint32_t max_requests;    /* unanswered at once; more are refused with 503, and WebSockets wait; 0 for 64 */
} ol_server_options;

/* What a client asks. Ids count from 1; no two things that a server has ever named have the same. */
typedef struct ol_server_request {
  uint64_t id;
  uint64_t connection_id;
  bool websocket; /* whether there can be pushed to the connection */
  ol_slice text;  /* as it came, readable until it is answered */
} ol_server_request;

/*
 * Listens. Returns: OL_ERR_ARGUMENT when the address is not a loopback address with a port or cannot be had, for an
 * origin that no browser would send, or a number that is out of range; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_server_open(ol_error *error, ol_server **out,
                                           const ol_server_options *options) OL_NONNULL;

/*
 * Answers what is queued with 503, closes all connections and frees the server, within a few seconds whatever the
 * clients do.
 */
OL_API void ol_server_close(ol_server *server) OL_NONNULL;

/* Returns: the port that the server listens on. */
OL_API uint16_t ol_server_port(const ol_server *server) OL_NONNULL;

/*
 * Returns: a file descriptor that is readable while ol_server_next or ol_server_closed has something to give. It is
 * for sleeping on together with others, and not to be read.
 */
OL_API int ol_server_fd(const ol_server *server) OL_NONNULL;

/* Sleeps until there is something to take. Returns: 1 if there is, 0 when time was up or a signal came. */
OL_API OL_CHECKED int ol_server_wait(ol_server *server, uint32_t timeout_ms) OL_NONNULL;

/* Takes the oldest request that was not taken yet. Returns: 1, or 0 when there is none. */
OL_API OL_CHECKED int ol_server_next(ol_server *server, ol_server_request *out) OL_NONNULL;

/*
 * Answers a request that was taken. The text is copied. An empty one is for notifications: HTTP says 204, and over a
 * WebSocket nothing is sent. That the client has gone meanwhile is no error.
 * Returns: OL_ERR_ARGUMENT when no taken request of this id waits, OL_ERR_LIMIT, OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_server_reply(ol_error *error, ol_server *server, uint64_t request_id,
                                            const uint8_t *text, size_t text_len) OL_NONNULL_ARGS(1, 2);

/*
 * Sends a text to a WebSocket client unasked. The text is copied. A client that leaves more than
 * OL_SERVER_MAX_UNSENT bytes unread loses its connection.
 * Returns: OL_ERR_TRANSPORT when the connection is gone, OL_ERR_ARGUMENT for an empty text, OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_server_push(ol_error *error, ol_server *server, uint64_t connection_id,
                                           const uint8_t *text, size_t text_len) OL_NONNULL;

/*
 * Takes the id of a WebSocket connection that has ended, once all its requests have been taken. Returns: 1, or 0 when
 * there is none.
 */
OL_API OL_CHECKED int ol_server_closed(ol_server *server, uint64_t *out_connection_id) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
