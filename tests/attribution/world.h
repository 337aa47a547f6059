/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_ATTRIBUTION_WORLD_H
#define OL_TESTS_ATTRIBUTION_WORLD_H

/*
 * A small corpus with all its trees, and evidence about answers, in three stages that a test may change in between: a
 * plan (what is claimed), a draft (what is opened for it), and the bytes. Everything is done the naive way.
 */

#include "openledger/evidence.h"

#include "attribution/tree.h"
#include "base/base.h"

/* All nodes of a tree, level by level from the leaves. */
typedef struct world_tree {
  ol_tree_kind kind;
  uint64_t leaves;
  uint32_t levels;
  ol_tree_node *nodes[OL_TREE_DEPTH];
  uint64_t counts[OL_TREE_DEPTH];
  ol_hash root;
} world_tree;

#define WORLD_DOCUMENTS 4096

typedef struct world {
  uint8_t *text; /* T */
  uint64_t n;
  uint64_t *sa;
  uint64_t *psi;
  uint8_t documents[WORLD_DOCUMENTS][76];
  uint64_t documents_len;
  world_tree text_tree;
  world_tree suffix_tree;
  world_tree first_tree;
  world_tree document_tree;
  ol_corpus_header header;
} world;

/* Adds a document, by a contributor whose address is all `contributor`. */
void world_add(world *w, const void *bytes, size_t len, uint8_t contributor, uint64_t datanet);
/* Sorts and hashes; to be called again when tables were changed, with `again`. */
void world_make(world *w);
void world_hash(world *w);
void world_free(world *w);

/* Hashes a leaf's payload as it is in the world. */
size_t world_payload(const world *w, ol_tree_kind kind, uint64_t index, uint8_t out[160]);

/* Out: siblings of a multiproof, or nodes of a range proof. Returns: bytes written. */
size_t world_multiproof(const world_tree *tree, const uint64_t *indices, size_t len, uint8_t *out);
size_t world_range_proof(const world_tree *tree, const ol_tree_range *ranges, size_t len, uint8_t *out);

/* Returns: how many suffixes are below a word; and how many are below it or begin with it. */
uint64_t world_below(const world *w, const uint8_t *word, size_t len);
uint64_t world_upto(const world *w, const uint8_t *word, size_t len);

/* --- What is claimed --- */

typedef struct world_span {
  uint32_t start, end;
  uint64_t lo, hi;
} world_span;

typedef struct world_word {
  uint32_t start, end;
  uint64_t above; /* rank */
} world_word;

typedef struct world_plan {
  ol_attribution_policy policy;
  const uint8_t *response;
  uint32_t response_len;
  world_span spans[OL_EVIDENCE_SPANS + 8];
  uint32_t spans_len;
  world_word words[OL_EVIDENCE_WORDS + 8];
  uint32_t words_len;
} world_plan;

/* A policy with K, maxCount and an owner rule, and a third of the pool for each of the rest. */
ol_attribution_policy world_policy(uint32_t min_span, uint32_t max_count, uint32_t owner_rule);

/* Plans the honest claim: all maximal spans, and as few absent words as show it. */
void world_plan_honest(const world *w, world_plan *plan, const ol_attribution_policy *policy,
                       const void *response, size_t len);
/* Plans all maximal spans, and all minimal absent words: nobody can show more. */
void world_plan_all(const world *w, world_plan *plan, const ol_attribution_policy *policy,
                    const void *response, size_t len);
/* Changes of a plan; places in the lists are kept sorted. Ranks are the true ones. */
void world_add_span(const world *w, world_plan *plan, uint32_t start, uint32_t end);
void world_add_word(const world *w, world_plan *plan, uint32_t start, uint32_t end);
void world_drop_span(world_plan *plan, uint32_t i);
void world_drop_word(world_plan *plan, uint32_t i);

/* --- What is opened --- */

typedef struct draft_leaf {
  uint64_t index, position, next; /* `next` is n at the end */
  uint8_t len;
  uint8_t prefix[32];
  int32_t shared; /* what is written for c; -1 for what is right */
} draft_leaf;

typedef struct draft_chunk {
  uint64_t index;
  uint32_t len;
  uint8_t bytes[128];
} draft_chunk;

typedef struct draft_document {
  uint64_t index;
  uint8_t payload[76];
} draft_document;

/* Ordinals, as they are written; starts are not yet differences. */
typedef struct draft_span {
  uint64_t start, len, first, more;
} draft_span;

typedef struct draft_word {
  uint64_t start, len, above;
} draft_word;

typedef struct world_draft {
  uint8_t magic[4];
  uint8_t version;
  uint8_t flags;
  uint8_t header[160];
  uint64_t n;
  draft_span spans[OL_EVIDENCE_SPANS + 8];
  draft_word words[OL_EVIDENCE_WORDS + 8];
  draft_leaf leaves[OL_EVIDENCE_LEAVES + 8];
  draft_chunk chunks[OL_EVIDENCE_CHUNKS + 8];
  draft_document documents[OL_EVIDENCE_DOCUMENTS + 8];
  ol_tree_range ranges[OL_EVIDENCE_SPANS + 8];
  uint32_t spans_len, words_len, leaves_len, chunks_len, documents_len, ranges_len;
  /* Proofs: leaves, text, documents, first. */
  uint8_t *proofs[4];
  size_t proofs_len[4];
  uint8_t gradient_header[106];
  uint8_t vector[8192];
  uint8_t rows[(OL_SPLIT_ROWS + 8) * 60];
  uint32_t rows_len;
} world_draft;

/* Opens what a plan needs, with all proofs. */
void world_draft_make(const world *w, world_draft *draft, const world_plan *plan);
/* Makes the proofs again, for the indices that are there now. */
void world_draft_prove(const world *w, world_draft *draft);
void world_draft_free(world_draft *draft);
/* Opens one more, with what the world has; ordinals of spans and words are moved. Proofs are not made again. */
void world_open_leaf(const world *w, world_draft *draft, uint64_t index);
void world_open_chunk(const world *w, world_draft *draft, uint64_t index);
void world_open_document(const world *w, world_draft *draft, uint64_t index);

/* Writes evidence. Returns: its length. In: 512 KiB. */
size_t world_write(const world_draft *draft, uint8_t *out);

#define WORLD_BYTES (1u << 19)

/* Verifies bytes, or a draft, in memory that ends where it must. Out: what was proven, until the next call. */
ol_status world_verify_bytes(ol_error *error, ol_evidence **out, uint32_t *out_reason, const world_plan *plan,
                             const uint8_t *bytes, size_t len);
ol_status world_verify(ol_error *error, ol_evidence **out, uint32_t *out_reason, const world_plan *plan,
                       const world_draft *draft);

/* Writes a number as LEB128. Returns: the bytes that took. */
size_t world_number(uint8_t *out, uint64_t value);

#endif
