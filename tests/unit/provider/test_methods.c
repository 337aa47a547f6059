/* SPDX-License-Identifier: MIT */
#include "unit/provider/session.h"

#include "openledger/fee.h"

/* Methods: their results, what their parameters may be, and answers that are true of something else. */

#define ACCOUNT "\"0x1112131415161718191a1b1c1d1e1f2021222324\"" /* the first of world.h that has no code */
#define CONTRACT "\"0x000102030405060708090a0b0c0d0e0f10111213\""
#define NOBODY "\"0x9999999999999999999999999999999999999999\""
#define NO_BLOCK "there is no such block in the chain that is proven"

static const ol_hash unknown = {{0xab}};

static void says_what_it_is(void **state) {
  (void)state;
  start(3, 2);
  expect("eth_chainId", "", "\"0x64c\"");
  expect("net_version", "", "\"1612\"");
  expect("eth_accounts", "", "[]");
  expect("eth_syncing", "", "false");
  expect("openledger_status", "",
         "{\"chainId\":\"0x64c\",\"trust\":\"quorum\",\"endpoints\":3,\"quorum\":2,\"anchored\":false}");
  char version[64];
  snprintf(version, sizeof version, "\"openledger/%s\"", ol_version());
  expect("web3_clientVersion", "", version);
  assert_int_equal(now.requests, 0);
}

static void stays_on_its_chain(void **state) {
  (void)state;
  start(1, 1);
  expect("wallet_switchEthereumChain", "{\"chainId\":\"0x64c\"}", "null");
  expect_error("wallet_switchEthereumChain", "{\"chainId\":\"0x1\"}", 4902,
               "this provider serves another chain");
  expect_error("wallet_switchEthereumChain", "{\"chainId\":\"x\"}", -32602, "hex does not begin with 0x");
  expect_error("wallet_switchEthereumChain", "{}", -32602, "there is no chainId");
}

/* --- Blocks that are named --- */

static void refuses_blocks_that_are_none(void **state) {
  (void)state;
  start(1, 1);
  expect_error("eth_getBalance", ACCOUNT ",\"newest\"", -32602, "hex does not begin with 0x");
  expect_error("eth_getBalance", ACCOUNT ",1", -32602, "JSON value is not a string");
  expect_error("eth_getBalance", ACCOUNT ",{}", -32602, "block has neither a hash nor a number");
  expect_error("eth_getBalance", ACCOUNT ",{\"blockHash\":\"0x1\"}", -32602, "hex has the wrong length");
  expect_error("eth_getBalance", ACCOUNT ",{\"blockNumber\":\"0x10000000000000000\"}", -32602,
               "quantity needs more than 64 bits");
  expect_error("eth_getBlockByHash", "\"0x1\"", -32602, "hex has the wrong length");
  expect_error("eth_getBlockByNumber", "\"latest\",1", -32602, "JSON value is not true or false");
  expect_error("eth_getHeaderByNumber", "\"x\"", -32602, "hex does not begin with 0x");
  expect_error("eth_getBlockReceipts", "\"x\"", -32602, "hex does not begin with 0x");
  expect_error("eth_getTransactionByBlockNumberAndIndex", "\"x\",\"0x0\"", -32602,
               "hex does not begin with 0x");
  expect_error("eth_getTransactionByBlockNumberAndIndex", "\"0x0\",\"x\"", -32602,
               "hex does not begin with 0x");
  expect_error("eth_getTransactionByBlockHashAndIndex", "\"0x0\",\"0x0\"", -32602,
               "hex has the wrong length");
  expect_error("eth_getTransactionByHash", "\"0x0\"", -32602, "hex has the wrong length");
}

