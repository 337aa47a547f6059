/* SPDX-License-Identifier: MIT */
#include "provider/provider.h"

#include "encoding/jsonrpc.h"
#include "rollup/header.h"

#include "base/poison.h"

/* --- What jobs have --- */

ol_job_step ol_job_fail(ol_job *job, int32_t code, ol_status status, const char *reason) {
  job->code = code;
  ol_error_set(&job->error, status, OL_NOWHERE, reason);
  return OL_STEP_FAILED;
}

ol_job_step ol_job_stuck(ol_job *job) {
  job->code = OL_RPC_UNAVAILABLE;
  if (job->error.status == OL_OK)
    ol_error_set(&job->error, OL_ERR_TRANSPORT, OL_NOWHERE, "nobody is left to ask");
  return OL_STEP_FAILED;
}

const ol_seen *ol_job_seen(const ol_provider *provider, const ol_job *job) {
  const ol_seen *seen = &provider->seen[job->at.tag];
  return seen->state == OL_SEEN_SETTLED ? seen : NULL;
}

uint32_t ol_keep_take(ol_provider *provider, ol_job *job) {
  uint32_t left = 0, found = OL_KEEPS;
  for (uint32_t i = 0; i < OL_KEEPS; i++) {
    if (provider->keeps[i].owner != 0) continue;
    found = i;
    left++;
  }
  /* The last one is for the job whose turn it is to write: the others wait for it, and give nothing back before. */
  if (left == 0 || (left == 1 && job->index != provider->written)) return OL_KEEPS;
  provider->keeps[found] = (ol_keep){.owner = ol_job_number(provider, job) + 1};
  return found;
}

/* The same, once for a job. Returns: whether it has one. */
static bool take_one(ol_provider *provider, ol_job *job) {
  if (job->keep != 0) return true;
  const uint32_t keep = ol_keep_take(provider, job);
  if (keep == OL_KEEPS) return false;
  job->keep = keep + 1;
  return true;
}

ol_status ol_keep_block(ol_error *error, ol_rpc_block *out, ol_provider *provider, uint32_t keep,
                        ol_arena *arena) {
  const ol_body *body = &provider->keeps[keep].body;
  *out =
      (ol_rpc_block){.header = &body->header,
                     .hash = &body->hash,
                     .chain_id = provider->view.config.chain_id,
                     .transaction_count = body->count,
                     .rollup = provider->view.anchoring.has_rollup ? &provider->view.anchoring.rollup : NULL};
  return ol_body_items(error, &out->transactions, &out->receipts, body, ol_keep_memory(provider, keep).memory,
                       arena);
}

void ol_keeps_release(ol_provider *provider, const ol_job *job) {
  ol_engine *engine = &provider->view.engine;
  for (uint32_t i = 0; i < OL_KEEPS; i++) {
    if (provider->keeps[i].owner != ol_job_number(provider, job) + 1) continue;
    ol_engine_drop_item(engine, OL_FETCH_BLOCK, i);
    ol_engine_drop_item(engine, OL_FETCH_RECEIPTS, i);
    provider->keeps[i].owner = 0;
  }
}

void ol_job_release(ol_provider *provider, ol_job *job) {
  const uint32_t number = ol_job_number(provider, job), owner = number + 1;
  ol_engine *engine = &provider->view.engine;
  static const uint8_t kinds[] = {OL_FETCH_ACCOUNT, OL_FETCH_CODE,  OL_FETCH_HISTORY,
                                  OL_FETCH_HEADER,  OL_WANT_LOOKUP, OL_WANT_HEADER,
                                  OL_WANT_SEND,     OL_WANT_ORIGIN, OL_WANT_VERDICT};
  for (size_t i = 0; i < sizeof kinds; i++) ol_engine_drop_item(engine, kinds[i], number);
  ol_keeps_release(provider, job);
  if (provider->run_owner == owner) {
    ol_engine_drop(engine, OL_FETCH_RUN);
    ol_engine_drop(engine, OL_WANT_CLAIMS);
    ol_engine_drop(engine, OL_WANT_LEDGER);
    for (uint32_t kind = OL_FETCH_L1; kind < OL_FETCH_KINDS; kind++) ol_engine_drop(engine, kind);
    provider->run_owner = 0;
  }
  job->placed = job->locating = job->begun = job->asking = false;
  job->is_null = job->is_empty = false;
  job->keep = job->kept_len = job->next = job->swept_at = job->swept_len = 0;
  job->lookup.done = false;
  memset(&job->origin, 0, sizeof job->origin);
}

