/* SPDX-License-Identifier: MIT */
#include "client/proxied.h"

#include "base/poison.h"

/* Portals of games are of two kinds. */
static bool is_of(const ol_release *release, ol_contract contract) {
  return release->contract == (uint8_t)contract ||
         (contract == OL_CONTRACT_PORTAL2 && release->contract == OL_CONTRACT_PORTAL_OF_REGISTRY);
}

/* What code was built for, as far as it matters. */
static ol_status read_terms(ol_error *error, ol_implementation *out, ol_slice code) {
  const ol_release *release = out->release;
  switch (release->contract) {
  case OL_CONTRACT_PORTAL2:
    OL_TRY(ol_release_number(error, &out->maturity_delay_s, release, code, OL_IMMUTABLE_MATURITY_DELAY));
    return ol_release_number(error, &out->finality_delay_s, release, code, OL_IMMUTABLE_FINALITY_DELAY);
  case OL_CONTRACT_PORTAL_OF_REGISTRY:
    return ol_release_number(error, &out->maturity_delay_s, release, code, OL_IMMUTABLE_MATURITY_DELAY);
  case OL_CONTRACT_REGISTRY:
    return ol_release_number(error, &out->finality_delay_s, release, code, OL_IMMUTABLE_FINALITY_DELAY);
  case OL_CONTRACT_FAULT_GAME: return ol_game_terms_read(error, &out->terms, release, code);
  default: return OL_OK;
  }
}

ol_status ol_implementation_of(ol_error *error, ol_implementation *out, const ol_rollup *rollup,
                               ol_contract contract, const ol_hash *code_hash, ol_slice code) {
  *out = (ol_implementation){.release = NULL};
  for (uint32_t i = 0; i < rollup->pin_count; i++) {
    const ol_rollup_pin *pin = &rollup->pins[i];
    const ol_release *release = ol_release_at(pin->release);
    if (!is_of(release, contract) || !ol_hash_equal(&pin->code_hash, code_hash)) continue;
    *out = (ol_implementation){.release = release,
                               .pinned = true,
                               .finality_delay_s = pin->finality_delay_s,
                               .maturity_delay_s = pin->maturity_delay_s};
    return OL_OK;
  }
  ol_error unknown;
  if (ol_release_of(&unknown, &out->release, contract, code) != OL_OK &&
      (contract != OL_CONTRACT_PORTAL2 ||
       ol_release_of(&unknown, &out->release, OL_CONTRACT_PORTAL_OF_REGISTRY, code) != OL_OK))
    return OL_OK;
  return read_terms(error, out, code);
}

ol_status ol_implementation_check(ol_error *error, const ol_implementation *implementation,
                                  const ol_read *code) {
  if (implementation->release != NULL && code->has_code) return OL_OK;
  return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "contract is of an unknown release");
}

void ol_proxied_init(ol_proxied *proxied, ol_contract contract, const ol_address *address, const ol_block *l1,
                     const ol_readers *from, const ol_readers *code_from) {
  memset(proxied, 0, sizeof *proxied);
  proxied->contract = contract;
  proxied->from = *from;
  proxied->code_from = *code_from;
  ol_read_init(&proxied->read, l1->number, &l1->state_root, address, false);
  ol_read_slot(&proxied->read, &ol_slot_implementation);
}

static bool is_of_code(const ol_proxied *proxied, const ol_engine_want *want) {
  return want->kind == proxied->code_from.proof_kind || want->kind == proxied->code_from.code_kind;
}

ol_status ol_proxied_request(ol_error *error, ol_want *out, const ol_proxied *proxied,
                             const ol_engine_want *want, ol_arena *arena) {
  if (is_of_code(proxied, want))
    return ol_read_request(error, out, &proxied->code_from, &proxied->code, want, arena);
  return ol_read_request(error, out, &proxied->from, &proxied->read, want, arena);
}

ol_status ol_proxied_answer(ol_error *error, ol_proxied *proxied, const ol_rollup *rollup,
                            const ol_engine_want *want, ol_json result, ol_arena *arena) {
  ol_slice code;
  if (!is_of_code(proxied, want))
    return ol_read_answer(error, &code, &proxied->from, &proxied->read, want, result, arena);
  OL_TRY(ol_read_answer(error, &code, &proxied->code_from, &proxied->code, want, result, arena));
  if (want->kind != proxied->code_from.code_kind) return OL_OK;
  return ol_implementation_of(error, &proxied->implementation, rollup, proxied->contract,
                              &proxied->code.code_hash, code);
}

void ol_proxied_lost(ol_proxied *proxied, const ol_engine_want *want, const ol_error *error) {
  if (is_of_code(proxied, want))
    ol_read_lost(&proxied->code_from, &proxied->code, want, error);
  else
    ol_read_lost(&proxied->from, &proxied->read, want, error);
}

/* Begins to read the code of the implementation. */
static ol_status begin_code(ol_error *error, ol_proxied *proxied) {
  ol_address address;
  OL_TRY(ol_slot_address(error, &address, &proxied->read.slots[0].value));
  ol_read_init(&proxied->code, proxied->read.block_number, &proxied->read.state_root, &address, true);
  proxied->has_code = true;
  return OL_OK;
}

ol_l1_step ol_proxied_advance(ol_error *error, ol_engine *engine, ol_proxied *proxied) {
  static const ol_l1_step steps[] = {
      [OL_READS_WAIT] = OL_L1_WAIT, [OL_READS_STUCK] = OL_L1_STUCK, [OL_READS_DONE] = OL_L1_DONE};
  ol_reads_step step = ol_read_advance(engine, &proxied->from, &proxied->read, 0);
  if (step != OL_READS_DONE) return steps[step];
  if (!proxied->has_code && begin_code(error, proxied) != OL_OK) return OL_L1_FAILED;
  step = ol_read_advance(engine, &proxied->code_from, &proxied->code, 0);
  if (step == OL_READS_DONE &&
      ol_implementation_check(error, &proxied->implementation, &proxied->code) != OL_OK)
    return OL_L1_FAILED;
  return steps[step];
}
