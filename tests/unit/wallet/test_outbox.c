/* SPDX-License-Identifier: MIT */
#include "openledger/outbox.h"

#include "rollup/u256.h"
#include "transactions.h"
#include "unit/bytes.h"

static ol_error error;
static _Alignas(16) uint8_t memory[1 << 15];
static ol_outbox *outbox;

#define FIRST 5 /* the account's nonce when a test begins */

static int begin(void **state) {
  (void)state;
  const ol_address account = sample_sender();
  assert_true(ol_outbox_size() <= sizeof memory);
  assert_int_equal(ol_outbox_init(&error, &outbox, &account, SAMPLE_CHAIN, FIRST, memory, ol_outbox_size()),
                   OL_OK);
  return 0;
}

static ol_transaction signed_at(uint64_t nonce, uint64_t max_fee, uint64_t tip) {
  ol_transaction out = sample_transaction(OL_TX_DYNAMIC_FEE);
  out.nonce = nonce;
  out.max_fee_per_gas = ol_u256_of(max_fee);
  out.max_priority_fee_per_gas = ol_u256_of(tip);
  sign_sample(&out);
  return out;
}

static ol_status add_at(uint64_t nonce, uint64_t max_fee, uint64_t tip) {
  const ol_transaction one = signed_at(nonce, max_fee, tip);
  return ol_outbox_add(&error, outbox, &one, 1000 + nonce);
}

static ol_hash hash_at(uint32_t index) {
  ol_outbox_entry entry;
  assert_int_equal(ol_outbox_at(outbox, &entry, index), 1);
  return entry.hash;
}

static void has_state(uint32_t index, ol_outbox_state state) {
  ol_outbox_entry entry;
  assert_int_equal(ol_outbox_at(outbox, &entry, index), 1);
  assert_int_equal(entry.state, state);
}

static uint32_t entry_count(void) {
  ol_outbox_entry entry;
  uint32_t count = 0;
  while (ol_outbox_at(outbox, &entry, count) == 1) count++;
  return count;
}

static void is_number(const ol_u256 *value, uint64_t expected) {
  const ol_u256 word = ol_u256_of(expected);
  assert_memory_equal(value, &word, sizeof word);
}

static void gives_out_each_nonce_once(void **state) {
  (void)state;
  uint64_t gap;
  assert_int_equal(ol_outbox_next_nonce(outbox), FIRST);
  for (uint64_t nonce = FIRST; nonce < FIRST + 3; nonce++) {
    assert_int_equal(ol_outbox_next_nonce(outbox), nonce);
    assert_int_equal(add_at(nonce, 100, 10), OL_OK);
  }
  assert_int_equal(ol_outbox_gap(outbox, &gap, 0), 0);
  /* The chain goes on by itself, and by another wallet of the same account. */
  ol_outbox_advance(outbox, FIRST + 2);
  assert_int_equal(ol_outbox_next_nonce(outbox), FIRST + 3);
  ol_outbox_advance(outbox, FIRST + 9);
  assert_int_equal(ol_outbox_next_nonce(outbox), FIRST + 9);
}

static void keeps_what_was_added(void **state) {
  (void)state;
  ol_outbox_entry entry;
  const ol_transaction one = signed_at(FIRST, 120, 3);
  ol_hash hash;
  ol_transaction_hash(&hash, &one);
  assert_int_equal(ol_outbox_add(&error, outbox, &one, 77), OL_OK);
  assert_int_equal(ol_outbox_at(outbox, &entry, 0), 1);
  assert_int_equal(entry.nonce, FIRST);
  assert_int_equal(entry.time, 77);
  assert_int_equal(entry.gas_limit, 50000);
  assert_int_equal(entry.type, OL_TX_DYNAMIC_FEE);
  is_number(&entry.max_fee, 120);
  is_number(&entry.priority_fee, 3);
  is_number(&entry.value, 11);
  assert_memory_equal(&entry.to, &one.to, sizeof one.to);
  assert_memory_equal(&entry.hash, &hash, sizeof hash);
  assert_int_equal(ol_outbox_at(outbox, &entry, 1), 0);
  /* The same again is no second one, and keeps its time. */
  assert_int_equal(ol_outbox_add(&error, outbox, &one, 88), OL_OK);
  assert_int_equal(entry_count(), 1);
  assert_int_equal(ol_outbox_at(outbox, &entry, 0), 1);
  assert_int_equal(entry.time, 77);
}

