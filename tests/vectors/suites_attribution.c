/* SPDX-License-Identifier: MIT */

/*
 * ATR-1 (docs/attribution.md): what a second implementation made of it (tests/attribution), as attribution.mjs gives it. Here
 * commitments, evidence, influence and refutations; what is about receipts is in suites_receipt.c.
 */

#include "suites_attribution.h"

#include "attribution/tree.h"
#include "openledger/influence.h"
#include "openledger/refutation.h"

#include <stdlib.h>

#define MANY 512 /* leaves that a vector opens, at most */

void attribution_cases(vector_tally *tally, const uint8_t *json, size_t len, attribution_check *check) {
  vector_file file;
  ol_json test;
  if (!vector_open(&file, tally, json, len)) return;
  ol_json_items cases = vector_items(&file, file.root, "cases");
  for (uint32_t i = 0; ol_json_next(&test, NULL, &cases); i++) {
    ol_json name;
    ol_slice label = {(const uint8_t *)"a case", 6};
    if (ol_json_find(&name, test, "name")) label = vector_text(&file, test, "name");
    const char *why = check(&file, test);
    vector_count(tally, why == NULL, label, why == NULL ? "" : why);
  }
  vector_close(&file);
}

bool attribution_is(vector_file *file, ol_json test, const char *name, const void *bytes, size_t len) {
  return vector_same(ol_slice_of(bytes, len), vector_bytes(file, test, name));
}

void attribution_fixed(vector_file *file, ol_json test, const char *name, void *out, size_t len) {
  ol_slice bytes = vector_bytes(file, test, name);
  memset(out, 0, len);
  if (bytes.len == len) memcpy(out, bytes.data, len);
}

uint64_t attribution_u64(vector_file *file, ol_json test, const char *name) {
  uint8_t bytes[8];
  attribution_fixed(file, test, name, bytes, sizeof bytes);
  return ol_load_be64(bytes);
}

size_t attribution_list(vector_file *file, ol_json test, const char *name, ol_slice *out, size_t max) {
  ol_json item;
  size_t count = 0;
  ol_json_items items = vector_items(file, test, name);
  while (count < max && ol_json_next(&item, NULL, &items)) out[count++] = vector_bytes_of(file, item);
  return count;
}

/* --- Trees --- */

typedef struct leaves {
  ol_tree_kind kind;
  ol_slice indices[MANY];
  ol_slice payloads[MANY];
} leaves;

static uint64_t leaf_index(const void *context, size_t ordinal) {
  return ol_load_be64(((const leaves *)context)->indices[ordinal].data);
}

static void leaf_node(const void *context, size_t ordinal, ol_tree_node *out) {
  const leaves *all = context;
  ol_tree_leaf(out, all->kind, leaf_index(context, ordinal), all->payloads[ordinal]);
}

/* Whether the root of leaves in order is the wanted one. */
static bool has_root(vector_file *file, ol_json test, const char *name, ol_tree_kind kind,
                     const ol_slice *payloads, size_t count) {
  ol_tree_builder builder;
  ol_hash root;
  ol_tree_builder_init(&builder, kind);
  for (size_t i = 0; i < count; i++) {
    if (!ol_tree_builder_add(&builder, payloads[i])) return false;
  }
  return ol_tree_builder_root(&builder, &root, NULL) && attribution_is(file, test, name, &root, sizeof root);
}

static const char *check_ranges(vector_file *file, ol_json test, ol_status *out_status, ol_hash *out_root) {
  ol_error error;
  ol_slice pairs[MANY];
  ol_tree_range ranges[MANY];
  uint8_t minima[8 * MANY];
  size_t count = attribution_list(file, test, "ranges", pairs, MANY);
  for (size_t i = 0; i < count; i++) {
    ranges[i] = (ol_tree_range){.lo = ol_load_be64(pairs[i].data), .hi = ol_load_be64(pairs[i].data + 8)};
  }
  uint64_t leaf_count = vector_u64(file, test, "count");
  *out_status =
      ol_tree_range_root(&error, out_root, leaf_count, ranges, count, vector_bytes(file, test, "nodes"));
  if (*out_status != OL_OK) return NULL;
  for (size_t i = 0; i < count; i++) ol_store_be64(minima + 8 * i, ranges[i].min);
  return attribution_is(file, test, "minima", minima, 8 * count) ? NULL : "other minima";
}

