/* SPDX-License-Identifier: MIT */

/*
 * Small corpora and answers, of which everything can be known by looking everywhere: what the builder, the prover and the
 * verifier say is compared with that.  usage: truth DIRECTORY SEED COUNT
 */

#include "openledger/corpus.h"

#include "attribution/tree.h"

#include <stdio.h>
#include <stdlib.h>

#define MOST_TEXT 1200
#define MOST_ANSWER 400
#define MOST_DOCUMENTS 6

/* --- Chance --- */

static uint64_t state;

static uint64_t chance(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state * UINT64_C(0x9E3779B97F4A7C15) >> 20;
}

/* Returns: a number from 0 up to before `below`. */
static uint32_t pick(uint32_t below) {
  return (uint32_t)(chance() % below);
}

/* --- What is known --- */

typedef struct known_span {
  uint32_t start;
  uint32_t end;
  uint64_t count;
  uint32_t rarity;
  uint32_t credited;
  uint64_t weight;
} known_span;

typedef struct world {
  uint8_t text[MOST_TEXT];
  uint32_t n;
  uint32_t documents;
  uint32_t starts[MOST_DOCUMENTS];
  uint32_t lengths[MOST_DOCUMENTS];
  uint8_t contributors[MOST_DOCUMENTS];
  uint64_t datanets[MOST_DOCUMENTS];
  uint32_t sa[MOST_TEXT];
  uint8_t answer[MOST_ANSWER];
  uint32_t len;
  ol_attribution_policy policy;
  known_span spans[MOST_ANSWER];
  uint32_t spans_len;
  ol_attribution_weight weights[MOST_DOCUMENTS];
  uint32_t weights_len;
} world;

/* What a campaign must have met, or it shows little. */
static struct { unsigned spans, overlapping, between, minima, chunks, copies, silent, shared; } met;

static world it;

static void stop(const char *what) {
  printf("truth: %s\n  n %u, K %u, rule %u, maxCount %u\n  text   ", what, it.n, it.policy.min_span,
         it.policy.owner_rule, it.policy.max_count);
  for (uint32_t i = 0; i < it.n; i++) putchar(it.text[i] == 0xFF ? '|' : it.text[i]);
  printf("\n  answer %.*s\n", (int)it.len, it.answer);
  exit(1);
}

static void check(bool holds, const char *what) {
  if (!holds) stop(what);
}

static void check_ok(ol_status status, const ol_error *error, const char *what) {
  if (status == OL_OK) return;
  char text[300];
  (void)ol_error_text(error, text, sizeof text);
  printf("truth: %s\n", text);
  stop(what);
}

/* --- Making --- */

/* Appends letters, or a copy of what is there, so that much is repeated. */
static void grow_document(uint32_t room, uint32_t letters, uint32_t longest) {
  uint32_t end = it.n + pick(room);
  while (it.n < end) {
    uint32_t left = end - it.n;
    uint32_t len = 1 + pick(longest);
    if (len > left) len = left;
    uint32_t from = it.n == 0 ? 0 : pick(it.n);
    bool copies = it.n > 8 && pick(3) != 0;
    for (uint32_t i = 0; i < len; i++) {
      uint8_t byte = copies ? it.text[from + i] : (uint8_t)('a' + pick(letters));
      it.text[it.n++] = byte == 0xFF ? 'a' : byte;
    }
  }
}

static void make_text(void) {
  bool is_long = pick(12) == 0;
  uint32_t letters = 1 + pick(3);
  it.n = 0;
  it.documents = 2 + pick(3);
  for (uint32_t i = 0; i < it.documents; i++) {
    it.starts[i] = it.n;
    grow_document(is_long ? 290 : 20, letters, is_long ? 150 : 12);
    it.lengths[i] = it.n - it.starts[i];
    it.text[it.n++] = 0xFF;
    it.contributors[i] = (uint8_t)pick(3);
    it.datanets[i] = pick(2);
  }
}

