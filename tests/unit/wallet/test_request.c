/* SPDX-License-Identifier: MIT */
#include "openledger/request.h"

#include "openledger/text.h"
#include "rollup/u256.h"
#include "transactions.h"
#include "unit/bytes.h"

static ol_error error;
static ol_transaction_request request;

#define TO "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
#define KEY "0x0000000000000000000000000000000000000000000000000000000000000001"
#define BLOB_HASH "0x0100000000000000000000000000000000000000000000000000000000000001"

static ol_status read(const char *json) {
  static uint8_t memory[1 << 16];
  const size_t len = 16 * strlen(json) + 4096;
  assert_true(len <= sizeof memory);
  return ol_transaction_request_read(&error, &request, text_of(json), memory, len);
}

static void expect(const char *json, uint32_t type, uint32_t missing) {
  ol_status status = read(json);
  if (status != OL_OK) print_message("%s: %s %s\n", json, error.field, error.reason);
  assert_int_equal(status, OL_OK);
  assert_int_equal(request.transaction.type, type);
  assert_int_equal(request.missing, missing);
}

static void refuse(const char *json, const char *field, const char *reason) {
  const ol_transaction_request before = request;
  ol_status status = read(json);
  assert_true(status == OL_ERR_ENCODING || status == OL_ERR_MISMATCH);
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, "request");
  assert_string_equal(error.field, field);
  assert_memory_equal(&request, &before, sizeof before);
}

static void is_number(const ol_u256 *value, uint64_t expected) {
  const ol_u256 word = ol_u256_of(expected);
  assert_memory_equal(value, &word, sizeof word);
}

static void reads_what_a_dapp_sends(void **state) {
  (void)state;
  expect("{\"from\":\"" TO "\",\"to\":\"" TO "\",\"value\":\"0xde0b6b3a7640000\",\"data\":\"0xdeadbeef\"}",
         OL_TX_DYNAMIC_FEE,
         OL_MISSING_NONCE | OL_MISSING_GAS | OL_MISSING_CHAIN_ID | OL_MISSING_MAX_FEE |
             OL_MISSING_PRIORITY_FEE);
  assert_int_equal(request.has_from, 1);
  assert_memory_equal(&request.from, &request.transaction.to, sizeof request.from);
  is_number(&request.transaction.value, 1000000000000000000u);
  assert_int_equal(request.transaction.data.len, 4);
  assert_int_equal(request.transaction.is_create, 0);
  expect("{\"type\":\"0x2\",\"chainId\":\"0x64c\",\"to\":\"" TO "\",\"nonce\":\"0x7\",\"gas\":\"0x5208\","
         "\"maxFeePerGas\":\"0x3b9aca00\",\"maxPriorityFeePerGas\":\"0x1\"}",
         OL_TX_DYNAMIC_FEE, 0);
  assert_int_equal(request.has_from, 0);
  assert_int_equal(request.transaction.chain_id, 1612);
  assert_int_equal(request.transaction.nonce, 7);
  assert_int_equal(request.transaction.gas_limit, 21000);
  is_number(&request.transaction.max_fee_per_gas, 1000000000);
  is_number(&request.transaction.max_priority_fee_per_gas, 1);
}

