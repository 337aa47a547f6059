/* SPDX-License-Identifier: MIT */
#include "rollup/fee.h"

#include "rollup/u256.h"
#include "transactions.h"
#include "unit/bytes.h"

static ol_error error;

/*
 * What op-geth tests core/types/rollup_cost.go with (rollup_cost_test.go): prices, scalars, a legacy transaction
 * that is not signed, and the fees that they give; Fjord's with the least size of 100 bytes that it went live with.
 */
#define GWEI 1000000000u

static const char empty_transaction[] = "dd80808094095e7baea6a6c7c4c2dfeb977efac326af552d878080808080";

static ol_slice empty_bytes(void) {
  static uint8_t bytes[30];
  from_hex(bytes, sizeof bytes, empty_transaction);
  return ol_slice_of(bytes, sizeof bytes);
}

static ol_l1_attributes bedrock(void) {
  return (ol_l1_attributes){.form = OL_FORK_BEDROCK,
                            .base_fee = ol_u256_of(GWEI),
                            .overhead = ol_u256_of(50),
                            .scalar = ol_u256_of(7000000)};
}

static ol_l1_attributes ecotone(void) {
  return (ol_l1_attributes){.form = OL_FORK_ECOTONE,
                            .base_fee = ol_u256_of(GWEI),
                            .blob_base_fee = ol_u256_of(10000000),
                            .base_fee_scalar = 2,
                            .blob_base_fee_scalar = 3};
}

static uint64_t fee_of(const ol_l1_attributes *attributes, ol_l1_fee_rule rule, ol_slice bytes) {
  ol_u256 fee;
  assert_int_equal(ol_l1_fee(&error, &fee, attributes, rule, bytes.data, bytes.len), OL_OK);
  return ol_load_be64(fee.bytes + 24);
}

static void computes_the_fees_that_op_geth_does(void **state) {
  (void)state;
  ol_l1_attributes before = bedrock(), after = ecotone();
  assert_int_equal(fee_of(&before, OL_L1_FEE_BEDROCK, empty_bytes()), 11326000000000);
  assert_int_equal(fee_of(&before, OL_L1_FEE_REGOLITH, empty_bytes()), 3710000000000);
  assert_int_equal(fee_of(&after, OL_L1_FEE_ECOTONE, empty_bytes()), 960900);
  assert_int_equal(fee_of(&after, OL_L1_FEE_FJORD, empty_bytes()), 3203000); /* at least 100 bytes */
  /* The first block of Ecotone, or of it and Fjord, has the attributes of the fork before. */
  assert_int_equal(fee_of(&before, OL_L1_FEE_ECOTONE, empty_bytes()), 3710000000000);
  assert_int_equal(fee_of(&before, OL_L1_FEE_FJORD, empty_bytes()), 3710000000000);
}

static uint64_t gas_of(const ol_l1_attributes *attributes, ol_l1_fee_rule rule) {
  ol_u256 gas;
  ol_l1_gas(&gas, attributes, rule, empty_bytes().data, empty_bytes().len);
  return ol_load_be64(gas.bytes + 24);
}

static void counts_the_gas_that_op_geth_does(void **state) {
  (void)state;
  ol_l1_attributes before = bedrock(), after = ecotone();
  assert_int_equal(gas_of(&before, OL_L1_FEE_BEDROCK), 1618);
  assert_int_equal(gas_of(&before, OL_L1_FEE_REGOLITH), 530);
  assert_int_equal(gas_of(&after, OL_L1_FEE_ECOTONE), 480);
  assert_int_equal(gas_of(&after, OL_L1_FEE_FJORD), 1600);
  assert_int_equal(gas_of(&before, OL_L1_FEE_ECOTONE), 530); /* their first blocks */
  assert_int_equal(gas_of(&before, OL_L1_FEE_FJORD), 530);
  assert_int_equal(ol_fjord_size(empty_bytes().data, empty_bytes().len), 100000000);
}

