/* SPDX-License-Identifier: MIT */
#include "attribution/evidence.h"

#include "attribution/policy.h"
#include "encoding/text.h"

#include "base/poison.h"

ol_status ol_evidence_reject(ol_evidence *evidence, ol_error *error, ol_attribution_reason reason,
                             const char *part, uint32_t item, const char *text) {
  evidence->reason = reason;
  return ol_error_in(error, ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, text), part, item);
}

#define ALIGNMENT ((size_t)16)

_Static_assert(sizeof(ol_evidence) + ALIGNMENT <= 256u << 10, "the header promises 256 KiB");

size_t ol_evidence_size(void) {
  return sizeof(ol_evidence) + ALIGNMENT - 1;
}

static ol_status refuse_response(ol_evidence *e, ol_error *error, ol_status status, size_t offset,
                                 const char *text) {
  e->reason = OL_REASON_FORMAT;
  return ol_error_in(error, ol_fail(error, status, offset, text), "response", OL_NOWHERE);
}

static ol_status check_response(ol_evidence *e, ol_error *error) {
  ol_slice text = e->response;
  if (text.len > OL_EVIDENCE_RESPONSE)
    return refuse_response(e, error, OL_ERR_LIMIT, OL_EVIDENCE_RESPONSE, "answer is longer than 64 KiB");
  for (size_t at = 0; at < text.len;) {
    size_t len = text.data[at] < 0x80 ? 1 : ol_utf8_len(ol_slice_of(text.data + at, text.len - at));
    if (len == 0) return refuse_response(e, error, OL_ERR_ENCODING, at, "answer is not UTF-8");
    at += len;
  }
  return OL_OK;
}

/* The order of the reasons (section 9), as far as what is checked later does not need what was checked before. */
static ol_status verify(ol_evidence *e, ol_error *error) {
  OL_TRY(check_response(e, error));
  OL_TRY(ol_evidence_read(e, error));
  if ((e->flags & OL_EVIDENCE_HAS_SPANS) == 0) return OL_OK;
  OL_TRY(ol_evidence_check_suffixes(e, error));
  OL_TRY(ol_evidence_check_text(e, error));
  OL_TRY(ol_evidence_check_words(e, error));
  OL_TRY(ol_evidence_check_spans(e, error));
  OL_TRY(ol_evidence_check_complete(e, error));
  return ol_evidence_weigh(e, error);
}

ol_status ol_evidence_verify(ol_error *error, ol_evidence **out, uint32_t *out_reason,
                             const ol_attribution_policy *policy, ol_slice evidence, ol_slice response,
                             void *memory, size_t len) {
  *out_reason = OL_REASON_NONE;
  OL_TRY(ol_attribution_policy_check(error, policy));
  if (len < ol_evidence_size())
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "the memory is smaller than ol_evidence_size");
  uint8_t *start = (uint8_t *)memory;
  start += (ALIGNMENT - (uintptr_t)start % ALIGNMENT) % ALIGNMENT;
  ol_evidence *e = (ol_evidence *)(void *)start;
  /* The tables are filled as they are read; only what is in front of them is looked at before. */
  memset(e, 0, offsetof(ol_evidence, spans));
  e->policy = *policy;
  e->bytes = evidence;
  e->response = response;
  ol_status status = verify(e, error);
  *out_reason = e->reason;
  if (status == OL_OK) *out = e;
  return status;
}

void ol_evidence_corpus(const ol_evidence *evidence, ol_corpus_header *out) {
  *out = evidence->corpus;
}

int ol_evidence_span(const ol_evidence *evidence, ol_attribution_span *out, uint32_t ordinal) {
  if (ordinal >= evidence->spans_len) return 0;
  *out = evidence->spans[ordinal].proven;
  return 1;
}

/* Takes what a payload of a document, and a row, begins with. */
static void take_owner(ol_address *contributor, uint64_t *datanet, const uint8_t *payload) {
  memcpy(contributor->bytes, payload, sizeof contributor->bytes);
  *datanet = ol_load_be64(payload + 20);
}

int ol_evidence_document(const ol_evidence *evidence, ol_corpus_document *out, uint32_t ordinal) {
  if (ordinal >= evidence->documents_len) return 0;
  const ol_evidence_document_leaf *document = &evidence->documents[ordinal];
  const uint8_t *payload = evidence->bytes.data + document->at;
  *out = (ol_corpus_document){.index = document->index, .start = document->start, .length = document->length};
  take_owner(&out->contributor, &out->datanet, payload);
  memcpy(out->licence.bytes, payload + 44, sizeof out->licence.bytes);
  return 1;
}

int ol_evidence_weight(const ol_evidence *evidence, ol_attribution_weight *out, uint32_t ordinal) {
  if (ordinal >= evidence->rows_len) return 0;
  const ol_evidence_row *row = &evidence->rows[ordinal];
  take_owner(&out->contributor, &out->datanet, evidence->bytes.data + row->at);
  out->weight = row->weight;
  return 1;
}

void ol_evidence_rest(const ol_evidence *evidence, ol_slice *out_gradient_header, ol_slice *out_vector,
                      ol_slice *out_rows) {
  *out_gradient_header = evidence->gradient_header;
  *out_vector = evidence->vector;
  *out_rows = evidence->split;
}
