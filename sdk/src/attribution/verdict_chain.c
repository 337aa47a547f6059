/* SPDX-License-Identifier: MIT */
#include "attribution/verdict.h"

#include "base/poison.h"

/* What the chain says of a receipt and its signer: checks 44 to 50. */

/* 44 and 45. */
static bool verify_batch(ol_verifier *v) {
  const ol_attribution_facts *facts = v->in->facts;
  if (v->in->batch != NULL && ol_batch_verify(v->error, v->in->batch, &v->result.digest) != OL_OK) {
    v->result.reason = OL_REASON_BATCH_INCLUSION;
    (void)ol_error_in(v->error, (ol_status)v->error->status, "batch", OL_NOWHERE);
    return false;
  }
  if (v->expected->min_witnesses == 0) return true;
  if (facts == NULL || v->in->batch == NULL) {
    v->is_pending = true;
    return true;
  }
  if (facts->witnesses < v->expected->min_witnesses)
    return ol_reject(v, OL_REASON_WITNESS_QUORUM, "batch", "too few witnesses have seen it");
  v->result.proven |= OL_PROVEN_WITNESSED;
  return true;
}

/* 46. What somebody brings that proves nothing against this signer counts for nothing. */
static bool verify_honest(ol_verifier *v) {
  const ol_attribution_facts *facts = v->in->facts;
  ol_address signer;
  ol_error ignored;
  const bool is_brought = v->in->equivocation.len > 0 &&
                          ol_equivocation_read(&ignored, &signer, NULL, v->in->equivocation) == OL_OK &&
                          ol_address_equal(&signer, &v->result.signer);
  const bool is_known =
      facts != NULL && facts->has_disputes != 0 && facts->signer_dispute == OL_DISPUTE_STATUS_UPHELD;
  if (!is_brought && !is_known) return true;
  return ol_reject(v, OL_REASON_EQUIVOCATION, "signer", "signer has signed two histories");
}

/* 47. */
static bool verify_state(ol_verifier *v) {
  const ol_attribution_facts *facts = v->in->facts;
  const ol_attribution_expected *expected = v->expected;
  if (facts->block_timestamp < v->receipt->served_at)
    return ol_reject(v, OL_REASON_STATE, "state", "block is older than the receipt");
  if (expected->has_max_age != 0 && expected->now > facts->block_timestamp &&
      expected->now - facts->block_timestamp > expected->max_age)
    return ol_reject(v, OL_REASON_STATE, "state", "block is too old");
  return true;
}

/* 48. */
static bool verify_anchor(ol_verifier *v) {
  const ol_attribution_facts *facts = v->in->facts;
  const ol_batch_proof *batch = v->in->batch;
  if (batch == NULL || facts->has_batch == 0) {
    v->is_pending = true;
    return true;
  }
  if (!ol_hash_equal(&facts->batch_root, &batch->root) || facts->batch_leaves != batch->leaves)
    return ol_reject(v, OL_REASON_NOT_ANCHORED, "batch", "batch is not on chain with this root");
  /* Only an active node posts: else a revoked key could date receipts back, and have them anchored by another's. */
  if (!ol_address_equal(&facts->batch_signer, &v->result.signer))
    return ol_reject(v, OL_REASON_NOT_ANCHORED, "batch", "batch is another node's");
  v->result.proven |= OL_PROVEN_ANCHORED;
  return true;
}

/* 49. */
static bool verify_disputes(ol_verifier *v) {
  const ol_attribution_facts *facts = v->in->facts;
  const uint32_t disputes[] = {facts->receipt_dispute, facts->batch_dispute, facts->split_dispute};
  bool is_open = facts->signer_dispute == OL_DISPUTE_STATUS_OPEN;
  if (facts->has_disputes == 0) {
    v->is_pending = true;
    return true;
  }
  for (size_t i = 0; i < sizeof disputes / sizeof *disputes; i++) {
    if (disputes[i] == OL_DISPUTE_STATUS_UPHELD)
      return ol_reject(v, OL_REASON_DISPUTED, "dispute", "receipt, batch or split was found wrong");
    is_open |= disputes[i] == OL_DISPUTE_STATUS_OPEN;
  }
  if (is_open)
    v->is_pending = true;
  else
    v->result.proven |= OL_PROVEN_UNDISPUTED;
  return true;
}

/* 50. */
static bool verify_bond(ol_verifier *v) {
  const ol_attribution_facts *facts = v->in->facts;
  if (facts->has_signer == 0) return true;
  if (ol_u256_is_below(&facts->signer_bond, &facts->min_bond))
    return ol_reject(v, OL_REASON_SLASHED, "signer", "signer's bond is below the minimum");
  v->result.proven |= OL_PROVEN_SIGNER;
  return true;
}

bool ol_verify_chain(ol_verifier *v) {
  if (!verify_batch(v) || !verify_honest(v)) return false;
  if (v->in->facts == NULL) {
    v->is_pending = true;
    return true;
  }
  return verify_state(v) && verify_anchor(v) && verify_disputes(v) && verify_bond(v);
}
