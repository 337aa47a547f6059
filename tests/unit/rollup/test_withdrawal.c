/* SPDX-License-Identifier: MIT */
#include "openledger/withdrawal.h"

#include "rollup/u256.h"
#include "transactions.h"
#include "unit/bytes.h"

static ol_error error;

#define MESSAGE_PASSED "02a52367d10742d8032712c1bb8e0144ff1ec5ffda1ed7d70bb05a2744955054"
#define TRANSACTION_DEPOSITED "b3813568d9991fc951961fcb4c784893574240a28925604d09fc577c55bb7c32"

static ol_withdrawal sample(ol_slice data) {
  ol_withdrawal out;
  memset(&out, 0, sizeof out);
  out.nonce.bytes[1] = 1; /* version */
  out.nonce.bytes[31] = 5;
  memset(out.sender.bytes, 0xa1, 20);
  memset(out.target.bytes, 0xb2, 20);
  sample_word(out.value.bytes, 7);
  sample_word(out.gas_limit.bytes, 9);
  out.data = data;
  return out;
}

/* abi.encode(nonce, sender, target, value, gasLimit, data) */
static void hash_by_hand(ol_hash *out, const ol_withdrawal *withdrawal) {
  uint8_t words[1024] = {0};
  memcpy(words, withdrawal->nonce.bytes, 32);
  memcpy(words + 44, withdrawal->sender.bytes, 20);
  memcpy(words + 76, withdrawal->target.bytes, 20);
  memcpy(words + 96, withdrawal->value.bytes, 32);
  memcpy(words + 128, withdrawal->gas_limit.bytes, 32);
  words[191] = 0xc0;
  words[223] = (uint8_t)withdrawal->data.len;
  memcpy(words + 224, withdrawal->data.data, withdrawal->data.len);
  ol_keccak256(out, words, 224 + (withdrawal->data.len + 31) / 32 * 32);
}

static void hashes_as_the_contract_does(void **state) {
  (void)state;
  uint8_t data[100];
  count_up(data, sizeof data, 1);
  const size_t lens[] = {0, 1, 31, 32, 33, 64, 100};
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
    ol_withdrawal withdrawal = sample(ol_slice_of(data, lens[i]));
    ol_hash hash, expected;
    ol_withdrawal_hash(&hash, &withdrawal);
    hash_by_hand(&expected, &withdrawal);
    assert_memory_equal(&hash, &expected, sizeof hash);
  }
}

static void names_the_slot_in_the_mapping(void **state) {
  (void)state;
  ol_hash hash, expected;
  ol_u256 slot;
  uint8_t words[64] = {0};
  memset(hash.bytes, 0x33, 32);
  memcpy(words, hash.bytes, 32);
  ol_keccak256(&expected, words, 64);
  ol_withdrawal_slot(&slot, &hash);
  assert_memory_equal(slot.bytes, expected.bytes, 32);
}

/* The log of a withdrawal, with its data in `words`. */
static ol_log log_of(uint8_t words[512], const ol_withdrawal *withdrawal) {
  ol_log log = {.topic_count = 4};
  ol_hash hash;
  from_hex(log.address.bytes, 20, "4200000000000000000000000000000000000016");
  from_hex(log.topics[0].bytes, 32, MESSAGE_PASSED);
  memcpy(log.topics[1].bytes, withdrawal->nonce.bytes, 32);
  memcpy(log.topics[2].bytes + 12, withdrawal->sender.bytes, 20);
  memcpy(log.topics[3].bytes + 12, withdrawal->target.bytes, 20);
  ol_withdrawal_hash(&hash, withdrawal);
  memset(words, 0, 512);
  memcpy(words, withdrawal->value.bytes, 32);
  memcpy(words + 32, withdrawal->gas_limit.bytes, 32);
  words[95] = 128;
  memcpy(words + 96, hash.bytes, 32);
  words[159] = (uint8_t)withdrawal->data.len;
  memcpy(words + 160, withdrawal->data.data, withdrawal->data.len);
  log.data = ol_slice_of(words, 160 + (withdrawal->data.len + 31) / 32 * 32);
  return log;
}

