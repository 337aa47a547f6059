/* SPDX-License-Identifier: MIT */
#include "attribution/evidence.h"
#include "attribution/world.h"
#include "unit/bytes.h"

/* What verified evidence says, against brute force; and the form of evidence. */

static world w;
static world_plan plan;
static world_draft draft;
static uint8_t bytes[WORLD_BYTES];
static size_t bytes_len;
static ol_error error;
static ol_evidence *evidence;
static uint32_t reason;

static ol_status verify(void) {
  bytes_len = world_write(&draft, bytes);
  return world_verify_bytes(&error, &evidence, &reason, &plan, bytes, bytes_len);
}

static void expect_good(void) {
  ol_status status = verify();
  if (status != OL_OK)
    print_error("%s: %s %u %s\n", ol_attribution_reason_name(reason), error.part, error.item, error.reason);
  assert_int_equal(status, OL_OK);
  assert_int_equal(reason, OL_REASON_NONE);
}

static void draft_it(void) {
  world_draft_free(&draft);
  world_draft_make(&w, &draft, &plan);
}

static void clean(void) {
  world_draft_free(&draft);
  world_free(&w);
}

/* --- Brute force over small corpora --- */

static uint32_t seed = 1;

static uint32_t draw(uint32_t below) {
  seed = seed * 1664525u + 1013904223u;
  return (seed >> 8) % below;
}

static void fill(char *out, size_t len, uint32_t letters) {
  for (size_t i = 0; i < len; i++) out[i] = (char)('a' + draw(letters));
}

static char answer[400];

/* Returns: how often [start, end) of the answer is in T. Out: the first position. */
static uint64_t count_of(uint32_t start, uint32_t end, uint64_t *first) {
  uint64_t count = 0;
  *first = UINT64_MAX;
  for (uint64_t p = 0; p + end - start <= w.n; p++) {
    if (memcmp(w.text + p, answer + start, end - start) != 0) continue;
    if (count++ == 0) *first = p;
  }
  return count;
}

static uint32_t document_of(uint64_t position) {
  uint32_t k = 0;
  while (k + 1 < w.documents_len && ol_load_be64(w.documents[k + 1] + 28) <= position) k++;
  return k;
}

/* What the verifier should say, the slow way. */
typedef struct truth {
  ol_attribution_span spans[OL_EVIDENCE_SPANS];
  uint32_t spans_len;
  uint64_t weights[16]; /* by contributor, all in one datanet each */
} truth;

static void find_truth(truth *out, uint32_t len) {
  memset(out, 0, sizeof *out);
  for (uint32_t start = 0; start < len; start++) {
    uint32_t end = start;
    uint64_t first;
    while (end < len && count_of(start, end + 1, &first) > 0) end++;
    if (end - start < plan.policy.min_span) continue;
    if (start > 0 && count_of(start - 1, end, &first) > 0) continue;
    ol_attribution_span *span = &out->spans[out->spans_len++];
    *span = (ol_attribution_span){.start = start, .end = end, .position = UINT64_MAX};
    span->count = count_of(start, end, &first);
    span->rarity = ol_log2q8(w.n) - ol_log2q8(span->count);
    if (span->count <= plan.policy.max_count) span->position = first;
  }
  for (uint32_t at = 0; at < len; at++) {
    ol_attribution_span *best = NULL;
    for (uint32_t i = 0; i < out->spans_len; i++) {
      ol_attribution_span *span = &out->spans[i];
      if (span->count > plan.policy.max_count || at < span->start || at >= span->end) continue;
      if (best == NULL || span->rarity > best->rarity) best = span;
    }
    if (best != NULL) best->credited++;
  }
  for (uint32_t i = 0; i < out->spans_len; i++) {
    ol_attribution_span *span = &out->spans[i];
    span->weight = (uint64_t)span->credited * span->rarity;
    if (span->position == UINT64_MAX) continue;
    if (plan.policy.owner_rule == OL_OWNER_EARLIEST) {
      out->weights[w.documents[document_of(span->position)][0]] += span->weight;
      continue;
    }
    for (uint64_t p = 0; p + span->end - span->start <= w.n; p++) {
      if (memcmp(w.text + p, answer + span->start, span->end - span->start) == 0)
        out->weights[w.documents[document_of(p)][0]] += span->weight / span->count;
    }
  }
}

