/* SPDX-License-Identifier: MIT */
#include "attribution/world.h"
#include "unit/bytes.h"

/*
 * Attacks on evidence. Each changes the claim or what is opened, has its proofs made again, and is rejected with the reason
 * that names it.
 */

static const char wisdom[] =
    "It was the age of wisdom, it was the age of foolishness, it was the epoch of belief.";
static const char ishmael[] =
    "Call me Ishmael. Some years ago - never mind how long precisely - having little or no money in my "
    "purse, "
    "and nothing particular to interest me on shore, I thought I would sail about a little and see the "
    "watery "
    "part of the world. It is a way I have of driving off the spleen and regulating the circulation.";

/* Quotes: a copied passage; one of more than 128 bytes; one that occurs 20 times; and the end of T. */
static const char answer[] =
    "He said: it was the age of wisdom, and then? Some years ago - never mind how long precisely - having "
    "little or no money in my purse, and nothing particular to interest me on shore, he wrote. All work and "
    "no "
    "play, zzz; the very end";

enum { K = 12 };

static world w;
static world_plan plan;
static world_draft draft;
static ol_error error;
static ol_evidence *evidence;
static uint32_t reason;
static ol_attribution_policy policy;

static int make(void **state) {
  (void)state;
  char work[20 * 24] = "";
  size_t len = 0;
  for (int i = 0; i < 20; i++)
    len += (size_t)snprintf(work + len, sizeof work - len, "All work and no play%c ", 'a' + (i + 10) % 20);
  world_add(&w, wisdom, strlen(wisdom), 1, 5);
  world_add(&w, ishmael, strlen(ishmael), 2, 5);
  world_add(&w, NULL, 0, 6, 5);
  world_add(&w, wisdom, strlen(wisdom), 3, 5);
  world_add(&w, work, len, 4, 6);
  world_add(&w, "this is the very end", 20, 5, 6);
  world_make(&w);
  policy = world_policy(K, 1000, OL_OWNER_EARLIEST);
  return 0;
}

static int destroy(void **state) {
  (void)state;
  world_draft_free(&draft);
  world_free(&w);
  return 0;
}

static void plan_it(void) {
  world_plan_honest(&w, &plan, &policy, answer, strlen(answer));
}

static void draft_it(void) {
  world_draft_free(&draft);
  world_draft_make(&w, &draft, &plan);
}

static void start_over(void) {
  plan_it();
  draft_it();
}

static void expect_good(void) {
  ol_status status = world_verify(&error, &evidence, &reason, &plan, &draft);
  if (status != OL_OK) print_error("%s: %s\n", ol_attribution_reason_name(reason), error.reason);
  assert_int_equal(status, OL_OK);
  assert_int_equal(reason, OL_REASON_NONE);
}

/* In: the reason, and the error's part and text. */
static void expect(uint32_t expected, const char *part, const char *text) {
  assert_int_equal(world_verify(&error, &evidence, &reason, &plan, &draft), OL_ERR_PROOF);
  assert_string_equal(ol_attribution_reason_name(reason), ol_attribution_reason_name(expected));
  assert_string_equal(error.reason, text);
  assert_string_equal(error.part, part);
}

/* Returns: the ordinal of the span whose text begins so. */
static uint32_t span_of(const char *text) {
  for (uint32_t i = 0; i < plan.spans_len; i++) {
    const world_span *span = &plan.spans[i];
    for (uint32_t at = span->start; at + strlen(text) <= span->end; at++) {
      if (memcmp(answer + at, text, strlen(text)) == 0) return i;
    }
  }
  fail();
  return 0;
}

static void the_honest_answer_is_verified(void **state) {
  (void)state;
  start_over();
  expect_good();
  assert_int_equal(plan.spans_len, 5);
  assert_true(draft.chunks_len > 0);
  assert_int_equal(draft.ranges_len, 1);
  /* The earliest of 19 is neither the first nor the last leaf. */
  ol_attribution_span span;
  assert_int_equal(ol_evidence_span(evidence, &span, 3), 1);
  assert_int_equal(span.count, 19);
  assert_memory_equal(w.text + span.position + 1, "All work", 8);
  assert_int_equal(span.position, ol_load_be64(w.documents[4] + 28) + 21);
}

/* --- What was opened is not the corpus's --- */