/* --- Where it is --- */

/* Takes a block that is not there, or not yet, for null: whoever needs one says so. */
static ol_job_step no_block(ol_job *job) {
  job->is_null = true;
  return OL_STEP_DONE;
}

static ol_job_step begin_locating(ol_job *job, const ol_seen *seen) {
  uint64_t number = job->at.kind == OL_AT_NUMBER ? job->at.number : seen->block.number;
  if (job->lookup.done) number = job->lookup.number;
  if (number > seen->block.number && job->to_head) number = seen->block.number;
  if (number > seen->block.number) return no_block(job);
  ol_locate_init(&job->locate, &seen->block, number);
  job->locating = true;
  return OL_STEP_WAIT;
}

ol_job_step ol_job_place(ol_provider *provider, ol_job *job) {
  const ol_seen *seen = &provider->seen[job->at.tag];
  if (seen->state == OL_SEEN_FAILED) { /* also what was proven under a candidate */
    job->error = seen->error;
    job->code = OL_RPC_UNAVAILABLE;
    return OL_STEP_FAILED;
  }
  if (job->placed || job->is_null) return OL_STEP_DONE;
  if (seen->state == OL_SEEN_NONE) return OL_STEP_WAIT;
  if (job->at.kind == OL_AT_HASH) {
    ol_job_step step = ol_job_look_up(provider, job);
    if (step != OL_STEP_DONE || job->is_null) return step;
  }
  if (!job->locating && begin_locating(job, seen) == OL_STEP_DONE) return OL_STEP_DONE;
  switch (ol_locate_advance(&provider->view.engine, &provider->from, &job->locate,
                            ol_job_number(provider, job))) {
  case OL_FETCH_WAIT: return OL_STEP_WAIT;
  case OL_FETCH_STUCK: return ol_job_stuck(job);
  case OL_FETCH_FAR:
    return ol_job_fail(job, OL_RPC_UNAVAILABLE, OL_ERR_LIMIT, "block is too far back to be proven from here");
  case OL_FETCH_DONE: break;
  }
  /* A block that has this hash, but is not in the chain that is proven. */
  if (job->at.kind == OL_AT_HASH && !ol_hash_equal(&job->locate.at.hash, &job->at.hash)) return no_block(job);
  job->placed = true;
  return OL_STEP_DONE;
}

static bool seek(ol_provider *provider, ol_job *job, uint32_t kind) {
  return ol_seek(&provider->view.engine, job->lookup.tries, provider->from.order, provider->from.order_count,
                 OL_SOURCE_L2, kind, ol_job_number(provider, job));
}

ol_job_step ol_job_look_up(ol_provider *provider, ol_job *job) {
  if (job->lookup.done) return OL_STEP_DONE;
  if (seek(provider, job, OL_WANT_LOOKUP)) return OL_STEP_WAIT;
  /* That something is nowhere is what as many must say as it takes for a block. */
  return job->lookup.nulls >= provider->view.config.quorum ? no_block(job) : ol_job_stuck(job);
}

ol_job_step ol_work_place(ol_provider *provider, ol_job *job) {
  return ol_job_place(provider, job);
}

