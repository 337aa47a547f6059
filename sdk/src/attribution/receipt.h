/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_RECEIPT_H
#define OL_ATTRIBUTION_RECEIPT_H

/* The fields of a receipt, in the order in which they are signed, stored and told (docs/attribution.md, section 5.1). */

#include "openledger/attribution.h"

#include "base/base.h"

#define OL_RECEIPT_FIELDS 25

typedef enum ol_receipt_kind {
  OL_RECEIPT_U32,
  OL_RECEIPT_U64,
  OL_RECEIPT_U128,
  OL_RECEIPT_ADDRESS,
  OL_RECEIPT_HASH,
} ol_receipt_kind;

typedef struct ol_receipt_field {
  const char *name;
  uint32_t offset; /* in ol_attribution_receipt */
  uint32_t kind;   /* an ol_receipt_kind */
} ol_receipt_field;

extern const ol_receipt_field ol_receipt_fields[OL_RECEIPT_FIELDS];

/* Returns: the bytes of a field in a file. */
size_t ol_receipt_field_len(const ol_receipt_field *field) OL_NONNULL;

/* Out: a field as a word of EIP-712. */
void ol_receipt_field_word(ol_u256 *out, const ol_receipt_field *field,
                           const ol_attribution_receipt *receipt) OL_NONNULL;

/* Sets a field. Returns: false when the word does not fit. */
OL_CHECKED bool ol_receipt_field_set(ol_attribution_receipt *out, const ol_receipt_field *field,
                                     const ol_u256 *word) OL_NONNULL;

/* Reads and writes four letters and a version of 1 at the front of a file. Returns: OL_ERR_ENCODING; part "version". */
OL_CHECKED ol_status ol_magic_read(ol_error *error, ol_slice file, const char *magic) OL_NONNULL;
#define OL_MAGIC_BYTES 5
void ol_magic_write(uint8_t out[OL_MAGIC_BYTES], const char *magic) OL_NONNULL;

#endif
