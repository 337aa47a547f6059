/* SPDX-License-Identifier: MIT */
#include "openledger/block.h"

#include "receipts.h"
#include "rollup/header.h"
#include "trie/trie.h"
#include "unit/bytes.h"

static ol_error error;

#define COUNT 4

/* A block of four transactions: a deposit, then one of each kind of price. */
typedef struct sample_block {
  ol_transaction transactions[COUNT];
  ol_receipt receipts[COUNT];
  ol_slice transaction_items[COUNT];
  ol_slice receipt_items[COUNT];
  uint8_t receipt_bytes[COUNT][2048];
  ol_header header;
  ol_hash hash;
} sample_block;

static void build(sample_block *block) {
  const uint32_t types[COUNT] = {OL_TX_DEPOSIT, OL_TX_LEGACY, OL_TX_DYNAMIC_FEE, OL_TX_SET_CODE};
  memset(&block->header, 0, sizeof block->header);
  for (size_t i = 0; i < COUNT; i++) {
    size_t len;
    block->transactions[i] = sample_transaction(types[i]);
    block->receipts[i] = sample_receipt(types[i]);
    block->receipts[i].cumulative_gas_used = 21000 * (i + 1);
    block->transaction_items[i] = sample_bytes(&block->transactions[i]);
    assert_int_equal(ol_receipt_encode(&error, block->receipt_bytes[i], sizeof block->receipt_bytes[i], &len,
                                       &block->receipts[i]),
                     OL_OK);
    block->receipt_items[i] = ol_slice_of(block->receipt_bytes[i], len);
  }
  block->header.field_count = 21;
  block->header.number = 77;
  block->header.base_fee.bytes[31] = 50;
  ol_list_root(&block->header.transactions_root, block->transaction_items, COUNT);
  ol_list_root(&block->header.receipts_root, block->receipt_items, COUNT);
  ol_header_hash(&block->hash, &block->header);
}

static void drop(sample_block *block) {
  for (size_t i = 0; i < COUNT; i++) free((void *)(uintptr_t)block->transaction_items[i].data);
}

/* The nodes of one proof, the root first. */
typedef struct proof {
  uint8_t bytes[8][4096];
  ol_slice nodes[8];
  size_t count;
} proof;

static void take_node(void *context, ol_slice head, ol_slice tail) {
  proof *to = context;
  memmove(to->nodes + 1, to->nodes, to->count * sizeof to->nodes[0]);
  uint8_t *bytes = to->bytes[to->count++];
  memcpy(bytes, head.data, head.len);
  if (tail.len > 0) memcpy(bytes + head.len, tail.data, tail.len);
  to->nodes[0] = ol_slice_of(bytes, head.len + tail.len);
}

static void prove(proof *out, const ol_slice *items, size_t index) {
  ol_hash root;
  out->count = 0;
  const ol_trie_sink sink = {.node = take_node, .context = out, .index = index};
  ol_trie_list_root(&root, items, COUNT, &sink);
}

static void proves_a_transaction_and_its_receipt(void **state) {
  (void)state;
  static sample_block block;
  static proof first, second;
  ol_transaction transaction;
  ol_receipt receipt;
  ol_hash hash;
  build(&block);
  for (size_t i = 0; i < COUNT; i++) {
    prove(&first, block.transaction_items, i);
    prove(&second, block.receipt_items, i);
    ol_transaction_hash(&hash, &block.transactions[i]);
    assert_int_equal(ol_inclusion_verify(&error, &transaction, &receipt, &block.header, i, &hash, first.nodes,
                                         first.count, second.nodes, second.count),
                     OL_OK);
    assert_int_equal(transaction.type, block.transactions[i].type);
    assert_int_equal(receipt.cumulative_gas_used, 21000 * (i + 1));
    /* Another index, another hash, a proof that is cut, and nothing at all. */
    assert_int_equal(ol_inclusion_verify(&error, &transaction, &receipt, &block.header, i + 1, &hash,
                                         first.nodes, first.count, second.nodes, second.count),
                     OL_ERR_PROOF);
    assert_string_equal(error.part, "transactionProof");
    hash.bytes[0] ^= 1;
    assert_int_equal(ol_inclusion_verify(&error, &transaction, &receipt, &block.header, i, &hash, first.nodes,
                                         first.count, second.nodes, second.count),
                     OL_ERR_MISMATCH);
    assert_string_equal(error.reason, "another transaction has this index");
    hash.bytes[0] ^= 1;
    assert_int_equal(ol_inclusion_verify(&error, &transaction, &receipt, &block.header, i, &hash, first.nodes,
                                         first.count, second.nodes, second.count - 1),
                     OL_ERR_PROOF);
    assert_string_equal(error.part, "receiptProof");
    assert_string_not_equal(error.reason, "list has no item with this index");
    assert_int_equal(
        ol_inclusion_verify(&error, &transaction, &receipt, &block.header, i, &hash, first.nodes, 0, NULL, 0),
        OL_ERR_PROOF);
  }
  drop(&block);
}

