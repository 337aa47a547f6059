/* SPDX-License-Identifier: MIT */
#include "openledger/openledger.h"
#include "unit/wallet/wallets.h"

/* A wallet signs what it was shown, what its policy lets pass and somebody has approved - and nothing else. */

static ol_hash proposed_message(const char *text, uint64_t now_ms, ol_verdict expected) {
  ol_decision decision;
  assert_int_equal(ol_wallet_propose_message(&error, &wallet, &decision, &first, text_of(text), now_ms),
                   OL_OK);
  assert_int_equal(decision.verdict, expected);
  return decision.digest;
}

static void approve(const ol_hash *digest) {
  assert_int_equal(ol_wallet_approve(&error, &wallet, digest, NOW), OL_OK);
}

static ol_status sign_at(ol_signature *out, const ol_hash *digest, uint64_t now_ms) {
  ol_decision decision;
  return ol_wallet_sign(&error, &wallet, out, &decision, digest, now_ms, text_of(""));
}

/* Approves and signs; the signature is the account's. */
static ol_signature signs(const ol_hash *digest) {
  ol_signature signature;
  approve(digest);
  assert_int_equal(sign_at(&signature, digest, NOW), OL_OK);
  assert_int_equal(ol_signature_check(&error, digest, &signature, &first), OL_OK);
  return signature;
}

static void signs_what_was_approved_once(void **state) {
  ol_signature signature;
  ol_hash digest = proposed_message("hello", NOW, OL_VERDICT_ASK), expected;
  (void)state;
  ol_message_digest(&expected, (const uint8_t *)"hello", 5);
  assert_memory_equal(&digest, &expected, sizeof digest);
  refuses(sign_at(&signature, &digest, NOW), OL_ERR_MISMATCH,
          "somebody is to be asked, and has not said yes");
  signs(&digest);
  refuses(sign_at(&signature, &digest, NOW), OL_ERR_ARGUMENT, "nothing waits by this digest");
}

static void signs_nothing_that_was_not_proposed(void **state) {
  const ol_hash digest = {{9}};
  ol_signature signature;
  (void)state;
  proposed_message("hello", NOW, OL_VERDICT_ASK);
  refuses(ol_wallet_approve(&error, &wallet, &digest, NOW), OL_ERR_ARGUMENT, "nothing waits by this digest");
  refuses(sign_at(&signature, &digest, NOW), OL_ERR_ARGUMENT, "nothing waits by this digest");
}

static void what_was_proposed_expires(void **state) {
  const uint64_t late = NOW + OL_WALLET_PROPOSAL_MS;
  ol_signature signature;
  (void)state;
  wallet.config.idle_ms = 0;
  ol_hash digest = proposed_message("hello", NOW, OL_VERDICT_ASK);
  approve(&digest);
  refuses(sign_at(&signature, &digest, late), OL_ERR_ARGUMENT, "nothing waits by this digest");
  refuses(ol_wallet_approve(&error, &wallet, &digest, late), OL_ERR_ARGUMENT, "nothing waits by this digest");
  assert_int_equal(sign_at(&signature, &digest, late - 1), OL_OK);
}

static void what_is_rejected_is_gone(void **state) {
  ol_signature signature;
  ol_hash digest = proposed_message("hello", NOW, OL_VERDICT_ASK);
  (void)state;
  approve(&digest);
  ol_wallet_reject(&wallet, &digest);
  refuses(sign_at(&signature, &digest, NOW), OL_ERR_ARGUMENT, "nothing waits by this digest");
}

static void an_approval_is_for_what_was_shown(void **state) {
  ol_signature signature;
  ol_hash digest = proposed_message("hello", NOW, OL_VERDICT_ASK);
  (void)state;
  approve(&digest);
  proposed_message("hello", NOW, OL_VERDICT_ASK); /* again: who approved saw the first */
  refuses(sign_at(&signature, &digest, NOW), OL_ERR_MISMATCH,
          "somebody is to be asked, and has not said yes");
}

static void the_oldest_goes_for_a_ninth(void **state) {
  char text[2] = "a";
  ol_hash digests[OL_WALLET_PROPOSALS + 1];
  (void)state;
  for (uint32_t i = 0; i <= OL_WALLET_PROPOSALS; i++, text[0]++)
    digests[i] = proposed_message(text, NOW + i, OL_VERDICT_ASK);
  assert_int_equal(ol_wallet_approve(&error, &wallet, &digests[0], NOW), OL_ERR_ARGUMENT);
  for (uint32_t i = 1; i <= OL_WALLET_PROPOSALS; i++) approve(&digests[i]);
}

