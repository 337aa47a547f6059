/* SPDX-License-Identifier: MIT */
#include "trie/account.h"
#include "client/client.h"
#include "encoding/jsonrpc.h"
#include "rollup/header.h"

#include "base/poison.h"

static ol_client *client_of(ol_engine *engine) {
  return (ol_client *)(void *)engine;
}

static bool tag_question(const ol_client *client) {
  return client->question.block <= OL_BLOCK_FINALIZED;
}

static bool chain_is_known(const ol_client *client, const ol_endpoint *endpoint) {
  return client->config.chain_id == 0 || endpoint->progress[OL_WANT_CHAIN_ID] == OL_GOOD;
}

static bool chain_is_wrong(const ol_client *client, const ol_endpoint *endpoint) {
  return client->config.chain_id != 0 && endpoint->progress[OL_WANT_CHAIN_ID] == OL_LOST;
}

static void ask(ol_client *client, size_t endpoint, ol_want_kind kind) {
  client->endpoints[endpoint].progress[kind] = OL_ASKED;
  client->endpoints[endpoint].tries[kind]++;
  ol_engine_put(&client->engine, OL_SOURCE_L2, (uint32_t)endpoint, kind, 0);
}

static void advance(ol_engine *engine);

static void begin(ol_engine *engine) {
  ol_client *client = client_of(engine);
  if (client->question.trust > OL_TRUST_QUORUM) {
    client->phase = OL_PHASE_ANCHOR;
    ol_anchor_begin(client);
    advance(engine);
    return;
  }
  client->phase = tag_question(client) ? OL_PHASE_HEADS : OL_PHASE_VOTES;
  client->target = client->question.number;
  for (size_t i = 0; i < client->config.endpoints; i++) {
    if (client->config.chain_id != 0) ask(client, i, OL_WANT_CHAIN_ID);
    ask(client, i, client->phase == OL_PHASE_HEADS ? OL_WANT_HEAD : OL_WANT_VOTE);
  }
}

static void write_tag(ol_json_writer *to, uint32_t tag) {
  static const char *const names[] = {"latest", "safe", "finalized"};
  ol_json_write_text(to, NULL, names[tag]);
}

static void write_block_request(ol_json_writer *to, ol_arena *arena, uint64_t id, const ol_client *client,
                                uint32_t kind) {
  const ol_account_question *question = &client->question;
  bool by_hash = question->block == OL_BLOCK_HASH;
  ol_jsonrpc_begin(to, arena, id, by_hash ? "eth_getBlockByHash" : "eth_getBlockByNumber");
  if (by_hash)
    ol_json_write_hex(to, NULL, question->hash.bytes, sizeof question->hash.bytes);
  else if (kind == OL_WANT_HEAD)
    write_tag(to, question->block);
  else
    ol_json_write_quantity_u64(to, NULL, client->target);
  ol_json_write_bool(to, NULL, false);
}

static ol_status request(ol_error *error, ol_want *out, ol_engine *engine, const ol_engine_want *want) {
  ol_client *client = client_of(engine);
  ol_arena arena = ol_arena_of(client->scratch, client->scratch_len);
  ol_json_writer to;
  out->method = OL_HTTP_POST;
  out->max_len = client->config.max_answer;
  if (want->kind >= OL_WANT_HINT) return ol_anchor_request(error, out, client, want, &arena);
  if (want->kind >= OL_WANT_PROOF) return ol_reads_request(error, out, &client->reads, want, &arena);
  if (want->kind == OL_WANT_CHAIN_ID)
    ol_jsonrpc_begin(&to, &arena, want->id, "eth_chainId");
  else
    write_block_request(&to, &arena, want->id, client, want->kind);
  return ol_jsonrpc_end(error, &out->body, &to);
}

static ol_status read_chain_id(ol_error *error, const ol_client *client, ol_json result) {
  uint64_t chain_id;
  OL_TRY(ol_json_hex_u64(error, &chain_id, result));
  if (chain_id != client->config.chain_id)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "endpoint serves another chain");
  return OL_OK;
}

