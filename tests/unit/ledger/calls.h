/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_LEDGER_CALLS_H
#define OL_TESTS_UNIT_LEDGER_CALLS_H

/* What tests of calls share: a contract, some arguments, and the call that came of them. */

#include "openledger/openledger.h"
#include "unit/bytes.h"
#include "unit/ledger/inputs.h"

static ol_error error;
static ol_call call;
static uint8_t memory[4096];

static const ol_address contract = {{0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99,
                                     0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99, 0x99}};
static const ol_address nobody;
static ol_address alice, bob, carol; /* 0xa1..., 0xb2..., 0xc3... */
static uint8_t signature_bytes[65];

static inline int make_arguments(void **state) {
  (void)state;
  memset(&alice, 0xa1, sizeof alice);
  memset(&bob, 0xb2, sizeof bob);
  memset(&carol, 0xc3, sizeof carol);
  memset(signature_bytes, 0x11, 32);
  memset(signature_bytes + 32, 0x22, 32);
  signature_bytes[64] = 28;
  memset(&call, 0, sizeof call);
  return 0;
}

static inline ol_slice signature(void) {
  return ol_slice_of(signature_bytes, sizeof signature_bytes);
}

static inline ol_u256 word(uint64_t value) {
  ol_u256 out = {{0}};
  ol_store_be64(out.bytes + 24, value);
  return out;
}

static inline ol_hash hash_of(uint8_t byte) {
  ol_hash out;
  memset(&out, byte, sizeof out);
  return out;
}

/* Fails unless the call that was written is to the contract, pays so much, and has this input. */
static inline void assert_call(ol_status status, uint64_t value, const char *input) {
  const ol_u256 paid = word(value);
  if (status != OL_OK) print_message("%s: %s\n", error.part, error.reason);
  assert_int_equal(status, OL_OK);
  assert_memory_equal(&call.to, &contract, sizeof contract);
  assert_memory_equal(&call.value, &paid, sizeof paid);
  assert_bytes(call.data.data, call.data.len, input);
  assert_ptr_equal(call.data.data, memory);
  memset(&call, 0, sizeof call);
}

/* Fails unless it was refused for this reason, at this part ("" for none), and no call was written. */
static inline void assert_refused(ol_status status, ol_status expected, const char *part,
                                  const char *reason) {
  static const ol_call none;
  assert_int_equal(status, expected);
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, part);
  assert_memory_equal(&call, &none, sizeof none);
}

#define TEST(name) cmocka_unit_test_setup(name, make_arguments)

#endif
