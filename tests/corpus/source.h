/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_CORPUS_SOURCE_H
#define OL_TESTS_CORPUS_SOURCE_H

/* A test's commitment as what an audit reads. */

#include "attribution/commit.h"
#include "openledger/audit.h"

static inline bool commit_source_leaf(void *context, uint8_t *out, size_t len, size_t *out_len, uint32_t tree,
                                      uint64_t index) {
  const commitment *made = context;
  const commit_leaf *leaf = &made->leaves[tree][index];
  if (leaf->len > len) return false;
  memcpy(out, leaf->bytes, leaf->len);
  *out_len = leaf->len;
  return true;
}

static inline bool commit_source_path(void *context, uint8_t *out, size_t len, uint32_t tree,
                                      uint64_t index) {
  commitment *made = context;
  uint8_t path[48 * 16 + 8];
  if (commit_path(made, path, tree, index) != len) return false;
  memcpy(out, path, len);
  return true;
}

static inline ol_audit_source commit_source(commitment *made) {
  return (ol_audit_source){&made->header, commit_source_leaf, commit_source_path, made};
}

#endif
