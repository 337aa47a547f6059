/* SPDX-License-Identifier: MIT */
#include "unit/attribution/judged.h"

/* Honest receipts pass; each lie about whose answer it is, and to what, is rejected by its reason (docs/attribution.md,
 * section 9: 1 to 17). */

static void honest_receipts_pass(void **state) {
  (void)state;
  static const uint32_t shares[] = {0, 1, 3000, 9999, 10000};
  for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
    for (uint32_t clipping = 0; clipping < 2; clipping++) {
      prepare(shares[i], clipping, RESPONSE);
      expect(shares[i] == 0 ? OL_VERDICT_VERIFIED : OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE);
      uint32_t all = ALL_PROVEN;
      if (shares[i] == 0) all &= ~(uint32_t)OL_PROVEN_INFLUENCE;
      if (shares[i] == 10000) all &= ~(uint32_t)(OL_PROVEN_SPANS | OL_PROVEN_CORPUS);
      assert_int_equal(result.proven, all);
      assert_int_equal(result.rows, draft.rows_len);
      assert_true(result.rows > 0);
      assert_int_equal(result.trust, 4);
      const ol_address signer = account_of(KEY);
      assert_memory_equal(&result.signer, &signer, sizeof signer);
      ol_u256 pool = {{0}};
      uint32_t carry = 0; /* amounts and dust are the pool */
      for (size_t k = 32; k-- > 0; carry >>= 8) {
        carry += (uint32_t)result.total_amount.bytes[k] + result.dust.bytes[k];
        pool.bytes[k] = (uint8_t)carry;
      }
      assert_memory_equal(&pool, &receipt.receipt.contributor_pool, sizeof pool);
    }
  }
  assert_true(ol_attribution_verify_size() <= 256u << 10);
}

/* Where one of the two decides for nobody, the other decides alone; where both do, the sink gets the pool. */
static void answers_that_quote_nothing_pass(void **state) {
  (void)state;
  prepare(3000, OL_CLIP_CONTRIBUTOR, "zzz");
  expect(OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE);
  assert_int_equal(result.spans, 0);
  assert_true(result.rows > 0);
  prepare(0, OL_CLIP_CONTRIBUTOR, "zzz");
  expect(OL_VERDICT_VERIFIED);
  assert_int_equal(result.rows, 0);
  assert_memory_equal(&result.dust, &receipt.receipt.contributor_pool, sizeof result.dust);
  prepare(0, OL_CLIP_CONTRIBUTOR, "");
  expect(OL_VERDICT_VERIFIED);
}

static void memory_too_small_is_no_verdict(void **state) {
  (void)state;
  assert_int_equal(ol_attribution_verify(&error, &result, &input, memory, ol_attribution_verify_size() - 1),
                   OL_ERR_MEMORY);
}

/* Makes a signature none, which shows only when all before it was looked at. */
static void spoil_signature(void) {
  memset(file + sizeof file - 65, 0, 32);
}

/* --- 1 to 4: files, versions, flags, signature --- */

static void malformed_files_are_rejected(void **state) {
  (void)state;
  const ol_attribution_input good = input;
  input.receipt.len--;
  expect_reason(OL_REASON_FORMAT);
  input = good;
  input.policy.len--;
  expect_reason(OL_REASON_FORMAT);
  input = good;
  spoil_signature();
  for (size_t len = 0; len < 6; len++) {
    input.evidence.len = len;
    expect_reason(OL_REASON_FORMAT);
  }
  input.evidence = ol_slice_of(evidence, OL_EVIDENCE_BYTES + 1);
  expect_reason(OL_REASON_FORMAT);
  seal();
  input.evidence = ol_slice_of(evidence, 6 + OL_CORPUS_HEADER_BYTES - 1);
  expected.min_epoch = 4; /* which the whole header would break */
  expect_reason(OL_REASON_FORMAT);
  input = good;
  file[0] ^= 1;
  expect_reason(OL_REASON_FORMAT);
  seal();
  evidence[3] ^= 1;
  spoil_signature();
  expect_reason(OL_REASON_FORMAT);
  seal();
  ol_store_be64(draft.header, 0); /* n */
  seal();
  expect_reason(OL_REASON_FORMAT);
}

