/* SPDX-License-Identifier: MIT */

/* ATR-1, the other half (suites_attribution.c): streams, splits, shares, receipts, batches, equivocations and verdicts. */

#include "suites_attribution.h"

#include "openledger/attribution.h"
#include "openledger/client.h"
#include "openledger/influence.h"

#include <stdlib.h>

#define MANY 64 /* elements of a list, at most */

static const char accepted[] = "is accepted";

/* --- Streams --- */

/* In: a piece whose claimed head is wrong, or the number of pieces for none. */
static const char *stream(vector_file *file, ol_json test, size_t wrong) {
  ol_error error;
  ol_hash seeds[4], head;
  ol_slice pieces[MANY], heads[MANY];
  ol_attribution_stream *made;
  ol_attribution_stream_end end;
  static const char *const names[] = {"clientNonce", "requestSha256", "modelId", "adapterId"};
  for (size_t i = 0; i < 4; i++) attribution_fixed(file, test, names[i], &seeds[i], 32);
  size_t count = attribution_list(file, test, "pieces", pieces, MANY);
  if (attribution_list(file, test, "heads", heads, MANY) != count + 1) return "another number of heads";
  size_t size = ol_attribution_stream_size();
  void *memory = malloc(size);
  const char *why = NULL;
  if (memory == NULL) return "no memory";
  if (ol_attribution_stream_new(&error, &made, &seeds[0], &seeds[1], &seeds[2], &seeds[3], memory, size) !=
      OL_OK)
    why = error.reason;
  for (size_t i = 0; why == NULL && i < count; i++) {
    ol_hash claimed;
    memcpy(&claimed, heads[i + 1].data, 32);
    if (i == wrong) claimed.bytes[31] ^= 1;
    ol_status status = ol_attribution_stream_add(&error, made, &head, pieces[i], &claimed);
    if (status != (i < wrong ? OL_OK : OL_ERR_MISMATCH)) why = "another status";
    if (status == OL_OK && !vector_same(heads[i + 1], ol_slice_of(&head, 32))) why = "another head";
  }
  if (why == NULL &&
      ol_attribution_stream_finish(&error, made, &end) != (wrong < count ? OL_ERR_MISMATCH : OL_OK)) {
    why = "another end";
  }
  if (why == NULL && wrong >= count && !vector_same(heads[count], ol_slice_of(&end.head, 32)))
    why = "another last head";
  free(memory);
  return why;
}

static const char *check_stream(vector_file *file, ol_json test) {
  const char *why = stream(file, test, MANY);
  return why != NULL ? why : stream(file, test, 1);
}

void run_atr_streams(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_stream);
}

/* --- Splits --- */

/* Divides the pool anew among the rows of a file. */
static const char *check_divided(vector_file *file, ol_json test, const ol_split *split) {
  ol_error error;
  ol_split_row rows[MANY];
  ol_u256 total, pool, weight, amount, dust, sum;
  ol_hash root;
  for (uint32_t i = 0; i < split->count && i < MANY; i++) {
    if (!ol_split_at(split, &rows[i], i)) return "has too few rows";
    memset(&rows[i].amount, 0, sizeof rows[i].amount);
  }
  attribution_fixed(file, test, "pool", &pool, 32);
  attribution_fixed(file, test, "dust", &dust, 32);
  if (ol_split_divide(&error, rows, split->count, &total, &pool) != OL_OK) return error.reason;
  for (uint32_t i = 0; i < split->count; i++) {
    ol_split_row given;
    if (!ol_split_at(split, &given, i) || memcmp(&given.amount, &rows[i].amount, 32) != 0)
      return "another amount";
  }
  if (ol_split_root(&error, &root, &weight, &amount, split) != OL_OK) return error.reason;
  if (memcmp(&weight, &total, 32) != 0 || !attribution_is(file, test, "totalWeight", &total, 32))
    return "another total";
  int carry = 0;
  for (int i = 31; i >= 0; i--) {
    carry += amount.bytes[i] + dust.bytes[i];
    sum.bytes[i] = (uint8_t)carry;
    carry >>= 8;
  }
  if (memcmp(&sum, &pool, 32) != 0) return "amounts and dust are not the pool";
  return attribution_is(file, test, "root", &root, 32) ? NULL : "another root";
}

static const char *check_split(vector_file *file, ol_json test) {
  ol_error error;
  ol_split split;
  ol_split_row rows[2] = {0};
  ol_u256 pool;
  ol_slice bytes = vector_bytes(file, test, "file");
  if (vector_u64(file, test, "code") == 0) {
    return ol_split_open(&error, &split, bytes) == OL_OK ? check_divided(file, test, &split) : error.reason;
  }
  /* Two weights of 2^127. */
  memset(&pool, 0, sizeof pool);
  rows[0].weight.bytes[16] = rows[1].weight.bytes[16] = 0x80;
  return ol_split_divide(&error, rows, 2, NULL, &pool) == OL_ERR_LIMIT ? NULL : accepted;
}

