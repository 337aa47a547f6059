/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_ATTRIBUTION_COMMIT_H
#define OL_TESTS_ATTRIBUTION_COMMIT_H

/*
 * Small commitments to corpora, made as docs/attribution.md, section 1, says it and not as the library does: leaves lie
 * open, so that a test makes them wrong and seals them again. Right ones and wrong ones are opened alike.
 */

#include "openledger/refutation.h"

#include "base/base.h"

#define COMMIT_LEAVES 640 /* of a tree */
#define COMMIT_PAYLOAD 192
#define COMMIT_HEIGHTS 11
#define COMMIT_CHUNK 128
#define COMMIT_END UINT64_MAX

typedef struct commit_leaf {
  size_t len;
  uint8_t bytes[COMMIT_PAYLOAD];
} commit_leaf;

typedef struct commit_node {
  ol_hash hash;
  uint64_t minimum;
} commit_node;

typedef struct commitment {
  ol_corpus_header header;
  commit_leaf leaves[OL_OPENED_TREES][COMMIT_LEAVES];
  /* A minimum that the tree of first occurrences records for the node over [lie_start, lie_end), the top included. */
  bool lies;
  uint64_t lie_start;
  uint64_t lie_end;
  uint64_t lie;
  uint8_t paths[OL_REFUTATION_OPENINGS][48 * 16 + 8];
  /* Nodes that were hashed since the last sealing, by height and first leaf. */
  uint32_t sealed;
  uint32_t known[OL_OPENED_TREES][COMMIT_HEIGHTS][COMMIT_LEAVES];
  commit_node nodes[OL_OPENED_TREES][COMMIT_HEIGHTS][COMMIT_LEAVES];
} commitment;

/* Return: what suffix leaf i has. */
static inline uint64_t commit_sa(const commitment *of, uint64_t i) {
  return ol_load_be64(of->leaves[OL_OPENED_SUFFIXES][i].bytes);
}

static inline uint64_t commit_psi(const commitment *of, uint64_t i) {
  return ol_load_be64(of->leaves[OL_OPENED_SUFFIXES][i].bytes + 8);
}

/* Returns: the rank of the suffix at a position, which there must be. */
static inline uint64_t commit_rank(const commitment *of, uint64_t position) {
  uint64_t i = 0;
  while (commit_sa(of, i) != position) i++;
  return i;
}

static inline size_t commit_number(uint8_t *out, uint64_t number) {
  ol_store_be64(out, number);
  return 8;
}

static inline size_t commit_front(uint8_t *out, uint8_t what, uint32_t tree) {
  static const char *const tags[] = {"TEXT", "SUFX", "FRST", "DOCS"};
  out[0] = what;
  memcpy(out + 1, tags[tree], 4);
  return 5;
}

static inline size_t commit_put(uint8_t *out, uint32_t tree, const commit_node *node) {
  size_t len = tree == OL_OPENED_FIRST ? commit_number(out, node->minimum) : 0;
  memcpy(out + len, node->hash.bytes, 32);
  return len + 32;
}

/* The node over leaves [start, end). */
static inline commit_node commit_subtree(commitment *made, uint32_t tree, uint64_t start, uint64_t end) {
  uint8_t bytes[16 + COMMIT_PAYLOAD];
  commit_node node = {.minimum = 0};
  size_t len;
  size_t height = 0;
  while (UINT64_C(1) << height < end - start) height++;
  if (made->sealed != 0 && made->known[tree][height][start] == made->sealed)
    return made->nodes[tree][height][start];
  if (end - start == 1) {
    const commit_leaf *leaf = &made->leaves[tree][start];
    len = commit_front(bytes, 0, tree);
    len += commit_number(bytes + len, start);
    memcpy(bytes + len, leaf->bytes, leaf->len);
    len += leaf->len;
    if (tree == OL_OPENED_FIRST && leaf->len >= 8) node.minimum = ol_load_be64(leaf->bytes);
  } else {
    uint64_t half = 1;
    while (2 * half < end - start) half *= 2;
    commit_node left = commit_subtree(made, tree, start, start + half);
    commit_node right = commit_subtree(made, tree, start + half, end);
    len = commit_front(bytes, 1, tree);
    len += commit_put(bytes + len, tree, &left);
    len += commit_put(bytes + len, tree, &right);
    node.minimum = left.minimum < right.minimum ? left.minimum : right.minimum;
  }
  ol_keccak256(&node.hash, bytes, len);
  if (tree == OL_OPENED_FIRST && made->lies && start == made->lie_start && end == made->lie_end)
    node.minimum = made->lie;
  made->known[tree][height][start] = made->sealed;
  made->nodes[tree][height][start] = node;
  return node;
}

