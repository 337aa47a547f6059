/* SPDX-License-Identifier: MIT */
#ifndef OL_CORPUS_AUDIT_STEP_H
#define OL_CORPUS_AUDIT_STEP_H

/* The steps of audits. Each returns whether the audit goes on; where it does not, the report is complete. */

#include "openledger/audit.h"

#include <string.h>

#define AUDIT_CHUNK 128
#define AUDIT_END UINT64_MAX
#define AUDIT_NOWHERE UINT64_MAX
#define AUDIT_PATH_BYTES (48 * OL_REFUTATION_LEVELS + 8)

typedef struct audit {
  const ol_audit_source *source;
  ol_audit_report *report;
  bool by_path; /* each leaf is checked as it is loaded: nothing says otherwise that it is the corpus's */
  bool has_no_memory;
  ol_refutation tried;
  uint8_t payloads[OL_REFUTATION_OPENINGS][OL_REFUTATION_PAYLOAD + 1];
  uint8_t paths[OL_REFUTATION_OPENINGS][AUDIT_PATH_BYTES];
} audit;

static inline uint64_t load_be64(const uint8_t *bytes) {
  uint64_t value = 0;
  for (int i = 0; i < 8; i++) value = value << 8 | bytes[i];
  return value;
}

static inline void store_be64(uint8_t *bytes, uint64_t value) {
  for (int i = 7; i >= 0; i--, value >>= 8) bytes[i] = (uint8_t)value;
}

/* Returns: an audit that begins, its header read; NULL without memory. Freed with free(). */
audit *ol_audit_begin(ol_audit_report *out, const ol_audit_source *source);

/* Gets a leaf as the opening of that ordinal. In: an index that is in the tree. */
bool ol_audit_load(audit *run, uint32_t ordinal, uint32_t tree, uint64_t index);
/* Gets the path of an opening that was loaded. */
bool ol_audit_load_path(audit *run, uint32_t ordinal);
/* Applies a rule to openings that were loaded. */
bool ol_audit_judge(audit *run, uint32_t rule, uint32_t count);
bool ol_audit_unavailable(audit *run, uint32_t tree, uint64_t index, const char *text);

bool ol_audit_header(audit *run);
bool ol_audit_anchor(audit *run);
bool ol_audit_successor(audit *run, uint64_t i);
bool ol_audit_order(audit *run, uint64_t i); /* of i and i + 1, if there is that */
bool ol_audit_prefix(audit *run, uint64_t i);
bool ol_audit_first_leaf(audit *run, uint64_t i);
bool ol_audit_first_node(audit *run, uint64_t i);
/* Where a document starts and ends, and that the next one follows. */
bool ol_audit_bounds(audit *run, uint64_t k);
/* The text of a document that is in bounds, in the chunks of [from, to]. */
bool ol_audit_document_text(audit *run, uint64_t k, uint64_t from, uint64_t to);
/* Out: the root over leaves that come one behind the other, as many as a tree of the corpus has. */
typedef struct audit_root {
  uint32_t tree;
  uint64_t leaves;
  ol_hash open[64]; /* of the perfect subtrees that the bits of `leaves` stand for */
  uint64_t minima[64];
} audit_root;
void ol_audit_root_add(audit_root *root, ol_slice payload);
void ol_audit_root_end(const audit_root *root, ol_hash *out);

/* A tree by its root: the shape of all leaves; its minima where they are not those of the leaves. */
bool ol_audit_tree(audit *run, uint32_t tree);

/* Fields of openings that were loaded and have their form. */
uint64_t ol_audit_sa(const audit *run, uint32_t ordinal);
uint64_t ol_audit_psi(const audit *run, uint32_t ordinal);
uint64_t ol_audit_start(const audit *run, uint32_t ordinal);
uint64_t ol_audit_length(const audit *run, uint32_t ordinal);

#endif
