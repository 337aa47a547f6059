/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_ATTRIBUTION_H
#define OPENLEDGER_ATTRIBUTION_H

/*
 * Receipts of attribution (ATR-1, docs/attribution.md, sections 5 to 7 and 9): what a node signed for an answer, whom it
 * pays, how that is claimed, and whether all of it is true. What is proven about an answer's words is in evidence.h.
 *
 * Numbers of 128 bits are ol_u256, with the upper half zero. Nothing here allocates or keeps state.
 */

#include "openledger/evidence.h"
#include "openledger/influence.h"
#include "openledger/registry.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_ATTRIBUTION_FIELDS_BYTES 572  /* the fields of a receipt, one behind the other */
#define OL_ATTRIBUTION_RECEIPT_BYTES 670 /* a file of a receipt (ATRR) */
#define OL_ATTRIBUTION_JSON 4096         /* bytes that are enough for a receipt as JSON */

#define OL_ATTRIBUTION_VERSION 1
#define OL_ATTRIBUTION_SPANS 1u     /* flags: spans decide on a part of the pool */
#define OL_ATTRIBUTION_INFLUENCE 2u /* flags: influence does */

/* For which chain and which registry a receipt is: the domain of what is signed. */
typedef struct ol_attribution_domain {
  uint64_t chain_id;
  ol_address registry;
} ol_attribution_domain;

/* What is signed. */
typedef struct ol_attribution_receipt {
  uint32_t version;
  uint32_t flags; /* bits OL_ATTRIBUTION_SPANS and _INFLUENCE */
  ol_hash client_nonce;
  ol_address payer;
  ol_hash request_sha256;
  ol_hash response_sha256;
  ol_hash stream_head;
  uint64_t response_bytes;
  ol_hash model_id;
  ol_hash adapter_id;
  ol_hash run_id;
  ol_hash corpus_id;
  ol_hash gradient_id;
  ol_hash policy_id;
  ol_hash evidence_hash;
  ol_hash influence_hash;
  ol_hash split_root;
  ol_u256 total_weight; /* 128 bits */
  uint32_t contributors;
  ol_address pay_token;
  ol_u256 fee;              /* 128 bits */
  ol_u256 contributor_pool; /* 128 bits */
  uint64_t served_at;       /* Unix seconds */
  uint64_t sequence;
  ol_hash previous;
} ol_attribution_receipt;

/* A receipt's file. */
typedef struct ol_signed_receipt {
  ol_attribution_domain domain;
  ol_attribution_receipt receipt;
  uint8_t signature[65]; /* r || s || v; as it is in the file, so perhaps not one */
} ol_signed_receipt;

/*
 * Reads a file (ATRR), of any flags and signature. Returns: OL_ERR_ENCODING with the byte at fault; part "version" when
 * the file or the receipt is of another version.
 */
OL_API OL_CHECKED ol_status ol_attribution_receipt_read(ol_error *error, ol_signed_receipt *out,
                                                        ol_slice file) OL_NONNULL_ARGS(1, 2);

/* Writes a file. Returns: OL_ERR_ARGUMENT when a number does not fit in 128 bits. */
OL_API OL_CHECKED ol_status ol_attribution_receipt_write(ol_error *error,
                                                         uint8_t out[OL_ATTRIBUTION_RECEIPT_BYTES],
                                                         const ol_signed_receipt *receipt) OL_NONNULL;

/* Out: the digest of EIP-712, which is signed, and which names the receipt everywhere. */
OL_API void ol_attribution_receipt_digest(ol_hash *out, const ol_attribution_domain *domain,
                                          const ol_attribution_receipt *receipt) OL_NONNULL;

/*
 * Writes the typed data document of a receipt, for a wallet to sign (ol_wallet_propose_typed_data). Its digest is that of
 * ol_attribution_receipt_digest. Out: JSON, in `memory`; 8 KiB are enough. Returns: OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_attribution_receipt_document(ol_error *error, ol_slice *out,
                                                            const ol_attribution_domain *domain,
                                                            const ol_attribution_receipt *receipt,
                                                            void *memory, size_t len) OL_NONNULL;

/*
 * Finds who signed. Returns: OL_ERR_ENCODING unless v is 27 or 28, OL_ERR_CRYPTO when r or s is out of range, s is high,
 * or no key can have signed.
 */
