/* SPDX-License-Identifier: MIT */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ol_status host_fail(ol_error *error, ol_status status, const char *part, const char *reason) {
  *error = (ol_error){.status = status,
                      .item = OL_NOWHERE,
                      .node = OL_NOWHERE,
                      .offset = OL_NOWHERE,
                      .part = part,
                      .field = "",
                      .reason = reason};
  return status;
}

static bool readable(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  bool has_bytes = fgetc(file) != EOF;
  fclose(file);
  return has_bytes;
}

/* Where systems keep the certificates they trust. It is looked up when used, not when built. */
static const char *system_ca_file(void) {
  static const char *const places[] = {
      "/etc/ssl/certs/ca-certificates.crt",     /* Debian, Arch, Gentoo */
      "/etc/pki/tls/certs/ca-bundle.crt",       /* Fedora */
      "/etc/ssl/ca-bundle.pem",                 /* openSUSE */
      "/etc/ssl/cert.pem",                      /* Alpine, macOS, BSD */
      "/usr/local/share/certs/ca-root-nss.crt", /* FreeBSD */
  };
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    if (readable(places[i])) return places[i];
  }
  return NULL;
}

/* Returns: false without memory; the list is then freed by its owner. */
static bool add_header(struct curl_slist **list, const char *line) {
  struct curl_slist *longer = curl_slist_append(*list, line);
  if (longer != NULL) *list = longer;
  return longer != NULL;
}

static bool set_up(ol_host *host, const char *ca_file) {
  host->multi = curl_multi_init();
  if (host->multi == NULL) return false;
  for (size_t i = 0; i < HOST_HEADERS; i++) {
    struct curl_slist **list = &host->headers[i];
    bool ssz = i == HOST_GET_SSZ, post = i == HOST_POST_JSON;
    if (!add_header(list, ssz ? "Accept: application/octet-stream, application/json;q=0.9"
                              : "Accept: application/json") ||
        !add_header(list, "Accept-Encoding: identity"))
      return false;
    /* "Expect: 100-continue" would cost a round trip for longer bodies. */
    if (post && (!add_header(list, "Content-Type: application/json") || !add_header(list, "Expect:")))
      return false;
  }
  snprintf(host->user_agent, sizeof host->user_agent, "openledger/%s", ol_version());
  if (ca_file != NULL) {
    size_t len = strlen(ca_file) + 1;
    host->ca_file = malloc(len);
    if (host->ca_file == NULL) return false;
    memcpy(host->ca_file, ca_file, len);
  }
  return true;
}

ol_status ol_host_new(ol_error *error, ol_host **out, const ol_host_options *options) {
  static const ol_host_options defaults;
  if (options == NULL) options = &defaults;
  if (options->ca_file != NULL && !readable(options->ca_file))
    return host_fail(error, OL_ERR_ARGUMENT, "certificates", "the file cannot be read");
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return host_fail(error, OL_ERR_MEMORY, "", "libcurl cannot start");
  ol_host *host = calloc(1, sizeof *host);
  if (host == NULL || !set_up(host, options->ca_file != NULL ? options->ca_file : system_ca_file())) {
    ol_host_free(host);
    if (host == NULL) curl_global_cleanup();
    return host_fail(error, OL_ERR_MEMORY, "", "out of memory");
  }
  host->connect_timeout_ms =
      options->connect_timeout_ms != 0 ? options->connect_timeout_ms : HOST_CONNECT_TIMEOUT_MS;
  host->watched = -1;
  *out = host;
  return OL_OK;
}

void ol_host_free(ol_host *host) {
  if (host == NULL) return;
  curl_multi_cleanup(host->multi);
  for (size_t i = 0; i < HOST_HEADERS; i++) curl_slist_free_all(host->headers[i]);
  for (size_t i = 0; i < HOST_SOURCES; i++) {
    for (uint32_t j = 0; j < host->endpoint_count[i]; j++) host_endpoint_clear(&host->endpoints[i][j]);
  }
  host_record_clear(host);
  free(host->ca_file);
  free(host);
  curl_global_cleanup();
}

void ol_host_watch(ol_host *host, int fd) {
  host->watched = fd;
}

void ol_host_interrupt(ol_host *host) {
  host->interrupted = 1;
}

void ol_host_stats_of(const ol_host *host, ol_host_stats *out) {
  *out = host->stats;
}

int ol_host_blame_at(const ol_host *host, ol_host_blame *out, size_t index) {
  if (index >= host->blame_count) return 0;
  *out = host->blames[index];
  return 1;
}
