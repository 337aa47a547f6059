/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_SYNC_H
#define OPENLEDGER_SYNC_H

/*
 * Ethereum's consensus, followed from a checkpoint by its sync committees (consensus-specs, light client): what
 * a finalized block of L1 is, without believing who says so.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What to start from. */
typedef struct ol_sync_config {
  ol_slice network;   /* "mainnet", "sepolia" or "hoodi"; or its configuration in JSON */
  ol_hash checkpoint; /* the root of a beacon block that is trusted: finalized, and recent */
  uint64_t now_ms;    /* Unix time in ms */
  uint32_t insist;    /* 1 to accept a checkpoint that is older than the weak subjectivity period */
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
  ol_hash root;
  ol_hash block_hash; /* from Gloas on that of the parent's payload; zero before Capella */
  ol_hash state_root; /* of the execution block; zero from Gloas on, which tells its hash alone */
} ol_beacon_head;

typedef struct ol_sync_status {
  ol_beacon_head finalized;
  ol_beacon_head optimistic; /* signed by enough of the committee, not final yet */
  uint64_t period;           /* the sync committee period of what is finalized */
  uint32_t updates;          /* how many were verified */
  uint32_t participants;     /* members of the committee who signed the last of them; 0 if there was none */
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

#ifdef __cplusplus
}
#endif

#endif
