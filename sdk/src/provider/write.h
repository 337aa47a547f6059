/* SPDX-License-Identifier: MIT */
#ifndef OL_PROVIDER_WRITE_H
#define OL_PROVIDER_WRITE_H

/* The results of methods. Returns, all: what reading a body again can give, and OL_ERR_LIMIT. */

#include "provider/provider.h"

static inline void ol_write_address(ol_json_writer *to, const char *name, const ol_address *address) {
  ol_json_write_hex(to, name, address->bytes, sizeof address->bytes);
}

typedef ol_status ol_result_write(ol_error *error, const ol_result *of);

/* Lists the block in the job's keep. Returns: OL_ERR_MEMORY. */
OL_CHECKED ol_status ol_result_block(ol_error *error, ol_rpc_block *out, const ol_result *of) OL_NONNULL;

ol_result_write ol_write_chain_id;
ol_result_write ol_write_network;
ol_result_write ol_write_version;
ol_result_write ol_write_nothing; /* an empty list */
ol_result_write ol_write_false;
ol_result_write ol_write_status;
ol_result_write ol_write_number;
ol_result_write ol_write_balance;
ol_result_write ol_write_nonce;
ol_result_write ol_write_code;
ol_result_write ol_write_slot;
ol_result_write ol_write_kept; /* JSON that is in the job's keep */
ol_result_write ol_write_block;
ol_result_write ol_write_receipts;
ol_result_write ol_write_count; /* of a block's transactions */
ol_result_write ol_write_transaction_at;
ol_result_write ol_write_transaction;
ol_result_write ol_write_receipt;
ol_result_write ol_write_swept;
ol_result_write ol_write_claims;       /* the same, and whether they are all */
ol_result_write ol_write_subscription; /* its id */
ol_result_write ol_write_done;         /* whether there was one */
ol_result_write ol_write_hash;         /* of the transaction that was sent */

/* bridge.c */
ol_result_write ol_write_system_config;
ol_result_write ol_write_withdrawal;

/* ledger_write.c */
ol_result_write ol_write_governance;
ol_result_write ol_write_proposal;
ol_result_write ol_write_proposals;
ol_result_write ol_write_votes;
ol_result_write ol_write_positions;
ol_result_write ol_write_record;

/* Writes what such an answer rests on - the block, how it is trusted, how it is known what slots mean -, and closes it. */
void ol_write_rest(const ol_result *of) OL_NONNULL;

/* facts.c */
ol_result_write ol_write_facts;

/* fees.c */
ol_result_write ol_write_gas_price;
ol_result_write ol_write_priority_fee;
ol_result_write ol_write_fee_history;
ol_result_write ol_write_suggested_fees;
ol_result_write ol_write_quote;
ol_result_write ol_write_signature;

/* Writes a row of rewards: of a block's transactions, the tips at the percentiles of its gas. */
OL_CHECKED ol_status ol_sweep_rewards(ol_error *error, ol_json_writer *to, const ol_job *job,
                                      const ol_rpc_block *block, ol_arena *arena) OL_NONNULL;

/* Writes what fees are suggested by of a block. */
OL_CHECKED ol_status ol_sweep_fees(ol_error *error, ol_json_writer *to, const ol_job *job,
                                   const ol_rpc_block *block, ol_arena *arena) OL_NONNULL;

#endif