OL_API OL_CHECKED ol_status ol_attribution_receipt_signer(ol_error *error, ol_address *out,
                                                          const ol_signed_receipt *receipt) OL_NONNULL;

/*
 * Writes a receipt as JSON: the fields in their order under their names of section 5.1, then chainId, registry and
 * signature. Numbers of up to 32 bits are numbers, others decimal text, bytes "0x" and hex.
 * Out: the text, in `memory`; OL_ATTRIBUTION_JSON bytes are enough. Returns: OL_ERR_MEMORY, OL_ERR_ARGUMENT as writing.
 */
OL_API OL_CHECKED ol_status ol_attribution_receipt_json(ol_error *error, ol_slice *out,
                                                        const ol_signed_receipt *receipt, void *memory,
                                                        size_t len) OL_NONNULL;

/*
 * Reads such JSON, at most 64 KiB; members that it does not know are skipped. In: memory, 20 times the text and 4 KiB.
 * Returns: OL_ERR_ENCODING with the member's name, OL_ERR_LIMIT, OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_attribution_receipt_from_json(ol_error *error, ol_signed_receipt *out,
                                                             ol_slice json, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 4);

/* An answer that comes piece by piece. */
typedef struct ol_attribution_stream ol_attribution_stream;

typedef struct ol_attribution_stream_end {
  ol_hash head;
  ol_hash response_sha256;
  uint64_t response_bytes;
} ol_attribution_stream_end;

/* Returns: bytes of memory for a stream. */
OL_API size_t ol_attribution_stream_size(void);

/* Begins. In: memory, at any alignment. Returns: OL_ERR_MEMORY. */
OL_API OL_CHECKED ol_status ol_attribution_stream_new(ol_error *error, ol_attribution_stream **out,
                                                      const ol_hash *client_nonce,
                                                      const ol_hash *request_sha256, const ol_hash *model_id,
                                                      const ol_hash *adapter_id, void *memory,
                                                      size_t len) OL_NONNULL;

/*
 * Adds a piece. In: the head that its event claims; NULL for none. Out: the head up to here, or NULL.
 * Returns: OL_ERR_MISMATCH when the claimed head is another, OL_ERR_ARGUMENT for an empty piece, OL_ERR_LIMIT for an
 * answer of more than OL_EVIDENCE_RESPONSE bytes. A stream that failed stays so: all later calls fail in the same way.
 */
OL_API OL_CHECKED ol_status ol_attribution_stream_add(ol_error *error, ol_attribution_stream *stream,
                                                      ol_hash *out_head, ol_slice piece, const ol_hash *head)
    OL_NONNULL_ARGS(1, 2);

/*
 * Ends. The stream can only be begun anew. Out: what the receipt must say.
 * Returns: OL_ERR_ENCODING when the answer is not UTF-8; or how the stream failed.
 */
OL_API OL_CHECKED ol_status ol_attribution_stream_finish(ol_error *error, ol_attribution_stream *stream,
                                                         ol_attribution_stream_end *out) OL_NONNULL;

/* Rows of a split where they lie, of 60 bytes each. */
typedef struct ol_split {
  ol_slice rows;
  uint32_t count;
} ol_split;

/*
 * Opens a file (ATRS), or the rows of evidence (ol_evidence_rest), and checks that the rows ascend by contributor, then
 * datanet. Out: refers to what was given. Returns: OL_ERR_ENCODING with the row as the item; part "version".
 */
OL_API OL_CHECKED ol_status ol_split_open(ol_error *error, ol_split *out, ol_slice file)
    OL_NONNULL_ARGS(1, 2);
OL_API OL_CHECKED ol_status ol_split_open_rows(ol_error *error, ol_split *out, ol_slice rows)
    OL_NONNULL_ARGS(1, 2);

