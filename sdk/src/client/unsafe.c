/* SPDX-License-Identifier: MIT */
#include "client/unsafe.h"

#include "client/view.h"
#include "rollup/system_config.h"

#include "base/poison.h"

/* Slots of SystemConfig that are read. */
enum { SLOT_IMPLEMENTATION, SLOT_SIGNER };

const char *ol_unsafe_part(uint32_t kind) {
  static const char *const parts[] = {"message", "SystemConfig", "SystemConfig", "implementation",
                                      "implementation"};
  return parts[kind - OL_UNSAFE_MESSAGE];
}

static ol_readers readers_of(const ol_view *view, uint32_t proof_kind, uint32_t code_kind) {
  ol_readers readers = {.source = OL_SOURCE_L1, .proof_kind = proof_kind, .code_kind = code_kind};
  while (readers.order_count < view->config.l1_endpoints) {
    readers.order[readers.order_count] = (uint8_t)readers.order_count;
    readers.order_count++;
  }
  return readers;
}

void ol_unsafe_begin(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  of->has_block = of->has_contract = of->has_code = of->is_known = false;
  memset(of->tries, 0, sizeof of->tries);
}

/* --- Requests and answers --- */

ol_status ol_unsafe_request(ol_error *error, ol_want *out, const ol_view *view, const ol_engine_want *want,
                            ol_arena *arena) {
  const ol_unsafe_view *of = &view->unsafe;
  switch (want->kind) {
  case OL_UNSAFE_CONTRACT: return ol_read_request(error, out, &of->l1, &of->contract, want, arena);
  case OL_UNSAFE_IMPLEMENTATION:
  case OL_UNSAFE_IMPLEMENTATION_CODE:
    return ol_read_request(error, out, &of->code_l1, &of->code, want, arena);
  default: break;
  }
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

/* All of a message but who has to be its signer is verified at once: by the rules with the one who is. */
ol_status ol_unsafe_message(ol_error *error, ol_view *view, const ol_engine_want *want, ol_slice data,
                            ol_arena arena) {
  ol_unsafe_view *of = &view->unsafe;
  const uint32_t version =
      view->config.envelope_version != 0 ? view->config.envelope_version : OL_ENVELOPE_VERSIONS;
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
  of->signed_by = rules.signer;
  of->from = *want;
  of->has_block = true;
  return OL_OK;
}

/* Whether code is of a release of SystemConfig, or the user vouches for it. */
static bool is_known(const ol_view *view, ol_slice code) {
  const ol_rollup *rollup = &view->anchoring.rollup;
  const ol_release *release;
  ol_error unknown;
  for (uint32_t i = 0; i < rollup->pin_count; i++) {
    if (ol_release_at(rollup->pins[i].release)->contract == OL_CONTRACT_SYSTEM_CONFIG &&
        ol_hash_equal(&rollup->pins[i].code_hash, &view->unsafe.code.code_hash))
      return true;
  }
  return ol_release_of(&unknown, &release, OL_CONTRACT_SYSTEM_CONFIG, code) == OL_OK;
}

ol_status ol_unsafe_answer(ol_error *error, ol_view *view, const ol_engine_want *want, ol_json result,
                           ol_arena *arena) {
  ol_unsafe_view *of = &view->unsafe;
  ol_slice code;
  if (want->kind == OL_UNSAFE_CONTRACT)
    return ol_read_answer(error, &code, &of->l1, &of->contract, want, result, arena);
  OL_TRY(ol_read_answer(error, &code, &of->code_l1, &of->code, want, result, arena));
  if (want->kind == OL_UNSAFE_IMPLEMENTATION_CODE) of->is_known = is_known(view, code);
  return OL_OK;
}

void ol_unsafe_lost(ol_view *view, const ol_engine_want *want, const ol_error *error) {
  ol_unsafe_view *of = &view->unsafe;
  switch (want->kind) {
  case OL_UNSAFE_CONTRACT: ol_read_lost(&of->l1, &of->contract, want, error); break;
  case OL_UNSAFE_IMPLEMENTATION:
  case OL_UNSAFE_IMPLEMENTATION_CODE: ol_read_lost(&of->code_l1, &of->code, want, error); break;
  default:
    if (!ol_failure_may_pass(error)) of->tries[want->endpoint] = OL_TRIES;
    break;
  }
}

/* --- What is wanted next --- */

static void fail(ol_view *view, ol_status status, const char *reason) {
  ol_error error;
  ol_error_set(&error, status, OL_NOWHERE, reason);
  (void)ol_error_in(&error, status, "SystemConfig", OL_NOWHERE);
  ol_view_fail(view, &error);
}

/* Begins to read SystemConfig at the newest L1 block. */
static void begin_contract(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  const ol_anchoring *anchoring = &view->anchoring;
  const ol_block *l1 = &anchoring->newest_l1;
  of->l1 = readers_of(view, OL_UNSAFE_CONTRACT, OL_UNSAFE_CONTRACT_CODE);
  ol_read_init(&of->contract, l1->number, &l1->state_root, &anchoring->rollup.system_config, false);
  ol_read_slot(&of->contract, &ol_slot_implementation);
  ol_read_slot(&of->contract, &ol_system_config.unsafe_block_signer);
  of->l1_hash = l1->hash;
  of->has_signer = false;
  of->has_contract = true;
}

/* Begins to read the code of its implementation. Returns: false when it is none. */
static bool begin_code(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  ol_address address;
  ol_error error;
  ol_error_clear(&error);
  if (ol_slot_address(&error, &address, &of->contract.slots[SLOT_IMPLEMENTATION].value) != OL_OK) {
    ol_view_fail(view, &error);
    return false;
  }
  of->code_l1 = readers_of(view, OL_UNSAFE_IMPLEMENTATION, OL_UNSAFE_IMPLEMENTATION_CODE);
  ol_read_init(&of->code, of->contract.block_number, &of->contract.state_root, &address, true);
  return of->has_code = true;
}

static bool read_l1(ol_view *view, const ol_readers *from, ol_read *read) {
  ol_reads_step step = ol_read_advance(&view->engine, from, read, 0);
  if (step == OL_READS_STUCK) ol_view_fail(view, &view->worst);
  return step == OL_READS_DONE;
}

/* The side of L1: who must have signed. Returns: whether that is known. */
static bool advance_signer(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  if (!view->anchoring.ready) return false;
  if (of->has_signer && ol_hash_equal(&of->l1_hash, &view->anchoring.newest_l1.hash)) return true;
  if (!of->has_contract) begin_contract(view);
  if (!read_l1(view, &of->l1, &of->contract)) return false;
  if (!of->has_code && !begin_code(view)) return false;
  if (!read_l1(view, &of->code_l1, &of->code)) return false;
  if (!of->is_known) {
    fail(view, OL_ERR_MISMATCH, "contract is of an unknown release");
    return false;
  }
  ol_error error;
  ol_error_clear(&error);
  ol_address signer;
  if (ol_unsafe_signer_read(&error, &signer, &of->contract.slots[SLOT_SIGNER].value) != OL_OK) {
    ol_view_fail(view, &error);
    return false;
  }
  if (memcmp(&signer, &of->signer, sizeof signer) != 0) memset(of->seen, 0, sizeof of->seen);
  of->signer = signer;
  return of->has_signer = true;
}

void ol_unsafe_doubt(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  of->tries[of->from.endpoint] = OL_TRIES;
  of->has_block = false;
  view->generation++;
}

/* What came is not what it should be: whoever sent it is blamed. */
static bool refuse(ol_view *view, ol_status status, const char *reason) {
  ol_error error;
  const ol_engine_want from = view->unsafe.from;
  ol_error_set(&error, status, OL_NOWHERE, reason);
  (void)ol_error_in(&error, status, ol_unsafe_part(OL_UNSAFE_MESSAGE), OL_NOWHERE);
  ol_unsafe_doubt(view);
  ol_engine_blame(&view->engine, &from, &error);
  return false;
}

/* The signer must be L1's, the height not below what it signed before, and no height have two blocks. */
static bool check_block(ol_view *view) {
  ol_unsafe_view *of = &view->unsafe;
  const ol_block *block = &view->block;
  ol_unsafe_seen *seen = &of->seen[block->number % OL_UNSAFE_SEEN];
  const bool is_newest = of->newest == 0 || block->number >= of->newest;
  if (memcmp(&of->signed_by, &of->signer, sizeof of->signer) != 0)
    return refuse(view, OL_ERR_MISMATCH, "is signed by another than L1 names");
  if (seen->number == block->number && block->number != 0 && !ol_hash_equal(&seen->hash, &block->hash)) {
    fail(view, OL_ERR_MISMATCH, "sequencer has signed two blocks of this height");
    return false;
  }
  if (!is_newest) return refuse(view, OL_ERR_STALE, "block is older than one that was seen before");
  *seen = (ol_unsafe_seen){.number = block->number, .hash = block->hash};
  of->newest = block->number;
  return true;
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
