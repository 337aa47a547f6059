/* SPDX-License-Identifier: MIT */
#include "client/withdrawal.h"

#include "client/view.h"
#include "encoding/jsonrpc.h"
#include "unit/client/anchored.h"
#include "unit/client/blames.h"
#include "unit/lies.h"

/* How far a withdrawal is on the L1 of anchored.h, driven by an engine that does nothing else. */

#define ENDPOINTS 2
#define SUBMITTERS 6
#define MATURITY UINT64_C(604800)
#define PROVEN (L1_TIME - MATURITY - 1) /* whose maturity is just over */
#define PERIOD UINT64_C(604800)         /* of the oracle */

static uint8_t scratch[4 << 20];
static const ol_hash withdrawal = {{0x77, 1}};

static struct {
  ol_view view; /* the first member: an engine of a view is the view */
  ol_withdrawing of;
  ol_l1_step step;
  ol_error failure;
  uint32_t rounds;
  /* Called with each honest answer, which it may change; returns false when the request is to fail. */
  bool (*lie)(const ol_want *want, ol_slice *answer);
} now;

/* --- What the portal keeps --- */

static ol_address submitter_of(uint8_t index) {
  return (ol_address){{0xee, index}};
}

/* Its storage of before, and so much more. */
static void put_submissions(const uint64_t *proven_at, uint8_t count) {
  ol_withdrawal_slots slots;
  const ol_u256 length = ol_abi_u64(count);
  for (uint8_t i = 0; i < count; i++) {
    const ol_address submitter = submitter_of(i);
    const ol_u256 word = ol_abi_address(&submitter);
    ol_u256 slot, proven = ol_abi_address(&contracts[GAME].address);
    ol_store_be64(proven.bytes + 4, proven_at[i]);
    ol_withdrawal_slots_of(&slots, OL_PORTAL_GAMES, &withdrawal, &submitter);
    ol_withdrawal_submitter_slot(&slot, &withdrawal, i);
    put_slot(PORTAL, &slot, &word);
    if (proven_at[i] != 0) put_slot(PORTAL, &slots.proven, &proven);
    if (i == 0) put_slot(PORTAL, &slots.submitters, &length);
  }
}

static void put_finalized(uint64_t word) {
  ol_withdrawal_slots slots;
  const ol_address nobody = {{0}};
  const ol_u256 value = ol_abi_u64(word);
  ol_withdrawal_slots_of(&slots, OL_PORTAL_GAMES, &withdrawal, &nobody);
  put_slot(PORTAL, &slots.finalized, &value);
}

static void put_output_proof(const ol_hash *root, uint64_t proven_at) {
  ol_withdrawal_slots slots;
  const ol_address nobody = {{0}};
  const ol_u256 word = word_of_hash(root);
  ol_u256 when = ol_abi_u64(proven_at);
  ol_withdrawal_slots_of(&slots, OL_PORTAL_OUTPUTS, &withdrawal, &nobody);
  ol_store_be64(when.bytes + 8, 2); /* the output's index */
  put_slot(PORTAL, &slots.proven, &word);
  put_slot(PORTAL, &slots.proven_next, &when);
}

/* --- The engine's user --- */

static void begin(ol_engine *engine) {
  (void)engine;
}

static ol_status request(ol_error *why, ol_want *out, ol_engine *engine, const ol_engine_want *want) {
  (void)engine;
  ol_arena arena = ol_arena_of(scratch, sizeof scratch);
  out->max_len = sizeof arena_memory;
  return ol_withdrawing_request(why, out, &now.of, want, &arena);
}

static ol_status answer(ol_error *why, ol_engine *engine, const ol_engine_want *want, ol_slice data) {
  (void)engine;
  ol_arena arena = ol_arena_of(scratch, sizeof scratch);
  ol_json response, result;
  OL_TRY(ol_json_read(why, &response, &arena, data.data, data.len));
  OL_TRY(ol_jsonrpc_result(why, &result, response, want->id));
  return ol_withdrawing_answer(why, &now.of, &rollup, want, result, &arena);
}

static void lost(ol_engine *engine, const ol_engine_want *want, const ol_error *why) {
  (void)engine;
  ol_withdrawing_lost(&now.of, want, why);
}

static void advance(ol_engine *engine) {
  now.step = ol_withdrawing_advance(&now.failure, engine, &now.of, &rollup);
}

