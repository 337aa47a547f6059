/* SPDX-License-Identifier: MIT */
#include "provider/provider.h"

#include "provider/respond.h"

#include "base/poison.h"

#define DEFAULT_MAX_ANSWER (1u << 20)
#define LEAST_RESPONSE 4096u
#define LATEST_MAX_AGE_S 120u

/*
 * Wants that are out at once. A view by a quorum asks each endpoint for two things, one on L1 for less; a job has two
 * of its own - for a header and the proof of its hash, or for an account and its code -, and a keep has two. Claims are
 * in the place of a run.
 */
_Static_assert(2 * OL_MAX_ENDPOINTS + 2 * OL_JOBS + 2 * OL_KEEPS + OL_RUN_OUT <= OL_LIMIT_WANTS,
               "wants of a view, of jobs, of keeps and of a run fit the engine's table");
_Static_assert(OL_CLAIMS_OUT <= OL_RUN_OUT, "claims take no more of the table than a run");
_Static_assert(OL_READS <= OL_RUN_OUT, "nor does a round of a ledger's reader");
_Static_assert(2 * 4 <= OL_RUN_OUT, "nor does a proposal, which is of four contracts, with code");
_Static_assert(2 * OL_READS + 3 <= 2 * OL_MAX_ENDPOINTS,
               "a list of contracts, a block and its message passer are less than a quorum's");

static const ol_engine_user provider_user;

static void advance(ol_engine *engine);

static ol_provider *provider_of(ol_engine *engine) {
  return (ol_provider *)(void *)engine;
}

/* --- Memory --- */

static ol_client_config client_config(const ol_provider_config *config) {
  ol_client_config client = config->client;
  if (client.max_answer == 0) client.max_answer = DEFAULT_MAX_ANSWER;
  return client;
}

static uint32_t response_of(const ol_provider_config *config) {
  return config->max_response != 0 ? config->max_response : OL_PROVIDER_RESPONSE;
}

/* For reading a block (openledger/block.h), and listing what was kept of one. */
static size_t scratch_of(const ol_client_config *config) {
  return (21 * (size_t)config->max_answer + (16u << 10)) / 16 * 16;
}

static size_t keep_of(const ol_client_config *config) {
  return OL_BODY_MEMORY(config->max_answer) / 16 * 16;
}

static const char *fault_of(const ol_provider_config *config) {
  const ol_client_config client = client_config(config);
  if (client.chain_id == 0) return "a provider needs a chain id";
  if (config->trust < OL_TRUST_QUORUM || config->trust > OL_TRUST_FINALIZED)
    return "trust is not that of a quorum, unsafe, proposed or finalized";
  if (config->max_response != 0 && config->max_response < LEAST_RESPONSE)
    return "max_response is under 4 KiB";
  if (config->max_response > OL_LIMIT_JSON_TEXT) return "max_response is over 16 MiB";
  return ol_view_config_fault(&client);
}

size_t ol_provider_size(const ol_provider_config *config) {
  if (fault_of(config) != NULL) return 0;
  const ol_client_config client = client_config(config);
  size_t memory =
      scratch_of(&client) + ol_view_kept_len(&client) + OL_KEEPS * keep_of(&client) + response_of(config);
  return (sizeof(ol_provider) + memory + 15) / 16 * 16;
}

ol_status ol_provider_init(ol_error *error, ol_provider **out, const ol_provider_config *config, void *memory,
                           size_t len) {
  ol_error_clear(error);
  const char *fault = fault_of(config);
  if (fault != NULL) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, fault);
  if ((uintptr_t)memory % 16 != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "memory of a provider is not aligned to 16");
  if (len < ol_provider_size(config))
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory of a provider is less than ol_provider_size");
  const ol_client_config client = client_config(config);
  ol_provider *provider = memory;
  memset(provider, 0, sizeof *provider);
  provider->config = *config;
  provider->config.max_response = response_of(config);
  provider->finding = OL_TAGS;
  provider->memory_at = offsetof(ol_provider, memory) + scratch_of(&client) + ol_view_kept_len(&client);
  ol_view_init(&provider->view, &client, offsetof(ol_provider, memory), scratch_of(&client));
  ol_view_readers(&provider->from, &provider->view, OL_FETCH_ACCOUNT, OL_FETCH_CODE);
  *out = provider;
  return OL_OK;
}

