/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_CORPUS_H
#define OPENLEDGER_CORPUS_H

/*
 * Corpora as a publisher has them: building one from documents, looking things up in it, and proving what an answer
 * quotes of it (docs/attribution.md, sections 1, 2 and 6; the file is described in docs/corpus.md).
 *
 * Native only, like the host: it allocates, and it reads and writes files. What is proven here is verified by
 * evidence.h, which does none of that.
 */

#include "openledger/audit.h"
#include "openledger/base.h"
#include "openledger/evidence.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A corpus that is being built. */
typedef struct ol_corpus_builder ol_corpus_builder;

/* Zeros are the defaults. */
typedef struct ol_corpus_options {
  uint64_t epoch;
  uint64_t memory; /* bytes that building may take at once, about; 0 for 1 GiB, at least 1 MiB */
  uint64_t block;  /* bytes of text that are sorted at once; 0 for as many as the memory is good for */
} ol_corpus_options;

/* What building is at. Each stage that is done survives the end of the process. */
typedef enum ol_corpus_stage {
  OL_CORPUS_ADDING = 0,   /* documents */
  OL_CORPUS_SORTING = 1,  /* suffixes */
  OL_CORPUS_RANKING = 2,  /* which suffix follows on which: Psi */
  OL_CORPUS_HASHING = 3,  /* trees */
  OL_CORPUS_FINISHED = 4, /* the file has its name */
} ol_corpus_stage;

/* Called now and then: `done` of `total` bytes of text are through a stage. In: an ol_corpus_stage. */
typedef void ol_corpus_progress(void *context, uint32_t stage, uint64_t done, uint64_t total);

/*
 * Begins a corpus that is to be the file `path`. What is not finished yet lies in a directory beside it, `path` and
 * ".building", which this call empties. In: options, or NULL for the defaults.
 * Returns: OL_ERR_ARGUMENT when the directory cannot be used, or for options out of range; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_corpus_builder_new(ol_error *error, ol_corpus_builder **out, const char *path,
                                                  const ol_corpus_options *options) OL_NONNULL_ARGS(1, 2, 3);

/*
 * Takes up a build whose documents had all been added when its process ended: ol_corpus_builder_finish goes on with the
 * stage that was not done. Out: the builder; NULL if there is none to take up. In: options, of which `epoch` is not
 * looked at; or NULL.
 * Returns: as ol_corpus_builder_new; OL_ERR_ENCODING for a directory whose files do not fit together.
 */
OL_API OL_CHECKED ol_status ol_corpus_builder_resume(ol_error *error, ol_corpus_builder **out,
                                                     const char *path, const ol_corpus_options *options)
    OL_NONNULL_ARGS(1, 2, 3);

/*
 * Adds the next document. In: whom it is from, its datanet, the hash of its licence; its text, which may be empty.
 * Returns: OL_ERR_ENCODING for text that is not UTF-8, with the document's number as the item and the byte as the
 * offset; the corpus is then as it was before. OL_ERR_ARGUMENT when it cannot be written, or after ol_corpus_builder_finish;
 * OL_ERR_LIMIT for more than 2^48 - 1 bytes.
 */
OL_API OL_CHECKED ol_status ol_corpus_builder_add(ol_error *error, ol_corpus_builder *builder,
                                                  const ol_address *contributor, uint64_t datanet,
                                                  const ol_hash *licence, ol_slice text) OL_NONNULL;

/*
 * Sorts, hashes and writes; then renames the file to its path, and removes the directory. Out: what the corpus is
 * committed to by. In: progress, which may be NULL, and its context.
 * Returns: OL_ERR_ARGUMENT when something cannot be written or read, and for a corpus without documents; OL_ERR_MEMORY. It
 * may then be called again, or the build be taken up later.
 */
OL_API OL_CHECKED ol_status ol_corpus_builder_finish(ol_error *error, ol_corpus_builder *builder,
                                                     ol_corpus_header *out, ol_corpus_progress *progress,
                                                     void *context) OL_NONNULL_ARGS(1, 2, 3);

/* Frees a builder; what is on the disk stays there. `builder` may be NULL. */
OL_API void ol_corpus_builder_free(ol_corpus_builder *builder);

/* A corpus's file, mapped. Reading changes nothing, so threads may share it. */
typedef struct ol_corpus ol_corpus;

/*
 * Opens a corpus. Out: the corpus, to be given to ol_corpus_free. It is believed, not checked: whoever got the file
 * from others audits it.
 * Returns: OL_ERR_ARGUMENT when it cannot be read; OL_ERR_ENCODING for a file that is none, or is cut; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_corpus_open(ol_error *error, ol_corpus **out, const char *path) OL_NONNULL;

/* Closes a corpus, and nothing that refers to it may be used again; `corpus` may be NULL. */
OL_API void ol_corpus_free(ol_corpus *corpus);

/* Out: what it is committed to by. */
OL_API void ol_corpus_header_of(const ol_corpus *corpus, ol_corpus_header *out) OL_NONNULL;

/* Returns: T, all documents with 0xFF behind each, readable until the corpus is closed. */
OL_API ol_slice ol_corpus_text(const ol_corpus *corpus) OL_NONNULL;

