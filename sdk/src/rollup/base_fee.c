/* SPDX-License-Identifier: MIT */
#include "rollup/base_fee.h"

#include "rollup/u256.h"

#include "base/poison.h"

const ol_base_fee_rule ol_base_fee_ethereum = {.denominator = 8, .elasticity = 2};
const ol_base_fee_rule ol_base_fee_canyon = {.denominator = 250, .elasticity = 6};

#define LONDON_FIELDS 16u

/* What one block moves the fee by: fee * distance / target / denominator, each rounded down. */
static ol_status change(ol_error *error, ol_u256 *out, const ol_u256 *fee, uint64_t distance, uint64_t target,
                        uint32_t denominator) {
  ol_u256 factor = ol_u256_of(distance);
  if (!ol_u256_mul(out, fee, &factor))
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "base fee needs more than 256 bits");
  ol_u256_div(out, target);
  ol_u256_div(out, denominator);
  return OL_OK;
}

static ol_status next_fee(ol_error *error, ol_u256 *out, const ol_header *parent, uint64_t used,
                          const ol_base_fee_rule *rule) {
  uint64_t target = parent->gas_limit / rule->elasticity;
  ol_u256 step, fee = parent->base_fee;
  if (used == target) {
    *out = fee;
    return OL_OK;
  }
  if (target == 0) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "gas was used beyond a target of zero");
  bool falls = used < target;
  OL_TRY(change(error, &step, &fee, falls ? target - used : used - target, target, rule->denominator));
  if (falls) {
    bool fits = ol_u256_sub(out, &fee, &step);
    OL_ASSERT(fits); /* as the distance is at most the target */
    return OL_OK;
  }
  if (ol_u256_is_zero(&step)) step = ol_u256_of(1);
  if (!ol_u256_add(out, &fee, &step))
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "base fee needs more than 256 bits");
  return OL_OK;
}

/* In: the least that it may be. */
static ol_status base_fee(ol_error *error, ol_u256 *out, const ol_header *parent, uint64_t used,
                          const ol_base_fee_rule *rule, uint64_t least) {
  ol_u256 fee, floor = ol_u256_of(least);
  OL_TRY(ol_error_in(error, next_fee(error, &fee, parent, used, rule), "header", OL_NOWHERE));
  *out = ol_u256_is_below(&fee, &floor) ? floor : fee;
  return OL_OK;
}

static ol_status refuse(ol_error *error, const char *reason) {
  return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, reason), "header", OL_NOWHERE);
}

ol_status ol_base_fee_after_l1(ol_error *error, ol_u256 *out, const ol_header *parent) {
  ol_error_clear(error);
  if (parent->field_count < LONDON_FIELDS) return refuse(error, "has no base fee");
  return base_fee(error, out, parent, parent->gas_used, &ol_base_fee_ethereum, 0);
}

ol_status ol_base_fee_after_l2(ol_error *error, ol_u256 *out, const ol_header *parent,
                               const ol_base_fee_rule *constants) {
  ol_error_clear(error);
  ol_fork fork = ol_header_op_fork(parent);
  if (fork == OL_FORK_UNKNOWN) return refuse(error, "is of no fork whose base fee is known");
  if (fork < OL_FORK_HOLOCENE) {
    if (constants->denominator == 0 || constants->elasticity == 0)
      return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "base fee parameters are zero");
    return base_fee(error, out, parent, parent->gas_used, constants, 0);
  }
  /* Behind the version; that none of the first two is zero shows in the fork. */
  const ol_base_fee_rule own = {.denominator = ol_load_be32(parent->extra_data + 1),
                                .elasticity = ol_load_be32(parent->extra_data + 5)};
  if (fork != OL_FORK_JOVIAN) return base_fee(error, out, parent, parent->gas_used, &own, 0);
  uint64_t used = parent->gas_used < parent->blob_gas_used ? parent->blob_gas_used : parent->gas_used;
  return base_fee(error, out, parent, used, &own, ol_load_be64(parent->extra_data + 9));
}