ol_engine *ol_provider_engine(ol_provider *provider) {
  return &provider->view.engine;
}

ol_status ol_provider_anchor(ol_error *error, ol_provider *provider, const ol_rollup *rollup,
                             const ol_sync_status *l1) {
  ol_error_clear(error);
  OL_TRY(ol_anchor_tell(error, &provider->view, rollup, l1));
  advance(&provider->view.engine);
  return OL_OK;
}

ol_status ol_provider_equivocation(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                   const ol_provider *provider) {
  return ol_unsafe_evidence(error, out, len, out_len, &provider->view);
}

ol_arena ol_keep_memory(ol_provider *provider, uint32_t keep) {
  const size_t len = keep_of(&provider->view.config);
  return ol_arena_of((uint8_t *)provider + provider->memory_at + keep * len, len);
}

ol_arena ol_provider_out(ol_provider *provider) {
  ol_arena out = ol_arena_of(ol_keep_memory(provider, OL_KEEPS).memory, provider->config.max_response);
  out.used = provider->out_len;
  return out;
}

/* --- The blocks of the tags --- */

/* Whether a tag is a matter of L1, and not of a quorum. */
static bool by_l1(const ol_provider *provider, uint32_t tag) {
  return provider->config.trust > OL_TRUST_QUORUM ||
         (tag != OL_BLOCK_LATEST && provider->view.anchoring.has_rollup);
}

static ol_view_question question_of(const ol_provider *provider, uint32_t tag) {
  const ol_provider_config *config = &provider->config;
  ol_view_question question = {.block = tag, .trust = OL_TRUST_QUORUM, .max_age_s = OL_AGE_ANY};
  if (by_l1(provider, tag)) {
    static const uint32_t least[OL_TAGS] = {OL_TRUST_UNSAFE, OL_TRUST_PROPOSED, OL_TRUST_FINALIZED};
    question.trust = config->trust > least[tag] ? config->trust : least[tag];
  }
  if (tag != OL_BLOCK_LATEST) return question;
  question.max_age_s = config->max_age_s;
  if (question.max_age_s == OL_AGE_DEFAULT)
    question.max_age_s = question.trust == OL_TRUST_QUORUM ? LATEST_MAX_AGE_S : OL_AGE_ANY;
  return question;
}

/* What was seen before this batch and still holds. */
static void keep_seen(ol_provider *provider) {
  const ol_view *view = &provider->view;
  for (uint32_t tag = 0; tag < OL_TAGS; tag++) {
    ol_seen *seen = &provider->seen[tag];
    bool holds = seen->state == OL_SEEN_SETTLED && by_l1(provider, tag) == (seen->trust > OL_TRUST_QUORUM);
    if (holds && seen->trust > OL_TRUST_UNSAFE) {
      const ol_anchored *anchored = &view->anchoring.anchored[seen->trust == OL_TRUST_FINALIZED ? 1 : 0];
      holds = anchored->known && ol_hash_equal(&anchored->block.hash, &seen->block.hash);
    } else if (holds) {
      holds = view->engine.now_ms - seen->taken_ms < provider->config.hold_ms;
    }
    ol_error none;
    const uint32_t max_age_s = question_of(provider, tag).max_age_s;
    if (ol_block_check_age(&none, &seen->block, max_age_s, view->engine.now_ms) != OL_OK) holds = false;
    if (!holds) seen->state = OL_SEEN_NONE;
  }
}

