/* SPDX-License-Identifier: MIT */
#include "openledger/openledger.h"
#include "unit/wallet/intents.h"
#include "wallet/intent.h"

/* What transactions do, by the effects that they are decoded to. */

#define A_ALICE "\"0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1\""
#define A_BOB "\"0xb0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0\""
#define A_CAROL "\"0xcacacacacacacacacacacacacacacacacacacaca\""
#define A_TOKEN "\"0x7070707070707070707070707070707070707070\""

static ol_error error;
static ol_intent intent;
static uint8_t input_memory[1 << 16], memory[1 << 18];

/* A contract of each kind, at an address of its own. */
static ol_known_contract contracts[OL_KNOWN_KINDS];

static ol_address contract_of(ol_known_kind kind) {
  return address_of((uint8_t)(0xc0 + kind));
}

static int set_up(void **state) {
  (void)state;
  for (uint32_t i = 0; i < OL_KNOWN_KINDS; i++)
    contracts[i] = (ol_known_contract){
        .chain_id = 1612, .address = contract_of((ol_known_kind)i), .kind = i, .asset = TOKEN};
  return 0;
}

static ol_slice input_of(const char *signature, const char *arguments) {
  ol_slice input;
  assert_int_equal(ol_abi_encode_text(&error, &input, ol_slice_of(signature, ol_text_len(signature)),
                                      ol_slice_of(arguments, ol_text_len(arguments)), input_memory,
                                      sizeof input_memory),
                   OL_OK);
  return input;
}

static ol_transaction transaction_to(ol_address to, uint64_t value, ol_slice input) {
  return (ol_transaction){.type = OL_TX_DYNAMIC_FEE,
                          .chain_id = 1612,
                          .nonce = 7,
                          .gas_limit = 100,
                          .max_fee_per_gas = ol_abi_u64(3),
                          .value = ol_abi_u64(value),
                          .to = to,
                          .data = input};
}

static ol_status decode(const ol_transaction *transaction) {
  const ol_address account = ALICE;
  memset(&intent, 0xee, sizeof intent);
  return ol_intent_of_transaction(&error, &intent, transaction, &account, contracts, OL_KNOWN_KINDS, memory,
                                  sizeof memory);
}

static void decodes(ol_address to, uint64_t value, ol_slice input) {
  const ol_transaction transaction = transaction_to(to, value, input);
  assert_int_equal(decode(&transaction), OL_OK);
  assert_int_equal(intent.effects[0].kind, OL_EFFECT_FEE);
  const ol_u256 fee = ol_abi_u64(300);
  assert_memory_equal(&intent.effects[0].amount, &fee, sizeof fee);
}

static void calls(ol_address to, uint64_t value, const char *signature, const char *arguments) {
  decodes(to, value, input_of(signature, arguments));
}

static void has(uint32_t index, ol_effect_kind kind, ol_address asset, ol_address party, uint64_t amount) {
  const ol_effect *effect = &intent.effects[index];
  const ol_u256 expected = ol_abi_u64(amount);
  assert_true(index < intent.effect_count);
  assert_int_equal(effect->kind, kind);
  assert_memory_equal(&effect->asset, &asset, sizeof asset);
  assert_memory_equal(&effect->party, &party, sizeof party);
  assert_memory_equal(&effect->amount, &expected, sizeof expected);
}

/* Beside the fee there is this and nothing else. */
static void does(ol_effect_kind kind, ol_address asset, ol_address party, uint64_t amount) {
  assert_int_equal(intent.is_known, 1);
  assert_int_equal(intent.effect_count, 2);
  has(1, kind, asset, party, amount);
}

static void does_nothing_else(void) {
  assert_int_equal(intent.is_known, 1);
  assert_int_equal(intent.effect_count, 1);
}

static void is_not_known(ol_address target) {
  assert_int_equal(intent.is_known, 0);
  has(1, OL_EFFECT_UNKNOWN, NATIVE, target, 0);
}

