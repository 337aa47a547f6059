/* SPDX-License-Identifier: MIT */
#include "encoding/json.h"
#include "encoding/text.h"
#include "openledger/provider.h"

#include "base/poison.h"

/* Facts about a receipt between a verifier and a provider: what it is to be asked, and what it has said. */

#define EVIDENCE_HEAD 6 /* "ATRE", version, flags */

/* --- The question --- */

ol_status ol_receipt_question_of(ol_error *error, ol_receipt_question *out, const ol_attribution_input *input,
                                 const ol_hash *corpus_name) {
  ol_signed_receipt receipt;
  ol_receipt_question of;
  ol_error_clear(error);
  memset(&of, 0, sizeof of);
  OL_TRY(ol_attribution_receipt_read(error, &receipt, input->receipt));
  OL_TRY(ol_error_in(error, ol_attribution_receipt_signer(error, &of.signer, &receipt), "signature",
                     OL_NOWHERE));
  ol_attribution_receipt_digest(&of.digest, &receipt.domain, &receipt.receipt);
  of.domain = receipt.domain;
  of.split_root = receipt.receipt.split_root;
  if (input->batch != NULL) {
    of.has_batch = 1;
    of.batch_id = input->batch->batch_id;
  }
  if (corpus_name != NULL && (receipt.receipt.flags & OL_ATTRIBUTION_SPANS) != 0) {
    ol_corpus_header header;
    ol_error ignored;
    const ol_slice evidence = input->evidence;
    /* Evidence without one is for the verifier to reject. */
    if (evidence.len >= EVIDENCE_HEAD + OL_CORPUS_HEADER_BYTES &&
        ol_corpus_header_read(&ignored, &header, evidence.data + EVIDENCE_HEAD) == OL_OK) {
      of.has_corpus = 1;
      of.corpus_name = *corpus_name;
      of.corpus_epoch = header.epoch;
    }
  }
  *out = of;
  return OL_OK;
}

ol_status ol_receipt_question_json(ol_error *error, ol_slice *out, const ol_receipt_question *question,
                                   void *memory, size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_json_writer to;
  ol_error_clear(error);
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_hex(&to, "signer", question->signer.bytes, sizeof question->signer);
  ol_json_write_hex(&to, "digest", question->digest.bytes, sizeof question->digest);
  ol_json_write_hex(&to, "splitRoot", question->split_root.bytes, sizeof question->split_root);
  if (question->has_batch != 0) ol_json_write_quantity(&to, "batchId", &question->batch_id);
  if (question->has_corpus != 0) {
    ol_json_write_hex(&to, "corpusName", question->corpus_name.bytes, sizeof question->corpus_name);
    ol_json_write_quantity_u64(&to, "corpusEpoch", question->corpus_epoch);
  }
  ol_json_write_close(&to);
  return ol_json_write_end(error, out, &to);
}

/* --- The answer --- */

static ol_status need(ol_error *error, ol_json *out, ol_json object, const char *name) {
  return ol_json_need(error, out, object, name, "facts lack a member");
}

/* Returns: a member that is an object. One that is missing has no members, which are then found to be. */
static ol_json part_of(ol_json object, const char *name) {
  ol_json part = {0};
  (void)ol_json_find(&part, object, name);
  return part;
}

static ol_status read_bytes(ol_error *error, void *out, size_t len, ol_json object, const char *name) {
  ol_json value;
  OL_TRY(need(error, &value, object, name));
  return ol_json_hex_fixed(error, out, len, value);
}

static ol_status read_u64(ol_error *error, uint64_t *out, ol_json object, const char *name) {
  ol_json value;
  OL_TRY(need(error, &value, object, name));
  return ol_json_hex_u64(error, out, value);
}

static ol_status read_u256(ol_error *error, ol_u256 *out, ol_json object, const char *name) {
  ol_json value;
  OL_TRY(need(error, &value, object, name));
  return ol_json_hex_u256(error, out, value);
}

/* Returns: OL_OK when facts are about what was asked. */
static ol_status check(ol_error *error, bool is_same, const char *what) {
  if (is_same) return OL_OK;
  return ol_error_in(error, ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "facts are about something else"),
                     what, OL_NOWHERE);
}

static ol_status expect_bytes(ol_error *error, const void *expected, size_t len, ol_json object,
                              const char *name, const char *what) {
  uint8_t found[32];
  OL_TRY(read_bytes(error, found, len, object, name));
  return check(error, memcmp(found, expected, len) == 0, what);
}

static ol_status expect_u64(ol_error *error, uint64_t expected, ol_json object, const char *name,
                            const char *what) {
  uint64_t found;
  OL_TRY(read_u64(error, &found, object, name));
  return check(error, found == expected, what);
}

/* Reads one of some texts. Out: which. */
static ol_status read_choice(ol_error *error, uint32_t *out, ol_json object, const char *name,
                             const char *const *choices, uint32_t count) {
  ol_json value;
  ol_slice text;
  uint32_t i = 0;
  OL_TRY(need(error, &value, object, name));
  OL_TRY(ol_json_string(error, &text, value));
  while (i < count && !ol_slice_is(text, choices[i])) i++;
  if (i == count) return ol_fail(error, OL_ERR_ENCODING, value.offset, "facts have a word that is not known");
  *out = i;
  return OL_OK;
}

