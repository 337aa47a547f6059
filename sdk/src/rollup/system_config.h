/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_SYSTEM_CONFIG_H
#define OL_ROLLUP_SYSTEM_CONFIG_H

/*
 * What SystemConfig on L1 says of a rollup: who signs its unsafe blocks, who its batcher is, and what its gas is paid
 * with. Pure functions: which slots are to be proven, and what was proven there.
 */

#include "openledger/withdrawal.h"
#include "rollup/release.h"
#include "rollup/slots.h"

/* The slots; the same in all releases that have them. */
typedef struct ol_system_config_slots {
  ol_u256 unsafe_block_signer;
  ol_u256 batcher_hash;
  ol_u256 gas_token; /* OL_FORM_ERC20: the token and its decimals */
  ol_u256 gas_token_name;
  ol_u256 gas_token_symbol;
  ol_u256 custom_gas_token; /* OL_FORM_FEATURES: isFeatureEnabled["CUSTOM_GAS_TOKEN"] */
} ol_system_config_slots;

extern const ol_system_config_slots ol_system_config;

/* Reads who signs unsafe blocks. Returns: OL_ERR_PROOF when it is nobody, or no address. */
OL_CHECKED ol_status ol_unsafe_signer_read(ol_error *error, ol_address *out, const ol_u256 *value) OL_NONNULL;

/* Reads the batcher's address out of the batcher hash of version 0. Returns: as above. */
OL_CHECKED ol_status ol_batcher_read(ol_error *error, ol_address *out, const ol_u256 *value) OL_NONNULL;

/* What gas is paid with on L2. */
typedef struct ol_gas_token {
  ol_gas_scheme scheme;
  ol_address token; /* OL_GAS_ERC20: on L1 */
  uint8_t decimals; /* of what L2 calls its ether: 18 but for an ERC-20 that says otherwise */
} ol_gas_token;

/*
 * Reads it. In: SystemConfig's release, as one that knows no gas token may hold what is left of one that did; what was
 * proven at `gas_token` and at `custom_gas_token`. Returns: OL_ERR_PROOF for words that SystemConfig never writes.
 */
OL_CHECKED ol_status ol_gas_token_read(ol_error *error, ol_gas_token *out, const ol_release *release,
                                       const ol_u256 *token, const ol_u256 *custom) OL_NONNULL;

#define OL_GAS_TOKEN_TEXT 33 /* of a name or a symbol, with the zero byte at its end */

/*
 * Reads the name or the symbol of an ERC-20 that gas is paid with, as the token had it when it was chosen.
 * Returns: OL_ERR_PROOF when there are bytes behind its end, or other than printable ASCII in it.
 */
OL_CHECKED ol_status ol_gas_token_text_read(ol_error *error, char out[OL_GAS_TOKEN_TEXT],
                                            const ol_u256 *value) OL_NONNULL;

#endif
