/* SPDX-License-Identifier: MIT */

/* Transactions, receipts and what an L2 block says of L1: published tests, and recorded blocks. */

#include "vectors.h"

#include "encoding/hex.h"
#include "openledger/openledger.h"
#include "provider/render.h"
#include "rollup/base_fee.h"
#include "rollup/header.h"

#include "../transactions.h"

#include <stdlib.h>

static ol_slice label_of(const char *text) {
  return ol_slice_of(text, strlen(text));
}

/* Decodes, encodes again, hashes and recovers. */
static ol_status read_transaction(ol_error *error, ol_transaction *out, ol_address *sender, ol_slice bytes,
                                  uint64_t chain_id) {
  ol_status status = ol_transaction_decode(error, out, bytes.data, bytes.len);
  if (status != OL_OK) return status;
  ol_hash hash, expected;
  size_t len = 0;
  uint8_t *again = malloc(bytes.len);
  if (again == NULL) return OL_ERR_MEMORY;
  status = ol_transaction_encode(error, again, bytes.len, &len, out);
  if (status == OL_OK && !vector_same(ol_slice_of(again, len), bytes))
    status = ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "does not encode to the same bytes");
  free(again);
  ol_transaction_hash(&hash, out);
  ol_keccak256(&expected, bytes.data, bytes.len);
  if (status == OL_OK && !ol_hash_equal(&hash, &expected))
    status = ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "has another hash");
  return status != OL_OK ? status : ol_transaction_sender(error, sender, out, chain_id);
}

/* What a block of a fork asks of a transaction besides, but for its value. Out: the gas that it needs. */
static ol_status check_rules(ol_error *error, uint64_t *out, const ol_transaction *transaction,
                             ol_fork fork) {
  uint64_t floor;
  ol_u256 cost;
  ol_transaction gas_alone = *transaction;
  memset(&gas_alone.value, 0, sizeof gas_alone.value);
  ol_status status = ol_transaction_intrinsic_gas(error, out, &floor, transaction, fork);
  if (status == OL_OK) status = ol_transaction_max_cost(error, &cost, &gas_alone);
  if (status == OL_OK && (transaction->gas_limit < *out || transaction->gas_limit < floor))
    status = ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "has less gas than it needs");
  return status;
}

static void check_verdict(vector_file *file, ol_slice name, ol_json test, ol_json verdict, ol_fork fork) {
  ol_error error;
  ol_json exception, needed;
  ol_transaction transaction;
  ol_address sender;
  ol_hash hash;
  uint64_t gas = 0, expected_gas = 0;
  ol_slice bytes = vector_bytes(file, test, "txbytes");
  ol_error_clear(&error);
  ol_status status = read_transaction(&error, &transaction, &sender, bytes, 1);
  if (status == OL_OK) status = check_rules(&error, &gas, &transaction, fork);
  if (ol_json_find(&exception, verdict, "exception")) {
    vector_count(file->tally, status != OL_OK, name, "is accepted");
    return;
  }
  ol_keccak256(&hash, bytes.data, bytes.len);
  bool good =
      status == OL_OK && ol_json_find(&needed, verdict, "intrinsicGas") &&
      ol_json_hex_u64(&error, &expected_gas, needed) == OL_OK && gas == expected_gas &&
      vector_same(ol_slice_of(sender.bytes, sizeof sender.bytes), vector_bytes(file, verdict, "sender")) &&
      vector_same(ol_slice_of(hash.bytes, sizeof hash.bytes), vector_bytes(file, verdict, "hash"));
  vector_count(file->tally, good, name, status == OL_OK ? "has another sender, hash or gas" : error.reason);
}

/* TransactionTests: {name: {txbytes, result: {fork: verdict}}}; each fork that a header can show from London on. */
void run_transactions(vector_tally *tally, const uint8_t *json, size_t len) {
  static const struct {
    const char *name;
    ol_fork fork;
  } forks[] = {{"Cancun", OL_FORK_CANCUN},
               {"Shanghai", OL_FORK_SHANGHAI},
               {"Paris", OL_FORK_PARIS},
               {"London", OL_FORK_LONDON}};
  vector_file file;
  ol_error error;
  ol_json_items tests;
  ol_json test, result, verdict;
  ol_slice name;
  if (!vector_open(&file, tally, json, len)) return;
  if (ol_json_object(&error, &tests, file.root) != OL_OK) tests.left = 0;
  while (ol_json_next(&test, &name, &tests)) {
    bool found = false;
    for (size_t i = 0; i < sizeof forks / sizeof forks[0]; i++) {
      if (!ol_json_find(&result, test, "result") || !ol_json_find(&verdict, result, forks[i].name)) continue;
      check_verdict(&file, name, test, verdict, forks[i].fork);
      found = true;
    }
    if (!found) vector_count(tally, false, name, "has no verdict");
  }
  vector_close(&file);
}

