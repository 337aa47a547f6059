/* SPDX-License-Identifier: MIT */
#include "ledger/governor.h"
#include "rollup/slots.h"

#include "base/poison.h"

#define GOVERNOR_DETAILS 11
#define ROUND_WORDS 64 /* of data that are asked for at once */
#define LONGEST_LIST UINT32_MAX

enum { TARGETS, VALUES, CALLDATAS, DESCRIPTION }; /* slots of ProposalDetails */

void ol_motion_details_init(ol_motion_details *details, const ol_address *governor, const ol_u256 *id) {
  memset(details, 0, sizeof *details);
  details->governor = (ol_target){.address = *governor, .contract = OL_CONTRACT_GOVERNOR};
  details->id = *id;
}

static ol_status visit_lengths(ol_error *error, ol_motion_details *of, ol_asks *asks) {
  const ol_u256 place = ol_place_of(GOVERNOR_DETAILS, &of->id);
  uint64_t lengths[DESCRIPTION];
  for (uint32_t i = 0; i < DESCRIPTION; i++) {
    const ol_u256 length = ol_ask(asks, &of->governor, &place, i);
    if (asks->answered) OL_TRY(ol_asked_number(error, &lengths[i], &length, LONGEST_LIST));
  }
  const ol_u256 hash = ol_ask(asks, &of->governor, &place, DESCRIPTION);
  if (!asks->answered) return OL_OK;
  if (lengths[TARGETS] != lengths[VALUES] || lengths[TARGETS] != lengths[CALLDATAS])
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "proposal's lists are of different lengths");
  memcpy(of->description_hash.bytes, hash.bytes, sizeof hash.bytes);
  of->is_known = lengths[TARGETS] <= OL_PROPOSAL_CALLS;
  of->count = of->is_known ? (uint32_t)lengths[TARGETS] : 0;
  of->step = 1;
  return OL_OK;
}

static ol_status read_head(ol_error *error, ol_motion_details *of, uint32_t call, const ol_u256 *head) {
  uint8_t *data = of->data + of->data_at[call];
  uint64_t len;
  OL_TRY(ol_asked_length(error, &len, head));
  const uint64_t words = len / 32 + (len % 32 != 0);
  if (words > (OL_STORED_DATA - of->data_at[call]) / 32) {
    of->is_known = false;
    return OL_OK;
  }
  of->data_len[call] = (uint32_t)len;
  of->data_at[call + 1] = of->data_at[call] + (uint32_t)words * 32;
  if (len > 0 && len < 32) memcpy(data, head->bytes, (size_t)len);
  return OL_OK;
}

static ol_status visit_heads(ol_error *error, ol_motion_details *of, ol_asks *asks) {
  const ol_u256 place = ol_place_of(GOVERNOR_DETAILS, &of->id);
  ol_u256 first[DESCRIPTION];
  for (uint32_t i = 0; i < DESCRIPTION; i++) first[i] = ol_elements_of(&place, i);
  for (uint32_t i = 0; i < of->count && of->is_known; i++) {
    const ol_u256 target = ol_ask(asks, &of->governor, &first[TARGETS], i);
    of->values[i] = ol_ask(asks, &of->governor, &first[VALUES], i);
    const ol_u256 head = ol_ask(asks, &of->governor, &first[CALLDATAS], i);
    if (!asks->answered) continue;
    OL_TRY(ol_slot_address(error, &of->targets[i], &target));
    OL_TRY(read_head(error, of, i, &head));
  }
  if (asks->answered) of->step = 2;
  return OL_OK;
}

/* Goes on through the words of data that are not in their heads. */
static void visit_data(ol_motion_details *of, ol_asks *asks) {
  const ol_u256 place = ol_place_of(GOVERNOR_DETAILS, &of->id), heads = ol_elements_of(&place, CALLDATAS);
  uint32_t left = ROUND_WORDS, call = of->reading, at = of->data_read;
  for (; call < of->count && left > 0; call++, at = 0) {
    const ol_u256 words = ol_elements_of(&heads, call);
    for (; of->data_len[call] >= 32 && at < of->data_len[call] && left > 0; at += 32, left--) {
      const ol_u256 word = ol_ask(asks, &of->governor, &words, at / 32);
      if (asks->answered) memcpy(of->data + of->data_at[call] + at, word.bytes, sizeof word.bytes);
    }
    if (of->data_len[call] >= 32 && at < of->data_len[call]) break;
  }
  if (!asks->answered) return;
  of->reading = call;
  of->data_read = at;
}

ol_status ol_motion_details_visit(ol_error *error, ol_motion_details *of, ol_asks *asks) {
  if (of->step == 0) return visit_lengths(error, of, asks);
  if (!of->is_known) return OL_OK;
  if (of->step == 1) return visit_heads(error, of, asks);
  visit_data(of, asks);
  return OL_OK;
}

void ol_motion_details_calls(ol_call *out, const ol_motion_details *details) {
  for (uint32_t i = 0; i < details->count; i++)
    out[i] = (ol_call){.to = details->targets[i],
                       .value = details->values[i],
                       .data = ol_slice_of(details->data + details->data_at[i], details->data_len[i])};
}
