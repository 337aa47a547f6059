/* SPDX-License-Identifier: MIT */
#include "attribution/split.h"

#include "attribution/number.h"
#include "attribution/receipt.h"
#include "attribution/tree.h"

#include "base/poison.h"

#define HEAD_BYTES (OL_MAGIC_BYTES + 4)
#define WEIGHT_AT OL_SPLIT_PAIR_BYTES
#define WHOLE_BPS 10000
#define AMOUNT_AT (WEIGHT_AT + OL_U128_BYTES)

static const char too_wide[] = "a sum has more than 128 bits";

void ol_split_row_write(uint8_t out[OL_SPLIT_ROW_BYTES], const ol_split_row *row) {
  memcpy(out, row->contributor.bytes, sizeof row->contributor.bytes);
  ol_store_be64(out + sizeof row->contributor.bytes, row->datanet);
  ol_u128_store(out + WEIGHT_AT, &row->weight);
  ol_u128_store(out + AMOUNT_AT, &row->amount);
}

const uint8_t *ol_split_row_bytes(const ol_split *split, uint32_t index) {
  return split->rows.data + (size_t)index * OL_SPLIT_ROW_BYTES;
}

static void read_row(ol_split_row *out, const uint8_t *bytes) {
  memcpy(out->contributor.bytes, bytes, sizeof out->contributor.bytes);
  out->datanet = ol_load_be64(bytes + sizeof out->contributor.bytes);
  out->weight = ol_u128_load(bytes + WEIGHT_AT);
  out->amount = ol_u128_load(bytes + AMOUNT_AT);
}

/* --- Files --- */

static ol_status open_rows(ol_error *error, ol_split *out, ol_slice rows) {
  const size_t count = rows.len / OL_SPLIT_ROW_BYTES;
  if (rows.len % OL_SPLIT_ROW_BYTES != 0)
    return ol_fail(error, OL_ERR_ENCODING, rows.len, "last row of a split is cut");
  if (count > UINT32_MAX) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "split has too many rows");
  const ol_split split = {.rows = rows, .count = (uint32_t)count};
  for (uint32_t i = 1; i < split.count; i++) {
    if (memcmp(ol_split_row_bytes(&split, i - 1), ol_split_row_bytes(&split, i), OL_SPLIT_PAIR_BYTES) >= 0)
      return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "rows do not ascend"), "row", i);
  }
  *out = split;
  return OL_OK;
}

ol_status ol_split_open_rows(ol_error *error, ol_split *out, ol_slice rows) {
  ol_error_clear(error);
  return open_rows(error, out, rows);
}

ol_status ol_split_open(ol_error *error, ol_split *out, ol_slice file) {
  ol_error_clear(error);
  OL_TRY(ol_magic_read(error, file, "ATRS"));
  if (file.len < HEAD_BYTES) return ol_fail(error, OL_ERR_ENCODING, file.len, "split is cut");
  const ol_slice rows = ol_slice_of(file.data + HEAD_BYTES, file.len - HEAD_BYTES);
  const uint64_t count = ol_load_be32(file.data + OL_MAGIC_BYTES);
  if (rows.len != count * OL_SPLIT_ROW_BYTES)
    return ol_fail(error, OL_ERR_ENCODING, OL_MAGIC_BYTES, "split has not as many rows as it says");
  return open_rows(error, out, rows);
}

int ol_split_at(const ol_split *split, ol_split_row *out, uint32_t index) {
  if (index >= split->count) return 0;
  read_row(out, ol_split_row_bytes(split, index));
  return 1;
}

static void write_head(uint8_t *out, uint32_t count) {
  ol_magic_write(out, "ATRS");
  ol_store_be32(out + OL_MAGIC_BYTES, count);
}

static ol_status check_row(ol_error *error, const ol_split_row *row) {
  if (ol_u128_fits(&row->weight) && ol_u128_fits(&row->amount)) return OL_OK;
  return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "number has more than 128 bits");
}

