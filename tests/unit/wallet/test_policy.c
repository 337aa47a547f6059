/* SPDX-License-Identifier: MIT */
#include "unit/wallet/intents.h"

/* What policies decide, rule by rule, and that what is misspelt is not taken for a policy. */

#define NOW 1800000000u

#define A_B0 "0xb0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0"
#define A_70 "0x7070707070707070707070707070707070707070"

/* Members that let a transfer of 100 to Bob pass; each test adds what it is about. */
#define PAYEE_BOB "\"payees\":[{\"address\":\"" A_B0 "\"}]"
#define NATIVE_ASSET "{\"asset\":\"native\"}"
#define TOKEN_ASSET "{\"asset\":\"" A_70 "\"}"
#define ASSETS "\"assets\":[" NATIVE_ASSET "," TOKEN_ASSET "]"
#define TARGET_TOKEN "\"targets\":[{\"address\":\"" A_70 "\"}]"
#define OPEN "{\"version\":1,\"chains\":[1612]," PAYEE_BOB "," TARGET_TOKEN

static ol_error error;
static _Alignas(16) uint8_t memory[1 << 18];
static ol_policy *policy;
static ol_budget budget;

static ol_status read(const char *json) {
  size_t len = ol_text_len(json);
  return ol_policy_read(&error, &policy, ol_slice_of(json, len), memory, ol_policy_size(len));
}

static ol_decision decide_at(const char *json, ol_intent intent, uint64_t now_s) {
  ol_decision decision;
  assert_int_equal(read(json), OL_OK);
  ol_policy_decide(&decision, policy, &budget, &intent, now_s);
  assert_memory_equal(&decision.digest, &intent.digest, sizeof decision.digest);
  return decision;
}

static void expect_at(const char *json, ol_intent intent, uint64_t now_s, ol_verdict verdict,
                      ol_policy_reason reason) {
  ol_decision decision = decide_at(json, intent, now_s);
  assert_int_equal(decision.verdict, verdict);
  assert_int_equal(decision.reason, reason);
}

static void expect(const char *json, ol_intent intent, ol_verdict verdict, ol_policy_reason reason) {
  expect_at(json, intent, NOW, verdict, reason);
}

static void allows(const char *json, ol_intent intent) {
  expect(json, intent, OL_VERDICT_ALLOW, OL_POLICY_FITS);
}

static int forget(void **state) {
  (void)state;
  memset(&budget, 0, sizeof budget);
  return 0;
}

static void signs(ol_intent intent, uint64_t now_s) {
  assert_int_equal(ol_budget_add(&error, &budget, &intent, now_s), OL_OK);
}

static void allows_what_fits(void **state) {
  (void)state;
  allows(OPEN "," ASSETS "}", a_transfer(100));
  allows(OPEN "," ASSETS "}", a_token_transfer(100));
  allows(OPEN "," ASSETS "}", an_approval(100));
}

static void asks_about_all_that_nothing_is_said_of(void **state) {
  static const char bare[] = "{\"version\":1,\"chains\":[1612]}";
  (void)state;
  expect(bare, a_transfer(1), OL_VERDICT_ASK, OL_POLICY_PAYEE);
  expect(bare, a_token_transfer(1), OL_VERDICT_ASK, OL_POLICY_TARGET);
  expect(bare, a_message(), OL_VERDICT_ASK, OL_POLICY_KIND);
}

static void stops(void **state) {
  (void)state;
  expect(OPEN ",\"stopped\":true}", a_transfer(1), OL_VERDICT_DENY, OL_POLICY_STOPPED);
}

