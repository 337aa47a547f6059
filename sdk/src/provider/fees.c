/* SPDX-License-Identifier: MIT */
#include "encoding/hex.h"
#include "openledger/fee.h"
#include "provider/write.h"
#include "rollup/u256.h"

#include "base/poison.h"

/* What op-geth suggests where a block is not full (its --gpo.minsuggestedpriorityfee): 0.001 gwei. */
#define LEAST_TIP 1000000u

/* Digits behind the point of a ratio. */
#define RATIO_DIGITS 10

#define MOST_PERCENT 10000u /* in hundredths */

/* A transaction's tip, and the gas that it used. */
typedef struct tip {
  ol_u256 value;
  uint64_t gas;
} tip;

/* What the sender of a transaction pays for a unit of gas above the base fee (EIP-1559). */
static ol_u256 tip_of(const ol_transaction *transaction, const ol_u256 *base_fee) {
  const bool is_old = transaction->type == OL_TX_LEGACY || transaction->type == OL_TX_ACCESS_LIST;
  const ol_u256 *most = is_old ? &transaction->gas_price : &transaction->max_fee_per_gas;
  ol_u256 above;
  if (!ol_u256_sub(&above, most, base_fee)) above = ol_u256_of(0);
  if (!is_old && ol_u256_is_below(&transaction->max_priority_fee_per_gas, &above))
    return transaction->max_priority_fee_per_gas;
  return above;
}

/* Moves a tip down to its place in the heap whose largest is first. */
static void sift(tip *tips, size_t count, size_t at) {
  for (;;) {
    size_t child = 2 * at + 1;
    if (child >= count) return;
    if (child + 1 < count && ol_u256_is_below(&tips[child].value, &tips[child + 1].value)) child++;
    if (!ol_u256_is_below(&tips[at].value, &tips[child].value)) return;
    const tip moved = tips[at];
    tips[at] = tips[child];
    tips[child] = moved;
    at = child;
  }
}

static void sort(tip *tips, size_t count) {
  for (size_t i = count / 2; i-- > 0;) sift(tips, count, i);
  for (size_t left = count; left-- > 1;) {
    const tip moved = tips[0];
    tips[0] = tips[left];
    tips[left] = moved;
    sift(tips, left, 0);
  }
}

/* The tips of a block's transactions that are no deposits, from the lowest on, and the most gas of any of all. */
static ol_status read_tips(ol_error *error, tip **out, size_t *out_count, uint64_t *out_most,
                           const ol_rpc_block *block, ol_arena *arena) {
  tip *tips = ol_arena_take(arena, (block->transaction_count + 1) * sizeof *tips);
  if (tips == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for tips");
  uint64_t before = 0;
  *out_count = 0;
  *out_most = 0;
  for (size_t i = 0; i < block->transaction_count; i++) {
    ol_transaction transaction;
    ol_receipt receipt;
    OL_TRY(
        ol_transaction_decode(error, &transaction, block->transactions[i].data, block->transactions[i].len));
    OL_TRY(ol_rpc_receipt_read(error, &receipt, block, i));
    const uint64_t gas = receipt.cumulative_gas_used - before;
    before = receipt.cumulative_gas_used;
    if (gas > *out_most) *out_most = gas;
    if (transaction.type == OL_TX_DEPOSIT) continue;
    tips[(*out_count)++] = (tip){.value = tip_of(&transaction, &block->header->base_fee), .gas = gas};
  }
  sort(tips, *out_count);
  *out = tips;
  return OL_OK;
}

/* As op-geth suggests a tip: next to nothing as long as blocks are not full, else the median and a tenth. */
static ol_status suggest(ol_error *error, ol_u256 *out, const ol_rpc_block *block, ol_arena *arena) {
  const ol_header *header = block->header;
  tip *tips;
  size_t count;
  uint64_t most;
  *out = ol_u256_of(LEAST_TIP);
  OL_TRY(read_tips(error, &tips, &count, &most, block, arena));
  if (count == 0 || (most <= header->gas_limit && header->gas_used <= header->gas_limit - most)) return OL_OK;
  const ol_u256 *median = &tips[count / 2].value;
  ol_u256 more, tenth = *median;
  ol_u256_div(&tenth, 10);
  if (!ol_u256_add(&more, median, &tenth)) more = *median;
  if (ol_u256_is_below(out, &more)) *out = more;
  return OL_OK;
}

ol_status ol_write_priority_fee(ol_error *error, const ol_result *of) {
  ol_rpc_block block;
  ol_u256 fee;
  OL_TRY(ol_result_block(error, &block, of));
  OL_TRY(suggest(error, &fee, &block, of->arena));
  ol_json_write_quantity(of->to, of->name, &fee);
  return OL_OK;
}

ol_status ol_write_gas_price(ol_error *error, const ol_result *of) {
  ol_rpc_block block;
  ol_u256 fee, base, sum;
  OL_TRY(ol_result_block(error, &block, of));
  OL_TRY(suggest(error, &fee, &block, of->arena));
  ol_next_base_fee(&base, block.header);
  if (!ol_u256_add(&sum, &fee, &base))
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "price needs more than 256 bits");
  ol_json_write_quantity(of->to, of->name, &sum);
  return OL_OK;
}

