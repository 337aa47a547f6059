/* SPDX-License-Identifier: MIT */
#include "openledger/openledger.h"
#include "unit/wallet/intents.h"

/* What messages, typed data and authorizations do. */

static ol_error error;
static ol_intent intent;
static uint8_t document_memory[1 << 16];
static _Alignas(16) uint8_t memory[1 << 20];

/* --- Typed data, from its members --- */

/* What a domain names. */
static ol_typed_domain domain_of(uint32_t fields) {
  return (ol_typed_domain){.fields = fields,
                           .name = text_of("Token"),
                           .version = text_of("1"),
                           .chain_id = ol_abi_u64(1612),
                           .verifying_contract = TOKEN};
}

#define FIELDS (OL_TYPED_NAME | OL_TYPED_VERSION | OL_TYPED_CHAIN_ID | OL_TYPED_CONTRACT)

static void decode_text(ol_slice text) {
  const ol_known_contract contracts[] = {{.chain_id = 1612, .address = TOKEN, .kind = OL_KNOWN_GOPEN}};
  const ol_address account = ALICE;
  ol_typed_data data;
  assert_int_equal(ol_typed_data_read(&error, &data, text, memory, sizeof memory), OL_OK);
  ol_intent_of_typed_data(&intent, &data, &account, contracts, 1);
  assert_int_equal(intent.kind, OL_INTENT_TYPED_DATA);
  assert_memory_equal(&intent.digest, &data.digest, sizeof intent.digest);
  assert_memory_equal(&intent.type_hash, &data.type_hash, sizeof intent.type_hash);
}

static void decode_fields(uint32_t fields, ol_typed_kind kind, const ol_typed_value *values, size_t count) {
  const ol_typed_domain domain = domain_of(fields);
  ol_slice text;
  assert_int_equal(ol_typed_data_write(&error, &text, kind, &domain, values, count, document_memory,
                                       sizeof document_memory),
                   OL_OK);
  decode_text(text);
}

static void decode(ol_typed_kind kind, const ol_typed_value *values, size_t count) {
  decode_fields(FIELDS, kind, values, count);
}

static ol_typed_value address_value(ol_address address) {
  return (ol_typed_value){.word = ol_abi_address(&address)};
}

static ol_typed_value number_value(uint64_t number) {
  return (ol_typed_value){.word = ol_abi_u64(number)};
}

#define DECODE(kind, ...)                                                                                    \
  do {                                                                                                       \
    const ol_typed_value values[] = {__VA_ARGS__};                                                           \
    decode(kind, values, sizeof values / sizeof *values);                                                    \
  } while (0)

static void does(ol_effect_kind kind, ol_address asset, ol_address party, uint64_t amount, uint64_t until) {
  const ol_u256 expected = ol_abi_u64(amount);
  assert_int_equal(intent.is_known, 1);
  assert_int_equal(intent.effect_count, 1);
  assert_int_equal(intent.effects[0].kind, kind);
  assert_memory_equal(&intent.effects[0].asset, &asset, sizeof asset);
  assert_memory_equal(&intent.effects[0].party, &party, sizeof party);
  assert_memory_equal(&intent.effects[0].amount, &expected, sizeof expected);
  assert_int_equal(intent.effects[0].until, until);
}

static void is_not_known(void) {
  assert_int_equal(intent.is_known, 0);
  assert_int_equal(intent.effect_count, 1);
  assert_int_equal(intent.effects[0].kind, OL_EFFECT_UNKNOWN);
}

static void reads_votes(void **state) {
  (void)state;
  DECODE(OL_TYPED_BALLOT, number_value(1), number_value(1), address_value(ALICE), number_value(0));
  does(OL_EFFECT_VOTE, NATIVE, TOKEN, 0, 0);
  assert_int_equal(intent.chain_id, 1612);
  assert_memory_equal(intent.contract.data, "GOPEN", intent.contract.len);
  DECODE(OL_TYPED_BALLOT, number_value(1), number_value(1), address_value(BOB), number_value(0));
  is_not_known();
  DECODE(OL_TYPED_DELEGATION, address_value(BOB), number_value(0), number_value(9));
  does(OL_EFFECT_VOTE, NATIVE, BOB, 0, 0);
}

