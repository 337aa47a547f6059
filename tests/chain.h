/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_CHAIN_H
#define OL_TESTS_CHAIN_H

/*
 * A chain of linked blocks on the state of world.h: transactions of every type, receipts with logs, and a state that
 * tells the hashes of older blocks (EIP-2935); and the answers of an endpoint that serves it. Numbers may have gaps, so
 * that a chain of a few blocks reaches far back.
 */

#include "openledger/block.h"
#include "provider/render.h"
#include "receipts.h"
#include "rollup/history.h"
#include "world.h"

#ifndef CHAIN_BLOCKS
#define CHAIN_BLOCKS 72
#endif
#define CHAIN_ITEMS 5
#define CHAIN_TIME UINT64_C(1700000000)

typedef struct chain_block {
  ol_header header;
  ol_hash hash;
  world_trie history;
  world_trie state;
  size_t count;
  ol_transaction transactions[CHAIN_ITEMS];
  ol_receipt receipts[CHAIN_ITEMS];
  ol_slice transaction_items[CHAIN_ITEMS];
  ol_slice receipt_items[CHAIN_ITEMS];
} chain_block;

typedef struct chain {
  world_chain base;
  size_t count;
  uint64_t history_from; /* the first block whose hash is in the state */
  uint8_t fork;          /* another one is another chain */
  chain_block blocks[CHAIN_BLOCKS];
} chain;

/* Who serves a chain, up to a block that is the head: its place in the list, as those of the other tags. */
typedef struct chain_endpoint {
  const chain *of;
  size_t head;
  size_t safe;
  size_t finalized;
  uint64_t chain_id;
} chain_endpoint;

/* What the first transaction of each block says of L1, which a test may set before it makes a chain; NULL for nothing. */
static const ol_hash *(*chain_origin)(uint64_t number, uint64_t *out_l1_number);

/* The highest byte of L1's base fee, as a block says it. */
static uint8_t chain_l1_base_fee;

/* All bytes but the last of a block's base fee. */
static uint8_t chain_base_fee;

/* What transactions that have a tip add to it and to their fee. */
static uint64_t chain_tip;

/* What a receipt is, but for its gas and its deposit: which a test may set before it makes a chain. */
static void (*chain_receipt)(uint64_t number, size_t index, ol_receipt *receipt);

/* The storage of L2ToL1MessagePasser, which a test may set before it makes a chain; NULL where there is none. */
static const world_trie *chain_passer;
static const ol_address chain_passer_address = {{0x42, [19] = 0x16}};

/* Makes a deposit the one that sets the L1 attributes (setL1BlockValuesEcotone). */
static inline void chain_put_origin(ol_transaction *transaction, uint8_t data[164], uint64_t number) {
  static const uint8_t depositor[] = {0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad,
                                      0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0x00, 0x01};
  uint64_t l1_number;
  const ol_hash *hash = chain_origin(number, &l1_number);
  memset(data, 0, 164);
  memcpy(data, "\x44\x0a\x5e\x20\0\0\0\2\0\0\0\3", 12); /* the scalars of base fee and blob base fee */
  ol_store_be64(data + 20, CHAIN_TIME);
  ol_store_be64(data + 28, l1_number);
  ol_store_be64(data + 60, 1000000000); /* base fee */
  data[36] = chain_l1_base_fee;
  ol_store_be64(data + 92, 10000000); /* blob base fee */
  memcpy(data + 100, hash->bytes, sizeof hash->bytes);
  memcpy(transaction->from.bytes, depositor, sizeof depositor);
  transaction->to = (ol_address){{0x42, [19] = 0x15}};
  memset(&transaction->mint, 0, sizeof transaction->mint);
  memset(&transaction->value, 0, sizeof transaction->value);
  transaction->data = ol_slice_of(data, 164);
}

/* Account i, from 1 on, has nonce i and 1000 * i + the block's number wei. */
#define CHAIN_ACCOUNTS 4

static inline void chain_begin(chain *of, uint8_t fork) {
  memset(of, 0, sizeof *of);
  world_make(&of->base);
  of->fork = fork;
}

