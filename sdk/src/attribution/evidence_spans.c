/* SPDX-License-Identifier: MIT */
#include "attribution/evidence.h"

#include "base/poison.h"

/* That words are absent, spans occur and are maximal, and that none is left out (sections 2.1 to 2.3). */

/* Returns: the ordinal of an opened chunk, or OL_NOWHERE. */
static uint32_t find_chunk(const ol_evidence *e, uint64_t index) {
  uint32_t low = 0, high = e->chunks_len;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (e->chunks[middle].index < index) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < e->chunks_len && e->chunks[low].index == index ? low : OL_NOWHERE;
}

static ol_suffix_side side_of(int order) {
  return order < 0 ? OL_SUFFIX_BELOW : OL_SUFFIX_ABOVE;
}

/* Goes on in T, from `position`. */
static ol_suffix_side compare_text(ol_evidence *e, uint64_t position, const uint8_t *word, uint32_t len) {
  while (len > 0) {
    if (position >= e->corpus.n) return OL_SUFFIX_BELOW;
    uint32_t ordinal = find_chunk(e, position / OL_TEXT_CHUNK);
    if (ordinal == OL_NOWHERE) return OL_SUFFIX_UNDECIDED;
    ol_evidence_chunk *chunk = &e->chunks[ordinal];
    chunk->is_read = true;
    uint32_t skip = (uint32_t)(position % OL_TEXT_CHUNK);
    uint32_t some = ol_text_chunk_len(e->corpus.n, chunk->index) - skip;
    if (some > len) some = len;
    int order = memcmp(e->bytes.data + chunk->at + skip, word, some);
    if (order != 0) return side_of(order);
    position += some;
    word += some;
    len -= some;
  }
  return OL_SUFFIX_BEGINS;
}

ol_suffix_side ol_evidence_compare(ol_evidence *e, uint32_t ordinal, uint32_t start, uint32_t end) {
  const ol_evidence_leaf *leaf = &e->leaves[ordinal];
  uint32_t len = end - start;
  const uint8_t *word = e->response.data + start;
  uint32_t prefix_len = ol_suffix_prefix_len(e->corpus.n, leaf->position);
  uint32_t common = len < prefix_len ? len : prefix_len;
  int order = memcmp(leaf->prefix, word, common);
  if (order != 0) return side_of(order);
  /* Where a prefix is short, the text has ended: that is what comes next, and it is below everything. */
  return compare_text(e, leaf->position + common, word + common, len - common);
}

/* Returns: whether there may be a leaf between the opened ones `above` - 1 and `above`. */
static bool is_gap(const ol_evidence *e, uint32_t above) {
  if (above == 0) return e->leaves[0].index != 0;
  if (above == e->leaves_len) return e->leaves[above - 1].index != e->corpus.n - 1;
  return e->leaves[above].index - e->leaves[above - 1].index != 1;
}

static ol_status check_neighbours(ol_evidence *e, ol_error *error) {
  for (uint32_t i = 0; i < e->words_len; i++) {
    if (is_gap(e, e->words[i].above))
      return ol_evidence_reject(e, error, OL_REASON_NOT_ADJACENT, "word", i,
                                "the leaves around it are not neighbours");
  }
  for (uint32_t i = 0; i < e->spans_len; i++) {
    ol_evidence_span_leaves *span = &e->spans[i];
    if (is_gap(e, span->first) || is_gap(e, span->last + 1))
      return ol_evidence_reject(e, error, OL_REASON_NOT_ADJACENT, "span", i,
                                "the leaves around it are not neighbours");
    span->proven.count = e->leaves[span->last].index - e->leaves[span->first].index + 1;
    /* Indices increase, so all are opened where there are as many. */
    if (ol_evidence_earns(e, span) && span->proven.count <= ol_evidence_opened_count(e) &&
        span->proven.count != span->last - span->first + 1)
      return ol_evidence_reject(e, error, OL_REASON_NOT_ADJACENT, "span", i,
                                "not all leaves of a span with few are opened");
  }
  return OL_OK;
}

static ol_status check_ordinals(ol_evidence *e, ol_error *error) {
  static const char text[] = "there is no such leaf";
  for (uint32_t i = 0; i < e->words_len; i++) {
    if (e->leaves_len == 0 || e->words[i].above > e->leaves_len)
      return ol_evidence_reject(e, error, OL_REASON_PROOF_SHAPE, "word", i, text);
  }
  for (uint32_t i = 0; i < e->spans_len; i++) {
    if (e->spans[i].last >= e->leaves_len)
      return ol_evidence_reject(e, error, OL_REASON_PROOF_SHAPE, "span", i, text);
  }
  return OL_OK;
}

