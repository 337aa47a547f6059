/* SPDX-License-Identifier: MIT */
#include "client/view.h"

#include "encoding/jsonrpc.h"
#include "rollup/header.h"

#include "base/poison.h"

#define DEFAULT_MAX_ANSWER (512u << 10)
#define LEAST_MAX_ANSWER 4096u
#define LEAST_TIMEOUT_MS 100u

/* How far a block's time may be ahead of ours. */
#define CLOCK_SKEW_S 15u

const char *ol_view_config_fault(const ol_client_config *config) {
  if (config->endpoints < 1 || config->endpoints > OL_MAX_ENDPOINTS)
    return "number of endpoints is not 1 to 16";
  if (config->quorum < 1 || config->quorum > config->endpoints) return "quorum is not 1 to the endpoints";
  if (config->timeout_ms < LEAST_TIMEOUT_MS) return "timeout is shorter than 100 ms";
  if (config->max_answer != 0 && config->max_answer < LEAST_MAX_ANSWER) return "max_answer is under 4 KiB";
  if (config->max_answer > OL_LIMIT_JSON_TEXT) return "max_answer is over 16 MiB";
  if (config->l1_endpoints > OL_MAX_ENDPOINTS) return "number of L1 endpoints is not 0 to 16";
  if (config->sequencers > OL_MAX_ENDPOINTS) return "number of sequencers is not 0 to 16";
  if (config->envelope_version > OL_ENVELOPE_VERSIONS) return "version of the gossip is not 1 to 4";
  if (config->kept_messages != 0 &&
      (config->kept_messages < OL_UNSAFE_KEPT_MIN || config->kept_messages > OL_UNSAFE_KEPT_MAX))
    return "number of messages to keep is not 0, or 4 to 16";
  return NULL;
}

uint32_t ol_view_max_answer(const ol_client_config *config) {
  return config->max_answer != 0 ? config->max_answer : DEFAULT_MAX_ANSWER;
}

size_t ol_view_kept_len(const ol_client_config *config) {
  return ((size_t)config->kept_messages * ol_view_max_answer(config) + 15) / 16 * 16;
}

void ol_view_init(ol_view *view, const ol_client_config *config, size_t scratch_at, size_t scratch_len) {
  memset(view, 0, sizeof *view);
  view->config = *config;
  view->config.max_answer = ol_view_max_answer(config);
  view->scratch_at = scratch_at;
  view->scratch_len = scratch_len;
  view->kept_at = scratch_at + scratch_len;
  ol_engine_init(&view->engine, NULL, config->timeout_ms);
}

ol_arena ol_view_scratch(ol_view *view) {
  return ol_arena_of((uint8_t *)view + view->scratch_at, view->scratch_len);
}

void ol_view_reset(ol_view *view, const ol_engine_user *user) {
  uint64_t next_id = view->engine.next_id, now_ms = view->engine.now_ms;
  ol_engine_init(&view->engine, user, view->config.timeout_ms);
  view->engine.next_id = next_id;
  view->engine.now_ms = now_ms;
  ol_error_clear(&view->worst);
}

/* --- Blocks --- */

ol_block ol_block_of(const ol_header *header, const ol_hash *hash) {
  return (ol_block){.number = header->number,
                    .timestamp = header->timestamp,
                    .hash = *hash,
                    .parent_hash = header->parent_hash,
                    .state_root = header->state_root};
}

ol_status ol_block_request(ol_error *error, ol_want *out, ol_arena *arena, uint64_t id, const ol_hash *hash,
                           uint64_t number, bool full) {
  ol_json_writer to;
  ol_jsonrpc_begin(&to, arena, id, hash != NULL ? "eth_getBlockByHash" : "eth_getBlockByNumber");
  if (hash != NULL)
    ol_json_write_hex(&to, NULL, hash->bytes, sizeof hash->bytes);
  else
    ol_json_write_quantity_u64(&to, NULL, number);
  ol_json_write_bool(&to, NULL, full);
  out->method = OL_HTTP_POST;
  return ol_jsonrpc_end(error, &out->body, &to);
}

ol_status ol_block_check_number(ol_error *error, uint64_t number, uint64_t asked) {
  if (number == asked) return OL_OK;
  return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "block has another number than the one asked");
}

ol_status ol_block_check_hash(ol_error *error, const ol_hash *hash, const ol_hash *asked) {
  if (ol_hash_equal(hash, asked)) return OL_OK;
  return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "block has another hash than the one asked");
}