/* Transaction 0x8eb9dd4eb6d33f4dc25fb015919e4b1e9f7542f9b0322bf6622e268cd116b594 of OP Mainnet. */
static const char contract_call[] = "02f901550a758302df1483be21b88304743f94f80e51afb613d764fa61751affd3313c19"
                                    "0a86bb870151bd62fd12adb8e41ef24f3f0000"
                                    "000000000000000000000000000000000000000000000000000000006e00000000000000"
                                    "0000000000af88d065e77c8cc2239327c5edb3a4"
                                    "32268e5831000000000000000000000000000000000000000000000000000000000003c1"
                                    "e500000000000000000000000000000000000000"
                                    "000000000000000000000000000000000000000000000000000000000000000000000000"
                                    "000000000000000000000000a00000000000000000"
                                    "0000000000000000000000000000000000000000000000148c89ed219d02f1a5be012c68"
                                    "9b4f5b731827bebe000000000000000000000000"
                                    "c001a033fd89cb37c31b2cba46b6466e040c61fc9b2a3675a7f5f493ebd5ad77c497f8a0"
                                    "7cdf65680e238392693019b4092f610222e71b7c"
                                    "ec06449cb922b93b6a12744e";

static void measures_what_fastlz_leaves(void **state) {
  (void)state;
  static uint8_t bytes[40000];
  assert_int_equal(ol_fastlz_size(bytes, 0), 0);
  assert_int_equal(ol_fastlz_size(bytes, 1000), 21);
  memset(bytes, 1, 1000);
  assert_int_equal(ol_fastlz_size(bytes, 1000), 21);
  assert_int_equal(ol_fastlz_size(empty_bytes().data, 30), 31);
  uint8_t call[(sizeof contract_call - 1) / 2];
  from_hex(call, sizeof call, contract_call);
  assert_int_equal(ol_fastlz_size(call, sizeof call), 202);
  for (size_t len = 1; len < 14; len++) assert_int_equal(ol_fastlz_size(bytes, len), len + 1);
  /* Noise does not compress; what is repeated too far behind does not either. */
  uint32_t seed = 1;
  for (size_t i = 0; i < sizeof bytes; i++) {
    seed = seed * 1664525 + 1013904223;
    bytes[i] = (uint8_t)(seed >> 24);
  }
  memcpy(bytes + 9000, bytes, 64);
  assert_int_equal(ol_fastlz_size(bytes, 9064), 33 * (9064 / 32) + 9);
  memcpy(bytes + 8191, bytes, 64);
  assert_true(ol_fastlz_size(bytes, 9000) < 33 * (9000 / 32) + 9 - 50);
}

static void estimates_a_real_transaction(void **state) {
  (void)state;
  uint8_t call[(sizeof contract_call - 1) / 2];
  ol_l1_attributes after = ecotone();
  from_hex(call, sizeof call, contract_call);
  /* (836500 * 202 - 42585600) * (16 * 2 * 1e9 + 3 * 1e7) / 1e12 */
  assert_int_equal(fee_of(&after, OL_L1_FEE_FJORD, ol_slice_of(call, sizeof call)), 4048188);
}

static void bounds_what_is_not_signed_yet(void **state) {
  (void)state;
  ol_u256 fee;
  ol_l1_attributes after = ecotone();
  assert_int_equal(ol_l1_fee_upper_bound(&error, &fee, &after, 1000), OL_OK);
  /* 1068 + 4 + 16 bytes: (836500 * 1088 - 42585600) * 32030000000 / 1e12 */
  assert_int_equal(ol_load_be64(fee.bytes + 24), 27786870);
  assert_int_equal(ol_l1_fee_upper_bound(&error, &fee, &after, 0), OL_OK);
  assert_int_equal(ol_load_be64(fee.bytes + 24), 3203000);
  assert_int_equal(ol_l1_fee_upper_bound(&error, &fee, &after, UINT32_MAX), OL_OK);
}

