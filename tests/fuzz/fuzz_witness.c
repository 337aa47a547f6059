/* SPDX-License-Identifier: MIT */

/* Proofs of a log: whatever they say, reading them ends, and none is taken that the log has not signed. */

#include "fuzz/fuzz.h"
#include "openledger/witness.h"
#include "unit/attribution/proofs.h"

static ol_slice text_of(const char *text) {
  return ol_slice_of(text, ol_text_len(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  static const char *const witnesses[] = {witness_text_0, witness_text_1, witness_text_2};
  ol_witness_policy policy = {.quorum = 1, .witness_count = 3};
  ol_witness_batch batch = {.chain_id = 1612, .batch_id = 7};
  ol_witness_report report;
  ol_witness_key key;
  ol_error error;
  FUZZ_REQUIRE(ol_witness_key_read(&error, &policy.log, text_of(log_text), OL_WITNESS_LOG) == OL_OK);
  for (size_t i = 0; i < 3; i++)
    FUZZ_REQUIRE(ol_witness_key_read(&error, &policy.witnesses[i], text_of(witnesses[i]),
                                     OL_WITNESS_COSIGNER) == OL_OK);
  memset(&batch.registry, 0x77, sizeof batch.registry);
  memset(&batch.root, 0x11, sizeof batch.root);
  if (ol_witness_key_read(&error, &key, ol_slice_of(data, len), OL_WITNESS_COSIGNER) == OL_OK)
    FUZZ_REQUIRE(key.name.data == data && key.name.len < len);
  const ol_status status = ol_witness_verify(&error, &report, &policy, &batch, ol_slice_of(data, len));
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return 0;
  }
  FUZZ_REQUIRE(report.count > 0 && report.index < report.size &&
               report.size <= 1000); /* that is all it has signed */
  return 0;
}
