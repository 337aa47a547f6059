/* SPDX-License-Identifier: MIT */
#ifndef OL_CORPUS_PROVE_H
#define OL_CORPUS_PROVE_H

/* What the steps of a proof share: matching, spans, words, writing. */

#include "corpus.h"

/* Where the rest of an answer from one byte on would be among the suffixes. */
typedef struct prove_match {
  uint64_t rank; /* of the first suffix that is not below it */
  uint32_t end; /* of the longest piece from here that occurs; so the shortest absent word ends one further */
  uint32_t below; /* bytes that it has alike with the suffix before `rank` */
  uint32_t above; /* and with that of `rank` */
} prove_match;

typedef struct prove_span {
  ol_attribution_span proven; /* its document is a number of the corpus until documents are opened */
  uint64_t lo;
  uint64_t hi;
} prove_span;

typedef struct prove_word {
  uint32_t start;
  uint32_t end;
  uint64_t above; /* the rank of the first suffix above it */
} prove_word;

/* Something of R that must contain a word: [start, end). */
typedef struct prove_need {
  uint32_t start;
  uint32_t end;
} prove_need;

/* Ranks, or other numbers, in their order, each once; and by how much each is wanted. */
typedef struct prove_set {
  uint64_t *items;
  uint32_t *wanted;
  size_t count;
  size_t room;
} prove_set;

struct ol_corpus_proof {
  const ol_corpus *corpus;
  ol_attribution_policy policy;
  ol_slice response;    /* while it is made */
  prove_match *matches; /* of each byte of the response, while it is made */
  uint32_t spans_len;
  uint32_t words_len;
  uint32_t weights_len;
  prove_span spans[OL_EVIDENCE_SPANS];
  prove_word words[OL_EVIDENCE_WORDS];
  ol_attribution_weight weights[OL_EVIDENCE_DOCUMENTS];
  prove_set leaves;
  prove_set chunks;
  prove_set documents;
  uint8_t *bytes; /* of evidence, from the header to FRST */
  size_t len;
};

/* Returns: whether there was memory for it. */
OL_CHECKED bool prove_set_add(prove_set *set, uint64_t item) OL_NONNULL;
void prove_set_remove(prove_set *set, uint64_t item) OL_NONNULL;
/* Returns: how many items are below this. */
size_t prove_set_below(const prove_set *set, uint64_t item) OL_NONNULL;
void prove_set_free(prove_set *set) OL_NONNULL;

/* Returns: whether a span is paid for, and how many leaves are opened of one that is. */
static inline bool prove_earns(const ol_corpus_proof *proof, const prove_span *span) {
  return span->proven.count <= proof->policy.max_count;
}

static inline uint64_t prove_opened(const ol_corpus_proof *proof) {
  return proof->policy.owner_rule == OL_OWNER_EARLIEST ? 16 : proof->policy.max_count;
}

/* Words that may be chosen, and how likely that is (crowd.c). */
typedef struct prove_crowd prove_crowd;

/* In: where candidates start; how likely each is at first, of 256. Returns: NULL without memory. */
prove_crowd *prove_crowd_new(const ol_corpus_proof *proof, const uint32_t *starts, size_t count,
                             uint32_t weight);
void prove_crowd_free(prove_crowd *crowd);
/* Out: by where it starts, each candidate's share of the siblings of its way up, in bytes. */
void prove_crowd_costs(prove_crowd *crowd, uint64_t *out) OL_NONNULL;
/* What was chosen becomes likelier; of what was likely before, `keep` sixteenths stay. In: words by their starts. */
void prove_crowd_learn(prove_crowd *crowd, const uint32_t *words, size_t count, uint32_t keep) OL_NONNULL;

ol_status prove_matches(ol_error *error, ol_corpus_proof *proof) OL_NONNULL;
ol_status prove_spans(ol_error *error, ol_corpus_proof *proof) OL_NONNULL;
/* Chooses words, and opens what is around them. In: leaves that are opened anyhow. */
ol_status prove_words(ol_error *error, ol_corpus_proof *proof) OL_NONNULL;
ol_status prove_chunks(ol_error *error, ol_corpus_proof *proof) OL_NONNULL;
ol_status prove_owners(ol_error *error, ol_corpus_proof *proof) OL_NONNULL;
ol_status prove_write(ol_error *error, ol_corpus_proof *proof) OL_NONNULL;

#endif
