/* SPDX-License-Identifier: MIT */
#include "openledger/staking.h"

#include "ledger/args.h"

#include "base/poison.h"

/* Selectors: keccak-256 of the signatures in the comments (ledger/known.c has the names of their arguments). */
#define STAKE 0x6e9c931cu   /* stake(uint256,address,uint256) */
#define TOP_UP 0x08c3c4d5u  /* topUpStake(uint256,uint256) */
#define COMMIT 0xd2406a4fu  /* commitStake(bytes) */
#define REQUEST 0x23095721u /* requestUnstake(uint256) */
#define REQUEST_COMMITTED                                                                                    \
  0x50027f84u               /* requestUnstakeWithCommitment(uint256,uint256,uint256,uint256,uint256) */
#define UNSTAKE 0x2e17de78u /* unstake(uint256) */
#define CLAIM 0x12f908adu   /* claim(bytes,bytes32,uint256,address) */

ol_status ol_stake_call(ol_error *error, ol_call *out, const ol_address *staking, const ol_u256 *config_id,
                        const ol_address *on_behalf_of, const ol_u256 *amount, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_WORD, "configuration", config_id, 0},
                         {OL_ARG_ADDRESS, "on behalf of", on_behalf_of, 0},
                         {OL_ARG_AMOUNT, "amount", amount, 0}};
  return ol_args_call(error, out, staking, &ol_nothing, STAKE, OL_ARGS(args), memory, len);
}

ol_status ol_stake_top_up_call(ol_error *error, ol_call *out, const ol_address *staking,
                               const ol_u256 *stake_id, const ol_u256 *amount, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_WORD, "stake", stake_id, 0}, {OL_ARG_AMOUNT, "amount", amount, 0}};
  return ol_args_call(error, out, staking, &ol_nothing, TOP_UP, OL_ARGS(args), memory, len);
}

ol_status ol_stake_commit_call(ol_error *error, ol_call *out, const ol_address *staking, ol_slice permit,
                               void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_RSV, "permit", &permit, 0}};
  return ol_args_call(error, out, staking, &ol_nothing, COMMIT, OL_ARGS(args), memory, len);
}

/* requestUnstake and unstake. */
static ol_status write_of_stake(ol_error *error, ol_call *out, const ol_address *staking, uint32_t selector,
                                const ol_u256 *stake_id, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_WORD, "stake", stake_id, 0}};
  return ol_args_call(error, out, staking, &ol_nothing, selector, OL_ARGS(args), memory, len);
}

ol_status ol_unstake_request_call(ol_error *error, ol_call *out, const ol_address *staking,
                                  const ol_u256 *stake_id, void *memory, size_t len) {
  return write_of_stake(error, out, staking, REQUEST, stake_id, memory, len);
}

ol_status ol_unstake_request_committed_call(ol_error *error, ol_call *out, const ol_address *staking,
                                            const ol_stake_commitment *commitment, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_WORD, "stake", &commitment->stake_id, 0},
                         {OL_ARG_WORD, "configuration", &commitment->config_id, 0},
                         {OL_ARG_AMOUNT, "start time", &commitment->start_time, 0},
                         {OL_ARG_WORD, "nonce", &commitment->nonce, 0},
                         {OL_ARG_AMOUNT, "amount", &commitment->amount, 0}};
  return ol_args_call(error, out, staking, &ol_nothing, REQUEST_COMMITTED, OL_ARGS(args), memory, len);
}

ol_status ol_unstake_call(ol_error *error, ol_call *out, const ol_address *staking, const ol_u256 *stake_id,
                          void *memory, size_t len) {
  return write_of_stake(error, out, staking, UNSTAKE, stake_id, memory, len);
}

ol_status ol_reward_claim_call(ol_error *error, ol_call *out, const ol_address *dispersal, ol_slice signature,
                               const ol_hash *batch, const ol_u256 *amount, const ol_address *on_behalf_of,
                               const ol_u256 *fee, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_RSV, "signature", &signature, 0},
                         {OL_ARG_WORD, "batch", batch, 0},
                         {OL_ARG_AMOUNT, "amount", amount, 0},
                         {OL_ARG_ADDRESS, "on behalf of", on_behalf_of, 0}};
  return ol_args_call(error, out, dispersal, fee, CLAIM, OL_ARGS(args), memory, len);
}
