/* SPDX-License-Identifier: MIT */

/* The input as a canonical transaction, as one that is not signed, as text, and as the L1 attributes of one. What is
 * accepted encodes to the same bytes and hashes as they do; its lists can be walked to their end, and are written the
 * same from values; it says the same through JSON. */

#include "fuzz/fuzz.h"
#include "transactions.h"

static void walk(const ol_transaction *transaction) {
  ol_slice list = transaction->access_list;
  ol_access access;
  ol_hash hash;
  ol_authorization one;
  ol_address authority;
  ol_error error;
  while (ol_access_next(&list, &access)) {
    while (ol_hash_next(&access.keys, &hash)) {
    }
    FUZZ_REQUIRE(access.keys.len == 0);
  }
  FUZZ_REQUIRE(list.len == 0);
  list = transaction->blob_hashes;
  while (ol_hash_next(&list, &hash)) {
  }
  FUZZ_REQUIRE(list.len == 0);
  list = transaction->authorizations;
  while (ol_authorization_next(&list, &one)) {
    ol_status status = ol_authorization_authority(&error, &authority, &one);
    if (status != OL_OK) fuzz_refused(&error, status, 0);
  }
  FUZZ_REQUIRE(list.len == 0);
}

/* JSON names a sender, so only what somebody signed can be read from it. */
static void through_json(const ol_transaction *transaction, ol_slice bytes, const ol_address *sender) {
  ol_error error;
  ol_transaction again;
  ol_slice again_bytes = {NULL, 0};
  ol_hash hash;
  char own[64], from[64];
  ol_address samples = transaction->type == OL_TX_DEPOSIT ? transaction->from : sample_sender();
  char *json = sample_json(transaction);
  ol_hex_text(own, samples.bytes, 20);
  ol_hex_text(from, sender->bytes, 20);
  char *text = sample_edit(json, own, from);
  size_t len = 16 * strlen(text) + 4096;
  uint8_t *memory = fuzz_block(len);
  ol_status status = ol_transaction_from_text(&error, &again, &again_bytes, &hash,
                                              ol_slice_of(text, strlen(text)), memory, len);
  FUZZ_REQUIRE(status == OL_OK && fuzz_same(again_bytes, bytes));
  free(memory);
  free(text);
  free(json);
}

static void check_fees(const ol_transaction *transaction, ol_slice bytes) {
  ol_error error;
  ol_l1_attributes attributes;
  ol_u256 fee;
  FUZZ_REQUIRE(ol_fastlz_size(bytes.data, bytes.len) <= bytes.len + bytes.len / 32 + 1);
  ol_status status = ol_l1_attributes_decode(&error, &attributes, transaction);
  if (status != OL_OK) {
    fuzz_refused(&error, status, bytes.len);
    return;
  }
  for (int rule = OL_L1_FEE_BEDROCK; rule <= OL_L1_FEE_FJORD; rule++) {
    status = ol_l1_fee(&error, &fee, &attributes, (ol_l1_fee_rule)rule, bytes.data, bytes.len);
    if (status != OL_OK) fuzz_refused(&error, status, 0);
  }
  ol_operator_fee(&fee, &attributes, OL_FORK_JOVIAN, transaction->gas_limit);
}

static void check_text(const uint8_t *data, size_t len) {
  ol_error error;
  ol_transaction transaction;
  ol_slice bytes;
  ol_hash hash, expected;
  uint8_t *memory = fuzz_block(16 * len + 4096);
  ol_status status = ol_transaction_from_text(&error, &transaction, &bytes, &hash, ol_slice_of(data, len),
                                              memory, 16 * len + 4096);
  if (status == OL_OK) {
    ol_transaction_hash(&expected, &transaction);
    FUZZ_REQUIRE(ol_hash_equal(&hash, &expected));
  } else {
    FUZZ_REQUIRE(error.part[0] != '\0');
  }
  free(memory);
}

/* Whatever is decoded can be signed: nothing that it says is left out. */
static void check_unsigned(const uint8_t *data, size_t len) {
  ol_error error;
  ol_transaction transaction;
  ol_hash digest, expected;
  size_t size = 0;
  uint64_t gas, floor;
  ol_u256 cost;
  ol_status status = ol_transaction_decode_unsigned(&error, &transaction, data, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return;
  }
  uint8_t *again = fuzz_block(len);
  FUZZ_REQUIRE(ol_transaction_encode_unsigned(&error, again, len, &size, &transaction) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(ol_slice_of(again, size), ol_slice_of(data, len)));
  free(again);
  ol_keccak256(&expected, data, len);
  status = ol_transaction_to_sign(&error, &digest, &transaction, transaction.chain_id,
                                  OL_SIGN_ANY_CHAIN | OL_SIGN_BLOBS);
  FUZZ_REQUIRE(status == OL_OK && ol_hash_equal(&digest, &expected));
  for (int fork = OL_FORK_UNKNOWN; fork <= OL_FORK_JOVIAN + 1; fork++) {
    status = ol_transaction_intrinsic_gas(&error, &gas, &floor, &transaction, (ol_fork)fork);
    if (status != OL_OK) fuzz_refused(&error, status, 0);
  }
  status = ol_transaction_max_cost(&error, &cost, &transaction);
  if (status != OL_OK) fuzz_refused(&error, status, 0);
}

/* An access list, read into values and written from them. */
static void rewrite_accesses(ol_slice list) {
  enum { ENTRIES = 64 };
  ol_error error;
  ol_access entries[ENTRIES];
  ol_slice rest = list, out;
  size_t count = 0;
  while (count < ENTRIES && ol_access_next(&rest, &entries[count])) count++;
  if (rest.len > 0) return;
  uint8_t *memory = fuzz_block(list.len);
  FUZZ_REQUIRE(ol_access_list_write(&error, &out, entries, count, memory, list.len) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(out, list));
  free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_transaction transaction;
  ol_hash hash, expected;
  ol_address sender;
  if (len > 0 && (data[0] == '{' || data[0] == '0')) {
    check_text(data, len);
    return 0;
  }
  check_unsigned(data, len);
  ol_status status = ol_transaction_decode(&error, &transaction, data, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return 0;
  }
  rewrite_accesses(transaction.access_list);
  ol_slice bytes = sample_bytes(&transaction);
  FUZZ_REQUIRE(fuzz_same(bytes, ol_slice_of(data, len)));
  ol_transaction_hash(&hash, &transaction);
  ol_keccak256(&expected, data, len);
  FUZZ_REQUIRE(ol_hash_equal(&hash, &expected));
  walk(&transaction);
  check_fees(&transaction, bytes);
  status = ol_transaction_sender(&error, &sender, &transaction, 0);
  if (status == OL_OK)
    through_json(&transaction, bytes, &sender);
  else
    fuzz_refused(&error, status, 0);
  free((void *)(uintptr_t)bytes.data);
  return 0;
}
