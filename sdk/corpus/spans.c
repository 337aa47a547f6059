/* SPDX-License-Identifier: MIT */

/* Maximal spans, how often they occur, whose they are, and what they weigh (sections 2, 2.4 and 2.5). */

#include "prove.h"

#include <stdlib.h>

static ol_status no_memory(ol_error *error) {
  return corpus_fail(error, OL_ERR_MEMORY, "there is no memory for a proof");
}

static bool open_span(ol_corpus_proof *proof, const prove_span *span) {
  uint64_t n = proof->corpus->at.n;
  prove_set *leaves = &proof->leaves;
  if (span->lo > 0 && !prove_set_add(leaves, span->lo - 1)) return false;
  if (span->hi < n && !prove_set_add(leaves, span->hi)) return false;
  if (!prove_set_add(leaves, span->lo) || !prove_set_add(leaves, span->hi - 1)) return false;
  if (!prove_earns(proof, span) || span->proven.count > prove_opened(proof)) return true;
  for (uint64_t rank = span->lo + 1; rank + 1 < span->hi; rank++) {
    if (!prove_set_add(leaves, rank)) return false;
  }
  return true;
}

ol_status prove_spans(ol_error *error, ol_corpus_proof *proof) {
  uint32_t len = (uint32_t)proof->response.len;
  for (uint32_t start = 0; start < len; start++) {
    uint32_t end = proof->matches[start].end;
    bool goes_left = start > 0 && proof->matches[start - 1].end == end;
    if (goes_left || end - start < proof->policy.min_span) continue;
    if (proof->spans_len == OL_EVIDENCE_SPANS) {
      return corpus_fail(error, OL_ERR_LIMIT, "the answer has more spans than evidence may list");
    }
    prove_span *span = &proof->spans[proof->spans_len++];
    const ol_slice word = {.data = proof->response.data + start, .len = end - start};
    span->proven = (ol_attribution_span){
        .start = start, .end = end, .position = UINT64_MAX, .document = OL_SPAN_WITHOUT_OWNER};
    span->proven.count = ol_corpus_find(proof->corpus, &span->lo, &span->hi, word);
    if (!open_span(proof, span)) return no_memory(error);
  }
  return OL_OK;
}

/* --- Weights --- */

/* The span of the largest rarity at a byte, and of those the first; NULL if none there earns. */
static prove_span *best_at(ol_corpus_proof *proof, uint32_t at, uint32_t first, uint32_t behind) {
  prove_span *best = NULL;
  for (uint32_t i = first; i < behind; i++) {
    prove_span *span = &proof->spans[i];
    if (span->proven.start > at || span->proven.end <= at || !prove_earns(proof, span)) continue;
    if (best == NULL || span->proven.rarity > best->proven.rarity) best = span;
  }
  return best;
}

static void weigh_spans(ol_corpus_proof *proof) {
  uint32_t all = corpus_log2q8(proof->corpus->at.n);
  for (uint32_t i = 0; i < proof->spans_len; i++) {
    ol_attribution_span *span = &proof->spans[i].proven;
    span->rarity = all - corpus_log2q8(span->count);
  }
  uint32_t first = 0;
  uint32_t behind = 0;
  for (uint32_t at = 0; at < proof->response.len; at++) {
    while (behind < proof->spans_len && proof->spans[behind].proven.start <= at) behind++;
    while (first < behind && proof->spans[first].proven.end <= at) first++;
    prove_span *best = best_at(proof, at, first, behind);
    if (best != NULL) best->proven.credited++;
  }
  for (uint32_t i = 0; i < proof->spans_len; i++) {
    ol_attribution_span *span = &proof->spans[i].proven;
    span->weight = (uint64_t)span->credited * span->rarity;
  }
}

/* --- Owners --- */

/* Returns: the least position of ranks [lo, hi), by the minima of the largest subtrees in it. */
static uint64_t least_in(const ol_corpus *corpus, uint64_t lo, uint64_t hi) {
  uint64_t least = UINT64_MAX;
  for (uint64_t at = lo; at < hi;) {
    uint32_t level = at == 0 ? 63 : (uint32_t)__builtin_ctzll(at);
    while (level > 0 && (hi - at) >> level == 0) level--;
    uint64_t position = 0;
    if (level >= CORPUS_LOWEST) {
      corpus_node node;
      corpus_node_at(corpus, &node, OL_CORPUS_FIRST, level, at >> level);
      position = node.least;
    } else {
      level = 0;
      position = corpus_sa(corpus, at);
    }
    if (position < least) least = position;
    at += UINT64_C(1) << level;
  }
  return least;
}

