/* SPDX-License-Identifier: MIT */

/* The input as a message of the sequencer, behind a byte that says which version. What is taken apart is written again
 * to the same bytes, by the writer of the tests. With the right block hash put in, and signed, it is verified unless
 * its form is of no fork; then two of them are evidence of equivocation. */

#include "envelopes.h"
#include "fuzz/fuzz.h"

#define TRANSACTIONS_MAX 512

static ol_slice transactions[TRANSACTIONS_MAX];
static ol_envelope_rules rules = {.chain_id = ENVELOPE_CHAIN_ID, .any_time = 1};

static void take_transactions(const ol_envelope *envelope) {
  size_t len = 0;
  for (uint32_t i = 0; i < envelope->transaction_count; i++) {
    FUZZ_REQUIRE(ol_envelope_transaction(envelope, &transactions[i], i) == 1);
    FUZZ_REQUIRE(transactions[i].len > 0);
    FUZZ_REQUIRE(transactions[i].data >= envelope->message.data);
    len += 4 + transactions[i].len;
  }
  FUZZ_REQUIRE(len == envelope->transactions.len);
  ol_slice none;
  FUZZ_REQUIRE(ol_envelope_transaction(envelope, &none, envelope->transaction_count) == 0);
}

/* Verifies a message that is signed and has its block's hash. Returns: whether its form is of a fork. */
static bool check_signed(ol_envelope *out, uint8_t *message, size_t len, uint32_t version) {
  ol_error error;
  ol_slice whole = {message, len};
  ol_status status = ol_envelope_verify(&error, out, &rules, whole, version);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    FUZZ_REQUIRE(status == OL_ERR_ENCODING && strcmp(error.part, "payload") == 0);
    return false;
  }
  ol_hash hash;
  ol_header_hash(&hash, &out->header);
  FUZZ_REQUIRE(ol_hash_equal(&hash, &out->hash));
  FUZZ_REQUIRE(out->chain_id == ENVELOPE_CHAIN_ID);
  ol_envelope changed;
  message[len - 1] ^= 1;
  FUZZ_REQUIRE(ol_envelope_verify(&error, &changed, &rules, whole, version) != OL_OK);
  message[len - 1] ^= 1;
  return true;
}

/* Evidence of two blocks that differ in the gas used. */
static void check_evidence(const ol_envelope *a, uint8_t *other, size_t len, uint32_t version) {
  ol_error error;
  ol_envelope b, found[2];
  ol_header header = a->header;
  header.gas_used ^= 1;
  FUZZ_REQUIRE(envelope_write(other, version, &header, transactions, a->transaction_count) == len);
  FUZZ_REQUIRE(ol_envelope_verify(&error, &b, &rules, ol_slice_of(other, len), version) == OL_OK);
  size_t evidence_len = 0, whole = 18 + 2 * len;
  uint8_t *evidence = fuzz_block(whole);
  FUZZ_REQUIRE(ol_equivocation_make(&error, evidence, whole, &evidence_len, a, &b) == OL_OK);
  FUZZ_REQUIRE(evidence_len == whole);
  FUZZ_REQUIRE(ol_equivocation_verify(&error, found, &rules, ol_slice_of(evidence, whole)) == OL_OK);
  FUZZ_REQUIRE(ol_equivocation_make(&error, evidence, whole, &evidence_len, a, a) == OL_ERR_MISMATCH);
  free(evidence);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_envelope envelope, found[2];
  if (len == 0) return 0;
  uint32_t version = 1u + data[0] % OL_ENVELOPE_VERSIONS;
  uint8_t *message = fuzz_copy(data + 1, --len);
  if (rules.signer.bytes[0] == 0) envelope_signer(&rules.signer, 1);
  ol_status status = ol_equivocation_verify(&error, found, &rules, ol_slice_of(message, len));
  if (status != OL_OK) fuzz_refused(&error, status, len);
  status = ol_envelope_decode(&error, &envelope, ol_slice_of(message, len), version);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    free(message);
    return 0;
  }
  if (envelope.transaction_count <= TRANSACTIONS_MAX) {
    uint8_t *again = fuzz_block(len);
    take_transactions(&envelope);
    ol_header header = envelope.header;
    FUZZ_REQUIRE(envelope_write(again, version, &header, transactions, envelope.transaction_count) == len);
    /* But for the signature and the block's hash, which the writer makes right. */
    size_t at = envelope_payload_at(version) + AT_HASH;
    FUZZ_REQUIRE(memcmp(again + 65, message + 65, at - 65) == 0);
    FUZZ_REQUIRE(memcmp(again + at + 32, message + at + 32, len - at - 32) == 0);
    memcpy(message, again, len);
    if (check_signed(&envelope, message, len, version)) check_evidence(&envelope, again, len, version);
    free(again);
  }
  free(message);
  return 0;
}