static void knows_what_is_not_there(void **state) {
  (void)state;
  char params[256];
  start(2, 2);
  static const char *const beyond[] = {"\"0x30\"", "\"0xffffffffffffffff\""};
  for (size_t i = 0; i < 2; i++) {
    snprintf(params, sizeof params, "%s,%s", ACCOUNT, beyond[i]);
    expect_error("eth_getBalance", params, -32001, NO_BLOCK);
    expect("eth_getBlockByNumber", beyond[i], "null");
    expect("eth_getHeaderByNumber", beyond[i], "null");
    expect("eth_getBlockReceipts", beyond[i], "null");
    expect("eth_getBlockTransactionCountByNumber", beyond[i], "null");
    snprintf(params, sizeof params, "%s,\"0x0\"", beyond[i]);
    expect("eth_getTransactionByBlockNumberAndIndex", params, "null");
    snprintf(params, sizeof params, "\"0x1\",%s", beyond[i]);
    expect_error("eth_feeHistory", params, -32001, NO_BLOCK);
  }
  const char *hash = quoted(hash_text(&unknown));
  expect("eth_getBlockByHash", hash, "null");
  expect("eth_getHeaderByHash", hash, "null");
  expect("eth_getTransactionByHash", hash, "null");
  expect("eth_getTransactionReceipt", hash, "null");
  expect("eth_getTransactionByBlockNumberAndIndex", "\"0x4\",\"0x5\"", "null");
  expect("eth_getTransactionByBlockNumberAndIndex", "\"0x4\",\"0xffffffffffffffff\"", "null");
  snprintf(params, sizeof params, "%s,{\"blockHash\":\"%s\"}", ACCOUNT, hash_text(&unknown));
  expect_error("eth_getBalance", params, -32001, NO_BLOCK);
}

/* --- Accounts --- */

static void reads_accounts(void **state) {
  (void)state;
  char code[256];
  start(2, 2);
  expect("eth_getTransactionCount", ACCOUNT ",\"0x3\"", "\"0x1\"");
  expect("eth_getBalance", NOBODY, "\"0x0\"");
  expect("eth_getTransactionCount", NOBODY, "\"0x0\"");
  expect("eth_getCode", NOBODY, "\"0x\"");
  expect("eth_getCode", ACCOUNT, "\"0x\"");
  ol_hex_text(code, earth.base.code, sizeof earth.base.code);
  expect("eth_getCode", CONTRACT, quoted(code));
  expect("eth_getTransactionCount", CONTRACT, "\"0x1\"");
  expect("eth_getStorageAt", CONTRACT ",\"0x5\"",
         "\"0x00000000000000000000000000000000000000000000000000000000000003ed\"");
  expect("eth_getStorageAt", CONTRACT ",\"0x99\",\"0x2\"",
         "\"0x0000000000000000000000000000000000000000000000000000000000000000\"");
  expect("eth_getStorageAt", NOBODY ",\"0x1\",\"0x2\"",
         "\"0x0000000000000000000000000000000000000000000000000000000000000000\"");
}

static void refuses_accounts_and_slots_that_are_none(void **state) {
  (void)state;
  start(1, 1);
  expect_error("eth_getBalance", "\"0x12\"", -32602, "hex has the wrong length");
  expect_error("eth_getCode", "\"0x12\"", -32602, "hex has the wrong length");
  expect_error("eth_getStorageAt", "\"0x12\",\"0x0\"", -32602, "hex has the wrong length");
  expect_error("eth_getStorageAt", CONTRACT ",\"1\"", -32602, "hex does not begin with 0x");
  expect_error("eth_getStorageAt", CONTRACT ",\"0x0\",\"x\"", -32602, "hex does not begin with 0x");
  expect_error("eth_getProof", "\"0x12\",[]", -32602, "hex has the wrong length");
  expect_error("eth_getProof", CONTRACT ",\"0x1\"", -32602, "JSON value is not an array");
  expect_error("eth_getProof", CONTRACT ",[\"1\"]", -32602, "hex does not begin with 0x");
  expect_error("eth_getProof", CONTRACT ",[],\"x\"", -32602, "hex does not begin with 0x");
  char many[512] = CONTRACT ",[\"0x1\"";
  for (int i = 0; i < 32; i++) strcat(many, ",\"0x1\"");
  strcat(many, "]");
  expect_error("eth_getProof", many, -32005, "more than 32 slots");
}