static ol_status check_word(ol_evidence *e, ol_error *error, uint32_t i) {
  const ol_evidence_word *word = &e->words[i];
  if (word->end > e->response.len || word->start == word->end)
    return ol_evidence_reject(e, error, OL_REASON_SPAN_BOUNDS, "word", i,
                              "word is empty or outside the answer");
  if (i > 0 && (word->start <= e->words[i - 1].start || word->end <= e->words[i - 1].end))
    return ol_evidence_reject(e, error, OL_REASON_SPAN_BOUNDS, "word", i,
                              "starts or ends of words do not strictly increase");
  for (uint32_t above = 0; above < 2; above++) {
    if (above == 0 ? word->above == 0 : word->above == e->leaves_len) continue;
    ol_suffix_side side = ol_evidence_compare(e, word->above - 1 + above, word->start, word->end);
    if (side == OL_SUFFIX_UNDECIDED)
      return ol_evidence_reject(e, error, OL_REASON_UNDECIDED, "word", i, "the text that decides is missing");
    if (side == OL_SUFFIX_BEGINS)
      return ol_evidence_reject(e, error, OL_REASON_ORDER, "word", i, "the word occurs");
    if (side != (above == 0 ? OL_SUFFIX_BELOW : OL_SUFFIX_ABOVE))
      return ol_evidence_reject(e, error, OL_REASON_ORDER, "word", i, "a leaf is on the wrong side");
  }
  return OL_OK;
}

ol_status ol_evidence_check_words(ol_evidence *e, ol_error *error) {
  OL_TRY(check_ordinals(e, error));
  OL_TRY(check_neighbours(e, error));
  for (uint32_t i = 0; i < e->words_len; i++) OL_TRY(check_word(e, error, i));
  return OL_OK;
}

static ol_status check_bounds(ol_evidence *e, ol_error *error, uint32_t i) {
  const ol_attribution_span *span = &e->spans[i].proven;
  const char *text = NULL;
  if (span->end > e->response.len) {
    text = "span is outside the answer";
  } else if (span->end - span->start < e->policy.min_span) {
    text = "span is shorter than the policy's least length";
  } else if (i > 0) {
    const ol_attribution_span *before = &e->spans[i - 1].proven;
    if (span->start == before->start && span->end == before->end)
      return ol_evidence_reject(e, error, OL_REASON_SPAN_DUPLICATE, "span", i, "span is listed twice");
    if (span->start <= before->start || span->end <= before->end)
      text = "starts or ends of spans do not strictly increase";
  }
  if (text == NULL) return OL_OK;
  return ol_evidence_reject(e, error, OL_REASON_SPAN_BOUNDS, "span", i, text);
}

/* Checks one leaf of a span. In: whether it should begin with it, or on which side it should be; why it fails. */
static ol_status check_side(ol_evidence *e, ol_error *error, uint32_t i, uint32_t leaf,
                            ol_suffix_side expected, ol_attribution_reason reason, const char *text) {
  const ol_attribution_span *span = &e->spans[i].proven;
  ol_suffix_side side = ol_evidence_compare(e, leaf, span->start, span->end);
  if (side == OL_SUFFIX_UNDECIDED)
    return ol_evidence_reject(e, error, OL_REASON_UNDECIDED, "span", i, "the text that decides is missing");
  if (side != expected) return ol_evidence_reject(e, error, reason, "span", i, text);
  return OL_OK;
}

static ol_status check_span(ol_evidence *e, ol_error *error, uint32_t i) {
  const ol_evidence_span_leaves *span = &e->spans[i];
  OL_TRY(check_side(e, error, i, span->first, OL_SUFFIX_BEGINS, OL_REASON_SPAN_LOWER,
                    "the first leaf does not begin with the span"));
  if (span->first > 0)
    OL_TRY(check_side(e, error, i, span->first - 1, OL_SUFFIX_BELOW, OL_REASON_SPAN_LOWER,
                      "the leaf before the first is not below the span"));
  if (span->last != span->first)
    OL_TRY(check_side(e, error, i, span->last, OL_SUFFIX_BEGINS, OL_REASON_SPAN_UPPER,
                      "the last leaf does not begin with the span"));
  if (span->last + 1 < e->leaves_len)
    OL_TRY(check_side(e, error, i, span->last + 1, OL_SUFFIX_ABOVE, OL_REASON_SPAN_UPPER,
                      "the leaf behind the last is not above the span"));
  return OL_OK;
}