static void obeys_its_policy(void **state) {
  ol_decision decision;
  ol_signature signature;
  (void)state;
  set_policy("{\"version\":1,\"chains\":[1612],\"messages\":\"deny\"}");
  ol_hash digest = proposed_message("hello", NOW, OL_VERDICT_DENY);
  refuses(sign_at(&signature, &digest, NOW), OL_ERR_ARGUMENT, "nothing waits by this digest");
  set_policy("{\"version\":1,\"chains\":[1612],\"messages\":\"allow\",\"rate\":{\"minute\":1}}");
  digest = proposed_message("hello", NOW, OL_VERDICT_ALLOW);
  ol_hash other = proposed_message("again", NOW, OL_VERDICT_ALLOW);
  assert_int_equal(sign_at(&signature, &digest, NOW), OL_OK);
  assert_int_equal(ol_budget_sequence(ol_wallet_budget(&wallet)), 1);
  approve(&other); /* which does not lift a denial */
  assert_int_equal(ol_wallet_sign(&error, &wallet, &signature, &decision, &other, NOW, text_of("")),
                   OL_ERR_MISMATCH);
  assert_int_equal(decision.reason, OL_POLICY_MINUTE_RATE);
}

static void asks_about_all_without_a_policy(void **state) {
  ol_decision decision;
  (void)state;
  assert_int_equal(ol_wallet_propose_message(&error, &wallet, &decision, &first, text_of("x"), NOW), OL_OK);
  assert_int_equal(decision.verdict, OL_VERDICT_ASK);
  assert_int_equal(decision.reason, OL_POLICY_ABSENT);
}

static void signs_nothing_when_the_clock_is_behind_the_budget(void **state) {
  ol_signature signature;
  (void)state;
  set_policy("{\"version\":1,\"chains\":[1612],\"messages\":\"allow\"}");
  ol_hash digest = proposed_message("hello", NOW, OL_VERDICT_ALLOW);
  wallet.budget.last_s = NOW / 1000 + 100;
  memset(&signature, 0, sizeof signature);
  assert_int_equal(sign_at(&signature, &digest, NOW), OL_ERR_MISMATCH);
  assert_true(ol_u256_is_zero(&signature.r));
}

/* --- Transactions --- */

static ol_slice unsigned_transaction(uint32_t type, uint64_t chain_id) {
  static uint8_t bytes[512];
  const ol_transaction transaction = {.type = type,
                                      .chain_id = chain_id,
                                      .gas_limit = 21000,
                                      .gas_price = ol_abi_u64(type == OL_TX_LEGACY ? 7 : 0),
                                      .max_fee_per_gas = ol_abi_u64(type == OL_TX_LEGACY ? 0 : 7),
                                      .to = BOB,
                                      .value = ol_abi_u64(5)};
  size_t len = 0;
  assert_int_equal(ol_transaction_encode_unsigned(&error, bytes, sizeof bytes, &len, &transaction), OL_OK);
  return ol_slice_of(bytes, len);
}

static ol_status propose(const ol_address *account, ol_slice bytes, ol_decision *out) {
  return ol_wallet_propose_transaction(&error, &wallet, out, account, bytes, NOW, memory, sizeof memory);
}

static void signs_transactions(void **state) {
  ol_decision decision;
  ol_transaction transaction;
  ol_hash digest;
  ol_slice bytes = unsigned_transaction(OL_TX_DYNAMIC_FEE, 1612);
  (void)state;
  assert_int_equal(propose(&first, bytes, &decision), OL_OK);
  assert_int_equal(ol_transaction_decode_unsigned(&error, &transaction, bytes.data, bytes.len), OL_OK);
  ol_transaction_signing_hash(&digest, &transaction);
  assert_memory_equal(&digest, &decision.digest, sizeof digest);
  signs(&digest);
}

static void refuses_to_sign_for_any_chain(void **state) {
  ol_decision decision;
  (void)state;
  assert_int_equal(propose(&first, unsigned_transaction(OL_TX_LEGACY, 1612), &decision), OL_OK);
  assert_int_equal(propose(&first, unsigned_transaction(OL_TX_LEGACY, 0), &decision), OL_ERR_MISMATCH);
}

