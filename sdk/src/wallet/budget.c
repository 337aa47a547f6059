/* SPDX-License-Identifier: MIT */
#include "base/writer.h"
#include "rollup/u256.h"
#include "wallet/policy.h"

#include "base/poison.h"

void ol_amount_add(ol_u256 *to, const ol_u256 *amount) {
  if (!ol_u256_add(to, to, amount)) memset(to, 0xff, sizeof *to);
}

size_t ol_budget_size(void) {
  return sizeof(ol_budget);
}

ol_status ol_budget_init(ol_error *error, ol_budget **out, void *memory, size_t len) {
  ol_error_clear(error);
  if (len < sizeof(ol_budget))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "memory is too small for a budget");
  *out = (ol_budget *)memory;
  memset(*out, 0, sizeof **out);
  return OL_OK;
}

uint64_t ol_budget_sequence(const ol_budget *budget) {
  return budget->sequence;
}

/* --- What is remembered --- */

static bool is_within(const ol_budget_record *record, uint64_t seconds, uint64_t now_s) {
  return record->at_s > now_s || now_s - record->at_s < seconds;
}

uint64_t ol_budget_signatures(const ol_budget *budget, uint64_t seconds, uint64_t now_s) {
  uint64_t count = 0;
  for (uint32_t i = 0; i < budget->record_count; i++) {
    const ol_budget_record *record = &budget->records[i];
    count += record->first && is_within(record, seconds, now_s);
  }
  return count;
}

static const ol_budget_asset *asset_of(const ol_budget *budget, uint64_t chain_id, const ol_address *asset) {
  for (uint32_t i = 0; i < budget->asset_count; i++) {
    const ol_budget_asset *known = &budget->assets[i];
    if (known->chain_id == chain_id && ol_address_equal(&known->address, asset)) return known;
  }
  return NULL;
}

void ol_budget_spent(ol_u256 *out, const ol_budget *budget, uint64_t chain_id, const ol_address *asset,
                     uint64_t seconds, uint64_t now_s) {
  const ol_budget_asset *known = asset_of(budget, chain_id, asset);
  memset(out, 0, sizeof *out);
  if (seconds == 0) {
    if (known != NULL) *out = known->amount;
    return;
  }
  for (uint32_t i = 0; i < budget->record_count; i++) {
    const ol_budget_record *record = &budget->records[i];
    if (record->chain_id != chain_id || !ol_address_equal(&record->asset, asset)) continue;
    if (is_within(record, seconds, now_s)) ol_amount_add(out, &record->amount);
  }
}

/* --- What an intent adds --- */

static bool is_spending(const ol_effect *effect) {
  return effect->kind == OL_EFFECT_SPEND || effect->kind == OL_EFFECT_FEE || effect->kind == OL_EFFECT_ALLOW;
}

bool ol_intent_spends(const ol_intent *intent, uint32_t effect) {
  const ol_effect *of = &intent->effects[effect];
  if (!is_spending(of)) return false;
  for (uint32_t i = 0; i < effect; i++) {
    if (is_spending(&intent->effects[i]) && ol_address_equal(&intent->effects[i].asset, &of->asset))
      return false;
  }
  return true;
}

static bool is_instead(const ol_budget_record *record, const ol_intent *intent) {
  return record->has_nonce && intent->has_nonce && record->chain_id == intent->chain_id &&
         record->nonce == intent->nonce && ol_address_equal(&record->account, &intent->account);
}

void ol_intent_amount(ol_u256 *out, const ol_intent *intent, uint32_t effect) {
  memset(out, 0, sizeof *out);
  for (uint32_t i = 0; i < intent->effect_count; i++) {
    const ol_effect *of = &intent->effects[i];
    if (is_spending(of) && ol_address_equal(&of->asset, &intent->effects[effect].asset))
      ol_amount_add(out, &of->amount);
  }
}

void ol_budget_rise(ol_u256 *out, const ol_budget *budget, const ol_intent *intent, uint32_t effect) {
  ol_u256 before = {{0}};
  for (uint32_t i = 0; i < budget->record_count; i++) {
    const ol_budget_record *record = &budget->records[i];
    if (is_instead(record, intent) && ol_address_equal(&record->asset, &intent->effects[effect].asset))
      ol_amount_add(&before, &record->amount);
  }
  ol_intent_amount(out, intent, effect);
  if (!ol_u256_sub(out, out, &before)) memset(out, 0, sizeof *out);
}

