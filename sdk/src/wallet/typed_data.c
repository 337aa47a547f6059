/* SPDX-License-Identifier: MIT */
#include "wallet/typed_data.h"

#include "base/limits.h"
#include "crypto/keccak.h"
#include "encoding/abi.h"
#include "encoding/text.h"

#include "base/poison.h"

/* --- Hashes --- */

void ol_typed_struct_hash(ol_hash *out, const ol_hash *type_hash, const ol_u256 *words, size_t words_len) {
  ol_keccak keccak;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, type_hash->bytes, sizeof type_hash->bytes);
  if (words_len > 0) ol_keccak_update(&keccak, words[0].bytes, words_len * sizeof *words);
  ol_keccak_final(&keccak, out);
}

void ol_typed_digest(ol_hash *out, const ol_hash *domain_separator, const ol_hash *message_hash) {
  uint8_t bytes[66] = {0x19, 0x01};
  memcpy(bytes + 2, domain_separator->bytes, 32);
  memcpy(bytes + 34, message_hash->bytes, 32);
  ol_keccak256(out, bytes, sizeof bytes);
}

static ol_u256 hash_of(ol_slice text) {
  ol_hash hash;
  ol_u256 word;
  ol_keccak256(&hash, text.data, text.len);
  memcpy(word.bytes, hash.bytes, sizeof word.bytes);
  return word;
}

/* In: the type of a domain with these fields. */
static void separate(ol_hash *out, const ol_typed_domain *domain, const ol_typed_struct *type) {
  ol_u256 words[OL_TYPED_DOMAIN_FIELDS];
  size_t count = 0;
  if ((domain->fields & OL_TYPED_NAME) != 0) words[count++] = hash_of(domain->name);
  if ((domain->fields & OL_TYPED_VERSION) != 0) words[count++] = hash_of(domain->version);
  if ((domain->fields & OL_TYPED_CHAIN_ID) != 0) words[count++] = domain->chain_id;
  if ((domain->fields & OL_TYPED_CONTRACT) != 0) words[count++] = ol_abi_address(&domain->verifying_contract);
  if ((domain->fields & OL_TYPED_SALT) != 0) memcpy(words[count++].bytes, domain->salt.bytes, 32);
  ol_typed_struct_hash(out, &type->hash, words, count);
}

void ol_typed_domain_separator(ol_hash *out, const ol_typed_domain *domain) {
  ol_typed_struct type;
  ol_typed_member members[OL_TYPED_DOMAIN_FIELDS];
  ol_typed_domain_type(&type, members, domain->fields);
  separate(out, domain, &type);
}

/* --- Reading --- */

/* The document's four members, and no others. */
static ol_status find_parts(ol_error *error, ol_json out[4], ol_json root) {
  static const char *const names[4] = {"types", "primaryType", "domain", "message"};
  ol_json_items items;
  ol_json item;
  ol_slice name;
  uint32_t found = 0;
  OL_TRY(ol_json_object(error, &items, root));
  while (ol_json_next(&item, &name, &items)) {
    size_t i = 0;
    while (i < 4 && !ol_slice_is(name, names[i])) i++;
    if (i == 4)
      return ol_fail(error, OL_ERR_ENCODING, item.offset, "document has a member that it should not have");
    out[i] = item;
    found |= 1u << i;
  }
  if (found != 15)
    return ol_fail(error, OL_ERR_ENCODING, 0, "document lacks types, primaryType, domain or message");
  return OL_OK;
}

/* The fields that are there, of a domain whose type is not given. */
static uint32_t derive_fields(const ol_typed_member *members, ol_json_items items) {
  ol_json item;
  ol_slice name;
  uint32_t fields = 0;
  while (ol_json_next(&item, &name, &items)) {
    if (ol_json_kind_of(item) == OL_JSON_NULL) continue;
    for (uint32_t i = 0; i < OL_TYPED_DOMAIN_FIELDS; i++) {
      if (ol_slice_equal(name, members[i].name)) fields |= 1u << i;
    }
  }
  return fields;
}