/* The place, of a method to which no block is an error. */
static ol_job_step need_place(ol_provider *provider, ol_job *job) {
  ol_job_step step = ol_job_place(provider, job);
  if (step == OL_STEP_DONE && job->is_null)
    return ol_job_fail(job, OL_RPC_NOT_FOUND, OL_ERR_ARGUMENT,
                       "there is no such block in the chain that is proven");
  return step;
}

/* --- Accounts --- */

static void begin_account(ol_job *job) {
  const ol_block *block = &job->locate.at;
  ol_read_init(&job->read, block->number, &block->state_root, &job->address, job->full);
  for (uint32_t i = 0; i < job->slot_count; i++) ol_read_slot(&job->read, &job->slots[i]);
  job->begun = true;
}

ol_job_step ol_job_read(ol_provider *provider, ol_job *job) {
  switch (
      ol_read_advance(&provider->view.engine, &provider->from, &job->read, ol_job_number(provider, job))) {
  case OL_READS_WAIT: return OL_STEP_WAIT;
  case OL_READS_STUCK: return ol_job_stuck(job);
  case OL_READS_DONE: break;
  }
  return OL_STEP_DONE;
}

ol_job_step ol_work_account(ol_provider *provider, ol_job *job) {
  ol_job_step step = need_place(provider, job);
  if (step != OL_STEP_DONE) return step;
  if ((job->full || job->with_nodes) && !take_one(provider, job)) return OL_STEP_WAIT;
  if (!job->begun) begin_account(job);
  return ol_job_read(provider, job);
}

/* --- Blocks --- */

ol_job_step ol_work_body(ol_provider *provider, ol_job *job) {
  ol_job_step step = ol_job_place(provider, job);
  if (step != OL_STEP_DONE || job->is_null) return step;
  if (!take_one(provider, job)) return OL_STEP_WAIT;
  const uint32_t keep = job->keep - 1;
  if (!job->begun) ol_body_init(&provider->keeps[keep].body, &job->locate.at.hash, job->full);
  job->begun = true;
  step = ol_keep_advance(provider, job, keep);
  return step == OL_STEP_DONE ? ol_job_origin(provider, job) : step;
}

ol_job_step ol_keep_advance(ol_provider *provider, ol_job *job, uint32_t keep) {
  const ol_arena kept = ol_keep_memory(provider, keep);
  switch (ol_body_advance(&provider->view.engine, &provider->from, &provider->keeps[keep].body, keep,
                          kept.memory, kept.len, ol_view_scratch(&provider->view))) {
  case OL_FETCH_WAIT: return OL_STEP_WAIT;
  case OL_FETCH_DONE: return OL_STEP_DONE;
  default: return ol_job_stuck(job);
  }
}

ol_job_step ol_work_header(ol_provider *provider, ol_job *job) {
  ol_job_step step = ol_job_place(provider, job);
  if (step != OL_STEP_DONE || job->is_null) return step;
  if (!take_one(provider, job)) return OL_STEP_WAIT;
  if (provider->keeps[job->keep - 1].len > 0) return OL_STEP_DONE;
  if (!job->begun) memset(job->lookup.tries, 0, sizeof job->lookup.tries);
  job->begun = true;
  return seek(provider, job, OL_WANT_HEADER) ? OL_STEP_WAIT : ol_job_stuck(job);
}

/* Whether the block has the transaction of the hash where the endpoint said. */
static ol_status check_transaction(ol_error *error, ol_provider *provider, const ol_job *job) {
  ol_arena arena = ol_view_scratch(&provider->view);
  ol_rpc_block block;
  ol_hash hash = {{0}};
  OL_TRY(ol_keep_block(error, &block, provider, job->keep - 1, &arena));
  if (job->lookup.index < block.transaction_count) {
    const ol_slice bytes = block.transactions[job->lookup.index];
    ol_keccak256(&hash, bytes.data, bytes.len);
  }
  if (ol_hash_equal(&hash, &job->hash)) return OL_OK;
  return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "transaction is not where it is said to be");
}

