/* SPDX-License-Identifier: MIT */
#include "ledger/known.h"
#include "unit/ledger/calls.h"

#define MEMORY memory, sizeof memory
#define FUNCTIONS (OL_GRANT_CANCEL + 1)

static const struct {
  ol_known_kind kind;
  const char *signature;
} functions[] = {
    [OL_DATANET_CREATE] = {OL_KNOWN_DATANETS, "create"},
    [OL_DATANET_UPDATE] = {OL_KNOWN_DATANETS, "update"},
    [OL_DATANET_SET_METADATA] = {OL_KNOWN_DATANETS, "setMetadata"},
    [OL_DATANET_SET_MIN_STAKE] = {OL_KNOWN_DATANETS, "setMinStake"},
    [OL_DATANET_COMMIT] = {OL_KNOWN_DATANETS, "commit"},
    [OL_DATANET_REVEAL] = {OL_KNOWN_DATANETS, "reveal"},
    [OL_DATANET_APPROVE] = {OL_KNOWN_DATANETS, "approve"},
    [OL_DATANET_REJECT] = {OL_KNOWN_DATANETS, "reject"},
    [OL_DATANET_EXPIRE] = {OL_KNOWN_DATANETS, "expire"},
    [OL_MODEL_REGISTER] = {OL_KNOWN_MODELS, "register"},
    [OL_MODEL_SET_PRICE] = {OL_KNOWN_MODELS, "setPrice"},
    [OL_MODEL_DEPLOY] = {OL_KNOWN_MODELS, "deploy"},
    [OL_MODEL_UNDEPLOY] = {OL_KNOWN_MODELS, "undeploy"},
    [OL_NODE_ADD_BOND] = {OL_KNOWN_NODES, "addBond"},
    [OL_NODE_REVOKE] = {OL_KNOWN_NODES, "revoke"},
    [OL_NODE_WITHDRAW_BOND] = {OL_KNOWN_NODES, "withdrawBond"},
    [OL_BATCH_POST] = {OL_KNOWN_ATTRIBUTION, "postBatch"},
    [OL_CORPUS_PUBLISH] = {OL_KNOWN_ATTRIBUTION, "publishCorpus"},
    [OL_DISPUTE_OPEN] = {OL_KNOWN_ATTRIBUTION, "dispute"},
    [OL_DISPUTE_SETTLE] = {OL_KNOWN_ATTRIBUTION, "settle"},
    [OL_PAYOUT_FUND] = {OL_KNOWN_ATTRIBUTION, "fund"},
    [OL_PAYOUT_RECLAIM] = {OL_KNOWN_ATTRIBUTION, "reclaim"},
    [OL_GRANT_APPROVE] = {OL_KNOWN_GRANTS, "approve"},
    [OL_GRANT_SUBMIT] = {OL_KNOWN_GRANTS, "submit"},
    [OL_GRANT_REFUSE] = {OL_KNOWN_GRANTS, "refuse"},
    [OL_GRANT_ACCEPT] = {OL_KNOWN_GRANTS, "accept"},
    [OL_GRANT_CANCEL] = {OL_KNOWN_GRANTS, "cancel"},
};
_Static_assert(sizeof functions / sizeof *functions == FUNCTIONS, "each function is looked at");

static const ol_known *known_of(size_t function) {
  const char *name = functions[function].signature;
  for (size_t i = 0; ol_known_at(i) != NULL; i++) {
    const ol_known *one = ol_known_at(i);
    if ((one->kinds >> functions[function].kind & 1) != 0 &&
        strncmp(one->signature, name, strlen(name)) == 0 && one->signature[strlen(name)] == '(')
      return one;
  }
  fail();
  return NULL;
}

/* Out: the largest value of each argument's type. Returns: how many there are. */
static size_t largest_words(ol_u256 out[8], const char *signature) {
  size_t count = 0;
  for (const char *at = strchr(signature, '(') + 1; *at != ')'; count++) {
    memset(out[count].bytes, 0xff, 32);
    size_t zeros = 0;
    if (strncmp(at, "address", 7) == 0) zeros = 12;
    if (strncmp(at, "uint64", 6) == 0) zeros = 24;
    if (strncmp(at, "uint128", 7) == 0) zeros = 16;
    if (strncmp(at, "bool", 4) == 0) zeros = 31;
    memset(out[count].bytes, 0, zeros);
    if (zeros == 31) out[count].bytes[31] = 1;
    at += strcspn(at, ",)");
    at += *at == ',';
  }
  return count;
}