static void refuses_fees_above_256_bits(void **state) {
  (void)state;
  ol_u256 fee;
  ol_slice bytes = empty_bytes();
  ol_l1_attributes changed = bedrock();
  memset(changed.overhead.bytes, 0xff, 32);
  assert_int_equal(ol_l1_fee(&error, &fee, &changed, OL_L1_FEE_REGOLITH, bytes.data, bytes.len),
                   OL_ERR_LIMIT);
  assert_string_equal(error.part, "fee");
  changed = bedrock();
  changed.base_fee.bytes[0] = 1;
  assert_int_equal(ol_l1_fee(&error, &fee, &changed, OL_L1_FEE_REGOLITH, bytes.data, bytes.len),
                   OL_ERR_LIMIT);
  changed = bedrock();
  changed.scalar.bytes[1] = 1;
  assert_int_equal(ol_l1_fee(&error, &fee, &changed, OL_L1_FEE_REGOLITH, bytes.data, bytes.len),
                   OL_ERR_LIMIT);
  const ol_l1_fee_rule rules[] = {OL_L1_FEE_ECOTONE, OL_L1_FEE_FJORD};
  for (size_t i = 0; i < 2; i++) {
    changed = ecotone();
    memset(changed.base_fee.bytes, 0xff, 32);
    assert_int_equal(ol_l1_fee(&error, &fee, &changed, rules[i], bytes.data, bytes.len), OL_ERR_LIMIT);
    changed = ecotone();
    memset(changed.blob_base_fee.bytes, 0xff, 32);
    assert_int_equal(ol_l1_fee(&error, &fee, &changed, rules[i], bytes.data, bytes.len), OL_ERR_LIMIT);
    assert_int_equal(ol_l1_fee_upper_bound(&error, &fee, &changed, 5), OL_ERR_LIMIT);
  }
}

/* Bedrock's scalar is not in later forms: its rule would find fees to be 0. */
static void refuses_a_rule_from_before_the_attributes(void **state) {
  (void)state;
  ol_u256 fee;
  ol_slice bytes = empty_bytes();
  ol_l1_attributes after = ecotone();
  for (int rule = OL_L1_FEE_BEDROCK; rule <= OL_L1_FEE_FJORD; rule++) {
    ol_status status = ol_l1_fee(&error, &fee, &after, (ol_l1_fee_rule)rule, bytes.data, bytes.len);
    assert_int_equal(status, rule < OL_L1_FEE_ECOTONE ? OL_ERR_ARGUMENT : OL_OK);
  }
}

static void computes_the_operator_fee_of_each_fork(void **state) {
  (void)state;
  ol_u256 fee;
  ol_l1_attributes isthmus = {
      .form = OL_FORK_ISTHMUS, .operator_fee_scalar = 1439103868, .operator_fee_constant = 5};
  ol_operator_fee(&fee, &isthmus, OL_FORK_ISTHMUS, 1618);
  assert_int_equal(ol_load_be64(fee.bytes + 24), 2328470 + 5);
  ol_operator_fee(&fee, &isthmus, OL_FORK_JOVIAN, 1618);
  assert_int_equal(ol_load_be64(fee.bytes + 24), 232847005842400 + 5);
  ol_operator_fee(&fee, &isthmus, OL_FORK_HOLOCENE, 1618);
  assert_int_equal(ol_load_be64(fee.bytes + 24), 0);
  /* As large as it can be: (2^64 - 1) * (2^32 - 1) * 100 + 2^64 - 1 */
  isthmus.operator_fee_scalar = UINT32_MAX;
  isthmus.operator_fee_constant = UINT64_MAX;
  ol_operator_fee(&fee, &isthmus, OL_FORK_JOVIAN, UINT64_MAX);
  assert_bytes(fee.bytes, 32, "0000000000000000000000000000000000000063ffffff9cffffff9c00000063");
}

