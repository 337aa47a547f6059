/* SPDX-License-Identifier: MIT */
#include "wallet/typed_data.h"

#include "encoding/abi.h"
#include "encoding/text.h"
#include "openledger/text.h"

#include "base/poison.h"

/* Takes the text before a character from the front of another, and the character. */
static ol_slice take(ol_slice *text, char end) {
  size_t len = 0;
  while (len < text->len && text->data[len] != (uint8_t)end) len++;
  ol_slice out = ol_slice_of(text->data, len);
  len += len < text->len;
  *text = ol_slice_of(text->data + len, text->len - len);
  return out;
}

/* Takes a struct: its name, and its members without the brackets. */
static ol_slice take_struct(ol_slice *out_members, ol_slice *types) {
  ol_slice name = take(types, '(');
  *out_members = take(types, ')');
  return name;
}

/* Takes a member: its type and its name. Returns: whether that is a type that is known. */
static bool take_member(ol_typed_member *out, ol_slice *members) {
  ol_slice member = take(members, ',');
  ol_slice type = take(&member, ' ');
  out->name = member;
  return ol_typed_type_read(out, type);
}

/* Names in a document end in a zero byte for the writer; those of known types are not longer. */
typedef struct name_text {
  char text[32];
} name_text;

static const char *name_of(name_text *out, ol_slice name) {
  OL_ASSERT(name.len < sizeof out->text);
  memcpy(out->text, name.data, name.len);
  out->text[name.len] = '\0';
  return out->text;
}

static void write_members(ol_json_writer *to, ol_slice name, const ol_typed_member *members, uint32_t count) {
  name_text text;
  ol_json_write_array(to, name_of(&text, name));
  for (uint32_t i = 0; i < count; i++) {
    ol_json_write_object(to, NULL);
    ol_json_write_string(to, "name", members[i].name);
    ol_json_write_string(to, "type", members[i].type);
    ol_json_write_close(to);
  }
  ol_json_write_close(to);
}

#define MEMBERS_MAX 32 /* of a known type */

/* In: members without brackets. Returns: how many. */
static uint32_t split_members(ol_typed_member out[MEMBERS_MAX], ol_slice members) {
  uint32_t count = 0;
  while (members.len > 0) {
    OL_ASSERT(count < MEMBERS_MAX);
    OL_ASSERT(take_member(&out[count++], &members));
  }
  return count;
}

static void write_value(ol_json_writer *to, const ol_typed_member *member, const ol_typed_value *value) {
  name_text text;
  const char *name = name_of(&text, member->name);
  if (member->form == OL_FORM_STRING)
    ol_json_write_string(to, name, value->bytes);
  else if (member->form == OL_FORM_BYTES)
    ol_json_write_hex(to, name, value->bytes.data, value->bytes.len);
  else
    ol_typed_tell(to, name, member, &value->word, (ol_json){0});
}

typedef struct pending {
  const ol_typed_value *next;
  size_t left;
} pending;

/* Finds a struct by its name in a type's text. Out: its members. */
static bool find_struct(ol_slice *out_members, ol_slice types, ol_slice name) {
  while (types.len > 0) {
    if (ol_slice_equal(take_struct(out_members, &types), name)) return true;
  }
  return false;
}

/* Writes a struct's members, but for structs in it. Returns: false when values are missing, or one is no single one. */
static bool write_flat(ol_json_writer *to, const ol_typed_member *member, pending *from) {
  if (member->dimensions > 0 || member->form == OL_FORM_STRUCT || from->left == 0) return false;
  write_value(to, member, from->next++);
  from->left--;
  return true;
}

/* Writes the message; structs of known types have no structs in them. */
static bool write_message(ol_json_writer *to, ol_slice types, pending *from) {
  ol_slice members, inner, rest = types;
  ol_typed_member member;
  name_text text;
  bool good = true;
  take_struct(&members, &rest);
  ol_json_write_object(to, "message");
  while (good && members.len > 0) {
    OL_ASSERT(take_member(&member, &members));
    if (member.form != OL_FORM_STRUCT || member.dimensions > 0) {
      good = write_flat(to, &member, from);
      continue;
    }
    good = find_struct(&inner, types, member.type);
    ol_json_write_object(to, name_of(&text, member.name));
    while (good && inner.len > 0) good = take_member(&member, &inner) && write_flat(to, &member, from);
    ol_json_write_close(to);
  }
  ol_json_write_close(to);
  return good && from->left == 0;
}

static void write_domain(ol_json_writer *to, const ol_typed_domain *domain) {
  char text[80];
  ol_json_write_object(to, "domain");
  if ((domain->fields & OL_TYPED_NAME) != 0) ol_json_write_string(to, "name", domain->name);
  if ((domain->fields & OL_TYPED_VERSION) != 0) ol_json_write_string(to, "version", domain->version);
  if ((domain->fields & OL_TYPED_CHAIN_ID) != 0) {
    ol_u256_text(text, &domain->chain_id);
    ol_json_write_raw(to, "chainId", ol_slice_text(text));
  }
  if ((domain->fields & OL_TYPED_CONTRACT) != 0) {
    ol_address_text(text, &domain->verifying_contract);
    ol_json_write_text(to, "verifyingContract", text);
  }
  if ((domain->fields & OL_TYPED_SALT) != 0)
    ol_json_write_hex(to, "salt", domain->salt.bytes, sizeof domain->salt.bytes);
  ol_json_write_close(to);
}

