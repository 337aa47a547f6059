/* SPDX-License-Identifier: MIT */
#include "ledger/facts.h"

#include "rollup/slots.h"
#include "rollup/u256.h"

#include "base/poison.h"

/* Slots of NodeRegistry and of AttributionRegistry. */
enum { MIN_BOND = 1, NODES = 2 };
enum { BATCH_ROOTS = 2, BATCHES = 3, CORPORA = 4, CORPUS_IDS = 5, DISPUTES = 6 };

static const char *const subjects[] = {"receipt", "split", "signer", "batch", "corpus"};

void ol_facts_init(ol_facts *facts, const ol_facts_question *of) {
  memset(facts, 0, sizeof *facts);
  facts->of = *of;
}

/* --- Words --- */

static ol_u256 word_of(const void *bytes, size_t len) {
  ol_u256 word = {{0}};
  memcpy(word.bytes + 32 - len, bytes, len);
  return word;
}

/* Returns: 16 bytes of a word. */
static ol_u256 half_of(const ol_u256 *word, size_t offset) {
  return word_of(word->bytes + 16 - offset, 16);
}

static ol_address low_address(const ol_u256 *word) {
  ol_address out;
  memcpy(out.bytes, word->bytes + 12, sizeof out.bytes);
  return out;
}

/* --- What is at them. Before they are answered, words are zero, and so is what is read of them --- */

static ol_u256 ask_in(ol_asks *asks, const ol_target *of, uint64_t mapping, const ol_u256 *key,
                      uint64_t offset) {
  const ol_u256 place = ol_place_of(mapping, key);
  return ol_ask(asks, of, &place, offset);
}

static ol_status visit_node(ol_error *error, ol_facts *facts, ol_asks *asks) {
  const ol_target at = {facts->of.nodes, OL_CONTRACT_NODES};
  const ol_u256 key = word_of(&facts->of.signer, sizeof facts->of.signer);
  const ol_u256 least = ol_ask_at(asks, &at, MIN_BOND);
  const ol_u256 head = ask_in(asks, &at, NODES, &key, 0), bond = ask_in(asks, &at, NODES, &key, 1);
  OL_TRY(ol_error_in(error, ol_asked_rest(error, &least, 16), "minBond", OL_NOWHERE));
  facts->min_bond = least;
  facts->operator_ = low_address(&head);
  facts->registered_at = ol_slot_read(&head, 20, 6);
  facts->revoked_at = ol_slot_read(&head, 26, 6);
  facts->bond = half_of(&bond, 0);
  facts->slashed = half_of(&bond, 16);
  return OL_OK;
}

static ol_status visit_batch(ol_error *error, ol_facts *facts, ol_asks *asks, const ol_target *at) {
  const ol_u256 root = ask_in(asks, at, BATCH_ROOTS, &facts->of.batch_id, 0);
  const ol_u256 head = ask_in(asks, at, BATCHES, &facts->of.batch_id, 0);
  OL_TRY(ol_error_in(error, ol_asked_rest(error, &head, 28), "batch", OL_NOWHERE));
  facts->batch_root = root;
  facts->batch_signer = low_address(&head);
  facts->batch_receipts = ol_slot_read(&head, 20, 8);
  return OL_OK;
}

static ol_status visit_corpus(ol_error *error, ol_facts *facts, ol_asks *asks, const ol_target *at) {
  const ol_u256 name = word_of(&facts->of.corpus_name, 32), epoch = ol_u256_of(facts->of.corpus_epoch);
  const ol_u256 ids = ol_place_of(CORPUS_IDS, &name), head = ask_in(asks, at, CORPORA, &name, 0);
  ol_u256 place;
  ol_slot_in_mapping(&place, &epoch, &ids);
  const ol_u256 id = ol_ask(asks, at, &place, 0);
  OL_TRY(ol_error_in(error, ol_asked_rest(error, &head, 28), "corpus", OL_NOWHERE));
  facts->corpus_publisher = low_address(&head);
  facts->corpus_newest = ol_slot_read(&head, 20, 8);
  facts->corpus_id = id;
  return OL_OK;
}

static ol_status visit_dispute(ol_error *error, ol_facts *facts, ol_asks *asks, const ol_target *at,
                               ol_dispute_subject subject, const ol_u256 *key) {
  const ol_u256 word = ask_in(asks, at, DISPUTES, key, 0);
  const uint64_t status = ol_slot_read(&word, 26, 1);
  if (status > 3 || !ol_slot_is_zero(&word, 27, 5))
    return ol_error_in(error,
                       ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "slot holds what the contract never writes"),
                       subjects[subject], OL_NOWHERE);
  facts->disputes[subject].disputer = low_address(&word);
  facts->disputes[subject].opened_at = ol_slot_read(&word, 20, 6);
  facts->disputes[subject].status = (uint32_t)status;
  return OL_OK;
}

/* What is disputed under a number of the registry's own is asked in a second round. */
ol_status ol_facts_visit(ol_error *error, ol_facts *facts, ol_asks *asks) {
  const ol_target at = {facts->of.registry, OL_CONTRACT_ATTRIBUTION};
  const ol_facts_question *of = &facts->of;
  const ol_u256 keys[OL_DISPUTED_SUBJECTS] = {
      [OL_DISPUTED_RECEIPT] = word_of(&of->digest, 32), [OL_DISPUTED_SPLIT] = word_of(&of->split_root, 32),
      [OL_DISPUTED_SIGNER] = word_of(&of->signer, 20),  [OL_DISPUTED_BATCH] = facts->batch_root,
      [OL_DISPUTED_CORPUS] = facts->corpus_id,
  };
  const uint32_t first = facts->step == 0 ? 0 : OL_DISPUTED_BATCH;
  const uint32_t end = facts->step == 0 ? OL_DISPUTED_BATCH : OL_DISPUTED_SUBJECTS;
  if (facts->step > 1) return OL_OK;
  if (facts->step == 0) {
    OL_TRY(visit_node(error, facts, asks));
    if (of->has_batch) OL_TRY(visit_batch(error, facts, asks, &at));
    if (of->has_corpus) OL_TRY(visit_corpus(error, facts, asks, &at));
  }
  for (uint32_t i = first; i < end; i++) {
    if (i >= OL_DISPUTED_BATCH && ol_u256_is_zero(&keys[i])) continue; /* the registry has none */
    OL_TRY(visit_dispute(error, facts, asks, &at, (ol_dispute_subject)i, &keys[i]));
  }
  if (asks->answered) facts->step++;
  return OL_OK;
}
