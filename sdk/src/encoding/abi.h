/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_ABI_H
#define OL_ENCODING_ABI_H

/*
 * The 32-byte words of the contract ABI (Solidity documentation, "Contract ABI Specification"), strict:
 * padding that is not zero is refused.
 */

#include "base/base.h"

ol_u256 ol_abi_u64(uint64_t value);
ol_u256 ol_abi_address(const ol_address *address) OL_NONNULL;
ol_u256 ol_abi_bool(bool value);

/* Changes the sign of a number in two's complement. */
void ol_abi_negate(ol_u256 *word) OL_NONNULL;

/* A tuple or an array that is being written or read. */
typedef struct ol_abi_frame {
  size_t base; /* where its offsets count from */
  size_t next; /* where the next word of its head is */
} ol_abi_frame;

/* Read the word at `offset` of ABI data, which must lie inside. Returns: OL_ERR_ENCODING with its offset. */
OL_CHECKED ol_status ol_abi_read_word(ol_error *error, ol_u256 *out, ol_slice data, size_t offset) OL_NONNULL;
OL_CHECKED ol_status ol_abi_read_u64(ol_error *error, uint64_t *out, ol_slice data, size_t offset) OL_NONNULL;
OL_CHECKED ol_status ol_abi_read_address(ol_error *error, ol_address *out, ol_slice data,
                                         size_t offset) OL_NONNULL;
/* In: a multiple of 8 `bits`; at most 32 bytes `len`, which are followed by zeros. */
OL_CHECKED ol_status ol_abi_read_uint(ol_error *error, ol_u256 *out, size_t bits, ol_slice data,
                                      size_t offset) OL_NONNULL;
OL_CHECKED ol_status ol_abi_read_fixed(ol_error *error, uint8_t *out, size_t len, ol_slice data,
                                       size_t offset) OL_NONNULL;
OL_CHECKED ol_status ol_abi_read_bool(ol_error *error, bool *out, ol_slice data, size_t offset) OL_NONNULL;

/*
 * Reads the one value of type `bytes` that ends ABI data: the word at `offset` must point to `tail`, and behind the
 * bytes there must be their padding and nothing else, as compilers write it. Out: the bytes, inside `data`.
 */
OL_CHECKED ol_status ol_abi_read_bytes(ol_error *error, ol_slice *out, ol_slice data, size_t offset,
                                       size_t tail) OL_NONNULL_ARGS(1, 2);

#endif