ol_status ol_block_check_asked(ol_error *error, const ol_block *block, const ol_view_question *question) {
  if (question->block == OL_BLOCK_NUMBER)
    OL_TRY(ol_block_check_number(error, block->number, question->number));
  if (question->block == OL_BLOCK_HASH) OL_TRY(ol_block_check_hash(error, &block->hash, &question->hash));
  return OL_OK;
}

ol_status ol_block_check_age(ol_error *error, const ol_block *block, uint32_t max_age_s, uint64_t now_ms) {
  uint64_t now = now_ms / 1000;
  if (block->timestamp > now + CLOCK_SKEW_S)
    return ol_fail(error, OL_ERR_STALE, OL_NOWHERE, "block is more than 15 s in the future");
  if (max_age_s != OL_AGE_ANY && block->timestamp < now && now - block->timestamp > max_age_s)
    return ol_fail(error, OL_ERR_STALE, OL_NOWHERE, "block is older than accepted");
  return OL_OK;
}

ol_status ol_view_check_age(ol_error *error, const ol_view *view) {
  return ol_block_check_age(error, &view->block, view->question.max_age_s, view->engine.now_ms);
}

/* --- Requests and answers --- */

static bool tag_question(const ol_view *view) {
  return view->question.block <= OL_BLOCK_FINALIZED;
}

static bool chain_is_known(const ol_view *view, const ol_endpoint *endpoint) {
  return view->config.chain_id == 0 || endpoint->progress[OL_WANT_CHAIN_ID] == OL_GOOD;
}

static bool is_foreign(const ol_view *view, size_t endpoint) {
  return view->config.chain_id != 0 && view->endpoints[endpoint].progress[OL_WANT_CHAIN_ID] == OL_LOST;
}

static void ask(ol_view *view, size_t endpoint, ol_view_want kind) {
  view->endpoints[endpoint].progress[kind] = OL_ASKED;
  view->endpoints[endpoint].tries[kind]++;
  ol_engine_put(&view->engine, OL_SOURCE_L2, (uint32_t)endpoint, kind, 0);
}

void ol_view_begin(ol_view *view, const ol_view_question *question) {
  view->question = *question;
  view->agreed = 0;
  view->generation++;
  memset(view->endpoints, 0, sizeof view->endpoints);
  if (question->trust == OL_TRUST_UNSAFE && view->config.sequencers > 0) {
    view->phase = OL_PHASE_UNSAFE;
    ol_unsafe_begin(view);
    return;
  }
  if (question->trust > OL_TRUST_QUORUM) {
    view->phase = OL_PHASE_ANCHOR;
    ol_anchor_begin(view);
    return;
  }
  view->phase = tag_question(view) ? OL_PHASE_HEADS : OL_PHASE_VOTES;
  view->target = question->number;
  for (size_t i = 0; i < view->config.endpoints; i++) {
    if (view->config.chain_id != 0) ask(view, i, OL_WANT_CHAIN_ID);
    ask(view, i, view->phase == OL_PHASE_HEADS ? OL_WANT_HEAD : OL_WANT_VOTE);
  }
}

static void write_tag(ol_json_writer *to, uint32_t tag) {
  static const char *const names[] = {"latest", "safe", "finalized"};
  ol_json_write_text(to, NULL, names[tag]);
}

ol_status ol_view_request(ol_error *error, ol_want *out, ol_view *view, const ol_engine_want *want,
                          ol_arena *arena) {
  ol_json_writer to;
  out->method = OL_HTTP_POST;
  out->max_len = view->config.max_answer;
  if (want->kind >= OL_ANCHOR_KINDS) return ol_unsafe_request(error, out, view, want, arena);
  if (want->kind >= OL_WANT_VOTE_KINDS) return ol_anchor_request(error, out, view, want, arena);
  if (want->kind == OL_WANT_VOTE)
    return ol_block_request(error, out, arena, want->id,
                            view->question.block == OL_BLOCK_HASH ? &view->question.hash : NULL, view->target,
                            false);
  if (want->kind == OL_WANT_CHAIN_ID) {
    ol_jsonrpc_begin(&to, arena, want->id, "eth_chainId");
  } else {
    ol_jsonrpc_begin(&to, arena, want->id, "eth_getBlockByNumber");
    write_tag(&to, view->question.block);
    ol_json_write_bool(&to, NULL, false);
  }
  return ol_jsonrpc_end(error, &out->body, &to);
}

