/* SPDX-License-Identifier: MIT */
#include "provider/provider.h"

#include "provider/write.h"
#include "rollup/system_config.h"
#include "trie/account.h"

#include "base/poison.h"

/* Slots of SystemConfig that are read, behind its implementation's. */
enum { SLOT_SIGNER = 1, SLOT_BATCHER, SLOT_GAS_TOKEN, SLOT_TOKEN_NAME, SLOT_TOKEN_SYMBOL, SLOT_CUSTOM_TOKEN };

/* --- L1 --- */

static bool is_owner(const ol_provider *provider, const ol_job *job) {
  return provider->run_owner == ol_job_number(provider, job) + 1;
}

/* Takes the bridge, once L1 is known. Returns: OL_STEP_DONE when the job has it. */
static ol_job_step take(ol_provider *provider, ol_job *job, const ol_address *contract) {
  const ol_anchoring *anchoring = &provider->view.anchoring;
  if (!anchoring->has_rollup)
    return ol_job_fail(job, OL_RPC_UNAVAILABLE, OL_ERR_ARGUMENT,
                       "there is no L1 to prove this by: this provider follows none");
  if (ol_address_is_zero(contract))
    return ol_job_fail(job, OL_RPC_UNAVAILABLE, OL_ERR_ARGUMENT,
                       "the rollup's contracts on L1 are not known");
  if (is_owner(provider, job)) return OL_STEP_DONE;
  if (!anchoring->ready || !ol_range_take(provider, job)) return OL_STEP_WAIT;
  memset(&provider->bridge, 0, sizeof provider->bridge);
  return OL_STEP_DONE;
}

static ol_job_step step_of(ol_job *job, ol_l1_step step, const ol_error *error) {
  switch (step) {
  case OL_L1_DONE: return OL_STEP_DONE;
  case OL_L1_WAIT: return OL_STEP_WAIT;
  case OL_L1_STUCK: return ol_job_stuck(job);
  default: break;
  }
  job->error = *error;
  job->code = OL_RPC_UNAVAILABLE;
  return OL_STEP_FAILED;
}

ol_status ol_bridge_request(ol_error *error, ol_want *out, const ol_provider *provider, const ol_job *job,
                            const ol_engine_want *want, ol_arena *arena) {
  const ol_bridge *bridge = &provider->bridge;
  if (job->method->work == ol_work_withdrawal)
    return ol_withdrawing_request(error, out, &bridge->l1, want, arena);
  return ol_proxied_request(error, out, &bridge->system_config, want, arena);
}

ol_status ol_bridge_answer(ol_error *error, ol_provider *provider, const ol_job *job,
                           const ol_engine_want *want, ol_json result, ol_arena *arena) {
  ol_bridge *bridge = &provider->bridge;
  const ol_rollup *rollup = &provider->view.anchoring.rollup;
  if (job->method->work == ol_work_withdrawal)
    return ol_withdrawing_answer(error, &bridge->l1, rollup, want, result, arena);
  return ol_proxied_answer(error, &bridge->system_config, rollup, want, result, arena);
}

void ol_bridge_lost(ol_provider *provider, const ol_job *job, const ol_engine_want *want,
                    const ol_error *error) {
  ol_bridge *bridge = &provider->bridge;
  if (job->method->work == ol_work_withdrawal)
    ol_withdrawing_lost(&bridge->l1, want, error);
  else
    ol_proxied_lost(&bridge->system_config, want, error);
}

static void write_l1(ol_json_writer *to, const ol_provider *provider) {
  ol_block_write_json(to, "l1Block", &provider->view.anchoring.newest_l1);
}

/* --- SystemConfig --- */

static void begin_system_config(ol_provider *provider, ol_job *job) {
  const ol_view *view = &provider->view;
  const ol_anchoring *anchoring = &view->anchoring;
  const ol_readers from = ol_view_l1_readers(view, OL_FETCH_PROXY, OL_FETCH_PROXY_CODE);
  const ol_readers code_from =
      ol_view_l1_readers(view, OL_FETCH_PROXY_IMPLEMENTATION, OL_FETCH_PROXY_IMPLEMENTATION_CODE);
  ol_proxied *config = &provider->bridge.system_config;
  const ol_u256 slots[] = {ol_system_config.unsafe_block_signer, ol_system_config.batcher_hash,
                           ol_system_config.gas_token,           ol_system_config.gas_token_name,
                           ol_system_config.gas_token_symbol,    ol_system_config.custom_gas_token};
  ol_proxied_init(config, OL_CONTRACT_SYSTEM_CONFIG, &anchoring->rollup.system_config, &anchoring->newest_l1,
                  &from, &code_from);
  for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) ol_read_slot(&config->read, &slots[i]);
  job->begun = true;
}