/* The tip, of sorted ones, up to which so many hundredths of a percent of all gas were used; none is 0. */
static ol_u256 tip_at(const tip *tips, size_t count, uint32_t percent) {
  uint64_t sum = 0, all = 0;
  size_t at = 0;
  if (count == 0) return ol_u256_of(0);
  for (size_t i = 0; i < count; i++) all += tips[i].gas;
  const uint64_t threshold = all / MOST_PERCENT * percent + all % MOST_PERCENT * percent / MOST_PERCENT;
  while (at + 1 < count && (sum += tips[at].gas) < threshold) at++;
  return tips[at].value;
}

ol_status ol_sweep_rewards(ol_error *error, ol_json_writer *to, const ol_job *job, const ol_rpc_block *block,
                           ol_arena *arena) {
  tip *tips;
  size_t count;
  uint64_t most;
  OL_TRY(read_tips(error, &tips, &count, &most, block, arena));
  ol_json_write_array(to, NULL);
  for (uint32_t i = 0; i < job->percentile_count; i++) {
    const ol_u256 reward = tip_at(tips, count, job->percentiles[i]);
    ol_json_write_quantity(to, NULL, &reward);
  }
  ol_json_write_close(to);
  return OL_OK;
}

/* A ratio from 0 to 1 in decimals, by hand: the core has no fractions. */
static void write_ratio(ol_json_writer *to, uint64_t part, uint64_t whole) {
  char text[2 + RATIO_DIGITS] = "0.";
  if (whole == 0 || part >= whole || whole > UINT64_MAX / 10) {
    ol_json_write_u64(to, NULL, part > 0 ? 1 : 0);
    return;
  }
  for (size_t i = 0; i < RATIO_DIGITS; i++) {
    part *= 10;
    text[2 + i] = (char)('0' + part / whole);
    part %= whole;
  }
  size_t len = sizeof text;
  while (text[len - 1] == '0') len--;
  if (text[len - 1] == '.') len = 1;
  ol_json_write_raw(to, NULL, ol_slice_of(text, len));
}

ol_status ol_write_fee_history(ol_error *error, const ol_result *of) {
  const ol_run *run = &of->provider->run;
  const ol_result reward = {of->to, "reward", of->provider, of->job, of->arena};
  ol_json_writer *to = of->to;
  ol_json_write_object(to, of->name);
  ol_json_write_quantity_u64(to, "oldestBlock", run->first);
  ol_json_write_array(to, "baseFeePerGas");
  for (uint32_t i = 0; i < run->count; i++) ol_json_write_quantity(to, NULL, &run->blocks[i].base_fee);
  ol_json_write_quantity(to, NULL, &run->blocks[run->count - 1].next_base_fee);
  ol_json_write_close(to);
  ol_json_write_array(to, "gasUsedRatio");
  for (uint32_t i = 0; i < run->count; i++)
    write_ratio(to, run->blocks[i].gas_used, run->blocks[i].gas_limit);
  ol_json_write_close(to);
  if (of->job->percentile_count > 0) OL_TRY(ol_write_swept(error, &reward));
  ol_json_write_close(to);
  return OL_OK;
}

