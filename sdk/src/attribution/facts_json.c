/* SPDX-License-Identifier: MIT */
#include "openledger/attribution.h"

#include "encoding/json.h"
#include "encoding/text.h"

#include "base/poison.h"

/* What the chain says about a receipt, out of the answer that proves it. */

#define JSON_MAX 65536

static const char absent[] = "answer lacks a member";
static const char other[] = "answer is about another receipt";

/* A member, with its name in errors. */
#define MEMBER(read, error, out, object, name)                                                               \
  ol_error_in(error, read(error, out, object, name), name, OL_NOWHERE)

static ol_status read_object(ol_error *error, ol_json *out, ol_json object, const char *name) {
  OL_TRY(ol_json_need(error, out, object, name, absent));
  if (ol_json_kind_of(*out) == OL_JSON_OBJECT) return OL_OK;
  return ol_fail(error, OL_ERR_ENCODING, out->offset, "member is not an object");
}

static ol_status read_u64(ol_error *error, uint64_t *out, ol_json object, const char *name) {
  ol_json value;
  OL_TRY(ol_json_need(error, &value, object, name, absent));
  return ol_json_hex_u64(error, out, value);
}

static ol_status read_u256(ol_error *error, ol_u256 *out, ol_json object, const char *name) {
  ol_json value;
  OL_TRY(ol_json_need(error, &value, object, name, absent));
  return ol_json_hex_u256(error, out, value);
}

static ol_status read_hash(ol_error *error, ol_hash *out, ol_json object, const char *name) {
  ol_json value;
  OL_TRY(ol_json_need(error, &value, object, name, absent));
  return ol_json_hex_fixed(error, out->bytes, sizeof out->bytes, value);
}

/* Reads a text that is one of a list. Out: its index. */
static ol_status read_name(ol_error *error, uint32_t *out, ol_json object, const char *name,
                           const char *const *names, uint32_t names_len) {
  ol_json value;
  ol_slice text;
  OL_TRY(ol_json_need(error, &value, object, name, absent));
  OL_TRY(ol_json_string(error, &text, value));
  for (uint32_t i = 0; i < names_len; i++) {
    if (!ol_slice_is(text, names[i])) continue;
    *out = i;
    return OL_OK;
  }
  return ol_fail(error, OL_ERR_ENCODING, value.offset, "member is none of the known");
}

static ol_status read_dispute(ol_error *error, uint32_t *out, ol_json object) {
  static const char *const names[] = {"none", "open", "dismissed", "upheld"}; /* ol_dispute_status */
  return ol_error_in(error, read_name(error, out, object, "dispute", names, 4), "dispute", OL_NOWHERE);
}

static ol_status expect(ol_error *error, const void *expected, size_t len, ol_json object, const char *name) {
  uint8_t found[32];
  ol_json value;
  OL_TRY(ol_json_need(error, &value, object, name, absent));
  OL_TRY(ol_json_hex_fixed(error, found, len, value));
  if (memcmp(found, expected, len) == 0) return OL_OK;
  return ol_fail(error, OL_ERR_MISMATCH, value.offset, other);
}

#define EXPECT(error, expected, object, name)                                                                \
  ol_error_in(error, expect(error, (expected).bytes, sizeof(expected).bytes, object, name), name, OL_NOWHERE)

static ol_status read_signer(ol_error *error, ol_attribution_facts *out, ol_json root,
                             const ol_address *signer) {
  ol_json node;
  OL_TRY(MEMBER(read_object, error, &node, root, "signer"));
  OL_TRY(EXPECT(error, *signer, node, "address"));
  OL_TRY(MEMBER(read_u64, error, &out->signer_registered_at, node, "registeredAt"));
  OL_TRY(MEMBER(read_u64, error, &out->signer_revoked_at, node, "revokedAt"));
  OL_TRY(MEMBER(read_u256, error, &out->signer_bond, node, "bond"));
  OL_TRY(MEMBER(read_u256, error, &out->signer_slashed, node, "slashed"));
  OL_TRY(MEMBER(read_u256, error, &out->min_bond, node, "minBond"));
  out->has_signer = 1;
  return read_dispute(error, &out->signer_dispute, node);
}