static void adds_multiplies_and_divides(void **state) {
  (void)state;
  ol_u256 a, b, out;
  memset(a.bytes, 0xff, 32);
  b = ol_u256_of(1);
  assert_false(ol_u256_add(&out, &a, &b));
  assert_true(ol_u256_is_zero(&out));
  assert_true(ol_u256_mul(&out, &a, &b));
  assert_memory_equal(&out, &a, 32);
  b = ol_u256_of(2);
  assert_false(ol_u256_mul(&out, &a, &b));
  memset(&a, 0, sizeof a);
  a.bytes[0] = 1; /* 2^248 */
  b = ol_u256_of(255);
  assert_true(ol_u256_mul(&out, &a, &b));
  b = ol_u256_of(256);
  assert_false(ol_u256_mul(&out, &a, &b));
  assert_false(ol_u256_mul(&out, &a, &a));
  a = ol_u256_of(UINT64_MAX);
  assert_true(ol_u256_mul(&a, &a, &a));
  assert_bytes(a.bytes, 32, "00000000000000000000000000000000fffffffffffffffe0000000000000001");
  ol_u256_div(&a, 1000000);
  assert_bytes(a.bytes, 32, "00000000000000000000000000000000000010c6f7a0b5ed8d36933a0407cc7d");
}