/* Out: a row, by its index. Returns: 1; 0 when there are not so many. */
OL_API OL_CHECKED int ol_split_at(const ol_split *split, ol_split_row *out, uint32_t index) OL_NONNULL;

/*
 * Writes a file. In: rows that ascend. Out: the file, in `memory`; 9 bytes and 60 for each row.
 * Returns: OL_ERR_ARGUMENT with the row as the item, OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_split_write(ol_error *error, ol_slice *out, const ol_split_row *rows,
                                           size_t rows_len, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 5);

/* Sorts weights by contributor, then datanet: those that ol_influence_next gives are in another order. */
OL_API void ol_attribution_weights_sort(ol_attribution_weight *out_weights,
                                        size_t out_weights_len) OL_NONNULL;

/*
 * Makes the rows of a receipt's split. In: weights of spans (ol_evidence_weight) and of influence (ol_influence_next), each
 * sorted and each pair once; of the policy what influence decides on; the contributors' pool. Out: the rows, of which
 * OL_SPLIT_ROWS are enough, and how many; the sum of their weights, or NULL.
 * Returns: OL_ERR_ARGUMENT with the weight as the item, OL_ERR_LIMIT for more rows, or where a number has more than 128
 * bits, OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_split_make(ol_error *error, ol_split_row *out_rows, size_t out_rows_len,
                                          uint32_t *out_count, ol_u256 *out_total,
                                          const ol_attribution_policy *policy, const ol_u256 *pool,
                                          const ol_attribution_weight *spans, size_t spans_len,
                                          const ol_attribution_weight *influence, size_t influence_len)
    OL_NONNULL_ARGS(1, 2, 4, 6, 7);

/*
 * Divides a pool: sets the amount of each row by its weight. Out: the sum of weights, or NULL.
 * Returns: OL_ERR_LIMIT when a sum has more than 128 bits.
 */
OL_API OL_CHECKED ol_status ol_split_divide(ol_error *error, ol_split_row *out_rows, size_t out_rows_len,
                                            ol_u256 *out_total, const ol_u256 *pool) OL_NONNULL_ARGS(1, 5);

/*
 * Out: the root; the sums of weights and of amounts, or NULL, where no sum of weights is made.
 * Returns: OL_ERR_LIMIT when a sum has more than 128 bits.
 */
OL_API OL_CHECKED ol_status ol_split_root(ol_error *error, ol_hash *out, ol_u256 *out_weight,
                                          ol_u256 *out_amount, const ol_split *split)
    OL_NONNULL_ARGS(1, 2, 5);

/*
 * Adds splits up, as those of an epoch's receipts: weights and amounts of equal pairs. Out: a file, in `memory`; 9 bytes
 * and 60 for each row of all of them are enough.
 * Returns: OL_ERR_LIMIT when a sum has more than 128 bits, or for more than 2^32 - 1 rows; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_split_sum(ol_error *error, ol_slice *out, const ol_split *splits,
                                         size_t splits_len, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 5);

/* Out: what an address earns in all datanets, and in how many rows. Returns: OL_ERR_LIMIT as above. */
OL_API OL_CHECKED ol_status ol_split_earned(ol_error *error, ol_u256 *out_amount, uint32_t *out_rows,
                                            const ol_split *split, const ol_address *contributor) OL_NONNULL;

#define OL_SHARE_BYTES 3186 /* with the longest path; at most 978 up to 2^18 rows */

/* What one row earns, with the path from it to the root. */
typedef struct ol_share {
  uint64_t index;
  uint64_t rows; /* of the split */
  ol_split_row row;
  uint32_t path_len;
  ol_split_sibling path[OL_SPLIT_PATH];
  ol_hash split_root;
} ol_share;

/* Makes the share of a row. Returns: OL_ERR_ARGUMENT for an index behind the last row, OL_ERR_LIMIT as ol_split_root. */
OL_API OL_CHECKED ol_status ol_share_make(ol_error *error, ol_share *out, const ol_split *split,
                                          uint32_t index) OL_NONNULL;

