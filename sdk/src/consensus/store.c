/* SPDX-License-Identifier: MIT */
#include "consensus/store.h"

#include "consensus/committee.h"
#include "encoding/ssz.h"
#include "trie/ssz_root.h"

#include "base/poison.h"

/*
 * Rules are those of sync-protocol.md of altair; where a later fork modifies one, it is named. Each refusal has
 * the rule's text in words, and a test that fails without it.
 */

#define MIN_SYNC_COMMITTEE_PARTICIPANTS 1u
#define GENESIS_SLOT 0u

/* gloas, electra, altair: generalized indices in BeaconState, by the attested header's slot */
typedef struct state_indices {
  uint64_t finalized_root;
  uint64_t current_committee;
  uint64_t next_committee;
} state_indices;

static state_indices indices_at(const ol_beacon_network *network, uint64_t slot) {
  ol_beacon_fork fork = ol_beacon_fork_at(network, slot);
  if (fork >= OL_BEACON_GLOAS) return (state_indices){735, 2945, 2946};
  if (fork >= OL_BEACON_ELECTRA) return (state_indices){169, 86, 87};
  return (state_indices){105, 54, 55};
}

static ol_status mismatch(ol_error *error, const char *part, const char *reason) {
  return ol_error_in(error, ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, reason), part, OL_NOWHERE);
}

static ol_status unproven(ol_error *error, const char *part, const char *reason) {
  return ol_error_in(error, ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, reason), part, OL_NOWHERE);
}

static bool supermajority(const ol_beacon_network *network, uint32_t participants) {
  return 3 * participants >= 2 * network->committee_size;
}

ol_status ol_light_store_init(ol_error *error, ol_light_store *out, const ol_beacon_network *network,
                              const ol_hash *checkpoint, const ol_light_bootstrap *bootstrap) {
  if (!ol_hash_equal(&bootstrap->header.root, checkpoint))
    return mismatch(error, "header", "block is not the checkpoint");
  if (!bootstrap->header.is_valid)
    return unproven(error, "header", "execution block is not that of the beacon block");
  ol_hash root;
  ol_committee_root(&root, network, bootstrap->committee);
  if (!ol_ssz_branch_is_valid(&root, bootstrap->committee_branch,
                              indices_at(network, bootstrap->header.beacon.slot).current_committee,
                              &bootstrap->header.beacon.state_root))
    return unproven(error, "current_sync_committee_branch", "sync committee is not in the state");
  memset(out, 0, sizeof *out);
  out->network = *network;
  out->finalized = out->optimistic = bootstrap->header;
  memcpy(out->current_committee, bootstrap->committee.data, bootstrap->committee.len);
  return OL_OK;
}

static ol_light_rank rank_of(const ol_light_update *update) {
  return (ol_light_rank){.attested = update->attested,
                         .finalized = update->finalized,
                         .signature_slot = update->signature_slot,
                         .participants = ol_light_participants(update->bits),
                         .has_finality = !ol_is_zero(update->finality_branch),
                         .has_next_committee = !ol_is_zero(update->next_committee_branch)};
}

/* --- validate_light_client_update --- */

static ol_status check_slots(ol_error *error, const ol_light_store *store, const ol_light_rank *rank,
                             uint64_t current_slot) {
  const ol_beacon_network *network = &store->network;
  uint64_t attested = rank->attested.beacon.slot, finalized = rank->finalized.beacon.slot;
  if (rank->signature_slot > current_slot) return mismatch(error, "signature_slot", "is in the future");
  if (rank->signature_slot <= attested)
    return mismatch(error, "signature_slot", "is not after the attested header");
  if (attested < finalized) return mismatch(error, "finalized_header", "is after the attested header");
  uint64_t store_period = ol_beacon_period(network, store->finalized.beacon.slot);
  uint64_t period = ol_beacon_period(network, rank->signature_slot);
  if (period != store_period && !(store->next_known && period == store_period + 1))
    return mismatch(error, "signature_slot", "is of a period whose sync committee is not known");
  bool brings_committee =
      !store->next_known && rank->has_next_committee && ol_beacon_period(network, attested) == store_period;
  if (attested <= store->finalized.beacon.slot && !brings_committee)
    return mismatch(error, "attested_header", "is not newer than what is finalized");
  return OL_OK;
}

static ol_status check_finality(ol_error *error, const ol_light_store *store, const ol_light_update *update,
                                const ol_light_rank *rank) {
  ol_hash root = {{0}};
  if (!rank->has_finality) {
    if (!rank->finalized.is_default) return unproven(error, "finalized_header", "has no branch");
    return OL_OK;
  }
  if (rank->finalized.beacon.slot == GENESIS_SLOT) { /* its root is zero in the state */
    if (!rank->finalized.is_default) return unproven(error, "finalized_header", "of slot 0 is not empty");
  } else {
    if (!rank->finalized.is_valid)
      return unproven(error, "finalized_header", "execution block is not that of the beacon block");
    root = rank->finalized.root;
  }
  if (!ol_ssz_branch_is_valid(&root, update->finality_branch,
                              indices_at(&store->network, rank->attested.beacon.slot).finalized_root,
                              &rank->attested.beacon.state_root))
    return unproven(error, "finality_branch", "finalized header is not in the attested state");
  return OL_OK;
}

