/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_ATTRIBUTION_JUDGED_H
#define OL_TESTS_UNIT_ATTRIBUTION_JUDGED_H

/*
 * An honest receipt, with a corpus, evidence, a table, what the client wants and what the chain says, all of which a test
 * may change before it is judged. What must be paid is computed the naive way.
 */

#include "attribution/receipt.h"
#include "attribution/stream.h"
#include "attribution/world.h"
#include "crypto/sha2.h"
#include "unit/attribution/signing.h"

__extension__ typedef unsigned __int128 u128;

#define KEY 7 /* of the signer */
#define FEE 1000003
#define SERVED 1000
#define RESPONSE "the owl asked whether the river remembers rain, and the fox said nothing."

static world corpus;
static world_plan plan;
static world_draft draft;
static ol_signed_receipt receipt;
static uint8_t policy[OL_ATTRIBUTION_POLICY_BYTES], evidence[WORLD_BYTES], file[OL_ATTRIBUTION_RECEIPT_BYTES];
static uint8_t table_memory[4096], other_memory[4096], memory[256 << 10];
static ol_influence_table *table, *other_table;
static ol_attribution_input input;
static ol_attribution_expected expected;
static ol_attribution_facts facts;
static ol_batch_proof batch;
static ol_attribution_result result;
static uint8_t signing_key;
static const char request[] = "{\"model\":\"m\",\"messages\":[]}";

/* --- What must be paid, the naive way --- */

typedef struct pay {
  uint8_t contributor;
  uint64_t datanet;
  u128 spans, influence, weight, amount;
} pay;

static pay pays[16];
static uint32_t pays_len;

static inline pay *pay_of(uint8_t contributor, uint64_t datanet) {
  for (uint32_t i = 0; i < pays_len; i++) {
    if (pays[i].contributor == contributor && pays[i].datanet == datanet) return &pays[i];
  }
  pays[pays_len] = (pay){.contributor = contributor, .datanet = datanet};
  return &pays[pays_len++];
}

static inline int compare_pays(const void *a, const void *b) {
  const pay *x = a, *y = b;
  if (x->contributor != y->contributor) return x->contributor - y->contributor;
  return (x->datanet > y->datanet) - (x->datanet < y->datanet);
}

static inline void put_u128(uint8_t *out, u128 value) {
  ol_store_be64(out, (uint64_t)(value >> 64));
  ol_store_be64(out + 8, (uint64_t)value);
}

static inline void put_row(uint32_t index, uint8_t contributor, uint64_t datanet, u128 weight, u128 amount) {
  uint8_t *row = draft.rows + 60 * index;
  memset(row, contributor, 20);
  ol_store_be64(row + 20, datanet);
  put_u128(row + 28, weight);
  put_u128(row + 44, amount);
}

/* --- Influence: three datanets, v of two numbers --- */

enum { D = 2, TABLE_ROWS = 6 };
static const struct {
  uint8_t contributor;
  uint64_t datanet;
  int16_t x[D];
} gradients[TABLE_ROWS] = {
    {9, 1, {0, 0}},  {1, 1, {5, 1}},    {2, 1, {-9, 0}}, /* together below 0 */
    {8, 2, {1, 1}},  {3, 2, {100, -7}},                  /* above 0 */
    {1, 3, {0, 10}},                                     /* a payout row alone */
};
static const int16_t vector[D] = {3, 2};