/* Returns: how many of the first records are older than a day. */
static uint32_t forgotten(const ol_budget *budget, uint64_t now_s) {
  uint32_t count = 0;
  while (count < budget->record_count && !is_within(&budget->records[count], OL_POLICY_DAY, now_s)) count++;
  return count;
}

bool ol_budget_has_room(const ol_budget *budget, const ol_intent *intent, uint64_t now_s) {
  uint32_t records = 0, assets = 0;
  for (uint32_t i = 0; i < intent->effect_count; i++) {
    if (!ol_intent_spends(intent, i)) continue;
    records++;
    assets += asset_of(budget, intent->chain_id, &intent->effects[i].asset) == NULL;
  }
  records = records == 0 ? 1 : records;
  return budget->record_count - forgotten(budget, now_s) + records <= OL_BUDGET_RECORDS &&
         budget->asset_count + assets <= OL_BUDGET_ASSETS;
}

/* Remembers what is spent of an asset since ever; there is room. */
static void add_asset(ol_budget *budget, uint64_t chain_id, const ol_address *asset, const ol_u256 *amount) {
  const ol_budget_asset *known = asset_of(budget, chain_id, asset);
  ol_budget_asset *to =
      &budget->assets[known == NULL ? budget->asset_count++ : (uint32_t)(known - budget->assets)];
  if (known == NULL) *to = (ol_budget_asset){.chain_id = chain_id, .address = *asset};
  ol_amount_add(&to->amount, amount);
}

ol_status ol_budget_add(ol_error *error, ol_budget *budget, const ol_intent *intent, uint64_t now_s) {
  ol_error_clear(error);
  if (now_s < budget->last_s)
    return ol_fail(error, OL_ERR_STALE, OL_NOWHERE, "the clock is behind what the budget remembers");
  if (!ol_budget_has_room(budget, intent, now_s))
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "the budget remembers no more signatures");
  ol_u256
      rises[OL_INTENT_EFFECTS]; /* before any of them is remembered: they would count as what is replaced */
  for (uint32_t i = 0; i < intent->effect_count; i++) ol_budget_rise(&rises[i], budget, intent, i);
  uint32_t old = forgotten(budget, now_s);
  budget->record_count -= old;
  memmove(budget->records, budget->records + old, budget->record_count * sizeof *budget->records);
  ol_budget_record record = {.at_s = now_s,
                             .chain_id = intent->chain_id,
                             .nonce = intent->nonce,
                             .account = intent->account,
                             .first = true,
                             .has_nonce = intent->has_nonce != 0};
  for (uint32_t i = 0; i < intent->effect_count; i++) {
    if (!ol_intent_spends(intent, i)) continue;
    record.asset = intent->effects[i].asset;
    record.amount = rises[i];
    budget->records[budget->record_count++] = record;
    add_asset(budget, intent->chain_id, &record.asset, &record.amount);
    record.first = false;
  }
  if (record.first) budget->records[budget->record_count++] = record;
  budget->last_s = now_s;
  budget->sequence++;
  return OL_OK;
}

/* --- As bytes: a magic, numbers big-endian, and keccak-256 of all that --- */

static const uint8_t magic[8] = {'O', 'L', 'B', 'U', 'D', 'G', 'E', 1};

#define HEAD_BYTES (sizeof magic + 8 + 8 + 8 + 8)
#define RECORD_BYTES (8 + 8 + 8 + 20 + 20 + 32 + 8)
#define ASSET_BYTES (8 + 20 + 32)
#define FIRST 1u
#define HAS_NONCE 2u

_Static_assert(HEAD_BYTES + OL_BUDGET_RECORDS * RECORD_BYTES + OL_BUDGET_ASSETS * ASSET_BYTES +
                       sizeof(ol_hash) <=
                   OL_BUDGET_SNAPSHOT,
               "a full budget fits into a snapshot");

static size_t snapshot_len(uint64_t records, uint64_t assets) {
  return HEAD_BYTES + (size_t)records * RECORD_BYTES + (size_t)assets * ASSET_BYTES + sizeof(ol_hash);
}

