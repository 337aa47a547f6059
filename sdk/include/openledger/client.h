/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_CLIENT_H
#define OPENLEDGER_CLIENT_H

/*
 * Questions to an OP Stack chain, answered with proofs. A client lives in memory that its caller owns and is
 * driven through its engine (engine.h). It answers one question at a time.
 */

#include "openledger/account.h"
#include "openledger/envelope.h"
#include "openledger/rollup.h"
#include "openledger/sync.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_CHAIN_ID 1612u /* OpenLedger */
#define OL_MAX_SLOTS 32
#define OL_MAX_CODE (64u << 10) /* bytes of contract code that a question can bring along */

typedef struct ol_client ol_client;

/* How much an answer can be trusted: what proves its block. Higher is stronger. */
typedef enum ol_trust {
  OL_TRUST_GIVEN = 0,    /* the caller brought the header; nothing was checked about it */
  OL_TRUST_QUORUM = 1,   /* so many independent endpoints gave the same header hash */
  OL_TRUST_UNSAFE = 2,   /* signed by the sequencer */
  OL_TRUST_PROPOSED = 3, /* its output root is proposed on L1 */
  OL_TRUST_FINALIZED = 4 /* ... and can no longer be challenged */
} ol_trust;

typedef enum ol_block_tag {
  OL_BLOCK_LATEST = 0,
  OL_BLOCK_SAFE = 1,
  OL_BLOCK_FINALIZED = 2,
  OL_BLOCK_NUMBER = 3,
  OL_BLOCK_HASH = 4,
} ol_block_tag;

typedef struct ol_client_config {
  uint64_t chain_id;     /* every endpoint must serve this chain; 0 to accept any */
  uint32_t endpoints;    /* independent L2 endpoints, 1 to OL_MAX_ENDPOINTS */
  uint32_t quorum;       /* how many must agree on the block's hash, 1 to `endpoints` */
  uint32_t timeout_ms;   /* for one request */
  uint32_t max_answer;   /* bytes of one answer; 0 for the default of 512 KiB */
  uint32_t l1_endpoints; /* 0 to OL_MAX_ENDPOINTS; for trust above that of a quorum, see ol_client_anchor */
  uint32_t sequencers; /* 0 to OL_MAX_ENDPOINTS; that pass on what the sequencer gossips, for unsafe blocks */
  uint32_t envelope_version; /* of the gossip, 1 to OL_ENVELOPE_VERSIONS; 0 for the newest */
  uint32_t
      kept_messages; /* 0, or 4 to 16: of the sequencer, each of at most max_answer bytes, kept for evidence */
} ol_client_config;

/*
 * Ages of a block, in seconds, that are none: no limit; and 2 minutes for the latest block of a quorum, no limit for
 * others.
 */
#define OL_AGE_ANY UINT32_MAX
#define OL_AGE_DEFAULT (UINT32_MAX - 1)

/* What is asked about an account. */
typedef struct ol_account_question {
  ol_address address;
  uint32_t block;      /* an ol_block_tag */
  uint64_t number;     /* for OL_BLOCK_NUMBER */
  ol_hash hash;        /* for OL_BLOCK_HASH */
  uint32_t max_age_s;  /* the oldest block accepted, in seconds; or OL_AGE_ANY, OL_AGE_DEFAULT */
  uint32_t trust;      /* the lowest ol_trust accepted */
  uint32_t with_code;  /* 1 to have the contract's code too */
  uint32_t slot_count; /* at most OL_MAX_SLOTS */
  ol_u256 slots[OL_MAX_SLOTS];
} ol_account_question;

/*
 * What anchors a block on L1: an output root that was proposed there, in a dispute game or to an oracle. Of an unsafe
 * block, nothing but who signed it.
 */
typedef struct ol_anchor {
  ol_address signer; /* of an unsafe block, as SystemConfig names it; zero of others, and then: */
  ol_hash output_root;
  ol_address game;          /* zero for an output of the L2OutputOracle */
  uint64_t index;           /* of the game in the factory's list, or of the output in the oracle's */
  uint64_t proposed_at;     /* seconds since the Unix epoch */
  uint64_t finalizes_at;    /* the same: when withdrawals by it can be finalized; 0 while a game goes on */
  uint64_t l1_block_number; /* at which all this was proven */
  ol_hash l1_block_hash;
} ol_anchor;

/* A proven answer. It names the block at which it holds and what anchors that block. */
typedef struct ol_account_answer {
  ol_address address;
  uint32_t slot_count;
  ol_account account;
  ol_slot slots[OL_MAX_SLOTS];
  uint64_t chain_id; /* 0 if it was not asked */
  uint64_t block_number;
  ol_hash block_hash;
  ol_hash state_root;
  uint64_t block_timestamp; /* seconds since the Unix epoch */
  uint64_t age_s;           /* of the block, when the answer was found; 0 for an offline proof */
  uint32_t trust;           /* an ol_trust */
  uint32_t agreed;          /* endpoints that gave this block's hash */
  uint32_t asked;           /* endpoints that were asked for it */
  uint32_t with_code;       /* 1 if the code was proven along */
  ol_anchor anchor;         /* for trust above that of a quorum */
} ol_account_answer;

