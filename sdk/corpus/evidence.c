/* SPDX-License-Identifier: MIT */

/* Writing evidence (section 6). */

#include "prove.h"

#include <stdlib.h>

/* What is written, cut at the largest evidence: `len` goes on counting. */
typedef struct sink {
  uint8_t *bytes;
  size_t len;
} sink;

static void put(sink *out, const uint8_t *bytes, size_t len) {
  if (out->len + len <= OL_EVIDENCE_BYTES) memcpy(out->bytes + out->len, bytes, len);
  out->len += len;
}

static void put_number(sink *out, uint64_t value) {
  uint8_t bytes[10];
  size_t len = 0;
  do {
    bytes[len++] = (uint8_t)((value & 0x7F) | (value > 0x7F ? 0x80u : 0u));
    value >>= 7;
  } while (value != 0);
  put(out, bytes, len);
}

static void put_be(sink *out, uint64_t value, size_t len) {
  uint8_t bytes[8];
  corpus_put_be(bytes, value, len);
  put(out, bytes, len);
}

/* --- Siblings: `uv count`, then the nodes in the order of the walk (section 1.2) --- */

typedef struct walk {
  const ol_corpus *corpus;
  uint32_t tree;
  uint64_t leaves;
  const uint64_t *marks; /* opened leaves; or where ranges begin and end */
  size_t marks_len;
  bool is_range;
  sink *out; /* NULL while nodes are counted */
  uint64_t count;
  size_t depth; /* of subtrees that are still to come: one for each level, and the one that is next */
  uint32_t levels[CORPUS_DEPTH + 1];
  uint64_t indices[CORPUS_DEPTH + 1];
} walk;

static size_t marks_below(const walk *state, uint64_t bound) {
  const prove_set marks = {.items = (uint64_t *)(uintptr_t)state->marks, .count = state->marks_len};
  return prove_set_below(&marks, bound);
}

/* Whether a subtree is divided: an opened leaf is in it, or a range begins or ends strictly inside. */
static bool is_marked(const walk *state, uint64_t first, uint64_t end) {
  return marks_below(state, first + state->is_range) < marks_below(state, end);
}

static void take_node(walk *state, uint32_t level, uint64_t index) {
  state->count++;
  if (state->out == NULL) return;
  corpus_node node;
  uint8_t bytes[40];
  corpus_node_at(state->corpus, &node, state->tree, level, index);
  put(state->out, bytes, corpus_put_node(bytes, state->tree, &node));
}

static void later(walk *state, uint32_t level, uint64_t index) {
  state->levels[state->depth] = level;
  state->indices[state->depth++] = index;
}

static void visit(walk *state, uint32_t level, uint64_t index) {
  uint64_t first = index << level;
  uint64_t end = (index + 1) << level;
  if (end > state->leaves) end = state->leaves;
  if (!is_marked(state, first, end)) {
    take_node(state, level, index);
    return;
  }
  if (level == 0) return;
  uint64_t right = 2 * index + 1;
  if (right < corpus_level_count(state->leaves, level - 1)) later(state, level - 1, right);
  later(state, level - 1, 2 * index);
}

static void descend(walk *state) {
  later(state, corpus_top(state->leaves), 0);
  while (state->depth > 0) {
    state->depth--;
    visit(state, state->levels[state->depth], state->indices[state->depth]);
  }
}

static void put_siblings(sink *out, walk *state) {
  state->out = NULL;
  state->count = 0;
  descend(state);
  put_number(out, state->count);
  state->out = out;
  descend(state);
}

static void put_opened(sink *out, const ol_corpus_proof *proof, uint32_t tree, const prove_set *set) {
  walk state = {.corpus = proof->corpus,
                .tree = tree,
                .leaves = corpus_leaves(&proof->corpus->at, tree),
                .marks = set->items,
                .marks_len = set->count};
  put_siblings(out, &state);
}

/* --- Parts --- */

static void put_spans(sink *out, const ol_corpus_proof *proof) {
  put_number(out, proof->spans_len);
  uint32_t before = 0;
  for (uint32_t i = 0; i < proof->spans_len; i++) {
    const prove_span *span = &proof->spans[i];
    size_t first = prove_set_below(&proof->leaves, span->lo);
    size_t last = prove_set_below(&proof->leaves, span->hi - 1);
    put_number(out, span->proven.start - before);
    put_number(out, span->proven.end - span->proven.start);
    put_number(out, first);
    put_number(out, last - first);
    before = span->proven.start;
  }
}

static void put_words(sink *out, const ol_corpus_proof *proof) {
  put_number(out, proof->words_len);
  uint32_t before = 0;
  for (uint32_t i = 0; i < proof->words_len; i++) {
    const prove_word *word = &proof->words[i];
    put_number(out, word->start - before);
    put_number(out, word->end - word->start);
    put_number(out, prove_set_below(&proof->leaves, word->above));
    before = word->start;
  }
}

static size_t width_of(uint64_t n) {
  return (size_t)(64 - __builtin_clzll(n) + 7) / 8;
}

static void put_leaves(sink *out, const ol_corpus_proof *proof) {
  const ol_corpus *corpus = proof->corpus;
  uint64_t n = corpus->at.n;
  size_t width = width_of(n);
  put_number(out, proof->leaves.count);
  uint64_t before = 0;
  ol_slice prefix_before = {0};
  for (size_t i = 0; i < proof->leaves.count; i++) {
    uint64_t rank = proof->leaves.items[i];
    uint64_t position = corpus_sa(corpus, rank);
    uint64_t psi = corpus_psi(corpus, rank);
    ol_slice prefix = {.data = corpus_t(corpus) + position, .len = CORPUS_PREFIX};
    if (n - position < CORPUS_PREFIX) prefix.len = (size_t)(n - position);
    size_t shared = 0;
    while (shared < prefix.len && shared < prefix_before.len &&
           prefix.data[shared] == prefix_before.data[shared]) {
      shared++;
    }
    put_number(out, rank - before);
    put_be(out, position, width);
    put_be(out, psi == CORPUS_END ? n : psi, width);
    put_be(out, shared, 1);
    put(out, prefix.data + shared, prefix.len - shared);
    before = rank;
    prefix_before = prefix;
  }
  put_opened(out, proof, OL_CORPUS_SUFFIXES, &proof->leaves);
}

