/* SPDX-License-Identifier: MIT */

/*
 * The trees of a corpus: leaves made from what the file has, and their hashes, many at a time as the CPU likes it. The
 * lowest levels are not in the file; a node of theirs is computed from at most 2^CORPUS_LOWEST leaves.
 */

#include "corpus.h"

static const char tags[CORPUS_TREES][4] = {
    {'T', 'E', 'X', 'T'}, {'S', 'U', 'F', 'X'}, {'F', 'R', 'S', 'T'}, {'D', 'O', 'C', 'S'}};

enum { LEAF = 0, NODE = 1, ROOT = 2 };
#define LEAF_FRONT 13 /* what is hashed before a payload */
#define NODE_FRONT 5
#define TOGETHER 64 /* messages that are laid out before they are hashed */

static size_t front(uint8_t *out, uint8_t what, uint32_t tree) {
  out[0] = what;
  memcpy(out + 1, tags[tree], 4);
  return NODE_FRONT;
}

static size_t suffix_payload(const ol_corpus *corpus, uint8_t *out, uint64_t rank) {
  uint64_t position = corpus_sa(corpus, rank);
  uint64_t left = corpus->at.n - position;
  uint8_t m = (uint8_t)(left < CORPUS_PREFIX ? left : CORPUS_PREFIX);
  corpus_put_be64(out, corpus_sa_as_is(corpus, rank));
  corpus_put_be64(out + 8, corpus_psi(corpus, rank));
  out[16] = m;
  if (m == CORPUS_PREFIX) {
    memcpy(out + 17, corpus_t(corpus) + position, CORPUS_PREFIX); /* of a length that the compiler knows */
  } else {
    memcpy(out + 17, corpus_t(corpus) + position, m);
  }
  return 17u + m;
}

size_t corpus_payload(const ol_corpus *corpus, uint8_t out[CORPUS_PAYLOAD], uint32_t tree, uint64_t index) {
  switch (tree) {
  case OL_CORPUS_TEXT: {
    uint64_t start = index * CORPUS_CHUNK;
    uint64_t left = corpus->at.n - start;
    size_t len = (size_t)(left < CORPUS_CHUNK ? left : CORPUS_CHUNK);
    memcpy(out, corpus_t(corpus) + start, len);
    return len;
  }
  case OL_CORPUS_SUFFIXES: return suffix_payload(corpus, out, index);
  case OL_CORPUS_FIRST: corpus_put_be64(out, corpus_sa_as_is(corpus, index)); return 8;
  default: memcpy(out, corpus_document(corpus, index), CORPUS_DOCUMENT_BYTES); return CORPUS_DOCUMENT_BYTES;
  }
}

/* Suffixes are all over the text: asking for the next ones while some are hashed saves most of the waiting. */
static void prefetch(const ol_corpus *corpus, uint64_t first) {
  for (uint64_t rank = first; rank < first + TOGETHER && rank < corpus->at.n; rank++) {
    __builtin_prefetch(corpus_t(corpus) + corpus_sa(corpus, rank));
  }
}

static void hash_leaves(const ol_corpus *corpus, corpus_node *out, uint32_t tree, uint64_t first,
                        size_t count) {
  uint8_t bytes[TOGETHER][LEAF_FRONT + CORPUS_PAYLOAD];
  ol_slice messages[TOGETHER];
  ol_hash hashes[TOGETHER];
  for (size_t i = 0; i < count; i++) {
    uint8_t *message = bytes[i];
    size_t len = front(message, LEAF, tree);
    corpus_put_be64(message + len, first + i);
    len += 8;
    len += corpus_payload(corpus, message + len, tree, first + i);
    messages[i] = (ol_slice){.data = message, .len = len};
    out[i].least = tree == OL_CORPUS_FIRST ? corpus_sa_as_is(corpus, first + i) : 0;
  }
  ol_keccak256_each(hashes, messages, count);
  for (size_t i = 0; i < count; i++) out[i].hash = hashes[i];
}

void corpus_hash_leaves(const ol_corpus *corpus, corpus_node *out, uint32_t tree, uint64_t first,
                        size_t count) {
  for (size_t done = 0; done < count; done += TOGETHER) {
    size_t some = count - done < TOGETHER ? count - done : TOGETHER;
    if (tree == OL_CORPUS_SUFFIXES && some == TOGETHER) prefetch(corpus, first + done + some);
    hash_leaves(corpus, out + done, tree, first + done, some);
  }
}

size_t corpus_put_node(uint8_t *out, uint32_t tree, const corpus_node *node) {
  size_t annotation = corpus_node_len(tree) - sizeof node->hash.bytes;
  if (annotation != 0) corpus_put_be64(out, node->least);
  memcpy(out + annotation, node->hash.bytes, sizeof node->hash.bytes);
  return annotation + sizeof node->hash.bytes;
}

