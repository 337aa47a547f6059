/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_VECTORS_H
#define OL_TESTS_VECTORS_H

/*
 * Conformance vectors, one runner for native code and for WebAssembly.
 *
 * A suite is a function that is given the text of one JSON file, once for each file that belongs to it, and
 * counts every case in it. prepare.mjs writes which file belongs to which suite; expected.txt has how many
 * cases a suite counts over all its files, so a case that is not reached fails the run.
 *
 * To add a suite `thing`: write `void run_thing(vector_tally *tally, const uint8_t *json, size_t len)` in a
 * suites_*.c, add X(thing) to VECTOR_SUITES below, its files to prepare.mjs and its total to expected.txt.
 * The name is the same in all places.
 */

#include "base/arena.h"
#include "encoding/json.h"

/* What became of the cases so far. The layout is read by run_wasm.mjs. */
typedef struct vector_tally {
  uint32_t passed;
  uint32_t failed;
  char first_failure[256]; /* zero-terminated; empty while nothing failed */
} vector_tally;

typedef struct vector_suite {
  const char *name;
  void (*run)(vector_tally *tally, const uint8_t *json, size_t len);
} vector_suite;

#define VECTOR_SUITES(X)                                                                                     \
  X(wycheproof_ecdsa_bitcoin)                                                                                \
  X(wycheproof_ecdsa_p1363)                                                                                  \
  X(wycheproof_hmac_sha256)                                                                                  \
  X(wycheproof_hmac_sha512)                                                                                  \
  X(wycheproof_pbkdf2_sha256)                                                                                \
  X(wycheproof_pbkdf2_sha512)                                                                                \
  X(wycheproof_xchacha20_poly1305)                                                                           \
  X(wycheproof_bls_hash_to_g2)                                                                               \
  X(wycheproof_bls_verify)                                                                                   \
  X(wycheproof_bls_aggregate_verify)                                                                         \
  X(bls_aggregate)                                                                                           \
  X(bls_aggregate_verify)                                                                                    \
  X(bls_batch_verify)                                                                                        \
  X(bls_deserialization_G1)                                                                                  \
  X(bls_deserialization_G2)                                                                                  \
  X(bls_fast_aggregate_verify)                                                                               \
  X(bls_hash_to_G2)                                                                                          \
  X(bls_sign)                                                                                                \
  X(bls_verify)                                                                                              \
  X(rlp_valid)                                                                                               \
  X(rlp_invalid)                                                                                             \
  X(trie)                                                                                                    \
  X(trie_secure)                                                                                             \
  X(trie_neighbours)                                                                                         \
  X(header_and_proofs)                                                                                       \
  X(payload)                                                                                                 \
  X(lists)                                                                                                   \
  X(transactions)                                                                                            \
  X(block_transactions)                                                                                      \
  X(block_receipts)                                                                                          \
  X(l2_block)                                                                                                \
  X(base_fee)                                                                                                \
  X(beacon_sync)                                                                                             \
  X(gossip)                                                                                                  \
  X(envelope)                                                                                                \
  X(envelope_refused)                                                                                        \
  X(abi_values)                                                                                              \
  X(abi_tuples)                                                                                              \
  X(abi_signatures)                                                                                          \
  X(abi_events)                                                                                              \
  X(abi_packed)                                                                                              \
  X(amounts)                                                                                                 \
  X(hashes)                                                                                                  \
  X(typed_data)                                                                                              \
  X(siwe)                                                                                                    \
  X(signature)                                                                                               \
  X(bip39)                                                                                                   \
  X(ethers_hdnode)                                                                                           \
  X(ethers_wordlists)                                                                                        \
  X(ethers_wallets)                                                                                          \
  X(keystores)                                                                                               \
  X(interop_account)                                                                                         \
  X(scrypt)                                                                                                  \
  X(argon2id)                                                                                                \
  X(ethers_transactions)                                                                                     \
  X(ethers_typed_transactions)                                                                               \
  X(ethers_accounts)                                                                                         \
  X(interop_transaction)                                                                                     \
  X(atr_trees)                                                                                               \
  X(atr_policies)                                                                                            \
  X(atr_corpora)                                                                                             \
  X(atr_evidence)                                                                                            \
  X(atr_influence)                                                                                           \
  X(atr_streams)                                                                                             \
  X(atr_splits)                                                                                              \
  X(atr_split_files)                                                                                         \
  X(atr_split_sums)                                                                                          \
  X(atr_shares)                                                                                              \
  X(atr_receipts)                                                                                            \
  X(atr_batches)                                                                                             \
  X(atr_batch_roots)                                                                                         \
  X(atr_equivocations)                                                                                       \
  X(atr_refutations)                                                                                         \
  X(atr_verdicts)

#define VECTOR_DECLARE(name) void run_##name(vector_tally *tally, const uint8_t *json, size_t len);
VECTOR_SUITES(VECTOR_DECLARE)
#undef VECTOR_DECLARE

extern const vector_suite vector_suites[];
extern const size_t vector_suite_count;

/* Counts one case. The first failure keeps `label` (which case it was) and `why`. */
void vector_count(vector_tally *tally, bool passed, ol_slice label, const char *why);

/*
 * A parsed file and memory for what its cases need: begun before, ended after. Reading past it (a member
 * that is absent or of another kind) records one failed case and gives zeros, so a file of another shape
 * fails rather than counting nothing.
 */
typedef struct vector_file {
  vector_tally *tally;
  ol_arena arena;
  ol_json root;
} vector_file;

/* Returns: false, with a failed case counted, when the text is no JSON or there is no memory. */
bool vector_open(vector_file *file, vector_tally *tally, const uint8_t *json, size_t len);
void vector_close(vector_file *file);

/* Members of an object: text, bytes in hex (with "0x" or without), a number, truth, elements. */
ol_slice vector_text(vector_file *file, ol_json object, const char *name);
ol_slice vector_bytes(vector_file *file, ol_json object, const char *name);
uint64_t vector_u64(vector_file *file, ol_json object, const char *name);
bool vector_bool(vector_file *file, ol_json object, const char *name);
ol_json_items vector_items(vector_file *file, ol_json object, const char *name);

/* A value itself that is a string of hex. */
ol_slice vector_bytes_of(vector_file *file, ol_json value);

/* Returns: whether two byte strings are the same. */
bool vector_same(ol_slice a, ol_slice b);

#endif
