/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_REFUTATION_H
#define OPENLEDGER_REFUTATION_H

/*
 * Refutations of corpora: one message of at most three openings that shows that a commitment is not that of a suffix
 * array (docs/attribution.md, section 3). No refutation of a right commitment is accepted, and every wrong one whose
 * leaves can be had has one.
 */

#include "openledger/evidence.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_REFUTATION_OPENINGS 3
#define OL_REFUTATION_PAYLOAD 65535 /* bytes of a payload, the most that can be opened */
#define OL_REFUTATION_LEVELS 64     /* of a path, the most */
/* Of the longest file; one of leaves that have their form has about 3,200 at n = 10^9. */
#define OL_REFUTATION_BYTES 206048

/* What must hold of a corpus. The numbers are those of the file. */
typedef enum ol_corpus_rule {
  OL_RULE_SHAPE = 0,      /* a leaf has its form */
  OL_RULE_SUCCESSOR = 1,  /* A: SA[Psi[i]] = SA[i] + 1 */
  OL_RULE_ANCHOR = 2,     /* SA[i0] = 0 */
  OL_RULE_ORDER = 3,      /* B: neighbours are in order */
  OL_RULE_PREFIX = 4,     /* C: a prefix is that of the text */
  OL_RULE_FIRST_LEAF = 5, /* D: a leaf of first occurrences is SA[i] */
  OL_RULE_FIRST_NODE = 6, /* D: a recorded minimum is the minimum */
  OL_RULE_DOCUMENTS = 7,  /* E: documents tile the text and are UTF-8 */
  OL_RULE_HEADER = 8,     /* the header's numbers are in range */
} ol_corpus_rule;

#define OL_CORPUS_RULES 9

/* The trees of a corpus, by their numbers in openings. */
typedef enum ol_opening_tree {
  OL_OPENED_TEXT = 0,
  OL_OPENED_SUFFIXES = 1,
  OL_OPENED_FIRST = 2,
  OL_OPENED_DOCUMENTS = 3,
} ol_opening_tree;

#define OL_OPENED_TREES 4

/* Returns: a rule as the document has it, e.g. "A"; "unknown" for a number that is none. */
OL_API const char *ol_corpus_rule_name(uint32_t rule);

/*
 * A leaf and the way to its root. A path is the siblings from the leaf up, 32 bytes each; of first occurrences each level
 * is `u64 own || u64 sibling || hash`, and a `u64` follows, the minimum that the root records.
 */
typedef struct ol_opening {
  uint32_t tree; /* an ol_opening_tree */
  uint64_t index;
  ol_slice payload;
  ol_slice path;
} ol_opening;

/* Returns: how many leaves a tree of a corpus has by its header; 0 for a number that is no tree. */
OL_API uint64_t ol_opening_leaves(const ol_corpus_header *header, uint32_t tree) OL_NONNULL;

/* Returns: how many bytes a path of a leaf has; 0 for one that is not in the tree. */
OL_API size_t ol_opening_path_len(const ol_corpus_header *header, uint32_t tree, uint64_t index) OL_NONNULL;

/*
 * Checks that a tree of the corpus has a leaf. What the leaf says, and the minima that a path records, are not judged.
 * Returns: OL_ERR_ARGUMENT for no tree; OL_ERR_PROOF for an index behind the last leaf, a path of another length, or
 * another root.
 */
OL_API OL_CHECKED ol_status ol_opening_check(ol_error *error, const ol_corpus_header *header,
                                             const ol_opening *opening) OL_NONNULL;

/* What a refutation shows. */
typedef struct ol_refutation {
  ol_hash corpus_id; /* of the corpus that is refuted */
  ol_corpus_header header;
  uint32_t rule;                               /* the ol_corpus_rule that is broken */
  uint32_t count;                              /* openings */
  ol_opening openings[OL_REFUTATION_OPENINGS]; /* in the refutation's bytes */
  uint64_t place;   /* of rules 4 and 7 the byte of T, of rule 6 the level, from the leaf up; or 2^64 - 1 */
  const char *text; /* what is wrong, constant */
} ol_refutation;

/*
 * Reads a refutation (`ATRF`) and checks it. Out: what is wrong with which corpus; it points into `bytes`.
 * Returns: OL_ERR_ENCODING with the byte at fault when it is not of its form; OL_ERR_PROOF when an opening is not the one
 * that the rule asks for or is of another corpus ("opening" and its ordinal), or when all is right.
 */
OL_API OL_CHECKED ol_status ol_refutation_read(ol_error *error, ol_refutation *out, ol_slice bytes)
    OL_NONNULL_ARGS(1, 2);

/*
 * Judges openings by a rule as ol_refutation_read does, but looks at no hash; paths are read for OL_RULE_FIRST_NODE alone.
 * For audits, which try many and hash what they find. In, and out: header, rule, count and openings are given, whose
 * indices are in their trees; place and text are written when the rule is broken.
 * Returns: OL_OK when it is; OL_ERR_PROOF for other openings than the rule asks for, and when it holds; OL_ERR_ARGUMENT
 * for no rule, or too many openings.
 */
OL_API OL_CHECKED ol_status ol_refutation_judge(ol_error *error, ol_refutation *out) OL_NONNULL;

/*
 * Writes a refutation; whether it shows anything, reading it tells. Out: the file, and its length, at most
 * OL_REFUTATION_BYTES. In: the header; the openings that the rule asks for, in order.
 * Returns: OL_ERR_ARGUMENT for no rule, no tree, too many openings or what is too long for its field; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_refutation_write(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                                const ol_corpus_header *header, uint32_t rule,
                                                const ol_opening *openings, size_t openings_len)
    OL_NONNULL_ARGS(1, 2, 4, 5);

#ifdef __cplusplus
}
#endif

#endif
