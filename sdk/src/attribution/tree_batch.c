/* SPDX-License-Identifier: MIT */
#include "attribution/tree_batch.h"

#include "crypto/keccak.h"

#include "base/poison.h"

/* A reference: a step, or with this bit a sibling. What has `LEAF` on its right is the leaf whose ordinal is on its left. */
#define SIBLING 0x8000u
#define LEAF 0xffffu
#define NONE 0xffffu

#define SIDE_BY_SIDE 16

typedef struct frame {
  uint64_t middle;
  uint64_t end;
  uint32_t left;
  bool has_left;
} frame;

typedef struct walk {
  ol_tree_kind kind;
  const ol_tree_payloads *source;
  ol_slice siblings;
  size_t siblings_used;
  size_t opened;
  ol_tree_step *steps;
  uint32_t steps_len;
  uint32_t levels;                   /* one more than the highest */
  uint16_t heads[OL_TREE_DEPTH + 2]; /* the last step of each level; those of level 0 are hashed */
  frame frames[OL_TREE_DEPTH];
  size_t depth;
} walk;

static uint32_t level_of(const walk *w, uint32_t reference) {
  return (reference & SIBLING) != 0 ? 0 : w->steps[reference].level;
}

static const uint8_t *hash_of(const walk *w, uint32_t reference) {
  if ((reference & SIBLING) == 0) return w->steps[reference].hash.bytes;
  return w->siblings.data + sizeof(ol_hash) * (reference - SIBLING);
}

static uint32_t add(walk *w, uint32_t left, uint32_t right) {
  uint32_t level = 0;
  if (right != LEAF) {
    uint32_t a = level_of(w, left), b = level_of(w, right);
    level = a > b ? a : b;
  }
  level++;
  while (w->levels <= level) w->heads[w->levels++] = NONE;
  ol_tree_step *step = &w->steps[w->steps_len];
  step->left = (uint16_t)left;
  step->right = (uint16_t)right;
  step->level = (uint16_t)level;
  step->next = w->heads[level];
  w->heads[level] = (uint16_t)w->steps_len;
  return w->steps_len++;
}

/* Out: what a step is the hash of. Returns: its length. */
static size_t write_message(const walk *w, const ol_tree_step *step, uint8_t *out) {
  if (step->right == LEAF) {
    size_t len = ol_tree_leaf_front(out, w->kind, w->source->index(w->source->context, step->left));
    return len + w->source->payload(w->source->context, step->left, out + len);
  }
  size_t len = ol_tree_node_front(out, w->kind);
  memcpy(out + len, hash_of(w, step->left), sizeof(ol_hash));
  memcpy(out + len + sizeof(ol_hash), hash_of(w, step->right), sizeof(ol_hash));
  return len + 2 * sizeof(ol_hash);
}

/* Hashes all steps, level by level. */
static void hash_steps(walk *w) {
  uint8_t messages[SIDE_BY_SIDE][OL_TREE_FRONT + OL_TREE_PAYLOAD_MAX];
  ol_slice inputs[SIDE_BY_SIDE];
  uint32_t which[SIDE_BY_SIDE];
  ol_hash hashes[SIDE_BY_SIDE];
  for (uint32_t level = 1; level < w->levels; level++) {
    for (uint32_t next = w->heads[level]; next != NONE;) {
      size_t count = 0;
      for (; next != NONE && count < SIDE_BY_SIDE; next = w->steps[next].next, count++) {
        size_t len = write_message(w, &w->steps[next], messages[count]);
        inputs[count] = ol_slice_of(messages[count], len);
        which[count] = next;
      }
      ol_keccak256_each(hashes, inputs, count);
      for (size_t i = 0; i < count; i++) w->steps[which[i]].hash = hashes[i];
    }
  }
  w->levels = 1;
}

/* Makes room: hashes, and keeps what is to the left of where the walk is. Those are in the order of their making. */
static void make_room(walk *w) {
  hash_steps(w);
  uint32_t kept = 0;
  for (size_t i = 0; i < w->depth; i++) {
    frame *top = &w->frames[i];
    if (!top->has_left || (top->left & SIBLING) != 0) continue;
    w->steps[kept].hash = w->steps[top->left].hash;
    w->steps[kept].level = 0;
    top->left = kept++;
  }
  w->steps_len = kept;
}

/* A subtree is done: goes up to where a right half is next. As in the walk that hashes at once. */
static uint32_t ascend(walk *w, uint32_t done, uint64_t *start, uint64_t *end) {
  for (; w->depth > 0; w->depth--) {
    frame *top = &w->frames[w->depth - 1];
    if (!top->has_left) {
      top->left = done;
      top->has_left = true;
      *start = top->middle;
      *end = top->end;
      break;
    }
    done = add(w, top->left, done);
  }
  return done;
}

static ol_status finish(ol_error *error, ol_hash *out, walk *w, uint64_t leaves, uint32_t top) {
  if (w->siblings_used * sizeof(ol_hash) != w->siblings.len)
    return ol_fail(error, OL_ERR_PROOF, w->siblings_used * sizeof(ol_hash), "siblings are left over");
  hash_steps(w);
  ol_tree_node node = {0};
  memcpy(node.hash.bytes, hash_of(w, top), sizeof(ol_hash));
  ol_tree_root(out, w->kind, leaves, &node);
  return OL_OK;
}

ol_status ol_tree_multiproof_batch(ol_error *error, ol_hash *out, ol_tree_kind kind, uint64_t leaves,
                                   const ol_tree_payloads *source, ol_slice siblings, ol_tree_batch *batch) {
  OL_ASSERT(ol_tree_annotation_len(kind) == 0);
  OL_ASSERT(source->count < SIBLING && siblings.len / sizeof(ol_hash) < SIBLING);
  if (leaves == 0)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "nothing can be opened in a tree without leaves");
  walk w = {.kind = kind, .source = source, .siblings = siblings, .steps = batch->steps, .levels = 1};
  uint64_t start = 0;
  uint64_t end = leaves;
  for (;;) {
    bool has_leaf = w.opened < source->count && source->index(source->context, w.opened) < end;
    if (has_leaf && end - start > 1) {
      frame *top = &w.frames[w.depth++];
      *top = (frame){.middle = start + ol_tree_left(end - start), .end = end};
      end = top->middle;
      continue;
    }
    /* A leaf and a join for each level may come at once. */
    if (w.steps_len + OL_TREE_DEPTH + 1 > OL_TREE_STEPS) make_room(&w);
    uint32_t done;
    if (has_leaf) {
      done = add(&w, (uint32_t)w.opened++, LEAF);
    } else {
      if (siblings.len / sizeof(ol_hash) == w.siblings_used)
        return ol_fail(error, OL_ERR_PROOF, w.siblings_used * sizeof(ol_hash), "a sibling is wanting");
      done = SIBLING | (uint32_t)w.siblings_used++;
    }
    done = ascend(&w, done, &start, &end);
    if (w.depth == 0) return finish(error, out, &w, leaves, done);
  }
}