static void siblings_left_over_or_wanting(void **state) {
  (void)state;
  static const char *const parts[4] = {"leaves", "text", "documents", "first"};
  for (uint32_t i = 0; i < 4; i++) {
    size_t size = i == 3 ? 40 : 32;
    start_over();
    draft.proofs_len[i] += size;
    expect(OL_REASON_PROOF_SHAPE, parts[i], "siblings are left over");
    draft.proofs_len[i] -= 2 * size;
    expect(OL_REASON_PROOF_SHAPE, parts[i], "a sibling is wanting");
  }
}

static void ordinals_of_no_leaf(void **state) {
  (void)state;
  start_over();
  draft.words[1].above = draft.leaves_len + 1;
  expect(OL_REASON_PROOF_SHAPE, "word", "there is no such leaf");
  assert_int_equal(error.item, 1);
  start_over();
  draft.spans[2].more = draft.leaves_len - draft.spans[2].first;
  expect(OL_REASON_PROOF_SHAPE, "span", "there is no such leaf");
  assert_int_equal(error.item, 2);
  draft.spans[2].more = UINT64_MAX >> 1;
  expect(OL_REASON_PROOF_SHAPE, "span", "there is no such leaf");
  start_over();
  draft.spans[0].first = UINT64_MAX >> 1;
  expect(OL_REASON_PROOF_SHAPE, "span", "there is no such leaf");
  /* Words without any leaf. */
  start_over();
  draft.leaves_len = draft.spans_len = draft.chunks_len = draft.documents_len = draft.ranges_len = 0;
  world_draft_prove(&w, &draft);
  draft.words_len = 1;
  draft.words[0].above = 0;
  expect(OL_REASON_PROOF_SHAPE, "word", "there is no such leaf");
}

static void what_is_opened_and_not_used(void **state) {
  (void)state;
  start_over();
  uint64_t index = 0;
  while (index + 1 < draft.leaves_len && draft.leaves[index + 1].index - draft.leaves[index].index < 4)
    index++;
  world_open_leaf(&w, &draft, draft.leaves[index].index + 2);
  world_draft_prove(&w, &draft);
  expect(OL_REASON_PROOF_SHAPE, "leaf", "a leaf that nothing needs");
  assert_int_equal(error.item, index + 1);
  start_over();
  world_open_chunk(&w, &draft, 0);
  world_draft_prove(&w, &draft);
  expect(OL_REASON_PROOF_SHAPE, "chunk", "text that nothing reads");
  assert_int_equal(error.item, 0);
  start_over();
  world_open_document(&w, &draft, 2);
  world_draft_prove(&w, &draft);
  expect(OL_REASON_PROOF_SHAPE, "document", "a document that has no position");
  /* Minima that are right, and that nobody asks for. */
  policy.max_count = 16;
  start_over();
  expect_good();
  draft.ranges[0] = (ol_tree_range){0, 1, 0};
  draft.ranges_len = 1;
  world_draft_prove(&w, &draft);
  expect(OL_REASON_PROOF_SHAPE, "first", "minima that no span needs");
  policy.max_count = 1000;
}

static void suffixes_that_are_not_the_corpus(void **state) {
  (void)state;
  static const char text[] = "the suffixes are not those of the corpus";
  start_over();
  draft.leaves[3].position ^= 1;
  expect(OL_REASON_SUFFIX_ROOT, "leaves", text);
  start_over();
  draft.leaves[3].next ^= 1;
  expect(OL_REASON_SUFFIX_ROOT, "leaves", text);
  start_over();
  draft.leaves[3].prefix[draft.leaves[3].len - 1] ^= 1;
  expect(OL_REASON_SUFFIX_ROOT, "leaves", text);
  start_over();
  draft.proofs[0][31] ^= 1;
  expect(OL_REASON_SUFFIX_ROOT, "leaves", text);
  /* Siblings that are right, of another tree of as many leaves. */
  start_over();
  world_tree other = w.suffix_tree;
  for (uint32_t level = 0; level < other.levels; level++) other.nodes[level] = w.first_tree.nodes[level];
  uint64_t indices[OL_EVIDENCE_LEAVES];
  for (uint32_t i = 0; i < draft.leaves_len; i++) indices[i] = draft.leaves[i].index;
  assert_int_equal(world_multiproof(&other, indices, draft.leaves_len, draft.proofs[0]), draft.proofs_len[0]);
  expect(OL_REASON_SUFFIX_ROOT, "leaves", text);
}

