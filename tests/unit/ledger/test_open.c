/* SPDX-License-Identifier: MIT */
#include "unit/ledger/calls.h"

#define MEMORY memory, sizeof memory

static void writes_what_moves_open(void **state) {
  (void)state;
  const ol_u256 seven = word(7), nothing = word(0);
  assert_int_equal(ol_open_send_call(&error, &call, &bob, &seven), OL_OK);
  assert_memory_equal(&call.to, &bob, sizeof bob);
  assert_memory_equal(&call.value, &seven, sizeof seven);
  assert_int_equal(call.data.len, 0);
  assert_call(ol_open_transfer_call(&error, &call, &contract, &bob, &seven, MEMORY), 0, TRANSFER_INPUT);
  assert_call(ol_open_approve_call(&error, &call, &contract, &bob, &seven, MEMORY), 0, APPROVE_INPUT);
  assert_int_equal(ol_open_approve_call(&error, &call, &contract, &bob, &nothing, MEMORY), OL_OK);
}

static void refuses_to_move_open_nowhere(void **state) {
  (void)state;
  const ol_u256 seven = word(7), nothing = word(0);
  assert_refused(ol_open_send_call(&error, &call, &nobody, &seven), OL_ERR_ARGUMENT, "",
                 "OPEN is sent to the zero address");
  assert_refused(ol_open_send_call(&error, &call, &bob, &nothing), OL_ERR_ARGUMENT, "", "nothing is sent");
  assert_refused(ol_open_transfer_call(&error, &call, &contract, &nobody, &seven, MEMORY), OL_ERR_ARGUMENT,
                 "to", "is the zero address");
  assert_refused(ol_open_transfer_call(&error, &call, &nobody, &bob, &seven, MEMORY), OL_ERR_ARGUMENT,
                 "contract", "is the zero address");
  assert_refused(ol_open_transfer_call(&error, &call, &contract, &contract, &seven, MEMORY), OL_ERR_ARGUMENT,
                 "", "token is sent to its own contract, where it is lost");
  assert_refused(ol_open_approve_call(&error, &call, &contract, &nobody, &seven, MEMORY), OL_ERR_ARGUMENT,
                 "spender", "is the zero address");
  assert_refused(ol_open_approve_call(&error, &call, &contract, &bob, &seven, memory, 67), OL_ERR_MEMORY, "",
                 "memory is too small for the input");
}

/* --- Between the layers --- */

static void writes_what_brings_open_to_the_other_layer(void **state) {
  (void)state;
  static const uint8_t passer[] = {0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x16};
  const ol_u256 seven = word(7);
  assert_call(
      ol_open_deposit_call(&error, &call, &contract, OL_PORTAL_OUTPUTS, OL_GAS_ERC20, &bob, &seven, MEMORY),
      0, PORTAL_INPUT);
  assert_int_equal(ol_open_withdraw_call(&error, &call, &bob, &seven, 100000, text_of("hello"), MEMORY),
                   OL_OK);
  assert_memory_equal(&call.to, passer, sizeof passer);
  assert_memory_equal(&call.value, &seven, sizeof seven);
  assert_bytes(call.data.data, call.data.len, INITIATE_INPUT);
  assert_call(ol_bridge_token_call(&error, &call, &contract, &alice, &carol, &bob, &seven, 200000,
                                   text_of("hello"), MEMORY),
              0, BRIDGE_INPUT);
}

static void refuses_what_would_be_lost_between_the_layers(void **state) {
  (void)state;
  static uint8_t large[OL_MESSAGE_DATA + 1];
  const ol_u256 seven = word(7), nothing = word(0);
  const ol_slice none = {0};
  assert_refused(ol_open_deposit_call(&error, &call, &contract, OL_PORTAL_OUTPUTS, OL_GAS_ERC20, &nobody,
                                      &seven, MEMORY),
                 OL_ERR_ARGUMENT, "", "OPEN is deposited to the zero address");
  assert_refused(
      ol_open_deposit_call(&error, &call, &contract, OL_PORTAL_OUTPUTS, OL_GAS_ERC20, &bob, &nothing, MEMORY),
      OL_ERR_ARGUMENT, "", "deposit brings nothing");
  assert_refused(
      ol_open_deposit_call(&error, &call, &contract, OL_PORTAL_GAMES, OL_GAS_ERC20, &bob, &seven, MEMORY),
      OL_ERR_ARGUMENT, "", "portal of games knows no token");
  assert_refused(ol_open_withdraw_call(&error, &call, &nobody, &seven, 0, none, MEMORY), OL_ERR_ARGUMENT,
                 "target", "is the zero address");
  assert_refused(ol_open_withdraw_call(&error, &call, &bob, &nothing, 0, none, MEMORY), OL_ERR_ARGUMENT, "",
                 "withdrawal takes nothing and says nothing");
  assert_refused(
      ol_open_withdraw_call(&error, &call, &bob, &seven, 0, ol_slice_of(large, sizeof large), MEMORY),
      OL_ERR_LIMIT, "data", "is too long");
  assert_refused(
      ol_bridge_token_call(&error, &call, &contract, &alice, &nobody, &bob, &seven, 0, none, MEMORY),
      OL_ERR_ARGUMENT, "remote token", "is the zero address");
  assert_refused(
      ol_bridge_token_call(&error, &call, &contract, &alice, &carol, &bob, &nothing, 0, none, MEMORY),
      OL_ERR_ARGUMENT, "amount", "is zero");
}

