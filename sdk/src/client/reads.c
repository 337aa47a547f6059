/* SPDX-License-Identifier: MIT */
#include "client/reads.h"

#include "encoding/jsonrpc.h"
#include "trie/account.h"

#include "base/poison.h"

/* Places in ol_read.tries. */
enum { PROOF, CODE };

void ol_read_init(ol_read *read, uint64_t block_number, const ol_hash *state_root, const ol_address *address,
                  bool with_code) {
  memset(read, 0, sizeof *read);
  read->block_number = block_number;
  read->state_root = *state_root;
  read->address = *address;
  read->with_code = with_code;
}

void ol_read_slot(ol_read *read, const ol_u256 *slot) {
  OL_ASSERT(read->slot_count < OL_MAX_SLOTS);
  read->slots[read->slot_count++].key = *slot;
}

ol_status ol_read_request(ol_error *error, ol_want *out, const ol_readers *from, const ol_read *read,
                          const ol_engine_want *want, ol_arena *arena) {
  ol_json_writer to;
  bool of_proof = want->kind == from->proof_kind;
  ol_jsonrpc_begin(&to, arena, want->id, of_proof ? "eth_getProof" : "eth_getCode");
  ol_json_write_hex(&to, NULL, read->address.bytes, sizeof read->address.bytes);
  if (of_proof) {
    ol_json_write_array(&to, NULL);
    for (size_t i = 0; i < read->slot_count; i++)
      ol_json_write_hex(&to, NULL, read->slots[i].key.bytes, sizeof read->slots[i].key.bytes);
    ol_json_write_close(&to);
  }
  ol_json_write_quantity_u64(&to, NULL, read->block_number);
  out->method = OL_HTTP_POST;
  return ol_jsonrpc_end(error, &out->body, &to);
}

ol_status ol_read_answer(ol_error *error, ol_slice *out_code, const ol_readers *from, ol_read *read,
                         const ol_engine_want *want, ol_json result, ol_arena *arena) {
  *out_code = ol_slice_of(NULL, 0);
  if (want->kind == from->proof_kind) {
    OL_TRY(ol_account_verify_json(error, &read->account, read->slots, read->slot_count, arena,
                                  &read->state_root, &read->address, result));
    read->proven = true;
    return OL_OK;
  }
  ol_slice code;
  OL_TRY(ol_json_hex(error, &code, arena, result));
  if (code.len > OL_MAX_CODE) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "code is longer than 64 KiB");
  ol_keccak256(&read->code_hash, code.data, code.len);
  read->code_from = want->endpoint;
  read->code_want = want->id;
  read->has_code = true;
  *out_code = code;
  return OL_OK;
}

void ol_read_lost(const ol_readers *from, ol_read *read, const ol_engine_want *want, const ol_error *error) {
  uint8_t *tries = read->tries[want->kind == from->proof_kind ? PROOF : CODE];
  if (!ol_failure_may_pass(error)) tries[want->endpoint] = OL_TRIES;
}

static bool is_out(const ol_engine *engine, uint32_t kind, uint32_t item) {
  bool any = false;
  for (size_t i = 0; i < OL_LIMIT_WANTS; i++) {
    const ol_engine_want *want = &engine->wants[i];
    any = any || (want->state != OL_WANT_FREE && want->kind == kind && want->item == item);
  }
  return any;
}

bool ol_seek(ol_engine *engine, uint8_t tries[OL_MAX_ENDPOINTS], const uint8_t *order, uint32_t count,
             ol_source source, uint32_t kind, uint32_t item) {
  if (is_out(engine, kind, item)) return true;
  for (uint8_t round = 0; round < OL_TRIES; round++) {
    for (uint32_t i = 0; i < count; i++) {
      uint32_t endpoint = order == NULL ? i : order[i];
      if (tries[endpoint] != round) continue;
      tries[endpoint]++;
      ol_engine_put(engine, source, endpoint, kind, item);
      return true;
    }
  }
  return false;
}

static bool seek(ol_engine *engine, const ol_readers *from, ol_read *read, uint32_t item, int what) {
  return ol_seek(engine, read->tries[what], from->order, from->order_count, (ol_source)from->source,
                 what == PROOF ? from->proof_kind : from->code_kind, item);
}

/* Compares the code with the account's code hash, now that both are there. */
static void check_code(ol_engine *engine, const ol_readers *from, ol_read *read, uint32_t item) {
  if (!read->has_code || ol_hash_equal(&read->code_hash, &read->account.code_hash)) return;
  const ol_engine_want want = {.id = read->code_want,
                               .source = from->source,
                               .endpoint = read->code_from,
                               .kind = from->code_kind,
                               .item = item};
  read->has_code = false;
  ol_engine_blame_for(engine, &want, OL_ERR_PROOF, "code", "code does not hash to the account's code hash");
}

ol_reads_step ol_read_advance(ol_engine *engine, const ol_readers *from, ol_read *read, uint32_t item) {
  bool needs_code = read->with_code;
  if (read->proven && needs_code) {
    check_code(engine, from, read, item);
    needs_code = !ol_hash_equal(&read->account.code_hash, &ol_empty_code_hash);
  }
  bool got_code = !needs_code || read->has_code;
  bool hope = read->proven || seek(engine, from, read, item, PROOF);
  if (hope && !got_code) hope = seek(engine, from, read, item, CODE);
  if (!hope) return OL_READS_STUCK;
  return read->proven && got_code ? OL_READS_DONE : OL_READS_WAIT;
}

void ol_reads_init(ol_reads *reads, const ol_readers *from, uint64_t block_number,
                   const ol_hash *state_root) {
  memset(reads, 0, sizeof *reads);
  reads->from = *from;
  reads->block_number = block_number;
  reads->state_root = *state_root;
}

ol_read *ol_reads_add(ol_reads *reads, const ol_address *address, bool with_code) {
  OL_ASSERT(reads->count < OL_READS);
  ol_read *added = &reads->list[reads->count++];
  ol_read_init(added, reads->block_number, &reads->state_root, address, with_code);
  return added;
}

ol_status ol_reads_request(ol_error *error, ol_want *out, const ol_reads *reads, const ol_engine_want *want,
                           ol_arena *arena) {
  return ol_read_request(error, out, &reads->from, &reads->list[want->item], want, arena);
}

ol_status ol_reads_answer(ol_error *error, ol_slice *out_code, ol_reads *reads, const ol_engine_want *want,
                          ol_json result, ol_arena *arena) {
  return ol_read_answer(error, out_code, &reads->from, &reads->list[want->item], want, result, arena);
}

void ol_reads_lost(ol_reads *reads, const ol_engine_want *want, const ol_error *error) {
  ol_read_lost(&reads->from, &reads->list[want->item], want, error);
}

ol_reads_step ol_reads_advance(ol_engine *engine, ol_reads *reads) {
  ol_reads_step all = OL_READS_DONE;
  for (uint32_t i = 0; i < reads->count; i++) {
    ol_reads_step one = ol_read_advance(engine, &reads->from, &reads->list[i], i);
    if (one == OL_READS_STUCK) return one;
    if (one == OL_READS_WAIT) all = one;
  }
  return all;
}