void run_atr_splits(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_split);
}

static const char *check_split_file(vector_file *file, ol_json test) {
  ol_error error;
  ol_split split;
  bool good = vector_u64(file, test, "code") == 0;
  if (ol_split_open(&error, &split, vector_bytes(file, test, "file")) == OL_OK) return good ? NULL : accepted;
  return good ? error.reason : NULL;
}

void run_atr_split_files(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_split_file);
}

static const char *check_sum(vector_file *file, ol_json test) {
  ol_error error;
  ol_slice files[MANY], sum;
  ol_split splits[MANY], whole;
  ol_hash root;
  uint8_t memory[4096];
  size_t count = attribution_list(file, test, "splits", files, MANY);
  for (size_t i = 0; i < count; i++) {
    if (ol_split_open(&error, &splits[i], files[i]) != OL_OK) return error.reason;
  }
  if (ol_split_sum(&error, &sum, splits, count, memory, sizeof memory) != OL_OK) return error.reason;
  if (!vector_same(sum, vector_bytes(file, test, "sum"))) return "another sum";
  if (ol_split_open(&error, &whole, sum) != OL_OK) return error.reason;
  if (ol_split_root(&error, &root, NULL, NULL, &whole) != OL_OK) return error.reason;
  return attribution_is(file, test, "root", &root, 32) ? NULL : "another root";
}

void run_atr_split_sums(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_sum);
}

static const char *check_share(vector_file *file, ol_json test) {
  ol_error error;
  ol_share share;
  uint8_t memory[OL_SHARE_BYTES];
  ol_slice bytes = vector_bytes(file, test, "file"), written;
  bool good = vector_u64(file, test, "code") == 0;
  if (ol_share_read(&error, &share, bytes) != OL_OK) return good ? error.reason : NULL;
  if (!good) return accepted;
  if (ol_share_write(&error, &written, &share, memory, sizeof memory) != OL_OK) return error.reason;
  return vector_same(written, bytes) ? NULL : "is written otherwise";
}

void run_atr_shares(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_share);
}

/* --- Receipts --- */

static const char *check_json(vector_file *file, ol_json test, const ol_signed_receipt *receipt,
                              ol_slice bytes) {
  ol_error error;
  ol_signed_receipt again;
  ol_slice text, wanted = vector_text(file, test, "json");
  uint8_t written[OL_ATTRIBUTION_RECEIPT_BYTES];
  size_t size = 20 * wanted.len + 4096;
  void *memory = malloc(size);
  const char *why = NULL;
  if (memory == NULL) return "no memory";
  if (ol_attribution_receipt_from_json(&error, &again, wanted, memory, size) != OL_OK ||
      ol_attribution_receipt_write(&error, written, &again) != OL_OK) {
    why = error.reason;
  } else if (!vector_same(ol_slice_of(written, sizeof written), bytes)) {
    why = "is another as JSON";
  } else if (ol_attribution_receipt_json(&error, &text, receipt, memory, OL_ATTRIBUTION_JSON) != OL_OK) {
    why = error.reason;
  } else if (!vector_same(text, wanted)) {
    why = "is another JSON";
  }
  free(memory);
  return why;
}

static const char *check_receipt(vector_file *file, ol_json test) {
  ol_error error;
  ol_signed_receipt receipt;
  ol_address signer;
  ol_hash digest;
  ol_slice bytes = vector_bytes(file, test, "file");
  uint64_t code = vector_u64(file, test, "code");
  if (ol_attribution_receipt_read(&error, &receipt, bytes) != OL_OK) {
    if (code == OL_REASON_VERSION)
      return error.part != NULL && strcmp(error.part, "version") == 0 ? NULL : "another fault";
    return code == OL_REASON_FORMAT ? NULL : error.reason;
  }
  if (code == OL_REASON_VERSION || code == OL_REASON_FORMAT) return accepted;
  ol_attribution_receipt_digest(&digest, &receipt.domain, &receipt.receipt);
  if (!attribution_is(file, test, "digest", &digest, 32)) return "another digest";
  const char *why = check_json(file, test, &receipt, bytes);
  if (why != NULL) return why;
  bool good = code == 0 || vector_bytes(file, test, "signer").len > 0;
  if (ol_attribution_receipt_signer(&error, &signer, &receipt) != OL_OK) return good ? error.reason : NULL;
  if (!good) return accepted;
  return attribution_is(file, test, "signer", &signer, 20) ? NULL : "another signer";
}

void run_atr_receipts(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_receipt);
}

