/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_STORES_H
#define OL_TESTS_STORES_H

/* Whether two stores are the same: by their fields, as what lies between those is anything. */

#include "consensus/store.h"

static inline bool stores_same_header(const ol_light_header *a, const ol_light_header *b) {
  return a->beacon.slot == b->beacon.slot && a->beacon.proposer_index == b->beacon.proposer_index &&
         ol_hash_equal(&a->beacon.parent_root, &b->beacon.parent_root) &&
         ol_hash_equal(&a->beacon.state_root, &b->beacon.state_root) &&
         ol_hash_equal(&a->beacon.body_root, &b->beacon.body_root) && ol_hash_equal(&a->root, &b->root) &&
         ol_hash_equal(&a->block_hash, &b->block_hash) &&
         ol_hash_equal(&a->execution_root, &b->execution_root) &&
         ol_hash_equal(&a->state_root, &b->state_root) && a->is_default == b->is_default &&
         a->is_valid == b->is_valid;
}

/* No signature covers the slot that it is of, which is remembered with the best update: that may differ. */
static inline bool stores_same_but_slot(const ol_light_store *a, const ol_light_store *b) {
  return stores_same_header(&a->finalized, &b->finalized) &&
         stores_same_header(&a->optimistic, &b->optimistic) &&
         a->previous_max_participants == b->previous_max_participants &&
         a->current_max_participants == b->current_max_participants && a->next_known == b->next_known &&
         a->has_best == b->has_best && stores_same_header(&a->best.attested, &b->best.attested) &&
         stores_same_header(&a->best.finalized, &b->best.finalized) &&
         a->best.participants == b->best.participants && a->best.has_finality == b->best.has_finality &&
         a->best.has_next_committee == b->best.has_next_committee &&
         memcmp(a->current_committee, b->current_committee, sizeof a->current_committee) == 0 &&
         memcmp(a->next_committee, b->next_committee, sizeof a->next_committee) == 0 &&
         memcmp(a->best_next_committee, b->best_next_committee, sizeof a->best_next_committee) == 0;
}

static inline bool stores_same(const ol_light_store *a, const ol_light_store *b) {
  return stores_same_but_slot(a, b) && a->best.signature_slot == b->best.signature_slot;
}

#endif
