/* SPDX-License-Identifier: MIT */

/* One question, from URLs to a proven answer. */

#include "host.h"

#include <stdlib.h>

#define REQUEST_TIMEOUT_MS 10000

static ol_status ask(ol_error *error, ol_account_answer *out, ol_host *host, const ol_client_config *config,
                     void *memory, size_t len, const ol_account_question *question) {
  ol_client *client;
  ol_status status = ol_client_init(error, &client, config, memory, len);
  if (status == OL_OK) status = ol_client_ask_account(error, client, question);
  if (status == OL_OK) status = ol_host_run(error, host, ol_client_engine(client), NULL, NULL);
  ol_slice code;
  if (status == OL_OK) status = ol_client_account(error, out, &code, client);
  return status;
}

ol_status ol_host_account(ol_error *error, ol_account_answer *out, const char *const *urls, size_t url_count,
                          uint32_t quorum, const ol_account_question *question) {
  if (url_count < 1 || url_count > OL_MAX_ENDPOINTS)
    return host_fail(error, OL_ERR_ARGUMENT, "", "no endpoint, or too many");
  if (quorum < 1 || quorum > url_count)
    return host_fail(error, OL_ERR_ARGUMENT, "", "the quorum must be from 1 to the number of endpoints");
  ol_client_config config = {.chain_id = OL_CHAIN_ID,
                             .endpoints = (uint32_t)url_count,
                             .quorum = quorum,
                             .timeout_ms = REQUEST_TIMEOUT_MS};
  ol_host *host;
  ol_status status = ol_host_new(error, &host, NULL);
  if (status != OL_OK) return status;
  for (size_t i = 0; i < url_count && status == OL_OK; i++)
    status = ol_host_add_endpoint(error, host, OL_SOURCE_L2, urls[i]);
  if (status == OL_OK) {
    size_t len = ol_client_size(&config);
    void *memory = malloc(len); /* aligned to 16 on every system that the host is for */
    if (memory == NULL)
      status = host_fail(error, OL_ERR_MEMORY, "", "out of memory");
    else
      status = ask(error, out, host, &config, memory, len, question);
    free(memory);
  }
  ol_host_free(host);
  return status;
}
