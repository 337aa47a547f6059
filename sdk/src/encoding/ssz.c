/* SPDX-License-Identifier: MIT */
#include "encoding/ssz.h"

#include "base/poison.h"

#define OFFSET_SIZE 4u

static uint32_t load_le32(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void store_le32(uint8_t *bytes, size_t value) {
  for (size_t i = 0; i < OFFSET_SIZE; i++) bytes[i] = (uint8_t)(value >> 8 * i);
}

/* The size in the fixed part of a container: an offset stands for what varies. */
static uint32_t size_in_place(const ol_ssz_type *type) {
  return type->size != 0 && type->kind != OL_SSZ_BYTE_LIST ? type->size : OFFSET_SIZE;
}

static bool varies(const ol_ssz_type *type) {
  return type->kind == OL_SSZ_BYTE_LIST || type->size == 0;
}

static uint32_t fixed_part(const ol_ssz_type *container) {
  uint32_t size = 0;
  for (uint32_t i = 0; i < container->count; i++) size += size_in_place(container->fields[i].type);
  return size;
}

/* A container that is being gone through, field by field. */
typedef struct open_container {
  const ol_ssz_type *type;
  ol_slice value;
  size_t offset; /* of the value in the outermost one */
  uint32_t field;
} open_container;

static ol_slice field_of(const ol_ssz_type *type, ol_slice value, size_t field) {
  size_t at = 0;
  for (size_t i = 0; i < field; i++) at += size_in_place(type->fields[i].type);
  const ol_ssz_type *own = type->fields[field].type;
  if (!varies(own)) return ol_slice_of(value.data + at, own->size);
  size_t start = load_le32(value.data + at), end = value.len;
  for (size_t i = field; i < type->count; i++) {
    if (i > field && varies(type->fields[i].type)) {
      end = load_le32(value.data + at);
      break;
    }
    at += size_in_place(type->fields[i].type);
  }
  return ol_slice_of(value.data + start, end - start);
}

ol_slice ol_ssz_field_of(const ol_ssz_type *type, ol_slice value, size_t field) {
  OL_ASSERT(type->kind == OL_SSZ_CONTAINER && field < type->count);
  return field_of(type, value, field);
}

/* Checks that the offsets of a container go up from the end of its fixed part and stay inside. */
static ol_status check_offsets(ol_error *error, const open_container *open) {
  size_t fixed = fixed_part(open->type), at = 0, before = fixed;
  bool first = true;
  if (open->value.len < fixed || (open->type->size != 0 && open->value.len != fixed))
    return ol_fail(error, OL_ERR_ENCODING, open->offset + open->value.len,
                   "SSZ container has the wrong length");
  for (uint32_t i = 0; i < open->type->count; i++) {
    const ol_ssz_type *type = open->type->fields[i].type;
    if (varies(type)) {
      size_t offset = load_le32(open->value.data + at);
      if (first ? offset != fixed : offset < before)
        return ol_fail(error, OL_ERR_ENCODING, open->offset + at, "SSZ offset leaves a gap or goes back");
      if (offset > open->value.len)
        return ol_fail(error, OL_ERR_ENCODING, open->offset + at, "SSZ offset is beyond the end");
      before = offset;
      first = false;
    }
    at += size_in_place(type);
  }
  return OL_OK;
}

ol_status ol_ssz_check(ol_error *error, const ol_ssz_type *type, ol_slice value) {
  open_container stack[OL_SSZ_DEPTH];
  size_t depth = 0;
  OL_ASSERT(type->kind == OL_SSZ_CONTAINER);
  stack[depth++] = (open_container){.type = type, .value = value};
  OL_TRY(check_offsets(error, &stack[0]));
  while (depth > 0) {
    open_container *open = &stack[depth - 1];
    if (open->field == open->type->count) {
      depth--;
      continue;
    }
    const ol_ssz_type *inner = open->type->fields[open->field].type;
    ol_slice bytes = field_of(open->type, open->value, open->field++);
    size_t offset = open->offset + (size_t)(bytes.data - open->value.data);
    if (inner->kind == OL_SSZ_BYTE_LIST && bytes.len > inner->size)
      return ol_fail(error, OL_ERR_ENCODING, offset, "SSZ list is longer than its limit");
    if (inner->kind != OL_SSZ_CONTAINER) continue;
    OL_ASSERT(depth < OL_SSZ_DEPTH);
    stack[depth] = (open_container){.type = inner, .value = bytes, .offset = offset};
    OL_TRY(check_offsets(error, &stack[depth]));
    depth++;
  }
  return OL_OK;
}

/* --- JSON --- */

/* Reads a decimal string into `size` little-endian bytes. */
ol_status ol_ssz_uint_from_json(ol_error *error, uint8_t *out, uint32_t size, ol_json json) {
  ol_slice digits;
  OL_TRY(ol_json_string(error, &digits, json));
  memset(out, 0, size);
  if (digits.len == 0) return ol_fail(error, OL_ERR_ENCODING, json.offset, "number has no digits");
  for (size_t i = 0; i < digits.len; i++) {
    if (digits.data[i] < '0' || digits.data[i] > '9')
      return ol_fail(error, OL_ERR_ENCODING, json.offset + i, "character is not a decimal digit");
    uint32_t carry = (uint32_t)(digits.data[i] - '0');
    for (uint32_t k = 0; k < size; k++, carry >>= 8) out[k] = (uint8_t)(carry += 10u * out[k]);
    if (carry != 0) return ol_fail(error, OL_ERR_ENCODING, json.offset, "number is too large for its type");
  }
  return OL_OK;
}

static ol_status vector_from_json(ol_error *error, uint8_t *out, const ol_ssz_type *type, ol_json json) {
  ol_json_items items;
  ol_json item;
  OL_TRY(ol_json_array(error, &items, json));
  if (items.left != type->count)
    return ol_fail(error, OL_ERR_ENCODING, json.offset, "JSON array has the wrong number of elements");
  for (; ol_json_next(&item, NULL, &items); out += type->element->size)
    OL_TRY(ol_json_hex_fixed(error, out, type->element->size, item));
  return OL_OK;
}

/* Writes a value that is no container and of fixed size to its place. */
static ol_status fixed_from_json(ol_error *error, uint8_t *out, const ol_ssz_type *type, ol_json json) {
  switch (type->kind) {
  case OL_SSZ_UINT: return ol_ssz_uint_from_json(error, out, type->size, json);
  case OL_SSZ_BYTES:
  case OL_SSZ_BITS: return ol_json_hex_fixed(error, out, type->size, json);
  case OL_SSZ_VECTOR: return vector_from_json(error, out, type, json);
  case OL_SSZ_BYTE_LIST:
  case OL_SSZ_CONTAINER: break;
  }
  OL_ASSERT(false);
  return OL_OK;
}

/* What is being written: one growing value, in which each open container fills its fixed part as it goes. */
typedef struct encoding {
  uint8_t *bytes;
  size_t len; /* what is taken so far */
  size_t limit;
} encoding;

typedef struct filled_container {
  const ol_ssz_type *type;
  ol_json json;
  size_t start; /* where its value begins */
  size_t at;    /* where its next field goes in the fixed part */
  uint32_t field;
} filled_container;

static ol_status take(ol_error *error, encoding *to, size_t len) {
  if (len > to->limit - to->len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for SSZ");
  to->len += len;
  return OL_OK;
}

static ol_status byte_list_from_json(ol_error *error, encoding *to, const ol_ssz_type *type, ol_json json) {
  ol_slice text;
  OL_TRY(ol_json_string(error, &text, json));
  size_t len = text.len < 2 ? 0 : (text.len - 2) / 2; /* behind "0x" */
  if (len > type->size)
    return ol_fail(error, OL_ERR_ENCODING, json.offset, "SSZ list is longer than its limit");
  uint8_t *place = to->bytes + to->len;
  OL_TRY(take(error, to, len));
  return ol_json_hex_fixed(error, place, len, json);
}

/* Opens the container of a field; one of fixed size lies in the fixed part of the outer one. */
static ol_status open_filled(ol_error *error, encoding *to, filled_container *out, const ol_ssz_type *type,
                             ol_json json, size_t in_place) {
  size_t start = in_place;
  if (varies(type)) {
    start = to->len;
    OL_TRY(take(error, to, fixed_part(type)));
  }
  *out = (filled_container){.type = type, .json = json, .start = start, .at = start};
  return OL_OK;
}

static ol_status fill_field(ol_error *error, encoding *to, filled_container *stack, size_t *depth) {
  filled_container *open = &stack[*depth - 1];
  const ol_ssz_field *field = &open->type->fields[open->field++];
  const ol_ssz_type *type = field->type;
  ol_json json;
  OL_TRY(ol_json_need(error, &json, open->json, field->name, "field is missing"));
  size_t at = open->at;
  open->at += size_in_place(type);
  if (varies(type)) store_le32(to->bytes + at, to->len - open->start);
  if (type->kind == OL_SSZ_BYTE_LIST) return byte_list_from_json(error, to, type, json);
  if (type->kind != OL_SSZ_CONTAINER) return fixed_from_json(error, to->bytes + at, type, json);
  OL_ASSERT(*depth < OL_SSZ_DEPTH);
  OL_TRY(open_filled(error, to, &stack[*depth], type, json, at));
  ++*depth;
  return OL_OK;
}

ol_status ol_ssz_from_json(ol_error *error, ol_slice *out, ol_arena *arena, const ol_ssz_type *type,
                           ol_json json) {
  OL_ASSERT(type->kind == OL_SSZ_CONTAINER);
  filled_container stack[OL_SSZ_DEPTH];
  size_t depth = 1;
  encoding to = {.bytes = arena->memory + arena->used, .limit = arena->len - arena->used};
  OL_TRY(take(error, &to, fixed_part(type)));
  stack[0] = (filled_container){.type = type, .json = json};
  while (depth > 0) {
    filled_container *open = &stack[depth - 1];
    if (open->field == open->type->count) {
      depth--;
      continue;
    }
    const char *name = open->type->fields[open->field].name;
    OL_TRY(ol_error_in(error, fill_field(error, &to, stack, &depth), name, OL_NOWHERE));
  }
  arena->used += to.len;
  *out = ol_slice_of(to.bytes, to.len);
  return OL_OK;
}