static void use_leaf(ol_evidence *e, uint32_t ordinal) {
  if (ordinal < e->leaves_len) e->is_used[ordinal] = 1;
}

/* Each opened leaf must be next to a word or to an end of a span, or be one of those that a span is counted by. */
static ol_status check_use(ol_evidence *e, ol_error *error) {
  memset(e->is_used, 0, e->leaves_len);
  for (uint32_t i = 0; i < e->words_len; i++) {
    use_leaf(e, e->words[i].above - 1); /* of 0 it is out of range */
    use_leaf(e, e->words[i].above);
  }
  for (uint32_t i = 0; i < e->spans_len; i++) {
    const ol_evidence_span_leaves *span = &e->spans[i];
    use_leaf(e, span->first - 1);
    use_leaf(e, span->first);
    use_leaf(e, span->last);
    use_leaf(e, span->last + 1);
    if (!ol_evidence_earns(e, span) || span->proven.count > ol_evidence_opened_count(e)) continue;
    for (uint32_t leaf = span->first; leaf < span->last; leaf++) use_leaf(e, leaf);
  }
  for (uint32_t i = 0; i < e->leaves_len; i++) {
    if (!e->is_used[i])
      return ol_evidence_reject(e, error, OL_REASON_PROOF_SHAPE, "leaf", i, "a leaf that nothing needs");
  }
  return OL_OK;
}

ol_status ol_evidence_check_spans(ol_evidence *e, ol_error *error) {
  for (uint32_t i = 0; i < e->spans_len; i++) OL_TRY(check_bounds(e, error, i));
  for (uint32_t i = 0; i < e->spans_len; i++) OL_TRY(check_span(e, error, i));
  for (uint32_t i = 0; i < e->chunks_len; i++) {
    if (!e->chunks[i].is_read)
      return ol_evidence_reject(e, error, OL_REASON_PROOF_SHAPE, "chunk", i, "text that nothing reads");
  }
  return check_use(e, error);
}

/*
 * Returns: whether an absent word lies inside [start, end): of those that start there, the first ends first. In and
 * out: where to look from, as `start` does not decrease from call to call.
 */
static bool has_word(const ol_evidence *e, uint32_t *from, uint32_t start, uint32_t end) {
  while (*from < e->words_len && e->words[*from].start < start) (*from)++;
  return *from < e->words_len && e->words[*from].end <= end;
}

static ol_status check_maximal(ol_evidence *e, ol_error *error) {
  uint32_t from = 0;
  for (uint32_t i = 0; i < e->spans_len; i++) {
    const ol_attribution_span *span = &e->spans[i].proven;
    if (span->start > 0 && !has_word(e, &from, span->start - 1, span->end))
      return ol_evidence_reject(e, error, OL_REASON_NOT_LEFT_MAXIMAL, "span", i,
                                "nothing shows that it does not go on to the left");
  }
  from = 0;
  for (uint32_t i = 0; i < e->spans_len; i++) {
    const ol_attribution_span *span = &e->spans[i].proven;
    if (span->end < e->response.len && !has_word(e, &from, span->start, span->end + 1))
      return ol_evidence_reject(e, error, OL_REASON_NOT_RIGHT_MAXIMAL, "span", i,
                                "nothing shows that it does not go on to the right");
  }
  return OL_OK;
}

ol_status ol_evidence_check_complete(ol_evidence *e, ol_error *error) {
  OL_TRY(check_maximal(e, error));
  uint32_t len = e->policy.min_span;
  uint32_t from = 0, next = 0;
  /* Of the spans that start up to a window, the last reaches furthest. */
  for (uint32_t start = 0; start + len <= e->response.len; start++) {
    while (next < e->spans_len && e->spans[next].proven.start <= start) next++;
    if (next > 0 && e->spans[next - 1].proven.end >= start + len) continue;
    if (!has_word(e, &from, start, start + len)) {
      e->reason = OL_REASON_INCOMPLETE;
      return ol_error_in(error, ol_fail(error, OL_ERR_PROOF, start, "a span may be left out in this window"),
                         "response", OL_NOWHERE);
    }
  }
  from = 0;
  for (uint32_t i = 1; i < e->spans_len; i++) {
    const ol_attribution_span *a = &e->spans[i - 1].proven, *b = &e->spans[i].proven;
    if (b->start + len > a->end + 1) continue;
    if (!has_word(e, &from, b->start - 1, a->end + 1))
      return ol_evidence_reject(e, error, OL_REASON_INCOMPLETE, "span", i,
                                "a span may be left out between this and the one before");
  }
  return OL_OK;
}
