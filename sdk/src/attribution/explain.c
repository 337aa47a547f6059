/* SPDX-License-Identifier: MIT */
#include "attribution/number.h"
#include "attribution/told.h"

#include "base/poison.h"

/* A verdict as JSON, for people and for what shows it to them. */

static const struct {
  uint32_t bit;
  const char *name;
} proven[] = {
    {OL_PROVEN_SIGNATURE, "signature"},   {OL_PROVEN_REQUEST, "request"},
    {OL_PROVEN_RESPONSE, "response"},     {OL_PROVEN_NONCE, "nonce"},
    {OL_PROVEN_PAYER, "payer"},           {OL_PROVEN_DOMAIN, "domain"},
    {OL_PROVEN_SPANS, "spans"},           {OL_PROVEN_INFLUENCE, "influence"},
    {OL_PROVEN_SPLIT, "split"},           {OL_PROVEN_SIGNER, "signer"},
    {OL_PROVEN_CORPUS, "corpus"},         {OL_PROVEN_ANCHORED, "anchored"},
    {OL_PROVEN_UNDISPUTED, "undisputed"}, {OL_PROVEN_WITNESSED, "witnessed"},
};

static void tell_u64(ol_json_writer *to, const char *name, uint64_t value) {
  const ol_u256 number = ol_u256_of(value);
  ol_tell_number(to, name, &number);
}

static void tell_address(ol_json_writer *to, const char *name, const ol_address *address) {
  char text[43];
  ol_address_text(text, address);
  ol_json_write_text(to, name, text);
}

static void tell_owner(ol_json_writer *to, const ol_evidence *evidence, const ol_attribution_span *span) {
  ol_corpus_document document;
  if (span->document == OL_SPAN_WITHOUT_OWNER || !ol_evidence_document(evidence, &document, span->document)) {
    ol_json_write_null(to, "owner");
    return;
  }
  tell_address(to, "owner", &document.contributor);
  tell_u64(to, "datanet", document.datanet);
  tell_u64(to, "document", document.index);
}

/* A span may begin or end inside of a character: what is then no text is shown as the nearest that is. */
static ol_slice text_of(const ol_attribution_span *span, ol_slice response) {
  size_t start = span->start;
  size_t end = span->end;
  if (end > response.len) return (ol_slice){.data = NULL, .len = 0};
  while (start < end && response.data[start] >> 6 == 2) start++;
  while (end > start && end < response.len && response.data[end] >> 6 == 2) end--;
  return ol_slice_of(response.data + start, end - start);
}

static void tell_spans(ol_json_writer *to, const ol_attribution_result *result, ol_slice response) {
  ol_attribution_span span;
  ol_json_write_array(to, "spans");
  for (uint32_t i = 0; result->evidence != NULL && ol_evidence_span(result->evidence, &span, i); i++) {
    ol_json_write_object(to, NULL);
    ol_json_write_u64(to, "start", span.start);
    ol_json_write_u64(to, "end", span.end);
    ol_json_write_string(to, "text", text_of(&span, response));
    tell_u64(to, "count", span.count);
    tell_owner(to, result->evidence, &span);
    if (span.position == UINT64_MAX)
      ol_json_write_null(to, "position");
    else
      tell_u64(to, "position", span.position);
    ol_json_write_u64(to, "rarity", span.rarity);
    ol_json_write_u64(to, "credited", span.credited);
    tell_u64(to, "weight", span.weight);
    ol_json_write_close(to);
  }
  ol_json_write_close(to);
}

static void tell_rows(ol_json_writer *to, const ol_split *split) {
  ol_split_row row;
  ol_json_write_array(to, "rows");
  for (uint32_t i = 0; ol_split_at(split, &row, i); i++) {
    ol_json_write_object(to, NULL);
    tell_address(to, "contributor", &row.contributor);
    tell_u64(to, "datanet", row.datanet);
    ol_tell_number(to, "weight", &row.weight);
    ol_tell_number(to, "amount", &row.amount);
    ol_json_write_close(to);
  }
  ol_json_write_close(to);
}

static void tell_head(ol_json_writer *to, const ol_attribution_result *result) {
  ol_json_write_text(to, "verdict", ol_attribution_verdict_name(result->verdict));
  if (result->reason == OL_REASON_NONE)
    ol_json_write_null(to, "reason");
  else
    ol_json_write_text(to, "reason", ol_attribution_reason_name(result->reason));
  ol_json_write_array(to, "proven");
  for (size_t i = 0; i < sizeof proven / sizeof *proven; i++) {
    if ((result->proven & proven[i].bit) != 0) ol_json_write_text(to, NULL, proven[i].name);
  }
  ol_json_write_close(to);
  ol_json_write_u64(to, "trust", result->trust);
  tell_address(to, "signer", &result->signer);
  ol_json_write_hex(to, "digest", result->digest.bytes, sizeof result->digest.bytes);
  ol_tell_number(to, "totalWeight", &result->total_weight);
  ol_tell_number(to, "totalAmount", &result->total_amount);
  ol_tell_number(to, "dust", &result->dust);
}

ol_status ol_attribution_explain(ol_error *error, ol_slice *out, const ol_attribution_result *result,
                                 ol_slice response, void *memory, size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_json_writer to;
  ol_error_clear(error);
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  tell_head(&to, result);
  tell_spans(&to, result, response);
  tell_rows(&to, &result->split);
  ol_receipt_tell(&to, "receipt", &result->receipt);
  ol_json_write_close(&to);
  return ol_json_write_end(error, out, &to);
}
