/* SPDX-License-Identifier: MIT */
#include "ledger/stakes.h"

#include "ledger/growth.h"
#include "rollup/slots.h"
#include "rollup/u256.h"

#include "base/poison.h"

/* Slots of Staking; */
enum { STAKES = 0, COMMITMENTS = 1, NEXT_ID = 2, REQUESTS = 3, CONFIGS = 4 };

/* of a stake, which a request has behind its time; */
enum { RECIPIENT, CONFIG_ID, UPDATED_AT, AMOUNT, STARTED_AT, PRINCIPAL };

/* and of a configuration. */
enum { BANK, MANAGER, TOKEN, RATE, DURATION, COOLDOWN, MOST, LEAST, FLAGS };

enum { STEP_TOTAL, STEP_SEARCH, STEP_STAKES, STEP_CONFIGS, STEP_DONE };

void ol_stakes_init(ol_stakes *stakes, const ol_address *staking, uint64_t now, const ol_u256 *ids,
                    uint32_t count) {
  OL_ASSERT(count <= OL_STAKES);
  memset(stakes, 0, sizeof *stakes);
  stakes->staking = (ol_target){.address = *staking, .contract = OL_CONTRACT_STAKING};
  stakes->now = now;
  stakes->count = count;
  for (uint32_t i = 0; i < count; i++) stakes->list[i].id = ids[i];
}

void ol_stakes_search(ol_stakes *stakes, const ol_address *staking, uint64_t now, const ol_address *account,
                      uint64_t below) {
  ol_stakes_init(stakes, staking, now, NULL, 0);
  stakes->is_search = true;
  stakes->account = *account;
  stakes->below = below;
}

static ol_status visit_total(ol_error *error, ol_stakes *of, ol_asks *asks) {
  const ol_u256 total = ol_ask_at(asks, &of->staking, NEXT_ID);
  if (!asks->answered) return OL_OK;
  OL_TRY(ol_asked_number(error, &of->total, &total, UINT64_MAX - 1));
  if (of->below > of->total) of->below = of->total;
  of->step = of->is_search ? STEP_SEARCH : STEP_STAKES;
  return OL_OK;
}

/* --- Whose it is --- */

static ol_status is_of(ol_error *error, bool *out, const ol_stakes *of, const ol_u256 *recipient) {
  ol_address address;
  OL_TRY(ol_slot_address(error, &address, recipient));
  *out = *out || ol_address_equal(&address, &of->account);
  return OL_OK;
}

static ol_status visit_search(ol_error *error, ol_stakes *of, ol_asks *asks) {
  uint64_t at = of->below;
  for (uint32_t i = 0; i < OL_STAKES_ROUND && at > 0 && of->count < OL_STAKES; i++) {
    const ol_u256 id = ol_u256_of(at - 1);
    const ol_u256 stake = ol_place_of(STAKES, &id), request = ol_place_of(REQUESTS, &id);
    const ol_u256 recipient = ol_ask(asks, &of->staking, &stake, RECIPIENT);
    const ol_u256 requester = ol_ask(asks, &of->staking, &request, 1 + RECIPIENT);
    at--;
    if (!asks->answered) continue;
    bool is_own = false;
    OL_TRY(is_of(error, &is_own, of, &recipient));
    OL_TRY(is_of(error, &is_own, of, &requester));
    if (is_own) of->list[of->count++].id = id;
  }
  if (!asks->answered) return OL_OK;
  of->looked_at += of->below - at;
  of->below = at;
  if (of->count == OL_STAKES || of->looked_at >= OL_STAKES_LOOKED_AT) of->step = STEP_STAKES;
  return OL_OK;
}

/* --- What it is --- */