/* What is given of a proof proves it. */
static void passes_on_a_proof_that_was_checked(void **state) {
  (void)state;
  static uint8_t memory[1 << 18];
  ol_account_answer answer;
  ol_account_question question;
  start(2, 2);
  ol_account_question_init(&question, &earth.base.contract);
  question.trust = OL_TRUST_GIVEN;
  question.slot_count = 3;
  question.slots[0] = world_word(5);
  question.slots[1] = world_word(0x99);
  question.slots[2] = world_word(5);
  const char *response = call("eth_getProof", CONTRACT ",[\"0x5\",\"0x99\",\"0x5\"],\"0x7\"");
  assert_non_null(strstr(response, "\"key\":\"0x5\",\"value\":\"0x3ed\""));
  uint8_t header[1024];
  char header_text[2 * sizeof header + 3];
  size_t len;
  assert_int_equal(ol_header_encode(&error, header, sizeof header, &len, &earth.blocks[7].header), OL_OK);
  ol_hex_text(header_text, header, len);
  assert_int_equal(ol_account_verify_text(&error, &answer, &question, text_of(header_text), text_of(response),
                                          memory, sizeof memory),
                   OL_OK);
  const ol_u256 value = world_word(1005);
  assert_memory_equal(&answer.slots[0].value, &value, sizeof value);
}

/* --- Blocks --- */

/* What a provider writes of a block reads as what a node says of it: by the rules that bind a block to its hash. */
static void gives_blocks_that_are_sound(void **state) {
  (void)state;
  static uint8_t memory[4 << 20], receipts_memory[4 << 20];
  char params[128];
  start(2, 2);
  for (size_t i = 0; i < earth.count; i += 2) {
    const chain_block *block = &earth.blocks[i];
    ol_header header;
    ol_items transactions, receipts;
    if (i % 4 == 0)
      snprintf(params, sizeof params, "\"0x%zx\",true", i);
    else
      snprintf(params, sizeof params, "\"%s\",true", hash_text(&block->hash));
    const char *text = call(i % 4 == 0 ? "eth_getBlockByNumber" : "eth_getBlockByHash", params);
    assert_int_equal(ol_block_transactions_verify(&error, &header, &transactions, &block->hash, text_of(text),
                                                  memory, sizeof memory),
                     OL_OK);
    assert_int_equal(transactions.count, block->count);
    snprintf(params, sizeof params, "\"0x%zx\"", i);
    text = call("eth_getBlockReceipts", params);
    assert_int_equal(ol_block_receipts_verify(&error, &receipts, &header, transactions.items,
                                              transactions.count, text_of(text), receipts_memory,
                                              sizeof receipts_memory),
                     OL_OK);
  }
}

static void gives_parts_of_blocks(void **state) {
  (void)state;
  char params[256], expected[256];
  start(2, 2);
  expect("eth_getBlockTransactionCountByNumber", "\"0x4\"", "\"0x5\"");
  expect("eth_getBlockTransactionCountByHash", quoted(hash_text(&earth.blocks[5].hash)), "\"0x0\"");
  for (size_t i = 0; i < earth.blocks[4].count; i++) {
    const ol_hash hash = transaction_hash(4, i);
    snprintf(expected, sizeof expected, "\"hash\":\"%s\"", hash_text(&hash));
    snprintf(params, sizeof params, "\"0x4\",\"0x%zx\"", i);
    assert_non_null(strstr(call("eth_getTransactionByBlockNumberAndIndex", params), expected));
    snprintf(params, sizeof params, "\"%s\",\"0x%zx\"", hash_text(&earth.blocks[4].hash), i);
    assert_non_null(strstr(call("eth_getTransactionByBlockHashAndIndex", params), expected));
    assert_non_null(strstr(call("eth_getTransactionByHash", quoted(hash_text(&hash))), expected));
    snprintf(expected, sizeof expected, "\"transactionIndex\":\"0x%zx\"", i);
    assert_non_null(strstr(now.response, expected));
    const char *receipt = call("eth_getTransactionReceipt", quoted(hash_text(&hash)));
    snprintf(expected, sizeof expected, "{\"transactionHash\":\"%s\",\"blockHash\":\"%s\"", hash_text(&hash),
             hash_text(&earth.blocks[4].hash));
    assert_non_null(strstr(receipt, expected));
  }
  snprintf(expected, sizeof expected, "{\"hash\":\"%s\"", hash_text(&earth.blocks[4].hash));
  assert_non_null(strstr(call("eth_getHeaderByNumber", "\"0x4\""), expected));
  assert_non_null(strstr(call("eth_getHeaderByHash", quoted(hash_text(&earth.blocks[4].hash))), expected));
  assert_null(strstr(now.response, "\"transactions\""));
}

