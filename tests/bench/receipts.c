/* SPDX-License-Identifier: MIT */
#include "openledger/block.h"

#include "work.h"

#include <string.h>

/* The receipts of a block as eth_getBlockReceipts has them, and its header in RLP. */
typedef struct block_receipts {
  ol_header header;
  ol_slice text;
} block_receipts;

static bool read_inputs(block_receipts *out) {
  ol_error error;
  ol_slice header = work_input("receipts", "header");
  out->text = work_input("receipts", "text");
  return header.len > 0 && ol_header_decode(&error, &out->header, header.data, header.len) == OL_OK;
}

static bool verify(const block_receipts *from, size_t len, size_t *out_count) {
  ol_error error;
  ol_items items;
  void *memory = work_memory(len);
  if (memory == NULL ||
      ol_block_receipts_verify(&error, &items, &from->header, NULL, 0, from->text, memory, len) != OL_OK)
    return false;
  *out_count = items.count;
  return true;
}

/* Answers the root that they give, and how many they are. */
bool receipts_root(work_answer *answer, size_t count) {
  block_receipts from;
  size_t items = 0;
  bool good = read_inputs(&from);
  for (size_t i = 0; i < count && good; i++) good = verify(&from, 20 * from.text.len + 4096, &items);
  if (!good) return false;
  memcpy(answer->bytes, from.header.receipts_root.bytes, 32);
  answer->bytes[32] = (uint8_t)items;
  return true;
}

/* Answers, in eight bytes, the least memory that it takes beside the text, to 1 KiB. */
bool receipts_memory(work_answer *answer, size_t count) {
  block_receipts from;
  size_t items, low = 0, high;
  (void)count;
  if (!read_inputs(&from)) return false;
  for (high = 20 * from.text.len + 4096; high - low > 1024;) {
    size_t middle = low + (high - low) / 2;
    if (verify(&from, middle, &items))
      high = middle;
    else
      low = middle;
  }
  for (size_t i = 0; i < 8; i++) answer->bytes[i] = (uint8_t)((uint64_t)high >> 8 * i);
  return true;
}
