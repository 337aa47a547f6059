/* SPDX-License-Identifier: MIT */
#include "client/anchor.h"

#include "client/view.h"
#include "encoding/abi.h"
#include "encoding/jsonrpc.h"
#include "rollup/header.h"
#include "trie/account.h"

#include "base/poison.h"

/* By how much L1's finalized block is behind, mostly: two epochs and some. */
#define FINALITY_S 1200u

const char *ol_anchor_part(uint32_t kind) {
  static const char *const parts[] = {"hint",           "contract",       "contract",      "implementation",
                                      "implementation", "anchored block", "message passer"};
  return parts[kind - OL_ANCHOR_HINT];
}

bool ol_anchor_has_contracts(const ol_rollup *rollup) {
  return !ol_address_is_zero(&rollup->l2_output_oracle) ||
         (!ol_address_is_zero(&rollup->dispute_game_factory) &&
          !ol_address_is_zero(&rollup->optimism_portal));
}

/* The L1 block at which all is proven. */
static const ol_block *l1_of(const ol_anchoring *anchoring) {
  return anchoring->finalized ? &anchoring->finalized_l1 : &anchoring->newest_l1;
}

/* What is needed to anchor a block by this rollup. Returns: why it cannot be done, or NULL. */
static const char *lack_of(const ol_view *view, const ol_rollup *rollup, const ol_sync_status *l1) {
  if (view->engine.state == OL_ENGINE_WORKING && view->anchoring.ready)
    return "the question before is not answered yet";
  if (view->config.l1_endpoints == 0) return "client has no L1 endpoints";
  if (l1 != NULL && (l1->finalized.has_header == 0 || l1->optimistic.has_header == 0))
    return "headers of the L1 blocks are not known; a sync fetches them from L1 endpoints";
  if (!ol_anchor_has_contracts(rollup) && ol_address_is_zero(&rollup->system_config))
    return "the rollup's contracts on L1 are not known";
  if (view->config.chain_id != 0 && view->config.chain_id != rollup->chain_id)
    return "client is of another chain than the rollup";
  return NULL;
}

static ol_block block_of(const ol_beacon_head *head) {
  return (ol_block){.number = head->block_number,
                    .timestamp = head->block_time,
                    .hash = head->block_hash,
                    .state_root = head->state_root};
}

static void tell_l1(ol_anchoring *anchoring, const ol_sync_status *l1) {
  const ol_hash *hashes[2] = {&l1->optimistic.block_hash, &l1->finalized.block_hash};
  for (size_t i = 0; i < 2; i++) {
    ol_anchored *anchored = &anchoring->anchored[i];
    anchored->known = anchored->known && ol_hash_equal(&anchored->anchor.l1_block_hash, hashes[i]);
  }
  anchoring->ready = true;
  anchoring->finalized_l1 = block_of(&l1->finalized);
  anchoring->newest_l1 = block_of(&l1->optimistic);
}

ol_status ol_anchor_tell(ol_error *error, ol_view *view, const ol_rollup *rollup, const ol_sync_status *l1) {
  ol_anchoring *anchoring = &view->anchoring;
  if (rollup == NULL) {
    anchoring->has_rollup = anchoring->ready = false;
    ol_error_set(&view->worst, OL_ERR_TRANSPORT, OL_NOWHERE, "L1 could not be followed");
    if (view->phase == OL_PHASE_ANCHOR || view->phase == OL_PHASE_UNSAFE) ol_view_fail(view, &view->worst);
    return OL_OK;
  }
  const char *reason = lack_of(view, rollup, l1);
  if (reason != NULL) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
  /* Bytes of padding that differ cost a round trip, no more.
     NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-*) */
  const bool same = memcmp(&anchoring->rollup, rollup, sizeof *rollup) == 0;
  anchoring->has_rollup = true;
  anchoring->ready = anchoring->ready && same;
  if (!same) ol_unsafe_tell(view, rollup);
  anchoring->rollup = *rollup;
  if (!same) anchoring->anchored[0].known = anchoring->anchored[1].known = false;
  if (l1 != NULL) tell_l1(anchoring, l1);
  return OL_OK;
}

/* --- Requests --- */

static size_t write_hint(uint8_t code[OL_HINT_CODE], const ol_anchoring *anchoring, uint64_t now) {
  const ol_rollup *rollup = &anchoring->rollup;
  if (!ol_rollup_has_games(rollup))
    return ol_hint_output(code, &rollup->l2_output_oracle, now, anchoring->finalized);
  return ol_hint_game(code, &rollup->dispute_game_factory, &rollup->optimism_portal, now,
                      anchoring->finalized);
}