static void text_that_is_not_the_corpus(void **state) {
  (void)state;
  static const char text[] = "the text is not that of the corpus";
  start_over();
  draft.chunks[0].bytes[0] ^= 1;
  expect(OL_REASON_TEXT_ROOT, "text", text);
  start_over();
  draft.proofs[1][0] ^= 1;
  expect(OL_REASON_TEXT_ROOT, "text", text);
}

static void indices_behind_the_end(void **state) {
  (void)state;
  static const char text[] = "the index is behind the last leaf";
  start_over();
  draft.leaves[draft.leaves_len - 1].index = w.n;
  expect(OL_REASON_INDEX_RANGE, "leaf", text);
  draft.leaves[draft.leaves_len - 1].index = UINT64_MAX >> 1;
  expect(OL_REASON_INDEX_RANGE, "leaf", text);
  start_over();
  draft.chunks[draft.chunks_len - 1].index = (w.n + 127) / 128;
  expect(OL_REASON_INDEX_RANGE, "chunk", text);
  start_over();
  draft.documents[draft.documents_len - 1].index = w.documents_len;
  expect(OL_REASON_INDEX_RANGE, "document", text);
}

/* --- Leaves around words and spans --- */

/* Takes a leaf out, and moves what points behind it. */
static void close_leaf(uint32_t ordinal) {
  draft.leaves_len--;
  memmove(&draft.leaves[ordinal], &draft.leaves[ordinal + 1],
          (draft.leaves_len - ordinal) * sizeof *draft.leaves);
  for (uint32_t i = 0; i < draft.words_len; i++) draft.words[i].above -= draft.words[i].above > ordinal;
  for (uint32_t i = 0; i < draft.spans_len; i++) {
    draft_span *span = &draft.spans[i];
    uint64_t last = span->first + span->more;
    span->first -= span->first > ordinal;
    last -= last > ordinal;
    span->more = last - span->first;
  }
  world_draft_prove(&w, &draft);
}

/* A claim with one word alone, at its rank in T: the leaf below it, or above it, is then another than the neighbour. */
static void words_between_leaves_that_are_apart(void **state) {
  (void)state;
  static const char text[] = "the leaves around it are not neighbours";
  for (uint32_t side = 0; side < 2; side++) {
    plan_it();
    plan.spans_len = 0;
    plan.words_len = 1;
    uint64_t above = plan.words[0].above;
    assert_in_range(above, 2, w.n - 2);
    draft_it();
    world_open_leaf(&w, &draft, side == 0 ? above - 2 : above + 1);
    close_leaf(1);
    expect(OL_REASON_NOT_ADJACENT, "word", text);
    /* The first leaf is not the first of T, nor the last one the last. */
    draft.words[0].above = side == 0 ? 0 : 2;
    expect(OL_REASON_NOT_ADJACENT, "word", text);
  }
}

static void spans_between_leaves_that_are_apart(void **state) {
  (void)state;
  for (int side = 0; side < 2; side++) {
    plan_it();
    uint32_t often = span_of("All work");
    plan.spans[0] = plan.spans[often];
    plan.spans_len = 1;
    plan.words_len = 0;
    draft_it();
    world_span span = plan.spans[0];
    world_open_leaf(&w, &draft, side == 0 ? span.lo - 2 : span.hi + 1);
    close_leaf(side == 0 ? 1 : (uint32_t)(draft.spans[0].first + draft.spans[0].more + 1));
    expect(OL_REASON_NOT_ADJACENT, "span", "the leaves around it are not neighbours");
  }
}

static void a_few_occurrences_that_are_not_all_opened(void **state) {
  (void)state;
  policy.owner_rule = OL_OWNER_OCCURRENCE;
  policy.max_count = 20;
  plan_it();
  plan.spans[0] = plan.spans[span_of("All work")];
  plan.spans_len = 1;
  plan.words_len = 0;
  draft_it();
  close_leaf((uint32_t)draft.spans[0].first + 3);
  expect(OL_REASON_NOT_ADJACENT, "span", "not all leaves of a span with few are opened");
  policy = world_policy(K, 1000, OL_OWNER_EARLIEST);
}

