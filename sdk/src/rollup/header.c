/* SPDX-License-Identifier: MIT */
#include "rollup/header.h"

#include "base/limits.h"
#include "encoding/rlp.h"

#include "base/poison.h"

/* The fields in the order of their RLP; one table serves RLP and JSON, both ways. */
typedef enum field_kind { FIXED, SCALAR_64, SCALAR_256, EXTRA_DATA } field_kind;

typedef struct header_field {
  const char *name; /* in JSON-RPC */
  size_t offset;
  size_t size;
  field_kind kind;
} header_field;

#define FIELD(kind, member, name)                                                                            \
  { name, offsetof(ol_header, member), sizeof(((ol_header *)0)->member), kind }

static const header_field fields[OL_HEADER_FIELDS] = {
    FIELD(FIXED, parent_hash, "parentHash"),
    FIELD(FIXED, ommers_hash, "sha3Uncles"),
    FIELD(FIXED, coinbase, "miner"),
    FIELD(FIXED, state_root, "stateRoot"),
    FIELD(FIXED, transactions_root, "transactionsRoot"),
    FIELD(FIXED, receipts_root, "receiptsRoot"),
    FIELD(FIXED, logs_bloom, "logsBloom"),
    FIELD(SCALAR_256, difficulty, "difficulty"),
    FIELD(SCALAR_64, number, "number"),
    FIELD(SCALAR_64, gas_limit, "gasLimit"),
    FIELD(SCALAR_64, gas_used, "gasUsed"),
    FIELD(SCALAR_64, timestamp, "timestamp"),
    FIELD(EXTRA_DATA, extra_data, "extraData"),
    FIELD(FIXED, mix_hash, "mixHash"),
    FIELD(FIXED, nonce, "nonce"),
    FIELD(SCALAR_256, base_fee, "baseFeePerGas"),
    FIELD(FIXED, withdrawals_root, "withdrawalsRoot"),
    FIELD(SCALAR_64, blob_gas_used, "blobGasUsed"),
    FIELD(SCALAR_64, excess_blob_gas, "excessBlobGas"),
    FIELD(FIXED, parent_beacon_root, "parentBeaconBlockRoot"),
    FIELD(FIXED, requests_hash, "requestsHash"),
    FIELD(FIXED, block_access_list_hash, "blockAccessListHash"),
    FIELD(SCALAR_64, slot_number, "slotNumber"),
};

#define FIRST_FIELDS 15 /* those that every header has */

static ol_status extra_too_long(ol_error *error, size_t offset) {
  return ol_fail(error, OL_ERR_LIMIT, offset, "extraData is longer than 32 bytes");
}

static ol_status decode_field(ol_error *error, ol_header *out, const header_field *field, ol_rlp *cursor) {
  uint8_t *member = (uint8_t *)out + field->offset;
  ol_slice bytes;
  switch (field->kind) {
  case FIXED: return ol_rlp_fixed(error, member, field->size, cursor);
  case SCALAR_64: return ol_rlp_u64(error, (uint64_t *)(void *)member, cursor);
  case SCALAR_256: return ol_rlp_u256(error, (ol_u256 *)(void *)member, cursor);
  case EXTRA_DATA: break;
  }
  size_t offset = cursor->start + cursor->at;
  OL_TRY(ol_rlp_string(error, &bytes, cursor));
  if (bytes.len > field->size) return extra_too_long(error, offset);
  if (bytes.len > 0) memcpy(member, bytes.data, bytes.len);
  out->extra_data_len = (uint32_t)bytes.len;
  return OL_OK;
}

/* Keeps the fields that this version does not know. */
static ol_status decode_more(ol_error *error, ol_header *out, ol_rlp *cursor) {
  size_t first = cursor->at;
  ol_rlp_item item;
  while (ol_rlp_more(cursor)) {
    OL_TRY(ol_rlp_next(error, &item, cursor));
    OL_TRY(ol_rlp_check(error, item.whole));
    out->field_count++;
  }
  size_t len = cursor->at - first;
  if (len > sizeof out->more)
    return ol_fail(error, OL_ERR_LIMIT, cursor->start + first, "unknown fields of the header are too long");
  if (len > 0) memcpy(out->more, cursor->data + first, len);
  out->more_len = (uint32_t)len;
  return OL_OK;
}

static ol_status decode(ol_error *error, ol_header *out, ol_slice rlp) {
  ol_rlp cursor = ol_rlp_of(rlp), list;
  OL_TRY(ol_rlp_list(error, &list, &cursor));
  OL_TRY(ol_rlp_end(error, &cursor));
  memset(out, 0, sizeof *out);
  for (; out->field_count < OL_HEADER_FIELDS; out->field_count++) {
    if (out->field_count >= FIRST_FIELDS && !ol_rlp_more(&list)) return OL_OK;
    OL_TRY(decode_field(error, out, &fields[out->field_count], &list));
  }
  return decode_more(error, out, &list);
}

ol_status ol_header_decode(ol_error *error, ol_header *out, const uint8_t *rlp, size_t len) {
  ol_error_clear(error);
  ol_header header;
  OL_TRY(ol_error_in(error, decode(error, &header, ol_slice_of(rlp, len)), "header", OL_NOWHERE));
  *out = header;
  return OL_OK;
}

