/* SPDX-License-Identifier: MIT */
#include "audit_step.h"

#include <stdlib.h>

audit *ol_audit_begin(ol_audit_report *out, const ol_audit_source *source) {
  audit *run = calloc(1, sizeof *run);
  if (run == NULL) return NULL;
  memset(out, 0, offsetof(ol_audit_report, refutation));
  out->text = "";
  run->source = source;
  run->report = out;
  run->tried.header = *source->header;
  return run;
}

bool ol_audit_unavailable(audit *run, uint32_t tree, uint64_t index, const char *text) {
  run->report->verdict = OL_AUDIT_UNAVAILABLE;
  run->report->tree = tree;
  run->report->index = index;
  run->report->text = text;
  return false;
}

bool ol_audit_load_path(audit *run, uint32_t ordinal) {
  ol_opening *opening = &run->tried.openings[ordinal];
  size_t len = ol_opening_path_len(&run->tried.header, opening->tree, opening->index);
  if (!run->source->path(run->source->context, run->paths[ordinal], len, opening->tree, opening->index)) {
    return ol_audit_unavailable(run, opening->tree, opening->index, "the path cannot be had");
  }
  opening->path = (ol_slice){run->paths[ordinal], len};
  ol_error error;
  if (ol_opening_check(&error, &run->tried.header, opening) == OL_OK) return true;
  return ol_audit_unavailable(run, opening->tree, opening->index,
                              "the leaf that is given is not under the header's root");
}

/* Writes what is tried, and has the core accept it. */
static bool refute(audit *run) {
  ol_audit_report *report = run->report;
  for (uint32_t i = 0; i < run->tried.count; i++) {
    if (!ol_audit_load_path(run, i)) return false;
  }
  ol_error error;
  ol_status status =
      ol_refutation_write(&error, report->refutation, sizeof report->refutation, &report->refutation_len,
                          run->source->header, run->tried.rule, run->tried.openings, run->tried.count);
  if (status == OL_OK) {
    ol_slice bytes = {report->refutation, report->refutation_len};
    status = ol_refutation_read(&error, &report->wrong, bytes);
  }
  /* What was judged is what is written, and its paths were checked: there is nothing left to refuse. */
  if (status != OL_OK) abort();
  report->verdict = OL_AUDIT_WRONG;
  report->text = report->wrong.text;
  return false;
}

bool ol_audit_judge(audit *run, uint32_t rule, uint32_t count) {
  ol_error error;
  run->tried.rule = rule;
  run->tried.count = count;
  run->report->judged++;
  return ol_refutation_judge(&error, &run->tried) == OL_OK ? refute(run) : true;
}

/* A leaf that has not its form is refuted by itself. */
static bool check_shape(audit *run, uint32_t ordinal) {
  ol_opening first = run->tried.openings[0];
  run->tried.openings[0] = run->tried.openings[ordinal];
  bool goes_on = ol_audit_judge(run, OL_RULE_SHAPE, 1);
  if (goes_on) run->tried.openings[0] = first;
  return goes_on;
}

bool ol_audit_load(audit *run, uint32_t ordinal, uint32_t tree, uint64_t index) {
  ol_opening *opening = &run->tried.openings[ordinal];
  size_t len = 0;
  if (!run->source->leaf(run->source->context, run->payloads[ordinal], OL_REFUTATION_PAYLOAD, &len, tree,
                         index)) {
    return ol_audit_unavailable(run, tree, index, "the leaf cannot be had");
  }
  *opening = (ol_opening){tree, index, {run->payloads[ordinal], len}, {NULL, 0}};
  if (run->by_path && !ol_audit_load_path(run, ordinal)) return false;
  return check_shape(run, ordinal);
}

uint64_t ol_audit_sa(const audit *run, uint32_t ordinal) {
  return load_be64(run->payloads[ordinal]);
}

uint64_t ol_audit_psi(const audit *run, uint32_t ordinal) {
  return load_be64(run->payloads[ordinal] + 8);
}

uint64_t ol_audit_start(const audit *run, uint32_t ordinal) {
  return load_be64(run->payloads[ordinal] + 28);
}

uint64_t ol_audit_length(const audit *run, uint32_t ordinal) {
  return load_be64(run->payloads[ordinal] + 36);
}

/* --- The rules --- */

bool ol_audit_header(audit *run) {
  return ol_audit_judge(run, OL_RULE_HEADER, 0);
}

bool ol_audit_anchor(audit *run) {
  return ol_audit_load(run, 0, OL_OPENED_SUFFIXES, run->tried.header.i0) &&
         ol_audit_judge(run, OL_RULE_ANCHOR, 1);
}