static void holds_for_its_time(void **state) {
  static const char timed[] = OPEN "," ASSETS ",\"from\":1000,\"until\":2000}";
  (void)state;
  expect_at(timed, a_transfer(1), 999, OL_VERDICT_DENY, OL_POLICY_TOO_EARLY);
  expect_at(timed, a_transfer(1), 1000, OL_VERDICT_ALLOW, OL_POLICY_FITS);
  expect_at(timed, a_transfer(1), 2000, OL_VERDICT_ALLOW, OL_POLICY_FITS);
  expect_at(timed, a_transfer(1), 2001, OL_VERDICT_DENY, OL_POLICY_EXPIRED);
}

static void denies_other_chains(void **state) {
  ol_intent intent = a_transfer(1);
  (void)state;
  intent.chain_id = 1;
  expect(OPEN "," ASSETS "}", intent, OL_VERDICT_DENY, OL_POLICY_CHAIN);
  intent.chain_id = 0; /* a transaction for any chain */
  expect(OPEN "," ASSETS "}", intent, OL_VERDICT_DENY, OL_POLICY_CHAIN);
  intent.kind = OL_INTENT_TYPED_DATA;
  expect(OPEN "," ASSETS "}", intent, OL_VERDICT_DENY, OL_POLICY_CHAIN);
}

static void judges_kinds_by_their_rules(void **state) {
  ol_intent intent = a_message();
  (void)state;
  allows(OPEN ",\"messages\":\"allow\"}", intent);
  expect(OPEN ",\"messages\":\"deny\"}", intent, OL_VERDICT_DENY, OL_POLICY_KIND);
  intent.chain_id = 1612;
  intent.kind = OL_INTENT_SIGN_IN;
  allows(OPEN ",\"signIns\":\"allow\"}", intent);
  expect(OPEN ",\"signIns\":\"deny\"}", intent, OL_VERDICT_DENY, OL_POLICY_KIND);
  intent.kind = OL_INTENT_AUTHORIZATION;
  expect(OPEN "}", intent, OL_VERDICT_DENY, OL_POLICY_KIND);
  expect(OPEN ",\"authorizations\":\"ask\"}", intent, OL_VERDICT_ASK, OL_POLICY_KIND);
  intent.kind = OL_INTENT_TYPED_DATA;
  intent.target = TOKEN;
  expect(OPEN "}", intent, OL_VERDICT_ASK, OL_POLICY_KIND);
  allows(OPEN ",\"knownTypes\":\"allow\"}", intent);
  intent.is_known = 0;
  expect(OPEN ",\"knownTypes\":\"allow\"}", intent, OL_VERDICT_DENY, OL_POLICY_UNKNOWN);
  expect(OPEN ",\"unknownTypes\":\"ask\"}", intent, OL_VERDICT_ASK, OL_POLICY_UNKNOWN);
  intent.kind = 77;
  expect(OPEN "}", intent, OL_VERDICT_DENY, OL_POLICY_KIND);
}

static void denies_creations(void **state) {
  ol_intent intent = a_transfer(0);
  (void)state;
  intent.effects[0] = (ol_effect){.kind = OL_EFFECT_CREATE};
  expect(OPEN "," ASSETS "}", intent, OL_VERDICT_DENY, OL_POLICY_KIND);
  expect(OPEN "," ASSETS ",\"creations\":\"ask\"}", intent, OL_VERDICT_ASK, OL_POLICY_KIND);
}

static void asks_about_calls_that_are_not_known(void **state) {
  ol_intent intent = a_token_transfer(0);
  (void)state;
  intent.is_known = 0;
  intent.selector = 0x01020304;
  intent.effects[0] = (ol_effect){.kind = OL_EFFECT_UNKNOWN, .party = TOKEN};
  expect(OPEN "," ASSETS "}", intent, OL_VERDICT_ASK, OL_POLICY_UNKNOWN);
  assert_int_equal(decide_at(OPEN "," ASSETS "}", intent, NOW).effect, 0);
  expect(OPEN "," ASSETS ",\"unknownCalls\":\"deny\"}", intent, OL_VERDICT_DENY, OL_POLICY_UNKNOWN);
  allows("{\"version\":1,\"chains\":[1612],\"unknownCalls\":\"deny\"," ASSETS
         ",\"targets\":[{\"address\":\"" A_70 "\",\"selectors\":[\"0x01020304\"]}]}",
         intent);
}

