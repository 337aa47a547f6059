/* SPDX-License-Identifier: MIT */
#include "unit/provider/session.h"

#include "openledger/signature.h"

/* Whose a signature is: an account's key's, or what endpoints say that a contract answers. */

#define YES "\"result\":\"0x1626ba7e00000000000000000000000000000000000000000000000000000000\""
#define NO "\"result\":\"0xffffffff00000000000000000000000000000000000000000000000000000000\""
#define REVERTED "\"error\":{\"code\":3,\"message\":\"execution reverted\",\"data\":\"0x\"}"
#define REVERTED_PLAINLY "\"error\":{\"code\":-32000,\"message\":\"execution reverted: no\"}"
#define BUSY "\"error\":{\"code\":-32005,\"message\":\"too many\"}"

static const ol_hash digest = {{0xd1}};

/* What each endpoint answers to eth_call, and the last request for it. */
static const char *verdicts[ENDPOINTS];
static char asked[20000];
static uint32_t calls;

static bool contains(const ol_want *want, const char *text) {
  char body[8193];
  assert_true(want->body.len < sizeof body);
  memcpy(body, want->body.data, want->body.len);
  body[want->body.len] = '\0';
  if (strstr(body, text) == NULL) return false;
  strcpy(asked, body);
  return true;
}

static bool answer_calls(const ol_want *want, ol_slice *answer) {
  if (!contains(want, "\"eth_call\"")) return true;
  calls++;
  answer_with(answer, want, verdicts[want->endpoint]);
  return true;
}

static void start_saying(uint32_t endpoints, uint32_t quorum, const char *a, const char *b, const char *c) {
  start(endpoints, quorum);
  verdicts[0] = a;
  verdicts[1] = b;
  verdicts[2] = c;
  calls = 0;
  now.lie = answer_calls;
}

/* The parameters: an account, the digest, a signature. */
static const char *about(const ol_address *account, const uint8_t *signature, size_t len) {
  static char text[20000];
  char address[43], hex[4096];
  ol_address_text(address, account);
  ol_hex_text(hex, signature, len);
  snprintf(text, sizeof text, "\"%s\",\"%s\",\"%s\"", address, hash_text(&digest), hex);
  return text;
}

static const char *about_contract(size_t len) {
  static const uint8_t signature[1024] = {1, 2, 3};
  return about(&earth.base.contract, signature, len);
}

static ol_address signed_by_key(uint8_t out[65]) {
  const ol_ecdsa_signature made = sample_signature(&digest);
  ol_signature signature = {.y_parity = made.y_parity};
  ol_address account;
  memcpy(signature.r.bytes, made.r, 32);
  memcpy(signature.s.bytes, made.s, 32);
  assert_int_equal(ol_signature_recover(&error, &account, &digest, &signature), OL_OK);
  ol_signature_write(out, &signature);
  return account;
}

static void says(const char *response, bool valid, const char *by) {
  char expected[128];
  snprintf(expected, sizeof expected,
           "\"result\":{\"valid\":%s,\"by\":\"%s\",\"trust\":\"quorum\",\"block\":{",
           valid ? "true" : "false", by);
  if (strstr(response, expected) == NULL) print_message("%s\n", response);
  assert_non_null(strstr(response, expected));
}

static void finds_the_key_of_an_account(void **state) {
  uint8_t signature[65];
  const ol_address account = signed_by_key(signature);
  ol_address other = account;
  (void)state;
  start_saying(1, 1, YES, YES, YES);
  says(call("openledger_verifySignature", about(&account, signature, 65)), true, "key");
  other.bytes[0] ^= 1;
  says(call("openledger_verifySignature", about(&other, signature, 65)), false, "key");
  says(call("openledger_verifySignature", about(&account, signature, 64)), false, "key");
  says(call("openledger_verifySignature", about(&account, signature, 0)), false, "key");
  assert_int_equal(calls, 0);
}

static void asks_the_contract_at_the_block(void **state) {
  char expected[256];
  (void)state;
  start_saying(1, 1, YES, YES, YES);
  says(call("openledger_verifySignature", about_contract(65)), true, "contract");
  snprintf(expected, sizeof expected, "},{\"blockHash\":\"%s\"}]",
           hash_text(&earth.blocks[earth.count - 1].hash));
  assert_non_null(strstr(asked, expected));
  assert_non_null(strstr(asked, "\"data\":\"0x1626ba7e"));
  assert_int_equal(calls, 1);
}

static void a_contract_says_no_in_any_other_way(void **state) {
  static const char *const noes[] = {NO, REVERTED, REVERTED_PLAINLY, "\"result\":\"0x\"",
                                     "\"result\":\"0x1626ba7e\""};
  (void)state;
  for (size_t i = 0; i < sizeof noes / sizeof *noes; i++) {
    start_saying(1, 1, noes[i], YES, YES);
    says(call("openledger_verifySignature", about_contract(65)), false, "contract");
    stop(NULL);
  }
  start(1, 1);
}

