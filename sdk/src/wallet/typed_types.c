/* SPDX-License-Identifier: MIT */
#include "wallet/typed_data.h"

#include "base/limits.h"
#include "base/writer.h"
#include "encoding/text.h"

#include "base/poison.h"

static bool is_digit(uint8_t c) {
  return c >= '0' && c <= '9';
}

static bool is_word(uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

/* Takes a number without leading zeros, 1 to 999,999,999, from the front of a text. Returns: 0 when there is none. */
static uint32_t take_number(ol_slice *text) {
  uint32_t number = 0;
  size_t len = 0;
  for (; len < text->len && is_digit(text->data[len]); len++) {
    if (len == 9 || (len == 0 && text->data[0] == '0')) return 0;
    number = 10 * number + (uint32_t)(text->data[len] - '0');
  }
  *text = ol_slice_of(text->data + len, text->len - len);
  return number;
}

/* The bytes of a type with a number behind its name; 0 when there is none so wide. */
static uint8_t width_of(ol_slice number, bool in_bits) {
  uint32_t width = take_number(&number);
  if (number.len > 0 || (in_bits && width % 8 != 0)) return 0;
  width = in_bits ? width / 8 : width;
  return width <= 32 ? (uint8_t)width : 0;
}

/* Reads a type that is no array. Returns: false for one that looks like one of Solidity's and is none. */
static bool read_base(ol_typed_member *out, ol_slice base) {
  static const struct {
    const char *name;
    uint8_t form, wide; /* with a width behind the name */
  } forms[] = {{"bool", OL_FORM_BOOL, OL_FORM_STRUCT},     {"address", OL_FORM_ADDRESS, OL_FORM_STRUCT},
               {"string", OL_FORM_STRING, OL_FORM_STRUCT}, {"bytes", OL_FORM_BYTES, OL_FORM_WORD},
               {"uint", OL_FORM_STRUCT, OL_FORM_UINT},     {"int", OL_FORM_STRUCT, OL_FORM_INT}};
  out->form = OL_FORM_STRUCT;
  out->width = 0;
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    const bool whole = ol_slice_is(base, forms[i].name), has_width = forms[i].wide != OL_FORM_STRUCT;
    if (whole && forms[i].form != OL_FORM_STRUCT) {
      out->form = forms[i].form;
      return true;
    }
    if (!has_width || !ol_slice_begins(base, forms[i].name)) continue;
    size_t name_len = ol_text_len(forms[i].name);
    out->form = forms[i].wide;
    out->width =
        width_of(ol_slice_of(base.data + name_len, base.len - name_len), forms[i].wide != OL_FORM_WORD);
    return out->width > 0;
  }
  return base.len > 0 && !is_digit(base.data[0]);
}

bool ol_typed_type_read(ol_typed_member *out, ol_slice type) {
  size_t len = 0;
  while (len < type.len && is_word(type.data[len])) len++;
  out->type = type;
  out->base_len = (uint32_t)len;
  out->dimensions = 0;
  out->structure = 0;
  if (!read_base(out, ol_slice_of(type.data, len))) return false;
  ol_slice rest = ol_slice_of(type.data + len, type.len - len);
  for (; rest.len > 0; out->dimensions++) {
    if (rest.data[0] != '[' || out->dimensions == OL_LIMIT_TYPED_DEPTH) return false;
    rest = ol_slice_of(rest.data + 1, rest.len - 1);
    if (rest.len > 0 && is_digit(rest.data[0]) && take_number(&rest) == 0) return false;
    if (rest.len == 0 || rest.data[0] != ']') return false;
    rest = ol_slice_of(rest.data + 1, rest.len - 1);
  }
  return true;
}

uint32_t ol_typed_dimension(const ol_typed_member *member, uint32_t index) {
  ol_slice rest = ol_slice_of(member->type.data + member->base_len, member->type.len - member->base_len);
  for (;;) {
    rest = ol_slice_of(rest.data + 1, rest.len - 1);
    uint32_t count = rest.data[0] == ']' ? 0 : take_number(&rest);
    if (index-- == 0) return count;
    rest = ol_slice_of(rest.data + 1, rest.len - 1);
  }
}

bool ol_typed_is_pollution(ol_slice name) {
  return ol_slice_is(name, "__proto__") || ol_slice_is(name, "constructor") || ol_slice_is(name, "prototype");
}

/* A Solidity identifier; a struct's name may have colons too, which some signers put there. */
static bool is_name(ol_slice name, uint8_t also) {
  if (name.len == 0 || is_digit(name.data[0]) || name.data[0] == ':' || ol_typed_is_pollution(name))
    return false;
  for (size_t i = 0; i < name.len; i++) {
    if (!is_word(name.data[i]) && name.data[i] != also) return false;
  }
  return true;
}

