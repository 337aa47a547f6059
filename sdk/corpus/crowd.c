/* SPDX-License-Identifier: MIT */

/*
 * Where the suffixes around candidates are crowded. A node's siblings are paid once by all words that are chosen below
 * it, so before any is chosen a word's share of a level is the less, the more of its neighbours there are likely to be.
 * How likely follows from what was chosen before: a few rounds make a crowd of what was many.
 */

#include "prove.h"

#include <stdlib.h>

#define CERTAIN 256u /* the weight of what is opened anyhow */
#define HASH_COST 32u

struct prove_crowd {
  size_t count; /* of candidates, and leaves that are opened anyhow */
  uint32_t levels;
  struct member {
    uint64_t rank;
    uint32_t start; /* of a candidate; UINT32_MAX for a leaf */
    uint32_t weight;
  } * members; /* by their ranks */
  uint32_t *
      bounds; /* of each member and level: the first member below the same node, and the one behind the last */
  uint64_t *sums; /* of the weights before each member */
};

static int by_rank(const void *a, const void *b) {
  const struct member *left = a;
  const struct member *right = b;
  if (left->rank != right->rank) return left->rank < right->rank ? -1 : 1;
  return left->start < right->start ? -1 : left->start > right->start;
}

/* Where the members of each node begin and end, level by level: nodes of the level below come together. */
static void find_bounds(prove_crowd *crowd) {
  for (uint32_t level = 0; level < crowd->levels; level++) {
    for (size_t first = 0; first < crowd->count;) {
      size_t behind = first + 1;
      uint64_t node = crowd->members[first].rank >> level;
      while (behind < crowd->count && crowd->members[behind].rank >> level == node) behind++;
      for (size_t i = first; i < behind; i++) {
        uint32_t *bounds = crowd->bounds + 2 * (i * crowd->levels + level);
        bounds[0] = (uint32_t)first;
        bounds[1] = (uint32_t)behind;
      }
      first = behind;
    }
  }
}

prove_crowd *prove_crowd_new(const ol_corpus_proof *proof, const uint32_t *starts, size_t count,
                             uint32_t weight) {
  prove_crowd *crowd = calloc(1, sizeof *crowd);
  if (crowd == NULL) return NULL;
  crowd->count = count + proof->leaves.count;
  crowd->levels = corpus_top(proof->corpus->at.n);
  crowd->members = calloc(crowd->count + 1, sizeof *crowd->members);
  crowd->bounds = calloc(2 * (crowd->count * crowd->levels + 1), sizeof *crowd->bounds);
  crowd->sums = calloc(crowd->count + 1, sizeof *crowd->sums);
  if (crowd->members == NULL || crowd->bounds == NULL || crowd->sums == NULL) {
    prove_crowd_free(crowd);
    return NULL;
  }
  for (size_t i = 0; i < count; i++) {
    crowd->members[i] = (struct member){proof->matches[starts[i]].rank, starts[i], weight};
  }
  for (size_t i = 0; i < proof->leaves.count; i++) {
    crowd->members[count + i] = (struct member){proof->leaves.items[i], UINT32_MAX, CERTAIN};
  }
  qsort(crowd->members, crowd->count, sizeof *crowd->members, by_rank);
  find_bounds(crowd);
  return crowd;
}

void prove_crowd_free(prove_crowd *crowd) {
  if (crowd == NULL) return;
  free(crowd->members);
  free(crowd->bounds);
  free(crowd->sums);
  free(crowd);
}

void prove_crowd_costs(prove_crowd *crowd, uint64_t *out) {
  for (size_t i = 0; i < crowd->count; i++) crowd->sums[i + 1] = crowd->sums[i] + crowd->members[i].weight;
  for (size_t i = 0; i < crowd->count; i++) {
    const struct member *member = &crowd->members[i];
    if (member->start == UINT32_MAX) continue;
    uint64_t cost = 0; /* in 1/16 bytes */
    for (uint32_t level = 0; level < crowd->levels; level++) {
      const uint32_t *bounds = crowd->bounds + 2 * (i * crowd->levels + level);
      uint64_t others = crowd->sums[bounds[1]] - crowd->sums[bounds[0]] - member->weight;
      cost += 16 * HASH_COST * CERTAIN / (CERTAIN + others);
    }
    out[member->start] = cost / 16;
  }
}

void prove_crowd_learn(prove_crowd *crowd, const uint32_t *words, size_t count, uint32_t keep) {
  for (size_t i = 0; i < crowd->count; i++) {
    struct member *member = &crowd->members[i];
    if (member->start == UINT32_MAX) continue;
    size_t lo = 0;
    size_t hi = count;
    while (lo < hi) {
      size_t middle = (lo + hi) / 2;
      if (words[middle] < member->start) {
        lo = middle + 1;
      } else {
        hi = middle;
      }
    }
    bool is_chosen = lo < count && words[lo] == member->start;
    member->weight = (member->weight * keep + (is_chosen ? CERTAIN : 0) * (16 - keep)) / 16;
  }
}
