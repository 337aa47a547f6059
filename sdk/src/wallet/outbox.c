/* SPDX-License-Identifier: MIT */
#include "wallet/outbox.h"

#include "rollup/u256.h"

#include "base/poison.h"

#define CANCEL_GAS 21000u

static ol_status refuse(ol_error *error, ol_status status, const char *field, const char *reason) {
  return ol_error_within(error,
                         ol_error_in(error, ol_fail(error, status, OL_NOWHERE, reason), field, OL_NOWHERE),
                         "outbox", OL_NOWHERE);
}

static bool has_price(uint32_t type) {
  return type == OL_TX_LEGACY || type == OL_TX_ACCESS_LIST;
}

/* Whether accounts send transactions of a type on the OP Stack. */
static bool is_sent(uint32_t type) {
  return has_price(type) || type == OL_TX_DYNAMIC_FEE || type == OL_TX_SET_CODE;
}

static const char not_sent[] = "the OP Stack takes no transactions of this type from accounts";

size_t ol_outbox_size(void) {
  return sizeof(ol_outbox);
}

ol_status ol_outbox_init(ol_error *error, ol_outbox **out, const ol_address *account, uint64_t chain_id,
                         uint64_t nonce, void *memory, size_t len) {
  ol_error_clear(error);
  if (chain_id == 0) return refuse(error, OL_ERR_ARGUMENT, "chainId", "is zero");
  if ((uintptr_t)memory % 16 != 0) return refuse(error, OL_ERR_ARGUMENT, "memory", "is not aligned to 16");
  if (len < sizeof(ol_outbox)) return refuse(error, OL_ERR_MEMORY, "memory", "is too small for an outbox");
  ol_outbox *outbox = (ol_outbox *)memory;
  memset(outbox, 0, sizeof *outbox);
  outbox->chain_id = chain_id;
  outbox->nonce = nonce;
  outbox->account = *account;
  *out = outbox;
  return OL_OK;
}

void ol_outbox_advance(ol_outbox *outbox, uint64_t nonce) {
  outbox->nonce = nonce;
  for (uint32_t i = 0; i < outbox->count; i++) {
    ol_outbox_entry *entry = &outbox->entries[i];
    if (entry->nonce >= nonce)
      entry->state = OL_OUTBOX_WAITING;
    else if (entry->state == OL_OUTBOX_WAITING)
      entry->state = OL_OUTBOX_PASSED;
  }
}

static bool is_used(const ol_outbox *outbox, uint64_t nonce) {
  for (uint32_t i = 0; i < outbox->count; i++)
    if (outbox->entries[i].nonce == nonce) return true;
  return false;
}

uint64_t ol_outbox_next_nonce(const ol_outbox *outbox) {
  uint64_t nonce = outbox->nonce;
  while (is_used(outbox, nonce)) nonce++;
  return nonce;
}

/* The entry that waits with the lowest nonce from one on; NULL when there is none. */
static const ol_outbox_entry *first_from(const ol_outbox *outbox, uint64_t nonce) {
  const ol_outbox_entry *first = NULL;
  for (uint32_t i = 0; i < outbox->count; i++) {
    const ol_outbox_entry *entry = &outbox->entries[i];
    if (entry->nonce >= nonce && (first == NULL || entry->nonce < first->nonce)) first = entry;
  }
  return first;
}

/* From one entry to the next, as gaps can be wide. */
int ol_outbox_gap(const ol_outbox *outbox, uint64_t *out, uint32_t index) {
  uint64_t nonce = outbox->nonce, left = index;
  const ol_outbox_entry *entry;
  while ((entry = first_from(outbox, nonce)) != NULL) {
    if (entry->nonce - nonce > left) {
      *out = nonce + left;
      return 1;
    }
    left -= entry->nonce - nonce;
    nonce = entry->nonce + 1;
  }
  return 0;
}

/* A tenth more, rounded up, and 1 at least: what nodes ask of a replacement. Returns: false beyond 256 bits. */
static bool raise(ol_u256 *out, const ol_u256 *fee) {
  ol_u256 tenth = *fee, back;
  const ol_u256 ten = ol_u256_of(10), one = ol_u256_of(1);
  ol_u256_div(&tenth, 10);
  bool fits = ol_u256_mul(&back, &tenth, &ten);
  OL_ASSERT(fits);
  const bool is_exact = memcmp(&back, fee, sizeof back) == 0 && !ol_u256_is_zero(fee);
  if (!is_exact) fits = ol_u256_add(&tenth, &tenth, &one);
  OL_ASSERT(fits);
  return ol_u256_add(out, fee, &tenth);
}

