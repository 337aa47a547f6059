/* SPDX-License-Identifier: MIT */

/*
 * Which absent words to show (section 2.3). From each byte of the answer one word is a candidate, the shortest: those
 * that go on behind it lie between the same two suffixes, and cover less. What a word costs is mostly the siblings of
 * these two, so words are chosen whose suffixes are near to what is opened anyhow: first by what each costs alone, then,
 * again and again, a few neighbours at a time by what they cost beside all others.
 */

#include "prove.h"

#include <stdlib.h>

/* About what a leaf takes in evidence without its siblings, and a word, and a chunk of text with its siblings. */
#define LEAF_COST 44
#define NEXT_LEAF_COST 32 /* shares much of its prefix with the one before */
#define WORD_COST 4
#define CHUNK_COST 480
#define HASH_COST 32

#define FIRST_WEIGHT 8 /* of 256: about one word of thirty is chosen */
#define EARLY_ROUNDS 16
#define KEPT 8          /* of 16 */
#define MOST_TOGETHER 8 /* words that are chosen anew at once */
#define ROUNDS 24
#define NO_WORD UINT32_MAX

/* A way to fill needs up to one: the word, what came before it, and what all that costs. */
typedef struct step {
  uint64_t cost;
  uint32_t start;
  uint32_t before;
} step;

typedef struct choice {
  ol_corpus_proof *proof;
  uint32_t len; /* of the answer */
  prove_need *needs;
  uint32_t needs_len;
  uint32_t *first; /* of each byte: the first and last need that its word fills; first > last for none */
  uint32_t *last;
  uint32_t *chunk_cost;
  uint64_t *shares; /* of siblings, by where a word starts; while `is_early` they are what a word costs */
  bool is_early;
  step *steps;     /* as many as needs, and one */
  uint32_t *words; /* chosen, by where they start */
  uint32_t words_len;
  uint32_t *found; /* by the last search */
  uint32_t found_len;
} choice;

static ol_status no_memory(ol_error *error) {
  return corpus_fail(error, OL_ERR_MEMORY, "there is no memory for a proof");
}

/* --- What is needed --- */

static int by_start(const void *a, const void *b) {
  const prove_need *left = a;
  const prove_need *right = b;
  if (left->start != right->start) return left->start < right->start ? -1 : 1;
  return left->end < right->end ? 1 : left->end > right->end ? -1 : 0;
}

static void need(choice *all, uint32_t start, uint32_t end) {
  all->needs[all->needs_len++] = (prove_need){.start = start, .end = end};
}

/* Where the longer of two ends behind the shorter one, what fills the shorter fills it too. */
static void drop_implied(choice *all) {
  qsort(all->needs, all->needs_len, sizeof *all->needs, by_start);
  uint32_t kept = all->needs_len;
  uint32_t least = UINT32_MAX;
  for (uint32_t i = all->needs_len; i-- > 0;) {
    if (all->needs[i].end >= least) continue;
    least = all->needs[i].end;
    all->needs[--kept] = all->needs[i];
  }
  all->needs_len -= kept;
  memmove(all->needs, all->needs + kept, all->needs_len * sizeof *all->needs);
}

static void list_needs(choice *all) {
  const ol_corpus_proof *proof = all->proof;
  uint32_t k = proof->policy.min_span;
  for (uint32_t start = 0; start + k <= all->len; start++) {
    if (proof->matches[start].end < start + k) need(all, start, start + k);
  }
  for (uint32_t i = 0; i < proof->spans_len; i++) {
    const ol_attribution_span *span = &proof->spans[i].proven;
    if (span->start > 0) need(all, span->start - 1, span->end);
    if (span->end < all->len) need(all, span->start, span->end + 1);
    if (i == 0) continue;
    const ol_attribution_span *before = &proof->spans[i - 1].proven;
    if (span->start + k <= before->end + 1) need(all, span->start - 1, before->end + 1);
  }
  drop_implied(all);
}