/* Asks what is so at the L1 block that is proven; or, as long as there is none, at the newest or the final one. */
static ol_status request_hint(ol_error *error, ol_want *out, const ol_view *view, const ol_engine_want *want,
                              ol_arena *arena) {
  const ol_anchoring *anchoring = &view->anchoring;
  const uint64_t clock = view->engine.now_ms / 1000, behind = anchoring->finalized ? FINALITY_S : 0;
  const uint64_t early = clock > behind ? clock - behind : 0;
  uint8_t code[OL_HINT_CODE];
  ol_json_writer to;
  size_t len = write_hint(code, anchoring, anchoring->hint_early ? early : l1_of(anchoring)->timestamp);
  ol_jsonrpc_begin(&to, arena, want->id, "eth_call");
  ol_json_write_object(&to, NULL);
  ol_json_write_hex(&to, "data", code, len);
  ol_json_write_close(&to);
  if (anchoring->hint_early)
    ol_json_write_text(&to, NULL, anchoring->finalized ? "finalized" : "latest");
  else
    ol_json_write_quantity_u64(&to, NULL, l1_of(anchoring)->number);
  return ol_jsonrpc_end(error, &out->body, &to);
}

ol_status ol_anchor_request(ol_error *error, ol_want *out, const ol_view *view, const ol_engine_want *want,
                            ol_arena *arena) {
  const ol_anchoring *anchoring = &view->anchoring;
  switch (want->kind) {
  case OL_ANCHOR_HINT: return request_hint(error, out, view, want, arena);
  case OL_ANCHOR_CONTRACT:
  case OL_ANCHOR_CONTRACT_CODE:
  case OL_ANCHOR_IMPLEMENTATION:
  case OL_ANCHOR_IMPLEMENTATION_CODE:
    return ol_proposal_request(error, out, &anchoring->proposal, want, arena);
  case OL_ANCHOR_PASSER:
    return ol_read_request(error, out, &anchoring->passer_from, &anchoring->passer, want, arena);
  default: return ol_block_request(error, out, arena, want->id, NULL, anchoring->hint.claim.l2_block, false);
  }
}

/* --- Answers --- */

static ol_status read_hint(ol_error *error, ol_view *view, const ol_engine_want *want, ol_json result,
                           ol_arena *arena) {
  ol_anchoring *anchoring = &view->anchoring;
  ol_slice returned;
  OL_TRY(ol_json_hex(error, &returned, arena, result));
  ol_status status = ol_rollup_has_games(&anchoring->rollup)
                         ? ol_hint_read_game(error, &anchoring->hint, returned)
                         : ol_hint_read_output(error, &anchoring->hint, returned);
  if (status != OL_OK && anchoring->hint_early) { /* it is of another L1 block, and may be right there */
    view->engine.taken = OL_TAKEN_IDLE;
    return OL_OK;
  }
  OL_TRY(status);
  anchoring->has_hint = true;
  anchoring->hint_from = want->endpoint;
  anchoring->hint_want = want->id;
  return OL_OK;
}

static ol_status read_block(ol_error *error, ol_view *view, const ol_engine_want *want, ol_json result) {
  ol_anchoring *anchoring = &view->anchoring;
  ol_header header;
  ol_hash hash, root;
  OL_TRY(ol_header_from_json(error, &header, &hash, result));
  OL_TRY(ol_block_check_number(error, header.number, anchoring->hint.claim.l2_block));
  view->block = ol_block_of(&header, &hash);
  view->generation++;
  ol_output_root_v0(&root, &header.state_root, &header.withdrawals_root, &hash);
  anchoring->is_complete = ol_hash_equal(&root, &anchoring->hint.claim.root);
  anchoring->has_block = true;
  ol_view_readers(&anchoring->passer_from, view, OL_ANCHOR_PASSER, OL_ANCHOR_PASSER_CODE);
  ol_read_init(&anchoring->passer, header.number, &header.state_root, &ol_message_passer, false);
  anchoring->block_from = want->endpoint;
  anchoring->block_want = want->id;
  return OL_OK;
}

ol_status ol_anchor_answer(ol_error *error, ol_view *view, const ol_engine_want *want, ol_json result,
                           ol_arena *arena) {
  ol_anchoring *anchoring = &view->anchoring;
  ol_slice code;
  switch (want->kind) {
  case OL_ANCHOR_HINT: return read_hint(error, view, want, result, arena);
  case OL_ANCHOR_CONTRACT:
  case OL_ANCHOR_CONTRACT_CODE:
  case OL_ANCHOR_IMPLEMENTATION:
  case OL_ANCHOR_IMPLEMENTATION_CODE:
    return ol_proposal_answer(error, &anchoring->proposal, &anchoring->rollup, want, result, arena);
  case OL_ANCHOR_PASSER:
    return ol_read_answer(error, &code, &anchoring->passer_from, &anchoring->passer, want, result, arena);
  default: return read_block(error, view, want, result);
  }
}

