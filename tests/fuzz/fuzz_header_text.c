/* SPDX-License-Identifier: MIT */

/* The input as a header in text: RLP in hex, a JSON block, or one in an envelope. What is accepted has the hash
 * that is given out. */

#include "encoding/json.h"
#include "fuzz/fuzz.h"
#include "openledger/header.h"

static void check(ol_slice text) {
  ol_error error;
  ol_header header, again;
  ol_hash hash, expected;
  uint8_t rlp[2048];
  size_t rlp_len = 0, memory_len = ol_json_memory(text.len);
  uint8_t *memory = fuzz_block(memory_len);
  ol_status status = ol_header_from_text(&error, &header, &hash, text, memory, memory_len);
  free(memory);
  if (status != OL_OK) {
    fuzz_refused(&error, status, text.len);
    FUZZ_REQUIRE(error.part[0] != '\0');
    return;
  }
  FUZZ_REQUIRE(ol_header_encode(&error, rlp, sizeof rlp, &rlp_len, &header) == OL_OK);
  ol_keccak256(&expected, rlp, rlp_len);
  FUZZ_REQUIRE(ol_hash_equal(&hash, &expected));
  FUZZ_REQUIRE(ol_header_decode(&error, &again, rlp, rlp_len) == OL_OK);
  FUZZ_REQUIRE(memcmp(&again, &header, sizeof again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  check(ol_slice_of(data, len));
  return 0;
}