/* Out: a member that is an object, and its dispute. */
static ol_status read_disputed(ol_error *error, ol_json *out, uint32_t *out_status, ol_json object,
                               const char *name) {
  static const char *const states[] = {"none", "open", "dismissed", "upheld"};
  _Static_assert(OL_DISPUTE_STATUS_OPEN == 1 && OL_DISPUTE_STATUS_UPHELD == 3, "in the order of states");
  *out = part_of(object, name);
  return read_choice(error, out_status, *out, "dispute", states, sizeof states / sizeof *states);
}

static ol_status read_signer(ol_error *error, ol_attribution_facts *out, const ol_receipt_question *question,
                             ol_json object) {
  ol_json signer;
  OL_TRY(read_disputed(error, &signer, &out->signer_dispute, object, "signer"));
  OL_TRY(expect_bytes(error, question->signer.bytes, sizeof question->signer, signer, "address", "signer"));
  OL_TRY(read_u64(error, &out->signer_registered_at, signer, "registeredAt"));
  OL_TRY(read_u64(error, &out->signer_revoked_at, signer, "revokedAt"));
  OL_TRY(read_u256(error, &out->signer_bond, signer, "bond"));
  OL_TRY(read_u256(error, &out->signer_slashed, signer, "slashed"));
  OL_TRY(read_u256(error, &out->min_bond, signer, "minBond"));
  out->has_signer = 1;
  return OL_OK;
}

static ol_status read_batch(ol_error *error, ol_attribution_facts *out, const ol_receipt_question *question,
                            ol_json object) {
  ol_json batch;
  ol_u256 id;
  if (question->has_batch == 0) return OL_OK;
  OL_TRY(read_disputed(error, &batch, &out->batch_dispute, object, "batch"));
  OL_TRY(read_u256(error, &id, batch, "id"));
  OL_TRY(check(error, memcmp(&id, &question->batch_id, sizeof id) == 0, "batch"));
  OL_TRY(read_bytes(error, out->batch_root.bytes, sizeof out->batch_root, batch, "root"));
  OL_TRY(read_u64(error, &out->batch_leaves, batch, "receipts"));
  OL_TRY(read_bytes(error, out->batch_signer.bytes, sizeof out->batch_signer, batch, "signer"));
  out->has_batch = 1;
  return OL_OK;
}

static ol_status read_corpus(ol_error *error, ol_attribution_facts *out, const ol_receipt_question *question,
                             ol_json object) {
  ol_json corpus;
  if (question->has_corpus == 0) return OL_OK;
  OL_TRY(read_disputed(error, &corpus, &out->corpus_dispute, object, "corpus"));
  OL_TRY(expect_bytes(error, question->corpus_name.bytes, 32, corpus, "name", "corpus"));
  OL_TRY(expect_u64(error, question->corpus_epoch, corpus, "epoch", "corpus"));
  OL_TRY(read_bytes(error, out->corpus_id.bytes, sizeof out->corpus_id, corpus, "corpusId"));
  OL_TRY(read_u64(error, &out->corpus_newest, corpus, "newest"));
  out->corpus_epoch = question->corpus_epoch;
  out->has_corpus = 1;
  return OL_OK;
}

static ol_status read_block(ol_error *error, ol_attribution_facts *out, ol_json object) {
  const char *levels[OL_TRUST_FINALIZED];
  for (uint32_t i = 0; i < OL_TRUST_FINALIZED; i++)
    levels[i] = ol_trust_name((ol_trust)(i + 1)); /* none that is given */
  OL_TRY(read_choice(error, &out->trust, object, "trust", levels, OL_TRUST_FINALIZED));
  out->trust++;
  const ol_json block = part_of(object, "block");
  OL_TRY(read_u64(error, &out->block_number, block, "number"));
  return read_u64(error, &out->block_timestamp, block, "timestamp");
}

ol_status ol_receipt_facts_read(ol_error *error, ol_attribution_facts *out,
                                const ol_receipt_question *question, ol_slice json, void *memory,
                                size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_attribution_facts facts;
  ol_json root, part;
  ol_error_clear(error);
  memset(&facts, 0, sizeof facts);
  OL_TRY(ol_json_read(error, &root, &arena, json.data, json.len));
  OL_TRY(expect_u64(error, question->domain.chain_id, root, "chainId", "chainId"));
  OL_TRY(
      expect_bytes(error, question->domain.registry.bytes, sizeof(ol_address), root, "registry", "registry"));
  OL_TRY(read_signer(error, &facts, question, root));
  OL_TRY(read_disputed(error, &part, &facts.receipt_dispute, root, "receipt"));
  OL_TRY(expect_bytes(error, question->digest.bytes, sizeof(ol_hash), part, "digest", "receipt"));
  OL_TRY(read_disputed(error, &part, &facts.split_dispute, root, "split"));
  OL_TRY(expect_bytes(error, question->split_root.bytes, sizeof(ol_hash), part, "root", "split"));
  facts.has_disputes = 1;
  OL_TRY(read_batch(error, &facts, question, root));
  OL_TRY(read_corpus(error, &facts, question, root));
  OL_TRY(read_block(error, &facts, root));
  *out = facts;
  return OL_OK;
}