static const ol_engine_user user = {
    .begin = begin, .request = request, .answer = answer, .lost = lost, .advance = advance};

/* --- A question --- */

/* A portal of games that judges them itself; a registry does when one is pinned. */
static int reset(void **unused) {
  (void)unused;
  memset(&now, 0, sizeof now);
  claim = (ol_output_claim){.root = {{0x55, 1}}, .l2_block = L2_BLOCK};
  make_l1();
  reset_rollup();
  rollup.pins[PORTAL].maturity_delay_s = MATURITY;
  return 0;
}

static void use_registry(void) {
  rollup.pins[PORTAL].release = release_named("supersim 0.1.0-alpha.58 OptimismPortal2");
  rollup.pins[GAME].release = release_named("supersim 0.1.0-alpha.58 FaultDisputeGame");
  pin(REGISTRY, "supersim 0.1.0-alpha.58 AnchorStateRegistry");
}

static void use_oracle(void) {
  memset(&rollup.dispute_game_factory, 0, sizeof rollup.dispute_game_factory);
  rollup.l2_output_oracle = contracts[ORACLE].address;
  rollup.pins[PORTAL].release = release_named("contracts-bedrock 0.17.3 OptimismPortal");
}

static void start(const ol_address *submitter) {
  const ol_client_config config = {
      .chain_id = WORLD_CHAIN_ID, .endpoints = 1, .quorum = 1, .timeout_ms = 5000, .l1_endpoints = ENDPOINTS};
  put_contracts();
  l1.finalized.state_root = l1.optimistic.state_root = state.root;
  ol_view_init(&now.view, &config, 0, 0);
  assert_int_equal(ol_anchor_tell(&error, &now.view, &rollup, &l1), OL_OK);
  ol_engine_init(&now.view.engine, &user, 5000);
  assert_int_equal(ol_engine_begin(&now.view.engine, 1), OL_OK);
  ol_error_clear(&now.failure);
  ol_withdrawing_init(&now.of, &now.view, &withdrawal, submitter);
  now.rounds = 0;
  advance(&now.view.engine);
}

static void answer_round(void) {
  static uint8_t bodies[16][2048];
  ol_want wants[16];
  uint32_t count = 0;
  while (ol_engine_next_want(&now.view.engine, &wants[count]) == 1) {
    assert_true(count < 9 &&
                wants[count].body.len <= sizeof bodies[0]); /* four contracts, with code, and one more */
    assert_int_equal(wants[count].source, OL_SOURCE_L1);
    memcpy(bodies[count], wants[count].body.data, wants[count].body.len);
    wants[count].body.data = bodies[count];
    count++;
  }
  assert_true(count > 0); /* or it would wait for ever */
  now.rounds++;
  for (uint32_t i = 0; i < count; i++) {
    ol_arena arena = ol_arena_of(arena_memory, sizeof arena_memory);
    ol_slice text = answer_l1(&arena, wants[i].body);
    if (now.lie == NULL || now.lie(&wants[i], &text))
      (void)ol_engine_feed(&now.view.engine, wants[i].id, text.data, text.len);
    else
      (void)ol_engine_fail(&now.view.engine, wants[i].id, OL_FAIL_TIMEOUT);
  }
}

static ol_l1_step finish(void) {
  while (now.step == OL_L1_WAIT) {
    answer_round();
    assert_true(now.rounds < 100);
  }
  return now.step;
}

static void expect_stage(ol_withdrawal_stage stage) {
  char line[256];
  if (finish() == OL_L1_FAILED) {
    ol_error_text(&now.failure, line, sizeof line);
    print_message("%s\n", line);
  }
  assert_int_equal(now.step, OL_L1_DONE);
  assert_int_equal(now.of.status.stage, stage);
}

static void expect_failure(const char *reason) {
  assert_int_equal(finish(), OL_L1_FAILED);
  assert_string_equal(now.failure.reason, reason);
}

/* --- Stages --- */

static void waits_until_it_is_proven(void **unused) {
  (void)unused;
  for (int oracle = 0; oracle < 2; oracle++) {
    reset(NULL);
    if (oracle == 1) use_oracle();
    start(NULL);
    expect_stage(OL_WITHDRAWAL_WAITING);
    assert_int_equal(now.rounds, 2); /* the portal, its implementation */
    assert_no_blame(&now.view.engine);
  }
}

