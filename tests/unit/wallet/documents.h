/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_WALLET_DOCUMENTS_H
#define OL_TESTS_UNIT_WALLET_DOCUMENTS_H

/* Typed data documents in unit tests, from what they are in short. */

#include "openledger/openledger.h"
#include "unit/bytes.h"

#define DOCUMENT_MEMORY ((size_t)1 << 20)

static char document_text[1 << 20];
static _Alignas(16) uint8_t document_memory[DOCUMENT_MEMORY];

#define A_DOMAIN                                                                                             \
  "{'name':'Test','version':'1','chainId':1612,"                                                             \
  "'verifyingContract':'0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'}"

/* Appends a text, in which ' stands for ". */
static inline size_t put_quoted(size_t at, const char *text) {
  for (; *text != '\0'; text++, at++) {
    assert_true(at + 1 < sizeof document_text);
    document_text[at] = *text == '\'' ? '"' : *text;
  }
  document_text[at] = '\0';
  return at;
}

/* Appends "S(T[] list,T one)T(uint256 a)" as the JSON of types. */
static inline size_t put_types(size_t at, const char *types) {
  char piece[320], name[128], type[128];
  at = put_quoted(at, "{");
  for (const char *separator = ""; *types != '\0'; separator = ",") {
    int len = 0;
    assert_int_equal(sscanf(types, "%127[^(](%n", name, &len), 1);
    types += len;
    snprintf(piece, sizeof piece, "%s'%s':[", separator, name);
    at = put_quoted(at, piece);
    for (const char *comma = ""; *types != ')'; comma = ",") {
      assert_int_equal(sscanf(types, "%127[^ ] %127[^,)]%n", type, name, &len), 2);
      types += len + (types[len] == ',');
      snprintf(piece, sizeof piece, "%s{'name':'%s','type':'%s'}", comma, name, type);
      at = put_quoted(at, piece);
    }
    types++;
    at = put_quoted(at, "]");
  }
  return put_quoted(at, "}");
}

/* Returns: a document; what is given is as in put_quoted and put_types. */
static inline ol_slice document_of(const char *types, const char *primary, const char *domain,
                                   const char *message) {
  size_t at = put_types(put_quoted(0, "{'types':"), types);
  at = put_quoted(put_quoted(at, ",'primaryType':'"), primary);
  at = put_quoted(put_quoted(at, "','domain':"), domain);
  at = put_quoted(put_quoted(at, ",'message':"), message);
  at = put_quoted(at, "}");
  return ol_slice_of(document_text, at);
}

static inline ol_status read_document(ol_error *error, ol_typed_data *out, ol_slice text) {
  return ol_typed_data_read(error, out, text, document_memory, sizeof document_memory);
}

/* Reads a document whose primary type is the first, and which must be good. */
static inline ol_typed_data good_document(const char *types, const char *message) {
  ol_typed_data data;
  ol_error error;
  char primary[128];
  assert_int_equal(sscanf(types, "%127[^(]", primary), 1);
  if (read_document(&error, &data, document_of(types, primary, A_DOMAIN, message)) != OL_OK)
    fail_msg("%s: %s", error.part, error.reason);
  return data;
}

static inline void assert_hash(const ol_hash *hash, const char *digits) {
  assert_bytes(hash->bytes, sizeof hash->bytes, digits);
}

#endif