static inline ol_influence_table *table_of(uint8_t adapter, uint8_t *to, size_t len) {
  static uint8_t bytes[2048];
  ol_gradient_header header = {.adapter = hash_of(adapter), .d = D, .scale = 1, .rows = TABLE_ROWS};
  ol_influence_table *made;
  uint32_t reason;
  size_t used = 5 + OL_GRADIENT_HEADER_BYTES;
  memcpy(bytes, "ATRG\1", 5);
  for (uint32_t i = 0; i < TABLE_ROWS; i++) {
    memset(bytes + used, gradients[i].contributor, 20);
    ol_store_be64(bytes + used + 20, gradients[i].datanet);
    used += 28;
    for (uint32_t k = 0; k < D; k++, used += 2) {
      bytes[used] = (uint8_t)((uint16_t)gradients[i].x[k] >> 8);
      bytes[used + 1] = (uint8_t)gradients[i].x[k];
    }
  }
  assert_int_equal(ol_gradient_header_write(&error, bytes + 5, &header), OL_OK);
  assert_int_equal(ol_influence_table_root(&error, &header.root, ol_slice_of(bytes, used)), OL_OK);
  assert_int_equal(ol_gradient_header_write(&error, bytes + 5, &header), OL_OK);
  memcpy(draft.gradient_header, bytes + 5, OL_GRADIENT_HEADER_BYTES);
  assert_int_equal(ol_influence_table_read(&error, &made, &reason, ol_slice_of(bytes, used), to, len), OL_OK);
  return made;
}

static inline void add_influence(uint8_t contributor, uint64_t datanet, int64_t score) {
  pay *one = pay_of(contributor, datanet);
  one->influence += (uint64_t)score;
}

static inline void weigh_influence(uint32_t clipping) {
  for (uint32_t i = 0; i < TABLE_ROWS;) {
    int64_t group = 0;
    const uint32_t payout = i;
    for (; i < TABLE_ROWS && gradients[i].datanet == gradients[payout].datanet; i++) {
      int64_t score = 0;
      for (uint32_t k = 0; k < D; k++) score += (int64_t)vector[k] * gradients[i].x[k];
      group += score;
      if (clipping == OL_CLIP_CONTRIBUTOR && score > 0)
        add_influence(gradients[i].contributor, gradients[i].datanet, score);
    }
    if (clipping == OL_CLIP_DATANET && group > 0)
      add_influence(gradients[payout].contributor, gradients[payout].datanet, group);
  }
}

/* --- An honest receipt --- */

/* Sums up what spans weigh, which is proven by tests of its own. */
static inline void weigh_spans(void) {
  ol_evidence *proven;
  ol_attribution_weight row;
  uint32_t reason;
  const ol_slice bytes = ol_slice_of(evidence, world_write(&draft, evidence));
  assert_int_equal(ol_evidence_verify(&error, &proven, &reason, &plan.policy, bytes,
                                      ol_slice_of(plan.response, plan.response_len), memory, sizeof memory),
                   OL_OK);
  for (uint32_t i = 0; ol_evidence_weight(proven, &row, i); i++)
    pay_of(row.contributor.bytes[0], row.datanet)->spans += row.weight;
}

static inline void divide(uint32_t bps, u128 pool) {
  u128 spans = 0, influence = 0, total = 0;
  uint32_t count = 0;
  for (uint32_t i = 0; i < pays_len; i++) {
    spans += pays[i].spans;
    influence += pays[i].influence;
  }
  for (uint32_t i = 0; i < pays_len; i++) {
    pay *one = &pays[i];
    one->weight = bps == 0 || (bps < 10000 && influence == 0) ? one->spans
                  : bps == 10000 || spans == 0
                      ? one->influence
                      : one->spans * (10000 - bps) * influence + one->influence * bps * spans;
    total += one->weight;
  }
  qsort(pays, pays_len, sizeof *pays, compare_pays);
  for (uint32_t i = 0; i < pays_len; i++) {
    if (pays[i].weight == 0) continue;
    pays[i].amount = pool * pays[i].weight / total;
    put_row(count++, pays[i].contributor, pays[i].datanet, pays[i].weight, pays[i].amount);
  }
  draft.rows_len = count;
  receipt.receipt.contributors = count;
  memset(&receipt.receipt.total_weight, 0, 32);
  put_u128(receipt.receipt.total_weight.bytes + 16, total);
}

/* Sets the root of the rows that are there. */
static inline void root_rows(void) {
  ol_split split;
  assert_int_equal(ol_split_open_rows(&error, &split, ol_slice_of(draft.rows, 60 * draft.rows_len)), OL_OK);
  assert_int_equal(ol_split_root(&error, &receipt.receipt.split_root, NULL, NULL, &split), OL_OK);
}