/* Out: a file (ATRP), in `memory`. Returns: OL_ERR_MEMORY, OL_ERR_ARGUMENT for more than OL_SPLIT_PATH siblings. */
OL_API OL_CHECKED ol_status ol_share_write(ol_error *error, ol_slice *out, const ol_share *share,
                                           void *memory, size_t len) OL_NONNULL;

/*
 * Reads a file, and verifies that the row is in the split of this root. Whether that split is paid is for the chain to
 * say. Returns: OL_ERR_ENCODING with the byte at fault, part "version", OL_ERR_PROOF.
 */
OL_API OL_CHECKED ol_status ol_share_read(ol_error *error, ol_share *out, ol_slice file)
    OL_NONNULL_ARGS(1, 2);

/* Writes the call that claims a share of a payout. Out, In, Returns: as ol_payout_claim_call; 4 KiB are enough. */
OL_API OL_CHECKED ol_status ol_share_claim_call(ol_error *error, ol_call *out, const ol_address *registry,
                                                const ol_u256 *payout_id, const ol_share *share, void *memory,
                                                size_t len) OL_NONNULL;

#define OL_BATCH_PATH 64 /* siblings of a receipt */

/* That a receipt is in a batch. */
typedef struct ol_batch_proof {
  ol_u256 batch_id;
  ol_hash root;
  uint64_t leaves;
  uint64_t index;
  uint32_t path_len;
  ol_hash path[OL_BATCH_PATH];
} ol_batch_proof;

/* Out: the root of a batch of digests; of none, too. */
OL_API void ol_batch_root(ol_hash *out, const ol_hash *digests, size_t digests_len) OL_NONNULL_ARGS(1);

/* Proves that a digest is in a batch. Returns: OL_ERR_ARGUMENT for an index behind the last. */
OL_API OL_CHECKED ol_status ol_batch_prove(ol_error *error, ol_batch_proof *out, const ol_u256 *batch_id,
                                           uint64_t index, const ol_hash *digests,
                                           size_t digests_len) OL_NONNULL;

/* Verifies that a digest is in a batch of this root. Returns: OL_ERR_PROOF. */
OL_API OL_CHECKED ol_status ol_batch_verify(ol_error *error, const ol_batch_proof *proof,
                                            const ol_hash *digest) OL_NONNULL;

#define OL_EQUIVOCATION_BYTES 1345

/*
 * Puts two receipts' files together. Out: bytes of the file, in `memory`. Returns: as ol_equivocation_read, OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_equivocation_write(ol_error *error, ol_slice *out, ol_slice first,
                                                  ol_slice second, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 5);

/*
 * Verifies that one key signed, for one registry, two receipts of one number, or one that does not follow on the one
 * before it. Out: the key; the number of the second, or NULL.
 * Returns: OL_ERR_ENCODING for what are no receipts, OL_ERR_CRYPTO, OL_ERR_PROOF when they may stand side by side.
 */
OL_API OL_CHECKED ol_status ol_equivocation_read(ol_error *error, ol_address *out_signer,
                                                 uint64_t *out_sequence, ol_slice file) OL_NONNULL_ARGS(1, 2);

/*
 * Writes reportEquivocation of AttributionRegistry, which disputes the key for good: only for two receipts of one number.
 * Out: the call, with its data in `memory`; 2 KiB are enough.
 * Returns: as ol_equivocation_read; OL_ERR_MISMATCH for another registry, OL_ERR_ARGUMENT for two numbers, OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_equivocation_report_call(ol_error *error, ol_call *out,
                                                        const ol_address *registry, ol_slice equivocation,
                                                        void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 3, 5);

typedef enum ol_attribution_verdict {
  OL_VERDICT_REJECTED = 0,
  OL_VERDICT_PENDING = 1,
  OL_VERDICT_VERIFIED_EXCEPT_INFLUENCE = 2,
  OL_VERDICT_VERIFIED = 3,
} ol_attribution_verdict;

/* Returns: e.g. "VERIFIED_EXCEPT_INFLUENCE"; "unknown" for a number that is none. */
OL_API const char *ol_attribution_verdict_name(uint32_t verdict);