/* Memory that verifying a text takes. */
static void *memory_for(ol_slice text, size_t *out_len) {
  *out_len = 20 * text.len + 4096;
  return malloc(*out_len);
}

/* What is written of a block reads back to the same bytes; each item is counted. */
static void check_rendered(vector_tally *tally, const ol_rpc_block *block, size_t room) {
  ol_error error;
  ol_header header;
  ol_items items = {NULL, 0};
  ol_slice text;
  ol_json_writer to;
  size_t memory_len;
  const ol_slice *expected = block->receipts != NULL ? block->receipts : block->transactions;
  ol_arena arena = ol_arena_of(malloc(room), room);
  if (arena.memory == NULL) abort();
  ol_json_write_begin(&to, &arena);
  ol_status status = block->receipts != NULL ? ol_rpc_write_receipts(&error, &to, NULL, block)
                                             : ol_rpc_write_block(&error, &to, NULL, block, true);
  if (status == OL_OK) status = ol_json_write_end(&error, &text, &to);
  void *memory = status == OL_OK ? memory_for(text, &memory_len) : NULL;
  if (memory != NULL)
    status =
        block->receipts != NULL
            ? ol_block_receipts_verify(&error, &items, block->header, block->transactions,
                                       block->transaction_count, text, memory, memory_len)
            : ol_block_transactions_verify(&error, &header, &items, block->hash, text, memory, memory_len);
  vector_count(tally, status == OL_OK && items.count == block->transaction_count, label_of("rendered block"),
               error.reason);
  for (size_t i = 0; status == OL_OK && i < items.count; i++)
    vector_count(tally, vector_same(items.items[i], expected[i]), label_of("rendered item"),
                 "is another one when it is read");
  free(memory);
  free(arena.memory);
}

/* {hash, text}: a block with full transactions; each is counted. */
void run_block_transactions(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_error error;
  ol_header header;
  ol_items items = {NULL, 0};
  ol_hash hash = {{0}};
  size_t memory_len;
  if (!vector_open(&file, tally, json, len)) return;
  ol_slice text = vector_text(&file, file.root, "text"), bytes = vector_bytes(&file, file.root, "hash");
  if (bytes.len == sizeof hash) memcpy(hash.bytes, bytes.data, bytes.len);
  void *memory = memory_for(text, &memory_len);
  ol_error_clear(&error);
  ol_status status =
      memory == NULL ? OL_ERR_MEMORY
                     : ol_block_transactions_verify(&error, &header, &items, &hash, text, memory, memory_len);
  vector_count(tally, status == OL_OK, label_of("block"), error.reason);
  for (size_t i = 0; status == OL_OK && i < items.count; i++) {
    ol_transaction transaction;
    ol_address sender;
    ol_status read = read_transaction(&error, &transaction, &sender, items.items[i], 1);
    vector_count(tally, read == OL_OK, label_of("transaction"), error.reason);
  }
  if (status == OL_OK) {
    const ol_rpc_block block = {.header = &header,
                                .hash = &hash,
                                .chain_id = 1,
                                .transactions = items.items,
                                .transaction_count = items.count};
    check_rendered(tally, &block, 2 * text.len);
  }
  free(memory);
  vector_close(&file);
}

/* Counts a receipt that encodes to its bytes, and whose logs are below the block's bloom. */
static void check_receipt(vector_tally *tally, const ol_header *header, ol_slice bytes) {
  ol_error error;
  ol_receipt receipt;
  ol_log log;
  size_t len = 0;
  uint8_t *again = malloc(bytes.len);
  ol_error_clear(&error);
  bool good = again != NULL && ol_receipt_decode(&error, &receipt, bytes.data, bytes.len) == OL_OK &&
              ol_receipt_encode(&error, again, bytes.len, &len, &receipt) == OL_OK &&
              vector_same(ol_slice_of(again, len), bytes);
  while (good && ol_log_next(&receipt.logs, &log)) {
    good = ol_bloom_may_have(header->logs_bloom, log.address.bytes, sizeof log.address.bytes);
    for (size_t i = 0; good && i < log.topic_count; i++)
      good = ol_bloom_may_have(header->logs_bloom, log.topics[i].bytes, sizeof log.topics[i].bytes);
  }
  free(again);
  vector_count(tally, good, label_of("receipt"), error.reason);
}

