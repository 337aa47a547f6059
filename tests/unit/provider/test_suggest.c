/* SPDX-License-Identifier: MIT */
#include "unit/provider/session.h"

#include "client/run.h"
#include "openledger/fee.h"
#include "rollup/u256.h"

/* Fees that are suggested by the blocks up to the latest, as the provider's header says. */

#define HEAD 46 /* a block with transactions; that above it has none */
#define LEAST_TIP 1000000u

static void start_at(size_t head) {
  start(1, 1);
  now.endpoints[0].head = head;
}

/* The tip up to which so much of a block's gas was used, deposits apart. Returns: false when there is none. */
static bool tip_of_block(uint64_t *out, const chain_block *block, unsigned percent) {
  struct {
    uint64_t tip, gas;
  } tips[CHAIN_ITEMS], swap;
  uint64_t all = 0, sum = 0;
  size_t count = 0, at = 0;
  const uint64_t base = ol_load_be64(block->header.base_fee.bytes + 24);
  for (size_t i = 1; i < block->count; i++, count++) {
    const ol_transaction *one = &block->transactions[i];
    const bool is_old = one->type <= OL_TX_ACCESS_LIST;
    const uint64_t whole = ol_load_be64((is_old ? one->gas_price : one->max_fee_per_gas).bytes + 24);
    const uint64_t most = ol_load_be64(one->max_priority_fee_per_gas.bytes + 24);
    const uint64_t above = whole > base ? whole - base : 0;
    tips[count].tip = is_old || above < most ? above : most;
    tips[count].gas = block->receipts[i].cumulative_gas_used - block->receipts[i - 1].cumulative_gas_used;
    all += tips[count].gas;
    for (size_t k = count; k > 0 && tips[k].tip < tips[k - 1].tip; k--) {
      swap = tips[k];
      tips[k] = tips[k - 1];
      tips[k - 1] = swap;
    }
  }
  if (count == 0) return false;
  sum = tips[0].gas;
  while (at + 1 < count && sum < all * percent / 100) sum += tips[++at].gas;
  *out = tips[at].tip;
  return true;
}

/* The median over the blocks that have tips, at least what op-geth suggests. */
static uint64_t expected_tip(size_t first, size_t last, unsigned percent) {
  uint64_t tips[CHAIN_BLOCKS], tip;
  size_t count = 0;
  for (size_t i = first; i <= last; i++) {
    if (!tip_of_block(&tip, &earth.blocks[i], percent)) continue;
    size_t at = count++;
    for (; at > 0 && tips[at - 1] > tip; at--) tips[at] = tips[at - 1];
    tips[at] = tip;
  }
  const uint64_t median = count > 0 ? tips[(count - 1) / 2] : 0;
  return median < LEAST_TIP ? LEAST_TIP : median;
}

static void expect_fees(const char *params, size_t first, size_t last) {
  static const struct {
    const char *name;
    unsigned percent;
    uint32_t full_blocks;
  } speeds[] = {{"slow", 10, 4}, {"normal", 50, 10}, {"fast", 90, 20}};
  char expected[1024], digits[3][67];
  ol_u256 base, fee;
  const ol_header *header = &earth.blocks[last].header;
  ol_next_base_fee(&base, header);
  int used = snprintf(expected, sizeof expected, "{\"baseFeePerGas\":\"0x%llx\"",
                      (unsigned long long)ol_load_be64(base.bytes + 24));
  for (size_t i = 0; i < 3; i++) {
    const uint64_t tip = expected_tip(first, last, speeds[i].percent);
    assert_int_equal(ol_base_fee_after(&error, &fee, header, speeds[i].full_blocks), OL_OK);
    const uint64_t whole = ol_load_be64(fee.bytes + 24) + tip;
    snprintf(digits[0], sizeof digits[0], "0x%llx", (unsigned long long)tip);
    snprintf(digits[1], sizeof digits[1], "0x%llx", (unsigned long long)whole);
    used += snprintf(expected + used, sizeof expected - (size_t)used,
                     ",\"%s\":{\"maxPriorityFeePerGas\":\"%s\",\"maxFeePerGas\":\"%s\"}", speeds[i].name,
                     digits[0], digits[1]);
  }
  snprintf(expected + used, sizeof expected - (size_t)used, "}");
  expect("openledger_suggestFees", params, expected);
}

