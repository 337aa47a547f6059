/* SPDX-License-Identifier: MIT */
#include "client/body.h"

#include "encoding/jsonrpc.h"
#include "rollup/block.h"

#include "base/poison.h"

/* Places in ol_body.tries. */
enum { BLOCK, RECEIPTS };

/* In the memory, each item has its length in front, in the machine's order. */
#define LENGTH sizeof(uint32_t)

void ol_body_init(ol_body *body, const ol_hash *hash, bool with_receipts) {
  memset(body, 0, sizeof *body);
  body->hash = *hash;
  body->with_receipts = with_receipts;
}

ol_status ol_body_request(ol_error *error, ol_want *out, const ol_body *body, const ol_engine_want *want,
                          ol_arena *arena) {
  if (want->kind == OL_FETCH_BLOCK)
    return ol_block_request(error, out, arena, want->id, &body->hash, 0, true);
  ol_json_writer to;
  ol_jsonrpc_begin(&to, arena, want->id, "eth_getBlockReceipts");
  ol_json_write_hex(&to, NULL, body->hash.bytes, sizeof body->hash.bytes);
  out->method = OL_HTTP_POST;
  return ol_jsonrpc_end(error, &out->body, &to);
}

/* Copies items behind one another. Out: how many bytes they take. Returns: OL_ERR_LIMIT. */
static ol_status pack(ol_error *error, uint32_t *out_len, uint8_t *to, size_t len, const ol_items *items) {
  size_t used = 0;
  for (size_t i = 0; i < items->count; i++) {
    const uint32_t item_len = (uint32_t)items->items[i].len;
    if (len - used < LENGTH + item_len)
      return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "block is larger than accepted");
    memcpy(to + used, &item_len, LENGTH);
    memcpy(to + used + LENGTH, items->items[i].data, item_len);
    used += LENGTH + item_len;
  }
  *out_len = (uint32_t)used;
  return OL_OK;
}

/* Lists what was packed. Returns: where it ends. */
static const uint8_t *unpack(ol_slice *out, size_t count, const uint8_t *from) {
  for (size_t i = 0; i < count; i++) {
    uint32_t len;
    memcpy(&len, from, LENGTH);
    out[i] = ol_slice_of(from + LENGTH, len);
    from += LENGTH + len;
  }
  return from;
}

static ol_status list(ol_error *error, ol_slice **out, size_t count, ol_arena *arena) {
  *out = ol_arena_take(arena, (count + 1) * sizeof **out); /* no list is NULL */
  return *out != NULL ? OL_OK : ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for items");
}

static ol_status read_receipts(ol_error *error, ol_body *body, uint64_t id, ol_slice data, uint8_t *memory,
                               size_t len, ol_arena arena) {
  ol_slice *transactions;
  ol_items items;
  ol_json response, result;
  uint32_t used;
  OL_TRY(list(error, &transactions, body->count, &arena));
  (void)unpack(transactions, body->count, memory);
  OL_TRY(ol_json_read(error, &response, &arena, data.data, data.len));
  OL_TRY(ol_jsonrpc_result(error, &result, response, id));
  OL_TRY(
      ol_block_receipts_from_json(error, &items, &body->header, transactions, body->count, &arena, result));
  OL_TRY(pack(error, &used, memory + body->transactions_len, len - body->transactions_len, &items));
  body->has_receipts = true;
  return OL_OK;
}

ol_status ol_body_answer(ol_error *error, ol_body *body, const ol_engine_want *want, ol_slice data,
                         void *memory, size_t len, ol_arena arena) {
  ol_json response, result;
  ol_items items;
  if (want->kind == OL_FETCH_RECEIPTS) {
    if (body->has_block) return read_receipts(error, body, want->id, data, memory, len, arena);
    if (data.len == 0) return ol_fail(error, OL_ERR_ENCODING, 0, "JSON text is empty");
    if (data.len > len / 2) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "block is larger than accepted");
    memcpy((uint8_t *)memory + len - data.len, data.data, data.len);
    body->held_len = (uint32_t)data.len;
    body->held = *want;
    return OL_OK;
  }
  OL_TRY(ol_json_read(error, &response, &arena, data.data, data.len));
  OL_TRY(ol_jsonrpc_result(error, &result, response, want->id));
  OL_TRY(ol_block_from_json(error, &body->header, &items, &body->hash, &arena, result));
  OL_TRY(pack(error, &body->transactions_len, memory, len / 2, &items));
  body->count = (uint32_t)items.count;
  body->has_block = true;
  return OL_OK;
}

void ol_body_lost(ol_body *body, const ol_engine_want *want, const ol_error *error) {
  if (!ol_failure_may_pass(error))
    body->tries[want->kind == OL_FETCH_BLOCK ? BLOCK : RECEIPTS][want->endpoint] = OL_TRIES;
}

/* Reads the receipts that came first. They are parsed from a copy, as what they become takes their place. */
static void read_held(ol_engine *engine, ol_body *body, uint8_t *memory, size_t len, ol_arena arena) {
  ol_error error;
  ol_error_clear(&error);
  const ol_slice held = ol_slice_of(memory + len - body->held_len, body->held_len);
  body->held_len = 0;
  ol_status status = read_receipts(&error, body, body->held.id, held, memory, len, arena);
  if (status == OL_OK) return;
  (void)ol_error_in(&error, status, "receipts", OL_NOWHERE);
  ol_engine_blame(engine, &body->held, &error);
}

static bool seek(ol_engine *engine, const ol_readers *from, ol_body *body, uint32_t item, int what) {
  return ol_seek(engine, body->tries[what], from->order, from->order_count, OL_SOURCE_L2,
                 what == BLOCK ? OL_FETCH_BLOCK : OL_FETCH_RECEIPTS, item);
}

ol_fetch_step ol_body_advance(ol_engine *engine, const ol_readers *from, ol_body *body, uint32_t item,
                              void *memory, size_t len, ol_arena arena) {
  if (body->has_block && body->held_len > 0) read_held(engine, body, memory, len, arena);
  bool got_receipts = !body->with_receipts || body->has_receipts;
  if (body->has_block && got_receipts) return OL_FETCH_DONE;
  if (!body->has_block && !seek(engine, from, body, item, BLOCK)) return OL_FETCH_STUCK;
  if (!got_receipts && body->held_len == 0 && !seek(engine, from, body, item, RECEIPTS))
    return OL_FETCH_STUCK;
  return OL_FETCH_WAIT;
}

ol_status ol_body_items(ol_error *error, const ol_slice **out_transactions, const ol_slice **out_receipts,
                        const ol_body *body, const void *memory, ol_arena *arena) {
  ol_slice *transactions, *receipts = NULL;
  OL_TRY(list(error, &transactions, body->count, arena));
  const uint8_t *end = unpack(transactions, body->count, memory);
  if (body->has_receipts) {
    OL_TRY(list(error, &receipts, body->count, arena));
    (void)unpack(receipts, body->count, end);
  }
  *out_transactions = transactions;
  *out_receipts = receipts;
  return OL_OK;
}
