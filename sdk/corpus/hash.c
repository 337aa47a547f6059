/* SPDX-License-Identifier: MIT */

/*
 * The trees of a corpus that is being built: leaves in blocks, whose upper levels are written as they come, and above the
 * blocks level by level out of the file. No tree is in memory.
 */

#include "build.h"

#include <stdlib.h>

#define BLOCK_LEVELS 10 /* of CORPUS_BATCH leaves */

static void free_writers(build_writer *writers[BLOCK_LEVELS + 1]) {
  for (uint32_t level = 0; level <= BLOCK_LEVELS; level++) free(writers[level]);
}

static ol_status make_writers(ol_error *error, build_writer *writers[BLOCK_LEVELS + 1],
                              const ol_corpus_builder *builder, uint32_t tree, uint32_t highest) {
  for (uint32_t level = CORPUS_LOWEST; level <= highest; level++) {
    writers[level] = malloc(sizeof *writers[level]);
    if (writers[level] == NULL) return corpus_fail(error, OL_ERR_MEMORY, "there is no memory for its trees");
    writers[level]->file = builder->file;
    writers[level]->at = corpus_level_at(&builder->corpus.at, tree, level);
    writers[level]->used = 0;
  }
  return OL_OK;
}

static ol_status put_nodes(ol_error *error, build_writer *writer, uint32_t tree, const corpus_node *nodes,
                           size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint8_t bytes[40];
    size_t len = corpus_put_node(bytes, tree, &nodes[i]);
    CORPUS_TRY(build_put(error, writer, bytes, len));
  }
  return OL_OK;
}

/* Levels up to that of blocks. Out: the last node of all, which is the top where there is but one block. */
static ol_status hash_blocks(ol_error *error, corpus_node *out, const ol_corpus_builder *builder,
                             build_writer *writers[BLOCK_LEVELS + 1], uint32_t tree, uint32_t highest) {
  static const uint64_t step = UINT64_C(1) << 20;
  corpus_node nodes[CORPUS_BATCH];
  uint64_t leaves = corpus_leaves(&builder->corpus.at, tree);
  for (uint64_t first = 0; first < leaves; first += CORPUS_BATCH) {
    size_t count = leaves - first < CORPUS_BATCH ? (size_t)(leaves - first) : CORPUS_BATCH;
    corpus_hash_leaves(&builder->corpus, nodes, tree, first, count);
    for (uint32_t level = 1; level <= highest; level++) {
      count = corpus_hash_level(nodes, tree, count);
      if (level >= CORPUS_LOWEST) CORPUS_TRY(put_nodes(error, writers[level], tree, nodes, count));
    }
    *out = nodes[0];
    if (first % step == 0) {
      uint64_t half = builder->corpus.at.n / 2; /* the two trees that count */
      if (tree == OL_CORPUS_SUFFIXES) build_tell(builder, OL_CORPUS_HASHING, first / 2);
      if (tree == OL_CORPUS_FIRST) build_tell(builder, OL_CORPUS_HASHING, half + first / 2);
    }
  }
  for (uint32_t level = CORPUS_LOWEST; level <= highest; level++)
    CORPUS_TRY(build_flush(error, writers[level]));
  return OL_OK;
}

/* The level above one that is in the file. */
static ol_status hash_above(ol_error *error, corpus_node *out, const ol_corpus_builder *builder,
                            build_writer *writer, uint32_t tree, uint32_t level) {
  corpus_node nodes[CORPUS_BATCH];
  uint64_t below = corpus_level_count(corpus_leaves(&builder->corpus.at, tree), level - 1);
  for (uint64_t first = 0; first < below; first += CORPUS_BATCH) {
    size_t count = below - first < CORPUS_BATCH ? (size_t)(below - first) : CORPUS_BATCH;
    for (size_t i = 0; i < count; i++)
      corpus_node_at(&builder->corpus, &nodes[i], tree, level - 1, first + i);
    count = corpus_hash_level(nodes, tree, count);
    CORPUS_TRY(put_nodes(error, writer, tree, nodes, count));
    *out = nodes[0];
  }
  return build_flush(error, writer);
}

static ol_status hash_levels(ol_error *error, corpus_node *out, const ol_corpus_builder *builder,
                             build_writer *writers[BLOCK_LEVELS + 1], uint32_t tree) {
  uint32_t top = corpus_top(corpus_leaves(&builder->corpus.at, tree));
  uint32_t highest = top < BLOCK_LEVELS ? top : BLOCK_LEVELS;
  CORPUS_TRY(make_writers(error, writers, builder, tree, highest));
  CORPUS_TRY(hash_blocks(error, out, builder, writers, tree, highest));
  for (uint32_t level = highest + 1; level <= top; level++) {
    build_writer *writer = writers[BLOCK_LEVELS];
    writer->at = corpus_level_at(&builder->corpus.at, tree, level);
    CORPUS_TRY(hash_above(error, out, builder, writer, tree, level));
  }
  return OL_OK;
}

static ol_status hash_tree(ol_error *error, ol_hash *out, const ol_corpus_builder *builder, uint32_t tree) {
  build_writer *writers[BLOCK_LEVELS + 1] = {NULL};
  corpus_node top = {0};
  ol_status status = hash_levels(error, &top, builder, writers, tree);
  free_writers(writers);
  if (status == OL_OK) corpus_root(out, tree, corpus_leaves(&builder->corpus.at, tree), &top);
  return status;
}

ol_status build_hash(ol_error *error, ol_corpus_builder *builder) {
  ol_corpus_header *header = &builder->corpus.header;
  header->n = builder->n;
  header->documents = builder->count;
  header->epoch = builder->options.epoch;
  header->i0 = 0;
  const ol_slice all = {.data = corpus_t(&builder->corpus), .len = (size_t)builder->n};
  header->i0 = corpus_lower(&builder->corpus, all, 0, builder->n);
  ol_hash *roots[CORPUS_TREES] = {&header->text_root, &header->suffix_root, &header->first_root,
                                  &header->document_root};
  for (uint32_t tree = 0; tree < CORPUS_TREES; tree++) {
    CORPUS_TRY(hash_tree(error, roots[tree], builder, tree));
  }
  uint8_t head[CORPUS_HEAD_BYTES];
  corpus_head_write(head, header, builder->corpus.at.width);
  return build_write_at(error, builder->file, 0, head, sizeof head);
}
