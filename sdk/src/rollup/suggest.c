/* SPDX-License-Identifier: MIT */
#include "openledger/fee.h"
#include "rollup/base_fee.h"
#include "rollup/u256.h"

#include "base/poison.h"

static ol_status refuse(ol_error *error, ol_status status, const char *part, const char *reason) {
  return ol_error_in(error, ol_fail(error, status, OL_NOWHERE, reason), part, OL_NOWHERE);
}

/* Out: the base fee after a header, and after full blocks like it as well. */
static ol_status base_fees(ol_error *error, ol_u256 *out_next, ol_u256 *out_last, const ol_header *header,
                           uint32_t full_blocks) {
  ol_header full = *header;
  if (full_blocks > OL_FULL_BLOCKS_MOST)
    return refuse(error, OL_ERR_LIMIT, "wish", "more than 256 full blocks");
  OL_TRY(ol_base_fee_after_l2(error, out_next, header, &ol_base_fee_canyon));
  full.gas_used = full.gas_limit;
  full.base_fee = *out_next;
  for (uint32_t i = 0; i < full_blocks; i++)
    OL_TRY(ol_base_fee_after_l2(error, &full.base_fee, &full, &ol_base_fee_canyon));
  *out_last = full.base_fee;
  return OL_OK;
}

ol_status ol_base_fee_after(ol_error *error, ol_u256 *out, const ol_header *header, uint32_t full_blocks) {
  ol_error_clear(error);
  ol_u256 next, last;
  OL_TRY(base_fees(error, &next, &last, header, full_blocks));
  *out = last;
  return OL_OK;
}

/* The tip of a rank, counted from 0 and from the lowest. They are few, and there is no memory to sort them in. */
static ol_u256 ranked(const ol_u256 *tips, size_t count, size_t rank) {
  size_t i = 0;
  for (; i + 1 < count; i++) {
    size_t below = 0, same = 0;
    for (size_t j = 0; j < count; j++) {
      const int order = memcmp(tips[j].bytes, tips[i].bytes, sizeof tips[j].bytes);
      below += order < 0;
      same += order == 0;
    }
    if (below <= rank && rank < below + same) break;
  }
  return tips[i];
}

ol_status ol_tip_suggest(ol_error *error, ol_u256 *out, const ol_u256 *tips, size_t count,
                         const ol_fee_wish *wish) {
  ol_error_clear(error);
  if (wish->percentile > 100) return refuse(error, OL_ERR_ARGUMENT, "wish", "percentile is over 100");
  if (ol_u256_is_below(&wish->most_tip, &wish->least_tip))
    return refuse(error, OL_ERR_ARGUMENT, "wish", "most tip is below the least");
  if (count > OL_TIPS_MOST) return refuse(error, OL_ERR_LIMIT, "tips", "more than 1,024 tips");
  ol_u256 tip = wish->least_tip;
  if (count > 0) tip = ranked(tips, count, (count - 1) * wish->percentile / 100);
  if (ol_u256_is_below(&tip, &wish->least_tip)) tip = wish->least_tip;
  *out = ol_u256_is_below(&wish->most_tip, &tip) ? wish->most_tip : tip;
  return OL_OK;
}

ol_status ol_fees_suggest(ol_error *error, ol_fees *out, const ol_header *header, const ol_u256 *tips,
                          size_t count, const ol_fee_wish *wish) {
  ol_fees fees;
  ol_error_clear(error);
  OL_TRY(base_fees(error, &fees.base_fee, &fees.max_fee_per_gas, header, wish->full_blocks));
  OL_TRY(ol_tip_suggest(error, &fees.max_priority_fee_per_gas, tips, count, wish));
  if (!ol_u256_add(&fees.max_fee_per_gas, &fees.max_fee_per_gas, &fees.max_priority_fee_per_gas))
    return refuse(error, OL_ERR_LIMIT, "header", "fee needs more than 256 bits");
  *out = fees;
  return OL_OK;
}
