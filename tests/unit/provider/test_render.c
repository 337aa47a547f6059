/* SPDX-License-Identifier: MIT */
#include "provider/render.h"

#include "openledger/block.h"
#include "openledger/fee.h"
#include "receipts.h"
#include "rollup/u256.h"
#include "unit/bytes.h"

static ol_error error;
static uint8_t text_memory[1 << 18], parse_memory[1 << 20], verify_memory[1 << 22];

/* --- A block: its L1 attributes, and a transaction of each type --- */

#define COUNT 8

static struct {
  ol_transaction transactions[COUNT];
  ol_receipt receipts[COUNT];
  ol_slice transaction_items[COUNT];
  ol_slice receipt_items[COUNT];
  uint8_t transaction_bytes[COUNT][2048];
  uint8_t receipt_bytes[COUNT][2048];
  uint8_t attributes[178];
  uint8_t logs[COUNT][1024];
  ol_header header;
  ol_hash hash;
  ol_rpc_block block;
} now;

enum { ATTRIBUTES, DEPOSIT, LEGACY, UNPROTECTED, ACCESS_LIST, CREATE, BLOB, SET_CODE };

/* setL1BlockValuesIsthmus or -Jovian: scalars 2 and 3, base fees 1 gwei and 0.01 gwei, operator fee 5 and 6. */
static ol_transaction attributes_of(uint32_t form) {
  static const uint8_t selectors[2][4] = {{0x09, 0x89, 0x99, 0xbe}, {0x3d, 0xb6, 0xbe, 0x2b}};
  const bool jovian = form == OL_FORK_JOVIAN;
  ol_transaction out = sample_transaction(OL_TX_DEPOSIT);
  from_hex(out.from.bytes, 20, "deaddeaddeaddeaddeaddeaddeaddeaddead0001");
  from_hex(out.to.bytes, 20, "4200000000000000000000000000000000000015");
  memset(out.mint.bytes, 0, sizeof out.mint);
  memset(now.attributes, 0, sizeof now.attributes);
  memcpy(now.attributes, selectors[jovian], 4);
  now.attributes[7] = 2;
  now.attributes[11] = 3;
  ol_store_be64(now.attributes + 36 + 24, 1000000000);
  ol_store_be64(now.attributes + 68 + 24, 10000000);
  now.attributes[167] = 5;
  now.attributes[175] = 6;
  now.attributes[177] = jovian ? 9 : 0;
  out.data = ol_slice_of(now.attributes, jovian ? 178 : 176);
  return out;
}

/* Encodes all items again and binds them to the header. */
static void seal(void) {
  for (size_t i = 0; i < COUNT; i++) {
    size_t len = 0;
    assert_int_equal(ol_transaction_encode(&error, now.transaction_bytes[i], sizeof now.transaction_bytes[i],
                                           &len, &now.transactions[i]),
                     OL_OK);
    now.transaction_items[i] = ol_slice_of(now.transaction_bytes[i], len);
    assert_int_equal(
        ol_receipt_encode(&error, now.receipt_bytes[i], sizeof now.receipt_bytes[i], &len, &now.receipts[i]),
        OL_OK);
    now.receipt_items[i] = ol_slice_of(now.receipt_bytes[i], len);
  }
  ol_list_root(&now.header.transactions_root, now.transaction_items, COUNT);
  ol_list_root(&now.header.receipts_root, now.receipt_items, COUNT);
  ol_header_hash(&now.hash, &now.header);
  now.block = (ol_rpc_block){.header = &now.header,
                             .hash = &now.hash,
                             .chain_id = SAMPLE_CHAIN,
                             .transactions = now.transaction_items,
                             .transaction_count = COUNT,
                             .receipts = now.receipt_items};
}

static int build(void **state) {
  (void)state;
  static const uint32_t types[COUNT] = {OL_TX_DEPOSIT,     OL_TX_DEPOSIT,     OL_TX_LEGACY, OL_TX_LEGACY,
                                        OL_TX_ACCESS_LIST, OL_TX_DYNAMIC_FEE, OL_TX_BLOB,   OL_TX_SET_CODE};
  memset(&now, 0, sizeof now);
  for (size_t i = 0; i < COUNT; i++) {
    now.transactions[i] = sample_transaction(types[i]);
    now.receipts[i] = sample_receipt(types[i]);
    memcpy(now.logs[i], now.receipts[i].logs.data, now.receipts[i].logs.len);
    now.receipts[i].logs.data = now.logs[i];
    now.receipts[i].cumulative_gas_used = 21000 * (i + 1) + i;
  }
  now.transactions[ATTRIBUTES] = attributes_of(OL_FORK_ISTHMUS);
  now.transactions[UNPROTECTED].chain_id = 0;
  sign_sample(&now.transactions[UNPROTECTED]);
  now.transactions[CREATE].is_create = 1;
  memset(now.transactions[CREATE].to.bytes, 0, 20);
  sign_sample(&now.transactions[CREATE]);
  now.receipts[LEGACY].logs.len = now.receipts[LEGACY].log_count = 0;
  memset(now.receipts[LEGACY].logs_bloom, 0, OL_BLOOM_BYTES);
  now.receipts[LEGACY].status = 0;
  now.header.field_count = 21;
  now.header.number = 77;
  now.header.timestamp = 1700000000;
  now.header.base_fee.bytes[31] = 50;
  now.header.extra_data_len = 9;
  now.header.extra_data[4] = 250;
  now.header.extra_data[8] = 6;
  from_hex(now.header.ommers_hash.bytes, 32,
           "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");
  seal();
  return 0;
}