static void expect_truth(const truth *expected) {
  ol_attribution_span span;
  ol_attribution_weight weight;
  for (uint32_t i = 0; i < expected->spans_len; i++) {
    const ol_attribution_span *right = &expected->spans[i];
    assert_int_equal(ol_evidence_span(evidence, &span, i), 1);
    assert_int_equal(span.start, right->start);
    assert_int_equal(span.end, right->end);
    assert_true(span.count == right->count);
    assert_true(span.position == right->position);
    assert_int_equal(span.rarity, right->rarity);
    assert_int_equal(span.credited, right->credited);
    assert_true(span.weight == right->weight);
    ol_corpus_document document;
    if (right->position == UINT64_MAX) {
      assert_int_equal(span.document, OL_SPAN_WITHOUT_OWNER);
    } else {
      assert_int_equal(ol_evidence_document(evidence, &document, span.document), 1);
      assert_int_equal(document.index, document_of(right->position));
    }
  }
  assert_int_equal(ol_evidence_span(evidence, &span, expected->spans_len), 0);
  uint32_t rows = 0;
  for (uint8_t contributor = 0; contributor < 16; contributor++) {
    if (expected->weights[contributor] == 0) continue;
    assert_int_equal(ol_evidence_weight(evidence, &weight, rows++), 1);
    assert_int_equal(weight.contributor.bytes[19], contributor);
    assert_int_equal(weight.datanet, contributor * 3);
    assert_true(weight.weight == expected->weights[contributor]);
  }
  assert_int_equal(ol_evidence_weight(evidence, &weight, rows), 0);
}

/* Makes a corpus of a few documents, and an answer that is in part a copy of it. Returns: the answer's length. */
static uint32_t make_random(void) {
  static char text[400];
  world_free(&w);
  uint32_t letters = 2 + draw(3);
  bool has_copies = draw(2) == 0;
  uint32_t documents = has_copies ? 30 : 1 + draw(6), len = 0;
  for (uint32_t i = 0; i < documents; i++) {
    uint8_t contributor = (uint8_t)(1 + draw(4));
    if (!has_copies || draw(9) == 0) {
      len = draw(has_copies ? 80 : 200);
      fill(text, len, letters);
    }
    world_add(&w, text, len, contributor, contributor * 3u);
  }
  /* A text that does not end as it must: a suffix may then end where the answer goes on, and a word be above all. */
  uint8_t *last = w.documents[w.documents_len - 1];
  if (draw(4) == 0) {
    w.text[w.n - 1] = 'b';
    ol_store_be64(last + 36, ol_load_be64(last + 36) + 1);
  }
  world_make(&w);
  len = draw(160);
  fill(answer, len, letters);
  for (uint32_t at = 0; at < len;) {
    uint32_t some = 1 + draw(draw(2) == 0 ? 40 : 100);
    if (draw(2) == 0 && some < w.n) {
      uint64_t from = draw(4) == 0 ? w.n - some : draw((uint32_t)(w.n - some));
      for (uint32_t i = 0; i < some && at + i < len; i++) {
        if (w.text[from + i] != 0xff) answer[at + i] = (char)w.text[from + i];
      }
    }
    at += some;
  }
  return len;
}

static void says_what_brute_force_says(void **state) {
  (void)state;
  static truth expected;
  uint32_t spans = 0, poor = 0, wide = 0, unowned = 0;
  for (uint32_t round = 0; round < 400; round++) {
    uint32_t len = make_random();
    uint32_t rule = draw(2);
    ol_attribution_policy policy = world_policy(8 + draw(3), 1 + draw(rule == 0 ? 60 : 8), rule);
    if (draw(2) == 0) {
      world_plan_honest(&w, &plan, &policy, answer, len);
    } else {
      world_plan_all(&w, &plan, &policy, answer, len);
    }
    draft_it();
    expect_good();
    find_truth(&expected, len);
    expect_truth(&expected);
    spans += expected.spans_len;
    wide += draft.ranges_len;
    for (uint32_t i = 0; i < expected.spans_len; i++) {
      unowned += expected.spans[i].position == UINT64_MAX;
      poor += expected.spans[i].credited < expected.spans[i].end - expected.spans[i].start;
    }
  }
  assert_true(spans > 400);
  assert_true(poor > 50);
  assert_true(unowned > 50);
  assert_in_range(wide, 20, UINT32_MAX);
  clean();
}