static void names_gaps(void **state) {
  (void)state;
  uint64_t gap;
  assert_int_equal(add_at(FIRST + 2, 100, 10), OL_OK);
  assert_int_equal(add_at(FIRST + 5, 100, 10), OL_OK);
  static const uint64_t gaps[] = {FIRST, FIRST + 1, FIRST + 3, FIRST + 4};
  for (uint32_t i = 0; i < 4; i++) {
    assert_int_equal(ol_outbox_gap(outbox, &gap, i), 1);
    assert_int_equal(gap, gaps[i]);
  }
  assert_int_equal(ol_outbox_gap(outbox, &gap, 4), 0);
  assert_int_equal(ol_outbox_next_nonce(outbox), FIRST);
  assert_int_equal(add_at(FIRST, 100, 10), OL_OK);
  assert_int_equal(ol_outbox_next_nonce(outbox), FIRST + 1);
  /* A gap as wide as can be is not walked through. */
  assert_int_equal(add_at(UINT64_MAX - 1, 100, 10), OL_OK);
  assert_int_equal(ol_outbox_gap(outbox, &gap, UINT32_MAX), 1);
  assert_int_equal(gap, UINT32_MAX + (uint64_t)FIRST + 3);
}

static void is_for_one_account_and_chain(void **state) {
  (void)state;
  ol_transaction one = signed_at(FIRST, 100, 10);
  one.chain_id = 1;
  sign_sample(&one);
  assert_int_equal(ol_outbox_add(&error, outbox, &one, 0), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "transaction is for another chain");
  one = signed_at(FIRST, 100, 10);
  one.nonce++; /* somebody else would have signed this */
  ol_status status = ol_outbox_add(&error, outbox, &one, 0);
  assert_true(status == OL_ERR_MISMATCH || status == OL_ERR_CRYPTO);
  memset(&one.r, 0, sizeof one.r);
  assert_int_equal(ol_outbox_add(&error, outbox, &one, 0), OL_ERR_CRYPTO);
  const uint32_t refused[] = {OL_TX_BLOB, OL_TX_DEPOSIT, 5};
  for (size_t i = 0; i < 3; i++) {
    one = sample_transaction(i < 2 ? refused[i] : OL_TX_LEGACY);
    one.type = refused[i];
    assert_int_equal(ol_outbox_add(&error, outbox, &one, 0), OL_ERR_ARGUMENT);
    assert_string_equal(error.reason, "the OP Stack takes no transactions of this type from accounts");
  }
  one = signed_at(UINT64_MAX, 100, 10);
  assert_int_equal(ol_outbox_add(&error, outbox, &one, 0), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "nonce is 2^64-1 (EIP-2681)");
  one = signed_at(FIRST, 10, 100);
  assert_int_equal(ol_outbox_add(&error, outbox, &one, 0), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "priority fee is above the whole fee (EIP-1559)");
  one = sample_transaction(OL_TX_DYNAMIC_FEE);
  one.is_create = 1;
  sign_sample(&one);
  assert_int_equal(ol_outbox_add(&error, outbox, &one, 0), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "transaction creates a contract and is to somebody");
  assert_int_equal(entry_count(), 0);
}