/* --- Writing, and reading what was written --- */

static ol_json_writer to;
static ol_arena text_arena;
static ol_slice text;

static void begin(void) {
  text_arena = ol_arena_of(text_memory, sizeof text_memory);
  ol_json_write_begin(&to, &text_arena);
}

static ol_json end(void) {
  ol_arena arena = ol_arena_of(parse_memory, sizeof parse_memory);
  ol_json out;
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_OK);
  assert_int_equal(ol_json_read(&error, &out, &arena, text.data, text.len), OL_OK);
  return out;
}

static ol_json transaction_json(size_t index) {
  begin();
  assert_int_equal(ol_rpc_write_transaction(&error, &to, NULL, &now.block, index), OL_OK);
  return end();
}

static ol_json receipt_json(size_t index) {
  begin();
  assert_int_equal(ol_rpc_write_receipt(&error, &to, NULL, &now.block, index), OL_OK);
  return end();
}

static ol_json block_json(bool full) {
  begin();
  assert_int_equal(ol_rpc_write_block(&error, &to, NULL, &now.block, full), OL_OK);
  return end();
}

/* Whether a member is there; null counts. */
static bool has(ol_json object, const char *name) {
  ol_json found = {.value = NULL};
  (void)ol_json_find(&found, object, name);
  return found.value != NULL;
}

/* A member that is a string is this one; NULL for null. */
static void expect(ol_json object, const char *name, const char *value) {
  ol_json member;
  ol_slice found;
  assert_true(has(object, name));
  assert_int_equal(ol_json_find(&member, object, name), value != NULL);
  if (value == NULL) return;
  assert_int_equal(ol_json_string(&error, &found, member), OL_OK);
  if (found.len != strlen(value) || memcmp(found.data, value, found.len) != 0)
    fail_msg("%s is %.*s, not %s", name, (int)found.len, (const char *)found.data, value);
}

static void expect_bool(ol_json object, const char *name, bool value) {
  ol_json member;
  bool found;
  assert_true(ol_json_find(&member, object, name));
  assert_int_equal(ol_json_bool(&error, &found, member), OL_OK);
  assert_int_equal(found, value);
}

static size_t count_of(ol_json value) {
  ol_json_items items;
  ol_status status = ol_json_kind_of(value) == OL_JSON_OBJECT ? ol_json_object(&error, &items, value)
                                                              : ol_json_array(&error, &items, value);
  assert_int_equal(status, OL_OK);
  return items.left;
}

static ol_json element(ol_json object, const char *name, size_t index) {
  ol_json array = object, out;
  ol_json_items items;
  if (name != NULL) assert_true(ol_json_find(&array, object, name));
  assert_int_equal(ol_json_array(&error, &items, array), OL_OK);
  do assert_true(ol_json_next(&out, NULL, &items));
  while (index-- > 0);
  return out;
}

/* --- Round trips --- */

static void assert_items(const ol_items *items, const ol_slice *expected) {
  assert_int_equal(items->count, COUNT);
  for (size_t i = 0; i < COUNT; i++) {
    assert_int_equal(items->items[i].len, expected[i].len);
    assert_memory_equal(items->items[i].data, expected[i].data, expected[i].len);
  }
}

static void a_block_reads_back(void **state) {
  (void)state;
  ol_header header;
  ol_items items;
  (void)block_json(true);
  assert_int_equal(ol_block_transactions_verify(&error, &header, &items, &now.hash, text, verify_memory,
                                                sizeof verify_memory),
                   OL_OK);
  assert_memory_equal(&header, &now.header, sizeof header);
  assert_items(&items, now.transaction_items);
}

static void receipts_read_back(void **state) {
  (void)state;
  ol_items items;
  begin();
  assert_int_equal(ol_rpc_write_receipts(&error, &to, NULL, &now.block), OL_OK);
  (void)end();
  assert_int_equal(ol_block_receipts_verify(&error, &items, &now.header, now.transaction_items, COUNT, text,
                                            verify_memory, sizeof verify_memory),
                   OL_OK);
  assert_items(&items, now.receipt_items);
}

