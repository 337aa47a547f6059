/* SPDX-License-Identifier: MIT */

/*
 * The input as the answer to eth_getProof, for one address and two slots. The state root is that of the first
 * node of the proof, so that the proof is followed; what is accepted is proven again from its nodes, and with
 * a question or without, from text or from parsed JSON, the answer is the same.
 */

#include "encoding/jsonrpc.h"
#include "fuzz/fuzz.h"
#include "openledger/client.h"
#include "openledger/header.h"
#include "openledger/text.h"
#include "trie/account.h"
#include "trie/trie.h"

/* The question: the address 0x4242... and the slots 0 and 1. */
#define ADDRESS_BYTE 0x42
#define SLOTS 2

static ol_account_question question_of(size_t slot_count) {
  ol_address address;
  ol_account_question question;
  memset(address.bytes, ADDRESS_BYTE, sizeof address.bytes);
  ol_account_question_init(&question, &address);
  question.trust = OL_TRUST_GIVEN;
  question.slot_count = (uint32_t)slot_count;
  for (size_t i = 0; i < slot_count; i++) question.slots[i].bytes[31] = (uint8_t)i;
  return question;
}

/* Reads the nodes of a proof. Out: slices in the arena. Returns: how many; 0 when it is none. */
static size_t nodes_of(ol_slice nodes[OL_LIMIT_TRIE_NODES], ol_arena *arena, ol_json object,
                       const char *name) {
  ol_error error;
  ol_json array, node;
  ol_json_items items;
  size_t count = 0;
  if (!ol_json_find(&array, object, name) || ol_json_array(&error, &items, array) != OL_OK) return 0;
  while (count < OL_LIMIT_TRIE_NODES && ol_json_next(&node, NULL, &items)) {
    if (ol_json_hex(&error, &nodes[count], arena, node) != OL_OK) return 0;
    count++;
  }
  return count;
}

static ol_slice header_text(char out[2048], const ol_hash *state_root) {
  ol_error error;
  uint8_t rlp[1000];
  size_t len = 0;
  ol_header header;
  memset(&header, 0, sizeof header);
  header.field_count = 16;
  header.state_root = *state_root;
  FUZZ_REQUIRE(ol_header_encode(&error, rlp, sizeof rlp, &len, &header) == OL_OK);
  ol_hex_text(out, rlp, len);
  return ol_slice_of(out, 2 * len + 2);
}

/* From the nodes alone, the public functions must prove what was accepted. */
static void prove_again(ol_json proof, const ol_hash *state_root, const ol_account *account,
                        const ol_slot *slots, size_t slot_count, ol_arena *arena) {
  ol_error error;
  ol_slice nodes[OL_LIMIT_TRIE_NODES];
  ol_account again;
  ol_u256 value;
  ol_account_question question = question_of(slot_count);
  ol_json array, element;
  ol_json_items items;
  size_t count = nodes_of(nodes, arena, proof, "accountProof");
  FUZZ_REQUIRE(ol_account_verify(&error, &again, state_root, &question.address, nodes, count) == OL_OK);
  FUZZ_REQUIRE(again.exists == account->exists && again.nonce == account->nonce);
  FUZZ_REQUIRE(memcmp(&again.balance, &account->balance, sizeof again.balance) == 0);
  FUZZ_REQUIRE(ol_hash_equal(&again.storage_root, &account->storage_root));
  FUZZ_REQUIRE(ol_hash_equal(&again.code_hash, &account->code_hash));
  FUZZ_REQUIRE(ol_json_find(&array, proof, "storageProof") && ol_json_array(&error, &items, array) == OL_OK);
  FUZZ_REQUIRE(items.left == slot_count);
  for (size_t i = 0; ol_json_next(&element, NULL, &items); i++) {
    count = nodes_of(nodes, arena, element, "proof");
    FUZZ_REQUIRE(
        ol_storage_verify(&error, &value, &account->storage_root, &question.slots[i], nodes, count) == OL_OK);
    FUZZ_REQUIRE(memcmp(&value, &slots[i].value, sizeof value) == 0);
    FUZZ_REQUIRE(memcmp(&slots[i].key, &question.slots[i], sizeof value) == 0);
  }
}

