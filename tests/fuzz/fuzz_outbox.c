/* SPDX-License-Identifier: MIT */

/* The input as an outbox that was written, with its checksum made right. What is read writes back to the same bytes,
 * and does what outboxes do. */

#include "fuzz/fuzz.h"
#include "openledger/openledger.h"

#define CHAIN 1612

static _Alignas(16) uint8_t memory[1 << 15], other_memory[1 << 15];

static void check_nonces(const ol_outbox *outbox) {
  uint64_t gap, before = 0;
  const uint64_t next = ol_outbox_next_nonce(outbox);
  for (uint32_t i = 0; i < 8 && ol_outbox_gap(outbox, &gap, i) == 1; i++) {
    FUZZ_REQUIRE(i > 0 ? gap > before : gap == next);
    before = gap;
  }
}

static void check_replacing(const ol_outbox *outbox, const ol_outbox_entry *entry) {
  ol_error error;
  ol_transaction out;
  const ol_u256 base_fee = {{[30] = 1}};
  ol_status status = ol_outbox_cancel(&error, &out, outbox, entry->nonce, &base_fee);
  if (status != OL_OK) {
    fuzz_refused(&error, status, 0);
    FUZZ_REQUIRE(entry->state != OL_OUTBOX_WAITING || status == OL_ERR_LIMIT);
    return;
  }
  FUZZ_REQUIRE(entry->state == OL_OUTBOX_WAITING && out.nonce == entry->nonce);
  FUZZ_REQUIRE(memcmp(&out.max_fee_per_gas, &entry->max_fee, sizeof entry->max_fee) > 0);
  FUZZ_REQUIRE(memcmp(&out.max_priority_fee_per_gas, &entry->priority_fee, sizeof entry->max_fee) > 0);
  FUZZ_REQUIRE(memcmp(&out.max_fee_per_gas, &base_fee, sizeof base_fee) >= 0);
}

/* Writes it, and requires that it reads back. */
static void write_back(const ol_outbox *outbox, const ol_address *account, ol_slice expected) {
  ol_error error;
  static uint8_t bytes[OL_OUTBOX_BYTES], again[OL_OUTBOX_BYTES];
  size_t size = 0, again_size = 0;
  ol_outbox *other;
  FUZZ_REQUIRE(ol_outbox_write(&error, bytes, sizeof bytes, &size, outbox) == OL_OK);
  if (expected.data != NULL) FUZZ_REQUIRE(fuzz_same(ol_slice_of(bytes, size), expected));
  FUZZ_REQUIRE(ol_outbox_read(&error, &other, bytes, size, account, CHAIN, other_memory,
                              sizeof other_memory) == OL_OK);
  FUZZ_REQUIRE(ol_outbox_write(&error, again, sizeof again, &again_size, other) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(ol_slice_of(bytes, size), ol_slice_of(again, again_size)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_hash checksum;
  ol_address account;
  ol_outbox *outbox;
  ol_outbox_entry entry;
  memset(&account, 0x11, sizeof account);
  uint8_t *bytes = fuzz_block(len + sizeof checksum);
  if (len > 0) memcpy(bytes, data, len);
  ol_keccak256(&checksum, bytes, len);
  memcpy(bytes + len, &checksum, sizeof checksum);
  const ol_slice saved = ol_slice_of(bytes, len + sizeof checksum);
  ol_status status =
      ol_outbox_read(&error, &outbox, saved.data, saved.len, &account, CHAIN, memory, sizeof memory);
  if (status != OL_OK) {
    fuzz_refused(&error, status, saved.len);
    free(bytes);
    return 0;
  }
  write_back(outbox, &account, saved);
  check_nonces(outbox);
  for (uint32_t i = 0; ol_outbox_at(outbox, &entry, i) == 1; i++) check_replacing(outbox, &entry);
  if (ol_outbox_at(outbox, &entry, 0) == 1) {
    ol_outbox_advance(outbox, entry.nonce + 1);
    FUZZ_REQUIRE(ol_outbox_settle(&error, outbox, entry.nonce, &entry.hash) == OL_OK);
    write_back(outbox, &account, (ol_slice){0});
    check_nonces(outbox);
    ol_outbox_forget(outbox, entry.nonce + 1);
    write_back(outbox, &account, (ol_slice){0});
  }
  free(bytes);
  return 0;
}
