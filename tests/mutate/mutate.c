/* SPDX-License-Identifier: MIT */
#include "encoding/jsonrpc.h"
#include "mutate/edit.h"
#include "mutate/recorded.h"

#include <stdlib.h>
#include <string.h>

/* --- Text --- */

/* A text that is verified, and what its answer is when it is not changed. */
typedef struct text_case {
  edited edit; /* first: its verifier is given this */
  const recorded *recording;
  const recorded_proof *proof; /* NULL for a header alone */
  void *memory;
  size_t memory_len;
  char answer[16 << 10]; /* of the original, as JSON */
  size_t answer_len;
} text_case;

static const char *compare_answer(text_case *of, const ol_account_answer *answer) {
  static uint8_t memory[16 << 10];
  ol_error error;
  ol_slice json;
  if (ol_account_answer_json(&error, &json, answer, (ol_slice){0}, memory, sizeof memory) != OL_OK)
    return "answer cannot be written";
  if (of->answer_len == 0 && json.len <= sizeof of->answer) {
    memcpy(of->answer, json.data, json.len);
    of->answer_len = json.len;
  }
  bool same = json.len == of->answer_len && memcmp(json.data, of->answer, json.len) == 0;
  return same ? NULL : "ACCEPTED with another answer";
}

static bool same_word(ol_json a, ol_json b, const char *name) {
  ol_error error;
  ol_json values[2];
  ol_u256 words[2];
  if (!ol_json_find(&values[0], a, name) || !ol_json_find(&values[1], b, name)) return false;
  for (size_t i = 0; i < 2; i++) {
    if (ol_json_hex_u256(&error, &words[i], values[i]) != OL_OK) return false;
  }
  return memcmp(&words[0], &words[1], sizeof words[0]) == 0;
}

static bool same_nodes(ol_json object, const char *name, const recorded_nodes *nodes, ol_arena arena) {
  ol_error error;
  ol_json array, node;
  ol_json_items items;
  ol_slice bytes;
  size_t count = 0;
  if (!ol_json_find(&array, object, name) || ol_json_array(&error, &items, array) != OL_OK) return false;
  while (ol_json_next(&node, NULL, &items)) {
    if (count == nodes->count || ol_json_hex(&error, &bytes, &arena, node) != OL_OK) return false;
    if (!vector_same(bytes, nodes->list[count++])) return false;
  }
  return count == nodes->count;
}

/* A text that is accepted makes every claim as it was recorded: nothing that is read was ignored. */
static const char *compare_claims(const text_case *of) {
  static const char *const names[] = {"address", "balance", "nonce", "codeHash", "storageHash"};
  ol_error error;
  ol_json root, claims, lists[2], elements[2];
  ol_json_items items[2];
  const recorded_proof *proof = of->proof;
  ol_arena arena = ol_arena_of(of->memory, of->memory_len);
  if (ol_json_read(&error, &root, &arena, of->edit.bytes, of->edit.len) != OL_OK)
    return "accepted, but is not JSON";
  if (ol_jsonrpc_unwrap(&error, &claims, root) != OL_OK) return "accepted, but is no response";
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (!same_word(claims, proof->result, names[i])) return "ACCEPTED with another claim";
  }
  if (!same_nodes(claims, "accountProof", &proof->account, arena)) return "ACCEPTED with other nodes";
  const ol_json objects[] = {claims, proof->result};
  for (size_t i = 0; i < 2; i++) {
    if (!ol_json_find(&lists[i], objects[i], "storageProof") ||
        ol_json_array(&error, &items[i], lists[i]) != OL_OK)
      return "ACCEPTED without storage proofs";
  }
  for (size_t slot = 0; ol_json_next(&elements[1], NULL, &items[1]); slot++) {
    if (!ol_json_next(&elements[0], NULL, &items[0])) return "ACCEPTED with a slot less";
    if (!same_word(elements[0], elements[1], "key") || !same_word(elements[0], elements[1], "value"))
      return "ACCEPTED with another claim of a slot";
    if (!same_nodes(elements[0], "proof", &proof->slots[slot], arena))
      return "ACCEPTED with other nodes of a slot";
  }
  return ol_json_next(&elements[0], NULL, &items[0]) ? "ACCEPTED with a slot more" : NULL;
}