/* The least fees of a replacement; both zero when there is nothing to replace. Returns: false beyond 256 bits. */
static bool least_fees(ol_u256 *out_max, ol_u256 *out_tip, const ol_outbox *outbox, uint64_t nonce) {
  ol_u256 fee;
  *out_max = *out_tip = ol_u256_of(0);
  for (uint32_t i = 0; i < outbox->count; i++) {
    const ol_outbox_entry *entry = &outbox->entries[i];
    if (entry->nonce != nonce) continue;
    if (!raise(&fee, &entry->max_fee)) return false;
    if (ol_u256_is_below(out_max, &fee)) *out_max = fee;
    if (!raise(&fee, &entry->priority_fee)) return false;
    if (ol_u256_is_below(out_tip, &fee)) *out_tip = fee;
  }
  return true;
}

const char *ol_outbox_fault(const ol_outbox *outbox, const ol_outbox_entry *entry) {
  ol_u256 least_max, least_tip;
  const int fees = memcmp(&entry->priority_fee, &entry->max_fee, sizeof entry->max_fee);
  if (!is_sent(entry->type)) return not_sent;
  if (entry->nonce == UINT64_MAX) return "nonce is 2^64-1 (EIP-2681)";
  if (entry->is_create > 1 || (entry->is_create == 1 && !ol_address_is_zero(&entry->to)))
    return "transaction creates a contract and is to somebody";
  if (has_price(entry->type) ? fees != 0 : fees > 0) return "priority fee is above the whole fee (EIP-1559)";
  if (outbox->count == OL_OUTBOX_MOST) return "is full: what is final is to be forgotten";
  if (!least_fees(&least_max, &least_tip, outbox, entry->nonce) ||
      ol_u256_is_below(&entry->max_fee, &least_max) || ol_u256_is_below(&entry->priority_fee, &least_tip))
    return "another transaction has this nonce, and is not replaced: each fee has to be a tenth higher";
  return NULL;
}

static ol_outbox_entry entry_of(const ol_transaction *transaction, uint64_t time) {
  const bool is_old = has_price(transaction->type);
  ol_outbox_entry out = {.state = OL_OUTBOX_WAITING, .type = transaction->type, .nonce = transaction->nonce};
  out.is_create = transaction->is_create;
  out.gas_limit = transaction->gas_limit;
  out.time = time;
  out.max_fee = is_old ? transaction->gas_price : transaction->max_fee_per_gas;
  out.priority_fee = is_old ? transaction->gas_price : transaction->max_priority_fee_per_gas;
  out.value = transaction->value;
  out.to = transaction->to;
  ol_transaction_hash(&out.hash, transaction);
  return out;
}

ol_status ol_outbox_add(ol_error *error, ol_outbox *outbox, const ol_transaction *transaction,
                        uint64_t time) {
  ol_error_clear(error);
  ol_address sender;
  if (!is_sent(transaction->type)) return refuse(error, OL_ERR_ARGUMENT, "type", not_sent);
  OL_TRY(ol_error_within(error, ol_transaction_sender(error, &sender, transaction, outbox->chain_id),
                         "outbox", OL_NOWHERE));
  if (memcmp(&sender, &outbox->account, sizeof sender) != 0)
    return refuse(error, OL_ERR_MISMATCH, "signature", "transaction is another account's");
  const ol_outbox_entry entry = entry_of(transaction, time);
  for (uint32_t i = 0; i < outbox->count; i++)
    if (ol_hash_equal(&outbox->entries[i].hash, &entry.hash)) return OL_OK;
  if (entry.nonce < outbox->nonce)
    return refuse(error, OL_ERR_ARGUMENT, "nonce", "is used in the chain already");
  const char *fault = ol_outbox_fault(outbox, &entry);
  if (fault != NULL)
    return refuse(error, outbox->count == OL_OUTBOX_MOST ? OL_ERR_LIMIT : OL_ERR_ARGUMENT, "transaction",
                  fault);
  outbox->entries[outbox->count++] = entry;
  return OL_OK;
}

