/* SPDX-License-Identifier: MIT */
#include "client/locate.h"

#include "rollup/header.h"
#include "rollup/history.h"

#include "base/poison.h"

void ol_locate_init(ol_locate *locate, const ol_block *from, uint64_t target) {
  OL_ASSERT(target <= from->number);
  memset(locate, 0, sizeof *locate);
  locate->at = *from;
  locate->target = target;
}

static ol_readers history_readers(const ol_readers *from) {
  ol_readers readers = *from;
  readers.proof_kind = OL_FETCH_HISTORY;
  readers.code_kind = OL_FETCH_HISTORY_CODE;
  return readers;
}

ol_status ol_locate_request(ol_error *error, ol_want *out, const ol_readers *from, const ol_locate *locate,
                            const ol_engine_want *want, ol_arena *arena) {
  const ol_readers readers = history_readers(from);
  if (want->kind == OL_FETCH_HISTORY)
    return ol_read_request(error, out, &readers, &locate->history, want, arena);
  return ol_block_request(error, out, arena, want->id, NULL, locate->next, false);
}

ol_status ol_locate_answer(ol_error *error, const ol_readers *from, ol_locate *locate,
                           const ol_engine_want *want, ol_json result, ol_arena *arena) {
  const ol_readers readers = history_readers(from);
  ol_header header;
  ol_hash hash;
  ol_slice code;
  if (want->kind == OL_FETCH_HISTORY)
    return ol_read_answer(error, &code, &readers, &locate->history, want, result, arena);
  OL_TRY(ol_header_from_json(error, &header, &hash, result));
  OL_TRY(ol_block_check_number(error, header.number, locate->next));
  locate->header = ol_block_of(&header, &hash);
  locate->header_want = *want;
  locate->has_header = true;
  return OL_OK;
}

void ol_locate_lost(const ol_readers *from, ol_locate *locate, const ol_engine_want *want,
                    const ol_error *error) {
  const ol_readers readers = history_readers(from);
  if (want->kind == OL_FETCH_HISTORY)
    ol_read_lost(&readers, &locate->history, want, error);
  else if (!ol_failure_may_pass(error))
    locate->header_tries[want->endpoint] = OL_TRIES;
}

/* Begins to go to the block before. */
static void begin_parent(ol_locate *locate) {
  locate->next = locate->at.number - 1;
  locate->expected = locate->at.parent_hash;
  locate->has_expected = true;
  locate->has_header = false;
}

static void begin_hop(ol_locate *locate) {
  locate->hopping = true;
  memset(locate->header_tries, 0, sizeof locate->header_tries);
  if (locate->target + 1 == locate->at.number || locate->parents > 0) {
    begin_parent(locate);
    return;
  }
  ol_u256 slot;
  locate->next = ol_history_hop(locate->at.number, locate->target);
  locate->has_expected = locate->has_header = false;
  ol_history_slot(&slot, locate->next);
  ol_read_init(&locate->history, locate->at.number, &locate->at.state_root, &ol_history_address, false);
  ol_read_slot(&locate->history, &slot);
}

/* Reads the hash that is proven. Returns: false when the state tells none: it is of before that fork. */
static bool read_expected(ol_locate *locate) {
  ol_error none;
  locate->has_expected = ol_history_read(&none, &locate->expected, &locate->history.slots[0].value) == OL_OK;
  return locate->has_expected;
}

/* Goes on one by one, if that is not too far. Returns: whether it does. */
static bool try_parents(ol_engine *engine, ol_locate *locate, uint32_t item) {
  if (locate->at.number - locate->target > OL_LOCATE_PARENTS) return false;
  locate->parents = 1;
  ol_engine_drop_item(engine, OL_FETCH_HEADER, item);
  memset(locate->header_tries, 0, sizeof locate->header_tries);
  begin_parent(locate);
  return true;
}

/* The hash and the header are there. */
static void end_hop(ol_engine *engine, ol_locate *locate) {
  if (ol_hash_equal(&locate->header.hash, &locate->expected)) {
    locate->at = locate->header;
    locate->hopping = false;
    locate->hops++;
    return;
  }
  locate->has_header = false;
  ol_engine_blame_for(engine, &locate->header_want, OL_ERR_MISMATCH, "block",
                      "block is not in the chain of the one that is proven");
}

ol_fetch_step ol_locate_advance(ol_engine *engine, const ol_readers *from, ol_locate *locate, uint32_t item) {
  const ol_readers readers = history_readers(from);
  for (;;) {
    if (locate->at.number == locate->target) return OL_FETCH_DONE;
    if (locate->hops == OL_LOCATE_HOPS) return OL_FETCH_FAR;
    if (!locate->hopping) begin_hop(locate);
    if (!locate->has_header && !ol_seek(engine, locate->header_tries, from->order, from->order_count,
                                        OL_SOURCE_L2, OL_FETCH_HEADER, item))
      return OL_FETCH_STUCK;
    if (!locate->has_expected) {
      ol_reads_step step = ol_read_advance(engine, &readers, &locate->history, item);
      if (step == OL_READS_STUCK) return OL_FETCH_STUCK;
      if (step == OL_READS_WAIT) return OL_FETCH_WAIT;
      if (!read_expected(locate)) {
        if (!try_parents(engine, locate, item)) return OL_FETCH_FAR;
        continue;
      }
    }
    if (!locate->has_header) return OL_FETCH_WAIT;
    end_hop(engine, locate);
  }
}