ol_status ol_split_write(ol_error *error, ol_slice *out, const ol_split_row *rows, size_t rows_len,
                         void *memory, size_t len) {
  uint8_t *file = (uint8_t *)memory;
  ol_split split;
  ol_error_clear(error);
  if (rows_len > UINT32_MAX) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "split has too many rows");
  if (len < HEAD_BYTES || (len - HEAD_BYTES) / OL_SPLIT_ROW_BYTES < rows_len)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for the split");
  write_head(file, (uint32_t)rows_len);
  for (uint32_t i = 0; i < rows_len; i++) {
    OL_TRY(ol_error_in(error, check_row(error, &rows[i]), "row", i));
    ol_split_row_write(file + HEAD_BYTES + (size_t)i * OL_SPLIT_ROW_BYTES, &rows[i]);
  }
  if (open_rows(error, &split, ol_slice_of(file + HEAD_BYTES, rows_len * OL_SPLIT_ROW_BYTES)) != OL_OK) {
    error->status = OL_ERR_ARGUMENT;
    return OL_ERR_ARGUMENT;
  }
  *out = ol_slice_of(file, HEAD_BYTES + rows_len * OL_SPLIT_ROW_BYTES);
  return OL_OK;
}

/* --- Sums --- */

bool ol_split_factors(ol_u256 *out_spans, ol_u256 *out_influence, uint32_t influence_bps,
                      const ol_u256 *spans_total, const ol_u256 *influence_total) {
  const ol_u256 share = ol_u256_of(influence_bps);
  const ol_u256 rest = ol_u256_of(WHOLE_BPS - influence_bps);
  *out_spans = ol_u256_of(influence_bps < WHOLE_BPS);
  *out_influence = ol_u256_of(influence_bps > 0);
  if (influence_bps == 0 || influence_bps == WHOLE_BPS) return true;
  /* Where one of the two is nobody's, the other decides alone. */
  if (ol_u256_is_zero(spans_total) || ol_u256_is_zero(influence_total)) return true;
  return ol_u128_mul(out_spans, &rest, influence_total) && ol_u128_mul(out_influence, &share, spans_total);
}

bool ol_split_weight(ol_u256 *out, uint64_t spans, const ol_u256 *by_spans, uint64_t influence,
                     const ol_u256 *by_influence) {
  ol_u256 first = ol_u256_of(spans);
  ol_u256 second = ol_u256_of(influence);
  return ol_u128_mul(&first, &first, by_spans) && ol_u128_mul(&second, &second, by_influence) &&
         ol_u128_add(out, &first, &second);
}

void ol_split_amount(ol_u256 *out, const ol_u256 *pool, const ol_u256 *weight, const ol_u256 *total) {
  ol_u256 product;
  OL_ASSERT(ol_u256_mul(&product, pool, weight));
  ol_u256_div_by(out, &product, total);
}

ol_status ol_split_divide(ol_error *error, ol_split_row *out_rows, size_t out_rows_len, ol_u256 *out_total,
                          const ol_u256 *pool) {
  ol_u256 total = {{0}};
  ol_error_clear(error);
  if (!ol_u128_fits(pool)) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "pool has more than 128 bits");
  for (size_t i = 0; i < out_rows_len; i++) {
    if (!ol_u128_fits(&out_rows[i].weight) || !ol_u128_add(&total, &total, &out_rows[i].weight))
      return ol_error_in(error, ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, too_wide), "row", (uint32_t)i);
  }
  for (size_t i = 0; i < out_rows_len; i++) {
    memset(&out_rows[i].amount, 0, sizeof out_rows[i].amount);
    if (!ol_u256_is_zero(&total)) ol_split_amount(&out_rows[i].amount, pool, &out_rows[i].weight, &total);
  }
  if (out_total != NULL) *out_total = total;
  return OL_OK;
}

ol_status ol_split_root(ol_error *error, ol_hash *out, ol_u256 *out_weight, ol_u256 *out_amount,
                        const ol_split *split) {
  ol_tree_builder builder;
  ol_tree_node top;
  ol_hash root;
  ol_u256 weight = {{0}};
  ol_error_clear(error);
  ol_tree_builder_init(&builder, OL_TREE_SPLIT);
  for (uint32_t i = 0; i < split->count; i++) {
    const uint8_t *bytes = ol_split_row_bytes(split, i);
    const ol_u256 one = ol_u128_load(bytes + WEIGHT_AT);
    if (!ol_tree_builder_add(&builder, ol_slice_of(bytes, OL_SPLIT_ROW_BYTES)) ||
        (out_weight != NULL && !ol_u128_add(&weight, &weight, &one)))
      return ol_error_in(error, ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, too_wide), "row", i);
  }
  if (!ol_tree_builder_root(&builder, &root, &top)) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, too_wide);
  if (out_weight != NULL) *out_weight = weight;
  if (out_amount != NULL) {
    memset(out_amount, 0, sizeof *out_amount);
    ol_store_be64(out_amount->bytes + 16, top.high);
    ol_store_be64(out_amount->bytes + 24, top.low);
  }
  *out = root;
  return OL_OK;
}

