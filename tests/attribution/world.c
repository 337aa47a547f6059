/* SPDX-License-Identifier: MIT */
#include "attribution/world.h"

#include <stdlib.h>

static void *get(size_t len) {
  void *memory = calloc(1, len > 0 ? len : 1);
  if (memory == NULL) abort();
  return memory;
}

/* --- The corpus --- */

void world_add(world *w, const void *bytes, size_t len, uint8_t contributor, uint64_t datanet) {
  uint8_t *payload = w->documents[w->documents_len++];
  memset(payload, contributor, 20);
  ol_store_be64(payload + 20, datanet);
  ol_store_be64(payload + 28, w->n);
  ol_store_be64(payload + 36, len);
  memset(payload + 44, 0x11, 32);
  uint8_t *text = realloc(w->text, w->n + len + 1);
  if (text == NULL) abort();
  w->text = text;
  if (len > 0) memcpy(text + w->n, bytes, len);
  text[w->n + len] = 0xff;
  w->n += len + 1;
}

static const world *sorted;

static int compare_suffixes(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  uint64_t left = sorted->n - x, right = sorted->n - y;
  int order = memcmp(sorted->text + x, sorted->text + y, left < right ? left : right);
  return order != 0 ? order : left < right ? -1 : 1;
}

size_t world_payload(const world *w, ol_tree_kind kind, uint64_t index, uint8_t out[160]) {
  if (kind == OL_TREE_TEXT) {
    uint64_t left = w->n - index * 128;
    size_t len = left < 128 ? (size_t)left : 128;
    memcpy(out, w->text + index * 128, len);
    return len;
  }
  if (kind == OL_TREE_DOCUMENTS) {
    memcpy(out, w->documents[index], 76);
    return 76;
  }
  ol_store_be64(out, w->sa[index]);
  if (kind == OL_TREE_FIRST) return 8;
  ol_store_be64(out + 8, w->psi[index]);
  uint64_t left = w->n - w->sa[index];
  out[16] = left < 32 ? (uint8_t)left : 32;
  memcpy(out + 17, w->text + w->sa[index], out[16]);
  return 17u + out[16];
}

static void free_tree(world_tree *tree) {
  for (uint32_t level = 0; level < tree->levels; level++) free(tree->nodes[level]);
  *tree = (world_tree){0};
}

static void make_tree(const world *w, world_tree *tree, ol_tree_kind kind, uint64_t leaves) {
  free_tree(tree);
  tree->kind = kind;
  tree->leaves = leaves;
  tree->counts[0] = leaves;
  tree->nodes[0] = get(leaves * sizeof(ol_tree_node));
  for (uint64_t i = 0; i < leaves; i++) {
    uint8_t payload[160];
    size_t len = world_payload(w, kind, i, payload);
    ol_tree_leaf(&tree->nodes[0][i], kind, i, ol_slice_of(payload, len));
  }
  uint32_t level = 0;
  for (; tree->counts[level] > 1; level++) {
    uint64_t count = tree->counts[level];
    tree->counts[level + 1] = (count + 1) / 2;
    tree->nodes[level + 1] = get((count + 1) / 2 * sizeof(ol_tree_node));
    for (uint64_t i = 0; i < count; i += 2) {
      ol_tree_node *below = &tree->nodes[level][i];
      if (i + 1 == count) {
        tree->nodes[level + 1][i / 2] = *below;
      } else if (!ol_tree_join(&tree->nodes[level + 1][i / 2], kind, below, below + 1)) {
        abort();
      }
    }
  }
  tree->levels = level + 1;
  ol_tree_root(&tree->root, kind, leaves, &tree->nodes[level][0]);
}

void world_hash(world *w) {
  make_tree(w, &w->text_tree, OL_TREE_TEXT, (w->n + 127) / 128);
  make_tree(w, &w->suffix_tree, OL_TREE_SUFFIXES, w->n);
  make_tree(w, &w->first_tree, OL_TREE_FIRST, w->n);
  make_tree(w, &w->document_tree, OL_TREE_DOCUMENTS, w->documents_len);
  w->header.n = w->n;
  w->header.documents = w->documents_len;
  w->header.text_root = w->text_tree.root;
  w->header.suffix_root = w->suffix_tree.root;
  w->header.first_root = w->first_tree.root;
  w->header.document_root = w->document_tree.root;
}

