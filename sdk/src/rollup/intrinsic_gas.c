/* SPDX-License-Identifier: MIT */
#include "rollup/transaction.h"
#include "rollup/u256.h"

#include "base/poison.h"

/* Gas, by the EIP that sets it last. */
#define GAS_TRANSACTION 21000u
#define GAS_CREATE 32000u        /* EIP-2 */
#define GAS_ZERO_BYTE 4u         /* a token of EIP-7623 */
#define GAS_OTHER_BYTE 16u       /* EIP-2028: four tokens */
#define GAS_FLOOR_TOKEN 10u      /* EIP-7623 */
#define GAS_CODE_WORD 2u         /* EIP-3860 */
#define GAS_ADDRESS 2400u        /* EIP-2930 */
#define GAS_KEY 1900u            /* EIP-2930 */
#define GAS_AUTHORIZATION 25000u /* EIP-7702 */

#define CODE_BYTES 49152u   /* of code that creates (EIP-3860) */
#define BLOB_GAS (1u << 17) /* EIP-4844 */

/* What changed since London. */
typedef struct rules {
  bool shanghai;
  bool cancun;
  bool prague;
  bool is_rollup;
} rules;

static bool rules_of(rules *out, ol_fork fork) {
  out->is_rollup = fork >= OL_FORK_BEDROCK;
  const bool is_known = (fork >= OL_FORK_LONDON && fork <= OL_FORK_PRAGUE) ||
                        (fork >= OL_FORK_BEDROCK && fork <= OL_FORK_JOVIAN);
  out->shanghai = fork >= (out->is_rollup ? OL_FORK_CANYON : OL_FORK_SHANGHAI);
  out->cancun = fork >= (out->is_rollup ? OL_FORK_ECOTONE : OL_FORK_CANCUN);
  out->prague = fork >= (out->is_rollup ? OL_FORK_ISTHMUS : OL_FORK_PRAGUE);
  return is_known;
}

static bool has_type(const rules *of, uint32_t type) {
  switch (type) {
  case OL_TX_LEGACY:
  case OL_TX_ACCESS_LIST:
  case OL_TX_DYNAMIC_FEE: return true;
  case OL_TX_BLOB: return of->cancun && !of->is_rollup;
  case OL_TX_SET_CODE: return of->prague;
  default: return false;
  }
}

static uint64_t zeros_of(ol_slice data) {
  uint64_t zeros = 0;
  for (size_t i = 0; i < data.len; i++) zeros += data.data[i] == 0;
  return zeros;
}

static uint64_t list_gas(ol_slice accesses, ol_slice authorizations) {
  uint64_t gas = 0;
  ol_access access;
  ol_hash key;
  ol_authorization authorization;
  while (ol_access_next(&accesses, &access)) {
    gas += GAS_ADDRESS;
    while (ol_hash_next(&access.keys, &key)) gas += GAS_KEY;
  }
  while (ol_authorization_next(&authorizations, &authorization)) gas += GAS_AUTHORIZATION;
  return gas;
}

static ol_status refuse(ol_error *error, ol_status status, const char *part, const char *reason) {
  return ol_error_in(error, ol_fail(error, status, OL_NOWHERE, reason), part, OL_NOWHERE);
}

ol_status ol_transaction_intrinsic_gas(ol_error *error, uint64_t *out, uint64_t *out_floor,
                                       const ol_transaction *transaction, ol_fork fork) {
  ol_error_clear(error);
  rules fork_rules;
  const ol_slice data = transaction->data;
  if (!rules_of(&fork_rules, fork))
    return refuse(error, OL_ERR_ARGUMENT, "fork", "its gas is not known here");
  if (!has_type(&fork_rules, transaction->type))
    return refuse(error, OL_ERR_ARGUMENT, "type", "the fork has no transactions of this type");
  const bool is_code = transaction->is_create != 0 && fork_rules.shanghai;
  if (is_code && data.len > CODE_BYTES)
    return refuse(error, OL_ERR_LIMIT, "input", "code that creates is longer than 49,152 bytes (EIP-3860)");
  /* Below that, no sum of what follows comes near 2^64. */
  if (((uint64_t)data.len | transaction->access_list.len | transaction->authorizations.len) > UINT32_MAX)
    return refuse(error, OL_ERR_LIMIT, "input", "is longer than 2^32 bytes");
  const uint64_t zeros = zeros_of(data), others = data.len - zeros;
  uint64_t gas = GAS_TRANSACTION + GAS_ZERO_BYTE * zeros + GAS_OTHER_BYTE * others;
  if (transaction->is_create != 0) gas += GAS_CREATE;
  if (is_code) gas += GAS_CODE_WORD * ((data.len + 31) / 32);
  *out = gas + list_gas(transaction->access_list, transaction->authorizations);
  *out_floor = fork_rules.prague ? GAS_TRANSACTION + GAS_FLOOR_TOKEN * (zeros + 4 * others) : 0;
  return OL_OK;
}

/* sum += price * units. Returns: false when that needs more than 256 bits. */
static bool add_priced(ol_u256 *sum, const ol_u256 *price, uint64_t units) {
  ol_u256 factor = ol_u256_of(units);
  return ol_u256_mul(&factor, &factor, price) && ol_u256_add(sum, sum, &factor);
}

ol_status ol_transaction_max_cost(ol_error *error, ol_u256 *out, const ol_transaction *transaction) {
  ol_error_clear(error);
  ol_u256 sum = transaction->value;
  ol_slice blobs = transaction->blob_hashes;
  ol_hash hash;
  uint64_t blob_gas = 0;
  while (ol_hash_next(&blobs, &hash)) blob_gas += BLOB_GAS;
  const bool is_old = transaction->type == OL_TX_LEGACY || transaction->type == OL_TX_ACCESS_LIST;
  if (!add_priced(&sum, is_old ? &transaction->gas_price : &transaction->max_fee_per_gas,
                  transaction->type == OL_TX_DEPOSIT ? 0 : transaction->gas_limit) ||
      !add_priced(&sum, &transaction->max_fee_per_blob_gas, blob_gas))
    return refuse(error, OL_ERR_LIMIT, "transaction", "cost needs more than 256 bits");
  *out = sum;
  return OL_OK;
}
