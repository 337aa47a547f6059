/* SPDX-License-Identifier: MIT */
#include "openledger/influence.h"

#include "nodes.h"

#include <string.h>

#define ROWS 1000u
#define D 512u
#define ROW (28 + 2 * D)
#define FRONT (5 + OL_GRADIENT_HEADER_BYTES)

/* A table of 1,000 rows in ten datanets, whose numbers follow from a seed, and a vector. */
static uint8_t file[FRONT + ROWS * ROW];
static uint8_t vector[2 * D];

static uint8_t noise(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return (uint8_t)(*state >> 24);
}

static bool make_file(void) {
  ol_error error;
  ol_gradient_header header = {.d = D, .scale = 65536, .rows = ROWS};
  uint32_t state = 1;
  memcpy(file, "ATRG\1", 5);
  for (uint32_t i = 0; i < ROWS; i++) {
    uint8_t *row = file + FRONT + i * ROW;
    row[18] = (uint8_t)(i >> 8);
    row[19] = (uint8_t)i;
    row[27] = (uint8_t)(i / 100);
    for (uint32_t k = 28; k < ROW; k++) row[k] = noise(&state);
  }
  for (uint32_t k = 0; k < sizeof vector; k++) vector[k] = noise(&state);
  return ol_gradient_header_write(&error, file + 5, &header) == OL_OK &&
         ol_influence_table_root(&error, &header.root, ol_slice_of(file, sizeof file)) == OL_OK &&
         ol_gradient_header_write(&error, file + 5, &header) == OL_OK;
}

static const ol_influence_table *the_table(void) {
  static ol_influence_table *table;
  static uint8_t memory[sizeof file + 4096];
  ol_error error;
  uint32_t reason;
  if (table == NULL &&
      (!make_file() || ol_influence_table_read(&error, &table, &reason, ol_slice_of(file, sizeof file),
                                               memory, sizeof memory) != OL_OK))
    return NULL;
  return table;
}

static bool weigh(work_answer *answer, size_t count, uint32_t clipping) {
  static uint8_t memory[9 << 10];
  ol_error error;
  const ol_influence_table *table = the_table();
  uint64_t total = 0, rows = 0;
  for (size_t i = 0; i < count; i++) {
    ol_influence *influence;
    ol_attribution_weight weight;
    if (table == NULL ||
        ol_influence_begin(&error, &influence, table, clipping, ol_slice_of(vector, sizeof vector), memory,
                           sizeof memory) != OL_OK)
      return false;
    for (total = rows = 0; ol_influence_next(influence, &weight); rows++) total += weight.weight;
  }
  nodes_tell(answer, (uint64_t[]){total, rows}, 2);
  return true;
}

/* Answers: the sum of weights, and how many rows have one. */
bool influence_1000x512(work_answer *answer, size_t count) {
  return weigh(answer, count, OL_CLIP_CONTRIBUTOR);
}

/* Reading and checking such a table: once for an adapter. */
bool influence_table_1000x512(work_answer *answer, size_t count) {
  static uint8_t memory[sizeof file + 4096];
  ol_error error;
  if (the_table() == NULL) return false;
  for (size_t i = 0; i < count; i++) {
    ol_influence_table *table;
    uint32_t reason;
    ol_hash id;
    if (ol_influence_table_read(&error, &table, &reason, ol_slice_of(file, sizeof file), memory,
                                sizeof memory) != OL_OK)
      return false;
    ol_influence_table_id(table, &id);
    memcpy(answer->bytes, id.bytes, sizeof id.bytes);
  }
  return true;
}
