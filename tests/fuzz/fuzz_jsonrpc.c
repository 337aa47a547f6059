/* SPDX-License-Identifier: MIT */

/* The input as the response to request 1, and as the method of a request. */

#include "encoding/jsonrpc.h"
#include "fuzz/fuzz.h"

static void read_response(ol_json response, size_t len) {
  ol_error error;
  ol_json result, bare, member;
  ol_status status = ol_jsonrpc_result(&error, &result, response, 1);
  bool failed = ol_json_find(&member, response, "error");
  if (status == OL_OK) {
    FUZZ_REQUIRE(ol_json_find(&member, response, "result") && member.value == result.value);
    FUZZ_REQUIRE(!failed && ol_json_kind_of(result) != OL_JSON_NULL);
    FUZZ_REQUIRE(ol_jsonrpc_result(&error, &bare, response, 2) == OL_ERR_MISMATCH);
    fuzz_refused(&error, OL_ERR_MISMATCH, len);
  } else {
    fuzz_refused(&error, status, len);
    FUZZ_REQUIRE(!failed || status == OL_ERR_REMOTE);
  }
  ol_status unwrapped = ol_jsonrpc_unwrap(&error, &bare, response);
  if (unwrapped != OL_OK)
    fuzz_refused(&error, unwrapped, len);
  else if (!ol_json_find(&member, response, "jsonrpc"))
    FUZZ_REQUIRE(bare.value == response.value);
  else
    FUZZ_REQUIRE(ol_json_kind_of(bare) != OL_JSON_NULL && (status != OL_OK || bare.value == result.value));
}

/* The method comes back as it was given, so do the id and the parameters. */
static void write_request(const uint8_t *data, size_t len) {
  static uint8_t memory[1 << 16], parsing[1 << 18];
  char method[65];
  ol_error error;
  ol_arena arena = ol_arena_of(memory, sizeof memory), reading = ol_arena_of(parsing, sizeof parsing);
  ol_json_writer to;
  ol_slice text;
  ol_json root, member;
  uint64_t id = 0, claimed = 0;
  size_t count = len < 64 ? len : 64;
  for (size_t i = 0; i < count; i++) {
    method[i] = (char)(data[i] % 95 + 32);
    id = id * 31 + data[i];
  }
  method[count] = '\0';
  ol_jsonrpc_begin(&to, &arena, id, method);
  ol_json_write_hex(&to, NULL, data, count);
  FUZZ_REQUIRE(ol_jsonrpc_end(&error, &text, &to) == OL_OK);
  FUZZ_REQUIRE(ol_json_read(&error, &root, &reading, text.data, text.len) == OL_OK);
  FUZZ_REQUIRE(ol_json_find(&member, root, "id") && ol_json_u64(&error, &claimed, member) == OL_OK);
  FUZZ_REQUIRE(claimed == id);
  FUZZ_REQUIRE(ol_json_find(&member, root, "method") && ol_json_string(&error, &text, member) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(text, ol_slice_of(method, count)));
  ol_json_items items;
  FUZZ_REQUIRE(ol_json_find(&member, root, "params") && ol_json_array(&error, &items, member) == OL_OK);
  FUZZ_REQUIRE(items.left == 1 && ol_json_next(&member, NULL, &items));
  FUZZ_REQUIRE(ol_json_hex(&error, &text, &reading, member) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(text, ol_slice_of(data, count)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_json response;
  size_t memory_len = ol_json_memory(len);
  uint8_t *memory = fuzz_block(memory_len);
  ol_arena arena = ol_arena_of(memory, memory_len);
  ol_status status = ol_json_read(&error, &response, &arena, data, len);
  if (status == OL_OK)
    read_response(response, len);
  else
    fuzz_refused(&error, status, len);
  free(memory);
  write_request(data, len);
  return 0;
}
