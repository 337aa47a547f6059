/* SPDX-License-Identifier: MIT */
#ifndef OL_CONSENSUS_STORE_H
#define OL_CONSENSUS_STORE_H

/*
 * The light client's store and what changes it (consensus-specs, altair/light-client/sync-protocol.md, as later
 * forks modify it). Pure functions: a store is plain data, so a copy of it is a snapshot.
 */

#include "consensus/types.h"

/* An update without its committee, branches and signature: what rules compare. */
typedef struct ol_light_rank {
  ol_light_header attested;
  ol_light_header finalized;
  uint64_t signature_slot;
  uint32_t participants;
  bool has_finality;       /* is_finality_update */
  bool has_next_committee; /* is_sync_committee_update */
} ol_light_rank;

/* LightClientStore */
typedef struct ol_light_store {
  ol_beacon_network network;
  ol_light_header finalized;
  ol_light_header optimistic;
  uint64_t previous_max_participants;
  uint64_t current_max_participants;
  bool next_known; /* is_next_sync_committee_known */
  bool forced;     /* `finalized` was taken by force: it is signed, but not known to be final */
  bool has_best;
  ol_light_rank best; /* best_valid_update */
  uint8_t current_committee[OL_COMMITTEE_BYTES];
  uint8_t next_committee[OL_COMMITTEE_BYTES];
  uint8_t best_next_committee[OL_COMMITTEE_BYTES];
} ol_light_store;

/*
 * initialize_light_client_store, for a checkpoint: the root of a block that is trusted.
 * Returns: OL_ERR_ENCODING, OL_ERR_MISMATCH for the bootstrap of another block, OL_ERR_PROOF.
 */
OL_CHECKED ol_status ol_light_store_init(ol_error *error, ol_light_store *out,
                                         const ol_beacon_network *network, const ol_hash *checkpoint,
                                         const ol_light_bootstrap *bootstrap) OL_NONNULL;

/*
 * process_light_client_update, and by the kind that the update was decoded as, process_..._finality_update and
 * process_..._optimistic_update. In: the current slot by the local clock.
 * Returns: OL_ERR_MISMATCH or OL_ERR_PROOF with the rule that is broken; the store is then as it was.
 */
OL_CHECKED ol_status ol_light_store_process(ol_error *error, ol_light_store *store,
                                            const ol_light_update *update, uint64_t current_slot) OL_NONNULL;

/* Updates that are processed together at most. */
#define OL_LIGHT_BATCH 32

/*
 * Processes updates in their order, with one pairing check for all of their signatures; should that fail, one by
 * one. Out: how many were processed. In: at most OL_LIGHT_BATCH updates; memory for a copy of the store.
 * Returns: why the next one was refused; the store is then as those before it left it.
 */
OL_CHECKED ol_status ol_light_store_process_all(ol_error *error, ol_light_store *store, size_t *out_count,
                                                const ol_light_update *updates, size_t count,
                                                uint64_t current_slot, ol_light_store *copy)
    OL_NONNULL_ARGS(1, 2, 3, 7);

/*
 * process_light_client_store_force_update: after UPDATE_TIMEOUT without finality the best update is taken.
 * Returns: whether it was.
 */
bool ol_light_store_force(ol_light_store *store, uint64_t current_slot) OL_NONNULL;

/*
 * The same, if two thirds of the committee signed that update. The specification takes one that a single member
 * signed, so that whoever has one key, and keeps better updates back, could lead a client astray.
 */
bool ol_light_store_force_signed(ol_light_store *store, uint64_t current_slot) OL_NONNULL;

/* UPDATE_TIMEOUT, in slots. */
static inline uint64_t ol_light_update_timeout(const ol_beacon_network *network) {
  return (uint64_t)network->slots_per_epoch * network->epochs_per_period;
}

/* Returns: whether the first update is better than the second (is_better_update). */
bool ol_light_is_better(const ol_beacon_network *network, const ol_light_rank *a,
                        const ol_light_rank *b) OL_NONNULL;

#endif
