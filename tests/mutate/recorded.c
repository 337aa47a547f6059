/* SPDX-License-Identifier: MIT */
#include "mutate/recorded.h"

#include <stdlib.h>
#include <string.h>

/* A member's name with a zero behind it; those of recordings are short. */
typedef struct member_name {
  char text[64];
} member_name;

static member_name name_of(ol_slice name) {
  member_name out = {{0}};
  if (name.len < sizeof out.text) memcpy(out.text, name.data, name.len);
  return out;
}

static void copy_scalar(ol_json_writer *to, const char *name, ol_json value) {
  ol_error error;
  ol_slice text;
  uint64_t number;
  bool truth;
  if (ol_json_string(&error, &text, value) == OL_OK)
    ol_json_write_string(to, name, text);
  else if (ol_json_u64(&error, &number, value) == OL_OK)
    ol_json_write_u64(to, name, number);
  else if (ol_json_bool(&error, &truth, value) == OL_OK)
    ol_json_write_bool(to, name, truth);
}

/* Writes a value as it is, but for members that no server sends with it: contract code. */
static void copy_value(ol_json_writer *to, const char *name, ol_json value) {
  ol_error error;
  ol_json_items items;
  ol_json item;
  ol_slice member;
  if (ol_json_array(&error, &items, value) == OL_OK) {
    ol_json_write_array(to, name);
    while (ol_json_next(&item, NULL, &items)) copy_value(to, NULL, item);
    ol_json_write_close(to);
  } else if (ol_json_object(&error, &items, value) == OL_OK) {
    ol_json_write_object(to, name);
    while (ol_json_next(&item, &member, &items)) {
      const member_name own = name_of(member);
      if (strcmp(own.text, "code") != 0) copy_value(to, own.text, item);
    }
    ol_json_write_close(to);
  } else {
    copy_scalar(to, name, value);
  }
}

/* Writes the header's part of a block, without the lists in it. */
static void copy_block(ol_json_writer *to, ol_json block) {
  ol_error error;
  ol_json_items items;
  ol_json item;
  ol_slice member;
  ol_json_write_object(to, NULL);
  if (ol_json_object(&error, &items, block) == OL_OK) {
    while (ol_json_next(&item, &member, &items)) {
      if (ol_json_kind_of(item) == OL_JSON_STRING) copy_scalar(to, name_of(member).text, item);
    }
  }
  ol_json_write_close(to);
}

static ol_slice text_of(recorded *of, ol_json value, void (*write)(ol_json_writer *to, ol_json value)) {
  ol_error error;
  ol_json_writer to;
  ol_slice text = {NULL, 0};
  ol_json_write_begin(&to, &of->arena);
  write(&to, value);
  if (ol_json_write_end(&error, &text, &to) != OL_OK)
    vector_count(of->file.tally, false, ol_slice_of("text", 4), error.reason);
  return text;
}

static void copy_root(ol_json_writer *to, ol_json value) {
  copy_value(to, NULL, value);
}

static void read_nodes(recorded *of, recorded_nodes *out, ol_json object, const char *name) {
  ol_json node;
  ol_json_items items = vector_items(&of->file, object, name);
  out->count = 0;
  while (out->count < RECORDED_NODES && ol_json_next(&node, NULL, &items))
    out->list[out->count++] = vector_bytes_of(&of->file, node);
}

