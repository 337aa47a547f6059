/* SPDX-License-Identifier: MIT */
#include "client/unsafe.h"

#include "client/view.h"
#include "rollup/system_config.h"

#include "base/poison.h"

/* The slot of SystemConfig that is read, behind its implementation's. */
enum { SLOT_SIGNER = 1 };

const char *ol_unsafe_part(uint32_t kind) {
  static const char *const parts[] = {"message", "SystemConfig", "SystemConfig", "implementation",
                                      "implementation"};
  return parts[kind - OL_UNSAFE_MESSAGE];
}

void ol_unsafe_begin(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  of->has_block = of->has_contract = false;
  memset(of->tries, 0, sizeof of->tries);
}

/* --- Requests and answers --- */

ol_status ol_unsafe_request(ol_error *error, ol_want *out, const ol_view *view, const ol_engine_want *want,
                            ol_arena *arena) {
  if (want->kind != OL_UNSAFE_MESSAGE)
    return ol_proxied_request(error, out, &view->unsafe.contract, want, arena);
  out->method = OL_HTTP_GET;
  out->format = OL_FORMAT_SSZ;
  return OL_OK;
}

/* The message as it is without its compression, in the arena. */
static ol_status unpack(ol_error *error, ol_slice *out, ol_slice data, ol_arena *arena) {
  uint8_t *bytes = arena->memory + arena->used;
  size_t len = 0;
  ol_status status = ol_envelope_unpack(error, bytes, arena->len - arena->used, &len, data);
  if (status == OL_ERR_MEMORY)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "message is longer than accepted");
  OL_TRY(status);
  *out = ol_slice_of(bytes, len);
  return OL_OK;
}

/* As the user says it; else as the chain's forks do, or where they are not known, the newest. */
static uint32_t version_of(const ol_view *view) {
  static const ol_rollup_fork from[] = {OL_ROLLUP_CANYON, OL_ROLLUP_ECOTONE, OL_ROLLUP_ISTHMUS};
  const uint64_t now = view->engine.now_ms / 1000;
  uint32_t version = OL_ENVELOPE_VERSIONS;
  if (view->config.envelope_version != 0) return view->config.envelope_version;
  while (version > 1 && ol_rollup_fork_active(&view->anchoring.rollup, from[version - 2], now) == 0)
    version--;
  return version;
}

/* Returns: a place for a message, of max_answer bytes. */
static uint8_t *place_of(const ol_view *view, uint32_t place) {
  return (uint8_t *)(uintptr_t)view + view->kept_at + (size_t)place * view->config.max_answer;
}

/* Copies the candidate's message into its place, if messages are kept and it has room there. */
static void copy_message(ol_view *view, const ol_envelope *envelope, uint32_t version) {
  ol_unsafe_view *of = &view->unsafe;
  const ol_slice message = envelope->message;
  if (view->config.kept_messages == 0) return;
  const bool has_room = message.len <= view->config.max_answer;
  of->kept[of->place] = (ol_unsafe_kept){.len = has_room ? (uint32_t)message.len : 0,
                                         .version = version,
                                         .hash = envelope->hash,
                                         .signer = envelope->signer,
                                         .chain_id = envelope->chain_id};
  if (has_room) memcpy(place_of(view, of->place), message.data, message.len);
}

/* All of a message but who has to be its signer is verified at once: by the rules with the one who is. */
ol_status ol_unsafe_message(ol_error *error, ol_view *view, const ol_engine_want *want, ol_slice data,
                            ol_arena arena) {
  ol_unsafe_view *of = &view->unsafe;
  const uint32_t version = version_of(view);
  ol_envelope_rules rules = {.chain_id = view->anchoring.rollup.chain_id,
                             .now_s = view->engine.now_ms / 1000};
  ol_slice message;
  ol_envelope envelope;
  OL_TRY(unpack(error, &message, data, &arena));
  OL_TRY(ol_envelope_decode(error, &envelope, message, version));
  OL_TRY(ol_envelope_signer(error, &rules.signer, &envelope, rules.chain_id));
  OL_TRY(ol_envelope_verify(error, &envelope, &rules, message, version));
  view->block = ol_block_of(&envelope.header, &envelope.hash);
  view->generation++;
  ol_unsafe_block_of(&of->candidate, &envelope);
  copy_message(view, &envelope, version);
  of->signed_by = rules.signer;
  of->from = *want;
  of->has_block = true;
  return OL_OK;
}

ol_status ol_unsafe_answer(ol_error *error, ol_view *view, const ol_engine_want *want, ol_json result,
                           ol_arena *arena) {
  return ol_proxied_answer(error, &view->unsafe.contract, &view->anchoring.rollup, want, result, arena);
}