static void reads_permits(void **state) {
  ol_typed_value much = {.word = {{0}}};
  (void)state;
  DECODE(OL_TYPED_PERMIT, address_value(ALICE), address_value(BOB), number_value(5), number_value(0),
         number_value(9));
  does(OL_EFFECT_ALLOW, TOKEN, BOB, 5, 0);
  assert_int_equal(intent.effects[0].unlimited, 0);
  memset(&much.word, 0xff, sizeof much.word);
  DECODE(OL_TYPED_PERMIT, address_value(ALICE), address_value(BOB), much, number_value(0), number_value(9));
  assert_int_equal(intent.effects[0].unlimited, 1);
  DECODE(OL_TYPED_PERMIT, address_value(CAROL), address_value(BOB), number_value(5), number_value(0),
         number_value(9));
  is_not_known();
  DECODE(OL_TYPED_PERMIT_DAI, address_value(ALICE), address_value(BOB), number_value(0), number_value(9),
         number_value(1));
  assert_int_equal(intent.effects[0].unlimited, 1);
  assert_int_equal(intent.effects[0].amount.bytes[0], 0xff);
  DECODE(OL_TYPED_PERMIT_DAI, address_value(ALICE), address_value(BOB), number_value(0), number_value(9),
         number_value(0));
  does(OL_EFFECT_ALLOW, TOKEN, BOB, 0, 0);
}

static void reads_permit2(void **state) {
  const ol_address asset = address_of(0x99);
  ol_typed_value most_of_uint160 = {.word = {{0}}};
  (void)state;
  DECODE(OL_TYPED_PERMIT2_SINGLE, address_value(asset), number_value(5), number_value(77), number_value(0),
         address_value(BOB), number_value(9));
  does(OL_EFFECT_ALLOW, asset, BOB, 5, 77);
  memset(most_of_uint160.word.bytes + 12, 0xff, 20);
  DECODE(OL_TYPED_PERMIT2_SINGLE, address_value(asset), most_of_uint160, number_value(77), number_value(0),
         address_value(BOB), number_value(9));
  assert_int_equal(intent.effects[0].unlimited, 1);
  DECODE(OL_TYPED_PERMIT2_TRANSFER, address_value(asset), number_value(5), address_value(BOB),
         number_value(0), number_value(9));
  does(OL_EFFECT_ALLOW, asset, BOB, 5, 9);
  DECODE(OL_TYPED_PERMIT2_WITNESS, address_value(asset), number_value(5), address_value(CAROL),
         number_value(0), number_value(9), address_value(BOB), number_value(0));
  does(OL_EFFECT_SPEND, asset, BOB, 5, 9);
}

static const char batch_head[] =
    "{\"types\":{\"PermitBatch\":[{\"name\":\"details\",\"type\":\"PermitDetails[]\"},{\"name\":\"spender\","
    "\"type\":"
    "\"address\"},{\"name\":\"sigDeadline\",\"type\":\"uint256\"}],\"PermitDetails\":[{\"name\":\"token\","
    "\"type\":"
    "\"address\"},{\"name\":\"amount\",\"type\":\"uint160\"},{\"name\":\"expiration\",\"type\":\"uint48\"},{"
    "\"name\":"
    "\"nonce\",\"type\":\"uint48\"}]},\"primaryType\":\"PermitBatch\",\"domain\":{\"chainId\":1612,"
    "\"verifyingContract\":\"0x7070707070707070707070707070707070707070\"},\"message\":{\"spender\":"
    "\"0xb0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0\",\"sigDeadline\":9,\"details\":[";

static void decode_batch(uint32_t count) {
  static char text[1 << 14];
  strcpy(text, batch_head);
  for (uint32_t i = 0; i < count; i++) {
    char detail[256];
    snprintf(detail, sizeof detail,
             "%s{\"token\":\"0x00000000000000000000000000000000000000%02x\",\"amount\":%u,\"expiration\":%u,"
             "\"nonce\":0}",
             i == 0 ? "" : ",", i + 1, i + 10, i + 20);
    strcat(text, detail);
  }
  strcat(text, "]}}");
  decode_text(text_of(text));
}

static void reads_each_of_a_batch(void **state) {
  (void)state;
  decode_batch(OL_INTENT_EFFECTS);
  assert_int_equal(intent.is_known, 1);
  assert_int_equal(intent.effect_count, OL_INTENT_EFFECTS);
  for (uint32_t i = 0; i < OL_INTENT_EFFECTS; i++) {
    assert_int_equal(intent.effects[i].asset.bytes[19], i + 1);
    assert_int_equal(intent.effects[i].amount.bytes[31], i + 10);
    assert_int_equal(intent.effects[i].until, i + 20);
    assert_int_equal(intent.effects[i].party.bytes[0], 0xb0);
  }
  decode_batch(OL_INTENT_EFFECTS + 1);
  is_not_known();
}

static void reads_eip3009(void **state) {
  (void)state;
  DECODE(OL_TYPED_TRANSFER_AUTHORIZATION, address_value(ALICE), address_value(BOB), number_value(5),
         number_value(0), number_value(9), number_value(1));
  does(OL_EFFECT_SPEND, TOKEN, BOB, 5, 9);
  DECODE(OL_TYPED_RECEIVE_AUTHORIZATION, address_value(CAROL), address_value(BOB), number_value(5),
         number_value(0), number_value(9), number_value(1));
  is_not_known();
  DECODE(OL_TYPED_CANCEL_AUTHORIZATION, address_value(ALICE), number_value(1));
  assert_int_equal(intent.is_known, 1);
  assert_int_equal(intent.effect_count, 0);
}