/* --- Lies: answers that are true of something else --- */

static const char *lie_about, *lie_from,
    *lie_to; /* a method; what is changed in the first endpoint's answers */
static uint32_t lies;

static bool edit_first(const ol_want *want, ol_slice *answer) {
  if (want->endpoint != 0 || !asks_for(want, lie_about)) return true;
  assert_true(replace(answer, lie_from, lie_to));
  lies++;
  return true;
}

/*
 * The first endpoint's answers to a method are changed, so it is blamed, and the result is right all the same; and where
 * there is no other endpoint, there is an error.
 */
static void assert_refused(const char *method, const char *params, const char *about, const char *from,
                           const char *to, const char *reason) {
  static char honest[MAX_RESPONSE];
  ol_blame blame;
  start(2, 1);
  strcpy(honest, call(method, params));
  stop(NULL);
  start(2, 1);
  lie_about = about;
  lie_from = from;
  lie_to = to;
  lies = 0;
  now.lie = edit_first;
  assert_string_equal(call(method, params), honest);
  assert_int_equal(ol_engine_next_blame(now.engine, &blame), 1);
  assert_int_equal(blame.endpoint, 0);
  assert_string_equal(blame.error.reason, reason);
  assert_int_equal(lies, 1);
  stop(NULL);
  start(1, 1);
  now.lie = edit_first;
  assert_error(call(method, params), -32002, reason);
  stop(NULL);
}

static void refuses_an_account_proof_for_another_address(void **state) {
  (void)state;
  assert_refused("eth_getBalance", ACCOUNT, "eth_getProof", "\"address\":\"0x11", "\"address\":\"0x12",
                 "proof is for another address");
  assert_refused("eth_getBalance", ACCOUNT, "eth_getProof", "{", "", "text is not JSON");
  assert_refused("eth_getBalance", ACCOUNT, "eth_getProof", "\"balance\":\"0x417\"", "\"balance\":\"0x418\"",
                 "claimed value is not the proven one");
}

static void refuses_a_storage_proof_for_another_slot(void **state) {
  (void)state;
  assert_refused("eth_getStorageAt", CONTRACT ",\"0x5\"", "eth_getProof", "\"key\":\"0x5\"",
                 "\"key\":\"0x6\"", "storage proof is for another slot");
  assert_refused("eth_getStorageAt", CONTRACT ",\"0x5\"", "eth_getProof", "\"storageProof\":[{",
                 "\"storageProof\":[],\"x\":[{", "number of storage proofs is not that of slots asked");
  assert_refused("eth_getStorageAt", CONTRACT ",\"0x5\"", "eth_getProof",
                 "\"storageProof\":", "\"x\":", "storage proofs are missing");
}

static void refuses_code_of_another_hash(void **state) {
  (void)state;
  assert_refused("eth_getCode", CONTRACT, "eth_getCode", "\"0x0007", "\"0x0008",
                 "code does not hash to the account's code hash");
}

static void refuses_another_block(void **state) {
  (void)state;
  assert_refused("eth_getBlockByNumber", "\"0x4\",true", "eth_getBlockByHash", "\"gasUsed\":\"0x",
                 "\"gasUsed\":\"0x1",
                 "header's fields do not hash to it: one is forged, or unknown to this version");
  assert_refused("eth_getHeaderByNumber", "\"0x4\"", "eth_getBlockByHash", "\"gasUsed\":\"0x",
                 "\"gasUsed\":\"0x1",
                 "header's fields do not hash to it: one is forged, or unknown to this version");
}

/* A whole block, but another than the one asked. */
static bool another_block(const ol_want *want, ol_slice *answer) {
  static uint8_t memory[MAX_ANSWER];
  if (want->endpoint != 0 || !asks_for(want, "eth_getBlockByHash")) return true;
  char request[256];
  const int len = snprintf(
      request, sizeof request, "{\"id\":%u,\"method\":\"eth_getBlockByHash\",\"params\":[\"%s\",%s]}",
      (unsigned)want->id, hash_text(&earth.blocks[5].hash), asks_for(want, "true") ? "true" : "false");
  *answer = chain_answer(&now.endpoints[0], memory, sizeof memory, ol_slice_of(request, (size_t)len));
  return true;
}

