/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_DERIVATION_H
#define OPENLEDGER_DERIVATION_H

/*
 * Deriving a key from a password is slow on purpose. It is begun by what needs the key (vault.h, keystore.h), done in
 * steps between which a page can draw, and ended where it was begun. It lives in memory that its caller owns and that
 * must stay in place, as must what it was begun with but for the password; what was there is erased at its end.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ol_derivation ol_derivation;

/*
 * Does a part of the work: 10 to 20 ms in WebAssembly, and 40 of a vault with default parameters.
 * Returns: whether some is left.
 */
OL_API bool ol_derivation_step(ol_derivation *derivation) OL_NONNULL;

/* Out: how much of the work is done, and how much there is. */
OL_API void ol_derivation_progress(const ol_derivation *derivation, uint64_t *out_done,
                                   uint64_t *out_total) OL_NONNULL;

/* Gives up at any time: erases all that is in the memory. */
OL_API void ol_derivation_drop(ol_derivation *derivation) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
