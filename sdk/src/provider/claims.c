/* SPDX-License-Identifier: MIT */
#include "provider/claims.h"

#include "encoding/jsonrpc.h"
#include "provider/provider.h"

#include "base/poison.h"

/* --- Chunks --- */

void ol_claims_init(ol_claims *claims, const ol_block *last, uint64_t first) {
  OL_ASSERT(first <= last->number && last->number - first < OL_CLAIMS_RANGE);
  memset(claims, 0, sizeof *claims);
  claims->first = first;
  claims->chunk_count = (uint32_t)(last->number - first) / OL_CLAIMS_CHUNK + 1;
  claims->anchors[0] = *last;
  claims->anchor_count = 1;
}

static ol_claims_chunk *chunk_of(ol_claims *claims, uint32_t number) {
  return &claims->chunks[number % OL_CLAIMS_OUT];
}

static uint64_t chunk_first(const ol_claims *claims, uint32_t number) {
  return claims->first + (uint64_t)number * OL_CLAIMS_CHUNK;
}

static uint64_t chunk_last(const ol_claims *claims, uint32_t number) {
  if (number + 1 == claims->chunk_count) return claims->anchors[0].number;
  return chunk_first(claims, number + 1) - 1;
}

/* Any of the values, or anything where there are none. */
static void write_values(ol_json_writer *to, const char *name, const uint8_t *values, size_t size,
                         uint32_t count) {
  if (count == 0) {
    ol_json_write_null(to, name);
    return;
  }
  ol_json_write_array(to, name);
  for (size_t i = 0; i < count; i++) ol_json_write_hex(to, NULL, values + i * size, size);
  ol_json_write_close(to);
}

ol_status ol_claims_request(ol_error *error, ol_want *out, const ol_claims *claims,
                            const ol_log_filter *filter, const ol_engine_want *want, ol_arena *arena) {
  ol_json_writer to;
  ol_jsonrpc_begin(&to, arena, want->id, "eth_getLogs");
  ol_json_write_object(&to, NULL);
  ol_json_write_quantity_u64(&to, "fromBlock", chunk_first(claims, want->item));
  ol_json_write_quantity_u64(&to, "toBlock", chunk_last(claims, want->item));
  if (filter->address_count > 0)
    write_values(&to, "address", filter->addresses[0].bytes, sizeof(ol_address), filter->address_count);
  ol_json_write_array(&to, "topics");
  for (size_t i = 0; i < filter->position_count; i++)
    write_values(&to, NULL, filter->topics[i][0].bytes, sizeof(ol_hash), filter->topic_counts[i]);
  ol_json_write_close(&to);
  ol_json_write_close(&to);
  out->method = OL_HTTP_POST;
  return ol_jsonrpc_end(error, &out->body, &to);
}

/* What is read of a log. */
typedef struct place {
  uint64_t number;
  ol_hash hash;
  uint64_t index; /* in the block */
} place;

static ol_status read_place(ol_error *error, place *out, ol_json log) {
  ol_json member;
  OL_TRY(ol_json_need(error, &member, log, "blockNumber", "log has no block number"));
  OL_TRY(ol_json_hex_u64(error, &out->number, member));
  OL_TRY(ol_json_need(error, &member, log, "blockHash", "log has no block hash"));
  OL_TRY(ol_json_hex_fixed(error, out->hash.bytes, sizeof out->hash.bytes, member));
  OL_TRY(ol_json_need(error, &member, log, "logIndex", "log has no index"));
  return ol_json_hex_u64(error, &out->index, member);
}

/* Adds a log behind another, which is NULL for the first. */
static ol_status add_log(ol_error *error, ol_claims_chunk *chunk, const place *log, const place *before) {
  const bool same = before != NULL && log->number == before->number;
  if (before != NULL && (log->number < before->number || (same && log->index <= before->index)))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "logs are not in their order");
  if (same) {
    if (!ol_hash_equal(&log->hash, &before->hash))
      return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "logs of one block name two hashes");
    chunk->list[chunk->count - 1].count++;
    return OL_OK;
  }
  if (chunk->count == OL_CLAIMS_CHUNK_BLOCKS)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "logs are in more than 64 of 1,000 blocks");
  chunk->list[chunk->count++] = (ol_claim){.number = log->number, .hash = log->hash, .count = 1};
  return OL_OK;
}

ol_status ol_claims_answer(ol_error *error, ol_claims *claims, const ol_engine_want *want, ol_json result) {
  const uint64_t first = chunk_first(claims, want->item), last = chunk_last(claims, want->item);
  ol_claims_chunk *chunk = chunk_of(claims, want->item);
  ol_json_items items;
  ol_json item;
  place logs[2];
  OL_TRY(ol_json_array(error, &items, result));
  chunk->count = 0;
  for (uint32_t i = 0; ol_json_next(&item, NULL, &items); i++) {
    place *log = &logs[i % 2];
    OL_TRY(ol_error_in(error, read_place(error, log, item), "log", i));
    if (log->number < first || log->number > last)
      return ol_fail(error, OL_ERR_MISMATCH, item.offset, "log is of a block that was not asked for");
    OL_TRY(ol_error_in(error, add_log(error, chunk, log, i == 0 ? NULL : &logs[(i + 1) % 2]), "log", i));
  }
  chunk->want = *want;
  chunk->is_good = true;
  return OL_OK;
}