/* --- What fees to offer --- */

#define MOST_TIP 500000000000u /* what op-geth suggests at most (its --gpo.maxprice): 500 gwei */
#define MEDIAN 50u

/* Of each block the tip up to which so much of its gas was used; and how long a fee is to hold. */
static const struct {
  const char *name;
  uint16_t percent; /* in hundredths */
  uint16_t full_blocks;
} speeds[] = {{"slow", 1000, 4}, {"normal", 5000, 10}, {"fast", 9000, 20}};

#define SPEEDS (sizeof speeds / sizeof *speeds)

/* What is swept of a block, as bytes in hex: whether anybody gave a tip; for each speed a tip, and a base fee. */
typedef struct fee_row {
  ol_u256 tips[SPEEDS];
  ol_u256 base_fees[SPEEDS];
  uint8_t has_tips;
} fee_row;
_Static_assert(sizeof(fee_row) == 2 * SPEEDS * sizeof(ol_u256) + 1, "a row is bytes");

#define ROW_TEXT (2 * sizeof(fee_row) + 5) /* with its prefix, its quotes and a comma */

/* The base fee after full blocks. A header of no form that tells (nodes for development) may double. */
static ol_u256 base_fee_after(const ol_header *header, uint32_t full_blocks) {
  ol_error none;
  ol_u256 fee;
  if (ol_base_fee_after(&none, &fee, header, full_blocks) == OL_OK) return fee;
  fee = header->base_fee;
  return ol_u256_add(&fee, &fee, &fee) ? fee : header->base_fee;
}

ol_status ol_sweep_fees(ol_error *error, ol_json_writer *to, const ol_job *job, const ol_rpc_block *block,
                        ol_arena *arena) {
  tip *tips;
  size_t count;
  uint64_t most;
  fee_row row;
  (void)job;
  OL_TRY(read_tips(error, &tips, &count, &most, block, arena));
  row.has_tips = count > 0;
  for (size_t i = 0; i < SPEEDS; i++) {
    row.tips[i] = tip_at(tips, count, speeds[i].percent);
    row.base_fees[i] = base_fee_after(block->header, speeds[i].full_blocks);
  }
  ol_json_write_hex(to, NULL, (const uint8_t *)&row, sizeof row);
  return OL_OK;
}

/* Out: of a speed the tips of the blocks that have some, and the base fee behind the newest. Returns: how many. */
static size_t read_rows(ol_u256 out[OL_SUGGEST_BLOCKS], ol_u256 *out_base_fee, const ol_result *of,
                        size_t speed) {
  const ol_job *job = of->job;
  const uint8_t *text = ol_provider_out(of->provider).memory + job->swept_at;
  const size_t rows = (job->swept_len + 1) / ROW_TEXT;
  size_t count = 0;
  OL_ASSERT(rows == of->provider->run.count && rows <= OL_SUGGEST_BLOCKS);
  for (size_t i = 0; i < rows; i++) {
    ol_error none;
    fee_row row;
    ol_status status =
        ol_hex_decode(&none, (uint8_t *)&row, (const char *)text + i * ROW_TEXT + 3, 2 * sizeof row);
    OL_ASSERT(status == OL_OK); /* as it was written here */
    if (row.has_tips) out[count++] = row.tips[speed];
    *out_base_fee = row.base_fees[speed];
  }
  return count;
}