static inline void set_stream(void) {
  ol_attribution_receipt *r = &receipt.receipt;
  ol_stream_begin(&r->stream_head, &r->client_nonce, &r->request_sha256, &r->model_id, &r->adapter_id);
  if (input.response.len > 0) ol_stream_next(&r->stream_head, input.response);
}

static inline void set_policy(void) {
  assert_int_equal(ol_attribution_policy_write(&error, policy, &plan.policy), OL_OK);
  ol_attribution_policy_id(&receipt.receipt.policy_id, policy);
}

/* What the client wants, what the chain says, and a batch of three. Follows from the receipt. */
static inline void surround(void) {
  const ol_attribution_receipt *r = &receipt.receipt;
  ol_hash digests[3] = {hash_of(1), hash_of(2), hash_of(3)};
  const ol_u256 id = number_of(5);
  ol_attribution_receipt_digest(&digests[2], &receipt.domain, r);
  assert_int_equal(ol_batch_prove(&error, &batch, &id, 2, digests, 3), OL_OK);
  expected = (ol_attribution_expected){.has_domain = 1,
                                       .has_nonce = 1,
                                       .has_payer = 1,
                                       .has_policy = 1,
                                       .has_max_fee = 1,
                                       .has_model = 1,
                                       .has_adapter = 1,
                                       .has_min_epoch = 1,
                                       .has_max_age = 1,
                                       .has_max_lag = 1,
                                       .min_witnesses = 2,
                                       .domain = receipt.domain,
                                       .client_nonce = r->client_nonce,
                                       .payer = r->payer,
                                       .policy_id = r->policy_id,
                                       .max_fee = r->fee,
                                       .model_id = r->model_id,
                                       .adapter_id = r->adapter_id,
                                       .min_epoch = 3,
                                       .now = SERVED + 60,
                                       .max_age = 50,
                                       .max_lag = 2};
  facts = (ol_attribution_facts){.trust = 4,
                                 .has_signer = 1,
                                 .has_corpus = 1,
                                 .has_batch = 1,
                                 .has_disputes = 1,
                                 .witnesses = 2,
                                 .block_number = 9,
                                 .block_timestamp = SERVED + 10,
                                 .signer_registered_at = SERVED,
                                 .signer_bond = number_of(7),
                                 .min_bond = number_of(7),
                                 .corpus_id = r->corpus_id,
                                 .corpus_epoch = 3,
                                 .corpus_newest = 5,
                                 .corpus_dispute = OL_DISPUTE_STATUS_DISMISSED,
                                 .batch_root = batch.root,
                                 .batch_leaves = 3,
                                 .batch_signer = account_of(KEY)};
}

/* Writes the files as they are now, hashes the evidence, and signs. */
static inline void seal(void) {
  const size_t len = world_write(&draft, evidence);
  input.evidence = ol_slice_of(evidence, len);
  ol_keccak256(&receipt.receipt.evidence_hash, evidence, len);
  sign_receipt(&receipt, signing_key);
  assert_int_equal(ol_attribution_receipt_write(&error, file, &receipt), OL_OK);
  surround();
}