int ol_outbox_at(const ol_outbox *outbox, ol_outbox_entry *out, uint32_t index) {
  if (index >= outbox->count) return 0;
  *out = outbox->entries[index];
  return 1;
}

ol_status ol_outbox_settle(ol_error *error, ol_outbox *outbox, uint64_t nonce, const ol_hash *found) {
  ol_error_clear(error);
  bool is_ours = false;
  if (nonce >= outbox->nonce) return refuse(error, OL_ERR_ARGUMENT, "nonce", "is not used yet");
  if (!is_used(outbox, nonce)) return refuse(error, OL_ERR_ARGUMENT, "nonce", "nothing has it");
  for (uint32_t i = 0; i < outbox->count && found != NULL; i++)
    is_ours |= outbox->entries[i].nonce == nonce && ol_hash_equal(&outbox->entries[i].hash, found);
  if (found != NULL && !is_ours)
    return refuse(error, OL_ERR_MISMATCH, "hash", "no transaction with this nonce has it");
  for (uint32_t i = 0; i < outbox->count; i++) {
    ol_outbox_entry *entry = &outbox->entries[i];
    if (entry->nonce != nonce) continue;
    entry->state = found == NULL                        ? OL_OUTBOX_DROPPED
                   : ol_hash_equal(&entry->hash, found) ? OL_OUTBOX_CONFIRMED
                                                        : OL_OUTBOX_REPLACED;
  }
  return OL_OK;
}

void ol_outbox_forget(ol_outbox *outbox, uint64_t nonce) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < outbox->count; i++) {
    const ol_outbox_entry *entry = &outbox->entries[i];
    if (entry->nonce < nonce && entry->nonce < outbox->nonce) continue;
    outbox->entries[kept++] = *entry;
  }
  memset(outbox->entries + kept, 0, (outbox->count - kept) * sizeof *outbox->entries);
  outbox->count = kept;
}

static ol_u256 higher(const ol_u256 *a, const ol_u256 *b) {
  return ol_u256_is_below(a, b) ? *b : *a;
}

ol_status ol_outbox_replace(ol_error *error, ol_transaction *out, const ol_outbox *outbox,
                            const ol_transaction *transaction, const ol_u256 *base_fee) {
  ol_error_clear(error);
  ol_transaction raised = *transaction;
  ol_u256 least_max, least_tip, whole;
  if (!is_sent(raised.type)) return refuse(error, OL_ERR_ARGUMENT, "type", not_sent);
  if (raised.nonce < outbox->nonce || !is_used(outbox, raised.nonce))
    return refuse(error, OL_ERR_ARGUMENT, "nonce", "nothing waits with it");
  bool fits = least_fees(&least_max, &least_tip, outbox, raised.nonce);
  const bool is_old = has_price(raised.type);
  const ol_u256 tip = is_old ? least_tip : higher(&least_tip, &raised.max_priority_fee_per_gas);
  fits = fits && ol_u256_add(&whole, base_fee, &tip);
  if (!fits) return refuse(error, OL_ERR_LIMIT, "transaction", "fee needs more than 256 bits");
  whole = higher(&whole, &least_max);
  if (is_old) {
    raised.gas_price = higher(&whole, &raised.gas_price);
  } else {
    raised.max_priority_fee_per_gas = tip;
    raised.max_fee_per_gas = higher(&whole, &raised.max_fee_per_gas);
  }
  raised.y_parity = 0;
  raised.r = raised.s = ol_u256_of(0);
  *out = raised;
  return OL_OK;
}

ol_status ol_outbox_cancel(ol_error *error, ol_transaction *out, const ol_outbox *outbox, uint64_t nonce,
                           const ol_u256 *base_fee) {
  ol_transaction nothing;
  memset(&nothing, 0, sizeof nothing);
  nothing.type = OL_TX_DYNAMIC_FEE;
  nothing.chain_id = outbox->chain_id;
  nothing.nonce = nonce;
  nothing.gas_limit = CANCEL_GAS;
  nothing.to = outbox->account;
  return ol_outbox_replace(error, out, outbox, &nothing, base_fee);
}
