/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_SUITES_PROOF_H
#define OL_TESTS_SUITES_PROOF_H

/* Execution blocks and proofs, as more than one suite has them. */

#include "vectors.h"

#include "rollup/header.h"

/* {proofs: [eth_getProof results, each with code?]}: each is verified under a state root, and counted. */
void check_proofs(vector_file *file, ol_json object, const ol_hash *state_root);

/*
 * {header, hash, transactions, withdrawals}: an execution block as a beacon block carries it. The header lacks the
 * roots of the two lists; with those computed it must have the hash, which is counted.
 */
bool read_payload(vector_file *file, ol_json payload, ol_header *header, ol_hash *hash);

#endif
