/* SPDX-License-Identifier: MIT */

/* Readers of contracts end, within their bounds, whatever is proven to them: slot after slot is taken out of the input. */

#include "fuzz/fuzz.h"
#include "ledger/facts.h"
#include "ledger/governor.h"
#include "ledger/record.h"
#include "ledger/stakes.h"

#define ROUNDS 64
#define RECORDS 5 /* those before are no records */

static struct {
  ol_governor governor;
  ol_motion motion;
  ol_motion_details details;
  ol_voter voter;
  ol_motions motions;
  ol_stakes stakes;
  ol_record record;
  ol_facts facts;
} readers;

static ol_error error;

static ol_status visit(uint8_t which, ol_asks *asks) {
  switch (which) {
  case 0: return ol_governor_visit(&error, &readers.governor, asks);
  case 1: { /* as a provider reads a proposal, all at once */
    ol_status status = ol_motion_visit(&error, &readers.motion, asks);
    readers.voter.then.time = readers.motion.starts_at;
    if (status == OL_OK) status = ol_motion_details_visit(&error, &readers.details, asks);
    return status == OL_OK ? ol_voter_visit(&error, &readers.voter, asks) : status;
  }
  case 2: return ol_motions_visit(&error, &readers.motions, asks);
  case 3: return ol_stakes_visit(&error, &readers.stakes, asks);
  case 4: return ol_facts_visit(&error, &readers.facts, asks);
  default: return ol_record_visit(&error, &readers.record, asks);
  }
}

static void begin(uint8_t which) {
  static const ol_address governor = {{1}}, gopen = {{2}}, account = {{3}};
  static const ol_u256 id = {{4}};
  ol_governor_init(&readers.governor, &governor, &gopen, 1000);
  ol_motion_init(&readers.motion, &governor, &gopen, &id, OL_TRACE_WIDTH);
  ol_motion_details_init(&readers.details, &governor, &id);
  ol_voter_init(&readers.voter, &gopen, &governor, &account, 0, &id);
  ol_motions_init(&readers.motions, &governor, &gopen, 0, OL_PROPOSALS);
  ol_stakes_search(&readers.stakes, &governor, 1000, &account, UINT64_MAX);
  ol_record_init(&readers.record, (ol_record_kind)(which < RECORDS ? 0 : which - RECORDS), &governor, &id,
                 &id);
  const ol_facts_question question = {governor, gopen, account, {{5}}, {{6}}, true, id, true, {{7}}, 8};
  ol_facts_init(&readers.facts, &question);
}

/* What was proven: 32 bytes of the input for each slot, or a small number where a byte says so. */
static void answer(ol_asks *asks, const uint8_t **data, size_t *len) {
  for (uint32_t i = 0; i<asks->count && * len> 1; i++) {
    ol_u256 *value = &asks->slots[i].value;
    const size_t take = **data % 4 == 0 ? 32 : 1;
    (*data)++, (*len)--;
    const size_t have = *len < take ? *len : take;
    memcpy(value->bytes + 32 - have, *data, have);
    *data += have, *len -= have;
  }
  asks->answered = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  static ol_asks asks;
  if (len == 0) return 0;
  const uint8_t which = (uint8_t)(data[0] % (RECORDS + OL_RECORD_KINDS));
  data++, len--;
  begin(which);
  for (int round = 0;; round++) {
    FUZZ_REQUIRE(round < ROUNDS); /* or it would go on for ever */
    ol_asks_begin(&asks);
    if (visit(which, &asks) != OL_OK || asks.count == 0) return 0;
    answer(&asks, &data, &len);
    if (visit(which, &asks) != OL_OK) return 0;
  }
}
