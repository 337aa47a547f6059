/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "client/view.h"
#include "encoding/json.h"

#include "base/poison.h"

static void write_block(ol_json_writer *to, const ol_account_answer *answer) {
  ol_json_write_object(to, "block");
  ol_json_write_quantity_u64(to, "number", answer->block_number);
  ol_json_write_hex(to, "hash", answer->block_hash.bytes, sizeof answer->block_hash.bytes);
  ol_json_write_hex(to, "stateRoot", answer->state_root.bytes, sizeof answer->state_root.bytes);
  ol_json_write_quantity_u64(to, "timestamp", answer->block_timestamp);
  ol_json_write_close(to);
}

static void write_trust(ol_json_writer *to, const ol_account_answer *answer) {
  ol_json_write_object(to, "trust");
  ol_json_write_text(to, "level", ol_trust_name((ol_trust)answer->trust));
  if (answer->trust == OL_TRUST_QUORUM) {
    ol_json_write_u64(to, "agreed", answer->agreed);
    ol_json_write_u64(to, "asked", answer->asked);
  }
  ol_json_write_close(to);
}

void ol_block_write_json(ol_json_writer *to, const char *name, const ol_block *block) {
  ol_json_write_object(to, name);
  ol_json_write_quantity_u64(to, "number", block->number);
  ol_json_write_hex(to, "hash", block->hash.bytes, sizeof block->hash.bytes);
  ol_json_write_quantity_u64(to, "timestamp", block->timestamp);
  ol_json_write_close(to);
}

static void write_output(ol_json_writer *to, const ol_anchor *anchor) {
  ol_json_write_hex(to, "outputRoot", anchor->output_root.bytes, sizeof anchor->output_root.bytes);
  ol_json_write_hex(to, "game", anchor->game.bytes, sizeof anchor->game.bytes);
  ol_json_write_quantity_u64(to, "index", anchor->index);
  ol_json_write_quantity_u64(to, "proposedAt", anchor->proposed_at);
  ol_json_write_quantity_u64(to, "finalizesAt", anchor->finalizes_at);
}

void ol_anchor_write_json(ol_json_writer *to, const ol_anchor *anchor, ol_trust trust) {
  ol_json_write_object(to, "anchor");
  if (trust == OL_TRUST_UNSAFE)
    ol_json_write_hex(to, "signer", anchor->signer.bytes, sizeof anchor->signer.bytes);
  else
    write_output(to, anchor);
  ol_json_write_quantity_u64(to, "l1BlockNumber", anchor->l1_block_number);
  ol_json_write_hex(to, "l1BlockHash", anchor->l1_block_hash.bytes, sizeof anchor->l1_block_hash.bytes);
  ol_json_write_close(to);
}

ol_status ol_account_answer_json(ol_error *error, ol_slice *out, const ol_account_answer *answer,
                                 ol_slice code, void *memory, size_t len) {
  ol_error_clear(error);
  ol_arena arena = ol_arena_of(memory, len);
  ol_json_writer to;
  const ol_account *account = &answer->account;
  if (answer->slot_count > OL_MAX_SLOTS)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "answer has more than 32 slots");
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  ol_json_write_hex(&to, "address", answer->address.bytes, sizeof answer->address.bytes);
  ol_json_write_bool(&to, "exists", account->exists != 0);
  ol_json_write_quantity(&to, "balance", &account->balance);
  ol_json_write_quantity_u64(&to, "nonce", account->nonce);
  ol_json_write_hex(&to, "codeHash", account->code_hash.bytes, sizeof account->code_hash.bytes);
  ol_json_write_hex(&to, "storageHash", account->storage_root.bytes, sizeof account->storage_root.bytes);
  ol_json_write_array(&to, "slots");
  for (size_t i = 0; i < answer->slot_count; i++) {
    ol_json_write_object(&to, NULL);
    ol_json_write_quantity(&to, "key", &answer->slots[i].key);
    ol_json_write_quantity(&to, "value", &answer->slots[i].value);
    ol_json_write_close(&to);
  }
  ol_json_write_close(&to);
  if (answer->with_code != 0) ol_json_write_hex(&to, "code", code.data, code.len);
  if (answer->chain_id != 0) ol_json_write_quantity_u64(&to, "chainId", answer->chain_id);
  write_block(&to, answer);
  write_trust(&to, answer);
  if (answer->trust > OL_TRUST_QUORUM) ol_anchor_write_json(&to, &answer->anchor, (ol_trust)answer->trust);
  ol_json_write_close(&to);
  return ol_json_write_end(error, out, &to);
}