static void infers_the_type_as_others_do(void **state) {
  (void)state;
  const uint32_t all = OL_MISSING_NONCE | OL_MISSING_GAS | OL_MISSING_CHAIN_ID;
  expect("{\"to\":\"" TO "\",\"gasPrice\":1}", OL_TX_LEGACY, all);
  expect("{\"to\":\"" TO "\",\"gasPrice\":1,\"accessList\":[]}", OL_TX_ACCESS_LIST, all);
  expect("{\"to\":\"" TO "\",\"gasPrice\":1,\"accessList\":null}", OL_TX_LEGACY, all);
  expect("{\"to\":\"" TO "\",\"accessList\":[]}", OL_TX_DYNAMIC_FEE,
         all | OL_MISSING_MAX_FEE | OL_MISSING_PRIORITY_FEE);
  expect("{\"to\":\"" TO "\",\"maxFeePerGas\":1}", OL_TX_DYNAMIC_FEE, all | OL_MISSING_PRIORITY_FEE);
  expect("{\"to\":\"" TO "\",\"maxPriorityFeePerGas\":1}", OL_TX_DYNAMIC_FEE, all | OL_MISSING_MAX_FEE);
  expect("{\"to\":\"" TO "\",\"blobVersionedHashes\":[\"" BLOB_HASH "\"]}", OL_TX_BLOB,
         all | OL_MISSING_MAX_FEE | OL_MISSING_PRIORITY_FEE | OL_MISSING_BLOB_FEE);
  expect("{\"to\":\"" TO "\",\"authorizationList\":[{\"chainId\":1612,\"address\":\"" TO
         "\",\"nonce\":\"0x1\",\"yParity\":0,\"r\":\"0x1\",\"s\":\"2\"}]}",
         OL_TX_SET_CODE, all | OL_MISSING_MAX_FEE | OL_MISSING_PRIORITY_FEE);
  ol_slice list = request.transaction.authorizations;
  ol_authorization one;
  assert_true(ol_authorization_next(&list, &one));
  is_number(&one.chain_id, 1612);
  is_number(&one.s, 2);
  assert_int_equal(one.nonce, 1);
  expect("{\"type\":1,\"to\":\"" TO "\"}", OL_TX_ACCESS_LIST, all | OL_MISSING_GAS_PRICE);
  expect("{\"type\":\"0\",\"to\":\"" TO "\"}", OL_TX_LEGACY, all | OL_MISSING_GAS_PRICE);
}

static void reads_numbers_in_every_form(void **state) {
  (void)state;
  static const char *const forms[] = {"\"0xff\"", "\"0x00ff\"", "\"255\"", "255"};
  char json[256];
  for (size_t i = 0; i < 4; i++) {
    snprintf(json, sizeof json,
             "{\"to\":\"" TO "\",\"nonce\":%s,\"gasLimit\":%s,\"value\":%s,\"chainId\":%s}", forms[i],
             forms[i], forms[i], forms[i]);
    assert_int_equal(read(json), OL_OK);
    assert_int_equal(request.transaction.nonce, 255);
    assert_int_equal(request.transaction.gas_limit, 255);
    assert_int_equal(request.transaction.chain_id, 255);
    is_number(&request.transaction.value, 255);
    assert_int_equal(request.missing, OL_MISSING_MAX_FEE | OL_MISSING_PRIORITY_FEE);
  }
  /* Beyond 2^53, where numbers of JavaScript end, and to 2^256. */
  assert_int_equal(read("{\"to\":\"" TO "\",\"value\":9007199254740993}"), OL_OK);
  is_number(&request.transaction.value, 9007199254740993u);
  assert_int_equal(read("{\"to\":\"" TO
                        "\",\"value\":\"11579208923731619542357098500868790785326998466564056403"
                        "9457584007913129639935\"}"),
                   OL_OK);
  assert_int_equal(request.transaction.value.bytes[0], 0xff);
  static const struct {
    const char *value, *reason;
  } bad[] = {
      {"\"0x\"", "quantity has no digits"},
      {"\"\"", "number has no digits"},
      {"-1", "character is not a decimal digit"},
      {"\"-0x1\"", "character is not a decimal digit"},
      {"1.5", "character is not a decimal digit"},
      {"1e3", "character is not a decimal digit"},
      {"\"0X1\"", "character is not a decimal digit"},
      {"\"0x10000000000000000000000000000000000000000000000000000000000000000\"",
       "quantity is longer than 32 bytes"},
      {"\"115792089237316195423570985008687907853269984665640564039457584007913129639936\"",
       "number is 2^256 or more"},
      {"true", "JSON value is not a string"},
      {"[]", "JSON value is not a string"},
  };
  static const char *const names[] = {"maxFeePerGas", "nonce", "gas", "gasLimit", "chainId", "value", "type"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
      snprintf(json, sizeof json, "{\"to\":\"" TO "\",\"%s\":%s}", names[k], bad[i].value);
      refuse(json, names[k], bad[i].reason);
    }
  }
  refuse("{\"to\":\"" TO "\",\"nonce\":\"0x10000000000000000\"}", "nonce", "number needs more than 64 bits");
  refuse("{\"to\":\"" TO "\",\"gas\":\"0x10000000000000000\"}", "gas", "number needs more than 64 bits");
  refuse("{\"to\":\"" TO "\",\"gasLimit\":\"0x10000000000000000\"}", "gasLimit",
         "number needs more than 64 bits");
  refuse("{\"to\":\"" TO "\",\"chainId\":\"0x10000000000000000\"}", "chainId",
         "number needs more than 64 bits");
  refuse("{\"to\":\"" TO "\",\"gasPrice\":1,\"chainId\":\"0x10000000000000000\"}", "chainId",
         "number needs more than 64 bits");
  refuse("{\"to\":\"" TO "\",\"gasPrice\":1,\"chainId\":\"0x\"}", "chainId", "quantity has no digits");
  refuse("{\"to\":\"" TO "\",\"nonce\":\"0xffffffffffffffff\"}", "nonce", "nonce is 2^64-1 (EIP-2681)");
}