ol_job_step ol_work_transaction(ol_provider *provider, ol_job *job) {
  for (;;) {
    if (ol_job_seen(provider, job) == NULL && provider->seen[job->at.tag].state != OL_SEEN_CANDIDATE)
      return ol_job_place(provider, job);
    ol_job_step step = job->is_null ? OL_STEP_DONE : ol_job_look_up(provider, job);
    if (step == OL_STEP_DONE && !job->is_null) step = ol_work_body(provider, job);
    if (step != OL_STEP_DONE || job->is_null) return step;
    ol_error error;
    ol_error_clear(&error);
    ol_status status = check_transaction(&error, provider, job);
    if (status == OL_OK) return step;
    const ol_engine_want want = job->lookup.want;
    ol_job_release(provider, job);
    ol_engine_blame_for(&provider->view.engine, &want, status, "place", error.reason);
  }
}

ol_job_step ol_work_send(ol_provider *provider, ol_job *job) {
  if (job->begun) return OL_STEP_DONE;
  if (seek(provider, job, OL_WANT_SEND)) return OL_STEP_WAIT;
  (void)ol_job_stuck(job);
  job->code = job->error.status == OL_ERR_REMOTE ? OL_RPC_REJECTED : OL_RPC_UNAVAILABLE;
  return OL_STEP_FAILED;
}

/* --- Wants --- */

static bool is_of_l1(const ol_engine_want *want) {
  return want->kind >= OL_FETCH_L1 && want->kind < OL_FETCH_KINDS;
}

static ol_job *job_of(ol_provider *provider, const ol_engine_want *want) {
  if (is_of_l1(want)) return &provider->jobs[provider->run_owner - 1];
  switch (want->kind) {
  case OL_FETCH_RUN:
  case OL_WANT_LEDGER:
  case OL_WANT_CLAIMS: return &provider->jobs[provider->run_owner - 1];
  case OL_FETCH_BLOCK:
  case OL_FETCH_RECEIPTS: return &provider->jobs[provider->keeps[want->item].owner - 1];
  default: return &provider->jobs[want->item];
  }
}

static ol_status request_lookup(ol_error *error, ol_want *out, const ol_job *job, const ol_engine_want *want,
                                ol_arena *arena) {
  if (job->at.kind == OL_AT_HASH)
    return ol_block_request(error, out, arena, want->id, &job->at.hash, 0, false);
  ol_json_writer to;
  ol_jsonrpc_begin(&to, arena, want->id, "eth_getTransactionByHash");
  ol_json_write_hex(&to, NULL, job->hash.bytes, sizeof job->hash.bytes);
  out->method = OL_HTTP_POST;
  return ol_jsonrpc_end(error, &out->body, &to);
}

static ol_status request_send(ol_error *error, ol_want *out, const ol_provider *provider, const ol_job *job,
                              const ol_engine_want *want, ol_arena *arena) {
  ol_json_writer to;
  ol_jsonrpc_begin(&to, arena, want->id, "eth_sendRawTransaction");
  ol_json_write_string(&to, NULL, ol_slice_of(provider->request + job->raw_at, job->raw_len));
  out->method = OL_HTTP_POST;
  return ol_jsonrpc_end(error, &out->body, &to);
}

