/* SPDX-License-Identifier: MIT */

/* The input as a sign-in message, which is written as it was read; and as a message and a time. */

#include "fuzz/fuzz.h"
#include "openledger/message.h"

static bool same(const ol_siwe *a, const ol_siwe *b) {
  return fuzz_same(a->scheme, b->scheme) && fuzz_same(a->domain, b->domain) &&
         fuzz_same(a->statement, b->statement) && fuzz_same(a->uri, b->uri) && a->chain_id == b->chain_id &&
         fuzz_same(a->nonce, b->nonce) && fuzz_same(a->issued_at, b->issued_at) &&
         fuzz_same(a->expiration_time, b->expiration_time) && fuzz_same(a->not_before, b->not_before) &&
         fuzz_same(a->request_id, b->request_id) && fuzz_same(a->resources, b->resources) &&
         a->has_resources == b->has_resources && memcmp(&a->address, &b->address, sizeof a->address) == 0;
}

static void read_siwe(ol_slice text) {
  ol_error error;
  ol_siwe message, again;
  ol_slice uri;
  ol_status status = ol_siwe_read(&error, &message, text);
  if (status != OL_OK) {
    fuzz_refused(&error, status, text.len);
    FUZZ_REQUIRE(status == OL_ERR_ENCODING);
    return;
  }
  FUZZ_REQUIRE(ol_siwe_is(text) && message.domain.len > 0 && message.nonce.len >= 8);
  size_t len = 0;
  uint8_t *out = fuzz_block(text.len);
  FUZZ_REQUIRE(ol_siwe_write(&error, out, text.len, &len, &message) == OL_OK);
  FUZZ_REQUIRE(ol_siwe_read(&error, &again, ol_slice_of(out, len)) == OL_OK && same(&message, &again));
  FUZZ_REQUIRE(len <= text.len); /* a chain id may have had zeros in front */
  free(out);
  size_t lines = 0;
  for (ol_slice list = message.resources; ol_siwe_resource_next(&list, &uri); lines++)
    FUZZ_REQUIRE(uri.len > 1);
  FUZZ_REQUIRE((lines > 0) == (message.resources.len > 0));
  const ol_siwe_expected expected = {.scheme = message.scheme.data != NULL ? message.scheme
                                                                           : ol_slice_of("https", 5),
                                     .domain = message.domain,
                                     .account = message.address,
                                     .chain_id = message.chain_id,
                                     .now_ms = 1633019124000};
  status = ol_siwe_check(&error, &message, &expected);
  FUZZ_REQUIRE(status == OL_OK || status == OL_ERR_STALE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_slice out;
  int64_t time;
  const ol_slice text = ol_slice_of(data, len);
  read_siwe(text);
  uint8_t *memory = fuzz_block(len);
  ol_status status = ol_message_read(&error, &out, text, memory, len);
  if (status != OL_OK) fuzz_refused(&error, status, len);
  FUZZ_REQUIRE(status == OL_OK || (status == OL_ERR_ENCODING && len % 2 == 1));
  FUZZ_REQUIRE(status != OL_OK || out.len == len || out.len == len / 2 - 1);
  free(memory);
  status = ol_time_from_text(&error, &time, text);
  if (status != OL_OK) fuzz_refused(&error, status, len);
  FUZZ_REQUIRE(status != OL_OK || (time > -62168000000000 && time < 253402400000000));
  return 0;
}
