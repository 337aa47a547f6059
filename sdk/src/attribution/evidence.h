/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_EVIDENCE_H
#define OL_ATTRIBUTION_EVIDENCE_H

/*
 * What verifying evidence keeps, and its steps, in the order in which they are made: read, roots, words, spans, owners
 * (docs/attribution.md, sections 2, 6 and 9). Each step returns OL_OK or rejects with a reason.
 */

#include "openledger/evidence.h"

#include "attribution/tree.h"
#include "attribution/tree_batch.h"
#include "base/base.h"

#define OL_SUFFIX_PREFIX 32   /* bytes of a suffix in its leaf, at most */
#define OL_TEXT_CHUNK 128     /* bytes of T in a leaf, but for the last */
#define OL_DOCUMENT_BYTES 76  /* of a document's payload */
#define OL_SPLIT_ROW_BYTES 60 /* of a row of a split */
#define OL_GRADIENT_HEADER_BYTES 106
#define OL_SUFFIX_END UINT64_MAX /* Psi of the last position */

enum { OL_EVIDENCE_HAS_SPANS = 1, OL_EVIDENCE_HAS_INFLUENCE = 2 };

/* An opened suffix. */
typedef struct ol_evidence_leaf {
  uint64_t index;
  uint64_t position; /* SA */
  uint64_t next;     /* Psi, or OL_SUFFIX_END */
  uint8_t prefix[OL_SUFFIX_PREFIX];
} ol_evidence_leaf;

/* An opened chunk of T. */
typedef struct ol_evidence_chunk {
  uint64_t index;
  uint32_t at; /* of its bytes, in the evidence */
  uint32_t is_read;
} ol_evidence_chunk;

/* An opened document. */
typedef struct ol_evidence_document_leaf {
  uint64_t index;
  uint64_t start;
  uint64_t length;
  uint64_t weight; /* what its positions are credited */
  uint32_t at;     /* of its payload, in the evidence */
  uint32_t is_owner;
} ol_evidence_document_leaf;

/* A word that is claimed to be absent. Numbers of 2^32 - 1 are out of range. */
typedef struct ol_evidence_word {
  uint32_t start;
  uint32_t end;
  uint32_t above; /* the first leaf above it, an ordinal */
} ol_evidence_word;

/* A listed span; what is proven of it, and its first and last leaf as ordinals. */
typedef struct ol_evidence_span_leaves {
  ol_attribution_span proven;
  uint32_t first;
  uint32_t last;
  uint32_t range; /* its ordinal among the ranges of the proof of minima, or OL_NOWHERE */
} ol_evidence_span_leaves;

/* A row of weights: whose is told by a document's payload. */
typedef struct ol_evidence_row {
  uint64_t weight;
  uint32_t at;
} ol_evidence_row;

struct ol_evidence {
  ol_attribution_policy policy;
  ol_corpus_header corpus;
  ol_slice bytes;
  size_t at; /* how far it is read */
  ol_slice response;
  uint32_t flags;
  uint32_t reason;
  uint32_t spans_len;
  uint32_t words_len;
  uint32_t leaves_len;
  uint32_t chunks_len;
  uint32_t documents_len;
  uint32_t ranges_len;
  uint32_t rows_len;
  ol_slice leaf_siblings;
  ol_slice chunk_siblings;
  ol_slice document_siblings;
  ol_slice first_nodes;
  ol_slice gradient_header;
  ol_slice vector;
  ol_slice split;
  ol_evidence_span_leaves spans[OL_EVIDENCE_SPANS];
  ol_evidence_word words[OL_EVIDENCE_WORDS];
  ol_evidence_leaf leaves[OL_EVIDENCE_LEAVES];
  ol_evidence_chunk chunks[OL_EVIDENCE_CHUNKS];
  ol_evidence_document_leaf documents[OL_EVIDENCE_DOCUMENTS];
  uint8_t is_used[OL_EVIDENCE_LEAVES];
  ol_tree_range ranges[OL_EVIDENCE_SPANS];
  ol_evidence_row rows[OL_EVIDENCE_DOCUMENTS];
  ol_tree_batch batch;
};

