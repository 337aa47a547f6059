/* SPDX-License-Identifier: MIT */
#include "attribution/evidence.h"

#include "base/poison.h"

/* Reading evidence (docs/attribution.md, section 6): every form has one way to be written. */

static ol_status malformed(ol_evidence *e, ol_error *error, const char *text) {
  e->reason = OL_REASON_FORMAT;
  return ol_fail(error, OL_ERR_ENCODING, e->at, text);
}

static const char cut[] = "evidence is cut";

static size_t left(const ol_evidence *e) {
  return e->bytes.len - e->at;
}

/* Takes `len` bytes that are there. */
static const uint8_t *take(ol_evidence *e, size_t len) {
  const uint8_t *bytes = e->bytes.data + e->at;
  e->at += len;
  return bytes;
}

static ol_status take_slice(ol_evidence *e, ol_error *error, ol_slice *out, size_t len) {
  if (left(e) < len) return malformed(e, error, cut);
  *out = ol_slice_of(take(e, len), len);
  return OL_OK;
}

/* Takes a number: LEB128 in its shortest form, so of nine bytes at most, which are 63 bits. */
static ol_status take_number(ol_evidence *e, ol_error *error, uint64_t *out) {
  uint64_t value = 0;
  for (uint32_t shift = 0; shift < 63; shift += 7) {
    if (left(e) == 0) return malformed(e, error, cut);
    uint8_t byte = e->bytes.data[e->at];
    if (byte == 0 && shift > 0) return malformed(e, error, "number is not in its shortest form");
    e->at++;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) {
      *out = value;
      return OL_OK;
    }
  }
  return malformed(e, error, "number has more than 63 bits");
}

static ol_status take_count(ol_evidence *e, ol_error *error, uint32_t *out, uint32_t max) {
  uint64_t count = 0;
  OL_TRY(take_number(e, error, &count));
  if (count > max) {
    e->reason = OL_REASON_FORMAT;
    return ol_fail(error, OL_ERR_LIMIT, e->at, "there are more than are allowed");
  }
  *out = (uint32_t)count;
  return OL_OK;
}

/* Takes `uv count` and so many items of `size` bytes. */
static ol_status take_items(ol_evidence *e, ol_error *error, ol_slice *out, size_t size) {
  uint64_t count = 0;
  OL_TRY(take_number(e, error, &count));
  if (count > left(e) / size) return malformed(e, error, cut);
  return take_slice(e, error, out, (size_t)count * size);
}

/* Takes the index of the next item of a tree. In: that of the one before, if there is one. */
static ol_status take_index(ol_evidence *e, ol_error *error, uint64_t *out, const uint64_t *before,
                            uint64_t leaves) {
  uint64_t difference = 0;
  OL_TRY(take_number(e, error, &difference));
  if (before != NULL && difference == 0) return malformed(e, error, "an index is there twice");
  /* Both are below 2^63. */
  uint64_t index = difference + (before == NULL ? 0 : *before);
  if (index >= leaves) {
    e->reason = OL_REASON_INDEX_RANGE;
    return ol_fail(error, OL_ERR_PROOF, e->at, "the index is behind the last leaf");
  }
  *out = index;
  return OL_OK;
}