/* --- Candidates --- */

static uint32_t chunks_of(uint32_t alike, uint32_t word) {
  if (word <= CORPUS_PREFIX || alike < CORPUS_PREFIX) return 0;
  return (alike - CORPUS_PREFIX) / CORPUS_CHUNK + 1;
}

static void list_candidates(choice *all) {
  const prove_match *matches = all->proof->matches;
  uint32_t first = 0; /* need that ends where the word does, or behind */
  uint32_t after = 0; /* need that starts behind the word's start */
  for (uint32_t start = 0; start < all->len; start++) {
    uint32_t end = matches[start].end + 1;
    while (first < all->needs_len && all->needs[first].end < end) first++;
    while (after < all->needs_len && all->needs[after].start <= start) after++;
    bool is_word = end <= all->len && first < after;
    all->first[start] = is_word ? first : 1;
    all->last[start] = is_word ? after - 1 : 0;
    uint32_t chunks =
        chunks_of(matches[start].below, end - start) + chunks_of(matches[start].above, end - start);
    all->chunk_cost[start] = chunks * CHUNK_COST;
  }
}

static bool is_candidate(const choice *all, uint32_t start) {
  return all->first[start] <= all->last[start];
}

/* --- Costs --- */

static uint32_t height_of(uint64_t a, uint64_t b) {
  return 64u - (uint32_t)__builtin_clzll(a ^ b);
}

/*
 * What opening one more leaf costs: siblings up to where its path meets that of an opened one, less the sibling that it
 * stands in for. `beside` counts as opened too, if it is a rank.
 */
static uint64_t leaf_cost(const choice *all, uint64_t rank, uint64_t beside, uint64_t own) {
  const prove_set *leaves = &all->proof->leaves;
  size_t at = prove_set_below(leaves, rank);
  if (at < leaves->count && leaves->items[at] == rank) return 0;
  uint32_t height = corpus_top(all->proof->corpus->at.n) + 2;
  if (at > 0 && height_of(rank, leaves->items[at - 1]) < height)
    height = height_of(rank, leaves->items[at - 1]);
  if (at < leaves->count && height_of(rank, leaves->items[at]) < height)
    height = height_of(rank, leaves->items[at]);
  if (beside != UINT64_MAX && height_of(rank, beside) < height) height = height_of(rank, beside);
  return own + (uint64_t)HASH_COST * height - 2 * HASH_COST;
}

static uint64_t word_cost(const choice *all, uint32_t start) {
  uint64_t rank = all->proof->matches[start].rank;
  uint64_t cost = WORD_COST + all->chunk_cost[start];
  if (all->is_early) {
    uint64_t beside = rank == 0 ? 0 : (uint64_t)HASH_COST * height_of(rank, rank - 1);
    return cost + LEAF_COST + NEXT_LEAF_COST + all->shares[start] + beside;
  }
  uint64_t below = rank == 0 ? UINT64_MAX : rank - 1;
  if (rank > 0) cost += leaf_cost(all, below, UINT64_MAX, LEAF_COST);
  if (rank < all->proof->corpus->at.n)
    cost += leaf_cost(all, rank, below, rank == 0 ? LEAF_COST : NEXT_LEAF_COST);
  return cost;
}

static bool open_word(const choice *all, uint32_t start) {
  uint64_t rank = all->proof->matches[start].rank;
  prove_set *leaves = &all->proof->leaves;
  if (rank > 0 && !prove_set_add(leaves, rank - 1)) return false;
  return rank == all->proof->corpus->at.n || prove_set_add(leaves, rank);
}

static void shut_word(const choice *all, uint32_t start) {
  uint64_t rank = all->proof->matches[start].rank;
  if (rank > 0) prove_set_remove(&all->proof->leaves, rank - 1);
  if (rank < all->proof->corpus->at.n) prove_set_remove(&all->proof->leaves, rank);
}