/* Where what was read of a text is in it. */
static size_t place_of(ol_slice part, const char *text) {
  return (size_t)((const char *)part.data - text);
}

static ol_status read_member(ol_error *error, ol_typed_member *out, ol_json json) {
  ol_json name, type;
  OL_TRY(ol_json_need(error, &name, json, "name", "member of a type has no name"));
  OL_TRY(ol_json_need(error, &type, json, "type", "member of a type has no type"));
  OL_TRY(ol_json_string(error, &out->name, name));
  OL_TRY(ol_json_string(error, &out->type, type));
  if (!is_name(out->name, '$'))
    return ol_fail(error, OL_ERR_ENCODING, name.offset, "name of a member is not an identifier");
  if (!ol_typed_type_read(out, out->type))
    return ol_fail(error, OL_ERR_ENCODING, type.offset, "type of a member is not one of EIP-712");
  return OL_OK;
}

static ol_status read_struct(ol_error *error, ol_typed_struct *out, ol_arena *arena, ol_json json) {
  ol_json_items items;
  ol_json item;
  OL_TRY(ol_json_array(error, &items, json));
  if (items.left > OL_LIMIT_TYPED_MEMBERS)
    return ol_fail(error, OL_ERR_LIMIT, json.offset, "type has too many members");
  ol_typed_member *members = (ol_typed_member *)ol_arena_take(arena, items.left * sizeof *members);
  if (members == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the types");
  out->members = members;
  out->count = 0;
  while (ol_json_next(&item, NULL, &items)) {
    ol_typed_member *member = &members[out->count];
    if (item.offset == OL_NOWHERE) item.offset = json.offset;
    OL_TRY(read_member(error, member, item));
    for (uint32_t i = 0; i < out->count; i++) {
      if (ol_slice_equal(members[i].name, member->name))
        return ol_fail(error, OL_ERR_ENCODING, place_of(member->name, json.text), "type has a member twice");
    }
    out->count++;
  }
  return OL_OK;
}

/* Whether a name comes before another, as sorting does it in JavaScript: all of them are ASCII. */
static bool is_before(ol_slice a, ol_slice b) {
  int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);
  return order != 0 ? order < 0 : a.len < b.len;
}

/* Links members to the structs that they are of. */
static ol_status link_structs(ol_error *error, const ol_typed_types *types, const char *text) {
  for (uint32_t i = 0; i < types->count; i++) {
    ol_typed_member *members = (ol_typed_member *)(uintptr_t)types->structs[i].members;
    for (uint32_t k = 0; k < types->structs[i].count; k++) {
      ol_slice base = ol_slice_of(members[k].type.data, members[k].base_len);
      if (members[k].form != OL_FORM_STRUCT) continue;
      const ol_typed_struct *found = ol_typed_struct_find(types, base);
      if (found == NULL)
        return ol_fail(error, OL_ERR_ENCODING, place_of(base, text), "type of a member is not defined");
      members[k].structure = (uint32_t)(found - types->structs);
    }
  }
  return OL_OK;
}