void world_make(world *w) {
  w->sa = get(w->n * sizeof(uint64_t));
  w->psi = get(w->n * sizeof(uint64_t));
  uint64_t *rank = get((w->n + 1) * sizeof(uint64_t));
  for (uint64_t i = 0; i < w->n; i++) w->sa[i] = i;
  sorted = w;
  qsort(w->sa, w->n, sizeof(uint64_t), compare_suffixes);
  for (uint64_t i = 0; i < w->n; i++) rank[w->sa[i]] = i;
  for (uint64_t i = 0; i < w->n; i++) w->psi[i] = w->sa[i] + 1 == w->n ? UINT64_MAX : rank[w->sa[i] + 1];
  w->header.i0 = rank[0];
  w->header.epoch = 3;
  free(rank);
  world_hash(w);
}

void world_free(world *w) {
  free_tree(&w->text_tree);
  free_tree(&w->suffix_tree);
  free_tree(&w->first_tree);
  free_tree(&w->document_tree);
  free(w->text);
  free(w->sa);
  free(w->psi);
  *w = (world){0};
}

/* --- Proofs, by recursion --- */

typedef struct emitter {
  const world_tree *tree;
  const uint64_t *indices;
  const ol_tree_range *ranges;
  size_t len;
  uint8_t *out;
  size_t used;
} emitter;

/* Whether a subtree is to be gone into. */
static bool is_open(const emitter *to, uint64_t start, uint64_t end) {
  for (size_t i = 0; i < to->len; i++) {
    if (to->indices != NULL && start <= to->indices[i] && to->indices[i] < end) return true;
    if (to->ranges != NULL && start < to->ranges[i].lo && to->ranges[i].lo < end) return true;
    if (to->ranges != NULL && start < to->ranges[i].hi && to->ranges[i].hi < end) return true;
  }
  return false;
}

static void emit(emitter *to, uint32_t level, uint64_t at) {
  const world_tree *tree = to->tree;
  uint64_t start = at << level, end = (at + 1) << level;
  if (end > tree->leaves) end = tree->leaves;
  if (!is_open(to, start, end)) {
    const ol_tree_node *node = &tree->nodes[level][at];
    if (ol_tree_annotation_len(tree->kind) > 0) {
      ol_store_be64(to->out + to->used, node->low);
      to->used += 8;
    }
    memcpy(to->out + to->used, node->hash.bytes, 32);
    to->used += 32;
    return;
  }
  if (level == 0) return;
  emit(to, level - 1, 2 * at);
  if (2 * at + 1 < tree->counts[level - 1]) emit(to, level - 1, 2 * at + 1);
}

size_t world_multiproof(const world_tree *tree, const uint64_t *indices, size_t len, uint8_t *out) {
  static const uint64_t none;
  emitter to = {.tree = tree, .indices = len > 0 ? indices : &none, .len = len, .out = out};
  emit(&to, tree->levels - 1, 0);
  return to.used;
}

size_t world_range_proof(const world_tree *tree, const ol_tree_range *ranges, size_t len, uint8_t *out) {
  emitter to = {.tree = tree, .ranges = ranges, .len = len, .out = out};
  emit(&to, tree->levels - 1, 0);
  return to.used;
}

/* --- Searching --- */

/* Returns: below 0, 0 or above 0 as a suffix is below a word, begins with it, or is above it. */
static int compare_to(const world *w, uint64_t rank, const uint8_t *word, size_t len) {
  uint64_t left = w->n - w->sa[rank];
  int order = memcmp(w->text + w->sa[rank], word, left < len ? left : len);
  return order != 0 ? order : left < len ? -1 : 0;
}