ol_status ol_write_suggested_fees(ol_error *error, const ol_result *of) {
  const ol_run *run = &of->provider->run;
  const ol_fee_wish wish = {
      .percentile = MEDIAN, .least_tip = ol_u256_of(LEAST_TIP), .most_tip = ol_u256_of(MOST_TIP)};
  ol_u256 tips[OL_SUGGEST_BLOCKS], above, whole;
  ol_json_write_object(of->to, of->name);
  ol_json_write_quantity(of->to, "baseFeePerGas", &run->blocks[run->count - 1].next_base_fee);
  for (size_t i = 0; i < SPEEDS; i++) {
    const size_t count = read_rows(tips, &whole, of, i);
    OL_TRY(ol_tip_suggest(error, &above, tips, count, &wish));
    if (!ol_u256_add(&whole, &whole, &above))
      return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "fee needs more than 256 bits");
    ol_json_write_object(of->to, speeds[i].name);
    ol_json_write_quantity(of->to, "maxPriorityFeePerGas", &above);
    ol_json_write_quantity(of->to, "maxFeePerGas", &whole);
    ol_json_write_close(of->to);
  }
  ol_json_write_close(of->to);
  return OL_OK;
}

/* --- What a transaction costs --- */

typedef struct quote {
  ol_u256 base_fee; /* of the next block */
  ol_u256 execution;
  ol_u256 operator_fee;
  ol_u256 l1;
  ol_u256 total;
} quote;

/* Reads the transaction out of what was asked, again. */
static ol_status read_raw(ol_error *error, ol_transaction *out, ol_slice *out_bytes, const ol_result *of) {
  const ol_job *job = of->job;
  const size_t len = (job->raw_len - 2) / 2;
  uint8_t *bytes = ol_arena_take(of->arena, len);
  if (bytes == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the transaction");
  OL_TRY(
      ol_hex_decode(error, bytes, (const char *)of->provider->request + job->raw_at + 2, job->raw_len - 2));
  *out_bytes = ol_slice_of(bytes, len);
  return ol_transaction_decode(error, out, bytes, len);
}

/* All its gas, at the price of the next block: the most that its sender pays for it there. */
static bool add_up(quote *out, const ol_transaction *transaction) {
  const ol_u256 gas = ol_u256_of(transaction->gas_limit), above = tip_of(transaction, &out->base_fee);
  return ol_u256_add(&out->execution, &out->base_fee, &above) &&
         ol_u256_mul(&out->execution, &out->execution, &gas) &&
         ol_u256_add(&out->total, &out->execution, &out->operator_fee) &&
         ol_u256_add(&out->total, &out->total, &out->l1);
}

ol_status ol_write_quote(ol_error *error, const ol_result *of) {
  ol_rpc_block block;
  ol_transaction transaction;
  ol_slice bytes;
  quote out;
  OL_TRY(ol_result_block(error, &block, of));
  OL_TRY(read_raw(error, &transaction, &bytes, of));
  const ol_rpc_l1_fees fees = ol_rpc_l1_fees_of(&block);
  if (!fees.known || !fees.has_rule)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE,
                   fees.known ? "the block does not tell by which rule L1 is paid for"
                              : "the block has no L1 attributes to tell what L1 costs");
  ol_next_base_fee(&out.base_fee, block.header);
  ol_operator_fee(&out.operator_fee, &fees.attributes, ol_header_op_fork(block.header),
                  transaction.gas_limit);
  OL_TRY(ol_l1_fee(error, &out.l1, &fees.attributes, fees.rule, bytes.data, bytes.len));
  if (!add_up(&out, &transaction))
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "fee needs more than 256 bits");
  ol_json_write_object(of->to, of->name);
  ol_json_write_quantity(of->to, "baseFeePerGas", &out.base_fee);
  ol_json_write_quantity(of->to, "executionFee", &out.execution);
  ol_json_write_quantity(of->to, "operatorFee", &out.operator_fee);
  ol_json_write_quantity(of->to, "l1Fee", &out.l1);
  ol_json_write_quantity(of->to, "total", &out.total);
  ol_json_write_close(of->to);
  return OL_OK;
}