static void refuses_a_block_of_another_hash(void **state) {
  (void)state;
  static const char *const methods[] = {"eth_getBlockByHash", "eth_getHeaderByHash", "eth_getBlockByNumber",
                                        "eth_getHeaderByNumber"};
  for (size_t i = 0; i < 4; i++) {
    start(2, 1);
    now.lie = another_block;
    const char *block = i < 2 ? quoted(hash_text(&earth.blocks[4].hash)) : "\"0x4\"";
    assert_non_null(strstr(call(methods[i], block), hash_text(&earth.blocks[4].hash)));
    ol_blame blame;
    assert_int_equal(ol_engine_next_blame(now.engine, &blame), 1);
    assert_int_equal(blame.endpoint, 0);
    assert_int_equal(blame.error.status, OL_ERR_MISMATCH);
    stop(NULL);
  }
}

static void refuses_a_body_that_is_not_the_blocks(void **state) {
  (void)state;
  assert_refused("eth_getBlockByNumber", "\"0x4\",true", "eth_getBlockByHash", "\"transactions\":[{",
                 "\"transactions\":[],\"x\":[{", "items do not give the root in the header");
  assert_refused("eth_getBlockReceipts", "\"0x4\"", "eth_getBlockReceipts", "\"result\":[{",
                 "\"result\":[],\"x\":[{", "block has not as many transactions as receipts");
  assert_refused("eth_getBlockReceipts", "\"0x4\"", "eth_getBlockReceipts", "\"status\":\"0x1\"",
                 "\"status\":\"0x0\"", "items do not give the root in the header");
}

/* A transaction that is in a block, but at another place than the endpoint says. */
static void refuses_a_transaction_that_is_elsewhere(void **state) {
  (void)state;
  const ol_hash hash = transaction_hash(4, 2);
  const char *param = quoted(hash_text(&hash));
  static const char elsewhere[] = "transaction is not where it is said to be";
  static const char *const methods[] = {"eth_getTransactionByHash", "eth_getTransactionReceipt"};
  for (size_t i = 0; i < 2; i++) {
    assert_refused(methods[i], param, "eth_getTransactionByHash", "\"transactionIndex\":\"0x2\"",
                   "\"transactionIndex\":\"0x1\"", elsewhere);
    assert_refused(methods[i], param, "eth_getTransactionByHash", "\"transactionIndex\":\"0x2\"",
                   "\"transactionIndex\":\"0xffffffff00000002\"", elsewhere);
    assert_refused(methods[i], param, "eth_getTransactionByHash", "\"blockNumber\":\"0x4\"",
                   "\"blockNumber\":\"0x5\"", elsewhere);
    assert_refused(methods[i], param, "eth_getTransactionByHash",
                   "\"transactionIndex\":", "\"x\":", "transaction has no index");
    assert_refused(methods[i], param, "eth_getTransactionByHash", "\"transactionIndex\":\"0x",
                   "\"transactionIndex\":\"", "hex does not begin with 0x");
    assert_refused(methods[i], param, "eth_getTransactionByHash", "\"blockNumber\":\"0x",
                   "\"blockNumber\":\"", "hex does not begin with 0x");
  }
}

/* Nobody is believed that a transaction is not there, or above the head, as long as another has it. */
static void asks_all_before_it_says_null(void **state) {
  (void)state;
  const ol_hash hash = transaction_hash(4, 2);
  static const char *const edits[][2] = {
      {"\"result\":{", "\"result\":null,\"x\":{"},
      {"\"blockNumber\":\"0x4\"", "\"blockNumber\":null"},
      {"\"blockNumber\":\"0x4\"", "\"blockNumber\":\"0x30\""},
      {"\"blockNumber\":\"0x4\"", "\"blockNumber\":\"0xffffffffffffffff\""}};
  for (size_t i = 0; i < 4; i++) {
    start(2, 1);
    lie_about = "eth_getTransactionByHash";
    lie_from = edits[i][0];
    lie_to = edits[i][1];
    lies = 0;
    now.lie = edit_first;
    assert_non_null(
        strstr(call("eth_getTransactionByHash", quoted(hash_text(&hash))), "\"blockNumber\":\"0x4\""));
    assert_int_equal(lies, 1);
    stop(NULL);
    start(1, 1);
    now.lie = edit_first;
    lies = 0;
    expect("eth_getTransactionByHash", quoted(hash_text(&hash)), "null");
    expect("eth_getTransactionReceipt", quoted(hash_text(&hash)), "null");
    assert_int_equal(lies, 2);
    stop(NULL);
  }
}

