/* SPDX-License-Identifier: MIT */
#include "client/run.h"

#include "encoding/jsonrpc.h"
#include "rollup/base_fee.h"
#include "rollup/header.h"

#include "base/poison.h"

void ol_run_init(ol_run *run, const ol_block *last, uint32_t count) {
  OL_ASSERT(count > 0 && count <= OL_RUN_BLOCKS && count - 1 <= last->number);
  run->first = last->number + 1 - count;
  run->count = count;
  run->top = last->hash;
  memset(run->parts, 0, sizeof run->parts);
}

static uint32_t part_count(const ol_run *run) {
  return (run->count + OL_RUN_PART - 1) / OL_RUN_PART;
}

/* How many headers a part has. */
static uint32_t part_len(const ol_run *run, uint32_t part) {
  uint32_t left = run->count - part * OL_RUN_PART;
  return left < OL_RUN_PART ? left : OL_RUN_PART;
}

/* The requests of a batch have the blocks' numbers as their ids. */
ol_status ol_run_request(ol_error *error, ol_want *out, const ol_run *run, const ol_engine_want *want,
                         ol_arena *arena) {
  ol_json_writer to;
  ol_json_write_begin(&to, arena);
  ol_json_write_array(&to, NULL);
  for (uint32_t i = 0; i < part_len(run, want->item); i++) {
    const uint64_t number = run->first + want->item * OL_RUN_PART + i;
    ol_jsonrpc_open(&to, number, "eth_getBlockByNumber");
    ol_json_write_quantity_u64(&to, NULL, number);
    ol_json_write_bool(&to, NULL, false);
    ol_jsonrpc_close(&to);
  }
  ol_json_write_close(&to);
  out->method = OL_HTTP_POST;
  return ol_json_write_end(error, &out->body, &to);
}

void ol_next_base_fee(ol_u256 *out, const ol_header *header) {
  ol_error none;
  if (ol_base_fee_after_l2(&none, out, header, &ol_base_fee_canyon) != OL_OK) *out = header->base_fee;
}

static ol_status read_block(ol_error *error, ol_run_block *out, ol_json result, uint64_t number,
                            ol_run_match *match, const void *context) {
  ol_header header;
  OL_TRY(ol_header_from_json(error, &header, &out->hash, result));
  OL_TRY(ol_block_check_number(error, header.number, number));
  out->parent_hash = header.parent_hash;
  out->timestamp = header.timestamp;
  out->gas_limit = header.gas_limit;
  out->gas_used = header.gas_used;
  out->base_fee = header.base_fee;
  out->matches = match != NULL && match(context, &header);
  ol_next_base_fee(&out->next_base_fee, &header);
  return OL_OK;
}

/* Reads the answers of a batch, which may come in any order, but each once. */
static ol_status read_batch(ol_error *error, ol_run_block *out, uint64_t first, uint32_t count, ol_json array,
                            ol_run_match *match, const void *context) {
  bool seen[OL_RUN_PART] = {false};
  ol_json_items items;
  ol_json response, result, id;
  uint64_t number;
  OL_TRY(ol_json_array(error, &items, array));
  if (items.left != count)
    return ol_fail(error, OL_ERR_MISMATCH, array.offset, "answers are not as many as were asked for");
  while (ol_json_next(&response, NULL, &items)) {
    OL_TRY(ol_json_need(error, &id, response, "id", "JSON-RPC response has no id"));
    OL_TRY(ol_json_u64(error, &number, id));
    if (number - first >= count || seen[number - first])
      return ol_fail(error, OL_ERR_MISMATCH, id.offset, "JSON-RPC response is to another request");
    seen[number - first] = true;
    OL_TRY(ol_jsonrpc_result(error, &result, response, number));
    OL_TRY(read_block(error, &out[number - first], result, number, match, context));
  }
  return OL_OK;
}

static ol_status check_links(ol_error *error, const ol_run_block *blocks, uint32_t count) {
  for (uint32_t i = 1; i < count; i++) {
    if (!ol_hash_equal(&blocks[i].parent_hash, &blocks[i - 1].hash))
      return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "header is not that of the parent");
  }
  return OL_OK;
}

ol_status ol_run_answer(ol_error *error, ol_run *run, const ol_engine_want *want, ol_slice data,
                        ol_arena arena, ol_run_match *match, const void *context) {
  const uint32_t from = want->item * OL_RUN_PART, count = part_len(run, want->item);
  ol_run_block *blocks = &run->blocks[from];
  ol_json root, refused;
  OL_TRY(ol_json_read(error, &root, &arena, data.data, data.len));
  /* An endpoint that takes no batches answers with one error. */
  if (ol_json_kind_of(root) == OL_JSON_OBJECT) OL_TRY(ol_jsonrpc_result(error, &refused, root, 0));
  OL_TRY(read_batch(error, blocks, run->first + from, count, root, match, context));
  OL_TRY(check_links(error, blocks, count));
  run->parts[want->item].is_good = true;
  run->parts[want->item].want = *want;
  return OL_OK;
}

void ol_run_lost(ol_run *run, const ol_engine_want *want, const ol_error *error) {
  ol_run_part *part = &run->parts[want->item];
  part->is_good = false;
  if (!ol_failure_may_pass(error)) part->tries[want->endpoint] = OL_TRIES;
}

/* Links a part to what is above it, or blames who sent it. */
static void link_part(ol_engine *engine, ol_run *run, uint32_t part) {
  const uint32_t last = part * OL_RUN_PART + part_len(run, part) - 1;
  const ol_hash *expected = last + 1 == run->count ? &run->top : &run->blocks[last + 1].parent_hash;
  run->parts[part].is_linked = ol_hash_equal(&run->blocks[last].hash, expected);
  if (!run->parts[part].is_linked)
    ol_engine_blame_for(engine, &run->parts[part].want, OL_ERR_MISMATCH, "headers",
                        "block is not in the chain of the one that is proven");
}

ol_fetch_step ol_run_advance(ol_engine *engine, const ol_readers *from, ol_run *run) {
  bool above = true;
  for (uint32_t i = part_count(run); i-- > 0;) {
    ol_run_part *part = &run->parts[i];
    if (above && part->is_good && !part->is_linked) link_part(engine, run, i);
    above = above && part->is_linked;
    if (part->is_good || ol_engine_count(engine, OL_FETCH_RUN) >= OL_RUN_OUT) continue;
    if (!ol_seek(engine, part->tries, from->order, from->order_count, OL_SOURCE_L2, OL_FETCH_RUN, i))
      return OL_FETCH_STUCK;
  }
  return above ? OL_FETCH_DONE : OL_FETCH_WAIT;
}
