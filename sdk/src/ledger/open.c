/* SPDX-License-Identifier: MIT */
#include "openledger/open.h"

#include "ledger/args.h"
#include "rollup/anchor.h"

#include "base/poison.h"

/* Selectors: keccak-256 of the signatures in the comments (ledger/known.c has the names of their arguments). */
#define TRANSFER 0xa9059cbbu        /* transfer(address,uint256) */
#define APPROVE 0x095ea7b3u         /* approve(address,uint256) */
#define PERMIT 0xd505accfu          /* permit(address,address,uint256,uint256,uint8,bytes32,bytes32) */
#define DEPOSIT 0xd0e30db0u         /* deposit() */
#define WITHDRAW 0x2e1a7d4du        /* withdraw(uint256) */
#define DELEGATE 0x5c19a95cu        /* delegate(address) */
#define DELEGATE_SIGNED 0xc3cda520u /* delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32) */
#define INITIATE 0xc2b3e5acu        /* initiateWithdrawal(address,uint256,bytes) */
#define BRIDGE_TOKEN 0x540abf73u    /* bridgeERC20To(address,address,address,uint256,uint32,bytes) */

/* --- OPEN --- */

ol_status ol_open_send_call(ol_error *error, ol_call *out, const ol_address *to, const ol_u256 *amount) {
  const char *reason = NULL;
  ol_error_clear(error);
  if (ol_address_is_zero(to))
    reason = "OPEN is sent to the zero address";
  else if (ol_u256_is_zero(amount))
    reason = "nothing is sent";
  if (reason != NULL) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
  *out = (ol_call){.to = *to, .value = *amount};
  return OL_OK;
}

ol_status ol_open_transfer_call(ol_error *error, ol_call *out, const ol_address *token, const ol_address *to,
                                const ol_u256 *amount, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_ADDRESS, "to", to, 0}, {OL_ARG_WORD, "amount", amount, 0}};
  ol_error_clear(error);
  if (memcmp(token, to, sizeof *to) == 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "token is sent to its own contract, where it is lost");
  return ol_args_call(error, out, token, &ol_nothing, TRANSFER, OL_ARGS(args), memory, len);
}

ol_status ol_open_approve_call(ol_error *error, ol_call *out, const ol_address *token,
                               const ol_address *spender, const ol_u256 *amount, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_ADDRESS, "spender", spender, 0}, {OL_ARG_WORD, "amount", amount, 0}};
  return ol_args_call(error, out, token, &ol_nothing, APPROVE, OL_ARGS(args), memory, len);
}

ol_status ol_open_deposit_call(ol_error *error, ol_call *out, const ol_address *portal, ol_portal_kind kind,
                               ol_gas_scheme scheme, const ol_address *to, const ol_u256 *amount,
                               void *memory, size_t len) {
  const ol_deposit deposit = {
      .to = *to, .gas_limit = ol_deposit_gas(kind, 0), .mint = *amount, .value = *amount};
  ol_error_clear(error);
  const char *reason = NULL;
  if (ol_address_is_zero(to))
    reason = "OPEN is deposited to the zero address";
  else if (ol_u256_is_zero(amount))
    reason = "deposit brings nothing";
  if (reason != NULL) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
  return ol_deposit_call(error, out, portal, kind, scheme, &deposit, memory, len);
}

ol_status ol_open_withdraw_call(ol_error *error, ol_call *out, const ol_address *target,
                                const ol_u256 *amount, uint64_t gas_limit, ol_slice data, void *memory,
                                size_t len) {
  const ol_arg args[] = {{OL_ARG_ADDRESS, "target", target, 0},
                         {OL_ARG_NUMBER, "gas limit", NULL, gas_limit},
                         {OL_ARG_BYTES, "data", &data, OL_MESSAGE_DATA}};
  ol_error_clear(error);
  if (ol_u256_is_zero(amount) && data.len == 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "withdrawal takes nothing and says nothing");
  return ol_args_call(error, out, &ol_message_passer, amount, INITIATE, OL_ARGS(args), memory, len);
}

ol_status ol_bridge_token_call(ol_error *error, ol_call *out, const ol_address *bridge,
                               const ol_address *token, const ol_address *remote_token, const ol_address *to,
                               const ol_u256 *amount, uint32_t gas_limit, ol_slice data, void *memory,
                               size_t len) {
  const ol_arg args[] = {
      {OL_ARG_ADDRESS, "token", token, 0},     {OL_ARG_ADDRESS, "remote token", remote_token, 0},
      {OL_ARG_ADDRESS, "to", to, 0},           {OL_ARG_AMOUNT, "amount", amount, 0},
      {OL_ARG_NUMBER, "gas", NULL, gas_limit}, {OL_ARG_BYTES, "data", &data, OL_MESSAGE_DATA}};
  return ol_args_call(error, out, bridge, &ol_nothing, BRIDGE_TOKEN, OL_ARGS(args), memory, len);
}

/* --- GOPEN --- */

ol_status ol_gopen_deposit_call(ol_error *error, ol_call *out, const ol_address *gopen, const ol_u256 *amount,
                                void *memory, size_t len) {
  ol_error_clear(error);
  if (ol_u256_is_zero(amount)) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "deposit brings nothing");
  return ol_args_call(error, out, gopen, amount, DEPOSIT, NULL, 0, memory, len);
}

ol_status ol_gopen_withdraw_call(ol_error *error, ol_call *out, const ol_address *gopen,
                                 const ol_u256 *amount, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_AMOUNT, "amount", amount, 0}};
  return ol_args_call(error, out, gopen, &ol_nothing, WITHDRAW, OL_ARGS(args), memory, len);
}

ol_status ol_gopen_delegate_call(ol_error *error, ol_call *out, const ol_address *gopen,
                                 const ol_address *delegatee, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_ADDRESS, "delegatee", delegatee, 0}};
  return ol_args_call(error, out, gopen, &ol_nothing, DELEGATE, OL_ARGS(args), memory, len);
}

ol_status ol_gopen_delegate_signed_call(ol_error *error, ol_call *out, const ol_address *gopen,
                                        const ol_address *delegatee, const ol_u256 *nonce,
                                        const ol_u256 *expiry, ol_slice signature, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_ADDRESS, "delegatee", delegatee, 0},
                         {OL_ARG_WORD, "nonce", nonce, 0},
                         {OL_ARG_AMOUNT, "expiry", expiry, 0},
                         {OL_ARG_VRS, "signature", &signature, 0}};
  return ol_args_call(error, out, gopen, &ol_nothing, DELEGATE_SIGNED, OL_ARGS(args), memory, len);
}

ol_status ol_gopen_permit_call(ol_error *error, ol_call *out, const ol_address *gopen,
                               const ol_address *owner, const ol_address *spender, const ol_u256 *amount,
                               const ol_u256 *deadline, ol_slice signature, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_ADDRESS, "owner", owner, 0},
                         {OL_ARG_ADDRESS, "spender", spender, 0},
                         {OL_ARG_WORD, "amount", amount, 0},
                         {OL_ARG_AMOUNT, "deadline", deadline, 0},
                         {OL_ARG_VRS, "signature", &signature, 0}};
  return ol_args_call(error, out, gopen, &ol_nothing, PERMIT, OL_ARGS(args), memory, len);
}