static const char *lookup_answer;

static bool answer_lookup(const ol_want *want, ol_slice *answer) {
  if (asks_for(want, "eth_getTransactionByHash") || asks_for(want, "eth_getBlockByHash"))
    answer_with(answer, want, lookup_answer);
  return true;
}

/* Errors are no null: they tell nothing of what is asked. */
static void an_error_is_no_null(void **state) {
  (void)state;
  const ol_hash hash = transaction_hash(4, 2);
  start(2, 2);
  now.lie = answer_lookup;
  lookup_answer = "\"error\":{\"code\":-32005}";
  static const char limited[] = "endpoint limits the number of requests";
  expect_error("eth_getTransactionByHash", quoted(hash_text(&hash)), -32002, limited);
  expect_error("eth_getTransactionReceipt", quoted(hash_text(&hash)), -32002, limited);
  expect_error("eth_getBlockByHash", quoted(hash_text(&earth.blocks[4].hash)), -32002, limited);
  lookup_answer = "\"a\":1"; /* neither a result nor an error */
  expect_error("eth_getTransactionByHash", quoted(hash_text(&hash)), -32002,
               "endpoint has no result for the request");
  lookup_answer = "\"result\":5";
  expect_error("eth_getTransactionByHash", quoted(hash_text(&hash)), -32002, "transaction is not an object");
}

static void refuses_a_forged_header_of_what_is_looked_up(void **state) {
  (void)state;
  start(1, 1);
  lie_about = "eth_getBlockByHash";
  lie_from = "\"gasUsed\":\"0x";
  lie_to = "\"gasUsed\":\"0x1";
  now.lie = edit_first;
  expect_error("eth_getBlockByHash", quoted(hash_text(&earth.blocks[4].hash)), -32002,
               "header's fields do not hash to it: one is forged, or unknown to this version");
}

/* --- Fees --- */

static void suggests_fees(void **state) {
  (void)state;
  start(1, 1);
  expect("eth_maxPriorityFeePerGas", "", "\"0xf4240\"");
  char expected[80];
  const uint8_t base = earth.blocks[47].header.base_fee.bytes[31];
  const char *response = call("eth_gasPrice", "");
  snprintf(expected, sizeof expected, "\"result\":\"0x%x\"", 1000000u + base);
  if (strstr(response, expected) == NULL) print_message("%s not %s\n", response, expected);
  assert_non_null(strstr(response, expected));
}

/* --- Sending --- */

static char sent[4096];

static ol_transaction to_send(uint64_t chain_id) {
  ol_transaction out = sample_transaction(OL_TX_DYNAMIC_FEE);
  out.chain_id = chain_id;
  sign_sample(&out);
  return out;
}

/* Returns: a transaction's text, in quotes. */
static const char *text_to_send(const ol_transaction *transaction) {
  const ol_slice bytes = sample_bytes(transaction);
  sent[0] = '"';
  ol_hex_text(sent + 1, bytes.data, bytes.len);
  strcat(sent, "\"");
  free((void *)(uintptr_t)bytes.data);
  return sent;
}

static void sends_a_transaction(void **state) {
  (void)state;
  const ol_transaction transaction = to_send(WORLD_CHAIN_ID);
  ol_hash hash;
  char request[8192];
  start(2, 2);
  ol_transaction_hash(&hash, &transaction);
  expect("eth_sendRawTransaction", text_to_send(&transaction), quoted(hash_text(&hash)));
  assert_int_equal(now.requests, 1);
  snprintf(request, sizeof request,
           "{\"id\":1,\"method\":\"openledger_verified\",\"params\":[{\"method\":\"eth_sendRawTransaction\","
           "\"params\":[%s]}]}",
           sent);
  char expected[256];
  snprintf(expected, sizeof expected, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"value\":\"%s\"}}",
           hash_text(&hash));
  assert_string_equal(ask(request), expected);
}