static const char *check_tree(vector_file *file, ol_json test) {
  ol_error error;
  ol_status status = OL_OK;
  ol_hash root;
  ol_tree_node leaf;
  const char *why = NULL;
  leaves all = {.kind = (ol_tree_kind)vector_u64(file, test, "kind")};
  size_t count = attribution_list(file, test, "payloads", all.payloads, MANY);
  ol_slice what = vector_text(file, test, "what");
  if (vector_same(what, ol_slice_of("root", 4))) {
    return has_root(file, test, "root", all.kind, all.payloads, count) ? NULL : "another root";
  }
  uint64_t leaf_count = vector_u64(file, test, "count");
  if (vector_same(what, ol_slice_of("path", 4))) {
    uint64_t index = vector_u64(file, test, "index");
    ol_tree_leaf(&leaf, all.kind, index, vector_bytes(file, test, "payload"));
    status = ol_tree_path_root(&error, &root, NULL, all.kind, index, leaf_count, &leaf,
                               vector_bytes(file, test, "path"));
  } else if (vector_same(what, ol_slice_of("range", 5))) {
    why = check_ranges(file, test, &status, &root);
  } else {
    ol_tree_source source = {.count = attribution_list(file, test, "indices", all.indices, MANY),
                             .index = leaf_index,
                             .leaf = leaf_node,
                             .context = &all};
    status = ol_tree_multiproof_root(&error, &root, all.kind, leaf_count, &source,
                                     vector_bytes(file, test, "siblings"));
  }
  if (why != NULL) return why;
  if (vector_bool(file, test, "refused") != (status != OL_OK))
    return status == OL_OK ? "is accepted" : error.reason;
  return status != OL_OK || attribution_is(file, test, "root", &root, sizeof root) ? NULL : "another root";
}

void run_atr_trees(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_tree);
}

/* --- Policies and corpora --- */

static const char *check_policy(vector_file *file, ol_json test) {
  ol_error error;
  ol_attribution_policy policy;
  uint8_t written[OL_ATTRIBUTION_POLICY_BYTES];
  ol_hash id;
  ol_slice bytes = vector_bytes(file, test, "bytes");
  bool good = vector_u64(file, test, "code") == 0;
  if (ol_attribution_policy_read(&error, &policy, bytes) != OL_OK) return good ? error.reason : NULL;
  if (!good) return "is accepted";
  if (ol_attribution_policy_write(&error, written, &policy) != OL_OK) return error.reason;
  ol_attribution_policy_id(&id, written);
  if (!vector_same(ol_slice_of(written, sizeof written), bytes)) return "is written otherwise";
  return attribution_is(file, test, "id", &id, sizeof id) ? NULL : "another policyId";
}

void run_atr_policies(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_policy);
}

/* Whether leaves made from T, SA and Psi have the header's roots. */
static const char *check_roots(vector_file *file, ol_json test, const ol_corpus_header *header) {
  static const char wrong[] = "another root";
  ol_slice T = vector_bytes(file, test, "T"), SA[MANY], Psi[MANY], documents[MANY];
  ol_tree_builder text, suffixes, first, owners;
  ol_hash roots[4];
  size_t n = attribution_list(file, test, "SA", SA, MANY),
         count = attribution_list(file, test, "documents", documents, MANY);
  if (attribution_list(file, test, "Psi", Psi, MANY) != n || header->n != n || T.len != n)
    return "another length";
  ol_tree_builder_init(&text, OL_TREE_TEXT);
  ol_tree_builder_init(&suffixes, OL_TREE_SUFFIXES);
  ol_tree_builder_init(&first, OL_TREE_FIRST);
  ol_tree_builder_init(&owners, OL_TREE_DOCUMENTS);
  bool good = true;
  for (size_t at = 0; at < n; at += 128) {
    good = ol_tree_builder_add(&text, ol_slice_of(T.data + at, n - at < 128 ? n - at : 128)) && good;
  }
  for (size_t i = 0; i < n; i++) {
    uint8_t payload[8 + 8 + 1 + 32];
    size_t at = (size_t)ol_load_be64(SA[i].data), m = n - at < 32 ? n - at : 32;
    memcpy(payload, SA[i].data, 8);
    memcpy(payload + 8, Psi[i].data, 8);
    payload[16] = (uint8_t)m;
    memcpy(payload + 17, T.data + at, m);
    good = ol_tree_builder_add(&suffixes, ol_slice_of(payload, 17 + m)) &&
           ol_tree_builder_add(&first, SA[i]) && good;
  }
  for (size_t i = 0; i < count; i++) good = ol_tree_builder_add(&owners, documents[i]) && good;
  good = ol_tree_builder_root(&text, &roots[0], NULL) && ol_tree_builder_root(&suffixes, &roots[1], NULL) &&
         ol_tree_builder_root(&first, &roots[2], NULL) && ol_tree_builder_root(&owners, &roots[3], NULL) &&
         good;
  const ol_hash *wanted[4] = {&header->text_root, &header->suffix_root, &header->first_root,
                              &header->document_root};
  for (size_t i = 0; i < 4; i++) good = ol_hash_equal(&roots[i], wanted[i]) && good;
  return good ? NULL : wrong;
}

