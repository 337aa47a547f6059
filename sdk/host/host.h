/* SPDX-License-Identifier: MIT */
#ifndef OL_HOST_HOST_H
#define OL_HOST_HOST_H

/* What the files of the host share. */

#include "openledger/host.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>

/* The sources are numbered from 1. */
#define HOST_SOURCES 5
#define HOST_BLAMES 64
#define HOST_CONNECT_TIMEOUT_MS 10000

/* Header lists: what is asked for, and with a body or without. */
enum { HOST_GET_JSON, HOST_POST_JSON, HOST_GET_SSZ, HOST_HEADERS };

typedef struct host_endpoint {
  char *url;       /* as given */
  char *place;     /* the same in a form that is equal for equal places */
  size_t path_end; /* where the path in `url` ends, and the query begins */
  bool loopback;
  const char
      *file; /* in `url`: the path of a file that is read in the place of a server; NULL for a server */
} host_endpoint;

#define HOST_LACK_LEN 256

/* What a run used: kept by its request, and known by its want as long as it may be blamed. */
typedef struct host_kept {
  uint64_t number; /* of the engine */
  uint64_t want_id;
  uint8_t *answer;
  ol_bundle_entry entry; /* its answer is `answer` */
} host_kept;

typedef struct host_record {
  bool is_on;
  ol_error error; /* the first that keeping had, OL_OK if none */
  size_t count;
  host_kept list[OL_BUNDLE_ENTRIES];
} host_record;

struct ol_host {
  CURLM *multi;
  struct curl_slist *headers[HOST_HEADERS];
  char *ca_file;
  char user_agent[64];
  uint32_t connect_timeout_ms;
  volatile sig_atomic_t interrupted;
  int watched; /* a file descriptor that ends the sleep of a run, or -1 */
  uint32_t endpoint_count[HOST_SOURCES];
  host_endpoint endpoints[HOST_SOURCES][OL_MAX_ENDPOINTS];
  ol_host_stats stats;
  uint64_t driven_count;
  size_t blame_count;
  ol_host_blame blames[HOST_BLAMES];
  bool has_bundle;
  ol_bundle bundle;
  uint64_t bundle_now_ms; /* 0: the clock's */
  char lack[HOST_LACK_LEN];
  host_record record;
};

/* Returns: the time that engines are told. */
uint64_t host_now_ms(const ol_host *host) OL_NONNULL;

/* An engine in a run. */
typedef struct host_driven {
  ol_engine *engine;
  uint64_t number; /* of its own among all that this host has driven: its wants have ids of their own */
  ol_host_stats stats;
} host_driven;

/* Drives an engine that was begun by the bundle. Returns: as ol_host_run, OL_OK also once the engine has failed. */
ol_status host_bundle_drive(ol_error *error, ol_host *host, host_driven *driven) OL_NONNULL;

/* Keeps the engine's blames with their URLs; the oldest ones, as they explain the rest. */
void host_keep_blames(ol_host *host, const host_driven *driven) OL_NONNULL;

/* Out: a want with its path and body in a block of their own. Returns: the block, to be freed; NULL without memory. */
uint8_t *host_want_copy(ol_want *out, const ol_want *want) OL_NONNULL;

/* Keeps an answer that an engine was just given, if it used it. In: a copy of the want. */
void host_record_take(ol_host *host, const host_driven *driven, const ol_want *want,
                      ol_slice data) OL_NONNULL;

/* Drops what was blamed. */
void host_record_drop(ol_host *host, const host_driven *driven, uint64_t want_id) OL_NONNULL;

void host_record_clear(ol_host *host) OL_NONNULL;

/* Records a failure. */
ol_status host_fail(ol_error *error, ol_status status, const char *part, const char *reason) OL_NONNULL;

/* Return: why a file cannot be read or written, by errno. */
const char *host_read_reason(int number);
const char *host_write_reason(int number);

/* Reads what is left of a stream; as ol_host_read_file. */
ol_status host_stream_read(ol_error *error, uint8_t **out, size_t *out_len, FILE *file,
                           size_t max_len) OL_NONNULL;

/*
 * Fills a new file, brings it to the disk and gives it the place of `name`; both names are below `directory`. What
 * cannot be finished is removed. In: the new file, open; it is closed. Returns: errno, or 0.
 */
int host_file_put(int directory, const char *name, const char *temporary, int file, const uint8_t *bytes,
                  size_t len) OL_NONNULL_ARGS(2, 3);

/*
 * Reads a URL. Out: an endpoint to be emptied with host_endpoint_clear. In: whether it may be that of a file.
 * Returns: why it is refused, or NULL.
 */
const char *host_endpoint_parse(host_endpoint *out, const char *url, bool may_be_file) OL_NONNULL;
void host_endpoint_clear(host_endpoint *endpoint) OL_NONNULL;

/* Returns: the endpoint that serves a want, or NULL. */
const host_endpoint *host_endpoint_of(const ol_host *host, uint32_t source, uint32_t endpoint) OL_NONNULL;

/* Returns: the URL to request, to be freed; NULL without memory. */
char *host_endpoint_url(const host_endpoint *endpoint, ol_slice path) OL_NONNULL;

#endif
