/* SPDX-License-Identifier: MIT */
#ifndef OL_WALLET_REQUEST_H
#define OL_WALLET_REQUEST_H

#include "encoding/json.h"
#include "openledger/request.h"

/* The same as ol_transaction_request_read, of a text that is read already. Out: slices into the arena. */
OL_CHECKED ol_status ol_transaction_request_from_json(ol_error *error, ol_transaction_request *out,
                                                      ol_arena *arena, ol_json json) OL_NONNULL;

#endif