static ol_status read_chain_id(ol_error *error, const ol_view *view, ol_json result) {
  uint64_t chain_id;
  OL_TRY(ol_json_hex_u64(error, &chain_id, result));
  if (chain_id != view->config.chain_id)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "endpoint serves another chain");
  return OL_OK;
}

/* Reads a head or a vote: a block whose header hashes to its hash, that is the one asked, and fresh. */
static ol_status read_block(ol_error *error, ol_view *view, const ol_engine_want *want, ol_json result) {
  ol_header header;
  ol_hash hash;
  OL_TRY(ol_header_from_json(error, &header, &hash, result));
  if (want->kind == OL_WANT_VOTE && view->question.block != OL_BLOCK_HASH)
    OL_TRY(ol_block_check_number(error, header.number, view->target));
  const ol_block block = ol_block_of(&header, &hash);
  OL_TRY(ol_block_check_asked(error, &block, &view->question));
  OL_TRY(ol_block_check_age(error, &block, view->question.max_age_s, view->engine.now_ms));
  view->endpoints[want->endpoint].block = block;
  return OL_OK;
}

const char *ol_view_part(uint32_t kind) {
  static const char *const parts[] = {"chain id", "block", "block"};
  if (kind >= OL_ANCHOR_KINDS) return ol_unsafe_part(kind);
  return kind >= OL_WANT_VOTE_KINDS ? ol_anchor_part(kind) : parts[kind];
}

ol_status ol_view_answer(ol_error *error, ol_view *view, const ol_engine_want *want, ol_slice data) {
  ol_arena arena = ol_view_scratch(view);
  ol_json response, result;
  if (want->kind == OL_UNSAFE_MESSAGE) return ol_unsafe_message(error, view, want, data, arena);
  OL_TRY(ol_json_read(error, &response, &arena, data.data, data.len));
  OL_TRY(ol_jsonrpc_result(error, &result, response, want->id));
  if (want->kind >= OL_ANCHOR_KINDS) return ol_unsafe_answer(error, view, want, result, &arena);
  if (want->kind >= OL_WANT_VOTE_KINDS) return ol_anchor_answer(error, view, want, result, &arena);
  OL_TRY(want->kind == OL_WANT_CHAIN_ID ? read_chain_id(error, view, result)
                                        : read_block(error, view, want, result));
  view->endpoints[want->endpoint].progress[want->kind] = OL_GOOD;
  return OL_OK;
}

void ol_view_lost(ol_view *view, const ol_engine_want *want, const ol_error *error) {
  if (want->kind >= OL_ANCHOR_KINDS) {
    ol_unsafe_lost(view, want, error);
    return;
  }
  if (want->kind >= OL_WANT_VOTE_KINDS) {
    ol_anchor_lost(view, want, error);
    return;
  }
  ol_endpoint *endpoint = &view->endpoints[want->endpoint];
  bool again = ol_failure_may_pass(error) && endpoint->tries[want->kind] < OL_TRIES;
  endpoint->progress[want->kind] = again ? OL_NOT_ASKED : OL_LOST;
  if (again) ask(view, want->endpoint, (ol_view_want)want->kind);
}

/* --- The quorum --- */

/* Goes on to the votes once enough endpoints have shown a head, if enough have. */
static bool settle_target(ol_view *view) {
  uint32_t usable = 0;
  for (size_t i = 0; i < view->config.endpoints; i++) {
    const ol_endpoint *endpoint = &view->endpoints[i];
    usable += chain_is_known(view, endpoint) && endpoint->progress[OL_WANT_HEAD] == OL_GOOD;
  }
  if (usable < view->config.quorum) return false;
  /* The highest number that a quorum has reached: one that as many heads are at or beyond. */
  view->target = 0;
  for (size_t i = 0; i < view->config.endpoints; i++) {
    const ol_endpoint *candidate = &view->endpoints[i];
    if (!chain_is_known(view, candidate) || candidate->progress[OL_WANT_HEAD] != OL_GOOD) continue;
    uint32_t reached = 0;
    for (size_t k = 0; k < view->config.endpoints; k++) {
      const ol_endpoint *other = &view->endpoints[k];
      reached += chain_is_known(view, other) && other->progress[OL_WANT_HEAD] == OL_GOOD &&
                 other->block.number >= candidate->block.number;
    }
    if (reached >= view->config.quorum && candidate->block.number > view->target)
      view->target = candidate->block.number;
  }
  view->phase = OL_PHASE_VOTES;
  return true;
}

