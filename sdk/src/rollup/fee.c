/* SPDX-License-Identifier: MIT */
#include "rollup/fee.h"

#include "rollup/u256.h"

#include "base/poison.h"

static const ol_address depositor = {{0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad,
                                      0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0x00, 0x01}};
static const ol_address l1_block = {{0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x15}};

/* The calls of L1Block, one for each form. */
static const struct {
  uint32_t selector;
  ol_fork form;
  size_t len;
} calls[] = {
    {0x015d8eb9, OL_FORK_BEDROCK, 4 + 8 * 32}, /* setL1BlockValues */
    {0x440a5e20, OL_FORK_ECOTONE, 164},        /* setL1BlockValuesEcotone */
    {0x098999be, OL_FORK_ISTHMUS, 176},        /* setL1BlockValuesIsthmus */
    {0x3db6be2b, OL_FORK_JOVIAN, 178},         /* setL1BlockValuesJovian */
};

/* ABI words; a number of 64 bits is at the end of its word. */
static ol_status decode_bedrock(ol_error *error, ol_l1_attributes *out, const uint8_t *words) {
  static const uint8_t numbers[] = {0, 1, 4};
  uint64_t *const members[] = {&out->number, &out->timestamp, &out->sequence_number};
  static const uint8_t zeros[24];
  for (size_t i = 0; i < 3; i++) {
    const uint8_t *word = words + 32 * (size_t)numbers[i];
    if (memcmp(word, zeros, sizeof zeros) != 0)
      return ol_fail(error, OL_ERR_ENCODING, 4 + 32 * (size_t)numbers[i], "ABI value is out of range");
    *members[i] = ol_load_be64(word + 24);
  }
  memcpy(out->base_fee.bytes, words + 64, 32);
  memcpy(out->hash.bytes, words + 96, 32);
  memcpy(out->batcher_hash.bytes, words + 160, 32);
  memcpy(out->overhead.bytes, words + 192, 32);
  memcpy(out->scalar.bytes, words + 224, 32);
  return OL_OK;
}

/* Packed numbers, to which each fork adds at the end. */
static void decode_packed(ol_l1_attributes *out, const uint8_t *data) {
  out->base_fee_scalar = ol_load_be32(data + 4);
  out->blob_base_fee_scalar = ol_load_be32(data + 8);
  out->sequence_number = ol_load_be64(data + 12);
  out->timestamp = ol_load_be64(data + 20);
  out->number = ol_load_be64(data + 28);
  memcpy(out->base_fee.bytes, data + 36, 32);
  memcpy(out->blob_base_fee.bytes, data + 68, 32);
  memcpy(out->hash.bytes, data + 100, 32);
  memcpy(out->batcher_hash.bytes, data + 132, 32);
  if (out->form < OL_FORK_ISTHMUS) return;
  out->operator_fee_scalar = ol_load_be32(data + 164);
  out->operator_fee_constant = ol_load_be64(data + 168);
  if (out->form == OL_FORK_JOVIAN) out->da_footprint_gas_scalar = (uint32_t)(data[176] << 8 | data[177]);
}

static ol_status decode_call(ol_error *error, ol_l1_attributes *out, ol_slice data) {
  if (data.len < 4) return ol_fail(error, OL_ERR_ENCODING, 0, "call has no selector");
  uint32_t selector = ol_load_be32(data.data);
  memset(out, 0, sizeof *out);
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    if (calls[i].selector != selector) continue;
    if (data.len != calls[i].len) return ol_fail(error, OL_ERR_ENCODING, data.len, "call has another length");
    out->form = calls[i].form;
    if (out->form == OL_FORK_BEDROCK) return decode_bedrock(error, out, data.data + 4);
    decode_packed(out, data.data);
    return OL_OK;
  }
  return ol_fail(error, OL_ERR_ENCODING, 0, "call is of no known form");
}

ol_status ol_l1_attributes_decode(ol_error *error, ol_l1_attributes *out, const ol_transaction *first) {
  ol_error_clear(error);
  ol_l1_attributes attributes;
  bool is_depositors = first->type == OL_TX_DEPOSIT && first->is_create == 0 &&
                       memcmp(first->from.bytes, depositor.bytes, sizeof depositor.bytes) == 0 &&
                       memcmp(first->to.bytes, l1_block.bytes, sizeof l1_block.bytes) == 0;
  ol_status status = is_depositors ? decode_call(error, &attributes, first->data)
                                   : ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE,
                                             "block does not begin with its L1 attributes");
  OL_TRY(ol_error_in(error, status, "l1Attributes", OL_NOWHERE));
  *out = attributes;
  return OL_OK;
}

/* A number that remembers whether it was ever too large. */
typedef struct amount {
  ol_u256 value;
  bool fits;
} amount;

static amount amount_of(uint64_t value) {
  return (amount){.value = ol_u256_of(value), .fits = true};
}

static void multiply(amount *to, const ol_u256 *by) {
  to->fits &= ol_u256_mul(&to->value, &to->value, by);
}

static void multiply_u64(amount *to, uint64_t by) {
  ol_u256 factor = ol_u256_of(by);
  multiply(to, &factor);
}

static void add(amount *to, const amount *other) {
  to->fits &= other->fits;
  to->fits &= ol_u256_add(&to->value, &to->value, &other->value);
}

