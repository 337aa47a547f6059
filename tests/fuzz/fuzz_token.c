/* SPDX-License-Identifier: MIT */

/* The input as that of a token's call: what is read is written as the same bytes. And as a log, and as what is returned. */

#include "fuzz/fuzz.h"
#include "openledger/token.h"

static void check_call(const uint8_t *input, size_t len) {
  ol_error error;
  ol_token_action action;
  ol_call call;
  uint8_t *memory = fuzz_block(len);
  const ol_status status = ol_token_from_input(&error, &action, input, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
  } else {
    FUZZ_REQUIRE(ol_token_call(&error, &call, &action, memory, len) == OL_OK);
    FUZZ_REQUIRE(fuzz_same(call.data, ol_slice_of(input, len)));
  }
  free(memory);
}

static void check_returned(const uint8_t *returned, size_t len) {
  ol_error error;
  ol_slice text;
  ol_u256 number;
  uint32_t decimals;
  ol_status status = ol_token_text(&error, &text, returned, len);
  if (status != OL_OK) fuzz_refused(&error, status, len);
  FUZZ_REQUIRE(status != OL_OK || text.len <= len);
  status = ol_token_number(&error, &number, returned, len);
  FUZZ_REQUIRE((status == OL_OK) == (len == 32));
  status = ol_token_decimals(&error, &decimals, returned, len);
  FUZZ_REQUIRE(status != OL_OK || decimals <= 255);
  status = ol_token_done(&error, returned, len);
  if (status != OL_OK) fuzz_refused(&error, status, len);
}

/* The first byte is how many topics there are, of which the first is the hash of an event that is known. */
static void check_log(fuzz_input in) {
  static const char *const signatures[] = {
      "Transfer(address,address,uint256)", "Approval(address,address,uint256)",
      "ApprovalForAll(address,address,bool)", "TransferSingle(address,address,address,uint256,uint256)",
      "TransferBatch(address,address,address,uint256[],uint256[])"};
  ol_error error;
  ol_token_action action;
  ol_log log = {.topic_count = 3};
  const uint8_t choice = fuzz_u8(&in);
  const char *signature = signatures[choice % 5];
  log.topic_count = 1 + (choice / 5) % 4;
  ol_keccak256(&log.topics[0], (const uint8_t *)signature, strlen(signature));
  for (uint32_t i = 1; i < log.topic_count; i++) fuzz_fill(&in, log.topics[i].bytes, 32);
  ol_slice rest = fuzz_cut(&in, in.left);
  uint8_t *data = fuzz_copy(rest.data, rest.len);
  log.data = ol_slice_of(data, rest.len);
  const ol_status status = ol_token_from_log(&error, &action, &log);
  if (status != OL_OK) fuzz_refused(&error, status, rest.len > 32 ? rest.len : 32);
  FUZZ_REQUIRE(status != OL_OK || (action.kind >= OL_TOKEN_SENT && action.ids.len == action.amounts.len));
  free(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  uint8_t *copy = fuzz_copy(data, len);
  check_call(copy, len);
  check_returned(copy, len);
  check_log((fuzz_input){copy, len});
  free(copy);
  return 0;
}
