/* SPDX-License-Identifier: MIT */

/* Proofs: made step by step, and what they say. */

#include "prove.h"

#include <stdlib.h>

static ol_status no_memory(ol_error *error) {
  return corpus_fail(error, OL_ERR_MEMORY, "there is no memory for a proof");
}

/* --- Sets --- */

size_t prove_set_below(const prove_set *set, uint64_t item) {
  size_t lo = 0;
  size_t hi = set->count;
  while (lo < hi) {
    size_t middle = (lo + hi) / 2;
    if (set->items[middle] < item) {
      lo = middle + 1;
    } else {
      hi = middle;
    }
  }
  return lo;
}

static bool grow(prove_set *set) {
  size_t room = set->room == 0 ? 64 : 2 * set->room;
  uint64_t *items = realloc(set->items, room * sizeof *items);
  if (items == NULL) return false;
  set->items = items;
  uint32_t *wanted = realloc(set->wanted, room * sizeof *wanted);
  if (wanted == NULL) return false;
  set->wanted = wanted;
  set->room = room;
  return true;
}

bool prove_set_add(prove_set *set, uint64_t item) {
  size_t at = prove_set_below(set, item);
  if (at < set->count && set->items[at] == item) {
    set->wanted[at]++;
    return true;
  }
  if (set->count == set->room && !grow(set)) return false;
  memmove(set->items + at + 1, set->items + at, (set->count - at) * sizeof *set->items);
  memmove(set->wanted + at + 1, set->wanted + at, (set->count - at) * sizeof *set->wanted);
  set->items[at] = item;
  set->wanted[at] = 1;
  set->count++;
  return true;
}

void prove_set_remove(prove_set *set, uint64_t item) {
  size_t at = prove_set_below(set, item);
  if (--set->wanted[at] > 0) return;
  set->count--;
  memmove(set->items + at, set->items + at + 1, (set->count - at) * sizeof *set->items);
  memmove(set->wanted + at, set->wanted + at + 1, (set->count - at) * sizeof *set->wanted);
}

void prove_set_free(prove_set *set) {
  free(set->items);
  free(set->wanted);
  *set = (prove_set){0};
}

/* --- Matching --- */

/*
 * One search for each byte. What follows on the neighbours of one place are neighbours, if not the nearest ones, of the
 * next: the search for that is between them.
 */
ol_status prove_matches(ol_error *error, ol_corpus_proof *proof) {
  const ol_corpus *corpus = proof->corpus;
  size_t len = proof->response.len;
  proof->matches = calloc(len + 1, sizeof *proof->matches);
  if (proof->matches == NULL) return no_memory(error);
  uint64_t lo = 0;
  uint64_t hi = corpus->at.n;
  for (size_t at = 0; at < len; at++) {
    const ol_slice rest = {.data = proof->response.data + at, .len = len - at};
    prove_match *match = &proof->matches[at];
    uint64_t rank = corpus_lower(corpus, rest, lo, hi);
    match->rank = rank;
    if (rank > 0) match->below = (uint32_t)corpus_alike(corpus, corpus_sa(corpus, rank - 1), rest, 0);
    if (rank < corpus->at.n) match->above = (uint32_t)corpus_alike(corpus, corpus_sa(corpus, rank), rest, 0);
    match->end = (uint32_t)at + (match->below > match->above ? match->below : match->above);
    lo = match->below > 0 ? corpus_psi(corpus, rank - 1) + 1 : 0;
    hi = match->above > 0 ? corpus_psi(corpus, rank) : corpus->at.n;
    if (hi > corpus->at.n) hi = corpus->at.n; /* in a file that is wrong */
    if (lo > hi) lo = hi;
  }
  return OL_OK;
}

/* --- Text that comparisons read (section 2.1) --- */

static bool read_suffix(ol_corpus_proof *proof, uint64_t rank, uint32_t start, uint32_t end) {
  const ol_corpus *corpus = proof->corpus;
  const ol_slice word = {.data = proof->response.data + start, .len = end - start};
  uint64_t position = corpus_sa(corpus, rank);
  if (word.len <= CORPUS_PREFIX) return true;
  uint64_t alike = corpus_alike(corpus, position, word, 0);
  if (alike < CORPUS_PREFIX) return true;
  /* The first byte that differs is read too, if there is one. */
  uint64_t behind = position + (alike < word.len ? alike + 1 : alike);
  if (behind > corpus->at.n) behind = corpus->at.n;
  uint64_t first = position + CORPUS_PREFIX;
  for (uint64_t chunk = first / CORPUS_CHUNK; chunk * CORPUS_CHUNK < behind; chunk++) {
    if (!prove_set_add(&proof->chunks, chunk)) return false;
  }
  return true;
}