static void make_answer(void) {
  bool is_long = it.n > 200;
  uint32_t end = pick(is_long ? MOST_ANSWER : 60);
  it.len = 0;
  while (it.len < end) {
    uint32_t from = pick(it.n);
    uint32_t len = 1 + pick(is_long ? 200 : 24);
    for (uint32_t i = 0; i < len && it.len < end && from + i < it.n && it.text[from + i] != 0xFF; i++) {
      it.answer[it.len++] = it.text[from + i];
    }
    if (it.len < end && pick(3) == 0) it.answer[it.len++] = (uint8_t)('a' + pick(4));
  }
}

static void make_policy(void) {
  static const uint32_t counts[] = {1, 2, 3, 5, 20, 64};
  it.policy = (ol_attribution_policy){
      .owner_rule = pick(2), .min_span = 8 + pick(3) * pick(3), .contributors_bps = 10000};
  it.policy.max_count = counts[pick(6)];
  if (it.policy.owner_rule == OL_OWNER_EARLIEST && pick(2) == 0) it.policy.max_count = 100000;
}

/* --- Looking everywhere --- */

static bool is_at(uint32_t position, uint32_t start, uint32_t end) {
  return position + (end - start) <= it.n && memcmp(it.text + position, it.answer + start, end - start) == 0;
}

static uint64_t count_of(uint32_t start, uint32_t end) {
  uint64_t count = 0;
  for (uint32_t i = 0; i < it.n; i++) count += is_at(i, start, end);
  return count;
}

/* log2 with 8 fractional bits, by the largest power of two whose 256th root is not above: 2^(e + f/256) <= x. */
static uint32_t log_of(uint64_t x) {
  uint32_t e = 63u - (uint32_t)__builtin_clzll(x);
  /* 2^(f/256) <= x/2^e: by squaring x/2^e eight times in long double, exact enough for x below 2^11. */
  long double ratio = (long double)x / (long double)(UINT64_C(1) << e);
  ratio = (long double)((uint64_t)(ratio * 256)) / 256; /* 8 bits behind the leading one */
  uint32_t f = 0;
  for (int i = 0; i < 8; i++) {
    ratio *= ratio;
    f = 2 * f + (ratio >= 2);
    if (ratio >= 2) ratio /= 2;
  }
  return 256 * e + f;
}

static void find_spans(void) {
  it.spans_len = 0;
  for (uint32_t start = 0; start < it.len; start++) {
    for (uint32_t end = start + it.policy.min_span; end <= it.len; end++) {
      uint64_t count = count_of(start, end);
      if (count == 0) break;
      if (start > 0 && count_of(start - 1, end) > 0) continue;
      if (end < it.len && count_of(start, end + 1) > 0) continue;
      it.spans[it.spans_len++] = (known_span){.start = start, .end = end, .count = count};
    }
  }
  for (uint32_t i = 0; i < it.spans_len; i++) it.spans[i].rarity = log_of(it.n) - log_of(it.spans[i].count);
  for (uint32_t at = 0; at < it.len; at++) {
    known_span *best = NULL;
    for (uint32_t i = 0; i < it.spans_len; i++) {
      known_span *span = &it.spans[i];
      if (span->start > at || span->end <= at || span->count > it.policy.max_count) continue;
      if (best == NULL || span->rarity > best->rarity) best = span;
    }
    if (best != NULL) best->credited++;
  }
}

static void credit(uint32_t position, uint64_t weight) {
  uint32_t document = 0;
  while (position >= it.starts[document] + it.lengths[document]) document++;
  uint32_t at = 0;
  ol_attribution_weight row = {.datanet = it.datanets[document], .weight = weight};
  row.contributor.bytes[19] = it.contributors[document];
  for (; at < it.weights_len; at++) {
    ol_attribution_weight *other = &it.weights[at];
    int order = memcmp(other->contributor.bytes, row.contributor.bytes, 20);
    if (order == 0) order = other->datanet < row.datanet ? -1 : other->datanet > row.datanet;
    if (order == 0) other->weight += weight;
    if (order == 0) return;
    if (order > 0) break;
  }
  if (weight == 0) return;
  memmove(it.weights + at + 1, it.weights + at, (it.weights_len - at) * sizeof row);
  it.weights[at] = row;
  it.weights_len++;
}