/* --- GOPEN --- */

static void writes_what_gopen_takes(void **state) {
  (void)state;
  const ol_u256 seven = word(7), three = word(3), nine = word(9);
  assert_call(ol_gopen_deposit_call(&error, &call, &contract, &seven, MEMORY), 7, DEPOSIT_INPUT);
  assert_call(ol_gopen_withdraw_call(&error, &call, &contract, &seven, MEMORY), 0, WITHDRAW_INPUT);
  assert_call(ol_gopen_delegate_call(&error, &call, &contract, &bob, MEMORY), 0, DELEGATE_INPUT);
  assert_call(
      ol_gopen_delegate_signed_call(&error, &call, &contract, &bob, &three, &nine, signature(), MEMORY), 0,
      DELEGATE_SIGNED_INPUT);
  assert_call(
      ol_gopen_permit_call(&error, &call, &contract, &alice, &bob, &seven, &nine, signature(), MEMORY), 0,
      PERMIT_INPUT);
  signature_bytes[64] = 1; /* the parity of a transaction's signature is v less 27 */
  assert_call(
      ol_gopen_permit_call(&error, &call, &contract, &alice, &bob, &seven, &nine, signature(), MEMORY), 0,
      PERMIT_INPUT);
}

static void refuses_what_gopen_refuses(void **state) {
  (void)state;
  const ol_u256 seven = word(7), nothing = word(0);
  assert_refused(ol_gopen_deposit_call(&error, &call, &contract, &nothing, MEMORY), OL_ERR_ARGUMENT, "",
                 "deposit brings nothing");
  assert_refused(ol_gopen_withdraw_call(&error, &call, &contract, &nothing, MEMORY), OL_ERR_ARGUMENT,
                 "amount", "is zero");
  assert_refused(ol_gopen_delegate_call(&error, &call, &contract, &nobody, MEMORY), OL_ERR_ARGUMENT,
                 "delegatee", "is the zero address");
  assert_refused(
      ol_gopen_permit_call(&error, &call, &contract, &nobody, &bob, &seven, &seven, signature(), MEMORY),
      OL_ERR_ARGUMENT, "owner", "is the zero address");
  assert_refused(
      ol_gopen_permit_call(&error, &call, &contract, &alice, &bob, &seven, &nothing, signature(), MEMORY),
      OL_ERR_ARGUMENT, "deadline", "is zero");
}

static ol_status delegate_by(ol_slice by) {
  const ol_u256 nine = word(9);
  return ol_gopen_delegate_signed_call(&error, &call, &contract, &bob, &nine, &nine, by, MEMORY);
}

static void refuses_signatures_that_contracts_refuse(void **state) {
  (void)state;
  static const uint8_t half[32] = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4,
                                   0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0};
  assert_refused(delegate_by(ol_slice_of(signature_bytes, 64)), OL_ERR_ARGUMENT, "signature",
                 "is a short signature (EIP-2098), which contracts refuse");
  assert_refused(delegate_by(ol_slice_of(signature_bytes, 63)), OL_ERR_ARGUMENT, "signature",
                 "is not a signature of 65 bytes");
  assert_refused(delegate_by((ol_slice){0}), OL_ERR_ARGUMENT, "signature", "is not a signature of 65 bytes");
  memcpy(signature_bytes + 32, half, sizeof half);
  assert_int_equal(delegate_by(signature()), OL_OK);
  memset(&call, 0, sizeof call);
  signature_bytes[63]++;
  assert_refused(delegate_by(signature()), OL_ERR_CRYPTO, "signature",
                 "is a signature with a high s, which contracts refuse");
  memset(signature_bytes + 32, 0, 32);
  assert_refused(delegate_by(signature()), OL_ERR_CRYPTO, "signature", "is a signature with a zero in it");
  memset(signature_bytes, 0, 32);
  signature_bytes[63] = 1;
  assert_refused(delegate_by(signature()), OL_ERR_CRYPTO, "signature", "is a signature with a zero in it");
  signature_bytes[0] = 1;
  signature_bytes[64] = 29;
  assert_int_equal(delegate_by(signature()), OL_ERR_ENCODING);
  assert_string_equal(error.part, "signature");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(writes_what_moves_open),
      TEST(refuses_to_move_open_nowhere),
      TEST(writes_what_brings_open_to_the_other_layer),
      TEST(refuses_what_would_be_lost_between_the_layers),
      TEST(writes_what_gopen_takes),
      TEST(refuses_what_gopen_refuses),
      TEST(refuses_signatures_that_contracts_refuse),
  };
  return cmocka_run_group_tests_name("ledger.open", tests, NULL, NULL);
}