static void proves_that_a_list_has_no_more_items(void **state) {
  (void)state;
  static sample_block block;
  static proof first;
  ol_slice item;
  build(&block);
  prove(&first, block.transaction_items, 3);
  /* The branch that holds items 1 to 3 has none for the key of item 9: its path ends there. */
  assert_int_equal(ol_list_prove(&error, &item, &block.header.transactions_root, 3, first.nodes, first.count),
                   OL_OK);
  bool shown = false;
  for (size_t cut = 1; cut <= first.count && !shown; cut++)
    shown =
        ol_list_prove(&error, &item, &block.header.transactions_root, 9, first.nodes, cut) == OL_ERR_PROOF &&
        strcmp(error.reason, "list has no item with this index") == 0;
  assert_true(shown);
  drop(&block);
}

/* What is proven, and is no transaction or no receipt of its type. */
static void refuses_items_that_are_something_else(void **state) {
  (void)state;
  static sample_block block;
  static proof first, second;
  ol_transaction transaction;
  ol_receipt receipt;
  ol_hash hash;
  uint8_t garbage[40] = {2};
  build(&block);
  ol_transaction_hash(&hash, &block.transactions[1]);
  block.receipt_items[1] = block.receipt_items[2]; /* of another type */
  ol_list_root(&block.header.receipts_root, block.receipt_items, COUNT);
  prove(&first, block.transaction_items, 1);
  prove(&second, block.receipt_items, 1);
  assert_int_equal(ol_inclusion_verify(&error, &transaction, &receipt, &block.header, 1, &hash, first.nodes,
                                       first.count, second.nodes, second.count),
                   OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "receipt is of another type than its transaction");
  block.receipt_items[1] = ol_slice_of(garbage, sizeof garbage);
  ol_list_root(&block.header.receipts_root, block.receipt_items, COUNT);
  prove(&second, block.receipt_items, 1);
  assert_int_equal(ol_inclusion_verify(&error, &transaction, &receipt, &block.header, 1, &hash, first.nodes,
                                       first.count, second.nodes, second.count),
                   OL_ERR_ENCODING);
  assert_string_equal(error.part, "receipt");
  ol_slice kept = block.transaction_items[1];
  block.transaction_items[1] = ol_slice_of(garbage, sizeof garbage);
  ol_list_root(&block.header.transactions_root, block.transaction_items, COUNT);
  prove(&first, block.transaction_items, 1);
  ol_keccak256(&hash, garbage, sizeof garbage);
  assert_int_equal(ol_inclusion_verify(&error, &transaction, &receipt, &block.header, 1, &hash, first.nodes,
                                       first.count, second.nodes, second.count),
                   OL_ERR_ENCODING);
  assert_string_equal(error.part, "transaction");
  block.transaction_items[1] = kept;
  drop(&block);
}

/* The prices of the four: nothing, its own, base fee and tip. */
static const uint64_t prices[COUNT] = {0, 100, 52, 52};

