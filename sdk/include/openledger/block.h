/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_BLOCK_H
#define OPENLEDGER_BLOCK_H

/*
 * The transactions and receipts of a block, bound to its header: each list is a trie keyed by rlp(index), whose
 * root the header has (Yellow Paper, 4.3.2). A receipt belongs to the transaction with its index.
 */

#include "openledger/header.h"
#include "openledger/receipt.h"
#include "openledger/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The items of a list, each in its canonical form, in memory that the caller gave. */
typedef struct ol_items {
  const ol_slice *items;
  size_t count;
} ol_items;

/* Out: the root of a list of transactions, receipts or withdrawals. In: none of them empty. */
OL_API void ol_list_root(ol_hash *out, const ol_slice *items, size_t items_len) OL_NONNULL_ARGS(1);

/*
 * Proves item `index` of a list under its root. Out: the item, inside the proof.
 * Returns: OL_ERR_PROOF, also when the proof shows that the list has no such item.
 */
OL_API OL_CHECKED ol_status ol_list_prove(ol_error *error, ol_slice *out, const ol_hash *root, uint64_t index,
                                          const ol_slice *proof, size_t proof_len) OL_NONNULL_ARGS(1, 2, 3);

/*
 * Proves a transaction and its receipt under a header: both have this index, each in its trie, and the transaction
 * has the hash that was asked for.
 * Out: both, with slices into the proofs.
 * Returns: OL_ERR_PROOF, OL_ERR_ENCODING, or OL_ERR_MISMATCH; the error names the list.
 */
OL_API OL_CHECKED ol_status ol_inclusion_verify(ol_error *error, ol_transaction *out_transaction,
                                                ol_receipt *out_receipt, const ol_header *header,
                                                uint64_t index, const ol_hash *transaction_hash,
                                                const ol_slice *transaction_proof,
                                                size_t transaction_proof_len, const ol_slice *receipt_proof,
                                                size_t receipt_proof_len) OL_NONNULL_ARGS(1, 2, 3, 4, 6);

/*
 * Verifies a block with full transactions (eth_getBlockByHash or -ByNumber with true) from JSON: the header hashes
 * to the hash that is asked for, and the transactions give its root. What each claims of itself and of its place
 * must be true: the hash, sender, block, index, and price of gas.
 * Out: the header; the transactions. In: memory for parsing, 20 times the text and 4 KiB.
 * Returns: OL_ERR_ENCODING, OL_ERR_LIMIT, OL_ERR_MEMORY, OL_ERR_CRYPTO, OL_ERR_MISMATCH.
 */
OL_API OL_CHECKED ol_status ol_block_transactions_verify(ol_error *error, ol_header *out_header,
                                                         ol_items *out_transactions,
                                                         const ol_hash *block_hash, ol_slice text,
                                                         void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 4, 6);

/*
 * Verifies all receipts of a block (eth_getBlockReceipts) from JSON: they give the root in its header. Their claims
 * must be true: block, index, gas used, places of logs; and where the transactions are given, the hash, type,
 * receiver and price of gas. Sender and created contract are not read: they follow from the transaction.
 * Out: the receipts. In: the block's transactions, or none (NULL, 0); memory as above.
 * Returns: OL_ERR_ENCODING, OL_ERR_LIMIT, OL_ERR_MEMORY, OL_ERR_MISMATCH.
 */
OL_API OL_CHECKED ol_status ol_block_receipts_verify(ol_error *error, ol_items *out, const ol_header *header,
                                                     const ol_slice *transactions, size_t transactions_len,
                                                     ol_slice text, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 7);

#ifdef __cplusplus
}
#endif

#endif