ol_status ol_typed_types_read(ol_error *error, ol_typed_types *out, ol_arena *arena, ol_json types) {
  ol_json_items items;
  ol_json item;
  ol_typed_struct one;
  ol_typed_member as_type;
  OL_TRY(ol_json_object(error, &items, types));
  if (items.left > OL_LIMIT_TYPED_STRUCTS)
    return ol_fail(error, OL_ERR_LIMIT, types.offset, "there are too many types");
  out->count = 0;
  out->structs = (ol_typed_struct *)ol_arena_take(arena, items.left * sizeof *out->structs);
  if (out->structs == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the types");
  while (ol_json_next(&item, &one.name, &items)) {
    if (!is_name(one.name, ':') || !read_base(&as_type, one.name) || as_type.form != OL_FORM_STRUCT)
      return ol_fail(error, OL_ERR_ENCODING, item.offset, "name of a type is not one for a struct");
    OL_TRY(read_struct(error, &one, arena, item));
    uint32_t at = out->count++;
    for (; at > 0 && is_before(one.name, out->structs[at - 1].name); at--)
      out->structs[at] = out->structs[at - 1];
    out->structs[at] = one;
  }
  return link_structs(error, out, types.text);
}

ol_typed_struct *ol_typed_struct_find(const ol_typed_types *types, ol_slice name) {
  for (uint32_t i = 0; i < types->count; i++) {
    if (ol_slice_equal(types->structs[i].name, name)) return &types->structs[i];
  }
  return NULL;
}

/* --- encodeType --- */

static void put_character(ol_writer *to, char c) {
  ol_write_bytes(to, &c, 1);
}

static void put_struct(ol_writer *to, const ol_typed_struct *type) {
  ol_write_slice(to, type->name);
  put_character(to, '(');
  for (uint32_t i = 0; i < type->count; i++) {
    if (i > 0) put_character(to, ',');
    ol_write_slice(to, type->members[i].type);
    put_character(to, ' ');
    ol_write_slice(to, type->members[i].name);
  }
  put_character(to, ')');
}

_Static_assert(OL_LIMIT_TYPED_STRUCTS <= 64, "a bit for each struct");

/* The structs that one reaches, itself included, as bits. */
static uint64_t reached_from(const ol_typed_types *types, uint32_t index) {
  uint64_t reached = (uint64_t)1 << index, done = 0;
  while (reached != done) {
    for (uint32_t i = 0; i < types->count; i++) {
      const uint64_t bit = (uint64_t)1 << i;
      if ((reached & ~done & bit) == 0) continue;
      done |= bit;
      for (uint32_t k = 0; k < types->structs[i].count; k++) {
        const ol_typed_member *member = &types->structs[i].members[k];
        if (member->form == OL_FORM_STRUCT) reached |= (uint64_t)1 << member->structure;
      }
    }
  }
  return reached;
}

/* Writes a struct, and behind it all that it refers to in the order of their names, and hashes that. */
static ol_status encode_type(ol_error *error, ol_slice *out, const ol_typed_types *types, ol_arena *arena,
                             uint32_t index) {
  ol_writer to = {.out = (uint8_t *)ol_arena_take(arena, OL_LIMIT_TYPED_ENCODED),
                  .len = OL_LIMIT_TYPED_ENCODED};
  if (to.out == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the types");
  const uint64_t others = reached_from(types, index) & ~((uint64_t)1 << index);
  put_struct(&to, &types->structs[index]);
  for (uint32_t i = 0; i < types->count; i++) {
    if ((others >> i & 1) != 0) put_struct(&to, &types->structs[i]);
  }
  if (to.used > to.len) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "type is too long");
  OL_ASSERT(ol_arena_resize(arena, to.out, to.len, to.used) == to.out);
  ol_keccak256(&types->structs[index].hash, to.out, to.used);
  *out = ol_slice_of(to.out, to.used);
  return OL_OK;
}

ol_status ol_typed_types_hash(ol_error *error, ol_slice *out_encoded, const ol_typed_types *types,
                              ol_arena *arena, const ol_typed_struct *primary) {
  const uint32_t index = (uint32_t)(primary - types->structs);
  const uint64_t reached = reached_from(types, index) & ~((uint64_t)1 << index);
  ol_slice text;
  for (uint32_t i = 0; i < types->count; i++) {
    const size_t mark = arena->used;
    if ((reached >> i & 1) == 0) continue;
    OL_TRY(encode_type(error, &text, types, arena, i));
    arena->used = mark;
  }
  return encode_type(error, out_encoded, types, arena, index);
}

/* --- EIP712Domain --- */

static const struct {
  const char *name, *type;
} domain_fields[OL_TYPED_DOMAIN_FIELDS] = {{"name", "string"},
                                           {"version", "string"},
                                           {"chainId", "uint256"},
                                           {"verifyingContract", "address"},
                                           {"salt", "bytes32"}};

void ol_typed_domain_type(ol_typed_struct *out, ol_typed_member members[OL_TYPED_DOMAIN_FIELDS],
                          uint32_t fields) {
  uint8_t text[128];
  ol_writer to = {.out = text, .len = sizeof text};
  *out = (ol_typed_struct){.name = ol_slice_text("EIP712Domain"), .members = members};
  for (uint32_t i = 0; i < OL_TYPED_DOMAIN_FIELDS; i++) {
    if ((fields >> i & 1) == 0) continue;
    ol_typed_member *member = &members[out->count++];
    OL_ASSERT(ol_typed_type_read(member, ol_slice_text(domain_fields[i].type)));
    member->name = ol_slice_text(domain_fields[i].name);
  }
  put_struct(&to, out);
  OL_ASSERT(to.used <= to.len);
  ol_keccak256(&out->hash, text, to.used);
}

ol_status ol_typed_domain_fields(ol_error *error, uint32_t *out, const ol_typed_struct *given,
                                 const char *text) {
  uint32_t fields = 0, at = 0;
  for (uint32_t i = 0; i < given->count; i++, at++) {
    const ol_typed_member *member = &given->members[i];
    while (at < OL_TYPED_DOMAIN_FIELDS && !ol_slice_is(member->name, domain_fields[at].name)) at++;
    if (at == OL_TYPED_DOMAIN_FIELDS || !ol_slice_is(member->type, domain_fields[at].type))
      return ol_fail(error, OL_ERR_ENCODING, place_of(member->name, text),
                     "EIP712Domain has other fields than EIP-712's, or in another order");
    fields |= 1u << at;
  }
  *out = fields;
  return OL_OK;
}
