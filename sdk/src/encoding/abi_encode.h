/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_ABI_ENCODE_H
#define OL_ENCODING_ABI_ENCODE_H

/* Values in JSON, as the contract ABI encodes them. */

#include "encoding/abi_type.h"
#include "encoding/json.h"

/*
 * Encodes the inputs of a signature, behind the selector of functions and errors; or `packed`: without padding and
 * lengths, and without a selector.
 * Out: a part of `memory`. Returns: OL_ERR_ENCODING with the character of the JSON text at fault, OL_ERR_MEMORY.
 */
OL_CHECKED ol_status ol_abi_encode(ol_error *error, ol_slice *out, const ol_abi_signature *signature,
                                   ol_json values, bool packed, void *memory, size_t len) OL_NONNULL;

#endif
