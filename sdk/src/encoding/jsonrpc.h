/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_JSONRPC_H
#define OL_ENCODING_JSONRPC_H

/* JSON-RPC 2.0: requests with positional parameters, and their responses. */

#include "encoding/json.h"

/* Begins a request; the caller writes the parameters (into an open array) and calls ol_jsonrpc_end. */
void ol_jsonrpc_begin(ol_json_writer *to, ol_arena *arena, uint64_t id, const char *method) OL_NONNULL;
OL_CHECKED ol_status ol_jsonrpc_end(ol_error *error, ol_slice *out, ol_json_writer *to) OL_NONNULL;

/* The same inside of a batch, whose array is open. */
void ol_jsonrpc_open(ol_json_writer *to, uint64_t id, const char *method) OL_NONNULL;
void ol_jsonrpc_close(ol_json_writer *to) OL_NONNULL;

/*
 * Takes the result from the response to request `id`.
 * Returns: OL_ERR_REMOTE for an error object or a result of null, OL_ERR_MISMATCH for another id.
 */
OL_CHECKED ol_status ol_jsonrpc_result(ol_error *error, ol_json *out, ol_json response,
                                       uint64_t id) OL_NONNULL;

/* Returns: whether a response is no error, and its result is null. */
bool ol_jsonrpc_is_null(ol_json response);

/* Takes the result out of an envelope of any id, or gives back a value that is in none. */
OL_CHECKED ol_status ol_jsonrpc_unwrap(ol_error *error, ol_json *out, ol_json value) OL_NONNULL;

#endif
