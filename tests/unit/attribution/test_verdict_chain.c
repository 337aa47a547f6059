/* SPDX-License-Identifier: MIT */
#include "unit/attribution/judged.h"

/* What the chain and others know against a receipt rejects it by its reason (docs/attribution.md, section 9: 44 to 50);
 * what they do not know leaves it pending. */

static void receipt_of_another_batch_is_rejected(void **state) {
  (void)state;
  batch.path[0].bytes[0] ^= 1;
  expect_reason(OL_REASON_BATCH_INCLUSION);
  surround();
  batch.index = 1;
  expect_reason(OL_REASON_BATCH_INCLUSION);
  surround();
  batch.path_len = OL_BATCH_PATH + 1;
  expect_reason(OL_REASON_BATCH_INCLUSION);
}

static void too_few_witnesses_are_rejected(void **state) {
  (void)state;
  facts.witnesses = 1;
  expect_reason(OL_REASON_WITNESS_QUORUM);
}

static void equivocation_is_rejected(void **state) {
  (void)state;
  static uint8_t bytes[OL_EQUIVOCATION_BYTES], other[sizeof file];
  ol_signed_receipt second = receipt;
  ol_slice proof;
  facts.signer_dispute = OL_DISPUTE_STATUS_UPHELD;
  expect_reason(OL_REASON_EQUIVOCATION);
  surround();
  for (uint8_t key = KEY; key < KEY + 2; key++) {
    static uint8_t mine[sizeof file];
    ol_signed_receipt one = receipt;
    second.receipt.served_at++;
    sign_receipt(&second, key);
    sign_receipt(&one, key);
    assert_int_equal(ol_attribution_receipt_write(&error, other, &second), OL_OK);
    assert_int_equal(ol_attribution_receipt_write(&error, mine, &one), OL_OK);
    assert_int_equal(ol_equivocation_write(&error, &proof, ol_slice_of(mine, sizeof mine),
                                           ol_slice_of(other, sizeof other), bytes, sizeof bytes),
                     OL_OK);
    input.equivocation = proof;
    if (key == KEY)
      expect_reason(OL_REASON_EQUIVOCATION);
    else
      expect(OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE); /* of somebody else */
  }
  input.equivocation.len--;
  expect(OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE);
}

static void stale_state_is_rejected(void **state) {
  (void)state;
  expected.has_max_age = 0;
  facts.block_timestamp = SERVED - 1;
  expect_reason(OL_REASON_STATE);
  surround();
  expected.now++;
  expect_reason(OL_REASON_STATE);
  expected.has_max_age = 0;
  expect(OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE);
}

static void batch_that_is_not_on_chain_is_rejected(void **state) {
  (void)state;
  facts.batch_root.bytes[0] ^= 1;
  expect_reason(OL_REASON_NOT_ANCHORED);
  surround();
  facts.batch_leaves = 4;
  expect_reason(OL_REASON_NOT_ANCHORED);
  surround();
  facts.batch_signer.bytes[0] ^= 1; /* another node's */
  expect_reason(OL_REASON_NOT_ANCHORED);
}

static void upheld_disputes_are_rejected(void **state) {
  (void)state;
  uint32_t *const disputes[] = {&facts.receipt_dispute, &facts.batch_dispute, &facts.split_dispute};
  for (size_t i = 0; i < sizeof disputes / sizeof *disputes; i++) {
    *disputes[i] = OL_DISPUTE_STATUS_UPHELD;
    expect_reason(OL_REASON_DISPUTED);
    *disputes[i] = OL_DISPUTE_STATUS_DISMISSED;
    expect(OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE);
  }
}

/* What is not known yet is pending, and says what is proven all the same. */
static void what_is_not_known_is_pending(void **state) {
  (void)state;
  const uint32_t own = OL_PROVEN_SIGNATURE | OL_PROVEN_REQUEST | OL_PROVEN_RESPONSE | OL_PROVEN_NONCE |
                       OL_PROVEN_PAYER | OL_PROVEN_DOMAIN | OL_PROVEN_SPANS | OL_PROVEN_INFLUENCE |
                       OL_PROVEN_SPLIT;
  uint32_t *const flags[] = {&facts.has_signer, &facts.has_corpus, &facts.has_batch, &facts.has_disputes};
  uint32_t *const disputes[] = {&facts.receipt_dispute, &facts.batch_dispute, &facts.split_dispute,
                                &facts.signer_dispute, &facts.corpus_dispute};
  static const uint32_t without[] = {OL_PROVEN_SIGNER, OL_PROVEN_CORPUS, OL_PROVEN_ANCHORED,
                                     OL_PROVEN_UNDISPUTED};
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    *flags[i] = 0;
    expect(OL_VERDICT_PENDING);
    assert_int_equal(result.proven, ALL_PROVEN & ~without[i]);
    *flags[i] = 1;
  }
  for (size_t i = 0; i < sizeof disputes / sizeof *disputes; i++) {
    surround();
    *disputes[i] = OL_DISPUTE_STATUS_OPEN;
    expect(OL_VERDICT_PENDING);
    assert_int_equal(result.proven,
                     ALL_PROVEN & ~(i == 4 ? (uint32_t)OL_PROVEN_CORPUS : (uint32_t)OL_PROVEN_UNDISPUTED));
  }
  surround();
  input.facts = NULL;
  expect(OL_VERDICT_PENDING);
  assert_int_equal(result.proven, own);
  input.facts = &facts;
  input.batch = NULL;
  expect(OL_VERDICT_PENDING);
  assert_int_equal(result.proven, ALL_PROVEN & ~(uint32_t)(OL_PROVEN_ANCHORED | OL_PROVEN_WITNESSED));
}

static void unbonded_signer_is_rejected(void **state) {
  (void)state;
  facts.signer_bond = number_of(6);
  expect_reason(OL_REASON_SLASHED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(receipt_of_another_batch_is_rejected, setup),
      cmocka_unit_test_setup(too_few_witnesses_are_rejected, setup),
      cmocka_unit_test_setup(equivocation_is_rejected, setup),
      cmocka_unit_test_setup(stale_state_is_rejected, setup),
      cmocka_unit_test_setup(batch_that_is_not_on_chain_is_rejected, setup),
      cmocka_unit_test_setup(upheld_disputes_are_rejected, setup),
      cmocka_unit_test_setup(what_is_not_known_is_pending, setup),
      cmocka_unit_test_setup(unbonded_signer_is_rejected, setup),
  };
  return cmocka_run_group_tests(tests, make_corpus, free_corpus);
}