ol_job_step ol_work_system_config(ol_provider *provider, ol_job *job) {
  ol_error error;
  ol_error_clear(&error);
  ol_job_step step = take(provider, job, &provider->view.anchoring.rollup.system_config);
  if (step != OL_STEP_DONE) return step;
  if (!job->begun) begin_system_config(provider, job);
  return step_of(job, ol_proxied_advance(&error, &provider->view.engine, &provider->bridge.system_config),
                 &error);
}

static ol_status write_gas_token(ol_error *error, ol_json_writer *to, const ol_proxied *config) {
  static const char *const schemes[] = {"ether", "erc20", "native"};
  const ol_slot *slots = config->read.slots;
  ol_gas_token token;
  char name[OL_GAS_TOKEN_TEXT], symbol[OL_GAS_TOKEN_TEXT];
  OL_TRY(ol_gas_token_read(error, &token, config->implementation.release, &slots[SLOT_GAS_TOKEN].value,
                           &slots[SLOT_CUSTOM_TOKEN].value));
  ol_json_write_object(to, "gasToken");
  ol_json_write_text(to, "scheme", schemes[token.scheme]);
  if (token.scheme == OL_GAS_ERC20) {
    OL_TRY(ol_gas_token_text_read(error, name, &slots[SLOT_TOKEN_NAME].value));
    OL_TRY(ol_gas_token_text_read(error, symbol, &slots[SLOT_TOKEN_SYMBOL].value));
    ol_write_address(to, "address", &token.token);
    ol_json_write_u64(to, "decimals", token.decimals);
    ol_json_write_text(to, "name", name);
    ol_json_write_text(to, "symbol", symbol);
  }
  ol_json_write_close(to);
  return OL_OK;
}

ol_status ol_write_system_config(ol_error *error, const ol_result *of) {
  const ol_proxied *config = &of->provider->bridge.system_config;
  const ol_slot *slots = config->read.slots;
  ol_address signer, batcher;
  OL_TRY(ol_unsafe_signer_read(error, &signer, &slots[SLOT_SIGNER].value));
  OL_TRY(ol_batcher_read(error, &batcher, &slots[SLOT_BATCHER].value));
  ol_json_write_object(of->to, of->name);
  ol_write_address(of->to, "address", &config->read.address);
  ol_write_address(of->to, "unsafeBlockSigner", &signer);
  ol_write_address(of->to, "batcher", &batcher);
  OL_TRY(write_gas_token(error, of->to, config));
  write_l1(of->to, of->provider);
  ol_json_write_close(of->to);
  return OL_OK;
}

/* --- A withdrawal: which it is --- */

/* Out: withdrawal `index` of those that a transaction has made, with its data in the block. */
static ol_status find_withdrawal(ol_error *error, ol_withdrawal *out, const ol_rpc_block *block,
                                 const ol_job *job) {
  ol_receipt receipt;
  ol_log log;
  ol_error none;
  uint64_t index = 0;
  OL_TRY(ol_rpc_receipt_read(error, &receipt, block, (size_t)job->lookup.index));
  for (ol_slice logs = receipt.logs; ol_log_next(&logs, &log);) {
    if (ol_withdrawal_from_log(&none, out, &log) == OL_OK && index++ == job->number) return OL_OK;
  }
  return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "the transaction has made no withdrawal of this index");
}

/* Its data takes the place of the block that is kept. */
static ol_status keep_withdrawal(ol_error *error, ol_provider *provider, ol_job *job) {
  ol_arena arena = ol_view_scratch(&provider->view);
  ol_withdrawal *withdrawal = &provider->bridge.withdrawal;
  ol_rpc_block block;
  uint8_t *memory = ol_keep_memory(provider, job->keep - 1).memory;
  OL_TRY(ol_keep_block(error, &block, provider, job->keep - 1, &arena));
  OL_TRY(find_withdrawal(error, withdrawal, &block, job));
  if (withdrawal->data.len > 0) memmove(memory, withdrawal->data.data, withdrawal->data.len);
  job->kept_len = (uint32_t)withdrawal->data.len;
  return OL_OK;
}

