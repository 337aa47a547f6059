/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_TRANSACTION_H
#define OL_ROLLUP_TRANSACTION_H

/* The forms of transactions: one table serves RLP and JSON, both ways. */

#include "encoding/json.h"
#include "encoding/rlp.h"
#include "openledger/header.h"
#include "openledger/transaction.h"

typedef enum ol_tx_kind {
  OL_TX_U64,
  OL_TX_U256,
  OL_TX_MINT, /* a U256 that JSON leaves out when it is none */
  OL_TX_HASH,
  OL_TX_ADDRESS,
  OL_TX_TO, /* an address, or empty for a contract to be created */
  OL_TX_DATA,
  OL_TX_ACCESSES,
  OL_TX_HASHES,
  OL_TX_AUTHORIZATIONS,
  OL_TX_BOOL,
  OL_TX_PARITY,
  OL_TX_V, /* parity and chain id of a legacy transaction */
} ol_tx_kind;

typedef struct ol_tx_field {
  const char *name; /* in JSON-RPC */
  uint16_t offset;
  uint8_t kind;
} ol_tx_field;

typedef struct ol_tx_form {
  uint32_t type;
  uint8_t count;
  uint8_t signed_count; /* how many of them the sender signs; none of a deposit's */
  uint8_t fields[14];   /* for ol_tx_field_of */
} ol_tx_form;

/* Returns: the form of a type; NULL for a type that is not known. */
const ol_tx_form *ol_tx_form_of(uint32_t type);

const ol_tx_field *ol_tx_field_of(const ol_tx_form *form, size_t index) OL_NONNULL;

/* Returns: a field of any type, counted from 0; NULL behind the last. */
const ol_tx_field *ol_tx_field_at(size_t index);

/* Returns: whether a form has a field, or whether that is one that is signed. */
bool ol_tx_has(const ol_tx_form *form, const ol_tx_field *field, bool signing) OL_NONNULL;

/* The largest chain id whose v fits 64 bits (EIP-2294). */
#define OL_TX_LEGACY_CHAIN (UINT64_MAX / 2 - 36)

/* Reasons that are given in more than one place. */
extern const char ol_tx_deposit[];
extern const char ol_tx_empty_list[];

/* Returns: what is wrong with a transaction's numbers, and of which field; NULL when nothing is. */
const char *ol_tx_number_fault(const ol_transaction *transaction, const char **out_field) OL_NONNULL;

/* Reads each item of a list, so that it can be walked without failing. Returns: OL_ERR_ENCODING. */
OL_CHECKED ol_status ol_tx_check_list(ol_error *error, ol_tx_kind kind, ol_rlp list) OL_NONNULL;

/* Where in memory a field is. */
static inline void *ol_tx_member(ol_transaction *transaction, const ol_tx_field *field) {
  return (uint8_t *)transaction + field->offset;
}

/* The chain id and parity in a legacy signature's v (EIP-155). Returns: false when it is no such number. */
bool ol_tx_read_v(ol_transaction *out, uint64_t v) OL_NONNULL;

/* Returns: a legacy signature's v. */
uint64_t ol_tx_v(const ol_transaction *transaction) OL_NONNULL;

/* Returns: what a unit of gas costs the sender: the base fee and the tip, up to the whole fee (EIP-1559). */
ol_u256 ol_transaction_price(const ol_transaction *transaction, const ol_header *header) OL_NONNULL;

/* How a number is written: ol_json_hex_u256 as nodes do, ol_json_quantity as people do. */
typedef ol_status (*ol_tx_quantity)(ol_error *error, ol_u256 *out, ol_json value);

/* Reads a list of JSON-RPC. Out: its items in RLP, in the arena; what they hold is checked by ol_tx_check_list. */
OL_CHECKED ol_status ol_tx_list_from_json(ol_error *error, ol_slice *out, ol_arena *arena, ol_tx_kind kind,
                                          ol_json array, ol_tx_quantity read) OL_NONNULL;

/*
 * Reads a transaction from JSON-RPC and encodes it. Out: the transaction and its canonical form, in the arena; its
 * hash. Its claimed "hash", "from" and "chainId" are compared.
 */
OL_CHECKED ol_status ol_transaction_from_json(ol_error *error, ol_transaction *out, ol_slice *out_bytes,
                                              ol_hash *out_hash, ol_arena *arena, ol_json json)
    OL_NONNULL_ARGS(1, 2, 3, 4, 5);

#endif
