/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_TOLD_H
#define OL_ATTRIBUTION_TOLD_H

/* What JSON of this room is made of: numbers above 32 bits are decimal text, since many readers have none as large. */

#include "encoding/json.h"
#include "openledger/attribution.h"
#include "openledger/text.h"

static inline void ol_tell_number(ol_json_writer *to, const char *name, const ol_u256 *number) {
  char text[79];
  ol_u256_text(text, number);
  ol_json_write_text(to, name, text);
}

/* Writes a receipt as an object. */
void ol_receipt_tell(ol_json_writer *to, const char *name, const ol_signed_receipt *receipt)
    OL_NONNULL_ARGS(1, 3);

#endif