/* Receipts whose transactions were not recorded are rendered with others of their types. */
static void check_rendered_receipts(vector_tally *tally, const ol_header *header, const ol_hash *hash,
                                    const ol_items *receipts, size_t room) {
  ol_slice samples[OL_TX_SET_CODE + 1], *transactions = calloc(receipts->count, sizeof *transactions);
  if (transactions == NULL) abort();
  for (uint32_t type = 0; type <= OL_TX_SET_CODE; type++) {
    const ol_transaction sample = sample_transaction(type);
    samples[type] = sample_bytes(&sample);
  }
  for (size_t i = 0; i < receipts->count; i++) {
    const uint8_t first = receipts->items[i].data[0];
    transactions[i] = samples[first <= OL_TX_SET_CODE ? first : OL_TX_LEGACY];
  }
  const ol_rpc_block block = {.header = header,
                              .hash = hash,
                              .chain_id = SAMPLE_CHAIN,
                              .transactions = transactions,
                              .transaction_count = receipts->count,
                              .receipts = receipts->items};
  check_rendered(tally, &block, room);
  for (uint32_t type = 0; type <= OL_TX_SET_CODE; type++) free((void *)(uintptr_t)samples[type].data);
  free(transactions);
}

/* {block, text}: all receipts of a block; each is counted. */
void run_block_receipts(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_error error;
  ol_json block;
  ol_header header;
  ol_hash hash;
  ol_items items = {NULL, 0};
  size_t memory_len;
  if (!vector_open(&file, tally, json, len)) return;
  ol_slice text = vector_text(&file, file.root, "text");
  void *memory = memory_for(text, &memory_len);
  ol_error_clear(&error);
  bool good = memory != NULL && ol_json_find(&block, file.root, "block") &&
              ol_header_from_json(&error, &header, &hash, block) == OL_OK &&
              ol_block_receipts_verify(&error, &items, &header, NULL, 0, text, memory, memory_len) == OL_OK;
  vector_count(tally, good, label_of("receipts"), error.reason);
  for (size_t i = 0; good && i < items.count; i++) check_receipt(tally, &header, items.items[i]);
  if (good) check_rendered_receipts(tally, &header, &hash, &items, 2 * text.len);
  free(memory);
  vector_close(&file);
}

/* The deposit of the attributes is unique by the L1 block and the sequence number: domain 1. */
static bool source_is(const ol_transaction *first, const ol_l1_attributes *attributes) {
  uint8_t words[64] = {0};
  ol_hash hash;
  memcpy(words, attributes->hash.bytes, 32);
  ol_store_be64(words + 56, attributes->sequence_number);
  ol_keccak256(&hash, words, sizeof words);
  memset(words, 0, 32);
  words[31] = 1;
  memcpy(words + 32, hash.bytes, 32);
  ol_keccak256(&hash, words, sizeof words);
  return ol_hash_equal(&hash, &first->source_hash);
}

/* What L1Block holds once the block was executed, by slot. */
static void check_slot(vector_file *file, ol_json slot, const ol_l1_attributes *attributes) {
  ol_error error;
  ol_json value;
  ol_u256 key = {{0}}, held = {{0}}, expected = {{0}};
  if (!ol_json_find(&value, slot, "key") || ol_json_hex_u256(&error, &key, value) != OL_OK ||
      !ol_json_find(&value, slot, "value") || ol_json_hex_u256(&error, &held, value) != OL_OK)
    vector_count(file->tally, false, label_of("slot"), "is not readable");
  switch (key.bytes[31]) {
  case 0:
    ol_store_be64(expected.bytes + 16, attributes->timestamp);
    ol_store_be64(expected.bytes + 24, attributes->number);
    break;
  case 1: expected = attributes->base_fee; break;
  case 2: memcpy(expected.bytes, attributes->hash.bytes, 32); break;
  case 3:
    ol_store_be64(expected.bytes + 24, attributes->sequence_number);
    ol_store_be64(expected.bytes + 16,
                  (uint64_t)attributes->base_fee_scalar << 32 | attributes->blob_base_fee_scalar);
    break;
  case 4: memcpy(expected.bytes, attributes->batcher_hash.bytes, 32); break;
  case 7: expected = attributes->blob_base_fee; break;
  default: return; /* 5 and 6 are what Bedrock left */
  }
  vector_count(file->tally, memcmp(&held, &expected, sizeof held) == 0, label_of("slot"), "is another value");
}

