/* SPDX-License-Identifier: MIT */
#include "encoding/abi_decode.h"

#include "encoding/abi.h"
#include "openledger/text.h"

#include "base/poison.h"

#define WORD sizeof(ol_u256)

/* A tuple or an array that is being decoded. */
typedef struct level {
  const ol_abi_type *type;
  const ol_abi_type *next; /* the type of the next member, or of all items */
  size_t at;               /* members or items begun */
  size_t left;
  ol_abi_frame frame; /* of what is static, the one that it is in */
  size_t end;         /* where the head of the frame ends */
} level;

typedef struct decoder {
  ol_error *error;
  ol_json_writer *to;
  ol_abi_encoded from;
  size_t tail;  /* where what comes next begins, if this is the canonical layout */
  size_t taken; /* bytes that values have, each counted as often as it is read */
  bool canonical;
  size_t depth;
  level levels[OL_ABI_DEPTH];
} decoder;

static ol_status fails(const decoder *from, size_t at, const char *reason) {
  return ol_fail(from->error, OL_ERR_ENCODING, at, reason);
}

/*
 * Takes bytes that must be there. Values can share bytes, but what is read altogether is at most as long as the
 * data: offsets that all lead to one place cannot make little data much.
 */
static ol_status take(decoder *from, size_t at, uint64_t len) {
  const size_t total = from->from.data.len;
  if (at > total || len > total - at) return fails(from, total, "ABI data is cut short");
  if (len > total - from->taken)
    return fails(from, at, "ABI values share bytes, and are longer than all of the data");
  from->taken += (size_t)len;
  if (at != from->tail) from->canonical = false;
  from->tail = at + (size_t)len;
  return OL_OK;
}

/* Follows the offset in the next word of a head. Out: where it leads. */
static ol_status follow(decoder *from, size_t *out, level *in) {
  uint64_t offset;
  const size_t at = in->frame.next;
  OL_TRY(ol_abi_read_u64(from->error, &offset, from->from.data, at));
  if (offset > from->from.data.len - in->frame.base)
    return fails(from, at, "ABI offset leads out of the data");
  if (offset < in->end - in->frame.base) return fails(from, at, "ABI offset leads backwards");
  in->frame.next += WORD;
  *out = in->frame.base + (size_t)offset;
  return OL_OK;
}

/* Takes the length in front of bytes or items; each takes room of its own. Out: it, and moves to what is behind. */
static ol_status take_length(decoder *from, size_t *out, size_t *at, uint64_t each) {
  uint64_t count;
  OL_TRY(take(from, *at, WORD));
  OL_TRY(ol_abi_read_u64(from->error, &count, from->from.data, *at));
  if (count > (from->from.data.len - *at - WORD) / each)
    return fails(from, *at, "ABI length is more than the data has");
  *out = (size_t)count;
  *at += WORD;
  return OL_OK;
}

/* Writes an integer in decimal; one that is signed has its sign all the way to the front. */
static ol_status write_integer(decoder *from, const char *name, const ol_abi_type *type, ol_u256 word,
                               size_t at) {
  char text[80];
  const size_t top = WORD - type->size;
  const bool negative = type->kind == OL_ABI_INT && (word.bytes[top] & 0x80) != 0;
  const uint8_t padding = negative ? 0xff : 0;
  for (size_t i = 0; i < top; i++) {
    if (word.bytes[i] != padding) return fails(from, at + i, "ABI value is out of range");
  }
  if (negative) ol_abi_negate(&word);
  text[0] = '-';
  ol_u256_text(text + 1, &word);
  ol_json_write_text(from->to, name, negative ? text : text + 1);
  return OL_OK;
}

/* Writes a value that is one word of `data`, which may be a topic. */
static ol_status write_word(decoder *from, const char *name, const ol_abi_type *type, ol_slice data,
                            size_t at) {
  ol_u256 word;
  ol_address address;
  bool truth;
  char text[43];
  switch (type->kind) {
  case OL_ABI_UINT:
  case OL_ABI_INT:
    memcpy(word.bytes, data.data + at, WORD); /* heads were taken whole */
    return write_integer(from, name, type, word, at);
  case OL_ABI_ADDRESS:
    OL_TRY(ol_abi_read_address(from->error, &address, data, at));
    ol_address_text(text, &address);
    ol_json_write_text(from->to, name, text);
    return OL_OK;
  case OL_ABI_BOOL:
    OL_TRY(ol_abi_read_bool(from->error, &truth, data, at));
    ol_json_write_bool(from->to, name, truth);
    return OL_OK;
  default:
    OL_TRY(ol_abi_read_fixed(from->error, word.bytes, type->size, data, at));
    ol_json_write_hex(from->to, name, word.bytes, type->size);
    return OL_OK;
  }
}