void ol_claims_lost(ol_claims *claims, const ol_engine_want *want, const ol_error *error) {
  ol_claims_chunk *chunk = chunk_of(claims, want->item);
  chunk->is_good = false;
  if (!ol_failure_may_pass(error)) chunk->tries[want->endpoint] = OL_TRIES;
}

ol_fetch_step ol_claims_advance(ol_engine *engine, const ol_readers *from, ol_claims *claims) {
  for (uint32_t i = claims->at; i < claims->chunk_count && i < claims->at + OL_CLAIMS_OUT; i++) {
    ol_claims_chunk *chunk = chunk_of(claims, i);
    if (chunk->is_good) continue;
    if (!ol_seek(engine, chunk->tries, from->order, from->order_count, OL_SOURCE_L2, OL_WANT_CLAIMS, i))
      return OL_FETCH_STUCK;
  }
  return claims->at == claims->chunk_count || chunk_of(claims, claims->at)->is_good ? OL_FETCH_DONE
                                                                                    : OL_FETCH_WAIT;
}

/* --- The blocks of a chunk --- */

/* Begins to go to a block from the nearest anchor above it, or to the next anchor where it is below that. */
static void begin_way(const ol_claims *claims, ol_job *job, uint64_t number) {
  const uint64_t last = claims->anchors[0].number;
  const uint32_t anchor = (uint32_t)((last - number) / OL_HISTORY_WINDOW);
  if (anchor < claims->anchor_count)
    ol_locate_init(&job->locate, &claims->anchors[anchor], number);
  else
    ol_locate_init(&job->locate, &claims->anchors[claims->anchor_count - 1],
                   last - (uint64_t)claims->anchor_count * OL_HISTORY_WINDOW);
  job->locating = true;
}

/* Proves the block of a number, in job->locate.at. */
static ol_job_step go_to(ol_provider *provider, ol_job *job, uint64_t number) {
  ol_claims *claims = &provider->claims;
  for (;;) {
    if (!job->locating) begin_way(claims, job, number);
    switch (ol_locate_advance(&provider->view.engine, &provider->from, &job->locate,
                              ol_job_number(provider, job))) {
    case OL_FETCH_WAIT: return OL_STEP_WAIT;
    case OL_FETCH_STUCK: return ol_job_stuck(job);
    case OL_FETCH_FAR:
      return ol_job_fail(job, OL_RPC_UNAVAILABLE, OL_ERR_LIMIT,
                         "block is too far back to be proven from here");
    case OL_FETCH_DONE: break;
    }
    if (claims->anchors[0].number - job->locate.target == (uint64_t)claims->anchor_count * OL_HISTORY_WINDOW)
      claims->anchors[claims->anchor_count++] = job->locate.at;
    if (job->locate.target == number) return OL_STEP_DONE;
    job->locating = false;
  }
}

/* Blames whoever sent a chunk, which begins anew: what was written of it is taken back. */
static void refuse_chunk(ol_provider *provider, ol_job *job, const char *reason) {
  const ol_engine_want want = chunk_of(&provider->claims, provider->claims.at)->want;
  ol_engine *engine = &provider->view.engine;
  ol_keeps_release(provider, job);
  ol_engine_drop_item(engine, OL_FETCH_HISTORY, ol_job_number(provider, job));
  ol_engine_drop_item(engine, OL_FETCH_HEADER, ol_job_number(provider, job));
  job->locating = false;
  job->next = 0;
  job->swept_len = provider->claims.swept_len;
  ol_engine_blame_for(engine, &want, OL_ERR_MISMATCH, "logs", reason);
}

/* Proves the blocks that come next, and lends them keeps, as long as there are some. */
static ol_job_step fill_keeps(ol_provider *provider, ol_job *job) {
  const ol_claims_chunk *chunk = chunk_of(&provider->claims, provider->claims.at);
  while (job->next < chunk->count) {
    const ol_claim *claim = &chunk->list[job->next];
    ol_job_step step = go_to(provider, job, claim->number);
    if (step != OL_STEP_DONE) return step;
    if (!ol_hash_equal(&job->locate.at.hash, &claim->hash)) {
      refuse_chunk(provider, job, "block of a log is not in the chain of the one that is proven");
      return OL_STEP_WAIT;
    }
    const uint32_t keep = ol_keep_take(provider, job);
    if (keep == OL_KEEPS) return OL_STEP_WAIT;
    provider->keeps[keep].block = job->next++;
    ol_body_init(&provider->keeps[keep].body, &claim->hash, true);
    job->locating = false;
  }
  return OL_STEP_DONE;
}