static ol_status write(size_t function, const ol_u256 *words, size_t count) {
  const ol_u256 nothing = word(0);
  return ol_registry_call(&error, &call, &contract, (ol_registry_function)function, &nothing, words, count,
                          MEMORY);
}

/* The list of functions and the table of known ones were written apart. */
static void functions_are_those_of_the_contracts(void **state) {
  (void)state;
  for (size_t i = 0; i < FUNCTIONS; i++) {
    ol_u256 words[8];
    const ol_known *known = known_of(i);
    const size_t count = largest_words(words, known->signature);
    assert_int_equal(write(i, words, count), OL_OK);
    assert_int_equal(ol_load_be32(call.data.data), known->selector);
    assert_int_equal(call.data.len, 4 + 32 * count);
    assert_memory_equal(call.data.data + 4, words, 32 * count);
  }
}

static void arguments_are_in_the_range_of_their_types(void **state) {
  (void)state;
  for (size_t i = 0; i < FUNCTIONS; i++) {
    ol_u256 words[8];
    const size_t count = largest_words(words, known_of(i)->signature);
    for (size_t k = 0; k < count; k++) {
      const ol_u256 kept = words[k];
      if (kept.bytes[0] != 0) continue; /* any word is in range */
      size_t zeros = 0;
      while (kept.bytes[zeros] == 0) zeros++;
      words[k].bytes[zeros == 31 ? 31 : zeros - 1] = zeros == 31 ? 2 : 1;
      assert_refused(write(i, words, count), OL_ERR_ARGUMENT, "argument", "is out of the range of its type");
      assert_int_equal(error.item, k);
      words[k] = kept;
    }
    assert_refused(write(i, words, count - 1), OL_ERR_ARGUMENT, "",
                   "function has another number of arguments");
  }
}