/* Turns heads into votes: the head itself where it is the target, else the block that it is ahead of. */
static void collect_votes(ol_view *view) {
  if (!tag_question(view)) return;
  for (size_t i = 0; i < view->config.endpoints; i++) {
    ol_endpoint *endpoint = &view->endpoints[i];
    if (endpoint->progress[OL_WANT_VOTE] != OL_NOT_ASKED || endpoint->progress[OL_WANT_HEAD] != OL_GOOD)
      continue;
    if (endpoint->block.number == view->target)
      endpoint->progress[OL_WANT_VOTE] = OL_GOOD;
    else if (endpoint->block.number > view->target)
      ask(view, i, OL_WANT_VOTE);
    else
      endpoint->progress[OL_WANT_VOTE] = OL_LOST; /* behind: it has no say, and no blame */
  }
}

static bool has_vote(const ol_view *view, size_t i) {
  return chain_is_known(view, &view->endpoints[i]) && view->endpoints[i].progress[OL_WANT_VOTE] == OL_GOOD;
}

static bool votes_for(const ol_view *view, size_t i, const ol_hash *hash) {
  return has_vote(view, i) && ol_hash_equal(&view->endpoints[i].block.hash, hash);
}

static uint32_t count_votes(const ol_view *view, const ol_hash *hash) {
  uint32_t count = 0;
  for (size_t i = 0; i < view->config.endpoints; i++) count += votes_for(view, i, hash);
  return count;
}

static void blame_dissent(ol_view *view) {
  for (size_t i = 0; i < view->config.endpoints; i++) {
    if (!has_vote(view, i) || votes_for(view, i, &view->block.hash)) continue;
    view->endpoints[i].tries[OL_WANT_VOTE] = OL_TRIES; /* it has had its say */
    const ol_engine_want want = {.source = OL_SOURCE_L2, .endpoint = (uint32_t)i, .kind = OL_WANT_VOTE};
    ol_engine_blame_for(&view->engine, &want, OL_ERR_MISMATCH, ol_view_part(want.kind),
                        "block has another hash than the quorum gave");
  }
}

/* Ends the votes once a quorum has given one hash. */
static bool settle_block(ol_view *view) {
  for (size_t i = 0; i < view->config.endpoints; i++) {
    if (!has_vote(view, i)) continue;
    uint32_t count = count_votes(view, &view->endpoints[i].block.hash);
    if (count < view->config.quorum) continue;
    view->block = view->endpoints[i].block;
    view->agreed = count;
    view->phase = OL_PHASE_SETTLED;
    for (uint32_t kind = OL_WANT_CHAIN_ID; kind <= OL_WANT_VOTE; kind++) ol_engine_drop(&view->engine, kind);
    blame_dissent(view);
    return true;
  }
  return false;
}

/* Whether an endpoint can still come to vote. */
static bool may_vote(const ol_view *view, size_t i) {
  const ol_endpoint *endpoint = &view->endpoints[i];
  if (is_foreign(view, i)) return false;
  if (view->phase == OL_PHASE_HEADS) return endpoint->progress[OL_WANT_HEAD] != OL_LOST;
  if (endpoint->progress[OL_WANT_VOTE] == OL_LOST) return false;
  return !tag_question(view) || endpoint->progress[OL_WANT_HEAD] != OL_LOST;
}

/* Ends without a block when those who can still vote, together with the votes there are, make no quorum. */
static void check_hope(ol_view *view) {
  uint32_t open = 0, largest = 0, votes = 0;
  for (size_t i = 0; i < view->config.endpoints; i++) {
    if (view->phase == OL_PHASE_VOTES && has_vote(view, i)) {
      uint32_t count = count_votes(view, &view->endpoints[i].block.hash);
      largest = count > largest ? count : largest;
      votes++;
    } else {
      open += may_vote(view, i);
      votes += view->phase == OL_PHASE_HEADS && view->endpoints[i].progress[OL_WANT_HEAD] == OL_GOOD;
    }
  }
  if (largest + open >= view->config.quorum) return;
  ol_error error = view->worst;
  if (view->phase == OL_PHASE_VOTES && votes > largest)
    ol_error_set(&error, OL_ERR_QUORUM, OL_NOWHERE, "endpoints give different hashes of the block");
  else if (error.status == OL_OK || (votes > 0 && ol_failure_tells_less(&error, OL_ERR_QUORUM)))
    ol_error_set(&error, OL_ERR_QUORUM, OL_NOWHERE, "too few endpoints gave the block to make the quorum");
  ol_view_fail(view, &error);
}

