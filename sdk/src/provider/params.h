/* SPDX-License-Identifier: MIT */
#ifndef OL_PROVIDER_PARAMS_H
#define OL_PROVIDER_PARAMS_H

/* The parameters of methods (Execution APIs), read into jobs. Returns, all: OL_ERR_ENCODING or OL_ERR_LIMIT. */

#include "provider/provider.h"

/* Reads a block's tag, number or hash (EIP-1898); latest where there is none. */
OL_CHECKED ol_status ol_param_at(ol_error *error, ol_at *out, ol_json param) OL_NONNULL_ARGS(1, 2);

/* Reads a boolean; false where there is none. */
OL_CHECKED ol_status ol_param_bool(ol_error *error, bool *out, ol_json param) OL_NONNULL_ARGS(1, 2);

/* What methods take, in this order. */
typedef ol_status ol_params_read(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS],
                                 ol_arena *arena);

ol_params_read ol_params_account;         /* address, block */
ol_params_read ol_params_code;            /* the same, for the code */
ol_params_read ol_params_slot;            /* address, slot, block */
ol_params_read ol_params_proof;           /* address, slots, block */
ol_params_read ol_params_block;           /* block, whether transactions are written in full */
ol_params_read ol_params_block_hash;      /* the same, of a block's hash */
ol_params_read ol_params_receipts;        /* block */
ol_params_read ol_params_transaction_at;  /* block, index */
ol_params_read ol_params_transaction_in;  /* a block's hash, index */
ol_params_read ol_params_transaction;     /* a transaction's hash */
ol_params_read ol_params_withdrawal;      /* a transaction's hash, index of its withdrawal, submitter */
ol_params_read ol_params_logs;            /* filter */
ol_params_read ol_params_latest;          /* nothing: the latest block, with receipts */
ol_params_read ol_params_fee_history;     /* count, newest block, percentiles */
ol_params_read ol_params_suggest_fees;    /* count of blocks */
ol_params_read ol_params_raw_transaction; /* a signed transaction */
ol_params_read ol_params_signature;       /* account, digest, signature, block */
ol_params_read ol_params_subscribe;       /* "newHeads" */
ol_params_read ol_params_unsubscribe;     /* a subscription's id */
ol_params_read ol_params_chain;           /* { chainId } */

/* ledger.c: what, the block, contracts */
ol_params_read ol_params_governance;
ol_params_read ol_params_proposal;  /* number, voter */
ol_params_read ol_params_proposals; /* count, how many of the newest are left out */
ol_params_read ol_params_votes;     /* account, time */
ol_params_read ol_params_positions; /* account or stakes, below which number */
ol_params_read ol_params_datanet;   /* number */
ol_params_read ol_params_model;     /* hash */
ol_params_read ol_params_node;      /* address */
ol_params_read ol_params_batch;     /* number */
ol_params_read ol_params_corpus;    /* name, an epoch or null */
ol_params_read ol_params_dispute;   /* subject */
ol_params_read ol_params_grant;     /* number */
ol_params_read ol_params_payout;    /* number, a row or null */
ol_params_read ol_params_claim;     /* batch, account */
ol_params_read ol_params_allowance; /* owner, spender */

/* Reads the block, and contracts in place of the profile's: what ends the parameters of all of these. */
OL_CHECKED ol_status ol_param_where(ol_error *error, ol_job *job, ol_json block, ol_json contracts)
    OL_NONNULL_ARGS(1, 2);

/* facts.c: what is asked of a receipt, the block, contracts */
ol_params_read ol_params_facts;

#endif
