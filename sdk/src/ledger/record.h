/* SPDX-License-Identifier: MIT */
#ifndef OL_LEDGER_RECORD_H
#define OL_LEDGER_RECORD_H

/*
 * Entries of contracts - datanets, models, nodes, batches, corpora, disputes, payouts, grants, claims, allowances - as
 * storage has them: one reader (ledger/asks.h) over tables of fields. tests/devnet/contracts/README.md has the slots.
 */

#include "ledger/asks.h"

#define OL_RECORD_FIELDS 12
#define OL_RECORD_TEXT 512    /* bytes of an endpoint */
#define OL_RECORD_ELEMENTS 32 /* of a list: milestones */

typedef enum ol_record_kind {
  OL_RECORD_DATANET,
  OL_RECORD_MODEL,
  OL_RECORD_NODE,
  OL_RECORD_BATCH,
  OL_RECORD_PAYOUT,
  OL_RECORD_GRANT,
  OL_RECORD_CLAIM,
  OL_RECORD_ALLOWANCE,
  OL_RECORD_CORPUS,
  OL_RECORD_DISPUTE,
  OL_RECORD_KINDS
} ol_record_kind;

/* How a field, or a key, is written. */
typedef enum ol_field_form {
  OL_FIELD_NONE, /* there is no such key */
  OL_FIELD_ADDRESS,
  OL_FIELD_HASH,   /* a whole slot */
  OL_FIELD_NUMBER, /* up to 32 bytes */
  OL_FIELD_STATE,  /* a byte, by a list of names */
  OL_FIELD_TEXT,   /* the slot's string */
  OL_FIELD_BOOL,   /* a byte */
  OL_FIELD_BIT,    /* that of the second key, of which a slot has 256 */
} ol_field_form;

/* Where a field is. */
typedef enum ol_field_place {
  OL_PLACE_KEY,      /* in a mapping, by the key */
  OL_PLACE_SECOND,   /* in a mapping of mappings, by both keys; left out if the second is not given */
  OL_PLACE_FIRST,    /* in a mapping, by the first field's value */
  OL_PLACE_CONTRACT, /* in no mapping: it is the contract's own */
} ol_field_place;

/* A field of an entry. */
typedef struct ol_field {
  const char *name;
  uint8_t mapping; /* slot of the mapping that has it */
  uint8_t slot;    /* behind the entry's first, or the contract's */
  uint8_t offset;  /* in bytes from the low end */
  uint8_t len;
  uint8_t form;             /* an ol_field_form */
  const char *const *names; /* of states */
  uint8_t states;           /* that there are; 2 of OL_FIELD_BOOL */
  uint8_t place;            /* an ol_field_place */
} ol_field;

/* What an entry has. If the first field is by the key, it is zero where there is no such entry. */
typedef struct ol_record_layout {
  uint32_t contract;  /* an ol_contract */
  const char *called; /* what the contract is called */
  uint8_t key;        /* an ol_field_form; */
  uint8_t second;     /* the same */
  uint8_t field_count;
  uint8_t element_mapping; /* of its list; 0 for none, */
  uint8_t element_count;   /* the field that says how many */
  uint8_t element_field_count;
  const char *elements; /* what the list is called */
  ol_field fields[OL_RECORD_FIELDS];
  ol_field element_fields[4]; /* mapping is not looked at */
} ol_record_layout;

typedef struct ol_record {
  ol_record_kind kind;
  ol_target contract;
  ol_u256 key;
  bool has_second;
  ol_u256 second;
  uint32_t step;
  /* Once it is done: */
  bool exists;
  ol_u256 values[OL_RECORD_FIELDS]; /* each at the low end */
  uint32_t element_count;
  ol_u256 elements[OL_RECORD_ELEMENTS][4];
  uint32_t text_len;
  uint8_t text[OL_RECORD_TEXT];
} ol_record;

const ol_record_layout *ol_record_layout_of(ol_record_kind kind);

/* Returns: whether a field is read, as no second key is missing for it. */
bool ol_record_has(const ol_record *record, const ol_field *field) OL_NONNULL;

/* In: where the contract is; the second key, or NULL. */
void ol_record_init(ol_record *record, ol_record_kind kind, const ol_address *contract, const ol_u256 *key,
                    const ol_u256 *second) OL_NONNULL_ARGS(1, 3, 4);
OL_CHECKED ol_status ol_record_visit(ol_error *error, ol_record *record, ol_asks *asks) OL_NONNULL;

#endif
