/* SPDX-License-Identifier: MIT */

/* The input as a canonical receipt, or as text. What is accepted encodes to the same bytes, has the bloom of its
 * logs, and says the same through JSON; its logs as withdrawals and deposits are read or refused. */

#include "fuzz/fuzz.h"
#include "receipts.h"

static void check_logs(const ol_receipt *receipt) {
  ol_slice logs = receipt->logs;
  ol_log log;
  ol_error error;
  uint32_t count = 0;
  uint8_t bloom[OL_BLOOM_BYTES] = {0};
  for (; ol_log_next(&logs, &log); count++) {
    ol_withdrawal withdrawal;
    ol_transaction deposit;
    ol_hash hash = {{0}};
    ol_bloom_add(bloom, &log);
    FUZZ_REQUIRE(ol_bloom_may_have(receipt->logs_bloom, log.address.bytes, sizeof log.address.bytes));
    ol_status status = ol_withdrawal_from_log(&error, &withdrawal, &log);
    if (status != OL_OK) fuzz_refused(&error, status, log.data.len);
    status = ol_deposit_from_log(&error, &deposit, &log, &log.address, &hash, count);
    if (status != OL_OK) {
      fuzz_refused(&error, status, log.data.len);
      continue;
    }
    ol_slice bytes = sample_bytes(&deposit);
    FUZZ_REQUIRE(ol_transaction_decode(&error, &deposit, bytes.data, bytes.len) == OL_OK);
    free((void *)(uintptr_t)bytes.data);
  }
  FUZZ_REQUIRE(logs.len == 0 && count == receipt->log_count);
  FUZZ_REQUIRE(memcmp(bloom, receipt->logs_bloom, sizeof bloom) == 0);
}

static void through_json(const ol_receipt *receipt, ol_slice bytes) {
  ol_error error;
  ol_receipt again;
  ol_slice again_bytes = {NULL, 0};
  char *json = sample_receipt_json(receipt);
  size_t len = 16 * strlen(json) + 4096;
  uint8_t *memory = fuzz_block(len);
  ol_status status =
      ol_receipt_from_text(&error, &again, &again_bytes, ol_slice_of(json, strlen(json)), memory, len);
  FUZZ_REQUIRE(status == OL_OK && fuzz_same(again_bytes, bytes));
  free(memory);
  free(json);
}

static void check_text(const uint8_t *data, size_t len) {
  ol_error error;
  ol_receipt receipt;
  ol_slice bytes;
  uint8_t *memory = fuzz_block(16 * len + 4096);
  ol_status status =
      ol_receipt_from_text(&error, &receipt, &bytes, ol_slice_of(data, len), memory, 16 * len + 4096);
  if (status == OL_OK)
    check_logs(&receipt);
  else
    FUZZ_REQUIRE(error.part[0] != '\0');
  free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_receipt receipt;
  size_t encoded = 0;
  if (len > 0 && (data[0] == '{' || data[0] == '0')) {
    check_text(data, len);
    return 0;
  }
  ol_status status = ol_receipt_decode(&error, &receipt, data, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return 0;
  }
  uint8_t *bytes = fuzz_block(len);
  FUZZ_REQUIRE(ol_receipt_encode(&error, bytes, len, &encoded, &receipt) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(ol_slice_of(bytes, encoded), ol_slice_of(data, len)));
  FUZZ_REQUIRE(ol_receipt_encode(&error, bytes, len - 1, &encoded, &receipt) == OL_ERR_MEMORY);
  check_logs(&receipt);
  through_json(&receipt, ol_slice_of(data, len));
  free(bytes);
  return 0;
}