static void evidence_that_goes_on_is_rejected(void **state) {
  (void)state;
  evidence[input.evidence.len++] = 0;
  ol_keccak256(&receipt.receipt.evidence_hash, evidence, input.evidence.len);
  sign_receipt(&receipt, KEY);
  assert_int_equal(ol_attribution_receipt_write(&error, file, &receipt), OL_OK);
  expect_reason(OL_REASON_FORMAT);
}

static void rows_that_do_not_ascend_are_rejected(void **state) {
  (void)state;
  memcpy(draft.rows + 60 * draft.rows_len++, draft.rows, 60);
  seal();
  expect_reason(OL_REASON_FORMAT);
}

/* What cannot be read is told before what is not what was signed for. */
static void evidence_that_is_cut_is_rejected(void **state) {
  (void)state;
  input.evidence.len--;
  expect_reason(OL_REASON_FORMAT);
}

static void answers_that_are_no_text_are_rejected(void **state) {
  (void)state;
  static uint8_t much[OL_EVIDENCE_RESPONSE + 1];
  memset(much, 'x', sizeof much);
  input.response = ol_slice_of(much, sizeof much);
  expect_reason(OL_REASON_FORMAT);
  static uint8_t bytes[sizeof RESPONSE - 1];
  memcpy(bytes, RESPONSE, sizeof bytes);
  bytes[5] = 0xff;
  input.response = ol_slice_of(bytes, sizeof bytes);
  expect_reason(OL_REASON_FORMAT);
  ol_sha256(&receipt.receipt.response_sha256, bytes, sizeof bytes);
  set_stream();
  seal();
  expect_reason(OL_REASON_FORMAT);
}

static void other_versions_are_rejected(void **state) {
  (void)state;
  file[4] = 2;
  expect_reason(OL_REASON_VERSION);
  receipt.receipt.version = 2;
  seal();
  expect_reason(OL_REASON_VERSION);
  receipt.receipt.version = 1;
  seal();
  policy[0] = 2;
  expect_reason(OL_REASON_VERSION);
  policy[0] = 1;
  evidence[4] = 2;
  expect_reason(OL_REASON_VERSION);
}

static void other_flags_are_rejected(void **state) {
  (void)state;
  receipt.receipt.flags = 1;
  memset(&receipt.receipt.gradient_id, 0, 32);
  memset(&receipt.receipt.influence_hash, 0, 32);
  draft.flags = 1;
  seal();
  spoil_signature();
  expect_reason(OL_REASON_FLAGS);
  receipt.receipt.flags = 7;
  seal();
  expect_reason(OL_REASON_FLAGS);
  receipt.receipt.flags = 3;
  draft.flags = 1;
  seal();
  spoil_signature();
  expect_reason(OL_REASON_FLAGS);
  prepare(0, OL_CLIP_CONTRIBUTOR, RESPONSE);
  receipt.receipt.gradient_id = hash_of(1);
  seal();
  expect_reason(OL_REASON_FLAGS);
  prepare(0, OL_CLIP_CONTRIBUTOR, RESPONSE);
  receipt.receipt.influence_hash = hash_of(1);
  seal();
  expect_reason(OL_REASON_FLAGS);
  prepare(10000, OL_CLIP_CONTRIBUTOR, RESPONSE);
  receipt.receipt.corpus_id = hash_of(1);
  seal();
  expect_reason(OL_REASON_FLAGS);
}

