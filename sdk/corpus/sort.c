/* SPDX-License-Identifier: MIT */

/* Sorting all suffixes at once where the memory is there for it, and ranking: Psi from SA. */

#include "build.h"

#include <divsufsort.h>
#include <divsufsort64.h>
#include <stdlib.h>

static ol_status no_memory(ol_error *error) {
  return corpus_fail(error, OL_ERR_MEMORY, "there is no memory for sorting");
}

/* --- In memory --- */

static ol_status put_all(ol_error *error, const ol_corpus_builder *builder, const int32_t *by32,
                         const int64_t *by64) {
  build_writer *writer = malloc(sizeof *writer);
  if (writer == NULL) return no_memory(error);
  writer->file = builder->file;
  writer->at = builder->corpus.at.sa;
  writer->used = 0;
  ol_status status = OL_OK;
  for (uint64_t i = 0; i < builder->n && status == OL_OK; i++) {
    uint64_t position = by32 != NULL ? (uint64_t)by32[i] : (uint64_t)by64[i];
    status = build_put_entry(error, writer, builder->corpus.at.width, position);
  }
  if (status == OL_OK) status = build_flush(error, writer);
  free(writer);
  return status;
}

static ol_status sort_by32(ol_error *error, const ol_corpus_builder *builder) {
  int32_t *sa = malloc((size_t)builder->n * sizeof *sa);
  if (sa == NULL) return no_memory(error);
  ol_status status = OL_OK;
  if (divsufsort(corpus_t(&builder->corpus), sa, (int32_t)builder->n) != 0) status = no_memory(error);
  if (status == OL_OK) status = put_all(error, builder, sa, NULL);
  free(sa);
  return status;
}

static ol_status sort_by64(ol_error *error, const ol_corpus_builder *builder) {
  int64_t *sa = malloc((size_t)builder->n * sizeof *sa);
  if (sa == NULL) return no_memory(error);
  ol_status status = OL_OK;
  if (divsufsort64(corpus_t(&builder->corpus), sa, (int64_t)builder->n) != 0) status = no_memory(error);
  if (status == OL_OK) status = put_all(error, builder, NULL, sa);
  free(sa);
  return status;
}

/* What a block takes for each byte while it is merged: its suffixes, its transform and counts, and the gaps. */
#define BLOCK_COST 16

ol_status build_sort(ol_error *error, ol_corpus_builder *builder) {
  build_tell(builder, OL_CORPUS_SORTING, builder->n - builder->sorted);
  uint64_t n = builder->n;
  uint64_t memory = builder->options.memory;
  bool is_small = n <= INT32_MAX;
  bool fits = n <= memory / (is_small ? 5 : 9);
  uint64_t block = builder->options.block;
  if (block == 0 && fits && builder->sorted == n) {
    return is_small ? sort_by32(error, builder) : sort_by64(error, builder);
  }
  if (block == 0) block = memory / BLOCK_COST;
  return build_merge(error, builder, block < INT32_MAX ? block : INT32_MAX);
}

/* --- Ranking --- */

static void free_writers(build_writer *writers[256]) {
  for (int byte = 0; byte < 256; byte++) free(writers[byte]);
}

/* Suffixes that begin with the same byte are in the order of what follows on them. Out: where each byte's begin. */
static ol_status make_writers(ol_error *error, build_writer *writers[256], const ol_corpus_builder *builder) {
  uint64_t counts[256] = {0};
  const uint8_t *text = corpus_t(&builder->corpus);
  for (uint64_t i = 0; i < builder->n; i++) counts[text[i]]++;
  uint64_t rank = 0;
  for (int byte = 0; byte < 256; byte++) {
    if (counts[byte] == 0) continue;
    writers[byte] = malloc(sizeof *writers[byte]);
    if (writers[byte] == NULL) return no_memory(error);
    writers[byte]->file = builder->file;
    writers[byte]->at = builder->corpus.at.psi + rank * builder->corpus.at.width;
    writers[byte]->used = 0;
    rank += counts[byte];
  }
  return OL_OK;
}

#define AHEAD 32 /* suffixes whose text is asked for before it is needed */

static ol_status rank_all(ol_error *error, const ol_corpus_builder *builder, build_writer *writers[256]) {
  const ol_corpus *corpus = &builder->corpus;
  const uint8_t *text = corpus_t(corpus);
  uint32_t width = corpus->at.width;
  /* Nothing follows on the last suffix, and nothing is below that. */
  CORPUS_TRY(build_put_entry(error, writers[text[builder->n - 1]], width, CORPUS_END));
  for (uint64_t rank = 0; rank < builder->n; rank++) {
    if (rank + AHEAD < builder->n) __builtin_prefetch(text + corpus_sa(corpus, rank + AHEAD) - 1);
    if (rank % (UINT64_C(1) << 22) == 0) build_tell(builder, OL_CORPUS_RANKING, rank);
    uint64_t position = corpus_sa(corpus, rank);
    if (position == 0) continue;
    CORPUS_TRY(build_put_entry(error, writers[text[position - 1]], width, rank));
  }
  for (int byte = 0; byte < 256; byte++) {
    if (writers[byte] != NULL) CORPUS_TRY(build_flush(error, writers[byte]));
  }
  return OL_OK;
}

ol_status build_rank(ol_error *error, ol_corpus_builder *builder) {
  build_writer *writers[256] = {NULL};
  ol_status status = make_writers(error, writers, builder);
  if (status == OL_OK) status = rank_all(error, builder, writers);
  free_writers(writers);
  return status;
}