void ol_anchor_lost(ol_view *view, const ol_engine_want *want, const ol_error *error) {
  ol_anchoring *anchoring = &view->anchoring;
  bool lied = !ol_failure_may_pass(error);
  switch (want->kind) {
  case OL_ANCHOR_HINT:
    if (lied) anchoring->hint_tries[want->endpoint] = OL_TRIES;
    break;
  case OL_ANCHOR_CONTRACT:
  case OL_ANCHOR_CONTRACT_CODE:
  case OL_ANCHOR_IMPLEMENTATION:
  case OL_ANCHOR_IMPLEMENTATION_CODE: ol_proposal_lost(&anchoring->proposal, want, error); break;
  case OL_ANCHOR_PASSER: ol_read_lost(&anchoring->passer_from, &anchoring->passer, want, error); break;
  default:
    if (lied) anchoring->block_tries[want->endpoint] = OL_TRIES;
    break;
  }
}

/* --- What is wanted next --- */

static void begin_proposal(ol_view *view) {
  ol_anchoring *anchoring = &view->anchoring;
  const ol_readers from = ol_view_l1_readers(view, OL_ANCHOR_CONTRACT, OL_ANCHOR_CONTRACT_CODE);
  const ol_readers code_from =
      ol_view_l1_readers(view, OL_ANCHOR_IMPLEMENTATION, OL_ANCHOR_IMPLEMENTATION_CODE);
  ol_proposal_init(&anchoring->proposal, &anchoring->rollup, l1_of(anchoring), &anchoring->hint,
                   anchoring->finalized, &from, &code_from);
  anchoring->proposing = true;
}

static void blame(ol_view *view, ol_source source, uint32_t endpoint, uint64_t id, uint32_t kind,
                  ol_error *error) {
  const ol_engine_want want = {.id = id, .source = source, .endpoint = endpoint, .kind = kind};
  (void)ol_error_in(error, (ol_status)error->status, ol_anchor_part(kind), OL_NOWHERE);
  ol_engine_blame(&view->engine, &want, error);
}

/* Forgets the candidate, and what was asked of it. */
static void drop_block(ol_view *view) {
  ol_engine_drop(&view->engine, OL_ANCHOR_PASSER);
  view->anchoring.has_block = false;
  view->generation++;
}

/*
 * Begins again with another hint. One that is not so was a lie; one that is so, but of a game that is no good, was
 * none, and another endpoint may know of a better.
 */
static void drop_hint(ol_view *view, ol_error *error) {
  ol_anchoring *anchoring = &view->anchoring;
  for (uint32_t kind = OL_ANCHOR_HINT; kind < OL_ANCHOR_KINDS; kind++) ol_engine_drop(&view->engine, kind);
  drop_block(view);
  anchoring->has_hint = anchoring->proposing = false;
  memset(anchoring->block_tries, 0, sizeof anchoring->block_tries);
  if (anchoring->hint_early) { /* it was of another L1 block, and may have been right there */
    anchoring->hint_tries[anchoring->hint_from] = 0;
    return;
  }
  anchoring->hint_tries[anchoring->hint_from] = OL_TRIES;
  if (error->status == OL_ERR_MISMATCH)
    blame(view, OL_SOURCE_L1, anchoring->hint_from, anchoring->hint_want, OL_ANCHOR_HINT, error);
  else
    ol_failure_keep_worst(&view->worst, error);
}

/* The side of L1. Returns: whether it is done. */
static bool advance_l1(ol_view *view) {
  ol_anchoring *anchoring = &view->anchoring;
  ol_error error;
  ol_error_clear(&error);
  if (anchoring->judged) return true;
  if (!anchoring->ready) return false;
  if (!anchoring->proposing) begin_proposal(view);
  switch (ol_proposal_advance(&error, &view->engine, &anchoring->proposal, &anchoring->rollup)) {
  case OL_L1_WAIT: break;
  case OL_L1_STUCK: ol_view_fail(view, &view->worst); break;
  case OL_L1_FAILED: ol_view_fail(view, &error); break;
  case OL_L1_REFUSED: drop_hint(view, &error); break;
  case OL_L1_DONE: anchoring->judged = true; break;
  }
  return anchoring->judged;
}

void ol_anchor_doubt(ol_view *view) {
  ol_anchoring *anchoring = &view->anchoring;
  anchoring->block_tries[anchoring->block_from] = OL_TRIES;
  drop_block(view);
}

/*
 * Looks for the block of the hint. Returns: whether there is one, and what is needed to make the output root. That
 * nobody has it matters once the hint is known to be right.
 */