/* Reads a head or a vote: a block whose header hashes to its hash, that is the one asked, and fresh. */
static ol_status read_block(ol_error *error, ol_client *client, const ol_engine_want *want, ol_json result) {
  ol_header header;
  ol_hash hash;
  OL_TRY(ol_header_from_json(error, &header, &hash, result));
  if (want->kind == OL_WANT_VOTE && client->question.block != OL_BLOCK_HASH)
    OL_TRY(ol_block_check_number(error, header.number, client->target));
  const ol_block block = ol_block_of(&header, &hash);
  OL_TRY(ol_block_check_asked(error, &block, &client->question));
  OL_TRY(ol_block_check_age(error, &block, client->question.max_age_s, client->engine.now_ms));
  client->endpoints[want->endpoint].block = block;
  return OL_OK;
}

static const char *part_of(uint32_t kind) {
  static const char *const parts[] = {"chain id", "block", "block", "proof", "code"};
  return kind >= OL_WANT_HINT ? ol_anchor_part(kind) : parts[kind];
}

static ol_status read_answer(ol_error *error, ol_client *client, const ol_engine_want *want, ol_slice data) {
  ol_arena arena = ol_arena_of(client->scratch, client->scratch_len);
  ol_json response, result;
  OL_TRY(ol_json_read(error, &response, &arena, data.data, data.len));
  OL_TRY(ol_jsonrpc_result(error, &result, response, want->id));
  if (want->kind == OL_WANT_CHAIN_ID) return read_chain_id(error, client, result);
  if (want->kind < OL_WANT_PROOF) return read_block(error, client, want, result);
  if (want->kind >= OL_WANT_HINT) return ol_anchor_answer(error, client, want, result, &arena);
  ol_slice code;
  OL_TRY(ol_reads_answer(error, &code, &client->reads, want, result, &arena));
  if (want->kind == OL_WANT_CODE && want->item == 0) {
    if (code.len > 0) memcpy(client->code, code.data, code.len);
    client->code_len = code.len;
  }
  return OL_OK;
}

static ol_status answer(ol_error *error, ol_engine *engine, const ol_engine_want *want, ol_slice data) {
  ol_client *client = client_of(engine);
  ol_status status = read_answer(error, client, want, data);
  if (status == OL_ERR_MEMORY) /* ours is enough for every answer that could be meant */
    status = ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "answer has more values than accepted");
  OL_TRY(ol_error_in(error, status, part_of(want->kind), OL_NOWHERE));
  if (want->kind < OL_WANT_KINDS) client->endpoints[want->endpoint].progress[want->kind] = OL_GOOD;
  return OL_OK;
}

static void lost(ol_engine *engine, const ol_engine_want *want, const ol_error *error) {
  ol_client *client = client_of(engine);
  ol_endpoint *endpoint = &client->endpoints[want->endpoint];
  ol_failure_keep_worst(&client->worst, error);
  if (want->kind >= OL_WANT_HINT) {
    ol_anchor_lost(client, want, error);
    return;
  }
  if (want->kind >= OL_WANT_PROOF) {
    ol_reads_lost(&client->reads, want, error);
    return;
  }
  bool again = ol_failure_may_pass(error) && endpoint->tries[want->kind] < OL_TRIES;
  endpoint->progress[want->kind] = again ? OL_NOT_ASKED : OL_LOST;
  if (again) ask(client, want->endpoint, (ol_want_kind)want->kind);
}