void ol_unsafe_lost(ol_view *view, const ol_engine_want *want, const ol_error *error) {
  ol_unsafe_view *of = &view->unsafe;
  if (want->kind != OL_UNSAFE_MESSAGE)
    ol_proxied_lost(&of->contract, want, error);
  else if (!ol_failure_may_pass(error))
    of->tries[want->endpoint] = OL_TRIES;
}

/* --- What is wanted next --- */

/* Begins to read SystemConfig at the newest L1 block. */
static void begin_contract(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  const ol_anchoring *anchoring = &view->anchoring;
  const ol_block *l1 = &anchoring->newest_l1;
  const ol_readers from = ol_view_l1_readers(view, OL_UNSAFE_CONTRACT, OL_UNSAFE_CONTRACT_CODE);
  const ol_readers code_from =
      ol_view_l1_readers(view, OL_UNSAFE_IMPLEMENTATION, OL_UNSAFE_IMPLEMENTATION_CODE);
  ol_proxied_init(&of->contract, OL_CONTRACT_SYSTEM_CONFIG, &anchoring->rollup.system_config, l1, &from,
                  &code_from);
  ol_read_slot(&of->contract.read, &ol_system_config.unsafe_block_signer);
  of->l1_hash = l1->hash;
  of->has_signer = false;
  of->has_contract = true;
}

/* Forgets what was signed; evidence stays. */
static void begin_signer(ol_view *view, const ol_address *signer) {
  ol_unsafe_view *of = &view->unsafe;
  ol_unsafe_head_empty(&of->head, view->anchoring.rollup.chain_id, signer);
}

/* Reads the signer, now that all is proven. */
static ol_status read_signer(ol_error *error, ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  ol_address signer;
  OL_TRY(ol_unsafe_signer_read(error, &signer, &of->contract.read.slots[SLOT_SIGNER].value));
  if (memcmp(&signer, &of->head.signer, sizeof signer) != 0) begin_signer(view, &signer);
  of->has_signer = true;
  return OL_OK;
}

/* What L1 has cannot be gone by. */
static void fail_by_contract(ol_view *view, ol_error *error) {
  (void)ol_error_in(error, (ol_status)error->status, ol_unsafe_part(OL_UNSAFE_CONTRACT), OL_NOWHERE);
  ol_view_fail(view, error);
}

/* The side of L1: who must have signed. Returns: whether that is known. */
static bool advance_signer(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  ol_error error;
  ol_error_clear(&error);
  if (!view->anchoring.ready) return false;
  if (of->has_signer && ol_hash_equal(&of->l1_hash, &view->anchoring.newest_l1.hash)) return true;
  if (!of->has_contract) begin_contract(view);
  switch (ol_proxied_advance(&error, &view->engine, &of->contract)) {
  case OL_L1_DONE:
    if (read_signer(&error, view) == OL_OK) return true;
    fail_by_contract(view, &error);
    return false;
  case OL_L1_STUCK: ol_view_fail(view, &view->worst); return false;
  case OL_L1_WAIT: return false;
  default: fail_by_contract(view, &error); return false;
  }
}

/* --- The candidate --- */

static void drop_block(ol_view *view) {
  view->unsafe.has_block = false;
  view->generation++;
}

void ol_unsafe_doubt(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  of->tries[of->from.endpoint] = OL_TRIES;
  drop_block(view);
}

void ol_unsafe_tell(ol_view *view, const ol_rollup *rollup) {
  const ol_rollup *before = &view->anchoring.rollup;
  const ol_address nobody = {{0}};
  view->unsafe.has_signer = false;
  if (rollup->chain_id == before->chain_id &&
      memcmp(&rollup->system_config, &before->system_config, sizeof before->system_config) == 0)
    return;
  begin_signer(view, &nobody);
  if (view->phase == OL_PHASE_UNSAFE && view->unsafe.has_block) drop_block(view);
}

/* The message is kept, and the next one comes to another place: that of the oldest, but for evidence. */
static void keep_message(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  const uint32_t count = view->config.kept_messages;
  if (count == 0) return;
  do of->place = (of->place + 1) % count;
  while (of->has_evidence && (of->place == of->evidence[0] || of->place == of->evidence[1]));
}

static bool is_pair(const ol_unsafe_kept *a, const ol_unsafe_kept *b) {
  return a->len > 0 && b->len > 0 && a->version == b->version && a->chain_id == b->chain_id &&
         memcmp(&a->signer, &b->signer, sizeof a->signer) == 0;
}

