/* SPDX-License-Identifier: MIT */
#include "encoding/abi.h"
#include "openledger/withdrawal.h"
#include "rollup/slots.h"

#include "base/poison.h"

/* Of portals: the same in all releases of the table (rollup/release.c). */
static const ol_u256 finalized_withdrawals = {{[31] = 51}};
static const ol_u256 proven_by_outputs = {{[31] = 52}}; /* provenWithdrawals[hash]: two slots */
static const ol_u256 proven_by_games = {{[31] = 57}};   /* provenWithdrawals[hash][submitter] */
static const ol_u256 proof_submitters = {{[31] = 60}};

static ol_u256 key_of(const ol_hash *hash) {
  ol_u256 key;
  memcpy(key.bytes, hash->bytes, sizeof key.bytes);
  return key;
}

void ol_withdrawal_slots_of(ol_withdrawal_slots *out, ol_portal_kind kind, const ol_hash *withdrawal_hash,
                            const ol_address *submitter) {
  const ol_u256 key = key_of(withdrawal_hash), by = ol_abi_address(submitter);
  ol_slot_in_mapping(&out->finalized, &key, &finalized_withdrawals);
  if (kind == OL_PORTAL_OUTPUTS) {
    ol_slot_in_mapping(&out->proven, &key, &proven_by_outputs);
    out->proven_next = out->submitters = out->proven;
    ol_slot_add(&out->proven_next, 1);
    return;
  }
  ol_u256 of_hash;
  ol_slot_in_mapping(&of_hash, &key, &proven_by_games);
  ol_slot_in_mapping(&out->proven, &by, &of_hash);
  out->proven_next = out->proven;
  ol_slot_in_mapping(&out->submitters, &key, &proof_submitters);
}

void ol_withdrawal_submitter_slot(ol_u256 *out, const ol_hash *withdrawal_hash, uint64_t index) {
  const ol_u256 key = key_of(withdrawal_hash);
  ol_u256 list;
  ol_slot_in_mapping(&list, &key, &proof_submitters);
  ol_slot_of_array(out, &list);
  ol_slot_add(out, index);
}

static ol_status unproven(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, reason);
}

static ol_status read_record(ol_error *error, ol_withdrawal_record *out, ol_portal_kind kind,
                             const ol_withdrawal_slots *values) {
  if (!ol_slot_is_zero(&values->finalized, 1, 31) || ol_slot_read(&values->finalized, 0, 1) > 1)
    return unproven(error, "withdrawal is neither finalized nor not");
  out->finalized = ol_slot_read(&values->finalized, 0, 1) == 1;
  if (kind == OL_PORTAL_OUTPUTS) {
    const ol_u256 *when = &values->proven_next; /* timestamp, l2OutputIndex: uint128 each */
    if (!ol_slot_is_zero(when, 8, 8) || !ol_slot_is_zero(when, 24, 8))
      return unproven(error, "portal holds a number of more than 64 bits");
    memcpy(out->output_root.bytes, values->proven.bytes, sizeof out->output_root.bytes);
    out->proven_at = ol_slot_read(when, 0, 8);
    out->output_index = ol_slot_read(when, 16, 8);
    return OL_OK;
  }
  if (!ol_slot_is_zero(&values->proven, 28, 4))
    return unproven(error, "slot holds more than a game and a time");
  memcpy(out->game.bytes, values->proven.bytes + 12, sizeof out->game.bytes);
  out->proven_at = ol_slot_read(&values->proven, 20, 8);
  if (!ol_slot_is_zero(&values->submitters, 8, 24))
    return unproven(error, "portal holds a number of more than 64 bits");
  out->submitters = ol_slot_read(&values->submitters, 0, 8);
  return OL_OK;
}

ol_status ol_withdrawal_record_read(ol_error *error, ol_withdrawal_record *out, ol_portal_kind kind,
                                    const ol_withdrawal_slots *values) {
  ol_withdrawal_record record;
  ol_error_clear(error);
  memset(&record, 0, sizeof record);
  OL_TRY(read_record(error, &record, kind, values));
  *out = record;
  return OL_OK;
}

static uint64_t add_saturated(uint64_t a, uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Whether the proof that was given still counts; if not, there must be another. */
static bool counts(ol_portal_kind kind, const ol_withdrawal_record *record, const ol_withdrawal_view *view) {
  if (record->proven_at == 0 || view->holds == 0) return false;
  return kind == OL_PORTAL_OUTPUTS ||
         record->proven_at > view->proposed_at; /* not in the game's own second */
}

void ol_withdrawal_judge(ol_withdrawal_status *out, ol_portal_kind kind, const ol_withdrawal_record *record,
                         const ol_withdrawal_view *view) {
  ol_withdrawal_status status = {.stage = OL_WITHDRAWAL_FINALIZED, .proven_at = record->proven_at};
  if (record->finalized == 0 && !counts(kind, record, view)) {
    status.stage = view->provable != 0 ? OL_WITHDRAWAL_PROVABLE : OL_WITHDRAWAL_WAITING;
    status.proven_at = 0;
  } else if (record->finalized == 0) {
    uint64_t matures_at = add_saturated(add_saturated(record->proven_at, view->delay_s), 1);
    if (view->finalizes_at != 0)
      status.ready_at = matures_at > view->finalizes_at ? matures_at : view->finalizes_at;
    bool ready = status.ready_at != 0 && view->l1_time >= status.ready_at;
    status.stage = ready ? OL_WITHDRAWAL_READY : OL_WITHDRAWAL_PROVEN;
  }
  *out = status;
}