static const char *check_corpus(vector_file *file, ol_json test) {
  ol_error error;
  ol_corpus_header header;
  ol_hash id;
  uint8_t bytes[OL_CORPUS_HEADER_BYTES], written[OL_CORPUS_HEADER_BYTES];
  attribution_fixed(file, test, "header", bytes, sizeof bytes);
  if (ol_corpus_header_read(&error, &header, bytes) != OL_OK) return error.reason;
  ol_corpus_header_write(written, &header);
  ol_corpus_id(&id, &header);
  if (memcmp(bytes, written, sizeof bytes) != 0) return "is written otherwise";
  if (!attribution_is(file, test, "id", &id, sizeof id)) return "another corpusId";
  return check_roots(file, test, &header);
}

void run_atr_corpora(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_corpus);
}

/* --- Evidence --- */

static uint8_t *put_u32(uint8_t *at, uint32_t value) {
  ol_store_be32(at, value);
  return at + 4;
}

static uint8_t *put_u64(uint8_t *at, uint64_t value) {
  ol_store_be64(at, value);
  return at + 8;
}

static uint8_t *put_weight(uint8_t *at, const ol_attribution_weight *weight) {
  memcpy(at, weight->contributor.bytes, 20);
  return put_u64(put_u64(at + 20, weight->datanet), weight->weight);
}

static const char *check_proven(vector_file *file, ol_json test, const ol_evidence *evidence) {
  ol_attribution_span span;
  ol_attribution_weight weight;
  ol_corpus_document document;
  ol_corpus_header header;
  ol_hash id;
  uint8_t *bytes = malloc(OL_EVIDENCE_SPANS * 64), *at = bytes;
  const char *why = NULL;
  if (bytes == NULL) return "no memory";
  for (uint32_t i = 0; ol_evidence_span(evidence, &span, i); i++) {
    uint64_t owner = UINT64_MAX;
    if (span.document != OL_SPAN_WITHOUT_OWNER) {
      owner = ol_evidence_document(evidence, &document, span.document) ? document.index : UINT64_MAX - 1;
    }
    at = put_u64(put_u32(put_u32(at, span.start), span.end), span.count);
    at = put_u64(put_u64(at, span.position), owner);
    at = put_u64(put_u32(put_u32(at, span.rarity), span.credited), span.weight);
  }
  if (!attribution_is(file, test, "spans", bytes, (size_t)(at - bytes))) why = "other spans";
  at = bytes;
  for (uint32_t i = 0; i < 400 && ol_evidence_weight(evidence, &weight, i); i++) at = put_weight(at, &weight);
  if (why == NULL && !attribution_is(file, test, "weights", bytes, (size_t)(at - bytes)))
    why = "other weights";
  free(bytes);
  ol_evidence_corpus(evidence, &header);
  ol_corpus_id(&id, &header);
  if (header.n == 0) memset(&id, 0, sizeof id);
  return why != NULL || attribution_is(file, test, "corpusId", &id, sizeof id) ? why : "another corpus";
}