static void find_weights(void) {
  it.weights_len = 0;
  for (uint32_t i = 0; i < it.spans_len; i++) {
    known_span *span = &it.spans[i];
    span->weight = (uint64_t)span->credited * span->rarity;
    if (span->count > it.policy.max_count) continue;
    bool first = true;
    for (uint32_t position = 0; position < it.n; position++) {
      if (!is_at(position, span->start, span->end)) continue;
      if (it.policy.owner_rule == OL_OWNER_OCCURRENCE) {
        credit(position, span->weight / span->count);
      } else if (first) {
        credit(position, span->weight);
      }
      first = false;
    }
  }
}

/* --- Comparing --- */

static int by_suffix(const void *a, const void *b) {
  uint32_t left = *(const uint32_t *)a;
  uint32_t right = *(const uint32_t *)b;
  uint32_t least = it.n - (left > right ? left : right);
  int order = memcmp(it.text + left, it.text + right, least);
  return order != 0 ? order : left > right ? -1 : 1;
}

static void put_be(uint8_t *out, uint64_t value, size_t len) {
  for (size_t i = len; i-- > 0; value >>= 8) out[i] = (uint8_t)value;
}

static void compare_root(const char *what, const ol_tree_builder *builder, const ol_hash *expected) {
  ol_hash root;
  check(ol_tree_builder_root(builder, &root, NULL) && memcmp(root.bytes, expected->bytes, 32) == 0, what);
}

/* Out: payload of a suffix's leaf. Returns: its bytes. */
static size_t suffix_leaf(uint8_t *out, const uint32_t *ranks, uint32_t rank) {
  uint32_t position = it.sa[rank];
  size_t m = it.n - position < 32 ? it.n - position : 32;
  put_be(out, position, 8);
  put_be(out + 8, position + 1 == it.n ? UINT64_MAX : ranks[position + 1], 8);
  out[16] = (uint8_t)m;
  memcpy(out + 17, it.text + position, m);
  return 17 + m;
}

static void compare_corpus(const ol_corpus *corpus) {
  static uint32_t ranks[MOST_TEXT];
  ol_corpus_header header;
  ol_corpus_header_of(corpus, &header);
  check(header.n == it.n && header.documents == it.documents && header.epoch == 7, "the header");
  check(memcmp(ol_corpus_text(corpus).data, it.text, it.n) == 0, "the text");
  for (uint32_t i = 0; i < it.n; i++) it.sa[i] = i;
  qsort(it.sa, it.n, sizeof *it.sa, by_suffix);
  for (uint32_t i = 0; i < it.n; i++) ranks[it.sa[i]] = i;
  check(header.i0 == ranks[0], "i0");
  ol_tree_builder suffixes, first, text, documents;
  ol_tree_builder_init(&suffixes, OL_TREE_SUFFIXES);
  ol_tree_builder_init(&first, OL_TREE_FIRST);
  ol_tree_builder_init(&text, OL_TREE_TEXT);
  ol_tree_builder_init(&documents, OL_TREE_DOCUMENTS);
  bool fits = true;
  for (uint32_t i = 0; i < it.n; i++) {
    uint64_t sa = 0, psi = 0;
    uint8_t leaf[64];
    size_t len = suffix_leaf(leaf, ranks, i);
    check(ol_corpus_suffix_at(corpus, &sa, &psi, i) == 1 && sa == it.sa[i], "SA");
    check(psi == (it.sa[i] + 1 == it.n ? UINT64_MAX : ranks[it.sa[i] + 1]), "Psi");
    fits &= ol_tree_builder_add(&suffixes, (ol_slice){leaf, len}) &&
            ol_tree_builder_add(&first, (ol_slice){leaf, 8});
  }
  for (uint32_t i = 0; i < it.n; i += 128) {
    fits &= ol_tree_builder_add(&text, (ol_slice){it.text + i, it.n - i < 128 ? it.n - i : 128});
  }
  for (uint32_t i = 0; i < it.documents; i++) {
    uint8_t leaf[76] = {0};
    leaf[19] = it.contributors[i];
    put_be(leaf + 20, it.datanets[i], 8);
    put_be(leaf + 28, it.starts[i], 8);
    put_be(leaf + 36, it.lengths[i], 8);
    leaf[44] = (uint8_t)i;
    fits &= ol_tree_builder_add(&documents, (ol_slice){leaf, sizeof leaf});
  }
  check(fits, "the trees");
  compare_root("the tree of suffixes", &suffixes, &header.suffix_root);
  compare_root("the tree of first occurrences", &first, &header.first_root);
  compare_root("the tree of text", &text, &header.text_root);
  compare_root("the tree of documents", &documents, &header.document_root);
}