/* One by one they are written as within their block. */
static void items_are_the_same_alone(void **state) {
  (void)state;
  static uint8_t whole[sizeof text_memory];
  for (size_t receipts = 0; receipts < 2; receipts++) {
    begin();
    if (receipts)
      assert_int_equal(ol_rpc_write_receipts(&error, &to, NULL, &now.block), OL_OK);
    else
      assert_int_equal(ol_rpc_write_block(&error, &to, NULL, &now.block, true), OL_OK);
    (void)end();
    memcpy(whole, text.data, text.len);
    whole[text.len] = '\0';
    for (size_t i = 0; i < COUNT; i++) {
      (void)(receipts ? receipt_json(i) : transaction_json(i));
      text_memory[text.len] = '\0';
      assert_non_null(strstr((const char *)whole, (const char *)text.data));
    }
  }
}

/* --- Blocks --- */

static void writes_a_block_with_hashes(void **state) {
  (void)state;
  char digits[67];
  ol_slice found;
  ol_json block = block_json(false);
  assert_int_equal(count_of(block), 21 + 5); /* hash, size, uncles, withdrawals, transactions */
  ol_hex_text(digits, now.hash.bytes, 32);
  expect(block, "hash", digits);
  expect(block, "number", "0x4d");
  expect(block, "nonce", "0x0000000000000000");
  expect(block, "timestamp", "0x6553f100");
  expect(block, "baseFeePerGas", "0x32");
  expect(block, "extraData", "0x00000000fa00000006");
  expect(block, "difficulty", "0x0");
  assert_true(has(block, "requestsHash") && has(block, "mixHash") && has(block, "logsBloom"));
  ol_json member;
  assert_true(ol_json_find(&member, block, "transactions"));
  assert_int_equal(count_of(member), COUNT);
  for (size_t i = 0; i < COUNT; i++) {
    ol_hash hash;
    ol_transaction_hash(&hash, &now.transactions[i]);
    ol_hex_text(digits, hash.bytes, 32);
    assert_int_equal(ol_json_string(&error, &found, element(block, "transactions", i)), OL_OK);
    assert_int_equal(found.len, 66);
    assert_memory_equal(found.data, digits, 66);
  }
}

static void writes_a_header(void **state) {
  (void)state;
  begin();
  ol_rpc_write_header(&to, NULL, &now.header, &now.hash);
  ol_json header = end();
  assert_int_equal(count_of(header), 21 + 1);
  assert_true(has(header, "hash") && has(header, "parentHash") && !has(header, "transactions"));
  now.header.field_count = 15;
  begin();
  ol_rpc_write_header(&to, NULL, &now.header, &now.hash);
  header = end();
  assert_int_equal(count_of(header), 15 + 1);
  assert_false(has(header, "baseFeePerGas"));
}

/* The whole block as RLP, by hand: header, transactions of which only the legacy ones are lists, and empty lists. */
static uint64_t encoded_len(bool with_withdrawals) {
  static uint8_t bytes[1 << 15];
  uint8_t header[1400];
  size_t header_len = 0;
  ol_rlp_writer items = {.out = bytes, .len = sizeof bytes}, whole = {0};
  assert_int_equal(ol_header_encode(&error, header, sizeof header, &header_len, &now.header), OL_OK);
  for (size_t i = 0; i < COUNT; i++) {
    if (now.transactions[i].type == OL_TX_LEGACY)
      ol_rlp_put_raw(&items, now.transaction_items[i].data, now.transaction_items[i].len);
    else
      ol_rlp_put_string(&items, now.transaction_items[i].data, now.transaction_items[i].len);
  }
  size_t len = header_len + items.used + 3 + 1 + with_withdrawals;
  ol_rlp_put_list(&whole, len);
  return len + whole.used;
}

static void counts_a_block(void **state) {
  (void)state;
  char digits[24];
  snprintf(digits, sizeof digits, "0x%llx", (unsigned long long)encoded_len(true));
  expect(block_json(false), "size", digits);
  now.header.field_count = 16;
  seal();
  ol_json block = block_json(false);
  snprintf(digits, sizeof digits, "0x%llx", (unsigned long long)encoded_len(false));
  expect(block, "size", digits);
  assert_false(has(block, "withdrawals"));
}