/* What is in a domain and not in its type would be shown by others, and not be signed. */
static ol_status check_domain_names(ol_error *error, const ol_typed_struct *type, ol_json_items items) {
  ol_json item;
  ol_slice name;
  while (ol_json_next(&item, &name, &items)) {
    bool known = ol_json_kind_of(item) == OL_JSON_NULL;
    for (uint32_t i = 0; i < type->count; i++) known |= ol_slice_equal(name, type->members[i].name);
    if (!known)
      return ol_fail(error, OL_ERR_ENCODING, item.offset, "domain has a member that its type does not have");
  }
  return OL_OK;
}

static ol_status read_field(ol_error *error, ol_typed_domain *out, const ol_typed_member *member,
                            ol_json object) {
  ol_json value;
  ol_u256 word;
  OL_TRY(ol_typed_member_value(error, &value, object, member->name));
  OL_TRY(ol_typed_encode(error, &word, member, value));
  switch (member->form) {
  case OL_FORM_UINT: out->chain_id = word; return OL_OK;
  case OL_FORM_ADDRESS: memcpy(out->verifying_contract.bytes, word.bytes + 12, 20); return OL_OK;
  case OL_FORM_WORD: memcpy(out->salt.bytes, word.bytes, 32); return OL_OK;
  default: break;
  }
  return ol_json_string(error, ol_slice_is(member->name, "name") ? &out->name : &out->version, value);
}

#define ALL_FIELDS ((1u << OL_TYPED_DOMAIN_FIELDS) - 1)

/* Out: the document's domain, its type and its separator. */
static ol_status read_domain(ol_error *error, ol_typed_data *out, ol_typed_document *document) {
  ol_typed_struct *type = &document->domain_type;
  ol_typed_domain *domain = &out->domain;
  const ol_typed_struct *given = ol_typed_struct_find(&document->types, ol_slice_text("EIP712Domain"));
  ol_json_items items;
  OL_TRY(ol_json_object(error, &items, document->domain));
  if (given != NULL) {
    OL_TRY(ol_error_in(error, ol_typed_domain_fields(error, &domain->fields, given, document->domain.text),
                       "types", OL_NOWHERE));
  } else {
    ol_typed_domain_type(type, document->domain_members, ALL_FIELDS);
    domain->fields = derive_fields(document->domain_members, items);
  }
  ol_typed_domain_type(type, document->domain_members, domain->fields);
  OL_TRY(check_domain_names(error, type, items));
  for (uint32_t i = 0; i < type->count; i++)
    OL_TRY(read_field(error, domain, &type->members[i], document->domain));
  /* Signers disagree on whether an empty version is there. */
  if (given == NULL && (domain->fields & OL_TYPED_VERSION) != 0 && domain->version.len == 0)
    return ol_fail(error, OL_ERR_ENCODING, document->domain.offset,
                   "version is empty, and its type is not given");
  separate(&out->domain_separator, domain, type);
  return OL_OK;
}

static ol_status read_primary(ol_error *error, ol_typed_data *out, ol_typed_document *document,
                              ol_arena *arena, ol_json name) {
  OL_TRY(ol_json_string(error, &out->primary_type, name));
  if (ol_slice_is(out->primary_type, "EIP712Domain"))
    return ol_fail(error, OL_ERR_ENCODING, name.offset, "primary type is the domain, which signs no message");
  document->primary = ol_typed_struct_find(&document->types, out->primary_type);
  if (document->primary == NULL)
    return ol_fail(error, OL_ERR_ENCODING, name.offset, "primary type is not defined");
  OL_TRY(ol_typed_types_hash(error, &out->encoded_type, &document->types, arena, document->primary));
  out->type_hash = document->primary->hash;
  out->kind = ol_typed_kind_of(out->encoded_type);
  return OL_OK;
}

