/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_REQUEST_H
#define OPENLEDGER_REQUEST_H

/*
 * Transactions as dApps and tools ask for them: the object that eth_sendTransaction takes (Execution APIs,
 * "GenericTransaction"). It is read strictly - whoever signs must not have misunderstood - and what it leaves to the
 * wallet is named, so that the wallet can fill it in.
 *
 * Members: from, to, value, data or input, nonce, gas or gasLimit, gasPrice or maxFeePerGas and maxPriorityFeePerGas,
 * type, chainId, accessList, authorizationList, blobVersionedHashes and maxFeePerBlobGas. Numbers are in hex or decimal.
 * Addresses in mixed case must have the right checksum (EIP-55). A member that is null counts as absent.
 *
 * Where there is no type, it is 4 with an authorizationList, 3 with blobVersionedHashes or maxFeePerBlobGas, 2 with
 * maxFeePerGas or maxPriorityFeePerGas, with a gasPrice 1 if there is an accessList and 0 if not, and else 2.
 */

#include "openledger/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a transaction needs and a request can leave out; bits. */
typedef enum ol_request_missing {
  OL_MISSING_NONCE = 1,
  OL_MISSING_GAS = 2,
  OL_MISSING_CHAIN_ID = 4, /* for legacy transactions too (EIP-155) */
  OL_MISSING_GAS_PRICE = 8,
  OL_MISSING_MAX_FEE = 16,
  OL_MISSING_PRIORITY_FEE = 32,
  OL_MISSING_BLOB_FEE = 64,
} ol_request_missing;

/* A request. */
typedef struct ol_transaction_request {
  ol_transaction transaction; /* not signed; what is missing is zero */
  ol_address from;            /* who is to send it; zero when the request does not say */
  uint32_t has_from;          /* 1 when it does */
  uint32_t missing;           /* bits of ol_request_missing */
} ol_transaction_request;

/*
 * Reads a request. Out: the request, with slices into `memory`. In: memory for parsing, 16 times the text and 4 KiB.
 * Whether it is for this chain and whole is looked at when it is signed (ol_transaction_to_sign).
 * Returns: OL_ERR_ENCODING or OL_ERR_MISMATCH with the member at fault: a member whose name is not known (with its place
 * in the text), one that the type does not have, two that contradict each other, a signature; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_transaction_request_read(ol_error *error, ol_transaction_request *out,
                                                        ol_slice json, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 4);

#ifdef __cplusplus
}
#endif

#endif