static bool advance_l2(ol_view *view) {
  ol_anchoring *anchoring = &view->anchoring;
  for (;;) {
    if (!anchoring->has_block) {
      if (!ol_seek(&view->engine, anchoring->block_tries, NULL, view->config.endpoints, OL_SOURCE_L2,
                   OL_ANCHOR_BLOCK, 0) &&
          anchoring->judged)
        ol_view_fail(view, &view->worst);
      return false;
    }
    if (anchoring->is_complete) return true;
    ol_reads_step step = ol_read_advance(&view->engine, &anchoring->passer_from, &anchoring->passer, 0);
    if (step != OL_READS_STUCK) return step == OL_READS_DONE;
    ol_anchor_doubt(view);
  }
}

/* The block's roots must make the output root; what is proven of it is so under its own state root alone. */
static bool check_output_root(ol_view *view) {
  ol_anchoring *anchoring = &view->anchoring;
  if (anchoring->is_complete) return true;
  ol_hash root;
  ol_output_root_v0(&root, &view->block.state_root, &anchoring->passer.account.storage_root,
                    &view->block.hash);
  if (ol_hash_equal(&root, &anchoring->hint.claim.root)) return true;
  ol_error error;
  ol_error_set(&error, OL_ERR_PROOF, OL_NOWHERE, "block is not that of the output root");
  blame(view, OL_SOURCE_L2, anchoring->block_from, anchoring->block_want, OL_ANCHOR_BLOCK, &error);
  drop_block(view);
  return false;
}

void ol_anchor_begin(ol_view *view) {
  ol_anchoring *anchoring = &view->anchoring;
  anchoring->finalized = view->question.trust == OL_TRUST_FINALIZED;
  anchoring->has_hint = anchoring->has_block = anchoring->proposing = anchoring->judged = false;
  memset(anchoring->hint_tries, 0, sizeof anchoring->hint_tries);
  memset(anchoring->block_tries, 0, sizeof anchoring->block_tries);
}

const ol_anchored *ol_anchor_of(const ol_anchoring *anchoring) {
  return &anchoring->anchored[anchoring->finalized ? 1 : 0];
}

static void keep_anchored(ol_view *view) {
  ol_anchoring *anchoring = &view->anchoring;
  const ol_output_state *state = &anchoring->proposal.state;
  anchoring->anchored[anchoring->finalized ? 1 : 0] =
      (ol_anchored){.known = true,
                    .block = view->block,
                    .anchor = {.output_root = anchoring->hint.claim.root,
                               .game = state->game,
                               .index = anchoring->hint.index,
                               .proposed_at = state->proposed_at,
                               .finalizes_at = state->finalizes_at,
                               .l1_block_number = l1_of(anchoring)->number,
                               .l1_block_hash = l1_of(anchoring)->hash}};
}

/*
 * Looks for a hint. While L1 is still followed each endpoint is asked once, and nothing is given up: what they do not
 * know yet, they may know at the block that will be proven.
 */
static void seek_hint(ol_view *view) {
  ol_anchoring *anchoring = &view->anchoring;
  ol_engine *engine = &view->engine;
  if (!ol_engine_has(engine, OL_ANCHOR_HINT)) {
    bool is_fresh = false;
    for (uint32_t i = 0; i < view->config.l1_endpoints; i++)
      is_fresh = is_fresh || anchoring->hint_tries[i] == 0;
    if (!anchoring->ready && !is_fresh) return;
    anchoring->hint_early = !anchoring->ready;
  }
  if (!ol_seek(engine, anchoring->hint_tries, NULL, view->config.l1_endpoints, OL_SOURCE_L1, OL_ANCHOR_HINT,
               0))
    ol_view_fail(view, &view->worst);
}

bool ol_anchor_advance(ol_view *view) {
  ol_anchoring *anchoring = &view->anchoring;
  if (!anchoring->has_rollup) { /* it was told before the question began */
    ol_view_fail(view, &view->worst);
    return false;
  }
  if (anchoring->ready && ol_anchor_of(anchoring)->known) {
    view->block = ol_anchor_of(anchoring)->block;
    view->generation++;
    return true;
  }
  for (;;) {
    if (!anchoring->has_hint) {
      seek_hint(view);
      return false;
    }
    bool l1 = advance_l1(view);
    if (view->phase == OL_PHASE_FAILED) return false;
    if (!anchoring->has_hint) continue; /* it was dropped */
    bool l2 = advance_l2(view);
    if (view->phase == OL_PHASE_FAILED) return false;
    if (!l1 || !l2) return false;
    if (!check_output_root(view)) continue;
    keep_anchored(view);
    return true;
  }
}