/* Returns: the withdrawal that is kept. A provider may be copied, so where its data is holds for the moment. */
static ol_withdrawal kept_withdrawal(ol_provider *provider, const ol_job *job) {
  ol_withdrawal out = provider->bridge.withdrawal;
  out.data = ol_slice_of(ol_keep_memory(provider, job->keep - 1).memory, job->kept_len);
  return out;
}

static ol_job_step begin_withdrawal(ol_provider *provider, ol_job *job) {
  const ol_address *submitter = ol_address_is_zero(&job->address) ? NULL : &job->address;
  ol_bridge *bridge = &provider->bridge;
  ol_error error;
  ol_hash hash;
  ol_error_clear(&error);
  if (keep_withdrawal(&error, provider, job) != OL_OK) {
    job->error = error;
    job->code = error.status == OL_ERR_ARGUMENT ? OL_RPC_NOT_FOUND : OL_RPC_UNAVAILABLE;
    return OL_STEP_FAILED;
  }
  const ol_withdrawal withdrawal = kept_withdrawal(provider, job);
  ol_withdrawal_hash(&hash, &withdrawal);
  ol_withdrawing_init(&bridge->l1, &provider->view, &hash, submitter);
  bridge->has_withdrawal = true;
  return OL_STEP_DONE;
}

/* --- ... and whether it can be proven --- */

/* Proves its slot under the newest block that is proposed. */
static ol_job_step advance_slot(ol_provider *provider, ol_job *job) {
  const ol_seen *proposed = &provider->seen[OL_BLOCK_SAFE];
  ol_bridge *bridge = &provider->bridge;
  if (proposed->state == OL_SEEN_FAILED) {
    job->error = proposed->error;
    job->code = OL_RPC_UNAVAILABLE;
    return OL_STEP_FAILED;
  }
  if (proposed->state != OL_SEEN_SETTLED) return OL_STEP_WAIT;
  if (!bridge->proving) {
    ol_u256 slot;
    ol_withdrawal_slot(&slot, &bridge->l1.hash);
    ol_read_init(&job->read, proposed->block.number, &proposed->block.state_root, &ol_message_passer, false);
    ol_read_slot(&job->read, &slot);
    bridge->proving = true;
  }
  return ol_job_read(provider, job);
}

ol_job_step ol_work_withdrawal(ol_provider *provider, ol_job *job) {
  ol_bridge *bridge = &provider->bridge;
  ol_error error;
  ol_error_clear(&error);
  ol_job_step step = take(provider, job, &provider->view.anchoring.rollup.optimism_portal);
  if (step != OL_STEP_DONE) return step;
  if (!bridge->has_withdrawal) {
    step = ol_work_transaction(provider, job);
    if (step != OL_STEP_DONE || job->is_null) return step;
    step = begin_withdrawal(provider, job);
    if (step != OL_STEP_DONE) return step;
  }
  step = step_of(
      job,
      ol_withdrawing_advance(&error, &provider->view.engine, &bridge->l1, &provider->view.anchoring.rollup),
      &error);
  if (step == OL_STEP_FAILED) return step;
  if (step == OL_STEP_DONE && bridge->l1.status.stage != OL_WITHDRAWAL_WAITING) return step;
  const ol_job_step slot = advance_slot(provider, job);
  return step == OL_STEP_WAIT || slot == OL_STEP_DONE ? step
                                                      : slot; /* it matters where L1 has nothing of it */
}

/* --- What is said of it --- */

static bool is_sent(const ol_job *job) {
  return !ol_u256_is_zero(&job->read.slots[0].value);
}

static ol_withdrawal_stage stage_of(const ol_bridge *bridge, const ol_job *job) {
  const ol_withdrawal_stage stage = (ol_withdrawal_stage)bridge->l1.status.stage;
  return stage == OL_WITHDRAWAL_WAITING && is_sent(job) ? OL_WITHDRAWAL_PROVABLE : stage;
}

static void write_call(ol_json_writer *to, const char *name, const ol_call *call) {
  ol_json_write_object(to, name);
  ol_write_address(to, "to", &call->to);
  ol_json_write_quantity(to, "value", &call->value);
  ol_json_write_hex(to, "data", call->data.data, call->data.len);
  ol_json_write_close(to);
}

