/* SPDX-License-Identifier: MIT */

/* openledger ask: one request of JSON-RPC, answered with what is proven and with what that rests on. */

#define _POSIX_C_SOURCE 200809L

#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* How a response begins, and what is in front of its error: its id is null where the request could not be read. */
static const char good[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":";
static const char bad[] = "\"error\":{\"code\":";

/* Whether an argument is JSON, and not a text without its quotes: "latest", 0x... */
static bool is_json(const char *text) {
  static const char *const words[] = {"true", "false", "null"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (strcmp(text, words[i]) == 0) return true;
  }
  if (strchr("[{\"", text[0]) != NULL) return true;
  return text[strspn(text, "0123456789")] == '\0';
}

static bool is_plain(const char *text) {
  for (; *text != '\0'; text++) {
    if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\') return false;
  }
  return true;
}

/* Writes the request, which asks for what the answer rests on, too. Returns: as cli_provider_open. */
static int write_request(FILE *to, const cli_args *args) {
  fputs("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"openledger_verified\",\"params\":[{\"method\":", to);
  if (!is_plain(args->operand)) return cli_usage_error(args->operand, "not the name of a method");
  fprintf(to, "\"%s\",\"params\":[", args->operand);
  for (uint32_t i = 0; i < args->param_count; i++) {
    const char *param = args->params[i];
    if (i > 0) fputs(",", to);
    if (is_json(param))
      fputs(param, to);
    else if (is_plain(param))
      fprintf(to, "\"%s\"", param);
    else
      return cli_usage_error(param, "a parameter is JSON, or text that needs no escapes");
  }
  fputs("]}]}", to);
  return EXIT_VERIFIED;
}

/* Returns: where a text is in a response, or NULL. */
static const char *find(ol_slice response, const char *text) {
  const size_t len = strlen(text);
  for (size_t i = 0; i + len <= response.len; i++) {
    if (memcmp(response.data + i, text, len) == 0) return (const char *)response.data + i;
  }
  return NULL;
}

/* What kind of failure an error is, whose code it begins with. */
static int exit_of(long code, ol_slice error) {
  if (code == -32600 || code == -32601 || code == -32602 || code == -32700 || code == 4200) return EXIT_USAGE;
  if (find(error, "\"status\":\"transport\"") != NULL) return EXIT_TRANSPORT;
  return code == -32002 && find(error, "\"status\":\"argument\"") != NULL ? EXIT_USAGE : EXIT_REFUSED;
}

/* The response without what is around the result, or in front of the error. */
static int print_response(ol_slice response) {
  if (response.len > sizeof good && memcmp(response.data, good, sizeof good - 1) == 0) {
    fwrite(response.data + sizeof good - 1, 1, response.len - sizeof good, stdout);
    fputs("\n", stdout);
    return EXIT_VERIFIED;
  }
  const char *error = find(response, bad);
  if (error == NULL) return EXIT_REFUSED; /* a response has one or the other */
  const ol_slice rest = {(const uint8_t *)error,
                         (size_t)((const char *)response.data + response.len - error)};
  fputs("{", stdout);
  fwrite(rest.data, 1, rest.len, stdout);
  fputs("\n", stdout);
  return exit_of(strtol(error + sizeof bad - 1, NULL, 10), rest);
}

static int ask(cli_provider *of, const char *request, size_t len) {
  ol_error error;
  ol_slice response;
  ol_status status = ol_provider_ask(&error, of->provider, (ol_slice){(const uint8_t *)request, len});
  if (status == OL_OK) status = cli_provider_run(&error, of);
  if (status == OL_OK) status = ol_provider_response(&error, &response, of->provider);
  return status == OL_OK ? print_response(response) : cli_error(NULL, &error);
}

int cli_ask(const cli_args *args) {
  cli_provider by = {.args = args};
  char *request = NULL;
  size_t len = 0;
  if (args->operand == NULL) return cli_usage_error("METHOD", "missing");
  int result = cli_check_levels(args);
  if (result != EXIT_VERIFIED) return result;
  FILE *to = open_memstream(&request, &len);
  if (to == NULL) return cli_no_memory();
  result = write_request(to, args);
  if (fclose(to) != 0 && result == EXIT_VERIFIED) result = cli_no_memory();
  if (result == EXIT_VERIFIED) result = cli_provider_open(&by, args);
  if (result == EXIT_VERIFIED) result = cli_provider_begin(&by, 0);
  if (result == EXIT_VERIFIED) result = ask(&by, request, len);
  cli_provider_end(&by);
  free(request);
  return result;
}