static ol_status result(ol_error *error, ol_u256 *out, const amount *fee) {
  if (!fee->fits)
    return ol_error_in(error, ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "fee needs more than 256 bits"), "fee",
                       OL_NOWHERE);
  *out = fee->value;
  return OL_OK;
}

/* 16 * baseFeeScalar * baseFee + blobBaseFeeScalar * blobBaseFee: what 16e6 bytes of gas cost. */
static amount scaled_price(const ol_l1_attributes *attributes) {
  amount price = amount_of(16 * (uint64_t)attributes->base_fee_scalar);
  amount blobs = amount_of(attributes->blob_base_fee_scalar);
  multiply(&price, &attributes->base_fee);
  multiply(&blobs, &attributes->blob_base_fee);
  add(&price, &blobs);
  return price;
}

/* Gas of the bytes as calldata (EIP-2028), with so many bytes besides that are not zero. */
static uint64_t calldata_gas(const uint8_t *bytes, size_t len, uint64_t besides) {
  uint64_t gas = 16 * besides;
  for (size_t i = 0; i < len; i++) gas += bytes[i] == 0 ? 4 : 16;
  return gas;
}

#define MILLION 1000000u

static amount bedrock_fee(const ol_l1_attributes *attributes, uint64_t gas) {
  amount fee = amount_of(gas), overhead = {.value = attributes->overhead, .fits = true};
  add(&fee, &overhead);
  multiply(&fee, &attributes->base_fee);
  multiply(&fee, &attributes->scalar);
  ol_u256_div(&fee.value, MILLION);
  return fee;
}

static amount ecotone_fee(const ol_l1_attributes *attributes, uint64_t gas) {
  amount fee = scaled_price(attributes);
  multiply_u64(&fee, gas);
  ol_u256_div(&fee.value, 16 * MILLION);
  return fee;
}

/* The size that is left is estimated linearly, in millionths of a byte, and never below 100 bytes. */
static uint64_t fjord_size(uint64_t fastlz_size) {
  const uint64_t least = 100 * (uint64_t)MILLION, intercept = 42585600, slope = 836500;
  uint64_t size = slope * fastlz_size;
  return size < least + intercept ? least : size - intercept;
}

uint64_t ol_fjord_size(const uint8_t *bytes, size_t len) {
  return fjord_size(ol_fastlz_size(bytes, len));
}

static amount fjord_fee(const ol_l1_attributes *attributes, uint64_t fastlz_size) {
  amount fee = scaled_price(attributes);
  multiply_u64(&fee, fjord_size(fastlz_size));
  ol_u256_div(&fee.value, MILLION);
  ol_u256_div(&fee.value, MILLION);
  return fee;
}

ol_status ol_l1_fee(ol_error *error, ol_u256 *out, const ol_l1_attributes *attributes, ol_l1_fee_rule rule,
                    const uint8_t *bytes, size_t len) {
  ol_error_clear(error);
  amount fee;
  if (attributes->form != OL_FORK_BEDROCK && rule < OL_L1_FEE_ECOTONE)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "rule is older than the L1 attributes");
  if (attributes->form == OL_FORK_BEDROCK || rule < OL_L1_FEE_ECOTONE)
    fee = bedrock_fee(attributes, calldata_gas(bytes, len, rule == OL_L1_FEE_BEDROCK ? 68 : 0));
  else if (rule == OL_L1_FEE_ECOTONE)
    fee = ecotone_fee(attributes, calldata_gas(bytes, len, 0));
  else
    fee = fjord_fee(attributes, ol_fastlz_size(bytes, len));
  return result(error, out, &fee);
}

/* Fjord's is that of the estimated size as calldata. */
void ol_l1_gas(ol_u256 *out, const ol_l1_attributes *attributes, ol_l1_fee_rule rule, const uint8_t *bytes,
               size_t len) {
  const bool first_form = attributes->form == OL_FORK_BEDROCK;
  if (rule == OL_L1_FEE_FJORD && !first_form) {
    *out = ol_u256_of(16 * ol_fjord_size(bytes, len) / MILLION);
    return;
  }
  const ol_u256 overhead = first_form ? attributes->overhead : ol_u256_of(0);
  *out = ol_u256_of(calldata_gas(bytes, len, rule == OL_L1_FEE_BEDROCK ? 68 : 0));
  bool fits = ol_u256_add(out, out, &overhead);
  OL_ASSERT(fits);
}

ol_status ol_l1_fee_upper_bound(ol_error *error, ol_u256 *out, const ol_l1_attributes *attributes,
                                uint32_t unsigned_size) {
  ol_error_clear(error);
  uint64_t size = (uint64_t)unsigned_size + 68; /* and a signature */
  amount fee = fjord_fee(attributes, size + size / 255 + 16);
  return result(error, out, &fee);
}

/* Numbers of 64 and 32 bits and a factor of 100 cannot pass 256 bits. */
void ol_operator_fee(ol_u256 *out, const ol_l1_attributes *attributes, ol_fork fork, uint64_t gas) {
  amount fee = amount_of(gas), constant = amount_of(attributes->operator_fee_constant);
  multiply_u64(&fee, attributes->operator_fee_scalar);
  if (fork == OL_FORK_JOVIAN)
    multiply_u64(&fee, 100);
  else
    ol_u256_div(&fee.value, MILLION);
  add(&fee, &constant);
  bool has_fee = fork == OL_FORK_ISTHMUS || fork == OL_FORK_JOVIAN;
  *out = has_fee ? fee.value : ol_u256_of(0);
}