static inline void prepare(uint32_t bps, uint32_t clipping, const char *response) {
  ol_attribution_receipt *r = &receipt.receipt;
  ol_attribution_policy rule = world_policy(8, 100, OL_OWNER_EARLIEST);
  rule.influence_bps = bps;
  rule.clipping = clipping;
  world_draft_free(&draft);
  memset(&draft, 0, sizeof draft);
  memset(&receipt, 0, sizeof receipt);
  memset(pays, 0, sizeof pays);
  pays_len = 0;
  signing_key = KEY;
  world_plan_honest(&corpus, &plan, &rule, response, strlen(response));
  world_draft_make(&corpus, &draft, &plan);
  plan.policy = rule;
  plan.policy.influence_bps = 0;
  weigh_spans();
  plan.policy = rule;
  if (bps == 10000)
    for (uint32_t i = 0; i < pays_len; i++) pays[i].spans = 0;
  if (bps > 0) weigh_influence(clipping);
  receipt.domain = (ol_attribution_domain){.chain_id = 1612, .registry = address_of(0xa7)};
  *r = (ol_attribution_receipt){.version = 1,
                                .client_nonce = hash_of(0x11),
                                .payer = address_of(0x12),
                                .response_bytes = strlen(response),
                                .model_id = hash_of(0x16),
                                .adapter_id = hash_of(0x17),
                                .run_id = hash_of(0x18),
                                .pay_token = address_of(0x1f),
                                .fee = number_of(FEE),
                                .contributor_pool = number_of((uint64_t)FEE * 4000 / 10000),
                                .served_at = SERVED,
                                .sequence = 4,
                                .previous = hash_of(0x20)};
  r->flags = (bps < 10000 ? 1u : 0) | (bps > 0 ? 2u : 0);
  draft.flags = (uint8_t)r->flags;
  if (bps < 10000) ol_corpus_id(&r->corpus_id, &corpus.header);
  other_table = table_of(0x71, other_memory, sizeof other_memory);
  table = table_of(0x17, table_memory, sizeof table_memory);
  if (bps > 0) {
    for (uint32_t k = 0; k < D; k++) draft.vector[2 * k + 1] = (uint8_t)vector[k];
    ol_gradient_id(&r->gradient_id, draft.gradient_header);
    ol_influence_hash(&r->influence_hash, &r->gradient_id, ol_slice_of(draft.vector, sizeof(uint16_t) * D));
  }
  divide(bps, (u128)FEE * 4000 / 10000);
  root_rows();
  set_policy();
  input = (ol_attribution_input){.receipt = ol_slice_of(file, sizeof file),
                                 .policy = ol_slice_of(policy, sizeof policy),
                                 .request = text_of(request),
                                 .response = ol_slice_of(plan.response, plan.response_len),
                                 .expected = &expected,
                                 .table = table,
                                 .batch = &batch,
                                 .facts = &facts};
  ol_sha256(&r->request_sha256, input.request.data, input.request.len);
  ol_sha256(&r->response_sha256, input.response.data, input.response.len);
  set_stream();
  seal();
}

/* --- Verdicts --- */

static inline void judge(void) {
  memset(&result, 0xaa, sizeof result);
  assert_int_equal(ol_attribution_verify(&error, &result, &input, memory, ol_attribution_verify_size()),
                   OL_OK);
}

static inline void expect(ol_attribution_verdict verdict) {
  judge();
  if (result.reason != OL_REASON_NONE) print_message("%s\n", ol_attribution_reason_name(result.reason));
  assert_int_equal(result.reason, OL_REASON_NONE);
  assert_int_equal(result.verdict, verdict);
}

static inline void expect_reason(ol_attribution_reason reason) {
  judge();
  assert_string_equal(ol_attribution_reason_name(result.reason), ol_attribution_reason_name(reason));
  assert_int_equal(result.verdict, OL_VERDICT_REJECTED);
  assert_int_not_equal(error.status, OL_OK);
}

static inline int setup(void **state) {
  (void)state;
  prepare(3000, OL_CLIP_CONTRIBUTOR, RESPONSE);
  return 0;
}

#define ALL_PROVEN 0x3fffu

static inline int make_corpus(void **state) {
  (void)state;
  static const char *const quotes[] = {"the river remembers rain that never fell",
                                       "owls asked whether the fox said nothing",
                                       "an otter, and the fox said so: the river remembers rain"};
  for (uint8_t i = 0; i < 3; i++)
    world_add(&corpus, quotes[i], strlen(quotes[i]), (uint8_t)(i + 1), i % 2 + 1);
  world_make(&corpus);
  return 0;
}

static inline int free_corpus(void **state) {
  (void)state;
  world_draft_free(&draft);
  world_free(&corpus);
  return 0;
}

#endif