static void put_payloads(sink *out, const ol_corpus_proof *proof, uint32_t tree, const prove_set *set) {
  put_number(out, set->count);
  uint64_t before = 0;
  for (size_t i = 0; i < set->count; i++) {
    uint8_t payload[CORPUS_PAYLOAD];
    size_t len = corpus_payload(proof->corpus, payload, tree, set->items[i]);
    put_number(out, set->items[i] - before);
    put(out, payload, len);
    before = set->items[i];
  }
  put_opened(out, proof, tree, set);
}

/* Minima are proven of spans that earn and of which not all leaves are opened. */
static bool put_minima(sink *out, const ol_corpus_proof *proof) {
  prove_set bounds = {0};
  bool fits = true;
  for (uint32_t i = 0; i < proof->spans_len && fits; i++) {
    const prove_span *span = &proof->spans[i];
    if (!prove_earns(proof, span) || span->proven.count <= prove_opened(proof)) continue;
    fits = prove_set_add(&bounds, span->lo) && prove_set_add(&bounds, span->hi);
  }
  if (fits && bounds.count == 0) {
    put_number(out, 0);
  } else if (fits) {
    walk state = {.corpus = proof->corpus,
                  .tree = OL_CORPUS_FIRST,
                  .leaves = proof->corpus->at.n,
                  .marks = bounds.items,
                  .marks_len = bounds.count,
                  .is_range = true};
    put_siblings(out, &state);
  }
  prove_set_free(&bounds);
  return fits;
}

ol_status prove_write(ol_error *error, ol_corpus_proof *proof) {
  proof->bytes = malloc(OL_EVIDENCE_BYTES);
  if (proof->bytes == NULL) return corpus_fail(error, OL_ERR_MEMORY, "there is no memory for evidence");
  sink out = {.bytes = proof->bytes};
  uint8_t header[OL_CORPUS_HEADER_BYTES];
  corpus_header_put(header, &proof->corpus->header);
  put(&out, header, sizeof header);
  put_spans(&out, proof);
  put_words(&out, proof);
  put_leaves(&out, proof);
  put_payloads(&out, proof, OL_CORPUS_TEXT, &proof->chunks);
  put_payloads(&out, proof, OL_CORPUS_DOCUMENTS, &proof->documents);
  if (!put_minima(&out, proof)) return corpus_fail(error, OL_ERR_MEMORY, "there is no memory for evidence");
  if (out.len > OL_EVIDENCE_BYTES) {
    return corpus_fail(error, OL_ERR_LIMIT, "evidence would be longer than 256 KiB");
  }
  proof->len = out.len;
  return OL_OK;
}

/* --- The file --- */

#define GRADIENT_HEADER 106
#define SPLIT_ROW 60

static ol_status check_parts(ol_error *error, ol_slice gradient_header, ol_slice vector, ol_slice rows) {
  if (gradient_header.len != 0 && gradient_header.len != GRADIENT_HEADER) {
    return corpus_fail(error, OL_ERR_ARGUMENT, "a gradient header has 106 bytes");
  }
  size_t d = gradient_header.len == 0 ? 0 : (size_t)corpus_get_be(gradient_header.data + 64, 2);
  if (vector.len != 2 * d)
    return corpus_fail(error, OL_ERR_ARGUMENT, "the vector has not as many numbers as d says");
  if (rows.len % SPLIT_ROW != 0) return corpus_fail(error, OL_ERR_ARGUMENT, "a row of a split has 60 bytes");
  if (rows.len / SPLIT_ROW > OL_SPLIT_ROWS)
    return corpus_fail(error, OL_ERR_LIMIT, "a split has at most 1,024 rows");
  return OL_OK;
}

ol_status ol_corpus_evidence_write(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                   const ol_corpus_proof *proof, ol_slice gradient_header, ol_slice vector,
                                   ol_slice rows) {
  CORPUS_TRY(check_parts(error, gradient_header, vector, rows));
  uint8_t count[3];
  sink count_sink = {.bytes = count};
  put_number(&count_sink, rows.len / SPLIT_ROW);
  size_t total =
      6 + (proof == NULL ? 0 : proof->len) + gradient_header.len + vector.len + count_sink.len + rows.len;
  if (total > OL_EVIDENCE_BYTES)
    return corpus_fail(error, OL_ERR_LIMIT, "evidence would be longer than 256 KiB");
  if (total > len) return corpus_fail(error, OL_ERR_MEMORY, "there is not room enough for evidence");
  uint8_t flags = (uint8_t)((proof == NULL ? 0u : 1u) | (gradient_header.len == 0 ? 0u : 2u));
  const uint8_t front[6] = {'A', 'T', 'R', 'E', 1, flags};
  sink file = {.bytes = out};
  put(&file, front, sizeof front);
  if (proof != NULL) put(&file, proof->bytes, proof->len);
  if (gradient_header.len > 0) put(&file, gradient_header.data, gradient_header.len);
  if (vector.len > 0) put(&file, vector.data, vector.len);
  put(&file, count, count_sink.len);
  if (rows.len > 0) put(&file, rows.data, rows.len);
  *out_len = file.len;
  return OL_OK;
}
