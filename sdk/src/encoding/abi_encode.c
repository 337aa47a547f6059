/* SPDX-License-Identifier: MIT */
#include "encoding/abi_encode.h"

#include "encoding/abi_write.h"
#include "encoding/hex.h"
#include "openledger/text.h"

#include "base/poison.h"

#define WORD sizeof(ol_u256)

/* A tuple or an array that is being encoded. */
typedef struct level {
  const ol_abi_type *type;
  const ol_abi_type *next; /* the type of the next member, or of all items */
  size_t at;               /* members or items begun */
  size_t left;
  ol_json value;
  ol_json_items items; /* when they are taken by order */
  ol_abi_frame frame;  /* of what is static, the one that it is in */
} level;

typedef struct encoder {
  ol_error *error;
  ol_abi_writer to;
  bool packed;
  size_t depth;
  level levels[OL_ABI_DEPTH];
} encoder;

/* Moves the place of a failure from a string to the text around it. */
static ol_status in_text(ol_error *error, ol_status status, ol_json value, size_t before) {
  if (status != OL_OK && error->offset != OL_NOWHERE) error->offset += (uint32_t)(value.offset + before);
  return status;
}

/* Whether a number fits its type, without its sign. */
static bool is_in_range(const ol_u256 *magnitude, const ol_abi_type *type, bool negative) {
  const size_t top = WORD - type->size;
  if (!ol_is_zero(ol_slice_of(magnitude->bytes, top))) return false;
  if (type->kind == OL_ABI_UINT || magnitude->bytes[top] < 0x80) return true;
  /* There is one negative number more. */
  return negative && magnitude->bytes[top] == 0x80 &&
         ol_is_zero(ol_slice_of(magnitude->bytes + top + 1, type->size - 1u));
}

static ol_status read_integer(ol_error *error, ol_u256 *out, const ol_abi_type *type, ol_json value) {
  ol_slice text = ol_json_number_text(value);
  if (text.len == 0 && ol_json_string(error, &text, value) != OL_OK)
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "integer is neither a number nor a string");
  const bool negative = text.len > 0 && text.data[0] == '-';
  const ol_status status =
      ol_u256_from_text(error, out, (const char *)text.data + negative, text.len - negative);
  OL_TRY(in_text(error, status, value, negative));
  if (negative && type->kind == OL_ABI_UINT && !ol_u256_is_zero(out))
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "unsigned integer is negative");
  if (!is_in_range(out, type, negative))
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "integer is out of its type's range");
  if (negative) ol_abi_negate(out);
  return OL_OK;
}

static ol_status read_word(ol_error *error, ol_u256 *out, const ol_abi_type *type, ol_json value) {
  ol_slice text;
  ol_address address;
  bool truth;
  *out = (ol_u256){{0}};
  switch (type->kind) {
  case OL_ABI_UINT:
  case OL_ABI_INT: return read_integer(error, out, type, value);
  case OL_ABI_BOOL:
    OL_TRY(ol_json_bool(error, &truth, value));
    *out = ol_abi_bool(truth);
    return OL_OK;
  case OL_ABI_ADDRESS:
    OL_TRY(ol_json_string(error, &text, value));
    OL_TRY(
        in_text(error, ol_address_from_text(error, &address, (const char *)text.data, text.len), value, 0));
    *out = ol_abi_address(&address);
    return OL_OK;
  default: return ol_json_hex_fixed(error, out->bytes, type->size, value);
  }
}

static ol_status put_word(encoder *to, level *in, const ol_abi_type *type, ol_json value) {
  ol_u256 word;
  OL_TRY(read_word(to->error, &word, type, value));
  if (!to->packed) {
    ol_abi_put_word(&to->to, &in->frame, &word);
    return OL_OK;
  }
  /* What is packed is as long as its type, but for items. */
  const size_t len = to->depth > 1 ? WORD : type->size;
  const bool at_front = type->kind == OL_ABI_FIXED_BYTES || type->kind == OL_ABI_FUNCTION_TYPE;
  uint8_t *room = ol_abi_append(&to->to, len);
  if (room != NULL) memcpy(room, word.bytes + (at_front ? 0 : WORD - len), len);
  return OL_OK;
}

