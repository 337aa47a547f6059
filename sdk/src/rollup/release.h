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
  OL_CONTRACT_PORTAL2, /* OptimismPortal2 */
  OL_CONTRACT_GAME_FACTORY,
  OL_CONTRACT_FAULT_GAME, /* the permissioned one too */
  OL_CONTRACT_OUTPUT_ORACLE
} ol_contract;

/*
 * A code that is known. What a client reads of it is at the same slots in all of these; a release that keeps it
 * elsewhere needs a field that says so.
 */
typedef struct ol_release {
  const char *name; /* of the first package that has this code */
  uint8_t contract; /* an ol_contract */
  uint16_t len;     /* of the code */
  uint16_t
      finality_delay_at; /* a portal of games: where DISPUTE_GAME_FINALITY_DELAY_SECONDS is in the code */
  uint8_t immutable_count;
  const uint16_t *immutables; /* where words of 32 bytes are */
  ol_hash code_hash;          /* keccak-256 of the code with them as zeros */
} ol_release;

/*
 * Finds the release of an implementation by its code, whose hash was proven.
 * Returns: OL_ERR_MISMATCH "unknown release" when it is none that is known.
 */
OL_CHECKED ol_status ol_release_of(ol_error *error, const ol_release **out, ol_contract contract,
                                   ol_slice code) OL_NONNULL;

/* Reads an immutable that is a number. Returns: OL_ERR_LIMIT when it has more than 64 bits. */
OL_CHECKED ol_status ol_release_u64(ol_error *error, uint64_t *out, ol_slice code, uint16_t at) OL_NONNULL;

/* Returns: release `index` of the table, NULL behind its end. */
const ol_release *ol_release_at(size_t index);

#endif