static void is_ready_once_its_delay_is_over(void **unused) {
  (void)unused;
  static const uint64_t times[] = {PROVEN, PROVEN + 1};
  for (size_t i = 0; i < 2; i++) {
    for (int registry = 0; registry < 2; registry++) {
      reset(NULL);
      if (registry == 1) use_registry();
      put_submissions(&times[i], 1);
      start(NULL);
      expect_stage(i == 0 ? OL_WITHDRAWAL_READY : OL_WITHDRAWAL_PROVEN);
      assert_int_equal(now.of.status.proven_at, times[i]);
      assert_int_equal(now.of.status.ready_at, times[i] + MATURITY + 1);
      assert_int_equal(now.of.kind, registry == 1 ? OL_PORTAL_REGISTRY : OL_PORTAL_GAMES);
      const ol_address submitter = submitter_of(0);
      assert_memory_equal(&now.of.best.submitter, &submitter, sizeof submitter);
      assert_memory_equal(&now.of.best.record.game, &contracts[GAME].address, 20);
      assert_int_equal(now.rounds,
                       6); /* the portal; submitters; records; the game; contracts; implementations */
      assert_no_blame(&now.view.engine);
    }
  }
}

static void is_ready_by_an_output_too(void **unused) {
  (void)unused;
  for (uint64_t late = 0; late < 2; late++) {
    reset(NULL);
    use_oracle();
    put_output_proof(&claim.root, L1_TIME - PERIOD - 1 + late);
    start(NULL);
    expect_stage(late == 0 ? OL_WITHDRAWAL_READY : OL_WITHDRAWAL_PROVEN);
    assert_int_equal(now.of.status.ready_at, L1_TIME + late);
    assert_int_equal(now.of.best.record.output_index, 2);
    assert_int_equal(now.of.kind, OL_PORTAL_OUTPUTS);
  }
}

static void is_over_once_it_is_finalized(void **unused) {
  (void)unused;
  static const uint64_t proven[] = {PROVEN};
  for (int oracle = 0; oracle < 2; oracle++) {
    reset(NULL);
    if (oracle == 1) use_oracle();
    put_finalized(1);
    put_submissions(proven, 1);
    start(NULL);
    expect_stage(OL_WITHDRAWAL_FINALIZED);
    assert_int_equal(now.rounds, 2);
  }
}

/* What it was proven by does not hold any more. */
static void is_to_be_proven_again_where_that_does_not_hold(void **unused) {
  (void)unused;
  static const uint64_t proven[] = {PROVEN};
  const ol_u256 yes = ol_abi_u64(1);
  ol_u256 blacklisted;
  put_submissions(proven, 1);
  ol_blacklist_slot_of(&blacklisted, &contracts[GAME].address);
  put_slot(PORTAL, &blacklisted, &yes);
  start(NULL);
  expect_stage(OL_WITHDRAWAL_WAITING);
  assert_no_blame(&now.view.engine);

  const ol_hash another = {{0x66}};
  reset(NULL);
  use_oracle();
  put_output_proof(&another, PROVEN); /* which was deleted, and replaced */
  start(NULL);
  expect_stage(OL_WITHDRAWAL_WAITING);
  assert_no_blame(&now.view.engine);
}

/* --- Submitters --- */

static void goes_by_whoever_is_the_furthest(void **unused) {
  (void)unused;
  static const struct {
    uint64_t proven_at[SUBMITTERS];
    uint8_t count;
    uint8_t best;
    ol_withdrawal_stage stage;
  } cases[] = {
      {{PROVEN, PROVEN + 9, PROVEN + 5}, 3, 0, OL_WITHDRAWAL_READY},
      {{PROVEN, PROVEN - 7}, 2, 1, OL_WITHDRAWAL_READY}, /* the newest that is */
      {{PROVEN + 9, 0}, 2, 0, OL_WITHDRAWAL_PROVEN},
      {{PROVEN + 9, CREATED}, 2, 0, OL_WITHDRAWAL_PROVEN}, /* in the game's own second: it does not count */
      /* Those before the last four are not looked at. */
      {{PROVEN, PROVEN, PROVEN + 1, PROVEN + 2, PROVEN + 3, PROVEN + 4}, 6, 5, OL_WITHDRAWAL_PROVEN},
      {{PROVEN + 9, PROVEN + 9, PROVEN, PROVEN + 2, PROVEN + 3, PROVEN + 4}, 6, 2, OL_WITHDRAWAL_READY},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    reset(NULL);
    put_submissions(cases[i].proven_at, cases[i].count);
    start(NULL);
    expect_stage(cases[i].stage);
    const ol_address best = submitter_of(cases[i].best);
    assert_memory_equal(&now.of.best.submitter, &best, sizeof best);
  }
}

