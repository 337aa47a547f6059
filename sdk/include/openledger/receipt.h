/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_RECEIPT_H
#define OPENLEDGER_RECEIPT_H

/*
 * Receipts in the canonical form that a block commits to, of all types of transactions, with the status of
 * Byzantium (EIP-658); deposits have a nonce and a version from Canyon on (OP Stack specification, "Deposits").
 * A receipt holds neither the hash of its transaction nor its place: openledger/block.h binds it to both.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_BLOOM_BYTES 256
#define OL_LOG_TOPICS 4

/* A receipt. Nothing is copied: slices point into what was decoded. */
typedef struct ol_receipt {
  uint32_t type;                /* an ol_transaction_type */
  uint32_t status;              /* 1, or 0 when it failed and all but its fee and nonce was undone */
  uint64_t cumulative_gas_used; /* in the block, up to this transaction */
  uint8_t logs_bloom[OL_BLOOM_BYTES];
  ol_slice logs; /* for ol_log_next */
  uint32_t log_count;
  uint32_t has_deposit;     /* 1 when it has the two that follow: deposits, from Canyon on */
  uint64_t deposit_nonce;   /* of the sender, when the deposit was executed */
  uint64_t deposit_version; /* 1 from Canyon on */
} ol_receipt;

/* What a contract has logged. */
typedef struct ol_log {
  ol_address address; /* of the contract */
  uint32_t topic_count;
  ol_hash topics[OL_LOG_TOPICS];
  ol_slice data;
} ol_log;

/*
 * Decodes a canonical receipt. Its bloom must be that of its logs.
 * Returns: OL_ERR_ENCODING with the byte at fault, also for a type that is not known, and for a state root in the
 * place of the status (before Byzantium); OL_ERR_MISMATCH for another bloom.
 */
OL_API OL_CHECKED ol_status ol_receipt_decode(ol_error *error, ol_receipt *out, const uint8_t *bytes,
                                              size_t len) OL_NONNULL;

/*
 * Reads a receipt from text: its canonical form in hex, or JSON as eth_getTransactionReceipt returns it, which may
 * be inside a JSON-RPC envelope. The logs must claim the block and the transaction that the receipt claims.
 * Out: the receipt, with slices into `memory`; its canonical form. In: memory for parsing, 16 times the text and
 * 4 KiB.
 * Returns: OL_ERR_ENCODING, OL_ERR_MEMORY, OL_ERR_MISMATCH.
 */
OL_API OL_CHECKED ol_status ol_receipt_from_text(ol_error *error, ol_receipt *out, ol_slice *out_bytes,
                                                 ol_slice text, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 5);

/*
 * Encodes a receipt in its canonical form.
 * Out: at most `len` bytes and *out_len, the length of the whole; OL_ERR_MEMORY when `len` is less.
 */
OL_API OL_CHECKED ol_status ol_receipt_encode(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                              const ol_receipt *receipt) OL_NONNULL_ARGS(1, 4, 5);

/* Takes the next log from the front of decoded logs. Returns: false at their end. */
OL_API bool ol_log_next(ol_slice *logs, ol_log *out) OL_NONNULL;

/* Adds the address and the topics of a log to a bloom (Yellow Paper, 4.3.1). Out: the bloom, changed. */
OL_API void ol_bloom_add(uint8_t out[OL_BLOOM_BYTES], const ol_log *log) OL_NONNULL;

/*
 * Returns: false when no log below the bloom can have `bytes`, an address or a topic. True proves nothing: of a
 * full block's bloom, one in some hundreds of such answers is without a log.
 */
OL_API bool ol_bloom_may_have(const uint8_t bloom[OL_BLOOM_BYTES], const uint8_t *bytes,
                              size_t len) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