static void malleable_signature_is_rejected(void **state) {
  (void)state;
  file[sizeof file - 1] ^= 27 ^ 28 ^ 1 ^ 2; /* v that is neither */
  file[sizeof file - 1] -= 27;
  expect_reason(OL_REASON_SIGNATURE);
  seal();
  memset(file + sizeof file - 65, 0, 32);
  expect_reason(OL_REASON_SIGNATURE);
}

/* --- 5 and 6: the signer --- */

static void unregistered_signer_is_rejected(void **state) {
  (void)state;
  facts.signer_registered_at = 0;
  expect_reason(OL_REASON_SIGNER_UNREGISTERED);
  facts.signer_registered_at = SERVED + 1;
  expect_reason(OL_REASON_SIGNER_UNREGISTERED);
}

static void revoked_signer_is_rejected(void **state) {
  (void)state;
  facts.signer_revoked_at = SERVED;
  expect_reason(OL_REASON_SIGNER_REVOKED);
  facts.signer_revoked_at = SERVED + 1;
  expect(OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE);
}

/* --- 7 to 15: replays, and what was agreed --- */

static void replays_are_rejected(void **state) {
  (void)state;
  const ol_attribution_expected good = expected;
  expected.client_nonce.bytes[31] ^= 1;
  expect_reason(OL_REASON_REPLAYED_NONCE);
  expected = good;
  expected.payer.bytes[19] ^= 1;
  expect_reason(OL_REASON_WRONG_PAYER);
  expected = good;
  expected.domain.chain_id++;
  expect_reason(OL_REASON_WRONG_DOMAIN);
  expected = good;
  expected.domain.registry.bytes[0] ^= 1;
  expect_reason(OL_REASON_WRONG_DOMAIN);
}

static void other_request_is_rejected(void **state) {
  (void)state;
  input.request = text_of("{\"model\":\"n\",\"messages\":[]}");
  expect_reason(OL_REASON_REQUEST);
}

static void other_answer_is_rejected(void **state) {
  (void)state;
  static char edited[] = RESPONSE;
  edited[3] = '-';
  input.response = text_of(edited);
  expect_reason(OL_REASON_RESPONSE);
  input.response = text_of(RESPONSE);
  input.response.len--;
  expect_reason(OL_REASON_RESPONSE);
  input.response.len++;
  receipt.receipt.response_bytes++;
  seal();
  expect_reason(OL_REASON_RESPONSE);
}

static void other_stream_is_rejected(void **state) {
  (void)state;
  static uint8_t stream_memory[1024];
  ol_attribution_stream *stream;
  ol_attribution_stream_end end;
  const ol_attribution_receipt *r = &receipt.receipt;
  const ol_slice all = input.response;
  assert_int_equal(ol_attribution_stream_new(&error, &stream, &r->client_nonce, &r->request_sha256,
                                             &r->model_id, &r->adapter_id, stream_memory,
                                             sizeof stream_memory),
                   OL_OK);
  assert_int_equal(ol_attribution_stream_add(&error, stream, NULL, ol_slice_of(all.data, 10), NULL), OL_OK);
  assert_int_equal(
      ol_attribution_stream_add(&error, stream, NULL, ol_slice_of(all.data + 10, all.len - 10), NULL), OL_OK);
  assert_int_equal(ol_attribution_stream_finish(&error, stream, &end), OL_OK);
  input.stream_head = &end.head;
  expect_reason(OL_REASON_STREAM);
  receipt.receipt.stream_head = end.head;
  seal();
  expect(OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE);
  input.stream_head = NULL;
  expect_reason(OL_REASON_STREAM);
}

static void other_policy_is_rejected(void **state) {
  (void)state;
  expected.policy_id.bytes[0] ^= 1;
  expect_reason(OL_REASON_POLICY);
  surround();
  expected.max_fee = number_of(FEE - 1);
  expect_reason(OL_REASON_POLICY);
  surround();
  policy[75] ^= 1; /* the sink: the same else */
  expected.has_policy = 0;
  expect_reason(OL_REASON_POLICY);
}