/* Verifies the text as it is now. Returns: what is wrong, or NULL; *accepted says which way it went. */
static const char *verify_text(edited *edit, bool *accepted) {
  text_case *of = (text_case *)edit;
  ol_error error;
  ol_account_answer answer;
  memset(&answer, UNTOUCHED, sizeof answer);
  ol_status status =
      ol_account_verify_text(&error, &answer, &of->proof->question, of->recording->hex,
                             ol_slice_of(of->edit.bytes, of->edit.len), of->memory, of->memory_len);
  *accepted = status == OL_OK;
  if (status == OL_OK) {
    const char *complaint = compare_answer(of, &answer);
    return complaint != NULL ? complaint : compare_claims(of);
  }
  if (!campaign_untouched(&answer, sizeof answer)) return "refused, but the output was written";
  return campaign_flaw(&error, status, of->edit.len);
}

static const char *verify_header_text(edited *edit, bool *accepted) {
  text_case *of = (text_case *)edit;
  ol_error error;
  ol_header header;
  ol_hash hash, expected;
  memset(&header, UNTOUCHED, sizeof header);
  ol_status status = ol_header_from_text(&error, &header, &hash, ol_slice_of(of->edit.bytes, of->edit.len),
                                         of->memory, of->memory_len);
  *accepted = status == OL_OK;
  if (status != OL_OK) {
    if (!campaign_untouched(&header, sizeof header)) return "refused, but the output was written";
    return campaign_flaw(&error, status, of->edit.len);
  }
  ol_header_hash(&expected, &of->recording->header);
  bool same = ol_hash_equal(&hash, &expected) && memcmp(&header, &of->recording->header, sizeof header) == 0;
  return same ? NULL : "ACCEPTED another header";
}

typedef const char *verifier(edited *edit, bool *accepted);

/* Prepares a text. Returns: false, with a failed group counted, when it is not accepted as it is. */
static bool open_text(campaign *run, text_case *of, const recorded *recording, const recorded_proof *proof,
                      ol_slice text, verifier *verify) {
  of->recording = recording;
  of->proof = proof;
  of->answer_len = 0;
  of->memory_len = ol_account_verify_memory(recording->hex.len, text.len + EDIT_ROOM);
  of->memory = malloc(of->memory_len);
  if (of->memory != NULL && edit_begin(run, &of->edit, text, verify)) return true;
  free(of->memory);
  return false;
}

static void close_text(text_case *of) {
  edit_end(&of->edit);
  free(of->memory);
}

static void mutate_proof_text(campaign *run, recorded *recording, const recorded_proof *proof, bool wrapped) {
  static text_case of;
  ol_slice text = wrapped ? recorded_response(recording, 1, proof->text) : proof->text;
  if (!open_text(run, &of, recording, proof, text, verify_text)) return;
  campaign_begin_group(run, MUTATE_TEXT_CUT);
  edit_cut(run, &of.edit);
  campaign_end_group(run);
  campaign_begin_group(run, MUTATE_TEXT_FLIPPED);
  edit_flip(run, &of.edit);
  campaign_end_group(run);
  campaign_begin_group(run, MUTATE_TEXT_EDITED);
  edit_text(run, &of.edit);
  campaign_end_group(run);
  close_text(&of);
}

static void mutate_header_text(campaign *run, recorded *recording, ol_slice text, verifier *verify) {
  static text_case of;
  if (!open_text(run, &of, recording, NULL, text, verify)) return;
  campaign_begin_group(run, MUTATE_HEADER_TEXT);
  edit_cut(run, &of.edit);
  edit_flip(run, &of.edit);
  edit_text(run, &of.edit);
  campaign_end_group(run);
  close_text(&of);
}

/* --- Nodes --- */

/* The nodes of one proof, each in a block of its own length, so that a sanitizer sees a read behind it. */
typedef struct nodes_case {
  const ol_hash *root;
  const ol_address *address; /* NULL for a storage proof */
  const ol_u256 *key;
  ol_slice list[RECORDED_NODES + 2];
  size_t count;
  size_t bytes;
} nodes_case;

static uint8_t *exact_copy(ol_slice bytes, size_t len) {
  uint8_t *copy = malloc(len > 0 ? len : 1);
  if (copy != NULL && len > 0) memcpy(copy, bytes.data, len);
  return copy;
}

static ol_status verify_nodes(ol_error *error, const nodes_case *of, void *out) {
  if (of->address != NULL) return ol_account_verify(error, out, of->root, of->address, of->list, of->count);
  return ol_storage_verify(error, out, of->root, of->key, of->list, of->count);
}

