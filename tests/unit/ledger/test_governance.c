/* SPDX-License-Identifier: MIT */
#include "unit/ledger/calls.h"

#define MEMORY memory, sizeof memory

static ol_call calls[OL_PROPOSAL_CALLS + 1];
static const ol_slice hello = {(const uint8_t *)"hello", 5};

static int make(void **state) {
  make_arguments(state);
  memset(calls, 0, sizeof calls);
  for (size_t i = 0; i <= OL_PROPOSAL_CALLS; i++) calls[i].to = carol;
  calls[0] = (ol_call){.to = bob, .value = word(5), .data = hello};
  return 0;
}

/* --- Proposals --- */

static void writes_the_steps_of_a_proposal(void **state) {
  (void)state;
  static const char *const inputs[] = {QUEUE_INPUT, EXECUTE_INPUT, CANCEL_INPUT};
  static const char *const stored[] = {QUEUE_STORED_INPUT, EXECUTE_STORED_INPUT, CANCEL_STORED_INPUT};
  const ol_hash description = hash_of(0xdd);
  const ol_u256 seven = word(7);
  assert_call(ol_proposal_propose_call(&error, &call, &contract, calls, 2, hello, MEMORY), 0, PROPOSE_INPUT);
  for (uint32_t step = OL_PROPOSAL_QUEUE; step <= OL_PROPOSAL_CANCEL; step++) {
    assert_call(ol_proposal_step_call(&error, &call, &contract, (ol_proposal_step)step, calls, 2,
                                      &description, MEMORY),
                0, inputs[step]);
    assert_call(ol_proposal_stored_call(&error, &call, &contract, (ol_proposal_step)step, &seven, MEMORY), 0,
                stored[step]);
  }
}

static void numbers_are_those_of_the_contracts(void **state) {
  (void)state;
  const ol_hash description = hash_of(0xdd);
  ol_hash id, salt;
  assert_int_equal(ol_proposal_id(&error, &id, calls, 2, &description, MEMORY), OL_OK);
  assert_bytes(id.bytes, 32, PROPOSAL_ID_INPUT);
  assert_int_equal(ol_proposal_operation(&error, &id, &salt, &contract, calls, 2, &description, MEMORY),
                   OL_OK);
  assert_bytes(id.bytes, 32, OPERATION_INPUT);
  assert_bytes(salt.bytes, 32, SALT_INPUT);
  assert_int_equal(ol_proposal_id(&error, &id, calls, 2, &description, memory, 64), OL_ERR_MEMORY);
}

static void refuses_proposals_that_the_governor_refuses(void **state) {
  (void)state;
  static uint8_t large[OL_PROPOSAL_DATA + 1];
  const ol_hash description = hash_of(0xdd);
  const ol_u256 nothing = word(0);
  ol_hash id = {{0}}, salt = {{0}};
  const ol_hash none = {{0}};
  assert_refused(ol_proposal_propose_call(&error, &call, &contract, calls, 0, hello, MEMORY), OL_ERR_ARGUMENT,
                 "", "proposal makes no calls");
  assert_refused(ol_proposal_propose_call(&error, &call, &contract, calls, 17, hello, MEMORY), OL_ERR_LIMIT,
                 "", "proposal makes more than 16 calls");
  assert_refused(ol_proposal_propose_call(&error, &call, &contract, calls, 1, (ol_slice){0}, MEMORY),
                 OL_ERR_ARGUMENT, "", "proposal has no description");
  assert_refused(ol_proposal_propose_call(&error, &call, &contract, calls, 1,
                                          ol_slice_of(large, OL_PROPOSAL_DESCRIPTION + 1), MEMORY),
                 OL_ERR_LIMIT, "description", "is too long");
  assert_refused(ol_proposal_propose_call(&error, &call, &contract, calls, 1, text_of("ab\xff"), MEMORY),
                 OL_ERR_ARGUMENT, "description", "is not UTF-8");
  assert_int_equal(error.offset, 2);
  assert_refused(ol_proposal_stored_call(&error, &call, &contract, OL_PROPOSAL_QUEUE, &nothing, MEMORY),
                 OL_ERR_ARGUMENT, "proposal", "is zero");
  assert_refused(
      ol_proposal_step_call(&error, &call, &contract, (ol_proposal_step)3, calls, 1, &description, MEMORY),
      OL_ERR_ARGUMENT, "", "step is not to queue, to execute or to cancel");
  assert_refused(ol_proposal_stored_call(&error, &call, &contract, (ol_proposal_step)3, &nothing, MEMORY),
                 OL_ERR_ARGUMENT, "", "step is not to queue, to execute or to cancel");
  assert_refused(
      ol_proposal_step_call(&error, &call, &contract, OL_PROPOSAL_QUEUE, calls, 0, &description, MEMORY),
      OL_ERR_ARGUMENT, "", "proposal makes no calls");
  calls[1].to = nobody;
  assert_refused(ol_proposal_propose_call(&error, &call, &contract, calls, 2, hello, MEMORY), OL_ERR_ARGUMENT,
                 "call", "is to the zero address");
  assert_int_equal(error.item, 1);
  calls[0].data = ol_slice_of(large, sizeof large);
  assert_int_equal(ol_proposal_id(&error, &id, calls, 1, &description, MEMORY), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "has more than 64 KiB of data");
  assert_int_equal(ol_proposal_operation(&error, &id, &salt, &contract, calls, 1, &description, MEMORY),
                   OL_ERR_LIMIT);
  calls[0].data = hello;
  assert_int_equal(ol_proposal_operation(&error, &id, &salt, &contract, calls, 1, &description, memory, 32),
                   OL_ERR_MEMORY);
  assert_memory_equal(&id, &none, sizeof none);
  assert_memory_equal(&salt, &none, sizeof none);
}

