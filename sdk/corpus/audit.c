/* SPDX-License-Identifier: MIT */
#include "audit_step.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Out: an error without one, or that of no memory. Frees the audit. */
static ol_status done(ol_error *error, audit *run) {
  bool is_done = run != NULL && !run->has_no_memory;
  free(run);
  *error = (ol_error){.status = is_done ? OL_OK : OL_ERR_MEMORY,
                      .item = OL_NOWHERE,
                      .node = OL_NOWHERE,
                      .offset = OL_NOWHERE,
                      .part = "",
                      .field = "",
                      .reason = is_done ? "" : "there is no memory for an audit"};
  return is_done ? OL_OK : OL_ERR_MEMORY;
}

/* All rules of suffixes, for one; nodes of first occurrences too, unless a root has vouched for them. */
static bool check_suffix(audit *run, uint64_t i, bool with_nodes) {
  run->report->suffixes++;
  return ol_audit_successor(run, i) && ol_audit_order(run, i) && ol_audit_prefix(run, i) &&
         ol_audit_first_leaf(run, i) && (!with_nodes || ol_audit_first_node(run, i));
}

static bool check_document(audit *run, uint64_t k) {
  run->report->documents++;
  if (!ol_audit_bounds(run, k) || !ol_audit_load(run, 0, OL_OPENED_DOCUMENTS, k)) return false;
  uint64_t start = ol_audit_start(run, 0);
  uint64_t end = start + ol_audit_length(run, 0);
  return ol_audit_document_text(run, k, start / AUDIT_CHUNK, end / AUDIT_CHUNK);
}

/* --- All --- */

static bool check_all(audit *run) {
  if (!ol_audit_header(run)) return false;
  for (uint32_t tree = 0; tree < OL_OPENED_TREES; tree++) {
    if (!ol_audit_tree(run, tree)) return false;
  }
  if (!ol_audit_anchor(run)) return false;
  for (uint64_t i = 0; i < run->tried.header.n; i++) {
    if (!check_suffix(run, i, false)) return false;
  }
  for (uint64_t k = 0; k < run->tried.header.documents; k++) {
    if (!check_document(run, k)) return false;
  }
  return true;
}

ol_status ol_audit_all(ol_error *error, ol_audit_report *out, const ol_audit_source *source) {
  audit *run = ol_audit_begin(out, source);
  if (run != NULL) (void)check_all(run);
  return done(error, run);
}

/* --- Some --- */

/* splitmix64 */
static uint64_t draw(uint64_t *state) {
  uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
  return x ^ x >> 31;
}

/*
 * The document at a position. It is looked for as if starts were in order: the last one looked at starts at or before the
 * position, and the one behind it, if there is one, after it. Where they do not follow on each other, that is broken.
 */
static bool check_position(audit *run, uint64_t position) {
  uint64_t low = 0;
  for (uint64_t high = run->tried.header.documents; high - low > 1;) {
    uint64_t middle = low + (high - low) / 2;
    if (!ol_audit_load(run, 0, OL_OPENED_DOCUMENTS, middle)) return false;
    if (ol_audit_start(run, 0) <= position)
      low = middle;
    else
      high = middle;
  }
  run->report->documents++;
  if (!ol_audit_bounds(run, low) || !ol_audit_load(run, 0, OL_OPENED_DOCUMENTS, low)) return false;
  uint64_t start = ol_audit_start(run, 0);
  uint64_t first = start / AUDIT_CHUNK;
  uint64_t last = (start + ol_audit_length(run, 0)) / AUDIT_CHUNK;
  uint64_t chunk = position / AUDIT_CHUNK;
  /* The chunk with its neighbours, and the 0xFF behind the document. */
  return ol_audit_document_text(run, low, chunk > first ? chunk - 1 : first,
                                chunk < last ? chunk + 1 : last) &&
         ol_audit_document_text(run, low, last, last);
}

static bool check_some(audit *run, uint64_t seed, uint64_t count) {
  if (!ol_audit_header(run)) return false;
  run->by_path = true;
  if (!ol_audit_anchor(run)) return false;
  if (!ol_audit_bounds(run, 0) || !ol_audit_bounds(run, run->tried.header.documents - 1)) return false;
  for (uint64_t i = 0; i < count; i++) {
    if (!check_suffix(run, draw(&seed) % run->tried.header.n, true)) return false;
    if (!check_position(run, draw(&seed) % run->tried.header.n)) return false;
  }
  return true;
}

ol_status ol_audit_some(ol_error *error, ol_audit_report *out, const ol_audit_source *source, uint64_t seed,
                        uint64_t count) {
  audit *run = ol_audit_begin(out, source);
  if (run != NULL) (void)check_some(run, seed, count);
  return done(error, run);
}

/* --- A contributor --- */

typedef struct search {
  const ol_address *contributor;
  ol_audit_found *found;
  void *context;
  bool by_root; /* much is own: hashing all leaves once is less than a path for each that is looked at */
} search;

#define PATHS_ARE_LESS 256 /* where not more than one byte of so many is own */

static bool is_own(const audit *run, const search *own) {
  return memcmp(run->payloads[0], own->contributor->bytes, sizeof own->contributor->bytes) == 0;
}

