/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_STAKING_H
#define OPENLEDGER_STAKING_H

/*
 * OpenLedger's staking contract and its distribution of rewards by signatures, as calls to be put into transactions. The
 * contract takes its token from the sender, who must have approved it; which token, and what is allowed, its
 * configurations say.
 *
 * All: Out: the call, with its data in `memory`. In: memory for the data, 1 KiB. Returns: OL_ERR_ARGUMENT with the
 * argument's name, OL_ERR_CRYPTO for a signature of high s, OL_ERR_MEMORY.
 */

#include "openledger/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* In: the number of a configuration; who gets the stake; how much of its token. */
OL_API OL_CHECKED ol_status ol_stake_call(ol_error *error, ol_call *out, const ol_address *staking,
                                          const ol_u256 *config_id, const ol_address *on_behalf_of,
                                          const ol_u256 *amount, void *memory, size_t len) OL_NONNULL;

/* Writes topUpStake, by which the stake is locked anew. */
OL_API OL_CHECKED ol_status ol_stake_top_up_call(ol_error *error, ol_call *out, const ol_address *staking,
                                                 const ol_u256 *stake_id, const ol_u256 *amount, void *memory,
                                                 size_t len) OL_NONNULL;

/* Writes commitStake. In: what a configuration's manager has signed: r || s || v of Stake, 65 bytes. */
OL_API OL_CHECKED ol_status ol_stake_commit_call(ol_error *error, ol_call *out, const ol_address *staking,
                                                 ol_slice permit, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 5);

/* Writes requestUnstake. */
OL_API OL_CHECKED ol_status ol_unstake_request_call(ol_error *error, ol_call *out, const ol_address *staking,
                                                    const ol_u256 *stake_id, void *memory,
                                                    size_t len) OL_NONNULL;

/* What a manager has signed for a private stake, but for its recipient: the sender. */
typedef struct ol_stake_commitment {
  ol_u256 stake_id; /* of commitStake */
  ol_u256 config_id;
  ol_u256 start_time; /* Unix seconds */
  ol_u256 nonce;
  ol_u256 amount;
} ol_stake_commitment;

/* Writes requestUnstakeWithCommitment. */
OL_API OL_CHECKED ol_status ol_unstake_request_committed_call(ol_error *error, ol_call *out,
                                                              const ol_address *staking,
                                                              const ol_stake_commitment *commitment,
                                                              void *memory, size_t len) OL_NONNULL;

/* Writes unstake, which pays what was requested and has cooled down. */
OL_API OL_CHECKED ol_status ol_unstake_call(ol_error *error, ol_call *out, const ol_address *staking,
                                            const ol_u256 *stake_id, void *memory, size_t len) OL_NONNULL;

/*
 * Writes claim of a SigDispersal. In: the signature of the distributor over receiver, amount and batch; the fee of the
 * batch in wei, which the call pays exactly.
 */
OL_API OL_CHECKED ol_status ol_reward_claim_call(ol_error *error, ol_call *out, const ol_address *dispersal,
                                                 ol_slice signature, const ol_hash *batch,
                                                 const ol_u256 *amount, const ol_address *on_behalf_of,
                                                 const ol_u256 *fee, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 5, 6, 7, 8, 9);

#ifdef __cplusplus
}
#endif

#endif