static void check_text(ol_slice text, const ol_hash *state_root, const ol_account_question *question,
                       ol_status expected, const ol_account *account, const ol_slot *slots) {
  ol_error error;
  char hex[2048];
  ol_account_answer answer, open;
  ol_slice header = header_text(hex, state_root);
  size_t len = ol_account_verify_memory(header.len, text.len);
  uint8_t *memory = fuzz_block(len);
  ol_status status = ol_account_verify_text(&error, &answer, question, header, text, memory, len);
  FUZZ_REQUIRE(status == expected || (status == OL_ERR_MEMORY && expected == OL_ERR_ENCODING));
  if (status == OL_OK) {
    FUZZ_REQUIRE(answer.slot_count == question->slot_count && answer.trust == OL_TRUST_GIVEN);
    FUZZ_REQUIRE(memcmp(&answer.account.balance, &account->balance, 32) == 0);
    FUZZ_REQUIRE(answer.account.nonce == account->nonce);
    FUZZ_REQUIRE(memcmp(answer.slots, slots, question->slot_count * sizeof *slots) == 0);
    FUZZ_REQUIRE(ol_account_verify_text(&error, &open, NULL, header, text, memory, len) == OL_OK);
    FUZZ_REQUIRE(memcmp(&open.address, &answer.address, sizeof open.address) == 0);
    FUZZ_REQUIRE(open.slot_count == answer.slot_count);
    FUZZ_REQUIRE(memcmp(open.slots, answer.slots, sizeof open.slots) == 0);
  } else {
    fuzz_refused(&error, status, text.len);
    status = ol_account_verify_text(&error, &open, NULL, header, text, memory, len);
    if (status != OL_OK) fuzz_refused(&error, status, text.len);
  }
  free(memory);
}

static void ask(ol_slice text, ol_json proof, const ol_hash *root, ol_arena arena, size_t slot_count) {
  ol_error error;
  ol_account account = {.nonce = 0};
  ol_slot slots[SLOTS] = {{{{0}}, {{0}}}};
  ol_account_question question = question_of(slot_count);
  for (size_t i = 0; i < slot_count; i++) slots[i].key = question.slots[i];
  ol_arena scratch = arena;
  ol_status status =
      ol_account_verify_json(&error, &account, slots, slot_count, &scratch, root, &question.address, proof);
  if (status == OL_OK)
    prove_again(proof, root, &account, slots, slot_count, &arena);
  else
    fuzz_refused(&error, status, text.len);
  check_text(text, root, &question, status, &account, slots);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_json root, proof;
  ol_slice text = ol_slice_of(data, len), nodes[OL_LIMIT_TRIE_NODES];
  size_t memory_len = ol_json_memory(len) + 64 * len + 65536;
  uint8_t *memory = fuzz_block(memory_len);
  ol_arena arena = ol_arena_of(memory, memory_len);
  ol_status status = ol_json_read(&error, &root, &arena, data, len);
  if (status == OL_OK) status = ol_jsonrpc_unwrap(&error, &proof, root);
  if (status == OL_OK) {
    ol_hash state_root = ol_trie_empty_root;
    ol_arena scratch = arena;
    if (nodes_of(nodes, &scratch, proof, "accountProof") > 0)
      ol_keccak256(&state_root, nodes[0].data, nodes[0].len);
    for (size_t slots = 0; slots <= SLOTS; slots += 2) ask(text, proof, &state_root, arena, slots);
  } else {
    fuzz_refused(&error, status, len);
    ol_account_question question = question_of(SLOTS);
    check_text(text, &ol_trie_empty_root, &question, status, NULL, NULL);
  }
  free(memory);
  return 0;
}
