/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_ABI_H
#define OPENLEDGER_ABI_H

/*
 * The contract ABI as text (Solidity documentation, "Contract ABI Specification"): signatures as people write them,
 * values as JSON.
 *
 * A signature is "function transfer(address to, uint256 amount) returns (bool)", "transfer(address,uint256)",
 * "event Transfer(address indexed from, address indexed to, uint256 value)", "error Unpaid(uint256 owed)",
 * "constructor(address owner)", or a list of parameters, "(uint256,(bytes32 id, string text)[2][])". Names, data
 * locations and modifiers may be there or not; the types are all those that the ABI has, but for fixed-point
 * numbers.
 *
 * In JSON, a list of parameters, a tuple or an array is an array; a list or a tuple whose members all have names,
 * no two of them the same and no more than 128, may be an object too, and is written as one. Integers are read from numbers and from
 * strings, decimal or hex, and written as decimal strings; bytes are hex; addresses have their checksum (EIP-55).
 *
 * Results are inside the memory that the caller gives. 20 KiB, and 40 times as much as what is read, are enough; but for
 * types whose names are longer than their values.
 * An error names the argument, counted from 0, and within it the innermost item or member.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_ABI_TEXT 4096       /* characters of a signature */
#define OL_ABI_TYPES 256       /* types in a signature: parameters, members, items, and the two lists */
#define OL_ABI_DEPTH 16        /* tuples and arrays inside of each other; the list of parameters counts */
#define OL_ABI_NAME 127        /* characters of a parameter's name */
#define OL_ABI_WORDS (1 << 22) /* words of an array, and of what has a fixed size */

/* What a signature is of. */
typedef enum ol_abi_form {
  OL_ABI_PARAMETERS = 0, /* a list of types without a name */
  OL_ABI_FUNCTION = 1,
  OL_ABI_EVENT = 2,
  OL_ABI_ERROR = 3,
  OL_ABI_CONSTRUCTOR = 4,
} ol_abi_form;

/* A signature, understood. */
typedef struct ol_abi_described {
  uint32_t form;      /* an ol_abi_form */
  uint32_t anonymous; /* 1 for an event whose first topic is not its hash */
  ol_hash hash;       /* keccak-256 of the text: an event's topic; a selector is its first four bytes */
  ol_slice text;      /* canonical: "transfer(address,uint256)" */
} ol_abi_described;

/* What was decoded. */
typedef struct ol_abi_decoded {
  ol_slice json;
  uint32_t
      canonical; /* 1 when encoding the values gives the same bytes again: what is not can be read in two ways */
} ol_abi_decoded;

/* Which list of a signature. */
typedef enum ol_abi_part {
  OL_ABI_INPUT = 0,  /* the arguments; those of functions and errors are behind their selector */
  OL_ABI_OUTPUT = 1, /* what a function returns */
} ol_abi_part;

/* Reads a signature. Returns: OL_ERR_ENCODING with the character at fault, OL_ERR_LIMIT, OL_ERR_MEMORY. */
OL_API OL_CHECKED ol_status ol_abi_describe(ol_error *error, ol_abi_described *out, ol_slice signature,
                                            void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 4);

/*
 * Encodes arguments; behind the selector if it is a function or an error.
 * Returns: OL_ERR_ENCODING with the character at fault, in the part "signature" or an argument; OL_ERR_LIMIT,
 * OL_ERR_MEMORY; OL_ERR_ARGUMENT for an event.
 */
OL_API OL_CHECKED ol_status ol_abi_encode_text(ol_error *error, ol_slice *out, ol_slice signature,
                                               ol_slice values, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 5);

/*
 * Encodes arguments without padding, as Solidity's abi.encodePacked does ("Non-standard Packed Mode"): for hashing,
 * as different values may have the same encoding. What Solidity does not pack is refused: tuples, and arrays of
 * what has no fixed size.
 */
OL_API OL_CHECKED ol_status ol_abi_packed_text(ol_error *error, ol_slice *out, ol_slice signature,
                                               ol_slice values, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 5);

/*
 * Decodes arguments or results, strictly: paddings are zero, numbers in their range, offsets forward and inside.
 * Values may share bytes, or leave some out, but all together cannot take more than there are.
 * Returns: OL_ERR_ENCODING with the byte at fault, OL_ERR_LIMIT, OL_ERR_MEMORY; OL_ERR_MISMATCH for another selector;
 * OL_ERR_ARGUMENT when the signature has no such list, or is of an event.
 */
OL_API OL_CHECKED ol_status ol_abi_decode_text(ol_error *error, ol_abi_decoded *out, ol_slice signature,
                                               ol_abi_part part, ol_slice data, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 6);

/*
 * Decodes an event. Values that are indexed and longer than a word are in the log as their hash only, which is
 * written as {"hash":"0x..."}.
 * Returns: as above; OL_ERR_MISMATCH when the topics are those of another event.
 */
OL_API OL_CHECKED ol_status ol_abi_event_text(ol_error *error, ol_abi_decoded *out, ol_slice signature,
                                              const ol_hash *topics, size_t topics_len, ol_slice data,
                                              void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 7);

/*
 * Explains what a call that was reverted has returned: Error(string), Panic(uint256), or one of the errors whose
 * signatures are given.
 * Out: {"name":"Panic","signature":"Panic(uint256)","arguments":["17"],"meaning":"..."}, with a meaning for known
 * codes of a panic; {"data":"0x..."} when it is none of them.
 */
OL_API OL_CHECKED ol_status ol_abi_revert_text(ol_error *error, ol_abi_decoded *out,
                                               const ol_slice *signatures, size_t signatures_len,
                                               ol_slice data, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 6);

#ifdef __cplusplus
}
#endif

#endif