static bool is_needed(const ol_provider *provider, uint32_t tag) {
  bool any = false;
  for (size_t i = 0; i < OL_JOBS; i++) {
    const ol_job *job = &provider->jobs[i];
    if (job->state != OL_JOB_WORKING || !ol_job_needs_block(job)) continue;
    any = any || job->at.tag == tag || (job->has_from && job->from.kind == OL_AT_TAG && job->from.tag == tag);
  }
  return any;
}

static void begin_view(ol_provider *provider, uint32_t tag) {
  const ol_view_question question = question_of(provider, tag);
  ol_seen *seen = &provider->seen[tag];
  const char *lack = ol_view_lack(&provider->view, (ol_trust)question.trust);
  if (lack != NULL) {
    seen->state = OL_SEEN_FAILED;
    ol_error_set(&seen->error, OL_ERR_ARGUMENT, OL_NOWHERE, lack);
    return;
  }
  provider->finding = tag;
  ol_error_clear(&provider->view.worst);
  ol_view_begin(&provider->view, &question);
  provider->generation = provider->view.generation;
}

/* What was read under the candidate is void. */
static void drop_candidate(ol_provider *provider) {
  for (size_t i = 0; i < OL_JOBS; i++) {
    ol_job *job = &provider->jobs[i];
    if (job->state != OL_JOB_WORKING || job->at.tag != provider->finding) continue;
    ol_job_release(provider, job);
    memset(&job->lookup, 0, sizeof job->lookup);
  }
}

/* Another candidate. */
static void follow_candidate(ol_provider *provider) {
  if (provider->generation == provider->view.generation) return;
  provider->generation = provider->view.generation;
  provider->seen[provider->finding].state = OL_SEEN_NONE;
  drop_candidate(provider);
}

/* Returns: why the view's block will not do, or OL_OK. */
static ol_status check_view(ol_error *error, const ol_view *view, ol_view_step step) {
  if (step == OL_VIEW_SETTLED) return ol_view_check_age(error, view);
  *error = view->failure;
  if (error->status == OL_OK) ol_error_set(error, OL_ERR_TRANSPORT, OL_NOWHERE, "nobody is left to ask");
  return (ol_status)error->status;
}

static void take_view(ol_provider *provider, ol_view_step step) {
  const ol_view *view = &provider->view;
  ol_seen *seen = &provider->seen[provider->finding];
  ol_error_clear(&seen->error);
  seen->block = view->block;
  seen->trust = ol_view_trust(view);
  seen->state = OL_SEEN_CANDIDATE;
  if (step == OL_VIEW_CANDIDATE) return;
  if (check_view(&seen->error, view, step) != OL_OK) {
    seen->state = OL_SEEN_FAILED;
    drop_candidate(provider);
    provider->finding = OL_TAGS;
    return;
  }
  seen->state = OL_SEEN_SETTLED;
  seen->agreed = view->agreed;
  seen->taken_ms = view->engine.now_ms;
  if (seen->trust > OL_TRUST_QUORUM) ol_view_anchor(&seen->anchor, view);
  ol_view_readers(&provider->from, view, OL_FETCH_ACCOUNT, OL_FETCH_CODE);
  provider->finding = OL_TAGS;
}

/* Finds the blocks of the tags that jobs need, one after the other. */
static void advance_views(ol_provider *provider) {
  for (;;) {
    if (provider->finding == OL_TAGS) {
      uint32_t tag = 0;
      while (tag < OL_TAGS && (provider->seen[tag].state != OL_SEEN_NONE || !is_needed(provider, tag))) tag++;
      if (tag == OL_TAGS) return;
      begin_view(provider, tag);
      continue;
    }
    ol_view_step step = ol_view_advance(&provider->view);
    follow_candidate(provider);
    if (step == OL_VIEW_WAIT) return;
    take_view(provider, step);
    if (step == OL_VIEW_CANDIDATE) return;
  }
}

/* --- The batch --- */