static void looks_at_the_one_that_is_named(void **unused) {
  (void)unused;
  static const uint64_t proven[] = {PROVEN, PROVEN + 9, 0};
  static const ol_withdrawal_stage stages[] = {OL_WITHDRAWAL_READY, OL_WITHDRAWAL_PROVEN,
                                               OL_WITHDRAWAL_WAITING, OL_WITHDRAWAL_WAITING};
  for (uint8_t i = 0; i < 4; i++) {
    const ol_address submitter = submitter_of(i);
    reset(NULL);
    put_submissions(proven, 3);
    start(&submitter);
    expect_stage(stages[i]);
  }
}

/* --- What is wrong on L1 --- */

/* The proof of an account that has none is there before it. */
static bool no_code(const ol_want *want, ol_slice *answer) {
  (void)answer;
  return !asks_for(want, "eth_getCode") || !asks_for(want, "0xa2a2");
}

static void refuses_what_cannot_be_gone_by(void **unused) {
  (void)unused;
  static const uint64_t proven[] = {PROVEN};
  put_submissions(proven, 1);
  rollup.pins[PORTAL].code_hash = claim.root;
  start(NULL);
  expect_failure("contract is of an unknown release");

  reset(NULL);
  rollup.pins[PORTAL].maturity_delay_s = 0;
  start(NULL);
  expect_failure("the profile does not say the portal's maturityDelaySeconds");

  reset(NULL);
  put_submissions(proven, 1);
  rollup.pins[FACTORY].code_hash = claim.root;
  start(NULL);
  expect_failure("contract is of an unknown release");
  assert_string_equal(now.failure.part, "implementation");

  reset(NULL);
  put_submissions(proven, 1);
  contracts[GAME].code_len--;
  start(NULL);
  expect_failure("game is a clone of an unknown form");

  reset(NULL);
  put_submissions(proven, 1);
  contracts[GAME].code_len = 0;
  now.lie = no_code;
  start(NULL);
  expect_failure("game has no code");
}

static void refuses_words_that_a_portal_never_writes(void **unused) {
  (void)unused;
  static const uint64_t proven[] = {PROVEN};
  put_finalized(2);
  start(NULL);
  expect_failure("withdrawal is neither finalized nor not");

  const ol_address nobody = {{0}}, submitter = submitter_of(0);
  ol_u256 slot, far = {{0}};
  ol_withdrawal_slots slots;
  far.bytes[2] = 1; /* beyond an address, a time and a game, or a number */
  reset(NULL);
  ol_withdrawal_slots_of(&slots, OL_PORTAL_GAMES, &withdrawal, &nobody);
  put_slot(PORTAL, &slots.submitters, &far);
  start(NULL);
  expect_failure("portal holds a number of more than 64 bits");

  reset(NULL);
  const ol_u256 one = ol_abi_u64(1);
  ol_withdrawal_submitter_slot(&slot, &withdrawal, 0);
  put_slot(PORTAL, &slots.submitters, &one);
  put_slot(PORTAL, &slot, &far);
  start(NULL);
  expect_failure("slot holds more than an address");

  reset(NULL);
  ol_withdrawal_slots_of(&slots, OL_PORTAL_GAMES, &withdrawal, &submitter);
  put_slot(PORTAL, &slots.proven, &far);
  start(&submitter);
  expect_failure("slot holds more than a game and a time");

  reset(NULL);
  use_registry();
  put_submissions(proven, 1);
  ol_registry_slots judged;
  ol_registry_slots_of(&judged, &contracts[GAME].address);
  memset(&contracts[PORTAL].storage, 0, sizeof contracts[PORTAL].storage);
  const ol_u256 implementation = ol_abi_address(&contracts[IMPLEMENTATIONS + PORTAL].address);
  put_slot(PORTAL, &ol_slot_implementation, &implementation);
  put_slot(PORTAL, &judged.registry, &far);
  put_submissions(proven, 1);
  start(NULL);
  expect_failure("slot holds more than an address");
}

