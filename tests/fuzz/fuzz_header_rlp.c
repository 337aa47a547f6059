/* SPDX-License-Identifier: MIT */

/* The input as the RLP of a header: what is accepted encodes to the same bytes, hashes as they do, and is the
 * same header when it is read from JSON. */

#include "fuzz/blocks.h"
#include "fuzz/fuzz.h"

static void through_json(const ol_header *header, const ol_hash *hash) {
  static uint8_t memory[1 << 16], parsing[1 << 16];
  ol_error error;
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  ol_json_writer to;
  ol_slice text;
  ol_header again;
  ol_hash again_hash;
  ol_json_write_begin(&to, &arena);
  fuzz_write_block(&to, NULL, header);
  FUZZ_REQUIRE(ol_json_write_end(&error, &text, &to) == OL_OK);
  ol_status status = ol_header_from_text(&error, &again, &again_hash, text, parsing, sizeof parsing);
  if (header->field_count > OL_HEADER_FIELDS) {
    /* JSON has no name for what is behind the known fields, so the hash cannot be reached. */
    FUZZ_REQUIRE(status == OL_ERR_MISMATCH);
    return;
  }
  FUZZ_REQUIRE(status == OL_OK);
  FUZZ_REQUIRE(memcmp(&again, header, sizeof again) == 0 && ol_hash_equal(&again_hash, hash));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_header header;
  ol_hash hash, expected;
  size_t encoded = 0;
  ol_status status = ol_header_decode(&error, &header, data, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return 0;
  }
  uint8_t *rlp = fuzz_block(len);
  FUZZ_REQUIRE(ol_header_encode(&error, rlp, len, &encoded, &header) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(ol_slice_of(rlp, encoded), ol_slice_of(data, len)));
  FUZZ_REQUIRE(ol_header_encode(&error, rlp, len - 1, &encoded, &header) == OL_ERR_MEMORY && encoded == len);
  free(rlp);
  ol_header_hash(&hash, &header);
  ol_keccak256(&expected, data, len);
  FUZZ_REQUIRE(ol_hash_equal(&hash, &expected));
  FUZZ_REQUIRE(ol_fork_name(ol_header_op_fork(&header))[0] != '\0');
  FUZZ_REQUIRE(ol_fork_name(ol_header_l1_fork(&header))[0] != '\0');
  through_json(&header, &hash);
  return 0;
}
