/* SPDX-License-Identifier: MIT */
#include "trie/account.h"
#include "client/client.h"
#include "encoding/jsonrpc.h"

#include "base/poison.h"

_Static_assert(3 * OL_MAX_ENDPOINTS + 2 <= OL_LIMIT_WANTS, "all wants of a question fit the engine's table");
_Static_assert(4 * OL_READS + 4 <= OL_LIMIT_WANTS, "and so do those of anchoring with an account's");

static ol_client *client_of(ol_engine *engine) {
  return (ol_client *)(void *)engine;
}

static void advance(ol_engine *engine);

static void begin(ol_engine *engine) {
  ol_client *client = client_of(engine);
  const ol_view_question question = ol_account_view_question(&client->question);
  ol_view_begin(&client->view, &question);
  client->generation = client->view.generation;
  advance(engine);
}

static ol_status request(ol_error *error, ol_want *out, ol_engine *engine, const ol_engine_want *want) {
  ol_client *client = client_of(engine);
  ol_arena arena = ol_view_scratch(&client->view);
  if (want->kind < OL_WANT_VIEW_KINDS) return ol_view_request(error, out, &client->view, want, &arena);
  out->max_len = client->view.config.max_answer;
  return ol_read_request(error, out, &client->from, &client->read, want, &arena);
}

static ol_status read_answer(ol_error *error, ol_client *client, const ol_engine_want *want, ol_slice data) {
  ol_arena arena = ol_view_scratch(&client->view);
  ol_json response, result;
  ol_slice code;
  if (want->kind < OL_WANT_VIEW_KINDS) return ol_view_answer(error, &client->view, want, data);
  OL_TRY(ol_json_read(error, &response, &arena, data.data, data.len));
  OL_TRY(ol_jsonrpc_result(error, &result, response, want->id));
  OL_TRY(ol_read_answer(error, &code, &client->from, &client->read, want, result, &arena));
  if (want->kind == OL_WANT_PROOF) return OL_OK;
  if (code.len > 0) memcpy(client->code, code.data, code.len);
  client->code_len = code.len;
  return OL_OK;
}

static const char *part_of(uint32_t kind) {
  if (kind < OL_WANT_VIEW_KINDS) return ol_view_part(kind);
  return kind == OL_WANT_PROOF ? "proof" : "code";
}

static ol_status answer(ol_error *error, ol_engine *engine, const ol_engine_want *want, ol_slice data) {
  ol_status status = read_answer(error, client_of(engine), want, data);
  if (status == OL_ERR_MEMORY) /* ours is enough for every answer that could be meant */
    status = ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "answer has more values than accepted");
  return ol_error_in(error, status, part_of(want->kind), OL_NOWHERE);
}

static void lost(ol_engine *engine, const ol_engine_want *want, const ol_error *error) {
  ol_client *client = client_of(engine);
  ol_failure_keep_worst(&client->view.worst, error);
  if (want->kind < OL_WANT_VIEW_KINDS)
    ol_view_lost(&client->view, want, error);
  else
    ol_read_lost(&client->from, &client->read, want, error);
}

static void begin_read(ol_client *client) {
  const ol_account_question *question = &client->question;
  const ol_block *block = &client->view.block;
  client->reading = true;
  ol_view_readers(&client->from, &client->view, OL_WANT_PROOF, OL_WANT_CODE);
  ol_read_init(&client->read, block->number, &block->state_root, &question->address,
               question->with_code != 0);
  for (size_t i = 0; i < question->slot_count; i++) ol_read_slot(&client->read, &question->slots[i]);
}

/* Forgets what was read under a candidate that is none any longer. */
static void follow_view(ol_client *client) {
  if (client->generation == client->view.generation) return;
  client->generation = client->view.generation;
  client->reading = false;
  ol_engine_drop(&client->view.engine, OL_WANT_PROOF);
  ol_engine_drop(&client->view.engine, OL_WANT_CODE);
}

/* All is proven: the answer stands, unless it took too long. */
static void finish(ol_client *client) {
  ol_error error;
  ol_error_clear(&error);
  if (ol_hash_equal(&client->read.account.code_hash, &ol_empty_code_hash)) client->code_len = 0;
  if (ol_view_check_age(&error, &client->view) == OL_OK)
    ol_engine_finish(&client->view.engine);
  else
    ol_engine_give_up(&client->view.engine, &error);
}

static void advance(ol_engine *engine) {
  ol_client *client = client_of(engine);
  while (engine->state == OL_ENGINE_WORKING) {
    ol_view_step view = ol_view_advance(&client->view);
    follow_view(client);
    if (view == OL_VIEW_FAILED) ol_engine_give_up(engine, &client->view.failure);
    if (view == OL_VIEW_FAILED || view == OL_VIEW_WAIT) return;
    if (!client->reading) begin_read(client);
    ol_reads_step step = ol_read_advance(engine, &client->from, &client->read, 0);
    if (step == OL_READS_DONE && view == OL_VIEW_SETTLED) finish(client);
    if (step != OL_READS_STUCK) return;
    ol_view_doubt(&client->view);
  }
}

const ol_engine_user ol_account_user = {
    .begin = begin, .request = request, .answer = answer, .lost = lost, .advance = advance};
