/* SPDX-License-Identifier: MIT */
#include "provider/provider.h"

#include "provider/respond.h"
#include "provider/write.h"
#include "unit/provider/session.h"

/* Results out of a block, fees above all: what is refused of a body that cannot be read, or where memory ends. */

#define KEEP (OL_KEEPS - 1) /* which the one job has */

static uint8_t text_memory[1 << 12], arena_memory[1 << 12];
static ol_job job;

/* Leaves a block with transactions in a keep. */
static void keep_block(void) {
  start(1, 1);
  assert_non_null(strstr(call("eth_getBlockReceipts", "\"0x4\""), "\"result\":[{"));
  memset(&job, 0, sizeof job);
  job.keep = KEEP + 1;
  job.percentile_count = 1;
  assert_int_equal(now.provider->keeps[KEEP].body.count, 5);
}

/* Writes what a method gives of the kept block, with so much memory. */
static ol_status write_with(ol_result_write *write, size_t len) {
  ol_arena text = ol_arena_of(text_memory, sizeof text_memory), arena = ol_arena_of(arena_memory, len);
  ol_json_writer to;
  const ol_result result = {.to = &to, .name = NULL, .provider = now.provider, .job = &job, .arena = &arena};
  ol_json_write_begin(&to, &text);
  ol_error_clear(&error);
  return write(&error, &result);
}

typedef ol_status sweeper(ol_error *error, ol_json_writer *to, const ol_job *job, const ol_rpc_block *block,
                          ol_arena *arena);

static ol_status sweep_by(sweeper *sweep, size_t len) {
  ol_arena text = ol_arena_of(text_memory, sizeof text_memory), arena = ol_arena_of(arena_memory, len);
  ol_arena list = ol_arena_of(arena_memory + sizeof arena_memory / 2, sizeof arena_memory / 2);
  ol_json_writer to;
  ol_rpc_block block;
  assert_int_equal(ol_keep_block(&error, &block, now.provider, KEEP, &list), OL_OK);
  ol_json_write_begin(&to, &text);
  ol_json_write_array(&to, NULL);
  ol_error_clear(&error);
  return sweep(&error, &to, &job, &block, &arena);
}

/* What both sweeps of tips give, which is the same. */
static ol_status sweep_with(size_t len) {
  const ol_status status = sweep_by(ol_sweep_rewards, len);
  assert_int_equal(sweep_by(ol_sweep_fees, len), status);
  return status;
}

static void needs_memory_for_a_block(void **state) {
  (void)state;
  keep_block();
  for (size_t len = 0; len < 16 * 6 * 2; len += 16) {
    static ol_result_write *const writes[] = {ol_write_block, ol_write_receipts, ol_write_transaction_at,
                                              ol_write_receipt, ol_write_gas_price};
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
      assert_int_equal(write_with(writes[i], len), OL_ERR_MEMORY);
      assert_string_equal(error.reason, "no memory left for items");
    }
    assert_int_equal(write_with(ol_write_priority_fee, len), OL_ERR_MEMORY);
    assert_string_equal(error.reason, "no memory left for items");
    assert_int_equal(sweep_with(len), OL_ERR_MEMORY);
    assert_string_equal(error.reason, "no memory left for tips");
  }
  assert_int_equal(write_with(ol_write_gas_price, 256), OL_ERR_MEMORY);
  assert_string_equal(error.reason, "no memory left for tips");
  assert_int_equal(write_with(ol_write_gas_price, sizeof arena_memory), OL_OK);
  assert_int_equal(write_with(ol_write_priority_fee, sizeof arena_memory), OL_OK);
  assert_int_equal(sweep_with(sizeof arena_memory / 2), OL_OK);
}

/* A byte of the first transaction or receipt: what follows from nothing that can be read. */
static void refuses_a_body_that_cannot_be_read(void **state) {
  (void)state;
  for (int of_receipt = 0; of_receipt < 2; of_receipt++) {
    keep_block();
    uint8_t *memory = ol_keep_memory(now.provider, KEEP).memory;
    if (of_receipt == 1) memory += now.provider->keeps[KEEP].body.transactions_len;
    memory[sizeof(uint32_t)] = 0x55; /* the type */
    assert_int_equal(write_with(ol_write_gas_price, sizeof arena_memory), OL_ERR_ENCODING);
    assert_int_equal(write_with(ol_write_priority_fee, sizeof arena_memory), OL_ERR_ENCODING);
    assert_int_equal(sweep_with(sizeof arena_memory / 2), OL_ERR_ENCODING);
    stop(NULL);
  }
}

