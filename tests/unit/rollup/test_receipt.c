/* SPDX-License-Identifier: MIT */
#include "openledger/receipt.h"

#include "receipts.h"
#include "unit/bytes.h"

static ol_error error;

static void encodes_what_it_decodes_in_every_type(void **state) {
  (void)state;
  for (size_t i = 0; i < SAMPLE_TYPES; i++) {
    ol_receipt sample = sample_receipt(sample_types[i]), again;
    uint8_t bytes[2048], encoded[2048];
    size_t len, again_len;
    assert_int_equal(ol_receipt_encode(&error, bytes, sizeof bytes, &len, &sample), OL_OK);
    assert_int_equal(ol_receipt_decode(&error, &again, bytes, len), OL_OK);
    assert_int_equal(again.type, sample.type);
    assert_int_equal(again.status, 1);
    assert_int_equal(again.log_count, 3);
    assert_int_equal(again.cumulative_gas_used, sample.cumulative_gas_used);
    assert_int_equal(again.has_deposit, sample.type == OL_TX_DEPOSIT);
    assert_int_equal(again.deposit_nonce, sample.deposit_nonce);
    assert_int_equal(again.deposit_version, sample.deposit_version);
    assert_int_equal(ol_receipt_encode(&error, encoded, sizeof encoded, &again_len, &again), OL_OK);
    assert_int_equal(again_len, len);
    assert_memory_equal(encoded, bytes, len);
    assert_int_equal(ol_receipt_encode(&error, encoded, len - 1, &again_len, &again), OL_ERR_MEMORY);
    for (size_t cut = 0; cut < len; cut++)
      assert_int_equal(ol_receipt_decode(&error, &again, bytes, cut), OL_ERR_ENCODING);
    bytes[len] = 0x80;
    assert_int_equal(ol_receipt_decode(&error, &again, bytes, len + 1), OL_ERR_ENCODING);
    assert_string_equal(error.reason, "bytes follow where the RLP ends");
  }
}

static void reads_a_deposit_from_before_canyon(void **state) {
  (void)state;
  ol_receipt sample = sample_receipt(OL_TX_DEPOSIT), again;
  uint8_t bytes[2048];
  size_t len;
  sample.has_deposit = 0;
  assert_int_equal(ol_receipt_encode(&error, bytes, sizeof bytes, &len, &sample), OL_OK);
  assert_int_equal(ol_receipt_decode(&error, &again, bytes, len), OL_OK);
  assert_int_equal(again.has_deposit, 0);
  /* Which no other type has. */
  sample.has_deposit = 1;
  sample.type = OL_TX_DYNAMIC_FEE;
  assert_int_equal(ol_receipt_encode(&error, bytes, sizeof bytes, &len, &sample), OL_OK);
  assert_int_equal(ol_receipt_decode(&error, &again, bytes, len), OL_ERR_ENCODING);
}

static void knows_no_other_type(void **state) {
  (void)state;
  ol_receipt sample = sample_receipt(OL_TX_DYNAMIC_FEE), again;
  uint8_t bytes[2048];
  size_t len;
  for (uint32_t type = 0; type < 0xc0; type++) {
    sample.type = OL_TX_DYNAMIC_FEE;
    assert_int_equal(ol_receipt_encode(&error, bytes, sizeof bytes, &len, &sample), OL_OK);
    bytes[0] = (uint8_t)type;
    bool known = (type > 0 && type < 5) || type == OL_TX_DEPOSIT;
    assert_int_equal(ol_receipt_decode(&error, &again, bytes, len), known ? OL_OK : OL_ERR_ENCODING);
  }
}

/* The receipt of these fields, given as RLP each. */
static ol_status decode_fields(ol_slice status, ol_slice gas, ol_slice bloom, ol_slice logs, ol_slice more) {
  uint8_t bytes[4096] = {OL_TX_DEPOSIT};
  ol_receipt receipt;
  ol_rlp_writer to = {.out = bytes + 1, .len = sizeof bytes - 1};
  ol_rlp_put_list(&to, status.len + gas.len + bloom.len + logs.len + more.len);
  ol_rlp_put_raw(&to, status.data, status.len);
  ol_rlp_put_raw(&to, gas.data, gas.len);
  ol_rlp_put_raw(&to, bloom.data, bloom.len);
  ol_rlp_put_raw(&to, logs.data, logs.len);
  ol_rlp_put_raw(&to, more.data, more.len);
  return ol_receipt_decode(&error, &receipt, bytes, 1 + to.used);
}

static void refuse(ol_slice status, ol_slice gas, ol_slice bloom, ol_slice logs, ol_slice more,
                   const char *field, const char *reason) {
  assert_int_equal(decode_fields(status, gas, bloom, logs, more), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, "receipt");
  assert_string_equal(error.field, field);
}

#define RLP(text) ol_slice_of(text, sizeof(text) - 1)