static ol_status check_next_committee(ol_error *error, const ol_light_store *store,
                                      const ol_light_update *update, const ol_light_rank *rank) {
  const ol_beacon_network *network = &store->network;
  if (!rank->has_next_committee) {
    if (!ol_is_zero(update->next_committee)) return unproven(error, "next_sync_committee", "has no branch");
    return OL_OK;
  }
  uint64_t period = ol_beacon_period(network, rank->attested.beacon.slot);
  if (period == ol_beacon_period(network, store->finalized.beacon.slot) && store->next_known &&
      memcmp(update->next_committee.data, store->next_committee, update->next_committee.len) != 0)
    return mismatch(error, "next_sync_committee", "is not the one that is known");
  ol_hash root;
  ol_committee_root(&root, network, update->next_committee);
  if (!ol_ssz_branch_is_valid(&root, update->next_committee_branch,
                              indices_at(network, rank->attested.beacon.slot).next_committee,
                              &rank->attested.beacon.state_root))
    return unproven(error, "next_sync_committee_branch", "sync committee is not in the attested state");
  return OL_OK;
}

/* The committee that signs in the signature's period. */
static ol_slice signers(const ol_light_store *store, const ol_light_rank *rank) {
  const ol_beacon_network *network = &store->network;
  bool of_current = ol_beacon_period(network, rank->signature_slot) ==
                    ol_beacon_period(network, store->finalized.beacon.slot);
  return ol_slice_of(of_current ? store->current_committee : store->next_committee,
                     ol_committee_bytes(network));
}

/* All of validate_light_client_update but the signature. */
static ol_status validate(ol_error *error, const ol_light_store *store, const ol_light_update *update,
                          const ol_light_rank *rank, uint64_t current_slot) {
  if (rank->participants < MIN_SYNC_COMMITTEE_PARTICIPANTS)
    return mismatch(error, "sync_committee_bits", "nobody signed");
  if (!rank->attested.is_valid)
    return unproven(error, "attested_header", "execution block is not that of the beacon block");
  OL_TRY(check_slots(error, store, rank, current_slot));
  OL_TRY(check_finality(error, store, update, rank));
  return check_next_committee(error, store, update, rank);
}

static ol_status verify_one(ol_error *error, const ol_light_store *store, const ol_light_update *update,
                            const ol_light_rank *rank, ol_light_way way) {
  ol_light_claim claim;
  OL_TRY(ol_light_claim_make(error, &claim, &store->network, signers(store, rank), update, way));
  return ol_light_claims_verify(error, &claim, 1);
}

/* The signature, by the shorter way, and if that fails by the way of the specification. */
static ol_status verify_signature(ol_error *error, const ol_light_store *store, const ol_light_update *update,
                                  const ol_light_rank *rank) {
  ol_light_way way = ol_light_shorter_way(&store->network, update->bits);
  ol_status status = verify_one(error, store, update, rank, way);
  if (status != OL_OK && way == OL_LIGHT_BY_ABSENT)
    status = verify_one(error, store, update, rank, OL_LIGHT_BY_PRESENT);
  return status;
}

/* --- is_better_update --- */

static bool has_relevant_committee(const ol_beacon_network *network, const ol_light_rank *rank) {
  return rank->has_next_committee && ol_beacon_period(network, rank->attested.beacon.slot) ==
                                         ol_beacon_period(network, rank->signature_slot);
}

static bool has_committee_finality(const ol_beacon_network *network, const ol_light_rank *rank) {
  return ol_beacon_period(network, rank->finalized.beacon.slot) ==
         ol_beacon_period(network, rank->attested.beacon.slot);
}

bool ol_light_is_better(const ol_beacon_network *network, const ol_light_rank *a, const ol_light_rank *b) {
  bool a_super = supermajority(network, a->participants), b_super = supermajority(network, b->participants);
  if (a_super != b_super) return a_super;
  if (!a_super && a->participants != b->participants) return a->participants > b->participants;
  bool a_relevant = has_relevant_committee(network, a), b_relevant = has_relevant_committee(network, b);
  if (a_relevant != b_relevant) return a_relevant;
  if (a->has_finality != b->has_finality) return a->has_finality;
  if (a->has_finality) {
    bool a_committee = has_committee_finality(network, a), b_committee = has_committee_finality(network, b);
    if (a_committee != b_committee) return a_committee;
  }
  if (a->participants != b->participants) return a->participants > b->participants;
  if (a->attested.beacon.slot != b->attested.beacon.slot)
    return a->attested.beacon.slot < b->attested.beacon.slot;
  return a->signature_slot < b->signature_slot;
}

/* --- apply_light_client_update, process_light_client_update --- */