/* Reads the text of a document that is in bounds, for its hash. */
static bool hash_text(audit *run, ol_audit_document *document) {
  uint8_t *text = malloc(document->length > 0 ? (size_t)document->length : 1);
  if (text == NULL) {
    run->has_no_memory = true;
    return false;
  }
  uint64_t at = 0;
  while (at < document->length) {
    uint64_t position = document->start + at;
    if (!ol_audit_load(run, 1, OL_OPENED_TEXT, position / AUDIT_CHUNK)) break;
    size_t offset = position % AUDIT_CHUNK;
    uint64_t len = AUDIT_CHUNK - offset;
    if (len > document->length - at) len = document->length - at;
    memcpy(text + at, run->payloads[1] + offset, (size_t)len);
    at += len;
  }
  bool is_whole = at == document->length;
  if (is_whole) ol_keccak256(&document->text, text, (size_t)at);
  free(text);
  return is_whole;
}

static bool check_text(audit *run, const search *own, uint64_t k) {
  ol_audit_document document = {.index = k, .datanet = load_be64(run->payloads[0] + 20)};
  document.start = ol_audit_start(run, 0);
  document.length = ol_audit_length(run, 0);
  memcpy(document.licence.bytes, run->payloads[0] + 44, sizeof document.licence.bytes);
  uint64_t end = document.start + document.length;
  if (!ol_audit_document_text(run, k, document.start / AUDIT_CHUNK, end / AUDIT_CHUNK)) return false;
  if (!hash_text(run, &document)) return false;
  run->report->documents++;
  if (own->found != NULL) own->found(own->context, &document);
  return true;
}

/* Walks along T from suffix to suffix, to the next position `to`. What is outside of own documents is only walked over. */
static bool walk(audit *run, const search *own, uint64_t *rank, uint64_t *position, uint64_t to,
                 bool is_inside) {
  for (; *position < to; (*position)++) {
    run->by_path = is_inside && !own->by_root;
    if (!ol_audit_successor(run, *rank)) return false;
    uint64_t next = ol_audit_psi(run, 0);
    if (is_inside) {
      if (*rank > 0 && !ol_audit_order(run, *rank - 1)) return false;
      if (!check_suffix(run, *rank, !own->by_root)) return false;
    }
    *rank = next;
  }
  return true;
}

static bool check_contributor(audit *run, search *own) {
  if (!ol_audit_header(run) || !ol_audit_tree(run, OL_OPENED_DOCUMENTS)) return false;
  uint64_t documents = run->tried.header.documents;
  uint64_t length = 0;
  for (uint64_t k = 0; k < documents; k++) {
    if (!ol_audit_bounds(run, k) || !ol_audit_load(run, 0, OL_OPENED_DOCUMENTS, k)) return false;
    if (is_own(run, own)) length += ol_audit_length(run, 0);
  }
  own->by_root = length > run->tried.header.n / PATHS_ARE_LESS;
  for (uint32_t tree = 0; own->by_root && tree < OL_OPENED_DOCUMENTS; tree++) {
    if (!ol_audit_tree(run, tree)) return false;
  }
  run->by_path = !own->by_root;
  if (!ol_audit_anchor(run)) return false;
  uint64_t rank = run->tried.header.i0;
  uint64_t position = 0;
  for (uint64_t k = 0; k < documents; k++) {
    run->by_path = false; /* the root has vouched for documents */
    if (!ol_audit_load(run, 0, OL_OPENED_DOCUMENTS, k)) return false;
    if (!is_own(run, own)) continue;
    uint64_t start = ol_audit_start(run, 0);
    uint64_t end = start + ol_audit_length(run, 0);
    run->by_path = !own->by_root;
    if (!check_text(run, own, k) || !walk(run, own, &rank, &position, start, false)) return false;
    if (!walk(run, own, &rank, &position, end, true)) return false;
  }
  return true;
}

ol_status ol_audit_contributor(ol_error *error, ol_audit_report *out, const ol_audit_source *source,
                               const ol_address *contributor, ol_audit_found *found, void *context) {
  audit *run = ol_audit_begin(out, source);
  search own = {contributor, found, context, false};
  if (run != NULL) (void)check_contributor(run, &own);
  return done(error, run);
}

/* --- Words --- */

static const char *const tree_names[OL_OPENED_TREES] = {"text chunk", "suffix", "first occurrence",
                                                        "document"};

size_t ol_audit_text(const ol_audit_report *report, char *out, size_t len) {
  char line[512];
  int at = 0;
  if (report->verdict == OL_AUDIT_RIGHT) {
    at = snprintf(line, sizeof line,
                  "right: %" PRIu64 " suffixes and %" PRIu64 " documents, by %" PRIu64 " checks",
                  report->suffixes, report->documents, report->judged);
  } else if (report->verdict == OL_AUDIT_UNAVAILABLE) {
    at = snprintf(line, sizeof line, "unavailable: %s %" PRIu64 ": %s", tree_names[report->tree],
                  report->index, report->text);
  } else {
    at = snprintf(line, sizeof line, "wrong, rule %s: %s", ol_corpus_rule_name(report->wrong.rule),
                  report->text);
    for (uint32_t i = 0; i < report->wrong.count; i++) {
      const ol_opening *opening = &report->wrong.openings[i];
      at += snprintf(line + at, sizeof line - (size_t)at, "%s%s %" PRIu64, i == 0 ? ": " : ", ",
                     tree_names[opening->tree], opening->index);
    }
    if (report->wrong.place != AUDIT_NOWHERE) {
      at += snprintf(line + at, sizeof line - (size_t)at, "; %s %" PRIu64,
                     report->wrong.rule == OL_RULE_FIRST_NODE ? "level" : "byte", report->wrong.place);
    }
  }
  if (len > 0) (void)snprintf(out, len, "%s", line);
  return (size_t)at;
}
