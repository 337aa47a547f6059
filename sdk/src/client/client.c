/* SPDX-License-Identifier: MIT */
#include "client/client.h"

#include "base/base.h"
#include "base/poison.h"

#define DEFAULT_MAX_ANSWER (512u << 10)
#define LEAST_MAX_ANSWER 4096u
#define LEAST_TIMEOUT_MS 100u
#define LATEST_MAX_AGE_S 120u

/* How far a block's time may be ahead of ours. */
#define CLOCK_SKEW_S 15u

_Static_assert(4 * OL_READS + 2 <= OL_LIMIT_WANTS, "all wants of anchoring fit the engine's table");
_Static_assert(3 * OL_MAX_ENDPOINTS + 2 <= OL_LIMIT_WANTS, "all wants of a question fit the engine's table");

static ol_status check_config(ol_error *error, const ol_client_config *config) {
  const char *reason = NULL;
  if (config->endpoints < 1 || config->endpoints > OL_MAX_ENDPOINTS)
    reason = "number of endpoints is not 1 to 16";
  else if (config->quorum < 1 || config->quorum > config->endpoints)
    reason = "quorum is not 1 to the endpoints";
  else if (config->timeout_ms < LEAST_TIMEOUT_MS)
    reason = "timeout is shorter than 100 ms";
  else if (config->max_answer != 0 && config->max_answer < LEAST_MAX_ANSWER)
    reason = "max_answer is under 4 KiB";
  else if (config->max_answer > OL_LIMIT_JSON_TEXT)
    reason = "max_answer is over 16 MiB";
  else if (config->l1_endpoints > OL_MAX_ENDPOINTS)
    reason = "number of L1 endpoints is not 0 to 16";
  return reason == NULL ? OL_OK : ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
}

static uint32_t max_answer_of(const ol_client_config *config) {
  return config->max_answer != 0 ? config->max_answer : DEFAULT_MAX_ANSWER;
}

/* An answer's copy, its values (a sixth of its bytes, 16 bytes each) and its decoded hex, and a request. */
static size_t scratch_of(const ol_client_config *config) {
  return 5 * (size_t)max_answer_of(config) + (16u << 10);
}

size_t ol_client_size(const ol_client_config *config) {
  ol_error error;
  if (check_config(&error, config) != OL_OK) return 0;
  return (sizeof(ol_client) + scratch_of(config) + 15) / 16 * 16;
}

ol_status ol_client_init(ol_error *error, ol_client **out, const ol_client_config *config, void *memory,
                         size_t len) {
  ol_error_clear(error);
  OL_TRY(check_config(error, config));
  if ((uintptr_t)memory % 16 != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "memory of a client is not aligned to 16");
  if (len < ol_client_size(config))
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory of a client is less than ol_client_size");
  ol_client *client = memory;
  memset(client, 0, sizeof *client);
  client->config = *config;
  client->config.max_answer = max_answer_of(config);
  client->scratch_len = scratch_of(config);
  ol_engine_init(&client->engine, NULL, config->timeout_ms);
  *out = client;
  return OL_OK;
}

ol_engine *ol_client_engine(ol_client *client) {
  return &client->engine;
}

bool ol_client_read(ol_client *client, ol_reads *reads) {
  ol_reads_step step = ol_reads_advance(&client->engine, reads);
  if (step == OL_READS_STUCK) ol_engine_give_up(&client->engine, &client->worst);
  return step == OL_READS_DONE;
}

void ol_account_question_init(ol_account_question *out, const ol_address *address) {
  memset(out, 0, sizeof *out);
  out->address = *address;
  out->block = OL_BLOCK_LATEST;
  out->max_age_s = OL_AGE_DEFAULT;
  out->trust = OL_TRUST_QUORUM;
}

static bool has_header(const ol_beacon_head *head) {
  return head->has_header != 0;
}

/* What is needed to anchor a block by this rollup. Returns: why it cannot be done, or NULL. */
static const char *lack_of(const ol_client *client, const ol_rollup *rollup, const ol_sync_status *l1) {
  bool games =
      !ol_address_is_zero(&rollup->dispute_game_factory) && !ol_address_is_zero(&rollup->optimism_portal);
  if (client->config.l1_endpoints == 0) return "client has no L1 endpoints";
  if (!has_header(&l1->finalized) || !has_header(&l1->optimistic))
    return "headers of the L1 blocks are not known; a sync fetches them from L1 endpoints";
  if (!games && ol_address_is_zero(&rollup->l2_output_oracle))
    return "the rollup's contracts on L1 are not known";
  if (client->config.chain_id != 0 && client->config.chain_id != rollup->chain_id)
    return "client is of another chain than the rollup";
  return NULL;
}

static ol_block block_of(const ol_beacon_head *head) {
  return (ol_block){.number = head->block_number,
                    .timestamp = head->block_time,
                    .hash = head->block_hash,
                    .state_root = head->state_root};
}

ol_status ol_client_anchor(ol_error *error, ol_client *client, const ol_rollup *rollup,
                           const ol_sync_status *l1) {
  ol_error_clear(error);
  const char *reason = lack_of(client, rollup, l1);
  if (reason != NULL) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
  if (client->engine.state == OL_ENGINE_WORKING)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "the question before is not answered yet");
  const ol_hash *hashes[2] = {&l1->optimistic.block_hash, &l1->finalized.block_hash};
  /* Bytes of padding that differ cost a round trip, no more.
     NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-*) */
  bool same = memcmp(&client->anchoring.rollup, rollup, sizeof *rollup) == 0;
  for (size_t i = 0; i < 2; i++) {
    ol_anchored *anchored = &client->anchoring.anchored[i];
    anchored->known = anchored->known && same && ol_hash_equal(&anchored->anchor.l1_block_hash, hashes[i]);
  }
  client->anchoring.ready = true;
  client->anchoring.rollup = *rollup;
  client->anchoring.finalized_l1 = block_of(&l1->finalized);
  client->anchoring.newest_l1 = block_of(&l1->optimistic);
  return OL_OK;
}