static void refuses_a_price_that_needs_more_than_256_bits(void **state) {
  (void)state;
  keep_block();
  memset(now.provider->keeps[KEEP].body.header.base_fee.bytes, 0xff, 32);
  now.provider->keeps[KEEP].body.header.gas_used = 0;
  now.provider->keeps[KEEP].body.header.field_count = 0; /* whose fee nothing is known of */
  assert_int_equal(write_with(ol_write_gas_price, sizeof arena_memory), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "price needs more than 256 bits");
}

/* What fails while it is written becomes an error, with and without what it rests on. */
static void responds_with_an_error_to_what_cannot_be_written(void **state) {
  (void)state;
  for (int with_proof = 0; with_proof < 2; with_proof++) {
    keep_block();
    ol_keep_memory(now.provider, KEEP).memory[sizeof(uint32_t)] = 0x55;
    job.state = OL_JOB_READY;
    job.method = ol_method_of(text_of("eth_gasPrice"));
    job.id_len = 1;
    job.with_proof = with_proof == 1;
    now.provider->out_len = 0;
    ol_respond(now.provider, &job);
    const ol_arena out = ol_provider_out(now.provider);
    char *text = calloc(1, out.used + 1);
    assert_non_null(text);
    memcpy(text, out.memory, out.used);
    assert_non_null(strstr(text, "\"error\":{\"code\":-32002,"));
    assert_null(strstr(text, "result"));
    free(text);
    stop(NULL);
  }
}

/* Where a block is full, the median of its tips and a tenth. */
static void suggests_more_where_a_block_is_full(void **state) {
  (void)state;
  keep_block();
  ol_header *header = &now.provider->keeps[KEEP].body.header;
  header->base_fee = world_word(0);
  header->gas_limit = header->gas_used;
  assert_int_equal(write_with(ol_write_priority_fee, sizeof arena_memory), OL_OK);
  assert_memory_equal(text_memory, "\"0xf4240\"", 9); /* the median is less than the least */
  for (size_t i = 0; i < 2; i++) {
    header->gas_limit = i == 0 ? UINT64_MAX : 0;
    header->gas_used = UINT64_MAX;
    assert_int_equal(write_with(ol_write_priority_fee, sizeof arena_memory), OL_OK);
    assert_memory_equal(text_memory, "\"0xf4240\"", 9);
  }
}

/* The transaction is read again where it was asked with. */
static void needs_memory_for_a_quote(void **state) {
  (void)state;
  static char raw[3 << 10];
  size_t seen = 0;
  ol_transaction transaction = sample_transaction(OL_TX_DYNAMIC_FEE);
  transaction.chain_id = WORLD_CHAIN_ID;
  sign_sample(&transaction);
  const ol_slice bytes = sample_bytes(&transaction);
  keep_block();
  ol_hex_text(raw, bytes.data, bytes.len);
  job.raw_len = (uint32_t)strlen(raw);
  memcpy(now.provider->request, raw, job.raw_len);
  assert_int_equal(write_with(ol_write_quote, 0), OL_ERR_MEMORY);
  assert_string_not_equal(error.reason, "no memory left for the transaction"); /* but for the block */
  for (size_t len = 0; write_with(ol_write_quote, len) == OL_ERR_MEMORY; len += 16)
    seen += strcmp(error.reason, "no memory left for the transaction") == 0;
  assert_true(seen > 0);
  assert_string_equal(error.reason, "the block has no L1 attributes to tell what L1 costs");
  now.provider->request[5] = 'x';
  assert_int_equal(write_with(ol_write_quote, sizeof arena_memory), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "character is not a hex digit");
  free((void *)(uintptr_t)bytes.data);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(needs_memory_for_a_block),
      TEST(refuses_a_body_that_cannot_be_read),
      TEST(refuses_a_price_that_needs_more_than_256_bits),
      TEST(responds_with_an_error_to_what_cannot_be_written),
      TEST(suggests_more_where_a_block_is_full),
      TEST(needs_memory_for_a_quote),
  };
  return cmocka_run_group_tests(tests, make_chain, end_chain);
}