/* Every change must be refused, and leave the output alone. */
static void expect_refusal(campaign *run, const nodes_case *of, size_t index) {
  union {
    ol_account account;
    ol_u256 value;
  } out;
  ol_error error;
  memset(&out, UNTOUCHED, sizeof out);
  ol_status status = verify_nodes(&error, of, &out);
  size_t longest = 0;
  for (size_t i = 0; i < of->count; i++) longest = of->list[i].len > longest ? of->list[i].len : longest;
  const char *complaint = status == OL_OK ? "ACCEPTED" : campaign_flaw(&error, status, longest);
  if (status != OL_OK && !campaign_untouched(&out, sizeof out))
    complaint = "refused, but the output was written";
  campaign_count(run, false, complaint, index);
}

/* Finds the node and the byte in it that lie at a place among all bytes. */
static size_t node_at(const nodes_case *of, size_t *place) {
  size_t node = 0;
  while (*place >= of->list[node].len) *place -= of->list[node++].len;
  return node;
}

static void cut_nodes(campaign *run, nodes_case *of) {
  selection chosen = campaign_choose(run, of->bytes);
  for (size_t i = chosen.first; i < of->bytes; i += chosen.step) {
    size_t cut = i, node = node_at(of, &cut);
    ol_slice kept = of->list[node];
    uint8_t *copy = exact_copy(kept, cut);
    of->list[node] = ol_slice_of(copy, cut);
    expect_refusal(run, of, i);
    of->list[node] = kept;
    free(copy);
  }
}

static void flip_nodes(campaign *run, nodes_case *of) {
  selection chosen = campaign_choose(run, 8 * of->bytes);
  for (size_t i = chosen.first; i < 8 * of->bytes; i += chosen.step) {
    size_t place = i / 8, node = node_at(of, &place);
    uint8_t *byte = (uint8_t *)(uintptr_t)of->list[node].data + place;
    *byte ^= (uint8_t)(1u << i % 8);
    expect_refusal(run, of, i);
    *byte ^= (uint8_t)(1u << i % 8);
  }
}

static void put_node(nodes_case *of, size_t at, ol_slice node) {
  memmove(of->list + at + 1, of->list + at, (of->count - at) * sizeof *of->list);
  of->list[at] = node;
  of->count++;
}

static void take_node(nodes_case *of, size_t at) {
  of->count--;
  memmove(of->list + at, of->list + at + 1, (of->count - at) * sizeof *of->list);
}

/* One left out, one too many at every place, two exchanged, none at all. */
static void rearrange_nodes(campaign *run, nodes_case *of) {
  const nodes_case kept = *of;
  static const uint8_t empty_string[] = {0x80}, leaf[] = {0xc2, 0x20, 0x01};
  const ol_slice strangers[] = {
      {NULL, 0}, {empty_string, sizeof empty_string}, {leaf, sizeof leaf}, {kept.root->bytes, 32}};
  const size_t stranger_count = sizeof strangers / sizeof strangers[0];
  size_t index = 0;
  for (size_t i = 0; i < kept.count; i++) {
    take_node(of, i);
    expect_refusal(run, of, index++);
    *of = kept;
    of->count = i;
    expect_refusal(run, of, index++);
    *of = kept;
    for (size_t k = i + 1; k < kept.count; k++) {
      of->list[i] = kept.list[k];
      of->list[k] = kept.list[i];
      expect_refusal(run, of, index++);
      *of = kept;
    }
  }
  for (size_t at = 0; at <= kept.count; at++) {
    for (size_t k = 0; k < kept.count + stranger_count; k++) {
      put_node(of, at, k < kept.count ? kept.list[k] : strangers[k - kept.count]);
      expect_refusal(run, of, index++);
      *of = kept;
    }
  }
}

static void mutate_nodes(campaign *run, nodes_case *of, const recorded_nodes *nodes) {
  union {
    ol_account account;
    ol_u256 value;
  } out;
  ol_error error;
  if (nodes->count == 0) return; /* an empty trie needs no nodes */
  of->count = of->bytes = 0;
  for (size_t i = 0; i < nodes->count; i++) {
    uint8_t *copy = exact_copy(nodes->list[i], nodes->list[i].len);
    if (copy == NULL) abort();
    of->list[of->count++] = ol_slice_of(copy, nodes->list[i].len);
    of->bytes += nodes->list[i].len;
  }
  if (verify_nodes(&error, of, &out) == OL_OK) {
    campaign_begin_group(run, MUTATE_NODES_CUT);
    cut_nodes(run, of);
    campaign_end_group(run);
    campaign_begin_group(run, MUTATE_NODES_FLIPPED);
    flip_nodes(run, of);
    campaign_end_group(run);
    campaign_begin_group(run, MUTATE_NODES_REARRANGED);
    rearrange_nodes(run, of);
    campaign_end_group(run);
  } else {
    vector_count(&run->tally->groups, false, ol_slice_of("original nodes", 14), error.reason);
  }
  for (size_t i = 0; i < of->count; i++) free((void *)(uintptr_t)of->list[i].data);
}