static void words_that_are_not_absent(void **state) {
  (void)state;
  plan_it();
  /* "wisdom" occurs: the leaves around where it would be, as if it were one that is a bit smaller. */
  uint32_t start = (uint32_t)(strstr(answer, "wisdom") - answer);
  plan.spans_len = plan.words_len = 0;
  world_add_word(&w, &plan, start, start + 6);
  draft_it();
  expect(OL_REASON_ORDER, "word", "the word occurs");
  plan.words[0].above = world_upto(&w, plan.response + start, 6);
  draft_it();
  expect(OL_REASON_ORDER, "word", "the word occurs");
}

static void leaves_on_the_wrong_side_of_a_word(void **state) {
  (void)state;
  for (int side = 0; side < 2; side++) {
    plan_it();
    plan.spans_len = 0;
    plan.words_len = 1;
    plan.words[0].above += side == 0 ? 1 : (uint64_t)-1;
    draft_it();
    expect(OL_REASON_ORDER, "word", "a leaf is on the wrong side");
  }
}

static void comparisons_that_lack_text(void **state) {
  (void)state;
  static const char text[] = "the text that decides is missing";
  start_over();
  draft.chunks_len--;
  world_draft_prove(&w, &draft);
  expect(OL_REASON_UNDECIDED, "span", text);
  /* A word of 33 bytes whose first 32 are in T. */
  plan_it();
  uint32_t end = plan.spans[span_of("Some years")].end;
  plan.spans_len = plan.words_len = 0;
  world_add_word(&w, &plan, end - 32, end + 1);
  draft_it();
  assert_int_equal(draft.chunks_len, 1);
  draft.chunks_len = 0;
  world_draft_prove(&w, &draft);
  expect(OL_REASON_UNDECIDED, "word", text);
}

/* --- Spans --- */

static void spans_out_of_bounds(void **state) {
  (void)state;
  start_over();
  uint32_t last = draft.spans_len - 1;
  draft.spans[last].len++;
  expect(OL_REASON_SPAN_BOUNDS, "span", "span is outside the answer");
  draft.spans[last].len = UINT64_MAX >> 1;
  expect(OL_REASON_SPAN_BOUNDS, "span", "span is outside the answer");
  start_over();
  draft.spans[last].start = UINT64_MAX >> 1;
  expect(OL_REASON_SPAN_BOUNDS, "span", "span is outside the answer");
  start_over();
  draft.spans[0].len = K - 1;
  expect(OL_REASON_SPAN_BOUNDS, "span", "span is shorter than the policy's least length");
  start_over();
  draft.spans[1].start = draft.spans[0].start;
  expect(OL_REASON_SPAN_BOUNDS, "span", "starts or ends of spans do not strictly increase");
  start_over();
  draft.spans[1].start = draft.spans[0].start + 1;
  draft.spans[1].len = draft.spans[0].len - 1;
  expect(OL_REASON_SPAN_BOUNDS, "span", "starts or ends of spans do not strictly increase");
}

static void words_out_of_bounds(void **state) {
  (void)state;
  static const char outside[] = "word is empty or outside the answer";
  static const char order[] = "starts or ends of words do not strictly increase";
  start_over();
  uint32_t last = draft.words_len - 1;
  draft.words[last].len = strlen(answer) - draft.words[last].start + 1;
  expect(OL_REASON_SPAN_BOUNDS, "word", outside);
  draft.words[last].len = 0;
  expect(OL_REASON_SPAN_BOUNDS, "word", outside);
  start_over();
  draft.words[last].start = UINT64_MAX >> 1;
  expect(OL_REASON_SPAN_BOUNDS, "word", outside);
  start_over();
  draft.words[1].start = draft.words[0].start;
  draft.words[1].len = draft.words[0].len + 1;
  expect(OL_REASON_SPAN_BOUNDS, "word", order);
  start_over();
  uint32_t i = 0;
  while (draft.words[i].len < 2) i++;
  draft.words[i + 1].start = draft.words[i].start + 1;
  draft.words[i + 1].len = draft.words[i].len - 1;
  expect(OL_REASON_SPAN_BOUNDS, "word", order);
}

static void an_invented_span(void **state) {
  (void)state;
  plan_it();
  uint32_t start = (uint32_t)(strstr(answer, "he wrote") - answer);
  world_add_span(&w, &plan, start, start + K);
  uint32_t i = span_of("he wrote");
  assert_true(plan.spans[i].lo == plan.spans[i].hi);
  plan.spans[i].hi++;
  draft_it();
  expect(OL_REASON_SPAN_LOWER, "span", "the first leaf does not begin with the span");
}