static void what_may_not_be_zero_is_not(void **state) {
  (void)state;
  static const struct {
    ol_registry_function function;
    uint32_t zeros; /* bit k: argument k may be zero */
  } cases[] = {{OL_DATANET_CREATE, 13}, {OL_DATANET_UPDATE, 4},  {OL_DATANET_COMMIT, 0},
               {OL_DATANET_REJECT, 2},  {OL_MODEL_REGISTER, 62}, {OL_NODE_REVOKE, 0},
               {OL_BATCH_POST, 0},      {OL_CORPUS_PUBLISH, 1},  {OL_DISPUTE_OPEN, 0},
               {OL_PAYOUT_FUND, 12},    {OL_GRANT_SUBMIT, 2},    {OL_GRANT_CANCEL, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ol_u256 words[8];
    const size_t count = largest_words(words, known_of(cases[i].function)->signature);
    for (size_t k = 0; k < count; k++) {
      const ol_u256 kept = words[k];
      words[k] = word(0);
      const ol_status status = write(cases[i].function, words, count);
      if ((cases[i].zeros >> k & 1) != 0)
        assert_int_equal(status, OL_OK);
      else
        assert_int_equal(status, OL_ERR_ARGUMENT);
      words[k] = kept;
    }
  }
  const ol_u256 none = word(0);
  assert_int_equal(write(FUNCTIONS, &none, 0), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "function is not known");
}

static void hashes_are_those_of_the_contracts(void **state) {
  (void)state;
  const ol_hash one = hash_of(1), two = hash_of(2), content = hash_of(0xcc), salt = hash_of(0x5a);
  ol_hash out;
  ol_datanet_commitment(&out, 5, &alice, &content, 77, &salt);
  assert_bytes(out.bytes, 32, DATANET_COMMITMENT_INPUT);
  ol_model_id(&out, &alice, &one, &two);
  assert_bytes(out.bytes, 32, MODEL_ID_INPUT);
}

static void writes_what_a_node_says_of_itself(void **state) {
  (void)state;
  static uint8_t large[OL_NODE_ENDPOINT + 1];
  const ol_u256 bond = word(9);
  const ol_slice url = text_of("https://n.example"), none = {0};
  assert_call(ol_node_register_call(&error, &call, &contract, &alice, url, signature(), &bond, MEMORY), 9,
              NODE_REGISTER_INPUT);
  assert_call(ol_node_register_call(&error, &call, &contract, &alice, url, none, &bond, MEMORY), 9,
              NODE_REGISTER_OWN_INPUT);
  assert_call(ol_node_endpoint_call(&error, &call, &contract, &alice, url, MEMORY), 0, NODE_ENDPOINT_INPUT);
  assert_refused(ol_node_register_call(&error, &call, &contract, &nobody, url, none, &bond, MEMORY),
                 OL_ERR_ARGUMENT, "signer", "is the zero address");
  assert_refused(ol_node_register_call(&error, &call, &contract, &alice, none, none, &bond, MEMORY),
                 OL_ERR_ARGUMENT, "", "node has no endpoint");
  assert_refused(ol_node_endpoint_call(&error, &call, &contract, &alice, none, MEMORY), OL_ERR_ARGUMENT, "",
                 "node has no endpoint");
  assert_refused(
      ol_node_endpoint_call(&error, &call, &contract, &alice, ol_slice_of(large, sizeof large), MEMORY),
      OL_ERR_LIMIT, "endpoint", "is too long");
  assert_refused(
      ol_node_register_call(&error, &call, &contract, &alice, url, text_of("short"), &bond, MEMORY),
      OL_ERR_ARGUMENT, "consent", "is not a signature of 65 bytes");
}

static void writes_a_grant_with_its_milestones(void **state) {
  (void)state;
  const ol_hash plan = hash_of(0xee);
  ol_u256 amounts[OL_GRANT_MILESTONES + 1];
  for (size_t i = 0; i <= OL_GRANT_MILESTONES; i++) amounts[i] = word(5 + i);
  assert_call(ol_grant_propose_call(&error, &call, &contract, &plan, amounts, 2, MEMORY), 0,
              GRANT_PROPOSE_INPUT);
  assert_refused(ol_grant_propose_call(&error, &call, &contract, &plan, amounts, 0, MEMORY), OL_ERR_ARGUMENT,
                 "", "grant has no milestones, or more than 32");
  assert_refused(ol_grant_propose_call(&error, &call, &contract, &plan, amounts, 33, MEMORY), OL_ERR_ARGUMENT,
                 "", "grant has no milestones, or more than 32");
  memset(amounts[0].bytes + 16, 0xff, 16);
  assert_refused(ol_grant_propose_call(&error, &call, &contract, &plan, amounts, 2, MEMORY), OL_ERR_ARGUMENT,
                 "total", "is out of the range of its type");
  amounts[1] = word(0);
  assert_refused(ol_grant_propose_call(&error, &call, &contract, &plan, amounts, 2, MEMORY), OL_ERR_ARGUMENT,
                 "amount", "is zero");
  assert_int_equal(error.item, 1);
  amounts[1].bytes[15] = 1;
  assert_refused(ol_grant_propose_call(&error, &call, &contract, &plan, amounts, 2, MEMORY), OL_ERR_ARGUMENT,
                 "amount", "is out of the range of its type");
}

static void writes_a_claim_with_its_path(void **state) {
  (void)state;
  const ol_u256 three = word(3);
  ol_split_row row = {.contributor = alice, .datanet = 5, .weight = word(6), .amount = word(7)};
  ol_split_sibling path[OL_SPLIT_PATH + 1] = {{hash_of(1), word(8)}, {hash_of(2), word(9)}};
  assert_call(ol_payout_claim_call(&error, &call, &contract, &three, 4, &row, path, 2, MEMORY), 0,
              PAYOUT_CLAIM_INPUT);
  assert_refused(ol_payout_claim_call(&error, &call, &contract, &three, 4, &row, path, 65, MEMORY),
                 OL_ERR_LIMIT, "", "path has more than 64 siblings");
  path[1].sum.bytes[15] = 1;
  assert_refused(ol_payout_claim_call(&error, &call, &contract, &three, 4, &row, path, 2, MEMORY),
                 OL_ERR_ARGUMENT, "sibling", "is out of the range of its type");
  assert_int_equal(error.item, 1);
  row.amount.bytes[0] = 1;
  assert_refused(ol_payout_claim_call(&error, &call, &contract, &three, 4, &row, path, 1, MEMORY),
                 OL_ERR_ARGUMENT, "amount", "is out of the range of its type");
  row.weight.bytes[0] = 1;
  assert_refused(ol_payout_claim_call(&error, &call, &contract, &three, 4, &row, path, 1, MEMORY),
                 OL_ERR_ARGUMENT, "weight", "is out of the range of its type");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(functions_are_those_of_the_contracts), TEST(arguments_are_in_the_range_of_their_types),
      TEST(what_may_not_be_zero_is_not),          TEST(hashes_are_those_of_the_contracts),
      TEST(writes_what_a_node_says_of_itself),    TEST(writes_a_grant_with_its_milestones),
      TEST(writes_a_claim_with_its_path),
  };
  return cmocka_run_group_tests_name("ledger.registry", tests, NULL, NULL);
}
