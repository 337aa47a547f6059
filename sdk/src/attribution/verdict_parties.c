/* SPDX-License-Identifier: MIT */
#include "attribution/verdict.h"

#include "attribution/number.h"
#include "attribution/receipt.h"
#include "attribution/stream.h"
#include "crypto/sha2.h"
#include "encoding/text.h"

#include "base/poison.h"

/* For whom a receipt is, who signed it, and of what answer to what it is: checks 1 to 17. */

#define EVIDENCE_HEAD (OL_MAGIC_BYTES + 1) /* and its flags */

static bool is_zero(const ol_hash *hash) {
  return ol_is_zero(ol_slice_of(hash->bytes, sizeof hash->bytes));
}

static uint32_t flags_of(const ol_attribution_policy *policy) {
  return (policy->influence_bps < 10000 ? OL_ATTRIBUTION_SPANS : 0) |
         (policy->influence_bps > 0 ? OL_ATTRIBUTION_INFLUENCE : 0);
}

/* Reads the policy: its version is its first byte. */
static bool read_policy(ol_verifier *v) {
  const ol_slice bytes = v->in->policy;
  if (ol_attribution_policy_read(v->error, &v->result.policy, bytes) == OL_OK) return true;
  memset(&v->result.policy, 0, sizeof v->result.policy);
  if (bytes.len == OL_ATTRIBUTION_POLICY_BYTES && bytes.data[0] != OL_ATTRIBUTION_VERSION)
    return ol_reject(v, OL_REASON_VERSION, "policy", "version is not known");
  return ol_reject_file(v, "policy");
}

/* 3, and 1 and 2 of the policy and the front of the evidence. */
static bool verify_flags(ol_verifier *v) {
  const ol_attribution_receipt *receipt = v->receipt;
  const ol_slice evidence = v->in->evidence;
  if (!read_policy(v)) return false;
  if (receipt->flags != flags_of(&v->result.policy))
    return ol_reject(v, OL_REASON_FLAGS, "receipt", "flags are not those of the policy");
  if (!ol_has_part(v, OL_ATTRIBUTION_SPANS) && !is_zero(&receipt->corpus_id))
    return ol_reject(v, OL_REASON_FLAGS, "receipt", "a corpus is named that decides on nothing");
  if (!ol_has_part(v, OL_ATTRIBUTION_INFLUENCE) &&
      (!is_zero(&receipt->gradient_id) || !is_zero(&receipt->influence_hash)))
    return ol_reject(v, OL_REASON_FLAGS, "receipt", "influence is named that decides on nothing");
  if (evidence.len > OL_EVIDENCE_BYTES)
    return ol_reject(v, OL_REASON_FORMAT, "evidence", "evidence is longer than 256 KiB");
  if (ol_magic_read(v->error, evidence, "ATRE") != OL_OK) return ol_reject_file(v, "evidence");
  if (evidence.len < EVIDENCE_HEAD) return ol_reject(v, OL_REASON_FORMAT, "evidence", "evidence is cut");
  if (evidence.data[OL_MAGIC_BYTES] != receipt->flags)
    return ol_reject(v, OL_REASON_FLAGS, "evidence", "evidence has other parts than the receipt");
  return true;
}

/* 5 and 6. */
static bool verify_signer(ol_verifier *v) {
  const ol_attribution_facts *facts = v->in->facts;
  if (facts == NULL || facts->has_signer == 0) {
    v->is_pending = true;
    return true;
  }
  if (facts->signer_registered_at == 0 || facts->signer_registered_at > v->receipt->served_at)
    return ol_reject(v, OL_REASON_SIGNER_UNREGISTERED, "signer", "signer was not registered when it served");
  if (facts->signer_revoked_at != 0 && facts->signer_revoked_at <= v->receipt->served_at)
    return ol_reject(v, OL_REASON_SIGNER_REVOKED, "signer", "signer was revoked before it served");
  return true;
}

