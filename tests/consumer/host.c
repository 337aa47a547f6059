/* SPDX-License-Identifier: MIT */

/* A user's program with the native host. Functions of its own are named like those of libcurl, mbedTLS and civetweb. */

#include <openledger/host.h>

#include <stdio.h>
#include <string.h>

int curl_easy_init(void);
int curl_easy_init(void) {
  return 16;
}

int mbedtls_ssl_init(void);
int mbedtls_ssl_init(void) {
  return 12;
}

int mg_start(void);
int mg_start(void) {
  return 4;
}

int main(void) {
  ol_error error;
  ol_host *host;
  if (ol_host_new(&error, &host, NULL) != OL_OK) return 1;
  if (ol_host_add_endpoint(&error, host, OL_SOURCE_L2, "https://localhost:1/") != OL_OK) return 2;
  if (ol_host_add_endpoint(&error, host, OL_SOURCE_L2, "ftp://localhost/") != OL_ERR_ARGUMENT) return 3;
  ol_host_free(host);

  ol_server *server;
  ol_server_options options = {.listen = "127.0.0.1:0"};
  if (ol_server_open(&error, &server, &options) != OL_OK) return 8;
  if (ol_server_port(server) == 0) return 9;
  ol_server_close(server);

  uint8_t first[32] = {0}, second[32] = {0};
  if (ol_host_entropy(&error, first, sizeof first) != OL_OK) return 4;
  if (ol_host_entropy(&error, second, sizeof second) != OL_OK) return 5;
  if (memcmp(first, second, sizeof first) == 0) return 6;
  printf("openledger %s with its host\n", ol_version());
  return curl_easy_init() + mbedtls_ssl_init() + mg_start() == 32 ? 0 : 7;
}
