/* SPDX-License-Identifier: MIT */
#ifndef OL_LEDGER_RECORD_H
#define OL_LEDGER_RECORD_H

/*
 * Entries of the registries - datanets, models, nodes, batches, grants - as storage has them: one reader (ledger/asks.h)
 * over tables of fields. tests/devnet/contracts/README.md has the slots.
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
  OL_RECORD_GRANT,
  OL_RECORD_KINDS
} ol_record_kind;

/* How a field is written. */
typedef enum ol_field_form {
  OL_FIELD_ADDRESS,
  OL_FIELD_HASH,   /* a whole slot */
  OL_FIELD_NUMBER, /* up to 32 bytes */
  OL_FIELD_STATE,  /* a byte, by a list of names */
  OL_FIELD_TEXT,   /* the slot's string */
} ol_field_form;

/* A field of an entry. */
typedef struct ol_field {
  const char *name;
  uint8_t mapping; /* slot of the mapping that has it */
  uint8_t slot;    /* behind the entry's first */
  uint8_t offset;  /* in bytes from the low end */
  uint8_t len;
  uint8_t form;             /* an ol_field_form */
  const char *const *names; /* of states */
  uint8_t states;
} ol_field;

/* What a registry has. The first field is zero where there is no such entry. */
typedef struct ol_record_layout {
  uint32_t contract; /* an ol_contract */
  uint8_t key_len;   /* bytes of a key: 20 of an address */
  bool is_hash;      /* the key, and not a number */
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
  ol_target registry;
  ol_u256 key;
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

void ol_record_init(ol_record *record, ol_record_kind kind, const ol_address *registry,
                    const ol_u256 *key) OL_NONNULL;
OL_CHECKED ol_status ol_record_visit(ol_error *error, ol_record *record, ol_asks *asks) OL_NONNULL;

#endif