/* --- What is wanted next --- */

void ol_view_fail(ol_view *view, const ol_error *error) {
  for (uint32_t kind = OL_WANT_CHAIN_ID; kind < OL_WANT_VIEW_KINDS; kind++)
    ol_engine_drop(&view->engine, kind);
  view->failure = *error;
  view->phase = OL_PHASE_FAILED;
}

const char *ol_view_lack(const ol_view *view, ol_trust trust) {
  const ol_rollup *rollup = &view->anchoring.rollup;
  if (trust <= OL_TRUST_QUORUM) return NULL;
  if (!view->anchoring.has_rollup)
    return "this trust level is out of reach: there is no L1 anchor to prove the block by";
  if (trust == OL_TRUST_UNSAFE && view->config.sequencers > 0)
    return ol_address_is_zero(&rollup->system_config) ? "the rollup's SystemConfig on L1 is not known" : NULL;
  return ol_anchor_has_contracts(rollup) ? NULL : "the rollup's contracts on L1 are not known";
}

ol_trust ol_view_trust(const ol_view *view) {
  if (view->question.trust <= OL_TRUST_QUORUM) return OL_TRUST_QUORUM;
  if (view->question.trust == OL_TRUST_UNSAFE && view->config.sequencers > 0) return OL_TRUST_UNSAFE;
  return view->question.trust == OL_TRUST_FINALIZED ? OL_TRUST_FINALIZED : OL_TRUST_PROPOSED;
}

void ol_view_anchor(ol_anchor *out, const ol_view *view) {
  if (ol_view_trust(view) > OL_TRUST_UNSAFE) {
    *out = ol_anchor_of(&view->anchoring)->anchor;
    return;
  }
  *out = (ol_anchor){.signer = view->unsafe.head.signer,
                     .l1_block_number = view->unsafe.contract.read.block_number,
                     .l1_block_hash = view->unsafe.l1_hash};
}

ol_view_step ol_view_advance(ol_view *view) {
  if (view->phase == OL_PHASE_UNSAFE) {
    if (ol_unsafe_advance(view))
      view->phase = OL_PHASE_SETTLED;
    else if (view->phase == OL_PHASE_UNSAFE && view->unsafe.has_block)
      return OL_VIEW_CANDIDATE;
  }
  if (view->phase == OL_PHASE_ANCHOR) {
    if (ol_anchor_advance(view))
      view->phase = OL_PHASE_SETTLED;
    else if (view->phase == OL_PHASE_ANCHOR && view->anchoring.has_block)
      return OL_VIEW_CANDIDATE;
  }
  if (view->phase == OL_PHASE_HEADS && !settle_target(view)) check_hope(view);
  if (view->phase == OL_PHASE_VOTES) {
    collect_votes(view);
    if (!settle_block(view)) check_hope(view);
  }
  if (view->phase == OL_PHASE_FAILED) return OL_VIEW_FAILED;
  return view->phase == OL_PHASE_SETTLED ? OL_VIEW_SETTLED : OL_VIEW_WAIT;
}

void ol_view_doubt(ol_view *view) {
  if (view->phase == OL_PHASE_ANCHOR)
    ol_anchor_doubt(view);
  else if (view->phase == OL_PHASE_UNSAFE)
    ol_unsafe_doubt(view);
  else
    ol_view_fail(view, &view->worst);
}

void ol_view_readers(ol_readers *out, const ol_view *view, uint32_t proof_kind, uint32_t code_kind) {
  *out = (ol_readers){.source = OL_SOURCE_L2, .proof_kind = proof_kind, .code_kind = code_kind};
  for (int voters = 1; voters >= 0; voters--) {
    for (size_t i = 0; i < view->config.endpoints; i++) {
      if (votes_for(view, i, &view->block.hash) == (voters == 1) && !is_foreign(view, i))
        out->order[out->order_count++] = (uint8_t)i;
    }
  }
}

ol_readers ol_view_l1_readers(const ol_view *view, uint32_t proof_kind, uint32_t code_kind) {
  ol_readers readers = {.source = OL_SOURCE_L1, .proof_kind = proof_kind, .code_kind = code_kind};
  for (uint32_t i = 0; i < view->config.l1_endpoints; i++) readers.order[readers.order_count++] = (uint8_t)i;
  return readers;
}
