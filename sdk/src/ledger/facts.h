/* SPDX-License-Identifier: MIT */
#ifndef OL_LEDGER_FACTS_H
#define OL_LEDGER_FACTS_H

/*
 * What a verdict on an attribution receipt needs of the chain (docs/attribution.md, sections 7 and 9): its signer's node,
 * the corpus, the batch, and what of these is disputed, all at one block. tests/devnet/contracts/README.md has the slots.
 */

#include "ledger/asks.h"

typedef enum ol_dispute_subject {
  OL_DISPUTED_RECEIPT,
  OL_DISPUTED_SPLIT,
  OL_DISPUTED_SIGNER,
  OL_DISPUTED_BATCH,  /* its root; */
  OL_DISPUTED_CORPUS, /* and the corpusId, as the registry has them */
  OL_DISPUTED_SUBJECTS
} ol_dispute_subject;

/* What is asked. */
typedef struct ol_facts_question {
  ol_address registry; /* AttributionRegistry, */
  ol_address nodes;    /* and NodeRegistry */
  ol_address signer;
  ol_hash digest;
  ol_hash split_root;
  bool has_batch;
  ol_u256 batch_id;
  bool has_corpus;
  ol_hash corpus_name;
  uint64_t corpus_epoch;
} ol_facts_question;

/* What of it is zero there, the contracts do not have. */
typedef struct ol_facts {
  ol_facts_question of;
  uint32_t step;
  ol_address operator_;
  uint64_t registered_at;
  uint64_t revoked_at;
  ol_u256 bond;
  ol_u256 slashed;
  ol_u256 min_bond;
  ol_u256 batch_root;
  ol_address batch_signer;
  uint64_t batch_receipts;
  ol_address corpus_publisher;
  uint64_t corpus_newest;
  ol_u256 corpus_id;
  struct {
    ol_address disputer;
    uint64_t opened_at;
    uint32_t status; /* 0 none, 1 open, 2 dismissed, 3 upheld */
  } disputes[OL_DISPUTED_SUBJECTS];
} ol_facts;

void ol_facts_init(ol_facts *facts, const ol_facts_question *of) OL_NONNULL;
OL_CHECKED ol_status ol_facts_visit(ol_error *error, ol_facts *facts, ol_asks *asks) OL_NONNULL;

#endif
