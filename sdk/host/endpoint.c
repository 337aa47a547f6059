/* SPDX-License-Identifier: MIT */

/* URLs: which are accepted, which are the same place, which stay on this machine. */

#include "host.h"

#include <stdlib.h>
#include <string.h>

static const char no_memory[] = "out of memory";

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool begins_with(const char *text, const char *prefix) {
  for (; *prefix != '\0'; text++, prefix++) {
    if (lower(*text) != *prefix) return false;
  }
  return true;
}

static bool ends_with(const char *text, const char *suffix) {
  size_t len = strlen(text), suffix_len = strlen(suffix);
  return len >= suffix_len && strcmp(text + len - suffix_len, suffix) == 0;
}

/* A host that is this machine by its name or number alone; `host` is in lower case. */
static bool is_loopback(const char *host) {
  if (strcmp(host, "localhost") == 0 || ends_with(host, ".localhost") || strcmp(host, "[::1]") == 0)
    return true;
  return strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == strlen(host);
}

/* Out: host in lower case, port, path without slashes at its end, query: equal for equal places. */
static char *place_of(char *host, const char *port, const char *path, const char *query) {
  for (char *c = host; *c != '\0'; c++) *c = lower(*c);
  size_t host_len = strlen(host), port_len = strlen(port), path_len = strlen(path);
  if (host_len > 1 && host[host_len - 1] == '.') host[--host_len] = '\0'; /* the root of all names */
  while (path_len > 0 && path[path_len - 1] == '/') path_len--;
  size_t query_len = strlen(query);
  char *place = malloc(host_len + port_len + path_len + query_len + 3);
  if (place == NULL) return NULL;
  char *to = place;
  memcpy(to, host, host_len);
  to += host_len;
  *to++ = ':';
  memcpy(to, port, port_len);
  to += port_len;
  memcpy(to, path, path_len);
  to += path_len;
  *to++ = '?';
  memcpy(to, query, query_len + 1);
  return place;
}

static const char *read_parts(host_endpoint *out, CURLU *parts) {
  char *host = NULL, *port = NULL, *path = NULL, *query = NULL;
  const char *refused = no_memory;
  if (curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
      curl_url_get(parts, CURLUPART_PATH, &path, 0) == CURLUE_OK) {
    CURLUcode no_query = curl_url_get(parts, CURLUPART_QUERY, &query, 0);
    if (no_query == CURLUE_OK || no_query == CURLUE_NO_QUERY) {
      out->place = place_of(host, port, path, query == NULL ? "" : query);
      out->loopback = is_loopback(host);
      refused = out->place == NULL ? no_memory : NULL;
    }
  }
  curl_free(host);
  curl_free(port);
  curl_free(path);
  curl_free(query);
  return refused;
}

static char *copy_of(const char *text) {
  const size_t len = strlen(text) + 1;
  char *copy = malloc(len);
  return copy == NULL ? NULL : memcpy(copy, text, len);
}

/* RFC 8089, of this machine and without escapes. */
static const char *parse_file(host_endpoint *out, const char *url) {
  static const size_t scheme = sizeof "file://" - 1;
  if (url[scheme] != '/') return "the URL of a file is file:// and an absolute path";
  if (strpbrk(url, "%?#") != NULL) return "the URL of a file has neither escapes nor a query";
  out->url = copy_of(url);
  out->place = copy_of(url + scheme);
  if (out->url == NULL || out->place == NULL) return no_memory;
  out->file = out->url + scheme;
  out->loopback = true;
  return NULL;
}

