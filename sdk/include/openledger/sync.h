/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_SYNC_H
#define OPENLEDGER_SYNC_H

/*
 * Ethereum's consensus, followed from a checkpoint by its sync committees (consensus-specs, light client): what
 * a finalized block of L1 is, without believing who says so.
 */

#include "openledger/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What to start from. */
typedef struct ol_sync_config {
  ol_slice network; /* "mainnet", "sepolia" or "hoodi"; or its configuration in JSON */
  ol_hash
      checkpoint;  /* the root of a beacon block that is trusted: finalized, and recent; see ol_sync_init */
  uint64_t now_ms; /* Unix time in ms; an engine is told the time apart */
  uint32_t insist; /* 1 to accept a checkpoint that is older than the weak subjectivity period */
} ol_sync_config;

/* What a beacon node answered, as the Beacon API has it in JSON or SSZ. All but the bootstrap may be empty. */
typedef struct ol_sync_texts {
  ol_slice bootstrap;  /* light_client/bootstrap/{block_root} */
  ol_slice updates;    /* light_client/updates: of the periods from the bootstrap's on, in their order */
  ol_slice finality;   /* light_client/finality_update */
  ol_slice optimistic; /* light_client/optimistic_update */
} ol_sync_texts;

/* A beacon block, and the execution block that it commits to. */
typedef struct ol_beacon_head {
  uint64_t slot;
  uint64_t time; /* of the slot, in Unix seconds */
  ol_hash root;
  ol_hash block_hash;    /* from Gloas on that of the parent's payload; zero before Capella */
  ol_hash state_root;    /* of the execution block; zero from Gloas on, as long as its header is not known */
  uint64_t block_number; /* 0 as long as its header is not known */
  uint64_t block_time;   /* of the execution block in Unix seconds; the same */
  uint32_t has_header;   /* 1 if the execution block's header was fetched, and hashes to block_hash */
} ol_beacon_head;

typedef struct ol_sync_status {
  ol_beacon_head finalized;
  ol_beacon_head optimistic; /* signed by enough of the committee, not final yet */
  uint64_t period;           /* the sync committee period of what is finalized */
  uint32_t forced;  /* 1 if `finalized` is signed by two thirds but not final: its period had no finality */
  uint32_t updates; /* how many were verified in this run */
  uint32_t participants; /* members of the committee who signed the last of them; 0 if there was none */
  uint32_t committee_size;
} ol_sync_status;

/*
 * Verifies answers of a beacon node, without a client: each update's branches, and its committee's signature.
 *
 * In: a network's configuration has the names of the Beacon API's config/spec and beacon/genesis, in one
 * object. Memory is for parsing and for the store: ol_sync_verify_memory bytes, aligned to 16.
 * Returns: OL_ERR_STALE for a checkpoint that is too old, else what is wrong with the first answer that is not
 * right; the error's part names it, and its item which of the updates it is.
 */
OL_API OL_CHECKED ol_status ol_sync_verify_text(ol_error *error, ol_sync_status *out,
                                                const ol_sync_config *config, const ol_sync_texts *texts,
                                                void *memory, size_t len) OL_NONNULL;

/* Returns: bytes of memory that ol_sync_verify_text needs at most, for the longest of its texts. */
OL_API size_t ol_sync_verify_memory(size_t longest_len);

/*
 * A client of beacon nodes. It follows the chain to the present whenever it is told to, each time through its
 * engine from ol_engine_begin on:
 *
 *   bootstrap   of the checkpoint, unless a saved state is gone on from
 *   updates     of each period since, until the present committee is known
 *   heads       every node is asked for its finality and optimistic update; what is newest and right counts
 *   headers     of the two execution blocks, from L1 nodes if there are any
 *
 * A node that sends something wrong is blamed and not asked again in that run; another one is.
 */
typedef struct ol_sync ol_sync;