static void refuses_to_send_what_it_cannot_read(void **state) {
  (void)state;
  start(1, 1);
  ol_transaction transaction = to_send(1);
  expect_error("eth_sendRawTransaction", text_to_send(&transaction), -32602,
               "transaction is for another chain");
  transaction = sample_transaction(OL_TX_LEGACY);
  transaction.chain_id = 0;
  sign_sample(&transaction);
  expect_error("eth_sendRawTransaction", text_to_send(&transaction), -32602,
               "transaction is for another chain");
  transaction = sample_transaction(OL_TX_DEPOSIT);
  expect_error("eth_sendRawTransaction", text_to_send(&transaction), -32602,
               "a deposit is not sent: L1 makes it");
  transaction = to_send(WORLD_CHAIN_ID);
  memset(transaction.r.bytes, 0xff, sizeof transaction.r.bytes);
  call("eth_sendRawTransaction", text_to_send(&transaction));
  assert_non_null(strstr(now.response, "\"code\":-32602"));
  expect_error("eth_sendRawTransaction", "\"0xc0\"", -32602, "RLP item is missing");
  expect_error("eth_sendRawTransaction", "\"0x\"", -32602, "transaction is empty");
  expect_error("eth_sendRawTransaction", "1", -32602, "JSON value is not a string");
  expect_error("eth_sendRawTransaction", "\"0xgg\"", -32602, "character is not a hex digit");
  transaction = to_send(WORLD_CHAIN_ID);
  text_to_send(&transaction);
  memmove(sent + 6, sent + 1, strlen(sent));
  memcpy(sent + 1, "\\u0030", 6); /* for the first digit */
  expect_error("eth_sendRawTransaction", sent, -32602, "transaction is written with escapes");
  assert_int_equal(now.requests, 0);
}

static const char *send_answer;

static bool answer_send(const ol_want *want, ol_slice *answer) {
  if (want->endpoint == 0 && asks_for(want, "eth_sendRawTransaction")) answer_with(answer, want, send_answer);
  return true;
}

static void refuses_an_answer_for_another_transaction(void **state) {
  (void)state;
  const ol_transaction transaction = to_send(WORLD_CHAIN_ID);
  ol_hash hash;
  char other[128];
  ol_transaction_hash(&hash, &transaction);
  snprintf(other, sizeof other, "\"result\":\"%s\"", hash_text(&unknown));
  start(1, 1);
  now.lie = answer_send;
  send_answer = other;
  expect_error("eth_sendRawTransaction", text_to_send(&transaction), -32002,
               "endpoint took another transaction than was sent");
  send_answer = "\"result\":\"0x12\"";
  expect_error("eth_sendRawTransaction", text_to_send(&transaction), -32002, "hex has the wrong length");
  send_answer = "\"error\":{\"code\":-32000,\"message\":\"nonce too low\"}";
  expect_error("eth_sendRawTransaction", text_to_send(&transaction), -32003,
               "endpoint answered with an error of its own");
  stop(NULL);
  start(2, 2);
  now.lie = answer_send;
  expect("eth_sendRawTransaction", text_to_send(&transaction), quoted(hash_text(&hash)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(says_what_it_is),
      TEST(stays_on_its_chain),
      TEST(refuses_blocks_that_are_none),
      TEST(knows_what_is_not_there),
      TEST(reads_accounts),
      TEST(refuses_accounts_and_slots_that_are_none),
      TEST(passes_on_a_proof_that_was_checked),
      TEST(gives_blocks_that_are_sound),
      TEST(gives_parts_of_blocks),
      TEST(refuses_an_account_proof_for_another_address),
      TEST(refuses_a_storage_proof_for_another_slot),
      TEST(refuses_code_of_another_hash),
      TEST(refuses_another_block),
      TEST(refuses_a_block_of_another_hash),
      TEST(refuses_a_body_that_is_not_the_blocks),
      TEST(refuses_a_transaction_that_is_elsewhere),
      TEST(asks_all_before_it_says_null),
      TEST(an_error_is_no_null),
      TEST(refuses_a_forged_header_of_what_is_looked_up),
      TEST(suggests_fees),
      TEST(sends_a_transaction),
      TEST(refuses_to_send_what_it_cannot_read),
      TEST(refuses_an_answer_for_another_transaction),
  };
  return cmocka_run_group_tests(tests, make_chain, end_chain);
}
