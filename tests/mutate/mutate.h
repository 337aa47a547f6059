/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_MUTATE_H
#define OL_TESTS_MUTATE_H

/*
 * The mutation campaign: every recorded proof, header and beacon object, changed in every way that is listed
 * here. A change must be refused with a reason, and with a place inside of the input if it has one; a change of text may be
 * accepted where it is neutral (the case of a digit, a field that nobody reads): the answer is then the same
 * to the byte, and so is every claim and node that the text has. The same seed makes the same changes, natively and in WebAssembly.
 */

#include "vectors/vectors.h"

#define MUTATE_KINDS(X)                                                                                      \
  X(TEXT_CUT, "proof text, cut short")                                                                       \
  X(TEXT_FLIPPED, "proof text, a byte changed")                                                              \
  X(TEXT_EDITED, "proof text, edited at random")                                                             \
  X(NODES_CUT, "proof nodes, one cut short")                                                                 \
  X(NODES_FLIPPED, "proof nodes, a bit changed")                                                             \
  X(NODES_REARRANGED, "proof nodes, rearranged")                                                             \
  X(HEADER_RLP, "header RLP, changed or cut")                                                                \
  X(HEADER_TEXT, "header text, changed or cut")                                                              \
  X(GARBAGE, "garbage to every decoder")                                                                     \
  X(BEACON_CUT, "beacon objects, cut short")                                                                 \
  X(BEACON_FLIPPED, "beacon objects, a byte changed")                                                        \
  X(BEACON_EDITED, "beacon objects, edited at random")                                                       \
  X(ANSWER_CUT, "beacon node's answers, cut short")                                                          \
  X(ANSWER_FLIPPED, "beacon node's answers, a byte changed")                                                 \
  X(ANSWER_EDITED, "beacon node's answers, edited at random")                                                \
  X(RECEIPT_FLIPPED, "receipts' files, a byte changed")                                                      \
  X(RECEIPT_CUT, "receipts' files, cut short")                                                               \
  X(EVIDENCE_FIELDS, "evidence that is signed anew, a field changed")                                        \
  X(EVIDENCE_EDITED, "evidence that is signed anew, edited at random")

#define MUTATE_ENUM(id, text) MUTATE_##id,
typedef enum mutate_kind { MUTATE_KINDS(MUTATE_ENUM) MUTATE_KIND_COUNT } mutate_kind;
#undef MUTATE_ENUM

extern const char *const mutate_kind_names[MUTATE_KIND_COUNT];

typedef struct mutate_counts {
  uint32_t made;
  uint32_t refused;
  uint32_t neutral;
  uint32_t wrong;
} mutate_counts;

/* What became of it. The layout is read by run_wasm.mjs. */
typedef struct mutate_tally {
  vector_tally groups; /* one for each kind of change of each proof: passed when nothing was wrong */
  mutate_counts kinds[MUTATE_KIND_COUNT];
} mutate_tally;

typedef struct mutate_options {
  uint32_t seed;
  uint32_t each;  /* at most so many changes of each group, evenly chosen; 0 for all there are */
  uint32_t edits; /* so many random edits of each proof's text */
} mutate_options;

/* The parts of it: of proofs and headers, of what beacon nodes answered, of receipts of attribution. */
typedef enum mutate_part { MUTATE_PROOFS = 0, MUTATE_BEACON = 1, MUTATE_RECEIPTS = 2 } mutate_part;

static inline mutate_part mutate_part_of(mutate_kind kind) {
  if (kind < MUTATE_BEACON_CUT) return MUTATE_PROOFS;
  return kind < MUTATE_RECEIPT_FLIPPED ? MUTATE_BEACON : MUTATE_RECEIPTS;
}

/* Runs the campaign on one file of vectors/prepare.mjs: header and proofs, or a beacon chain. */
void mutate_file(mutate_tally *tally, const mutate_options *options, const uint8_t *json, size_t len);
void mutate_beacon(mutate_tally *tally, const mutate_options *options, const uint8_t *json, size_t len);

/* The same on the receipts that vectors are of which nothing is wrong. */
void mutate_receipts(mutate_tally *tally, const mutate_options *options, const uint8_t *json, size_t len);

/* Gives `options->edits` random inputs to every public decoder. */
void mutate_garbage(mutate_tally *tally, const mutate_options *options);

#endif