static void begin_jobs(ol_provider *provider) {
  for (size_t i = 0; i < OL_JOBS && provider->started < provider->batch_count; i++) {
    ol_job *job = &provider->jobs[i];
    if (job->state != OL_JOB_FREE) continue;
    memset(job, 0, sizeof *job);
    job->index = provider->started++;
    job->chain_id = provider->view.config.chain_id;
    const ol_slice text =
        ol_slice_of(provider->request + provider->batch_at[job->index], provider->batch_len[job->index]);
    ol_request_read(job, ol_text_of(provider, job->index), text, provider->request,
                    ol_view_scratch(&provider->view));
  }
}

static void advance_job(ol_provider *provider, ol_job *job) {
  ol_job_step step = job->method->work == NULL ? OL_STEP_DONE : job->method->work(provider, job);
  if (step == OL_STEP_WAIT) return;
  /*
   * What shows under a candidate waits for it to be settled, and so does that nobody proves anything: whether the
   * candidate or the request is to blame is what L1 will tell.
   */
  if (ol_job_needs_block(job) && provider->seen[job->at.tag].state == OL_SEEN_CANDIDATE) return;
  job->state = step == OL_STEP_DONE ? OL_JOB_READY : OL_JOB_FAILED;
}

static ol_job *job_of(ol_provider *provider, uint32_t index) {
  for (size_t i = 0; i < OL_JOBS; i++) {
    if (provider->jobs[i].state != OL_JOB_FREE && provider->jobs[i].index == index) return &provider->jobs[i];
  }
  return NULL;
}

/* Writes the responses whose turn it is. Returns: whether any was. */
static bool write_responses(ol_provider *provider) {
  bool any = false;
  ol_job *job;
  while ((job = job_of(provider, provider->written)) != NULL && job->state != OL_JOB_WORKING) {
    ol_respond(provider, job);
    ol_job_release(provider, job);
    job->state = OL_JOB_FREE;
    provider->written++;
    any = true;
  }
  return any;
}

static void advance(ol_engine *engine) {
  ol_provider *provider = provider_of(engine);
  if (engine->state != OL_ENGINE_WORKING) return;
  do {
    begin_jobs(provider);
    advance_views(provider);
    for (size_t i = 0; i < OL_JOBS; i++) {
      if (provider->jobs[i].state == OL_JOB_WORKING) advance_job(provider, &provider->jobs[i]);
    }
  } while (write_responses(provider));
  if (provider->written < provider->batch_count) return;
  ol_engine_finish(engine);
}

ol_status ol_provider_ask(ol_error *error, ol_provider *provider, ol_slice request) {
  ol_error_clear(error);
  if (provider->view.engine.state == OL_ENGINE_WORKING)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "the request before is not answered yet");
  ol_view_reset(&provider->view, &provider_user);
  memset(provider->jobs, 0, sizeof provider->jobs);
  memset(provider->keeps, 0, sizeof provider->keeps);
  provider->finding = OL_TAGS;
  provider->run_owner = 0;
  provider->started = provider->written = 0;
  provider->text_count = provider->batch_count = provider->request_len = 0;
  provider->out_len = 0;
  (void)ol_request_split(provider, request); /* for the first there is room */
  return OL_OK;
}

ol_status ol_provider_ask_also(ol_error *error, ol_provider *provider, ol_slice request) {
  ol_error_clear(error);
  if (provider->view.engine.state != OL_ENGINE_IDLE || provider->text_count == 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "nothing is asked, or it is being answered already");
  if (ol_request_split(provider, request)) return OL_OK;
  return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "there is no room for another request");
}

ol_status ol_provider_response_at(ol_error *error, ol_slice *out, const ol_provider *provider,
                                  uint32_t index) {
  ol_error_clear(error);
  if (provider->view.engine.state != OL_ENGINE_DONE)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "the request is not answered yet");
  if (index >= provider->text_count)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there is no request of this number");
  if (provider->texts[index].is_crowded)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE,
                   "there was no room for it beside others; ask it by itself");
  const ol_arena responses = ol_provider_out((ol_provider *)(uintptr_t)provider);
  *out = ol_slice_of(responses.memory + provider->texts[index].out_at, provider->texts[index].out_len);
  return OL_OK;
}

