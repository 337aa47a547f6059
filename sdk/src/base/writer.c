/* SPDX-License-Identifier: MIT */
#include "base/writer.h"

#include "base/poison.h"

void ol_write_bytes(ol_writer *to, const void *bytes, size_t len) {
  if (to->out != NULL && len > 0 && to->used <= to->len && len <= to->len - to->used)
    memcpy(to->out + to->used, bytes, len);
  to->used += len;
}

void ol_write_be(ol_writer *to, uint64_t number, size_t len) {
  uint8_t bytes[8];
  ol_store_be64(bytes, number);
  ol_write_bytes(to, bytes + sizeof bytes - len, len);
}
