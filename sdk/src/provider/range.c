/* SPDX-License-Identifier: MIT */
#include "provider/respond.h"

#include "base/poison.h"

/* What is needed of the responses' memory besides what is swept: brackets and commas. */
#define SWEEP_ROOM (4u + OL_PROVIDER_TEXTS)

bool ol_range_first(const ol_provider *provider, const ol_job *job, uint64_t *out) {
  const uint64_t last = job->locate.at.number;
  const ol_seen *seen = &provider->seen[job->from.tag];
  *out = last;
  if (!job->has_from) { /* so many blocks */
    *out = job->number - 1 <= last ? last - (job->number - 1) : 0;
  } else if (job->from.kind == OL_AT_NUMBER) {
    *out = job->from.number;
  } else {
    if (seen->state != OL_SEEN_SETTLED) return false;
    *out = seen->block.number;
  }
  return true;
}

bool ol_range_take(ol_provider *provider, ol_job *job) {
  if (provider->run_owner != 0) {
    ol_job *owner = &provider->jobs[provider->run_owner - 1];
    if (owner->index < job->index) return false;
    ol_job_release(provider, owner);
  }
  provider->run_owner = ol_job_number(provider, job) + 1;
  return true;
}

/* Begins to fetch the headers down from the end of the range. */
static ol_job_step begin_run(ol_provider *provider, ol_job *job) {
  uint64_t first, last = job->locate.at.number;
  if (!ol_range_first(provider, job, &first)) {
    const ol_seen *seen = &provider->seen[job->from.tag];
    if (seen->state != OL_SEEN_FAILED) return OL_STEP_WAIT;
    job->error = seen->error;
    job->code = OL_RPC_UNAVAILABLE;
    return OL_STEP_FAILED;
  }
  if (first > last) {
    job->is_empty = true;
    return OL_STEP_DONE;
  }
  if (last - first >= OL_RANGE_BLOCKS)
    return ol_job_fail(job, OL_RPC_LIMIT, OL_ERR_LIMIT, "range has more than 1,000 blocks");
  if (!ol_range_take(provider, job)) return OL_STEP_WAIT;
  ol_run_init(&provider->run, &job->locate.at, (uint32_t)(last - first) + 1);
  job->begun = true;
  return OL_STEP_DONE;
}

/* The next block of the run, from `at` on, that is needed. */
static uint32_t next_match(const ol_run *run, uint32_t at) {
  while (at < run->count && !run->blocks[at].matches) at++;
  return at;
}

/* Lends keeps to the blocks that come next, as long as there are some. */
static void fill_keeps(ol_provider *provider, ol_job *job) {
  const ol_run *run = &provider->run;
  uint32_t at;
  while ((at = next_match(run, job->next)) < run->count) {
    const uint32_t keep = ol_keep_take(provider, job);
    if (keep == OL_KEEPS) return;
    provider->keeps[keep].block = at;
    ol_body_init(&provider->keeps[keep].body, &run->blocks[at].hash, true);
    job->next = at + 1;
  }
}

/* Puts what a method writes of a block behind what it has written before: elements of one array. */
static ol_status sweep(ol_error *error, ol_provider *provider, ol_job *job, uint32_t keep) {
  ol_arena scratch = ol_view_scratch(&provider->view), out = ol_provider_out(provider);
  ol_rpc_block block;
  ol_slice text;
  ol_json_writer to;
  const size_t end = out.used + job->swept_len;
  if (out.len - end < SWEEP_ROOM + 2)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "response is longer than accepted");
  OL_TRY(ol_keep_block(error, &block, provider, keep, &scratch));
  ol_arena rest = ol_arena_of(out.memory + end, out.len - end - SWEEP_ROOM);
  ol_json_write_begin(&to, &rest);
  ol_json_write_array(&to, NULL);
  OL_TRY(job->method->sweep(error, &to, job, &block, &scratch));
  ol_json_write_close(&to);
  ol_status status = ol_json_write_end(error, &text, &to);
  if (status == OL_ERR_MEMORY)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "response is longer than accepted");
  OL_TRY(status);
  /* Its brackets go; what was written before, and this, part by a comma. */
  if (text.len == 2) return OL_OK;
  const bool first = job->swept_len == 0;
  uint8_t *at = out.memory + end;
  if (first)
    memmove(at, at + 1, text.len - 2);
  else
    at[0] = ',';
  job->swept_at = (uint32_t)out.used;
  job->swept_len += (uint32_t)text.len - (first ? 2 : 1);
  return OL_OK;
}

/* The keep with the lowest block. */
static uint32_t first_keep(const ol_provider *provider, const ol_job *job) {
  uint32_t first = OL_KEEPS;
  for (uint32_t i = 0; i < OL_KEEPS; i++) {
    const ol_keep *keep = &provider->keeps[i];
    if (keep->owner != ol_job_number(provider, job) + 1) continue;
    if (first == OL_KEEPS || keep->block < provider->keeps[first].block) first = i;
  }
  return first;
}

ol_job_step ol_sweep_advance(uint32_t *out_first, ol_provider *provider, ol_job *job) {
  ol_job_step step = OL_STEP_DONE;
  const uint32_t first = *out_first = first_keep(provider, job);
  for (uint32_t i = 0; i < OL_KEEPS; i++) {
    if (provider->keeps[i].owner != ol_job_number(provider, job) + 1) continue;
    ol_job_step one = ol_keep_advance(provider, job, i);
    if (one == OL_STEP_FAILED) return one;
    if (i == first) step = one;
  }
  return step;
}

ol_job_step ol_sweep_take(ol_provider *provider, ol_job *job, uint32_t keep) {
  ol_error error;
  ol_error_clear(&error);
  if (sweep(&error, provider, job, keep) != OL_OK) {
    job->error = error;
    job->code = error.status == OL_ERR_LIMIT ? OL_RPC_LIMIT : OL_RPC_UNAVAILABLE;
    if (provider->text_count > 1) ol_text_of(provider, job->index)->is_crowded = error.status == OL_ERR_LIMIT;
    return OL_STEP_FAILED;
  }
  provider->keeps[keep].owner = 0;
  return OL_STEP_DONE;
}

/* Takes blocks in their order, while those after them are fetched. */
static ol_job_step sweep_blocks(ol_provider *provider, ol_job *job) {
  for (;;) {
    uint32_t first;
    fill_keeps(provider, job);
    ol_job_step step = ol_sweep_advance(&first, provider, job);
    if (step != OL_STEP_DONE || first == OL_KEEPS) return step;
    step = ol_sweep_take(provider, job, first);
    if (step != OL_STEP_DONE) return step;
  }
}

ol_job_step ol_work_range(ol_provider *provider, ol_job *job) {
  ol_job_step step = ol_job_place(provider, job);
  if (step != OL_STEP_DONE) return step;
  if (job->is_null)
    return ol_job_fail(job, OL_RPC_NOT_FOUND, OL_ERR_ARGUMENT,
                       "there is no such block in the chain that is proven");
  if (!job->begun) step = begin_run(provider, job);
  if (step != OL_STEP_DONE || job->is_empty) return step;
  switch (ol_run_advance(&provider->view.engine, &provider->from, &provider->run)) {
  case OL_FETCH_WAIT: return OL_STEP_WAIT;
  case OL_FETCH_DONE: break;
  default: return ol_job_stuck(job);
  }
  /* What is swept is written where responses are: when it is its turn, and of a block that is settled. */
  if (job->method->sweep == NULL) return OL_STEP_DONE;
  if (job->index != provider->written || ol_job_seen(provider, job) == NULL) return OL_STEP_WAIT;
  return sweep_blocks(provider, job);
}