ol_status ol_job_request(ol_error *error, ol_want *out, ol_provider *provider, const ol_engine_want *want,
                         ol_arena *arena) {
  const ol_job *job = job_of(provider, want);
  const ol_readers l1 = ol_origin_readers(provider);
  if (is_of_l1(want)) return ol_bridge_request(error, out, provider, job, want, arena);
  switch (want->kind) {
  case OL_FETCH_ACCOUNT:
  case OL_FETCH_CODE: return ol_read_request(error, out, &provider->from, &job->read, want, arena);
  case OL_FETCH_HISTORY:
  case OL_FETCH_HEADER: return ol_locate_request(error, out, &provider->from, &job->locate, want, arena);
  case OL_FETCH_BLOCK:
  case OL_FETCH_RECEIPTS: return ol_body_request(error, out, &provider->keeps[want->item].body, want, arena);
  case OL_FETCH_RUN: return ol_run_request(error, out, &provider->run, want, arena);
  case OL_WANT_CLAIMS: return ol_claims_request(error, out, &provider->claims, &job->filter, want, arena);
  case OL_WANT_LEDGER: return ol_reads_request(error, out, &provider->ledger.reads, want, arena);
  case OL_WANT_LOOKUP: return request_lookup(error, out, job, want, arena);
  case OL_WANT_VERDICT: return ol_signature_request(error, out, provider, job, want, arena);
  case OL_WANT_HEADER: return ol_block_request(error, out, arena, want->id, &job->locate.at.hash, 0, false);
  case OL_WANT_ORIGIN: return ol_read_request(error, out, &l1, &job->origin.history, want, arena);
  default: return request_send(error, out, provider, job, want, arena);
  }
}

/* An endpoint does not know what is asked, and is not asked again. */
static ol_status not_known(ol_error *error, ol_job *job, const ol_engine_want *want, const char *reason) {
  job->lookup.nulls++;
  job->lookup.tries[want->endpoint] = OL_TRIES;
  return ol_fail(error, OL_ERR_REMOTE, OL_NOWHERE, reason);
}

/* Where a transaction is, as an endpoint says: unless it does not know, or that is not below the head. */
static ol_status read_place(ol_error *error, const ol_provider *provider, ol_job *job,
                            const ol_engine_want *want, ol_json result) {
  ol_json number, index;
  ol_lookup *lookup = &job->lookup;
  if (ol_json_kind_of(result) != OL_JSON_OBJECT)
    return ol_fail(error, OL_ERR_ENCODING, result.offset, "transaction is not an object");
  if (!ol_json_find(&number, result, "blockNumber"))
    return not_known(error, job, want, "transaction is not in a block yet");
  OL_TRY(ol_json_hex_u64(error, &lookup->number, number));
  OL_TRY(ol_json_need(error, &index, result, "transactionIndex", "transaction has no index"));
  OL_TRY(ol_json_hex_u64(error, &lookup->index, index));
  if (lookup->number > provider->seen[job->at.tag].block.number)
    return not_known(error, job, want, "transaction is in a block above the one that is proven");
  return OL_OK;
}

static ol_status answer_lookup(ol_error *error, const ol_provider *provider, ol_job *job,
                               const ol_engine_want *want, ol_json response) {
  ol_json result;
  ol_header header;
  ol_hash hash;
  ol_status status = ol_jsonrpc_result(error, &result, response, want->id);
  if (status == OL_ERR_REMOTE && ol_jsonrpc_is_null(response))
    return not_known(error, job, want, "endpoint has no result for the request");
  OL_TRY(status);
  if (job->at.kind == OL_AT_HASH) {
    OL_TRY(ol_header_from_json(error, &header, &hash, result));
    OL_TRY(ol_block_check_hash(error, &hash, &job->at.hash));
    job->lookup.number = header.number;
  } else {
    OL_TRY(read_place(error, provider, job, want, result));
  }
  job->lookup.want = *want;
  job->lookup.done = true;
  return OL_OK;
}

/* Copies the nodes of a proof that was verified. */
static ol_status write_nodes(ol_error *error, ol_json_writer *to, const char *name, ol_json object) {
  ol_json array, node;
  ol_json_items items;
  ol_slice text;
  OL_TRY(ol_json_need(error, &array, object, name, "proof is missing"));
  OL_TRY(ol_json_array(error, &items, array));
  ol_json_write_array(to, name);
  while (ol_json_next(&node, NULL, &items)) {
    OL_TRY(ol_json_string(error, &text, node));
    ol_json_write_string(to, NULL, text);
  }
  ol_json_write_close(to);
  return OL_OK;
}