static void reads_a_withdrawal_from_its_log(void **state) {
  (void)state;
  uint8_t words[512];
  ol_withdrawal withdrawal = sample(ol_slice_of("hello", 5)), out;
  ol_log log = log_of(words, &withdrawal);
  assert_int_equal(ol_withdrawal_from_log(&error, &out, &log), OL_OK);
  assert_memory_equal(&out.nonce, &withdrawal.nonce, 32);
  assert_memory_equal(&out.sender, &withdrawal.sender, 20);
  assert_memory_equal(&out.target, &withdrawal.target, 20);
  assert_memory_equal(&out.value, &withdrawal.value, 32);
  assert_memory_equal(&out.gas_limit, &withdrawal.gas_limit, 32);
  assert_int_equal(out.data.len, 5);
  assert_memory_equal(out.data.data, "hello", 5);
  withdrawal.data.len = 0;
  log = log_of(words, &withdrawal);
  assert_int_equal(ol_withdrawal_from_log(&error, &out, &log), OL_OK);
  assert_int_equal(out.data.len, 0);
}

static void refuse_withdrawal(const ol_log *log, ol_status status, const char *field, const char *reason) {
  ol_withdrawal out;
  assert_int_equal(ol_withdrawal_from_log(&error, &out, log), status);
  assert_string_equal(error.part, "MessagePassed");
  assert_string_equal(error.field, field);
  assert_string_equal(error.reason, reason);
}

static void refuses_each_part_of_a_log_that_is_wrong(void **state) {
  (void)state;
  uint8_t words[512];
  ol_withdrawal withdrawal = sample(ol_slice_of("hello", 5));
  const ol_log good = log_of(words, &withdrawal);
  ol_log bad = good;
  bad.address.bytes[19] = 0x15;
  refuse_withdrawal(&bad, OL_ERR_MISMATCH, "", "event is of another contract");
  bad = good;
  bad.topic_count = 3;
  refuse_withdrawal(&bad, OL_ERR_MISMATCH, "", "event is another one");
  bad = good;
  bad.topics[0].bytes[0] ^= 1;
  refuse_withdrawal(&bad, OL_ERR_MISMATCH, "", "event is another one");
  bad = good;
  bad.topics[1].bytes[5] ^= 1;
  refuse_withdrawal(&bad, OL_ERR_MISMATCH, "", "withdrawal does not hash to what the event says");
  bad = good;
  bad.topics[2].bytes[11] = 1;
  refuse_withdrawal(&bad, OL_ERR_ENCODING, "sender", "ABI value is out of range");
  bad = good;
  bad.topics[3].bytes[0] = 1;
  refuse_withdrawal(&bad, OL_ERR_ENCODING, "target", "ABI value is out of range");
  words[0] ^= 1;
  refuse_withdrawal(&good, OL_ERR_MISMATCH, "", "withdrawal does not hash to what the event says");
  words[0] ^= 1;
  words[95] = 96;
  refuse_withdrawal(&good, OL_ERR_ENCODING, "", "ABI bytes are not where they belong");
  words[95] = 128;
  bad = good;
  bad.data.len = 64;
  refuse_withdrawal(&bad, OL_ERR_ENCODING, "", "ABI word is cut short");
}

static const char opaque_digits[] = "000000000000000000000000000000000000000000000000000000000000000c"
                                    "000000000000000000000000000000000000000000000000000000000000000b"
                                    "000000000000c35000deadbeef";

/* The log of a deposit; the bytes in it can be changed. */
static ol_log deposit_log(uint8_t words[512], const char *digits) {
  ol_log log = {.topic_count = 4};
  size_t len = strlen(digits) / 2;
  memset(log.address.bytes, 0x99, 20);
  from_hex(log.topics[0].bytes, 32, TRANSACTION_DEPOSITED);
  memset(log.topics[1].bytes + 12, 0xf0, 20);
  memset(log.topics[2].bytes + 12, 0x70, 20);
  memset(words, 0, 512);
  words[31] = 32;
  words[63] = (uint8_t)len;
  from_hex(words + 64, len, digits);
  log.data = ol_slice_of(words, 64 + (len + 31) / 32 * 32);
  return log;
}