/* Sums what is checked later, when it is known what is in range: the largest number never is. */
static uint32_t sum_of(uint32_t before, uint64_t difference) {
  uint64_t sum = before + difference;
  return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

static ol_status read_span(ol_evidence *e, ol_error *error, uint32_t i) {
  uint64_t start = 0, len = 0, first = 0, more = 0;
  OL_TRY(take_number(e, error, &start));
  OL_TRY(take_number(e, error, &len));
  OL_TRY(take_number(e, error, &first));
  OL_TRY(take_number(e, error, &more));
  ol_evidence_span_leaves *span = &e->spans[i];
  *span = (ol_evidence_span_leaves){.range = OL_NOWHERE};
  span->proven.start = sum_of(i == 0 ? 0 : e->spans[i - 1].proven.start, start);
  span->proven.end = sum_of(span->proven.start, len);
  span->proven.position = UINT64_MAX;
  span->proven.document = OL_SPAN_WITHOUT_OWNER;
  span->first = sum_of(0, first);
  span->last = sum_of(span->first, more);
  return OL_OK;
}

static ol_status read_word(ol_evidence *e, ol_error *error, uint32_t i) {
  uint64_t start = 0, len = 0, above = 0;
  OL_TRY(take_number(e, error, &start));
  OL_TRY(take_number(e, error, &len));
  OL_TRY(take_number(e, error, &above));
  ol_evidence_word *word = &e->words[i];
  word->start = sum_of(i == 0 ? 0 : e->words[i - 1].start, start);
  word->end = sum_of(word->start, len);
  word->above = sum_of(0, above);
  return OL_OK;
}

/* Returns: bytes that a number up to n takes. */
static uint32_t width_of(uint64_t n) {
  uint32_t width = 1;
  while (n >> (8 * width) != 0) width++;
  return width;
}

static uint64_t load_be(const uint8_t *bytes, uint32_t width) {
  uint64_t value = 0;
  for (uint32_t i = 0; i < width; i++) value = value << 8 | bytes[i];
  return value;
}

static ol_status read_leaf(ol_evidence *e, ol_error *error, uint32_t i, uint32_t width) {
  static const ol_evidence_leaf none;
  const ol_evidence_leaf *before = i == 0 ? &none : &e->leaves[i - 1];
  ol_evidence_leaf *leaf = &e->leaves[i];
  uint64_t n = e->corpus.n;
  OL_TRY(take_index(e, error, &leaf->index, i == 0 ? NULL : &before->index, n));
  if (left(e) < 2 * width + 1) return malformed(e, error, cut);
  leaf->position = load_be(e->bytes.data + e->at, width);
  if (leaf->position >= n) return malformed(e, error, "a suffix begins behind the text");
  e->at += width;
  leaf->next = load_be(e->bytes.data + e->at, width);
  if (leaf->next > n) return malformed(e, error, "a successor has a rank behind the last");
  if (leaf->next == n) leaf->next = OL_SUFFIX_END;
  e->at += width;
  uint32_t len = ol_suffix_prefix_len(n, leaf->position);
  uint32_t before_len = i == 0 ? 0 : ol_suffix_prefix_len(n, before->position);
  uint32_t common_max = len < before_len ? len : before_len;
  uint32_t common = e->bytes.data[e->at];
  if (common > common_max) return malformed(e, error, "more is shared than there is");
  if (left(e) - 1 < len - common) return malformed(e, error, cut);
  const uint8_t *rest = e->bytes.data + e->at + 1;
  if (common < common_max && before->prefix[common] == rest[0])
    return malformed(e, error, "less is shared than could be");
  e->at += 1 + len - common;
  memcpy(leaf->prefix, before->prefix, common);
  memcpy(leaf->prefix + common, rest, len - common);
  return OL_OK;
}

static ol_status read_chunk(ol_evidence *e, ol_error *error, uint32_t i) {
  ol_evidence_chunk *chunk = &e->chunks[i];
  chunk->is_read = false;
  OL_TRY(take_index(e, error, &chunk->index, i == 0 ? NULL : &e->chunks[i - 1].index,
                    ol_text_chunks(e->corpus.n)));
  chunk->at = (uint32_t)e->at;
  ol_slice bytes;
  return take_slice(e, error, &bytes, ol_text_chunk_len(e->corpus.n, chunk->index));
}

static ol_status read_document(ol_evidence *e, ol_error *error, uint32_t i) {
  ol_evidence_document_leaf *document = &e->documents[i];
  OL_TRY(take_index(e, error, &document->index, i == 0 ? NULL : &e->documents[i - 1].index,
                    e->corpus.documents));
  document->at = (uint32_t)e->at;
  document->weight = 0;
  document->is_owner = false;
  ol_slice bytes;
  OL_TRY(take_slice(e, error, &bytes, OL_DOCUMENT_BYTES));
  document->start = ol_load_be64(bytes.data + 28);
  document->length = ol_load_be64(bytes.data + 36);
  return OL_OK;
}

static ol_status read_opened(ol_evidence *e, ol_error *error) {
  OL_TRY(ol_error_in(error, take_count(e, error, &e->leaves_len, OL_EVIDENCE_LEAVES), "leaves", OL_NOWHERE));
  uint32_t width = width_of(e->corpus.n);
  for (uint32_t i = 0; i < e->leaves_len; i++)
    OL_TRY(ol_error_in(error, read_leaf(e, error, i, width), "leaf", i));
  OL_TRY(ol_error_in(error, take_items(e, error, &e->leaf_siblings, sizeof(ol_hash)), "leaves", OL_NOWHERE));

  OL_TRY(ol_error_in(error, take_count(e, error, &e->chunks_len, OL_EVIDENCE_CHUNKS), "text", OL_NOWHERE));
  for (uint32_t i = 0; i < e->chunks_len; i++)
    OL_TRY(ol_error_in(error, read_chunk(e, error, i), "chunk", i));
  OL_TRY(ol_error_in(error, take_items(e, error, &e->chunk_siblings, sizeof(ol_hash)), "text", OL_NOWHERE));

  OL_TRY(ol_error_in(error, take_count(e, error, &e->documents_len, OL_EVIDENCE_DOCUMENTS), "documents",
                     OL_NOWHERE));
  for (uint32_t i = 0; i < e->documents_len; i++)
    OL_TRY(ol_error_in(error, read_document(e, error, i), "document", i));
  OL_TRY(ol_error_in(error, take_items(e, error, &e->document_siblings, sizeof(ol_hash)), "documents",
                     OL_NOWHERE));
  return ol_error_in(error, take_items(e, error, &e->first_nodes, 8 + sizeof(ol_hash)), "first", OL_NOWHERE);
}

static ol_status read_spans(ol_evidence *e, ol_error *error) {
  ol_slice header = {0};
  OL_TRY(ol_error_in(error, take_slice(e, error, &header, OL_CORPUS_HEADER_BYTES), "header", OL_NOWHERE));
  e->reason = OL_REASON_FORMAT;
  OL_TRY(ol_corpus_header_read(error, &e->corpus, header.data));
  e->reason = OL_REASON_NONE;
  OL_TRY(ol_error_in(error, take_count(e, error, &e->spans_len, OL_EVIDENCE_SPANS), "spans", OL_NOWHERE));
  for (uint32_t i = 0; i < e->spans_len; i++) OL_TRY(ol_error_in(error, read_span(e, error, i), "span", i));
  OL_TRY(ol_error_in(error, take_count(e, error, &e->words_len, OL_EVIDENCE_WORDS), "words", OL_NOWHERE));
  for (uint32_t i = 0; i < e->words_len; i++) OL_TRY(ol_error_in(error, read_word(e, error, i), "word", i));
  return read_opened(e, error);
}

static ol_status read_influence(ol_evidence *e, ol_error *error) {
  OL_TRY(take_slice(e, error, &e->gradient_header, OL_GRADIENT_HEADER_BYTES));
  uint32_t dimensions = (uint32_t)e->gradient_header.data[64] << 8 | e->gradient_header.data[65];
  if (dimensions == 0 || dimensions > 4096) return malformed(e, error, "d is not from 1 to 4,096");
  return take_slice(e, error, &e->vector, 2 * dimensions);
}

static ol_status read_split(ol_evidence *e, ol_error *error) {
  uint32_t rows = 0;
  OL_TRY(take_count(e, error, &rows, OL_SPLIT_ROWS));
  return take_slice(e, error, &e->split, rows * OL_SPLIT_ROW_BYTES);
}

/* Magic, version and flags: both parts must be there that the policy asks for, and no other. */
static ol_status read_front(ol_evidence *e, ol_error *error) {
  static const uint8_t magic[4] = {'A', 'T', 'R', 'E'};
  if (e->bytes.len > OL_EVIDENCE_BYTES) {
    e->reason = OL_REASON_FORMAT;
    return ol_fail(error, OL_ERR_LIMIT, OL_EVIDENCE_BYTES, "evidence is longer than 256 KiB");
  }
  if (left(e) < 6) return malformed(e, error, cut);
  if (memcmp(e->bytes.data, magic, sizeof magic) != 0) return malformed(e, error, "this is no evidence");
  e->at = 4;
  if (e->bytes.data[4] != 1) {
    e->reason = OL_REASON_VERSION;
    return ol_fail(error, OL_ERR_ENCODING, e->at, "unknown version of evidence");
  }
  e->at = 5;
  e->flags = e->bytes.data[5];
  uint32_t expected = (e->policy.influence_bps < 10000 ? OL_EVIDENCE_HAS_SPANS : 0u) |
                      (e->policy.influence_bps > 0 ? OL_EVIDENCE_HAS_INFLUENCE : 0u);
  if (e->flags != expected) {
    e->reason = OL_REASON_FLAGS;
    return ol_fail(error, OL_ERR_ENCODING, e->at, "evidence has other parts than the policy asks for");
  }
  e->at = 6;
  return OL_OK;
}

ol_status ol_evidence_read(ol_evidence *evidence, ol_error *error) {
  OL_TRY(ol_error_in(error, read_front(evidence, error), "evidence", OL_NOWHERE));
  if ((evidence->flags & OL_EVIDENCE_HAS_SPANS) != 0) OL_TRY(read_spans(evidence, error));
  if ((evidence->flags & OL_EVIDENCE_HAS_INFLUENCE) != 0)
    OL_TRY(ol_error_in(error, read_influence(evidence, error), "influence", OL_NOWHERE));
  OL_TRY(ol_error_in(error, read_split(evidence, error), "split", OL_NOWHERE));
  if (left(evidence) != 0)
    return ol_error_in(error, malformed(evidence, error, "evidence goes on behind its end"), "evidence",
                       OL_NOWHERE);
  return OL_OK;
}