/* --- Endpoints that lie, or fail --- */

static bool another_type(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "0xbbdc02db")) (void)replace(answer, "0\"}", "1\"}");
  return true;
}

static bool another_type_of_all(const ol_want *want, ol_slice *answer) {
  if (asks_for(want, "0xbbdc02db")) (void)replace(answer, "0\"}", "1\"}");
  return true;
}

static bool no_type(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "0xbbdc02db")) (void)replace(answer, "\"0x00", "\"0x");
  return true;
}

static bool type_of_text(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "0xbbdc02db")) (void)replace(answer, "\"0x00", "\"zz00");
  return true;
}

static bool another_submitter(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0) (void)replace(answer, "\"value\":\"0xee0", "\"value\":\"0xef0");
  return true;
}

static bool wide_type(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "0xbbdc02db"))
    (void)replace(answer, "0000000000\"}", "0100000000\"}");
  return true;
}

static bool very_wide_type(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "0xbbdc02db")) (void)replace(answer, "\"0x00", "\"0x01");
  return true;
}

static void blames_who_names_another_type(void **unused) {
  (void)unused;
  static const uint64_t proven[] = {PROVEN};
  static const struct {
    bool (*lie)(const ol_want *want, ol_slice *answer);
    const char *reason;
  } cases[] = {{another_type, "game type: factory has no game of this output root"},
               {no_type, "ABI word is cut short"},
               {type_of_text, "hex does not begin with 0x"},
               {another_submitter, "storageProof[0] byte"},
               {wide_type, "game type has more than 32 bits"},
               {very_wide_type, "ABI value is out of range"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    reset(NULL);
    put_submissions(proven, 1);
    now.lie = cases[i].lie;
    start(NULL);
    expect_stage(OL_WITHDRAWAL_READY);
    ol_blame blame;
    char line[256];
    assert_int_equal(ol_engine_next_blame(&now.view.engine, &blame), 1);
    assert_int_equal(blame.endpoint, 0);
    ol_error_text(&blame.error, line, sizeof line);
    if (strstr(line, cases[i].reason) == NULL) print_message("%s\n", line);
    assert_non_null(strstr(line, cases[i].reason));
    assert_no_blame(&now.view.engine);
  }
  reset(NULL);
  put_submissions(proven, 1);
  now.lie = another_type_of_all;
  start(NULL);
  assert_int_equal(finish(), OL_L1_STUCK);
}

static uint32_t failing; /* the request that fails */
static bool for_ever;

static bool fail_one(const ol_want *want, ol_slice *answer) {
  (void)answer;
  const uint64_t first = failing;
  return for_ever ? want->id < first : want->id != first;
}

static void ends_whatever_fails(void **unused) {
  (void)unused;
  static const uint64_t proven[] = {PROVEN + 9, PROVEN};
  uint32_t stuck = 0;
  for (int ever = 0; ever < 2; ever++) {
    for (failing = 1; failing < 24; failing++) {
      for_ever = ever == 1;
      reset(NULL);
      use_registry();
      put_submissions(proven, 2);
      now.lie = fail_one;
      start(NULL);
      if (finish() == OL_L1_DONE)
        assert_int_equal(now.of.status.stage, OL_WITHDRAWAL_READY);
      else
        stuck++;
      if (ever == 0) assert_int_equal(now.step, OL_L1_DONE);
    }
  }
  assert_true(stuck > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(waits_until_it_is_proven, reset),
      cmocka_unit_test_setup(is_ready_once_its_delay_is_over, reset),
      cmocka_unit_test_setup(is_ready_by_an_output_too, reset),
      cmocka_unit_test_setup(is_over_once_it_is_finalized, reset),
      cmocka_unit_test_setup(is_to_be_proven_again_where_that_does_not_hold, reset),
      cmocka_unit_test_setup(goes_by_whoever_is_the_furthest, reset),
      cmocka_unit_test_setup(looks_at_the_one_that_is_named, reset),
      cmocka_unit_test_setup(refuses_what_cannot_be_gone_by, reset),
      cmocka_unit_test_setup(refuses_words_that_a_portal_never_writes, reset),
      cmocka_unit_test_setup(blames_who_names_another_type, reset),
      cmocka_unit_test_setup(ends_whatever_fails, reset),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