static void subtracts(void **state) {
  (void)state;
  ol_u256 a = {{0}}, b = ol_u256_of(1), out;
  a.bytes[0] = 1; /* 2^248 */
  assert_true(ol_u256_sub(&out, &a, &b));
  assert_bytes(out.bytes, 32, "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
  assert_true(ol_u256_sub(&a, &a, &a));
  assert_true(ol_u256_is_zero(&a));
  assert_false(ol_u256_sub(&out, &a, &b));
}

static void divides_by_64_bits(void **state) {
  (void)state;
  ol_u256 a;
  memset(&a, 0xff, sizeof a); /* 2^256 - 1 is a multiple of 2^64 - 1 */
  ol_u256_div(&a, UINT64_MAX);
  assert_bytes(a.bytes, 32, "0000000000000001000000000000000100000000000000010000000000000001");
  ol_u256_div(&a, UINT64_MAX - 1);
  assert_bytes(a.bytes, 32, "0000000000000000000000000000000100000000000000030000000000000007");
  ol_u256_div(&a, 1);
  assert_bytes(a.bytes, 32, "0000000000000000000000000000000100000000000000030000000000000007");
  ol_u256_div(&a, (uint64_t)1 << 63);
  assert_bytes(a.bytes, 32, "0000000000000000000000000000000000000000000000020000000000000006");
}

/* The first transaction of a block, with a call. */
static ol_transaction first_of(ol_slice call) {
  ol_transaction out = {.type = OL_TX_DEPOSIT, .data = call};
  from_hex(out.from.bytes, 20, "deaddeaddeaddeaddeaddeaddeaddeaddead0001");
  from_hex(out.to.bytes, 20, "4200000000000000000000000000000000000015");
  return out;
}

/* Calls whose bytes count up. */
static ol_slice call_of(const char *selector, size_t len) {
  static uint8_t call[300];
  count_up(call, sizeof call, 0);
  from_hex(call, 4, selector);
  return ol_slice_of(call, len);
}

static void reads_the_packed_forms(void **state) {
  (void)state;
  static const struct {
    const char *selector;
    size_t len;
    ol_fork form;
  } forms[] = {{"440a5e20", 164, OL_FORK_ECOTONE},
               {"098999be", 176, OL_FORK_ISTHMUS},
               {"3db6be2b", 178, OL_FORK_JOVIAN}};
  ol_l1_attributes out;
  for (size_t i = 0; i < 3; i++) {
    ol_transaction first = first_of(call_of(forms[i].selector, forms[i].len));
    assert_int_equal(ol_l1_attributes_decode(&error, &out, &first), OL_OK);
    assert_int_equal(out.form, forms[i].form);
    assert_int_equal(out.base_fee_scalar, 0x04050607);
    assert_int_equal(out.blob_base_fee_scalar, 0x08090a0b);
    assert_int_equal(out.sequence_number, 0x0c0d0e0f10111213);
    assert_int_equal(out.timestamp, 0x1415161718191a1b);
    assert_int_equal(out.number, 0x1c1d1e1f20212223);
    assert_int_equal(out.base_fee.bytes[0], 36);
    assert_int_equal(out.blob_base_fee.bytes[31], 99);
    assert_int_equal(out.hash.bytes[0], 100);
    assert_int_equal(out.batcher_hash.bytes[0], 132);
    assert_int_equal(out.operator_fee_scalar, i > 0 ? 0xa4a5a6a7 : 0);
    assert_int_equal(out.operator_fee_constant, i > 0 ? 0xa8a9aaabacadaeaf : 0);
    assert_int_equal(out.da_footprint_gas_scalar, i > 1 ? 0xb0b1 : 0);
    first.data.len--;
    assert_int_equal(ol_l1_attributes_decode(&error, &out, &first), OL_ERR_ENCODING);
    first.data.len += 2;
    assert_int_equal(ol_l1_attributes_decode(&error, &out, &first), OL_ERR_ENCODING);
    assert_string_equal(error.reason, "call has another length");
    assert_string_equal(error.part, "l1Attributes");
  }
}

static void reads_the_form_of_bedrock(void **state) {
  (void)state;
  ol_l1_attributes out;
  uint8_t call[260] = {0x01, 0x5d, 0x8e, 0xb9};
  for (size_t word = 0; word < 8; word++) call[4 + 32 * word + 31] = (uint8_t)(word + 1);
  ol_transaction first = first_of(ol_slice_of(call, sizeof call));
  assert_int_equal(ol_l1_attributes_decode(&error, &out, &first), OL_OK);
  assert_int_equal(out.form, OL_FORK_BEDROCK);
  assert_int_equal(out.number, 1);
  assert_int_equal(out.timestamp, 2);
  assert_int_equal(out.base_fee.bytes[31], 3);
  assert_int_equal(out.hash.bytes[31], 4);
  assert_int_equal(out.sequence_number, 5);
  assert_int_equal(out.batcher_hash.bytes[31], 6);
  assert_int_equal(out.overhead.bytes[31], 7);
  assert_int_equal(out.scalar.bytes[31], 8);
  const size_t numbers[] = {0, 1, 4};
  for (size_t i = 0; i < 3; i++) {
    call[4 + 32 * numbers[i] + 23] = 1;
    assert_int_equal(ol_l1_attributes_decode(&error, &out, &first), OL_ERR_ENCODING);
    assert_int_equal(error.offset, 4 + 32 * numbers[i]);
    call[4 + 32 * numbers[i] + 23] = 0;
  }
}

static void refuses_what_are_no_l1_attributes(void **state) {
  (void)state;
  ol_l1_attributes out;
  ol_transaction first = first_of(call_of("440a5e21", 164));
  assert_int_equal(ol_l1_attributes_decode(&error, &out, &first), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "call is of no known form");
  first.data.len = 3;
  assert_int_equal(ol_l1_attributes_decode(&error, &out, &first), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "call has no selector");
  const ol_transaction good = first_of(call_of("440a5e20", 164));
  ol_transaction bad[] = {good, good, good, good};
  bad[0].type = OL_TX_DYNAMIC_FEE;
  bad[1].from.bytes[19] = 2;
  bad[2].to.bytes[19] = 0x16;
  bad[3].is_create = 1;
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(ol_l1_attributes_decode(&error, &out, &bad[i]), OL_ERR_MISMATCH);
    assert_string_equal(error.part, "l1Attributes");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(computes_the_fees_that_op_geth_does),
      cmocka_unit_test(counts_the_gas_that_op_geth_does),
      cmocka_unit_test(measures_what_fastlz_leaves),
      cmocka_unit_test(estimates_a_real_transaction),
      cmocka_unit_test(bounds_what_is_not_signed_yet),
      cmocka_unit_test(refuses_fees_above_256_bits),
      cmocka_unit_test(refuses_a_rule_from_before_the_attributes),
      cmocka_unit_test(computes_the_operator_fee_of_each_fork),
      cmocka_unit_test(adds_multiplies_and_divides),
      cmocka_unit_test(subtracts),
      cmocka_unit_test(divides_by_64_bits),
      cmocka_unit_test(reads_the_packed_forms),
      cmocka_unit_test(reads_the_form_of_bedrock),
      cmocka_unit_test(refuses_what_are_no_l1_attributes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
