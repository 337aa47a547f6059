/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_ABI_READ_H
#define OL_ENCODING_ABI_READ_H

/*
 * Reads the arguments of a known function, or any value of the contract ABI, as abi_write.h writes them: frame by
 * frame, each value that is dynamic read whole before its frame goes on. Only the canonical layout is accepted - what
 * is dynamic lies where the one before it ended, paddings are zero, nothing is left over - so what was read can be
 * encoded in no other way, and nothing is read twice. Nothing is copied. Places of errors count from the input's
 * first byte.
 */

#include "encoding/abi.h"

typedef struct ol_abi_args {
  ol_slice input;
  size_t used; /* where the next value that is dynamic must lie */
} ol_abi_args;

/* Begins what is behind no selector: a tuple with `words` words of head. Returns: OL_ERR_ENCODING. */
OL_CHECKED ol_status ol_abi_args_begin(ol_error *error, ol_abi_args *out, ol_abi_frame *out_frame,
                                       ol_slice input, size_t words) OL_NONNULL;

/* Begins the input of a call. Returns: OL_ERR_MISMATCH for another selector, OL_ERR_ENCODING. */
OL_CHECKED ol_status ol_abi_args_begin_call(ol_error *error, ol_abi_args *out, ol_abi_frame *out_frame,
                                            ol_slice input, uint32_t selector, size_t words) OL_NONNULL;

/*
 * Take the next word of a frame's head, of which there must be one: it is the caller who knows the type. Static
 * tuples and arrays of fixed length are their words. Return: OL_ERR_ENCODING when padding is not zero, or the value
 * not of its type; `bits` is a multiple of 8, and `len` at most 32.
 */
OL_CHECKED ol_status ol_abi_take_word(ol_error *error, ol_u256 *out, const ol_abi_args *from,
                                      ol_abi_frame *in) OL_NONNULL;
OL_CHECKED ol_status ol_abi_take_uint(ol_error *error, ol_u256 *out, size_t bits, const ol_abi_args *from,
                                      ol_abi_frame *in) OL_NONNULL;
OL_CHECKED ol_status ol_abi_take_u64(ol_error *error, uint64_t *out, const ol_abi_args *from,
                                     ol_abi_frame *in) OL_NONNULL;
OL_CHECKED ol_status ol_abi_take_address(ol_error *error, ol_address *out, const ol_abi_args *from,
                                         ol_abi_frame *in) OL_NONNULL;
OL_CHECKED ol_status ol_abi_take_bool(ol_error *error, bool *out, const ol_abi_args *from,
                                      ol_abi_frame *in) OL_NONNULL;
OL_CHECKED ol_status ol_abi_take_fixed(ol_error *error, uint8_t *out, size_t len, const ol_abi_args *from,
                                       ol_abi_frame *in) OL_NONNULL;

/* Takes a value of type bytes or string, whose text is not looked at. Out: the bytes, inside the input. */
OL_CHECKED ol_status ol_abi_take_bytes(ol_error *error, ol_slice *out, ol_abi_args *from,
                                       ol_abi_frame *in) OL_NONNULL;

/* Takes a dynamic tuple with `words` words of head. Out: its frame. */
OL_CHECKED ol_status ol_abi_take_tuple(ol_error *error, ol_abi_frame *out, ol_abi_args *from,
                                       ol_abi_frame *in, size_t words) OL_NONNULL;

/*
 * Takes an array of any length. In: the words of head that each item has, 1 when items are dynamic and never 0.
 * Out: its frame, and how many items there are, whose heads are all inside the input.
 */
OL_CHECKED ol_status ol_abi_take_array(ol_error *error, ol_abi_frame *out, size_t *out_count,
                                       ol_abi_args *from, ol_abi_frame *in, size_t words) OL_NONNULL;

/* Returns: OL_ERR_ENCODING when anything is left. */
OL_CHECKED ol_status ol_abi_args_end(ol_error *error, const ol_abi_args *from) OL_NONNULL;

#endif