static void as_many_must_say_so_as_the_quorum_needs(void **state) {
  (void)state;
  start_saying(3, 2, NO, YES, YES);
  says(call("openledger_verifySignature", about_contract(65)), true, "contract");
  assert_int_equal(calls, 3);
  stop(NULL);
  start_saying(3, 2, YES, NO, NO);
  says(call("openledger_verifySignature", about_contract(65)), false, "contract");
  stop(NULL);
  start_saying(3, 2, YES, YES, NO);
  says(call("openledger_verifySignature", about_contract(65)), true, "contract");
  assert_int_equal(calls, 2);
  stop(NULL);
  start_saying(3, 3, YES, YES, NO);
  expect_error("openledger_verifySignature", about_contract(65), -32002,
               "too few endpoints agree about what the contract answers");
}

static void an_endpoint_that_cannot_say_is_asked_again_and_passed_over(void **state) {
  (void)state;
  start_saying(2, 1, BUSY, YES, YES);
  says(call("openledger_verifySignature", about_contract(65)), true, "contract");
  stop(NULL);
  start_saying(2, 1, "\"result\":\"0xzz\"", YES, YES);
  says(call("openledger_verifySignature", about_contract(65)), true, "contract");
  stop(NULL);
  start_saying(1, 1, BUSY, YES, YES);
  expect_error("openledger_verifySignature", about_contract(65), -32002,
               "endpoint limits the number of requests");
}

/* abi.encode(factory, "", "abc") and the suffix. */
static size_t wrapped(uint8_t out[1024]) {
  memset(out, 0, 1024);
  out[31] = 7;
  out[63] = 96;
  out[95] = 128;
  out[159] = 3;
  memcpy(out + 160, "abc", 3);
  for (size_t i = 192; i < 224; i++) out[i] = i % 2 == 0 ? 0x64 : 0x92;
  return 224;
}

static void reads_what_is_wrapped_for_a_contract(void **state) {
  uint8_t signature[1024];
  uint8_t of_key[65];
  const size_t len = wrapped(signature);
  const ol_address account = signed_by_key(of_key);
  (void)state;
  start_saying(1, 1, YES, YES, YES);
  says(call("openledger_verifySignature", about(&earth.base.contract, signature, len)), true, "contract");
  assert_non_null(strstr(asked, "0000000000000000000000000000000000000003616263"));
  expect_error("openledger_verifySignature", about(&account, signature, len), 4200,
               "the contract is not deployed, and what deploys it is not executed here");
  signature[0] = 1; /* no address */
  expect_error("openledger_verifySignature", about(&earth.base.contract, signature, len), -32602,
               "ABI value is out of range");
}

static void refuses_parameters_that_are_none(void **state) {
  static char text[40000];
  (void)state;
  start_saying(1, 1, YES, YES, YES);
  expect_error("openledger_verifySignature", "\"0x12\",\"0x12\",\"0x12\"", -32602,
               "hex has the wrong length");
  snprintf(text, sizeof text, "\"0x%040d\",\"0x12\",\"0x12\"", 0);
  expect_error("openledger_verifySignature", text, -32602, "hex has the wrong length");
  snprintf(text, sizeof text, "\"0x%040d\",\"0x%064d\",\"0x1\"", 0, 0);
  assert_non_null(strstr(call("openledger_verifySignature", text), "\"code\":-32602"));
  snprintf(text, sizeof text, "\"0x%040d\",\"0x%064d\",5", 0, 0);
  assert_non_null(strstr(call("openledger_verifySignature", text), "\"code\":-32602"));
  snprintf(text, sizeof text, "\"0x%040d\",\"0x%064d\",\"0x\",\"never\"", 0, 0);
  assert_non_null(strstr(call("openledger_verifySignature", text), "\"code\":-32602"));
}

static void refuses_signatures_that_are_too_long(void **state) {
  static char request[20000];
  (void)state;
  start_saying(1, 1, YES, YES, YES);
  snprintf(request, sizeof request,
           "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"openledger_verifySignature\",\"params\":[\"0x%040d\","
           "\"0x%064d\","
           "\"0x%016386d\"]}",
           0, 0, 0);
  assert_error(ask(request), -32005, "signature has more than 8192 bytes");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(finds_the_key_of_an_account),
      TEST(asks_the_contract_at_the_block),
      TEST(a_contract_says_no_in_any_other_way),
      TEST(as_many_must_say_so_as_the_quorum_needs),
      TEST(an_endpoint_that_cannot_say_is_asked_again_and_passed_over),
      TEST(reads_what_is_wrapped_for_a_contract),
      TEST(refuses_parameters_that_are_none),
      TEST(refuses_signatures_that_are_too_long),
  };
  return cmocka_run_group_tests(tests, make_chain, end_chain);
}
