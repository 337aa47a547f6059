/* SPDX-License-Identifier: MIT */
#include "rollup/block.h"
#include "rollup/header.h"
#include "rollup/input.h"
#include "rollup/receipt.h"
#include "rollup/transaction.h"
#include "rollup/u256.h"
#include "trie/trie.h"

#include "base/poison.h"

/* What is known of an item's place, for its claims to be compared with. */
typedef struct item_place {
  ol_u256 block_hash;
  ol_u256 block_number;
  ol_u256 index;
  const ol_header *header;
} item_place;

/* A claim that is there must be this number; addresses and hashes are numbers, too. */
static ol_status check_claim(ol_error *error, ol_json item, const char *name, const ol_u256 *expected) {
  ol_json claim;
  ol_u256 claimed;
  if (!ol_json_find(&claim, item, name)) return OL_OK;
  ol_status status = ol_json_hex_u256(error, &claimed, claim);
  if (status == OL_OK && memcmp(claimed.bytes, expected->bytes, sizeof claimed.bytes) != 0)
    status = ol_fail(error, OL_ERR_MISMATCH, claim.offset, "claim is not what the block shows");
  return ol_error_in(error, status, name, OL_NOWHERE);
}

static ol_status check_place(ol_error *error, ol_json item, const item_place *place) {
  OL_TRY(check_claim(error, item, "blockHash", &place->block_hash));
  OL_TRY(check_claim(error, item, "blockNumber", &place->block_number));
  return check_claim(error, item, "transactionIndex", &place->index);
}

static item_place place_of(const ol_header *header, const ol_hash *hash) {
  item_place out = {.block_number = ol_u256_of(header->number), .header = header};
  memcpy(out.block_hash.bytes, hash->bytes, sizeof hash->bytes);
  return out;
}

ol_u256 ol_transaction_price(const ol_transaction *transaction, const ol_header *header) {
  if (transaction->type == OL_TX_LEGACY || transaction->type == OL_TX_ACCESS_LIST)
    return transaction->gas_price;
  ol_u256 price = ol_u256_of(0);
  if (transaction->type == OL_TX_DEPOSIT) return price;
  bool fits = ol_u256_add(&price, &header->base_fee, &transaction->max_priority_fee_per_gas);
  bool above = memcmp(price.bytes, transaction->max_fee_per_gas.bytes, sizeof price.bytes) > 0;
  return !fits || above ? transaction->max_fee_per_gas : price;
}

/* Begins an array of items. Out: memory for as many slices. */
static ol_status begin_items(ol_error *error, ol_slice **out, size_t *out_count, ol_json_items *out_items,
                             ol_arena *arena, ol_json array) {
  OL_TRY(ol_json_array(error, out_items, array));
  *out_count = out_items->left;
  *out = ol_arena_take(arena, *out_count * sizeof **out);
  if (*out == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for items");
  return OL_OK;
}

static ol_status check_root(ol_error *error, const ol_slice *items, size_t count, const ol_hash *expected,
                            size_t offset) {
  ol_hash root;
  ol_trie_list_root(&root, items, count, NULL);
  if (!ol_hash_equal(&root, expected))
    return ol_fail(error, OL_ERR_MISMATCH, offset, "items do not give the root in the header");
  return OL_OK;
}

static ol_status read_transaction(ol_error *error, ol_slice *out, ol_arena *arena, ol_json item,
                                  const item_place *place) {
  ol_transaction transaction;
  ol_hash hash;
  OL_TRY(ol_transaction_from_json(error, &transaction, out, &hash, arena, item));
  ol_u256 price = ol_transaction_price(&transaction, place->header);
  OL_TRY(check_claim(error, item, "gasPrice", &price));
  return check_place(error, item, place);
}

static ol_status read_transactions(ol_error *error, ol_items *out, ol_arena *arena, ol_json array,
                                   const ol_header *header, const ol_hash *hash) {
  ol_slice *items;
  ol_json_items left;
  ol_json item;
  item_place place = place_of(header, hash);
  OL_TRY(begin_items(error, &items, &out->count, &left, arena, array));
  for (size_t i = 0; ol_json_next(&item, NULL, &left); i++) {
    place.index = ol_u256_of(i);
    OL_TRY(ol_error_within(error, read_transaction(error, &items[i], arena, item, &place), "transactions",
                           (uint32_t)i));
  }
  out->items = items;
  return check_root(error, items, out->count, &header->transactions_root, array.offset);
}

ol_status ol_block_from_json(ol_error *error, ol_header *out_header, ol_items *out_transactions,
                             const ol_hash *block_hash, ol_arena *arena, ol_json block) {
  ol_header header;
  ol_hash hash;
  ol_items items;
  ol_json array;
  OL_TRY(ol_header_from_json(error, &header, &hash, block));
  if (!ol_hash_equal(&hash, block_hash))
    return ol_error_in(error, ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "block is another one"), "hash",
                       OL_NOWHERE);
  ol_status status = ol_json_need(error, &array, block, "transactions", "block has no transactions");
  if (status == OL_OK) status = read_transactions(error, &items, arena, array, &header, &hash);
  OL_TRY(ol_error_in(error, status, "transactions", OL_NOWHERE));
  *out_header = header;
  *out_transactions = items;
  return OL_OK;
}