static void judges_targets(void **state) {
  (void)state;
  expect("{\"version\":1,\"chains\":[1612]," PAYEE_BOB "," ASSETS "}", a_token_transfer(1), OL_VERDICT_ASK,
         OL_POLICY_TARGET);
  expect("{\"version\":1,\"chains\":[1612],\"otherTargets\":\"deny\"," PAYEE_BOB "," ASSETS "}",
         a_token_transfer(1), OL_VERDICT_DENY, OL_POLICY_TARGET);
  allows("{\"version\":1,\"chains\":[1612],\"otherTargets\":\"deny\"," PAYEE_BOB "," ASSETS "}",
         a_transfer(1));
  expect("{\"version\":1,\"chains\":[1612]," PAYEE_BOB "," ASSETS ",\"targets\":[{\"address\":\"" A_70
         "\",\"rule\":\"deny\"}]}",
         a_token_transfer(1), OL_VERDICT_DENY, OL_POLICY_TARGET);
}

static void judges_selectors(void **state) {
  static const char narrow[] = "{\"version\":1,\"chains\":[1612]," PAYEE_BOB "," ASSETS
                               ",\"targets\":[{\"address\":\"" A_70 "\",\"selectors\":[\"0xa9059cbb\"]}]}";
  (void)state;
  allows(narrow, a_token_transfer(1));
  expect(narrow, an_approval(1), OL_VERDICT_DENY, OL_POLICY_SELECTOR);
}

static void judges_payees(void **state) {
  ol_intent intent = a_transfer(1), approval = an_approval(1);
  (void)state;
  intent.effects[0].party = CAROL;
  approval.effects[0].party = CAROL;
  expect(OPEN "," ASSETS "}", intent, OL_VERDICT_ASK, OL_POLICY_PAYEE);
  expect(OPEN "," ASSETS ",\"otherPayees\":\"deny\"}", intent, OL_VERDICT_DENY, OL_POLICY_PAYEE);
  expect(OPEN "," ASSETS ",\"otherPayees\":\"deny\"}", approval, OL_VERDICT_DENY, OL_POLICY_PAYEE);
  approval.effects[0].kind = OL_EFFECT_ALLOW_ALL;
  expect(OPEN "," ASSETS ",\"otherPayees\":\"deny\"}", approval, OL_VERDICT_DENY, OL_POLICY_PAYEE);
  expect("{\"version\":1,\"chains\":[1612]," ASSETS ",\"payees\":[{\"address\":\"" A_B0
         "\",\"rule\":\"deny\"}]}",
         a_transfer(1), OL_VERDICT_DENY, OL_POLICY_PAYEE);
}

static void does_not_ask_about_oneself(void **state) {
  ol_intent intent = a_transfer(1);
  (void)state;
  intent.effects[0].party = ALICE;
  allows(OPEN "," ASSETS ",\"otherPayees\":\"deny\"}", intent);
}

static void lets_anybody_lose_an_allowance(void **state) {
  ol_intent approval = an_approval(0);
  (void)state;
  approval.effects[0].party = CAROL;
  allows(OPEN "," ASSETS ",\"otherPayees\":\"deny\"}", approval);
}

static void takes_what_a_call_sends_its_target_for_the_targets(void **state) {
  ol_intent intent = a_token_transfer(5);
  (void)state;
  intent.effects[0] = (ol_effect){.kind = OL_EFFECT_SPEND, .party = TOKEN, .amount = ol_abi_u64(5)};
  allows(OPEN "," ASSETS ",\"otherPayees\":\"deny\"}", intent);
  intent.has_call = 0; /* a plain transfer to the contract */
  expect(OPEN "," ASSETS ",\"otherPayees\":\"deny\"}", intent, OL_VERDICT_DENY, OL_POLICY_PAYEE);
}

