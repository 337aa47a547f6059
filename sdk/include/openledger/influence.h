/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_INFLUENCE_H
#define OPENLEDGER_INFLUENCE_H

/*
 * What the training data of each contributor moved an answer: one dot product a row, with a table that is published per
 * adapter and read once (docs/attribution.md, section 4; docs/influence.md).
 */

#include "openledger/evidence.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_GRADIENT_HEADER_BYTES 106
#define OL_GRADIENT_DIMENSIONS 4096 /* d, at most */
#define OL_GRADIENT_ROWS 65536

/* What a table is committed to by. */
typedef struct ol_gradient_header {
  ol_hash adapter;
  ol_hash seed; /* of the projection (docs/influence.md) */
  uint32_t d;   /* 1 to OL_GRADIENT_DIMENSIONS */
  uint32_t
      scale;     /* in units of 2^-16: what projected gradients were multiplied by before they were rounded */
  ol_hash root;  /* of the rows */
  uint32_t rows; /* at most OL_GRADIENT_ROWS */
} ol_gradient_header;

/*
 * Reads and writes a header. Returns: OL_ERR_ENCODING with the byte at fault, when d or the number of rows is out of range;
 * OL_ERR_ARGUMENT for one that cannot be written, with the field's name.
 */
OL_API OL_CHECKED ol_status ol_gradient_header_read(ol_error *error, ol_gradient_header *out,
                                                    const uint8_t bytes[OL_GRADIENT_HEADER_BYTES]) OL_NONNULL;
OL_API OL_CHECKED ol_status ol_gradient_header_write(ol_error *error, uint8_t out[OL_GRADIENT_HEADER_BYTES],
                                                     const ol_gradient_header *header) OL_NONNULL;
/* Out: gradientId of a header's bytes. */
OL_API void ol_gradient_id(ol_hash *out, const uint8_t header[OL_GRADIENT_HEADER_BYTES]) OL_NONNULL;

/* Out: influenceHash. In: gradientId; v as it lies in the evidence, d numbers of 16 bits, big-endian. */
OL_API void ol_influence_hash(ol_hash *out, const ol_hash *gradient_id, ol_slice vector)
    OL_NONNULL_ARGS(1, 2);

/* A table that was checked, in memory that the caller gave; it does not refer to the file. */
typedef struct ol_influence_table ol_influence_table;

/* Returns: bytes that a table takes whose file (`ATRG`) has so many: little more. */
OL_API size_t ol_influence_table_size(size_t file_len);

/*
 * Reads a table and checks it: its form, the order of rows, its root. To be done once for an adapter; whether it is the
 * table of a receipt is for ol_influence_table_id to say.
 * In: a file; memory of ol_influence_table_size(its length) bytes, at any alignment, to be kept. Out: the table, in that
 * memory; the reason, OL_REASON_NONE on OL_OK.
 * Returns: OL_ERR_ENCODING with OL_REASON_FORMAT, or OL_REASON_VERSION, and the byte; OL_ERR_ENCODING with
 * OL_REASON_INFLUENCE_RANGE for a row that is out of order, as item of "row", or a header out of range; OL_ERR_PROOF with
 * OL_REASON_INFLUENCE_TABLE when the rows are not those of its root; OL_ERR_MEMORY, without a reason.
 */
OL_API OL_CHECKED ol_status ol_influence_table_read(ol_error *error, ol_influence_table **out,
                                                    uint32_t *out_reason, ol_slice file, void *memory,
                                                    size_t len) OL_NONNULL_ARGS(1, 2, 3, 5);

/*
 * Out: the root of a file's rows, for whoever makes tables; what the file has for it does not matter.
 * Returns: OL_ERR_ENCODING as ol_influence_table_read.
 */
OL_API OL_CHECKED ol_status ol_influence_table_root(ol_error *error, ol_hash *out, ol_slice file)
    OL_NONNULL_ARGS(1, 2);

/* Out: what the table is committed to by; its gradientId. */
OL_API void ol_influence_table_header(const ol_influence_table *table, ol_gradient_header *out) OL_NONNULL;
OL_API void ol_influence_table_id(const ol_influence_table *table, ol_hash *out) OL_NONNULL;

/* Whose data a row is about. */
typedef struct ol_influence_row {
  ol_address contributor;
  uint32_t
      is_payout; /* 1 for the first row of a datanet, whose contributor is the datanet's payout address */
  uint64_t datanet;
} ol_influence_row;

/* Gives a row, by ordinals from 0. Returns: 1; 0 when there are not so many. */
OL_API OL_CHECKED int ol_influence_table_row(const ol_influence_table *table, ol_influence_row *out,
                                             uint32_t ordinal) OL_NONNULL;

/* What each row weighs for one answer. It refers to the table, which must stay. */
typedef struct ol_influence ol_influence;

/* Returns: bytes that this takes, with any table: less than 9 KiB. */
OL_API size_t ol_influence_size(void);

/*
 * Begins to weigh. In: the policy's clipping; v as it lies in the evidence; memory of ol_influence_size() bytes, at any
 * alignment. Out: in that memory.
 * Returns: OL_ERR_PROOF when v has another length than the table's rows (OL_REASON_INFLUENCE_RANGE); OL_ERR_ARGUMENT for a
 * clipping that is none; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_influence_begin(ol_error *error, ol_influence **out,
                                               const ol_influence_table *table, uint32_t clipping,
                                               ol_slice vector, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 6);

/*
 * Gives the next row that has a weight, in the table's order: by datanet, and the payout row first. Weights are below 2^59:
 * nothing overflows. Returns: 1; 0 behind the last.
 */
OL_API OL_CHECKED int ol_influence_next(ol_influence *influence, ol_attribution_weight *out) OL_NONNULL;

/*
 * Gives v . X of a row, neither clipped nor summed: above 0 if the data raised the score. Returns: 1; 0 when there are not so
 * many rows.
 */
OL_API OL_CHECKED int ol_influence_score(const ol_influence *influence, int64_t *out,
                                         uint32_t ordinal) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