/* Opens words one after the other. Returns: what that costs together; UINT64_MAX without memory. */
static uint64_t open_words(const choice *all, const uint32_t *words, uint32_t count) {
  uint64_t cost = 0;
  for (uint32_t i = 0; i < count; i++) {
    cost += word_cost(all, words[i]);
    if (!open_word(all, words[i])) return UINT64_MAX;
  }
  return cost;
}

static void shut_words(const choice *all, const uint32_t *words, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) shut_word(all, words[i]);
}

/* --- Choosing --- */

/*
 * The cheapest words, starting in [from, to), that fill needs [a, b]: by each number of needs from the first on, what is
 * the cheapest way to fill at least so many. Out: `found`. Returns: whether there are any.
 */
static bool search(choice *all, uint32_t from, uint32_t to, uint32_t a, uint32_t b) {
  uint32_t count = b - a + 1;
  step *steps = all->steps;
  for (uint32_t i = 1; i <= count; i++) steps[i] = (step){.cost = UINT64_MAX, .start = NO_WORD};
  steps[0] = (step){.start = NO_WORD};
  for (uint32_t start = from; start < to; start++) {
    if (!is_candidate(all, start) || all->first[start] > b || all->last[start] < a) continue;
    uint32_t low = all->first[start] > a ? all->first[start] - a : 0;
    uint32_t high = (all->last[start] < b ? all->last[start] : b) - a + 1;
    uint32_t best = low;
    for (uint32_t i = low; i < high; i++) {
      if (steps[i].cost < steps[best].cost) best = i;
    }
    if (steps[best].cost == UINT64_MAX || steps[best].cost >= steps[high].cost) continue;
    uint64_t cost = steps[best].cost + word_cost(all, start);
    if (cost < steps[high].cost) steps[high] = (step){.cost = cost, .start = start, .before = best};
  }
  all->found_len = 0;
  if (steps[count].cost == UINT64_MAX) return false;
  for (uint32_t at = count; at > 0; at = steps[at].before) all->found[all->found_len++] = steps[at].start;
  for (uint32_t i = 0; i < all->found_len / 2; i++) {
    uint32_t swapped = all->found[i];
    all->found[i] = all->found[all->found_len - 1 - i];
    all->found[all->found_len - 1 - i] = swapped;
  }
  return true;
}

/* Puts what was found in the place of `count` words from `at` on. */
static void replace(choice *all, uint32_t at, uint32_t count) {
  uint32_t behind = all->words_len - at - count;
  memmove(all->words + at + all->found_len, all->words + at + count, behind * sizeof *all->words);
  memcpy(all->words + at, all->found, all->found_len * sizeof *all->words);
  all->words_len = at + all->found_len + behind;
}

/* Chooses `count` words from `at` on anew. Out: whether that saves something. Returns: false without memory. */
static bool improve(choice *all, uint32_t at, uint32_t count, bool *out_saves) {
  const uint32_t *old = all->words + at;
  uint32_t a = at == 0 ? 0 : all->last[old[-1]] + 1;
  bool is_end = at + count == all->words_len;
  uint32_t b = is_end ? all->needs_len : all->first[old[count]]; /* behind the last */
  uint32_t from = at == 0 ? 0 : old[-1] + 1;
  uint32_t to = is_end ? all->len : old[count];
  shut_words(all, old, count);
  all->found_len = 0;
  bool fills = a >= b || search(all, from, to, a, b - 1);
  uint64_t fresh = fills ? open_words(all, all->found, all->found_len) : 0;
  if (fresh == UINT64_MAX) return false;
  if (fills) shut_words(all, all->found, all->found_len);
  uint64_t before = open_words(all, old, count);
  if (before == UINT64_MAX) return false;
  *out_saves = fills && fresh < before;
  if (!*out_saves) return true;
  shut_words(all, old, count);
  replace(all, at, count);
  return open_words(all, all->words + at, all->found_len) != UINT64_MAX;
}

