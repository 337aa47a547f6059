/* SPDX-License-Identifier: MIT */

/* The first byte is an offset; the rest is read there as every kind of ABI word. */

#include "encoding/abi.h"
#include "fuzz/fuzz.h"

static void read_at(ol_slice data, size_t offset) {
  ol_error error;
  ol_u256 word = {{0}}, again;
  bool inside = offset <= data.len && data.len - offset >= 32;
  ol_status status = ol_abi_read_word(&error, &word, data, offset);
  FUZZ_REQUIRE((status == OL_OK) == inside);
  if (inside)
    FUZZ_REQUIRE(memcmp(word.bytes, data.data + offset, sizeof word.bytes) == 0);
  else
    fuzz_refused(&error, status, data.len);

  uint64_t number;
  status = ol_abi_read_u64(&error, &number, data, offset);
  if (status == OL_OK) {
    again = ol_abi_u64(number);
    FUZZ_REQUIRE(memcmp(&again, &word, sizeof word) == 0);
  } else {
    fuzz_refused(&error, status, data.len);
    FUZZ_REQUIRE(!inside || error.offset < offset + 24);
  }

  ol_address address;
  status = ol_abi_read_address(&error, &address, data, offset);
  if (status == OL_OK) {
    again = ol_abi_address(&address);
    FUZZ_REQUIRE(memcmp(&again, &word, sizeof word) == 0);
  } else {
    fuzz_refused(&error, status, data.len);
    FUZZ_REQUIRE(!inside || error.offset < offset + 12);
  }

  bool truth;
  status = ol_abi_read_bool(&error, &truth, data, offset);
  if (status == OL_OK) {
    again = ol_abi_bool(truth);
    FUZZ_REQUIRE(memcmp(&again, &word, sizeof word) == 0);
  } else {
    fuzz_refused(&error, status, data.len);
    FUZZ_REQUIRE(!inside || error.offset < offset + 32);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_input in = {data, len};
  size_t offset = fuzz_u8(&in);
  ol_slice words = fuzz_cut(&in, in.left);
  read_at(words, offset);
  read_at(words, words.len);
  read_at(words, SIZE_MAX - 16);
  return 0;
}