/* --- Batches and equivocations --- */

/* Out: a proof, as an object has it. */
static void read_batch(vector_file *file, ol_json object, ol_batch_proof *out, uint64_t leaves,
                       uint64_t index) {
  ol_slice path[MANY];
  memset(out, 0, sizeof *out);
  attribution_fixed(file, object, "root", &out->root, 32);
  out->leaves = leaves;
  out->index = index;
  out->path_len = (uint32_t)attribution_list(file, object, "path", path, MANY);
  for (uint32_t i = 0; i < out->path_len; i++) memcpy(&out->path[i], path[i].data, 32);
}

static const char *check_batch(vector_file *file, ol_json test) {
  ol_error error;
  ol_batch_proof proof;
  ol_hash digest;
  bool good = vector_u64(file, test, "code") == 0;
  read_batch(file, test, &proof, vector_u64(file, test, "leaves"), vector_u64(file, test, "index"));
  attribution_fixed(file, test, "digest", &digest, 32);
  if (ol_batch_verify(&error, &proof, &digest) == OL_OK) return good ? NULL : accepted;
  return good ? error.reason : NULL;
}

void run_atr_batches(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_batch);
}

static const char *check_batch_root(vector_file *file, ol_json test) {
  ol_error error;
  ol_slice given[MANY];
  ol_hash digests[MANY], root;
  ol_batch_proof proof;
  ol_u256 id = {{0}};
  size_t count = attribution_list(file, test, "digests", given, MANY);
  for (size_t i = 0; i < count; i++) memcpy(&digests[i], given[i].data, 32);
  ol_batch_root(&root, digests, count);
  if (!attribution_is(file, test, "root", &root, 32)) return "another root";
  for (size_t i = 0; i < count; i++) {
    if (ol_batch_prove(&error, &proof, &id, i, digests, count) != OL_OK) return error.reason;
    if (!ol_hash_equal(&proof.root, &root) || ol_batch_verify(&error, &proof, &digests[i]) != OL_OK)
      return "no proof";
  }
  return NULL;
}

void run_atr_batch_roots(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_batch_root);
}

static const char *check_equivocation(vector_file *file, ol_json test) {
  ol_error error;
  ol_address signer;
  bool good = vector_u64(file, test, "code") == 0;
  if (ol_equivocation_read(&error, &signer, NULL, vector_bytes(file, test, "file")) != OL_OK)
    return good ? error.reason : NULL;
  if (!good) return accepted;
  return attribution_is(file, test, "signer", &signer, 20) ? NULL : "another signer";
}

void run_atr_equivocations(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_equivocation);
}

/* --- Verdicts --- */

static ol_json member(vector_file *file, ol_json test, const char *name) {
  ol_json value = test;
  if (!ol_json_find(&value, test, name))
    vector_count(file->tally, false, ol_slice_of(name, strlen(name)), "is missing");
  return value;
}

static void read_expected(vector_file *file, ol_json from, ol_attribution_expected *out) {
  memset(out, 0, sizeof *out);
  out->has_domain = vector_bool(file, from, "hasDomain");
  out->has_nonce = vector_bool(file, from, "hasNonce");
  out->has_payer = vector_bool(file, from, "hasPayer");
  out->has_policy = vector_bool(file, from, "hasPolicy");
  out->has_max_fee = vector_bool(file, from, "hasFee");
  out->has_model = vector_bool(file, from, "hasModel");
  out->has_adapter = vector_bool(file, from, "hasAdapter");
  out->has_min_epoch = vector_bool(file, from, "hasEpoch");
  out->has_max_age = vector_bool(file, from, "hasAge");
  out->has_max_lag = vector_bool(file, from, "hasLag");
  out->min_witnesses = (uint32_t)vector_u64(file, from, "witnesses");
  out->domain.chain_id = attribution_u64(file, from, "chainId");
  attribution_fixed(file, from, "registry", &out->domain.registry, 20);
  attribution_fixed(file, from, "nonce", &out->client_nonce, 32);
  attribution_fixed(file, from, "payer", &out->payer, 20);
  attribution_fixed(file, from, "policyId", &out->policy_id, 32);
  attribution_fixed(file, from, "maxFee", &out->max_fee, 32);
  attribution_fixed(file, from, "modelId", &out->model_id, 32);
  attribution_fixed(file, from, "adapterId", &out->adapter_id, 32);
  out->min_epoch = attribution_u64(file, from, "minEpoch");
  out->now = attribution_u64(file, from, "now");
  out->max_age = attribution_u64(file, from, "maxAge");
  out->max_lag = attribution_u64(file, from, "maxLag");
}

