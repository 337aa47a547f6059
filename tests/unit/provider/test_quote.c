/* SPDX-License-Identifier: MIT */
#include "unit/provider/session.h"

#include "client/run.h"
#include "openledger/fee.h"
#include "rollup/u256.h"

/* What a transaction costs, as the latest block tells it. */

#define HEAD 46 /* a block with transactions; that above it has none */

static const ol_hash *origin_of(uint64_t number, uint64_t *out_l1_number) {
  static const ol_hash hash = {{7}};
  *out_l1_number = number;
  return &hash;
}

static ol_transaction to_send(uint32_t type) {
  ol_transaction out = sample_transaction(type);
  out.chain_id = WORLD_CHAIN_ID;
  sign_sample(&out);
  return out;
}

static const char *quote_of(const ol_transaction *transaction) {
  static char text[4096];
  const ol_slice bytes = sample_bytes(transaction);
  text[0] = '"';
  ol_hex_text(text + 1, bytes.data, bytes.len);
  strcat(text, "\"");
  free((void *)(uintptr_t)bytes.data);
  return call("openledger_quoteTransaction", text);
}

static void start_at(size_t head) {
  start(1, 1);
  now.endpoints[0].head = head;
}

static void expect_quantity(const char *response, const char *name, const ol_u256 *value) {
  char expected[128], digits[67];
  ol_hex_text(digits, value->bytes, sizeof value->bytes);
  const char *first = digits + 2;
  while (*first == '0' && first[1] != '\0') first++;
  snprintf(expected, sizeof expected, "\"%s\":\"0x%s\"", name, first);
  if (strstr(response, expected) == NULL) print_message("%s lacks %s\n", response, expected);
  assert_non_null(strstr(response, expected));
}

static void quotes_a_transaction(void **state) {
  (void)state;
  static const uint32_t types[] = {OL_TX_LEGACY, OL_TX_DYNAMIC_FEE};
  ol_l1_attributes attributes;
  const chain_block *block = &earth.blocks[HEAD];
  assert_int_equal(ol_l1_attributes_decode(&error, &attributes, &block->transactions[0]), OL_OK);
  start_at(HEAD);
  for (size_t i = 0; i < 2; i++) {
    const ol_transaction transaction = to_send(types[i]);
    const ol_slice bytes = sample_bytes(&transaction);
    ol_u256 base, price, l1, gas = ol_u256_of(transaction.gas_limit), total;
    ol_next_base_fee(&base, &block->header);
    if (types[i] == OL_TX_LEGACY)
      price = transaction.gas_price;
    else
      assert_true(ol_u256_add(&price, &base, &transaction.max_priority_fee_per_gas));
    assert_int_equal(ol_l1_fee(&error, &l1, &attributes, OL_L1_FEE_FJORD, bytes.data, bytes.len), OL_OK);
    assert_false(ol_u256_is_zero(&l1));
    assert_true(ol_u256_mul(&price, &price, &gas) && ol_u256_add(&total, &price, &l1));
    const char *response = quote_of(&transaction);
    expect_quantity(response, "baseFeePerGas", &base);
    expect_quantity(response, "executionFee", &price);
    expect_quantity(response, "l1Fee", &l1);
    expect_quantity(response, "total", &total);
    assert_non_null(strstr(response, "\"operatorFee\":\"0x0\"")); /* the attributes are of Ecotone */
    free((void *)(uintptr_t)bytes.data);
  }
}

static void refuses_what_it_cannot_tell(void **state) {
  (void)state;
  ol_transaction transaction = to_send(OL_TX_DYNAMIC_FEE);
  start_at(HEAD + 1);
  assert_error(quote_of(&transaction), -32002, "the block has no L1 attributes to tell what L1 costs");
  stop(NULL);
  start_at(HEAD);
  transaction = sample_transaction(OL_TX_LEGACY);
  memset(transaction.gas_price.bytes, 0xff, sizeof transaction.gas_price.bytes);
  transaction.chain_id = WORLD_CHAIN_ID;
  sign_sample(&transaction);
  assert_error(quote_of(&transaction), -32005, "fee needs more than 256 bits");
  chain_end(&earth);
  chain_l1_base_fee = 0xff;
  chain_make(&earth, 1, 48);
  transaction = to_send(OL_TX_DYNAMIC_FEE);
  assert_error(quote_of(&transaction), -32005, "fee needs more than 256 bits");
  expect_error("openledger_quoteTransaction", "\"0x\"", -32602, "transaction is empty");
  expect_error("openledger_quoteTransaction", "", -32602, "a parameter is missing");
}

static int make(void **state) {
  chain_origin = origin_of;
  return make_chain(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(quotes_a_transaction),
      TEST(refuses_what_it_cannot_tell),
  };
  return cmocka_run_group_tests(tests, make, end_chain);
}
