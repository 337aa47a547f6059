/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_ABI_DECODE_H
#define OL_ENCODING_ABI_DECODE_H

/* What the contract ABI encodes, as JSON. */

#include "encoding/abi_type.h"
#include "encoding/json.h"

/* What is decoded, and from where. */
typedef struct ol_abi_encoded {
  ol_slice data;
  size_t start;          /* where the list begins in it: behind a selector */
  const ol_hash *topics; /* of an event, those that are its indexed values; else NULL */
} ol_abi_encoded;

/*
 * Decodes a list of types, and writes it as a value called `name`.
 * Out: whether encoding the values gives the same bytes. Returns: OL_ERR_ENCODING with the byte at fault,
 * OL_ERR_LIMIT; that there was no memory, the writer's end says.
 */
OL_CHECKED ol_status ol_abi_decode(ol_error *error, ol_json_writer *to, bool *out_canonical, const char *name,
                                   const ol_abi_type *list, ol_abi_encoded from) OL_NONNULL_ARGS(1, 2, 3, 5);

#endif