/* --- Votes --- */

static ol_vote vote;

static ol_status write_vote(void) {
  return ol_vote_call(&error, &call, &contract, &vote, MEMORY);
}

static void writes_a_vote_by_the_least_that_says_it(void **state) {
  (void)state;
  vote = (ol_vote){.proposal_id = word(7), .support = OL_VOTE_FOR};
  assert_call(write_vote(), 0, VOTE_INPUT);
  vote.reason = hello;
  assert_call(write_vote(), 0, VOTE_REASON_INPUT);
  vote.reason = (ol_slice){0};
  vote.params = text_of("\x01\x02");
  assert_call(write_vote(), 0, VOTE_PARAMS_INPUT);
}

static void writes_votes_that_others_have_signed(void **state) {
  (void)state;
  vote =
      (ol_vote){.proposal_id = word(7), .support = OL_VOTE_ABSTAIN, .form = OL_VOTE_SIGNED, .voter = alice};
  vote.signature = signature();
  assert_call(write_vote(), 0, VOTE_SIGNED_INPUT);
  signature_bytes[64] = 1;
  assert_call(write_vote(), 0, VOTE_SIGNED_INPUT);
  vote.reason = hello;
  assert_call(write_vote(), 0, VOTE_SIGNED_REASON_INPUT);
  vote.voter = nobody;
  vote.form = OL_VOTE_SIGNED_V4;
  assert_call(write_vote(), 0, VOTE_SIGNED_REASON_V4_INPUT);
  vote.reason = (ol_slice){0};
  assert_call(write_vote(), 0, VOTE_SIGNED_V4_INPUT);
  vote =
      (ol_vote){.proposal_id = word(7), .support = OL_VOTE_ABSTAIN, .form = OL_VOTE_CONTRACT, .voter = alice};
  vote.signature = text_of("\x01\x02\x03"); /* of a contract, which judges it by rules of its own */
  assert_call(write_vote(), 0, VOTE_CONTRACT_INPUT);
}

static void refuses_votes_that_say_two_things(void **state) {
  (void)state;
  vote = (ol_vote){.proposal_id = word(7), .support = 3};
  assert_refused(write_vote(), OL_ERR_ARGUMENT, "", "support is not 0 against, 1 for or 2 abstain");
  vote.support = OL_VOTE_FOR;
  vote.form = 4;
  assert_refused(write_vote(), OL_ERR_ARGUMENT, "", "form of the vote is not known");
  vote.form = OL_VOTE_OWN;
  vote.signature = signature();
  assert_refused(write_vote(), OL_ERR_ARGUMENT, "", "vote of the sender has a signature");
  vote.signature = (ol_slice){0};
  vote.voter = alice;
  assert_refused(write_vote(), OL_ERR_ARGUMENT, "", "vote names a voter, which its form does not");
  vote.form = OL_VOTE_SIGNED_V4;
  assert_refused(write_vote(), OL_ERR_ARGUMENT, "", "vote names a voter, which its form does not");
  vote.form = OL_VOTE_SIGNED;
  vote.voter = nobody;
  vote.signature = signature();
  assert_refused(write_vote(), OL_ERR_ARGUMENT, "voter", "is the zero address");
  vote.voter = alice;
  vote.signature.len = 64;
  assert_refused(write_vote(), OL_ERR_ARGUMENT, "signature",
                 "is a short signature (EIP-2098), which contracts refuse");
  vote.form = OL_VOTE_OWN;
  vote.voter = nobody;
  vote.signature.len = 0;
  vote.reason = text_of("\xc0\x80");
  assert_refused(write_vote(), OL_ERR_ARGUMENT, "reason", "is not UTF-8");
  vote.reason = (ol_slice){0};
  vote.proposal_id = word(0);
  assert_refused(write_vote(), OL_ERR_ARGUMENT, "proposal", "is zero");
}

static void refuses_texts_that_are_too_long(void **state) {
  (void)state;
  static uint8_t large[OL_VOTE_REASON + 1];
  vote = (ol_vote){.proposal_id = word(7), .reason = ol_slice_of(large, sizeof large)};
  assert_refused(write_vote(), OL_ERR_LIMIT, "reason", "is too long");
  vote.params = vote.reason;
  vote.reason = (ol_slice){0};
  assert_refused(write_vote(), OL_ERR_LIMIT, "params", "is too long");
  vote.params = (ol_slice){0};
  vote.form = OL_VOTE_CONTRACT;
  vote.voter = alice;
  vote.signature = ol_slice_of(large, OL_VOTE_SIGNATURE + 1);
  assert_refused(write_vote(), OL_ERR_LIMIT, "signature", "is too long");
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup(name, make)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(writes_the_steps_of_a_proposal),
      TEST(numbers_are_those_of_the_contracts),
      TEST(refuses_proposals_that_the_governor_refuses),
      TEST(writes_a_vote_by_the_least_that_says_it),
      TEST(writes_votes_that_others_have_signed),
      TEST(refuses_votes_that_say_two_things),
      TEST(refuses_texts_that_are_too_long),
  };
  return cmocka_run_group_tests_name("ledger.governance", tests, NULL, NULL);
}