/* What a block of Ethereum has besides its transactions is not known. */
static void leaves_out_what_it_does_not_have(void **state) {
  (void)state;
  now.header.ommers_hash.bytes[0] ^= 1;
  seal();
  ol_json block = block_json(false);
  assert_false(has(block, "size") || has(block, "uncles"));
  assert_true(has(block, "withdrawals"));
  (void)build(NULL);
  now.transactions[ATTRIBUTES] = now.transactions[LEGACY];
  seal();
  block = block_json(false);
  assert_false(has(block, "size") || has(block, "withdrawals"));
  assert_true(has(block, "uncles"));
  from_hex(now.header.withdrawals_root.bytes, 32,
           "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
  seal();
  block = block_json(false);
  assert_true(has(block, "size") && has(block, "withdrawals"));
  now.block.transaction_count = 0;
  block = block_json(true);
  assert_true(has(block, "size") && has(block, "withdrawals"));
}

/* --- Transactions --- */

static void writes_places(void **state) {
  (void)state;
  char hash[67], block_hash[67], from[67];
  ol_address sender = sample_sender();
  ol_hex_text(block_hash, now.hash.bytes, 32);
  for (size_t i = 0; i < COUNT; i++) {
    char index[4] = {'0', 'x', (char)('0' + i), '\0'};
    ol_hash own;
    ol_transaction_hash(&own, &now.transactions[i]);
    ol_hex_text(hash, own.bytes, 32);
    bool is_deposit = now.transactions[i].type == OL_TX_DEPOSIT;
    ol_hex_text(from, is_deposit ? now.transactions[i].from.bytes : sender.bytes, 20);
    ol_json transaction = transaction_json(i);
    expect(transaction, "hash", hash);
    expect(transaction, "from", from);
    expect(transaction, "blockHash", block_hash);
    expect(transaction, "blockNumber", "0x4d");
    expect(transaction, "blockTimestamp", "0x6553f100");
    expect(transaction, "transactionIndex", index);
    ol_json receipt = receipt_json(i);
    expect(receipt, "transactionHash", hash);
    expect(receipt, "from", from);
    expect(receipt, "blockHash", block_hash);
    expect(receipt, "blockNumber", "0x4d");
    expect(receipt, "transactionIndex", index);
  }
}

static void writes_prices_and_signatures(void **state) {
  (void)state;
  ol_json legacy = transaction_json(LEGACY);
  expect(legacy, "type", "0x0");
  expect(legacy, "gasPrice", "0x64");
  expect(legacy, "chainId", "0x64c");
  expect(legacy, "v", now.transactions[LEGACY].y_parity == 0 ? "0xcbb" : "0xcbc");
  assert_false(has(legacy, "yParity") || has(legacy, "accessList") || has(legacy, "maxFeePerGas"));
  ol_json unprotected = transaction_json(UNPROTECTED);
  expect(unprotected, "v", now.transactions[UNPROTECTED].y_parity == 0 ? "0x1b" : "0x1c");
  assert_false(has(unprotected, "chainId"));
  ol_json create = transaction_json(CREATE);
  expect(create, "to", NULL);
  expect(create, "gasPrice", "0x34"); /* 50 and a tip of 2, below 120 */
  expect(create, "maxFeePerGas", "0x78");
  expect(create, "maxPriorityFeePerGas", "0x2");
  expect(create, "v", now.transactions[CREATE].y_parity == 0 ? "0x0" : "0x1");
  expect(create, "yParity", now.transactions[CREATE].y_parity == 0 ? "0x0" : "0x1");
  now.header.base_fee.bytes[31] = 119;
  expect(transaction_json(CREATE), "gasPrice", "0x78"); /* no more than the whole fee */
}

static void writes_lists(void **state) {
  (void)state;
  ol_slice key;
  ol_json entry = element(transaction_json(ACCESS_LIST), "accessList", 0);
  expect(entry, "address", "0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1");
  assert_int_equal(ol_json_string(&error, &key, element(entry, "storageKeys", 1)), OL_OK);
  assert_int_equal(key.len, 66);
  assert_int_equal(key.data[65], '2');
  ol_json blob = transaction_json(BLOB);
  expect(blob, "maxFeePerBlobGas", "0xd");
  assert_int_equal(ol_json_string(&error, &key, element(blob, "blobVersionedHashes", 1)), OL_OK);
  assert_int_equal(key.data[65], '9');
  ol_json authorization = element(transaction_json(SET_CODE), "authorizationList", 0);
  assert_int_equal(count_of(authorization), 6);
  expect(authorization, "chainId", "0x64c");
  expect(authorization, "address", "0xc0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0");
  expect(authorization, "nonce", "0x3");
}

static void writes_deposits(void **state) {
  (void)state;
  ol_json deposit = transaction_json(DEPOSIT);
  expect(deposit, "type", "0x7e");
  expect(deposit, "sourceHash", "0x5050505050505050505050505050505050505050505050505050505050505050");
  expect(deposit, "from", "0xf0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0");
  expect(deposit, "mint", "0xc");
  expect(deposit, "nonce", "0x4");
  expect(deposit, "depositReceiptVersion", "0x1");
  expect(deposit, "gasPrice", "0x0");
  expect(deposit, "v", "0x0");
  expect(deposit, "r", "0x0");
  expect(deposit, "s", "0x0");
  expect_bool(deposit, "isSystemTx", false);
  assert_false(has(transaction_json(ATTRIBUTES), "mint"));
  now.transactions[DEPOSIT].is_system = 1;
  seal();
  expect_bool(transaction_json(DEPOSIT), "isSystemTx", true);
  /* The nonce is the receipt's: without it, or before it had one, none is known. */
  now.receipts[DEPOSIT].has_deposit = 0;
  seal();
  assert_false(has(transaction_json(DEPOSIT), "nonce"));
  assert_false(has(receipt_json(DEPOSIT), "depositNonce"));
  (void)build(NULL);
  now.block.receipts = NULL;
  assert_false(has(transaction_json(DEPOSIT), "nonce"));
  expect(transaction_json(LEGACY), "nonce", "0x5");
}

/* --- Receipts --- */

static void writes_receipts(void **state) {
  (void)state;
  ol_json receipt = receipt_json(ACCESS_LIST);
  expect(receipt, "type", "0x1");
  expect(receipt, "status", "0x1");
  expect(receipt, "gasUsed", "0x5209"); /* 21001 */
  expect(receipt, "cumulativeGasUsed", "0x19a2c");
  expect(receipt, "effectiveGasPrice", "0x64");
  expect(receipt, "contractAddress", NULL);
  expect(receipt, "to", "0x7070707070707070707070707070707070707070");
  assert_true(has(receipt, "logsBloom"));
  assert_false(has(receipt, "blobGasUsed") || has(receipt, "depositNonce"));
  ol_json log = element(receipt, "logs", 1);
  assert_int_equal(count_of(log), 10);
  expect(log, "address", "0x6161616161616161616161616161616161616161");
  expect(log, "data", "0x42");
  expect(log, "logIndex", "0xa"); /* 9 logs before: of three receipts, as one has none */
  expect(log, "transactionIndex", "0x4");
  expect(log, "blockNumber", "0x4d");
  expect(log, "blockTimestamp", "0x6553f100");
  expect_bool(log, "removed", false);
  receipt = receipt_json(LEGACY);
  expect(receipt, "status", "0x0");
  ol_json logs;
  assert_true(ol_json_find(&logs, receipt, "logs"));
  assert_int_equal(count_of(logs), 0);
  expect(receipt_json(BLOB), "blobGasUsed", "0x40000");
  receipt = receipt_json(DEPOSIT);
  expect(receipt, "effectiveGasPrice", "0x0");
  expect(receipt, "depositNonce", "0x4");
  expect(receipt, "depositReceiptVersion", "0x1");
}

/* go-ethereum's TestNewContractAddress. */
static void finds_created_contracts(void **state) {
  (void)state;
  static const char *const addresses[] = {"0x333c3310824b7c685133f2bedb2ca4b8b4df633d",
                                          "0x8bda78331c916a08481428e4b07c96d3e916d165",
                                          "0xc9ddedf451bc62ce88bf9292afb13df35b670699"};
  ol_transaction *deposit = &now.transactions[DEPOSIT];
  from_hex(deposit->from.bytes, 20, "970e8128ab834e8eac17ab8e3812f010678cf791");
  deposit->is_create = 1;
  for (size_t i = 0; i < 3; i++) {
    now.receipts[DEPOSIT].deposit_nonce = i;
    seal();
    expect(receipt_json(DEPOSIT), "contractAddress", addresses[i]);
  }
  expect(receipt_json(DEPOSIT), "to", NULL);
  now.receipts[DEPOSIT].has_deposit = 0;
  seal();
  assert_false(has(receipt_json(DEPOSIT), "contractAddress"));
  /* The same of a transaction with a nonce of its own, 5. */
  ol_address sender = sample_sender();
  uint8_t rlp[23] = {0xd6, 0x94};
  char digits[67];
  ol_hash hash;
  memcpy(rlp + 2, sender.bytes, 20);
  rlp[22] = 5;
  ol_keccak256(&hash, rlp, sizeof rlp);
  ol_hex_text(digits, hash.bytes + 12, 20);
  expect(receipt_json(CREATE), "contractAddress", digits);
}

static void writes_fees_on_l1(void **state) {
  (void)state;
  ol_json receipt = receipt_json(CREATE);
  ol_u256 fee, gas;
  ol_json member;
  ol_l1_attributes attributes;
  const ol_slice bytes = now.transaction_items[CREATE];
  assert_int_equal(ol_l1_attributes_decode(&error, &attributes, &now.transactions[ATTRIBUTES]), OL_OK);
  assert_int_equal(ol_l1_fee(&error, &fee, &attributes, OL_L1_FEE_FJORD, bytes.data, bytes.len), OL_OK);
  assert_true(ol_json_find(&member, receipt, "l1Fee"));
  assert_int_equal(ol_json_hex_u256(&error, &gas, member), OL_OK);
  assert_memory_equal(&fee, &gas, sizeof fee);
  expect(receipt, "l1GasPrice", "0x3b9aca00");
  expect(receipt, "l1BlobBaseFee", "0x989680");
  expect(receipt, "l1BaseFeeScalar", "0x2");
  expect(receipt, "l1BlobBaseFeeScalar", "0x3");
  expect(receipt, "operatorFeeScalar", "0x5");
  expect(receipt, "operatorFeeConstant", "0x6");
  assert_true(has(receipt, "l1GasUsed"));
  assert_false(has(receipt, "daFootprintGasScalar") || has(receipt, "blobGasUsed"));
  /* The smallest counts as 100 bytes of calldata. */
  expect(receipt_json(LEGACY), "l1GasUsed", "0x640");
  /* Deposits pay on L1. */
  assert_false(has(receipt_json(DEPOSIT), "l1Fee") || has(receipt_json(DEPOSIT), "l1GasPrice"));
  now.attributes[167] = now.attributes[175] = 0;
  seal();
  receipt = receipt_json(CREATE);
  assert_false(has(receipt, "operatorFeeScalar") || has(receipt, "operatorFeeConstant"));
}

static void writes_the_footprint_of_jovian(void **state) {
  (void)state;
  now.transactions[ATTRIBUTES] = attributes_of(OL_FORK_JOVIAN);
  now.header.extra_data_len = 17;
  now.header.extra_data[0] = 1;
  seal();
  ol_json receipt = receipt_json(LEGACY);
  expect(receipt, "daFootprintGasScalar", "0x9");
  expect(receipt, "blobGasUsed", "0x384"); /* 100 bytes */
  expect(receipt, "l1GasUsed", "0x640");
}

/* setL1BlockValues and -Ecotone, under headers that tell the rule, and those that do not. */
static void leaves_out_fees_by_a_rule_that_is_not_known(void **state) {
  (void)state;
  static const struct {
    bool bedrock;
    uint32_t fields, extra;
    bool fee;
  } cases[] = {
      {true, 16, 0, false},                         /* Bedrock or Regolith */
      {true, 17, 0, true},                          /* Canyon */
      {true, 20, 0, true},                          /* the first block of Ecotone */
      {true, 20, 5, false},                         /* no header of a rollup */
      {false, 20, 0, false},                        /* Ecotone or Fjord */
      {false, 20, 9, true},                         /* Holocene */
      {false, 21, 9, true},  {false, 23, 9, false}, /* a fork to come */
  };
  static uint8_t call[4 + 8 * 32];
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    from_hex(call, 4, cases[i].bedrock ? "015d8eb9" : "440a5e20");
    ol_store_be64(call + 4 + 6 * 32 + 24, cases[i].bedrock ? 50 : 0);
    now.transactions[ATTRIBUTES].data = ol_slice_of(call, cases[i].bedrock ? sizeof call : 164);
    now.header.field_count = cases[i].fields;
    now.header.extra_data_len = cases[i].extra;
    seal();
    ol_json receipt = receipt_json(LEGACY);
    assert_int_equal(has(receipt, "l1Fee"), cases[i].fee);
    assert_int_equal(has(receipt, "l1GasUsed"), cases[i].fee);
    assert_true(has(receipt, "l1GasPrice"));
    assert_int_equal(has(receipt, "l1BlobBaseFee"), !cases[i].bedrock);
    assert_false(has(receipt, "operatorFeeScalar"));
  }
}

