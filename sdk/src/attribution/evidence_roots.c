/* SPDX-License-Identifier: MIT */
#include "attribution/evidence.h"

#include "base/poison.h"

/* What was opened, against the roots of the corpus. Payloads are made out of the tables when they are hashed. */

static uint64_t leaf_index(const void *context, size_t i) {
  const ol_evidence *e = (const ol_evidence *)context;
  return e->leaves[i].index;
}

static size_t leaf_payload(const void *context, size_t i, uint8_t *out) {
  const ol_evidence *e = (const ol_evidence *)context;
  const ol_evidence_leaf *leaf = &e->leaves[i];
  uint32_t len = ol_suffix_prefix_len(e->corpus.n, leaf->position);
  ol_store_be64(out, leaf->position);
  ol_store_be64(out + 8, leaf->next);
  out[16] = (uint8_t)len;
  memcpy(out + 17, leaf->prefix, len);
  return 17 + len;
}

static uint64_t chunk_index(const void *context, size_t i) {
  const ol_evidence *e = (const ol_evidence *)context;
  return e->chunks[i].index;
}

static size_t chunk_payload(const void *context, size_t i, uint8_t *out) {
  const ol_evidence *e = (const ol_evidence *)context;
  uint32_t len = ol_text_chunk_len(e->corpus.n, e->chunks[i].index);
  memcpy(out, e->bytes.data + e->chunks[i].at, len);
  return len;
}

static uint64_t document_index(const void *context, size_t i) {
  const ol_evidence *e = (const ol_evidence *)context;
  return e->documents[i].index;
}

static size_t document_payload(const void *context, size_t i, uint8_t *out) {
  const ol_evidence *e = (const ol_evidence *)context;
  memcpy(out, e->bytes.data + e->documents[i].at, OL_DOCUMENT_BYTES);
  return OL_DOCUMENT_BYTES;
}

/* A tree of the corpus: what its name in errors is, and why another root is rejected. */
typedef struct opened_tree {
  ol_tree_kind kind;
  const char *part;
  ol_attribution_reason reason;
  const char *text;
} opened_tree;

static ol_status check(ol_evidence *e, ol_error *error, const opened_tree *tree, uint64_t leaves,
                       const ol_tree_payloads *source, ol_slice siblings, const ol_hash *expected) {
  ol_hash root;
  ol_status status = ol_tree_multiproof_batch(error, &root, tree->kind, leaves, source, siblings, &e->batch);
  if (status != OL_OK) {
    e->reason = OL_REASON_PROOF_SHAPE;
    return ol_error_in(error, status, tree->part, OL_NOWHERE);
  }
  if (!ol_hash_equal(&root, expected))
    return ol_evidence_reject(e, error, tree->reason, tree->part, OL_NOWHERE, tree->text);
  return OL_OK;
}

ol_status ol_evidence_check_suffixes(ol_evidence *e, ol_error *error) {
  static const opened_tree tree = {OL_TREE_SUFFIXES, "leaves", OL_REASON_SUFFIX_ROOT,
                                   "the suffixes are not those of the corpus"};
  const ol_tree_payloads source = {e->leaves_len, leaf_index, leaf_payload, e};
  return check(e, error, &tree, e->corpus.n, &source, e->leaf_siblings, &e->corpus.suffix_root);
}

ol_status ol_evidence_check_text(ol_evidence *e, ol_error *error) {
  static const opened_tree tree = {OL_TREE_TEXT, "text", OL_REASON_TEXT_ROOT,
                                   "the text is not that of the corpus"};
  const ol_tree_payloads source = {e->chunks_len, chunk_index, chunk_payload, e};
  return check(e, error, &tree, ol_text_chunks(e->corpus.n), &source, e->chunk_siblings,
               &e->corpus.text_root);
}

ol_status ol_evidence_check_documents(ol_evidence *e, ol_error *error) {
  static const opened_tree tree = {OL_TREE_DOCUMENTS, "documents", OL_REASON_OWNER,
                                   "the documents are not those of the corpus"};
  const ol_tree_payloads source = {e->documents_len, document_index, document_payload, e};
  return check(e, error, &tree, e->corpus.documents, &source, e->document_siblings, &e->corpus.document_root);
}

ol_status ol_evidence_check_minima(ol_evidence *e, ol_error *error) {
  if (e->ranges_len == 0) {
    if (e->first_nodes.len == 0) return OL_OK;
    return ol_evidence_reject(e, error, OL_REASON_PROOF_SHAPE, "first", OL_NOWHERE,
                              "minima that no span needs");
  }
  ol_hash root;
  ol_status status = ol_tree_range_root(error, &root, e->corpus.n, e->ranges, e->ranges_len, e->first_nodes);
  if (status != OL_OK) {
    e->reason = OL_REASON_PROOF_SHAPE;
    return ol_error_in(error, status, "first", OL_NOWHERE);
  }
  if (!ol_hash_equal(&root, &e->corpus.first_root))
    return ol_evidence_reject(e, error, OL_REASON_RANGE_MIN, "first", OL_NOWHERE,
                              "the minima are not those of the corpus");
  return OL_OK;
}
