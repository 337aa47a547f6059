/* SPDX-License-Identifier: MIT */
#ifndef OL_HOST_HOST_H
#define OL_HOST_HOST_H

/* What the files of the host share. */

#include "openledger/host.h"

#include <curl/curl.h>
#include <stdio.h>

/* The sources are numbered from 1. */
#define HOST_SOURCES 4
#define HOST_BLAMES 64
#define HOST_CONNECT_TIMEOUT_MS 10000

/* Header lists: what is asked for, and with a body or without. */
enum { HOST_GET_JSON, HOST_POST_JSON, HOST_GET_SSZ, HOST_HEADERS };

typedef struct host_endpoint {
  char *url;       /* as given */
  char *place;     /* the same in a form that is equal for equal places */
  size_t path_end; /* where the path in `url` ends, and the query begins */
  bool loopback;
} host_endpoint;

struct ol_host {
  CURLM *multi;
  struct curl_slist *headers[HOST_HEADERS];
  char *ca_file;
  char user_agent[64];
  uint32_t connect_timeout_ms;
  uint32_t endpoint_count[HOST_SOURCES];
  host_endpoint endpoints[HOST_SOURCES][OL_MAX_ENDPOINTS];
  ol_host_stats stats;
  size_t blame_count;
  ol_host_blame blames[HOST_BLAMES];
};

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

/* Reads a URL. Out: an endpoint to be emptied with host_endpoint_clear. Returns: why it is refused, or NULL. */
const char *host_endpoint_parse(host_endpoint *out, const char *url) OL_NONNULL;
void host_endpoint_clear(host_endpoint *endpoint) OL_NONNULL;

/* Returns: the endpoint that serves a want, or NULL. */
const host_endpoint *host_endpoint_of(const ol_host *host, uint32_t source, uint32_t endpoint) OL_NONNULL;

/* Returns: the URL to request, to be freed; NULL without memory. */
char *host_endpoint_url(const host_endpoint *endpoint, ol_slice path) OL_NONNULL;

#endif
