/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_ABI_WRITE_H
#define OL_ENCODING_ABI_WRITE_H

/*
 * Writes the input of a call, or any value of the contract ABI: a tuple has a head of so many words, filled in order,
 * and what is dynamic goes behind it while its head says where. A frame is a tuple or array that is being written;
 * those inside of it are written whole before it goes on. Memory too small shows in ol_abi_end.
 */

#include "encoding/abi.h"

typedef struct ol_abi_writer {
  uint8_t *out;
  size_t len;
  size_t used;
} ol_abi_writer;

/* Begins what is behind no selector: a tuple with `words` words of head. */
ol_abi_frame ol_abi_begin(ol_abi_writer *to, size_t words, void *memory, size_t len) OL_NONNULL;

/* Begins a call. In: the first four bytes of keccak-256 of its signature; its arguments' words of head. */
ol_abi_frame ol_abi_begin_call(ol_abi_writer *to, uint32_t selector, size_t words, void *memory,
                               size_t len) OL_NONNULL;

/* Fill the next word of a frame's head. */
void ol_abi_put_word(ol_abi_writer *to, ol_abi_frame *in, const ol_u256 *word) OL_NONNULL;
void ol_abi_put_hash(ol_abi_writer *to, ol_abi_frame *in, const ol_hash *hash) OL_NONNULL;
void ol_abi_put_u64(ol_abi_writer *to, ol_abi_frame *in, uint64_t value) OL_NONNULL;
void ol_abi_put_address(ol_abi_writer *to, ol_abi_frame *in, const ol_address *address) OL_NONNULL;

/* Puts a value of type bytes or string. */
void ol_abi_put_bytes(ol_abi_writer *to, ol_abi_frame *in, ol_slice bytes) OL_NONNULL;

/* The same, which the caller fills. Returns: `len` bytes, zero; NULL when there is no memory for them. */
uint8_t *ol_abi_put_room(ol_abi_writer *to, ol_abi_frame *in, size_t len) OL_NONNULL;

/* Takes room at the end for what has no place in a head. Returns: `len` bytes, zero, or NULL. */
uint8_t *ol_abi_append(ol_abi_writer *to, size_t len) OL_NONNULL;

/* Puts a dynamic tuple. Returns: its frame. */
ol_abi_frame ol_abi_put_tuple(ol_abi_writer *to, ol_abi_frame *in, size_t words) OL_NONNULL;

/* Puts an array of any length. In: how many items, and the words of head that all of them have. Returns: its frame. */
ol_abi_frame ol_abi_put_array(ol_abi_writer *to, ol_abi_frame *in, size_t count, size_t words) OL_NONNULL;

/* Out: what was written. Returns: OL_ERR_MEMORY. */
OL_CHECKED ol_status ol_abi_end(ol_error *error, ol_slice *out, const ol_abi_writer *from) OL_NONNULL;

#endif