static void has_one_transaction_for_a_nonce(void **state) {
  (void)state;
  static const char too_low[] =
      "another transaction has this nonce, and is not replaced: each fee has to be a tenth higher";
  assert_int_equal(add_at(FIRST, 101, 11), OL_OK);
  static const uint64_t low[][2] = {{101, 12}, {111, 13}, {112, 12}, {200, 11}, {111, 111}};
  for (size_t i = 0; i < sizeof low / sizeof *low; i++) {
    assert_int_equal(add_at(FIRST, low[i][0], low[i][1]), OL_ERR_ARGUMENT);
    assert_string_equal(error.reason, too_low);
  }
  assert_int_equal(add_at(FIRST, 112, 13), OL_OK); /* 101 and 11.1 and 1.1 more, rounded up */
  assert_int_equal(add_at(FIRST, 112, 13), OL_OK); /* the same again */
  assert_int_equal(entry_count(), 2);
  assert_int_equal(add_at(FIRST, 123, 14), OL_ERR_ARGUMENT); /* 123.2 and 14.3 */
  assert_int_equal(add_at(FIRST, 124, 15), OL_OK);
  /* One that is used is no longer to be had. */
  ol_outbox_advance(outbox, FIRST + 1);
  assert_int_equal(add_at(FIRST, 1000, 1000), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "is used in the chain already");
  assert_int_equal(entry_count(), 3);
  /* What has no fee yet is replaced by what has some. */
  assert_int_equal(add_at(FIRST + 1, 0, 0), OL_OK);
  assert_int_equal(add_at(FIRST + 1, 1, 0), OL_ERR_ARGUMENT);
  assert_int_equal(add_at(FIRST + 1, 1, 1), OL_OK);
}

static void tells_what_became_of_each(void **state) {
  (void)state;
  assert_int_equal(add_at(FIRST, 100, 10), OL_OK);
  assert_int_equal(add_at(FIRST, 200, 20), OL_OK);
  assert_int_equal(add_at(FIRST + 1, 100, 10), OL_OK);
  assert_int_equal(add_at(FIRST + 2, 100, 10), OL_OK);
  const ol_hash first = hash_at(0), second = hash_at(1), other = hash_at(2);
  assert_int_equal(ol_outbox_settle(&error, outbox, FIRST, &first), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "is not used yet");
  ol_outbox_advance(outbox, FIRST + 2);
  for (uint32_t i = 0; i < 3; i++) has_state(i, OL_OUTBOX_PASSED);
  has_state(3, OL_OUTBOX_WAITING);
  assert_int_equal(ol_outbox_settle(&error, outbox, FIRST, &other), OL_ERR_MISMATCH);
  assert_int_equal(ol_outbox_settle(&error, outbox, FIRST - 1, NULL), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "nothing has it");
  assert_int_equal(ol_outbox_settle(&error, outbox, FIRST, &second), OL_OK);
  assert_int_equal(ol_outbox_settle(&error, outbox, FIRST + 1, NULL), OL_OK);
  has_state(0, OL_OUTBOX_REPLACED);
  has_state(1, OL_OUTBOX_CONFIRMED);
  has_state(2, OL_OUTBOX_DROPPED);
  has_state(3, OL_OUTBOX_WAITING);
  /* It stays so as the chain goes on, and not when the chain takes it back. */
  ol_outbox_advance(outbox, FIRST + 3);
  has_state(1, OL_OUTBOX_CONFIRMED);
  has_state(3, OL_OUTBOX_PASSED);
  ol_outbox_advance(outbox, FIRST + 1);
  has_state(1, OL_OUTBOX_CONFIRMED);
  has_state(2, OL_OUTBOX_WAITING);
  has_state(3, OL_OUTBOX_WAITING);
  ol_outbox_advance(outbox, FIRST + 2);
  has_state(2, OL_OUTBOX_PASSED);
}

static void forgets_what_is_final(void **state) {
  (void)state;
  for (uint64_t i = 0; i < 4; i++) assert_int_equal(add_at(FIRST + i, 100, 10), OL_OK);
  const ol_hash third = hash_at(2);
  ol_outbox_advance(outbox, FIRST + 2);
  ol_outbox_forget(outbox, FIRST + 9); /* what waits is not forgotten */
  assert_int_equal(entry_count(), 2);
  const ol_hash now_first = hash_at(0);
  assert_memory_equal(&now_first, &third, sizeof third);
  ol_outbox_advance(outbox, FIRST + 4);
  ol_outbox_forget(outbox, FIRST + 3);
  assert_int_equal(entry_count(), 1);
}