static inline void chain_put_state(chain *of, chain_block *block, uint64_t number) {
  ol_hash code_hash;
  for (size_t i = 0; i < of->count; i++) {
    const ol_header *older = &of->blocks[i].header;
    if (older->number < of->history_from || !ol_history_tells(number, older->number)) continue;
    ol_u256 slot;
    uint8_t rlp[40];
    size_t zeros = 0;
    ol_rlp_writer to = {.out = rlp, .len = sizeof rlp};
    while (of->blocks[i].hash.bytes[zeros] == 0) zeros++;
    ol_history_slot(&slot, older->number);
    ol_rlp_put_string(&to, of->blocks[i].hash.bytes + zeros, sizeof(ol_hash) - zeros);
    world_insert(&block->history, slot.bytes, sizeof slot.bytes, rlp, to.used);
  }
  world_seal(&block->history);
  ol_keccak256(&code_hash, of->base.code, sizeof of->base.code);
  world_put_account(&block->state, &of->base.contract, 1, 0, &of->base.storage.root, &code_hash);
  if (block->history.count > 0)
    world_put_account(&block->state, &ol_history_address, 1, 0, &block->history.root, &code_hash);
  if (chain_passer != NULL)
    world_put_account(&block->state, &chain_passer_address, 1, 0, &chain_passer->root, &code_hash);
  for (uint8_t i = 1; i <= CHAIN_ACCOUNTS; i++) {
    const ol_address address = world_address(i);
    world_put_account(&block->state, &address, i, 1000u * i + number, &ol_trie_empty_root,
                      &ol_empty_code_hash);
  }
  world_seal(&block->state);
}

/* Transaction `index` of a block: the first is a deposit, the others are of all types in turn. */
static inline void chain_put_item(chain_block *block, uint64_t number, size_t index, bool with_logs) {
  const uint32_t type = index == 0 ? OL_TX_DEPOSIT : sample_types[(number + index) % (SAMPLE_TYPES - 1)];
  ol_transaction transaction = sample_transaction(type);
  ol_receipt receipt = sample_receipt(type);
  ol_error error;
  uint8_t attributes[164];
  if (type == OL_TX_DEPOSIT && chain_origin != NULL) chain_put_origin(&transaction, attributes, number);
  if (type == OL_TX_DEPOSIT) {
    ol_store_be64(transaction.source_hash.bytes, number);
  } else {
    transaction.nonce = number * CHAIN_ITEMS + index;
    if (type >= OL_TX_DYNAMIC_FEE) {
      ol_store_be64(transaction.max_priority_fee_per_gas.bytes + 24, chain_tip + 10 * index);
      ol_store_be64(transaction.max_fee_per_gas.bytes + 24, chain_tip + 120);
    }
    sign_sample(&transaction);
  }
  block->transaction_items[index] = sample_bytes(&transaction);
  if (ol_transaction_decode(&error, &block->transactions[index], block->transaction_items[index].data,
                            block->transaction_items[index].len) != OL_OK)
    abort();
  receipt.cumulative_gas_used = 21000 * (index + 1) * (index + 2) / 2;
  receipt.deposit_nonce = number;
  if (!with_logs) {
    receipt.logs.len = receipt.log_count = 0;
    memset(receipt.logs_bloom, 0, sizeof receipt.logs_bloom);
  }
  if (chain_receipt != NULL) chain_receipt(number, index, &receipt);
  uint8_t *bytes = malloc(2048);
  size_t len = 0;
  if (bytes == NULL || ol_receipt_encode(&error, bytes, 2048, &len, &receipt) != OL_OK) abort();
  block->receipt_items[index] = ol_slice_of(bytes, len);
  if (ol_receipt_decode(&error, &block->receipts[index], bytes, len) != OL_OK) abort();
  for (size_t i = 0; i < OL_BLOOM_BYTES; i++) block->header.logs_bloom[i] |= receipt.logs_bloom[i];
  block->header.gas_used = receipt.cumulative_gas_used;
  block->count = index + 1;
}

