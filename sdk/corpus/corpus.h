/* SPDX-License-Identifier: MIT */
#ifndef OL_CORPUS_CORPUS_H
#define OL_CORPUS_CORPUS_H

/* What the files of this folder share: the layout of a corpus's file (docs/corpus.md), its entries and its nodes. */

#include "openledger/corpus.h"

#include <string.h>

#define CORPUS_END UINT64_MAX    /* Psi of the last suffix */
#define CORPUS_PREFIX 32         /* bytes of a suffix in its leaf */
#define CORPUS_CHUNK 128         /* bytes of a leaf of text */
#define CORPUS_DOCUMENT_BYTES 76 /* of a leaf of documents */
#define CORPUS_MAX_LEN (UINT64_C(1) << 48)
#define CORPUS_TREES 4
#define CORPUS_DEPTH 64
#define CORPUS_LOWEST 5        /* the level from which on nodes are in the file; those below are computed */
#define CORPUS_HEAD_BYTES 4096 /* in front of T */

/* Where the parts of a file are: all of it follows from three numbers. */
typedef struct corpus_layout {
  uint64_t n;
  uint64_t documents;
  uint32_t width; /* bytes of an entry of SA and of Psi: 4, 5 or 8 */
  uint64_t text;
  uint64_t document;
  uint64_t sa;
  uint64_t psi;
  uint64_t nodes[CORPUS_TREES];
  uint64_t end;
} corpus_layout;

struct ol_corpus {
  const uint8_t *map; /* the whole file */
  corpus_layout at;
  ol_corpus_header header;
};

/* A node: annotation, which trees other than that of first occurrences leave at 0, and hash. */
typedef struct corpus_node {
  uint64_t least;
  ol_hash hash;
} corpus_node;

/* Records a failure. Returns: the status. */
ol_status corpus_fail(ol_error *error, ol_status status, const char *reason) OL_NONNULL;
/* The same, with where it is. */
ol_status corpus_fail_at(ol_error *error, ol_status status, const char *part, uint64_t item, uint64_t offset,
                         const char *reason) OL_NONNULL;

#define CORPUS_TRY(expression)                                                                               \
  do {                                                                                                       \
    ol_status corpus_status = (expression);                                                                  \
    if (corpus_status != OL_OK) return corpus_status;                                                        \
  } while (0)

void corpus_layout_of(corpus_layout *out, uint64_t n, uint64_t documents) OL_NONNULL;

/* Returns: leaves of a tree. */
uint64_t corpus_leaves(const corpus_layout *at, uint32_t tree) OL_NONNULL;
/* Returns: bytes of a node in the file and in proofs: 32, or 40 with an annotation. */
size_t corpus_node_len(uint32_t tree);
/* Returns: where a level's nodes are in the file. In: a level that is in it. */
uint64_t corpus_level_at(const corpus_layout *at, uint32_t tree, uint32_t level) OL_NONNULL;
/* Returns: the nodes of a level; a last one without a sibling goes up as it is. */
static inline uint64_t corpus_level_count(uint64_t leaves, uint32_t level) {
  return leaves == 0 ? 0 : ((leaves - 1) >> level) + 1;
}
/* Returns: the level that has one node. */
static inline uint32_t corpus_top(uint64_t leaves) {
  return leaves < 2 ? 0 : 64u - (uint32_t)__builtin_clzll(leaves - 1);
}

/* Writes the head of a file. Reads it; returns: false if it is none. */
void corpus_head_write(uint8_t out[CORPUS_HEAD_BYTES], const ol_corpus_header *header,
                       uint32_t width) OL_NONNULL;
bool corpus_head_read(ol_corpus_header *out, uint32_t *out_width,
                      const uint8_t head[CORPUS_HEAD_BYTES]) OL_NONNULL;

/* The header of section 1.3, and what it is committed to by. */
void corpus_header_put(uint8_t out[OL_CORPUS_HEADER_BYTES], const ol_corpus_header *header) OL_NONNULL;

/* Returns: where in a text it stops to be UTF-8; its length if it does not. */
size_t corpus_utf8_end(const uint8_t *text, size_t len);

/* Returns: log2 of x, with 8 fractional bits, rounded down (section 2.5). In: x, at least 1. */
uint32_t corpus_log2q8(uint64_t x);

static inline void corpus_put_be(uint8_t *out, uint64_t value, size_t len) {
  for (size_t i = len; i-- > 0; value >>= 8) out[i] = (uint8_t)value;
}

static inline void corpus_put_be64(uint8_t *out, uint64_t value) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  value = __builtin_bswap64(value);
#endif
  memcpy(out, &value, 8);
}

static inline uint64_t corpus_get_be(const uint8_t *bytes, size_t len) {
  uint64_t value = 0;
  for (size_t i = 0; i < len; i++) value = value << 8 | bytes[i];
  return value;
}

