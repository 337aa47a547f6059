/* SPDX-License-Identifier: MIT */
#include "attribution/world.h"

#include <stdlib.h>

/* What is opened for a plan, and how it is written. */

void world_open_leaf(const world *w, world_draft *draft, uint64_t index) {
  uint32_t at = draft->leaves_len;
  for (uint32_t i = 0; i < draft->leaves_len; i++) {
    if (draft->leaves[i].index == index) return;
  }
  for (; at > 0 && draft->leaves[at - 1].index > index; at--) draft->leaves[at] = draft->leaves[at - 1];
  draft->leaves_len++;
  draft_leaf *leaf = &draft->leaves[at];
  uint8_t payload[160];
  world_payload(w, OL_TREE_SUFFIXES, index, payload);
  *leaf = (draft_leaf){.index = index, .position = w->sa[index], .len = payload[16], .shared = -1};
  leaf->next = w->psi[index] == UINT64_MAX ? w->n : w->psi[index];
  memcpy(leaf->prefix, payload + 17, leaf->len);
  for (uint32_t i = 0; i < draft->spans_len; i++) {
    draft_span *span = &draft->spans[i];
    uint64_t last = span->first + span->more;
    span->first += span->first >= at;
    last += last >= at;
    span->more = last - span->first;
  }
  for (uint32_t i = 0; i < draft->words_len; i++) draft->words[i].above += draft->words[i].above >= at;
}

void world_open_chunk(const world *w, world_draft *draft, uint64_t index) {
  uint32_t at = draft->chunks_len;
  for (uint32_t i = 0; i < draft->chunks_len; i++) {
    if (draft->chunks[i].index == index) return;
  }
  for (; at > 0 && draft->chunks[at - 1].index > index; at--) draft->chunks[at] = draft->chunks[at - 1];
  draft->chunks_len++;
  uint8_t payload[160];
  draft_chunk *chunk = &draft->chunks[at];
  chunk->index = index;
  chunk->len = (uint32_t)world_payload(w, OL_TREE_TEXT, index, payload);
  memcpy(chunk->bytes, payload, chunk->len);
}

void world_open_document(const world *w, world_draft *draft, uint64_t index) {
  uint32_t at = draft->documents_len;
  for (uint32_t i = 0; i < draft->documents_len; i++) {
    if (draft->documents[i].index == index) return;
  }
  for (; at > 0 && draft->documents[at - 1].index > index; at--)
    draft->documents[at] = draft->documents[at - 1];
  draft->documents_len++;
  draft->documents[at].index = index;
  memcpy(draft->documents[at].payload, w->documents[index], 76);
}

static uint64_t ordinal_of(const world_draft *draft, uint64_t index) {
  uint32_t i = 0;
  while (i < draft->leaves_len && draft->leaves[i].index < index) i++;
  return i;
}

/* Opens the text that comparing a suffix with a word reads. */
static void open_text(const world *w, world_draft *draft, uint64_t rank, const uint8_t *word, size_t len) {
  uint64_t position = w->sa[rank];
  if (len <= 32 || w->n - position < 32) return;
  uint64_t same = 0;
  while (same < len && position + same < w->n && w->text[position + same] == word[same]) same++;
  if (same < 32) return;
  uint64_t last = position + (same < len ? same : len - 1);
  if (last >= w->n) last = w->n - 1;
  if (position + 32 > last) return;
  for (uint64_t i = (position + 32) / 128; i <= last / 128; i++) world_open_chunk(w, draft, i);
}

static void open_around(const world *w, world_draft *draft, uint64_t lo, uint64_t hi, const uint8_t *word,
                        size_t len) {
  const uint64_t ranks[4] = {lo - 1, lo, hi - 1, hi};
  bool is_word = lo == hi;
  for (uint32_t i = 0; i < 4; i++) {
    if (ranks[i] >= w->n || (is_word && (i == 1 || i == 2))) continue;
    world_open_leaf(w, draft, ranks[i]);
    open_text(w, draft, ranks[i], word, len);
  }
}

static void open_owner(const world *w, world_draft *draft, uint64_t position) {
  uint64_t k = w->documents_len;
  while (k-- > 0) {
    if (ol_load_be64(w->documents[k] + 28) <= position) break;
  }
  world_open_document(w, draft, k);
}

