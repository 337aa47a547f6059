/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_REGISTRY_H
#define OPENLEDGER_REGISTRY_H

/*
 * The registries of datanets, models, nodes, attribution and grants, as calls to be put into transactions. OpenLedger has
 * published no such contracts; these are the project's own (tests/devnet/contracts).
 *
 * All: Out: the call, with its data in `memory`. In: what the call pays, in wei; memory for the data, 1 KiB and what
 * texts and lists within it take. Returns: OL_ERR_ARGUMENT with the argument's number or name, OL_ERR_LIMIT,
 * OL_ERR_CRYPTO for a signature of high s, OL_ERR_MEMORY.
 */

#include "openledger/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The functions whose arguments are words. In brackets what they pay, where they do. */
typedef enum ol_registry_function {
  OL_DATANET_CREATE = 0,        /* metadata's hash, root, size, least stake [fees] */
  OL_DATANET_UPDATE = 1,        /* datanet, root, size [fee] */
  OL_DATANET_SET_METADATA = 2,  /* datanet, metadata's hash */
  OL_DATANET_SET_MIN_STAKE = 3, /* datanet, least stake */
  OL_DATANET_COMMIT = 4,        /* datanet, ol_datanet_commitment [stake] */
  OL_DATANET_REVEAL = 5,        /* contribution, content's hash, size, salt */
  OL_DATANET_APPROVE = 6,       /* contribution, root [fee] */
  OL_DATANET_REJECT = 7,        /* contribution, 1 to forfeit its stake or 0 */
  OL_DATANET_EXPIRE = 8,        /* contribution */
  OL_MODEL_REGISTER = 9,        /* base model, adapter's hash, runId, gradientId, price in, price out */
  OL_MODEL_SET_PRICE = 10,      /* model, price in, price out */
  OL_MODEL_DEPLOY = 11,         /* model */
  OL_MODEL_UNDEPLOY = 12,       /* model */
  OL_NODE_ADD_BOND = 13,        /* signer [bond] */
  OL_NODE_REVOKE = 14,          /* signer */
  OL_NODE_WITHDRAW_BOND = 15,   /* signer */
  OL_BATCH_POST = 16,           /* signer, root, receipts */
  OL_CORPUS_PUBLISH = 17,       /* name, corpusId */
  OL_DISPUTE_OPEN = 18,         /* subject [bond] */
  OL_DISPUTE_SETTLE = 19,       /* subject, 1 to uphold it or 0 */
  OL_PAYOUT_FUND = 20,          /* split root, leaves, token or zero, total [total, without token] */
  OL_PAYOUT_RECLAIM = 21,       /* payout */
  OL_GRANT_APPROVE = 22,        /* grant [its total] */
  OL_GRANT_SUBMIT = 23,         /* grant, milestone from 0, evidence's hash */
  OL_GRANT_REFUSE = 24,         /* grant, milestone */
  OL_GRANT_ACCEPT = 25,         /* grant, milestone, evidence's hash */
  OL_GRANT_CANCEL = 26,         /* grant */
} ol_registry_function;

/*
 * Writes a call of one of them. In: its arguments, each as a word: addresses and numbers on the right, in the ranges of
 * their types.
 */
OL_API OL_CHECKED ol_status ol_registry_call(ol_error *error, ol_call *out, const ol_address *registry,
                                             ol_registry_function which, const ol_u256 *value,
                                             const ol_u256 *words, size_t words_len, void *memory,
                                             size_t len) OL_NONNULL;

/* Out: what OL_DATANET_COMMIT commits to. In: who will reveal it; the content's hash and size; 32 random bytes. */
OL_API void ol_datanet_commitment(ol_hash *out, uint64_t datanet, const ol_address *contributor,
                                  const ol_hash *content, uint64_t size, const ol_hash *salt) OL_NONNULL;

/* Out: the number of a model, which says its owner, its base and its adapter. */
OL_API void ol_model_id(ol_hash *out, const ol_address *owner, const ol_hash *base_model,
                        const ol_hash *adapter_hash) OL_NONNULL;

#define OL_NODE_ENDPOINT 512 /* bytes of a node's URL */

/*
 * Writes register of NodeRegistry. In: the key that signs receipts; where the node answers; the key's signature of
 * Registration, empty when the sender has the key itself; the bond.
 */
OL_API OL_CHECKED ol_status ol_node_register_call(ol_error *error, ol_call *out, const ol_address *registry,
                                                  const ol_address *signer, ol_slice endpoint,
                                                  ol_slice consent, const ol_u256 *bond, void *memory,
                                                  size_t len) OL_NONNULL_ARGS(1, 2, 3, 4, 7, 8);

/* Writes setEndpoint. */
OL_API OL_CHECKED ol_status ol_node_endpoint_call(ol_error *error, ol_call *out, const ol_address *registry,
                                                  const ol_address *signer, ol_slice endpoint, void *memory,
                                                  size_t len) OL_NONNULL_ARGS(1, 2, 3, 4, 6);

#define OL_GRANT_MILESTONES 32

/* Writes propose of GrantRegistry. In: the plan's hash; what each milestone pays, at most 2^128 - 1 wei together. */
OL_API OL_CHECKED ol_status ol_grant_propose_call(ol_error *error, ol_call *out, const ol_address *registry,
                                                  const ol_hash *metadata, const ol_u256 *amounts,
                                                  size_t amounts_len, void *memory, size_t len) OL_NONNULL;

#define OL_SPLIT_PATH 64 /* siblings of a row */

/* A row of a split tree (ATR-1, section 1). */
typedef struct ol_split_row {
  ol_address contributor;
  uint64_t datanet;
  ol_u256 weight; /* at most 2^128 - 1 */
  ol_u256 amount; /* the same */
} ol_split_row;

/* A sibling on the path from a row to the root, with the sum of what is below it. */
typedef struct ol_split_sibling {
  ol_hash hash;
  ol_u256 sum; /* at most 2^128 - 1 */
} ol_split_sibling;

/* Writes claim of AttributionRegistry: pays the row's contributor its amount, once, whoever sends it. */
OL_API OL_CHECKED ol_status ol_payout_claim_call(ol_error *error, ol_call *out, const ol_address *registry,
                                                 const ol_u256 *payout_id, uint64_t index,
                                                 const ol_split_row *row, const ol_split_sibling *path,
                                                 size_t path_len, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 4, 6, 9);

#ifdef __cplusplus
}
#endif

#endif