static void is_bounded(void **state) {
  (void)state;
  for (uint64_t i = 0; i < OL_OUTBOX_MOST; i++) assert_int_equal(add_at(FIRST + i, 100, 10), OL_OK);
  assert_int_equal(add_at(FIRST + OL_OUTBOX_MOST, 100, 10), OL_ERR_LIMIT);
  assert_int_equal(add_at(FIRST, 100, 10), OL_OK); /* there already */
  ol_outbox_advance(outbox, FIRST + 1);
  ol_outbox_forget(outbox, FIRST + 1);
  assert_int_equal(add_at(FIRST + OL_OUTBOX_MOST, 100, 10), OL_OK);
}

static void replaces_with_raised_fees(void **state) {
  (void)state;
  ol_transaction one = signed_at(FIRST, 101, 11), out;
  ol_u256 base = ol_u256_of(50);
  assert_int_equal(ol_outbox_replace(&error, &out, outbox, &one, &base), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "nothing waits with it");
  assert_int_equal(ol_outbox_add(&error, outbox, &one, 0), OL_OK);
  assert_int_equal(ol_outbox_replace(&error, &out, outbox, &one, &base), OL_OK);
  is_number(&out.max_fee_per_gas, 112);
  is_number(&out.max_priority_fee_per_gas, 13);
  assert_true(ol_u256_is_zero(&out.r) && ol_u256_is_zero(&out.s) && out.y_parity == 0);
  assert_int_equal(out.nonce, FIRST);
  assert_int_equal(out.data.len, one.data.len);
  sign_sample(&out);
  assert_int_equal(ol_outbox_add(&error, outbox, &out, 0), OL_OK);
  /* Above the base fee, however much that has risen; and never less than the highest before. */
  base = ol_u256_of(5000);
  assert_int_equal(ol_outbox_replace(&error, &out, outbox, &one, &base), OL_OK);
  is_number(&out.max_fee_per_gas, 5015);
  is_number(&out.max_priority_fee_per_gas, 15);
  one = signed_at(FIRST, 9000, 700);
  assert_int_equal(ol_outbox_replace(&error, &out, outbox, &one, &base), OL_OK);
  is_number(&out.max_fee_per_gas, 9000);
  is_number(&out.max_priority_fee_per_gas, 700);
  /* One with a price has it for both. */
  one = sample_transaction(OL_TX_LEGACY);
  one.nonce = FIRST;
  one.gas_price = ol_u256_of(1);
  base = ol_u256_of(0);
  assert_int_equal(ol_outbox_replace(&error, &out, outbox, &one, &base), OL_OK);
  is_number(&out.gas_price, 124);
  sign_sample(&out);
  assert_int_equal(ol_outbox_add(&error, outbox, &out, 0), OL_OK);
  one = signed_at(FIRST, 1, 1);
  assert_int_equal(ol_outbox_replace(&error, &out, outbox, &one, &base), OL_OK);
  is_number(&out.max_fee_per_gas, 137);
  is_number(&out.max_priority_fee_per_gas, 137);
  one = sample_transaction(OL_TX_BLOB);
  one.nonce = FIRST;
  assert_int_equal(ol_outbox_replace(&error, &out, outbox, &one, &base), OL_ERR_ARGUMENT);
  memset(&base, 0xff, sizeof base);
  one = signed_at(FIRST, 1, 1);
  assert_int_equal(ol_outbox_replace(&error, &out, outbox, &one, &base), OL_ERR_LIMIT);
  /* What has passed is replaced no more. */
  base = ol_u256_of(0);
  ol_outbox_advance(outbox, FIRST + 1);
  assert_int_equal(ol_outbox_replace(&error, &out, outbox, &one, &base), OL_ERR_ARGUMENT);
}

static void does_not_raise_beyond_256_bits(void **state) {
  (void)state;
  ol_transaction one = sample_transaction(OL_TX_DYNAMIC_FEE), out;
  const ol_u256 base = ol_u256_of(0);
  one.nonce = FIRST;
  memset(one.max_fee_per_gas.bytes, 0xff, sizeof one.max_fee_per_gas.bytes);
  sign_sample(&one);
  assert_int_equal(ol_outbox_add(&error, outbox, &one, 0), OL_OK);
  assert_int_equal(ol_outbox_replace(&error, &out, outbox, &one, &base), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "fee needs more than 256 bits");
}

