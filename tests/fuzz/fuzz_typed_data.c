/* SPDX-License-Identifier: MIT */

/* The input as a typed data document: what is read is told as JSON, and its domain gives the same separator. */

#include "encoding/json.h"
#include "fuzz/fuzz.h"
#include "openledger/typed_data.h"

/* What the header says a document takes. What that is not enough for is refused with more. */
static void refused(ol_slice text, const ol_error *error, ol_status status) {
  ol_typed_data data;
  ol_error again;
  fuzz_refused(error, status, text.len);
  if (status != OL_ERR_MEMORY) return;
  const size_t len = 64 * text.len + (1 << 16);
  uint8_t *memory = fuzz_block(len);
  FUZZ_REQUIRE(ol_typed_data_read(&again, &data, text, memory, len) != OL_OK);
  free(memory);
}

/* Asks for each member under every name that the accessors have; the type says which of them answers. */
static void ask(const ol_typed_data *data, const char *path) {
  ol_error error;
  ol_u256 word;
  ol_address address;
  ol_slice text;
  size_t count;
  uint8_t bytes[64];
  const ol_status all[] = {ol_typed_data_word(&error, &word, data, path),
                           ol_typed_data_address(&error, &address, data, path),
                           ol_typed_data_text(&error, &text, data, path),
                           ol_typed_data_bytes(&error, bytes, sizeof bytes, &count, data, path),
                           ol_typed_data_count(&error, &count, data, path)};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    FUZZ_REQUIRE(all[i] == OL_OK || all[i] == OL_ERR_ARGUMENT || (i == 3 && all[i] == OL_ERR_MEMORY));
  FUZZ_REQUIRE(all[1] != OL_OK || (all[0] == OL_OK && memcmp(address.bytes, word.bytes + 12, 20) == 0));
  FUZZ_REQUIRE(all[2] != OL_OK || (all[0] != OL_OK && all[3] != OL_OK));
  FUZZ_REQUIRE(all[4] != OL_OK || (all[0] != OL_OK && all[2] != OL_OK && all[3] != OL_OK));
}

/* Reads what was told; the members of the message can be asked for. */
static void read_told(const ol_typed_data *data, ol_slice told) {
  ol_error error;
  ol_json root, message, member, name;
  ol_json_items items;
  ol_slice text;
  const size_t len = ol_json_memory(told.len);
  uint8_t *memory = fuzz_block(len);
  ol_arena arena = ol_arena_of(memory, len);
  /* A struct in an array is deeper in what is told than in the document: more than the reader takes. */
  ol_status status = ol_json_read(&error, &root, &arena, told.data, told.len);
  FUZZ_REQUIRE(status == OL_OK || status == OL_ERR_LIMIT);
  if (status == OL_OK) {
    FUZZ_REQUIRE(ol_json_find(&message, root, "message"));
    FUZZ_REQUIRE(ol_json_array(&error, &items, message) == OL_OK);
    while (ol_json_next(&member, NULL, &items)) {
      char path[64];
      FUZZ_REQUIRE(ol_json_find(&name, member, "name") && ol_json_string(&error, &text, name) == OL_OK);
      snprintf(path, sizeof path, "%.*s", (int)text.len, (const char *)text.data);
      ask(data, path);
      snprintf(path, sizeof path, "%.*s.0", (int)text.len, (const char *)text.data);
      ask(data, path);
    }
  }
  free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len) {
  ol_error error;
  ol_typed_data data;
  ol_slice told;
  ol_hash hash;
  const size_t memory_len = 20 * len + 20480, told_len = 128 * len + (1 << 16);
  uint8_t *memory = fuzz_block(memory_len);
  const ol_slice text = ol_slice_of(input, len);
  ol_status status = ol_typed_data_read(&error, &data, text, memory, memory_len);
  if (status != OL_OK) {
    refused(text, &error, status);
  } else {
    uint8_t *out = fuzz_block(told_len);
    ol_typed_domain_separator(&hash, &data.domain);
    FUZZ_REQUIRE(memcmp(&hash, &data.domain_separator, sizeof hash) == 0);
    ol_keccak256(&hash, data.encoded_type.data, data.encoded_type.len);
    FUZZ_REQUIRE(memcmp(&hash, &data.type_hash, sizeof hash) == 0);
    FUZZ_REQUIRE(ol_typed_data_explain(&error, &told, &data, out, told_len) == OL_OK);
    read_told(&data, told);
    free(out);
  }
  free(memory);
  return 0;
}
