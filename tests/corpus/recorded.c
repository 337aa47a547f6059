/* SPDX-License-Identifier: MIT */

/*
 * Answers of language models, over texts that people wrote and over some of these answers themselves: what is proven is
 * searched for another way.  usage: corpus_recorded DIRECTORY TEXTS ANSWERS, with text.N and answer.N in it
 */

#define _GNU_SOURCE

#include "openledger/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 20000
#define PLANTED 3 /* each third answer is a document too, and each ninth twice */

static const char *directory;
static ol_slice answers[256];

static void stop(const char *what, unsigned long which) {
  fprintf(stderr, "corpus_recorded: %s (%lu)\n", what, which);
  exit(EXIT_FAILURE);
}

static void check(bool holds, const char *what, unsigned long which) {
  if (!holds) stop(what, which);
}

static ol_slice read_file(const char *name, unsigned long number) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.%lu", directory, name, number);
  FILE *file = fopen(path, "rb");
  check(file != NULL && fseek(file, 0, SEEK_END) == 0, name, number);
  size_t len = (size_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(len + 1);
  check(bytes != NULL && fread(bytes, 1, len, file) == len, name, number);
  fclose(file);
  return (ol_slice){bytes, len};
}

static void add(ol_corpus_builder *builder, uint8_t contributor, uint64_t datanet, ol_slice text) {
  ol_error error;
  const ol_address whose = {{contributor}};
  const ol_hash licence = {{1}};
  check(ol_corpus_builder_add(&error, builder, &whose, datanet, &licence, text) == OL_OK, "a document",
        datanet);
}

/* Pieces end where characters do. */
static void add_pieces(ol_corpus_builder *builder, uint64_t datanet, ol_slice text) {
  uint8_t contributor = 0;
  for (size_t at = 0; at < text.len; contributor++) {
    size_t end = text.len - at < PIECE ? text.len : at + PIECE;
    while (end < text.len && (text.data[end] & 0xC0) == 0x80) end++;
    add(builder, contributor, datanet, (ol_slice){text.data + at, end - at});
    at = end;
  }
}

static ol_corpus *build(unsigned long texts, unsigned long count) {
  char path[4096];
  snprintf(path, sizeof path, "%s/recorded.atrc", directory);
  ol_error error;
  ol_corpus_builder *builder = NULL;
  const ol_corpus_options options = {.block = 700000};
  check(ol_corpus_builder_new(&error, &builder, path, &options) == OL_OK, "a builder", 0);
  for (unsigned long i = 0; i < texts; i++) {
    ol_slice text = read_file("text", i);
    add_pieces(builder, i, text);
    free((void *)(uintptr_t)text.data);
  }
  for (unsigned long i = 0; i < count; i++) {
    if (i % PLANTED == 0) add(builder, 200, 50, answers[i]);
    if (i % (3 * PLANTED) == 0) add(builder, 201, 51, answers[i]);
  }
  ol_corpus_header header;
  check(ol_corpus_builder_finish(&error, builder, &header, NULL, NULL) == OL_OK, "building", 0);
  ol_corpus_builder_free(builder);
  ol_corpus *corpus = NULL;
  check(ol_corpus_open(&error, &corpus, path) == OL_OK, "opening", 0);
  return corpus;
}

/* --- The other search --- */

static uint64_t count_of(ol_slice text, ol_slice word, uint64_t *out_first) {
  uint64_t count = 0;
  const uint8_t *from = text.data;
  const uint8_t *end = text.data + text.len;
  for (const uint8_t *at; (at = memmem(from, (size_t)(end - from), word.data, word.len)) != NULL;
       from = at + 1) {
    if (count++ == 0) *out_first = (uint64_t)(at - text.data);
  }
  return count;
}

static bool occurs(ol_slice text, ol_slice answer, size_t start, size_t end) {
  return memmem(text.data, text.len, answer.data + start, end - start) != NULL;
}

static void check_span(ol_slice text, ol_slice answer, const ol_attribution_span *span, unsigned long which) {
  uint64_t first = 0;
  const ol_slice word = {answer.data + span->start, span->end - span->start};
  check(count_of(text, word, &first) == span->count, "a count is wrong", which);
  check(first == span->position, "an earliest position is wrong", which);
  check(span->start == 0 || !occurs(text, answer, span->start - 1, span->end), "a span goes on to the left",
        which);
  check(span->end == answer.len || !occurs(text, answer, span->start, span->end + 1),
        "a span goes on to the right", which);
}

static unsigned long verify(const ol_corpus *corpus, ol_slice answer, uint32_t k, unsigned long which) {
  static uint8_t bytes[OL_EVIDENCE_BYTES], memory[1 << 20];
  const ol_attribution_policy policy = {.min_span = k, .max_count = 1u << 30, .contributors_bps = 10000};
  ol_error error;
  ol_corpus_proof *proof = NULL;
  check(ol_corpus_prove(&error, &proof, corpus, &policy, answer) == OL_OK, "an answer cannot be proven",
        which);
  size_t len = 0;
  const ol_slice none = {0};
  check(ol_corpus_evidence_write(&error, bytes, sizeof bytes, &len, proof, none, none, none) == OL_OK,
        "no evidence", which);
  ol_corpus_proof_free(proof);
  ol_evidence *evidence = NULL;
  uint32_t reason = 0;
  check(ol_evidence_size() <= sizeof memory, "memory", which);
  ol_slice slice = {bytes, len};
  check(ol_evidence_verify(&error, &evidence, &reason, &policy, slice, answer, memory, sizeof memory) ==
            OL_OK,
        ol_attribution_reason_name(reason), which);
  const ol_slice text = ol_corpus_text(corpus);
  ol_attribution_span span;
  uint32_t spans = 0;
  static uint8_t covered[OL_EVIDENCE_RESPONSE]; /* windows that begin here are inside of a span */
  memset(covered, 0, sizeof covered);
  for (; ol_evidence_span(evidence, &span, spans) == 1; spans++) {
    check_span(text, answer, &span, which);
    memset(covered + span.start, 1, span.end - span.start - k + 1);
  }
  for (size_t at = which % 23; at + k <= answer.len; at += 23) {
    check(occurs(text, answer, at, at + k) == covered[at],
          "a window is in a span though absent, or the reverse", which);
  }
  return spans;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: corpus_recorded DIRECTORY TEXTS ANSWERS\n");
    return 2;
  }
  directory = argv[1];
  unsigned long texts = strtoul(argv[2], NULL, 10), count = strtoul(argv[3], NULL, 10);
  check(count <= sizeof answers / sizeof *answers, "too many answers", count);
  for (unsigned long i = 0; i < count; i++) answers[i] = read_file("answer", i);
  ol_corpus *corpus = build(texts, count);
  unsigned long planted = 0, others = 0;
  for (unsigned long i = 0; i < count; i++) {
    unsigned long spans = verify(corpus, answers[i], 40, i);
    unsigned long longer = verify(corpus, answers[i], 56, i);
    check(i % PLANTED != 0 || answers[i].len < 56 || longer >= 1, "an answer that is a document has no span",
          i);
    *(i % PLANTED == 0 ? &planted : &others) += spans;
  }
  printf("corpus_recorded: %lu answers, %lu spans in those that are documents, %lu in others\n", count,
         planted, others);
  ol_corpus_free(corpus);
  for (unsigned long i = 0; i < count; i++) free((void *)(uintptr_t)answers[i].data);
  return 0;
}