/* What eth_getBlockByNumber says, with full transactions. */
static char *block_json(const sample_block *block) {
  sample_text to = {.text = NULL};
  const ol_header *header = &block->header;
  put_sample_hex(&to, "{\"hash\":\"%s\"", block->hash.bytes, 32);
  put_sample_hex(&to, ",\"parentHash\":\"%s\"", header->parent_hash.bytes, 32);
  put_sample_hex(&to, ",\"sha3Uncles\":\"%s\"", header->ommers_hash.bytes, 32);
  put_sample_hex(&to, ",\"miner\":\"%s\"", header->coinbase.bytes, 20);
  put_sample_hex(&to, ",\"stateRoot\":\"%s\"", header->state_root.bytes, 32);
  put_sample_hex(&to, ",\"transactionsRoot\":\"%s\"", header->transactions_root.bytes, 32);
  put_sample_hex(&to, ",\"receiptsRoot\":\"%s\"", header->receipts_root.bytes, 32);
  put_sample_hex(&to, ",\"logsBloom\":\"%s\"", header->logs_bloom, 256);
  put_sample_number(&to, ",\"difficulty\":\"%s\"", 0);
  put_sample_number(&to, ",\"number\":\"%s\"", header->number);
  put_sample_number(&to, ",\"gasLimit\":\"%s\"", 0);
  put_sample_number(&to, ",\"gasUsed\":\"%s\"", 0);
  put_sample_number(&to, ",\"timestamp\":\"%s\",\"extraData\":\"0x\"", 0);
  put_sample_hex(&to, ",\"mixHash\":\"%s\"", header->mix_hash.bytes, 32);
  put_sample_hex(&to, ",\"nonce\":\"%s\"", header->nonce, 8);
  put_sample_hex(&to, ",\"baseFeePerGas\":\"%s\"", header->base_fee.bytes, 32);
  put_sample_hex(&to, ",\"withdrawalsRoot\":\"%s\"", header->withdrawals_root.bytes, 32);
  put_sample_number(&to, ",\"blobGasUsed\":\"%s\"", 0);
  put_sample_number(&to, ",\"excessBlobGas\":\"%s\"", 0);
  put_sample_hex(&to, ",\"parentBeaconBlockRoot\":\"%s\"", header->parent_beacon_root.bytes, 32);
  put_sample_hex(&to, ",\"requestsHash\":\"%s\",\"transactions\":[", header->requests_hash.bytes, 32);
  for (size_t i = 0; i < COUNT; i++) {
    sample_text one = sample_json_open(&block->transactions[i]);
    put_sample(&to, "%s", i == 0 ? "" : ",");
    put_sample(&to, "%s", one.text);
    free(one.text);
    put_sample_hex(&to, ",\"blockHash\":\"%s\"", block->hash.bytes, 32);
    put_sample_number(&to, ",\"blockNumber\":\"%s\"", header->number);
    if (block->transactions[i].type != OL_TX_LEGACY)
      put_sample_number(&to, ",\"gasPrice\":\"%s\"", prices[i]);
    put_sample_number(&to, ",\"transactionIndex\":\"%s\"}", i);
  }
  put_sample(&to, "]}%s", "");
  return to.text;
}