static void write_types(ol_json_writer *to, const ol_typed_domain *domain, ol_slice types) {
  ol_typed_struct domain_type;
  ol_typed_member members[MEMBERS_MAX];
  ol_slice list;
  ol_json_write_object(to, "types");
  ol_typed_domain_type(&domain_type, members, domain->fields);
  write_members(to, domain_type.name, members, domain_type.count);
  while (types.len > 0) {
    ol_slice name = take_struct(&list, &types);
    write_members(to, name, members, split_members(members, list));
  }
  ol_json_write_close(to);
}

ol_status ol_typed_data_write(ol_error *error, ol_slice *out, ol_typed_kind kind,
                              const ol_typed_domain *domain, const ol_typed_value *values, size_t values_len,
                              void *memory, size_t len) {
  const ol_slice types = ol_typed_kind_type(kind);
  ol_slice rest = types;
  ol_arena arena = ol_arena_of(memory, len);
  pending from = {.next = values, .left = values_len};
  ol_json_writer to;
  ol_error_clear(error);
  if (types.len == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "kind is not known");
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  write_types(&to, domain, types);
  ol_json_write_string(&to, "primaryType", take(&rest, '('));
  write_domain(&to, domain);
  const bool good = write_message(&to, types, &from);
  ol_json_write_close(&to);
  if (!good) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "values are not those of the kind's members");
  return ol_json_write_end(error, out, &to);
}

/* --- The documents that this wallet makes --- */

static ol_typed_value word(ol_u256 number) {
  return (ol_typed_value){.word = number};
}

static ol_typed_value address(const ol_address *account) {
  return (ol_typed_value){.word = ol_abi_address(account)};
}

static ol_typed_value bytes(ol_slice data) {
  return (ol_typed_value){.bytes = data};
}

#define WRITE(kind, values)                                                                                  \
  ol_typed_data_write(error, out, kind, domain, (values), sizeof(values) / sizeof(values)[0], memory, len)

/* The extended ballot has two members more. */
static ol_status write_ballot(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                              const ol_ballot *ballot, bool extended, void *memory, size_t len) {
  const ol_typed_value values[] = {word(ballot->proposal_id), word(ol_abi_u64(ballot->support)),
                                   address(&ballot->voter),   word(ballot->nonce),
                                   bytes(ballot->reason),     bytes(ballot->params)};
  return ol_typed_data_write(error, out, extended ? OL_TYPED_EXTENDED_BALLOT : OL_TYPED_BALLOT, domain,
                             values, extended ? 6 : 4, memory, len);
}

ol_status ol_ballot_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                          const ol_ballot *ballot, void *memory, size_t len) {
  return write_ballot(error, out, domain, ballot, false, memory, len);
}

ol_status ol_ballot_extended_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                                   const ol_ballot *ballot, void *memory, size_t len) {
  return write_ballot(error, out, domain, ballot, true, memory, len);
}

ol_status ol_delegation_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                              const ol_delegation *delegation, void *memory, size_t len) {
  const ol_typed_value values[] = {address(&delegation->delegatee), word(delegation->nonce),
                                   word(delegation->expiry)};
  return WRITE(OL_TYPED_DELEGATION, values);
}

ol_status ol_permit_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                          const ol_permit *permit, void *memory, size_t len) {
  const ol_typed_value values[] = {address(&permit->owner), address(&permit->spender), word(permit->value),
                                   word(permit->nonce), word(permit->deadline)};
  return WRITE(OL_TYPED_PERMIT, values);
}

ol_status ol_permit2_single_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                                  const ol_permit2 *permit, void *memory, size_t len) {
  const ol_typed_value values[] = {
      address(&permit->token), word(permit->amount),      word(ol_abi_u64(permit->expiration)),
      word(permit->nonce),     address(&permit->spender), word(permit->deadline)};
  return WRITE(OL_TYPED_PERMIT2_SINGLE, values);
}

ol_status ol_permit2_transfer_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                                    const ol_permit2 *permit, void *memory, size_t len) {
  const ol_typed_value values[] = {address(&permit->token), word(permit->amount), address(&permit->spender),
                                   word(permit->nonce), word(permit->deadline)};
  return WRITE(OL_TYPED_PERMIT2_TRANSFER, values);
}

ol_status ol_transfer_authorization_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain,
                                          const ol_transfer_authorization *authorization, void *memory,
                                          size_t len) {
  ol_u256 nonce;
  memcpy(nonce.bytes, authorization->nonce.bytes, sizeof nonce.bytes);
  const ol_typed_value values[] = {address(&authorization->from),     address(&authorization->to),
                                   word(authorization->value),        word(authorization->valid_after),
                                   word(authorization->valid_before), word(nonce)};
  return WRITE(OL_TYPED_TRANSFER_AUTHORIZATION, values);
}

ol_status ol_stake_write(ol_error *error, ol_slice *out, const ol_typed_domain *domain, const ol_stake *stake,
                         void *memory, size_t len) {
  const ol_typed_value values[] = {address(&stake->recipient), word(stake->config_id), word(stake->amount),
                                   word(stake->start_time), word(stake->nonce)};
  return WRITE(OL_TYPED_STAKE, values);
}
