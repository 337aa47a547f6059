/* SPDX-License-Identifier: MIT */
#include "openledger/influence.h"

#include "attribution/dot.h"
#include "attribution/tree.h"
#include "base/arena.h"
#include "crypto/keccak.h"

#include "base/poison.h"

enum { ADDRESS = 20, KEY = ADDRESS + 8, MAGIC = 4, FRONT = MAGIC + 1 + OL_GRADIENT_HEADER_BYTES };

static uint32_t load_be16(const uint8_t bytes[2]) {
  return (uint32_t)bytes[0] << 8 | bytes[1];
}

/* --- The header --- */

static bool is_in_range(const ol_gradient_header *header) {
  return header->d >= 1 && header->d <= OL_GRADIENT_DIMENSIONS && header->rows <= OL_GRADIENT_ROWS;
}

ol_status ol_gradient_header_read(ol_error *error, ol_gradient_header *out,
                                  const uint8_t bytes[OL_GRADIENT_HEADER_BYTES]) {
  ol_error_clear(error);
  ol_gradient_header header;
  memcpy(header.adapter.bytes, bytes, 32);
  memcpy(header.seed.bytes, bytes + 32, 32);
  header.d = load_be16(bytes + 64);
  header.scale = ol_load_be32(bytes + 66);
  memcpy(header.root.bytes, bytes + 70, 32);
  header.rows = ol_load_be32(bytes + 102);
  if (!is_in_range(&header)) {
    bool are_rows = header.rows > OL_GRADIENT_ROWS;
    return ol_fail(error, OL_ERR_ENCODING, are_rows ? 102 : 64,
                   are_rows ? "more rows than 65,536" : "dimensions other than 1 to 4,096");
  }
  *out = header;
  return OL_OK;
}

ol_status ol_gradient_header_write(ol_error *error, uint8_t out[OL_GRADIENT_HEADER_BYTES],
                                   const ol_gradient_header *header) {
  ol_error_clear(error);
  if (!is_in_range(header)) {
    ol_status status = ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "out of range");
    error->field = header->rows > OL_GRADIENT_ROWS ? "rows" : "d";
    return status;
  }
  memcpy(out, header->adapter.bytes, 32);
  memcpy(out + 32, header->seed.bytes, 32);
  out[64] = (uint8_t)(header->d >> 8);
  out[65] = (uint8_t)header->d;
  ol_store_be32(out + 66, header->scale);
  memcpy(out + 70, header->root.bytes, 32);
  ol_store_be32(out + 102, header->rows);
  return OL_OK;
}

void ol_gradient_id(ol_hash *out, const uint8_t header[OL_GRADIENT_HEADER_BYTES]) {
  ol_keccak keccak;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, (const uint8_t *)"ATR1.grad", 9);
  ol_keccak_update(&keccak, header, OL_GRADIENT_HEADER_BYTES);
  ol_keccak_final(&keccak, out);
}

void ol_influence_hash(ol_hash *out, const ol_hash *gradient_id, ol_slice vector) {
  ol_keccak keccak;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, (const uint8_t *)"ATR1.influence", 14);
  ol_keccak_update(&keccak, gradient_id->bytes, sizeof gradient_id->bytes);
  ol_keccak_update(&keccak, vector.data, vector.len);
  ol_keccak_final(&keccak, out);
}

/* --- The table --- */

struct ol_influence_table {
  ol_gradient_header header;
  ol_hash id;
  const uint8_t *keys;   /* of each row: contributor, datanet */
  const int16_t *values; /* d of each row */
};

size_t ol_influence_table_size(size_t file_len) {
  return file_len + sizeof(ol_influence_table) + 3 * 16; /* what aligning three blocks takes */
}

/* A file's parts, where they lie. */
typedef struct table_file {
  const uint8_t *header_bytes;
  ol_gradient_header header;
  ol_slice rows;
  size_t row_len;
} table_file;

static ol_status refuse(ol_error *error, uint32_t *out_reason, uint32_t reason, ol_status status,
                        size_t offset, const char *what) {
  *out_reason = reason;
  return ol_fail(error, status, offset, what);
}