/* Adds a block with so many transactions, whose receipts may have logs. */
static inline void chain_add(chain *of, uint64_t number, size_t items, bool with_logs) {
  if (of->count == CHAIN_BLOCKS || items > CHAIN_ITEMS) abort();
  static const uint8_t no_ommers = 0xc0; /* an empty list */
  chain_block *block = &of->blocks[of->count];
  block->header = world_block(&of->base, number, of->fork);
  block->header.timestamp = CHAIN_TIME + 2 * of->count;
  block->header.base_fee = world_word(50 + number % 7);
  memset(block->header.base_fee.bytes, chain_base_fee, sizeof block->header.base_fee.bytes - 1);
  if (chain_passer != NULL) block->header.withdrawals_root = chain_passer->root;
  ol_keccak256(&block->header.ommers_hash, &no_ommers, 1);
  if (of->count > 0) block->header.parent_hash = of->blocks[of->count - 1].hash;
  chain_put_state(of, block, number);
  block->header.state_root = block->state.root;
  for (size_t i = 0; i < items; i++) chain_put_item(block, number, i, with_logs);
  ol_list_root(&block->header.transactions_root, block->transaction_items, items);
  ol_list_root(&block->header.receipts_root, block->receipt_items, items);
  ol_header_hash(&block->hash, &block->header);
  of->count++;
}

/* Blocks 0 to count - 1: every third has transactions, every ninth of those with logs has logs in its receipts. */
static inline void chain_make(chain *of, uint8_t fork, size_t count) {
  chain_begin(of, fork);
  for (size_t i = 0; i < count; i++) chain_add(of, i, i % 3 == 1 ? 1 + i % CHAIN_ITEMS : 0, i % 2 == 0);
}

static inline void chain_end(chain *of) {
  for (size_t i = 0; i < of->count; i++) {
    for (size_t k = 0; k < of->blocks[i].count; k++) {
      free((void *)(uintptr_t)of->blocks[i].transaction_items[k].data);
      free((void *)(uintptr_t)of->blocks[i].receipt_items[k].data);
    }
  }
  of->count = 0;
}

static inline uint64_t chain_now_ms(const chain *of) {
  return 1000 * (of->blocks[of->count - 1].header.timestamp + 3);
}

/* --- What a node says --- */

static inline void chain_write_transaction(ol_json_writer *to, const char *name, const chain_block *block,
                                           size_t index) {
  sample_text text = sample_json_open(&block->transactions[index]);
  put_sample_hex(&text, ",\"blockHash\":\"%s\"", block->hash.bytes, 32);
  put_sample_number(&text, ",\"blockNumber\":\"%s\"", block->header.number);
  put_sample_number(&text, ",\"transactionIndex\":\"%s\"}", index);
  ol_json_write_raw(to, name, ol_slice_of(text.text, text.used));
  free(text.text);
}

static inline void chain_write_block(ol_json_writer *to, const char *name, const chain_block *block,
                                     bool full) {
  world_open_block(to, name, &block->header);
  ol_json_write_array(to, "transactions");
  for (size_t i = 0; i < block->count; i++) {
    ol_hash hash;
    ol_keccak256(&hash, block->transaction_items[i].data, block->transaction_items[i].len);
    if (full)
      chain_write_transaction(to, NULL, block, i);
    else
      ol_json_write_hex(to, NULL, hash.bytes, sizeof hash.bytes);
  }
  ol_json_write_close(to);
  ol_json_write_close(to);
}

static inline void chain_write_receipts(ol_json_writer *to, const char *name, const chain_block *block) {
  sample_place place = {.block_hash = block->hash, .block_number = block->header.number};
  ol_json_write_array(to, name);
  for (size_t i = 0; i < block->count; i++) {
    ol_keccak256(&place.transaction_hash, block->transaction_items[i].data, block->transaction_items[i].len);
    place.index = i;
    sample_text text = sample_receipt_json_open(&block->receipts[i], &place);
    put_sample(&text, "}%s", "");
    ol_json_write_raw(to, NULL, ol_slice_of(text.text, text.used));
    free(text.text);
    place.first_log += block->receipts[i].log_count;
  }
  ol_json_write_close(to);
}

/* --- An endpoint --- */