/* What was looked at and found true, as bits. */
typedef enum ol_attribution_proven {
  OL_PROVEN_SIGNATURE = 1,     /* by whom the receipt is signed */
  OL_PROVEN_REQUEST = 2,       /* for this request */
  OL_PROVEN_RESPONSE = 4,      /* for this answer, and its stream */
  OL_PROVEN_NONCE = 8,         /* for the nonce that was expected */
  OL_PROVEN_PAYER = 16,        /* for the payer that was expected */
  OL_PROVEN_DOMAIN = 32,       /* for the chain and the registry that were expected */
  OL_PROVEN_SPANS = 64,        /* all passages of the corpus, their counts and owners */
  OL_PROVEN_INFLUENCE = 128,   /* weights of influence follow from the table, and from v, which is attested */
  OL_PROVEN_SPLIT = 256,       /* rows, amounts and root follow */
  OL_PROVEN_SIGNER = 512,      /* registered, bonded, not revoked */
  OL_PROVEN_CORPUS = 1024,     /* published as this epoch, and not found wrong */
  OL_PROVEN_ANCHORED = 2048,   /* in a batch that is on chain */
  OL_PROVEN_UNDISPUTED = 4096, /* no dispute open or upheld */
  OL_PROVEN_WITNESSED = 8192,  /* by as many witnesses as were asked for */
} ol_attribution_proven;

/* Status of a dispute, as the registry has it. */
typedef enum ol_dispute_status {
  OL_DISPUTE_STATUS_NONE = 0,
  OL_DISPUTE_STATUS_OPEN = 1,
  OL_DISPUTE_STATUS_DISMISSED = 2,
  OL_DISPUTE_STATUS_UPHELD = 3,
} ol_dispute_status;

/* What the chain says, proven at one block (tests/devnet/contracts/README.md says in which slots). */
typedef struct ol_attribution_facts {
  uint32_t trust;        /* an ol_trust: what proves the block */
  uint32_t has_signer;   /* what is known of the receipt's signer, of NodeRegistry */
  uint32_t has_corpus;   /* what is known of the evidence's corpus, by its name */
  uint32_t has_batch;    /* what is known of the proof's batch, by its id */
  uint32_t has_disputes; /* what is known of the four disputes at the end */
  uint32_t witnesses;    /* known ones that cosigned this batch's entry in a log; 0 when there is none */
  uint64_t block_number;
  uint64_t block_timestamp;      /* Unix seconds */
  uint64_t signer_registered_at; /* Unix seconds; 0: is not */
  uint64_t signer_revoked_at;    /* Unix seconds; 0: is not */
  ol_u256 signer_bond;
  ol_u256 signer_slashed; /* in all; what is left is the bond */
  ol_u256 min_bond;
  ol_hash corpus_id;       /* that the registry has for corpus_epoch; zero when it has none */
  uint64_t corpus_epoch;   /* the evidence's, which the registry was asked for */
  uint64_t corpus_newest;  /* epoch of that name */
  uint32_t corpus_dispute; /* an ol_dispute_status, of corpusId */
  uint32_t padding;        /* 0 */
  ol_hash batch_root;      /* zero when there is no such batch */
  uint64_t batch_leaves;
  ol_address batch_signer;  /* node for which it was posted */
  uint32_t receipt_dispute; /* an ol_dispute_status, of the receipt's digest */
  uint32_t batch_dispute;   /* ... of the batch's root */
  uint32_t split_dispute;   /* ... of the receipt's split root */
  uint32_t signer_dispute;  /* ... of the signer's key: upheld for equivocation */
} ol_attribution_facts;