ol_status ol_provider_response(ol_error *error, ol_slice *out, const ol_provider *provider) {
  return ol_provider_response_at(error, out, provider, 0);
}

/* --- The engine's user --- */

static void begin(ol_engine *engine) {
  keep_seen(provider_of(engine));
  advance(engine);
}

static ol_status request(ol_error *error, ol_want *out, ol_engine *engine, const ol_engine_want *want) {
  ol_provider *provider = provider_of(engine);
  ol_arena arena = ol_view_scratch(&provider->view);
  if (want->kind < OL_WANT_VIEW_KINDS) return ol_view_request(error, out, &provider->view, want, &arena);
  out->max_len = provider->view.config.max_answer;
  return ol_job_request(error, out, provider, want, &arena);
}

static ol_status read_answer(ol_error *error, ol_provider *provider, const ol_engine_want *want,
                             ol_slice data) {
  return want->kind < OL_WANT_VIEW_KINDS ? ol_view_answer(error, &provider->view, want, data)
                                         : ol_job_answer(error, provider, want, data);
}

/* What errors call a want. */
static const char *part_of(uint32_t kind) {
  static const char *const parts[OL_PROVIDER_KINDS] = {[OL_FETCH_ACCOUNT] = "proof",
                                                       [OL_FETCH_CODE] = "code",
                                                       [OL_FETCH_HISTORY] = "history",
                                                       [OL_FETCH_HEADER] = "block",
                                                       [OL_FETCH_BLOCK] = "block",
                                                       [OL_FETCH_RECEIPTS] = "receipts",
                                                       [OL_FETCH_RUN] = "headers",
                                                       [OL_FETCH_PROXY] = "contract",
                                                       [OL_FETCH_PROXY_IMPLEMENTATION] = "implementation",
                                                       [OL_FETCH_PROXY_IMPLEMENTATION_CODE] =
                                                           "implementation",
                                                       [OL_FETCH_GAME] = "game",
                                                       [OL_FETCH_GAME_CODE] = "game",
                                                       [OL_FETCH_GAME_TYPE] = "game type",
                                                       [OL_FETCH_CONTRACT] = "contract",
                                                       [OL_FETCH_CONTRACT_CODE] = "contract",
                                                       [OL_FETCH_IMPLEMENTATION] = "implementation",
                                                       [OL_FETCH_IMPLEMENTATION_CODE] = "implementation",
                                                       [OL_WANT_LOOKUP] = "place",
                                                       [OL_WANT_HEADER] = "block",
                                                       [OL_WANT_SEND] = "transaction",
                                                       [OL_WANT_ORIGIN] = "L1 origin",
                                                       [OL_WANT_CLAIMS] = "logs",
                                                       [OL_WANT_LEDGER] = "proof",
                                                       [OL_WANT_VERDICT] = "verdict"};
  return kind < OL_WANT_VIEW_KINDS ? ol_view_part(kind) : parts[kind];
}

static ol_status answer(ol_error *error, ol_engine *engine, const ol_engine_want *want, ol_slice data) {
  ol_status status = read_answer(error, provider_of(engine), want, data);
  if (status == OL_ERR_MEMORY) /* ours is enough for every answer that could be meant */
    status = ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "answer has more values than accepted");
  return ol_error_in(error, status, part_of(want->kind), OL_NOWHERE);
}

static void lost(ol_engine *engine, const ol_engine_want *want, const ol_error *error) {
  ol_provider *provider = provider_of(engine);
  if (want->kind >= OL_WANT_VIEW_KINDS) {
    ol_job_lost(provider, want, error);
    return;
  }
  ol_failure_keep_worst(&provider->view.worst, error);
  ol_view_lost(&provider->view, want, error);
}

static const ol_engine_user provider_user = {
    .begin = begin, .request = request, .answer = answer, .lost = lost, .advance = advance};