static ol_status read_document(ol_error *error, ol_typed_data *out, ol_arena *arena, ol_slice text) {
  ol_json root, parts[4];
  if (text.len > OL_LIMIT_TYPED_TEXT) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "document is too long");
  ol_typed_document *document = (ol_typed_document *)ol_arena_take(arena, sizeof *document);
  if (document == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the document");
  memset(out, 0, sizeof *out);
  OL_TRY(ol_json_read(error, &root, arena, text.data, text.len));
  OL_TRY(find_parts(error, parts, root));
  document->domain = parts[2];
  document->message = parts[3];
  out->document = document;
  OL_TRY(
      ol_error_in(error, ol_typed_types_read(error, &document->types, arena, parts[0]), "types", OL_NOWHERE));
  OL_TRY(ol_error_in(error, read_primary(error, out, document, arena, parts[1]), "primaryType", OL_NOWHERE));
  OL_TRY(ol_error_in(error, read_domain(error, out, document), "domain", OL_NOWHERE));
  OL_TRY(ol_error_in(error,
                     ol_typed_walk(error, &out->message_hash, &document->types, document->primary,
                                   document->message, NULL, NULL),
                     "message", OL_NOWHERE));
  ol_typed_digest(&out->digest, &out->domain_separator, &out->message_hash);
  return OL_OK;
}

ol_status ol_typed_data_read(ol_error *error, ol_typed_data *out, ol_slice text, void *memory, size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_typed_data data;
  ol_error_clear(error);
  OL_TRY(read_document(error, &data, &arena, text));
  *out = data;
  return OL_OK;
}

ol_status ol_typed_data_check(ol_error *error, const ol_typed_data *data, uint64_t chain_id,
                              const ol_address *accounts, size_t accounts_len) {
  const ol_typed_domain *domain = &data->domain;
  const ol_u256 active = ol_abi_u64(chain_id);
  ol_error_clear(error);
  if ((domain->fields & OL_TYPED_CHAIN_ID) != 0 && memcmp(&domain->chain_id, &active, sizeof active) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "domain is of another chain than the active one");
  if ((domain->fields & OL_TYPED_CONTRACT) == 0) return OL_OK;
  for (size_t i = 0; i < accounts_len; i++) {
    if (memcmp(&domain->verifying_contract, &accounts[i], sizeof accounts[i]) == 0)
      return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE,
                     "verifying contract is one of the user's own accounts");
  }
  return OL_OK;
}

/* --- Telling --- */

static ol_status tell(ol_error *error, const ol_typed_data *data, ol_json_writer *to) {
  const ol_typed_document *document = (const ol_typed_document *)data->document;
  const char *known = ol_typed_kind_name((ol_typed_kind)data->kind);
  ol_hash separator, message;
  ol_json_write_object(to, NULL);
  if (known != NULL)
    ol_json_write_text(to, "known", known);
  else
    ol_json_write_null(to, "known");
  ol_json_write_string(to, "primaryType", data->primary_type);
  ol_json_write_hex(to, "typeHash", data->type_hash.bytes, sizeof data->type_hash.bytes);
  ol_json_write_hex(to, "digest", data->digest.bytes, sizeof data->digest.bytes);
  OL_TRY(ol_typed_walk(error, &separator, &document->types, &document->domain_type, document->domain, to,
                       "domain"));
  OL_TRY(
      ol_typed_walk(error, &message, &document->types, document->primary, document->message, to, "message"));
  ol_json_write_close(to);
  ol_typed_digest(&message, &separator, &message);
  if (!ol_hash_equal(&message, &data->digest))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "document is not what was read");
  return OL_OK;
}

ol_status ol_typed_data_explain(ol_error *error, ol_slice *out, const ol_typed_data *data, void *memory,
                                size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_json_writer to;
  ol_error_clear(error);
  ol_json_write_begin(&to, &arena);
  OL_TRY(tell(error, data, &to));
  return ol_json_write_end(error, out, &to);
}

/* --- Members by their path --- */

static ol_status no_member(ol_error *error) {
  return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "message has no such member");
}

/* A value of the message: a member of a struct, or an element of its arrays. */
typedef struct found {
  const ol_typed_member *member;
  uint32_t dimensions; /* that the value itself has */
  ol_json value;
} found;

/* Takes the text before the next point from a path. */
static ol_slice take_step(const char **path) {
  const char *begin = *path, *end = begin;
  while (*end != '\0' && *end != '.') end++;
  *path = *end == '.' ? end + 1 : end;
  return ol_slice_of(begin, (size_t)(end - begin));
}