/* Goes on to the votes once enough endpoints have shown a head, if enough have. */
static bool settle_target(ol_client *client) {
  uint32_t usable = 0;
  for (size_t i = 0; i < client->config.endpoints; i++) {
    const ol_endpoint *endpoint = &client->endpoints[i];
    usable += chain_is_known(client, endpoint) && endpoint->progress[OL_WANT_HEAD] == OL_GOOD;
  }
  if (usable < client->config.quorum) return false;
  /* The highest number that a quorum has reached: one that as many heads are at or beyond. */
  client->target = 0;
  for (size_t i = 0; i < client->config.endpoints; i++) {
    const ol_endpoint *candidate = &client->endpoints[i];
    if (!chain_is_known(client, candidate) || candidate->progress[OL_WANT_HEAD] != OL_GOOD) continue;
    uint32_t reached = 0;
    for (size_t k = 0; k < client->config.endpoints; k++) {
      const ol_endpoint *other = &client->endpoints[k];
      reached += chain_is_known(client, other) && other->progress[OL_WANT_HEAD] == OL_GOOD &&
                 other->block.number >= candidate->block.number;
    }
    if (reached >= client->config.quorum && candidate->block.number > client->target)
      client->target = candidate->block.number;
  }
  client->phase = OL_PHASE_VOTES;
  return true;
}

/* Turns heads into votes: the head itself where it is the target, else the block that it is ahead of. */
static void collect_votes(ol_client *client) {
  if (!tag_question(client)) return;
  for (size_t i = 0; i < client->config.endpoints; i++) {
    ol_endpoint *endpoint = &client->endpoints[i];
    if (endpoint->progress[OL_WANT_VOTE] != OL_NOT_ASKED || endpoint->progress[OL_WANT_HEAD] != OL_GOOD)
      continue;
    if (endpoint->block.number == client->target)
      endpoint->progress[OL_WANT_VOTE] = OL_GOOD;
    else if (endpoint->block.number > client->target)
      ask(client, i, OL_WANT_VOTE);
    else
      endpoint->progress[OL_WANT_VOTE] = OL_LOST; /* behind: it has no say, and no blame */
  }
}

static bool has_vote(const ol_client *client, size_t i) {
  return chain_is_known(client, &client->endpoints[i]) &&
         client->endpoints[i].progress[OL_WANT_VOTE] == OL_GOOD;
}

static uint32_t votes_for(const ol_client *client, const ol_hash *hash) {
  uint32_t count = 0;
  for (size_t i = 0; i < client->config.endpoints; i++)
    count += has_vote(client, i) && ol_hash_equal(&client->endpoints[i].block.hash, hash);
  return count;
}

static void blame_later(ol_client *client, const ol_engine_want *want, ol_status status, const char *reason) {
  ol_error error;
  (void)ol_error_in(&error, ol_fail(&error, status, OL_NOWHERE, reason), part_of(want->kind), OL_NOWHERE);
  ol_engine_blame(&client->engine, want, &error);
}

static void blame_dissent(ol_client *client) {
  for (size_t i = 0; i < client->config.endpoints; i++) {
    if (!has_vote(client, i) || ol_hash_equal(&client->endpoints[i].block.hash, &client->block.hash))
      continue;
    client->endpoints[i].tries[OL_WANT_VOTE] = OL_TRIES; /* it has had its say */
    const ol_engine_want want = {.source = OL_SOURCE_L2, .endpoint = (uint32_t)i, .kind = OL_WANT_VOTE};
    blame_later(client, &want, OL_ERR_MISMATCH, "block has another hash than the quorum gave");
  }
}

/* Those that gave the block's hash are asked first, and then the others, unless they serve another chain. */
void ol_client_begin_reads(ol_client *client) {
  ol_reads *reads = &client->reads;
  ol_reads_init(reads, OL_SOURCE_L2, OL_WANT_PROOF, OL_WANT_CODE);
  reads->block_number = client->block.number;
  reads->state_root = client->block.state_root;
  for (int voters = 1; voters >= 0; voters--) {
    for (size_t i = 0; i < client->config.endpoints; i++) {
      const ol_endpoint *endpoint = &client->endpoints[i];
      bool voter = has_vote(client, i) && ol_hash_equal(&endpoint->block.hash, &client->block.hash);
      if (voter == (voters == 1) && !chain_is_wrong(client, endpoint))
        reads->order[reads->order_count++] = (uint8_t)i;
    }
  }
  const ol_account_question *question = &client->question;
  ol_read *read = ol_reads_add(reads, &question->address, question->with_code != 0);
  read->slot_count = question->slot_count;
  for (size_t i = 0; i < question->slot_count; i++) read->slots[i].key = question->slots[i];
}

