/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_KEY_H
#define OPENLEDGER_KEY_H

/*
 * Private keys: derived from a seed (BIP-32, BIP-44) or brought along. Whoever holds one wipes it after use, with
 * ol_key_wipe or as its language does.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_PATH_STEPS 16             /* of a path */
#define OL_PATH_HARDENED 0x80000000u /* added to the number of a step that is hardened */

/* An extended private key (BIP-32): from it others are derived. */
typedef struct ol_key {
  uint8_t secret[32]; /* the private key, from 1 to below the order of the curve */
  uint8_t chain_code[32];
  uint32_t depth; /* 0 for the master key */
} ol_key;

/* The way from a key to one below it. */
typedef struct ol_path {
  uint32_t depth;
  uint32_t steps[OL_PATH_STEPS];
} ol_path;

/*
 * Reads a path: "m", and steps such as "/44'". A step is a decimal number below 2^31 without leading zeros, with ', h
 * or H behind it when it is hardened.
 * Returns: OL_ERR_ENCODING with the character at fault, OL_ERR_LIMIT for more than OL_PATH_STEPS steps.
 */
OL_API OL_CHECKED ol_status ol_path_from_text(ol_error *error, ol_path *out, const char *text,
                                              size_t len) OL_NONNULL;

/* Out: the path of Ethereum's accounts without the last step: m/44'/60'/0'/0 (BIP-44, SLIP-44). */
OL_API void ol_path_accounts(ol_path *out) OL_NONNULL;

/*
 * Makes the master key. In: a seed of 16 to 64 bytes, see ol_mnemonic_seed.
 * Returns: OL_ERR_ARGUMENT for another length; OL_ERR_CRYPTO for one seed in 2^127, which has no key.
 */
OL_API OL_CHECKED ol_status ol_key_from_seed(ol_error *error, ol_key *out, ol_slice seed_secret) OL_NONNULL;

/*
 * Derives a key. `out` may be where the parent is.
 * Returns: OL_ERR_LIMIT for a depth above 255; OL_ERR_CRYPTO for one step in 2^127, which has no key.
 */
OL_API OL_CHECKED ol_status ol_key_derive(ol_error *error, ol_key *out, const ol_key *parent,
                                          const ol_path *path) OL_NONNULL;

/*
 * Lists accounts: those of the keys with the numbers `first` and up below a parent, not hardened.
 * Returns: OL_ERR_ARGUMENT when a number is not below 2^31; otherwise as ol_key_derive.
 */
OL_API OL_CHECKED ol_status ol_key_accounts(ol_error *error, ol_address *out, size_t count,
                                            const ol_key *parent, uint32_t first) OL_NONNULL;

/*
 * Reads a private key: 64 hex digits, with or without "0x".
 * Returns: OL_ERR_ENCODING; OL_ERR_CRYPTO when it is zero or not below the order of the curve.
 */
OL_API OL_CHECKED ol_status ol_key_from_text(ol_error *error, uint8_t out[32],
                                             ol_slice text_secret) OL_NONNULL;

/* Out: the account of a private key. Returns: OL_ERR_CRYPTO when it is zero or not below the order of the curve. */
OL_API OL_CHECKED ol_status ol_key_address(ol_error *error, ol_address *out,
                                           const uint8_t key_secret[32]) OL_NONNULL;

/* Erases a key, so that no compiler leaves it. Out: zeros. */
OL_API void ol_key_wipe(ol_key *out) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