/* Without any span, and with all absent words that there are: nothing can be left out unnoticed. */
static void each_span_that_is_hidden_is_missed(void **state) {
  (void)state;
  uint32_t between = 0, windows = 0;
  for (uint32_t round = 0; round < 400; round++) {
    uint32_t len = make_random();
    ol_attribution_policy policy = world_policy(8, 1000, OL_OWNER_EARLIEST);
    world_plan_all(&w, &plan, &policy, answer, len);
    uint32_t count = plan.spans_len;
    for (uint32_t i = 0; i < count; i++) {
      world_plan_all(&w, &plan, &policy, answer, len);
      world_drop_span(&plan, i);
      draft_it();
      assert_int_equal(verify(), OL_ERR_PROOF);
      assert_int_equal(reason, OL_REASON_INCOMPLETE);
      if (strcmp(error.part, "span") == 0) {
        between++;
        assert_int_equal(error.item, i);
      } else {
        windows++;
      }
    }
  }
  assert_in_range(between, 8, UINT32_MAX); /* those whose windows their neighbours cover */
  assert_true(windows > 100);
  clean();
}

/* --- Rarity --- */

/* By squaring in 128 bits, with a fraction of 62: another way than the one that is tested. */
static uint32_t slow_log2q8(uint64_t x) {
  uint32_t exponent = 0;
  while (x >> exponent > 1) exponent++;
  uint64_t j = exponent < 8 ? (x << (8 - exponent)) & 0xff : (x >> (exponent - 8)) & 0xff;
  uint32_t low = 0;
  /* The most t with 2^t 256^256 <= (256 + j)^256, in words of 32 bits. */
  uint32_t power[80] = {1};
  for (int i = 0; i < 256; i++) {
    uint64_t carry = 0;
    for (int k = 0; k < 80; k++) {
      carry += (uint64_t)power[k] * (256 + j);
      power[k] = (uint32_t)carry;
      carry >>= 32;
    }
  }
  for (uint32_t bit = 80 * 32; bit-- > 0;) {
    if ((power[bit / 32] >> (bit % 32) & 1) != 0) {
      low = bit - 2048;
      break;
    }
  }
  return 256 * exponent + low;
}

static void logarithms_are_exact(void **state) {
  (void)state;
  for (uint64_t x = 1; x < 1024; x++) assert_int_equal(ol_log2q8(x), slow_log2q8(x));
  for (uint32_t shift = 2; shift < 56; shift += 9) {
    for (uint64_t x = 255; x < 513; x++) {
      assert_int_equal(ol_log2q8(x << shift), slow_log2q8(x << shift));
      assert_int_equal(ol_log2q8((x << shift) - 1), slow_log2q8((x << shift) - 1));
    }
  }
  assert_int_equal(ol_log2q8(1), 0);
  assert_int_equal(ol_log2q8(UINT64_MAX), 63 * 256 + 255);
}

/* --- What else is in evidence --- */

static const char song[] =
    "Row, row, row your boat, gently down the stream. Merrily, merrily, life is but a dream.";

static void start_song(void) {
  static const char said[] = "Sing: gently down the stream. And life is but a dream.";
  ol_attribution_policy policy = world_policy(12, 1000, OL_OWNER_EARLIEST);
  clean();
  world_add(&w, song, strlen(song), 7, 9);
  world_make(&w);
  world_plan_honest(&w, &plan, &policy, said, strlen(said));
  draft_it();
}

static void gives_what_it_was_made_of(void **state) {
  (void)state;
  ol_corpus_header header;
  ol_corpus_document document;
  ol_attribution_weight weight;
  ol_slice gradient_header, vector, rows;
  start_song();
  draft.rows_len = 2;
  memset(draft.rows, 0x77, 120);
  expect_good();
  ol_evidence_corpus(evidence, &header);
  assert_memory_equal(&header, &w.header, sizeof header);
  assert_int_equal(ol_evidence_document(evidence, &document, 0), 1);
  assert_int_equal(document.index, 0);
  assert_int_equal(document.contributor.bytes[0], 7);
  assert_int_equal(document.datanet, 9);
  assert_int_equal(document.start, 0);
  assert_int_equal(document.length, strlen(song));
  assert_int_equal(document.licence.bytes[31], 0x11);
  assert_int_equal(ol_evidence_document(evidence, &document, 1), 0);
  assert_int_equal(ol_evidence_weight(evidence, &weight, 1), 0);
  ol_evidence_rest(evidence, &gradient_header, &vector, &rows);
  assert_int_equal(gradient_header.len, 0);
  assert_int_equal(vector.len, 0);
  assert_int_equal(rows.len, 120);
  assert_memory_equal(rows.data, draft.rows, 120);
}

