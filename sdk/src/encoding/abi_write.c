/* SPDX-License-Identifier: MIT */
#include "encoding/abi_write.h"

#include "base/poison.h"

#define WORD sizeof(ol_u256)

/* Takes room at the end; zeros, as heads are filled later and what is padded stays so. Returns: where it is. */
static size_t grow(ol_abi_writer *to, size_t len) {
  size_t at = to->used;
  if (at <= to->len && len <= to->len - at) memset(to->out + at, 0, len);
  to->used = len > SIZE_MAX - at ? SIZE_MAX : at + len;
  return at;
}

static void fill(ol_abi_writer *to, size_t at, const uint8_t *bytes, size_t len) {
  if (len > 0 && at <= to->len && len <= to->len - at) memcpy(to->out + at, bytes, len);
}

static ol_abi_frame open(ol_abi_writer *to, size_t words) {
  size_t base = grow(to, words > SIZE_MAX / WORD ? SIZE_MAX : words * WORD);
  return (ol_abi_frame){.base = base, .next = base};
}

ol_abi_frame ol_abi_begin(ol_abi_writer *to, size_t words, void *memory, size_t len) {
  *to = (ol_abi_writer){.out = (uint8_t *)memory, .len = len};
  return open(to, words);
}

ol_abi_frame ol_abi_begin_call(ol_abi_writer *to, uint32_t selector, size_t words, void *memory, size_t len) {
  uint8_t bytes[4];
  ol_store_be32(bytes, selector);
  *to = (ol_abi_writer){.out = (uint8_t *)memory, .len = len};
  fill(to, grow(to, sizeof bytes), bytes, sizeof bytes);
  return open(to, words);
}

void ol_abi_put_word(ol_abi_writer *to, ol_abi_frame *in, const ol_u256 *word) {
  fill(to, in->next, word->bytes, WORD);
  in->next += WORD;
}

void ol_abi_put_hash(ol_abi_writer *to, ol_abi_frame *in, const ol_hash *hash) {
  fill(to, in->next, hash->bytes, WORD);
  in->next += WORD;
}

void ol_abi_put_u64(ol_abi_writer *to, ol_abi_frame *in, uint64_t value) {
  const ol_u256 word = ol_abi_u64(value);
  ol_abi_put_word(to, in, &word);
}

void ol_abi_put_address(ol_abi_writer *to, ol_abi_frame *in, const ol_address *address) {
  const ol_u256 word = ol_abi_address(address);
  ol_abi_put_word(to, in, &word);
}

uint8_t *ol_abi_append(ol_abi_writer *to, size_t len) {
  size_t at = grow(to, len);
  return at <= to->len && len <= to->len - at ? to->out + at : NULL;
}

uint8_t *ol_abi_put_room(ol_abi_writer *to, ol_abi_frame *in, size_t len) {
  ol_abi_frame length = ol_abi_put_tuple(to, in, 1);
  ol_abi_put_u64(to, &length, len);
  size_t padding = -len % WORD;
  return ol_abi_append(to, len > SIZE_MAX - padding ? SIZE_MAX : len + padding);
}

void ol_abi_put_bytes(ol_abi_writer *to, ol_abi_frame *in, ol_slice bytes) {
  uint8_t *room = ol_abi_put_room(to, in, bytes.len);
  if (room != NULL && bytes.len > 0) memcpy(room, bytes.data, bytes.len);
}

ol_abi_frame ol_abi_put_tuple(ol_abi_writer *to, ol_abi_frame *in, size_t words) {
  ol_abi_put_u64(to, in, to->used - in->base);
  return open(to, words);
}

ol_abi_frame ol_abi_put_array(ol_abi_writer *to, ol_abi_frame *in, size_t count, size_t words) {
  ol_abi_frame length = ol_abi_put_tuple(to, in, 1);
  ol_abi_put_u64(to, &length, count);
  return open(to, words);
}

ol_status ol_abi_end(ol_error *error, ol_slice *out, const ol_abi_writer *from) {
  if (from->used > from->len)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for the input");
  *out = ol_slice_of(from->out, from->used);
  return OL_OK;
}