/* 7 to 9: what keeps a receipt from being shown to another. */
static bool verify_recipient(ol_verifier *v) {
  const ol_attribution_expected *expected = v->expected;
  const ol_attribution_domain *domain = &v->result.receipt.domain;
  if (expected->has_nonce != 0 && !ol_hash_equal(&expected->client_nonce, &v->receipt->client_nonce))
    return ol_reject(v, OL_REASON_REPLAYED_NONCE, "receipt", "nonce is not the request's");
  if (expected->has_payer != 0 && !ol_address_equal(&expected->payer, &v->receipt->payer))
    return ol_reject(v, OL_REASON_WRONG_PAYER, "receipt", "another pays");
  if (expected->has_domain != 0 && (expected->domain.chain_id != domain->chain_id ||
                                    !ol_address_equal(&expected->domain.registry, &domain->registry)))
    return ol_reject(v, OL_REASON_WRONG_DOMAIN, "receipt", "receipt is for another chain or registry");
  v->result.proven |= (expected->has_nonce != 0 ? (uint32_t)OL_PROVEN_NONCE : 0) |
                      (expected->has_payer != 0 ? (uint32_t)OL_PROVEN_PAYER : 0) |
                      (expected->has_domain != 0 ? (uint32_t)OL_PROVEN_DOMAIN : 0);
  return true;
}

bool ol_verify_parties(ol_verifier *v) {
  ol_attribution_result *result = &v->result;
  if (ol_attribution_receipt_read(v->error, &result->receipt, v->in->receipt) != OL_OK)
    return ol_reject_file(v, "receipt");
  ol_attribution_receipt_digest(&result->digest, &result->receipt.domain, v->receipt);
  if (!verify_flags(v)) return false;
  if (ol_attribution_receipt_signer(v->error, &result->signer, &result->receipt) != OL_OK) {
    result->reason = OL_REASON_SIGNATURE;
    (void)ol_error_in(v->error, (ol_status)v->error->status, "signature", OL_NOWHERE);
    return false;
  }
  result->proven |= OL_PROVEN_SIGNATURE;
  return verify_signer(v) && verify_recipient(v);
}

/* --- The answer --- */

/* 12. */
static bool verify_stream(ol_verifier *v) {
  ol_hash head;
  if (v->in->stream_head != NULL) {
    head = *v->in->stream_head;
  } else {
    ol_stream_begin(&head, &v->receipt->client_nonce, &v->receipt->request_sha256, &v->receipt->model_id,
                    &v->receipt->adapter_id);
    if (v->in->response.len > 0) ol_stream_next(&head, v->in->response);
  }
  if (!ol_hash_equal(&head, &v->receipt->stream_head))
    return ol_reject(v, OL_REASON_STREAM, "receipt", "stream's head is not that of what came");
  v->result.proven |= OL_PROVEN_RESPONSE;
  return true;
}

/* 13. */
static bool verify_policy(ol_verifier *v) {
  ol_hash id;
  ol_attribution_policy_id(&id, v->in->policy.data);
  if (!ol_hash_equal(&id, &v->receipt->policy_id))
    return ol_reject(v, OL_REASON_POLICY, "receipt", "policy is not the receipt's");
  if (v->expected->has_policy != 0 && !ol_hash_equal(&v->expected->policy_id, &id))
    return ol_reject(v, OL_REASON_POLICY, "receipt", "policy is not the one that was agreed");
  if (v->expected->has_max_fee != 0 && ol_u256_is_below(&v->expected->max_fee, &v->receipt->fee))
    return ol_reject(v, OL_REASON_POLICY, "receipt", "fee is above the maximum");
  return true;
}

