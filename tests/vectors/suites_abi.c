/* SPDX-License-Identifier: MIT */

/* The contract ABI as text, amounts, and the hashes of bytes (abi.mjs). */

#include "vectors.h"

#include "crypto/sha2.h"
#include "openledger/abi.h"
#include "openledger/text.h"

#include <stdlib.h>

/* Memory for one call, which is much for the largest case. */
#define ROOM ((size_t)4 << 20)

static const char *why(const ol_error *error, ol_status status, const char *otherwise) {
  return status != OL_OK ? error->reason : otherwise;
}

/* Calls `each` with every case of a file; what it returns is the reason of a failure, or NULL. */
static void for_each(vector_tally *tally, const uint8_t *json, size_t len,
                     const char *(*each)(vector_file *file, ol_json test, void *memory)) {
  vector_file file;
  ol_json test;
  if (!vector_open(&file, tally, json, len)) return;
  void *memory = malloc(ROOM);
  ol_json_items cases = vector_items(&file, file.root, "cases");
  while (memory != NULL && ol_json_next(&test, NULL, &cases)) {
    const char *fault = each(&file, test, memory);
    vector_count(tally, fault == NULL, vector_text(&file, test, "name"), fault);
  }
  free(memory);
  vector_close(&file);
}

/* Decodes to the values that are expected, and encodes these, and the values as they are given, to the same data. */
static const char *check_values(vector_file *file, ol_json test, void *memory) {
  ol_error error;
  ol_abi_decoded decoded;
  ol_slice bytes;
  const ol_slice data = vector_bytes(file, test, "data"), list = vector_text(file, test, "list");
  const ol_slice values[] = {vector_text(file, test, "values"), vector_text(file, test, "given")};
  ol_status status = ol_abi_decode_text(&error, &decoded, vector_text(file, test, "returns"), OL_ABI_OUTPUT,
                                        data, memory, ROOM);
  if (status != OL_OK || !vector_same(decoded.json, values[0]))
    return why(&error, status, "decodes to other values");
  if (decoded.canonical != 1) return "is not canonical";
  for (size_t i = 0; i < 2; i++) {
    status = ol_abi_encode_text(&error, &bytes, list, values[i], memory, ROOM);
    if (status != OL_OK || !vector_same(bytes, data)) return why(&error, status, "encodes to other bytes");
  }
  return NULL;
}

void run_abi_values(vector_tally *tally, const uint8_t *json, size_t len) {
  for_each(tally, json, len, check_values);
}

void run_abi_tuples(vector_tally *tally, const uint8_t *json, size_t len) {
  for_each(tally, json, len, check_values);
}

static const char *check_signature(vector_file *file, ol_json test, void *memory) {
  ol_error error;
  ol_abi_described described;
  const ol_status status =
      ol_abi_describe(&error, &described, vector_text(file, test, "signature"), memory, ROOM);
  if (status != OL_OK) return error.reason;
  if (!vector_same(described.text, vector_text(file, test, "canonical"))) return "has another canonical text";
  const ol_slice selector = ol_slice_of(described.hash.bytes, 4);
  return vector_same(selector, vector_bytes(file, test, "selector")) ? NULL : "has another selector";
}

void run_abi_signatures(vector_tally *tally, const uint8_t *json, size_t len) {
  for_each(tally, json, len, check_signature);
}

static const char *check_event(vector_file *file, ol_json test, void *memory) {
  ol_error error;
  ol_abi_decoded decoded;
  ol_hash topics[4];
  size_t count = 0;
  ol_json topic;
  ol_json_items items = vector_items(file, test, "topics");
  while (count < 4 && ol_json_next(&topic, NULL, &items)) {
    const ol_slice bytes = vector_bytes_of(file, topic);
    if (bytes.len == 32) memcpy(topics[count++].bytes, bytes.data, 32);
  }
  const ol_status status = ol_abi_event_text(&error, &decoded, vector_text(file, test, "signature"), topics,
                                             count, vector_bytes(file, test, "data"), memory, ROOM);
  if (status != OL_OK || !vector_same(decoded.json, vector_text(file, test, "values")))
    return why(&error, status, "decodes to other values");
  return decoded.canonical == 1 ? NULL : "is not canonical";
}