/* Opens what a span earns by. */
static void open_owners(const world *w, world_draft *draft, const world_plan *plan, const world_span *span) {
  uint64_t count = span->hi - span->lo;
  bool is_earliest = plan->policy.owner_rule == OL_OWNER_EARLIEST;
  if (count > plan->policy.max_count) return;
  if (is_earliest && count > 16) draft->ranges[draft->ranges_len++] = (ol_tree_range){span->lo, span->hi, 0};
  uint64_t least = UINT64_MAX;
  for (uint64_t rank = span->lo; rank < span->hi; rank++) {
    if (!is_earliest || count <= 16) world_open_leaf(w, draft, rank);
    if (!is_earliest) open_owner(w, draft, w->sa[rank]);
    if (w->sa[rank] < least) least = w->sa[rank];
  }
  if (is_earliest) open_owner(w, draft, least);
}

void world_draft_make(const world *w, world_draft *draft, const world_plan *plan) {
  memset(draft, 0, sizeof *draft);
  memcpy(draft->magic, "ATRE", 4);
  draft->version = 1;
  draft->flags = 1;
  draft->n = w->n;
  ol_corpus_header_write(draft->header, &w->header);
  for (uint32_t i = 0; i < plan->spans_len; i++) {
    const world_span *span = &plan->spans[i];
    open_around(w, draft, span->lo, span->hi, plan->response + span->start, span->end - span->start);
    open_owners(w, draft, plan, span);
  }
  for (uint32_t i = 0; i < plan->words_len; i++) {
    const world_word *word = &plan->words[i];
    open_around(w, draft, word->above, word->above, plan->response + word->start, word->end - word->start);
  }
  for (uint32_t i = 0; i < plan->spans_len; i++) {
    const world_span *span = &plan->spans[i];
    uint64_t first = ordinal_of(draft, span->lo);
    draft->spans[i] =
        (draft_span){span->start, span->end - span->start, first, ordinal_of(draft, span->hi - 1) - first};
  }
  for (uint32_t i = 0; i < plan->words_len; i++) {
    const world_word *word = &plan->words[i];
    draft->words[i] = (draft_word){word->start, word->end - word->start, ordinal_of(draft, word->above)};
  }
  draft->spans_len = plan->spans_len;
  draft->words_len = plan->words_len;
  world_draft_prove(w, draft);
}

void world_draft_prove(const world *w, world_draft *draft) {
  static uint64_t indices[OL_EVIDENCE_LEAVES + 8];
  for (uint32_t i = 0; i < 4; i++) {
    if (draft->proofs[i] == NULL) draft->proofs[i] = calloc(1, WORLD_BYTES);
    if (draft->proofs[i] == NULL) abort();
  }
  for (uint32_t i = 0; i < draft->leaves_len; i++) indices[i] = draft->leaves[i].index;
  draft->proofs_len[0] = world_multiproof(&w->suffix_tree, indices, draft->leaves_len, draft->proofs[0]);
  for (uint32_t i = 0; i < draft->chunks_len; i++) indices[i] = draft->chunks[i].index;
  draft->proofs_len[1] = world_multiproof(&w->text_tree, indices, draft->chunks_len, draft->proofs[1]);
  for (uint32_t i = 0; i < draft->documents_len; i++) indices[i] = draft->documents[i].index;
  draft->proofs_len[2] = world_multiproof(&w->document_tree, indices, draft->documents_len, draft->proofs[2]);
  draft->proofs_len[3] = 0;
  if (draft->ranges_len > 0)
    draft->proofs_len[3] =
        world_range_proof(&w->first_tree, draft->ranges, draft->ranges_len, draft->proofs[3]);
}

void world_draft_free(world_draft *draft) {
  for (uint32_t i = 0; i < 4; i++) {
    free(draft->proofs[i]);
    draft->proofs[i] = NULL;
  }
}

/* --- Writing --- */

size_t world_number(uint8_t *out, uint64_t value) {
  size_t len = 0;
  while (value >= 0x80) {
    out[len++] = (uint8_t)(value | 0x80);
    value >>= 7;
  }
  out[len++] = (uint8_t)value;
  return len;
}

typedef struct writer {
  uint8_t *out;
  size_t len;
} writer;

static void put_number(writer *to, uint64_t value) {
  to->len += world_number(to->out + to->len, value);
}

static void put_bytes(writer *to, const void *bytes, size_t len) {
  if (len > 0) memcpy(to->out + to->len, bytes, len);
  to->len += len;
}

static void put_wide(writer *to, uint64_t value, uint32_t width) {
  uint8_t bytes[8];
  ol_store_be64(bytes, value);
  put_bytes(to, bytes + 8 - width, width);
}

static void put_proof(writer *to, const world_draft *draft, uint32_t which, size_t size) {
  put_number(to, draft->proofs_len[which] / size);
  put_bytes(to, draft->proofs[which], draft->proofs_len[which]);
}