static ol_status read_front(ol_error *error, uint32_t *reason, table_file *out, ol_slice file) {
  if (file.len < FRONT)
    return refuse(error, reason, OL_REASON_FORMAT, OL_ERR_ENCODING, file.len, "ends in its header");
  if (memcmp(file.data, "ATRG", MAGIC) != 0)
    return refuse(error, reason, OL_REASON_FORMAT, OL_ERR_ENCODING, 0, "is no table of gradients");
  if (file.data[MAGIC] != 1)
    return refuse(error, reason, OL_REASON_VERSION, OL_ERR_ENCODING, MAGIC, "is of an unknown version");
  out->header_bytes = file.data + MAGIC + 1;
  *reason = OL_REASON_INFLUENCE_RANGE;
  OL_TRY(ol_error_in(error, ol_gradient_header_read(error, &out->header, out->header_bytes), "gradientHeader",
                     OL_NOWHERE));
  out->row_len = KEY + 2 * (size_t)out->header.d;
  out->rows = ol_slice_of(file.data + FRONT, file.len - FRONT);
  /* At most 65,536 rows of 8,220 bytes: below 2^30, so 32 bits hold it. */
  size_t wanted = out->header.rows * out->row_len;
  if (out->rows.len != wanted)
    return refuse(error, reason, OL_REASON_FORMAT, OL_ERR_ENCODING,
                  FRONT + (out->rows.len < wanted ? out->rows.len : wanted),
                  "has not as many rows as its header says");
  return OL_OK;
}

/* A row's place among those that came before. */
typedef struct row_order {
  const uint8_t *payout; /* the address of this group's first row */
  const uint8_t *last;   /* the row before */
} row_order;

static const char *disorder(row_order *order, const uint8_t *key) {
  uint64_t datanet = ol_load_be64(key + ADDRESS);
  uint64_t last = order->last == NULL ? 0 : ol_load_be64(order->last + ADDRESS);
  const char *fault = NULL;
  if (order->last == NULL || datanet > last) {
    order->payout = key;
  } else if (datanet < last) {
    fault = "its datanet is before that of the row before";
  } else if (memcmp(key, order->payout, ADDRESS) == 0) {
    fault = "it is a second one of the payout address";
  } else if (order->last != order->payout && memcmp(key, order->last, ADDRESS) <= 0) {
    fault = "its contributor is not behind that of the row before";
  }
  order->last = key;
  return fault;
}

static ol_status check_rows(ol_error *error, uint32_t *reason, ol_hash *out_root, const table_file *file) {
  ol_tree_builder builder;
  ol_tree_builder_init(&builder, OL_TREE_GRADIENTS);
  row_order order = {NULL, NULL};
  for (uint32_t i = 0; i < file->header.rows; i++) {
    const uint8_t *row = file->rows.data + i * file->row_len;
    const char *fault = disorder(&order, row);
    if (fault != NULL) {
      ol_status status = refuse(error, reason, OL_REASON_INFLUENCE_RANGE, OL_ERR_ENCODING, OL_NOWHERE, fault);
      return ol_error_in(error, status, "row", i);
    }
    /* Without annotations there is no sum that could be too large. */
    OL_ASSERT(ol_tree_builder_add(&builder, ol_slice_of(row, file->row_len)));
  }
  OL_ASSERT(ol_tree_builder_root(&builder, out_root, NULL));
  return OL_OK;
}

/* Takes rows apart: numbers as the machine has them, so that weighing does nothing but multiply and add. */
static void fill(ol_influence_table *table, uint8_t *keys, int16_t *values, const table_file *file) {
  size_t d = file->header.d;
  for (uint32_t i = 0; i < file->header.rows; i++) {
    const uint8_t *row = file->rows.data + i * file->row_len;
    memcpy(keys + (size_t)i * KEY, row, KEY);
    for (size_t k = 0; k < d; k++) values[i * d + k] = (int16_t)load_be16(row + KEY + 2 * k);
  }
  table->keys = keys;
  table->values = values;
}

ol_status ol_influence_table_read(ol_error *error, ol_influence_table **out, uint32_t *out_reason,
                                  ol_slice file, void *memory, size_t len) {
  ol_error_clear(error);
  uint32_t reason = OL_REASON_NONE;
  table_file parts;
  ol_hash root;
  ol_status status = read_front(error, &reason, &parts, file);
  if (status == OL_OK) status = check_rows(error, &reason, &root, &parts);
  if (status == OL_OK && !ol_hash_equal(&root, &parts.header.root))
    status = refuse(error, &reason, OL_REASON_INFLUENCE_TABLE, OL_ERR_PROOF, OL_NOWHERE,
                    "the rows are not those of the root");
  *out_reason = status == OL_OK ? OL_REASON_NONE : reason;
  OL_TRY(status);
  ol_arena arena = ol_arena_of(memory, len);
  size_t rows = parts.header.rows;
  ol_influence_table *table = (ol_influence_table *)ol_arena_take(&arena, sizeof *table);
  uint8_t *keys = (uint8_t *)ol_arena_take(&arena, rows * KEY);
  int16_t *values = (int16_t *)ol_arena_take(&arena, rows * parts.header.d * sizeof(int16_t));
  if (table == NULL || keys == NULL || values == NULL)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "less than ol_influence_table_size");
  table->header = parts.header;
  ol_gradient_id(&table->id, parts.header_bytes);
  fill(table, keys, values, &parts);
  *out = table;
  return OL_OK;
}