static void sends_native_tokens(void **state) {
  ol_transaction transaction = transaction_to(BOB, 5, ol_slice_of(NULL, 0));
  ol_hash digest;
  (void)state;
  decodes(BOB, 5, ol_slice_of(NULL, 0));
  does(OL_EFFECT_SPEND, NATIVE, BOB, 5);
  ol_transaction_signing_hash(&digest, &transaction);
  assert_memory_equal(&intent.digest, &digest, sizeof digest);
  assert_int_equal(intent.kind, OL_INTENT_TRANSACTION);
  assert_int_equal(intent.chain_id, 1612);
  assert_int_equal(intent.has_nonce, 1);
  assert_int_equal(intent.nonce, 7);
  assert_int_equal(intent.gas_limit, 100);
  assert_int_equal(intent.has_call, 0);
  decodes(BOB, 0, ol_slice_of(NULL, 0));
  does_nothing_else();
}

static void counts_the_fee_of_each_type(void **state) {
  ol_transaction transaction = transaction_to(BOB, 0, ol_slice_of(NULL, 0));
  uint8_t hashes[2 * 33];
  (void)state;
  transaction.type = OL_TX_LEGACY;
  transaction.gas_price = ol_abi_u64(2);
  assert_int_equal(decode(&transaction), OL_OK);
  has(0, OL_EFFECT_FEE, NATIVE, NATIVE, 200);
  memset(hashes, 1, sizeof hashes);
  hashes[0] = hashes[33] = 0xa0;
  transaction.type = OL_TX_BLOB;
  transaction.blob_hashes = ol_slice_of(hashes, sizeof hashes);
  transaction.max_fee_per_blob_gas = ol_abi_u64(10);
  assert_int_equal(decode(&transaction), OL_OK);
  has(0, OL_EFFECT_FEE, NATIVE, NATIVE, 300 + 2 * 131072 * 10);
}

static void refuses_a_fee_of_more_than_256_bits(void **state) {
  ol_transaction transaction = transaction_to(BOB, 0, ol_slice_of(NULL, 0));
  (void)state;
  memset(&transaction.max_fee_per_gas, 0xff, sizeof(ol_u256));
  assert_int_equal(decode(&transaction), OL_ERR_LIMIT);
}

static void refuses_deposits(void **state) {
  ol_transaction transaction = transaction_to(BOB, 0, ol_slice_of(NULL, 0));
  (void)state;
  transaction.type = OL_TX_DEPOSIT;
  assert_int_equal(decode(&transaction), OL_ERR_ARGUMENT);
}

static void says_that_a_contract_is_created(void **state) {
  ol_transaction transaction = transaction_to((ol_address){{0}}, 5, ol_slice_of("code", 4));
  (void)state;
  transaction.is_create = 1;
  assert_int_equal(decode(&transaction), OL_OK);
  assert_int_equal(intent.effects[1].kind, OL_EFFECT_CREATE);
  has(2, OL_EFFECT_SPEND, NATIVE, NATIVE, 5);
  assert_int_equal(intent.has_call, 0);
}

static void reads_erc20(void **state) {
  (void)state;
  calls(TOKEN, 0, "transfer(address,uint256)", "[" A_BOB ",5]");
  does(OL_EFFECT_SPEND, TOKEN, BOB, 5);
  assert_int_equal(intent.selector, 0xa9059cbb);
  assert_string_equal((const char *)intent.signature.data, "transfer(address to,uint256 amount)");
  calls(TOKEN, 0, "approve(address,uint256)", "[" A_BOB ",5]");
  does(OL_EFFECT_ALLOW, TOKEN, BOB, 5);
  assert_int_equal(intent.effects[1].unlimited, 0);
  calls(TOKEN, 0, "increaseAllowance(address,uint256)", "[" A_BOB ",5]");
  does(OL_EFFECT_ALLOW, TOKEN, BOB, 5);
  calls(TOKEN, 0, "decreaseAllowance(address,uint256)", "[" A_BOB ",5]");
  does_nothing_else();
  calls(TOKEN, 0, "transfer(address,uint256)", "[" A_BOB ",0]");
  does_nothing_else();
}