static void refuses_what_cannot_be_decoded(void **state) {
  const ol_address nobody = BOB;
  ol_decision decision;
  (void)state;
  assert_int_equal(propose(&first, text_of("x"), &decision), OL_ERR_ENCODING);
  refuses(propose(&nobody, unsigned_transaction(OL_TX_LEGACY, 1612), &decision), OL_ERR_ARGUMENT,
          "the wallet has no such account");
  assert_int_equal(ol_wallet_propose_typed_data(&error, &wallet, &decision, &first, text_of("{}"), 1612, NOW,
                                                memory, sizeof memory),
                   OL_ERR_ENCODING);
  assert_int_equal(
      ol_wallet_propose_message(&error, &wallet, &decision, &first,
                                text_of("x.org wants you to sign in with your Ethereum account:\n"), NOW),
      OL_ERR_ENCODING);
  assert_int_equal(ol_wallet_propose_transaction(&error, &wallet, &decision, &first,
                                                 unsigned_transaction(OL_TX_BLOB, 1612), NOW, memory,
                                                 sizeof memory),
                   OL_ERR_ENCODING); /* no blobs */
}

static void needs_memory_for_what_a_call_says(void **state) {
  const uint8_t transfer[68] = {0xa9, 0x05, 0x9c, 0xbb, [35] = 7, [67] = 5};
  static uint8_t bytes[512];
  const ol_transaction transaction = {.type = OL_TX_DYNAMIC_FEE,
                                      .chain_id = 1612,
                                      .gas_limit = 60000,
                                      .max_fee_per_gas = ol_abi_u64(7),
                                      .to = TOKEN,
                                      .data = ol_slice_of(transfer, sizeof transfer)};
  size_t len = 0;
  ol_decision decision = {.verdict = 9};
  (void)state;
  assert_int_equal(ol_transaction_encode_unsigned(&error, bytes, sizeof bytes, &len, &transaction), OL_OK);
  assert_int_equal(ol_wallet_propose_transaction(&error, &wallet, &decision, &first, ol_slice_of(bytes, len),
                                                 NOW, memory, 16),
                   OL_ERR_MEMORY);
  assert_int_equal(decision.verdict, 9);
  assert_int_equal(propose(&first, ol_slice_of(bytes, len), &decision), OL_OK);
}

/* --- Typed data and authorizations --- */

static ol_slice permit_of(const ol_address *owner, const ol_address *contract, uint64_t chain_id) {
  static uint8_t document[8192];
  const ol_typed_domain domain = {.fields = OL_TYPED_NAME | OL_TYPED_VERSION | OL_TYPED_CHAIN_ID |
                                            OL_TYPED_CONTRACT,
                                  .name = text_of("GOpen"),
                                  .version = text_of("1"),
                                  .chain_id = ol_abi_u64(chain_id),
                                  .verifying_contract = *contract};
  const ol_permit permit = {
      .owner = *owner, .spender = BOB, .value = ol_abi_u64(5), .deadline = ol_abi_u64(9)};
  ol_slice text;
  assert_int_equal(ol_permit_write(&error, &text, &domain, &permit, document, sizeof document), OL_OK);
  return text;
}

static ol_status propose_typed(ol_slice document, ol_decision *out) {
  return ol_wallet_propose_typed_data(&error, &wallet, out, &first, document, 1612, NOW, memory,
                                      sizeof memory);
}

static void signs_typed_data(void **state) {
  const ol_address token = TOKEN;
  ol_decision decision;
  (void)state;
  assert_int_equal(propose_typed(permit_of(&first, &token, 1612), &decision), OL_OK);
  signs(&decision.digest);
}

static void refuses_typed_data_of_elsewhere(void **state) {
  const ol_address token = TOKEN;
  ol_decision decision;
  (void)state;
  assert_int_equal(propose_typed(permit_of(&first, &token, 1), &decision), OL_ERR_MISMATCH);
  assert_int_equal(propose_typed(permit_of(&first, &first, 1612), &decision), OL_ERR_MISMATCH);
}