/* Entries of SA and Psi are little-endian in the file; all ones is END. */
static inline void corpus_put_entry(uint8_t *out, uint32_t width, uint64_t value) {
  for (uint32_t i = 0; i < width; i++, value >>= 8) out[i] = (uint8_t)value;
}

static inline uint64_t corpus_get_entry(const uint8_t *bytes, uint32_t width) {
  uint32_t low =
      (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
  if (width == 4) return low;
  if (width == 5) return low | (uint64_t)bytes[4] << 32;
  uint32_t high =
      (uint32_t)bytes[4] | (uint32_t)bytes[5] << 8 | (uint32_t)bytes[6] << 16 | (uint32_t)bytes[7] << 24;
  return low | (uint64_t)high << 32;
}

static inline const uint8_t *corpus_t(const ol_corpus *corpus) {
  return corpus->map + corpus->at.text;
}

/* As the file has it, which may be wrong. */
static inline uint64_t corpus_sa_as_is(const ol_corpus *corpus, uint64_t rank) {
  return corpus_get_entry(corpus->map + corpus->at.sa + rank * corpus->at.width, corpus->at.width);
}

/* A position that is behind T counts as its end, so that a wrong file does no harm. */
static inline uint64_t corpus_sa(const ol_corpus *corpus, uint64_t rank) {
  uint64_t position = corpus_sa_as_is(corpus, rank);
  return position < corpus->at.n ? position : corpus->at.n;
}

static inline uint64_t corpus_psi(const ol_corpus *corpus, uint64_t rank) {
  uint32_t width = corpus->at.width;
  uint64_t value = corpus_get_entry(corpus->map + corpus->at.psi + rank * width, width);
  return value == UINT64_MAX >> (64 - 8 * width) ? CORPUS_END : value;
}

static inline const uint8_t *corpus_document(const ol_corpus *corpus, uint64_t index) {
  return corpus->map + corpus->at.document + index * CORPUS_DOCUMENT_BYTES;
}

static inline uint64_t corpus_document_start(const ol_corpus *corpus, uint64_t index) {
  return corpus_get_be(corpus_document(corpus, index) + 28, 8);
}

void corpus_document_read(const ol_corpus *corpus, ol_corpus_document *out, uint64_t index) OL_NONNULL;
/* Returns: the document that a position of T is in. */
uint64_t corpus_document_of(const ol_corpus *corpus, uint64_t position) OL_NONNULL;

/* --- Trees --- */

#define CORPUS_PAYLOAD 128 /* the most bytes of one */

/* Out: the payload of a leaf. Returns: its bytes. */
size_t corpus_payload(const ol_corpus *corpus, uint8_t out[CORPUS_PAYLOAD], uint32_t tree,
                      uint64_t index) OL_NONNULL;

/* The most nodes that are hashed in one go. */
#define CORPUS_BATCH 1024

/* Out: the hashes of leaves [first, first + count), count at most CORPUS_BATCH. */
void corpus_hash_leaves(const ol_corpus *corpus, corpus_node *out, uint32_t tree, uint64_t first,
                        size_t count) OL_NONNULL;

/* Makes `count` nodes the (count + 1) / 2 of the level above, in place. Returns: that. In: at most CORPUS_BATCH. */
size_t corpus_hash_level(corpus_node *nodes, uint32_t tree, size_t count) OL_NONNULL;

/* Out: the node of a level, from the file or computed. */
void corpus_node_at(const ol_corpus *corpus, corpus_node *out, uint32_t tree, uint32_t level,
                    uint64_t index) OL_NONNULL;

/* Out: the root over a tree's top, which counts for nothing where there are no leaves. */
void corpus_root(ol_hash *out, uint32_t tree, uint64_t leaves, const corpus_node *top) OL_NONNULL;

/* Puts a node as it stands in a proof. Returns: its bytes. */
size_t corpus_put_node(uint8_t *out, uint32_t tree, const corpus_node *node) OL_NONNULL;
void corpus_read_node(corpus_node *out, uint32_t tree, const uint8_t *bytes) OL_NONNULL;

/* --- Searching --- */

/* Returns: how many bytes a suffix and a word have alike, at least `from` of which are known to be. */
uint64_t corpus_alike(const ol_corpus *corpus, uint64_t position, ol_slice word, uint64_t from) OL_NONNULL;

/* Returns: the first rank in [lo, hi] whose suffix is not below the word; hi if there is none before. */
uint64_t corpus_lower(const ol_corpus *corpus, ol_slice word, uint64_t lo, uint64_t hi) OL_NONNULL;
/* Returns: the first rank in [lo, hi] whose suffix is above the word and does not start with it; hi if none. */
uint64_t corpus_upper(const ol_corpus *corpus, ol_slice word, uint64_t lo, uint64_t hi) OL_NONNULL;

#endif