static const char *check_evidence(vector_file *file, ol_json test) {
  ol_error error;
  ol_attribution_policy policy;
  ol_evidence *evidence = NULL;
  uint32_t reason = OL_REASON_NONE;
  if (ol_attribution_policy_read(&error, &policy, vector_bytes(file, test, "policy")) != OL_OK)
    return error.reason;
  void *memory = malloc(ol_evidence_size());
  if (memory == NULL) return "no memory";
  ol_status status =
      ol_evidence_verify(&error, &evidence, &reason, &policy, vector_bytes(file, test, "evidence"),
                         vector_bytes(file, test, "response"), memory, ol_evidence_size());
  const char *why = NULL;
  if (reason != vector_u64(file, test, "code") || (reason == OL_REASON_NONE) != (status == OL_OK)) {
    why = reason == OL_REASON_NONE ? "is accepted" : ol_attribution_reason_name(reason);
  } else if (status == OL_OK) {
    why = check_proven(file, test, evidence);
  }
  free(memory);
  return why;
}

void run_atr_evidence(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_evidence);
}

/* --- Influence --- */

static const char *check_weighed(vector_file *file, ol_json test, const ol_influence_table *table,
                                 uint32_t *out_reason) {
  ol_error error;
  ol_influence *influence;
  ol_attribution_weight weight;
  ol_hash id, hash;
  int64_t score;
  const char *why = NULL;
  ol_slice v = vector_bytes(file, test, "v");
  size_t size = ol_influence_size(), room = 64 * 36;
  void *memory = malloc(size);
  uint8_t *bytes = malloc(room), *at = bytes;
  if (memory == NULL || bytes == NULL) {
    why = "no memory";
  } else if (ol_influence_begin(&error, &influence, table, (uint32_t)vector_u64(file, test, "clipping"), v,
                                memory, size) != OL_OK) {
    *out_reason = OL_REASON_INFLUENCE_RANGE;
  } else {
    for (uint32_t i = 0; i < 64 && ol_influence_score(influence, &score, i); i++)
      at = put_u64(at, (uint64_t)score);
    if (!attribution_is(file, test, "scores", bytes, (size_t)(at - bytes))) why = "other scores";
    at = bytes;
    for (uint32_t i = 0; i < 64 && ol_influence_next(influence, &weight); i++) at = put_weight(at, &weight);
    if (!attribution_is(file, test, "weights", bytes, (size_t)(at - bytes))) why = "other weights";
    ol_influence_table_id(table, &id);
    ol_influence_hash(&hash, &id, v);
    if (!attribution_is(file, test, "id", &id, sizeof id) ||
        !attribution_is(file, test, "hash", &hash, sizeof hash)) {
      why = "other hashes";
    }
  }
  free(memory);
  free(bytes);
  return why;
}

static const char *check_influence(vector_file *file, ol_json test) {
  ol_error error;
  ol_influence_table *table;
  uint32_t reason = OL_REASON_NONE;
  ol_slice bytes = vector_bytes(file, test, "table");
  size_t size = ol_influence_table_size(bytes.len);
  void *memory = malloc(size);
  if (memory == NULL) return "no memory";
  const char *why = NULL;
  if (ol_influence_table_read(&error, &table, &reason, bytes, memory, size) == OL_OK) {
    why = check_weighed(file, test, table, &reason);
  }
  free(memory);
  if (why != NULL) return why;
  if (reason == vector_u64(file, test, "code")) return NULL;
  return reason == OL_REASON_NONE ? "is accepted" : ol_attribution_reason_name(reason);
}

void run_atr_influence(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_influence);
}

/* --- Refutations --- */

static const char *check_refutation(vector_file *file, ol_json test) {
  ol_error error;
  ol_refutation refutation;
  ol_slice refused = vector_text(file, test, "refused");
  ol_status status = ol_refutation_read(&error, &refutation, vector_bytes(file, test, "file"));
  if (refused.len > 0) {
    ol_status wanted = vector_same(refused, ol_slice_of("format", 6)) ? OL_ERR_ENCODING : OL_ERR_PROOF;
    return status == wanted ? NULL : status == OL_OK ? "is accepted" : error.reason;
  }
  if (status != OL_OK) return error.reason;
  if (refutation.rule != vector_u64(file, test, "rule")) return "another rule";
  return attribution_is(file, test, "corpusId", &refutation.corpus_id, 32) ? NULL : "another corpus";
}

void run_atr_refutations(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_refutation);
}