static void suggests_by_the_blocks_before(void **state) {
  (void)state;
  start_at(HEAD);
  expect_fees("", HEAD - 9, HEAD); /* ten of them */
  expect_fees("null", HEAD - 9, HEAD);
  expect_fees("1", HEAD, HEAD);
  expect_fees("\"0x3\"", HEAD - 2, HEAD);
  expect_fees("40", HEAD - 39, HEAD);
  expect_fees("100", 0, HEAD); /* there are not so many */
}

static void suggests_little_where_nobody_tips(void **state) {
  (void)state;
  start_at(HEAD + 1);
  assert_int_equal(earth.blocks[HEAD + 1].count, 0);
  expect_fees("1", HEAD + 1, HEAD + 1);
  assert_non_null(strstr(now.response, "\"maxPriorityFeePerGas\":\"0xf4240\""));
}

/* Tips of gwei, and one block in which somebody offered everything. */
static void suggests_what_others_tip(void **state) {
  (void)state;
  chain_end(&earth);
  chain_tip = 5000000000u;
  chain_make(&earth, 1, 48);
  start_at(HEAD);
  expect_fees("", HEAD - 9, HEAD);
  assert_null(strstr(now.response, "\"maxPriorityFeePerGas\":\"0xf4240\""));
  stop(NULL);
  chain_end(&earth);
  chain_tip = 600000000000u; /* beyond what is suggested at most */
  chain_make(&earth, 1, 48);
  start_at(HEAD);
  const char *response = call("openledger_suggestFees", "");
  assert_non_null(strstr(response, "\"fast\":{\"maxPriorityFeePerGas\":\"0x746a528800\""));
}

static void suggests_no_fee_beyond_256_bits(void **state) {
  (void)state;
  chain_end(&earth);
  chain_tip = 0;
  chain_base_fee = 0xff;
  chain_make(&earth, 1, 48);
  start_at(HEAD);
  expect_error("openledger_suggestFees", "", -32005, "fee needs more than 256 bits");
}

static void works_beside_others(void **state) {
  (void)state;
  start_at(HEAD);
  const char *response = ask("[{\"id\":1,\"method\":\"openledger_suggestFees\"},"
                             "{\"id\":2,\"method\":\"eth_feeHistory\",\"params\":[2,\"latest\",[50]]},"
                             "{\"id\":3,\"method\":\"openledger_suggestFees\",\"params\":[2]},"
                             "{\"id\":4,\"method\":\"eth_blockNumber\"}]");
  assert_null(strstr(response, "error"));
  const char *first = strstr(response, "\"baseFeePerGas\":\"");
  assert_non_null(first);
  assert_non_null(strstr(first + 1, "\"fast\":"));
  assert_non_null(strstr(response, "\"result\":\"0x2e\""));
}

static void refuses_counts_that_are_none(void **state) {
  (void)state;
  start_at(HEAD);
  expect_error("openledger_suggestFees", "0", -32602, "no blocks are asked for");
  expect_error("openledger_suggestFees", "101", -32005, "more than 100 blocks");
  expect_error("openledger_suggestFees", "\"0x3e9\"", -32005, "more than 1,000 blocks");
  expect_error("openledger_suggestFees", "-1", -32602, "JSON number is not an unsigned integer");
  expect_error("openledger_suggestFees", "\"latest\"", -32602, "hex does not begin with 0x");
}

static bool lie_about_receipts(const ol_want *want, ol_slice *answer) {
  if (asks_for(want, "eth_getBlockReceipts")) answer_with(answer, want, "\"result\":[]");
  return true;
}

/* What is not proven suggests nothing. */
static void suggests_nothing_by_what_is_not_proven(void **state) {
  (void)state;
  start_at(HEAD);
  now.lie = lie_about_receipts;
  const char *response = call("openledger_suggestFees", "");
  assert_non_null(strstr(response, "\"error\""));
  assert_null(strstr(response, "\"result\""));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(suggests_by_the_blocks_before),
      TEST(suggests_little_where_nobody_tips),
      TEST(works_beside_others),
      TEST(refuses_counts_that_are_none),
      TEST(suggests_nothing_by_what_is_not_proven),
      TEST(suggests_what_others_tip),
      TEST(suggests_no_fee_beyond_256_bits),
  };
  return cmocka_run_group_tests(tests, make_chain, end_chain);
}