ol_status ol_block_transactions_verify(ol_error *error, ol_header *out_header, ol_items *out_transactions,
                                       const ol_hash *block_hash, ol_slice text, void *memory, size_t len) {
  ol_error_clear(error);
  ol_arena arena = ol_arena_of(memory, len);
  ol_input input;
  OL_TRY(ol_input_read(error, &input, &arena, text, "block"));
  if (input.is_hex)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, 0, "block is not JSON"), "block", OL_NOWHERE);
  return ol_block_from_json(error, out_header, out_transactions, block_hash, &arena, input.json);
}

/* Counts what receipts add up to: gas in the block, and logs. */
typedef struct running {
  uint64_t gas;
  uint64_t logs;
} running;

static ol_status check_log_places(ol_error *error, ol_json item, const item_place *place, running *sum) {
  ol_json array, log;
  ol_json_items logs;
  bool read = ol_json_find(&array, item, "logs") && ol_json_array(error, &logs, array) == OL_OK;
  OL_ASSERT(read); /* or there would be no receipt */
  for (uint32_t i = 0; ol_json_next(&log, NULL, &logs); i++) {
    ol_u256 index = ol_u256_of(sum->logs++);
    ol_status status = check_place(error, log, place);
    if (status == OL_OK) status = check_claim(error, log, "logIndex", &index);
    OL_TRY(ol_error_within(error, status, "logs", i));
  }
  return OL_OK;
}

/* Compares what a receipt claims of its transaction. */
static ol_status check_transaction(ol_error *error, ol_json item, const ol_receipt *receipt, ol_slice bytes,
                                   const ol_header *header) {
  ol_transaction transaction;
  ol_hash hash;
  ol_u256 number = {{0}};
  OL_TRY(ol_transaction_decode(error, &transaction, bytes.data, bytes.len));
  if (transaction.type != receipt->type)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "receipt is of another type than its transaction");
  ol_keccak256(&hash, bytes.data, bytes.len);
  memcpy(number.bytes, hash.bytes, sizeof number.bytes);
  OL_TRY(check_claim(error, item, "transactionHash", &number));
  memset(&number, 0, sizeof number);
  memcpy(number.bytes + 12, transaction.to.bytes, sizeof transaction.to.bytes);
  OL_TRY(check_claim(error, item, "to", &number));
  number = ol_transaction_price(&transaction, header);
  return check_claim(error, item, "effectiveGasPrice", &number);
}

static ol_status read_receipt(ol_error *error, ol_slice *out, ol_arena *arena, ol_json item,
                              const item_place *place, running *sum, const ol_slice *transaction) {
  ol_receipt receipt;
  OL_TRY(ol_receipt_from_json(error, &receipt, out, arena, item));
  if (receipt.cumulative_gas_used < sum->gas)
    return ol_error_in(error, ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "gas does not add up"),
                       "cumulativeGasUsed", OL_NOWHERE);
  ol_u256 gas = ol_u256_of(receipt.cumulative_gas_used - sum->gas);
  sum->gas = receipt.cumulative_gas_used;
  OL_TRY(check_claim(error, item, "gasUsed", &gas));
  OL_TRY(check_place(error, item, place));
  OL_TRY(check_log_places(error, item, place, sum));
  return transaction != NULL ? check_transaction(error, item, &receipt, *transaction, place->header) : OL_OK;
}

static ol_status read_receipts(ol_error *error, ol_items *out, ol_arena *arena, ol_json array,
                               const ol_header *header, const ol_slice *transactions,
                               size_t transactions_len) {
  ol_slice *items;
  ol_json_items left;
  ol_json item;
  ol_hash hash;
  running sum = {0};
  ol_header_hash(&hash, header);
  item_place place = place_of(header, &hash);
  OL_TRY(begin_items(error, &items, &out->count, &left, arena, array));
  if (transactions != NULL && transactions_len != out->count)
    return ol_fail(error, OL_ERR_MISMATCH, array.offset, "block has not as many transactions as receipts");
  for (size_t i = 0; ol_json_next(&item, NULL, &left); i++) {
    const ol_slice *transaction = transactions != NULL ? &transactions[i] : NULL;
    place.index = ol_u256_of(i);
    OL_TRY(ol_error_within(error, read_receipt(error, &items[i], arena, item, &place, &sum, transaction),
                           "receipts", (uint32_t)i));
  }
  out->items = items;
  return check_root(error, items, out->count, &header->receipts_root, array.offset);
}

ol_status ol_block_receipts_from_json(ol_error *error, ol_items *out, const ol_header *header,
                                      const ol_slice *transactions, size_t transactions_len, ol_arena *arena,
                                      ol_json array) {
  ol_items items;
  ol_status status = read_receipts(error, &items, arena, array, header, transactions, transactions_len);
  OL_TRY(ol_error_in(error, status, "receipts", OL_NOWHERE));
  *out = items;
  return OL_OK;
}

ol_status ol_block_receipts_verify(ol_error *error, ol_items *out, const ol_header *header,
                                   const ol_slice *transactions, size_t transactions_len, ol_slice text,
                                   void *memory, size_t len) {
  ol_error_clear(error);
  ol_arena arena = ol_arena_of(memory, len);
  ol_input input;
  OL_TRY(ol_input_read(error, &input, &arena, text, "receipts"));
  if (input.is_hex)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, 0, "receipts are not JSON"), "receipts",
                       OL_NOWHERE);
  return ol_block_receipts_from_json(error, out, header, transactions, transactions_len, &arena, input.json);
}
