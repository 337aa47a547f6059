/* SPDX-License-Identifier: MIT */
#include "provider/params.h"
#include "provider/write.h"

#include "base/poison.h"

static bool log_block_matches(const ol_job *job, const ol_header *header) {
  return ol_log_filter_may_match(&job->filter, header->logs_bloom);
}

static ol_status sweep_logs(ol_error *error, ol_json_writer *to, const ol_job *job, const ol_rpc_block *block,
                            ol_arena *arena) {
  (void)arena;
  return ol_rpc_write_logs(error, to, block, &job->filter);
}

static bool has_rewards(const ol_job *job, const ol_header *header) {
  (void)header;
  return job->percentile_count > 0;
}

static bool is_any(const ol_job *job, const ol_header *header) {
  (void)job;
  (void)header;
  return true;
}

/* clang-format off */
static const ol_method methods[] = {
    {"eth_chainId", 0, NULL, NULL, ol_write_chain_id, NULL, NULL},
    {"net_version", 0, NULL, NULL, ol_write_network, NULL, NULL},
    {"web3_clientVersion", 0, NULL, NULL, ol_write_version, NULL, NULL},
    {"eth_accounts", 0, NULL, NULL, ol_write_nothing, NULL, NULL},
    {"eth_syncing", 0, NULL, NULL, ol_write_false, NULL, NULL},
    {"openledger_status", 0, NULL, NULL, ol_write_status, NULL, NULL},
    {"wallet_switchEthereumChain", 1, ol_params_chain, NULL, NULL, NULL, NULL},
    {"eth_blockNumber", 0, NULL, ol_work_place, ol_write_number, NULL, NULL},
    {"eth_getBalance", 1, ol_params_account, ol_work_account, ol_write_balance, NULL, NULL},
    {"eth_getTransactionCount", 1, ol_params_account, ol_work_account, ol_write_nonce, NULL, NULL},
    {"eth_getCode", 1, ol_params_code, ol_work_account, ol_write_code, NULL, NULL},
    {"eth_getStorageAt", 2, ol_params_slot, ol_work_account, ol_write_slot, NULL, NULL},
    {"eth_getProof", 2, ol_params_proof, ol_work_account, ol_write_kept, NULL, NULL},
    {"eth_getBlockByNumber", 1, ol_params_block, ol_work_body, ol_write_block, NULL, NULL},
    {"eth_getBlockByHash", 1, ol_params_block_hash, ol_work_body, ol_write_block, NULL, NULL},
    {"eth_getHeaderByNumber", 1, ol_params_block, ol_work_header, ol_write_kept, NULL, NULL},
    {"eth_getHeaderByHash", 1, ol_params_block_hash, ol_work_header, ol_write_kept, NULL, NULL},
    {"eth_getBlockReceipts", 1, ol_params_receipts, ol_work_body, ol_write_receipts, NULL, NULL},
    {"eth_getBlockTransactionCountByNumber", 1, ol_params_block, ol_work_body, ol_write_count, NULL, NULL},
    {"eth_getBlockTransactionCountByHash", 1, ol_params_block_hash, ol_work_body, ol_write_count, NULL, NULL},
    {"eth_getTransactionByBlockNumberAndIndex", 2, ol_params_transaction_at, ol_work_body, ol_write_transaction_at, NULL, NULL},
    {"eth_getTransactionByBlockHashAndIndex", 2, ol_params_transaction_in, ol_work_body, ol_write_transaction_at, NULL, NULL},
    {"eth_getTransactionByHash", 1, ol_params_transaction, ol_work_transaction, ol_write_transaction, NULL, NULL},
    {"eth_getTransactionReceipt", 1, ol_params_transaction, ol_work_transaction, ol_write_receipt, NULL, NULL},
    {"eth_getLogs", 1, ol_params_logs, ol_work_range, ol_write_swept, log_block_matches, sweep_logs},
    {"openledger_getLogs", 1, ol_params_logs, ol_work_claims, ol_write_claims, log_block_matches, sweep_logs},
    {"openledger_getSystemConfig", 0, NULL, ol_work_system_config, ol_write_system_config, NULL, NULL},
    {"openledger_getWithdrawal", 1, ol_params_withdrawal, ol_work_withdrawal, ol_write_withdrawal, NULL, NULL},
    {"openledger_getGovernance", 0, ol_params_governance, ol_work_ledger, ol_write_governance, NULL, NULL},
    {"openledger_getProposal", 1, ol_params_proposal, ol_work_ledger, ol_write_proposal, NULL, NULL},
    {"openledger_getProposals", 0, ol_params_proposals, ol_work_ledger, ol_write_proposals, NULL, NULL},
    {"openledger_getVotes", 1, ol_params_votes, ol_work_ledger, ol_write_votes, NULL, NULL},
    {"openledger_getPositions", 1, ol_params_positions, ol_work_ledger, ol_write_positions, NULL, NULL},
    {"openledger_getDatanet", 1, ol_params_datanet, ol_work_ledger, ol_write_record, NULL, NULL},
    {"openledger_getModel", 1, ol_params_model, ol_work_ledger, ol_write_record, NULL, NULL},
    {"openledger_getNode", 1, ol_params_node, ol_work_ledger, ol_write_record, NULL, NULL},
    {"openledger_getBatch", 1, ol_params_batch, ol_work_ledger, ol_write_record, NULL, NULL},
    {"openledger_getCorpus", 1, ol_params_corpus, ol_work_ledger, ol_write_record, NULL, NULL},
    {"openledger_getDispute", 1, ol_params_dispute, ol_work_ledger, ol_write_record, NULL, NULL},
    {"openledger_getReceiptFacts", 1, ol_params_facts, ol_work_ledger, ol_write_facts, NULL, NULL},
    {"openledger_getGrant", 1, ol_params_grant, ol_work_ledger, ol_write_record, NULL, NULL},
    {"openledger_getPayout", 1, ol_params_payout, ol_work_ledger, ol_write_record, NULL, NULL},
    {"openledger_getClaim", 2, ol_params_claim, ol_work_ledger, ol_write_record, NULL, NULL},
    {"openledger_getAllowance", 2, ol_params_allowance, ol_work_ledger, ol_write_record, NULL, NULL},
    {"openledger_verifySignature", 3, ol_params_signature, ol_work_signature, ol_write_signature, NULL, NULL},
    {"openledger_quoteTransaction", 1, ol_params_raw_transaction, ol_work_body, ol_write_quote, NULL, NULL},
    {"openledger_suggestFees", 0, ol_params_suggest_fees, ol_work_range, ol_write_suggested_fees, is_any, ol_sweep_fees},
    {"eth_gasPrice", 0, ol_params_latest, ol_work_body, ol_write_gas_price, NULL, NULL},
    {"eth_maxPriorityFeePerGas", 0, ol_params_latest, ol_work_body, ol_write_priority_fee, NULL, NULL},
    {"eth_feeHistory", 2, ol_params_fee_history, ol_work_range, ol_write_fee_history, has_rewards, ol_sweep_rewards},
    {"eth_subscribe", 1, ol_params_subscribe, ol_work_subscribe, ol_write_subscription, NULL, NULL},
    {"eth_unsubscribe", 1, ol_params_unsubscribe, ol_work_unsubscribe, ol_write_done, NULL, NULL},
    {"eth_sendRawTransaction", 1, ol_params_raw_transaction, ol_work_send, ol_write_hash, NULL, NULL},
};
/* clang-format on */