bool ol_audit_successor(audit *run, uint64_t i) {
  if (!ol_audit_load(run, 0, OL_OPENED_SUFFIXES, i)) return false;
  uint64_t psi = ol_audit_psi(run, 0);
  if (psi == AUDIT_END || ol_audit_sa(run, 0) == run->tried.header.n - 1) {
    return ol_audit_judge(run, OL_RULE_SUCCESSOR, 1);
  }
  return ol_audit_load(run, 1, OL_OPENED_SUFFIXES, psi) && ol_audit_judge(run, OL_RULE_SUCCESSOR, 2);
}

bool ol_audit_order(audit *run, uint64_t i) {
  if (i + 1 >= run->tried.header.n) return true;
  return ol_audit_load(run, 0, OL_OPENED_SUFFIXES, i) && ol_audit_load(run, 1, OL_OPENED_SUFFIXES, i + 1) &&
         ol_audit_judge(run, OL_RULE_ORDER, 2);
}

bool ol_audit_prefix(audit *run, uint64_t i) {
  if (!ol_audit_load(run, 0, OL_OPENED_SUFFIXES, i)) return false;
  if (!ol_audit_load(run, 1, OL_OPENED_TEXT, ol_audit_sa(run, 0) / AUDIT_CHUNK)) return false;
  uint64_t psi = ol_audit_psi(run, 0);
  if (psi == AUDIT_END) return ol_audit_judge(run, OL_RULE_PREFIX, 2);
  return ol_audit_load(run, 2, OL_OPENED_SUFFIXES, psi) && ol_audit_judge(run, OL_RULE_PREFIX, 3);
}

bool ol_audit_first_leaf(audit *run, uint64_t i) {
  return ol_audit_load(run, 0, OL_OPENED_SUFFIXES, i) && ol_audit_load(run, 1, OL_OPENED_FIRST, i) &&
         ol_audit_judge(run, OL_RULE_FIRST_LEAF, 2);
}

bool ol_audit_first_node(audit *run, uint64_t i) {
  return ol_audit_load(run, 0, OL_OPENED_FIRST, i) && ol_audit_load_path(run, 0) &&
         ol_audit_judge(run, OL_RULE_FIRST_NODE, 1);
}

bool ol_audit_bounds(audit *run, uint64_t k) {
  if (!ol_audit_load(run, 0, OL_OPENED_DOCUMENTS, k) || !ol_audit_judge(run, OL_RULE_DOCUMENTS, 1))
    return false;
  if (k + 1 == run->tried.header.documents) return true;
  return ol_audit_load(run, 1, OL_OPENED_DOCUMENTS, k + 1) && ol_audit_judge(run, OL_RULE_DOCUMENTS, 2);
}

/* Each two neighbouring chunks together, so that no character is only seen in parts. */
bool ol_audit_document_text(audit *run, uint64_t k, uint64_t from, uint64_t to) {
  if (!ol_audit_load(run, 0, OL_OPENED_DOCUMENTS, k)) return false;
  for (uint64_t chunk = from; chunk < to || chunk == from; chunk++) {
    if (!ol_audit_load(run, 1, OL_OPENED_TEXT, chunk)) return false;
    bool has_next = chunk < to;
    if (has_next && !ol_audit_load(run, 2, OL_OPENED_TEXT, chunk + 1)) return false;
    if (!ol_audit_judge(run, OL_RULE_DOCUMENTS, has_next ? 3 : 2)) return false;
  }
  return true;
}

/* --- Trees --- */

/* The source gives leaves that are not those of the root. Finds one, or a minimum that is not that of what is below. */
static bool find_fault(audit *run, uint32_t tree) {
  uint64_t leaves = ol_opening_leaves(&run->tried.header, tree);
  for (uint64_t i = 0; i < leaves; i++) {
    if (!ol_audit_load(run, 0, tree, i) || !ol_audit_load_path(run, 0)) return false;
    if (tree == OL_OPENED_FIRST && !ol_audit_judge(run, OL_RULE_FIRST_NODE, 1)) return false;
  }
  return ol_audit_unavailable(run, tree, 0, "the leaves that are given are not those of the header's root");
}

bool ol_audit_tree(audit *run, uint32_t tree) {
  const ol_corpus_header *header = &run->tried.header;
  const ol_hash *const roots[OL_OPENED_TREES] = {&header->text_root, &header->suffix_root,
                                                 &header->first_root, &header->document_root};
  uint64_t leaves = ol_opening_leaves(header, tree);
  audit_root root = {.tree = tree};
  for (uint64_t i = 0; i < leaves; i++) {
    if (!ol_audit_load(run, 0, tree, i)) return false;
    ol_audit_root_add(&root, run->tried.openings[0].payload);
  }
  ol_hash hash;
  ol_audit_root_end(&root, &hash);
  return memcmp(hash.bytes, roots[tree]->bytes, sizeof hash.bytes) == 0 ? true : find_fault(run, tree);
}