static uint64_t least_of(const known_span *span) {
  uint32_t position = 0;
  while (!is_at(position, span->start, span->end)) position++;
  return position;
}

static void compare_span(const ol_attribution_span *span, const known_span *known,
                         const ol_corpus_document *document) {
  check(span->start == known->start && span->end == known->end, "where a span is");
  check(span->count == known->count, "a count");
  check(span->rarity == known->rarity && span->credited == known->credited, "a span's rarity or credit");
  check(span->weight == known->weight, "a span's weight");
  bool earns = known->count <= it.policy.max_count;
  check((span->document != OL_SPAN_WITHOUT_OWNER) == earns, "whether a span earns");
  if (!earns) return;
  check(span->position == least_of(known), "the earliest position");
  check(document->start <= span->position &&
            span->position + (span->end - span->start) <= document->start + document->length,
        "the owner");
}

static void compare_weight(const ol_attribution_weight *weight, uint32_t i) {
  const ol_attribution_weight *known = &it.weights[i];
  check(memcmp(weight->contributor.bytes, known->contributor.bytes, 20) == 0 &&
            weight->datanet == known->datanet && weight->weight == known->weight,
        "a weight");
}

static void compare_proof(const ol_corpus_proof *proof, const ol_evidence *evidence) {
  check(it.spans_len <= OL_EVIDENCE_SPANS, "the number of spans");
  ol_attribution_span span;
  ol_corpus_document document = {0};
  for (uint32_t i = 0; i < it.spans_len; i++) {
    check(ol_corpus_proof_span(proof, &span, i) == 1, "a span that the prover has not");
    if (span.document != OL_SPAN_WITHOUT_OWNER) {
      check(ol_corpus_proof_document(proof, &document, span.document) == 1,
            "a document that the prover has not");
    }
    compare_span(&span, &it.spans[i], &document);
    check(ol_evidence_span(evidence, &span, i) == 1, "a span that the verifier has not");
    if (span.document != OL_SPAN_WITHOUT_OWNER) {
      check(ol_evidence_document(evidence, &document, span.document) == 1,
            "a document that the verifier has not");
    }
    compare_span(&span, &it.spans[i], &document);
  }
  check(ol_corpus_proof_span(proof, &span, it.spans_len) == 0, "a span too many");
  check(ol_evidence_span(evidence, &span, it.spans_len) == 0, "a span too many, verified");
  ol_attribution_weight weight;
  for (uint32_t i = 0; i < it.weights_len; i++) {
    check(ol_corpus_proof_weight(proof, &weight, i) == 1, "a weight that the prover has not");
    compare_weight(&weight, i);
    check(ol_evidence_weight(evidence, &weight, i) == 1, "a weight that the verifier has not");
    compare_weight(&weight, i);
  }
  check(ol_corpus_proof_weight(proof, &weight, it.weights_len) == 0, "a weight too many");
  check(ol_evidence_weight(evidence, &weight, it.weights_len) == 0, "a weight too many, verified");
}

static void note_what_was_met(void) {
  met.spans += it.spans_len;
  met.shared += it.weights_len > 1;
  for (uint32_t i = 0; i < it.spans_len; i++) {
    const known_span *span = &it.spans[i];
    bool earns = span->count <= it.policy.max_count;
    met.silent += !earns;
    met.copies += earns && span->count > 1;
    met.minima += earns && span->count > 16 && it.policy.owner_rule == OL_OWNER_EARLIEST;
    met.chunks += span->end - span->start > 32;
    if (i == 0) continue;
    met.overlapping += span->start < span[-1].end;
    met.between += span->start + it.policy.min_span <= span[-1].end + 1;
  }
}

