/* SPDX-License-Identifier: MIT */

/* New heads for those who subscribed over a WebSocket. */

#include "serve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POLL_MS 2000u

/* How the response to a request of ours begins. */
static const char prefix[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":";

static void request_text(char *out, size_t len, uint64_t number) {
  const char *form =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getHeaderByNumber\",\"params\":[\"%s\"]}";
  char block[24] = "latest";
  if (number > 0) snprintf(block, sizeof block, "0x%" PRIx64, number);
  snprintf(out, len, form, block);
}

/* Asks for the headers behind the last head, of which some may not be there yet; or for the head, as the first. */
static ol_status ask(ol_error *error, const cli_serving *of, uint32_t *out_count) {
  char text[160];
  ol_status status = OL_OK;
  const uint32_t count = of->head == 0 ? 1 : OL_PROVIDER_TEXTS;
  for (uint32_t i = 0; i < count && status == OL_OK; i++) {
    request_text(text, sizeof text, of->head == 0 ? 0 : of->head + 1 + i);
    const ol_slice request = {(const uint8_t *)text, strlen(text)};
    status = i == 0 ? ol_provider_ask(error, of->by.provider, request)
                    : ol_provider_ask_also(error, of->by.provider, request);
  }
  *out_count = count;
  return status == OL_OK ? ol_host_run(error, of->by.host, ol_provider_engine(of->by.provider), NULL, NULL)
                         : status;
}

/* The header in a response. Returns: false when it is an error, or there is none. */
static bool header_of(ol_slice *out, ol_slice response) {
  const size_t len = sizeof prefix - 1;
  if (response.len < len + 1 || memcmp(response.data, prefix, len) != 0) return false;
  *out = (ol_slice){response.data + len, response.len - len - 1};
  return out->len > 4; /* null */
}

/* The number in a header that the provider wrote. */
static uint64_t number_of(ol_slice header) {
  static const char name[] = "\"number\":\"";
  for (size_t i = 0; i + sizeof name + 18 < header.len; i++) {
    if (memcmp(header.data + i, name, sizeof name - 1) == 0)
      return strtoull((const char *)header.data + i + sizeof name - 1, NULL, 16);
  }
  return 0;
}

static void push(const cli_serving *of, const ol_provider_subscription *to, ol_slice header) {
  static const char form[] =
      "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":"
      "\"0x%" PRIx64 "\",\"result\":%.*s}}";
  const size_t len = sizeof form + header.len + 32;
  char *text = malloc(len);
  ol_error error;
  if (text == NULL) {
    (void)cli_no_memory();
    return;
  }
  int written = snprintf(text, len, form, to->id, (int)header.len, (const char *)header.data);
  /* Whoever has gone meanwhile is reported as closed. */
  (void)!ol_server_push(&error, of->server, to->subscriber, (const uint8_t *)text, (size_t)written);
  free(text);
}

static void tell(cli_serving *of, uint32_t count) {
  ol_error error;
  ol_slice response, header;
  ol_provider_subscription to;
  for (uint32_t i = 0; i < count; i++) {
    if (ol_provider_response_at(&error, &response, of->by.provider, i) != OL_OK ||
        !header_of(&header, response))
      return;
    of->head = number_of(header);
    for (uint32_t k = 0; ol_provider_subscription_at(of->by.provider, &to, k) == 1; k++)
      push(of, &to, header);
  }
}

void cli_heads(cli_serving *of) {
  ol_error error;
  ol_provider_subscription any;
  uint32_t count;
  const uint64_t now_ms = ol_host_now_ms();
  if (ol_provider_subscription_at(of->by.provider, &any, 0) == 0) {
    of->head = 0;
    return;
  }
  if (now_ms < of->heads_due_ms) return;
  of->heads_due_ms = now_ms + POLL_MS;
  ol_status status = ask(&error, of, &count);
  cli_report_blames(of->by.host);
  if (status == OL_OK)
    tell(of, count);
  else
    cli_warn("heads", error.reason);
}