/* Returns: the block of a tag, a number or a hash; NULL where the endpoint has none. */
static inline const chain_block *chain_find(const chain_endpoint *endpoint, ol_json value) {
  ol_error error;
  ol_slice text;
  ol_hash hash;
  uint64_t number = 0;
  const chain_block *blocks = endpoint->of->blocks;
  if (ol_json_string(&error, &text, value) != OL_OK) abort();
  if (world_is_method(text, "latest")) return &blocks[endpoint->head];
  if (world_is_method(text, "safe")) return &blocks[endpoint->safe];
  if (world_is_method(text, "finalized")) return &blocks[endpoint->finalized];
  const bool by_hash = text.len == 66;
  if ((by_hash ? ol_json_hex_fixed(&error, hash.bytes, sizeof hash.bytes, value)
               : ol_json_hex_u64(&error, &number, value)) != OL_OK)
    abort();
  for (size_t i = 0; i <= endpoint->head; i++) {
    if (by_hash ? ol_hash_equal(&blocks[i].hash, &hash) : blocks[i].header.number == number)
      return &blocks[i];
  }
  return NULL;
}

static inline void chain_answer_proof(ol_json_writer *to, const chain_endpoint *endpoint,
                                      const ol_json *params) {
  ol_error error;
  ol_address address;
  ol_u256 slots[OL_MAX_SLOTS];
  size_t slot_count = 0;
  ol_json_items keys;
  ol_json key;
  const chain_block *block = chain_find(endpoint, params[2]);
  if (ol_json_hex_fixed(&error, address.bytes, sizeof address.bytes, params[0]) != OL_OK ||
      ol_json_array(&error, &keys, params[1]) != OL_OK)
    abort();
  while (ol_json_next(&key, NULL, &keys)) {
    if (ol_json_hex_u256(&error, &slots[slot_count++], key) != OL_OK) abort();
  }
  if (block == NULL) {
    ol_json_write_null(to, "result");
    return;
  }
  const world_trie *storage = &endpoint->of->base.storage;
  if (memcmp(&address, &ol_history_address, sizeof address) == 0) storage = &block->history;
  if (memcmp(&address, &chain_passer_address, sizeof address) == 0 && chain_passer != NULL)
    storage = chain_passer;
  world_write_tries(to, "result", &block->state, storage, &address, slots, slot_count);
}

static inline void chain_answer_transaction(ol_json_writer *to, const chain_endpoint *endpoint,
                                            ol_json param) {
  ol_error error;
  ol_hash asked, hash;
  if (ol_json_hex_fixed(&error, asked.bytes, sizeof asked.bytes, param) != OL_OK) abort();
  for (size_t i = 0; i <= endpoint->head; i++) {
    const chain_block *block = &endpoint->of->blocks[i];
    for (size_t k = 0; k < block->count; k++) {
      ol_keccak256(&hash, block->transaction_items[k].data, block->transaction_items[k].len);
      if (!ol_hash_equal(&hash, &asked)) continue;
      chain_write_transaction(to, "result", block, k);
      return;
    }
  }
  ol_json_write_null(to, "result");
}

static inline void chain_answer_sent(ol_json_writer *to, ol_arena *arena, ol_json param) {
  ol_error error;
  ol_slice bytes;
  ol_hash hash;
  if (ol_json_hex(&error, &bytes, arena, param) != OL_OK) abort();
  ol_keccak256(&hash, bytes.data, bytes.len);
  ol_json_write_hex(to, "result", hash.bytes, sizeof hash.bytes);
}

static inline void chain_answer_blocks(ol_json_writer *to, const chain_endpoint *endpoint, ol_slice method,
                                       const ol_json *params) {
  ol_error error;
  bool full = false;
  const chain_block *block = chain_find(endpoint, params[0]);
  const bool receipts = world_is_method(method, "eth_getBlockReceipts");
  if (!receipts && ol_json_bool(&error, &full, params[1]) != OL_OK) abort();
  if (block == NULL)
    ol_json_write_null(to, "result");
  else if (receipts)
    chain_write_receipts(to, "result", block);
  else
    chain_write_block(to, "result", block, full);
}

