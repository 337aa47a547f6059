/* SPDX-License-Identifier: MIT */
#include "attribution/rules.h"

#include "encoding/text.h"

#include "base/poison.h"

static const char *const names[OL_CORPUS_RULES] = {
    [OL_RULE_SHAPE] = "shape",       [OL_RULE_SUCCESSOR] = "A", [OL_RULE_ANCHOR] = "anchor",
    [OL_RULE_ORDER] = "B",           [OL_RULE_PREFIX] = "C",    [OL_RULE_FIRST_LEAF] = "D leaf",
    [OL_RULE_FIRST_NODE] = "D node", [OL_RULE_DOCUMENTS] = "E", [OL_RULE_HEADER] = "header",
};

const char *ol_corpus_rule_name(uint32_t rule) {
  return rule < OL_CORPUS_RULES ? names[rule] : "unknown";
}

static uint64_t least(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

/* --- One leaf --- */

typedef struct suffix {
  uint64_t sa;
  uint64_t psi;
  ol_slice prefix; /* one byte at least */
} suffix;

typedef struct document {
  uint64_t start;
  uint64_t length;
} document;

static suffix read_suffix(const ol_opening *opening) {
  const uint8_t *bytes = opening->payload.data;
  return (suffix){ol_load_be64(bytes), ol_load_be64(bytes + 8), {bytes + 17, bytes[16]}};
}

static document read_document(const ol_opening *opening) {
  return (document){ol_load_be64(opening->payload.data + 28), ol_load_be64(opening->payload.data + 36)};
}

static const char *suffix_shape(const ol_corpus_header *header, ol_slice payload) {
  if (payload.len < 17) return "a suffix's leaf has less than 17 bytes";
  uint64_t sa = ol_load_be64(payload.data);
  uint64_t psi = ol_load_be64(payload.data + 8);
  if (sa >= header->n) return "SA is not below n";
  if (psi >= header->n && psi != OL_RULE_END) return "Psi is neither below n nor END";
  if (payload.data[16] != least(OL_RULE_PREFIX_BYTES, header->n - sa))
    return "m is not what SA and n make it";
  if (payload.len != 17 + (size_t)payload.data[16]) return "a prefix has not m bytes";
  return NULL;
}

const char *ol_rule_shape(const ol_corpus_header *header, const ol_opening *opening) {
  ol_slice payload = opening->payload;
  switch (opening->tree) {
  case OL_OPENED_TEXT:
    if (payload.len == least(OL_RULE_CHUNK_BYTES, header->n - opening->index * OL_RULE_CHUNK_BYTES))
      return NULL;
    return "a chunk of text is not as long as n makes it";
  case OL_OPENED_SUFFIXES: return suffix_shape(header, payload);
  case OL_OPENED_FIRST: return payload.len == 8 ? NULL : "a leaf of first occurrences has not 8 bytes";
  default: return payload.len == OL_RULE_DOCUMENT_BYTES ? NULL : "a document has not 76 bytes";
  }
}

/* --- What is asked for --- */

static ol_status wrong(ol_error *error, uint32_t ordinal, const char *reason) {
  return ol_error_in(error, ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, reason), "opening", ordinal);
}

static ol_status nothing(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, reason);
}

static ol_status expect_count(ol_error *error, const ol_refutation *refutation, uint32_t count) {
  if (refutation->count == count) return OL_OK;
  return nothing(error, "the rule asks for another number of openings");
}

/* An opening of this tree, whose leaf has its form. */
static ol_status expect_tree(ol_error *error, const ol_refutation *refutation, uint32_t ordinal,
                             ol_opening_tree tree) {
  if (ordinal >= refutation->count) return nothing(error, "the rule asks for another number of openings");
  const ol_opening *opening = &refutation->openings[ordinal];
  if (opening->tree != (uint32_t)tree) return wrong(error, ordinal, "the rule asks for another tree");
  if (ol_rule_shape(&refutation->header, opening) == NULL) return OL_OK;
  return wrong(error, ordinal, "a leaf that has not its form is for another rule");
}