/* Reads a document. Returns: 1; 0 when there are not so many. */
OL_API OL_CHECKED int ol_corpus_document_at(const ol_corpus *corpus, ol_corpus_document *out,
                                            uint64_t index) OL_NONNULL;

/*
 * Reads a suffix. Out: SA and Psi of a rank (Psi is 2^64 - 1 for END). Returns: 1; 0 when there are not so many.
 */
OL_API OL_CHECKED int ol_corpus_suffix_at(const ol_corpus *corpus, uint64_t *out_sa, uint64_t *out_psi,
                                          uint64_t rank) OL_NONNULL;

/*
 * Finds a word. Out: the ranks of the suffixes that start with it, from `out_lo` up to before `out_hi`; both are where it
 * would be if it is absent. Returns: how often it occurs, the difference.
 */
OL_API uint64_t ol_corpus_find(const ol_corpus *corpus, uint64_t *out_lo, uint64_t *out_hi,
                               ol_slice word) OL_NONNULL;

/* A tree of a corpus, numbered as in refutations (section 3). */
typedef enum ol_corpus_tree {
  OL_CORPUS_TEXT = 0,
  OL_CORPUS_SUFFIXES = 1,
  OL_CORPUS_FIRST = 2,
  OL_CORPUS_DOCUMENTS = 3,
} ol_corpus_tree;

/* The most bytes of an opening (section 3). */
#define OL_CORPUS_OPENING_BYTES 4096

/*
 * Opens a leaf. Out: the opening as a refutation has it, `u8 tree || u64 index || u16 || payload || u8 || path`, and its
 * bytes. In: room for OL_CORPUS_OPENING_BYTES, an ol_corpus_tree.
 * Returns: OL_ERR_ARGUMENT for an index or a tree that there is not.
 */
OL_API OL_CHECKED ol_status ol_corpus_opening(ol_error *error, uint8_t out[OL_CORPUS_OPENING_BYTES],
                                              size_t *out_len, const ol_corpus *corpus, uint32_t tree,
                                              uint64_t index) OL_NONNULL;

/*
 * Makes a corpus what an audit reads (openledger/audit.h). Out: a source that refers to the corpus, which must stay open.
 * Returns: OL_ERR_ENCODING for a file with suffixes that are not in its text: no leaf can be made of them.
 */
OL_API OL_CHECKED ol_status ol_corpus_audit_source(ol_error *error, ol_audit_source *out,
                                                   const ol_corpus *corpus) OL_NONNULL;

/* What an answer quotes of a corpus, and the proof of it. */
typedef struct ol_corpus_proof ol_corpus_proof;

/*
 * Proves which passages of an answer a corpus has, and that there are no others. Out: a proof that refers to the corpus, to
 * be given to ol_corpus_proof_free.
 * Returns: OL_ERR_ENCODING for an answer that is not UTF-8; OL_ERR_LIMIT for one that is too long, or one that evidence
 * within its bounds cannot be had for; OL_ERR_ARGUMENT for a policy out of range; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_corpus_prove(ol_error *error, ol_corpus_proof **out, const ol_corpus *corpus,
                                            const ol_attribution_policy *policy, ol_slice response)
    OL_NONNULL_ARGS(1, 2, 3, 4);

/* Frees a proof; `proof` may be NULL. */
OL_API void ol_corpus_proof_free(ol_corpus_proof *proof);

/*
 * Give what a verifier will find, by ordinals from 0: maximal spans, opened documents, and the weights by contributor and
 * datanet, sorted. A split is made of these weights. Return: 1; 0 when there are not so many.
 */
OL_API OL_CHECKED int ol_corpus_proof_span(const ol_corpus_proof *proof, ol_attribution_span *out,
                                           uint32_t ordinal) OL_NONNULL;
OL_API OL_CHECKED int ol_corpus_proof_document(const ol_corpus_proof *proof, ol_corpus_document *out,
                                               uint32_t ordinal) OL_NONNULL;
OL_API OL_CHECKED int ol_corpus_proof_weight(const ol_corpus_proof *proof, ol_attribution_weight *out,
                                             uint32_t ordinal) OL_NONNULL;

/*
 * Writes evidence (section 6). Out: its bytes, and how many; OL_EVIDENCE_BYTES are enough. In: room for that; a proof, or
 * NULL where only influence decides; the gradient header of 106 bytes and the vector as it stands in evidence, both
 * empty where influence does not decide; the rows of the split, 60 bytes each.
 * Returns: OL_ERR_ARGUMENT for parts of another length; OL_ERR_LIMIT for more evidence than is allowed; OL_ERR_MEMORY for
 * too little room.
 */
OL_API OL_CHECKED ol_status ol_corpus_evidence_write(ol_error *error, uint8_t *out, size_t len,
                                                     size_t *out_len, const ol_corpus_proof *proof,
                                                     ol_slice gradient_header, ol_slice vector, ol_slice rows)
    OL_NONNULL_ARGS(1, 2, 4);

#ifdef __cplusplus
}
#endif

#endif
