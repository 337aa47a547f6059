/* SPDX-License-Identifier: MIT */
#include "openledger/openledger.h"
#include "unit/wallet/intents.h"

/* What people are told of what they sign. */

static ol_error error;
static char memory[1 << 15];

static void tells(const ol_intent *intent, const char *expected) {
  ol_slice text;
  assert_int_equal(ol_intent_explain(&error, &text, intent, memory, sizeof memory), OL_OK);
  assert_int_equal(text.len, strlen(expected));
  assert_memory_equal(text.data, expected, text.len);
}

#define DIGEST "\"0xd1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1\""
#define A_TOKEN "\"0x7070707070707070707070707070707070707070\""

static void tells_a_transfer(void **state) {
  const ol_intent intent = a_transfer(5);
  (void)state;
  ol_slice text;
  assert_int_equal(ol_intent_explain(&error, &text, &intent, memory, sizeof memory), OL_OK);
  char alice[43], bob[43], expected[2048];
  ol_address_text(alice, &intent.account);
  ol_address_text(bob, &intent.target);
  snprintf(expected, sizeof expected,
           "{\"kind\":\"transaction\",\"known\":true,\"digest\":" DIGEST
           ",\"chainId\":\"1612\",\"account\":\"%s\","
           "\"target\":\"%s\",\"value\":\"5\",\"gasLimit\":\"21000\",\"nonce\":\"0\",\"effects\":[{\"kind\":"
           "\"spend\","
           "\"asset\":\"native\",\"party\":\"%s\",\"amount\":\"5\"},{\"kind\":\"fee\",\"asset\":\"native\","
           "\"amount\":\"21\"}]}",
           alice, bob, bob);
  tells(&intent, expected);
}

static void tells_allowances(void **state) {
  ol_intent intent = an_approval(5);
  char alice[43], bob[43], expected[2048];
  (void)state;
  intent.kind = OL_INTENT_TYPED_DATA;
  intent.has_nonce = 0;
  intent.effects[0].until = 9;
  intent.effects[0].unlimited = 1;
  intent.contract = text_of("GOPEN");
  ol_address_text(alice, &intent.account);
  ol_address_text(bob, &intent.effects[0].party);
  snprintf(expected, sizeof expected,
           "{\"kind\":\"typed data\",\"known\":true,\"digest\":" DIGEST
           ",\"chainId\":\"1612\",\"account\":\"%s\","
           "\"target\":" A_TOKEN ",\"contract\":\"GOPEN\",\"effects\":[{\"kind\":\"allow\",\"asset\":" A_TOKEN
           ",\"party\":\"%s\",\"amount\":\"5\",\"unlimited\":true,\"until\":\"9\"}]}",
           alice, bob);
  tells(&intent, expected);
}

static void tells_numbers_whole(void **state) {
  ol_intent intent = an_approval(5);
  char alice[43], bob[43], expected[2048];
  (void)state;
  intent.chain_id = intent.gas_limit = intent.nonce = intent.effects[0].until = UINT64_MAX;
  memset(intent.value.bytes, 0xff, sizeof intent.value.bytes);
  intent.effects[0].amount = intent.value;
  ol_address_text(alice, &intent.account);
  ol_address_text(bob, &intent.effects[0].party);
#define MOST_U64 "\"18446744073709551615\""
#define MOST_U256 "\"115792089237316195423570985008687907853269984665640564039457584007913129639935\""
  snprintf(expected, sizeof expected,
           "{\"kind\":\"transaction\",\"known\":true,\"digest\":" DIGEST ",\"chainId\":" MOST_U64
           ",\"account\":\"%s\",\"target\":" A_TOKEN ",\"value\":" MOST_U256 ",\"gasLimit\":" MOST_U64
           ",\"nonce\":" MOST_U64 ",\"effects\":[{\"kind\":\"allow\",\"asset\":" A_TOKEN
           ",\"party\":\"%s\",\"amount\":" MOST_U256 ",\"unlimited\":false,\"until\":" MOST_U64 "}]}",
           alice, bob);
  tells(&intent, expected);
}

static void makes_what_comes_from_outside_visible(void **state) {
  ol_intent intent = a_message();
  char alice[43], expected[2048];
  (void)state;
  intent.signature = text_of("f(string text)");
  intent.arguments = text_of("{\"text\":\"a\xe2\x80\xae\\u000A\xc3\xa9\"}");
  ol_address_text(alice, &intent.account);
  snprintf(expected, sizeof expected,
           "{\"kind\":\"message\",\"known\":true,\"digest\":"
           "\"0x0000000000000000000000000000000000000000000000000000000000000000\",\"account\":\"%s\","
           "\"function\":\"f(string "
           "text)\",\"arguments\":{\"text\":\"a\\\\u{202e}\\u000A\xc3\xa9\"},\"effects\":[]}",
           alice);
  tells(&intent, expected);
}

static void needs_memory(void **state) {
  ol_intent intent = a_message();
  ol_slice text;
  (void)state;
  intent.signature = text_of("f(string text)");
  intent.arguments = text_of("{\"text\":\"a\"}");
  for (size_t len = 0; len < 200; len++)
    assert_int_equal(ol_intent_explain(&error, &text, &intent, memory, len), OL_ERR_MEMORY);
}

static void names_kinds(void **state) {
  (void)state;
  assert_string_equal(ol_intent_kind_name(OL_INTENT_SIGN_IN), "sign-in");
  assert_string_equal(ol_intent_kind_name(6), "unknown");
  assert_string_equal(ol_effect_kind_name(OL_EFFECT_CREATE), "create");
  assert_string_equal(ol_effect_kind_name(OL_EFFECT_UNKNOWN), "unknown");
  assert_string_equal(ol_effect_kind_name(9), "unknown");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tells_a_transfer),    cmocka_unit_test(tells_allowances),
      cmocka_unit_test(tells_numbers_whole), cmocka_unit_test(makes_what_comes_from_outside_visible),
      cmocka_unit_test(needs_memory),        cmocka_unit_test(names_kinds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