ol_status prove_chunks(ol_error *error, ol_corpus_proof *proof) {
  uint64_t n = proof->corpus->at.n;
  bool fits = true;
  for (uint32_t i = 0; i < proof->words_len && fits; i++) {
    const prove_word *word = &proof->words[i];
    if (word->above > 0) fits = read_suffix(proof, word->above - 1, word->start, word->end);
    if (fits && word->above < n) fits = read_suffix(proof, word->above, word->start, word->end);
  }
  for (uint32_t i = 0; i < proof->spans_len && fits; i++) {
    const prove_span *span = &proof->spans[i];
    const uint64_t ranks[] = {span->lo - 1, span->lo, span->hi - 1, span->hi};
    for (int which = 0; which < 4 && fits; which++) {
      if (which == 0 ? span->lo == 0 : ranks[which] >= n) continue;
      fits = read_suffix(proof, ranks[which], span->proven.start, span->proven.end);
    }
  }
  return fits ? OL_OK : no_memory(error);
}

/* --- All of it --- */

static ol_status check_policy(ol_error *error, const ol_attribution_policy *policy) {
  if (policy->min_span < 8 || policy->min_span > 4096) {
    return corpus_fail_at(error, OL_ERR_ARGUMENT, "policy", OL_NOWHERE, OL_NOWHERE,
                          "K is not from 8 to 4,096");
  }
  bool is_range = policy->max_count >= 1 && policy->max_count <= INT32_MAX;
  if (policy->owner_rule == OL_OWNER_OCCURRENCE && policy->max_count > 64) is_range = false;
  if (!is_range || policy->owner_rule > OL_OWNER_OCCURRENCE) {
    return corpus_fail_at(error, OL_ERR_ARGUMENT, "policy", OL_NOWHERE, OL_NOWHERE,
                          "its rule of owners, or its count, is out of range");
  }
  return OL_OK;
}

static ol_status prove(ol_error *error, ol_corpus_proof *proof) {
  CORPUS_TRY(prove_matches(error, proof));
  CORPUS_TRY(prove_spans(error, proof));
  CORPUS_TRY(prove_words(error, proof));
  CORPUS_TRY(prove_chunks(error, proof));
  CORPUS_TRY(prove_owners(error, proof));
  if (proof->leaves.count > OL_EVIDENCE_LEAVES || proof->chunks.count > OL_EVIDENCE_CHUNKS ||
      proof->documents.count > OL_EVIDENCE_DOCUMENTS) {
    return corpus_fail(error, OL_ERR_LIMIT, "evidence would open more than is allowed");
  }
  return prove_write(error, proof);
}

ol_status ol_corpus_prove(ol_error *error, ol_corpus_proof **out, const ol_corpus *corpus,
                          const ol_attribution_policy *policy, ol_slice response) {
  CORPUS_TRY(check_policy(error, policy));
  if (response.len > OL_EVIDENCE_RESPONSE) {
    return corpus_fail_at(error, OL_ERR_LIMIT, "response", OL_NOWHERE, OL_EVIDENCE_RESPONSE,
                          "the answer is longer than 65,536 bytes");
  }
  size_t end = response.len == 0 ? 0 : corpus_utf8_end(response.data, response.len);
  if (end < response.len) {
    return corpus_fail_at(error, OL_ERR_ENCODING, "response", OL_NOWHERE, end, "the answer is not UTF-8");
  }
  ol_corpus_proof *proof = calloc(1, sizeof *proof);
  if (proof == NULL) return no_memory(error);
  proof->corpus = corpus;
  proof->policy = *policy;
  proof->response = response;
  ol_status status = prove(error, proof);
  free(proof->matches);
  proof->matches = NULL;
  proof->response = (ol_slice){0};
  if (status != OL_OK) {
    ol_corpus_proof_free(proof);
    return status;
  }
  *out = proof;
  return OL_OK;
}

void ol_corpus_proof_free(ol_corpus_proof *proof) {
  if (proof == NULL) return;
  free(proof->matches);
  free(proof->bytes);
  prove_set_free(&proof->leaves);
  prove_set_free(&proof->chunks);
  prove_set_free(&proof->documents);
  free(proof);
}

int ol_corpus_proof_span(const ol_corpus_proof *proof, ol_attribution_span *out, uint32_t ordinal) {
  if (ordinal >= proof->spans_len) return 0;
  *out = proof->spans[ordinal].proven;
  return 1;
}

int ol_corpus_proof_document(const ol_corpus_proof *proof, ol_corpus_document *out, uint32_t ordinal) {
  if (ordinal >= proof->documents.count) return 0;
  corpus_document_read(proof->corpus, out, proof->documents.items[ordinal]);
  return 1;
}

int ol_corpus_proof_weight(const ol_corpus_proof *proof, ol_attribution_weight *out, uint32_t ordinal) {
  if (ordinal >= proof->weights_len) return 0;
  *out = proof->weights[ordinal];
  return 1;
}