/* The result of eth_getProof: what was proven, and by which nodes. */
static ol_status write_proof(ol_error *error, ol_json_writer *to, const ol_read *read, uint32_t words,
                             ol_json result) {
  ol_json array, element;
  ol_json_items items;
  ol_json_write_object(to, NULL);
  ol_json_write_hex(to, "address", read->address.bytes, sizeof read->address.bytes);
  OL_TRY(write_nodes(error, to, "accountProof", result));
  ol_json_write_quantity(to, "balance", &read->account.balance);
  ol_json_write_hex(to, "codeHash", read->account.code_hash.bytes, sizeof read->account.code_hash.bytes);
  ol_json_write_quantity_u64(to, "nonce", read->account.nonce);
  ol_json_write_hex(to, "storageHash", read->account.storage_root.bytes,
                    sizeof read->account.storage_root.bytes);
  OL_TRY(ol_json_need(error, &array, result, "storageProof", "storage proofs are missing"));
  OL_TRY(ol_json_array(error, &items, array));
  ol_json_write_array(to, "storageProof");
  for (size_t i = 0; ol_json_next(&element, NULL, &items); i++) {
    ol_json_write_object(to, NULL);
    const ol_u256 *key = &read->slots[i].key;
    if ((words >> i & 1) != 0) /* as it was asked for, as other nodes do */
      ol_json_write_hex(to, "key", key->bytes, sizeof key->bytes);
    else
      ol_json_write_quantity(to, "key", key);
    ol_json_write_quantity(to, "value", &read->slots[i].value);
    OL_TRY(write_nodes(error, to, "proof", element));
    ol_json_write_close(to);
  }
  ol_json_write_close(to);
  ol_json_write_close(to);
  return OL_OK;
}

/* What is kept of an account besides its numbers: the code, or the proof as it is answered. */
static ol_status answer_account(ol_error *error, ol_provider *provider, ol_job *job,
                                const ol_engine_want *want, ol_json result, ol_arena *arena) {
  ol_slice kept;
  OL_TRY(ol_read_answer(error, &kept, &provider->from, &job->read, want, result, arena));
  if (want->kind == OL_FETCH_ACCOUNT && !job->with_nodes) return OL_OK;
  ol_arena out = ol_keep_memory(provider, job->keep - 1);
  out.used = job->kept_len;
  if (want->kind == OL_FETCH_CODE) {
    if (kept.len > 0) memcpy(out.memory, kept.data, kept.len); /* OL_MAX_CODE at most */
  } else {
    ol_json_writer to;
    ol_json_write_begin(&to, &out);
    OL_TRY(write_proof(error, &to, &job->read, job->slot_words, result));
    OL_TRY(ol_json_write_end(error, &kept, &to));
  }
  provider->keeps[job->keep - 1].len = (uint32_t)kept.len;
  return OL_OK;
}

static ol_status answer_header(ol_error *error, ol_provider *provider, const ol_job *job, ol_json result) {
  ol_slice text;
  ol_header header;
  ol_hash hash;
  ol_json_writer to;
  ol_arena out = ol_keep_memory(provider, job->keep - 1);
  OL_TRY(ol_header_from_json(error, &header, &hash, result));
  OL_TRY(ol_block_check_hash(error, &hash, &job->locate.at.hash));
  ol_json_write_begin(&to, &out);
  ol_rpc_write_header(&to, NULL, &header, &hash);
  OL_TRY(ol_json_write_end(error, &text, &to));
  provider->keeps[job->keep - 1].len = (uint32_t)text.len;
  return OL_OK;
}

