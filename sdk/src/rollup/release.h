/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_RELEASE_H
#define OL_ROLLUP_RELEASE_H

/*
 * Which release a contract on L1 is of. Storage layouts differ by release, and so a slot says nothing before the
 * code that uses it is known. Constructors write immutables into the code, so that the hash of what is deployed
 * differs from chain to chain: the table has the hash of the code with its immutables as zeros, and where they are.
 */

#include "base/base.h"

typedef enum ol_contract {
  OL_CONTRACT_PORTAL2, /* OptimismPortal2 to 3: judges games itself */
  OL_CONTRACT_GAME_FACTORY,
  OL_CONTRACT_FAULT_GAME, /* the permissioned one too */
  OL_CONTRACT_OUTPUT_ORACLE,
  OL_CONTRACT_PORTAL,             /* OptimismPortal: of outputs */
  OL_CONTRACT_PORTAL_OF_REGISTRY, /* OptimismPortal2 from 4: asks its registry about games */
  OL_CONTRACT_ANCHORS,            /* AnchorStateRegistry to 1: anchors, and no more */
  OL_CONTRACT_REGISTRY,           /* AnchorStateRegistry from 3: judges games */
  OL_CONTRACT_SYSTEM_CONFIG,
  OL_CONTRACT_GOPEN, /* from here on of OpenLedger on L2 */
  OL_CONTRACT_GOVERNOR,
  OL_CONTRACT_TIMELOCK,
  OL_CONTRACT_STAKING,
  OL_CONTRACT_DATANETS,
  OL_CONTRACT_MODELS,
  OL_CONTRACT_NODES,
  OL_CONTRACT_ATTRIBUTION,
  OL_CONTRACT_GRANTS,
  OL_CONTRACT_DISPERSAL
} ol_contract;

/* What releases of one contract have that others do not. */
typedef enum ol_form {
  OL_FORM_PLAIN,
  OL_FORM_REMEMBERS, /* a game: whether its type was respected when it was created */
  OL_FORM_ERC20,     /* SystemConfig, OptimismPortal: an ERC-20 on L1 may be what L2 pays gas with */
  OL_FORM_FEATURES   /* SystemConfig: features by name; one of them is a gas token that is made on L2 */
} ol_form;

/* What an immutable is: the letters in ol_release's `meanings`. */
#define OL_IMMUTABLE_FINALITY_DELAY 'f' /* DISPUTE_GAME_FINALITY_DELAY_SECONDS, of a portal or a registry */
#define OL_IMMUTABLE_MATURITY_DELAY 'm' /* PROOF_MATURITY_DELAY_SECONDS, of a portal */
#define OL_IMMUTABLE_REGISTRY 'r'       /* ANCHOR_STATE_REGISTRY, of a game */
#define OL_IMMUTABLE_CHAIN_ID 'c'       /* L2_CHAIN_ID, of a game */
#define OL_IMMUTABLE_GAME_TYPE 'g'      /* GAME_TYPE, of a game */

/*
 * A code that is known. What a client reads of it is at the same slots in all releases of a contract; what only some
 * have is said by their form.
 */
typedef struct ol_release {
  const char *name; /* of the first package that has this code, and its contract */
  uint8_t contract; /* an ol_contract */
  uint8_t form;     /* an ol_form */
  uint16_t len;     /* of the code; 0 where no package has it, so that somebody must vouch for it */
  uint8_t immutable_count;
  const uint16_t *immutables; /* where words of 32 bytes are */
  const char *meanings;       /* a letter for each of them; a dot where it does not matter */
  ol_hash code_hash;          /* keccak-256 of the code with them as zeros */
} ol_release;

/*
 * Finds the release of an implementation by its code, whose hash was proven.
 * Returns: OL_ERR_MISMATCH "unknown release" when it is none that is known.
 */
OL_CHECKED ol_status ol_release_of(ol_error *error, const ol_release **out, ol_contract contract,
                                   ol_slice code) OL_NONNULL;

/*
 * Reads an immutable, which must be the same wherever the code has it: nothing but the compiler sees to that.
 * In: the code that the release was found by. Returns: OL_ERR_MISMATCH when it is not, or when the release has none of that meaning.
 */
OL_CHECKED ol_status ol_release_immutable(ol_error *error, ol_u256 *out, const ol_release *release,
                                          ol_slice code, char meaning) OL_NONNULL;

/* The same of one that is a number. Returns: OL_ERR_LIMIT too, when it has more than 64 bits. */
OL_CHECKED ol_status ol_release_number(ol_error *error, uint64_t *out, const ol_release *release,
                                       ol_slice code, char meaning) OL_NONNULL;

/* Returns: release `index` of the table, NULL behind its end. */
const ol_release *ol_release_at(size_t index);

#endif
