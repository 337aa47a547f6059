/* SPDX-License-Identifier: MIT */

/* What a wallet asks of its chain: one request at a time, answered with what is proven. */

#define _POSIX_C_SOURCE 200809L

#include "wallet.h"

#include <stdlib.h>
#include <string.h>

int cli_chain_open(cli_chain *out, const cli_args *args) {
  *out = (cli_chain){.by = {.args = args}};
  int result = cli_check_levels(args);
  if (result == EXIT_VERIFIED) result = cli_provider_open(&out->by, args);
  if (result == EXIT_VERIFIED) result = cli_provider_begin(&out->by, 0);
  if (result == EXIT_VERIFIED) out->id = cli_client_config(args, &out->by.rollup).chain_id;
  return result;
}

void cli_chain_end(cli_chain *of) {
  free(of->answer);
  cli_provider_end(&of->by);
}

void cli_hex_param(char *out, const uint8_t *bytes, size_t len) {
  out[0] = '"';
  ol_hex_text(out + 1, bytes, len);
  out[2 * len + 3] = '"';
  out[2 * len + 4] = '\0';
}

static ol_status no_memory(ol_error *out) {
  *out = cli_error_of(OL_ERR_MEMORY, "", "there is not enough memory");
  return OL_ERR_MEMORY;
}

/* Asks, and keeps the response. What fails is reported only where that is an error. */
static ol_status request(ol_error *error, cli_chain *of, ol_slice *out, const char *method,
                         const char *params, bool is_quiet) {
  const size_t len = strlen(method) + strlen(params) + 80;
  char *text = malloc(len);
  ol_slice response;
  free(of->answer);
  of->answer = NULL;
  if (text == NULL) return no_memory(error);
  const int used =
      snprintf(text, len, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":[%s]}", method, params);
  ol_status status = ol_provider_ask(error, of->by.provider, (ol_slice){(const uint8_t *)text, (size_t)used});
  free(text);
  if (status == OL_OK && is_quiet)
    status = ol_host_run(error, of->by.host, ol_provider_engine(of->by.provider), NULL, NULL);
  else if (status == OL_OK)
    status = cli_provider_run(error, &of->by);
  if (status == OL_OK) status = ol_provider_response(error, &response, of->by.provider);
  if (status != OL_OK) return status;
  of->answer = malloc(response.len + 1);
  if (of->answer == NULL) return no_memory(error);
  memcpy(of->answer, response.data, response.len);
  *out = (ol_slice){of->answer, response.len};
  return OL_OK;
}

/* Reports the error of a response. Returns: the exit code for it. */
static int report(const char *method, ol_slice response) {
  static const ol_status others[] = {OL_ERR_ENCODING, OL_ERR_PROOF, OL_ERR_MISMATCH, OL_ERR_STALE,
                                     OL_ERR_QUORUM,   OL_ERR_LIMIT, OL_ERR_REMOTE,   OL_ERR_TRANSPORT};
  char *text = NULL;
  size_t len = 0;
  ol_slice message = {(const uint8_t *)"no answer", 9};
  ol_status status = OL_ERR_REMOTE;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    if (cli_json_is(response, "error.data.status", ol_status_name(others[i]))) status = others[i];
  }
  (void)cli_json_find(&message, response, "error.message");
  FILE *to = open_memstream(&text, &len);
  if (to == NULL) return cli_no_memory();
  fprintf(to, "%s: ", method);
  cli_json_show(to, message);
  if (fclose(to) != 0) return cli_no_memory();
  const int result = cli_failure(status, text);
  free(text);
  return result;
}

bool cli_chain_try(cli_chain *of, ol_slice *out, const char *method, const char *params) {
  ol_error error;
  ol_slice response;
  return request(&error, of, &response, method, params, true) == OL_OK &&
         cli_json_find(out, response, "result");
}

int cli_chain_ask(cli_chain *of, ol_slice *out, const char *method, const char *params) {
  ol_error error;
  ol_slice response;
  if (request(&error, of, &response, method, params, false) != OL_OK) return cli_error(method, &error);
  return cli_json_find(out, response, "result") ? EXIT_VERIFIED : report(method, response);
}