static void cancels(void **state) {
  (void)state;
  ol_transaction out;
  ol_hash digest;
  const ol_u256 base = ol_u256_of(50);
  const ol_address account = sample_sender();
  assert_int_equal(add_at(FIRST, 101, 11), OL_OK);
  assert_int_equal(ol_outbox_cancel(&error, &out, outbox, FIRST + 1, &base), OL_ERR_ARGUMENT);
  assert_int_equal(ol_outbox_cancel(&error, &out, outbox, FIRST, &base), OL_OK);
  assert_memory_equal(&out.to, &account, sizeof account);
  assert_true(ol_u256_is_zero(&out.value) && out.data.len == 0 && out.is_create == 0);
  assert_int_equal(out.gas_limit, 21000);
  assert_int_equal(out.nonce, FIRST);
  is_number(&out.max_fee_per_gas, 112);
  is_number(&out.max_priority_fee_per_gas, 13);
  assert_int_equal(ol_transaction_to_sign(&error, &digest, &out, SAMPLE_CHAIN, 0), OL_OK);
  sign_sample(&out);
  assert_int_equal(ol_outbox_add(&error, outbox, &out, 0), OL_OK);
}

/* --- Written out --- */

static uint8_t saved[OL_OUTBOX_BYTES];
static size_t saved_len;

static void fill(void) {
  assert_int_equal(add_at(FIRST, 100, 10), OL_OK);
  assert_int_equal(add_at(FIRST, 200, 20), OL_OK);
  assert_int_equal(add_at(FIRST + 1, 100, 10), OL_OK);
  assert_int_equal(add_at(FIRST + 3, 100, 10), OL_OK);
  const ol_hash second = hash_at(1);
  ol_outbox_advance(outbox, FIRST + 2);
  assert_int_equal(ol_outbox_settle(&error, outbox, FIRST, &second), OL_OK);
  assert_int_equal(ol_outbox_write(&error, saved, sizeof saved, &saved_len, outbox), OL_OK);
}

static ol_status read_back(void) {
  static _Alignas(16) uint8_t other[1 << 15];
  const ol_address account = sample_sender();
  ol_outbox *again = NULL;
  ol_status status =
      ol_outbox_read(&error, &again, saved, saved_len, &account, SAMPLE_CHAIN, other, sizeof other);
  assert_true((status == OL_OK) == (again != NULL));
  if (status == OL_OK) outbox = again;
  return status;
}

static void reads_what_it_wrote(void **state) {
  (void)state;
  uint8_t again[OL_OUTBOX_BYTES];
  size_t len;
  assert_int_equal(ol_outbox_write(&error, saved, sizeof saved, &saved_len, outbox), OL_OK);
  assert_int_equal(read_back(), OL_OK); /* nothing in it */
  fill();
  assert_int_equal(read_back(), OL_OK);
  assert_int_equal(ol_outbox_write(&error, again, sizeof again, &len, outbox), OL_OK);
  assert_int_equal(len, saved_len);
  assert_memory_equal(again, saved, len);
  assert_int_equal(ol_outbox_next_nonce(outbox), FIRST + 2);
  has_state(0, OL_OUTBOX_REPLACED);
  has_state(1, OL_OUTBOX_CONFIRMED);
  has_state(2, OL_OUTBOX_PASSED);
  has_state(3, OL_OUTBOX_WAITING);
  assert_int_equal(ol_outbox_write(&error, again, len - 1, &len, outbox), OL_ERR_MEMORY);
  assert_int_equal(len, saved_len);
}

static void refuses_what_is_damaged(void **state) {
  (void)state;
  const ol_address account = sample_sender();
  ol_address other_account = account;
  ol_outbox *again;
  _Alignas(16) static uint8_t other[1 << 15];
  fill();
  const size_t len = saved_len;
  for (size_t i = 0; i < len; i++) {
    saved[i] ^= 1;
    assert_int_equal(read_back(), OL_ERR_ENCODING);
    saved[i] ^= 1;
    saved_len = i;
    assert_int_equal(read_back(), OL_ERR_ENCODING);
    saved_len = len;
  }
  other_account.bytes[19] ^= 1;
  assert_int_equal(
      ol_outbox_read(&error, &again, saved, len, &other_account, SAMPLE_CHAIN, other, sizeof other),
      OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "is of another account");
  assert_int_equal(ol_outbox_read(&error, &again, saved, len, &account, 1, other, sizeof other),
                   OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "is of another chain");
  assert_int_equal(ol_outbox_read(&error, &again, saved, len, &account, SAMPLE_CHAIN, other, 64),
                   OL_ERR_MEMORY);
  assert_int_equal(
      ol_outbox_read(&error, &again, saved, len, &account, SAMPLE_CHAIN, other + 1, sizeof other - 1),
      OL_ERR_ARGUMENT);
}