static ol_status write_bytes(decoder *from, const char *name, level *in, const ol_abi_type *type) {
  size_t at, len;
  OL_TRY(follow(from, &at, in));
  OL_TRY(take_length(from, &len, &at, 1));
  const size_t padding = -len % WORD;
  OL_TRY(take(from, at, (uint64_t)len + padding));
  const uint8_t *bytes = from->from.data.data + at;
  for (size_t i = len; i < len + padding; i++) {
    if (bytes[i] != 0) return fails(from, at + i, "padding of ABI bytes is not zero");
  }
  if (type->kind == OL_ABI_BYTES)
    ol_json_write_hex(from->to, name, bytes, len);
  else
    ol_json_write_string(from->to, name, ol_slice_of(bytes, len));
  if (from->to->status == OL_ERR_ENCODING) return fails(from, at, "string is not UTF-8");
  return OL_OK;
}

/* Begins a tuple or an array whose head is at `base`. In: how many items there are, of arrays of any length. */
static ol_status open(decoder *from, const char *name, const ol_abi_type *type, size_t base, size_t count) {
  const bool is_array = type->kind == OL_ABI_ARRAY;
  const uint64_t words = is_array ? (uint64_t)count * type[1].words : type->inside;
  OL_TRY(take(from, base, WORD * words));
  from->levels[from->depth++] = (level){.type = type,
                                        .next = type + 1,
                                        .left = is_array ? count : type->count,
                                        .frame = {.base = base, .next = base},
                                        .end = base + (size_t)(WORD * words)};
  if (type->named)
    ol_json_write_object(from->to, name);
  else
    ol_json_write_array(from->to, name);
  return OL_OK;
}

static ol_status enter(decoder *from, const char *name, level *in, const ol_abi_type *type) {
  size_t at, count = 0;
  if (type->dynamic) {
    OL_TRY(follow(from, &at, in));
    if (type->kind == OL_ABI_ARRAY) OL_TRY(take_length(from, &count, &at, (uint64_t)WORD * type[1].words));
    return open(from, name, type, at, count);
  }
  level *out = &from->levels[from->depth++];
  *out = *in; /* its head is a part of this one's */
  out->type = type;
  out->next = type + 1;
  out->at = 0;
  out->left = type->count;
  if (type->named)
    ol_json_write_object(from->to, name);
  else
    ol_json_write_array(from->to, name);
  return OL_OK;
}

/* Writes an indexed value, which is a topic, or whose hash is one. */
static ol_status write_topic(decoder *from, const char *name, const ol_abi_type *type) {
  const ol_hash *topic = from->from.topics++;
  if (type->kind < OL_ABI_BYTES) return write_word(from, name, type, ol_slice_of(topic->bytes, WORD), 0);
  ol_json_write_object(from->to, name);
  ol_json_write_hex(from->to, "hash", topic->bytes, WORD);
  ol_json_write_close(from->to);
  return OL_OK;
}

static ol_status write_next(decoder *from) {
  level *in = &from->levels[from->depth - 1];
  const ol_abi_type *type = in->next;
  char memory[OL_ABI_NAME + 1], *name = NULL;
  in->at++;
  in->left--;
  if (in->type->kind == OL_ABI_TUPLE) in->next += type->span;
  if (in->type->named) {
    name = memory;
    memcpy(name, type->name.data, type->name.len);
    name[type->name.len] = '\0';
  }
  if (type->indexed) return write_topic(from, name, type);
  if (type->kind >= OL_ABI_FIXED_ARRAY) return enter(from, name, in, type);
  if (type->kind >= OL_ABI_BYTES) return write_bytes(from, name, in, type);
  OL_TRY(write_word(from, name, type, from->from.data, in->frame.next));
  in->frame.next += WORD;
  return OL_OK;
}

ol_status ol_abi_decode(ol_error *error, ol_json_writer *to, bool *out_canonical, const char *name,
                        const ol_abi_type *list, ol_abi_encoded from) {
  decoder state = {.error = error, .to = to, .from = from, .tail = from.start, .canonical = true};
  OL_TRY(open(&state, name, list, from.start, 0));
  while (state.depth > 0) {
    const size_t depth = state.depth;
    level *in = &state.levels[depth - 1];
    if (in->left > 0) {
      const ol_status status = write_next(&state);
      OL_TRY(ol_abi_within(error, status, depth, state.levels[0].at - 1, in->at - 1));
      if (to->status != OL_OK) break;
      continue;
    }
    ol_json_write_close(to);
    state.depth--;
    if (state.depth > 0 && !in->type->dynamic) in[-1].frame.next = in->frame.next;
  }
  *out_canonical = state.canonical && state.tail == from.data.len;
  return OL_OK;
}