static ol_status expect_leaf(ol_error *error, const ol_refutation *refutation, uint32_t ordinal,
                             ol_opening_tree tree, uint64_t index) {
  OL_TRY(expect_tree(error, refutation, ordinal, tree));
  if (refutation->openings[ordinal].index == index) return OL_OK;
  return wrong(error, ordinal, "the rule asks for another index");
}

static ol_status broken(ol_refutation *refutation, const char *text, uint64_t place) {
  refutation->text = text;
  refutation->place = place;
  return OL_OK;
}

/* --- Suffixes --- */

static ol_status judge_header(ol_error *error, ol_refutation *refutation) {
  const ol_corpus_header *header = &refutation->header;
  OL_TRY(expect_count(error, refutation, 0));
  const char *text = NULL;
  if (header->n == 0)
    text = "n is 0";
  else if (header->n >= UINT64_C(1) << 48)
    text = "n is not below 2^48";
  else if (header->i0 >= header->n)
    text = "i0 is not below n";
  else if (header->documents == 0)
    text = "there are no documents";
  else if (header->documents > header->n)
    text = "there are more documents than bytes";
  if (text == NULL) return nothing(error, "the header's numbers are in range");
  return broken(refutation, text, OL_RULE_NOWHERE);
}

static ol_status judge_shape(ol_error *error, ol_refutation *refutation) {
  OL_TRY(expect_count(error, refutation, 1));
  const char *text = ol_rule_shape(&refutation->header, &refutation->openings[0]);
  if (text == NULL) return nothing(error, "the leaf has its form");
  return broken(refutation, text, OL_RULE_NOWHERE);
}

static ol_status judge_successor(ol_error *error, ol_refutation *refutation) {
  OL_TRY(expect_tree(error, refutation, 0, OL_OPENED_SUFFIXES));
  suffix own = read_suffix(&refutation->openings[0]);
  bool is_last = own.sa == refutation->header.n - 1;
  bool is_end = own.psi == OL_RULE_END;
  if (is_last || is_end) {
    OL_TRY(expect_count(error, refutation, 1));
    if (is_last && is_end) return nothing(error, "Psi of the last suffix is END, as it must be");
    return broken(refutation,
                  is_end ? "Psi is END, and the suffix is not the last" : "Psi of the last suffix is not END",
                  OL_RULE_NOWHERE);
  }
  OL_TRY(expect_count(error, refutation, 2));
  OL_TRY(expect_leaf(error, refutation, 1, OL_OPENED_SUFFIXES, own.psi));
  if (read_suffix(&refutation->openings[1]).sa == own.sa + 1)
    return nothing(error, "SA[Psi[i]] is SA[i] + 1");
  return broken(refutation, "SA[Psi[i]] is not SA[i] + 1", OL_RULE_NOWHERE);
}

static ol_status judge_anchor(ol_error *error, ol_refutation *refutation) {
  OL_TRY(expect_count(error, refutation, 1));
  OL_TRY(expect_leaf(error, refutation, 0, OL_OPENED_SUFFIXES, refutation->header.i0));
  if (read_suffix(&refutation->openings[0]).sa == 0) return nothing(error, "SA[i0] is 0");
  return broken(refutation, "SA[i0] is not 0", OL_RULE_NOWHERE);
}

static ol_status judge_order(ol_error *error, ol_refutation *refutation) {
  OL_TRY(expect_count(error, refutation, 2));
  OL_TRY(expect_tree(error, refutation, 0, OL_OPENED_SUFFIXES));
  OL_TRY(expect_leaf(error, refutation, 1, OL_OPENED_SUFFIXES, refutation->openings[0].index + 1));
  suffix a = read_suffix(&refutation->openings[0]);
  suffix b = read_suffix(&refutation->openings[1]);
  if (a.prefix.data[0] > b.prefix.data[0]) {
    return broken(refutation, "the first byte is above that of the next suffix", OL_RULE_NOWHERE);
  }
  if (a.prefix.data[0] < b.prefix.data[0]) return nothing(error, "the first bytes are in order");
  /* END is the least: one more makes it 0, and all others stay in order. */
  if (a.psi + 1 < b.psi + 1) return nothing(error, "the first bytes are equal, and Psi is in order");
  return broken(refutation, "the first bytes are equal, and Psi is not below the next one's",
                OL_RULE_NOWHERE);
}

