/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_ACCOUNT_H
#define OPENLEDGER_ACCOUNT_H

/*
 * Accounts and storage slots, proven against a root. Pure functions: no memory, no clock, no network.
 * A proof is the list of trie nodes from the root downwards, each as RLP (EIP-1186).
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An account as the state trie holds it (Yellow Paper, 4.1). */
typedef struct ol_account {
  ol_u256 balance;      /* wei */
  ol_hash storage_root; /* the root of the empty trie for an absent account */
  ol_hash code_hash;    /* keccak-256 of nothing for an absent account or one without code */
  uint64_t nonce;
  uint32_t exists; /* 1, or 0 when the proof shows that there is no such account */
} ol_account;

/* A storage slot and its value, 0 when the proof shows that there is none. */
typedef struct ol_slot {
  ol_u256 key;
  ol_u256 value;
} ol_slot;

/*
 * Proves an account, or its absence, under a state root.
 * Returns: OL_ERR_PROOF or OL_ERR_ENCODING; the error names the node and the byte in it.
 */
OL_API OL_CHECKED ol_status ol_account_verify(ol_error *error, ol_account *out, const ol_hash *state_root,
                                              const ol_address *address, const ol_slice *proof,
                                              size_t proof_len) OL_NONNULL_ARGS(1, 2, 3, 4);

/* Proves the value of a storage slot, or its absence (a value of 0), under an account's storage root. */
OL_API OL_CHECKED ol_status ol_storage_verify(ol_error *error, ol_u256 *out, const ol_hash *storage_root,
                                              const ol_u256 *key, const ol_slice *proof, size_t proof_len)
    OL_NONNULL_ARGS(1, 2, 3, 4);

#ifdef __cplusplus
}
#endif

#endif