static ol_status find_element(ol_error *error, found *at, ol_slice index) {
  ol_json_items items;
  size_t number = 0;
  if (index.len == 0 || index.len > 7) return no_member(error);
  for (size_t i = 0; i < index.len; i++) {
    if (index.data[i] < '0' || index.data[i] > '9') return no_member(error);
    number = 10 * number + (size_t)(index.data[i] - '0');
  }
  OL_TRY(ol_json_array(error, &items, at->value));
  do {
    if (!ol_json_next(&at->value, NULL, &items)) return no_member(error);
  } while (number-- > 0);
  at->dimensions--;
  return OL_OK;
}

static ol_status find(ol_error *error, found *out, const ol_typed_data *data, const char *path) {
  const ol_typed_document *document = (const ol_typed_document *)data->document;
  const ol_typed_struct *type = document->primary;
  found at = {.value = document->message};
  ol_error_clear(error);
  do {
    ol_slice name = take_step(&path);
    if (at.dimensions > 0) {
      OL_TRY(find_element(error, &at, name));
      continue;
    }
    if (at.member != NULL && at.member->form != OL_FORM_STRUCT) return no_member(error);
    if (at.member != NULL) type = &document->types.structs[at.member->structure];
    uint32_t i = 0;
    while (i < type->count && !ol_slice_equal(type->members[i].name, name)) i++;
    if (i == type->count) return no_member(error);
    at.member = &type->members[i];
    at.dimensions = at.member->dimensions;
    OL_TRY(ol_typed_member_value(error, &at.value, at.value, name));
  } while (*path != '\0');
  *out = at;
  return OL_OK;
}

static ol_status other_type(ol_error *error) {
  return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "member is of another type");
}

/* Finds a value that is no array. Out: what it is. */
static ol_status find_single(ol_error *error, found *out, const ol_typed_data *data, const char *path) {
  OL_TRY(find(error, out, data, path));
  return out->dimensions > 0 ? other_type(error) : OL_OK;
}

ol_status ol_typed_data_word(ol_error *error, ol_u256 *out, const ol_typed_data *data, const char *path) {
  found at;
  OL_TRY(find_single(error, &at, data, path));
  if (at.member->form == OL_FORM_STRUCT || at.member->form >= OL_FORM_BYTES) return other_type(error);
  return ol_typed_encode(error, out, at.member, at.value);
}

ol_status ol_typed_data_address(ol_error *error, ol_address *out, const ol_typed_data *data,
                                const char *path) {
  found at;
  ol_u256 word;
  OL_TRY(find_single(error, &at, data, path));
  if (at.member->form != OL_FORM_ADDRESS) return other_type(error);
  OL_TRY(ol_typed_encode(error, &word, at.member, at.value));
  memcpy(out->bytes, word.bytes + 12, sizeof out->bytes);
  return OL_OK;
}

ol_status ol_typed_data_text(ol_error *error, ol_slice *out, const ol_typed_data *data, const char *path) {
  found at;
  OL_TRY(find_single(error, &at, data, path));
  if (at.member->form != OL_FORM_STRING) return other_type(error);
  return ol_json_string(error, out, at.value);
}

ol_status ol_typed_data_bytes(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                              const ol_typed_data *data, const char *path) {
  found at;
  ol_slice text;
  OL_TRY(find_single(error, &at, data, path));
  if (at.member->form != OL_FORM_BYTES && at.member->form != OL_FORM_WORD) return other_type(error);
  OL_TRY(ol_json_string(error, &text, at.value));
  const size_t bytes = text.len / 2 - 1;
  *out_len = bytes;
  if (bytes > len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for the bytes");
  return bytes == 0 ? OL_OK : ol_json_hex_fixed(error, out, bytes, at.value);
}

ol_status ol_typed_data_count(ol_error *error, size_t *out, const ol_typed_data *data, const char *path) {
  found at;
  ol_json_items items;
  OL_TRY(find(error, &at, data, path));
  if (at.dimensions == 0) return other_type(error);
  OL_TRY(ol_json_array(error, &items, at.value));
  *out = items.left;
  return OL_OK;
}