static uint64_t search(const world *w, const uint8_t *word, size_t len, int most) {
  uint64_t low = 0, high = w->n;
  while (low < high) {
    uint64_t middle = (low + high) / 2;
    int order = compare_to(w, middle, word, len);
    if (order < 0 || (order == 0 && most == 0)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

uint64_t world_below(const world *w, const uint8_t *word, size_t len) {
  return search(w, word, len, -1);
}

uint64_t world_upto(const world *w, const uint8_t *word, size_t len) {
  return search(w, word, len, 0);
}

/* --- The honest plan --- */

ol_attribution_policy world_policy(uint32_t min_span, uint32_t max_count, uint32_t owner_rule) {
  ol_attribution_policy policy = {
      .owner_rule = owner_rule,
      .min_span = min_span,
      .max_count = max_count,
      .platform_bps = 1000,
      .model_bps = 2000,
      .stakers_bps = 3000,
      .contributors_bps = 4000,
  };
  memset(policy.sink.bytes, 0xee, sizeof policy.sink.bytes);
  return policy;
}

void world_add_span(const world *w, world_plan *plan, uint32_t start, uint32_t end) {
  uint32_t at = plan->spans_len++;
  for (; at > 0 && plan->spans[at - 1].start > start; at--) plan->spans[at] = plan->spans[at - 1];
  const uint8_t *word = plan->response + start;
  plan->spans[at] =
      (world_span){start, end, world_below(w, word, end - start), world_upto(w, word, end - start)};
}

void world_add_word(const world *w, world_plan *plan, uint32_t start, uint32_t end) {
  uint32_t at = plan->words_len++;
  for (; at > 0 && plan->words[at - 1].start > start; at--) plan->words[at] = plan->words[at - 1];
  plan->words[at] = (world_word){start, end, world_below(w, plan->response + start, end - start)};
}

void world_drop_span(world_plan *plan, uint32_t i) {
  plan->spans_len--;
  memmove(&plan->spans[i], &plan->spans[i + 1], (plan->spans_len - i) * sizeof *plan->spans);
}

void world_drop_word(world_plan *plan, uint32_t i) {
  plan->words_len--;
  memmove(&plan->words[i], &plan->words[i + 1], (plan->words_len - i) * sizeof *plan->words);
}

/* Adds the last of the minimal absent words inside an interval, unless there is one in the plan already. */
static void stab(const world *w, world_plan *plan, const uint32_t *reach, uint32_t start, uint32_t end) {
  for (uint32_t i = 0; i < plan->words_len; i++) {
    if (plan->words[i].start >= start && plan->words[i].end <= end) return;
  }
  for (uint32_t at = end; at-- > start;) {
    if (reach[at] + 1 <= end && reach[at + 1] > reach[at]) {
      world_add_word(w, plan, at, reach[at] + 1);
      return;
    }
  }
}

/* Plans the spans. Returns: how far what begins at each byte goes on in T. */
static uint32_t *plan_spans(const world *w, world_plan *plan, const ol_attribution_policy *policy,
                            const void *response, size_t len) {
  *plan = (world_plan){.policy = *policy, .response = response, .response_len = (uint32_t)len};
  uint32_t *reach = get((len + 2) * sizeof(uint32_t));
  uint32_t end = 0;
  for (uint32_t at = 0; at < len; at++) {
    if (end < at) end = at;
    while (end < len && world_upto(w, plan->response + at, end + 1 - at) >
                            world_below(w, plan->response + at, end + 1 - at))
      end++;
    reach[at] = end;
    if ((at == 0 || end > reach[at - 1]) && end - at >= policy->min_span) world_add_span(w, plan, at, end);
  }
  reach[len] = (uint32_t)len;
  reach[len + 1] = (uint32_t)len;
  return reach;
}

void world_plan_all(const world *w, world_plan *plan, const ol_attribution_policy *policy,
                    const void *response, size_t len) {
  uint32_t *reach = plan_spans(w, plan, policy, response, len);
  for (uint32_t at = 0; at < len; at++) {
    if (reach[at] < len && reach[at + 1] > reach[at]) world_add_word(w, plan, at, reach[at] + 1);
  }
  free(reach);
}

void world_plan_honest(const world *w, world_plan *plan, const ol_attribution_policy *policy,
                       const void *response, size_t len) {
  uint32_t *reach = plan_spans(w, plan, policy, response, len);
  /* Whatever needs a word, by where it ends. */
  for (uint32_t end = 1; end <= len; end++) {
    for (uint32_t i = 0; i < plan->spans_len; i++) {
      const world_span *span = &plan->spans[i];
      if (span->start > 0 && span->end == end) stab(w, plan, reach, span->start - 1, end);
      if (span->end + 1 == end) stab(w, plan, reach, span->start, end);
      if (i > 0 && span[-1].end + 1 == end && span->start + policy->min_span <= end)
        stab(w, plan, reach, span->start - 1, end);
    }
    if (end < policy->min_span) continue;
    uint32_t start = end - policy->min_span;
    bool is_inside = false;
    for (uint32_t i = 0; i < plan->spans_len && !is_inside; i++)
      is_inside = plan->spans[i].start <= start && end <= plan->spans[i].end;
    if (!is_inside) stab(w, plan, reach, start, end);
  }
  free(reach);
}