/* Changes a byte and makes the checksum right again. */
static void expect_fault(size_t at, uint8_t value, const char *reason) {
  const uint8_t before = saved[at];
  ol_hash checksum;
  saved[at] = value;
  ol_keccak256(&checksum, saved, saved_len - 32);
  memcpy(saved + saved_len - 32, &checksum, 32);
  assert_int_equal(read_back(), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  saved[at] = before;
}

#define AT(entry, offset) (48 + (size_t)(entry)*175 + (offset))

static void refuses_what_no_outbox_says(void **state) {
  (void)state;
  static const char bad_state[] = "state is none that it can have";
  fill();
  expect_fault(7, 2, "is of a form or version that is not known here");
  expect_fault(47, 3, "has another number of transactions than it says");
  expect_fault(44, 1, "has another number of transactions than it says");
  expect_fault(43, FIRST, bad_state); /* the proven nonce: what has passed would wait */
  expect_fault(AT(0, 0), 5, bad_state);
  expect_fault(AT(0, 0), OL_OUTBOX_WAITING, bad_state);
  expect_fault(AT(0, 0), OL_OUTBOX_CONFIRMED, bad_state); /* two of one nonce */
  expect_fault(AT(0, 0), OL_OUTBOX_DROPPED, bad_state);
  expect_fault(AT(1, 0), OL_OUTBOX_REPLACED, bad_state); /* by which? */
  expect_fault(AT(3, 0), OL_OUTBOX_PASSED, bad_state);
  expect_fault(AT(0, 1), 3, "the OP Stack takes no transactions of this type from accounts");
  expect_fault(AT(0, 1), 0, "priority fee is above the whole fee (EIP-1559)"); /* a price is both */
  expect_fault(AT(0, 2), 1, "transaction creates a contract and is to somebody");
  expect_fault(AT(0, 2), 2, "transaction creates a contract and is to somebody");
  expect_fault(AT(0, 27 + 32), 1, "priority fee is above the whole fee (EIP-1559)");
  expect_fault(AT(1, 27 + 31), 109,
               "another transaction has this nonce, and is not replaced: each fee has to be a tenth higher");
  memcpy(saved + AT(2, 143), saved + AT(0, 143), 32);
  expect_fault(0, 'O', "transaction is there twice");
}

static void is_made_with_care(void **state) {
  (void)state;
  const ol_address account = sample_sender();
  ol_outbox *out = NULL;
  assert_int_equal(ol_outbox_init(&error, &out, &account, 0, 0, memory, sizeof memory), OL_ERR_ARGUMENT);
  assert_int_equal(ol_outbox_init(&error, &out, &account, 1, 0, memory + 8, sizeof memory - 8),
                   OL_ERR_ARGUMENT);
  assert_int_equal(ol_outbox_init(&error, &out, &account, 1, 0, memory, ol_outbox_size() - 1), OL_ERR_MEMORY);
  assert_null(out);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(gives_out_each_nonce_once),
      TEST(keeps_what_was_added),
      TEST(names_gaps),
      TEST(is_for_one_account_and_chain),
      TEST(has_one_transaction_for_a_nonce),
      TEST(tells_what_became_of_each),
      TEST(forgets_what_is_final),
      TEST(is_bounded),
      TEST(replaces_with_raised_fees),
      TEST(does_not_raise_beyond_256_bits),
      TEST(cancels),
      TEST(reads_what_it_wrote),
      TEST(refuses_what_is_damaged),
      TEST(refuses_what_no_outbox_says),
      TEST(is_made_with_care),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