/* ... unless the forks do. */
static void knows_the_rule_by_the_forks(void **state) {
  (void)state;
  static const ol_l1_fee_rule rules[2][2] = {{OL_L1_FEE_BEDROCK, OL_L1_FEE_REGOLITH},
                                             {OL_L1_FEE_ECOTONE, OL_L1_FEE_FJORD}};
  static uint8_t call[4 + 8 * 32];
  for (int ecotone = 0; ecotone < 2; ecotone++) {
    from_hex(call, 4, ecotone == 0 ? "015d8eb9" : "440a5e20");
    memset(call + 4, 0, sizeof call - 4);
    call[4 + 2 * 32 + 30] = 1;                      /* base fee */
    if (ecotone == 0) call[4 + 7 * 32 + 29] = 0x10; /* scalar */
    if (ecotone == 1) ol_store_be64(call + 60, 1000000000);
    if (ecotone == 1) call[7] = 9; /* base fee scalar */
    now.transactions[ATTRIBUTES].data = ol_slice_of(call, ecotone == 0 ? sizeof call : 164);
    now.header.field_count = ecotone == 0 ? 16 : 20;
    now.header.extra_data_len = 0;
    seal();
    const uint64_t time = now.header.timestamp;
    const ol_slice bytes = now.transaction_items[LEGACY];
    ol_l1_attributes attributes;
    assert_int_equal(ol_l1_attributes_decode(&error, &attributes, &now.transactions[ATTRIBUTES]), OL_OK);
    for (int active = 0; active < 2; active++) {
      const uint32_t fork = ecotone == 0 ? OL_ROLLUP_REGOLITH : OL_ROLLUP_FJORD;
      ol_rollup rollup = {.known_forks = 1u << fork};
      rollup.fork_times[fork] = time + 1 - (uint64_t)active;
      now.block.rollup = &rollup;
      ol_json receipt = receipt_json(LEGACY), member;
      ol_u256 fee, expected;
      assert_true(ol_json_find(&member, receipt, "l1Fee"));
      assert_int_equal(ol_json_hex_u256(&error, &fee, member), OL_OK);
      assert_int_equal(
          ol_l1_fee(&error, &expected, &attributes, rules[ecotone][active], bytes.data, bytes.len), OL_OK);
      assert_memory_equal(&fee, &expected, sizeof fee);
      assert_false(ol_u256_is_zero(&fee));
      ol_u256 other;
      assert_int_equal(
          ol_l1_fee(&error, &other, &attributes, rules[ecotone][1 - active], bytes.data, bytes.len), OL_OK);
      assert_memory_not_equal(&fee, &other, sizeof fee);
    }
    now.block.rollup = NULL;
  }
}

