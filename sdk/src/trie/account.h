/* SPDX-License-Identifier: MIT */
#ifndef OL_TRIE_ACCOUNT_H
#define OL_TRIE_ACCOUNT_H

/* The result of eth_getProof (EIP-1186), verified: every claim in it is compared with what its proofs show. */

#include "base/limits.h"
#include "encoding/json.h"
#include "openledger/account.h"

extern const ol_hash ol_empty_code_hash; /* keccak-256 of nothing */

/*
 * Verifies an eth_getProof result under a state root.
 *
 * The result must be for this address; its storage proofs must be for these keys, in this order, and no
 * others; the balance, nonce, hashes and values that it claims must be those that its proofs show.
 *
 * Out: the account, and the value of each slot. In: the keys in `slots`; memory for the decoded nodes.
 * Returns: OL_ERR_ENCODING, OL_ERR_PROOF, OL_ERR_MISMATCH, OL_ERR_LIMIT or OL_ERR_MEMORY; the error names the
 * field or the proof ("accountProof", "storageProof"[i]), the node, and the byte: in the JSON text where
 * reading failed, in the node where proving failed.
 */
OL_CHECKED ol_status ol_account_verify_json(ol_error *error, ol_account *out, ol_slot *slots,
                                            size_t slot_count, ol_arena *arena, const ol_hash *state_root,
                                            const ol_address *address, ol_json result)
    OL_NONNULL_ARGS(1, 2, 5, 6, 7);

/*
 * Reads the nodes that prove a slot out of such a result, which is not verified again. Out: nodes, in the arena. In: the
 * slot's place in the result. Returns: OL_ERR_ENCODING, OL_ERR_LIMIT, OL_ERR_MEMORY.
 */
OL_CHECKED ol_status ol_storage_proof_nodes(ol_error *error, ol_slice out[OL_LIMIT_TRIE_NODES],
                                            size_t *out_count, ol_arena *arena, ol_json result, size_t index)
    OL_NONNULL_ARGS(1, 2, 3, 4);

#endif