static ol_status read_corpus(ol_error *error, ol_attribution_facts *out, ol_json root) {
  ol_json corpus;
  if (!ol_json_find(&corpus, root, "corpus")) return OL_OK;
  OL_TRY(MEMBER(read_object, error, &corpus, root, "corpus"));
  OL_TRY(MEMBER(read_u64, error, &out->corpus_epoch, corpus, "epoch"));
  OL_TRY(MEMBER(read_hash, error, &out->corpus_id, corpus, "corpusId"));
  OL_TRY(MEMBER(read_u64, error, &out->corpus_newest, corpus, "newest"));
  out->has_corpus = 1;
  return read_dispute(error, &out->corpus_dispute, corpus);
}

static ol_status read_batch(ol_error *error, ol_attribution_facts *out, ol_json root) {
  ol_json batch;
  if (!ol_json_find(&batch, root, "batch")) return OL_OK;
  OL_TRY(MEMBER(read_object, error, &batch, root, "batch"));
  OL_TRY(MEMBER(read_hash, error, &out->batch_root, batch, "root"));
  OL_TRY(MEMBER(read_u64, error, &out->batch_leaves, batch, "receipts"));
  out->has_batch = 1;
  return read_dispute(error, &out->batch_dispute, batch);
}

static ol_status read_block(ol_error *error, ol_attribution_facts *out, ol_json root) {
  static const char *const levels[] = {"given", "quorum", "unsafe", "proposed", "finalized"}; /* ol_trust */
  ol_json block;
  OL_TRY(ol_error_in(error, read_name(error, &out->trust, root, "trust", levels, 5), "trust", OL_NOWHERE));
  OL_TRY(MEMBER(read_object, error, &block, root, "block"));
  OL_TRY(MEMBER(read_u64, error, &out->block_number, block, "number"));
  return MEMBER(read_u64, error, &out->block_timestamp, block, "timestamp");
}

ol_status ol_attribution_facts_read(ol_error *error, ol_attribution_facts *out, ol_slice json,
                                    const ol_signed_receipt *receipt, void *memory, size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_attribution_facts facts;
  ol_address signer;
  ol_hash digest;
  uint64_t chain;
  ol_json root;
  ol_json part;
  ol_error_clear(error);
  if (json.len > JSON_MAX) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "answer is too long");
  OL_TRY(ol_attribution_receipt_signer(error, &signer, receipt));
  ol_attribution_receipt_digest(&digest, &receipt->domain, &receipt->receipt);
  OL_TRY(ol_json_read(error, &root, &arena, json.data, json.len));
  memset(&facts, 0, sizeof facts);
  OL_TRY(MEMBER(read_u64, error, &chain, root, "chainId"));
  if (chain != receipt->domain.chain_id)
    return ol_error_in(error, ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, other), "chainId", OL_NOWHERE);
  OL_TRY(EXPECT(error, receipt->domain.registry, root, "registry"));
  OL_TRY(read_signer(error, &facts, root, &signer));
  OL_TRY(MEMBER(read_object, error, &part, root, "receipt"));
  OL_TRY(EXPECT(error, digest, part, "digest"));
  OL_TRY(read_dispute(error, &facts.receipt_dispute, part));
  OL_TRY(MEMBER(read_object, error, &part, root, "split"));
  OL_TRY(EXPECT(error, receipt->receipt.split_root, part, "root"));
  OL_TRY(read_dispute(error, &facts.split_dispute, part));
  facts.has_disputes = 1;
  OL_TRY(read_corpus(error, &facts, root));
  OL_TRY(read_batch(error, &facts, root));
  OL_TRY(read_block(error, &facts, root));
  *out = facts;
  return OL_OK;
}
