/* SPDX-License-Identifier: MIT */
#ifndef OL_CONSENSUS_TYPES_H
#define OL_CONSENSUS_TYPES_H

/*
 * The light client's objects (consensus-specs, specs/FORK/light-client/sync-protocol.md, "Containers"), decoded.
 *
 * Objects of each fork have a form of their own, but one meaning: whatever the form, a header here is the beacon
 * block header and the hash of the execution block that it commits to, as Gloas has it. The way from there to
 * state is the same for all: block hash -> header RLP -> keccak equal -> state root.
 */

#include "consensus/network.h"

/* BeaconBlockHeader (phase0, beacon-chain.md). */
typedef struct ol_beacon_header {
  uint64_t slot;
  uint64_t proposer_index;
  ol_hash parent_root;
  ol_hash state_root;
  ol_hash body_root;
} ol_beacon_header;

typedef struct ol_light_header {
  ol_beacon_header beacon;
  ol_hash root;           /* hash_tree_root(beacon) */
  ol_hash block_hash;     /* zero before Capella */
  ol_hash execution_root; /* get_lc_execution_root: of the payload header, from Gloas on the block hash */
  ol_hash state_root;     /* of the execution block; zero where only its hash is known */
  bool is_default;        /* every field has its default value: there is no header */
  bool is_valid;          /* is_valid_light_client_header */
} ol_light_header;

/* The size of a sync committee in SSZ: its keys, and their aggregate. */
#define OL_BLS_KEY 48
#define OL_COMMITTEE_KEYS 512
#define OL_COMMITTEE_BYTES ((OL_COMMITTEE_KEYS + 1) * OL_BLS_KEY)

typedef enum ol_light_kind {
  OL_LIGHT_BOOTSTRAP,
  OL_LIGHT_UPDATE,
  OL_LIGHT_FINALITY_UPDATE,
  OL_LIGHT_OPTIMISTIC_UPDATE,
  OL_LIGHT_KINDS
} ol_light_kind;

/* A bootstrap. The slices lie in what it was decoded from. */
typedef struct ol_light_bootstrap {
  ol_light_header header;
  ol_slice committee;
  ol_slice committee_branch;
} ol_light_bootstrap;

/* An update of any kind; what a kind does not have is empty. */
typedef struct ol_light_update {
  ol_light_header attested;
  ol_light_header finalized;
  ol_slice finality_branch;
  ol_slice next_committee;
  ol_slice next_committee_branch;
  ol_slice bits; /* of the participants */
  ol_slice signature;
  uint64_t signature_slot;
} ol_light_update;

/*
 * Decodes an object from SSZ, or from JSON as the Beacon API has it (its "data"). The form is that of the fork at
 * the object's own slot: that of its header, or of its attested header.
 * Returns: OL_ERR_ENCODING with the byte at fault.
 */
OL_CHECKED ol_status ol_light_bootstrap_decode(ol_error *error, ol_light_bootstrap *out,
                                               const ol_beacon_network *network, ol_slice ssz) OL_NONNULL;
OL_CHECKED ol_status ol_light_update_decode(ol_error *error, ol_light_update *out, ol_light_kind kind,
                                            const ol_beacon_network *network, ol_slice ssz) OL_NONNULL;

/* Encodes an object from JSON as SSZ. Out: bytes in the arena. */
OL_CHECKED ol_status ol_light_from_json(ol_error *error, ol_slice *out, ol_arena *arena, ol_light_kind kind,
                                        const ol_beacon_network *network, ol_json data)
    OL_NONNULL_ARGS(1, 2, 3, 5);

/* A block header in SSZ. Out, decoding: the header and its hash_tree_root. */
#define OL_BEACON_HEADER_BYTES 112
void ol_beacon_header_encode(uint8_t out[OL_BEACON_HEADER_BYTES], const ol_beacon_header *header) OL_NONNULL;
void ol_beacon_header_decode(ol_beacon_header *out, ol_hash *out_root,
                             const uint8_t ssz[OL_BEACON_HEADER_BYTES]) OL_NONNULL;

/* Out: hash_tree_root of a sync committee. */
void ol_committee_root(ol_hash *out, const ol_beacon_network *network, ol_slice committee) OL_NONNULL;

static inline size_t ol_committee_bytes(const ol_beacon_network *network) {
  return ((size_t)network->committee_size + 1) * OL_BLS_KEY;
}

#endif