static void mutate_proof_nodes(campaign *run, const recorded *recording, const recorded_proof *proof) {
  static nodes_case of;
  ol_error error;
  ol_account account;
  const ol_account_question *question = &proof->question;
  const ol_hash *root = &recording->header.state_root;
  ol_status status = ol_account_verify(&error, &account, root, &question->address, proof->account.list,
                                       proof->account.count);
  vector_count(&run->tally->groups, status == OL_OK, ol_slice_of("account", 7), error.reason);
  if (status != OL_OK) return;
  of = (nodes_case){.root = root, .address = &question->address};
  mutate_nodes(run, &of, &proof->account);
  for (size_t i = 0; i < question->slot_count; i++) {
    of = (nodes_case){.root = &account.storage_root, .key = &question->slots[i]};
    mutate_nodes(run, &of, &proof->slots[i]);
  }
}

/* --- Headers --- */

/* A changed header is refused, or is another one: with another hash, and written as it was read. */
static void expect_other_header(campaign *run, const recorded *recording, ol_slice rlp, size_t index) {
  ol_error error;
  ol_header header;
  ol_hash hash, original;
  uint8_t again[2048];
  size_t len = 0;
  memset(&header, UNTOUCHED, sizeof header);
  ol_status status = ol_header_decode(&error, &header, rlp.data, rlp.len);
  const char *complaint = NULL;
  if (status != OL_OK) {
    complaint = campaign_flaw(&error, status, rlp.len);
    if (!campaign_untouched(&header, sizeof header)) complaint = "refused, but the output was written";
  } else {
    ol_header_hash(&hash, &header);
    ol_header_hash(&original, &recording->header);
    if (ol_hash_equal(&hash, &original)) complaint = "ACCEPTED with the same hash";
    if (ol_header_encode(&error, again, sizeof again, &len, &header) != OL_OK ||
        !vector_same(ol_slice_of(again, len), rlp))
      complaint = "encodes to other bytes than it was read from";
  }
  campaign_count(run, false, complaint, index);
}

static void mutate_header_rlp(campaign *run, const recorded *recording) {
  const ol_slice rlp = recording->rlp;
  campaign_begin_group(run, MUTATE_HEADER_RLP);
  selection chosen = campaign_choose(run, rlp.len);
  for (size_t cut = chosen.first; cut < rlp.len; cut += chosen.step) {
    uint8_t *copy = exact_copy(rlp, cut);
    expect_other_header(run, recording, ol_slice_of(copy, cut), cut);
    free(copy);
  }
  uint8_t *copy = exact_copy(rlp, rlp.len);
  chosen = campaign_choose(run, 8 * rlp.len);
  for (size_t i = chosen.first; i < 8 * rlp.len; i += chosen.step) {
    copy[i / 8] ^= (uint8_t)(1u << i % 8);
    expect_other_header(run, recording, ol_slice_of(copy, rlp.len), i);
    copy[i / 8] ^= (uint8_t)(1u << i % 8);
  }
  free(copy);
  campaign_end_group(run);
}

void mutate_file(mutate_tally *tally, const mutate_options *options, const uint8_t *json, size_t len) {
  recorded recording;
  campaign run = campaign_of(tally, options);
  if (!recorded_open(&recording, &tally->groups, json, len)) return;
  mutate_header_rlp(&run, &recording);
  if (recording.block.data != NULL) {
    mutate_header_text(&run, &recording, recording.block, verify_header_text);
    ol_slice wrapped = recorded_response(&recording, 7, recording.block);
    mutate_header_text(&run, &recording, wrapped, verify_header_text);
  }
  for (size_t i = 0; i < recording.proof_count; i++) {
    mutate_proof_text(&run, &recording, &recording.proofs[i], i % 2 == 0);
    mutate_proof_nodes(&run, &recording, &recording.proofs[i]);
  }
  recorded_close(&recording);
}
