/* SPDX-License-Identifier: MIT */
#ifndef OL_CORPUS_BUILD_H
#define OL_CORPUS_BUILD_H

/* What the stages of building share: one file that grows in its final form, and buffered writing of its parts. */

#include "corpus.h"

#define BUILD_BUFFER (32u << 10)

struct ol_corpus_builder {
  char *path;      /* of the file that is to be */
  char *directory; /* of what is not finished */
  ol_corpus_options options;
  int folder;    /* the directory */
  int file;      /* the corpus: T from the start on, its place is the final one */
  int documents; /* as the leaves have them, until T ends */
  uint64_t n;
  uint64_t count;
  uint32_t stage; /* the one that goes on */
  /* Suffixes that are sorted block by block, from the end: those from `sorted` on are in the file of this number. */
  uint64_t sorted;
  uint32_t tail;
  ol_corpus corpus; /* once the documents are complete: the file, mapped for reading */
  ol_corpus_progress *progress;
  void *context;
};

/* Writes one part of a file from its start to its end. */
typedef struct build_writer {
  int file;
  uint64_t at;
  size_t used;
  uint8_t bytes[BUILD_BUFFER];
} build_writer;

ol_status build_write_at(ol_error *error, int file, uint64_t at, const uint8_t *bytes, size_t len) OL_NONNULL;
ol_status build_flush(ol_error *error, build_writer *writer) OL_NONNULL;

static inline ol_status build_put(ol_error *error, build_writer *writer, const uint8_t *bytes, size_t len) {
  if (BUILD_BUFFER - writer->used < len) CORPUS_TRY(build_flush(error, writer));
  memcpy(writer->bytes + writer->used, bytes, len);
  writer->used += len;
  return OL_OK;
}

static inline ol_status build_put_entry(ol_error *error, build_writer *writer, uint32_t width,
                                        uint64_t value) {
  if (BUILD_BUFFER - writer->used < 8) CORPUS_TRY(build_flush(error, writer));
  corpus_put_entry(writer->bytes + writer->used, width, value);
  writer->used += width;
  return OL_OK;
}

/* Records how far the build is, on the disk; what that counts on must be there already. */
ol_status build_record(ol_error *error, const ol_corpus_builder *builder) OL_NONNULL;
ol_status build_sync(ol_error *error, int file) OL_NONNULL;
/* The file of suffixes that are sorted, of a number from 0 to 1. */
ol_status build_tail_open(ol_error *error, const ol_corpus_builder *builder, int *out, uint32_t number,
                          bool is_new) OL_NONNULL;

void build_tell(const ol_corpus_builder *builder, uint32_t stage, uint64_t done) OL_NONNULL;

/* The stages. Each reads what is complete through the map, and writes its own part. */
ol_status build_sort(ol_error *error, ol_corpus_builder *builder) OL_NONNULL;
ol_status build_merge(ol_error *error, ol_corpus_builder *builder, uint64_t block) OL_NONNULL;
ol_status build_rank(ol_error *error, ol_corpus_builder *builder) OL_NONNULL;
ol_status build_hash(ol_error *error, ol_corpus_builder *builder) OL_NONNULL;

#endif