void run_abi_events(vector_tally *tally, const uint8_t *json, size_t len) {
  for_each(tally, json, len, check_event);
}

static const char *check_packed(vector_file *file, ol_json test, void *memory) {
  ol_error error;
  ol_slice bytes;
  ol_hash hash;
  uint8_t short_hash[20];
  const ol_status status = ol_abi_packed_text(&error, &bytes, vector_text(file, test, "list"),
                                              vector_text(file, test, "values"), memory, ROOM);
  if (status != OL_OK) return error.reason;
  ol_keccak256(&hash, bytes.data, bytes.len);
  if (!vector_same(ol_slice_of(hash.bytes, 32), vector_bytes(file, test, "keccak256")))
    return "keccak256 differs";
  ol_sha256(&hash, bytes.data, bytes.len);
  if (!vector_same(ol_slice_of(hash.bytes, 32), vector_bytes(file, test, "sha256"))) return "sha256 differs";
  ol_ripemd160(short_hash, bytes.data, bytes.len);
  return vector_same(ol_slice_of(short_hash, 20), vector_bytes(file, test, "ripemd160"))
             ? NULL
             : "ripemd160 differs";
}

void run_abi_packed(vector_tally *tally, const uint8_t *json, size_t len) {
  for_each(tally, json, len, check_packed);
}

/* Amounts have no signs here, so those that are negative must be refused for theirs. */
static const char *check_amount(const vector_file *file, ol_slice wei, ol_slice text, ol_slice written,
                                uint32_t decimals) {
  ol_error error;
  ol_u256 value, expected;
  char again[80];
  (void)file;
  const ol_status status = ol_amount_from_text(&error, &value, (const char *)text.data, text.len, decimals);
  if (wei.data[0] == '-')
    return status == OL_ERR_ENCODING && error.offset == 0 ? NULL : "negative, but accepted";
  if (status != OL_OK) return error.reason;
  /* The number of wei is the value in units of 18 decimals; every case is whole in its own. */
  if (ol_u256_from_text(&error, &expected, (const char *)wei.data, wei.len) != OL_OK) return error.reason;
  if (memcmp(&value, &expected, sizeof value) != 0) return "is another number";
  ol_amount_text(again, &value, decimals);
  return vector_same(ol_slice_of(again, strlen(again)), written) ? NULL : "is written in another way";
}

static const char *check_amounts(vector_file *file, ol_json test, void *memory) {
  ol_json unit;
  const char *fault = NULL;
  ol_json_items units = vector_items(file, test, "texts");
  (void)memory;
  if (units.left == 0) return "has no units";
  while (fault == NULL && ol_json_next(&unit, NULL, &units))
    fault = check_amount(file, vector_text(file, test, "wei"), vector_text(file, unit, "text"),
                         vector_text(file, unit, "written"), (uint32_t)vector_u64(file, unit, "decimals"));
  return fault;
}

void run_amounts(vector_tally *tally, const uint8_t *json, size_t len) {
  for_each(tally, json, len, check_amounts);
}

static const char *check_hash(vector_file *file, ol_json test, void *memory) {
  ol_hash hash;
  uint8_t long_hash[64];
  (void)memory;
  const ol_slice data = vector_bytes(file, test, "data");
  ol_keccak256(&hash, data.data, data.len);
  if (!vector_same(ol_slice_of(hash.bytes, 32), vector_bytes(file, test, "keccak256")))
    return "keccak256 differs";
  ol_sha256(&hash, data.data, data.len);
  if (!vector_same(ol_slice_of(hash.bytes, 32), vector_bytes(file, test, "sha256"))) return "sha256 differs";
  ol_sha512(long_hash, data.data, data.len);
  return vector_same(ol_slice_of(long_hash, 64), vector_bytes(file, test, "sha512")) ? NULL
                                                                                     : "sha512 differs";
}

void run_hashes(vector_tally *tally, const uint8_t *json, size_t len) {
  for_each(tally, json, len, check_hash);
}
