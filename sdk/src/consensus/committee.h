/* SPDX-License-Identifier: MIT */
#ifndef OL_CONSENSUS_COMMITTEE_H
#define OL_CONSENSUS_COMMITTEE_H

#include "consensus/types.h"
#include "crypto/bls.h"

/* A sync aggregate's claim: the participants' key, what they signed, and the signature. */
typedef struct ol_light_claim {
  ol_bls_pubkey key;
  ol_hash signing_root;
  ol_bls_signature signature;
} ol_light_claim;

/* Returns: how many bits are set. */
uint32_t ol_light_participants(ol_slice bits);

/* How the participants' key is found: the sum of their keys, or the committee's aggregate less the absent. */
typedef enum ol_light_way { OL_LIGHT_BY_PRESENT, OL_LIGHT_BY_ABSENT } ol_light_way;

/* Returns: the way that takes fewer keys. */
ol_light_way ol_light_shorter_way(const ol_beacon_network *network, ol_slice bits) OL_NONNULL;

/*
 * Makes the claim of an update's sync aggregate by a committee. Keys are decompressed only when they are needed,
 * and every key that is used, and the signature, is checked to be in its subgroup.
 *
 * The two ways agree where the aggregate is the sum of the keys, as it is in every state that the protocol makes.
 * The specification never reads the aggregate, so what fails by the absent is to be tried by the present.
 */
OL_CHECKED ol_status ol_light_claim_make(ol_error *error, ol_light_claim *out,
                                         const ol_beacon_network *network, ol_slice committee,
                                         const ol_light_update *update, ol_light_way way) OL_NONNULL;

/* Verifies claims with one pairing check. Returns: OL_ERR_CRYPTO when any is wrong. */
OL_CHECKED ol_status ol_light_claims_verify(ol_error *error, const ol_light_claim *claims,
                                            size_t count) OL_NONNULL;

#endif