static void prove_answer(const ol_corpus *corpus, void *memory, uint8_t *bytes) {
  ol_error error;
  make_policy();
  make_answer();
  find_spans();
  find_weights();
  note_what_was_met();
  ol_corpus_proof *proof = NULL;
  ol_slice answer = {it.answer, it.len};
  ol_status status = ol_corpus_prove(&error, &proof, corpus, &it.policy, answer);
  if (status == OL_ERR_LIMIT && it.spans_len > OL_EVIDENCE_SPANS) return;
  check_ok(status, &error, "the prover failed");
  size_t len = 0;
  const ol_slice none = {0};
  check_ok(ol_corpus_evidence_write(&error, bytes, OL_EVIDENCE_BYTES, &len, proof, none, none, none), &error,
           "evidence was not written");
  /* At its own length, so that reading behind it is seen. */
  uint8_t *evidence_bytes = malloc(len);
  check(evidence_bytes != NULL, "memory");
  memcpy(evidence_bytes, bytes, len);
  ol_evidence *evidence = NULL;
  uint32_t reason = 0;
  ol_slice slice = {evidence_bytes, len};
  check_ok(
      ol_evidence_verify(&error, &evidence, &reason, &it.policy, slice, answer, memory, ol_evidence_size()),
      &error, "the verifier rejected");
  compare_proof(proof, evidence);
  free(evidence_bytes);
  ol_corpus_proof_free(proof);
}

static ol_corpus *build(const char *path) {
  ol_error error;
  ol_corpus_builder *builder = NULL;
  ol_corpus_options options = {.epoch = 7};
  if (pick(4) == 0) options.block = 1 + pick(it.n); /* merged, of the same result */
  check_ok(ol_corpus_builder_new(&error, &builder, path, &options), &error, "a builder");
  for (uint32_t i = 0; i < it.documents; i++) {
    ol_address contributor = {{0}};
    ol_hash licence = {{(uint8_t)i}};
    contributor.bytes[19] = it.contributors[i];
    const ol_slice text = {it.text + it.starts[i], it.lengths[i]};
    check_ok(ol_corpus_builder_add(&error, builder, &contributor, it.datanets[i], &licence, text), &error,
             "a document");
  }
  ol_corpus_header header;
  check_ok(ol_corpus_builder_finish(&error, builder, &header, NULL, NULL), &error, "building");
  ol_corpus_builder_free(builder);
  ol_corpus *corpus = NULL;
  check_ok(ol_corpus_open(&error, &corpus, path), &error, "opening");
  return corpus;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: truth DIRECTORY SEED COUNT\n");
    return 2;
  }
  char path[4096];
  if (snprintf(path, sizeof path, "%s/truth.%s.atrc", argv[1], argv[2]) >= (int)sizeof path) return 2;
  state = strtoull(argv[2], NULL, 10) * UINT64_C(0x9E3779B97F4A7C15) + 1;
  unsigned long count = strtoul(argv[3], NULL, 10);
  void *memory = malloc(ol_evidence_size());
  uint8_t *bytes = malloc(OL_EVIDENCE_BYTES);
  if (memory == NULL || bytes == NULL) return 2;
  for (unsigned long i = 0; i < count; i++) {
    make_text();
    ol_corpus *corpus = build(path);
    compare_corpus(corpus);
    for (int answers = 0; answers < 3; answers++) prove_answer(corpus, memory, bytes);
    ol_corpus_free(corpus);
  }
  (void)remove(path);
  free(memory);
  free(bytes);
  printf("truth: %lu corpora, 3 answers each: %u spans, %u overlapping, %u with a word between, %u of many "
         "leaves, %u of "
         "long text, %u of copies, %u that earn nothing, %u answers with several owners\n",
         count, met.spans, met.overlapping, met.between, met.minima, met.chunks, met.copies, met.silent,
         met.shared);
  bool enough = met.overlapping > 0 && met.between > 0 && met.minima > 0 && met.chunks > 0 &&
                met.copies > 0 && met.silent > 0 && met.shared > 0;
  if (!enough && count >= 500) stop("something was never met");
  return 0;
}