/* Goes on to the proof once a quorum has given one hash. */
static bool settle_block(ol_client *client) {
  for (size_t i = 0; i < client->config.endpoints; i++) {
    if (!has_vote(client, i)) continue;
    uint32_t count = votes_for(client, &client->endpoints[i].block.hash);
    if (count < client->config.quorum) continue;
    client->block = client->endpoints[i].block;
    client->agreed = count;
    client->phase = OL_PHASE_PROOF;
    for (uint32_t kind = OL_WANT_CHAIN_ID; kind <= OL_WANT_VOTE; kind++)
      ol_engine_drop(&client->engine, kind);
    blame_dissent(client);
    ol_client_begin_reads(client);
    return true;
  }
  return false;
}

/* Whether an endpoint can still come to vote. */
static bool may_vote(const ol_client *client, size_t i) {
  const ol_endpoint *endpoint = &client->endpoints[i];
  if (chain_is_wrong(client, endpoint)) return false;
  if (client->phase == OL_PHASE_HEADS) return endpoint->progress[OL_WANT_HEAD] != OL_LOST;
  if (endpoint->progress[OL_WANT_VOTE] == OL_LOST) return false;
  return !tag_question(client) || endpoint->progress[OL_WANT_HEAD] != OL_LOST;
}

/* Ends without a block when those who can still vote, together with the votes there are, make no quorum. */
static void check_hope(ol_client *client) {
  uint32_t open = 0, largest = 0, votes = 0;
  for (size_t i = 0; i < client->config.endpoints; i++) {
    if (client->phase == OL_PHASE_VOTES && has_vote(client, i)) {
      uint32_t count = votes_for(client, &client->endpoints[i].block.hash);
      largest = count > largest ? count : largest;
      votes++;
    } else {
      open += may_vote(client, i);
      votes += client->phase == OL_PHASE_HEADS && client->endpoints[i].progress[OL_WANT_HEAD] == OL_GOOD;
    }
  }
  if (largest + open >= client->config.quorum) return;
  ol_error error = client->worst;
  if (client->phase == OL_PHASE_VOTES && votes > largest)
    ol_error_set(&error, OL_ERR_QUORUM, OL_NOWHERE, "endpoints give different hashes of the block");
  else if (error.status == OL_OK || (votes > 0 && ol_failure_tells_less(&error, OL_ERR_QUORUM)))
    ol_error_set(&error, OL_ERR_QUORUM, OL_NOWHERE, "too few endpoints gave the block to make the quorum");
  ol_engine_give_up(&client->engine, &error);
}

/* All is proven: the answer stands, unless it took too long. */
static void finish(ol_client *client) {
  ol_error error;
  ol_error_clear(&error);
  if (ol_hash_equal(&client->reads.list[0].account.code_hash, &ol_empty_code_hash)) client->code_len = 0;
  ol_status status =
      ol_block_check_age(&error, &client->block, client->question.max_age_s, client->engine.now_ms);
  if (status == OL_OK)
    ol_engine_finish(&client->engine);
  else
    ol_engine_give_up(&client->engine, &error);
}

static void advance_proof(ol_client *client) {
  if (ol_client_read(client, &client->reads)) finish(client);
}

static void advance(ol_engine *engine) {
  ol_client *client = client_of(engine);
  if (engine->state != OL_ENGINE_WORKING) return;
  if (client->phase == OL_PHASE_ANCHOR) {
    if (ol_anchor_advance(client)) finish(client);
    return;
  }
  if (client->phase == OL_PHASE_HEADS && !settle_target(client)) {
    check_hope(client);
    return;
  }
  if (client->phase == OL_PHASE_VOTES) {
    collect_votes(client);
    if (!settle_block(client)) {
      check_hope(client);
      return;
    }
  }
  advance_proof(client);
}

const ol_engine_user ol_account_user = {
    .begin = begin, .request = request, .answer = answer, .lost = lost, .advance = advance};