static void leaves_out_fees_without_attributes(void **state) {
  (void)state;
  now.transactions[ATTRIBUTES].to.bytes[19] ^= 1;
  seal();
  assert_false(has(receipt_json(LEGACY), "l1GasPrice"));
  (void)build(NULL);
  now.attributes[0] ^= 1; /* a call of a fork to come */
  seal();
  assert_false(has(receipt_json(LEGACY), "l1GasPrice"));
}

/* --- Logs --- */

static ol_json logs_json(const ol_log_filter *filter) {
  begin();
  ol_json_write_array(&to, NULL);
  assert_int_equal(ol_rpc_write_logs(&error, &to, &now.block, filter), OL_OK);
  ol_json_write_close(&to);
  return end();
}

static void finds_logs(void **state) {
  (void)state;
  ol_log_filter filter;
  memset(&filter, 0, sizeof filter);
  ol_json logs = logs_json(&filter);
  assert_int_equal(count_of(logs), 3 * (COUNT - 1));
  for (size_t i = 0; i < 3 * (COUNT - 1); i++) {
    char index[24], transaction[24];
    snprintf(index, sizeof index, "0x%zx", i);
    snprintf(transaction, sizeof transaction, "0x%zx", i / 3 + (i >= 6)); /* the third has none */
    expect(element(logs, NULL, i), "logIndex", index);
    expect(element(logs, NULL, i), "transactionIndex", transaction);
  }
  filter.address_count = 1;
  memset(filter.addresses[0].bytes, 0x62, 20);
  logs = logs_json(&filter);
  assert_int_equal(count_of(logs), COUNT - 1);
  expect(element(logs, NULL, 2), "logIndex", "0x8");
  expect(element(logs, NULL, 2), "transactionIndex", "0x3");
  filter.addresses[0].bytes[0] ^= 1;
  assert_int_equal(count_of(logs_json(&filter)), 0);
}

