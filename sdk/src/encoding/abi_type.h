/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_ABI_TYPE_H
#define OL_ENCODING_ABI_TYPE_H

/* Signatures of functions, events and errors as a table of types; openledger/abi.h says how they are written. */

#include "base/base.h"
#include "openledger/abi.h"

typedef enum ol_abi_kind {
  OL_ABI_UINT,
  OL_ABI_INT,
  OL_ABI_ADDRESS,
  OL_ABI_BOOL,
  OL_ABI_FIXED_BYTES,
  OL_ABI_FUNCTION_TYPE, /* an address and a selector, as 24 bytes */
  OL_ABI_BYTES,         /* from here on, no single words */
  OL_ABI_STRING,
  OL_ABI_FIXED_ARRAY,
  OL_ABI_ARRAY,
  OL_ABI_TUPLE,
} ol_abi_kind;

/*
 * A type. Behind an array is the type of its items, behind a tuple are those of its members, each with all that
 * belongs to it: the next sibling is `span` types further on.
 */
typedef struct ol_abi_type {
  uint8_t kind;   /* an ol_abi_kind */
  uint8_t size;   /* bytes of the value, of kinds that are a word */
  uint8_t height; /* tuples and arrays inside of each other, this included */
  bool dynamic;   /* it is behind the head, which has its offset */
  bool named;     /* tuples: all members have names, no two the same, as an object's */
  bool indexed;   /* in an event's topics */
  uint16_t span;  /* types, this included */
  uint32_t count; /* items of a fixed array, members of a tuple */
  uint32_t words; /* in the head that it is in; 1 when it is dynamic */
  uint32_t
      inside; /* words of the head of its own frame, of tuples and fixed arrays; what is indexed is not there */
  ol_slice name; /* in the signature's text; empty if it has none */
} ol_abi_type;

typedef struct ol_abi_signature {
  ol_abi_form form;
  bool anonymous;
  uint16_t indexed; /* how many inputs are */
  uint16_t output;  /* where the list of what is returned is in `types`; 0 when the signature names none */
  uint16_t used;
  ol_hash hash; /* keccak-256 of its canonical text */
  ol_slice name;
  ol_abi_type types[OL_ABI_TYPES]; /* the first is the list of inputs, a tuple */
} ol_abi_signature;

/* Reads a signature. Out: one with slices into the text. Returns: OL_ERR_ENCODING, OL_ERR_LIMIT. */
OL_CHECKED ol_status ol_abi_parse(ol_error *error, ol_abi_signature *out, ol_slice text) OL_NONNULL;

/* Room for any canonical text: what is read can only grow by the width of "uint" and "int". */
#define OL_ABI_CANONICAL (OL_ABI_TEXT + 3 * OL_ABI_TYPES)

/* Writes the canonical text, without a zero behind it. Returns: its length. */
size_t ol_abi_canonical(char out[OL_ABI_CANONICAL], const ol_abi_signature *signature) OL_NONNULL;

/* Names the argument and the innermost item that a failure is in. In: how deep it is, and the two numbers. */
ol_status ol_abi_within(ol_error *error, ol_status status, size_t depth, size_t argument,
                        size_t item) OL_NONNULL;

#endif