/* The block's header, the state behind it, and the fees that its vault took in. */
static void check_after(vector_file *file, const ol_l1_attributes *attributes, const ol_slice *items,
                        size_t count, const ol_u256 *fees) {
  ol_error error;
  ol_json block, slot;
  ol_header header;
  ol_hash hash, root;
  if (!ol_json_find(&block, file->root, "block")) return;
  bool good = ol_header_from_json(&error, &header, &hash, block) == OL_OK;
  if (good) ol_list_root(&root, items, count);
  vector_count(file->tally, good && ol_hash_equal(&root, &header.transactions_root), label_of("block"),
               "has another root");
  const ol_rpc_block rendered = {
      .header = &header, .hash = &hash, .transactions = items, .transaction_count = count};
  if (good) check_rendered(file->tally, &rendered, (size_t)1 << 20);
  ol_json_items slots = vector_items(file, file->root, "slots");
  while (ol_json_next(&slot, NULL, &slots)) check_slot(file, slot, attributes);
  ol_json value;
  ol_u256 taken = {{0}};
  good = ol_json_find(&value, file->root, "fees") && ol_json_hex_u256(&error, &taken, value) == OL_OK;
  vector_count(file->tally, good && memcmp(&taken, fees, sizeof taken) == 0, label_of("L1 fees"),
               "are not what the vault took in");
}

#define ITEMS_MAX 64

/* {chainId, transactions, block?, slots?, fees?} */
void run_l2_block(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_error error;
  ol_json item;
  ol_slice items[ITEMS_MAX];
  ol_transaction transaction;
  ol_address sender;
  ol_l1_attributes attributes = {0};
  ol_u256 fee, fees = {{0}};
  size_t count = 0;
  if (!vector_open(&file, tally, json, len)) return;
  uint64_t chain_id = vector_u64(&file, file.root, "chainId");
  ol_json_items transactions = vector_items(&file, file.root, "transactions");
  for (; count < ITEMS_MAX && ol_json_next(&item, NULL, &transactions); count++) {
    ol_slice bytes = items[count] = vector_bytes_of(&file, item);
    ol_error_clear(&error);
    ol_status status = read_transaction(&error, &transaction, &sender, bytes, chain_id);
    vector_count(tally, status == OL_OK, label_of("transaction"), error.reason);
    if (count == 0)
      vector_count(tally,
                   ol_l1_attributes_decode(&error, &attributes, &transaction) == OL_OK &&
                       source_is(&transaction, &attributes),
                   label_of("L1 attributes"), error.reason);
    if (status != OL_OK || transaction.type == OL_TX_DEPOSIT) continue;
    status = ol_l1_fee(&error, &fee, &attributes, OL_L1_FEE_FJORD, bytes.data, bytes.len);
    uint32_t carry = 0;
    for (size_t i = 32; i-- > 0; carry >>= 8) {
      carry += (uint32_t)fees.bytes[i] + fee.bytes[i];
      fees.bytes[i] = (uint8_t)carry;
    }
    vector_count(tally, status == OL_OK, label_of("L1 fee"), error.reason);
  }
  check_after(&file, &attributes, items, count, &fees);
  vector_close(&file);
}

static bool read_rlp(vector_file *file, ol_header *out, ol_json pair, const char *name) {
  ol_error error;
  ol_slice rlp = vector_bytes(file, pair, name);
  ol_error_clear(&error);
  bool good = ol_header_decode(&error, out, rlp.data, rlp.len) == OL_OK;
  if (!good) vector_count(file->tally, false, label_of(name), error.reason);
  return good;
}

/* {l2, pairs: [{hash, parent, child}]}: headers that follow each other, and the older one's hash. */
void run_base_fee(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_error error;
  ol_json pair;
  ol_header parent, child;
  ol_u256 fee;
  if (!vector_open(&file, tally, json, len)) return;
  bool l2 = vector_bool(&file, file.root, "l2");
  ol_json_items pairs = vector_items(&file, file.root, "pairs");
  while (ol_json_next(&pair, NULL, &pairs)) {
    if (!read_rlp(&file, &parent, pair, "parent") || !read_rlp(&file, &child, pair, "child")) continue;
    ol_slice hash = vector_bytes(&file, pair, "hash");
    vector_count(tally, vector_same(hash, ol_slice_of(child.parent_hash.bytes, sizeof(ol_hash))),
                 label_of("child"), "is another block's");
    ol_status status = l2 ? ol_base_fee_after_l2(&error, &fee, &parent, &ol_base_fee_canyon)
                          : ol_base_fee_after_l1(&error, &fee, &parent);
    vector_count(tally, status == OL_OK && memcmp(&fee, &child.base_fee, sizeof fee) == 0,
                 label_of("base fee"), status == OL_OK ? "is another" : error.reason);
  }
  vector_close(&file);
}