/* The array may be filled by several calls, with other work in between. */
static void gathers_logs_of_several_blocks(void **state) {
  (void)state;
  ol_log_filter filter;
  memset(&filter, 0, sizeof filter);
  begin();
  ol_json_write_object(&to, NULL);
  ol_json_write_array(&to, "result");
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(ol_rpc_write_logs(&error, &to, &now.block, &filter), OL_OK);
    now.header.number++;
    seal();
  }
  ol_json_write_close(&to);
  ol_json_write_close(&to);
  ol_json logs, root = end();
  assert_true(ol_json_find(&logs, root, "result"));
  assert_int_equal(count_of(logs), 9 * (COUNT - 1));
  expect(element(logs, NULL, 9 * (COUNT - 1) - 1), "blockNumber", "0x4f");
}

/* --- What is refused --- */

typedef ol_status (*writer)(void);

static ol_status write_block(void) {
  return ol_rpc_write_block(&error, &to, NULL, &now.block, true);
}
static ol_status write_transaction(void) {
  return ol_rpc_write_transaction(&error, &to, NULL, &now.block, DEPOSIT);
}
static ol_status write_last_transaction(void) {
  return ol_rpc_write_transaction(&error, &to, NULL, &now.block, SET_CODE);
}
static ol_status write_receipt(void) {
  return ol_rpc_write_receipt(&error, &to, NULL, &now.block, SET_CODE);
}
static ol_status write_receipts(void) {
  return ol_rpc_write_receipts(&error, &to, NULL, &now.block);
}
static ol_status write_logs(void) {
  static ol_log_filter filter;
  ol_json_write_array(&to, NULL);
  return ol_rpc_write_logs(&error, &to, &now.block, &filter);
}

static void refuse(writer write, ol_status status, const char *part, uint32_t item, const char *reason) {
  begin();
  assert_int_equal(write(), status);
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, part);
  assert_int_equal(error.item, item);
  ol_json_write_drop(&to);
}

static void refuses_what_the_block_does_not_have(void **state) {
  (void)state;
  const char *reason = "block has no transaction with this index";
  now.block.transaction_count = SET_CODE;
  now.receipt_bytes[SET_CODE][0] = 0x60; /* which is not read */
  refuse(write_last_transaction, OL_ERR_ARGUMENT, "", OL_NOWHERE, reason);
  refuse(write_receipt, OL_ERR_ARGUMENT, "", OL_NOWHERE, reason);
}