ol_status ol_influence_table_root(ol_error *error, ol_hash *out, ol_slice file) {
  ol_error_clear(error);
  uint32_t reason;
  table_file parts;
  OL_TRY(read_front(error, &reason, &parts, file));
  return check_rows(error, &reason, out, &parts);
}

void ol_influence_table_header(const ol_influence_table *table, ol_gradient_header *out) {
  *out = table->header;
}

void ol_influence_table_id(const ol_influence_table *table, ol_hash *out) {
  *out = table->id;
}

static uint64_t datanet_of(const ol_influence_table *table, uint32_t row) {
  return ol_load_be64(table->keys + (size_t)row * KEY + ADDRESS);
}

static bool is_payout(const ol_influence_table *table, uint32_t row) {
  return row == 0 || datanet_of(table, row - 1) != datanet_of(table, row);
}

int ol_influence_table_row(const ol_influence_table *table, ol_influence_row *out, uint32_t ordinal) {
  if (ordinal >= table->header.rows) return 0;
  memcpy(out->contributor.bytes, table->keys + (size_t)ordinal * KEY, ADDRESS);
  out->is_payout = is_payout(table, ordinal) ? 1 : 0;
  out->datanet = datanet_of(table, ordinal);
  return 1;
}

/* --- Weights --- */

struct ol_influence {
  const ol_influence_table *table;
  uint32_t clipping;
  uint32_t next;
  uint32_t block; /* of OL_DOT_ROWS rows, whose scores are known; OL_GRADIENT_ROWS at first */
  int64_t scores[OL_DOT_ROWS];
  int16_t vector[OL_GRADIENT_DIMENSIONS];
};

size_t ol_influence_size(void) {
  return sizeof(ol_influence) + 16;
}

ol_status ol_influence_begin(ol_error *error, ol_influence **out, const ol_influence_table *table,
                             uint32_t clipping, ol_slice vector, void *memory, size_t len) {
  ol_error_clear(error);
  if (clipping != OL_CLIP_CONTRIBUTOR && clipping != OL_CLIP_DATANET)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "a clipping that is none");
  size_t d = table->header.d;
  if (vector.len != 2 * d)
    return ol_error_in(
        error, ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "has not as many numbers as the table's rows"), "v",
        OL_NOWHERE);
  ol_arena arena = ol_arena_of(memory, len);
  ol_influence *influence = (ol_influence *)ol_arena_take(&arena, sizeof *influence);
  if (influence == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "less than ol_influence_size");
  influence->table = table;
  influence->clipping = clipping;
  influence->next = 0;
  influence->block = OL_GRADIENT_ROWS;
  for (size_t i = 0; i < d; i++) influence->vector[i] = (int16_t)load_be16(vector.data + 2 * i);
  *out = influence;
  return OL_OK;
}

static int64_t score_of(const ol_influence *influence, uint32_t row) {
  size_t d = influence->table->header.d;
  return ol_dot(influence->table->values + row * d, influence->vector, d);
}

/* The same of the row whose turn it is, which is computed with those behind it. */
static int64_t next_score(ol_influence *influence) {
  uint32_t row = influence->next++;
  uint32_t block = row / OL_DOT_ROWS;
  size_t d = influence->table->header.d;
  if (influence->table->header.rows / OL_DOT_ROWS <= block) return score_of(influence, row);
  if (block != influence->block)
    ol_dot_rows(influence->scores, influence->table->values + (size_t)block * OL_DOT_ROWS * d,
                influence->vector, d);
  influence->block = block;
  return influence->scores[row % OL_DOT_ROWS];
}

int ol_influence_next(ol_influence *influence, ol_attribution_weight *out) {
  const ol_influence_table *table = influence->table;
  uint32_t rows = table->header.rows;
  while (influence->next < rows) {
    uint32_t row = influence->next;
    int64_t score = next_score(influence);
    if (influence->clipping == OL_CLIP_DATANET) {
      while (influence->next < rows && !is_payout(table, influence->next)) score += next_score(influence);
    }
    if (score <= 0) continue;
    memcpy(out->contributor.bytes, table->keys + (size_t)row * KEY, ADDRESS);
    out->datanet = datanet_of(table, row);
    out->weight = (uint64_t)score;
    return 1;
  }
  return 0;
}

int ol_influence_score(const ol_influence *influence, int64_t *out, uint32_t ordinal) {
  if (ordinal >= influence->table->header.rows) return 0;
  *out = score_of(influence, ordinal);
  return 1;
}