static bool is_name(ol_slice name, const char *expected) {
  return name.len == ol_text_len(expected) && memcmp(name.data, expected, name.len) == 0;
}

const ol_method *ol_method_of(ol_slice name) {
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
    if (is_name(name, methods[i].name)) return &methods[i];
  }
  return NULL;
}

bool ol_job_needs_block(const ol_job *job) {
  ol_job_step (*work)(ol_provider * provider, ol_job * job) = job->method->work;
  return work != NULL && work != ol_work_send && work != ol_work_subscribe && work != ol_work_unsubscribe &&
         work != ol_work_system_config;
}

const char *ol_method_refused(ol_slice name, int32_t *out_code) {
  static const char no_wallet[] = "there is no wallet behind this provider: it reads";
  static const char no_execution[] = "contract code is not executed yet, so the answer could not be verified";
  static const struct {
    const char *name;
    int32_t code;
    const char *reason;
  } known[] = {
      {"eth_call", OL_RPC_NO_METHOD, no_execution},
      {"eth_estimateGas", OL_RPC_NO_METHOD, no_execution},
      {"eth_createAccessList", OL_RPC_NO_METHOD, no_execution},
      {"eth_requestAccounts", OL_RPC_UNSUPPORTED, no_wallet},
      {"eth_sendTransaction", OL_RPC_UNSUPPORTED, no_wallet},
      {"eth_signTransaction", OL_RPC_UNSUPPORTED, no_wallet},
      {"eth_sign", OL_RPC_UNSUPPORTED, no_wallet},
      {"eth_signTypedData_v4", OL_RPC_UNSUPPORTED, no_wallet},
      {"personal_sign", OL_RPC_UNSUPPORTED, no_wallet},
      {"wallet_addEthereumChain", OL_RPC_UNSUPPORTED, no_wallet},
      {"wallet_getCapabilities", OL_RPC_UNSUPPORTED, no_wallet},
      {"wallet_getPermissions", OL_RPC_UNSUPPORTED, no_wallet},
      {"wallet_requestPermissions", OL_RPC_UNSUPPORTED, no_wallet},
      {"wallet_revokePermissions", OL_RPC_UNSUPPORTED, no_wallet},
      {"wallet_sendCalls", OL_RPC_UNSUPPORTED, no_wallet},
      {"wallet_watchAsset", OL_RPC_UNSUPPORTED, no_wallet},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (!is_name(name, known[i].name)) continue;
    *out_code = known[i].code;
    return known[i].reason;
  }
  return NULL;
}