/* Whom to ask. */
typedef struct ol_sync_servers {
  uint32_t beacon;     /* OL_SOURCE_BEACON endpoints, 1 to OL_MAX_ENDPOINTS */
  uint32_t l1;         /* OL_SOURCE_L1 endpoints, 0 to OL_MAX_ENDPOINTS */
  uint32_t timeout_ms; /* for one request, at least 100 */
} ol_sync_servers;

/* Sync committee periods: where a run began, where it is, and where it will have arrived. */
typedef struct ol_sync_progress {
  uint64_t first;
  uint64_t now;
  uint64_t last;
} ol_sync_progress;

/* Returns: bytes of memory for a sync, aligned to 16. */
OL_API size_t ol_sync_size(void);

/*
 * Makes a sync in `memory`, which must stay in place while it is used. In: a checkpoint of zero is none; then
 * only a saved state can be gone on from. Returns: OL_ERR_ARGUMENT, OL_ERR_MEMORY, OL_ERR_ENCODING.
 */
OL_API OL_CHECKED ol_status ol_sync_init(ol_error *error, ol_sync **out, const ol_sync_config *config,
                                         const ol_sync_servers *servers, void *memory, size_t len) OL_NONNULL;

/* Returns: the sync's engine. */
OL_API ol_engine *ol_sync_engine(ol_sync *sync) OL_NONNULL;

/*
 * Goes on from a saved state, without a bootstrap. Nothing in it is proven: keep it as a checkpoint is kept.
 * Returns: OL_ERR_ENCODING when it is damaged; OL_ERR_MISMATCH when it is another network's, or began with another
 * checkpoint than the one that was given; OL_ERR_ARGUMENT while a run goes on. The sync is then as it was.
 */
OL_API OL_CHECKED ol_status ol_sync_resume(ol_error *error, ol_sync *sync, ol_slice saved) OL_NONNULL;

/* Bytes of a saved state, at most. */
#define OL_SYNC_SAVED 25000

/*
 * Saves the state: what is finalized, and its committee. Out: bytes; their number.
 * Returns: OL_ERR_ARGUMENT as long as there is none.
 */
OL_API OL_CHECKED ol_status ol_sync_save(ol_error *error, uint8_t out[OL_SYNC_SAVED], size_t *out_len,
                                         const ol_sync *sync) OL_NONNULL;

/* Bytes of a network's label with its terminating zero, at most. */
#define OL_SYNC_LABEL 48

/*
 * Writes what tells the sync's network from others, to name by it what is kept: its name, the first 16 digits of
 * genesis_validators_root and GENESIS_FORK_VERSION, e.g. "mainnet-4b363db94e286120-00000000"; "custom" for a
 * network that is configured.
 */
OL_API void ol_sync_label(char out[OL_SYNC_LABEL], const ol_sync *sync) OL_NONNULL;

/*
 * Makes ready for a run to the present; one that goes on is abandoned, with what it has verified so far kept.
 * Returns: OL_ERR_ARGUMENT when there is neither a checkpoint nor a state.
 */
OL_API OL_CHECKED ol_status ol_sync_start(ol_error *error, ol_sync *sync) OL_NONNULL;

/*
 * Out: how far the chain is verified, also after a run that failed half-way.
 * Returns: OL_ERR_ARGUMENT as long as there is not even a bootstrap.
 */
OL_API OL_CHECKED ol_status ol_sync_status_of(ol_error *error, ol_sync_status *out,
                                              const ol_sync *sync) OL_NONNULL;

/* Out: how far the run is; zeros before the bootstrap. */
OL_API void ol_sync_progress_of(ol_sync_progress *out, const ol_sync *sync) OL_NONNULL;

/*
 * Returns: how many ms from `now_ms` on to wait until there can be a newer head: it is signed in the slot after its
 * own, and told from a third of that slot on.
 */
OL_API uint64_t ol_sync_due_ms(const ol_sync *sync, uint64_t now_ms) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