static ol_status judge_prefix(ol_error *error, ol_refutation *refutation) {
  OL_TRY(expect_tree(error, refutation, 0, OL_OPENED_SUFFIXES));
  suffix own = read_suffix(&refutation->openings[0]);
  bool is_end = own.psi == OL_RULE_END;
  OL_TRY(expect_count(error, refutation, is_end ? 2 : 3));
  OL_TRY(expect_leaf(error, refutation, 1, OL_OPENED_TEXT, own.sa / OL_RULE_CHUNK_BYTES));
  if (refutation->openings[1].payload.data[own.sa % OL_RULE_CHUNK_BYTES] != own.prefix.data[0]) {
    return broken(refutation, "the first byte is not that of the text", own.sa);
  }
  if (is_end) return nothing(error, "the first byte is that of the text");
  OL_TRY(expect_leaf(error, refutation, 2, OL_OPENED_SUFFIXES, own.psi));
  ol_slice next = read_suffix(&refutation->openings[2]).prefix;
  for (size_t i = 1; i < own.prefix.len && i <= next.len; i++) {
    if (own.prefix.data[i] == next.data[i - 1]) continue;
    return broken(refutation, "a prefix does not go on as that of the next suffix", own.sa + i);
  }
  return nothing(error, "the prefix is that of the text and of the next suffix");
}

/* --- First occurrences --- */

static ol_status judge_first_leaf(ol_error *error, ol_refutation *refutation) {
  OL_TRY(expect_count(error, refutation, 2));
  OL_TRY(expect_tree(error, refutation, 0, OL_OPENED_SUFFIXES));
  OL_TRY(expect_leaf(error, refutation, 1, OL_OPENED_FIRST, refutation->openings[0].index));
  uint64_t first = ol_load_be64(refutation->openings[1].payload.data);
  if (first == read_suffix(&refutation->openings[0]).sa) return nothing(error, "the first occurrence is SA");
  return broken(refutation, "a leaf of first occurrences is not SA", OL_RULE_NOWHERE);
}

static ol_status judge_first_node(ol_error *error, ol_refutation *refutation) {
  OL_TRY(expect_count(error, refutation, 1));
  OL_TRY(expect_tree(error, refutation, 0, OL_OPENED_FIRST));
  const ol_opening *opening = &refutation->openings[0];
  uint64_t minimum = ol_load_be64(opening->payload.data);
  size_t at = 0;
  uint64_t level = 0;
  for (; at + 48 <= opening->path.len; at += 48, level++) {
    if (ol_load_be64(opening->path.data + at) != minimum) break;
    minimum = least(minimum, ol_load_be64(opening->path.data + at + 8));
  }
  if (ol_load_be64(opening->path.data + at) == minimum)
    return nothing(error, "all recorded minima are right");
  return broken(refutation,
                level == 0 ? "the minimum that is recorded for a leaf is not the leaf's"
                           : "the minimum that is recorded for a node is not the lesser of its two",
                level);
}

/* --- Documents --- */

/* Returns: whether the beginning of a character is one, if only what follows is right. */
static bool can_go_on(ol_slice front) {
  for (int fill = 0x80; fill <= 0xbf; fill += 0x3f) {
    uint8_t whole[4] = {0};
    if (front.len >= sizeof whole) return false;
    memset(whole, fill, sizeof whole);
    memcpy(whole, front.data, front.len);
    /* The second byte has bounds of its own after some first ones; of these 80 or BF is inside. */
    if (ol_utf8_len(ol_slice_of(whole, sizeof whole)) > 0) return true;
  }
  return false;
}

size_t ol_rule_utf8(ol_slice part, bool begins, bool ends) {
  size_t at = 0;
  while (!begins && at < part.len && part.data[at] >> 6 == 2) {
    /* A character has no more than three bytes behind its first. */
    if (++at > 3) return at - 1;
  }
  while (at < part.len) {
    ol_slice rest = {part.data + at, part.len - at};
    size_t len = ol_utf8_len(rest);
    if (len == 0) return !ends && can_go_on(rest) ? part.len : at;
    at += len;
  }
  return part.len;
}

