/* SPDX-License-Identifier: MIT */
#include "attribution/verdict.h"

#include "base/poison.h"

const char *ol_attribution_verdict_name(uint32_t verdict) {
  static const char *const names[] = {"REJECTED", "PENDING", "VERIFIED_EXCEPT_INFLUENCE", "VERIFIED"};
  return verdict < sizeof names / sizeof *names ? names[verdict] : "unknown";
}

bool ol_reject(ol_verifier *v, ol_attribution_reason reason, const char *part, const char *text) {
  v->result.reason = reason;
  (void)ol_error_in(v->error, ol_fail(v->error, OL_ERR_PROOF, OL_NOWHERE, text), part, OL_NOWHERE);
  return false;
}

bool ol_reject_file(ol_verifier *v, const char *part) {
  static const char version[] = "version";
  const char *named = v->error->part;
  const bool is_version =
      ol_text_len(named) == sizeof version - 1 && memcmp(named, version, sizeof version) == 0;
  v->result.reason = is_version ? OL_REASON_VERSION : OL_REASON_FORMAT;
  (void)ol_error_within(v->error, (ol_status)v->error->status, part, OL_NOWHERE);
  return false;
}

/* Spans: 18 to 33. */
static bool verify_evidence(ol_verifier *v) {
  ol_attribution_result *result = &v->result;
  uint32_t reason = OL_REASON_NONE;
  ol_hash hash;
  ol_slice rows;
  ol_attribution_span span;
  const ol_status status =
      ol_evidence_verify(v->error, &result->evidence, &reason, &result->policy, v->in->evidence,
                         v->in->response, v->evidence_memory, ol_evidence_size());
  const bool is_read = status == OL_OK || reason > OL_REASON_FLAGS;
  if (status != OL_OK) result->evidence = NULL;
  ol_keccak256(&hash, v->in->evidence.data, v->in->evidence.len);
  if (is_read && !ol_hash_equal(&hash, &v->receipt->evidence_hash)) {
    result->evidence = NULL;
    return ol_reject(v, OL_REASON_PROOF_SHAPE, "evidence", "evidence is not that of the receipt");
  }
  if (status != OL_OK) {
    /* A verdict must have a reason, whatever the evidence did. */
    result->reason = reason == OL_REASON_NONE ? OL_REASON_FORMAT : reason;
    return false;
  }
  ol_evidence_rest(result->evidence, &v->gradient_header, &v->vector, &rows);
  if (ol_split_open_rows(v->error, &result->split, rows) != OL_OK) return ol_reject_file(v, "evidence");
  while (ol_evidence_span(result->evidence, &span, result->spans)) result->spans++;
  result->rows = result->split.count;
  if (ol_has_part(v, OL_ATTRIBUTION_SPANS)) result->proven |= OL_PROVEN_SPANS;
  return true;
}

static bool verify_all(ol_verifier *v) {
  return ol_verify_parties(v) && ol_verify_answer(v) && verify_evidence(v) && ol_verify_influence(v) &&
         ol_verify_split(v) && ol_verify_chain(v);
}

/* --- Memory: the evidence's, then that of the weights of influence --- */

#define ALIGNMENT ((size_t)16)
#define WEIGHTS_BYTES (OL_SPLIT_ROWS * sizeof(ol_attribution_weight))

_Static_assert(WEIGHTS_BYTES % ALIGNMENT == 0, "what is behind it is aligned");

size_t ol_attribution_verify_size(void) {
  return ALIGNMENT - 1 + WEIGHTS_BYTES + ol_evidence_size() + ol_influence_size();
}

ol_status ol_attribution_verify(ol_error *error, ol_attribution_result *out,
                                const ol_attribution_input *input, void *memory, size_t len) {
  static const ol_attribution_expected nothing;
  ol_error_clear(error);
  if (len < ol_attribution_verify_size())
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is smaller than ol_attribution_verify_size");
  uint8_t *start = (uint8_t *)memory;
  start += (ALIGNMENT - (uintptr_t)start % ALIGNMENT) % ALIGNMENT;
  ol_verifier v = {
      .in = input,
      .expected = input->expected == NULL ? &nothing : input->expected,
      .error = error,
      .influence = (ol_attribution_weight *)(void *)start,
      .evidence_memory = start + WEIGHTS_BYTES,
      .influence_memory = start + WEIGHTS_BYTES + ol_evidence_size(),
  };
  memset(&v.result, 0, sizeof v.result);
  v.receipt = &v.result.receipt.receipt;
  if (input->facts != NULL) v.result.trust = input->facts->trust;
  if (verify_all(&v)) {
    v.result.verdict = v.is_pending                                ? OL_VERDICT_PENDING
                       : ol_has_part(&v, OL_ATTRIBUTION_INFLUENCE) ? OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE
                                                                   : OL_VERDICT_VERIFIED;
  }
  *out = v.result;
  return OL_OK;
}
