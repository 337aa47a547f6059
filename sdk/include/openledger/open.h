/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_OPEN_H
#define OPENLEDGER_OPEN_H

/*
 * OPEN and GOPEN: what moves them, as calls to be put into transactions. OPEN is native on OpenLedger and an ERC-20 on
 * L1; GOPEN is native OPEN that is wrapped one to one, with votes (EIP-2612, EIP-5805).
 *
 * All: Out: the call, with its data in `memory`. In: memory for the data, 1 KiB and what data within it takes.
 * Returns: OL_ERR_ARGUMENT with the argument's name for what the contract would refuse or nobody can mean - amounts of
 * zero, the zero address -, OL_ERR_CRYPTO for a signature of high s, OL_ERR_MEMORY. A signature is r || s || v, 65 bytes.
 */

#include "openledger/withdrawal.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_MESSAGE_DATA 120000 /* bytes of data of a message to the other layer */

/* Sends native OPEN, which takes no data. */
OL_API OL_CHECKED ol_status ol_open_send_call(ol_error *error, ol_call *out, const ol_address *to,
                                              const ol_u256 *amount) OL_NONNULL;

/* Writes transfer (ERC-20): of OPEN on L1, or of GOPEN. */
OL_API OL_CHECKED ol_status ol_open_transfer_call(ol_error *error, ol_call *out, const ol_address *token,
                                                  const ol_address *to, const ol_u256 *amount, void *memory,
                                                  size_t len) OL_NONNULL;

/* Writes approve (ERC-20); an amount of zero takes an allowance back. */
OL_API OL_CHECKED ol_status ol_open_approve_call(ol_error *error, ol_call *out, const ol_address *token,
                                                 const ol_address *spender, const ol_u256 *amount,
                                                 void *memory, size_t len) OL_NONNULL;

/*
 * Writes what brings OPEN from L1 to the same amount on L2: ol_deposit_call with the least gas and no data. The portal must
 * have been allowed to take the token before (ol_deposit_approve_call).
 */
OL_API OL_CHECKED ol_status ol_open_deposit_call(ol_error *error, ol_call *out, const ol_address *portal,
                                                 ol_portal_kind kind, ol_gas_scheme scheme,
                                                 const ol_address *to, const ol_u256 *amount, void *memory,
                                                 size_t len) OL_NONNULL;

/*
 * Writes initiateWithdrawal of L2ToL1MessagePasser, which takes native OPEN and sends it to L1: its data, and what is
 * paid, are the message (openledger/withdrawal.h). In: the receiver on L1; gas for it there.
 */
OL_API OL_CHECKED ol_status ol_open_withdraw_call(ol_error *error, ol_call *out, const ol_address *target,
                                                  const ol_u256 *amount, uint64_t gas_limit, ol_slice data,
                                                  void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 3, 4, 7);

/*
 * Writes bridgeERC20To of a standard bridge (OP Stack, "Standard Bridges"), on either layer: for tokens other than what gas is
 * paid with. In: the token here and there; gas for the other layer; data for who watches.
 */
OL_API OL_CHECKED ol_status ol_bridge_token_call(ol_error *error, ol_call *out, const ol_address *bridge,
                                                 const ol_address *token, const ol_address *remote_token,
                                                 const ol_address *to, const ol_u256 *amount,
                                                 uint32_t gas_limit, ol_slice data, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 4, 5, 6, 7, 10);

/* Wraps native OPEN, which the call pays. */
OL_API OL_CHECKED ol_status ol_gopen_deposit_call(ol_error *error, ol_call *out, const ol_address *gopen,
                                                  const ol_u256 *amount, void *memory, size_t len) OL_NONNULL;

/* Takes native OPEN out again. */
OL_API OL_CHECKED ol_status ol_gopen_withdraw_call(ol_error *error, ol_call *out, const ol_address *gopen,
                                                   const ol_u256 *amount, void *memory,
                                                   size_t len) OL_NONNULL;

/* Lets somebody vote with what the sender has; who wants to vote delegates to himself. */
OL_API OL_CHECKED ol_status ol_gopen_delegate_call(ol_error *error, ol_call *out, const ol_address *gopen,
                                                   const ol_address *delegatee, void *memory,
                                                   size_t len) OL_NONNULL;

/* Writes delegateBySig. In: the signer's nonce of GOPEN; the last second at which it is taken. */
OL_API OL_CHECKED ol_status ol_gopen_delegate_signed_call(
    ol_error *error, ol_call *out, const ol_address *gopen, const ol_address *delegatee, const ol_u256 *nonce,
    const ol_u256 *expiry, ol_slice signature, void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 3, 4, 5, 6, 8);

/* Writes permit (EIP-2612). */
OL_API OL_CHECKED ol_status ol_gopen_permit_call(ol_error *error, ol_call *out, const ol_address *gopen,
                                                 const ol_address *owner, const ol_address *spender,
                                                 const ol_u256 *amount, const ol_u256 *deadline,
                                                 ol_slice signature, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 4, 5, 6, 7, 9);

#ifdef __cplusplus
}
#endif

#endif
