/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_BLOCK_H
#define OL_ROLLUP_BLOCK_H

#include "encoding/json.h"
#include "openledger/block.h"

/* ol_block_transactions_verify, of JSON that is parsed. Out: items in the arena. */
OL_CHECKED ol_status ol_block_from_json(ol_error *error, ol_header *out_header, ol_items *out_transactions,
                                        const ol_hash *block_hash, ol_arena *arena, ol_json block)
    OL_NONNULL_ARGS(1, 2, 3, 4, 5);

/* ol_block_receipts_verify, the same. */
OL_CHECKED ol_status ol_block_receipts_from_json(ol_error *error, ol_items *out, const ol_header *header,
                                                 const ol_slice *transactions, size_t transactions_len,
                                                 ol_arena *arena, ol_json array) OL_NONNULL_ARGS(1, 2, 3, 6);

#endif