static void refuses_transactions_that_are_none(void **state) {
  (void)state;
  const char *reason = "type of the transaction is not known";
  now.transaction_bytes[SET_CODE][0] = 0x60;
  refuse(write_block, OL_ERR_ENCODING, "transactions", SET_CODE, reason);
  refuse(write_last_transaction, OL_ERR_ENCODING, "transactions", SET_CODE, reason);
  now.receipts[SET_CODE].type = 0x60;
  refuse(write_receipt, OL_ERR_MISMATCH, "receipts", SET_CODE,
         "receipt is of another type than its transaction");
}

static void refuses_transactions_of_another_chain(void **state) {
  (void)state;
  const char *reason = "transaction is for another chain";
  now.block.chain_id++;
  refuse(write_block, OL_ERR_MISMATCH, "transactions", LEGACY, reason);
  refuse(write_last_transaction, OL_ERR_MISMATCH, "transactions", SET_CODE, reason);
  refuse(write_receipt, OL_ERR_MISMATCH, "transactions", SET_CODE, reason);
  refuse(write_receipts, OL_ERR_MISMATCH, "transactions", LEGACY, reason);
}

static void refuses_receipts_of_another_type(void **state) {
  (void)state;
  const char *reason = "receipt is of another type than its transaction";
  now.receipts[DEPOSIT] = sample_receipt(OL_TX_BLOB);
  seal();
  refuse(write_block, OL_ERR_MISMATCH, "receipts", DEPOSIT, reason);
  refuse(write_transaction, OL_ERR_MISMATCH, "receipts", DEPOSIT, reason);
  refuse(write_receipt, OL_ERR_MISMATCH, "receipts", DEPOSIT, reason);
  refuse(write_receipts, OL_ERR_MISMATCH, "receipts", DEPOSIT, reason);
  refuse(write_logs, OL_ERR_MISMATCH, "receipts", DEPOSIT, reason);
}

static void refuses_receipts_that_are_none(void **state) {
  (void)state;
  now.receipt_bytes[DEPOSIT][0] = 0x60;
  refuse(write_transaction, OL_ERR_ENCODING, "receipts", DEPOSIT, "type of the receipt is not known");
  refuse(write_receipts, OL_ERR_ENCODING, "receipts", DEPOSIT, "type of the receipt is not known");
  refuse(write_logs, OL_ERR_ENCODING, "receipts", DEPOSIT, "type of the receipt is not known");
}

static void refuses_gas_that_does_not_add_up(void **state) {
  (void)state;
  now.receipts[BLOB].cumulative_gas_used = 1;
  seal();
  refuse(write_receipt, OL_ERR_MISMATCH, "receipts", BLOB, "gas does not add up");
  refuse(write_receipts, OL_ERR_MISMATCH, "receipts", BLOB, "gas does not add up");
  refuse(write_logs, OL_ERR_MISMATCH, "receipts", BLOB, "gas does not add up");
}

static void refuses_fees_above_256_bits(void **state) {
  (void)state;
  memset(now.attributes + 36, 0xff, 32); /* base fee */
  seal();
  refuse(write_receipt, OL_ERR_LIMIT, "receipts", SET_CODE, "fee needs more than 256 bits");
  refuse(write_receipts, OL_ERR_LIMIT, "receipts", LEGACY, "fee needs more than 256 bits");
  static uint8_t call[4 + 8 * 32] = {0x01, 0x5d, 0x8e, 0xb9};
  memset(call + 4 + 6 * 32, 0xff, 32); /* overhead; at no price */
  now.transactions[ATTRIBUTES].data = ol_slice_of(call, sizeof call);
  now.header.field_count = 17;
  seal();
  refuse(write_receipt, OL_ERR_LIMIT, "receipts", SET_CODE, "fee needs more than 256 bits");
}

int main(void) {
#define TEST(test) cmocka_unit_test_setup(test, build)
  const struct CMUnitTest tests[] = {
      TEST(a_block_reads_back),
      TEST(receipts_read_back),
      TEST(items_are_the_same_alone),
      TEST(writes_a_block_with_hashes),
      TEST(writes_a_header),
      TEST(counts_a_block),
      TEST(leaves_out_what_it_does_not_have),
      TEST(writes_places),
      TEST(writes_prices_and_signatures),
      TEST(writes_lists),
      TEST(writes_deposits),
      TEST(writes_receipts),
      TEST(finds_created_contracts),
      TEST(writes_fees_on_l1),
      TEST(writes_the_footprint_of_jovian),
      TEST(leaves_out_fees_by_a_rule_that_is_not_known),
      TEST(knows_the_rule_by_the_forks),
      TEST(leaves_out_fees_without_attributes),
      TEST(finds_logs),
      TEST(gathers_logs_of_several_blocks),
      TEST(refuses_what_the_block_does_not_have),
      TEST(refuses_transactions_that_are_none),
      TEST(refuses_transactions_of_another_chain),
      TEST(refuses_receipts_of_another_type),
      TEST(refuses_receipts_that_are_none),
      TEST(refuses_gas_that_does_not_add_up),
      TEST(refuses_fees_above_256_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