static void asks_about_new_payees(void **state) {
  static const char cooling[] = "{\"version\":1,\"chains\":[1612]," ASSETS
                                ",\"coolDown\":100,\"payees\":[{\"address\":\"" A_B0 "\",\"since\":1000}]}";
  (void)state;
  expect_at(cooling, a_transfer(1), 999, OL_VERDICT_ASK, OL_POLICY_NEW_PAYEE);
  expect_at(cooling, a_transfer(1), 1099, OL_VERDICT_ASK, OL_POLICY_NEW_PAYEE);
  expect_at(cooling, a_transfer(1), 1100, OL_VERDICT_ALLOW, OL_POLICY_FITS);
}

static void denies_allowances_without_bound(void **state) {
  ol_intent intent = an_approval(1);
  (void)state;
  intent.effects[0].unlimited = 1;
  expect(OPEN "," ASSETS "}", intent, OL_VERDICT_DENY, OL_POLICY_UNLIMITED);
  expect(OPEN "," ASSETS ",\"unlimitedApprovals\":\"ask\"}", intent, OL_VERDICT_ASK, OL_POLICY_UNLIMITED);
  intent.effects[0].unlimited = 0;
  intent.effects[0].kind = OL_EFFECT_ALLOW_ALL;
  expect(OPEN "," ASSETS "}", intent, OL_VERDICT_DENY, OL_POLICY_UNLIMITED);
}

static void bounds_gas(void **state) {
  (void)state;
  allows(OPEN "," ASSETS ",\"gas\":21000}", a_transfer(1));
  expect(OPEN "," ASSETS ",\"gas\":20999}", a_transfer(1), OL_VERDICT_DENY, OL_POLICY_GAS);
}

static void judges_assets(void **state) {
  static const char native_only[] = OPEN ",\"otherAssets\":\"deny\",\"assets\":[" NATIVE_ASSET "]}";
  ol_intent all = an_approval(0);
  (void)state;
  all.effects[0].kind = OL_EFFECT_ALLOW_ALL;
  allows(native_only, a_transfer(1));
  expect(native_only, a_token_transfer(1), OL_VERDICT_DENY, OL_POLICY_ASSET);
  expect(OPEN ",\"unlimitedApprovals\":\"allow\",\"otherAssets\":\"deny\",\"assets\":[" NATIVE_ASSET "]}",
         all, OL_VERDICT_DENY, OL_POLICY_ASSET);
  expect(OPEN "}", a_transfer(1), OL_VERDICT_ASK, OL_POLICY_ASSET);
  expect(OPEN ",\"otherAssets\":\"deny\",\"assets\":[{\"asset\":\"native\",\"chain\":1}]}", a_transfer(1),
         OL_VERDICT_DENY, OL_POLICY_ASSET);
}

#define CAPPED(cap) OPEN ",\"assets\":[{\"asset\":\"native\"," cap "}]}"

static void bounds_a_transaction_with_its_fee(void **state) {
  (void)state;
  allows(CAPPED("\"transaction\":\"121\""), a_transfer(100));
  expect(CAPPED("\"transaction\":\"120\""), a_transfer(100), OL_VERDICT_DENY, OL_POLICY_TRANSACTION_CAP);
  assert_int_equal(decide_at(CAPPED("\"transaction\":\"120\""), a_transfer(100), NOW).effect, 0);
}

/* After 121 were spent at NOW, another 121 at a later time. */
static void expect_window(const char *json, uint64_t last_s, ol_policy_reason reason) {
  forget(NULL);
  expect(json, a_transfer(200), OL_VERDICT_DENY, reason); /* too much by itself */
  signs(a_transfer(100), NOW);
  ol_intent next = a_transfer(100);
  next.nonce = 1;
  expect_at(json, next, NOW, OL_VERDICT_DENY, reason);
  expect_at(json, next, NOW + last_s, OL_VERDICT_DENY, reason);
  if (reason != OL_POLICY_LIFETIME_CAP)
    expect_at(json, next, NOW + last_s + 1, OL_VERDICT_ALLOW, OL_POLICY_FITS);
}