static void takes_two_names_that_agree(void **state) {
  (void)state;
  assert_int_equal(
      read("{\"to\":\"" TO "\",\"data\":\"0x01\",\"input\":\"0x01\",\"gas\":5,\"gasLimit\":\"5\"}"), OL_OK);
  assert_int_equal(request.transaction.data.len, 1);
  assert_int_equal(request.transaction.gas_limit, 5);
  assert_int_equal(read("{\"to\":\"" TO "\",\"data\":\"0x\",\"input\":\"0x\"}"), OL_OK);
  assert_int_equal(request.transaction.data.len, 0);
  refuse("{\"to\":\"" TO "\",\"data\":\"0x01\",\"input\":\"0x02\"}", "data",
         "data and input are not the same");
  refuse("{\"to\":\"" TO "\",\"data\":\"0x\",\"input\":\"0x02\"}", "data", "data and input are not the same");
  refuse("{\"to\":\"" TO "\",\"gas\":5,\"gasLimit\":6}", "gasLimit", "gas and gasLimit are not the same");
  refuse("{\"to\":\"" TO "\",\"data\":\"0x1\"}", "data", "hex has an odd number of digits");
  refuse("{\"to\":\"" TO "\",\"input\":\"01\"}", "input", "hex does not begin with 0x");
}

static void refuses_contradictions(void **state) {
  (void)state;
  static const char no_field[] = "transaction of this type has no such field";
  refuse("{\"to\":\"" TO "\",\"gasPrice\":1,\"maxFeePerGas\":1}", "gasPrice", no_field);
  refuse("{\"to\":\"" TO "\",\"type\":2,\"gasPrice\":1}", "gasPrice", no_field);
  refuse("{\"to\":\"" TO "\",\"type\":0,\"accessList\":[]}", "accessList", no_field);
  refuse("{\"to\":\"" TO "\",\"type\":1,\"maxFeePerGas\":1}", "maxFeePerGas", no_field);
  refuse("{\"to\":\"" TO "\",\"type\":2,\"authorizationList\":[]}", "authorizationList", no_field);
  refuse("{\"to\":\"" TO "\",\"type\":2,\"maxFeePerBlobGas\":1}", "maxFeePerBlobGas", no_field);
  refuse("{\"to\":\"" TO "\",\"mint\":1}", "mint", no_field);
  refuse("{\"to\":\"" TO "\",\"maxFeePerGas\":1,\"maxPriorityFeePerGas\":2}", "maxPriorityFeePerGas",
         "priority fee is above the whole fee (EIP-1559)");
  static const char empty[] = "list may not be empty in a transaction of this type";
  refuse("{\"to\":\"" TO "\",\"authorizationList\":[]}", "authorizationList", empty);
  refuse("{\"to\":\"" TO "\",\"type\":4}", "authorizationList", empty);
  refuse("{\"to\":\"" TO "\",\"maxFeePerBlobGas\":1}", "blobVersionedHashes", empty);
  refuse("{\"data\":\"0x00\",\"type\":4}", "to", "transaction of this type creates no contract");
  refuse("{\"to\":\"" TO "\",\"type\":5}", "type", "type of the transaction is not known");
  refuse("{\"to\":\"" TO "\",\"type\":\"0x80\"}", "type", "type of the transaction is not known");
  refuse("{\"to\":\"" TO "\",\"type\":\"0x100000000\"}", "type", "type of the transaction is not known");
  refuse("{\"to\":\"" TO "\",\"type\":126}", "type", "a deposit is not signed: L1 makes it");
  refuse("{\"value\":1}", "to", "request is to nobody, and creates nothing");
  refuse("{}", "to", "request is to nobody, and creates nothing");
}