static void influence_alone_has_no_spans(void **state) {
  (void)state;
  ol_slice gradient_header, vector, rows;
  ol_attribution_span span;
  ol_corpus_header header, none = {0};
  start_song();
  plan.policy.influence_bps = 10000;
  draft.flags = 2;
  draft.gradient_header[65] = 3;
  memset(draft.vector, 0x55, 6);
  draft.rows_len = 1;
  expect_good();
  assert_int_equal(ol_evidence_span(evidence, &span, 0), 0);
  ol_evidence_corpus(evidence, &header);
  assert_memory_equal(&header, &none, sizeof header);
  ol_evidence_rest(evidence, &gradient_header, &vector, &rows);
  assert_int_equal(gradient_header.len, 106);
  assert_memory_equal(gradient_header.data, draft.gradient_header, 106);
  assert_int_equal(vector.len, 6);
  assert_int_equal(vector.data[5], 0x55);
  assert_int_equal(rows.len, 60);
  plan.policy.influence_bps = 5000;
  draft.flags = 3;
  expect_good();
  assert_int_equal(ol_evidence_span(evidence, &span, 1), 1);
}

static void answers_without_windows_need_nothing(void **state) {
  (void)state;
  start_song();
  ol_attribution_policy policy = plan.policy;
  world_plan_honest(&w, &plan, &policy, "short text", 10);
  draft_it();
  assert_int_equal(draft.leaves_len, 0);
  expect_good();
  world_plan_honest(&w, &plan, &policy, "", 0);
  draft_it();
  expect_good();
  ol_slice exact = ol_slice_of(bytes, bytes_len);
  void *memory = malloc(ol_evidence_size());
  assert_int_equal(ol_evidence_verify(&error, &evidence, &reason, &policy, exact, (ol_slice){0}, memory,
                                      ol_evidence_size()),
                   OL_OK);
  free(memory);
}

static void takes_memory_at_any_place_if_there_is_enough(void **state) {
  (void)state;
  start_song();
  expect_good();
  size_t size = ol_evidence_size();
  assert_true(size <= 256 << 10);
  ol_slice text = ol_slice_of(plan.response, plan.response_len);
  for (size_t shift = 0; shift < 16; shift++) {
    uint8_t *memory = malloc(size + shift);
    assert_int_equal(ol_evidence_verify(&error, &evidence, &reason, &plan.policy,
                                        ol_slice_of(bytes, bytes_len), text, memory + shift, size),
                     OL_OK);
    assert_int_equal(ol_evidence_verify(&error, &evidence, &reason, &plan.policy,
                                        ol_slice_of(bytes, bytes_len), text, memory + shift, size - 1),
                     OL_ERR_MEMORY);
    assert_int_equal(reason, OL_REASON_NONE);
    free(memory);
  }
}

static void policies_that_cannot_be_are_refused(void **state) {
  (void)state;
  start_song();
  plan.policy.min_span = 0;
  assert_int_equal(verify(), OL_ERR_ARGUMENT);
  assert_string_equal(error.part, "min_span");
  assert_int_equal(reason, OL_REASON_NONE);
}

static void every_byte_of_spans_matters(void **state) {
  (void)state;
  start_song();
  expect_good();
  for (size_t at = 0; at < bytes_len; at++) {
    /* The anchor, the epoch and minima that are not asked for are the corpusId's. */
    if ((at >= 6 + 72 && at < 6 + 112) || (at >= 6 + 152 && at < 6 + 160)) continue;
    /* A longer word may be as absent. */
    size_t words = 6 + 160 + 1 + 4 * plan.spans_len + 1;
    if (at >= words && at < words + 3 * plan.words_len && (at - words) % 3 == 1) continue;
    for (uint32_t bit = 1; bit < 256; bit <<= 1) {
      bytes[at] ^= (uint8_t)bit;
      ol_status status = world_verify_bytes(&error, &evidence, &reason, &plan, bytes, bytes_len);
      assert_int_not_equal(status, OL_OK);
      assert_int_not_equal(reason, OL_REASON_NONE);
      bytes[at] ^= (uint8_t)bit;
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(says_what_brute_force_says),
      cmocka_unit_test(each_span_that_is_hidden_is_missed),
      cmocka_unit_test(logarithms_are_exact),
      cmocka_unit_test(gives_what_it_was_made_of),
      cmocka_unit_test(influence_alone_has_no_spans),
      cmocka_unit_test(answers_without_windows_need_nothing),
      cmocka_unit_test(takes_memory_at_any_place_if_there_is_enough),
      cmocka_unit_test(policies_that_cannot_be_are_refused),
      cmocka_unit_test(every_byte_of_spans_matters),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  clean();
  return failed;
}
