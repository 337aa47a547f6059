/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "unit/provider/session.h"

#include "rollup/release.h"

/* What contracts say is compared with contracts in tests/ledger; here it is asked about a contract that is none of them. */

static const char *contract(void) {
  static char text[4][43];
  static size_t next;
  next = (next + 1) % 4;
  ol_hex_text(text[next], earth.base.contract.bytes, sizeof earth.base.contract.bytes);
  return text[next];
}

static const char *filled(const char *format) {
  static char text[512];
  snprintf(text, sizeof text, format, contract(), contract());
  return text;
}

#define ADDRESS "\"0x2222222222222222222222222222222222222222\""
#define HASH "\"0x1111111111111111111111111111111111111111111111111111111111111111\""

#define RECEIPT "\"signer\":" ADDRESS ",\"digest\":" HASH ",\"splitRoot\":" HASH
#define MISSING "signer, digest or splitRoot is missing"

static void refuses_parameters_that_are_wrong(void **state) {
  (void)state;
  start(1, 1);
  static const struct {
    const char *method;
    const char *params;
    int code;
    const char *reason;
  } cases[] = {
      {"openledger_getProposal", "", -32602, "a parameter is missing"},
      {"openledger_getProposal", "\"0xzz\"", -32602, "character is not a hex digit"},
      {"openledger_getProposal", "\"0x1\",\"0x1234\"", -32602, "hex has the wrong length"},
      {"openledger_getGovernance", "null,{\"token\":\"0x12\"}", -32602,
       "contract is not governor, gopen, staking, dispersal, registry or nodes"},
      {"openledger_getGovernance", "null,[]", -32602, "JSON value is not an object"},
      {"openledger_getGovernance", "null,{\"gopen\":\"0x12\"}", -32602, "hex has the wrong length"},
      {"openledger_getProposals", "\"0x0\"", -32005, "count of proposals is not from 1 to 8"},
      {"openledger_getProposals", "\"0x9\"", -32005, "count of proposals is not from 1 to 8"},
      {"openledger_getPositions", "[\"0x1\",\"0x2\",\"0x3\",\"0x4\",\"0x5\",\"0x6\",\"0x7\",\"0x8\",\"0x9\"]",
       -32005, "more than 8 stakes"},
      {"openledger_getGovernance", "\"0xzz\"", -32602, "character is not a hex digit"},
      {"openledger_getProposals", "\"0xzz\"", -32602, "character is not a hex digit"},
      {"openledger_getProposals", "\"0x1\",\"0xzz\"", -32602, "character is not a hex digit"},
      {"openledger_getVotes", "\"0x12\"", -32602, "hex has the wrong length"},
      {"openledger_getVotes", ADDRESS ",\"0xzz\"", -32602, "character is not a hex digit"},
      {"openledger_getPositions", "[\"0xzz\"]", -32602, "character is not a hex digit"},
      {"openledger_getPositions", "\"0x12\"", -32602, "hex has the wrong length"},
      {"openledger_getPositions", ADDRESS ",\"0xzz\"", -32602, "character is not a hex digit"},
      {"openledger_getModel", "\"0x12\"", -32602, "hex has the wrong length"},
      {"openledger_getNode", "\"0x12\"", -32602, "hex has the wrong length"},
      {"openledger_getPayout", "\"0x1\",\"row\"", -32602, "hex does not begin with 0x"},
      {"openledger_getClaim", "\"0x12\",\"0x12\"", -32602, "hex has the wrong length"},
      {"openledger_getClaim", HASH, -32602, "a parameter is missing"},
      {"openledger_getClaim", HASH ",null", -32602, "a parameter is missing"},
      {"openledger_getClaim", HASH ",\"0x12\"", -32602, "hex has the wrong length"},
      {"openledger_getAllowance", ADDRESS ",\"0x12\"", -32602, "hex has the wrong length"},
      {"openledger_getAllowance", "\"0x12\"," ADDRESS, -32602, "hex has the wrong length"},
      {"openledger_getCorpus", "\"0x12\"", -32602, "hex has the wrong length"},
      {"openledger_getCorpus", HASH ",\"0xzz\"", -32602, "character is not a hex digit"},
      {"openledger_getDispute", "\"0x12\"", -32602, "hex has the wrong length"},
      {"openledger_getReceiptFacts", "", -32602, "a parameter is missing"},
      {"openledger_getReceiptFacts", "[]", -32602, "JSON value is not an object"},
      {"openledger_getReceiptFacts", "{" RECEIPT ",\"splitRoots\":" HASH "}", -32602,
       "question about a receipt has a member that is not known"},
      {"openledger_getReceiptFacts", "{\"digest\":" HASH ",\"splitRoot\":" HASH "}", -32602, MISSING},
      {"openledger_getReceiptFacts", "{\"signer\":" ADDRESS ",\"splitRoot\":" HASH "}", -32602, MISSING},
      {"openledger_getReceiptFacts", "{\"signer\":" ADDRESS ",\"digest\":" HASH ",\"splitRoot\":null}",
       -32602, MISSING},
      {"openledger_getReceiptFacts", "{\"signer\":" HASH ",\"digest\":" HASH ",\"splitRoot\":" HASH "}",
       -32602, "hex has the wrong length"},
      {"openledger_getReceiptFacts", "{" RECEIPT ",\"batchId\":\"0xzz\"}", -32602,
       "character is not a hex digit"},
      {"openledger_getReceiptFacts", "{" RECEIPT ",\"corpusName\":\"0x12\"}", -32602,
       "hex has the wrong length"},
      {"openledger_getReceiptFacts", "{" RECEIPT ",\"corpusName\":" HASH "}", -32602,
       "corpus has no name, or no epoch"},
      {"openledger_getReceiptFacts", "{" RECEIPT ",\"corpusEpoch\":\"0x1\"}", -32602,
       "corpus has no name, or no epoch"},
      {"openledger_getReceiptFacts", "{" RECEIPT "},\"0xzz\"", -32602, "character is not a hex digit"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    expect_error(cases[i].method, cases[i].params, cases[i].code, cases[i].reason);
}

static void says_when_a_contract_is_not_known(void **state) {
  (void)state;
  static const char reason[] = "neither the profile nor the request says where the contract is";
  static const char *const methods[] = {"openledger_getProposal", "openledger_getDatanet",
                                        "openledger_getBatch", "openledger_getPayout", "openledger_getGrant"};
  start(1, 1);
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
    expect_error(methods[i], "\"0x1\"", -32002, reason);
  expect_error("openledger_getClaim", HASH "," ADDRESS, -32002, reason);
  expect_error("openledger_getAllowance", ADDRESS "," ADDRESS, -32002, reason);
  expect_error("openledger_getCorpus", HASH, -32002, reason);
  expect_error("openledger_getDispute", HASH, -32002, reason);
  expect_error("openledger_getReceiptFacts", "{" RECEIPT "}", -32002, reason);
  expect_error("openledger_getReceiptFacts", filled("{" RECEIPT "},null,{\"registry\":\"%s\"}"), -32002,
               reason); /* two are needed */
  expect_error("openledger_getReceiptFacts", filled("{" RECEIPT "},null,{\"nodes\":\"%s\"}"), -32002, reason);
  expect_error("openledger_getGovernance", "", -32002, reason);
  expect_error("openledger_getProposals", "", -32002, reason);
  expect_error("openledger_getVotes", quoted(contract()), -32002, reason);
  expect_error("openledger_getPositions", "[\"0x1\"]", -32002, reason);
  expect_error("openledger_getGovernance", filled("null,{\"gopen\":\"%s\"}"), -32002,
               reason); /* two are needed */
  expect_error("openledger_getGovernance", filled("null,{\"governor\":\"%s\"}"), -32002, reason);
}

static void a_profile_says_where_contracts_are(void **state) {
  (void)state;
  static ol_rollup rollup;
  memset(&rollup, 0, sizeof rollup);
  rollup.chain_id = WORLD_CHAIN_ID;
  rollup.grant_registry = earth.base.contract;
  start(1, 1);
  ol_provider_rollup(now.provider, &rollup);
  expect("openledger_getGrant", "\"0x1\"", "null");
  expect_error("openledger_getDatanet", "\"0x1\"", -32002,
               "neither the profile nor the request says where the contract is");
  rollup.attribution_registry = rollup.sig_dispersal = rollup.gopen = rollup.governor = earth.base.contract;
  ol_provider_rollup(now.provider, &rollup);
  expect("openledger_getPayout", "\"0x1\"", "null");
  expect("openledger_getCorpus", HASH ",\"0x1\"", "null");
  expect("openledger_getDispute", HASH, "null");
  expect_error("openledger_getReceiptFacts", "{" RECEIPT "}", -32002,
               "neither the profile nor the request says where the contract is"); /* of nodes */
  assert_non_null(strstr(call("openledger_getClaim", HASH "," ADDRESS),
                         "\"claimBlock\":\"0x0\",\"enabled\":false,\"fee\":\"0x0\","));
  assert_non_null(
      strstr(call("openledger_getAllowance", ADDRESS "," ADDRESS), "\"allowance\":\"0x0\",\"layout\":"));
  expect_error("openledger_getGovernance", "", -32002, "governor has no voting period"); /* slot 8 has 1008 */
  const ol_address account = world_address(5);
  char named[64];
  ol_hex_text(named, account.bytes, sizeof account.bytes);
  char params[128];
  snprintf(params, sizeof params, "\"0x1\",null,{\"registry\":\"%s\"}",
           named); /* what is asked counts more */
  expect_error("openledger_getGrant", params, -32002, "there is no contract at this address");
}

static void code_must_be_what_the_profile_vouches_for(void **state) {
  (void)state;
  static ol_rollup rollup;
  ol_hash hash;
  memset(&rollup, 0, sizeof rollup);
  ol_keccak256(&hash, earth.base.code, sizeof earth.base.code);
  rollup.grant_registry = earth.base.contract;
  rollup.pin_count = 1;
  while (strcmp(ol_release_at(rollup.pins[0].release)->name, "openledger 1 GrantRegistry") != 0)
    rollup.pins[0].release++;
  start(1, 1);
  ol_provider_rollup(now.provider, &rollup);
  expect_error("openledger_getGrant", "\"0x1\"", -32002,
               "contract has other code than the profile vouches for");
  rollup.pins[0].code_hash = hash;
  ol_provider_rollup(now.provider, &rollup);
  expect("openledger_getGrant", "\"0x1\"", "null");
}

/* --- A receipt that nobody knows --- */

/* A verifier takes what a provider says. */
static void expect_facts(const char *response) {
  static uint8_t memory[64 << 10];
  ol_receipt_question question = {.has_batch = 1, .has_corpus = 1, .corpus_epoch = 9};
  ol_attribution_facts facts;
  ol_slice result;
  question.domain = (ol_attribution_domain){.chain_id = WORLD_CHAIN_ID, .registry = earth.base.contract};
  memset(&question.signer, 0x22, sizeof question.signer);
  memset(&question.digest, 0x11, sizeof question.digest);
  question.split_root = question.corpus_name = question.digest;
  question.batch_id.bytes[31] = 7;
  assert_int_equal(ol_json_cut_member(&error, &result, ol_slice_of(response, strlen(response)), "result"),
                   OL_OK);
  assert_int_equal(ol_receipt_facts_read(&error, &facts, &question, result, memory, sizeof memory), OL_OK);
  assert_int_equal(facts.trust, OL_TRUST_QUORUM);
  assert_int_equal(facts.has_signer + facts.has_batch + facts.has_corpus + facts.has_disputes, 4);
  assert_true(facts.block_number > 0 && facts.block_timestamp > 0);
}

static void facts_repeat_the_question(void **state) {
  (void)state;
  char expected[2048], named[64], params[512];
  static ol_rollup rollup;
  memset(&rollup, 0, sizeof rollup);
  rollup.chain_id = WORLD_CHAIN_ID;
  rollup.attribution_registry = rollup.node_registry = earth.base.contract;
  ol_hex_text(named, earth.base.contract.bytes, sizeof earth.base.contract.bytes);
  snprintf(expected, sizeof expected,
           "{\"chainId\":\"0x64c\",\"registry\":\"%s\",\"nodes\":\"%s\",\"signer\":{\"dispute\":\"none\","
           "\"address\":" ADDRESS
           ",\"operator\":\"0x0000000000000000000000000000000000000000\",\"registeredAt\":"
           "\"0x0\",\"revokedAt\":\"0x0\",\"bond\":\"0x0\",\"slashed\":\"0x0\",\"minBond\":\"0x",
           named, named);
  start(1, 1);
  ol_provider_rollup(now.provider, &rollup);
  const char *response = call("openledger_getReceiptFacts", "{" RECEIPT "}");
  assert_non_null(strstr(response, expected));
  assert_non_null(strstr(response,
                         "\"receipt\":{\"dispute\":\"none\",\"digest\":" HASH
                         "},\"split\":{\"dispute\":\"none\",\"root\":" HASH "},\"layout\":\"assumed\","
                         "\"trust\":\"quorum\",\"block\":{"));
  assert_null(strstr(response, "\"batch\""));
  assert_null(strstr(response, "\"corpus\""));
  response = call("openledger_getReceiptFacts",
                  "{" RECEIPT ",\"batchId\":\"0x7\",\"corpusName\":" HASH ",\"corpusEpoch\":\"0x9\"}");
  assert_non_null(strstr(response, "\"batch\":{\"dispute\":\"none\",\"id\":\"0x7\",\"root\":\"0x00"));
  assert_non_null(strstr(response, "\"corpus\":{\"dispute\":\"none\",\"name\":" HASH ",\"epoch\":\"0x9\","));
  expect_facts(response);
  const ol_address account = world_address(5);
  ol_hex_text(named, account.bytes, sizeof account.bytes);
  snprintf(params, sizeof params, "{" RECEIPT "},null,{\"nodes\":\"%s\"}",
           named); /* what is asked counts more */
  expect_error("openledger_getReceiptFacts", params, -32002, "there is no contract at this address");
}

/* --- Votes of an account that GOPEN does not know --- */

static void an_answer_names_its_block_and_its_trust(void **state) {
  (void)state;
  start(3, 2);
  const char *response = call("openledger_getVotes", filled("\"%s\",null,null,{\"gopen\":\"%s\"}"));
  assert_non_null(strstr(response, "\"balance\":\"0x0\""));
  assert_non_null(strstr(response, "\"votes\":\"0x"));
  assert_non_null(strstr(response, "\"layout\":\"assumed\",\"trust\":\"quorum\",\"block\":{\"number\":\"0x"));
  assert_null(strstr(response, "pastVotes"));
  assert_null(strstr(response, "voteNonce"));
  assert_int_equal(now.rounds, 2); /* heads, and all slots at once */
}

static bool is_first_proof;

/* The first proof that comes is of another slot than was asked for. */
static bool lie_about_proof(const ol_want *want, ol_slice *answer) {
  static char text[MAX_ANSWER];
  if (!is_first_proof || memmem(want->body.data, want->body.len, "eth_getProof", 12) == NULL) return true;
  is_first_proof = false;
  assert_true(answer->len < sizeof text);
  memcpy(text, answer->data, answer->len);
  char *value = memmem(text, answer->len, "\"value\":\"0x0\"", 13);
  assert_non_null(value);
  value[11] = '1';
  *answer = ol_slice_of(text, answer->len);
  return true;
}

static void who_lies_about_a_slot_is_blamed_and_another_asked(void **state) {
  (void)state;
  start(3, 2);
  now.lie = lie_about_proof;
  is_first_proof = true;
  const char *response = call("openledger_getVotes", filled("\"%s\",null,null,{\"gopen\":\"%s\"}"));
  assert_non_null(strstr(response, "\"balance\":\"0x0\""));
  ol_blame blame;
  assert_int_equal(ol_engine_next_blame(now.engine, &blame), 1);
  assert_string_equal(blame.error.reason, "claimed value is not the proven one");
}

static void requests_of_a_batch_are_answered_in_their_order(void **state) {
  (void)state;
  char request[1024];
  snprintf(request, sizeof request,
           "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"openledger_getGrant\",\"params\":[\"0x1\",null,{"
           "\"registry\":\"%s\"}]},"
           "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_chainId\",\"params\":[]},"
           "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"openledger_getNode\",\"params\":[\"%s\",null,{"
           "\"registry\":\"%s\"}]},"
           "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"openledger_getDatanet\",\"params\":[\"0x1\",\"0x1\",{"
           "\"registry\":\"%s\"}]}]",
           contract(), contract(), contract(), contract());
  for (int backwards = 0; backwards < 2; backwards++) {
    start(1, 1);
    now.backwards = backwards == 1;
    assert_string_equal(ask(request), "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null},"
                                      "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"0x64c\"},"
                                      "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":null},"
                                      "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":null}]");
    stop(NULL);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(refuses_parameters_that_are_wrong),
      TEST(says_when_a_contract_is_not_known),
      TEST(a_profile_says_where_contracts_are),
      TEST(code_must_be_what_the_profile_vouches_for),
      TEST(facts_repeat_the_question),
      TEST(an_answer_names_its_block_and_its_trust),
      TEST(who_lies_about_a_slot_is_blamed_and_another_asked),
      TEST(requests_of_a_batch_are_answered_in_their_order),
  };
  return cmocka_run_group_tests_name("provider.ledger", tests, make_chain, end_chain);
}