static ol_status read_deposit(ol_transaction *out, const ol_log *log) {
  ol_address portal;
  ol_hash block;
  memset(portal.bytes, 0x99, 20);
  memset(block.bytes, 0x11, 32);
  return ol_deposit_from_log(&error, out, log, &portal, &block, 0x1234);
}

static void reads_a_deposit_from_its_log(void **state) {
  (void)state;
  uint8_t words[512], preimage[64] = {0};
  ol_transaction out, again;
  ol_log log = deposit_log(words, opaque_digits);
  assert_int_equal(read_deposit(&out, &log), OL_OK);
  assert_int_equal(out.type, OL_TX_DEPOSIT);
  assert_int_equal(out.gas_limit, 50000);
  assert_int_equal(out.mint.bytes[31], 12);
  assert_int_equal(out.value.bytes[31], 11);
  assert_int_equal(out.from.bytes[0], 0xf0);
  assert_int_equal(out.to.bytes[0], 0x70);
  assert_int_equal(out.is_create, 0);
  assert_bytes(out.data.data, out.data.len, "deadbeef");
  ol_hash hash;
  memset(preimage, 0x11, 32);
  preimage[62] = 0x12;
  preimage[63] = 0x34;
  ol_keccak256(&hash, preimage, 64);
  memset(preimage, 0, 32);
  memcpy(preimage + 32, hash.bytes, 32);
  ol_keccak256(&hash, preimage, 64);
  assert_memory_equal(&out.source_hash, &hash, 32);
  ol_slice bytes = sample_bytes(&out);
  assert_int_equal(ol_transaction_decode(&error, &again, bytes.data, bytes.len), OL_OK);
  free((void *)(uintptr_t)bytes.data);
  words[64 + 72] = 1; /* a contract is created, whatever the receiver */
  assert_int_equal(read_deposit(&out, &log), OL_OK);
  assert_int_equal(out.is_create, 1);
  assert_int_equal(out.to.bytes[0], 0);
}

/*
 * What is on the chain of OP Mainnet: the withdrawal of transaction
 * 0x7b5cedccfaf9abe6ce3d07982f57bcb9176313b019ff0fc602a0b70342fe3147, and the deposit of log 109 in L1 block
 * 0x634c52556471c589f42db9131467e0c9484f5c73049e32d1a74e2a4ce0f91d57 (both found in the tests of wevm/viem).
 */
static const char bridged[] = "d764ad0b"
                              "0001000000000000000000000000000000000000000000000000000000002d49"
                              "0000000000000000000000004200000000000000000000000000000000000010"
                              "00000000000000000000000099c9fc46f92e8a1c0dec1b1747d010903e884be1"
                              "000000000000000000000000000000000000000000000000002e2f6e5e148000"
                              "0000000000000000000000000000000000000000000000000000000000000000"
                              "00000000000000000000000000000000000000000000000000000000000000c0"
                              "00000000000000000000000000000000000000000000000000000000000000a4"
                              "1635f5fd000000000000000000000000bcce5f55dfda11600e48e91598ad0f86"
                              "45466142000000000000000000000000bcce5f55dfda11600e48e91598ad0f86"
                              "45466142000000000000000000000000000000000000000000000000002e2f6e"
                              "5e14800000000000000000000000000000000000000000000000000000000000"
                              "0000008000000000000000000000000000000000000000000000000000000000"
                              "0000000000000000000000000000000000000000000000000000000000000000";

static void hashes_a_withdrawal_of_op_mainnet(void **state) {
  (void)state;
  uint8_t data[(sizeof bridged - 1) / 2];
  ol_withdrawal withdrawal = {.data = ol_slice_of(data, sizeof data)};
  ol_hash hash;
  from_hex(data, sizeof data, bridged);
  from_hex(withdrawal.nonce.bytes, 32, "0001000000000000000000000000000000000000000000000000000000002d49");
  from_hex(withdrawal.sender.bytes, 20, "4200000000000000000000000000000000000007");
  from_hex(withdrawal.target.bytes, 20, "25ace71c97b33cc4729cf772ae268934f7ab5fa1");
  withdrawal.value = ol_u256_of(13000000000000000);
  withdrawal.gas_limit = ol_u256_of(287624);
  ol_withdrawal_hash(&hash, &withdrawal);
  assert_bytes(hash.bytes, 32, "178f1e0216fb50bef160eb8af7d1d98000026a84371cef4a13d8d79996cc8589");
  ol_u256 slot;
  from_hex(hash.bytes, 32, "b1c3824def40047847145e069bf467aa67e906611b9f5ef31515338db0aabfa2");
  ol_withdrawal_slot(&slot, &hash);
  assert_bytes(slot.bytes, 32, "4a932049252365b3eedbc5190e18949f2ec11f39d3bef2d259764799a1b27d99");
}

