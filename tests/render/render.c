/* SPDX-License-Identifier: MIT */

/*
 * Verifies what a node says of a block, and writes the block as a provider does.  render_native <INPUT
 *
 * In: {chainId, hash, block, receipts, filter}, in which a block with full transactions and its receipts are texts.
 * Out: {header, block, hashes, receipts, logs}.
 */
#include "provider/render.h"

#include "openledger/openledger.h"

#include <stdio.h>
#include <stdlib.h>

#define MEMORY ((size_t)1 << 24) /* of each of what is read and written */

static ol_error error;

static void give_up(const char *what) {
  char line[256];
  ol_error_text(&error, line, sizeof line);
  fprintf(stderr, "render: %s: %s\n", what, line);
  exit(1);
}

static void require(ol_status status, const char *what) {
  if (status != OL_OK) give_up(what);
}

static void *memory(void) {
  static uint8_t all[5][MEMORY];
  static size_t taken;
  if (taken == sizeof all / sizeof all[0]) abort();
  return all[taken++];
}

static ol_json member_of(ol_json object, const char *name) {
  ol_json member;
  require(ol_json_need(&error, &member, object, name, "is missing"), name);
  return member;
}

static ol_slice text_in(ol_json object, const char *name) {
  ol_slice text;
  require(ol_json_string(&error, &text, member_of(object, name)), name);
  return text;
}

static ol_json read_input(void) {
  uint8_t *text = memory();
  ol_json root;
  ol_arena arena = ol_arena_of(memory(), MEMORY);
  size_t len = fread(text, 1, MEMORY, stdin);
  require(ol_json_read(&error, &root, &arena, text, len), "input");
  return root;
}

int main(void) {
  ol_json input = read_input();
  ol_rpc_block block = {.rollup = NULL};
  ol_header header;
  ol_hash hash;
  ol_items transactions, receipts;
  ol_log_filter filter;
  require(ol_json_u64(&error, &block.chain_id, member_of(input, "chainId")), "chainId");
  require(ol_json_hex_fixed(&error, hash.bytes, sizeof hash.bytes, member_of(input, "hash")), "hash");
  require(ol_log_filter_read(&error, &filter, member_of(input, "filter")), "filter");
  require(ol_block_transactions_verify(&error, &header, &transactions, &hash, text_in(input, "block"),
                                       memory(), MEMORY),
          "block");
  require(ol_block_receipts_verify(&error, &receipts, &header, transactions.items, transactions.count,
                                   text_in(input, "receipts"), memory(), MEMORY),
          "receipts");
  block.header = &header;
  block.hash = &hash;
  block.transactions = transactions.items;
  block.transaction_count = transactions.count;
  block.receipts = receipts.items;

  ol_arena arena = ol_arena_of(memory(), MEMORY);
  ol_json_writer to;
  ol_slice text;
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  ol_rpc_write_header(&to, "header", &header, &hash);
  require(ol_rpc_write_block(&error, &to, "block", &block, true), "block");
  require(ol_rpc_write_block(&error, &to, "hashes", &block, false), "hashes");
  require(ol_rpc_write_receipts(&error, &to, "receipts", &block), "receipts");
  ol_json_write_array(&to, "logs");
  require(ol_rpc_write_logs(&error, &to, &block, &filter), "logs");
  ol_json_write_close(&to);
  ol_json_write_close(&to);
  require(ol_json_write_end(&error, &text, &to), "text");
  fwrite(text.data, 1, text.len, stdout);
  return 0;
}
