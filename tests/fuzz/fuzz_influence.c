/* SPDX-License-Identifier: MIT */

/*
 * A clipping, a table's file, and v from the file's last bytes. The file is read as it is; if only its root is wrong, then
 * also with the right one, and its rows are weighed.
 */

#include "fuzz/fuzz.h"
#include "openledger/influence.h"

static int64_t plain_sum(const uint8_t *x, const uint8_t *v, uint32_t d) {
  int64_t sum = 0;
  for (uint32_t k = 0; k < 2 * d; k += 2)
    sum += (int64_t)(int16_t)(uint16_t)(x[k] << 8 | x[k + 1]) * (int16_t)(uint16_t)(v[k] << 8 | v[k + 1]);
  return sum;
}

static void weigh(const ol_influence_table *table, const uint8_t *file, const uint8_t *v, uint32_t clipping) {
  static uint8_t memory[9 << 10];
  ol_error error;
  ol_influence *influence;
  ol_gradient_header header;
  ol_attribution_weight weight;
  ol_influence_row row;
  uint64_t clipped = 0, total = 0, found = 0, last = 0;
  ol_influence_table_header(table, &header);
  FUZZ_REQUIRE(ol_influence_begin(&error, &influence, table, clipping, ol_slice_of(v, 2 * header.d), memory,
                                  sizeof memory) == OL_OK);
  int64_t group = 0;
  for (uint32_t i = 0; i < header.rows; i++) {
    int64_t score;
    FUZZ_REQUIRE(ol_influence_table_row(table, &row, i) == 1 &&
                 ol_influence_score(influence, &score, i) == 1);
    FUZZ_REQUIRE(score == plain_sum(file + 111 + i * (28 + 2 * header.d) + 28, v, header.d));
    if (score > 0) clipped += (uint64_t)score;
    if (row.is_payout != 0) {
      if (group > 0) total += (uint64_t)group;
      group = 0;
    }
    group += score;
  }
  if (group > 0) total += (uint64_t)group;
  while (ol_influence_next(influence, &weight)) {
    FUZZ_REQUIRE(weight.weight > 0 && weight.datanet >= last);
    last = weight.datanet;
    found += weight.weight;
  }
  FUZZ_REQUIRE(found == (clipping == OL_CLIP_DATANET ? total : clipped));
}

static void read_file(uint8_t *file, size_t len, uint32_t clipping) {
  ol_error error;
  ol_influence_table *table;
  ol_hash root;
  uint32_t reason;
  const size_t size = ol_influence_table_size(len);
  uint8_t *memory = fuzz_block(size);
  ol_status status = ol_influence_table_read(&error, &table, &reason, ol_slice_of(file, len), memory, size);
  FUZZ_REQUIRE((status == OL_OK) == (reason == OL_REASON_NONE));
  if (status != OL_OK) fuzz_refused(&error, status, len);
  if (ol_influence_table_root(&error, &root, ol_slice_of(file, len)) == OL_OK) {
    FUZZ_REQUIRE((status == OL_OK) == (memcmp(file + 75, root.bytes, 32) == 0));
    memcpy(file + 75, root.bytes, 32);
    FUZZ_REQUIRE(ol_influence_table_read(&error, &table, &reason, ol_slice_of(file, len), memory, size) ==
                 OL_OK);
    ol_gradient_header header;
    ol_influence_table_header(table, &header);
    if (len >= 2 * header.d) weigh(table, file, file + len - 2 * header.d, clipping);
  } else {
    FUZZ_REQUIRE(status == OL_ERR_ENCODING);
  }
  free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_input in = {data, len};
  const uint32_t clipping = fuzz_u8(&in) & 1;
  const ol_slice rest = fuzz_cut(&in, in.left);
  uint8_t *file = fuzz_copy(rest.data, rest.len);
  read_file(file, rest.len, clipping);
  free(file);
  return 0;
}
