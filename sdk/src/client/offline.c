/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "client/client.h"
#include "encoding/jsonrpc.h"
#include "trie/account.h"

#include "base/poison.h"

static const char no_anchor[] =
    "this trust level is out of reach: there is no L1 anchor to prove the block by";

/* Takes as the question what the proof says it is about. */
static ol_status question_of_proof(ol_error *error, ol_account_question *out, ol_json proof) {
  ol_address address;
  ol_json member, element;
  ol_json_items items;
  OL_TRY(ol_json_need(error, &member, proof, "address", "proof names no address"));
  OL_TRY(ol_json_hex_fixed(error, address.bytes, sizeof address.bytes, member));
  ol_account_question_init(out, &address);
  OL_TRY(ol_json_need(error, &member, proof, "storageProof", "storage proofs are missing"));
  OL_TRY(ol_json_array(error, &items, member));
  if (items.left > OL_MAX_SLOTS)
    return ol_fail(error, OL_ERR_LIMIT, member.offset, "proof has more than 32 slots");
  while (ol_json_next(&element, NULL, &items)) {
    OL_TRY(ol_json_need(error, &member, element, "key", "storage key is missing"));
    OL_TRY(ol_json_hex_u256(error, &out->slots[out->slot_count++], member));
  }
  return OL_OK;
}

static ol_status verify(ol_error *error, ol_account_answer *out, ol_account_question *question, bool open,
                        const ol_block *block, ol_slice proof_text, ol_arena *arena) {
  ol_json root, proof;
  ol_account account;
  ol_slot slots[OL_MAX_SLOTS] = {{{{0}}, {{0}}}};
  ol_status status = ol_json_read(error, &root, arena, proof_text.data, proof_text.len);
  if (status == OL_OK) status = ol_jsonrpc_unwrap(error, &proof, root);
  if (status == OL_OK && open) status = question_of_proof(error, question, proof);
  OL_TRY(ol_error_in(error, status, "proof", OL_NOWHERE));
  for (size_t i = 0; i < question->slot_count; i++) slots[i].key = question->slots[i];
  OL_TRY(ol_account_verify_json(error, &account, slots, question->slot_count, arena, &block->state_root,
                                &question->address, proof));
  ol_account_answer_fill(out, question, &account, slots, block);
  out->trust = OL_TRUST_GIVEN;
  return OL_OK;
}

ol_status ol_account_verify_text(ol_error *error, ol_account_answer *out, const ol_account_question *question,
                                 ol_slice header_text, ol_slice proof_text, void *memory, size_t len) {
  ol_error_clear(error);
  ol_header header;
  ol_hash hash;
  ol_account_question asked;
  OL_TRY(ol_header_from_text(error, &header, &hash, header_text, memory, len));
  const ol_block block = ol_block_of(&header, &hash);
  if (question != NULL) {
    asked = *question;
    if (asked.with_code != 0)
      return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "an offline proof brings no code along");
    OL_TRY(ol_account_question_check(error, &asked, asked.trust > OL_TRUST_GIVEN ? no_anchor : NULL));
    const ol_view_question at = ol_account_view_question(&asked);
    OL_TRY(ol_error_in(error, ol_block_check_asked(error, &block, &at), "header", OL_NOWHERE));
  }
  ol_arena arena = ol_arena_of(memory, len);
  return verify(error, out, &asked, question == NULL, &block, proof_text, &arena);
}

size_t ol_account_verify_memory(size_t header_len, size_t proof_len) {
  /* One after the other; decoded nodes take at most half of the proof's text. */
  size_t header = ol_json_memory(header_len), proof = ol_json_memory(proof_len) + proof_len / 2 + 4096;
  return header > proof ? header : proof;
}