static ol_status visit_stake(ol_error *error, ol_stakes *of, ol_stake_position *out, ol_asks *asks) {
  const ol_u256 stake = ol_place_of(STAKES, &out->id), request = ol_place_of(REQUESTS, &out->id);
  const ol_u256 commitments = ol_place_of(COMMITMENTS, &out->id);
  const ol_u256 commitment = ol_ask(asks, &of->staking, &commitments, 0);
  const ol_u256 requested_at = ol_ask(asks, &of->staking, &request, 0);
  ol_u256 fields[2][PRINCIPAL + 1];
  for (uint32_t i = 0; i <= PRINCIPAL; i++) {
    fields[0][i] = ol_ask(asks, &of->staking, &stake, i);
    fields[1][i] = ol_ask(asks, &of->staking, &request, 1 + i);
  }
  if (!asks->answered) return OL_OK;
  if (!ol_u256_is_zero(&fields[0][AMOUNT]))
    out->stage = OL_STAKE_GROWING;
  else if (!ol_u256_is_zero(&requested_at))
    out->stage = OL_STAKE_REQUESTED;
  else
    out->stage = ol_u256_is_zero(&commitment) ? OL_STAKE_NONE : OL_STAKE_COMMITTED;
  if (out->stage < OL_STAKE_GROWING) return OL_OK;
  const ol_u256 *field = fields[out->stage == OL_STAKE_REQUESTED];
  OL_TRY(ol_slot_address(error, &out->recipient, &field[RECIPIENT]));
  out->config_id = field[CONFIG_ID];
  out->updated_at = field[UPDATED_AT];
  out->amount = field[AMOUNT];
  out->started_at = field[STARTED_AT];
  out->principal = field[PRINCIPAL];
  out->requested_at = requested_at;
  return OL_OK;
}

static ol_status read_config(ol_error *error, ol_stake_config *out, const ol_u256 fields[FLAGS + 1]) {
  const ol_u256 *flags = &fields[FLAGS];
  OL_TRY(ol_slot_address(error, &out->bank, &fields[BANK]));
  OL_TRY(ol_slot_address(error, &out->manager, &fields[MANAGER]));
  OL_TRY(ol_slot_address(error, &out->token, &fields[TOKEN]));
  OL_TRY(ol_asked_rest(error, flags, 3));
  for (size_t i = 0; i < 3; i++) {
    if (ol_slot_read(flags, i, 1) > 1)
      return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "slot holds what the contract never writes");
  }
  out->rate = fields[RATE];
  out->duration_s = fields[DURATION];
  out->cooldown_s = fields[COOLDOWN];
  out->most = fields[MOST];
  out->least = fields[LEAST];
  out->is_active = ol_slot_read(flags, 0, 1) == 1;
  out->has_topups = ol_slot_read(flags, 1, 1) == 1;
  out->is_public = ol_slot_read(flags, 2, 1) == 1;
  return OL_OK;
}

static ol_status visit_config(ol_error *error, ol_stakes *of, ol_stake_position *out, ol_asks *asks) {
  const ol_u256 place = ol_place_of(CONFIGS, &out->config_id), now = ol_u256_of(of->now);
  ol_u256 fields[FLAGS + 1], elapsed;
  if (out->stage < OL_STAKE_GROWING) return OL_OK;
  for (uint32_t i = 0; i <= FLAGS; i++) fields[i] = ol_ask(asks, &of->staking, &place, i);
  if (!asks->answered) return OL_OK;
  OL_TRY(read_config(error, &out->config, fields));
  if (out->stage == OL_STAKE_REQUESTED) {
    out->worth = out->amount;
    out->has_worth = true;
    return OL_OK;
  }
  out->has_worth = ol_u256_sub(&elapsed, &now, &out->updated_at) &&
                   ol_growth(&out->worth, &out->amount, &out->config.rate, &elapsed, &out->config.duration_s);
  return OL_OK;
}

ol_status ol_stakes_visit(ol_error *error, ol_stakes *of, ol_asks *asks) {
  if (of->step == STEP_TOTAL) return visit_total(error, of, asks);
  if (of->step == STEP_SEARCH && of->below == 0) of->step = STEP_STAKES; /* all were looked at */
  if (of->step == STEP_SEARCH) return visit_search(error, of, asks);
  for (uint32_t i = 0; i < of->count && of->step < STEP_DONE; i++) {
    ol_status status = of->step == STEP_STAKES ? visit_stake(error, of, &of->list[i], asks)
                                               : visit_config(error, of, &of->list[i], asks);
    OL_TRY(ol_error_in(error, status, "stake", i));
  }
  if (asks->answered && of->step < STEP_DONE) of->step++;
  return OL_OK;
}