static ol_status put_bytes(encoder *to, level *in, const ol_abi_type *type, ol_json value) {
  ol_slice text;
  OL_TRY(ol_json_string(to->error, &text, value));
  const bool is_hex = type->kind == OL_ABI_BYTES;
  if (is_hex) OL_TRY(in_text(to->error, ol_hex_digits(to->error, &text, text), value, 0));
  const size_t len = is_hex ? text.len / 2 : text.len;
  uint8_t *room = to->packed ? ol_abi_append(&to->to, len) : ol_abi_put_room(&to->to, &in->frame, len);
  if (room == NULL || text.len == 0) return OL_OK; /* that there is no memory, the end says */
  if (is_hex)
    return in_text(to->error, ol_hex_decode(to->error, room, (const char *)text.data, text.len), value, 2);
  memcpy(room, text.data, len);
  return OL_OK;
}

/* Begins the JSON value of a tuple or an array; it must have as many members or items as there are. */
static ol_status open_value(ol_error *error, level *out, const ol_abi_type *type, ol_json value) {
  *out = (level){.type = type, .next = type + 1, .value = value};
  const bool by_name = type->kind == OL_ABI_TUPLE && ol_json_kind_of(value) == OL_JSON_OBJECT;
  if (by_name && !type->named)
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "object for a tuple whose members have no names");
  OL_TRY(by_name ? ol_json_object(error, &out->items, value) : ol_json_array(error, &out->items, value));
  out->left = out->items.left;
  if (type->kind != OL_ABI_ARRAY && out->left != type->count)
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "number of values is not that of the type");
  return OL_OK;
}

static ol_status enter(encoder *to, level *in, const ol_abi_type *type, ol_json value) {
  level *out = &to->levels[to->depth];
  OL_TRY(open_value(to->error, out, type, value));
  if (to->packed) {
    if (type->kind == OL_ABI_TUPLE)
      return ol_fail(to->error, OL_ERR_ENCODING, value.offset, "tuples cannot be packed");
    if (type[1].dynamic)
      return ol_fail(to->error, OL_ERR_ENCODING, value.offset,
                     "arrays of what has no fixed size cannot be packed");
  } else if (type->kind == OL_ABI_ARRAY) {
    if (out->left > OL_ABI_WORDS / type[1].words)
      return ol_fail(to->error, OL_ERR_LIMIT, value.offset, "array is too large");
    out->frame = ol_abi_put_array(&to->to, &in->frame, out->left, out->left * type[1].words);
  } else {
    out->frame = type->dynamic ? ol_abi_put_tuple(&to->to, &in->frame, type->inside) : in->frame;
  }
  to->depth++;
  return OL_OK;
}

/* Finds the value of the next member or item. */
static ol_status take_value(ol_error *error, ol_json *out, level *in) {
  if (!in->items.object) {
    bool found = ol_json_next(out, NULL, &in->items);
    OL_ASSERT(found);
    return OL_OK;
  }
  ol_json_items items = in->items;
  ol_slice name;
  while (ol_json_next(out, &name, &items)) {
    if (name.len == in->next->name.len && memcmp(name.data, in->next->name.data, name.len) == 0) return OL_OK;
  }
  return ol_fail(error, OL_ERR_ENCODING, in->value.offset, "object has no member of this name");
}

static ol_status put_next(encoder *to) {
  level *in = &to->levels[to->depth - 1];
  const ol_abi_type *type = in->next;
  ol_json value;
  in->at++;
  in->left--;
  OL_TRY(take_value(to->error, &value, in));
  if (in->type->kind == OL_ABI_TUPLE) in->next += type->span;
  if (type->kind >= OL_ABI_FIXED_ARRAY) return enter(to, in, type, value);
  return type->kind >= OL_ABI_BYTES ? put_bytes(to, in, type, value) : put_word(to, in, type, value);
}

ol_status ol_abi_encode(ol_error *error, ol_slice *out, const ol_abi_signature *signature, ol_json values,
                        bool packed, void *memory, size_t len) {
  encoder to = {.error = error, .packed = packed, .depth = 1};
  const ol_abi_type *list = signature->types;
  const bool selects = !packed && (signature->form == OL_ABI_FUNCTION || signature->form == OL_ABI_ERROR);
  OL_TRY(open_value(error, &to.levels[0], list, values));
  to.levels[0].frame =
      selects ? ol_abi_begin_call(&to.to, ol_load_be32(signature->hash.bytes), list->inside, memory, len)
              : ol_abi_begin(&to.to, packed ? 0 : list->inside, memory, len);
  while (to.depth > 0) {
    level *in = &to.levels[to.depth - 1];
    if (in->left > 0) {
      const size_t depth = to.depth;
      const ol_status status = put_next(&to);
      OL_TRY(ol_abi_within(error, status, depth, to.levels[0].at - 1, in->at - 1));
      continue;
    }
    to.depth--;
    if (to.depth > 0 && !in->type->dynamic) in[-1].frame.next = in->frame.next;
  }
  return ol_abi_end(error, out, &to.to);
}