static void does_not_know_what_commits_to_more(void **state) {
  (void)state;
  DECODE(OL_TYPED_STAKE, address_value(ALICE), number_value(1), number_value(5), number_value(0),
         number_value(0));
  is_not_known();
}

static void needs_a_chain_and_a_contract_to_know(void **state) {
  const ol_typed_value values[] = {address_value(BOB), number_value(0), number_value(9)};
  (void)state;
  decode_fields(FIELDS & ~(uint32_t)OL_TYPED_CHAIN_ID, OL_TYPED_DELEGATION, values, 3);
  is_not_known();
  assert_int_equal(intent.chain_id, 0);
  decode_fields(FIELDS & ~(uint32_t)OL_TYPED_CONTRACT, OL_TYPED_DELEGATION, values, 3);
  is_not_known();
}

static void a_chain_of_more_than_64_bits_is_no_other(void **state) {
  static const char text[] = "{\"types\":{\"X\":[{\"name\":\"a\",\"type\":\"uint256\"}]},\"primaryType\":"
                             "\"X\",\"domain\":{\"chainId\":"
                             "\"0x1000000000000064c\"},\"message\":{\"a\":1}}";
  ol_authorization authorization = {.nonce = 3, .address = TOKEN};
  const ol_address account = ALICE;
  (void)state;
  decode_text(text_of(text));
  assert_true(intent.chain_id == UINT64_MAX);
  authorization.chain_id.bytes[0] = 1;
  ol_intent_of_authorization(&intent, &authorization, &account);
  assert_true(intent.chain_id == UINT64_MAX);
}

/* --- Authorizations and messages --- */

static void reads_authorizations(void **state) {
  const ol_authorization authorization = {.chain_id = ol_abi_u64(1612), .nonce = 3, .address = TOKEN};
  const ol_address account = ALICE, token = TOKEN;
  ol_hash digest;
  (void)state;
  ol_intent_of_authorization(&intent, &authorization, &account);
  ol_authorization_signing_hash(&digest, &authorization);
  assert_memory_equal(&intent.digest, &digest, sizeof digest);
  assert_int_equal(intent.kind, OL_INTENT_AUTHORIZATION);
  assert_int_equal(intent.chain_id, 1612);
  assert_int_equal(intent.has_nonce, 1);
  assert_int_equal(intent.nonce, 3);
  does(OL_EFFECT_CODE, NATIVE, token, 0, 0);
}

#define SIGN_IN(address)                                                                                     \
  "example.com wants you to sign in with your Ethereum account:\n" address                                   \
  "\n\n\nURI: https://example.com\nVersion: 1\nChain ID: 1612\nNonce: 12345678\n"                            \
  "Issued At: 2026-01-01T00:00:00Z"

static void reads_messages(void **state) {
  static const char sign_in[] = SIGN_IN("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
  ol_address account = ALICE;
  (void)state;
  assert_int_equal(ol_intent_of_message(&error, &intent, (const uint8_t *)"hi", 2, &account), OL_OK);
  assert_int_equal(intent.kind, OL_INTENT_MESSAGE);
  assert_int_equal(intent.chain_id, 0);
  assert_int_equal(
      ol_intent_of_message(&error, &intent, (const uint8_t *)sign_in, sizeof sign_in - 1, &account),
      OL_ERR_MISMATCH);
  assert_string_equal(error.part, "address");
  assert_int_equal(ol_address_from_text(&error, &account, "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", 42),
                   OL_OK);
  assert_int_equal(
      ol_intent_of_message(&error, &intent, (const uint8_t *)sign_in, sizeof sign_in - 1, &account), OL_OK);
  assert_int_equal(intent.kind, OL_INTENT_SIGN_IN);
  assert_int_equal(intent.chain_id, 1612);
  assert_int_equal(
      ol_intent_of_message(&error, &intent, (const uint8_t *)sign_in, sizeof sign_in - 2, &account),
      OL_ERR_ENCODING);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_votes),
      cmocka_unit_test(reads_permits),
      cmocka_unit_test(reads_permit2),
      cmocka_unit_test(reads_each_of_a_batch),
      cmocka_unit_test(reads_eip3009),
      cmocka_unit_test(does_not_know_what_commits_to_more),
      cmocka_unit_test(needs_a_chain_and_a_contract_to_know),
      cmocka_unit_test(a_chain_of_more_than_64_bits_is_no_other),
      cmocka_unit_test(reads_authorizations),
      cmocka_unit_test(reads_messages),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