/* An answer that differs from T behind the prefix that leaves have. */
static void an_invented_end_of_a_long_span(void **state) {
  (void)state;
  static char other[sizeof answer];
  plan_it();
  world_span span = plan.spans[span_of("Some years")];
  memcpy(other, answer, sizeof other);
  other[span.start + 60] ^= 1;
  plan.response = (const uint8_t *)other;
  draft_it();
  expect(OL_REASON_SPAN_LOWER, "span", "the first leaf does not begin with the span");
}

static void counted_wrong(void **state) {
  (void)state;
  static const struct {
    int lo, hi;
    uint32_t reason;
    const char *text;
  } lies[] = {
      {1, 0, OL_REASON_SPAN_LOWER, "the leaf before the first is not below the span"},
      {-1, 0, OL_REASON_SPAN_LOWER, "the first leaf does not begin with the span"},
      {0, -1, OL_REASON_SPAN_UPPER, "the leaf behind the last is not above the span"},
      {0, 1, OL_REASON_SPAN_UPPER, "the last leaf does not begin with the span"},
  };
  static const char *const spans[2] = {"age of wisdom", "All work"}; /* of 2 and of 20 */
  for (size_t k = 0; k < 2; k++) {
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
      plan_it();
      world_span *span = &plan.spans[span_of(spans[k])];
      span->lo += (uint64_t)(int64_t)lies[i].lo;
      span->hi += (uint64_t)(int64_t)lies[i].hi;
      draft_it();
      expect(lies[i].reason, "span", lies[i].text);
    }
  }
}

static void listed_twice(void **state) {
  (void)state;
  plan_it();
  uint32_t i = span_of("Some years");
  world_add_span(&w, &plan, plan.spans[i].start, plan.spans[i].end);
  draft_it();
  expect(OL_REASON_SPAN_DUPLICATE, "span", "span is listed twice");
}

static void shortened(void **state) {
  (void)state;
  static const char *const names[2] = {"Some years", "All work"};
  for (size_t k = 0; k < 2; k++) {
    plan_it();
    uint32_t i = span_of(names[k]);
    world_span span = plan.spans[i];
    world_drop_span(&plan, i);
    world_add_span(&w, &plan, span.start + 1, span.end);
    draft_it();
    expect(OL_REASON_NOT_LEFT_MAXIMAL, "span", "nothing shows that it does not go on to the left");
    assert_int_equal(error.item, i);
    plan_it();
    world_drop_span(&plan, i);
    world_add_span(&w, &plan, span.start, span.end - 1);
    draft_it();
    expect(OL_REASON_NOT_RIGHT_MAXIMAL, "span", "nothing shows that it does not go on to the right");
    assert_int_equal(error.item, i);
  }
}

static void hidden(void **state) {
  (void)state;
  plan_it();
  uint32_t spans_len = plan.spans_len;
  for (uint32_t i = 0; i < spans_len; i++) {
    plan_it();
    /* The first window that the span before does not cover. */
    uint32_t start = plan.spans[i].start;
    if (i > 0 && plan.spans[i - 1].end >= start + K) start = plan.spans[i - 1].end - K + 1;
    world_drop_span(&plan, i);
    draft_it();
    expect(OL_REASON_INCOMPLETE, "response", "a span may be left out in this window");
    assert_int_equal(error.offset, start);
  }
}

/* Owners. */

static void a_later_copy_that_claims_to_be_the_earliest(void **state) {
  (void)state;
  start_over();
  assert_int_equal(draft.documents[0].index, 0);
  draft.documents[0].index = 3;
  memcpy(draft.documents[0].payload, w.documents[3], 76);
  draft_document first = draft.documents[0];
  draft.documents[0] = draft.documents[1];
  draft.documents[1] = first;
  world_draft_prove(&w, &draft);
  expect(OL_REASON_OWNER, "span", "no opened document has its position");
}

static void an_occurrence_whose_document_is_not_opened(void **state) {
  (void)state;
  policy.owner_rule = OL_OWNER_OCCURRENCE;
  policy.max_count = 20;
  start_over();
  expect_good();
  uint32_t kept = 0;
  for (uint32_t i = 0; i < draft.documents_len; i++) {
    if (draft.documents[i].index != 3) draft.documents[kept++] = draft.documents[i]; /* the copy */
  }
  assert_int_equal(kept + 1, draft.documents_len);
  draft.documents_len = kept;
  world_draft_prove(&w, &draft);
  expect(OL_REASON_OWNER, "span", "no opened document has its position");
  policy = world_policy(K, 1000, OL_OWNER_EARLIEST);
}

