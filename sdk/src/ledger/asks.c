/* SPDX-License-Identifier: MIT */
#include "ledger/asks.h"

#include "rollup/slots.h"
#include "rollup/u256.h"

#include "base/poison.h"

void ol_asks_begin(ol_asks *asks) {
  asks->answered = false;
  asks->account_count = asks->count = 0;
}

static uint32_t account_of(ol_asks *asks, const ol_target *of) {
  uint32_t i = 0;
  while (i < asks->account_count && memcmp(&asks->accounts[i].address, &of->address, sizeof of->address) != 0)
    i++;
  if (i < asks->account_count) return i;
  OL_ASSERT(!asks->answered && i < OL_ASK_ACCOUNTS);
  asks->accounts[asks->account_count++] = *of;
  return i;
}

ol_u256 ol_ask(ol_asks *asks, const ol_target *of, const ol_u256 *slot, uint64_t offset) {
  const uint32_t account = account_of(asks, of);
  ol_u256 key = *slot;
  ol_slot_add(&key, offset);
  for (uint32_t i = 0; i < asks->count; i++) {
    if (asks->of[i] == account && memcmp(&asks->slots[i].key, &key, sizeof key) == 0)
      return asks->slots[i].value;
  }
  OL_ASSERT(!asks->answered && asks->count < OL_ASK_SLOTS);
  asks->of[asks->count] = (uint8_t)account;
  asks->slots[asks->count++] = (ol_slot){.key = key};
  return (ol_u256){{0}};
}

ol_u256 ol_ask_at(ol_asks *asks, const ol_target *of, uint64_t slot) {
  const ol_u256 zero = {{0}};
  return ol_ask(asks, of, &zero, slot);
}

ol_u256 ol_place_of(uint64_t mapping, const ol_u256 *key) {
  ol_u256 slot = ol_u256_of(mapping);
  ol_slot_in_mapping(&slot, key, &slot);
  return slot;
}

ol_u256 ol_elements_of(const ol_u256 *slot, uint64_t offset) {
  ol_u256 out = *slot;
  ol_slot_add(&out, offset);
  ol_slot_of_array(&out, &out);
  return out;
}

ol_status ol_asked_rest(ol_error *error, const ol_u256 *value, size_t used) {
  if (ol_slot_is_zero(value, used, 32 - used)) return OL_OK;
  return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "slot holds what the contract never writes");
}

ol_status ol_asked_number(ol_error *error, uint64_t *out, const ol_u256 *value, uint64_t most) {
  OL_TRY(ol_asked_rest(error, value, 8));
  const uint64_t number = ol_slot_read(value, 0, 8);
  if (number > most)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "slot holds a number that is too large for it");
  *out = number;
  return OL_OK;
}

ol_status ol_asked_bool(ol_error *error, bool *out, const ol_u256 *value) {
  uint64_t number;
  OL_TRY(ol_asked_number(error, &number, value, 1));
  *out = number == 1;
  return OL_OK;
}

ol_status ol_asked_length(ol_error *error, uint64_t *out, const ol_u256 *head) {
  uint64_t doubled = head->bytes[31];
  if (doubled % 2 == 0) {
    if (doubled / 2 > 31 || !ol_slot_is_zero(head, 1, 31 - (size_t)doubled / 2))
      return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "slot holds what the contract never writes");
  } else {
    OL_TRY(ol_asked_number(error, &doubled, head, UINT64_MAX));
    if (doubled / 2 < 32)
      return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "slot holds what the contract never writes");
  }
  *out = doubled / 2;
  return OL_OK;
}

/* --- Checkpoints --- */

#define KEY_LEN 6
#define LONGEST UINT32_MAX

ol_trace ol_trace_of(const ol_u256 *slot, uint64_t time, uint32_t width) {
  return (ol_trace){.slot = *slot, .time = time, .width = width};
}

bool ol_trace_is_done(const ol_trace *trace) {
  return trace->counted && trace->low == trace->high;
}

/* The time is the low 48 bits of a checkpoint, the value the rest. */
static ol_u256 value_of(const ol_u256 *checkpoint) {
  ol_u256 value = {{0}};
  memcpy(value.bytes + KEY_LEN, checkpoint->bytes, 32 - KEY_LEN);
  return value;
}

static ol_status visit_probes(ol_error *error, ol_trace *trace, ol_asks *asks, const ol_target *of) {
  const ol_u256 first = ol_elements_of(&trace->slot, 0);
  const uint64_t low = trace->low, left = trace->high - low;
  const uint32_t count = left < trace->width ? (uint32_t)left : trace->width;
  uint64_t before = 0;
  for (uint32_t i = 0; i < count; i++) {
    const uint64_t at = left <= count ? low + i : low + (i + 1) * left / (count + 1);
    const ol_u256 checkpoint = ol_ask(asks, of, &first, at);
    if (!asks->answered) continue;
    const uint64_t time = ol_slot_read(&checkpoint, 0, KEY_LEN);
    if (i > 0 && time <= before)
      return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "checkpoints are not in their order");
    before = time;
    if (time <= trace->time) {
      trace->low = at + 1;
      trace->value = value_of(&checkpoint);
    } else if (at < trace->high) {
      trace->high = at;
    }
  }
  return OL_OK;
}

ol_status ol_trace_visit(ol_error *error, ol_trace *trace, ol_asks *asks, const ol_target *of) {
  OL_ASSERT(trace->width > 0 && trace->width <= OL_TRACE_WIDTH);
  if (ol_trace_is_done(trace)) return OL_OK;
  if (trace->counted) return visit_probes(error, trace, asks, of);
  const ol_u256 length = ol_ask(asks, of, &trace->slot, 0);
  if (!asks->answered) return OL_OK;
  OL_TRY(ol_asked_number(error, &trace->length, &length, LONGEST));
  trace->high = trace->length;
  if (trace->time == OL_TRACE_LATEST && trace->length > 0) trace->low = trace->length - 1;
  trace->counted = true;
  return OL_OK;
}
