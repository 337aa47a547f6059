/* SPDX-License-Identifier: MIT */
#ifndef OL_WALLET_DERIVATION_H
#define OL_WALLET_DERIVATION_H

/* A derivation with what it is for. It is at the beginning of the caller's memory, and what it takes is behind it. */

#include "openledger/derivation.h"
#include "openledger/keystore.h"

#include "crypto/kdf.h"

typedef enum ol_purpose {
  OL_PURPOSE_NONE,
  OL_PURPOSE_OPEN_VAULT,
  OL_PURPOSE_SEAL_VAULT,
  OL_PURPOSE_OPEN_KEYSTORE,
  OL_PURPOSE_MAKE_KEYSTORE,
} ol_purpose;

#define OL_VAULT_HEADER 60

struct ol_derivation {
  ol_purpose purpose;
  ol_kdf kdf;
  ol_slice input;                  /* the vault that is opened, or the content that is sealed */
  uint8_t header[OL_VAULT_HEADER]; /* of the vault that is made */
  uint8_t secret[32];              /* the key that a keystore is made of */
  uint8_t id[16];                  /* and its name */
  ol_keystore keystore;
};

/* Returns: bytes of memory for a derivation; 0 when its parameters are out of bounds. */
size_t ol_derivation_memory(const ol_kdf_params *params) OL_NONNULL;

/*
 * Puts a derivation into memory, with nothing in it yet. Out: where its key derivation's memory is, and how long.
 * Returns: OL_ERR_MEMORY.
 */
OL_CHECKED ol_status ol_derivation_place(ol_error *error, ol_derivation **out, ol_slice *out_rest,
                                         void *memory, size_t len) OL_NONNULL;

/* Begins to derive by parameters whose salt may be in the derivation. On failure all is erased. */
OL_CHECKED ol_status ol_derivation_begin(ol_error *error, ol_derivation *derivation, ol_slice rest,
                                         const ol_kdf_params *params, ol_slice password_secret) OL_NONNULL;

/* Returns: OL_ERR_ARGUMENT for a derivation for another purpose, or that was ended already. */
OL_CHECKED ol_status ol_derivation_for(ol_error *error, const ol_derivation *derivation,
                                       ol_purpose purpose) OL_NONNULL;

#endif
