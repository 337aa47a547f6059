/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_RECEIPT_H
#define OL_ROLLUP_RECEIPT_H

#include "encoding/json.h"
#include "openledger/receipt.h"

/*
 * Reads a receipt from JSON-RPC and encodes it. Out: the receipt and its canonical form, in the arena. The claims
 * of the logs about block and transaction must be the receipt's, and none may be "removed".
 */
OL_CHECKED ol_status ol_receipt_from_json(ol_error *error, ol_receipt *out, ol_slice *out_bytes,
                                          ol_arena *arena, ol_json json) OL_NONNULL_ARGS(1, 2, 3, 4);

#endif