ol_status ol_account_question_check(ol_error *error, const ol_account_question *question,
                                    ol_trust reachable) {
  if (question->slot_count > OL_MAX_SLOTS)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "question has more than 32 slots");
  if (question->block > OL_BLOCK_HASH)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "question has an unknown block tag");
  if (question->trust > (uint32_t)reachable)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE,
                   "this trust level is out of reach: there is no L1 anchor to prove the block by");
  if (question->trust > OL_TRUST_QUORUM && question->block > OL_BLOCK_FINALIZED)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE,
                   "at this trust level there is one block: the newest that is anchored");
  return OL_OK;
}

ol_status ol_client_ask_account(ol_error *error, ol_client *client, const ol_account_question *question) {
  ol_error_clear(error);
  OL_TRY(ol_account_question_check(error, question,
                                   client->anchoring.ready ? OL_TRUST_FINALIZED : OL_TRUST_QUORUM));
  if (client->engine.state == OL_ENGINE_WORKING)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "the question before is not answered yet");
  uint64_t next_id = client->engine.next_id, now_ms = client->engine.now_ms;
  ol_engine_init(&client->engine, &ol_account_user, client->config.timeout_ms);
  client->engine.next_id = next_id; /* so that answers to the question before stay unknown */
  client->engine.now_ms = now_ms;
  client->question = *question;
  bool is_new = question->block == OL_BLOCK_LATEST && question->trust <= OL_TRUST_QUORUM;
  if (question->max_age_s == OL_AGE_DEFAULT)
    client->question.max_age_s = is_new ? LATEST_MAX_AGE_S : OL_AGE_ANY;
  memset(client->endpoints, 0, sizeof client->endpoints);
  client->agreed = 0;
  client->reads.count = 0;
  client->code_len = 0;
  client->phase = OL_PHASE_NONE;
  ol_error_clear(&client->worst);
  return OL_OK;
}

ol_status ol_block_check_age(ol_error *error, const ol_block *block, uint32_t max_age_s, uint64_t now_ms) {
  uint64_t now = now_ms / 1000;
  if (block->timestamp > now + CLOCK_SKEW_S)
    return ol_fail(error, OL_ERR_STALE, OL_NOWHERE, "block is more than 15 s in the future");
  if (max_age_s != OL_AGE_ANY && block->timestamp < now && now - block->timestamp > max_age_s)
    return ol_fail(error, OL_ERR_STALE, OL_NOWHERE, "block is older than accepted");
  return OL_OK;
}

ol_block ol_block_of(const ol_header *header, const ol_hash *hash) {
  return (ol_block){.number = header->number,
                    .timestamp = header->timestamp,
                    .hash = *hash,
                    .state_root = header->state_root};
}

ol_status ol_block_check_number(ol_error *error, uint64_t number, uint64_t asked) {
  if (number == asked) return OL_OK;
  return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "block has another number than the one asked");
}

ol_status ol_block_check_asked(ol_error *error, const ol_block *block, const ol_account_question *question) {
  if (question->block == OL_BLOCK_NUMBER)
    OL_TRY(ol_block_check_number(error, block->number, question->number));
  if (question->block == OL_BLOCK_HASH && !ol_hash_equal(&block->hash, &question->hash))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "block has another hash than the one asked");
  return OL_OK;
}

void ol_account_answer_fill(ol_account_answer *out, const ol_account_question *question,
                            const ol_account *account, const ol_slot *slots, const ol_block *block) {
  memset(out, 0, sizeof *out);
  out->address = question->address;
  out->account = *account;
  out->slot_count = question->slot_count;
  memcpy(out->slots, slots, question->slot_count * sizeof *slots);
  out->block_number = block->number;
  out->block_hash = block->hash;
  out->state_root = block->state_root;
  out->block_timestamp = block->timestamp;
}

ol_status ol_client_account(ol_error *error, ol_account_answer *out, ol_slice *out_code,
                            const ol_client *client) {
  ol_error_clear(error);
  if (client->engine.state == OL_ENGINE_FAILED) {
    *error = client->engine.error;
    return (ol_status)error->status;
  }
  if (client->engine.state != OL_ENGINE_DONE)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "the question is not answered yet");
  const ol_read *read = &client->reads.list[0];
  ol_account_answer_fill(out, &client->question, &read->account, read->slots, &client->block);
  uint64_t now = client->engine.now_ms / 1000;
  out->chain_id = client->config.chain_id;
  out->age_s = now > client->block.timestamp ? now - client->block.timestamp : 0;
  out->trust = OL_TRUST_QUORUM;
  out->agreed = client->agreed;
  out->asked = client->config.endpoints;
  if (client->phase == OL_PHASE_ANCHOR) {
    out->trust = client->anchoring.finalized ? OL_TRUST_FINALIZED : OL_TRUST_PROPOSED;
    out->agreed = out->asked = 0;
    out->anchor = ol_anchor_of(&client->anchoring)->anchor;
  }
  out->with_code = client->question.with_code;
  *out_code = ol_slice_of(client->code, client->code_len);
  return OL_OK;
}

const char *ol_trust_name(ol_trust trust) {
  switch (trust) {
  case OL_TRUST_GIVEN: return "given";
  case OL_TRUST_QUORUM: return "quorum";
  case OL_TRUST_UNSAFE: return "unsafe";
  case OL_TRUST_PROPOSED: return "proposed";
  case OL_TRUST_FINALIZED: return "finalized";
  }
  return "unknown";
}
