/* SPDX-License-Identifier: MIT */
#ifndef OL_LEDGER_LAYOUT_H
#define OL_LEDGER_LAYOUT_H

/*
 * Whether storage is laid out as it is read. A slot means what the code that uses it says, and no code of these contracts
 * is published that a table could know: so somebody vouches for a code's hash in the profile, or the layout is assumed -
 * and then an answer says so.
 */

#include "ledger/asks.h"
#include "openledger/rollup.h"

typedef enum ol_layout {
  OL_LAYOUT_ASSUMED, /* nobody has said what this code is */
  OL_LAYOUT_PINNED,  /* the profile vouches for it */
} ol_layout;

/*
 * In: the profile, or NULL; a contract, and its account as it was proven.
 * Returns: OL_ERR_MISMATCH when there is no contract, or other code than the profile vouches for.
 */
OL_CHECKED ol_status ol_layout_of(ol_error *error, ol_layout *out, const ol_rollup *rollup,
                                  const ol_target *target, const ol_account *account)
    OL_NONNULL_ARGS(1, 2, 4, 5);

/* Returns: what a layout is called. */
const char *ol_layout_name(ol_layout layout);

#endif
