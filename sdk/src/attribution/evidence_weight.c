/* SPDX-License-Identifier: MIT */
#include "attribution/evidence.h"

#include "base/poison.h"

/* Whose the spans are, and what they weigh (sections 2.4 and 2.5). */

uint32_t ol_log2q8(uint64_t x) {
  OL_ASSERT(x > 0);
  uint32_t exponent = 63 - (uint32_t)__builtin_clzll(x);
  uint64_t bits = exponent < 8 ? x << (8 - exponent) : x >> (exponent - 8);
  /* 1 + j/256, a number from 1 to below 2 with 31 fractional bits: enough for any j, as a test shows. */
  uint64_t mantissa = bits << 23;
  uint32_t fraction = 0;
  for (uint32_t i = 0; i < 8; i++) {
    mantissa = mantissa * mantissa >> 31;
    uint32_t bit = (uint32_t)(mantissa >> 32);
    mantissa >>= bit;
    fraction = fraction << 1 | bit;
  }
  return exponent << 8 | fraction;
}

/*
 * Credits each byte to one span. Between two places where spans start or end the same ones cover all bytes; they are
 * neighbours in the list, as starts and ends increase.
 */
static void credit(ol_evidence *e) {
  uint32_t at = 0, first = 0, behind = 0;
  while (first < e->spans_len) {
    while (behind < e->spans_len && e->spans[behind].proven.start <= at) behind++;
    uint32_t end = e->spans[first].proven.end;
    if (behind < e->spans_len && e->spans[behind].proven.start < end) end = e->spans[behind].proven.start;
    ol_attribution_span *best = NULL;
    for (uint32_t i = first; i < behind; i++) {
      ol_attribution_span *span = &e->spans[i].proven;
      if (ol_evidence_earns(e, &e->spans[i]) && (best == NULL || span->rarity > best->rarity)) best = span;
    }
    if (best != NULL) best->credited += end - at;
    at = end;
    while (first < behind && e->spans[first].proven.end <= at) first++;
  }
}

static void weigh_spans(ol_evidence *e) {
  uint32_t whole = ol_log2q8(e->corpus.n);
  for (uint32_t i = 0; i < e->spans_len; i++) {
    ol_attribution_span *span = &e->spans[i].proven;
    span->rarity = whole - ol_log2q8(span->count);
  }
  credit(e);
  for (uint32_t i = 0; i < e->spans_len; i++) {
    ol_attribution_span *span = &e->spans[i].proven;
    span->weight = (uint64_t)span->credited * span->rarity;
  }
}

/* Lists the spans whose leaves are too many to be opened. */
static void list_ranges(ol_evidence *e) {
  for (uint32_t i = 0; i < e->spans_len; i++) {
    ol_evidence_span_leaves *span = &e->spans[i];
    if (!ol_evidence_earns(e, span) || span->proven.count <= ol_evidence_opened_count(e)) continue;
    span->range = e->ranges_len;
    uint64_t lo = e->leaves[span->first].index;
    e->ranges[e->ranges_len++] = (ol_tree_range){.lo = lo, .hi = lo + span->proven.count};
  }
}

/* Returns: the ordinal of the opened document that has [position, position + len), or OL_NOWHERE. */
static uint32_t find_document(const ol_evidence *e, uint64_t position, uint32_t len) {
  for (uint32_t i = 0; i < e->documents_len; i++) {
    const ol_evidence_document_leaf *document = &e->documents[i];
    if (document->start <= position && len <= document->length &&
        position - document->start <= document->length - len)
      return i;
  }
  return OL_NOWHERE;
}

/* Credits the document that has a position of a span. Out: its ordinal. */
static ol_status credit_position(ol_evidence *e, ol_error *error, uint32_t *out, uint32_t i,
                                 uint64_t position, uint64_t weight) {
  const ol_attribution_span *span = &e->spans[i].proven;
  uint32_t found = find_document(e, position, span->end - span->start);
  if (found == OL_NOWHERE)
    return ol_evidence_reject(e, error, OL_REASON_OWNER, "span", i, "no opened document has its position");
  e->documents[found].is_owner = true;
  e->documents[found].weight += weight;
  *out = found;
  return OL_OK;
}

static ol_status find_owner(ol_evidence *e, ol_error *error, uint32_t i) {
  ol_evidence_span_leaves *span = &e->spans[i];
  uint64_t least = UINT64_MAX;
  uint32_t owner = OL_SPAN_WITHOUT_OWNER;
  if (span->range != OL_NOWHERE) {
    least = e->ranges[span->range].min;
  } else {
    for (uint32_t leaf = span->first; leaf <= span->last; leaf++) {
      uint64_t position = e->leaves[leaf].position;
      bool is_less = position < least;
      if (is_less) least = position;
      if (e->policy.owner_rule == OL_OWNER_EARLIEST) continue;
      uint32_t document = 0;
      OL_TRY(credit_position(e, error, &document, i, position, span->proven.weight / span->proven.count));
      if (is_less) owner = document;
    }
  }
  if (e->policy.owner_rule == OL_OWNER_EARLIEST)
    OL_TRY(credit_position(e, error, &owner, i, least, span->proven.weight));
  span->proven.position = least;
  span->proven.document = owner;
  return OL_OK;
}

/* Adds what a document earned to its contributor's row in its datanet: the first 28 bytes of the payload. */
static void add_row(ol_evidence *e, const ol_evidence_document_leaf *document) {
  const uint8_t *key = e->bytes.data + document->at;
  uint32_t low = 0, high = e->rows_len;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    int order = memcmp(e->bytes.data + e->rows[middle].at, key, 28);
    if (order == 0) {
      e->rows[middle].weight += document->weight;
      return;
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  memmove(&e->rows[low + 1], &e->rows[low], (e->rows_len - low) * sizeof *e->rows);
  e->rows[low] = (ol_evidence_row){.weight = document->weight, .at = document->at};
  e->rows_len++;
}

ol_status ol_evidence_weigh(ol_evidence *e, ol_error *error) {
  weigh_spans(e);
  list_ranges(e);
  OL_TRY(ol_evidence_check_documents(e, error));
  OL_TRY(ol_evidence_check_minima(e, error));
  for (uint32_t i = 0; i < e->spans_len; i++) {
    if (ol_evidence_earns(e, &e->spans[i])) OL_TRY(find_owner(e, error, i));
  }
  for (uint32_t i = 0; i < e->documents_len; i++) {
    const ol_evidence_document_leaf *document = &e->documents[i];
    if (!document->is_owner)
      return ol_evidence_reject(e, error, OL_REASON_PROOF_SHAPE, "document", i,
                                "a document that has no position");
    if (document->weight > 0) add_row(e, document);
  }
  return OL_OK;
}