static void looks_whose_tokens_are_sent(void **state) {
  (void)state;
  calls(TOKEN, 0, "transferFrom(address,address,uint256)", "[" A_ALICE "," A_BOB ",5]");
  does(OL_EFFECT_SPEND, TOKEN, BOB, 5);
  calls(TOKEN, 0, "transferFrom(address,address,uint256)", "[" A_CAROL "," A_BOB ",5]");
  does_nothing_else();
}

static void looks_whose_permit_it_is(void **state) {
  static const char permit[] = "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)";
#define VRS                                                                                                  \
  "5,9,27,\"0x0101010101010101010101010101010101010101010101010101010101010101\","                           \
  "\"0x0101010101010101010101010101010101010101010101010101010101010101\"]"
  (void)state;
  calls(TOKEN, 0, permit, "[" A_ALICE "," A_BOB "," VRS);
  does(OL_EFFECT_ALLOW, TOKEN, BOB, 5);
  calls(TOKEN, 0, permit, "[" A_CAROL "," A_BOB "," VRS);
  does_nothing_else();
}

static void sees_allowances_without_bound(void **state) {
  static const struct {
    const char *amount;
    uint32_t unlimited;
  } cases[] = {
      {"\"0xffffffffffffffffffffffffffffffff\"", 0}, /* 2^128 - 1 */
      {"\"0x100000000000000000000000000000000\"", 1},
      {"\"0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"", 1},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char arguments[256];
    snprintf(arguments, sizeof arguments, "[" A_BOB ",%s]", cases[i].amount);
    calls(TOKEN, 0, "approve(address,uint256)", arguments);
    assert_int_equal(intent.effects[1].unlimited, cases[i].unlimited);
  }
  ol_u256 most_of_uint96 = {{0}};
  memset(most_of_uint96.bytes + 20, 0xff, 12);
  assert_true(ol_is_unlimited(&most_of_uint96, 96));
  assert_false(ol_is_unlimited(&most_of_uint96, 160));
}

static void reads_erc721_and_erc1155(void **state) {
  (void)state;
  calls(TOKEN, 0, "safeTransferFrom(address,address,uint256)", "[" A_ALICE "," A_BOB ",77]");
  does(OL_EFFECT_SPEND, TOKEN, BOB, 1);
  calls(TOKEN, 0, "safeTransferFrom(address,address,uint256,bytes)", "[" A_ALICE "," A_BOB ",77,\"0x01\"]");
  does(OL_EFFECT_SPEND, TOKEN, BOB, 1);
  calls(TOKEN, 0, "safeTransferFrom(address,address,uint256,uint256,bytes)",
        "[" A_ALICE "," A_BOB ",77,5,\"0x\"]");
  does(OL_EFFECT_SPEND, TOKEN, BOB, 5);
  calls(TOKEN, 0, "setApprovalForAll(address,bool)", "[" A_BOB ",true]");
  does(OL_EFFECT_ALLOW_ALL, TOKEN, BOB, 0);
  calls(TOKEN, 0, "setApprovalForAll(address,bool)", "[" A_BOB ",false]");
  does_nothing_else();
}

static void does_not_know_other_functions(void **state) {
  (void)state;
  calls(TOKEN, 5, "rescue(address)", "[" A_BOB "]");
  is_not_known(TOKEN);
  has(2, OL_EFFECT_SPEND, NATIVE, TOKEN, 5);
  decodes(TOKEN, 0, ol_slice_of("\xa9\x05", 2)); /* less than a selector */
  is_not_known(TOKEN);
  assert_int_equal(intent.selector, 0xa9050000);
}

static void does_not_know_input_that_reads_in_two_ways(void **state) {
  ol_slice input = input_of("transfer(address,uint256)", "[" A_BOB ",5]");
  (void)state;
  decodes(TOKEN, 0, ol_slice_of(input.data, input.len - 1));
  is_not_known(TOKEN);
  decodes(TOKEN, 0, ol_slice_of(input.data, input.len + 1)); /* something behind it */
  is_not_known(TOKEN);
  input_memory[input.data - input_memory + 4] = 1; /* padding of the address */
  decodes(TOKEN, 0, input);
  is_not_known(TOKEN);
  assert_int_equal(intent.arguments.len, 0);
}

static void needs_memory(void **state) {
  const ol_slice input = input_of("transfer(address,uint256)", "[" A_BOB ",5]");
  const ol_transaction transaction = transaction_to(TOKEN, 0, input);
  const ol_address account = ALICE;
  (void)state;
  assert_int_equal(ol_intent_of_transaction(&error, &intent, &transaction, &account, NULL, 0, memory, 64),
                   OL_ERR_MEMORY);
}

static void reads_governance(void **state) {
  const ol_address governor = contract_of(OL_KNOWN_GOVERNOR), gopen = contract_of(OL_KNOWN_GOPEN);
  (void)state;
  calls(governor, 0, "castVote(uint256,uint8)", "[1,1]");
  does(OL_EFFECT_VOTE, NATIVE, governor, 0);
  assert_memory_equal(intent.contract.data, "Governor", intent.contract.len);
  calls(governor, 0, "castVoteWithReason(uint256,uint8,string)", "[1,1,\"so\"]");
  does(OL_EFFECT_VOTE, NATIVE, governor, 0);
  calls(governor, 0, "propose(address[],uint256[],bytes[],string)", "[[" A_BOB "],[1],[\"0x\"],\"why\"]");
  does_nothing_else();
  assert_memory_equal(intent.arguments.data, "{\"targets\":[", 12);
  calls(governor, 0, "setVotingDelay(uint48)", "[1]");
  is_not_known(governor);
  assert_true(intent.signature.len > 0); /* it has a name all the same */
  calls(gopen, 0, "delegate(address)", "[" A_BOB "]");
  does(OL_EFFECT_VOTE, NATIVE, BOB, 0);
  calls(gopen, 5, "deposit()", "[]");
  does(OL_EFFECT_SPEND, NATIVE, gopen, 5);
  calls(gopen, 0, "withdraw(uint256)", "[5]");
  does(OL_EFFECT_SPEND, gopen, ALICE, 5);
}

static void reads_staking(void **state) {
  const ol_address staking = contract_of(OL_KNOWN_STAKING);
  (void)state;
  calls(staking, 0, "stake(uint256,address,uint256)", "[0," A_BOB ",5]");
  does(OL_EFFECT_SPEND, TOKEN, BOB, 5);
  calls(staking, 0, "topUpStake(uint256,uint256)", "[0,5]");
  does(OL_EFFECT_SPEND, TOKEN, staking, 5);
  calls(staking, 0, "unstake(uint256)", "[0]");
  does_nothing_else();
  calls(contract_of(OL_KNOWN_BANK), 0, "approve(address,address,uint256)", "[" A_TOKEN "," A_BOB ",5]");
  is_not_known(contract_of(OL_KNOWN_BANK));
}

static void knows_functions_by_the_kind_of_contract(void **state) {
  (void)state;
  calls(BOB, 0, "castVote(uint256,uint8)", "[1,1]");
  is_not_known(BOB);
  calls(contract_of(OL_KNOWN_STAKING), 0, "castVote(uint256,uint8)", "[1,1]");
  is_not_known(contract_of(OL_KNOWN_STAKING));
  for (uint32_t i = 0; i < OL_KNOWN_KINDS; i++) contracts[i].chain_id = 1;
  calls(contract_of(OL_KNOWN_GOVERNOR), 0, "castVote(uint256,uint8)", "[1,1]");
  is_not_known(contract_of(OL_KNOWN_GOVERNOR));
}

static void reads_what_crosses_layers(void **state) {
  const ol_address bridge = contract_of(OL_KNOWN_BRIDGE), passer = contract_of(OL_KNOWN_PASSER);
  (void)state;
  calls(bridge, 0, "bridgeERC20To(address,address,address,uint256,uint32,bytes)",
        "[" A_TOKEN "," A_TOKEN "," A_BOB ",5,1,\"0x\"]");
  does(OL_EFFECT_SPEND, TOKEN, BOB, 5);
  calls(bridge, 5, "bridgeETHTo(address,uint32,bytes)", "[" A_BOB ",1,\"0x\"]");
  does(OL_EFFECT_SPEND, NATIVE, BOB, 5);
  calls(passer, 5, "initiateWithdrawal(address,uint256,bytes)", "[" A_BOB ",1,\"0x\"]");
  does(OL_EFFECT_SPEND, NATIVE, BOB, 5);
  calls(passer, 5, "initiateWithdrawal(address,uint256,bytes)", "[" A_BOB ",1,\"0x01\"]");
  is_not_known(passer);
  has(2, OL_EFFECT_SPEND, NATIVE, BOB, 5);
}

static void reads_deposits(void **state) {
  static const char erc20[] = "depositERC20Transaction(address,uint256,uint256,uint64,bool,bytes)";
  const ol_address portal = contract_of(OL_KNOWN_PORTAL);
  (void)state;
  calls(portal, 5, "depositTransaction(address,uint256,uint64,bool,bytes)", "[" A_BOB ",5,1,false,\"0x\"]");
  does(OL_EFFECT_SPEND, NATIVE, BOB, 5);
  calls(portal, 5, "depositTransaction(address,uint256,uint64,bool,bytes)", "[" A_BOB ",6,1,false,\"0x\"]");
  is_not_known(portal); /* more is sent there than is brought */
  calls(portal, 0, erc20, "[" A_BOB ",5,5,1,false,\"0x\"]");
  does(OL_EFFECT_SPEND, TOKEN, BOB, 5);
  calls(portal, 0, erc20, "[" A_BOB ",5,6,1,false,\"0x\"]");
  is_not_known(portal);
  calls(portal, 0, erc20, "[" A_BOB ",5,5,1,false,\"0x01\"]");
  is_not_known(portal);
}

/* Selectors of the recipes, by their signatures. */
static void names_functions_by_what_they_are_called(void **state) {
  static const char *const signatures[] = {
      "transfer(address,uint256)",          "transferFrom(address,address,uint256)",
      "approve(address,uint256)",           "increaseAllowance(address,uint256)",
      "decreaseAllowance(address,uint256)", "safeTransferFrom(address,address,uint256)",
      "setApprovalForAll(address,bool)"};
  (void)state;
  for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
    ol_hash hash;
    uint8_t input[4 + 96] = {0};
    ol_keccak256(&hash, (const uint8_t *)signatures[i], ol_text_len(signatures[i]));
    memcpy(input, &hash, 4);
    decodes(TOKEN, 0, ol_slice_of(input, i == 1 || i == 5 ? 100 : 68));
    assert_int_equal(intent.is_known, 1);
  }
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(sends_native_tokens),
      TEST(counts_the_fee_of_each_type),
      TEST(refuses_a_fee_of_more_than_256_bits),
      TEST(refuses_deposits),
      TEST(says_that_a_contract_is_created),
      TEST(reads_erc20),
      TEST(looks_whose_tokens_are_sent),
      TEST(looks_whose_permit_it_is),
      TEST(sees_allowances_without_bound),
      TEST(reads_erc721_and_erc1155),
      TEST(does_not_know_other_functions),
      TEST(does_not_know_input_that_reads_in_two_ways),
      TEST(needs_memory),
      TEST(reads_governance),
      TEST(reads_staking),
      TEST(knows_functions_by_the_kind_of_contract),
      TEST(reads_what_crosses_layers),
      TEST(reads_deposits),
      TEST(names_functions_by_what_they_are_called),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