static inline void commit_root(ol_hash *out, commitment *made, uint32_t tree, uint64_t leaves) {
  uint8_t bytes[64];
  commit_node top = commit_subtree(made, tree, 0, leaves);
  size_t len = commit_front(bytes, 2, tree);
  len += commit_number(bytes + len, leaves);
  len += commit_put(bytes + len, tree, &top);
  ol_keccak256(out, bytes, len);
}

/* Makes the roots those of the leaves. */
static inline void commit_seal(commitment *made) {
  ol_corpus_header *header = &made->header;
  made->sealed++;
  commit_root(&header->text_root, made, OL_OPENED_TEXT, (header->n + COMMIT_CHUNK - 1) / COMMIT_CHUNK);
  commit_root(&header->suffix_root, made, OL_OPENED_SUFFIXES, header->n);
  commit_root(&header->first_root, made, OL_OPENED_FIRST, header->n);
  commit_root(&header->document_root, made, OL_OPENED_DOCUMENTS, header->documents);
}

/* Returns: bytes of the path of a leaf. Out: the path, from the leaf up. */
static inline size_t commit_path(commitment *made, uint8_t *out, uint32_t tree, uint64_t index) {
  uint64_t leaves = tree == OL_OPENED_TEXT        ? (made->header.n + COMMIT_CHUNK - 1) / COMMIT_CHUNK
                    : tree == OL_OPENED_DOCUMENTS ? made->header.documents
                                                  : made->header.n;
  struct {
    commit_node own;
    commit_node sibling;
  } levels[16];
  size_t depth = 0;
  uint64_t start = 0;
  uint64_t end = leaves;
  while (end - start > 1) {
    uint64_t half = 1;
    while (2 * half < end - start) half *= 2;
    commit_node left = commit_subtree(made, tree, start, start + half);
    commit_node right = commit_subtree(made, tree, start + half, end);
    bool is_left = index < start + half;
    levels[depth].own = is_left ? left : right;
    levels[depth++].sibling = is_left ? right : left;
    if (is_left)
      end = start + half;
    else
      start += half;
  }
  size_t len = 0;
  while (depth-- > 0) {
    if (tree == OL_OPENED_FIRST) len += commit_number(out + len, levels[depth].own.minimum);
    len += commit_put(out + len, tree, &levels[depth].sibling);
  }
  if (tree == OL_OPENED_FIRST) len += commit_number(out + len, commit_subtree(made, tree, 0, leaves).minimum);
  return len;
}

/* Opens a leaf, as one of at most three at a time. */
static inline ol_opening commit_open(commitment *made, size_t ordinal, uint32_t tree, uint64_t index) {
  const commit_leaf *leaf = &made->leaves[tree][index];
  size_t len = commit_path(made, made->paths[ordinal], tree, index);
  return (ol_opening){tree, index, ol_slice_of(leaf->bytes, leaf->len),
                      ol_slice_of(made->paths[ordinal], len)};
}

/* --- Leaves --- */