void corpus_read_node(corpus_node *out, uint32_t tree, const uint8_t *bytes) {
  size_t annotation = corpus_node_len(tree) - sizeof out->hash.bytes;
  out->least = corpus_get_be(bytes, annotation);
  memcpy(out->hash.bytes, bytes + annotation, sizeof out->hash.bytes);
}

size_t corpus_hash_level(corpus_node *nodes, uint32_t tree, size_t count) {
  uint8_t bytes[TOGETHER][NODE_FRONT + 2 * 40];
  ol_slice messages[TOGETHER];
  ol_hash hashes[TOGETHER];
  size_t pairs = count / 2;
  for (size_t done = 0; done < pairs; done += TOGETHER) {
    size_t some = pairs - done < TOGETHER ? pairs - done : TOGETHER;
    for (size_t i = 0; i < some; i++) {
      const corpus_node *pair = nodes + 2 * (done + i);
      size_t len = front(bytes[i], NODE, tree);
      len += corpus_put_node(bytes[i] + len, tree, &pair[0]);
      len += corpus_put_node(bytes[i] + len, tree, &pair[1]);
      messages[i] = (ol_slice){.data = bytes[i], .len = len};
    }
    ol_keccak256_each(hashes, messages, some);
    for (size_t i = 0; i < some; i++) {
      const corpus_node *pair = nodes + 2 * (done + i);
      uint64_t least = pair[0].least < pair[1].least ? pair[0].least : pair[1].least;
      nodes[done + i] = (corpus_node){.least = least, .hash = hashes[i]};
    }
  }
  if (count % 2 != 0) nodes[pairs] = nodes[count - 1];
  return pairs + count % 2;
}

void corpus_node_at(const ol_corpus *corpus, corpus_node *out, uint32_t tree, uint32_t level,
                    uint64_t index) {
  if (level >= CORPUS_LOWEST) {
    uint64_t at = corpus_level_at(&corpus->at, tree, level) + index * corpus_node_len(tree);
    corpus_read_node(out, tree, corpus->map + at);
    return;
  }
  corpus_node nodes[1u << CORPUS_LOWEST];
  uint64_t first = index << level;
  uint64_t left = corpus_leaves(&corpus->at, tree) - first;
  size_t count = left < (UINT64_C(1) << level) ? (size_t)left : (size_t)1 << level;
  corpus_hash_leaves(corpus, nodes, tree, first, count);
  while (count > 1) count = corpus_hash_level(nodes, tree, count);
  *out = nodes[0];
}

void corpus_root(ol_hash *out, uint32_t tree, uint64_t leaves, const corpus_node *top) {
  static const corpus_node none;
  uint8_t bytes[NODE_FRONT + 8 + 40];
  size_t len = front(bytes, ROOT, tree);
  corpus_put_be(bytes + len, leaves, 8);
  len += 8;
  len += corpus_put_node(bytes + len, tree, leaves == 0 ? &none : top);
  ol_keccak256(out, bytes, len);
}

/* --- Openings (section 3) --- */

ol_status ol_corpus_opening(ol_error *error, uint8_t out[OL_CORPUS_OPENING_BYTES], size_t *out_len,
                            const ol_corpus *corpus, uint32_t tree, uint64_t index) {
  if (tree >= CORPUS_TREES) return corpus_fail(error, OL_ERR_ARGUMENT, "there is no such tree");
  uint64_t leaves = corpus_leaves(&corpus->at, tree);
  if (index >= leaves) return corpus_fail(error, OL_ERR_ARGUMENT, "there is no such leaf");
  out[0] = (uint8_t)tree;
  corpus_put_be(out + 1, index, 8);
  size_t payload = corpus_payload(corpus, out + 11, tree, index);
  corpus_put_be(out + 9, payload, 2);
  size_t len = 11 + payload;
  uint8_t *count = out + len++;
  *count = 0;
  corpus_node own;
  corpus_node_at(corpus, &own, tree, 0, index);
  uint64_t at = index;
  uint64_t last = leaves - 1;
  for (uint32_t level = 0; last != 0; level++, at >>= 1, last >>= 1) {
    if (at == last && at % 2 == 0) continue;
    /* What the parent records for the node itself, and for its sibling. */
    if (tree == OL_CORPUS_FIRST) {
      corpus_node_at(corpus, &own, tree, level, at);
      corpus_put_be(out + len, own.least, 8);
      len += 8;
    }
    corpus_node sibling;
    corpus_node_at(corpus, &sibling, tree, level, at ^ 1);
    len += corpus_put_node(out + len, tree, &sibling);
    ++*count;
  }
  if (tree == OL_CORPUS_FIRST) { /* and what the root records for the top */
    corpus_node_at(corpus, &own, tree, corpus_top(leaves), 0);
    corpus_put_be64(out + len, own.least);
    len += 8;
  }
  *out_len = len;
  return OL_OK;
}