static void creates_contracts(void **state) {
  (void)state;
  assert_int_equal(read("{\"data\":\"0x00\"}"), OL_OK);
  assert_int_equal(request.transaction.is_create, 1);
  assert_int_equal(read("{\"data\":\"0x00\",\"to\":null}"), OL_OK);
  assert_int_equal(request.transaction.is_create, 1);
  assert_true(ol_address_is_zero(&request.transaction.to));
}

static void refuses_members_that_it_does_not_know(void **state) {
  (void)state;
  static const char json[] = "{\"to\":\"" TO "\",\"gaz\":1}";
  refuse(json, "", "request has a member that is not known");
  assert_memory_equal(json + error.offset, "gaz", 3);
  refuse("{\"to\":\"" TO "\",\"Value\":1}", "", "request has a member that is not known");
  refuse("{\"to\":\"" TO "\",\"__proto__\":null}", "", "request has a member that is not known");
  refuse("{\"to\":\"" TO "\",\"blobs\":[]}", "", "request has a member that is not known");
  refuse("{\"to\":\"" TO "\",\"r\":1}", "r", "request has a part of a signature");
  refuse("{\"to\":\"" TO "\",\"type\":0,\"v\":27}", "v", "request has a part of a signature");
  assert_int_equal(read("{\"to\":\"" TO "\",\"to\":\"" TO "\"}"), OL_ERR_ENCODING); /* twice the same name */
  assert_int_equal(read("[]"), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "JSON value is not an object");
  assert_int_equal(read("{\"to\":\"" TO "\"} x"), OL_ERR_ENCODING);
}

static void refuses_addresses_of_another_width_or_checksum(void **state) {
  (void)state;
  refuse("{\"to\":\"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb9226\"}", "to", "hex has the wrong length");
  refuse("{\"to\":\"" TO "00\"}", "to", "hex has the wrong length");
  refuse("{\"to\":\"0x\",\"data\":\"0x00\"}", "to", "hex has the wrong length");
  refuse("{\"to\":\"0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266\"}", "to",
         "address has a wrong checksum (EIP-55): mistyped?");
  refuse("{\"to\":\"" TO "\",\"from\":\"0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266\"}", "from",
         "address has a wrong checksum (EIP-55): mistyped?");
  refuse("{\"to\":7}", "to", "JSON value is not a string");
  assert_int_equal(read("{\"to\":\"0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266\"}"), OL_OK);
}

static void reads_lists(void **state) {
  (void)state;
  ol_access access;
  ol_hash key;
  assert_int_equal(read("{\"to\":\"" TO "\",\"accessList\":[{\"address\":\"" TO "\",\"storageKeys\":[\"" KEY
                        "\"]},{\"address\":\"" TO "\",\"storageKeys\":[]}]}"),
                   OL_OK);
  ol_slice list = request.transaction.access_list;
  assert_true(ol_access_next(&list, &access));
  assert_true(ol_hash_next(&access.keys, &key));
  assert_int_equal(key.bytes[31], 1);
  assert_true(ol_access_next(&list, &access));
  assert_false(ol_access_next(&list, &access));
  refuse("{\"to\":\"" TO "\",\"accessList\":[{\"address\":\"" TO "\"}]}", "accessList",
         "field of the transaction is missing");
  refuse("{\"to\":\"" TO "\",\"accessList\":[{\"address\":\"" TO "\",\"storageKeys\":[\"0x01\"]}]}",
         "accessList", "hex has the wrong length");
  refuse("{\"to\":\"" TO "\",\"accessList\":{}}", "accessList", "JSON value is not an array");
  refuse("{\"to\":\"" TO "\",\"authorizationList\":[{\"chainId\":1612,\"address\":\"" TO
         "\",\"nonce\":\"0x10000000000000000\",\"yParity\":0,\"r\":1,\"s\":2}]}",
         "authorizationList", "RLP scalar is too large");
  refuse("{\"to\":\"" TO "\",\"blobVersionedHashes\":[\"0x01\"]}", "blobVersionedHashes",
         "hex has the wrong length");
}

