/* SPDX-License-Identifier: MIT */
#include "encoding/text.h"
#include "provider/params.h"
#include "provider/write.h"

#include "base/poison.h"

/* What the chain says about a receipt of attribution (openledger_getReceiptFacts): ledger/facts.h, asked and told. */

/* --- The question: members of an object --- */

enum { SIGNER, DIGEST, SPLIT_ROOT, BATCH_ID, CORPUS_NAME, CORPUS_EPOCH, MEMBERS };

static const char *const members[MEMBERS] = {"signer",  "digest",     "splitRoot",
                                             "batchId", "corpusName", "corpusEpoch"};

/* Where a job has what was asked, in slots; and which of it was. */
enum { AT_DIGEST, AT_SPLIT_ROOT, AT_BATCH_ID, AT_CORPUS_NAME };

static ol_status read_member(ol_error *error, ol_job *job, size_t member, ol_json value) {
  switch (member) {
  case SIGNER: return ol_json_hex_fixed(error, job->address.bytes, sizeof job->address, value);
  case DIGEST: return ol_json_hex_fixed(error, job->slots[AT_DIGEST].bytes, 32, value);
  case SPLIT_ROOT: return ol_json_hex_fixed(error, job->slots[AT_SPLIT_ROOT].bytes, 32, value);
  case BATCH_ID: return ol_json_hex_u256(error, &job->slots[AT_BATCH_ID], value);
  case CORPUS_NAME: return ol_json_hex_fixed(error, job->slots[AT_CORPUS_NAME].bytes, 32, value);
  default: return ol_json_hex_u64(error, &job->number, value);
  }
}

ol_status ol_params_facts(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena) {
  const uint32_t needed = 1u << SIGNER | 1u << DIGEST | 1u << SPLIT_ROOT;
  const uint32_t corpus = 1u << CORPUS_NAME | 1u << CORPUS_EPOCH;
  ol_json_items items;
  ol_json value;
  ol_slice name;
  (void)arena;
  job->topic = OL_TOPIC_FACTS;
  job->slot_words = 0;
  OL_TRY(ol_json_object(error, &items, params[0]));
  while (ol_json_next(&value, &name, &items)) {
    size_t i = 0;
    while (i < MEMBERS && !ol_slice_is(name, members[i])) i++;
    if (i == MEMBERS)
      return ol_fail(error, OL_ERR_ENCODING, value.offset,
                     "question about a receipt has a member that is not known");
    if (ol_json_kind_of(value) == OL_JSON_NULL) continue;
    OL_TRY(ol_error_in(error, read_member(error, job, i, value), members[i], OL_NOWHERE));
    job->slot_words |= 1u << i;
  }
  if ((job->slot_words & needed) != needed)
    return ol_fail(error, OL_ERR_ENCODING, params[0].offset, "signer, digest or splitRoot is missing");
  if ((job->slot_words & corpus) != 0 && (job->slot_words & corpus) != corpus)
    return ol_fail(error, OL_ERR_ENCODING, params[0].offset, "corpus has no name, or no epoch");
  return ol_param_where(error, job, params[1], params[2]);
}

static ol_hash hash_of(const ol_u256 *word) {
  ol_hash out;
  memcpy(out.bytes, word->bytes, sizeof out.bytes);
  return out;
}

void ol_facts_begin(ol_facts *facts, const ol_job *job, const ol_ledger_contracts *at) {
  const ol_facts_question of = {.registry = at->registry,
                                .nodes = at->nodes,
                                .signer = job->address,
                                .digest = hash_of(&job->slots[AT_DIGEST]),
                                .split_root = hash_of(&job->slots[AT_SPLIT_ROOT]),
                                .has_batch = (job->slot_words >> BATCH_ID & 1) == 1,
                                .batch_id = job->slots[AT_BATCH_ID],
                                .has_corpus = (job->slot_words >> CORPUS_NAME & 1) == 1,
                                .corpus_name = hash_of(&job->slots[AT_CORPUS_NAME]),
                                .corpus_epoch = job->number};
  ol_facts_init(facts, &of);
}

/* --- The answer, which repeats the question --- */

static void write_word(ol_json_writer *to, const char *name, const void *word) {
  ol_json_write_hex(to, name, (const uint8_t *)word, 32);
}

static void write_dispute(ol_json_writer *to, const ol_facts *facts, ol_dispute_subject subject,
                          const char *name) {
  static const char *const states[] = {"none", "open", "dismissed", "upheld"};
  ol_json_write_object(to, name);
  ol_json_write_text(to, "dispute", states[facts->disputes[subject].status]);
  if (facts->disputes[subject].status != 0) {
    ol_write_address(to, "disputer", &facts->disputes[subject].disputer);
    ol_json_write_quantity_u64(to, "disputedAt", facts->disputes[subject].opened_at);
  }
}

static void write_signer(ol_json_writer *to, const ol_facts *facts) {
  write_dispute(to, facts, OL_DISPUTED_SIGNER, "signer");
  ol_write_address(to, "address", &facts->of.signer);
  ol_write_address(to, "operator", &facts->operator_);
  ol_json_write_quantity_u64(to, "registeredAt", facts->registered_at);
  ol_json_write_quantity_u64(to, "revokedAt", facts->revoked_at);
  ol_json_write_quantity(to, "bond", &facts->bond);
  ol_json_write_quantity(to, "slashed", &facts->slashed);
  ol_json_write_quantity(to, "minBond", &facts->min_bond);
  ol_json_write_close(to);
}

static void write_batch(ol_json_writer *to, const ol_facts *facts) {
  write_dispute(to, facts, OL_DISPUTED_BATCH, "batch");
  ol_json_write_quantity(to, "id", &facts->of.batch_id);
  write_word(to, "root", &facts->batch_root);
  ol_write_address(to, "signer", &facts->batch_signer);
  ol_json_write_quantity_u64(to, "receipts", facts->batch_receipts);
  ol_json_write_close(to);
}

static void write_corpus(ol_json_writer *to, const ol_facts *facts) {
  write_dispute(to, facts, OL_DISPUTED_CORPUS, "corpus");
  write_word(to, "name", &facts->of.corpus_name);
  ol_json_write_quantity_u64(to, "epoch", facts->of.corpus_epoch);
  write_word(to, "corpusId", &facts->corpus_id);
  ol_json_write_quantity_u64(to, "newest", facts->corpus_newest);
  ol_write_address(to, "publisher", &facts->corpus_publisher);
  ol_json_write_close(to);
}

static void write_subject(ol_json_writer *to, const ol_facts *facts, ol_dispute_subject subject,
                          const char *name, const char *called, const ol_hash *what) {
  write_dispute(to, facts, subject, name);
  write_word(to, called, what);
  ol_json_write_close(to);
}

ol_status ol_write_facts(ol_error *error, const ol_result *of) {
  (void)error;
  const ol_facts *facts = &of->provider->ledger.facts;
  ol_json_writer *to = of->to;
  ol_json_write_object(to, of->name);
  ol_json_write_quantity_u64(to, "chainId", of->job->chain_id);
  ol_write_address(to, "registry", &facts->of.registry);
  ol_write_address(to, "nodes", &facts->of.nodes);
  write_signer(to, facts);
  write_subject(to, facts, OL_DISPUTED_RECEIPT, "receipt", "digest", &facts->of.digest);
  write_subject(to, facts, OL_DISPUTED_SPLIT, "split", "root", &facts->of.split_root);
  if (facts->of.has_batch) write_batch(to, facts);
  if (facts->of.has_corpus) write_corpus(to, facts);
  ol_write_rest(of);
  return OL_OK;
}
