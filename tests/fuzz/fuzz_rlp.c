/* SPDX-License-Identifier: MIT */

/* The input as RLP: what is accepted encodes to the same bytes again; and as a string that is encoded. */

#include "base/limits.h"
#include "encoding/rlp.h"
#include "fuzz/fuzz.h"

/* Walks a checked item in the order of its bytes and writes each part anew. */
static void encode_again(ol_rlp_writer *to, ol_slice bytes) {
  ol_error error;
  ol_rlp open[OL_LIMIT_RLP_DEPTH + 1];
  ol_rlp_item item;
  size_t depth = 1;
  open[0] = ol_rlp_of(bytes);
  while (depth > 0) {
    ol_rlp *cursor = &open[depth - 1];
    if (!ol_rlp_more(cursor)) {
      FUZZ_REQUIRE(ol_rlp_end(&error, cursor) == OL_OK);
      depth--;
      continue;
    }
    FUZZ_REQUIRE(ol_rlp_next(&error, &item, cursor) == OL_OK);
    FUZZ_REQUIRE(item.whole.data == bytes.data + item.offset);
    if (!item.list) {
      ol_rlp_put_string(to, item.payload.data, item.payload.len);
      continue;
    }
    ol_rlp_put_list(to, item.payload.len);
    FUZZ_REQUIRE(depth < sizeof open / sizeof open[0]);
    open[depth++] = ol_rlp_inside(&item);
  }
}

static void check_whole(ol_slice bytes) {
  ol_error error;
  ol_status status = ol_rlp_check(&error, bytes);
  if (status != OL_OK) {
    fuzz_refused(&error, status, bytes.len);
    return;
  }
  ol_rlp_writer count = {0};
  encode_again(&count, bytes);
  FUZZ_REQUIRE(count.used == bytes.len);
  ol_rlp_writer to = {.out = fuzz_block(bytes.len), .len = bytes.len};
  encode_again(&to, bytes);
  FUZZ_REQUIRE(fuzz_same(ol_slice_of(to.out, to.used), bytes));
  free(to.out);
  for (size_t cut = bytes.len - 1; cut > 0; cut /= 2)
    FUZZ_REQUIRE(ol_rlp_check(&error, ol_slice_of(bytes.data, cut)) != OL_OK);
}

/* Each reader of one item: it takes exactly the bytes that its value is written as, or takes nothing. */
static void read_each(ol_slice bytes) {
  ol_error error;
  uint8_t memory[64], fixed[32];
  uint64_t number;
  ol_u256 word;
  ol_slice string;
  ol_rlp inside;
  for (int kind = 0; kind < 5; kind++) {
    ol_rlp cursor = ol_rlp_of(bytes);
    ol_rlp_writer to = {.out = memory, .len = sizeof memory};
    ol_status status;
    switch (kind) {
    case 0:
      status = ol_rlp_u64(&error, &number, &cursor);
      if (status == OL_OK) ol_rlp_put_u64(&to, number);
      break;
    case 1:
      status = ol_rlp_u256(&error, &word, &cursor);
      if (status == OL_OK) ol_rlp_put_u256(&to, &word);
      break;
    case 2:
      status = ol_rlp_fixed(&error, fixed, sizeof fixed, &cursor);
      if (status == OL_OK) ol_rlp_put_string(&to, fixed, sizeof fixed);
      break;
    case 3:
      status = ol_rlp_string(&error, &string, &cursor);
      if (status == OL_OK) ol_rlp_put_string(&to, string.data, string.len);
      break;
    default:
      status = ol_rlp_list(&error, &inside, &cursor);
      if (status == OL_OK) ol_rlp_put_list(&to, inside.len);
      if (status == OL_OK) ol_rlp_put_raw(&to, inside.data, inside.len);
      break;
    }
    if (status != OL_OK) {
      fuzz_refused(&error, status, bytes.len);
      continue;
    }
    FUZZ_REQUIRE(to.used == cursor.at);
    if (to.used <= to.len) FUZZ_REQUIRE(memcmp(memory, bytes.data, to.used) == 0);
  }
}

static void encode_string(ol_slice bytes) {
  ol_error error;
  ol_rlp_item item;
  size_t room = bytes.len + OL_RLP_PREFIX;
  ol_rlp_writer to = {.out = fuzz_block(room), .len = room};
  ol_rlp_put_string(&to, bytes.data, bytes.len);
  ol_rlp cursor = ol_rlp_of(ol_slice_of(to.out, to.used));
  FUZZ_REQUIRE(ol_rlp_next(&error, &item, &cursor) == OL_OK && !item.list);
  FUZZ_REQUIRE(!ol_rlp_more(&cursor) && fuzz_same(item.payload, bytes));
  free(to.out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_slice bytes = ol_slice_of(data, len);
  check_whole(bytes);
  read_each(bytes);
  encode_string(bytes);
  return 0;
}