/* What is signed of a request is what its JSON says. */
static void signs_what_it_read(void **state) {
  (void)state;
  for (uint32_t type = 0; type <= OL_TX_SET_CODE; type++) {
    const ol_transaction sample = sample_transaction(type);
    const ol_address signer = sample_sender();
    sample_text text = {.text = NULL};
    ol_transaction out;
    ol_hash digest;
    put_sample_number(&text, "{\"type\":\"%s\"", type);
    put_sample_number(&text, ",\"chainId\":\"%s\"", sample.chain_id);
    put_sample_number(&text, ",\"nonce\":\"%s\"", sample.nonce);
    put_sample_number(&text, ",\"gas\":\"%s\"", sample.gas_limit);
    put_sample_hex(&text, ",\"to\":\"%s\"", sample.to.bytes, 20);
    put_sample_hex(&text, ",\"value\":\"%s\"", sample.value.bytes, 32);
    put_sample_hex(&text, ",\"input\":\"%s\"", sample.data.data, sample.data.len);
    if (type <= OL_TX_ACCESS_LIST) {
      put_sample_hex(&text, ",\"gasPrice\":\"%s\"", sample.gas_price.bytes, 32);
    } else {
      put_sample_hex(&text, ",\"maxFeePerGas\":\"%s\"", sample.max_fee_per_gas.bytes, 32);
      put_sample_hex(&text, ",\"maxPriorityFeePerGas\":\"%s\"", sample.max_priority_fee_per_gas.bytes, 32);
    }
    put_sample_lists(&text, &sample);
    put_sample(&text, "}%s", "");
    expect(text.text, type, 0);
    assert_int_equal(
        ol_transaction_to_sign(&error, &digest, &request.transaction, SAMPLE_CHAIN, OL_SIGN_BLOBS), OL_OK);
    const ol_ecdsa_signature made = sample_signature(&digest);
    uint8_t signature[65];
    memcpy(signature, made.r, 32);
    memcpy(signature + 32, made.s, 32);
    signature[64] = made.y_parity;
    assert_int_equal(ol_transaction_put_signature(&error, &out, &request.transaction, &signer, signature),
                     OL_OK);
    ol_slice bytes = sample_bytes(&out), expected = sample_bytes(&sample);
    assert_int_equal(bytes.len, expected.len);
    assert_memory_equal(bytes.data, expected.data, expected.len);
    free((void *)(uintptr_t)bytes.data);
    free((void *)(uintptr_t)expected.data);
    free(text.text);
  }
}

static void says_when_there_is_no_memory(void **state) {
  (void)state;
  static const char json[] = "{\"to\":\"" TO "\",\"accessList\":[{\"address\":\"" TO
                             "\",\"storageKeys\":[\"" KEY "\"]}],\"data\":\"0x0102\"}";
  bool was_good = false;
  for (size_t len = 0; len < 2048; len += 16) {
    uint8_t *memory = malloc(len + 1);
    assert_non_null(memory);
    ol_status status = ol_transaction_request_read(&error, &request, text_of(json), memory, len);
    assert_true(status == OL_OK || (status == OL_ERR_MEMORY && !was_good));
    was_good = status == OL_OK;
    free(memory);
  }
  assert_true(was_good);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_what_a_dapp_sends),
      cmocka_unit_test(infers_the_type_as_others_do),
      cmocka_unit_test(reads_numbers_in_every_form),
      cmocka_unit_test(takes_two_names_that_agree),
      cmocka_unit_test(refuses_contradictions),
      cmocka_unit_test(creates_contracts),
      cmocka_unit_test(refuses_members_that_it_does_not_know),
      cmocka_unit_test(refuses_addresses_of_another_width_or_checksum),
      cmocka_unit_test(reads_lists),
      cmocka_unit_test(signs_what_it_read),
      cmocka_unit_test(says_when_there_is_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
