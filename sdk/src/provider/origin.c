/* SPDX-License-Identifier: MIT */
#include "provider/provider.h"
#include "rollup/history.h"

#include "base/poison.h"

ol_readers ol_origin_readers(const ol_provider *provider) {
  return ol_view_l1_readers(&provider->view, OL_WANT_ORIGIN, OL_WANT_ORIGIN_CODE);
}

/* Nodes for development make blocks without L1 attributes: those say nothing. */
static void read_attributes(ol_provider *provider, ol_job *job) {
  ol_arena arena = ol_view_scratch(&provider->view);
  ol_rpc_block block;
  ol_transaction first;
  ol_error none;
  job->origin.is_read = true;
  if (ol_keep_block(&none, &block, provider, job->keep - 1, &arena) != OL_OK || block.transaction_count == 0)
    return;
  const ol_slice bytes = block.transactions[0];
  job->origin.has = ol_transaction_decode(&none, &first, bytes.data, bytes.len) == OL_OK &&
                    ol_l1_attributes_decode(&none, &job->origin.attributes, &first) == OL_OK;
}

static ol_job_step compare(ol_job *job, const ol_hash *proven) {
  ol_origin *origin = &job->origin;
  origin->is_done = true;
  origin->is_proven = ol_hash_equal(proven, &origin->attributes.hash);
  if (origin->is_proven) return OL_STEP_DONE;
  return ol_job_fail(job, OL_RPC_UNAVAILABLE, OL_ERR_MISMATCH,
                     "block's L1 origin is not in the chain of L1 that is proven");
}

/* Asks for the hash in L1's newest state. Returns: OL_STEP_DONE also when L1 does not tell it. */
static ol_job_step ask(ol_provider *provider, ol_job *job) {
  ol_origin *origin = &job->origin;
  const ol_block *newest = &provider->view.anchoring.newest_l1;
  const ol_readers readers = ol_origin_readers(provider);
  ol_u256 slot;
  ol_hash hash;
  ol_error none;
  if (!origin->is_asked) {
    ol_history_slot(&slot, origin->attributes.number);
    ol_read_init(&origin->history, newest->number, &newest->state_root, &ol_history_address, false);
    ol_read_slot(&origin->history, &slot);
    origin->is_asked = true;
  }
  ol_reads_step step =
      ol_read_advance(&provider->view.engine, &readers, &origin->history, ol_job_number(provider, job));
  if (step == OL_READS_WAIT) return OL_STEP_WAIT;
  origin->is_done = true;
  if (step == OL_READS_STUCK || ol_history_read(&none, &hash, &origin->history.slots[0].value) != OL_OK)
    return OL_STEP_DONE;
  return compare(job, &hash);
}

ol_job_step ol_job_origin(ol_provider *provider, ol_job *job) {
  ol_origin *origin = &job->origin;
  const ol_anchoring *anchoring = &provider->view.anchoring;
  if (!anchoring->ready || origin->is_done) return OL_STEP_DONE;
  if (!origin->is_read) read_attributes(provider, job);
  const uint64_t number = origin->attributes.number;
  if (origin->has && number == anchoring->newest_l1.number) return compare(job, &anchoring->newest_l1.hash);
  if (origin->has && number == anchoring->finalized_l1.number)
    return compare(job, &anchoring->finalized_l1.hash);
  if (origin->has && job->with_proof && ol_history_tells(anchoring->newest_l1.number, number))
    return ask(provider, job);
  origin->is_done = true;
  return OL_STEP_DONE;
}