static void a_document_that_is_not_the_corpus(void **state) {
  (void)state;
  static const char text[] = "the documents are not those of the corpus";
  start_over();
  draft.documents[0].payload[0] ^= 1;
  expect(OL_REASON_OWNER, "documents", text);
  start_over();
  draft.documents[0].payload[75] ^= 1;
  expect(OL_REASON_OWNER, "documents", text);
  start_over();
  draft.proofs[2][0] ^= 1;
  expect(OL_REASON_OWNER, "documents", text);
}

/* Documents in a committed corpus that do not have the whole span: too late, too short, or of a length without end. */
static void a_document_without_the_span(void **state) {
  (void)state;
  plan_it();
  world_span span = plan.spans[span_of("Some years")];
  uint64_t position = w.sa[span.lo], end = position + span.end - span.start;
  uint8_t *payload = w.documents[1];
  uint64_t start = ol_load_be64(payload + 28), len = ol_load_be64(payload + 36);
  const uint64_t starts[] = {position, position + 1, position, end, start};
  const uint64_t lens[] = {end - position, len, end - position - 1, UINT64_MAX - end + 1, 0};
  for (size_t i = 0; i < 5; i++) {
    ol_store_be64(payload + 28, starts[i]);
    ol_store_be64(payload + 36, lens[i]);
    world_hash(&w);
    draft_it();
    bool has = false;
    for (uint32_t k = 0; k < draft.documents_len; k++) has |= draft.documents[k].index == 1;
    if (!has) world_open_document(&w, &draft, 1);
    world_draft_prove(&w, &draft);
    if (i == 0) {
      expect_good();
    } else {
      expect(OL_REASON_OWNER, "span", "no opened document has its position");
    }
  }
  ol_store_be64(payload + 28, start);
  ol_store_be64(payload + 36, len);
  world_hash(&w);
}

static void a_minimum_that_is_not_the_corpus(void **state) {
  (void)state;
  start_over();
  for (size_t at = 7; at < draft.proofs_len[3]; at += 40) {
    draft.proofs[3][at] ^= 1;
    expect(OL_REASON_RANGE_MIN, "first", "the minima are not those of the corpus");
    draft.proofs[3][at] ^= 1;
  }
  draft.proofs[3][8] ^= 1;
  expect(OL_REASON_RANGE_MIN, "first", "the minima are not those of the corpus");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_honest_answer_is_verified),
      cmocka_unit_test(siblings_left_over_or_wanting),
      cmocka_unit_test(ordinals_of_no_leaf),
      cmocka_unit_test(what_is_opened_and_not_used),
      cmocka_unit_test(suffixes_that_are_not_the_corpus),
      cmocka_unit_test(text_that_is_not_the_corpus),
      cmocka_unit_test(indices_behind_the_end),
      cmocka_unit_test(words_between_leaves_that_are_apart),
      cmocka_unit_test(spans_between_leaves_that_are_apart),
      cmocka_unit_test(a_few_occurrences_that_are_not_all_opened),
      cmocka_unit_test(words_that_are_not_absent),
      cmocka_unit_test(leaves_on_the_wrong_side_of_a_word),
      cmocka_unit_test(comparisons_that_lack_text),
      cmocka_unit_test(spans_out_of_bounds),
      cmocka_unit_test(words_out_of_bounds),
      cmocka_unit_test(an_invented_span),
      cmocka_unit_test(an_invented_end_of_a_long_span),
      cmocka_unit_test(counted_wrong),
      cmocka_unit_test(listed_twice),
      cmocka_unit_test(shortened),
      cmocka_unit_test(hidden),
      cmocka_unit_test(a_later_copy_that_claims_to_be_the_earliest),
      cmocka_unit_test(an_occurrence_whose_document_is_not_opened),
      cmocka_unit_test(a_document_that_is_not_the_corpus),
      cmocka_unit_test(a_document_without_the_span),
      cmocka_unit_test(a_minimum_that_is_not_the_corpus),
  };
  return cmocka_run_group_tests(tests, make, destroy);
}