static ol_status answer_send(ol_error *error, ol_job *job, ol_json result) {
  ol_hash hash;
  OL_TRY(ol_json_hex_fixed(error, hash.bytes, sizeof hash.bytes, result));
  if (!ol_hash_equal(&hash, &job->hash))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "endpoint took another transaction than was sent");
  job->begun = true;
  return OL_OK;
}

static bool matches(const void *context, const ol_header *header) {
  const ol_job *job = context;
  return job->method->match != NULL && job->method->match(job, header);
}

ol_status ol_job_answer(ol_error *error, ol_provider *provider, const ol_engine_want *want, ol_slice data) {
  ol_arena arena = ol_view_scratch(&provider->view);
  ol_job *job = job_of(provider, want);
  const ol_readers l1 = ol_origin_readers(provider);
  ol_json response, result;
  ol_slice code;
  if (want->kind == OL_FETCH_BLOCK || want->kind == OL_FETCH_RECEIPTS) {
    const ol_arena kept = ol_keep_memory(provider, want->item);
    return ol_body_answer(error, &provider->keeps[want->item].body, want, data, kept.memory, kept.len, arena);
  }
  if (want->kind == OL_FETCH_RUN)
    return ol_run_answer(error, &provider->run, want, data, arena, matches, job);
  OL_TRY(ol_json_read(error, &response, &arena, data.data, data.len));
  if (want->kind == OL_WANT_LOOKUP) return answer_lookup(error, provider, job, want, response);
  if (want->kind == OL_WANT_VERDICT) return ol_signature_answer(error, job, want, response, &arena);
  OL_TRY(ol_jsonrpc_result(error, &result, response, want->id));
  if (is_of_l1(want)) return ol_bridge_answer(error, provider, job, want, result, &arena);
  switch (want->kind) {
  case OL_FETCH_ACCOUNT:
  case OL_FETCH_CODE: return answer_account(error, provider, job, want, result, &arena);
  case OL_FETCH_HISTORY:
  case OL_FETCH_HEADER: return ol_locate_answer(error, &provider->from, &job->locate, want, result, &arena);
  case OL_WANT_CLAIMS: return ol_claims_answer(error, &provider->claims, want, result);
  case OL_WANT_LEDGER: return ol_reads_answer(error, &code, &provider->ledger.reads, want, result, &arena);
  case OL_WANT_HEADER: return answer_header(error, provider, job, result);
  case OL_WANT_ORIGIN: return ol_read_answer(error, &code, &l1, &job->origin.history, want, result, &arena);
  default: return answer_send(error, job, result);
  }
}

void ol_job_lost(ol_provider *provider, const ol_engine_want *want, const ol_error *error) {
  ol_job *job = job_of(provider, want);
  const ol_readers l1 = ol_origin_readers(provider);
  ol_failure_keep_worst(&job->error, error);
  if (is_of_l1(want)) {
    ol_bridge_lost(provider, job, want, error);
    return;
  }
  switch (want->kind) {
  case OL_FETCH_ACCOUNT:
  case OL_FETCH_CODE: ol_read_lost(&provider->from, &job->read, want, error); break;
  case OL_FETCH_HISTORY:
  case OL_FETCH_HEADER: ol_locate_lost(&provider->from, &job->locate, want, error); break;
  case OL_FETCH_BLOCK:
  case OL_FETCH_RECEIPTS: ol_body_lost(&provider->keeps[want->item].body, want, error); break;
  case OL_FETCH_RUN: ol_run_lost(&provider->run, want, error); break;
  case OL_WANT_ORIGIN: ol_read_lost(&l1, &job->origin.history, want, error); break;
  case OL_WANT_LEDGER: ol_reads_lost(&provider->ledger.reads, want, error); break;
  case OL_WANT_CLAIMS: ol_claims_lost(&provider->claims, want, error); break;
  default: /* the others have one kind of want each */
    if (!ol_failure_may_pass(error)) job->lookup.tries[want->endpoint] = OL_TRIES;
    break;
  }
}
