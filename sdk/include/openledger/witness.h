/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_WITNESS_H
#define OPENLEDGER_WITNESS_H

/*
 * A second witness of a batch of receipts (docs/attribution.md, section 7): a proof that a transparency log has it, of the
 * form c2sp.org/tlog-proof@v1, by a checkpoint (tlog-checkpoint, signed-note) that the log has signed with Ed25519 and enough
 * witnesses have cosigned (tlog-cosignature, cosignature/v1). Signatures of other kinds and of unknown keys count for nothing.
 *
 * An entry of a log bears no signature of its own: that a log has it says that it was there for all to see, not who put it there.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_WITNESS_PROOF_BYTES 65536
#define OL_WITNESS_KEYS 32  /* witnesses that a client knows */
#define OL_WITNESS_NAME 255 /* bytes of a key's name */
#define OL_WITNESS_ENTRY 78 /* bytes of an entry */

/* A batch as a registry has it. */
typedef struct ol_witness_batch {
  uint64_t chain_id;
  ol_address registry;
  uint64_t batch_id;
  ol_hash root;
} ol_witness_batch;

/* What a key signs, and so how its id is computed. */
typedef enum ol_witness_kind {
  OL_WITNESS_LOG = 1,      /* notes */
  OL_WITNESS_COSIGNER = 4, /* cosignature/v1 */
} ol_witness_kind;

/* An Ed25519 key, by its name: UTF-8 without spaces, control characters and '+'. */
typedef struct ol_witness_key {
  ol_slice name;
  uint8_t key[32];
} ol_witness_key;

/* Whom a client believes. All names and all keys in it differ. */
typedef struct ol_witness_policy {
  ol_witness_key log; /* its name is also the origin of its checkpoints */
  uint32_t quorum;    /* cosignatures that it takes: 1 to witness_count */
  uint32_t witness_count;
  uint64_t not_after; /* in Unix seconds: cosignatures of a later time count for nothing; 0 for any time */
  ol_witness_key witnesses[OL_WITNESS_KEYS];
} ol_witness_policy;

/* What was proven. */
typedef struct ol_witness_report {
  uint64_t index; /* of the entry */
  uint64_t size;  /* of the log */
  ol_hash root;   /* of the log: SHA-256, RFC 6962 */
  uint64_t
      time; /* of the latest of the cosignatures that count, in Unix seconds: by then all of these had seen it */
  uint32_t seen_by; /* bit i: witness i of the policy has cosigned */
  uint32_t count;   /* of these */
} ol_witness_report;

/* Two roots of one batch in one log. */
typedef struct ol_witness_conflict {
  bool is_split_view; /* the log has signed two roots of one size */
  ol_witness_report one;
  ol_witness_report other;
} ol_witness_conflict;

/* Writes the entry of a batch: "ATR1.batch" || u64 chainId || address20 registry || u64 batchId || batchRoot. */
OL_API void ol_witness_entry(uint8_t out[OL_WITNESS_ENTRY], const ol_witness_batch *batch) OL_NONNULL;

/*
 * Reads a key as operators publish it, "name+id+base64", whose id must be right. Out: its name stays in the text.
 * Returns: OL_ERR_ENCODING; OL_ERR_MISMATCH for a key of another kind or id.
 */
OL_API OL_CHECKED ol_status ol_witness_key_read(ol_error *error, ol_witness_key *out, ol_slice text,
                                                ol_witness_kind kind) OL_NONNULL_ARGS(1, 2);

/*
 * Verifies that a log has a batch, and that enough witnesses know. A signature of a key of the policy that does not hold
 * refuses all of it, as signed-note wants.
 * Returns, with the line of the proof, counted from 1: OL_ERR_ENCODING; OL_ERR_LIMIT; OL_ERR_MISMATCH for another log; OL_ERR_PROOF
 * when the checkpoint does not have the entry; OL_ERR_CRYPTO for a signature that does not hold, or when the log's is
 * missing; OL_ERR_QUORUM; OL_ERR_ARGUMENT for a policy that is none.
 */
OL_API OL_CHECKED ol_status ol_witness_verify(ol_error *error, ol_witness_report *out,
                                              const ol_witness_policy *policy, const ol_witness_batch *batch,
                                              ol_slice proof) OL_NONNULL_ARGS(1, 2, 3, 4);

/*
 * Verifies that a log has a batch with two roots: that is evidence against who runs the log, or who wrote both. What the log has
 * signed is enough; witnesses need not have seen it, and the reports say which did.
 * In: the batch with its one root; the other; a proof of each.
 * Returns: as ol_witness_verify, with which of the two proofs; OL_ERR_ARGUMENT when the roots are the same.
 */
OL_API OL_CHECKED ol_status ol_witness_conflict_verify(ol_error *error, ol_witness_conflict *out,
                                                       const ol_witness_policy *policy,
                                                       const ol_witness_batch *batch,
                                                       const ol_hash *other_root, ol_slice proof,
                                                       ol_slice other_proof) OL_NONNULL_ARGS(1, 2, 3, 4, 5);

#ifdef __cplusplus
}
#endif

#endif
