/* SPDX-License-Identifier: MIT */

/* What the chain says of a receipt: one question, whose answer is proven. */

#include "attribution.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char method[] = "openledger_getReceiptFacts";

/* The question: the receipt, the block, and contracts that the profile does not name. */
static void write_params(char *out, size_t len, const cli_check *of, const ol_corpus_header *corpus) {
  const cli_attribution_args *by = &of->args->atr;
  char signer[43], digest[67], root[67], name[67], registry[43], nodes[43], batch[67];
  size_t at;
  ol_address_text(signer, &of->result.signer);
  ol_hex_text(digest, of->result.digest.bytes, 32);
  ol_hex_text(root, of->result.receipt.receipt.split_root.bytes, 32);
  at = (size_t)snprintf(out, len, "{\"signer\":\"%s\",\"digest\":\"%s\",\"splitRoot\":\"%s\"", signer, digest,
                        root);
  if (of->input.batch != NULL) {
    ol_hex_text(batch, of->batch.batch_id.bytes, 32);
    const char *digits = batch + 2 + strspn(batch + 2, "0");
    at += (size_t)snprintf(out + at, len - at, ",\"batchId\":\"0x%s\"", *digits == '\0' ? "0" : digits);
  }
  if (by->has_corpus_name) {
    ol_hex_text(name, by->corpus_name.bytes, 32);
    at += (size_t)snprintf(out + at, len - at, ",\"corpusName\":\"%s\",\"corpusEpoch\":\"0x%" PRIx64 "\"",
                           name, corpus->epoch);
  }
  at += (size_t)snprintf(out + at, len - at, "},\"latest\"");
  if (!by->has_registry && !by->has_nodes) return;
  ol_address_text(registry, &by->registry);
  ol_address_text(nodes, &by->nodes);
  at += (size_t)snprintf(out + at, len - at, ",{");
  if (by->has_registry)
    at += (size_t)snprintf(out + at, len - at, "\"attributionRegistry\":\"%s\"", registry);
  if (by->has_nodes)
    at +=
        (size_t)snprintf(out + at, len - at, "%s\"nodeRegistry\":\"%s\"", by->has_registry ? "," : "", nodes);
  snprintf(out + at, len - at, "}");
}

static bool read_dispute(uint32_t *out, ol_slice json, const char *path) {
  static const char *const states[] = {"none", "open", "dismissed", "upheld"};
  for (uint32_t i = 0; i < 4; i++) {
    if (cli_json_is(json, path, states[i])) return *out = i, true;
  }
  return false;
}

static bool read_hash(ol_hash *out, ol_slice json, const char *path) {
  ol_error error;
  ol_slice value;
  return cli_json_find(&value, json, path) && value.len == 68 &&
         ol_hash_from_text(&error, out, (const char *)value.data + 1, 66) == OL_OK;
}

static bool read_trust(uint32_t *out, ol_slice json) {
  for (uint32_t i = OL_TRUST_GIVEN; i <= OL_TRUST_FINALIZED; i++) {
    if (cli_json_is(json, "trust", ol_trust_name((ol_trust)i))) return *out = i, true;
  }
  return false;
}

static bool read_answer(ol_attribution_facts *out, ol_slice json, bool has_batch, bool has_corpus) {
  bool good = read_trust(&out->trust, json) && cli_json_u64(&out->block_number, json, "block.number") &&
              cli_json_u64(&out->block_timestamp, json, "block.timestamp") &&
              cli_json_u64(&out->signer_registered_at, json, "signer.registeredAt") &&
              cli_json_u64(&out->signer_revoked_at, json, "signer.revokedAt") &&
              cli_json_number(&out->signer_bond, json, "signer.bond") &&
              cli_json_number(&out->signer_slashed, json, "signer.slashed") &&
              cli_json_number(&out->min_bond, json, "signer.minBond") &&
              read_dispute(&out->signer_dispute, json, "signer.dispute") &&
              read_dispute(&out->receipt_dispute, json, "receipt.dispute") &&
              read_dispute(&out->split_dispute, json, "split.dispute");
  out->has_signer = 1;
  out->has_disputes = 1;
  if (good && has_batch) {
    good = read_hash(&out->batch_root, json, "batch.root") &&
           cli_json_u64(&out->batch_leaves, json, "batch.receipts") &&
           read_dispute(&out->batch_dispute, json, "batch.dispute");
    out->has_batch = 1;
  }
  if (good && has_corpus) {
    good = read_hash(&out->corpus_id, json, "corpus.corpusId") &&
           cli_json_u64(&out->corpus_epoch, json, "corpus.epoch") &&
           cli_json_u64(&out->corpus_newest, json, "corpus.newest") &&
           read_dispute(&out->corpus_dispute, json, "corpus.dispute");
    out->has_corpus = 1;
  }
  return good;
}

int cli_facts_read(cli_check *of) {
  const bool has_corpus = of->args->atr.has_corpus_name;
  char params[1024];
  cli_chain chain;
  ol_corpus_header corpus = {.epoch = 0};
  ol_slice answer;
  if (of->result.evidence != NULL) ol_evidence_corpus(of->result.evidence, &corpus);
  write_params(params, sizeof params, of, &corpus);
  int result = cli_chain_open(&chain, of->args);
  if (result == EXIT_VERIFIED) result = cli_chain_ask(&chain, &answer, method, params);
  if (result == EXIT_VERIFIED && !read_answer(&of->facts, answer, of->input.batch != NULL, has_corpus))
    result = cli_failure(OL_ERR_ENCODING, method);
  cli_chain_end(&chain);
  if (result == EXIT_VERIFIED) of->input.facts = &of->facts;
  return result;
}