static void bounds_hours_days_and_all_time(void **state) {
  (void)state;
  expect_window(CAPPED("\"hour\":\"200\""), 3599, OL_POLICY_HOUR_CAP);
  expect_window(CAPPED("\"day\":\"200\""), 86399, OL_POLICY_DAY_CAP);
  expect_window(CAPPED("\"lifetime\":\"200\""), 86400u * 365, OL_POLICY_LIFETIME_CAP);
}

static void counts_a_replacement_by_what_it_adds(void **state) {
  (void)state;
  signs(a_transfer(100), NOW);
  allows(CAPPED("\"hour\":\"200\""), a_transfer(179));
  expect(CAPPED("\"hour\":\"200\""), a_transfer(180), OL_VERDICT_DENY, OL_POLICY_HOUR_CAP);
}

static void counts_allowances(void **state) {
  static const char capped[] = OPEN ",\"assets\":[{\"asset\":\"" A_70 "\",\"hour\":\"10\"}]}";
  ol_intent next = a_token_transfer(5);
  (void)state;
  next.nonce = 1;
  signs(an_approval(6), NOW);
  expect(capped, next, OL_VERDICT_DENY, OL_POLICY_HOUR_CAP);
}

static void does_not_wrap_around(void **state) {
  ol_intent intent = a_transfer(1);
  (void)state;
  memset(&intent.effects[0].amount, 0xff, sizeof(ol_u256));
  expect(CAPPED("\"transaction\":\"100\""), intent, OL_VERDICT_DENY, OL_POLICY_TRANSACTION_CAP);
  signs(intent, NOW);
  intent = a_transfer(1);
  intent.nonce = 1;
  expect(CAPPED("\"lifetime\":\"100\""), intent, OL_VERDICT_DENY, OL_POLICY_LIFETIME_CAP);
  expect(CAPPED("\"day\":\"100\""), intent, OL_VERDICT_DENY, OL_POLICY_DAY_CAP);
}

static void asks_above_an_amount(void **state) {
  (void)state;
  allows(CAPPED("\"askAbove\":\"121\""), a_transfer(100));
  expect(CAPPED("\"askAbove\":\"121\""), a_transfer(101), OL_VERDICT_ASK, OL_POLICY_ASK_ABOVE);
}

static void bounds_rates(void **state) {
  static const struct {
    const char *json;
    uint32_t seconds;
    ol_policy_reason reason;
  } rates[] = {{OPEN "," ASSETS ",\"rate\":{\"minute\":2}}", 60, OL_POLICY_MINUTE_RATE},
               {OPEN "," ASSETS ",\"rate\":{\"hour\":2}}", 3600, OL_POLICY_HOUR_RATE},
               {OPEN "," ASSETS ",\"rate\":{\"day\":2}}", 86400, OL_POLICY_DAY_RATE}};
  (void)state;
  for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
    forget(NULL);
    signs(a_transfer(1), NOW);
    allows(rates[i].json, a_transfer(1));
    signs(a_message(), NOW + 1);
    expect_at(rates[i].json, a_transfer(1), NOW + rates[i].seconds - 1, OL_VERDICT_DENY, rates[i].reason);
    expect_at(rates[i].json, a_transfer(1), NOW + rates[i].seconds, OL_VERDICT_ALLOW, OL_POLICY_FITS);
  }
}

static void denies_what_could_not_be_remembered(void **state) {
  (void)state;
  for (uint32_t i = 0; i < OL_BUDGET_RECORDS; i++) signs(a_message(), NOW);
  expect(OPEN "," ASSETS "}", a_transfer(1), OL_VERDICT_DENY, OL_POLICY_FULL);
}