static const char *parse(host_endpoint *out, CURLU *parts, const char *url, bool may_be_file) {
  const bool is_file = may_be_file && begins_with(url, "file://");
  if (!is_file && !begins_with(url, "http://") && !begins_with(url, "https://"))
    return "not a URL that begins with http:// or https://";
  for (const char *c = url; *c != '\0'; c++) {
    if (*c <= ' ' || *c > '~') return "a URL has printable ASCII characters only, and no spaces";
  }
  if (is_file) return parse_file(out, url);
  if (strchr(url, '#') != NULL) return "a fragment (#...) is not sent to servers";
  if (strchr(url, ':')[3] == '/') return "the URL names no host"; /* libcurl would skip the third slash */
  CURLUcode code = curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER);
  if (code == CURLUE_USER_NOT_ALLOWED) return "a user or password in a URL is not accepted";
  if (code == CURLUE_OUT_OF_MEMORY) return no_memory;
  if (code == CURLUE_BAD_PORT_NUMBER) return "the port is not a number from 1 to 65535";
  if (code != CURLUE_OK) return "not a valid URL";
  const char *refused = read_parts(out, parts);
  if (refused != NULL) return refused;
  out->url = copy_of(url);
  if (out->url == NULL) return no_memory;
  out->path_end = strcspn(url, "?");
  return NULL;
}

const char *host_endpoint_parse(host_endpoint *out, const char *url, bool may_be_file) {
  *out = (host_endpoint){0};
  CURLU *parts = curl_url();
  const char *refused = parts == NULL ? no_memory : parse(out, parts, url, may_be_file);
  curl_url_cleanup(parts);
  if (refused != NULL) host_endpoint_clear(out);
  return refused;
}

void host_endpoint_clear(host_endpoint *endpoint) {
  free(endpoint->url);
  free(endpoint->place);
  *endpoint = (host_endpoint){0};
}

int ol_host_url_in_clear(const char *url) {
  host_endpoint endpoint;
  if (!begins_with(url, "http://") || host_endpoint_parse(&endpoint, url, false) != NULL) return 0;
  int in_clear = !endpoint.loopback;
  host_endpoint_clear(&endpoint);
  return in_clear;
}

ol_status ol_host_add_endpoint(ol_error *error, ol_host *host, ol_source source, const char *url) {
  if (source < 1 || source > HOST_SOURCES)
    return host_fail(error, OL_ERR_ARGUMENT, "", "there is no such source");
  uint32_t *count = &host->endpoint_count[source - 1];
  host_endpoint *endpoints = host->endpoints[source - 1];
  if (*count == OL_MAX_ENDPOINTS) return host_fail(error, OL_ERR_LIMIT, "", "too many endpoints");
  host_endpoint *added = &endpoints[*count];
  const char *refused = host_endpoint_parse(added, url, source == OL_SOURCE_SEQUENCER);
  if (refused == no_memory) return host_fail(error, OL_ERR_MEMORY, "", refused);
  if (refused != NULL) return host_fail(error, OL_ERR_ARGUMENT, "", refused);
  for (uint32_t i = 0; i < *count; i++) {
    if (strcmp(endpoints[i].place, added->place) != 0) continue;
    host_endpoint_clear(added);
    return host_fail(error, OL_ERR_ARGUMENT, "", "the same endpoint twice; they must be independent");
  }
  ++*count;
  return OL_OK;
}

const host_endpoint *host_endpoint_of(const ol_host *host, uint32_t source, uint32_t endpoint) {
  if (source < 1 || source > HOST_SOURCES || endpoint >= host->endpoint_count[source - 1]) return NULL;
  return &host->endpoints[source - 1][endpoint];
}

char *host_endpoint_url(const host_endpoint *endpoint, ol_slice path) {
  size_t base_len = endpoint->path_end;
  if (path.len > 0 && path.data[0] == '/' && base_len > 0 && endpoint->url[base_len - 1] == '/') base_len--;
  const char *query = endpoint->url + endpoint->path_end;
  size_t query_len = strlen(query);
  char *url = malloc(base_len + path.len + query_len + 1);
  if (url == NULL) return NULL;
  memcpy(url, endpoint->url, base_len);
  if (path.len > 0) memcpy(url + base_len, path.data, path.len);
  char *to = url + base_len + path.len;
  memcpy(to, query, query_len + 1);
  /* A path with a query of its own goes on with the endpoint's. */
  if (path.len > 0 && query_len > 0 && memchr(path.data, '?', path.len) != NULL) *to = '&';
  return url;
}
