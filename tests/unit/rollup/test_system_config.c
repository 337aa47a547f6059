/* SPDX-License-Identifier: MIT */
#include "rollup/system_config.h"

#include "unit/bytes.h"

static ol_error error;

static ol_u256 word(const char *digits) {
  ol_u256 out;
  from_hex(out.bytes, sizeof out.bytes, digits);
  return out;
}

static const ol_u256 nothing;

/* The first of the table with a form. */
static const ol_release *release_of(ol_form form) {
  for (size_t i = 0; ol_release_at(i) != NULL; i++) {
    const ol_release *one = ol_release_at(i);
    if (one->contract == OL_CONTRACT_SYSTEM_CONFIG && one->form == (uint8_t)form) return one;
  }
  fail();
  return NULL;
}

static void reads_who_signs_and_who_batches(void **state) {
  (void)state;
  ol_address address;
  ol_u256 value = word("0000000000000000000000001111111111111111111111111111111111111111");
  assert_int_equal(ol_unsafe_signer_read(&error, &address, &value), OL_OK);
  assert_bytes(address.bytes, 20, "1111111111111111111111111111111111111111");
  memset(&address, 0, sizeof address);
  assert_int_equal(ol_batcher_read(&error, &address, &value), OL_OK);
  assert_bytes(address.bytes, 20, "1111111111111111111111111111111111111111");
  assert_int_equal(ol_unsafe_signer_read(&error, &address, &nothing), OL_ERR_PROOF);
  assert_string_equal(error.reason, "nobody signs unsafe blocks");
  assert_int_equal(ol_batcher_read(&error, &address, &nothing), OL_ERR_PROOF);
  assert_string_equal(error.reason, "there is no batcher");
  value.bytes[11] = 1;
  assert_int_equal(ol_unsafe_signer_read(&error, &address, &value), OL_ERR_PROOF);
  assert_int_equal(ol_batcher_read(&error, &address, &value), OL_ERR_PROOF);
}

#define TOKEN "2222222222222222222222222222222222222222"

static void an_erc20_is_what_gas_is_paid_with_where_it_can_be(void **state) {
  (void)state;
  ol_gas_token token;
  ol_u256 value = word("000000000000000000000006" TOKEN);
  assert_int_equal(ol_gas_token_read(&error, &token, release_of(OL_FORM_ERC20), &value, &nothing), OL_OK);
  assert_int_equal(token.scheme, OL_GAS_ERC20);
  assert_int_equal(token.decimals, 6);
  assert_bytes(token.token.bytes, 20, TOKEN);
  value.bytes[10] = 1;
  assert_int_equal(ol_gas_token_read(&error, &token, release_of(OL_FORM_ERC20), &value, &nothing),
                   OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds more than a token and its decimals");
  /* What is left of another release means nothing. */
  for (ol_form form = OL_FORM_PLAIN; form <= OL_FORM_FEATURES; form += OL_FORM_FEATURES) {
    assert_int_equal(ol_gas_token_read(&error, &token, release_of(form), &value, &nothing), OL_OK);
    assert_int_equal(token.scheme, OL_GAS_ETHER);
    assert_int_equal(token.decimals, 18);
    assert_true(ol_address_is_zero(&token.token));
  }
}

static void gas_is_paid_with_ether_where_there_is_no_token(void **state) {
  (void)state;
  static const char *const words[] = {"0000000000000000000000000000000000000000000000000000000000000000",
                                      "0000000000000000000000060000000000000000000000000000000000000000",
                                      "000000000000000000000006eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    ol_gas_token token;
    ol_u256 value = word(words[i]);
    assert_int_equal(ol_gas_token_read(&error, &token, release_of(OL_FORM_ERC20), &value, &nothing), OL_OK);
    assert_int_equal(token.scheme, OL_GAS_ETHER);
    assert_int_equal(token.decimals, 18);
    assert_true(ol_address_is_zero(&token.token));
  }
}

static void a_feature_says_that_gas_is_made_on_l2(void **state) {
  (void)state;
  ol_gas_token token;
  ol_u256 on = {{[31] = 1}};
  assert_int_equal(ol_gas_token_read(&error, &token, release_of(OL_FORM_FEATURES), &nothing, &on), OL_OK);
  assert_int_equal(token.scheme, OL_GAS_NATIVE);
  assert_int_equal(token.decimals, 18);
  assert_int_equal(ol_gas_token_read(&error, &token, release_of(OL_FORM_ERC20), &nothing, &on), OL_OK);
  assert_int_equal(token.scheme, OL_GAS_ETHER);
  on.bytes[31] = 2;
  assert_int_equal(ol_gas_token_read(&error, &token, release_of(OL_FORM_FEATURES), &nothing, &on),
                   OL_ERR_PROOF);
  assert_string_equal(error.reason, "feature is neither on nor off");
  on.bytes[31] = 1;
  on.bytes[0] = 1;
  assert_int_equal(ol_gas_token_read(&error, &token, release_of(OL_FORM_FEATURES), &nothing, &on),
                   OL_ERR_PROOF);
}

static void reads_a_name(void **state) {
  (void)state;
  char text[OL_GAS_TOKEN_TEXT];
  ol_u256 value = {{0}};
  assert_int_equal(ol_gas_token_text_read(&error, text, &value), OL_OK);
  assert_string_equal(text, "");
  memcpy(value.bytes, "Open", 4);
  assert_int_equal(ol_gas_token_text_read(&error, text, &value), OL_OK);
  assert_string_equal(text, "Open");
  value.bytes[5] = 'x';
  assert_int_equal(ol_gas_token_text_read(&error, text, &value), OL_ERR_PROOF);
  assert_string_equal(error.reason, "text of a gas token has bytes behind its end");
  assert_int_equal(error.offset, 4);
  memset(value.bytes, 'y', sizeof value.bytes);
  assert_int_equal(ol_gas_token_text_read(&error, text, &value), OL_OK);
  assert_int_equal(strlen(text), 32);
  static const uint8_t others[] = {0x1f, 0x7f, 0x80, 0xff};
  for (size_t i = 0; i < sizeof others; i++) {
    value.bytes[3] = others[i];
    assert_int_equal(ol_gas_token_text_read(&error, text, &value), OL_ERR_PROOF);
    assert_string_equal(error.reason, "text of a gas token has other than printable ASCII");
    assert_int_equal(error.offset, 3);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_who_signs_and_who_batches),
      cmocka_unit_test(an_erc20_is_what_gas_is_paid_with_where_it_can_be),
      cmocka_unit_test(gas_is_paid_with_ether_where_there_is_no_token),
      cmocka_unit_test(a_feature_says_that_gas_is_made_on_l2),
      cmocka_unit_test(reads_a_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