ol_status ol_budget_write(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                          const ol_budget *budget) {
  size_t needed = snapshot_len(budget->record_count, budget->asset_count);
  ol_error_clear(error);
  if (len < needed) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for the budget");
  ol_writer to = {.out = out, .len = len};
  ol_write_bytes(&to, magic, sizeof magic);
  ol_write_be(&to, budget->sequence, 8);
  ol_write_be(&to, budget->last_s, 8);
  ol_write_be(&to, budget->record_count, 8);
  ol_write_be(&to, budget->asset_count, 8);
  for (uint32_t i = 0; i < budget->record_count; i++) {
    const ol_budget_record *record = &budget->records[i];
    ol_write_be(&to, record->at_s, 8);
    ol_write_be(&to, record->chain_id, 8);
    ol_write_be(&to, record->nonce, 8);
    ol_write_bytes(&to, record->asset.bytes, sizeof record->asset.bytes);
    ol_write_bytes(&to, record->account.bytes, sizeof record->account.bytes);
    ol_write_bytes(&to, record->amount.bytes, sizeof record->amount.bytes);
    ol_write_be(&to, (record->first ? FIRST : 0) | (record->has_nonce ? HAS_NONCE : 0), 8);
  }
  for (uint32_t i = 0; i < budget->asset_count; i++) {
    ol_write_be(&to, budget->assets[i].chain_id, 8);
    ol_write_bytes(&to, budget->assets[i].address.bytes, sizeof budget->assets[i].address.bytes);
    ol_write_bytes(&to, budget->assets[i].amount.bytes, sizeof budget->assets[i].amount.bytes);
  }
  ol_hash check;
  ol_keccak256(&check, out, to.used);
  ol_write_bytes(&to, check.bytes, sizeof check.bytes);
  *out_len = needed;
  return OL_OK;
}

static uint64_t get_u64(const uint8_t **from) {
  uint64_t value = ol_load_be64(*from);
  *from += 8;
  return value;
}

static void get(void *out, const uint8_t **from, size_t len) {
  memcpy(out, *from, len);
  *from += len;
}

ol_status ol_budget_read(ol_error *error, ol_budget *out, const uint8_t *bytes, size_t len,
                         uint64_t least_sequence) {
  ol_hash check;
  ol_error_clear(error);
  if (len < snapshot_len(0, 0) || memcmp(bytes, magic, sizeof magic) != 0)
    return ol_fail(error, OL_ERR_ENCODING, 0, "these are no bytes of a budget of this version");
  ol_keccak256(&check, bytes, len - sizeof check);
  if (memcmp(check.bytes, bytes + len - sizeof check, sizeof check) != 0)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "the budget is damaged");
  const uint8_t *from = bytes + sizeof magic;
  uint64_t sequence = get_u64(&from), last_s = get_u64(&from), records = get_u64(&from),
           assets = get_u64(&from);
  if (records > OL_BUDGET_RECORDS || assets > OL_BUDGET_ASSETS || len != snapshot_len(records, assets))
    return ol_fail(error, OL_ERR_ENCODING, sizeof magic + 16, "the budget has other numbers than its length");
  if (sequence < least_sequence || sequence < out->sequence)
    return ol_fail(error, OL_ERR_STALE, sizeof magic, "the budget is older than one that was used");
  memset(out, 0, sizeof *out);
  out->sequence = sequence;
  out->last_s = last_s;
  out->record_count = (uint32_t)records;
  out->asset_count = (uint32_t)assets;
  for (uint32_t i = 0; i < out->record_count; i++) {
    ol_budget_record *record = &out->records[i];
    record->at_s = get_u64(&from);
    record->chain_id = get_u64(&from);
    record->nonce = get_u64(&from);
    get(record->asset.bytes, &from, sizeof record->asset.bytes);
    get(record->account.bytes, &from, sizeof record->account.bytes);
    get(record->amount.bytes, &from, sizeof record->amount.bytes);
    uint64_t flags = get_u64(&from);
    record->first = (flags & FIRST) != 0;
    record->has_nonce = (flags & HAS_NONCE) != 0;
  }
  for (uint32_t i = 0; i < out->asset_count; i++) {
    out->assets[i].chain_id = get_u64(&from);
    get(out->assets[i].address.bytes, &from, sizeof out->assets[i].address.bytes);
    get(out->assets[i].amount.bytes, &from, sizeof out->assets[i].amount.bytes);
  }
  return OL_OK;
}