/* Another block of the candidate's height was seen: where its message is still kept, both are evidence. */
static void keep_evidence(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  ol_unsafe_block seen;
  OL_ASSERT(ol_unsafe_head_find(&of->head, &seen, of->candidate.number) == 1);
  for (uint32_t i = 0; i < view->config.kept_messages; i++) {
    if (!ol_hash_equal(&of->kept[i].hash, &seen.hash) || !is_pair(&of->kept[i], &of->kept[of->place]))
      continue;
    of->has_evidence = true;
    of->evidence[0] = i;
    of->evidence[1] = of->place;
    keep_message(view);
    return;
  }
}

ol_status ol_unsafe_evidence(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                             const ol_view *view) {
  const ol_unsafe_view *of = &view->unsafe;
  ol_envelope envelopes[2];
  ol_error_clear(error);
  if (!of->has_evidence)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "no two messages of one height are kept");
  for (size_t i = 0; i < 2; i++) {
    const ol_unsafe_kept *kept = &of->kept[of->evidence[i]];
    const ol_envelope_rules rules = {.chain_id = kept->chain_id, .signer = kept->signer, .any_time = 1};
    const ol_slice message = ol_slice_of(place_of(view, of->evidence[i]), kept->len);
    OL_ASSERT(ol_envelope_verify(error, &envelopes[i], &rules, message, kept->version) == OL_OK);
  }
  return ol_equivocation_make(error, out, len, out_len, &envelopes[0], &envelopes[1]);
}

static bool is_over(const ol_view *view, uint64_t timestamp) {
  return timestamp + OL_ENVELOPE_PAST < view->engine.now_ms / 1000;
}

/* The head must not go back, as long as it can still be gossiped, and no height have two blocks. */
static ol_status check_height(ol_error *error, ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  const ol_address signer = of->head.signer;
  ol_unsafe_block newest = {.number = 0};
  if (ol_unsafe_head_newest(&of->head, &newest) == 1 && of->candidate.number <= newest.number &&
      is_over(view, newest.timestamp)) {
    begin_signer(view, &signer);
    newest.number = 0;
  }
  const ol_unsafe_event event = ol_unsafe_head_add(&of->head, &of->candidate);
  if (event == OL_UNSAFE_CONFLICT)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "sequencer has signed two blocks of this height");
  if (of->candidate.number < newest.number)
    return ol_fail(error, OL_ERR_STALE, OL_NOWHERE, "block is older than one that was seen before");
  if (event != OL_UNSAFE_SAME) keep_message(view);
  return OL_OK;
}

static ol_status check_signer(ol_error *error, const ol_unsafe_view *of) {
  if (memcmp(&of->signed_by, &of->head.signer, sizeof of->signed_by) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "is signed by another than L1 names");
  return OL_OK;
}

/* Now that the signer is known. Whoever sent what it should not be is blamed; not so where the sequencer is to blame. */
static bool check_block(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  const ol_engine_want from = of->from;
  ol_error error;
  ol_error_clear(&error);
  if (is_over(view, of->candidate.timestamp)) { /* L1 took longer: there is a newer one */
    of->tries[from.endpoint] = 0;
    drop_block(view);
    return false;
  }
  ol_status status = check_signer(&error, of);
  const bool is_signed = status == OL_OK;
  if (is_signed) status = check_height(&error, view);
  if (status == OL_OK) return true;
  (void)ol_error_in(&error, status, ol_unsafe_part(OL_UNSAFE_MESSAGE), OL_NOWHERE);
  if (is_signed && status == OL_ERR_MISMATCH) {
    keep_evidence(view);
    ol_view_fail(view, &error);
    return false;
  }
  ol_unsafe_doubt(view);
  ol_engine_blame(&view->engine, &from, &error);
  return false;
}

/* The sequencer's side. Returns: whether there is a message. */
static bool advance_message(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  if (of->has_block) return true;
  if (!ol_seek(&view->engine, of->tries, NULL, view->config.sequencers, OL_SOURCE_SEQUENCER,
               OL_UNSAFE_MESSAGE, 0))
    ol_view_fail(view, &view->worst);
  return false;
}

bool ol_unsafe_advance(ol_view *view) {
  for (;;) {
    const bool l1 = advance_signer(view);
    if (view->phase == OL_PHASE_FAILED) return false;
    const bool message = advance_message(view);
    if (view->phase == OL_PHASE_FAILED || !l1 || !message) return false;
    if (check_block(view)) return true;
    if (view->phase == OL_PHASE_FAILED) return false;
  }
}
