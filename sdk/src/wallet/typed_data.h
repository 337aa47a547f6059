/* SPDX-License-Identifier: MIT */
#ifndef OL_WALLET_TYPED_DATA_H
#define OL_WALLET_TYPED_DATA_H

/* A typed data document (EIP-712) as it is read: types, values, and one walk over both. */

#include "encoding/json.h"
#include "openledger/typed_data.h"

/* What a type is, apart from how many arrays are around it. */
typedef enum ol_typed_form {
  OL_FORM_STRUCT,
  OL_FORM_BOOL,
  OL_FORM_ADDRESS,
  OL_FORM_UINT,
  OL_FORM_INT,
  OL_FORM_WORD, /* bytes1 to bytes32 */
  OL_FORM_BYTES,
  OL_FORM_STRING,
} ol_typed_form;

typedef struct ol_typed_member {
  ol_slice name;
  ol_slice type;       /* as it is written */
  uint32_t base_len;   /* of the type, before the first bracket */
  uint16_t dimensions; /* arrays around it */
  uint8_t form;        /* an ol_typed_form */
  uint8_t width;       /* bytes of UINT, INT and WORD */
  uint32_t structure;  /* of STRUCT: which */
} ol_typed_member;

typedef struct ol_typed_struct {
  ol_slice name;
  const ol_typed_member *members;
  uint32_t count;
  ol_hash hash; /* type hash; of structs that are reached from the primary type */
} ol_typed_struct;

/* The types of a document, in the order of their names. */
typedef struct ol_typed_types {
  ol_typed_struct *structs;
  uint32_t count;
} ol_typed_types;

#define OL_TYPED_DOMAIN_FIELDS 5

/* What ol_typed_data's `document` points to. */
typedef struct ol_typed_document {
  ol_typed_types types;
  const ol_typed_struct *primary;
  ol_json message;
  ol_typed_struct domain_type;
  ol_typed_member domain_members[OL_TYPED_DOMAIN_FIELDS];
  ol_json domain;
} ol_typed_document;

/* --- Types (typed_types.c) --- */

/*
 * Reads a type as it is written in a member. Returns: whether it is well formed; what is neither of Solidity's nor
 * begins as such is a STRUCT, whose name is the base.
 */
bool ol_typed_type_read(ol_typed_member *out, ol_slice type) OL_NONNULL;

/* Out: how many elements dimension `index` of a type has, counted from the left; 0 for any number. */
uint32_t ol_typed_dimension(const ol_typed_member *member, uint32_t index) OL_NONNULL;

/* Returns: whether a name is one by which prototypes of JavaScript objects are reached. */
bool ol_typed_is_pollution(ol_slice name);

OL_CHECKED ol_status ol_typed_types_read(ol_error *error, ol_typed_types *out, ol_arena *arena,
                                         ol_json types) OL_NONNULL;

/* Returns: the struct of a name, or NULL. */
ol_typed_struct *ol_typed_struct_find(const ol_typed_types *types, ol_slice name) OL_NONNULL;

/* Sets the type hash of a struct and of all that it refers to. Out: its encoded type, in the arena. */
OL_CHECKED ol_status ol_typed_types_hash(ol_error *error, ol_slice *out_encoded, const ol_typed_types *types,
                                         ol_arena *arena, const ol_typed_struct *primary) OL_NONNULL;

/* Out: the struct type that a domain with these fields has; *members are its own. */
void ol_typed_domain_type(ol_typed_struct *out, ol_typed_member members[OL_TYPED_DOMAIN_FIELDS],
                          uint32_t fields) OL_NONNULL;

/*
 * Out: the fields of a domain type that a document has. In: the document's text, for the place of a failure.
 * Returns: OL_ERR_ENCODING for other fields than EIP-712's.
 */
OL_CHECKED ol_status ol_typed_domain_fields(ol_error *error, uint32_t *out, const ol_typed_struct *given,
                                            const char *text) OL_NONNULL;

/* --- Values (typed_values.c) --- */

/* Encodes a value that is no struct and no array: a word, of BYTES and STRING their hash. */
OL_CHECKED ol_status ol_typed_encode(ol_error *error, ol_u256 *out, const ol_typed_member *member,
                                     ol_json value) OL_NONNULL;

/* Writes such a value for people. In: its word. */
void ol_typed_tell(ol_json_writer *to, const char *name, const ol_typed_member *member, const ol_u256 *word,
                   ol_json value) OL_NONNULL_ARGS(1, 3, 4);

/* Writes a word of a type in decimal, negative ones too. */
void ol_typed_number_text(char out[80], const ol_typed_member *member, const ol_u256 *word) OL_NONNULL;

/* --- The walk (typed_walk.c) --- */

/* Out: a member of a struct's value. Returns: OL_ERR_ENCODING when it is missing or null. */
OL_CHECKED ol_status ol_typed_member_value(ol_error *error, ol_json *out, ol_json object,
                                           ol_slice name) OL_NONNULL;

/*
 * Hashes a struct (EIP-712, hashStruct), and tells it on the way: an array of its members, if there is a writer.
 * In: types whose hashes are set.
 */
OL_CHECKED ol_status ol_typed_walk(ol_error *error, ol_hash *out, const ol_typed_types *types,
                                   const ol_typed_struct *type, ol_json value, ol_json_writer *tell,
                                   const char *name) OL_NONNULL_ARGS(1, 2, 3, 4);

/* --- What is known (typed_known.c) --- */

ol_typed_kind ol_typed_kind_of(ol_slice encoded_type);

/* Returns: the encoded type of a kind; empty for one that is not known. */
ol_slice ol_typed_kind_type(ol_typed_kind kind);

#endif
