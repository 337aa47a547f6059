/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_RECORDED_H
#define OL_TESTS_RECORDED_H

/* A recorded header and its proofs, from a file of vectors/prepare.mjs, in every form in which the core reads
 * them: text as a server sends it, and bytes. */

#include "openledger/openledger.h"
#include "vectors/vectors.h"

#define RECORDED_NODES 32

typedef struct recorded_nodes {
  ol_slice list[RECORDED_NODES];
  size_t count;
} recorded_nodes;

typedef struct recorded_proof {
  ol_account_question question; /* offline: the address and slots that the proof is about */
  ol_json result;
  ol_slice text; /* the result alone */
  ol_slice code; /* data NULL where it was not recorded */
  recorded_nodes account;
  recorded_nodes slots[OL_MAX_SLOTS];
} recorded_proof;

typedef struct recorded {
  vector_file file;
  void *memory;
  ol_arena arena;
  ol_header header;
  ol_slice rlp;
  ol_slice hex;   /* the RLP as text */
  ol_slice block; /* as JSON; data NULL where none was recorded */
  recorded_proof *proofs;
  size_t proof_count;
} recorded;

/* Returns: false, with a failed case counted, when the file has another shape. */
bool recorded_open(recorded *out, vector_tally *tally, const uint8_t *json, size_t len);
void recorded_close(recorded *recording);

/* Out: a JSON-RPC response in the arena of the recording: `{"jsonrpc":"2.0","id":ID,"result":RESULT}`. */
ol_slice recorded_response(recorded *recording, uint64_t id, ol_slice result);

#endif
