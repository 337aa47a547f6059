/* SPDX-License-Identifier: MIT */
#include "client/client.h"

#include "base/poison.h"

#define LATEST_MAX_AGE_S 120u

/* An answer's copy, its values (a sixth of its bytes, 16 bytes each) and its decoded hex, and a request. */
static size_t scratch_of(const ol_client_config *config) {
  return 5 * (size_t)ol_view_max_answer(config) + (16u << 10);
}

size_t ol_client_size(const ol_client_config *config) {
  if (ol_view_config_fault(config) != NULL) return 0;
  return (sizeof(ol_client) + scratch_of(config) + ol_view_kept_len(config) + 15) / 16 * 16;
}

ol_status ol_client_init(ol_error *error, ol_client **out, const ol_client_config *config, void *memory,
                         size_t len) {
  ol_error_clear(error);
  const char *fault = ol_view_config_fault(config);
  if (fault != NULL) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, fault);
  if ((uintptr_t)memory % 16 != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "memory of a client is not aligned to 16");
  if (len < ol_client_size(config))
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory of a client is less than ol_client_size");
  ol_client *client = memory;
  memset(client, 0, sizeof *client);
  ol_view_init(&client->view, config, offsetof(ol_client, scratch), scratch_of(config));
  *out = client;
  return OL_OK;
}

ol_engine *ol_client_engine(ol_client *client) {
  return &client->view.engine;
}

void ol_account_question_init(ol_account_question *out, const ol_address *address) {
  memset(out, 0, sizeof *out);
  out->address = *address;
  out->block = OL_BLOCK_LATEST;
  out->max_age_s = OL_AGE_DEFAULT;
  out->trust = OL_TRUST_QUORUM;
}

ol_status ol_client_anchor(ol_error *error, ol_client *client, const ol_rollup *rollup,
                           const ol_sync_status *l1) {
  ol_error_clear(error);
  OL_TRY(ol_anchor_tell(error, &client->view, rollup, l1));
  if (client->view.engine.state == OL_ENGINE_WORKING) client->view.engine.user->advance(&client->view.engine);
  return OL_OK;
}

ol_status ol_account_question_check(ol_error *error, const ol_account_question *question, const char *lack) {
  if (question->slot_count > OL_MAX_SLOTS)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "question has more than 32 slots");
  if (question->block > OL_BLOCK_HASH)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "question has an unknown block tag");
  if (lack != NULL) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, lack);
  if ((question->trust > OL_TRUST_QUORUM && question->block > OL_BLOCK_FINALIZED) ||
      (question->trust == OL_TRUST_UNSAFE && question->block != OL_BLOCK_LATEST))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "at this trust level there is one block: the newest");
  return OL_OK;
}

ol_status ol_client_ask_account(ol_error *error, ol_client *client, const ol_account_question *question) {
  ol_error_clear(error);
  OL_TRY(ol_account_question_check(error, question, ol_view_lack(&client->view, (ol_trust)question->trust)));
  if (client->view.engine.state == OL_ENGINE_WORKING)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "the question before is not answered yet");
  ol_view_reset(&client->view, &ol_account_user);
  client->question = *question;
  bool is_new = question->block == OL_BLOCK_LATEST && question->trust <= OL_TRUST_QUORUM;
  if (question->max_age_s == OL_AGE_DEFAULT)
    client->question.max_age_s = is_new ? LATEST_MAX_AGE_S : OL_AGE_ANY;
  client->reading = false;
  client->code_len = 0;
  return OL_OK;
}

ol_view_question ol_account_view_question(const ol_account_question *question) {
  return (ol_view_question){.block = question->block,
                            .number = question->number,
                            .hash = question->hash,
                            .max_age_s = question->max_age_s,
                            .trust = question->trust};
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
  if (client->view.engine.state == OL_ENGINE_FAILED) {
    *error = client->view.engine.error;
    return (ol_status)error->status;
  }
  if (client->view.engine.state != OL_ENGINE_DONE)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "the question is not answered yet");
  const ol_view *view = &client->view;
  const ol_read *read = &client->read;
  ol_account_answer_fill(out, &client->question, &read->account, read->slots, &view->block);
  uint64_t now = view->engine.now_ms / 1000;
  out->chain_id = view->config.chain_id;
  out->age_s = now > view->block.timestamp ? now - view->block.timestamp : 0;
  out->trust = ol_view_trust(view);
  if (out->trust > OL_TRUST_QUORUM) {
    ol_view_anchor(&out->anchor, view);
  } else {
    out->agreed = view->agreed;
    out->asked = view->config.endpoints;
  }
  out->with_code = client->question.with_code;
  *out_code = ol_slice_of(client->code, client->code_len);
  return OL_OK;
}

ol_status ol_client_equivocation(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                 const ol_client *client) {
  return ol_unsafe_evidence(error, out, len, out_len, &client->view);
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