/* What the registry says of the corpus: 16 and 17. */
static bool verify_published(ol_verifier *v, uint64_t epoch) {
  const ol_attribution_facts *facts = v->in->facts;
  if (facts == NULL || facts->has_corpus == 0) {
    v->is_pending = true;
    return true;
  }
  if (facts->corpus_epoch != epoch || !ol_hash_equal(&facts->corpus_id, &v->receipt->corpus_id))
    return ol_reject(v, OL_REASON_CORPUS_EPOCH, "corpus", "registry has not this corpus for this epoch");
  if (v->expected->has_max_lag != 0 && facts->corpus_newest > epoch &&
      facts->corpus_newest - epoch > v->expected->max_lag)
    return ol_reject(v, OL_REASON_CORPUS_EPOCH, "corpus", "corpus is too far behind the newest");
  if (facts->corpus_dispute == OL_DISPUTE_STATUS_UPHELD)
    return ol_reject(v, OL_REASON_CORPUS_DISPUTED, "corpus", "corpus was found wrong");
  if (facts->corpus_dispute == OL_DISPUTE_STATUS_OPEN)
    v->is_pending = true;
  else
    v->result.proven |= OL_PROVEN_CORPUS;
  return true;
}

static bool verify_corpus(ol_verifier *v) {
  const ol_slice evidence = v->in->evidence;
  ol_corpus_header header;
  ol_hash id;
  if (!ol_has_part(v, OL_ATTRIBUTION_SPANS)) return true;
  if (evidence.len < EVIDENCE_HEAD + OL_CORPUS_HEADER_BYTES)
    return ol_reject(v, OL_REASON_FORMAT, "evidence", "evidence is cut");
  if (ol_corpus_header_read(v->error, &header, evidence.data + EVIDENCE_HEAD) != OL_OK)
    return ol_reject_file(v, "evidence");
  ol_corpus_id(&id, &header);
  if (!ol_hash_equal(&id, &v->receipt->corpus_id))
    return ol_reject(v, OL_REASON_CORPUS_EPOCH, "corpus", "evidence is of another corpus");
  if (v->expected->has_min_epoch != 0 && header.epoch < v->expected->min_epoch)
    return ol_reject(v, OL_REASON_CORPUS_EPOCH, "corpus", "corpus is too old");
  return verify_published(v, header.epoch);
}

/* What 1 asks of an answer. */
static bool read_response(ol_verifier *v) {
  const ol_slice text = v->in->response;
  if (text.len > OL_EVIDENCE_RESPONSE)
    return ol_reject(v, OL_REASON_FORMAT, "response", "answer is longer than 64 KiB");
  for (size_t at = 0; at < text.len;) {
    const size_t len = ol_utf8_len(ol_slice_of(text.data + at, text.len - at));
    if (len == 0) return ol_reject(v, OL_REASON_FORMAT, "response", "answer is not UTF-8");
    at += len;
  }
  return true;
}

bool ol_verify_answer(ol_verifier *v) {
  ol_hash hash;
  ol_sha256(&hash, v->in->request.data, v->in->request.len);
  if (!ol_hash_equal(&hash, &v->receipt->request_sha256))
    return ol_reject(v, OL_REASON_REQUEST, "receipt", "receipt is of another request");
  v->result.proven |= OL_PROVEN_REQUEST;
  if (!read_response(v)) return false;
  ol_sha256(&hash, v->in->response.data, v->in->response.len);
  if (v->in->response.len != v->receipt->response_bytes)
    return ol_reject(v, OL_REASON_RESPONSE, "receipt", "answer has another length");
  if (!ol_hash_equal(&hash, &v->receipt->response_sha256))
    return ol_reject(v, OL_REASON_RESPONSE, "receipt", "receipt is of another answer");
  if (!verify_stream(v) || !verify_policy(v)) return false;
  if (v->expected->has_model != 0 && !ol_hash_equal(&v->expected->model_id, &v->receipt->model_id))
    return ol_reject(v, OL_REASON_MODEL, "receipt", "another model answered");
  if (v->expected->has_adapter != 0 && !ol_hash_equal(&v->expected->adapter_id, &v->receipt->adapter_id))
    return ol_reject(v, OL_REASON_ADAPTER, "receipt", "another adapter answered");
  return verify_corpus(v);
}