/* Finds words that are near to each other, before it is known which these are. Returns: false without memory. */
static bool begin(choice *all) {
  uint32_t count = 0;
  for (uint32_t start = 0; start < all->len; start++) {
    if (is_candidate(all, start)) all->found[count++] = start;
  }
  prove_crowd *crowd = prove_crowd_new(all->proof, all->found, count, FIRST_WEIGHT);
  if (crowd == NULL) return false;
  all->is_early = true;
  for (uint32_t round = 0; round < EARLY_ROUNDS; round++) {
    prove_crowd_costs(crowd, all->shares);
    (void)search(all, 0, all->len, 0, all->needs_len - 1); /* each need has a word of its own */
    prove_crowd_learn(crowd, all->found, all->found_len, KEPT);
  }
  all->is_early = false;
  prove_crowd_free(crowd);
  return true;
}

static bool choose(choice *all) {
  if (all->needs_len == 0) return true;
  if (!begin(all)) return false;
  replace(all, 0, 0);
  if (open_words(all, all->words, all->words_len) == UINT64_MAX) return false;
  uint32_t idle = 0; /* rounds that saved nothing, one behind the other */
  for (uint32_t round = 0; round < ROUNDS && idle < MOST_TOGETHER; round++) {
    uint32_t together = 1 + round % MOST_TOGETHER;
    bool any = false;
    for (uint32_t at = 0; at < all->words_len; at++) {
      uint32_t left = all->words_len - at;
      bool saves = false;
      if (!improve(all, at, left < together ? left : together, &saves)) return false;
      any |= saves;
    }
    idle = any ? 0 : idle + 1;
  }
  return true;
}

/* --- All of it --- */

/* Words that end where the next one does are inside of no need that the next is not in. */
static ol_status keep_words(ol_error *error, choice *all) {
  ol_corpus_proof *proof = all->proof;
  for (uint32_t i = 0; i < all->words_len; i++) {
    uint32_t start = all->words[i];
    const prove_match *match = &proof->matches[start];
    bool is_last = i + 1 == all->words_len;
    if (!is_last && proof->matches[all->words[i + 1]].end == match->end) {
      shut_word(all, start);
      continue;
    }
    if (proof->words_len == OL_EVIDENCE_WORDS) {
      return corpus_fail(error, OL_ERR_LIMIT, "the answer needs more absent words than evidence may list");
    }
    proof->words[proof->words_len++] =
        (prove_word){.start = start, .end = match->end + 1, .above = match->rank};
  }
  return OL_OK;
}

static bool make_choice(choice *all) {
  size_t len = (size_t)all->len + 1;
  size_t needs = len + 3 * (size_t)OL_EVIDENCE_SPANS;
  all->needs = calloc(needs, sizeof *all->needs);
  all->steps = calloc(needs + 1, sizeof *all->steps);
  all->first = calloc(len, sizeof *all->first);
  all->last = calloc(len, sizeof *all->last);
  all->chunk_cost = calloc(len, sizeof *all->chunk_cost);
  all->shares = calloc(len, sizeof *all->shares);
  all->words = calloc(2 * len, sizeof *all->words);
  all->found = calloc(len, sizeof *all->found);
  return all->needs != NULL && all->steps != NULL && all->first != NULL && all->last != NULL &&
         all->chunk_cost != NULL && all->shares != NULL && all->words != NULL && all->found != NULL;
}

static void free_choice(choice *all) {
  free(all->needs);
  free(all->steps);
  free(all->first);
  free(all->last);
  free(all->chunk_cost);
  free(all->shares);
  free(all->words);
  free(all->found);
}

ol_status prove_words(ol_error *error, ol_corpus_proof *proof) {
  choice all = {.proof = proof, .len = (uint32_t)proof->response.len};
  ol_status status = OL_OK;
  if (make_choice(&all)) {
    list_needs(&all);
    list_candidates(&all);
    status = choose(&all) ? keep_words(error, &all) : no_memory(error);
  } else {
    status = no_memory(error);
  }
  free_choice(&all);
  return status;
}