static void other_model_is_rejected(void **state) {
  (void)state;
  expected.model_id.bytes[0] ^= 1;
  expect_reason(OL_REASON_MODEL);
}

static void other_adapter_is_rejected(void **state) {
  (void)state;
  expected.adapter_id.bytes[0] ^= 1;
  expect_reason(OL_REASON_ADAPTER);
}

static void what_is_not_expected_is_not_compared(void **state) {
  (void)state;
  const ol_attribution_expected good = expected;
  input.expected = NULL;
  expect(OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE);
  assert_int_equal(
      result.proven & (OL_PROVEN_NONCE | OL_PROVEN_PAYER | OL_PROVEN_DOMAIN | OL_PROVEN_WITNESSED), 0);
  input.expected = &expected;
  memset(&expected, 0, sizeof expected);
  expected.has_payer = 1;
  expected.payer = good.payer;
  expect(OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE);
  assert_int_equal(result.proven & (OL_PROVEN_NONCE | OL_PROVEN_PAYER | OL_PROVEN_DOMAIN), OL_PROVEN_PAYER);
}

/* --- 16 to 18: the corpus and its evidence --- */

static void other_corpus_is_rejected(void **state) {
  (void)state;
  receipt.receipt.corpus_id.bytes[0] ^= 1;
  seal();
  expect_reason(OL_REASON_CORPUS_EPOCH);
  receipt.receipt.corpus_id.bytes[0] ^= 1;
  seal();
  facts.corpus_id.bytes[0] ^= 1;
  expect_reason(OL_REASON_CORPUS_EPOCH);
  surround();
  facts.corpus_epoch = 4;
  expect_reason(OL_REASON_CORPUS_EPOCH);
  surround();
  expected.min_epoch = 4;
  expect_reason(OL_REASON_CORPUS_EPOCH);
  surround();
  facts.corpus_newest = 6;
  expect_reason(OL_REASON_CORPUS_EPOCH);
  expected.has_max_lag = 0;
  expect(OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE);
}

static void corpus_that_was_found_wrong_is_rejected(void **state) {
  (void)state;
  facts.corpus_dispute = OL_DISPUTE_STATUS_UPHELD;
  expect_reason(OL_REASON_CORPUS_DISPUTED);
}

static void other_evidence_is_rejected(void **state) {
  (void)state;
  receipt.receipt.evidence_hash.bytes[0] ^= 1;
  sign_receipt(&receipt, KEY);
  assert_int_equal(ol_attribution_receipt_write(&error, file, &receipt), OL_OK);
  surround();
  expect_reason(OL_REASON_PROOF_SHAPE);
}

static void evidence_that_hides_a_span_is_rejected(void **state) {
  (void)state;
  assert_true(plan.spans_len > 0);
  world_drop_span(&plan, 0);
  world_draft_free(&draft);
  uint8_t rows[60 * 16], header[OL_GRADIENT_HEADER_BYTES];
  const uint32_t rows_len = draft.rows_len;
  memcpy(rows, draft.rows, sizeof rows);
  memcpy(header, draft.gradient_header, sizeof header);
  memset(&draft, 0, sizeof draft);
  world_draft_make(&corpus, &draft, &plan);
  memcpy(draft.rows, rows, sizeof rows);
  memcpy(draft.gradient_header, header, sizeof header);
  for (uint32_t k = 0; k < D; k++) draft.vector[2 * k + 1] = (uint8_t)vector[k];
  draft.rows_len = rows_len;
  draft.flags = 3;
  seal();
  expect_reason(OL_REASON_INCOMPLETE);
  assert_null(result.evidence);
}