/* What eth_getBlockReceipts says. */
static char *receipts_json(const sample_block *block) {
  sample_text to = {.text = NULL};
  sample_place place = {.block_hash = block->hash, .block_number = block->header.number};
  put_sample(&to, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[%s", "");
  for (size_t i = 0; i < COUNT; i++) {
    place.index = i;
    ol_transaction_hash(&place.transaction_hash, &block->transactions[i]);
    sample_text one = sample_receipt_json_open(&block->receipts[i], &place);
    put_sample(&to, "%s", i == 0 ? "" : ",");
    put_sample(&to, "%s", one.text);
    free(one.text);
    put_sample_number(&to, ",\"gasUsed\":\"%s\"", 21000);
    put_sample_hex(&to, ",\"to\":\"%s\"", block->transactions[i].to.bytes, 20);
    put_sample_number(&to, ",\"effectiveGasPrice\":\"%s\"}", prices[i]);
    place.first_log += 3;
  }
  put_sample(&to, "]}%s", "");
  return to.text;
}

static uint8_t memory[1 << 19];

static ol_status verify_block(ol_items *out, const sample_block *block, const char *text) {
  ol_header header;
  ol_status status =
      ol_block_transactions_verify(&error, &header, out, &block->hash, text_of(text), memory, sizeof memory);
  if (status == OL_OK) assert_memory_equal(&header, &block->header, sizeof header);
  return status;
}

static ol_status verify_receipts(ol_items *out, const sample_block *block, bool with, const char *text) {
  return ol_block_receipts_verify(&error, out, &block->header, with ? block->transaction_items : NULL,
                                  with ? COUNT : 0, text_of(text), memory, sizeof memory);
}

static void verifies_a_block(void **state) {
  (void)state;
  static sample_block block;
  ol_items items;
  build(&block);
  char *json = block_json(&block);
  assert_int_equal(verify_block(&items, &block, json), OL_OK);
  assert_int_equal(items.count, COUNT);
  for (size_t i = 0; i < COUNT; i++)
    assert_memory_equal(items.items[i].data, block.transaction_items[i].data, block.transaction_items[i].len);
  free(json);
  json = receipts_json(&block);
  for (int with = 0; with < 2; with++) {
    assert_int_equal(verify_receipts(&items, &block, with != 0, json), OL_OK);
    assert_int_equal(items.count, COUNT);
    for (size_t i = 0; i < COUNT; i++)
      assert_memory_equal(items.items[i].data, block.receipt_items[i].data, block.receipt_items[i].len);
  }
  free(json);
  drop(&block);
}

static void bounds_the_price_by_the_whole_fee(void **state) {
  (void)state;
  static sample_block block;
  ol_items items;
  const uint8_t highest[] = {119, 255};
  for (size_t i = 0; i < 2; i++) {
    build(&block);
    if (i == 0)
      block.header.base_fee.bytes[31] = highest[i];
    else
      memset(block.header.base_fee.bytes, 0xff, 32); /* past 256 bits with the tip */
    ol_header_hash(&block.hash, &block.header);
    char *json = block_json(&block);
    char *one = sample_edit(json, "\"gasPrice\":\"0x34\"", "\"gasPrice\":\"0x78\"");
    char *both = sample_edit(one, "\"gasPrice\":\"0x34\"", "\"gasPrice\":\"0x78\"");
    assert_int_equal(verify_block(&items, &block, both), OL_OK);
    assert_int_equal(verify_block(&items, &block, one), OL_ERR_MISMATCH);
    free(json);
    free(one);
    free(both);
    drop(&block);
  }
}

static const struct {
  const char *from, *to;
  ol_status status;
  const char *part, *field, *reason;
} block_lies[] = {
    {"\"transactions\"", "\"other\"", OL_ERR_ENCODING, "transactions", "", "block has no transactions"},
    {"\"transactions\":[", "\"transactions\":{},\"other\":[", OL_ERR_ENCODING, "transactions", "",
     "JSON value is not an array"},
    {"\"transactions\":[", "\"transactions\":[0,", OL_ERR_ENCODING, "transactions", "nonce",
     "field of the transaction is missing"},
    {"\"gasPrice\":\"0x34\"", "\"gasPrice\":\"0x35\"", OL_ERR_MISMATCH, "transactions", "gasPrice",
     "claim is not what the block shows"},
    {"\"gasPrice\":\"0x0\"", "\"gasPrice\":\"0x1\"", OL_ERR_MISMATCH, "transactions", "gasPrice",
     "claim is not what the block shows"},
    {"\"gasPrice\":\"0x34\"", "\"gasPrice\":\"34\"", OL_ERR_ENCODING, "transactions", "gasPrice",
     "hex does not begin with 0x"},
    {"\"blockNumber\":\"0x4d\"", "\"blockNumber\":\"0x4e\"", OL_ERR_MISMATCH, "transactions", "blockNumber",
     "claim is not what the block shows"},
    {"\"blockHash\":\"0x", "\"blockHash\":\"0x1\",\"other\":\"0x", OL_ERR_MISMATCH, "transactions",
     "blockHash", "claim is not what the block shows"},
    {"\"transactionIndex\":\"0x1\"", "\"transactionIndex\":\"0x2\"", OL_ERR_MISMATCH, "transactions",
     "transactionIndex", "claim is not what the block shows"},
    {"\"number\":\"0x4d\"", "\"number\":\"0x4e\"", OL_ERR_MISMATCH, "hash", "",
     "header's fields do not hash to it: one is forged, or unknown to this version"},
};

static void refuses_each_lie_about_a_block(void **state) {
  (void)state;
  static sample_block block;
  ol_items items;
  build(&block);
  char *json = block_json(&block);
  for (size_t i = 0; i < sizeof block_lies / sizeof block_lies[0]; i++) {
    char *changed = sample_edit(json, block_lies[i].from, block_lies[i].to);
    assert_int_equal(verify_block(&items, &block, changed), block_lies[i].status);
    assert_string_equal(error.part, block_lies[i].part);
    assert_string_equal(error.field, block_lies[i].field);
    if (i != 2) assert_string_equal(error.reason, block_lies[i].reason);
    free(changed);
  }
  /* Transactions that are left out, and another block. */
  char *first = strstr(json, ",{\"type\":\"0x0\"");
  assert_non_null(first);
  strcpy(first, "]}");
  assert_int_equal(verify_block(&items, &block, json), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "items do not give the root in the header");
  assert_int_equal(verify_block(&items, &block, "0x00"), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "block is not JSON");
  assert_int_equal(verify_block(&items, &block, "["), OL_ERR_ENCODING);
  assert_string_equal(error.part, "block");
  free(json);
  json = block_json(&block);
  block.hash.bytes[0] ^= 1;
  assert_int_equal(verify_block(&items, &block, json), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "block is another one");
  free(json);
  drop(&block);
}

static const struct {
  const char *from, *to;
  bool with; /* it is told by the transactions */
  const char *field, *reason;
} receipt_lies[] = {
    {"\"gasUsed\":\"0x5208\"", "\"gasUsed\":\"0x5209\"", false, "gasUsed",
     "claim is not what the block shows"},
    {"\"transactionIndex\":\"0x0\",\"logs\":[", "\"transactionIndex\":\"0x0\",\"logs\":[0,", false, "logs",
     "field of the receipt is missing"},
    {"\"logIndex\":\"0x4\"", "\"logIndex\":\"0x5\"", false, "logs", "claim is not what the block shows"},
    {"\"cumulativeGasUsed\":\"0x5208\"", "\"cumulativeGasUsed\":\"0xffffff\"", false, "gasUsed",
     "claim is not what the block shows"},
    {"\"cumulativeGasUsed\":\"0xa410\"", "\"cumulativeGasUsed\":\"0x5207\"", false, "cumulativeGasUsed",
     "gas does not add up"},
    {"\"to\":\"0x7070", "\"to\":\"0x7170", true, "to", "claim is not what the block shows"},
    {"\"effectiveGasPrice\":\"0x64\"", "\"effectiveGasPrice\":\"0x65\"", true, "effectiveGasPrice",
     "claim is not what the block shows"},
};

static void refuses_each_lie_about_receipts(void **state) {
  (void)state;
  static sample_block block;
  ol_items items;
  build(&block);
  char *json = receipts_json(&block);
  for (size_t i = 0; i < sizeof receipt_lies / sizeof receipt_lies[0]; i++) {
    char *changed = sample_edit(json, receipt_lies[i].from, receipt_lies[i].to);
    ol_status status = verify_receipts(&items, &block, true, changed);
    assert_int_equal(status, i == 1 ? OL_ERR_ENCODING : OL_ERR_MISMATCH);
    assert_string_equal(error.part, "receipts");
    if (i != 1) assert_string_equal(error.field, receipt_lies[i].field);
    if (i != 1) assert_string_equal(error.reason, receipt_lies[i].reason);
    if (receipt_lies[i].with) assert_int_equal(verify_receipts(&items, &block, false, changed), OL_OK);
    free(changed);
  }
  free(json);
  drop(&block);
}

/* All that a receipt and its logs say of their place can be another block's. */
static void refuses_receipts_of_another_place(void **state) {
  (void)state;
  static sample_block block;
  ol_items items;
  build(&block);
  const ol_hash hash = block.hash;
  char *json;
  block.hash.bytes[0] ^= 1;
  json = receipts_json(&block);
  assert_int_equal(verify_receipts(&items, &block, false, json), OL_ERR_MISMATCH);
  assert_string_equal(error.field, "blockHash");
  free(json);
  block.hash = hash;
  json = receipts_json(&block);
  /* Only a log's: its receipt has no such claim. */
  char *changed = sample_edit(json, "\"blockNumber\":\"0x4d\"", "\"x\":\"0x4d\"");
  char *twice = sample_edit(changed, "\"blockNumber\":\"0x4d\"", "\"blockNumber\":\"0x4e\"");
  assert_int_equal(verify_receipts(&items, &block, false, twice), OL_ERR_MISMATCH);
  assert_string_equal(error.field, "logs");
  free(changed);
  free(twice);
  /* The hashes of two transactions, changed for each other throughout. */
  ol_transaction kept = block.transactions[1];
  block.transactions[1] = block.transactions[2];
  free(json);
  json = receipts_json(&block);
  assert_int_equal(verify_receipts(&items, &block, true, json), OL_ERR_MISMATCH);
  assert_string_equal(error.field, "transactionHash");
  block.transactions[1] = kept;
  free(json);
  drop(&block);
}

static void refuses_other_receipts(void **state) {
  (void)state;
  static sample_block block;
  ol_items items;
  build(&block);
  char *json = receipts_json(&block);
  block.header.receipts_root.bytes[0] ^= 1; /* and so the block has another hash, which is claimed */
  ol_header_hash(&block.hash, &block.header);
  free(json);
  json = receipts_json(&block);
  assert_int_equal(verify_receipts(&items, &block, false, json), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "items do not give the root in the header");
  assert_int_equal(ol_block_receipts_verify(&error, &items, &block.header, block.transaction_items, COUNT - 1,
                                            text_of(json), memory, sizeof memory),
                   OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "block has not as many transactions as receipts");
  assert_int_equal(verify_receipts(&items, &block, false, "0x00"), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "receipts are not JSON");
  assert_int_equal(verify_receipts(&items, &block, false, "{}"), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "JSON value is not an array");
  assert_int_equal(verify_receipts(&items, &block, false, "["), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "text is not JSON");
  free(json);
  drop(&block);
  /* A receipt that is not of its transaction's type, and a transaction that is none. */
  build(&block);
  json = receipts_json(&block);
  ol_slice kept = block.transaction_items[1];
  block.transaction_items[1] = block.transaction_items[2];
  assert_int_equal(verify_receipts(&items, &block, true, json), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "receipt is of another type than its transaction");
  block.transaction_items[1] = ol_slice_of("\x05", 1);
  assert_int_equal(verify_receipts(&items, &block, true, json), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "type of the transaction is not known");
  block.transaction_items[1] = kept;
  free(json);
  drop(&block);
}

static void verifies_a_block_without_transactions(void **state) {
  (void)state;
  ol_items items;
  ol_header header;
  memset(&header, 0, sizeof header);
  header.field_count = 16;
  header.receipts_root = ol_trie_empty_root;
  assert_int_equal(
      ol_block_receipts_verify(&error, &items, &header, NULL, 0, text_of("[]"), memory, sizeof memory),
      OL_OK);
  assert_int_equal(items.count, 0);
}

static void needs_memory(void **state) {
  (void)state;
  static sample_block block;
  ol_items items;
  ol_header header;
  build(&block);
  char *json = block_json(&block), *receipts = receipts_json(&block);
  for (int which = 0; which < 2; which++) {
    ol_status status = OL_ERR_MEMORY;
    const char *text = which == 0 ? json : receipts;
    size_t len = 0;
    for (; status == OL_ERR_MEMORY; len += 16) {
      uint8_t *exact = malloc(len + 1);
      status =
          which == 0
              ? ol_block_transactions_verify(&error, &header, &items, &block.hash, text_of(text), exact, len)
              : ol_block_receipts_verify(&error, &items, &block.header, NULL, 0, text_of(text), exact, len);
      free(exact);
    }
    assert_int_equal(status, OL_OK);
    assert_true(len <= 20 * strlen(text) + 4096);
  }
  free(json);
  free(receipts);
  drop(&block);
}

/* Of many items, the list of them is what does not fit. */
static void needs_memory_for_each_item(void **state) {
  (void)state;
  static char text[4000];
  ol_items items;
  ol_header header;
  memset(&header, 0, sizeof header);
  header.field_count = 16;
  memset(text, ',', sizeof text - 1);
  for (size_t i = 1; i < sizeof text - 2; i += 2) text[i] = '0';
  text[0] = '[';
  text[sizeof text - 2] = ']';
  text[sizeof text - 1] = '\0';
  bool said = false;
  ol_status status = OL_ERR_MEMORY;
  for (size_t len = 0; status == OL_ERR_MEMORY; len += 512) {
    uint8_t *exact = malloc(len + 1);
    status = ol_block_receipts_verify(&error, &items, &header, NULL, 0, text_of(text), exact, len);
    free(exact);
    said |= strcmp(error.reason, "no memory left for items") == 0;
  }
  assert_true(said);
  assert_string_equal(error.part, "receipts");
  assert_int_equal(error.item, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(proves_a_transaction_and_its_receipt),
      cmocka_unit_test(proves_that_a_list_has_no_more_items),
      cmocka_unit_test(refuses_items_that_are_something_else),
      cmocka_unit_test(verifies_a_block),
      cmocka_unit_test(bounds_the_price_by_the_whole_fee),
      cmocka_unit_test(refuses_each_lie_about_a_block),
      cmocka_unit_test(refuses_each_lie_about_receipts),
      cmocka_unit_test(refuses_receipts_of_another_place),
      cmocka_unit_test(refuses_other_receipts),
      cmocka_unit_test(verifies_a_block_without_transactions),
      cmocka_unit_test(needs_memory),
      cmocka_unit_test(needs_memory_for_each_item),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
