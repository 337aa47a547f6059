/* SPDX-License-Identifier: MIT */
#include "unit/ledger/calls.h"

#define MEMORY memory, sizeof memory

static void writes_what_staking_takes(void **state) {
  (void)state;
  const ol_u256 three = word(3), seven = word(7);
  const ol_stake_commitment commitment = {word(1), word(2), word(3), word(4), word(5)};
  assert_call(ol_stake_call(&error, &call, &contract, &three, &bob, &seven, MEMORY), 0, STAKE_INPUT);
  assert_call(ol_stake_top_up_call(&error, &call, &contract, &three, &seven, MEMORY), 0, TOP_UP_INPUT);
  assert_call(ol_stake_commit_call(&error, &call, &contract, signature(), MEMORY), 0, COMMIT_INPUT);
  assert_call(ol_unstake_request_call(&error, &call, &contract, &three, MEMORY), 0, REQUEST_INPUT);
  assert_call(ol_unstake_request_committed_call(&error, &call, &contract, &commitment, MEMORY), 0,
              REQUEST_COMMITTED_INPUT);
  assert_call(ol_unstake_call(&error, &call, &contract, &three, MEMORY), 0, UNSTAKE_INPUT);
}

static void refuses_what_staking_refuses(void **state) {
  (void)state;
  const ol_u256 three = word(3), nothing = word(0);
  ol_stake_commitment commitment = {word(1), word(2), word(0), word(4), word(5)};
  assert_refused(ol_stake_call(&error, &call, &contract, &three, &nobody, &three, MEMORY), OL_ERR_ARGUMENT,
                 "on behalf of", "is the zero address");
  assert_refused(ol_stake_call(&error, &call, &contract, &three, &bob, &nothing, MEMORY), OL_ERR_ARGUMENT,
                 "amount", "is zero");
  assert_refused(ol_stake_call(&error, &call, &nobody, &three, &bob, &three, MEMORY), OL_ERR_ARGUMENT,
                 "contract", "is the zero address");
  assert_refused(ol_stake_top_up_call(&error, &call, &contract, &three, &nothing, MEMORY), OL_ERR_ARGUMENT,
                 "amount", "is zero");
  assert_refused(ol_stake_commit_call(&error, &call, &contract, ol_slice_of(signature_bytes, 64), MEMORY),
                 OL_ERR_ARGUMENT, "permit", "is a short signature (EIP-2098), which contracts refuse");
  assert_refused(ol_unstake_request_committed_call(&error, &call, &contract, &commitment, MEMORY),
                 OL_ERR_ARGUMENT, "start time", "is zero");
  commitment.start_time = word(1);
  commitment.amount = word(0);
  assert_refused(ol_unstake_request_committed_call(&error, &call, &contract, &commitment, MEMORY),
                 OL_ERR_ARGUMENT, "amount", "is zero");
}

static void writes_a_claim_and_its_fee(void **state) {
  (void)state;
  const ol_hash batch = hash_of(0xbb);
  const ol_u256 seven = word(7), fee = word(1000), nothing = word(0);
  assert_call(ol_reward_claim_call(&error, &call, &contract, signature(), &batch, &seven, &bob, &fee, MEMORY),
              1000, CLAIM_INPUT);
  assert_refused(
      ol_reward_claim_call(&error, &call, &contract, signature(), &batch, &nothing, &bob, &fee, MEMORY),
      OL_ERR_ARGUMENT, "amount", "is zero");
  assert_refused(
      ol_reward_claim_call(&error, &call, &contract, signature(), &batch, &seven, &nobody, &fee, MEMORY),
      OL_ERR_ARGUMENT, "on behalf of", "is the zero address");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(writes_what_staking_takes),
      TEST(refuses_what_staking_refuses),
      TEST(writes_a_claim_and_its_fee),
  };
  return cmocka_run_group_tests_name("ledger.staking", tests, NULL, NULL);
}