static ol_status judge_text(ol_error *error, ol_refutation *refutation, const document *own) {
  uint8_t window[2 * OL_RULE_CHUNK_BYTES];
  size_t window_len = 0;
  uint64_t chunk = refutation->openings[1].index;
  for (uint32_t i = 1; i < refutation->count; i++) {
    OL_TRY(expect_leaf(error, refutation, i, OL_OPENED_TEXT, chunk + i - 1));
    ol_slice payload = refutation->openings[i].payload;
    memcpy(window + window_len, payload.data, payload.len);
    window_len += payload.len;
  }
  uint64_t first = chunk * OL_RULE_CHUNK_BYTES;
  uint64_t behind = first + window_len;
  uint64_t end = own->start + own->length;
  if (first <= end && end < behind && window[end - first] != 0xff) {
    return broken(refutation, "a document is not followed by 0xFF", end);
  }
  uint64_t from = own->start > first ? own->start : first;
  uint64_t to = least(end, behind);
  if (from < to) {
    ol_slice part = {window + (from - first), (size_t)(to - from)};
    size_t fault = ol_rule_utf8(part, own->start >= first, end <= behind);
    if (fault < part.len) return broken(refutation, "a document is not UTF-8", from + fault);
  }
  return nothing(error, "the text of the document is right there");
}

static ol_status judge_documents(ol_error *error, ol_refutation *refutation) {
  const ol_corpus_header *header = &refutation->header;
  OL_TRY(expect_tree(error, refutation, 0, OL_OPENED_DOCUMENTS));
  document own = read_document(&refutation->openings[0]);
  uint64_t index = refutation->openings[0].index;
  bool fits = own.start < header->n && own.length < header->n - own.start;
  uint64_t behind = own.start + own.length + 1; /* overflows only where it does not fit */
  if (refutation->count == 1) {
    if (!fits) return broken(refutation, "a document ends behind the text", OL_RULE_NOWHERE);
    if (index == 0 && own.start != 0) {
      return broken(refutation, "the first document does not start at 0", OL_RULE_NOWHERE);
    }
    if (index == header->documents - 1 && behind != header->n) {
      return broken(refutation, "the last document does not end where the text does", OL_RULE_NOWHERE);
    }
    return nothing(error, "the document starts and ends where it may");
  }
  if (!fits) return wrong(error, 0, "a document that ends behind the text is opened alone");
  if (refutation->openings[1].tree == OL_OPENED_TEXT) return judge_text(error, refutation, &own);
  OL_TRY(expect_count(error, refutation, 2));
  OL_TRY(expect_leaf(error, refutation, 1, OL_OPENED_DOCUMENTS, index + 1));
  if (read_document(&refutation->openings[1]).start == behind) {
    return nothing(error, "the next document starts where it must");
  }
  return broken(refutation, "a document does not start one behind the end of that before", OL_RULE_NOWHERE);
}

ol_status ol_refutation_judge(ol_error *error, ol_refutation *out) {
  static ol_status (*const judges[OL_CORPUS_RULES])(ol_error *, ol_refutation *) = {
      [OL_RULE_SHAPE] = judge_shape,           [OL_RULE_SUCCESSOR] = judge_successor,
      [OL_RULE_ANCHOR] = judge_anchor,         [OL_RULE_ORDER] = judge_order,
      [OL_RULE_PREFIX] = judge_prefix,         [OL_RULE_FIRST_LEAF] = judge_first_leaf,
      [OL_RULE_FIRST_NODE] = judge_first_node, [OL_RULE_DOCUMENTS] = judge_documents,
      [OL_RULE_HEADER] = judge_header,
  };
  if (out->rule >= OL_CORPUS_RULES)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there is no such rule");
  if (out->count > OL_REFUTATION_OPENINGS) {
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there are more than three openings");
  }
  return judges[out->rule](error, out);
}
