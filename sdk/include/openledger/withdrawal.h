/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_WITHDRAWAL_H
#define OPENLEDGER_WITHDRAWAL_H

/*
 * Messages between the chains (OP Stack specification, "Withdrawals" and "Deposits"): a withdrawal as
 * L2ToL1MessagePasser logs and stores it, and a deposit as L1's OptimismPortal logs it.
 */

#include "openledger/receipt.h"
#include "openledger/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A message from L2 to L1. */
typedef struct ol_withdrawal {
  ol_u256 nonce; /* the version in the topmost 16 bits, then a counter */
  ol_address sender;
  ol_address target;
  ol_u256 value; /* wei of the L2's gas token */
  ol_u256 gas_limit;
  ol_slice data;
} ol_withdrawal;

/* Out: the hash by which a withdrawal is stored, proven and finalized. */
OL_API void ol_withdrawal_hash(ol_hash *out, const ol_withdrawal *withdrawal) OL_NONNULL;

/*
 * Out: the storage slot of L2ToL1MessagePasser that is 1 once a withdrawal was initiated, in sentMessages. It is
 * proven as any slot is (openledger/account.h), under the account or a header's root from Isthmus on.
 */
OL_API void ol_withdrawal_slot(ol_u256 *out, const ol_hash *withdrawal_hash) OL_NONNULL;

/*
 * Decodes MessagePassed. Out: the withdrawal, with its data inside the log.
 * Returns: OL_ERR_MISMATCH when L2ToL1MessagePasser did not log it, or it is another event, or the withdrawal does
 * not hash to what the event says; OL_ERR_ENCODING when it is not as its contract writes it.
 */
OL_API OL_CHECKED ol_status ol_withdrawal_from_log(ol_error *error, ol_withdrawal *out,
                                                   const ol_log *log) OL_NONNULL;

/*
 * Decodes TransactionDeposited, version 0, into the transaction that it becomes on L2: what ol_transaction_encode
 * makes of it is in the first L2 block of the L1 block. Out: the transaction, with its data inside the log.
 * In: the portal; the L1 block's hash; the index of the log among all of the block's.
 * Returns: OL_ERR_MISMATCH when the portal did not log it, or it is another event or version; OL_ERR_ENCODING.
 */
OL_API OL_CHECKED ol_status ol_deposit_from_log(ol_error *error, ol_transaction *out, const ol_log *log,
                                                const ol_address *portal, const ol_hash *l1_block_hash,
                                                uint64_t log_index) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