static ol_status write_prove(ol_error *error, const ol_result *of) {
  const ol_withdrawal withdrawal = kept_withdrawal(of->provider, of->job);
  const ol_address *portal = &of->provider->view.anchoring.rollup.optimism_portal;
  const ol_seen *proposed = &of->provider->seen[OL_BLOCK_SAFE];
  const ol_withdrawal_output output = {.index = proposed->anchor.index,
                                       .root = proposed->anchor.output_root,
                                       .state_root = proposed->block.state_root,
                                       .message_passer_root = of->job->read.account.storage_root,
                                       .block_hash = proposed->block.hash};
  const uint32_t keep = of->job->keep - 1;
  ol_slice nodes[OL_LIMIT_TRIE_NODES];
  size_t count;
  ol_json proof;
  ol_call call;
  const uint8_t *memory = ol_keep_memory(of->provider, keep).memory + of->job->kept_len;
  OL_TRY(ol_json_read(error, &proof, of->arena, memory, of->provider->keeps[keep].len));
  OL_TRY(ol_storage_proof_nodes(error, nodes, &count, of->arena, proof, 0));
  OL_TRY(ol_withdrawal_prove_call(error, &call, portal, &withdrawal, &output, nodes, count,
                                  of->arena->memory + of->arena->used, of->arena->len - of->arena->used));
  write_call(of->to, "prove", &call);
  return OL_OK;
}

/* Of games anybody can finalize what another has proven, by saying who it was. */
static ol_status write_finalize(ol_error *error, const ol_result *of) {
  const ol_withdrawal withdrawal = kept_withdrawal(of->provider, of->job);
  const ol_address *portal = &of->provider->view.anchoring.rollup.optimism_portal;
  const ol_withdrawing *l1 = &of->provider->bridge.l1;
  ol_call call;
  OL_TRY(ol_withdrawal_finalize_call(error, &call, portal, l1->kind, &withdrawal,
                                     l1->kind == OL_PORTAL_OUTPUTS ? NULL : &l1->best.submitter,
                                     of->arena->memory + of->arena->used, of->arena->len - of->arena->used));
  write_call(of->to, "finalize", &call);
  return OL_OK;
}

static void write_message(ol_json_writer *to, const ol_withdrawal *withdrawal, const ol_hash *hash) {
  ol_json_write_hex(to, "withdrawalHash", hash->bytes, sizeof hash->bytes);
  ol_json_write_quantity(to, "nonce", &withdrawal->nonce);
  ol_write_address(to, "sender", &withdrawal->sender);
  ol_write_address(to, "target", &withdrawal->target);
  ol_json_write_quantity(to, "value", &withdrawal->value);
  ol_json_write_quantity(to, "gasLimit", &withdrawal->gas_limit);
  ol_json_write_hex(to, "data", withdrawal->data.data, withdrawal->data.len);
}

/* By what it was proven. */
static void write_submission(ol_json_writer *to, const ol_withdrawing *l1) {
  ol_json_write_quantity_u64(to, "provenAt", l1->status.proven_at);
  if (l1->status.ready_at != 0) ol_json_write_quantity_u64(to, "readyAt", l1->status.ready_at);
  if (l1->kind == OL_PORTAL_OUTPUTS) {
    ol_json_write_quantity_u64(to, "outputIndex", l1->best.record.output_index);
    return;
  }
  ol_write_address(to, "game", &l1->best.record.game);
  ol_write_address(to, "submitter", &l1->best.submitter);
}

ol_status ol_write_withdrawal(ol_error *error, const ol_result *of) {
  static const char *const stages[] = {"waiting", "provable", "proven", "ready", "finalized"};
  const ol_bridge *bridge = &of->provider->bridge;
  const ol_withdrawal_stage stage = stage_of(bridge, of->job);
  const ol_withdrawal withdrawal = kept_withdrawal(of->provider, of->job);
  ol_json_write_object(of->to, of->name);
  write_message(of->to, &withdrawal, &bridge->l1.hash);
  ol_json_write_text(of->to, "stage", stages[stage]);
  if (stage == OL_WITHDRAWAL_PROVEN || stage == OL_WITHDRAWAL_READY) write_submission(of->to, &bridge->l1);
  if (stage == OL_WITHDRAWAL_PROVABLE) OL_TRY(write_prove(error, of));
  if (stage == OL_WITHDRAWAL_READY) OL_TRY(write_finalize(error, of));
  write_l1(of->to, of->provider);
  ol_json_write_close(of->to);
  return OL_OK;
}
