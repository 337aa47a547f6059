/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_SSZ_H
#define OL_ENCODING_SSZ_H

/*
 * SimpleSerialize (consensus-specs, ssz/simple-serialize.md), by tables: a type is described once, and decoding,
 * its form in JSON and its root follow from the description. Only what consensus needs: basic values as bytes
 * of fixed length, vectors of these, byte lists, bit vectors, containers. Values are read where they lie.
 */

#include "encoding/json.h"

typedef enum ol_ssz_kind {
  OL_SSZ_UINT,      /* little-endian; in JSON a decimal string */
  OL_SSZ_BYTES,     /* ByteVector; in JSON hex. Up to 32 bytes are one chunk, more are merkleized */
  OL_SSZ_BITS,      /* Bitvector; `size` is in bytes, all bits used */
  OL_SSZ_BYTE_LIST, /* ByteList; `size` is the limit. The only kind of variable size but for what holds it */
  OL_SSZ_VECTOR,    /* Vector of `count` elements of fixed size */
  OL_SSZ_CONTAINER
} ol_ssz_kind;

typedef struct ol_ssz_type ol_ssz_type;

typedef struct ol_ssz_field {
  const char *name; /* as in the specification and in the Beacon API */
  const ol_ssz_type *type;
} ol_ssz_field;

struct ol_ssz_type {
  ol_ssz_kind kind;
  uint32_t size;  /* bytes of a value, 0 when it varies; the limit of a byte list */
  uint32_t count; /* elements of a vector, fields of a container */
  const ol_ssz_type *element;
  const ol_ssz_field *fields;
};

/* How deep containers are nested; deeper types are a programmer's error. */
#define OL_SSZ_DEPTH 4

/*
 * Checks that bytes are a value of a container type: sizes, offsets that are in order and leave no gap, limits.
 * Returns: OL_ERR_ENCODING with the byte at fault.
 */
OL_CHECKED ol_status ol_ssz_check(ol_error *error, const ol_ssz_type *type, ol_slice value) OL_NONNULL;

/* Returns: a field of a container that was checked, by its index. */
ol_slice ol_ssz_field_of(const ol_ssz_type *type, ol_slice value, size_t field) OL_NONNULL;

/* Reads an unsigned integer from its JSON form, a decimal string. Out: `size` bytes, little-endian. */
OL_CHECKED ol_status ol_ssz_uint_from_json(ol_error *error, uint8_t *out, uint32_t size,
                                           ol_json json) OL_NONNULL;

/* Encodes a value from its JSON form. Out: bytes in the arena, which need no further check. */
OL_CHECKED ol_status ol_ssz_from_json(ol_error *error, ol_slice *out, ol_arena *arena,
                                      const ol_ssz_type *type, ol_json json) OL_NONNULL;

#endif