static int by_key(const void *a, const void *b) {
  const ol_attribution_weight *left = a;
  const ol_attribution_weight *right = b;
  int order = memcmp(left->contributor.bytes, right->contributor.bytes, 20);
  if (order != 0) return order;
  return left->datanet < right->datanet ? -1 : left->datanet > right->datanet;
}

/* Adds what a document earned. Whoever owns it may own others: the sum comes later. */
static ol_status credit(ol_error *error, ol_corpus_proof *proof, uint64_t weights[], uint64_t position,
                        uint64_t weight) {
  uint64_t document = corpus_document_of(proof->corpus, position);
  size_t at = prove_set_below(&proof->documents, document);
  if (at == proof->documents.count || proof->documents.items[at] != document) {
    if (proof->documents.count == OL_EVIDENCE_DOCUMENTS) {
      return corpus_fail(error, OL_ERR_LIMIT, "the answer quotes more documents than evidence may open");
    }
    memmove(weights + at + 1, weights + at, (proof->documents.count - at) * sizeof *weights);
    weights[at] = 0;
    if (!prove_set_add(&proof->documents, document)) return no_memory(error);
  }
  weights[at] += weight;
  return OL_OK;
}

static ol_status credit_span(ol_error *error, ol_corpus_proof *proof, uint64_t weights[], prove_span *span) {
  ol_attribution_span *proven = &span->proven;
  proven->position = least_in(proof->corpus, span->lo, span->hi);
  if (proof->policy.owner_rule == OL_OWNER_EARLIEST) {
    return credit(error, proof, weights, proven->position, proven->weight);
  }
  for (uint64_t rank = span->lo; rank < span->hi; rank++) {
    CORPUS_TRY(credit(error, proof, weights, corpus_sa(proof->corpus, rank), proven->weight / proven->count));
  }
  return OL_OK;
}

static void sum_weights(ol_corpus_proof *proof, const uint64_t weights[]) {
  uint32_t count = 0;
  for (size_t i = 0; i < proof->documents.count; i++) {
    if (weights[i] == 0) continue;
    ol_corpus_document document;
    corpus_document_read(proof->corpus, &document, proof->documents.items[i]);
    proof->weights[count++] = (ol_attribution_weight){
        .contributor = document.contributor, .datanet = document.datanet, .weight = weights[i]};
  }
  qsort(proof->weights, count, sizeof *proof->weights, by_key);
  for (uint32_t i = 0; i < count; i++) {
    ol_attribution_weight *last = &proof->weights[proof->weights_len - (proof->weights_len > 0)];
    if (proof->weights_len > 0 && by_key(last, &proof->weights[i]) == 0) {
      last->weight += proof->weights[i].weight;
    } else {
      proof->weights[proof->weights_len++] = proof->weights[i];
    }
  }
}

ol_status prove_owners(ol_error *error, ol_corpus_proof *proof) {
  weigh_spans(proof);
  uint64_t *weights = calloc(OL_EVIDENCE_DOCUMENTS + 1, sizeof *weights);
  if (weights == NULL) return no_memory(error);
  ol_status status = OL_OK;
  for (uint32_t i = 0; i < proof->spans_len && status == OL_OK; i++) {
    if (prove_earns(proof, &proof->spans[i])) status = credit_span(error, proof, weights, &proof->spans[i]);
  }
  if (status == OL_OK) sum_weights(proof, weights);
  free(weights);
  CORPUS_TRY(status);
  for (uint32_t i = 0; i < proof->spans_len; i++) {
    ol_attribution_span *span = &proof->spans[i].proven;
    if (span->position == UINT64_MAX) continue;
    uint64_t document = corpus_document_of(proof->corpus, span->position);
    span->document = (uint32_t)prove_set_below(&proof->documents, document);
  }
  return OL_OK;
}
