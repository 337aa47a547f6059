/* SPDX-License-Identifier: MIT */
#include "wallet/outbox.h"

#include "base/poison.h"

/*
 * The form, integers big-endian: 8 bytes that end in the version, chain id 8, account 20, nonce 8, count 4; of each
 * entry state, type and is_create 1, nonce, gas and time 8, the two fees and the value 32, to 20, hash 32; and keccak-256
 * of all before it.
 */
#define HEAD 48u
#define ENTRY 175u
_Static_assert(OL_OUTBOX_BYTES == HEAD + OL_OUTBOX_MOST * ENTRY + sizeof(ol_hash), "as the header says");

static const uint8_t form[8] = {'O', 'L', 'S', 'E', 'N', 'T', 0, 1};

/* What of an entry is bytes in memory as well, in their order. */
static const struct {
  uint8_t offset;
  uint8_t len;
} parts[] = {
    {offsetof(ol_outbox_entry, max_fee), 32}, {offsetof(ol_outbox_entry, priority_fee), 32},
    {offsetof(ol_outbox_entry, value), 32},   {offsetof(ol_outbox_entry, to), 20},
    {offsetof(ol_outbox_entry, hash), 32},
};
_Static_assert(offsetof(ol_outbox_entry, hash) <= UINT8_MAX, "offsets fit");

static void put_entry(uint8_t *to, const ol_outbox_entry *entry) {
  to[0] = (uint8_t)entry->state;
  to[1] = (uint8_t)entry->type;
  to[2] = (uint8_t)entry->is_create;
  ol_store_be64(to + 3, entry->nonce);
  ol_store_be64(to + 11, entry->gas_limit);
  ol_store_be64(to + 19, entry->time);
  to += 27;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; to += parts[i++].len)
    memcpy(to, (const uint8_t *)entry + parts[i].offset, parts[i].len);
}

static void take_entry(ol_outbox_entry *out, const uint8_t *from) {
  memset(out, 0, sizeof *out);
  out->state = from[0];
  out->type = from[1];
  out->is_create = from[2];
  out->nonce = ol_load_be64(from + 3);
  out->gas_limit = ol_load_be64(from + 11);
  out->time = ol_load_be64(from + 19);
  from += 27;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; from += parts[i++].len)
    memcpy((uint8_t *)out + parts[i].offset, from, parts[i].len);
}

ol_status ol_outbox_write(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                          const ol_outbox *outbox) {
  ol_error_clear(error);
  const size_t body = HEAD + outbox->count * ENTRY;
  ol_hash checksum;
  *out_len = body + sizeof checksum;
  if (out == NULL || len < *out_len)
    return ol_error_in(error, ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no room for the outbox"), "outbox",
                       OL_NOWHERE);
  memcpy(out, form, sizeof form);
  ol_store_be64(out + 8, outbox->chain_id);
  memcpy(out + 16, outbox->account.bytes, sizeof outbox->account.bytes);
  ol_store_be64(out + 36, outbox->nonce);
  memset(out + 44, 0, 3);
  out[47] = (uint8_t)outbox->count;
  for (uint32_t i = 0; i < outbox->count; i++) put_entry(out + HEAD + i * ENTRY, &outbox->entries[i]);
  ol_keccak256(&checksum, out, body);
  memcpy(out + body, checksum.bytes, sizeof checksum.bytes);
  return OL_OK;
}

static ol_status check(ol_error *error, ol_slice bytes, const ol_address *account, uint64_t chain_id) {
  ol_hash checksum;
  if (bytes.len < HEAD + sizeof checksum)
    return ol_fail(error, OL_ERR_ENCODING, bytes.len, "is damaged, or was never an outbox: it is too short");
  const size_t body = bytes.len - sizeof checksum;
  ol_keccak256(&checksum, bytes.data, body);
  if (memcmp(bytes.data + body, checksum.bytes, sizeof checksum.bytes) != 0)
    return ol_fail(error, OL_ERR_ENCODING, body, "is damaged, or was never an outbox: its checksum is wrong");
  if (memcmp(bytes.data, form, sizeof form) != 0)
    return ol_fail(error, OL_ERR_ENCODING, 0, "is of a form or version that is not known here");
  if (ol_load_be64(bytes.data + 8) != chain_id)
    return ol_fail(error, OL_ERR_MISMATCH, 8, "is of another chain");
  if (memcmp(bytes.data + 16, account->bytes, sizeof account->bytes) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, 16, "is of another account");
  const uint32_t count = ol_load_be32(bytes.data + 44);
  if (count > OL_OUTBOX_MOST || body != HEAD + count * ENTRY)
    return ol_fail(error, OL_ERR_ENCODING, 44, "has another number of transactions than it says");
  return OL_OK;
}

/* What ol_outbox_add makes of a transaction, and no other. */
static const char *entry_fault(const ol_outbox *outbox, const ol_outbox_entry *entry) {
  for (uint32_t i = 0; i < outbox->count; i++)
    if (ol_hash_equal(&outbox->entries[i].hash, &entry->hash)) return "transaction is there twice";
  return ol_outbox_fault(outbox, entry);
}

/* Whether the states of those with the same nonce can be. */
static bool state_fits(const ol_outbox *outbox, const ol_outbox_entry *entry) {
  uint32_t confirmed = 0;
  if (entry->state > OL_OUTBOX_DROPPED) return false;
  if ((entry->state == OL_OUTBOX_WAITING) != (entry->nonce >= outbox->nonce)) return false;
  const bool is_found = entry->state == OL_OUTBOX_CONFIRMED || entry->state == OL_OUTBOX_REPLACED;
  for (uint32_t i = 0; i < outbox->count; i++) {
    const ol_outbox_entry *other = &outbox->entries[i];
    if (other->nonce != entry->nonce) continue;
    confirmed += other->state == OL_OUTBOX_CONFIRMED;
    if (is_found ? other->state != OL_OUTBOX_CONFIRMED && other->state != OL_OUTBOX_REPLACED
                 : other->state != entry->state)
      return false;
  }
  return confirmed == (is_found ? 1 : 0);
}

static ol_status read_entries(ol_error *error, ol_outbox *outbox, ol_slice bytes) {
  const uint32_t count = ol_load_be32(bytes.data + 44);
  for (uint32_t i = 0; i < count; i++) {
    ol_outbox_entry entry;
    take_entry(&entry, bytes.data + HEAD + i * ENTRY);
    const char *fault = entry_fault(outbox, &entry);
    if (fault != NULL)
      return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, HEAD + i * ENTRY, fault), "outbox", i);
    outbox->entries[outbox->count++] = entry;
  }
  for (uint32_t i = 0; i < count; i++)
    if (!state_fits(outbox, &outbox->entries[i]))
      return ol_error_in(error,
                         ol_fail(error, OL_ERR_ENCODING, HEAD + i * ENTRY, "state is none that it can have"),
                         "outbox", i);
  return OL_OK;
}

ol_status ol_outbox_read(ol_error *error, ol_outbox **out, const uint8_t *bytes, size_t bytes_len,
                         const ol_address *account, uint64_t chain_id, void *memory, size_t len) {
  ol_error_clear(error);
  const ol_slice saved = ol_slice_of(bytes, bytes_len);
  ol_outbox *outbox;
  OL_TRY(ol_error_in(error, check(error, saved, account, chain_id), "outbox", OL_NOWHERE));
  OL_TRY(ol_outbox_init(error, &outbox, account, chain_id, ol_load_be64(bytes + 36), memory, len));
  OL_TRY(read_entries(error, outbox, saved));
  *out = outbox;
  return OL_OK;
}
