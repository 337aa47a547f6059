/* SPDX-License-Identifier: MIT */

/* What a sequencer gossips: made by other libraries (envelopes.mjs), and recorded. */

#include "vectors.h"

#include "openledger/envelope.h"
#include "trie/trie.h"

#include <stdlib.h>

/* Decompresses a message. Out: memory to be freed, which `out->data` is. */
static bool unpack(ol_error *error, ol_slice *out, ol_slice gossiped) {
  size_t len = 0;
  *out = (ol_slice){NULL, 0};
  if (ol_envelope_unpack(error, NULL, 0, &len, gossiped) != OL_ERR_MEMORY) return false;
  uint8_t *bytes = malloc(len + 1);
  *out = ol_slice_of(bytes, len);
  return bytes != NULL && ol_envelope_unpack(error, bytes, len, &len, gossiped) == OL_OK;
}

static void free_message(ol_slice message) {
  free((void *)(uintptr_t)message.data);
}

static ol_envelope_rules read_rules(vector_file *file) {
  ol_envelope_rules rules = {.chain_id = vector_u64(file, file->root, "chainId"),
                             .now_s = vector_u64(file, file->root, "now")};
  ol_slice signer = vector_bytes(file, file->root, "signer");
  if (signer.len == sizeof rules.signer.bytes) memcpy(rules.signer.bytes, signer.data, signer.len);
  return rules;
}

/* Whether the transactions, taken out one by one, are those of the header. */
static bool has_transactions(const ol_envelope *envelope, uint64_t count) {
  if (envelope->transaction_count != count) return false;
  ol_slice *list = malloc((size_t)(count + 1) * sizeof *list);
  ol_hash root;
  bool all = list != NULL;
  for (uint32_t i = 0; all && i < count; i++) all = ol_envelope_transaction(envelope, &list[i], i) == 1;
  if (all) ol_trie_list_root(&root, list, (size_t)count, NULL);
  free(list);
  return all && ol_hash_equal(&root, &envelope->header.transactions_root);
}

static const char *check_good(vector_file *file, ol_json test, const ol_envelope_rules *rules,
                              ol_slice message) {
  ol_error error;
  ol_envelope envelope;
  uint8_t rlp[1400];
  size_t len;
  uint32_t version = (uint32_t)vector_u64(file, test, "version");
  if (ol_envelope_verify(&error, &envelope, rules, message, version) != OL_OK) return error.reason;
  if (!vector_same(ol_slice_of(envelope.hash.bytes, 32), vector_bytes(file, test, "hash")))
    return "has another block hash";
  if (ol_header_encode(&error, rlp, sizeof rlp, &len, &envelope.header) != OL_OK) return error.reason;
  if (!vector_same(ol_slice_of(rlp, len), vector_bytes(file, test, "header"))) return "has another header";
  const char *fork = ol_fork_name(ol_header_op_fork(&envelope.header));
  if (!vector_same(vector_text(file, test, "fork"), ol_slice_of(fork, strlen(fork))))
    return "is of another fork";
  return has_transactions(&envelope, vector_u64(file, test, "transactions")) ? NULL
                                                                             : "lists other transactions";
}

void run_envelope(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_error error;
  ol_json test;
  ol_slice message;
  if (!vector_open(&file, tally, json, len)) return;
  ol_envelope_rules rules = read_rules(&file);
  ol_json_items cases = vector_items(&file, file.root, "cases");
  while (ol_json_next(&test, NULL, &cases)) {
    const char *why = unpack(&error, &message, vector_bytes(&file, test, "message"))
                          ? check_good(&file, test, &rules, message)
                          : error.reason;
    free_message(message);
    vector_count(tally, why == NULL, vector_text(&file, test, "fork"), why != NULL ? why : "");
  }
  vector_close(&file);
}

void run_envelope_refused(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_error error;
  ol_json test;
  ol_slice message;
  ol_envelope envelope;
  if (!vector_open(&file, tally, json, len)) return;
  ol_envelope_rules rules = read_rules(&file);
  ol_json_items cases = vector_items(&file, file.root, "cases");
  while (ol_json_next(&test, NULL, &cases)) {
    uint32_t version = (uint32_t)vector_u64(&file, test, "version");
    ol_slice expected = vector_text(&file, test, "status");
    ol_status status = OL_OK;
    if (unpack(&error, &message, vector_bytes(&file, test, "message")))
      status = ol_envelope_verify(&error, &envelope, &rules, message, version);
    const char *name = ol_status_name(status);
    free_message(message);
    vector_count(tally, vector_same(ol_slice_of(name, strlen(name)), expected),
                 vector_text(&file, test, "name"), name);
  }
  vector_close(&file);
}

/*
 * Recorded messages of a development chain, whose signer and chain id were not recorded: it is checked that they
 * have the form, that somebody can have signed them, and whether the block's hash is the header's.
 */
void run_gossip(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_error error;
  ol_slice message;
  ol_envelope envelope;
  ol_envelope_rules rules = {.chain_id = 1, .any_time = 1};
  if (!vector_open(&file, tally, json, len)) return;
  uint32_t version = (uint32_t)vector_u64(&file, file.root, "version");
  ol_status wanted = vector_bool(&file, file.root, "hashed") ? OL_OK : OL_ERR_MISMATCH;
  bool good = unpack(&error, &message, vector_bytes(&file, file.root, "message")) &&
              ol_envelope_decode(&error, &envelope, message, version) == OL_OK;
  vector_count(tally, good, ol_slice_of("form", 4), good ? "" : error.reason);
  good = good && ol_envelope_signer(&error, &rules.signer, &envelope, rules.chain_id) == OL_OK;
  vector_count(tally, good, ol_slice_of("signature", 9), good ? "" : error.reason);
  ol_status status = good ? ol_envelope_verify(&error, &envelope, &rules, message, version) : OL_OK;
  good = good && status == wanted && (status == OL_OK || strcmp(error.field, "blockHash") == 0);
  vector_count(tally, good, ol_slice_of("block hash", 10),
               status == OL_OK ? "is the header's" : error.reason);
  free_message(message);
  vector_close(&file);
}