static void put_leaf(writer *to, const draft_leaf *leaf, const draft_leaf *before, uint32_t width) {
  put_number(to, leaf->index - (before == NULL ? 0 : before->index));
  put_wide(to, leaf->position, width);
  put_wide(to, leaf->next, width);
  uint32_t shared = 0;
  while (before != NULL && shared < leaf->len && shared < before->len &&
         leaf->prefix[shared] == before->prefix[shared])
    shared++;
  if (leaf->shared >= 0) shared = (uint32_t)leaf->shared;
  put_wide(to, shared, 1);
  if (shared < leaf->len) put_bytes(to, leaf->prefix + shared, leaf->len - shared);
}

static void put_spans(writer *to, const world_draft *draft) {
  put_bytes(to, draft->header, sizeof draft->header);
  put_number(to, draft->spans_len);
  for (uint32_t i = 0; i < draft->spans_len; i++) {
    const draft_span *span = &draft->spans[i];
    put_number(to, span->start - (i == 0 ? 0 : span[-1].start));
    put_number(to, span->len);
    put_number(to, span->first);
    put_number(to, span->more);
  }
  put_number(to, draft->words_len);
  for (uint32_t i = 0; i < draft->words_len; i++) {
    const draft_word *word = &draft->words[i];
    put_number(to, word->start - (i == 0 ? 0 : word[-1].start));
    put_number(to, word->len);
    put_number(to, word->above);
  }
  uint32_t width = 1;
  while (draft->n >> (8 * width) != 0) width++;
  put_number(to, draft->leaves_len);
  for (uint32_t i = 0; i < draft->leaves_len; i++)
    put_leaf(to, &draft->leaves[i], i == 0 ? NULL : &draft->leaves[i - 1], width);
  put_proof(to, draft, 0, 32);
  put_number(to, draft->chunks_len);
  for (uint32_t i = 0; i < draft->chunks_len; i++) {
    put_number(to, draft->chunks[i].index - (i == 0 ? 0 : draft->chunks[i - 1].index));
    put_bytes(to, draft->chunks[i].bytes, draft->chunks[i].len);
  }
  put_proof(to, draft, 1, 32);
  put_number(to, draft->documents_len);
  for (uint32_t i = 0; i < draft->documents_len; i++) {
    put_number(to, draft->documents[i].index - (i == 0 ? 0 : draft->documents[i - 1].index));
    put_bytes(to, draft->documents[i].payload, 76);
  }
  put_proof(to, draft, 2, 32);
  put_proof(to, draft, 3, 40);
}

size_t world_write(const world_draft *draft, uint8_t *out) {
  writer to = {out, 0};
  put_bytes(&to, draft->magic, 4);
  put_wide(&to, draft->version, 1);
  put_wide(&to, draft->flags, 1);
  if ((draft->flags & 1) != 0) put_spans(&to, draft);
  if ((draft->flags & 2) != 0) {
    uint32_t dimensions = (uint32_t)draft->gradient_header[64] << 8 | draft->gradient_header[65];
    put_bytes(&to, draft->gradient_header, sizeof draft->gradient_header);
    put_bytes(&to, draft->vector, 2 * dimensions);
  }
  put_number(&to, draft->rows_len);
  put_bytes(&to, draft->rows, 60 * draft->rows_len);
  return to.len;
}

ol_status world_verify_bytes(ol_error *error, ol_evidence **out, uint32_t *out_reason, const world_plan *plan,
                             const uint8_t *bytes, size_t len) {
  static uint8_t *kept, *response, *memory;
  size_t size = ol_evidence_size();
  free(kept);
  free(response);
  free(memory);
  kept = malloc(len > 0 ? len : 1);
  response = malloc(plan->response_len > 0 ? plan->response_len : 1);
  memory = malloc(size);
  if (kept == NULL || response == NULL || memory == NULL) abort();
  if (len > 0) memcpy(kept, bytes, len);
  if (plan->response_len > 0) memcpy(response, plan->response, plan->response_len);
  memset(memory, 0xa5, size);
  *out = NULL;
  return ol_evidence_verify(error, out, out_reason, &plan->policy, ol_slice_of(kept, len),
                            ol_slice_of(response, plan->response_len), memory, size);
}

ol_status world_verify(ol_error *error, ol_evidence **out, uint32_t *out_reason, const world_plan *plan,
                       const world_draft *draft) {
  static uint8_t bytes[WORLD_BYTES];
  size_t len = world_write(draft, bytes);
  return world_verify_bytes(error, out, out_reason, plan, bytes, len);
}