static void read_proof(recorded *of, recorded_proof *out, ol_json proof) {
  ol_error error;
  ol_json element, member;
  ol_address address = {{0}};
  ol_slice bytes = vector_bytes(&of->file, proof, "address");
  if (bytes.len == sizeof address) memcpy(address.bytes, bytes.data, bytes.len);
  ol_account_question_init(&out->question, &address);
  out->question.trust = OL_TRUST_GIVEN;
  out->question.max_age_s = OL_AGE_ANY;
  out->result = proof;
  out->text = text_of(of, proof, copy_root);
  if (ol_json_find(&member, proof, "code")) out->code = vector_bytes_of(&of->file, member);
  read_nodes(of, &out->account, proof, "accountProof");
  ol_json_items items = vector_items(&of->file, proof, "storageProof");
  while (out->question.slot_count < OL_MAX_SLOTS && ol_json_next(&element, NULL, &items)) {
    uint32_t at = out->question.slot_count++;
    read_nodes(of, &out->slots[at], element, "proof");
    if (!ol_json_find(&member, element, "key") ||
        ol_json_hex_u256(&error, &out->question.slots[at], member) != OL_OK)
      vector_count(of->file.tally, false, ol_slice_of("storage proof", 13), "has no key");
  }
}

/* {block} or, from a beacon block, {header: RLP}. */
static bool read_header(recorded *of) {
  ol_error error;
  ol_json block;
  size_t len = 0;
  uint8_t *rlp = ol_arena_take(&of->arena, 2048);
  char *hex = ol_arena_take(&of->arena, 2 * 2048 + 3);
  if (rlp == NULL || hex == NULL) return false;
  if (ol_json_find(&block, of->file.root, "block")) {
    ol_hash hash;
    of->block = text_of(of, block, copy_block);
    size_t room = ol_json_memory(of->block.len);
    void *memory = malloc(room);
    if (memory == NULL) return false;
    ol_status status = ol_header_from_text(&error, &of->header, &hash, of->block, memory, room);
    free(memory);
    if (status != OL_OK) return false;
  } else {
    ol_slice bytes = vector_bytes(&of->file, of->file.root, "header");
    if (ol_header_decode(&error, &of->header, bytes.data, bytes.len) != OL_OK) return false;
  }
  if (ol_header_encode(&error, rlp, 2048, &len, &of->header) != OL_OK) return false;
  ol_hex_text(hex, rlp, len);
  of->rlp = ol_slice_of(rlp, len);
  of->hex = ol_slice_of(hex, 2 * len + 2);
  return true;
}

bool recorded_open(recorded *out, vector_tally *tally, const uint8_t *json, size_t len) {
  memset(out, 0, sizeof *out);
  if (!vector_open(&out->file, tally, json, len)) return false;
  ol_json proof;
  ol_json_items proofs = vector_items(&out->file, out->file.root, "proofs");
  size_t room = 24 * len + (1 << 20);
  out->memory = malloc(room);
  out->proofs = calloc(proofs.left + 1, sizeof *out->proofs);
  out->arena = ol_arena_of(out->memory, out->memory == NULL ? 0 : room);
  bool good = out->memory != NULL && out->proofs != NULL && read_header(out);
  vector_count(tally, good, ol_slice_of("header", 6), "is not one that can be read");
  while (good && ol_json_next(&proof, NULL, &proofs))
    read_proof(out, &out->proofs[out->proof_count++], proof);
  if (!good) recorded_close(out);
  return good;
}

void recorded_close(recorded *recording) {
  free(recording->proofs);
  free(recording->memory);
  vector_close(&recording->file);
}

ol_slice recorded_response(recorded *recording, uint64_t id, ol_slice result) {
  static const char before[] = "{\"jsonrpc\":\"2.0\",\"id\":", between[] = ",\"result\":";
  char digits[20];
  size_t count = 0, used = sizeof before - 1;
  do digits[sizeof digits - ++count] = (char)('0' + id % 10);
  while ((id /= 10) != 0);
  size_t len = used + count + sizeof between - 1 + result.len + 1;
  char *out = ol_arena_take(&recording->arena, len);
  if (out == NULL) return ol_slice_of(NULL, 0);
  memcpy(out, before, used);
  memcpy(out + used, digits + sizeof digits - count, count);
  used += count;
  memcpy(out + used, between, sizeof between - 1);
  used += sizeof between - 1;
  memcpy(out + used, result.data, result.len);
  out[len - 1] = '}';
  return ol_slice_of(out, len);
}