static void encode_fields(ol_rlp_writer *to, const ol_header *header) {
  size_t known = header->field_count < OL_HEADER_FIELDS ? header->field_count : OL_HEADER_FIELDS;
  for (size_t i = 0; i < known; i++) {
    const uint8_t *member = (const uint8_t *)header + fields[i].offset;
    switch (fields[i].kind) {
    case FIXED: ol_rlp_put_string(to, member, fields[i].size); break;
    case SCALAR_64: ol_rlp_put_u64(to, *(const uint64_t *)(const void *)member); break;
    case SCALAR_256: ol_rlp_put_u256(to, (const ol_u256 *)(const void *)member); break;
    case EXTRA_DATA: ol_rlp_put_string(to, member, header->extra_data_len); break;
    }
  }
  ol_rlp_put_raw(to, header->more, header->more_len);
}

static bool lengths_are_valid(const ol_header *header) {
  return header->extra_data_len <= sizeof header->extra_data && header->more_len <= sizeof header->more &&
         header->field_count >= FIRST_FIELDS;
}

static size_t encode(uint8_t *out, size_t len, const ol_header *header) {
  ol_rlp_writer payload = {0}, to = {.out = out, .len = len};
  encode_fields(&payload, header);
  ol_rlp_put_list(&to, payload.used);
  encode_fields(&to, header);
  return to.used;
}

size_t ol_header_len(const ol_header *header) {
  OL_ASSERT(lengths_are_valid(header));
  return encode(NULL, 0, header);
}

ol_status ol_header_encode(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                           const ol_header *header) {
  ol_error_clear(error);
  if (!lengths_are_valid(header))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "header has lengths out of range");
  *out_len = encode(NULL, 0, header);
  if (*out_len > len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no room for the header's RLP");
  (void)encode(out, len, header);
  return OL_OK;
}

/* All fields at their longest. */
#define LONGEST_HEADER 1400

void ol_header_hash(ol_hash *out, const ol_header *header) {
  OL_ASSERT(lengths_are_valid(header));
  uint8_t rlp[LONGEST_HEADER];
  size_t len = encode(rlp, sizeof rlp, header);
  OL_ASSERT(len <= sizeof rlp);
  ol_keccak256(out, rlp, len);
}

static ol_status json_field(ol_error *error, ol_header *out, const header_field *field, ol_json value) {
  uint8_t *member = (uint8_t *)out + field->offset;
  switch (field->kind) {
  case FIXED: return ol_json_hex_fixed(error, member, field->size, value);
  case SCALAR_64: return ol_json_hex_u64(error, (uint64_t *)(void *)member, value);
  case SCALAR_256: return ol_json_hex_u256(error, (ol_u256 *)(void *)member, value);
  case EXTRA_DATA: break;
  }
  uint8_t memory[sizeof out->extra_data + 16]; /* and what alignment may take */
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  ol_slice bytes;
  ol_status status = ol_json_hex(error, &bytes, &arena, value);
  if (status == OL_ERR_MEMORY || (status == OL_OK && bytes.len > field->size))
    return extra_too_long(error, value.offset);
  OL_TRY(status);
  if (bytes.len > 0) memcpy(member, bytes.data, bytes.len);
  out->extra_data_len = (uint32_t)bytes.len;
  return OL_OK;
}

static ol_status read_json(ol_error *error, ol_header *out, ol_json block) {
  ol_json value;
  memset(out, 0, sizeof *out);
  for (size_t i = 0; i < OL_HEADER_FIELDS; i++) {
    if (!ol_json_find(&value, block, fields[i].name)) {
      if (i >= FIRST_FIELDS) continue;
      return ol_error_in(error,
                         ol_fail(error, OL_ERR_ENCODING, block.offset, "field of the header is missing"),
                         fields[i].name, OL_NOWHERE);
    }
    if (i > out->field_count)
      return ol_error_in(error,
                         ol_fail(error, OL_ERR_ENCODING, value.offset, "field comes without those before it"),
                         fields[i].name, OL_NOWHERE);
    OL_TRY(ol_error_in(error, json_field(error, out, &fields[i], value), fields[i].name, OL_NOWHERE));
    out->field_count++;
  }
  return OL_OK;
}

ol_status ol_header_from_json(ol_error *error, ol_header *out, ol_hash *out_hash, ol_json block) {
  ol_error_clear(error);
  ol_header header;
  ol_json value;
  ol_hash hash, claimed;
  OL_TRY(read_json(error, &header, block));
  ol_header_hash(&hash, &header);
  ol_status status = ol_json_need(error, &value, block, "hash", "field of the header is missing");
  if (status == OL_OK) status = ol_json_hex_fixed(error, claimed.bytes, sizeof claimed.bytes, value);
  if (status == OL_OK && !ol_hash_equal(&hash, &claimed))
    status = ol_fail(error, OL_ERR_MISMATCH, value.offset,
                     "header's fields do not hash to it: one is forged, or unknown to this version");
  OL_TRY(ol_error_in(error, status, "hash", OL_NOWHERE));
  *out = header;
  *out_hash = hash;
  return OL_OK;
}

void ol_header_write_json(ol_json_writer *to, const ol_header *header) {
  size_t known = header->field_count < OL_HEADER_FIELDS ? header->field_count : OL_HEADER_FIELDS;
  for (size_t i = 0; i < known; i++) {
    const uint8_t *member = (const uint8_t *)header + fields[i].offset;
    const char *name = fields[i].name;
    switch (fields[i].kind) {
    case FIXED: ol_json_write_hex(to, name, member, fields[i].size); break;
    case SCALAR_64: ol_json_write_quantity_u64(to, name, *(const uint64_t *)(const void *)member); break;
    case SCALAR_256: ol_json_write_quantity(to, name, (const ol_u256 *)(const void *)member); break;
    case EXTRA_DATA: ol_json_write_hex(to, name, member, header->extra_data_len); break;
    }
  }
}