/* Adds a row's numbers to those of another's bytes. */
static bool add_row(uint8_t *to, const uint8_t *row) {
  for (size_t at = WEIGHT_AT; at < OL_SPLIT_ROW_BYTES; at += OL_U128_BYTES) {
    const ol_u256 one = ol_u128_load(to + at);
    const ol_u256 other = ol_u128_load(row + at);
    ol_u256 sum;
    if (!ol_u128_add(&sum, &one, &other)) return false;
    ol_u128_store(to + at, &sum);
  }
  return true;
}

/*
 * Puts rows, which ascend, among those that ascend at the end of the memory, and moves the result to its front: what is
 * written never reaches what is still to be read, as there is room for all.
 */
static bool merge(uint8_t *memory, size_t *used, size_t room, const ol_split *split) {
  const uint8_t *old = memory + room - *used;
  size_t old_left = *used / OL_SPLIT_ROW_BYTES;
  uint32_t next = 0;
  uint8_t *to = memory;
  memmove(memory + room - *used, memory, *used);
  while (old_left > 0 || next < split->count) {
    const uint8_t *row = next < split->count ? ol_split_row_bytes(split, next) : NULL;
    const int order = old_left == 0 ? 1 : row == NULL ? -1 : memcmp(old, row, OL_SPLIT_PAIR_BYTES);
    memmove(to, order <= 0 ? old : row, OL_SPLIT_ROW_BYTES);
    if (order <= 0) {
      old += OL_SPLIT_ROW_BYTES;
      old_left--;
    }
    if (order >= 0) next++;
    if (order == 0 && !add_row(to, row)) return false;
    to += OL_SPLIT_ROW_BYTES;
  }
  *used = (size_t)(to - memory);
  return true;
}

ol_status ol_split_sum(ol_error *error, ol_slice *out, const ol_split *splits, size_t splits_len,
                       void *memory, size_t len) {
  uint8_t *file = (uint8_t *)memory;
  size_t used = 0;
  uint64_t count = 0;
  ol_error_clear(error);
  for (size_t i = 0; i < splits_len; i++) count += splits[i].count;
  if (count > UINT32_MAX) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "splits have too many rows");
  if (len < HEAD_BYTES || (len - HEAD_BYTES) / OL_SPLIT_ROW_BYTES < count)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for the splits");
  const size_t room = (size_t)count * OL_SPLIT_ROW_BYTES;
  for (size_t i = 0; i < splits_len; i++) {
    if (!merge(file + HEAD_BYTES, &used, room, &splits[i]))
      return ol_error_in(error, ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, too_wide), "split", (uint32_t)i);
  }
  write_head(file, (uint32_t)(used / OL_SPLIT_ROW_BYTES));
  *out = ol_slice_of(file, HEAD_BYTES + used);
  return OL_OK;
}

ol_status ol_split_earned(ol_error *error, ol_u256 *out_amount, uint32_t *out_rows, const ol_split *split,
                          const ol_address *contributor) {
  ol_u256 amount = {{0}};
  uint32_t rows = 0;
  ol_error_clear(error);
  for (uint32_t i = 0; i < split->count; i++) {
    const uint8_t *bytes = ol_split_row_bytes(split, i);
    if (memcmp(bytes, contributor->bytes, sizeof contributor->bytes) != 0) continue;
    const ol_u256 one = ol_u128_load(bytes + AMOUNT_AT);
    if (!ol_u128_add(&amount, &amount, &one))
      return ol_error_in(error, ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, too_wide), "row", i);
    rows++;
  }
  *out_amount = amount;
  *out_rows = rows;
  return OL_OK;
}
