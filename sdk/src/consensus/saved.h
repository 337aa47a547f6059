/* SPDX-License-Identifier: MIT */
#ifndef OL_CONSENSUS_SAVED_H
#define OL_CONSENSUS_SAVED_H

/*
 * A store as bytes to be kept: what is finalized and the committee of its period, so that a client resumes without
 * a bootstrap. The next committee is asked for again. The checksum tells damage, not forgery: whoever can write
 * where it is kept can write what they like.
 *
 *   bytes          what
 *   8              "OLSYNC", and the version of the form as a big-endian number, 1
 *   32             genesis_validators_root of the network
 *   32             the checkpoint that it all began with
 *   112            the finalized block's header in SSZ
 *   32, 32, 32     its execution block's hash; get_lc_execution_root; state root, zero if not known
 *   8, 8, 8        previous_max_participants, current_max_participants, forced (0 or 1), big-endian
 *   513 * 48       current_sync_committee in SSZ; 33 * 48 in the minimal preset
 *   32             SHA-256 of all before
 */

#include "consensus/store.h"

#define OL_SAVED_HEAD (8 + 2 * 32 + OL_BEACON_HEADER_BYTES + 3 * 32 + 3 * 8)
#define OL_SAVED_BYTES (OL_SAVED_HEAD + OL_COMMITTEE_BYTES + 32) /* at most */

/* Out: at most OL_SAVED_BYTES. Returns: how many. */
size_t ol_light_store_save(uint8_t out[OL_SAVED_BYTES], const ol_light_store *store,
                           const ol_hash *checkpoint) OL_NONNULL;

/*
 * Out: a store to go on with, and the checkpoint that it began with.
 * Returns: OL_ERR_ENCODING for bytes that are damaged or of another form, OL_ERR_MISMATCH for another network's.
 */
OL_CHECKED ol_status ol_light_store_restore(ol_error *error, ol_light_store *out, ol_hash *out_checkpoint,
                                            const ol_beacon_network *network, ol_slice saved) OL_NONNULL;

#endif