/* The logs of a range of blocks, by their numbers, that match a filter. */
static inline void chain_answer_logs(ol_json_writer *to, const chain_endpoint *endpoint, ol_json filter) {
  ol_error error;
  ol_log_filter wanted;
  ol_json from, last;
  uint64_t first = 0, end = 0;
  if (ol_log_filter_read(&error, &wanted, filter) != OL_OK || !ol_json_find(&from, filter, "fromBlock") ||
      !ol_json_find(&last, filter, "toBlock") || ol_json_hex_u64(&error, &first, from) != OL_OK ||
      ol_json_hex_u64(&error, &end, last) != OL_OK)
    abort();
  ol_json_write_array(to, "result");
  for (size_t i = 0; i <= endpoint->head; i++) {
    const chain_block *block = &endpoint->of->blocks[i];
    const ol_rpc_block of = {.header = &block->header,
                             .hash = &block->hash,
                             .transactions = block->transaction_items,
                             .transaction_count = block->count,
                             .receipts = block->receipt_items};
    if (block->header.number < first || block->header.number > end) continue;
    if (ol_rpc_write_logs(&error, to, &of, &wanted) != OL_OK) abort();
  }
  ol_json_write_close(to);
}

static inline void chain_answer_request(ol_json_writer *to, const chain_endpoint *endpoint, ol_arena *scratch,
                                        ol_json request) {
  ol_error error;
  ol_json member, params, parameter[3];
  ol_json_items items;
  ol_slice method;
  uint64_t id = 0;
  size_t count = 0;
  if (!ol_json_find(&member, request, "method") || ol_json_string(&error, &method, member) != OL_OK ||
      !ol_json_find(&member, request, "id") || ol_json_u64(&error, &id, member) != OL_OK ||
      !ol_json_find(&params, request, "params") || ol_json_array(&error, &items, params) != OL_OK)
    abort();
  while (count < 3 && ol_json_next(&parameter[count], NULL, &items)) count++;
  ol_json_write_object(to, NULL);
  ol_json_write_text(to, "jsonrpc", "2.0");
  ol_json_write_u64(to, "id", id);
  if (world_is_method(method, "eth_chainId")) {
    ol_json_write_quantity_u64(to, "result", endpoint->chain_id);
  } else if (world_is_method(method, "eth_getBlockByNumber") ||
             world_is_method(method, "eth_getBlockByHash") ||
             world_is_method(method, "eth_getBlockReceipts")) {
    chain_answer_blocks(to, endpoint, method, parameter);
  } else if (world_is_method(method, "eth_getCode")) {
    ol_address address;
    if (ol_json_hex_fixed(&error, address.bytes, sizeof address.bytes, parameter[0]) != OL_OK) abort();
    const bool contract = memcmp(&address, &endpoint->of->base.contract, sizeof address) == 0;
    ol_json_write_hex(to, "result", endpoint->of->base.code, contract ? sizeof endpoint->of->base.code : 0);
  } else if (world_is_method(method, "eth_getLogs")) {
    chain_answer_logs(to, endpoint, parameter[0]);
  } else if (world_is_method(method, "eth_getTransactionByHash")) {
    chain_answer_transaction(to, endpoint, parameter[0]);
  } else if (world_is_method(method, "eth_sendRawTransaction")) {
    chain_answer_sent(to, scratch, parameter[0]);
  } else if (world_is_method(method, "eth_call")) {
    ol_json_write_hex(to, "result", NULL, 0); /* its contracts answer nothing */
  } else {
    if (!world_is_method(method, "eth_getProof")) abort();
    chain_answer_proof(to, endpoint, parameter);
  }
  ol_json_write_close(to);
}

/* Answers a request or a batch as an honest endpoint. Out: JSON text in memory. */
static inline ol_slice chain_answer(const chain_endpoint *endpoint, void *memory, size_t len,
                                    ol_slice request) {
  static uint8_t parse_memory[1 << 18];
  ol_arena scratch = ol_arena_of(parse_memory, sizeof parse_memory), arena = ol_arena_of(memory, len);
  ol_error error;
  ol_json root, element;
  ol_json_items items;
  ol_json_writer to;
  ol_slice text;
  if (ol_json_read(&error, &root, &scratch, request.data, request.len) != OL_OK) abort();
  ol_json_write_begin(&to, &arena);
  if (ol_json_kind_of(root) == OL_JSON_OBJECT) {
    chain_answer_request(&to, endpoint, &scratch, root);
  } else {
    if (ol_json_array(&error, &items, root) != OL_OK) abort();
    ol_json_write_array(&to, NULL);
    while (ol_json_next(&element, NULL, &items)) chain_answer_request(&to, endpoint, &scratch, element);
    ol_json_write_close(&to);
  }
  if (ol_json_write_end(&error, &text, &to) != OL_OK) abort();
  return text;
}

#endif