/* Returns: bytes of memory for a client, aligned to 16; 0 when the configuration is not valid. */
OL_API size_t ol_client_size(const ol_client_config *config) OL_NONNULL;

/* Makes a client in `memory`, which must stay in place while it is used. Out: the client. */
OL_API OL_CHECKED ol_status ol_client_init(ol_error *error, ol_client **out, const ol_client_config *config,
                                           void *memory, size_t len) OL_NONNULL;

/* Returns: the client's engine. */
OL_API ol_engine *ol_client_engine(ol_client *client) OL_NONNULL;

/*
 * Tells a client what is proven of L1, and where the rollup's contracts are there: from then on questions for
 * `proposed` and `finalized` can be asked. The block of an answer is then the newest that is so; another cannot be
 * asked for. To be called again whenever L1 has gone on.
 *
 * In: a sync's status with the headers of both execution blocks. NULL while L1 is still being followed: a question
 * then looks for what does not need it, and is not done before this is called again with the status - or with neither
 * rollup nor status, when L1 cannot be followed.
 * Returns: OL_ERR_ARGUMENT when there are no L1 endpoints, a header or the contracts are missing, or a question goes
 * on that rests on what was told before.
 */
OL_API OL_CHECKED ol_status ol_client_anchor(ol_error *error, ol_client *client, const ol_rollup *rollup,
                                             const ol_sync_status *l1) OL_NONNULL_ARGS(1, 2);

/* Out: a question with safe defaults: the latest block, of the default age, at quorum or better. */
OL_API void ol_account_question_init(ol_account_question *out, const ol_address *address) OL_NONNULL;

/* Asks about an account; drive the engine from ol_engine_begin on. Returns: OL_ERR_ARGUMENT. */
OL_API OL_CHECKED ol_status ol_client_ask_account(ol_error *error, ol_client *client,
                                                  const ol_account_question *question) OL_NONNULL;

/* Out: the answer, once the engine is done; the code is readable until the next call to client or engine. */
OL_API OL_CHECKED ol_status ol_client_account(ol_error *error, ol_account_answer *out, ol_slice *out_code,
                                              const ol_client *client) OL_NONNULL;

/*
 * Makes evidence of equivocation (ol_equivocation_verify) where an unsafe question failed because the sequencer had
 * signed two blocks of one height. It can be had as long as there is none of another height, and only if the config's
 * `kept_messages` is not 0, the other block was one of the last that were answered by, and neither message is longer
 * than `max_answer`, decompressed.
 * Out: at most `len` bytes, and *out_len, the length of the whole; OL_ERR_MEMORY when `len` is less.
 * Returns: OL_ERR_ARGUMENT when there is none.
 */
OL_API OL_CHECKED ol_status ol_client_equivocation(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                                   const ol_client *client) OL_NONNULL_ARGS(1, 4, 5);

/*
 * Verifies an eth_getProof result against a header, without a client.
 *
 * In: a question, or NULL to accept whatever account and slots the proof is about; the header as RLP in hex
 * or as a JSON-RPC block; the proof as JSON. Both may be inside a JSON-RPC envelope. Nothing anchors the
 * header, so the question's `trust` must be OL_TRUST_GIVEN, and there is no clock, so no age is checked. The
 * memory is for parsing: ol_account_verify_memory bytes.
 */
OL_API OL_CHECKED ol_status ol_account_verify_text(ol_error *error, ol_account_answer *out,
                                                   const ol_account_question *question, ol_slice header,
                                                   ol_slice proof, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 6);

/* Returns: bytes of memory that ol_account_verify_text needs at most for texts of these lengths. */
OL_API size_t ol_account_verify_memory(size_t header_len, size_t proof_len);

/*
 * Writes an answer as JSON: a function of what was proven alone, so the same everywhere. Numbers are
 * QUANTITY, bytes are DATA (Ethereum JSON-RPC). Out: the text, inside `memory`.
 * Returns: OL_ERR_MEMORY; 32 KiB are enough, and 16 times the code.
 */
OL_API OL_CHECKED ol_status ol_account_answer_json(ol_error *error, ol_slice *out,
                                                   const ol_account_answer *answer, ol_slice code,
                                                   void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 3, 5);

/* Returns: a trust level's name, e.g. "quorum". */
OL_API const char *ol_trust_name(ol_trust trust);

#ifdef __cplusplus
}
#endif

#endif
