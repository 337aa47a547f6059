/* SPDX-License-Identifier: MIT */
#ifndef OL_PROVIDER_RENDER_H
#define OL_PROVIDER_RENDER_H

/*
 * Verified blocks as results of JSON-RPC (Execution APIs; fields of the OP Stack as op-geth names them). What
 * cannot be known from what was verified is left out rather than guessed:
 *
 * - "size" and "withdrawals" of a block of Ethereum that has withdrawals, "size" and "uncles" of one with ommers;
 * - "nonce" of a deposit without its receipt or from before Canyon, and then "contractAddress" where it creates;
 * - "blobGasPrice", which follows from the chain's configuration; "l1FeeScalar", which ended with Ecotone; and
 *   "l1Fee" and "l1GasUsed" where neither the header's form nor the forks that are known tell by which rule
 *   (openledger/fee.h).
 *
 * A writer whose text was begun when a call failed has a part of it: ol_json_write_drop.
 */

#include "encoding/json.h"
#include "openledger/fee.h"
#include "openledger/header.h"
#include "openledger/rollup.h"
#include "openledger/transaction.h"
#include "provider/filter.h"

/* A block that is verified: the header by its hash, each list by its root; items in their canonical form. */
typedef struct ol_rpc_block {
  const ol_header *header;
  const ol_hash *hash;
  uint64_t chain_id; /* that every transaction must have; 0 for any */
  const ol_slice *transactions;
  size_t transaction_count;
  const ol_slice *receipts; /* as many, or NULL where none are known */
  const ol_rollup *rollup;  /* whose forks are known; NULL where none are */
} ol_rpc_block;

/* Writes a header: eth_getHeaderByHash, "newHeads" of eth_subscribe. */
void ol_rpc_write_header(ol_json_writer *to, const char *name, const ol_header *header, const ol_hash *hash)
    OL_NONNULL_ARGS(1, 3, 4);

/*
 * Writes a block: eth_getBlockByHash, eth_getBlockByNumber. In: whether its transactions are written in full, and
 * not their hashes alone.
 * Returns: as ol_rpc_write_transaction.
 */
OL_CHECKED ol_status ol_rpc_write_block(ol_error *error, ol_json_writer *to, const char *name,
                                        const ol_rpc_block *block, bool full) OL_NONNULL_ARGS(1, 2, 4);

/*
 * Writes a transaction and its place: eth_getTransactionByHash. Of a deposit the receipt is read, where it is known.
 * Returns: OL_ERR_ARGUMENT when the block has none with this index, OL_ERR_ENCODING, OL_ERR_CRYPTO when nobody
 * signed it, OL_ERR_MISMATCH when it is for another chain or its receipt is of another type.
 */
OL_CHECKED ol_status ol_rpc_write_transaction(ol_error *error, ol_json_writer *to, const char *name,
                                              const ol_rpc_block *block, size_t index)
    OL_NONNULL_ARGS(1, 2, 4);

/*
 * Writes a receipt: eth_getTransactionReceipt. In: a block with receipts; those before it are read, too, as gas and
 * logs are counted over the block.
 * Returns: as above; OL_ERR_MISMATCH also when gas does not add up, OL_ERR_LIMIT for a fee of more than 256 bits.
 */
OL_CHECKED ol_status ol_rpc_write_receipt(ol_error *error, ol_json_writer *to, const char *name,
                                          const ol_rpc_block *block, size_t index) OL_NONNULL_ARGS(1, 2, 4);

/* Writes all receipts as an array: eth_getBlockReceipts. Each is read once. Returns: as above. */
OL_CHECKED ol_status ol_rpc_write_receipts(ol_error *error, ol_json_writer *to, const char *name,
                                           const ol_rpc_block *block) OL_NONNULL_ARGS(1, 2, 4);

/*
 * Writes the logs of a block with receipts that match, into the array that is open: eth_getLogs.
 * Returns: OL_ERR_ENCODING, OL_ERR_MISMATCH as above.
 */
OL_CHECKED ol_status ol_rpc_write_logs(ol_error *error, ol_json_writer *to, const ol_rpc_block *block,
                                       const ol_log_filter *filter) OL_NONNULL;

/* --- Between the files of this room --- */

/* A transaction of a block, and what follows from it. */
typedef struct ol_rpc_item {
  ol_transaction transaction;
  ol_hash hash;
  ol_address sender;
} ol_rpc_item;

/* What a block says of fees on L1, and by which rule they are. */
typedef struct ol_rpc_l1_fees {
  bool known;
  bool has_rule; /* that is known too */
  ol_l1_fee_rule rule;
  ol_l1_attributes attributes;
} ol_rpc_l1_fees;

ol_rpc_l1_fees ol_rpc_l1_fees_of(const ol_rpc_block *block) OL_NONNULL;

/* Reads the transaction with an index. */
OL_CHECKED ol_status ol_rpc_item_read(ol_error *error, ol_rpc_item *out, const ol_rpc_block *block,
                                      size_t index) OL_NONNULL;

/* Decodes the receipt with an index, which must be of its transaction's type. */
OL_CHECKED ol_status ol_rpc_receipt_read(ol_error *error, ol_receipt *out, const ol_rpc_block *block,
                                         size_t index) OL_NONNULL;

/* Writes where a transaction is: its block and its index. */
void ol_rpc_write_place(ol_json_writer *to, const ol_rpc_block *block, size_t index) OL_NONNULL;

#endif