static inline void commit_suffix(commitment *made, uint64_t i, uint64_t sa, uint64_t psi,
                                 const uint8_t *text) {
  commit_leaf *leaf = &made->leaves[OL_OPENED_SUFFIXES][i];
  uint64_t n = made->header.n;
  size_t m = sa < n && n - sa < 32 ? (size_t)(n - sa) : 32;
  commit_number(leaf->bytes, sa);
  commit_number(leaf->bytes + 8, psi);
  leaf->bytes[16] = (uint8_t)m;
  if (sa < n) memcpy(leaf->bytes + 17, text + sa, m);
  leaf->len = 17 + m;
  commit_leaf *first = &made->leaves[OL_OPENED_FIRST][i];
  commit_number(first->bytes, sa);
  first->len = 8;
}

static inline void commit_text(commitment *made, const uint8_t *text) {
  uint64_t n = made->header.n;
  for (uint64_t at = 0; at < n; at += COMMIT_CHUNK) {
    commit_leaf *leaf = &made->leaves[OL_OPENED_TEXT][at / COMMIT_CHUNK];
    leaf->len = n - at < COMMIT_CHUNK ? (size_t)(n - at) : COMMIT_CHUNK;
    memcpy(leaf->bytes, text + at, leaf->len);
  }
}

/* A document of the contributor 01 01 01 ..., or 02 02 02 ... and so on. */
static inline void commit_document(commitment *made, uint64_t k, uint8_t contributor, uint64_t start,
                                   uint64_t length) {
  commit_leaf *leaf = &made->leaves[OL_OPENED_DOCUMENTS][k];
  memset(leaf->bytes, contributor, 20);
  commit_number(leaf->bytes + 20, 7);
  commit_number(leaf->bytes + 28, start);
  commit_number(leaf->bytes + 36, length);
  memset(leaf->bytes + 44, 0x22, 32);
  leaf->len = 76;
}

static inline int commit_compare(const uint8_t *text, uint64_t n, uint64_t a, uint64_t b) {
  uint64_t a_len = n - a;
  uint64_t b_len = n - b;
  int order = memcmp(text + a, text + b, (size_t)(a_len < b_len ? a_len : b_len));
  return order != 0 ? order : a_len < b_len ? -1 : 1;
}

/* Out: the ranks of a text's suffixes, as they are. */
static inline void commit_sort(uint64_t *sa, uint64_t *psi, const uint8_t *text, uint64_t n) {
  uint64_t rank[COMMIT_LEAVES + 1];
  for (uint64_t i = 0; i < n; i++) {
    uint64_t at = i;
    for (; at > 0 && commit_compare(text, n, i, sa[at - 1]) < 0; at--) sa[at] = sa[at - 1];
    sa[at] = i;
  }
  for (uint64_t i = 0; i < n; i++) rank[sa[i]] = i;
  for (uint64_t i = 0; i < n; i++) psi[i] = sa[i] + 1 == n ? COMMIT_END : rank[sa[i] + 1];
}

/*
 * Makes the right commitment to documents, except that they may be any bytes; its roots are made by commit_seal. Documents
 * are of the contributors 1, 2, 3 in turn.
 */
static inline void commit_make(commitment *made, uint8_t *text, const ol_slice *documents,
                               size_t documents_len) {
  uint64_t sa[COMMIT_LEAVES];
  uint64_t psi[COMMIT_LEAVES];
  memset(made, 0, offsetof(commitment, sealed));
  uint64_t n = 0;
  for (size_t k = 0; k < documents_len; k++) {
    commit_document(made, k, (uint8_t)(1 + k % 3), n, documents[k].len);
    if (documents[k].len > 0) memcpy(text + n, documents[k].data, documents[k].len);
    n += documents[k].len;
    text[n++] = 0xff;
  }
  made->header.n = n;
  made->header.documents = documents_len;
  made->header.epoch = 3;
  commit_text(made, text);
  commit_sort(sa, psi, text, n);
  for (uint64_t i = 0; i < n; i++) {
    commit_suffix(made, i, sa[i], psi[i], text);
    if (sa[i] == 0) made->header.i0 = i;
  }
}

#endif
