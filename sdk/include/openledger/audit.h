/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_AUDIT_H
#define OPENLEDGER_AUDIT_H

/*
 * Audits of a corpus (docs/attribution.md, section 3): all of it, some of it by chance, or what one contributor has in it.
 * Whatever is said to be wrong comes with its refutation, which the core has accepted.
 */

#include "openledger/refutation.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Gives a leaf. Out: a payload, and its length, at most `len` bytes (OL_REFUTATION_PAYLOAD). In: an ol_opening_tree, an index
 * that is in it. Returns: false when it cannot be had. Calls with the same arguments give the same.
 */
typedef bool ol_audit_leaf(void *context, uint8_t *out, size_t len, size_t *out_len, uint32_t tree,
                           uint64_t index);

/* Gives a path as in ol_opening. Out: `len` bytes, as many as it has. Returns: false when it cannot be had. */
typedef bool ol_audit_path(void *context, uint8_t *out, size_t len, uint32_t tree, uint64_t index);

/*
 * What gives the leaves of a corpus: a file, a test's commitment, a node. It is not believed: a leaf that is not under
 * the header's root counts as one that cannot be had.
 */
typedef struct ol_audit_source {
  const ol_corpus_header *header;
  ol_audit_leaf *leaf;
  ol_audit_path *path;
  void *context;
} ol_audit_source;

typedef enum ol_audit_verdict {
  OL_AUDIT_RIGHT = 0, /* all that was looked at */
  OL_AUDIT_WRONG = 1, /* and the refutation shows it */
  OL_AUDIT_UNAVAILABLE = 2,
} ol_audit_verdict;

typedef struct ol_audit_report {
  uint32_t verdict; /* an ol_audit_verdict */
  uint32_t tree;    /* unavailable: the leaf that is, or that is not under the header's root */
  uint64_t index;
  ol_refutation wrong; /* wrong: what the refutation shows; it points into `refutation` */
  const char *text;    /* what is wrong or wanting, constant; "" for right */
  uint64_t judged;     /* how often a rule was applied */
  uint64_t suffixes;   /* leaves that all rules of suffixes were applied to */
  uint64_t documents;  /* right: those that were looked at; of a contributor, its own */
  size_t refutation_len;
  uint8_t refutation[OL_REFUTATION_BYTES];
} ol_audit_report;

/*
 * Checks everything: the roots over all leaves, and all rules for all of them. Time is that of hashing all leaves once, two
 * hashes a suffix; memory that of the report. Returns: OL_OK, whatever the verdict; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_audit_all(ol_error *error, ol_audit_report *out,
                                         const ol_audit_source *source) OL_NONNULL;

/*
 * Checks `count` suffixes, and as many positions of T with their documents, which follow from the seed; each leaf by its
 * path. A corpus that breaks rules at a share s of its places is found out with probability 1 - (1 - s)^count or more.
 */
OL_API OL_CHECKED ol_status ol_audit_some(ol_error *error, ol_audit_report *out,
                                          const ol_audit_source *source, uint64_t seed,
                                          uint64_t count) OL_NONNULL;

/* A document as the corpus has it. */
typedef struct ol_audit_document {
  uint64_t index;
  uint64_t datanet;
  uint64_t start; /* in T */
  uint64_t length;
  ol_hash licence;
  ol_hash text; /* keccak-256 of the document's bytes, which are under the text's root */
} ol_audit_document;

/* Called with each document that was found; in `context` what was given for it. */
typedef void ol_audit_found(void *context, const ol_audit_document *document);

/*
 * Checks what a contributor has in a corpus: that the documents tile T, which of them are its own, that their text is there
 * and is UTF-8, and that each of their positions is in the suffix array, in order among its neighbours, with the right
 * prefix and first occurrence. `found` gets each of its documents once its text is known, and may be NULL: what of the
 * own texts was not found is missing. Time is that of reading all documents, and all suffixes up to the last own one;
 * where more than one byte of 256 is own, all leaves are hashed once, else those that are looked at have paths.
 */
OL_API OL_CHECKED ol_status ol_audit_contributor(ol_error *error, ol_audit_report *out,
                                                 const ol_audit_source *source, const ol_address *contributor,
                                                 ol_audit_found *found, void *context)
    OL_NONNULL_ARGS(1, 2, 3, 4);

/* Writes a report as one line of words. Returns: its length without the zero; it is cut where `len` ends. */
OL_API size_t ol_audit_text(const ol_audit_report *report, char *out, size_t len) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
