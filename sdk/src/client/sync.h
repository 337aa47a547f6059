/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_SYNC_H
#define OL_CLIENT_SYNC_H

#include "client/beacon_answer.h"
#include "consensus/store.h"
#include "engine/engine.h"
#include "openledger/sync.h"

/* Updates that are asked for at once: of two weeks, which is as old as a checkpoint may be. */
#define OL_SYNC_RANGE 14u
_Static_assert(OL_SYNC_RANGE <= OL_LIGHT_BATCH, "one answer is one batch");

/* An L1 block's header in JSON, with the hashes of its transactions, is no longer than this. */
#define OL_SYNC_HEADER_JSON (256u << 10)

/* Where objects lie that were decoded from JSON; the rest of the scratch memory is then for parsing. */
#define OL_SYNC_KEEP ((size_t)OL_SYNC_RANGE * OL_OBJECT_SSZ)

#define OL_SYNC_SCRATCH OL_ANSWER_PARSING(OL_SYNC_HEADER_JSON)
_Static_assert(OL_SYNC_KEEP + OL_ANSWER_PARSING(OL_OBJECT_JSON) <= OL_SYNC_SCRATCH, "objects fit as well");

/* What a want is for; the item of one for updates is the first period. */
typedef enum ol_sync_want {
  OL_SYNC_BOOTSTRAP,
  OL_SYNC_UPDATES,
  OL_SYNC_FINALITY,
  OL_SYNC_OPTIMISTIC,
  OL_SYNC_FINALIZED_HEADER, /* from here on of L1 */
  OL_SYNC_OPTIMISTIC_HEADER,
  OL_SYNC_WANTS
} ol_sync_want;

typedef struct ol_sync_endpoint {
  uint8_t tries[OL_SYNC_WANTS];
  bool barred; /* it sent something wrong in this run */
  bool gave_a_head;
} ol_sync_endpoint;

/*
 * Heads that come before the store can judge them: of one endpoint, which is asked at once. What they claim is not
 * believed; but the headers of the blocks that they name are fetched meanwhile.
 */
#define OL_SYNC_EARLY 2                 /* that of finality, and the optimistic one */
#define OL_SYNC_EARLY_BYTES (16u << 10) /* of an answer; a longer one is asked for again */

typedef struct ol_sync_early {
  ol_engine_want want; /* which it answers */
  uint32_t len;
  uint8_t answer[OL_SYNC_EARLY_BYTES];
} ol_sync_early;

/* What a header tells of an execution block. */
typedef struct ol_sync_block {
  bool known;
  ol_hash hash;
  ol_hash state_root;
  uint64_t number;
  uint64_t timestamp;
} ol_sync_block;

enum { OL_SYNC_FINALIZED, OL_SYNC_NEWEST, OL_SYNC_BLOCKS };

struct ol_sync {
  ol_engine engine; /* the first member: an engine of a sync is the sync */
  ol_sync_servers servers;
  ol_beacon_network network;
  ol_hash checkpoint; /* zero if none was given, until a saved state tells its own */
  bool insist;
  bool has_store;
  bool asked_early;
  bool asked_heads;
  uint64_t first_period;
  uint32_t verified;
  uint32_t participants;
  uint32_t preferred; /* the beacon endpoint that is asked first: the last one that was good */
  ol_sync_endpoint beacon[OL_MAX_ENDPOINTS];
  ol_sync_endpoint l1[OL_MAX_ENDPOINTS];
  ol_error worst; /* of all that was refused: what a failure will report */
  ol_sync_block blocks[OL_SYNC_BLOCKS];
  ol_hash guesses[OL_SYNC_BLOCKS]; /* blocks that early heads name; zero for none */
  ol_hash asked[OL_SYNC_BLOCKS];   /* blocks whose header L1 was asked for last */
  uint32_t early_count;
  ol_sync_early early[OL_SYNC_EARLY];
  ol_light_store store;
  ol_light_store copy; /* for a batch that fails */
  ol_light_update updates[OL_SYNC_RANGE];
  _Alignas(16) uint8_t scratch[OL_SYNC_SCRATCH]; /* requests, and answers while they are read */
};

/* The functions that a sync gives to the engine. */
extern const ol_engine_user ol_sync_user;

/* Returns: the current slot by the engine's clock. */
uint64_t ol_sync_slot(const ol_sync *sync) OL_NONNULL;

/* Returns: the first period of which the store lacks an update: what it says is the committee after. */
uint64_t ol_sync_needed_period(const ol_light_store *store) OL_NONNULL;

/* Checks the age of what is trusted (weak subjectivity). Returns: OL_ERR_STALE. */
OL_CHECKED ol_status ol_sync_check_age(ol_error *error, const ol_beacon_network *network, uint64_t slot,
                                       uint64_t now_ms) OL_NONNULL;

/* Out: what a store says of the chain; no headers, no counts. */
void ol_sync_status_fill(ol_sync_status *out, const ol_light_store *store) OL_NONNULL;

#endif
