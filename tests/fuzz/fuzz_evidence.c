/* SPDX-License-Identifier: MIT */

/* Behind a policy, the input is an answer and its evidence, as bytes; or a corpus and an answer, about which an honest
 * claim is made, changed, and proven as well as can be: then whatever is verified is the honest claim. */

#include "attribution/world.h"
#include "fuzz/fuzz.h"

#define TEXT_MAX 600

static world_plan plan, honest;
static world_draft draft;

/* Looks at all that was proven. */
static void take_proven(const ol_evidence *evidence) {
  ol_attribution_span span;
  ol_attribution_weight weight;
  ol_corpus_document document;
  uint32_t end = 0;
  uint64_t sum = 0, rows = 0;
  for (uint32_t i = 0; ol_evidence_span(evidence, &span, i) == 1; i++) {
    FUZZ_REQUIRE(span.end > end && span.end - span.start >= plan.policy.min_span);
    FUZZ_REQUIRE(span.end <= plan.response_len && span.credited <= span.end - span.start);
    FUZZ_REQUIRE(span.count > 0 && span.weight == (uint64_t)span.credited * span.rarity);
    end = span.end;
    sum += span.weight;
    if (span.count > plan.policy.max_count) {
      FUZZ_REQUIRE(span.document == OL_SPAN_WITHOUT_OWNER && span.weight == 0);
      continue;
    }
    FUZZ_REQUIRE(ol_evidence_document(evidence, &document, span.document) == 1);
    FUZZ_REQUIRE(document.start <= span.position);
  }
  for (uint32_t i = 0; ol_evidence_weight(evidence, &weight, i) == 1; i++) rows += weight.weight;
  FUZZ_REQUIRE(rows <= sum);
  if (plan.policy.owner_rule == OL_OWNER_EARLIEST) FUZZ_REQUIRE(rows == sum);
}

static bool check(const uint8_t *bytes, size_t len) {
  ol_error error;
  ol_evidence *evidence;
  uint32_t reason = 99;
  ol_status status = world_verify_bytes(&error, &evidence, &reason, &plan, bytes, len);
  if (status == OL_OK) {
    FUZZ_REQUIRE(reason == OL_REASON_NONE);
    take_proven(evidence);
    return true;
  }
  fuzz_refused(&error, status, len > plan.response_len ? len : plan.response_len);
  FUZZ_REQUIRE(reason != OL_REASON_NONE && reason <= OL_REASON_RANGE_MIN);
  FUZZ_REQUIRE((status == OL_ERR_PROOF) == (reason >= OL_REASON_PROOF_SHAPE));
  return false;
}

/* Changes one thing of a claim. */
static void change(const world *w, fuzz_input *in) {
  uint8_t what = fuzz_u8(in), which = fuzz_u8(in);
  int32_t by = (int8_t)fuzz_u8(in);
  uint32_t step = (uint32_t)by;
  if (what % 2 == 0 && plan.spans_len > 0) {
    uint32_t i = which % plan.spans_len;
    world_span *span = &plan.spans[i];
    uint32_t start = span->start, end = span->end;
    switch (what / 2 % 5) {
    case 0: world_drop_span(&plan, i); return;
    case 1: start += step; break;
    case 2: end += step; break;
    case 3: span->lo = (span->lo + (uint64_t)(int64_t)by) % w->n; return;
    default: span->hi = (span->hi + (uint64_t)(int64_t)by) % (w->n + 1); return;
    }
    if (start >= end || end > plan.response_len) return;
    world_drop_span(&plan, i);
    world_add_span(w, &plan, start, end);
  } else if (plan.words_len > 0) {
    uint32_t i = which % plan.words_len;
    uint32_t start = plan.words[i].start, end = plan.words[i].end + step;
    if (what / 2 % 3 == 1) {
      plan.words[i].above = (plan.words[i].above + (uint64_t)(int64_t)by) % (w->n + 1);
      return;
    }
    world_drop_word(&plan, i);
    if (what / 2 % 3 == 2 && start < end && end <= plan.response_len) world_add_word(w, &plan, start, end);
  }
}

static bool is_provable(const world *w) {
  for (uint32_t i = 0; i < plan.spans_len; i++) {
    const world_span *span = &plan.spans[i];
    if (span->lo >= span->hi || span->hi > w->n) return false;
  }
  return true;
}

/* Letters only, so that the answer is often in the text. */
static ol_slice letters_of(fuzz_input *in, uint8_t *out, size_t len) {
  ol_slice taken = fuzz_cut(in, len);
  for (size_t i = 0; i < taken.len; i++) out[i] = (uint8_t)('a' + taken.data[i] % 4);
  return ol_slice_of(out, taken.len);
}

static void check_claims(const ol_attribution_policy *policy, fuzz_input *in) {
  static uint8_t text[TEXT_MAX], answer[TEXT_MAX], bytes[WORLD_BYTES];
  world w = {0};
  uint32_t documents = 1 + fuzz_u8(in) % 20, changes = fuzz_u8(in) % 4;
  ol_slice all = letters_of(in, text, fuzz_u16(in) % TEXT_MAX);
  ol_slice response = letters_of(in, answer, fuzz_u16(in) % TEXT_MAX);
  for (uint32_t i = 0; i < documents; i++) {
    size_t start = all.len * i / documents, end = all.len * (i + 1) / documents;
    world_add(&w, text + start, end - start, (uint8_t)(i % 3), i % 2);
  }
  world_make(&w);
  world_plan_honest(&w, &honest, policy, answer, response.len);
  plan = honest;
  if (plan.spans_len <= OL_EVIDENCE_SPANS && plan.words_len <= OL_EVIDENCE_WORDS) {
    for (uint32_t i = 0; i < changes; i++) change(&w, in);
    if (is_provable(&w)) {
      world_draft_make(&w, &draft, &plan);
      bool is_good = check(bytes, world_write(&draft, bytes));
      FUZZ_REQUIRE(is_good || changes > 0);
      if (is_good) {
        FUZZ_REQUIRE(plan.spans_len == honest.spans_len);
        FUZZ_REQUIRE(memcmp(plan.spans, honest.spans, plan.spans_len * sizeof *plan.spans) == 0);
      }
      world_draft_free(&draft);
    }
  }
  world_free(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_input in = {data, len};
  uint8_t kind = fuzz_u8(&in);
  ol_attribution_policy policy = world_policy(8 + fuzz_u8(&in) % 32u, 1 + fuzz_u8(&in) % 64u, kind >> 1 & 1);
  if ((kind & 1) != 0) {
    check_claims(&policy, &in);
    return 0;
  }
  if ((kind & 4) != 0) policy.influence_bps = (kind & 8) != 0 ? 10000 : 5000;
  ol_slice response = fuzz_cut(&in, fuzz_u16(&in));
  plan = (world_plan){.policy = policy, .response = response.data, .response_len = (uint32_t)response.len};
  check(in.data, in.left);
  return 0;
}