static void refuses_each_bad_field(void **state) {
  (void)state;
  ol_receipt receipt;
  assert_int_equal(ol_receipt_decode(&error, &receipt, (const uint8_t *)"\x02\x80", 2), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP string where a list belongs");
  uint8_t no_bits[3 + 256] = {0xb9, 1, 0};
  ol_slice bloom = ol_slice_of(no_bits, sizeof no_bits), one = RLP("\1"), none = RLP("\xc0"), end = RLP("");
  assert_int_equal(decode_fields(one, one, bloom, none, end), OL_OK);
  assert_int_equal(decode_fields(RLP("\x80"), one, bloom, none, end), OL_OK);
  refuse(RLP("\2"), one, bloom, none, end, "status", "status is neither 0 nor 1");
  refuse(RLP("\0"), one, bloom, none, end, "status", "status is neither 0 nor 1");
  refuse(RLP("\xa0"
             "12345678901234567890123456789012"),
         one, bloom, none, end, "status", "status is neither 0 nor 1");
  refuse(none, one, bloom, none, end, "status", "RLP list where a string belongs");
  refuse(one, RLP("\x82\0\1"), bloom, none, end, "cumulativeGasUsed", "RLP scalar has a leading zero");
  refuse(one, one, one, none, end, "logsBloom", "RLP string has the wrong length");
  refuse(one, one, bloom, RLP("\x80"), end, "logs", "RLP string where a list belongs");
  refuse(one, one, bloom, none, RLP("\x82\0\1\1"), "depositNonce", "RLP scalar has a leading zero");
  refuse(one, one, bloom, none, RLP("\1"), "depositReceiptVersion", "RLP item is missing");
  refuse(one, one, bloom, none, RLP("\1\x82\0\1"), "depositReceiptVersion", "RLP scalar has a leading zero");
  refuse(one, one, bloom, none, RLP("\1\1\1"), "", "bytes follow where the RLP ends");
  no_bits[4] = 1;
  assert_int_equal(decode_fields(one, one, bloom, none, end), OL_ERR_MISMATCH);
  assert_string_equal(error.field, "logsBloom");
}

#define ADDRESS                                                                                              \
  "\x94"                                                                                                     \
  "12345678901234567890"
#define TOPIC                                                                                                \
  "\xa0"                                                                                                     \
  "12345678901234567890123456789012"

static void refuses_each_bad_log(void **state) {
  (void)state;
  uint8_t no_bits[3 + 256] = {0xb9, 1, 0};
  ol_slice bloom = ol_slice_of(no_bits, sizeof no_bits), one = RLP("\1"), end = RLP("");
  refuse(one, one, bloom, RLP("\xc1\x80"), end, "logs", "RLP string where a list belongs");
  assert_int_equal(error.node, 0);
  refuse(one, one, bloom, RLP("\xc4\xc3\x80\xc0\x80"), end, "logs", "RLP string has the wrong length");
  refuse(one, one, bloom, RLP("\xd8\xd7" ADDRESS "\x80\x80"), end, "logs", "RLP string where a list belongs");
  refuse(one, one, bloom, RLP("\xd9\xd8" ADDRESS "\xc1\x01\x80"), end, "logs",
         "RLP string has the wrong length");
  refuse(one, one, bloom, RLP("\xd8\xd7" ADDRESS "\xc0\xc0"), end, "logs", "RLP list where a string belongs");
  refuse(one, one, bloom, RLP("\xd9\xd8" ADDRESS "\xc0\x80\x80"), end, "logs",
         "bytes follow where the RLP ends");
  refuse(one, one, bloom, RLP("\xf8\xbf\xf8\xbd" ADDRESS "\xf8\xa5" TOPIC TOPIC TOPIC TOPIC TOPIC "\x80"),
         end, "logs", "log has more than 4 topics");
}

static void walks_the_logs(void **state) {
  (void)state;
  ol_receipt sample = sample_receipt(OL_TX_LEGACY);
  ol_log log;
  for (uint8_t i = 0; i < 3; i++) {
    assert_true(ol_log_next(&sample.logs, &log));
    ol_log expected = sample_log(i);
    assert_memory_equal(&log.address, &expected.address, sizeof log.address);
    assert_int_equal(log.topic_count, expected.topic_count);
    assert_memory_equal(log.topics, expected.topics, log.topic_count * sizeof(ol_hash));
    assert_int_equal(log.data.len, expected.data.len);
    assert_memory_equal(log.data.data, expected.data.data, log.data.len);
  }
  assert_false(ol_log_next(&sample.logs, &log));
  ol_slice other = RLP("\xc1\x80");
  assert_false(ol_log_next(&other, &log));
}

static void tells_by_the_bloom_what_is_not_there(void **state) {
  (void)state;
  ol_receipt sample = sample_receipt(OL_TX_LEGACY);
  ol_log log = sample_log(2);
  assert_true(ol_bloom_may_have(sample.logs_bloom, log.address.bytes, sizeof log.address.bytes));
  for (size_t i = 0; i < log.topic_count; i++)
    assert_true(ol_bloom_may_have(sample.logs_bloom, log.topics[i].bytes, sizeof log.topics[i].bytes));
  size_t absent = 0;
  for (uint8_t i = 0; i < 200; i++) {
    log.address.bytes[0] = i;
    absent += !ol_bloom_may_have(sample.logs_bloom, log.address.bytes, sizeof log.address.bytes);
  }
  assert_true(absent > 195);
  /* One bit is enough to tell: each of three is looked at. */
  uint8_t bloom[OL_BLOOM_BYTES];
  log = sample_log(0);
  for (size_t bit = 0; bit < 2048; bit++) {
    ol_log alone = {.address = log.address, .topic_count = 0};
    memset(bloom, 0, sizeof bloom);
    ol_bloom_add(bloom, &alone);
    if ((bloom[bit / 8] & 1 << bit % 8) == 0) continue;
    bloom[bit / 8] ^= (uint8_t)(1 << bit % 8);
    assert_false(ol_bloom_may_have(bloom, log.address.bytes, sizeof log.address.bytes));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(encodes_what_it_decodes_in_every_type),
      cmocka_unit_test(reads_a_deposit_from_before_canyon),
      cmocka_unit_test(knows_no_other_type),
      cmocka_unit_test(refuses_each_bad_field),
      cmocka_unit_test(refuses_each_bad_log),
      cmocka_unit_test(walks_the_logs),
      cmocka_unit_test(tells_by_the_bloom_what_is_not_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
