/* SPDX-License-Identifier: MIT */
#include "wallet/typed_data.h"

#include "base/limits.h"
#include "crypto/keccak.h"
#include "encoding/text.h"

#include "base/poison.h"

/* A struct or an array whose values are being hashed. */
typedef struct frame {
  ol_keccak keccak;
  ol_json value;
  const ol_typed_struct *structure; /* NULL for an array, and then: */
  const ol_typed_member *member;    /* whose elements they are, */
  uint32_t dimensions;              /* of each of which there are so many */
  uint32_t at;                      /* members that were taken */
  ol_json_items items;              /* what was not taken; of an object, what was not looked at */
  ol_json_items front;              /* of an object: all of it */
} frame;

typedef struct walk {
  const ol_typed_types *types;
  ol_json_writer *tell;
  const char *name; /* under which the whole is told */
  size_t depth;
  frame frames[OL_LIMIT_TYPED_DEPTH];
} walk;

/*
 * Goes on from `items`, as members mostly are in the order of their type, and then from the front. In: where the object
 * is in the text.
 */
static ol_status find_member(ol_error *error, ol_json *out, ol_json_items *items, ol_json_items front,
                             size_t offset, ol_slice name) {
  ol_slice found;
  bool there = ol_json_next(out, &found, items) && ol_slice_equal(found, name);
  while (!there && ol_json_next(out, &found, &front)) {
    there = ol_slice_equal(found, name);
    if (there) *items = front;
  }
  if (!there || ol_json_kind_of(*out) == OL_JSON_NULL)
    return ol_fail(error, OL_ERR_ENCODING, offset, "member of the type is missing, or null");
  return OL_OK;
}

ol_status ol_typed_member_value(ol_error *error, ol_json *out, ol_json object, ol_slice name) {
  ol_json_items items;
  OL_TRY(ol_json_object(error, &items, object));
  return find_member(error, out, &items, items, object.offset, name);
}

/* Returns: a frame with no hash yet; NULL when there are too many. */
static frame *push(walk *in, ol_json value) {
  if (in->depth == OL_LIMIT_TYPED_DEPTH) return NULL;
  frame *out = &in->frames[in->depth++];
  ol_keccak_init(&out->keccak);
  out->value = value;
  out->at = 0;
  return out;
}

static ol_status too_deep(ol_error *error, ol_json value) {
  return ol_fail(error, OL_ERR_LIMIT, value.offset, "structs and arrays are nested too deep");
}

static ol_status push_struct(ol_error *error, walk *in, const ol_typed_struct *type, ol_json value) {
  ol_json member;
  ol_slice name;
  frame *top = push(in, value);
  if (top == NULL) return too_deep(error, value);
  OL_TRY(ol_json_object(error, &top->items, value));
  top->front = top->items;
  ol_json_items names = top->items;
  while (ol_json_next(&member, &name, &names)) {
    if (ol_typed_is_pollution(name))
      return ol_fail(error, OL_ERR_ENCODING, member.offset, "name of a member is one of JavaScript's own");
  }
  top->structure = type;
  ol_keccak_update(&top->keccak, type->hash.bytes, sizeof type->hash.bytes);
  return OL_OK;
}

/* In: how many dimensions the array has. */
static ol_status push_array(ol_error *error, walk *in, const ol_typed_member *member, uint32_t dimensions,
                            ol_json value) {
  frame *top = push(in, value);
  if (top == NULL) return too_deep(error, value);
  OL_TRY(ol_json_array(error, &top->items, value));
  const uint32_t count = ol_typed_dimension(member, dimensions - 1);
  if (count != 0 && top->items.left != count)
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "array has another length than its type");
  top->structure = NULL;
  top->member = member;
  top->dimensions = dimensions - 1;
  return OL_OK;
}

/* What is told comes as the value of a member, as an element, or as the whole. */
static const char *name_in(const walk *in) {
  if (in->depth == 0) return in->name;
  return in->frames[in->depth - 1].structure != NULL ? "value" : NULL;
}

/* Ends what is told of a value: of a struct's member, its name and type were told before it. */
static void told(walk *in) {
  if (in->tell != NULL && in->depth > 0 && in->frames[in->depth - 1].structure != NULL)
    ol_json_write_close(in->tell);
}

/* A value that is to be hashed, and its type. */
typedef struct part {
  ol_json value;
  const ol_typed_member *member;
  uint32_t dimensions;
} part;

/* Takes the next value of a frame. Out: false at its end. */
static ol_status next(ol_error *error, bool *out_more, part *out, frame *top) {
  if (top->structure == NULL) {
    out->member = top->member;
    out->dimensions = top->dimensions;
    *out_more = ol_json_next(&out->value, NULL, &top->items);
  } else {
    *out_more = top->at < top->structure->count;
    if (!*out_more) return OL_OK;
    out->member = &top->structure->members[top->at++];
    out->dimensions = out->member->dimensions;
    OL_TRY(find_member(error, &out->value, &top->items, top->front, top->value.offset, out->member->name));
  }
  if (*out_more && out->value.offset == OL_NOWHERE) out->value.offset = top->value.offset;
  return OL_OK;
}

/* Hashes one value, or begins it. */
static ol_status step(ol_error *error, walk *in, const part *at) {
  const ol_typed_member *member = at->member;
  frame *top = &in->frames[in->depth - 1];
  const char *name = name_in(in);
  ol_u256 word;
  if (in->tell != NULL && top->structure != NULL) {
    ol_json_write_object(in->tell, NULL);
    ol_json_write_string(in->tell, "name", member->name);
    ol_json_write_string(in->tell, "type", member->type);
  }
  if (at->dimensions > 0 || member->form == OL_FORM_STRUCT) {
    if (in->tell != NULL) ol_json_write_array(in->tell, name);
    if (at->dimensions > 0) return push_array(error, in, member, at->dimensions, at->value);
    return push_struct(error, in, &in->types->structs[member->structure], at->value);
  }
  OL_TRY(ol_typed_encode(error, &word, member, at->value));
  ol_keccak_update(&top->keccak, word.bytes, sizeof word.bytes);
  if (in->tell != NULL) ol_typed_tell(in->tell, name, member, &word, at->value);
  told(in);
  return OL_OK;
}

ol_status ol_typed_walk(ol_error *error, ol_hash *out, const ol_typed_types *types,
                        const ol_typed_struct *type, ol_json value, ol_json_writer *tell, const char *name) {
  walk in;
  part at;
  bool more = true;
  ol_hash hash;
  in.types = types;
  in.tell = tell;
  in.name = name;
  in.depth = 0;
  if (tell != NULL) ol_json_write_array(tell, name);
  OL_TRY(push_struct(error, &in, type, value));
  for (;;) {
    frame *top = &in.frames[in.depth - 1];
    OL_TRY(next(error, &more, &at, top));
    if (more) {
      OL_TRY(step(error, &in, &at));
      continue;
    }
    ol_keccak_final(&top->keccak, &hash);
    if (tell != NULL) ol_json_write_close(tell);
    if (--in.depth == 0) break;
    ol_keccak_update(&in.frames[in.depth - 1].keccak, hash.bytes, sizeof hash.bytes);
    told(&in);
  }
  *out = hash;
  return OL_OK;
}