/* Rejects: keeps the reason, and names the place in the error. Returns: the status. */
ol_status ol_evidence_reject(ol_evidence *evidence, ol_error *error, ol_attribution_reason reason,
                             const char *part, uint32_t item, const char *text) OL_NONNULL;

/* Returns: chunks that T has. */
static inline uint64_t ol_text_chunks(uint64_t n) {
  return (n + OL_TEXT_CHUNK - 1) / OL_TEXT_CHUNK;
}

/* Returns: bytes of T in a chunk that there is. */
static inline uint32_t ol_text_chunk_len(uint64_t n, uint64_t index) {
  uint64_t left = n - index * OL_TEXT_CHUNK;
  return left < OL_TEXT_CHUNK ? (uint32_t)left : OL_TEXT_CHUNK;
}

/* Returns: m, the bytes of a suffix that are in its leaf. */
static inline uint32_t ol_suffix_prefix_len(uint64_t n, uint64_t position) {
  return n - position < OL_SUFFIX_PREFIX ? (uint32_t)(n - position) : OL_SUFFIX_PREFIX;
}

/* Reads all parts; what is left of ordinals and bounds to be checked is in range of the tables' types only. */
OL_CHECKED ol_status ol_evidence_read(ol_evidence *evidence, ol_error *error) OL_NONNULL;

/* Compare what was opened with the corpus's roots. */
OL_CHECKED ol_status ol_evidence_check_suffixes(ol_evidence *evidence, ol_error *error) OL_NONNULL;
OL_CHECKED ol_status ol_evidence_check_text(ol_evidence *evidence, ol_error *error) OL_NONNULL;
OL_CHECKED ol_status ol_evidence_check_documents(ol_evidence *evidence, ol_error *error) OL_NONNULL;
/* In and out: the ranges. */
OL_CHECKED ol_status ol_evidence_check_minima(ol_evidence *evidence, ol_error *error) OL_NONNULL;

/* Where a suffix is, seen from a word (section 2.1). */
typedef enum ol_suffix_side {
  OL_SUFFIX_BELOW,
  OL_SUFFIX_BEGINS, /* begins with the word */
  OL_SUFFIX_ABOVE,
  OL_SUFFIX_UNDECIDED,
} ol_suffix_side;

/* Compares an opened suffix with the bytes [start, end) of the answer, and notes which chunks that read. */
ol_suffix_side ol_evidence_compare(ol_evidence *evidence, uint32_t leaf, uint32_t start,
                                   uint32_t end) OL_NONNULL;

/* Checks words and spans (sections 2.2 and 2.3). Out: each span's count. */
OL_CHECKED ol_status ol_evidence_check_words(ol_evidence *evidence, ol_error *error) OL_NONNULL;
OL_CHECKED ol_status ol_evidence_check_spans(ol_evidence *evidence, ol_error *error) OL_NONNULL;
OL_CHECKED ol_status ol_evidence_check_complete(ol_evidence *evidence, ol_error *error) OL_NONNULL;

/* Returns: floor(256 log2 x) as section 2.5 defines it. In: x >= 1. */
uint32_t ol_log2q8(uint64_t x);

/* Returns: whether a span earns: whether its count is at most the policy's. */
static inline bool ol_evidence_earns(const ol_evidence *evidence, const ol_evidence_span_leaves *span) {
  return span->proven.count <= evidence->policy.max_count;
}

/* Returns: the count up to which all leaves of a span that earns are opened (F, section 2.4). */
static inline uint32_t ol_evidence_opened_count(const ol_evidence *evidence) {
  return evidence->policy.owner_rule == OL_OWNER_EARLIEST ? 16 : evidence->policy.max_count;
}

/* Finds owners, and what each span and each contributor earns (sections 2.4 and 2.5). */
OL_CHECKED ol_status ol_evidence_weigh(ol_evidence *evidence, ol_error *error) OL_NONNULL;

#endif