static void signs_authorizations(void **state) {
  ol_authorization authorization = {.chain_id = ol_abi_u64(1612), .address = TOKEN, .nonce = 3};
  ol_decision decision;
  ol_address authority;
  (void)state;
  assert_int_equal(ol_wallet_propose_authorization(&error, &wallet, &decision, &first, &authorization, NOW),
                   OL_OK);
  const ol_signature signature = signs(&decision.digest);
  authorization.r = signature.r;
  authorization.s = signature.s;
  authorization.y_parity = signature.y_parity;
  assert_int_equal(ol_authorization_authority(&error, &authority, &authorization), OL_OK);
  assert_memory_equal(&authority, &first, sizeof first);
}

static void hedges_where_it_is_given_entropy(void **state) {
  const uint8_t extra[32] = {5};
  ol_decision decision;
  ol_signature hedged;
  (void)state;
  ol_hash digest = proposed_message("hello", NOW, OL_VERDICT_ASK);
  refuses(ol_wallet_sign(&error, &wallet, &hedged, &decision, &digest, NOW, ol_slice_of(extra, 31)),
          OL_ERR_ARGUMENT, "entropy has 32 bytes, or none");
  const ol_signature plain = signs(&digest);
  digest = proposed_message("hello", NOW, OL_VERDICT_ASK);
  approve(&digest);
  assert_int_equal(ol_wallet_sign(&error, &wallet, &hedged, &decision, &digest, NOW, ol_slice_of(extra, 32)),
                   OL_OK);
  assert_memory_not_equal(&plain.r, &hedged.r, sizeof plain.r);
  assert_int_equal(ol_signature_check(&error, &digest, &hedged, &first), OL_OK);
}

/* What memory has lost is not signed with, and what waits goes on waiting. */
static void signs_nothing_without_a_key(void **state) {
  ol_signature signature = {.y_parity = 9};
  uint8_t key[32];
  (void)state;
  ol_hash digest = proposed_message("hello", NOW, OL_VERDICT_ASK);
  approve(&digest);
  memcpy(key, wallet.keys[0], sizeof key);
  memset(wallet.keys[0], 0, sizeof key);
  assert_int_equal(sign_at(&signature, &digest, NOW), OL_ERR_CRYPTO);
  assert_int_equal(signature.y_parity, 9);
  memcpy(wallet.keys[0], key, sizeof key);
  assert_int_equal(sign_at(&signature, &digest, NOW), OL_OK);
}

static void removing_an_account_drops_what_waits(void **state) {
  ol_signature signature;
  (void)state;
  assert_int_equal(add_account("m/44'/60'/0'/0/1", "second"), OL_OK);
  ol_hash digest = proposed_message("hello", NOW, OL_VERDICT_ASK);
  approve(&digest);
  assert_int_equal(ol_wallet_remove_account(&error, &wallet, &first, NOW), OL_OK);
  refuses(sign_at(&signature, &digest, NOW), OL_ERR_ARGUMENT, "nothing waits by this digest");
}

static void locking_drops_what_waits(void **state) {
  (void)state;
  ol_hash digest = proposed_message("hello", NOW, OL_VERDICT_ASK);
  approve(&digest);
  ol_wallet_lock(&wallet);
  assert_true(ol_is_zero(ol_slice_of(wallet.proposals, sizeof wallet.proposals)));
}

#define TEST(name) cmocka_unit_test_setup(name, fill_wallet)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(signs_what_was_approved_once),
      TEST(signs_nothing_that_was_not_proposed),
      TEST(what_was_proposed_expires),
      TEST(what_is_rejected_is_gone),
      TEST(an_approval_is_for_what_was_shown),
      TEST(the_oldest_goes_for_a_ninth),
      TEST(obeys_its_policy),
      TEST(asks_about_all_without_a_policy),
      TEST(signs_nothing_when_the_clock_is_behind_the_budget),
      TEST(signs_transactions),
      TEST(refuses_to_sign_for_any_chain),
      TEST(refuses_what_cannot_be_decoded),
      TEST(needs_memory_for_what_a_call_says),
      TEST(signs_typed_data),
      TEST(refuses_typed_data_of_elsewhere),
      TEST(signs_authorizations),
      TEST(hedges_where_it_is_given_entropy),
      TEST(signs_nothing_without_a_key),
      TEST(removing_an_account_drops_what_waits),
      TEST(locking_drops_what_waits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