/* Out: how many logs of a block that was kept match. */
static ol_status count_logs(ol_error *error, uint32_t *out, ol_provider *provider, const ol_job *job,
                            uint32_t keep) {
  ol_arena arena = ol_view_scratch(&provider->view);
  ol_rpc_block block;
  ol_receipt receipt;
  ol_log log;
  *out = 0;
  OL_TRY(ol_keep_block(error, &block, provider, keep, &arena));
  for (size_t i = 0; i < block.transaction_count; i++) {
    OL_TRY(ol_rpc_receipt_read(error, &receipt, &block, i));
    for (ol_slice logs = receipt.logs; ol_log_next(&logs, &log);)
      *out += ol_log_filter_matches(&job->filter, &log);
  }
  return OL_OK;
}

/* Takes a block that is there: at least as many logs must match as are claimed. */
static ol_job_step take_block(ol_provider *provider, ol_job *job, uint32_t keep) {
  ol_claims *claims = &provider->claims;
  const uint32_t at = provider->keeps[keep].block;
  ol_error error;
  uint32_t count;
  ol_error_clear(&error);
  if (count_logs(&error, &count, provider, job, keep) != OL_OK) {
    job->error = error;
    job->code = OL_RPC_UNAVAILABLE;
    return OL_STEP_FAILED;
  }
  if (count < chunk_of(claims, claims->at)->list[at].count) {
    refuse_chunk(provider, job, "log is not in the block that it is said to be in");
    return OL_STEP_DONE;
  }
  if (claims->proven + at >= OL_CLAIMS_BLOCKS)
    return ol_job_fail(job, OL_RPC_LIMIT, OL_ERR_LIMIT, "logs are in more than 256 blocks");
  return ol_sweep_take(provider, job, keep);
}

static void end_chunk(ol_claims *claims, ol_job *job) {
  ol_claims_chunk *chunk = chunk_of(claims, claims->at++);
  claims->proven += chunk->count;
  claims->swept_len = job->swept_len;
  memset(chunk, 0, sizeof *chunk);
  job->next = 0;
}

/* Takes the blocks of a chunk in their order. Returns: OL_STEP_DONE also when it has to be asked for again. */
static ol_job_step take_chunk(ol_provider *provider, ol_job *job) {
  const ol_claims_chunk *chunk = chunk_of(&provider->claims, provider->claims.at);
  while (chunk->is_good) {
    uint32_t first;
    const ol_job_step found = fill_keeps(provider, job);
    if (found == OL_STEP_FAILED || !chunk->is_good) return found == OL_STEP_FAILED ? found : OL_STEP_DONE;
    ol_job_step step = ol_sweep_advance(&first, provider, job);
    if (step == OL_STEP_DONE && first == OL_KEEPS) {
      if (found == OL_STEP_DONE) end_chunk(&provider->claims, job);
      return found;
    }
    if (step == OL_STEP_DONE) step = take_block(provider, job, first);
    if (step != OL_STEP_DONE) return step;
  }
  return OL_STEP_DONE;
}

/* --- The work --- */

/* Whether a range has more blocks than all headers are fetched of. */
static bool is_long(const ol_provider *provider, const ol_job *job, uint64_t *out_first) {
  if (job->is_null || !ol_range_first(provider, job, out_first)) return false;
  const uint64_t last = job->locate.at.number;
  return *out_first <= last && last - *out_first >= OL_RANGE_BLOCKS;
}

static ol_job_step begin_claims(ol_provider *provider, ol_job *job, uint64_t first) {
  if (job->locate.at.number - first >= OL_CLAIMS_RANGE)
    return ol_job_fail(job, OL_RPC_LIMIT, OL_ERR_LIMIT, "range has more than 100,000 blocks");
  if (!ol_range_take(provider, job)) return OL_STEP_WAIT;
  ol_claims_init(&provider->claims, &job->locate.at, first);
  job->locating = false;
  job->begun = true;
  return OL_STEP_DONE;
}

ol_job_step ol_work_claims(ol_provider *provider, ol_job *job) {
  uint64_t first;
  ol_job_step step = ol_job_place(provider, job);
  if (step != OL_STEP_DONE) return step;
  if (!job->begun) job->partial = is_long(provider, job, &first);
  if (!job->partial) return ol_work_range(provider, job);
  if (!job->begun) step = begin_claims(provider, job, first);
  if (step != OL_STEP_DONE) return step;
  ol_claims *claims = &provider->claims;
  do {
    switch (ol_claims_advance(&provider->view.engine, &provider->from, claims)) {
    case OL_FETCH_WAIT: return OL_STEP_WAIT;
    case OL_FETCH_DONE: break;
    default:
      (void)ol_job_stuck(job);
      if (job->error.status == OL_ERR_LIMIT) job->code = OL_RPC_LIMIT;
      return OL_STEP_FAILED;
    }
    /* As what is swept is (ol_work_range). */
    if (job->index != provider->written || ol_job_seen(provider, job) == NULL) return OL_STEP_WAIT;
    if (claims->at < claims->chunk_count) step = take_chunk(provider, job);
    if (step != OL_STEP_DONE) return step;
  } while (claims->at < claims->chunk_count);
  job->locate.at = claims->anchors[0]; /* where it holds */
  return OL_STEP_DONE;
}