/* In: the update's next committee, or NULL where it has none: then it is empty, as its default is. */
static void apply(ol_light_store *store, const ol_light_header *finalized, const uint8_t *next_committee) {
  const ol_beacon_network *network = &store->network;
  size_t size = ol_committee_bytes(network);
  uint64_t store_period = ol_beacon_period(network, store->finalized.beacon.slot);
  uint64_t period = ol_beacon_period(network, finalized->beacon.slot);
  bool turns = store->next_known && period == store_period + 1;
  /* validate_light_client_update lets nothing of another period by while the next committee is not known. */
  OL_ASSERT(store->next_known || period == store_period);
  if (turns) {
    memcpy(store->current_committee, store->next_committee, size);
    store->previous_max_participants = store->current_max_participants;
    store->current_max_participants = 0;
  }
  if (turns || !store->next_known) {
    store->next_known = next_committee != NULL;
    if (next_committee != NULL)
      memcpy(store->next_committee, next_committee, size);
    else
      memset(store->next_committee, 0, size);
  }
  if (finalized->beacon.slot > store->finalized.beacon.slot) {
    store->finalized = *finalized;
    store->forced = false;
    if (finalized->beacon.slot > store->optimistic.beacon.slot) store->optimistic = *finalized;
  }
}

/* What a valid update does to the store. */
static void process_valid(ol_light_store *store, const ol_light_update *update, const ol_light_rank *rank) {
  const ol_beacon_network *network = &store->network;
  bool finalizes_committee = !store->next_known && rank->has_next_committee && rank->has_finality &&
                             has_committee_finality(network, rank);
  bool applies = supermajority(network, rank->participants) &&
                 (rank->finalized.beacon.slot > store->finalized.beacon.slot || finalizes_committee);

  if (!store->has_best || ol_light_is_better(network, rank, &store->best)) {
    store->has_best = true;
    store->best = *rank;
    if (rank->has_next_committee)
      memcpy(store->best_next_committee, update->next_committee.data, update->next_committee.len);
  }
  if (rank->participants > store->current_max_participants)
    store->current_max_participants = rank->participants;
  uint64_t most = store->previous_max_participants > store->current_max_participants
                      ? store->previous_max_participants
                      : store->current_max_participants;
  if (rank->participants > most / 2 && rank->attested.beacon.slot > store->optimistic.beacon.slot)
    store->optimistic = rank->attested;
  if (applies) {
    apply(store, &rank->finalized, rank->has_next_committee ? update->next_committee.data : NULL);
    store->has_best = false;
  }
}

ol_status ol_light_store_process(ol_error *error, ol_light_store *store, const ol_light_update *update,
                                 uint64_t current_slot) {
  ol_light_rank rank = rank_of(update);
  OL_TRY(validate(error, store, update, &rank, current_slot));
  OL_TRY(verify_signature(error, store, update, &rank));
  process_valid(store, update, &rank);
  return OL_OK;
}

ol_status ol_light_store_process_all(ol_error *error, ol_light_store *store, size_t *out_count,
                                     const ol_light_update *updates, size_t count, uint64_t current_slot,
                                     ol_light_store *copy) {
  OL_ASSERT(count <= OL_LIGHT_BATCH);
  ol_light_claim claims[OL_LIGHT_BATCH];
  size_t done = 0;
  ol_status status = OL_OK;
  ol_error ignored; /* whichever update is at fault is found and named below */
  bool signed_well = true;
  *copy = *store;
  for (; done < count; done++) {
    const ol_light_update *update = &updates[done];
    ol_light_rank rank = rank_of(update);
    status = validate(error, store, update, &rank, current_slot);
    if (status != OL_OK) break;
    signed_well = ol_light_claim_make(&ignored, &claims[done], &store->network, signers(store, &rank), update,
                                      ol_light_shorter_way(&store->network, update->bits)) == OL_OK;
    if (!signed_well) break;
    process_valid(store, update, &rank);
  }
  if (signed_well && (done == 0 || ol_light_claims_verify(&ignored, claims, done) == OL_OK)) {
    *out_count = done;
    return status;
  }
  *store = *copy;
  for (done = 0; done < count; done++) {
    status = ol_light_store_process(error, store, &updates[done], current_slot);
    if (status != OL_OK) break;
  }
  *out_count = done;
  return status;
}

bool ol_light_store_force(ol_light_store *store, uint64_t current_slot) {
  if (!store->has_best ||
      current_slot <= store->finalized.beacon.slot + ol_light_update_timeout(&store->network))
    return false;
  const ol_light_header *finalized = &store->best.finalized;
  if (finalized->beacon.slot <= store->finalized.beacon.slot) finalized = &store->best.attested;
  ol_light_header taken = *finalized;
  apply(store, &taken, store->best.has_next_committee ? store->best_next_committee : NULL);
  store->has_best = false;
  store->forced = true;
  return true;
}

bool ol_light_store_force_signed(ol_light_store *store, uint64_t current_slot) {
  return store->has_best && supermajority(&store->network, store->best.participants) &&
         ol_light_store_force(store, current_slot);
}
