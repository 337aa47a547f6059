/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_HEADER_H
#define OL_ROLLUP_HEADER_H

#include "encoding/json.h"
#include "openledger/header.h"

/*
 * Reads a header from a block as eth_getBlockByNumber returns it (Execution APIs) and hashes it.
 *
 * The block's own "hash" must be what its fields hash to; so a field that this version does not know, or a
 * forged one, is OL_ERR_MISMATCH. Out: the header, and its hash.
 */
OL_CHECKED ol_status ol_header_from_json(ol_error *error, ol_header *out, ol_hash *out_hash, ol_json block)
    OL_NONNULL_ARGS(1, 2, 3);

/* Writes the fields as members of the object that is open, named as there. What is behind the 23rd has no name. */
void ol_header_write_json(ol_json_writer *to, const ol_header *header) OL_NONNULL;

/* Returns: the length of the header's RLP. */
size_t ol_header_len(const ol_header *header) OL_NONNULL;

#endif