static void makes_a_deposit_of_op_mainnet(void **state) {
  (void)state;
  uint8_t words[512];
  ol_transaction deposit;
  ol_address portal;
  ol_hash block, hash;
  ol_log log = deposit_log(words, "0000000000000000000000000000000000000000000000000000000000000000"
                                  "0000000000000000000000000000000000000000000000000000000000000045"
                                  "000000000000520800");
  from_hex(log.topics[1].bytes + 12, 20, "1a1e021a302c237453d3d45c7b82b19ceeb7e2e6");
  from_hex(log.topics[2].bytes + 12, 20, "1a1e021a302c237453d3d45c7b82b19ceeb7e2e6");
  from_hex(block.bytes, 32, "634c52556471c589f42db9131467e0c9484f5c73049e32d1a74e2a4ce0f91d57");
  memset(portal.bytes, 0x99, 20);
  assert_int_equal(ol_deposit_from_log(&error, &deposit, &log, &portal, &block, 109), OL_OK);
  ol_transaction_hash(&hash, &deposit);
  assert_bytes(hash.bytes, 32, "0a60b983815ed475c5919609025204a479654d93afc610feca7d99ae0befc329");
}

static void refuse_deposit(const ol_log *log, ol_status status, const char *field, const char *reason) {
  ol_transaction out;
  assert_int_equal(read_deposit(&out, log), status);
  assert_string_equal(error.part, "TransactionDeposited");
  assert_string_equal(error.field, field);
  assert_string_equal(error.reason, reason);
}

static void refuses_each_part_of_a_deposit_that_is_wrong(void **state) {
  (void)state;
  uint8_t words[512];
  const ol_log good = deposit_log(words, opaque_digits);
  ol_log bad = good;
  bad.address.bytes[0] ^= 1;
  refuse_deposit(&bad, OL_ERR_MISMATCH, "", "event is of another contract");
  bad = good;
  bad.topics[0].bytes[31] ^= 1;
  refuse_deposit(&bad, OL_ERR_MISMATCH, "", "event is another one");
  bad = good;
  bad.topics[3].bytes[31] = 1;
  refuse_deposit(&bad, OL_ERR_MISMATCH, "", "event is of another version");
  bad = good;
  bad.topics[1].bytes[0] = 1;
  refuse_deposit(&bad, OL_ERR_ENCODING, "from", "ABI value is out of range");
  bad = good;
  bad.topics[2].bytes[0] = 1;
  refuse_deposit(&bad, OL_ERR_ENCODING, "to", "ABI value is out of range");
  words[31] = 33;
  refuse_deposit(&good, OL_ERR_ENCODING, "", "ABI bytes are not where they belong");
  words[31] = 32;
  words[64 + 72] = 2;
  refuse_deposit(&good, OL_ERR_ENCODING, "opaqueData", "opaque data has a bit that is neither 0 nor 1");
  bad = deposit_log(words,
                    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                    "0000000000000000000000000000000000000000000000000000000000");
  assert_int_equal(bad.data.len, 64 + 96);
  refuse_deposit(&bad, OL_ERR_ENCODING, "opaqueData", "opaque data is cut short");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hashes_as_the_contract_does),
      cmocka_unit_test(names_the_slot_in_the_mapping),
      cmocka_unit_test(reads_a_withdrawal_from_its_log),
      cmocka_unit_test(refuses_each_part_of_a_log_that_is_wrong),
      cmocka_unit_test(hashes_a_withdrawal_of_op_mainnet),
      cmocka_unit_test(reads_a_deposit_from_its_log),
      cmocka_unit_test(makes_a_deposit_of_op_mainnet),
      cmocka_unit_test(refuses_each_part_of_a_deposit_that_is_wrong),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