/* What the client knows of what it asked for. What has a flag that is 0 is not compared. */
typedef struct ol_attribution_expected {
  uint32_t has_domain;
  uint32_t has_nonce;
  uint32_t has_payer;
  uint32_t has_policy;
  uint32_t has_max_fee;
  uint32_t has_model;
  uint32_t has_adapter;
  uint32_t has_min_epoch;
  uint32_t has_max_age;
  uint32_t has_max_lag;
  uint32_t min_witnesses; /* 0: none is needed */
  uint32_t padding;       /* 0 */
  ol_attribution_domain domain;
  ol_hash client_nonce;
  ol_address payer;
  ol_hash policy_id;
  ol_u256 max_fee;
  ol_hash model_id;
  ol_hash adapter_id;
  uint64_t min_epoch; /* of the corpus */
  uint64_t now;       /* with max_age: Unix seconds, by the client's clock */
  uint64_t max_age;   /* seconds by which the block of the facts may be old */
  uint64_t max_lag;   /* epochs by which the corpus may be behind the registry's newest */
} ol_attribution_expected;

/* All that a verdict is made of. */
typedef struct ol_attribution_input {
  ol_slice receipt;                        /* ATRR */
  ol_slice evidence;                       /* ATRE */
  ol_slice policy;                         /* OL_ATTRIBUTION_POLICY_BYTES */
  ol_slice request;                        /* its body, as it was sent */
  ol_slice response;                       /* R */
  const ol_attribution_expected *expected; /* NULL: nothing is compared */
  const ol_hash *stream_head;              /* NULL: R came as one piece */
  const ol_influence_table *table;         /* of the adapter; NULL where influence decides on nothing */
  const ol_batch_proof *batch;             /* NULL: it is in none yet */
  const ol_attribution_facts *facts;       /* NULL: the chain was not asked */
  ol_slice equivocation;                   /* ATRQ that somebody brought; empty for none */
} ol_attribution_input;

typedef struct ol_attribution_result {
  uint32_t verdict; /* an ol_attribution_verdict */
  uint32_t reason;  /* an ol_attribution_reason: of a rejection; else 0 */
  uint32_t proven;  /* bits of ol_attribution_proven */
  uint32_t trust;   /* of the facts; 0 without */
  uint32_t spans;   /* that ol_evidence_span gives */
  uint32_t rows;    /* of the split */
  ol_address signer;
  ol_hash digest;
  ol_u256 total_weight;
  ol_u256 total_amount; /* of all rows */
  ol_u256 dust;         /* what is left of the pool, for the sink */
  ol_signed_receipt receipt;
  ol_attribution_policy policy;
  ol_split split;        /* in the evidence */
  ol_evidence *evidence; /* what was proven of the answer; NULL when it was not come to */
} ol_attribution_result;

/* Returns: bytes that a verdict takes, with any input: at most 256 KiB. */
OL_API size_t ol_attribution_verify_size(void);

/*
 * Verifies a receipt in one pass: one verdict, and of a rejection the first reason in the order of section 9. In: memory
 * of ol_attribution_verify_size() bytes, at any alignment; it and the input must stay as long as the evidence is used.
 * Out: the verdict. A rejection is a verdict: the call returns OL_OK, and the error tells where.
 * Returns: OL_ERR_MEMORY. What was not come to is zero.
 */
OL_API OL_CHECKED ol_status ol_attribution_verify(ol_error *error, ol_attribution_result *out,
                                                  const ol_attribution_input *input, void *memory,
                                                  size_t len) OL_NONNULL;

/*
 * Tells a verdict as JSON: {verdict, reason, proven, trust, signer, digest, totalWeight, totalAmount, dust, spans, rows,
 * receipt}. A span is {start, end, text, count, owner, datanet, document, position, rarity, credited, weight}, with owner
 * null where it earns nothing; a row {contributor, datanet, weight, amount}. In: the answer, for the texts.
 * Out: the text, in `memory`; 32 KiB, 400 bytes for each span and row, and 6 times the spans' texts are enough.
 * Returns: OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_attribution_explain(ol_error *error, ol_slice *out,
                                                   const ol_attribution_result *result, ol_slice response,
                                                   void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 3, 5);

#ifdef __cplusplus
}
#endif

#endif