static void denies_a_clock_that_went_back(void **state) {
  (void)state;
  signs(a_message(), NOW);
  expect_at(OPEN "," ASSETS "}", a_transfer(1), NOW - 1, OL_VERDICT_DENY, OL_POLICY_CLOCK);
}

static void a_denial_is_stronger_than_a_question(void **state) {
  ol_intent intent = an_approval(1);
  (void)state;
  intent.effects[0].party = CAROL; /* asked about */
  intent.effects[0].unlimited = 1; /* denied */
  expect(OPEN "," ASSETS "}", intent, OL_VERDICT_DENY, OL_POLICY_UNLIMITED);
}

static void refuses_what_is_no_policy(void **state) {
  static const struct {
    const char *json;
    const char *field;
    const char *reason;
  } bad[] = {
      {"{\"chains\":[1612]}", "", "policy has no version"},
      {"{\"version\":2,\"chains\":[1612]}", "version", "is of a version that is not known"},
      {"{\"version\":1}", "", "policy names no chains"},
      {"{\"version\":1,\"chains\":[]}", "", "policy names no chains"},
      {"{\"version\":1,\"chains\":[0]}", "", "there is no chain 0"},
      {OPEN ",\"message\":\"ask\"}", "", "policy has a member that is not known"},
      {OPEN ",\"messages\":\"maybe\"}", "messages", "is none of allow, ask and deny"},
      {OPEN ",\"rate\":{\"week\":1}}", "", "policy has a member that is not known"},
      {OPEN ",\"assets\":[{\"hour\":\"1\"}]}", "", "has no asset"},
      {OPEN ",\"assets\":[{\"asset\":\"0x0000000000000000000000000000000000000000\"}]}", "",
       "the native asset is called native"},
      {"{\"version\":1,\"chains\":[1612],\"payees\":[{\"since\":1}]}", "", "has no address"},
      {"{\"version\":1,\"chains\":[1612],\"targets\":[{\"rule\":\"allow\"}]}", "", "has no address"},
      {"{\"version\":1,\"chains\":[1612],\"targets\":[{\"address\":\"" A_70 "\",\"selectors\":[]}]}", "",
       "is empty: leave it out for all functions"},
      {"{\"version\":1,\"chains\":[1,2,3,4,5,6,7,8,9]}", "", "has more elements than a policy can"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_not_equal(read(bad[i].json), OL_OK);
    assert_string_equal(error.reason, bad[i].reason);
  }
}

/* Values of another kind than they must be. */
static void refuses_values_of_other_kinds(void **state) {
  static const struct {
    const char *json;
    const char *reason;
  } bad[] = {
      {"[]", "policy has no version"},
      {"", "JSON text is empty"},
      {"{\"version\":\"1\",\"chains\":[1612]}", "JSON value is not a number"},
      {"{\"version\":1,\"chains\":1612}", "JSON value is not an array"},
      {"{\"version\":1,\"chains\":[\"1612\"]}", "JSON value is not a number"},
      {OPEN ",\"rate\":5}", "JSON value is not an object"},
      {OPEN ",\"gas\":\"5\"}", "JSON value is not a number"},
      {OPEN ",\"stopped\":1}", "JSON value is not true or false"},
      {OPEN ",\"messages\":1}", "JSON value is not a string"},
      {OPEN ",\"assets\":[1]}", "JSON value is not an object"},
      {OPEN ",\"assets\":[{\"asset\":1}]}", "JSON value is not a string"},
      {OPEN ",\"assets\":[{\"asset\":\"0x12\"}]}", "hex has the wrong length"},
      {OPEN ",\"assets\":[{\"asset\":\"native\",\"hour\":1}]}", "JSON value is not a string"},
      {OPEN ",\"assets\":[{\"asset\":\"native\",\"hour\":\"1.5\"}]}", "character is not a decimal digit"},
      {"{\"version\":1,\"chains\":[1612],\"payees\":[{\"address\":5}]}", "JSON value is not a string"},
      {"{\"version\":1,\"chains\":[1612],\"payees\":[{\"address\":\"" A_B0 "\",\"since\":\"1\"}]}",
       "JSON value is not a number"},
      {"{\"version\":1,\"chains\":[1612],\"targets\":[{\"address\":\"" A_B0 "\",\"rule\":true}]}",
       "JSON value is not a string"},
      {"{\"version\":1,\"chains\":[1612],\"targets\":[{\"address\":\"" A_B0 "\",\"selectors\":5}]}",
       "JSON value is not an array"},
      {"{\"version\":1,\"chains\":[1612],\"targets\":[{\"address\":\"" A_B0 "\",\"selectors\":[\"0x12\"]}]}",
       "hex has the wrong length"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    memset(memory, 0, sizeof memory);
    assert_int_equal(read(bad[i].json), OL_ERR_ENCODING);
    assert_string_equal(error.reason, bad[i].reason);
  }
}

static void bounds_selectors(void **state) {
  static char json[1024] =
      "{\"version\":1,\"chains\":[1],\"targets\":[{\"address\":\"" A_70 "\",\"selectors\":[";
  (void)state;
  for (uint32_t i = 0; i <= OL_POLICY_SELECTORS; i++)
    strcat(json, i == 0 ? "\"0x01020304\"" : ",\"0x01020304\"");
  strcat(json, "]}]}");
  assert_int_equal(read(json), OL_ERR_LIMIT);
}

static void needs_its_memory(void **state) {
  (void)state;
  assert_int_equal(ol_policy_read(&error, &policy, ol_slice_of("{}", 2), memory, ol_policy_size(2) - 1),
                   OL_ERR_ARGUMENT);
}

static void names_verdicts_and_reasons(void **state) {
  (void)state;
  assert_string_equal(ol_verdict_name(OL_VERDICT_DENY), "deny");
  assert_string_equal(ol_verdict_name((ol_verdict)3), "unknown");
  for (int i = OL_POLICY_FITS; i <= OL_POLICY_ABSENT; i++)
    assert_true(ol_text_len(ol_policy_reason_text((ol_policy_reason)i)) > 10);
  assert_string_equal(ol_policy_reason_text((ol_policy_reason)(OL_POLICY_ABSENT + 1)), "unknown");
}

#define TEST(name) cmocka_unit_test_setup(name, forget)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(allows_what_fits),
      TEST(asks_about_all_that_nothing_is_said_of),
      TEST(stops),
      TEST(holds_for_its_time),
      TEST(denies_other_chains),
      TEST(judges_kinds_by_their_rules),
      TEST(denies_creations),
      TEST(asks_about_calls_that_are_not_known),
      TEST(judges_targets),
      TEST(judges_selectors),
      TEST(judges_payees),
      TEST(does_not_ask_about_oneself),
      TEST(lets_anybody_lose_an_allowance),
      TEST(takes_what_a_call_sends_its_target_for_the_targets),
      TEST(asks_about_new_payees),
      TEST(denies_allowances_without_bound),
      TEST(bounds_gas),
      TEST(judges_assets),
      TEST(bounds_a_transaction_with_its_fee),
      TEST(bounds_hours_days_and_all_time),
      TEST(counts_a_replacement_by_what_it_adds),
      TEST(counts_allowances),
      TEST(does_not_wrap_around),
      TEST(asks_above_an_amount),
      TEST(bounds_rates),
      TEST(denies_what_could_not_be_remembered),
      TEST(denies_a_clock_that_went_back),
      TEST(a_denial_is_stronger_than_a_question),
      TEST(refuses_what_is_no_policy),
      TEST(refuses_values_of_other_kinds),
      TEST(bounds_selectors),
      TEST(needs_its_memory),
      TEST(names_verdicts_and_reasons),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