static void read_facts(vector_file *file, ol_json from, ol_attribution_facts *out) {
  memset(out, 0, sizeof *out);
  out->trust = OL_TRUST_FINALIZED;
  out->has_signer = vector_bool(file, from, "hasSigner");
  out->has_corpus = vector_bool(file, from, "hasCorpus");
  out->has_batch = vector_bool(file, from, "hasBatch");
  out->has_disputes = vector_bool(file, from, "hasDisputes");
  out->witnesses = (uint32_t)vector_u64(file, from, "witnesses");
  out->block_timestamp = attribution_u64(file, from, "timestamp");
  out->signer_registered_at = attribution_u64(file, from, "registeredAt");
  out->signer_revoked_at = attribution_u64(file, from, "revokedAt");
  attribution_fixed(file, from, "bond", &out->signer_bond, 32);
  attribution_fixed(file, from, "minBond", &out->min_bond, 32);
  attribution_fixed(file, from, "corpusId", &out->corpus_id, 32);
  out->corpus_epoch = 5;
  out->corpus_newest = attribution_u64(file, from, "newest");
  out->corpus_dispute = (uint32_t)vector_u64(file, from, "corpusDispute");
  attribution_fixed(file, from, "batchRoot", &out->batch_root, 32);
  out->batch_leaves = attribution_u64(file, from, "batchLeaves");
  attribution_fixed(file, from, "batchSigner", &out->batch_signer, 20);
  out->receipt_dispute = (uint32_t)vector_u64(file, from, "receipt");
  out->batch_dispute = (uint32_t)vector_u64(file, from, "batch");
  out->split_dispute = (uint32_t)vector_u64(file, from, "split");
  out->signer_dispute = (uint32_t)vector_u64(file, from, "key");
}

/* In: a table's file. Out: NULL without one. Returns: memory to be freed. */
static void *read_table(const ol_influence_table **out, uint32_t *out_reason, ol_slice bytes) {
  ol_error error;
  ol_influence_table *table = NULL;
  size_t size = ol_influence_table_size(bytes.len);
  void *memory = bytes.len == 0 ? NULL : malloc(size);
  *out_reason = OL_REASON_NONE;
  if (memory != NULL && ol_influence_table_read(&error, &table, out_reason, bytes, memory, size) != OL_OK)
    table = NULL;
  *out = table;
  return memory;
}

/* In: why the table was refused, before there was a verdict. */
static const char *judge(vector_file *file, ol_json test, const ol_attribution_input *input,
                         uint32_t reason) {
  ol_error error;
  ol_attribution_result result;
  uint64_t code = vector_u64(file, test, "code");
  if (reason != OL_REASON_NONE) return reason == code ? NULL : ol_attribution_reason_name(reason);
  size_t size = ol_attribution_verify_size();
  void *memory = malloc(size);
  if (memory == NULL) return "no memory";
  ol_status status = ol_attribution_verify(&error, &result, input, memory, size);
  free(memory);
  if (status != OL_OK) return error.reason;
  const char *name = ol_attribution_verdict_name(result.verdict);
  if (result.reason != code) return result.reason == 0 ? name : ol_attribution_reason_name(result.reason);
  return vector_same(vector_text(file, test, "verdict"), ol_slice_of(name, strlen(name))) ? NULL : name;
}

static const char *check_verdict(vector_file *file, ol_json test) {
  ol_attribution_expected expected;
  ol_attribution_facts facts;
  ol_batch_proof batch;
  ol_hash head;
  read_expected(file, member(file, test, "expected"), &expected);
  read_facts(file, member(file, test, "facts"), &facts);
  ol_json proof = member(file, test, "batch");
  read_batch(file, proof, &batch, attribution_u64(file, proof, "leaves"),
             attribution_u64(file, proof, "index"));
  attribution_fixed(file, test, "head", &head, 32);
  ol_attribution_input input = {
      .receipt = vector_bytes(file, test, "receipt"),
      .evidence = vector_bytes(file, test, "evidence"),
      .policy = vector_bytes(file, test, "policy"),
      .request = vector_bytes(file, test, "request"),
      .response = vector_bytes(file, test, "response"),
      .expected = &expected,
      .stream_head = vector_bytes(file, test, "head").len == 32 ? &head : NULL,
      .batch = vector_bool(file, test, "hasBatch") ? &batch : NULL,
      .facts = vector_bool(file, test, "hasFacts") ? &facts : NULL,
      .equivocation = vector_bytes(file, test, "equivocation"),
  };
  uint32_t reason;
  void *memory = read_table(&input.table, &reason, vector_bytes(file, test, "table"));
  const char *why = judge(file, test, &input, reason);
  free(memory);
  return why;
}

void run_atr_verdicts(vector_tally *tally, const uint8_t *json, size_t len) {
  attribution_cases(tally, json, len, check_verdict);
}