/* Each byte of the receipt counts: what is changed without the key is another's, or nobody's. */
static void no_byte_of_a_receipt_is_free(void **state) {
  (void)state;
  expected.has_max_fee = 0;
  for (size_t i = 0; i < sizeof file; i++) {
    file[i] ^= 1;
    judge();
    const ol_address signer = account_of(KEY);
    if (result.verdict != OL_VERDICT_REJECTED)
      assert_memory_not_equal(&result.signer, &signer, sizeof signer);
    file[i] ^= 1;
  }
}

/* --- What people are told --- */

static void verdict_is_told(void **state) {
  (void)state;
  static uint8_t told[1 << 17];
  ol_slice text;
  expect(OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE);
  assert_true(result.spans > 0);
  assert_int_equal(ol_attribution_explain(&error, &text, &result, input.response, told, sizeof told - 1),
                   OL_OK);
  told[text.len] = '\0';
  const char *all = (const char *)text.data;
  assert_non_null(
      strstr(all, "{\"verdict\":\"VERIFIED_EXCEPT_INFLUENCE\",\"reason\":null,\"proven\":[\"signature\""));
  assert_non_null(strstr(all, "\"text\":\" the river remembers rain\""));
  assert_non_null(strstr(all, "\"rows\":[{\"contributor\":\"0x0101010101"));
  assert_non_null(strstr(all, "\"receipt\":{\"version\":1,"));
  input.request.len--;
  expect_reason(OL_REASON_REQUEST);
  assert_int_equal(ol_attribution_explain(&error, &text, &result, input.response, told, sizeof told - 1),
                   OL_OK);
  told[text.len] = '\0';
  assert_non_null(strstr((const char *)text.data,
                         "{\"verdict\":\"REJECTED\",\"reason\":\"request\",\"proven\":[\"signature\","));
  assert_int_equal(ol_attribution_explain(&error, &text, &result, input.response, told, 100), OL_ERR_MEMORY);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(honest_receipts_pass, setup),
      cmocka_unit_test_setup(answers_that_quote_nothing_pass, setup),
      cmocka_unit_test_setup(memory_too_small_is_no_verdict, setup),
      cmocka_unit_test_setup(malformed_files_are_rejected, setup),
      cmocka_unit_test_setup(evidence_that_goes_on_is_rejected, setup),
      cmocka_unit_test_setup(rows_that_do_not_ascend_are_rejected, setup),
      cmocka_unit_test_setup(evidence_that_is_cut_is_rejected, setup),
      cmocka_unit_test_setup(answers_that_are_no_text_are_rejected, setup),
      cmocka_unit_test_setup(other_versions_are_rejected, setup),
      cmocka_unit_test_setup(other_flags_are_rejected, setup),
      cmocka_unit_test_setup(malleable_signature_is_rejected, setup),
      cmocka_unit_test_setup(unregistered_signer_is_rejected, setup),
      cmocka_unit_test_setup(revoked_signer_is_rejected, setup),
      cmocka_unit_test_setup(replays_are_rejected, setup),
      cmocka_unit_test_setup(other_request_is_rejected, setup),
      cmocka_unit_test_setup(other_answer_is_rejected, setup),
      cmocka_unit_test_setup(other_stream_is_rejected, setup),
      cmocka_unit_test_setup(other_policy_is_rejected, setup),
      cmocka_unit_test_setup(other_model_is_rejected, setup),
      cmocka_unit_test_setup(other_adapter_is_rejected, setup),
      cmocka_unit_test_setup(what_is_not_expected_is_not_compared, setup),
      cmocka_unit_test_setup(other_corpus_is_rejected, setup),
      cmocka_unit_test_setup(corpus_that_was_found_wrong_is_rejected, setup),
      cmocka_unit_test_setup(other_evidence_is_rejected, setup),
      cmocka_unit_test_setup(evidence_that_hides_a_span_is_rejected, setup),
      cmocka_unit_test_setup(no_byte_of_a_receipt_is_free, setup),
      cmocka_unit_test_setup(verdict_is_told, setup),
  };
  return cmocka_run_group_tests(tests, make_corpus, free_corpus);
}
